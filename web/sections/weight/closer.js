/** Closer looks: one row with its numbers, and one number with its bits. */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { ref } from 'lit-html/directives/ref.js';
import { onNumber } from '../../components/controls.js';
import { tint } from '../../components/tint.js';
import { words } from './words.js';

/** The active row: its numbers in a box that scrolls, with the active one in view. */
export function rowTemplate({ store, choice, near, reach, actions }) {
  const { n, d } = choice.value;
  const { row, column, values, texts, norm } = near.value;
  const { closer } = words();
  // Only when another number is looked at: the reader may have scrolled.
  const keepInView = (box) => {
    const cell = box?.querySelector('.here');
    if (!cell || box.dataset.at === String(column)) return;
    box.dataset.at = String(column);
    box.scrollLeft = cell.offsetLeft - (box.clientWidth - cell.offsetWidth) / 2;
  };
  const field = (id, name, label, value, most, apply) => html`
    <label data-control=${name}>${label}<input id=${id} type="number" min="0" max=${most} step="1" .value=${live(String(value))} @change=${onNumber(store, 0, most, (next) => apply(Math.round(next)))} /></label>`;
  return html`
    <div class="closer">
      <div class="closer-head">
        <p class="stage">${closer.row(row, norm)}</p>
        <div class="places">
          ${field('weight-row', 'row', closer.rowField, row, n - 1, (next) => actions.look(next, column))}
          ${field('weight-column', 'col', closer.columnField, column, d - 1, (next) => actions.look(row, next))}
        </div>
      </div>
      <div class="scroll row-strip" tabindex="0" role="region" aria-label=${closer.strip(row)} ${ref(keepInView)}>
        <ol style="--characters: ${Math.max(...texts.map(({ length }) => length))}">${texts.map((text, at) => {
          const { sign, percent } = tint(values[at], reach.value);
          return html`<li class=${at === column ? 'here' : ''} data-column=${at} @click=${() => actions.look(row, at)}><span class="at" aria-hidden="true">${at}</span><span class="heat ${sign}" style="--part: ${percent}%">${text}</span></li>`;
        })}</ol>
      </div>
    </div>`;
}

export function numberTemplate({ near, actions }) {
  const { row, column, texts, bits, shortest } = near.value;
  const { number } = words();
  const part = (name, digits, note) => html`
    <div class="part"><span class="part-name">${name}</span><span class="bits" role="img" aria-label=${digits}>${[...digits].map((bit) => html`<span class=${bit === '1' ? 'one' : ''} aria-hidden="true">${bit}</span>`)}</span><span class="part-note">${note}</span></div>`;
  return html`
    <div class="closer number" id="weight-number" tabindex="-1" role="group" aria-label=${number.heading(row, column, texts[column])} @keydown=${(event) => { if (event.key === 'Escape') actions.back(); }}>
      <p class="stage">${number.heading(row, column, texts[column])}</p>
      <div class="parts">
        ${part(number.sign, bits.sign, bits.sign === '0' ? '+' : '−')}
        ${part(number.exponent, bits.exponent, bits.factor === null ? String(bits.stored) : number.power(bits.stored, bits.power))}
        ${part(number.fraction, bits.fraction, bits.factor === null ? nothing : number.factor(bits.factor))}
      </div>
      <p class="hint">${bits.factor === null ? number.special : number.product(bits.sign === '0' ? '' : '−', bits.factor, bits.power)} ${number.shortest(shortest, bits.hex)}</p>
    </div>`;
}
