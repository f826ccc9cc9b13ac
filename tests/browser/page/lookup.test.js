import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, assertGridKeys, fill, hears, lab, lastStops, settled, show, tabStops, visit } from './visit.js';

const at = (indices, more = '') => `#v=2&s=lookup&lookup.indices=${indices}${more}`;
const preset = (page, name) => page.locator('#lookup-body').getByRole('button', { name, exact: true });
const texts = (page, selector) => page.locator(`#lookup ${selector}`).allTextContents();
const size = async (page, part) => (await page.locator(`#lookup .${part} .size`).textContent()).trim();
const chip = (page, n) => page.locator(`#lookup-index-${n}`);
const dark = (page) => page.locator('#lookup .links .dark [data-link]:not(.halo)').evaluateAll((links) => links.map((link) => Number(link.dataset.link)));
const squeezed = async (locator) => (await locator.textContent()).replace(/\s+/g, ' ');

describe('the first state', () => {
  test('already makes the point: row 2 comes out twice, in the order of the indices', async () => {
    await show('#v=2&s=lookup', async (page) => {
      const { weight, output } = await lab(page, 'lookup');
      assert.deepEqual(output.shape, [4, 4]);
      assert.deepEqual(output.rows, [2, 0, 5, 2].map((row) => weight[row]));
      assert.deepEqual(await texts(page, '.output-rows .from'), ['row 2', 'row 0', 'row 5', 'row 2']);
      assert.match(await squeezed(page.locator('#lookup .status')), /^4 indices, so 4 rows copied\. Row 2 is copied more than once\. Read: 4 × 4 numbers × 4 bytes = 64 bytes/);
      assert.equal(await page.locator('#lookup tr[data-row="2"] .times').textContent(), '×2');
      assert.equal(await page.locator('#lookup tr.used').count(), 3);
    });
  });

  test('draws a link for every index, all faint but the one in focus', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      assert.deepEqual(await dark(page), [0]);
      assert.equal(await page.locator('#lookup .links .faint [data-link]').count(), 3);
      assert.equal(await page.locator('#lookup .links .faint').evaluate((group) => getComputedStyle(group).opacity), '0.2');
      await page.waitForFunction(() => [...document.querySelectorAll('#lookup .links path')].every((path) => path.getTotalLength() > 100));
      const ends = await page.evaluate(() => [...document.querySelectorAll('#lookup .links [data-link]')].map((link) => {
        const [path, box] = [link.firstElementChild, (selector) => document.querySelector(`#lookup ${selector}`).getBoundingClientRect()];
        const [start, origin] = [path.getPointAtLength(0), link.ownerSVGElement.getBoundingClientRect()];
        const from = box(`.chip[data-position="${link.dataset.link}"]`);
        return [start.x - (from.right - origin.left), start.y - ((from.top + from.bottom) / 2 - origin.top)];
      }));
      for (const [beside, off] of ends) assert.ok(beside > 0 && beside < 8 && Math.abs(off) < 1, 'each leaves its index to the right');
    });
  });
});

testStates('lookup');

