import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, fill, hears, lab, settled, visit } from './visit.js';

const at = (rows, batch, more = '') => `#v=2&s=one-hot&one-hot.n=${rows}&one-hot.b=${batch}${more}`;
const verdict = (page) => page.locator('#one-hot .lanes .verdict strong').textContent();
/** The bars and numbers of a row of the table of costs: [one-hot × matrix, gather]. */
const cost = (page, row) => page.locator('#one-hot .costs tbody tr').nth(row).evaluate((element) => [...element.querySelectorAll('td')].map((cell) => ({
  width: parseFloat(cell.querySelector('.bar').style.width), text: cell.querySelector('.cost').textContent,
})));
const run = async (page) => {
  await page.locator('#one-hot-run').click();
  await page.waitForFunction(() => globalThis.__lab.section('one-hot').measured !== null);
  await settled(page);
  return (await lab(page, 'one-hot')).measured;
};

describe('the first state', () => {
  test('already makes the point: both lanes end in the same numbers, and the product does work with zeros', async () => {
    await visit('#v=2&s=one-hot', {}, async (page) => {
      const { matmul, gather, equal, ones, indices, measured } = await lab(page, 'one-hot');
      assert.deepEqual(indices, [2, 0, 5, 2]);
      assert.deepEqual(ones, indices);
      assert.deepEqual(matmul.rows, gather.rows);
      assert.deepEqual(gather.rows[0], [8, 9, 10, 11], 'row 2');
      assert.equal(equal, true);
      assert.equal(measured, null, 'nothing is timed before the click');
      assert.equal(await verdict(page), 'True: the same numbers');
      assert.match(await page.locator('#one-hot .status').textContent(), /^Equal: 4 × 4 numbers from either way\. The product takes 160 multiply-adds, 144 of them with a zero; gather takes none\.$/);
      const [above, below] = [await page.locator('#one-hot .matmul .lane-output').textContent(), await page.locator('#one-hot .gather .lane-output').textContent()];
      assert.equal(above.replace(/\s/g, ''), below.replace(/\s/g, ''));
    });
  });

  test('puts a dot in the column that each index names', async () => {
    await visit('#v=2&s=one-hot', {}, async (page) => {
      const places = await page.locator('#one-hot .hot-line').evaluateAll((lines) => lines.map((line) => {
        const [dot, whole] = [line.querySelector('i').getBoundingClientRect(), line.getBoundingClientRect()];
        return Math.floor(((dot.left + dot.right) / 2 - whole.left) / whole.width * 10);
      }));
      assert.deepEqual(places, [2, 0, 5, 2]);
    });
  });
});

testStates('one-hot');

describe('run both', () => {
  test('says equal at 10 and at 10,000 rows; the product grows a thousandfold, the gather does not', async () => {
    let small;
    await visit(at(10, 4), {}, async (page) => {
      await run(page);
      assert.equal(await verdict(page), 'True: the same numbers');
      small = { costs: (await lab(page, 'one-hot')).costs, bars: [await cost(page, 0), await cost(page, 1)] };
    });
    await visit(at(10000, 4), {}, async (page) => {
      const { matmul, gather } = await run(page);
      assert.equal(await verdict(page), 'True: the same numbers');
      const { costs } = await lab(page, 'one-hot');
      assert.equal(costs.multiplyAdds.matmul / small.costs.multiplyAdds.matmul, 1000);
      assert.ok(costs.bytesRead.matmul / small.costs.bytesRead.matmul >= 100);
      assert.deepEqual([costs.multiplyAdds.gather, costs.bytesRead.gather], [0, small.costs.bytesRead.gather]);
      const bars = [await cost(page, 0), await cost(page, 1)];
      assert.deepEqual(bars.map((pair) => pair[1]), small.bars.map((pair) => pair[1]), 'the bars of gather have not moved');
      for (const k of [0, 1]) assert.ok(Math.abs(bars[k][0].width - small.bars[k][0].width - 300 / 7) < 0.2, 'three decades longer');
      assert.deepEqual(bars[0].map(({ text }) => text), ['160,000', '0']);
      assert.ok(matmul.milliseconds > gather.milliseconds);
    });
  });

  test('states how often it repeated, and shows times only for the sizes that were measured', async () => {
    await visit(at(1000, 4), {}, async (page) => {
      assert.equal(await page.locator('#one-hot .costs tbody tr').count(), 2);
      const { matmul, gather } = await run(page);
      assert.ok(matmul.milliseconds > 0 && gather.milliseconds > 0 && matmul.repeats >= 1 && gather.repeats >= 100);
      const note = await page.locator('#one-hot .costs + .hint').textContent();
      assert.match(note, /^Measured on this machine: .* \(mean of [\d,]+ calls?\), gather .* \(mean of [\d,]+ calls?\)\.$/);
      assert.ok(note.includes(matmul.repeats.toLocaleString('en')) && note.includes(gather.repeats.toLocaleString('en')));
      assert.equal(await page.locator('#one-hot .costs tbody tr').count(), 3);
      await hears(page, /^Measured on this machine/);
      await fill(page, page.locator('#one-hot-n-field'), 2000);
      assert.equal(await page.locator('#one-hot .costs tbody tr').count(), 2);
    });
  });
});

