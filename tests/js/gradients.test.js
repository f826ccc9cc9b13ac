import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, EmbeddingBag, optim, tensor } from 'nn-embedding';
import { assertNear, elements, golden, option, toTensor } from './golden.js';

const file = golden('gradients');
const bags = golden('bags');

/** A gradient, dense or sparse, against a golden one. */
function assertGradient(grad, expected, message) {
  if (expected === null) return assert.equal(grad, null, message);
  assert.deepEqual(grad.shape, expected.shape, message);
  if (!expected.indices) return assertNear(grad.data, elements(expected), message);
  assert.ok(grad.isSparse, message);
  assert.deepEqual([...grad.indices()], expected.indices, message);
  assert.equal(grad.isCoalesced, expected.is_coalesced, message);
  assertNear(grad.values().data, elements(expected.values), message);
  if (!expected.coalesced) return;
  const coalesced = grad.coalesce();
  assert.deepEqual([...coalesced.indices()], expected.coalesced.indices, message);
  assertNear(coalesced.values().data, elements(expected.coalesced.values), message);
}

function embeddingOf(entry) {
  return new Embedding(entry.num_embeddings, entry.embedding_dim, {
    paddingIdx: entry.padding_idx, maxNorm: option(entry.max_norm), normType: option(entry.norm_type),
    scaleGradByFreq: entry.scale_grad_by_freq, sparse: entry.sparse, weight: toTensor(entry.weight),
  }); // prettier-ignore
}

test('the gradients of a lookup are those of every golden case, dense, sparse and coalesced', () => {
  for (const entry of file.cases) {
    const embedding = embeddingOf(entry);
    const output = embedding.forward(toTensor(entry.indices));
    if (!output.requiresGrad) continue;
    output.backward(toTensor(entry.grad_output));
    assertGradient(embedding.weight.grad, entry.gradient, entry.name);
    if (entry.weight_after) assertNear(embedding.weight.data, elements(entry.weight_after), `${entry.name}, weight`);
  }
});

test('gradients accumulate as dense and sparse ones do in PyTorch', () => {
  for (const entry of file.accumulations) {
    const weight = tensor(new Float32Array(entry.num_embeddings * entry.embedding_dim), { shape: [entry.num_embeddings, entry.embedding_dim] });
    const embedding = new Embedding(entry.num_embeddings, entry.embedding_dim, { weight });
    const losses = entry.calls.map(({ indices, grad_output, sparse }) => {
      embedding.sparse = sparse;
      return embedding.forward(indices).mul(toTensor(grad_output)).sum();
    });
    if (entry.one_graph) losses.reduce((a, b) => a.add(b)).backward();
    else for (const loss of losses) loss.backward();
    assertGradient(embedding.weight.grad, entry.gradient, entry.name);
  }
});

test('zeroGrad forgets gradients, or zeroes them where they are', () => {
  for (const entry of file.zero_grads.filter(({ owner }) => owner !== 'module')) {
    const embedding = new Embedding(4, 2, { sparse: entry.sparse, weight: [[0, 0], [0, 0], [0, 0], [0, 0]] });
    embedding.forward([1, 3, 1]).sum().backward();
    assertGradient(embedding.weight.grad, entry.before, JSON.stringify(entry));
    new optim.SGD(embedding.parameters()).zeroGrad({ setToNone: entry.set_to_none });
    assertGradient(embedding.weight.grad, entry.after, JSON.stringify(entry));
  }
});

test('bags and their gradients are those of every golden case', () => {
  for (const entry of bags.cases) {
    const bag = new EmbeddingBag(entry.num_embeddings, entry.embedding_dim, {
      mode: entry.mode, paddingIdx: entry.padding_idx, maxNorm: option(entry.max_norm), normType: option(entry.norm_type),
      scaleGradByFreq: entry.scale_grad_by_freq, sparse: entry.sparse, includeLastOffset: entry.include_last_offset,
      weight: toTensor(entry.weight), freeze: !entry.weight_requires_grad,
    }); // prettier-ignore
    const sampleWeights = entry.per_sample_weights && toTensor(entry.per_sample_weights, { requiresGrad: entry.per_sample_weights_requires_grad });
    const output = bag.forward(toTensor(entry.indices), {
      offsets: entry.offsets && toTensor(entry.offsets),
      perSampleWeights: sampleWeights,
    });
    assert.deepEqual(output.shape, entry.output.shape, entry.name);
    assertNear(output.data, elements(entry.output), `${entry.name}, output`);
    if (entry.weight_after) assertNear(bag.weight.data, elements(entry.weight_after), `${entry.name}, weight`);
    if (!output.requiresGrad || entry.grad_output === null) continue;
    output.backward(toTensor(entry.grad_output));
    assertGradient(bag.weight.grad, entry.gradient, entry.name);
    if (sampleWeights) assertGradient(sampleWeights.grad, entry.per_sample_weights_gradient, `${entry.name}, weights`);
  }
});
