import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, fill, hears, lab, lastStops, printed, settled, tabStops, visit } from './visit.js';

const HASH = '#v=2&s=gradient';
const at = (...pairs) => [HASH, ...pairs.map((pair) => `gradient.${pair}`)].join('&');
const row = (page, index) => page.locator(`#gradient-table tr[data-row="${index}"]`);
const cell = (page, position, column) => page.locator(`#gradient-arrives-${position}-${column}`);
const status = (page) => page.locator('#gradient-status').textContent();
const rowTexts = (page, index) => row(page, index).locator('td.heat').allTextContents();

testStates('gradient');

test('the first state already makes the point: row 1 gets 3, row 3 gets 1, the others no entry', async () => {
  await visit(HASH, {}, async (page) => {
    const { grad, counts } = await lab(page, 'gradient');
    assert.deepEqual(grad, [[0, 0, 0], [3, 3, 3], [0, 0, 0], [1, 1, 1], [0, 0, 0], [0, 0, 0]]);
    assert.deepEqual(counts, [0, 3, 0, 1, 0, 0]);
    assert.deepEqual(await rowTexts(page, 1), ['3', '3', '3']);
    assert.deepEqual(await rowTexts(page, 3), ['1', '1', '1']);
    for (const unused of [0, 2, 4, 5]) {
      assert.equal(await row(page, unused).locator('td.none').textContent(), 'no entry');
      assert.equal(await row(page, unused).locator('td.heat').count(), 0);
    }
    assert.match(await row(page, 1).locator('th').textContent(), /▸1 ×3/);
    assert.equal(await row(page, 1).locator('td.more').textContent(), 'outputs 0, 1, 2: the sum');
    assert.equal(await status(page), 'Row 1 was looked up 3 times, so 3 gradients add up in it. Rows 0, 2, 4 and 5 were not looked up and get no entry.');
  });
});

test('an arrow leads from each row of the output to the row of the table that it was copied from', async () => {
  await visit(at('indices=1,1,3,5'), {}, async (page) => {
    await page.waitForFunction(() => [...document.querySelectorAll('#gradient-body .link')].every((path) => path.hasAttribute('d')));
    const ends = await page.evaluate(() => {
      const frame = document.querySelector('#gradient-body .links').getBoundingClientRect();
      return [...document.querySelectorAll('#gradient-body .link')].map((path) => {
        const points = [path.getPointAtLength(0), path.getPointAtLength(path.getTotalLength())].map(({ x, y }) => [x + frame.left, y + frame.top]);
        return points.map(([x, y]) => [...document.querySelectorAll('#gradient-body tr[data-row]')].filter((row) => {
          const box = row.getBoundingClientRect();
          return x >= box.left - 6 && x <= box.right + 6 && y > box.top && y < box.bottom;
        }).map((row) => `${row.closest('table').id} ${row.dataset.row}`).join());
      });
    });
    assert.deepEqual(ends, [1, 1, 3, 5].map((index, position) => [`gradient-arrives ${position}`, `gradient-table ${index}`]));
  });
});

test('the arrows of the row under the pointer or with the focus stand out', async () => {
  await visit(HASH, {}, async (page) => {
    const far = () => page.locator('#gradient-body .link').evaluateAll((all) => all.map((path) => path.classList.contains('far')));
    await cell(page, 3, 0).focus();
    assert.deepEqual(await far(), [true, true, true, false]);
    await row(page, 1).locator('th').hover();
    assert.deepEqual(await far(), [false, false, false, true]);
    await page.locator('#gradient-frequency').focus();
    assert.deepEqual(await far(), [false, false, false, false]);
  });
});

test('scale_grad_by_freq makes rows 1 and 3 the same, and says by what it divides', async () => {
  await visit(HASH, {}, async (page) => {
    await page.locator('#gradient-frequency').check();
    await settled(page);
    assert.deepEqual((await lab(page, 'gradient')).grad, [[0, 0, 0], [1, 1, 1], [0, 0, 0], [1, 1, 1], [0, 0, 0], [0, 0, 0]]);
    assert.equal(await row(page, 1).locator('td.more').textContent(), 'outputs 0, 1, 2: the sum ÷ 3');
    assert.match(await status(page), /3 gradients add up in it and are divided by 3\./);
    await hears(page, /divided by 3/);
    await page.locator('#gradient-frequency').uncheck();
    await settled(page);
    assert.deepEqual((await lab(page, 'gradient')).grad[1], [3, 3, 3]);
  });
});

