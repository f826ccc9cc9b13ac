/**
 * EmbeddingBag: the layer, its bags and offsets, what it refuses, and what it may share memory with. PyTorch's numbers are in
 * gradients.test.js, its tests in upstream.test.js.
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import { EmbeddingBag, Tensor, functional, manualSeed, noGrad, ones, optim, randn, tensor, zeros } from 'nn-embedding';
import { hex } from './golden.js';
import { assertUnchanged } from './training-support.js';

const { embeddingBag } = functional;
const int32 = (values, shape = [values.length]) => tensor(Int32Array.from(values), { shape });
const TABLE = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]];
const MODES = ['sum', 'mean', 'max'];
const layerOf = (mode, options) => EmbeddingBag.fromPretrained(TABLE, { mode, ...options });

/* ---- The layer ---- */

test('a new layer has the attributes of its options, and PyTorch’s defaults', () => {
  const bag = new EmbeddingBag(4, 3);
  const { numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse, mode, includeLastOffset } = bag;
  assert.deepEqual({ numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse, mode, includeLastOffset }, {
    numEmbeddings: 4, embeddingDim: 3, paddingIdx: null, maxNorm: null, normType: 2, scaleGradByFreq: false, sparse: false, mode: 'mean', includeLastOffset: false,
  }); // prettier-ignore
  assert.equal(bag.weight.requiresGrad, true);
  assert.deepEqual(bag.parameters(), [bag.weight]);
  const all = new EmbeddingBag(4, 3, { paddingIdx: -1, maxNorm: 2, normType: 1, scaleGradByFreq: true, sparse: true, mode: 'sum', includeLastOffset: true, freeze: true });
  assert.deepEqual([all.paddingIdx, all.maxNorm, all.normType, all.scaleGradByFreq, all.sparse, all.mode, all.includeLastOffset, all.weight.requiresGrad], [3, 2, 1, true, true, 'sum', true, false]);
});

test('a new layer draws PyTorch’s numbers, the same as Embedding, and zeroes its padding row', () => {
  manualSeed(5);
  const bag = new EmbeddingBag(6, 4, { paddingIdx: 2 });
  manualSeed(5);
  const drawn = randn([6, 4]);
  const expected = drawn.toArray();
  expected[2] = [0, 0, 0, 0];
  assert.deepEqual(bag.weight.toArray(), expected);
});

test('the layer has every member of Embedding', () => {
  const bag = new EmbeddingBag(3, 2, { weight: [[1, 2], [3, 4], [5, 6]] });
  const dict = bag.stateDict();
  assert.deepEqual(dict.weight.toArray(), [[1, 2], [3, 4], [5, 6]]);
  const other = new EmbeddingBag(3, 2);
  assert.deepEqual(other.loadStateDict(dict), { missingKeys: [], unexpectedKeys: [] });
  assert.deepEqual(other.weight.toArray(), bag.weight.toArray());
  other.resetParameters();
  assert.notDeepEqual(other.weight.toArray(), bag.weight.toArray());
  assert.equal(inspect(bag), String(bag));
  bag.dispose();
  assert.throws(() => bag.forward([[0]]), /disposed/);
});

test('a weight given as a Tensor is shared, other data is copied, and fromPretrained freezes', () => {
  const weight = tensor(TABLE);
  const shared = new EmbeddingBag(5, 2, { weight });
  weight.row(0).set([100, 200]);
  assert.deepEqual(shared.weight.toArray()[0], [100, 200]);
  const flat = Float32Array.from(TABLE.flat());
  const copied = EmbeddingBag.fromPretrained(flat, { shape: [5, 2], freeze: false });
  flat[0] = 50;
  assert.deepEqual(copied.weight.toArray()[0], [1, 2]);
  assert.equal(copied.weight.requiresGrad, true);
  assert.equal(EmbeddingBag.fromPretrained(TABLE).weight.requiresGrad, false);
});

