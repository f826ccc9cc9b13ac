/** The file, its frame and its address, and the places where it is put. What a section shows is in a file of its own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { en } from '../../web/strings/en.js';
import { zh } from '../../web/strings/zh.js';
import { open } from './launch.js';
import { DARK, PHONE, assertAccessible, assertFits, settled, site, visit } from './page/visit.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SIZE_LIMIT = 2.5 * 1024 * 1024;
const IDS = Object.keys(en.sections);
const ORDER = ['hero', 'weight', 'lookup', 'one-hot', 'gradient', 'padding-idx', 'max-norm', 'sparse', 'optimizers', 'words', 'check'];

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nn-embedding-page-'));
});
after(() => rm(folder, { recursive: true }));

/** The page changed, as a file of its own. @param {string} name @param {(text: string) => string} change */
async function variant(name, change) {
  const file = join(folder, name);
  await writeFile(file, change(await readFile(fileURLToPath(site.url), 'utf8')));
  return pathToFileURL(file).href;
}

/** Another page with this one in a frame. @param {string} name @param {string} hash @param {string} attributes */
async function host(name, hash, attributes) {
  const file = join(folder, name);
  await writeFile(file, `<!doctype html><title>host</title><script>sizes = []; onmessage = ({ data }) => sizes.push(data);</script>
    <iframe src="${site.url}${hash}" ${attributes} width="900" height="700"></iframe>`);
  return open(site.browser, pathToFileURL(file).href);
}

const hash = (page) => page.evaluate(() => location.hash);
const shownSections = (page) => page.evaluate(() => [...document.querySelectorAll('main > section')].filter((section) => section.checkVisibility()).map(({ id }) => id));

/* ---- The file ---- */

test('the page is one HTML file that names nothing outside itself', async () => {
  const file = fileURLToPath(site.url);
  const text = await readFile(file, 'utf8');
  assert.ok((await stat(file)).size <= SIZE_LIMIT, `${(await stat(file)).size} bytes`);
  assert.doesNotMatch(text, /<script[^>]+src=|<link[^>]+rel="stylesheet"|@import/);
  assert.doesNotMatch(text, /\{\{[\w.]+\}\}/, 'every placeholder is filled');
});

test('its modules have 60 KB, gzip, and a first visit needs 2 MB of their memory', async () => {
  const modules = await Promise.all(['embedding', 'lab'].map((name) => readFile(join(ROOT, `dist/${name}.wasm`))));
  const bytes = modules.reduce((sum, module) => sum + gzipSync(module, { level: 9 }).length, 0);
  assert.ok(bytes <= 60_000, `${bytes} bytes`);
  await visit('', {}, async (page) => {
    const memory = await page.evaluate(() => globalThis.__lab.memory());
    assert.ok(memory.bytes <= 2 * 2 ** 20, JSON.stringify(memory));
  });
});

