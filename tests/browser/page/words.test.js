import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { en } from '../../../web/strings/en.js';
import { assertCalls } from './calls.js';
import { assertSpoiled } from './spoiled.js';
import { testStates } from './states.js';
import { DARK, PHONE, assertAccessible, assertFits, fill, hears, lab, lastStops, printed, settled, site, tabStops, visit } from './visit.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The section alone, its table read. */
const words = (state, options, body, mode = '&embed=1') => visit(`#v=2&s=words${mode}${state ? `&${state}` : ''}`, options, async (page) => {
  await page.waitForFunction(() => globalThis.__lab.section('words').ready);
  await settled(page);
  await body(page);
});

/** The map drawn, and what it has lost known. */
const mapped = (page) => page.waitForFunction(() => {
  const { places, loss, job } = globalThis.__lab.section('words').map;
  return places && loss && !job;
});

const neighbors = (page) => page.locator('[aria-labelledby="words-neighbors-heading"] .neighbor');
const sum = (page) => page.locator('[aria-labelledby="words-analogy-heading"] .neighbor');
const answer = (page) => page.locator('#words-answer').textContent();

test('the first state already makes the point: prince and queen are the rows nearest to king', async () => {
  await words('', {}, async (page) => {
    assert.match(await neighbors(page).nth(0).textContent(), /1\s+prince\s+0\.7690/);
    assert.match(await neighbors(page).nth(1).textContent(), /2\s+queen\s+0\.7519/);
    assert.equal(await answer(page), 'queen');
    assert.equal(await page.locator('.word-row').count(), 8);
    assert.match(await page.locator('.word-rows .fact').textContent(), /^Column 55 is negative in 9,723 of all 10,000 rows; its mean is -1\.2769\.$/);
  });
});

testStates('words');

test('the cosines that the sentences name are the table’s', async () => {
  const score = (state, name) => {
    let text;
    return words(state, {}, async (page) => {
      text = await neighbors(page).filter({ has: page.locator('button', { hasText: new RegExp(`^${name}$`) }) }).locator('.score').textContent();
    }).then(() => text);
  };
  assert.equal(await score('words.word=monday', 'tuesday'), '0.9946');
  assert.equal(await score('words.word=north', 'south'), '0.9219');
  const { notice, predict } = en.sections.words;
  assert.match(notice[0], /monday and tuesday have a cosine of 0\.99, north and south of 0\.92/);
  assert.match(predict.explanation, /0\.86; queen follows with 0\.78/);
});

test('no line of the programs is longer than 80 columns', async () => {
  await words('words.metric=euclidean&words.exclude=0', {}, async (page) => {
    for (const id of ['words-pytorch', 'words-javascript']) {
      for (const line of (await page.locator(`#${id}`).textContent()).split('\n')) assert.ok(line.length <= 80, line);
    }
  });
});

