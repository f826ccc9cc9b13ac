/**
 * Gradcheck: the gradient of every operation against central differences of the same function, written here in plain JavaScript and in
 * double precision. Operations are found by looking: a new one without an entry below fails the first test.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { EmbeddingBag, Tensor, functional, tensor, tidy } from 'nn-embedding';

const STEP = 1e-5; // of the differences, in double precision
const NEAR = 1e-4; // relative, of a gradient in single precision

/* ---- Plain arrays of doubles: { shape, data } ---- */

const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);
const array = (shape, data) => ({ shape, data });

/** An array drawn from a fixed sequence, rounded to single precision, within a domain. */
let state = 1;
function draw(shape, { low = -2, high = 2, away = 0 } = {}) {
  const data = Array.from({ length: sizeOf(shape) }, () => {
    let x = 0;
    do {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      x = Math.fround(low + (high - low) * (state / 2 ** 32));
    } while (Math.abs(x) < away);
    return x;
  });
  return array(shape, data);
}

const unary = (f) => (a) => array(a.shape, a.data.map(f));

function broadcast(a, b, f) {
  const ndim = Math.max(a.shape.length, b.shape.length);
  const at = (x, dim) => x.shape[dim - ndim + x.shape.length] ?? 1;
  const shape = Array.from({ length: ndim }, (_, dim) => (at(a, dim) === 1 ? at(b, dim) : at(a, dim)));
  const pick = (x, place) => {
    let n = 0;
    x.shape.forEach((size, i) => (n = n * size + (size === 1 ? 0 : place[i + ndim - x.shape.length])));
    return x.data[n];
  };
  const data = Array.from({ length: sizeOf(shape) }, (_, n) => {
    const place = [];
    for (let dim = ndim - 1, rest = n; dim >= 0; rest = Math.floor(rest / shape[dim]), dim--) place[dim] = rest % shape[dim];
    return f(pick(a, place), pick(b, place));
  });
  return array(shape, data);
}
const binary = (f) => (a, b) => broadcast(a, b, f);

/** The lines along a dimension (null: all elements are one line), as f changes them: to one number, or to as many. */
function lines(a, dim, keepdim, f) {
  const at = dim === null ? null : dim < 0 ? dim + a.shape.length : dim;
  const [outer, size, inner] = at === null || a.shape.length === 0 ? [1, a.data.length, 1] : [sizeOf(a.shape.slice(0, at)), a.shape[at], sizeOf(a.shape.slice(at + 1))];
  const data = [];
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const line = Array.from({ length: size }, (_, s) => a.data[(o * size + s) * inner + i]);
      const result = f(line);
      if (typeof result === 'number') data[o * inner + i] = result;
      else result.forEach((x, s) => (data[(o * size + s) * inner + i] = x));
    }
  }
  if (data.length === a.data.length && typeof f([1, 2]) !== 'number') return array(a.shape, data);
  const shape = at === null ? (keepdim ? a.shape.map(() => 1) : []) : a.shape.flatMap((same, i) => (i === at ? (keepdim ? [1] : []) : [same]));
  return array(shape, data);
}
const reduction = (f) => (a, dim = null, keepdim = false) => lines(a, dim, keepdim, f);

function matmul(a, b) {
  const [m, k] = a.shape.length === 2 ? a.shape : [1, a.shape[0]];
  const n = b.shape.length === 2 ? b.shape[1] : 1;
  const data = Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a.data[Math.floor(at / n) * k + i] * b.data[i * n + (at % n)];
    return sum;
  });
  return array([...(a.shape.length === 2 ? [m] : []), ...(b.shape.length === 2 ? [n] : [])], data);
}

function transposed(a) {
  if (a.shape.length < 2) return a;
  const [rows, columns] = a.shape;
  return array([columns, rows], Array.from(a.data, (_, n) => a.data[(n % rows) * columns + Math.floor(n / rows)]));
}

const sum = (line) => line.reduce((a, b) => a + b, 0);
const softmax = (line) => {
  const most = Math.max(...line);
  const powers = line.map((x) => Math.exp(x - most));
  return powers.map((x) => x / sum(powers));
};
const normOf = (p) => (line) => {
  const sizes = line.map(Math.abs);
  if (p === Infinity) return Math.max(...sizes);
  if (p === -Infinity) return Math.min(...sizes);
  if (p === 0) return sizes.filter((x) => x !== 0).length;
  return sum(sizes.map((x) => x ** p)) ** (1 / p);
};
const reshaped = (shape) => (a) => array(shape, a.data);

