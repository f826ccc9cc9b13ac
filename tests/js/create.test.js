import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import test from 'node:test';
import { arange, full, memory, ones, rand, randn, tensor, zeros } from 'nn-embedding';
import { assertSameBits } from './golden.js';
import { assertRefused } from './support.js';

/* ---- tensor ---- */

test('tensor takes numbers nested to any depth', () => {
  for (const [data, shape] of [[3, []], [[1, 2], [2]], [[[1, 2], [3, 4], [5, 6]], [3, 2]], [[[[7]]], [1, 1, 1]], [[], [0]], [[[], []], [2, 0]], [[[[]]], [1, 1, 0]]]) {
    const t = tensor(data);
    assert.deepEqual([t.shape, t.dtype, t.toArray()], [shape, 'float32', data]);
  }
});

test('tensor takes every typed array: integers as int32, the others as float32', () => {
  for (const Type of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array]) {
    const isBig = Type.name.startsWith('Big');
    const t = tensor(Type.from(isBig ? [1n, 2n, 120n] : [1, 2, 120]));
    assert.equal(t.dtype, Type.name.startsWith('Float') ? 'float32' : 'int32', Type.name);
    assert.deepEqual([t.shape, t.toArray()], [[3], [1, 2, 120]], Type.name);
    for (const dtype of ['float32', 'int32']) {
      const converted = tensor(Type.from(isBig ? [1n, 2n] : [1, 2]), { dtype });
      assert.deepEqual([converted.dtype, converted.toArray()], [dtype, [1, 2]], Type.name);
    }
    assert.deepEqual(tensor(new Type(0)).shape, [0]);
    assert.deepEqual(tensor([new Type(2), new Type(2)]).shape, [2, 2]);
  }
  assert.deepEqual(tensor(runInNewContext('Float32Array.of(1, 2)')).toArray(), [1, 2]);
  assert.deepEqual(tensor(runInNewContext('Int32Array.of(1, 2)')).dtype, 'int32');
  assert.deepEqual(tensor(runInNewContext('[[1], [2]]')).toArray(), [[1], [2]]);
});

test('tensor copies', () => {
  const data = Float32Array.of(1, 2);
  const t = tensor(data);
  data[0] = 9;
  const other = tensor(t);
  t.data[1] = 8;
  assert.deepEqual([t.toArray(), other.toArray()], [[1, 8], [1, 2]]);
  assert.equal(other._version, 0);
});

test('tensor of a tensor keeps its dtype, takes another, and can be nested', () => {
  const whole = tensor(Int32Array.of(1, 2), { shape: [2, 1] });
  assert.deepEqual([tensor(whole).dtype, tensor(whole).shape], ['int32', [2, 1]]);
  assert.deepEqual(tensor(whole, { dtype: 'float32' }).dtype, 'float32');
  assert.deepEqual(tensor(tensor([1.7, -1.7]), { dtype: 'int32' }).toArray(), [1, -1]);
  assert.deepEqual(tensor([tensor([1, 2]), tensor([3, 4])]).toArray(), [[1, 2], [3, 4]]);
  assert.deepEqual(tensor(whole, { shape: [2] }).shape, [2]);
});

test('tensor rounds to float32, and to int32 towards zero', () => {
  assert.equal(tensor(0.1).item(), Math.fround(0.1));
  assert.equal(tensor(1e300).item(), Infinity);
  assert.deepEqual(tensor([1.9, -1.9, -0.5], { dtype: 'int32' }).toArray(), [1, -1, 0]);
  for (const value of [3e9, -2147483649, NaN, Infinity]) {
    assertRefused(() => tensor([[1, value]], { dtype: 'int32' }), { says: [/^value cannot be converted to type int32 without overflow/, String(value), '[0, 1]'] });
  }
  for (const data of [Uint32Array.of(1, 2 ** 32 - 1), BigInt64Array.of(1n, 2n ** 40n), BigUint64Array.of(1n, 2n ** 63n)]) {
    assertRefused(() => tensor(data), { says: [/^value cannot be converted to type int32 without overflow/, String(data[1]), '[1]'] });
    assert.equal(tensor(data, { dtype: 'float32' }).data[1], Math.fround(Number(data[1])));
  }
});

