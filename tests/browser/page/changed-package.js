/** The page built on a package that a test has changed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from '../../../tools/build-page.js';

/** The modules that the page imports, and what they stand for. */
export const ENTRIES = Object.fromEntries(Object.entries({ 'nn-embedding': 'browser', 'nn-embedding/lab': 'lab-browser' })
  .map(([name, file]) => [name, fileURLToPath(new URL(`../../../js/entry/${file}.js`, import.meta.url))]));

/**
 * @param {Record<string, string>} sources by name of the module: changes `real`, the package's own module, or exports over it
 * @param {(url: string) => Promise<void>} body
 */
export async function withChangedPackage(sources, body) {
  const folder = await mkdtemp(join(tmpdir(), 'nn-embedding-changed-'));
  try {
    const alias = {};
    for (const [n, [name, source]] of Object.entries(sources).entries()) {
      const entry = JSON.stringify(ENTRIES[name]);
      alias[name] = join(folder, `${n}.js`);
      await writeFile(alias[name], `import * as real from ${entry};\nexport * from ${entry};\n${source}`);
    }
    await body(pathToFileURL(await build({ outfile: join(folder, 'page.html'), alias })).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
