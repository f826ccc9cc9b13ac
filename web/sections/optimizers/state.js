/** What the reader chooses in the figure about optimisers. The steps are not kept: they are run again from the seed. */
import { choice, integer, readNumber, some } from '../../frame/fields.js';

/** The optimisers, in the order in which their panels stand. */
export const NAMES = ['sgd', 'momentum', 'adagrad', 'sparse-adam', 'adam', 'adamw'];
const FIRST_NAMES = ['sgd', 'momentum', 'sparse-adam', 'adam'];

export const MOST_STEPS = 200;
/** How far back trails and the raster reach, and how far 'run 30 steps' goes. */
export const WINDOW = 30;
export const RATES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
export const RATE_LIMITS = [RATES[0], RATES[RATES.length - 1]];
export const LAST_SEED = 9999;

/** What a scenario shows when it is chosen. */
export const SCENARIOS = {
  corpus: { which: FIRST_NAMES, steps: 30 },
  drift: { which: NAMES, steps: 21 },
};

const DIGITS = 3;
/** A learning rate that a program can spell out. */
export const rateOf = (value) => Number(value.toPrecision(DIGITS));

export const FIELDS = {
  preset: choice('corpus', Object.keys(SCENARIOS)),
  which: some(FIRST_NAMES, NAMES),
  steps: integer(SCENARIOS.corpus.steps, 0, MOST_STEPS),
  lr: {
    initial: 0.1,
    read(text) {
      const value = readNumber(text, ...RATE_LIMITS, undefined);
      return value === undefined ? undefined : rateOf(value);
    },
    write: String,
  },
  seed: integer(2, 0, LAST_SEED),
  dim: choice(2, [2, 16]),
  /** Which gradients the layers give: to each optimiser the kind that it takes, or the same to all. */
  grads: choice('own', ['own', 'dense', 'sparse']),
  /** Whose program and table are shown. */
  program: choice('adam', NAMES),
};
