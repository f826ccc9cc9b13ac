/**
 * The tables that `make bench` prints: which kernels, on which shapes, who takes part, what is aimed at. A new kernel is an entry here
 * and a loop in each of the contenders.
 */

/** @typedef {import('./inputs.js').Shape} Shape */
/**
 * @typedef {object} Row
 * @property {string} kernel
 * @property {Shape} shape
 */
/**
 * @typedef {object} Table
 * @property {string} title
 * @property {string} [same] what all do, in a sentence
 * @property {Row[]} rows
 * @property {string[]} contenders ours first
 * @property {Record<string, string>} [against] which of ours a contender is compared with, where not the usual one
 * @property {(row: Row) => Record<string, number>} [goals] the least ratio aimed at, by contender
 * @property {string[]} notes what is not the same work
 * @property {'ratios' | 'times' | 'growth' | 'memory'} kind how it is told: ratios to ours; times, for one row; growth over num_embeddings, as
 *   multiples of the first row's times; memory of the process
 */

const NATIVE = ['same-source', 'plain-c'];
const PEERS = ['ort-web', 'ort-node', 'tfjs'];

/** @param {number} V @param {number} D @param {number} n @param {Partial<Shape>} [more] @returns {Shape} */
const of = (V, D, n, more) => ({ V, D, n, ...more });
/** Index sets enough that no call finds its rows in the cache. */
const far = { sets: 8 };
/** @param {string} kernel @param {Shape[]} shapes @returns {Row[]} */
const rows = (kernel, shapes) => shapes.map((shape) => ({ kernel, shape }));

const isFar = ({ sets = 1 }) => sets > 1;
const megabytes = ({ V, D }) => (4 * V * D) / 1e6;

const NOTES = {
  plain: 'plain C checks no index.',
  web: 'ONNX Runtime and TensorFlow.js: typed array in, typed array out, as ours; both copy the indices in and the result out or into a new tensor.',
  torch: 'PyTorch takes int64 indices, as its users do; `PyTorch` makes a new tensor and is compared with our call that makes one.',
};

const BAGS = [
  of(1000, 16, 4096, { bags: 256 }),
  of(1000, 64, 4096, { bags: 64 }),
  of(30522, 384, 512, { bags: 4 }),
  of(30522, 384, 4096, { bags: 32, ...far }),
  of(100_000, 128, 65536, { bags: 64, ...far }),
  of(1_000_000, 64, 65536, { bags: 4096, ...far }),
];
const BAGS_IN_SHORT = [BAGS[1], BAGS[3], of(1_000_000, 64, 65536, { bags: 4096, ...far, law: 'zipf' })];

/** n: how many of 4096, or 65536, uniform indices are distinct. */
const STEPS = [
  of(1000, 64, 980, { law: 'distinct' }),
  of(30522, 384, 3840, { law: 'distinct' }),
  of(100_000, 128, 48077, { law: 'distinct' }),
  of(1_000_000, 64, 63392, { law: 'distinct' }),
];

const GRADIENTS = [
  of(1000, 7, 4096),
  of(1000, 64, 4096),
  of(30522, 384, 4096),
  of(100_000, 128, 65536),
  of(100_000, 128, 65536, { law: 'zipf' }),
  of(1_000_000, 64, 65536),
];

