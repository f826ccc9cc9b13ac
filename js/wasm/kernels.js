/**
 * The C functions of the module, called with storages: one function here for each there. See the C headers for what they compute.
 */
import { wasm } from './instance.js';
import { allocate, heap, place, release, scratch, scratchBegin, scratchRelease, tryAllocate, views, zeroed } from './memory.js';
import { indexRangeError, positionPlace } from './indices.js';

/** @typedef {import('./storage.js').Storage} Storage */
/** @typedef {import('./indices.js').IndexInput} IndexInput */
/** @typedef {'tensor_add' | 'tensor_mul' | 'tensor_div'} BinaryKernel */
/** @typedef {{ sizes: number[], aStrides: number[], bStrides: number[] }} Walk how two operands are walked through; see `broadcast` */

/**
 * A function of the module that takes storages for pointers and null for NULL. The calls on the path of a lookup are written out.
 * @param {string} name
 * @returns {(...values: any[]) => any}
 */
function kernel(name) {
  return (...values) => wasm[name](...values.map((value) => (value === null ? 0 : (value.pointer ?? value))));
}

/**
 * embedding_forward.
 * @param {Storage} output
 * @param {Storage} weight
 * @param {IndexInput} input
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @returns {boolean} false if an index is out of range: then nothing was written
 */
export function lookup(output, weight, input, numEmbeddings, embeddingDim) {
  return (
    wasm.embedding_forward(output.pointer, positionPlace(), weight.pointer, input.pointer, input.length, numEmbeddings, embeddingDim) === 0
  );
}

/**
 * embedding_check_indices.
 * @param {IndexInput} input
 * @param {number} numEmbeddings
 * @param {string} [callee]
 * @returns {void}
 */
export function checkIndices(input, numEmbeddings, callee) {
  if (wasm.embedding_check_indices(positionPlace(), input.pointer, input.length, numEmbeddings) !== 0) {
    throw indexRangeError(input, numEmbeddings, callee);
  }
}

/**
 * embedding_renorm; the weight's version rises by 1.
 * @param {Storage} weight
 * @param {IndexInput} input
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @param {number} maxNorm
 * @param {number} normType
 * @returns {void}
 */
export function renorm(weight, input, numEmbeddings, embeddingDim, maxNorm, normType) {
  const visited = zeroed('visited', wasm.embedding_renorm_scratch(numEmbeddings));
  const status = wasm.embedding_renorm(
    weight.pointer, 0, 0, positionPlace(), input.pointer, input.length, numEmbeddings, embeddingDim, maxNorm, normType, visited,
  ); // prettier-ignore
  if (status !== 0) throw indexRangeError(input, numEmbeddings);
  weight.version++;
}

/**
 * embedding_renorm, telling the rows.
 * @param {Storage} weight
 * @param {IndexInput} input
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @param {number} maxNorm
 * @param {number} normType
 * @returns {Int32Array} the rows rewritten, ascending
 */
export function renormRows(weight, input, numEmbeddings, embeddingDim, maxNorm, normType) {
  const visited = zeroed('visited', wasm.embedding_renorm_scratch(numEmbeddings));
  const rescaled = scratch(4 * Math.min(input.length, numEmbeddings));
  const numRescaled = place('count', 8);
  const status = wasm.embedding_renorm(
    weight.pointer, rescaled, numRescaled, positionPlace(), input.pointer, input.length, numEmbeddings, embeddingDim, maxNorm, normType,
    visited,
  ); // prettier-ignore
  if (status !== 0) throw indexRangeError(input, numEmbeddings);
  weight.version++;
  const { i32, u32 } = views();
  return i32.slice(rescaled >>> 2, (rescaled >>> 2) + u32[numRescaled >>> 2]);
}

/* ---- Gradients of the lookup ---- */

/**
 * A copy of indices that lasts, for backward.
 * @param {Storage} output
 * @param {IndexInput} input
 * @returns {void}
 */
export function keepIndices(output, input) {
  const to = output.pointer;
  views().u8.copyWithin(to, input.pointer, input.pointer + 4 * input.length);
}

