import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, assertGridKeys, hears, lab, lastStops, messages, printed, settled, show, tabStops, visit } from './visit.js';

const HERO = '#v=2&s=hero';

const status = (page) => page.locator('#hero-status').textContent();
const cells = (page, grid) => page.locator(`#${grid} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('.heat')].map((cell) => cell.textContent.trim())));
const marked = (page) => page.locator('#hero-table tbody tr').evaluateAll((rows) => rows.flatMap((row, n) => (row.classList.contains('used') ? [n] : [])));

async function type(page, text) {
  await page.locator('#hero-text').fill(text);
  await page.locator('#hero-text').press('Enter');
  await settled(page);
}

test('the first state already makes the point: three words are three numbers, and their three rows are copied', async () => {
  await visit(HERO, {}, async (page) => {
    assert.deepEqual(await page.locator('.token').allTextContents(), ['the→1', 'cat→2', 'sat→4']);
    assert.deepEqual(await marked(page), [1, 2, 4]);
    const table = await cells(page, 'hero-table');
    assert.equal(table.length, 6);
    assert.deepEqual(await cells(page, 'hero-output'), [table[1], table[2], table[4]]);
    assert.equal(await status(page), '3 words in, 3 rows out: row 1, row 2, row 4.');
    assert.match(await page.locator('.hero-picture .caption').textContent(), /^“the” goes in as 1, so row 1 comes out/);
  });
});

test('the columns of the output stand under the columns of the table', async () => {
  for (const options of [{}, PHONE]) {
    await visit(HERO, options, async (page) => {
      const lefts = (grid) => page.locator(`#${grid} tbody tr:first-child .heat`).evaluateAll((all) => all.map((cell) => Math.round(cell.getBoundingClientRect().left)));
      assert.deepEqual(await lefts('hero-output'), await lefts('hero-table'));
    });
  }
});

test('“cat cat cat” gives three identical rows, reads three, and says so', async () => {
  await visit(HERO, {}, async (page) => {
    await type(page, 'cat cat cat');
    const { output, weight, rowsRead } = await lab(page, 'hero');
    assert.equal(rowsRead, 3);
    assert.deepEqual(output, [weight[2], weight[2], weight[2]]);
    const [first, ...others] = await cells(page, 'hero-output');
    for (const other of others) assert.deepEqual(other, first);
    assert.deepEqual(await marked(page), [2]);
    assert.equal(await page.locator('#hero-table .used .times').textContent(), '×3');
    await hears(page, /row 2, three times/);
  });
});

test('a word without a number is named in a message, and nothing is copied', async () => {
  await visit(HERO, {}, async (page) => {
    await page.getByRole('button', { name: 'zebra?' }).click();
    await settled(page);
    assert.match(await page.locator('#hero-error').textContent(), /“zebra”: this word has no number/);
    assert.equal(await page.locator('#hero-text').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.locator('#hero-text').getAttribute('aria-describedby'), 'hero-error');
    assert.deepEqual(await marked(page), []);
    assert.equal((await lab(page, 'hero')).output, null);
    assert.match(await printed(page, 'hero'), /KeyError: 'zebra'\nJavaScript {2}TypeError: /);
    await hears(page, /“zebra” is not in the vocabulary/);
    await type(page, 'the cat sat');
    assert.equal(await page.locator('#hero-error').isVisible(), false);
    assert.deepEqual(await marked(page), [1, 2, 4]);
  });
});

test('shuffling the ids moves every word to another row, and changes nothing else', async () => {
  await visit(HERO, {}, async (page) => {
    const before = await lab(page, 'hero');
    await page.locator('#hero-shuffle').click();
    await settled(page);
    const after = await lab(page, 'hero');
    for (const word of before.order) {
      const [was, is] = [before.order.indexOf(word), after.order.indexOf(word)];
      assert.notEqual(is, was, word);
      assert.deepEqual(after.weight[is], before.weight[was], word);
    }
    assert.notDeepEqual(after.indices, before.indices);
    assert.deepEqual(after.output, before.output);
    await hears(page, /^The ids are new, the rows of the words are the same\./);
    assert.match(await page.evaluate(() => globalThis.__lab.address()), /hero\.order=[0-5](,[0-5]){5}/);
    await page.locator('#hero-unshuffle').click();
    await settled(page);
    assert.deepEqual(await lab(page, 'hero'), before);
  });
});

