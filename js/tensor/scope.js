/**
 * Who frees tensors: `tidy` at its end, `dispose` by hand, and the engine's garbage collector for all others.
 */
import { typeName, wrongType } from '../errors.js';
import { live, views } from '../wasm/memory.js';
import { refusePromise } from './grad-mode.js';

/** @typedef {{ release(): void }} Held what a handle holds: its storages, and its place on the tape */
/** @typedef {{ _held: Held, _release(): void }} Handle a Tensor or a SparseTensor */

/**
 * The handles made inside each open `tidy`, innermost last.
 * @type {Set<Handle>[]}
 */
const scopes = [];

/** Releases what a handle held that was collected without having been disposed of. */
const collected = new FinalizationRegistry((/** @type {Held} */ held) => held.release());

/**
 * Handles made outside of every `tidy` since the engine last had its turn. Most are disposed of before it has the next one, and to
 * tell the collector of those would cost a quarter of a small lookup that makes a tensor: they meet it only then.
 * @type {Handle[]}
 */
const young = [];
const MOST_YOUNG = 32;
let isWaiting = false;

/** @param {Handle} handle */
function watch(handle) {
  if (!isWaiting) {
    isWaiting = true;
    queueMicrotask(() => {
      isWaiting = false;
      registerYoung();
    });
  }
  if (young.push(handle) === MOST_YOUNG) registerYoung();
}

function registerYoung() {
  for (const handle of young) collected.register(handle, handle._held, handle);
  young.length = 0;
}

/** @returns {boolean} whether a `tidy` is open */
export function isTidying() {
  return scopes.length > 0;
}

/**
 * Looks after a new handle: the innermost `tidy` does if there is one and the handle is not to be kept, else the garbage collector.
 * @param {Handle} handle
 * @param {boolean} [isKept]
 * @returns {void}
 */
export function track(handle, isKept = false) {
  if (scopes.length > 0 && !isKept) scopes[scopes.length - 1].add(handle);
  else watch(handle);
}

/**
 * Takes a handle out of its `tidy`: it lives until it is disposed of or collected.
 * @param {Handle} handle
 * @returns {void}
 */
function untrack(handle) {
  for (const scope of scopes) {
    if (scope.delete(handle)) watch(handle);
  }
}

/**
 * Tells the collector that a handle holds something else now; whoever looks after it goes on.
 * @param {Handle} handle
 * @returns {void}
 */
export function holdsAnew(handle) {
  if (young.includes(handle) || scopes.some((scope) => scope.has(handle))) return;
  collected.unregister(handle);
  collected.register(handle, handle._held, handle);
}

/**
 * Forgets a handle that has been disposed of.
 * @param {Handle} handle
 * @returns {void}
 */
export function forget(handle) {
  for (const scope of scopes) {
    if (scope.delete(handle)) return;
  }
  const at = young.lastIndexOf(handle);
  if (at < 0) collected.unregister(handle);
  else if (at === young.length - 1) young.pop(); // as after most small calls; splice takes a seventh of one
  else young.splice(at, 1);
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
  /** @type {Set<Handle>} */
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
  try {
    if (made.size > 0) {
      for (const handle of handlesIn(result, made)) {
        made.delete(handle);
        track(handle);
      }
    }
  } finally {
    disposeAll(made);
  }
  return result;
}

/** @param {Set<Handle>} handles */
function disposeAll(handles) {
  for (const handle of handles) handle._release();
}

/**
 * @param {unknown} value
 * @param {Set<Handle>} made
 * @param {Set<unknown>} [seen]
 * @returns {Set<Handle>} those of `made` that are in value, which arrays and plain objects may hold
 */
function handlesIn(value, made, seen = new Set()) {
  const found = new Set();
  if (typeof value !== 'object' || value === null || seen.has(value)) return found;
  seen.add(value);
  if (made.has(/** @type {any} */ (value))) {
    found.add(/** @type {any} */ (value));
  } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
    for (const item of Object.values(value)) {
      for (const handle of handlesIn(item, made, seen)) found.add(handle);
    }
  }
  return found;
}

/**
 * Keeps a tensor alive beyond the `tidy` it was made in.
 * @template {import('./tensor.js').Tensor | import('./sparse-tensor.js').SparseTensor} T
 * @param {T} tensor
 * @returns {T} the same tensor
 */
export function keep(tensor) {
  if (typeof tensor?._release !== 'function') throw wrongType('keep(): argument must be Tensor', tensor);
  tensor._held; // throws if it was disposed of
  untrack(tensor);
  return tensor;
}

/**
 * What lives in wasm memory: `bytes` in `tensors` blocks, and `heapBytes`, the size of the memory. What calls keep for themselves,
 * such as scratch and the norms of `nearest`, counts in `heapBytes` alone.
 * @returns {{ bytes: number, tensors: number, heapBytes: number }}
 */
export function memory() {
  return { bytes: live.bytes, tensors: live.storages, heapBytes: views().u8.length };
}
