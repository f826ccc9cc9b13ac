/**
 * Copies, other types, and other shapes on the same storage.
 */
import { checkLimits, shapeText, show, wrongType } from '../../errors.js';
import * as kernels from '../../wasm/kernels.js';
import { Storage } from '../../wasm/storage.js';
import { Gradient } from '../gradient.js';
import { Tensor, numelOf, storageOf } from '../tensor.js';
import { asDtype, broadcast, normalizeDim, sumTo } from './operand.js';
import { record } from './record.js';

/** @typedef {import('../tensor.js').Dtype} Dtype */

/** @param {Tensor} self @returns {Tensor} */
export function clone(self) {
  const source = storageOf(self);
  const storage = new Storage(4 * self.numel);
  kernels.copy(storage, source, self.numel);
  return record(storage, self.shape, self.dtype, [self], { name: 'CloneBackward0', backward: (grad) => [grad.share()] });
}

/** @param {Tensor} self @param {Dtype} dtype @returns {Tensor} */
export function to(self, dtype) {
  checkDtype(dtype, 'to');
  storageOf(self);
  if (self.dtype === dtype) return self;
  const { storage } = asDtype(self, dtype);
  return new Tensor(storage, self.shape, dtype);
}

/** @param {unknown} dtype @param {string} callee @returns {void} */
export function checkDtype(dtype, callee) {
  if (dtype !== 'float32' && dtype !== 'int32') {
    throw new TypeError(`${callee}(): dtype must be 'float32' or 'int32', not ${show(dtype)}`);
  }
}

/** @param {Tensor} self @returns {Tensor} */
export function t(self) {
  const source = storageOf(self);
  if (self.ndim > 2) throw new Error(`t() expects a tensor with <= 2 dimensions, but self is ${self.ndim}D`);
  if (self.ndim < 2) return view(self, self.shape, 'TBackward0');
  const [rows, columns] = self.shape;
  const storage = new Storage(4 * rows * columns);
  kernels.transpose(storage, source, rows, columns);
  storage.writes = source.writes;
  return record(storage, [columns, rows], self.dtype, [self], {
    name: 'TBackward0',
    isView: true,
    backward: (grad) => {
      const gradInput = Gradient.dense([rows, columns]);
      kernels.transpose(gradInput.storage, /** @type {Storage} */ (grad.storage), columns, rows);
      return [gradInput];
    },
  });
}

/**
 * A new handle on the same storage.
 * @param {Tensor} self
 * @param {readonly number[]} shape
 * @param {string} name
 * @returns {Tensor}
 */
function view(self, shape, name) {
  const own = self.shape;
  return record(storageOf(self).retain(), shape, self.dtype, [self], {
    name,
    isView: true,
    backward: (grad) => [grad.share(own)],
  });
}

/**
 * A copy stretched to a shape that self broadcasts to.
 * @param {Tensor} self
 * @param {readonly number[]} shape
 * @returns {Tensor}
 */
export function expand(self, shape) {
  const own = self.shape;
  const source = storageOf(self);
  const storage = new Storage(4 * numelOf(shape));
  kernels.expand(storage, source, broadcast(shape, shape, own));
  return record(storage, shape, self.dtype, [self], { name: 'ExpandBackward0', backward: (grad) => [sumTo(grad.share(), own)] });
}

/** @param {Tensor} self @param {readonly number[]} shape @returns {Tensor} */
export function reshape(self, shape) {
  storageOf(self);
  return view(self, resolveShape(shape, self.numel), 'ViewBackward0');
}

/** @param {Tensor} self @param {number} dim @returns {Tensor} */
export function unsqueeze(self, dim) {
  storageOf(self);
  const at = normalizeDim(dim, self.ndim + 1, 'unsqueeze');
  const shape = [...self.shape.slice(0, at), 1, ...self.shape.slice(at)];
  checkLimits(shape);
  return view(self, shape, 'UnsqueezeBackward0');
}

/** @param {Tensor} self @param {number} [dim] @returns {Tensor} */
export function squeeze(self, dim) {
  storageOf(self);
  const at = dim === undefined || dim === null ? null : normalizeDim(dim, self.ndim, 'squeeze');
  const shape = self.shape.filter((size, i) => size !== 1 || (at !== null && i !== at));
  return view(self, shape, at === null ? 'SqueezeBackward0' : 'SqueezeBackward1');
}

/**
 * A shape in which one size may be -1, made whole.
 * @param {readonly number[]} shape
 * @param {number} numel
 * @param {string} [callee]
 * @returns {number[]}
 */
export function resolveShape(shape, numel, callee = 'reshape') {
  if (!Array.isArray(shape)) throw wrongType(`${callee}(): argument 'shape' must be an array of ints`, shape);
  const resolved = [...shape];
  let inferred = -1;
  Array.from(resolved, (size, i) => {
    if (!Number.isInteger(size)) throw new TypeError(`${callee}(): argument 'shape' must be an array of ints, but found ${show(size)} at position ${i}`);
    if (size === -1 && inferred >= 0) throw new Error('only one dimension can be inferred');
    if (size === -1) inferred = i;
    else if (size < 0) throw new Error(`invalid shape dimension ${size} at index ${i} of shape ${shapeText(shape)}`);
  });
  const known = numelOf(resolved.filter((size) => size !== -1));
  if (inferred >= 0) {
    if (known === 0 && numel === 0) {
      throw new Error(
        `cannot reshape tensor of 0 elements into shape ${shapeText(shape)} because the unspecified dimension size -1 can be any ` +
          'value and is ambiguous',
      );
    }
    resolved[inferred] = known === 0 ? NaN : numel / known;
  }
  if (numelOf(resolved) !== numel || !resolved.every(Number.isInteger)) {
    throw new Error(`shape '${shapeText(shape)}' is invalid for input of size ${numel}`);
  }
  checkLimits(resolved);
  return resolved;
}
