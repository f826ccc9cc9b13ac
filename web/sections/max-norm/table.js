/** The table of the figure. */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { onNumber } from '../../components/controls.js';
import { REACH } from '../../components/plane.js';
import { tint as tintOf } from '../../components/tint.js';
import { normLabel } from './state.js';
import { words } from './words.js';

/** The weight as a table of number fields, with what the call did to each row. */
export function tableTemplate({ view, choice, actions, store }) {
  const { table, marks, called, call } = view.value;
  const { normType, paddingIdx, maxNorm } = choice.value;
  const place = (row, column) => onNumber(store, -REACH, REACH, (value) => actions.placeRow(row, table.rows[row].map((old, c) => (c === column ? value : old))));
  return html`
    <section class="card">
      <table class="weight" role="table">
        <caption><code>${words().table.caption}</code></caption>
        <thead role="rowgroup"><tr role="row">
          <th role="columnheader" scope="col">${words().table.row}</th>
          ${words().table.values.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}
          <th role="columnheader" scope="col">${words().table.norm(normLabel(normType))}</th>
          <th role="columnheader" scope="col">${words().table.fate}</th>
        </tr></thead>
        <tbody role="rowgroup">
          ${table.rows.map((values, row) => html`
            <tr role="row" class=${marks[row].count > 0 ? 'used' : ''} data-row=${row}>
              <th role="rowheader" scope="row">
                <span class="arrow" aria-hidden="true">${marks[row].count > 0 ? '▸' : ''}</span>${row}${marks[row].count > 1 ? html` <span class="times" aria-hidden="true">${words().table.times(marks[row].count)}</span>` : nothing}
                ${row === paddingIdx ? html`<span class="pad-tag">${words().table.pad}</span>` : nothing}
                <span class="sr">${marks[row].count > 1 ? words().table.timesLong(marks[row].count) : marks[row].count === 1 ? words().table.lookedUp : ''}</span>
              </th>
              ${values.map((value, column) => cellTemplate(value, table.texts[row][column], row, column, place))}
              <td role="cell" class="norm" data-name=${words().table.norm(normLabel(normType))}>${called && call.rescaled.includes(row) ? html`<span class="was">${call.before.norms[row]}</span> <span class="product">× ${call.scales[call.rescaled.indexOf(row)]} = ${table.norms[row]}</span>` : table.norms[row]}</td>
              <td role="cell" class="fate ${marks[row].kind}">${marks[row].fate}</td>
            </tr>`)}
        </tbody>
      </table>
      ${ruleTemplate(call, maxNorm, called)}
    </section>`;
}

/** The rule in words, worked for the first row that the call rescales. */
function ruleTemplate({ before, rescaled, scales: [scale] }, maxNorm, called) {
  if (maxNorm === null || rescaled.length === 0) return nothing;
  const [row] = rescaled;
  return html`
    <p class="rule"><code>${words().rule.code}</code>
      <span id="max-norm-rule">${words().rule.worked({ row, norm: before.norms[row], maxNorm, scale, called })}</span></p>`;
}

function cellTemplate(value, text, row, column, place) {
  const tint = tintOf(value, REACH);
  return html`
    <td role="cell" class="heat ${tint.sign}" style="--part: ${tint.percent}%">
      <input type="number" step="0.1" min=${-REACH} max=${REACH} .value=${live(text)} aria-label=${words().table.cell(row, column)} @change=${place(row, column)} />
    </td>`;
}
