/** The picture of the figure: six rows in the plane, the border of the p-norm ball, and what the call moved. */
import { html, nothing, svg } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { KEEP_FROM_SCROLLING, NAMED_AXES_FROM, REACH, grid, outlinePath, placeLabels, planeScale, rowMark, trace } from '../../components/plane.js';
import { normLabel } from './state.js';
import { words } from './words.js';

/** How much room a label takes, and how far its mark reaches, in pixels. */
const ROW_LABEL = { width: 42, height: 18, radius: 9 };
const PAD_LABEL = { width: 80, height: 32, radius: 15 };
const SHORT_PAD_LABEL = { ...PAD_LABEL, width: 42 };

/** The plane of a figure: border, grid, traces, and a movable point for each row. */
export function planeTemplate(figure) {
  const { view, choice, ball, plane, glide } = figure;
  const scale = planeScale(plane.width.value);
  const { table, marks, called, call } = view.value;
  const { maxNorm, normType, paddingIdx } = choice.value;
  const border = ball.value === null ? null : outlinePath(ball.value, scale);
  const from = (row) => (called && call.rescaled.includes(row) ? call.before.rows[row] : null);
  const short = scale.size < NAMED_AXES_FROM;
  const labels = placeLabels(table.rows.map((values, row) => ({
    values, from: from(row), ...(row !== paddingIdx ? ROW_LABEL : short ? SHORT_PAD_LABEL : PAD_LABEL),
  })), scale);
  return html`
    <svg class="plane ${glide.value ? 'glide' : ''}" viewBox="0 0 ${scale.size} ${scale.size}" role="group" aria-label=${words().plane.label} ${ref(plane.watch)}>
      ${border === null ? nothing : svg`<path class="ball-inside" d=${border} />`}
      ${grid(scale, words().plane.axes)}
      ${border === null ? nothing : svg`<path class="ball" d=${border} />`}
      <text class="ball-name" x="14" y="22" aria-hidden="true">${maxNorm === null ? words().plane.noBall : words().plane.ball(normLabel(normType), maxNorm)}</text>
      ${called ? call.rescaled.map((row) => trace(call.before.rows[row], table.rows[row], scale)) : nothing}
      ${table.rows.map((values, row) => pointTemplate(figure, scale, values, row, marks[row], labels[row], row !== paddingIdx ? null : short ? words().table.pad : words().plane.padTag))}
    </svg>`;
}

function pointTemplate({ view, points }, scale, values, row, mark, label, padTag) {
  const { texts, norms } = view.value.table;
  return svg`
    <g class="point" style="transform: translate(${scale.x(values[0])}px, ${scale.y(values[1])}px)" data-row=${row}
      tabindex="0" role="slider" aria-roledescription=${words().plane.point} aria-label=${padTag ? `${words().plane.row(row)}, ${words().plane.padTag}` : words().plane.row(row)}
      aria-valuemin=${-REACH} aria-valuemax=${REACH} aria-valuenow=${texts[row][0]}
      aria-valuetext=${`${words().status.moved(row, texts[row], norms[row])}; ${mark.fate}`}
      @keydown=${(event) => points.moveByKey(event, row)}
      @touchstart=${KEEP_FROM_SCROLLING} @pointerdown=${(event) => points.dragStart(event, row)} @pointermove=${(event) => points.dragMove(event, row)}
      @pointerup=${() => points.dragEnd(row)} @pointercancel=${() => points.dragEnd(row)}>
      <circle class="hit" r="16" />
      <circle class="focus-halo" r="17" /><circle class="focus-ring" r="17" />
      ${rowMark(mark.kind, padTag !== null)}
      <text class="label" x=${label.x} y=${label.y + 13} text-anchor=${label.anchor}>${words().plane.row(row)}${padTag ? svg` <tspan class="pad-tag" x=${label.x} dy="14">${padTag}</tspan>` : nothing}</text>
    </g>`;
}

export function legendTemplate() {
  const sample = (content) => html`<svg viewBox="-16 -16 32 32" width="28" height="28" aria-hidden="true">${content}</svg>`;
  const before = svg`<g class="trace"><line x1="-14" y1="8" x2="6" y2="-6" /><circle cx="6" cy="-6" r="6.5" /></g>`;
  return html`
    <ul class="legend" aria-label=${words().legend.heading}>
      <li>${sample(rowMark('used', false))}${words().legend.used}</li>
      <li>${sample(before)}${words().legend.before}</li>
      <li>${sample(rowMark('outside', false))}${words().legend.outside}</li>
      <li>${sample(rowMark('idle', false))}${words().legend.idle}</li>
      <li>${sample(rowMark('idle', true))}${words().legend.pad}</li>
    </ul>`;
}
