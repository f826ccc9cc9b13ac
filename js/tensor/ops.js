/**
 * Operations on tensors. Each checks its arguments, makes its output, and calls C once.
 */
import { checkMaxSize, checkOptions, sameShape, shapeText, show, typeName } from '../errors.js';
import { storageOfNested, storageOfTypedArray, naturalDtype } from '../wasm/data.js';
import * as kernels from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { isGradEnabled } from './grad-mode.js';
import { Tensor, numelOf, storageOf } from './tensor.js';

/** @typedef {import('./tensor.js').Dtype} Dtype */
/** @typedef {import('./tensor.js').Data} Data */
/** @typedef {{ storage: Storage, shape: readonly number[], dtype: Dtype, release: () => void }} Operand */

/**
 * The result of an operation: recorded under its node's name if gradients are and an input requires them.
 * @param {Storage} storage
 * @param {readonly number[]} shape
 * @param {Dtype} dtype
 * @param {string} gradFn
 * @param {...(Data | Operand)} inputs
 * @returns {Tensor}
 */
export function record(storage, shape, dtype, gradFn, ...inputs) {
  const requiresGrad = isGradEnabled() && inputs.some((input) => input instanceof Tensor && input.requiresGrad);
  return new Tensor(storage, shape, dtype, requiresGrad ? { requiresGrad, gradFn } : {});
}

/**
 * A dimension given by the user, counted from the front.
 * @param {number} dim
 * @param {number} ndim
 * @param {string} callee
 * @returns {number}
 */
function normalizeDim(dim, ndim, callee) {
  if (!Number.isInteger(dim)) throw new TypeError(`${callee}(): argument 'dim' must be int, not ${typeName(dim)}: ${show(dim)}`);
  const low = ndim === 0 ? -1 : -ndim;
  const high = ndim === 0 ? 0 : ndim - 1;
  if (dim < low || dim > high) {
    throw new RangeError(`Dimension out of range (expected to be in range of [${low}, ${high}], but got ${dim})`);
  }
  return dim < 0 ? dim + ndim : dim;
}

/* ---- Operands ---- */

const nothing = () => {};

/**
 * What stands beside a tensor in an operation: another tensor, or data, which becomes a temporary one.
 * @param {Data} value
 * @param {string} callee
 * @param {Dtype} [like] dtype of a plain whole number: it follows the tensor that it stands beside
 * @returns {Operand} release it after use
 */
function operand(value, callee, like = 'float32') {
  if (value instanceof Tensor) return { storage: storageOf(value), shape: value.shape, dtype: value.dtype, release: nothing };
  if (ArrayBuffer.isView(value)) {
    const dtype = naturalDtype(/** @type {any} */ (value));
    const storage = storageOfTypedArray(/** @type {any} */ (value), dtype);
    return { storage, shape: [/** @type {any} */ (value).length], dtype, release: () => storage.release() };
  }
  if (typeof value !== 'number' && !Array.isArray(value)) {
    throw new TypeError(`${callee}(): argument 'other' must be Tensor or numbers, not ${typeName(value)}: ${show(value)}`);
  }
  const dtype = like === 'int32' && Number.isInteger(value) ? 'int32' : 'float32';
  const { storage, shape } = storageOfNested(value, dtype);
  return { storage, shape, dtype, release: () => storage.release() };
}

/**
 * The operand in this dtype, converted if need be.
 * @param {Tensor | Operand} value
 * @param {Dtype} dtype
 * @returns {Operand} release it after use
 */
export function asDtype(value, dtype) {
  const own = value instanceof Tensor ? operand(value, '') : value;
  if (own.dtype === dtype) return { ...own, release: nothing };
  const numel = numelOf(own.shape);
  const storage = new Storage(4 * numel);
  kernels.convert(storage, own.storage, dtype, numel);
  return { storage, shape: own.shape, dtype, release: () => storage.release() };
}

/**
 * The shape that two broadcast to.
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 * @returns {number[]}
 */
