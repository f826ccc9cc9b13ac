/** The controls of the figure. All are native, so that keyboard and screen reader work as everywhere. */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { outlinePath } from '../../components/plane.js';
import { errorNote, indexChips, onNumber } from '../../components/controls.js';
import { strings } from '../../strings/index.js';
import { MAX_NORM_LIMIT, NORM_TYPE_RANGE, NUM_EMBEDDINGS, normLabel } from './state.js';
import { words } from './words.js';

/** The stops of the norm_type slider: even steps of a logarithmic scale, moved to round numbers. */
const NORM_STOPS = [
  0.25, 0.27, 0.3, 0.33, 0.36, 0.4, 0.43, 0.46, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95,
  1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.3, 3.6, 4, 4.5, 5, 5.5, 6, 7, 8,
];
/** The stops at which the slider pauses and for which the gallery has a picture. */
export const NORM_CHOICES = [0.5, 1, 2, 3, Infinity];

/** Places a ball of size 1 in a badge of 40 by 40. */
const BADGE = { x: (value) => Math.round((20 + value * 16) * 10) / 10, y: (value) => Math.round((20 - value * 16) * 10) / 10 };

/** @param {number[][]} outline of a ball of size 1 */
export const badgePath = (outline) => outlinePath(outline, BADGE);

/** The call: its indices as chips, its error, and the buttons that run it and take it back. */
export function callTemplate({ view, choice, store, actions }) {
  const { setIndices, lookUp, undo, reset } = actions;
  const { error, badPosition, called, suggestion } = view.value;
  return html`
    <section class="card" aria-labelledby="call-heading">
      <h3 id="call-heading">${words().call.heading}</h3>
      ${indexChips({
        id: 'index', before: 'embedding([', after: '])', indices: choice.value.indices, badPosition, describedBy: 'call-error', suggestion, store, onChange: setIndices,
      })}
      ${errorNote('call-error', strings.call.errorLead, error)}
      <p class="hint" ?hidden=${error !== null}>${words().call.hint}</p>
      <div class="buttons">
        <button id="look-up" class="primary" type="button" @click=${lookUp}>${called ? words().call.lookUpAgain : words().call.lookUp}</button>
        <button id="undo" type="button" aria-disabled=${store.past.value.length === 0 ? 'true' : nothing} @click=${undo}>${words().call.undo}</button>
        <button id="reset" type="button" @click=${reset}>${words().call.reset}</button>
      </div>
    </section>`;
}

/** The options: max_norm and norm_type, each with its number field, and behind `more` padding_idx and whether max_norm is given at all. */
export function optionsTemplate({ store, gallery, actions }) {
  const { edit, settle, release, switchLimit, hasBeenOff } = actions;
  const { pad: paddingIdx, limit, p: normType } = store.state.value;
  const maxNormOn = limit !== null;
  const maxNorm = limit ?? actions.lastLimit();
  const infinite = normType === Infinity;
  return html`
    <section class="card options" aria-labelledby="options-heading">
      <h3 id="options-heading">${words().options.heading}</h3>
      <span class="option-name"><code>${words().options.maxNorm}</code></span>
      <div class="range" data-control="limit">
        <input id="max-norm-slider" type="range" min="0" max=${MAX_NORM_LIMIT} step="0.1" ?disabled=${!maxNormOn} .value=${live(String(maxNorm))}
          aria-label=${words().options.maxNormSlider} aria-valuetext=${maxNormOn ? words().options.maxNormValue(maxNorm) : words().options.maxNormOff}
          @input=${(event) => edit({ limit: Number(event.target.value) }, { gesture: 'max_norm' })} @change=${release} />
        <input id="max-norm-field" type="number" min="0" max=${MAX_NORM_LIMIT} step="any" ?disabled=${!maxNormOn} .value=${live(String(maxNorm))}
          aria-label=${words().options.maxNorm} @change=${onNumber(store, 0, MAX_NORM_LIMIT, (value) => settle({ limit: value }))} />
      </div>

      <span class="option-name"><code>${words().options.normType}</code></span>
      <div class="range" data-control="p">
        <input id="norm-type-slider" type="range" min="0" max=${NORM_STOPS.length - 1} step="1" list="norm-type-detents" .value=${live(String(nearestStop(normType)))}
          ?disabled=${!maxNormOn}
          aria-label=${words().options.normTypeSlider} aria-valuetext=${infinite ? words().options.normTypeInfinite : words().options.normTypeValue(normType)}
          @input=${(event) => edit({ p: NORM_STOPS[event.target.value] }, { gesture: 'norm_type' })} @change=${release} />
        <datalist id="norm-type-detents">${NORM_CHOICES.filter(Number.isFinite).map((stop) => html`<option value=${NORM_STOPS.indexOf(stop)}></option>`)}</datalist>
        <input id="norm-type-field" type="number" min=${NORM_TYPE_RANGE[0]} max=${NORM_TYPE_RANGE[1]} step="any" placeholder="∞" ?disabled=${!maxNormOn} .value=${live(infinite ? '' : String(normType))}
          aria-label=${words().options.normType} @change=${onNumber(store, ...NORM_TYPE_RANGE, (value) => settle({ p: value }))} />
      </div>
      <div class="gallery" role="group" data-control="p" aria-label=${words().options.normTypeChoices}>
        ${gallery.map(({ normType: norm, path }) => html`
          <button type="button" ?disabled=${!maxNormOn} aria-pressed=${norm === normType ? 'true' : 'false'} aria-label=${words().options.ballShape[norm]} title=${words().options.ballShape[norm]}
            data-norm=${norm === Infinity ? 'inf' : norm} @click=${() => settle({ p: norm })}>
            <svg viewBox="0 0 40 40" width="34" height="34" aria-hidden="true"><path d=${path} /></svg>
            <span>${normLabel(norm)}</span>
          </button>`)}
      </div>
      <p class="hint">${words().options.redo}</p>
      <details class="more-options" ?open=${hasBeenOff()}><summary>${words().options.more}</summary>
        <div class="options">
          <label class="option-name" for="max-norm-pad"><code>${words().options.paddingIdx}</code></label>
          <select id="max-norm-pad" data-control="pad" @change=${(event) => settle({ pad: event.target.value === '' ? null : Number(event.target.value) })}>
            <option value="" .selected=${paddingIdx === null}>${words().options.none}</option>
            ${Array.from({ length: NUM_EMBEDDINGS }, (_, row) => html`<option value=${row} .selected=${paddingIdx === row}>${words().options.paddingRow(row)}</option>`)}
          </select>
          <span class="option-name"><code>${words().options.maxNorm}</code></span>
          <label class="switch"><input id="max-norm-on" type="checkbox" data-control="limit" .checked=${live(maxNormOn)} @change=${(event) => switchLimit(event.target.checked)} aria-label="${words().options.maxNorm} ${words().options.maxNormOn}" />${words().options.maxNormOn}</label>
        </div>
      </details>
    </section>`;
}

function nearestStop(normType) {
  if (normType === Infinity) return NORM_STOPS.length - 1;
  const distance = (stop) => Math.abs(NORM_STOPS[stop] - normType);
  let nearest = 0;
  for (let stop = 1; stop < NORM_STOPS.length; stop++) if (distance(stop) < distance(nearest)) nearest = stop;
  return nearest;
}
