// The emulator notices what it is for: planted.cu's mistakes, in the build and the thread orders named here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const ORDERS = ['forward', 'reverse', 'random3'];

/** @param {string} build @param {string} mistake @param {string} order */
function run(build, mistake, order) {
  const program = fileURLToPath(new URL(`../../build/tests/cuda-${build}/planted`, import.meta.url));
  const env = { ...process.env, CUDA_EMULATOR_ORDER: order, TSAN_OPTIONS: 'halt_on_error=1 atexit_sleep_ms=0', ASAN_OPTIONS: 'detect_leaks=0' };
  const { status, stdout, stderr } = spawnSync(program, [mistake], { env, encoding: 'utf8', timeout: 20000 });
  return { status, said: stdout + stderr };
}

for (const build of ['plain', 'asan', 'tsan']) {
  test(`a sound kernel passes: ${build}`, () => {
    for (const order of ORDERS) assert.deepEqual(run(build, 'sound', order), { status: 0, said: '' });
  });
}

const emulator = (text) => new RegExp(`^CUDA EMULATOR: ${text}: block \\(\\d+,0,0\\) thread \\d+ at .*planted\\.cu:\\d+`);
const RACE = /ThreadSanitizer: data race/;

for (const [mistake, build, report] of [
  ['missing_barrier', 'tsan', RACE],
  ['missing_warp_sync', 'tsan', RACE],
  ['blocks_race', 'tsan', RACE],
  ['duplicates', 'tsan', RACE],
  ['plain_minimum', 'tsan', RACE],
  ['shared_out_of_bounds', 'asan', /AddressSanitizer: heap-buffer-overflow/],
  ['misaligned', 'asan', /misaligned address/],
  ['host_reads_device', 'asan', /AddressSanitizer: use-after-poison/],
  ['too_much_shared', 'asan', /^CUDA EMULATOR: more than 48 KiB/],
  ['shared_left_over', 'plain', /^$/],
  ['empty_grid', 'plain', /^$/],
  ['wrong_stream', 'plain', /^$/],
  ['divergent_barrier', 'plain', emulator('__syncthreads that another thread of the block never reaches')],
  ['early_return', 'plain', emulator('__syncthreads that another thread of the block never reaches')],
  ['wrong_mask', 'plain', emulator('mask names a lane that has left')],
]) {
  test(`a planted mistake is caught whatever the order of threads: ${mistake}, by ${build}`, () => {
    for (const order of ORDERS) {
      const { status, said } = run(build, mistake, order);
      assert.notEqual(status, 0, order);
      assert.match(said, report, order);
    }
  });
}
