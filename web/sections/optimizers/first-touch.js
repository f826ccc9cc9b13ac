/** How large SparseAdam's first step of a row is, by how many steps the optimiser has made before. */
import { html } from 'lit-html';
import { firstTouches } from './training.js';
import { words } from './words.js';

export function createFirstTouch() {
  let seen = null;
  return () => {
    seen ??= firstTouches();
    const text = words().firstTouch;
    const most = Math.max(...seen.map(({ value }) => value));
    const place = (value) => `${rounded((value / most) * 100)}%`;
    return html`
      <section class="first-touch card" aria-labelledby="optimizers-first-heading">
        <h3 id="optimizers-first-heading">${text.heading}</h3>
        <table class="bars" aria-labelledby="optimizers-first-heading" style="--one: ${place(1)}">
          <thead><tr><th scope="col">${text.step}</th><th scope="col">${text.moves}</th></tr></thead>
          <tbody>${seen.map(({ step, value, text: shown }) => html`
            <tr data-step=${step}><th scope="row">${step.toLocaleString('en')}</th><td><div class="length"><span class="bar" style="width: ${place(value)}"></span><span class="norm">${shown}</span></div></td></tr>`)}</tbody>
        </table>
        <p class="hint">${text.caption}</p>
      </section>`;
  };
}

const rounded = (percent) => Math.round(percent * 10) / 10;
