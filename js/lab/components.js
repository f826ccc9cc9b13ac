/**
 * Covariance, principal components, and the projection on them.
 */
import { checkInteger, checkOptions, shapeText, wrongType } from '../errors.js';
import { checkProgress, checkWithin, matrixOf, numbersOf, progressOf, resultArray } from './input.js';
import { wasm } from './instance.js';
import { views, withBlocks } from './memory.js';

/** @typedef {import('./input.js').Matrix} Matrix */
/** @typedef {import('./input.js').NumberArray} NumberArray */
/** @typedef {import('./input.js').Progress} Progress */
/** @typedef {{ data: NumberArray, rows: number, columns: number }} Input */

/**
 * @param {string} callee
 * @param {Matrix} matrix
 * @returns {Input}
 */
function matrixWithSpread(callee, matrix) {
  const input = matrixOf(callee, 'matrix', matrix);
  if (input.rows < 2 || input.columns < 1) {
    throw new RangeError(`${callee}(): argument 'matrix' has shape ${shapeText([input.rows, input.columns])}; valid: at least 2 rows and 1 column`);
  }
  return input;
}

/**
 * Refuses NaN and infinity.
 * @param {string} callee
 * @param {string} name
 * @param {number} pointer
 * @param {number} rows
 * @param {number} columns
 * @returns {void}
 */
export function checkFinite(callee, name, pointer, rows, columns) {
  const at = wasm.lab_find_not_finite(pointer, rows * columns) >>> 0;
  if (at === rows * columns) return;
  const value = views().f32[(pointer >>> 2) + at];
  throw new RangeError(`${callee}(): argument '${name}' has ${value} at position ${shapeText([Math.floor(at / columns), at % columns])}; valid: finite numbers`);
}

const CHUNK = 2 ** 23; // products between two reports: about a millisecond

/**
 * Fills mean (columns) and products (columns, columns), in double, with the mean and the covariance.
 * @param {string} callee
 * @param {Input} input
 * @param {number} mean address
 * @param {number} products address
 * @param {(rows: number) => void} advance
 * @returns {void}
 */
function fillCovariance(callee, { data, rows, columns }, mean, products, advance) {
  withBlocks([4 * data.length, 8 * 4 * columns], (matrix, scratch) => {
    const { f32, f64 } = views();
    f32.set(data, matrix >>> 2);
    checkFinite(callee, 'matrix', matrix, rows, columns);
    f64.fill(0, mean / 8, mean / 8 + columns);
    f64.fill(0, products / 8, products / 8 + columns * columns);
    wasm.lab_add_rows(mean, matrix, rows, columns);
    for (let d = 0; d < columns; d++) f64[mean / 8 + d] /= rows;
    const step = 4 * Math.max(1, Math.floor(CHUNK / 4 / columns ** 2));
    for (let n = 0; n < rows; n += step) {
      const count = Math.min(step, rows - n);
      wasm.lab_add_products(products, matrix + 4 * n * columns, mean, count, columns, scratch);
      advance(count);
    }
    wasm.lab_finish_covariance(products, columns, rows - 1);
  });
}

/**
 * The covariance of the columns, summed in double and divided by rows - 1: numpy.cov(matrix, rowvar=False).
 * @param {Matrix} matrix (N, D), N at least 2, finite
 * @returns {Float64Array} (D, D), row-major, symmetric
 * @throws {RangeError} if there are fewer than 2 rows or no column, or a value is not finite
 */
export function covariance(matrix) {
  const input = matrixWithSpread('covariance', matrix);
  const { columns } = input;
  return withBlocks([8 * columns, 8 * columns ** 2], (mean, products) => {
    fillCovariance('covariance', input, mean, products, () => {});
    return views().f64.slice(products / 8, products / 8 + columns ** 2);
  });
}

/**
 * Principal component analysis: the eigenvectors of the covariance with the largest eigenvalues. Exact to double precision and the same
 * in every run. Of each component's entries the one of largest absolute value, the first of several, is positive.
 * @param {Matrix} matrix (N, D), N at least 2, finite
 * @param {object} [options]
 * @param {number} [options.components] how many, from 1 to D; 2 unless given, or D if that is less
 * @param {Progress} [options.onProgress] called now and then with the part that is done; what it throws ends the call
 * @returns {{ mean: Float32Array, components: Float32Array, explainedVariance: Float64Array, explainedVarianceRatio: Float64Array,
 *   totalVariance: number }} mean (D), components (k, D) of length 1, the variance along each and its part of the total, which is the
 *   sum over all D; the parts are 0 where the total is
 * @throws {RangeError} if there are fewer than 2 rows or no column, a value is not finite, or components is outside [1, D]
 */
