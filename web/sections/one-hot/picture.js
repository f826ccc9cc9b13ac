/** The picture: two lanes that end in the same numbers, and what each of them costs. */
import { html, nothing } from 'lit-html';
import { strip } from '../../components/grid.js';
import { barLengths } from './run.js';
import { EMBEDDING_DIM } from './state.js';
import { words } from './words.js';

/** Rows that are drawn; a longer batch ends in a note. */
const MOST_DRAWN = 8;
/** Above this, single zeros are too close to be seen. */
const MOST_TICKS = 60;
const MOST_NAMED = 10;

/** The columns of the one-hot matrix that have their number above: all of a few, else the first and the last. */
const columnsNamed = (n) => (n > MOST_NAMED ? [0, n - 1] : Array.from({ length: n }, (_, column) => column));
const percent = (index, n) => `${Math.round(((index + 0.5) / n) * 10000) / 100}%`;

export function lanesTemplate({ view }) {
  const { n, b, both } = view.value;
  const drawn = both.indices.slice(0, MOST_DRAWN);
  const rest = b > MOST_DRAWN ? html`<p class="rest">${words().more(b - MOST_DRAWN)}</p>` : nothing;
  return html`
    <div class="picture lanes">
      ${lane('matmul', words().matmulTitle, [
        part(html`<code>one_hot</code>`, `${b} × ${words().count(n)}`, html`
          <div class="one-hot ${n > MOST_TICKS ? 'dense' : ''}" style="--n: ${n}" role="img" aria-label=${words().oneHotLabel(both.ones, n)}>
            <div class="hot-row ruler"><span></span><span class="hot-columns">${columnsNamed(n).map((column) => html`<span style="left: ${percent(column, n)}">${words().count(column)}</span>`)}</span></div>
            ${drawn.map((_, row) => html`<div class="hot-row"><span class="hot-index">${both.indices[row]}</span><span class="hot-line">${both.ones[row] < 0 ? nothing : html`<i style="left: ${percent(both.ones[row], n)}"></i>`}</span></div>`)}
          </div>${rest}`),
        sign('×'), tablePart(n, both, true), sign('='), outputPart(both.matmul, both.indices, n, rest)])}
      <p class="verdict ${both.equal ? 'same' : 'different'}"><code>torch.equal</code> <strong>${both.equal ? words().equal : words().unequal}</strong></p>
      ${lane('gather', words().gatherTitle, [
        part(html`<code>indices</code>`, String(b), html`
          <div class="no-matrix"><p class="hint">${words().noMatrix}</p><div><div class="plain-indices">${drawn.map((index) => html`<span>${index}</span>`)}</div>${rest}</div></div>`),
        sign('→'), tablePart(n, both, false), sign('='), outputPart(both.gather, both.indices, n, rest)])}
    </div>`;
}

const lane = (name, title, parts) => html`<section class="lane ${name}" aria-labelledby="one-hot-${name}"><h3 id="one-hot-${name}">${title}</h3><div class="lane-parts">${parts}</div></section>`;
const part = (title, size, content) => html`<div class="lane-part"><h4>${title} <span>${size}</span></h4>${content}</div>`;
const sign = (text) => html`<span class="sign" aria-hidden="true">${text}</span>`;

/** The table as a block: dark where it is read. */
const tablePart = (n, { indices }, isAll) => part(html`<code>weight</code>`, `${words().count(n)} × ${EMBEDDING_DIM}`, html`
  <div class="block-table ${isAll ? 'all' : ''}" style="--n: ${n}" role="img" aria-label=${isAll ? words().readAll(n) : words().readSome(new Set(indices).size, n)}>
    ${[...new Set(indices)].map((index) => html`<i style="top: ${percent(index, n)}"></i>`)}
  </div>
  <p class="read">${isAll ? words().readAll(n) : words().readSome(new Set(indices).size, n)}</p>`);

const outputPart = ({ rows, texts }, indices, n, rest) => part(html`<code>output</code>`, `${rows.length} × ${EMBEDDING_DIM}`, html`
  <ol class="lane-output">${rows.slice(0, MOST_DRAWN).map((values, k) => html`<li>${strip(values, texts[k], n * EMBEDDING_DIM, words().row(indices[k]))}</li>`)}</ol>${rest}`);

/** Where the scale of the bars is named. */
const NAMED = [1, 1000, 1000000];

/** Costs as bars on a logarithmic scale, each with its number. */
export function costsTemplate({ view, measured }) {
  const { costs } = view.value;
  const times = measured.value;
  /** A tenth of a microsecond has the bar of length 0. */
  const tick = 0.0001;
  const places = barLengths(NAMED);
  const groups = [
    [words().multiplyAdds, costs.multiplyAdds, words().count],
    [words().bytesRead, costs.bytesRead, words().count],
    ...(times === null ? [] : [[words().time, { matmul: times.matmul.milliseconds, gather: times.gather.milliseconds }, words().duration, tick]]),
  ];
  return html`
    <table class="costs" role="table">
      <caption>${words().costs}</caption>
      <thead role="rowgroup"><tr role="row"><td role="cell"></td><th role="columnheader" scope="col">${words().matmulShort}</th><th role="columnheader" scope="col">${words().gatherShort}</th></tr></thead>
      <tbody role="rowgroup">${groups.map(([name, pair, say, unit = 1]) => {
        const lengths = barLengths([pair.matmul / unit, pair.gather / unit]);
        return html`<tr role="row">
          <th role="rowheader" scope="row">${name}<span class="axis" aria-hidden="true">${NAMED.map((count, k) => html`<span style="left: ${places[k]}%">${say(unit * count)}</span>`)}</span></th>
          ${[[words().matmulShort, pair.matmul], [words().gatherShort, pair.gather]].map(([way, value], k) => html`
            <td role="cell"><span class="way" aria-hidden="true">${way}</span><span class="track"><span class="bar" style="width: ${lengths[k]}%"></span></span><span class="cost">${say(value)}</span></td>`)}</tr>`;
      })}</tbody>
    </table>`;
}
