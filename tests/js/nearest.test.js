/**
 * nearest: against PyTorch, against a plain scan in double precision, and what it keeps between calls.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, EmbeddingBag, Tensor, arange, functional, manualSeed, memory, nearest, noGrad, ones, optim, rand, randn, tensor, tidy, zeros } from 'nn-embedding';
import { load } from '../../examples/word-table.js';
import { golden } from './golden.js';
import { FullHeap, assertRefused } from './support.js';

const METRICS = ['cosine', 'dot', 'euclidean'];
const PRECISION = 1e-6; // of a float32 score, relative to the largest of them
const { words, embedding: shipped } = await load(); // the examples take what ships, the tests the sources
const embedding = Embedding.fromPretrained(shipped.weight.data, { shape: shipped.weight.shape });
const { weight: table } = embedding;
const rowOf = (word) => words.indexOf(word);
const vectorOf = (word) => tidy(() => embedding.forward(rowOf(word)).data.slice());

/* ---- Scores and order ---- */

/** @param {ArrayLike<number>} row @param {ArrayLike<number>} query @param {string} metric @returns {number} greater is nearer */
function scoreInDouble(row, query, metric) {
  let [dot, squares, querySquares, distance] = [0, 0, 0, 0];
  for (let d = 0; d < query.length; d++) {
    dot += row[d] * query[d];
    squares += row[d] ** 2;
    querySquares += query[d] ** 2;
    distance += (row[d] - query[d]) ** 2;
  }
  return metric === 'dot' ? dot : metric === 'cosine' ? dot / Math.sqrt(squares * querySquares) : -Math.sqrt(distance);
}

/** Every row that nearest gives is as near as the k-th best of a plain scan, ties included, and has its score. */
function assertRecall(weight, query, { k, metric, exclude = [] }) {
  const found = nearest(weight, query, { k, metric, exclude });
  const [rows, columns] = weight.shape;
  const all = weight.toArray().map((row) => scoreInDouble(row, query, metric));
  const kept = [...all.keys()].filter((i) => !exclude.includes(i));
  const best = kept.map((i) => all[i]).sort((a, b) => b - a);
  const tolerance = PRECISION * Math.max(...all.map(Math.abs)) + PRECISION * (metric === 'dot' ? columns : 1);
  const label = `${k} of ${rows} rows of ${columns} by ${metric}`;
  assert.equal(found.indices.length, Math.min(k, kept.length), label);
  assert.equal(new Set(found.indices).size, found.indices.length, label);
  found.indices.forEach((i, n) => {
    assert.ok(!exclude.includes(i), label);
    assert.ok(all[i] >= best[found.indices.length - 1] - tolerance, `${label}: row ${i} is not among the best`);
    assert.ok(Math.abs(found.scores[n] - (metric === 'euclidean' ? -all[i] : all[i])) <= tolerance, `${label}: score of row ${i}`);
    if (n === 0) return;
    const [before, score] = metric === 'euclidean' ? [-found.scores[n - 1], -found.scores[n]] : [found.scores[n - 1], found.scores[n]];
    assert.ok(before > score || (before === score && found.indices[n - 1] < i), `${label}: order at ${n}`);
  });
}

test('the rows and scores are PyTorch’s', () => {
  const { random, real } = golden('nearest');
  assert.ok(random.length >= 20 && real.length >= 60);
  for (const { seed, shape, metric, k, exclude, indices, scores } of random) {
    manualSeed(seed);
    const [weight, query] = [randn(shape), randn(shape[1])];
    const found = nearest(weight, query, { metric, k, exclude });
    assert.deepEqual([...found.indices], indices, `seed ${seed}, ${metric}`);
    const largest = Math.max(...scores.map(Math.abs));
    found.scores.forEach((score, n) => assert.ok(Math.abs(score - scores[n]) <= PRECISION * largest, `seed ${seed}, ${metric}: ${score}, ${scores[n]}`));
  }
  for (const { word, metric, indices, scores } of real) {
    const found = embedding.nearest(vectorOf(word), { metric, exclude: rowOf(word) });
    assert.deepEqual([...found.indices], indices, `${word}, ${metric}`);
    found.scores.forEach((score, n) => assert.ok(Math.abs(score - scores[n]) <= PRECISION * Math.max(...scores), `${word}, ${metric}`));
  }
});

