/** The picture: index tensor, table and output side by side, and what leads from one to the next. */
import { html, nothing, svg } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { strip } from '../../components/grid.js';
import { strings } from '../../strings/index.js';
import { sizeText } from './code.js';
import { indexText, positionOf, rowTexts } from './state.js';
import { words } from './words.js';

const REACH = 1;

/** A part with its name and its shape. */
const part = (name, title, shape, content) => html`
  <section class="part ${name}" aria-labelledby="lookup-${name}">
    <h3 id="lookup-${name}"><code>${title}</code> <span class="size">${shape}</span></h3>
    <div class="part-body">${content}</div>
  </section>`;

/** A shape whose last part, the row's own, stands out. */
const rowSize = (shape) => {
  const text = sizeText(shape);
  const own = `${shape.at(-1)}])`;
  return html`${text.slice(0, -own.length)}<b>${shape.at(-1)}</b>])`;
};

export function pictureTemplate(figure) {
  const { view, links } = figure;
  const { indices, lookup } = view.value;
  return html`
    <div class="picture lookup-picture ${indices.shape.length === 2 ? 'two-dimensions' : ''}" @pointerleave=${() => figure.point(null)} @focusout=${() => figure.focus(null)}>
      ${part('indices', 'indices', sizeText(indices.shape), indexTemplate(figure))}
      ${part('table', 'embedding.weight', rowSize(lookup.weight.shape), tableTemplate(figure))}
      ${part('output', 'output', lookup.output === null ? '' : rowSize(lookup.output.shape), outputTemplate(figure))}
      ${linksTemplate(figure, links)}
    </div>`;
}

/** The index tensor: the first dimension runs down, the second across. */
function indexTemplate(figure) {
  const { view, actions } = figure;
  const { indices, bad, focused } = view.value;
  if (indices.texts.length === 0) return html`<p class="nothing">${words().noIndices}</p>`;
  const width = rowTexts(indices)[0].length;
  // The picture is drawn again while the reader types, and leaves the field alone.
  const settle = (field, n, old) => {
    const text = indexText(field.value);
    field.value = text ?? old;
    if (text !== null) actions.setIndex(n, text);
  };
  const chip = (text, n) => html`
    <span class="chip ${bad.includes(n) ? 'bad' : ''} ${focused.includes(n) ? 'focused' : ''}" data-position=${n} @pointerenter=${() => figure.point([n])}>
      <input id="lookup-index-${n}" type="number" step="1" aria-label=${words().indexAt(positionOf(indices, n))} .value=${text}
        aria-invalid=${bad.includes(n) ? 'true' : nothing} aria-describedby=${bad.includes(n) ? 'lookup-error' : nothing}
        @focus=${() => figure.focus([n])} @change=${(event) => settle(event.target, n, text)} />
    </span>`;
  return html`
    <div class="index-tensor" role="group" aria-label=${words().indicesLabel} data-control="indices">
      ${rowTexts(indices).map((row, r) => html`
        <div class="index-line">${row.map((text, c) => chip(text, r * width + c))}</div>`)}
    </div>`;
}

function tableTemplate(figure) {
  const { view, grid } = figure;
  const { lookup, counts, focused, rowOf } = view.value;
  const focusedRows = focused.map((n) => rowOf[n]);
  const rowUnder = (event) => event.target.closest('tr[data-row]')?.dataset.row;
  return html`
    <div @pointerover=${(event) => figure.pointRow(rowUnder(event))} @focusin=${(event) => figure.focusRow(rowUnder(event))}>
      ${grid.template({
        caption: html`<span class="sr">${words().weightCaption}</span>`,
        columns: lookup.weight.rows[0].map((_, column) => String(column)),
        rows: lookup.weight.rows.map((values, row) => ({
          name: String(row), values, texts: lookup.weight.texts[row], count: counts[row], className: focusedRows.includes(row) ? 'focused' : '',
        })),
        reach: REACH,
      })}
    </div>`;
}

function outputTemplate(figure) {
  const { view } = figure;
  const { indices, lookup: { output, error }, errorTexts, focused } = view.value;
  if (error !== null) {
    return html`
      <div id="lookup-error" class="error" role="group" tabindex="-1" aria-label=${strings.call.errorLead}>
        <strong>${strings.call.errorLead}</strong>
        ${errorTexts.map(([who, text]) => html`<p>${who}<code>${text}</code></p>`)}
      </div>`;
  }
  if (output.rows.length === 0) return html`<p class="nothing">${words().noOutput}</p>`;
  const lines = output.rows.map((values, n) => html`
    <li class=${focused.includes(n) ? 'focused' : ''} data-position=${n} @pointerenter=${() => figure.point([n])}>
      <span class="at" aria-hidden="true">[${positionOf(indices, n).join(', ')}]</span>
      ${strip(values, output.texts[n], REACH, words().outputAt(positionOf(indices, n), indices.texts[n]))}
      <span class="from" aria-hidden="true">${words().row(indices.texts[n])}</span>
    </li>`);
  const width = indices.shape.length === 2 ? indices.shape[1] : lines.length;
  return Array.from({ length: lines.length / width }, (_, block) => html`<ol class="output-rows">${lines.slice(block * width, (block + 1) * width)}</ol>`);
}

/** Faint, but for what is in focus and what is refused. Where they run is measured once they are drawn. */
function linksTemplate({ view }, links) {
  const { indices, bad, focused } = view.value;
  const line = (n) => svg`<g data-link=${n}><path /></g>`;
  return html`
    <svg class="links" aria-hidden="true" ${ref(links)}>
      <g class="faint">${indices.texts.map((_, n) => (focused.includes(n) || bad.includes(n) ? nothing : line(n)))}</g>
      <g class="dark">${focused.map((n) => (bad.includes(n) ? nothing : svg`<g class="halo" data-link=${n}><path /></g>${line(n)}`))}</g>
      ${bad.map((n) => svg`<g class="refused" data-link=${n}><path /><path class="cross" /></g>`)}
    </svg>`;
}
