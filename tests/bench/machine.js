/** The machine, in words. */
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

const CACHES = '/sys/devices/system/cpu/cpu0/cache';

/** @returns {string[]} `L1d 32K`, as Linux has them; elsewhere none */
function caches() {
  const read = (entry, name) => readFileSync(`${CACHES}/${entry}/${name}`, 'utf8').trim();
  try {
    return readdirSync(CACHES)
      .filter((entry) => entry.startsWith('index') && read(entry, 'type') !== 'Instruction')
      .map((entry) => `L${read(entry, 'level')}${read(entry, 'type') === 'Data' ? 'd' : ''} ${read(entry, 'size')}`);
  } catch {
    return [];
  }
}

/** @returns {{ cpu: string, cores: number, caches: string[], memory: string, system: string }} */
export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  caches: caches(),
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${type()} ${release().split('.', 2).join('.')}`,
});

/** @param {ReturnType<typeof machine>} m @returns {string} in one line */
export const machineText = ({ cpu, cores, caches, memory, system }) =>
  [`${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}`, caches.join(', '), memory, system].filter(Boolean).join('; ');
