/** From the moments of several trainings to what is drawn: which scale, which axes, which window. No value is made here. */
import { rowsOf } from '../../components/numbers.js';
import { WINDOW } from './state.js';
import { OPTIMIZERS, axesOf, createTraining, wayOf } from './training.js';

/** Axes are fitted to the tables after so many steps, whatever is shown, so that only rows move and never the axes. */
const FITTED_AT = 60;
/** The plane reaches as far as one of these, so that it does not change its scale at every step. */
const REACHES = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12, 16, 24, 32, 64, 128, 256];
/** The row that the scenario looks up once. */
const ONCE = 1;

const isSparse = (name, grads) => (grads === 'own' ? OPTIMIZERS[name].sparse : grads === 'sparse');

/** Keeps the trainings of the choice that is shown, and frees those of another. */
export function createTrainings() {
  const running = new Map();
  return (state) => {
    const { preset, lr, seed, dim, grads, which } = state;
    const wanted = new Map(which.map((optimizer) => {
      const choice = { preset, optimizer, lr, seed, dim, sparse: isSparse(optimizer, grads) };
      return [JSON.stringify(choice), choice];
    }));
    for (const [key, training] of running) {
      if (wanted.has(key)) continue;
      training.dispose();
      running.delete(key);
    }
    return [...wanted].map(([key, choice]) => {
      if (!running.has(key)) running.set(key, createTraining(choice));
      return { name: choice.optimizer, sparse: choice.sparse, training: running.get(key) };
    });
  };
}

/**
 * @typedef {object} Panel one optimiser
 * @property {string} name
 * @property {boolean} sparse
 * @property {{ name: string, message: string } | null} error
 * @property {import('./training.js').Moment} now
 * @property {number[][][]} places of the rows, at each step of the window
 * @property {import('./training.js').Moment[]} recent the steps of the window
 * @property {number[]} drifted the rows that moved without being looked up
 * @property {string[] | null} way how far the row has come that the scenario looks up once
 * @property {import('./training.js').Moment[]} moments all, up to now
 */

/** @param {ReturnType<ReturnType<typeof createTrainings>>} trainings @param {any} state */
export function viewOf(trainings, { steps, dim, lr, preset, program }) {
  const isProjected = dim > 2;
  for (const { training } of trainings) training.runTo(Math.max(steps, isProjected ? FITTED_AT : 0));
  const axes = isProjected ? axesOf(trainings.map(({ training: { moments } }) => moments[Math.min(FITTED_AT, moments.length - 1)].weights), dim) : null;
  const placesOf = ({ weights }) => rowsOf(axes === null ? weights : axes.place(weights), 2);
  const first = Math.max(0, steps - WINDOW);
  /** @type {Panel[]} */
  const panels = trainings.map(({ name, sparse, training }) => {
    const moments = training.moments.slice(0, steps + 1);
    const now = moments[moments.length - 1];
    return {
      name, sparse, now, moments,
      error: steps > 0 ? training.error() : null,
      places: moments.slice(first).map(placesOf),
      recent: moments.slice(first + 1),
      drifted: now.moved.filter((row) => !now.touched.includes(row)),
      way: preset === 'drift' && steps > 0 && training.error() === null ? wayOf(moments[0].weights, now.weights, ONCE, dim, lr).slice(0, 2) : null,
    };
  });
  const farthest = Math.max(...panels.flatMap(({ places }) => places.flat(2)).map(Math.abs));
  const { corpus } = trainings[0].training;
  return {
    panels, first, steps, corpus,
    share: axes === null ? null : axes.share,
    reach: REACHES.find((reach) => reach >= farthest) ?? farthest,
    mostLoss: Math.max(...panels.flatMap(({ moments }) => moments.map(({ loss }) => loss))),
    /** The batch of the last step. */
    batch: steps === 0 ? [] : corpus.batches[corpus.batchOf(steps - 1)],
    /** Whose program and table are shown: the chosen one, or the first that is there. */
    chosen: panels.find(({ name }) => name === program) ?? panels[0],
  };
}
