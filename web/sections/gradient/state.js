/** What the reader chooses in the figure for the gradient. */
import { randn, tidy } from 'nn-embedding';
import { INDEX_LIMIT, MAX_INDICES } from '../../components/controls.js';
import { rowsOf } from '../../components/numbers.js';
import { flag, list, readNumber } from '../../frame/fields.js';

export const NUM_EMBEDDINGS = 6;
export const EMBEDDING_DIM = 3;
/** What a number of the upstream gradient can be, and the steps in which it is dragged. */
export const LIMITS = [-5, 5];
export const STEPS_PER_UNIT = 10;

/** Row 1 three times and row 3 once, four rows not at all. */
export const FIELDS = {
  indices: list([1, 1, 1, 3], { low: -INDEX_LIMIT, high: INDEX_LIMIT, most: MAX_INDICES }),
  /** The gradient that arrives at each row of the output; rows that are left out are ones. */
  upstream: {
    initial: [],
    read(given) {
      const rows = given.split(';').slice(0, MAX_INDICES).map((row) => row.split(',').map((part) => readNumber(part, ...LIMITS, 0)));
      return rows.every((row) => row.length === EMBEDDING_DIM) ? rows : undefined;
    },
    write: (rows) => rows.map((row) => row.join(',')).join(';'),
  },
  frequency: flag(false),
  sparse: flag(false),
};

const ones = () => Array.from({ length: EMBEDDING_DIM }, () => 1);

/** One row of upstream gradient for each index. */
export const upstreamOf = ({ indices, upstream }) => indices.map((_, position) => upstream[position] ?? ones());

/** Kinds of upstream gradient that have a button: the rows for so many indices. */
export const PRESETS = {
  ones: (count) => Array.from({ length: count }, ones),
  /** Each output row sends its 1 into one column, so that the sum shows who sent what. */
  oneHot: (count) => Array.from({ length: count }, (_, row) => ones().map((one, column) => (row % EMBEDDING_DIM === column ? one : 0))),
  /** Normal numbers of the package, on the steps of a drag. */
  random: (count) => tidy(() => rowsOf(Array.from(randn([count, EMBEDDING_DIM]).data, (value) => Math.round(value * STEPS_PER_UNIT) / STEPS_PER_UNIT + 0), EMBEDDING_DIM)),
};

const same = (a, b) => a.length === b.length && a.every((row, r) => row.every((value, column) => value === b[r][column]));

/** Which of the presets these rows are, if any. */
export const presetOf = (rows) => ['ones', 'oneHot'].find((name) => same(rows, PRESETS[name](rows.length))) ?? null;
