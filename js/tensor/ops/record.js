/**
 * How an operation hands its result over: with a node on the tape if gradients are being recorded and an input wants one.
 */
import { Node, Saved } from '../autograd.js';
import { isGradEnabled } from '../grad-mode.js';
import { Tensor, storageOf, targetOf } from '../tensor.js';

/** @typedef {import('../../wasm/storage.js').Storage} Storage */
/** @typedef {import('../tensor.js').Dtype} Dtype */
/** @typedef {import('../autograd.js').Backward} Backward */

/** @typedef {{ storage: Storage, shape: readonly number[] }} Values */

/** Among what is saved: the result of the operation itself. */
export const RESULT = Symbol('result');

/**
 * @typedef {object} Derivative
 * @property {string} name of the node, as PyTorch prints it
 * @property {(Tensor | Values | Saved | typeof RESULT | null)[]} [saves] what backward needs
 * @property {Backward} backward must hold no tensor: a node that kept handles alive would keep all that came before it alive
 * @property {boolean} [isView] whether PyTorch's result is a view of its input
 */

/**
 * Written out for one to three inputs, since a list of them would cost a small lookup a tenth of its time.
 * @param {unknown} a
 * @param {unknown} [b]
 * @param {unknown} [c]
 * @returns {boolean} whether an operation on them is recorded
 */
export function isRecorded(a, b, c) {
  return isGradEnabled() && (requiresGrad(a) || requiresGrad(b) || requiresGrad(c));
}

/** @param {unknown} input */
const requiresGrad = (input) => input instanceof Tensor && input.requiresGrad;

/**
 * @param {Storage} storage the result's; taken over
 * @param {readonly number[]} shape
 * @param {Dtype} dtype
 * @param {unknown[]} inputs in the order in which backward returns their gradients; what is no tensor gets none
 * @param {Derivative} derivative
 * @returns {Tensor}
 */
export function record(storage, shape, dtype, inputs, derivative) {
  if (!isGradEnabled() || !inputs.some(requiresGrad)) return new Tensor(storage, shape, dtype);
  return new Tensor(storage, shape, dtype, { node: nodeFor(storage, shape, inputs, derivative) });
}

/**
 * @param {Storage} storage the result's
 * @param {readonly number[]} shape
 * @param {unknown[]} inputs
 * @param {Derivative} derivative
 * @returns {Node}
 */
export function nodeFor(storage, shape, inputs, { name, saves = [], backward, isView = false }) {
  const targets = inputs.map((input) => (input instanceof Tensor ? targetOf(input) : null));
  const saved = saves.map((item) => {
    if (item === null || item instanceof Saved) return item;
    if (item instanceof Tensor) return save(item);
    const values = item === RESULT ? { storage, shape } : item;
    return new Saved(values.storage.retain(), values.shape, 'float32', item === RESULT ? name : '');
  });
  const isShared = isView && storageOf(/** @type {Tensor} */ (inputs[0])) === storage;
  return new Node(name, targets, saved, backward, isShared ? null : storage, shape, isView);
}

/** @param {Tensor} tensor @returns {Saved} */
export function save(tensor) {
  const target = targetOf(tensor);
  const madeBy = target instanceof Node ? (target.isView ? VIEW_NAME : target.name) : null;
  return new Saved(storageOf(tensor).retain(), tensor.shape, tensor.dtype, madeBy);
}

/** What PyTorch calls the maker of a view in the version error. */
export const VIEW_NAME = 'AsStridedBackward0';
