/**
 * The contenders as processes; contenders/contender.js says what is said to them.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cached } from '../package/cache.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BUILD = join(ROOT, 'build/bench');

/**
 * @typedef {object} Contender
 * @property {string} label
 * @property {string[]} command
 * @property {string} [against] whose time its ratio is over; `ours` unless given
 * @property {boolean} [isLasting] whether one process does for all rows, since it takes seconds to start and learns nothing from its calls
 * @property {string} [like] whose result its own must be; `ours` unless given
 * @property {string} [missing] why it cannot take part, and what helps
 */

const script = (name) => join(HERE, 'contenders', name);

function peers() {
  try {
    return { modules: cached('bench', join(HERE, 'peers'), 'ONNX Runtime and TensorFlow.js (156 MB to download)') };
  } catch (error) {
    return { modules: '', missing: `ONNX Runtime and TensorFlow.js: not measured, since npm could not install them: ${error.message.split('\n')[0]}` };
  }
}

function torch() {
  const python = process.env.BENCH_PYTHON || 'python3';
  try {
    execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
    return { python };
  } catch {
    return { python, missing: `PyTorch: not measured, since ${python} has no torch. BENCH_PYTHON=... names a Python that has it (pip install torch).` };
  }
}

/** @returns {Record<string, Contender>} those that can take part, and why the others cannot */
export function findContenders() {
  const { python, missing: noTorch } = torch();
  const { modules, missing: noPeers } = peers();
  const nodes = {};
  for (const node of (process.env.BENCH_NODE ?? '').split(',').filter(Boolean)) {
    nodes[execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1)] = node;
  }
  return describeContenders({ python, noTorch, modules, noPeers, nodes });
}

/**
 * @param {object} found
 * @param {string} found.python @param {string} [found.noTorch] why it is of no use
 * @param {string} found.modules a folder node_modules @param {string} [found.noPeers]
 * @param {Record<string, string>} found.nodes more programs, by version
 * @returns {Record<string, Contender>} by name, in the order of the columns
 */
export function describeContenders({ python, noTorch, modules, noPeers, nodes }) {
  const ours = (node, way) => [node, script('ours.js'), way];
  const ofTorch = (label, way, against) =>
    ({ label, command: [python, script('pytorch.py'), way], against, isLasting: true, missing: noTorch });
  const ofNpm = (label, file, ...args) =>
    ({ label, command: [process.execPath, script(file), modules, ...args], against: 'ours-new', missing: noPeers });
  /** @type {Record<string, Contender>} */
  const contenders = {
    ours: { label: 'ours', command: ours(process.execPath, 'out') },
    'ours-new': { label: 'ours, new tensor', command: ours(process.execPath, 'new') },
    'ours-nested': { label: 'ours, nested array', command: ours(process.execPath, 'nested') },
    'ours-dense': { label: 'ours, dense gradient', command: ours(process.execPath, 'dense'), like: 'ours-dense' },
    'ours-op': { label: 'ours, operator', command: ours(process.execPath, 'operator') },
    'ours-array': { label: 'ours, from an array', command: ours(process.execPath, 'array') },
    'plain-js': { label: 'plain JavaScript', command: ours(process.execPath, 'plain-js'), against: 'ours-new' },
    'same-source': { label: 'same source, native', command: [join(BUILD, 'same-source')] },
    'plain-c': { label: 'plain C', command: [join(BUILD, 'plain-c')] },
    'torch-out': ofTorch('PyTorch, out=', 'out', 'ours'),
    torch: ofTorch('PyTorch', 'new', 'ours-new'),
    'torch-op': ofTorch('PyTorch, operator', 'operator', 'ours'),
    'torch-dense': { ...ofTorch('PyTorch, dense gradient', 'dense', 'ours'), like: 'ours-dense' },
    'ort-web': ofNpm('ONNX Runtime web', 'ort.js', 'onnxruntime-web'),
    'ort-node': ofNpm('ONNX Runtime node', 'ort.js', 'onnxruntime-node'),
    tfjs: ofNpm('TensorFlow.js wasm', 'tfjs.js'),
  };
  for (const [version, node] of Object.entries(nodes)) {
    contenders[`node-${version}`] = { label: `ours, Node.js ${version}`, command: ours(node, 'out') };
  }
  return contenders;
}

export class Child {
  #process;
  #lines;
  #errors = '';

  /** @param {string} name @param {Contender} contender */
  constructor(name, { command: [program, ...args] }) {
    this.name = name;
    this.version = '';
    mkdirSync(BUILD, { recursive: true });
    this.#process = spawn(program, args, { cwd: BUILD, env: { ...process.env, OMP_NUM_THREADS: '1' } });
    this.#process.stderr.on('data', (chunk) => (this.#errors = `${this.#errors}${chunk}`.slice(-2000)));
    this.#process.stdin.on('error', () => {}); // it has ended; its exit says why
    this.#process.on('error', (error) => (this.#errors += error.message));
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async #answer() {
    const { value } = await this.#lines.next();
    if (value === undefined || value.startsWith('error ')) throw new Error(`${this.name}: ${value ?? 'ended'}\n${this.#errors}`);
    return value;
  }

  /** @param {string} line @returns {Promise<string>} */
  #ask(line) {
    this.#process.stdin.write(`${line}\n`);
    return this.#answer();
  }

  /** Waits until it is there. @returns {Promise<string>} its version */
  async ready() {
    return (this.version ||= (await this.#answer()).replace('version ', ''));
  }

  /**
   * @param {string} kernel
   * @param {Record<string, string | number>} work
   * @returns {Promise<string | null>} null, or why it cannot
   */
  async prepare(kernel, work) {
    const answer = await this.#ask(['prepare', kernel, ...Object.entries(work).map(([key, value]) => `${key}=${value}`)].join(' '));
    return answer === 'ready' ? null : answer.replace('cannot ', '');
  }

  /** @param {number} repetitions @returns {Promise<number>} nanoseconds per call */
  async time(repetitions) {
    return Number(await this.#ask(`time ${repetitions}`));
  }

  /** @returns {Promise<number>} bytes of WebAssembly memory */
  async wasm() {
    return Number(await this.#ask('wasm'));
  }

  /** @returns {{ now: number, peak: number }} the process's own memory in bytes, as Linux counts it */
  memory() {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    const bytes = (key) => 1024 * Number(status.match(new RegExp(`${key}:\\s*(\\d+) kB`))?.[1]);
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  }

  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null || this.#process.pid === undefined) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(timer);
  }
}
