/**
 * Counterparts of PyTorch's own tests, test/nn/test_embedding.py, named after them.
 *
 * Left out:
 * - test_embedding_max_norm_unsorted_repeating_indices, test_embedding_max_norm_device: compare a GPU with the CPU
 * - test_move_sparse_half_embedding, test_embedding_bag_bfloat16, test_embedding_bag_half: half types and moves between devices
 * - test_large_tensors, test_embedding_backward_large_batch_overflow: need 40 GB and 80 GB of GPU memory
 * - test_embedding_max_norm_fwd_AD: there is no forward-mode differentiation here
 * - test_embedding_bag_non_contiguous_weight: there are no strided tensors here
 * Parts that need a second derivative are left out of test_embedding_dense_grad and test_embedding_padding_idx; dtypes are float32 and
 * int32, and int64 indices are BigInt64Arrays.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, EmbeddingBag, functional, manualSeed, memory, noGrad, ones, rand, randn, tensor, tidy, zeros } from 'nn-embedding';
import { assertNear, nest } from './golden.js';

const int32 = (values, shape = [values.length]) => tensor(Int32Array.from(values), { shape });
const int64 = (values) => BigInt64Array.from(values, BigInt);
const KINDS = { int32, int64 };

/** Whole numbers from low to high - 1, from a fixed sequence. */
let state = 7;
function randint(low, high) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return low + Math.floor((state / 2 ** 32) * (high - low));
}
const randints = (low, high, size) => Array.from({ length: size }, () => randint(low, high));
const norms = (rows, p) => rows.map((row) => row.reduce((sum, x) => sum + Math.abs(x) ** p, 0) ** (1 / p));
const dense = (grad) => (grad.isSparse ? grad.toDense() : grad);

/* ---- TestEmbeddingNN ---- */

test('test_embedding_sparse_basic: the gradient of a sparse layer is sparse and has the shape of the weight', () => {
  const embedding = new Embedding(10, 20, { sparse: true });
  embedding.forward([[0, 2, 4, 5], [4, 3, 0, 9]]).sum().backward();
  assert.equal(embedding.weight.grad.isSparse, true);
  assert.deepEqual(embedding.weight.grad.shape, embedding.weight.shape);
});

test('test_embedding_sparse_empty_tensor: tables without rows or columns have a sparse gradient of their shape', () => {
  const none = new Embedding(0, 0, { sparse: true });
  none.forward(int64([])).sum().backward();
  assert.equal(none.weight.grad.isSparse, true);
  assert.deepEqual(none.weight.grad.shape, [0, 0]);
  const narrow = new Embedding(10, 0, { sparse: true });
  narrow.forward([[0, 2, 4, 5], [4, 3, 0, 9]]).sum().backward();
  assert.equal(narrow.weight.grad.isSparse, true);
  assert.deepEqual(narrow.weight.grad.shape, [10, 0]);
});

test('test_embedding_max_norm: equal indices give equal rows, none longer than 1', () => {
  const embedding = new Embedding(22, 5, { maxNorm: 1 });
  const output = embedding.forward([2, 8, 8, 6]);
  assert.deepEqual([...output.row(1)], [...output.row(2)]);
  for (const norm of output.norm(2, 1).data) assert.ok(norm <= 1);
});

test('test_embedding_from_pretrained: the weight is the table that was given, of any type, and a lookup returns it', () => {
  for (const Type of [Uint8Array, Int8Array, Int16Array, Int32Array, BigInt64Array, Float32Array, Float64Array]) {
    const table = Type.from([1, 2, 3, 4, 5, 6], Type === BigInt64Array ? BigInt : undefined);
    const embedding = Embedding.fromPretrained(table, { shape: [2, 3] });
    assert.deepEqual(embedding.weight.toArray(), [[1, 2, 3], [4, 5, 6]], Type.name);
    assert.deepEqual(embedding.forward([0, 1]).toArray(), [[1, 2, 3], [4, 5, 6]], Type.name);
  }
});

