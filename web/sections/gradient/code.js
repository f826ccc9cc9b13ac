/** The backward pass in PyTorch and in JavaScript, and what both print. */
import { html } from 'lit-html';
import { literal, pythonFloat } from '../../components/numbers.js';
import { aside, set } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { EMBEDDING_DIM, NUM_EMBEDDINGS, presetOf } from './state.js';
import { words } from './words.js';

/** What PyTorch 2.13 raises for the two options together. */
const PYTORCH_REFUSES = 'RuntimeError: embedding_backward: scale_grad_by_freq not supported with sparse gradients';

const rowsLiteral = (rows, number, indent) => rows.map((row) => `${indent}[${row.map(number).join(', ')}]`).join(',\n');

function pythonProgram({ indices, upstream, frequency, sparse }) {
  const options = [...(frequency ? ['scale_grad_by_freq=True'] : []), ...(sparse ? ['sparse=True'] : [])];
  const dtype = indices.length === 0 ? ', dtype=torch.long' : '';
  const arriving = presetOf(upstream) === 'ones' ? html`torch.ones(${set(`${upstream.length}, ${EMBEDDING_DIM}`)})` : html`torch.tensor([\n${set(rowsLiteral(upstream, pythonFloat, '    '))}])`;
  return html`import torch
from torch import nn

embedding = nn.Embedding(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}${options.map((option) => html`, ${set(option)}`)})
output = embedding(torch.tensor([${set(indices.join(', '))}]${dtype}))
output.backward(${arriving})
print(embedding.weight.grad)`;
}

function javascriptProgram({ indices, upstream, frequency, sparse }) {
  const options = [...(frequency ? ['scaleGradByFreq: true'] : []), ...(sparse ? ['sparse: true'] : [])];
  const isOnes = presetOf(upstream) === 'ones';
  const arriving = isOnes ? html`ones([${set(`${upstream.length}, ${EMBEDDING_DIM}`)}])` : html`[\n${set(rowsLiteral(upstream, literal, '  '))}]`;
  return html`import { Embedding${isOnes ? ', ones' : ''} } from 'nn-embedding';

const embedding = new Embedding(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}${options.length > 0 ? html`, { ${set(options.join(', '))} }` : ''});
const output = embedding.forward([${set(indices.join(', '))}]);
output.backward(${arriving});
console.log(\`\${embedding.weight.grad}\`);`;
}

/** @param {object} view the reader's choices, and what the package answered @returns {import('../../frame/code-panel.js').Code} */
export function programs(view) {
  const { frequency, sparse, backward: { error, printed } } = view;
  const shared = strings.code;
  const programsOf = { python: pythonProgram(view), javascript: javascriptProgram(view) };
  if (error !== null) {
    return { ...programsOf, failed: true, core: 'embedding_check_indices',
      printed: html`${aside(shared.pytorch)}     ${shared.pytorchError}\n${aside(shared.javascript)}  ${error.name}: ${error.message}` };
  }
  const core = sparse ? 'embedding_sparse_backward' : 'embedding_dense_backward';
  if (!frequency || !sparse) return { ...programsOf, printed, core };
  return { ...programsOf, title: words().code.differ, core, printed: html`${aside(shared.pytorch)}     ${PYTORCH_REFUSES}\n${aside(shared.javascript)}  ${printed}` };
}
