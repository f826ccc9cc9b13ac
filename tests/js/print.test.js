import assert from 'node:assert/strict';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import test from 'node:test';
import * as library from 'nn-embedding';
import { golden, toTensor } from './golden.js';

const { Embedding, arange, functional, noGrad, tensor, tidy, zeros } = library;

/* ---- PyTorch ---- */

/** The tensor of a golden case, made in a way that gives it the same suffix. */
function rebuild(one) {
  if (one.grad_fn !== null) {
    assert.equal(one.grad_fn, 'EmbeddingBackward0');
    const { shape } = one.tensor;
    const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const weight = toTensor({ ...one.tensor, shape: [rows, shape.at(-1)] }, { requiresGrad: true });
    return functional.embedding(arange(rows).reshape(shape.slice(0, -1)), weight);
  }
  const value = toTensor(one.tensor, one.requires_grad ? { requiresGrad: true } : {});
  if (!one.parameter) return value;
  const layer = new Embedding(1, 1);
  layer.weight = value;
  return layer.weight;
}

test('there are at least 100 printed tensors of PyTorch', () => {
  assert.ok(golden('print').cases.length >= 100);
});

test('every tensor prints as PyTorch prints it', () => {
  for (const one of golden('print').cases) {
    tidy(() => {
      const value = rebuild(one);
      assert.equal(value.toString(), one.text, one.python);
      assert.equal(`${value}`, one.text);
      assert.equal(inspect(value), one.text);
    });
  }
});

test('printing changes nothing and leaks nothing', () => {
  const value = tensor([[1.5, 2], [3, 4]]);
  const before = library.memory();
  for (let i = 0; i < 100; i++) String(value);
  assert.deepEqual(library.memory(), before);
  assert.equal(value._version, 0);
});

test('every line of the README prints what PyTorch prints', () => {
  const { lines } = golden('lines');
  const printed = [];
  const stream = new Writable({
    write(chunk, _, done) {
      printed.push(String(chunk));
      done();
    },
  });
  const names = Object.keys(library);
  const texts = [];
  const after = () => texts.push(printed.splice(0).join('').replace(/\n$/, ''));
  const body = lines.map(({ javascript }) => `${javascript};\nafter();`).join('\n');
  new Function('console', 'after', ...names, body)(new Console(stream), after, ...names.map((name) => library[name]));
  lines.forEach(({ javascript, prints }, n) => assert.equal(texts[n], prints ?? '', javascript));
});

/** The examples of PyTorch's documentation, line by line. */
const DOCUMENTATION = {
  'An Embedding module containing 10 tensors of size 3': (print) => {
    library.manualSeed(0);
    const embedding = new Embedding(10, 3);
    print(embedding.forward([[1, 2, 4, 5], [4, 3, 2, 9]]));
  },
  'With padding_idx': (print) => {
    library.manualSeed(0);
    const embedding = new Embedding(10, 3, { paddingIdx: 0 });
    print(embedding.forward([[0, 2, 0, 5]]));
  },
  'Changing the pad vector': (print) => {
    library.manualSeed(0);
    const embedding = new Embedding(3, 3, { paddingIdx: 0 });
    print(embedding.weight);
    noGrad(() => embedding.weight.row(0).set([1, 1, 1]));
    print(embedding.weight);
  },
  from_pretrained: (print) => {
    const embedding = Embedding.fromPretrained([[1, 2.3, 3], [4, 5.1, 6.3]]);
    print(embedding.forward([1]));
  },
};

test('the examples of PyTorch’s documentation print what they print there', () => {
  const { examples } = golden('documentation');
  assert.deepEqual(Object.keys(DOCUMENTATION), examples.map(({ title }) => title));
  for (const { title, text } of examples) {
    const texts = [];
    DOCUMENTATION[title]((value) => texts.push(String(value)));
    assert.equal(texts.join('\n'), text, title);
  }
});

/* ---- JavaScript ---- */

test('console.log shows a tensor inside an array or an object', () => {
  assert.equal(inspect([tensor(1)]), '[ tensor(1.) ]');
  assert.match(inspect({ weight: tensor([1, 2]) }), /tensor\(\[1\., 2\.\]\)/);
});

test('a disposed tensor can be logged', () => {
  const t = zeros(2);
  t.dispose();
  assert.match(inspect(t), /disposed/);
});

test('numbers of every size print in their format', () => {
  for (const [values, text] of [
    [[1e-45], 'tensor([1.4013e-45])'],
    [[3.4028234663852886e38, 1], 'tensor([3.4028e+38, 1.0000e+00])'],
    [[-0], 'tensor([-0.])'],
    [[NaN, -Infinity], 'tensor([nan, -inf])'],
    [[0.00005, 1], 'tensor([5.0000e-05, 1.0000e+00])'],
    [[0.125, 0.00125], 'tensor([0.1250, 0.0012])'],
    [[2.03125, 2.09375], 'tensor([2.0312, 2.0938])'],
  ]) {
    assert.equal(String(tensor(values)), text);
  }
});
