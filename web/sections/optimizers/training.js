/** Tables in training: every weight, loss and step is the package's, and it is the package that says which rows have moved. */
import { Embedding, functional, manualSeed, noGrad, optim, tensor, tidy, zeros } from 'nn-embedding';
import { pca, project } from 'nn-embedding/lab';
import { numberTexts } from '../../components/numbers.js';

/**
 * `sparse` says which gradients it is given unless the reader chooses.
 * @type {Record<string, { label: string, type: string, options: Record<string, number>, sparse: boolean }>}
 */
export const OPTIMIZERS = {
  sgd: { label: 'SGD', type: 'SGD', options: {}, sparse: false },
  momentum: { label: 'SGD, momentum 0.9', type: 'SGD', options: { momentum: 0.9 }, sparse: false },
  adagrad: { label: 'Adagrad', type: 'Adagrad', options: {}, sparse: false },
  'sparse-adam': { label: 'SparseAdam', type: 'SparseAdam', options: {}, sparse: true },
  adam: { label: 'Adam', type: 'Adam', options: {}, sparse: false },
  adamw: { label: 'AdamW', type: 'AdamW', options: {}, sparse: false },
};

/** Row 0 is the padding. */
const WORDS = ['pad', 'cat', 'dog', 'cow', 'hen', 'red', 'blue', 'pink', 'gold', 'one', 'two', 'six', 'ten'];

/** A word, one that it is pulled to, one that it is pushed from; 0 stands in where there is none. */
const TRIPLES = [
  [1, 2, 5], [6, 5, 9], [10, 9, 3], [3, 4, 7], [8, 7, 11], [12, 11, 2],
  [2, 3, 8], [5, 8, 12], [9, 12, 4], [4, 1, 10], [7, 6, 1], [11, 10, 0],
];

/** The pseudo-Huber loss: steady far from the target, and of the same bits everywhere, since IEEE 754 fixes each of its operations. */
const distanceOf = (similarity, target) => similarity.sub(target).pow(2).add(1).sqrt().sub(1);

/**
 * @typedef {object} Corpus what a scenario trains on
 * @property {number} rows
 * @property {string[]} [names] of the rows, if they stand for words
 * @property {number} [pad] what is written into the padding row first
 * @property {number[][]} batches
 * @property {(step: number) => number} batchOf which batch the step takes, counting from 0
 * @property {(layer: Embedding, batch: number[]) => import('nn-embedding').Tensor} lossOf
 * @property {(layer: Embedding) => import('nn-embedding').Tensor} wholeLoss the mean loss of its batches
 */

/** @type {Record<string, Corpus>} */
export const CORPORA = {
  corpus: {
    rows: WORDS.length,
    names: WORDS,
    batches: TRIPLES,
    batchOf: (step) => step % TRIPLES.length,
    lossOf(layer, [word, ...others]) {
      const similarity = layer.forward([word]).mul(layer.forward(others)).mean(1);
      return distanceOf(similarity, tensor([1, -1])).sum();
    },
    wholeLoss(layer) {
      const [words, near, far] = [0, 1, 2].map((place) => layer.forward(TRIPLES.map((triple) => triple[place])));
      const pulled = distanceOf(words.mul(near).mean(1), 1).sum();
      const pushed = distanceOf(words.mul(far).mean(1), -1).sum();
      return pulled.add(pushed).div(TRIPLES.length);
    },
  },
  drift: {
    rows: 5,
    pad: 1,
    batches: [[1], [2]],
    batchOf: (step) => (step === 0 ? 0 : 1),
    lossOf: (layer, batch) => layer.forward(batch).pow(2).sum().div(2),
    wholeLoss: (layer) => layer.forward([1, 2]).pow(2).sum().div(4),
  },
};

/**
 * @typedef {object} Choice
 * @property {string} preset
 * @property {string} optimizer
 * @property {number} lr
 * @property {number} seed
 * @property {number} dim
 * @property {boolean} sparse
 *
 * @typedef {object} Moment a table after a number of steps
 * @property {Float32Array} weights row by row
 * @property {number[]} moved   the rows that the step changed
 * @property {number[]} touched the rows that its batch looked up
 * @property {number} loss      mean over all batches
 * @property {string} lossText
 * @property {string | null} printedLoss of the step's own batch, as Python prints it
 */

/** Which rows differ between two tables: each is looked up in both, and the package compares. */
function movedRows(before, after) {
  const rows = Array.from({ length: before.shape[0] }, (_, row) => row);
  return rows.filter((row) => !functional.embedding([row], before).equal(functional.embedding([row], after)));
}

