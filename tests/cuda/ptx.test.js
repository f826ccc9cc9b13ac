// What nvcc made of the kernels, which shows without a GPU.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const folder = new URL('../../build/cuda/', import.meta.url);
const kernels = readdirSync(folder).filter((name) => name.endsWith('.ptx')).flatMap((name) =>
  readFileSync(new URL(name, folder), 'utf8').split('.entry ').slice(1).map((body) => ({ name: body.slice(0, body.indexOf('(')), body })));

test('only the norms by powf have fused multiply-adds of float32', () => {
  const fused = kernels.filter(({ body }) => body.includes('fma.rn.f32')).map(({ name }) => name);
  assert.ok(kernels.length > 40, `${kernels.length} kernels`);
  assert.equal(fused.length, 1, fused.join(' '));
  assert.match(fused[0], /renorm_kernelIL4Norm5E/);
});

test('divisions and square roots are rounded correctly', () => {
  assert.deepEqual(kernels.filter(({ body }) => /(div|sqrt)\.(approx|full)/.test(body)).map(({ name }) => name), []);
  assert.ok(kernels.some(({ body }) => body.includes('sqrt.rn.f32')));
});

test('no sum uses a floating-point atomic', () => {
  assert.deepEqual(kernels.filter(({ body }) => /\b(atom|red)\.\S*\.f(16|32|64)/.test(body)).map(({ name }) => name), []);
});

test('the gather reads 16 bytes at a time through the read-only cache', () => {
  const wide = kernels.filter(({ name, body }) => /gather_kernel.*float4/.test(name) && /ld\.global\.nc\.v4/.test(body));
  assert.equal(wide.length, 5);
});

/** @param {string} body @returns {number} the most loads from global memory without a branch or a label between them */
function together(body) {
  let most = 0, count = 0;
  for (const line of body.split('\n')) {
    count = /^\$L|\bbra\b/.test(line) ? 0 : count + /\bld\.global\b/.test(line);
    most = Math.max(most, count);
  }
  return most;
}

for (const [kernel, loads] of [[/gather_kernel/, 4], [/reduce_kernel/, 8], [/sum_short_runs_kernel.*Lj4E/, 4], [/sum_long_runs_kernel/, 32]]) {
  test(`no branch keeps loads of ${kernel.source} waiting for one another: ${loads} are under way together`, () => {
    const found = kernels.filter(({ name }) => kernel.test(name));
    assert.ok(found.length > 0);
    assert.deepEqual(found.filter(({ body }) => together(body) < loads).map(({ name }) => name), []);
  });
}
