/** What the reader chooses in the figure for sparse gradients. */
import { INDEX_LIMIT, MAX_INDICES } from '../../components/controls.js';
import { choice, flag, integer, list } from '../../frame/fields.js';
import { paddingField } from '../max-norm/state.js';

export const NUM_EMBEDDINGS = 10;
export const EMBEDDING_DIM = 3;

/** Optimisers in PyTorch's and in JavaScript's words. */
export const OPTIMIZERS = {
  sgd: { name: 'SGD', options: { lr: 0.1 } },
  momentum: { name: 'SGD', options: { lr: 0.1, momentum: 0.9 } },
  decay: { name: 'SGD', options: { lr: 0.1, weightDecay: 0.1 } },
  adagrad: { name: 'Adagrad', options: { lr: 0.1 } },
  'adagrad-decay': { name: 'Adagrad', options: { lr: 0.1, weightDecay: 0.1 } },
  sparseadam: { name: 'SparseAdam', options: { lr: 0.1 } },
  adam: { name: 'Adam', options: { lr: 0.1 } },
  adamw: { name: 'AdamW', options: { lr: 0.1 } },
};

/** A cell of the matrix: an optimiser and the kind of gradient it is given. */
export const cellOf = (key, sparse) => `${key}-${sparse ? 'sparse' : 'dense'}`;
export const isSparseCell = (cell) => cell.endsWith('-sparse');
export const optimizerOf = (cell) => OPTIMIZERS[cell.replace(/-(sparse|dense)$/, '')];

const CELLS = Object.keys(OPTIMIZERS).flatMap((key) => [cellOf(key, false), cellOf(key, true)]);

/** Row 4 twice, so that there is something to coalesce; the sizes are those of GPT-2's vocabulary. */
export const FIELDS = {
  indices: list([2, 4, 4, 1], { low: -INDEX_LIMIT, high: INDEX_LIMIT, most: MAX_INDICES }),
  pad: paddingField(null, NUM_EMBEDDINGS),
  coalesced: flag(false),
  /** The cell of the matrix that is tried. */
  optimizer: choice('none', ['none', ...CELLS]),
  rows: integer(50257, 1, 10_000_000),
  dim: integer(768, 1, 16384),
  batch: integer(32, 1, 1_000_000),
  repeats: integer(2, 1, 100),
};

/** Stops of a slider whose scale is not even. */
const stops = (...places) => ({
  places: places.length - 1,
  from: (place) => places[place],
  to: (value) => places.filter((stop) => stop <= value).length - (value < places[0] ? 0 : 1),
});

export const STOPS = {
  rows: stops(10, 30, 100, 300, 1000, 3000, 10_000, 30_522, 50_257, 128_256, 256_000, 1_000_000, 10_000_000),
  dim: stops(1, 3, 8, 16, 32, 64, 100, 128, 256, 300, 512, 768, 1024, 2048, 4096, 8192, 16384),
  batch: stops(1, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384, 65_536, 262_144, 1_000_000),
};

const FLOAT_BYTES = 4;
/** PyTorch keeps row numbers as int64. */
const INDEX_BYTES = 8;

/** How many bytes the three forms of a gradient take, from shapes alone. */
export function bytesOf({ rows, dim, stored, distinct }) {
  const pair = INDEX_BYTES + FLOAT_BYTES * dim;
  return { dense: FLOAT_BYTES * rows * dim, sparse: pair * stored, coalesced: pair * distinct };
}
