/**
 * Optimisers: groups, options, gradients of either kind, state and state dicts. Their numbers are in optim.test.js.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, memory, noGrad, ones, optim, tensor, tidy } from 'nn-embedding';
import { assertNear } from './golden.js';
import { collectUntil } from './support.js';
import { assertUnchanged, parameter, settled, sparse, stateOf } from './training-support.js';

const NAMES = Object.keys(optim);
const takesDense = (name) => name !== 'SparseAdam';
const takesSparse = (name) => !name.startsWith('Adam');
/** A parameter with the kind of gradient that the optimiser takes. */
const paramFor = (name, rows = [[1], [2]]) => (takesDense(name) ? parameter(rows, { grad: rows.map((row) => row.map(() => 1)) }) : parameter(rows, { sparseGrad: [[0], [rows[0].map(() => 1)]] }));

/* ---- Options and groups ---- */

test('the package has PyTorch’s five optimisers for embeddings', () => {
  assert.deepEqual(NAMES.sort(), ['Adagrad', 'Adam', 'AdamW', 'SGD', 'SparseAdam']);
});

test('the defaults are PyTorch’s', () => {
  const p = ones(1, { requiresGrad: true });
  const defaults = {
    SGD: { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false },
    SparseAdam: { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, maximize: false },
    Adagrad: { lr: 1e-2, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false },
    Adam: { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false },
    AdamW: { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 1e-2, amsgrad: false, maximize: false },
  };
  for (const name of NAMES) {
    const [{ params, ...options }] = new optim[name]([p]).paramGroups;
    assert.deepEqual(params, [p]);
    assert.deepEqual(options, defaults[name], name);
    assert.deepEqual(new optim[name]([p], Object.fromEntries(Object.keys(options).map((key) => [key, undefined]))).paramGroups, [{ params, ...options }], `${name}, undefined`);
  }
});

test('groups take the options of the call where they have none of their own', () => {
  const [p, q, r] = [paramFor('SGD'), paramFor('SGD'), paramFor('SGD')];
  const sgd = new optim.SGD([{ params: [p], lr: 0.5 }, { params: [q], weightDecay: 1 }, { params: r }], { lr: 0.25 });
  assert.deepEqual(sgd.paramGroups.map(({ lr, weightDecay }) => [lr, weightDecay]), [[0.5, 0], [0.25, 1], [0.25, 0]]);
  sgd.step();
  assert.deepEqual([p, q, r].map((x) => x.toArray()), [[[0.5], [1.5]], [[0.5], [1.25]], [[0.75], [1.75]]]);
});

test('paramGroups can be changed, and the next step uses what they say', () => {
  const p = paramFor('SGD', [[10], [20]]);
  const sgd = new optim.SGD([p], { lr: 1 });
  sgd.step();
  sgd.paramGroups[0].lr = 0.5;
  sgd.paramGroups[0].maximize = true;
  sgd.step();
  sgd.paramGroups[0].weightDecay = 1;
  sgd.paramGroups[0].maximize = false;
  sgd.step();
  assert.deepEqual(p.toArray(), [[(9 + 0.5) - 0.5 * (1 + 9.5)], [(19 + 0.5) - 0.5 * (1 + 19.5)]]);
});

test('the options and the groups that were given stay the caller’s', () => {
  const p = paramFor('Adam');
  const betas = [0.5, 0.75];
  const group = { params: [p] };
  const options = { lr: 1, betas };
  const adam = new optim.Adam([group], options);
  adam.paramGroups[0].lr = 2;
  adam.paramGroups[0].betas[0] = 0.25;
  adam.paramGroups[0].params.push(paramFor('Adam'));
  assert.deepEqual(betas, [0.5, 0.75]);
  assert.deepEqual(options, { lr: 1, betas });
  assert.deepEqual(Object.keys(group), ['params']);
  assert.equal(group.params.length, 1);
});

test('two groups, two optimisers and the defaults share no betas', () => {
  const [p, q] = [paramFor('Adam'), paramFor('Adam')];
  const one = new optim.Adam([{ params: [p] }, { params: [q] }]);
  one.paramGroups[0].betas[0] = 0.125;
  assert.deepEqual(one.paramGroups[1].betas, [0.9, 0.999], 'the other group');
  assert.deepEqual(new optim.Adam([p]).paramGroups[0].betas, [0.9, 0.999], 'the next optimiser');
});

