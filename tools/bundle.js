/**
 * Bundles js/entry/browser.js, the module's bytes included, into dist/nn-embedding.js: `node tools/bundle.js`; and
 * js/entry/lab-browser.js into dist/lab.js: `node tools/bundle.js lab`. terser comes after esbuild because it makes 2 % less of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
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
 * Puts the bytes of a module in as hexadecimal digits. Every byte is two of them, so that gzip still finds what repeats: of base64,
 * where a byte looks different in each of three places, it leaves a fifth more (37.6 instead of 31.2 KB; brotli 33.0, 26.2).
 * @type {import('esbuild').Plugin}
 */
const bytesInside = {
  name: 'bytes-inside',
  setup(build) {
    build.onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
      contents: `
        const digits = '${readFileSync(path).toString('hex')}';
        const digit = (at) => (digits.charCodeAt(at) & 15) + 9 * (digits.charCodeAt(at) >> 6);
        const bytes = new Uint8Array(digits.length / 2);
        for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * digit(2 * i) + digit(2 * i + 1);
        export default bytes;`,
    }));
  },
};

/**
 * @param {'inside' | 'external'} wasm what becomes of the module: its bytes, or an import
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
    plugins: wasm === 'inside' ? [bytesInside] : [],
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
  const code = isLab ? await bundle('inside', 'lab-browser', '') : await bundle('inside');
  writeFileSync(new URL(`../dist/${isLab ? 'lab' : 'nn-embedding'}.js`, import.meta.url), code);
}
