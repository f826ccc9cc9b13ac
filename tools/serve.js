/**
 * `node tools/serve.js [port]` serves the page at http://localhost:8000/ and loads it again in the browser when a file of web/ changes.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { build } from './build-page.js';

const FOLDER = fileURLToPath(new URL('../.cache/serve/', import.meta.url));
const RELOAD = "<script>new EventSource('/esbuild').addEventListener('change', () => location.reload());</script>";

mkdirSync(FOLDER, { recursive: true });
const context = await esbuild.context({
  // Only to have their files watched: what is served is the page as `make page` builds it.
  entryPoints: ['web/page.js', 'web/style.css', 'web/index.html'].map((file) => fileURLToPath(new URL(`../${file}`, import.meta.url))),
  bundle: true,
  write: false,
  outdir: `${FOLDER}watched`,
  format: 'esm',
  loader: { '.html': 'copy', '.wasm': 'binary' },
  external: ['nn-embedding', 'nn-embedding/*'],
  logLevel: 'warning',
  plugins: [{
    name: 'page',
    setup({ onEnd }) {
      onEnd(async ({ errors }) => {
        if (errors.length === 0) await build({ outfile: `${FOLDER}index.html`, extra: RELOAD }).catch(({ message }) => console.error(message));
      });
    },
  }],
});
await context.watch();
const { port } = await context.serve({ servedir: FOLDER, port: Number(process.argv[2] ?? 8000), host: '127.0.0.1' });
console.log(`http://localhost:${port}/  Ctrl+C ends it`);
