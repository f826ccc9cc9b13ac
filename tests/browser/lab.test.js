import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import * as lab from 'nn-embedding/lab';
import { launch, open } from './launch.js';

const PAGE = '<!doctype html><meta charset="utf-8"><title>lab</title><link rel="icon" href="data:,">';

const server = createServer(async ({ url }, response) => {
  if (url === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
  response.setHeader('content-type', 'text/javascript').end(await readFile(new URL('../../dist/lab.js', import.meta.url)));
});

let browser;
let address;

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server.close();
});

/** What page, worker and Node.js each run: numbers that must agree bit for bit. Sent to the other two as text. */
function run({ pca, paint, project }, onProgress) {
  const matrix = { data: Float32Array.from({ length: 2000 * 30 }, (_, i) => Math.fround((i * 7919) % 1009) / 1009), shape: [2000, 30] };
  const axes = pca(matrix, { onProgress });
  const pixels = paint(project(matrix, axes), { table: new Uint32Array(256).map((_, i) => 0xff000000 + i) });
  return { components: [...axes.components], pixels: [...pixels] };
}

test('a page and its worker get the numbers of Node.js bit for bit, and a heatmap goes on a canvas', async () => {
  const page = await open(browser, address);
  const there = await page.evaluate(async (source) => {
    const lab = await import('/lab.js');
    const here = new Function(`return ${source}`)()(lab);
    const canvas = document.createElement('canvas');
    const image = new ImageData(Uint8ClampedArray.from(here.pixels), 2);
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext('2d');
    context.putImageData(image, 0, 0);
    return { ...here, painted: [...context.getImageData(0, 0, 2, 2000).data] };
  }, String(run));
  assert.deepEqual(there.painted, there.pixels);

  const { progress, ...inWorker } = await page.evaluate(async (source) => {
    const text = await (await fetch('/lab.js')).text();
    const module = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const work = `import * as lab from '${module}'; const progress = []; postMessage({ ...(${source})(lab, (part) => progress.push(part)), progress });`;
    const worker = new Worker(URL.createObjectURL(new Blob([work], { type: 'text/javascript' })), { type: 'module' });
    return new Promise((resolve, reject) => Object.assign(worker, { onmessage: ({ data }) => resolve(data), onerror: reject }));
  }, String(run));
  assert.equal(progress.at(-1), 1);

  const expected = run(lab);
  assert.deepEqual({ components: there.components, pixels: there.pixels }, expected);
  assert.deepEqual(inWorker, expected);
  assert.deepEqual(page.complaints, []);
});
