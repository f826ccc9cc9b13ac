/** What the reader chooses in the figure for lookup: the index tensor, as it is typed. */
import { clamp } from '../../frame/fields.js';
import { INDEX_LIMIT } from '../../components/controls.js';

/**
 * @typedef {object} IndexTensor
 * @property {number[]} shape no, one or two dimensions
 * @property {string[]} texts its numbers, row by row; one with a point makes the tensor one of floats, as in Python
 */

export const MAX_LENGTH = 8;
export const MAX_ROWS = 4;
export const MAX_COLUMNS = 4;
const SCALAR = 'scalar:';
const FLOAT = /[.e]/;

/** A number as it stands in a program: '2', '1.0', '1.5'; null if the text is none. @param {string} text */
export function indexText(text) {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) return null;
  const short = Number(clamp(value, -INDEX_LIMIT, INDEX_LIMIT).toPrecision(4));
  return FLOAT.test(text) && Number.isInteger(short) ? `${short}.0` : String(short);
}

const indexTexts = (text) => text.split(',').map(indexText).filter((given) => given !== null);

/** '2,0,5,2', '1,2;4,3' for two rows, 'scalar:3' without dimensions, '' for none. */
export const indexField = (initial) => ({
  initial,
  read(text) {
    if (text.startsWith(SCALAR)) {
      const value = indexText(text.slice(SCALAR.length));
      return value === null ? undefined : { shape: [], texts: [value] };
    }
    if (!text.includes(';')) {
      const texts = indexTexts(text).slice(0, MAX_LENGTH);
      return texts.length === 0 && text !== '' ? undefined : { shape: [texts.length], texts };
    }
    const rows = text.split(';').filter((row) => row !== '').slice(0, MAX_ROWS).map(indexTexts);
    const width = Math.min(MAX_COLUMNS, ...rows.map((row) => row.length));
    return width === 0 || rows.length === 0 ? undefined : { shape: [rows.length, width], texts: rows.flatMap((row) => row.slice(0, width)) };
  },
  write({ shape, texts }) {
    if (shape.length === 0) return SCALAR + texts[0];
    if (shape.length === 1) return texts.join(',');
    return `${rowTexts({ shape, texts }).map((row) => row.join(',')).join(';')}${shape[0] === 1 ? ';' : ''}`;
  },
});

/** The rows of a tensor of two dimensions; one of fewer is one row. */
export function rowTexts({ shape, texts }) {
  if (shape.length < 2) return [texts];
  return Array.from({ length: shape[0] }, (_, row) => texts.slice(row * shape[1], (row + 1) * shape[1]));
}

/** @param {IndexTensor} indices */
export const isFloat = ({ texts }) => texts.some((text) => FLOAT.test(text));

/** As nested arrays, for the package. @param {IndexTensor} indices */
export function nested(indices) {
  const rows = rowTexts(indices).map((row) => row.map(Number));
  return indices.shape.length === 0 ? rows[0][0] : indices.shape.length === 1 ? rows[0] : rows;
}

/** The position of the n-th number: [], [3], [1, 0]. @param {IndexTensor} indices */
export function positionOf({ shape }, n) {
  if (shape.length < 2) return shape.length === 0 ? [] : [n];
  return [Math.floor(n / shape[1]), n % shape[1]];
}

/** Each has a name in the strings. */
export const PRESETS = ['2,0,5,2', '1,2;4,3', 'scalar:3', '', '-1', '6', '1.0'];

export const FIELDS = { indices: indexField({ shape: [4], texts: ['2', '0', '5', '2'] }) };

// What the buttons make of a tensor: null where there is no such thing.

/** @param {IndexTensor} indices @param {(texts: string[]) => string} next what a new number is, given its row */
export function widened({ shape, texts }, next) {
  if (shape.length === 0) return { shape: [1], texts };
  if (shape.at(-1) >= (shape.length === 1 ? MAX_LENGTH : MAX_COLUMNS)) return null;
  const rows = rowTexts({ shape, texts }).map((row) => [...row, next(row)]);
  return { shape: [...shape.slice(0, -1), shape.at(-1) + 1], texts: rows.flat() };
}

export function narrowed({ shape, texts }) {
  if (shape.length === 0 || shape.at(-1) <= shape.length - 1) return null;
  const rows = rowTexts({ shape, texts }).map((row) => row.slice(0, -1));
  return { shape: [...shape.slice(0, -1), shape.at(-1) - 1], texts: rows.flat() };
}

export function heightened({ shape, texts }, next) {
  if (shape.length === 0) return { shape: [1, 1], texts };
  if (shape.length === 1) return texts.length === 0 || texts.length > MAX_COLUMNS ? null : { shape: [2, texts.length], texts: [...texts, ...texts.map((text) => next([text]))] };
  return shape[0] >= MAX_ROWS ? null : { shape: [shape[0] + 1, shape[1]], texts: [...texts, ...texts.slice(-shape[1]).map((text) => next([text]))] };
}

/** One row fewer; the last one keeps its numbers and gives up a dimension. */
export function lowered({ shape, texts }) {
  if (shape.length < 2) return null;
  return shape[0] === 1 ? { shape: [shape[1]], texts } : { shape: [shape[0] - 1, shape[1]], texts: texts.slice(0, -shape[1]) };
}
