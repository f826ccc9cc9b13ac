/**
 * Installs the packed package in an empty folder, as a stranger would, and runs it in every runtime that the README names; each must
 * print the digests that Node.js prints. Prints a table; the status is 1 if a line of it failed. `make test-runtimes`.
 *
 * The runtimes come from npm, as package-lock.json here has them, into a cache folder of the user's. Firefox and Chromium are the system's.
 */
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { launch } from '../browser/launch.js';
import { cached } from '../package/cache.js';
import { install } from '../package/install.js';
import { conformance } from './conformance.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TIMEOUT_MS = 60_000;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const EXAMPLE = 'tensor([[5., 6.],\n        [1., 2.]])'; // what each program of examples/runtimes prints

/* ---- The runtimes ---- */

const modules = cached('runtimes', HERE, 'the runtimes (about 350 MB to download)');
const version = (name) => JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version.replace('v', '');
const onlyIn = (parent, path) => join(modules, parent, readdirSync(join(modules, parent)).find((name) => name.startsWith('linux-') || name.includes('-linux-')), path);
const BINARIES = {
  deno: onlyIn('@deno', 'deno'),
  bun: onlyIn('@oven', 'bin/bun'),
  workerd: onlyIn('@cloudflare', 'bin/workerd'),
  esbuild: onlyIn('@esbuild', 'bin/esbuild'),
};

/* ---- The project that uses the package ---- */

const { folder, remove } = install();
const file = (name, text) => writeFileSync(join(folder, name), text);
copyFileSync(join(HERE, 'conformance.js'), join(folder, 'conformance.js'));
cpSync(join(ROOT, 'examples/runtimes'), folder, { recursive: true });
for (const name of ['data', 'examples']) cpSync(join(ROOT, name), join(folder, 'repository', name), { recursive: true });

const program = (load, show = 'console.log(result)') => `import { conformance } from './conformance.js';\n${load}\nconst result = conformance(library);\n${show};\n`;
file('main.js', program("import * as library from 'nn-embedding';"));
file('main-require.js', program("import { createRequire } from 'node:module';\nconst library = createRequire(import.meta.url)('nn-embedding');"));
file('main-url.js', program("import * as library from 'nn-embedding/url';\nawait library.ready;"));
const POST = "fetch('/result', { method: 'POST', body: result })";
file('page.js', program("import * as library from 'nn-embedding';", POST));
file('page-url.js', program("import * as library from 'nn-embedding/url';\nawait library.ready;", POST));
file('worker-of-page.js', "new Worker(new URL('./page.js', import.meta.url), { type: 'module' });");
const html = (script) => `<!doctype html><link rel="icon" href="data:,"><body>${script}`;
file('page.html', html('<script type="module" src="./page.js"></script>'));
file('page-url.html', html('<script type="module" src="./page-url.js"></script>'));
file('page-worker.html', html('<script type="module" src="./worker-of-page.js"></script>'));
file('script-page.html', html(`<script src="node_modules/nn-embedding/dist/nn-embedding.iife.min.js"></script><script>const conformance = ${conformance}; const result = conformance(nnEmbedding); ${POST};</script>`));
file('module-page.html', html(`<script type="module">${program("import * as library from './node_modules/nn-embedding/dist/nn-embedding.min.js';", POST)}</script>`));

