/**
 * Memory while training: loops that stay where they are, what moves to ordinary arrays and what stays, and growth in the middle.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, EmbeddingBag, clipGradNorm, functional, manualSeed, memory, noGrad, ones, optim, randn, tensor, tidy, zeros } from 'nn-embedding';
import { FullHeap } from './support.js';
import { parameter, sparse } from './training-support.js';

const leaf = (data) => tensor(data, { requiresGrad: true });
const int32 = (values, shape = [values.length]) => tensor(Int32Array.from(values), { shape });

/* ---- 20,000 steps ---- */

const STEPS = 20000;
const WARM_UP = 300;

/** Asserts that more steps leave the same blocks behind, and the heap as large as it is. */
function assertFlat(step) {
  for (let i = 0; i < WARM_UP; i++) step(i);
  const before = memory();
  for (let i = 0; i < STEPS; i++) step(i);
  assert.deepEqual(memory(), before, `after ${STEPS} steps`);
}

/** Models: what they make in a step, as a list, the loss last. */
const MODELS = {
  'a sparse table with SparseAdam': () => {
    const [input, output] = [new Embedding(40, 8, { sparse: true }), new Embedding(40, 8, { sparse: true })];
    const optimizer = new optim.SparseAdam([...input.parameters(), ...output.parameters()], { lr: 0.01 });
    return {
      params: [input.weight, output.weight],
      optimizer,
      run(i) {
        const made = [input.forward([i % 40, (i * 7) % 40, i % 40])];
        made.push(output.forward([(i * 3) % 40, (i * 11) % 40, 5]));
        made.push(made[0].mul(made[1]));
        made.push(made[2].sum(1));
        made.push(made[3].logSigmoid());
        made.push(made[4].mean());
        made.push(made[5].neg());
        return made;
      },
    };
  },
  'a dense table with SGD': () => {
    const [table, weight] = [new Embedding(30, 8, { maxNorm: 2 }), randn([5, 8], { requiresGrad: true })];
    const optimizer = new optim.SGD([{ params: table.parameters() }, { params: [weight], lr: 0.02 }], { lr: 0.01, momentum: 0.9 });
    return {
      params: [table.weight, weight],
      optimizer,
      run(i) {
        const made = [table.forward([i % 30, (i * 7) % 30])];
        made.push(functional.linear(made[0], weight));
        made.push(functional.crossEntropy(made[1], [i % 5, 2]));
        return made;
      },
    };
  },
  'a bag with Adagrad, and a bag with sample weights': () => {
    const bag = new EmbeddingBag(30, 4, { mode: 'sum', sparse: true });
    const most = new EmbeddingBag(30, 4, { mode: 'max' });
    const samples = randn([5], { requiresGrad: true });
    const optimizer = new optim.Adagrad([...bag.parameters(), ...most.parameters(), samples]);
    return {
      params: [bag.weight, most.weight, samples],
      optimizer,
      run(i) {
        const made = [bag.forward([i % 30, 3, 3, (i * 7) % 30, 1], { offsets: [0, 2, 2], perSampleWeights: samples })];
        made.push(most.forward([[i % 30, 1], [2, 3], [4, 4]]));
        made.push(made[0].mul(made[1]));
        made.push(made[2].mean());
        return made;
      },
    };
  },
};

for (const [name, make] of Object.entries(MODELS)) {
  test(`20,000 steps in tidy leave the heap flat, gradients and steps inside it or outside: ${name}`, () => {
    manualSeed(1);
    const { params, optimizer, run } = make();
    assertFlat((i) => {
      const isInside = i % 4 < 2;
      if (!isInside) optimizer.zeroGrad();
      tidy(() => {
        if (isInside) optimizer.zeroGrad();
        run(i).at(-1).backward();
        if (isInside) optimizer.step();
      });
      if (!isInside) optimizer.step();
    });
    for (const param of params) {
      assert.equal(param.isDisposed, false);
      assert.equal(param.grad.isDisposed, false, '.grad outlives tidy');
      for (const value of Object.values(optimizer.state(param))) assert.ok(typeof value === 'number' || !value.isDisposed, 'the state outlives tidy');
    }
  });

  test(`20,000 steps that dispose of everything they make leave the heap flat: ${name}`, () => {
    manualSeed(1);
    const { optimizer, run, params } = make();
    assertFlat((i) => {
      const made = run(i);
      made.at(-1).backward();
      for (const t of made) t.dispose();
      optimizer.step();
      for (const param of params) {
        param.grad.dispose();
        param.grad = null;
      }
    });
  });

  test(`20,000 steps of a synchronous loop that disposes of nothing leave the heap flat: ${name}`, () => {
    manualSeed(1);
    const { optimizer, run } = make();
    assertFlat((i) => {
      optimizer.zeroGrad();
      run(i).at(-1).backward();
      optimizer.step();
    });
  });

  test(`the three ways give the same numbers: ${name}`, () => {
    const results = ['tidy', 'dispose', 'neither'].map((way) => {
      manualSeed(2);
      const { params, optimizer, run } = make();
      const losses = [];
      for (let i = 0; i < 50; i++) {
        optimizer.zeroGrad({ setToNone: i % 2 === 0 });
        const step = () => {
          const made = run(i);
          made.at(-1).backward();
          losses.push(made.at(-1).item());
          if (way === 'dispose') for (const t of made) t.dispose();
        };
        if (way === 'tidy') tidy(step);
        else step();
        optimizer.step();
      }
      return [losses, params.map((param) => [...param.data])];
    });
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
  });
}

