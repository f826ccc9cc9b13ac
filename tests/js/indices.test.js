import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import test from 'node:test';
import { Embedding, Tensor, functional, noGrad, tensor, zeros } from 'nn-embedding';
import { assertRefused } from './support.js';

zeros(2 ** 20).dispose(); // memory that is large enough, so that a call that allocates before it fails does not grow it
const V = 5;
const D = 3;

/* ---- Bad indices, however they arrive ---- */

const outside = (indices, value, position, name) => ({ indices, name, type: RangeError, says: [`index ${value} at position ${position}, valid range [0, ${V})`] });
const noInteger = (indices, value, position, name) => ({ indices, name, type: TypeError, says: [value, `position ${position}`] });
const ragged = (indices, position, name) => ({ indices, name, type: Error, says: [`${position}`] });
const cyclic = [];
cyclic[0] = cyclic;

const int32 = (values, shape) => tensor(Int32Array.from(values), { shape });

const BAD = [
  // integers outside the range
  ...[-1, V, -V, V + 1, 127, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53, -(2 ** 53), 1e300].flatMap((value) => [
    outside(value, value, '[]'),
    outside([value], value, '[0]'),
    outside([0, 1, value, 2], value, '[2]'),
    outside([[0, 1], [2, value]], value, '[1, 1]'),
    outside([[[4]], [[value]], [[0]]], value, '[1, 0, 0]'),
  ]),
  ...[-1n, BigInt(V), 2n ** 31n, 2n ** 32n, 2n ** 40n, -(2n ** 40n), 2n ** 64n, 2n ** 64n + 1n].flatMap((value) => [
    outside(value, value, '[]'),
    outside([0n, value], value, '[1]'),
    outside([[0, 1n], [value, 3]], value, '[1, 0]'),
  ]),
  outside(Int8Array.of(0, -1), -1, '[1]'),
  outside(Int8Array.of(0, 1, 2, 127), 127, '[3]'),
  outside(Uint8Array.of(V), V, '[0]'),
  outside(Uint8Array.of(0, 255), 255, '[1]'),
  outside(Int16Array.of(3, -32768), -32768, '[1]'),
  outside(Uint16Array.of(3, 4, 65535), 65535, '[2]'),
  outside(Int32Array.of(0, V), V, '[1]'),
  outside(Int32Array.of(4, 3, -1, -2), -1, '[2]'),
  outside(Int32Array.of(2 ** 31 - 1), 2 ** 31 - 1, '[0]'),
  outside(Int32Array.of(0, -(2 ** 31)), -(2 ** 31), '[1]'),
  outside(Uint32Array.of(0, 2 ** 31), 2 ** 31, '[1]'),
  outside(Uint32Array.of(1, 2 ** 32 - 1), 2 ** 32 - 1, '[1]'),
  outside(BigInt64Array.of(0n, -1n), -1n, '[1]'),
  outside(BigInt64Array.of(0n, 1n, BigInt(V)), BigInt(V), '[2]'),
  outside(BigInt64Array.of(2n ** 40n), 2n ** 40n, '[0]'),
  outside(BigInt64Array.of(0n, 2n ** 32n), 2n ** 32n, '[1]'),
  outside(BigInt64Array.of(1n, -(2n ** 63n)), -(2n ** 63n), '[1]'),
  outside(BigUint64Array.of(1n, 2n ** 64n - 1n), 2n ** 64n - 1n, '[1]'),
  outside(BigUint64Array.of(2n ** 63n), 2n ** 63n, '[0]'),
  outside(int32([0, 1, V, 2], [2, 2]), V, '[1, 0]', 'an int32 tensor'),
  outside(int32([-1], []), -1, '[]', 'an int32 scalar'),
  outside(int32([0, 0, 0, 0, 0, -7], [1, 3, 2]), -7, '[0, 2, 1]', 'an int32 tensor of three dimensions'),
  outside([Int32Array.of(0, 1), Int32Array.of(V, 1)], V, '[1, 0]'),
  outside([Int8Array.of(0, 1), [1, -1]], -1, '[1, 1]'),
  outside([BigInt64Array.of(0n, 1n), BigInt64Array.of(1n, 2n ** 40n)], 2n ** 40n, '[1, 1]'),
  outside([int32([0, 1, 2, 3], [2, 2]), int32([0, 1, 2, V], [2, 2])], V, '[1, 1, 1]', 'int32 tensors in an array'),
  outside([V, V + 1, -1], V, '[0]', 'the first of several'),
  outside(Array.from({ length: 100 }, (_, n) => (n === 77 ? V : n % V)), V, '[77]', 'one among many'),
  outside(Int32Array.from({ length: 40000 }, (_, n) => (n === 39999 ? -3 : n % V)), -3, '[39999]', 'the last of 40,000'),
  outside(BigInt64Array.from({ length: 40000 }, (_, n) => (n === 20001 ? 99n : BigInt(n % V))), 99, '[20001]', 'one of 40,000 BigInts'),
  // no integers
  ...[[1.5, '1.5'], [NaN, 'NaN'], [Infinity, 'Infinity'], [-Infinity, '-Infinity'], [5e-324, '5e-324'], ['3', "'3'"], ['', "''"], [null, 'null'], [undefined, 'undefined'], [true, 'true'], [false, 'false'], [{}, 'Object'], [() => 0, ''], [Symbol('s'), 'Symbol(s)'], [new Date(0), 'Date'], [new Map(), 'Map']].flatMap(
    ([value, text]) => [noInteger(value, text, '[]'), noInteger([value], text, '[0]'), noInteger([0, value, 2], text, '[1]'), noInteger([[0, 1], [value, 2]], text, '[1, 0]')],
  ),
  noInteger([0, , 2], 'undefined', '[1]', 'a hole'), // eslint-disable-line no-sparse-arrays
  noInteger([, 0], 'undefined', '[0]', 'a hole at the beginning'), // eslint-disable-line no-sparse-arrays
  noInteger([[0, 1], [2, ,]], '', '[1', 'a hole in the last row'), // eslint-disable-line no-sparse-arrays
  noInteger([[0, 1], , [2, 3]], 'undefined', '[1]', 'a hole in the place of a row'), // eslint-disable-line no-sparse-arrays
  noInteger(new Array(3), 'undefined', '[0]', 'holes only'),
  noInteger([[0, 1], '23'], "'23'", '[1]'),
  noInteger([[0, 1], null], 'null', '[1]'),
  { indices: Float32Array.of(0, 1), type: TypeError, says: ['Long, Int; but got torch.FloatTensor instead', 'Float32Array'] },
  { indices: Float64Array.of(0, 1), type: TypeError, says: ['Long, Int; but got torch.DoubleTensor instead', 'Float64Array'] },
  { indices: new Float32Array(0), type: TypeError, says: ['Float32Array'], name: 'an empty Float32Array' },
  { indices: new DataView(new ArrayBuffer(8)), type: TypeError, says: ['DataView'], name: 'a DataView' },
  { indices: new ArrayBuffer(8), type: TypeError, says: ['ArrayBuffer'], name: 'an ArrayBuffer' },
  { indices: new Set([1]), type: TypeError, says: ['Set'], name: 'a Set' },
  { indices: { 0: 1, length: 1 }, type: TypeError, says: [], name: 'an array-like object' },
  { indices: tensor([0, 1]), type: TypeError, says: ['Long, Int; but got torch.FloatTensor instead', 'int32'], name: 'a float32 tensor' },
  { indices: tensor([]), type: TypeError, says: ['torch.FloatTensor'], name: 'an empty float32 tensor' },
  { indices: [tensor([0, 1])], type: TypeError, says: ['torch.FloatTensor'], name: 'a float32 tensor in an array' },
  { indices: [Float32Array.of(0, 1)], type: TypeError, says: ['torch.FloatTensor'], name: 'a Float32Array in an array' },
  { indices: [[Int32Array.of(0, 1)], [Float64Array.of(0, 1)]], type: TypeError, says: [], name: 'a Float64Array beside an Int32Array' },
  { indices: [{ shape: [2], data: [0, 1] }], type: TypeError, says: [], name: 'what only looks like a tensor' },
  // not rectangular
  ragged([[0, 1], [2]], '[1]'),
  ragged([[0], [1, 2]], '[1]'),
  ragged([[0, 1], 2], '[1]'),
  ragged([0, [1]], '[1]'),
  ragged([[0, 1], [2, [3]]], '[1, 1]'),
  ragged([[], [0]], '[1]'),
  ragged([[0], []], '[1]'),
  ragged([[[0], [1]], [[2], [3, 4]]], '[1, 1]'),
  ragged([[[0], [1]], [[2]]], '[1]'),
  ragged([Int32Array.of(0, 1), Int32Array.of(0)], '[1]'),
  ragged([[0, 1], int32([0, 1], [1, 2])], '[1]', 'a tensor with a dimension too many'),
  { indices: cyclic, type: Error, says: ['dimensions'], name: 'an array that contains itself' },
];

