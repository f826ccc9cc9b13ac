/**
 * torch.nn.functional: the embedding operations as functions of their weight.
 */
import { checkBoolean, checkInteger, checkLimits, checkOptions, shapeText, typeName, wrongType } from '../errors.js';
import { withTensor } from '../tensor/create.js';
import { reduceBags } from './bag.js';
import { storageToWrite } from '../tensor/ops/in-place.js';
import { Tensor, checkTensor } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { checkAttached, scratchBegin, scratchRelease, steady } from '../wasm/memory.js';
import { Storage } from '../wasm/storage.js';
import { checkRenormable, indexInput, lookup } from './lookup.js';
import { checkGradientOptions, checkMaxNorm, checkNormType, normalizePaddingIdx } from './options.js';

/** @typedef {import('../tensor/tensor.js').Data} Data */
/** @typedef {import('./lookup.js').Indices} Indices */

const EMBEDDING_OPTIONS = ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse', 'out'];

/**
 * The rows of weight that indices name: torch.nn.functional.embedding. With maxNorm, the rows looked up that are longer are first
 * rescaled to it, in weight itself.
 * @param {Indices} indices any shape
 * @param {Data} weight (V, D)
 * @param {object} [options]
 * @param {number | null} [options.paddingIdx] a row that gets no gradient, from -V to V - 1
 * @param {number | boolean | null} [options.maxNorm]
 * @param {number} [options.normType] p of the norm for maxNorm; 2 unless given
 * @param {boolean} [options.scaleGradByFreq] whether gradients are divided by how often an index occurs
 * @param {boolean} [options.sparse] whether the gradient of weight is sparse
 * @param {Tensor} [options.out] written and returned instead of a new tensor; of the result's shape, not while gradients are recorded
 * @returns {Tensor} shape of indices + [D]
 * @throws {RangeError} if an index is outside [0, V), or paddingIdx outside [-V, V)
 * @throws {TypeError} if an index is no whole number
 */
export function embedding(indices, weight, options) {
  checkOptions('embedding()', options, EMBEDDING_OPTIONS);
  const { paddingIdx, maxNorm, normType = 2, scaleGradByFreq = false, sparse = false, out } = options ?? {};
  checkGradientOptions(scaleGradByFreq, sparse);
  const limit = checkMaxNorm(maxNorm);
  checkNormType(normType);
  const given = weight instanceof Tensor ? indices : steady(indices);
  return withTensor(weight, (table) => {
    const padding = normalizePaddingIdx(paddingIdx, table.shape[0] ?? 0);
    return lookup(given, table, { paddingIdx: padding, maxNorm: limit, normType, scaleGradByFreq, sparse, out });
  });
}

const BAG_OPTIONS = [
  'offsets', 'maxNorm', 'normType', 'scaleGradByFreq', 'mode', 'sparse', 'perSampleWeights', 'includeLastOffset', 'paddingIdx', 'out',
]; // prettier-ignore

/**
 * Bags of rows, reduced: torch.nn.functional.embedding_bag.
 * @param {Indices} indices (n) with offsets, or (B, N): B bags of N
 * @param {Data} weight (V, D)
 * @param {object} [options]
 * @param {Indices | null} [options.offsets] where each bag starts
 * @param {number | boolean | null} [options.maxNorm]
 * @param {number} [options.normType] p of the norm for maxNorm; 2 unless given
 * @param {boolean} [options.scaleGradByFreq] whether gradients are divided by how often an index occurs; not for max
 * @param {import('./bag.js').Mode} [options.mode] 'mean' unless given
 * @param {boolean} [options.sparse] whether the gradient of weight is sparse; not for max
 * @param {Data | null} [options.perSampleWeights] of the indices' shape, for mode 'sum'
 * @param {boolean} [options.includeLastOffset] whether offsets end with the number of indices
 * @param {number | null} [options.paddingIdx] a row that counts in no bag and gets no gradient
 * @param {Tensor} [options.out] written and returned instead of a new tensor
 * @returns {Tensor} (B, D)
 */
