import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from '../../tools/build-page.js';
import { launch, open } from './launch.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** Row 3 is [3, 4]; what PyTorch 2.13 makes of it with max_norm = 1. */
const RESCALED = { 0.5: ['0.2154', '0.2872'], 1: ['0.4286', '0.5714'], 2: ['0.6000', '0.8000'], 3: ['0.6670', '0.8893'], inf: ['0.7500', '1.0000'] };

const PRINTED = `tensor([[ 1.2000,  1.6000],
        [-1.8919,  0.6486],
        [ 1.2000,  1.6000],
        [ 0.0000,  0.0000]], grad_fn=<EmbeddingBackward0>)
Parameter containing:
tensor([[ 0.0000,  0.0000],
        [ 1.2000, -0.8000],
        [-1.8919,  0.6486],
        [ 1.2000,  1.6000],
        [ 2.4000, -3.2000],
        [-1.2000, -0.9000]], requires_grad=True)`;


let browser;
let folder;
let url;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nn-embedding-page-'));
  url = pathToFileURL(await build()).href;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

const windows = new Map();

/** Shows the page at a state to `body`, in one window for each kind of reader, and checks that the page had nothing to complain about. */
async function visit(hash, options, body) {
  const kind = JSON.stringify(options);
  if (!windows.has(kind)) windows.set(kind, await open(browser, 'about:blank', options));
  const page = windows.get(kind);
  await page.goto('about:blank');
  page.requests.length = 0;
  page.complaints.length = 0;
  await page.goto(url + hash);
  await page.locator('.plane').waitFor();
  await body(page);
  assert.deepEqual(page.complaints, []);
  assert.deepEqual(page.requests.filter((address) => address.split('#')[0] !== url), []);
}

const settled = (page) => page.evaluate(() => globalThis.__lab.idle());
const weights = (page) => page.evaluate(() => globalThis.__lab.weights());
const cell = (page, row, column) => page.locator(`.weight tr[data-row="${row}"] input`).nth(column);
const point = (page, row) => page.locator(`.point[data-row="${row}"]`);
const status = (page) => page.locator('#status').textContent();
const printed = (page) => page.locator('#printed').textContent();
const rowTexts = async (page, row) => [await cell(page, row, 0).inputValue(), await cell(page, row, 1).inputValue()];
const hash = (page) => page.evaluate(() => location.hash);

/** The live region speaks half a second after the last change: waits for a sentence that matches. */
const hears = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.getElementById('live').textContent), pattern.source);

async function fill(page, locator, value) {
  await locator.fill(String(value));
  await locator.press('Enter');
  await settled(page);
}

