import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import { Embedding, arange, full, functional, manualSeed, memory, ones, rand, randn, tensor, tidy, zeros } from 'nn-embedding';
import { checkBoolean, checkOptions, show, shapeText, typeName, unravel } from '../../js/errors.js';
import { golden } from './golden.js';

const { embedding: lookup, oneHot } = functional;
const int32 = (...values) => tensor(Int32Array.from(values));

/** What a Python line of tests/golden/errors.txt is in JavaScript. */
const JAVASCRIPT = {
  'nn.Embedding(5, 2, padding_idx=5)': () => new Embedding(5, 2, { paddingIdx: 5 }),
  'nn.Embedding(5, 2, padding_idx=-6)': () => new Embedding(5, 2, { paddingIdx: -6 }),
  'nn.Embedding(0, 2, padding_idx=1)': () => new Embedding(0, 2, { paddingIdx: 1 }),
  'nn.Embedding(-1, 2)': () => new Embedding(-1, 2),
  'nn.Embedding(2, -3)': () => new Embedding(2, -3),
  'nn.Embedding(2.5, 2)': () => new Embedding(2.5, 2),
  "nn.Embedding('2', 2)": () => new Embedding('2', 2),
  'nn.Embedding(2, 2, _weight=torch.zeros(3, 2))': () => new Embedding(2, 2, { weight: zeros([3, 2]) }),
  'nn.Embedding(2, 2, _weight=torch.zeros(2, 2, dtype=int32))': () => new Embedding(2, 2, { weight: zeros([2, 2], { dtype: 'int32' }) }),
  'nn.Embedding(2, 2, scale_grad_by_freq=1)(tensor([0]))': () => new Embedding(2, 2, { scaleGradByFreq: 1 }).forward([0]),
  'nn.Embedding(2, 2, sparse=1)(tensor([0]))': () => new Embedding(2, 2, { sparse: 1 }).forward([0]),
  'nn.Embedding.from_pretrained(torch.zeros(3))': () => Embedding.fromPretrained(zeros(3)),
  'nn.Embedding.from_pretrained(torch.zeros(3, 2), padding_idx=3)': () => Embedding.fromPretrained(zeros([3, 2]), { paddingIdx: 3 }),
  "nn.Embedding(3, 2).load_state_dict({'weight': torch.zeros(4, 2)})": () => new Embedding(3, 2).loadStateDict({ weight: zeros([4, 2]) }),
  'nn.Embedding(3, 2).load_state_dict({})': () => new Embedding(3, 2).loadStateDict({}),
  "nn.Embedding(3, 2).load_state_dict({'weight': torch.zeros(3, 2), 'foo': torch.zeros(1)})": () => new Embedding(3, 2).loadStateDict({ weight: zeros([3, 2]), foo: zeros(1) }),
  "nn.Embedding(3, 2).load_state_dict({'foo': torch.zeros(1)})": () => new Embedding(3, 2).loadStateDict({ foo: zeros(1) }),
  "nn.Embedding(3, 2).load_state_dict({'weight': torch.zeros(3, 2), 'foo': torch.zeros(1), 'bar': torch.zeros(1)})": () =>
    new Embedding(3, 2).loadStateDict({ weight: zeros([3, 2]), foo: zeros(1), bar: zeros(1) }),
  "nn.Embedding(3, 2).load_state_dict({'weight': [1, 2]})": () => new Embedding(3, 2).loadStateDict({ weight: [1, 2] }),
  'nn.Embedding(3, 2).load_state_dict([1])': () => new Embedding(3, 2).loadStateDict([1]),
  'nn.Embedding(3, 2)(tensor([0, 3]))': () => new Embedding(3, 2).forward([0, 3]),
  'nn.Embedding(3, 2)(tensor([-1]))': () => new Embedding(3, 2).forward([-1]),
  'nn.Embedding(3, 2, padding_idx=0)(tensor([[0, 1], [7, 2]]))': () => new Embedding(3, 2, { paddingIdx: 0 }).forward([[0, 1], [7, 2]]),
  'nn.Embedding(3, 2, max_norm=1.0)(tensor([3]))': () => new Embedding(3, 2, { maxNorm: 1 }).forward([3]),
  'nn.Embedding(3, 2, max_norm=1.0)(tensor([-1]))': () => new Embedding(3, 2, { maxNorm: 1 }).forward([-1]),
  'nn.Embedding(3, 2, max_norm=1.0)(tensor([-4]))': () => new Embedding(3, 2, { maxNorm: 1 }).forward([-4]),
  'nn.Embedding(0, 2)(tensor([0]))': () => new Embedding(0, 2).forward([0]),
  'nn.Embedding(3, 0)(tensor([3]))': () => new Embedding(3, 0).forward([3]),
  'nn.Embedding(3, 2)(tensor([0.]))': () => new Embedding(3, 2).forward(tensor([0])),
  'nn.Embedding(3, 2)(tensor([]))': () => new Embedding(3, 2).forward(tensor([])),
  'nn.Embedding(3, 2)(tensor([True]))': () => new Embedding(3, 2).forward([true]),
  'nn.Embedding(3, 2)()': () => new Embedding(3, 2).forward(),
  'nn.Embedding(3, 2, max_norm=1.0)(tensor([0.]))': () => new Embedding(3, 2, { maxNorm: 1 }).forward(tensor([0])),
  "nn.Embedding(3, 2, max_norm='1')(tensor([0]))": () => new Embedding(3, 2, { maxNorm: '1' }).forward([0]),
  "nn.Embedding(3, 2, max_norm=1.0, norm_type='2')(tensor([0]))": () => new Embedding(3, 2, { maxNorm: 1, normType: '2' }).forward([0]),
  'F.embedding(tensor([0]), torch.zeros(3, 2), padding_idx=3)': () => lookup([0], zeros([3, 2]), { paddingIdx: 3 }),
  'F.embedding(tensor([0]), torch.zeros(3, 2), padding_idx=-4)': () => lookup([0], zeros([3, 2]), { paddingIdx: -4 }),
  'F.embedding(tensor([0]), torch.zeros(3))': () => lookup([0], zeros(3)),
  'F.embedding(tensor([0]), torch.zeros(3, 2, 1))': () => lookup([0], zeros([3, 2, 1])),
  'F.embedding(tensor([0]), torch.zeros(3, 2, 1), max_norm=1.0)': () => lookup([0], zeros([3, 2, 1]), { maxNorm: 1 }),
  'F.embedding(tensor([0]), torch.ones(3, 2, dtype=int32), max_norm=1.0)': () => lookup([0], ones([3, 2], { dtype: 'int32' }), { maxNorm: 1 }),
  'F.one_hot(tensor([0, 3]), 3)': () => oneHot([0, 3], 3),
  'F.one_hot(tensor([-1]), 3)': () => oneHot([-1], 3),
  'F.one_hot(tensor([1.]), 3)': () => oneHot(tensor([1]), 3),
  'nn.Embedding(3, 2).weight.fill_(1)': () => new Embedding(3, 2).weight.fill_(1),
  'nn.Embedding(3, 2).weight.zero_()': () => new Embedding(3, 2).weight.zero_(),
  'nn.Embedding(3, 2).weight.copy_(torch.zeros(3, 2))': () => new Embedding(3, 2).weight.copy_(zeros([3, 2])),
  'torch.manual_seed(2**64)': () => manualSeed(2n ** 64n),
  'torch.manual_seed(-2**63 - 1)': () => manualSeed(-(2n ** 63n) - 1n),
  'torch.manual_seed(nan)': () => manualSeed(NaN),
  "torch.manual_seed('a')": () => manualSeed('a'),
  'tensor([[1, 2], [3]])': () => tensor([[1, 2], [3]]),
  'tensor([[1.], [2., 3.]])': () => tensor([[1], [2, 3]]),
  'tensor([[1, 2], 3])': () => tensor([[1, 2], 3]),
  'tensor([1, 2], dtype=int32, requires_grad=True)': () => tensor([1, 2], { dtype: 'int32', requiresGrad: true }),
  'tensor([3e9], dtype=int32)': () => tensor([3e9], { dtype: 'int32' }),
  'torch.zeros(-1)': () => zeros(-1),
  'torch.ones(2, -1)': () => ones([2, -1]),
  'torch.full((2, -5), 1.)': () => full([2, -5], 1),
  'torch.full((2,), nan, dtype=int32)': () => full([2], NaN, { dtype: 'int32' }),
  'torch.randn(2, -3)': () => randn([2, -3]),
  'torch.rand(-1)': () => rand(-1),
  'torch.arange(0, 5, 0)': () => arange(0, 5, 0),
  'torch.arange(0, 5, -1)': () => arange(0, 5, -1),
  'torch.arange(-1)': () => arange(-1),
  'torch.arange(0, inf)': () => arange(0, Infinity),
  'torch.arange(0, nan)': () => arange(0, NaN),
  'torch.zeros(2, 3).item()': () => zeros([2, 3]).item(),
  'torch.zeros(0).item()': () => zeros(0).item(),
  'torch.zeros(6).reshape(4)': () => zeros(6).reshape(4),
  'torch.zeros(6).reshape(-1, 4)': () => zeros(6).reshape(-1, 4),
  'torch.zeros(6).reshape(-1, -1)': () => zeros(6).reshape([-1, -1]),
  'torch.zeros(6).reshape(-2, 3)': () => zeros(6).reshape([-2, 3]),
  'torch.zeros(0).reshape(-1, 0)': () => zeros(0).reshape([-1, 0]),
  'torch.zeros(2, 3).squeeze(2)': () => zeros([2, 3]).squeeze(2),
  'torch.zeros(2, 3).squeeze(-3)': () => zeros([2, 3]).squeeze(-3),
  'torch.zeros(()).squeeze(1)': () => zeros([]).squeeze(1),
  'torch.zeros(2, 3).unsqueeze(3)': () => zeros([2, 3]).unsqueeze(3),
  'torch.zeros(2, 3).unsqueeze(-4)': () => zeros([2, 3]).unsqueeze(-4),
  'torch.zeros(2, 3, 4).t()': () => zeros([2, 3, 4]).t(),
  'torch.zeros(2, 3).copy_(torch.zeros(2))': () => zeros([2, 3]).copy_(zeros(2)),
  'torch.zeros(2, 3).copy_(torch.zeros(1, 2, 3))': () => zeros([2, 3]).copy_(zeros([1, 2, 3])),
  'torch.zeros(2, dtype=int32).fill_(3e9)': () => zeros(2, { dtype: 'int32' }).fill_(3e9),
  'torch.zeros(2, dtype=int32).fill_(nan)': () => zeros(2, { dtype: 'int32' }).fill_(NaN),
  'torch.zeros(2).fill_(1e300)': () => zeros(2).fill_(1e300),
  'tensor([1., 2.]) + tensor([1., 2., 3.])': () => tensor([1, 2]).add(tensor([1, 2, 3])),
  'torch.zeros(2, 3, 4) * torch.zeros(2, 1, 3)': () => zeros([2, 3, 4]).mul(zeros([2, 1, 3])),
  'torch.zeros(0) - torch.zeros(2)': () => zeros(0).sub(zeros(2)),
  'tensor([1], dtype=int32).add(tensor([2], dtype=int32), alpha=1.5)': () => int32(1).add(int32(2), { alpha: 1.5 }),
  'tensor([1, 2], dtype=int32).norm()': () => int32(1, 2).norm(),
  'torch.zeros(0).norm(inf)': () => zeros(0).norm(Infinity),
  'torch.zeros(0).norm(-1)': () => zeros(0).norm(-1),
  'torch.zeros(0, 3).norm(inf, 0)': () => zeros([0, 3]).norm(Infinity, 0),
  'torch.zeros(2, 3).norm(2, 2)': () => zeros([2, 3]).norm(2, 2),
};

