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
  for (const file of readdirSync(new URL('examples', root)).filter((name) => name.endsWith('.js'))) run(`examples/${file}`, ...(SHORT[file] ?? []));
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

test('what the demo prints has 80 columns, and no colours in a pipe', () => {
  const long = ['unknownword', 'counterrevolutionary', 'x'.repeat(100)];
  const calls = [['tour'], ['words'], ['search'], ['words', ...long], ['search', 'x'.repeat(100)], ['words', ...'government '.repeat(20).split(' ')], ['words', ...'government + '.repeat(20).split(' ')]];
  for (const [example, ...args] of calls) {
    const output = run(`examples/${example}.js`, ...args);
    assert.ok(!output.includes('\x1b'), example);
    for (const line of output.split('\n')) assert.ok([...line].length <= 80, line);
  }
});

/** What an example prints where it takes standard output for a terminal. */
function runInTerminal(example, environment) {
  const script = `process.stdout.isTTY = true; await import('./examples/${example}.js')`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8', env: { ...process.env, ...environment } });
}

test('in a terminal there are colours, and with NO_COLOR the text of a pipe', () => {
  for (const example of ['tour', 'words']) {
    assert.ok(runInTerminal(example, { NO_COLOR: '' }).includes('\x1b['), example);
    assert.equal(runInTerminal(example, { NO_COLOR: '1' }), run(`examples/${example}.js`), example);
  }
  assert.match(runInTerminal('words', { NO_COLOR: '' }), /(\x1b\[48;5;\d+m \x1b\[0m){50}\n/);
});

test('the words of the demo are those of the transcript', () => {
  assert.equal(run('examples/words.js'), readFileSync(new URL('tests/js/words.transcript.txt', root), 'utf8'));
});

test('words of your choice come from the arguments or from WORDS, and letter case and commas do not matter', () => {
  const output = run('examples/words.js', 'Paris,', 'FRANCE');
  for (const text of ['"paris" is row 966', '"france" is row 372', '"paris france": a sentence', 'bag.forward([[966, 372]])', '0.75  france']) {
    assert.ok(output.includes(text), text);
  }
  const script = ['--input-type=module', '-e', "await import('./examples/words.js')"];
  assert.equal(execFileSync(process.execPath, script, { cwd: root, encoding: 'utf8', env: { ...process.env, WORDS: 'paris france' } }), output);
  assert.match(run('examples/words.js', 'paris - france + italy'), /exclude: \[966, 372, 871\] \}\)\n  0\.81  rome/);
  assert.equal(run('examples/words.js', 'paris-france+italy'), run('examples/words.js', 'paris - france + italy'));
  assert.match(run('examples/words.js', '- - king'), /^- king: rows can be added/m);
  assert.equal(run('examples/words.js', '"paris"', '(paris)').match(/"paris" is row/g)?.length, 1, 'a word is shown once');
  for (const nothing of ['+', '- -', '...']) assert.match(run('examples/words.js', nothing), /^Words are asked for, such as: paris france/);
});

test('an unknown word gets the known words that are spelled most nearly so', () => {
  const said = (...args) => [...run('examples/words.js', ...args).matchAll(/"(.*)" is not among the 10,000 words\.\nSpelled nearly so: (.*)/g)].map(([, word, known]) => [word, known]);
  assert.deepEqual(said('qeen'), [['qeen', 'been, seen, queen, teen, keen']]);
  assert.deepEqual(said('paris', '-', 'frnace', '+', 'italy'), [['frnace', 'france, race, face, finance, frame']]);
  assert.deepEqual(said('a', 'cat', 'a'), [['a', 'as, at, an, al, ca']], 'said once, and letters rather than marks');
  assert.ok(run('examples/words.js', 'frnace', 'italy').includes('"italy" is row 871'), 'the known ones are shown all the same');
});

test('search gives the passages that are most like the one of that title or number, and says when there is none', () => {
  const output = run('examples/search.js');
  assert.match(output, /^Passage 311: Mass Edit\n/);
  assert.deepEqual([...output.matchAll(/^(0\.\d\d)  (\d+): /gm)].map(([, score, row]) => `${score} ${row}`), ['0.75 291', '0.74 540', '0.73 539', '0.72 403', '0.71 727']);
  assert.equal(run('examples/search.js', '311'), output);
  assert.equal(run('examples/search.js', 'no such title'), 'No passage "no such title": give a number from 0 to 777, or words of a title.\n');
  assert.match(run('examples/search.js', '778'), /^No passage "778"/);
});

test('search is a program of 40 lines', () => {
  assert.ok(readFileSync(new URL('examples/search.js', root), 'utf8').split('\n').length <= 41);
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
