/** The controls. All are native, so that keyboard and screen reader work as everywhere. */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { onNumber, segments, slider } from '../../components/controls.js';
import { LAST_SEED, MOST_STEPS, NAMES, RATES, RATE_LIMITS, SCENARIOS, rateOf } from './state.js';
import { OPTIMIZERS } from './training.js';
import { words } from './words.js';

/** The learning rates lie evenly on their slider. */
const RATE_SCALE = {
  to: (value) => RATES.findLastIndex((rate) => rate <= value),
  from: (place) => RATES[place],
  places: RATES.length - 1,
};

/** Above the picture: how many steps, of what. */
export function transportTemplate({ store, playing, jumps, actions }) {
  const text = words().controls;
  const { steps, preset } = store.state.value;
  const atEnd = steps >= MOST_STEPS;
  return html`
    <div class="transport">
      <button id="optimizers-step" class="primary" type="button" aria-disabled=${atEnd ? 'true' : nothing} data-control="step" @click=${actions.step}>${text.step}</button>
      <button id="optimizers-play" type="button" aria-disabled=${atEnd ? 'true' : nothing} data-control="play" @click=${actions.play}>${jumps.value ? text.run : playing.value ? text.pause : text.play}</button>
      <button id="optimizers-reset" type="button" aria-disabled=${steps === 0 ? 'true' : nothing} data-control="reset" @click=${actions.reset}>${text.reset}</button>
    </div>
    <div class="course">
      ${slider({ store, id: 'optimizers-steps', name: 'steps', label: text.steps, min: 0, max: MOST_STEPS, say: text.stepsValue, settled: actions.settled })}
      ${segments({ id: 'optimizers-preset', name: 'preset', label: text.preset, value: preset, choices: Object.keys(SCENARIOS).map((name) => [name, text.presets[name]]), onChange: actions.choosePreset })}
    </div>`;
}

/** Below it: who trains, and how fast; the rest behind a disclosure. */
export function settingsTemplate({ store, actions }) {
  const text = words().controls;
  const { which, seed, dim, grads } = store.state.value;
  return html`
    <div class="settings card">
      <div class="control" data-control="which">
        <span id="optimizers-which">${text.which}</span>
        <div class="segments" role="group" aria-labelledby="optimizers-which">
          ${NAMES.map((name) => html`<button type="button" data-name=${name} aria-pressed=${which.includes(name) ? 'true' : 'false'} @click=${() => actions.toggle(name)}>${OPTIMIZERS[name].label}</button>`)}
        </div>
      </div>
      ${rateSlider(store, actions)}
      <details>
        <summary>${text.more}</summary>
        <div class="more-controls">
          ${segments({ id: 'optimizers-dim', name: 'dim', label: text.dim, value: dim, choices: [[2, text.plain], [16, text.projected]], onChange: (value) => actions.change({ dim: value }) })}
          ${segments({ id: 'optimizers-grads', name: 'grads', label: text.grads, value: grads, choices: Object.entries(text.gradsChoices), onChange: (value) => actions.change({ grads: value }) })}
          <div class="control" data-control="seed">
            <label for="optimizers-seed">${text.seed}</label>
            <input id="optimizers-seed" type="number" min="0" max=${LAST_SEED} step="1" .value=${live(String(seed))} @change=${onNumber(store, 0, LAST_SEED, (value) => actions.change({ seed: Math.round(value) }))} />
          </div>
        </div>
      </details>
    </div>`;
}

function rateSlider(store, actions) {
  const text = words().controls;
  const { lr } = store.state.value;
  return html`
    <div class="control" data-control="lr">
      <label for="optimizers-lr">${text.lr}</label>
      <div class="range">
        <input id="optimizers-lr" type="range" min="0" max=${RATE_SCALE.places} step="1" .value=${live(String(RATE_SCALE.to(lr)))} aria-valuetext=${text.lrValue(lr)}
          @input=${(event) => store.edit({ lr: RATE_SCALE.from(Number(event.target.value)) }, 'lr')} @change=${() => { store.endGesture(); actions.settled(); }} />
        <input id="optimizers-lr-field" type="number" min=${RATE_LIMITS[0]} max=${RATE_LIMITS[1]} step="any" .value=${live(String(lr))} aria-label=${text.lr}
          @change=${onNumber(store, ...RATE_LIMITS, (value) => actions.change({ lr: rateOf(value) }))} />
      </div>
    </div>`;
}