/** Where we do not begin with PyTorch's words, and why. */
const OURS = {
  // every index outside the range is one error here, with its position
  'nn.Embedding(3, 2, max_norm=1.0)(tensor([3]))': 'index out of range in self: index 3 at position [0], valid range [0, 3)',
  'nn.Embedding(3, 2, max_norm=1.0)(tensor([-4]))': 'index out of range in self: index -4 at position [0], valid range [0, 3)',
  'nn.Embedding(0, 2)(tensor([0]))': 'index out of range in self: index 0 at position [0], valid range [0, 0)',
  'nn.Embedding(3, 0)(tensor([3]))': 'index out of range in self: index 3 at position [0], valid range [0, 3)',
  // indices are int32 here too
  'F.one_hot(tensor([1.]), 3)': "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead",
  // one text for indices of a wrong type, whatever else the call does
  'nn.Embedding(3, 2, max_norm=1.0)(tensor([0.]))': "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead",
  // a string is no seed here, whatever it says
  "torch.manual_seed('a')": "manual_seed(): argument 'seed' must be int, not str: 'a'",
  // a number among rows differs from them as a row of another length does
  'tensor([[1, 2], 3])': 'expected sequence of length 2 at dim 1 (got int: 3 at position [1])',
  // a slip of the pen in PyTorch: "dimension 0because"
  'torch.zeros(0, 3).norm(inf, 0)': 'linalg.vector_norm cannot compute the inf norm on',
};

