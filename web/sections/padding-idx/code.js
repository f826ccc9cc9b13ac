/** The history as a program in PyTorch and in JavaScript, and what both print. */
import { html, nothing } from 'lit-html';
import { literal, pythonFloat } from '../../components/numbers.js';
import { aside, changed, set } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { PRETRAINED_VALUE } from './life.js';
import { EMBEDDING_DIM, LEARNING_RATE, MAX_NORM, NUM_EMBEDDINGS, WEIGHT_DECAY } from './state.js';

const TRAINING = ['train', 'decay', 'adamw', 'tied'];
const trains = (events) => events.some((event) => TRAINING.includes(event));

/** @typedef {{ events: string[], pad: number | null, written: number[], life: import('./life.js').Life }} Told */

/** What each event is in one short line of Python, for the timeline. */
export function inShort(event, { pad, life: { row, batch }, written }) {
  const option = pad === null ? '' : `, padding_idx=${pad}`;
  return {
    construct: `nn.Embedding(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}${option})`,
    pretrained: `from_pretrained(w${option})`,
    write: `weight[${row}] = [${written.map(literal).join(', ')}]`,
    init: 'nn.init.normal_(weight)',
    zero: `weight[${row}].zero_()`,
    train: `SGD(lr=${LEARNING_RATE})`,
    decay: `SGD(lr=${LEARNING_RATE}, weight_decay=${WEIGHT_DECAY})`,
    adamw: `AdamW(lr=${LEARNING_RATE})`,
    tied: 'F.linear(output, weight)',
    lookup: `embedding([${batch.join(', ')}]), max_norm=${MAX_NORM}`,
  }[event];
}

/** @param {Told} told */
function pythonProgram({ events, pad, written, life: { row, batch } }) {
  const option = pad === null ? '' : html`, padding_idx=${set(pad)}`;
  const indices = `torch.tensor([${batch.join(', ')}])`;
  const tied = events.includes('tied');
  const functional = tied || events.includes('lookup');
  const show = `show('weight', embedding.weight)`;
  const step = {
    construct: html`torch.manual_seed(0)
embedding = nn.Embedding(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}${option})
print(embedding)
${show}`,
    pretrained: html`embedding = nn.Embedding.from_pretrained(
    torch.full((${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}), ${PRETRAINED_VALUE}), freeze=False${option})
print(embedding)
${show}`,
    write: html`with torch.no_grad():
    embedding.weight[${row}] = torch.tensor([${set(written.map(pythonFloat).join(', '))}])
${show}`,
    init: html`nn.init.normal_(embedding.weight)
${show}`,
    zero: html`with torch.no_grad():
    embedding.weight[${row}].zero_()
${show}`,
    train: html`train(optim.SGD(embedding.parameters(), lr=${LEARNING_RATE}))`,
    decay: html`train(optim.SGD(embedding.parameters(), lr=${LEARNING_RATE}, weight_decay=${WEIGHT_DECAY}))`,
    adamw: html`train(optim.AdamW(embedding.parameters(), lr=${LEARNING_RATE}))`,
    tied: html`train(optim.SGD(embedding.parameters(), lr=${LEARNING_RATE}), tied=True)`,
    lookup: html`F.embedding(${indices}, embedding.weight${option},
            max_norm=${pythonFloat(MAX_NORM)})
${show}`,
  };
  return html`import torch
from torch import nn${trains(events) ? ', optim' : ''}
${functional ? html`from torch.nn import functional as F
` : ''}
def show(name, table):
    print(name, table.data[${row}])

${trains(events) ? html`def train(optimizer${tied ? ', tied=False' : ''}):
    output = embedding(${indices})
${tied ? html`    if tied:
        output = F.linear(output, embedding.weight)
` : ''}    output.backward(torch.ones(output.shape))
    show('grad', embedding.weight.grad)
    optimizer.step()
    optimizer.zero_grad()
    ${show}

` : ''}${between(events.map((event) => step[event]))}`;
}

