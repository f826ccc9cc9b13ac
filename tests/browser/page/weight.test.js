import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, fill, hears, lab, lastStops, messages, settled, show, tabStops, visit } from './visit.js';

const WEIGHT = '#v=2&s=weight';
const LARGE = `${WEIGHT}&weight.n=10000&weight.d=64`;

const grid = (page) => page.locator('#weight-map');
const active = (page) => page.evaluate(() => {
  const element = document.getElementById(document.getElementById('weight-map').getAttribute('aria-activedescendant'));
  return { focused: document.activeElement.id, label: element?.getAttribute('aria-label'), row: element?.parentElement.getAttribute('aria-rowindex'), column: element?.getAttribute('aria-colindex') };
});

/** The pixel in the middle of a cell, and the colour that its value should have, mixed from the page's own tokens. */
const pixelOf = (page, row, column) => page.evaluate(([row, column]) => {
  const { rows, columns, top, values, reach, row: here } = globalThis.__lab.section('weight');
  if (row !== here) throw new Error(`row ${row} is not the one whose values the hook shows`);
  const canvas = document.querySelector('.heat-window canvas');
  const map = document.getElementById('weight-map');
  const ratio = canvas.width / canvas.clientWidth;
  const [width, height] = [map.clientWidth / columns, map.clientHeight / Math.min(rows, document.querySelectorAll('#weight-map [role="row"]').length)];
  const one = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  one.drawImage(canvas, Math.floor((column + 0.5) * width * ratio), Math.floor((row - top + 0.5) * height * ratio), 1, 1, 0, 0, 1, 1);
  const found = one.getImageData(0, 0, 1, 1).data;
  const token = (name) => {
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    map.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  const place = Math.min(255, Math.max(0, Math.floor(((values[column] + reach) / (2 * reach)) * 256)));
  const steps = place >= 128 ? place - 128 : 127 - place;
  one.fillStyle = `color-mix(in oklab, ${token(place >= 128 ? '--positive' : '--negative')} ${(100 * steps) / 127}%, ${token('--zero')})`;
  one.fillRect(0, 0, 1, 1);
  return { found: [...found], expected: [...one.getImageData(0, 0, 1, 1).data], value: values[column] };
}, [row, column]);

test('the first state already makes the point: noise, rows about √64 = 8 long, and how much it is', async () => {
  await visit(WEIGHT, {}, async (page) => {
    assert.equal(await page.locator('#weight-status').textContent(), '1,000 rows of 64: 64,000 parameters, 256,000 bytes.');
    assert.match(await page.locator('.weight-figure .caption').textContent(), /about √64 = 8 long \(here 7\.9604 on average\), and not 1\.$/);
    const { rows, columns, counts, reach } = await lab(page, 'weight');
    assert.deepEqual([rows, columns], [1000, 64]);
    assert.ok(counts.every((count) => count < 6000) && counts[20] > 5000);
    assert.ok(reach > 2.5 && reach < 2.65, 'the 99th percentile of the sizes');
  });
});

test('a row of one number is not said to be about √1 long', async () => {
  await show(`${WEIGHT}&weight.d=1`, async (page) => {
    assert.match(await page.locator('.weight-figure .caption').textContent(), /A row of one number is as long as its size, here 0\.\d{4} on average\.$/);
  });
});

test('a table of 10,000 rows is painted and named row by row: Ctrl+End shows the last', async () => {
  await visit(LARGE, {}, async (page) => {
    await grid(page).focus();
    await page.keyboard.press('Control+End');
    await settled(page);
    assert.equal(await grid(page).getAttribute('aria-rowcount'), '10000');
    assert.equal(await grid(page).getAttribute('aria-colcount'), '65');
    assert.ok(await grid(page).locator('[role="row"]').count() <= 40);
    const { top, row, column, values } = await lab(page, 'weight');
    assert.deepEqual([top, row, column], [9960, 9999, 63]);
    const { label, row: index, column: columnIndex } = await active(page);
    assert.match(label, /^row 9999, column 63: -?\d\.\d{4}$/);
    assert.ok(Math.abs(Number(label.split(': ')[1]) - values[63]) < 6e-5);
    assert.deepEqual([index, columnIndex], ['10000', '65']);
    for (const at of [0, 17, 62]) {
      const { found, expected } = await pixelOf(page, 9999, at);
      assert.deepEqual(found, expected, `column ${at}`);
    }
  });
});

test('all keys of a grid move in it, and a key that is held down misses nothing', async () => {
  await visit(LARGE, {}, async (page) => {
    await grid(page).focus();
    const at = async () => {
      const { row, column, top } = await lab(page, 'weight');
      return [row, column, top];
    };
    const press = async (key, times = 1) => {
      for (let n = 0; n < times; n++) await page.keyboard.press(key);
      await settled(page);
      assert.equal((await active(page)).focused, 'weight-map');
      return at();
    };
    assert.deepEqual(await press('Control+Home'), [0, 0, 0]);
    assert.deepEqual(await press('ArrowUp'), [0, 0, 0]);
    assert.deepEqual(await press('ArrowDown', 50), [50, 0, 11]);
    assert.deepEqual(await press('ArrowRight', 3), [50, 3, 11]);
    assert.deepEqual(await press('ArrowLeft'), [50, 2, 11]);
    assert.deepEqual(await press('PageDown', 5), [250, 2, 211]);
    assert.deepEqual(await press('PageUp', 2), [170, 2, 170]);
    assert.deepEqual(await press('End'), [170, 63, 170]);
    assert.deepEqual(await press('Home'), [170, 0, 170]);
    assert.deepEqual(await press('Control+End'), [9999, 63, 9960]);
    await page.keyboard.press('s');
    await hears(page, /^row 9999: norm \d\.\d{4}, largest -?\d\.\d{4} at column \d+$/);
  });
});

test('Tab goes from the table, one stop, to the sizes, to a row and to its number', async () => {
  await show(WEIGHT, async (page) => assert.deepEqual(await tabStops(page, 'weight'), [
    'weight-predict', 'weight-map', 'weight-n', 'weight-n-field', 'weight-d', 'weight-d-field', 'N(0, 1)', 'zeros', 'a table of one’s own', '99 % of the numbers', '±3',
    'More: strokes for the sign, the seed', 'The counts as a table', 'weight-row', 'weight-column', 'The numbers of row 2, scrolls sideways', ...lastStops('weight'),
  ]));
});

test('a slider that moves says nothing before it is let go, and then one sentence', async () => {
  await show(WEIGHT, async (page) => {
    const said = await messages(page, () => page.locator('#weight-d').evaluate((slider) => {
      for (const value of [65, 66, 67]) {
        slider.value = value;
        slider.dispatchEvent(new Event('input'));
      }
      slider.dispatchEvent(new Event('change'));
    }), /^1,000 rows of 67/);
    assert.deepEqual(said, ['1,000 rows of 67: 67,000 parameters, 268,000 bytes.']);
    assert.equal(await page.locator('#weight-d').getAttribute('aria-valuetext'), '67 numbers in a row');
  });
});

test('a cell that is clicked is looked at closely, as a row and as a number; so is one that is named', async () => {
  await visit(LARGE, {}, async (page) => {
    await grid(page).scrollIntoViewIfNeeded();
    const box = await grid(page).boundingBox();
    await page.mouse.click(box.x + (10.5 * box.width) / 64, box.y + 14 * 7 + 7);
    await settled(page);
    const { row, column, values } = await lab(page, 'weight');
    assert.deepEqual([row, column], [7, 10]);
    const texts = await page.locator('.row-strip .heat').allTextContents();
    assert.equal(texts.length, 64);
    texts.forEach((text, n) => assert.ok(Math.abs(Number(text) - values[n]) < 6e-5));
    assert.ok(await page.locator('.row-strip .here').evaluate((cell) => {
      const [inner, outer] = [cell.getBoundingClientRect(), cell.closest('.row-strip').getBoundingClientRect()];
      return inner.left >= outer.left && inner.right <= outer.right;
    }), 'the number is in view');
    await fill(page, page.locator('#weight-row'), 5000);
    await fill(page, page.locator('#weight-column'), 63);
    const next = await lab(page, 'weight');
    assert.deepEqual([next.row, next.column], [5000, 63]);
    assert.ok(next.top <= 5000 && next.top + 40 > 5000, 'the row has come into the window');
    await fill(page, page.locator('#weight-row'), 1e9);
    assert.equal((await lab(page, 'weight')).row, 9999);
  });
});

test('a number is its 32 bits, and Enter and Escape go there and back', async () => {
  await visit(`${WEIGHT}&weight.row=0&weight.col=0`, {}, async (page) => {
    await grid(page).focus();
    await page.keyboard.press('Enter');
    assert.equal((await active(page)).focused, 'weight-number');
    const bits = (await page.locator('#weight-number .bits').evaluateAll((all) => all.map((part) => part.getAttribute('aria-label')))).join('');
    const { values } = await lab(page, 'weight');
    assert.equal(bits, new Uint32Array(Float32Array.of(values[0]).buffer)[0].toString(2).padStart(32, '0'));
    assert.match(await page.locator('#weight-number').textContent(), /−1\.1258 × 2 to the power 0\./);
    await page.keyboard.press('Escape');
    assert.equal((await active(page)).focused, 'weight-map');
  });
});

test('scrolling with the wheel shows other rows, and leaves the chosen one chosen', async () => {
  await visit(LARGE, {}, async (page) => {
    await grid(page).scrollIntoViewIfNeeded();
    const box = await grid(page).boundingBox();
    await page.mouse.move(box.x + 50, box.y + 50);
    await page.mouse.wheel(0, 1400);
    await page.waitForFunction(() => globalThis.__lab.section('weight').top === 100);
    await settled(page);
    assert.equal((await lab(page, 'weight')).row, 2);
    assert.equal(await grid(page).locator('[role="row"]').first().getAttribute('aria-rowindex'), '101');
    assert.equal(await grid(page).getAttribute('aria-activedescendant'), null);
    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    await settled(page);
    assert.equal((await lab(page, 'weight')).top, 3, 'a key brings it back');
  });
});

test('the colours follow the theme, and zero is the surface in both', async () => {
  const zero = { light: [244, 243, 240, 255], dark: [27, 29, 34, 255] };
  await visit(`${WEIGHT}&weight.init=zeros&theme=light`, {}, async (page) => {
    const pixel = async () => {
      const { found, expected } = await pixelOf(page, 2, 3);
      assert.deepEqual(found, expected);
      return found;
    };
    assert.deepEqual(await pixel(), zero.light);
    await page.evaluate(() => { document.querySelector('[name="theme"][value="dark"]').click(); });
    await settled(page);
    assert.deepEqual(await pixel(), zero.dark);
  });
  for (const options of [{}, DARK]) {
    await visit(WEIGHT, options, async (page) => {
      for (const column of [0, 5, 20, 40]) {
        const { found, expected } = await pixelOf(page, 2, column);
        assert.deepEqual(found, expected);
      }
    });
  }
});

test('rows, columns and what the table begins with do what they say', async () => {
  await visit(WEIGHT, {}, async (page) => {
    await page.locator('#weight-n').focus();
    await page.keyboard.press('Home');
    await settled(page);
    assert.equal(await page.locator('#weight-n').getAttribute('aria-valuetext'), '4 rows');
    assert.equal((await lab(page, 'weight')).rows, 4);
    await fill(page, page.locator('#weight-n-field'), 257);
    await fill(page, page.locator('#weight-d-field'), 7);
    const { rows, columns, values } = await lab(page, 'weight');
    assert.deepEqual([rows, columns, values.length], [257, 7, 7]);
    await hears(page, /^257 rows of 7: 1,799 parameters, 7,196 bytes\.$/);
    await page.getByRole('button', { name: 'zeros' }).click();
    await settled(page);
    const zeros = await lab(page, 'weight');
    assert.ok(zeros.values.every((value) => value === 0));
    assert.equal(zeros.norm, 0);
    await hears(page, /All zeros: every index gets the same row/);
    await page.getByRole('button', { name: 'a table of one’s own' }).click();
    await settled(page);
    assert.deepEqual((await lab(page, 'weight')).values, [14, 15, 16, 17, 18, 19, 20]);
    await fill(page, page.locator('#weight-n-field'), '');
    assert.equal(await page.locator('#weight-n-field').inputValue(), '257');
  });
});

test('the colour range follows the table, or is fixed, and says how many numbers are beyond', async () => {
  await visit(WEIGHT, {}, async (page) => {
    const note = () => page.locator('.range-note').textContent();
    assert.match(await note(), /−2\.5856[^]*\+2\.5856[^]*640 beyond/);
    await page.getByRole('button', { name: '±3' }).click();
    await settled(page);
    const { reach, clipped } = await lab(page, 'weight');
    assert.equal(reach, 3);
    assert.ok(clipped > 100 && clipped < 300);
    assert.match(await note(), new RegExp(`−3[^]*\\+3[^]*${clipped} beyond`));
  });
});

test('junk in the address gives way to what is valid', async () => {
  await visit(`${WEIGHT}&weight.n=1e9&weight.d=-4&weight.init=ones&weight.range=x&weight.row=1e99&weight.col=77&weight.seed=abc`, {}, async (page) => {
    const { rows, columns, row, column } = await lab(page, 'weight');
    assert.deepEqual([rows, columns, row, column], [10000, 1, 9999, 0]);
    assert.equal(await page.locator('#weight-seed').inputValue(), '0');
  });
});

test('a state is in its address', async () => {
  const address = `${WEIGHT}&weight.n=40&weight.d=8&weight.range=fixed&weight.seed=3&weight.row=39&weight.col=7`;
  await visit(address, {}, async (page) => {
    assert.equal(await page.evaluate(() => globalThis.__lab.address()), address);
    assert.match((await active(page)).label, /^row 39, column 7: /);
  });
});

test('a large table follows a slider when it is let go, a small one at once', async () => {
  await visit('#v=2&s=weight&weight.n=10000&weight.d=64', {}, async (page) => {
    const drag = async (value) => {
      await page.locator('#weight-d').evaluate((input, value) => {
        input.value = value;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }, value);
      await settled(page);
      return (await lab(page, 'weight')).columns;
    };
    assert.equal(await drag(128), 64, '1,280,000 numbers');
    assert.equal(await page.locator('#weight .picture').getAttribute('aria-busy'), 'true');
    assert.equal(await page.locator('#weight-d-field').inputValue(), '128');
    assert.match(await page.locator('#weight-printed').textContent(), /10000, 64/);
    assert.equal(await drag(1), 1, '10,000 numbers');
    assert.equal(await drag(127), 1);
    await page.locator('#weight-d').dispatchEvent('pointerup');
    await settled(page);
    assert.equal((await lab(page, 'weight')).columns, 127);
    assert.equal(await page.locator('#weight .picture').getAttribute('aria-busy'), 'false');
  });
});

testStates('weight');

test('playing leaves no tensor behind', async () => {
  await visit(WEIGHT, {}, async (page) => {
    const play = async (times) => {
      for (let n = 0; n < times; n++) {
        await page.locator('#weight-d').press(n % 2 ? 'ArrowLeft' : 'ArrowRight');
        await grid(page).press(n % 2 ? 'PageUp' : 'PageDown');
        await page.locator('#weight-init ~ .segments button').nth(n % 2 ? 0 : 2).press('Enter');
        await settled(page);
      }
      return page.evaluate(() => globalThis.__lab.memory());
    };
    const early = await play(2);
    assert.deepEqual(await play(8), early);
  });
});

test('nothing is drawn while nobody does anything', async () => {
  await visit(WEIGHT, {}, async (page) => {
    await settled(page);
    const before = (await lab(page, 'weight')).paints;
    await page.evaluate(() => new Promise((resolve) => {
      let frames = 0;
      const wait = () => (++frames < 30 ? requestAnimationFrame(wait) : resolve());
      wait();
    }));
    assert.equal((await lab(page, 'weight')).paints, before);
  });
});

test('a package with wrong numbers shows wrong numbers everywhere', async () => {
  await assertSpoiled(WEIGHT, `
    export class Embedding extends real.Embedding {
      constructor(...args) { super(...args); const { data } = this.weight; for (let i = 0; i < data.length; i++) data[i] = 0.3 - 2 * data[i]; }
    }`, () => {
    const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(selector)].map(read);
    return {
      strip: texts('.row-strip .heat'),
      tints: [texts('.row-strip .heat', (cell) => cell.getAttribute('style') + cell.className).join()],
      spoken: texts('#weight-map [role="gridcell"], #weight-map [role="rowheader"]', (cell) => cell.getAttribute('aria-label') ?? cell.textContent),
      picture: [document.querySelector('.heat-window canvas').toDataURL()],
      caption: texts('.weight-figure .caption'),
      histogram: [texts('.histogram .bar', (bar) => bar.getAttribute('height')).join()],
      number: texts('#weight-number .stage, #weight-number .hint'),
      range: texts('.range-note'),
      printed: texts('#weight-printed', (element) => element.textContent.match(/-?\d\.\d{4}/g)).flat(),
    };
  });
});

