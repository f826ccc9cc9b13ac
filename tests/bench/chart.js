/**
 * Charts as SVG: text is text, no script, legible on light and on dark.
 */
import { ratioText, wrapped } from './report.js';

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.quiet { fill: #59636e }
.end { text-anchor: end }
.middle { text-anchor: middle }
.faster { fill: #1f77b4 }
.slower { fill: #d1690e }
.one { stroke: #59636e }
.series { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #9198a1 }
  .faster { fill: #4c9be0 }
  .slower { fill: #f0883e }
  .one { stroke: #9198a1 }
}`;
/** Of lines, by series: legible on white and on black. */
const COLORS = ['#1f77b4', '#d1690e', '#2e8b57', '#a157c9', '#c9463d', '#7d7d2c', '#0f8f8f', '#a0705a'];
const colorOf = (n) => COLORS[n % COLORS.length];

const LEFT = 12;
const TOP = 22;
const ROW = 20;

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (x, y, content, classes = '') => `<text x="${round(x)}" y="${round(y)}"${classes && ` class="${classes}"`}>${escaped(content)}</text>`;
const round = (value) => Number(value.toFixed(1));
/** A width that the text surely does not pass, in pixels. */
const widthOf = (content) => 6.6 * content.length;

/** @param {number} least width @param {number} height @param {string} title @param {string[]} captions below @param {string[]} parts */
function svg(least, height, title, captions, parts) {
  const width = Math.max(least, LEFT + 1.4 * widthOf(title), ...captions.map((caption) => LEFT + widthOf(caption)));
  const whole = height + 18 * captions.length + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(whole)}" width="${round(width)}" height="${round(whole)}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}
</style>
${[text(LEFT, TOP, title, 'title'), ...parts, ...captions.map((caption, i) => text(LEFT, height + 12 + 18 * i, caption, 'quiet'))].join('\n')}
</svg>
`;
}

/* ---- Ratios: a row for each shape, a panel for each contender ---- */

const NUMBER = 50;
const BAR = 60;
const PANEL = NUMBER + BAR + 6;
const [LEAST, MOST] = [1 / 4, 16];

/** Where a ratio ends, in pixels from the panel's left; cut off at the ends of the scale. @param {number} ratio */
const barAt = (ratio) => NUMBER + (BAR * Math.log(Math.min(Math.max(ratio, LEAST), MOST) / LEAST)) / Math.log(MOST / LEAST);

/**
 * @param {string} title
 * @param {readonly string[]} labels of the contenders
 * @param {readonly { label: string, cells: readonly { ratio?: number, cannot?: string }[] }[]} rows
 * @param {string} machine
 * @returns {string}
 */
export function ratioChart(title, labels, rows, machine) {
  const start = LEFT + Math.max(...rows.map(({ label }) => widthOf(label))) + 6;
  const head = TOP + 24;
  const parts = labels.flatMap((label, column) => {
    const x = start + PANEL * column;
    const [first, second] = wrapped(label);
    const one = x + barAt(1);
    const below = head + 24 + ROW * rows.length;
    const names = [text(x + NUMBER, head, first, 'quiet'), text(x + NUMBER, head + 15, second, 'quiet')];
    return [...names, `<line class="one" x1="${round(one)}" x2="${round(one)}" y1="${head + 20}" y2="${below}"/>`];
  });
  rows.forEach(({ label, cells }, row) => {
    const y = head + 36 + ROW * row;
    parts.push(text(LEFT, y, label));
    cells.forEach(({ ratio, cannot }, column) => {
      const x = start + PANEL * column;
      if (cannot !== undefined) parts.push(text(x + NUMBER - 10, y, 'cannot', 'quiet end'));
      if (ratio === undefined) return;
      const [one, end] = [x + barAt(1), x + barAt(ratio)];
      const isCut = ratio > MOST || ratio < LEAST;
      const [low, high] = [Math.min(one, end), Math.max(one, end)];
      const classes = ratio >= 1 ? 'faster' : 'slower';
      parts.push(text(x + NUMBER - 10, y, ratioText(ratio), 'end'));
      if (isCut) {
        const tip = ratio > MOST ? 6 : -6;
        parts.push(`<path class="${classes}" d="M${round(one)} ${y - 10}H${round(end)}l${tip} 6l${-tip} 6H${round(one)}z"/>`);
      } else {
        parts.push(`<rect class="${classes}" x="${round(low)}" y="${y - 10}" width="${round(high - low)}" height="12"/>`);
      }
    });
  });
  const captions = [
    `Time of the other / ours. Right of the line, 1, ours takes less time. Bars by the logarithm, from ${LEAST} to ${MOST}; pointed ones go on.`,
    machine,
  ];
  const width = start + PANEL * labels.length + 30; // the last label is wider than its bars
  return svg(width, head + 30 + ROW * rows.length, title, captions, parts);
}

/* ---- Growth: lines over num_embeddings ---- */

const PLOT = { left: 56, width: 470, height: 220 };

/** Labels that would cover each other, moved apart. @param {number[]} at wanted, ascending @param {number} gap @returns {number[]} */
export function spread(at, gap) {
  const placed = at.slice();
  for (let i = placed.length - 2; i >= 0; i--) placed[i] = Math.min(placed[i], placed[i + 1] - gap);
  return placed;
}

/**
 * @param {string} title
 * @param {readonly number[]} sizes of the table, ascending
 * @param {readonly { label: string, values: readonly number[] }[]} series multiples of the first size's time
 * @param {string} machine
 * @returns {string}
 */
export function growthChart(title, sizes, series, machine) {
  const top = TOP + 24;
  const all = series.flatMap(({ values }) => values);
  const [low, high] = [Math.min(0.5, ...all), Math.max(4, ...all)];
  const x = (size) => PLOT.left + (PLOT.width * Math.log(size / sizes[0])) / Math.log(sizes[sizes.length - 1] / sizes[0]);
  const y = (value) => top + PLOT.height * (1 - Math.log(value / low) / Math.log(high / low));
  const powers = [0.1, 1, 10, 100, 1000].filter((value) => value >= low && value <= high);
  const steps = powers.length > 1 ? powers : [0.5, 1, 2, 4].filter((value) => value >= low && value <= high);
  const parts = steps.flatMap((value) => [
    `<line class="one" x1="${PLOT.left}" x2="${PLOT.left + PLOT.width}" y1="${round(y(value))}" y2="${round(y(value))}" stroke-width="${value === 1 ? 1 : 0.3}"/>`,
    text(PLOT.left - 8, y(value) + 4, `${value}x`, 'quiet end'),
  ]);
  for (const size of sizes) {
    if (Number.isInteger(Math.log10(size))) parts.push(text(x(size), top + PLOT.height + 18, size.toLocaleString('en-US'), 'quiet middle'));
  }
  const ends = series.map(({ label, values }, i) => ({ label, i, at: y(values[values.length - 1]) })).sort((a, b) => a.at - b.at);
  const labelsAt = spread(ends.map(({ at }) => at), 16);
  series.forEach(({ values }, i) => {
    const points = values.map((value, n) => `${round(x(sizes[n]))} ${round(y(value))}`);
    parts.push(`<path class="series" stroke="${colorOf(i)}" d="M${points.join('L')}"/>`);
    parts.push(...points.map((point) => `<circle fill="${colorOf(i)}" r="3" cx="${point.split(' ')[0]}" cy="${point.split(' ')[1]}"/>`));
  });
  ends.forEach(({ label, i }, n) => {
    const left = PLOT.left + PLOT.width + 12;
    parts.push(`<rect fill="${colorOf(i)}" x="${left}" y="${round(labelsAt[n] - 5)}" width="10" height="10"/>`, text(left + 16, labelsAt[n] + 4, label));
  });
  const captions = [`Time, as a multiple of that of ${sizes[0].toLocaleString('en-US')} rows, over the rows of the table; both axes by the logarithm.`, machine];
  const width = PLOT.left + PLOT.width + 40 + Math.max(...series.map(({ label }) => widthOf(label)));
  return svg(width, top + PLOT.height + 32, title, captions, parts);
}

/* ---- Values: a bar for each contender ---- */

const VALUE_BAR = 420;

/**
 * @param {string} title
 * @param {readonly { label: string, isOurs: boolean, value: number, text: string }[]} bars
 * @param {{ machine: string, caption: string, isLogarithmic?: boolean, line?: { value: number, label: string } }} options line: drawn across
 * @returns {string}
 */
export function valueChart(title, bars, { machine, caption, isLogarithmic = false, line }) {
  const start = LEFT + Math.max(...bars.map(({ label }) => widthOf(label))) + 6;
  const values = bars.map(({ value }) => value);
  const most = Math.max(...values, line?.value ?? 0);
  const least = Math.min(...values) / 2;
  const length = (value) => VALUE_BAR * (isLogarithmic ? Math.log(value / least) / Math.log(most / least) : value / most);
  const top = TOP + (line ? 32 : 16);
  const parts = bars.flatMap(({ label, isOurs, value, text: number }, i) => {
    const y = top + 14 + ROW * i;
    return [text(LEFT, y, label), `<rect class="${isOurs ? 'faster' : 'slower'}" x="${round(start)}" y="${y - 10}" width="${round(length(value))}" height="12"/>`, text(start + length(value) + 6, y, number)];
  });
  if (line) {
    const x = round(start + length(line.value));
    parts.push(`<line class="one" x1="${x}" x2="${x}" y1="${top - 4}" y2="${top + ROW * bars.length + 2}"/>`, text(x - 4, top - 8, line.label, 'quiet'));
  }
  const captions = [caption, machine];
  const width = start + VALUE_BAR + 90;
  return svg(width, top + ROW * bars.length + 10, title, captions, parts);
}
