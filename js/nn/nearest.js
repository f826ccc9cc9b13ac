/**
 * The rows of a table nearest to a vector: a scan over all of them, so that nothing is approximate.
 */
import { checkInteger, checkOptions, shapeText, show } from '../errors.js';
import { withTensor } from '../tensor/create.js';
import { checkTensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { scratchBegin, scratchRelease, steady } from '../wasm/memory.js';
import { checkTable, indexInput } from './lookup.js';
import { isNone } from './options.js';

/** @typedef {import('../tensor/tensor.js').Data} Data */
/** @typedef {import('../tensor/tensor.js').Tensor} Tensor */
/**
 * @typedef {object} NearestOptions
 * @property {number} [k] how many rows; 10 unless given. A table with fewer gives all it has.
 * @property {'cosine' | 'dot' | 'euclidean'} [metric] 'cosine' unless given
 * @property {import('./lookup.js').Indices | null} [exclude] rows to leave out
 */
/** @typedef {{ indices: Int32Array, scores: Float32Array }} Nearest */

/**
 * The k rows of weight nearest to a vector, best first: the greatest cosine or dot product, or the smallest Euclidean distance, which
 * is the score. On a tie the lower row comes first. Rows without a score come last with NaN: where arithmetic gives NaN, and by cosine
 * where a norm is 0 (or below 2**-63, or its squares leave float32); PyTorch's cosine_similarity makes those 0. Norms are computed once
 * and kept until weight is written; where its `data` or `row` has been read, a write would go unseen, so they are computed every time.
 * @param {Tensor} weight (V, D)
 * @param {Data} query D numbers: (D), or (1, D)
 * @param {NearestOptions} [options]
 * @returns {Nearest} copies, as many as there are rows but at most k
 * @throws {RangeError} if a row to exclude is outside [0, V), or k is negative
 */
export function nearest(weight, query, options) {
  checkOptions('nearest()', options, ['k', 'metric', 'exclude']);
  const { k = 10, metric = 'cosine', exclude } = options ?? {};
  checkTensor('nearest', 'weight', weight);
  checkTable(weight);
  if (weight.dtype !== 'float32') throw new Error(`nearest(): 'weight' must be float32, not ${weight.dtype}`);
  checkInteger('nearest', 'k', k);
  if (k < 0) throw new RangeError(`nearest(): argument 'k' must not be negative: ${k}`);
  if (typeof metric !== 'string' || !Object.keys(kernels.METRICS).includes(metric)) {
    throw new (typeof metric === 'string' ? Error : TypeError)(`metric has to be one of cosine, dot or euclidean, not ${show(metric)}`);
  }
  storageOf(weight);
  const [numEmbeddings, embeddingDim] = weight.shape;
  const excluded = steady(exclude);
  const find = (/** @type {Tensor} */ vector) => {
    const { shape, ndim } = vector;
    if (shape[ndim - 1] !== embeddingDim || vector.numel !== embeddingDim || ndim > 2) {
      throw new Error(`nearest(): 'query' must have the ${embeddingDim} numbers of a row: its shape is ${shapeText(shape)}`);
    }
    scratchBegin();
    try {
      const rows = isNone(excluded) ? null : indexInput(excluded, numEmbeddings, 'exclude');
      return kernels.nearest(storageOf(weight), storageOf(vector), rows, numEmbeddings, embeddingDim, k, metric);
    } finally {
      scratchRelease();
    }
  };
  return withTensor(query, find, { dtype: 'float32' });
}
