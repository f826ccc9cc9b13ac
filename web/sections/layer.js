/**
 * What the figures show, computed: every value, norm, decision and text here is the answer of `nn-embedding`.
 * The functions are pure: they take the reader's choices and leave no tensor behind.
 */
import { Embedding, arange, functional, tensor, tidy } from 'nn-embedding';
import { numberTexts, rowsOf } from '../components/numbers.js';

/**
 * @typedef {object} Table one state of the weight, as numbers to place and as texts to read
 * @property {number[][]} rows
 * @property {string[][]} texts
 * @property {string[]} norms     the norm of each row, of the chosen norm_type
 * @property {number[]} outside   the rows that the rule would rescale, looked up or not
 * @property {string} text        as Python prints it
 *
 * @typedef {object} Call
 * @property {Table} before
 * @property {Table} after        equal to `before` when the call fails
 * @property {string | null} output
 * @property {number[]} rescaled  the rows that the call rewrites
 * @property {string[]} scales  what each of them is multiplied by
 * @property {{ name: string, message: string } | null} error
 */

/** The options as the constructor takes them: what is off is left out. */
function layerOptions({ paddingIdx, maxNorm, normType }) {
  return {
    ...(paddingIdx === null ? {} : { paddingIdx }),
    ...(maxNorm === null ? {} : { maxNorm, normType }),
  };
}

/** Runs `body` with a layer made from `rows`, and frees the layer. */
export function withPretrained(rows, options, body) {
  const layer = Embedding.fromPretrained(rows, { freeze: false, ...layerOptions(options) });
  try {
    return body(layer);
  } finally {
    layer.dispose();
  }
}

/** The rows of a table that are longer than max_norm: the rule itself is asked, on a copy. */
export function rowsOutside(rows, indices, { maxNorm, normType }) {
  if (maxNorm === null) return [];
  return Array.from(functional.embeddingRenorm(tensor(rows), indices, maxNorm, normType).rescaled);
}

/** @returns {Table} */
function describe(weight, options) {
  const [numEmbeddings, embeddingDim] = weight.shape;
  const rows = rowsOf(weight.data, embeddingDim);
  return {
    rows,
    texts: rowsOf(numberTexts(weight), embeddingDim),
    norms: numberTexts(tensor(rows).norm(options.normType, 1)),
    outside: rowsOutside(rows, arange(numEmbeddings), options),
    text: weight.toString(),
  };
}

/**
 * One lookup: the table before it, the table after it, and what came out.
 * @param {{ rows: number[][], indices: number[], paddingIdx: number | null, maxNorm: number | null, normType: number }} choice
 * @returns {Call}
 */
export function runCall({ rows, indices, ...options }) {
  return tidy(() => withPretrained(rows, options, (layer) => {
    const before = describe(layer.weight, options);
    try {
      const output = layer.forward(indices).toString();
      const rescaled = rowsOutside(rows, indices, options);
      return { before, after: describe(layer.weight, options), output, rescaled, scales: rescaled.map((row) => scaleOf(rows[row], options)), error: null };
    } catch (error) {
      return { before, after: describe(layer.weight, options), output: null, rescaled: [], scales: [], error: { name: error.name, message: error.message } };
    }
  }));
}

/** Keeps the rule from a division by zero; it is PyTorch's. */
const EPSILON = 1e-7;

const scaleOf = (row, { maxNorm, normType }) => numberTexts(tensor(maxNorm).div(tensor(row).norm(normType).add(EPSILON)))[0];

/** How far away the rows start that draw the border: outside of every ball the page can show. */
const FAR = 64;
const STEPS = 48;

/** Rows on the edge of a large square, dense near the axes where a star has its points. */
const FAR_ROWS = farRows();

function farRows() {
  const near = Array.from({ length: STEPS + 1 }, (_, k) => FAR * (k / STEPS) * (k / STEPS) * (k / STEPS));
  const quarter = [...near.map((y) => [FAR, y]), ...near.slice(1, -1).reverse().map((x) => [x, FAR])];
  const half = [...quarter, ...quarter.map(([x, y]) => [-y, x])];
  return [...half, ...half.map(([x, y]) => [-x, -y])];
}

/**
 * The border of the p-norm ball, drawn by the rule: far rows are rescaled by the same `embeddingRenorm` as the table.
 * @returns {number[][]} a closed outline
 */
export function ballOutline(maxNorm, normType) {
  return tidy(() => {
    const border = tensor(FAR_ROWS);
    functional.embeddingRenorm(border, arange(FAR_ROWS.length), maxNorm, normType);
    return rowsOf(border.data, 2);
  });
}
