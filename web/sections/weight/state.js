/** What the reader chooses in the figure of the weight matrix. */
import { choice, flag, integer } from '../../frame/fields.js';

export const MOST_ROWS = 10000;
export const LEAST_ROWS = 4;
export const MOST_COLUMNS = 128;
export const MOST_SEED = 9999;
/** The colour range that does not follow the table. */
export const FIXED_REACH = 3;
export const INITS = ['normal', 'zeros', 'arange'];

export const FIELDS = {
  n: integer(1000, LEAST_ROWS, MOST_ROWS),
  d: integer(64, 1, MOST_COLUMNS),
  init: choice('normal', INITS),
  range: choice('auto', ['auto', 'fixed']),
  seed: integer(0, 0, MOST_SEED),
  /** Whether numbers below zero have a stroke as well as a colour. */
  strokes: flag(false),
  /** The number that is looked at closely. */
  row: integer(2, 0, MOST_ROWS - 1),
  col: integer(5, 0, MOST_COLUMNS - 1),
};

/** The stops of the slider of rows: even steps of a logarithmic scale, moved to round numbers. */
const ROW_STOPS = [
  4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 320, 400, 500, 640, 800,
  1000, 1250, 1600, 2000, 2500, 3200, 4000, 5000, 6400, 8000, 10000,
];

export const ROW_SCALE = {
  places: ROW_STOPS.length - 1,
  from: (place) => ROW_STOPS[place],
  to(value) {
    const above = ROW_STOPS.findIndex((stop) => stop >= value);
    return above < 0 ? ROW_STOPS.length - 1 : above;
  },
};
