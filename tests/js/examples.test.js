import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

const root = new URL('../../', import.meta.url);
const run = (...args) => execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test('every example runs to its end', () => {
  for (const file of readdirSync(new URL('examples', root))) run(`examples/${file}`);
});

test("the tour prints the examples of PyTorch's documentation as Python prints them", () => {
  const { examples } = JSON.parse(readFileSync(new URL('tests/golden/documentation.json', root), 'utf8'));
  const tour = run('examples/tour.js');
  for (const { title, text } of examples.filter(({ title }) => !title.includes('pretrained'))) {
    for (const tensor of text.trimEnd().split(/\n(?=Parameter|tensor)/)) assert.ok(tour.includes(tensor), `${title}\n${tensor}`);
  }
});

test('the tour has no colours in a pipe', () => {
  assert.ok(!run('examples/tour.js').includes('\x1b'));
});

test('a table written by numpy is read and looked up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nn-embedding-'));
  try {
    const file = join(folder, 'weight.f32');
    writeFileSync(file, Float32Array.of(1, 2, 3, 4, 5, 6));
    assert.equal(
      run('examples/pretrained.js', file, '2', '2', '0'),
      'Embedding(3, 2)\ntensor([[5., 6.],\n        [1., 2.]])\n',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