/** @param {Told} told */
function javascriptProgram({ events, pad, written, life: { row, batch } }) {
  const option = pad === null ? '' : html`paddingIdx: ${set(pad)}`;
  const indices = `[${batch.join(', ')}]`;
  const tied = events.includes('tied');
  const uses = (...some) => some.some((event) => events.includes(event));
  const births = events.filter((event) => event === 'construct' || event === 'pretrained').length;
  const names = [
    'Embedding', ...(uses('pretrained') ? ['full'] : []), ...(uses('lookup', 'tied') ? ['functional'] : []), ...(uses('construct') ? ['manualSeed'] : []),
    ...(uses('write', 'zero', 'init') ? ['noGrad'] : []), ...(trains(events) ? ['ones', 'optim'] : []), ...(uses('init') ? ['randn'] : []), 'tensor',
  ].join(', ');
  const show = `show('weight', embedding.weight);`;
  const make = (n) => (n === 0 ? `${births > 1 ? 'let' : 'const'} embedding` : 'embedding');
  const step = {
    construct: (n) => html`manualSeed(0);
${make(n)} = new Embedding(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}${pad === null ? '' : html`, { ${option} }`});
console.log(\`\${embedding}\`);
${show}`,
    pretrained: (n) => html`${make(n)} = Embedding.fromPretrained(
  full([${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}], ${PRETRAINED_VALUE}), { freeze: false${pad === null ? '' : html`, ${option}`} });
console.log(\`\${embedding}\`);
${show}`,
    write: () => html`noGrad(() => embedding.weight.row(${row}).set([${set(written.map(literal).join(', '))}]));
${show}`,
    init: () => html`noGrad(() => embedding.weight.copy_(randn([${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}])));
${show}`,
    zero: () => html`noGrad(() => embedding.weight.row(${row}).fill(0));
${show}`,
    train: () => html`train(new optim.SGD(embedding.parameters(), { lr: ${LEARNING_RATE} }));`,
    decay: () => html`train(new optim.SGD(
  embedding.parameters(), { lr: ${LEARNING_RATE}, weightDecay: ${WEIGHT_DECAY} }));`,
    adamw: () => html`train(new optim.AdamW(embedding.parameters(), { lr: ${LEARNING_RATE} }));`,
    tied: () => html`train(new optim.SGD(embedding.parameters(), { lr: ${LEARNING_RATE} }), true);`,
    lookup: () => html`functional.embedding(${indices}, embedding.weight, {
  ${pad === null ? '' : html`${option}, `}maxNorm: ${MAX_NORM},
});
${show}`,
  };
  const head = names.length > 44 ? `{\n  ${names},\n}` : `{ ${names} }`;
  return html`import ${head} from 'nn-embedding';

function show(name, table) {
  console.log(\`\${name} \${tensor(table.row(${row}))}\`);
}

${trains(events) ? html`function train(optimizer${tied ? ', tied = false' : ''}) {
  ${tied ? 'let' : 'const'} output = embedding.forward(${indices});
${tied ? html`  if (tied) output = functional.linear(output, embedding.weight);
` : ''}  output.backward(ones(output.shape));
  show('grad', embedding.weight.grad);
  optimizer.step();
  optimizer.zeroGrad();
  ${show}
}

` : ''}${between(events.map((event, n) => step[event](n)))}`;
}

const between = (parts) => parts.map((part, n) => html`${part}${n < parts.length - 1 ? '\n\n' : nothing}`);

/** What each event prints; a line is marked where the row moved. */
function printedLines({ steps }) {
  const lines = steps.flatMap(({ printed, changed: moved }) => printed.map((line, n) => (moved && n === printed.length - 1 ? changed(line) : line)));
  return lines.map((line, n) => html`${line}${n < lines.length - 1 ? '\n' : nothing}`);
}

const CORE = {
  construct: ['random_normal'], pretrained: [], write: [], init: ['random_normal'], zero: [], lookup: ['renorm', 'forward'],
  train: ['forward', 'dense_backward', 'sgd_step'], decay: ['forward', 'dense_backward', 'sgd_step'], adamw: ['forward', 'dense_backward', 'adam_step'],
  tied: ['forward', 'dense_backward', 'sgd_step'],
};

/** @param {Told} told @returns {import('../../frame/code-panel.js').Code} */
export function programs(told) {
  const { error } = told.life;
  const words = strings.code;
  const functions = [...new Set(told.events.flatMap((event) => CORE[event]))].map((name) => `embedding_${name}`);
  return {
    python: pythonProgram(told),
    javascript: javascriptProgram(told),
    printed: error === null ? printedLines(told.life) :
      html`${aside(words.pytorch)}     AssertionError: Padding_idx must be within num_embeddings\n${aside(words.javascript)}  ${error.name}: ${error.message}`,
    failed: error !== null,
    core: error === null && functions.length > 0 ? functions.join(', ') : undefined,
  };
}