test('what is typed is looked up while it is typed', async () => {
  await visit(HERO, {}, async (page) => {
    await page.locator('#hero-text').focus();
    await page.keyboard.press('End');
    await page.keyboard.type(' dog');
    await settled(page);
    assert.deepEqual((await lab(page, 'hero')).indices, [1, 2, 4, 3]);
    await page.keyboard.type('s');
    await settled(page);
    assert.match(await status(page), /^Nothing comes out: “dogs” is not in the vocabulary/);
    await page.locator('#hero-text').fill('');
    await settled(page);
    assert.equal(await status(page), 'No words in, no rows out.');
    assert.equal(await printed(page, 'hero'), 'tensor([], size=(0, 4), grad_fn=<EmbeddingBackward0>)');
  });
});

test('the caption speaks of a word that is there', async () => {
  const caption = (page) => page.locator('.hero-picture .caption').textContent();
  await show(`${HERO}&hero.text=dog%20ran`, async (page) => assert.match(await caption(page), /^“dog” goes in as 3, so row 3/));
  await show(`${HERO}&hero.text=dog&hero.order=3,0,1,2,5,4`, async (page) => assert.match(await caption(page), /^“dog” goes in as 0 now/));
  await show(`${HERO}&hero.text=`, async (page) => assert.match(await caption(page), /^Without a word/));
});

test('more words than the figure has room for are left out, and it says so', async () => {
  await visit(HERO, {}, async (page) => {
    await type(page, 'a a a a a a a a a a a a cat the');
    assert.equal((await lab(page, 'hero')).rowsRead, 12);
    assert.match(await status(page), /2 more are left out\.$/);
  });
});

test('another seed is another table for the same words', async () => {
  await visit(`${HERO}&hero.seed=1`, {}, async (page) => {
    assert.deepEqual((await cells(page, 'hero-table'))[2], ['0.4391', '1.1712', '1.7674', '-0.0954']);
    await page.locator('.hero-figure .more summary').click();
    await page.locator('#hero-reseed').click();
    await settled(page);
    assert.equal(await page.locator('#hero-seed').inputValue(), '2');
    assert.deepEqual((await cells(page, 'hero-table'))[2], ['-0.8110', '0.6737', '-1.1233', '-0.0919']);
  });
});

test('the figure can be worked by keyboard alone: type, shuffle, read a row of the table and of the output', async () => {
  await visit(HERO, {}, async (page) => {
    await page.locator('#hero-text').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('dog');
    for (let n = 0; n < 3; n++) await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'zebra?');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'hero-table-0-0');
    for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'hero-table-3-3');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'row 3, dog, column 3: -0.1116');
    await page.keyboard.press('s');
    await hears(page, /^row 3, dog: 0\.1665, 0\.8744, -0\.1435, -0\.1116$/);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'row 0 of the output, dog, from row 3, column 0: 0.1665');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'hero-shuffle');
    await page.keyboard.press('Enter');
    await settled(page);
    assert.notDeepEqual((await lab(page, 'hero')).indices, [3]);
  });
});

test('Tab goes from the words to the table, to the output, to the ids', async () => {
  for (const state of ['', '&hero.text=zebra']) {
    await show(HERO + state, async (page) => assert.deepEqual(await tabStops(page, 'hero'), [
      'hero-predict', 'hero-text', 'the cat sat', 'cat cat cat', 'zebra?', 'hero-table-0-0', 'hero-output-0-0', 'hero-shuffle', 'hero-unshuffle', 'More: another table', ...lastStops('hero'),
    ]));
  }
});

