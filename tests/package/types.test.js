// The types of the installed package, with the oldest TypeScript that reads them and with the current one.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { install } from './install.js';

/** The compiler, and how it finds modules. */
const COMPILERS = [['5.4', 'nodenext'], ['current', 'nodenext'], ['current', 'bundler']];
const OPTIONS = { strict: true, skipLibCheck: false, types: [], target: 'es2022', noEmit: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };

const { folder, remove } = install();
after(remove);

const PROGRAM = `
import { Embedding, EmbeddingBag, SparseTensor, Tensor, functional, memory, nearest, noGrad, optim, tensor, tidy } from 'nn-embedding';
import { init, initSync, supportsSimd } from 'nn-embedding/core';
import { ready } from 'nn-embedding/url';
import { quantiles } from 'nn-embedding/lab';
import module from 'nn-embedding/embedding.wasm';
import scalar from 'nn-embedding/embedding-scalar.wasm';

const embedding = new Embedding(10, 3, { paddingIdx: 0, sparse: true });
const output: Tensor = embedding.forward([[1, 2], [3, 4]]);
const data: Float32Array | Int32Array = output.data;
const shape: number[] = output.shape;
const bag: Tensor = new EmbeddingBag(10, 3, { mode: 'sum' }).forward(BigInt64Array.of(1n, 2n), { offsets: [0] });
const grad: Tensor | SparseTensor | null = embedding.weight.grad;
const optimizer = new optim.SparseAdam(embedding.parameters(), { lr: 0.1 });
optimizer.step();
const { indices, scores }: { indices: Int32Array; scores: Float32Array } = nearest(embedding.weight, [1, 2, 3], { k: 2, metric: 'dot' });
const loss: number = tidy(() => functional.crossEntropy(output.reshape([4, 3]), [0, 1, 2, 0]).item());
const bytes: number = noGrad(() => memory().bytes);
const [median]: ArrayLike<number> & Iterable<number> = quantiles(embedding.weight, [0.5]);

await ready;
await init(fetch('embedding.wasm'));
initSync(supportsSimd() ? module : scalar);
initSync(new Uint8Array(8));
const revived: Tensor = tensor(new Float32Array(6), { shape: [2, 3] });
export { bag, bytes, data, grad, indices, loss, median, revived, scores, shape };

// @ts-expect-error: an unknown option
new Embedding(10, 3, { paddingidx: 0 });
// @ts-expect-error: an unknown mode
new EmbeddingBag(10, 3, { mode: 'median' });
// @ts-expect-error: a string is no index
embedding.forward('1');
`;

/** What a compiler says to a file. */
function compile(version, file, text, options) {
  writeFileSync(join(folder, file), text);
  const config = join(folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...OPTIONS, ...options }, files: [file] }));
  const tsc = new URL(`../../node_modules/typescript-${version}/bin/tsc`, import.meta.url).pathname;
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  return stdout + stderr;
}

for (const [version, resolution] of COMPILERS) {
  test(`TypeScript ${version} accepts a strict program, module resolution ${resolution}`, () => {
    const module = resolution === 'bundler' ? 'esnext' : resolution;
    assert.equal(compile(version, 'program.ts', PROGRAM, { module, moduleResolution: resolution }), '');
  });
}

test('the types of nn-embedding need no DOM', () => {
  const program = "import { Embedding } from 'nn-embedding'; export const shape: number[] = new Embedding(2, 2).forward([1]).shape;";
  assert.equal(compile('current', 'server.ts', program, { module: 'nodenext', lib: ['es2022'] }), '');
});