describe('a call that fails', () => {
  const OUT_OF_RANGE = 'IndexError: index out of range in self';
  const ERRORS = {
    '[-1]': [OUT_OF_RANGE, 'RangeError: index out of range in self: index -1 at position [0], valid range [0, 6)'],
    '[6]': [OUT_OF_RANGE, 'RangeError: index out of range in self: index 6 at position [0], valid range [0, 6)'],
    '[1.0]': [
      'RuntimeError: Expected tensor for argument #1 \'indices\' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead (while checking arguments for embedding)',
      'TypeError: Expected tensor for argument #1 \'indices\' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead (while checking arguments for embedding): a float32 tensor; use to("int32")',
    ],
  };
  for (const [name, expected] of Object.entries(ERRORS)) {
    test(`${name} shows the exact errors, leaves the table alone and takes the focus to the message`, async () => {
      await visit('#v=2&s=lookup', {}, async (page) => {
        const { weight } = await lab(page, 'lookup');
        await preset(page, name).click();
        await page.waitForFunction(() => document.activeElement.id === 'lookup-error');
        assert.deepEqual(await texts(page, '#lookup-error code'), expected);
        const after = await lab(page, 'lookup');
        assert.deepEqual(after.weight, weight);
        assert.equal(after.output, null);
        assert.equal(await page.locator('#lookup .output-rows').count(), 0);
        assert.equal(await chip(page, 0).getAttribute('aria-invalid'), 'true');
        assert.equal(await chip(page, 0).getAttribute('aria-describedby'), 'lookup-error');
        assert.equal(await page.locator('#lookup .links .refused').count(), 1);
        await hears(page, /^The call fails and nothing changes\./);
      });
    });
  }

  test('marks the indices that are to blame, and only those', async () => {
    await show(at('1,2;4,6'), async (page) => {
      assert.deepEqual(await page.locator('#lookup .chip.bad').evaluateAll((chips) => chips.map((bad) => bad.dataset.position)), ['3']);
      assert.match((await texts(page, '#lookup-error code'))[1], /index 6 at position \[1, 1\]/);
      assert.equal(await size(page, 'output'), '');
    });
  });

  test('lets the reader finish typing, wherever the pointer goes meanwhile', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      await chip(page, 0).fill('4');
      await page.locator('#lookup .output-rows li').nth(2).hover();
      await settled(page);
      assert.equal(await chip(page, 0).inputValue(), '4');
      await chip(page, 0).press('Enter');
      await settled(page);
      assert.deepEqual(await texts(page, '.from'), ['row 4', 'row 0', 'row 5', 'row 2']);
    });
  });

  test('is over once the index is good again', async () => {
    await visit(at('3,6'), {}, async (page) => {
      await fill(page, chip(page, 1), 5);
      assert.equal(await page.locator('#lookup-error').count(), 0);
      assert.deepEqual((await lab(page, 'lookup')).output.shape, [2, 4]);
    });
  });
});

describe('the index tensor', () => {
  test('of two dimensions gives an output of three', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      await preset(page, '[[1, 2], [4, 3]]').click();
      await settled(page);
      assert.equal(await size(page, 'output'), 'torch.Size([2, 2, 4])');
      assert.deepEqual(await texts(page, '.at'), ['[0, 0]', '[0, 1]', '[1, 0]', '[1, 1]']);
      assert.deepEqual(await texts(page, '.from'), ['row 1', 'row 2', 'row 4', 'row 3']);
    });
  });

  test('may be a scalar or empty', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      await preset(page, 'scalar 3').click();
      await settled(page);
      assert.equal(await size(page, 'indices'), 'torch.Size([])');
      assert.equal(await size(page, 'output'), 'torch.Size([4])');
      await preset(page, 'empty []').click();
      await settled(page);
      assert.equal(await size(page, 'output'), 'torch.Size([0, 4])');
      assert.deepEqual(await texts(page, '.nothing'), ['no indices', 'no rows']);
      assert.match(await page.locator('#lookup .status').textContent(), /its output is empty/);
    });
  });

  test('grows and shrinks by rows and columns, and keeps its numbers', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      const steps = [['+ index', '[5]'], ['− index', '[4]'], ['+ row', '[2, 4]'], ['− column', '[2, 3]'], ['+ row', '[3, 3]'], ['− row', '[2, 3]'], ['− row', '[1, 3]'], ['− row', '[3]'], ['− index', '[2]'], ['− index', '[1]'], ['− index', '[0]'], ['+ index', '[1]']];
      for (const [button, expected] of steps) {
        await page.locator('#lookup').getByRole('button', { name: button, exact: true }).click();
        await settled(page);
        assert.equal(await size(page, 'indices'), `torch.Size(${expected})`);
        assert.equal(await size(page, 'output'), `torch.Size(${expected.replace(']', ', 4]')})`);
      }
    });
    await visit(at('2,0,5'), {}, async (page) => {
      await page.locator('#lookup-higher').click();
      await settled(page);
      assert.deepEqual((await lab(page, 'lookup')).output.shape, [2, 3, 4]);
      assert.match(await page.locator('#lookup-pytorch').textContent(), /torch\.tensor\(\[\[2, 0, 5\], \[3, 1, 0\]\]\)/);
    });
  });

  test('is edited in place: the row that is named comes out, and is said', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      await fill(page, chip(page, 1), 4);
      const { weight, output } = await lab(page, 'lookup');
      assert.deepEqual(output.rows[1], weight[4]);
      assert.match(await page.locator('#lookup-pytorch').textContent(), /torch\.tensor\(\[2, 4, 5, 2\]\)/);
      await hears(page, /^4 indices, so 4 rows copied/);
      await fill(page, chip(page, 1), '1.0');
      assert.match((await lab(page, 'lookup')).error.message, /but got torch\.FloatTensor/);
      assert.equal(await page.evaluate(() => document.activeElement.id), 'lookup-index-1', 'typing keeps the focus');
      assert.equal(await chip(page, 1).inputValue(), '1.0');
      await chip(page, 1).fill('');
      await chip(page, 1).press('Enter');
      await settled(page);
      assert.equal(await chip(page, 1).inputValue(), '1.0', 'what is no number gives way to the number in force');
    });
  });

  test('flies its rows into the output for 400 ms, unless motion is unwanted', async () => {
    for (const [reducedMotion, expected] of [['no-preference', [400, 400, 400, 400]], ['reduce', []]]) {
      await visit('#v=2&s=lookup', { reducedMotion }, async (page) => {
        assert.deepEqual(await page.evaluate(() => document.getAnimations().length), 0);
        const durations = await preset(page, '[[1, 2], [4, 3]]').evaluate((button) => new Promise((resolve) => {
          button.click();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(document.getAnimations().map((flight) => flight.effect.getTiming().duration))));
        }));
        assert.deepEqual(durations, expected);
      });
    }
  });
});

