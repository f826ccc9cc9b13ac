import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, fill, hears, lab, lastStops, printed, settled, tabStops, visit } from './visit.js';

const HASH = '#v=2&s=sparse';
const at = (...pairs) => [HASH, ...pairs.map((pair) => `sparse.${pair}`)].join('&');
const cards = (page) => page.locator('#sparse-cards > li').evaluateAll((all) => all.map((card) => [Number(card.dataset.row), ...[...card.querySelectorAll('.heat')].map((cell) => cell.textContent)]));
const status = (page) => page.locator('#sparse-status').textContent();

testStates('sparse');

test('the first state already makes the point: four cards, and a dense gradient that is mostly zeros', async () => {
  await visit(HASH, {}, async (page) => {
    assert.deepEqual(await cards(page), [[2, '1', '1', '1'], [4, '1', '1', '1'], [4, '1', '1', '1'], [1, '1', '1', '1']]);
    assert.equal(await page.locator('#sparse-dense td.none').count(), 7);
    assert.equal(await page.locator('#sparse-equal').textContent(), 'True');
    assert.equal(await status(page), '4 cards in the order of the call; row 4 has more than one. The dense gradient stores the same numbers and 7 rows of zeros.');
  });
});

test('Coalesce sorts the cards and adds those of one row, and back', async () => {
  await visit(HASH, {}, async (page) => {
    await page.locator('#sparse-coalesce').focus();
    await page.keyboard.press('Enter');
    await settled(page);
    assert.deepEqual(await cards(page), [[1, '1', '1', '1'], [2, '1', '1', '1'], [4, '2', '2', '2']]);
    assert.match(await page.locator('#sparse-cards > li').nth(2).textContent(), /2 added/);
    assert.match(await printed(page, 'sparse'), /indices=tensor\(\[\[1, 2, 4\]\]\)/);
    await hears(page, /^3 cards, sorted, one for each row: those of row 4 were added\./);
    await page.locator('#sparse-coalesce').press('Enter');
    await settled(page);
    assert.equal((await cards(page)).length, 4);
  });
});

test('cards glide to their places, unless motion is unwanted', async () => {
  for (const [reducedMotion, expected] of [['no-preference', true], ['reduce', false]]) {
    await visit(HASH, { reducedMotion }, async (page) => {
      await page.locator('#sparse-coalesce').click();
      const moves = () => page.evaluate(() => document.getElementById('sparse-cards').getAnimations({ subtree: true }).length > 0);
      if (expected) await page.waitForFunction(() => document.getElementById('sparse-cards').getAnimations({ subtree: true }).length > 0);
      else {
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))));
        assert.equal(await moves(), false);
      }
    });
  }
});

test('the bytes are those of the formula, here and for a real table', async () => {
  const bytes = (page, id) => page.locator(`#${id} dd .bytes`).allTextContents();
  await visit(HASH, {}, async (page) => {
    assert.deepEqual(await bytes(page, 'sparse-bytes-here'), ['120 bytes', '80 bytes', '60 bytes']);
    assert.deepEqual(await bytes(page, 'sparse-bytes-real'), ['154,389,504 bytes = 154 MB', '98,560 bytes = 98.6 kB', '49,280 bytes = 49.3 kB']);
    assert.equal(await page.locator('.bytes-summary').textContent(), '154 MB dense, 98.6 kB sparse, in every step.');
    const widths = await page.locator('#sparse-bytes-here .bar').evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width));
    assert.ok(Math.abs(widths[1] / widths[0] - 80 / 120) < 0.01 && Math.abs(widths[2] / widths[0] - 60 / 120) < 0.01, String(widths));
    await fill(page, page.locator('#sparse-rows-field'), 1000);
    assert.equal((await bytes(page, 'sparse-bytes-real'))[0], '3,072,000 bytes = 3.07 MB');
    await page.locator('#sparse-batch').focus();
    await page.keyboard.press('End');
    await settled(page);
    assert.equal(await page.locator('#sparse-batch').getAttribute('aria-valuetext'), '1,000,000');
    assert.match(await page.locator('.bytes-summary').textContent(), /the list is longer than the table/);
    await hears(page, /the list is longer than the table/);
  });
});

test('padding has no card, and nothing but padding leaves an empty gradient', async () => {
  await visit(at('indices=3,3', 'pad=3'), {}, async (page) => {
    assert.deepEqual(await cards(page), []);
    assert.match(await printed(page, 'sparse'), /indices=tensor\(\[\], size=\(1, 0\)\),\n +values=tensor\(\[\], size=\(0, 3\)\),\n +size=\(10, 3\), nnz=0/);
    assert.match(await status(page), /Row 3 is the padding row: no card\./);
    assert.match(await page.locator('#sparse-dense tr[data-row="3"] th').textContent(), /pad/);
    await page.locator('#sparse-body .panel summary').click();
    await page.locator('#sparse-pad').selectOption('');
    await settled(page);
    assert.equal((await cards(page)).length, 2);
  });
});

const recorded = JSON.parse(readFileSync(new URL('../../golden/page_sparse.json', import.meta.url), 'utf8')).states.filter(({ hash }) => /indices=2,4,4,1&.*optimizer=/.test(hash));

