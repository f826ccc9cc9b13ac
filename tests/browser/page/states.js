/** States of the page that real PyTorch has run, see tests/golden/page.py: the programs shown are those, and print what they printed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as nnEmbedding from '../../../js/entry/node.js';
import { printed, visit, show } from './visit.js';

/** Runs a JavaScript program of the page as its reader would; the lines that it prints, and the error that ends it. */
export function runProgram(program) {
  const body = program.replace(/^import (\{[^}]+\}) from 'nn-embedding';/, 'const $1 = nnEmbedding;');
  assert.notEqual(body, program, 'the program imports the package');
  const lines = [];
  let error = null;
  try {
    new Function('nnEmbedding', 'console', body)(nnEmbedding, { log: (text) => lines.push(text) });
  } catch (raised) {
    error = `${raised.name}: ${raised.message}`;
  }
  return { text: lines.join('\n'), error };
}

/**
 * One test for each recorded state of a section.
 * @param {string} id of the section
 */
export function testStates(id) {
  const { states } = JSON.parse(readFileSync(new URL(`../../golden/page_${id}.json`, import.meta.url), 'utf8'));
  for (const { hash, python, text, error } of states) {
    test(`the code panel is PyTorch's: ${hash}`, async () => {
      await show(`#v=2&s=${id}&${hash}`, async (page) => {
        assert.equal(await page.locator(`#${id}-pytorch`).textContent(), python);
        const javascript = await page.locator(`#${id}-javascript`).textContent();
        assert.ok(javascript.split('\n').every((line) => line.length <= 80), javascript);
        const ran = runProgram(javascript);
        const shown = await printed(page, id);
        if (error === undefined) {
          assert.equal(shown, text);
          assert.deepEqual(ran, { text, error: null });
          return;
        }
        // Where PyTorch fails, this package does too, or goes on; the panel says both.
        assert.ok(shown.startsWith(text) && shown.includes(error), shown);
        assert.ok(shown.endsWith(ran.error ?? ran.text), `${shown}\nshould end with\n${ran.error ?? ran.text}`);
        if (ran.error !== null) assert.equal(ran.text, text);
      });
    });
  }
}
