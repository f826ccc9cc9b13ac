/**
 * nn-embedding/lab: histogram, quantiles, covariance, pca, project, neighborOverlap, paint.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { manualSeed, memory, randn, tensor, zeros } from 'nn-embedding';
import * as lab from 'nn-embedding/lab';
import { initialize, wasm } from '../../js/lab/instance.js';
import { assertNear, assertSameBits, assertSameNumbers, floats, golden } from './golden.js';

const { histogram, quantiles, covariance, pca, project, neighborOverlap, paint } = lab;

const GZIP_BUDGET = 12.5 * 1024; // bytes of dist/lab.js, the module included

const path = (file) => new URL(`../../${file}`, import.meta.url);
const bundled = await import('../../dist/lab.js');
const cases = golden('lab');
const valuesOf = (name) => floats(cases.values.find((set) => set.name === name).float32);
const matrixOf = ({ values, shape }) => ({ data: floats(values), shape });

/** Numbers between -1 and 1, the same in every run. */
function noise(rows, columns, seed = 1) {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31;
  return { data: Float32Array.from({ length: rows * columns }, next), shape: [rows, columns] };
}

/** Rows of which the columns hang together. */
function related(rows, columns, seed) {
  const { data, shape } = noise(rows, columns, seed);
  for (let i = 0; i < data.length; i++) data[i] = i % columns ? data[i] / (1 + (i % columns)) + 0.7 * data[i - 1] : data[i];
  return { data, shape };
}

const row = (array, n, columns) => array.subarray(n * columns, (n + 1) * columns);
const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const close = (actual, expected, tolerance, message) => assert.ok(Math.abs(actual - expected) <= tolerance, `${message}: ${actual}, expected ${expected}`);
const ramp = new Uint32Array(256).map((_, i) => 0xff000000 + i);

/* ---- The module ---- */

test('the module imports nothing, exports what its headers declare, and starts small', () => {
  const module = new WebAssembly.Module(readFileSync(path('dist/lab.wasm')));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const functions = WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function').map(({ name }) => name);
  const declared = readFileSync(path('src/lab/lab.h'), 'utf8').match(/\blab_[a-z0-9_]+(?=\()/g);
  for (const name of new Set([...declared, 'memory_allocate', 'memory_release', '_initialize'])) assert.ok(functions.includes(name), name);
  const { exports } = new WebAssembly.Instance(module, {});
  assert.ok(exports.memory.buffer.byteLength <= 2 * 1024 * 1024);
});

test(`the bundle, gzipped, has at most ${GZIP_BUDGET} bytes`, (t) => {
  const code = readFileSync(path('dist/lab.js'));
  const size = gzipSync(code, { level: 9 }).length;
  t.diagnostic(`lab.js: ${code.length} bytes, ${size} gzipped; lab.wasm: ${readFileSync(path('dist/lab.wasm')).length} bytes`);
  assert.ok(size <= GZIP_BUDGET, `${size} bytes`);
});

test('the main module has nothing of the lab, and the lab does not load it', () => {
  const main = new WebAssembly.Module(readFileSync(path('dist/embedding.wasm')));
  assert.ok(WebAssembly.Module.exports(main).every(({ name }) => !name.startsWith('lab_')));
  const script = `
    const { quantiles } = await import('./tests/sources-lab.js');
    const { memory } = await import('./js/index.js');
    console.log(quantiles(Float32Array.of(1, 2), [0.5])[0]);
    try { memory(); } catch ({ message }) { console.log(message.slice(0, 25)); }`;
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: path('.'), encoding: 'utf8' }), '1.5\nnn-embedding is not ready\n');
});

test('the first module wins: another initialize changes nothing', () => {
  const before = wasm;
  initialize(new Uint8Array(0));
  assert.equal(wasm, before);
});

test('the two entries export the same functions', () => {
  assert.deepEqual(Object.keys(lab).sort(), ['covariance', 'histogram', 'neighborOverlap', 'paint', 'pca', 'project', 'quantiles']);
  assert.deepEqual(Object.keys(bundled).sort(), Object.keys(lab).sort());
});

