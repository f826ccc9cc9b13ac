/**
 * Tensors as PyTorch prints them: the layout of torch/_tensor_str.py. The numbers themselves are formatted in C.
 */
import { format } from '../wasm/kernels.js';

/** @typedef {import('./tensor.js').Tensor} Tensor */
/** @typedef {{ texts: string[], width: number }} Elements */

const LINE_WIDTH = 80;
const THRESHOLD = 1000; // more elements than this are summarised
const EDGE_ITEMS = 3;
const PREFIX = 'tensor(';

/**
 * @param {Tensor} tensor
 * @returns {string}
 */
export function tensorText(tensor) {
  const { shape, dtype, numel } = tensor;
  const content = numel === 0 ? '[]' : layoutText(tensor._values, shape, PREFIX.length);
  const suffixes = [];
  if (numel === 0 && shape.length !== 1) suffixes.push(`size=${tupleText(shape)}`);
  if (dtype === 'int32') suffixes.push('dtype=torch.int32');
  if (tensor.gradFn) suffixes.push(`grad_fn=<${tensor.gradFn}>`);
  else if (tensor.requiresGrad) suffixes.push('requires_grad=True');
  const text = withSuffixes(PREFIX + content, suffixes, lastColumn(PREFIX + content) + 2);
  return tensor._isParameter ? `Parameter containing:\n${text}` : text;
}

/** @param {readonly number[]} shape @returns {string} a Python tuple */
function tupleText(shape) {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** @param {string} text @returns {number} length of its last line */
function lastColumn(text) {
  return text.length - text.lastIndexOf('\n') - 1;
}

/**
 * Adds the suffixes and the closing parenthesis, each on the last line where it fits.
 * @param {string} text
 * @param {readonly string[]} suffixes
 * @param {number} column where the next one would begin
 */
function withSuffixes(text, suffixes, column) {
  for (const suffix of suffixes) {
    if (column + suffix.length + 2 <= LINE_WIDTH) {
      text += `, ${suffix}`;
      column += suffix.length + 2;
    } else {
      text += `,\n${' '.repeat(PREFIX.length)}${suffix}`;
      column = PREFIX.length + suffix.length;
    }
  }
  return `${text})`;
}

/**
 * @param {import('./sparse-tensor.js').SparseTensor} sparse
 * @returns {string}
 */
export function sparseTensorText(sparse) {
  const { nnz, shape } = sparse;
  const [numEmbeddings, embeddingDim] = shape;
  const part = (/** @type {Float32Array | Int32Array} */ values, /** @type {number[]} */ size, /** @type {number} */ indent) =>
    values.length === 0 ? `tensor([], size=${tupleText(size)})` : `tensor(${layoutText(values, size, indent)})`;
  const { values } = sparse._rows;
  const margin = ' '.repeat(PREFIX.length);
  // The two parts are always followed by a new line, and so is the first suffix.
  const text =
    `${PREFIX}indices=${part(sparse.indices(), [1, nnz], 22)},\n` +
    `${margin}values=${part(values.view('float32', nnz * embeddingDim), [nnz, embeddingDim], 21)}`;
  return withSuffixes(text, [`size=${tupleText([numEmbeddings, embeddingDim])}`, `nnz=${nnz}`, 'layout=torch.sparse_coo'], LINE_WIDTH);
}

/**
 * Elements in brackets.
 * @param {Float32Array | Int32Array} data at least one
 * @param {readonly number[]} shape
 * @param {number} indent column of the first bracket
 * @returns {string}
 */
function layoutText(data, shape, indent) {
  const isSummarised = data.length > THRESHOLD;
  const shown = shape.map((size) => shownPlaces(size, isSummarised));
  const { texts, width } = elementTexts(shownValues(data, shape, shown));
  if (shape.length === 0) return texts[0];
  let next = 0;

  /** @type {(dim: number, column: number) => string} */
  const layout = (dim, column) => {
    const isVector = dim === shape.length - 1;
    const items = shown[dim].map((place) => (place === null ? gap(isVector) : isVector ? texts[next++] : layout(dim + 1, column + 1)));
    const lines = isVector ? inLines(items, Math.max(1, Math.floor((LINE_WIDTH - column) / (width + 2)))) : items;
    const newlines = '\n'.repeat(isVector ? 1 : shape.length - 1 - dim);
    return `[${lines.join(`,${newlines}${' '.repeat(column + 1)}`)}]`;
  };
  return layout(0, indent);
}

/** @param {boolean} isVector @returns {string} what stands for the places left out */
function gap(isVector) {
  return isVector ? ' ...' : '...';
}

/**
 * @param {string[]} items
 * @param {number} perLine
 * @returns {string[]}
 */
function inLines(items, perLine) {
  const lines = [];
  for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '));
  return lines;
}

/**
 * @param {number} size
 * @param {boolean} isSummarised
 * @returns {(number | null)[]} the places of a dimension that are shown; null stands for those left out
 */
function shownPlaces(size, isSummarised) {
  const all = (/** @type {number} */ from, /** @type {number} */ to) => Array.from({ length: to - from }, (_, i) => from + i);
  return isSummarised && size > 2 * EDGE_ITEMS ? [...all(0, EDGE_ITEMS), null, ...all(size - EDGE_ITEMS, size)] : all(0, size);
}

/**
 * The elements that are shown, one after another.
 * @param {Float32Array | Int32Array} data
 * @param {readonly number[]} shape
 * @param {(number | null)[][]} shown
 * @returns {Float32Array | Int32Array}
 */
function shownValues(data, shape, shown) {
  if (!shown.some((places) => places.includes(null))) return data.slice();
  const values = /** @type {number[]} */ ([]);
  const walk = (/** @type {number} */ dim, /** @type {number} */ row) => {
    for (const place of shown[dim]) {
      if (place === null) continue;
      const at = row * shape[dim] + place;
      if (dim === shape.length - 1) values.push(data[at]);
      else walk(dim + 1, at);
    }
  };
  walk(0, 0);
  return data instanceof Float32Array ? Float32Array.from(values) : Int32Array.from(values);
}

/** @param {Float32Array | Int32Array} values @returns {Elements} */
function elementTexts(values) {
  if (values instanceof Float32Array) return format(values);
  const texts = Array.from(values, String);
  const width = Math.max(...texts.map((text) => text.length));
  return { texts: texts.map((text) => text.padStart(width)), width };
}

/** @param {number} value @returns {string} a whole number as Python shows an int, another as a float */
export function numberText(value) {
  return Number.isInteger(value) ? String(value) : floatText(value);
}

/**
 * A number as Python's repr shows a float: with `.0` if whole, exponents of two digits below 1e-4 and from 1e16.
 * @param {number} value
 * @returns {string}
 */
export function floatText(value) {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Object.is(value, -0) ? '-0.0' : Number.isInteger(value) ? `${value}.0` : String(value);
}
