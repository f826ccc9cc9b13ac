/**
 * The figure of the weight matrix: the whole table as colours, one of its rows as numbers, one of its numbers as bits. The layer lives
 * as long as its options; only the rows in the window are painted.
 */
import { computed } from '@preact/signals-core';
import { html } from 'lit-html';
import { createHeatmap } from '../../components/heatmap.js';
import { literal } from '../../components/numbers.js';
import { strings } from '../../strings/index.js';
import { numberTemplate, rowTemplate } from './closer.js';
import { programs } from './code.js';
import { controlsTemplate } from './controls.js';
import { histogramTemplate } from './histogram.js';
import { bitsOf, clippedCount, factsOf, layerOf, textsOf } from './model.js';
import { FIELDS, FIXED_REACH } from './state.js';
import { words } from './words.js';

/** A table that takes longer than this, and so a frame or two, follows a slider only when that is let go. */
const MOST_MS_WHILE_DRAGGED = 12;
const PACES = 3;

/** @type {import('../../frame/section.js').Section} */
export const weight = { id: 'weight', fields: FIELDS, create };

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  const field = (name) => computed(() => store.state.value[name]);
  const [n, d, init, seed, range] = ['n', 'd', 'init', 'seed', 'range'].map(field);
  const wanted = computed(() => ({ n: n.value, d: d.value, init: init.value, seed: seed.value }));
  const waits = computed(() => ['weight-n', 'weight-d'].includes(store.gesture.value) && n.value * d.value * Math.min(...pace) > MOST_MS_WHILE_DRAGGED);
  /** What the last tables took here. The quickest of them counts: a first one is slower, and a processor may slow down later. */
  const pace = [];
  let last = wanted.peek();
  const choice = computed(() => {
    if (!waits.value) last = wanted.value;
    return last;
  });

  let living = null;
  const table = computed(() => {
    const start = performance.now();
    living?.dispose();
    living = layerOf(choice.value);
    const facts = factsOf(living, choice.value.init);
    pace.push((performance.now() - start) / facts.count);
    if (pace.length > PACES) pace.shift();
    return { layer: living, facts };
  });
  const layer = computed(() => table.value.layer);
  const facts = computed(() => table.value.facts);
  const reach = computed(() => (range.value === 'fixed' ? FIXED_REACH : facts.value.usual > 0 ? facts.value.usual : 1));
  const clipped = computed(() => clippedCount(layer.value, reach.value));
  const row = computed(() => Math.min(store.state.value.row, choice.value.n - 1));
  const column = computed(() => Math.min(store.state.value.col, choice.value.d - 1));

  const heatmap = createHeatmap('weight-map', announce);
  const textOf = (value) => textsOf([value])[0];

  /** The active row, and the active number in it. */
  const near = computed(() => {
    const values = layer.value.weight.row(row.value).slice();
    const value = values[column.value];
    return {
      row: row.value, column: column.value, values, texts: textsOf(values), norm: textOf(facts.value.norms[row.value]),
      bits: bitsOf(value), shortest: literal(value),
    };
  });

  const status = () => words().status(facts.value.rows, facts.value.columns, facts.value.count, facts.value.bytes);

  const actions = {
    say: () => announce(status()),
    set(patch) {
      store.edit(patch);
      announce(`${status()} ${words().caption[init.value](facts.value)}`);
    },
    back: () => heatmap.focus(),
    look: (row, col) => store.edit({ row, col }, 'look'),
  };

  function summary(at) {
    const values = layer.value.weight.row(at);
    let largest = 0;
    values.forEach((value, column) => { if (Math.abs(value) > Math.abs(values[largest])) largest = column; });
    return strings.heatmap.rowSummary(at, textOf(facts.value.norms[at]), textOf(values[largest]), largest);
  }

  const figure = { store, choice, facts, clipped, reach, near, actions };
  return {
    template: () => html`
      <div class="figure weight-figure">
        <div class="picture ${waits.value ? 'waits' : ''}" aria-busy=${waits.value}>
          <p class="stage">${words().table}</p>
          ${heatmap.template({
            rows: facts.value.rows, columns: facts.value.columns, values: layer.value.weight.data, norms: facts.value.norms, longest: facts.value.longest,
            reach: reach.value, strokes: store.state.value.strokes, active: () => [row.value, column.value], label: words().mapLabel, barsName: words().norms(facts.value.longestText), textsOf, summary,
            onMove: actions.look, onEnter: () => document.getElementById('weight-number').focus(),
          })}
          <p class="status" id="weight-status">${status()}</p>
          <p class="caption">${words().caption[init.value](facts.value)}</p>
        </div>
        <div class="controls">${controlsTemplate(figure)}${histogramTemplate(facts.value, reach.value)}</div>
      </div>
      <div class="card closer-looks">${rowTemplate(figure)}${numberTemplate(figure)}</div>`,
    code: () => programs(choice.value, facts.value),
    values: () => [{ name: 'weight', tensor: layer.value.weight.detach() }],
    lab() {
      const { row, column, values } = near.value;
      return {
        rows: facts.value.rows, columns: facts.value.columns, row, column, values: [...values], reach: reach.value, clipped: clipped.value,
        counts: [...facts.value.distribution.counts], norm: facts.value.norms[row], ...heatmap.lab(),
      };
    },
  };
}
