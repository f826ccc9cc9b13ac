/** What happens to the padding row, event by event, done by a layer of the package. */
import { Embedding, full, functional, manualSeed, noGrad, ones, optim, randn, tensor, tidy, zeros } from 'nn-embedding';
import { numberTexts, rowsOf } from '../../components/numbers.js';
import { EMBEDDING_DIM, LEARNING_RATE, MAX_NORM, NUM_EMBEDDINGS, WEIGHT_DECAY } from './state.js';

/** What every number of the table that from_pretrained is given holds. */
export const PRETRAINED_VALUE = 0.25;

/**
 * @typedef {object} Numbers one row
 * @property {number[]} values
 * @property {string[]} texts as the package prints them
 *
 * @typedef {object} Step
 * @property {string} event
 * @property {Numbers} before of the watched row
 * @property {Numbers} after
 * @property {boolean} changed
 * @property {{ arriving: Numbers | null, row: Numbers, isZero: boolean } | null} gradient in a training step: what arrives at the
 *   output for this row, and what the row gets. Where the output goes on into another layer, only the latter is known
 * @property {number[]} indices that were looked up
 * @property {string[]} printed the lines that the program prints
 *
 * @typedef {object} Life
 * @property {number} row the watched row: the padding row, or row 0 where there is none
 * @property {boolean} padded
 * @property {number[]} batch what is looked up: two other rows, and the watched one
 * @property {Step[]} steps
 * @property {{ rows: number[][], texts: string[][] } | null} table
 * @property {{ rows: number[][], texts: string[][] } | null} gradient of the last training step of this layer
 * @property {Numbers | null} output what a lookup of the row returns in the end
 * @property {{ name: string, message: string } | null} error
 */

/** Two rows that are not the padding row, and the padding row. */
export const batchOf = (row) => [...Array.from({ length: NUM_EMBEDDINGS }, (_, r) => r).filter((r) => r !== row && r > 0).slice(0, 2), row];

/** @param {{ events: string[], pad: number | null, written: number[] }} choice @returns {Life} */
export function liveThrough({ events, pad, written }) {
  const options = pad === null ? {} : { paddingIdx: pad };
  let layer = null;
  try {
    return tidy(() => {
      const steps = [];
      let gradient = null;
      for (const event of events) {
        const isNew = event in births;
        if (isNew) {
          layer?.dispose();
          layer = births[event].make(options);
          gradient = null;
        }
        const row = layer.paddingIdx ?? 0;
        const before = isNew ? births[event].given(row) : tensor(layer.weight.row(row));
        const { indices = [], arriving = null, grad = null } = happen[event]?.(layer, row, written) ?? {};
        const after = tensor(layer.weight.row(row));
        gradient = grad?.table ?? gradient;
        steps.push({
          event, indices,
          before: numbers(before),
          after: numbers(after),
          changed: !before.equal(after),
          gradient: grad === null ? null : { arriving, row: grad.row, isZero: grad.isZero },
          printed: [...(isNew ? [`${layer}`] : []), ...(grad === null ? [] : [`grad ${grad.text}`]), `weight ${after}`],
        });
      }
      const row = layer.paddingIdx ?? 0;
      return {
        row, padded: pad !== null, batch: batchOf(row), steps, gradient, error: null,
        table: tableOf(layer.weight),
        output: numbers(noGrad(() => layer.forward([row]))),
      };
    });
  } catch (error) {
    return { row: 0, padded: true, batch: batchOf(0), steps: [], table: null, gradient: null, output: null, error: { name: error.name, message: error.message } };
  } finally {
    layer?.dispose();
  }
}

/** How a layer comes to be, and what its row was before the layer had it. */
const births = {
  construct: {
    make(options) {
      manualSeed(0);
      return new Embedding(NUM_EMBEDDINGS, EMBEDDING_DIM, options);
    },
    /** The numbers drawn for the row: those of a layer without a padding row. */
    given(row) {
      manualSeed(0);
      const plain = new Embedding(NUM_EMBEDDINGS, EMBEDDING_DIM);
      const numbers = tensor(plain.weight.row(row));
      plain.dispose();
      return numbers;
    },
  },
  pretrained: {
    make: (options) => Embedding.fromPretrained(pretrained(), { freeze: false, ...options }),
    given: (row) => tensor(pretrained().row(row)),
  },
};

const pretrained = () => full([NUM_EMBEDDINGS, EMBEDDING_DIM], PRETRAINED_VALUE);

const happen = {
  write: (layer, row, written) => noGrad(() => layer.weight.row(row).set(written)),
  zero: (layer, row) => noGrad(() => layer.weight.row(row).fill(0)),
  init: (layer) => noGrad(() => layer.weight.copy_(randn([NUM_EMBEDDINGS, EMBEDDING_DIM]))),
  train: (layer, row) => train(layer, row, new optim.SGD(layer.parameters(), { lr: LEARNING_RATE })),
  decay: (layer, row) => train(layer, row, new optim.SGD(layer.parameters(), { lr: LEARNING_RATE, weightDecay: WEIGHT_DECAY })),
  adamw: (layer, row) => train(layer, row, new optim.AdamW(layer.parameters(), { lr: LEARNING_RATE })),
  tied: (layer, row) => train(layer, row, new optim.SGD(layer.parameters(), { lr: LEARNING_RATE }), true),
  lookup(layer, row) {
    const indices = batchOf(row);
    functional.embedding(indices, layer.weight, { ...(layer.paddingIdx === null ? {} : { paddingIdx: layer.paddingIdx }), maxNorm: MAX_NORM });
    return { indices };
  },
};

/** One step. `tied` sends the output through a linear layer that has the same weight. */
function train(layer, row, optimizer, tied = false) {
  const indices = batchOf(row);
  const looked = layer.forward(indices);
  const output = tied ? functional.linear(looked, layer.weight) : looked;
  const upstream = ones(output.shape);
  output.backward(upstream);
  const { grad } = layer.weight;
  const gradRow = tensor(grad.row(row));
  const result = {
    indices,
    arriving: tied ? null : numbers(tensor(upstream.row(indices.indexOf(row)))),
    grad: { table: tableOf(grad), row: numbers(gradRow), text: gradRow.toString(), isZero: isZero(gradRow) },
  };
  optimizer.step();
  optimizer.zeroGrad();
  for (const held of [grad, ...Object.values(optimizer.state(layer.weight))]) held?.dispose?.();
  return result;
}

const isZero = (row) => row.equal(zeros(row.shape));

/** @returns {Numbers} */
const numbers = (row) => ({ values: Array.from(row.data), texts: numberTexts(row) });

const tableOf = (table) => ({ rows: rowsOf(table.data, EMBEDDING_DIM), texts: rowsOf(numberTexts(table), EMBEDDING_DIM) });
