/**
 * The engine of autograd: graphs, what is saved and freed, accumulation, modes, in-place operations, and how long things live.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, enableGrad, functional, isGradEnabled, keep, memory, noGrad, ones, tensor, tidy, zeros } from 'nn-embedding';
import { collectUntil } from './support.js';
import { assertUnchanged, parameter, settled, sparse } from './training-support.js';

const leaf = (data) => tensor(data, { requiresGrad: true });
const SECOND = /^Trying to backward through the graph a second time \(or directly access saved tensors after they have already been freed\)/;

/* ---- Graphs ---- */

test('a diamond adds up what comes along both sides', () => {
  const x = leaf([2]);
  const y = x.mul(3);
  const z = y.mul(y).add(y);
  z.backward();
  assert.deepEqual(x.grad.toArray(), [2 * 9 * 2 + 3]);
});

test('a diamond of diamonds visits every node once', () => {
  const x = leaf([1]);
  let y = x;
  for (let i = 0; i < 60; i++) y = y.mul(0.5).add(y.mul(0.5)); // 2^60 paths
  y.backward();
  assert.deepEqual(x.grad.toArray(), [1]);
});

test('a tensor used as both operands gets both gradients', () => {
  for (const [name, at3] of [['add', 2], ['sub', 0], ['mul', 6], ['div', 0]]) {
    const x = leaf([3]);
    x[name](x).sum().backward();
    assert.deepEqual(x.grad.toArray(), [at3], name);
  }
});

test('two backwards accumulate, and so do two losses', () => {
  const x = leaf([1, 2]);
  x.mul(x).sum().backward();
  assert.deepEqual(x.grad.toArray(), [2, 4]);
  const { grad } = x;
  x.mul(10).sum().backward();
  assert.equal(x.grad, grad, 'in place, as in PyTorch');
  assert.deepEqual(grad.toArray(), [12, 14]);
  x.grad = null;
  assert.equal(x.grad, null);
  x.mul(2).sum().backward();
  assert.deepEqual(x.grad.toArray(), [2, 2]);
});

test('the gradient that was given stays the caller’s', () => {
  const [x, given] = [leaf([1, 2]), tensor([5, 6])];
  const y = x.reshape([2]); // nothing is computed on the way
  y.backward(given);
  y.backward(given);
  assert.deepEqual(given.toArray(), [5, 6]);
  assert.deepEqual(x.grad.toArray(), [10, 12]);
  x.grad.fill_(0);
  assert.deepEqual(given.toArray(), [5, 6]);
  const z = leaf([1, 1]);
  z.backward(given);
  z.grad.data.fill(9);
  assert.deepEqual(given.toArray(), [5, 6]);
});

test('two leaves never share a gradient', () => {
  const [a, b] = [leaf([1, 2]), leaf([3, 4])];
  a.add(b).backward([1, 1]);
  a.grad.data.fill(7);
  assert.deepEqual(b.grad.toArray(), [1, 1]);
});

test('backward of a leaf adds to its own gradient', () => {
  const x = leaf([3]);
  x.backward();
  x.backward([4]);
  assert.deepEqual(x.grad.toArray(), [5]);
});

test('a gradient may be given as a number, an array, a typed array, int32, and a tensor', () => {
  for (const [given, expected] of [[[2, 3], [2, 3]], [Float32Array.of(2, 3), [2, 3]], [Float64Array.of(2, 3), [2, 3]], [Int32Array.of(2, 3), [2, 3]], [tensor([2, 3]), [2, 3]]]) {
    const x = leaf([0, 0]);
    x.mul(1).backward(given);
    assert.deepEqual(x.grad.toArray(), expected);
    assert.equal(x.grad.dtype, 'float32');
  }
  const x = leaf(1);
  x.mul(1).backward(2.5);
  assert.equal(x.grad.item(), 2.5);
});

