/** The lookup of the first figure, as the package does it. */
import { Embedding, manualSeed, tidy } from 'nn-embedding';
import { numberTexts, rowsOf } from '../../components/numbers.js';
import { EMBEDDING_DIM, WORDS } from './state.js';

/**
 * What a new layer prints, row by row: four digits of each number, which then are the table, so that a program can name it in full.
 * @param {number} seed
 * @returns {string[][]}
 */
export function firstTexts(seed) {
  return tidy(() => {
    manualSeed(seed);
    const layer = new Embedding(WORDS.length, EMBEDDING_DIM);
    const texts = rowsOf(numberTexts(layer.weight), EMBEDDING_DIM);
    layer.dispose();
    return texts;
  });
}

/** A layer with this table; the caller disposes of it. */
export const layerOf = (texts) => Embedding.fromPretrained(texts.map((row) => row.map(Number)), { freeze: false });

/**
 * @typedef {object} Numbers
 * @property {number[][]} rows
 * @property {string[][]} texts
 * @property {string} text as Python prints it
 *
 * @param {string[][]} texts the table
 * @param {(number | undefined)[]} indices
 * @returns {{ table: Numbers, output: Numbers | null, error: { name: string, message: string } | null }}
 */
export function lookUp(texts, indices) {
  return tidy(() => {
    const layer = layerOf(texts);
    try {
      const table = numbersOf(layer.weight);
      try {
        return { table, output: numbersOf(layer.forward(indices)), error: null };
      } catch ({ name, message }) {
        return { table, output: null, error: { name, message } };
      }
    } finally {
      layer.dispose();
    }
  });
}

const numbersOf = (tensor) => ({
  rows: rowsOf(tensor.data, EMBEDDING_DIM),
  texts: rowsOf(numberTexts(tensor), EMBEDDING_DIM),
  text: tensor.toString(),
});