test('tensor takes a shape for its elements', () => {
  assert.deepEqual(tensor(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] }).toArray(), [[1, 2], [3, 4]]);
  assert.deepEqual(tensor([1, 2, 3, 4], { shape: [-1, 1] }).shape, [4, 1]);
  assert.deepEqual(tensor([[1, 2]], { shape: [2] }).toArray(), [1, 2]);
  assert.equal(tensor([5], { shape: [] }).item(), 5);
});

test('tensor that is refused leaks nothing', () => {
  const source = zeros(3);
  for (const data of [[1, 2, 3], Float32Array.of(1, 2, 3), Int32Array.of(1, 2, 3), BigInt64Array.of(1n, 2n, 3n), source]) {
    for (const shape of [[2, 2], [-1, 2], [-1, -1], [-3], ['3'], 'x', [1.5, 2]]) {
      assertRefused(() => tensor(data, { shape }), { type: typeof shape === 'string' || shape.some((size) => !Number.isInteger(size)) ? TypeError : Error }, [source], `${inspect(data)} ${shape}`);
    }
  }
});

test('tensor of what is no number is refused, and the text says what and where', () => {
  for (const [data, value, position] of [['3', "'3'", '[]'], [null, 'NoneType', '[]'], [undefined, 'undefined', '[]'], [true, 'bool', '[]'], [{}, 'Object', '[]'], [5n, '5n', '[]'], [[1, '2'], "'2'", '[1]'], [[[1, 2], [3, null]], 'NoneType', '[1, 1]'], [[1, , 3], 'undefined', '[1]'], [[true], 'bool', '[0]'], [[1n], '1n', '[0]'], [new Date(0), 'Date', '[]'], [[[1], 'x'], "'x'", '[1]']]) { // eslint-disable-line no-sparse-arrays
    assertRefused(() => tensor(data), { type: TypeError, says: [value, position] }, [], inspect(data));
  }
  for (const data of [new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), new Set([1]), { length: 1, 0: 1 }, [new DataView(new ArrayBuffer(4))], { shape: [1], data: [1] }]) {
    assertRefused(() => tensor(data), { type: TypeError }, [], inspect(data));
  }
});

test('tensor of arrays that are not rectangular is refused, and the text names the first that differs', () => {
  for (const [data, position] of [[[[1, 2], [3]], '[1]'], [[[1], [2, 3]], '[1]'], [[[1, 2], 3], '[1]'], [[1, [2]], '[1]'], [[[[1], [2]], [[3], [4, 5]]], '[1, 1]'], [[[], [1]], '[1]'], [[Float32Array.of(1), Float32Array.of(1, 2)], '[1]'], [[[1, 2], [3, 4], [5], [6]], '[2]']]) {
    assertRefused(() => tensor(data), { says: [position] }, [], inspect(data));
  }
  assert.throws(() => tensor([[1, 2], [3]]), /^Error: expected sequence of length 2 at dim 1 \(got 1\)/);
});

test('tensor of a stale view is refused, not taken for an empty one', () => {
  const buffer = new ArrayBuffer(8);
  const stale = new Float32Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  const t = zeros(1);
  for (const call of [() => tensor(stale), () => tensor([stale]), () => t.copy_(stale), () => t.add(stale)]) {
    assertRefused(call, { says: ['detached'] }, [t], String(call));
  }
});

test('options that tensor does not know are refused, and the nearest is named', () => {
  for (const [name, nearest] of [['requires_grad', 'requiresGrad'], ['dType', 'dtype'], ['Shape', 'shape'], ['size', null]]) {
    assertRefused(() => tensor([1], { [name]: true }), { type: TypeError, says: [`'${name}'`, ...(nearest ? [`'${nearest}'`] : [])] });
  }
  for (const options of [null, 'float32', 3, []]) assertRefused(() => tensor([1], options), { type: TypeError });
  for (const dtype of ['float64', 'int64', 'Float32', null, 32]) assertRefused(() => tensor([1], { dtype }), { type: TypeError, says: ["'float32'", "'int32'"] });
  for (const requiresGrad of [1, 'true', null]) assertRefused(() => tensor([1], { requiresGrad }), { type: TypeError, says: ['requiresGrad'] });
});