/** @param {boolean} scaleGradByFreq @param {number} numEmbeddings @returns {number} address of the counts, or NULL */
function countsFor(scaleGradByFreq, numEmbeddings) {
  return scaleGradByFreq ? zeroed('counts', wasm.embedding_backward_scratch(numEmbeddings)) : 0;
}

/**
 * embedding_dense_backward.
 * @param {Storage} gradWeight
 * @param {Storage} gradOutput
 * @param {Storage} indices
 * @param {number} numIndices
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @param {number} paddingIdx -1: none
 * @param {boolean} scaleGradByFreq
 * @returns {void}
 */
export function denseBackward(gradWeight, gradOutput, indices, numIndices, numEmbeddings, embeddingDim, paddingIdx, scaleGradByFreq) {
  const counts = countsFor(scaleGradByFreq, numEmbeddings);
  wasm.embedding_dense_backward(
    gradWeight.pointer, gradOutput.pointer, indices.pointer, numIndices, numEmbeddings, embeddingDim, paddingIdx, counts,
  ); // prettier-ignore
}

/**
 * embedding_sparse_backward.
 * @param {Storage} gradIndices
 * @param {Storage} gradValues
 * @param {Storage} gradOutput
 * @param {Storage} indices
 * @param {number} numIndices
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @param {number} paddingIdx -1: none
 * @param {boolean} scaleGradByFreq
 * @returns {number} how many rows
 */
export function sparseBackward(gradIndices, gradValues, gradOutput, indices, numIndices, numEmbeddings, embeddingDim, paddingIdx, scaleGradByFreq) {
  const counts = countsFor(scaleGradByFreq, numEmbeddings);
  return wasm.embedding_sparse_backward(
    gradIndices.pointer, gradValues.pointer, gradOutput.pointer, indices.pointer, numIndices, embeddingDim, paddingIdx, counts,
  ); // prettier-ignore
}

/** embedding_add_rows. @type {(weight: Storage, indices: Storage, values: Storage, numIndices: number, embeddingDim: number, alpha: number) => void} */
export const addRows = kernel('embedding_add_rows');

/**
 * embedding_coalesce.
 * @param {Storage} rows
 * @param {Storage} values
 * @param {Storage} gradIndices
 * @param {Storage} gradValues
 * @param {number} numIndices
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @returns {number} how many distinct rows
 */
export function coalesce(rows, values, gradIndices, gradValues, numIndices, numEmbeddings, embeddingDim) {
  const ranks = zeroed('ranks', wasm.embedding_coalesce_scratch(numEmbeddings));
  scratchBegin();
  const seen = scratch(numIndices);
  const numRows = wasm.embedding_coalesce(
    rows.pointer, values.pointer, gradIndices.pointer, gradValues.pointer, numIndices, numEmbeddings, embeddingDim, ranks, seen,
  ); // prettier-ignore
  scratchRelease();
  return numRows;
}

/* ---- EmbeddingBag ---- */

/** The order of embedding_bag_mode. */
export const MODES = Object.freeze({ sum: 0, mean: 1, max: 2 });

/**
 * @typedef {object} Bags embedding_bags
 * @property {number} indices address
 * @property {number} offsets address; 0: bags of equal size
 * @property {number} perSampleWeights address, or 0
 * @property {number} numIndices
 * @property {number} numOffsets
 * @property {number} numBags
 * @property {number} numEmbeddings
 * @property {number} embeddingDim
 * @property {number} paddingIdx -1: none
 * @property {keyof typeof MODES} mode
 */

/**
 * Writes the struct into scratch, number by number: a list of them to `set` takes ten times as long.
 * @param {Bags} bags
 * @returns {number} its address
 */
function packBags(bags) {
  const pointer = scratch(40);
  const { i32 } = views();
  const at = pointer >>> 2;
  i32[at] = bags.indices;
  i32[at + 1] = bags.offsets;
  i32[at + 2] = bags.perSampleWeights;
  i32[at + 3] = bags.numIndices;
  i32[at + 4] = bags.numOffsets;
  i32[at + 5] = bags.numBags;
  i32[at + 6] = bags.numEmbeddings;
  i32[at + 7] = bags.embeddingDim;
  i32[at + 8] = bags.paddingIdx;
  i32[at + 9] = MODES[bags.mode];
  return pointer;
}

