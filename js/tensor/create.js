/**
 * Functions that make tensors.
 */
import { checkBoolean, checkLimits, checkNumber, checkOptions, shapeText, show, typeName, wrongType } from '../errors.js';
import { isTypedArray, naturalDtype, storageOfNested, storageOfTypedArray } from '../wasm/data.js';
import * as kernels from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { noGrad } from './grad-mode.js';
import { numberText } from './print.js';
import { checkFits } from './ops/in-place.js';
import { checkDtype, resolveShape } from './ops/shape.js';
import { Tensor, numelOf, storageOf } from './tensor.js';

/** @typedef {import('./tensor.js').Data} Data */
/** @typedef {import('./tensor.js').Dtype} Dtype */
/** @typedef {{ dtype?: Dtype, requiresGrad?: boolean }} TensorOptions */

/**
 * @param {string} callee
 * @param {TensorOptions | undefined} options
 * @param {Dtype} [defaultDtype]
 * @returns {{ dtype: Dtype, requiresGrad: boolean }}
 */
function tensorOptions(callee, options, defaultDtype = 'float32') {
  checkOptions(`${callee}()`, options, ['dtype', 'requiresGrad', ...(callee === 'tensor' ? ['shape'] : [])]);
  const { dtype = defaultDtype, requiresGrad = false } = options ?? {};
  checkDtype(dtype, callee);
  checkBoolean(`${callee}()`, 'requiresGrad', requiresGrad);
  if (requiresGrad && dtype !== 'float32') {
    throw new Error('Only Tensors of floating point and complex dtype can require gradients');
  }
  return { dtype, requiresGrad };
}

/**
 * Sizes given by the user: an array of whole numbers, or one number for one dimension.
 * @param {string} callee
 * @param {readonly number[] | number} shape
 * @returns {number[]}
 */
function checkShape(callee, shape) {
  const sizes = typeof shape === 'number' ? [shape] : shape;
  if (!Array.isArray(sizes)) {
    throw wrongType(`${callee}(): argument 'size' (position 1) must be tuple of ints`, shape);
  }
  Array.from(sizes, (size, i) => {
    if (!Number.isInteger(size)) {
      throw new TypeError(
        `${callee}(): argument 'size' (position 1) must be tuple of ints, but found element of type ${typeName(size)} at pos ${i}: ${show(size)}`,
      );
    }
    if (size < 0) {
      throw new Error(
        callee === 'zeros'
          ? `zeros: Dimension size must be non-negative. Size ${size} at position ${i} of ${shapeText(sizes)}`
          : `Trying to create tensor with negative dimension ${size}: ${shapeText(sizes)}`,
      );
    }
  });
  checkLimits(sizes);
  return [...sizes];
}

/**
 * A tensor with a copy of the data.
 * @param {Data} data numbers nested to any depth, a typed array, or a tensor
 * @param {{ shape?: readonly number[], dtype?: Dtype, requiresGrad?: boolean }} [options] shape: for the elements in row-major
 *   order. dtype: int32 for integer typed arrays and int32 tensors, else float32; int32 cuts fractions off.
 * @returns {Tensor}
 * @throws {Error} if nested arrays are not rectangular, naming the first row that differs
 * @throws {TypeError} if an element is no number
 */
export function tensor(data, options) {
  const { dtype, requiresGrad } = tensorOptions('tensor', options, defaultDtype(data));
  if (data instanceof Tensor) {
    const shape = shapeFor(data.shape);
    const converted = noGrad(() => (dtype === data.dtype ? data.clone() : data.to(dtype)));
    try {
      return new Tensor(storageOf(converted).retain(), shape, dtype, { requiresGrad });
    } finally {
      converted.dispose();
    }
  }
  const { storage, shape } = isTypedArray(data) ? storageOfTypedArray(data, dtype) : storageOfNested(data, dtype);
  try {
    const wanted = shapeFor(shape);
    return new Tensor(storage.retain(), wanted, dtype, { requiresGrad });
  } finally {
    storage.release();
  }

  /** @param {readonly number[]} shape */
  function shapeFor(shape) {
    return options?.shape === undefined ? shape : resolveShape(options.shape, numelOf(shape), 'tensor');
  }
}

/**
 * Runs `use` on the user's data: on the tensor itself if it is one and keeps its shape and dtype, else on a temporary one.
 * @template T
 * @param {Data} data
 * @param {(tensor: Tensor) => T} use
 * @param {{ shape?: readonly number[], dtype?: Dtype }} [options]
 * @returns {T} what `use` returns
 */
export function withTensor(data, use, options = {}) {
  const { shape, dtype } = options;
  const given = data instanceof Tensor && shape === undefined && (dtype ?? data.dtype) === data.dtype ? data : tensor(data, options);
  try {
    return use(given);
  } finally {
    if (given !== data) given.dispose();
  }
}

/** @param {Data} data @returns {Dtype} */
function defaultDtype(data) {
  if (data instanceof Tensor) return data.dtype;
  return isTypedArray(data) ? naturalDtype(data) : 'float32';
}

