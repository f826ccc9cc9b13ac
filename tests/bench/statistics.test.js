import { test } from 'node:test';
import assert from 'node:assert/strict';
import { compared, difference, quantile, summary } from './statistics.js';

test('the median of an odd number of values is the middle one, of an even number the mean of two', () => {
  assert.equal(quantile([9, 1, 5], 0.5), 5);
  assert.equal(quantile([9, 1, 5, 6], 0.5), 5.5);
});

test('quartiles lie between neighbours as numpy places them', () => {
  assert.deepEqual(summary([1, 2, 3, 4]), { median: 2.5, quartiles: [1.75, 3.25] }); // numpy.percentile([1, 2, 3, 4], [25, 75])
  assert.deepEqual(summary([7]), { median: 7, quartiles: [7, 7] });
});

test('quantiles leave the order of the values as it was', () => {
  const values = [3, 1, 2];
  quantile(values, 0.5);
  assert.deepEqual(values, [3, 1, 2]);
});

test('results differ by a part of the greatest number', () => {
  assert.equal(difference(Float32Array.of(1, -4), Float32Array.of(1.5, -4)), 0.125);
  assert.equal(difference(Float32Array.of(0, 0), Float32Array.of(0, 0)), 0);
});

test('a result of another length, or with a NaN, differs beyond every tolerance', () => {
  assert.equal(difference(Float32Array.of(1), Float32Array.of(1, 1)), Infinity);
  assert.equal(difference(Float32Array.of(1, 2), Float32Array.of(NaN, 2)), Infinity);
  assert.equal(difference(Float32Array.of(NaN, 2), Float32Array.of(1, 2)), Infinity);
  assert.equal(difference(Float32Array.of(0), Float32Array.of(1)), Infinity);
});

test('a ratio is over ours, or over that of ours which does the same, and meets its goal or not', () => {
  const results = { ours: { median: 10 }, 'ours-new': { median: 20 }, c: { median: 5 }, torch: { median: 30 }, tfjs: { cannot: 'no kernel' } };
  const contenders = { ours: {}, 'ours-new': {}, c: {}, torch: { against: 'ours-new' }, tfjs: { against: 'ours-new' } };
  const { ours, c, torch, tfjs } = compared(results, contenders, { c: 0.5, torch: 2, tfjs: 9 });
  assert.deepEqual(ours, { median: 10 });
  assert.deepEqual(c, { median: 5, ratio: 0.5, goal: 0.5, met: true });
  assert.deepEqual(torch, { median: 30, ratio: 1.5, goal: 2, met: false });
  assert.deepEqual(tfjs, { cannot: 'no kernel' });
});

test('a ratio is over ours where no other way of ours was measured', () => {
  assert.equal(compared({ ours: { median: 10 }, torch: { median: 30 } }, { ours: {}, torch: { against: 'ours-new' } }, {}).torch.ratio, 3);
});
