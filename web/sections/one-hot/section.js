/** The figure for one-hot: the product with a one-hot matrix and the gather side by side, and what they cost. */
import { computed, signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { slider } from '../../components/controls.js';
import { language } from '../../strings/index.js';
import { programs } from './code.js';
import { costsTemplate, lanesTemplate } from './picture.js';
import { measure, runBoth, tensorsOf } from './run.js';
import { FIELDS, MOST_INDICES, MOST_ROWS, ROW_STOPS, costsOf } from './state.js';
import { words } from './words.js';

/** @type {import('../../frame/section.js').Section} */
export const oneHot = { id: 'one-hot', fields: FIELDS, create };

const STOPS = {
  places: ROW_STOPS.length - 1,
  to: (n) => Math.max(0, ROW_STOPS.findLastIndex((stop) => stop <= n)),
  from: (place) => ROW_STOPS[place],
};

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  const both = computed(() => runBoth(store.state.value));
  const view = computed(() => {
    language.value; // the view holds sentences
    const { n, b } = store.state.value;
    const costs = costsOf({ n, b });
    return { n, b, both: both.value, costs, status: words().status({ b, equal: both.value.equal, multiplyAdds: costs.multiplyAdds.matmul, withZero: costs.withZero }) };
  });
  const say = () => announce(view.value.status);

  /** What was measured, and for which choice: another one has no times yet. */
  const times = signal(null);
  const running = signal(false);
  const measured = computed(() => (times.value?.choice === store.state.value ? times.value : null));

  async function run() {
    if (running.value) return;
    running.value = true;
    const choice = store.state.value;
    try {
      await nextFrame();
      const matmul = measure(choice, 'matmul');
      await nextFrame();
      times.value = { choice, matmul, gather: measure(choice, 'gather') };
    } finally {
      running.value = false;
    }
    announce(measured.value === null ? words().outdated : words().ran(times.value));
  }

  const figure = { store, view, measured };
  return {
    template: () => html`
      ${lanesTemplate(figure)}
      <p class="status">${view.value.status}</p>
      <p class="hint">${words().caption}</p>
      <div class="figure">
        <section class="card">${costsTemplate(figure)}
          <p class="hint">${measured.value === null ? words().scale : words().ran(measured.value)}</p>
        </section>
        <section class="card one-hot-controls" aria-label=${words().controls}>
          ${slider({ store, id: 'one-hot-n', name: 'n', label: words().rows, min: ROW_STOPS[0], max: MOST_ROWS, scale: STOPS, say: words().sayRows, settled: say })}
          ${slider({ store, id: 'one-hot-b', name: 'b', label: words().batch, min: 1, max: MOST_INDICES, say: words().sayBatch, settled: say })}
          <div class="buttons"><button id="one-hot-run" class="primary" type="button" aria-disabled=${running.value ? 'true' : nothing} @click=${run}>${running.value ? words().running : words().run}</button></div>
          <p class="hint">${words().runHint}</p>
        </section>
      </div>`,
    code: () => programs({ n: view.value.n, indices: both.value.indices }, both.value),
    values: () => tensorsOf(store.state.value),
    lab: () => ({ ...both.value, costs: view.value.costs, measured: measured.value }),
  };
}