function broadcastShape(a, b) {
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
function broadcast(shape, a, b) {
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
 * @param {'tensor_add' | 'tensor_mul'} kernel
 * @param {Tensor} self
 * @param {Data} other
 * @param {string} gradFn
 * @param {string} callee
 * @param {number} [alpha]
 * @returns {Tensor}
 */
function binary(kernel, self, other, gradFn, callee, alpha) {
  const first = operand(self, callee);
  const second = operand(other, callee, self.dtype);
  /** @type {Operand[]} */
  const temporary = [second];
  try {
    const shape = broadcastShape(first.shape, second.shape);
    const dtype = first.dtype === second.dtype ? first.dtype : 'float32';
    if (dtype === 'int32' && alpha !== undefined && !Number.isInteger(alpha)) {
      throw new Error('For integral input tensors, argument alpha must not be a floating point number.');
    }
    const a = asDtype(first, dtype);
    temporary.push(a);
    const b = asDtype(second, dtype);
    temporary.push(b);
    const output = new Storage(4 * numelOf(shape));
    kernels.elementwise(kernel, dtype, output, a.storage, b.storage, broadcast(shape, a.shape, b.shape), alpha);
    return record(output, shape, dtype, gradFn, self, other);
  } finally {
    for (const { release } of temporary) release();
  }
}

/**
 * @param {{ alpha?: number } | undefined} options
 * @param {string} callee
 * @returns {number}
 */
function alphaOf(options, callee) {
  checkOptions(callee, options, ['alpha']);
  const alpha = options?.alpha ?? 1;
  if (typeof alpha !== 'number') throw new TypeError(`${callee}(): argument 'alpha' must be Number, not ${typeName(alpha)}: ${show(alpha)}`);
  return alpha;
}

/**
 * @param {Tensor} self
 * @param {Data} other
 * @param {{ alpha?: number }} [options]
 * @returns {Tensor} self + alpha * other
 */
export function add(self, other, options) {
  return binary('tensor_add', self, other, 'AddBackward0', 'add', alphaOf(options, 'add'));
}

/**
 * @param {Tensor} self
 * @param {Data} other
 * @param {{ alpha?: number }} [options]
 * @returns {Tensor} self - alpha * other
 */
export function sub(self, other, options) {
  return binary('tensor_add', self, other, 'SubBackward0', 'sub', -alphaOf(options, 'sub'));
}

/**
 * @param {Tensor} self
 * @param {Data} other
 * @returns {Tensor} self * other
 */
export function mul(self, other) {
  return binary('tensor_mul', self, other, 'MulBackward0', 'mul');
}

/* ---- Reductions ---- */

/**
 * @param {Tensor} self
 * @param {number} p
 * @param {number} [dim] undefined: all elements
 * @returns {Tensor}
 */
export function norm(self, p, dim) {
  const storage = storageOf(self);
  if (typeof p !== 'number') throw new TypeError(`norm(): argument 'p' must be Number, not ${typeName(p)}: ${show(p)}`);
  if (self.dtype !== 'float32') {
    throw new Error('linalg.vector_norm: Expected a floating point or complex tensor as input. Got Int');
  }
  const { shape } = self;
  const at = dim === undefined || dim === null ? null : normalizeDim(dim, self.ndim, 'norm');
  const isWhole = at === null || self.ndim === 0;
  const outer = isWhole ? 1 : numelOf(shape.slice(0, at));
  const size = isWhole ? numelOf(shape) : shape[at];
  const inner = isWhole ? 1 : numelOf(shape.slice(at + 1));
  if (size === 0 && outer * inner > 0 && (p < 0 || p === Infinity)) {
    throw new Error(
      `linalg.vector_norm cannot compute the ${Math.abs(p) === Infinity ? (p > 0 ? 'inf' : '-inf') : p} norm on an empty tensor because ` +
        `the operation does not have an identity: shape ${shapeText(shape)}`,
    );
  }
  const output = new Storage(4 * outer * inner);
  kernels.norm(output, storage, outer, size, inner, p);
  return record(output, isWhole ? [] : shape.filter((_, i) => i !== at), 'float32', 'LinalgVectorNormBackward0', self);
}

/* ---- Copies ---- */

/** @param {Tensor} self @returns {Tensor} */
export function clone(self) {
  const source = storageOf(self);
  const storage = new Storage(4 * self.numel);
  copyInto(storage, { storage: source, shape: self.shape, dtype: self.dtype, release: nothing }, self.shape);
  return record(storage, self.shape, self.dtype, 'CloneBackward0', self);
}

/**
 * Copies an operand, broadcast to `shape`, into a storage of the same dtype.
 * @param {Storage} output
 * @param {Operand} source
 * @param {readonly number[]} shape
 */
function copyInto(output, source, shape) {
  kernels.expand(output, source.storage, broadcast(shape, source.shape, source.shape));
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
  if (self.ndim < 2) return record(source.retain(), self.shape, self.dtype, 'TBackward0', self);
  const [rows, columns] = self.shape;
  const storage = new Storage(4 * rows * columns);
  kernels.transpose(storage, source, rows, columns);
  return record(storage, [columns, rows], self.dtype, 'TBackward0', self);
}

/* ---- New shapes on the same storage ---- */

/** @param {Tensor} self @param {readonly number[]} shape @returns {Tensor} */
export function reshape(self, shape) {
  const storage = storageOf(self);
  return record(storage.retain(), resolveShape(shape, self.numel), self.dtype, 'ViewBackward0', self);
}

/**
 * A shape in which one size may be -1, made whole.
 * @param {readonly number[]} shape
 * @param {number} numel
 * @returns {number[]}
 */
export function resolveShape(shape, numel) {
  if (!Array.isArray(shape)) throw new TypeError(`reshape(): argument 'shape' must be an array of ints, not ${typeName(shape)}: ${show(shape)}`);
  const resolved = [...shape];
  let inferred = -1;
  resolved.forEach((size, i) => {
    if (!Number.isInteger(size)) throw new TypeError(`reshape(): argument 'shape' must be an array of ints, but found ${show(size)} at position ${i}`);
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
  checkMaxSize(resolved);
  return resolved;
}

/** @param {Tensor} self @param {number} dim @returns {Tensor} */
export function unsqueeze(self, dim) {
  const storage = storageOf(self);
  const at = normalizeDim(dim, self.ndim + 1, 'unsqueeze');
  const shape = [...self.shape.slice(0, at), 1, ...self.shape.slice(at)];
  return record(storage.retain(), shape, self.dtype, 'UnsqueezeBackward0', self);
}

/** @param {Tensor} self @param {number} [dim] @returns {Tensor} */
export function squeeze(self, dim) {
  const storage = storageOf(self);
  const at = dim === undefined || dim === null ? null : normalizeDim(dim, self.ndim, 'squeeze');
  const shape = self.shape.filter((size, i) => size !== 1 || (at !== null && i !== at));
  return record(storage.retain(), shape, self.dtype, at === null ? 'SqueezeBackward0' : 'SqueezeBackward1', self);
}

/* ---- In place ---- */

/** @template {Tensor} T @param {T} self @param {number} value @returns {T} */
export function fill_(self, value) {
  const storage = self._storageToWrite();
  if (typeof value !== 'number') throw new TypeError(`fill_(): argument 'value' must be Number, not ${typeName(value)}: ${show(value)}`);
  const fits = self.dtype === 'int32' ? value > -2147483649 && value < 2147483648 : !Number.isFinite(value) || Number.isFinite(Math.fround(value));
  if (!fits) {
    throw new Error(`value cannot be converted to type ${self.dtype === 'int32' ? 'int' : 'float'} without overflow: ${show(value)}`);
  }
  storage.view(self.dtype, self.numel).fill(value);
  storage.version++;
  return self;
}

/** @template {Tensor} T @param {T} self @param {Data} src @returns {T} */
export function copy_(self, src) {
  const storage = self._storageToWrite();
  const source = operand(src, 'copy_', self.dtype);
  /** @type {Operand[]} */
  const temporary = [source];
  try {
    const shape = broadcastShape(self.shape, source.shape);
    if (!sameShape(shape, self.shape)) {
      throw new Error(`output with shape ${shapeText(self.shape)} doesn't match the broadcast shape ${shapeText(shape)}`);
    }
    const converted = asDtype(source, self.dtype);
    temporary.push(converted);
    if (converted.storage !== storage) copyInto(storage, converted, self.shape);
    storage.version++;
    return self;
  } finally {
    for (const { release } of temporary) release();
  }
}