test('the layer prints as in PyTorch', () => {
  assert.equal(String(new EmbeddingBag(10, 3)), "EmbeddingBag(10, 3, mode='mean')");
  assert.equal(String(new EmbeddingBag(10, 3, { maxNorm: 1, normType: 1, scaleGradByFreq: true, mode: 'sum', paddingIdx: -1, sparse: true })), "EmbeddingBag(10, 3, max_norm=1.0, norm_type=1.0, scale_grad_by_freq=True, mode='sum', padding_idx=9)");
});

test('attributes assigned after construction are honoured by the next forward', () => {
  const bag = layerOf('sum');
  bag.mode = 'max';
  assert.deepEqual(bag.forward([[1, 0]]).toArray(), [[3, 4]]);
  bag.paddingIdx = 1;
  assert.deepEqual(bag.forward([[1, 0]]).toArray(), [[1, 2]]);
  bag.includeLastOffset = true;
  assert.deepEqual(bag.forward([1, 0], { offsets: [0, 2] }).shape, [1, 2]);
  bag.mode = 'median';
  assert.throws(() => bag.forward([[1]]), /^Error: mode has to be one of sum, mean or max/);
});

test('the result is recorded as EmbeddingBagBackward0 if the weight or the sample weights require a gradient', () => {
  for (const freeze of [false, true]) {
    const bag = new EmbeddingBag(3, 2, { mode: 'sum', freeze });
    assert.equal(bag.forward([[1]]).gradFn, freeze ? null : 'EmbeddingBagBackward0');
    assert.equal(bag.forward([[1]], { perSampleWeights: ones([1, 1], { requiresGrad: true }) }).gradFn, 'EmbeddingBagBackward0');
    assert.equal(noGrad(() => bag.forward([[1]])).gradFn, null);
  }
});

/* ---- Bags ---- */

test('indices, offsets and sample weights come in every kind, with the same result', () => {
  const expected = [[10, 14], [700, 800]];
  const kinds = [(v) => v, (v) => Int32Array.from(v), (v) => BigInt64Array.from(v, BigInt), (v) => BigUint64Array.from(v, BigInt), (v) => Uint8Array.from(v), (v) => Int16Array.from(v), (v) => Uint32Array.from(v), (v) => int32(v), (v) => int32(v).data, (v) => v.map(BigInt)];
  for (const a of kinds) {
    for (const b of kinds) {
      for (const weights of [[1, 3, 100], Float32Array.of(1, 3, 100), Float64Array.of(1, 3, 100), tensor([1, 3, 100]), tensor([1, 3, 100]).data]) {
        assert.deepEqual(layerOf('sum').forward(a([0, 1, 3]), { offsets: b([0, 2]), perSampleWeights: weights }).toArray(), expected);
      }
    }
  }
});

test('empty bags are zeros in every mode: first, last, in the middle, all', () => {
  for (const mode of MODES) {
    for (const freeze of [true, false]) {
      const bag = layerOf(mode, { freeze });
      const output = bag.forward([4, 3], { offsets: [0, 0, 1, 1, 2, 2] });
      assert.deepEqual(output.toArray(), [[0, 0], [9, 10], [0, 0], [7, 8], [0, 0], [0, 0]], mode);
      assert.deepEqual(bag.forward([], { offsets: [0, 0] }).toArray(), [[0, 0], [0, 0]]);
      assert.deepEqual(bag.forward([], { offsets: [] }).shape, [0, 2]);
      assert.deepEqual(bag.forward([], { offsets: [0, 0] }).data.map((x) => Object.is(x, 0)), Float32Array.of(1, 1, 1, 1));
    }
  }
});

test('zero bags over indices give no rows, and a gradient of zeros', () => {
  for (const mode of MODES) {
    const bag = layerOf(mode, { freeze: false });
    const output = bag.forward([1, 2], { offsets: [] });
    assert.deepEqual(output.shape, [0, 2], mode);
    output.sum().backward();
    assert.deepEqual(bag.weight.grad.toArray(), Array(5).fill([0, 0]), mode);
  }
});