test('all keys of a grid move in the table and in the output', async () => {
  await show(HERO, async (page) => {
    await assertGridKeys(page, 'hero-table', [5, 3]);
    await assertGridKeys(page, 'hero-output', [2, 3]);
  });
});

test('typing says nothing before it is done, and then one sentence', async () => {
  await show(HERO, async (page) => {
    const said = await messages(page, async () => {
      await page.locator('#hero-text').press('End');
      await page.keyboard.type(' dog ran');
      await page.keyboard.press('Enter');
    }, /^5 words in/);
    assert.deepEqual(said, ['5 words in, 5 rows out: row 1, row 2, row 4, row 3, row 5.']);
  });
});

test('copies come down from their rows after an action, and not at all where motion is unwanted', async () => {
  const moving = (page) => page.evaluate(() => new Promise((resolve) => {
    let most = 0;
    let frames = 0;
    const look = () => {
      most = Math.max(most, document.getAnimations().filter(({ effect }) => effect.target?.closest?.('#hero-output, #hero-table')).length);
      if (++frames < 12) requestAnimationFrame(look);
      else resolve(most);
    };
    look();
  }));
  for (const [reducedMotion, some] of [['no-preference', true], ['reduce', false]]) {
    await visit(HERO, { reducedMotion }, async (page) => {
      assert.equal(await moving(page), 0, 'nothing moves by itself');
      await page.getByRole('button', { name: 'cat cat cat' }).click();
      assert.equal(await moving(page) > 0, some);
      await page.locator('#hero-shuffle').click();
      assert.equal(await moving(page) > 0, some);
    });
  }
});

test('junk in the address gives way to the default', async () => {
  const junk = `${HERO}&hero.order=0,0,1,2,3,4&hero.seed=-7e9&hero.text=%00%E2%80%83the%0Acat%07${'x'.repeat(500)}`;
  await visit(junk, {}, async (page) => {
    const { order, tokens } = await lab(page, 'hero');
    assert.deepEqual(order, ['a', 'the', 'cat', 'dog', 'sat', 'ran']);
    assert.equal(tokens[0], 'the');
    assert.equal(tokens[1], 'cat');
    assert.ok((await page.locator('#hero-text').inputValue()).length <= 60);
    assert.equal(await page.locator('#hero-seed').inputValue(), '0');
  });
  await visit(`${HERO}&hero.order=1,2&hero.seed=1e99&hero.text=${'%F0%9F%98%80'.repeat(40)}a`, {}, async (page) => {
    assert.equal(await page.locator('#hero-seed').inputValue(), '9999');
    assert.ok((await page.evaluate(() => globalThis.__lab.address())).length < 400);
  });
});