test('requiresGrad makes a leaf, of float32 only', () => {
  for (const t of [tensor([1], { requiresGrad: true }), zeros(2, { requiresGrad: true }), randn(2, { requiresGrad: true }), full(2, 3, { requiresGrad: true })]) {
    assert.deepEqual([t.requiresGrad, t.isLeaf, t.gradFn], [true, true, null]);
  }
  const words = /^Only Tensors of floating point and complex dtype can require gradients/;
  for (const call of [() => tensor([1], { dtype: 'int32', requiresGrad: true }), () => tensor(Int8Array.of(1), { requiresGrad: true }), () => zeros(1, { dtype: 'int32', requiresGrad: true }), () => arange(0, 3, 1, { requiresGrad: true })]) {
    assertRefused(call, { says: [words] }, [], String(call));
  }
});

/* ---- zeros, ones, full ---- */

test('zeros, ones and full have the shape that they are given', () => {
  for (const shape of [[], [0], [3], [2, 3], [2, 0, 3], [1, 1, 1, 1]]) {
    assert.deepEqual(zeros(shape).shape, shape);
    assert.ok(ones(shape).data.every((value) => value === 1));
    assert.ok(full(shape, 2.5).data.every((value) => value === 2.5));
  }
  assert.deepEqual(zeros(3).shape, [3]);
  assert.equal(zeros(2).dtype, 'float32');
  assert.deepEqual(ones([2], { dtype: 'int32' }).data, Int32Array.of(1, 1));
  assert.ok(Object.is(full([1], -0).item(), -0));
  assert.deepEqual(full([2], -7, { dtype: 'int32' }).toArray(), [-7, -7]);
});

test('a block that was used before is zeroed anew', () => {
  const t = full(1000, 3);
  t.dispose();
  assert.ok(zeros(1000).data.every((value) => value === 0));
});

test('a shape that is none is refused, and the text names the size', () => {
  for (const make of [zeros, ones, (shape) => full(shape, 1), randn, rand]) {
    for (const [shape, says] of [[[2.5], '2.5'], [['2'], "'2'"], ['2', "'2'"], [null, 'NoneType'], [undefined, 'undefined'], [[2, null], 'NoneType'], [[NaN], 'NaN'], [[true], 'bool'], [true, 'bool'], [[2n], '2n'], [{}, 'Object'], [Infinity, 'Infinity'], [[1, , 2], 'undefined']]) { // eslint-disable-line no-sparse-arrays
      assertRefused(() => make(shape), { type: TypeError, says: ["argument 'size'", says] }, [], `${make.name} ${inspect(shape)}`);
    }
    assertRefused(() => make([2, -3]), { says: ['-3', '[2, -3]'] }, [], make.name);
    assertRefused(() => make(Array(17).fill(1)), { says: ['16'] }, [], make.name);
  }
  assert.throws(() => zeros(-1), /^Error: zeros: Dimension size must be non-negative\./);
  assert.throws(() => ones([2, -1]), /^Error: Trying to create tensor with negative dimension -1: \[2, -1\]/);
});

test('full refuses what is no number, and what the dtype cannot hold', () => {
  for (const value of ['1', null, undefined, true, 1n, [1]]) assertRefused(() => full([2], value), { type: TypeError, says: ["'fill_value'"] });
  for (const value of [NaN, Infinity, 3e9, -3e9]) assertRefused(() => full([2], value, { dtype: 'int32' }), { says: [/^value cannot be converted to type int without overflow/, String(value)] });
  assertRefused(() => full([2], 1e300), { says: [/^value cannot be converted to type float without overflow/] });
  assert.deepEqual(full([2], 1.7, { dtype: 'int32' }).toArray(), [1, 1]);
  assert.equal(full([1], NaN).item(), NaN);
  assert.equal(full([1], -Infinity).item(), -Infinity);
});

