/**
 * The code panel: a program in PyTorch and in JavaScript, and what both print. What the controls set is marked with `set`.
 */
import { html, nothing } from 'lit-html';
import { strings } from '../strings/index.js';

/** Marks a part of a program as set by the controls. */
export const set = (text) => html`<b>${text}</b>`;

/** Marks a line of what is printed. */
export const changed = (text) => html`<mark>${text}</mark>`;

/** Says in what is printed whose line it is, or that it is the page that speaks. */
export const aside = (text) => html`<span class="who">${text}</span>`;

/**
 * @typedef {object} Code
 * @property {unknown} python the program: a lit template or a text, as it is to be pasted
 * @property {unknown} javascript
 * @property {unknown} printed what both print, from the package itself
 * @property {boolean} [failed] whether neither prints, because the program fails
 * @property {string} [title] of what is printed, where the two do not print the same
 * @property {string} [core] the functions of the C core at work
 */

/** @param {string} id of the section @param {Code} code @param {string} [heading] where a section has a second program */
export const codePanel = (id, code, heading = strings.code.heading) => html`
  <div class="code card" role="group" aria-labelledby="${id}-code">
    <h3 id="${id}-code">${heading}</h3>
    ${programs(id, code)}
  </div>`;

/** The code of a smaller figure, folded away. */
export const codeDetails = (id, code) => html`
  <details class="code folded">
    <summary>${strings.code.heading}</summary>
    ${programs(id, code)}
  </details>`;

/** The two programs and what they print. @param {string} id @param {Code} code */
export function programs(id, { python, javascript, printed, failed = false, title, core }) {
  const words = strings.code;
  return html`
    <div class="programs">
      ${block(words.pytorch, `${id}-pytorch`, python, true)}
      ${block(words.javascript, `${id}-javascript`, javascript, true)}
    </div>
    ${block(title ?? (failed ? words.printsNothing : words.prints), `${id}-printed`, printed)}
    ${core ? html`<p class="hint">${words.core(core)}</p>` : nothing}`;
}

const block = (title, id, content, copyable = false) => html`
  <div class="block">
    <div class="block-head"><h4>${title}</h4>${copyable ? html`<button type="button" aria-label=${strings.code.copyLong(title)} @click=${(event) => copy(event.currentTarget, id)}>${strings.code.copy}</button>` : nothing}</div>
    <pre id=${id} tabindex="0" role="group" aria-label=${strings.code.region(title)}><code>${content}</code></pre>
  </div>`;

const SAY_FOR_MS = 2000;

/** Copies a program; where that is refused, it stays selected and the button says so. */
function copy(button, id) {
  getSelection().selectAllChildren(document.getElementById(id));
  // Unlike navigator.clipboard this works from file://, and a sandbox refuses it without an error in the console.
  const copied = document.execCommand('copy');
  if (copied) getSelection().removeAllRanges();
  button.textContent = copied ? strings.code.copied : strings.code.selected;
  setTimeout(() => { button.textContent = strings.code.copy; }, SAY_FOR_MS);
}
