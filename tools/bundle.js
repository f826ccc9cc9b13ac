/**
 * Bundles js/entry/browser.js, the module's bytes included, into dist/nn-embedding.js: `node tools/bundle.js`; and
 * js/entry/lab-browser.js into dist/lab.js: `node tools/bundle.js lab`. terser comes after esbuild because it makes 2 % less of it.
 */
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { minify } from 'terser';

/**
 * Names of properties that users never see, and that no object of the engine has: so they may be shortened, like all that begin with _
 * but for the two in the contract and in the module's exports.
 */
const OWN_NAMES =
  'accumulateInto append aStrides bStrides check coalesced dense free holders inner inputs isFreed isKept ' +
    'isParameter isShown isViewed madeBy movedOut moveOut node numBags numIndices numOffsets outer overlaps ' +
    'ownedAlone plus pointer release replaceBy result retain rows saved saves sequence share sizes source storage ' +
    'storages texts toHandle version writes';

/**
 * @param {'binary' | 'external'} wasm what becomes of the module: its bytes, or an import
 * @param {string} [entry] of js/entry
 * @param {string} [ownNames] of properties, to be shortened
 * @returns {Promise<string>} the minified bundle, an ES module
 */
export async function bundle(wasm, entry = 'browser', ownNames = OWN_NAMES) {
  const { outputFiles } = await build({
    entryPoints: [`js/entry/${entry}.js`],
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
    compress: { passes: 3, unsafe_arrows: true, reduce_funcs: false, hoist_funs: true, lhs_constants: false },
    mangle: { properties: { regex: new RegExp(`^(_(?!version$|initialize$).*|${ownNames.replaceAll(' ', '|')})$`), builtins: true } },
  });
  return /** @type {string} */ (code);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const isLab = process.argv[2] === 'lab';
  const code = isLab ? await bundle('binary', 'lab-browser', '') : await bundle('binary');
  writeFileSync(new URL(`../dist/${isLab ? 'lab' : 'nn-embedding'}.js`, import.meta.url), code);
}
