/**
 * clipGradNorm: torch.nn.utils.clip_grad_norm_, for sparse gradients too.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, clipGradNorm, memory, noGrad, ones, optim, zeros } from 'nn-embedding';
import { assertNear, elements, golden, nest, option, toTensor } from './golden.js';
import { parameter, sparse } from './training-support.js';

const { clips } = golden('optimizers');

function paramWith(gradient) {
  if (gradient === null) return ones(2, { requiresGrad: true });
  const param = zeros(gradient.shape, { requiresGrad: true });
  if (!gradient.indices) param.grad = toTensor(gradient);
  else sparse(param, gradient.indices, nest(elements(gradient.values), gradient.values.shape));
  return param;
}

test('there are 30 golden clips or more, dense and sparse ones, and of several norms', () => {
  assert.ok(clips.length >= 30);
  assert.ok(clips.some(({ gradients }) => gradients.some((gradient) => gradient?.indices)));
  assert.ok(new Set(clips.map(({ norm_type: p }) => p)).size >= 4);
});

test('every golden clip gives PyTorch’s norm and PyTorch’s gradients', () => {
  clips.forEach((clip, i) => {
    const message = `clip ${i}, max_norm ${clip.max_norm}, norm_type ${clip.norm_type}`;
    const params = clip.gradients.map(paramWith);
    const total = clipGradNorm(params, option(clip.max_norm), option(clip.norm_type));
    assert.equal(typeof total, 'number');
    assertNear([total], [...elements(clip.total_norm)], `${message}, norm`);
    clip.clipped.forEach((expected, k) => {
      const { grad } = params[k];
      if (expected === null) return assert.equal(grad, null, message);
      assert.deepEqual(grad.shape, expected.shape, message);
      if (!expected.indices) return assertNear(grad.data, elements(expected), `${message}, gradient ${k}`);
      const found = grad.coalesce();
      const wanted = paramWith(expected).grad.coalesce();
      assert.deepEqual([...found.indices()], [...wanted.indices()], message);
      assertNear(found.values().data, wanted.values().data, `${message}, gradient ${k}`);
    });
  });
});

test('a sparse gradient is clipped as the dense one of the same numbers, repeated rows summed', () => {
  for (const p of [2, 1, Infinity, 3, 0.5, 0]) {
    const dense = parameter([[0, 0], [0, 0], [0, 0]], { grad: [[4, -3], [0, 0], [6, 8]] });
    const rows = parameter([[0, 0], [0, 0], [0, 0]], { sparseGrad: [[2, 0, 2], [[5, 8], [4, -3], [1, 0]]] });
    const [a, b] = [clipGradNorm([dense], 1, p), clipGradNorm([rows], 1, p)];
    assertNear([b], [a], `norm ${p}`);
    assertNear(rows.grad.toDense().data, dense.grad.data, `norm ${p}`);
  }
});

test('the norm is that of all gradients together', () => {
  const [p, q, r] = [parameter([0], { grad: [3] }), parameter([0, 0], { grad: [0, 4] }), parameter([[0]], { sparseGrad: [[0, 0], [[5], [7]]] })];
  assert.equal(clipGradNorm([p, q, r], 1e9), 13);
  assert.deepEqual([p.grad.toArray(), q.grad.toArray(), r.grad.toDense().toArray()], [[3], [0, 4], [[12]]], 'nothing to clip');
  assert.equal(clipGradNorm([p, q, r], 6.5), 13);
  assertNear([...p.grad.data, ...q.grad.data, ...r.grad.toDense().data], [1.5, 0, 2, 6], 'halved');
});

test('one tensor, no tensors, and tensors without a gradient are taken', () => {
  const p = parameter([0, 0], { grad: [3, 4] });
  assert.equal(clipGradNorm(p, 1), 5);
  assertNear([...p.grad.data], [0.6, 0.8], 'one tensor');
  assert.equal(clipGradNorm([], 1), 0);
  assert.equal(clipGradNorm([ones(1, { requiresGrad: true })], 1), 0);
});

test('the gradient stays the same object, in place, and its version rises by 1', () => {
  const p = parameter([0, 0], { grad: [3, 4] });
  const { grad } = p;
  const version = grad._version;
  clipGradNorm([p], 1);
  assert.equal(p.grad, grad);
  assert.equal(grad._version, version + 1);
  const q = parameter([[0]], { sparseGrad: [[0, 0], [[3], [4]]] });
  const rows = q.grad;
  clipGradNorm([q], 1);
  assert.equal(q.grad, rows);
});

test('a norm that is NaN or infinite scales as PyTorch does, and so does one that is zero', () => {
  const nan = parameter([0, 0], { grad: [NaN, 4] });
  assert.ok(Number.isNaN(clipGradNorm([nan], 1)));
  assert.deepEqual([...nan.grad.data], [NaN, NaN]);
  const infinite = parameter([0, 0], { grad: [Infinity, 4] });
  assert.equal(clipGradNorm([infinite], 1), Infinity);
  assert.deepEqual([...infinite.grad.data], [NaN, 0]);
  const zero = parameter([0, 0], { grad: [0, -0] });
  assert.equal(clipGradNorm([zero], 1), 0);
  assert.deepEqual([...zero.grad.data], [0, -0]);
  const none = parameter([1, 2], { grad: [3, 4] });
  assert.equal(clipGradNorm([none], Infinity), 5);
  assert.deepEqual([...none.grad.data], [3, 4]);
  clipGradNorm([none], 0);
  assert.deepEqual([...none.grad.data], [0, 0]);
});

test('empty gradients, dense and sparse, are clipped', () => {
  const p = zeros([0, 3], { requiresGrad: true });
  p.grad = zeros([0, 3]);
  const layer = new Embedding(3, 2, { sparse: true, paddingIdx: 1 });
  layer.forward([1]).sum().backward();
  assert.equal(layer.weight.grad.nnz, 0);
  assert.equal(clipGradNorm([p, layer.weight], 1), 0);
});

test('clipping between backward and step is what the step uses', () => {
  for (const isSparse of [false, true]) {
    const layer = new Embedding(2, 2, { sparse: isSparse, weight: [[0, 0], [0, 0]] });
    const sgd = new optim.SGD(layer.parameters(), { lr: 1 });
    layer.forward([1]).backward([[30, 40]]);
    clipGradNorm(layer.parameters(), 5);
    sgd.step();
    assertNear([...layer.weight.data], [0, 0, -3, -4], `sparse ${isSparse}`);
  }
});

test('a clip leaks nothing, also inside noGrad', () => {
  const [p, q] = [parameter([0, 0], { grad: [3, 4] }), parameter([[0]], { sparseGrad: [[0, 0], [[3], [4]]] })];
  clipGradNorm([p, q], 1);
  const before = memory();
  for (let i = 0; i < 100; i++) noGrad(() => clipGradNorm([p, q], 1));
  assert.deepEqual(memory(), before);
});
