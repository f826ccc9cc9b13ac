/**
 * What a screen reader finds in each section as a visitor comes to it: its roles, names and texts, in order, against reading/SECTION.yml.
 * After a change that is meant, `READING=write node --test tests/browser/page/reading.test.js` writes them anew; read what differs.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { en } from '../../../web/strings/en.js';
import { settled, visit } from './visit.js';

const FOLDER = new URL('reading/', import.meta.url);

for (const id of Object.keys(en.sections)) {
  test(`${id}: reads as written down`, () => visit(`#v=2&s=${id}`, {}, async (page) => {
    if (id === 'words') await page.waitForFunction(() => globalThis.__lab.section('words').map?.loss);
    await settled(page);
    const found = `${await page.locator(`#${id}`).ariaSnapshot()}\n`;
    assert.doesNotMatch(found, /\[object|undefined|NaN/, 'something is no text');
    const file = new URL(`${id}.yml`, FOLDER);
    if (process.env.READING === 'write') {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, found);
    }
    assert.equal(found, readFileSync(file, 'utf8'));
  }));
}