for (const file of ['js/entry/lab-node.js', 'dist/lab.js']) {
  test(`${file} works in a worker, which reports progress`, async () => {
    const source = `
      const { parentPort, workerData } = require('node:worker_threads');
      import(workerData.file).then(({ pca }) => {
        const { components } = pca(workerData.matrix, { onProgress: (fraction) => parentPort.postMessage(fraction) });
        parentPort.postMessage(components);
      });`;
    const matrix = related(3000, 20);
    const messages = [];
    const worker = new Worker(source, { eval: true, workerData: { file: path(file).href, matrix } });
    worker.on('message', (message) => messages.push(message));
    await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
    const components = messages.pop();
    assertSameBits(components, pca(matrix).components);
    assert.ok(messages.length > 1);
    assert.equal(messages.at(-1), 1);
  });
}

/* ---- numpy's results ---- */

for (const [entry, functions] of Object.entries({ node: lab, bundle: bundled })) {
  test(`every golden histogram is numpy’s to the last bit (${entry})`, () => {
    assert.ok(cases.histograms.length >= 50);
    for (const { values, bins, min, max, edges, counts, ...outside } of cases.histograms) {
      const result = functions.histogram(valuesOf(values), { bins, min: min ?? undefined, max: max ?? undefined });
      const message = `${values}, ${bins} bins from ${min} to ${max}`;
      assertSameBits(result.edges, floats(edges), message);
      assert.deepEqual([...result.counts], counts, message);
      assert.deepEqual({ below: result.below, above: result.above, nans: result.nans }, outside, message);
    }
  });

  test(`every golden quantile is numpy’s, rounded once (${entry})`, () => {
    for (const { values, probabilities, quantiles: expected } of cases.quantiles) {
      const result = functions.quantiles(valuesOf(values), probabilities);
      const wanted = floats(expected);
      // numpy makes NaN of the way from one infinity to the same
      result.forEach((x, p) => assert.ok(x === wanted[p] || (Number.isNaN(wanted[p]) && !Number.isFinite(x)), `${values}, ${probabilities[p]}: ${x}, expected ${wanted[p]}`));
    }
  });

  test(`every golden matrix has numpy’s covariance, components, projection and neighbours (${entry})`, () => {
    assert.ok(cases.matrices.length >= 8);
    for (const { name, ...expected } of cases.matrices) {
      const matrix = matrixOf(expected);
      const count = expected.variances.length;
      assertNear([...functions.covariance(matrix)], expected.covariance, `${name}, covariance`, 0, 1e-12);
      const result = functions.pca(matrix, { components: count });
      assertNear([...result.mean], expected.mean, `${name}, mean`, 1e-42, 1e-6);
      assertNear([...result.components], expected.components, `${name}, components`, 2e-7, 1e-6);
      assertNear([...result.explainedVariance], expected.variances, `${name}, variances`, 0, 1e-11);
      assertNear([...result.explainedVarianceRatio], expected.ratios, `${name}, ratios`, 0, 1e-11);
      assertNear([result.totalVariance], [expected.total], `${name}, total variance`, 0, 1e-12);
      const projected = functions.project(matrix, result);
      assertNear([...projected], expected.projected, `${name}, projection`, 0, name.startsWith('far') ? 1e-4 : 1e-5);
      const overlap = functions.neighborOverlap(matrix, projected, { k: expected.k });
      assertNear([...overlap.shares], expected.shares, `${name}, neighbours`, 0, 1e-6);
    }
  });

  test(`every golden value takes the place in the colour table that numpy gives it (${entry})`, () => {
    for (const { values, min, max, places } of cases.paints) {
      const pixels = functions.paint(valuesOf(values), { table: ramp, min, max, nanColor: [255, 0, 0, 1] });
      const found = [...new Uint32Array(pixels.buffer)].map((pixel) => (pixel === 0x010000ff ? -1 : pixel - 0xff000000));
      assert.deepEqual(found, places, `${values} from ${min} to ${max}`);
    }
  });
}

/* ---- Histogram and quantiles ---- */

