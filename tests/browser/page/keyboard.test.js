/** The keyboard alone: where Tab stops, that the stop is seen, and that nothing holds the focus. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../../web/strings/en.js';
import { lastStops, settled, show, tabStops } from './visit.js';

for (const id of Object.keys(en.sections)) {
  test(`${id}: Tab passes through, every stop is seen, and a grid is one stop`, async () => {
    await show(`#v=2&s=${id}`, async (page) => {
      if (id === 'words') await page.waitForFunction(() => globalThis.__lab.section('words').map?.loss);
      await page.evaluate(() => { for (const details of document.querySelectorAll('main details')) details.open = true; });
      assert.ok((await tabStops(page, id)).length > 5);
    });
  });
}

const STOPS = {
  optimizers: [
    'optimizers-predict', 'optimizers-step', 'optimizers-play', 'optimizers-reset', 'optimizers-steps', 'optimizers-steps-field',
    'a corpus of 12 words', 'row 1 once, then only row 2', 'SGD', 'SGD, momentum 0.9', 'Adagrad', 'SparseAdam', 'Adam', 'AdamW', 'optimizers-lr', 'optimizers-lr-field',
    'More: dimensions, gradients, seed', 'SGD', 'SGD, momentum 0.9', 'SparseAdam', 'Adam', 'The table of Adam after 30 steps, in num', ...lastStops('optimizers'),
  ],
  words: [
    'words-predict', 'words-search', ...['king', 'queen', 'man', 'woman', 'paris', 'france', 'apple', 'java'].flatMap((word, n) => [word, `words-remove-${n}`]),
    'words-strokes', 'words-column', 'words-column-field', 'words-sorted', 'prince', 'queen', 'son', 'brother', 'monarch', 'throne', 'kingdom', 'father', 'emperor', 'ii', 'words-compare',
    'cosine', 'dot product', 'distance', 'words-k', 'words-k-field', 'words-bias', 'words-b', 'words-a', 'words-c', 'king', 'queen', 'monarch', 'throne', 'daughter', 'prince',
    'words-exclude', 'words-preset', 'words-measure', 'all 10,000 rows', 'only the 8 rows above', 'words.txt', 'rows.int8', 'scales.float32', ...lastStops('words'),
  ],
  check: [
    'True', 'Not true', ...Array.from({ length: 9 }, () => ['True', 'Not true']).flat(),
    ...['Repeats add up', 'What does padding_idx promise?', 'The shape of a norm', 'Who moved?', 'A map that looks good'].map((title) => `Open the experiment: ${title}`.slice(0, 40)), 'Take it along',
  ],
};
for (const [id, expected] of Object.entries(STOPS)) {
  test(`${id}: Tab goes through the controls in the order in which they are read`, async () => {
    await show(`#v=2&s=${id}`, async (page) => {
      if (id === 'words') await page.waitForFunction(() => globalThis.__lab.section('words').map?.loss);
      await page.evaluate(() => { for (const details of document.querySelectorAll('main details')) details.open = false; });
      assert.deepEqual((await tabStops(page, id)).map((name) => name.slice(0, 40)), expected);
    });
  });
}

test('every key of a grid moves, and Tab leaves it', async () => {
  await show('#v=2&s=optimizers&optimizers.dim=16', async (page) => {
    await page.locator('.in-numbers').evaluate((details) => { details.open = true; });
    const at = () => page.evaluate(() => document.activeElement.id.replace('optimizers-grid-', ''));
    await page.locator('#optimizers-grid td[tabindex="0"]').focus();
    const way = [
      ['Control+Home', '0-0'], ['ArrowRight', '0-1'], ['ArrowDown', '1-1'], ['ArrowLeft', '1-0'], ['ArrowUp', '0-0'], ['End', '0-15'], ['Home', '0-0'],
      ['Control+End', '12-15'], ['ArrowDown', '12-15'], ['ArrowRight', '12-15'], ['Control+Home', '0-0'], ['ArrowUp', '0-0'], ['PageDown', '10-0'], ['PageDown', '12-0'], ['Control+Home', '0-0'], ['PageDown', '10-0'], ['PageUp', '0-0'],
    ];
    for (const [key, place] of way) {
      await page.keyboard.press(key);
      await settled(page);
      assert.equal(await at(), place, key);
    }
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('[role="grid"]')), null);
  });
});
