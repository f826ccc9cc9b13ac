// The builds compared: conformance.c as five programs, line by line.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../build/tests/', import.meta.url);
const LIBM_TOLERANCE = 1e-6;

/** @param {string} name */
function native(name) {
  return execFileSync(fileURLToPath(new URL(`${name}/conformance`, folder)), { encoding: 'latin1' }).split('\n');
}

/** @param {string} name */
function wasm(name) {
  const module = new WebAssembly.Module(readFileSync(new URL(`${name}/conformance.wasm`, folder)));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const exports = /** @type {any} */ (new WebAssembly.Instance(module).exports);
  exports._initialize?.();
  const length = exports.conformance_run();
  return Buffer.from(exports.memory.buffer, exports.conformance_text(), length).toString('latin1').split('\n');
}

/** @param {string} hex */
function floatOf(hex) {
  return new Float32Array(Uint32Array.of(Number.parseInt(hex, 16)).buffer)[0];
}

// Lines "~ name: values" hold results of expf, logf and powf.
/** @param {string} line @param {string} expected */
function isClose(line, expected) {
  const [name, values = ''] = line.split(': '), [expectedName, expectedValues = ''] = expected.split(': ');
  const got = values.split(' ').map(floatOf), wanted = expectedValues.split(' ').map(floatOf);
  return name.startsWith('~') && name === expectedName && got.length === wanted.length && got.every((value, i) =>
    Object.is(value, wanted[i]) || Math.abs(value - wanted[i]) <= LIBM_TOLERANCE * Math.abs(wanted[i]));
}

/** @param {string[]} got @param {string[]} expected @param {boolean} allowsLibm */
function compare(got, expected, allowsLibm) {
  const differing = [];
  for (let i = 0; i < Math.max(got.length, expected.length); i++) {
    const line = got[i] ?? '(nothing)', wanted = expected[i] ?? '(nothing)';
    if (line === wanted || (allowsLibm && isClose(line, wanted))) continue;
    differing.push(`line ${i + 1}: expected ${wanted}, got ${line}`);
  }
  assert.ok(differing.length === 0, `${differing.length} lines differ\n${differing.slice(0, 10).join('\n')}`);
}

const simd = wasm('simd');

test('the program runs every group', () => {
  assert.ok(simd.length > 1300, `${simd.length} lines`);
  assert.equal(simd.at(-1), '');
  assert.ok(simd.filter((line) => line.startsWith('~ ')).length > 400);
});

test('WebAssembly without SIMD gives the same bits as with it', () => compare(wasm('scalar'), simd, false));

for (const name of ['gcc-simde', 'clang-simde', 'gcc-portable']) {
  test(`the native build ${name} gives the same bits as WebAssembly, expf, logf and powf apart`, () => compare(native(name), simd, true));
}
