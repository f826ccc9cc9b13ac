/**
 * The golden files of tests/golden, which PyTorch wrote: reading them and comparing with them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tensor } from 'nn-embedding';

/** Relative: for what depends on the order of a sum or on powf. Everything else agrees bit for bit. */
export const TOLERANCE = 1e-6;
const SMALLEST = 2 ** -149; // the step between denormal numbers, which no relative tolerance covers

/**
 * @param {string} name "embedding", for embedding.json
 * @returns {any}
 */
export function golden(name) {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
}

/** @param {string} base64 @returns {Float32Array} */
export function floats(base64) {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** @param {any} array a tensor of a golden file @returns {Float32Array | Int32Array} its elements */
export function elements(array) {
  return array.float32 === undefined ? Int32Array.from(array.int32 ?? array.int64) : floats(array.float32);
}

/** @param {any} array @param {{ requiresGrad?: boolean }} [options] @returns {import('nn-embedding').Tensor} */
export function toTensor(array, options) {
  return tensor(elements(array), { shape: array.shape, ...options });
}

/** @param {any} value an option of a golden file: a number that is not finite is a string there */
export function option(value) {
  return typeof value === 'string' ? { inf: Infinity, '-inf': -Infinity, nan: NaN }[value] : value;
}

/** @param {ArrayBufferView} view @returns {string} its bytes */
export function hex(view) {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('hex');
}

/**
 * Flat numbers as nested arrays of this shape.
 * @param {ArrayLike<any>} flat
 * @param {readonly number[]} shape
 * @returns {any}
 */
export function nest(flat, shape) {
  if (shape.length === 0) return flat[0];
  const step = flat.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => nest(Array.prototype.slice.call(flat, i * step, (i + 1) * step), shape.slice(1)));
}

/** Same bytes. @param {ArrayBufferView} actual @param {ArrayBufferView} expected @param {string} [message] */
export function assertSameBits(actual, expected, message) {
  assert.equal(hex(actual), hex(expected), message);
}

/** Same numbers: the bits, but a NaN is a NaN. @param {any} actual @param {any} expected @param {string} [message] */
export function assertSameNumbers(actual, expected, message) {
  assert.deepEqual(Array.from(actual), Array.from(expected), message);
}

/** Same numbers within TOLERANCE. @param {any} actual @param {any} expected @param {string} [message] */
export function assertClose(actual, expected, message = '') {
  assert.equal(actual.length, expected.length, `${message}: length`);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i], expected[i]];
    const isClose = Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * Math.abs(b) + SMALLEST;
    assert.ok(isClose, `${message}: element ${i} is ${a}, expected ${b}`);
  }
}

/**
 * Tensors close by the size of the whole, since sums cancel.
 * @param {any} actual
 * @param {any} expected
 * @param {string} message
 * @param {number} [floor] an absolute difference that does not count
 * @param {number} [tolerance] of each element, or of a tenth of the largest
 */
export function assertNear(actual, expected, message, floor = 1e-42, tolerance = 1e-5) {
  assert.equal(actual.length, expected.length, `${message}: length`);
  const scale = expected.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i], expected[i]];
    const isNear = a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= tolerance * Math.max(Math.abs(b), 0.1 * scale) + floor;
    assert.ok(isNear, `${message}: element ${i} is ${a}, expected ${b}`);
  }
}