test('counts and what is outside sum to the number of values', () => {
  const values = noise(1, 5000).data.map((x, i) => (i % 50 === 0 ? NaN : i % 70 === 0 ? Infinity : x));
  for (const options of [undefined, {}, { bins: 1 }, { bins: 3, max: 0 }, { bins: 1000, min: -0.2, max: 0.7 }, { min: 5, max: 6 }]) {
    const { counts, edges, below, above, nans } = histogram(values, options);
    assert.equal(counts.reduce((sum, count) => sum + count, 0) + below + above + nans, 5000);
    assert.equal(counts.length, options?.bins ?? 10);
    assert.equal(edges.length, counts.length + 1);
  }
});

test('a histogram of whole numbers counts each', () => {
  const { counts, edges } = histogram(Int32Array.of(1, 2, 2, 5, 5, 5), { bins: 5, min: 0.5, max: 5.5 });
  assert.deepEqual([...counts], [1, 2, 0, 0, 3]);
  assert.deepEqual([...edges], [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]);
});

test('the last bin holds its upper edge, the others do not', () => {
  assert.deepEqual([...histogram(Float32Array.of(0, 1, 2, 3), { bins: 3 }).counts], [1, 1, 2]);
});

test('a histogram of nothing, or of nothing finite, goes from 0 to 1', () => {
  assert.deepEqual([...histogram(new Float32Array(0), { bins: 2 }).edges], [0, 0.5, 1]);
  assert.deepEqual(histogram(Float32Array.of(NaN, Infinity), { bins: 1 }), {
    counts: Uint32Array.of(0), edges: Float32Array.of(0, 1), below: 0, above: 1, nans: 1,
  }); // prettier-ignore
});

test('quantiles pass over NaNs and do not change the values', () => {
  const values = Float32Array.of(4, NaN, 1, 3, NaN, 2);
  const before = values.slice();
  assertSameNumbers(quantiles(values, [0, 0.5, 1]), [1, 2.5, 4]);
  assertSameBits(values, before);
  assertSameNumbers(quantiles(Float32Array.of(NaN), Float64Array.of(0.5)), [NaN]);
  assertSameNumbers(quantiles(Float32Array.of(7), []), []);
});

test('quantiles of many values are those of the sorted array', () => {
  const values = noise(1, 100001).data;
  const sorted = values.slice().sort();
  const places = [0, 1, 500, 50000, 99999, 100000];
  assertSameNumbers(quantiles(values, places.map((n) => n / 100000)), places.map((n) => sorted[n]));
});

/* ---- Principal components ---- */

test('eigenvectors are orthonormal, solve C v = λ v, come by variance, and have their largest entry positive', () => {
  for (const [rows, columns] of [[50, 1], [50, 2], [7, 12], [300, 40], [400, 150]]) {
    const matrix = related(rows, columns, rows);
    const C = covariance(matrix);
    const { components, explainedVariance, totalVariance } = pca(matrix, { components: columns });
    const scale = Math.max(...C.map(Math.abs));
    for (let i = 0; i < columns; i++) {
      const v = row(components, i, columns);
      for (let j = 0; j <= i; j++) close(dot(v, row(components, j, columns)), i === j ? 1 : 0, 1e-6, `components ${i} and ${j}`);
      for (let d = 0; d < columns; d++) close(dot(row(C, d, columns), v), explainedVariance[i] * v[d], 1e-6 * scale, `C v of component ${i}`);
      assert.ok(i === 0 || explainedVariance[i] <= explainedVariance[i - 1]);
      const largest = v.reduce((best, x, d) => (Math.abs(x) > Math.abs(v[best]) ? d : best), 0);
      assert.ok(v[largest] > 0, `the sign of component ${i}`);
    }
    close(explainedVariance.reduce((sum, x) => sum + x, 0), totalVariance, 1e-12 * totalVariance, 'total variance');
    close(C.reduce((sum, x, i) => (i % (columns + 1) === 0 ? sum + x : sum), 0), totalVariance, 1e-12 * totalVariance, 'trace');
  }
});

test('of entries equally large the first is positive', () => {
  const { components } = pca({ data: Float32Array.of(-1, 1, 2, -2, -3, 3), shape: [3, 2] }, { components: 1 });
  assertSameNumbers(components, [Math.SQRT1_2, -Math.SQRT1_2].map(Math.fround));
});

