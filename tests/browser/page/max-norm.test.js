import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, fill, hears, lab, lastStops, printed, settled, show, tabStops, visit } from './visit.js';

const golden = JSON.parse(await readFile(new URL('../../golden/page_max_norm.json', import.meta.url), 'utf8'));

/** The address of a state, from pairs such as 'p=1&limit=2'. */
const at = (state, page = 's=max-norm') => `#v=2&${page}${state.split('&').filter(Boolean).map((pair) => `&max-norm.${pair}`).join('')}`;

/** Row 3 is [3, 4]; what PyTorch 2.13 makes of it with max_norm = 1. */
const RESCALED = { 0.5: ['0.2154', '0.2872'], 1: ['0.4286', '0.5714'], 2: ['0.6000', '0.8000'], 3: ['0.6670', '0.8893'], inf: ['0.7500', '1.0000'] };

const weights = async (page) => (await lab(page, 'max-norm')).rows;
const section = (page) => page.locator('#max-norm');
const cell = (page, row, column) => page.locator(`#max-norm .weight tr[data-row="${row}"] input`).nth(column);
const plane = (page) => page.locator('#max-norm .figure-place .plane');
const point = (page, row) => plane(page).locator(`.point[data-row="${row}"]`);
const fate = (page, row) => page.locator(`#max-norm .weight tr[data-row="${row}"] .fate`).textContent();
const status = (page) => page.locator('#status').textContent();
const rowTexts = async (page, row) => [await cell(page, row, 0).inputValue(), await cell(page, row, 1).inputValue()];
const hash = (page) => page.evaluate(() => location.hash);
const press = async (page, selector) => {
  await page.locator(selector).click();
  await settled(page);
};

describe('the first state', () => {
  test('already makes the point: rows 2 and 3 moved, row 4 is outside and stayed', async () => {
    await show(at(''), async (page) => {
      assert.deepEqual((await lab(page, 'max-norm')).rescaled, [2, 3]);
      assert.equal(await status(page), '2 of 3 looked-up rows were rescaled; row 4 is outside but was not looked up. Row 3 occurs more than once in the call and was rescaled once.');
      assert.deepEqual(await rowTexts(page, 3), ['1.2000', '1.6000']);
      assert.deepEqual(await rowTexts(page, 2), ['-1.8919', '0.6486']);
      assert.deepEqual(await rowTexts(page, 4), ['2.4000', '-3.2000']);
      assert.deepEqual(await page.locator('#max-norm .weight .norm').allTextContents(), ['0.0000', '1.4422', '3.7000 × 0.5405 = 2.0000', '5.0000 × 0.4000 = 2.0000', '4.0000', '1.5000']);
      assert.equal(await plane(page).locator('.trace').count(), 2);
      assert.equal(await point(page, 4).locator('.cross').count(), 1);
      assert.equal(await point(page, 0).locator('.pad').count(), 1);
    });
  });

  test('works the rule out for the first row that was rescaled', async () => {
    await visit(at('indices=3&limit=1'), {}, async (page) => {
      assert.equal(await page.locator('#max-norm-rule').textContent(), 'Row 3 had the norm 5.0000, more than 1: the call multiplied it by 1 / 5.0000 = 0.2000.');
      await page.locator('[data-norm="inf"]').click();
      await settled(page);
      assert.match(await page.locator('#max-norm-rule').textContent(), /1 \/ 4\.0000 = 0\.2500\.$/);
    });
    await show(at('indices=1'), async (page) => assert.equal(await page.locator('#max-norm-rule').count(), 0));
  });

  test('has at most four controls, and the rest behind a fold', async () => {
    await visit(at(''), {}, async (page) => {
      assert.ok(await page.locator('#max-norm-pad').isHidden());
      assert.ok(await page.locator('#max-norm-on').isHidden());
      await page.getByText('More options').click();
      assert.ok(await page.locator('#max-norm-pad').isVisible());
    });
    await visit(at('limit=off'), {}, async (page) => assert.ok(await page.locator('#max-norm-on').isVisible(), 'where it is off, one sees how to switch it on'));
    await show(at('limit=off'), async (page) => assert.ok(await page.locator('#max-norm-on').isVisible(), 'also where the address changes to it'));
  });
});

testStates('max-norm');

describe('the programs', () => {
  test('hold the values in force in JavaScript too', async () => {
    await show(at('limit=1.5&p=inf&pad=2&indices=4,0'), async (page) => {
      const javascript = await page.locator('#max-norm-javascript').textContent();
      assert.match(javascript, /paddingIdx: 2,\n {2}maxNorm: 1\.5,\n {2}normType: Infinity,\n\}\);/);
      assert.match(javascript, /embedding\.forward\(\[4, 0\]\)/);
    });
  });
});