test('(B, 0) indices are B empty bags, (0, N) are none, in every mode, forward and backward', () => {
  for (const mode of MODES) {
    for (const sparse of mode === 'max' ? [false] : [false, true]) {
      const bag = layerOf(mode, { freeze: false, sparse });
      for (const [indices, bags] of [[[[], [], []], 3], [int32([], [2, 0]), 2], [int32([], [0, 0]), 0], [int32([], [0, 4]), 0]]) {
        const output = bag.forward(indices);
        assert.deepEqual(output.toArray(), Array(bags).fill([0, 0]), mode);
        assert.deepEqual(output.shape, [bags, 2]);
        bag.weight.grad = null;
        output.sum().backward();
        const { grad } = bag.weight;
        assert.equal(grad.isSparse, sparse);
        assert.ok((sparse ? grad.toDense() : grad).data.every((x) => x === 0));
      }
    }
  }
});

test('tables without rows or without columns have bags', () => {
  for (const mode of MODES) {
    const none = new EmbeddingBag(0, 3, { mode });
    const zero = none.forward([], { offsets: [0, 0] });
    assert.deepEqual(zero.toArray(), [[0, 0, 0], [0, 0, 0]]);
    zero.sum().backward();
    assert.deepEqual(none.weight.grad.shape, [0, 3]);
    assert.throws(() => none.forward([[0]]), { constructor: RangeError, message: 'index out of range in self: index 0 at position [0, 0], valid range [0, 0)' });
    const narrow = new EmbeddingBag(3, 0, { mode });
    const empty = narrow.forward([[0, 2]]);
    assert.deepEqual(empty.shape, [1, 0]);
    empty.sum().backward();
    assert.deepEqual(narrow.weight.grad.shape, [3, 0]);
    assert.throws(() => narrow.forward([[3]]), RangeError);
  }
});

test('includeLastOffset is ignored for 2-D indices, and leaves no bags where offsets are [0] and nothing is looked up', () => {
  for (const mode of MODES) {
    const bag = layerOf(mode, { includeLastOffset: true, freeze: false });
    assert.deepEqual(bag.forward([[1, 0], [2, 2]]).shape, [2, 2]);
    const output = bag.forward([], { offsets: [0] });
    assert.deepEqual(output.shape, [0, 2]);
    output.sum().backward();
    assert.deepEqual(bag.weight.grad.toArray(), Array(5).fill([0, 0]));
  }
});

test('max keeps the first of a tie, a NaN that comes first, and passes over one that comes later', () => {
  const weight = tensor([[NaN, 1], [2, 1], [5, -0], [5, 0], [-Infinity, NaN]], { requiresGrad: true });
  const first = embeddingBag([[0, 1, 2]], weight, { mode: 'max' });
  assert.deepEqual([...first.data], [NaN, 1]);
  assert.deepEqual([...embeddingBag([[1, 0, 2]], weight, { mode: 'max' }).data], [5, 1]);
  const signed = embeddingBag([[2, 3], [3, 2]], weight, { mode: 'max' });
  assert.ok(Object.is(signed.data[1], -0) && Object.is(signed.data[3], 0), 'signed zeros are a tie');
  signed.backward([[1, 2], [4, 8]]);
  assert.deepEqual(weight.grad.toArray(), [[0, 0], [0, 0], [1, 2], [4, 8], [0, 0]], 'the gradient of a tie goes to the first');
  weight.grad = null;
  embeddingBag([[1, 1, 1]], weight, { mode: 'max' }).backward([[1, 1]]);
  assert.deepEqual(weight.grad.toArray()[1], [1, 1], 'once, however often the index is there');
  assert.deepEqual([...embeddingBag([[4]], weight, { mode: 'max' }).data], [-Infinity, NaN]);
});

test('sums and means let NaN and infinity through, and sample weights multiply them', () => {
  const weight = tensor([[NaN, 1], [Infinity, 2], [-Infinity, 3]]);
  assert.deepEqual([...embeddingBag([[1, 2], [0, 1]], weight, { mode: 'sum' }).data], [NaN, 5, NaN, 3]);
  assert.deepEqual([...embeddingBag([[1, 1]], weight, { mode: 'mean' }).data], [Infinity, 2]);
  assert.deepEqual([...embeddingBag([[1, 2]], weight, { mode: 'sum', perSampleWeights: [[0, 1]] }).data], [NaN, 3]);
  assert.deepEqual([...embeddingBag([[0, 1]], weight, { mode: 'sum', paddingIdx: 0 }).data], [Infinity, 2], 'padding is left out, whatever it holds');
  assert.deepEqual([...embeddingBag([[0, 1]], weight, { mode: 'sum', paddingIdx: 0, perSampleWeights: [[NaN, 1]] }).data], [Infinity, 2], 'with its weight');
});

