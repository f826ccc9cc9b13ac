/**
 * What operations take: operands, dimensions, and how shapes broadcast.
 */
import { checkInteger, shapeText, wrongType } from '../../errors.js';
import { isTypedArray, naturalDtype, storageOfNested, storageOfTypedArray } from '../../wasm/data.js';
import * as kernels from '../../wasm/kernels.js';
import { Storage } from '../../wasm/storage.js';
import { Gradient } from '../gradient.js';
import { Tensor, numelOf, storageOf } from '../tensor.js';

/** @typedef {import('../tensor.js').Dtype} Dtype */
/** @typedef {import('../tensor.js').Data} Data */
/** @typedef {{ storage: Storage, shape: readonly number[], dtype: Dtype, release: () => void }} Operand */

/**
 * A dimension given by the user, counted from the front.
 * @param {number} dim
 * @param {number} ndim
 * @param {string} callee
 * @returns {number}
 */
export function normalizeDim(dim, ndim, callee) {
  checkInteger(callee, 'dim', dim);
  const low = ndim === 0 ? -1 : -ndim;
  const high = ndim === 0 ? 0 : ndim - 1;
  if (dim < low || dim > high) {
    throw new RangeError(`Dimension out of range (expected to be in range of [${low}, ${high}], but got ${dim})`);
  }
  return dim < 0 ? dim + ndim : dim;
}

export const nothing = () => {};

/** @param {Storage} storage @param {readonly number[]} shape @param {Dtype} dtype @returns {Operand} */
function temporary(storage, shape, dtype) {
  return { storage, shape, dtype, release: () => storage.release() };
}

/**
 * What stands beside a tensor in an operation: another tensor, or data, which becomes a temporary one.
 * @param {Data} value
 * @param {string} callee
 * @param {Dtype} [like] dtype of a plain whole number: it follows the tensor that it stands beside
 * @returns {Operand} release it after use
 */
export function operand(value, callee, like = 'float32') {
  if (value instanceof Tensor) {
    const [storage, { shape, dtype }] = [storageOf(value), value];
    if (storage.movedOut === null) return { storage, shape, dtype, release: nothing };
    // A copy, and it stays out: a running total of losses must not bring them all back.
    return temporary(storageOfTypedArray(value._values, dtype).storage, shape, dtype);
  }
  if (isTypedArray(value)) {
    const dtype = naturalDtype(value);
    const { storage, shape } = storageOfTypedArray(value, dtype);
    return temporary(storage, shape, dtype);
  }
  if (typeof value !== 'number' && !Array.isArray(value)) {
    throw wrongType(`${callee}(): argument 'other' must be Tensor or numbers`, value);
  }
  const dtype = like === 'int32' && Number.isInteger(value) ? 'int32' : 'float32';
  const { storage, shape } = storageOfNested(value, dtype);
  return temporary(storage, shape, dtype);
}

/**
 * The operand in this dtype, converted if need be.
 * @param {Tensor | Operand} value
 * @param {Dtype} dtype
 * @returns {Operand} release it after use
 */
export function asDtype(value, dtype) {
  const isTensor = value instanceof Tensor;
  const own = isTensor ? operand(value, '') : value;
  if (own.dtype === dtype) return isTensor ? own : { ...own, release: nothing };
  const numel = numelOf(own.shape);
  const storage = new Storage(4 * numel);
  kernels.convert(storage, own.storage, dtype, numel);
  if (isTensor) own.release();
  return temporary(storage, own.shape, dtype);
}

/**
 * The shape that two broadcast to.
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 * @returns {number[]}
 */
export function broadcastShape(a, b) {
  const ndim = Math.max(a.length, b.length);
  return Array.from({ length: ndim }, (_, dim) => {
    const [x, y] = [a[dim - ndim + a.length] ?? 1, b[dim - ndim + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) {
      throw new Error(
        `The size of tensor a (${x}) must match the size of tensor b (${y}) at non-singleton dimension ${dim}: ` +
          `shapes ${shapeText(a)} and ${shapeText(b)}`,
      );
    }
    return x === 1 ? y : x;
  });
}

/**
 * How a walk over `shape` moves through two operands; dimensions that both walk through evenly are joined.
 * @param {readonly number[]} shape
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 * @returns {{ sizes: number[], aStrides: number[], bStrides: number[] }}
 */
export function broadcast(shape, a, b) {
  const stridesOf = (/** @type {readonly number[]} */ own) => {
    let step = 1;
    const strides = new Array(shape.length).fill(0);
    for (let dim = shape.length - 1, at = own.length - 1; at >= 0; dim--, at--) {
      strides[dim] = own[at] === 1 ? 0 : step;
      step *= own[at];
    }
    return strides;
  };
  const [allA, allB] = [stridesOf(a), stridesOf(b)];
  const walk = { sizes: [1], aStrides: [0], bStrides: [0] };
  let last = 0;
  shape.forEach((size, dim) => {
    if (size === 1) return;
    const isEven = (/** @type {number[]} */ joined, /** @type {number[]} */ all) => joined[last] === all[dim] * size;
    if (walk.sizes[last] === 1 || (isEven(walk.aStrides, allA) && isEven(walk.bStrides, allB))) {
      walk.sizes[last] *= size;
    } else {
      walk.sizes[++last] = size;
    }
    walk.aStrides[last] = allA[dim];
    walk.bStrides[last] = allB[dim];
  });
  return walk;
}

/**
 * A gradient summed over the dimensions that its operand was stretched along; it is used up.
 * @param {Gradient} grad
 * @param {readonly number[]} shape of the operand
 * @returns {Gradient}
 */
export function sumTo(grad, shape) {
  let current = grad;
  const extra = grad.shape.length - shape.length;
  for (let dim = 0; dim < grad.shape.length; dim++) {
    const size = current.shape[dim];
    if (size === 1 || (dim >= extra && shape[dim - extra] === size)) continue;
    const reduced = current.shape.map((same, i) => (i === dim ? 1 : same));
    const sum = Gradient.dense(reduced);
    const storage = /** @type {Storage} */ (current.storage);
    kernels.sum(sum.storage, storage, numelOf(reduced.slice(0, dim)), size, numelOf(reduced.slice(dim + 1)), 1);
    current.release();
    current = sum;
  }
  current.shape = shape;
  return current;
}

/**
 * How a tensor is walked along one dimension: (outer, size, inner); along all of them without one.
 * @param {readonly number[]} shape
 * @param {number | null} dim counted from the front; null: all
 * @returns {{ outer: number, size: number, inner: number }}
 */
export function slices(shape, dim) {
  if (dim === null || shape.length === 0) return { outer: 1, size: numelOf(shape), inner: 1 };
  return { outer: numelOf(shape.slice(0, dim)), size: shape[dim], inner: numelOf(shape.slice(dim + 1)) };
}

/**
 * @param {number | null | undefined} dim as the user gave it
 * @param {number} ndim
 * @param {string} callee
 * @returns {number | null}
 */
export function optionalDim(dim, ndim, callee) {
  return dim === undefined || dim === null ? null : normalizeDim(dim, ndim, callee);
}
