/**
 * Measures the package against others on this machine, a table per kernel: `make bench`, or `make bench KERNEL=lookup`.
 *
 *   KERNEL=bag,lookup     only these tables
 *   ROUNDS=15             of which the median is taken
 *   BENCH_PYTHON=...      a Python that has torch
 *   BENCH_NODE=...,...    more Node.js to run ours on
 *
 * Tables go to the terminal, all figures to build/bench/KERNEL.json, charts to tests/bench/charts/KERNEL.svg.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, findContenders } from './contenders.js';
import { machine, machineText } from './machine.js';
import { ROUNDS, TOLERANCE, measure, stopAll } from './measure.js';
import { cell, columns, shapeText, timeText } from './report.js';
import { TABLES } from './tables.js';

const names = process.argv.slice(2).flatMap((argument) => argument.split(','));
for (const name of names) {
  if (!(name in TABLES)) throw new Error(`KERNEL=${name}: not one of ${Object.keys(TABLES).join(', ')}`);
}

const contenders = findContenders();
const here = machine();
console.log(machineText(here));
console.log(`Ratios: time of the other / ours; above 1 we are faster. ✓ meets the goal behind it, ✗ misses it. Medians of ${ROUNDS} rounds.`);
for (const missing of new Set(Object.values(contenders).map((contender) => contender.missing))) if (missing) console.log(missing);

try {
  for (const name of names.length > 0 ? names : Object.keys(TABLES)) await run(name);
} finally {
  await stopAll();
}

/** @param {string} name of a table */
async function run(name) {
  const { title, rows, contenders: asked, goals = () => /** @type {Record<string, number>} */ ({}), notes } = TABLES[name];
  const taking = [...asked, ...Object.keys(contenders).filter((key) => key.startsWith('node-'))].filter((key) => !contenders[key].missing);
  const measured = [];
  for (const row of rows) {
    const results = await measure(row.kernel, row.shape, Object.fromEntries(taking.map((key) => [key, contenders[key]])));
    const goal = goals(row);
    for (const key of taking) {
      const { against = 'ours' } = contenders[key];
      const base = results[against] ?? results.ours;
      const { median } = results[key];
      if (median === undefined || key === 'ours') continue;
      const ratio = median / /** @type {number} */ (base.median);
      Object.assign(results[key], { ratio }, goal[key] !== undefined && { goal: goal[key], met: ratio >= goal[key] });
    }
    measured.push({ ...row, results });
  }

  const others = taking.filter((key) => key !== 'ours');
  const kernelText = (/** @type {string} */ kernel) => (new Set(rows.map((row) => row.kernel)).size > 1 ? `${kernel}: ` : '');
  console.log(`\n${title}\n`);
  console.log(
    columns(
      ['', ...others.map((key) => contenders[key].label), 'ours'],
      measured.map(({ kernel, shape, results }) => [
        kernelText(kernel) + shapeText(shape),
        ...others.map((key) => cell(results[key])),
        timeText(/** @type {number} */ (results.ours.median)),
      ]),
    ),
  );
  const versions = Object.fromEntries(taking.map((key) => [contenders[key].label, measured[0].results[key].version]));
  const cannot = new Set(measured.flatMap(({ results }) => others.flatMap((key) => results[key].cannot ? [`${contenders[key].label} cannot: ${results[key].cannot}.`] : [])));
  console.log(`\n${[...notes, ...cannot].join('\n')}`);
  console.log(`All results were the same as ours, to ${TOLERANCE} of the greatest number.`);
  console.log(`${[...new Set(Object.values(versions))].join('; ')}.`);

  const report = { kernel: name, title, machine: here, versions, rounds: ROUNDS, notes, rows: measured };
  writeFileSync(join(BUILD, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
