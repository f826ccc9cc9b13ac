/** The same questions in PyTorch and in JavaScript, and what both print. The programs read the files that the section saves. */
import { html, nothing } from 'lit-html';
import { aside, set } from '../../frame/code-panel.js';
import { words } from './words.js';

const SUM_NEIGHBORS = 5;

/** A word as both languages write it. */
const quoted = (word) => (/['\\]/.test(word) ? JSON.stringify(word) : `'${word}'`);

const PYTHON_SCORES = {
  cosine: 'F.cosine_similarity(embedding.weight, query)',
  dot: 'embedding.weight @ query',
  euclidean: '(embedding.weight - query).norm(dim=1)',
};

/** An empty line between the two questions. */
const between = ({ word, analogy }) => (word === null || analogy === null ? nothing : '\n');

function pythonProgram({ word, metric, k, analogy, exclude }) {
  const smallest = metric === 'euclidean';
  return html`import numpy as np
import torch
from torch import nn${metric === 'cosine' ? '\nfrom torch.nn import functional as F' : nothing}

words = open('words.txt', encoding='utf8').read().splitlines()
rows = np.fromfile('rows.int8', np.int8).reshape(len(words), -1)
scales = np.fromfile('scales.float32', np.float32)
weight = torch.from_numpy(rows * scales[:, None])
embedding = nn.Embedding.from_pretrained(weight)

def nearest(query, k, exclude):
    scores = ${set(PYTHON_SCORES[metric])}
    scores[exclude] = ${smallest ? '' : '-'}torch.inf
    values, indices = scores.topk(k${smallest ? ', largest=False' : ''})
    print(values)
    print(*[words[row] for row in indices])
${word === null ? nothing : html`
word = words.index(${set(quoted(word))})
nearest(embedding(torch.tensor(word)), ${set(k)}, [word])`}${between({ word, analogy })}${analogy === null ? nothing : html`
three = [words.index(w) for w in [${set(analogy.map(quoted).join(', '))}]]
a, b, c = embedding(torch.tensor(three))
nearest(b - a + c, ${SUM_NEIGHBORS}, ${set(exclude ? 'three' : '[]')})`}`;
}

function javascriptProgram({ word, metric, k, analogy, exclude }) {
  return html`import { readFileSync } from 'node:fs';
import { Embedding, functional, tensor } from 'nn-embedding';

const words = readFileSync('words.txt', 'utf8').trimEnd().split('\\n');
const rows = new Int8Array(readFileSync('rows.int8'));
const bytes = new Uint8Array(readFileSync('scales.float32'));
const scales = new Float32Array(bytes.buffer);
const shape = [words.length, rows.length / words.length];
const weight = functional.dequantize(rows, scales, { shape });
const embedding = Embedding.fromPretrained(weight);

function nearest(query, k, exclude) {
  const options = { k, exclude${metric === 'cosine' ? nothing : html`, metric: ${set(`'${metric}'`)}`} };
  const { scores, indices } = embedding.nearest(query, options);
  console.log(\`\${tensor(scores)}\`);
  console.log(Array.from(indices, (row) => words[row]).join(' '));
}
${word === null ? nothing : html`
const word = words.indexOf(${set(quoted(word))});
nearest(embedding.forward(word), ${set(k)}, [word]);`}${between({ word, analogy })}${analogy === null ? nothing : html`
const three = [${set(analogy.map(quoted).join(', '))}].map((w) => words.indexOf(w));
const [a, b, c] = three.map((row) => embedding.forward(row));
nearest(b.sub(a).add(c), ${SUM_NEIGHBORS}, ${set(exclude ? 'three' : '[]')});`}`;
}

/** @param {object} shown the reader's choices, the table and the view of both @returns {import('../../frame/code-panel.js').Code} */
export function programs({ table, view, word, metric, k, analogy, exclude }) {
  if (table === null) {
    const program = { word, metric, k, analogy, exclude };
    return { python: pythonProgram(program), javascript: javascriptProgram(program), printed: aside(`# ${words().code.notYet}`), core: 'embedding_nearest' };
  }
  const three = view.analogy.found === null ? null : analogy;
  const program = { word: view.word, metric, k, analogy: three, exclude };
  const printed = [
    ...(view.word === null ? [] : [table.printed(view.neighbors)]),
    ...(three === null ? [] : [table.printed(table.sum(three, { k: SUM_NEIGHBORS, metric, exclude }))]),
  ];
  return {
    python: pythonProgram(program), javascript: javascriptProgram(program),
    printed: printed.length > 0 ? printed.join('\n') : aside(`# ${words().code.noWord}`),
    core: 'embedding_forward, embedding_nearest',
  };
}
