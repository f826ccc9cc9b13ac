/**
 * A table of any length as a heatmap: the rows in the window are painted on a canvas, and lie as an ARIA grid above it, so that keys and
 * screen readers reach every number. The grid keeps the focus and names its active cell; arrows, Home, End, Ctrl+Home, Ctrl+End,
 * PageUp and PageDown move, Enter looks closer, s says the row.
 */
import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { paint } from 'nn-embedding/lab';
import { clamp } from '../frame/fields.js';
import { strings } from '../strings/index.js';
import { colorOf, colorTable, themeChanges } from './theme.js';

const MOST_ROWS = 40;
/** On a phone, where a finger must find its way past. */
const MOST_ROWS_NARROW = 24;
const NARROW = 480;
const HEIGHT = 560;
const [LEAST_ROW_HEIGHT, MOST_ROW_HEIGHT] = [14, 40];
/** Room for the outline of the first and of the last row. */
const EDGE = 4;
const MOST_COLUMN_WIDTH = 56;
const RULER_WIDTH = 52;
const BARS_WIDTH = 100;
const MOST_BAR_HEIGHT = 12;
const BARS_GAP = 12;
/** Narrower cells have no lines between them. */
const LINES_FROM = 10;
const FIRST_WIDTH = 600;
const ROW_TICKS = 4;
const COLUMN_TICK_ROOM = 34;

/**
 * @typedef {object} Map
 * @property {number} rows
 * @property {number} columns
 * @property {Float32Array} values
 * @property {Float32Array} norms of the rows, drawn as bars
 * @property {number} longest of the norms
 * @property {number} reach the size at which the colour is full
 * @property {boolean} [strokes] whether numbers below zero have a stroke as well as a colour
 * @property {() => [number, number]} active row and column, now: a key that is held down may come before the next frame
 * @property {string} label
 * @property {unknown} barsName
 * @property {(values: Float32Array) => string[]} textsOf numbers as the package prints them
 * @property {(row: number) => string} summary of a row
 * @property {(row: number, column: number) => void} onMove
 * @property {() => void} onEnter
 */

/**
 * @param {string} id
 * @param {(text: string) => void} announce
 */