/** Rows of a table, one for each index. */
function lookup(weight, indices, shape) {
  const [, dim] = weight.shape;
  return array([...shape, dim], indices.flatMap((k) => weight.data.slice(k * dim, (k + 1) * dim)));
}

/** Bags of rows: lists of [index, place of its sample weight]. */
function bagsOf(weight, bags, mode, sampleWeights) {
  const [, dim] = weight.shape;
  const data = bags.flatMap((bag) =>
    Array.from({ length: dim }, (_, d) => {
      const values = bag.map(([k, place]) => weight.data[k * dim + d] * (sampleWeights ? sampleWeights.data[place] : 1));
      if (values.length === 0) return 0;
      return mode === 'max' ? Math.max(...values) : sum(values) / (mode === 'mean' ? values.length : 1);
    }),
  );
  return array([bags.length, dim], data);
}

/* ---- The operations: [shapes of the inputs, ours, the same in double precision, domain of the inputs] ---- */

const DIMENSIONS = [[], [0], [1], [-1], [0, true], [1, true]];
const ALL_SHAPES = [[2, 3], [], [1], [2, 3, 4]];
const PAIRS = [[[2, 3], [2, 3]], [[2, 3], [3]], [[3], [2, 3]], [[2, 1, 3], [4, 1]], [[], [2, 3]], [[2, 3], []], [[1, 1], [3, 2]], [[5], [5]]];

const elementwise = (name, f, domain = {}, shapes = ALL_SHAPES) => shapes.map((shape) => [[shape], (x) => x[name](), unary(f), domain]);
const pairs = (name, f, domain = {}) => [
  ...PAIRS.map((shapes) => [shapes, (a, b) => a[name](b), binary(f), domain]),
  [[[2, 3]], (a) => a[name](a), (a) => binary(f)(a, a), domain],
  [[[2, 3]], (a) => a[name](1.75), unary((x) => f(x, 1.75)), domain],
  [[[2, 3]], (a) => a[name]([[2], [-3]]), (a) => binary(f)(a, array([2, 1], [2, -3])), domain],
];
const scaledPairs = (name, sign) => [
  ...pairs(name, (x, y) => x + sign * y),
  ...[2, -0.5, 0].map((alpha) => [[[2, 3], [3]], (a, b) => a[name](b, { alpha }), binary((x, y) => x + sign * alpha * y)]),
];
const reductions = (name, f, domain = {}) =>
  [[2, 3], [3, 1], [2, 3, 2]].flatMap((shape) => DIMENSIONS.map((args) => [[shape], (x) => x[name](...(args.length === 0 ? [] : args)), (x) => reduction(f)(x, ...args), domain]));
const overLines = (name, f) => [[[2, 3], 0], [[2, 3], 1], [[3], -1], [[2, 3, 4], 1]].map(([shape, dim]) => [[shape], (x) => x[name](dim), (x) => lines(x, dim, false, f)]);
/** An in-place operation on a result, which is recorded. */
const inPlace = (shapes, ours, reference, domain) => [shapes, (x, ...others) => ours(x.mul(1), ...others), reference, domain];

const POWERS = [2, 3, 0.5, -1.5, 1, 0, -2];
const NORMS = [2, 1, 3, 1.5, 0.5, -1, Infinity, -Infinity, 0];