test('sparse with scale_grad_by_freq works, and PyTorch’s error is named', async () => {
  await visit(at('frequency=1'), {}, async (page) => {
    await page.locator('#gradient-body .panel summary').click();
    await page.locator('#gradient-sparse').check();
    await settled(page);
    assert.deepEqual((await lab(page, 'gradient')).grad[1], [1, 1, 1]);
    assert.match(await printed(page, 'gradient'), /embedding_backward: scale_grad_by_freq not supported with sparse gradients\nJavaScript +tensor\(indices=/);
    assert.equal(await page.locator('#gradient-body .code h4', { hasText: 'They differ' }).count(), 1);
  });
});

test('what arrives can be dragged, stepped by keys, or typed, to the same state and address', async () => {
  const ways = {
    async mouse(page) {
      const box = await cell(page, 1, 2).boundingBox();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x, y - 20, { steps: 3 });
      await page.mouse.move(x, y - 12, { steps: 3 });
      await page.mouse.up();
    },
    async keys(page) {
      await cell(page, 1, 2).focus();
      for (let k = 0; k < 3; k++) {
        await page.keyboard.press('Shift+ArrowUp');
        await settled(page);
      }
    },
    async field(page) {
      await cell(page, 1, 2).focus();
      await page.keyboard.press('Enter');
      await fill(page, page.locator('#gradient-arrives-1-2-field'), 1.3);
    },
  };
  const results = [];
  for (const act of Object.values(ways)) {
    await visit(HASH, {}, async (page) => {
      await page.locator('#gradient-arrives').scrollIntoViewIfNeeded();
      await act(page);
      await settled(page);
      await hears(page, /^Row 1 was looked up 3 times/);
      await page.waitForFunction(() => /upstream/.test(location.hash));
      results.push({ state: await lab(page, 'gradient'), hash: await page.evaluate(() => location.hash), texts: await rowTexts(page, 1), focus: await page.evaluate(() => document.activeElement.id) });
    });
  }
  assert.deepEqual(results[0].texts, ['3.0000', '3.0000', '3.3000']);
  assert.equal(results[0].focus, 'gradient-arrives-1-2');
  for (const result of results) assert.deepEqual(result, results[0]);
});

test('a finger taps a number and then drags it', async () => {
  await visit(HASH, PHONE, async (page) => {
    await cell(page, 0, 0).scrollIntoViewIfNeeded();
    await cell(page, 0, 0).tap();
    await settled(page);
    assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).touchAction), 'none');
    const box = await cell(page, 0, 0).boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const session = await page.context().newCDPSession(page);
    const send = (type, ...touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
    await send('touchStart', { x, y });
    await send('touchMove', { x, y: y - 30 });
    await send('touchMove', { x, y: y - 40 });
    await send('touchEnd');
    await settled(page);
    assert.equal((await lab(page, 'gradient')).upstream[0][0], 2);
  });
});

test('presets fill what arrives, one drag is one step of Undo, Reset goes back', async () => {
  await visit(HASH, {}, async (page) => {
    await page.locator('#gradient-body .panel summary').click();
    await page.getByRole('button', { name: 'One-hot' }).click();
    await settled(page);
    assert.deepEqual((await lab(page, 'gradient')).grad[1], [1, 1, 1]);
    assert.deepEqual((await lab(page, 'gradient')).grad[3], [1, 0, 0]);
    await page.getByRole('button', { name: 'Random' }).click();
    await settled(page);
    const { upstream } = await lab(page, 'gradient');
    assert.ok(upstream.flat().some((value) => value !== 0 && value !== 1));
    await cell(page, 0, 0).scrollIntoViewIfNeeded();
    const box = await cell(page, 0, 0).boundingBox();
    await page.mouse.move(box.x + 10, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 10, box.y + 40, { steps: 5 });
    await page.mouse.up();
    await settled(page);
    assert.notDeepEqual((await lab(page, 'gradient')).upstream, upstream);
    await page.locator('#gradient-undo').click();
    await settled(page);
    assert.deepEqual((await lab(page, 'gradient')).upstream, upstream);
    await page.locator('#gradient-reset').click();
    await settled(page);
    assert.deepEqual((await lab(page, 'gradient')).grad[1], [3, 3, 3]);
  });
});

test('indices are added and removed together with what arrives for them', async () => {
  await visit(at('indices=1,1,3', 'upstream=1,0,0;0,2,0;0,0,3'), {}, async (page) => {
    await page.getByRole('button', { name: 'remove index 1 at position 0' }).first().click();
    await settled(page);
    assert.deepEqual((await lab(page, 'gradient')).upstream, [[0, 2, 0], [0, 0, 3]]);
    await page.locator('#gradient-index-add').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'gradient-index-2');
    const { indices, upstream, grad } = await lab(page, 'gradient');
    assert.deepEqual(indices, [1, 3, 0], 'it proposes a row that has no gradient yet');
    assert.deepEqual(upstream[2], [1, 1, 1]);
    assert.deepEqual(grad[0], [1, 1, 1]);
  });
});

