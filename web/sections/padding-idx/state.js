/** What the reader chooses in the figures for padding_idx. */
import { choice, flag, integer, readNumber, table } from '../../frame/fields.js';

export const NUM_EMBEDDINGS = 5;
export const EMBEDDING_DIM = 4;
export const LEARNING_RATE = 0.1;
export const WEIGHT_DECAY = 0.5;
export const MAX_NORM = 1;
export const MOST_EVENTS = 12;
export const WRITTEN_LIMIT = 9;
export const MOST_PADS = 4;

/** What can happen to the row, each a letter in the address. */
export const EVENTS = { construct: 'c', pretrained: 'p', write: 'w', init: 'i', zero: 'z', train: 't', decay: 'd', adamw: 'a', tied: 'o', lookup: 'l' };
const NAMES = new Map(Object.entries(EVENTS).map(([name, letter]) => [letter, name]));

/** The events that make a new layer: a history starts with one of them. */
export const isBirth = (event) => event === 'construct' || event === 'pretrained';

export const FIRST_EVENTS = ['construct'];

/** One choice on each side of what is valid shows the error. */
export const PADDING_RANGE = [-NUM_EMBEDDINGS - 1, NUM_EMBEDDINGS];

export const FIELDS = {
  /** padding_idx as it is given to the layer; null is None. */
  pad: {
    initial: 0,
    read(text) {
      if (text === 'none') return null;
      const row = readNumber(text, ...PADDING_RANGE, undefined);
      return row === undefined ? undefined : Math.round(row);
    },
    write: (row) => (row === null ? 'none' : String(row)),
  },
  events: {
    initial: ['construct', 'write', 'train', 'decay'],
    read(text) {
      const events = [...text].map((letter) => NAMES.get(letter)).filter((name) => name !== undefined);
      return (isBirth(events[0]) ? events : [...FIRST_EVENTS, ...events]).slice(0, MOST_EVENTS);
    },
    write: (events) => events.map((name) => EVENTS[name]).join(''),
  },
  /** What is written by hand. */
  row: table([[1, 2, 3, 4]], -WRITTEN_LIMIT, WRITTEN_LIMIT),
  /** Of the second figure: how rows become one, how many pads follow the words, and whether the padding row is zero. */
  mode: choice('mean', ['mean', 'sum', 'max']),
  pads: integer(2, 0, MOST_PADS),
  zeros: flag(true),
};