describe('following a row', () => {
  test('works from an index, from a row of the table and from a copy', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      await chip(page, 2).focus();
      await settled(page);
      assert.deepEqual(await dark(page), [2]);
      await page.locator('#lookup .output-rows li').nth(1).hover();
      await settled(page);
      assert.deepEqual(await dark(page), [1]);
      await page.locator('#lookup tr[data-row="2"] td').first().hover();
      await settled(page);
      assert.deepEqual(await dark(page), [0, 3], 'both copies of row 2');
    });
  });

  test('works with the keyboard: Tab reaches the indices, arrows move in the table', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      await chip(page, 3).focus();
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'lookup-weight-0-0');
      await settled(page);
      assert.deepEqual(await dark(page), [1], 'row 0 is the second index');
      for (const row of [1, 2]) {
        await page.keyboard.press('ArrowDown');
        await page.waitForFunction((id) => document.activeElement.id === id, `lookup-weight-${row}-0`);
      }
      await settled(page);
      assert.deepEqual(await dark(page), [0, 3]);
      await page.keyboard.press('s');
      await hears(page, /^row 2: 0\.2000, 0\.5000, -0\.9000, -0\.6000$/);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'lookup-wider', 'the grid is one tab stop');
    });
  });
});

describe('the keyboard', () => {
  test('goes from the index tensors to the indices, to the table, to the shape', async () => {
    const before = ['outputn=Windicesn', 'lookup-predict', '[2, 0, 5, 2]', '[[1, 2], [4, 3]]', 'scalar 3', 'empty []', '[-1]', '[6]', '[1.0]'];
    const after = ['lookup-weight-0-0', 'lookup-wider', 'lookup-narrower', 'lookup-higher', 'lookup-lower', ...lastStops('lookup')];
    for (const [state, count] of [['2,0,5,2', 4], ['1,2;4,3', 4], ['6', 1], ['', 0]]) {
      const indices = Array.from({ length: count }, (_, n) => `lookup-index-${n}`);
      await show(at(state), async (page) => assert.deepEqual(await tabStops(page, 'lookup'), [...before, ...indices, ...after]));
    }
  });

  test('has all keys of a grid in the table', async () => {
    await show(at('2,0,5,2'), async (page) => assertGridKeys(page, 'lookup-weight', [5, 3]));
  });
});

describe('the address', () => {
  test('restores the index tensor', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      await preset(page, '[[1, 2], [4, 3]]').click();
      await settled(page);
      await fill(page, chip(page, 0), 5);
      await page.waitForFunction(() => /lookup\.indices=5,2;4,3/.test(location.hash));
      const before = await lab(page, 'lookup');
      await page.reload();
      await page.waitForFunction(() => globalThis.__lab);
      assert.deepEqual(await lab(page, 'lookup'), before);
    });
  });

  test('clamps junk', async () => {
    const JUNK = {
      '1,,x,2': 'torch.Size([2])', x: 'torch.Size([4])', ';;': 'torch.Size([4])', '1;2,3': 'torch.Size([2, 1])', 'scalar:': 'torch.Size([4])',
      '1,1,1,1,1,1,1,1,1,1,1': 'torch.Size([8])', '1,1,1,1,1,1;2,2,2,2,2,2': 'torch.Size([2, 4])', '1;1;1;1;1;1': 'torch.Size([4, 1])', '1e99': 'torch.Size([1])', '%E0%A4%A': 'torch.Size([0])',
    };
    for (const [junk, expected] of Object.entries(JUNK)) {
      await show(at(junk), async (page) => assert.equal(await size(page, 'indices'), expected, junk));
    }
    await show(at('99999999'), async (page) => assert.equal(await chip(page, 0).inputValue(), '9999'));
  });
});

