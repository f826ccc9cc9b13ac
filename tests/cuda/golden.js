// Writes the configurations of the golden files as words for test_golden.c: node golden.js > golden.txt. Numbers are decimal, but
// floats and doubles are their bits in hexadecimal.
import { readFileSync } from 'node:fs';

const golden = (name) => JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
const lines = [];

const double = (value) => new BigUint64Array(Float64Array.of({ inf: Infinity, '-inf': -Infinity, nan: NaN }[value] ?? Number(value)).buffer)[0].toString(16);
const count = (array) => array.shape.reduce((size, length) => size * length, 1);
function words(array) {
  if (array.float32 === undefined) return array.int32 ?? array.int64;
  const bytes = Buffer.from(array.float32, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, n) => bytes.readUInt32LE(4 * n).toString(16));
}
const line = (...values) => lines.push(values.flat(Infinity).map((value) => (typeof value === 'boolean' ? Number(value) : value)).join(' '));
const padding = (value, rows) => (value === null ? -1 : value < 0 ? value + rows : value);

for (const { weight, indices, max_norm, norm_type } of golden('embedding').cases) {
  line('lookup', weight.shape, max_norm !== null, double(max_norm ?? 0), double(norm_type), count(indices), words(weight), words(indices));
}
for (const { num_embeddings, embedding_dim, indices, grad_output, padding_idx, scale_grad_by_freq } of golden('gradients').cases) {
  line('gradient', num_embeddings, embedding_dim, padding(padding_idx, num_embeddings), scale_grad_by_freq, count(indices), words(indices), words(grad_output));
}
for (const { weight, indices, offsets, mode, padding_idx, per_sample_weights, scale_grad_by_freq, include_last_offset, grad_output } of golden('bags').cases) {
  const bags = offsets ? offsets.shape[0] - (include_last_offset ? 1 : 0) : indices.shape[0];
  line('bags', weight.shape, ['sum', 'mean', 'max'].indexOf(mode), padding(padding_idx, weight.shape[0]), scale_grad_by_freq, bags, count(indices),
    offsets ? offsets.shape[0] : 0, per_sample_weights !== null, words(weight), words(indices), offsets ? words(offsets) : [],
    per_sample_weights ? words(per_sample_weights) : [], words(grad_output));
}
for (const { optimizer, options, groups, parameters, steps } of golden('optimizers').cases) {
  if (steps.some(({ reload }) => reload)) continue;
  parameters.forEach((parameter, number) => {
    const all = { ...options, ...groups.find(({ params }) => params.includes(number)) }, decoupled = optimizer === 'AdamW';
    const [beta1, beta2] = all.betas ?? [0.9, 0.999], [rows, ...row] = parameter.shape;
    const lr = all.lr ?? { SGD: 1e-3, Adagrad: 0.01 }[optimizer] ?? 1e-3;
    const gradients = steps.map(({ gradients }) => gradients[number]).filter((gradient) => gradient !== null);
    line('steps', optimizer, rows ?? 1, count({ shape: row }), gradients.length, all.maximize ?? false, all.nesterov ?? false, all.amsgrad ?? false,
      decoupled, [lr, all.momentum ?? 0, all.dampening ?? 0, all.weight_decay ?? (decoupled ? 0.01 : 0), all.lr_decay ?? 0,
        all.eps ?? (optimizer === 'Adagrad' ? 1e-10 : 1e-8), beta1, beta2].map(double), words(parameter),
      gradients.map((gradient) => (gradient.indices ? [gradient.indices.length, gradient.indices, words(gradient.values)] : [-1, words(gradient)])));
  });
}
for (const { seed, shape, metric, k, exclude } of golden('nearest').random) {
  line('nearest', shape, seed, ['cosine', 'dot', 'euclidean'].indexOf(metric), k, exclude.length, exclude);
}
process.stdout.write(`${lines.join('\n')}\n`);
