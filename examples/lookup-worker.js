// The worker of worker.js: it has the word table and answers { id, indices } with { id, shape, values }. Works in Node.js too.
import { load } from './word-table.js';

const loading = load();
const port = globalThis.postMessage ? globalThis : (await import('node:worker_threads')).parentPort;

if (port) {
  port.onmessage = async ({ data: { id, indices } }) => {
    const { embedding } = await loading;
    const output = embedding.forward(indices);
    const values = output.data.slice(); // out of wasm memory, which cannot be transferred
    port.postMessage({ id, shape: output.shape, values }, [values.buffer]); // moved, not copied
    output.dispose();
  };
}