describe('the sizes', () => {
  test('follow slider and number field to the same state', async () => {
    await visit('#v=2&s=one-hot', {}, async (page) => {
      const slider = page.locator('#one-hot-n');
      await slider.focus();
      for (let k = 0; k < 9; k++) await page.keyboard.press('ArrowRight');
      await settled(page);
      assert.equal(await slider.getAttribute('aria-valuetext'), '10,000 rows');
      const bySlider = await lab(page, 'one-hot');
      await hears(page, /^Equal: .* 160,000 multiply-adds/);
      await fill(page, page.locator('#one-hot-n-field'), 50257);
      assert.equal((await lab(page, 'one-hot')).costs.multiplyAdds.matmul, 4 * 50257 * 4);
      await fill(page, page.locator('#one-hot-n-field'), 10000);
      assert.deepEqual(await lab(page, 'one-hot'), bySlider);
      await fill(page, page.locator('#one-hot-b-field'), 32);
      assert.equal((await lab(page, 'one-hot')).gather.rows.length, 32);
      assert.equal(await page.locator('#one-hot .gather .lane-output li').count(), 8);
      assert.equal(await page.locator('#one-hot .gather .rest').first().textContent(), 'and 24 more');
      await page.waitForFunction(() => /one-hot\.n=10000&one-hot\.b=32/.test(location.hash));
    });
  });

  test('clamp junk in the address', async () => {
    for (const [rows, batch, expected] of [[-7, 0, [10, 1]], ['1e9', 99, [50257, 32]], ['x', '', [10, 4]], [12.4, 2.6, [12, 3]]]) {
      await visit(at(rows, batch), {}, async (page) => {
        assert.deepEqual([Number(await page.locator('#one-hot-n-field').inputValue()), Number(await page.locator('#one-hot-b-field').inputValue())], expected);
      });
    }
  });
});

describe('every reader', () => {
  const STATES = [[10, 4], [10000, 32], [50257, 1]];
  for (const [reader, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
    test(`finds nothing to complain about: ${reader}`, async () => {
      for (const [rows, batch] of STATES) {
        await visit(at(rows, batch), options, async (page) => {
          await page.locator('#one-hot details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
          if (rows === 10000) await run(page);
          await assertAccessible(page, '#one-hot');
          if (options === PHONE) await assertFits(page);
        });
      }
    });
  }

  test('has targets of 44 px for a finger', async () => {
    await visit('#v=2&s=one-hot', PHONE, async (page) => {
      assert.deepEqual(await page.locator('#one-hot :is(.buttons button, input[type="range"], input[type="number"])').evaluateAll((all) => all.filter((element) => element.getBoundingClientRect().height < 44).map(({ id }) => id)), []);
    });
  });

  test('sees nothing move', async () => {
    await visit('#v=2&s=one-hot', {}, async (page) => {
      await fill(page, page.locator('#one-hot-n-field'), 500);
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    });
  });

  test('reads it in Chinese', async () => {
    await visit(at(10000, 12, '&lang=zh'), {}, async (page) => {
      await run(page);
      assert.match(await page.locator('#one-hot-heading').textContent(), /one-hot 矩阵/);
      assert.doesNotMatch(await page.locator('#one-hot').textContent(), /undefined|\[object/);
    });
  });
});

describe('the numbers', () => {
  test('are the package\'s: a wrong forward, product and one-hot matrix show, and are called different', async () => {
    await assertSpoiled('#v=2&s=one-hot', `
      const spoil = (tensor, by) => { for (let i = 0; i < tensor.data.length; i++) tensor.data[i] += by; return tensor; };
      export class Embedding extends real.Embedding {
        static fromPretrained(...args) {
          const layer = real.Embedding.fromPretrained(...args);
          const forward = layer.forward.bind(layer);
          layer.forward = (indices) => spoil(forward(indices), 100);
          return layer;
        }
      }
      export const functional = { ...real.functional, oneHot(indices, n) {
        const made = real.functional.oneHot(indices.map((index) => (index + 1) % n), n);
        const matmul = made.matmul.bind(made);
        made.matmul = (b) => spoil(matmul(b), 1000);
        return made;
      } };`, () => {
      const all = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(`#one-hot ${selector}`)].map(read);
      return {
        outputs: all('.strip .heat'), spoken: all('.strip', (strip) => strip.getAttribute('aria-label')), dots: all('.hot-line i', (dot) => dot.style.left),
        verdict: all('.lanes .verdict strong'), printed: all('#one-hot-printed')[0].match(/\d+\.|True|False/g), status: all('.status'),
      };
    });
  });

  test('come from both ways, and the comparison from the package', async () => {
    const both = { 'functional.oneHot': 1, 'Tensor.matmul': 1, 'Embedding.forward': 1, 'Tensor.equal': 1 };
    await assertCalls('#v=2&s=one-hot', [
      ['more rows', (page) => page.locator('#one-hot-n').press('ArrowRight'), both],
      ['more indices', (page) => fill(page, page.locator('#one-hot-b-field'), 8), both],
    ]);
  });

  test('leave no tensor behind, however long one plays', async () => {
    await visit('#v=2&s=one-hot', {}, async (page) => {
      const play = async (times) => {
        for (let k = 0; k < times; k++) {
          await fill(page, page.locator('#one-hot-n-field'), [10, 5000, 10000, 50257][k % 4]);
          await fill(page, page.locator('#one-hot-b-field'), [1, 32, 4, 8][k % 4]);
        }
        await run(page);
        return page.evaluate(() => globalThis.__lab.memory());
      };
      const early = await play(4);
      const { tensors, bytes } = await play(16);
      assert.deepEqual({ tensors, bytes }, { tensors: early.tensors, bytes: early.bytes });
    });
  });
});