test('a gradient of another shape is refused with both shapes, also one that would broadcast', () => {
  const x = leaf([[1, 2], [3, 4]]);
  const y = x.mul(x);
  for (const [given, shape] of [[[1, 2], '[2]'], [1, '[]'], [[[1, 2]], '[1, 2]'], [[[1], [2]], '[2, 1]'], [[1, 1, 1, 1], '[4]']]) {
    const says = `Mismatch in shape: grad_output[0] has a shape of torch.Size(${shape}) and output[0] has a shape of torch.Size([2, 2]).`;
    assertUnchanged(() => y.backward(given), { type: Error, says: [says] }, [x, y]);
  }
  y.backward([[1, 1], [1, 1]]);
  assert.deepEqual(x.grad.toArray(), [[2, 4], [6, 8]], 'the graph is still whole');
});

test('backward without a gradient needs one element, of any number of dimensions', () => {
  for (const data of [2, [2], [[2]]]) {
    const x = leaf(data);
    x.mul(x).backward();
    assert.equal(x.grad.numel, 1);
    assert.deepEqual(x.grad.shape, x.shape);
    assert.equal(x.grad.item(), 4);
  }
  const x = leaf([1, 2]);
  const y = x.mul(2);
  assertUnchanged(() => y.backward(), { type: Error, says: [/^grad can be implicitly created only for scalar outputs/] }, [x, y]);
});

test('what requires no gradient has no backward', () => {
  const says = [/^element 0 of tensors does not require grad and does not have a grad_fn/];
  for (const make of [() => tensor(1), () => leaf(1).detach(), () => noGrad(() => leaf(1).mul(2)), () => tensor(Int32Array.of(1)).sum()]) {
    const y = make();
    assertUnchanged(() => y.backward(), { type: Error, says }, [y]);
    assertUnchanged(() => y.backward(1), { type: Error, says }, [y]);
  }
});

test('only leaves that require a gradient get one', () => {
  const [x, k] = [leaf([1, 2]), tensor([3, 4])];
  const y = x.mul(k);
  y.mul(k.exp()).sum().backward();
  assert.equal(k.grad, null);
  assert.equal(y.grad, null, 'a result keeps none');
  assert.equal(y.isLeaf, false);
  assert.equal(y.requiresGrad, true);
  assert.ok(x.grad !== null);
});

test('a requiresGrad that changes after the operation changes nothing for it', () => {
  const [x, y] = [leaf([2]), tensor([3])];
  const z = x.mul(y);
  y.requiresGrad = true;
  z.backward();
  assert.equal(y.grad, null);
  assert.deepEqual(x.grad.toArray(), [3]);
});

/* ---- retainGraph and freed graphs ---- */

test('retainGraph keeps what is saved, for as many backwards as ask for it', () => {
  const x = leaf([3]);
  const y = x.mul(x);
  for (let i = 1; i <= 3; i++) {
    y.backward(undefined, { retainGraph: true });
    assert.deepEqual(x.grad.toArray(), [6 * i]);
  }
  y.backward();
  assert.deepEqual(x.grad.toArray(), [24]);
  assertUnchanged(() => y.backward(), { type: Error, says: [SECOND, /retainGraph/] }, [x, y]);
});

test('a freed part of a graph refuses another backward before any gradient is changed', () => {
  const [x, w] = [leaf([2]), leaf([5])];
  const shared = x.exp();
  const first = shared.mul(2);
  const second = w.mul(w).add(shared.mul(3));
  first.backward();
  const { grad } = x;
  assertUnchanged(() => second.backward(), { type: Error, says: [SECOND] }, [x, w, grad, second]);
  assert.equal(w.grad, null);
});

