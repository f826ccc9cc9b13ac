/**
 * Results as text.
 */

/** @param {number} count @returns {string} 1,000 */
export const grouped = (count) => count.toLocaleString('en-US');

/** @param {import('./inputs.js').Shape} shape @returns {string} `1,000 x 64, 4,096 indices` */
export function shapeText({ V, D, n, bags, sets = 1, law = 'uniform' }) {
  const what = law === 'distinct' ? `${grouped(n)} rows` : bags ? `${grouped(bags)} bags of ${grouped(n / bags)}` : n === 1 ? '' : grouped(n);
  return [`${grouped(V)} x ${D}`, what, law === 'zipf' && 'Zipf', sets > 1 && 'far'].filter(Boolean).join(', ');
}

/** @param {number} ns @returns {string} three digits, and a unit */
export function timeText(ns) {
  const [unit, scale] = ns < 1e3 ? ['ns', 1] : ns < 1e6 ? ['µs', 1e3] : ['ms', 1e6];
  return `${digits(ns / scale)} ${unit}`;
}

/** @param {number} bytes @returns {string} */
export const megabytesText = (bytes) => `${digits(bytes / 1e6)} MB`;

/** @param {number} ratio @returns {string} */
export const ratioText = (ratio) => digits(ratio);

/** @param {number} value @returns {string} two places below 10, one below 100 */
function digits(value) {
  return value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : grouped(Math.round(value));
}

/**
 * A ratio with its goal: `1.42 ✓1.3`.
 * @param {{ ratio?: number, goal?: number, cannot?: string }} result
 * @returns {string}
 */
export function cell({ ratio, goal, cannot }) {
  if (cannot !== undefined) return 'cannot';
  if (ratio === undefined) return '';
  return goal === undefined ? ratioText(ratio) : `${ratioText(ratio)} ${ratio >= goal ? '✓' : '✗'}${goal}`;
}

/** A label in two lines: broken at its comma, or before its last word. @param {string} label @returns {[string, string]} */
export function wrapped(label) {
  const at = label.includes(', ') ? label.indexOf(', ') + 1 : label.length > 10 ? label.lastIndexOf(' ') : -1;
  return at < 0 ? ['', label] : [label.slice(0, at), label.slice(at + 1)];
}

/**
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 * @returns {string} columns two spaces apart, the first on the left, the others on the right
 */
export function columns(header, rows) {
  const lines = [0, 1].map((line) => header.map((label) => wrapped(label)[line])).filter((line) => line.some(Boolean));
  const widths = header.map((_, i) => Math.max(...[...lines, ...rows].map((row) => row[i].length)));
  const text = (row) => row.map((part, i) => (i === 0 ? part.padEnd(widths[i]) : part.padStart(widths[i]))).join('  ').trimEnd();
  return [...lines, ...rows].map(text).join('\n');
}
