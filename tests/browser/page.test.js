import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from '../../tools/build-page.js';
import { launch, open } from './launch.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let browser;
let folder;
let url;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nn-embedding-page-'));
  url = pathToFileURL(await build()).href;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

const windows = new Map();

/** Shows the page at a state to `body`, in one window for each kind of reader, and checks that the page had nothing to complain about. */
async function visit(hash, options, body) {
  const kind = JSON.stringify(options);
  if (!windows.has(kind)) windows.set(kind, await open(browser, 'about:blank', options));
  const page = windows.get(kind);
  await page.goto('about:blank');
  page.requests.length = 0;
  page.complaints.length = 0;
  await page.goto(url + hash);
  await page.locator('.plane').first().waitFor();
  await body(page);
  assert.deepEqual(page.complaints, []);
  assert.deepEqual(page.requests.filter((address) => address.split('#')[0] !== url), []);
}

const settled = (page) => page.evaluate(() => globalThis.__lab.idle());

describe('the file', () => {
  test('is one HTML file under 300 KB that names nothing outside itself', async () => {
    const file = fileURLToPath(url);
    const text = await readFile(file, 'utf8');
    assert.ok((await stat(file)).size < 300 * 1024, `${(await stat(file)).size} bytes`);
    assert.doesNotMatch(text, /<script[^>]+src=|<link[^>]+rel="stylesheet"|@import|\bfetch\(/);
    assert.doesNotMatch(text, /\{\{\w+\}\}/, 'every placeholder is filled');
  });

  test('makes no request and leaves the console empty', async () => {
    await visit('', {}, async (page) => {
      await page.locator('#look-up').click();
      await page.locator('[data-norm="inf"]').click();
      await settled(page);
    });
  });

  test('holds no arithmetic on values in web/', async () => {
    const files = (await readdir(join(ROOT, 'web'), { recursive: true })).filter((name) => name.endsWith('.js'));
    assert.ok(files.length >= 6);
    for (const name of files) {
      const source = await readFile(join(ROOT, 'web', name), 'utf8');
      assert.doesNotMatch(source, /Math\.(sqrt|cbrt|hypot|pow|exp|expm1|log\w*|sign|a?sinh?|a?cosh?|a?tanh?|atan2)\b|[^/]\*\*[^/]|\.reduce(Right)?\(|\.toFixed\(|\.toExponential\(/, name);
      for (const [, from] of source.matchAll(/from '([^']+)'/g)) {
        assert.match(from, /^(\.\/|(\.\.\/){1,2}|nn-embedding$)[\w/-]*(\.js)?$|^(lit-html(\/directives\/[\w-]+\.js)?|@preact\/signals-core)$/, name);
      }
    }
  });
});

describe('the first state', () => {
  test('is readable without JavaScript', async () => {
    const page = await open(browser, url, { javaScriptEnabled: false });
    assert.match(await page.locator('h2').first().textContent(), /max_norm rewrites the rows you look up/);
    assert.match(await page.locator('.waiting').textContent(), /needs JavaScript and WebAssembly/);
    await page.context().close();
  });
});

describe('padding_idx', () => {
  const strip = (page) => page.locator('.life .step').evaluateAll((cards) => cards.map((card) => [card.querySelector('h3').textContent, [...card.querySelectorAll('.heat')].map((part) => part.textContent).join(' ')]));

  test('is zero when constructed, returned as it is, rescaled by max_norm, left alone by from_pretrained', async () => {
    await visit('', {}, async (page) => {
      assert.deepEqual(await strip(page), [
        ['Constructed: zeros', '0 0'],
        ['Written by hand: kept', '3 4'],
        ['Looked up: returned as it is', '3 4'],
        ['Looked up with max_norm: rescaled', '1.2000 1.6000'],
        ['from_pretrained: left alone', '3 4'],
        ['Trained: its gradient is zero', ''],
      ]);
    });
  });

  test('can be None', async () => {
    await visit('#v=1&pad=none', {}, async (page) => {
      assert.equal(await page.locator('.plane .pad').count(), 0);
      assert.equal(await page.locator('.life').count(), 0);
      assert.match(await page.locator('#padding-figure').textContent(), /padding_idx is None/);
      assert.doesNotMatch(await page.locator('#program-pytorch').textContent(), /padding_idx/);
    });
  });
});

describe('every reader', () => {
  test('gets the theme of the system, or the one chosen', async () => {
    await visit('', { colorScheme: 'dark' }, async (page) => {
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(await background(), 'rgb(18, 19, 23)');
      await page.locator('.theme').getByText('Light').click();
      assert.equal(await background(), 'rgb(251, 250, 247)');
      await page.waitForFunction(() => /theme=light/.test(location.hash));
      await page.keyboard.press('ArrowRight');
      assert.equal(await background(), 'rgb(18, 19, 23)');
    });
  });
});

describe('where the page is put', () => {
  async function variant(name, change) {
    const file = join(folder, name);
    await writeFile(file, change(await readFile(fileURLToPath(url), 'utf8')));
    return pathToFileURL(file).href;
  }
  const withPolicy = (policy) => (text) => text.replace('<meta charset="utf-8">', `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`);

  test('it runs in a sandboxed frame', async () => {
    const host = join(folder, 'host.html');
    await writeFile(host, `<!doctype html><title>host</title><iframe src="${url}#v=1&m=1&p=1" sandbox="allow-scripts" width="900" height="700"></iframe>`);
    const page = await open(browser, pathToFileURL(host).href);
    const frame = page.frameLocator('iframe');
    await frame.locator('.plane').first().waitFor();
    assert.equal(await frame.locator('.weight tr[data-row="3"] input').first().inputValue(), '0.4286');
    await frame.locator('[data-norm="inf"]').click();
    await frame.locator('#program-pytorch').evaluate((element) => element.previousElementSibling.querySelector('button').click());
    await frame.locator('.block-head button', { hasText: /Selected|Copied/ }).waitFor();
    assert.equal(await frame.locator('.weight tr[data-row="3"] input').first().inputValue(), '0.7500');
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('it runs under a strict policy that allows WebAssembly', async () => {
    const page = await open(browser, await variant('allowed.html', withPolicy('default-src \'none\'; img-src data:; style-src \'unsafe-inline\'; script-src \'unsafe-inline\' \'wasm-unsafe-eval\'')));
    await page.locator('.plane').first().waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('it says what is missing where a policy forbids WebAssembly, and its text stays', async () => {
    const page = await open(browser, await variant('forbidden.html', withPolicy('script-src \'unsafe-inline\'')));
    const message = page.locator('.failure');
    await message.waitFor();
    assert.match(await message.textContent(), /wasm-unsafe-eval/);
    assert.match(await page.locator('h2').nth(1).textContent(), /padding_idx starts at zero/);
    await page.context().close();
  });

  test('it says what is missing where there is no WebAssembly at all', async () => {
    const page = await open(browser, await variant('without.html', (text) => text.replace('<script>', '<script>delete globalThis.WebAssembly</script><script>')));
    await page.locator('.failure').waitFor();
    assert.match(await page.locator('.failure').textContent(), /has no WebAssembly/);
    await page.context().close();
  });
});

describe('the numbers', () => {
  test('are the package\'s: a package with wrong numbers shows wrong numbers everywhere', async () => {
    const wrong = join(folder, 'wrong.js');
    await writeFile(wrong, `
      import * as real from ${JSON.stringify(join(ROOT, 'js/entry/browser.js'))};
      export * from ${JSON.stringify(join(ROOT, 'js/entry/browser.js'))};
      const spoil = (values) => { for (let i = 0; i < values.length; i++) values[i] = 0.3 - 2 * values[i]; };
      const spoilLayer = (layer) => {
        const forward = layer.forward.bind(layer);
        spoil(layer.weight.data);
        layer.forward = (indices) => { const output = forward(indices); spoil(layer.weight.data); spoil(output.data); return output; };
        return layer;
      };
      export class Embedding extends real.Embedding {
        constructor(...args) { super(...args); spoilLayer(this); }
        static fromPretrained(...args) { return spoilLayer(real.Embedding.fromPretrained(...args)); }
      }
      export const tensor = (...args) => {
        const made = real.tensor(...args);
        const norm = made.norm.bind(made);
        made.norm = (...norms) => { const answer = norm(...norms); spoil(answer.data); return answer; };
        const text = made.toString();
        made.toString = () => text.replace(/\\d/g, (digit) => 9 - digit);
        return made;
      };
      export const functional = { ...real.functional, embeddingRenorm(weight, indices, maxNorm, normType) {
        real.functional.embeddingRenorm(weight, indices, maxNorm * 1.5, normType);
        return { rescaled: Int32Array.of(1, 5) };
      } };
    `);
    const wrongUrl = pathToFileURL(await build({ outfile: join(folder, 'wrong.html'), alias: { 'nn-embedding': wrong } })).href;
    const shown = async (address) => {
      const page = await open(browser, address);
      await page.locator('.plane').first().waitFor();
      const seen = await page.evaluate(() => {
        const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(selector)].map(read);
        return {
          cells: texts('.weight .heat input', (input) => input.value),
          tints: texts('.weight tr.used .heat', (part) => part.getAttribute('style') + part.className),
          norms: texts('.weight .norm'),
          fates: [texts('.weight .fate').join()],
          dots: texts('.point', (element) => element.getAttribute('style')),
          spoken: texts('.point', (element) => element.getAttribute('aria-valuetext')),
          border: texts('.plane .ball', (element) => element.getAttribute('d')),
          traces: texts('.plane .trace line', (element) => [element.x2, element.y2].map((end) => end.baseVal.value).join()),
          badges: texts('.gallery path', (element) => element.getAttribute('d')),
          printed: texts('#printed', (element) => element.textContent.match(/\[[^\][]+\]/g)).flat(),
          status: texts('#status'),
          padding: texts('.life .strip'),
        };
      });
      await page.context().close();
      return seen;
    };
    const [right, spoilt] = [await shown(url), await shown(wrongUrl)];
    for (const [place, values] of Object.entries(right)) {
      assert.equal(spoilt[place].length, values.length, place);
      values.forEach((value, k) => assert.notEqual(spoilt[place][k], value, `${place} ${k} still shows ${value}`));
    }
  });
});
