import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, functional, memory, noGrad, ones, tensor, zeros } from 'nn-embedding';
import { assertClose, assertSameBits } from './golden.js';
import { assertRefused } from './support.js';

const { dequantize, embedding, embeddingRenorm, oneHot } = functional;
const rows = () => tensor([[3, 4], [0.3, 0.4], [0, 0], [-6, 8]]);

/* ---- embedding ---- */

test('functional.embedding looks up in a Tensor or in data', () => {
  assert.deepEqual(embedding([3, 0], rows()).toArray(), [[-6, 8], [3, 4]]);
  assert.deepEqual(embedding(1, [[1, 2], [3, 4]]).toArray(), [3, 4]);
  assert.deepEqual(embedding([[0], [1]], [Float32Array.of(1, 2), [3, 4]]).toArray(), [[[1, 2]], [[3, 4]]]);
  const before = memory();
  embedding([0], [[1, 2], [3, 4]]).dispose();
  assert.deepEqual(memory(), before, 'the table made of data is gone');
});

test('functional.embedding does what the layer does', () => {
  const options = { maxNorm: 0.7, normType: 3 };
  const [weight, other] = [rows(), rows()];
  const output = embedding([3, 0, 3], weight, options);
  assertSameBits(output.data, Embedding.fromPretrained(other, options).forward([3, 0, 3]).data);
  assertSameBits(weight.data, other.data);
  assert.equal(weight._version, 1);
});

test('functional.embedding normalises and checks paddingIdx against the rows of the weight', () => {
  const weight = rows();
  for (const paddingIdx of [0, 3, -1, -4, null, undefined]) assert.deepEqual(embedding([3], weight, { paddingIdx }).toArray(), [[-6, 8]]);
  for (const paddingIdx of [4, -5, 2 ** 40]) {
    assertRefused(() => embedding([3], weight, { paddingIdx, maxNorm: 1 }), { type: RangeError, says: [/^Padding_idx must be within num_embeddings/, `${paddingIdx}`, '[-4, 4)'] }, [weight]);
  }
  for (const paddingIdx of [1.5, '1', true, NaN, 1n, [1]]) {
    assertRefused(() => embedding([3], weight, { paddingIdx, maxNorm: 1 }), { type: TypeError, says: ['paddingIdx'] }, [weight]);
  }
  assert.throws(() => embedding([], zeros([0, 2]), { paddingIdx: 0 }), { constructor: RangeError, message: /^Padding_idx must be within num_embeddings/ });
});