test('a state is in its address', async () => {
  await show(`${HERO}&hero.text=ran%20cat&hero.order=2,0,5,1,3,4&hero.seed=12`, async (page) => {
    assert.match(await page.evaluate(() => globalThis.__lab.address()), /^#v=2&s=hero&hero\.text=ran%20cat&hero\.order=2,0,5,1,3,4&hero\.seed=12&visit=/);
    assert.deepEqual((await lab(page, 'hero')).indices, [2, 0]);
  });
});

testStates('hero');

test('playing leaves no tensor behind', async () => {
  await visit(HERO, {}, async (page) => {
    const play = async (times) => {
      for (let n = 0; n < times; n++) {
        await page.locator('#hero-text').fill(['cat', 'zebra', '', 'the cat sat dog ran'][n % 4]);
        await page.locator('#hero-shuffle').press('Enter');
        await settled(page);
      }
      return page.evaluate(() => globalThis.__lab.memory());
    };
    const early = await play(4);
    assert.deepEqual(await play(12), early);
  });
});

test('a package with wrong numbers shows wrong numbers everywhere', async () => {
  await assertSpoiled(HERO, `
    const spoil = (values) => { for (let i = 0; i < values.length; i++) values[i] = 0.3 - 2 * values[i]; };
    const spoilLayer = (layer) => {
      const forward = layer.forward.bind(layer);
      spoil(layer.weight.data);
      layer.forward = (indices) => { const output = forward(indices); spoil(output.data); return output; };
      return layer;
    };
    export class Embedding extends real.Embedding {
      constructor(...args) { super(...args); spoilLayer(this); }
      static fromPretrained(...args) { return spoilLayer(real.Embedding.fromPretrained(...args)); }
    }`, () => {
    const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(selector)].map(read);
    const tints = (selector) => [texts(selector, (cell) => cell.getAttribute('style') + cell.className).join()];
    return {
      table: texts('#hero-table .heat'),
      output: texts('#hero-output .heat'),
      spoken: texts('#hero-table .heat, #hero-output .heat', (cell) => cell.getAttribute('aria-label')),
      tints: tints('#hero-table .heat'),
      copiedTints: tints('#hero-output .heat'),
      printed: texts('#hero-printed', (element) => element.textContent.match(/\[[^\][]+\]/g)).flat(),
      programs: texts('#hero-pytorch, #hero-javascript', (element) => element.textContent.match(/-?\d\.\d{4}/g)).flat(),
    };
  });
});

test('each control calls the package', async () => {
  await assertCalls(HERO, [
    ['typing a word', (page) => page.locator('#hero-text').fill('cat cat'), { 'Embedding.fromPretrained': 1, 'Embedding.forward': 1, 'new Embedding': 0 }],
    ['an example', (page) => page.getByRole('button', { name: 'cat cat cat' }).click(), { 'Embedding.forward': 1 }],
    ['a word without a number', (page) => page.getByRole('button', { name: 'zebra?' }).click(), { 'Embedding.forward': 1 }],
    ['shuffling the ids', (page) => page.locator('#hero-shuffle').click(), { 'Embedding.fromPretrained': 1, 'Embedding.forward': 1, manualSeed: 0 }],
    ['another seed', (page) => page.locator('#hero-seed').evaluate((field) => { field.value = '7'; field.dispatchEvent(new Event('change')); }), { manualSeed: 1, 'new Embedding': 1, 'Embedding.forward': 1 }],
  ]);
});

const STATES = {
  'in light': [HERO, {}],
  'in dark': [HERO, DARK],
  'on a phone': [`${HERO}&hero.text=a%20dog%20ran%20the%20cat%20sat`, PHONE],
  'on a phone in dark, with an error': [`${HERO}&hero.text=the%20zebra`, { ...PHONE, ...DARK }],
  'with an error': [`${HERO}&hero.text=the%20zebra%20sat`, {}],
  'with nothing typed': [`${HERO}&hero.text=`, {}],
  'shuffled, embedded': [`${HERO}&hero.order=2,0,5,1,3,4&embed=1`, {}],
};
for (const [name, [address, options]] of Object.entries(STATES)) {
  test(`axe finds nothing ${name}`, async () => {
    await visit(address, options, async (page) => {
      await page.evaluate(() => { for (const details of document.querySelectorAll('#hero details')) details.open = true; });
      await assertAccessible(page, '#hero');
      if (options.isMobile) await assertFits(page);
    });
  });
}

test('targets are 44 px high for a finger', async () => {
  await visit(HERO, PHONE, async (page) => {
    const small = await page.evaluate(() => [...document.querySelectorAll('.hero-figure button, .hero-figure input')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.id || element.textContent));
    assert.deepEqual(small, []);
  });
});

test('forced colours keep the row that is looked up apart', async () => {
  await visit(HERO, { forcedColors: 'active' }, async (page) => {
    const outline = (row) => page.locator('#hero-table tbody tr').nth(row).evaluate((element) => getComputedStyle(element).outlineStyle);
    assert.equal(await outline(2), 'solid');
    assert.equal(await outline(3), 'none');
  });
});