test('the table is read only when the section comes near', async () => {
  await visit('', {}, async (page) => {
    assert.equal((await lab(page, 'words')).ready, false);
    assert.match(await printed(page, 'words'), /^# the words are read when this section comes near/);
  });
});

test('Tab goes through the controls in the order in which they are read', async () => {
  await words('', {}, async (page) => {
    await page.waitForFunction(() => globalThis.__lab.section('words').map?.loss);
    assert.deepEqual(await tabStops(page, 'words'), [
      'words-predict', 'words-search', ...['king', 'queen', 'man', 'woman', 'paris', 'france', 'apple', 'java'].flatMap((word, n) => [word, `words-remove-${n}`]),
      'words-strokes', 'words-column', 'words-column-field', 'words-sorted', 'prince', 'queen', 'son', 'brother', 'monarch', 'throne', 'kingdom', 'father', 'emperor', 'ii', 'words-compare',
      'cosine', 'dot product', 'distance', 'words-k', 'words-k-field', 'words-bias', 'words-b', 'words-a', 'words-c', 'king', 'queen', 'monarch', 'throne', 'daughter', 'prince',
      'words-exclude', 'words-preset', 'words-measure', 'all 10,000 rows', 'only the 8 rows above', 'words.txt', 'rows.int8', 'scales.float32', ...lastStops('words'),
    ]);
  });
});

test('a search by keyboard: suggestions, arrows, Enter, and what is heard', async () => {
  await words('', {}, async (page) => {
    const field = page.locator('#words-search');
    await field.fill('pari');
    await settled(page);
    assert.deepEqual(await page.locator('#words-search-list [role="option"]').allTextContents(), ['paris', 'parish']);
    assert.equal(await field.getAttribute('aria-expanded'), 'true');
    await field.press('ArrowDown');
    await settled(page);
    assert.equal(await field.getAttribute('aria-activedescendant'), 'words-search-0');
    await field.press('Enter');
    await settled(page);
    assert.equal(await field.getAttribute('aria-expanded'), 'false');
    assert.equal((await lab(page, 'words')).word, 'paris');
    assert.match(await page.locator('#words-neighbors-heading').textContent(), /paris/);
    await hears(page, /^Nearest to paris: /);
  });
});

test('Escape closes the suggestions, then gives the old word back', async () => {
  await words('', {}, async (page) => {
    const field = page.locator('#words-search');
    await field.fill('qu');
    await field.press('Escape');
    await settled(page);
    assert.equal(await field.getAttribute('aria-expanded'), 'false');
    assert.equal(await field.inputValue(), 'qu');
    await field.press('Escape');
    await settled(page);
    assert.equal(await field.inputValue(), 'king');
  });
});

test('an unknown word meets a friendly note with the closest spellings, which can be chosen', async () => {
  await words('', {}, async (page) => {
    await fill(page, page.locator('#words-search'), 'Kinng');
    assert.match(await page.locator('#words-empty').textContent(), /“kinng” is none of the 10,000 words/);
    assert.equal(await page.locator('#words-search').getAttribute('aria-invalid'), 'true');
    await page.locator('#words-empty button', { hasText: /^king$/ }).click();
    await settled(page);
    assert.equal(await page.locator('#words-empty').count(), 0);
    assert.equal((await lab(page, 'words')).word, 'king');
  });
  await words('words.word=zzzz', {}, async (page) => {
    assert.equal(await page.locator('#words-empty').count(), 1);
    assert.equal((await lab(page, 'words')).word, null);
  });
  await words(`words.word=${encodeURIComponent('国王')}`, {}, async (page) => {
    assert.equal(await page.locator('#words-empty button').count(), 0, 'nothing is spelled nearly so');
  });
});

test('words come into the strips at the top, eight at most, and go by their button', async () => {
  await words('', {}, async (page) => {
    await neighbors(page).locator('button', { hasText: /^prince$/ }).click();
    await settled(page);
    assert.deepEqual((await lab(page, 'words')).chosen, ['prince', 'king', 'queen', 'man', 'woman', 'paris', 'france', 'apple']);
    await page.locator('#words-remove-1').click();
    await settled(page);
    assert.deepEqual((await lab(page, 'words')).chosen, ['prince', 'queen', 'man', 'woman', 'paris', 'france', 'apple']);
    await page.locator('#words-compare').click();
    await settled(page);
    const { chosen, neighbors: found } = await lab(page, 'words');
    assert.deepEqual(chosen, ['prince', ...found.slice(0, 7).map(({ word }) => word)]);
  });
});

test('a column is pointed at with the mouse, with the slider and by its number, to the same end', async () => {
  await words('', {}, async (page) => {
    const box = await page.locator('.cells-100').first().boundingBox();
    await page.mouse.click(box.x + (box.width * 10.5) / 100, box.y + 5);
    await settled(page);
    const byMouse = await page.evaluate(() => globalThis.__lab.address());
    const readings = await page.locator('.word-value').allTextContents();
    await fill(page, page.locator('#words-column-field'), 55);
    await fill(page, page.locator('#words-column-field'), 10);
    assert.equal(await page.evaluate(() => globalThis.__lab.address()), byMouse);
    await page.locator('#words-column').press('ArrowRight');
    await page.locator('#words-column').press('ArrowLeft');
    await settled(page);
    assert.equal(await page.evaluate(() => globalThis.__lab.address()), byMouse);
    assert.deepEqual(await page.locator('.word-value').allTextContents(), readings);
  });
});

test('the name of the outermost columns stays inside a phone', async () => {
  for (const column of [0, 99]) await words(`words.column=${column}`, PHONE, (page) => assertFits(page));
});

test('sorted, the columns in which the rows differ most come first', async () => {
  await words('words.chosen=king~queen', {}, async (page) => {
    await page.locator('#words-sorted').check();
    await settled(page);
    const { order, rows } = await lab(page, 'words');
    const gaps = order.map((column) => Math.abs(rows[0][column] - rows[1][column]));
    assert.deepEqual(gaps, [...gaps].sort((a, b) => b - a));
    assert.equal(new Set(order).size, 100);
  });
});

test('man : king :: woman : ? gives queen without the words that went in, and king with them', async () => {
  await words('', {}, async (page) => {
    assert.equal(await answer(page), 'queen');
    assert.match(await sum(page).nth(0).textContent(), /–\s+king\s*went in: left out\s+0\.8559/);
    await page.locator('#words-exclude').uncheck();
    await settled(page);
    assert.equal(await answer(page), 'king');
    assert.match(await sum(page).nth(0).textContent(), /1\s+king\s*went in\s+0\.8559/);
    await hears(page, /^king minus man plus woman: king\.$/);
  });
});

test('another sum by its fields, by the list, and with an unknown word', async () => {
  await words('', {}, async (page) => {
    await page.locator('#words-preset').selectOption({ label: 'paris − france + italy' });
    await settled(page);
    assert.equal(await answer(page), 'rome');
    await fill(page, page.locator('#words-a'), 'germany');
    await fill(page, page.locator('#words-b'), 'berlin');
    await fill(page, page.locator('#words-c'), 'japan');
    assert.equal(await answer(page), 'tokyo');
    await fill(page, page.locator('#words-c'), 'frogg');
    assert.equal(await answer(page), '?');
    assert.match(await page.locator('#words-analogy-error').textContent(), /“frogg” is none of the 10,000 words/);
    await page.locator('#words-analogy-error button').first().click();
    await settled(page);
    assert.equal(await page.locator('#words-analogy-error').count(), 0);
  });
});

test('in the plane the two arrows are parallel, and the answer is a distance away from it', async () => {
  await words('', {}, async (page) => {
    const { found: { plane } } = (await lab(page, 'words')).analogy;
    const [[ax, ay], [bx, by], [cx, cy], [sx, sy]] = plane.places;
    assert.ok(Math.abs(bx - ax - (sx - cx)) < 1e-5 && Math.abs(by - ay - (sy - cy)) < 1e-5);
    assert.ok(Math.abs(plane.arrow.size - (bx - ax)) < 1e-4);
    assert.equal(plane.off.text, '3.5682');
  });
  await words('words.analogy=king~king~queen', {}, async (page) => {
    assert.equal(await page.locator('.words-plane').count(), 0);
    assert.equal(await answer(page), 'princess');
  });
});

test('the map says what it loses: 9.4 % of the variance, and neighbours counted by brute force', async () => {
  await words('', {}, async (page) => {
    await mapped(page);
    const { map, truth } = await lab(page, 'words');
    assert.equal(map.where, 'worker');
    assert.ok(Math.abs(map.explained - 0.094) < 0.002);
    assert.equal(await page.locator('#words-explained').textContent(), '9.4%');
    const list = (await readFile(join(ROOT, 'data/words.txt'), 'utf8')).split('\n');
    const [x, y] = [691, 691].map((row, axis) => map.places[2 * list.indexOf('king') + axis]);
    const near = list.slice(0, 10000).map((word, row) => [(map.places[2 * row] - x) ** 2 + (map.places[2 * row + 1] - y) ** 2, word]).filter(([, word]) => word !== 'king')
      .sort((a, b) => a[0] - b[0]).slice(0, 10).map(([, word]) => word);
    assert.equal((await page.locator('#words-on-map').textContent()).trim(), near.join(', '));
    const kept = truth.filter(({ word }) => near.includes(word)).length;
    assert.equal(await page.locator('#words-kept').textContent(), `${kept} of 10`);
    assert.equal(await page.locator('.words-map .truth').count(), 10);
  });
});

test('axes from the eight rows make a map that looks good', async () => {
  await words('', {}, async (page) => {
    await mapped(page);
    await page.locator('button', { hasText: 'only the 8 rows above' }).click();
    await page.waitForFunction(() => globalThis.__lab.section('words').map.explained > 0.5);
    await mapped(page);
    assert.equal(await page.locator('#words-explained').textContent(), '56.8%');
    assert.equal(await page.locator('#words-kept').textContent(), '2 of 10');
  });
});

test('measuring all words shows its progress, can be stopped, and ends with 1.1 %', async () => {
  await words('', {}, async (page) => {
    await mapped(page);
    await page.locator('#words-measure').click();
    await page.waitForFunction(() => globalThis.__lab.section('words').map.job?.progress > 0);
    await page.locator('#words-stop').click();
    await settled(page);
    assert.equal(await page.locator('#words-measure').count(), 1);
    assert.equal((await lab(page, 'words')).map.measured, null);
    await page.locator('#words-measure').click();
    await page.locator('#words-measured').waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('#words-measured').textContent(), 'Over all 10,000 words: 1.1% of the ten true neighbours stay.');
  });
});