describe('the file', () => {
  test('is one HTML file under 2.5 MB that names nothing outside itself', async () => {
    const file = fileURLToPath(url);
    const text = await readFile(file, 'utf8');
    assert.ok((await stat(file)).size < 2.5 * 1024 * 1024, `${(await stat(file)).size} bytes`);
    assert.doesNotMatch(text, /<script[^>]+src=|<link[^>]+rel="stylesheet"|@import|\bfetch\(/);
    assert.doesNotMatch(text, /\{\{\w+\}\}/, 'every placeholder is filled');
  });

  test('makes no request and leaves the console empty', async () => {
    await visit('', {}, async (page) => {
      await page.locator('#look-up').click();
      await page.locator('[data-norm="inf"]').click();
      await settled(page);
    });
  });

  test('holds no arithmetic on values in web/', async () => {
    const files = (await readdir(join(ROOT, 'web'), { recursive: true })).filter((name) => name.endsWith('.js'));
    assert.ok(files.length >= 6);
    for (const name of files) {
      const source = await readFile(join(ROOT, 'web', name), 'utf8');
      assert.doesNotMatch(source, /Math\.(sqrt|cbrt|hypot|pow|exp|expm1|log\w*|sign|a?sinh?|a?cosh?|a?tanh?|atan2)\b|[^/]\*\*[^/]|\.reduce(Right)?\(|\.toFixed\(|\.toExponential\(/, name);
      for (const [, from] of source.matchAll(/from '([^']+)'/g)) {
        assert.match(from, /^(\.\/|(\.\.\/){1,2}|nn-embedding(\/lab)?$)[\w/-]*(\.js)?$|^(lit-html(\/directives\/[\w-]+\.js)?|@preact\/signals-core)$/, name);
      }
    }
  });
});

describe('the first state', () => {
  test('already makes the point: rows 2 and 3 moved, row 4 is outside and stayed', async () => {
    await visit('', {}, async (page) => {
      assert.equal(await status(page), '2 of 3 looked-up rows were rescaled; row 4 is outside but was not looked up. Row 3 occurs more than once in the call and was rescaled once.');
      assert.deepEqual(await rowTexts(page, 3), ['1.2000', '1.6000']);
      assert.deepEqual(await rowTexts(page, 2), ['-1.8919', '0.6486']);
      assert.deepEqual(await rowTexts(page, 4), ['2.4000', '-3.2000']);
      assert.equal(await page.locator('.trace').count(), 2 + 1, 'two moves and one in the legend');
      assert.equal(await point(page, 4).locator('.cross').count(), 1);
      assert.equal(await point(page, 0).locator('.pad').count(), 1);
    });
  });

  test('prints what PyTorch prints, character by character', async () => {
    await visit('', {}, async (page) => assert.equal(await printed(page), PRINTED));
  });

  test('shows programs with the values in force', async () => {
    await visit('#v=1&m=1.5&p=inf&pad=2&ix=4,0', {}, async (page) => {
      const python = await page.locator('#program-pytorch').textContent();
      assert.match(python, /padding_idx=2,\n {4}max_norm=1\.5,\n {4}norm_type=float\('inf'\)\)/);
      assert.match(python, /embedding\(torch\.tensor\(\[4, 0\]\)\)/);
      const javascript = await page.locator('#program-javascript').textContent();
      assert.match(javascript, /paddingIdx: 2,\n {2}maxNorm: 1\.5,\n {2}normType: Infinity,\n\}\);/);
      assert.match(javascript, /embedding\.forward\(\[4, 0\]\)/);
    });
  });

  test('is readable without JavaScript', async () => {
    const page = await open(browser, url, { javaScriptEnabled: false });
    assert.match(await page.locator('h2').first().textContent(), /max_norm rewrites the rows you look up/);
    assert.match(await page.locator('.waiting').textContent(), /needs JavaScript and WebAssembly/);
    await page.context().close();
  });
});

