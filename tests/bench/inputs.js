/**
 * What every contender reads, so that all work on the same bytes:
 *
 *   floats.f32   numbers in [-1, 1). The first V * D are the weight; the last ones of the file are the gradient (n * D, or bags * D),
 *                the query (D) or the weights of a bag's samples (n).
 *   *.i32        sets of n indices, one after another. A call takes one set, the next call the next: where rows are to come from
 *                memory, a single set would stay in the cache.
 *
 * Bags are all of the same size, n / bags.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const FLOATS = 'floats.f32';
const NUM_FLOATS = 64_000_000; // the largest table: 1,000,000 x 64

/**
 * @typedef {object} Shape
 * @property {number} V num_embeddings
 * @property {number} D embedding_dim
 * @property {number} n number of indices
 * @property {number} [bags]
 * @property {number} [sets] of indices; 1 unless given
 * @property {'uniform' | 'zipf' | 'distinct'} [law] zipf: of exponent 1, row 0 the most frequent; distinct: ascending, none twice
 */

/** mulberry32 (Ettinger 2017): numbers in [0, 1), of 32 bits. @param {number} seed @returns {() => number} */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {number} count @returns {Float32Array} */
export function drawFloats(count) {
  const draw = generator(1);
  return new Float32Array(count).map(() => 2 * draw() - 1);
}

/** @param {Shape} shape @returns {Int32Array} */
export function drawIndices({ V, n, sets = 1, law = 'uniform' }) {
  const draw = generator(2);
  const indices = new Int32Array(sets * n);
  if (law === 'uniform') return indices.map(() => Math.floor(draw() * V));
  if (law === 'zipf') return indices.map(() => Math.min(Math.floor(V ** draw()), V) - 1); // by inversion of the continuous law
  for (let set = 0; set < sets; set++) {
    for (let row = 0, chosen = 0; chosen < n; row++) {
      if (draw() * (V - row) < n - chosen) indices[set * n + chosen++] = row;
    }
  }
  return indices;
}

/**
 * Writes the files of a shape, those that are not there.
 * @param {string} folder
 * @param {Shape} shape
 * @returns {{ floats: string, indices: string }} their names in that folder
 */
export function writeInputs(folder, { V, n, sets = 1, law = 'uniform' }) {
  mkdirSync(folder, { recursive: true });
  const write = (name, draw) => {
    if (existsSync(join(folder, name))) return;
    writeFileSync(join(folder, `${name}.part`), draw());
    renameSync(join(folder, `${name}.part`), join(folder, name));
  };
  const indices = `${law}-${V}-${n}-${sets}.i32`;
  write(FLOATS, () => drawFloats(NUM_FLOATS));
  write(indices, () => drawIndices({ V, D: 0, n, sets, law }));
  return { floats: FLOATS, indices };
}