export function pca(matrix, options) {
  checkOptions('pca()', options, ['components', 'onProgress']);
  const input = matrixWithSpread('pca', matrix);
  const { rows, columns } = input;
  const { components: count = Math.min(2, columns), onProgress } = options ?? {};
  checkInteger('pca', 'components', count);
  checkWithin('pca', 'components', count, 1, columns);
  checkProgress('pca', onProgress);
  const steps = wasm.lab_eigen_steps(columns);
  const rowsPerStep = 3; // an eigenvector step takes as long as so many rows
  const advance = progressOf(onProgress, rows + rowsPerStep * steps);
  const square = 8 * columns ** 2;
  const sizes = [8 * columns, square, square, 8 * columns, 8 * 3 * columns, 4 * count * columns, 8 * count, columns];
  return withBlocks(sizes, (mean, products, vectors, values, scratch, components, variances, taken) => {
    fillCovariance('pca', input, mean, products, advance);
    let totalVariance = 0;
    for (let d = 0; d < columns; d++) totalVariance += views().f64[products / 8 + d * (columns + 1)];
    for (let step = 0; step < steps; step++) {
      if (!wasm.lab_eigen(values, vectors, products, columns, step, scratch)) throw new Error('pca(): the eigenvectors did not converge');
      advance(rowsPerStep);
    }
    wasm.lab_principal(components, variances, values, vectors, columns, count, taken);
    const { f32, f64 } = views();
    const explainedVariance = f64.slice(variances / 8, variances / 8 + count);
    return {
      mean: Float32Array.from(f64.subarray(mean / 8, mean / 8 + columns)),
      components: f32.slice(components >>> 2, (components >>> 2) + count * columns),
      explainedVariance,
      explainedVarianceRatio: explainedVariance.map((variance) => (totalVariance > 0 ? variance / totalVariance : 0)),
      totalVariance,
    };
  });
}

/**
 * The rows' places along axes: (matrix - mean) times components transposed, computed in double.
 * @param {Matrix} matrix (N, D)
 * @param {object} axes what `pca` returns, or axes of one's own
 * @param {NumberArray} axes.components (k, D)
 * @param {NumberArray} [axes.mean] (D); zeros unless given
 * @param {{ out?: Float32Array }} [options] out is written and returned instead of a new array: N * k elements
 * @returns {Float32Array} (N, k)
 * @throws {RangeError} if mean or components do not have D columns
 */
export function project(matrix, axes, options) {
  checkOptions('project()', options, ['out']);
  const { data, rows, columns } = matrixOf('project', 'matrix', matrix);
  if (typeof axes !== 'object' || axes === null) throw wrongType("project(): argument 'axes' must be an object such as { mean, components }", axes);
  const components = numbersOf('project', 'components', axes.components);
  const mean = axes.mean === undefined ? new Float32Array(columns) : numbersOf('project', 'mean', axes.mean);
  if (columns === 0 || components.length % columns !== 0) {
    throw new RangeError(`project(): argument 'components' has ${components.length} elements; valid: a multiple of the matrix's ${columns} columns`);
  }
  if (mean.length !== columns) throw new RangeError(`project(): argument 'mean' has ${mean.length} elements; valid: ${columns}, one for each column`);
  const count = components.length / columns;
  const result = resultArray('project', options?.out, Float32Array, rows * count);
  return withBlocks([4 * data.length, 4 * columns, 4 * components.length, 4 * rows * count], (input, origin, vectors, output) => {
    const { f32 } = views();
    f32.set(data, input >>> 2);
    f32.set(mean, origin >>> 2);
    f32.set(components, vectors >>> 2);
    wasm.lab_project(output, input, origin, vectors, rows, columns, count);
    result.set(f32.subarray(output >>> 2, (output >>> 2) + rows * count));
    return result;
  });
}