const TENSOR = {
  add: scaledPairs('add', 1),
  sub: scaledPairs('sub', -1),
  mul: pairs('mul', (x, y) => x * y),
  div: pairs('div', (x, y) => x / y, { away: 0.3 }),
  neg: elementwise('neg', (x) => -x),
  pow: [
    ...POWERS.map((p) => [[[2, 3]], (x) => x.pow(p), unary((x) => x ** p), { low: 0.2 }]),
    ...[2, 3, 4, -1].map((p) => [[[2, 3]], (x) => x.pow(p), unary((x) => x ** p), { away: 0.3 }]),
  ],
  exp: elementwise('exp', Math.exp),
  log: elementwise('log', Math.log, { low: 0.2 }),
  sqrt: elementwise('sqrt', Math.sqrt, { low: 0.2 }),
  abs: elementwise('abs', Math.abs, { away: 0.01 }),
  sigmoid: elementwise('sigmoid', (x) => 1 / (1 + Math.exp(-x)), { low: -6, high: 6 }),
  tanh: elementwise('tanh', Math.tanh),
  relu: elementwise('relu', (x) => Math.max(x, 0), { away: 0.01 }),
  logSigmoid: elementwise('logSigmoid', (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))), { low: -20, high: 20 }),
  matmul: [
    ...[[[2, 3], [3, 4]], [[3], [3]], [[2, 3], [3]], [[3], [3, 2]], [[1, 5], [5, 1]], [[17, 9], [9, 16]], [[1], [1]]].map((shapes) => [shapes, (a, b) => a.matmul(b), matmul]),
    [[[3, 3]], (a) => a.matmul(a), (a) => matmul(a, a)],
    [[[2, 3]], (a) => a.matmul(a.t()), (a) => matmul(a, transposed(a))],
  ],
  sum: reductions('sum', sum),
  mean: reductions('mean', (line) => sum(line) / line.length),
  prod: reductions('prod', (line) => line.reduce((a, b) => a * b, 1), { away: 0.3 }),
  softmax: overLines('softmax', softmax),
  logSoftmax: overLines('logSoftmax', (line) => softmax(line).map(Math.log)),
  norm: NORMS.flatMap((p) => [[], [0], [1], [-1]].map((dim) => [[[2, 3]], (x) => x.norm(p, ...dim), (x) => lines(x, dim[0] ?? null, false, normOf(p)), { away: 0.2 }])),
  clone: elementwise('clone', (x) => x),
  t: [[3, 2], [4], [], [1, 5]].map((shape) => [[shape], (x) => x.t().mul(x.t()), (x) => transposed(unary((v) => v * v)(x))]),
  reshape: [[[2, 3], [3, 2]], [[6], [1, 2, 3]], [[1], []]].map(([from, to]) => [[from], (x) => x.reshape(to), reshaped(to)]),
  unsqueeze: [[[2, 3], 1, [2, 1, 3]], [[], 0, [1]], [[2], -1, [2, 1]]].map(([from, dim, to]) => [[from], (x) => x.unsqueeze(dim), reshaped(to)]),
  squeeze: [[[2, 1, 3], undefined, [2, 3]], [[1, 2, 1], 0, [2, 1]], [[2, 3], 1, [2, 3]]].map(([from, dim, to]) => [[from], (x) => x.squeeze(dim), reshaped(to)]),
  to: [[[[2, 3]], (x) => x.to('float32').mul(2), unary((x) => 2 * x)]],
  detach: [[[[2, 3]], (x) => x.detach().mul(x), (x) => x, { constant: true }]],
  add_: [
    inPlace([[2, 3], [3]], (x, y) => x.add_(y), binary((x, y) => x + y)),
    inPlace([[2, 3], [2, 3]], (x, y) => x.add_(y, { alpha: -1.5 }), binary((x, y) => x - 1.5 * y)),
    inPlace([[2, 3]], (x) => x.add_(x), unary((x) => 2 * x)),
    inPlace([[2, 3]], (x) => x.add_(4), unary((x) => x + 4)),
  ],
  mul_: [
    inPlace([[2, 3], [3]], (x, y) => x.mul_(y), binary((x, y) => x * y)),
    inPlace([[2, 3], [2, 1]], (x, y) => x.mul_(y).mul_(y), binary((x, y) => x * y * y)),
    inPlace([[2, 3]], (x) => x.mul_(-2.5), unary((x) => -2.5 * x)),
  ],
  copy_: [
    inPlace([[2, 3], [3]], (x, y) => x.copy_(y), binary((x, y) => 0 * x + y)),
    inPlace([[2, 3], [2, 3]], (x, y) => x.copy_(y).mul_(y), binary((x, y) => 0 * x + y * y)),
  ],
  fill_: [inPlace([[2, 3], [2, 3]], (x, y) => x.fill_(3).mul(y), binary((x, y) => 0 * x + 3 * y))],
  zero_: [inPlace([[2, 3], [2, 3]], (x, y) => x.zero_().add(y), binary((x, y) => 0 * x + y))],
};

/** What is no operation with a derivative. */
const NOT_DIFFERENTIABLE = ['constructor', 'row', 'backward', 'item', 'toArray', 'toString', 'equal', 'dispose'];