test('an index out of range is refused: the chip and the message say so, and no row has a gradient', async () => {
  await visit(HASH, {}, async (page) => {
    await fill(page, page.locator('#gradient-index-1'), 6);
    assert.match(await page.locator('#gradient-error').textContent(), /RangeError: index out of range in self: index 6 at position \[1\], valid range \[0, 6\)/);
    assert.equal(await page.locator('#gradient-index-1').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.locator('#gradient-table td.none').count(), 6);
    assert.match(await printed(page, 'gradient'), /^PyTorch +IndexError: index out of range in self\nJavaScript +RangeError/);
    await hears(page, /The call fails/);
    await assertAccessible(page, '#gradient');
  });
});

test('both grids have one tab stop each and the keys of a grid', async () => {
  await visit(HASH, {}, async (page) => {
    for (const id of ['gradient-table', 'gradient-arrives']) assert.equal(await page.locator(`#${id} [tabindex="0"]`).count(), 1);
    await page.locator('#gradient-table [tabindex="0"]').focus();
    const keys = [['Control+End', 'gradient-table-5-0'], ['ArrowUp', 'gradient-table-4-0'], ['Control+Home', 'gradient-table-0-0'], ['ArrowDown', 'gradient-table-1-0'], ['Home', 'gradient-table-1-0'], ['End', 'gradient-table-1-2'], ['ArrowLeft', 'gradient-table-1-1'], ['PageDown', 'gradient-table-5-0']];
    for (const [key, id] of keys) {
      await page.keyboard.press(key);
      await page.waitForFunction((id) => document.activeElement.id === id, id).catch(() => {});
      assert.equal(await page.evaluate(() => document.activeElement.id), id, key);
    }
    await page.keyboard.press('PageUp');
    await page.waitForFunction(() => document.activeElement.id === 'gradient-table-0-0');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement.id === 'gradient-table-1-1');
    await page.keyboard.press('s');
    await hears(page, /row 1: 3, 3, 3/);
    await cell(page, 0, 0).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'gradient-arrives-0-0-field');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement.id === 'gradient-arrives-0-0');
    assert.deepEqual((await lab(page, 'gradient')).upstream[0], [1, 1, 1]);
  });
});

test('junk in the address is clamped or ignored', async () => {
  await visit(at('indices=1,x,1e99,,NaN', 'upstream=1e9,-1e9,z', 'frequency=maybe', 'sparse=%'), {}, async (page) => {
    const { indices, upstream } = await lab(page, 'gradient');
    assert.deepEqual(indices, [1, 9999]);
    assert.deepEqual(upstream, [[5, -5, 0], [1, 1, 1]]);
    assert.equal(await page.locator('#gradient-frequency').isChecked(), false);
  });
  await visit(at('upstream=1,2;3', `indices=${'1,'.repeat(500)}`), {}, async (page) => {
    const { indices, upstream } = await lab(page, 'gradient');
    assert.equal(indices.length, 12);
    assert.deepEqual(upstream[0], [1, 1, 1]);
  });
});

test('the state lives in the address', async () => {
  await visit(HASH, {}, async (page) => {
    await page.locator('#gradient-frequency').check();
    await page.getByRole('button', { name: 'Random' }).click();
    await fill(page, page.locator('#gradient-index-3'), 5);
    const before = await lab(page, 'gradient');
    await page.waitForFunction(() => /indices=1,1,1,5.*frequency=1/.test(location.hash));
    await page.reload();
    await page.waitForFunction(() => globalThis.__lab);
    assert.deepEqual(await lab(page, 'gradient'), before);
    assert.ok((await page.evaluate(() => location.hash.length)) < 400);
  });
});