const disposed = int32([0, 1], [2]);
disposed.dispose();
BAD.push({ indices: disposed, type: Error, says: ['tensor was disposed'], name: 'a tensor that was disposed of' });
BAD.push({ indices: [disposed], type: Error, says: ['tensor was disposed'], name: 'a disposed tensor in an array' });

/** The shape that indices seem to have: of `out`, so that it is not the first thing wrong. */
function shapeOf(indices) {
  if (indices instanceof Tensor) return indices.shape;
  if (ArrayBuffer.isView(indices)) return [indices.length ?? 0];
  return Array.isArray(indices) && indices !== cyclic ? [indices.length, ...shapeOf(indices[0])] : [];
}

const start = () => tensor(Float32Array.from({ length: V * D }, (_, i) => 2 + i), { shape: [V, D] });

const CALLS = {
  'a forward': (weight) => {
    const layer = Embedding.fromPretrained(weight);
    return { call: (indices) => layer.forward(indices), layer };
  },
  'a forward of a layer that trains': (weight) => {
    const layer = new Embedding(V, D, { weight, paddingIdx: 0 });
    return { call: (indices) => layer.forward(indices), layer };
  },
  'a forward with maxNorm': (weight) => {
    const layer = Embedding.fromPretrained(weight, { maxNorm: 1 });
    return { call: (indices) => layer.forward(indices), layer };
  },
  'a forward with out': (weight, out) => {
    const layer = Embedding.fromPretrained(weight);
    return { call: (indices) => layer.forward(indices, { out }), layer };
  },
  'a forward with maxNorm and out': (weight, out) => {
    const layer = new Embedding(V, D, { weight, maxNorm: -2 });
    return { call: (indices) => noGrad(() => layer.forward(indices, { out })), layer };
  },
  'functional.embedding': (weight) => ({ call: (indices) => functional.embedding(indices, weight) }),
  'functional.embedding with maxNorm': (weight) => ({ call: (indices) => functional.embedding(indices, weight, { maxNorm: 0.5, normType: 1 }) }),
  'functional.embeddingRenorm': (weight) => ({ call: (indices) => functional.embeddingRenorm(weight, indices, 1) }),
};

