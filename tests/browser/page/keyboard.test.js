/** The keyboard alone: where Tab stops, that the stop is seen, and that nothing holds the focus. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../../web/strings/en.js';
import { show, tabStops } from './visit.js';

for (const id of Object.keys(en.sections)) {
  test(`${id}: Tab passes through, every stop is seen, and a grid is one stop`, async () => {
    await show(`#v=2&s=${id}`, async (page) => {
      if (id === 'words') await page.waitForFunction(() => globalThis.__lab.section('words').map?.loss);
      await page.evaluate(() => { for (const details of document.querySelectorAll('main details')) details.open = true; });
      assert.ok((await tabStops(page, id)).length > 5);
    });
  });
}
