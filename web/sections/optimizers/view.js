/** From the moments of several trainings to what is drawn: which scale, which axes, which window. No value is made here. */
import { rowsOf } from '../../components/numbers.js';
import { clamp } from '../../frame/fields.js';
import { WINDOW } from './state.js';
import { OPTIMIZERS, axesOf, createTraining, wayOf } from './training.js';

/** Axes are fitted to the tables after so many steps, whatever is shown, so that only rows move and never the axes. */
const FITTED_AT = 60;
/** The plane reaches as far as one of these, so that it seldom changes its scale; a row that runs away stops at its border. */
const REACHES = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
const FARTHEST = REACHES[REACHES.length - 1];
/** A loss that grows stops at so many times the first one. */
const MOST_GROWTH = 2;
/** The row that the scenario looks up once. */
const ONCE = 1;

const isSparse = (name, grads) => (grads === 'own' ? OPTIMIZERS[name].sparse : grads === 'sparse');

/** Keeps the trainings of the choice that is shown, and frees those of another; also where their rows are drawn. */
export function createTrainings() {
  const running = new Map();
  let fitted = { to: '', axes: null, places: new WeakMap() };
  return (state) => {
    const { preset, lr, seed, dim, grads, which, steps } = state;
    const wanted = new Map(which.map((optimizer) => {
      const choice = { preset, optimizer, lr, seed, dim, sparse: isSparse(optimizer, grads) };
      return [JSON.stringify(choice), choice];
    }));
    for (const [key, training] of running) {
      if (wanted.has(key)) continue;
      training.dispose();
      running.delete(key);
    }
    const panels = [...wanted].map(([key, choice]) => {
      if (!running.has(key)) running.set(key, createTraining(choice));
      return { name: choice.optimizer, sparse: choice.sparse, training: running.get(key) };
    });
    const isProjected = dim > 2;
    for (const { training } of panels) training.runTo(Math.max(steps, isProjected ? FITTED_AT : 0));
    const to = [...wanted.keys()].join();
    if (fitted.to !== to) fitted = { to, axes: isProjected ? axesOf(panels.map(({ training }) => fittedTable(training.moments)), dim) : null, places: new WeakMap() };
    const { axes, places } = fitted;
    const placesOf = (moment) => {
      if (!places.has(moment)) places.set(moment, rowsOf(axes === null ? moment.weights : axes.place(moment.weights), 2));
      return places.get(moment);
    };
    return { panels, isProjected, share: axes === null ? null : axes.share, placesOf };
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
 * @property {number} away how many rows are beyond the border of the plane
 * @property {string[] | null} way how far the row has come that the scenario looks up once
 * @property {import('./training.js').Moment[]} moments all, up to now
 */

/** @param {ReturnType<ReturnType<typeof createTrainings>>} trainings @param {any} state */
export function viewOf({ panels: trainings, isProjected, share, placesOf }, { steps, dim, lr, preset, program }) {
  const first = Math.max(0, steps - WINDOW);
  let reach = REACHES[0];
  /** @type {Panel[]} */
  const panels = trainings.map(({ name, sparse, training }) => {
    const moments = training.moments.slice(0, steps + 1);
    const now = moments[moments.length - 1];
    const places = training.moments.map(placesOf);
    const shown = isProjected ? places : places.slice(0, steps + 1);
    const farthest = Math.max(...shown.flat(2).map((value) => Math.abs(value)).filter(Number.isFinite));
    reach = Math.max(reach, REACHES.find((step) => step >= farthest) ?? FARTHEST);
    const here = places[moments.length - 1];
    return {
      name, sparse, now, moments,
      error: steps > 0 ? training.error() : null,
      places: places.slice(first, steps + 1).map((rows) => rows.map(onPlane)),
      away: here.filter((values) => values.some((value) => !(Math.abs(value) <= FARTHEST))).length,
      recent: moments.slice(first + 1),
      drifted: now.moved.filter((row) => !now.touched.includes(row)),
      way: preset === 'drift' && steps > 0 && training.error() === null ? wayOf(moments[0].weights, now.weights, ONCE, dim, lr).slice(0, 2) : null,
    };
  });
  const losses = panels.flatMap(({ moments }) => moments.map(({ loss }) => loss)).filter(Number.isFinite);
  const { corpus } = trainings[0].training;
  return {
    panels, first, steps, corpus,
    share, reach,
    mostLoss: Math.min(Math.max(...losses), MOST_GROWTH * losses[0]),
    /** The batch of the last step. */
    batch: steps === 0 ? [] : corpus.batches[corpus.batchOf(steps - 1)],
    /** Whose program and table are shown: the chosen one, or the first that is there. */
    chosen: panels.find(({ name }) => name === program) ?? panels[0],
  };
}

/** Where a row is drawn: at the border of the plane if it is beyond, or no number at all. */
const onPlane = (values) => values.map((value) => (Number.isNaN(value) ? FARTHEST : clamp(value, -FARTHEST, FARTHEST)));

/** The last table up to the fitting step that holds numbers only. */
const fittedTable = (moments) => moments.slice(0, FITTED_AT + 1).findLast(({ weights }) => weights.every(Number.isFinite)).weights;
