/**
 * SparseTensor: what a sparse layer's gradient is made of, coalesced and dense, and how it lives.
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import { Embedding, EmbeddingBag, SparseTensor, Tensor, functional, memory, noGrad, optim, tensor, tidy } from 'nn-embedding';
import { collectUntil } from './support.js';
import { parameter, settled, sparse } from './training-support.js';

const SIX = [[1, 2], [3, 4], [5, 6]];
const gradOf = (indices = [2, 0, 2], rows = SIX, V = 4) => parameter(Array(V).fill([0, 0]), { sparseGrad: [indices, rows] }).grad;

test('a sparse gradient has the weight’s shape, and an entry for each position, duplicates in order of appearance', () => {
  const grad = gradOf();
  assert.ok(grad instanceof SparseTensor);
  assert.ok(!(grad instanceof Tensor));
  assert.deepEqual(grad.shape, [4, 2]);
  assert.equal(grad.nnz, 3);
  assert.equal(grad.isSparse, true);
  assert.equal(grad.isCoalesced, false);
  assert.deepEqual(grad.indices(), Int32Array.of(2, 0, 2));
  const values = grad.values();
  assert.ok(values instanceof Tensor);
  assert.deepEqual(values.shape, [3, 2]);
  assert.equal(values.requiresGrad, false);
  assert.deepEqual(values.toArray(), SIX);
});

test('indices() is a copy, values() is on the gradient’s own storage, as in PyTorch', () => {
  const grad = gradOf();
  grad.indices()[0] = 3;
  assert.deepEqual([...grad.indices()], [2, 0, 2]);
  grad.values().data[0] = 100;
  assert.deepEqual(grad.values().toArray()[0], [100, 2]);
  noGrad(() => grad.values().mul_(2));
  assert.deepEqual(grad.toDense().toArray(), [[6, 8], [0, 0], [210, 16], [0, 0]]);
});

test('its properties cannot be written so that it reaches beyond its blocks', () => {
  const grad = gradOf();
  for (const change of [() => (grad.shape[0] = 1000), () => (grad.shape[1] = 1000), () => grad.shape.push(5), () => (grad.nnz = 100), () => (grad.isCoalesced = true), () => (grad.isSparse = false)]) {
    try {
      change();
    } catch (error) {
      assert.equal(error.constructor, TypeError);
    }
  }
  assert.deepEqual([grad.shape, grad.nnz, grad.isCoalesced, grad.isSparse], [[4, 2], 3, false, true]);
});

test('the constructor is the package’s own', () => {
  assert.throws(() => new SparseTensor([2, 2]), TypeError);
  assert.throws(() => new SparseTensor());
});

test('coalesce sums duplicates in order of appearance, ascending, and leaves the original alone', () => {
  const grad = gradOf([2, 0, 2], SIX);
  const coalesced = grad.coalesce();
  assert.notEqual(coalesced, grad);
  assert.equal(coalesced.isCoalesced, true);
  assert.deepEqual([...coalesced.indices()], [0, 2]);
  assert.deepEqual(coalesced.values().toArray(), [[3, 4], [6, 8]]);
  assert.deepEqual([...grad.indices()], [2, 0, 2]);
  assert.equal(coalesced.coalesce(), coalesced, 'itself');
  const order = gradOf([1, 1, 1, 1], [[1e8, 1], [1, 1], [-1e8, 1], [1, 1]]).coalesce();
  assert.deepEqual(order.values().toArray(), [[1, 4]], 'a left fold in float32');
});

test('fewer than two entries are coalesced, as PyTorch says', () => {
  assert.equal(gradOf([3], [[1, 2]]).isCoalesced, true);
  assert.equal(gradOf([], []).isCoalesced, true);
  assert.equal(gradOf([0, 1], [[1, 2], [3, 4]]).isCoalesced, false, 'also where they happen to be distinct');
});

test('toDense adds duplicates up, and rows without an entry are zeros', () => {
  assert.deepEqual(gradOf().toDense().toArray(), [[3, 4], [0, 0], [6, 8], [0, 0]]);
  assert.deepEqual(gradOf([], []).toDense().toArray(), Array(4).fill([0, 0]));
  const dense = gradOf([1], [[NaN, Infinity]]).toDense();
  assert.deepEqual([...dense.row(1)], [NaN, Infinity]);
  assert.equal(dense.requiresGrad, false);
});

test('padding is dropped, and what is left keeps its order', () => {
  for (const [paddingIdx, expected] of [[1, [2, 0, 2]], [-2, [1, 0, 1]], [0, [2, 1, 2, 1]]]) {
    const layer = new Embedding(4, 2, { sparse: true, paddingIdx });
    layer.forward([[2, 1, 0], [2, 1, 0]].flat().slice(0, 5)).sum().backward();
    assert.deepEqual([...layer.weight.grad.indices()], expected);
    assert.deepEqual(layer.weight.grad.values().shape, [expected.length, 2]);
  }
});

test('nothing but padding, no indices and no columns give a gradient without entries', () => {
  for (const [V, D, indices, paddingIdx] of [[3, 2, [1, 1], 1], [3, 2, [], null], [3, 0, [0, 1], null], [0, 2, [], null], [3, 2, [[], []], null]]) {
    const layer = new Embedding(V, D, { sparse: true, paddingIdx });
    layer.forward(indices).sum().backward();
    const { grad } = layer.weight;
    assert.equal(grad.nnz, 0);
    assert.deepEqual(grad.indices(), new Int32Array(0));
    assert.deepEqual(grad.values().shape, [0, D]);
    assert.deepEqual(grad.toDense().shape, [V, D]);
    assert.deepEqual(grad.coalesce().values().shape, [0, D]);
    assert.match(String(grad), /nnz=0/);
  }
});

test('a 0-d index works, with padding that it misses and padding that it hits', () => {
  for (const [paddingIdx, expected] of [[null, [2]], [0, [2]], [2, []]]) {
    const layer = new Embedding(4, 2, { sparse: true, paddingIdx });
    layer.forward(2).sum().backward();
    assert.deepEqual([...layer.weight.grad.indices()], expected);
  }
});

test('sparse with scaleGradByFreq scales each value by 1 / its count in the call', () => {
  const layer = new Embedding(4, 2, { sparse: true, scaleGradByFreq: true, paddingIdx: 3 });
  layer.forward([1, 3, 1, 0, 1, 3]).backward([[1, 2], [9, 9], [2, 4], [5, 5], [4, 8], [9, 9]]);
  const third = Math.fround(1 / 3);
  assert.deepEqual([...layer.weight.grad.indices()], [1, 1, 0, 1]);
  assert.deepEqual(layer.weight.grad.values().toArray(), [[1, 2], [2, 4], [5, 5], [4, 8]].map((row, i) => (i === 2 ? row : row.map((x) => Math.fround(x * third)))));
  layer.forward([1]).sum().backward();
  assert.deepEqual(layer.weight.grad.values().toArray().at(-1), [1, 1], 'counted in each call alone');
  const dense = new Embedding(4, 2, { scaleGradByFreq: true, weight: layer.weight.clone() });
  dense.forward([1, 1, 1, 3]).backward([[1, 1], [2, 2], [4, 4], [8, 8]]);
  assert.deepEqual(dense.weight.grad.toArray()[1].map((x) => x.toFixed(5)), ['2.33333', '2.33333']);
  assert.deepEqual(dense.weight.grad.toArray()[3], [8, 8]);
});

test('the numbers of a gradient are those of the call: later edits of indices and weights change nothing', () => {
  const layer = new Embedding(4, 2, { sparse: true });
  const indices = Int32Array.of(1, 2);
  const output = layer.forward(indices);
  indices.fill(0);
  noGrad(() => layer.weight.zero_());
  output.sum().backward();
  assert.deepEqual([...layer.weight.grad.indices()], [1, 2]);
});

test('a gradient appends to the one that is there, in place', () => {
  const p = parameter([[0, 0], [0, 0]], { sparseGrad: [[1], [[1, 2]]] });
  const held = p.grad;
  const values = held.values();
  sparse(p, [0, 1], [[3, 4], [5, 6]]);
  assert.equal(p.grad, held);
  assert.deepEqual([...held.indices()], [1, 0, 1]);
  assert.equal(held.isCoalesced, false);
  assert.deepEqual(values.toArray(), [[1, 2]], 'what was taken before stays');
});

test('a coalesced gradient may be put in the place of the one that is there', () => {
  const p = parameter([[0, 0], [0, 0], [0, 0], [0, 0]], { sparseGrad: [[2, 0, 2], SIX] });
  p.grad = p.grad.coalesce();
  new optim.SGD([p], { lr: 1 }).step();
  assert.deepEqual(p.toArray(), [[-3, -4], [0, 0], [-6, -8], [0, 0]]);
  sparse(p, [1], [[1, 1]]);
  assert.deepEqual([...p.grad.indices()], [0, 2, 1]);
  assert.equal(p.grad.isCoalesced, false);
});

test('a sparse gradient prints as in PyTorch, by toString and console.log', () => {
  const text = `tensor(indices=tensor([[2, 0, 2]]),
       values=tensor([[1., 2.],
                      [3., 4.],
                      [5., 6.]]),
       size=(4, 2), nnz=3, layout=torch.sparse_coo)`;
  assert.equal(String(gradOf()), text);
  assert.equal(inspect(gradOf()), text);
});

test('dispose frees it once, and every use afterwards says so', () => {
  const p = parameter([[0, 0], [0, 0]]);
  const before = memory();
  sparse(p, [0, 0], [[1, 2], [3, 4]]);
  const { grad } = p;
  const values = grad.values();
  grad.dispose();
  grad.dispose();
  assert.equal(grad.isDisposed, true);
  for (const use of [() => grad.nnz, () => grad.isCoalesced, () => grad.indices(), () => grad.values(), () => grad.coalesce(), () => grad.toDense(), () => String(grad)]) {
    assert.throws(use, { constructor: Error, message: 'tensor was disposed' }, String(use));
  }
  assert.deepEqual(values.toArray(), [[1, 2], [3, 4]], 'a handle of its own');
  values.dispose();
  assert.deepEqual(memory(), before);
});

test('coalesce, toDense and values made inside tidy are freed by it, the gradient is not', () => {
  const p = parameter([[0, 0], [0, 0]], { sparseGrad: [[0, 0], [[1, 2], [3, 4]]] });
  const before = memory();
  tidy(() => {
    p.grad.coalesce().toDense();
    p.grad.values();
    p.grad.toDense();
  });
  assert.deepEqual(memory(), before);
  assert.equal(p.grad.isDisposed, false);
  const coalesced = tidy(() => p.grad.coalesce());
  assert.equal(coalesced.isDisposed, false, 'what is returned is spared');
  assert.deepEqual(tidy(() => ({ grad: [p.grad.coalesce()] })).grad[0].values().toArray(), [[4, 6]]);
});

test('sparse gradients that nobody holds are freed by the collector, also those that were appended to or coalesced by a clip', async () => {
  const before = await settled();
  (() => {
    for (let i = 0; i < 30; i++) {
      const p = parameter([[0, 0], [0, 0]], { sparseGrad: [[0, 0], [[1, 2], [3, 4]]] });
      sparse(p, [1], [[1, 1]]);
      p.grad.coalesce();
      p.grad.toDense();
    }
  })();
  assert.ok(memory().tensors > before);
  assert.ok(await collectUntil(() => memory().tensors <= before), `${memory().tensors - before} blocks are left`);
});

test('a sparse gradient of a bag has an entry for each index that is no padding, in the order of the input', () => {
  const bag = new EmbeddingBag(5, 2, { sparse: true, mode: 'mean', paddingIdx: 0 });
  bag.forward([4, 0, 1, 4], { offsets: [0, 3] }).backward([[4, 8], [1, 2]]);
  assert.deepEqual([...bag.weight.grad.indices()], [4, 1, 4]);
  assert.deepEqual(bag.weight.grad.values().toArray(), [[2, 4], [2, 4], [1, 2]]);
});

test('large sparse gradients coalesce to what plain JavaScript sums', () => {
  const [V, D, n] = [1000, 5, 20000];
  const p = tensor(new Float32Array(V * D), { shape: [V, D], requiresGrad: true });
  const indices = Int32Array.from({ length: n }, (_, i) => (i * 7919 + ((i * i) % 31)) % V);
  const rows = Float32Array.from({ length: n * D }, (_, i) => ((i * 37) % 101) / 8 - 6);
  functional.embedding(indices, p, { sparse: true }).backward(tensor(rows, { shape: [n, D] }));
  const expected = new Float32Array(V * D);
  indices.forEach((k, t) => {
    for (let d = 0; d < D; d++) expected[k * D + d] += rows[t * D + d];
  });
  const coalesced = p.grad.coalesce();
  const present = [...new Set(indices)].sort((a, b) => a - b);
  assert.deepEqual([...coalesced.indices()], present);
  assert.deepEqual([...coalesced.values().data], present.flatMap((k) => [...expected.subarray(k * D, k * D + D)]));
  assert.deepEqual([...p.grad.toDense().data], [...expected]);
});
