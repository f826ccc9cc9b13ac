/**
 * The C functions of the module, called with storages: one function here for each there. See the C headers for what they compute.
 */
import { wasm } from './instance.js';
import { allocate, heap, place, release, scratch, scratchRelease, views, visitedBits } from './memory.js';
import { indexRangeError, positionPlace } from './indices.js';

/** @typedef {import('./storage.js').Storage} Storage */
/** @typedef {import('./indices.js').IndexInput} IndexInput */

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
  const visited = visitedBits(numEmbeddings);
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
  const visited = visitedBits(numEmbeddings);
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

/**
 * tensor_add or tensor_mul, or its int32 twin, with the walk over the operands that `broadcast` made.
 * @param {'tensor_add' | 'tensor_mul'} name
 * @param {'float32' | 'int32'} dtype
 * @param {Storage} output
 * @param {Storage} a
 * @param {Storage} b
 * @param {{ sizes: number[], aStrides: number[], bStrides: number[] }} walk
 * @param {number} [alpha]
 * @returns {void}
 */
export function elementwise(name, dtype, output, a, b, { sizes, aStrides, bStrides }, alpha) {
  const dims = sizes.length;
  const pointer = scratch(12 * dims);
  const { u32 } = views();
  u32.set(sizes, pointer >>> 2);
  u32.set(aStrides, (pointer >>> 2) + dims);
  u32.set(bStrides, (pointer >>> 2) + 2 * dims);
  wasm[dtype === 'float32' ? name : `${name}_int32`](output.pointer, a.pointer, b.pointer, pointer, pointer + 4 * dims, pointer + 8 * dims, dims, alpha);
  scratchRelease();
}

/**
 * tensor_expand.
 * @param {Storage} output
 * @param {Storage} input
 * @param {{ sizes: number[], bStrides: number[] }} walk
 * @returns {void}
 */
export function expand(output, input, { sizes, bStrides }) {
  const dims = sizes.length;
  const pointer = scratch(8 * dims);
  const { u32 } = views();
  u32.set(sizes, pointer >>> 2);
  u32.set(bStrides, (pointer >>> 2) + dims);
  wasm.tensor_expand(output.pointer, input.pointer, pointer, pointer + 4 * dims, dims);
  scratchRelease();
}

/**
 * tensor_norm: of (outer, size, inner) along size.
 * @param {Storage} output
 * @param {Storage} input
 * @param {number} outer
 * @param {number} size
 * @param {number} inner
 * @param {number} normType
 * @returns {void}
 */
export function norm(output, input, outer, size, inner, normType) {
  wasm.tensor_norm(output.pointer, input.pointer, outer, size, inner, normType);
}

/** @param {Storage} a @param {Storage} b @param {'float32' | 'int32'} dtype @param {number} size @returns {boolean} */
export function equal(a, b, dtype, size) {
  return wasm[dtype === 'float32' ? 'tensor_equal' : 'tensor_equal_int32'](a.pointer, b.pointer, size) === 1;
}

/** @param {Storage} output @param {Storage} input @param {number} rows @param {number} columns @returns {void} */
export function transpose(output, input, rows, columns) {
  wasm.tensor_transpose(output.pointer, input.pointer, rows, columns);
}

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
