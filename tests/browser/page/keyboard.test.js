/** The keyboard alone: where Tab stops, that the stop is seen, and that nothing holds the focus. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../../web/strings/en.js';
import { settled, show } from './visit.js';

const MOST_STOPS = 200;

/** Tabs through a section from its heading to its end. @returns {Promise<{ name: string, outline: number, grid: string | null }[]>} */
async function tabStops(page, id) {
  await page.evaluate((id) => {
    document.getElementById(`${id}-heading`).focus();
    globalThis.seen = new Set();
  }, id);
  const stops = [];
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      // From the last stop Tab leaves the page, or begins again.
      if (element === document.body || globalThis.seen.has(element)) return null;
      globalThis.seen.add(element);
      const active = document.getElementById(element.getAttribute('aria-activedescendant'));
      const rings = [element, active, element.nextElementSibling, ...element.querySelectorAll('.focus-ring')].filter((ring) => ring instanceof Element).map((ring) => getComputedStyle(ring));
      const widths = rings.map(({ outlineStyle, outlineWidth, visibility, stroke, strokeWidth, fill }) =>
        (outlineStyle !== 'none' ? parseFloat(outlineWidth) : visibility === 'visible' && fill === 'none' && stroke !== 'none' ? parseFloat(strokeWidth) : 0));
      const said = element.getAttribute('aria-label') ?? (element.matches('[type="radio"]') ? element.name : element.textContent);
      return { name: element.id || said.trim().replace(/\s+/g, ' ').slice(0, 40), outline: Math.max(...widths), grid: element.closest('[role="grid"]')?.id ?? null };
    });
    if (stop === null) return stops;
    stops.push(stop);
  }
  assert.fail(`more than ${MOST_STOPS} stops: ${stops.slice(-5).map(({ name }) => name)}`);
}

for (const id of Object.keys(en.sections)) {
  test(`${id}: Tab passes through, every stop is seen, and a grid is one stop`, async () => {
    await show(`#v=2&s=${id}`, async (page) => {
      if (id === 'words') await page.waitForFunction(() => globalThis.__lab.section('words').map?.loss);
      await page.evaluate(() => { for (const details of document.querySelectorAll('main details')) details.open = true; });
      const stops = await tabStops(page, id);
      assert.ok(stops.length > 5, id);
      assert.deepEqual(stops.filter(({ outline }) => outline < 2), []);
      const grids = stops.map(({ grid }) => grid).filter((grid) => grid !== null);
      assert.deepEqual(grids, [...new Set(grids)]);
    });
  });
}

const CODE = (id) => ['Copy the PyTorch program', `${id}-pytorch`, 'Copy the JavaScript program', `${id}-javascript`, `${id}-printed`];
const NOTES = ['Notice', 'Common mistakes', 'For teachers', 'For engineers', 'Take it along'];
const STOPS = {
  optimizers: [
    'optimizers-predict', 'optimizers-step', 'optimizers-play', 'optimizers-reset', 'optimizers-steps', 'optimizers-steps-field',
    'a corpus of 12 words', 'row 1 once, then only row 2', 'SGD', 'SGD, momentum 0.9', 'Adagrad', 'SparseAdam', 'Adam', 'AdamW', 'optimizers-lr', 'optimizers-lr-field',
    'More: dimensions, gradients, seed', 'SGD', 'SGD, momentum 0.9', 'SparseAdam', 'Adam', 'The table of Adam after 30 steps, in num', ...CODE('optimizers'), ...NOTES,
  ],
  words: [
    'words-predict', 'words-search', ...['king', 'queen', 'man', 'woman', 'paris', 'france', 'apple', 'java'].flatMap((word, n) => [word, `words-remove-${n}`]),
    'words-strokes', 'words-column', 'words-column-field', 'words-sorted', 'prince', 'queen', 'son', 'brother', 'monarch', 'throne', 'kingdom', 'father', 'emperor', 'ii', 'words-compare',
    'cosine', 'dot product', 'distance', 'words-k', 'words-k-field', 'words-bias', 'words-b', 'words-a', 'words-c', 'king', 'queen', 'monarch', 'throne', 'daughter', 'prince',
    'words-exclude', 'words-preset', 'words-measure', 'all 10,000 rows', 'only the 8 rows above', 'words.txt', 'rows.int8', 'scales.float32', ...CODE('words'), ...NOTES,
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
      assert.deepEqual((await tabStops(page, id)).map(({ name }) => name), expected);
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
