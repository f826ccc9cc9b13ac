/** The code panel: the call in PyTorch and in JavaScript, and what both print. What the controls set is marked. */
import { html, nothing } from 'lit-html';
import { literal, pythonFloat } from './format.js';
import { strings } from './strings.js';

const set = (text) => html`<b>${text}</b>`;

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
  return html`${title}\n${rows.map((line, row) => html`${rescaled.includes(row) ? html`<mark>${line}</mark>` : line}${row < rows.length - 1 ? '\n' : nothing}`)}`;
}

/** @param {object} view the reader's choices, and what `viewOf` made of the call */
export function codePanel(view) {
  const { call, called, error, maxNorm, table } = view;
  const words = strings.code;
  const printed = error !== null ?
    html`${error.name === 'RangeError' ? html`<span class="who">${words.pytorch}</span>     ${words.pytorchError}\n` : nothing}<span class="who">${words.javascript}</span>  ${error.name}: ${error.message}\n\n<span class="who"># ${maxNorm === null ? words.unchanged : words.unchangedRenorm}</span>\n${table.text}` :
    called ? html`${call.output}\n${printedWeight(table.text, call.rescaled)}` :
      html`<span class="who"># ${words.notYet}</span>\n${table.text}`;
  return html`
    <section class="code card" aria-labelledby="code-heading">
      <h3 id="code-heading">${words.heading}</h3>
      <div class="programs">
        ${block(words.pytorch, 'program-pytorch', pythonProgram(view), true)}
        ${block(words.javascript, 'program-javascript', javascriptProgram(view), true)}
      </div>
      ${block(error === null ? words.prints : words.printsNothing, 'printed', printed)}
      <p class="hint" ?hidden=${error !== null && error.name !== 'RangeError'}>${error !== null ? words.coreRefused : maxNorm === null ? words.coreNoRenorm : words.core}</p>
    </section>`;
}

const block = (title, id, content, copyable = false) => html`
  <div class="block">
    <div class="block-head"><h4>${title}</h4>${copyable ? html`<button type="button" aria-label=${strings.code.copyLong(title)} @click=${(event) => copy(event.currentTarget, id)}>${strings.code.copy}</button>` : nothing}</div>
    <pre id=${id} tabindex="0" role="region" aria-label=${strings.code.region(title)}><code>${content}</code></pre>
  </div>`;

const SAY_FOR_MS = 2000;

/** Copies a program; where that is refused, it stays selected and the button says so. */
function copy(button, id) {
  getSelection().selectAllChildren(document.getElementById(id));
  // Unlike navigator.clipboard this works from file://, and a sandbox refuses it without an error in the console.
  const copied = document.execCommand('copy');
  if (copied) getSelection().removeAllRanges();
  button.textContent = copied ? strings.code.copied : strings.code.selected;
  setTimeout(() => { button.textContent = strings.code.copy; }, SAY_FOR_MS);
}
