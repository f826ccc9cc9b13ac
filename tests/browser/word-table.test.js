import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load } from '../../examples/word-table.js';
import { launch, open } from './launch.js';
import { pageWith, serve } from './serve.js';

const DATA = ['/data/words.txt', '/data/rows.int8', '/data/scales.float32'];
const FILES = ['/examples/word-table.js', '/dist/nn-embedding.min.js', ...DATA];
const PAGE = pageWith(`
import { load } from '/examples/word-table.js';
globalThis.find = async (word) => {
  const { words, embedding } = await load();
  const row = words.indexOf(word);
  const { indices, scores } = embedding.nearest(embedding.forward(row), { exclude: row });
  const sum = embedding.weight.sum().item();
  return { words: Array.from(indices, (row) => words[row]), scores: [...scores], shape: embedding.weight.shape, sum };
};
document.title = 'ready';
`);

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

async function readyPage(server) {
  const page = await open(browser, server.address);
  await page.waitForFunction(() => document.title === 'ready');
  return page;
}

test('the word table loads in a page, and has the rows, the words and the neighbours that it has in Node.js', async () => {
  const server = await serve(PAGE, FILES);
  const page = await readyPage(server);
  const there = await page.evaluate((word) => globalThis.find(word), 'king');
  const { words, embedding } = await load();
  const row = words.indexOf('king');
  const { indices, scores } = embedding.nearest(embedding.forward(row), { exclude: row });
  assert.deepEqual(there, {
    words: Array.from(indices, (i) => words[i]), scores: [...scores], shape: [10000, 100], sum: embedding.weight.sum().item(),
  }); // prettier-ignore
  assert.deepEqual(there.words.slice(0, 2), ['prince', 'queen']);
  assert.deepEqual(page.complaints, []);
  server.close();
});

test('a word table that is not there is an error with its address', async () => {
  const server = await serve(PAGE, FILES.filter((file) => !file.endsWith('.int8')));
  const page = await readyPage(server);
  await assert.rejects(page.evaluate(() => globalThis.find('king')), /data\/rows\.int8: 404 Not Found/);
  server.close();
});
