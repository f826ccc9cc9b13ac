/**
 * What the reader has chosen: one immutable object in a signal, a history for Undo, and the codec between that
 * object and the URL's hash. Nothing here knows what an embedding computes.
 */
import { signal } from '@preact/signals-core';
import { literal } from './format.js';

/** Half the width of the plane: rows live in [-REACH, REACH] on both axes. */
export const REACH = 5;
export const NUM_EMBEDDINGS = 6;
export const EMBEDDING_DIM = 2;
export const MAX_NORM_LIMIT = 6;
export const NORM_TYPE_RANGE = [0.25, 8];
export const MAX_INDICES = 12;
export const INDEX_LIMIT = 9999;
const HISTORY_LENGTH = 200;
const VERSION = '1';
const WRITE_INTERVAL_MS = 250;

/**
 * @typedef {object} PageState
 * @property {number[][]} rows         the table before the call
 * @property {boolean} called          whether the call is shown: if not, the table waits
 * @property {number[]} indices        what the reader typed, valid or not
 * @property {number | null} paddingIdx
 * @property {number} maxNorm          kept while max_norm is off
 * @property {boolean} maxNormOn
 * @property {number} normType         Infinity is the infinity norm
 * @property {'auto' | 'light' | 'dark'} theme
 */

/** Rows 2 and 3 are outside and looked up, row 4 is outside and is not, row 0 is the padding row. @type {PageState} */
export const DEFAULT_STATE = Object.freeze({
  rows: [[0, 0], [1.2, -0.8], [-3.5, 1.2], [3, 4], [2.4, -3.2], [-1.2, -0.9]],
  called: true,
  indices: [3, 2, 3, 0],
  paddingIdx: 0,
  maxNorm: 2,
  maxNormOn: true,
  normType: 2,
  theme: 'auto',
});

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

const NORM_LABELS = new Map([[0.5, '½'], [Infinity, '∞']]);

/** A norm_type as it stands beside a norm: '½', '2', '∞'. */
export const normLabel = (normType) => NORM_LABELS.get(normType) ?? String(normType);

/** A finite number from text, clamped; `fallback` if the text is none. */
export function readNumber(text, low, high, fallback) {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? clamp(value, low, high) : fallback;
}

/** One entry for each key of the hash; `read` gets text and must return something valid. */
const FIELDS = {
  m: {
    read: (text) => (text === 'off' ? { maxNormOn: false } : { maxNormOn: true, maxNorm: readNumber(text, 0, MAX_NORM_LIMIT, DEFAULT_STATE.maxNorm) }),
    write: (state) => (state.maxNormOn ? String(state.maxNorm) : 'off'),
  },
  p: {
    read: (text) => ({ normType: text === 'inf' ? Infinity : readNumber(text, ...NORM_TYPE_RANGE, DEFAULT_STATE.normType) }),
    write: (state) => (state.normType === Infinity ? 'inf' : String(state.normType)),
  },
  pad: {
    read: (text) => ({ paddingIdx: text === 'none' ? null : Math.round(readNumber(text, 0, NUM_EMBEDDINGS - 1, DEFAULT_STATE.paddingIdx)) }),
    write: (state) => (state.paddingIdx === null ? 'none' : String(state.paddingIdx)),
  },
  ix: {
    read: (text) => ({ indices: text.split(',').slice(0, MAX_INDICES).map((part) => readNumber(part, -INDEX_LIMIT, INDEX_LIMIT, NaN)).filter((index) => !Number.isNaN(index)) }),
    write: (state) => state.indices.join(','),
  },
  w: {
    read(text) {
      const rows = text.split(';').map((row) => row.split(',').map((part) => readNumber(part, -REACH, REACH, 0)));
      const fits = rows.length === NUM_EMBEDDINGS && rows.every((row) => row.length === EMBEDDING_DIM);
      return fits ? { rows } : {};
    },
    write: (state) => (sameRows(state.rows, DEFAULT_STATE.rows) ? null : state.rows.map((row) => row.map(literal).join(',')).join(';')),
  },
  call: {
    read: (text) => ({ called: text !== '0' }),
    write: (state) => (state.called ? null : '0'),
  },
  theme: {
    read: (text) => ({ theme: ['light', 'dark'].includes(text) ? text : 'auto' }),
    write: (state) => (state.theme === 'auto' ? null : state.theme),
  },
};

const sameRows = (a, b) => a.every((row, r) => row.every((value, c) => value === b[r][c]));

/** The state a hash describes, or null where it is not one of ours. Unknown keys are kept by `writeHash`. */
export function readHash(hash) {
  const pairs = hash.replace(/^#/, '').split('&').map((pair) => pair.split('='));
  const given = new Map(pairs.map(([key, ...value]) => [key, decode(value.join('='))]));
  if (given.get('v') !== VERSION) return null;
  let state = { ...DEFAULT_STATE };
  for (const [key, field] of Object.entries(FIELDS)) {
    if (given.has(key)) state = { ...state, ...field.read(given.get(key)) };
  }
  return state;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** The hash that describes a state. `oldHash` lends the keys that this version does not know. */
export function writeHash(state, oldHash = '') {
  const own = Object.entries(FIELDS).map(([key, field]) => [key, field.write(state)]).filter(([, value]) => value !== null);
  const foreign = readHash(oldHash) === null ? [] :
    oldHash.replace(/^#/, '').split('&').filter((pair) => pair.includes('=')).filter((pair) => !['v', ...Object.keys(FIELDS)].includes(pair.split('=')[0]));
  return `#${[`v=${VERSION}`, ...own.map(([key, value]) => `${key}=${value}`), ...foreign].join('&')}`;
}

/** The page's one store. `gesture` names a drag, so that all of it is one step of Undo. */
export function createStore(initial) {
  const state = signal(initial);
  const past = signal([]);
  let openGesture = null;

  return {
    state,
    past,
    edit(patch, gesture = null) {
      const continues = gesture !== null && gesture === openGesture;
      if (!continues) past.value = [...past.value.slice(-HISTORY_LENGTH), state.value];
      openGesture = gesture;
      state.value = { ...state.value, ...patch };
    },
    endGesture() {
      openGesture = null;
    },
    undo() {
      if (past.value.length === 0) return false;
      const previous = past.value[past.value.length - 1];
      past.value = past.value.slice(0, -1);
      openGesture = null;
      state.value = { ...previous, theme: state.value.theme };
      return true;
    },
    /** Draws the fields again, so that a refused entry gives way to the value in force. */
    refresh() {
      state.value = { ...state.value };
    },
    /** The theme is a way of looking, so it is no step of Undo. */
    setTheme(theme) {
      state.value = { ...state.value, theme };
    },
  };
}

/** Keeps the address in step with the state, without filling the browser's history. */
export function syncHash(store) {
  let timer = null;
  let written = null;
  let first = true;
  const write = () => {
    timer = null;
    const hash = writeHash(store.state.value, location.hash);
    if (hash === location.hash) return;
    written = hash;
    try {
      history.replaceState(null, '', hash);
    } catch {
      // Some sandboxes refuse; the page works without an address.
    }
  };
  store.state.subscribe(() => {
    if (first) first = false;
    else timer ??= setTimeout(write, WRITE_INTERVAL_MS);
  });
  addEventListener('hashchange', () => {
    const state = location.hash === written ? null : readHash(location.hash);
    if (state !== null) store.edit(state);
  });
}
