/**
 * Memory as callers see it: views that die when it grows and come back, growth in the middle of every call, leaks, and its end.
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import { Embedding, arange, full, functional, manualSeed, memory, nearest, noGrad, ones, rand, randn, tensor, tidy, zeros } from 'nn-embedding';
import { FullHeap, collectUntil } from './support.js';

/* ---- Growth ---- */

const int32 = (values, shape = [values.length]) => tensor(Int32Array.from(values), { shape });
const weightOf = (rows = 4, columns = 2) => arange(rows * columns).to('float32').reshape([rows, columns]);

/**
 * Every public call that allocates. Each entry makes its inputs while there is room, and gives the call that runs when there is none
 * and a check of what it gave. Inputs that are views of our own memory are among them: the growth detaches them.
 */
const GROWING = {
  zeros: () => [() => zeros([2, 3]), [[0, 0, 0], [0, 0, 0]]],
  ones: () => [() => ones(2), [1, 1]],
  full: () => [() => full(2, 5, { dtype: 'int32' }), [5, 5]],
  arange: () => [() => arange(3), [0, 1, 2]],
  randn: () => {
    manualSeed(1);
    const expected = randn(3).toArray();
    manualSeed(1);
    return [() => randn(3), expected];
  },
  rand: () => {
    manualSeed(1);
    const expected = rand(20).toArray();
    manualSeed(1);
    return [() => rand(20), expected];
  },
  'tensor of nested arrays': () => [() => tensor([[1, 2], [3, 4]]), [[1, 2], [3, 4]]],
  'tensor of a number': () => [() => tensor(7), 7],
  'tensor of a typed array': () => [() => tensor(Float64Array.of(1, 2)), [1, 2]],
  'tensor of a BigInt64Array': () => [() => tensor(BigInt64Array.of(1n, 2n)), [1, 2]],
  'tensor of a tensor': () => {
    const t = tensor([[1, 2]]);
    return [() => tensor(t), [[1, 2]]];
  },
  'tensor of data': () => {
    const { data } = tensor([1, 2, 3]);
    return [() => tensor(data), [1, 2, 3]];
  },
  'tensor of data with a shape': () => {
    const { data } = tensor([1, 2, 3, 4]);
    return [() => tensor(data, { shape: [2, 2] }), [[1, 2], [3, 4]]];
  },
  'tensor of int32 data as float32': () => {
    const { data } = int32([1, 2, 3]);
    return [() => tensor(data, { dtype: 'float32' }), [1, 2, 3]];
  },
  'tensor of a BigInt64Array over our memory': () => {
    const place = zeros(4);
    const view = new BigInt64Array(place.data.buffer, place.data.byteOffset, 2);
    view.set([5n, -6n]);
    return [() => tensor(view), [5, -6]];
  },
  'tensor of rows': () => {
    const t = weightOf();
    const rows = [t.row(3), t.row(1)];
    return [() => tensor(rows), [[6, 7], [2, 3]]];
  },
  'tensor of tensors': () => {
    const parts = [tensor([1, 2]), tensor([3, 4])];
    return [() => tensor(parts), [[1, 2], [3, 4]]];
  },
  clone: () => {
    const t = tensor([1, 2]);
    return [() => t.clone(), [1, 2]];
  },
  t: () => {
    const t = tensor([[1, 2]]);
    return [() => t.t(), [[1], [2]]];
  },
  to: () => {
    const t = tensor([1.5, 2]);
    return [() => t.to('int32'), [1, 2]];
  },
  add: () => {
    const t = tensor([1, 2]);
    return [() => t.add(t), [2, 4]];
  },
  'add of a number': () => {
    const t = tensor([1, 2]);
    return [() => t.add(1), [2, 3]];
  },
  'add of nested arrays': () => {
    const t = tensor([1, 2]);
    return [() => t.add([[1], [2]]), [[2, 3], [3, 4]]];
  },
  'add of data': () => {
    const [t, { data }] = [tensor([1, 2]), tensor([10, 20])];
    return [() => t.add(data), [11, 22]];
  },
  'add of its own data': () => {
    const t = tensor([1, 2]);
    const { data } = t;
    return [() => t.add(data), [2, 4]];
  },
  'add of int32 to float32': () => {
    const [t, whole] = [tensor([1, 2]), int32([1, 2])];
    return [() => whole.add(t), [2, 4]];
  },
  'sub of data': () => {
    const [t, { data }] = [tensor([[1, 2]]), int32([1, 1])];
    return [() => t.sub(data), [[0, 1]]];
  },
  'mul of data': () => {
    const [t, { data }] = [tensor([1, 2]), tensor([3, 4])];
    return [() => t.mul(data), [3, 8]];
  },
  norm: () => {
    const t = tensor([[3, 4]]);
    return [() => t.norm(Infinity, 1), [4]];
  },
  'equal of two dtypes': () => {
    const [t, whole] = [tensor([3, 4]), int32([3, 4])];
    return [() => t.equal(whole), true];
  },
  'copy_ of data': () => {
    const [t, { data }] = [zeros([2, 2]), tensor([3, 4])];
    return [() => t.copy_(data), [[3, 4], [3, 4]]];
  },
  'copy_ of int32 data': () => {
    const [t, { data }] = [zeros([2]), int32([3, 4])];
    return [() => t.copy_(data), [3, 4]];
  },
  toString: () => {
    const t = tensor([[1.5, 2], [3, 4]]);
    return [() => t.toString(), 'tensor([[1.5000, 2.0000],\n        [3.0000, 4.0000]])'];
  },
  'a new layer': () => [() => new Embedding(3, 2, { paddingIdx: 1 }).weight.toArray()[1], [0, 0]],
  'a new layer on data': () => {
    const { data } = weightOf(3, 2);
    return [() => new Embedding(3, 2, { weight: data }).weight, [[0, 1], [2, 3], [4, 5]]];
  },
  'a new layer on rows': () => {
    const t = weightOf();
    const weight = [t.row(1), t.row(0)];
    return [() => new Embedding(2, 2, { weight }).weight, [[2, 3], [0, 1]]];
  },
  'fromPretrained on data': () => {
    const { data } = weightOf(3, 2);
    return [() => Embedding.fromPretrained(data, { shape: [3, 2] }).weight, [[0, 1], [2, 3], [4, 5]]];
  },
  'fromPretrained on a tensor in another shape': () => {
    const t = weightOf(3, 2);
    return [() => Embedding.fromPretrained(t, { shape: [2, 3] }).weight, [[0, 1, 2], [3, 4, 5]]];
  },
  'a forward over nested arrays': () => {
    const layer = Embedding.fromPretrained(weightOf());
    return [() => layer.forward([3, 1]), [[6, 7], [2, 3]]];
  },
  'a forward over a typed array': () => {
    const layer = Embedding.fromPretrained(weightOf());
    return [() => layer.forward(Uint8Array.of(3, 1)), [[6, 7], [2, 3]]];
  },
  'a forward over an int32 tensor': () => {
    const [layer, indices] = [Embedding.fromPretrained(weightOf()), int32([3, 1])];
    return [() => layer.forward(indices), [[6, 7], [2, 3]]];
  },
  'a forward over data': () => {
    const [layer, { data }] = [Embedding.fromPretrained(weightOf()), int32([3, 1])];
    return [() => layer.forward(data), [[6, 7], [2, 3]]];
  },
  'a forward over an array of data': () => {
    const [layer, { data }] = [Embedding.fromPretrained(weightOf()), int32([3, 1])];
    return [() => layer.forward([data, data]), [[[6, 7], [2, 3]], [[6, 7], [2, 3]]]];
  },
  'a forward over an array of int32 tensors': () => {
    const [layer, indices] = [Embedding.fromPretrained(weightOf()), int32([3, 1])];
    return [() => layer.forward([indices, indices]), [[[6, 7], [2, 3]], [[6, 7], [2, 3]]]];
  },
  'a forward over a BigInt64Array of our memory': () => {
    const [layer, place] = [Embedding.fromPretrained(weightOf()), zeros(4)];
    const view = new BigInt64Array(place.data.buffer, place.data.byteOffset, 2);
    view.set([3n, 1n]);
    return [() => layer.forward(view), [[6, 7], [2, 3]]];
  },
  'a forward over an Int16Array of our memory': () => {
    const [layer, place] = [Embedding.fromPretrained(weightOf()), zeros(4)];
    const view = new Int16Array(place.data.buffer, place.data.byteOffset, 2);
    view.set([3, 1]);
    return [() => layer.forward(view), [[6, 7], [2, 3]]];
  },
  'a forward with maxNorm': () => {
    const layer = Embedding.fromPretrained([[3, 4], [6, 8]], { maxNorm: 4, normType: Infinity });
    return [() => layer.forward([0, 1]), [[3, 4], [3, 4]]];
  },
  'functional.embedding in data': () => {
    const weight = [weightOf().row(2), weightOf().row(3)];
    return [() => functional.embedding([1], weight), [[6, 7]]];
  },
  nearest: () => {
    const weight = weightOf();
    return [() => nearest(weight, [1, 1], { exclude: [3] }).indices, Int32Array.of(2, 1, 0)];
  },
  'nearest to a row, without rows of data': () => {
    const weight = weightOf();
    const [row, { data }] = [weight.row(3), int32([3, 2])];
    return [() => nearest(weight, row, { metric: 'dot', exclude: data }), { indices: Int32Array.of(1, 0), scores: Float32Array.of(33, 7) }];
  },
  'nearest without rows of data in an array': () => {
    const [weight, { data }] = [weightOf(), int32([3, 2])];
    return [() => nearest(weight, [1, 1], { metric: 'dot', exclude: [data] }).indices, Int32Array.of(1, 0)];
  },
  'functional.dequantize': () => [() => functional.dequantize(Int8Array.of(1, 2, 3, -4), Float32Array.of(0.5, 2), { shape: [2, 2] }), [[0.5, 1], [6, -8]]],
  'functional.dequantize of our memory': () => {
    const [scales, place] = [tensor([0.5, 2]), zeros(1)];
    const view = new Int8Array(place.data.buffer, place.data.byteOffset, 4);
    view.set([1, 2, 3, -4]);
    return [() => functional.dequantize(view, scales.data, { shape: [2, 2] }), [[0.5, 1], [6, -8]]];
  },
  'functional.oneHot': () => [() => functional.oneHot([1], 3), [[0, 1, 0]]],
  'functional.oneHot of data': () => {
    const { data } = int32([1, 0]);
    return [() => functional.oneHot(data, 2), [[0, 1], [1, 0]]];
  },
  'a forward over more indices than fit into scratch': () => {
    const layer = Embedding.fromPretrained(weightOf());
    return [() => layer.forward(new Array(40000).fill(1)).row(39999).slice(), Float32Array.of(2, 3)];
  },
  'a forward over many rows of data': () => {
    const [layer, { data }] = [Embedding.fromPretrained(weightOf()), int32([3, 1])];
    return [() => layer.forward(new Array(20000).fill(data)).data.slice(-4), Float32Array.of(6, 7, 2, 3)];
  },
  'a forward over a large BigInt64Array of our memory': () => {
    const [layer, place] = [Embedding.fromPretrained(weightOf()), zeros(40000)];
    const view = new BigInt64Array(place.data.buffer, place.data.byteOffset, 20000);
    view.fill(2n);
    return [() => layer.forward(view).data.slice(-2), Float32Array.of(4, 5)];
  },
  'a forward over a large Uint8Array of our memory, with out': () => {
    const [layer, place, out] = [Embedding.fromPretrained(weightOf()), zeros(5000), zeros([20000, 2])];
    const view = new Uint8Array(place.data.buffer, place.data.byteOffset, 20000);
    view.fill(3);
    return [() => layer.forward(view, { out }).data.slice(-2), Float32Array.of(6, 7)];
  },
};

