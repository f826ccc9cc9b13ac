// The package as a contender, on a small table of its own.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, describeContenders } from './contenders.js';

const { ours, 'plain-js': plain } = describeContenders({ python: 'python3', modules: '/modules', nodes: {} });
const WORK = { V: 3, D: 2, n: 4, bags: 2, sets: 2 };

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'nn-embedding-bench-'));
  writeFileSync(join(folder, 'floats'), Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40));
  writeFileSync(join(folder, 'indices'), Int32Array.of(2, 0, 1, 1, 0, 0, 0, 0));
});
after(() => rmSync(folder, { recursive: true }));

/** Starts a contender for one test. */
async function start(t, contender) {
  const child = new Child('contender', contender);
  t.after(() => child.stop());
  const version = await child.ready();
  const prepare = (kernel) => child.prepare(kernel, { ...WORK, floats: join(folder, 'floats'), indices: join(folder, 'indices'), result: join(folder, 'result') });
  return { child, version, prepare };
}
const result = () => Array.from(new Float32Array(new Uint8Array(readFileSync(join(folder, 'result'))).buffer));

for (const [name, contender] of Object.entries({ ours, plain })) {
  test(`${name}: says its version, looks the first set of indices up, and times calls`, async (t) => {
    const { child, version, prepare } = await start(t, contender);
    assert.match(version, /^Node\.js \d+\.\d+\.\d+, V8 \d+/);
    assert.equal(await prepare('lookup'), null);
    assert.deepEqual(result(), [5, 6, 1, 2, 3, 4, 3, 4]);
    const ns = await child.time(20);
    assert.ok(ns > 0 && ns < 1e9, ns);
  });
}

test('numbers are the last of the file, indices the first set, bags of one size', async (t) => {
  const { prepare } = await start(t, ours);
  await prepare('bag-weighted'); // weights 10, 20, 30, 40
  assert.deepEqual(result(), [70, 100, 210, 280]);
});

test('gradients, steps and nearest rows come out as computed by hand', async (t) => {
  const { prepare } = await start(t, ours);
  await prepare('bag-backward'); // bags of rows 2, 0 and 1, 1; gradients (10, 20) and (30, 40)
  assert.deepEqual(result(), [10, 20, 60, 80, 10, 20]);
  await prepare('dense-gradient'); // gradients (1 .. 6 do not reach): the last 8 numbers
  assert.deepEqual(result(), [5, 6, 40, 60, 3, 4]);
  await prepare('sparse-gradient');
  assert.deepEqual(result(), [5, 6, 40, 60, 3, 4]);
  await prepare('nearest'); // query (30, 40)
  assert.deepEqual(result(), [390, 250, 110]);
});

test('WebAssembly memory is counted, and the process has more than that', async (t) => {
  const { child, prepare } = await start(t, ours);
  await prepare('lookup');
  const wasm = await child.wasm();
  assert.ok(wasm >= 2 ** 20 && wasm % 65536 === 0, wasm);
  if (process.platform === 'linux') assert.ok(child.memory().peak > wasm);
});

test('a kernel that a contender lacks is no failure: it says why', async (t) => {
  const { prepare } = await start(t, ours);
  assert.equal(await prepare('convolution'), 'no such kernel');
});

test('a contender that fails says what it said last', async (t) => {
  const { prepare } = await start(t, { label: '', command: [process.execPath, '-e', "console.log('version 1'); process.stdin.once('data', () => { throw new Error('out of luck') })"] });
  await assert.rejects(prepare('lookup'), /contender: ended\n[^]*out of luck/);
});

test('a program that is not there fails, naming itself', async (t) => {
  const child = new Child('contender', { label: '', command: [join(folder, 'nowhere')] });
  t.after(() => child.stop());
  await assert.rejects(child.ready(), /contender: ended\n[^]*nowhere/);
});