describe('max_norm and norm_type', () => {
  for (const [p, expected] of Object.entries(RESCALED)) {
    test(`with max_norm 1 and p = ${p} move [3, 4] to [${expected}]`, async () => {
      await visit(`#v=1&m=1&p=${p}`, {}, async (page) => {
        assert.deepEqual(await rowTexts(page, 3), expected);
        assert.match(await printed(page), new RegExp(`tensor\\(\\[\\[ ${expected[0]},  ${expected[1]}\\]`));
        assert.deepEqual(await rowTexts(page, 4), ['2.4000', '-3.2000']);
      });
    });

    test(`draw the border for p = ${p} through the row that was moved, and on its ray`, async () => {
      await visit(`#v=1&m=2.5&p=${p}`, {}, async (page) => {
        const drawn = await page.evaluate(() => {
          const svg = document.querySelector('.plane');
          const at = (element) => new DOMPoint().matrixTransform(svg.getScreenCTM().inverse().multiply(element.getScreenCTM()));
          const dot = at(document.querySelector('.point[data-row="3"]'));
          const border = document.querySelector('.ball');
          border.style.strokeWidth = '3px';
          const ring = document.querySelectorAll('.plane .trace circle')[1];
          const centre = svg.viewBox.baseVal.width / 2;
          const [x, y] = [ring.cx.baseVal.value - centre, ring.cy.baseVal.value - centre];
          return {
            onBorder: border.isPointInStroke(dot),
            offRay: Math.abs((dot.x - centre) * y - (dot.y - centre) * x) / Math.hypot(x, y),
            shorter: (dot.x - centre) / x,
          };
        });
        assert.ok(drawn.onBorder);
        assert.ok(drawn.offRay < 0.2, `${drawn.offRay} pixels beside the ray`);
        assert.ok(drawn.shorter > 0 && drawn.shorter < 1);
      });
    });
  }

  test('follow their sliders, number fields and the gallery to the same state', async () => {
    await visit('', {}, async (page) => {
      const slider = page.locator('#norm-type-slider');
      await slider.focus();
      assert.equal(await slider.getAttribute('aria-valuetext'), 'p = 2');
      for (let k = 0; k < 10; k++) await page.keyboard.press('ArrowLeft');
      await settled(page);
      assert.equal(await slider.getAttribute('aria-valuetext'), 'p = 1');
      const bySlider = await weights(page);
      await page.locator('[data-norm="2"]').click();
      await settled(page);
      await page.locator('[data-norm="1"]').click();
      await settled(page);
      assert.deepEqual(await weights(page), bySlider);
      await page.locator('[data-norm="2"]').click();
      await settled(page); // the field shows 2 from the next frame on, and would overwrite what is typed before it
      await fill(page, page.locator('#norm-type-field'), 1);
      assert.deepEqual(await weights(page), bySlider);

      const limit = page.locator('#max-norm-slider');
      await limit.focus();
      await page.keyboard.press('ArrowRight');
      await settled(page);
      assert.equal(await limit.getAttribute('aria-valuetext'), 'max_norm = 2.1');
      const at21 = await weights(page);
      await fill(page, page.locator('#max-norm-field'), 3);
      assert.notDeepEqual(await weights(page), at21);
      await fill(page, page.locator('#max-norm-field'), 2.1);
      assert.deepEqual(await weights(page), at21);
    });
  });

  test('switched off leave every row alone and draw no border', async () => {
    await visit('', {}, async (page) => {
      await page.locator('#max-norm-on').uncheck();
      await settled(page);
      assert.equal(await page.locator('.ball').count(), 0);
      assert.deepEqual(await rowTexts(page, 3), ['3.0000', '4.0000']);
      assert.equal(await page.locator('.weight tr[data-row="3"] .fate').textContent(), 'copied');
      assert.equal(await status(page), 'max_norm is off: 3 looked-up rows copied, none rescaled.');
      assert.doesNotMatch(await page.locator('#program-pytorch').textContent(), /max_norm|norm_type/);
    });
  });

  test('put back a number field that was given no number, and clamp one that was given too much', async () => {
    await visit('', {}, async (page) => {
      await fill(page, page.locator('#max-norm-field'), '');
      assert.equal(await page.locator('#max-norm-field').inputValue(), '2');
      await fill(page, page.locator('#max-norm-field'), 1e9);
      assert.equal(await page.locator('#max-norm-field').inputValue(), '6');
    });
  });
});