const INDICES = [1, 3, 3, 0, 4, 3];
const BAG_OFFSETS = [0, 2, 2, 5];
const BAGS = [[[1, 0], [3, 1]], [], [[3, 2], [0, 3], [4, 4]], [[3, 5]]];
const BAGS_2D = [[[1, 0], [3, 1], [3, 2]], [[0, 3], [4, 4], [3, 5]]];
const PADDED = BAGS.map((bag) => bag.filter(([k]) => k !== 3));
const bagCases = (mode, options = {}) => [
  [[[5, 4]], (weight) => functional.embeddingBag(INDICES, weight, { offsets: BAG_OFFSETS, mode, ...options }), (weight) => bagsOf(weight, BAGS, mode)],
  [[[5, 4]], (weight) => functional.embeddingBag(INDICES, weight, { offsets: [...BAG_OFFSETS, 6], includeLastOffset: true, mode, ...options }), (weight) => bagsOf(weight, BAGS, mode)],
  [[[5, 4]], (weight) => functional.embeddingBag([[1, 3, 3], [0, 4, 3]], weight, { mode, ...options }), (weight) => bagsOf(weight, BAGS_2D, mode)],
  [[[5, 4]], (weight) => functional.embeddingBag(INDICES, weight, { offsets: BAG_OFFSETS, mode, paddingIdx: -2, ...options }), (weight) => bagsOf(weight, PADDED, mode)],
];
const weightedBags = (options = {}) => [
  [[[5, 4], [6]], (weight, perSampleWeights) => functional.embeddingBag(INDICES, weight, { offsets: BAG_OFFSETS, mode: 'sum', perSampleWeights, ...options }), (weight, samples) => bagsOf(weight, BAGS, 'sum', samples)],
  [[[5, 4], [2, 3]], (weight, perSampleWeights) => functional.embeddingBag([[1, 3, 3], [0, 4, 3]], weight, { mode: 'sum', perSampleWeights, ...options }), (weight, samples) => bagsOf(weight, BAGS_2D, 'sum', samples)],
  [[[5, 4], [6]], (weight, perSampleWeights) => functional.embeddingBag(INDICES, weight, { offsets: BAG_OFFSETS, mode: 'sum', paddingIdx: 3, perSampleWeights, ...options }), (weight, samples) => bagsOf(weight, PADDED, 'sum', samples)],
];
const cosine = (a, b, dim) => {
  const of = (f) => lines(f, dim, true, normOf(2));
  return lines(binary((x, y) => x * y)(binary((x, n) => x / n)(a, of(a)), binary((x, n) => x / n)(b, of(b))), dim, false, sum);
};

const FUNCTIONAL = {
  embedding: [
    ...[{}, { sparse: true }].flatMap((options) => [
      [[[5, 4]], (weight) => functional.embedding(INDICES, weight, options), (weight) => lookup(weight, INDICES, [6])],
      [[[5, 4]], (weight) => functional.embedding([[1, 3], [3, 0]], weight, options), (weight) => lookup(weight, [1, 3, 3, 0], [2, 2])],
      [[[5, 4]], (weight) => functional.embedding(2, weight, options), (weight) => lookup(weight, [2], [])],
      [[[5, 1]], (weight) => functional.embedding([4, 4, 4], weight.mul(weight), options), (weight) => lookup(unary((x) => x * x)(weight), [4, 4, 4], [3])],
    ]),
  ],
  embeddingBag: [
    ...bagCases('sum'), ...bagCases('mean'), ...bagCases('max'), ...bagCases('sum', { sparse: true }), ...bagCases('mean', { sparse: true }),
    ...weightedBags(), ...weightedBags({ sparse: true }),
  ], // prettier-ignore
  linear: [[[2, 3], [4, 3]], [[3], [4, 3]], [[2, 5, 3], [4, 3]]].map((shapes) => [
    shapes, (input, weight) => functional.linear(input, weight),
    (input, weight) => array([...input.shape.slice(0, -1), 4], matmul(array([sizeOf(input.shape) / 3, 3], input.data), transposed(weight)).data),
  ]), // prettier-ignore
  crossEntropy: [
    [[[3, 4]], (logits) => functional.crossEntropy(logits, [2, 0, 3]), (logits) => array([], [-sum([2, 0, 3].map((k, row) => Math.log(softmax(logits.data.slice(4 * row, 4 * row + 4))[k]))) / 3])],
    [[[5]], (logits) => functional.crossEntropy(logits, 1), (logits) => array([], [-Math.log(softmax(logits.data)[1])])],
    [[[3, 4]], (logits) => functional.crossEntropy(logits.mul(3), BigInt64Array.of(1n, 1n, 1n)), (logits) => array([], [-sum([0, 1, 2].map((row) => Math.log(softmax(logits.data.slice(4 * row, 4 * row + 4).map((x) => 3 * x))[1]))) / 3])],
  ],
  cosineSimilarity: [[[[2, 3], [2, 3]], 1], [[[2, 3], [2, 3]], 0], [[[4], [4]], 0], [[[2, 1, 3], [4, 3]], 2], [[[2, 3], [3]], -1]].map(([shapes, dim]) => [
    shapes, (a, b) => functional.cosineSimilarity(a, b, dim),
    (a, b) => {
      const shape = broadcast(a, b, () => 0);
      return cosine(binary((x) => x)(a, shape), binary((x) => x)(b, shape), dim);
    },
  ]), // prettier-ignore
};

