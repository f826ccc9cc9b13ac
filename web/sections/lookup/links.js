/** Where the links run: measured from what is drawn, since the browser laid it out. Also the flight of rows into the output. */

const HEAD = 5;
const GAP = 4;
const STUB = 34;
const LANE = 7;
const GUTTER = 17;
const FLIGHT = { duration: 400, easing: 'cubic-bezier(0.3, 0, 0.2, 1)', fill: 'backwards' };
const MOST_FLIGHTS = 8;

const point = (x, y) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
const arrowHead = `m${-HEAD} ${-HEAD}l${HEAD} ${HEAD}l${-HEAD} ${HEAD}`;

/** From left to right, where the parts stand side by side. */
function across({ right, y }, { left, y: toY }) {
  const [from, to] = [right + GAP, left - GAP];
  const middle = (from + to) / 2;
  return `M${point(from, y)}C${point(middle, y)} ${point(middle, toY)} ${point(to, toY)}${arrowHead}`;
}

/** Out of the middle of a row of indices, through the gap below it. */
function below({ x, bottom }, right, row) {
  const y = bottom + LANE;
  return `M${point(x, bottom + 1)}Q${point(x, y)} ${point(x + LANE, y)}L${point(right, y)}${across({ right: right - GAP, y }, row).replace('M', 'L')}`;
}

/** Down a gutter on the left, where the parts stand one below the other. */
function down({ x, bottom }, { left, y }) {
  const gutter = left - GUTTER;
  return `M${point(x, bottom + GAP)}C${point(x, bottom + GUTTER)} ${point(gutter, bottom + HEAD)} ${point(gutter, bottom + 2 * GUTTER)}V${y - GUTTER}${turn(gutter, left, y)}`;
}
const along = ({ left, y }, { left: toLeft, y: toY }) => `M${point(left - GAP, y)}Q${point(left - GUTTER, y)} ${point(left - GUTTER, y + GUTTER)}V${toY - GUTTER}${turn(left - GUTTER, toLeft, toY)}`;
const turn = (gutter, left, y) => `Q${point(gutter, y)} ${point(left - GAP, y)}${arrowHead}`;

const cross = (x, y) => `M${point(x - HEAD, y - HEAD)}l${2 * HEAD} ${2 * HEAD}m0 ${-2 * HEAD}l${-2 * HEAD} ${2 * HEAD}`;

/**
 * Places links and flights in a picture.
 * @param {() => (number | null)[]} rowOf the row that each index names, null where there is none
 */
export function createLinks(rowOf) {
  let drawing = null;
  const sizes = new ResizeObserver(place);

  function place() {
    if (!drawing?.isConnected) return;
    const picture = drawing.parentElement;
    const origin = drawing.getBoundingClientRect();
    const box = (selector) => {
      const rect = picture.querySelector(selector)?.getBoundingClientRect();
      return rect && {
        left: rect.left - origin.left, right: rect.right - origin.left, x: (rect.left + rect.right) / 2 - origin.left,
        top: rect.top - origin.top, bottom: rect.bottom - origin.top, y: (rect.top + rect.bottom) / 2 - origin.top,
      };
    };
    const stacked = box('.table').top >= box('.indices').bottom;
    const joined = (from, row, to) => (stacked ? down(from, row) + (to ? along(row, to) : '') : (from.end > from.right ? below(from, from.end, row) : across(from, row)) + (to ? across(row, to) : ''));
    const rows = new Map();
    const rowBox = (row) => rows.get(row) ?? rows.set(row, box(`tr[data-row="${row}"]`)).get(row);
    rowOf().forEach((row, n) => {
      const from = box(`.chip[data-position="${n}"]`);
      const to = box(`li[data-position="${n}"]`);
      if (!from) return;
      from.end = box(`.index-line:has([data-position="${n}"]) > :last-child`).right;
      const table = row === null ? null : rowBox(row);
      const [path, mark] = table !== null ? [joined(from, table, to), ''] :
        stacked || from.end > from.right ? ['', cross(from.x, from.bottom + LANE)] :
          [`M${point(from.right, from.y)}h${STUB - 2 * HEAD}`, cross(from.right + STUB, from.y)];
      for (const link of drawing.querySelectorAll(`[data-link="${n}"]`)) {
        link.children[0].setAttribute('d', path);
        link.children[1]?.setAttribute('d', mark);
      }
    });
  }

  return {
    /** For lit's ref: called with the drawing after each change. */
    ref(element) {
      if (drawing !== element) {
        sizes.disconnect();
        drawing = element ?? null;
        if (drawing) sizes.observe(drawing);
      }
      place();
    },
    /** Lets rows fly from the table to their places in the output, unless motion is unwanted. @param {number[]} positions */
    fly(positions) {
      if (!drawing || positions.length > MOST_FLIGHTS || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      const picture = drawing.parentElement;
      for (const n of positions) {
        const cells = picture.querySelector(`li[data-position="${n}"] .strip`);
        const row = picture.querySelector(`tr[data-row="${rowOf()[n]}"] td`);
        if (!cells || !row) continue;
        const [from, to] = [row.getBoundingClientRect(), cells.getBoundingClientRect()];
        cells.animate([{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: 'none' }], FLIGHT);
      }
    },
  };
}
