/** What the colours of signed numbers mean. */
import { html, nothing } from 'lit-html';
import { strings } from '../strings/index.js';

/**
 * The ramp from the lowest to the highest colour, with its zero.
 * @param {string | number} low
 * @param {string | number} high
 * @param {string} [note] such as how many values lie outside
 */
export const scaleLegend = (low, high, note) => html`
  <span class="ramp" role="img" aria-label=${strings.legend.ramp(String(low), String(high))}>
    <span aria-hidden="true">${signed(low)}</span><span class="ramp-bar" aria-hidden="true"></span><span aria-hidden="true">+${signed(high)}</span>
  </span>${note ? html`<span>${note}</span>` : nothing}`;

const signed = (value) => String(value).replace('-', '−');
