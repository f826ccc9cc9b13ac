/** The picture: what happened to the row, one event after the other, with what the gradient did beside it. */
import { html, nothing, svg } from 'lit-html';
import { strip } from '../../components/grid.js';
import { inShort } from './code.js';
import { isBirth } from './state.js';
import { words } from './words.js';

/** The sizes at which the tint is full. */
export const VALUE_REACH = 4;
export const GRADIENT_REACH = 3;

/** A lock on the gradient: closed where none gets through. */
const lock = (closed) => html`<svg class="lock" viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">${svg`
  <path d=${closed ? 'M4.8 7.5V5a3.2 3.2 0 0 1 6.4 0v2.5' : 'M4.8 7.5V4a3.2 3.2 0 0 1 6.2 -1'} /><rect x="2.8" y="7" width="10.4" height="7.6" rx="1.6" />`}</svg>`;

/** The tag of the padding row where gradients are shown. */
export const lockTag = () => html`${lock(true)}${words().noGrad}`;

/** @param {{ told: any, fresh: any }} figure */
export function timelineTemplate({ told, fresh }) {
  const { life } = told.value;
  const own = words().timeline;
  return html`
    <div class="life">
      <div class="heads" aria-hidden="true"><span>${own.event}</span><span>${own.values(life.row)}${life.padded ? html` <span class="tag">${words().pad}</span>` : nothing}</span><span>${own.gradient}${life.padded ? html` <span class="tag">${lockTag()}</span>` : nothing}</span><span>${own.verdict}</span></div>
      <ol aria-label=${own.label(life.row)}>
        ${life.steps.map((step, n) => stepTemplate(step, n, told.value, n === fresh.value))}
      </ol>
    </div>`;
}

function stepTemplate(step, n, told, isFresh) {
  const { event, before, after, changed, gradient } = step;
  const { row, padded } = told.life;
  const own = words().timeline;
  return html`
    <li class="step ${isFresh ? 'fresh' : ''} ${isBirth(event) ? 'birth' : ''} ${padded ? 'padded' : ''}" data-event=${event}>
      <span class="number" aria-hidden="true">${n + 1}</span>
      <div class="what">
        <strong>${own.names[event]}</strong>
        <code>${inShort(event, told)}</code>
      </div>
      <div class="lane values">
        <span class="side">${own.before[event] ?? own.before.any}</span>${strip(before.values, before.texts, VALUE_REACH, own.rowBefore(row))}
        <span class="side">${own.after}</span><span class="boxed">${strip(after.values, after.texts, VALUE_REACH, own.rowAfter(row))}</span>
      </div>
      <div class="lane gradient">${gradient === null ? html`<span class="none">${own.noBackward}</span>` : html`
        <span class="side">${own.arrives}</span>${gradient.arriving === null ? html`<span class="through">${own.around}</span>` : strip(gradient.arriving.values, gradient.arriving.texts, GRADIENT_REACH, own.arrivesLong)}
        <span class="side">${gradient.isZero ? lock(true) : '↓'}${own.gets}</span>${strip(gradient.row.values, gradient.row.texts, GRADIENT_REACH, own.getsLong(row))}`}
      </div>
      <p class="verdict ${changed ? 'changed' : ''}"><span class="sign" aria-hidden="true">${changed ? '≠' : '='}</span><span>${verdictOf(step, padded)}</span></p>
    </li>`;
}

/** What an event did to the row, in a sentence. */
export const verdictOf = ({ event, changed }, padded) => words().verdicts[event]({ padded, changed });