/* ---- arange ---- */

test('arange of whole numbers is int32, of others float32', () => {
  for (const [args, expected, dtype] of [
    [[5], [0, 1, 2, 3, 4], 'int32'],
    [[2, 5], [2, 3, 4], 'int32'],
    [[5, 0, -2], [5, 3, 1], 'int32'],
    [[0, 10, 4], [0, 4, 8], 'int32'],
    [[-3], null, null],
    [[0], [], 'int32'],
    [[3, 3], [], 'int32'],
    [[2.5], [0, 1, 2], 'float32'],
    [[0, 1, 0.25], [0, 0.25, 0.5, 0.75], 'float32'],
    [[1, 0, -0.5], [1, 0.5], 'float32'],
    [[-2147483648, -2147483646], [-2147483648, -2147483647], 'int32'],
    [[2147483646, 2147483648], [2147483646, 2147483647], 'int32'],
  ]) {
    if (expected === null) {
      assert.throws(() => arange(...args), /^Error: upper bound and lower bound inconsistent with step sign/);
      continue;
    }
    const t = arange(...args);
    assert.deepEqual([t.toArray(), t.dtype, t.shape], [expected, dtype, [expected.length]], `${args}`);
  }
  assert.equal(arange(0, 3, 1, { dtype: 'float32' }).dtype, 'float32');
  assert.deepEqual(arange(0, 2.5, 1, { dtype: 'int32' }).dtype, 'int32');
});

test('arange whose numbers int32 cannot hold is refused, not wrapped', () => {
  for (const args of [[3e9, 3e9 + 3], [2147483646, 2147483650], [-3e9, -3e9 + 2], [0, 1e10, 5e9]]) {
    assertRefused(() => arange(...args), { says: [/int|overflow/] }, [], `${args}`);
  }
});

test('arange refuses what is no range', () => {
  for (const [args, words] of [
    [[0, 5, 0], /^step must be nonzero/],
    [[0, 5, NaN], /^step must be nonzero/],
    [[0, 5, -1], /^upper bound and lower bound inconsistent with step sign/],
    [[5, 0], /^upper bound and lower bound inconsistent with step sign/],
    [[0, Infinity], /^unsupported range: 0 -> inf/],
    [[0, NaN], /^unsupported range: 0 -> nan/],
    [[-Infinity, 0], /^unsupported range: -inf -> 0/],
    [[NaN], /^unsupported range: 0 -> nan/],
  ]) {
    assertRefused(() => arange(...args), { says: [words] }, [], `${args}`);
  }
  for (const args of [['3'], [null], [undefined], [0, '3'], [0, 3, '1'], [1n], [true], [0, 3, null]]) assertRefused(() => arange(...args), { type: TypeError, says: ['arange()'] }, [], inspect(args));
});

/* ---- randn, rand ---- */

test('randn and rand are float32 of the shape given', () => {
  assert.deepEqual(randn([2, 3]).shape, [2, 3]);
  assert.deepEqual(rand([]).shape, []);
  assert.deepEqual(randn(0).shape, [0]);
  assert.ok(rand(10000).data.every((value) => value >= 0 && value < 1));
  assertRefused(() => randn(3, { dtype: 'int32' }), { says: [/^"normal_kernel_cpu" not implemented for 'Int'/] });
  assert.throws(() => rand(3, { dtype: 'int32' }), Error);
  assert.throws(() => randn(3, { mean: 1 }), { constructor: TypeError, message: /'mean'/ });
});

/* ---- Views of our own memory ---- */

test('tensor copies views of wasm memory of every type', () => {
  const place = full([8], 1.5);
  for (const Type of [Float32Array, Int32Array, Uint8Array, Int16Array, Float64Array, Uint32Array]) {
    const view = new Type(place.data.buffer, place.data.byteOffset, 4);
    assert.deepEqual(tensor(view).toArray(), Array.from(view, Math.fround), Type.name);
  }
  assertSameBits(tensor(place.data).data, place.data);
  const before = memory();
  tensor(place.data).dispose();
  assert.deepEqual(memory(), before);
});