test('every call gives the same when memory grows in the middle of it', () => {
  functional.embeddingRenorm(zeros([1, 1]), [0], 1); // what is allocated once, at the first use
  String(zeros(1));
  const problems = [];
  const results = []; // alive until the end, so that they leave no holes
  const heap = new FullHeap();
  for (const [name, make] of Object.entries(GROWING)) {
    const [call, expected] = make();
    results.push(call);
    let result;
    try {
      result = heap.run(call, name);
      results.push(result);
      assert.deepEqual(result?.toArray?.() ?? result, expected);
      const again = result?.data;
      if (again) assert.equal(again.length, result.numel);
    } catch (error) {
      problems.push(`${name}: ${error.message}`);
    }
  }
  heap.dispose();
  assert.equal(problems.length, 0, problems.join('\n'));
});

test('a bad index is named with its value when memory grows before it is found', () => {
  const problems = [];
  const heap = new FullHeap();
  const layer = Embedding.fromPretrained(weightOf());
  const place = zeros(4);
  const bigs = new BigInt64Array(place.data.buffer, place.data.byteOffset, 2);
  bigs.set([1n, 77n]);
  const large = zeros(40000);
  const calls = {
    'an int32 tensor': () => [int32([1, 77], [1, 2]), '[0, 1]'],
    data: () => [int32([1, 77]).data, '[1]'],
    'an array of data': () => [[int32([1, 77]).data], '[0, 1]'],
    'an array of tensors': () => [[int32([1, 77])], '[0, 1]'],
    'a BigInt64Array of our memory': () => {
      const view = new BigInt64Array(place.data.buffer, place.data.byteOffset, 2);
      view.set([1n, 77n]);
      return [view, '[1]'];
    },
    'a large BigInt64Array of our memory': () => {
      const view = new BigInt64Array(large.data.buffer, large.data.byteOffset, 20000);
      view.fill(1n);
      view[1] = 77n;
      return [view, '[1]'];
    },
    'a Uint8Array of our memory': () => {
      const view = new Uint8Array(place.data.buffer, place.data.byteOffset, 2);
      view.set([1, 77]);
      return [view, '[1]'];
    },
    'nested arrays': () => [[[1, 77]], '[0, 1]'],
  };
  for (const [name, make] of Object.entries(calls)) {
    const [indices, position] = make();
    const filler = () => {
      try {
        layer.forward(indices);
      } catch (error) {
        return error;
      }
      return new Error('did not throw');
    };
    let error;
    try {
      error = heap.run(filler, name);
    } catch {
      error = filler(); // that it is found before anything is allocated is as good
    }
    if (error.message !== `index out of range in self: index 77 at position ${position}, valid range [0, 4)`) problems.push(`${name}: ${error.message}`);
  }
  heap.dispose();
  assert.equal(problems.length, 0, problems.join('\n'));
});

