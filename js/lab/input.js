/**
 * What the functions of the lab take, checked before anything is computed.
 */
import { shapeText, show, wrongType } from '../errors.js';
import { checkAttached } from '../wasm/memory.js';

/**
 * @typedef {Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array
 *   | Float64Array} NumberArray rounded to float32 where it is something else
 * @typedef {{ readonly data: NumberArray, readonly shape: readonly number[] }} Matrix a Tensor, or an object like one: rows one after another
 * @typedef {NumberArray | Matrix} Values numbers in any shape: a typed array or a Tensor
 * @typedef {(fraction: number) => void} Progress called with what part of the work is done, from above 0 to 1
 */

/** @param {unknown} value @returns {value is NumberArray} */
function isNumberArray(value) {
  return ArrayBuffer.isView(value) && /^(Int|Uint|Float)/.test(/** @type {any} */ (value)[Symbol.toStringTag]);
}

/**
 * @param {string} callee
 * @param {string} name of the argument
 * @param {any} value
 * @returns {NumberArray} its numbers
 */
export function numbersOf(callee, name, value) {
  const numbers = ArrayBuffer.isView(value) ? value : value?.data;
  if (!isNumberArray(numbers)) throw wrongType(`${callee}(): argument '${name}' must be a typed array of numbers or a Tensor`, value);
  checkAttached(numbers);
  return numbers;
}

/**
 * @param {string} callee
 * @param {string} name of the argument
 * @param {any} value
 * @returns {{ data: NumberArray, rows: number, columns: number }}
 */
export function matrixOf(callee, name, value) {
  const shape = value?.shape;
  if (!Array.isArray(shape)) throw wrongType(`${callee}(): argument '${name}' must be a Tensor or { data, shape: [rows, columns] }`, value);
  const data = numbersOf(callee, name, value);
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows * columns !== data.length || !(rows >= 0)) {
    throw new RangeError(`${callee}(): argument '${name}' has shape ${shapeText(shape)} and ${data.length} elements; valid: [rows, columns] and their product`);
  }
  return { data, rows, columns };
}

/**
 * @param {string} callee
 * @param {string} name
 * @param {number} value
 * @param {number} least
 * @param {number} most
 * @returns {void}
 */
export function checkWithin(callee, name, value, least, most) {
  if (!(value >= least && value <= most)) throw new RangeError(`${callee}(): ${name} is ${show(value)}; valid: ${least} to ${most}`);
}

/**
 * The ends of a range of values.
 * @param {string} callee
 * @param {unknown} min
 * @param {unknown} max
 * @returns {void}
 */
export function checkRange(callee, min, max) {
  for (const [name, end] of Object.entries({ min, max })) {
    if (typeof end !== 'number') throw wrongType(`${callee}(): argument '${name}' must be Number`, end);
    if (!Number.isFinite(Math.fround(end))) throw new RangeError(`${callee}(): ${name} is ${end}; valid: a finite float32 number`);
  }
  if (/** @type {number} */ (min) > /** @type {number} */ (max)) throw new RangeError(`${callee}(): min is ${min}, above max ${max}`);
}

/**
 * The array that takes the result: the caller's, of the right kind, or a new one.
 * @template {Float32Array | Uint8ClampedArray} T
 * @param {string} callee
 * @param {T | undefined} out
 * @param {new (length: number) => T} Type
 * @param {number} length
 * @returns {T}
 */
export function resultArray(callee, out, Type, length) {
  if (out === undefined) return new Type(length);
  if (!(out instanceof Type)) throw wrongType(`${callee}(): argument 'out' must be ${Type.name}`, out);
  checkAttached(out);
  if (out.length !== length) throw new RangeError(`${callee}(): argument 'out' has ${out.length} elements; valid: ${length}`);
  return out;
}

/**
 * @param {string} callee
 * @param {unknown} onProgress
 * @returns {void}
 */
export function checkProgress(callee, onProgress) {
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw wrongType(`${callee}(): argument 'onProgress' must be a function`, onProgress);
  }
}

/**
 * Counts work and reports it, a hundred times at most.
 * @param {Progress | undefined} onProgress
 * @param {number} total
 * @returns {(work: number) => void}
 */
export function progressOf(onProgress, total) {
  let done = 0;
  let reported = 0;
  return (work) => {
    done += work;
    if (done < total && done - reported < total / 100) return;
    reported = done;
    onProgress?.(done / total);
  };
}
