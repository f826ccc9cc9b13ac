/**
 * The lookup that Embedding and functional.embedding share, and its checks.
 */
import { shapeText } from '../errors.js';
import { Saved } from '../tensor/autograd.js';
import { Gradient, Rows } from '../tensor/gradient.js';
import { isRecorded, record } from '../tensor/ops/record.js';
import { Tensor, checkTensor, storageOf } from '../tensor/tensor.js';
import { indexRangeError, indexTypeError, readIndices } from '../wasm/indices.js';
import * as kernels from '../wasm/kernels.js';
import { scratchBegin, scratchRelease } from '../wasm/memory.js';
import { Storage } from '../wasm/storage.js';

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
export function indexInput(indices, numEmbeddings, callee) {
  if (!(indices instanceof Tensor)) return readIndices(indices, numEmbeddings, callee);
  const { pointer } = storageOf(indices);
  if (indices.dtype !== 'int32') throw indexTypeError('torch.FloatTensor', callee, 'a float32 tensor; use to("int32")');
  return { pointer, length: indices.numel, shape: indices.shape, source: indices };
}

/** @param {Tensor} weight @returns {void} */
export function checkTable(weight) {
  if (weight.ndim !== 2) throw new Error(`'weight' must be 2-D: its shape is ${shapeText(weight.shape)}`);
}

/**
 * @param {Tensor} weight
 * @returns {void}
 */
export function checkRenormable(weight) {
  if (weight.ndim !== 2) {
    throw new Error(
      `Expected 2-dimensional tensor, but got ${weight.ndim}-dimensional tensor for argument #1 'self' (while checking arguments for ` +
        `embedding_renorm_): its shape is ${shapeText(weight.shape)}`,
    );
  }
  if (weight.dtype !== 'float32') throw new Error('norm(): input dtype should be either floating point or complex. Got Int instead.');
}

/**
 * Checks a tensor that the result is to be written into. The result's shape is not put together for that: it would cost a tenth of a small
 * lookup.
 * @param {unknown} out
 * @param {readonly number[]} sizes of the result
 * @param {number} embeddingDim its last size
 * @param {Tensor} weight
 * @param {IndexInput} indices
 * @param {IndexInput | null} [offsets]
 * @param {Tensor | null} [sampleWeights]
 * @returns {Storage}
 */
export function storageOfOut(out, sizes, embeddingDim, weight, indices, offsets = null, sampleWeights = null) {
  checkTensor('embedding', 'out', out);
  const storage = storageOf(out);
  if (isRecorded(out, weight, sampleWeights)) {
    throw new Error("functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.");
  }
  if (out.dtype !== weight.dtype) throw new Error(`Expected out tensor to have dtype ${weight.dtype}, but got ${out.dtype} instead`);
  if (!isShape(out.shape, sizes, embeddingDim)) {
    throw new Error(`Expected out tensor to have shape ${shapeText([...sizes, embeddingDim])}, but got ${shapeText(out.shape)} instead`);
  }
  const start = storage.pointer;
  const end = start + storage.bytes;
  const table = storageOf(weight);
  refuseOverlap(start, end, table.pointer, table.bytes, 'weight');
  refuseOverlap(start, end, indices.pointer, 4 * indices.length, 'indices');
  if (offsets) refuseOverlap(start, end, offsets.pointer, 4 * offsets.length, 'offsets');
  if (sampleWeights) refuseOverlap(start, end, storageOf(sampleWeights).pointer, storageOf(sampleWeights).bytes, 'per-sample weights');
  return storage;
}

/** @param {readonly number[]} shape @param {readonly number[]} sizes @param {number} last @returns {boolean} whether it is [...sizes, last] */
function isShape(shape, sizes, last) {
  const dims = sizes.length;
  if (shape.length !== dims + 1 || shape[dims] !== last) return false;
  for (let dim = 0; dim < dims; dim++) if (shape[dim] !== sizes[dim]) return false;
  return true;
}

/**
 * @param {number} start of out @param {number} end of out @param {number} pointer of what it may not touch @param {number} bytes
 * @param {string} name
 * @returns {void}
 */
function refuseOverlap(start, end, pointer, bytes, name) {
  if (pointer < end && start < pointer + bytes) throw new Error(`unsupported operation: argument 'out' shares memory with the ${name}`);
}

/**
 * Indices for backward: the tensor itself, whose version is then checked, or a copy.
 * @param {Indices} indices
 * @param {IndexInput} input
 * @returns {Saved} a node's from now on
 */
export function keptIndices(indices, input) {
  const isTensor = indices instanceof Tensor;
  const storage = isTensor ? storageOf(indices).retain() : new Storage(4 * input.length);
  if (!isTensor) kernels.keepIndices(storage, input);
  return new Saved(storage, input.shape, 'int32', null);
}

