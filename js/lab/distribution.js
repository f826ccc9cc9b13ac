/**
 * How values are distributed: histogram and quantiles.
 */
import { checkInteger, checkOptions, wrongType } from '../errors.js';
import { checkRange, checkWithin, numbersOf } from './input.js';
import { wasm } from './instance.js';
import { views, withBlocks } from './memory.js';

/** @typedef {import('./input.js').Values} Values */

const MOST_BINS = 2 ** 24; // a range of float32 numbers can seldom be cut finer

/**
 * The smallest and the largest finite value, where they are not given.
 * @param {string} callee
 * @param {number} pointer to the values
 * @param {number} length
 * @param {number | undefined} min
 * @param {number | undefined} max
 * @param {number} extent address of 16 bytes
 * @returns {[number, number]}
 */
export function rangeOf(callee, pointer, length, min, max, extent) {
  if (min === undefined || max === undefined) {
    wasm.lab_extent(extent, pointer, length);
    const { f64 } = views();
    min ??= f64[extent / 8];
    max ??= f64[extent / 8 + 1];
  }
  checkRange(callee, min, max);
  return [min, max];
}

/**
 * How many values fall into each of evenly spaced bins: numpy.histogram. A bin holds its lower edge, the last one also its upper edge.
 * @param {Values} values
 * @param {object} [options]
 * @param {number} [options.bins] how many; 10 unless given
 * @param {number} [options.min] lower end of the first bin; the smallest finite value unless given
 * @param {number} [options.max] upper end of the last bin; the largest finite value unless given. Where both ends are equal the bins
 *   reach from half below to half above, and from 0 to 1 where nothing is finite.
 * @returns {{ counts: Uint32Array, edges: Float32Array, below: number, above: number, nans: number }} counts (bins), edges (bins + 1),
 *   and how many values are below the first edge, above the last one, and NaN: with counts they sum to the number of values
 * @throws {RangeError} if bins is below 1, an end is not finite, or min is above max
 */
export function histogram(values, options) {
  checkOptions('histogram()', options, ['bins', 'min', 'max']);
  const { bins = 10, min, max } = options ?? {};
  checkInteger('histogram', 'bins', bins);
  checkWithin('histogram', 'bins', bins, 1, MOST_BINS);
  const numbers = numbersOf('histogram', 'values', values);
  const { length } = numbers;
  return withBlocks([4 * length, 4 * bins, 4 * bins + 4, 16], (data, counts, edges, scratch) => {
    const { f32, u32 } = views();
    f32.set(numbers, data >>> 2);
    const [first, last] = rangeOf('histogram', data, length, min, max, scratch);
    wasm.lab_histogram_edges(edges, bins, first, last);
    wasm.lab_histogram(counts, scratch, data, length, edges, bins);
    const [below, above, nans] = u32.subarray(scratch >>> 2, (scratch >>> 2) + 3);
    const slice = (/** @type {any} */ view, /** @type {number} */ pointer, /** @type {number} */ count) => view.slice(pointer >>> 2, (pointer >>> 2) + count);
    return { counts: slice(u32, counts, bins), edges: slice(f32, edges, bins + 1), below, above, nans };
  });
}

/**
 * Quantiles, exact, with linear interpolation between neighbours: numpy.nanquantile, torch.nanquantile. NaNs are passed over.
 * @param {Values} values at least one
 * @param {ArrayLike<number>} probabilities each from 0 to 1
 * @returns {Float32Array} one quantile for each probability; NaN if all values are
 * @throws {RangeError} if there are no values, or a probability is outside [0, 1]
 */
export function quantiles(values, probabilities) {
  const numbers = numbersOf('quantiles', 'values', values);
  const { length } = numbers;
  if (length === 0) throw new RangeError("quantiles(): argument 'values' is empty; valid: at least 1 element");
  if (typeof probabilities !== 'object' || typeof probabilities?.length !== 'number') {
    throw wrongType("quantiles(): argument 'probabilities' must be an array of numbers", probabilities);
  }
  const count = probabilities.length;
  for (let p = 0; p < count; p++) {
    if (typeof probabilities[p] !== 'number') throw wrongType(`quantiles(): probabilities[${p}] must be Number`, probabilities[p]);
    checkWithin('quantiles', `probabilities[${p}]`, probabilities[p], 0, 1);
  }
  return withBlocks([4 * length, 8 * length, 8 * count, 4 * count], (data, scratch, asked, output) => {
    const { f32, f64 } = views();
    f32.set(numbers, data >>> 2);
    f64.set(probabilities, asked / 8);
    wasm.lab_quantiles(output, data, length, asked, count, scratch);
    return f32.slice(output >>> 2, (output >>> 2) + count);
  });
}