/** The class that the contract gives an error of this class and text. */
function classOf({ type, text }) {
  if (/^(Padding_idx|index out of range|select\(\)|index_select|INDICES element|Class values|Dimension out of range)/.test(text)) return RangeError;
  if (type === 'TypeError' && text !== 'not a sequence') return TypeError;
  if (/^(Expected tensor for argument|one_hot is only applicable|invalid literal for int)/.test(text)) return TypeError;
  return Error;
}

test('every error of PyTorch is raised here, begins with its words, and has the class of the contract', () => {
  const { errors } = golden('errors');
  assert.deepEqual(errors.map(({ pytorch }) => pytorch).filter((line) => !(line in JAVASCRIPT)), [], 'lines without JavaScript');
  const problems = [];
  for (const one of errors) {
    const words = OURS[one.pytorch] ?? one.text;
    try {
      tidy(JAVASCRIPT[one.pytorch]);
      problems.push(`${one.pytorch}: raised nothing`);
    } catch (error) {
      if (!error.message.startsWith(words)) problems.push(`${one.pytorch}: "${error.message}" does not begin with "${words}"`);
      if (error.constructor !== classOf(one)) problems.push(`${one.pytorch}: a ${error.constructor.name}, expected ${classOf(one).name}`);
    }
  }
  assert.equal(problems.length, 0, problems.join('\n'));
});