/** Loops that do neither tidy nor dispose, each with something that a user would write. */
const LOOPS = {
  'the loss is read with item() before backward': ({ optimizer, run }) => (i) => {
    optimizer.zeroGrad();
    const loss = run(i).at(-1);
    assert.ok(Number.isFinite(loss.item()));
    loss.backward();
    optimizer.step();
  },
  'the loss is read with item() after backward': ({ optimizer, run }) => (i) => {
    optimizer.zeroGrad();
    const loss = run(i).at(-1);
    loss.backward();
    assert.ok(Number.isFinite(loss.item()));
    optimizer.step();
  },
  'results are read with toArray() and printed before backward': ({ optimizer, run }) => (i) => {
    optimizer.zeroGrad();
    const made = run(i);
    made[0].toArray();
    String(made.at(-1));
    made.at(-1).backward();
    optimizer.step();
  },
  'gradients are zeroed where they are': ({ optimizer, run }) => (i) => {
    optimizer.zeroGrad({ setToNone: false });
    run(i).at(-1).backward();
    optimizer.step();
  },
  'gradients accumulate over two backwards and are clipped': ({ params, optimizer, run }) => (i) => {
    optimizer.zeroGrad();
    run(i).at(-1).backward();
    run(i + 1).at(-1).backward();
    clipGradNorm(params, 0.5);
    optimizer.step();
  },
  'gradients are printed and read': ({ params, optimizer, run }) => (i) => {
    optimizer.zeroGrad();
    run(i).at(-1).backward();
    for (const { grad } of params) {
      if (i % 50 === 0) String(grad);
      if (grad.isSparse) grad.indices();
    }
    optimizer.step();
  },
  'gradients are set to null by hand': ({ params, optimizer, run }) => (i) => {
    for (const param of params) param.grad = null;
    run(i).at(-1).backward();
    optimizer.step();
  },
  'the loss is added to a running total after backward': ({ optimizer, run }) => {
    const total = zeros([]);
    return (i) => {
      optimizer.zeroGrad();
      const loss = run(i).at(-1);
      loss.backward();
      noGrad(() => total.add_(loss));
      optimizer.step();
    };
  },
  'losses are averaged over two graphs': ({ optimizer, run }) => (i) => {
    optimizer.zeroGrad();
    run(i).at(-1).add(run(i + 1).at(-1)).div(2).backward();
    optimizer.step();
  },
  'a graph is kept for a second backward': ({ optimizer, run }) => (i) => {
    optimizer.zeroGrad();
    const loss = run(i).at(-1);
    loss.backward(undefined, { retainGraph: true });
    loss.backward();
    optimizer.step();
  },
  'a failing call is caught': ({ optimizer, run }) => (i) => {
    optimizer.zeroGrad();
    const loss = run(i).at(-1);
    assert.throws(() => loss.backward([1, 2]));
    assert.throws(() => loss.matmul(loss));
    assert.throws(() => loss.add_([1, 2, 3]));
    loss.backward();
    assert.throws(() => loss.backward());
    optimizer.step();
  },
};

for (const [name, makeStep] of Object.entries(LOOPS)) {
  for (const model of ['a sparse table with SparseAdam', 'a dense table with SGD']) {
    test(`a synchronous loop that disposes of nothing is flat when ${name}: ${model}`, () => {
      manualSeed(1);
      const made = MODELS[model]();
      const step = makeStep(made);
      for (let i = 0; i < 100; i++) step(i);
      const before = memory();
      for (let i = 0; i < 2000; i++) step(i);
      assert.deepEqual(memory(), before);
    });
  }
}