test('on random tables every answer is among the best of a plain scan in double precision, ties included', () => {
  manualSeed(7);
  for (let round = 0; round < 120; round++) {
    tidy(() => {
      const [rows, columns] = [1 + (round * 37) % 300, 1 + (round * 11) % 70];
      const weight = randn([rows, columns]);
      for (let n = 0; n < rows / 4; n++) weight.row((n * 7) % rows).set(weight.row((n * 3) % rows).slice()); // ties
      const exclude = round % 3 === 0 ? [0, rows >> 1] : [];
      assertRecall(weight, randn(columns).data.slice(), { k: 1 + (round % 40), metric: METRICS[round % 3], exclude });
    });
  }
});

test('on the word table the recall is 1', () => {
  for (let n = 0; n < 24; n++) assertRecall(table, table.toArray()[(n * 421) % words.length], { k: 10, metric: METRICS[n % 3], exclude: n % 2 ? [] : [n * 421] });
});

test('on a tie the lower row comes first, for any number of rows', () => {
  const weight = tensor(Array.from({ length: 100 }, (_, i) => [i % 3, i % 2]));
  for (const metric of METRICS) {
    for (let k = 0; k <= 100; k += 7) {
      const { indices, scores } = nearest(weight, [2, 1], { metric, k });
      assert.equal(indices.length, k);
      for (let n = 1; n < k; n++) assert.ok(!(scores[n] === scores[n - 1] && indices[n] < indices[n - 1]), `${metric}, ${k}`);
    }
  }
  const multiples = tensor([[1, 1], [3, 3], [0.1, 0.1], [7, 7]]); // the same direction: cosines differ in no bit
  assert.deepEqual(nearest(multiples, [2, 2]), { indices: Int32Array.of(0, 1, 2, 3), scores: Float32Array.of(1, 1, 1, 1) });
  assert.deepEqual(nearest(zeros([3, 2]), [1, 1], { metric: 'dot' }).indices, Int32Array.of(0, 1, 2));
});

test('a row has cosine 1 and distance 0 to itself, and no cosine is beyond 1', () => {
  for (let i = 0; i < words.length; i += 97) {
    const query = table.row(i).slice();
    const { indices, scores } = nearest(table, query, { k: 1 });
    assert.deepEqual([indices[0], scores[0]], [i, 1]);
    assert.deepEqual(nearest(table, query, { k: 1, metric: 'euclidean' }), { indices: Int32Array.of(i), scores: Float32Array.of(0) });
  }
});

test('rows without a score come last with NaN: zero rows by cosine, NaN rows by all', () => {
  const weight = tensor([[0, 0], [-1, -1], [NaN, 1], [1, 0], [-0, 0]]);
  assert.deepEqual(nearest(weight, [1, 1]).indices, Int32Array.of(3, 1, 0, 2, 4));
  assert.deepEqual([...nearest(weight, [1, 1]).scores].map(Number.isNaN), [false, false, true, true, true]);
  assert.deepEqual(nearest(weight, [1, 1], { metric: 'dot' }).indices, Int32Array.of(3, 0, 4, 1, 2));
  assert.deepEqual([...nearest(weight, [1, 1], { metric: 'dot' }).scores], [1, 0, 0, -2, NaN]);
  assert.deepEqual(nearest(weight, [1, 1], { metric: 'euclidean' }).indices, Int32Array.of(3, 0, 4, 1, 2));
  for (const [query, metric] of [[[0, 0], 'cosine'], [[NaN, 0], 'euclidean']]) {
    const { indices, scores } = nearest(weight, query, { k: 2, metric });
    assert.deepEqual([...indices, ...scores], [0, 1, NaN, NaN]);
  }
});

/* ---- What it takes ---- */

test('k is 10 unless given, and may be 0 or more than there are rows', () => {
  assert.equal(nearest(table, table.row(0)).indices.length, 10);
  const weight = tensor([[1], [2], [3]]);
  assert.deepEqual(nearest(weight, [1], { k: 0 }), { indices: new Int32Array(0), scores: new Float32Array(0) });
  for (const k of [3, 4, 2 ** 31, Number.MAX_SAFE_INTEGER]) assert.deepEqual(nearest(weight, [1], { k, metric: 'dot' }).indices, Int32Array.of(2, 1, 0));
  assert.deepEqual(nearest(weight, [1], { exclude: [0, 1, 2, 1] }).indices, new Int32Array(0));
  assert.deepEqual(nearest(zeros([0, 4]), [1, 2, 3, 4]).indices, new Int32Array(0));
  assert.deepEqual(nearest(zeros([2, 0]), [], { metric: 'dot' }), { indices: Int32Array.of(0, 1), scores: Float32Array.of(0, 0) });
});

