/**
 * What a projection loses: which of a row's neighbours stay its neighbours.
 */
import { checkInteger, checkOptions, show, wrongType } from '../errors.js';
import { checkFinite } from './components.js';
import { checkProgress, checkWithin, matrixOf, numbersOf, progressOf, resultArray } from './input.js';
import { wasm } from './instance.js';
import { views, withBlocks } from './memory.js';

/** @typedef {import('./input.js').Matrix} Matrix */
/** @typedef {import('./input.js').Progress} Progress */
/** @typedef {import('./input.js').Values} Values */

/**
 * @typedef {object} OverlapOptions
 * @property {number} [k] how many neighbours, from 1 to N - 1; 10 unless given, or N - 1 if that is less
 * @property {ArrayLike<number>} [rows] the rows asked about; all unless given
 * @property {Progress} [onProgress] called now and then with the part that is done; what it throws ends the call
 */

const CHUNK = 2 ** 24; // elements compared between two reports: a few milliseconds

/**
 * The part of each row's k nearest rows, by Euclidean distance, that are also among its k nearest in the projection. All rows are
 * compared. Distances are float32; of equal ones the lower row number is nearer.
 * @param {Matrix} matrix (N, D), N at least 2, finite
 * @param {Values} projected (N, d), finite; the result of `project` will do
 * @param {OverlapOptions & { out?: Float32Array }} [options] out takes the shares: one element for each row asked about
 * @returns {{ mean: number, shares: Float32Array }} the share of each row asked about, from 0 to 1, and their mean
 * @throws {RangeError} if k or a row is out of range, a value is not finite, or the two do not have the same number of rows
 */
export function neighborOverlap(matrix, projected, options) {
  checkOptions('neighborOverlap()', options, ['k', 'rows', 'onProgress', 'out']);
  const { data, rows: numRows, columns } = matrixOf('neighborOverlap', 'matrix', matrix);
  const places = numbersOf('neighborOverlap', 'projected', projected);
  const { k = Math.min(10, numRows - 1), rows, onProgress, out } = options ?? {};
  if (numRows < 2) throw new RangeError(`neighborOverlap(): argument 'matrix' has ${numRows} rows; valid: at least 2`);
  const given = ArrayBuffer.isView(projected) ? undefined : projected.shape?.[0];
  if (places.length % numRows !== 0 || (given ?? numRows) !== numRows) {
    throw new RangeError(
      `neighborOverlap(): argument 'projected' has ${given ?? places.length} ${given === undefined ? 'elements' : 'rows'}; valid: as many rows as the matrix, ${numRows}`,
    );
  }
  checkInteger('neighborOverlap', 'k', k);
  checkWithin('neighborOverlap', 'k', k, 1, numRows - 1);
  checkProgress('neighborOverlap', onProgress);
  const asked = askedRows(rows, numRows);
  const { length } = asked;
  const shares = resultArray('neighborOverlap', out, Float32Array, length);
  const width = places.length / numRows;
  const sizes = [4 * data.length, 4 * places.length, 4 * length, 4 * length, wasm.lab_overlap_scratch(numRows, k)];
  return withBlocks(sizes, (full, flat, list, output, scratch) => {
    const { f32, i32 } = views();
    f32.set(data, full >>> 2);
    f32.set(places, flat >>> 2);
    i32.set(asked, list >>> 2);
    checkFinite('neighborOverlap', 'matrix', full, numRows, columns);
    checkFinite('neighborOverlap', 'projected', flat, numRows, width);
    const advance = progressOf(onProgress, length);
    const step = Math.max(1, Math.floor(CHUNK / (numRows * (columns + width) + 1)));
    let shared = 0;
    for (let n = 0; n < length; n += step) {
      const count = Math.min(step, length - n);
      shared += wasm.lab_neighbor_overlap(output + 4 * n, full, flat, numRows, columns, width, list + 4 * n, count, k, scratch);
      advance(count);
    }
    shares.set(views().f32.subarray(output >>> 2, (output >>> 2) + length));
    return { mean: shared / (k * length), shares };
  });
}

/**
 * @param {ArrayLike<number> | undefined} rows undefined stands for all
 * @param {number} numRows
 * @returns {Int32Array}
 */
function askedRows(rows, numRows) {
  if (rows === undefined) return Int32Array.from({ length: numRows }, (_, n) => n);
  if (typeof rows !== 'object' || typeof rows?.length !== 'number') {
    throw wrongType("neighborOverlap(): argument 'rows' must be an array of row numbers", rows);
  }
  if (rows.length === 0) throw new RangeError("neighborOverlap(): argument 'rows' is empty; valid: at least 1 row");
  for (let n = 0; n < rows.length; n++) {
    if (!Number.isInteger(rows[n])) throw wrongType(`neighborOverlap(): rows[${n}] must be int`, rows[n]);
    if (rows[n] < 0 || rows[n] >= numRows) throw new RangeError(`neighborOverlap(): rows[${n}] is ${show(rows[n])}; valid: 0 to ${numRows - 1}`);
  }
  return Int32Array.from(rows);
}
