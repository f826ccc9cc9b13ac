// The two ways to call the library that a user would copy, on the emulated one: examples/words-cuda.c, and the README's from Node.js.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'node:test';

const root = new URL('../../', import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));
const readme = readFileSync(new URL('README.md', root), 'utf8');

function run(program, args, environment = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: fileURLToPath(root), encoding: 'utf8', env: { ...process.env, ...environment } });
  return { status, stdout, stderr };
}

test('the C example finds the rows that the CPU finds, and the nearest words', () => {
  const [, command, output] = /build\/cuda\/words-cuda ([^\n]*)\n```\n\n```text\n(.*?)```/s.exec(readme);
  assert.deepEqual(run(path('build/tests/cuda/words-cuda'), command.split(' ')), { status: 0, stdout: output, stderr: '' });
});

test('without a driver the C example says so and exits with 77', () => {
  assert.deepEqual(run(path('build/tests/cuda/words-cuda'), ['king'], { CUDA_EMULATOR_NO_DRIVER: '1' }),
    { status: 77, stdout: '', stderr: 'embedding_available_cuda: there is no NVIDIA driver on this machine\n' });
});

test('the C example has at most 60 lines of code', () => {
  const lines = readFileSync(path('examples/words-cuda.c'), 'utf8').split('\n').filter((line) => line.trim());
  assert.ok(lines.length <= 60, `${lines.length}`);
});

test("the README's program calls the library from Node.js through koffi", () => {
  const [, program, output] = /## On a GPU.*?```js\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme);
  const library = path('build/tests/cuda/libembedding_cuda.so');
  const emulated = program.replace("'libcudart.so.13'", `'${library}'`).replace("'dist/cuda/libembedding_cuda.so'", `'${library}'`)
    .replace("'koffi'", `'${new URL('node_modules/koffi/index.js', import.meta.url)}'`);
  assert.equal(emulated.split(library).length, 3);
  const { status, stdout, stderr } = run(process.execPath, ['--input-type=module', '--eval', emulated]);
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: output, stderr: '' });
});
