/** The page built on a package whose numbers are wrong: a figure that still looks right would have computed them itself. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from '../../../tools/build-page.js';
import { open } from '../launch.js';
import { site } from './visit.js';

const ENTRY = JSON.stringify(fileURLToPath(new URL('../../../js/entry/browser.js', import.meta.url)));

/**
 * Checks that nothing that `see` reads from the page is the same with the spoiled package.
 * @param {string} hash
 * @param {string} spoil source of a module that changes `real`, the package, or exports over it
 * @param {() => Record<string, string[]>} see runs in the page: lists of texts, by place
 */
export async function assertSpoiled(hash, spoil, see) {
  const folder = await mkdtemp(join(tmpdir(), 'nn-embedding-spoiled-'));
  const shown = async (address) => {
    const page = await open(site.browser, address);
    await page.waitForFunction(() => globalThis.__lab);
    const seen = await page.evaluate(see);
    await page.context().close();
    return seen;
  };
  try {
    const module = join(folder, 'spoiled.js');
    await writeFile(module, `import * as real from ${ENTRY};\nexport * from ${ENTRY};\n${spoil}`);
    const spoiledUrl = pathToFileURL(await build({ outfile: join(folder, 'spoiled.html'), alias: { 'nn-embedding': module } })).href;
    const one = `${hash}&embed=1`; // the section alone: others may fail on such a package
    const [right, wrong] = [await shown(site.url + one), await shown(spoiledUrl + one)];
    for (const [place, values] of Object.entries(right)) {
      assert.ok(values.length > 0, `${place} is shown`);
      values.forEach((value, k) => assert.notEqual(wrong[place][k], value, `${place} ${k} still shows ${value}`));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
