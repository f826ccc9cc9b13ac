// Lookups served by a worker, so that the thread with the user interface never waits for a table to load.
//   node examples/worker.js
import { nearest, tensor } from 'nn-embedding';

const Worker = globalThis.Worker ?? (await import('node:worker_threads')).Worker;
const worker = new Worker(new URL('./lookup-worker.js', import.meta.url), { type: 'module' });

const waiting = new Map();
let next = 0;
const receive = ({ id, ...rows }) => {
  waiting.get(id)(rows);
  waiting.delete(id);
};
if (worker.on) worker.on('message', receive);
else worker.onmessage = ({ data }) => receive(data);

/** The rows of the table in the worker: a tensor of this thread. */
async function lookup(indices) {
  const id = next++;
  worker.postMessage({ id, indices });
  const { values, shape } = await new Promise((resolve) => waiting.set(id, resolve));
  return tensor(values, { shape }); // revived
}

const rows = await lookup(Int32Array.of(654, 1948, 0)); // king, queen, the
console.log(rows.shape);
console.log(`nearest to king: row ${nearest(rows, rows.row(0).slice(), { k: 1, exclude: 0 }).indices[0]} of these`);
worker.terminate();
