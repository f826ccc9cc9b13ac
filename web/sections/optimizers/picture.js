/** One panel for each optimiser: the table as a plane with trails, who moved, and the loss. All share their scales. */
import { html, nothing, svg } from 'lit-html';
import { placeLabels } from '../../components/plane.js';
import { clamp } from '../../frame/fields.js';
import { WINDOW } from './state.js';
import { OPTIMIZERS } from './training.js';
import { words } from './words.js';

const SIZE = 264;
const MARGIN = 16;
/** Trails fade in so many parts. */
const FADES = 5;
const LETTER = 6.4;

/** What a row is called: its word, or its number. */
const nameOf = ({ names }, row) => (row === 0 ? words().pad : names ? names[row] : words().row(row));

const rounded = (pixels) => Math.round(pixels * 10) / 10;

const planeOf = (reach) => ({
  size: SIZE,
  x: (value) => rounded(SIZE / 2 + (value / reach) * (SIZE / 2 - MARGIN)),
  y: (value) => rounded(SIZE / 2 - (value / reach) * (SIZE / 2 - MARGIN)),
});

/** The way of all rows through the last steps, oldest part first. */
function trails(places, plane) {
  const last = places.length - 1;
  const parts = Array.from({ length: FADES }, (_, fade) => {
    const [from, to] = [fade, fade + 1].map((part) => Math.max(0, last - Math.round(((FADES - part) * WINDOW) / FADES)));
    if (from === to) return '';
    return places[0].map((_, row) => `M${places.slice(from, to + 1).map((rows) => `${plane.x(rows[row][0])} ${plane.y(rows[row][1])}`).join('L')}`).join('');
  });
  return svg`<g class="trails" aria-hidden="true">${parts.map((d, fade) => (d === '' ? nothing : svg`<path class="fade-${fade}" d=${d} />`))}</g>`;
}

function scatter({ places, now, name }, { reach, corpus, steps }, glides) {
  const plane = planeOf(reach);
  const rows = places[places.length - 1];
  const labels = placeLabels(rows.map((values, row) => ({ values, from: null, radius: 6, width: nameOf(corpus, row).length * LETTER + 2, height: 13 })), plane);
  const low = plane.x(-reach);
  const high = plane.x(reach);
  const at = (value) => `translate(${plane.x(value[0])}px, ${plane.y(value[1])}px)`;
  const order = rows.map((_, row) => row).sort((a, b) => Number(now.touched.includes(a)) - Number(now.touched.includes(b)));
  return html`
    <svg class="scatter ${glides ? 'glides' : ''}" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label=${words().panel.plane(OPTIMIZERS[name].label, steps, now.moved.length, rows.length)}>
      <g class="grid" aria-hidden="true">
        <path class="axis" d="M${SIZE / 2} ${low}V${high}M${low} ${SIZE / 2}H${high}" />
        <text x=${high} y=${SIZE / 2 + 13} text-anchor="end">${reach}</text><text x=${low} y=${SIZE / 2 + 13}>−${reach}</text>
      </g>
      ${trails(places, plane)}
      ${order.map((row) => svg`
        <g class="dot ${now.moved.includes(row) ? 'moved' : 'stayed'} ${now.touched.includes(row) ? 'touched' : ''}" data-row=${row} style="transform: ${at(rows[row])}">
          ${row === 0 ? svg`<circle class="pad" r="10.5" />` : nothing}
          ${now.touched.includes(row) ? svg`<circle class="ring-halo" r="7.5" /><circle class="ring" r="7.5" />` : nothing}
          <circle class="mark" r="4" />
        </g>`)}
      ${order.map((row) => svg`
        <g class="dot-label ${now.touched.includes(row) ? 'touched' : ''}" style="transform: ${at(rows[row])}">
          <text x=${labels[row].x} y=${labels[row].y + 10.5} text-anchor=${labels[row].anchor}>${nameOf(corpus, row)}</text>
        </g>`)}
    </svg>`;
}

const NAMES_WIDTH = 40;
const CELL = (SIZE - NAMES_WIDTH) / WINDOW;
const CELL_HEIGHT = 12;
const HEAD = 14;

/** Who moved: a block is a row that was looked up and moved, a line one that moved without, a frame one that was looked up and stayed. */
function raster({ recent, name }, { corpus, first, steps }) {
  const count = corpus.rows;
  const height = HEAD + count * CELL_HEIGHT + 2;
  const cells = (chosen, shape) => recent.flatMap((moment, n) => chosen(moment).map((row) => shape(rounded(NAMES_WIDTH + n * CELL), HEAD + row * CELL_HEIGHT))).join('');
  const width = rounded(CELL);
  const block = (x, y) => `M${x + 0.5} ${y + 1.5}h${width - 1}v${CELL_HEIGHT - 3}h${1 - width}z`;
  const line = (x, y) => `M${x} ${y + CELL_HEIGHT / 2 - 1}h${width}v2h${-width}z`;
  const frame = (x, y) => `M${x + 1} ${y + 2}h${width - 2}v${CELL_HEIGHT - 4}h${2 - width}z`;
  const now = recent.length - 1;
  return html`
    <svg class="raster" viewBox="0 0 ${SIZE} ${height}" role="img" aria-label=${words().panel.raster(OPTIMIZERS[name].label, recent[now] ?? null, steps)}>
      ${now < 0 ? nothing : svg`<rect class="now" x=${rounded(NAMES_WIDTH + now * CELL)} y=${HEAD - 1} width=${width} height=${count * CELL_HEIGHT + 2} />`}
      <g class="ruler" aria-hidden="true">
        <text x=${NAMES_WIDTH + 1} y="10">${words().panel.step(first + 1)}</text>
        ${now < 12 ? nothing : svg`<text x=${rounded(NAMES_WIDTH + (now + 1) * CELL)} y="10" text-anchor="end">${steps}</text>`}
        ${Array.from({ length: count }, (_, row) => svg`
          <text x=${NAMES_WIDTH - 6} y=${HEAD + row * CELL_HEIGHT + 10} text-anchor="end">${nameOf(corpus, row)}</text>
          <path d="M${NAMES_WIDTH} ${HEAD + row * CELL_HEIGHT}H${SIZE}" />`)}
        <path d="M${NAMES_WIDTH} ${HEAD + count * CELL_HEIGHT}H${SIZE}" />
      </g>
      <path class="drift" d=${cells(({ moved, touched }) => moved.filter((row) => !touched.includes(row)), line)} />
      <path class="block" d=${cells(({ moved, touched }) => moved.filter((row) => touched.includes(row)), block)} />
      <path class="still" d=${cells(({ moved, touched }) => touched.filter((row, n) => !moved.includes(row) && touched.indexOf(row) === n), frame)} />
    </svg>`;
}

