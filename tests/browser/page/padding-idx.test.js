import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, assertGridKeys, fill, hears, lab, lastStops, printed, settled, tabStops, visit } from './visit.js';

const at = (state) => `#v=2&s=padding-idx${state ? `&${state}` : ''}`;
const press = async (page, event) => {
  await page.locator(`[data-do="${event}"]`).click();
  await settled(page);
};
const steps = (page) => page.locator('.step');
/** The texts of a strip in the last step: 0 and 1 are the row before and after, 2 and 3 what arrives and what the row gets. */
const strip = async (page, n, step = steps(page).last()) => (await step.locator('.strip').nth(n).locator('.heat').allTextContents()).join(' ');
const verdict = (page) => steps(page).last().locator('.verdict').textContent();
const mean = (page, lane) => page.locator(`[data-lane="${lane}"] .result .heat`).allTextContents();
const hash = (page) => page.evaluate(() => globalThis.__lab.address());

describe('the history', () => {
  test('makes its point at first sight: zero, written, not trained, yet decayed', async () => {
    await visit(at(''), {}, async (page) => {
      assert.deepEqual(await steps(page).evaluateAll((all) => all.map((step) => step.dataset.event)), ['construct', 'write', 'train', 'decay']);
      assert.equal(await strip(page, 1, steps(page).nth(0)), '0 0 0 0');
      assert.equal(await strip(page, 1, steps(page).nth(2)), '1 2 3 4');
      assert.equal(await strip(page, 1), '0.9500 1.9000 2.8500 3.8000');
      assert.equal(await strip(page, 2), '1 1 1 1');
      assert.equal(await strip(page, 3), '0 0 0 0');
      assert.match(await page.locator('#padding-idx .caption').textContent(), /^Each step shows the row before and after/);
      assert.match(await page.locator('#padding-idx-weight tr[data-row="0"] th').textContent(), /pad/);
      assert.match(await page.locator('#padding-idx-grad tr[data-row="0"] th').textContent(), /no grad/);
      assert.deepEqual(await page.locator('#padding-idx-grad tr.hatched').evaluateAll((rows) => rows.map((row) => [row.dataset.row, row.querySelector('.none').textContent])), [['3', 'zeros: not looked up'], ['4', 'zeros: not looked up']]);
    });
  });

  test('grows by one step with each button, and what came before stays in sight', async () => {
    await visit(at(''), {}, async (page) => {
      await page.locator('#padding-idx-over').click();
      await settled(page);
      assert.equal(await strip(page, 0), '-1.1258 -1.1524 -0.2506 -0.4339', 'what the constructor drew');
      assert.equal(await strip(page, 1), '0 0 0 0');
      const expected = [
        ['write', '0 0 0 0', '1 2 3 4'],
        ['train', '1 2 3 4', '1 2 3 4'],
        ['decay', '1 2 3 4', '0.9500 1.9000 2.8500 3.8000'],
        ['lookup', '0.9500 1.9000 2.8500 3.8000', '0.1826 0.3651 0.5477 0.7303'],
        ['pretrained', '0.2500 0.2500 0.2500 0.2500', '0.2500 0.2500 0.2500 0.2500'],
      ];
      for (const [n, [event, before, after]] of expected.entries()) {
        await press(page, event);
        assert.equal(await steps(page).count(), n + 2);
        assert.equal(await strip(page, 0), before, event);
        assert.equal(await strip(page, 1), after, event);
        if (event === 'train' || event === 'decay') {
          assert.equal(await strip(page, 2), '1 1 1 1', event);
          assert.equal(await strip(page, 3), '0 0 0 0', event);
          assert.equal(await steps(page).last().locator('.lock').count(), 1);
        }
      }
      const lengths = (await lab(page, 'padding-idx')).steps.map(({ after }) => Math.hypot(...after.values));
      assert.ok(Math.abs(lengths[4] - 1) < 1e-6, `norm ${lengths[4]} after the lookup`);
    });
  });

  test('shows that AdamW decays by default, and that decay leaves a row of zeros alone', async () => {
    await visit(at('padding-idx.events=cd'), {}, async (page) => {
      assert.equal(await strip(page, 1), '0 0 0 0');
      assert.match(await verdict(page), /^=Not moved: decay shrinks values, and these are zero\./);
      await page.locator('.happen summary').click();
      await press(page, 'write');
      await press(page, 'adamw');
      assert.equal(await strip(page, 1), '0.9990 1.9980 2.9970 3.9960');
      assert.equal(await strip(page, 3), '0 0 0 0');
    });
  });

  test('shows the gradient that comes around padding_idx, through an output layer with the same weight', async () => {
    await visit(at('padding-idx.events=p'), {}, async (page) => {
      await page.locator('.happen summary').click();
      await press(page, 'tied');
      assert.equal(await strip(page, 2), '0.7500 0.7500 0.7500 0.7500');
      assert.equal(await strip(page, 1), '0.1750 0.1750 0.1750 0.1750');
      assert.equal(await steps(page).last().locator('.lock').count(), 0);
      assert.equal(await page.locator('#padding-idx-grad tr.hatched').count(), 0, 'every row has a gradient through that layer');
    });
  });

  test('loses the zeros to an initialiser, and gets them back by hand', async () => {
    await visit(at('padding-idx.events=c'), {}, async (page) => {
      await page.locator('.happen summary').click();
      await press(page, 'init');
      assert.match(await verdict(page), /^≠Drawn again: an initialiser knows no padding row/);
      await press(page, 'zero');
      assert.equal(await strip(page, 1), '0 0 0 0');
    });
  });

  test('is read by a lookup as it is', async () => {
    await visit(at('padding-idx.events=cw'), {}, async (page) => {
      assert.deepEqual(await page.locator('.returns .heat').allTextContents(), ['1', '2', '3', '4']);
    });
  });

  test('is taken back step by step, started over, and full at 12', async () => {
    await visit(at(''), {}, async (page) => {
      for (let n = 0; n < 8; n++) await press(page, 'train');
      assert.equal(await steps(page).count(), 12);
      await page.locator('[data-do="train"]').press('Enter');
      await settled(page);
      assert.equal(await steps(page).count(), 12);
      await hears(page, /The history holds 12 steps/);
      await page.locator('#padding-idx-back').click();
      await settled(page);
      assert.equal(await steps(page).count(), 11);
      await page.locator('#padding-idx-over').click();
      await page.locator('#padding-idx-back').press('Enter');
      await settled(page);
      assert.equal(await steps(page).count(), 1);
    });
  });

  test('is told to those who listen', async () => {
    await visit(at(''), {}, async (page) => {
      await press(page, 'lookup');
      await hears(page, /^Step 5\. Row 0 was 0\.9500, 1\.9000, 2\.8500, 3\.8000 and is now 0\.1826, 0\.3651, 0\.5477, 0\.7303\. Shortened in the table/);
    });
  });

  test('can be written by the keyboard alone, with numbers of one’s own', async () => {
    await visit(at('padding-idx.events=c'), {}, async (page) => {
      await page.locator('#padding-idx-pad').focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.dataset.do), 'write');
      await page.keyboard.press('Enter');
      await settled(page);
      assert.equal(await strip(page, 1), '1 2 3 4');
      await page.locator('.happen summary').press('Enter');
      await fill(page, page.locator('.written input').nth(0), '-2.5');
      assert.equal(await strip(page, 1), '-2.5000 2.0000 3.0000 4.0000');
      await fill(page, page.locator('.written input').nth(0), '99');
      assert.equal(await page.locator('.written input').nth(0).inputValue(), '9', 'what is too large is clamped');
      await page.locator('#padding-idx-weight-0-0').focus();
      await page.keyboard.press('End');
      await page.waitForFunction(() => document.activeElement.id === 'padding-idx-weight-0-3');
      await page.keyboard.press('ArrowDown');
      await page.waitForFunction(() => document.activeElement.id === 'padding-idx-weight-1-3');
    });
  });
});