test('test_embedding_bag_from_pretrained: bags of one index are rows of the table that was given', () => {
  const table = tensor([[1, 2, 3], [4, 5, 6]]);
  const bag = EmbeddingBag.fromPretrained(table);
  assert.ok(bag.weight.equal(table));
  for (const kind of Object.values(KINDS)) assert.deepEqual(bag.forward(kind([0, 1]), { offsets: kind([0, 1]) }).toArray(), table.toArray());
});

test('test_embedding_from_pretrained_padding_idx: a padding vector of the caller’s survives', () => {
  const table = rand([10, 3]);
  noGrad(() => table.row(7).set([1, 1, 1]));
  const embedding = Embedding.fromPretrained(table, { paddingIdx: 7 });
  assert.deepEqual([...embedding.weight.row(7)], [1, 1, 1]);
});

test('test_embedding_bag_from_pretrained_padding_idx: the padding row of a bag’s table is not zeroed', () => {
  const table = tensor([[1, 2, 3], [4, 5, 6]]);
  assert.ok(EmbeddingBag.fromPretrained(table, { paddingIdx: 1 }).weight.equal(table));
});

test('test_embedding_from_pretrained_options: the caller’s tensor is rescaled in place and equals the output', () => {
  const table = tensor([[1, 2, 3], [4, 5, 6]]);
  const options = { maxNorm: 2, normType: 0.5, scaleGradByFreq: false, sparse: true };
  const embedding = Embedding.fromPretrained(table, options);
  const output = embedding.forward([0, 1]);
  assert.ok(output.equal(table));
  for (const norm of norms(output.toArray(), 0.5)) assert.ok(norm <= 2 * (1 + 1e-6));
  for (const [name, value] of Object.entries(options)) assert.equal(embedding[name], value);
});

test('test_embedding_functional: the layer and the function agree, with and without padding, also after the weight was replaced', () => {
  const indices = [[1, 3, 2], [0, 2, 1]];
  const reference = new Embedding(4, 3, { freeze: true });
  assert.ok(reference.forward(indices).equal(functional.embedding(indices, reference.weight)));
  const padded = new Embedding(4, 3, { paddingIdx: 2, freeze: true });
  padded.weight.data.set(reference.weight.data);
  assert.ok(padded.forward(indices).equal(functional.embedding(indices, reference.weight, { paddingIdx: 2 })));
  padded.weight = reference.weight;
  assert.ok(padded.forward(indices).equal(functional.embedding(indices, padded.weight, { paddingIdx: 2 })));
});

test('test_embedding_bag_functional: the bag layer and the function agree, with and without padding', () => {
  const indices = [[1, 3, 2], [0, 2, 1]];
  const reference = new EmbeddingBag(4, 3, { freeze: true });
  assert.ok(reference.forward(indices).equal(functional.embeddingBag(indices, reference.weight)));
  const padded = new EmbeddingBag(4, 3, { paddingIdx: 2, freeze: true });
  padded.weight.data.set(reference.weight.data);
  assert.ok(padded.forward(indices).equal(functional.embeddingBag(indices, reference.weight, { paddingIdx: 2 })));
  padded.weight = reference.weight;
  assert.ok(padded.forward(indices).equal(functional.embeddingBag(indices, padded.weight, { paddingIdx: 2 })));
});

test('test_embedding_bag_padding_idx_error: a padding_idx outside the table is refused by the function and by the layer', () => {
  const indices = [[1, 3, 2], [0, 2, 1]];
  const weight = randn([4, 3]);
  for (let paddingIdx = -6; paddingIdx < 6; paddingIdx++) {
    const call = () => functional.embeddingBag(indices, weight, { paddingIdx });
    const make = () => new EmbeddingBag(4, 3, { paddingIdx });
    if (paddingIdx >= -4 && paddingIdx < 4) {
      call();
      make();
    } else {
      assert.throws(call, { constructor: RangeError, message: /^padding_idx must be within the number of embeddings/ });
      assert.throws(make, { constructor: RangeError, message: /^padding_idx must be within num_embeddings/ });
    }
  }
});