test('long bags are summed in order of position, in float32', () => {
  const weight = tensor([[1e8], [1], [-1e8]]);
  assert.deepEqual(embeddingBag([[0, 1, 2, 1]], weight, { mode: 'sum' }).toArray(), [[1]]);
  assert.deepEqual(embeddingBag([new Array(4096).fill(1)], weight, { mode: 'sum' }).toArray(), [[4096]]);
});

/* ---- Gradients ---- */

/** The gradient with scaleGradByFreq in double precision: each addend by 1 / how often its index occurs in the whole input. */
test('scaleGradByFreq divides by the count in the whole input, where PyTorch’s CPU kernel takes another index’s count', () => {
  for (const sparse of [false, true]) {
    for (const [indices, expected] of [[[1, 1, 3], [0, 1, 0, 1]], [[0, 1, 1, 3, 3, 3], [1, 1, 0, 1]], [[3, 0, 3, 2, 3], [1, 0, 1, 1]]]) {
      const bag = new EmbeddingBag(4, 1, { mode: 'sum', scaleGradByFreq: true, sparse });
      bag.forward(indices, { offsets: [0] }).sum().backward();
      const { grad } = bag.weight;
      assert.deepEqual((sparse ? grad.toDense() : grad).toArray().map(([x]) => Math.round(x * 1e6) / 1e6), expected);
    }
    const weighted = new EmbeddingBag(3, 1, { mode: 'sum', scaleGradByFreq: true, sparse });
    weighted.forward([1, 1, 2], { offsets: [0, 1], perSampleWeights: [4, 6, 10] }).backward([[1], [2]]);
    const { grad } = weighted.weight;
    assert.deepEqual((sparse ? grad.toDense() : grad).toArray(), [[0], [4 / 2 + 12 / 2], [20]]);
  }
});

test('the sample weights get a gradient with a frozen table, with padding, and with a sparse table', () => {
  for (const [options, expected] of [[{}, [53, 25, 25, 53, 143, 23]], [{ paddingIdx: 1 }, [53, 0, 0, 0, 143, 23]], [{ sparse: true, paddingIdx: 1, freeze: false }, [53, 0, 0, 0, 143, 23]]]) {
    const bag = layerOf('sum', options);
    const perSampleWeights = tensor([1, 2, 3, 4, 5, 6], { requiresGrad: true });
    bag.forward([3, 1, 1, 1, 4, 0], { offsets: [0, 0, 3, 3, 6], perSampleWeights }).backward([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]);
    assert.deepEqual(perSampleWeights.grad.toArray(), expected);
  }
});

test('sample weights that are computed pass their gradient on, and those that are the table itself get both', () => {
  const x = tensor([[1, 2]], { requiresGrad: true });
  const bag = layerOf('sum');
  bag.forward([[0, 1]], { perSampleWeights: x.mul(3) }).sum().backward();
  assert.deepEqual(x.grad.toArray(), [[3 * 3, 3 * 7]]);
  const w = tensor([[1, 2], [3, 4]], { requiresGrad: true });
  embeddingBag([[0, 1], [1, 1]], w, { mode: 'sum', perSampleWeights: w }).sum().backward();
  assert.deepEqual(w.grad.toArray(), [[3 + 1, 7 + 1], [7 + 2 + 3 + 4, 7 + 2 + 3 + 4]]);
});

