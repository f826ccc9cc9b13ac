import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import { Embedding, Tensor, arange, full, functional, isGradEnabled, manualSeed, memory, noGrad, ones, rand, randn, tensor, tidy, zeros } from 'nn-embedding';
import { assertClose, assertSameBits, assertSameNumbers, elements, golden, hex, nest, option, toTensor } from './golden.js';
import { assertRefused } from './support.js';

const INTEGER_ARRAYS = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array];
const WIDE_ARRAYS = [BigInt64Array, BigUint64Array];
const EXACT_NORMS = [0, Infinity, -Infinity];

/** A table of small whole numbers: row r is [10 r, 10 r + 1, ...]. */
function table(rows, columns) {
  return tensor(Float32Array.from({ length: rows * columns }, (_, i) => 10 * Math.floor(i / columns) + (i % columns)), { shape: [rows, columns] });
}

/* ---- PyTorch ---- */

const { cases } = golden('embedding');

/** The layer of a golden case on a table of its own. */
function layerOf(one, options) {
  return new Embedding(one.num_embeddings, one.embedding_dim, {
    paddingIdx: one.padding_idx,
    maxNorm: option(one.max_norm),
    normType: option(one.norm_type),
    weight: toTensor(one.weight),
    ...options,
  });
}

/** Compares rows that may have been rescaled; what was not rescaled must agree bit for bit. */
function assertLookup(actual, expected, one, message) {
  if (one.max_norm === null) assertSameBits(actual, expected, message);
  else if (EXACT_NORMS.includes(option(one.norm_type))) assertSameNumbers(actual, expected, message);
  else assertClose(actual, expected, message);
}

test('there are at least 300 random configurations of PyTorch', () => {
  assert.ok(cases.filter(({ name }) => name.startsWith('random')).length >= 300);
});

test('every lookup of PyTorch gives its rows, its table afterwards, and its version', () => {
  for (const one of cases) {
    tidy(() => {
      const layer = layerOf(one);
      const before = layer.weight._version;
      const output = layer.forward(toTensor(one.indices));
      assert.deepEqual(output.shape, one.output.shape, one.name);
      assertLookup(output.data, elements(one.output), one, one.name);
      assertLookup(layer.weight.data, elements(one.weight_after), one, `${one.name}: the table`);
      assert.equal(layer.weight._version - before, one.version, `${one.name}: version`);
      const original = elements(one.weight);
      const columns = one.embedding_dim;
      for (let row = 0; row < one.num_embeddings; row++) {
        if (one.rescaled.includes(row)) continue;
        const place = [row * columns, (row + 1) * columns];
        assertSameBits(layer.weight.data.slice(...place), original.slice(...place), `${one.name}: row ${row} stays`);
      }
      layer.dispose();
    });
  }
});

test('every lookup of PyTorch gives the same bytes through out', () => {
  for (const one of cases) {
    tidy(() => {
      const [layer, other] = [layerOf(one), layerOf(one, { freeze: true })];
      const output = layer.forward(toTensor(one.indices));
      const out = full(one.output.shape, -77);
      const version = out._version;
      assert.equal(other.forward(toTensor(one.indices), { out }), out);
      assertSameBits(out.data, output.data, one.name);
      assertSameBits(other.weight.data, layer.weight.data, one.name);
      assert.equal(out._version, version + 1, one.name);
      layer.dispose();
      other.dispose();
    });
  }
});

test('every lookup of PyTorch gives the same bytes for indices of every kind', () => {
  for (const one of cases) {
    tidy(() => {
      const flat = elements(one.indices);
      const { shape } = one.indices;
      const layer = layerOf(one);
      const expected = hex(layer.forward(toTensor(one.indices)).data);
      const after = hex(layer.weight.data);
      layer.dispose();
      const kinds = [...INTEGER_ARRAYS.map((Type) => Type.from(flat)), ...WIDE_ARRAYS.map((Type) => Type.from(Array.from(flat, BigInt)))];
      if (!shape.slice(0, -1).includes(0)) kinds.push(nest(flat, shape), nest(Array.from(flat, BigInt), shape)); // [] is (0), never (0, 5)
      if (shape.length > 1 && !shape.includes(0)) kinds.push(nest(flat, shape.slice(0, -1)) && nestTyped(flat, shape));
      for (const indices of kinds) {
        const fresh = layerOf(one);
        const output = fresh.forward(indices);
        const message = `${one.name}: ${inspect(indices)}`;
        assert.equal(hex(output.data), expected, message);
        assert.equal(hex(fresh.weight.data), after, message);
        assert.deepEqual(output.shape, [...(ArrayBuffer.isView(indices) ? [flat.length] : shape), one.embedding_dim], message);
        fresh.dispose();
      }
    });
  }
});

/** As nested arrays whose innermost rows are typed arrays. */
function nestTyped(flat, shape) {
  const rows = (value) => (Array.isArray(value[0]) ? value.map(rows) : Int16Array.from(value));
  return rows(nest(flat, shape));
}

test('every lookup of PyTorch with max_norm rescales its rows through functional.embeddingRenorm', () => {
  for (const one of cases.filter(({ max_norm: maxNorm }) => maxNorm !== null)) {
    tidy(() => {
      const weight = toTensor(one.weight);
      const { rescaled } = functional.embeddingRenorm(weight, toTensor(one.indices), option(one.max_norm), option(one.norm_type));
      assert.ok(rescaled instanceof Int32Array);
      assert.deepEqual(Array.from(rescaled), one.rescaled, one.name);
      assertLookup(weight.data, elements(one.weight_after), one, one.name);
      assert.equal(weight._version, one.version, one.name);
    });
  }
});

/* ---- The constructor ---- */

