import { test } from 'node:test';
import assert from 'node:assert/strict';
import { growthChart, ratioChart, spread, valueChart } from './chart.js';

const texts = (svg) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, content]) => content);
const bars = (svg) => [...svg.matchAll(/<rect class="(\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(([, side, x, width]) => ({ side, x: Number(x), width: Number(width) }));
const lines = (svg) => [...svg.matchAll(/<line class="one" x1="([\d.]+)"/g)].map(([, x]) => Number(x));

test('a bar of a ratio goes right from the line where ours is faster, left where it is slower, by the logarithm', () => {
  const svg = ratioChart('Lookup', ['plain C', 'PyTorch'], [{ label: '1,000 x 64', cells: [{ ratio: 2 }, { ratio: 0.5 }] }], 'a machine');
  const [faster, slower] = bars(svg);
  const [first, second] = lines(svg);
  assert.deepEqual([faster.side, slower.side], ['faster', 'slower']);
  assert.equal(faster.x, first);
  assert.ok(Math.abs(slower.x + slower.width - second) < 0.2);
  assert.ok(Math.abs(faster.width - slower.width) < 0.2);
});

test('numbers, labels, machine and what cannot be done are texts', () => {
  const svg = ratioChart('Lookup', ['ONNX Runtime web', 'tfjs'], [{ label: 'a < b & c', cells: [{ ratio: 340 }, { cannot: 'why' }] }], 'a machine');
  for (const text of ['Lookup', 'ONNX Runtime', 'web', 'a &lt; b &amp; c', '340', 'cannot', 'a machine']) assert.ok(texts(svg).includes(text), text);
});

test('a bar beyond the scale is cut off and ends in a point', () => {
  const cells = [{ ratio: 340 }, { ratio: 16 }, { ratio: 0.01 }];
  const svg = ratioChart('Lookup', ['a', 'b', 'c'], [{ label: 'x', cells }], '');
  assert.equal(bars(svg).length, 1);
  assert.equal([...svg.matchAll(/<path class="(faster|slower)"/g)].length, 2);
});

test('charts have colours for light and for dark, and no script', () => {
  for (const svg of [
    ratioChart('t', ['a'], [{ label: 'x', cells: [{ ratio: 1 }] }], ''),
    growthChart('t', [1e3, 1e4], [{ label: 'a', values: [1, 1] }], ''),
    valueChart('t', [{ label: 'a', value: 1, text: '1' }], { machine: '', caption: '' }),
  ]) {
    assert.match(svg, /@media \(prefers-color-scheme: dark\)/);
    assert.doesNotMatch(svg, /<script|NaN|undefined/);
  }
});

test('however many lines there are, each has a colour', () => {
  const svg = growthChart('t', [1e3, 1e4], Array.from({ length: 20 }, (_, n) => ({ label: String(n), values: [1, n + 1] })), '');
  assert.equal([...svg.matchAll(/<path class="series" stroke="#[0-9a-f]{6}"/g)].length, 20);
});

test('a line that does not grow is level, and labels at line ends do not cover each other', () => {
  const svg = growthChart('t', [1e3, 1e4, 1e5], [{ label: 'flat', values: [1, 1, 1] }, { label: 'also flat', values: [1, 1, 1] }, { label: 'grows', values: [1, 10, 100] }], '');
  const [flat] = [...svg.matchAll(/<path class="series" [^>]*d="M([^"]*)"/g)].map(([, path]) => path.split('L').map((point) => point.split(' ')[1]));
  assert.equal(new Set(flat).size, 1);
  const labels = [...svg.matchAll(/y="([\d.]+)">(?:flat|also flat|grows)</g)].map(([, y]) => Number(y)).sort((a, b) => a - b);
  assert.ok(labels[1] - labels[0] >= 16 && labels[2] - labels[1] >= 16, String(labels));
});

test('labels that are far enough apart stay where they are', () => {
  assert.deepEqual(spread([0, 20, 40], 16), [0, 20, 40]);
  assert.deepEqual(spread([30, 35, 40], 16), [8, 24, 40]);
});

test('a bar of a value is as long as its part of the greatest, and a line stands at its value', () => {
  const svg = valueChart('Memory', [{ label: 'a', isOurs: true, value: 50, text: '50 MB' }, { label: 'b', isOurs: false, value: 100, text: '100 MB' }], { machine: '', caption: '', line: { value: 50, label: 'table' } });
  const [half, whole] = bars(svg);
  assert.deepEqual([half.side, whole.side], ['faster', 'slower']);
  assert.equal(2 * half.width, whole.width);
  assert.ok(Math.abs(lines(svg)[0] - (half.x + half.width)) < 0.2);
});
