import assert from 'node:assert/strict';
import test from 'node:test';
import * as nn from 'nn-embedding';
import { assertNear, elements, golden, option, toTensor } from './golden.js';

const { functional } = nn;
const file = golden('autograd');

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** Calls the operation of a golden case, by its name alone: a new operation needs no line here. */
function call({ op, arguments: given }, inputs) {
  const name = camel(op);
  const { alpha, keepdim = false, shape, target } = given;
  if (name in functional) return functional[name](...inputs, ...(target ? [target.int64] : 'dim' in given ? [given.dim] : []));
  const [self, ...others] = inputs;
  if (alpha !== undefined) return self[name](...others, { alpha });
  const rest = ['exponent', 'p', 'dim'].filter((key) => key in given).map((key) => option(given[key]));
  if (['sum', 'mean', 'prod'].includes(name)) return self[name](given.dim ?? undefined, keepdim);
  return self[name](...others, ...rest, ...(shape ? [shape] : []));
}

for (const op of new Set(file.operations.map((entry) => entry.op))) {
  test(`${op} computes PyTorch's values and gradients`, () => {
    file.operations.filter((entry) => entry.op === op).forEach((entry, i) => {
      const inputs = entry.inputs.map((input, k) => (typeof input === 'object' ? toTensor(input, { requiresGrad: entry.requires_grad[k] }) : option(input)));
      const message = `${op} ${i} ${JSON.stringify(entry.arguments)} of ${entry.inputs.map((input) => JSON.stringify(input.shape ?? input))}`;
      const output = call(entry, inputs);
      assert.deepEqual(output.shape, entry.output.shape, message);
      assertNear(output.data, elements(entry.output), `${message}, output`);
      assert.equal(output.gradFn, entry.grad_fn, message);
      if (!output.requiresGrad) return;
      output.backward(toTensor(entry.grad_output));
      entry.gradients.forEach((gradient, k) => {
        if (gradient === null) return assert.equal(inputs[k].grad ?? null, null, message);
        assert.deepEqual(inputs[k].grad.shape, gradient.shape, message);
        assertNear(inputs[k].grad.data, elements(gradient), `${message}, gradient ${k}`, op.includes('softmax') ? 1e-7 : 1e-42);
      });
    });
  });
}

test("operations on int32 give PyTorch's values in its dtype, int32 for its int64", () => {
  for (const entry of file.integers) {
    const inputs = entry.inputs.map((input) => (typeof input === 'object' ? toTensor(input) : input));
    const message = `${entry.op} ${JSON.stringify(entry.arguments)}`;
    if (entry.op === 'matmul') {
      assert.throws(() => call(entry, inputs), /only float32 tensors are multiplied/, message); // the one that is left out here
      continue;
    }
    const output = call(entry, inputs);
    assert.deepEqual(output.shape, entry.output.shape, message);
    assert.equal(output.dtype, 'float32' in entry.output ? 'float32' : 'int32', message);
    if (output.dtype === 'int32') assert.deepEqual(output.data, elements(entry.output), message);
    else assertNear(output.data, elements(entry.output), message);
  }
});

/** Runs the JavaScript lines of a golden program over its tensors; `values` are looked at afterwards. */
export function replay({ data, javascript, values, error }) {
  const names = Object.keys(data);
  const tensors = names.map((name) => toTensor(data[name], { requiresGrad: data[name].requires_grad, ...(data[name].int64 ? { dtype: 'int32' } : {}) }));
  const looks = values.map(({ javascript: expression }) => expression);
  const body = `let error = null; let look; try { ${javascript.map((line) => line.replace(/^(const|let) (\w+) =/, 'var $2 =')).join(';\n')} } catch (e) { error = e; }
    return { error, looks: [${looks.map((look) => `() => ${look}`).join(', ')}] };`;
  const result = new Function(...names, ...Object.keys(nn), body)(...tensors, ...Object.values(nn));
  if (error === null) assert.equal(result.error, null, result.error?.stack);
  else assert.ok(result.error?.message.startsWith(error.text), `${result.error?.message}\n${error.text}`);
  return result.looks;
}

for (const group of ['graphs', 'saved', 'lookups', 'documentation']) {
  for (const program of file[group]) {
    test(`${group}: ${program.name}`, () => {
      const looks = replay(program);
      program.values.forEach(({ javascript, value }, i) => {
        const found = looks[i]();
        if (value === null) return assert.equal(found, null, javascript);
        if (typeof value !== 'object') return assert.equal(found, value, javascript);
        const dense = found.isSparse ? found.toDense() : found;
        if (value.indices) return assert.deepEqual([...found.indices()], value.indices, javascript);
        assertNear(dense.data, elements(value), javascript);
      });
    });
  }
}
