/**
 * Blocks of the lab's memory for the length of one call, and views of them.
 */
import { wasm } from './instance.js';

const heap = {
  u8: new Uint8Array(0),
  i32: new Int32Array(0),
  u32: new Uint32Array(0),
  f32: new Float32Array(0),
  f64: new Float64Array(0),
};

/**
 * Views over the whole memory, valid until the next allocation: a callback of the caller's may make one.
 * @returns {typeof heap}
 */
export function views() {
  if (heap.u8.length === 0) {
    const { buffer } = wasm.memory;
    heap.u8 = new Uint8Array(buffer);
    heap.i32 = new Int32Array(buffer);
    heap.u32 = new Uint32Array(buffer);
    heap.f32 = new Float32Array(buffer);
    heap.f64 = new Float64Array(buffer);
  }
  return heap;
}

/**
 * Runs fn with blocks of these sizes, whose contents are undefined, and frees them.
 * @template T
 * @param {number[]} sizes in bytes
 * @param {(...pointers: number[]) => T} fn
 * @returns {T}
 */
export function withBlocks(sizes, fn) {
  /** @type {number[]} */
  const blocks = [];
  try {
    for (const bytes of sizes) blocks.push(allocate(bytes));
    return fn(...blocks);
  } finally {
    for (const block of blocks) wasm.memory_release(block);
  }
}

/** @param {number} bytes @returns {number} address; 0 if bytes is 0 */
function allocate(bytes) {
  const pointer = bytes < 2 ** 32 ? wasm.memory_allocate(bytes) >>> 0 : 0;
  if (pointer === 0 && bytes > 0) throw new Error(`can't allocate memory: you tried to allocate ${bytes} bytes of the lab's 4 GiB`);
  return pointer;
}
