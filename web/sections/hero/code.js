/** The lookup in PyTorch and in JavaScript, and what both print. */
import { html, nothing } from 'lit-html';
import { pythonString } from '../../components/numbers.js';
import { aside, set } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { WORDS } from './state.js';

/** The table, each row with the word that has it. */
function tableLiteral(texts, order, comment, indent) {
  return texts.map((row, n) => `${indent}[${row.map((text) => text.padStart(7)).join(', ')}],  ${comment} ${WORDS[order[n]]}`).join('\n');
}

/** Two lines of three words. */
function idLiterals(order, pair, indent) {
  const pairs = order.map((word, row) => pair(WORDS[word], row));
  return `${pairs.slice(0, 3).join(', ')},\n${indent}${pairs.slice(3).join(', ')}`;
}

const python = ({ tokens, order, texts }) => html`import torch
from torch import nn

ids = {${set(idLiterals(order, (word, row) => `'${word}': ${row}`, '       '))}}
weight = torch.tensor([
${set(tableLiteral(texts, order, '#', '    '))}
])
embedding = nn.Embedding.from_pretrained(
    weight, freeze=False)

${tokens.length === 0 ? html`output = embedding(
    torch.tensor([], dtype=torch.long))` : html`sentence = ${set(pythonString(tokens.join(' ')))}
indices = [ids[word] for word in sentence.split()]
output = embedding(torch.tensor(indices))`}
print(output)`;

const javascript = ({ tokens, order, texts }) => html`import { Embedding } from 'nn-embedding';

const ids = new Map(Object.entries({
  ${set(idLiterals(order, (word, row) => `${word}: ${row}`, '  '))},
}));
const weight = [
${set(tableLiteral(texts, order, '//', '  '))}
];
const embedding = Embedding.fromPretrained(
  weight, { freeze: false });

${tokens.length === 0 ? html`const output = embedding.forward([]);` : html`const sentence = ${set(pythonString(tokens.join(' ')))};
const indices = sentence.split(' ')
  .map((word) => ids.get(word));
const output = embedding.forward(indices);`}
console.log(\`\${output}\`);`;

/** @returns {import('../../frame/code-panel.js').Code} */
export function programs(view) {
  const { tokens, indices, output, error } = view;
  const shared = strings.code;
  const unknown = tokens[indices.indexOf(undefined)];
  return {
    python: python(view),
    javascript: javascript(view),
    printed: error === null ? output.text : html`${unknown === undefined ? nothing : html`${aside(shared.pytorch)}     KeyError: ${pythonString(unknown)}\n`}${aside(shared.javascript)}  ${error.name}: ${error.message}`,
    failed: error !== null,
    core: error === null ? 'embedding_forward' : undefined,
  };
}
