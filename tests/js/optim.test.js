import assert from 'node:assert/strict';
import test from 'node:test';
import * as nn from 'nn-embedding';
import { assertNear, elements, golden, toTensor } from './golden.js';

const { Embedding, SparseTensor, clipGradNorm, noGrad, ones, optim, tensor } = nn;
const file = golden('optimizers');
const printed = golden('sparse_print');

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const options = (given) => Object.fromEntries(Object.entries(given).map(([key, value]) => [camel(key), value]));

/** Puts a golden gradient on a parameter; a sparse one is made by a sparse lookup. */
function setGradient(param, gradient) {
  param.grad = null;
  if (gradient === null) return;
  if (!gradient.indices) param.grad = toTensor(gradient);
  else nn.functional.embedding(gradient.indices, param, { sparse: true }).backward(toTensor(gradient.values));
}

function run(entry) {
  const params = entry.parameters.map((param) => toTensor(param, { requiresGrad: true }));
  const make = () =>
    new optim[entry.optimizer](entry.groups.map(({ params: places, ...rest }) => ({ params: places.map((i) => params[i]), ...options(rest) })), options(entry.options));
  let optimizer = make();
  entry.steps.forEach(({ lr, reload, gradients, parameters }, step) => {
    if (lr !== null) [lr].flat().forEach((rate, i) => (optimizer.paramGroups[i].lr = rate ?? optimizer.paramGroups[i].lr));
    if (reload) {
      const saved = optimizer.stateDict();
      optimizer = make();
      optimizer.loadStateDict(saved);
    }
    gradients.forEach((gradient, i) => setGradient(params[i], gradient));
    optimizer.step();
    parameters.forEach((expected, i) => assertNear(params[i].data, elements(expected), `${entry.name}, step ${step}, parameter ${i}`));
  });
  entry.state.forEach((expected, i) => {
    const state = optimizer.state(params[i]);
    for (const [key, value] of Object.entries(expected)) {
      const found = state[camel(key)];
      if (typeof value === 'number') assert.equal(found, value, `${entry.name}, ${key}`);
      else if (!value.indices) assertNear(found.data, elements(value), `${entry.name}, ${key}`);
    }
  });
}

for (const name of ['SGD', 'SparseAdam', 'Adagrad', 'Adam', 'AdamW']) {
  test(`${name} takes PyTorch's steps in every golden run`, () => {
    for (const entry of file.cases.filter(({ optimizer }) => optimizer === name)) run(entry);
  });
}

test('three steps on a table end where they end in PyTorch, for every optimiser', () => {
  for (const entry of file.table) {
    const embedding = new Embedding(4, 2, { weight: toTensor(entry.weight), sparse: entry.sparse });
    const optimizer = new optim[entry.optimizer](embedding.parameters(), options(entry.options));
    const losses = entry.batches.map((batch) => {
      optimizer.zeroGrad();
      const loss = embedding.forward(batch).pow(2).sum().mul(0.1);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
    assertNear(losses, elements(entry.losses), `${entry.optimizer}, losses`);
    assertNear(embedding.weight.data, elements(entry.weight_after), `${entry.optimizer} ${JSON.stringify(entry.options)}`);
  }
});

test('optimisers, bag layers and sparse gradients print as in PyTorch', () => {
  const evaluate = (code) => new Function(...Object.keys(nn), `return ${code}`)(...Object.values(nn));
  for (const { javascript, text } of [...printed.layers, ...printed.optimizers]) assert.equal(String(evaluate(javascript)), text, javascript);
  for (const { shape, indices, values, text, python } of printed.tensors) {
    const [numEmbeddings, embeddingDim] = shape;
    const embedding = new Embedding(numEmbeddings, embeddingDim, { sparse: true, weight: new Float32Array(numEmbeddings * embeddingDim) });
    embedding.forward(indices).backward(toTensor(values));
    assert.equal(String(embedding.weight.grad), text, python);
  }
});

const program = golden('training').programs;
for (const { name, data, steps, batches, javascript, losses, parameters } of program) {
  test(`training: ${name} loses what it loses in PyTorch`, () => {
    const array = (given) => (given.int64 ? tensor(Int32Array.from(given.int64), { shape: given.shape }) : toTensor(given, { requiresGrad: given.requires_grad }));
    const scope = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Array.isArray(value) ? value.map(array) : array(value)]));
    const hoist = (lines) => lines.map((line) => line.replace(/^(const|let) (\w+) =/, 'var $2 ='));
    const names = [...Object.keys(scope), ...Object.keys(nn)];
    const body = `${hoist(javascript.setup).join('\n')}
      return { step(batch) { ${hoist(javascript.step).join('\n')}; return loss; }, look: { ${parameters.map(({ javascript: key }) => `${JSON.stringify(key)}: () => ${key}`).join(', ')} } };`;
    const { step, look } = new Function(...names, body)(...Object.values(scope), ...Object.values(nn));
    const found = [];
    for (let i = 0; i < steps; i++) found.push(step(i % batches).item());
    assertNear(found, elements(losses), 'losses');
    for (const { javascript: key, value } of parameters) assertNear(look[key]().data, elements(value), key, 1e-6, 1e-4);
  });
}
