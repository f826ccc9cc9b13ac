import { test } from 'node:test';
import assert from 'node:assert/strict';
import { TELL } from './tell.js';

const shape = (V) => ({ V, D: 64, n: 4096 });

test('ratios come first, ours in a time of its own last', () => {
  const rows = [{ kernel: 'lookup', shape: shape(1000), results: { ours: { median: 2000 }, c: { median: 4000, ratio: 2, goal: 1.5, met: true }, tfjs: { cannot: 'why' } } }];
  const { text, svg } = TELL.ratios({ title: 'Lookup', labels: { ours: 'ours', c: 'plain C', tfjs: 'tfjs' }, rows }, 'a machine');
  assert.equal(text, ['                     plain C    tfjs     ours', '1,000 x 64, 4,096  2.00 ✓1.5  cannot  2.00 µs'].join('\n'));
  assert.match(svg, />2\.00</);
});

test('rows of several kernels say which', () => {
  const rows = ['sgd', 'adagrad'].map((kernel) => ({ kernel, shape: shape(1000), results: { ours: { median: 1 } } }));
  assert.match(TELL.ratios({ title: '', labels: { ours: 'ours' }, rows }, '').text, /^sgd: 1,000 x 64, 4,096 .*\nadagrad: 1,000/m);
});

test('growth is told as multiples of the first row', () => {
  const rows = [1000, 10_000].map((V, i) => ({ kernel: 'lookup', shape: shape(V), results: { ours: { median: 1000 * (i + 1) } } }));
  assert.equal(TELL.growth({ title: '', labels: { ours: 'ours' }, rows }, '').text, ['rows       ours', '1,000   1.00 µs  x1.00', '10,000  2.00 µs  x2.00'].join('\n'));
});

test('memory is told as what the process grew by, in tables', () => {
  const rows = [{ kernel: 'lookup', shape: { V: 100_000, D: 128, n: 1 }, results: { ours: { start: 40e6, peak: 91.2e6, wasm: 52e6 } } }];
  const { text } = TELL.memory({ title: '', labels: { ours: 'ours' }, rows }, '');
  assert.match(text, /\nours +1\.00 +51\.2 MB +40\.0 MB +91\.2 MB +52\.0 MB$/);
});

test('one call is told as a time for each contender', () => {
  const rows = [{ kernel: 'lookup', shape: shape(10), results: { ours: { median: 30 }, torch: { median: 3000, ratio: 100 }, tfjs: { cannot: 'why' } } }];
  assert.equal(TELL.times({ title: '', labels: { ours: 'ours', torch: 'PyTorch', tfjs: 'tfjs' }, rows }, '').text, ['         ratio     time', 'ours            30.0 ns', 'PyTorch    100  3.00 µs'].join('\n'));
});

test('growth and memory leave out who failed', () => {
  const labels = { ours: 'ours', torch: 'PyTorch' };
  const torch = { cannot: 'it failed' };
  const rows = [1000, 10_000].map((V) => ({ kernel: 'lookup', shape: shape(V), results: { ours: { median: 1000, start: 1e6, peak: 2e6, wasm: 1e6 }, torch } }));
  for (const way of ['growth', 'memory']) {
    const { text, svg } = TELL[way]({ title: '', labels, rows }, '');
    assert.doesNotMatch(text + svg, /PyTorch|NaN|undefined/);
  }
});
