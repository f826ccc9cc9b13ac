/** The layer in PyTorch and in JavaScript, and what both print of it. */
import { html } from 'lit-html';
import { set } from '../../frame/code-panel.js';

const PYTHON = {
  normal: ({ n, d, seed }) => html`torch.manual_seed(${set(seed)})
embedding = nn.Embedding(${set(n)}, ${set(d)})`,
  zeros: ({ n, d }) => html`embedding = nn.Embedding(${set(n)}, ${set(d)})
with torch.no_grad():
    embedding.weight.zero_()`,
  arange: ({ n, d }) => html`table = torch.arange(${set(n * d)}.0).reshape(${set(n)}, ${set(d)})
embedding = nn.Embedding.from_pretrained(table)`,
};

const JAVASCRIPT = {
  normal: ({ n, d, seed }) => html`import { Embedding, manualSeed } from 'nn-embedding';

manualSeed(${set(seed)});
const embedding = new Embedding(${set(n)}, ${set(d)});`,
  zeros: ({ n, d }) => html`import { Embedding, noGrad } from 'nn-embedding';

const embedding = new Embedding(${set(n)}, ${set(d)});
noGrad(() => embedding.weight.zero_());`,
  arange: ({ n, d }) => html`import { Embedding, arange } from 'nn-embedding';

const table = arange(${set(n * d)})
  .to('float32').reshape([${set(n)}, ${set(d)}]);
const embedding = Embedding.fromPretrained(table);`,
};

/** @returns {import('../../frame/code-panel.js').Code} */
export function programs(choice, { text }) {
  return {
    python: html`import torch
from torch import nn

${PYTHON[choice.init](choice)}

print(embedding)
print(embedding.weight.shape)
print(embedding.weight)
print(sum(p.numel() for p in embedding.parameters()))`,
    javascript: html`${JAVASCRIPT[choice.init](choice)}
const { weight } = embedding;

console.log(\`\${embedding}\`);
console.log(\`torch.Size([\${weight.shape.join(', ')}])\`);
console.log(\`\${weight}\`);
console.log(weight.numel);`,
    printed: text,
    core: choice.init === 'normal' ? 'embedding_random_normal' : undefined,
  };
}