export function embeddingBag(indices, weight, options) {
  checkOptions('embedding_bag()', options, BAG_OPTIONS);
  const { offsets, maxNorm, normType = 2, scaleGradByFreq = false, mode = 'mean', sparse = false } = options ?? {};
  const { perSampleWeights, includeLastOffset = false, paddingIdx, out } = options ?? {};
  checkGradientOptions(scaleGradByFreq, sparse);
  checkBoolean('embedding_bag()', 'includeLastOffset', includeLastOffset);
  const limit = checkMaxNorm(maxNorm);
  checkNormType(normType);
  const settled = weight instanceof Tensor ? (/** @type {any} */ value) => value : steady;
  const [given, givenOffsets, sampleWeights] = [settled(indices), settled(offsets), settled(perSampleWeights)];
  return withTensor(weight, (table) =>
    reduceBags(given, table, {
      offsets: givenOffsets, perSampleWeights: sampleWeights, maxNorm: limit, normType, scaleGradByFreq, mode, sparse, includeLastOffset, paddingIdx, out,
    }),
  ); // prettier-ignore
}

/**
 * Rescales, in weight itself, the rows that indices name and whose norm is greater than maxNorm: torch.embedding_renorm_.
 * @param {Tensor} weight (V, D)
 * @param {Indices} indices
 * @param {number | boolean} maxNorm
 * @param {number} [normType]
 * @returns {{ rescaled: Int32Array }} the rows rewritten, ascending
 * @throws {Error} if weight is a leaf that requires gradients and they are being recorded: use noGrad
 */
export function embeddingRenorm(weight, indices, maxNorm, normType = 2) {
  checkTensor('embedding_renorm_', 'weight', weight);
  const limit = checkMaxNorm(maxNorm);
  if (limit === null) throw new TypeError(`embedding_renorm_(): argument 'max_norm' (position 3) must be float, not ${typeName(maxNorm)}`);
  checkNormType(normType);
  checkRenormable(weight);
  const table = storageToWrite(weight);
  const [numEmbeddings, embeddingDim] = weight.shape;
  scratchBegin();
  try {
    const input = indexInput(indices, numEmbeddings, 'embedding_renorm_');
    return { rescaled: kernels.renormRows(table, input, numEmbeddings, embeddingDim, limit, normType) };
  } finally {
    scratchRelease();
  }
}

/**
 * Rows of zeros with a one where the index says: torch.nn.functional.one_hot, in float32, since it feeds matmul.
 * @param {Indices} indices any shape
 * @param {number} numClasses
 * @returns {Tensor} shape of indices + [numClasses]
 * @throws {RangeError} if an index is outside [0, numClasses)
 */
export function oneHot(indices, numClasses) {
  checkInteger('one_hot', 'num_classes', numClasses);
  if (numClasses < 0) throw new RangeError(`num_classes should be positive, not ${numClasses}`);
  checkLimits([numClasses]);
  scratchBegin();
  try {
    const input = indexInput(indices, numClasses, 'one_hot');
    kernels.checkIndices(input, numClasses, 'one_hot');
    const output = new Storage(4 * input.length * numClasses);
    kernels.oneHot(output, input, numClasses);
    return new Tensor(output, [...input.shape, numClasses], 'float32');
  } finally {
    scratchRelease();
  }
}

/**
 * A table of int8 rows with a scale each, as float32: row r is int8 row r times scales[r].
 * @param {Int8Array} int8 V * D numbers
 * @param {Float32Array} scales V numbers
 * @param {{ shape: readonly number[] }} options shape: [V, D]
 * @returns {Tensor} (V, D)
 */
export function dequantize(int8, scales, options) {
  checkOptions('dequantize()', options, ['shape']);
  if (!(int8 instanceof Int8Array)) throw wrongType("dequantize(): argument 'int8' must be an Int8Array", int8);
  if (!(scales instanceof Float32Array)) throw wrongType("dequantize(): argument 'scales' must be a Float32Array", scales);
  const shape = options?.shape;
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw wrongType("dequantize(): argument 'shape' must be [V, D]", shape);
  }
  checkLimits(shape);
  checkAttached(int8);
  checkAttached(scales);
  if (shape.length !== 2 || shape[0] !== scales.length || shape[0] * shape[1] !== int8.length) {
    throw new Error(
      `dequantize(): shape must be [V, D] for V scales and V * D numbers: it is ${shapeText(shape)} for ${scales.length} scales and ` +
        `${int8.length} numbers`,
    );
  }
  const [values, factors] = [steady(int8), steady(scales)];
  const output = new Storage(4 * values.length);
  scratchBegin();
  try {
    kernels.dequantize(output, values, factors, shape[1]);
    return new Tensor(output.retain(), [...shape], 'float32');
  } finally {
    output.release();
    scratchRelease();
  }
}

export { linear } from '../tensor/ops/matmul.js';
export { cosineSimilarity, crossEntropy } from './loss.js';