test('data and row die with growth, and come back when they are read again', () => {
  const heap = new FullHeap();
  const t = tensor([[1, 2], [3, 4]]);
  const [data, row, copy] = [t.data, t.row(1), t.data.slice()];
  assert.equal(t.data, data, 'the same view while it lives');
  heap.run(() => zeros(1));
  assert.equal(data.length, 0);
  assert.equal(row.length, 0);
  assert.deepEqual(Array.from(copy), [1, 2, 3, 4]);
  assert.deepEqual(Array.from(t.data), [1, 2, 3, 4]);
  assert.deepEqual(Array.from(t.row(1)), [3, 4]);
  t.data[0] = 9;
  assert.deepEqual(t.toArray(), [[9, 2], [3, 4]]);
  heap.dispose();
});

test('a view that has died is refused as an input, and the text says so', () => {
  const heap = new FullHeap();
  const layer = Embedding.fromPretrained(weightOf());
  const [indices, weight] = [int32([0, 1]), tensor([[1, 2]])];
  const stale = [indices.data, weight.data];
  heap.run(() => zeros(1));
  heap.dispose();
  for (const [name, call] of Object.entries({
    forward: () => layer.forward(stale[0]),
    oneHot: () => functional.oneHot(stale[0], 3),
    embeddingRenorm: () => functional.embeddingRenorm(weight, stale[0], 1),
    tensor: () => tensor(stale[1]),
    weight: () => new Embedding(1, 2, { weight: stale[1] }),
    'an empty weight': () => new Embedding(0, 2, { weight: stale[1] }),
    add: () => weight.add(stale[1]),
    copy_: () => weight.copy_(stale[1]),
  })) {
    assert.throws(call, { constructor: Error, message: /detached.*read `data` again/ }, name);
  }
});

