/** The programs of a code panel against those that PyTorch has run, and against the package. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as nn from '../../../js/entry/node.js';
import { printed, visit, show } from './visit.js';

const AsyncFunction = (async () => {}).constructor;

/** Runs a JavaScript program as it is shown; gives what it prints, or its error. */
export async function runJavascript(text) {
  const lines = [];
  const body = text.replace(/^import \{([^}]+)\} from 'nn-embedding';/m, 'const {$1} = nn;').replace(/^import [^\n]+\n/gm, '');
  try {
    await new AsyncFunction('nn', 'console', body)(nn, { log: (...parts) => lines.push(parts.join(' ')) });
  } catch (error) {
    return { error: `${error.name}: ${error.message}` };
  }
  return { text: lines.join('\n') };
}

/**
 * The recorded states of a section: each shows the program that PyTorch ran, and prints what PyTorch printed; so does the JavaScript.
 * @param {string} id of the section
 * @returns {Promise<{ address: string, check: () => Promise<void> }[]>}
 */
export async function goldenStates(id) {
  const { states } = JSON.parse(await readFile(new URL(`../../golden/page_${id.replaceAll('-', '_')}.json`, import.meta.url), 'utf8'));
  return states.map(({ address, python, text, error }) => ({
    address,
    check: () => show(address, async (page) => {
      assert.equal(await page.locator(`#${id}-pytorch`).textContent(), python);
      const javascript = await page.locator(`#${id}-javascript`).textContent();
      for (const line of `${python}\n${javascript}`.split('\n')) assert.ok(line.length <= 80, line);
      const shown = await printed(page, id);
      const run = await runJavascript(javascript);
      if (error === undefined) {
        assert.equal(shown, text);
        assert.equal(run.text, text);
      } else {
        assert.match(run.error, /Error: /);
        assert.equal(shown, `PyTorch     ${error}\nJavaScript  ${run.error}`);
      }
    }),
  }));
}
