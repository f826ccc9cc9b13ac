import { test } from 'node:test';
import assert from 'node:assert/strict';
import { cell, columns, megabytesText, ratioText, shapeText, timeText } from './report.js';

test('a shape says table, indices or bags, their law, and whether rows come from far', () => {
  assert.equal(shapeText({ V: 1000, D: 64, n: 4096 }), '1,000 x 64, 4,096');
  assert.equal(shapeText({ V: 1000, D: 64, n: 4096, bags: 64 }), '1,000 x 64, 64 bags of 64');
  assert.equal(shapeText({ V: 1_000_000, D: 64, n: 65536, sets: 8, law: 'zipf' }), '1,000,000 x 64, 65,536, Zipf, far');
  assert.equal(shapeText({ V: 1000, D: 64, n: 980, law: 'distinct' }), '1,000 x 64, 980 rows');
  assert.equal(shapeText({ V: 10_000, D: 100, n: 1 }), '10,000 x 100');
});

test('times and ratios have three digits', () => {
  assert.deepEqual([33.4, 999, 1000, 45_678, 1e6, 23_456_789, 2e9].map(timeText), ['33.4 ns', '999 ns', '1.00 µs', '45.7 µs', '1.00 ms', '23.5 ms', '2,000 ms']);
  assert.deepEqual([0.123, 1, 9.994, 9.995, 99.94, 99.95, 1234.5].map(ratioText), ['0.12', '1.00', '9.99', '10.0', '99.9', '100', '1,235']);
  assert.equal(megabytesText(51_200_000), '51.2 MB');
});

test('a cell marks a goal that is met, one that is missed, and what cannot be done', () => {
  assert.equal(cell({ ratio: 1.42, goal: 1.3 }), '1.42 ✓1.3');
  assert.equal(cell({ ratio: 1.29, goal: 1.3 }), '1.29 ✗1.3');
  assert.equal(cell({ ratio: 1.42 }), '1.42');
  assert.equal(cell({ cannot: 'no gradients' }), 'cannot');
  assert.equal(cell({}), '');
});

test('columns are as wide as their widest text, long labels in two lines', () => {
  assert.equal(
    columns(['', 'plain C', 'PyTorch, out=', 'ONNX Runtime web'], [['1,000 x 64', '0.89 ✓0.85', '1.3', '7.0'], ['10', '1', '2', '3']]),
    [
      '                        PyTorch,  ONNX Runtime',
      '               plain C      out=           web',
      '1,000 x 64  0.89 ✓0.85       1.3           7.0',
      '10                   1         2             3',
    ].join('\n'),
  );
});

test('labels that need one line get one', () => {
  assert.equal(columns(['', 'time'], [['a', '1 ns']]), '   time\na  1 ns');
});