test('each cell of the matrix says what PyTorch says: ✔ runs, ✘ shows the recorded message', async () => {
  assert.equal(recorded.length, 16);
  await visit(HASH, {}, async (page) => {
    for (const { hash, error } of recorded) {
      const cell = page.locator(`#sparse-try-${hash.match(/optimizer=([\w-]+)/)[1]}`);
      assert.match(await cell.textContent(), error ? /^✘ refuses/ : /^✔ takes it/, hash);
      await cell.click();
      await settled(page);
      assert.equal(await cell.getAttribute('aria-pressed'), 'true');
      const outcome = await page.locator('#sparse-outcome').textContent();
      if (error) assert.ok(outcome.includes(error.replace('RuntimeError: ', '')), `${hash}: ${outcome}`);
      else assert.match(outcome, /step\(\) ran and moved/);
    }
    await page.locator('#sparse-try-adamw-dense').click();
    await settled(page);
    await page.locator('#sparse-try-adam-sparse').focus();
    await page.keyboard.press('Enter');
    await hears(page, /Adam does not support sparse gradients, please consider SparseAdam instead/);
    await page.keyboard.press('Enter');
    await settled(page);
    assert.equal(await page.locator('#sparse-try-adam-sparse').getAttribute('aria-pressed'), 'false');
  });
});

test('dense weight decay moves every row, a sparse step only the rows with a gradient', async () => {
  await visit(at('optimizer=adamw-dense'), {}, async (page) => {
    assert.match(await page.locator('#sparse-outcome').textContent(), /moved all 10 rows/);
    assert.deepEqual((await lab(page, 'sparse')).outcome.moved, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await page.locator('#sparse-try-sparseadam-sparse').click();
    await settled(page);
    assert.match(await page.locator('#sparse-outcome').textContent(), /moved rows 1, 2 and 4, the rows with a gradient\./);
  });
});

test('an index out of range is refused in both forms', async () => {
  await visit(HASH, {}, async (page) => {
    await page.locator('#sparse-try-sgd-sparse').click();
    await fill(page, page.locator('#sparse-index-0'), -1);
    assert.match(await page.locator('#sparse-error').textContent(), /RangeError: index out of range in self: index -1 at position \[0\], valid range \[0, 10\)/);
    assert.equal(await page.locator('#sparse-cards').count(), 0);
    assert.match(await page.locator('#sparse-outcome').textContent(), /The call fails/);
    await assertAccessible(page, '#sparse');
  });
});

test('junk in the address is clamped or ignored', async () => {
  await visit(at('indices=4,NaN,1e12', 'pad=99', 'optimizer=constructor', 'rows=-4', 'dim=1e30', 'batch=x', 'repeats=0', 'coalesced=yes'), {}, async (page) => {
    assert.match((await lab(page, 'sparse')).error.message, /index 9999/);
    assert.equal(await page.locator('#sparse-rows-field').inputValue(), '1');
    assert.equal(await page.locator('#sparse-batch-field').inputValue(), '32');
    assert.equal(await page.locator('#sparse-dim-field').inputValue(), '16384');
    assert.equal(await page.locator('#sparse-pad').inputValue(), '9');
  });
});

test('the state lives in the address', async () => {
  await visit(HASH, {}, async (page) => {
    await page.locator('#sparse-coalesce').click();
    await page.locator('#sparse-try-decay-sparse').click();
    await fill(page, page.locator('#sparse-batch-field'), 77);
    await fill(page, page.locator('#sparse-index-3'), 0);
    const before = await lab(page, 'sparse');
    await page.waitForFunction(() => /indices=2,4,4,0.*coalesced=1.*optimizer=decay-sparse.*batch=77/.test(location.hash));
    await page.reload();
    await page.waitForFunction(() => globalThis.__lab);
    assert.deepEqual(await lab(page, 'sparse'), before);
    assert.equal(await page.locator('#sparse-batch-field').inputValue(), '77');
  });
});

test('the numbers are the package’s: one with wrong numbers shows wrong numbers everywhere', async () => {
  await assertSpoiled(at('coalesced=1', 'optimizer=sgd-dense'), `
    const digits = (text) => text.replace(/\\d/g, (digit) => 9 - digit);
    for (const kind of [real.Tensor, real.SparseTensor]) {
      const text = kind.prototype.toString;
      kind.prototype.toString = function () { return digits(text.call(this)); };
    }
    real.Tensor.prototype.equal = () => false;
    const indices = real.SparseTensor.prototype.indices;
    real.SparseTensor.prototype.indices = function () { return indices.call(this).map((row) => 9 - row); };
    for (const name of ['SGD', 'Adam', 'SparseAdam', 'Adagrad']) {
      const { step } = real.optim[name].prototype;
      real.optim[name].prototype.step = function () {
        let failed = false;
        try { step.call(this); } catch { failed = true; }
        this.paramGroups[0].params[0].data.fill(7, 0, 3);
        if (!failed) throw new Error('wrong');
      };
    }
  `, () => {
    const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(`#sparse-body ${selector}`)].map(read);
    return {
      dense: texts('#sparse-dense tr.used .heat span'),
      marked: [texts('#sparse-dense tr.used', (row) => row.dataset.row).join()],
      cards: texts('.sparse-card .index'),
      values: texts('.sparse-card .heat'),
      equal: texts('#sparse-equal'),
      verdicts: texts('.verdict-cell'),
      outcome: texts('#sparse-outcome'),
      printed: texts('#sparse-printed', (element) => element.textContent.split('\n').slice(0, 10)).flat(), // the gradient: the step fails
    };
  });
});