export function createHeatmap(id, announce) {
  const width = signal(FIRST_WIDTH);
  const scrolls = signal(0);
  const cellId = (row, column) => `${id}-${row}-${column}`;
  let top = 0;
  let shown = null;
  let scroller = null;
  let scrolled = 0;
  let paints = 0;
  /** One pixel for each number in the window. */
  const small = document.createElement('canvas');

  const sizes = new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now > 0) width.value = now;
  });
  const watch = (element) => {
    sizes.disconnect();
    if (element) sizes.observe(element);
  };

  /** How large everything is, in CSS pixels. */
  function layoutOf({ rows, columns }) {
    const count = Math.min(rows, width.value < NARROW ? MOST_ROWS_NARROW : MOST_ROWS);
    const rowHeight = clamp(Math.floor(HEIGHT / count), LEAST_ROW_HEIGHT, MOST_ROW_HEIGHT);
    const room = width.value - RULER_WIDTH - BARS_GAP - BARS_WIDTH;
    const columnWidth = Math.min(MOST_COLUMN_WIDTH, room / columns);
    return { count, rowHeight, columnWidth, plot: columnWidth * columns, height: count * rowHeight };
  }

  /** Keeps the active row in the window once it has moved. */
  function place(map, { count }) {
    const [row] = map.active();
    if (shown === null) top = row - Math.floor(count / 2);
    else if (row !== shown.row || count !== shown.count) top = clamp(top, row - count + 1, row);
    shown = { row, count };
    top = clamp(top, 0, map.rows - count);
  }

  function move(event, map) {
    const [row, column] = map.active();
    const { count } = layoutOf(map);
    const [lastRow, lastColumn] = [map.rows - 1, map.columns - 1];
    const all = event.ctrlKey || event.metaKey;
    const to = {
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
      Home: [all ? 0 : row, 0], End: [all ? lastRow : row, lastColumn], PageUp: [row - count, column], PageDown: [row + count, column],
    }[event.key];
    if (to) {
      event.preventDefault();
      map.onMove(clamp(to[0], 0, lastRow), clamp(to[1], 0, lastColumn));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      map.onEnter();
    } else if (event.key === 's' && !all && !event.altKey) {
      announce(map.summary(row));
    }
  }

  function pick(event, map, { rowHeight, columnWidth, count }) {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / columnWidth);
    const row = top + clamp(Math.floor((event.clientY - box.top) / rowHeight), 0, count - 1);
    map.onMove(row, clamp(column, 0, map.columns - 1));
  }

  function draw(canvas, map, { count, rowHeight, columnWidth, plot, height }) {
    paints++;
    const ratio = devicePixelRatio;
    const full = plot + BARS_GAP + BARS_WIDTH;
    const context = canvas.getContext('2d');
    resize(canvas, Math.round(full * ratio), Math.round(height * ratio));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const values = map.values.subarray(top * map.columns, (top + count) * map.columns);
    const pixels = paint(values, { table: colorTable(), min: -map.reach, max: map.reach });
    resize(small, map.columns, count);
    small.getContext('2d').putImageData(new ImageData(pixels, map.columns), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, Math.round(plot * ratio), canvas.height);
    context.scale(ratio, ratio);
    context.fillStyle = colorOf('--card');
    if (rowHeight >= LINES_FROM) for (let n = 1; n < count; n++) context.fillRect(0, n * rowHeight - 0.5, plot, 1);
    if (columnWidth >= LINES_FROM) for (let n = 1; n < map.columns; n++) context.fillRect(n * columnWidth - 0.5, 0, 1, height);
    context.fillStyle = colorOf('--muted');
    const unit = map.longest > 0 ? BARS_WIDTH / map.longest : 0;
    const thick = Math.min(MOST_BAR_HEIGHT, rowHeight - 6);
    for (let n = 0; n < count; n++) context.fillRect(plot + BARS_GAP, (n + 0.5) * rowHeight - thick / 2, map.norms[top + n] * unit, thick);
    if (map.strokes) strokeNegatives(context, values, map.columns, rowHeight, columnWidth);
  }

  function strokeNegatives(context, values, columns, rowHeight, columnWidth) {
    const size = Math.min(columnWidth, rowHeight) / 2 - 1;
    context.strokeStyle = colorOf('--ink');
    context.lineWidth = 1;
    context.beginPath();
    values.forEach((value, at) => {
      if (!(value < 0)) return;
      const [x, y] = [((at % columns) + 0.5) * columnWidth, (Math.floor(at / columns) + 0.5) * rowHeight];
      context.moveTo(x - size, y + size);
      context.lineTo(x + size, y - size);
    });
    context.stroke();
  }

  /** @param {Map} map */
  function template(map) {
    scrolls.value;
    themeChanges.value;
    const layout = layoutOf(map);
    place(map, layout);
    const { count, rowHeight, columnWidth, plot, height } = layout;
    const [row, column] = map.active();
    const rows = Array.from({ length: count }, (_, n) => top + n);
    const texts = map.textsOf(Float32Array.from(rows, (at) => map.values[at * map.columns + column]));
    const norms = map.textsOf(map.norms.slice(top, top + count));
    const words = strings.heatmap;
    const keepScroll = (element) => {
      if (element !== scroller) [scroller, scrolled] = [element, 0];
      if (Math.round(scrolled / rowHeight) === top) return;
      scrolled = top * rowHeight;
      element.scrollTop = scrolled;
    };
    // Here what stands before the canvas, such as the length of what is scrolled, has been drawn.
    const drawn = (canvas) => {
      if (!canvas) return;
      keepScroll(canvas.closest('.heat-scroll'));
      draw(canvas, map, layout);
    };
    const columnStep = tickStep(map.columns, COLUMN_TICK_ROOM / columnWidth);
    return html`
      <div class="heatmap" ${ref(watch)}>
        <div class="heat-columns" aria-hidden="true" style="height: 20px">
          <span class="corner">${strings.grid.row}</span>
          ${Array.from({ length: Math.ceil(map.columns / columnStep) }, (_, n) => n * columnStep).map((at) => html`<span style="left: ${RULER_WIDTH + (at + 0.5) * columnWidth}px">${at}</span>`)}
          <span class="bars-name" style="left: ${RULER_WIDTH + plot + BARS_GAP}px">${map.barsName}</span>
        </div>
        <div class="heat-scroll" style="height: ${height + 2 * EDGE}px" @scroll=${(event) => scrollTo(event.currentTarget.scrollTop, rowHeight)}>
          <div class="heat-length" style="height: ${map.rows * rowHeight + 2 * EDGE}px">
            <div class="heat-window" style="height: ${height + 2 * EDGE}px">
              <div class="heat-rows" aria-hidden="true">
                ${rows.map((at, n) => (at === row || (at % ROW_TICKS === 0 && at - row !== 1 && row - at !== 1) || rowHeight > 20 ? html`<span class=${at === row ? 'here' : ''} style="top: ${n * rowHeight + EDGE}px; line-height: ${rowHeight}px">${at === row ? '▸' : ''}${at}</span>` : nothing))}
              </div>
              <canvas role="img" aria-label=${words.picture(map.label, map.rows, map.columns, top, top + count - 1)} style="left: ${RULER_WIDTH}px; top: ${EDGE}px; width: ${plot + BARS_GAP + BARS_WIDTH}px; height: ${height}px" ${ref(drawn)}></canvas>
              <div id=${id} class="heat-grid" role="grid" tabindex="0" aria-label=${map.label} aria-rowcount=${map.rows} aria-colcount=${map.columns + 1} aria-readonly="true"
                aria-activedescendant=${row >= top && row < top + count ? cellId(row, column) : nothing} style="left: ${RULER_WIDTH}px; top: ${EDGE}px; width: ${plot}px; height: ${height}px"
                @keydown=${(event) => move(event, map)} @click=${(event) => pick(event, map, layout)}>
                <div role="rowgroup" style="transform: translateY(${-top * rowHeight}px)">
                  ${repeat(rows, (at) => at, (at, n) => html`
                    <div role="row" aria-rowindex=${at + 1} class=${at === row ? 'here' : ''} style="top: ${at * rowHeight}px; height: ${rowHeight}px">
                      <div role="rowheader" aria-colindex="1"><span class="sr">${words.rowName(at, norms[n])}</span></div>
                      <div role="gridcell" id=${cellId(at, column)} aria-colindex=${column + 2} aria-selected=${at === row ? 'true' : 'false'} aria-label=${strings.grid.cell(at, column, texts[n])}
                        style="left: ${column * columnWidth}px; width: ${columnWidth}px"></div>
                    </div>`)}
                </div>
              </div>
            </div>
          </div>
        </div>
      </div>`;
  }

  function scrollTo(pixels, rowHeight) {
    scrolled = pixels;
    const next = Math.round(pixels / rowHeight);
    if (next === top) return;
    top = next;
    scrolls.value++;
  }

  return {
    template,
    focus: () => document.getElementById(id).focus(),
    /** What is shown, for tests. */
    lab: () => ({ top, paints }),
  };
}

function resize(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** Round steps, at least so large. */
function tickStep(columns, least) {
  return [1, 2, 4, 8, 16, 32, 64].find((step) => step >= least) ?? columns;
}
