import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { en } from '../../../web/strings/en.js';
import { zh } from '../../../web/strings/zh.js';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, assertGridKeys, fill, hears, lab, lastStops, printed, settled, show, tabStops, visit } from './visit.js';

const HERE = '#v=2&s=optimizers';
const ALL = 'sgd,momentum,adagrad,sparse-adam,adam,adamw';
const at = (fields) => HERE + Object.entries(fields).map(([key, value]) => `&optimizers.${key}=${value}`).join('');
const DRIFT = at({ preset: 'drift', which: ALL, steps: 21 });
const own = (page) => lab(page, 'optimizers');
const step = (page) => page.locator('#optimizers-step');
const play = (page) => page.locator('#optimizers-play');
const panel = (page, name) => page.locator(`.panel[data-optimizer="${name}"]`);
const press = async (page, locator) => {
  await locator.click();
  await settled(page);
};

describe('the first state', () => {
  test('makes the point: SGD and SparseAdam moved the rows of the batch, momentum and Adam every row but the padding', async () => {
    await visit(HERE, {}, async (page) => {
      const { steps, touched, moved } = await own(page);
      assert.equal(steps, 30);
      assert.deepEqual(touched.at(-1), [12, 11, 2]);
      for (const name of ['sgd', 'sparse-adam']) {
        assert.equal(await panel(page, name).locator('p.moved').textContent(), '3 of 13 rows moved, none without being looked up');
        moved[name].forEach((rows, n) => assert.deepEqual(rows, touched[n].filter((row) => row > 0).sort((a, b) => a - b), `${name}, step ${n + 1}`));
      }
      for (const name of ['momentum', 'adam']) {
        assert.equal(await panel(page, name).locator('p.moved').textContent(), '12 of 13 rows moved, 9 without being looked up');
      }
    });
  });

  test('rings the rows of the batch, fills those that moved, and dots the padding', async () => {
    await visit(HERE, {}, async (page) => {
      const marks = (name, kind) => panel(page, name).locator(`.dot.${kind}`).evaluateAll((dots) => dots.map((dot) => Number(dot.dataset.row)).sort((a, b) => a - b));
      assert.deepEqual(await marks('sgd', 'touched'), [2, 11, 12]);
      assert.deepEqual(await marks('sgd', 'moved'), [2, 11, 12]);
      assert.deepEqual(await marks('adam', 'touched'), [2, 11, 12]);
      assert.deepEqual(await marks('adam', 'stayed'), [0]);
      assert.equal(await panel(page, 'sgd').locator('.scatter .pad').count(), 1);
      assert.equal(await panel(page, 'sgd').locator('.raster .drift').getAttribute('d'), '', 'SGD draws no line');
      assert.notEqual(await panel(page, 'adam').locator('.raster .drift').getAttribute('d'), '');
      assert.notEqual(await panel(page, 'sgd').locator('.raster .still').getAttribute('d'), '', 'the padding was looked up and stayed');
    });
  });

  test('is at rest, with Step the first stop of the figure', async () => {
    await visit(HERE, {}, async (page) => {
      assert.equal((await own(page)).playing, false);
      assert.equal(await page.evaluate(() => document.querySelector('#optimizers .figure-place').querySelector('button, input, select, summary, [tabindex="0"]').id), 'optimizers-step');
      await settled(page);
      const drawn = await page.evaluate(() => globalThis.__lab.drawn());
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      assert.equal(await page.evaluate(() => globalThis.__lab.drawn()), drawn);
    });
  });
});

