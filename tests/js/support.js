/**
 * What several test files need: watching that a call changes nothing, a full heap, and forced garbage collection.
 */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { manualSeed, memory, rand, randn, zeros } from 'nn-embedding';
import { wasm } from '../../js/wasm/instance.js';
import { hex } from './golden.js';

/** Every byte that a tensor holds, and its version. @param {import('nn-embedding').Tensor} tensor */
function stateOf(tensor) {
  return { version: tensor._version, bytes: hex(tensor.data), shape: [...tensor.shape], requiresGrad: tensor.requiresGrad };
}

/** The numbers that the generator gives next, the cached normal among them. */
function draws() {
  return [randn(1), rand(2), randn(17)].map((drawn) => {
    const numbers = hex(drawn.data);
    drawn.dispose();
    return numbers;
  });
}

/** A generator in a known state, with a cached normal. */
function seed() {
  manualSeed(1234);
  randn(1).dispose();
}

/**
 * Asserts that a call throws this and changes nothing: the tensors' bytes and versions, memory, the generator.
 * @param {() => void} call
 * @param {{ type?: any, says?: (string | RegExp)[] }} error type: the class itself, not one that extends it
 * @param {import('nn-embedding').Tensor[]} [tensors]
 * @param {string} [message]
 */
export function assertRefused(call, { type = Error, says = [] }, tensors = [], message = '') {
  seed();
  const control = draws();
  seed();
  const before = tensors.map(stateOf);
  const memoryBefore = memory();
  let error;
  try {
    call();
  } catch (caught) {
    error = caught;
  }
  assert.ok(error !== undefined, `${message}: did not throw`);
  assert.equal(error.constructor, type, `${message}: threw ${error.stack}`);
  for (const words of says) {
    const found = typeof words === 'string' ? error.message.includes(words) : words.test(error.message);
    assert.ok(found, `${message}: the text "${error.message}" does not say "${words}"`);
  }
  assert.deepEqual(memory(), memoryBefore, `${message}: memory`);
  assert.deepEqual(tensors.map(stateOf), before, `${message}: tensors`);
  assert.deepEqual(draws(), control, `${message}: the generator`);
}

const HEADER = 16; // of a block in src/wasm/memory.c
const LIMIT = 65535 * 65536; // memory_limit()

/**
 * A heap that is full, so that the next allocation grows memory. Blocks are handed out from the smallest free one that fits, so small
 * ones go into the holes first; one that lands in the last free block shows that no hole is left, and then that is taken in one piece.
 */
export class FullHeap {
  #fillers = [];

  constructor() {
    const { heapBytes } = memory();
    do this.#take(16384);
    while (memory().heapBytes === heapBytes); // from now on no hole is larger than the last block
  }

  /** @param {number} elements @returns {number} the block's address */
  #take(elements) {
    const filler = zeros(elements);
    this.#fillers.push(filler);
    return filler.data.byteOffset;
  }

  #fill() {
    const { heapBytes } = memory();
    const last = () => LIMIT - 2 * HEADER - (wasm.memory_available() >>> 0); // where the last block starts if it is free, else the heap's end
    for (const elements of [4096, 256, 4]) {
      let start;
      do start = last();
      while (start < heapBytes - 2 * HEADER - 4 * elements && this.#take(elements) < start);
    }
    const rest = heapBytes - HEADER - last() - HEADER;
    if (rest > 0) this.#take(rest / 4);
    assert.equal(memory().heapBytes, heapBytes, 'filling the heap made it grow');
  }

  /**
   * Runs fn with a full heap and asserts that memory grew meanwhile. What fn leaves behind must not be disposed of before the next run.
   * @template T
   * @param {() => T} fn
   * @param {string} [message]
   * @returns {T}
   */
  run(fn, message = '') {
    this.#fill();
    const { heapBytes } = memory();
    const result = fn();
    assert.ok(memory().heapBytes > heapBytes, `${message}: memory did not grow`);
    return result;
  }

  dispose() {
    for (const filler of this.#fillers) filler.dispose();
    this.#fillers = [];
  }
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

/**
 * Collects garbage and lets finalizers run until the condition holds.
 * @param {() => boolean} isDone
 * @returns {Promise<boolean>} whether it does
 */
export async function collectUntil(isDone) {
  for (let turn = 0; turn < 60 && !isDone(); turn++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return isDone();
}
