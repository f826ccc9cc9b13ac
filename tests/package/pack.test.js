// What `npm pack` packs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { install } from './install.js';

const GZIP_BUDGET = 64 * 1024; // bytes of everything in one file

const { folder, tarball, remove } = install();
after(remove);

const root = join(folder, 'node_modules/nn-embedding');
const read = (file) => readFileSync(join(root, file));
const manifest = JSON.parse(read('package.json'));
const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));

test('the package has the licence, the C sources, the modules and the types, and nothing for developers', () => {
  for (const file of ['LICENSE', 'README.md', 'src/embedding.h', 'src/lookup.c', 'dist/embedding.wasm', 'dist/embedding-scalar.wasm', 'dist/types/index.d.ts']) {
    assert.ok(files.includes(file), file);
  }
  for (const file of files) assert.match(file, /^(LICENSE|README\.md|package\.json|(dist|src)\/[\w./-]+\.(js|wasm|d\.ts|c|h))$/);
});

test('installing it downloads nothing and runs no script', () => {
  assert.deepEqual(Object.keys(manifest).filter((key) => /dependencies$/i.test(key) && key !== 'devDependencies'), []);
  assert.equal(manifest.scripts, undefined);
  assert.deepEqual(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')), ['nn-embedding']);
});

test('publint finds nothing wrong', async () => {
  const { messages, pkg } = await publint({ pkgDir: root, pack: false, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('the types are right for everybody who imports them as ES modules', () => {
  const attw = new URL('../../node_modules/@arethetypeswrong/cli/dist/index.js', import.meta.url);
  execFileSync(process.execPath, [attw.pathname, tarball, '--profile', 'esm-only', '--format', 'ascii'], { stdio: ['ignore', 'pipe', 'inherit'] });
});

test('the conditions stand in the order in which they must be tried', () => {
  assert.deepEqual(Object.keys(manifest.exports['.']), ['types', 'workerd', 'browser', 'node', 'default']);
  assert.deepEqual(Object.keys(manifest.exports), ['.', './core', './url', './lab', './embedding.wasm', './embedding-scalar.wasm', './package.json']);
  const targets = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? target : Object.values(target)));
  for (const target of targets) assert.ok(existsSync(join(root, target)), target);
});

test('what is ready at import is said to have side effects, and nothing else', () => {
  const said = manifest.sideEffects.map((pattern) => new RegExp(`^${pattern.slice(2).replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
  const entries = [...files.filter((file) => file.startsWith('dist/entry/')), 'dist/lab.js', 'dist/nn-embedding.min.js', 'dist/nn-embedding.iife.min.js', 'dist/library.js'];
  const pure = ['dist/entry/core.js', 'dist/entry/url.js', 'dist/entry/url-ready.js', 'dist/library.js'];
  for (const file of entries) assert.equal(said.some((pattern) => pattern.test(file)), !pure.includes(file), file);
});

for (const file of ['dist/nn-embedding.min.js', 'dist/nn-embedding.iife.min.js']) {
  test(`${file} has at most ${GZIP_BUDGET} bytes gzipped`, (t) => {
    const size = gzipSync(read(file), { level: 9 }).length;
    t.diagnostic(`${size} bytes gzipped`);
    assert.ok(size <= GZIP_BUDGET);
  });
}

test('the modules import nothing', () => {
  for (const file of files.filter((name) => name.endsWith('.wasm'))) assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(read(file))), [], file);
});

/** The bytes that a file compiles when it is imported. */
function bytesInside(file) {
  const script = `
    const { Module } = WebAssembly;
    WebAssembly.Module = function (bytes) { process.stdout.write(Buffer.from(bytes).toString('base64')); return new Module(bytes); };
    await import(${JSON.stringify(join(root, file))});`;
  return Buffer.from(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }), 'base64');
}

for (const [file, module] of [['entry/browser.js', 'embedding'], ['nn-embedding.min.js', 'embedding'], ['nn-embedding.iife.min.js', 'embedding'], ['lab.js', 'lab']]) {
  test(`the bytes in ${file} are those of ${module}.wasm`, () => {
    assert.ok(bytesInside(`dist/${file}`).equals(read(`dist/${module}.wasm`)));
  });
}

test('a script tag gets the global nnEmbedding and no other', () => {
  const context = { WebAssembly, TextDecoder, FinalizationRegistry };
  runInNewContext(read('dist/nn-embedding.iife.min.js').toString(), context);
  assert.deepEqual(Object.keys(context).sort(), ['FinalizationRegistry', 'TextDecoder', 'WebAssembly', 'nnEmbedding']);
  assert.equal(typeof context.nnEmbedding.Embedding, 'function');
});