/**
 * @param {string} callee
 * @param {readonly number[] | number} shape
 * @param {number} value
 * @param {TensorOptions} [options]
 * @returns {Tensor}
 */
function filled(callee, shape, value, options) {
  const { dtype, requiresGrad } = tensorOptions(callee, options);
  const sizes = checkShape(callee, shape);
  checkFits(value, dtype);
  const numel = numelOf(sizes);
  const storage = new Storage(4 * numel);
  storage.view(dtype, numel).fill(value);
  return new Tensor(storage, sizes, dtype, { requiresGrad });
}

/**
 * @param {readonly number[] | number} shape
 * @param {TensorOptions} [options]
 * @returns {Tensor} all 0
 */
export function zeros(shape, options) {
  return filled('zeros', shape, 0, options);
}

/**
 * @param {readonly number[] | number} shape
 * @param {TensorOptions} [options]
 * @returns {Tensor} all 1
 */
export function ones(shape, options) {
  return filled('ones', shape, 1, options);
}

/**
 * @param {readonly number[] | number} shape
 * @param {number} value
 * @param {TensorOptions} [options]
 * @returns {Tensor} all `value`
 */
export function full(shape, value, options) {
  checkNumber('full', 'fill_value', value);
  return filled('full', shape, value, options);
}

/**
 * The numbers from start up to, without, end: arange(end), arange(start, end) or arange(start, end, step).
 * @param {number} start
 * @param {number} [end]
 * @param {number} [step]
 * @param {TensorOptions} [options] dtype: int32 if all are whole numbers, else float32
 * @returns {Tensor}
 */
export function arange(start, end, step = 1, options) {
  const [from, until] = end === undefined ? [0, start] : [start, end];
  checkNumber('arange', 'start', from);
  checkNumber('arange', 'end', until);
  checkNumber('arange', 'step', step);
  const { dtype, requiresGrad } = tensorOptions('arange', options, [from, until, step].every(Number.isInteger) ? 'int32' : 'float32');
  if (!(step > 0 || step < 0)) throw new Error(`step must be nonzero: ${step}`);
  if (!Number.isFinite(from) || !Number.isFinite(until)) throw new Error(`unsupported range: ${[from, until].map(numberText).join(' -> ')}`);
  if ((until - from) / step < 0) throw new Error(`upper bound and lower bound inconsistent with step sign: ${from} -> ${until}, step ${step}`);
  const size = Math.ceil((until - from) / step);
  checkLimits([size]);
  if (dtype === 'int32' && size > 0) {
    for (const value of [from, from + (size - 1) * step]) checkFits(value, dtype);
    if (size > 1) checkFits(step, dtype);
  }
  const storage = new Storage(4 * size);
  kernels.arange(storage, dtype, from, step, size);
  return new Tensor(storage, [size], dtype, { requiresGrad });
}

/**
 * Numbers from N(0, 1): PyTorch's, for the same manualSeed.
 * @param {readonly number[] | number} shape
 * @param {{ requiresGrad?: boolean }} [options]
 * @returns {Tensor}
 */
export function randn(shape, options) {
  return random('randn', shape, options);
}

/**
 * Numbers uniform on [0, 1): PyTorch's, for the same manualSeed.
 * @param {readonly number[] | number} shape
 * @param {{ requiresGrad?: boolean }} [options]
 * @returns {Tensor}
 */
export function rand(shape, options) {
  return random('rand', shape, options);
}

/**
 * @param {'rand' | 'randn'} callee
 * @param {readonly number[] | number} shape
 * @param {TensorOptions} [options]
 */
function random(callee, shape, options) {
  const { dtype, requiresGrad } = tensorOptions(callee, options);
  if (dtype !== 'float32') throw new Error(`"${callee === 'randn' ? 'normal_kernel_cpu' : 'check_uniform_bounds'}" not implemented for 'Int'`);
  const sizes = checkShape(callee, shape);
  const numel = numelOf(sizes);
  const storage = new Storage(4 * numel);
  (callee === 'randn' ? kernels.randomNormal : kernels.randomUniform)(storage, numel);
  return new Tensor(storage, sizes, dtype, { requiresGrad });
}

/**
 * Seeds the random generator: torch.manual_seed. Only the low 32 bits count, as in PyTorch.
 * @param {number | bigint} seed from -2**63 to 2**64 - 1; fractions are cut off
 * @returns {void}
 */
export function manualSeed(seed) {
  if (typeof seed !== 'number' && typeof seed !== 'bigint') {
    throw wrongType(`manual_seed(): argument 'seed' must be int`, seed);
  }
  if (typeof seed === 'number' && !Number.isFinite(seed)) throw new Error(`cannot convert float ${Number.isNaN(seed) ? 'NaN' : 'infinity'} to integer: seed ${seed}`);
  const whole = typeof seed === 'bigint' ? seed : BigInt(Math.trunc(seed));
  if (whole < -(2n ** 63n) || whole >= 2n ** 64n) {
    throw new Error(`Overflow when unpacking long long: seed ${seed}, valid range [-2**63, 2**64)`);
  }
  kernels.randomSeed(whole);
}