test('the weight of a layer and its result survive growth', () => {
  const heap = new FullHeap();
  const layer = new Embedding(2, 2, { weight: [[1, 2], [3, 4]] });
  const output = layer.forward([1]);
  for (let i = 0; i < 3; i++) heap.run(() => zeros(1));
  assert.deepEqual(output.toArray(), [[3, 4]]);
  assert.deepEqual(layer.forward([0]).toArray(), [[1, 2]]);
  heap.dispose();
});

/* ---- Leaks ---- */

/** Asserts that fn leaves memory() where it was, once it has run before. */
function assertNoLeak(fn) {
  fn(100);
  const before = memory();
  fn(200000);
  assert.deepEqual(memory(), before);
}

test('200,000 forwards with dispose() leave memory where it was', () => {
  const layer = new Embedding(50, 8);
  const indices = Int32Array.of(4, 0, 49, 7);
  assertNoLeak((rounds) => {
    for (let i = 0; i < rounds; i++) layer.forward(indices).dispose();
  });
  layer.dispose();
});

test('200,000 forwards in tidy leave memory where it was', () => {
  const layer = new Embedding(50, 8, { maxNorm: 1 });
  assertNoLeak((rounds) => {
    for (let i = 0; i < rounds; i++) tidy(() => void layer.forward([4, 0, 49, 7]));
  });
  layer.dispose();
});