describe('every reader', () => {
  const STATES = { 'the first state': '2,0,5,2', 'two dimensions': '1,2,3,4;5,0,1,2;3,4,5,0;1,2,3,4', 'an error': '1.5,-1', empty: '', scalar: 'scalar:3' };
  for (const [reader, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
    test(`finds nothing to complain about: ${reader}`, async () => {
      for (const state of Object.values(STATES)) {
        await visit(at(state), options, async (page) => {
          await page.locator('#lookup details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
          await assertAccessible(page, '#lookup');
          if (options === PHONE) await assertFits(page);
        });
      }
    });
  }

  test('has targets of 44 px for a finger', async () => {
    await visit(at('1,2;4,3'), PHONE, async (page) => {
      const small = await page.locator('#lookup :is(.chip input, .segments button)').evaluateAll((all) => all.filter((element) => element.getBoundingClientRect().height < 44).map(({ id }) => id));
      assert.deepEqual(small, []);
    });
  });

  test('reads it in Chinese, in every state', async () => {
    for (const state of Object.values(STATES)) {
      await show(at(state, '&lang=zh'), async (page) => {
        assert.match(await page.locator('#lookup-heading').textContent(), /查表就是复制行/);
        assert.doesNotMatch(await page.locator('#lookup').textContent(), /undefined|\[object/);
      });
    }
  });
});

describe('the numbers', () => {
  test('are the package\'s: a package with wrong numbers shows wrong numbers everywhere', async () => {
    await assertSpoiled('#v=2&s=lookup', `
      const spoil = (values) => { for (let i = 0; i < values.length; i++) values[i] = 0.35 - 2 * values[i]; };
      export class Embedding extends real.Embedding {
        static fromPretrained(...args) {
          const layer = real.Embedding.fromPretrained(...args);
          const forward = layer.forward.bind(layer);
          spoil(layer.weight.data);
          layer.forward = (indices) => { const output = forward(indices); spoil(output.data); return output; };
          return layer;
        }
      }`, () => {
      const all = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(`#lookup ${selector}`)].map(read);
      return {
        cells: all('.cells td'), labels: all('.cells td', (cell) => cell.getAttribute('aria-label')), tints: all('.cells td', (cell) => cell.getAttribute('style') + cell.className),
        output: all('.strip .heat'), spoken: all('.strip', (strip) => strip.getAttribute('aria-label').replace(/^[^:]*/, '')),
        printed: all('#lookup-printed')[0].match(/-?\d\.\d+/g),
      };
    });
  });

  test('come from a call of the layer, whatever the reader does', async () => {
    await assertCalls('#v=2&s=lookup', [
      ['an index', (page) => fill(page, chip(page, 1), 4), { 'Embedding.forward': 1 }],
      ['a shape', (page) => page.locator('#lookup-higher').click(), { 'Embedding.forward': 1 }],
      ['a tensor of two dimensions', (page) => preset(page, '[[1, 2], [4, 3]]').click(), { 'Embedding.fromPretrained': 1, 'Embedding.forward': 1 }],
      ['an index that no row has', (page) => preset(page, '[-1]').click(), { 'Embedding.forward': 1 }],
      ['a tensor of floats', (page) => preset(page, '[1.0]').click(), { 'Embedding.forward': 1 }],
    ]);
  });

  test('leave no tensor behind, however long one plays', async () => {
    await visit('#v=2&s=lookup', {}, async (page) => {
      const play = async (times) => {
        for (let k = 0; k < times; k++) {
          await preset(page, ['[[1, 2], [4, 3]]', '[6]', '[1.0]', 'scalar 3'][k % 4]).click();
          await settled(page);
        }
        return page.evaluate(() => globalThis.__lab.memory());
      };
      const early = await play(4);
      assert.deepEqual(await play(24), early);
    });
  });
});
