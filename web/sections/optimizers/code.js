/** The training loop of one optimiser in PyTorch and in JavaScript, and what both print. */
import { html } from 'lit-html';
import { aside, set } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { CORPORA, OPTIMIZERS, describeTable } from './training.js';

const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Batches, four on a line. */
function batchList(indent) {
  const texts = CORPORA.corpus.batches.map((batch) => `[${batch.join(', ')}]`);
  const lines = [0, 4, 8].map((start) => texts.slice(start, start + 4).join(', '));
  return lines.join(`,\n${' '.repeat(indent)}`);
}

const PYTHON = {
  corpus: {
    before: () => `# A word, one to pull to it, one to push away; 0 is padding.
batches = torch.tensor([
    ${batchList(4)}])
target = torch.tensor([1.0, -1.0])

`,
    loop: `    word, others = batches[step % 12].split([1, 2])
    similarity = (embedding(word) * embedding(others)).mean(1)
    loss = (similarity - target).pow(2).add(1).sqrt().sub(1).sum()
`,
  },
  drift: {
    before: () => '',
    loop: `    batch = torch.tensor([1 if step == 0 else 2])
    loss = embedding(batch).pow(2).sum() / 2
`,
  },
};

const JAVASCRIPT = {
  corpus: {
    before: () => `// A word, one to pull to it, one to push away; 0 is padding.
const batches = [
  ${batchList(2)}];
const target = tensor([1, -1]);

`,
    loop: `  const [word, ...others] = batches[step % 12];
  const similarity = embedding.forward([word])
    .mul(embedding.forward(others)).mean(1);
  loss = similarity.sub(target).pow(2).add(1).sqrt().sub(1).sum();
`,
  },
  drift: {
    before: () => '',
    loop: `  const batch = [step === 0 ? 1 : 2];
  loss = embedding.forward(batch).pow(2).sum().div(2);
`,
  },
};

function pythonProgram({ name, sparse }, { preset, lr, seed, dim, steps }) {
  const { type, options } = OPTIMIZERS[name];
  const { rows, pad } = CORPORA[preset];
  const given = Object.entries(options).map(([key, value]) => `, ${snakeCase(key)}=${value}`).join('');
  return html`import torch
from torch import nn

torch.manual_seed(${set(seed)})
embedding = nn.Embedding(${rows}, ${set(dim)}, padding_idx=0${sparse ? set(', sparse=True') : ''})
${pad === undefined ? '' : `with torch.no_grad():\n    embedding.weight[0] = ${pad}  # so that decay shows\n`}optimizer = torch.optim.${set(type)}(
    embedding.parameters(), lr=${set(lr)}${given === '' ? '' : set(given)})
${PYTHON[preset].before()}${steps === 0 ? '' : html`for step in range(${set(steps)}):
${PYTHON[preset].loop}    before = embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

moved = [row for row in range(${rows})
         if not torch.equal(embedding.weight[row], before[row])]
print(moved)  # in the last step
print(loss)
`}print(embedding.weight)`;
}

function javascriptProgram({ name, sparse }, { preset, lr, seed, dim, steps }) {
  const { type, options } = OPTIMIZERS[name];
  const { rows, pad } = CORPORA[preset];
  const given = Object.entries(options).map(([key, value]) => `, ${key}: ${value}`).join('');
  const isUsed = { functional: steps > 0, noGrad: pad !== undefined, tensor: preset === 'corpus' };
  const imports = ['Embedding', 'functional', 'manualSeed', 'noGrad', 'optim', 'tensor'].filter((name) => isUsed[name] ?? true);
  return html`import {
  ${imports.join(', ')},
} from 'nn-embedding';

manualSeed(${set(seed)});
const embedding = new Embedding(${rows}, ${set(dim)}, {
  paddingIdx: 0${sparse ? set(', sparse: true') : ''},
});
${pad === undefined ? '' : `noGrad(() => embedding.weight.row(0).fill(${pad})); // so that decay shows\n`}const optimizer = new optim.${set(type)}(
  embedding.parameters(), { lr: ${set(lr)}${given === '' ? '' : set(given)} });
${JAVASCRIPT[preset].before()}${steps === 0 ? '' : html`let before, loss;
for (let step = 0; step < ${set(steps)}; step++) {
${JAVASCRIPT[preset].loop}  before = embedding.weight.detach().clone();
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}

const rows = Array.from({ length: ${rows} }, (_, row) => row);
const rowOf = (table, row) => functional.embedding([row], table);
const moved = rows.filter((row) =>
  !rowOf(embedding.weight, row).equal(rowOf(before, row)));
console.log(\`[\${moved.join(', ')}]\`); // in the last step
console.log(\`\${loss}\`);
`}console.log(\`\${embedding.weight}\`);`;
}

const CORE = {
  sgd: 'embedding_sgd_step', momentum: 'embedding_sgd_step', adagrad: 'embedding_adagrad_step', 'sparse-adam': 'embedding_sparse_adam_step',
  adam: 'embedding_adam_step', adamw: 'embedding_adam_step',
};

/** @param {import('./view.js').Panel} panel the one whose program is shown @param {any} state @returns {import('../../frame/code-panel.js').Code} */
export function programs(panel, state) {
  const { error, now, name } = panel;
  const shared = strings.code;
  const python = pythonProgram(panel, state);
  const javascript = javascriptProgram(panel, state);
  if (error !== null) {
    const printed = html`${aside(shared.pytorch)}     RuntimeError: ${error.message}\n${aside(shared.javascript)}  ${error.name}: ${error.message}`;
    return { python, javascript, printed, failed: true };
  }
  const { text } = describeTable(now.weights, state.dim);
  const printed = state.steps === 0 ? text : `[${now.moved.join(', ')}]\n${now.printedLoss}\n${text}`;
  return { python, javascript, printed, core: panel.sparse && name === 'sgd' ? 'embedding_add_rows' : CORE[name] };
}
