/** An HTTP server for pages that use the package as it lies in the repository. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const TYPES = { js: 'text/javascript', txt: 'text/plain; charset=utf-8' };

/**
 * A page with this module script, in which the package has its name.
 * @param {string} script
 * @returns {string}
 */
export const pageWith = (script) => `<!doctype html><meta charset="utf-8"><title>-</title><link rel="icon" href="data:,"><p></p>
<script type="importmap">{ "imports": { "nn-embedding": "/dist/nn-embedding.min.js" } }</script>
<script type="module">${script}</script>`;

/**
 * Serves the page, and of the repository these files alone.
 * @param {string} page
 * @param {string[]} files such as /examples/word2vec.js
 * @returns {Promise<{ address: string, close: () => void }>}
 */
export async function serve(page, files) {
  const server = createServer(async ({ url }, response) => {
    if (url === '/') return response.setHeader('content-type', 'text/html').end(page);
    if (!files.includes(url)) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[url.split('.').at(-1)] ?? 'application/octet-stream');
    response.end(await readFile(new URL(`../..${url}`, import.meta.url)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return { address: `http://127.0.0.1:${/** @type {any} */ (server.address()).port}/`, close: () => server.close() };
}