/**
 * One table, its optimiser, and what became of it step by step.
 * @param {Choice} choice
 */
export function createTraining({ preset, optimizer: name, lr, seed, dim, sparse }) {
  const corpus = CORPORA[preset];
  const { type, options } = OPTIMIZERS[name];
  manualSeed(seed);
  const layer = new Embedding(corpus.rows, dim, { paddingIdx: 0, sparse });
  if (corpus.pad !== undefined) noGrad(() => layer.weight.row(0).fill(corpus.pad));
  const optimizer = new optim[type](layer.parameters(), { lr, ...options });
  /** @type {Moment[]} */
  const moments = [momentOf([], [], null)];
  let error = null;

  function momentOf(moved, touched, printedLoss) {
    return tidy(() => noGrad(() => {
      const loss = corpus.wholeLoss(layer);
      return { weights: layer.weight.data.slice(), moved, touched, loss: loss.item(), lossText: numberTexts(loss)[0], printedLoss };
    }));
  }

  function step() {
    const touched = corpus.batches[corpus.batchOf(moments.length - 1)];
    tidy(() => {
      const before = layer.weight.detach().clone();
      const loss = corpus.lossOf(layer, touched);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      moments.push(momentOf(movedRows(before, layer.weight.detach()), touched, loss.toString()));
    });
  }

  return {
    corpus,
    moments,
    /** What the optimiser said to the gradients, if it refused them. @returns {{ name: string, message: string } | null} */
    error: () => error,
    /** Runs until there have been so many steps, or the optimiser refuses. */
    runTo(steps) {
      try {
        while (error === null && moments.length <= steps) step();
      } catch (refused) {
        error = { name: refused.name, message: refused.message };
      }
    },
    dispose() {
      optimizer.zeroGrad();
      for (const part of Object.values(optimizer.state(layer.weight))) part.dispose?.();
      layer.dispose();
    },
  };
}

/** A table as a layer's weight, with what Python prints of it. */
export function describeTable(weights, dim) {
  return tidy(() => {
    const layer = Embedding.fromPretrained(weights, { shape: [weights.length / dim, dim], freeze: false, paddingIdx: 0 });
    const { weight } = layer;
    const described = { text: weight.toString(), texts: numberTexts(weight) };
    layer.dispose();
    return described;
  });
}

/** How far a row has come since the start, in learning rates: its numbers as texts. */
export function wayOf(from, to, row, dim, lr) {
  return tidy(() => {
    const rowOf = (weights) => functional.embedding([row], tensor(weights, { shape: [weights.length / dim, dim] }));
    return numberTexts(rowOf(to).sub(rowOf(from)).div(lr));
  });
}

/**
 * Two axes for tables of more than two dimensions: the principal components of all of them together.
 * @param {Float32Array[]} tables
 * @param {number} dim
 */
export function axesOf(tables, dim) {
  const data = new Float32Array(tables.length * tables[0].length);
  tables.forEach((table, n) => data.set(table, n * table.length));
  const { mean, components, explainedVarianceRatio } = pca({ data, shape: [data.length / dim, dim] }, { components: 2 });
  const share = tidy(() => numberTexts(tensor(Array.from(explainedVarianceRatio)).sum())[0]);
  return { share, place: (weights) => project({ data: weights, shape: [weights.length / dim, dim] }, { mean, components }) };
}

/** The steps at which the chart of first touches looks. */
export const FIRST_TOUCHES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

/**
 * How far SparseAdam moves a row that it sees for the first time in a given step, in learning rates: a new row's moments are zero, and
 * the state dict says how many steps came before.
 * @returns {{ step: number, value: number, text: string }[]}
 */
export function firstTouches() {
  return FIRST_TOUCHES.map((step) => tidy(() => {
    const layer = new Embedding(1, 1, { weight: zeros([1, 1]), sparse: true });
    const optimizer = new optim.SparseAdam(layer.parameters(), { lr: 1 });
    optimizer.loadStateDict({ ...optimizer.stateDict(), state: { 0: { step: step - 1, expAvg: zeros([1, 1]), expAvgSq: zeros([1, 1]) } } });
    layer.forward([0]).sum().backward();
    optimizer.step();
    const moved = layer.weight.detach().abs();
    const seen = { step, value: moved.item(), text: numberTexts(moved)[0] };
    optimizer.zeroGrad();
    for (const part of Object.values(optimizer.state(layer.weight))) part.dispose?.();
    layer.dispose();
    return seen;
  }));
}