test('test_embeddingbag_from_pretrained: the mode is mean unless given', () => {
  const bag = EmbeddingBag.fromPretrained([[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(bag.forward([[0, 1]]).toArray(), [[2.5, 3.5, 4.5]]);
});

test('test_embeddingbag_from_pretrained_options: a max bag reduces the rescaled rows, and the caller’s tensor has them', () => {
  const table = tensor([[1, 2, 3], [4, 5, 6]]);
  const bag = EmbeddingBag.fromPretrained(table, { maxNorm: 2, normType: 0.5, scaleGradByFreq: false, mode: 'max', sparse: false });
  const output = bag.forward([[0, 1]]);
  const [first, second] = table.toArray();
  assert.deepEqual(output.toArray(), [first.map((x, d) => Math.max(x, second[d]))]);
  for (const norm of norms([first, second], 0.5)) assert.ok(norm <= 2 * (1 + 1e-6));
});

test('test_embeddingbag_include_last_offset: the last offset is the number of indices; another one, which PyTorch ignores here, is refused', () => {
  const bag = new EmbeddingBag(100, 3, { includeLastOffset: true, paddingIdx: 61 });
  const output = bag.forward([0, 1, 2, 3], { offsets: [0, 3, 4] });
  const rows = bag.weight.toArray();
  const mean = [0, 1, 2].map((d) => (rows[0][d] + rows[1][d] + rows[2][d]) / 3);
  assertNear([...output.data], [...mean, ...rows[3]], 'means');
  assert.throws(() => bag.forward([0, 1, 2, 3], { offsets: [0, 3, 3] }), { constructor: Error, message: /offset/ });
});

/* ---- TestEmbeddingNNDeviceType ---- */

test('test_embedding_dense_grad: the gradient of a lookup with a duplicate is the derivative', () => {
  const indices = [[0, 2, 4, 5], [4, 3, 0, 9]];
  const weight = randn([20, 20], { requiresGrad: true });
  const gradOutput = randn([2, 4, 20]);
  functional.embedding(indices, weight).backward(gradOutput);
  const expected = new Array(400).fill(0); // the lookup is linear: each row gets the sum of what its places get
  indices.flat().forEach((k, t) => {
    for (let d = 0; d < 20; d++) expected[20 * k + d] += gradOutput.data[20 * t + d];
  });
  assertNear([...weight.grad.data], expected, 'gradient');
});

test('test_embedding_scalar_weight_error: a weight of another rank is refused, and the text says 2-D', () => {
  for (const weight of [rand([]), rand([2, 4, 6])]) {
    assert.throws(() => functional.embedding([[0, 1]], weight), { constructor: Error, message: /^'weight' must be 2-D/ });
  }
});

test('test_embedding_backward: a sparse gradient has the indices and ones; two backwards append their entries', () => {
  for (const kind of Object.values(KINDS)) {
    const embedding = new Embedding(10, 3, { sparse: true });
    const run = (indices) => embedding.forward(indices).sum().backward();
    const onesOf = (rows) => nest(new Array(3 * rows).fill(1), [rows, 3]);
    run(kind([7, 1, 3]));
    assert.deepEqual([...embedding.weight.grad.indices()], [7, 1, 3]);
    assert.deepEqual(embedding.weight.grad.values().toArray(), onesOf(3));
    run(kind([7, 1, 3]));
    assert.deepEqual([...embedding.weight.grad.indices()], [7, 1, 3, 7, 1, 3]);
    assert.deepEqual(embedding.weight.grad.values().toArray(), onesOf(6));
    run(kind([8, 1, 3]));
    assert.deepEqual([...embedding.weight.grad.indices()].slice(6), [8, 1, 3]);
    assert.deepEqual(embedding.weight.grad.values().toArray(), onesOf(9));
  }
});

test('test_embedding_max_norm_backward: the gradient ignores the rescaling', () => {
  const weight = tensor([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [0.1, 0, 0, 0]], { requiresGrad: true });
  functional.embedding([0, 1, 2, 2], weight, { maxNorm: 1 }).sum().backward();
  assert.deepEqual(weight.grad.toArray(), [1, 1, 2, 0].map((x) => [x, x, x, x]));
});

for (const sparse of [false, true]) {
  test(`test_embedding_padding_idx: a ${sparse ? 'sparse' : 'dense'} layer gives zeros for padding, and the row has no gradient`, () => {
    for (const [paddingIdx, row] of [[0, 0], [-2, 8]]) {
      const embedding = new Embedding(10, 20, { paddingIdx, sparse });
      const output = embedding.forward([[row, 2, 4, 5], [4, 3, row, 9]]);
      for (const [i, j] of [[0, 0], [1, 2]]) assert.ok(output.toArray()[i][j].every((x) => x === 0));
    }
    const own = new Embedding(10, 20, { paddingIdx: 0, sparse });
    noGrad(() => own.weight.row(0).fill(1));
    assert.ok(own.forward([[0, 2]]).toArray()[0][0].every((x) => x === 1), 'a padding vector that was changed is returned');
    for (const paddingIdx of [25, -25]) assert.throws(() => new Embedding(10, 20, { paddingIdx, sparse }), { constructor: RangeError, message: /^Padding_idx must be within num_embeddings/ });
    const embedding = new Embedding(5, 2, { paddingIdx: 0, sparse });
    for (const n of [1, 2, 1000]) {
      for (const others of [[], [1, 3]]) {
        embedding.weight.grad = null;
        const before = [...embedding.weight.row(0)];
        embedding.forward([...new Array(n).fill(0), ...others]).sum().backward();
        const { grad } = embedding.weight;
        const after = [...dense(grad).row(0)].map((x, d) => x + embedding.weight.row(0)[d]);
        assert.deepEqual(after, before, `${n} times the padding and ${others}`);
        if (sparse) assert.deepEqual([...grad.indices()], others);
      }
    }
  });
}

/** A bag reduced in plain JavaScript: its members' rows in double precision, padding left out. */
function reduceBag(rows, bag, mode, paddingIdx = -1, weights = null) {
  const dim = rows[0]?.length ?? 0;
  const members = bag.map((k, i) => [k, weights ? weights[i] : 1]).filter(([k]) => k !== paddingIdx);
  return Array.from({ length: dim }, (_, d) => {
    const values = members.map(([k, weight]) => rows[k][d] * weight);
    if (values.length === 0) return 0;
    if (mode === 'max') return Math.max(...values);
    return values.reduce((a, b) => a + b, 0) / (mode === 'mean' ? values.length : 1);
  });
}

/** Its gradient with respect to the rows. */
function gradientOfBags(rows, bags, mode, gradOutput, paddingIdx = -1, weights = null) {
  const grad = rows.map((row) => row.map(() => 0));
  bags.forEach((bag, b) => {
    const members = bag.map((k, i) => [k, weights ? weights[b][i] : 1]).filter(([k]) => k !== paddingIdx);
    (gradOutput[b] ?? []).forEach((g, d) => {
      if (mode !== 'max') return members.forEach(([k, weight]) => (grad[k][d] += (g * weight) / (mode === 'mean' ? members.length : 1)));
      const best = members.reduce((found, [k]) => (found === null || rows[k][d] > rows[found][d] ? k : found), null);
      if (best !== null) grad[best][d] += g;
    });
  });
  return grad;
}

const offsetsOf = (bags) => bags.map((_, b) => bags.slice(0, b).reduce((n, bag) => n + bag.length, 0));
const combinations = (...lists) => lists.reduce((all, list) => all.flatMap((one) => list.map((item) => [...one, item])), [[]]);

test('test_embedding_bag_1D_padding_idx: random bags with offsets are reduced without their padding, and so are their gradients', () => {
  manualSeed(3);
  for (const [mode, sparse, includeLastOffset, allPadding] of combinations(['sum', 'mean', 'max'], [false, true], [false, true], [false, true])) {
    if (mode === 'max' && sparse) continue;
    const paddingIdx = 6;
    const bags = Array.from({ length: 10 }, () => {
      const bag = randints(0, 10, randint(0, 9));
      return allPadding ? bag.map(() => paddingIdx) : bag.flatMap((k) => (randint(0, 4) === 0 ? [k, paddingIdx] : [k]));
    });
    const weight = randn([10, 7], { requiresGrad: true });
    const offsets = includeLastOffset ? [...offsetsOf(bags), bags.flat().length] : offsetsOf(bags);
    const output = functional.embeddingBag(bags.flat(), weight, { offsets, mode, sparse, includeLastOffset, paddingIdx });
    const message = `${mode}, sparse ${sparse}, last offset ${includeLastOffset}, all padding ${allPadding}`;
    const rows = weight.toArray();
    assertNear([...output.data], bags.flatMap((bag) => reduceBag(rows, bag, mode, paddingIdx)), message, 1e-6);
    const gradOutput = randn(output.shape);
    output.backward(gradOutput);
    assert.equal(weight.grad.isSparse, sparse, message);
    assertNear([...dense(weight.grad).data], gradientOfBags(rows, bags, mode, gradOutput.toArray(), paddingIdx).flat(), `${message}, gradient`, 1e-6);
  }
});

test('test_embedding_bag_2D_padding_idx: two-dimensional bags equal a lookup and a masked reduction, in value and gradient', () => {
  manualSeed(4);
  for (const [mode, sparse, allPadding] of combinations(['sum', 'mean', 'max'], [false, true], [false, true])) {
    if (mode === 'max' && sparse) continue;
    for (const paddingIdx of [6, -3, 0]) {
      const padding = paddingIdx < 0 ? paddingIdx + 10 : paddingIdx;
      const bags = Array.from({ length: 5 }, (_, b) => Array.from({ length: 6 }, () => (allPadding || b === 2 || randint(0, 3) === 0 ? padding : randint(0, 10))));
      const weight = randn([10, 7], { requiresGrad: true });
      const output = functional.embeddingBag(bags, weight, { mode, sparse, paddingIdx });
      const rows = weight.toArray();
      const message = `${mode}, sparse ${sparse}, all padding ${allPadding}, padding ${paddingIdx}`;
      assertNear([...output.data], bags.flatMap((bag) => reduceBag(rows, bag, mode, padding)), message, 1e-6);
      assert.ok([...output.row(2)].every((x) => x === 0), message);
      const gradOutput = randn(output.shape);
      output.backward(gradOutput);
      assertNear([...dense(weight.grad).data], gradientOfBags(rows, bags, mode, gradOutput.toArray(), padding).flat(), `${message}, gradient`, 1e-6);
    }
  }
});

test('test_embedding_bag_empty_input: empty input with one bag or two gives zeros', () => {
  for (const [sparse, indices, offsets] of combinations([false, true], Object.values(KINDS), Object.values(KINDS))) {
    const bag = new EmbeddingBag(4, 3, { sparse });
    for (const starts of [[0], [0, 0]]) {
      const output = bag.forward(indices([]), { offsets: offsets(starts) });
      assert.deepEqual(output.toArray(), starts.map(() => [0, 0, 0]));
    }
  }
});

test('test_embedding_bag_out_of_bounds_idx: -1 and 11 in a table of 10 are refused in every mode, with sample weights too', () => {
  for (const [mode, kind, paddingIdx] of combinations(['sum', 'mean', 'max'], [int32, int64], [null, 0])) {
    const weight = rand([10, 3], { requiresGrad: true });
    for (const wrong of [-1, 11]) {
      const refused = { constructor: RangeError, message: `index out of range in self: index ${wrong} at position [1], valid range [0, 10)` };
      const offsets = kind([0]);
      assert.throws(() => functional.embeddingBag(kind([5, wrong]), weight, { offsets, mode, paddingIdx }), refused);
      if (mode !== 'sum') continue;
      assert.throws(() => functional.embeddingBag(kind([5, wrong]), weight, { offsets, mode, paddingIdx, perSampleWeights: [1, 2] }), refused);
    }
  }
});

test('test_embedding_bag_dimension_errors: input, offsets and weight of another rank are refused with PyTorch’s texts', () => {
  const weight = rand([10, 3]);
  const five = zeros([1, 1, 1, 1, 1], { dtype: 'int32' });
  assert.throws(() => functional.embeddingBag(five, weight), { constructor: Error, message: /^input has to be 1D or 2D Tensor, but got Tensor of dimension 5/ });
  assert.throws(() => functional.embeddingBag([0, 1], weight, { offsets: five }), { constructor: Error, message: /^offsets has to be a 1D Tensor/ });
  assert.throws(() => functional.embeddingBag([0, 1], rand([10, 3, 3]), { offsets: [0] }), { constructor: Error, message: /^weight has to be a 2D Tensor, but got Tensor of dimension 3/ });
});

test('test_EmbeddingBag_per_sample_weights_failures: weights of another type, shape or mode are refused', () => {
  const bag = new EmbeddingBag(5, 2, { mode: 'sum' });
  const indices = [3, 1, 1, 1, 4, 0];
  const offsets = [0, 0, 3, 3, 6];
  assert.throws(() => bag.forward(indices, { offsets, perSampleWeights: zeros(6, { dtype: 'int32' }) }), { constructor: Error, message: /have the same type as/ });
  assert.throws(() => bag.forward(indices, { offsets, perSampleWeights: ones(5) }), { constructor: Error, message: /same shape as the input/ });
  assert.throws(() => bag.forward([[1, 2, 3], [0, 1, 2]], { perSampleWeights: ones([2, 2]) }), { constructor: Error, message: /same shape as the input/ });
  for (const mode of ['max', 'mean']) {
    assert.throws(() => new EmbeddingBag(5, 2, { mode }).forward(indices, { offsets, perSampleWeights: ones(6) }), { constructor: Error, message: /only supported for mode='sum'/ });
  }
});

test('test_EmbeddingBag_empty_per_sample_weights_and_offsets: five empty bags give zeros and gradients of zeros', () => {
  for (const [indices, starts] of combinations(Object.values(KINDS), Object.values(KINDS))) {
    const bag = new EmbeddingBag(5, 2, { mode: 'sum' });
    const perSampleWeights = zeros(0, { requiresGrad: true });
    const output = bag.forward(indices([]), { offsets: starts([0, 0, 0, 0, 0]), perSampleWeights });
    assert.deepEqual(output.toArray(), nest(new Array(10).fill(0), [5, 2]));
    output.backward(randn([5, 2]));
    assert.deepEqual(bag.weight.grad.toArray(), nest(new Array(10).fill(0), [5, 2]));
    assert.deepEqual(perSampleWeights.grad.shape, [0]);
  }
});

test('test_EmbeddingBag_per_sample_weights_and_offsets: the weighted sum of the known example, with both gradients', () => {
  for (const [indices, starts, trainable] of combinations(Object.values(KINDS), Object.values(KINDS), [false, true])) {
    const bag = new EmbeddingBag(5, 2, { mode: 'sum', weight: [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]] });
    const input = [3, 1, 1, 1, 4, 0];
    const sampleWeights = tensor([1, 2, 3, 4, 5, 6], { requiresGrad: trainable });
    const output = bag.forward(indices(input), { offsets: starts([0, 0, 3, 3, 6]), perSampleWeights: sampleWeights });
    const bags = [[], [3, 1, 1], [], [1, 4, 0], []];
    const weights = [[], [1, 2, 3], [], [4, 5, 6], []];
    const rows = bag.weight.toArray();
    assert.deepEqual(output.toArray(), bags.map((one, b) => reduceBag(rows, one, 'sum', -1, weights[b])));
    output.backward([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]);
    assert.deepEqual(bag.weight.grad.toArray(), gradientOfBags(rows, bags, 'sum', [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], -1, weights));
    if (trainable) assert.deepEqual(sampleWeights.grad.toArray(), [53, 25, 25, 53, 143, 23]);
    else assert.equal(sampleWeights.grad, null);
  }
});

test('test_EmbeddingBag_per_sample_weights_and_new_offsets: the same in every mode, with the last offset and without', () => {
  for (const [mode, includeLastOffset, isWeighted, trainable] of combinations(['sum', 'max', 'mean'], [false, true], [false, true], [false, true])) {
    if (isWeighted && mode !== 'sum') continue;
    const bag = new EmbeddingBag(5, 2, { mode, includeLastOffset, weight: [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]] });
    const offsets = includeLastOffset ? [0, 0, 3, 3, 6, 6] : [0, 0, 3, 3, 6];
    const perSampleWeights = isWeighted ? tensor([0, 1, 2, 3, 4, 5], { requiresGrad: trainable }) : undefined;
    const output = bag.forward([3, 1, 1, 1, 4, 0], { offsets, perSampleWeights });
    const bags = [[], [3, 1, 1], [], [1, 4, 0], []];
    const weights = isWeighted ? [[], [0, 1, 2], [], [3, 4, 5], []] : null;
    const rows = bag.weight.toArray();
    assertNear([...output.data], bags.flatMap((one, b) => reduceBag(rows, one, mode, -1, weights?.[b])), mode);
    const gradOutput = randn([5, 2]);
    output.backward(gradOutput);
    assertNear([...bag.weight.grad.data], gradientOfBags(rows, bags, mode, gradOutput.toArray(), -1, weights).flat(), `${mode}, gradient`);
  }
});

test('test_EmbeddingBag_per_sample_weights_and_no_offsets: weighted sums equal a lookup, a product and a sum, in value and both gradients', () => {
  const [V, D] = [101, 101];
  manualSeed(5);
  for (const [B, L, sparse, trainable] of combinations([2, 9, 30], [3, 7, 41], [false, true], [false, true])) {
    tidy(() => {
      const indices = int32(randints(0, V, B * L), [B, L]);
      const bag = new EmbeddingBag(V, D, { mode: 'sum', sparse });
      const reference = new Embedding(V, D, { weight: bag.weight.clone() });
      const [weights, same] = noGrad(() => {
        const drawn = rand([B, L]);
        return [tensor(drawn, { requiresGrad: trainable }), tensor(drawn, { requiresGrad: trainable })];
      });
      const output = bag.forward(indices, { perSampleWeights: weights });
      const expected = reference.forward(indices).mul(same.unsqueeze(-1)).sum(1);
      assertNear(output.data, expected.data, `${B}x${L}`);
      const gradOutput = randn([B, D]);
      output.backward(gradOutput);
      expected.backward(gradOutput);
      assertNear(dense(bag.weight.grad).data, reference.weight.grad.data, `${B}x${L}, gradient`);
      if (trainable) assertNear(weights.grad.data, same.grad.data, `${B}x${L}, gradient of the weights`);
      bag.dispose();
      reference.dispose();
    });
  }
});

const KNOWN = {
  sum: { output: [[0, 0], [13, 16], [0, 0], [13, 16], [0, 0]], grad: [[7, 8], [13, 16], [0, 0], [3, 4], [7, 8]] },
  mean: { output: [[0, 0], [13 / 3, 16 / 3], [0, 0], [13 / 3, 16 / 3], [0, 0]], grad: [[7 / 3, 8 / 3], [13 / 3, 16 / 3], [0, 0], [1, 4 / 3], [7 / 3, 8 / 3]] },
  max: { output: [[0, 0], [7, 8], [0, 0], [9, 10], [0, 0]], grad: [[0, 0], [0, 0], [0, 0], [3, 4], [7, 8]] },
};

for (const [mode, { output: expected, grad }] of Object.entries(KNOWN)) {
  for (const sparse of mode === 'max' ? [false] : [false, true]) {
    test(`test_embedding_bag_device: the known example in mode ${mode}, ${sparse ? 'sparse' : 'dense'}`, () => {
      for (const [indices, starts] of combinations(Object.values(KINDS), Object.values(KINDS))) {
        const bag = new EmbeddingBag(5, 2, { mode, sparse, weight: [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]] });
        const output = bag.forward(indices([3, 1, 1, 1, 4, 0]), { offsets: starts([0, 0, 3, 3, 6]) });
        assertNear([...output.data], expected.flat(), 'output');
        output.backward([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]);
        assertNear([...dense(bag.weight.grad).data], grad.flat(), 'gradient');
        bag.weight.grad = null;
        const twoD = bag.forward([[3, 1, 1], [1, 4, 0]]);
        assertNear([...twoD.data], [...expected[1], ...expected[3]], '2-D output');
        twoD.backward([[3, 4], [7, 8]]);
        assertNear([...dense(bag.weight.grad).data], grad.flat(), '2-D gradient');
        bag.weight.grad = null;
        const empty = bag.forward(indices([]), { offsets: starts([0, 0, 0]) });
        assert.deepEqual(empty.toArray(), nest([0, 0, 0, 0, 0, 0], [3, 2]));
        empty.sum().backward();
        assert.ok(dense(bag.weight.grad).data.every((x) => x === 0));
      }
    });

    test(`test_embedding_bag_device: random bags in mode ${mode}, ${sparse ? 'sparse' : 'dense'}, equal a lookup and a reduction, with max_norm and without`, () => {
      manualSeed(6);
      for (const [N, D, B, L, maxNorm] of combinations([1, 10], [1, 13], [1, 10], [1, 10], [null, 3])) {
        const bag = new EmbeddingBag(N, D, { mode, sparse, maxNorm });
        const table = new Embedding(N, D, { maxNorm, weight: bag.weight.clone() });
        const indices = int32(randints(0, N, B * L), [B, L]);
        const output = bag.forward(indices);
        const rows = (table.forward(indices), table.weight.toArray());
        const bags = indices.toArray();
        const message = `${[N, D, B, L, maxNorm]}`;
        assertNear([...output.data], bags.flatMap((one) => reduceBag(rows, one, mode)), message, 1e-6);
        const gradOutput = randn(output.shape);
        output.backward(gradOutput);
        assertNear([...dense(bag.weight.grad).data], gradientOfBags(rows, bags, mode, gradOutput.toArray()).flat(), `${message}, gradient`, 1e-6);
      }
    });
  }
}