test('a synchronous loop is flat for every operation: nothing that backward passes stays behind', () => {
  const weight = randn([4, 4], { requiresGrad: true });
  const OPERATIONS = {
    add: (x) => x.add(x), sub: (x) => x.sub(1), mul: (x) => x.mul(x), div: (x) => x.div(2), neg: (x) => x.neg(), pow: (x) => x.pow(2), exp: (x) => x.exp(),
    log: (x) => x.abs().add(1).log(), sqrt: (x) => x.abs().add(1).sqrt(), abs: (x) => x.abs(), sigmoid: (x) => x.sigmoid(), tanh: (x) => x.tanh(), relu: (x) => x.relu(),
    logSigmoid: (x) => x.logSigmoid(), matmul: (x) => x.matmul(x), 'matmul of t()': (x) => x.matmul(x.t()), 't() twice': (x) => x.t().t(), 't() of a result': (x) => x.mul(2).t(),
    sum: (x) => x.sum(1), mean: (x) => x.mean(0, true), prod: (x) => x.prod(1), softmax: (x) => x.softmax(1), logSoftmax: (x) => x.logSoftmax(0), norm: (x) => x.norm(2, 1),
    clone: (x) => x.clone(), reshape: (x) => x.reshape([2, 8]), unsqueeze: (x) => x.unsqueeze(0), squeeze: (x) => x.squeeze(), 'views of a result': (x) => x.mul(2).reshape(-1).unsqueeze(0).squeeze(),
    add_: (x) => x.mul(1).add_(x), mul_: (x) => x.mul(1).mul_(x), copy_: (x) => x.mul(1).copy_(x), fill_: (x) => x.mul(1).fill_(2).add(x), embedding: (x) => functional.embedding([1, 1, 3], x),
    'sparse embedding': (x) => functional.embedding([1, 1, 3], x, { sparse: true }), embeddingBag: (x) => functional.embeddingBag([[1, 1, 3]], x), 'a max bag': (x) => functional.embeddingBag([[1, 1, 3]], x, { mode: 'max' }),
    linear: (x) => functional.linear(x, x), crossEntropy: (x) => functional.crossEntropy(x, [0, 1, 2, 3]), cosineSimilarity: (x) => functional.cosineSimilarity(x, x.add(1), 1),
    'cosineSimilarity with broadcasting': (x) => functional.cosineSimilarity(x, x.unsqueeze(1), 2), detach: (x) => x.mul(x.detach()), 'to float32': (x) => x.to('float32').mul(2),
  }; // prettier-ignore
  const sgd = new optim.SGD([weight]);
  const problems = [];
  for (const [name, run] of Object.entries(OPERATIONS)) {
    const step = () => {
      sgd.zeroGrad();
      run(weight).sum().backward();
    };
    for (let i = 0; i < 20; i++) step();
    const before = memory().tensors;
    for (let i = 0; i < 200; i++) step();
    if (memory().tensors !== before) problems.push(`${name}: ${(memory().tensors - before) / 200} blocks a step`);
  }
  assert.equal(problems.length, 0, problems.join('\n'));
});

/* ---- What moves, and what stays ---- */

test('a result that nobody has viewed moves to an ordinary array at backward, and its data still works', () => {
  const x = leaf([1, 2, 3]);
  const before = memory().tensors;
  const y = x.mul(2);
  const z = y.exp();
  const loss = z.sum();
  loss.backward();
  assert.equal(memory().tensors, before + 1, 'the gradient is left');
  assert.deepEqual([...y.data], [2, 4, 6]);
  assert.deepEqual(y.toArray(), [2, 4, 6]);
  assert.deepEqual([...z.data], [2, 4, 6].map((v) => Math.fround(Math.exp(v))));
  assert.equal(loss.item(), z.sum().item());
  assert.equal(String(y), 'tensor([2., 4., 6.], grad_fn=<MulBackward0>)');
  for (let i = 0; i < 1000; i++) x.mul(i).sum().backward(); // more training
  assert.deepEqual([...y.data], [2, 4, 6]);
  assert.equal(y.data, y.data, 'one view, as long as it lives');
  y.data[0] = 9;
  assert.deepEqual(y.toArray(), [9, 4, 6], 'written through data');
});

test('a result that somebody has viewed stays, and the view stays good', () => {
  const x = leaf([1, 2]);
  const y = x.mul(2);
  const { data } = y;
  const row = x.reshape([1, 2]).mul(3);
  const view = row.row(0);
  y.sum().add(row.sum()).backward();
  assert.equal(data.length, 2);
  assert.equal(y.data, data);
  data[0] = 7;
  assert.deepEqual(y.toArray(), [7, 4]);
  assert.deepEqual([...view], [3, 6]);
  assert.deepEqual([...y.add(1).data], [8, 5]);
});

