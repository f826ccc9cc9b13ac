/** Gradients in both forms, and optimisers that get them, computed by the package. No value is made here. */
import { Embedding, ones, optim, tidy } from 'nn-embedding';
import { numberTexts, rowsOf } from '../../components/numbers.js';
import { EMBEDDING_DIM, NUM_EMBEDDINGS, isSparseCell, optimizerOf } from './state.js';

/**
 * @typedef {object} Cards a sparse gradient
 * @property {number[]} indices
 * @property {number[][]} values
 * @property {string[][]} texts
 * @property {string} printed
 *
 * @typedef {object} Gradients
 * @property {{ rows: number[][], texts: string[][] }} dense
 * @property {Cards} arrived in the order of the call
 * @property {Cards} coalesced
 * @property {boolean} equal whether the sparse gradient, made dense, is the dense one
 */

const failure = (error) => ({ name: error.name, message: error.message });

/** Runs `body` with a layer after its backward pass, and frees the layer. */
function withGradient(embedding, indices, body) {
  try {
    const output = embedding.forward(indices);
    output.backward(ones(output.shape));
    return body(embedding);
  } finally {
    embedding.weight.grad?.dispose();
    embedding.dispose();
  }
}

const options = (sparse, pad) => ({ sparse, ...(pad === null ? {} : { paddingIdx: pad }) });
const newLayer = (sparse, pad) => new Embedding(NUM_EMBEDDINGS, EMBEDDING_DIM, options(sparse, pad));
const layerOfOnes = (sparse, pad) => Embedding.fromPretrained(ones([NUM_EMBEDDINGS, EMBEDDING_DIM]), { freeze: false, ...options(sparse, pad) });

/** @returns {Cards} */
function cardsOf(gradient) {
  const values = gradient.values();
  return { indices: Array.from(gradient.indices()), values: rowsOf(values.data, EMBEDDING_DIM), texts: rowsOf(numberTexts(values), EMBEDDING_DIM), printed: gradient.toString() };
}

/**
 * The gradient of one call, dense and sparse.
 * @param {{ indices: number[], pad: number | null }} choice
 * @returns {{ error: { name: string, message: string } | null } & Partial<Gradients>}
 */
export function runGradients({ indices, pad }) {
  return tidy(() => {
    try {
      return withGradient(newLayer(false, pad), indices, ({ weight: { grad: dense } }) => withGradient(newLayer(true, pad), indices, ({ weight: { grad } }) => ({
        error: null,
        dense: { rows: rowsOf(dense.data, EMBEDDING_DIM), texts: rowsOf(numberTexts(dense), EMBEDDING_DIM) },
        arrived: cardsOf(grad),
        coalesced: cardsOf(grad.coalesce()),
        equal: grad.toDense().equal(dense),
      })));
    } catch (error) {
      return { error: failure(error) };
    }
  });
}

/**
 * One step of an optimiser on a table of ones, with a dense or a sparse gradient.
 * @param {{ indices: number[], pad: number | null }} choice
 * @param {string} cell of the matrix
 * @returns {{ gradient: string | null, weight: string | null, moved: number[], called: boolean, error: { name: string, message: string } | null }}
 */
export function runOptimizer({ indices, pad }, cell) {
  return tidy(() => {
    const outcome = { gradient: null, weight: null, moved: [], called: false, error: null };
    try {
      withGradient(layerOfOnes(isSparseCell(cell), pad), indices, (embedding) => {
        const { weight } = embedding;
        const before = rowsOf(weight.data, EMBEDDING_DIM);
        outcome.called = true;
        outcome.gradient = weight.grad.toString();
        const { name, options: rates } = optimizerOf(cell);
        const optimizer = new optim[name](embedding.parameters(), rates);
        try {
          optimizer.step();
        } finally {
          for (const state of Object.values(optimizer.state(weight))) state?.dispose?.();
        }
        outcome.weight = weight.toString();
        outcome.moved = before.flatMap((row, r) => (row.some((value, column) => value !== weight.row(r)[column]) ? [r] : []));
      });
    } catch (error) {
      outcome.error = failure(error);
    }
    return outcome;
  });
}