test('the numbers come from the package, whatever the reader does, and what needs no new ones asks for none', async () => {
  const gradients = { 'new Embedding': 2, 'Embedding.forward': 2, 'Tensor.backward': 2, 'SparseTensor.coalesce': 1, 'SparseTensor.toDense': 1, 'Tensor.equal': 1 };
  const none = { 'new Embedding': 0, 'Embedding.forward': 0 };
  await assertCalls(HASH, [
    ['an index', (page) => fill(page, page.locator('#sparse-index-0'), 3), gradients],
    ['an index more', (page) => page.locator('#sparse-index-add').click(), gradients],
    ['padding_idx', async (page) => { await page.getByText('More: padding_idx, reset').click(); await page.locator('#sparse-pad').selectOption('4'); }, gradients],
    ['a cell of the matrix', (page) => page.locator('#sparse-try-adagrad-sparse').click(), { 'Embedding.fromPretrained': 1, 'Embedding.forward': 1, 'Tensor.backward': 1, 'new optim.Adagrad': 1 }],
    ['Coalesce', (page) => page.locator('#sparse-coalesce').click(), none],
    ['the rows of the real table', (page) => fill(page, page.locator('#sparse-rows-field'), 77), none],
  ]);
});

test('Tab goes through all of it in order, one sees where it is, and it leads out again', async () => {
  await visit(HASH, {}, async (page) => {
    assert.deepEqual(await tabStops(page, 'sparse'), [
      'sparse-predict', 'Dense gradient: every row', 'sparse-dense-0-0', 'sparse-coalesce',
      ...[2, 4, 4, 1].flatMap((index, position) => [`sparse-index-${position}`, `remove index ${index} at position ${position}`]), 'sparse-index-add', 'More: padding_idx, reset',
      'sparse-rows', 'sparse-rows-field', 'sparse-batch', 'sparse-batch-field', 'More: columns, repeats', 'torch.optim',
      ...['sgd', 'momentum', 'decay', 'adagrad', 'adagrad-decay', 'sparseadam', 'adam', 'adamw'].flatMap((name) => [`sparse-try-${name}-dense`, `sparse-try-${name}-sparse`]),
      ...lastStops('sparse'),
    ]);
  });
});

test('the dense gradient is one stop for Tab, read by the keys of a grid', async () => {
  await visit(HASH, {}, async (page) => {
    assert.equal(await page.locator('#sparse-dense [tabindex="0"]').count(), 1);
    await page.locator('#sparse-dense-0-0').focus();
    const keys = [['ArrowDown', '1-0'], ['End', '1-2'], ['ArrowLeft', '1-1'], ['Home', '1-0'], ['Control+End', '9-0'], ['Control+Home', '0-0'], ['PageDown', '9-0'], ['ArrowUp', '8-0'], ['PageUp', '0-0']];
    for (const [key, id] of keys) {
      await page.keyboard.press(key);
      assert.equal(await page.evaluate(() => document.activeElement.id), `sparse-dense-${id}`, key);
    }
    await page.locator('#sparse-dense-4-0').focus();
    await page.keyboard.press('s');
    await hears(page, /row 4: 2, 2, 2/);
  });
});

test('playing leaves no tensor behind', async () => {
  await visit(HASH, {}, async (page) => {
    const play = async (times) => {
      for (let k = 0; k < times; k++) {
        await page.locator('#sparse-coalesce').press('Enter');
        for (const cell of ['sparseadam-sparse', 'adam-dense', 'adam-sparse', 'momentum-sparse', 'adagrad-sparse']) {
          await page.locator(`#sparse-try-${cell}`).press('Enter');
          await settled(page);
        }
        await fill(page, page.locator('#sparse-index-0'), 12);
        await fill(page, page.locator('#sparse-index-0'), k % 2 ? 2 : 3);
      }
      await settled(page);
      return page.evaluate(() => globalThis.__lab.memory());
    };
    const early = await play(3);
    assert.deepEqual(await play(9), early);
  });
});

for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
  test(`axe finds nothing: ${name}`, async () => {
    await visit(at('coalesced=1', 'optimizer=adam-sparse', 'pad=2'), options, async (page) => {
      await page.locator('#sparse-body details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
      await assertAccessible(page, '#sparse');
      if (options === PHONE) await assertFits(page);
    });
  });
}

test('a finger has targets of 44 px', async () => {
  await visit(HASH, PHONE, async (page) => {
    const small = await page.evaluate(() => [...document.querySelectorAll('#sparse-body .figure-place :is(button, select, input, summary)')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.outerHTML));
    assert.deepEqual(small, []);
  });
});
