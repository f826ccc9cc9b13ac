/**
 * A contender is a process that is asked on its standard input and answers on its standard output, a line each:
 *
 *   (at the start)                        version PyTorch 2.13.0
 *   prepare lookup V=1000 D=64 n=4096 bags=1 sets=1 floats=... indices=... result=...
 *                                         ready, or: cannot why; the result of one call with the first set of indices is in the file
 *   time 100                              nanoseconds per call of 100 calls, after an eighth as many that warm the caches up
 *   wasm                                  bytes of WebAssembly memory
 *
 * This is the side of those written in JavaScript.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export const ADAM = { lr: 1e-3 };
export const ADAGRAD = { lr: 1e-2 };
export const SGD = { lr: 1e-3 };
export const NEAREST_K = 10;
/** About half the rows are longer. @param {number} embeddingDim */
export const maxNorm = (embeddingDim) => Math.sqrt(embeddingDim / 3);

const MOST_RESULTS = 2 ** 22;

/**
 * @typedef {object} Work what a kernel is prepared for: the shape, and the inputs
 * @property {number} V @property {number} D @property {number} n @property {number} bags @property {number} sets
 * @property {string} floats @property {string} result names of files
 * @property {Int32Array[]} indices the sets
 * @property {Int32Array} offsets
 * @property {(count: number) => Float32Array} numbers the last ones
 * @property {<T extends Float32Array>(weight: T) => T} readWeight
 */
/**
 * @typedef {object} Prepared
 * @property {(set: number) => number | Promise<number>} call one call; the number is of no use but to the optimiser, which may not drop it
 * @property {() => Float32Array} result of a call with the first set
 */
/** @typedef {(work: Work) => Prepared | Promise<Prepared>} Kernel */

/** @param {string} file @param {Uint8Array} bytes filled @param {number} [start] counted from the end if negative */
function readBytes(file, bytes, start = 0) {
  const descriptor = openSync(file, 'r');
  const from = start < 0 ? fstatSync(descriptor).size + start : start;
  for (let read = 0; read < bytes.length; ) read += readSync(descriptor, bytes, read, bytes.length - read, from + read);
  closeSync(descriptor);
}
/** @param {ArrayBufferView} view */
const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/**
 * @param {string} line of key=value
 * @returns {Work}
 */
export function readWork(line) {
  /** @type {any} */
  const work = {};
  for (const [, key, value] of line.matchAll(/(\w+)=(\S+)/g)) work[key] = /^\d+$/.test(value) ? Number(value) : value;
  const { n, bags, sets, floats, indices } = work;
  const all = readFileSync(indices);
  work.indices = Array.from({ length: sets }, (_, set) => new Int32Array(all.buffer, all.byteOffset + 4 * n * set, n));
  work.offsets = Int32Array.from({ length: bags }, (_, bag) => (bag * n) / bags);
  work.numbers = (count) => {
    const numbers = new Float32Array(count);
    readBytes(floats, bytesOf(numbers), -4 * count);
    return numbers;
  };
  work.readWeight = (weight) => {
    readBytes(floats, bytesOf(weight));
    return weight;
  };
  return work;
}

let sink = 0;

/** @param {(set: number) => number} call @param {number} calls @param {number} sets */
function repeat(call, calls, sets) {
  let sum = 0;
  for (let i = 0, set = 0; i < calls; i++) {
    sum += call(set);
    if (++set === sets) set = 0;
  }
  sink += sum;
}
/** @param {(set: number) => Promise<number>} call @param {number} calls @param {number} sets */
async function repeatAsync(call, calls, sets) {
  for (let i = 0; i < calls; i++) sink += await call(i % sets);
}

/* ---- WebAssembly memory, whoever makes it ---- */

/** @type {Set<WebAssembly.Memory>} */
const memories = new Set();
const { Memory, Instance, instantiate } = WebAssembly;
/** @param {WebAssembly.Instance} instance @returns {void} */
function watch({ exports }) {
  for (const value of Object.values(exports)) if (value instanceof Memory) memories.add(value);
}
WebAssembly.Memory = class extends Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.add(this);
  }
};
WebAssembly.Instance = class extends Instance {
  constructor(module, imports) {
    super(module, imports);
    watch(this);
  }
};
WebAssembly.instantiate = async (source, imports) => {
  const result = await instantiate(source, imports);
  watch(result.instance ?? result);
  return result;
};
const wasmBytes = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

/* ---- The protocol ---- */

/**
 * @param {string} version
 * @param {Record<string, Kernel>} kernels by name
 * @param {string} [cannot] why the others are missing
 */
export async function serve(version, kernels, cannot = 'no such kernel') {
  const say = (answer) => process.stdout.write(`${answer}\n`);
  console.log = console.info = console.warn = console.error; // standard output is for answers
  /** @type {Prepared} */
  let prepared;
  let sets = 1;
  let isAsync = false;
  const answers = {
    async prepare(text) {
      const name = text.split(' ')[0];
      if (!(name in kernels)) return `cannot ${cannot}`;
      const work = readWork(text);
      sets = work.sets;
      prepared = await kernels[name](work);
      const first = prepared.call(0);
      isAsync = first instanceof Promise;
      await first;
      writeFileSync(work.result, bytesOf(prepared.result().subarray(0, MOST_RESULTS)));
      return 'ready';
    },
    async time(text) {
      const repetitions = Number(text);
      const { call } = prepared;
      if (isAsync) await repeatAsync(call, repetitions >> 3, sets);
      else repeat(call, repetitions >> 3, sets);
      const start = process.hrtime.bigint();
      if (isAsync) await repeatAsync(call, repetitions, sets);
      else repeat(call, repetitions, sets);
      return Number(process.hrtime.bigint() - start) / repetitions;
    },
    wasm: async () => wasmBytes(),
  };
  say(`version ${version}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [, command, text] = line.match(/^(\w+) ?(.*)$/);
    say(await answers[command](text).catch((error) => `error ${String(error?.stack ?? error).replaceAll('\n', ' | ')}`));
  }
  if (sink === Infinity) say('');
}