describe('rows and indices', () => {
  test('can be worked by keyboard alone: move a row, change p, add an index, look up, undo', async () => {
    await visit('', {}, async (page) => {
      const start = await weights(page);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'max-norm');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.dataset.row), '0');
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Shift+ArrowUp');
      await settled(page);
      assert.deepEqual(await rowTexts(page, 1), ['1.3000', '0.2000']);
      assert.equal(await page.locator('.plane .trace').count(), 0, 'an edited table waits for its lookup');
      assert.match(await status(page), /^Not looked up yet\./);
      await hears(page, /row 1: 1\.3000, 0\.2000; norm 1\.3153/);

      await page.locator('#norm-type-slider').focus();
      await page.keyboard.press('End');
      await settled(page);
      assert.equal(await page.locator('#norm-type-slider').getAttribute('aria-valuetext'), 'p = 8');

      await page.locator('#add-index').focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement.id === 'index-4');
      assert.equal(await page.locator('#index-4').inputValue(), '4', 'it proposes the row that is outside');
      assert.deepEqual(await rowTexts(page, 4), ['2.4000', '-3.2000']);

      await page.locator('#look-up').focus();
      await page.keyboard.press('Enter');
      await settled(page);
      const moved = await rowTexts(page, 4);
      assert.notDeepEqual(moved, ['2.4000', '-3.2000']);
      await hears(page, /^1 of 4 looked-up rows was rescaled/);

      await page.locator('#undo').focus();
      await page.keyboard.press('Enter');
      await settled(page);
      assert.deepEqual(await rowTexts(page, 4), ['2.4000', '-3.2000']);
      await hears(page, /^Undone\. Not looked up yet\. Row 4 is in the call and outside the border\./);
      for (let k = 0; k < 12; k++) await page.keyboard.press('Enter');
      await settled(page);
      assert.deepEqual(await weights(page), start);
      assert.equal(await page.locator('#undo').getAttribute('aria-disabled'), 'true');
    });
  });

  test('reach the same state and address by mouse, by touch, by arrow keys and by number fields', async () => {
    const results = [];
    const ways = {
      async mouse(page) {
        const box = await point(page, 5).locator('.idle').boundingBox();
        const plane = await page.locator('.plane').boundingBox();
        const unit = (plane.width - 52) / 10;
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        await page.mouse.move(x, y);
        await page.mouse.down();
        await page.mouse.move(x + 40, y - 10, { steps: 4 });
        await page.mouse.move(x + 0.5 * unit, y - 0.3 * unit, { steps: 4 });
        await page.mouse.up();
      },
      async touch(page) {
        const box = await point(page, 5).locator('.idle').boundingBox();
        const plane = await page.locator('.plane').boundingBox();
        const unit = (plane.width - 52) / 10;
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const session = await page.context().newCDPSession(page);
        const send = (type, ...touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
        await send('touchStart', { x, y });
        await send('touchMove', { x: x + 30, y: y - 30 });
        await send('touchMove', { x: x + 0.5 * unit, y: y - 0.3 * unit });
        await send('touchEnd');
      },
      async keys(page) {
        await point(page, 5).focus();
        for (let k = 0; k < 5; k++) await page.keyboard.press('ArrowRight');
        for (let k = 0; k < 3; k++) await page.keyboard.press('ArrowUp');
      },
      async fields(page) {
        await fill(page, cell(page, 5, 0), -0.7);
        await fill(page, cell(page, 5, 1), -0.6);
      },
    };
    for (const way of Object.values(ways)) {
      await visit('', { hasTouch: true }, async (page) => {
        await way(page);
        await settled(page);
        await page.waitForFunction(() => location.hash.endsWith(';-0.7,-0.6&call=0'));
        results.push([await weights(page), await hash(page)]);
      });
    }
    assert.deepEqual(results[0][0][5], [-0.7, -0.6].map(Math.fround));
    for (const result of results) assert.deepEqual(result, results[0]);
  });

  test('make a whole drag one step of Undo', async () => {
    await visit('', {}, async (page) => {
      const start = await weights(page);
      const box = await point(page, 4).locator('.cross').boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x - 60, box.y - 60, { steps: 8 });
      await page.mouse.up();
      await settled(page);
      assert.notDeepEqual(await weights(page), start);
      await page.locator('#undo').click();
      await settled(page);
      assert.deepEqual(await weights(page), start);
    });
  });

  for (const [index, name, place] of [[6, 'RangeError', 4], [-1, 'RangeError', 4], [1.5, 'TypeError', 4]]) {
    test(`show the layer's error for the index ${index} and change nothing`, async () => {
      await visit('', {}, async (page) => {
        const start = await weights(page);
        await page.locator('#add-index').click();
        await fill(page, page.locator(`#index-${place}`), index);
        const error = await page.evaluate(() => globalThis.__lab.lastError());
        assert.equal(error.name, name);
        assert.match(error.message, new RegExp(`${index}.*position \\[${place}\\]`));
        if (name === 'RangeError') assert.equal(error.message, `index out of range in self: index ${index} at position [${place}], valid range [0, 6)`);
        assert.match(await page.locator('#call-error').textContent(), /The call fails and nothing changes\./);
        assert.ok((await page.locator('#call-error').textContent()).includes(`${error.name}: ${error.message}`));
        assert.ok((await printed(page)).includes(error.message));
        assert.equal(await page.locator(`#index-${place}`).getAttribute('aria-invalid'), 'true');
        assert.deepEqual(await weights(page), start);

        await page.locator('#look-up').click();
        assert.equal(await page.evaluate(() => document.activeElement.id), 'call-error');
        assert.deepEqual(await weights(page), start);
        await hears(page, /^The call fails and nothing changes\. /);

        await page.getByRole('button', { name: `remove index ${index} ` }).click();
        await settled(page);
        assert.ok(await page.locator('#call-error').isHidden());
        assert.deepEqual(await weights(page), start);
      });
    });
  }

  test('give an output without rows for a call without indices', async () => {
    await visit('#v=1&ix=', {}, async (page) => {
      assert.match(await printed(page), /^tensor\(\[\], size=\(0, 2\), grad_fn=<EmbeddingBackward0>\)\n/);
      assert.equal(await page.locator('.chip').count(), 0);
    });
  });

  test('a second lookup finds nothing left to rescale', async () => {
    await visit('', {}, async (page) => {
      const first = await weights(page);
      await page.locator('#look-up').click();
      await settled(page);
      assert.match(await status(page), /^0 of 3 looked-up rows were rescaled; row 4 is outside/);
      assert.deepEqual(await weights(page), first);
    });
  });
});