/**
 * Runs a call that takes the struct.
 * @template T
 * @param {Bags} bags
 * @param {(struct: number) => T} call
 * @returns {T}
 */
function withBags(bags, call) {
  scratchBegin();
  const result = call(packBags(bags));
  scratchRelease();
  return result;
}

/**
 * embedding_check_offsets.
 * @param {IndexInput} offsets
 * @param {number} numIndices
 * @param {boolean} includeLastOffset
 * @returns {number} position of the first offset that is wrong; -1 if none is
 */
export function checkOffsets(offsets, numIndices, includeLastOffset) {
  const status = wasm.embedding_check_offsets(positionPlace(), offsets.pointer, offsets.length, numIndices, includeLastOffset);
  return status === 0 ? -1 : views().u32[positionPlace() >>> 2];
}

/**
 * embedding_bag_forward.
 * @param {Storage} output
 * @param {Storage | null} maxIndices
 * @param {Storage} weight
 * @param {Bags} bags
 * @returns {boolean} false if an index is out of range: then nothing was written
 */
export function bagForward(output, maxIndices, weight, bags) {
  const position = positionPlace();
  return withBags(bags, (struct) => wasm.embedding_bag_forward(output.pointer, maxIndices?.pointer ?? 0, position, weight.pointer, struct) === 0);
}

/**
 * embedding_bag_dense_backward.
 * @param {Storage} gradWeight
 * @param {Storage} gradOutput
 * @param {Storage | null} maxIndices
 * @param {Bags} bags
 * @param {boolean} scaleGradByFreq
 * @returns {void}
 */
export function bagDenseBackward(gradWeight, gradOutput, maxIndices, bags, scaleGradByFreq) {
  const counts = countsFor(scaleGradByFreq, bags.numEmbeddings);
  withBags(bags, (struct) => bagDenseKernel(gradWeight, gradOutput, maxIndices, struct, counts));
}
const bagDenseKernel = kernel('embedding_bag_dense_backward');

/**
 * embedding_bag_sparse_backward.
 * @param {Storage} gradIndices
 * @param {Storage} gradValues
 * @param {Storage} gradOutput
 * @param {Bags} bags
 * @param {boolean} scaleGradByFreq
 * @returns {number} how many rows
 */
export function bagSparseBackward(gradIndices, gradValues, gradOutput, bags, scaleGradByFreq) {
  const counts = countsFor(scaleGradByFreq, bags.numEmbeddings);
  return withBags(bags, (struct) => bagSparseKernel(gradIndices, gradValues, gradOutput, struct, counts));
}
const bagSparseKernel = kernel('embedding_bag_sparse_backward');

/**
 * embedding_bag_per_sample_weights_backward.
 * @param {Storage} gradWeights
 * @param {Storage} gradOutput
 * @param {Storage} weight
 * @param {Bags} bags
 * @returns {void}
 */
export function bagPerSampleWeightsBackward(gradWeights, gradOutput, weight, bags) {
  withBags(bags, (struct) => sampleWeightsKernel(gradWeights, gradOutput, weight, struct));
}
const sampleWeightsKernel = kernel('embedding_bag_per_sample_weights_backward');

/* ---- Nearest rows ---- */

/** The order of embedding_metric. */
export const METRICS = Object.freeze({ cosine: 0, dot: 1, euclidean: 2 });

/**
 * embedding_row_norms, kept with the storage until it is written. Not kept where somebody has a view of the table and may write unseen,
 * or where memory has no room left.
 * @param {Storage} weight
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @returns {number} address; NULL: for the kernel to compute
 */