test('an unknown option is refused with the nearest known one', () => {
  const p = ones(1, { requiresGrad: true });
  for (const [name, options, nearest] of [
    ['SGD', { learnRate: 1 }, 'lr'], ['SGD', { momentun: 1 }, 'momentum'], ['SGD', { weight_decay: 1 }, 'weightDecay'], ['SGD', { nestrov: true }, 'nesterov'], ['SparseAdam', { beta: [0, 0] }, 'betas'],
    ['Adagrad', { lr_decay: 1 }, 'lrDecay'], ['Adagrad', { initial_accumulator_value: 1 }, 'initialAccumulatorValue'], ['Adam', { epsilon: 1 }, 'eps'], ['Adam', { amsGrad: true }, 'amsgrad'], ['AdamW', { weightdecay: 1 }, 'weightDecay'],
  ]) { // prettier-ignore
    const [key] = Object.keys(options);
    const says = key === 'learnRate' ? [`'${key}'`, 'lr'] : [`'${key}'; did you mean '${nearest}'`];
    assertUnchanged(() => new optim[name]([p], options), { type: TypeError, says }, [p]);
    assertUnchanged(() => new optim[name]([{ params: [p], ...options }]), { type: TypeError, says }, [p]);
  }
});

test('an optimiser that is refused has kept nothing: no state, no memory', () => {
  const p = paramFor('Adagrad');
  const before = memory();
  assert.throws(() => new optim.Adagrad([p, 3]));
  assert.throws(() => new optim.Adagrad([{ params: [p] }, { params: [p] }]));
  assert.throws(() => new optim.Adagrad([{ params: [p] }, { params: [], lr: -1 }]));
  assert.deepEqual(memory(), before);
});

test('params may be given together with those of layers, and a group may hold none', () => {
  const layers = [new Embedding(3, 2), new Embedding(4, 2)];
  const sgd = new optim.SGD([{ params: layers.flatMap((layer) => layer.parameters()) }, { params: [] }]);
  assert.equal(sgd.paramGroups[0].params.length, 2);
  sgd.step();
  sgd.zeroGrad();
});

test('the same parameter twice in one group is refused or counted once', () => {
  const p = paramFor('SGD');
  let sgd;
  try {
    sgd = new optim.SGD([p, p], { lr: 1 });
  } catch (error) {
    return assert.match(error.message, /parameter/);
  }
  sgd.step();
  assert.deepEqual(p.toArray(), [[-1], [0]], 'PyTorch, which only warns, steps twice');
});

/* ---- Steps ---- */

test('a step raises the version of each parameter that has a gradient by 1, and of no other', () => {
  for (const name of NAMES) {
    const [p, idle] = [paramFor(name), ones([2, 1], { requiresGrad: true })];
    const optimizer = new optim[name]([p, idle]);
    for (let i = 1; i <= 3; i++) {
      optimizer.step();
      assert.equal(p._version, i, name);
      assert.equal(idle._version, 0, name);
    }
  }
});

test('parameters without a gradient are skipped: no state, no decay, no step', () => {
  for (const name of NAMES) {
    const [p, idle] = [paramFor(name), ones([2, 1], { requiresGrad: true })];
    const optimizer = new optim[name]([p, idle], { lr: 0.5, ...(takesSparse(name) ? {} : { weightDecay: 0.5 }) });
    optimizer.step();
    assert.deepEqual(idle.toArray(), [[1], [1]], name);
    if (name !== 'Adagrad') assert.deepEqual(optimizer.state(idle), {}, name);
    else assert.equal(optimizer.state(idle).step, 0);
    assert.notDeepEqual(p.toArray(), [[1], [2]], name);
  }
});

test('a step needs no grad mode, records nothing, and leaves the gradients as they are', () => {
  for (const name of NAMES) {
    const p = paramFor(name);
    const grad = stateOf(p.grad);
    const optimizer = new optim[name]([p], { lr: 0.1 });
    noGrad(() => optimizer.step());
    optimizer.step();
    assert.deepEqual(stateOf(p.grad), grad, name);
    assert.equal(p.isLeaf, true);
    assert.equal(p.requiresGrad, true);
  }
});

