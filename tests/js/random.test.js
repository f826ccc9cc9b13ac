import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { Embedding, manualSeed, noGrad, rand, randn, tidy } from 'nn-embedding';
import { assertSameBits, floats, golden } from './golden.js';
import { assertRefused } from './support.js';

const { sequences, large, embeddings } = golden('random');
const makers = { rand, randn };

test('there are at least 12 seeds of PyTorch', () => {
  assert.ok(new Set(sequences.map(({ seed }) => seed)).size >= 12);
});

test('every sequence of draws gives PyTorch’s bits', () => {
  for (const { seed, draws, values } of sequences) {
    tidy(() => {
      manualSeed(BigInt(seed));
      draws.forEach(([kind, size], n) => assertSameBits(makers[kind](size).data, floats(values[n]), `seed ${seed}, ${draws.slice(0, n + 1)}`));
    });
  }
});

test('large normal tensors give PyTorch’s bits', () => {
  for (const { seed, size, sha256, first, last } of large) {
    tidy(() => {
      manualSeed(BigInt(seed));
      const { data } = randn(size);
      assertSameBits(data.slice(0, 16), floats(first), `seed ${seed}`);
      assertSameBits(data.slice(-16), floats(last), `seed ${seed}`);
      assert.equal(createHash('sha256').update(data).digest('hex'), sha256, `seed ${seed}`);
    });
  }
});

test('new layers give PyTorch’s tables, and draw no more', () => {
  for (const { seed, num_embeddings: rows, embedding_dim: columns, padding_idx: paddingIdx, weight, next_uniform: next } of embeddings) {
    manualSeed(BigInt(seed));
    const layer = new Embedding(rows, columns, { paddingIdx });
    assertSameBits(layer.weight.data, floats(weight.float32), `seed ${seed}, ${rows} x ${columns}`);
    assertSameBits(rand(1).data, floats(next), `seed ${seed}, ${rows} x ${columns}: the next`);
    layer.dispose();
  }
});

test('the shape does not matter, only the number of elements', () => {
  for (const size of [6, 24]) {
    manualSeed(3);
    const flat = randn(size);
    manualSeed(3);
    assertSameBits(randn([2, size / 2]).data, flat.data);
    manualSeed(3);
    assertSameBits(noGrad(() => randn([size, 1, 1], { requiresGrad: true })).data, flat.data);
  }
});

test('empty tensors draw nothing', () => {
  manualSeed(3);
  const expected = [randn(1).item(), randn(1).item()];
  manualSeed(3);
  randn(0);
  new Embedding(0, 4);
  new Embedding(4, 0);
  const first = randn(1).item();
  rand([3, 0]);
  assert.deepEqual([first, randn(1).item()], expected);
});

test('a seed may be a number or a BigInt, negative or not whole, as in PyTorch', () => {
  const drawn = (seed) => {
    manualSeed(seed);
    return randn(3).toArray();
  };
  assert.deepEqual(drawn(5), drawn(5n));
  assert.deepEqual(drawn(5), drawn(2 ** 32 + 5));
  assert.deepEqual(drawn(5), drawn(2n ** 32n + 5n));
  assert.deepEqual(drawn(1.5), drawn(1));
  assert.deepEqual(drawn(-1.5), drawn(-1));
  assert.deepEqual(drawn(-1), drawn(2n ** 64n - 1n));
  assert.deepEqual(drawn(-0), drawn(0));
  assert.notDeepEqual(drawn(5), drawn(6));
  assert.equal(manualSeed(1), undefined);
});

test('a seed that is none is refused, and leaves the generator alone', () => {
  for (const seed of [2 ** 64, 2n ** 64n, -(2n ** 63n) - 1n, 1e300]) {
    assertRefused(() => manualSeed(seed), { says: [/^Overflow when unpacking long long/, typeof seed === 'bigint' ? String(seed) : ''] });
  }
  assertRefused(() => manualSeed(NaN), { says: [/^cannot convert float NaN to integer/] });
  for (const seed of [Infinity, -Infinity]) assertRefused(() => manualSeed(seed), { says: [/infinity/i] });
  for (const seed of ['5', null, undefined, true, [5], {}]) assertRefused(() => manualSeed(seed), { type: TypeError, says: ["'seed'"] });
});

test('a draw that is refused leaves the generator alone', () => {
  for (const call of [() => randn([-1]), () => randn([2, 1.5]), () => rand('x'), () => randn(2, { dtype: 'int32' }), () => randn(2, { seed: 1 }), () => randn(2, { requiresGrad: 1 }), () => randn([2 ** 20, 2 ** 20]), () => new Embedding(2 ** 20, 2 ** 20), () => new Embedding(2, 2, { paddingIdx: 2 }), () => new Embedding(2, 2, { weight: [[1]] }), () => new Embedding(2, 2, { maxNorm: 'x' })]) {
    assertRefused(call, { type: errorOf(call) }, [], String(call));
  }
  function errorOf(call) {
    try {
      call();
    } catch (error) {
      return error.constructor;
    }
    return undefined;
  }
});

test('without a seed every process draws other numbers', () => {
  const draw = () => execFileSync(process.execPath, ['--input-type=module', '-e', "import { rand } from 'nn-embedding'; console.log(rand(2).toArray().join())"], { encoding: 'utf8' });
  assert.notEqual(draw(), draw());
});