describe('padding_idx', () => {
  test('None leaves no row alone: it starts as drawn and is trained', async () => {
    await visit(at(''), {}, async (page) => {
      await page.locator('#padding-idx-pad').selectOption('none');
      await settled(page);
      assert.equal(await strip(page, 1, steps(page).nth(0)), '-1.1258 -1.1524 -0.2506 -0.4339');
      assert.equal(await strip(page, 1, steps(page).nth(2)), '0.9000 1.9000 2.9000 3.9000');
      assert.equal(await strip(page, 3), '1 1 1 1');
      assert.equal(await page.locator('#padding-idx .padding .tag').count(), 0);
      assert.match(await page.locator('#padding-idx .caption').textContent(), /^Without a padding row/);
      assert.match(await hash(page), /padding-idx\.pad=none/);
    });
  });

  for (const [given, row] of [['0', 0], ['3', 3], ['4', 4], ['-1', 4], ['-5', 0]]) {
    test(`${given} is row ${row}`, async () => {
      await visit(at(''), {}, async (page) => {
        await page.locator('#padding-idx-pad').selectOption(given);
        await settled(page);
        assert.match(await printed(page, 'padding-idx'), new RegExp(`^Embedding\\(5, 4, padding_idx=${row}\\)\n`));
        assert.equal(await page.locator('#padding-idx-weight tr.tagged').getAttribute('data-row'), String(row));
        assert.equal(await strip(page, 1), '0.9500 1.9000 2.8500 3.8000');
      });
    });
  }

  for (const given of ['5', '-6']) {
    test(`${given} is refused, in the words of both`, async () => {
      await visit(at(''), {}, async (page) => {
        await page.locator('#padding-idx-pad').selectOption(given);
        await settled(page);
        assert.equal(await page.locator('#padding-idx-error code').textContent(), `RangeError: Padding_idx must be within num_embeddings: paddingIdx ${given}, valid range [-5, 5)`);
        assert.match(await printed(page, 'padding-idx'), /^PyTorch +AssertionError: Padding_idx must be within num_embeddings\n/);
        await page.locator('[data-do="train"]').press('Enter');
        assert.equal(await page.evaluate(() => document.activeElement.id), 'padding-idx-error');
        await page.locator('#padding-idx-pad').selectOption('0');
        await settled(page);
        assert.equal(await steps(page).count(), 4, 'the history is as it was');
      });
    });
  }
});