test('a step leaves an uncoalesced sparse gradient uncoalesced', () => {
  for (const name of NAMES.filter(takesSparse)) {
    const p = parameter([[1], [2], [3]], { sparseGrad: [[2, 0, 2], [[1], [2], [3]]] });
    new optim[name]([p]).step();
    assert.deepEqual([...p.grad.indices()], [2, 0, 2], name);
    assert.equal(p.grad.isCoalesced, false);
  }
});

test('repeated rows of a sparse gradient are summed before anything that is not linear', () => {
  for (const name of NAMES.filter(takesSparse)) {
    const repeated = parameter([[1], [2], [3]], { sparseGrad: [[2, 0, 2], [[1], [2], [3]]] });
    const summed = parameter([[1], [2], [3]], { sparseGrad: [[0, 2], [[2], [4]]] });
    const [a, b] = [new optim[name]([repeated], { lr: 0.5 }), new optim[name]([summed], { lr: 0.5 })];
    for (let i = 0; i < 3; i++) {
      a.step();
      b.step();
    }
    assertNear(repeated.data, summed.data, name);
  }
});

test('a sparse gradient touches no other row, but for momentum', () => {
  for (const name of NAMES.filter(takesSparse)) {
    const p = parameter([[1, NaN], [-0, Infinity], [3, 4]], { sparseGrad: [[2], [[1, 1]]] });
    const before = p.data.slice(0, 4);
    const optimizer = new optim[name]([p], { lr: 0.5 });
    for (let i = 0; i < 3; i++) optimizer.step();
    assert.deepEqual(p.data.slice(0, 4), before, name);
    assert.ok(Object.is(p.data[2], -0));
  }
});

test('dense and sparse gradients of the same numbers give the same steps of SGD and Adagrad', () => {
  for (const [name, options] of [['SGD', { lr: 0.5 }], ['SGD', { lr: 0.5, momentum: 0.5 }], ['SGD', { lr: 0.5, momentum: 0.5, nesterov: true }], ['SGD', { lr: 0.5, momentum: 0.5, dampening: 0.25 }], ['SGD', { lr: 0.5, maximize: true }], ['Adagrad', { lr: 0.5, lrDecay: 0.5 }]]) {
    const dense = parameter([[1], [2], [3]], { grad: [[0], [4], [1]] });
    const rows = parameter([[1], [2], [3]], { sparseGrad: [[1, 2, 1], [[3], [1], [1]]] });
    const [a, b] = [new optim[name]([dense], options), new optim[name]([rows], options)];
    for (let i = 0; i < 4; i++) {
      a.step();
      b.step();
      if (i === 1) {
        dense.grad = tensor([[2], [0], [0]]);
        rows.grad = null;
        sparse(rows, [0], [[2]]);
      }
    }
    assertNear(rows.data, dense.data, `${name} ${JSON.stringify(options)}`);
  }
});

test('a sparse gradient without rows counts as a step and changes nothing else', () => {
  for (const name of NAMES.filter(takesSparse)) {
    const p = parameter([[1], [2]]);
    sparse(p, [], []);
    assert.equal(p.grad.nnz, 0);
    const optimizer = new optim[name]([p]);
    optimizer.step();
    assert.deepEqual(p.toArray(), [[1], [2]], name);
    if (name !== 'SGD') assert.equal(optimizer.state(p).step, 1, name);
  }
});

test('gradients that an optimiser does not take are refused before any parameter is changed', () => {
  for (const name of NAMES) {
    const good = paramFor(name);
    const bad = takesDense(name) ? parameter([[1], [2]], { sparseGrad: [[0], [[1]]] }) : parameter([[1], [2]], { grad: [[1], [1]] });
    const options = takesSparse(name) && takesDense(name) ? { weightDecay: 0.1 } : {};
    const optimizer = new optim[name]([{ params: [good] }, { params: [bad] }], options);
    assertUnchanged(() => optimizer.step(), { type: Error }, [good, bad, optimizer], name);
    bad.grad = null;
    optimizer.step();
    assert.notDeepEqual(good.toArray(), [[1], [2]], name);
  }
});

