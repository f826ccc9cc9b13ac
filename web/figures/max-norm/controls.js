/** The controls of the figure. All are native, so that keyboard and screen reader work as everywhere. */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { outlinePath } from '../../marks.js';
import { INDEX_LIMIT, MAX_INDICES, MAX_NORM_LIMIT, NORM_TYPE_RANGE, NUM_EMBEDDINGS, normLabel } from '../../state.js';
import { strings } from '../../strings.js';

/** The stops of the norm_type slider: even steps of a logarithmic scale, moved to round numbers. */
const NORM_STOPS = [
  0.25, 0.27, 0.3, 0.33, 0.36, 0.4, 0.43, 0.46, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95,
  1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.3, 3.6, 4, 4.5, 5, 5.5, 6, 7, 8,
];
/** The stops at which the slider pauses and for which the gallery has a picture. */
export const NORM_CHOICES = [0.5, 1, 2, 3, Infinity];

/** Places a ball of size 1 in a badge of 40 by 40. */
const BADGE = { x: (value) => Math.round((20 + value * 16) * 10) / 10, y: (value) => Math.round((20 - value * 16) * 10) / 10 };

/** The call: its indices as chips, its error, and the buttons that run it and take it back. */
export function callTemplate({ view, choice, store, actions }) {
  const { setIndices, lookUp, undo, reset } = actions;
  const { indices } = choice.value;
  const { error, badPosition, called } = view.value;
  const change = (position) => actions.numberField(-INDEX_LIMIT, INDEX_LIMIT, (value) => setIndices(indices.map((old, p) => (p === position ? value : old))));
  const remove = (position) => {
    setIndices(indices.filter((_, p) => p !== position));
    focusSoon(`#index-${Math.min(position, indices.length - 2)}`, '#add-index');
  };
  const add = () => {
    setIndices([...indices, view.value.suggestion]);
    focusSoon(`#index-${indices.length}`);
  };
  return html`
    <section class="card" aria-labelledby="call-heading">
      <h3 id="call-heading">${strings.call.heading}</h3>
      <div class="chips" role="group" aria-label=${strings.call.indices}>
        <code>embedding([</code>
        ${indices.map((index, position) => html`
          <span class="chip ${position === badPosition ? 'bad' : ''}">
            <input id="index-${position}" type="number" step="1" aria-label=${strings.call.index(position)} .value=${live(String(index))}
              aria-invalid=${position === badPosition ? 'true' : nothing} aria-describedby=${position === badPosition ? 'call-error' : nothing}
              @change=${change(position)} />
            <button type="button" aria-label=${strings.call.remove(position, index)} @click=${() => remove(position)}>×</button>
          </span>`)}
        <span class="chips-end"><button id="add-index" class="add" type="button" aria-label=${strings.call.add} title=${strings.call.add} ?disabled=${indices.length >= MAX_INDICES} @click=${add}>+</button><code>])</code></span>
      </div>
      <p id="call-error" class="error" tabindex="-1" ?hidden=${error === null}>${error === null ? nothing : html`<strong>${strings.call.errorLead}</strong> <code>${error.name}: ${error.message}</code>`}</p>
      <p class="hint" ?hidden=${error !== null}>${strings.call.hint}</p>
      <div class="buttons">
        <button id="look-up" class="primary" type="button" @click=${lookUp}>${called ? strings.call.lookUpAgain : strings.call.lookUp}</button>
        <button id="undo" type="button" aria-disabled=${store.past.value.length === 0 ? 'true' : nothing} @click=${undo}>${strings.call.undo}</button>
        <button id="reset" type="button" @click=${reset}>${strings.call.reset}</button>
      </div>
    </section>`;
}