test('max_norm rescales every row that is looked up, padding too, before it is reduced; gradients ignore it', () => {
  for (const mode of MODES) {
    const weight = tensor([[3, 4], [6, 8], [0.5, 0], [30, 40]], { requiresGrad: true });
    const version = weight._version;
    const output = embeddingBag([[0, 1, 2]], weight, { mode, maxNorm: 1, paddingIdx: 1 });
    assert.deepEqual(weight.toArray().map((row) => row.map((x) => Math.round(x * 1e4) / 1e4)), [[0.6, 0.8], [0.6, 0.8], [0.5, 0], [30, 40]]);
    assert.equal(weight._version, version + 1);
    output.sum().backward();
    const sums = { sum: [[1, 1], [0, 0], [1, 1], [0, 0]], mean: [[0.5, 0.5], [0, 0], [0.5, 0.5], [0, 0]], max: [[1, 1], [0, 0], [0, 0], [0, 0]] };
    assert.deepEqual(weight.grad.toArray(), sums[mode]);
  }
});

test('indices, offsets and sample weights are kept for backward as they were, or their change is found', () => {
  const bag = layerOf('sum', { freeze: false });
  const [indices, offsets] = [Int32Array.of(1, 2), Int32Array.of(0, 1)];
  const output = bag.forward(indices, { offsets });
  indices.fill(0);
  offsets.fill(0);
  output.backward([[1, 2], [3, 4]]);
  assert.deepEqual(bag.weight.grad.toArray(), [[0, 0], [1, 2], [3, 4], [0, 0], [0, 0]]);
  for (const change of ['indices', 'offsets', 'perSampleWeights']) {
    const given = { indices: int32([1, 2]), offsets: int32([0, 1]), perSampleWeights: tensor([1, 1]) };
    const { indices: places, ...options } = given;
    const sum = bag.forward(places, options).sum();
    given[change].fill_(0);
    assert.throws(() => sum.backward(), /modified by an inplace operation/, change);
  }
});

/* ---- What is refused ---- */

test('offsets are checked whole, and the text names the offset, its position and what is valid', () => {
  const weight = tensor([[3, 4], [6, 8], [1, 1]]);
  const problems = [];
  for (const [offsets, includeLastOffset, says] of [
    [[1, 2], false, [/^offsets\[0\] has to be 0/, 'got 1']],
    [[-1, 2], false, ['offsets[0]', '-1']],
    [[0, 3, 2], false, ['offsets[2]', '2', '[2]']],
    [[0, 4, 2, 4], false, ['offsets[2]', '2']],
    [[0, 3, 2, 4, 4, 4, 4, 4], false, ['offsets[2] is 2 after 3']],
    [[0, 2, -1, 3], false, ['offsets[2]', '-1']],
    [[0, 5], false, ["offsets[-1] can not be greater than input's length 4 but got offsets[-1] of 5"]],
    [[0, 9, 2], false, ['offsets[1]', '9']],
    [[0, 2, 3], true, ['offsets[2]', '3', '4']],
    [[0], true, ['offsets[0]', '0', '4']],
    [[0, 2, 5], true, ["offsets[-1] can not be greater than input's length 4 but got offsets[-1] of 5"]],
    [[], true, [/^include_last_offset: number of offset should be at least 1/]],
    [[0, 2 ** 31], false, ['2147483648', 'offsets[-1]']],
    [[0, 2 ** 32 + 1], false, ['4294967297', 'offsets[-1]']],
    [[0, -(2 ** 40)], false, ['-1099511627776', 'offsets[1]']],
  ]) {
    for (const mode of MODES) {
      for (const kind of [(v) => v, (v) => BigInt64Array.from(v, BigInt), (v) => v.map(BigInt), ...(offsets.every((o) => Math.abs(o) < 2 ** 31) ? [(v) => int32(v), (v) => Int32Array.from(v)] : [])]) {
        const given = kind(offsets);
        const message = `${offsets} ${mode} ${includeLastOffset} ${inspect(given).slice(0, 30)}`;
        try {
          assertUnchanged(() => embeddingBag([0, 1, 2, 0], weight, { offsets: given, mode, includeLastOffset, maxNorm: 1 }), { type: Error, says }, [weight, given], message);
        } catch (error) {
          problems.push(error.message);
        }
      }
    }
  }
  assert.equal(problems.length, 0, problems.join('\n'));
});

