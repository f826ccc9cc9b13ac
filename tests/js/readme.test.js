import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { withTable } from '../../tools/readme.js';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

test('the table is the one that tools/readme.js writes from the golden file', () => {
  assert.equal(readme, withTable(readme), 'run: node tools/readme.js');
});

test('the first program prints what the README says', () => {
  const [, program, output] = /```js\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme);
  assert.ok(program.trimEnd().split('\n').length <= 9);
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: root, encoding: 'utf8' }), output);
});

test('the bundle is as small as the README says', () => {
  const [, claimed] = /\*\*(\d+) kB gzipped\*\*/.exec(readme);
  const size = gzipSync(readFileSync(new URL('dist/nn-embedding.min.js', root)), { level: 9 }).length;
  assert.ok(size <= claimed * 1000, `${size} bytes gzipped`);
});

test('every file that the README names exists', () => {
  for (const [, file] of readme.matchAll(/`((?:src|js|web|examples|tests|tools)\/[\w./-]*)`/g)) {
    assert.ok(existsSync(new URL(file, root)), file);
  }
});

test('every program of examples/runtimes stands in the README as it is', () => {
  const blocks = [...readme.matchAll(/^```(?:js|ts|html)\n(.*?)^```$/gms)].map(([, block]) => block);
  for (const file of readdirSync(new URL('examples/runtimes', root))) {
    assert.ok(blocks.includes(readFileSync(new URL(`examples/runtimes/${file}`, root), 'utf8')), file);
  }
});
