/**
 * Who frees tensors: `tidy` at its end, `dispose` by hand, and the engine's garbage collector for all others.
 */
import { typeName } from '../errors.js';
import { live, views } from '../wasm/memory.js';
import { refusePromise } from './grad-mode.js';

/** @typedef {import('../wasm/storage.js').Storage} Storage */
/** @typedef {import('./tensor.js').Tensor} Tensor */

/**
 * The tensors made inside each open `tidy`, innermost last.
 * @type {Set<Tensor>[]}
 */
const scopes = [];

/** Releases the storage of a handle that was collected without having been disposed of. */
const collected = new FinalizationRegistry((/** @type {Storage} */ storage) => storage.release());

/**
 * Looks after a new handle: the innermost `tidy` does if there is one, else the garbage collector.
 * @param {Tensor} tensor
 * @param {Storage} storage
 * @returns {void}
 */
export function track(tensor, storage) {
  if (scopes.length > 0) scopes[scopes.length - 1].add(tensor);
  else collected.register(tensor, storage, tensor);
}

/**
 * Takes a handle out of the innermost `tidy` that holds it: it lives until it is disposed of or collected.
 * @param {Tensor} tensor
 * @param {Storage} storage
 * @returns {void}
 */
export function untrack(tensor, storage) {
  for (const scope of scopes) {
    if (scope.delete(tensor)) collected.register(tensor, storage, tensor);
  }
}

/**
 * Forgets a handle that has been disposed of.
 * @param {Tensor} tensor
 * @returns {void}
 */
export function forget(tensor) {
  for (const scope of scopes) {
    if (scope.delete(tensor)) return;
  }
  collected.unregister(tensor);
}

/**
 * Runs fn and disposes of every tensor made inside, except those that it returns (alone, in arrays or in plain objects), those
 * given to `keep`, and the weights of layers.
 * @template T
 * @param {() => T} fn synchronous
 * @returns {T} what fn returns
 * @throws {TypeError} if fn returns a promise
 */
export function tidy(fn) {
  if (typeof fn !== 'function') throw new TypeError(`tidy(): fn must be a function, not ${typeName(fn)}`);
  /** @type {Set<Tensor>} */
  const made = new Set();
  /** @type {T} */
  let result;
  scopes.push(made);
  try {
    result = refusePromise('tidy', fn());
  } catch (error) {
    scopes.pop();
    disposeAll(made);
    throw error;
  }
  scopes.pop();
  if (made.size > 0) {
    for (const tensor of tensorsIn(result, made)) {
      made.delete(tensor);
      tensor._adopt();
    }
    disposeAll(made);
  }
  return result;
}

/** @param {Set<Tensor>} tensors */
function disposeAll(tensors) {
  for (const tensor of tensors) tensor._release();
}

/**
 * @param {unknown} value
 * @param {Set<Tensor>} made
 * @param {Set<unknown>} [seen]
 * @returns {Set<Tensor>} those of `made` that are in value, which arrays and plain objects may hold
 */
function tensorsIn(value, made, seen = new Set()) {
  const found = new Set();
  if (typeof value !== 'object' || value === null || seen.has(value)) return found;
  seen.add(value);
  if (made.has(/** @type {any} */ (value))) {
    found.add(/** @type {any} */ (value));
  } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
    for (const item of Object.values(value)) {
      for (const tensor of tensorsIn(item, made, seen)) found.add(tensor);
    }
  }
  return found;
}

/**
 * Keeps a tensor alive beyond the `tidy` it was made in.
 * @template {Tensor} T
 * @param {T} tensor
 * @returns {T} the same tensor
 */
export function keep(tensor) {
  tensor._keep();
  return tensor;
}

/**
 * What lives in wasm memory: `bytes` in `tensors` blocks, and `heapBytes`, the size of the memory.
 * @returns {{ bytes: number, tensors: number, heapBytes: number }}
 */
export function memory() {
  return { bytes: live.bytes, tensors: live.storages, heapBytes: views().u8.length };
}