test('a second run gives the same bits', () => {
  const matrix = related(500, 30);
  const [a, b] = [pca(matrix), pca({ data: matrix.data.slice(), shape: [500, 30] })];
  for (const name of ['mean', 'components', 'explainedVariance', 'explainedVarianceRatio']) assertSameBits(a[name], b[name], name);
});

test('the projection of the mean is 0, and the variance along a component is the explained one', () => {
  const matrix = related(400, 12);
  const axes = pca(matrix, { components: 3 });
  assertSameNumbers(project({ data: axes.mean, shape: [1, 12] }, axes), [0, 0, 0]);
  const places = project(matrix, axes);
  const spread = covariance({ data: places, shape: [400, 3] });
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) close(spread[3 * i + j], i === j ? axes.explainedVariance[i] : 0, 1e-6, `${i}, ${j}`);
  }
});

test('all components together keep every distance', () => {
  const matrix = related(20, 6);
  const places = project(matrix, pca(matrix, { components: 6 }));
  const apart = (data, n) => Math.hypot(...row(data, n, 6).map((x, d) => x - data[d]));
  for (let n = 1; n < 20; n++) close(apart(places, n), apart(matrix.data, n), 1e-6, `row ${n}`);
});

test('rows that are all equal have components, and no variance along them', () => {
  const { mean, components, explainedVariance, explainedVarianceRatio, totalVariance } = pca({ data: new Float32Array(12).fill(0.3), shape: [4, 3] });
  assertSameNumbers(mean, [0.3, 0.3, 0.3].map(Math.fround));
  assertSameNumbers(components, [1, 0, 0, 0, 1, 0]);
  assert.deepEqual([...explainedVariance, ...explainedVarianceRatio, totalVariance], [0, 0, 0, 0, 0]);
});

test('two components are the default, and one where there is one column', () => {
  assert.equal(pca(noise(9, 5)).components.length, 10);
  assert.equal(pca(noise(9, 1)).components.length, 1);
});

test('axes of one’s own need no mean', () => {
  const matrix = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
  assertSameNumbers(project(matrix, { components: Float32Array.of(1, -1) }), [-1, -1]);
  assertSameNumbers(project(matrix, { components: Float32Array.of(0, 1, 1, 0), mean: Float32Array.of(1, 1) }), [1, 0, 3, 2]);
});

/* ---- Neighbours ---- */

/** The definition, in double. */
function nearest({ data, shape: [rows, columns] }, n, k) {
  const distances = Array.from({ length: rows }, (_, i) => row(data, i, columns).reduce((sum, x, d) => sum + (x - data[n * columns + d]) ** 2, 0));
  const order = distances.map((_, i) => i).filter((i) => i !== n).sort((i, j) => distances[i] - distances[j] || i - j);
  return new Set(order.slice(0, k));
}

test('the overlap is that of the definition, for all rows and for some', () => {
  const matrix = related(60, 10);
  const projected = project(matrix, pca(matrix));
  for (const k of [1, 3, 10, 59]) {
    const expected = Array.from({ length: 60 }, (_, n) => {
      const kept = nearest({ data: projected, shape: [60, 2] }, n, k);
      return [...nearest(matrix, n, k)].filter((i) => kept.has(i)).length / k;
    });
    const all = neighborOverlap(matrix, projected, { k });
    assertSameNumbers(all.shares, expected.map(Math.fround));
    close(all.mean, expected.reduce((sum, share) => sum + share, 0) / 60, 1e-12, 'mean');
    const rows = [59, 0, 7, 7];
    assertSameNumbers(neighborOverlap(matrix, projected, { k, rows }).shares, rows.map((n) => Math.fround(expected[n])));
  }
  assert.equal(neighborOverlap(matrix, projected, { k: 59 }).mean, 1, 'of all others');
});

test('a projection that changes nothing keeps every neighbour', () => {
  const matrix = noise(100, 7);
  const { mean, shares } = neighborOverlap(matrix, matrix);
  assert.equal(mean, 1);
  assert.deepEqual([...shares], new Array(100).fill(1));
});

test('the neighbours are 10, or all others where there are fewer', () => {
  const matrix = noise(30, 7);
  const projected = project(matrix, pca(matrix));
  assertSameBits(neighborOverlap(matrix, projected).shares, neighborOverlap(matrix, projected, { k: 10 }).shares);
  assert.equal(neighborOverlap(noise(4, 7), noise(4, 2)).mean, 1);
});

