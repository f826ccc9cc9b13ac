/** The page built on a package whose numbers are wrong: a figure that still looks right would have computed them itself. */
import assert from 'node:assert/strict';
import { open } from '../launch.js';
import { withChangedPackage } from './changed-package.js';
import { site } from './visit.js';

/**
 * Checks that nothing that `see` reads from the page is the same with the spoiled package.
 * @param {string} hash
 * @param {string | Record<string, string>} spoil source of a module that changes `real`, the package, or exports over it; or several, by package
 * @param {() => Record<string, string[]> | Promise<Record<string, string[]>>} see runs in the page: lists of texts, by place
 */
export async function assertSpoiled(hash, spoil, see) {
  const shown = async (address) => {
    const page = await open(site.browser, address);
    await page.waitForFunction(() => globalThis.__lab);
    const seen = await page.evaluate(see);
    await page.context().close();
    return seen;
  };
  await withChangedPackage(typeof spoil === 'string' ? { 'nn-embedding': spoil } : spoil, async (url) => {
    const one = `${hash}&embed=1`; // the section alone: others may fail on such a package
    const [right, wrong] = [await shown(site.url + one), await shown(url + one)];
    for (const [place, values] of Object.entries(right)) {
      assert.ok(values.length > 0, `${place} is shown`);
      assert.equal(wrong[place].length, values.length, place);
      values.forEach((value, k) => assert.notEqual(wrong[place][k], value, `${place} ${k} still shows ${value}`));
    }
  });
}
