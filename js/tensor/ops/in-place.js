/**
 * In-place operations: they write the tensor's own storage, whose version rises by 1. Where one is recorded, the handle stands for its
 * result afterwards.
 */
import { checkNumber, sameShape, shapeText, show } from '../../errors.js';
import * as kernels from '../../wasm/kernels.js';
import { isGradEnabled, noGrad } from '../grad-mode.js';
import { Leaf, Node } from '../autograd.js';
import { Tensor, storageOf, targetOf } from '../tensor.js';
import { addDerivative, alphaOf, mulDerivative, scaled } from './elementwise.js';
import { asDtype, broadcast, broadcastShape, operand, sumTo } from './operand.js';
import { isRecorded, nodeFor, save } from './record.js';

/** @typedef {import('../tensor.js').Data} Data */
/** @typedef {import('../gradient.js').Gradient} Gradient */
/** @typedef {import('../../wasm/storage.js').Storage} Storage */

/**
 * Refuses writes that PyTorch refuses, and recorded ones through a view: what else is over its storage would not learn of them.
 * @param {Tensor} self
 * @returns {Storage}
 */
export function storageToWrite(self) {
  const storage = storageOf(self);
  if (!isGradEnabled()) return storage;
  let target = targetOf(self);
  if (target instanceof Leaf) throw new Error('a leaf Variable that requires grad is being used in an in-place operation.');
  if (!target?.isView) return storage;
  while (target instanceof Node && target.isView) target = target.inputs[0];
  throw new Error(
    target instanceof Leaf
      ? 'a view of a leaf Variable that requires grad is being used in an in-place operation.'
      : 'in-place operations through a view are not recorded',
  );
}

/**
 * After a write: the version rises, and the handle stands for the result if the operation is recorded.
 * @param {Tensor} self
 * @param {unknown} other
 * @param {import('./record.js').Derivative | null} derivative null if nothing is recorded
 * @returns {void}
 */
function written(self, other, derivative) {
  const storage = storageOf(self);
  storage.version++;
  if (derivative) self._becomeResult(nodeFor(storage, self.shape, [self, other], derivative));
}

/** What is overwritten gets a gradient of zeros. @param {Gradient} grad @returns {Gradient[]} */
function overwritten(grad) {
  return [scaled(grad, 0)];
}

/**
 * Refuses a number that a dtype cannot hold.
 * @param {number} value
 * @param {import('../tensor.js').Dtype} dtype
 * @returns {void}
 */
export function checkFits(value, dtype) {
  const fits = dtype === 'int32' ? value > -2147483649 && value < 2147483648 : !Number.isFinite(value) || Number.isFinite(Math.fround(value));
  if (!fits) throw new Error(`value cannot be converted to type ${dtype === 'int32' ? 'int' : 'float'} without overflow: ${show(value)}`);
}

/** @template {Tensor} T @param {T} self @param {number} value @returns {T} */
export function fill_(self, value) {
  const storage = storageToWrite(self);
  checkNumber('fill_', 'value', value);
  checkFits(value, self.dtype);
  const derivative = isRecorded(self) ? { name: value === 0 ? 'ZeroBackward0' : 'FillBackward0', backward: overwritten } : null;
  storage.view(self.dtype, self.numel).fill(value);
  written(self, null, derivative);
  return self;
}

/**
 * Writes write(storage, source, walk) with the other operand broadcast to self's shape and converted to its dtype.
 * @template {Tensor} T
 * @param {T} self
 * @param {Data} other
 * @param {string} callee
 * @param {(storage: Storage, source: Storage, walk: import('../../wasm/kernels.js').Walk) => void} write
 * @param {(source: import('./operand.js').Operand) => import('./record.js').Derivative} derivative
 * @returns {T}
 */
function writeFrom(self, other, callee, write, derivative) {
  const storage = storageToWrite(self);
  const source = operand(other, callee, self.dtype);
  /** @type {import('./operand.js').Operand[]} */
  const temporary = [source];
  try {
    const shape = broadcastShape(self.shape, source.shape);
    if (!sameShape(shape, self.shape)) {
      throw new Error(`output with shape ${shapeText(self.shape)} doesn't match the broadcast shape ${shapeText(shape)}`);
    }
    if (callee !== 'copy_' && self.dtype === 'int32' && source.dtype === 'float32') {
      throw new Error("result type Float can't be cast to the desired output type Int");
    }
    const converted = asDtype(source, self.dtype);
    temporary.push(converted);
    const recorded = isRecorded(self, other) ? derivative(converted) : null;
    write(storage, converted.storage, broadcast(shape, shape, converted.shape));
    written(self, other, recorded);
    return self;
  } finally {
    for (const { release } of temporary) release();
  }
}

/** @template {Tensor} T @param {T} self @param {Data} src @returns {T} */
export function copy_(self, src) {
  return writeFrom(
    self,
    src,
    'copy_',
    (storage, source, walk) => {
      if (source !== storage) kernels.expand(storage, source, walk);
    },
    ({ shape }) => ({ name: 'CopyBackwards', backward: (grad, saved, needs) => [...overwritten(grad), needs(1) ? sumTo(grad.share(), shape) : null] }),
  );
}

/** @template {Tensor} T @param {T} self @param {Data} other @param {{ alpha?: number }} [options] @returns {T} self + alpha * other */
export function add_(self, other, options) {
  const alpha = alphaOf('add_', options);
  if (self.dtype === 'int32' && !Number.isInteger(alpha)) {
    throw new Error('For integral input tensors, argument alpha must not be a floating point number.');
  }
  return writeFrom(
    self,
    other,
    'add_',
    (storage, source, walk) => kernels.elementwise('tensor_add', self.dtype, storage, storage, source, walk, alpha),
    ({ shape }) => addDerivative('AddBackward0', self.shape, shape, alpha),
  );
}

/** @template {Tensor} T @param {T} self @param {Data} other @returns {T} self * other */
export function mul_(self, other) {
  return writeFrom(
    self,
    other,
    'mul_',
    (storage, source, walk) => kernels.elementwise('tensor_mul', self.dtype, storage, storage, source, walk),
    (source) => {
      // What self was before it is overwritten: a copy, where other wants its gradient.
      const before = other instanceof Tensor && other.requiresGrad ? noGrad(() => self.clone()) : self;
      const derivative = mulDerivative({ storage: storageOf(before), shape: self.shape }, before, source, other, self.requiresGrad);
      const saves = derivative.saves?.map((item) => (item instanceof Tensor ? save(item) : item));
      if (before !== self) before.dispose();
      return { ...derivative, saves };
    },
  );
}