test('a result that has moved out is an operand like any other, of every operation', () => {
  const moved = () => {
    const x = leaf([[1, 2], [3, 4]]);
    const y = x.mul(1);
    y.sum().backward();
    return y;
  };
  const stays = () => tensor([[1, 2], [3, 4]]);
  const CALLS = {
    add: (t) => t.add(t), mul: (t) => ones([2, 2]).mul(t), matmul: (t) => t.matmul(t), 't()': (t) => t.t(), softmax: (t) => t.softmax(1), sum: (t) => t.sum(), norm: (t) => t.norm(), prod: (t) => t.prod(0),
    exp: (t) => t.exp(), clone: (t) => t.clone(), to: (t) => t.to('int32'), reshape: (t) => t.reshape(-1), detach: (t) => t.detach(), tensor: (t) => tensor(t), 'tensor of data': (t) => tensor(t.data, { shape: [2, 2] }),
    'copy_ from': (t) => zeros([2, 2]).copy_(t), 'add_ from': (t) => zeros([2, 2]).add_(t), 'add_ to': (t) => noGrad(() => t.add_(1)), 'mul_ to': (t) => noGrad(() => t.mul_(t)), 'fill_ to': (t) => noGrad(() => t.fill_(3)),
    embedding: (t) => functional.embedding([1, 0], t), embeddingBag: (t) => functional.embeddingBag([[1, 0]], t), 'sample weights': (t) => functional.embeddingBag([[0, 1], [1, 1]], ones([2, 3]), { mode: 'sum', perSampleWeights: t }),
    renorm: (t) => noGrad(() => tensor(functional.embeddingRenorm(t, [0, 1], 1).rescaled)), 'renormed table': (t) => (noGrad(() => functional.embeddingRenorm(t, [0, 1], 1)), t), linear: (t) => functional.linear(t, t),
    crossEntropy: (t) => functional.crossEntropy(t, [0, 1]), cosine: (t) => functional.cosineSimilarity(t, ones([2, 2]), 1), 'as a weight': (t) => new Embedding(2, 2, { weight: t }).forward([1]),
    'as out': (t) => noGrad(() => functional.embedding([0, 1], [[5, 6], [7, 8]], { out: t })), equal: (t) => tensor(Number(t.equal(stays()))), 'the graph goes on': (t) => t.mul(t).add(t),
    'a gradient': (t) => { const p = leaf([[1, 1], [1, 1]]); p.mul(2).backward(t); return p.grad; }, 'a gradient by hand': (t) => { const p = leaf([[1, 1], [1, 1]]); p.grad = t.detach(); p.mul(2).sum().backward(); return p.grad; },
    'a step': (t) => { const p = leaf([[1, 1], [1, 1]]); p.grad = t.detach(); new optim.SGD([p], { lr: 1 }).step(); return p.detach(); },
    'a parameter': (t) => { const p = t.detach(); p.requiresGrad = true; p.grad = ones([2, 2]); new optim.Adam([p], { lr: 1 }).step(); return p.detach(); },
  }; // prettier-ignore
  for (const [name, call] of Object.entries(CALLS)) {
    const [actual, expected] = [call(moved()), call(stays())];
    assert.deepEqual(actual.shape, expected.shape, name);
    assert.deepEqual([...actual.data], [...expected.data], name);
  }
});

test('views of a result that has moved out see what is written into it, and the other way round', () => {
  const x = leaf([1, 2]);
  const y = x.mul(2);
  const [flat, detached] = [y.reshape([1, 2]), y.detach()];
  y.sum().backward();
  noGrad(() => detached.add_(1));
  assert.deepEqual([y.toArray(), flat.toArray(), detached.toArray()], [[3, 5], [[3, 5]], [3, 5]]);
  y.data[0] = 50;
  assert.deepEqual([flat.toArray(), detached.toArray()], [[[50, 5]], [50, 5]]);
});

test('a view of what had moved out does not go stale in silence when a kernel brings it back', () => {
  const x = leaf([1, 2]);
  const y = x.mul(2);
  y.sum().backward();
  const before = y.data;
  noGrad(() => y.add_(1));
  assert.deepEqual(y.toArray(), [3, 5]);
  assert.ok(before.length === 0 || before[0] === 3, 'the view is dead or good, never wrong');
});

test('inputs, leaves, weights and gradients do not move', () => {
  const layer = new Embedding(3, 2);
  const x = leaf([[1, 2]]);
  const k = tensor([[3, 4]]);
  const before = memory().tensors;
  const loss = layer.forward([1]).mul(x).mul(k).sum();
  loss.backward();
  assert.equal(memory().tensors, before + 2, 'the two gradients');
  for (const t of [layer.weight, x, k, x.grad, layer.weight.grad]) t.data;
  assert.equal(memory().tensors, before + 2);
});

