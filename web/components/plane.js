/**
 * Marks for the plane, and where they go. One unit of the drawing is one CSS pixel at every size, so that text and
 * dots do not shrink on a phone. Shapes carry the meaning (filled, hollow, cross, dotted); colour comes second.
 */
import { nothing, svg } from 'lit-html';
import { clamp } from '../frame/fields.js';

/** Half the width of the plane: rows live in [-REACH, REACH] on both axes. */
export const REACH = 5;
const MARGIN = 26;
/** A smaller plane has no room for the names of its axes. */
export const NAMED_AXES_FROM = 420;
/** Rows land on this grid when they are dragged or moved by keys. */
const GRID_PER_UNIT = 10;

/**
 * Maps values to pixels of a square plane, and back.
 * @param {number} size side of the plane in pixels
 * @param {number} [reach] half its width in values
 */
export function planeScale(size, reach = REACH) {
  const centre = size / 2;
  const unit = (size - 2 * MARGIN) / (2 * reach);
  return {
    size, reach, centre, unit,
    x: (value) => rounded(centre + value * unit),
    y: (value) => rounded(centre - value * unit),
    valueAt: (px, py) => [onGrid((px - centre) / unit, 0, reach), onGrid((centre - py) / unit, 0, reach)],
  };
}

const rounded = (pixels) => Math.round(pixels * 10) / 10;

