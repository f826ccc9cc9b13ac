/** One lookup, computed: every value, shape and text here is the answer of `nn-embedding`. */
import { tensor, tidy } from 'nn-embedding';
import { numberTexts, rowsOf } from '../../components/numbers.js';
import { withPretrained } from '../layer.js';
import { isFloat, nested } from './state.js';

export const WEIGHT = [
  [0.9, -0.4, 0.1, 0.6],
  [-0.7, 0.8, -0.2, 0.3],
  [0.2, 0.5, -0.9, -0.6],
  [-0.3, -0.8, 0.7, 0.4],
  [0.5, 0.1, 0.8, -0.9],
  [-0.6, 0.3, -0.1, 0.9],
];

const OPTIONS = { paddingIdx: null, maxNorm: null, normType: 2 };
const BYTES_PER_NUMBER = 4;

/**
 * @typedef {object} Lookup
 * @property {Numbers} weight after the call
 * @property {Numbers | null} output null when the call fails
 * @property {number} bytes that were read
 * @property {{ name: string, message: string } | null} error
 *
 * @typedef {object} Numbers
 * @property {number[]} shape
 * @property {number[][]} rows
 * @property {string[][]} texts as the package prints them
 * @property {string} text the whole of it
 */

/** @returns {Numbers} */
function describe(values, embeddingDim) {
  return { shape: [...values.shape], rows: rowsOf(values.data, embeddingDim), texts: rowsOf(numberTexts(values), embeddingDim), text: values.toString() };
}

/** What the layer is called with: numbers with a point need a tensor, since JavaScript writes 1.0 and 1 alike. */
const argument = (indices) => (isFloat(indices) ? tensor(nested(indices)) : nested(indices));

/** @param {import('./state.js').IndexTensor} indices @returns {Lookup} */
export function lookUp(indices) {
  return tidy(() => withPretrained(WEIGHT, OPTIONS, (layer) => {
    const weight = () => describe(layer.weight, layer.embeddingDim);
    try {
      const output = layer.forward(argument(indices));
      return { weight: weight(), output: describe(output, layer.embeddingDim), bytes: BYTES_PER_NUMBER * output.numel, error: null };
    } catch (error) {
      return { weight: weight(), output: null, bytes: 0, error: { name: error.name, message: error.message } };
    }
  }));
}

/** The tensors of the figure, for a file. The caller disposes of them. */
export function tensorsOf(indices) {
  return withPretrained(WEIGHT, OPTIONS, (layer) => {
    const weight = layer.weight.clone();
    try {
      return [{ name: 'weight', tensor: weight }, { name: 'output', tensor: layer.forward(argument(indices)) }];
    } catch {
      return [{ name: 'weight', tensor: weight }];
    }
  });
}
