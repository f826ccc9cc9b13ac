/** One backward pass, computed by the package: what the programs of the code panel do. No value is made here. */
import { Embedding, tensor, tidy, zeros } from 'nn-embedding';
import { numberTexts, rowsOf } from '../../components/numbers.js';
import { EMBEDDING_DIM, NUM_EMBEDDINGS } from './state.js';

/**
 * @typedef {object} Backward
 * @property {number[][]} rows of the gradient of the weight
 * @property {string[][]} texts
 * @property {string[]} norms 2-norm of each row
 * @property {string[][]} arrives texts of the upstream gradient
 * @property {string | null} printed the gradient as it prints itself: sparse, if the layer is
 * @property {{ name: string, message: string } | null} error
 *
 * @param {{ indices: number[], upstream: number[][], frequency: boolean, sparse: boolean }} choice
 * @returns {Backward}
 */
export function runBackward({ indices, upstream, frequency, sparse }) {
  return tidy(() => {
    const embedding = new Embedding(NUM_EMBEDDINGS, EMBEDDING_DIM, { scaleGradByFreq: frequency, sparse });
    const arriving = upstream.length === 0 ? zeros([0, EMBEDDING_DIM]) : tensor(upstream);
    const arrives = rowsOf(numberTexts(arriving), EMBEDDING_DIM);
    try {
      embedding.forward(indices).backward(arriving);
      const { grad } = embedding.weight;
      const dense = grad.isSparse ? grad.toDense() : grad;
      return {
        rows: rowsOf(dense.data, EMBEDDING_DIM),
        texts: rowsOf(numberTexts(dense), EMBEDDING_DIM),
        norms: numberTexts(dense.norm(2, 1)),
        arrives, printed: grad.toString(), error: null,
      };
    } catch (error) {
      return { rows: [], texts: [], norms: [], arrives, printed: null, error: { name: error.name, message: error.message } };
    } finally {
      embedding.weight.grad?.dispose();
      embedding.dispose();
    }
  });
}