test('a gradient or parameter that has been disposed of is found before any parameter is changed', () => {
  for (const name of NAMES) {
    const [good, bad] = [paramFor(name), paramFor(name)];
    const optimizer = new optim[name]([good, bad], { lr: 0.5 });
    bad.grad.dispose();
    const before = [stateOf(good), stateOf(optimizer)];
    let error = null;
    try {
      optimizer.step();
    } catch (caught) {
      error = caught;
    }
    if (error) {
      assert.match(error.message, /disposed/, name);
      assert.deepEqual([stateOf(good), stateOf(optimizer)], before, `${name}: refused after a parameter was changed`);
    } else assert.deepEqual(bad.toArray(), [[1], [2]], `${name}: counts as none`);
    const [first, second] = [paramFor(name), paramFor(name)];
    const other = new optim[name]([first, second], { lr: 0.5 });
    second.dispose();
    const firstBefore = stateOf(first);
    assert.throws(() => other.step(), /disposed/);
    assert.deepEqual(stateOf(first), firstBefore, name);
  }
});

test('an optimiser that is told of amsgrad later, or of momentum, goes on', () => {
  const p = paramFor('Adam');
  const adam = new optim.Adam([p], { lr: 0.1 });
  adam.step();
  adam.paramGroups[0].amsgrad = true;
  adam.step();
  assert.ok(p.data.every(Number.isFinite));
  const q = paramFor('SGD');
  const sgd = new optim.SGD([q], { lr: 1 });
  sgd.step();
  sgd.paramGroups[0].momentum = 0.5;
  sgd.step(); // the first with momentum: the buffer is the gradient
  sgd.step();
  assert.deepEqual(q.toArray(), [[1 - 1 - 1 - 1.5], [2 - 1 - 1 - 1.5]]);
});

test('the state is PyTorch’s, in its names', () => {
  const keys = { SGD: ['momentumBuffer'], SparseAdam: ['expAvg', 'expAvgSq', 'step'], Adagrad: ['step', 'sum'], Adam: ['expAvg', 'expAvgSq', 'step'], AdamW: ['expAvg', 'expAvgSq', 'step'] };
  for (const name of NAMES) {
    const p = paramFor(name);
    const optimizer = new optim[name]([p], name === 'SGD' ? { momentum: 0.9 } : {});
    assert.deepEqual(Object.keys(optimizer.state(p)), name === 'Adagrad' ? ['step', 'sum'] : [], `${name}, before the first step`);
    optimizer.step();
    optimizer.step();
    const state = optimizer.state(p);
    assert.deepEqual(Object.keys(state).sort(), keys[name], name);
    for (const value of Object.values(state)) {
      if (typeof value === 'number') assert.equal(value, 2, name);
      else assert.deepEqual(value.shape, p.shape, name);
    }
  }
  const p = paramFor('SGD');
  const plain = new optim.SGD([p]);
  plain.step();
  assert.deepEqual(plain.state(p), {}, 'SGD without momentum remembers nothing');
  assert.deepEqual(plain.state(ones(1)), {}, 'nor of a stranger');
  const q = paramFor('Adam');
  const most = new optim.Adam([q], { amsgrad: true });
  most.step();
  assert.deepEqual(Object.keys(most.state(q)).sort(), ['expAvg', 'expAvgSq', 'maxExpAvgSq', 'step']);
});

test('NaN and infinity in a gradient go where arithmetic takes them, and no further', () => {
  for (const name of NAMES.filter(takesDense)) {
    const p = parameter([1, 2, 3], { grad: [NaN, 1, Infinity] });
    new optim[name]([p], { lr: 0.5 }).step();
    assert.ok(Number.isNaN(p.data[0]), name);
    assert.ok(Number.isFinite(p.data[1]), name);
    assert.ok(!Number.isFinite(p.data[2]), name);
  }
});

test('parameters without rows, without columns and 0-d ones are stepped', () => {
  for (const name of NAMES.filter(takesDense)) {
    for (const shape of [[0, 3], [3, 0], []]) {
      const p = ones(shape, { requiresGrad: true });
      p.grad = ones(shape);
      const optimizer = new optim[name]([p], { lr: 0.5 });
      optimizer.step();
      optimizer.step();
      assert.equal(p._version, 2);
      if (shape.length === 0) assert.ok(p.item() < 1, name);
    }
  }
  for (const name of NAMES.filter(takesSparse)) {
    for (const [V, D, indices] of [[0, 3, []], [3, 0, [1, 2]]]) {
      const layer = new Embedding(V, D, { sparse: true });
      layer.forward(indices).sum().backward();
      new optim[name](layer.parameters()).step();
    }
  }
});