test('an index out of range is named with its position, before max_norm or out is written', () => {
  const weight = tensor([[3, 4], [6, 8], [1, 1]]);
  const out = zeros([2, 2]);
  for (const mode of MODES) {
    for (const [indices, offsets, index, position] of [[[0, 1, 3], [0, 1], 3, '2'], [[0, -1, 2], [0, 1], -1, '1'], [[[0, 1], [1, 7]], undefined, 7, '1, 1'], [[[0, 1], [1, 2 ** 53]], undefined, 2 ** 53, '1, 1'], [[0n, 2n ** 40n], [0, 1], 2n ** 40n, '1']]) {
      const says = [`index out of range in self: index ${index} at position [${position}], valid range [0, 3)`];
      assertUnchanged(() => embeddingBag(indices, weight, { offsets, mode, maxNorm: 1, out }), { type: RangeError, says }, [weight, out], mode);
      assertUnchanged(() => embeddingBag(indices, weight, { offsets, mode, maxNorm: 1, paddingIdx: 0 }), { type: RangeError, says }, [weight], mode);
    }
  }
});

/* ---- out ---- */

test('out is written, returned, and its version rises by 1', () => {
  for (const mode of MODES) {
    const bag = layerOf(mode);
    const out = ones([2, 2]);
    const version = out._version;
    assert.equal(bag.forward([[0, 1], [2, 3]], { out }), out);
    assert.deepEqual(out.toArray(), bag.forward([[0, 1], [2, 3]]).toArray());
    assert.equal(out._version, version + 1);
    assert.equal(bag.forward([], { offsets: [0, 0], out }), out);
    assert.deepEqual(out.toArray(), [[0, 0], [0, 0]], 'empty bags are written too');
  }
});

test('out is refused while gradients of the table or of the sample weights are recorded, or where it requires one itself', () => {
  const says = ["functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad."];
  const out = zeros([1, 2]);
  const bag = layerOf('sum', { freeze: false });
  assertUnchanged(() => bag.forward([[0]], { out }), { type: Error, says }, [bag, out], 'the table');
  const frozen = layerOf('sum');
  const perSampleWeights = ones([1, 1], { requiresGrad: true });
  assertUnchanged(() => frozen.forward([[0]], { perSampleWeights, out }), { type: Error, says }, [frozen, out, perSampleWeights], 'the sample weights');
  const own = zeros([1, 2], { requiresGrad: true });
  assertUnchanged(() => frozen.forward([[0]], { out: own }), { type: Error, says }, [frozen, own], 'out itself');
  noGrad(() => {
    assert.deepEqual(bag.forward([[1]], { out }).toArray(), [[3, 4]]);
    assert.deepEqual(frozen.forward([[1]], { perSampleWeights: tensor([[2]]), out }).toArray(), [[6, 8]]);
  });
});

test('out of another shape or dtype is refused, and the text says what is expected', () => {
  const bag = layerOf('sum');
  for (const [out, says] of [[zeros([2, 2]), ['[1, 2]', '[2, 2]']], [zeros([2]), ['[1, 2]', '[2]']], [zeros([1, 2], { dtype: 'int32' }), ['float32', 'int32']]]) {
    assertUnchanged(() => bag.forward([[0]], { out }), { type: Error, says }, [bag, out]);
  }
});

