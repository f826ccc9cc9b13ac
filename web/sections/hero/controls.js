/** The controls of the first figure. */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { onNumber } from '../../components/controls.js';
import { scaleLegend } from '../../components/legend.js';
import { strings } from '../../strings/index.js';
import { LONGEST_TEXT, MOST_SEED, REACH, isShuffled } from './state.js';
import { words } from './words.js';

/** What each chip types. */
const CHIPS = ['the cat sat', 'cat cat cat', 'zebra'];

export function sentenceTemplate({ store, view, actions }) {
  const { controls } = words();
  const { text } = store.state.value;
  const { error } = view.value;
  return html`
    <section class="card sentence" aria-labelledby="hero-sentence">
      <h3 id="hero-sentence"><label for="hero-text">${controls.text}</label></h3>
      <div data-control="text">
        <input id="hero-text" type="text" maxlength=${LONGEST_TEXT} autocomplete="off" autocapitalize="none" spellcheck="false" .value=${live(text)}
          aria-invalid=${error === null ? nothing : 'true'} aria-describedby=${error === null ? 'hero-hint' : 'hero-error'}
          @input=${(event) => actions.type(event.target.value)} @change=${actions.said} />
        <div class="tries" role="group" aria-label=${controls.tries}>
          ${CHIPS.map((chip) => html`<button type="button" aria-pressed=${chip === text ? 'true' : 'false'} @click=${() => actions.try(chip)}>${controls.chip(chip)}</button>`)}
        </div>
      </div>
      <p id="hero-hint" class="hint" ?hidden=${error !== null}>${controls.hint}</p>
      <p id="hero-error" class="error" ?hidden=${error === null}>${error === null ? nothing : html`<strong>${strings.call.errorLead}</strong> ${view.value.problem}`}</p>
    </section>`;
}

export function controlsTemplate({ store, actions }) {
  const { controls, legend } = words();
  const { order, seed } = store.state.value;
  return html`
    <div class="controls">
      <section class="card" aria-labelledby="hero-ids">
        <h3 id="hero-ids">${controls.ids}</h3>
        <div class="buttons" data-control="order">
          <button id="hero-shuffle" type="button" @click=${actions.shuffle}>${controls.shuffle}</button>
          <button id="hero-unshuffle" type="button" aria-disabled=${isShuffled(order) ? nothing : 'true'} @click=${actions.unshuffle}>${controls.unshuffle}</button>
        </div>
        <p class="hint">${isShuffled(order) ? controls.shuffled : controls.idsHint}</p>
      </section>
      <ul class="legend" aria-label=${legend.heading}>
        <li><span class="swatch-used" aria-hidden="true"><span class="arrow">▸</span></span>${legend.used}</li>
        <li><span class="times" aria-hidden="true">${strings.grid.times(3)}</span>${legend.times}</li>
        <li class="wide">${scaleLegend(-REACH, REACH)}</li>
      </ul>
      <details class="more">
        <summary>${controls.more}</summary>
        <div class="control" data-control="seed">
          <label for="hero-seed">${controls.seed}</label>
          <div class="seed"><input id="hero-seed" type="number" min="0" max=${MOST_SEED} step="1" .value=${live(String(seed))} @change=${onNumber(store, 0, MOST_SEED, (value) => actions.reseed(Math.round(value)))} />
          <button id="hero-reseed" type="button" @click=${() => actions.reseed((seed + 1) % (MOST_SEED + 1))}>${controls.reseed}</button></div>
        </div>
        <p class="hint">${controls.seedHint}</p>
      </details>
    </div>`;
}
