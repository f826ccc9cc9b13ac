/**
 * Indices of every kind that callers hand in, brought into linear memory as int32.
 */
import { shapeText, show, typeName, unexpectedList, unravel } from '../errors.js';
import { wasm } from './instance.js';
import { addressOf, checkAttached, place, scratch, views } from './memory.js';
import { isTypedArray, naturalDtype } from './data.js';
import { elementAt, forEachRow, nestedShape } from './nested.js';

/**
 * @typedef {Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array
 *   | BigUint64Array} IntegerArray
 */

/**
 * @typedef {object} IndexInput
 * @property {number} pointer address of `length` int32 numbers; a number that int32 cannot hold stands there as -1
 * @property {number} length
 * @property {readonly number[]} shape
 * @property {unknown} source what the caller gave, for error texts; it may be detached by then, if it was a view of our memory
 */

/** torch's names of the types that are no indices, for the text of its error. */
const TORCH_NAMES = new Map([
  ['Float32Array', 'torch.FloatTensor'],
  ['Float64Array', 'torch.DoubleTensor'],
  ['Float16Array', 'torch.HalfTensor'],
  ['float', 'torch.FloatTensor'],
  ['bool', 'CPUBoolType'],
]);

/**
 * PyTorch's error for indices of a wrong type.
 * @param {string} type
 * @param {string} callee
 * @param {string} detail
 * @returns {TypeError}
 */
export function indexTypeError(type, callee, detail) {
  if (callee === 'targets') return new TypeError(`expected target dtype to be Long or Byte, but got ${type.replace(/^torch\.|Tensor$/g, '')}: ${detail}`);
  const [argument, called] = callee === 'exclude' ? ["'exclude'", 'nearest'] : ["#1 'indices'", callee === 'offsets' ? 'embedding_bag' : callee];
  return new TypeError(
    `Expected tensor for argument ${argument} to have one of the following scalar types: Long, Int; but got ` +
      `${TORCH_NAMES.get(type) ?? type} instead (while checking arguments for ${called}): ${detail}`,
  );
}

let position = 0;

/** Where C writes the position of a bad index. @returns {number} address */
export function positionPlace() {
  return position || (position = place('position', 8));
}

/**
 * Reads indices into memory that is valid until `scratchRelease`; those that lie in our memory as int32 stay where they are.
 * Their range is checked by the kernel that uses them, except that of 64-bit ones, which is checked while they are narrowed.
 * @param {unknown} indices
 * @param {number} numEmbeddings
 * @param {string} callee for error texts
 * @returns {IndexInput}
 */
export function readIndices(indices, numEmbeddings, callee) {
  if (isTypedArray(indices)) return readTypedArray(/** @type {any} */ (indices), numEmbeddings, callee);
  return readNested(indices, callee);
}

/**
 * @param {IntegerArray} indices
 * @param {number} numEmbeddings
 * @param {string} callee
 * @returns {IndexInput}
 */
function readTypedArray(indices, numEmbeddings, callee) {
  const length = indices.length;
  if (length === 0) checkAttached(indices);
  /** @type {IndexInput} */
  const input = { pointer: 0, length, shape: [length], source: indices };
  const own = addressOf(indices);
  const tag = indices instanceof Int32Array ? 'Int32Array' : indices[Symbol.toStringTag];
  if (tag === 'Int32Array') {
    input.pointer = own || scratch(4 * length);
    if (own === 0) views().i32.set(/** @type {Int32Array} */ (indices), input.pointer >>> 2);
    return input;
  }
  if (naturalDtype(indices) !== 'int32') {
    const type = typeName(indices);
    throw indexTypeError(type, callee, `a ${type}; give an integer typed array`);
  }
  if (tag.startsWith('Big')) {
    const bytes = new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength);
    input.pointer = scratch(8 * length);
    const { u8 } = views();
    if (own === 0) u8.set(bytes, input.pointer);
    else u8.copyWithin(input.pointer, own, own + 8 * length);
    const status = wasm.embedding_narrow_indices(input.pointer, positionPlace(), input.pointer, length, numEmbeddings);
    if (status !== 0) throw callee === 'offsets' ? offsetError(input, positionOfError(), numEmbeddings - 1) : indexRangeError(input, numEmbeddings, callee);
    input.source = null; // the 64-bit numbers are gone
    return input;
  }
  const Type = /** @type {any} */ (indices.constructor);
  input.pointer = scratch(4 * length);
  const { i32, u8 } = views();
  i32.set(own === 0 ? /** @type {any} */ (indices) : new Type(u8.buffer, own, length), input.pointer >>> 2);
  return input;
}

/**
 * @param {unknown} indices a number, or arrays of numbers nested to any depth
 * @param {string} callee
 * @returns {IndexInput}
 */