/** What is no operation with a derivative. */
const NOT_FUNCTIONAL = ['embeddingRenorm', 'oneHot', 'dequantize'];

/* ---- The check ---- */

function assertClose(actual, expected, message) {
  assert.equal(actual.length, expected.length, `${message}: length`);
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  expected.forEach((b, i) => {
    const isNear = Math.abs(actual[i] - b) <= NEAR * Math.max(Math.abs(b), 0.1 * scale) + 1e-6;
    assert.ok(isNear, `${message}: element ${i} is ${actual[i]}, expected ${b}`);
  });
}

/** d (sum of f(inputs) * weights) / d inputs[k], by central differences. */
function differences(f, inputs, k, weights) {
  return inputs[k].data.map((x, i) => {
    const at = (value) => {
      const moved = inputs.map((input, j) => (j === k ? array(input.shape, Object.assign([...input.data], { [i]: value })) : input));
      return sum(f(...moved).data.map((y, n) => y * weights[n]));
    };
    return (at(x + STEP) - at(x - STEP)) / (2 * STEP);
  });
}

function gradcheck([shapes, ours, reference, domain = {}], message) {
  const inputs = shapes.map((shape) => draw(shape, domain));
  // Each input alone, and all of them together.
  const choices = shapes.length === 1 ? [[true]] : [shapes.map(() => true), ...shapes.map((_, i) => shapes.map((_, j) => i === j))];
  for (const wanted of choices) {
    tidy(() => {
      const tensors = inputs.map(({ shape, data }, i) => tensor(Float32Array.from(data), { shape, requiresGrad: wanted[i] }));
      const output = ours(...tensors);
      const given = domain.constant ? null : reference(...inputs);
      if (given) {
        assert.deepEqual(output.shape, given.shape, `${message}: shape`);
        assertClose(output.data, given.data, `${message}: output`);
      }
      if (!output.requiresGrad) return assert.fail(`${message}: not recorded`);
      const weights = draw(output.shape);
      output.backward(tensor(Float32Array.from(weights.data), { shape: weights.shape }));
      tensors.forEach((input, k) => {
        if (!wanted[k]) return assert.equal(input.grad, null, `${message}: a gradient for what wants none`);
        // detach() is a constant: d (c * x) / dx = c.
        const expected = domain.constant ? inputs[k].data.map((x, n) => x * weights.data[n]) : differences(reference, inputs, k, weights.data);
        if (input.grad === null) return assertClose(expected.map(() => 0), expected, `${message}: no gradient of input ${k}, which means zeros`);
        assert.deepEqual(input.grad.shape, input.shape, `${message}: shape of gradient ${k}`);
        assertClose((input.grad.isSparse ? input.grad.toDense() : input.grad).data, expected, `${message}: gradient ${k}`);
      });
    });
  }
}

test('every operation of Tensor and of functional has a gradcheck', () => {
  const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).filter(([name, { value }]) => typeof value === 'function' && !name.startsWith('_'));
  assert.deepEqual(methods.map(([name]) => name).filter((name) => !(name in TENSOR) && !NOT_DIFFERENTIABLE.includes(name)), [], 'methods of Tensor without a gradcheck');
  assert.deepEqual(Object.keys(functional).filter((name) => !(name in FUNCTIONAL) && !NOT_FUNCTIONAL.includes(name)), [], 'functions without a gradcheck');
});