/* ---- Colours ---- */

test('values take the colours of the table, NaN its own or none', () => {
  const bytes = new Uint8ClampedArray(1024).map((_, i) => (i * 7) % 256);
  const values = Float32Array.of(-1, -0.5, 0, 1, -9, 9, NaN);
  const color = (place) => [...bytes.subarray(4 * place, 4 * place + 4)];
  const expected = [0, 64, 128, 255, 0, 255].flatMap(color);
  for (const table of [bytes, new Uint8Array(bytes.buffer), new Uint32Array(bytes.buffer)]) {
    const pixels = paint(values, { table, min: -1, max: 1 });
    assert.ok(pixels instanceof Uint8ClampedArray);
    assert.deepEqual([...pixels], [...expected, 0, 0, 0, 0]);
  }
  assert.deepEqual([...paint(Float32Array.of(NaN), { table: bytes, nanColor: [1, 2, 3, 4] })], [1, 2, 3, 4]);
});

test('the range is that of the finite values unless it is given', () => {
  const values = Float32Array.of(2, Infinity, 4, NaN, 3);
  assertSameBits(paint(values, { table: ramp }), paint(values, { table: ramp, min: 2, max: 4 }));
  assertSameBits(paint(values, { table: ramp, min: 0 }), paint(values, { table: ramp, min: 0, max: 4 }));
});

test('where the range is empty its value takes the middle colour', () => {
  assert.deepEqual([...new Uint32Array(paint(zeros(3), { table: ramp }).buffer)], new Array(3).fill(ramp[128]));
  assert.deepEqual([...new Uint32Array(paint(Float32Array.of(-1, 0, 1), { table: ramp, min: 0, max: 0 }).buffer)], [ramp[0], ramp[128], ramp[255]]);
});

/* ---- Inputs, results, memory ---- */

test('a Tensor is read, whatever its dtype, and not changed', () => {
  manualSeed(3);
  const table = randn([40, 6]);
  const plain = { data: table.data.slice(), shape: [40, 6] };
  const before = memory();
  assert.deepEqual(histogram(table), histogram(plain.data));
  assertSameBits(quantiles(table, [0.3]), quantiles(plain.data, [0.3]));
  assertSameBits(covariance(table), covariance(plain));
  const axes = pca(table);
  assertSameBits(axes.components, pca(plain).components);
  const places = project(table, axes);
  assertSameBits(places, project(plain, axes));
  assertSameBits(neighborOverlap(table, tensor(places, { shape: [40, 2] })).shares, neighborOverlap(plain, places).shares);
  assertSameBits(paint(table, { table: ramp }), paint(plain.data, { table: ramp }));
  assertSameBits(table.data, plain.data);
  assert.equal(memory().tensors, before.tensors + 1);
  assert.deepEqual([...histogram(tensor([1, 2, 2], { dtype: 'int32' }), { bins: 2 }).counts], [1, 2]);
  assertSameNumbers(quantiles(Float64Array.of(0.1, 0.1), [0]), [Math.fround(0.1)]);
});

test('out is written and returned, and frames of one size allocate no memory', () => {
  const matrix = related(500, 8);
  const axes = pca(matrix);
  const places = new Float32Array(1000);
  const pixels = new Uint8ClampedArray(16000);
  const shares = new Float32Array(2);
  const frame = () => {
    assert.equal(project(matrix, axes, { out: places }), places);
    assert.equal(paint(matrix, { table: ramp, out: pixels }), pixels);
    assert.equal(neighborOverlap(matrix, places, { rows: [3, 4], out: shares }).shares, shares);
  };
  frame();
  const { byteLength } = wasm.memory.buffer;
  const available = wasm.memory_available();
  for (let i = 0; i < 300; i++) frame();
  assert.equal(wasm.memory.buffer.byteLength, byteLength);
  assert.equal(wasm.memory_available(), available);
  assertSameBits(places, project(matrix, axes));
  assertSameBits(pixels, paint(matrix, { table: ramp }));
  assertSameBits(shares, neighborOverlap(matrix, places, { rows: [3, 4] }).shares);
});

