// What the examples print with: colours where a terminal shows them, and not where NO_COLOR is set.
const isColored = process.stdout.isTTY && !process.env.NO_COLOR;
const style = (code, text) => (isColored ? `\x1b[${code}m${text}\x1b[0m` : text);

const COLUMNS = 80;

export const fit = (text, columns = COLUMNS) => (text.length > columns ? `${text.slice(0, columns - 3)}...` : text);
export const heading = (text) => console.log(`\n${style('1', fit(text))}\n`);
export const say = (text) => console.log(style('2', text));
export const complain = (text) => console.log(style('31', text));

/** A line of code, and what it gives. */
export function run(code, value) {
  console.log(style('36', fit(`> ${code}`)));
  if (value !== undefined) console.log(`${value}`);
}

const LARGEST = 1.6; // what is further from 0 looks the same
const COLORS = [208, 173, 138, 245, 103, 68, 33]; // of the 256: orange, grey, blue, all about as bright
const HEIGHTS = '▁▂▃▄▅▆▇';

/** Numbers as a strip of cells, one character each: a colour, or a height where there are none. */
export function cells(numbers) {
  const levels = Array.from(numbers, (x) => Math.round((Math.max(-LARGEST, Math.min(LARGEST, x)) / LARGEST + 1) * 3));
  return levels.map((level) => (isColored ? style(`48;5;${COLORS[level]}`, ' ') : HEIGHTS[level])).join('');
}

export const cellsLegend = `${cells([-LARGEST])} ${-LARGEST} or less, ${cells([0])} 0, ${cells([LARGEST])} ${LARGEST} or more`;
