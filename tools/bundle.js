/**
 * Bundles js/entry/browser.js, the module's bytes included, into dist/nn-embedding.js: `node tools/bundle.js`. terser comes after
 * esbuild because it makes 2 % less of it.
 */
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { minify } from 'terser';

/**
 * @param {'binary' | 'external'} wasm what becomes of the module: its bytes, or an import
 * @returns {Promise<string>} the minified bundle, an ES module
 */
export async function bundle(wasm) {
  const { outputFiles } = await build({
    entryPoints: ['js/entry/browser.js'],
    absWorkingDir: new URL('..', import.meta.url).pathname,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
    external: wasm === 'external' ? ['*.wasm'] : [],
    loader: { '.wasm': 'binary' },
  });
  const { code } = await minify(outputFiles[0].text, {
    module: true,
    toplevel: true,
    ecma: 2020,
    compress: { passes: 3, unsafe_arrows: true },
    mangle: { properties: { regex: /^_(?!version$|initialize$)/ } }, // names that begin so are the package's own
  });
  return /** @type {string} */ (code);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  writeFileSync(new URL('../dist/nn-embedding.js', import.meta.url), await bundle('binary'));
}