test('results stay when memory grows, and a call that makes it grow is right', () => {
  const { edges } = histogram(Float32Array.of(1, 2));
  const { byteLength } = wasm.memory.buffer;
  const { data } = noise(1, byteLength / 4);
  assert.equal(quantiles(data, [1])[0], data.reduce((most, x) => Math.max(most, x)));
  assert.ok(wasm.memory.buffer.byteLength > byteLength);
  assert.equal(edges.length, 11);
});

test('progress rises to 1, in a hundred reports at most', () => {
  const matrix = related(20000, 25);
  const projected = project(matrix, pca(matrix));
  const runs = [
    (onProgress) => pca(matrix, { onProgress }),
    (onProgress) => neighborOverlap(matrix, projected, { onProgress, rows: Int32Array.from({ length: 200 }, (_, n) => n) }),
  ];
  for (const run of runs) {
    const fractions = [];
    run((fraction) => fractions.push(fraction));
    assert.ok(fractions.length >= 3 && fractions.length <= 100, `${fractions.length} reports`);
    assert.ok(fractions.every((fraction, i) => fraction > (fractions[i - 1] ?? 0)));
    assert.equal(fractions.at(-1), 1);
  }
});

test('a callback may use the lab, even when memory grows, and what it throws ends the call', () => {
  const matrix = related(3000, 30);
  const expected = pca(matrix);
  let size = wasm.memory.buffer.byteLength;
  const result = pca(matrix, {
    onProgress: (fraction) => {
      if (fraction < 1 && fraction > 0.3) return;
      histogram(new Float32Array((size += 2 ** 20) / 4));
    },
  });
  assertSameBits(result.components, expected.components);
  assertSameBits(result.explainedVariance, expected.explainedVariance);
  const projected = project(matrix, result);
  const shares = neighborOverlap(matrix, projected, { rows: [1, 2, 3] }).shares;
  const grow = () => histogram(new Float32Array((size += 2 ** 20) / 4));
  assertSameBits(neighborOverlap(matrix, projected, { rows: [1, 2, 3], onProgress: grow }).shares, shares);
  const available = wasm.memory_available();
  const stop = new Error('stop');
  assert.throws(() => pca(matrix, { onProgress: () => { throw stop; } }), stop);
  assert.throws(() => neighborOverlap(matrix, projected, { onProgress: () => { throw stop; } }), stop);
  assert.equal(wasm.memory_available(), available);
});

/* ---- Errors ---- */

const values = Float32Array.of(1, 2, 3, 4);
const square = { data: values, shape: [2, 2] };
const withNaN = { data: Float32Array.of(1, 2, NaN, 4), shape: [2, 2] };

