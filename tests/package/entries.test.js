// The installed package in Node.js: every way to import it, and what it says where it cannot run.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { install } from './install.js';

const NO_SIMD = '--no-enable-sse4-1'; // V8 then refuses SIMD modules

const { folder, remove } = install();
after(remove);
copyFileSync(new URL('../runtimes/conformance.js', import.meta.url), join(folder, 'conformance.js'));

const bytesOf = (file) => readFileSync(join(folder, 'node_modules/nn-embedding/dist', file));

/** What a program in the installed project prints. */
function node(program, ...options) {
  return execFileSync(process.execPath, [...options, '--input-type=module', '-e', program], { cwd: folder, encoding: 'utf8' });
}

const conformance = (load) => `import { conformance } from './conformance.js'; ${load} console.log(conformance(library));`;
const IMPORT = conformance("import * as library from 'nn-embedding';");

const expected = node(IMPORT);

test('the conformance program prints a digest for each part', () => {
  assert.match(expected, /^(\w+ [0-9a-f]{8}\n){8}$/);
});

const CORE = `import * as library from 'nn-embedding/core'; import { readFileSync } from 'node:fs';
  const bytes = readFileSync(new URL(import.meta.resolve('nn-embedding/' + (library.supportsSimd() ? 'embedding' : 'embedding-scalar') + '.wasm')));`;

const WAYS = {
  'import without SIMD': [IMPORT, NO_SIMD],
  'require()': ["import { createRequire } from 'node:module'; const library = createRequire(import.meta.url)('nn-embedding');"],
  'the file that bundlers for browsers take': [IMPORT, '--conditions=browser'],
  'nn-embedding.min.js': ["import * as library from './node_modules/nn-embedding/dist/nn-embedding.min.js';"],
  'nn-embedding/core and initSync': [`${CORE} library.initSync(bytes);`],
  'nn-embedding/core and init of bytes': [`${CORE} await library.init(bytes);`],
  'nn-embedding/core and init of a promise of a Module': [`${CORE} await library.init(WebAssembly.compile(bytes));`],
  'nn-embedding/core and init of a Response': [`${CORE} await library.init(new Response(bytes, { headers: { 'content-type': 'application/wasm' } }));`],
  'nn-embedding/core and init of a Response without a type': [`${CORE} await library.init(new Response(bytes));`],
  'nn-embedding/core without SIMD': [`${CORE} await library.init(bytes);`, NO_SIMD],
  'nn-embedding/url': ["import * as library from 'nn-embedding/url'; await library.ready;"],
};

for (const [name, [program, ...options]] of Object.entries(WAYS)) {
  test(`${name} gives the same bits`, () => {
    assert.equal(node(program === IMPORT ? program : conformance(program), ...options), expected);
  });
}

