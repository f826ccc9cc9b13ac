/** One row outside, and two points of the border: where max_norm puts it, and the one that is nearest. */
import { functional, tensor, tidy } from 'nn-embedding';
import { computed } from '@preact/signals-core';
import { html, nothing, svg } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { ref } from 'lit-html/directives/ref.js';
import { onNumber, segments } from '../../components/controls.js';
import { numberTexts } from '../../components/numbers.js';
import { KEEP_FROM_SCROLLING, createMover, grid, outlinePath, placeLabels, planeScale, trace } from '../../components/plane.js';
import { createWidth } from '../../components/width.js';
import { ballOutline, rowsOutside } from '../layer.js';
import { NORM_TYPES, RAY_REACH, normLabel } from './state.js';
import { words } from './words.js';

const LIMIT = 1.4;
const FIRST_SIZE = 420;
const LABEL = { height: 18, radius: 9 };

/**
 * The point of the ball that is nearest to a row outside it, by operations on tensors.
 * @param {import('nn-embedding').Tensor} row (1, 2)
 */
function nearestInBall(row, normType) {
  if (normType === 2) return row.mul(LIMIT).div(row.norm());
  if (normType === Infinity) return row.add(LIMIT).relu().sub(row.sub(LIMIT).relu()).sub(LIMIT);
  // Both numbers lose the same length, as far as they have it.
  const lengths = [row.norm(1).sub(LIMIT).div(2), row.norm(Infinity).sub(LIMIT)];
  const lost = tensor(lengths.map((length) => length.relu().item())).norm(Infinity).item();
  return row.sub(lost).relu().sub(row.neg().sub(lost).relu());
}

/** @param {number[][]} rows one row @param {number} normType 1, 2 or Infinity */
export function landings(rows, normType) {
  return tidy(() => {
    const row = tensor(rows);
    const outside = rowsOutside(rows, [0], { maxNorm: LIMIT, normType }).length > 0;
    const rescaled = tensor(rows);
    functional.embeddingRenorm(rescaled, [0], LIMIT, normType);
    const nearest = outside ? nearestInBall(row, normType) : row;
    const place = (point) => ({ values: Array.from(point.data), texts: numberTexts(point), way: numberTexts(point.sub(row).norm())[0] });
    return { outside, norm: numberTexts(row.norm(normType))[0], row: place(row), rescaled: place(rescaled), nearest: place(nearest) };
  });
}

