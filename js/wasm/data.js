/**
 * Numbers of every kind that callers hand in, brought into a storage as float32 or int32.
 */
import { shapeText, show, typeName, unexpectedList, unravel } from '../errors.js';
import { addressOf, checkAttached, views } from './memory.js';
import { forEachRow, nestedShape } from './nested.js';
import { Storage } from './storage.js';

/**
 * @typedef {Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array
 *   | Float64Array} NumberArray
 * @typedef {NumberArray | BigInt64Array | BigUint64Array} TypedArray
 * @typedef {'float32' | 'int32'} Dtype
 */

/** @param {unknown} value @returns {value is TypedArray} */
export function isTypedArray(value) {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** @param {TypedArray} array @returns {Dtype} the dtype that a tensor of this array has by default */
export function naturalDtype(array) {
  return /^(Big)?(Int|Uint)/.test(array[Symbol.toStringTag]) ? 'int32' : 'float32';
}

/**
 * A new storage with a typed array's numbers. The array may be a view of our own memory: making the storage may detach it, so its
 * place is taken down before.
 * @param {TypedArray} array
 * @param {Dtype} dtype
 * @returns {{ storage: Storage, shape: number[] }}
 */
export function storageOfTypedArray(array, dtype) {
  const Type = /** @type {any} */ (array.constructor);
  checkAttached(array);
  const { length } = array;
  const own = length > 0 ? addressOf(array) : 0;
  const tag = array[Symbol.toStringTag];
  if (dtype === 'int32' && tag !== 'Int32Array') checkInt32(array, [length]);
  const storage = new Storage(4 * length);
  const source = own ? new Type(views().u8.buffer, own, length) : array;
  storage.view(dtype, length).set(tag.startsWith('Big') ? Array.from(source, Number) : source);
  return { storage, shape: [length] };
}

/**
 * A new storage with the numbers of nested arrays.
 * @param {unknown} data a number, or arrays of numbers nested to any depth
 * @param {Dtype} dtype
 * @returns {{ storage: Storage, shape: number[] }}
 */
export function storageOfNested(data, dtype) {
  const shape = nestedShape(data);
  const numel = shape.reduce((product, size) => product * size, 1);
  /** @type {ArrayLike<unknown>[]} */
  const rows = [];
  // Everything is checked before the storage is made, so that a failed call has allocated nothing.
  const check = (/** @type {ArrayLike<unknown>} */ row, /** @type {number} */ start) => {
    if (ArrayBuffer.isView(row)) {
      checkAttached(row);
    } else {
      for (let i = 0; i < row.length; i++) {
        if (typeof row[i] === 'number') continue;
        const position = unravel(start + i, shape);
        if (Array.isArray(row[i]) || isTypedArray(row[i])) throw unexpectedList(row[i], position);
        throw new TypeError(`tensor(): elements must be numbers, not ${typeName(row[i])}: ${show(row[i])} at position ${shapeText(position)}`);
      }
    }
    if (dtype === 'int32') checkInt32(row, shape, start);
    rows.push(numbersOf(row));
  };
  if (shape.length === 0) check([data], 0);
  else forEachRow(data, shape, check);
  const storage = new Storage(4 * numel);
  const target = storage.view(dtype, numel);
  let start = 0;
  for (const row of rows) {
    target.set(/** @type {any} */ (row), start);
    start += row.length;
  }
  return { storage, shape };
}

/**
 * A row of numbers that the making of a storage does not detach.
 * @param {any} row
 * @returns {ArrayLike<number>}
 */
function numbersOf(row) {
  if (!ArrayBuffer.isView(row)) return row;
  const array = /** @type {any} */ (row);
  if (array[Symbol.toStringTag].startsWith('Big')) return Array.from(array, Number);
  return addressOf(array) === 0 ? array : array.slice();
}

/**
 * Refuses what int32 cannot hold; fractions are cut off, as in PyTorch.
 * @param {ArrayLike<unknown>} values
 * @param {readonly number[]} shape
 * @param {number} [start] position of the first value
 */
function checkInt32(values, shape, start = 0) {
  for (let i = 0; i < values.length; i++) {
    const value = /** @type {any} */ (values[i]);
    if (value > -2147483649 && value < 2147483648) continue;
    throw new Error(
      `value cannot be converted to type int32 without overflow: ${show(value)} at position ${shapeText(unravel(start + i, shape))}`,
    );
  }
}