test('200,000 forwards with out leave memory where it was', () => {
  const layer = new Embedding(50, 8, { freeze: true });
  const out = zeros([4, 8]);
  const indices = BigInt64Array.of(4n, 0n, 49n, 7n);
  assertNoLeak((rounds) => {
    for (let i = 0; i < rounds; i++) layer.forward(indices, { out });
  });
  layer.dispose();
  out.dispose();
});

test('20,000 failing calls of many kinds leave memory where it was', () => {
  const layer = new Embedding(5, 3);
  const rescaling = new Embedding(5, 3, { maxNorm: 1 });
  const [out, t, whole, flat, many] = [zeros([2, 3]), zeros([5, 3]), int32([0, 9]), new Float32Array(20000), new Int32Array(30000)];
  many[29999] = 5;
  const bigs = BigInt64Array.from(many, BigInt);
  const nested = Array.from(many);
  const disposed = zeros(1);
  disposed.dispose();
  const calls = [
    () => layer.forward([0, 5]),
    () => layer.forward([0, 1.5]),
    () => layer.forward([[0, 1], [2]]),
    () => layer.forward('3'),
    () => layer.forward(many),
    () => layer.forward(bigs),
    () => layer.forward(nested),
    () => layer.forward(flat),
    () => layer.forward(whole),
    () => layer.forward(t),
    () => layer.forward(disposed),
    () => layer.forward([0, 1], { out }),
    () => layer.forward([0, 1], { Out: out }),
    () => noGrad(() => layer.forward([0, 9], { out })),
    () => noGrad(() => layer.forward(nested, { out })),
    () => noGrad(() => layer.forward([0], { out })),
    () => rescaling.forward([0, -1]),
    () => rescaling.forward(many),
    () => rescaling.forward(bigs),
    () => functional.embedding([7], t),
    () => functional.embedding([7], [[1, 2], [3, 4]]),
    () => functional.embedding([0], flat),
    () => functional.embedding([0], [[1], [2, 3]]),
    () => functional.embedding([0], t, { paddingIdx: 5 }),
    () => functional.embedding([0], [[1]], { paddingIdx: 5 }),
    () => functional.embedding([0], t, { maxNorm: 'x' }),
    () => functional.embeddingRenorm(t, [7], 1),
    () => functional.embeddingRenorm(t, many, 1),
    () => functional.oneHot([7], 5),
    () => functional.oneHot(many, 5),
    () => functional.oneHot([0], 1.5),
    () => new Embedding(5, 3, { weight: flat }),
    () => new Embedding(5, 3, { weight: [[1, 2]] }),
    () => new Embedding(5, 3, { weight: out }),
    () => new Embedding(5, 3, { paddingIdx: 5 }),
    () => new Embedding(5, 3, { weigth: t }),
    () => new Embedding(2 ** 20, 2 ** 20),
    () => Embedding.fromPretrained(flat),
    () => Embedding.fromPretrained(flat, { shape: [3, 3] }),
    () => Embedding.fromPretrained(t, { shape: [3, 3] }),
    () => Embedding.fromPretrained(flat, { shape: [20000, 1], paddingIdx: 20000 }),
    () => Embedding.fromPretrained(whole.reshape([1, 2]), { freeze: false }),
    () => layer.loadStateDict({ weight: out }),
    () => layer.loadStateDict({ weight: t, other: t }),
    () => (layer.weight = flat),
    () => (layer.weight = disposed),
    () => layer.weight.fill_(1),
    () => layer.weight.copy_(flat),
    () => tensor([[1, 2], [3]]),
    () => tensor([1, 'x']),
    () => tensor(flat, { shape: [3, 3] }),
    () => tensor(t, { shape: [4] }),
    () => tensor(t, { dtype: 'int32', shape: [4] }),
    () => tensor([flat, flat.subarray(1)]),
    () => tensor([flat, [...flat.subarray(1), null]]),
    () => tensor([1e10], { dtype: 'int32' }),
    () => tensor(flat, { dtype: 'int32', requiresGrad: true }),
    () => zeros([-1]),
    () => zeros([2 ** 16, 2 ** 16]),
    () => full([2], 'x'),
    () => arange(0, 5, -1),
    () => randn([2, 1.5]),
    () => t.reshape([4]),
    () => t.reshape([-1, 4]),
    () => t.squeeze(5),
    () => t.unsqueeze(5),
    () => t.add(flat),
    () => t.add([1, 2]),
    () => t.mul([[1], ['x']]),
    () => t.add(1, { alpha: 'x' }),
    () => whole.add(whole, { alpha: 0.5 }),
    () => whole.add(flat),
    () => t.norm('x'),
    () => t.norm(2, 2),
    () => whole.norm(),
    () => t.copy_(flat),
    () => whole.copy_([1, 2, 3]),
    () => whole.fill_(NaN),
    () => t.row(9),
    () => t.item(),
    () => t.equal(3),
    () => t.to('int64'),
    () => zeros([1, 1, 1]).t(),
    () => disposed.add(1),
    () => t.add(disposed),
    () => tidy(() => {
      zeros(5);
      throw new Error('mine');
    }),
    () => tidy(async () => void zeros(5)),
    () => noGrad(() => zeros(1).item(zeros([1, 1, 1]).t())),
    () => manualSeed(2n ** 64n),
  ];
  const leaky = [];
  for (const call of calls) {
    // by itself first, so that a leak has a name; in tidy, so that what the call's own text makes is gone
    const before = memory();
    for (let round = 0; round < 3; round++) assert.throws(() => tidy(call), String(call));
    if (memory().tensors !== before.tensors) leaky.push(String(call));
  }
  assert.deepEqual(leaky, []);
  const before = memory();
  for (let i = 0; i < 20000; i++) {
    try {
      tidy(calls[i % calls.length]);
    } catch {
      continue;
    }
    assert.fail(`${calls[i % calls.length]} did not throw`);
  }
  assert.deepEqual(memory(), before);
  for (const tensor of [out, t, whole]) {
    const { tensors } = memory();
    tensor.dispose();
    assert.equal(memory().tensors, tensors - 1, 'a refused call has become a holder');
  }
  layer.dispose();
  rescaling.dispose();
});