test('zeroGrad moves gradients that nobody has viewed, and spares those that somebody has', () => {
  const [p, q, r] = [leaf([1, 2]), leaf([3, 4]), leaf([[1], [2]])];
  p.mul(2).add(q.mul(3)).sum().backward();
  sparse(r, [1, 1], [[5], [6]]);
  const [grad, viewed, rows] = [p.grad, q.grad, r.grad];
  const { data } = viewed;
  const before = memory().tensors;
  new optim.SGD([p, q, r]).zeroGrad();
  assert.deepEqual([p.grad, q.grad, r.grad], [null, null, null]);
  assert.equal(memory().tensors, before - 3, 'one dense, and the indices and values of one sparse');
  assert.deepEqual(grad.toArray(), [2, 2]);
  assert.equal(viewed.data, data);
  assert.deepEqual([...data], [3, 3]);
  assert.deepEqual([...rows.indices()], [1, 1]);
  assert.deepEqual(rows.values().toArray(), [[5], [6]]);
  assert.deepEqual(rows.toDense().toArray(), [[0], [11]]);
  assert.deepEqual(rows.coalesce().values().toArray(), [[11]]);
});

test('a gradient that zeroGrad has moved out may be put back, and is used by the next step', () => {
  const p = parameter([1, 2], { grad: [10, 20] });
  const sgd = new optim.SGD([p], { lr: 0.5 });
  const { grad } = p;
  sgd.zeroGrad();
  p.grad = grad;
  sgd.step();
  assert.deepEqual(p.toArray(), [-4, -8]);
  const r = parameter([[1], [2]], { sparseGrad: [[1, 1], [[2], [4]]] });
  const rows = r.grad;
  const both = new optim.SGD([r], { lr: 0.5 });
  both.zeroGrad();
  r.grad = rows;
  both.step();
  assert.deepEqual(r.toArray(), [[1], [-1]]);
});

test('zeroGrad of a gradient that is somebody else’s tensor leaves that tensor usable', () => {
  const [p, mine] = [leaf([1, 2]), tensor([3, 4])];
  p.grad = mine;
  new optim.SGD([p]).zeroGrad();
  assert.deepEqual(mine.add(1).toArray(), [4, 5]);
});

test('retainGraph moves nothing that the next backward needs', () => {
  const x = leaf([1, 2]);
  const y = x.exp();
  const loss = y.mul(y).sum();
  loss.backward(undefined, { retainGraph: true });
  const first = x.grad.toArray();
  loss.backward();
  assert.deepEqual(x.grad.toArray(), first.map((v) => Math.fround(2 * v)));
});

test('what moves out in one graph is still saved in another', () => {
  const [x, w] = [leaf([1, 2]), leaf([3, 4])];
  const shared = x.detach().mul(w); // no view of it, and saved twice
  const first = shared.mul(shared).sum();
  const second = shared.mul(5).sum();
  const third = noGrad(() => shared.mul(1));
  first.backward(undefined, { retainGraph: true });
  second.backward(undefined, { retainGraph: true });
  first.backward();
  assert.deepEqual(w.grad.toArray(), [3 * 2 + 5 + 3 * 2, 8 * 2 * 2 + 10 + 8 * 2 * 2]);
  assert.deepEqual(third.toArray(), [3, 8]);
});

test('tidy leaves weights, gradients and optimiser state alone, also those of a layer made inside', () => {
  const { layer, optimizer } = tidy(() => {
    const made = new Embedding(3, 2, { sparse: true });
    const adam = new optim.SparseAdam(made.parameters());
    made.forward([0, 1]).sum().backward();
    adam.step();
    return { layer: made, optimizer: adam };
  });
  assert.equal(layer.weight.isDisposed, false);
  assert.equal(layer.weight.grad.isDisposed, false);
  assert.deepEqual([...layer.weight.grad.indices()], [0, 1]);
  const { expAvg, step } = optimizer.state(layer.weight);
  assert.equal(step, 1);
  assert.equal(expAvg.isDisposed, false);
  tidy(() => {
    optimizer.zeroGrad();
    layer.forward([2]).sum().backward();
    optimizer.step();
    optimizer.loadStateDict(optimizer.stateDict());
  });
  assert.equal(optimizer.state(layer.weight).expAvg.isDisposed, false);
  tidy(() => optimizer.step());
  assert.equal(optimizer.state(layer.weight).step, 3);
});