function rowNorms(weight, numEmbeddings, embeddingDim) {
  const key = `${weight.version} ${numEmbeddings} ${embeddingDim}`;
  if (weight.isViewed || weight.norms?.key !== key) weight.forgetNorms();
  if (weight.isViewed) return 0;
  if (weight.norms === null) {
    const table = weight.pointer; // comes first: it may throw
    const pointer = tryAllocate(8 * numEmbeddings);
    if (pointer === 0) return 0;
    wasm.embedding_row_norms(pointer, table, numEmbeddings, embeddingDim);
    weight.norms = { pointer, key };
  }
  return weight.norms.pointer;
}

/**
 * embedding_nearest.
 * @param {Storage} weight
 * @param {Storage} query
 * @param {IndexInput | null} exclude
 * @param {number} numEmbeddings
 * @param {number} embeddingDim
 * @param {number} k
 * @param {keyof typeof METRICS} metric
 * @returns {{ indices: Int32Array, scores: Float32Array }} best first
 */
export function nearest(weight, query, exclude, numEmbeddings, embeddingDim, k, metric) {
  const room = Math.min(k, numEmbeddings);
  const indices = scratch(4 * room);
  const scores = scratch(4 * room);
  const count = place('count', 8);
  const excluded = exclude ? zeroed('visited', wasm.embedding_nearest_scratch(numEmbeddings)) : 0;
  const norms = metric === 'cosine' ? rowNorms(weight, numEmbeddings, embeddingDim) : 0;
  const status = wasm.embedding_nearest(
    indices, scores, count, positionPlace(), weight.pointer, norms, query.pointer, exclude?.pointer ?? 0, exclude?.length ?? 0,
    numEmbeddings, embeddingDim, room, METRICS[metric], excluded,
  ); // prettier-ignore
  if (exclude && status !== 0) throw indexRangeError(exclude, numEmbeddings, 'exclude');
  const { i32, f32, u32 } = views();
  const found = u32[count >>> 2];
  return { indices: i32.slice(indices >>> 2, (indices >>> 2) + found), scores: f32.slice(scores >>> 2, (scores >>> 2) + found) };
}

/**
 * embedding_dequantize. The int8 numbers go to the last quarter of the result's own memory, so that the table is in memory once.
 * @param {Storage} output
 * @param {Int8Array} values
 * @param {Float32Array} scales
 * @param {number} embeddingDim
 * @returns {void}
 */
export function dequantize(output, values, scales, embeddingDim) {
  const scalesPlace = scratch(4 * scales.length);
  const valuesPlace = output.pointer + 3 * values.length;
  const { u8, f32 } = views();
  u8.set(new Uint8Array(values.buffer, values.byteOffset, values.length), valuesPlace);
  f32.set(scales, scalesPlace >>> 2);
  wasm.embedding_dequantize(output.pointer, valuesPlace, scalesPlace, scales.length, embeddingDim);
}

/* ---- Random numbers ---- */

const RANDOM_BYTES = 8 + 4 + 4 + 624 * 4; // sizeof(embedding_random)
let isSeeded = false;

function random() {
  const pointer = place('random', RANDOM_BYTES);
  if (!isSeeded) randomSeed(globalThis.crypto?.getRandomValues?.(new BigUint64Array(1))[0] ?? BigInt(Date.now()));
  return pointer;
}

/** @param {bigint} seed @returns {void} */
export function randomSeed(seed) {
  isSeeded = true;
  wasm.embedding_random_seed(place('random', RANDOM_BYTES), BigInt.asUintN(64, seed));
}

/** @param {Storage} output @param {number} size @returns {void} */
export function randomUniform(output, size) {
  wasm.embedding_random_uniform(output.pointer, random(), size);
}

/** @param {Storage} output @param {number} size @returns {void} */
export function randomNormal(output, size) {
  wasm.embedding_random_normal(output.pointer, random(), size, 0, 1);
}

/* ---- Tensor operations ---- */

/** Sizes or strides where C reads them, until `scratchRelease`. @param {number[]} numbers @returns {number} address */
function stored(numbers) {
  const pointer = scratch(4 * numbers.length);
  views().u32.set(numbers, pointer >>> 2);
  return pointer;
}

