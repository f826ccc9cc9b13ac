/**
 * Values as colours: a heatmap's pixels.
 */
import { checkOptions, show, wrongType } from '../errors.js';
import { numbersOf, resultArray } from './input.js';
import { rangeOf } from './distribution.js';
import { wasm } from './instance.js';
import { views, withBlocks } from './memory.js';

/** @typedef {import('./input.js').Values} Values */
/** @typedef {Uint32Array | Uint8ClampedArray | Uint8Array} ColorTable 256 colours of the bytes R, G, B, A */

/**
 * @typedef {object} PaintOptions
 * @property {ColorTable} table
 * @property {number} [min] the smallest finite value unless given
 * @property {number} [max] the largest finite value unless given
 * @property {ArrayLike<number>} [nanColor] R, G, B, A of a NaN, 0 to 255 each; transparent unless given
 */

const COLORS = 256;

/**
 * A pixel for each value, for `new ImageData(pixels, width)`: the colour of its place between min and max. The range is cut into 256
 * equal parts, one for each colour; values outside take the colour of that end. Where min equals max, so does its value the middle
 * colour.
 * @param {Values} values
 * @param {PaintOptions & { out?: Uint8ClampedArray }} options out is written and returned instead of a new array: 4 elements for each
 *   value
 * @returns {Uint8ClampedArray} R, G, B, A of each value
 * @throws {RangeError} if the table has not 256 colours, an end is not finite, or min is above max
 */
export function paint(values, options) {
  checkOptions('paint()', options, ['table', 'min', 'max', 'nanColor', 'out']);
  const { table, min, max, nanColor = [0, 0, 0, 0], out } = options ?? {};
  const colors = bytesOf(table);
  checkColor(nanColor);
  const numbers = numbersOf('paint', 'values', values);
  const { length } = numbers;
  const pixels = resultArray('paint', out, Uint8ClampedArray, 4 * length);
  return withBlocks([4 * length, 4 * length, 4 * COLORS, 16], (data, output, palette, scratch) => {
    const { f32, u8, u32 } = views();
    f32.set(numbers, data >>> 2);
    u8.set(colors, palette);
    const [first, last] = rangeOf('paint', data, length, min, max, scratch);
    u8.set(nanColor, scratch);
    wasm.lab_paint(output, data, length, palette, first, last, u32[scratch >>> 2]);
    pixels.set(u8.subarray(output, output + 4 * length));
    return pixels;
  });
}

/** @param {any} table @returns {Uint8Array | Uint8ClampedArray} its bytes */
function bytesOf(table) {
  if (!(table instanceof Uint32Array || table instanceof Uint8ClampedArray || table instanceof Uint8Array)) {
    throw wrongType("paint(): argument 'table' must be Uint32Array or Uint8ClampedArray", table);
  }
  if (table.byteLength !== 4 * COLORS) {
    throw new RangeError(`paint(): argument 'table' has ${table.byteLength / 4} colors; valid: ${COLORS} of the 4 bytes R, G, B, A`);
  }
  return table instanceof Uint32Array ? new Uint8Array(table.buffer, table.byteOffset, table.byteLength) : table;
}

/** @param {any} color @returns {void} */
function checkColor(color) {
  const isByte = (/** @type {unknown} */ part) => Number.isInteger(part) && /** @type {number} */ (part) >= 0 && /** @type {number} */ (part) <= 255;
  if (color?.length !== 4 || !Array.from(color).every(isByte)) {
    throw new RangeError(`paint(): argument 'nanColor' is ${show(color)}; valid: [R, G, B, A] of whole numbers from 0 to 255`);
  }
}