test('web/ holds no arithmetic on values', async () => {
  const files = (await readdir(join(ROOT, 'web'), { recursive: true })).filter((name) => name.endsWith('.js'));
  assert.ok(files.length >= 20);
  for (const name of files) {
    const source = await readFile(join(ROOT, 'web', name), 'utf8');
    if (!/^(strings|frame)\//.test(name)) {
      assert.doesNotMatch(source, /Math\.(sqrt|cbrt|hypot|pow|exp|expm1|log\w*|sign|a?sinh?|a?cosh?|a?tanh?|atan2)\b|[^/*]\*\*[^/*]|\.reduce(Right)?\(|\.toFixed\(|\.toExponential\(/, name);
    }
    for (const [, from] of source.matchAll(/^(?:import|export) [^;]*? from '([^']+)'/gm)) {
      assert.match(from, /^\.{1,2}\/|^(nn-embedding(\/lab)?|lit-html(\/directives\/[\w-]+\.js)?|@preact\/signals-core|d3-[a-z]+|fastest-levenshtein)$/, name);
    }
  }
});

test('both languages have the same sentences, and the sections stand in their order', () => {
  const keys = (value) => (Array.isArray(value) ? value.map(keys) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, keys(value[key])])) : typeof value);
  assert.deepEqual(keys(zh), keys(en));
  assert.deepEqual(IDS, ORDER.filter((id) => IDS.includes(id)));
});

test('without JavaScript the headings and texts are there, and say what is missing', async () => {
  const page = await open(site.browser, site.url, { javaScriptEnabled: false });
  assert.deepEqual(await page.locator('main h2').allTextContents(), IDS.map((id) => en.sections[id].heading));
  assert.match(await page.locator('.waiting').first().textContent(), /needs JavaScript and WebAssembly/);
  await page.context().close();
});

/* ---- The frame ---- */

test('the rail leads to every section, by mouse and by keyboard, and takes the focus along', async () => {
  await visit('', {}, async (page) => {
    for (const id of IDS) {
      await page.locator(`#rail a[data-section="${id}"]`).press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.id), `${id}-heading`);
    }
    assert.equal(await page.locator(`#rail a[data-section="${IDS.at(-1)}"]`).getAttribute('aria-current'), 'true');
  });
});

test('the theme is that of the system, or the one chosen, and is in the address', async () => {
  await visit('', DARK, async (page) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await background(), 'rgb(18, 19, 23)');
    await page.locator('.switcher').getByText('Light').click();
    assert.equal(await background(), 'rgb(251, 250, 247)');
    await page.waitForFunction(() => /theme=light/.test(location.hash));
    await page.keyboard.press('ArrowRight');
    assert.equal(await background(), 'rgb(18, 19, 23)');
  });
});

test('in Chinese every sentence is Chinese, the language is declared, and it is in the address', async () => {
  await visit('', {}, async (page) => {
    await page.locator('.switcher').getByText('中文').click();
    await page.waitForFunction(() => /lang=zh/.test(location.hash));
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh');
    assert.equal(await page.title(), zh.page.title);
    assert.deepEqual(await page.locator('main h2').allTextContents(), IDS.map((id) => zh.sections[id].heading));
    await settled(page);
    const address = await hash(page);
    await page.goto('about:blank');
    await page.goto(site.url + address);
    await page.waitForFunction(() => globalThis.__lab);
    assert.equal(await page.locator('.code h3').first().textContent(), zh.code.heading);
  });
});

test('a prediction explains itself after the first answer, and says which was right', async () => {
  const id = IDS.find((id) => en.sections[id].predict);
  await visit(`#v=2&s=${id}`, {}, async (page) => {
    const { answers, right, explanation } = en.sections[id].predict;
    assert.equal(await page.locator(`#${id} .explanation`).textContent(), '');
    await page.locator(`#${id} .predict input`).nth((right + 1) % answers.length).check();
    await settled(page);
    assert.equal(await page.locator(`#${id} .explanation`).textContent(), explanation);
    assert.match(await page.locator(`#${id} .predict .right`).textContent(), /Right\./);
  });
});

test('presenting shows one section at a time, and the arrows step', async () => {
  await visit(`#v=2&present=1&s=${IDS[0]}`, {}, async (page) => {
    assert.deepEqual(await shownSections(page), [IDS[0]]);
    await page.evaluate(() => document.activeElement.blur());
    if (IDS.length > 1) {
      await page.keyboard.press('ArrowRight');
      assert.deepEqual(await shownSections(page), [IDS[1]]);
      await page.keyboard.press('ArrowLeft');
    }
    await page.keyboard.press('ArrowLeft');
    assert.deepEqual(await shownSections(page), [IDS[0]]);
  });
});

test('on a phone the rail shows the name of the section in view', async () => {
  await visit('', PHONE, async (page) => {
    for (const id of [IDS.at(-1), IDS[0]]) {
      await page.evaluate((id) => document.getElementById(`${id}-heading`).scrollIntoView(), id);
      await page.waitForFunction((id) => {
        const link = document.querySelector(`#rail a[data-section="${id}"]`);
        const { left, right } = link.getBoundingClientRect();
        return link.classList.contains('in-view') && left >= 0 && right <= innerWidth;
      }, id);
    }
  });
});

test('in Chinese a heading breaks after a comma, not inside a word', async () => {
  await visit('#v=2&lang=zh', PHONE, async (page) => {
    const broken = await page.evaluate(() => {
      const range = document.createRange();
      const lineOf = (node, at) => {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect().top;
      };
      return [...document.querySelectorAll('main h2')].filter((heading) => {
        const node = heading.lastChild;
        return [...node.data].some((sign, at) => at > 0 && lineOf(node, at) > lineOf(node, at - 1) + 5 && /\p{Script=Han}{2}/u.test(node.data.slice(at - 1, at + 1)));
      }).map((heading) => heading.textContent);
    });
    assert.deepEqual(broken, []);
  });
});

test('in Chinese on a phone no text is squeezed into a column of single characters', async () => {
  await visit('#v=2&lang=zh', PHONE, async (page) => {
    const squeezed = await page.evaluate(() => [...document.querySelectorAll('main *')].filter((element) => element.checkVisibility() && !element.closest('svg, .sr') &&
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\p{Script=Han}{4}/u.test(node.data)) &&
      element.getBoundingClientRect().height > 3 * element.getBoundingClientRect().width).map((element) => element.textContent));
    assert.deepEqual(squeezed, []);
  });
});

test('parts can be hidden, and controls locked', async () => {
  await visit('#v=2&hide=code,notes,nonsense&lock=limit,indices', {}, async (page) => {
    assert.equal(await page.locator('.code').first().isVisible(), false);
    assert.equal(await page.locator('.notes').first().isVisible(), false);
    assert.equal(await page.locator('.export').first().isVisible(), true);
    await page.waitForFunction(() => document.querySelector('[data-control="indices"]').inert);
  });
});

/* ---- The address ---- */

test('junk in the address is clamped or passed over, and keys of others are kept', async () => {
  await visit(`#v=2&theme=pink&lang=xx&embed=maybe&s=nowhere&other=kept&${IDS.map((id) => `${id}.nonsense=1`).join('&')}`, {}, async (page) => {
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);
    assert.deepEqual(await shownSections(page), IDS);
    await page.locator('.switcher').getByText('Dark').click();
    await page.waitForFunction(() => /theme=dark/.test(location.hash));
    assert.match(await hash(page), /&other=kept/);
  });
  for (const junk of ['#%E0%A4%A&v=2&&=&s=%', '#v=99&theme=dark', `#v=2&s=${'x'.repeat(5000)}`, '#v=2&hide=&lock=%00,"]']) await visit(junk, {}, async () => {});
});