test('thousands of layers that are disposed of leave memory where it was', () => {
  const before = memory();
  for (let i = 0; i < 3000; i++) {
    const layer = new Embedding(20, 8, { paddingIdx: 1 });
    layer.weight = zeros([2, 2]); // its own handle is left to the collector
    layer.stateDict().weight.dispose();
    Embedding.fromPretrained(new Float32Array(12), { shape: [3, 4] }).dispose();
    layer.dispose();
  }
  assert.equal(memory().heapBytes, before.heapBytes);
});

test('printing, views and every other use leave memory where it was', () => {
  const t = tensor([[1.5, 2], [3, 4]]);
  const use = () => {
    for (let i = 0; i < 2000; i++) {
      tidy(() => {
        t.add(1).mul(t).sub([1, 2]).norm(2, 1);
        `${t} ${inspect(t)}`;
        t.t().reshape(-1).unsqueeze(0).squeeze().clone().fill_(3).toArray();
        functional.oneHot([1, 0], 3).equal(t);
        functional.embeddingRenorm(t, [0, 1], 100);
      });
    }
  };
  use();
  const before = memory();
  use();
  assert.deepEqual(memory(), before);
});

test('without dispose, tidy or out, memory comes back when the engine collects', async () => {
  const layer = new Embedding(50, 8);
  await collectUntil(() => false);
  const before = memory();
  for (let i = 0; i < 5000; i++) layer.forward([4, 0, 49, 7]);
  for (let i = 0; i < 200; i++) new Embedding(10, 10).weight.reshape(-1);
  for (let i = 0; i < 200; i++) tidy(() => zeros(10)).add(1).detach();
  assert.ok(memory().tensors > before.tensors + 1000);
  assert.ok(await collectUntil(() => memory().tensors === before.tensors), `${memory().tensors - before.tensors} blocks are left`);
  assert.equal(memory().bytes, before.bytes);
  layer.forward([0]);
});

