/** Controls that several sections use. All are native, so that keyboard and screen reader work as everywhere. */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { readNumber } from '../frame/fields.js';
import { strings } from '../strings/index.js';

/** Reads a number field; text that is no number gives way to the value in force. */
export const onNumber = (store, low, high, apply) => (event) => {
  const value = readNumber(event.target.value, low, high, null);
  if (value === null) store.refresh();
  else apply(value);
};

/**
 * A slider and its twin, a number field.
 * @param {object} control
 * @param {ReturnType<typeof import('../frame/store.js').createStore>} control.store
 * @param {string} control.id
 * @param {string} control.name of the field of the state
 * @param {string} control.label
 * @param {number} control.min
 * @param {number} control.max
 * @param {number | 'any'} [control.step]
 * @param {(value: number) => string} [control.say] the value in words, for screen readers
 * @param {() => void} [control.settled] called when a change is finished
 * @param {{ to: (value: number) => number, from: (place: number) => number, places: number }} [control.scale] of the slider, if it is not even
 * @param {boolean} [control.disabled]
 */
export function slider({ store, id, name, label, min, max, step = 1, say = (value) => `${label} ${value}`, settled = () => {}, scale, disabled = false }) {
  const value = store.state.value[name];
  const settle = (next) => {
    store.edit({ [name]: next });
    settled();
  };
  return html`
    <div class="control" data-control=${name}>
      <label for=${id} id="${id}-label">${label}</label>
      <div class="range">
        <input id=${id} type="range" min=${scale ? 0 : min} max=${scale ? scale.places : max} step=${scale ? 1 : step} ?disabled=${disabled}
          .value=${live(String(scale ? scale.to(value) : value))} aria-valuetext=${say(value)}
          @input=${(event) => store.edit({ [name]: scale ? scale.from(Number(event.target.value)) : Number(event.target.value) }, id)}
          @pointerup=${store.endGesture} @change=${() => { store.endGesture(); settled(); }} />
        <input id="${id}-field" type="number" min=${min} max=${max} step=${step} ?disabled=${disabled} .value=${live(String(value))} aria-labelledby="${id}-label"
          @change=${onNumber(store, min, max, (next) => settle(step === 'any' ? next : Math.round(next / step) * step))} />
      </div>
    </div>`;
}

/**
 * One of a few, as buttons side by side.
 * @param {{ id: string, name: string, label: string, value: unknown, choices: [unknown, unknown][], onChange: (value: any) => void }} control
 */
export const segments = ({ id, name, label, value, choices, onChange }) => html`
  <div class="control" data-control=${name}>
    <span id=${id}>${label}</span>
    <div class="segments" role="group" aria-labelledby=${id}>
      ${choices.map(([choice, words]) => html`<button type="button" aria-pressed=${choice === value ? 'true' : 'false'} @click=${() => onChange(choice)}>${words}</button>`)}
    </div>
  </div>`;

/** @param {{ id: string, name: string, label: unknown, checked: boolean, onChange: (checked: boolean) => void }} control */
export const checkbox = ({ id, name, label, checked, onChange }) => html`
  <label class="control switch" data-control=${name}><input id=${id} type="checkbox" .checked=${live(checked)} @change=${(event) => onChange(event.target.checked)} /><span>${label}</span></label>`;

export const MAX_INDICES = 12;
export const INDEX_LIMIT = 9999;

/**
 * The indices of a call as number fields that can be added and removed.
 * @param {object} control
 * @param {string} control.id
 * @param {unknown} control.before what stands before them: embedding([
 * @param {unknown} control.after
 * @param {number[]} control.indices
 * @param {number | null} [control.badPosition] where an index stands that the call refuses
 * @param {string} [control.describedBy] id of the error
 * @param {number} control.suggestion what a new one holds
 * @param {ReturnType<typeof import('../frame/store.js').createStore>} control.store
 * @param {(indices: number[], removed: number | null) => void} control.onChange removed: the position that was taken out
 */
export function indexChips({ id, before, after, indices, badPosition = null, describedBy, suggestion, store, onChange }) {
  const words = strings.indices;
  const field = (position) => `${id}-${position}`;
  const remove = (position) => {
    onChange(indices.filter((_, p) => p !== position), position);
    focusSoon(`#${field(Math.min(position, indices.length - 2))}`, `#${id}-add`);
  };
  const add = () => {
    onChange([...indices, suggestion], null);
    focusSoon(`#${field(indices.length)}`);
  };
  return html`
    <div class="chips" role="group" aria-label=${words.label} data-control="indices">
      <code>${before}</code>
      ${indices.map((index, position) => html`
        <span class="chip ${position === badPosition ? 'bad' : ''}">
          <input id=${field(position)} type="number" step="1" aria-label=${words.index(position)} .value=${live(String(index))}
            aria-invalid=${position === badPosition ? 'true' : nothing} aria-describedby=${position === badPosition ? describedBy : nothing}
            @change=${onNumber(store, -INDEX_LIMIT, INDEX_LIMIT, (value) => onChange(indices.map((old, p) => (p === position ? value : old)), null))} />
          <button type="button" aria-label=${words.remove(position, index)} @click=${() => remove(position)}>×</button>
        </span>`)}
      <span class="chips-end"><button id="${id}-add" class="add" type="button" aria-label=${words.add} title=${words.add} ?disabled=${indices.length >= MAX_INDICES} @click=${add}>+</button><code>${after}</code></span>
    </div>`;
}

/** Focuses the first of these that exists once the page has been drawn. */
export function focusSoon(...selectors) {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const target = selectors.map((selector) => document.querySelector(selector)).find((element) => element !== null);
    target?.focus();
    target?.select?.();
  }));
}

/** The error of a call, as the package words it. */
export const errorNote = (id, lead, error) => html`
  <p id=${id} class="error" tabindex="-1" ?hidden=${error === null}>${error === null ? nothing : html`<strong>${lead}</strong> <code>${error.name}: ${error.message}</code>`}</p>`;
