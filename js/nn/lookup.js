/**
 * The lookup that Embedding and functional.embedding share, and its checks.
 */
import { sameShape, shapeText, show, typeName } from '../errors.js';
import { isGradEnabled } from '../tensor/grad-mode.js';
import { record } from '../tensor/ops.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import { indexRangeError, indexTypeError, readIndices } from '../wasm/indices.js';
import * as kernels from '../wasm/kernels.js';
import { scratchRelease } from '../wasm/memory.js';
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
function checkTable(weight) {
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
