/**
 * Asks the mapper: in a worker from a Blob, which leaves the page free and can be stopped at any moment; and where the browser makes none,
 * as some sandboxes and policies have it, on the page, in slices.
 */
import { tensor, tidy } from 'nn-embedding';
import { createMapper } from './mapper.js';
import workerProgram from './map-worker.js';

const SLICE = 100;

/** Why a stopped question has no answer. */
export class Stopped extends Error {}

/**
 * @param {() => Float32Array} copyTable
 * @param {number} columns
 */
export function createMapClient(copyTable, columns) {
  const questions = new Map();
  let worker = null;
  let starting = null;
  let local = null;
  let lastId = 0;

  /** A worker that has said that it runs, or null. */
  function startWorker() {
    const url = URL.createObjectURL(new Blob([workerProgram], { type: 'text/javascript' }));
    return new Promise((resolve) => {
      try {
        const made = new Worker(url);
        made.onerror = () => resolve(null);
        made.onmessage = () => resolve(made);
      } catch {
        resolve(null);
      }
    }).finally(() => URL.revokeObjectURL(url));
  }

  async function start() {
    const made = await startWorker();
    starting = null;
    const table = copyTable();
    if (made === null) {
      local = createMapper(table, columns);
      return;
    }
    worker = made;
    made.onmessage = ({ data: { id, progress, error, result } }) => {
      const question = questions.get(id);
      if (progress !== undefined) question?.onProgress(progress);
      else if (error !== undefined) question?.reject(new Error(error));
      else question?.resolve(result);
    };
    made.onerror = ({ message }) => { for (const question of questions.values()) question.reject(new Error(message)); };
    made.postMessage({ table, columns }, [table.buffer]);
  }

  async function onPage(question) {
    const { job, ask, onProgress } = question;
    /** Lets the page answer first. */
    const breath = () => new Promise((resolve) => setTimeout(resolve));
    await breath();
    if (job === 'map' || ask.rows) return local[job](ask, () => {});
    const shares = new Float32Array(ask.size);
    for (let from = 0; from < ask.size && questions.has(question.id); from += SLICE) {
      const rows = Array.from({ length: Math.min(SLICE, ask.size - from) }, (_, n) => from + n);
      shares.set(local.overlap({ ...ask, rows }).shares, from);
      onProgress((from + rows.length) / ask.size);
      await breath();
    }
    return { mean: tidy(() => tensor(shares).mean().item()), shares: null };
  }

  return {
    /** 'worker' or 'page': where the work is done; null before the first question. */
    where: () => (worker ? 'worker' : local ? 'page' : null),

    /**
     * @param {'map' | 'overlap'} job
     * @param {object} ask
     * @param {(fraction: number) => void} [onProgress]
     * @returns {Promise<any>} the answer; rejects with Stopped if it is stopped
     */
    async ask(job, ask, onProgress = () => {}) {
      const id = ++lastId;
      try {
        return await new Promise((resolve, reject) => {
          questions.set(id, { id, job, ask, onProgress, resolve, reject });
          (async () => {
            if (!worker && !local) await (starting ??= start());
            if (!questions.has(id)) return;
            if (worker) worker.postMessage({ id, job, ask });
            else resolve(await onPage(questions.get(id)));
          })().catch(reject);
        });
      } finally {
        questions.delete(id);
      }
    },

    /** Ends all questions under way. */
    stop() {
      worker?.terminate();
      worker = null;
      for (const { reject } of questions.values()) reject(new Stopped());
    },
  };
}