/**
 * @typedef {object} LookupOptions
 * @property {number | null} paddingIdx counted from the front
 * @property {number | null} maxNorm
 * @property {number} normType
 * @property {boolean} scaleGradByFreq
 * @property {boolean} sparse
 * @property {Tensor | undefined} out
 */

/**
 * The lookup itself, its options checked: everything that can fail comes before the first write.
 * @param {Indices} indices
 * @param {Tensor} weight
 * @param {LookupOptions} options
 * @returns {Tensor}
 */
export function lookup(indices, weight, options) {
  const { maxNorm, out } = options;
  const table = storageOf(weight);
  if (maxNorm !== null) checkRenormable(weight);
  else checkTable(weight);
  const sizes = weight.shape;
  const numEmbeddings = sizes[0]; // not by destructuring, which takes an iterator, a tenth of a small lookup
  const embeddingDim = sizes[1];
  scratchBegin();
  try {
    const input = indexInput(indices, numEmbeddings, 'embedding');
    if (out !== undefined) {
      const output = storageOfOut(out, input.shape, embeddingDim, weight, input);
      readRows(output, table, input, numEmbeddings, embeddingDim, options);
      output.version++;
      return out;
    }
    const shape = input.shape.length === 1 ? [input.length, embeddingDim] : [...input.shape, embeddingDim];
    const output = new Storage(4 * input.length * embeddingDim);
    /** @type {Saved | null} */
    let kept = null;
    try {
      if (isRecorded(weight)) kept = keptIndices(indices, input);
      readRows(output, table, input, numEmbeddings, embeddingDim, options);
    } catch (error) {
      output.release();
      kept?.storage.release();
      throw error;
    }
    return kept === null ? new Tensor(output, shape, weight.dtype) : recordLookup(output, shape, weight, kept, input.length, options);
  } finally {
    scratchRelease();
  }
}

/**
 * @param {Storage} output
 * @param {Storage} table
 * @param {IndexInput} input
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @param {LookupOptions} options
 * @returns {void}
 */
function readRows(output, table, input, numEmbeddings, embeddingDim, { maxNorm, normType }) {
  if (maxNorm !== null) kernels.renorm(table, input, numEmbeddings, embeddingDim, maxNorm, normType);
  if (!kernels.lookup(output, table, input, numEmbeddings, embeddingDim)) throw indexRangeError(input, numEmbeddings);
}

/**
 * The result with its node. In a function of its own, since its closure would cost every lookup.
 * @param {Storage} output
 * @param {readonly number[]} shape
 * @param {Tensor} weight
 * @param {Saved} kept
 * @param {number} numIndices
 * @param {LookupOptions} options
 * @returns {Tensor}
 */
function recordLookup(output, shape, weight, kept, numIndices, { paddingIdx, scaleGradByFreq, sparse }) {
  const table = weight.shape;
  return record(output, shape, weight.dtype, [weight], {
    name: 'EmbeddingBackward0',
    saves: [kept],
    backward: (grad, [{ storage }]) => [
      (sparse ? sparseGradient : denseGradient)(grad, storage, numIndices, table, paddingIdx ?? -1, scaleGradByFreq),
    ],
  });
}

/**
 * @param {Gradient} grad of the lookup's result
 * @param {Storage} indices
 * @param {number} numIndices
 * @param {readonly number[]} shape (V, D)
 * @param {number} paddingIdx -1: none
 * @param {boolean} scaleGradByFreq
 * @returns {Gradient} of the weight
 */
function denseGradient(grad, indices, numIndices, shape, paddingIdx, scaleGradByFreq) {
  const gradWeight = Gradient.dense(shape);
  const gradOutput = /** @type {Storage} */ (grad.storage);
  kernels.denseBackward(gradWeight.storage, gradOutput, indices, numIndices, shape[0], shape[1], paddingIdx, scaleGradByFreq);
  return gradWeight;
}

/**
 * The same as rows; see denseGradient.
 * @param {Gradient} grad
 * @param {Storage} indices
 * @param {number} numIndices
 * @param {readonly number[]} shape
 * @param {number} paddingIdx
 * @param {boolean} scaleGradByFreq
 * @returns {Gradient}
 */
function sparseGradient(grad, indices, numIndices, shape, paddingIdx, scaleGradByFreq) {
  const gradIndices = new Storage(4 * numIndices);
  const gradValues = new Storage(4 * numIndices * shape[1]);
  const gradOutput = /** @type {Storage} */ (grad.storage);
  const nnz = kernels.sparseBackward(
    gradIndices, gradValues, gradOutput, indices, numIndices, shape[0], shape[1], paddingIdx, scaleGradByFreq,
  ); // prettier-ignore
  return new Gradient(shape, null, new Rows(gradIndices, gradValues, nnz));
}