/* ---- zeroGrad ---- */

test('zeroGrad forgets gradients, or zeroes them where they are', () => {
  const [p, q, idle] = [parameter([1, 2], { grad: [3, 4] }), parameter([[1], [2]], { sparseGrad: [[1, 1], [[5], [6]]] }), ones(1, { requiresGrad: true })];
  const sgd = new optim.SGD([p, q, idle]);
  const [dense, rows] = [p.grad, q.grad];
  sgd.zeroGrad({ setToNone: false });
  assert.equal(p.grad, dense);
  assert.equal(q.grad, rows);
  assert.equal(idle.grad, null);
  assert.deepEqual(dense.toArray(), [0, 0]);
  assert.equal(rows.nnz, 0);
  assert.equal(rows.isCoalesced, true);
  assert.deepEqual(rows.toDense().toArray(), [[0], [0]]);
  sgd.step();
  assert.deepEqual(p.toArray(), [1, 2]);
  assert.deepEqual(q.toArray(), [[1], [2]]);
  p.mul(2).sum().backward();
  assert.equal(p.grad, dense, 'the next backward adds to it');
  assert.deepEqual(dense.toArray(), [2, 2]);
  sgd.zeroGrad();
  assert.deepEqual([p.grad, q.grad], [null, null]);
  sgd.zeroGrad({});
  sgd.zeroGrad(undefined);
  sgd.zeroGrad({ setToNone: true });
});

test('zeroGrad of rows that somebody holds leaves their numbers alone', () => {
  const q = parameter([[1], [2]], { sparseGrad: [[1, 1], [[5], [6]]] });
  const values = q.grad.values();
  new optim.SGD([q]).zeroGrad({ setToNone: false });
  assert.deepEqual(values.toArray(), [[5], [6]]);
});

/* ---- State dicts ---- */

test('a state dict is what PyTorch’s is, in JavaScript’s names', () => {
  const [p, q] = [paramFor('Adam'), paramFor('Adam')];
  const adam = new optim.Adam([{ params: [p], lr: 0.5 }, { params: [q] }], { lr: 0.25 });
  q.grad = null;
  adam.step();
  const { state, paramGroups } = adam.stateDict();
  assert.deepEqual(Object.keys(state), ['0'], 'only parameters that have been stepped');
  assert.equal(state[0].step, 1);
  assert.deepEqual(paramGroups.map(({ params, lr }) => [params, lr]), [[[0], 0.5], [[1], 0.25]]);
  assert.deepEqual(Object.keys(paramGroups[0]).sort(), ['amsgrad', 'betas', 'eps', 'lr', 'maximize', 'params', 'weightDecay']);
});

test('the tensors of a state dict are handles on the optimiser’s own; loading copies', () => {
  const p = paramFor('SGD');
  const sgd = new optim.SGD([p], { momentum: 0.5, lr: 1 });
  sgd.step();
  const dict = sgd.stateDict();
  const { momentumBuffer } = dict.state[0];
  sgd.step();
  assert.deepEqual(momentumBuffer.toArray(), [[1.5], [1.5]], 'the same storage');
  const other = new optim.SGD([paramFor('SGD')], { momentum: 0.9 });
  other.loadStateDict(dict);
  sgd.step();
  const [loaded] = other.paramGroups[0].params;
  assert.deepEqual(other.state(loaded).momentumBuffer.toArray(), [[1.5], [1.5]], 'a copy');
  momentumBuffer.dispose();
  assert.equal(sgd.state(p).momentumBuffer.isDisposed, false);
});

test('changing a state dict, or the optimiser after it, changes nothing of the other, nor of one that has loaded it', () => {
  const p = paramFor('Adam');
  const adam = new optim.Adam([p], { lr: 0.5 });
  adam.step();
  const dict = adam.stateDict();
  const other = new optim.Adam([paramFor('Adam')]);
  other.loadStateDict(dict);
  dict.paramGroups[0].lr = 100;
  dict.paramGroups[0].betas[0] = 0.0625;
  dict.paramGroups[0].params.push(7);
  dict.state[0].step = 50;
  for (const one of [adam, other]) {
    const [{ lr, betas, params }] = one.paramGroups;
    assert.deepEqual([lr, betas, params.length], [0.5, [0.9, 0.999], 1]);
    assert.equal(one.state(params[0]).step, 1);
  }
  adam.paramGroups[0].betas[1] = 0.5;
  assert.deepEqual(other.paramGroups[0].betas, [0.9, 0.999]);
});