test('a dot under the pointer says its word, and a click looks it up', async () => {
  await words('', {}, async (page) => {
    await mapped(page);
    await page.locator('.words-map').scrollIntoViewIfNeeded();
    const { x, y } = await page.locator('.words-map circle.other').last().evaluate((dot) => {
      const { left, top, width } = dot.getBoundingClientRect();
      return { x: left + width / 2, y: top + width / 2 };
    });
    await page.mouse.move(x, y);
    await settled(page);
    const name = await page.locator('.words-map .hovered text').textContent();
    await page.mouse.click(x, y);
    await settled(page);
    assert.equal((await lab(page, 'words')).word, name);
  });
});

const WITHOUT_WORKERS = {
  'there are none': '<script>delete globalThis.Worker;</script>',
  'a policy forbids them': `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'">`,
};
for (const [why, head] of Object.entries(WITHOUT_WORKERS)) {
  test(`where no worker can be made, because ${why}, the page itself draws the map`, async () => {
    const html = (await readFile(fileURLToPath(site.url), 'utf8')).replace('<head>', `<head>${head}`);
    const folder = await mkdtemp(join(ROOT, 'build/words-'));
    const page = await (await site.browser.newContext()).newPage();
    try {
      await writeFile(join(folder, 'page.html'), html);
      await page.goto(`file://${join(folder, 'page.html')}#v=2&s=words&embed=1`);
      await page.waitForFunction(() => globalThis.__lab?.section('words').map.explained > 0);
      assert.equal((await lab(page, 'words')).map.where, 'page');
      await page.waitForFunction(() => globalThis.__lab.section('words').map.loss);
      await page.locator('#words-measure').click();
      await page.waitForFunction(() => globalThis.__lab.section('words').map.job?.progress > 0);
      await page.locator('#words-stop').click();
      await page.locator('#words-measure').waitFor();
    } finally {
      await page.context().close();
      await rm(folder, { recursive: true });
    }
  });
}