test('what tidy returns is an ordinary tensor afterwards, with its graph', () => {
  const x = leaf([3]);
  const loss = tidy(() => x.mul(x).add(x.exp().mul(0)));
  loss.backward();
  assert.deepEqual(x.grad.toArray(), [6]);
});

test('backward inside tidy of a graph that was made outside leaves its tensors alone', () => {
  const x = leaf([3]);
  const y = x.mul(2);
  const loss = y.mul(y);
  tidy(() => loss.backward());
  assert.equal(y.isDisposed, false);
  assert.deepEqual(y.toArray(), [6]);
  assert.deepEqual(loss.toArray(), [36]);
});

test('a leaf made inside tidy, and its gradient, are gone after it when nobody keeps them', () => {
  const run = () =>
    tidy(() => {
      const x = leaf([1, 2, 3]);
      x.mul(x).sum().backward();
    });
  run();
  const before = memory();
  for (let i = 0; i < 100; i++) run();
  assert.deepEqual(memory(), before);
});

/* ---- Growth in the middle ---- */

/** Each makes its inputs while there is room, and gives the call that runs when there is none, and what it must give. */
const GROWING = {
  'a bag over arrays': () => {
    const bag = EmbeddingBag.fromPretrained([[1, 2], [3, 4], [5, 6]], { mode: 'sum' });
    return [() => bag.forward([0, 1, 2], { offsets: [0, 2] }).toArray(), [[4, 6], [5, 6]]];
  },
  'a bag whose indices, offsets and sample weights are views of our memory': () => {
    const bag = EmbeddingBag.fromPretrained([[1, 2], [3, 4], [5, 6]], { mode: 'sum' });
    const [indices, offsets, weights] = [int32([0, 1, 2]).data, int32([0, 2]).data, tensor([1, 10, 100]).data];
    return [() => bag.forward(indices, { offsets, perSampleWeights: weights }).toArray(), [[31, 42], [500, 600]]];
  },
  'a bag over BigInt64Arrays of our memory': () => {
    const bag = EmbeddingBag.fromPretrained([[1, 2], [3, 4], [5, 6]]);
    const [a, b] = [zeros(6), zeros(4)];
    const indices = new BigInt64Array(a.data.buffer, a.data.byteOffset, 3);
    const offsets = new BigInt64Array(b.data.buffer, b.data.byteOffset, 2);
    indices.set([2n, 1n, 0n]);
    offsets.set([0n, 1n]);
    return [() => bag.forward(indices, { offsets }).toArray(), [[5, 6], [2, 3]]];
  },
  'functional.embeddingBag in data': () => {
    const { data } = tensor([[1, 2], [3, 4]]);
    return [() => functional.embeddingBag([[0, 1]], [data.subarray(0, 2), data.subarray(2)]).toArray(), [[2, 3]]];
  },
  'a max bag that is recorded, and its backward': () => {
    const weight = leaf([[1, 9], [3, 4], [5, 6]]);
    return [() => (functional.embeddingBag([[0, 1, 2]], weight, { mode: 'max' }).backward([[1, 2]]), weight.grad.toArray()), [[0, 2], [0, 0], [1, 0]]];
  },
  'a dense backward': () => {
    const weight = leaf([[1, 2], [3, 4]]);
    const loss = functional.embedding([1, 1, 0], weight).mul(2).sum();
    return [() => (loss.backward(), weight.grad.toArray()), [[2, 2], [4, 4]]];
  },
  'a sparse backward': () => {
    const weight = leaf([[1, 2], [3, 4]]);
    const loss = functional.embedding([1, 1, 0], weight, { sparse: true }).mul(2).sum();
    return [() => (loss.backward(), [[...weight.grad.indices()], weight.grad.values().toArray()]), [[1, 1, 0], [[2, 2], [2, 2], [2, 2]]]];
  },
  'a backward that accumulates into a dense gradient': () => {
    const weight = parameter([[1, 2], [3, 4]], { grad: [[1, 1], [1, 1]] });
    const loss = functional.embedding([1], weight).sum();
    return [() => (loss.backward(), weight.grad.toArray()), [[1, 1], [2, 2]]];
  },
  'a backward that accumulates into a sparse gradient': () => {
    const weight = parameter([[1, 2], [3, 4]], { sparseGrad: [[1], [[5, 6]]] });
    const loss = functional.embedding([1], weight, { sparse: true }).sum();
    return [() => (loss.backward(), weight.grad.values().toArray()), [[5, 6], [1, 1]]];
  },
  'a dense gradient that meets a sparse one': () => {
    const weight = parameter([[1, 2], [3, 4]], { sparseGrad: [[1], [[5, 6]]] });
    const loss = functional.embedding([0], weight).sum();
    return [() => (loss.backward(), weight.grad.toArray()), [[1, 1], [5, 6]]];
  },
  'a backward with a gradient that is a view of our memory': () => {
    const x = leaf([1, 2]);
    const { data } = tensor([3, 4]);
    const y = x.mul(2);
    return [() => (y.backward(data), x.grad.toArray()), [6, 8]];
  },
  'a backward with an int32 gradient': () => {
    const [x, given] = [leaf([1, 2]), int32([3, 4])];
    const y = x.mul(2);
    return [() => (y.backward(given), x.grad.toArray()), [6, 8]];
  },
  'a backward through many operations': () => {
    const x = leaf([[1, 2], [3, 4]]);
    const loss = x.matmul(x.t()).softmax(1).mul(x).add([[1], [2]]).sum(0).prod().add(x.norm().log());
    const y = leaf([[1, 2], [3, 4]]);
    y.matmul(y.t()).softmax(1).mul(y).add([[1], [2]]).sum(0).prod().add(y.norm().log()).backward();
    return [() => (loss.backward(), x.grad.toArray()), y.grad.toArray()];
  },
  'a backward of a bag with sample weights': () => {
    const [weight, samples] = [leaf([[1, 2], [3, 4]]), leaf([2, 3])];
    const loss = functional.embeddingBag([0, 1], weight, { offsets: [0], mode: 'sum', perSampleWeights: samples }).sum();
    return [() => (loss.backward(), [weight.grad.toArray(), samples.grad.toArray()]), [[[2, 2], [3, 3]], [3, 7]]];
  },
  'a backward of a bag scaled by frequency': () => {
    const weight = leaf([[1, 2], [3, 4]]);
    const loss = functional.embeddingBag([[0, 1, 1]], weight, { mode: 'sum', scaleGradByFreq: true }).sum();
    return [() => (loss.backward(), weight.grad.toArray()), [[1, 1], [1, 1]]];
  },
  matmul: () => {
    const [a, b] = [tensor([[1, 2]]), tensor([[3], [4]])];
    return [() => a.matmul(b).toArray(), [[11]]];
  },
  crossEntropy: () => {
    const [logits, { data }] = [leaf([[0, 0], [0, 0]]), int32([1, 0])];
    return [() => (functional.crossEntropy(logits, data).backward(), logits.grad.toArray()), [[0.25, -0.25], [-0.25, 0.25]]];
  },
  cosineSimilarity: () => {
    const [a, b] = [tensor([[3, 4]]), tensor([[3, 4], [4, -3]])];
    return [() => functional.cosineSimilarity(a, b, 1).toArray().map((v) => Math.round(v * 1e6) / 1e6), [1, 0]];
  },
  linear: () => {
    const [a, b] = [tensor([[[1, 2]]]), tensor([[3, 4]])];
    return [() => functional.linear(a, b).toArray(), [[[11]]]];
  },
  'a first step of SGD with momentum': () => {
    const p = parameter([1, 2], { grad: [1, 1] });
    const sgd = new optim.SGD([p], { lr: 1, momentum: 0.5 });
    return [() => (sgd.step(), p.toArray()), [0, 1]];
  },
  'a step of SGD with momentum and a sparse gradient': () => {
    const p = parameter([[1], [2]], { sparseGrad: [[1, 1], [[1], [2]]] });
    const sgd = new optim.SGD([p], { lr: 1, momentum: 0.5 });
    return [() => (sgd.step(), p.toArray()), [[1], [-1]]];
  },
  'a first step of Adam': () => {
    const p = parameter([1, 2], { grad: [1, -1] });
    const adam = new optim.Adam([p], { lr: 1, amsgrad: true });
    return [() => (adam.step(), p.toArray().map(Math.round)), [0, 3]];
  },
  'a first step of SparseAdam': () => {
    const p = parameter([[1], [2]], { sparseGrad: [[1, 1], [[1], [2]]] });
    const adam = new optim.SparseAdam([p], { lr: 1 });
    return [() => (adam.step(), p.toArray().map(([v]) => Math.round(v))), [1, 1]];
  },
  'a step of Adagrad with a sparse gradient': () => {
    const p = parameter([[1], [2]], { sparseGrad: [[1, 1], [[1], [2]]] });
    const adagrad = new optim.Adagrad([p], { lr: 1 });
    return [() => (adagrad.step(), p.toArray()), [[1], [1]]];
  },
  'a new Adagrad': () => {
    const p = leaf([1, 2]);
    return [() => new optim.Adagrad([p], { initialAccumulatorValue: 3 }).state(p).sum.toArray(), [3, 3]];
  },
  loadStateDict: () => {
    const p = parameter([1, 2], { grad: [1, 1] });
    const [one, two] = [new optim.SGD([p], { momentum: 0.5 }), new optim.SGD([p], { momentum: 0.5 })];
    one.step();
    const dict = one.stateDict();
    return [() => (two.loadStateDict(dict), two.state(p).momentumBuffer.toArray()), [1, 1]];
  },
  'clipGradNorm of a sparse and a dense gradient': () => {
    const [p, q] = [parameter([1, 2], { grad: [0, 2] }), parameter([[1], [2]], { sparseGrad: [[1, 1], [[1], [2]]] })];
    return [() => Math.round(clipGradNorm([p, q], 100) ** 2 * 1e4) / 1e4, 13];
  },
  'coalesce and toDense': () => {
    const { grad } = parameter([[1], [2]], { sparseGrad: [[1, 0, 1], [[1], [2], [3]]] });
    return [() => [grad.coalesce().values().toArray(), grad.toDense().toArray()], [[[2], [4]], [[2], [4]]]];
  },
  'what had moved out comes back': () => {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.sum().backward();
    return [() => y.mul(y).toArray(), [9, 36]];
  },
  'add_ of what has moved out': () => {
    const x = leaf([1, 2]);
    const [y, z] = [x.mul(3), zeros(2)];
    y.sum().backward();
    return [() => noGrad(() => z.add_(y)).toArray(), [3, 6]];
  },
  'functional.embedding in data, with indices that are a view of our memory': () => {
    const { data } = int32([1, 0]);
    return [() => functional.embedding(data, [[1, 2], [3, 4]]).toArray(), [[3, 4], [1, 2]]];
  },
  'functional.embeddingBag in data, with indices and offsets that are views of our memory': () => {
    const [indices, offsets] = [int32([1, 0, 1]).data, int32([0, 1]).data];
    return [() => functional.embeddingBag(indices, [[1, 2], [3, 4]], { offsets, mode: 'sum' }).toArray(), [[3, 4], [4, 6]]];
  },
  'crossEntropy without gradients, with targets that are a view of our memory': () => {
    const [logits, { data }] = [tensor([[0, 0], [0, 0]]), int32([1, 0])];
    return [() => functional.crossEntropy(logits, data).item(), Math.fround(Math.log(2))];
  },
  'a bag over many indices of small types, which leaves a large hole, so that it comes last': () => {
    const bag = EmbeddingBag.fromPretrained([[1], [2]], { mode: 'sum' });
    return [() => bag.forward(new Uint8Array(60000).fill(1), { offsets: Int16Array.of(0, 20000) }).toArray(), [[40000], [80000]]];
  },
};