test('a run that is saved and loaded in the middle goes on as if nothing had been', () => {
  for (const name of NAMES) {
    const options = { lr: 0.1, ...(name === 'SGD' ? { momentum: 0.9 } : {}), ...(name.match(/^AdamW?$/) ? { amsgrad: true } : {}) };
    const run = (interrupted) => {
      const p = paramFor(name, [[1, 2], [3, 4]]);
      let optimizer = new optim[name]([p], options);
      for (let i = 0; i < 6; i++) {
        if (interrupted && i === 3) {
          const dict = optimizer.stateDict();
          optimizer = new optim[name]([p], { lr: 1 });
          optimizer.loadStateDict(dict);
        }
        optimizer.step();
      }
      return [p.toArray(), Object.values(optimizer.state(p)).map((value) => (typeof value === 'number' ? value : value.toArray()))];
    };
    assert.deepEqual(run(true), run(false), name);
  }
});

test('a state dict survives structuredClone-like saving: plain arrays back as tensors', () => {
  const p = paramFor('Adam');
  const adam = new optim.Adam([p], { lr: 0.5 });
  adam.step();
  const dict = adam.stateDict();
  const text = JSON.stringify({ paramGroups: dict.paramGroups, state: Object.fromEntries(Object.entries(dict.state).map(([i, state]) => [i, Object.fromEntries(Object.entries(state).map(([key, value]) => [key, typeof value === 'number' ? value : { shape: value.shape, data: [...value.data] }]))])) });
  const read = JSON.parse(text, (_, value) => (value?.shape && value?.data ? tensor(Float32Array.from(value.data), { shape: value.shape }) : value));
  const q = paramFor('Adam');
  const other = new optim.Adam([q]);
  other.loadStateDict(read);
  assert.deepEqual(other.state(q).expAvg.toArray(), adam.state(p).expAvg.toArray());
  assert.deepEqual(q.toArray(), [[1], [2]]);
});

test('loadStateDict lets go of the state before it, and takes that of tidy’s tensors', async () => {
  const p = paramFor('Adam');
  const adam = new optim.Adam([p]);
  adam.step();
  tidy(() => adam.loadStateDict(adam.stateDict()));
  const before = await settled();
  for (let i = 0; i < 50; i++) tidy(() => adam.loadStateDict(adam.stateDict()));
  assert.ok(await collectUntil(() => memory().tensors <= before));
  assert.equal(adam.state(p).expAvg.isDisposed, false);
});

test('an optimiser prints as in PyTorch, with changed options', () => {
  const p = paramFor('SGD');
  const sgd = new optim.SGD([{ params: [p], lr: 0.5 }, { params: [] }], { lr: 1e-5 });
  assert.match(String(sgd), /^SGD \(\nParameter Group 0\n {4}dampening: 0\n[^]* {4}lr: 0\.5\n[^]*\n\nParameter Group 1\n[^]* {4}lr: 1e-05\n[^]*\)$/);
  sgd.paramGroups[0].lr = 2;
  assert.match(String(sgd), / {4}lr: 2\n/);
});

test('a step with the gradient of an empty batch changes nothing', () => {
  for (const make of [(p) => new optim.SGD(p, { lr: 1 }), (p) => new optim.SparseAdam(p, { lr: 1 }), (p) => new optim.Adagrad(p, { lr: 1 })]) {
    const layer = new Embedding(4000, 3, { sparse: true });
    const before = layer.weight.data.slice();
    layer.forward(new Int32Array(0)).sum().backward();
    make(layer.parameters()).step();
    assert.deepEqual(layer.weight.data, before);
  }
});

test('zeroGrad forgets a gradient that was disposed of, so that the next step passes it over', () => {
  const layer = new Embedding(4, 3);
  const optimizer = new optim.SGD(layer.parameters(), { lr: 1 });
  layer.forward([1]).sum().backward();
  layer.weight.grad.dispose();
  optimizer.zeroGrad();
  assert.equal(layer.weight.grad, null);
  optimizer.step();
});