function readNested(indices, callee) {
  const shape = nestedShape(indices);
  const length = shape.reduce((product, size) => product * size, 1);
  // Reading an element may run a getter of the caller's, which may use the library: so not yet into our memory.
  const values = new Int32Array(length);
  const read = (/** @type {ArrayLike<unknown>} */ row, /** @type {number} */ start) => {
    if (isTypedArray(row)) checkIntegerRow(row, callee);
    for (let i = 0; i < row.length; i++) {
      const value = row[i];
      // Almost always a small integer; everything else takes the long way.
      values[start + i] = typeof value === 'number' && (value | 0) === value ? value : narrow(value, start + i);
    }
  };
  const narrow = (/** @type {unknown} */ value, /** @type {number} */ n) => {
    if (typeof value === 'bigint') return BigInt.asIntN(32, value) === value ? Number(value) : -1;
    if (typeof value === 'number' && Number.isInteger(value)) return -1; // int32 cannot hold it, so it is out of any range
    if (Array.isArray(value)) throw unexpectedList(value, unravel(n, shape));
    throw indexTypeError(typeName(value), callee, `${show(value)} at position ${shapeText(unravel(n, shape))} is not an integer`);
  };
  if (shape.length === 0) read([indices], 0);
  else forEachRow(indices, shape, read);
  const pointer = scratch(4 * length);
  views().i32.set(values, pointer >>> 2);
  return { pointer, length, shape, source: indices };
}

/**
 * Refuses a row of nested arrays that is an array of floats, or a view that has been detached.
 * @param {import('./data.js').TypedArray} row
 * @param {string} callee
 */
function checkIntegerRow(row, callee) {
  checkAttached(row);
  if (naturalDtype(row) !== 'int32') throw indexTypeError(typeName(row), callee, `a ${typeName(row)} among the indices; give integer typed arrays`);
}

/**
 * The error of a kernel that reported EMBEDDING_INDEX_OUT_OF_RANGE.
 * @param {IndexInput} input
 * @param {number} numEmbeddings
 * @param {string} [callee] words to begin with, when not lookup's
 * @returns {RangeError}
 */
export function indexRangeError(input, numEmbeddings, callee = '') {
  const n = positionOfError();
  const value = valueAt(input, n);
  const classes = value < 0 ? 'Class values must be non-negative.' : 'Class values must be smaller than num_classes.';
  const words = callee === 'one_hot' ? classes : callee === 'targets' ? `Target ${value} is out of bounds.` : 'index out of range in self';
  return new RangeError(`${words}: index ${value} at position ${shapeText(unravel(n, input.shape))}, valid range [0, ${numEmbeddings})${callee === 'exclude' ? ' (exclude)' : ''}`);
}

/** @returns {number} where C found a bad index */
function positionOfError() {
  return views().u32[positionPlace() >>> 2];
}

/**
 * The error of bag offsets that are wrong at position n.
 * @param {IndexInput} input
 * @param {number} n
 * @param {number} numIndices
 * @returns {Error}
 */
export function offsetError(input, n, numIndices) {
  const value = valueAt(input, n);
  const isLast = n === input.length - 1;
  const rule = `; valid: from 0, never falling, within [0, ${numIndices}]`;
  if (n === 0 && value != 0) {
    return new Error(
      'offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got ' + value + rule,
    );
  }
  if (value > numIndices) {
    const name = isLast ? 'offsets[-1]' : `offsets[${n}]`;
    return new Error(`${name} can not be greater than input's length ${numIndices} but got ${name} of ${value}: position [${n}]${rule}`);
  }
  const before = n > 0 ? valueAt(input, n - 1) : 0;
  if (value < before) return new Error(`offsets have to be non-decreasing, but offsets[${n}] is ${value} after ${before}: position [${n}]${rule}`);
  return new Error(
    'Your input appears to be incorrect: the last offset value should be the size of the indices tensor, but it seems not to be the ' +
      `case.: offsets[${n}] is ${value}, expected ${numIndices}`,
  );
}

/**
 * Index n as the caller gave it, read from where it was copied to if that kept it whole.
 * @param {IndexInput} input
 * @param {number} n
 * @returns {any}
 */
function valueAt({ pointer, shape, source }, n) {
  const { u8, i32, u32 } = views();
  const at = (pointer >>> 2) + n;
  const tag = isTypedArray(source) ? source[Symbol.toStringTag] : '';
  if (tag.startsWith('Big')) {
    const Type = tag === 'BigInt64Array' ? BigInt64Array : BigUint64Array;
    return new Type(u8.buffer, pointer, n + 1)[n];
  }
  if (tag === 'Uint32Array') return u32[at];
  const isNested = Array.isArray(source) || typeof source !== 'object';
  return isNested && i32[at] === -1 ? elementAt(source, shape, n) : i32[at]; // -1 may stand for what int32 cannot hold
}