/** @param {{ store: any, announce: (text: string) => void }} context */
export function createRadial({ store, announce }) {
  const rows = computed(() => store.state.value.ray);
  const normType = computed(() => store.state.value.rayp);
  const view = computed(() => landings(rows.value, normType.value));
  const border = computed(() => ballOutline(LIMIT, normType.value));
  const size = createWidth(FIRST_SIZE);
  const say = () => announce(words().radial.summary(view.value));
  const place = (values) => {
    store.edit({ ray: [values] });
    say();
  };
  const mover = createMover({
    reach: RAY_REACH,
    valuesOf: () => rows.value[0],
    move: (_, values, gesture) => store.edit({ ray: [values] }, gesture && 'ray'),
    moved() {
      store.endGesture();
      say();
    },
  });

  function picture() {
    const { outside, row, rescaled, nearest } = view.value;
    const scale = planeScale(size.width.value, RAY_REACH);
    const path = outlinePath(border.value, scale);
    const at = ({ values: [x, y] }) => `transform: translate(${scale.x(x)}px, ${scale.y(y)}px)`;
    const marks = outside ? [row, rescaled, nearest] : [row];
    const names = outside ? words().radial.marks : [words().radial.inside];
    const labels = placeLabels(marks.map(({ values }, n) => ({ values, from: n === 0 ? null : row.values, width: 9 * names[n].length + 6, ...LABEL })), scale);
    const label = (n) => svg`<text class="label" x=${labels[n].x} y=${labels[n].y + 13} text-anchor=${labels[n].anchor}>${names[n]}</text>`;
    return html`
      <svg class="plane" viewBox="0 0 ${scale.size} ${scale.size}" role="group" aria-label=${words().radial.label} ${ref(size.watch)}>
        <path class="ball-inside" d=${path} />${grid(scale)}<path class="ball" d=${path} />
        <text class="ball-name" x="14" y="22" aria-hidden="true">${words().plane.ball(normLabel(normType.value), LIMIT)}</text>
        ${outside ? svg`
          <g class="trace" aria-hidden="true"><line class="to-origin" x1=${scale.centre} y1=${scale.centre} x2=${scale.x(rescaled.values[0])} y2=${scale.y(rescaled.values[1])} /></g>
          <line class="nearest-way" aria-hidden="true" x1=${scale.x(row.values[0])} y1=${scale.y(row.values[1])} x2=${scale.x(nearest.values[0])} y2=${scale.y(nearest.values[1])} />
          ${trace(row.values, rescaled.values, scale)}
          <g style=${at(nearest)} data-landing="nearest" aria-hidden="true"><path class="nearest" d="M0 -8L8 0L0 8L-8 0Z" />${label(2)}</g>
          <g style=${at(rescaled)} data-landing="rescaled" aria-hidden="true"><circle class="used" r="7" />${label(1)}</g>` : nothing}
        <g class="handle" style=${at(row)} data-row="0" tabindex="0" role="slider" aria-roledescription=${words().plane.point} aria-label=${words().radial.row}
          aria-valuemin=${-RAY_REACH} aria-valuemax=${RAY_REACH} aria-valuenow=${row.texts[0]} aria-valuetext=${words().radial.summary(view.value)}
          @keydown=${(event) => mover.moveByKey(event, 0)}
          @touchstart=${KEEP_FROM_SCROLLING} @pointerdown=${(event) => mover.dragStart(event, 0)} @pointermove=${(event) => mover.dragMove(event, 0)}
          @pointerup=${() => mover.dragEnd(0)} @pointercancel=${() => mover.dragEnd(0)}>
          <circle class="hit" r="16" /><circle class="focus-halo" r="17" /><circle class="focus-ring" r="17" />
          ${outside ? svg`<circle class="hollow" r="6.5" />` : svg`<circle class="used" r="7" />`}
          ${label(0)}
        </g>
      </svg>`;
  }

  function template() {
    const { outside, norm, row, rescaled, nearest } = view.value;
    const own = words().radial;
    const line = (name, { texts, way }) => html`
      <tr><th scope="row">${name}</th><td class="number">[${texts.join(', ')}]</td><td class="number">${way}</td></tr>`;
    return html`
      <div class="figure">
        <div class="picture">${picture()}</div>
        <div class="controls">
          <div class="card stack">
            ${segments({
              id: 'max-norm-rayp', name: 'rayp', label: html`<code>norm_type</code>`, value: normType.value, choices: NORM_TYPES.map((p) => [p, normLabel(p)]),
              onChange: (p) => { store.edit({ rayp: p }); say(); },
            })}
            <div class="control" data-control="ray">
              <span>${own.row}</span>
              <div class="pair">${row.texts.map((text, axis) => html`
                <input id="max-norm-ray-${axis}" type="number" step="0.1" min=${-RAY_REACH} max=${RAY_REACH} .value=${live(text)} aria-label=${own.number(axis)}
                  @change=${onNumber(store, -RAY_REACH, RAY_REACH, (value) => place(rows.value[0].map((old, a) => (a === axis ? value : old))))} />`)}</div>
            </div>
          </div>
          <table class="facts" aria-labelledby="max-norm-radial-heading">
            <thead><tr><td></td><th scope="col">${own.lands}</th><th scope="col">${own.way}</th></tr></thead>
            <tbody>${line(own.byRule, rescaled)}${line(own.byDistance, nearest)}</tbody>
          </table>
          <p class="status" id="max-norm-ray-status">${outside ? own.verdict(normType.value, rescaled.texts.join() === nearest.texts.join()) : own.insideLong(normLabel(normType.value), norm)}</p>
        </div>
      </div>
      <p class="caption">${own.caption}</p>`;
  }

  return { template, lab: () => view.value };
}
