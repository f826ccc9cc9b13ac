/**
 * Measures the package against others on this machine, a table per kernel: `make bench`, or `make bench KERNEL=lookup`.
 *
 *   KERNEL=bag,lookup     only these tables
 *   ROUNDS=15             of which the median is taken
 *   BENCH_PYTHON=...      a Python that has torch
 *   BENCH_NODE=...,...    more Node.js to run ours on
 *
 * Tables go to the terminal, all figures to build/bench/KERNEL.json, charts to build/bench/KERNEL.svg, and to tests/bench/charts/ with
 * CHARTS=1.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD, findContenders } from './contenders.js';
import { machine, machineText } from './machine.js';
import { ROUNDS, TOLERANCE, measure, stopAll } from './measure.js';
import { measureMemory } from './memory.js';
import { compared } from './statistics.js';
import { TABLES } from './tables.js';
import { TELL } from './tell.js';

const CHARTS = fileURLToPath(new URL('charts/', import.meta.url));

const names = process.argv.slice(2).flatMap((argument) => argument.split(','));
const unknown = names.find((name) => !(name in TABLES));
if (unknown !== undefined) {
  console.error(`KERNEL=${unknown}: not one of ${Object.keys(TABLES).join(', ')}`);
  process.exit(2);
}

const contenders = findContenders();
const here = machine();
console.log(machineText(here));
console.log(`Ratios: time of the other / ours; above 1 we are faster. ✓ meets the goal behind it, ✗ misses it. Medians of ${ROUNDS} rounds.`);
console.log('Shapes: num_embeddings x embedding_dim, number of indices. far: several sets of indices in turn, so that rows come from memory.');
for (const missing of new Set(Object.values(contenders).map((contender) => contender.missing))) if (missing) console.log(missing);

try {
  for (const name of names.length > 0 ? names : Object.keys(TABLES)) await run(name);
} finally {
  await stopAll();
}

/** @param {string} name of a table */
async function run(name) {
  const { title, rows, contenders: asked, against = {}, goals = () => ({}), notes, kind } = TABLES[name];
  const keys = [...asked, ...Object.keys(contenders).filter((key) => key.startsWith('node-'))].filter((key) => !contenders[key].missing);
  const taking = Object.fromEntries(keys.map((key) => [key, key in against ? { ...contenders[key], against: against[key] } : contenders[key]]));
  const measured = [];
  for (const row of rows) {
    const results = kind === 'memory' ? await measureMemory(row.shape, taking) : await measure(row.kernel, row.shape, taking);
    measured.push({ ...row, results: compared(results, taking, goals(row)) });
  }
  const labels = Object.fromEntries(keys.map((key) => [key, contenders[key].label]));
  const versions = Object.fromEntries(keys.map((key) => [labels[key], measured[0].results[key].version]));
  const cannot = new Map();
  for (const { results } of measured) for (const key of keys) if (results[key].cannot) cannot.set(results[key].cannot, (cannot.get(results[key].cannot) ?? new Set()).add(labels[key]));
  const told = TELL[kind]({ title, labels, rows: measured }, `${machineText(here)}; ${versions.ours}`);

  console.log(`\n${title}\n\n${told.text}\n\n${[...notes, ...Array.from(cannot, ([why, who]) => `${[...who].join(', ')} cannot: ${why}.`)].join('\n')}`);
  if (kind !== 'memory') console.log(`All results were the same as ours, to ${TOLERANCE} of the greatest number.`);
  console.log(`${[...new Set(Object.values(versions))].join('; ')}.`);

  const report = { kernel: name, title, machine: here, versions, rounds: ROUNDS, notes, rows: measured };
  writeFileSync(join(BUILD, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(BUILD, `${name}.svg`), told.svg);
  if (process.env.CHARTS) copyFileSync(join(BUILD, `${name}.svg`), join(CHARTS, `${name}.svg`));
}
