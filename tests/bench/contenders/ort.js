/**
 * ONNX Runtime on one thread, web or node: `node ort.js NODE_MODULES onnxruntime-web`.
 */
import { serve } from './contender.js';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KERNELS } from './onnx.js';

const [modules, name] = process.argv.slice(2);
const isWeb = name === 'onnxruntime-web';
const entry = isWeb ? join(modules, name, 'dist/ort.node.min.mjs') : createRequire(`${modules}/`).resolve(name);
const imported = await import(pathToFileURL(entry).href);
const ort = imported.default ?? imported;
if (isWeb) ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const onnx = fileURLToPath(new URL('onnx.js', import.meta.url));

const kernel = (kernel) => async (work) => {
  const { V, D, n, bags, indices, floats, result } = work;
  const file = `${result}.onnx`;
  execFileSync(process.execPath, [onnx, modules, file, kernel, ...Object.entries({ V, D, n, bags, sets: 0, floats, indices: floats }).map((pair) => pair.join('='))]);
  const session = await ort.InferenceSession.create(file, { executionProviders: [isWeb ? 'wasm' : 'cpu'], intraOpNumThreads: 1, interOpNumThreads: 1 });
  rmSync(file);
  const query = kernel === 'nearest' ? work.numbers(D) : null;
  const weights = kernel === 'bag-weighted' ? work.numbers(n) : null;
  const shape = kernel === 'lookup' ? [n] : [bags, n / bags];
  const feeds = (set) => {
    if (query) return { query: new ort.Tensor('float32', query, [D]) };
    const rows = { indices: new ort.Tensor('int32', indices[set], shape) };
    return weights ? { ...rows, weights: new ort.Tensor('float32', weights, [bags, 1, n / bags]) } : rows;
  };
  /** @type {Float32Array} */
  let last;
  return {
    async call(set) {
      const { output } = await session.run(feeds(set));
      last = output.data;
      return last[0];
    },
    result: () => last,
  };
};

const { version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
serve(`${name} ${version}`, Object.fromEntries(KERNELS.map((key) => [key, kernel(key)])), 'it computes no gradients, and its tables do not change');
