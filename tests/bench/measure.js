/**
 * Measures the contenders of one row of a table, in turns, so that the machine's noise hits all alike.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, Child } from './contenders.js';
import { writeInputs } from './inputs.js';
import { difference, summary } from './statistics.js';

export const ROUNDS = Number(process.env.ROUNDS || 15);
const BATCH_NS = 8e6;
const WARM_UP_NS = 150e6;

/** What results may differ by, as a part of the greatest number in them: orders of summation differ, and FMA. */
export const TOLERANCE = 1e-5;

/**
 * @typedef {object} Measured
 * @property {string} [version]
 * @property {string} [cannot] why there is no time
 * @property {number} [median] nanoseconds per call
 * @property {[number, number]} [quartiles]
 * @property {number} [repetitions] calls of a round
 * @property {number} [difference] from our result
 */

/** @type {Map<string, Child>} */
const lasting = new Map();

/** @param {string} name @param {import('./contenders.js').Contender} contender @returns {Child} */
function start(name, contender) {
  const child = lasting.get(name) ?? new Child(name, contender);
  if (contender.isLasting) lasting.set(name, child);
  return child;
}

/** Ends the processes that last. */
export async function stopAll() {
  await Promise.all([...lasting.values()].map((child) => child.stop()));
  lasting.clear();
}

/** Calls it until it is warm. @param {Child} child @returns {Promise<number>} how many calls make a round */
async function warmUp(child) {
  let repetitions = 1;
  for (let spent = 0; ; ) {
    const ns = await child.time(repetitions);
    spent += ns * repetitions;
    if (spent >= WARM_UP_NS) return Math.max(1, Math.round(BATCH_NS / ns));
    repetitions = Math.max(1, Math.min(2 * repetitions, Math.round(WARM_UP_NS / 4 / ns)));
  }
}

/**
 * @param {string} kernel
 * @param {import('./inputs.js').Shape} shape
 * @param {Record<string, import('./contenders.js').Contender>} contenders `ours` first: the others' results are compared with its
 * @returns {Promise<Record<string, Measured>>}
 */
export async function measure(kernel, shape, contenders) {
  const { V, D, n, bags = 1, sets = 1 } = shape;
  const files = writeInputs(BUILD, shape);
  /** @type {Record<string, Measured>} */
  const measured = {};
  const children = Object.entries(contenders).map(([name, contender]) => start(name, contender));
  try {
    const able = children.map(async (child) => {
      try {
        const version = await child.ready();
        const cannot = await child.prepare(kernel, { V, D, n, bags, sets, ...files, result: `${child.name}.result` });
        measured[child.name] = { version, ...(cannot && { cannot }) };
        return cannot ? [] : [child];
      } catch (error) {
        if (child.name === 'ours') throw error;
        lasting.delete(child.name);
        measured[child.name] = { version: child.version, cannot: `it failed: ${error.message}` };
        return [];
      }
    });
    const taking = (await Promise.all(able)).flat();
    const resultOf = (name) => new Float32Array(new Uint8Array(readFileSync(join(BUILD, `${name}.result`))).buffer);
    for (const { name } of taking) {
      const { like = 'ours' } = contenders[name];
      const apart = difference(resultOf(like), resultOf(name));
      if (!(apart <= TOLERANCE)) throw new Error(`${name}: ${kernel} of ${JSON.stringify(shape)} differs from ${like} by ${apart} of the greatest number`);
      measured[name].difference = apart;
    }
    /** @type {Map<Child, { repetitions: number, times: number[] }>} */
    const rounds = new Map();
    for (const child of taking) rounds.set(child, { repetitions: await warmUp(child), times: [] });
    const order = [...rounds];
    for (let round = 0; round < ROUNDS; round++) {
      for (const [child, { repetitions, times }] of order) times.push(await child.time(repetitions));
      order.push(order.shift()); // each comes first in turn
    }
    for (const [{ name }, { repetitions, times }] of rounds) Object.assign(measured[name], summary(times), { repetitions });
  } finally {
    await Promise.all(children.map((child) => lasting.get(child.name) !== child && child.stop()));
  }
  return Object.fromEntries(Object.keys(contenders).map((name) => [name, measured[name]]));
}