test('the error that PyTorch raises first is raised first', () => {
  const float = tensor([0]);
  assert.throws(() => embedding(float, rows(), { paddingIdx: 9 }), /^RangeError: Padding_idx/);
  assert.throws(() => embedding(float, zeros(3)), /^Error: 'weight' must be 2-D/);
  assert.throws(() => embedding([9], zeros(3)), /^Error: 'weight' must be 2-D/);
  assert.throws(() => embedding(float, zeros([3, 2, 1]), { maxNorm: 1 }), /^Error: Expected 2-dimensional tensor, but got 3-dimensional tensor for argument #1 'self' \(while checking arguments for embedding_renorm_\)/);
});

test('a weight that is not 2-D is refused, and its shape is named', () => {
  for (const [weight, shape] of [[zeros(3), '[3]'], [zeros([3, 2, 1]), '[3, 2, 1]'], [zeros([]), '[]'], [[1, 2], '[2]'], [3, '[]'], [Float32Array.of(1), '[1]']]) {
    assert.throws(() => embedding([0], weight), (error) => error.constructor === Error && error.message.startsWith("'weight' must be 2-D") && error.message.includes(shape));
  }
  for (const weight of [null, undefined, 'x', {}, true]) assert.throws(() => embedding([0], weight), TypeError);
});

test('options that functional.embedding does not know are refused, and the nearest is named', () => {
  const weight = rows();
  for (const [name, nearest] of [['padding_idx', 'paddingIdx'], ['paddingidx', 'paddingIdx'], ['maxnorm', 'maxNorm'], ['max_norm', 'maxNorm'], ['normtype', 'normType'], ['p', null], ['output', 'out'], ['scaleGradbyFreq', 'scaleGradByFreq'], ['Sparse', 'sparse'], ['weight', null], ['freeze', null]]) {
    assertRefused(() => embedding([0], weight, { maxNorm: 1, [name]: 1 }), { type: TypeError, says: [`'${name}'`, ...(nearest ? [`'${nearest}'`] : [])] }, [weight]);
  }
  for (const options of [null, 1, 'x', true, [], [1], weight, new Float32Array(1)]) assertRefused(() => embedding([0], weight, options), { type: TypeError }, [weight]);
});

test('scaleGradByFreq and sparse must be booleans', () => {
  const weight = rows();
  for (const value of [0, 1, 'true', null]) {
    assertRefused(() => embedding([0], weight, { maxNorm: 1, scaleGradByFreq: value }), { type: TypeError, says: [/^embedding\(\): argument 'scale_grad_by_freq' \(position 4\) must be bool, not /] }, [weight]);
    assertRefused(() => embedding([0], weight, { maxNorm: 1, sparse: value }), { type: TypeError, says: [/^embedding\(\): argument 'sparse' \(position 5\) must be bool, not /] }, [weight]);
  }
  embedding([0], weight, { scaleGradByFreq: true, sparse: true });
});

test('functional.embedding takes out by the rules of forward', () => {
  const weight = tensor([[1, 2], [3, 4]], { requiresGrad: true });
  const out = zeros([1, 2]);
  assertRefused(() => embedding([1], weight, { out }), { says: [/^functions with out=\.\.\. arguments don't support automatic differentiation/] }, [weight, out]);
  assert.equal(noGrad(() => embedding([1], weight, { out })), out);
  assert.deepEqual(out.toArray(), [[3, 4]]);
  assert.equal(out._version, 1);
  assertRefused(() => noGrad(() => embedding([0, 1], weight, { out: weight, maxNorm: 1 })), { says: ['out', 'weight'] }, [weight]);
  assert.equal(embedding([0], [[7, 8]], { out }), out);
  assert.deepEqual(out.toArray(), [[7, 8]]);
});

test('a lookup in a weight that is itself computed is recorded', () => {
  const leaf = tensor([[1, 2]], { requiresGrad: true });
  assert.equal(embedding([0], leaf.mul(2)).gradFn, 'EmbeddingBackward0');
  assert.equal(embedding([0], leaf.detach()).gradFn, null);
  assert.deepEqual(embedding([0], leaf.mul(2), { maxNorm: 100 }).toArray(), [[2, 4]]);
});

/* ---- embeddingRenorm ---- */

test('embeddingRenorm rescales what it is told, and tells the rows, ascending and once each', () => {
  const weight = rows();
  const { rescaled } = embeddingRenorm(weight, [[3, 0], [1, 3]], 1);
  assert.ok(rescaled instanceof Int32Array);
  assert.deepEqual(Array.from(rescaled), [0, 3]);
  assertClose(weight.data, Float32Array.of(0.6, 0.8, 0.3, 0.4, 0, 0, -0.6, 0.8));
  assert.equal(weight._version, 1);
  assert.deepEqual(Array.from(embeddingRenorm(weight, [], 0).rescaled), []);
  assert.equal(weight._version, 2);
  assert.deepEqual(Array.from(embeddingRenorm(weight, [2, 0], 0).rescaled), [0]);
  assert.deepEqual(weight.toArray()[0], [0, 0]);
});

test('the rows that embeddingRenorm tells are an array of the caller’s own', () => {
  const weight = rows();
  const { rescaled } = embeddingRenorm(weight, [0, 3], 1);
  const again = embeddingRenorm(weight, [3, 3, 1], 0.1).rescaled;
  assert.deepEqual(Array.from(rescaled), [0, 3]);
  assert.deepEqual(Array.from(again), [1, 3]);
});

test('embeddingRenorm knows every norm of PyTorch', () => {
  for (const [p, row0, row3] of [
    [2, [0.6, 0.8], [-0.6, 0.8]],
    [1, [0.4285714, 0.57142854], [-0.42857146, 0.5714286]],
    [3, [0.6669718, 0.8892957], [-0.66697168, 0.88929558]],
    [0.5, [0.21539029, 0.28718707], [-0.21539029, 0.28718707]],
    [0, [1.4999999, 1.9999999], [-2.9999998, 3.9999998]],
    [Infinity, [0.75, 1], [-0.75, 1]],
    [-Infinity, [0.99999994, 1.3333333], [-0.99999994, 1.3333333]],
    [-1, [1.75, 2.3333333], [-1.7500001, 2.3333335]],
  ]) {
    const weight = rows();
    embeddingRenorm(weight, [0, 1, 2, 3], 1, p);
    assertClose(weight.row(0), row0, `p ${p}`);
    assertClose(weight.row(3), row3, `p ${p}`);
    assert.deepEqual(weight.toArray()[2], [0, 0]);
  }
});

test('embeddingRenorm with a wrong argument names it, and writes nothing', () => {
  const weight = rows();
  for (const [call, error] of [
    [() => embeddingRenorm(weight, [0]), { type: TypeError, says: ['max_norm'] }],
    [() => embeddingRenorm(weight, [0], null), { type: TypeError, says: ['max_norm'] }],
    [() => embeddingRenorm(weight, [0], 'x'), { type: TypeError, says: [/^embedding_renorm_\(\): argument 'max_norm' \(position 3\) must be float, not str/] }],
    [() => embeddingRenorm(weight, [0], false), { type: TypeError, says: ['false'] }],
    [() => embeddingRenorm(weight, [0], 1, 'x'), { type: TypeError, says: [/^embedding_renorm_\(\): argument 'norm_type' \(position 4\) must be float, not str/] }],
    [() => embeddingRenorm(weight, [0], 1, null), { type: TypeError, says: ['norm_type'] }],
    [() => embeddingRenorm([[3, 4]], [0], 1), { type: TypeError, says: ['Tensor'] }],
    [() => embeddingRenorm(new Float32Array(4), [0], 1), { type: TypeError, says: ['Tensor'] }],
    [() => embeddingRenorm(), { type: TypeError }],
    [() => embeddingRenorm(weight), { type: TypeError }],
  ]) {
    assertRefused(call, error, [weight], String(call));
  }
  const others = [zeros(3), zeros([1, 2, 3]), ones([2, 2], { dtype: 'int32' })];
  for (const other of others) assertRefused(() => embeddingRenorm(other, [0], 1), { says: [/Expected 2-dimensional tensor|norm\(\): input dtype should be/] }, [other]);
});

test('embeddingRenorm of a leaf that requires grad is refused outside noGrad, as in PyTorch', () => {
  const leaf = tensor([[3, 4]], { requiresGrad: true });
  assertRefused(() => embeddingRenorm(leaf, [0], 1), { says: [/^a leaf Variable that requires grad is being used in an in-place operation\./] }, [leaf]);
  noGrad(() => embeddingRenorm(leaf, [0], 1));
  assertClose(leaf.data, Float32Array.of(0.6, 0.8));
});

test('embeddingRenorm of tables of growing and shrinking size', () => {
  for (const size of [10, 100000, 3, 70000, 300000, 1]) {
    const weight = ones([size, 1]);
    const last = size - 1;
    assert.deepEqual(Array.from(embeddingRenorm(weight, [last, 0, last], 0.5).rescaled), last === 0 ? [0] : [0, last]);
    assert.deepEqual(Array.from(embeddingRenorm(weight, [last, 0, last], 0.5).rescaled), []);
    weight.dispose();
  }
});

/* ---- oneHot ---- */

test('oneHot puts a one where the index says, in float32', () => {
  const output = oneHot([2, 0], 3);
  assert.equal(output.dtype, 'float32');
  assert.deepEqual(output.toArray(), [[0, 0, 1], [1, 0, 0]]);
  assert.deepEqual(oneHot(1, 2).toArray(), [0, 1]);
  assert.deepEqual(oneHot([[0], [1]], 2).toArray(), [[[1, 0]], [[0, 1]]]);
  assert.deepEqual(oneHot([], 3).shape, [0, 3]);
  assert.deepEqual(oneHot(BigInt64Array.of(1n), 2).toArray(), [[0, 1]]);
  assert.deepEqual(oneHot(tensor(Int32Array.of(1, 0), { shape: [2, 1] }), 2).toArray(), [[[0, 1]], [[1, 0]]]);
  assert.equal(output.requiresGrad, false);
});

test('oneHot refuses a number of classes that is none, and names it', () => {
  for (const value of [1.5, '3', null, undefined, true, NaN, Infinity, 3n]) assertRefused(() => oneHot([0], value), { type: TypeError, says: ['num_classes'] }, [], String(value));
  assertRefused(() => oneHot([0], -1), { type: RangeError, says: ['-1'] });
  assertRefused(() => oneHot([0], 0), { type: RangeError, says: [/^Class values must be smaller than num_classes\./, '[0, 0)'] });
});

test('oneHot of more classes than there can be says so', () => {
  for (const numClasses of [2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 40]) {
    assert.throws(() => oneHot([0], numClasses), { constructor: Error, message: new RegExp(`${numClasses}|${4 * numClasses} bytes`) }, `${numClasses}`);
  }
});

test('a table of more rows than an index can name is refused, not misread', () => {
  let output;
  try {
    output = embedding([0, 1], zeros([2 ** 32, 0]));
  } catch (error) {
    assert.doesNotMatch(error.message, /index out of range/);
    return;
  }
  assert.deepEqual(output.shape, [2, 0]);
});

/* ---- dequantize ---- */

test('dequantize multiplies each int8 row by its scale', () => {
  const table = dequantize(Int8Array.of(1, -128, 127, 0, 3, -1), Float32Array.of(0.5, -0.1), { shape: [2, 3] });
  assert.deepEqual(table.toArray(), [[0.5, -64, 63.5], [-0, -0.1 * 3, 0.1].map(Math.fround)]);
  assert.deepEqual([table.dtype, table.requiresGrad], ['float32', false]);
  for (const shape of [[0, 3], [0, 0]]) assert.deepEqual(dequantize(new Int8Array(0), new Float32Array(0), { shape }).shape, shape);
  assert.deepEqual(dequantize(new Int8Array(0), Float32Array.of(1, 2), { shape: [2, 0] }).shape, [2, 0]);
});

test('dequantize takes a part of a buffer, and gives its memory back', () => {
  const bytes = Int8Array.from({ length: 5001 }, (_, i) => i);
  const [rows, scales] = [bytes.subarray(1), new Float32Array(52).fill(2).subarray(2)];
  const before = memory();
  const table = dequantize(rows, scales, { shape: [50, 100] });
  assert.deepEqual(Int8Array.from(table.data, (x) => x / 2), rows);
  table.dispose();
  assert.deepEqual([memory().bytes, memory().tensors], [before.bytes, before.tensors]);
});

test('dequantize refuses what does not fit together, and says what it got', () => {
  const [rows, scales] = [new Int8Array(6), new Float32Array(2)];
  const refused = (call, type, ...says) => assertRefused(call, { type, says }, [], String(call));
  for (const shape of [[3, 2], [2, 2], [6], [2, 3, 1], [1, 6]]) {
    refused(() => dequantize(rows, scales, { shape }), Error, '[V, D]', `[${shape.join(', ')}]`, '2 scales', '6 numbers');
  }
  for (const shape of [undefined, null, 'ab', [2, 3.5], [2, '3'], [0, -5]]) refused(() => dequantize(rows, scales, { shape }), TypeError, "'shape'");
  refused(() => dequantize(rows, scales), TypeError, "'shape'", '[V, D]');
  refused(() => dequantize(rows, scales, { shapes: [2, 3] }), TypeError, "'shapes'", "'shape'");
  refused(() => dequantize(new Int8Array(0), new Float32Array(0), { shape: [0, 2 ** 40] }), Error, '2**31 - 1');
  const detached = new Int8Array(6);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  refused(() => dequantize(detached, scales, { shape: [2, 3] }), Error, 'detached');
  refused(() => dequantize([1], scales, { shape: [1, 1] }), TypeError, "'int8'", 'Int8Array', '[1]');
  refused(() => dequantize(new Uint8Array(6), scales, { shape: [2, 3] }), TypeError, "'int8'", 'Uint8Array');
  refused(() => dequantize(rows, [1, 2], { shape: [2, 3] }), TypeError, "'scales'", 'Float32Array', '[1, 2]');
  refused(() => dequantize(rows, new Float64Array(2), { shape: [2, 3] }), TypeError, "'scales'", 'Float64Array');
});