test('every operation that saves something refuses a second backward, and each that saves nothing allows it', () => {
  const OPERATIONS = {
    mul: [(x) => x.mul(x), true], div: [(x) => x.div(x), true], pow: [(x) => x.pow(2), true], exp: [(x) => x.exp(), true], log: [(x) => x.log(), true],
    sqrt: [(x) => x.sqrt(), true], abs: [(x) => x.abs(), true], sigmoid: [(x) => x.sigmoid(), true], tanh: [(x) => x.tanh(), true], relu: [(x) => x.relu(), true],
    logSigmoid: [(x) => x.logSigmoid(), true], matmul: [(x) => x.matmul(x), true], prod: [(x) => x.prod(), true], softmax: [(x) => x.softmax(0), true],
    logSoftmax: [(x) => x.logSoftmax(0), true], norm: [(x) => x.norm(), true], crossEntropy: [(x) => functional.crossEntropy(x, 1), true],
    embedding: [(x) => functional.embedding([0], x.unsqueeze(0)), true], embeddingBag: [(x) => functional.embeddingBag([[0]], x.unsqueeze(0)), true],
    add: [(x) => x.add(x), false], sub: [(x) => x.sub(x), false], neg: [(x) => x.neg(), false], sum: [(x) => x.sum(), false], mean: [(x) => x.mean(), false],
    clone: [(x) => x.clone(), false], reshape: [(x) => x.reshape([3, 1]), false], unsqueeze: [(x) => x.unsqueeze(0), false], squeeze: [(x) => x.squeeze(), false], t: [(x) => x.t(), false],
  }; // prettier-ignore
  for (const [name, [run, saves]] of Object.entries(OPERATIONS)) {
    const x = leaf([1, 2, 3]);
    const y = run(x);
    const g = ones(y.shape);
    y.backward(g);
    const first = x.grad.toArray();
    if (saves) assertUnchanged(() => y.backward(g), { type: Error, says: [SECOND] }, [x, y], name);
    else {
      y.backward(g);
      assert.deepEqual(x.grad.toArray(), first.map((v) => 2 * v), name);
    }
  }
});

/* ---- Modes ---- */

test('noGrad inside a graph makes constants, enableGrad inside noGrad records again', () => {
  const x = leaf([2]);
  const constant = noGrad(() => x.mul(x));
  assert.equal(constant.requiresGrad, false);
  assert.equal(constant.isLeaf, true);
  const recorded = noGrad(() => enableGrad(() => x.mul(constant)));
  recorded.backward();
  assert.deepEqual(x.grad.toArray(), [4]);
});

test('backward works inside noGrad, and leaves the mode as it was', () => {
  const x = leaf([2]);
  const y = x.mul(x);
  noGrad(() => {
    y.backward();
    assert.equal(isGradEnabled(), false);
  });
  assert.equal(isGradEnabled(), true);
  assert.deepEqual(x.grad.toArray(), [4]);
  assert.equal(x.grad.requiresGrad, false);
});

test('detach cuts the graph and shares the storage', () => {
  const x = leaf([2, 3]);
  const y = x.mul(2);
  const d = y.detach();
  assert.equal(d.requiresGrad, false);
  assert.equal(d.gradFn, null);
  d.mul(x).sum().backward();
  assert.deepEqual(x.grad.toArray(), [4, 6]);
  d.data[0] = 50;
  assert.equal(y.data[0], 50);
});

test('a detached leaf that is made to require a gradient has a gradient of its own', () => {
  const x = leaf([2]);
  const d = x.detach();
  d.requiresGrad = true;
  d.mul(3).backward();
  assert.equal(x.grad, null);
  assert.deepEqual(d.grad.toArray(), [3]);
});

/* ---- Depth and lifetime ---- */

test('a chain of 20,000 operations goes back without overflowing the stack, and frees everything', () => {
  const before = memory();
  tidy(() => {
    const x = leaf([1, 1]);
    let y = x;
    for (let i = 0; i < 20000; i++) y = i % 2 ? y.mul(1) : y.add(0);
    y.sum().backward();
    assert.deepEqual(x.grad.toArray(), [1, 1]);
    x.grad.dispose();
  });
  assert.deepEqual({ ...memory(), heapBytes: 0 }, { ...before, heapBytes: 0 });
});

