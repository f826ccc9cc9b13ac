/** The lookup in PyTorch and in JavaScript, and what both print. */
import { html } from 'lit-html';
import { literal, pythonFloat } from '../../components/numbers.js';
import { aside, set } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { WEIGHT } from './run.js';
import { isFloat, rowTexts } from './state.js';
import { words } from './words.js';

/** PyTorch's words for what our package calls a RangeError and a TypeError. */
const PYTORCH_ERRORS = {
  RangeError: 'IndexError: index out of range in self',
  TypeError: 'RuntimeError: Expected tensor for argument #1 \'indices\' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead (while checking arguments for embedding)',
};

/** @param {{ name: string, message: string }} error */
export const errorLines = (error) => [
  [strings.code.pytorch, PYTORCH_ERRORS[error.name]],
  [strings.code.javascript, `${error.name}: ${error.message}`],
];

/** A shape as PyTorch prints it. */
export const sizeText = (shape) => `torch.Size([${shape.join(', ')}])`;

const WIDTH = 80;

/** The index tensor as both languages write it: 3, [2, 0], [[1, 2], [4, 3]]; in several lines where one is too narrow. */
export function indicesLiteral(indices, indent = 0) {
  const { shape, texts } = indices;
  if (shape.length === 0) return texts[0];
  const parts = shape.length === 1 ? texts : rowTexts(indices).map((row) => `[${row.join(', ')}]`);
  const line = `[${parts.join(', ')}]`;
  if (indent + line.length < WIDTH) return line;
  const perLine = shape.length === 1 ? 4 : 1;
  const lines = Array.from({ length: Math.ceil(parts.length / perLine) }, (_, n) => parts.slice(n * perLine, (n + 1) * perLine).join(', '));
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

const weightLiteral = (number, indent) => `[${WEIGHT.map((row) => `[${row.map(number).join(', ')}]`).join(`,\n${' '.repeat(indent)}`)}]`;

const pythonProgram = (indices) => html`import torch
from torch import nn

weight = torch.tensor(${weightLiteral(pythonFloat, 23)})
embedding = nn.Embedding.from_pretrained(weight, freeze=False)

indices = torch.tensor(${set(indicesLiteral(indices, 23))}${indices.texts.length === 0 ? ', dtype=torch.long' : ''})
output = embedding(indices)
print(output)
print(output.shape)`;

const javascriptProgram = (indices) => html`import { Embedding, tensor } from 'nn-embedding';

const weight = tensor(${weightLiteral(literal, 23)});
const embedding = Embedding.fromPretrained(weight, {
  freeze: false,
});

const indices = ${isFloat(indices) ? html`tensor(${set(indicesLiteral(indices, 23))})` : set(indicesLiteral(indices, 16))};
const output = embedding.forward(indices);
console.log(\`\${output}\`);
console.log(\`torch.Size([\${output.shape.join(', ')}])\`);`;

/** @param {import('./state.js').IndexTensor} indices @param {import('./run.js').Lookup} lookup @returns {import('../../frame/code-panel.js').Code} */
export function programs(indices, { weight, output, error }) {
  return {
    python: pythonProgram(indices),
    javascript: javascriptProgram(indices),
    printed: error === null ? `${output.text}\n${sizeText(output.shape)}` :
      html`${errorLines(error).map(([who, text]) => html`${aside(who.padEnd(11))}${text}\n`)}\n${aside(`# ${words().unchanged}`)}\n${weight.text}`,
    failed: error !== null,
    core: error === null ? 'embedding_forward' : error.name === 'RangeError' ? 'embedding_check_indices' : undefined,
  };
}