test('the address of version 1 still leads to its state', async () => {
  await visit('#v=1&m=1.5&p=inf&pad=2&ix=4,0', {}, async (page) => {
    assert.match(await page.evaluate(() => globalThis.__lab.address()), /max-norm\.indices=4,0&max-norm\.pad=2&max-norm\.limit=1\.5&max-norm\.p=inf/);
  });
});

test('a changed address is followed, and what it does not say is as it was at first', async () => {
  await visit('#v=2&max-norm.limit=4', {}, async (page) => {
    await page.evaluate(() => { location.hash = '#v=2&max-norm.p=1&theme=dark'; });
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    assert.doesNotMatch(await page.evaluate(() => globalThis.__lab.address()), /limit=4/);
    await page.evaluate(() => { location.hash = '#v=2&lang=zh'; });
    await page.waitForFunction(() => document.documentElement.lang === 'zh');
  });
});

test('an address that changes while the page is about to write its own is followed', async () => {
  await visit('', {}, async (page) => {
    for (const limit of [1, 2, 3, 4, 5]) {
      const shown = await page.evaluate(async (limit) => {
        location.hash = `#v=2&max-norm.limit=${limit - 0.5}`;
        await new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
        // The page writes its address a quarter of a second after a change; this task ends when that is due.
        for (const start = performance.now(); performance.now() < start + 251;);
        location.hash = `#v=2&max-norm.limit=${limit}`;
        await new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
        return globalThis.__lab.address();
      }, limit);
      assert.match(shown, limit === 2 ? /^#v=2$/ : new RegExp(`max-norm.limit=${limit}$`));
    }
  });
});

/* ---- Taking along ---- */

test('each picture can be saved as SVG and PNG, the values as CSV and .npy', async () => {
  await visit('#v=2&s=max-norm', {}, async (page) => {
    await page.locator('#max-norm .export summary').click();
    const saved = async (name, file) => {
      const [download] = await Promise.all([page.waitForEvent('download', { predicate: (one) => one.suggestedFilename() === file }), page.locator('#max-norm .export button', { hasText: name }).click()]);
      await download.saveAs(join(folder, file));
      return join(folder, file);
    };
    const svg = await readFile(await saved('SVG', 'max-norm.svg'), 'utf8');
    assert.match(svg, /^<svg [^>]*viewBox/);
    assert.match(svg, /<title>max_norm rewrites/);
    assert.match(svg, /<desc>file:.*#v=2/);
    assert.doesNotMatch(svg, /foreignObject|oklab|var\(--|class=/);
    assert.match(svg, />row 3</);
    const parsed = await page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror') === null, svg);
    assert.ok(parsed);

    const png = await readFile(await saved('PNG', 'max-norm.png'));
    const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg);
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.ok(Math.abs(png.readUInt32BE(16) - 2 * width) <= 2 && Math.abs(png.readUInt32BE(20) - 2 * height) <= 2);

    const rows = (await page.evaluate(() => globalThis.__lab.section('max-norm').rows)).flat();
    const csv = await readFile(await saved('CSV', 'max-norm-weight.csv'), 'utf8');
    assert.deepEqual(csv.trim().split(/[\n,]/).map((number) => Math.fround(Number(number))), rows.map(Math.fround));
    const npy = await readFile(await saved('.npy', 'max-norm-weight.npy'));
    const start = 10 + npy.readUInt16LE(8);
    assert.equal(start % 64, 0);
    assert.match(npy.subarray(10, start).toString(), /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(6, 2\), \} *\n$/);
    assert.deepEqual([...new Float32Array(new Uint8Array(npy.subarray(start)).buffer)], rows.map(Math.fround));
  });
});

const PICTURES = { hero: 1, weight: 1, lookup: 1, 'one-hot': 1, gradient: 1, 'padding-idx': 2, 'max-norm': 2, sparse: 1, optimizers: 1, words: 3, check: 0 };
test('every section saves its pictures, and one without pictures does not offer to', async () => {
  for (const id of IDS) {
    await visit(`#v=2&s=${id}`, {}, async (page) => {
      if (id === 'words') await page.waitForFunction(() => globalThis.__lab.section('words').map?.loss);
      await page.locator(`#${id} .export summary`).click();
      const save = page.locator(`#${id} .export button`, { hasText: 'SVG' });
      assert.equal(await save.count(), PICTURES[id] > 0 ? 1 : 0, id);
      if (PICTURES[id] === 0) return;
      const downloads = [];
      const all = new Promise((resolve) => page.on('download', (download) => { if (downloads.push(download) === PICTURES[id]) resolve(); }));
      await save.click();
      await all;
      page.removeAllListeners('download');
      for (const download of downloads) {
        const svg = await readFile(await download.path(), 'utf8');
        assert.ok((svg.match(/<text/g) ?? []).length >= 5, download.suggestedFilename());
        if (id === 'hero') assert.equal((svg.match(/<rect [^>]*fill="none" stroke="#b5179e" stroke-width="2"/g) ?? []).length, 3, 'the outlines of the rows that are looked up');
        for (const [, marker] of svg.matchAll(/url\(#([\w-]+)\)/g)) assert.ok(svg.includes(`id="${marker}"`), `${download.suggestedFilename()} has no ${marker}`);
      }
    });
  }
});

test('where a frame may not save files, they are shown in place', async () => {
  const page = await host('no-downloads.html', '#v=2&s=max-norm&embed=1', 'sandbox="allow-scripts"');
  const frame = page.frameLocator('iframe');
  await frame.locator('#max-norm .export summary').click();
  await frame.locator('#max-norm .export button', { hasText: 'PNG' }).click();
  await frame.locator('.in-place img').waitFor();
  await frame.locator('#max-norm .export button', { hasText: 'CSV' }).click();
  assert.match(await frame.locator('.in-place textarea').inputValue(), /^0,0\n1\.2,-0\.8\n/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

/* ---- Where the page is put ---- */

test('embedded it shows one section, without the frame around it, and tells its height', async () => {
  const id = 'lookup';
  const page = await host('embed.html', `#v=2&s=${id}&embed=1`, 'sandbox="allow-scripts allow-downloads"');
  const frame = page.frameLocator('iframe');
  await frame.locator(`#${id}-body .figure-place`).first().waitFor();
  assert.equal(await frame.locator('header').isVisible(), false);
  assert.equal(await frame.locator('main > section:visible').count(), 1);
  await page.waitForFunction(() => globalThis.sizes.some(({ type, height }) => type === 'nn-embedding:size' && height > 400));
  const height = await page.evaluate(() => globalThis.sizes.at(-1).height);
  await page.evaluate((height) => { document.querySelector('iframe').height = height; }, height);
  assert.ok(await frame.locator('html').evaluate((root) => root.scrollHeight <= root.clientHeight + 1), 'no scroll bar at the height that was told');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('it runs in a sandboxed frame, where storage throws, and programs can still be copied', async () => {
  const page = await host('sandbox.html', '#v=2&s=max-norm', 'sandbox="allow-scripts"');
  const frame = page.frameLocator('iframe');
  await frame.locator('#max-norm-pytorch').waitFor();
  await frame.locator('#max-norm .block-head button').first().click();
  await frame.locator('#max-norm .block-head button', { hasText: /Selected|Copied/ }).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

const withPolicy = (policy) => (text) => text.replace('<meta charset="utf-8">', `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`);

test('it runs under a strict policy that allows WebAssembly', async () => {
  const page = await open(site.browser, await variant('allowed.html', withPolicy("default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'wasm-unsafe-eval'")));
  await page.waitForFunction(() => globalThis.__lab);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('it says what is missing where a policy forbids WebAssembly, and its text stays', async () => {
  const page = await open(site.browser, await variant('forbidden.html', withPolicy("script-src 'unsafe-inline'")));
  await page.locator('.failure').waitFor();
  assert.match(await page.locator('.failure').textContent(), /wasm-unsafe-eval/);
  assert.deepEqual(await page.locator('main h2').allTextContents(), IDS.map((id) => en.sections[id].heading));
  await page.context().close();
});

test('it says what is missing where there is no WebAssembly at all', async () => {
  const page = await open(site.browser, await variant('without.html', (text) => text.replace('<head>', '<head><script>delete globalThis.WebAssembly</script>')));
  await page.locator('.failure').waitFor();
  assert.match(await page.locator('.failure').textContent(), /has no WebAssembly/);
  await page.context().close();
});

test('served over HTTP it is the same, and asks for nothing else', async () => {
  const server = createServer(async (request, response) => response.setHeader('content-type', 'text/html').end(await readFile(fileURLToPath(site.url))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const page = await open(site.browser, address);
  await page.waitForFunction(() => globalThis.__lab);
  assert.deepEqual(page.requests.filter((request) => !request.startsWith('data:') && !request.startsWith('blob:')), [address]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  server.close();
});

/* ---- Every reader ---- */

test('axe finds nothing to complain about in the whole page', async () => {
  await visit('', PHONE, async (page) => assertAccessible(page, 'html'));
});

for (const width of [320, 360, 768]) {
  test(`nothing scrolls sideways at ${width} px`, async () => {
    await visit('', { ...PHONE, viewport: { width, height: 740 } }, async (page) => assertFits(page, width));
  });
}

test('on a touch screen, targets are 44 px high', async () => {
  await visit('', PHONE, async (page) => {
    const small = await page.evaluate(() => [...document.querySelectorAll('button, select, input[type="range"], .switcher span, summary')]
      .filter((element) => element.checkVisibility() && !element.closest('.cells, .weight, .block-head')).filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => `${element.closest('section')?.id}: ${element.id || element.textContent.trim().slice(0, 30)}`));
    assert.deepEqual(small, []);
  });
});

test('nothing moves and nothing is drawn while nobody does anything', async () => {
  await visit('', {}, async (page) => {
    await settled(page);
    const before = await page.evaluate(() => globalThis.__lab.drawn());
    await page.evaluate(() => new Promise((resolve) => { let frames = 30; const next = () => (--frames > 0 ? requestAnimationFrame(next) : resolve()); next(); }));
    assert.equal(await page.evaluate(() => globalThis.__lab.drawn()), before);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  });
});

test('on paper nothing is folded away or cut off, and the colours are light', async () => {
  await visit('#v=2&theme=dark', DARK, async (page) => {
    const folded = () => page.locator('main details:not([open])').count();
    const before = await folded();
    assert.ok(before > 0);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await folded(), 0);
    const seen = await page.evaluate(() => ({
      cut: [...document.querySelectorAll('pre')].filter((block) => block.checkVisibility() && block.scrollWidth > block.clientWidth).map(({ id }) => id),
      page: getComputedStyle(document.body).backgroundColor,
      forScreens: [...document.querySelectorAll('.switcher, #rail, .block-head button, .export')].filter((element) => element.checkVisibility()).length,
    }));
    assert.deepEqual(seen, { cut: [], page: 'rgb(251, 250, 247)', forScreens: 0 });
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await folded(), before);
    await page.emulateMedia({ media: null });
  });
});

test('make serve answers with the page, and the page of make page does not know of it', async () => {
  assert.doesNotMatch(await readFile(fileURLToPath(site.url), 'utf8'), /EventSource/);
  assert.match(execFileSync('make', ['-n', 'serve'], { cwd: ROOT, encoding: 'utf8' }), /tools\/serve\.js/);
});