test('test_embedding_bag_device: illegal combinations are refused', () => {
  const bag = new EmbeddingBag(10, 2);
  const input = [3, 1, 1, 1, 4, 0];
  const offsets = [0, 0, 3, 3, 6];
  assert.throws(() => bag.forward([[3, 1], [1, 0]], { offsets: [0, 2] }), { constructor: Error, message: /^if input is 2D, then offsets has to be None/ });
  assert.throws(() => bag.forward(input), { constructor: Error, message: /^offsets has to be a 1D Tensor but got None/ });
  assert.throws(() => bag.forward(input, { offsets: [[0, 3]] }), { constructor: Error, message: /^offsets has to be a 1D Tensor/ });
  assert.throws(() => bag.forward([[[1]]]), { constructor: Error, message: /^input has to be 1D or 2D Tensor/ });
  assert.throws(() => new EmbeddingBag(10, 2, { mode: 'max', scaleGradByFreq: true }).forward(input, { offsets }), { constructor: Error, message: /^max mode does not support scaling the gradient by the frequency/ });
  assert.throws(() => bag.forward(input, { offsets: [1, 0, 3, 3, 6] }), { constructor: Error, message: /^offsets\[0\] has to be 0/ });
  assert.throws(() => bag.forward(input, { offsets: [0, 3, 7] }), { constructor: Error, message: /^offsets\[-1\] can not be greater than input's length/ });
});

test('test_embedding_bag_per_sample_weights_grad: any mix of trainable table and trainable sample weights works, forward and backward', () => {
  for (const [table, weights] of combinations([false, true], [false, true])) {
    const bag = new EmbeddingBag(8, 4, { mode: 'sum', freeze: !table });
    const perSampleWeights = rand([2, 4], { requiresGrad: weights });
    const output = bag.forward([[0, 1, 2, 3], [4, 5, 6, 7]], { perSampleWeights });
    assert.equal(output.requiresGrad, table || weights);
    if (!output.requiresGrad) continue;
    output.sum().backward();
    assert.equal(bag.weight.grad !== null, table);
    assert.equal(perSampleWeights.grad !== null, weights);
  }
});

test('every one of these tests can be repeated without a leak: a bag, its gradients and its sample weights are freed by tidy', () => {
  const step = () =>
    tidy(() => {
      const bag = new EmbeddingBag(8, 4, { mode: 'sum' });
      const perSampleWeights = rand([2, 4], { requiresGrad: true });
      bag.forward([[0, 1, 2, 3], [4, 5, 6, 7]], { perSampleWeights }).sum().backward();
      bag.weight.grad.dispose();
      perSampleWeights.grad.dispose();
      bag.dispose();
    });
  step();
  const before = memory();
  for (let i = 0; i < 200; i++) step();
  assert.deepEqual(memory(), before);
});