test('every call of training gives the same when memory grows in the middle of it', () => {
  const problems = [];
  const alive = [];
  for (const make of Object.values(GROWING)) {
    const [warmUp] = make(); // what is allocated once, at the first use
    warmUp();
    alive.push(warmUp);
  }
  const heap = new FullHeap();
  for (const [name, make] of Object.entries(GROWING)) {
    const [call, expected] = make();
    alive.push(call);
    try {
      assert.deepEqual(heap.run(call, name), expected);
    } catch (error) {
      problems.push(`${name}: ${error.message}`);
    }
  }
  heap.dispose();
  assert.equal(problems.length, 0, problems.join('\n'));
  assert.equal(alive.length, 2 * Object.keys(GROWING).length);
});

test('a training loop gives the same numbers however often memory grows under it', () => {
  const run = (around) => {
    manualSeed(3);
    const bag = new EmbeddingBag(6, 3, { mode: 'sum', sparse: true });
    const adam = new optim.SparseAdam(bag.parameters(), { lr: 0.1 });
    const losses = [];
    for (let i = 0; i < 4; i++) {
      adam.zeroGrad();
      const loss = around(() => bag.forward([i % 6, 1, 2], { offsets: [0, 1] }).pow(2).sum());
      around(() => loss.backward());
      around(() => adam.step());
      losses.push(loss.item());
    }
    return [losses, bag.weight.toArray()];
  };
  const expected = run((fn) => fn());
  const heap = new FullHeap();
  let grown = 0;
  const actual = run((fn) => {
    let result;
    try {
      result = heap.run(() => (result = fn()));
      grown++;
    } catch (error) {
      assert.match(error.message, /memory did not grow/); // it found room
    }
    return result;
  });
  heap.dispose();
  assert.deepEqual(actual, expected);
  assert.ok(grown > 3, `memory grew in ${grown} of 12 calls`);
});