const execute = promisify(execFile);
const shell = { DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1', DENO_DIR: join(folder, '.deno') };

/** What a command prints in the project. */
async function print(command, ...args) {
  const { stdout } = await execute(command, args, { cwd: folder, encoding: 'utf8', timeout: TIMEOUT_MS, env: { ...process.env, ...shell } });
  return stdout.trimEnd();
}

const expected = await print(process.execPath, 'main.js');
assert.match(expected, /^(\w+ [0-9a-f]{8}\n?){8}$/);

const isExpected = (result) => assert.equal(result, expected);
const isExample = (result) => assert.equal(result, EXAMPLE);
const isServed = (result) => assert.equal(result, '[ 3, 100 ]\nnearest to king: row 1 of these');
const WORKER = 'repository/examples/worker.js';

/* ---- Browsers: the page posts its result to the server that serves it ---- */

const chromium = await launch();
const firefox = ['firefox-esr', 'firefox'].find((name) => process.env.PATH.split(':').some((path) => existsSync(join(path, name))));
if (!firefox) throw new Error('Firefox is missing: neither firefox-esr nor firefox is in PATH');

/** Opens a page until the promise is kept. */
const BROWSERS = {
  async Chromium(url, until) {
    const page = await chromium.newPage();
    const failed = new Promise((_, reject) => page.on('pageerror', reject));
    try {
      await page.goto(url);
      return await Promise.race([until, failed]);
    } finally {
      await page.close();
    }
  },
  async Firefox(url, until) {
    const profile = mkdtempSync(join(tmpdir(), 'nn-embedding-firefox-'));
    const child = spawn(firefox, ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore', env: { ...process.env, HOME: profile } });
    try {
      return await until;
    } finally {
      const closed = once(child, 'close');
      child.kill();
      await closed;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** Serves a folder while `use` asks; what is posted to it goes to `receive`. */
async function serving(root, use, receive = () => {}) {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      receive(Buffer.concat(await request.toArray()).toString());
      return response.end();
    }
    const name = join(root, new URL(request.url, 'http://localhost').pathname);
    if (!existsSync(name)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(readFileSync(name));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What a page posts. */
function posted(browser, root, path) {
  let receive;
  const result = new Promise((resolve, reject) => {
    receive = resolve;
    setTimeout(() => reject(new Error(`${path} posted nothing in ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS).unref();
  });
  result.catch(() => {}); // a browser that failed is reported before
  return serving(root, (address) => BROWSERS[browser](`${address}/${path}`, result), receive);
}

/** What a page without a bundler shows in its <pre>. */
async function shown(url) {
  const page = await chromium.newPage();
  try {
    await page.goto(url);
    return await page.locator('pre', { hasText: /./ }).textContent();
  } finally {
    await page.close();
  }
}

/* ---- workerd ---- */

const WORKERD_LOADERS = ['--loader:.wasm=copy', '--asset-names=[name]', '--loader:.txt=text', '--loader:.int8=binary', '--loader:.float32=binary'];

/** Bundles a worker and serves it while `use` asks it. */
async function served(entry, use) {
  const build = mkdtempSync(join(folder, 'workerd-'));
  await print(BINARIES.esbuild, entry, '--bundle', '--format=esm', '--conditions=workerd', '--entry-names=worker', `--outdir=${join(build, 'build')}`, ...WORKERD_LOADERS);
  copyFileSync(join(ROOT, 'examples/workerd/config.capnp'), join(build, 'config.capnp'));
  const child = spawn(BINARIES.workerd, ['serve', '--control-fd=3', '--socket-addr=http=127.0.0.1:0', join(build, 'config.capnp')], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const closed = once(child, 'close');
  try {
    const [message] = await Promise.race([once(child.stdio[3], 'data'), closed.then(() => Promise.reject(new Error('workerd ended')))]);
    const { port } = JSON.parse(String(message).split('\n')[0]);
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill();
    await closed;
  }
}

async function workerdExample() {
  const { load } = await import('../../examples/word-table.js');
  const { words, embedding } = await load();
  await served(join(folder, 'repository/examples/workerd/worker.js'), async (address) => {
    const get = async (path) => {
      const response = await fetch(address + path);
      return [response.status, await response.json()];
    };
    assert.deepEqual(await get('/embed?ids=1,2,3'), [200, { ids: [1, 2, 3], embeddings: embedding.forward([1, 2, 3]).toArray() }]);
    const king = words.indexOf('king');
    const { indices, scores } = embedding.nearest(embedding.forward(king), { k: 10, exclude: king });
    assert.deepEqual(await get('/nearest?word=king'), [200, { word: 'king', nearest: Array.from(indices, (row, i) => ({ word: words[row], cosine: scores[i] })) }]);
    assert.deepEqual(await get('/embed?ids=1,10000'), [400, { error: 'index out of range in self: index 10000 at position [1], valid range [0, 10000)' }]);
    for (const [path, status, error] of [['/embed?ids=king', 400, /^ids must be row numbers/], ['/nearest?word=kingg', 404, /^"kingg" is not among/], ['/', 404, /^GET \/embed/]]) {
      const [found, body] = await get(path);
      assert.equal(found, status);
      assert.match(body.error, error);
    }
  });
}

/* ---- Bundlers ---- */

const pageOf = (bundler, script) => file(`${bundler}/page.html`, html(`<script type="module" src="${script}"></script>`));

async function vite() {
  file('vite.config.js', "export default { base: './', logLevel: 'error', build: { outDir: 'vite', target: 'es2022', rolldownOptions: { input: ['page.html', 'page-url.html', 'page-worker.html'] } } };");
  await print(process.execPath, join(modules, 'vite/bin/vite.js'), 'build');
  for (const page of ['page.html', 'page-url.html', 'page-worker.html']) isExpected(await posted('Chromium', join(folder, 'vite'), page));
}

async function webpack() {
  const compiler = createRequire(import.meta.url)(join(modules, 'webpack'))({
    mode: 'production', context: folder, entry: { page: './page.js', 'page-url': './page-url.js', 'page-worker': './worker-of-page.js' }, output: { path: join(folder, 'webpack') },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  assert.deepEqual(stats.toJson().errors, []);
  for (const name of ['page', 'page-url', 'page-worker']) {
    pageOf('webpack', `./${name}.js`);
    isExpected(await posted('Chromium', join(folder, 'webpack'), 'page.html'));
  }
}

async function esbuild() {
  await print(BINARIES.esbuild, 'page.js', '--bundle', '--format=esm', '--minify', '--outdir=esbuild');
  pageOf('esbuild', './page.js');
  isExpected(await posted('Chromium', join(folder, 'esbuild'), 'page.html'));
}

async function typescript() {
  file('tsconfig.json', JSON.stringify({ compilerOptions: { strict: true, skipLibCheck: false, types: [], target: 'es2022', module: 'nodenext', outDir: 'typescript', lib: ['es2022', 'dom'] }, files: ['strict.ts'] }));
  await print(process.execPath, join(modules, 'typescript/bin/tsc'));
  isExample(await print(process.execPath, 'typescript/strict.js'));
}

/* ---- What runs ---- */

const nodePackage = (major) => readdirSync(modules).find((name) => name.startsWith(`node-${major}-`));
const node = (major, ...args) => print(join(modules, nodePackage(major), 'bin/node'), ...args);


const RUNS = [];
const add = (runtime, number, ran, run) => RUNS.push({ runtime, number, ran, run });

for (const major of [18, 20, 26]) {
  add('Node.js', version(nodePackage(major)), 'import, core, url, worker', async () => {
    isExpected(await node(major, 'main.js'));
    isExpected(await node(major, 'main-url.js'));
    for (const name of ['import.js', 'core.js', 'url.js']) isExample(await node(major, name));
    isServed(await node(major, WORKER));
  });
  if (major > 18) {
    add('Node.js', version(nodePackage(major)), 'require()', async () => {
      isExpected(await node(major, '--no-warnings', 'main-require.js'));
      isExample(await node(major, '--no-warnings', 'require.cjs'));
    });
  }
  if (process.arch === 'x64') add('Node.js', version(nodePackage(major)), 'import without SIMD', async () => isExpected(await node(major, '--no-enable-sse4-1', 'main.js')));
}
add('Deno', version('deno'), 'import, core, url, worker', async () => {
  isExpected(await print(BINARIES.deno, 'run', '--allow-read', 'main.js'));
  for (const name of ['import.js', 'core.js', 'url.js']) isExample(await print(BINARIES.deno, 'run', '--allow-read', name));
  isServed(await print(BINARIES.deno, 'run', '--allow-read', WORKER));
});
add('Bun', version('bun'), 'import, require(), core, url, worker', async () => {
  isExpected(await print(BINARIES.bun, 'main.js'));
  for (const name of ['import.js', 'require.cjs', 'core.js', 'url.js']) isExample(await print(BINARIES.bun, name));
  isServed(await print(BINARIES.bun, WORKER));
});
add('workerd', version('workerd'), 'import', async () => {
  file('workerd-main.js', program("import * as library from 'nn-embedding';", 'export default { fetch: () => new Response(result) }'));
  const body = (address) => fetch(address).then((response) => response.text());
  isExpected(await served(join(folder, 'workerd-main.js'), body));
  isExample(await served(join(folder, 'workerd.js'), body));
});
add('workerd', version('workerd'), 'examples/workerd', workerdExample);
add('Chromium', chromium.version(), 'script tag, http and file://', async () => {
  isExample(await shown(pathToFileURL(join(folder, 'script.html')).href));
  isExpected(await posted('Chromium', folder, 'script-page.html'));
});
add('Chromium', chromium.version(), 'module without a bundler', async () => {
  isExample(await serving(folder, (address) => shown(`${address}/module.html`)));
  isExpected(await posted('Chromium', folder, 'module-page.html'));
});
add('Vite', version('vite'), 'import, url, in a Worker; in Chromium', vite);
add('webpack', version('webpack'), 'import, url, in a Worker; in Chromium', webpack);
add('esbuild', version('esbuild'), 'import; in Chromium', esbuild);
add('TypeScript', version('typescript'), 'a strict project', typescript);
add('Firefox', execFileSync(firefox, ['--version'], { encoding: 'utf8' }).match(/[\d.]+\w*/)[0], 'script tag, module; url through Vite', async () => {
  isExpected(await posted('Firefox', folder, 'script-page.html'));
  isExpected(await posted('Firefox', folder, 'module-page.html'));
  isExpected(await posted('Firefox', join(folder, 'vite'), 'page-url.html'));
});
const rows = [['runtime', 'version', 'what ran', 'result']];
for (const { runtime, number, ran, run } of RUNS) {
  const error = await run().then(() => null, (thrown) => thrown);
  if (error) console.error(`\n${runtime} ${number}, ${ran}:\n${error.stack}\n${error.stderr ?? ''}`);
  rows.push([runtime, number, ran, error ? 'FAILED' : 'passed']);
}
await chromium.close();
remove();

const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
console.log(`\n${rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n')}`);
const failed = rows.filter((row) => row[3] === 'FAILED').length;
console.log(`\n${rows.length - 1 - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
