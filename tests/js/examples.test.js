import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

const root = new URL('../../', import.meta.url);
const run = (...args) => execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const golden = (name) => JSON.parse(readFileSync(new URL(`tests/golden/${name}.json`, root), 'utf8'));

/** Examples that take long, with arguments that make them short. */
const SHORT = { 'word2vec.js': ['20'] };

test('every example runs to its end', () => {
  for (const file of readdirSync(new URL('examples', root))) run(`examples/${file}`, ...(SHORT[file] ?? []));
});

test('no example has 80 lines', () => {
  for (const file of readdirSync(new URL('examples', root))) {
    assert.ok(readFileSync(new URL(`examples/${file}`, root), 'utf8').split('\n').length <= 80, file);
  }
});

test("the tour prints the examples of PyTorch's documentation as Python prints them", () => {
  const { examples } = golden('documentation');
  const tour = run('examples/tour.js');
  for (const { title, text } of examples.filter(({ title }) => !title.includes('pretrained'))) {
    for (const tensor of text.trimEnd().split(/\n(?=Parameter|tensor)/)) assert.ok(tour.includes(tensor), `${title}\n${tensor}`);
  }
});

test('the tour has no colours in a pipe', () => {
  assert.ok(!run('examples/tour.js').includes('\x1b'));
});

test('the example about max_norm prints what PyTorch prints, and without the clone its error', () => {
  const output = run('examples/documentation.js');
  const { prints, errors } = golden('documentation_max_norm');
  for (const { python, text } of [...prints, ...errors]) assert.ok(output.includes(`${text}\n`), `${python}\n${text}\n\n${output}`);
});

test('word2vec learns in 300 steps, and has no colours in a pipe', () => {
  const output = run('examples/word2vec.js', '300');
  const losses = [...output.matchAll(/^step \d+ of 300, loss ([\d.]+)$/gm)].map(([, loss]) => Number(loss));
  assert.equal(losses.length, 10);
  // Six scores of 0 in a pair are 6 ln 2 = 4.16, which is where small random vectors begin.
  assert.ok(losses[0] > 4 && losses[0] < 4.2, `the first loss is ${losses[0]}`);
  assert.ok(losses[9] < 3, `the last loss is ${losses[9]}`);
  assert.ok(losses.every((loss, i) => i === 0 || loss < losses[i - 1]), `the losses do not fall: ${losses}`);
  assert.match(output, /^army: (\w+, ){5}\w+$/m);
  assert.ok(!output.includes('\x1b') && !output.includes('\r'));
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