describe('padding_idx', () => {
  const strip = (page) => page.locator('.life .step').evaluateAll((cards) => cards.map((card) => [card.querySelector('h3').textContent, [...card.querySelectorAll('.heat')].map((part) => part.textContent).join(' ')]));

  test('is zero when constructed, returned as it is, rescaled by max_norm, left alone by from_pretrained', async () => {
    await visit('', {}, async (page) => {
      assert.deepEqual(await strip(page), [
        ['Constructed: zeros', '0 0'],
        ['Written by hand: kept', '3 4'],
        ['Looked up: returned as it is', '3 4'],
        ['Looked up with max_norm: rescaled', '1.2000 1.6000'],
        ['from_pretrained: left alone', '3 4'],
        ['Trained: its gradient is zero', ''],
      ]);
    });
  });

  test('marks another row without changing it', async () => {
    await visit('#v=1&call=0', {}, async (page) => {
      await page.locator('#padding-idx').selectOption('3');
      await settled(page);
      assert.equal(await point(page, 3).locator('.pad').count(), 1);
      assert.equal(await point(page, 0).locator('.pad').count(), 0);
      assert.deepEqual(await rowTexts(page, 3), ['3.0000', '4.0000']);
      assert.match(await point(page, 3).getAttribute('aria-label'), /padding_idx/);
    });
  });

  test('does not protect its row from max_norm', async () => {
    await visit('', {}, async (page) => {
      await fill(page, cell(page, 0, 0), 3);
      await fill(page, cell(page, 0, 1), -4);
      await page.locator('#look-up').click();
      await settled(page);
      assert.deepEqual(await rowTexts(page, 0), ['1.2000', '-1.6000']);
    });
  });

  test('can be None', async () => {
    await visit('#v=1&pad=none', {}, async (page) => {
      assert.equal(await page.locator('.plane .pad').count(), 0);
      assert.equal(await page.locator('.life').count(), 0);
      assert.match(await page.locator('#padding-figure').textContent(), /padding_idx is None/);
      assert.doesNotMatch(await page.locator('#program-pytorch').textContent(), /padding_idx/);
    });
  });
});

