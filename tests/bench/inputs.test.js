import { test } from 'node:test';
import assert from 'node:assert/strict';
import { drawFloats, drawIndices, generator } from './inputs.js';

const shape = { V: 1000, D: 1, n: 400, sets: 3 };

test('the generator gives the numbers of mulberry32', () => {
  const draw = generator(1);
  assert.deepEqual([draw(), draw(), draw()].map((value) => value * 2 ** 32), [2693262067, 11749833, 2265367787]);
});

test('the same inputs come out every time', () => {
  assert.deepEqual(drawFloats(100), drawFloats(100));
  for (const law of ['uniform', 'zipf', 'distinct']) assert.deepEqual(drawIndices({ ...shape, law }), drawIndices({ ...shape, law }));
});

test('floats lie in [-1, 1)', () => {
  const floats = drawFloats(10_000);
  assert.ok(floats.every((value) => value >= -1 && value < 1));
  assert.ok(Math.min(...floats) < -0.99 && Math.max(...floats) > 0.99);
});

for (const law of ['uniform', 'zipf', 'distinct']) {
  test(`${law} indices name rows of the table, n in each set`, () => {
    const indices = drawIndices({ ...shape, law });
    assert.equal(indices.length, 3 * 400);
    assert.ok(indices.every((index) => index >= 0 && index < 1000));
    assert.notDeepEqual(indices.slice(0, 400), indices.slice(400, 800));
  });
}

test('distinct indices ascend within a set, also where they are the whole table', () => {
  const ascend = (set) => set.every((index, i) => i === 0 || index > set[i - 1]);
  const indices = drawIndices({ ...shape, law: 'distinct' });
  for (const set of [0, 1, 2]) assert.ok(ascend(indices.subarray(400 * set, 400 * (set + 1))));
  assert.deepEqual([...drawIndices({ V: 5, D: 1, n: 5, law: 'distinct' })], [0, 1, 2, 3, 4]);
});

test('by the Zipf law row 0 comes about as often as rows 1 and 2 together', () => {
  const indices = drawIndices({ V: 1000, D: 1, n: 100_000, law: 'zipf' });
  const count = (low, high) => indices.filter((index) => index >= low && index < high).length;
  assert.ok(Math.abs(count(0, 1) / 100_000 - Math.log(2) / Math.log(1000)) < 0.005);
  assert.ok(Math.abs(count(1, 3) / 100_000 - Math.log(2) / Math.log(1000)) < 0.005);
});