test('a chain of 20,000 operations outside of tidy goes back, and dispose of its end frees it without overflowing the stack', () => {
  const before = memory().tensors;
  const x = leaf([1]);
  let y = x;
  for (let i = 0; i < 20000; i++) {
    const next = y.mul(1.00001);
    if (y !== x) y.dispose();
    y = next;
  }
  assert.ok(memory().tensors > before + 2, 'the graph holds what it needs');
  y.dispose();
  x.dispose();
  assert.equal(memory().tensors, before);
});

test('20,000 losses added up go back', () => {
  tidy(() => {
    const x = leaf([1]);
    let total = tensor([0]);
    for (let i = 0; i < 20000; i++) total = total.add(x);
    total.backward();
    assert.deepEqual(x.grad.toArray(), [20000]);
  });
});

test('inputs and intermediate results that are disposed of before backward are still there for it', () => {
  const before = memory().tensors;
  const x = leaf([2, 3]);
  const k = tensor([5, 7]);
  const y = x.mul(k);
  const z = y.mul(y);
  k.dispose();
  y.dispose();
  const loss = z.sum();
  z.dispose();
  loss.backward();
  assert.deepEqual(x.grad.toArray(), [2 * 10 * 5, 2 * 21 * 7]);
  loss.dispose();
  x.grad.dispose();
  x.dispose();
  assert.equal(memory().tensors, before);
});

test('a leaf that is disposed of before backward gets no gradient, and leaks none', () => {
  const before = memory();
  const [x, w] = [leaf([2]), leaf([3])];
  const y = x.mul(w);
  x.dispose();
  y.backward();
  assert.throws(() => x.grad, /^Error: tensor was disposed/);
  assert.throws(() => (x.grad = null), /^Error: tensor was disposed/);
  assert.deepEqual(w.grad.toArray(), [2]);
  w.grad.dispose();
  w.dispose();
  y.dispose();
  assert.deepEqual(memory(), before);
});

test('a gradient that was disposed of counts as none for the next backward', () => {
  const x = leaf([2]);
  x.mul(3).backward();
  x.grad.dispose();
  x.mul(4).backward();
  assert.deepEqual(x.grad.toArray(), [4]);
});

test('operations and backward on a disposed tensor say so', () => {
  const x = leaf([2]);
  const y = x.mul(x);
  y.dispose();
  assert.throws(() => y.backward(), { constructor: Error, message: 'tensor was disposed' });
  const g = tensor([1]);
  g.dispose();
  const z = x.mul(x);
  assertUnchanged(() => z.backward(g), { type: Error, says: [/^tensor was disposed/] }, [x, z]);
});

test('a graph dropped without backward is freed by dispose of its result', () => {
  const x = leaf([[1, 2], [3, 4]]);
  const before = memory();
  const y = tidy(() => functional.embedding([0, 1, 1], x.exp().matmul(x)).softmax(1).sum());
  y.dispose();
  assert.deepEqual(memory(), before);
});

test('a graph dropped without backward is freed by tidy', () => {
  const x = leaf([[1, 2], [3, 4]]);
  const before = memory();
  for (let i = 0; i < 100; i++) tidy(() => void functional.embedding([0, 1, 1], x.exp().matmul(x)).softmax(1).sum());
  assert.deepEqual(memory(), before);
});