describe('the address', () => {
  test('restores the table, the call and the options', async () => {
    await visit('', {}, async (page) => {
      await fill(page, cell(page, 4, 0), 0.123);
      await page.locator('#look-up').click();
      await page.locator('#look-up').click();
      await page.locator('[data-norm="0.5"]').click();
      await page.locator('#padding-idx').selectOption('5');
      await page.locator('#index-0').fill('4');
      await page.locator('#index-0').press('Enter');
      await page.locator('#look-up').click();
      await settled(page);
      const [table, text] = [await weights(page), await printed(page)];
      await page.waitForFunction(() => /ix=4,2,3,0/.test(location.hash) && !/call=0/.test(location.hash));
      assert.ok((await hash(page)).length < 400);
      await page.reload();
      await page.locator('.plane').waitFor();
      assert.deepEqual(await weights(page), table);
      assert.equal(await printed(page), text);
    });
  });

  test('clamps junk', async () => {
    await visit('#v=1&m=-7&p=1e400&pad=99&ix=1,,x,2&w=1,2;3&theme=pink&other=kept', {}, async (page) => {
      assert.equal(await page.locator('#max-norm-field').inputValue(), '0');
      assert.equal(await page.locator('#norm-type-field').inputValue(), '2');
      assert.equal(await page.locator('#padding-idx').inputValue(), '5');
      assert.equal(await page.locator('.chip').count(), 2);
      await page.locator('#undo').focus();
      await page.locator('[data-norm="3"]').click();
      await page.waitForFunction(() => /p=3/.test(location.hash));
      assert.match(await hash(page), /&other=kept$/);
    });
    await visit('#%E0%A4%A&v=1&&=&ix=%', {}, async (page) => assert.equal(await page.locator('.point').count(), 6));
    await visit('#v=99&m=3', {}, async (page) => assert.equal(await page.locator('#max-norm-field').inputValue(), '2'));
  });

  test('is followed when it is edited', async () => {
    await visit('', {}, async (page) => {
      await page.evaluate(() => { location.hash = '#v=1&p=inf'; });
      await page.waitForFunction(() => document.querySelector('[data-norm="inf"]').getAttribute('aria-pressed') === 'true');
    });
  });
});