/**
 * tensor_add, tensor_mul or tensor_div, or its int32 twin.
 * @param {BinaryKernel} name
 * @param {'float32' | 'int32'} dtype
 * @param {Storage} output
 * @param {Storage} a
 * @param {Storage} b
 * @param {Walk} walk
 * @param {number} [alpha]
 * @returns {void}
 */
export function elementwise(name, dtype, output, a, b, { sizes, aStrides, bStrides }, alpha) {
  scratchBegin();
  wasm[dtype === 'float32' ? name : `${name}_int32`](
    output.pointer, a.pointer, b.pointer, stored(sizes), stored(aStrides), stored(bStrides), sizes.length, alpha,
  ); // prettier-ignore
  scratchRelease();
}

/**
 * tensor_expand.
 * @param {Storage} output
 * @param {Storage} input
 * @param {Walk} walk
 * @returns {void}
 */
export function expand(output, input, { sizes, bStrides }) {
  scratchBegin();
  wasm.tensor_expand(output.pointer, input.pointer, stored(sizes), stored(bStrides), sizes.length);
  scratchRelease();
}

/** Adds b to a, element by element. @param {Storage} a @param {Storage} b @param {number} size @returns {void} */
export function addInto(a, b, size) {
  elementwise('tensor_add', 'float32', a, a, b, { sizes: [size], aStrides: [1], bStrides: [1] }, 1);
}

/** @param {Storage} output @param {Storage} input @param {number} size of 4-byte elements @returns {void} */
export function copy(output, input, size) {
  join(output, input, 4 * size, input, 0);
}

/**
 * The bytes of two storages, one behind the other.
 * @param {Storage} output
 * @param {Storage} first
 * @param {number} firstBytes
 * @param {Storage} second
 * @param {number} secondBytes
 * @returns {void}
 */
export function join(output, first, firstBytes, second, secondBytes) {
  const [to, a, b] = [output.pointer, first.pointer, second.pointer];
  const { u8 } = views();
  u8.copyWithin(to, a, a + firstBytes);
  u8.copyWithin(to + firstBytes, b, b + secondBytes);
}

/** tensor_scale. @type {(output: Storage, input: Storage, size: number, factor: number) => void} */
export const scale = kernel('tensor_scale');

/** tensor_unary. @type {(output: Storage, input: Storage, size: number, id: number, parameter: number) => void} */
export const unary = kernel('tensor_unary');

/** tensor_unary_backward. @type {(gradInput: Storage, gradOutput: Storage, saved: Storage, size: number, id: number, parameter: number) => void} */
export const unaryBackward = kernel('tensor_unary_backward');

/** tensor_unary_int32. @type {(output: Storage, input: Storage, size: number, id: number, exponent: number) => void} */
export const unaryInt32 = kernel('tensor_unary_int32');
/** tensor_sum_int32. @type {SliceKernel} */
export const sumInt32 = kernel('tensor_sum_int32');
/** tensor_prod_int32. @type {SliceKernel} */
export const prodInt32 = kernel('tensor_prod_int32');
/** tensor_matmul. @type {(output: Storage, a: Storage, b: Storage, rows: number, inner: number, columns: number, transposeA: boolean, transposeB: boolean) => void} */
export const matmul = kernel('tensor_matmul');

/** tensor_sum. @type {(output: Storage, input: Storage, outer: number, size: number, inner: number, divisor: number) => void} */
export const sum = kernel('tensor_sum');

/** tensor_prod. @type {(output: Storage, input: Storage, outer: number, size: number, inner: number) => void} */
export const prod = kernel('tensor_prod');

/** tensor_prod_backward. @type {(gradInput: Storage, gradOutput: Storage, input: Storage, output: Storage, outer: number, size: number, inner: number, isFull: boolean) => void} */
export const prodBackward = kernel('tensor_prod_backward');

/** tensor_norm_backward. @type {(gradInput: Storage, gradOutput: Storage, input: Storage, output: Storage, outer: number, size: number, inner: number, normType: number) => void} */
export const normBackward = kernel('tensor_norm_backward');

