/**
 * A field for one word out of many, with suggestions: an ARIA combobox with a list. Down and Up move through the list, Enter takes what
 * is marked or typed, Escape closes the list and then gives the old word back. Leaving the field takes what was typed.
 */
import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { strings } from '../strings/index.js';

/** @param {string} id */
export function createWordSearch(id) {
  /** What is being typed; null while the field shows the word in force. */
  const typed = signal(null);
  const marked = signal(-1);
  const open = signal(false);

  const close = () => {
    open.value = false;
    marked.value = -1;
  };

  /**
   * @param {object} field
   * @param {string} field.control its name for lock=
   * @param {unknown} field.label
   * @param {string} field.value the word in force
   * @param {(start: string) => string[]} field.suggest
   * @param {(word: string) => void} field.onChoose
   * @param {boolean} [field.invalid]
   * @param {string} [field.describedBy]
   * @param {boolean} [field.labelHidden]
   */
  function template({ control, label, value, suggest, onChoose, invalid = false, describedBy, labelHidden = false }) {
    const text = typed.value ?? value;
    const start = text.trim().toLowerCase();
    /** What the list holds, also for a key that comes before the next drawing. */
    const listed = () => {
      const begun = (typed.value ?? value).trim().toLowerCase();
      return open.value && begun !== '' ? suggest(begun) : [];
    };
    const found = listed();
    const isOpen = found.length > 0;
    const take = (word) => {
      close();
      typed.value = null;
      const wanted = word.trim().toLowerCase();
      if (wanted !== '') onChoose(wanted);
    };
    const move = (step) => {
      open.value = true;
      const { length } = listed();
      if (length > 0) marked.value = marked.value === -1 && step < 0 ? length - 1 : (marked.value + step + length) % length;
    };
    const onKey = (event) => {
      if (event.isComposing) return;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(event.key === 'ArrowDown' ? 1 : -1);
      else if (event.key === 'Enter') take(listed()[marked.value] ?? event.target.value);
      else if (event.key === 'Escape' && listed().length > 0) close();
      else if (event.key === 'Escape') typed.value = null;
      else return;
      event.preventDefault();
    };
    return html`
      <div class="word-search" data-control=${control}>
        <label for=${id} class=${labelHidden ? 'sr' : ''}>${label}</label>
        <input id=${id} type="text" role="combobox" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="30"
          aria-autocomplete="list" aria-expanded=${isOpen ? 'true' : 'false'} aria-controls="${id}-list"
          aria-activedescendant=${isOpen && marked.value >= 0 ? `${id}-${marked.value}` : nothing}
          aria-invalid=${invalid ? 'true' : nothing} aria-describedby=${invalid && describedBy ? describedBy : nothing}
          .value=${live(text)}
          @input=${(event) => { typed.value = event.target.value; marked.value = -1; open.value = true; }}
          @keydown=${onKey} @focus=${(event) => event.target.select()}
          @blur=${() => { if (typed.value !== null && typed.value !== value) take(typed.value); else { close(); typed.value = null; } }} />
        <ul id="${id}-list" role="listbox" aria-label=${strings.wordSearch.suggestions} ?hidden=${!isOpen}>
          ${found.map((word, n) => html`<li id="${id}-${n}" role="option" aria-selected=${n === marked.value ? 'true' : 'false'}
            @pointerdown=${(event) => event.preventDefault()} @click=${() => take(word)}><b>${word.slice(0, start.length)}</b>${word.slice(start.length)}</li>`)}
        </ul>
      </div>`;
  }

  return { template };
}