describe('max_norm and norm_type', () => {
  for (const [p, expected] of Object.entries(RESCALED)) {
    test(`with max_norm 1 and p = ${p} move [3, 4] to [${expected}]`, async () => {
      await show(at(`limit=1&p=${p}`), async (page) => {
        assert.deepEqual(await rowTexts(page, 3), expected);
        assert.match(await printed(page, 'max-norm'), new RegExp(`tensor\\(\\[\\[ ${expected[0]},  ${expected[1]}\\]`));
        assert.deepEqual(await rowTexts(page, 4), ['2.4000', '-3.2000'], 'a row that no index names stays');
      });
    });

    test(`draw the border for p = ${p} through the row that was moved, and on its ray`, async () => {
      await show(at(`limit=2.5&p=${p}`), async (page) => {
        const drawn = await page.evaluate(() => {
          const svg = document.querySelector('#max-norm .plane');
          const at = (element) => new DOMPoint().matrixTransform(svg.getScreenCTM().inverse().multiply(element.getScreenCTM()));
          const dot = at(svg.querySelector('.point[data-row="3"]'));
          const border = svg.querySelector('.ball');
          border.style.strokeWidth = '3px';
          const ring = svg.querySelectorAll('.trace circle')[1];
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

  test('give the border four corners on the axes for p = 1 and p = 1/2, and on the diagonals for infinity', async () => {
    /** How far the border is from the origin along a diagonal, in parts of how far it is along an axis. */
    const roundness = (page) => page.evaluate(() => {
      const svg = document.querySelector('#max-norm .plane');
      const inside = svg.querySelector('.ball-inside');
      const centre = svg.viewBox.baseVal.width / 2;
      const reach = (dx, dy) => {
        let far = 0;
        while (inside.isPointInFill(new DOMPoint(centre + dx * far, centre + dy * far))) far += 0.25;
        return far;
      };
      return [[1, 1], [-1, 1], [1, -1], [-1, -1]].map(([x, y]) => reach(x * Math.SQRT1_2, y * Math.SQRT1_2) / reach(1, 0));
    });
    for (const [p, expected] of [['0.5', Math.SQRT2 / 4], ['1', Math.SQRT1_2], ['2', 1], ['inf', Math.SQRT2]]) {
      await show(at(`limit=4&p=${p}`), async (page) => {
        for (const part of await roundness(page)) assert.ok(Math.abs(part - expected) < 0.02, `p = ${p}: ${part}, not ${expected}`);
      });
    }
  });

  test('follow their sliders, number fields and the gallery to the same state', async () => {
    await visit(at(''), {}, async (page) => {
      const slider = page.locator('#norm-type-slider');
      await slider.focus();
      assert.equal(await slider.getAttribute('aria-valuetext'), 'p = 2');
      for (let k = 0; k < 10; k++) await page.keyboard.press('ArrowLeft');
      await settled(page);
      assert.equal(await slider.getAttribute('aria-valuetext'), 'p = 1');
      const bySlider = await weights(page);
      await press(page, '[data-norm="2"]');
      await press(page, '[data-norm="1"]');
      assert.deepEqual(await weights(page), bySlider);
      await press(page, '[data-norm="2"]'); // the field shows 2 from the next frame on, and would overwrite what is typed before it
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
    await visit(at(''), {}, async (page) => {
      await page.getByText('More options').click();
      await page.locator('#max-norm-on').uncheck();
      await settled(page);
      assert.equal(await plane(page).locator('.ball').count(), 0);
      assert.deepEqual(await rowTexts(page, 3), ['3.0000', '4.0000']);
      assert.equal(await fate(page, 3), 'copied');
      assert.equal(await status(page), 'max_norm is off: 3 looked-up rows copied, none rescaled.');
      assert.doesNotMatch(await page.locator('#max-norm-pytorch').textContent(), /max_norm|norm_type/);
      await page.locator('#max-norm-on').check();
      await settled(page);
      assert.deepEqual(await rowTexts(page, 3), ['1.2000', '1.6000']);
    });
  });

  test('put back a number field that was given no number, and clamp one that was given too much', async () => {
    await visit(at(''), {}, async (page) => {
      await fill(page, page.locator('#max-norm-field'), '');
      assert.equal(await page.locator('#max-norm-field').inputValue(), '2');
      await fill(page, page.locator('#max-norm-field'), 1e9);
      assert.equal(await page.locator('#max-norm-field').inputValue(), '6');
    });
  });
});

describe('rows and indices', () => {
  test('can be worked by keyboard alone: move a row, change p, add an index, look up, undo', async () => {
    await visit(at(''), {}, async (page) => {
      const start = await weights(page);
      await point(page, 0).focus();
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.dataset.row), '1');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Shift+ArrowUp');
      await settled(page);
      assert.deepEqual(await rowTexts(page, 1), ['1.3000', '0.2000']);
      assert.equal(await plane(page).locator('.trace').count(), 0, 'an edited table waits for its lookup');
      assert.match(await status(page), /^Not looked up yet\./);
      await hears(page, /row 1: 1\.3000, 0\.2000; norm 1\.3153/);

      await page.locator('#norm-type-slider').focus();
      await page.keyboard.press('End');
      await settled(page);
      assert.equal(await page.locator('#norm-type-slider').getAttribute('aria-valuetext'), 'p = 8');

      await page.locator('#index-add').focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement.id === 'index-4');
      assert.equal(await page.locator('#index-4').inputValue(), '4', 'it proposes the row that is outside');
      assert.deepEqual(await rowTexts(page, 4), ['2.4000', '-3.2000']);

      await page.locator('#look-up').focus();
      await page.keyboard.press('Enter');
      await settled(page);
      assert.notDeepEqual(await rowTexts(page, 4), ['2.4000', '-3.2000']);
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
    const grip = async (page) => {
      const box = await point(page, 5).locator('.idle').boundingBox();
      return [box.x + box.width / 2, box.y + box.height / 2, ((await plane(page).boundingBox()).width - 54) / 10];
    };
    const ways = {
      async mouse(page) {
        const [x, y, unit] = await grip(page);
        await page.mouse.move(x, y);
        await page.mouse.down();
        await page.mouse.move(x + 40, y - 10, { steps: 4 });
        await page.mouse.move(x + 0.5 * unit, y - 0.3 * unit, { steps: 4 });
        await page.mouse.up();
      },
      async touch(page) {
        const [x, y, unit] = await grip(page);
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
      await visit(at(''), { hasTouch: true }, async (page) => {
        await plane(page).scrollIntoViewIfNeeded();
        await way(page);
        await settled(page);
        await page.waitForFunction(() => location.hash.endsWith(';-0.7,-0.6&max-norm.called=0'));
        results.push([await weights(page), await hash(page)]);
      });
    }
    assert.deepEqual(results[0][0][5], [-0.7, -0.6].map(Math.fround));
    for (const result of results) assert.deepEqual(result, results[0]);
  });

  test('make a whole drag one step of Undo', async () => {
    await visit(at(''), {}, async (page) => {
      const start = await weights(page);
      await plane(page).scrollIntoViewIfNeeded();
      const box = await point(page, 4).locator('.cross').boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x - 60, box.y - 60, { steps: 8 });
      await page.mouse.up();
      await settled(page);
      assert.notDeepEqual(await weights(page), start);
      await press(page, '#undo');
      assert.deepEqual(await weights(page), start);
    });
  });

  for (const [index, name] of [[6, 'RangeError'], [-1, 'RangeError'], [1.5, 'TypeError']]) {
    test(`show the layer's error for the index ${index} and change nothing`, async () => {
      await visit(at(''), {}, async (page) => {
        const start = await weights(page);
        await press(page, '#index-add');
        await fill(page, page.locator('#index-4'), index);
        const { error } = await lab(page, 'max-norm');
        assert.equal(error.name, name);
        assert.match(error.message, new RegExp(`${index}.*position \\[4\\]`));
        if (name === 'RangeError') assert.equal(error.message, `index out of range in self: index ${index} at position [4], valid range [0, 6)`);
        assert.match(await page.locator('#call-error').textContent(), /The call fails and nothing changes\./);
        assert.ok((await page.locator('#call-error').textContent()).includes(`${error.name}: ${error.message}`));
        assert.ok((await printed(page, 'max-norm')).includes(error.message));
        assert.equal(await page.locator('#index-4').getAttribute('aria-invalid'), 'true');
        assert.equal(await status(page), 'The call fails and nothing changes.');
        assert.deepEqual(await weights(page), start);

        await page.locator('#look-up').click();
        assert.equal(await page.evaluate(() => document.activeElement.id), 'call-error');
        assert.deepEqual(await weights(page), start);
        await hears(page, /^The call fails and nothing changes\. /);

        await section(page).getByRole('button', { name: `remove index ${index} ` }).click();
        await settled(page);
        assert.ok(await page.locator('#call-error').isHidden());
        assert.deepEqual(await weights(page), start);
      });
    });
  }

  test('a second lookup finds nothing left to rescale', async () => {
    await visit(at(''), {}, async (page) => {
      const first = await weights(page);
      await press(page, '#look-up');
      assert.match(await status(page), /^0 of 3 looked-up rows were rescaled; row 4 is outside/);
      assert.deepEqual(await weights(page), first);
    });
  });

  test('reset to the first state, and leave the other figures alone', async () => {
    await visit(at('p=1&limit=1&indices=4&steps=ls'), {}, async (page) => {
      await press(page, '#reset');
      assert.deepEqual(await rowTexts(page, 3), ['1.2000', '1.6000']);
      assert.equal((await lab(page, 'max-norm')).steps.length, 2);
    });
  });
});

describe('the padding row', () => {
  test('is marked, and marking another changes no value', async () => {
    await visit(at('called=0'), {}, async (page) => {
      await page.getByText('More options').click();
      await page.locator('#max-norm-pad').selectOption('3');
      await settled(page);
      assert.equal(await point(page, 3).locator('.pad').count(), 1);
      assert.equal(await point(page, 0).locator('.pad').count(), 0);
      assert.deepEqual(await rowTexts(page, 3), ['3.0000', '4.0000']);
      assert.match(await point(page, 3).getAttribute('aria-label'), /padding_idx/);
    });
  });

  test('is not protected from max_norm', async () => {
    await visit(at(''), {}, async (page) => {
      await fill(page, cell(page, 0, 0), 3);
      await fill(page, cell(page, 0, 1), -4);
      await press(page, '#look-up');
      assert.deepEqual(await rowTexts(page, 0), ['1.2000', '-1.6000']);
    });
  });

  test('can be None', async () => {
    await show(at('pad=none'), async (page) => assert.equal(await plane(page).locator('.pad').count(), 0));
  });
});

describe('the nearest point', () => {
  const radial = async (page) => (await lab(page, 'max-norm')).radial;

  test('is [1.1, 0.3] where max_norm goes to [0.84, 0.56]', async () => {
    await show(at(''), async (page) => {
      const { rescaled, nearest } = await radial(page);
      assert.deepEqual(rescaled.texts, ['0.8400', '0.5600']);
      assert.deepEqual(nearest.texts, ['1.1000', '0.3000']);
      assert.deepEqual(await section(page).locator('.facts').first().locator('tbody td').allTextContents(), ['[0.8400, 0.5600]', rescaled.way, '[1.1000, 0.3000]', nearest.way]);
      assert.equal(await page.locator('#max-norm-ray-status').textContent(), 'max_norm keeps the direction of the row. The nearest point does not.');
    });
  });

  for (const [p, norm] of [['1', (x, y) => Math.abs(x) + Math.abs(y)], ['2', Math.hypot], ['inf', (x, y) => Math.max(Math.abs(x), Math.abs(y))]]) {
    test(`has no point of the border nearer to the row, for p = ${p}`, async () => {
      for (const row of ['2.4,1.6', '-2.9,0.2', '1.5,-1.6', '0,3', '-1.3,-1.3', '0.9,-2.7', '1.5,0.1']) {
        await show(at(`rayp=${p}&ray=${row}`), async (page) => {
          const { outside, nearest: { values } } = await radial(page);
          const [x, y] = row.split(',').map(Number);
          assert.equal(outside, norm(x, y) > 1.4);
          if (!outside) return;
          assert.ok(Math.abs(norm(...values) - 1.4) < 1e-6, `${values} is on the border`);
          const way = Math.hypot(values[0] - x, values[1] - y);
          for (let turn = 0; turn < 2 * Math.PI; turn += 0.003) {
            const direction = [Math.cos(turn), Math.sin(turn)];
            const [a, b] = direction.map((part) => (1.4 * part) / norm(...direction));
            assert.ok(Math.hypot(a - x, b - y) > way - 1e-5, `${row}: [${a}, ${b}] is nearer than [${values}]`);
          }
        });
      }
    });
  }

  test('is the same as that of max_norm for the circle', async () => {
    await visit(at(''), {}, async (page) => {
      await page.locator('[data-control="rayp"]').getByRole('button', { name: '2' }).click();
      await settled(page);
      assert.equal(await page.locator('#max-norm-ray-status').textContent(), 'Here the two are the same point, as always for the circle.');
      const { rescaled, nearest } = await radial(page);
      assert.deepEqual(rescaled.texts, nearest.texts);
    });
  });

  test('follows the row by mouse, keys and number fields alike', async () => {
    const results = [];
    const ray = (page) => page.locator('#max-norm .part .handle');
    const ways = [
      async (page) => {
        await ray(page).scrollIntoViewIfNeeded();
        const box = await ray(page).locator('.hollow').boundingBox();
        const unit = ((await page.locator('#max-norm .part .plane').first().boundingBox()).width - 54) / 6;
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        await page.mouse.move(x, y);
        await page.mouse.down();
        await page.mouse.move(x - 30, y - 30, { steps: 4 });
        await page.mouse.move(x - 0.2 * unit, y + 0.3 * unit, { steps: 4 });
        await page.mouse.up();
      },
      async (page) => {
        await ray(page).focus();
        for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
        await hears(page, /^row \[2\.2000, 1\.3000\]: max_norm puts it at \[0\.8800, 0\.5200\], the nearest point of the border is \[1\.1500, 0\.2500\]/);
      },
      async (page) => {
        await fill(page, page.locator('#max-norm-ray-0'), 2.2);
        await fill(page, page.locator('#max-norm-ray-1'), 1.3);
      },
    ];
    for (const way of ways) {
      await visit(at(''), {}, async (page) => {
        await way(page);
        await page.waitForFunction(() => location.hash.endsWith('&max-norm.ray=2.2,1.3'));
        results.push(await radial(page));
      });
    }
    assert.deepEqual(results[0].row.values, [2.2, 1.3].map(Math.fround));
    for (const result of results) assert.deepEqual(result, results[0]);
  });

  test('a number field of a smaller figure that was given no number shows the value in force', async () => {
    await visit(at(''), {}, async (page) => {
      for (const [field, value] of [['#max-norm-ray-0', '2.4000'], ['#max-norm-arrives-1', '20'], ['#max-norm-widelimit-field', '2'], ['#max-norm-wide-index-1', '1']]) {
        await fill(page, page.locator(field), '');
        assert.equal(await page.locator(field).inputValue(), value);
      }
    });
  });

  test('is not drawn for a row inside', async () => {
    await show(at('ray=0.3,0.4'), async (page) => {
      assert.equal(await section(page).locator('.nearest').count(), 0);
      assert.match(await page.locator('#max-norm-ray-status').textContent(), /^The row is inside: its 1-norm is 0\.7000\./);
    });
  });
});

describe('steps', () => {
  const steps = async (page) => (await lab(page, 'max-norm')).steps;

  test('an SGD step carries the row outside, and a lookup brings it back to max_norm', async () => {
    await visit(at(''), {}, async (page) => {
      await press(page, '#max-norm-step');
      const stepped = (await steps(page)).at(-1);
      assert.ok(stepped.norm > 2 && stepped.outside);
      await hears(page, /^After the SGD step: norm 2\.\d{4}, outside until the next lookup\./);
      await press(page, '#max-norm-step-look-up');
      const looked = (await steps(page)).at(-1);
      assert.ok(looked.norm <= 2 * (1 + 1e-6) && !looked.outside, `${looked.norm}`);
      assert.match(await page.locator('#max-norm-steps-status').textContent(), /^After the lookup: norm 2/);
    });
  });

  test('ten steps are ten teeth', async () => {
    await visit(at('steps=l'), {}, async (page) => {
      await press(page, '#max-norm-ten-steps');
      const points = await steps(page);
      assert.equal(points.map(({ action }) => action).join(''), `l${'ls'.repeat(10)}`);
      for (const [k, { action, norm, outside }] of points.entries()) {
        if (action === 'l') assert.ok(norm <= 2 * (1 + 1e-6) && !outside);
        else assert.ok(norm > points[k - 1].norm);
      }
      assert.equal(points.filter(({ outside }) => outside).length, 9, 'the first step stays inside');
      assert.equal(await page.locator('#max-norm .saw .cross').count(), 9);
      assert.equal(await page.locator('#max-norm .saw .pull').count(), 8);
    });
  });

  test('are drawn at the height of their norms, the lookups on the line of max_norm', async () => {
    await show(at(''), async (page) => {
      const heights = await page.locator('#max-norm .saw [data-action]').evaluateAll((marks) => marks.map((mark) => Number(mark.style.transform.match(/, ([\d.]+)px/)[1])));
      const line = Number((await page.locator('#max-norm .saw .ball').getAttribute('d')).match(/ ([\d.]+)H/)[1]);
      const points = await steps(page);
      points.forEach(({ norm, outside }, n) => {
        if (outside) assert.ok(heights[n] < line);
        else assert.ok(heights[n] >= line - 0.1);
        if (norm > 1.9999 && !outside) assert.ok(Math.abs(heights[n] - line) < 0.2);
      });
    });
  });

  test('stop where the picture is full, and start again', async () => {
    await visit(at(`steps=l${'ls'.repeat(30)}`), {}, async (page) => {
      assert.equal(await page.locator('#max-norm-ten-steps').getAttribute('aria-disabled'), 'true');
      await page.locator('#max-norm-ten-steps').press('Enter');
      await hears(page, /^The picture is full/);
      assert.equal((await steps(page)).length, 61);
      await press(page, '#max-norm-steps-reset');
      assert.equal((await steps(page)).length, 1);
      await press(page, '#max-norm-steps-reset');
      assert.equal((await steps(page)).length, 11, 'the example is there again');
    });
  });
});

describe('the gradient', () => {
  test('arrives as [10, 20], and clipping would make it [0.4472, 0.8944]', async () => {
    await visit(at(''), {}, async (page) => {
      assert.deepEqual(await section(page).locator('.passes .strip').evaluateAll((strips) => strips.map((strip) => [...strip.children].map((part) => part.textContent))), [
        ['0.6000', '0.8000'], ['10', '20'], ['0.4472', '0.8944'],
      ]);
      await fill(page, page.locator('#max-norm-arrives-1'), -75);
      assert.deepEqual((await lab(page, 'max-norm')).gradient.kept.values, [10, -75]);
      await hears(page, /^The gradient \[10, -75\] arrives at the row as \[10, -75\]\./);
    });
  });
});

describe('more dimensions', () => {
  const bars = (page) => page.locator('#max-norm .bars li').evaluateAll((rows) => rows.map((row) => {
    const box = row.querySelector('.bar').getBoundingClientRect();
    const part = (selector) => row.querySelector(selector) && row.querySelector(selector).getBoundingClientRect().width / box.width;
    return { before: part('.bar-before'), after: part('.bar-after'), limit: (row.querySelector('.bar-limit').getBoundingClientRect().left - box.left) / box.width, fate: row.querySelector('.fate').textContent };
  }));

  test('show each norm as a bar: cut at max_norm where the row was looked up, beyond it where it was not', async () => {
    await show(at(''), async (page) => {
      const [first, second, third] = await bars(page);
      assert.ok(Math.abs(first.after - first.limit) < 0.01 && first.before > first.limit);
      assert.deepEqual([second.before, second.fate], [null, 'inside, copied']);
      assert.ok(third.after > third.limit);
      assert.equal(third.fate, 'outside, stays');
      assert.equal(await page.locator('#max-norm-wide-status').textContent(), 'Rows 0 and 3 were rescaled; row 2 is outside but was not looked up.');
      const { norms } = (await lab(page, 'max-norm')).wide;
      assert.deepEqual(norms, ['2.0000', '1.3229', '3.3912', '2.0000', '0.5477']);
    });
  });

  test('follow max_norm, norm_type and the indices', async () => {
    await visit(at(''), {}, async (page) => {
      await page.locator('[data-control="widep"]').getByRole('button', { name: '∞' }).click();
      await settled(page);
      assert.equal(await page.locator('#max-norm-wide-status').textContent(), 'No row was rescaled; row 2 is outside but was not looked up.');
      await fill(page, page.locator('#max-norm-widelimit-field'), 1.2);
      await fill(page, page.locator('#max-norm-wide-index-1'), 2);
      assert.equal(await page.locator('#max-norm-wide-status').textContent(), 'Rows 0, 2 and 3 were rescaled.');
      await fill(page, page.locator('#max-norm-wide-index-1'), 5);
      assert.match(await page.locator('#max-norm-wide-error').textContent(), /RangeError: index out of range in self: index 5 at position \[1\], valid range \[0, 5\)/);
      assert.equal(await page.locator('#max-norm-wide-index-1').getAttribute('aria-invalid'), 'true');
    });
  });

  test('are one stop for Tab, and read by the keyboard', async () => {
    await visit(at(''), {}, async (page) => {
      assert.equal(await page.locator('#max-norm-wide [tabindex="0"]').count(), 1);
      await page.locator('#max-norm-wide [tabindex="0"]').focus();
      await page.keyboard.press('Control+End');
      await page.waitForFunction(() => document.activeElement.id === 'max-norm-wide-4-3');
      await page.keyboard.press('s');
      await hears(page, /^row 4: 0\.2000, -0\.4000, 0\.1000, 0\.3000/);
    });
  });
});

describe('the in-place error', () => {
  test('goes away with the clone, and comes back', async () => {
    await visit(at(''), {}, async (page) => {
      const shown = page.locator('#max-norm-in-place-printed');
      assert.match(await shown.textContent(), /modified by an inplace operation: \[torch\.FloatTensor \[2, 2\]\] is at version 1; expected version 0/);
      assert.match(await section(page).locator('.because').textContent(), /finds version 1/);
      await page.getByRole('button', { name: 'weight.clone() @ W.t()' }).click();
      await settled(page);
      assert.match(await shown.textContent(), /^tensor\(/);
      await hears(page, /^With the clone, backward runs\./);
      await page.getByRole('button', { name: 'weight @ W.t()', exact: true }).click();
      await settled(page);
      assert.match(await shown.textContent(), /RuntimeError/);
    });
  });
});

describe('odd values', () => {
  test('are what PyTorch makes of them, and max_norm=False is refused', async () => {
    await visit(at(''), {}, async (page) => {
      await page.getByText('Odd values: do not use').click();
      const rows = await page.locator('#max-norm-odd tbody tr').evaluateAll((all) => all.map((row) => [...row.children].map((part) => part.textContent)));
      assert.deepEqual(rows.map(([option]) => option), golden.odd.map(({ option }) => option));
      golden.odd.forEach(({ option, text }, n) => {
        if (option === 'max_norm=False') assert.match(rows[n][1], /^TypeError: maxNorm must not be false/);
        else assert.deepEqual(rows[n].slice(1, 3).map((shown) => shown.match(/[-\d.]+/g).map(Number)), text.match(/\[[-\d., ]+\]/g).map((row) => row.match(/[-\d.]+/g).map(Number)));
      });
    });
  });
});

describe('around the figures', () => {
  test('the question is explained after an answer', async () => {
    await visit(at(''), {}, async (page) => {
      assert.equal(await section(page).locator('.explanation').textContent(), '');
      await section(page).locator('.predict input').nth(2).check();
      await settled(page);
      assert.match(await section(page).locator('.explanation').textContent(), /row 3 becomes \[0\.6, 0\.8\] for good/);
      assert.equal(await section(page).locator('.predict .right').textContent().then((text) => text.includes('row 4 as it was')), true);
    });
  });

  test('everything is there in Chinese', async () => {
    await show(at('', 's=max-norm&lang=zh'), async (page) => {
      assert.match(await page.locator('#max-norm-heading').textContent(), /会改写被查的行/);
      assert.match(await status(page), /^查到的 3 行中，缩放了 2 行；第 4 行在边界外，但没有被查到。第 3 行在调用中出现不止一次，但只缩放一次。$/);
      const english = await section(page).evaluate((element) => [...element.querySelectorAll('p, h3, h4, li, dt, dd, th, button, summary, legend, label, [aria-label]')]
        .flatMap((part) => [part.children.length === 0 ? part.textContent : '', part.getAttribute('aria-label') ?? ''])
        .filter((text) => /[a-z]{3,} [a-z]{3,} [a-z]{3,}/i.test(text) && !/[\u4e00-\u9fff]/.test(text) && !/[=*(]/.test(text)));
      assert.deepEqual(english, []);
    });
  });

  test('the address of version 1 still works', async () => {
    await visit('#v=1&m=1&p=inf&ix=3&pad=none&call=1', {}, async (page) => {
      assert.deepEqual(await rowTexts(page, 3), ['0.7500', '1.0000']);
      assert.equal(await page.locator('#max-norm .chip').count(), 1 + 4);
    });
  });

  test('the address restores the table, the call, the options and every smaller figure', async () => {
    await visit(at(''), {}, async (page) => {
      await fill(page, cell(page, 4, 0), 0.123);
      await press(page, '#look-up');
      await press(page, '#look-up');
      await press(page, '[data-norm="0.5"]');
      await fill(page, page.locator('#index-0'), 4);
      await press(page, '#look-up');
      await press(page, '#max-norm-step');
      await page.getByRole('button', { name: 'weight.clone() @ W.t()' }).click();
      await fill(page, page.locator('#max-norm-arrives-0'), 7);
      await fill(page, page.locator('#max-norm-ray-0'), -2);
      await fill(page, page.locator('#max-norm-wide-index-0'), 2);
      await settled(page);
      const state = await lab(page, 'max-norm');
      await page.waitForFunction(() => /max-norm\.indices=4,2,3,0.*max-norm\.wideindices=2,1,3,3/.test(location.hash) && !/called=0/.test(location.hash));
      assert.ok((await hash(page)).length < 400);
      await page.reload();
      await page.waitForFunction(() => globalThis.__lab);
      assert.deepEqual(await lab(page, 'max-norm'), state);
    });
  });

  test('junk in the address is clamped or gives way to the default', async () => {
    await visit(`${at('limit=-7&p=1e400&pad=99&indices=1,,x,2&rows=1,2;3&ray=9,x&rayp=7&widelimit=-3&wideindices=a&widep=2.5&steps=xyz&arrives=1e9&clone=yes')}&other=kept`, {}, async (page) => {
      assert.equal(await page.locator('#max-norm-field').inputValue(), '0');
      assert.equal(await page.locator('#norm-type-field').inputValue(), '2');
      assert.equal(await page.locator('#max-norm-pad').inputValue(), '5');
      assert.equal(await page.locator('#max-norm .figure-place .chip').count(), 2);
      const { radial, wide, steps, gradient, inPlace } = await lab(page, 'max-norm');
      assert.deepEqual(radial.row.texts, ['3', '0']);
      assert.equal(await page.locator('#max-norm-widelimit-field').inputValue(), '0.1');
      assert.deepEqual([wide.rescaled, steps.length, gradient.kept.values], [[], 11, [10, 20]]);
      assert.notEqual(inPlace.error, null);
      await press(page, '[data-norm="3"]');
      await page.waitForFunction(() => /max-norm\.p=3/.test(location.hash));
      assert.match(await hash(page), /&other=kept$/);
    });
    await show(at(`steps=l${'s'.repeat(500)}`), async (page) => assert.equal((await lab(page, 'max-norm')).steps.length, 61));
  });

  test('rows glide to their places after a button, unless motion is unwanted', async () => {
    const duration = (page) => point(page, 0).evaluate((element) => getComputedStyle(element).transitionDuration);
    for (const [reducedMotion, expected] of [['no-preference', '0.4s'], ['reduce', '0s']]) {
      await visit(at('called=0'), { reducedMotion }, async (page) => {
        assert.equal(await duration(page), '0s');
        await press(page, '#look-up');
        assert.equal(await duration(page), expected);
      });
    }
  });

  test('marks stay apart when colours are forced', async () => {
    await visit(at(''), { forcedColors: 'active' }, async (page) => {
      const paint = (selector) => section(page).locator(selector).first().evaluate((element) => {
        const { fill, stroke, backgroundColor } = getComputedStyle(element);
        return { fill, stroke, backgroundColor };
      });
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      for (const selector of ['.plane .ball', '.plane .cross', 'circle.pad', '.plane .nearest', '.saw .push', '.saw .pull']) assert.notEqual((await paint(selector)).stroke, paper, selector);
      assert.notEqual((await paint('.plane circle.used')).fill, paper);
      assert.equal((await paint('.plane .trace circle')).fill, paper, 'before the call is hollow');
      assert.notEqual((await paint('.bar-after')).backgroundColor, paper);
    });
  });

  test('Tab goes through all of it in the order in which it is read, one sees where it is, and it leads out again', async () => {
    await visit(at(''), {}, async (page) => {
      const stops = await tabStops(page, 'max-norm');
      const programs = (id) => lastStops(id).slice(0, 5);
      const chips = (id, indices) => indices.flatMap((index, position) => [`${id}-${position}`, `remove index ${index} at position ${position}`]);
      assert.match(stops.shift(), /max_norm/, 'the formula, which scrolls where it is too wide');
      assert.deepEqual(stops, [
        'max-norm-predict',
        'row 0, padding_idx', 'row 1', 'row 2', 'row 3', 'row 4', 'row 5',
        ...chips('index', [3, 2, 3, 0]), 'index-add', 'look-up', 'undo', 'reset',
        'max-norm-slider', 'max-norm-field', 'norm-type-slider', 'norm-type-field', 'p = ½, a star', 'p = 1, a diamond', 'p = 2, a circle', 'p = 3, a rounded square', 'p = ∞, a square', 'More options',
        ...[0, 1, 2, 3, 4, 5].flatMap((row) => [`row ${row}, first number`, `row ${row}, second number`]),
        ...programs('max-norm'),
        'The row', '1', '2', '∞', 'max-norm-ray-0', 'max-norm-ray-1',
        'max-norm-step', 'max-norm-step-look-up', 'max-norm-ten-steps', 'max-norm-steps-reset', 'The same in code',
        'max-norm-arrives-0', 'max-norm-arrives-1', 'The same in code',
        'embedding.weight, scrolls sideways', 'max-norm-wide-0-0', ...chips('max-norm-wide-index', [0, 1, 3, 3]), 'max-norm-wide-index-add', 'max-norm-widelimit', 'max-norm-widelimit-field', '1', '2', '∞', 'The same in code',
        'weight @ W.t()', 'weight.clone() @ W.t()', ...programs('max-norm-in-place'), 'Odd values: do not use',
        ...lastStops('max-norm').slice(5),
      ]);
    });
  });

  test('a drawn row shows the focus with a ring', async () => {
    await visit(at(''), {}, async (page) => {
      for (const target of [point(page, 2), page.locator('#max-norm .part .handle')]) {
        await target.focus();
        await page.keyboard.press('ArrowUp');
        assert.equal(await target.locator('.focus-ring').evaluate((ring) => getComputedStyle(ring).visibility), 'visible');
      }
    });
  });

  test('a finger finds targets of 44 px', async () => {
    await visit(at(''), PHONE, async (page) => {
      const small = await section(page).evaluate((element) => [...element.querySelectorAll('.figure-place button, .further .buttons button, .further .segments button, .chips button, select, input[type="number"], input[type="range"], summary')]
        .filter((target) => !target.closest('.weight, .chip') && target.checkVisibility() && target.getBoundingClientRect().height < 44).map((target) => target.outerHTML.slice(0, 80)));
      assert.deepEqual(small, []);
    });
  });

  const STATES = {
    'in light': ['', {}],
    'on a phone in dark, with p = 1/2': ['p=0.5&clone=1', { ...PHONE, ...DARK }],
    'with an error, in dark': ['indices=3,6&wideindices=9', DARK],
    'with everything off': ['limit=off&pad=none&indices=&wideindices=', {}],
    'waiting for a lookup': ['called=0&ray=0.1,0.1', {}],
    'with strong colours, in dark': ['limit=off&rows=5,-5;5,5;-5,-5;4.5,-4.5;5,5;-5,5&arrives=100,-100', DARK],
  };
  for (const [name, [state, options]] of Object.entries(STATES)) {
    test(`axe finds nothing ${name}, with everything unfolded`, async () => {
      await visit(at(state), options, async (page) => {
        await section(page).evaluate((element) => { for (const fold of element.querySelectorAll('details')) fold.open = true; });
        await assertAccessible(page, '#max-norm');
        if (options.isMobile) await assertFits(page);
      });
    });
  }

  for (const width of [320, 360, 768]) {
    test(`nothing is wider than ${width} px`, async () => {
      await visit(at('indices=3,2,3,0,1,4,5,100&wideindices=0,1,2,3,4,0,1,2,3&steps=lslslslslslslslslslslslslsls'), { ...PHONE, viewport: { width, height: 740 } }, async (page) => {
        await section(page).evaluate((element) => { for (const fold of element.querySelectorAll('details')) fold.open = true; });
        await assertFits(page, width);
      });
    });
  }

  test('playing leaves no tensor behind', async () => {
    await visit(at(''), {}, async (page) => {
      const play = async (times) => {
        for (let k = 0; k < times; k++) {
          const [back, forth] = k % 2 ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
          await page.locator('#norm-type-slider').press(back);
          await page.locator('#look-up').press('Enter');
          await point(page, 4).press(forth);
          await page.locator('#max-norm .part .handle').press(back);
          await page.locator('#max-norm-widelimit').press(back);
          await page.locator('#max-norm-step').press('Enter');
          if (k % 10 === 9) await page.locator('#max-norm-steps-reset').press('Enter');
          await page.getByRole('button', { name: k % 2 ? 'weight @ W.t()' : 'weight.clone() @ W.t()', exact: true }).press('Enter');
        }
        await fill(page, page.locator('#max-norm-arrives-0'), times);
        return page.evaluate(() => globalThis.__lab.memory());
      };
      const early = await play(10);
      assert.deepEqual(await play(40), early);
    });
  });

});

describe('the numbers', () => {
  test('are the package\'s: with a package that is wrong, no figure shows a right one', async () => {
    await assertSpoiled(at('clone=1'), `
    const spoil = (values) => { for (let i = 0; i < values.length; i++) values[i] = 0.37 - 2 * values[i]; };
    const spoilLayer = (layer) => {
      const forward = layer.forward.bind(layer);
      spoil(layer.weight.data);
      layer.forward = (indices) => {
        const output = forward(indices);
        const backward = output.backward.bind(output);
        output.backward = (gradient) => { backward(gradient); spoil(layer.weight.grad.data); };
        spoil(layer.weight.data);
        spoil(output.data);
        return output;
      };
      return layer;
    };
    export class Embedding extends real.Embedding {
      static fromPretrained(...args) { return spoilLayer(real.Embedding.fromPretrained(...args)); }
    }
    export const tensor = (...args) => {
      const made = real.tensor(...args);
      for (const name of ['norm', 'sub', 'div']) {
        const right = made[name].bind(made);
        made[name] = (...rest) => { const answer = right(...rest); spoil(answer.data); return answer; };
      }
      const text = made.toString();
      made.toString = () => text.replace(/\\d/g, (digit) => 9 - digit);
      return made;
    };
    export const clipGradNorm = (parameters, maxNorm) => { for (const { grad } of parameters) spoil(grad.data); };
    export const functional = { ...real.functional, embeddingRenorm(weight, indices, maxNorm, normType) {
      real.functional.embeddingRenorm(weight, indices, maxNorm * 1.5, normType);
      return { rescaled: Int32Array.of(1, 5) };
    } };
    `, () => {
      const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(`#max-norm ${selector}`)].map(read);
      const moved = (element) => element.getAttribute('style');
      return {
        cells: texts('.weight .heat input', (input) => input.value),
        norms: texts('.weight .norm'),
        dots: texts('.figure-place .point', moved),
        border: texts('.plane path.ball', (element) => element.getAttribute('d')).slice(0, 2),
        traces: texts('.plane .trace line', (element) => [element.x2, element.y2].map((end) => end.baseVal.value).join()).slice(0, 2),
        badges: texts('.gallery path', (element) => element.getAttribute('d')),
        status: texts('#status'),
        rule: texts('#max-norm-rule'),
        landings: texts('[data-landing]', moved),
        facts: texts('.facts .number').slice(0, 4),
        steps: [texts('.saw [data-action]', moved).join()],
        stepNorms: texts('.saw .label'),
        stepsNow: texts('#max-norm-steps-status'),
        gradients: texts('.passes .strip .heat'),
        wideCells: texts('#max-norm-wide .heat'),
        wideNorms: texts('.bars .norm'),
        bars: texts('.bars .bar-after', moved),
        odd: texts('#max-norm-odd .number'),
        printed: texts('pre[id$="-printed"]'),
      };
    });
  });

  test('come from a call of the package, whatever the reader does, and a smaller figure leaves the call alone', async () => {
    const look = { 'Embedding.fromPretrained': 1, 'Embedding.forward': 1 };
    /** embeddingRenorm says which rows are outside, before and after, and which ones the call rescales; it draws the border too. */
    const call = { ...look, 'functional.embeddingRenorm': 3 };
    const callAndBorder = { ...look, 'functional.embeddingRenorm': 4 };
    const none = { 'Embedding.forward': 0, 'functional.embeddingRenorm': 0 };
    await assertCalls(at(''), [
      ['Look up', (page) => page.locator('#look-up').click(), call],
      ['max_norm', (page) => page.locator('#max-norm-slider').press('ArrowRight'), callAndBorder],
      ['norm_type', (page) => page.locator('[data-norm="1"]').click(), callAndBorder],
      ['an index', (page) => fill(page, page.locator('#index-0'), 4), call],
      ['a number of the table', (page) => fill(page, cell(page, 1, 0), 3), call],
      ['an arrow key on a row', (page) => point(page, 5).press('ArrowRight'), call],
      ['Undo', (page) => page.locator('#undo').click(), call],
      ['padding_idx', async (page) => { await page.getByText('More options').click(); await page.locator('#max-norm-pad').selectOption('1'); }, call],
      ['the row beside its nearest point', (page) => fill(page, page.locator('#max-norm-ray-0'), 2), { 'Embedding.forward': 0, 'functional.embeddingRenorm': 2 }],
      ['the norm of the nearest point', (page) => page.locator('[data-control="rayp"] button').last().click(), { 'Embedding.forward': 0, 'functional.embeddingRenorm': 3 }],
      ['SGD step', (page) => page.locator('#max-norm-step').click(), { 'new optim.SGD': 1, 'Embedding.forward': 5, 'Tensor.backward': 5 }],
      ['the gradient that arrives', (page) => fill(page, page.locator('#max-norm-arrives-0'), 3), { 'Embedding.forward': 1, 'Tensor.backward': 1, clipGradNorm: 1 }],
      ['an index of rows of four', (page) => fill(page, page.locator('#max-norm-wide-index-0'), 2), call],
      ['the clone', (page) => page.getByRole('button', { name: 'weight.clone() @ W.t()' }).click(), { 'Embedding.forward': 1, 'Tensor.clone': 1, 'Tensor.matmul': 2, 'Tensor.backward': 1 }],
      ['an answer to the question', (page) => page.locator('.predict input').first().check(), none],
    ]);
  });

  test('that are typed into the table show everywhere, and so does what the call makes of them', async () => {
    await visit(at('called=0&indices=1'), {}, async (page) => {
      const box = await point(page, 1).boundingBox();
      await fill(page, cell(page, 1, 0), 4.8);
      assert.ok((await point(page, 1).boundingBox()).x > box.x + 100);
      assert.match(await point(page, 1).getAttribute('aria-valuetext'), /4\.8000, -0\.8000; norm 4\.8662; outside, will be rescaled/);
      assert.equal(await page.locator('#max-norm .weight tr[data-row="1"] .norm').textContent(), '4.8662');
      for (const part of ['pytorch', 'javascript', 'printed']) assert.match(await page.locator(`#max-norm-${part}`).textContent(), /\[ ?4\.8(000)?, -0\.8(000)?\]/);
      await press(page, '#look-up');
      assert.equal(await page.locator('#max-norm .weight tr[data-row="1"] .norm').textContent(), '4.8662 × 0.4110 = 2.0000');
      assert.match(await point(page, 1).getAttribute('aria-valuetext'), /1\.9728, -0\.3288; norm 2\.0000; rescaled/);
      assert.match(await printed(page, 'max-norm'), /\[ 1\.9728, -0\.3288\]/);
    });
  });
});