describe('pads in a mean', () => {
  test('count in a mean over a lookup, though they are zero, and do not in EmbeddingBag', async () => {
    await visit(at(''), {}, async (page) => {
      assert.deepEqual(await mean(page, 'all'), ['1.5000', '-2.0000']);
      assert.deepEqual(await mean(page, 'without'), ['3', '-4']);
      assert.equal(await page.locator('.masked .status').textContent(), 'The padding row is zero, and the mean still shrinks: [1.5000, -2.0000] and [3, -4].');
      await fill(page, page.locator('#padding-idx-pads-field'), 0);
      assert.deepEqual(await mean(page, 'all'), ['3', '-4']);
      assert.match(await page.locator('.masked .status').textContent(), /^Without pads both are the same/);
    });
  });

  test('are harmless in a sum only where they are zero, and win a maximum over negative numbers', async () => {
    await visit(at('padding-idx.mode=sum'), {}, async (page) => {
      assert.deepEqual(await mean(page, 'all'), await mean(page, 'without'));
      await page.locator('[data-control="zeros"] button').nth(1).click();
      await settled(page);
      assert.deepEqual(await mean(page, 'all'), ['10', '-4']);
      assert.deepEqual(await mean(page, 'without'), ['6', '-8']);
      await page.locator('[data-control="zeros"] button').nth(0).click();
      await page.locator('[data-control="mode"] button').nth(2).click();
      await settled(page);
      assert.deepEqual(await mean(page, 'all'), ['4', '0']);
      assert.deepEqual(await mean(page, 'without'), ['4', '-2']);
      await hears(page, /^A zero beats every negative number/);
    });
  });

  test('are set by the slider as by its field', async () => {
    await visit(at(''), {}, async (page) => {
      await page.locator('#padding-idx-pads').press('End');
      await settled(page);
      const bySlider = await hash(page);
      await fill(page, page.locator('#padding-idx-pads-field'), 2);
      await fill(page, page.locator('#padding-idx-pads-field'), 4);
      assert.equal(await hash(page), bySlider);
      assert.deepEqual(await mean(page, 'all'), ['1.0000', '-1.3333']);
    });
  });
});

testStates('padding-idx');

