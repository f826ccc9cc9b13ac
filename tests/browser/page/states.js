/** States of the page that real PyTorch has run, see tests/golden/page.py: the programs shown are those, and print what they printed. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { show } from './visit.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

// Inside the project, where a program's import of 'nn-embedding' finds it.
mkdirSync(join(ROOT, 'build'), { recursive: true });
const folder = mkdtempSync(join(ROOT, 'build/programs-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

/** Runs a JavaScript program as its reader would, beside the files of data/; the lines that it prints, and the error that ends it. */
async function run(program) {
  const file = join(folder, `${count++}.mjs`);
  writeFileSync(file, program);
  const lines = [];
  const [{ log }, before] = [console, process.cwd()];
  console.log = (...parts) => lines.push(parts.join(' '));
  process.chdir(join(ROOT, 'data'));
  let error = null;
  try {
    await import(pathToFileURL(file).href);
  } catch (raised) {
    error = `${raised.name}: ${raised.message}`;
  } finally {
    console.log = log;
    process.chdir(before);
  }
  return { text: lines.join('\n'), error };
}

/**
 * One test for each recorded state of a section.
 * @param {string} id of the section
 */
export function testStates(id) {
  const { states } = JSON.parse(readFileSync(join(ROOT, `tests/golden/page_${id.replaceAll('-', '_')}.json`), 'utf8'));
  describe('the code panel is PyTorch\'s, character by character', () => {
    for (const { hash, panel = id, python, text, error } of states) {
      test(`${panel}: ${hash || 'the first state'}`, async () => {
        await show(`#v=2&s=${id}&${hash}`, async (page) => {
          const read = (part) => page.locator(`#${panel}-${part}`).textContent();
          const [javascript, shown] = [await read('javascript'), await read('printed')];
          assert.equal(await read('pytorch'), python);
          assert.deepEqual(`${python}\n${javascript}`.split('\n').filter((line) => line.length > 80), []);
          const ran = await run(javascript);
          if (error === undefined) {
            assert.equal(shown, text);
            assert.deepEqual(ran, { text, error: null });
            return;
          }
          // Where PyTorch fails, this package does too, or goes on; the panel says both.
          assert.ok(shown.startsWith(text), `${shown}\nshould begin with\n${text}`);
          for (const said of [error, ran.error ?? ran.text]) assert.ok(shown.includes(said), `${shown}\nshould say\n${said}`);
          if (ran.error !== null) assert.equal(ran.text, text);
        });
      });
    }
  });
}