const REFUSED = [
  [() => histogram([1, 2]), TypeError, "histogram(): argument 'values' must be a typed array of numbers or a Tensor, not list: [1, 2]"],
  [() => histogram(), TypeError, "argument 'values' must be a typed array of numbers or a Tensor, not undefined"],
  [() => histogram(BigInt64Array.of(1n)), TypeError, 'not BigInt64Array'],
  [() => histogram(new DataView(new ArrayBuffer(8))), TypeError, 'not DataView'],
  [() => histogram(values, { bin: 3 }), TypeError, "histogram() got an unexpected keyword argument 'bin'; did you mean 'bins'?"],
  [() => histogram(values, { bins: 1.5 }), TypeError, "histogram(): argument 'bins' must be int, not float: 1.5"],
  [() => histogram(values, { bins: 0 }), RangeError, 'histogram(): bins is 0; valid: 1 to 16777216'],
  [() => histogram(values, { min: NaN }), RangeError, 'histogram(): min is NaN; valid: a finite float32 number'],
  [() => histogram(values, { max: 1e39 }), RangeError, 'histogram(): max is 1e+39; valid: a finite float32 number'],
  [() => histogram(values, { min: '1' }), TypeError, "histogram(): argument 'min' must be Number, not str: '1'"],
  [() => histogram(values, { min: 5 }), RangeError, 'histogram(): min is 5, above max 4'],
  [() => quantiles(new Float32Array(0), [0.5]), RangeError, "quantiles(): argument 'values' is empty"],
  [() => quantiles(values, 0.5), TypeError, "quantiles(): argument 'probabilities' must be an array of numbers, not float: 0.5"],
  [() => quantiles(values), TypeError, "quantiles(): argument 'probabilities' must be an array of numbers, not undefined"],
  [() => quantiles(values, [0.5, 1.5]), RangeError, 'quantiles(): probabilities[1] is 1.5; valid: 0 to 1'],
  [() => quantiles(values, [NaN]), RangeError, 'quantiles(): probabilities[0] is NaN; valid: 0 to 1'],
  [() => quantiles(values, ['0']), TypeError, "quantiles(): probabilities[0] must be Number, not str: '0'"],
  [() => covariance(values), TypeError, "covariance(): argument 'matrix' must be a Tensor or { data, shape: [rows, columns] }, not Float32Array"],
  [() => covariance(randn(4)), RangeError, "covariance(): argument 'matrix' has shape [4] and 4 elements; valid: [rows, columns] and their product"],
  [() => covariance({ data: values, shape: [2, 3] }), RangeError, 'has shape [2, 3] and 4 elements'],
  [() => covariance({ data: values, shape: [-2, -2] }), RangeError, 'has shape [-2, -2] and 4 elements'],
  [() => covariance({ data: [1, 2, 3, 4], shape: [2, 2] }), TypeError, "argument 'matrix' must be a typed array of numbers or a Tensor"],
  [() => covariance({ data: values, shape: [1, 4] }), RangeError, "covariance(): argument 'matrix' has shape [1, 4]; valid: at least 2 rows and 1 column"],
  [() => covariance({ data: new Float32Array(0), shape: [3, 0] }), RangeError, 'has shape [3, 0]; valid: at least 2 rows and 1 column'],
  [() => covariance(withNaN), RangeError, "covariance(): argument 'matrix' has NaN at position [1, 0]; valid: finite numbers"],
  [() => pca({ data: Float32Array.of(1, 2, 3, -Infinity), shape: [2, 2] }), RangeError, "pca(): argument 'matrix' has -Infinity at position [1, 1]"],
  [() => pca(square, { components: 3 }), RangeError, 'pca(): components is 3; valid: 1 to 2'],
  [() => pca(square, { components: 0 }), RangeError, 'pca(): components is 0; valid: 1 to 2'],
  [() => pca(square, { components: '2' }), TypeError, "pca(): argument 'components' must be int, not str: '2'"],
  [() => pca(square, { onProgress: 1 }), TypeError, "pca(): argument 'onProgress' must be a function, not int: 1"],
  [() => pca(square, 2), TypeError, 'pca(): options must be an object such as { components: ... }, not int: 2'],
  [() => project(square), TypeError, "project(): argument 'axes' must be an object such as { mean, components }, not undefined"],
  [() => project(square, {}), TypeError, "project(): argument 'components' must be a typed array of numbers or a Tensor, not undefined"],
  [() => project(square, { components: new Float32Array(3) }), RangeError, "project(): argument 'components' has 3 elements; valid: a multiple of the matrix's 2 columns"],
  [() => project(square, { components: new Float32Array(2), mean: new Float32Array(3) }), RangeError, "project(): argument 'mean' has 3 elements; valid: 2, one for each column"],
  [() => project(square, { components: new Float32Array(2) }, { out: new Float32Array(3) }), RangeError, "project(): argument 'out' has 3 elements; valid: 2"],
  [() => project(square, { components: new Float32Array(2) }, { out: [0, 0] }), TypeError, "project(): argument 'out' must be Float32Array, not list: [0, 0]"],
  [() => neighborOverlap(square, values, { k: 2 }), RangeError, 'neighborOverlap(): k is 2; valid: 1 to 1'],
  [() => neighborOverlap(square, values, { k: 0.5 }), TypeError, "neighborOverlap(): argument 'k' must be int, not float: 0.5"],
  [() => neighborOverlap({ data: values, shape: [1, 4] }, values), RangeError, "neighborOverlap(): argument 'matrix' has 1 rows; valid: at least 2"],
  [() => neighborOverlap(square, new Float32Array(3)), RangeError, "neighborOverlap(): argument 'projected' has 3 elements; valid: as many rows as the matrix, 2"],
  [() => neighborOverlap(square, { data: values, shape: [4, 1] }), RangeError, "neighborOverlap(): argument 'projected' has 4 rows; valid: as many rows as the matrix, 2"],
  [() => neighborOverlap(withNaN, values), RangeError, "neighborOverlap(): argument 'matrix' has NaN at position [1, 0]; valid: finite numbers"],
  [() => neighborOverlap(square, withNaN), RangeError, "neighborOverlap(): argument 'projected' has NaN at position [1, 0]; valid: finite numbers"],
  [() => neighborOverlap(square, values, { rows: 1 }), TypeError, "neighborOverlap(): argument 'rows' must be an array of row numbers, not int: 1"],
  [() => neighborOverlap(square, values, { rows: [] }), RangeError, "neighborOverlap(): argument 'rows' is empty; valid: at least 1 row"],
  [() => neighborOverlap(square, values, { rows: [0, 2] }), RangeError, 'neighborOverlap(): rows[1] is 2; valid: 0 to 1'],
  [() => neighborOverlap(square, values, { rows: [-1] }), RangeError, 'neighborOverlap(): rows[0] is -1; valid: 0 to 1'],
  [() => neighborOverlap(square, values, { rows: ['0'] }), TypeError, "neighborOverlap(): rows[0] must be int, not str: '0'"],
  [() => paint(values), TypeError, "paint(): argument 'table' must be Uint32Array or Uint8ClampedArray, not undefined"],
  [() => paint(values, { table: new Uint32Array(255) }), RangeError, "paint(): argument 'table' has 255 colors; valid: 256 of the 4 bytes R, G, B, A"],
  [() => paint(values, { table: ramp, nanColor: [0, 0, 0] }), RangeError, "paint(): argument 'nanColor' is [0, 0, 0]; valid: [R, G, B, A]"],
  [() => paint(values, { table: ramp, nanColor: [0, 0, 0, 256] }), RangeError, "paint(): argument 'nanColor' is [0, 0, 0, 256]"],
  [() => paint(values, { table: ramp, nanColor: null }), RangeError, "paint(): argument 'nanColor' is null"],
  [() => paint(values, { table: ramp, min: 2, max: 1 }), RangeError, 'paint(): min is 2, above max 1'],
  [() => paint(values, { table: ramp, max: Infinity }), RangeError, 'paint(): max is Infinity; valid: a finite float32 number'],
];