describe('the numbers', () => {
  test('are the package\'s: with a package that is wrong, no figure shows a right one', async () => {
    await assertSpoiled(at('padding-idx.events=cwtlpd'), `
      const text = real.Tensor.prototype.toString;
      real.Tensor.prototype.toString = function () { return text.call(this).replace(/\\d/g, (digit) => 9 - digit); };
      const { row } = real.Tensor.prototype;
      real.Tensor.prototype.row = function (index) { return row.call(this, index).map((value) => -0.61 - 2 * value); };
    `, () => {
      const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(`#padding-idx ${selector}`)].map(read);
      return {
        rows: texts('.life .strip .heat'),
        spoken: texts('.life .strip', (strip) => strip.getAttribute('aria-label').replace(/^[^:]*/, '')),
        tints: texts('.life .values .strip .heat', (cell) => cell.getAttribute('style') + cell.className),
        table: texts('#padding-idx-weight .heat'),
        gradient: texts('#padding-idx-grad .heat'),
        returned: texts('.returns .heat'),
        results: texts('.masked .result .heat'),
        printed: texts('pre[id$="-printed"]'),
      };
    });
  });

  test('come from a call of the package, whatever the reader does, and one figure leaves the other alone', async () => {
    const press = (event) => (page) => page.locator(`[data-do="${event}"]`).click();
    // Each event plays the history again, from two layers on: with the padding row and as it was drawn.
    const layers = { 'new Embedding': 2, 'EmbeddingBag.forward': 0 };
    await assertCalls(at('padding-idx.events=c'), [
      ['train', press('train'), { ...layers, 'new optim.SGD': 1, 'Tensor.backward': 1, 'Embedding.forward': 2 }],
      ['weight decay', press('decay'), { ...layers, 'new optim.SGD': 2, 'Tensor.backward': 2, 'Embedding.forward': 3 }],
      ['look up', press('lookup'), { ...layers, 'functional.embedding': 1 }],
      ['padding_idx', (page) => page.locator('#padding-idx-pad').selectOption('3'), { ...layers, 'functional.embedding': 1, 'new optim.SGD': 2 }],
      ['take back', (page) => page.locator('#padding-idx-back').click(), { ...layers, 'functional.embedding': 0, 'new optim.SGD': 2 }],
      ['from_pretrained', press('pretrained'), { ...layers, 'Embedding.fromPretrained': 1 }],
      ['start over', (page) => page.locator('#padding-idx-over').click(), { ...layers, 'Embedding.fromPretrained': 0, 'new optim.SGD': 0 }],
      ['mode', (page) => page.locator('[data-control="mode"] button').nth(2).click(), { 'new Embedding': 0, 'EmbeddingBag.forward': 2, 'Embedding.forward': 1 }],
      ['pads', (page) => page.locator('#padding-idx-pads').press('ArrowRight'), { 'new Embedding': 0, 'EmbeddingBag.forward': 2, 'Embedding.forward': 1 }],
      ['what the padding row holds', (page) => page.locator('[data-control="zeros"] button').last().click(), { 'new Embedding': 0, 'EmbeddingBag.forward': 2, 'Embedding.forward': 1 }],
    ]);
  });
});

describe('the address', () => {
  test('restores the exact state', async () => {
    let address;
    let shown;
    await visit(at(''), {}, async (page) => {
      await page.locator('#padding-idx-pad').selectOption('-2');
      await press(page, 'lookup');
      await page.locator('[data-control="mode"] button').nth(1).click();
      await fill(page, page.locator('#padding-idx-pads-field'), 3);
      [address, shown] = [await hash(page), await lab(page, 'padding-idx')];
    });
    assert.ok(address.length < 400);
    await visit(address, {}, async (page) => assert.deepEqual(await lab(page, 'padding-idx'), shown));
  });

  test('takes junk for the default and clamps what is too large', async () => {
    let first;
    await visit(at(''), {}, async (page) => { first = await lab(page, 'padding-idx'); });
    await visit(at('padding-idx.pad=x&padding-idx.row=1,2&padding-idx.mode=median&padding-idx.pads=NaN&padding-idx.zeros=2'), {}, async (page) => {
      assert.deepEqual(await lab(page, 'padding-idx'), first);
    });
    await visit(at(`padding-idx.pad=1e9&padding-idx.pads=1e9&padding-idx.row=1e9,x,-1e9,0&padding-idx.events=?!${'t'.repeat(500)}`), {}, async (page) => {
      assert.equal(await page.locator('#padding-idx-pad').inputValue(), '5');
      assert.equal((await lab(page, 'padding-idx')).mean.indices.length, 6);
      await page.locator('#padding-idx-pad').selectOption('0');
      await settled(page);
      assert.equal(await steps(page).count(), 12, 'the first is a constructor');
      await page.locator('.happen summary').click();
      assert.deepEqual(await page.locator('.written input').evaluateAll((fields) => fields.map(({ value }) => value)), ['9', '0', '-9', '0']);
    });
    await visit(at('padding-idx.events='), {}, async (page) => assert.equal(await steps(page).count(), 1));
  });
});

