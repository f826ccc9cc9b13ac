// The built package in Chromium: what each kind of page and worker computes, and what it says where WebAssembly is refused.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as nnEmbedding from 'nn-embedding';
import { conformance } from '../runtimes/conformance.js';
import { launch, open } from './launch.js';

const DIST = new URL('../../dist/', import.meta.url);
const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };
const STRICT = "default-src 'none'; connect-src 'self'; script-src 'self'";
const expected = conformance(nnEmbedding);

const run = (specifier, before = '') => `import * as library from '${specifier}'; ${before}
  const conformance = ${conformance}; const result = conformance(library);`;
const SHOW = "document.body.append(Object.assign(document.createElement('pre'), { textContent: result }));";
const page = (script) => `<!doctype html><link rel="icon" href="data:,"><body>${script}`;
const modulePage = (name) => page(`<script type="module" src="/${name}.js"></script>`);

const FILES = {
  '/plain.html': modulePage('plain'),
  '/plain.js': `${run('/dist/nn-embedding.min.js')} ${SHOW}`,
  '/entry.html': modulePage('entry'),
  '/entry.js': `${run('/dist/entry/browser.js')} ${SHOW}`,
  '/url.html': modulePage('url'),
  '/url.js': `${run('/dist/entry/url.js', 'await library.ready;')} ${SHOW}`,
  '/worker.html': modulePage('worker'),
  '/worker.js': `new Worker('/in-worker.js', { type: 'module' }).onmessage = ({ data: result }) => { ${SHOW} };`,
  '/in-worker.js': `${run('/dist/nn-embedding.min.js')} postMessage(result);`,
  '/transfer.html': modulePage('transfer'),
  '/transfer.js': `import { tensor } from '/dist/nn-embedding.min.js';
    const output = tensor([[1.5, -2], [3, 4]]);
    const values = output.data.slice();
    const worker = new Worker('/revive.js', { type: 'module' });
    worker.onmessage = ({ data }) => { const result = data + values.length; ${SHOW} };
    worker.postMessage({ values, shape: output.shape }, [values.buffer]);`,
  '/revive.js': `import { tensor } from '/dist/nn-embedding.min.js';
    onmessage = ({ data: { values, shape } }) => postMessage(String(tensor(values, { shape })));`,
  '/script.html': page(`<script src="/dist/nn-embedding.iife.min.js"></script><script src="/script.js"></script>`),
  '/script.js': `const conformance = ${conformance}; const result = conformance(nnEmbedding); ${SHOW}`,
  '/refused.html': modulePage('refused'),
  '/refused.js': `let result = '';
    for (const name of ['nn-embedding.min.js', 'entry/url.js']) {
      await import('/dist/' + name).then(({ ready }) => ready).catch(({ message }) => { result += message; });
    }
    ${SHOW}`,
};

const HEADERS = {
  isolated: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-resource-policy': 'same-origin' },
  strict: { 'content-security-policy': `${STRICT} 'wasm-unsafe-eval'; worker-src 'self'; img-src data:` },
  refusing: { 'content-security-policy': `${STRICT}; img-src data:` },
};

let browser;
let address;

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const body = FILES[pathname] ?? (await readFile(new URL(pathname.replace('/dist/', ''), DIST)));
  const type = pathname.split('.').at(-1);
  const headers = HEADERS[type === 'html' ? searchParams.get('headers') : 'isolated']; // a worker's script needs those of its page
  response.writeHead(200, { 'content-type': TYPES[type], ...headers }).end(body);
});

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  address = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server.close();
});

/** Opens a page, and what it shows in the end. */
async function shownBy(url) {
  const opened = await open(browser, url);
  const shown = await opened.locator('pre').textContent().catch((error) => { throw new Error(`${opened.complaints.join('\n')}\n${error.message}`); });
  return { shown, opened };
}

for (const [name, headers] of [['plain'], ['entry'], ['url'], ['worker'], ['script'], ['plain', 'isolated'], ['worker', 'isolated'], ['plain', 'strict'], ['url', 'strict'], ['script', 'strict']]) {
  test(`the ${name} page computes the same bits${headers ? `, ${headers}` : ''}`, async () => {
    const { shown, opened } = await shownBy(`${address}/${name}.html?headers=${headers}`);
    assert.equal(shown, expected);
    assert.equal(await opened.evaluate(() => globalThis.crossOriginIsolated), headers === 'isolated');
    assert.deepEqual(opened.complaints, []);
  });
}

test("a tensor's bytes are transferred to a worker and revived there, and nothing is left here", async () => {
  const { shown } = await shownBy(`${address}/transfer.html`);
  assert.equal(shown, 'tensor([[ 1.5000, -2.0000],\n        [ 3.0000,  4.0000]])0');
});

test('a policy that refuses WebAssembly is an error that says what to add', async () => {
  const { shown } = await shownBy(`${address}/refused.html?headers=refusing`);
  const errors = shown.split("WebAssembly is refused here: add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy");
  assert.equal(errors.length, 3, shown);
});

test('a page from a disk computes the same bits', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'nn-embedding-'));
  t.after(() => rm(folder, { recursive: true }));
  await copyFile(fileURLToPath(new URL('nn-embedding.iife.min.js', DIST)), join(folder, 'nn-embedding.iife.min.js'));
  await writeFile(join(folder, 'script.js'), FILES['/script.js']);
  await writeFile(join(folder, 'index.html'), FILES['/script.html'].replaceAll('"/dist/', '"').replaceAll('"/', '"'));
  const { shown, opened } = await shownBy(pathToFileURL(join(folder, 'index.html')).href);
  assert.equal(shown, expected);
  assert.deepEqual(opened.complaints, []);
});
