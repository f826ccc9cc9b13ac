/**
 * Linear memory: blocks, views over the whole of it, and scratch space for the length of one call.
 *
 * Any allocation may grow memory, and growth detaches every view made before. So callers allocate first and read views after.
 */
import { wasm } from './instance.js';

/** Views over the whole memory, valid until the next allocation. Call `views()` to have them made anew where they are stale. */
export const heap = {
  /** @type {ArrayBufferLike | null} kept beside the views: reading `memory.buffer` takes as long as a small lookup */
  buffer: null,
  u8: new Uint8Array(0),
  i32: new Int32Array(0),
  u32: new Uint32Array(0),
  f32: new Float32Array(0),
};

/**
 * The views, fresh.
 * @returns {typeof heap}
 */
export function views() {
  if (heap.u8.length === 0) {
    const buffer = (heap.buffer = wasm.memory.buffer);
    heap.u8 = new Uint8Array(buffer);
    heap.i32 = new Int32Array(buffer);
    heap.u32 = new Uint32Array(buffer);
    heap.f32 = new Float32Array(buffer);
  }
  return heap;
}

/** Bytes and number of live storages, for `memory()`. */
export const live = { bytes: 0, storages: 0 };

/**
 * A block of linear memory; its contents are undefined.
 * @param {number} bytes
 * @returns {number} its address; 0 if bytes is 0
 */
export function allocate(bytes) {
  const pointer = tryAllocate(bytes);
  if (pointer === 0 && bytes > 0) throw outOfMemory(bytes);
  return pointer;
}

/**
 * The same for what one can do without.
 * @param {number} bytes
 * @returns {number} address; 0 also if there is no room
 */
export function tryAllocate(bytes) {
  return bytes > 0 && bytes < 2 ** 32 ? wasm.memory_allocate(bytes) >>> 0 : 0;
}

/**
 * Frees a block of `allocate`.
 * @param {number} pointer
 * @returns {void}
 */
export function release(pointer) {
  if (pointer !== 0) wasm.memory_release(pointer);
}

/** @param {number} bytes */
function outOfMemory(bytes) {
  const left = wasm.memory_available() >>> 0;
  return new Error(
    `can't allocate memory: you tried to allocate ${bytes} bytes, and at most ${left} bytes of 4 GiB are left in one piece. Free tensors ` +
      'with tidy(), dispose(), using or { out }.',
  );
}

/**
 * The address of a view's first byte if the view is over our own memory, else 0.
 * @param {ArrayBufferView} view
 * @returns {number}
 */
export function addressOf(view) {
  const { byteOffset } = view; // asked first, being cheaper: at 0, where most arrays begin, there is no block of ours
  return byteOffset !== 0 && view.buffer === heap.buffer ? byteOffset : 0;
}

/**
 * What the caller gave, views of our own memory in it copied: for those that are read only after something is allocated.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function steady(value) {
  if (Array.isArray(value) && typeof value[0] === 'object') return /** @type {any} */ (value.map(steady));
  return ArrayBuffer.isView(value) && addressOf(value) ? /** @type {any} */ (value).slice() : value;
}

/**
 * A view of our memory loses its elements when memory grows; taken for an empty array, it would hide a mistake.
 * @param {ArrayBufferView} view
 * @returns {void}
 */
export function checkAttached(view) {
  if (view.byteLength > 0) return;
  try {
    view.buffer.slice(0, 0);
  } catch {
    throw new Error('the typed array is detached, since memory has grown; read `data` again');
  }
}

/* ---- Scratch: a stack of bytes for the inputs of one call. What does not fit gets a block of its own. ---- */

const SCRATCH_BYTES = 64 * 1024;
let scratchStart = 0;
let scratchTop = 0;
/** @type {number[]} */
const scratchBlocks = [];

/** How many calls that hold scratch are under way: a getter of the caller's may use the library inside one of them. */
let scratchDepth = 0;

/**
 * Opens a stretch of calls to `scratch`. Pair it with `scratchRelease` in a `finally`.
 * @returns {void}
 */
export function scratchBegin() {
  scratchDepth++;
}

/**
 * Takes `bytes` of scratch, aligned to 8.
 * @param {number} bytes
 * @returns {number} address
 */
export function scratch(bytes) {
  if (scratchStart === 0) scratchStart = scratchTop = allocate(SCRATCH_BYTES);
  if (bytes > scratchStart + SCRATCH_BYTES - scratchTop) {
    const block = allocate(bytes);
    scratchBlocks.push(block);
    return block;
  }
  const pointer = scratchTop;
  scratchTop += (bytes + 7) & ~7;
  return pointer;
}

/**
 * Closes a stretch; with the outermost all scratch is given back.
 * @returns {void}
 */
export function scratchRelease() {
  if (--scratchDepth > 0) return;
  scratchTop = scratchStart;
  while (scratchBlocks.length > 0) release(/** @type {number} */ (scratchBlocks.pop()));
}

/* ---- Places that live as long as the module ---- */

/** @type {Map<string, number>} */
const places = new Map();

/**
 * A zeroed block under a name, made at its first use.
 * @param {string} name
 * @param {number} bytes
 * @returns {number} address
 */
export function place(name, bytes) {
  let pointer = places.get(name);
  if (pointer === undefined) {
    pointer = allocate(bytes);
    views().u8.fill(0, pointer, pointer + bytes);
    places.set(name, pointer);
  }
  return pointer;
}

/** @type {Map<string, number>} */
const zeroedBytes = new Map();

/**
 * Scratch that kernels find zero and leave zero: kept between calls, made anew where a larger one is needed.
 * @param {string} name
 * @param {number} bytes
 * @returns {number} address
 */
export function zeroed(name, bytes) {
  const before = zeroedBytes.get(name) ?? 0;
  if (bytes > before) {
    release(places.get(name) ?? 0);
    places.delete(name);
    zeroedBytes.delete(name);
    const larger = Math.max(bytes, 2 * before);
    place(name, larger);
    zeroedBytes.set(name, larger);
  }
  return places.get(name) ?? 0;
}
