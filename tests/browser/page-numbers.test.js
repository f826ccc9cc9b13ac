/**
 * The numbers of the page are the package's: with a package that gives wrong numbers, the page shows wrong numbers everywhere. A figure
 * that still looks right would compute in JavaScript.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../web/strings/en.js';
import { open } from './launch.js';
import { withChangedPackage } from './page/changed-package.js';
import { site } from './page/visit.js';

/** The package, but everything that is read from it is wrong: digits turned around, values negated and moved, rows other rows. */
const WRONG = `
  const wrongText = (text) => text.replace(/\\d/g, (digit) => (Number(digit) + 3) % 10); // twice wrong is not right
  const wrongNumber = (value) => 0.3 - 2 * value;
  const wrongNumbers = (values) => (Array.isArray(values) ? values.map(wrongNumbers) : wrongNumber(values));
  for (const { prototype } of [real.Tensor, real.SparseTensor]) {
    const { toString } = prototype;
    prototype.toString = function () { return wrongText(toString.call(this)); };
  }
  const { prototype } = real.Tensor;
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'data');
  Object.defineProperty(prototype, 'data', { get() { return this.dtype === 'float32' ? get.call(this).map(wrongNumber) : get.call(this); } });
  for (const name of ['item', 'toArray']) {
    const method = prototype[name];
    prototype[name] = function () { return this.dtype === 'float32' ? wrongNumbers(method.call(this)) : method.call(this); };
  }
  const wrongNearest = ({ indices, scores }) => ({ indices: indices.map((row) => row + 1), scores: scores.map(wrongNumber) });
  export const nearest = (...args) => wrongNearest(real.nearest(...args));
  for (const { prototype } of [real.Embedding, real.EmbeddingBag]) {
    const method = prototype.nearest;
    prototype.nearest = function (...args) { return wrongNearest(method.apply(this, args)); };
  }
  export const functional = { ...real.functional, embeddingRenorm(...args) { real.functional.embeddingRenorm(...args); return { rescaled: Int32Array.of(1) }; } };
`;

/** The texts of a section that are numbers, cells and what is printed, by their places. */
const numbersOf = (page, id) => page.evaluate((id) => {
  const all = (selector) => [...document.querySelectorAll(`#${id} ${selector}`)];
  // A figure may have more cells when its numbers are wrong, so that only those of the same part are compared.
  const place = (cell) => {
    const part = cell.parentElement.closest('[id], [data-lane]');
    return `${part.dataset.lane ?? part.id} ${[...part.querySelectorAll('.heat')].indexOf(cell)}`;
  };
  const cells = all('.heat').map((cell) => [`cell ${cell.id || place(cell)}`, (cell.querySelector('input')?.value ?? cell.textContent).trim()]);
  const printed = all(`[id="${id}-printed"]`).flatMap(({ textContent }) => textContent.match(/-?\d+\.\d*/g) ?? []).map((text, n) => [`printed ${n}`, text]);
  return [...cells, ...printed].filter(([, text]) => /\d/.test(text));
}, id);

test('a package with wrong numbers shows wrong numbers in every section', async () => {
  await withChangedPackage({ 'nn-embedding': WRONG }, async (wrongUrl) => {
    const [right, spoilt] = [await open(site.browser, site.url), await open(site.browser, wrongUrl)];
    for (const page of [right, spoilt]) await page.waitForFunction(() => globalThis.__lab);
    for (const id of Object.keys(en.sections)) {
      const [expected, shown] = [await numbersOf(right, id), new Map(await numbersOf(spoilt, id))];
      const same = expected.filter(([place, text]) => shown.get(place) === text);
      assert.ok(same.length === 0, `${id}: ${same.length} of ${expected.length} are still right: ${same.slice(0, 8).join(' ')}`);
    }
    await right.context().close();
    await spoilt.context().close();
  });
});