test('a table that cannot be read says so, and the rest of the page works', async () => {
  await visit('', {}, async (page) => {
    await page.evaluate(() => {
      document.getElementById('word-table-rows').textContent = '###';
      document.getElementById('words-body').scrollIntoView();
    });
    await page.locator('#words-failure').waitFor();
    assert.match(await page.locator('#words-failure').textContent(), /could not be read/);
    await assertAccessible(page, '#words');
  });
});

test('junk in the address gives way to the defaults, and numbers are clamped', async () => {
  await words('words.k=9999&words.metric=manhattan&words.column=-5&words.sorted=x&words.analogy=one&words.axes=?&words.chosen=%E0%A4~~~', {}, async (page) => {
    assert.equal(await neighbors(page).count(), 20);
    assert.equal(await page.locator('#words-column-field').inputValue(), '0');
    assert.equal(await answer(page), 'queen');
    assert.deepEqual((await lab(page, 'words')).chosen, ['king']);
  });
});

test('the address brings the same state back', async () => {
  let address;
  let dump;
  await words('', {}, async (page) => {
    await fill(page, page.locator('#words-search'), 'java');
    await fill(page, page.locator('#words-k-field'), 4);
    await page.locator('button', { hasText: /^distance$/ }).click();
    await page.locator('#words-exclude').uncheck();
    await fill(page, page.locator('#words-column-field'), 7);
    await settled(page);
    address = await page.evaluate(() => globalThis.__lab.address());
    const { map, ...state } = await lab(page, 'words');
    dump = state;
  });
  assert.ok(address.length < 400);
  await words(address.slice('#v=2&s=words&'.length), {}, async (page) => {
    const { map, ...state } = await lab(page, 'words');
    assert.deepEqual(state, dump);
  });
});

test('playing leaves the memory as it was', async () => {
  await words('', {}, async (page) => {
    await mapped(page);
    const play = async () => {
      for (const word of ['queen', 'java', 'nosuchword', 'king']) await fill(page, page.locator('#words-search'), word);
      for (const k of [3, 10]) await fill(page, page.locator('#words-k-field'), k);
      for (const column of [1, 55]) await fill(page, page.locator('#words-column-field'), column);
      for (const preset of ['1', '0']) await page.locator('#words-preset').selectOption(preset);
      await settled(page);
      await mapped(page);
    };
    await play();
    const { bytes, tensors } = await page.evaluate(() => globalThis.__lab.memory());
    await play();
    const after = await page.evaluate(() => globalThis.__lab.memory());
    assert.deepEqual([after.bytes, after.tensors], [bytes, tensors]);
  });
});