describe('row 1 once, then only row 2', () => {
  test('two steps show who moves: row 1 again under momentum and Adam, every row under AdamW', async () => {
    await visit(at({ preset: 'drift', which: ALL, steps: 0 }), {}, async (page) => {
      await press(page, step(page));
      await press(page, step(page));
      assert.deepEqual((await own(page)).moved, {
        sgd: [[1], [2]], momentum: [[1], [1, 2]], adagrad: [[1], [2]], 'sparse-adam': [[1], [2]], adam: [[1], [1, 2]],
        adamw: [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]],
      });
      await hears(page, /^After step 2: SGD moved 1 row; SGD, momentum 0\.9 moved 2 rows, 1 of them not looked up; .*AdamW moved 5 rows, 4 of them not looked up\.$/);
    });
  });

  test('in 21 steps Adam carries row 1 by 5.37 learning rates and SparseAdam by one', async () => {
    await visit(DRIFT, {}, async (page) => {
      const way = (name) => panel(page, name).locator('.way .norm').textContent();
      assert.equal(await way('sparse-adam'), '[1.0000, 1.0000] × lr');
      assert.equal(await way('adam'), '[5.3662, 5.3662] × lr');
      assert.equal(await way('adagrad'), '[1.0000, 1.0000] × lr');
    });
  });

  test('the button brings all six optimisers and 21 steps, and back', async () => {
    await visit(HERE, {}, async (page) => {
      await press(page, page.getByRole('button', { name: 'row 1 once, then only row 2' }));
      assert.equal(await page.locator('.panel').count(), 6);
      assert.equal((await own(page)).steps, 21);
      await press(page, page.getByRole('button', { name: 'a corpus of 12 words' }));
      assert.equal(await page.locator('.panel').count(), 4);
      assert.equal((await own(page)).steps, 30);
    });
  });
});

describe('step, play, reset', () => {
  test('Step makes one step, Reset none, and the slider leads to the same table', async () => {
    await visit(at({ steps: 11 }), {}, async (page) => {
      await press(page, step(page));
      const stepped = await own(page);
      assert.equal(stepped.steps, 12);
      assert.equal(await page.locator('#optimizers .status').textContent(), 'Step 12 looks up six, two and pad, pulls six and two together and pushes nothing away.');
      await press(page, page.locator('#optimizers-reset'));
      assert.equal((await own(page)).steps, 0);
      assert.deepEqual((await own(page)).moved.sgd, []);
      assert.match(await panel(page, 'sgd').locator('p.moved').textContent(), /No step yet/);
      await fill(page, page.locator('#optimizers-steps-field'), 12);
      assert.deepEqual(await own(page), stepped);
      await page.locator('#optimizers-steps').press('ArrowRight');
      await settled(page);
      assert.equal((await own(page)).steps, 13);
      assert.equal(await page.locator('#optimizers-steps').getAttribute('aria-valuetext'), '13 steps');
    });
  });

  test('Play steps by itself, Pause stops it', async () => {
    await visit(at({ steps: 0 }), {}, async (page) => {
      await play(page).click();
      await page.waitForFunction(() => globalThis.__lab.section('optimizers').steps >= 3);
      assert.equal(await play(page).textContent(), 'Pause');
      await play(page).click();
      const { steps, playing } = await own(page);
      assert.equal(playing, false);
      await settled(page);
      await page.evaluate(() => new Promise((resolve) => { let frames = 20; const next = () => (--frames > 0 ? requestAnimationFrame(next) : resolve()); next(); }));
      assert.equal((await own(page)).steps, steps);
      assert.equal(await play(page).textContent(), 'Play');
    });
  });

  test('Play stops off screen, and is paused when it comes back', async () => {
    await visit(at({ steps: 0 }), {}, async (page) => {
      await play(page).click();
      await page.waitForFunction(() => globalThis.__lab.section('optimizers').steps >= 2);
      await page.evaluate(() => document.querySelector('#optimizers-body').style.setProperty('margin-top', '20000px'));
      await page.evaluate(() => scrollTo(0, 0));
      await page.waitForFunction(() => !globalThis.__lab.section('optimizers').playing);
      await settled(page);
      const before = await page.evaluate(() => [globalThis.__lab.drawn(), globalThis.__lab.section('optimizers').steps]);
      await page.evaluate(() => new Promise((resolve) => { let frames = 20; const next = () => (--frames > 0 ? requestAnimationFrame(next) : resolve()); next(); }));
      assert.deepEqual(await page.evaluate(() => [globalThis.__lab.drawn(), globalThis.__lab.section('optimizers').steps]), before);
      await play(page).scrollIntoViewIfNeeded();
      assert.equal(await play(page).textContent(), 'Play');
    });
  });

  test('Play ends at step 200, where Step says so', async () => {
    await visit(at({ steps: 199, which: 'sgd' }), {}, async (page) => {
      await play(page).click();
      await page.waitForFunction(() => globalThis.__lab.section('optimizers').steps === 200 && !globalThis.__lab.section('optimizers').playing);
      await settled(page);
      assert.equal(await step(page).getAttribute('aria-disabled'), 'true');
      await step(page).press('Enter');
      await hears(page, /^This is step 200, the last\./);
    });
  });

  test('with reduced motion Play is "Run 30 steps" and jumps', async () => {
    await visit(at({ steps: 0 }), { reducedMotion: 'reduce' }, async (page) => {
      assert.equal(await play(page).textContent(), 'Run 30 steps');
      await press(page, play(page));
      const { steps, playing } = await own(page);
      assert.deepEqual([steps, playing], [30, false]);
      await press(page, step(page));
      assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.glides .dot')).transitionDuration), '0s');
    });
  });

  test('everything can be worked by keyboard', async () => {
    await visit(at({ steps: 0 }), {}, async (page) => {
      await step(page).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Space');
      await settled(page);
      assert.equal((await own(page)).steps, 2);
      for (const id of ['optimizers-play', 'optimizers-reset', 'optimizers-steps', 'optimizers-steps-field']) {
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.id), id);
      }
      await page.locator('.settings [data-name="adamw"]').press('Enter');
      await settled(page);
      assert.equal(await page.locator('.panel').count(), 5);
      await page.locator('.in-numbers summary').press('Enter');
      const cell = page.locator('#optimizers-grid td[tabindex="0"]');
      assert.equal(await cell.count(), 1, 'the grid is one tab stop');
      await cell.focus();
      await page.keyboard.press('ArrowDown');
      await page.waitForFunction(() => document.activeElement.id === 'optimizers-grid-1-0');
      await page.keyboard.press('s');
      await hears(page, /^row 1 cat: /);
    });
  });
});