for (const [name, step] of Object.entries({
  'elementwise operations': (x) => x.mul(x).add(x).sub(1).div(x).exp().log().sqrt(),
  'reductions and softmax': (x) => x.softmax(1).sum(0).mean(),
  'matrix products and views': (x) => x.matmul(x.t()).reshape(-1).unsqueeze(0).squeeze(),
  'a lookup and a bag': (x) => functional.embedding([[0, 1]], x).sum().add(functional.embeddingBag([[1, 0]], x).sum()),
  'in-place operations': (x) => x.mul(1).add_(x).mul_(x).copy_(x).mul_(2).add_(1),
  'in-place operations on what required none': (x) => zeros([2, 2]).add_(x).mul_(x),
  losses: (x) => functional.crossEntropy(x, [0, 1]).add(functional.cosineSimilarity(x, x.add(1), 1).sum()),
})) {
  test(`graphs dropped without backward are freed by the collector: ${name}`, async () => {
    const x = leaf([[1, 2], [3, 4]]);
    const before = await settled();
    (() => {
      for (let i = 0; i < 50; i++) step(x);
    })();
    assert.ok(memory().tensors > before);
    const isFreed = await collectUntil(() => memory().tensors === before);
    assert.ok(isFreed, `${memory().tensors - before} blocks are left`);
    assert.deepEqual(x.toArray(), [[1, 2], [3, 4]]);
  });
}

for (const [name, step] of Object.entries({ add: (y, x) => y.add(x), mul: (y, x) => y.mul(x), div: (y, x) => y.div(x), exp: (y) => y.tanh(), pow: (y) => y.pow(1), t: (y) => y.t(), reshape: (y) => y.reshape([1]), sum: (y) => y.sum(0, true), add_: (y, x) => y.add_(x), mul_: (y, x) => y.mul_(x) })) {
  test(`a long chain dropped without backward is freed in a few collections, not one per operation: ${name}`, async () => {
    const x = leaf([1]);
    const before = await settled();
    (() => {
      let y = x.add(0);
      for (let i = 0; i < 300; i++) y = step(y, x);
    })();
    const isFreed = await collectUntil(() => memory().tensors === before);
    assert.ok(isFreed, `${memory().tensors - before} blocks are left`);
  });
}

test('after backward a result keeps no graph alive', async () => {
  const x = leaf([1, 2]);
  const before = await settled();
  const losses = (() => Array.from({ length: 20 }, () => {
    const loss = x.exp().mul(x).sum();
    loss.backward();
    return loss;
  }))();
  x.grad.dispose();
  const isFreed = await collectUntil(() => memory().tensors <= before + losses.length);
  assert.ok(isFreed, `${memory().tensors - before} blocks are left`);
});

/* ---- In place ---- */

test('a recorded in-place operation makes the handle stand for its result', () => {
  const x = leaf([2, 3]);
  const y = x.mul(1);
  assert.equal(y.add_(x, { alpha: 2 }), y);
  assert.equal(y.gradFn, 'AddBackward0');
  y.mul_(x);
  assert.equal(y.gradFn, 'MulBackward0');
  y.sum().backward(); // 3 x * x
  assert.deepEqual(x.grad.toArray(), [12, 18]);
});

test('a tensor that required nothing becomes a result when something recorded is written into it', () => {
  const x = leaf([2, 3]);
  for (const [name, expected] of [['add_', [1, 1]], ['copy_', [1, 1]]]) {
    const y = ones(2);
    y[name](x);
    assert.equal(y.requiresGrad, true);
    assert.equal(y.isLeaf, false);
    x.grad = null;
    y.sum().backward();
    assert.deepEqual(x.grad.toArray(), expected, name);
  }
  const z = ones(2);
  z.mul_(x);
  x.grad = null;
  z.sum().backward();
  assert.deepEqual(x.grad.toArray(), [1, 1]);
});

test('what is overwritten gets a gradient of zeros, as in PyTorch', () => {
  for (const [name, write] of Object.entries({ fill_: (y) => y.fill_(7), zero_: (y) => y.zero_(), copy_: (y) => y.copy_([1, 2]) })) {
    const x = leaf([2, 3]);
    const y = x.mul(2);
    write(y);
    assert.equal(y.requiresGrad, true, name);
    y.sum().backward();
    assert.ok(x.grad !== null, `${name}: x.grad is null`);
    assert.deepEqual(x.grad.toArray(), [0, 0], name);
  }
});