describe('every reader', () => {
  const STATES = {
    'in light': ['', {}],
    'in dark': ['', { colorScheme: 'dark' }],
    'at 360 px': ['', PHONE],
    'at 360 px in dark, with p = 1/2': ['#v=1&p=0.5', { ...PHONE, colorScheme: 'dark' }],
    'with an error': ['#v=1&ix=3,6', {}],
    'with an error, in dark': ['#v=1&ix=3,6', { colorScheme: 'dark' }],
    'with everything off': ['#v=1&m=off&pad=none&ix=', {}],
    'waiting for a lookup': ['#v=1&call=0', {}],
    'with strong colours': ['#v=1&m=off&w=5,-5;5,5;-5,-5;4.5,-4.5;5,5;-5,5', {}],
    'with strong colours, in dark': ['#v=1&m=off&w=5,-5;5,5;-5,-5;4.5,-4.5;5,5;-5,5', { colorScheme: 'dark' }],
  };
  for (const [name, [state, options]] of Object.entries(STATES)) {
    test(`axe finds no violation ${name}`, async () => {
      await visit(state, options, async (page) => {
        await page.addScriptTag({ path: AXE });
        const found = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), AXE_TAGS);
        assert.deepEqual(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`), []);
      });
    });
  }

  for (const width of [320, 360, 768]) {
    test(`sees no sideways scrolling at ${width} px`, async () => {
      await visit('#v=1&ix=3,2,3,0,1,4,5,100', { ...PHONE, viewport: { width, height: 740 } }, async (page) => {
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      });
    });
  }

  test('gets the theme of the system, or the one chosen', async () => {
    await visit('', { colorScheme: 'dark' }, async (page) => {
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(await background(), 'rgb(18, 19, 23)');
      await page.locator('.theme').getByText('Light').click();
      assert.equal(await background(), 'rgb(251, 250, 247)');
      await page.waitForFunction(() => /theme=light/.test(location.hash));
      await page.keyboard.press('ArrowRight');
      assert.equal(await background(), 'rgb(18, 19, 23)');
    });
  });

  test('sees rows glide to their places, unless motion is unwanted', async () => {
    const duration = (page) => page.evaluate(() => getComputedStyle(document.querySelector('.point')).transitionDuration);
    for (const [reducedMotion, expected] of [['no-preference', '0.4s'], ['reduce', '0s']]) {
      await visit('#v=1&call=0', { reducedMotion }, async (page) => {
        assert.equal(await duration(page), '0s');
        await page.locator('#look-up').click();
        await settled(page);
        assert.equal(await duration(page), expected);
      });
    }
  });

  test('keeps the marks apart when colours are forced', async () => {
    await visit('', { forcedColors: 'active' }, async (page) => {
      const paint = await page.evaluate(() => Object.fromEntries(['.plane .ball', '.plane .cross', '.plane circle.used', '.plane .trace circle', 'circle.pad'].map((selector) => {
        const style = getComputedStyle(document.querySelector(selector));
        return [selector, [style.fill, style.stroke]];
      })));
      const page_ = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.notEqual(paint['.plane .ball'][1], page_);
      assert.notEqual(paint['.plane .cross'][1], page_);
      assert.notEqual(paint['.plane circle.used'][0], page_);
      assert.equal(paint['.plane .trace circle'][0], page_, 'before the call is hollow');
      assert.notEqual(paint['circle.pad'][1], page_);
    });
  });

  test('sees where the focus is', async () => {
    await visit('', {}, async (page) => {
      await page.locator('#undo').focus();
      await page.keyboard.press('Shift+Tab');
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
      assert.equal(outline, '2px');
      await point(page, 2).focus();
      await page.keyboard.press('ArrowUp');
      assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement.querySelector('.focus-ring')).visibility), 'visible');
    });
  });

  test('has targets of 44 px for a finger', async () => {
    await visit('', PHONE, async (page) => {
      const small = await page.evaluate(() => [...document.querySelectorAll('.buttons button, .add, select, .gallery button, input[type="number"]:not(.weight *), input[type="range"], .theme span')]
        .filter((element) => element.getBoundingClientRect().height < 44).map((element) => element.id || element.className || element.textContent));
      assert.deepEqual(small, []);
    });
  });
});

describe('where the page is put', () => {
  async function variant(name, change) {
    const file = join(folder, name);
    await writeFile(file, change(await readFile(fileURLToPath(url), 'utf8')));
    return pathToFileURL(file).href;
  }
  const withPolicy = (policy) => (text) => text.replace('<meta charset="utf-8">', `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`);

  test('it runs in a sandboxed frame', async () => {
    const host = join(folder, 'host.html');
    await writeFile(host, `<!doctype html><title>host</title><iframe src="${url}#v=1&m=1&p=1" sandbox="allow-scripts" width="900" height="700"></iframe>`);
    const page = await open(browser, pathToFileURL(host).href);
    const frame = page.frameLocator('iframe');
    await frame.locator('.plane').waitFor();
    assert.equal(await frame.locator('.weight tr[data-row="3"] input').first().inputValue(), '0.4286');
    await frame.locator('[data-norm="inf"]').click();
    await frame.locator('#program-pytorch').evaluate((element) => element.previousElementSibling.querySelector('button').click());
    await frame.locator('.block-head button', { hasText: /Selected|Copied/ }).waitFor();
    assert.equal(await frame.locator('.weight tr[data-row="3"] input').first().inputValue(), '0.7500');
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('it runs under a strict policy that allows WebAssembly', async () => {
    const page = await open(browser, await variant('allowed.html', withPolicy('default-src \'none\'; img-src data:; style-src \'unsafe-inline\'; script-src \'unsafe-inline\' \'wasm-unsafe-eval\'')));
    await page.locator('.plane').waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('it says what is missing where a policy forbids WebAssembly, and its text stays', async () => {
    const page = await open(browser, await variant('forbidden.html', withPolicy('script-src \'unsafe-inline\'')));
    const message = page.locator('.failure');
    await message.waitFor();
    assert.match(await message.textContent(), /wasm-unsafe-eval/);
    assert.match(await page.locator('h2').nth(1).textContent(), /padding_idx starts at zero/);
    await page.context().close();
  });

  test('it says what is missing where there is no WebAssembly at all', async () => {
    const page = await open(browser, await variant('without.html', (text) => text.replace('<script>', '<script>delete globalThis.WebAssembly</script><script>')));
    await page.locator('.failure').waitFor();
    assert.match(await page.locator('.failure').textContent(), /has no WebAssembly/);
    await page.context().close();
  });
});

describe('the numbers', () => {
  test('are the package\'s: a package with wrong numbers shows wrong numbers everywhere', async () => {
    const wrong = join(folder, 'wrong.js');
    await writeFile(wrong, `
      import * as real from ${JSON.stringify(join(ROOT, 'js/entry/browser.js'))};
      export * from ${JSON.stringify(join(ROOT, 'js/entry/browser.js'))};
      const spoil = (values) => { for (let i = 0; i < values.length; i++) values[i] = 0.3 - 2 * values[i]; };
      const spoilLayer = (layer) => {
        const forward = layer.forward.bind(layer);
        spoil(layer.weight.data);
        layer.forward = (indices) => { const output = forward(indices); spoil(layer.weight.data); spoil(output.data); return output; };
        return layer;
      };
      export class Embedding extends real.Embedding {
        constructor(...args) { super(...args); spoilLayer(this); }
        static fromPretrained(...args) { return spoilLayer(real.Embedding.fromPretrained(...args)); }
      }
      export const tensor = (...args) => {
        const made = real.tensor(...args);
        const norm = made.norm.bind(made);
        made.norm = (...norms) => { const answer = norm(...norms); spoil(answer.data); return answer; };
        const text = made.toString();
        made.toString = () => text.replace(/\\d/g, (digit) => 9 - digit);
        return made;
      };
      export const functional = { ...real.functional, embeddingRenorm(weight, indices, maxNorm, normType) {
        real.functional.embeddingRenorm(weight, indices, maxNorm * 1.5, normType);
        return { rescaled: Int32Array.of(1, 5) };
      } };
    `);
    const wrongUrl = pathToFileURL(await build({ outfile: join(folder, 'wrong.html'), alias: { 'nn-embedding': wrong } })).href;
    const shown = async (address) => {
      const page = await open(browser, address);
      await page.locator('.plane').waitFor();
      const seen = await page.evaluate(() => {
        const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(selector)].map(read);
        return {
          cells: texts('.weight .heat input', (input) => input.value),
          tints: texts('.weight tr.used .heat', (part) => part.getAttribute('style') + part.className),
          norms: texts('.weight .norm'),
          fates: [texts('.weight .fate').join()],
          dots: texts('.point', (element) => element.getAttribute('style')),
          spoken: texts('.point', (element) => element.getAttribute('aria-valuetext')),
          border: texts('.plane .ball', (element) => element.getAttribute('d')),
          traces: texts('.plane .trace line', (element) => [element.x2, element.y2].map((end) => end.baseVal.value).join()),
          badges: texts('.gallery path', (element) => element.getAttribute('d')),
          printed: texts('#printed', (element) => element.textContent.match(/\[[^\][]+\]/g)).flat(),
          status: texts('#status'),
          padding: texts('.life .strip'),
        };
      });
      await page.context().close();
      return seen;
    };
    const [right, spoilt] = [await shown(url), await shown(wrongUrl)];
    for (const [place, values] of Object.entries(right)) {
      assert.equal(spoilt[place].length, values.length, place);
      values.forEach((value, k) => assert.notEqual(spoilt[place][k], value, `${place} ${k} still shows ${value}`));
    }
  });

  test('leave no tensor behind, however long one plays', async () => {
    await visit('', {}, async (page) => {
      const play = async (times) => {
        for (let k = 0; k < times; k++) {
          await page.locator('#norm-type-slider').press(k % 2 ? 'ArrowLeft' : 'ArrowRight');
          await page.locator('#look-up').press('Enter');
          await point(page, 4).press(k % 2 ? 'ArrowLeft' : 'ArrowRight');
        }
        await settled(page);
        return page.evaluate(() => globalThis.__lab.memory());
      };
      const early = await play(5);
      assert.deepEqual(await play(60), early);
    });
  });
});
