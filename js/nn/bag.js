/**
 * The reduction of bags that EmbeddingBag and functional.embeddingBag share, and its checks, in PyTorch's order.
 */
import { sameShape, shapeText, show, typeName, wrongType } from '../errors.js';
import { withTensor } from '../tensor/create.js';
import { Saved } from '../tensor/autograd.js';
import { Gradient, Rows } from '../tensor/gradient.js';
import { isRecorded, record } from '../tensor/ops/record.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import { indexRangeError, offsetError } from '../wasm/indices.js';
import * as kernels from '../wasm/kernels.js';
import { scratchBegin, scratchRelease, steady } from '../wasm/memory.js';
import { Storage } from '../wasm/storage.js';
import { checkRenormable, indexInput, keptIndices, storageOfOut } from './lookup.js';
import { isNone } from './options.js';

/** @typedef {import('../tensor/tensor.js').Data} Data */
/** @typedef {import('../wasm/indices.js').IndexInput} IndexInput */
/** @typedef {import('./lookup.js').Indices} Indices */
/** @typedef {'sum' | 'mean' | 'max'} Mode */
/**
 * @typedef {object} BagOptions
 * @property {Indices | null | undefined} offsets
 * @property {Data | null | undefined} perSampleWeights
 * @property {number | null} maxNorm
 * @property {number} normType
 * @property {boolean} scaleGradByFreq
 * @property {Mode} mode
 * @property {boolean} sparse
 * @property {boolean} includeLastOffset
 * @property {unknown} paddingIdx as the user gave it
 * @property {Tensor | undefined} out
 */

/**
 * @param {unknown} mode
 * @returns {void}
 */
function checkMode(mode) {
  if (mode !== 'sum' && mode !== 'mean' && mode !== 'max') throw new (typeof mode === 'string' ? Error : TypeError)(`mode has to be one of sum, mean or max, not ${show(mode)}`);
}

/**
 * @param {unknown} paddingIdx
 * @param {number} numEmbeddings
 * @returns {number} -1 if there is none
 */
function paddingOf(paddingIdx, numEmbeddings) {
  if (isNone(paddingIdx)) return -1;
  if (typeof paddingIdx !== 'number' || !Number.isInteger(paddingIdx)) {
    throw wrongType('paddingIdx must be an integer or null', paddingIdx);
  }
  if (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings) {
    throw new RangeError(
      `padding_idx must be within the number of embeddings, -${numEmbeddings} through ${numEmbeddings - 1}, but got ${paddingIdx}`,
    );
  }
  return paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
}

/**
 * @param {IndexInput} input
 * @param {Tensor} weight
 * @param {Tensor | null} sampleWeights
 * @param {BagOptions} options
 * @returns {void}
 */
