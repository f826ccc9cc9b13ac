/**
 * Writes the table of README.md from tests/golden/lines.json, where PyTorch itself printed the outputs: `node tools/readme.js`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const README = new URL('../README.md', import.meta.url);
const LINES = new URL('../tests/golden/lines.json', import.meta.url);
const BEGIN = '<!-- table:begin, written by tools/readme.js -->\n';
const END = '<!-- table:end -->';

/**
 * @param {string} readme
 * @returns {string} the text with its table made anew
 */
export function withTable(readme) {
  const { lines } = JSON.parse(readFileSync(LINES, 'utf8'));
  const pre = (text) => `<pre>${text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', '<br>')}</pre>`;
  const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;
  const rows = lines.map(({ pytorch, javascript, prints }) => `| ${code(pytorch)} | ${code(javascript)} | ${prints === null ? '' : pre(prints)} |\n`);
  const start = readme.indexOf(BEGIN) + BEGIN.length;
  return `${readme.slice(0, start)}\n| PyTorch | JavaScript | both print |\n| --- | --- | --- |\n${rows.join('')}\n${readme.slice(readme.indexOf(END))}`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(README, withTable(readFileSync(README, 'utf8')));
