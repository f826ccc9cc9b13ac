/**
 * torch.nn.functional: the embedding operations as functions of their weight.
 */
import { checkOptions, sameShape, shapeText, show, typeName } from '../errors.js';
import { readIndices, indexTypeError, indexRangeError } from '../wasm/indices.js';
import * as kernels from '../wasm/kernels.js';
import { scratchRelease } from '../wasm/memory.js';
import { Storage } from '../wasm/storage.js';
import { isGradEnabled } from '../tensor/grad-mode.js';
import { tensor } from '../tensor/create.js';
import { record } from '../tensor/ops.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import { checkGradientOptions, checkMaxNorm, checkNormType, normalizePaddingIdx } from './options.js';

/** @typedef {import('../tensor/tensor.js').Data} Data */
/** @typedef {import('../wasm/indices.js').IndexInput} IndexInput */
/**
 * @typedef {number | bigint | IndexList | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array
 *   | BigInt64Array | BigUint64Array | Tensor} Indices whole numbers; a Tensor of dtype int32
 */
/** @typedef {Indices[]} IndexList */

/**
 * Brings indices into wasm memory; valid until `scratchRelease`.
 * @param {Indices} indices
 * @param {number} numEmbeddings
 * @param {string} callee
 * @returns {IndexInput}
 */
function indexInput(indices, numEmbeddings, callee) {
  if (!(indices instanceof Tensor)) return readIndices(indices, numEmbeddings, callee);
  const { pointer } = storageOf(indices);
  if (indices.dtype !== 'int32') throw indexTypeError('torch.FloatTensor', callee, 'a float32 tensor; use to("int32")');
  return { pointer, length: indices.numel, shape: indices.shape, source: indices.data };
}

/**
 * A weight given to a function: a tensor as it is, other data as a temporary one.
 * @param {Data} weight
 * @returns {{ table: Tensor, release: () => void }}
 */
function tableOf(weight) {
  if (weight instanceof Tensor) return { table: weight, release: () => {} };
  const table = tensor(weight);
  return { table, release: () => table.dispose() };
}

/** @param {Tensor} weight @returns {void} */
function checkTable(weight) {
  if (weight.ndim !== 2) throw new Error(`'weight' must be 2-D: its shape is ${shapeText(weight.shape)}`);
}

/**
 * @param {Tensor} weight
 * @returns {void}
 */
function checkRenormable(weight) {
  if (weight.ndim !== 2) {
    throw new Error(
      `Expected 2-dimensional tensor, but got ${weight.ndim}-dimensional tensor for argument #1 'self' (while checking arguments for ` +
        `embedding_renorm_): its shape is ${shapeText(weight.shape)}`,
    );
  }
  if (weight.dtype !== 'float32') throw new Error('norm(): input dtype should be either floating point or complex. Got Int instead.');
}

/**
 * Checks a tensor that the result is to be written into.
 * @param {unknown} out
 * @param {readonly number[]} shape
 * @param {Tensor} weight
 * @param {IndexInput} input
 * @returns {Storage}
 */
function storageOfOut(out, shape, weight, input) {
  if (!(out instanceof Tensor)) throw new TypeError(`embedding(): argument 'out' must be Tensor, not ${typeName(out)}: ${show(out)}`);
  const storage = storageOf(out);
  if (isGradEnabled() && (weight.requiresGrad || out.requiresGrad)) {
    throw new Error("functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.");
  }
  if (out.dtype !== weight.dtype) throw new Error(`Expected out tensor to have dtype ${weight.dtype}, but got ${out.dtype} instead`);
  if (!sameShape(out.shape, shape)) {
    throw new Error(`Expected out tensor to have shape ${shapeText(shape)}, but got ${shapeText(out.shape)} instead`);
  }
  const table = storageOf(weight);
  if (table === storage || storage.overlaps(table.pointer, table.bytes)) {
    throw new Error("unsupported operation: argument 'out' shares memory with the weight; give it memory of its own, as zeros(shape) does");
  }
  if (storage.overlaps(input.pointer, 4 * input.length)) {
    throw new Error("unsupported operation: argument 'out' shares memory with the indices; give it memory of its own, as zeros(shape) does");
  }
  return storage;
}

/**
 * The lookup itself, its options checked: everything that can fail comes before the first write.
 * @param {Indices} indices
 * @param {Tensor} weight
 * @param {number | null} maxNorm
 * @param {number} normType
 * @param {Tensor | undefined} out
 * @returns {Tensor}
 */
export function lookup(indices, weight, maxNorm, normType, out) {
  const table = storageOf(weight);
  if (maxNorm !== null) checkRenormable(weight);
  else checkTable(weight);
  const [numEmbeddings, embeddingDim] = weight.shape;
  try {
    const input = indexInput(indices, numEmbeddings, 'embedding');
    const shape = [...input.shape, embeddingDim];
    const output = out === undefined ? new Storage(4 * input.length * embeddingDim) : storageOfOut(out, shape, weight, input);
    try {
      if (maxNorm !== null) kernels.renorm(table, input, numEmbeddings, embeddingDim, maxNorm, normType);
      if (!kernels.lookup(output, table, input, numEmbeddings, embeddingDim)) throw indexRangeError(input, numEmbeddings);
    } catch (error) {
      if (out === undefined) output.release();
      throw error;
    }
    if (out === undefined) return record(output, shape, weight.dtype, 'EmbeddingBackward0', weight);
    output.version++;
    return out;
  } finally {
    scratchRelease();
  }
}

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
  const { table, release } = tableOf(weight);
  try {
    normalizePaddingIdx(paddingIdx, table.shape[0] ?? 0);
    return lookup(indices, table, limit, normType, out);
  } finally {
    release();
  }
}

/**
 * Rescales, in weight itself, the rows that indices name and whose norm is greater than maxNorm: torch.embedding_renorm_.
 * @param {Tensor} weight (V, D)
 * @param {Indices} indices
 * @param {number | boolean} maxNorm
 * @param {number} [normType]
 * @returns {{ rescaled: Int32Array }} the rows rewritten, ascending
 */
export function embeddingRenorm(weight, indices, maxNorm, normType = 2) {
  if (!(weight instanceof Tensor)) {
    throw new TypeError(`embedding_renorm_(): argument 'self' (position 1) must be Tensor, not ${typeName(weight)}: ${show(weight)}`);
  }
  const limit = checkMaxNorm(maxNorm);
  if (limit === null) throw new TypeError(`embedding_renorm_(): argument 'max_norm' (position 3) must be float, not ${typeName(maxNorm)}`);
  checkNormType(normType);
  checkRenormable(weight);
  const table = storageOf(weight);
  const [numEmbeddings, embeddingDim] = weight.shape;
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
  if (!Number.isInteger(numClasses)) {
    throw new TypeError(`one_hot(): argument 'num_classes' must be int, not ${typeName(numClasses)}: ${show(numClasses)}`);
  }
  if (numClasses < 0) throw new RangeError(`num_classes should be positive, not ${numClasses}`);
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