test('a tensor disposed of by hand is not released again by the collector', async () => {
  const t = zeros(3);
  const view = t.detach();
  (() => {
    for (let i = 0; i < 1000; i++) t.detach().dispose();
  })();
  t.dispose();
  await collectUntil(() => false);
  assert.deepEqual(view.toArray(), [0, 0, 0]);
  const { tensors } = memory();
  view.dispose();
  assert.equal(memory().tensors, tensors - 1);
});

test('of tensors made in one turn, those disposed of, in any order and in whichever turn, and those dropped are released once', async () => {
  const root = zeros(3);
  await collectUntil(() => false);
  const before = memory();
  const later = (() => {
    const made = Array.from({ length: 100 }, () => [root.detach(), zeros(5)]).flat();
    for (const n of [199, 0, 100, 150, 151, 198, 60, 197]) made[n].dispose();
    return made.filter((tensor, n) => n % 3 === 0 && !tensor.isDisposed);
  })();
  await Promise.resolve();
  while (later.length > 0) later.shift()?.dispose();
  assert.ok(await collectUntil(() => memory().tensors === before.tensors), `${memory().tensors - before.tensors} blocks are left`);
  assert.deepEqual(root.toArray(), [0, 0, 0]);
  root.dispose();
  assert.equal(memory().tensors, before.tensors - 1);
});