for (const [name, make] of Object.entries(CALLS)) {
  test(`${name} refuses every bad index, says what and where it is, and changes nothing`, () => {
    const problems = [];
    for (const bad of BAD) {
      const [weight, out] = [start(), zeros([...shapeOf(bad.indices), D])];
      out.data.fill(-9);
      const { call, layer } = make(weight, out);
      const says = [...bad.says];
      if (bad.type === RangeError) says.push(/^index out of range in self: /);
      try {
        assertRefused(() => call(bad.indices), { type: bad.type, says }, [weight, out], `${name}, ${bad.name ?? inspect(bad.indices)}`);
      } catch (error) {
        problems.push(error.message);
      }
      layer?.dispose();
      weight.dispose();
      out.dispose();
    }
    assert.equal(problems.length, 0, problems.join('\n'));
  });
}

test('functional.oneHot refuses every bad index, and says what and where it is', () => {
  const problems = [];
  for (const bad of BAD) {
    const says = [...bad.says];
    if (bad.type === RangeError) says.push(/index -/.test(says[0]) ? /^Class values must be non-negative\./ : /^Class values must be smaller than num_classes\./);
    try {
      assertRefused(() => functional.oneHot(bad.indices, V), { type: bad.type, says }, [], bad.name ?? inspect(bad.indices));
    } catch (error) {
      problems.push(error.message);
    }
  }
  assert.equal(problems.length, 0, problems.join('\n'));
});