for (const [prefix, table] of [['Tensor.', TENSOR], ['functional.', FUNCTIONAL]]) {
  for (const [name, cases] of Object.entries(table)) {
    test(`gradcheck of ${prefix}${name} passes for every shape and option`, () => {
      cases.forEach((one, i) => gradcheck(one, `${name} ${i} of ${JSON.stringify(one[0])}`));
    });
  }
}

test('gradcheck of prod passes with one zero, with two, and with a zero in some lines only', () => {
  const product = (line) => line.reduce((a, b) => a * b, 1);
  for (const data of [[2, 0, 4, -1, 3, 0.5], [2, 0, 4, 0, 3, 0.5], [0, 0, 0, 1, 2, 3]]) {
    for (const dim of [undefined, 0, 1]) {
      tidy(() => {
        const x = tensor(Float32Array.from(data), { shape: [2, 3], requiresGrad: true });
        const y = x.prod(dim);
        const weights = draw(y.shape);
        y.backward(tensor(Float32Array.from(weights.data), { shape: y.shape }));
        assertClose(x.grad.data, differences((a) => lines(a, dim ?? null, false, product), [array([2, 3], data)], 0, weights.data), `${data} along ${dim}`);
      });
    }
  }
});

test('gradcheck of whole models passes: skip-gram, a bag classifier, attention', () => {
  const logistic = (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  gradcheck(
    [
      [[5, 4], [5, 4]],
      (input, output) => functional.embedding([1, 3, 3], input).mul(functional.embedding([0, 3, 4], output)).sum(1).logSigmoid().sum().neg(),
      (input, output) => {
        const [a, b] = [lookup(input, [1, 3, 3], [3]), lookup(output, [0, 3, 4], [3])];
        return array([], [-sum(lines(binary((x, y) => x * y)(a, b), 1, false, sum).data.map(logistic))]);
      },
    ],
    'skip-gram',
  );
  gradcheck(
    [
      [[5, 4], [3, 4]],
      (table, weight) => functional.crossEntropy(functional.linear(functional.embeddingBag(INDICES, table, { offsets: BAG_OFFSETS }).tanh(), weight), [0, 1, 2, 1]),
      (table, weight) => {
        const logits = matmul(unary(Math.tanh)(bagsOf(table, BAGS, 'mean')), transposed(weight));
        return array([], [-sum([0, 1, 2, 1].map((k, row) => Math.log(softmax(logits.data.slice(3 * row, 3 * row + 3))[k]))) / 4]);
      },
    ],
    'bag classifier',
  );
  gradcheck(
    [
      [[3, 4], [5, 4], [5, 2]],
      (q, k, v) => q.matmul(k.t()).div(2).softmax(1).matmul(v).pow(2).mean(),
      (q, k, v) => {
        const scores = lines(unary((x) => x / 2)(matmul(q, transposed(k))), 1, false, softmax);
        return lines(unary((x) => x * x)(matmul(scores, v)), null, false, (line) => sum(line) / line.length);
      },
    ],
    'attention',
  );
});

test('gradcheck of a mean bag with scaleGradByFreq passes against the correct formula in double precision', () => {
  for (const mode of ['sum', 'mean']) {
    for (const sparse of [false, true]) {
      for (const paddingIdx of [null, 1]) {
        tidy(() => {
          const indices = [1, 3, 3, 0, 4, 3, 1, 1, 2, 3];
          const offsets = [0, 2, 2, 7];
          const bag = new EmbeddingBag(5, 3, { mode, sparse, paddingIdx, scaleGradByFreq: true });
          const output = bag.forward(indices, { offsets });
          const weights = draw([4, 3]);
          output.backward(tensor(Float32Array.from(weights.data), { shape: [4, 3] }));
          const expected = new Array(15).fill(0);
          indices.forEach((k, t) => {
            if (k === paddingIdx) return;
            const b = offsets.findLastIndex((start) => start <= t);
            const members = indices.slice(offsets[b], offsets[b + 1]).filter((i) => i !== paddingIdx).length;
            const count = indices.filter((i) => i === k).length;
            for (let d = 0; d < 3; d++) expected[3 * k + d] += weights.data[3 * b + d] / count / (mode === 'mean' ? members : 1);
          });
          const { grad } = bag.weight;
          assertClose((sparse ? grad.toDense() : grad).data, expected, `${mode}, sparse ${sparse}, padding ${paddingIdx}`);
        });
      }
    }
  }
});