test('the rows to leave out may be all that indices may be', () => {
  const weight = tensor([[4], [3], [2], [1]]);
  const kept = (exclude) => [...nearest(weight, [1], { metric: 'dot', exclude }).indices];
  for (const exclude of [[1, 3], [[1], [3]], Int32Array.of(3, 1), Uint8Array.of(1, 3, 3), BigInt64Array.of(1n, 3n), arange(4).reshape([2, 2]).t().row(1)]) {
    assert.deepEqual(kept(exclude), [0, 2]);
  }
  assert.deepEqual(kept(0), [1, 2, 3]);
  for (const exclude of [undefined, null, [], new Int32Array(0)]) assert.deepEqual(kept(exclude), [0, 1, 2, 3]);
  assert.deepEqual(kept([0]), [1, 2, 3], 'what a call before left out is not left out');
});

test('the query may be all that data may be: of D numbers, in a row or in one row', () => {
  const weight = tensor([[1, 0], [0, 1]]);
  const queries = [[0, 2], [[0, 2]], Float32Array.of(0, 2), Float64Array.of(0, 2), Int8Array.of(0, 2), tensor([0, 2]), tensor([[0, 2]]), tensor(Int32Array.of(0, 2))];
  const before = memory();
  for (const query of queries) assert.deepEqual(nearest(weight, query, { k: 1 }), { indices: Int32Array.of(1), scores: Float32Array.of(1) });
  assert.deepEqual(nearest(weight, weight.row(1), { k: 1 }).indices, Int32Array.of(1));
  assert.deepEqual(memory(), before);
});