/** The nearest grid line to a value, or the one `steps` further on. */
export function onGrid(value, steps = 0, reach = REACH) {
  return clamp((Math.round(value * GRID_PER_UNIT) + steps) / GRID_PER_UNIT, -reach, reach);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const LARGE_STEP = 10;

/**
 * Moves points of a plane by mouse, finger and arrow keys, in larger steps with Shift.
 * @param {object} plane
 * @param {(row: number) => number[]} plane.valuesOf
 * @param {(row: number, values: number[], gesture: string | null) => void} plane.move gesture names a drag, of which this is one step
 * @param {(row: number) => void} plane.moved called when a move is finished
 * @param {number} [plane.reach]
 */
export function createMover({ valuesOf, move, moved, reach = REACH }) {
  let dragged = null;
  return {
    moveByKey(event, row) {
      const arrow = ARROWS[event.key];
      if (arrow === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const steps = event.shiftKey ? LARGE_STEP : 1;
      move(row, valuesOf(row).map((value, axis) => (arrow[axis] === 0 ? value : onGrid(value, arrow[axis] * steps, reach))), null);
      moved(row);
    },
    dragStart(event, row) {
      if (event.button !== 0) return;
      dragged = row;
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.focus();
      event.preventDefault();
    },
    dragMove(event, row) {
      if (dragged !== row) return;
      const plane = event.currentTarget.ownerSVGElement.getBoundingClientRect();
      const values = planeScale(plane.width, reach).valueAt(event.clientX - plane.left, event.clientY - plane.top);
      if (values.some((value, axis) => value !== valuesOf(row)[axis])) move(row, values, `drag ${row}`);
    },
    dragEnd(row) {
      if (dragged !== row) return;
      dragged = null;
      moved(row);
    },
  };
}

/** A finger on a point drags the point, where `touch-action` alone does not hold inside an SVG. */
export const KEEP_FROM_SCROLLING = { handleEvent: (event) => event.preventDefault(), passive: false };

/** A closed path through rows. */
export function outlinePath(rows, scale) {
  return `M${rows.map(([x, y]) => `${scale.x(x)} ${scale.y(y)}`).join('L')}Z`;
}

/** Lines, and their values at the edge, where no mark hides them. @param {any} scale @param {string[]} [axisNames] */
export function grid(scale, axisNames) {
  const { reach } = scale;
  const lines = Array.from({ length: 2 * reach + 1 }, (_, k) => k - reach);
  const low = scale.x(-reach);
  const high = scale.x(reach);
  return svg`
    <g class="grid" aria-hidden="true">
      ${lines.map((v) => svg`
        <path class=${v === 0 ? 'axis' : ''} d="M${scale.x(v)} ${low}V${high}M${low} ${scale.y(v)}H${high}" />`)}
      ${lines.filter((v) => v % 2 === 0).map((v) => svg`
        <text x=${scale.x(v)} y=${high + 16} text-anchor="middle">${String(v).replace('-', '−')}</text>
        <text x=${low - 4} y=${scale.y(v) + 4} text-anchor="end">${String(v).replace('-', '−')}</text>`)}
      ${scale.size < NAMED_AXES_FROM || !axisNames ? nothing : svg`
        <text x=${high} y=${scale.centre - 8} text-anchor="end">${axisNames[0]}</text>
        <text x=${scale.centre + 8} y=${low + 14}>${axisNames[1]}</text>`}
    </g>`;
}

/** Where the row was, and its way along the ray. */
export function trace(from, to, scale) {
  return svg`
    <g class="trace" aria-hidden="true">
      <line x1=${scale.x(from[0])} y1=${scale.y(from[1])} x2=${scale.x(to[0])} y2=${scale.y(to[1])} />
      <circle cx=${scale.x(from[0])} cy=${scale.y(from[1])} r="6.5" />
    </g>`;
}

/** A row's own mark, drawn around 0, 0. `kind` is 'used', 'idle' or 'outside'. */
export function rowMark(kind, isPad) {
  const pad = isPad ? svg`<circle class="pad" r="13" />` : null;
  if (kind === 'outside') return svg`${pad}<path class="cross-halo" d="M-6 -6L6 6M-6 6L6 -6" /><path class="cross" d="M-6 -6L6 6M-6 6L6 -6" />`;
  return svg`${pad}<circle class=${kind} r=${kind === 'used' ? 7 : 5.5} />`;
}

/** Sides on which a label may stand, seen from its mark: right or left, above or below. */
const SIDES = [[1, -1], [-1, -1], [1, 1], [-1, 1], [0, -1], [0, 1], [1, 0], [-1, 0]];
const LABEL_GAP = 12;
const TRACE_SAMPLES = 12;

/**
 * Finds a place for every label: off the other marks, the other labels and the traces, and rather away from the origin.
 * @param {{ values: number[], from: number[] | null, radius: number, width: number, height: number }[]} points in pixels,
 *   except `values` and `from` (where a moved row was)
 * @param {{ x: (value: number) => number, y: (value: number) => number, size: number, height?: number }} scale of a plane; a square one needs no height
 * @returns {{ x: number, y: number, anchor: string }[]} relative to each mark; `y` is the top of the label
 */
export function placeLabels(points, scale) {
  const at = ([x, y]) => [scale.x(x), scale.y(y)];
  const disc = ([x, y], radius) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  const marks = points.map(({ values, radius }) => disc(at(values), radius));
  const obstacles = [
    ...points.flatMap(({ values, from }) => (from === null ? [] : samples(at(from), at(values)).map((spot) => disc(spot, 3)))),
    ...points.flatMap(({ from }) => (from === null ? [] : [disc(at(from), 8)])),
  ];
  const places = [];
  // Moved rows choose first: their traces leave them the least room.
  const order = points.map((_, self) => self).sort((a, b) => Number(points[a].from === null) - Number(points[b].from === null));
  for (const self of order) {
    const point = points[self];
    const [x, y] = at(point.values);
    const outward = [point.values[0] < 0 ? -1 : 1, point.values[1] < 0 ? 1 : -1];
    const cost = (side) => {
      const box = labelBox(side, [x, y], point);
      const others = [...obstacles, ...marks.filter((_, other) => other !== self)];
      let total = (side[0] === outward[0] ? 0 : 4) + (side[1] === outward[1] ? 0 : 3) + (side[0] === 0 || side[1] === 0 ? 6 : 0);
      for (const other of others) total += overlap(box, other);
      const inside = overlap(box, { left: 0, top: 0, right: scale.size, bottom: scale.height ?? scale.size });
      return total + 4 * (point.width * point.height - inside);
    };
    const costs = SIDES.map(cost);
    const side = SIDES[costs.indexOf(Math.min(...costs))];
    const box = labelBox(side, [x, y], point);
    obstacles.push(box);
    const edge = side[0] > 0 ? box.left : side[0] < 0 ? box.right : x;
    places[self] = { x: edge - x, y: box.top - y, anchor: side[0] > 0 ? 'start' : side[0] < 0 ? 'end' : 'middle' };
  }
  return places;
}

function samples(from, to) {
  return Array.from({ length: TRACE_SAMPLES }, (_, k) => from.map((start, axis) => start + ((to[axis] - start) * k) / TRACE_SAMPLES));
}

function labelBox([right, down], [x, y], { width, height, radius }) {
  const left = right > 0 ? x + LABEL_GAP : right < 0 ? x - LABEL_GAP - width : x - width / 2;
  const gap = right === 0 ? radius + 3 : 2;
  const top = down > 0 ? y + gap : down < 0 ? y - gap - height : y - height / 2;
  return { left, right: left + width, top, bottom: top + height };
}

function overlap(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