test('a bad index behind a good one leaves the row of the good one as it was', () => {
  const layer = Embedding.fromPretrained([[3, 4], [6, 8]], { maxNorm: 1 });
  for (const indices of [[0, 1, 2], [0, 1, -1], [0, 1, 1.5], Int32Array.of(0, 2), BigInt64Array.of(0n, 2n ** 40n), [[0], [1, 0]]]) {
    assertRefused(() => layer.forward(indices), { type: assertType(indices) }, [layer.weight]);
  }
  function assertType(indices) {
    if (Array.isArray(indices) && Array.isArray(indices[0])) return Error;
    return Array.isArray(indices) && indices.includes(1.5) ? TypeError : RangeError;
  }
});

test('a table without rows has no valid index, one without columns still has its range', () => {
  for (const [weight, range] of [[zeros([0, 3]), '[0, 0)'], [zeros([2, 0]), '[0, 2)'], [zeros([0, 0]), '[0, 0)']]) {
    for (const options of [{}, { maxNorm: 1 }]) {
      for (const value of [2, -1]) {
        assertRefused(() => functional.embedding([value], weight, options), { type: RangeError, says: [`index out of range in self: index ${value} at position [0], valid range ${range}`] }, [weight]);
      }
    }
  }
});

/* ---- Indices that are views of our own memory ---- */

test('views of wasm memory of every integer type are read where they lie', () => {
  const layer = Embedding.fromPretrained(start());
  const place = zeros([16]);
  for (const Type of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array]) {
    const view = new Type(place.data.buffer, place.data.byteOffset, 6);
    const values = [4, 0, 3, 3, 1, 2];
    view.set(/Big/.test(Type.name) ? values.map(BigInt) : values);
    const expected = values.flatMap((row) => [2 + 3 * row, 3 + 3 * row, 4 + 3 * row]);
    assert.deepEqual(Array.from(layer.forward(view).data), expected, Type.name);
    assert.deepEqual(Array.from(layer.forward([view, view]).data), [...expected, ...expected], Type.name);
    assert.deepEqual(Array.from(view, Number), values, `${Type.name}: the indices stay`);
    assertRefused(() => {
      view[2] = /Big/.test(Type.name) ? 99n : 99;
      layer.forward(view);
    }, { type: RangeError, says: ['index 99 at position [2]'] }, [layer.weight], Type.name);
  }
});

test('the data of an int32 tensor is as good as the tensor', () => {
  const layer = Embedding.fromPretrained(start());
  const indices = int32([4, 1, 0, 2], [2, 2]);
  assert.deepEqual(Array.from(layer.forward(indices.data).data), Array.from(layer.forward(indices).data));
  assert.deepEqual(layer.forward(indices.row(1)).toArray(), [[2, 3, 4], [8, 9, 10]]);
});

