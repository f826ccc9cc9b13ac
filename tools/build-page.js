/**
 * Bundles web/ into one HTML file without a single request in it: styles, script and the wasm module are inside.
 * `node tools/build-page.js` writes dist/nn-embedding.html; `build` is what the tests call.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import temml from 'temml';
import { formulas } from '../web/formulas.js';
import { en } from '../web/strings/en.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * @param {{ outfile?: string, alias?: Record<string, string>, extra?: string }} [options] `alias` replaces modules by name, over the
 *   usual `nn-embedding` -> js/entry/browser.js; `extra` stands at the end of the body
 * @returns {Promise<string>} the path of the page
 */
export async function build({ outfile = join(ROOT, 'dist/nn-embedding.html'), alias = {}, extra = '' } = {}) {
  const packages = {
    alias: { 'nn-embedding/lab': join(ROOT, 'js/entry/lab-browser.js'), 'nn-embedding': join(ROOT, 'js/entry/browser.js'), ...alias },
    loader: { '.wasm': 'binary' },
    format: 'iife',
  };
  const [html, style, script, table] = await Promise.all([
    readFile(join(ROOT, 'web/index.html'), 'utf8'),
    bundle('web/style.css', {}),
    bundle('web/page.js', { ...packages, plugins: [workersInside(packages)] }),
    wordTable(),
  ]);
  const page = html
    .replace('<!-- sections -->', () => Object.entries(en.sections).map(([id, words]) => sectionHtml(id, words)).join('\n'))
    .replace(/\{\{([\w.]+)\}\}/g, (_, path) => (path === 'first' ? Object.keys(en.sections)[0] : escapeHtml(sentence(path))))
    .replace('/* style */', () => style)
    .replace('/* script */', () => script)
    .replace('<!-- word table -->', () => table)
    .replace('</body>', () => `${extra}</body>`);
  await mkdir(dirname(outfile), { recursive: true });
  await writeFile(outfile, page);
  return outfile;
}

/** An import of a file *-worker.js is the text of its own bundle, for a worker from a Blob: a page from file:// may start no other. */
const workersInside = (options) => ({
  name: 'workers-inside',
  setup(build) {
    build.onLoad({ filter: /-worker\.js$/ }, async ({ path }) => ({
      contents: await bundle(relative(ROOT, path), options), loader: 'text', watchFiles: [path],
    }));
  },
});

/** The files of data/ as elements that nothing runs and that hold their text until a section reads it. */
async function wordTable() {
  const data = (name, encoding) => readFile(join(ROOT, 'data', name), encoding);
  const [words, rows, scales] = await Promise.all([data('words.txt', 'utf8'), data('rows.int8', 'base64'), data('scales.float32', 'base64')]);
  if (words.includes('</script')) throw new Error('data/words.txt would end its element');
  return Object.entries({ words: words.trimEnd(), rows, scales })
    .map(([name, text]) => `<script type="text/plain" id="word-table-${name}">${text}</script>`).join('\n');
}

async function bundle(entry, options) {
  const result = await esbuild.build({
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    write: false,
    charset: 'utf8',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    legalComments: 'eof',
    ...options,
  });
  return result.outputFiles[0].text.trim();
}

/** What a section says before, and without, its script. */
const sectionHtml = (id, { heading, text }) => `    <section id="${id}" aria-labelledby="${id}-heading">
      <h2 id="${id}-heading" tabindex="-1" data-string="sections.${id}.heading">${escapeHtml(heading)}</h2>
${text.map((paragraph, n) => `      <p class="text" data-string="sections.${id}.text.${n}">${escapeHtml(paragraph)}</p>`).join('\n')}
${formulas[id] ? `      <div class="formula text" tabindex="0" role="group" aria-labelledby="${id}-heading">${[formulas[id]].flat().map((part) => temml.renderToString(String.raw`\displaystyle ${part}`)).join(' ')}</div>\n` : ''}      <div id="${id}-body" class="body"><p class="card waiting" data-string="frame.waiting">${escapeHtml(en.frame.waiting)}</p></div>
    </section>`;

/** @param {string} path such as page.title */
function sentence(path) {
  const text = path.split('.').reduce((words, name) => words?.[name], en);
  if (text === undefined) throw new Error(`web/index.html asks for {{${path}}}, which web/strings/en.js does not have`);
  return text;
}

const escapeHtml = (text) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const outfile = await build();
  const { length } = await readFile(outfile);
  console.log(`${outfile.slice(ROOT.length).replace(/^[\\/]/, '')}  ${(length / 1024).toFixed(1)} KB`);
}
