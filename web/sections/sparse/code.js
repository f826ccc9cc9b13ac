/** The gradient, coalesced or in the hands of an optimiser, in PyTorch and in JavaScript, and what both print. */
import { html } from 'lit-html';
import { aside, set } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { EMBEDDING_DIM, NUM_EMBEDDINGS, isSparseCell, optimizerOf } from './state.js';

const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** An optimiser as its constructor is called: 'SGD, momentum=0.9' for a label, 'lr=0.1, momentum=0.9' for the program. */
export const pythonOptions = (options) => Object.entries(options).map(([name, value]) => `${snakeCase(name)}=${value}`).join(', ');
const javascriptOptions = (options) => Object.entries(options).map(([name, value]) => `${name}: ${value}`).join(', ');

function pythonProgram({ indices, pad, coalesced, optimizer }) {
  const tries = optimizer !== 'none';
  const options = [...(pad === null ? [] : [`padding_idx=${pad}`]), ...(!tries || isSparseCell(optimizer) ? ['sparse=True'] : [])];
  const dtype = indices.length === 0 ? ', dtype=torch.long' : '';
  const layer = tries ? html`embedding = nn.Embedding.from_pretrained(
    torch.ones(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}), freeze=False${options.map((option) => html`, ${set(option)}`)})` :
    html`embedding = nn.Embedding(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}${options.map((option) => html`, ${set(option)}`)})`;
  const { name, options: rates } = tries ? optimizerOf(optimizer) : {};
  return html`import torch
from torch import nn${tries ? ', optim' : ''}

${layer}
output = embedding(torch.tensor([${set(indices.join(', '))}]${dtype}))
output.backward(torch.ones(${set(indices.length)}, ${EMBEDDING_DIM}))
print(embedding.weight.grad)${coalesced && !tries ? html`\n${set('print(embedding.weight.grad.coalesce())')}` : ''}${tries ? html`

optimizer = optim.${set(name)}(embedding.parameters(), ${set(pythonOptions(rates))})
optimizer.step()
print(embedding.weight)` : ''}`;
}

function javascriptProgram({ indices, pad, coalesced, optimizer }) {
  const tries = optimizer !== 'none';
  const options = [...(tries ? ['freeze: false'] : []), ...(pad === null ? [] : [`paddingIdx: ${pad}`]), ...(!tries || isSparseCell(optimizer) ? ['sparse: true'] : [])];
  const layer = tries ? html`const embedding = Embedding.fromPretrained(ones([${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}]), {
  ${set(options.join(', '))},
});` : html`const embedding = new Embedding(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}, { ${set(options.join(', '))} });`;
  const { name, options: rates } = tries ? optimizerOf(optimizer) : {};
  return html`import { Embedding, ones${tries ? ', optim' : ''} } from 'nn-embedding';

${layer}
const output = embedding.forward([${set(indices.join(', '))}]);
output.backward(ones([${set(indices.length)}, ${EMBEDDING_DIM}]));
console.log(\`\${embedding.weight.grad}\`);${coalesced && !tries ? html`\n${set('console.log(`${embedding.weight.grad.coalesce()}`);')}` : ''}${tries ? html`

const optimizer = new optim.${set(name)}(embedding.parameters(), {
  ${set(javascriptOptions(rates))},
});
optimizer.step();
console.log(\`\${embedding.weight}\`);` : ''}`;
}

/** @param {object} view the reader's choices, and what the package answered @returns {import('../../frame/code-panel.js').Code} */
export function programs(view) {
  const { optimizer, coalesced, gradients, outcome } = view;
  const shared = strings.code;
  const both = { python: pythonProgram(view), javascript: javascriptProgram(view) };
  if (gradients.error !== null) {
    const { name, message } = gradients.error;
    return { ...both, failed: true, core: 'embedding_check_indices', printed: html`${aside(shared.pytorch)}     ${shared.pytorchError}\n${aside(shared.javascript)}  ${name}: ${message}` };
  }
  if (optimizer === 'none') {
    return { ...both, core: coalesced ? 'embedding_sparse_backward, embedding_coalesce' : 'embedding_sparse_backward', printed: coalesced ? `${gradients.arrived.printed}\n${gradients.coalesced.printed}` : gradients.arrived.printed };
  }
  const { gradient, weight, error } = outcome;
  // The optimisers' messages are PyTorch's, word for word.
  return { ...both, printed: error === null ? `${gradient}\n${weight}` : html`${gradient}\n${aside(shared.pytorch)}     RuntimeError: ${error.message}\n${aside(shared.javascript)}  ${error.name}: ${error.message}` };
}