test('the numbers are the package’s: one with wrong numbers shows wrong numbers everywhere', async () => {
  await assertSpoiled(HASH, `
    const text = real.Tensor.prototype.toString;
    real.Tensor.prototype.toString = function () { return text.call(this).replace(/\\d/g, (digit) => 9 - digit); };
    export class Embedding extends real.Embedding {
      forward(indices) {
        const output = super.forward(indices);
        const backward = output.backward.bind(output);
        output.backward = (given) => { backward(given); const { data } = this.weight.grad; for (let k = 0; k < data.length; k++) data[k] = 0.25 - 2 * data[k]; };
        return output;
      }
    }`, () => {
    const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(`#gradient-body ${selector}`)].map(read);
    return {
      rows: texts('#gradient-table tbody tr', (row) => [...row.querySelectorAll('.heat, .none')].map((cell) => cell.textContent).join()),
      tints: texts('#gradient-table tr.used .heat', (cell) => cell.getAttribute('style') + cell.className),
      spoken: texts('#gradient-table tr.used .heat', (cell) => cell.getAttribute('aria-label')),
      arrives: texts('#gradient-arrives .heat'),
      compared: texts('.compare .strip'),
      norms: texts('.compare td:nth-child(4), .compare td:nth-child(6)'),
      printed: texts('#gradient-printed', (element) => element.textContent.match(/\[[^\][]+\]/g)).flat(),
    };
  });
});

test('the numbers come from a backward of the package, whatever the reader does', async () => {
  // One pass for the figure, one with the option switched, to compare.
  const passes = { 'new Embedding': 2, 'Embedding.forward': 2, 'Tensor.backward': 2 };
  await assertCalls(HASH, [
    ['an index', (page) => fill(page, page.locator('#gradient-index-0'), 2), passes],
    ['scale_grad_by_freq', (page) => page.locator('#gradient-frequency').click(), passes],
    ['what arrives, as a preset', (page) => page.getByRole('button', { name: 'Random' }).click(), { ...passes, randn: 1 }],
    ['what arrives, by keys', (page) => cell(page, 0, 1).press('Shift+ArrowUp'), passes],
    ['sparse', async (page) => { await page.locator('#gradient-body summary').first().click(); await page.locator('#gradient-sparse').click(); }, { ...passes, 'SparseTensor.toDense': 2 }],
    ['Undo', (page) => page.locator('#gradient-undo').click(), passes],
  ]);
});

test('a number that is typed into what arrives shows everywhere', async () => {
  await visit(HASH, {}, async (page) => {
    await cell(page, 1, 2).press('Enter');
    await fill(page, page.locator('#gradient-arrives-1-2-field'), 2.5);
    assert.equal(await page.locator('#gradient-table-1-2').textContent(), '4.5000');
    assert.match(await page.locator('#gradient-table-1-2').getAttribute('aria-label'), /4\.5000/);
    for (const part of ['pytorch', 'javascript']) assert.match(await page.locator(`#gradient-${part}`).textContent(), /2\.5\]/);
    assert.match(await printed(page, 'gradient'), /\[3\.0000, 3\.0000, 4\.5000\]/);
  });
});

test('Tab goes through all of it in order, one sees where it is, and it leads out again', async () => {
  await visit(HASH, {}, async (page) => {
    const stops = await tabStops(page, 'gradient');
    assert.match(stops.shift(), /^∂L/, 'the formula, which scrolls where it is too wide');
    assert.deepEqual(stops, [
      'gradient-predict', 'The gradient of the table', 'gradient-table-0-0', 'The gradient that arrives at the output', 'gradient-arrives-0-0',
      ...[1, 1, 1, 3].flatMap((index, position) => [`gradient-index-${position}`, `remove index ${index} at position ${position}`]), 'gradient-index-add',
      'All ones', 'One-hot', 'Random', 'gradient-frequency', 'More: sparse, undo, both settings side by side',
      ...lastStops('gradient'),
    ]);
  });
});

test('playing leaves no tensor behind', async () => {
  await visit(HASH, {}, async (page) => {
    const play = async (times) => {
      for (let k = 0; k < times; k++) {
        await page.locator('#gradient-frequency').press('Space');
        await cell(page, 0, 1).press(k % 2 ? 'Shift+ArrowUp' : 'Shift+ArrowDown');
        await page.getByRole('button', { name: 'Random' }).press('Enter');
        await fill(page, page.locator('#gradient-index-0'), k % 3 ? 2 : 9);
      }
      await settled(page);
      return page.evaluate(() => globalThis.__lab.memory());
    };
    const early = await play(4);
    assert.deepEqual(await play(24), early);
  });
});

for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
  test(`axe finds nothing: ${name}`, async () => {
    await visit(HASH, options, async (page) => {
      await page.locator('#gradient-body details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
      await assertAccessible(page, '#gradient');
      if (options === PHONE) await assertFits(page);
    });
  });
}

test('a finger has targets of 44 px', async () => {
  await visit(HASH, PHONE, async (page) => {
    const small = await page.evaluate(() => [...document.querySelectorAll('#gradient-body .panel button, #gradient-body .panel label.switch, #gradient-body .chip input, #gradient-body .panel summary')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.outerHTML));
    assert.deepEqual(small, []);
  });
});