const LOSS_HEIGHT = 52;

function lossLine({ moments, now }, { mostLoss, steps }) {
  const across = (step) => rounded(NAMES_WIDTH + (step / Math.max(WINDOW, steps)) * (SIZE - NAMES_WIDTH - 4));
  const up = (loss) => rounded(LOSS_HEIGHT - 6 - (Number.isNaN(loss) ? 1 : clamp(loss / mostLoss, 0, 1)) * (LOSS_HEIGHT - 14));
  const [x, y] = [across(moments.length - 1), up(now.loss)];
  return html`
    <svg class="loss" viewBox="0 0 ${SIZE} ${LOSS_HEIGHT}" role="img" aria-label=${words().panel.lossLabel(moments[0].lossText, now.lossText)}>
      <path class="base" d="M${NAMES_WIDTH} ${LOSS_HEIGHT - 6}H${SIZE}" />
      <text x=${NAMES_WIDTH - 6} y=${LOSS_HEIGHT - 2} text-anchor="end">0</text>
      <path class="line" d="M${moments.map(({ loss }, step) => `${across(step)} ${up(loss)}`).join('L')}" />
      <circle cx=${x} cy=${y} r="3" />
    </svg>`;
}

/** @param {import('./view.js').Panel} panel */
function panelTemplate(panel, view, glides) {
  const { name, error, now, drifted, way, away } = panel;
  const { label } = OPTIMIZERS[name];
  const text = words().panel;
  const { rows } = view.corpus;
  return html`
    <section class="panel card" data-optimizer=${name} aria-label=${label}>
      <h3>${label} <small>${text.gradients(panel.sparse)}</small></h3>
      ${error !== null ? html`<p class="error"><strong>${text.refuses}</strong> <code>${error.message}</code></p>` : html`
        ${scatter(panel, view, glides)}
        <p class="moved">${view.steps === 0 ? text.noneYet : text.moved(now.moved.length, rows, drifted.length)}</p>
        ${way === null ? nothing : html`<p class="way">${text.way} <span class="norm">[${way.join(', ')}] × lr</span></p>`}
        ${raster(panel, view)}
        <p class="loss-text">${text.loss} <span class="norm">${now.lossText}</span></p>
        ${lossLine(panel, view)}
        ${away === 0 ? nothing : html`<p class="away">${text.away(away)}</p>`}`}
    </section>`;
}

/** @param {ReturnType<typeof import('./view.js').viewOf>} view @param {boolean} glides whether dots glide to their places */
export const panelsTemplate = (view, glides) => html`
  <div class="picture panels" data-count=${view.panels.length}>${view.panels.map((panel) => panelTemplate(panel, view, glides))}</div>`;

export function legendTemplate() {
  const text = words().legend;
  const dot = (content) => html`<svg viewBox="-13 -13 26 26" width="26" height="26" aria-hidden="true">${content}</svg>`;
  const cell = (kind, d) => html`<svg class="raster" viewBox="0 0 26 16" width="26" height="16" aria-hidden="true"><path class=${kind} d=${d} /></svg>`;
  const ring = svg`<circle class="ring-halo" r="7.5" /><circle class="ring" r="7.5" />`;
  const entry = (sample, words) => html`<li>${sample}${words}</li>`;
  return html`
    <div class="legends">
      <ul class="legend" aria-label=${text.plane}>
        ${entry(dot(svg`<g class="dot moved touched">${ring}<circle class="mark" r="4" /></g>`), text.touched)}
        ${entry(dot(svg`<g class="dot moved"><circle class="mark" r="4" /></g>`), text.moved)}
        ${entry(dot(svg`<g class="dot stayed"><circle class="mark" r="4" /></g>`), text.stayed)}
        ${entry(dot(svg`<g class="dot stayed"><circle class="pad" r="10.5" /><circle class="mark" r="4" /></g>`), text.pad)}
        ${entry(dot(svg`<g class="trails"><path class="fade-1" d="M-12 6L-4 2" /><path class="fade-4" d="M-4 2L10 -6" /></g>`), text.trail)}
      </ul>
      <ul class="legend" aria-label=${text.raster}>
        ${entry(cell('block', 'M9 3h8v10h-8z'), text.block)}
        ${entry(cell('drift', 'M2 7h22v2h-22z'), text.drift)}
        ${entry(cell('still', 'M9 3h8v10h-8z'), text.still)}
      </ul>
    </div>`;
}