/** @typedef {(output: Storage, input: Storage, outer: number, size: number, inner: number) => void} SliceKernel */
/** @typedef {(gradInput: Storage, gradOutput: Storage, output: Storage, outer: number, size: number, inner: number) => void} SliceBackward */

/** tensor_softmax. @type {SliceKernel} */
export const softmax = kernel('tensor_softmax');
/** tensor_log_softmax. @type {SliceKernel} */
export const logSoftmax = kernel('tensor_log_softmax');
/** tensor_softmax_backward. @type {SliceBackward} */
export const softmaxBackward = kernel('tensor_softmax_backward');
/** tensor_log_softmax_backward. @type {SliceBackward} */
export const logSoftmaxBackward = kernel('tensor_log_softmax_backward');

/** tensor_nll_mean. @type {(logProbabilities: Storage, targets: Storage, rows: number, classes: number) => number} */
export const nllMean = kernel('tensor_nll_mean');

/** tensor_nll_mean_backward. @type {(gradInput: Storage, gradOutput: number, targets: Storage, rows: number, classes: number) => void} */
export const nllMeanBackward = kernel('tensor_nll_mean_backward');

/** tensor_norm. @type {(output: Storage, input: Storage, outer: number, size: number, inner: number, normType: number) => void} */
export const norm = kernel('tensor_norm');

/** @param {Storage} a @param {Storage} b @param {'float32' | 'int32'} dtype @param {number} size @returns {boolean} */
export function equal(a, b, dtype, size) {
  return wasm[dtype === 'float32' ? 'tensor_equal' : 'tensor_equal_int32'](a.pointer, b.pointer, size) === 1;
}

/** tensor_transpose. @type {(output: Storage, input: Storage, rows: number, columns: number) => void} */
export const transpose = kernel('tensor_transpose');

/** @param {Storage} output @param {Storage} input @param {'float32' | 'int32'} to @param {number} size @returns {void} */
export function convert(output, input, to, size) {
  wasm[to === 'int32' ? 'tensor_to_int32' : 'tensor_to_float32'](output.pointer, input.pointer, size);
}

/** @param {Storage} output @param {'float32' | 'int32'} dtype @param {number} start @param {number} step @param {number} size @returns {void} */
export function arange(output, dtype, start, step, size) {
  wasm[dtype === 'float32' ? 'tensor_arange' : 'tensor_arange_int32'](output.pointer, start, step, size);
}

/** @param {Storage} output @param {IndexInput} input @param {number} numClasses @returns {void} */
export function oneHot(output, input, numClasses) {
  wasm.tensor_one_hot(output.pointer, input.pointer, input.length, numClasses);
}

/* ---- Printing ---- */

const FORMAT_SIZE = 16; // EMBEDDING_FORMAT_SIZE

/**
 * embedding_format: numbers as PyTorch prints the elements of one tensor.
 * @param {Float32Array} values not a view that allocation detaches; an ordinary array's
 * @returns {{ texts: string[], width: number }}
 */
export function format(values) {
  const { length } = values;
  const pointer = allocate((4 + FORMAT_SIZE) * length);
  try {
    const width = place('count', 8);
    views().f32.set(values, pointer >>> 2);
    const text = pointer + 4 * length;
    const bytes = wasm.embedding_format(text, width, pointer, length);
    const lines = new TextDecoder().decode(heap.u8.slice(text, text + bytes));
    return { texts: lines.split('\n').slice(0, -1), width: heap.u32[width >>> 2] };
  } finally {
    release(pointer);
  }
}

/* ---- Optimiser steps: the arguments of the C functions in their order ---- */

/** embedding_sgd_step. */
export const sgdStep = kernel('embedding_sgd_step');
/** embedding_sparse_adam_step. */
export const sparseAdamStep = kernel('embedding_sparse_adam_step');
/** embedding_adagrad_step. */
export const adagradStep = kernel('embedding_adagrad_step');
/** embedding_adam_step. */
export const adamStep = kernel('embedding_adam_step');
