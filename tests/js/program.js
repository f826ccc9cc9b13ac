/**
 * A fixed program over everything that computes. It prints a digest for each part: `module.test.js` runs it on the SIMD module, on
 * the scalar one, and with every address above 2 GiB, and compares.
 *
 * An argument is a number of bytes to allocate, and to leave alone, before anything else is.
 */
import { createHash } from 'node:crypto';
import { Embedding, arange, full, functional, manualSeed, nearest, rand, randn, tensor, tidy } from 'nn-embedding';
import { wasm } from '../../js/wasm/instance.js';

const reserved = Number(process.argv[2] ?? 0);
if (reserved > 0 && wasm.memory_allocate(reserved) === 0) throw new Error('no memory');

const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 1, -1.5, 3e38, -3e38, 1e-45, -1e-40, 1e20, 16777217];
const NORM_TYPES = [2, 1, 0, Infinity, -Infinity, 3, 0.5, -1, 2.5, NaN, 100];

/** Bytes of numbers in which every NaN has the same bits: which bits arithmetic gives a NaN is not defined. */
function canonical(values) {
  return Buffer.from(Float32Array.from(values, (value) => (Number.isNaN(value) ? NaN : value)).buffer);
}

/** @param {string} name @param {(add: (value: any) => void) => void} part adds tensors, numbers and texts */
function digest(name, part) {
  const hash = createHash('sha256');
  const add = (value) => {
    if (typeof value === 'string') hash.update(value);
    else if (value.dtype === 'int32') hash.update(Buffer.from(value.data.slice().buffer));
    else hash.update(canonical(value.data ?? value));
  };
  manualSeed(11);
  tidy(() => part(add));
  console.log(`${name} ${hash.digest('hex')}`);
}

/** A table with hard numbers in some of its places. */
function hardTable(rows, columns) {
  const table = randn([rows, columns]);
  const { data } = table;
  for (let i = 0; i < data.length; i += 7) data[i] *= 10 ** ((i % 13) - 6);
  for (let i = 0; i < data.length; i += 29) data[i] = SPECIAL[i % SPECIAL.length];
  return table;
}

digest('lookup', (add) => {
  for (let columns = 0; columns <= 70; columns++) {
    const layer = Embedding.fromPretrained(hardTable(9, columns));
    for (const indices of [[8, 0, 3, 3], BigInt64Array.of(1n, 7n), Uint8Array.of(2, 2), arange(9), 4]) add(layer.forward(indices));
  }
});

digest('renorm', (add) => {
  for (const normType of NORM_TYPES) {
    for (const columns of [...Array(71).keys(), 128, 300]) {
      for (const maxNorm of [1, 0.01, 0, -1]) {
        const table = hardTable(12, columns);
        add(functional.embeddingRenorm(table, [11, 0, 0, 5, 2, 7, 8, 9, 10], maxNorm, normType).rescaled);
        add(table);
      }
    }
  }
});

digest('nearest', (add) => {
  for (let columns = 0; columns <= 70; columns++) {
    const [table, query] = [hardTable(90, columns), randn(columns)];
    for (const metric of ['cosine', 'dot', 'euclidean']) {
      for (const exclude of [null, [0, 89, 7]]) {
        const { indices, scores } = nearest(table, query, { k: columns, metric, exclude });
        add(indices);
        add(scores);
      }
    }
    add(functional.dequantize(new Int8Array(9 * columns).map((_, i) => i * 37), hardTable(1, 9).data, { shape: [9, columns] }));
  }
});

digest('random', (add) => {
  for (const size of [...Array(70).keys(), 1000, 10007]) {
    add(randn(size));
    add(rand(size));
  }
  add(new Embedding(33, 7, { paddingIdx: 3 }).weight);
});

digest('printing', (add) => {
  for (let i = 0; i < 300; i++) {
    const power = 10 ** ((i % 19) - 9);
    add(String(randn([1 + (i % 7), 1 + (i % 5)]).mul(power)));
  }
  add(String(tensor(SPECIAL)));
  add(String(randn([40, 60])));
  add(String(arange(30).reshape([5, 6])));
});

digest('operations', (add) => {
  const special = tensor(SPECIAL);
  for (const op of ['add', 'sub', 'mul']) {
    add(special.unsqueeze(1)[op](special));
    for (let size = 0; size < 70; size++) {
      const [a, b] = [hardTable(3, size), hardTable(1, size)];
      add(a[op](b));
      add(a[op](a.to('int32')));
      add(a.to('int32')[op](b.to('int32')));
      add(a.t()[op](2.5));
    }
  }
  for (const alpha of [2, 0.1, -1.7]) add(hardTable(3, 67).add(special.data[6], { alpha }));
  for (const p of NORM_TYPES) {
    for (const size of [1, 2, 15, 16, 17, 33, 70, 1000]) {
      const a = hardTable(3, size);
      add(a.norm(p));
      add(a.norm(p, 0));
      add(a.norm(p, 1));
    }
  }
  for (const args of [[0, 1, 0.001], [3, 1000, 1.7], [5, -5, -0.3]]) add(arange(...args));
  add(functional.oneHot([3, 0, 2], 5));
  add(full([3, 5], 0.1).clone().t().reshape(-1));
  add(`${special.equal(special)} ${special.data.length} ${full(37, 2).equal(full(37, 2))}`);
});
