/** The call in PyTorch and in JavaScript, and what both print. */
import { html, nothing } from 'lit-html';
import { literal, pythonFloat } from '../../components/numbers.js';
import { aside, changed, set } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { words } from './words.js';

/** A table literal, two rows on a line. */
function tableLiteral(rows, number, indent) {
  const texts = rows.map((row) => `[${row.map(number).join(', ')}]`);
  const lines = Array.from({ length: Math.ceil(texts.length / 2) }, (_, line) => texts.slice(2 * line, 2 * line + 2).join(', '));
  return `[${lines.join(`,\n${' '.repeat(indent)}`)}]`;
}

function pythonProgram({ call, indices, paddingIdx, maxNorm, normType }) {
  const options = [
    ...(paddingIdx === null ? [] : [html`padding_idx=${set(paddingIdx)}`]),
    ...(maxNorm === null ? [] : [html`max_norm=${set(pythonFloat(maxNorm))}`, html`norm_type=${set(pythonFloat(normType))}`]),
  ];
  const dtype = indices.length === 0 ? ', dtype=torch.long' : '';
  return html`import torch
from torch import nn

weight = torch.tensor(${set(tableLiteral(call.before.rows, pythonFloat, 23))})
embedding = nn.Embedding.from_pretrained(
    weight, freeze=False${options.map((option) => html`,\n    ${option}`)})

output = embedding(torch.tensor([${set(indices.join(', '))}]${dtype}))
print(output)
print(embedding.weight)`;
}

function javascriptProgram({ call, indices, paddingIdx, maxNorm, normType }) {
  const options = [
    ...(paddingIdx === null ? [] : [html`paddingIdx: ${set(paddingIdx)}`]),
    ...(maxNorm === null ? [] : [html`maxNorm: ${set(literal(maxNorm))}`, html`normType: ${set(String(normType))}`]),
  ];
  return html`import { Embedding, tensor } from 'nn-embedding';

const weight = tensor(${set(tableLiteral(call.before.rows, literal, 23))});
const embedding = Embedding.fromPretrained(weight, {
  freeze: false,${options.map((option) => html`\n  ${option},`)}
});

const output = embedding.forward([${set(indices.join(', '))}]);
console.log(\`\${output}\`);
console.log(\`\${embedding.weight}\`);`;
}

/** The printed weight, with the lines marked whose row the call rewrote. */
function printedWeight(text, rescaled) {
  const [title, ...rows] = text.split('\n');
  return html`${title}\n${rows.map((line, row) => html`${rescaled.includes(row) ? changed(line) : line}${row < rows.length - 1 ? '\n' : nothing}`)}`;
}

/**
 * What PyTorch says of indices outside the table. With max_norm it rescales first, in ascending order: it meets a bad index there, unless
 * the index is negative and finds a row from the end.
 */
function pytorchError({ call, indices, maxNorm }) {
  const [rows, columns] = [call.before.rows.length, call.before.rows[0].length];
  const bad = maxNorm === null ? undefined : [...indices].sort((a, b) => a - b).find((index) => index < -rows || index >= rows);
  return bad === undefined ? strings.code.pytorchError : `IndexError: select(): index ${bad} out of range for tensor of size [${rows}, ${columns}] at dimension 0`;
}

/** @param {object} view the reader's choices, and what `viewOf` made of the call @returns {import('../../frame/code-panel.js').Code} */
export function callPrograms(view) {
  const { call, called, error, maxNorm, table } = view;
  const own = words().code;
  const shared = strings.code;
  const printed = error !== null ?
    html`${error.name === 'RangeError' ? html`${aside(shared.pytorch)}     ${pytorchError(view)}\n` : nothing}${aside(shared.javascript)}  ${error.name}: ${error.message}\n\n${aside(`# ${maxNorm === null ? own.unchanged : own.unchangedRenorm}`)}\n${table.text}` :
    called ? html`${call.output}\n${printedWeight(table.text, call.rescaled)}` : html`${aside(`# ${own.notYet}`)}\n${table.text}`;
  const core = error !== null ? (error.name === 'RangeError' ? 'embedding_check_indices' : undefined) : maxNorm === null ? 'embedding_forward' : 'embedding_renorm, embedding_forward';
  return { python: pythonProgram(view), javascript: javascriptProgram(view), printed, failed: error !== null, core };
}
