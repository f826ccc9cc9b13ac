/**
 * Bundles js/entry into dist/.
 *
 * `node tools/bundle.js entries`
 *   library.js, entry/          what package.json names: a file per way the module arrives, and what they share, so that all entries
 *                               of a process have one memory; entry/browser.js has the module's bytes inside
 *
 * `node tools/bundle.js one-file`
 *   nn-embedding.min.js         all in one file, as small as can be
 *   nn-embedding.iife.min.js    the same for a script tag: the global nnEmbedding
 *   lab.js                      nn-embedding/lab in one file
 *
 * One file in place of fifty: Node.js reads them five times as fast. terser comes after esbuild because it makes 2 % less of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'terser';

/**
 * Names of properties that users never see, and that no object of the engine has: so they may be shortened, like all that begin with _
 * but for the two in the contract and in the module's exports.
 */
const OWN_NAMES =
  'accumulateInto append aStrides bStrides check coalesced dense free holders inner inputs isFreed isKept ' +
    'isParameter isShown isViewed madeBy movedOut moveOut node numBags numIndices numOffsets outer ' +
    'ownedAlone plus pointer release replaceBy result retain rows saved saves sequence share sizes source storage ' +
    'storages texts toHandle version writes';

/**
 * Puts the bytes of a module into the browsers' entries, as hexadecimal digits. Every byte is two of them, so that gzip still finds
 * what repeats: of base64, where a byte looks different in each of three places, it leaves a fifth more (37.6 instead of 31.2 KB;
 * brotli 33.0, 26.2).
 * @type {import('esbuild').Plugin}
 */
const bytesInside = {
  name: 'bytes-inside',
  setup(build) {
    build.onResolve({ filter: /\.wasm$/ }, ({ path, importer, resolveDir }) => {
      return /browser\.js$/.test(importer) ? { path: join(resolveDir, path) } : { path, external: true };
    });
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

/** @type {import('esbuild').BuildOptions} */
const OPTIONS = {
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  bundle: true,
  format: 'esm',
  target: ['es2022', 'safari15.4'], // the newest without SIMD that has all else, for the scalar module
  minify: true,
  lineLimit: 160,
  outdir: 'dist',
};

/** What package.json names. */
async function buildEntries() {
  const entries = (...names) => names.map((name) => ({ in: `js/entry/${name}.js`, out: `entry/${name}` }));
  const options = { ...OPTIONS, external: ['node:*', 'nn-embedding', '*.wasm'] };
  await build({ ...options, entryPoints: entries('node', 'workerd', 'browser', 'core', 'url'), plugins: [bytesInside], splitting: true, chunkNames: 'library' });
  await build({ ...options, entryPoints: entries('url-ready', 'lab-node', 'lab-workerd') });
}

/**
 * All in one file.
 * @param {'inside' | 'external'} wasm what becomes of the module: its bytes, or an import
 * @param {{ entry?: string, ownNames?: string, format?: 'esm' | 'iife' }} [options] entry: of js/entry; ownNames: of properties, to be
 *   shortened
 * @returns {Promise<string>} the minified code
 */
export async function bundle(wasm, { entry = 'browser', ownNames = OWN_NAMES, format = 'esm' } = {}) {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [`js/entry/${entry}.js`],
    format,
    globalName: 'nnEmbedding',
    write: false,
    external: wasm === 'external' ? ['*.wasm'] : [],
    plugins: wasm === 'inside' ? [bytesInside] : [],
  });
  const { code } = await minify(outputFiles[0].text, {
    module: format === 'esm',
    toplevel: format === 'esm',
    ecma: 2020,
    compress: { passes: 3, unsafe_arrows: true, reduce_funcs: false, hoist_funs: true, lhs_constants: false },
    mangle: { properties: { regex: new RegExp(`^(_(?!version$|initialize$).*|${ownNames.replaceAll(' ', '|')})$`), builtins: true } },
  });
  return /** @type {string} */ (code);
}

async function buildFiles() {
  const write = (name, code) => writeFileSync(new URL(`../dist/${name}`, import.meta.url), code);
  write('nn-embedding.min.js', await bundle('inside'));
  write('nn-embedding.iife.min.js', await bundle('inside', { format: 'iife' }));
  write('lab.js', await bundle('inside', { entry: 'lab-browser', ownNames: '' }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await { entries: buildEntries, 'one-file': buildFiles }[process.argv[2]]();