test('a view that memory has outgrown is refused, not taken for no indices', () => {
  const layer = Embedding.fromPretrained(start());
  const buffer = new ArrayBuffer(8);
  const stale = new Int32Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  assert.equal(stale.length, 0);
  for (const view of [stale, [stale], [stale, stale]]) {
    assertRefused(() => layer.forward(view), { says: ['detached'] }, [layer.weight]);
    assertRefused(() => functional.oneHot(view, 3), { says: ['detached'] });
  }
});

/* ---- Arrays of other kinds ---- */

test('typed arrays of another realm are typed arrays', () => {
  const layer = Embedding.fromPretrained(start());
  for (const Type of ['Int8Array', 'Uint8Array', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array']) {
    assert.deepEqual(layer.forward(runInNewContext(`${Type}.of(1)`)).toArray(), [[5, 6, 7]], Type);
    assert.deepEqual(layer.forward([runInNewContext(`${Type}.of(1)`)]).toArray(), [[[5, 6, 7]]], Type);
  }
  assert.deepEqual(layer.forward(runInNewContext('BigInt64Array.of(1n)')).toArray(), [[5, 6, 7]]);
  assert.deepEqual(layer.forward(runInNewContext('[[1], [0n]]')).toArray(), [[[5, 6, 7]], [[2, 3, 4]]]);
  for (const [text, value] of [['BigInt64Array.of(1n, 2n, 77n)', '77'], ['BigUint64Array.of(0n, 0n, 2n ** 64n - 1n)', '18446744073709551615'], ['Uint32Array.of(0, 0, 2 ** 32 - 1)', '4294967295'], ['Int8Array.of(0, 0, -1)', '-1']]) {
    assertRefused(() => layer.forward(runInNewContext(text)), { type: RangeError, says: [`index ${value} at position [2]`] }, [layer.weight], text);
  }
});

test('a Buffer, a subclass, a subarray and a shared array are typed arrays', () => {
  const layer = Embedding.fromPretrained(start());
  class Own extends Int32Array {}
  const shared = new Int32Array(new SharedArrayBuffer(4));
  shared[0] = 1;
  for (const indices of [Buffer.of(1), Own.of(1), Int32Array.of(0, 1, 2).subarray(1, 2), BigInt64Array.of(0n, 1n).subarray(1), shared, Uint8ClampedArray.of(1)]) {
    assert.deepEqual(layer.forward(indices).toArray(), [[5, 6, 7]]);
  }
});

test('sixteen dimensions of arrays work, seventeen are refused', () => {
  const nested = (depth) => Array.from({ length: depth }).reduce((inner) => [inner], 1);
  const layer = Embedding.fromPretrained(start());
  assert.deepEqual(layer.forward(nested(15)).shape, [...Array(15).fill(1), D]);
  assert.throws(() => layer.forward(nested(17)), { constructor: Error, message: /16/ });
});

test('indices whose getters use the library do no harm', () => {
  const layer = Embedding.fromPretrained(start());
  const other = Embedding.fromPretrained(start());
  for (const size of [4, 30000]) {
    const indices = Array.from({ length: size }, (_, n) => n % V);
    const expected = layer.forward(indices).data.slice();
    Object.defineProperty(indices, 1, { get: () => other.forward(new Array(size).fill(3)).shape[1] - 2, enumerable: true });
    assert.deepEqual(layer.forward(indices).data, expected);
  }
});

test('the indices that a caller gives are not changed', () => {
  const layer = Embedding.fromPretrained(start(), { maxNorm: 1 });
  const kinds = [[[1, 2], [3, 4]], Int32Array.of(1, 2), BigInt64Array.of(1n, 2n), Uint8Array.of(1, 2), int32([1, 2], [2])];
  const texts = kinds.map((kind) => inspect(kind));
  for (const kind of kinds) layer.forward(kind);
  assert.deepEqual(kinds.map((kind) => inspect(kind)), texts);
});