test('each control calls the package', async () => {
  await assertCalls(WEIGHT, [
    ['rows', (page) => page.locator('#weight-n-field').fill('100').then(() => page.locator('#weight-n-field').press('Enter')), { 'new Embedding': 1, manualSeed: 1, 'Tensor.norm': 1, histogram: 2, quantiles: 2, paint: 1 }],
    ['columns', (page) => page.locator('#weight-d').press('ArrowLeft'), { 'new Embedding': 1, manualSeed: 1, histogram: 2, paint: 1 }],
    ['what the table begins with', (page) => page.getByRole('button', { name: 'zeros' }).click(), { 'new Embedding': 1, 'Tensor.zero_': 1, paint: 1 }],
    ['a table of one’s own', (page) => page.getByRole('button', { name: 'a table of one’s own' }).click(), { 'Embedding.fromPretrained': 1, arange: 1, paint: 1 }],
    ['the range of the colours', (page) => page.getByRole('button', { name: '±3' }).click(), { histogram: 1, paint: 1, 'new Embedding': 0 }],
    ['another number', (page) => page.locator('#weight-map').press('ArrowDown'), { 'Tensor.row': 1, 'new Embedding': 0 }],
  ]);
});

const STATES = {
  'in light': [WEIGHT, {}],
  'in dark': [WEIGHT, DARK],
  'on a phone': [LARGE, PHONE],
  'on a phone in dark, of one column': [`${WEIGHT}&weight.n=4&weight.d=1&weight.init=zeros`, { ...PHONE, ...DARK }],
  'of another table, embedded': [`${WEIGHT}&weight.n=12&weight.d=8&weight.init=arange&embed=1`, {}],
};
for (const [name, [address, options]] of Object.entries(STATES)) {
  test(`axe finds nothing ${name}`, async () => {
    await visit(address, options, async (page) => {
      await page.evaluate(() => { for (const details of document.querySelectorAll('#weight details')) details.open = true; });
      await assertAccessible(page, '#weight');
      if (options.isMobile) await assertFits(page);
    });
  });
}

