/** What the tests of the page share: the page itself, visits to it, and axe. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from '../../../tools/build-page.js';
import { launch, open } from '../launch.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Kinds of readers, for the options of a visit. */
export const DARK = { colorScheme: 'dark' };
export const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** Builds the page and starts the browser before the tests of a file; `url` and `browser` are there from then on. */
export const site = { url: '', /** @type {any} */ browser: null };
const windows = new Map();

let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nn-embedding-'));
  site.url = pathToFileURL(await build({ outfile: join(folder, 'page.html') })).href;
  site.browser = await launch();
});

after(async () => {
  await site.browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Shows the page at a state to `body`, in one window for each kind of reader, and checks that the page had nothing to complain about
 * and asked for nothing outside itself.
 * @param {string} hash such as '#v=2&s=lookup&lookup.indices=1,2'
 * @param {object} options of the window
 * @param {(page: any) => Promise<void>} body
 */
export async function visit(hash, options, body) {
  const kind = JSON.stringify(options);
  if (!windows.has(kind)) windows.set(kind, await open(site.browser, 'about:blank', options));
  const page = windows.get(kind);
  await page.goto('about:blank');
  page.requests.length = 0;
  page.complaints.length = 0;
  // Embedded, the page makes only the section that it shows, which takes a tenth of the time.
  await page.goto(site.url + (/[#&]s=/.test(hash) && !/present=|embed=/.test(hash) ? `${hash}&embed=1` : hash));
  await page.waitForFunction(() => globalThis.__lab);
  await body(page);
  assert.deepEqual(page.complaints, []);
  // A worker's blob is a part of the page.
  assert.deepEqual(page.requests.filter((address) => address.split('#')[0] !== site.url && !address.startsWith('blob:')), []);
}

/** @type {{ page: any, section: string | undefined }} */
const shown = { page: null, section: undefined };

/**
 * As `visit`, but the page stays and is led to the state by its address alone, which takes a tenth of the time. For states that are only
 * looked at.
 * @param {string} hash
 * @param {(page: any) => Promise<void>} body
 */
export async function show(hash, body) {
  const section = /[#&]s=([\w-]+)/.exec(hash)?.[1];
  if (shown.page === null || shown.section !== section) {
    shown.page ??= await open(site.browser, 'about:blank');
    await shown.page.goto('about:blank');
    await shown.page.goto(`${site.url}#v=2&s=${section}&embed=1`);
    await shown.page.waitForFunction(() => globalThis.__lab);
    shown.section = section;
  }
  await shown.page.evaluate(async (hash) => {
    const followed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
    location.hash = `${hash}&embed=1&visit=${Math.random()}`; // another address each time, so that it is followed
    await followed;
    await globalThis.__lab.idle();
  }, hash);
  await body(shown.page);
  assert.deepEqual(shown.page.complaints, []);
}

/** Waits until nothing is left to draw. */
export const settled = (page) => page.evaluate(() => globalThis.__lab.idle());

/** What the hook shows of a section. */
export const lab = (page, id) => page.evaluate((id) => globalThis.__lab.section(id), id);

/** What the code panel of a section says is printed. */
export const printed = (page, id) => page.locator(`#${id}-printed`).textContent();

/** The live region speaks half a second after the last change: waits for a sentence that matches. */
export const hears = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.getElementById('live').textContent), pattern.source);

export async function fill(page, locator, value) {
  await locator.fill(String(value));
  await locator.press('Enter');
  await settled(page);
}

const MOST_STOPS = 200;

/**
 * Where Tab leads in a section, from its heading until it leaves: the id, name or text of each stop. Each has a ring of 2 px at least,
 * and no grid is two stops.
 * @param {string} id of the section
 * @returns {Promise<string[]>}
 */
export async function tabStops(page, id) {
  await page.locator(`#${id}-heading`).focus();
  await page.evaluate(() => { globalThis.stopsSeen = new Set(); });
  const stops = [];
  const grids = [];
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate((id) => {
      const element = document.activeElement;
      // From the last stop Tab leaves the page, or begins again.
      if (!document.getElementById(id).contains(element) || globalThis.stopsSeen.has(element)) return null;
      globalThis.stopsSeen.add(element);
      const marked = document.getElementById(element.getAttribute('aria-activedescendant')) ?? element;
      const { outlineStyle, outlineWidth } = getComputedStyle(marked);
      const drawn = element.querySelector('.focus-ring'); // in a drawing
      const name = element.id || element.name || element.getAttribute('aria-label') || element.textContent.trim().replace(/\s+/g, ' ');
      const grid = element.closest('[role="grid"]')?.id;
      return { name, grid, ring: drawn && getComputedStyle(drawn).visibility === 'visible' ? parseFloat(getComputedStyle(drawn).strokeWidth) : outlineStyle === 'none' ? 0 : parseFloat(outlineWidth) };
    }, id);
    if (stop === null) return stops;
    assert.ok(stop.ring >= 2, `${stop.name} has a ring of ${stop.ring} px`);
    if (stop.grid !== undefined) assert.ok(grids.push(stop.grid) === new Set(grids).size, `${stop.grid} is more than one stop`);
    stops.push(stop.name);
  }
  return assert.fail(`Tab does not leave ${id}: ${stops.slice(-5).join(', ')}`);
}

/** What follows the figure in every section. */
export const lastStops = (id) => [
  'Copy the PyTorch program', `${id}-pytorch`, 'Copy the JavaScript program', `${id}-javascript`, `${id}-printed`,
  'Notice', 'Common mistakes', 'For teachers', 'For engineers', 'Take it along',
];

/** Every key of a grid leads where it should, and the grid is one stop of Tab. @param {string} id @param {[number, number]} last its last cell */
export async function assertGridKeys(page, id, [row, column]) {
  await page.locator(`#${id}-0-0`).focus();
  const steps = [
    ['ArrowRight', 0, 1], ['ArrowDown', 1, 1], ['End', 1, column], ['ArrowRight', 1, column], ['Home', 1, 0], ['ArrowLeft', 1, 0],
    ['Control+End', row, column], ['ArrowDown', row, column], ['ArrowUp', row - 1, column], ['Control+Home', 0, 0], ['PageDown', Math.min(10, row), 0], ['PageUp', 0, 0],
  ];
  for (const [key, ...to] of steps) {
    await page.keyboard.press(key);
    await settled(page);
    assert.equal(await page.evaluate(() => document.activeElement.id), [id, ...to].join('-'), key);
    assert.equal(await page.locator(`#${id} [tabindex="0"]`).count(), 1, 'one stop');
  }
}

/** What the live region says while and after `act`, up to the sentence that matches. */
export async function messages(page, act, last) {
  await page.evaluate(() => {
    globalThis.heard = [];
    new MutationObserver(() => globalThis.heard.push(document.getElementById('live').textContent)).observe(document.getElementById('live'), { childList: true });
  });
  await act();
  await hears(page, last);
  return page.evaluate(() => globalThis.heard);
}

/** axe finds nothing to complain about in this part of the page. */
export async function assertAccessible(page, selector) {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(([selector, tags]) => globalThis.axe.run(selector, { runOnly: tags }), [selector, AXE_TAGS]);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ').slice(0, 300)}`), []);
}

/** Nothing of the page is wider than a phone. */
export async function assertFits(page, width = 360) {
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
}