test('a package with wrong numbers shows wrong numbers everywhere', () => assertSpoiled('#v=2&s=words', {
  'nn-embedding': `
    const { forward, nearest } = real.Embedding.prototype;
    real.Embedding.prototype.forward = function (...args) { return forward.apply(this, args).mul(-1.5); };
    real.Embedding.prototype.nearest = function (...args) {
      const { indices, scores } = nearest.apply(this, args);
      return { indices: indices.map((row) => (row + 1) % this.numEmbeddings), scores: scores.map((score) => -score) };
    };`,
  'nn-embedding/lab': `
    export const pca = (...args) => {
      const found = real.pca(...args);
      return { ...found, explainedVarianceRatio: found.explainedVarianceRatio.map((part) => part * 2) };
    };
    export const project = (...args) => real.project(...args).map((place, n) => place * (n % 2 ? 0.5 : -1));
    export const neighborOverlap = (...args) => ({ mean: 0.5, shares: Float32Array.from(args[2].rows, () => 0.7) });
    export const histogram = () => ({ below: 1234 });`,
}, async () => {
  await new Promise((resolve) => {
    const look = () => (globalThis.__lab.section('words').map?.loss ? resolve() : requestAnimationFrame(look));
    look();
  });
  await globalThis.__lab.idle();
  const texts = (selector, read = (element) => element.textContent) => [...document.querySelectorAll(`#words ${selector}`)].map(read);
  return {
    values: texts('.word-value'), tints: texts('.cells-100', (cells) => [...cells.children].map((cell) => cell.className + cell.getAttribute('style')).join()),
    spoken: texts('.cells-100', (cells) => cells.getAttribute('aria-label')), column: texts('.word-rows .fact'),
    neighbors: texts('[aria-labelledby="words-neighbors-heading"] .neighbor-word'), scores: texts('[aria-labelledby="words-neighbors-heading"] .score'),
    bars: texts('[aria-labelledby="words-neighbors-heading"] .bar span', (bar) => bar.style.width),
    sum: texts('.analogy .neighbor-word'), sumScores: texts('.analogy .neighbor .score'), answer: texts('#words-answer'), fact: texts('.analogy .fact'),
    lengths: texts('.lengths .score'), plane: texts('.words-plane', (plane) => plane.getAttribute('aria-label')), lines: texts('.words-map .truth', (line) => line.getAttribute('x2') + line.getAttribute('y2')),
    explained: texts('#words-explained'), kept: texts('#words-kept'), truth: texts('#words-true'), onMap: texts('#words-on-map'),
    printed: texts('#words-printed', (element) => element.textContent.split('\n')).flat(),
  };
}));

test('each control calls the package', () => assertCalls('#v=2&s=words', [
  ['reading the table', (page) => page.waitForFunction(() => globalThis.__lab.section('words').map?.loss), {}],
  ['another word', (page) => fill(page, page.locator('#words-search'), 'paris'), { 'Embedding.nearest': 4, histogram: 1 }],
  ['another metric', (page) => page.locator('.neighbor-controls').getByRole('button', { name: 'distance' }).click(), { 'Embedding.nearest': 4 }],
  ['more neighbours', (page) => fill(page, page.locator('#words-k-field'), 12), { 'Embedding.nearest': 2 }],
  ['another column', (page) => fill(page, page.locator('#words-column-field'), 10), { histogram: 1, 'Tensor.matmul': 1, 'Embedding.nearest': 0 }],
  ['sorted columns', (page) => page.locator('#words-sorted').check(), { covariance: 1 }],
  ['another sum', (page) => page.locator('#words-preset').selectOption('1'), { 'Embedding.nearest': 3, project: 1 }],
  ['the words that went in', (page) => page.locator('#words-exclude').uncheck(), { 'Embedding.nearest': 3 }],
]));

for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
  test(`axe finds nothing, and the page fits: ${name}`, async () => {
    await words('', options, async (page) => {
      await mapped(page);
      await page.evaluate(() => { for (const details of document.querySelectorAll('#words details')) details.open = true; });
      await assertAccessible(page, '#words');
      await page.locator('#words-search').fill('pa');
      await settled(page);
      await assertAccessible(page, '#words');
      if (options === PHONE) await assertFits(page);
    }, '');
    await words('words.word=zzzz&words.analogy=zzzz~king~woman', options, (page) => assertAccessible(page, '#words'), '');
  });
}