test('the cell that has the focus has a ring', async () => {
  await visit(WEIGHT, {}, async (page) => {
    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    await settled(page);
    const ring = await page.evaluate(() => getComputedStyle(document.getElementById(document.getElementById('weight-map').getAttribute('aria-activedescendant'))).outlineWidth);
    assert.equal(ring, '3px');
  });
});

test('numbers below zero can have a stroke as well as a colour', async () => {
  const picture = (page) => page.evaluate(() => document.querySelector('.heat-window canvas').toDataURL());
  await visit(WEIGHT, {}, async (page) => {
    const plain = await picture(page);
    await page.locator('.weight-figure .more summary').first().click();
    await page.locator('#weight-strokes').check();
    await settled(page);
    assert.notEqual(await picture(page), plain);
    await page.locator('#weight-strokes').uncheck();
    await settled(page);
    assert.equal(await picture(page), plain);
  });
});

test('the row that the address names is in the window, on a phone too, and while the window changes', async () => {
  await visit(`${WEIGHT}&weight.n=10000&weight.row=9999`, PHONE, async (page) => {
    await settled(page);
    await page.waitForFunction(() => globalThis.__lab.section('weight').top === 9976);
    assert.match((await active(page)).label, /^row 9999, /);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.waitForFunction(() => globalThis.__lab.section('weight').top === 9960);
    assert.match((await active(page)).label, /^row 9999, /);
    await page.setViewportSize(PHONE.viewport);
    await page.waitForFunction(() => document.getElementById('weight-map').getAttribute('aria-activedescendant') === 'weight-map-9999-5');
  });
});
