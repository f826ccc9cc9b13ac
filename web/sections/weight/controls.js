/** The controls of the figure. */
import { html } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { checkbox, onNumber, segments, slider } from '../../components/controls.js';
import { scaleLegend } from '../../components/legend.js';
import { strings } from '../../strings/index.js';
import { FIXED_REACH, INITS, LEAST_ROWS, MOST_COLUMNS, MOST_ROWS, MOST_SEED, ROW_SCALE } from './state.js';
import { words } from './words.js';

export function controlsTemplate({ store, facts, clipped, actions }) {
  const { controls } = words();
  const { init, range, seed, strokes } = store.state.value;
  const { say } = actions;
  return html`
    <section class="card" aria-labelledby="weight-layer">
      <h3 id="weight-layer"><code>${controls.layer(store.state.value.n, store.state.value.d)}</code></h3>
      <div class="stack">
        ${slider({ store, id: 'weight-n', name: 'n', label: controls.rows, min: LEAST_ROWS, max: MOST_ROWS, scale: ROW_SCALE, say: controls.rowsValue, settled: say })}
        ${slider({ store, id: 'weight-d', name: 'd', label: controls.columns, min: 1, max: MOST_COLUMNS, say: controls.columnsValue, settled: say })}
        ${segments({ id: 'weight-init', name: 'init', label: controls.init, value: init, choices: INITS.map((name) => [name, controls.inits[name]]), onChange: (next) => actions.set({ init: next }) })}
        ${segments({
          id: 'weight-range', name: 'range', label: controls.range, value: range, onChange: (next) => actions.set({ range: next }),
          choices: [['auto', controls.auto], ['fixed', controls.fixed(FIXED_REACH)]],
        })}
        <p class="range-note">${scaleLegend(...legendEnds(range, facts.value))} <span class="hint">${controls.clipped(clipped.value)}</span></p>
      </div>
      <details class="more">
        <summary>${controls.more}</summary>
        ${checkbox({ id: 'weight-strokes', name: 'strokes', label: strings.legend.strokes, checked: strokes, onChange: (next) => store.edit({ strokes: next }) })}
        <div class="control" data-control="seed">
          <label for="weight-seed">${controls.seed}</label>
          <input id="weight-seed" type="number" min="0" max=${MOST_SEED} step="1" .value=${live(String(seed))} @change=${onNumber(store, 0, MOST_SEED, (next) => actions.set({ seed: Math.round(next) }))} />
        </div>
        <p class="hint">${controls.seedHint}</p>
      </details>
    </section>`;
}

/** Both ends of the colours as texts. */
function legendEnds(range, { usual, usualText }) {
  if (range === 'fixed') return [-FIXED_REACH, FIXED_REACH];
  const text = usual > 0 ? usualText : '1';
  return [`-${text}`, text];
}
