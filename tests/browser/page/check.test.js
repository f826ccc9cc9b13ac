import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { en } from '../../../web/strings/en.js';
import { zh } from '../../../web/strings/zh.js';
import { DARK, PHONE, assertAccessible, assertFits, hears, lab, settled, tabStops, visit } from './visit.js';

const { claims } = JSON.parse(await readFile(new URL('../../golden/page_check.json', import.meta.url), 'utf8'));
const IDS = ['hero', 'weight', 'lookup', 'one-hot', 'gradient', 'padding-idx', 'max-norm', 'sparse', 'optimizers', 'words'];

const check = (state, options, body) => visit(`#v=2&s=check${state ? `&${state}` : ''}`, options, async (page) => {
  await page.locator('.claim').first().waitFor();
  await settled(page);
  await body(page);
});

const card = (page, id) => page.locator(`.claim[data-card="${id}"]`);
const say = async (page, id, word) => {
  await card(page, id).locator('button', { hasText: new RegExp(`^${word}$`) }).click();
  await settled(page);
};

test('ten sentences, one for each section, and each holds or not as PyTorch has it', async () => {
  await check('', {}, async (page) => {
    const { cards } = await lab(page, 'check');
    assert.deepEqual(cards.map(({ id, holds }) => ({ id, holds })), claims);
    assert.deepEqual(cards.map(({ id }) => id), IDS);
    assert.equal(await page.locator('.claim').count(), 10);
    assert.equal(await page.locator('.claim .why').count(), 0, 'nothing is given away');
  });
});

test('both languages have the same cards and experiments', () => {
  const shape = (words) => JSON.stringify([words.cards, words.sheet.experiments], (_, value) => (typeof value === 'string' ? '' : value));
  assert.equal(shape(zh.sections.check), shape(en.sections.check));
});

test('an answer is judged at once, with the reason and a link', async () => {
  await check('', {}, async (page) => {
    await say(page, 'padding-idx', 'True');
    assert.match(await card(page, 'padding-idx').locator('[role="status"]').textContent(), /Not so\.\s+It is not true\..*starts at zero and gets no gradient/s);
    await say(page, 'max-norm', 'True');
    assert.match(await card(page, 'max-norm').locator('[role="status"]').textContent(), /Right\..*shortened in the table itself/s);
    assert.equal(await page.locator('#check-score').textContent(), '2 of 10 answered, 1 right.');
    await hears(page, /^2 of 10 answered, 1 right\.$/);
    assert.match(await page.evaluate(() => globalThis.__lab.address()), /check\.answers=-----tt---/);
    await page.locator('#check-again').click();
    await settled(page);
    assert.equal(await page.locator('.claim .why').count(), 0);
  });
});

test('by keyboard: Tab to a sentence, Enter, Tab to its link', async () => {
  await check('', {}, async (page) => {
    await card(page, 'hero').locator('button').first().focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await settled(page);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.section), 'hero');
  });
});

test('Tab goes from sentence to sentence, then to the experiments', async () => {
  await check('', {}, async (page) => assert.deepEqual(await tabStops(page, 'check'), [
    ...Array.from({ length: 10 }, () => ['True', 'Not true']).flat(),
    ...['Repeats add up', 'What does padding_idx promise?', 'The shape of a norm', 'Who moved?', 'A map that looks good'].map((title) => `Open the experiment: ${title}`), 'Take it along',
  ]));
});

test('every link names a section and keys of that section alone', async () => {
  await check('', {}, async (page) => {
    const { links } = await lab(page, 'check');
    assert.equal(links.length, 15);
    for (const link of links) {
      const [version, section, ...state] = link.slice(1).split('&');
      assert.equal(version, 'v=2');
      const id = section.replace(/^s=/, '');
      assert.ok(IDS.includes(id), id);
      for (const pair of state) assert.ok(pair.startsWith(`${id}.`), pair);
    }
  });
});

test('a link brings the figure into the state that settles it, and leaves language and theme', async () => {
  await check('theme=dark&check.answers=---------t', {}, async (page) => {
    await card(page, 'words').locator('a').click();
    await page.waitForFunction(() => globalThis.__lab.section('words').ready);
    await settled(page);
    assert.equal(await page.locator('#words-exclude').isChecked(), false);
    assert.equal(await page.locator('#words-answer').textContent(), 'king');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'words-heading');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    assert.match(await page.evaluate(() => globalThis.__lab.address()), /s=words.*theme=dark.*words\.exclude=0.*check\.answers=---------t/);
  });
});

test('an experiment opens in its own state', async () => {
  await check('', {}, async (page) => {
    assert.equal(await page.locator('[data-experiment]').count(), 5);
    await page.locator('[data-experiment="max-norm"] a').click();
    await settled(page);
    assert.equal(await page.locator('#max-norm-field').inputValue(), '1');
    await page.locator('#look-up').click();
    await settled(page);
    assert.deepEqual((await lab(page, 'max-norm')).rows[3].map((value) => Math.fround(value).toPrecision(4)), ['0.4286', '0.5714']);
  });
});

test('the vote on who moved starts with no step, and two steps settle it as the sheet says', async () => {
  await check('', {}, async (page) => {
    await page.locator('[data-experiment="optimizers"] a').click();
    await settled(page);
    assert.equal((await lab(page, 'optimizers')).steps, 0);
    for (let step = 0; step < 2; step++) await page.locator('#optimizers-step').click();
    await settled(page);
    assert.deepEqual((await lab(page, 'optimizers')).moved, { sgd: [[1], [2]], momentum: [[1], [1, 2]], adagrad: [[1], [2]], 'sparse-adam': [[1], [2]], adam: [[1], [1, 2]] });
  });
});

test('answers come back from the address, and junk does not', async () => {
  await check('check.answers=ffft-t-f--', {}, async (page) => {
    assert.deepEqual([(await lab(page, 'check')).answered, (await lab(page, 'check')).right], [6, 5]);
  });
  for (const junk of ['tt', 'xyzxyzxyzx', '']) {
    await check(`check.answers=${junk}`, {}, async (page) => assert.equal((await lab(page, 'check')).answered, 0));
  }
});

for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
  test(`axe finds nothing, and the page fits: ${name}`, async () => {
    for (const state of ['', 'check.answers=tftftftftf']) {
      await check(state, options, async (page) => {
        await assertAccessible(page, '#check');
        if (options === PHONE) await assertFits(page);
      });
    }
  });
}
