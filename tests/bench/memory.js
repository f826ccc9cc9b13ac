/**
 * What loading and serving a table takes: of each contender the process's memory at the start and its peak, and WebAssembly's.
 */
import { BUILD, Child } from './contenders.js';
import { writeInputs } from './inputs.js';

const CALLS = 32;

/**
 * @typedef {object} MemoryMeasured bytes
 * @property {string} version
 * @property {number} start of the process, before the table
 * @property {number} peak of the process
 * @property {number} wasm all linear memories; 0 without
 * @property {string} [cannot] why there is none of this
 */

/**
 * One after another, since a process that is pushed out of memory by its neighbour would look small.
 * @param {import('./inputs.js').Shape} shape
 * @param {Record<string, import('./contenders.js').Contender>} contenders
 * @returns {Promise<Record<string, MemoryMeasured>>}
 */
export async function measureMemory(shape, contenders) {
  const { V, D, n } = shape;
  const files = writeInputs(BUILD, shape);
  /** @type {Record<string, MemoryMeasured>} */
  const measured = {};
  for (const [name, contender] of Object.entries(contenders)) {
    const child = new Child(name, contender);
    try {
      const version = await child.ready();
      const start = child.memory().now;
      const cannot = await child.prepare('lookup', { V, D, n, bags: 1, sets: 1, ...files, result: `${name}.result` });
      if (cannot) throw new Error(cannot);
      await child.time(CALLS);
      measured[name] = { version, start, peak: child.memory().peak, wasm: await child.wasm() };
    } catch (error) {
      if (name === 'ours') throw error;
      measured[name] = { version: child.version, cannot: `it failed: ${error.message}` };
    } finally {
      await child.stop();
    }
  }
  return measured;
}
