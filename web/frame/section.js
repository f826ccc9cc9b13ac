/** What every section has around its figure, in this order: a question, the figure, the code, and notes for those who want more. */
import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { strings } from '../strings/index.js';
import { codePanel } from './code-panel.js';

/**
 * @typedef {object} Section one section of the page; its sentences are strings.sections[id]: heading, text, predict, notice, mistakes,
 *   teachers, engineers
 * @property {string} id
 * @property {Record<string, any>} fields of its state, see fields.js
 * @property {(context: Context) => Figure} create
 *
 * @typedef {object} Context
 * @property {ReturnType<typeof import('./store.js').createStore>} store of the section's state
 * @property {(text: string) => void} announce says a sentence to screen readers
 * @property {import('@preact/signals-core').ReadonlySignal<boolean>} visible whether the section is on screen
 *
 * @typedef {object} Figure
 * @property {() => unknown} template the picture and its controls; the signals that it reads draw it again
 * @property {boolean} [hasPicture] false if there is nothing to save: else elements of the class `picture` are
 * @property {() => import('./code-panel.js').Code} [code]
 * @property {() => unknown} [further] smaller figures, below the code
 * @property {() => { name: string, tensor: import('nn-embedding').Tensor }[]} [values] what CSV and .npy hold; the caller disposes of them
 * @property {() => Record<string, unknown>} [lab] what the page's hook shows of it, for tests and for the curious
 */

/** @param {Section} section @param {Figure} figure @param {() => unknown} exportTemplate */
export function sectionBody(section, figure, exportTemplate) {
  const answered = signal(null);
  return () => {
    const words = strings.sections[section.id];
    return html`
      ${predict(section.id, words.predict, answered)}
      <div class="figure-place" role="group" aria-label=${words.heading}>${figure.template()}</div>
      ${figure.code ? codePanel(section.id, figure.code()) : nothing}
      ${figure.further ? html`<div class="further">${figure.further()}</div>` : nothing}
      ${notes(words)}
      ${exportTemplate()}`;
  };
}

/** A question to answer before one tries: the explanation comes with the first answer. */
function predict(id, words, answered) {
  if (!words) return nothing;
  const given = answered.value;
  return html`
    <fieldset class="predict card">
      <legend>${strings.frame.predict}</legend>
      <p>${words.question}</p>
      <div class="answers">
        ${words.answers.map((answer, n) => html`
          <label class=${given === null ? '' : n === words.right ? 'right' : n === given ? 'wrong' : ''}>
            <input type="radio" name="${id}-predict" .checked=${given === n} @change=${() => { answered.value = n; }} />${answer}
            ${given !== null && n === words.right ? html`<span class="verdict">${strings.frame.right}</span>` : given === n ? html`<span class="verdict">${strings.frame.wrong}</span>` : nothing}
          </label>`)}
      </div>
      <p class="explanation" role="status">${given === null ? '' : words.explanation}</p>
    </fieldset>`;
}

function notes({ notice, mistakes, teachers, engineers }) {
  const words = strings.frame;
  const list = (items) => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
  return html`
    <div class="notes">
      ${notice ? html`<details open><summary>${words.notice}</summary>${list(notice)}</details>` : nothing}
      ${mistakes ? html`<details><summary>${words.mistakes}</summary><dl>${mistakes.map(([belief, truth]) => html`<dt>${belief}</dt><dd>${truth}</dd>`)}</dl></details>` : nothing}
      ${teachers ? html`<details><summary>${words.teachers}</summary>${list(teachers)}</details>` : nothing}
      ${engineers ? html`<details><summary>${words.engineers}</summary>${list(engineers)}</details>` : nothing}
    </div>`;
}