test('bad arguments are refused with their name, their value and what is valid', () => {
  const available = wasm.memory_available();
  for (const [call, type, text] of REFUSED) {
    assert.throws(call, (error) => {
      assert.equal(error.constructor, type, error.stack);
      assert.ok(error.message.includes(text), `"${error.message}" does not say "${text}"`);
      return true;
    }, text);
  }
  assert.equal(wasm.memory_available(), available);
});

test('a call that fails writes nothing', () => {
  const marked = Float32Array.of(5, 6);
  assert.throws(() => neighborOverlap(withNaN, values, { out: marked }));
  assert.throws(() => neighborOverlap(square, values, { out: marked, rows: [0, 9] }));
  assert.throws(() => project(square, { components: new Float32Array(2), mean: values }, { out: marked }));
  assertSameNumbers(marked, [5, 6]);
  const pixels = new Uint8ClampedArray(16).fill(9);
  assert.throws(() => paint(values, { table: ramp, min: 7, max: 1, out: pixels }));
  assert.deepEqual([...pixels], new Array(16).fill(9));
});

test('a detached array is refused, not taken for an empty one', () => {
  const gone = new Float32Array(4);
  structuredClone(gone, { transfer: [gone.buffer] });
  assert.throws(() => histogram(gone), /the typed array is detached/);
  assert.throws(() => covariance({ data: gone, shape: [2, 2] }), /the typed array is detached/);
  assert.throws(() => project(square, { components: gone }), /the typed array is detached/);
});

test('more than the memory can hold is refused', () => {
  const { byteLength } = wasm.memory.buffer;
  const available = wasm.memory_available();
  assert.throws(() => pca(noise(2, 30000)), /can't allocate memory: you tried to allocate 7200000000 bytes of the lab's 4 GiB/);
  assert.equal(wasm.memory.buffer.byteLength, byteLength);
  assert.equal(wasm.memory_available(), available);
});
