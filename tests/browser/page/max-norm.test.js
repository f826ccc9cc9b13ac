import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DARK, PHONE, assertAccessible, assertFits, lab, visit } from './visit.js';

test('the first state already makes the point: rows 2 and 3 moved, row 4 is outside and stayed', async () => {
  await visit('', {}, async (page) => {
    assert.deepEqual((await lab(page, 'max-norm')).rescaled, [2, 3]);
    assert.match(await page.locator('#status').textContent(), /^2 of 3 looked-up rows were rescaled; row 4 is outside but was not looked up\./);
  });
});

for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
  test(`axe finds nothing: ${name}`, async () => {
    await visit('#v=2&s=max-norm', options, async (page) => {
      await assertAccessible(page, '#max-norm');
      if (options === PHONE) await assertFits(page);
    });
  });
}
