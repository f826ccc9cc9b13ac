/** Both ways in PyTorch and in JavaScript, and what both print. */
import { html } from 'lit-html';
import { set } from '../../frame/code-panel.js';
import { EMBEDDING_DIM } from './state.js';

const PER_LINE = 5;

/** A list, in several lines where it is long. */
function listLiteral(numbers, indent) {
  const lines = Array.from({ length: Math.ceil(numbers.length / PER_LINE) }, (_, n) => numbers.slice(n * PER_LINE, (n + 1) * PER_LINE).join(', '));
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

const pythonProgram = ({ n, indices }) => html`import torch
from torch import nn
from torch.nn import functional as F

weight = torch.arange(${set(n * EMBEDDING_DIM)}).float().reshape(${set(n)}, ${EMBEDDING_DIM})
embedding = nn.Embedding.from_pretrained(weight, freeze=False)
indices = torch.tensor(${set(listLiteral(indices, 23))})

one_hot = F.one_hot(indices, ${set(n)}).float()
by_matmul = one_hot @ embedding.weight
by_gather = embedding(indices)

print(by_gather)
print(torch.equal(by_matmul, by_gather))`;

const javascriptProgram = ({ n, indices }) => html`import { Embedding, arange, functional } from 'nn-embedding';

const numbers = arange(${set(n * EMBEDDING_DIM)}).to('float32');
const weight = numbers.reshape([${set(n)}, ${EMBEDDING_DIM}]);
const embedding = Embedding.fromPretrained(weight, {
  freeze: false,
});
const indices = ${set(listLiteral(indices, 16))};

const oneHot = functional.oneHot(indices, ${set(n)});
const byMatmul = oneHot.matmul(embedding.weight);
const byGather = embedding.forward(indices);

console.log(\`\${byGather}\`);
console.log(byMatmul.equal(byGather) ? 'True' : 'False');`;

/** @param {{ n: number, indices: number[] }} choice @param {{ gather: { text: string }, equal: boolean }} both @returns {import('../../frame/code-panel.js').Code} */
export const programs = (choice, both) => ({
  python: pythonProgram(choice),
  javascript: javascriptProgram(choice),
  printed: `${both.gather.text}\n${both.equal ? 'True' : 'False'}`,
  core: 'tensor_one_hot, tensor_matmul, embedding_forward',
});