test('an in-place operation whose operand is the tensor itself cannot go back, as in PyTorch', () => {
  const x = leaf([2, 3]);
  const y = x.mul(1);
  y.mul_(y);
  const loss = y.sum();
  assertUnchanged(() => loss.backward(), { type: Error, says: [/modified by an inplace operation: \[torch\.FloatTensor \[2\]\]/] }, [x, y]);
});

test('a write into what an operation has saved is found, with the maker’s name and both versions', () => {
  const text = (by, at, expected) =>
    `one of the variables needed for gradient computation has been modified by an inplace operation: [torch.FloatTensor [2]]${by} is at version ${at}; expected version ${expected} instead. Hint: enable anomaly detection`;
  const cases = [
    [(x) => { const y = x.mul(x); noGrad(() => x.add_(1)); return y; }, text('', 1, 0)],
    [(x) => { const y = x.exp(); y.add_(1); return y; }, text(', which is output 0 of ExpBackward0,', 1, 0)],
    [(x) => { const y = x.sigmoid(); const z = y.mul(1); y.detach().zero_(); y.detach().zero_(); return z; }, text(', which is output 0 of SigmoidBackward0,', 2, 0)],
    [(x) => { const y = x.clone(); const z = y.mul(y); y.fill_(1); return z; }, text(', which is output 0 of CloneBackward0,', 1, 0)],
    [(x) => { const y = x.mul(2); const z = y.pow(2); noGrad(() => y.copy_([1, 2])); return z; }, text(', which is output 0 of MulBackward0,', 1, 0)],
    [(x) => { noGrad(() => x.mul_(1)); const y = x.log(); noGrad(() => x.mul_(1).mul_(1)); return y; }, text('', 3, 1)],
  ]; // prettier-ignore
  for (const [make, says] of cases) {
    const x = leaf([2, 3]);
    const y = make(x);
    const loss = y.sum();
    // PyTorch writes ExpBackward0's name without "Backward0".
    assertUnchanged(() => loss.backward(), { type: Error, says: [says.replace(/(output 0 of \w+?)Backward0/, '$1')] }, [x, y], String(make));
  }
});

test('a write into what no operation has saved is no error', () => {
  for (const make of [(x) => { const y = x.add(1); noGrad(() => x.zero_()); return y; }, (x) => { const y = x.exp(); noGrad(() => x.zero_()); return y; }, (x) => { const y = x.mul(x); noGrad(() => y.zero_()); return y; }]) { // prettier-ignore
    const x = leaf([0, 1]);
    make(x).sum().backward();
    assert.ok(x.grad.data.every(Number.isFinite));
  }
});

test('a write through data is not seen, as PyTorch’s .data is not', () => {
  const x = leaf([2, 3]);
  const y = x.mul(x);
  x.data.fill(10);
  y.sum().backward();
  assert.deepEqual(x.grad.toArray(), [20, 20]);
});

test('a version error leaves the graph whole: undoing nothing, another backward may still fail or work', () => {
  const [x, w] = [leaf([2, 3]), leaf([4, 5])];
  const bad = x.mul(x);
  const good = w.mul(w);
  noGrad(() => x.add_(1));
  const loss = bad.add(good).sum();
  assert.throws(() => loss.backward(), /modified by an inplace operation/);
  assert.equal(w.grad, null, 'nothing of the gradients has been written');
  good.sum().backward();
  assert.deepEqual(w.grad.toArray(), [8, 10]);
});

test('an in-place operation inside tidy on a tensor made outside leaves that tensor alive', () => {
  const x = leaf([2]);
  const total = zeros(1);
  const result = x.mul(1);
  tidy(() => {
    total.add_(x.mul(x));
    result.mul_(x);
  });
  assert.equal(total.isDisposed, false, 'the sum of losses');
  assert.equal(result.isDisposed, false, 'the result');
  total.backward();
  assert.deepEqual(x.grad.toArray(), [4]);
});

test('an in-place operation on a kept tensor inside tidy leaves it kept', () => {
  const x = leaf([2]);
  let kept;
  tidy(() => {
    kept = keep(zeros(1));
    kept.add_(x);
  });
  assert.equal(kept.isDisposed, false);
});