function checkArguments(input, weight, sampleWeights, { offsets, mode, scaleGradByFreq, sparse }) {
  const dims = input.shape.length;
  if (sampleWeights && !sameShape(sampleWeights.shape, input.shape)) {
    throw new Error(
      `embedding_bag: If per_sample_weights (torch.Size(${shapeText(sampleWeights.shape)})) is not None, then it must have the same ` +
        `shape as the input (torch.Size(${shapeText(input.shape)}))`,
    );
  }
  if (weight.ndim !== 2) throw new Error(`weight has to be a 2D Tensor, but got Tensor of dimension ${weight.ndim}`);
  if (dims === 2 && !isNone(offsets)) {
    throw new Error(
      'if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. However, found ' +
        `offsets of type ${offsets instanceof Tensor ? "<class 'torch.Tensor'>" : `<class '${typeName(offsets)}'>`}`,
    );
  }
  if (dims === 1 && isNone(offsets)) throw new Error('offsets has to be a 1D Tensor but got None');
  if (dims !== 1 && dims !== 2) throw new Error(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${dims}`);
  if (mode === 'max' && scaleGradByFreq) throw new Error('max mode does not support scaling the gradient by the frequency');
  if (mode === 'max' && sparse) throw new Error('max mode does not support sparse weights');
  checkMode(mode);
  if (sampleWeights && mode !== 'sum') {
    throw new Error(
      "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' " +
        `(got mode='${mode}'). Please open a feature request on GitHub.`,
    );
  }
  if (sampleWeights && sampleWeights.dtype !== 'float32') {
    throw new Error(
      "Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 'per_sample_weights'; but type " +
        'torch.FloatTensor does not equal torch.IntTensor (while checking arguments for embedding_bag)',
    );
  }
}

/**
 * Reads offsets and says how many bags there are.
 * @param {Indices} offsets
 * @param {number} numIndices
 * @param {boolean} includeLastOffset
 * @returns {{ input: IndexInput, numBags: number }}
 */
function readOffsets(offsets, numIndices, includeLastOffset) {
  const input = indexInput(offsets, numIndices + 1, 'offsets');
  if (input.shape.length !== 1) throw new Error(`offsets has to be a 1D Tensor: its shape is ${shapeText(input.shape)}`);
  if (includeLastOffset && input.length === 0) throw new Error('include_last_offset: number of offset should be at least 1');
  const wrong = kernels.checkOffsets(input, numIndices, includeLastOffset);
  if (wrong >= 0) throw offsetError(input, wrong, numIndices);
  return { input, numBags: includeLastOffset ? input.length - 1 : input.length };
}

/**
 * Reduces bags of rows: everything that can fail comes before the first write.
 * @param {Indices} indices (n) with offsets, or (B, N)
 * @param {Tensor} weight (V, D)
 * @param {BagOptions} options
 * @returns {Tensor} (B, D)
 */
export function reduceBags(indices, weight, options) {
  const { perSampleWeights, maxNorm, normType, scaleGradByFreq, mode, sparse, includeLastOffset, out } = options;
  const table = storageOf(weight);
  if (!isNone(perSampleWeights) && !(perSampleWeights instanceof Tensor)) {
    const [settled, offsets] = [steady(indices), steady(options.offsets)];
    return withTensor(perSampleWeights, (made) => reduceBags(settled, weight, { ...options, offsets, perSampleWeights: made }));
  }
  const sampleWeights = perSampleWeights ?? null;
  /** @type {Storage[]} storages that a failed call releases, and a finished one but for what its node keeps */
  const held = [];
  scratchBegin();
  try {
    const is2dTable = weight.ndim === 2;
    const numEmbeddings = is2dTable ? weight.shape[0] : 2 ** 31 - 1;
    const embeddingDim = is2dTable ? weight.shape[1] : 0;
    const input = indexInput(indices, numEmbeddings, 'embedding_bag');
    checkArguments(input, weight, sampleWeights, options);
    if (maxNorm !== null) checkRenormable(weight);
    if (weight.dtype !== 'float32') {
      throw new Error(
        "Expected tensor for argument #1 'weight' to have one of the following scalar types: Half, BFloat16, Float, Double; but got " +
          'torch.IntTensor instead (while checking arguments for embedding_bag)',
      );
    }
    const paddingIdx = paddingOf(options.paddingIdx, numEmbeddings);
    const is2d = input.shape.length === 2;
    const offsets = is2d ? null : readOffsets(/** @type {Indices} */ (options.offsets), input.length, includeLastOffset);
    const numBags = offsets === null ? input.shape[0] : offsets.numBags;
    const shape = [numBags, embeddingDim];
    const output =
      out === undefined ? new Storage(4 * numBags * embeddingDim) : storageOfOut(out, [numBags], embeddingDim, weight, input, offsets?.input, sampleWeights).retain();
    held.push(output);
    const maxIndices = mode === 'max' ? new Storage(4 * numBags * embeddingDim) : null;
    if (maxIndices) held.push(maxIndices);
    const isTaped = isRecorded(weight, sampleWeights);
    const kept = isTaped ? keptIndices(indices, input) : null;
    if (kept) held.push(kept.storage);
    const keptOffsets = isTaped && offsets ? keptIndices(/** @type {Indices} */ (options.offsets), offsets.input) : null;
    if (keptOffsets) held.push(keptOffsets.storage);
    /** @type {kernels.Bags} */
    const bags = {
      indices: input.pointer,
      offsets: offsets === null ? 0 : offsets.input.pointer,
      perSampleWeights: sampleWeights === null ? 0 : storageOf(sampleWeights).pointer,
      numIndices: input.length,
      numOffsets: offsets === null ? 0 : offsets.input.length,
      numBags,
      numEmbeddings,
      embeddingDim,
      paddingIdx,
      mode,
    };
    if (maxNorm !== null) kernels.renorm(table, input, numEmbeddings, embeddingDim, maxNorm, normType);
    if (!kernels.bagForward(output, maxIndices, table, bags)) throw indexRangeError(input, numEmbeddings);
    if (out !== undefined) {
      output.version++;
      return out;
    }
    if (!isTaped) return new Tensor(output.retain(), shape, 'float32');
    for (const saved of [kept, keptOffsets]) saved?.storage.retain();
    return record(output.retain(), shape, 'float32', [weight, sampleWeights], {
      name: 'EmbeddingBagBackward0',
      saves: [
        kept,
        keptOffsets,
        maxIndices && new Saved(maxIndices.retain(), shape, 'int32', null),
        sampleWeights,
        sampleWeights?.requiresGrad ? weight : null,
      ],
      backward: bagBackward(bags, input.shape, sparse, scaleGradByFreq),
    });
  } finally {
    for (const storage of held) storage.release();
    scratchRelease();
  }
}

/**
 * @param {kernels.Bags} forward as the call was made; its addresses hold no longer
 * @param {readonly number[]} shape of the indices
 * @param {boolean} sparse
 * @param {boolean} scaleGradByFreq
 * @returns {import('../tensor/autograd.js').Backward}
 */
function bagBackward(forward, shape, sparse, scaleGradByFreq) {
  return (grad, [indices, offsets, maxIndices, weights, table], needs) => {
    const gradOutput = /** @type {Storage} */ (grad.storage);
    const bags = {
      ...forward,
      indices: indices.storage.pointer,
      offsets: offsets?.storage.pointer ?? 0,
      perSampleWeights: weights?.storage.pointer ?? 0,
    };
    return [
      needs(0) ? weightGradient(gradOutput, maxIndices?.storage ?? null, bags, sparse, scaleGradByFreq) : null,
      needs(1) ? sampleWeightsGradient(gradOutput, table.storage, bags, shape) : null,
    ];
  };
}

/**
 * @param {Storage} gradOutput
 * @param {Storage | null} maxIndices
 * @param {kernels.Bags} bags
 * @param {boolean} sparse
 * @param {boolean} scaleGradByFreq
 * @returns {Gradient}
 */
function weightGradient(gradOutput, maxIndices, bags, sparse, scaleGradByFreq) {
  const { numIndices, numEmbeddings, embeddingDim } = bags;
  const shape = [numEmbeddings, embeddingDim];
  if (!sparse) {
    const gradWeight = Gradient.dense(shape);
    kernels.bagDenseBackward(gradWeight.storage, gradOutput, maxIndices, bags, scaleGradByFreq);
    return gradWeight;
  }
  const gradIndices = new Storage(4 * numIndices);
  const gradValues = new Storage(4 * numIndices * embeddingDim);
  const nnz = kernels.bagSparseBackward(gradIndices, gradValues, gradOutput, bags, scaleGradByFreq);
  return new Gradient(shape, null, new Rows(gradIndices, gradValues, nnz));
}

/**
 * @param {Storage} gradOutput
 * @param {Storage} weight
 * @param {kernels.Bags} bags
 * @param {readonly number[]} shape
 * @returns {Gradient}
 */
function sampleWeightsGradient(gradOutput, weight, bags, shape) {
  const gradient = Gradient.dense(shape);
  kernels.bagPerSampleWeightsBackward(gradient.storage, gradOutput, weight, bags);
  return gradient;
}