describe('the choices', () => {
  test('the learning rate by slider and by field gives the same tables, and leaves the raster', async () => {
    await visit(HERE, {}, async (page) => {
      const before = await own(page);
      await page.locator('#optimizers-lr').press('ArrowLeft');
      await settled(page);
      const bySlider = await own(page);
      assert.notDeepEqual(bySlider.weights, before.weights);
      assert.deepEqual(bySlider.moved, before.moved);
      await fill(page, page.locator('#optimizers-lr-field'), 0.3);
      await fill(page, page.locator('#optimizers-lr-field'), 0.05);
      assert.deepEqual(await own(page), bySlider);
      await fill(page, page.locator('#optimizers-lr-field'), 1e9);
      assert.equal(await page.locator('#optimizers-lr-field').inputValue(), '1');
      await fill(page, page.locator('#optimizers-lr-field'), '');
      assert.equal(await page.locator('#optimizers-lr-field').inputValue(), '1');
    });
  });

  test('a rate that is too large lets rows run away, to the border of a plane that all share', async () => {
    await visit(at({ lr: 1, steps: 200 }), {}, async (page) => {
      assert.match(await panel(page, 'momentum').locator('.away').textContent(), /^\d+ rows have run out of the plane/);
      const places = await page.locator('.scatter .dot').evaluateAll((dots) => dots.map((dot) => dot.style.transform.match(/-?[\d.]+/g).map(Number)));
      assert.ok(places.flat().every((place) => place >= 0 && place <= 264));
      assert.doesNotMatch(await page.locator('.panels').innerHTML(), /NaN(?!\w)(?=[^<]*["])/);
    });
    await visit(at({ lr: 1, steps: 200, dim: 16 }), {}, async (page) => assert.equal(await page.locator('.panel').count(), 4));
  });

  test('the last optimiser stays', async () => {
    await visit(at({ which: 'adam,sgd' }), {}, async (page) => {
      await press(page, page.locator('.settings [data-name="sgd"]'));
      await press(page, page.locator('.settings [data-name="adam"]'));
      assert.deepEqual(Object.keys((await own(page)).moved), ['adam']);
    });
  });

  test('Adam refuses sparse gradients and SparseAdam dense ones, in PyTorch\'s words', async () => {
    await visit(at({ which: 'adam,sgd', grads: 'sparse' }), {}, async (page) => {
      assert.equal(await panel(page, 'adam').locator('.error code').textContent(), 'Adam does not support sparse gradients, please consider SparseAdam instead');
      assert.equal(await panel(page, 'sgd').locator('.scatter').count(), 1);
    });
    await visit(at({ which: 'sparse-adam', grads: 'dense' }), {}, async (page) => {
      assert.equal(await panel(page, 'sparse-adam').locator('.error code').textContent(), 'SparseAdam does not support dense gradients, please consider Adam instead');
    });
  });

  test('Adagrad gives the same table for dense and for sparse gradients', async () => {
    const tables = [];
    for (const grads of ['dense', 'sparse']) await visit(at({ which: 'adagrad', grads, steps: 50 }), {}, async (page) => { tables.push((await own(page)).weights.adagrad); });
    assert.deepEqual(tables[0], tables[1]);
  });

  test('16 dimensions are seen along axes that stay, with what they hold of the variance', async () => {
    await visit(at({ dim: 16, steps: 12 }), {}, async (page) => {
      assert.match(await page.locator('.training > .hint').textContent(), /which hold 0\.\d{4} of their variance/);
      const places = () => panel(page, 'sgd').locator('.dot').evaluateAll((dots) => Object.fromEntries(dots.map((dot) => [dot.dataset.row, dot.style.transform])));
      const before = await places();
      await press(page, step(page));
      const { touched, moved } = await own(page);
      const after = await places();
      assert.deepEqual(touched.at(-1), [1, 2, 5]);
      assert.deepEqual(moved.sgd.at(-1), [1, 2, 5]);
      for (const row of Object.keys(before)) if (!moved.sgd.at(-1).includes(Number(row))) assert.equal(after[row], before[row], `row ${row} stays`);
    });
  });

  test('the table in numbers and the program are those of the optimiser that is chosen', async () => {
    await visit(HERE, {}, async (page) => {
      await press(page, page.locator('.table-choice').getByRole('button', { name: 'SparseAdam' }));
      assert.match(await page.locator('.in-numbers summary').textContent(), /^The table of SparseAdam after 30 steps/);
      assert.match(await page.locator('#optimizers-pytorch').textContent(), /sparse=True\)\noptimizer = torch\.optim\.SparseAdam\(/);
      assert.match(await page.locator('#optimizers-javascript').textContent(), /sparse: true,\n\}\);\nconst optimizer = new optim\.SparseAdam\(/);
    });
  });
});

test('the first step of a row under SparseAdam is PyTorch\'s, by the step in which it comes', async () => {
  await visit(HERE, {}, async (page) => {
    const shown = await page.locator('.bars tbody tr').evaluateAll((rows) => rows.map((row) => [Number(row.dataset.step), row.querySelector('.norm').textContent]));
    const rounded = Object.fromEntries(shown.map(([step, text]) => [step, Number(text).toFixed(2)]));
    const expected = { 1: '1.00', 2: '0.74', 5: '0.55', 10: '0.48', 20: '0.51', 50: '0.70', 100: '0.98', 1000: '2.51', 5000: '3.15', 10000: '3.16' };
    for (const [step, value] of Object.entries(expected)) assert.equal(rounded[step], value, `step ${step}`);
  });
});

testStates('optimizers');

describe('the address', () => {
  test('holds the choices and not the tables, and brings them back', async () => {
    await visit(HERE, {}, async (page) => {
      await press(page, page.getByRole('button', { name: 'row 1 once, then only row 2' }));
      await page.locator('.settings summary').click();
      await fill(page, page.locator('#optimizers-seed'), 5);
      await fill(page, page.locator('#optimizers-lr-field'), 0.25);
      const before = await own(page);
      const address = await page.evaluate(() => globalThis.__lab.address());
      assert.ok(address.length < 200, address);
      await page.waitForFunction((address) => location.hash.replace('&embed=1', '') === address, address);
      await page.reload();
      await page.waitForFunction(() => globalThis.__lab);
      assert.deepEqual(await own(page), before);
    });
  });

  test('clamps junk', async () => {
    await visit(at({ steps: 1e9, lr: -3, seed: 1e12, dim: 3, which: 'rmsprop', preset: 'x', grads: '?', program: 'lion' }), {}, async (page) => {
      assert.equal((await own(page)).steps, 200);
      assert.equal(await page.locator('#optimizers-lr-field').inputValue(), '0.001');
      assert.equal(await page.locator('#optimizers-seed').inputValue(), '9999');
      assert.equal(await page.locator('.panel').count(), 4);
    });
    await visit(at({ steps: 'NaN', lr: '', seed: '', which: '' }), {}, async (page) => {
      assert.equal((await own(page)).steps, 30);
      assert.equal(await page.locator('#optimizers-lr-field').inputValue(), '0.1');
    });
  });
});

describe('the keyboard', () => {
  test('goes from the steps to the choices, to the figures and to the table in numbers', async () => {
    await show(HERE, async (page) => assert.deepEqual(await tabStops(page, 'optimizers'), [
      'optimizers-predict', 'optimizers-step', 'optimizers-play', 'optimizers-reset', 'optimizers-steps', 'optimizers-steps-field',
      'a corpus of 12 words', 'row 1 once, then only row 2', 'SGD', 'SGD, momentum 0.9', 'Adagrad', 'SparseAdam', 'Adam', 'AdamW', 'optimizers-lr', 'optimizers-lr-field',
      'More: dimensions, gradients, seed', 'SGD', 'SGD, momentum 0.9', 'SparseAdam', 'Adam', 'The table of Adam after 30 steps, in numbers', ...lastStops('optimizers'),
    ]));
  });

  test('has all keys of a grid in the table in numbers', async () => {
    await show(`${HERE}&optimizers.dim=16`, async (page) => {
      await page.locator('.in-numbers').evaluate((details) => { details.open = true; });
      await assertGridKeys(page, 'optimizers-grid', [12, 15]);
    });
  });
});

describe('every reader', () => {
  const STATES = {
    'in light': [HERE, {}], 'in dark': [HERE, DARK], 'on a phone': [HERE, PHONE], 'on a phone in dark, at rest': [at({ steps: 0 }), { ...PHONE, ...DARK }],
    'with six optimisers': [DRIFT, {}], 'with an error': [at({ grads: 'sparse' }), {}], 'with an error, in dark': [at({ grads: 'sparse' }), DARK],
    'embedded, with 16 dimensions': [`${at({ dim: 16 })}&embed=1`, {}],
  };
  for (const [name, [hash, options]] of Object.entries(STATES)) {
    test(`axe finds nothing ${name}`, async () => {
      await visit(hash, options, async (page) => {
        await page.evaluate(() => { for (const details of document.querySelectorAll('#optimizers details')) details.open = true; });
        await assertAccessible(page, '#optimizers');
        if (options.isMobile) await assertFits(page);
      });
    });
  }

  test('fits 360 px with six optimisers and 16 dimensions, open', async () => {
    await visit(at({ dim: 16, which: ALL, preset: 'drift' }), PHONE, async (page) => {
      await page.evaluate(() => { for (const details of document.querySelectorAll('#optimizers details')) details.open = true; });
      await assertFits(page);
      const small = await page.evaluate(() => [...document.querySelectorAll('#optimizers .training button, #optimizers .training input')]
        .filter((element) => element.getBoundingClientRect().height < 44).map((element) => element.id || element.textContent));
      assert.deepEqual(small, []);
    });
  });

  test('keeps Step within reach on a phone, below the rail', async () => {
    await visit('', PHONE, async (page) => {
      await page.locator('.panels').evaluate((panels) => panels.scrollIntoView());
      const reached = await step(page).evaluate((button) => {
        const { left, top, width, height } = button.getBoundingClientRect();
        return [0.1, 0.9].map((part) => document.elementFromPoint(left + width / 2, top + part * height) === button);
      });
      assert.deepEqual(reached, [true, true]);
    });
  });

  test('keeps the marks apart when colours are forced', async () => {
    await visit(HERE, { forcedColors: 'active' }, async (page) => {
      const paint = (selector, property) => page.evaluate(([selector, property]) => getComputedStyle(document.querySelector(selector))[property], [selector, property]);
      assert.notEqual(await paint('.dot.moved .mark', 'fill'), await paint('.dot.stayed .mark', 'fill'));
      assert.notEqual(await paint('.raster .block', 'fill'), await paint('.raster .still', 'fill'));
      assert.notEqual(await paint('.raster .drift', 'fill'), await paint('.panel', 'backgroundColor'));
    });
  });

  test('finds every sentence in both languages', () => {
    const shape = (words) => (typeof words === 'object' ? (Array.isArray(words) ? words.map(shape) : Object.fromEntries(Object.entries(words).map(([key, value]) => [key, shape(value)]))) : typeof words);
    assert.deepEqual(shape(zh.sections.optimizers), shape(en.sections.optimizers));
  });
});

describe('the numbers', () => {
  test('are the package\'s: a package with wrong numbers shows wrong numbers everywhere', () => assertSpoiled(at({ preset: 'drift', which: 'sgd,adam', steps: 3 }), `
    const spoil = (Class) => class extends Class {
      step() {
        super.step();
        for (const { params } of this.paramGroups) for (const param of params) param.data.forEach((value, n) => { param.data[n] = 0.3 - 1.5 * value; });
      }
    };
    export const optim = Object.fromEntries(Object.entries(real.optim).map(([name, Class]) => [name, spoil(Class)]));
    real.Tensor.prototype.equal = () => false;
  `, () => {
    const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(`#optimizers ${selector}`)].map(read);
    return {
      dots: texts('.dot[data-row]', (dot) => `${dot.dataset.row}: ${dot.style.transform}`).sort(),
      trails: texts('.trails path:last-child', (path) => path.getAttribute('d')).filter((d) => d !== 'M-4 2L10 -6'),
      ways: texts('.way .norm'), moved: texts('p.moved'), drift: texts('.panel .drift', (path) => path.getAttribute('d')),
      losses: texts('.loss-text .norm'), lines: texts('.loss .line', (path) => path.getAttribute('d')),
      bars: texts('.bars .norm'), lengths: texts('.bars tbody tr:nth-child(-n + 11) .bar', (bar) => bar.style.width),
      cells: texts('.in-numbers .heat'), printed: texts('#optimizers-printed', (element) => element.textContent.match(/\[.*?\]/g)).flat(),
    };
  }));

  test('come from the package\'s calls, one for each step of each optimiser, whatever the control', () => assertCalls(at({ steps: 3, which: 'sgd,adam' }), [
    ['Step', (page) => step(page).click(), { 'optim.SGD.step': 1, 'optim.Adam.step': 1, 'Tensor.backward': 2, manualSeed: 0 }],
    ['the slider, back', (page) => fill(page, page.locator('#optimizers-steps-field'), 2), { 'optim.SGD.step': 0, 'Tensor.backward': 0 }],
    ['Reset', (page) => page.locator('#optimizers-reset').click(), { 'optim.SGD.step': 0, 'Tensor.backward': 0 }],
    ['the slider, further than ever', (page) => fill(page, page.locator('#optimizers-steps-field'), 10), { 'optim.SGD.step': 6, 'optim.Adam.step': 6, 'Tensor.backward': 12 }],
    ['another learning rate', (page) => fill(page, page.locator('#optimizers-lr-field'), 0.2), { 'new optim.SGD': 1, 'optim.SGD.step': 10, 'optim.Adam.step': 10 }],
    ['one more optimiser', (page) => page.locator('.settings [data-name="adagrad"]').click(), { 'new optim.Adagrad': 1, 'optim.Adagrad.step': 10, 'optim.SGD.step': 0 }],
    ['another seed', (page) => page.locator('#optimizers-seed').evaluate((field) => { field.value = '7'; field.dispatchEvent(new Event('change')); }), { manualSeed: 3, 'optim.Adam.step': 10 }],
    ['other batches', (page) => page.getByRole('button', { name: 'row 1 once, then only row 2' }).click(), { 'optim.SparseAdam.step': 21, 'optim.AdamW.step': 21 }],
    ['16 dimensions', (page) => page.locator('#optimizers-dim ~ .segments button').last().evaluate((button) => button.click()), { pca: 1, 'optim.AdamW.step': 60 }],
  ]));

  test('leave no tensor behind, however long one plays', async () => {
    await visit(at({ steps: 10 }), {}, async (page) => {
      const round = async () => {
        for (let k = 0; k < 5; k++) await step(page).press('Enter');
        await page.locator('#optimizers-lr').press('ArrowLeft');
        await page.locator('#optimizers-lr').press('ArrowRight');
        await page.locator('.settings [data-name="adamw"]').press('Enter');
        await page.locator('.settings [data-name="adamw"]').press('Enter');
        await settled(page);
        const { bytes, tensors } = await page.evaluate(() => globalThis.__lab.memory());
        return { bytes, tensors };
      };
      const early = await round();
      for (let k = 0; k < 6; k++) await round();
      assert.deepEqual(await round(), early);
    });
  });
});