/* ---- Sparse and dense gradients ---- */

test('sparse and dense gradients meet as in PyTorch, in one graph and over two', () => {
  const make = (sparse) => (weight) => functional.embedding([1, 1], weight, { sparse }).sum();
  const cases = [[[true, true], true], [[true, false], false], [[false, true], false], [[false, false], false]];
  for (const [kinds, isSparse] of cases) {
    for (const oneGraph of [false, true]) {
      const weight = leaf([[1, 2], [3, 4], [5, 6]]);
      const losses = kinds.map((kind) => make(kind)(weight));
      if (oneGraph) losses[0].add(losses[1]).backward();
      else for (const loss of losses) loss.backward();
      assert.equal(weight.grad.isSparse, isSparse, `${kinds} ${oneGraph}`);
      const dense = isSparse ? weight.grad.toDense() : weight.grad;
      assert.deepEqual(dense.toArray(), [[0, 0], [4, 4], [0, 0]], `${kinds} ${oneGraph}`);
    }
  }
});

test('a sparse gradient that goes on through another operation becomes dense', () => {
  const x = leaf([[1, 2], [3, 4]]);
  functional.embedding([1], x.mul(3), { sparse: true }).sum().backward();
  assert.equal(x.grad.isSparse, false);
  assert.deepEqual(x.grad.toArray(), [[0, 0], [3, 3]]);
});

test('a dense gradient that meets a sparse one leaves the handle that the caller holds as it was', () => {
  const weight = sparse(leaf([[1], [2]]), [0, 0], [[1], [2]]);
  const held = weight.grad;
  weight.mul(1).sum().backward();
  assert.equal(weight.grad.isSparse, false);
  assert.deepEqual(weight.grad.toArray(), [[4], [1]]);
  assert.equal(held.isDisposed, false);
  assert.deepEqual(held.values().toArray(), [[1], [2]]);
});

test('a layer whose weight is used twice with max_norm, and once more through another handle, accumulates', () => {
  const layer = new Embedding(3, 2, { maxNorm: 1 });
  const first = layer.forward([0, 1]).sum();
  const second = layer.forward([1, 2]).sum();
  first.add(second).backward();
  assert.deepEqual(layer.weight.grad.toArray(), [[1, 1], [2, 2], [1, 1]]);
});

test('the gradient of a parameter assigned by hand is added to in place, and its version rises', () => {
  const p = parameter([1, 2], { grad: [10, 20] });
  const { grad } = p;
  const version = grad._version;
  p.mul(2).sum().backward();
  assert.equal(p.grad, grad);
  assert.deepEqual(grad.toArray(), [12, 22]);
  assert.equal(grad._version, version + 1);
});

/* ---- Numbers that are none ---- */

test('NaN, infinity and -0 go through forward and backward as IEEE has them', () => {
  const x = leaf([NaN, Infinity, -Infinity, -0, 0]);
  x.mul(x).backward([1, 1, 1, 1, 1]);
  assert.deepEqual([...x.grad.data], [NaN, Infinity, -Infinity, -0, 0]);
  const y = leaf([NaN, Infinity, -Infinity, -0, 0]);
  y.relu().sum().backward();
  assert.deepEqual([...y.relu().data], [NaN, Infinity, 0, 0, 0].map((v, i) => (i === 3 ? y.relu().data[3] : v)));
  assert.deepEqual([...y.grad.data].slice(1), [1, 0, 0, 0]);
  const z = leaf([-0, 0, -3]);
  z.abs().sum().backward();
  assert.deepEqual([...z.grad.data].map((v) => v + 0), [0, 0, -1]);
  const table = leaf([[1], [2]]);
  functional.embedding([0, 1, 1], table).backward([[NaN], [Infinity], [-Infinity]]);
  assert.deepEqual([...table.grad.data], [NaN, NaN]);
});
