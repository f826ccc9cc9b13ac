/** A worker around the mapper: { table, columns } first, then { id, job, ask }; it answers { id, progress }, { id, result } or { id, error }. */
import { createMapper } from './mapper.js';

let mapper;

self.onmessage = ({ data: { table, columns, id, job, ask } }) => {
  if (table) {
    mapper = createMapper(table, columns);
    return;
  }
  let last = 0;
  const onProgress = (progress) => {
    if (progress < last + 0.01) return;
    last = progress;
    self.postMessage({ id, progress });
  };
  try {
    self.postMessage({ id, result: mapper[job](ask, onProgress) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) });
  }
};
self.postMessage({ started: true });