/** The options: padding_idx, max_norm and norm_type, each as a native control with its number field. */
export function optionsTemplate({ store, gallery, actions }) {
  const { edit, settle, release, numberField } = actions;
  const { paddingIdx, maxNorm, maxNormOn, normType } = store.state.value;
  const infinite = normType === Infinity;
  return html`
    <section class="card options" aria-labelledby="options-heading">
      <h3 id="options-heading">${strings.options.heading}</h3>
      <label class="option-name" for="padding-idx"><code>${strings.options.paddingIdx}</code></label>
      <select id="padding-idx" @change=${(event) => settle({ paddingIdx: event.target.value === '' ? null : Number(event.target.value) })}>
        <option value="" .selected=${paddingIdx === null}>${strings.options.none}</option>
        ${Array.from({ length: NUM_EMBEDDINGS }, (_, row) => html`<option value=${row} .selected=${paddingIdx === row}>${strings.options.paddingRow(row)}</option>`)}
      </select>

      <label class="option-name"><code>${strings.options.maxNorm}</code>
        <span class="switch"><input id="max-norm-on" type="checkbox" .checked=${live(maxNormOn)} @change=${(event) => settle({ maxNormOn: event.target.checked })} aria-label="${strings.options.maxNorm} ${strings.options.maxNormOn}" />${strings.options.maxNormOn}</span></label>
      <div class="range">
        <input id="max-norm-slider" type="range" min="0" max=${MAX_NORM_LIMIT} step="0.1" ?disabled=${!maxNormOn} .value=${live(String(maxNorm))}
          aria-label=${strings.options.maxNormSlider} aria-valuetext=${maxNormOn ? strings.options.maxNormValue(maxNorm) : strings.options.maxNormOff}
          @input=${(event) => edit({ maxNorm: Number(event.target.value) }, { gesture: 'max_norm' })} @change=${release} />
        <input id="max-norm-field" type="number" min="0" max=${MAX_NORM_LIMIT} step="any" ?disabled=${!maxNormOn} .value=${live(String(maxNorm))}
          aria-label=${strings.options.maxNorm} @change=${numberField(0, MAX_NORM_LIMIT, (value) => settle({ maxNorm: value }))} />
      </div>

      <span class="option-name"><code>${strings.options.normType}</code></span>
      <div class="range">
        <input id="norm-type-slider" type="range" min="0" max=${NORM_STOPS.length - 1} step="1" list="norm-type-detents" .value=${live(String(nearestStop(normType)))}
          ?disabled=${!maxNormOn}
          aria-label=${strings.options.normTypeSlider} aria-valuetext=${infinite ? strings.options.normTypeInfinite : strings.options.normTypeValue(normType)}
          @input=${(event) => edit({ normType: NORM_STOPS[event.target.value] }, { gesture: 'norm_type' })} @change=${release} />
        <datalist id="norm-type-detents">${NORM_CHOICES.filter(Number.isFinite).map((stop) => html`<option value=${NORM_STOPS.indexOf(stop)}></option>`)}</datalist>
        <input id="norm-type-field" type="number" min=${NORM_TYPE_RANGE[0]} max=${NORM_TYPE_RANGE[1]} step="any" placeholder="∞" ?disabled=${!maxNormOn} .value=${live(infinite ? '' : String(normType))}
          aria-label=${strings.options.normType} @change=${numberField(...NORM_TYPE_RANGE, (value) => settle({ normType: value }))} />
      </div>
      <div class="gallery" role="group" aria-label=${strings.options.normTypeChoices}>
        ${gallery.map(({ normType: norm, outline }) => html`
          <button type="button" ?disabled=${!maxNormOn} aria-pressed=${norm === normType ? 'true' : 'false'} aria-label=${strings.options.ballShape[norm]} title=${strings.options.ballShape[norm]}
            data-norm=${norm === Infinity ? 'inf' : norm} @click=${() => settle({ normType: norm })}>
            <svg viewBox="0 0 40 40" width="34" height="34" aria-hidden="true"><path d=${outlinePath(outline, BADGE)} /></svg>
            <span>${normLabel(norm)}</span>
          </button>`)}
      </div>
      <p class="hint">${strings.options.redo}</p>
    </section>`;
}

function nearestStop(normType) {
  if (normType === Infinity) return NORM_STOPS.length - 1;
  const distance = (stop) => Math.abs(NORM_STOPS[stop] - normType);
  let nearest = 0;
  for (let stop = 1; stop < NORM_STOPS.length; stop++) if (distance(stop) < distance(nearest)) nearest = stop;
  return nearest;
}

/** Focuses the first of these that exists once the page has been drawn. */
function focusSoon(...selectors) {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const target = selectors.map((selector) => document.querySelector(selector)).find((element) => element !== null);
    target?.focus();
    target?.select?.();
  }));
}
