import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bundle } from '../../tools/bundle.js';
import test from 'node:test';
import { memory } from 'nn-embedding';
import * as library from 'nn-embedding';
import { VERSION, initialize, supportsSimd, wasm } from '../../js/wasm/instance.js';

const SIMD_BUDGET = 80000; // bytes before compression
const SIMD_GZIP_BUDGET = 26000;
const JS_GZIP_BUDGET = 26 * 1024; // of the minified JavaScript alone
const BUNDLE_GZIP_BUDGET = 64 * 1024; // of the JavaScript with the module inside

const path = (file) => new URL(`../../${file}`, import.meta.url);
const bytesOf = (file) => readFileSync(path(`dist/${file}`));
const FILES = ['embedding.wasm', 'embedding-scalar.wasm'];

/** Runs Node in the package's folder. */
function node(...args) {
  return execFileSync(process.execPath, args, { cwd: path('.'), encoding: 'utf8' });
}

test('package.json, the header and the JavaScript name one version', () => {
  const [major, minor, patch] = JSON.parse(readFileSync(path('package.json'), 'utf8')).version.split('.').map(Number);
  assert.equal(VERSION, 10000 * major + 100 * minor + patch);
  for (const file of FILES) assert.equal(new WebAssembly.Instance(new WebAssembly.Module(bytesOf(file))).exports.embedding_version(), VERSION, file);
});

test('the modules import nothing', () => {
  for (const file of FILES) assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytesOf(file))), [], file);
});

test('the modules export the same: what the headers declare, memory, and what starts them', () => {
  const [simd, scalar] = FILES.map((file) => WebAssembly.Module.exports(new WebAssembly.Module(bytesOf(file))).map(({ name, kind }) => `${kind} ${name}`).sort());
  assert.deepEqual(simd, scalar);
  const declared = ['src/embedding.h', 'src/ops/tensor.h', 'src/wasm/memory.h'].flatMap((file) => readFileSync(path(file), 'utf8').match(/\b(embedding|tensor|memory)_[a-z0-9_]+(?=\()/g));
  const functions = simd.filter((name) => name.startsWith('function ')).map((name) => name.slice(9));
  for (const name of new Set(declared)) {
    if (!/^memory_(begin|end|limit|grow)$/.test(name)) assert.ok(functions.includes(name), name);
  }
  assert.ok(functions.includes('_initialize'));
  assert.ok(simd.includes('memory memory'));
});

test(`the SIMD module has at most ${SIMD_BUDGET} bytes`, (t) => {
  for (const file of FILES) {
    const bytes = bytesOf(file);
    t.diagnostic(`${file}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} gzipped`);
  }
  assert.ok(bytesOf('embedding.wasm').length <= SIMD_BUDGET);
  assert.ok(gzipSync(bytesOf('embedding.wasm'), { level: 9 }).length <= SIMD_GZIP_BUDGET);
});

test(`the JavaScript, minified and gzipped, has at most ${JS_GZIP_BUDGET} bytes`, async (t) => {
  const code = (await bundle('external')).replace(/import[ {][^;]*embedding.wasm";/, '');
  const size = gzipSync(code, { level: 9 }).length;
  t.diagnostic(`JavaScript: ${code.length} bytes minified, ${size} gzipped`);
  assert.ok(size <= JS_GZIP_BUDGET, `${size} bytes`);
});

test(`the bundle, the module's bytes inside, has at most ${BUNDLE_GZIP_BUDGET} bytes gzipped`, (t) => {
  const size = gzipSync(bytesOf('nn-embedding.min.js'), { level: 9 }).length;
  t.diagnostic(`nn-embedding.min.js: ${size} bytes gzipped`);
  assert.ok(size <= BUNDLE_GZIP_BUDGET, `${size} bytes`);
});

test('this engine runs the SIMD module', () => {
  assert.equal(supportsSimd(), true);
});

test('memory can grow to 4 GB and starts small', () => {
  for (const file of FILES) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytesOf(file)), {});
    assert.ok(exports.memory.buffer.byteLength <= 2 * 1024 * 1024, file);
    exports._initialize();
    exports.memory.grow(65536 - exports.memory.buffer.byteLength / 65536);
    assert.equal(exports.memory.buffer.byteLength, 2 ** 32, file);
  }
});

test('the first module wins: another initialize changes nothing', () => {
  const before = wasm;
  initialize(bytesOf('embedding-scalar.wasm'));
  initialize(new Uint8Array(0));
  assert.equal(wasm, before);
});

test('the preload of tests/js/scalar.js puts the scalar module in', () => {
  const script = `
    WebAssembly.Module = function () { throw new Error('a second module'); };
    const { tensor } = await import('./tests/sources.js');
    console.log(String(tensor([1, 2]).add(1)));`;
  assert.equal(node('--import', './tests/js/scalar.js', '--input-type=module', '-e', script), 'tensor([2., 3.])\n');
});

test('importing the package twice gives one memory', async () => {
  const again = await import('../../js/entry/node.js');
  const t = library.zeros(1000);
  assert.equal(again.memory().tensors, memory().tensors);
  assert.equal(again.Tensor, library.Tensor);
  t.dispose();
});

test('the package exports what the contract of this version names', () => {
  assert.deepEqual(Object.keys(library).sort(), ['Embedding', 'EmbeddingBag', 'SparseTensor', 'Tensor', 'arange', 'clipGradNorm', 'enableGrad', 'full', 'functional', 'isGradEnabled', 'keep', 'manualSeed', 'memory', 'nearest', 'noGrad', 'ones', 'optim', 'rand', 'randn', 'tensor', 'tidy', 'zeros']);
  assert.deepEqual(Object.keys(library.functional).sort(), ['cosineSimilarity', 'crossEntropy', 'dequantize', 'embedding', 'embeddingBag', 'embeddingRenorm', 'linear', 'oneHot']);
  assert.deepEqual(Object.keys(library.optim).sort(), ['Adagrad', 'Adam', 'AdamW', 'SGD', 'SparseAdam']);
});

test('SIMD, scalar, and SIMD with every address above 2 GiB give the same bits', () => {
  const simd = node('tests/js/program.js');
  assert.deepEqual(simd.match(/^\w+/gm), ['lookup', 'renorm', 'nearest', 'random', 'printing', 'operations']);
  assert.equal(node('--import', './tests/js/scalar.js', 'tests/js/program.js'), simd);
  assert.equal(node('tests/js/program.js', String(2.25 * 2 ** 30)), simd);
});