/* ---- The end of memory; last, since the heap stays large ---- */

test('a table of 8 GB is refused, and the text says what was asked, what is left, and how to free memory', () => {
  const before = memory();
  for (const make of [() => new Embedding(2 ** 21, 1024), () => zeros([2 ** 21, 1024]), () => randn([2 ** 21, 1024]), () => functional.oneHot(new Array(2 ** 10).fill(0), 2 ** 21)]) {
    assert.throws(make, (error) => {
      assert.equal(error.constructor, Error);
      assert.match(error.message, /8589934592 bytes/);
      const left = Number(/at most (\d+) bytes/.exec(error.message)?.[1]);
      assert.ok(left > 3 * 2 ** 30 && left < 2 ** 32, `${left} bytes left`);
      for (const way of ['tidy', 'dispose', 'using', 'out']) assert.ok(error.message.includes(way), way);
      return true;
    });
  }
  assert.equal(memory().bytes, before.bytes);
  assert.deepEqual(new Embedding(2, 2, { weight: [[1, 2], [3, 4]] }).forward([1]).toArray(), [[3, 4]]);
});

test('a forward whose result does not fit is refused, and max_norm has changed nothing', () => {
  const layer = Embedding.fromPretrained(full([2, 2 ** 16], 3), { maxNorm: 1 });
  const before = memory();
  assert.throws(() => layer.forward(new Uint8Array(2 ** 15)), /8589934592 bytes/);
  assert.equal(layer.weight.data[0], 3);
  assert.equal(layer.weight._version, 0);
  assert.equal(memory().bytes, before.bytes);
  layer.dispose();
});

test('memory can be used to its end, above 2 GiB too, and works again after what did not fit', () => {
  const columns = 512;
  const rows = Math.floor((2.25 * 2 ** 30) / (4 * columns));
  const large = zeros([rows, columns]);
  const last = rows - 1;
  large.row(last).fill(7);
  large.row(last - 1).set([3, 4]);
  const layer = Embedding.fromPretrained(large, { maxNorm: 100, normType: Infinity });
  const place = int32([last, 0, last - 1]);
  assert.ok(large.row(last).byteOffset > 2 ** 31);
  for (const indices of [[last, 0, last - 1], place, place.data, BigInt64Array.of(BigInt(last), 0n, BigInt(last - 1))]) {
    const output = layer.forward(indices);
    assert.deepEqual([output.row(0)[511], output.row(1)[0], output.row(2)[1]], [7, 0, 4]);
    layer.forward(indices, { out: output });
    output.dispose();
  }
  assert.throws(() => layer.forward([rows]), { constructor: RangeError, message: new RegExp(`index ${rows} at position \\[0\\]`) });
  assert.match(String(large), /^tensor\(\[\[0\., 0\., 0\.,  \.\.\., 0\., 0\., 0\.\],/);

  const more = [zeros(2 ** 28)];
  assert.throws(() => more.push(zeros(2 ** 28)), /1073741824 bytes/);
  const left = Number(/at most (\d+) bytes/.exec(textOf(() => zeros(2 ** 28)))[1]);
  assert.ok(left < 2 ** 30, `${left} bytes left`);
  assert.ok(!isRefused(() => functional.embedding([0], [[5]]).dispose()), 'small ones still fit');
  for (const t of more) t.dispose();
  assert.throws(() => zeros(2 ** 29), /2147483648 bytes/);
  layer.dispose();
  large.dispose();
  const again = full(2 ** 28, 2);
  assert.equal(again.data[2 ** 28 - 1], 2);
  again.dispose();
  assert.deepEqual(ones(3).add(1).toArray(), [2, 2, 2]);
});

function textOf(call) {
  try {
    call();
  } catch (error) {
    return error.message;
  }
  return '';
}

function isRefused(call) {
  return textOf(call) !== '';
}