test('out that shares memory with the table, the indices, the offsets or the sample weights is refused, or the result is right', () => {
  const cases = {
    'the table itself': () => { const weight = tensor([[1, 2], [3, 4]]); return { weight, out: weight, indices: [[1, 0], [1, 1]] }; },
    'a view of the table': () => { const weight = tensor([[1, 2], [3, 4]]); return { weight, out: weight.reshape([2, 2]), indices: [[1, 0], [1, 1]] }; },
    'the indices': () => { const weight = tensor([[1, 2], [3, 4]]); const out = zeros([2, 2]); const indices = new Int32Array(out.data.buffer, out.data.byteOffset, 4); indices.set([1, 0, 1, 1]); return { weight, out, indices, options: { offsets: [0, 2] } }; },
    'the offsets': () => { const weight = tensor([[1, 2], [3, 4]]); const out = zeros([3, 2]); const offsets = new Int32Array(out.data.buffer, out.data.byteOffset + 4, 3); offsets.set([0, 2, 3]); return { weight, out, indices: [1, 0, 1, 0], options: { offsets } }; },
    'the offsets as a tensor': () => { const weight = tensor([[1, 2], [3, 4]]); const out = zeros([2, 2]); const offsets = new Int32Array(out.data.buffer, out.data.byteOffset, 2); offsets.set([0, 2]); return { weight, out, indices: [1, 0, 1], options: { offsets } }; },
    'the sample weights': () => { const weight = tensor([[1, 2], [3, 4]]); const out = tensor([[1, 2], [3, 4]]); return { weight, out, indices: [[1, 0], [1, 1]], options: { perSampleWeights: out } }; },
    'a view of the sample weights': () => { const weight = tensor([[1, 2], [3, 4]]); const samples = tensor([1, 2, 3, 4]); return { weight, out: samples.reshape([2, 2]), indices: [1, 0, 1, 1], options: { offsets: [0, 2], perSampleWeights: samples } }; },
    'data of the sample weights': () => { const weight = tensor([[1, 2], [3, 4]]); const samples = tensor([1, 2, 3, 4]); return { weight, out: samples.reshape([2, 2]), indices: [1, 0, 1, 1], options: { offsets: [0, 2], perSampleWeights: samples.data } }; },
  }; // prettier-ignore
  const problems = [];
  for (const [name, make] of Object.entries(cases)) {
    const expected = (({ weight, indices, options }) => embeddingBag(indices, weight, { mode: 'sum', ...options }))(make());
    const { weight, out, indices, options } = make();
    const before = [hex(weight.data), hex(out.data), out._version];
    try {
      embeddingBag(indices, weight, { mode: 'sum', ...options, out });
      if (hex(out.data) !== hex(expected.data)) problems.push(`${name}: gave ${out.toArray().join(' ')} for ${expected.toArray().join(' ')}`);
    } catch (error) {
      if (!error.message.startsWith('unsupported operation')) problems.push(`${name}: ${error.message}`);
      if (`${[hex(weight.data), hex(out.data), out._version]}` !== `${before}`) problems.push(`${name}: refused, but something was written`);
    }
  }
  assert.equal(problems.length, 0, problems.join('\n'));
});

test('a table that is a view of memory also looked at by the indices or the sample weights works', () => {
  const weight = tensor([[1, 2], [3, 4]]);
  assert.deepEqual(embeddingBag([0, 1], weight, { offsets: [0], mode: 'sum', perSampleWeights: weight.row(1) }).toArray(), [[3 + 12, 6 + 16]]);
  const shared = int32([1, 0]);
  assert.deepEqual(embeddingBag(shared.data, weight, { offsets: shared.data.subarray(1), mode: 'sum' }).toArray(), [[4, 6]]);
});

/* ---- Training ---- */

test('a bag classifier learns to tell two kinds of bags apart, dense and sparse', () => {
  for (const sparse of [false, true]) {
    manualSeed(7);
    const bag = new EmbeddingBag(20, 4, { sparse });
    const weight = randn([2, 4], { requiresGrad: true });
    const optimizers = [sparse ? new optim.SparseAdam(bag.parameters(), { lr: 0.05 }) : new optim.Adam(bag.parameters(), { lr: 0.05 }), new optim.SGD([weight], { lr: 0.1 })];
    let first;
    let last;
    for (let i = 0; i < 60; i++) {
      for (const optimizer of optimizers) optimizer.zeroGrad();
      const output = bag.forward([0, 3, 7, 12, 15, 19, 1, 9, 11, 18], { offsets: [0, 3, 6, 8] });
      const loss = functional.crossEntropy(functional.linear(output, weight), [0, 1, 0, 1]);
      loss.backward();
      for (const optimizer of optimizers) optimizer.step();
      last = loss.item();
      first ??= last;
    }
    assert.ok(last < 0.2 * first, `${first} to ${last}`);
    assert.ok(bag.weight instanceof Tensor);
  }
});
