/** What the reader chooses in the figure for max_norm. */
import { REACH } from '../../components/plane.js';
import { INDEX_LIMIT, MAX_INDICES } from '../../components/controls.js';
import { clamp, flag, list, number, readNumber, table } from '../../frame/fields.js';

export const NUM_EMBEDDINGS = 6;
export const MAX_NORM_LIMIT = 6;
export const NORM_TYPE_RANGE = [0.25, 8];

/** norm_type as one of a few. */
const normChoice = (initial, choices) => ({
  initial,
  read: (text) => choices.find((p) => (p === Infinity ? 'inf' : String(p)) === text),
  write: (p) => (p === Infinity ? 'inf' : String(p)),
});

/** Of the main figure. Rows 2 and 3 are outside and looked up, row 4 is outside and is not, row 0 is the padding row. */
export const MAIN_FIELDS = {
  /** The table before the call. */
  rows: table([[0, 0], [1.2, -0.8], [-3.5, 1.2], [3, 4], [2.4, -3.2], [-1.2, -0.9]], -REACH, REACH),
  /** Whether the call is shown: if not, the table waits. */
  called: flag(true),
  /** What the reader typed, valid or not. */
  indices: list([3, 2, 3, 0], { low: -INDEX_LIMIT, high: INDEX_LIMIT, most: MAX_INDICES }),
  pad: paddingField(0, NUM_EMBEDDINGS),
  /** max_norm; 'off' keeps none. */
  limit: { initial: 2, read: (text) => (text === 'off' ? null : number(2, 0, MAX_NORM_LIMIT).read(text)), write: (limit) => (limit === null ? 'off' : String(limit)) },
  /** norm_type; Infinity is the infinity norm. */
  p: { initial: 2, read: (text) => (text === 'inf' ? Infinity : number(2, ...NORM_TYPE_RANGE).read(text)), write: (p) => (p === Infinity ? 'inf' : String(p)) },
};

export const RAY_REACH = 3;
export const WIDE_NUM_EMBEDDINGS = 5;
export const NORM_TYPES = [1, 2, Infinity];
/** What happens to the row of the steps: l is a lookup, s a step of the optimizer. A lookup and three times ten rounds fit in. */
export const MOST_ACTIONS = 61;

export const FIELDS = {
  ...MAIN_FIELDS,
  /** The nearest point: one row, and norm_type. */
  ray: table([[2.4, 1.6]], -RAY_REACH, RAY_REACH),
  rayp: normChoice(1, NORM_TYPES),
  /** More than two numbers in a row. */
  wideindices: list([0, 1, 3, 3], { low: -INDEX_LIMIT, high: INDEX_LIMIT, most: MAX_INDICES }),
  widelimit: number(2, 0.1, MAX_NORM_LIMIT),
  widep: normChoice(2, NORM_TYPES),
  steps: {
    initial: 'lslslslsssl',
    read: (text) => (/^l[ls]*$/.test(text) ? text.slice(0, MOST_ACTIONS) : undefined),
    write: (actions) => actions,
  },
  /** The gradient that arrives at the output. */
  arrives: table([[10, 20]], -100, 100),
  clone: flag(false),
};

/** padding_idx: a row, or null. */
export function paddingField(initial, rows) {
  return {
    initial,
    read(text) {
      if (text === 'none') return null;
      const row = readNumber(text, 0, rows - 1, undefined);
      return row === undefined ? undefined : Math.round(clamp(row, 0, rows - 1));
    },
    write: (row) => (row === null ? 'none' : String(row)),
  };
}

const NORM_LABELS = new Map([[0.5, '½'], [Infinity, '∞']]);

/** A norm_type as it stands beside a norm: '½', '2', '∞'. */
export const normLabel = (normType) => NORM_LABELS.get(normType) ?? String(normType);