test('nn-embedding/url fetches the file that the engine runs, tries again after a failure, and takes one instance', async (t) => {
  const asked = [];
  let isDown = true;
  const server = createServer(({ url }, response) => {
    asked.push(url);
    if (isDown) response.writeHead(404).end('<!doctype html>');
    else response.setHeader('content-type', 'application/wasm').end(bytesOf(url.slice(1)));
    isDown = false;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => server.close());
  const program = conformance(`
    const { fetch } = globalThis;
    globalThis.fetch = (url) => fetch('http://127.0.0.1:${server.address().port}/' + url.pathname.split('/').at(-1));
    const library = await import('nn-embedding/url');
    console.log(await library.ready.then(() => 'ready', (error) => error.message));
    await Promise.all([library.ready, library.ready]);`);
  const options = ['--conditions=browser', NO_SIMD, '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: folder, encoding: 'utf8' });
  const [message, ...digests] = stdout.split('\n');
  assert.match(message, /^http:\/\/127\.0\.0\.1:\d+\/embedding-scalar\.wasm: 404 Not Found$/);
  assert.equal(digests.join('\n'), expected);
  assert.deepEqual(asked, ['/embedding-scalar.wasm', '/embedding-scalar.wasm']);
});

test('importing touches no global, and a process that imports only ends', () => {
  const program = (name) => `
    const count = () => [globalThis, Symbol, process.env, Object.prototype, Array.prototype].map((object) => Reflect.ownKeys(object).length).join();
    const before = count();
    await import('${name}');
    console.log(before === count());`;
  for (const name of ['nn-embedding', 'nn-embedding/core', 'nn-embedding/url', 'nn-embedding/lab', './node_modules/nn-embedding/dist/entry/url.js']) {
    assert.equal(node(program(name)), 'true\n', name);
  }
});

test('importing takes less than a fifth of the time in which Node.js itself starts, which is 8 ms where that is 40', (t) => {
  // Measured side by side in one process, since the machine may be busy, and again where it was. The import before it starts the loader.
  const program = `
    await import('data:text/javascript,');
    const start = performance.now();
    await import('nn-embedding');
    console.log(performance.now() - start, performance.nodeTiming.bootstrapComplete);`;
  const runs = [];
  const share = () => Math.min(...runs.map(([importing, starting]) => importing / starting));
  for (let n = 0; n < 5 || (n < 25 && share() >= 1 / 5); n++) runs.push(node(program).split(' ').map(Number));
  t.diagnostic(`import: ${runs.map(([importing]) => importing.toFixed(1)).join(', ')} ms; start: ${runs.map(([, starting]) => starting.toFixed(1)).join(', ')} ms`);
  assert.ok(share() < 1 / 5, String(share()));
});

/* ---- Where it cannot run ---- */

/** The error of a program in a process that ends with it. */
function errorOf(program, ...options) {
  const { stderr, status } = spawnSync(process.execPath, [...options, '--input-type=module', '-e', program], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 1, stderr);
  return stderr;
}

test('without SIMD the file with the bytes inside names the entries that have the scalar module', () => {
  const error = errorOf("import 'nn-embedding'", '--conditions=browser', NO_SIMD);
  for (const words of ['needs WebAssembly SIMD', 'nn-embedding/url', 'nn-embedding/core', 'embedding-scalar.wasm']) assert.ok(error.includes(words), error);
});

test('the SIMD module without SIMD is an error that names the scalar one', () => {
  assert.match(errorOf(`${CORE.replace('library.supportsSimd()', 'true')} await library.init(bytes);`, NO_SIMD), /no WebAssembly SIMD: use embedding-scalar\.wasm/);
});

test('a host without WebAssembly is named', () => {
  assert.match(errorOf("import 'nn-embedding'", '--jitless'), /Error: nn-embedding needs WebAssembly, and this host has none/);
});

test('where an embedder forbids code generation, the error says what to add and which entry to take', () => {
  const context = createContext({ TextDecoder, FinalizationRegistry }, { codeGeneration: { strings: true, wasm: false } });
  const script = bytesOf('nn-embedding.iife.min.js').toString();
  assert.throws(() => runInContext(script, context), ({ message, cause }) => {
    for (const words of ["add 'wasm-unsafe-eval' to script-src", 'Content-Security-Policy', 'nn-embedding/embedding.wasm', 'nn-embedding/core']) assert.ok(message.includes(words), message);
    return /disallowed by embedder/.test(cause.message);
  });
});

test('where a browser compiles no more than 4 KB synchronously, the error names nn-embedding/url, which works there', () => {
  const limit = `
    const { Module } = WebAssembly;
    WebAssembly.Module = function (bytes) {
      throw new RangeError('WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB.');
    };
    WebAssembly.Module.imports = Module.imports;
    WebAssembly.Instance = WebAssembly.Module;`;
  assert.match(errorOf(`${limit} await import('nn-embedding')`, '--conditions=browser'), /only asynchronously: import nn-embedding\/url and await ready/);
  assert.equal(node(conformance(`${limit} const library = await import('nn-embedding/core'); const { readFileSync } = await import('node:fs');
    await library.init(readFileSync('./node_modules/nn-embedding/dist/embedding.wasm'));`)), expected);
});

/* ---- Bad input. All in one process, so that each is also a next try. ---- */

/** The smallest module with an export embedding_version that returns 9 * 100. */
const OTHER_VERSION = Buffer.from(
  `0061736d01000000010501600001 7f 03020100 0715 01 11 ${Buffer.from('embedding_version').toString('hex')} 0000 0a07 01 05 00 41 84 07 0b`.replaceAll(' ', ''), 'hex');
const IMPORTING = Buffer.from('0061736d0100000001040160000002070101610162 0000'.replaceAll(' ', ''), 'hex');
const EMPTY = Buffer.from('0061736d01000000', 'hex');

const library = await import(join(folder, 'node_modules/nn-embedding/dist/entry/core.js'));
const response = (body, type, status = 200) => new Response(body, { status, statusText: status === 404 ? 'Not Found' : '', headers: type ? { 'content-type': type } : {} });

const BAD = {
  'bytes that are no wasm': [() => Buffer.from('<!doctype html>'), /^these 15 bytes are no WebAssembly module/],
  'no bytes': [() => new ArrayBuffer(0), /^these 0 bytes are no WebAssembly module/],
  'half a module': [() => bytesOf('embedding.wasm').subarray(0, 9000), /damaged/],
  'a wasm of another version': [() => OTHER_VERSION, /belongs to nn-embedding 0\.9\.0, but the JavaScript to 0\.1\.0/],
  'a wasm of something else': [() => EMPTY, /is not the module of nn-embedding, but the JavaScript to 0\.1\.0/],
  'a wasm of something else with imports': [() => IMPORTING, /is not that of nn-embedding: it imports a\.b/],
  'another kind of thing': [() => 'embedding.wasm', /^source must be a WebAssembly\.Module.* its bytes.*, not str$/],
  nothing: [() => undefined, /^source must be a WebAssembly\.Module.* its bytes.*, not undefined$/],
};

const BAD_RESPONSES = {
  'a Response with 404': [() => response('no', 'text/html', 404), /^the Response: 404 Not Found$/],
  'a page in place of the file': [() => response('<!doctype html>', 'text/html; charset=utf-8'), /^the Response: expected the type application\/wasm, got text\/html/],
  'a Response of the right type with a page in it': [() => response('<!doctype html>', 'application/wasm'), /^these 15 bytes are no WebAssembly module/],
  'a promise that is rejected': [() => Promise.reject(new Error('offline')), /^offline$/],
};

for (const [name, [make, message]] of Object.entries({ ...BAD, ...BAD_RESPONSES })) {
  test(`init refuses ${name}`, () => assert.rejects(library.init(make()), { message }));
}

for (const [name, [make, message]] of Object.entries(BAD)) {
  test(`initSync refuses ${name}`, () => assert.throws(() => library.initSync(make()), { message }));
}

test('until then everything says what is missing; after all these failures init works, and what comes later changes nothing', async () => {
  assert.throws(() => library.tensor([1, 2]), /^Error: nn-embedding is not ready: await init\(source\) of nn-embedding\/core first, or ready of nn-embedding\/url$/);
  await library.init(response(bytesOf('embedding.wasm'), 'application/wasm'));
  const kept = library.tensor([1, 2]);
  await library.init(response('no', 'text/html', 404));
  library.initSync(Buffer.from('<!doctype html>'));
  assert.equal(String(kept.add(1)), 'tensor([2., 3.])');
});