test('bad arguments are refused by name, with their values, and nothing is changed', () => {
  const weight = tensor([[1, 2], [3, 4]], { requiresGrad: true });
  const refused = (call, type, ...says) => assertRefused(call, { type, says }, [weight], String(call));
  for (const query of [[1], [1, 2, 3], [[1, 2], [3, 4]], [[1], [2]], [[[1, 2]]], 1, new Float32Array(4)]) {
    refused(() => nearest(weight, query), Error, "'query'", '2 numbers', /its shape is \[/);
  }
  refused(() => nearest(weight, [1, 'a']), TypeError, "'a' at position [1]");
  refused(() => nearest(weight), TypeError, 'undefined');
  for (const k of [1.5, '3', NaN, null, 2n]) refused(() => nearest(weight, [1, 2], { k }), TypeError, "'k'");
  refused(() => nearest(weight, [1, 2], { k: -1 }), RangeError, "'k'", '-1');
  for (const metric of ['l2', 'toString', null, 0, ['dot']]) {
    refused(() => nearest(weight, [1, 2], { metric }), typeof metric === 'string' ? Error : TypeError, 'metric has to be one of cosine, dot or euclidean', String(metric));
  }
  refused(() => nearest(weight, [1, 2], { exclude: [[0, 2]] }), RangeError, 'index 2 at position [0, 1], valid range [0, 2)', 'exclude');
  refused(() => nearest(weight, [1, 2], { exclude: BigInt64Array.of(-1n) }), RangeError, 'index -1 at position [0]');
  refused(() => nearest(weight, [1, 2], { exclude: 0.5 }), TypeError, "argument 'exclude'", 'for nearest', '0.5 at position []');
  refused(() => nearest(weight, [1, 2], { top: 3 }), TypeError, "'top'", 'k, metric, exclude');
  refused(() => nearest([[1, 2]], [1, 2]), TypeError, "'weight' must be Tensor");
  const [vector, whole] = [tensor([1, 2]), tensor(Int32Array.of(1, 2), { shape: [1, 2] })];
  refused(() => nearest(vector, [1, 2]), Error, '2-D', '[2]');
  refused(() => nearest(whole, [1, 2]), Error, 'float32', 'int32');
});

/* ---- Layers ---- */

test('the layers look in their weight, and rescale nothing', () => {
  for (const Layer of [Embedding, EmbeddingBag]) {
    const layer = Layer.fromPretrained([[3, 4], [0, 1]], { maxNorm: 1 });
    assert.deepEqual(layer.nearest([0, 1], { k: 1 }), { indices: Int32Array.of(1), scores: Float32Array.of(1) });
    assert.deepEqual(layer.weight.toArray(), [[3, 4], [0, 1]]);
    assert.throws(() => layer.nearest([1]), /2 numbers/);
  }
});

test('a weight that is being trained is looked in outside the graph', () => {
  const layer = new Embedding(5, 2);
  const output = layer.forward(1);
  assert.equal(layer.nearest(output, { k: 1 }).indices[0], 1);
  output.sum().backward();
  assert.deepEqual(layer.weight.grad?.toArray(), [[0, 0], [1, 1], [0, 0], [0, 0], [0, 0]]);
});

/* ---- Norms, kept between calls ---- */

test('norms are kept while the table is not written, and follow every write', () => {
  const layer = new Embedding(4, 2, { weight: [[1, 0], [0, 1], [1, 1], [5, 5]], maxNorm: 4 });
  const { weight } = layer;
  const optimizer = new optim.SGD([weight], { lr: 0.1 });
  const writes = {
    'nothing': () => {},
    'copy_': () => noGrad(() => weight.copy_([[3, 1], [0.5, 1], [9, 2], [-5, 5]])),
    'mul_': () => noGrad(() => weight.mul_([[3], [0.1], [2], [0.7]])),
    'a lookup with maxNorm': () => layer.forward([0, 2, 3]).dispose(),
    'a step': () => {
      layer.forward([0, 1]).pow(2).sum().backward();
      optimizer.step();
    },
    'loadStateDict': () => layer.loadStateDict({ weight: rand([4, 2]) }),
    'resetParameters': () => layer.resetParameters(),
    'out': () => noGrad(() => functional.embedding([0, 1, 1, 0], [[1, 2], [30, 4]], { out: weight.detach() })),
    'another weight': () => (layer.weight = tensor([[2, 0], [0, 8], [-1, 1], [5, 6]])),
    'data': () => layer.weight.data.set([100, 1], 2),
    'a view from before': (() => {
      let row;
      return () => (row = layer.weight.row(0), layer.nearest([1, 2]), row.set([7, -70]));
    })(),
  };
  for (const [name, write] of Object.entries(writes)) {
    write();
    for (let again = 0; again < 2; again++) {
      const { indices, scores } = layer.nearest([1, 2], { k: 4 });
      const rows = layer.weight.clone().toArray();
      const expected = rows.map((row) => scoreInDouble(row, [1, 2], 'cosine'));
      indices.forEach((i, n) => assert.ok(Math.abs(scores[n] - expected[i]) < PRECISION, `${name}: row ${i} has ${scores[n]}, not ${expected[i]}`));
    }
  }
});

test('norms of what an optimiser remembers follow its steps', () => {
  const kinds = { SGD: { momentum: 0.9 }, Adagrad: {}, Adam: { amsgrad: true }, AdamW: {}, SparseAdam: {} };
  for (const [name, options] of Object.entries(kinds)) {
    const layer = new Embedding(7, 3, { sparse: name === 'SparseAdam' });
    const optimizer = new optim[name]([layer.weight], options);
    const step = () => {
      optimizer.zeroGrad();
      layer.forward([0, 1, 3]).pow(2).sum().backward();
      optimizer.step();
    };
    step();
    const states = Object.entries(optimizer.state(layer.weight)).filter(([, state]) => state instanceof Tensor);
    assert.ok(states.length > 0, name);
    for (const [, state] of states) nearest(state, [1, 2, 3]);
    step();
    for (const [key, state] of states) {
      const [kept, fresh] = [nearest(state, [1, -2, 0.5]), nearest(state.clone(), [1, -2, 0.5])];
      assert.deepEqual([...kept.indices, ...kept.scores], [...fresh.indices, ...fresh.scores], `${name}, ${key}`);
    }
  }
});

test('where memory is full, nearest does without keeping norms, and what failed is not taken for norms', () => {
  const weight = randn([30000, 3]);
  const expected = nearest(weight.clone(), [1, 2, 3]);
  const heap = new FullHeap();
  assert.deepEqual(nearest(weight, [1, 2, 3]), expected);
  heap.dispose();
  for (let again = 0; again < 2; again++) assert.deepEqual(nearest(weight, [1, 2, 3]), expected);

  const moved = weight.detach();
  moved.requiresGrad = true;
  const product = moved.mul(2);
  product.sum().backward(); // its values are moved out now
  for (let again = 0; again < 2; again++) assert.deepEqual(nearest(product, [1, 2, 3]).indices, expected.indices);
});

test('a tie is a tie of the scores that are given', () => {
  assert.deepEqual(nearest(tensor([[1, 3.4526698300124393e-4], [1, 0]]), [0, 0], { metric: 'euclidean' }), { indices: Int32Array.of(0, 1), scores: Float32Array.of(1, 1) });
  manualSeed(3);
  const { indices, scores } = nearest(randn([10000, 4]), [0, 0, 0, 0], { metric: 'euclidean', k: 10000 });
  let ties = 0;
  for (let n = 1; n < 10000; n++) {
    if (scores[n] > scores[n - 1]) continue;
    ties++;
    assert.ok(indices[n] > indices[n - 1]);
  }
  assert.ok(ties > 0);
});

test('a getter among the arguments that disposes of the table is found out', () => {
  const weight = ones([3, 2]);
  const query = [1, 1];
  Object.defineProperty(query, 0, { get: () => (weight.dispose(), 1) });
  assert.throws(() => nearest(weight, query), /tensor was disposed/);
});

test('a table seen in two shapes has the norms of each', () => {
  const weight = tensor([[3, 4], [6, 8]]);
  const flat = weight.reshape([4, 1]);
  for (let again = 0; again < 2; again++) {
    assert.deepEqual(nearest(weight, [3, 4]).scores, Float32Array.of(1, 1));
    assert.deepEqual(nearest(flat, [1]).scores, Float32Array.of(1, 1, 1, 1));
  }
});

test('the norms go with the table, and memory counts tensors alone', () => {
  nearest(ones([1000, 2]), [1, 1]);
  const before = memory();
  for (let round = 0; round < 3000; round++) {
    const weight = ones([1000, 2]);
    nearest(weight, [1, 1], { k: 1 });
    weight.dispose();
  }
  assert.deepEqual(memory(), before);
});

/* ---- The word table ---- */

/** a - b + c = d, after the kinds of Mikolov et al. 2013: family, capitals, nationalities, currencies, comparison, tense, number, opposites. */
const ANALOGIES = `
  king man woman queen        father man woman mother     brother man woman sister       husband man woman wife
  son man woman daughter      actor man woman actress     prince man woman princess      uncle man woman aunt
  paris france italy rome     berlin germany spain madrid london england russia moscow   tokyo japan china beijing
  baghdad iraq iran tehran    french france germany german italian italy spain spanish   japanese japan china chinese
  dollar america japan yen    europe euro dollar america
  bigger big small smaller    better good bad worse       larger large small smaller     stronger strong weak weaker
  faster fast slow slower     biggest big small smallest  best good bad worst
  walked walk go went         played play run ran         said say see saw               walking walk run running
  writing write read reading  cars car child children     men man woman women
  impossible possible happy unhappy                       likely unlikely known unknown`;

test('of 34 analogies 27 are right when the three words are left out, and 15 when they are not', () => {
  const analogies = ANALOGIES.trim().split(/\s+/).map((_, i, all) => all.slice(i, i + 4)).filter((_, i) => i % 4 === 0);
  assert.equal(analogies.length, 34);
  const answer = ([a, b, c], exclude) => {
    const [x, y, z] = [a, b, c].map(vectorOf);
    return words[embedding.nearest(x.map((value, d) => value - y[d] + z[d]), { k: 1, exclude }).indices[0]];
  };
  const wrong = analogies.filter((words) => answer(words, words.slice(0, 3).map(rowOf)) !== words[3]);
  assert.deepEqual(wrong.map(([a, b, c]) => `${a} - ${b} + ${c} = ${answer([a, b, c], [a, b, c].map(rowOf))}`), [
    'brother - man + woman = daughter', 'europe - euro + dollar = asia', 'bigger - big + small = larger', 'biggest - big + small = largest',
    'said - say + see = told', 'impossible - possible + happy = proud', 'likely - unlikely + known = also',
  ]); // prettier-ignore
  assert.equal(analogies.length - wrong.length, 27);
  assert.equal(analogies.filter((words) => answer(words, []) === words[3]).length, 15);
});

test('the words nearest to king are prince and queen', () => {
  const { indices, scores } = embedding.nearest(vectorOf('king'), { k: 5, exclude: rowOf('king') });
  assert.deepEqual([...indices].map((i) => words[i]), ['prince', 'queen', 'son', 'brother', 'monarch']);
  assert.deepEqual(Array.from(scores, (score) => score.toFixed(2)), ['0.77', '0.75', '0.70', '0.70', '0.70']);
});
