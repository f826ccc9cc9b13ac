/**
 * The figure about optimisers: the same table, trained on the same batches by several of them, step by step. The state says how many
 * steps; the trainings run that far, so that the slider, the address and the buttons all lead to the same numbers.
 */
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { createGrid } from '../../components/grid.js';
import { segments } from '../../components/controls.js';
import { rowsOf } from '../../components/numbers.js';
import { tensor } from 'nn-embedding';
import { programs } from './code.js';
import { settingsTemplate, transportTemplate } from './controls.js';
import { createFirstTouch } from './first-touch.js';
import { legendTemplate, panelsTemplate } from './picture.js';
import { FIELDS, MOST_STEPS, NAMES, SCENARIOS, WINDOW } from './state.js';
import { OPTIMIZERS, describeTable } from './training.js';
import { createTrainings, viewOf } from './view.js';
import { words } from './words.js';

/** Playing makes a step about eight times a second, slow enough to see which row is next. */
const STEP_MS = 120;
const GRID_REACH = 3;

/** @type {import('../../frame/section.js').Section} */
export const optimizers = { id: 'optimizers', fields: FIELDS, create };

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce, visible }) {
  const trainings = createTrainings();
  const view = computed(() => viewOf(trainings(store.state.value), store.state.value));
  const grid = createGrid('optimizers-grid', announce);
  const firstTouch = createFirstTouch();
  const playing = signal(false);
  /** Dots glide after a single step; while playing or under a slider they follow at once. */
  const glides = signal(false);
  const stillness = matchMedia('(prefers-reduced-motion: reduce)');
  const jumps = signal(stillness.matches);
  stillness.addEventListener('change', () => { jumps.value = stillness.matches; });

  const say = () => announce(words().status.said(view.value, (name) => OPTIMIZERS[name].label));

  function change(patch, { gesture = null, glide = false } = {}) {
    glides.value = glide;
    store.edit(patch, gesture);
  }

  function stop() {
    if (!playing.value) return;
    playing.value = false;
    store.endGesture();
    say();
  }

  let due = 0;
  function frame(time) {
    if (!playing.value) return;
    if (time >= due) {
      due = time + STEP_MS;
      const { steps } = store.state.value;
      if (steps < MOST_STEPS) change({ steps: steps + 1 }, { gesture: 'play' });
      if (steps + 1 >= MOST_STEPS) return stop();
    }
    requestAnimationFrame(frame);
  }

  effect(() => { if (!visible.value) untracked(stop); });
  document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); });

  const actions = {
    change(patch) {
      stop();
      change(patch);
      say();
    },
    settled() {
      stop();
      glides.value = false;
      say();
    },
    step() {
      stop();
      const { steps } = store.state.value;
      if (steps >= MOST_STEPS) return announce(words().status.atEnd(MOST_STEPS));
      change({ steps: steps + 1 }, { glide: true });
      say();
    },
    play() {
      const { steps } = store.state.value;
      if (playing.value) return stop();
      if (steps >= MOST_STEPS) return announce(words().status.atEnd(MOST_STEPS));
      if (jumps.value) return actions.change({ steps: Math.min(steps + WINDOW, MOST_STEPS) });
      due = 0;
      playing.value = true;
      requestAnimationFrame(frame);
    },
    reset: () => actions.change({ steps: 0 }),
    choosePreset: (preset) => actions.change({ preset, ...SCENARIOS[preset] }),
    /** Shows an optimiser or takes it away; the last one stays. */
    toggle(name) {
      const { which } = store.state.value;
      const next = NAMES.filter((other) => (other === name ? !which.includes(name) : which.includes(other)));
      if (next.length > 0) actions.change({ which: next });
    },
  };

  function tableTemplate() {
    const { chosen, corpus, steps, panels } = view.value;
    const { dim } = store.state.value;
    const text = words().table;
    const { texts } = describeTable(chosen.now.weights, dim);
    const rows = rowsOf(texts, dim);
    const values = rowsOf(chosen.now.weights, dim);
    return html`
      <div class="table-choice">
        ${segments({ id: 'optimizers-program', name: 'program', label: text.choose, value: chosen.name, choices: panels.map(({ name }) => [name, OPTIMIZERS[name].label]), onChange: (program) => actions.change({ program }) })}
      </div>
      <details class="in-numbers">
        <summary>${text.heading(OPTIMIZERS[chosen.name].label, steps)}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${text.region}>
          ${grid.template({
            caption: html`<code>embedding.weight</code>`,
            columns: rows[0].map((_, column) => String(column)),
            moreColumns: [text.moved],
            reach: GRID_REACH,
            rows: rows.map((row, r) => ({
              name: corpus.names && r > 0 ? `${r} ${corpus.names[r]}` : String(r),
              values: values[r],
              texts: row,
              count: chosen.now.touched.filter((touched) => touched === r).length,
              tag: r === 0 ? text.pad : undefined,
              more: [steps === 0 ? '' : chosen.now.moved.includes(r) ? (chosen.now.touched.includes(r) ? text.yes : text.drifted) : text.no],
            })),
          })}
        </div>
      </details>`;
  }

  return {
    template: () => html`
      <div class="training">
        ${transportTemplate({ store, playing, jumps, actions })}
        <p class="status">${words().status.batch(view.value)}</p>
        ${panelsTemplate(view.value, glides.value)}
        ${view.value.share === null ? nothing : html`<p class="hint">${words().projection(view.value.share)}</p>`}
        ${legendTemplate()}
        <p class="caption">${words().captions[store.state.value.preset]}</p>
        ${settingsTemplate({ store, actions })}
      </div>
      ${firstTouch()}
      ${tableTemplate()}`,
    code: () => programs(view.value.chosen, store.state.value),
    values: () => view.value.panels.map(({ name, now }) => ({ name, tensor: tensor(now.weights, { shape: [view.value.corpus.rows, store.state.value.dim] }) })),
    lab: () => ({
      steps: view.value.steps,
      playing: playing.value,
      touched: Array.from({ length: view.value.steps }, (_, step) => view.value.corpus.batches[view.value.corpus.batchOf(step)]),
      moved: Object.fromEntries(view.value.panels.map(({ name, moments }) => [name, moments.slice(1).map(({ moved }) => moved)])),
      losses: Object.fromEntries(view.value.panels.map(({ name, moments }) => [name, moments.map(({ loss }) => loss)])),
      weights: Object.fromEntries(view.value.panels.map(({ name, now }) => [name, Array.from(now.weights)])),
    }),
  };
}