describe('for everybody', () => {
  test('Tab goes through all of it in order, one sees where it is, and it leads out again', async () => {
    await visit(at(''), {}, async (page) => {
      assert.deepEqual(await tabStops(page, 'padding-idx'), [
        'padding-idx-predict',
        'padding-idx-back', 'padding-idx-over', 'padding-idx-pad', 'construct', 'from_pretrained', 'write [1, 2, 3, 4]', 'plain', 'weight_decay = 0.5', 'with max_norm = 1', 'More that can happen',
        'padding-idx-weight-0-0', 'padding-idx-grad-0-0', ...lastStops('padding-idx').slice(0, 5),
        'mean', 'sum', 'max', 'padding-idx-pads', 'padding-idx-pads-field', '[0, 0]', '[2, 2]', ...lastStops('padding-idx-mean'),
      ]);
    });
  });

  test('the table and its gradient are read by the keys of a grid, over rows without a number of their own', async () => {
    await visit(at(''), {}, async (page) => {
      await assertGridKeys(page, 'padding-idx-weight', [4, 3]);
      await page.locator('#padding-idx-grad-0-0').focus();
      const keys = [['End', '0-3'], ['ArrowDown', '1-3'], ['Home', '1-0'], ['PageDown', '4-0'], ['PageUp', '0-0'], ['ArrowRight', '0-1'], ['Control+End', '4-0'], ['ArrowUp', '3-0'], ['Control+Home', '0-0']];
      for (const [key, cell] of keys) {
        await page.keyboard.press(key);
        assert.equal(await page.evaluate(() => document.activeElement.id), `padding-idx-grad-${cell}`, key);
      }
      await page.keyboard.press('s');
      await hears(page, /row 0: 0, 0, 0, 0/);
    });
  });

  for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
    test(`axe finds nothing: ${name}`, async () => {
      await visit(at('padding-idx.events=cwtdlpo'), options, async (page) => {
        for (const summary of await page.locator('#padding-idx summary').all()) if (!(await summary.evaluate(({ parentElement }) => parentElement.open))) await summary.click();
        await assertAccessible(page, '#padding-idx');
        if (options === PHONE) await assertFits(page);
      });
    });
  }

  test('axe finds nothing: an error', async () => {
    await visit(at('padding-idx.pad=5'), {}, (page) => assertAccessible(page, '#padding-idx'));
  });

  test('fits a phone in Chinese too', async () => {
    await visit(`${at('padding-idx.events=cwtdlpoazi')}&lang=zh`, PHONE, async (page) => {
      await assertFits(page);
      assert.match(await verdict(page), /重新抽取/);
    });
  });

  test('a new step arrives without a motion where none is wanted', async () => {
    await visit(at(''), { reducedMotion: 'reduce' }, async (page) => {
      await press(page, 'lookup');
      assert.equal(await steps(page).last().evaluate((step) => getComputedStyle(step).animationName), 'none');
    });
    await visit(at(''), {}, async (page) => {
      assert.equal(await steps(page).last().evaluate((step) => getComputedStyle(step).animationName), 'none', 'nothing moves by itself');
      await press(page, 'lookup');
      assert.equal(await steps(page).last().evaluate((step) => getComputedStyle(step).animationName), 'arrive');
    });
  });

  test('playing leaves nothing behind in memory', async () => {
    await visit(at(''), {}, async (page) => {
      const memory = () => page.evaluate(() => ({ ...globalThis.__lab.memory(), heapBytes: 0 }));
      await page.locator('.happen summary').click();
      const before = await memory();
      for (let round = 0; round < 3; round++) {
        for (const event of ['lookup', 'pretrained', 'init', 'adamw', 'tied', 'zero']) await press(page, event);
        await page.locator('#padding-idx-pad').selectOption(['none', '-1', '5'][round]);
        await page.locator('[data-control="mode"] button').nth(round).click();
        await page.locator('#padding-idx-pad').selectOption('0');
        await page.locator('#padding-idx-over').click();
        await settled(page);
      }
      assert.deepEqual(await memory(), before);
    });
  });
});