test('an error leaves nothing behind', () => {
  const calls = Object.entries(JAVASCRIPT).filter(([, call]) => !/zeros|ones|int32|\(tensor|\)\.\w/.test(String(call))); // those that make a tensor before
  assert.ok(calls.length > 20);
  for (const [line, call] of calls) {
    const before = memory();
    assert.throws(call);
    assert.deepEqual(memory(), before, line);
  }
});

/* ---- The pieces of a text ---- */

test('typeName gives Python’s name, or JavaScript’s where Python has none', () => {
  class Own {}
  for (const [value, name] of [[null, 'NoneType'], [undefined, 'undefined'], [1, 'int'], [1.5, 'float'], [NaN, 'float'], [2n, 'int'], ['a', 'str'], [true, 'bool'], [[1], 'list'], [{}, 'Object'], [new Own(), 'Own'], [new Float32Array(1), 'Float32Array'], [Object.create(null), 'object'], [() => 0, 'function'], [Symbol('s'), 'symbol'], [tensor(1), 'Tensor']]) {
    assert.equal(typeName(value), name);
  }
});

test('show gives a value as one would write it, and never much of it', () => {
  for (const [value, text] of [['a', "'a'"], [2n, '2n'], [-0, '-0'], [NaN, 'NaN'], [[1, 'b', null], "[1, 'b', null]"], [true, 'true'], [undefined, 'undefined'], [new Map(), 'Map'], [Symbol('s'), 'Symbol(s)']]) {
    assert.equal(show(value), text);
  }
  for (const value of ['x'.repeat(10000), new Array(10000).fill(7), [['y'.repeat(10000)]], [[[[[[[[[[1]]]]]]]]]], Array(8).fill(Array(8).fill(Array(8).fill(12345678))), () => 'z'.repeat(1000) + 'a very long function body that nobody wants to read in an error text, not even here', 10n ** 400n]) {
    assert.ok(show(value).length <= 200, `${inspect(value).slice(0, 30)}: ${show(value).length} characters`);
  }
  const cyclic = [];
  cyclic.push(cyclic);
  assert.doesNotThrow(() => show(cyclic));
});

test('unravel and shapeText write a place and a shape', () => {
  assert.deepEqual(unravel(0, []), []);
  assert.deepEqual(unravel(7, [2, 3, 2]), [1, 0, 1]);
  assert.deepEqual(unravel(3e9, [2, 2e9]), [1, 1e9]);
  assert.equal(shapeText([]), '[]');
  assert.equal(shapeText([2, 3]), '[2, 3]');
});

test('checkOptions and checkBoolean name what is wrong', () => {
  checkOptions('f()', undefined, ['alpha']);
  checkOptions('f()', {}, ['alpha']);
  assert.throws(() => checkOptions('f()', { alhpa: 1 }, ['beta', 'alpha']), { constructor: TypeError, message: /f\(\).*'alhpa'.*'alpha'/ });
  assert.throws(() => checkOptions('f()', 3, ['alpha']), { constructor: TypeError, message: /f\(\).*options.*3/ });
  assert.throws(() => checkBoolean('f()', 'flag', 1), { constructor: TypeError, message: "f(): argument 'flag' must be bool, not int: 1" });
});