/** @type {Record<string, Table>} */
export const TABLES = {
  lookup: {
    title: 'Lookup',
    rows: rows('lookup', [
      of(1000, 3, 4096),
      of(1000, 7, 4096),
      of(1000, 16, 4096),
      of(1000, 64, 4096),
      of(1000, 100, 1024),
      of(30522, 384, 512),
      of(100_000, 16, 65536),
      of(30522, 384, 4096, far),
      of(100_000, 128, 65536, far),
      of(1_000_000, 64, 65536, far),
      of(1_000_000, 64, 65536, { ...far, law: 'zipf' }),
    ]),
    contenders: ['ours', 'ours-new', ...NATIVE, 'torch-out', 'torch', ...PEERS],
    goals({ shape }) {
      const row = 4 * shape.D;
      if (!isFar(shape)) {
        const small = { 'plain-c': shape.D % 4 ? 2 : 1.3, 'torch-out': 2.5, torch: 2.5, 'ort-web': 12, tfjs: 150 };
        return shape.D <= 16 ? small : { 'plain-c': 0.85, 'torch-out': 1.2, torch: 1.3, 'ort-web': 6, tfjs: 250 };
      }
      if (row > 512) return { 'plain-c': 1.05, 'torch-out': 1.05, torch: 1.05, 'ort-web': 5, tfjs: 100 };
      return { 'plain-c': 0.75, 'torch-out': 0.9, torch: shape.n * row > 32e6 ? 3 : 1, 'ort-web': 3, tfjs: 30 };
    },
    notes: [NOTES.plain, NOTES.torch, NOTES.web],
    kind: 'ratios',
  },
  renorm: {
    title: 'max_norm (renorm)',
    rows: rows('renorm', [of(1000, 7, 4096), of(1000, 64, 4096), of(30522, 384, 4096), of(100_000, 128, 65536), of(1_000_000, 64, 65536)]),
    contenders: ['ours', ...NATIVE, 'torch', ...PEERS],
    goals: ({ shape }) => ({ torch: megabytes(shape) < 1 ? 60 : 10 }),
    notes: ['The first call rescales about half the rows, and its result is compared; the calls that are timed find all rows short enough.', NOTES.plain],
    kind: 'ratios',
  },
  'dense-gradient': {
    title: 'Dense gradient',
    rows: rows('dense-gradient', GRADIENTS),
    contenders: ['ours', ...NATIVE, 'torch', 'torch-op', ...PEERS],
    goals: () => ({ 'plain-c': 0.5, 'torch-op': 4 }),
    notes: [
      'Ours and `PyTorch`: backward() of a lookup whose graph is kept, on a fresh .grad. `PyTorch, operator` is embedding_dense_backward alone.',
      'C has no graph, and writes into memory that is there.',
    ],
    kind: 'ratios',
  },
  'sparse-gradient': {
    title: 'Sparse gradient, coalesced',
    rows: rows('sparse-gradient', GRADIENTS),
    contenders: ['ours', 'ours-op', ...NATIVE, 'torch', 'torch-op', ...PEERS],
    against: { 'plain-c': 'ours-op', 'torch-op': 'ours-op' },
    goals: () => ({ 'plain-c': 1.8, 'torch-op': 2 }),
    notes: [
      '`ours` and `PyTorch`: backward() of a lookup whose graph is kept, then coalesce(); same source: both, without the graph. `operator`: coalesce() of',
      'pairs that are there. So does plain C, which sorts by qsort; it and `PyTorch, operator` have their ratios over `ours, operator`.',
    ],
    kind: 'ratios',
  },
  bag: {
    title: 'EmbeddingBag',
    rows: [
      ...rows('bag-sum', BAGS),
      ...rows('bag-mean', BAGS_IN_SHORT),
      ...rows('bag-max', BAGS_IN_SHORT),
      ...rows('bag-weighted', BAGS_IN_SHORT),
    ],
    contenders: ['ours', 'ours-new', ...NATIVE, 'torch', ...PEERS],
    goals({ kernel, shape }) {
      if (kernel === 'bag-weighted') return {};
      if (kernel === 'bag-max') return { 'plain-c': 1.5, torch: isFar(shape) ? 2.5 : 6 };
      return { 'plain-c': 2.2, torch: kernel === 'bag-mean' && !isFar(shape) ? 1.4 : 0.65, 'ort-web': 3, tfjs: 75 };
    },
    notes: [
      NOTES.plain,
      NOTES.torch,
      'ONNX Runtime and TensorFlow.js have no bags: they gather and then reduce, which takes bags of one size. Weighted: gather, then a product of matrices.',
    ],
    kind: 'ratios',
  },
  'bag-backward': {
    title: 'EmbeddingBag backward (sum, dense gradient)',
    rows: rows('bag-backward', [BAGS[0], BAGS[1], of(30522, 384, 4096, { bags: 32 }), of(100_000, 128, 65536, { bags: 64 })]),
    contenders: ['ours', ...NATIVE, 'torch', ...PEERS],
    notes: ['Ours and PyTorch: backward() of bags whose graph is kept, on a fresh .grad. C has no graph, and writes into memory that is there.'],
    kind: 'ratios',
  },
  optimizer: {
    title: 'Optimiser steps on rows',
    rows: [...rows('sgd', STEPS), ...rows('adagrad', STEPS), ...rows('sparse-adam', STEPS)],
    contenders: ['ours', ...NATIVE, 'torch', ...PEERS],
    goals({ kernel, shape }) {
      if (kernel === 'sgd') return { 'plain-c': 0.5, torch: megabytes(shape) < 1 ? 5 : 1 };
      return kernel === 'adagrad' ? { 'plain-c': 0.5, torch: 2.5 } : { 'plain-c': 0.4, torch: 3.5 };
    },
    notes: ['step() with a coalesced sparse gradient of n distinct rows; the layers over it, PyTorch\'s Python among them, are what their users pay.', 'plain C computes scalars in float32 and fuses.'],
    kind: 'ratios',
  },
  nearest: {
    title: 'Nearest 10 rows by dot product',
    rows: rows('nearest', [of(10_000, 100, 1), of(100_000, 100, 1), of(10_000, 384, 1), of(100_000, 384, 1)]),
    contenders: ['ours', ...NATIVE, 'torch', ...PEERS],
    goals: ({ shape }) => {
      if (megabytes(shape) >= 40) return { 'plain-c': 1.3, torch: 2, 'ort-web': 6, tfjs: 5 };
      return shape.D === 100 ? { 'plain-c': 0.6, torch: 0.85, 'ort-web': 12, tfjs: 7 } : {};
    },
    notes: ['plain C may add in any order and fuse; ours adds in one order in every build. PyTorch: topk of mv.'],
    kind: 'ratios',
  },
  call: {
    title: 'One call: 8 indices in a table of 10 x 3',
    rows: rows('lookup', [of(10, 3, 8)]),
    contenders: ['ours', 'ours-new', 'ours-nested', 'plain-js', ...NATIVE, 'torch-out', 'torch', ...PEERS],
    goals: () => ({ 'torch-out': 40, torch: 40, 'ort-web': 200, tfjs: 200 }),
    notes: [
      'ours: forward(indices, { out }).data[0], indices an Int32Array. What makes a new result has its ratio over `ours, new tensor`: plain JavaScript,',
      '`PyTorch`, ONNX Runtime, TensorFlow.js. plain JavaScript: a loop over a Float32Array, nothing checked.',
    ],
    kind: 'times',
  },
  'lookup-by-rows': {
    title: 'Lookup of 4,096 rows of 64, by the size of the table',
    rows: rows('lookup', [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6].map((V) => of(V, 64, 4096, { sets: 64 }))),
    contenders: ['ours', 'plain-c', 'torch-out'],
    notes: ['64 sets of indices in turn, so that the rows in use are the whole table, or 64 MB of it.'],
    kind: 'growth',
  },
  'step-by-rows': {
    title: 'Training step (lookup, backward, SparseAdam) on 512 rows of 64, by the size of the table',
    rows: rows('training-step', [1e3, 1e4, 1e5, 1e6].map((V) => of(V, 64, 512, { law: 'distinct' }))),
    contenders: ['ours', 'ours-dense', 'plain-c', 'torch', 'torch-dense'],
    notes: [
      'The same 512 distinct rows in every step, which the cache holds whatever the size of the table: what differs is what depends on that size.',
      'In a large table each row, and its two rows of state, lie on memory pages of their own, and addresses take longer to translate: C pays that too.',
      'dense gradient: the same step without sparse, by Adam. C has no graph.',
    ],
    kind: 'growth',
  },
  memory: {
    title: 'Memory for loading and serving a table of 100,000 x 128',
    rows: rows('lookup', [of(100_000, 128, 4096)]),
    contenders: ['ours', 'ours-array', ...NATIVE, 'torch', ...PEERS],
    notes: [
      'Each reads the table from a file (ONNX Runtime: a model with the table inside), and looks 4,096 rows up 36 times.',
      'ours: the file is read into weight.data. ours, from an array: into a Float32Array first, which tensor() copies.',
    ],
    kind: 'memory',
  },
};