test('a new layer has the attributes of its options, and PyTorch’s defaults', () => {
  const layer = new Embedding(10, 3);
  const { numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = layer;
  assert.deepEqual(
    { numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse },
    { numEmbeddings: 10, embeddingDim: 3, paddingIdx: null, maxNorm: null, normType: 2, scaleGradByFreq: false, sparse: false },
  );
  assert.deepEqual(layer.weight.shape, [10, 3]);
  assert.equal(layer.weight.dtype, 'float32');
  assert.equal(layer.weight.requiresGrad, true);
  assert.equal(layer.weight.isLeaf, true);
  assert.equal(layer.weight.gradFn, null);
  const other = new Embedding(10, 3, { paddingIdx: -1, maxNorm: true, normType: 1, scaleGradByFreq: true, sparse: true, freeze: true });
  assert.equal(other.paddingIdx, 9);
  assert.equal(other.maxNorm, true);
  assert.equal(other.normType, 1);
  assert.equal(other.scaleGradByFreq, true);
  assert.equal(other.sparse, true);
  assert.equal(other.weight.requiresGrad, false);
});

test('null and undefined stand for an option that was left out', () => {
  for (const nothing of [null, undefined]) {
    const layer = new Embedding(4, 2, { paddingIdx: nothing, maxNorm: nothing, weight: nothing });
    assert.equal(layer.paddingIdx, null);
    assert.equal(layer.maxNorm, null);
  }
  const layer = new Embedding(4, 2, { normType: undefined, scaleGradByFreq: undefined, sparse: undefined, freeze: undefined });
  assert.equal(layer.normType, 2);
  assert.equal(layer.weight.requiresGrad, true);
});

test('padding_idx zeroes its row after the whole table was drawn, and changes no other row', () => {
  manualSeed(5);
  const plain = new Embedding(6, 4);
  const afterPlain = rand(1).item();
  for (const [paddingIdx, row] of [[0, 0], [3, 3], [5, 5], [-1, 5], [-6, 0], [-0, 0]]) {
    manualSeed(5);
    const padded = new Embedding(6, 4, { paddingIdx });
    assert.ok(Object.is(padded.paddingIdx, row), `${paddingIdx}`);
    assert.equal(rand(1).item(), afterPlain);
    for (let r = 0; r < 6; r++) assertSameBits(padded.weight.row(r), r === row ? new Float32Array(4) : plain.weight.row(r));
  }
});

test('the padding row is an ordinary row: a lookup returns what it holds', () => {
  const layer = new Embedding(3, 2, { paddingIdx: 1 });
  noGrad(() => layer.weight.row(1).set([5, 6]));
  assert.deepEqual(layer.forward([1]).toArray(), [[5, 6]]);
});

test('a weight that is given keeps its padding row', () => {
  assert.deepEqual(new Embedding(2, 2, { weight: [[1, 2], [3, 4]], paddingIdx: 0 }).weight.toArray(), [[1, 2], [3, 4]]);
  assert.deepEqual(Embedding.fromPretrained([[1, 2], [3, 4]], { paddingIdx: 0 }).weight.toArray(), [[1, 2], [3, 4]]);
});

test('the version after construction is PyTorch’s', () => {
  assert.equal(new Embedding(3, 2).weight._version, 1);
  assert.equal(new Embedding(3, 2, { paddingIdx: 0 }).weight._version, 2);
  assert.equal(Embedding.fromPretrained(zeros([3, 2])).weight._version, 0);
});

test('a weight given as a Tensor is shared, other data is copied', () => {
  const weight = table(3, 2);
  const layer = new Embedding(3, 2, { weight });
  assert.notEqual(layer.weight, weight);
  layer.weight.data[0] = 99;
  assert.equal(weight.data[0], 99);
  assert.equal(weight.requiresGrad, false);
  assert.equal(layer.weight.requiresGrad, true);
  noGrad(() => layer.weight.fill_(4));
  assert.equal(weight._version, 1);

  const flat = Float32Array.of(1, 2, 3, 4, 5, 6);
  const copied = new Embedding(3, 2, { weight: flat });
  flat[0] = 50;
  assert.deepEqual(copied.weight.toArray(), [[1, 2], [3, 4], [5, 6]]);
  const nested = [[1, 2], [3, 4], [5, 6]];
  const fromNested = new Embedding(3, 2, { weight: nested });
  nested[0][0] = 50;
  assert.deepEqual(fromNested.weight.toArray(), [[1, 2], [3, 4], [5, 6]]);
  assert.deepEqual(new Embedding(3, 2, { weight: Float64Array.from(copied.weight.data) }).weight.toArray(), copied.weight.toArray());
});

test('a weight of another shape is refused', () => {
  const before = memory();
  for (const weight of [[[1, 2]], [1, 2, 3, 4], new Float32Array(5), new Float32Array(4).subarray(1)]) {
    assert.throws(() => new Embedding(2, 2, { weight }), { constructor: Error, message: /^Shape of weight does not match num_embeddings and embedding_dim.*\[2, 2\]/ });
  }
  assert.deepEqual(memory(), before);
  for (const weight of [zeros([2, 3]), zeros([4]), zeros([2, 2, 1])]) {
    assertRefused(() => new Embedding(2, 2, { weight }), { says: ['Shape of weight does not match', `[${weight.shape.join(', ')}]`, '[2, 2]'] }, [weight]);
  }
});

test('sizes that are no sizes are refused, and the text names the argument and the value', () => {
  const before = memory();
  for (const [value, type] of [[2.5, 'float'], ['2', 'str'], [true, 'bool'], [null, 'NoneType'], [undefined, 'undefined'], [NaN, 'float'], [[2], 'list'], [2n, 'int']]) {
    assert.throws(() => new Embedding(value, 2), { constructor: TypeError, message: new RegExp(`^empty\\(\\): argument 'size'.*${type}.*numEmbeddings`) }, `${String(value)}`);
    assert.throws(() => new Embedding(2, value), { constructor: TypeError, message: new RegExp(`^empty\\(\\): argument 'size'.*${type}.*embeddingDim`) }, `${String(value)}`);
  }
  assert.throws(() => new Embedding(-1, 2), { constructor: Error, message: /^Trying to create tensor with negative dimension -1: \[-1, 2\]/ });
  assert.throws(() => new Embedding(2, -3), { constructor: Error, message: /^Trying to create tensor with negative dimension -3: \[2, -3\]/ });
  assert.throws(() => new Embedding(2 ** 31, 0), /2147483648/);
  assert.throws(() => new Embedding(0, Infinity), Error);
  assert.deepEqual(memory(), before);
});

test('tables without rows or without columns work', () => {
  const none = new Embedding(0, 3);
  assert.deepEqual(none.weight.shape, [0, 3]);
  assert.deepEqual(none.forward([]).shape, [0, 3]);
  assert.deepEqual(none.forward([[], []]).shape, [2, 0, 3]);
  assert.deepEqual(none.forward(new Int32Array(0)).shape, [0, 3]);
  assertRefused(() => none.forward([0]), { type: RangeError, says: ['index out of range in self: index 0 at position [0], valid range [0, 0)'] });
  assertRefused(() => none.forward(0), { type: RangeError, says: ['index 0 at position []'] });
  const flat = new Embedding(3, 0, { paddingIdx: 2, maxNorm: 1 });
  assert.deepEqual(flat.forward([0, 2]).shape, [2, 0]);
  assert.deepEqual(flat.forward(1).shape, [0]);
  assert.deepEqual(flat.forward([[0], [1]]).toArray(), [[[]], [[]]]);
  assertRefused(() => flat.forward([3]), { type: RangeError, says: ['index out of range in self: index 3 at position [0], valid range [0, 3)'] });
  assert.throws(() => new Embedding(0, 2, { paddingIdx: 0 }), { constructor: RangeError, message: /^Padding_idx must be within num_embeddings/ });
  assert.deepEqual(new Embedding(0, 0).forward([]).shape, [0, 0]);
});

/* ---- fromPretrained ---- */

test('fromPretrained freezes unless told otherwise, shares a Tensor, and leaves its requiresGrad alone', () => {
  const weight = table(4, 3);
  const layer = Embedding.fromPretrained(weight);
  assert.equal(layer.weight.requiresGrad, false);
  assert.deepEqual([layer.numEmbeddings, layer.embeddingDim], [4, 3]);
  weight.row(2).set([7, 8, 9]);
  assert.deepEqual(layer.forward(2).toArray(), [7, 8, 9]);
  assert.equal(layer.forward([2]).gradFn, null);

  const trained = tensor([[1, 2]], { requiresGrad: true });
  assert.equal(Embedding.fromPretrained(trained).weight.requiresGrad, false);
  assert.equal(trained.requiresGrad, true);
  assert.equal(Embedding.fromPretrained(trained, { freeze: false }).weight.requiresGrad, true);

  const parameter = new Embedding(2, 2).weight;
  const other = Embedding.fromPretrained(parameter);
  assert.notEqual(other.weight, parameter);
  other.weight.data[0] = 33;
  assert.equal(parameter.data[0], 33);
});

test('fromPretrained with max_norm writes into the caller’s tensor', () => {
  const weight = tensor([[3, 4], [0.3, 0.4], [6, 8]]);
  const layer = Embedding.fromPretrained(weight, { maxNorm: 1 });
  layer.forward([0, 1]);
  assertClose(weight.data, [0.6, 0.8, 0.3, 0.4, 6, 8].map(Math.fround));
  assert.equal(weight._version, 1);
});

test('fromPretrained takes a flat array with its shape, and other data as it is nested', () => {
  const flat = Float32Array.of(1, 2, 3, 4, 5, 6);
  assert.deepEqual(Embedding.fromPretrained(flat, { shape: [2, 3] }).weight.toArray(), [[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(Embedding.fromPretrained(flat, { shape: [-1, 2] }).weight.toArray(), [[1, 2], [3, 4], [5, 6]]);
  assert.deepEqual(Embedding.fromPretrained([[1, 2]]).weight.toArray(), [[1, 2]]);
  assert.deepEqual(Embedding.fromPretrained(Float64Array.of(1, 2), { shape: [1, 2] }).weight.dtype, 'float32');
  assert.throws(() => Embedding.fromPretrained(flat), { constructor: Error, message: /^Embeddings parameter is expected to be 2-dimensional.*\[6\].*shape/ });
  assert.throws(() => Embedding.fromPretrained(3), /^Error: Embeddings parameter is expected to be 2-dimensional/);
  assert.throws(() => Embedding.fromPretrained([[[1]]]), /^Error: Embeddings parameter is expected to be 2-dimensional/);
});

test('fromPretrained that is refused leaks nothing', () => {
  const weight = table(2, 2);
  const flat = new Float32Array(6);
  const calls = [
    () => Embedding.fromPretrained(flat),
    () => Embedding.fromPretrained(flat, { shape: [4, 2] }),
    () => Embedding.fromPretrained(flat, { shape: [3, 2], paddingIdx: 3 }),
    () => Embedding.fromPretrained(flat, { shape: [3, 2], maxNorm: 'x' }),
    () => Embedding.fromPretrained(weight, { paddingIdx: 2 }),
    () => Embedding.fromPretrained(weight, { shape: [3, 2] }),
    () => Embedding.fromPretrained([[1, 2], [3]]),
  ];
  const before = memory();
  for (const call of calls) assert.throws(call);
  assert.deepEqual(memory(), before);
});

test('an int32 table is for lookups only', () => {
  const weight = tensor(Int32Array.of(1, 2, 3, -2147483648), { shape: [2, 2] });
  const layer = Embedding.fromPretrained(weight);
  const output = layer.forward([1, 0]);
  assert.equal(output.dtype, 'int32');
  assert.deepEqual(output.toArray(), [[3, -2147483648], [1, 2]]);
  const message = /^Only Tensors of floating point and complex dtype can require gradients/;
  assert.throws(() => Embedding.fromPretrained(weight, { freeze: false }), { constructor: Error, message });
  assert.throws(() => new Embedding(2, 2, { weight }), { constructor: Error, message });
  layer.maxNorm = 1;
  assertRefused(() => layer.forward([0]), { says: [/^norm\(\): input dtype should be either floating point or complex\. Got Int instead\./] }, [weight]);
  assert.throws(() => layer.resetParameters(), /^Error: "normal_kernel_cpu" not implemented for 'Int'/);
});

/* ---- forward ---- */

test('the output has the shape of the indices and the columns of the table', () => {
  const layer = Embedding.fromPretrained(table(5, 3));
  const shapes = [[2, [3]], [[3], [1, 3]], [[4, 0], [2, 3]], [[[1, 2], [0, 3]], [2, 2, 3]], [[], [0, 3]], [[[], []], [2, 0, 3]], [[[[1]]], [1, 1, 1, 3]], [3n, [3]], [[[1n, 2], [3, 4n]], [2, 2, 3]]];
  for (const [indices, shape] of shapes) {
    const output = layer.forward(indices);
    assert.deepEqual(output.shape, shape);
    const flat = [indices].flat(Infinity).map(Number);
    assert.deepEqual(Array.from(output.data), flat.flatMap((i) => [10 * i, 10 * i + 1, 10 * i + 2]));
  }
  assert.deepEqual(layer.forward(zeros([0, 5], { dtype: 'int32' })).shape, [0, 5, 3]);
  assert.deepEqual(layer.forward(tensor(2, { dtype: 'int32' })).toArray(), [20, 21, 22]);
});

test('the output is a copy, also for one row', () => {
  const layer = Embedding.fromPretrained(table(3, 2));
  const output = layer.forward(1);
  output.data[0] = -1;
  assert.equal(layer.weight.data[2], 10);
});

test('-0 is index 0', () => {
  assert.deepEqual(Embedding.fromPretrained(table(3, 2)).forward([-0, 1]).toArray(), [[0, 1], [10, 11]]);
});

test('rows are copied bit for bit: -0, denormals and NaNs with their payload', () => {
  const bits = Uint32Array.of(0x80000000, 1, 0x7fc00001, 0x7f800001, 0xffabcdef, 0x7f800000, 0xff800000, 0x807fffff, 0xffffffff, 0x3f800000);
  for (const columns of [1, 2, 5, 10]) {
    const weight = tensor(new Float32Array(bits.buffer), { shape: [10 / columns, columns] });
    assertSameBits(weight.data, bits);
    const layer = Embedding.fromPretrained(weight);
    for (const out of [undefined, zeros([20 / columns, columns])]) {
      const order = Array.from({ length: 20 / columns }, (_, n) => (7 * n) % (10 / columns));
      const output = layer.forward(order, { out });
      order.forEach((row, n) => assertSameBits(output.row(n), bits.subarray(row * columns, (row + 1) * columns)));
    }
    layer.maxNorm = 1e-30;
    layer.normType = NaN;
    layer.forward([0]);
    assertSameBits(weight.data, bits, 'a norm that is NaN rescales nothing');
  }
});

test('attributes assigned after construction are honoured by the next forward', () => {
  const layer = Embedding.fromPretrained([[3, 4], [0.3, 0.4], [-6, 8]]);
  layer.maxNorm = 5;
  layer.forward([0, 1, 2]);
  assertClose(layer.weight.data, [3, 4, 0.3, 0.4, -3, 4].map(Math.fround));
  layer.normType = Infinity;
  layer.maxNorm = 3;
  layer.forward([0]);
  assertClose(layer.weight.row(0), [2.25, 3].map(Math.fround));
  layer.normType = '2';
  assertRefused(() => layer.forward([0]), { type: TypeError, says: [/^embedding_renorm_\(\): argument 'norm_type' \(position 4\) must be float, not str/] }, [layer.weight]);
  layer.normType = 2;
  layer.maxNorm = null;
  const version = layer.weight._version;
  layer.forward([2]);
  assert.equal(layer.weight._version, version);
  layer.paddingIdx = -1;
  layer.forward([0]);
  for (const paddingIdx of [3, -4]) {
    layer.paddingIdx = paddingIdx;
    assertRefused(() => layer.forward([0]), { type: RangeError, says: ['Padding_idx must be within num_embeddings', `${paddingIdx}`] }, [layer.weight]);
  }
  layer.paddingIdx = null;
  layer.scaleGradByFreq = 1;
  assertRefused(() => layer.forward([0]), { type: TypeError, says: [/^embedding\(\): argument 'scale_grad_by_freq' \(position 4\) must be bool, not int/] }, [layer.weight]);
  layer.scaleGradByFreq = false;
  layer.sparse = null;
  assertRefused(() => layer.forward([0]), { type: TypeError, says: [/^embedding\(\): argument 'sparse' \(position 5\) must be bool, not NoneType/] }, [layer.weight]);
  layer.sparse = true;
  layer.numEmbeddings = 1;
  layer.embeddingDim = 7;
  assert.deepEqual(layer.forward([2]).shape, [1, 2], 'forward consults the weight only');
});

test('true for max_norm acts as 1, false is refused at construction and at forward', () => {
  const layer = Embedding.fromPretrained([[3, 4]], { maxNorm: true });
  layer.forward([0]);
  assertClose(layer.weight.data, [0.6, 0.8].map(Math.fround));
  layer.maxNorm = false;
  assertRefused(() => layer.forward([0]), { type: TypeError, says: ['false'] }, [layer.weight]);
  assert.throws(() => new Embedding(1, 2, { maxNorm: false }), { constructor: TypeError, message: /maxNorm.*false/ });
});

test('max_norm rises the version by exactly 1 per call, also where nothing is rescaled or looked up', () => {
  const layer = new Embedding(4, 3, { maxNorm: 100 });
  const version = layer.weight._version;
  layer.forward([0, 0, 1]);
  layer.forward([]);
  layer.forward(2);
  assert.equal(layer.weight._version, version + 3);
});

test('max_norm works on a leaf that requires grad, and on a weight under noGrad', () => {
  const layer = new Embedding(2, 2, { weight: [[3, 4], [6, 8]], maxNorm: 1 });
  assert.equal(layer.forward([0]).gradFn, 'EmbeddingBackward0');
  noGrad(() => layer.forward([1]));
  assertClose(layer.weight.data, [0.6, 0.8, 0.6, 0.8].map(Math.fround));
});

test('the same row twice is rescaled once, and a row that nobody looks up stays', () => {
  const layer = Embedding.fromPretrained([[3, 4], [6, 8]], { maxNorm: -1 });
  const output = layer.forward([0, 0, 0]);
  assertClose(output.data, [-0.6, -0.8, -0.6, -0.8, -0.6, -0.8].map(Math.fround));
  assert.deepEqual(layer.weight.toArray()[1], [6, 8]);
});

test('forward refuses options that it does not know, and names the nearest', () => {
  const layer = new Embedding(3, 2);
  const out = zeros([1, 2]);
  assertRefused(() => layer.forward([0], { Out: out }), { type: TypeError, says: ["'Out'", "'out'"] });
  for (const options of [null, 3, 'out', []]) assert.throws(() => layer.forward([0], options), TypeError);
  assert.throws(() => layer.forward([0], out), TypeError, 'a Tensor in the place of the options');
});

test('forward without indices says what PyTorch says', () => {
  assert.throws(() => new Embedding(3, 2).forward(), { constructor: TypeError, message: /^Embedding\.forward\(\) missing 1 required positional argument: 'input'/ });
});

/* ---- out ---- */

test('out is written, returned, and its version rises by 1', () => {
  const layer = Embedding.fromPretrained(table(4, 2));
  const out = full([2, 2], 5);
  assert.equal(layer.forward([3, 1], { out }), out);
  assert.deepEqual(out.toArray(), [[30, 31], [10, 11]]);
  assert.equal(out._version, 1);
  assert.equal(layer.weight._version, 0);
});

test('out may be undefined', () => {
  assert.deepEqual(Embedding.fromPretrained(table(4, 2)).forward([3], { out: undefined }).toArray(), [[30, 31]]);
});

test('out of a wrong kind, dtype or shape is refused, and the text says what is expected', () => {
  const layer = Embedding.fromPretrained(table(4, 2), { maxNorm: 1 });
  const { weight } = layer;
  for (const [out, type, says] of [
    [new Float32Array(4), TypeError, ["'out'", 'Tensor']],
    [[[0, 0], [0, 0]], TypeError, ["'out'", 'Tensor']],
    [null, TypeError, ["'out'", 'Tensor']],
    ['x', TypeError, ["'out'", "'x'"]],
    [zeros([2, 2], { dtype: 'int32' }), Error, ['float32', 'int32']],
    [zeros([4]), Error, ['[2, 2]', '[4]']],
    [zeros([2, 3]), Error, ['[2, 2]', '[2, 3]']],
    [zeros([1, 2, 2]), Error, ['[2, 2]', '[1, 2, 2]']],
  ]) {
    assertRefused(() => layer.forward([3, 1], { out }), { type, says }, out instanceof Tensor ? [weight, out] : [weight], inspect(out));
  }
  const disposed = zeros([2, 2]);
  disposed.dispose();
  assertRefused(() => layer.forward([3, 1], { out: disposed }), { says: ['tensor was disposed'] }, [weight]);
});

test('out is refused while gradients are recorded, and accepted under noGrad', () => {
  const message = "functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.";
  const layer = new Embedding(3, 2, { maxNorm: 0.1 });
  const out = zeros([2, 2]);
  assertRefused(() => layer.forward([0, 1], { out }), { says: [message] }, [layer.weight, out]);
  assert.equal(noGrad(() => layer.forward([0, 1], { out })), out);
  const frozen = Embedding.fromPretrained(table(3, 2));
  const leaf = zeros([2, 2], { requiresGrad: true });
  assertRefused(() => frozen.forward([0, 1], { out: leaf }), { says: [message] }, [frozen.weight, leaf]);
  noGrad(() => frozen.forward([0, 1], { out: leaf }));
  assert.deepEqual(leaf.toArray(), [[0, 1], [10, 11]]);
});

test('out that shares memory with the weight or the indices is refused', () => {
  const weight = table(4, 2);
  const layer = Embedding.fromPretrained(weight, { maxNorm: 1 });
  for (const out of [weight, weight.detach(), weight.reshape([4, 2]), layer.weight]) {
    assertRefused(() => layer.forward([0, 1, 2, 3], { out }), { says: ['out', 'weight'] }, [weight]);
  }
  const out = zeros([4, 2]);
  const indices = new Int32Array(out.data.buffer, out.data.byteOffset, 4);
  assertRefused(() => layer.forward(indices, { out }), { says: ['out', 'indices'] }, [weight, out]);
  const behind = new Int32Array(out.data.buffer, out.data.byteOffset + 28, 4);
  assertRefused(() => layer.forward(behind, { out }), {}, [weight, out]);
  const others = [new BigInt64Array(out.data.buffer, out.data.byteOffset, 4), new Uint8Array(out.data.buffer, out.data.byteOffset, 4)];
  for (const view of others) {
    out.fill_(0);
    const seen = layer.forward(view).toArray();
    let result;
    try {
      result = layer.forward(view, { out }).toArray();
    } catch {
      continue; // refusing is right too
    }
    assert.deepEqual(result, seen, 'indices are read before out is written');
  }
});

/* ---- Gradients are recorded or not ---- */

test('a lookup is recorded if the weight requires grad and grad mode is on', () => {
  const layer = new Embedding(3, 2);
  const recorded = layer.forward([0]);
  assert.deepEqual([recorded.gradFn, recorded.requiresGrad, recorded.isLeaf], ['EmbeddingBackward0', true, false]);
  const free = noGrad(() => layer.forward([0]));
  assert.deepEqual([free.gradFn, free.requiresGrad, free.isLeaf], [null, false, true]);
  const frozen = new Embedding(3, 2, { freeze: true }).forward([0]);
  assert.deepEqual([frozen.gradFn, frozen.requiresGrad], [null, false]);
  layer.weight.requiresGrad = false;
  assert.equal(layer.forward([0]).gradFn, null);
  layer.weight.requiresGrad = true;
  assert.equal(layer.forward([0]).gradFn, 'EmbeddingBackward0');
  assert.equal(isGradEnabled(), true);
});

/* ---- weight, parameters, state ---- */

test('a Tensor assigned as the weight is shared, and becomes a parameter', () => {
  const layer = new Embedding(3, 2);
  const weight = table(5, 4);
  layer.weight = weight;
  assert.deepEqual(layer.forward([4]).toArray(), [[40, 41, 42, 43]]);
  weight.data[16] = -1;
  assert.equal(layer.forward(4).data[0], -1);
  assert.match(String(layer.weight), /^Parameter containing:\n/);
  assert.equal(layer.weight.requiresGrad, false);
  layer.weight = tensor([[1]], { requiresGrad: true });
  assert.equal(layer.weight.requiresGrad, true);
  const own = layer.weight;
  layer.weight = own;
  assert.equal(layer.weight, own);
  assert.equal(own.isDisposed, false);
});

test('an assigned weight frees the one before it, and lives without its own handle', () => {
  const before = memory();
  const layer = new Embedding(30, 2);
  const weight = table(3, 2);
  layer.weight = weight;
  weight.dispose();
  assert.equal(memory().tensors, before.tensors + 1);
  assert.deepEqual(layer.forward(1).toArray(), [10, 11]);
  layer.weight = layer.weight.detach();
  assert.deepEqual(layer.forward(1).toArray(), [10, 11]);
});

test('what is no live Tensor cannot be assigned as the weight', () => {
  const layer = Embedding.fromPretrained(table(3, 2));
  for (const [value, type] of [[[[1, 2]], 'list'], [new Float32Array(6), 'Float32Array'], [null, 'NoneType'], [3, 'int']]) {
    assertRefused(() => (layer.weight = value), { type: TypeError, says: [`cannot assign '${type}' as parameter 'weight'`] }, [layer.weight]);
  }
  const disposed = zeros([3, 2]);
  disposed.dispose();
  assertRefused(() => (layer.weight = disposed), { says: ['tensor was disposed'] }, [layer.weight]);
});

test('a weight that is not 2-D is refused at the next forward, as in PyTorch', () => {
  const layer = new Embedding(3, 2);
  layer.weight = zeros([6]);
  assert.throws(() => layer.forward([0]), { constructor: Error, message: /^'weight' must be 2-D.*\[6\]/ });
  layer.maxNorm = 1;
  assert.throws(() => layer.forward([0]), {
    constructor: Error,
    message: /^Expected 2-dimensional tensor, but got 1-dimensional tensor for argument #1 'self' \(while checking arguments for embedding_renorm_\)/,
  });
});

test('parameters() is the weight', () => {
  const layer = new Embedding(3, 2);
  assert.equal(layer.parameters().length, 1);
  assert.equal(layer.parameters()[0], layer.weight);
});

test('resetParameters draws what a new layer draws, and raises the version', () => {
  for (const paddingIdx of [null, 1]) {
    const layer = new Embedding(3, 2, { paddingIdx, weight: ones([3, 2]) });
    manualSeed(9);
    layer.resetParameters();
    assert.equal(layer.weight._version, paddingIdx === null ? 1 : 2);
    manualSeed(9);
    assertSameBits(new Embedding(3, 2, { paddingIdx }).weight.data, layer.weight.data);
  }
});

test('resetParameters that is refused draws nothing', () => {
  const layer = new Embedding(3, 2);
  layer.paddingIdx = 7;
  assertRefused(() => layer.resetParameters(), { type: RangeError, says: ['7'] }, [layer.weight]);
});

test('stateDict gives a handle on the table itself, which outlives the layer', () => {
  const layer = new Embedding(3, 2, { weight: table(3, 2) });
  const dict = layer.stateDict();
  assert.deepEqual(Object.keys(dict), ['weight']);
  assert.equal(dict.weight.requiresGrad, false);
  assert.ok(!String(dict.weight).startsWith('Parameter'));
  noGrad(() => layer.weight.row(0).set([8, 9]));
  layer.dispose();
  assert.deepEqual(dict.weight.toArray(), [[8, 9], [10, 11], [20, 21]]);
  dict.weight.dispose();
  assert.throws(() => dict.weight.data, /tensor was disposed/);
});

test('loadStateDict copies into the same storage, raises the version by 1, and overwrites the padding row', () => {
  const layer = new Embedding(3, 2, { paddingIdx: 0 });
  const shared = layer.weight.detach();
  const version = shared._version;
  const saved = table(3, 2);
  saved.row(0).set([5, 5]);
  const keys = layer.loadStateDict({ weight: saved });
  assert.deepEqual(keys, { missingKeys: [], unexpectedKeys: [] });
  assert.deepEqual(shared.toArray(), [[5, 5], [10, 11], [20, 21]]);
  assert.equal(shared._version, version + 1);
  assert.equal(layer.weight.requiresGrad, true);
  saved.data[0] = 77;
  assert.equal(layer.weight.data[0], 5);
  layer.loadStateDict({ weight: tensor(Int32Array.of(1, 2, 3, 4, 5, 6), { shape: [3, 2] }) });
  assert.deepEqual(layer.weight.toArray(), [[1, 2], [3, 4], [5, 6]]);
  assert.equal(layer.weight.dtype, 'float32');
  layer.loadStateDict(layer.stateDict());
  assert.deepEqual(layer.weight.toArray(), [[1, 2], [3, 4], [5, 6]]);
});

test('loadStateDict that is refused says everything that does not fit, and copies nothing', () => {
  const layer = new Embedding(3, 2);
  const header = 'Error(s) in loading state_dict for Embedding:';
  const fits = table(3, 2);
  const size = '\n\tsize mismatch for weight: copying a param with shape torch.Size([4, 2]) from checkpoint, the shape in current model is torch.Size([3, 2]).';
  const missing = '\n\tMissing key(s) in state_dict: "weight". ';
  const received = (type) =>
    `\n\tWhile copying the parameter named "weight", expected torch.Tensor or Tensor-like object from checkpoint but received <class '${type}'>`;
  for (const [dict, text] of [
    [{ weight: zeros([4, 2]) }, header + size],
    [{}, header + missing],
    [{ weight: fits, foo: fits }, `${header}\n\tUnexpected key(s) in state_dict: "foo". `],
    [{ foo: fits }, `${header}${missing}\n\tUnexpected key(s) in state_dict: "foo". `],
    [{ weight: fits, foo: fits, bar: 1 }, `${header}\n\tUnexpected key(s) in state_dict: "foo", "bar". `],
    [{ weight: zeros([4, 2]), foo: fits }, `${header}\n\tUnexpected key(s) in state_dict: "foo". ${size}`],
    [{ weight: [1, 2] }, header + received('list')],
    [{ weight: null }, header + received('NoneType')],
    [{ weight: undefined }, header + received('undefined')],
  ]) {
    assertRefused(() => layer.loadStateDict(dict), { says: [text] }, [layer.weight, fits], text);
  }
  for (const [dict, type] of [[[1], 'list'], [null, 'NoneType'], ['x', 'str'], [3, 'int'], [fits, 'Tensor'], [undefined, 'undefined']]) {
    assertRefused(() => layer.loadStateDict(dict), { type: TypeError, says: [`Expected state_dict to be dict-like, got <class '${type}'>.`] }, [layer.weight]);
  }
  const disposed = zeros([3, 2]);
  disposed.dispose();
  assertRefused(() => layer.loadStateDict({ weight: disposed }), { says: ['tensor was disposed'] }, [layer.weight]);
});

test('a dispose of the layer releases its weight, once', () => {
  const before = memory();
  const layer = new Embedding(3, 2);
  layer.dispose();
  layer.dispose();
  assert.deepEqual(memory(), before);
  for (const use of [() => layer.forward([0]), () => layer.resetParameters(), () => layer.stateDict(), () => layer.loadStateDict({ weight: zeros([3, 2]) }), () => layer.weight.data]) {
    assert.throws(use, { constructor: Error, message: /^tensor was disposed/ });
  }
  assert.equal(String(layer), 'Embedding(3, 2)');
  const weight = table(3, 2);
  const sharing = new Embedding(3, 2, { weight });
  sharing.dispose();
  assert.deepEqual(weight.toArray()[1], [10, 11], 'a shared storage lives with its last holder');
});

test('a layer can be made with using', () => {
  if (!Symbol.dispose) return;
  const before = memory();
  new Embedding(3, 2)[Symbol.dispose]();
  assert.deepEqual(memory(), before);
});

/* ---- Printing ---- */

test('a layer prints as Python prints it', () => {
  for (const [layer, text] of [
    [new Embedding(10, 3), 'Embedding(10, 3)'],
    [new Embedding(10, 3, { paddingIdx: 0 }), 'Embedding(10, 3, padding_idx=0)'],
    [new Embedding(10, 3, { paddingIdx: -1, maxNorm: 1 }), 'Embedding(10, 3, padding_idx=9, max_norm=1.0)'],
    [new Embedding(2, 3, { paddingIdx: 1, maxNorm: 2.5, normType: 0.5, scaleGradByFreq: true, sparse: true }), 'Embedding(2, 3, padding_idx=1, max_norm=2.5, norm_type=0.5, scale_grad_by_freq=True, sparse=True)'],
    [new Embedding(2, 3, { maxNorm: true }), 'Embedding(2, 3, max_norm=True)'],
    [new Embedding(2, 3, { maxNorm: NaN, normType: Infinity }), 'Embedding(2, 3, max_norm=nan, norm_type=inf)'],
    [new Embedding(2, 3, { maxNorm: -Infinity, normType: 2 }), 'Embedding(2, 3, max_norm=-inf)'],
    [new Embedding(2, 3, { maxNorm: 1e-5, normType: -0.25 }), 'Embedding(2, 3, max_norm=1e-05, norm_type=-0.25)'],
    [new Embedding(2, 3, { maxNorm: 0.1, normType: 1 }), 'Embedding(2, 3, max_norm=0.1, norm_type=1.0)'],
    [new Embedding(2, 3, { weight: zeros([2, 3]), freeze: true }), 'Embedding(2, 3)'],
    [new Embedding(0, 0), 'Embedding(0, 0)'],
  ]) {
    assert.equal(String(layer), text);
    assert.equal(inspect(layer), text);
  }
});

/* ---- A model in plain JavaScript ---- */

/** A small generator of its own, so that a failure can be repeated: mulberry32 (Ettinger 2017). */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The norm of a row in double precision. */
function normOf(row, p) {
  const sizes = Array.from(row, Math.abs);
  if (sizes.length === 0) return 0;
  if (p === Infinity) return Math.max(...sizes);
  if (p === -Infinity) return Math.min(...sizes);
  if (p === 0) return sizes.filter((size) => size !== 0).length;
  return sizes.reduce((sum, size) => sum + size ** p, 0) ** (1 / p);
}

test('random layers agree with a model of lookup and max_norm in plain JavaScript', () => {
  const random = generator(20240607);
  const below = (n) => Math.floor(random() * n);
  for (let round = 0; round < 400; round++) {
    const [rows, columns] = [1 + below(30), below(71)];
    const weight = Float32Array.from({ length: rows * columns }, () => (random() < 0.05 ? 0 : (random() - 0.5) * 10 ** (below(4) - 1)));
    const shape = Array.from({ length: below(4) }, () => below(5));
    const size = shape.reduce((product, length) => product * length, 1);
    const indices = Int32Array.from({ length: size }, () => below(rows));
    const normType = [2, 2, 1, 3, 0.5, 0, Infinity, -Infinity, 1.7, -1][below(10)];
    const model = Array.from({ length: rows }, (_, r) => weight.slice(r * columns, (r + 1) * columns));
    const norms = model.map((row) => normOf(row, normType));
    let maxNorm = random() < 0.3 ? null : [0, -1, Infinity, ...Array(5).fill((norms[below(rows)] || 1) * (0.5 + random()))][below(8)];
    while (maxNorm > 0 && maxNorm < Infinity && norms.some((norm) => Math.abs(norm - maxNorm) <= 1e-4 * Math.abs(maxNorm))) maxNorm *= 1.001;
    const rescaled = maxNorm === null ? [] : [...new Set(indices)].filter((row) => norms[row] > maxNorm);
    for (const row of rescaled) model[row] = model[row].map((value) => value * (maxNorm / (norms[row] + 1e-7)));

    tidy(() => {
      const layer = new Embedding(rows, columns, { weight, maxNorm, normType, paddingIdx: below(3) ? null : below(rows) });
      const kinds = [tensor(indices, { shape }), ...(shape.length === 1 ? [indices, Array.from(indices)] : shape.includes(0) ? [] : [nest(indices, shape)])];
      const output = layer.forward(kinds[below(kinds.length)]);
      const message = `round ${round}: ${rows} x ${columns}, indices ${indices}, maxNorm ${maxNorm}, normType ${normType}`;
      assert.deepEqual(output.shape, [...shape, columns], message);
      for (let row = 0; row < rows; row++) {
        const actual = layer.weight.row(row);
        if (rescaled.includes(row)) assertClose(actual, model[row], `${message}: row ${row}`);
        else assertSameBits(actual, weight.slice(row * columns, (row + 1) * columns), `${message}: row ${row}`);
      }
      indices.forEach((row, n) => assertSameBits(output.data.slice(n * columns, (n + 1) * columns), layer.weight.row(row), message));
      layer.dispose();
    });
  }
});

test('wide and long tables agree with plain JavaScript at every width around a vector', () => {
  const weight = randn([300, 300]);
  for (const columns of [...Array(70).keys(), 127, 128, 129, 255, 256, 257, 300]) {
    tidy(() => {
      const rows = columns === 0 ? 9 : Math.floor(90000 / columns);
      const part = weight.reshape(-1).data.slice(0, rows * columns);
      const layer = Embedding.fromPretrained(part, { shape: [rows, columns] });
      const indices = Int32Array.from({ length: 77 }, (_, n) => (n * 7919) % rows);
      const output = layer.forward(indices).data;
      const expected = new Float32Array(77 * columns);
      indices.forEach((row, n) => expected.set(part.subarray(row * columns, (row + 1) * columns), n * columns));
      assertSameBits(output, expected, `${columns} columns`);
      layer.dispose();
    });
  }
});

test('many indices find their rows, whatever way they come in', () => {
  const layer = Embedding.fromPretrained(arange(1000).to('float32').reshape([1000, 1]));
  const indices = Int32Array.from({ length: 50000 }, (_, n) => (n * 31) % 1000);
  const kinds = [indices, Array.from(indices), BigInt64Array.from(Array.from(indices, BigInt)), Uint16Array.from(indices), tensor(indices), [indices, indices], [tensor(indices)]];
  for (const kind of kinds) {
    tidy(() => {
      const { data } = layer.forward(kind);
      for (let n = 0; n < data.length; n++) if (data[n] !== indices[n % 50000]) assert.fail(`element ${n}`);
    });
  }
});
