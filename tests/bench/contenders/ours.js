/**
 * The package as it is built, called as a user calls it: typed arrays of indices in, tensors out, everything validated.
 * Takes the way of calling it: out (the default), new, nested, plain-js, array, dense, operator.
 */
import './contender.js'; // first, since it watches the package's memory
import { Embedding, EmbeddingBag, functional, nearest, optim, tensor, zeros } from '../../../dist/entry/node.js';
import { ADAGRAD, ADAM, NEAREST_K, SGD, maxNorm, serve } from './contender.js';

/** @typedef {import('./contender.js').Work} Work */

const way = process.argv[2] ?? 'out';

/** Read from the file into its place: there is no second copy. @param {Work} work */
function table({ V, D, readWeight }) {
  const weight = zeros([V, D]);
  readWeight(weight.data);
  return weight;
}

/** @param {any} output a result that nobody needs any more @returns {number} */
function use(output) {
  const first = output.data[0];
  output.dispose();
  return first;
}

/**
 * A layer's forward, into a tensor that is there or into a new one.
 * @param {number} rows of the result @param {number} D
 * @param {(set: number, out: any) => any} forward
 */
function forwards(rows, D, forward) {
  if (way !== 'new') {
    const out = zeros([rows, D]);
    return { call: (set) => forward(set, out).data[0], result: () => out.data };
  }
  return { call: (set) => use(forward(set, undefined)), result: () => forward(0, undefined).data };
}

/** @type {Record<string, (work: Work) => any>} ways to look up that are measured for one small call */
const LOOKUPS = {
  nested(work) {
    const embedding = Embedding.fromPretrained(table(work));
    const nested = work.indices.map((set) => [Array.from(set.subarray(0, work.n / 2)), Array.from(set.subarray(work.n / 2))]);
    return { call: (set) => use(embedding.forward(nested[set])), result: () => embedding.forward(nested[0]).data };
  },
  'plain-js'({ V, D, n, indices, readWeight }) {
    const weight = readWeight(new Float32Array(V * D));
    const lookup = (set) => {
      const output = new Float32Array(n * D);
      for (let i = 0; i < n; i++) for (let d = 0; d < D; d++) output[i * D + d] = weight[set[i] * D + d];
      return output;
    };
    return { call: (set) => lookup(indices[set])[0], result: () => lookup(indices[0]) };
  },
  array({ V, D, n, indices, readWeight }) {
    const embedding = Embedding.fromPretrained(tensor(readWeight(new Float32Array(V * D)), { shape: [V, D] }));
    const out = zeros([n, D]);
    return { call: (set) => embedding.forward(indices[set], { out }).data[0], result: () => out.data };
  },
};

/** @param {'sum' | 'mean' | 'max'} mode @param {boolean} [isWeighted] */
const bag = (mode, isWeighted = false) => (work) => {
  const { D, n, bags, indices, offsets, numbers } = work;
  const layer = EmbeddingBag.fromPretrained(table(work), { mode });
  if (!isWeighted) return forwards(bags, D, (set, out) => layer.forward(indices[set], { offsets, out }));
  const perSampleWeights = tensor(numbers(n));
  return forwards(bags, D, (set, out) => layer.forward(indices[set], { offsets, perSampleWeights, out }));
};

/**
 * backward of a result whose graph is kept.
 * @param {any} output @param {any} gradOutput @param {any} weight
 * @param {(grad: any) => any} [finish] what is done with the gradient
 * @param {(finished: any) => Float32Array} [read]
 */
function backwards(output, gradOutput, weight, finish = (grad) => grad, read = (grad) => grad.data) {
  const take = () => {
    weight.grad?.dispose();
    weight.grad = null;
    output.backward(gradOutput, { retainGraph: true });
    return finish(weight.grad);
  };
  return {
    call() {
      const finished = take();
      if (finished !== weight.grad) finished.dispose();
      return 1;
    },
    result: () => read(take()),
  };
}

/** @param {(parameters: any[]) => any} make */
const step = (make) => (work) => {
  const { D, n, indices, numbers } = work;
  const embedding = new Embedding(work.V, D, { weight: table(work), sparse: true });
  const { weight } = embedding;
  embedding.forward(indices[0]).backward(tensor(numbers(n * D), { shape: [n, D] }));
  weight.grad = weight.grad.coalesce();
  const optimizer = make([weight]);
  return { call: () => (optimizer.step(), 1), result: () => weight.data };
};

serve(`Node.js ${process.versions.node}, V8 ${process.versions.v8.replace(/-.*/, '')}`, {
  lookup(work) {
    if (way in LOOKUPS) return LOOKUPS[way](work);
    const { D, n, indices } = work;
    const embedding = Embedding.fromPretrained(table(work));
    return forwards(n, D, (set, out) => embedding.forward(indices[set], out && { out }));
  },
  renorm(work) {
    const weight = table(work);
    const limit = maxNorm(work.D);
    return { call: (set) => functional.embeddingRenorm(weight, work.indices[set], limit).rescaled.length, result: () => weight.data };
  },
  'dense-gradient'(work) {
    const { D, n, indices, numbers } = work;
    const embedding = new Embedding(work.V, D, { weight: table(work) });
    return backwards(embedding.forward(indices[0]), tensor(numbers(n * D), { shape: [n, D] }), embedding.weight);
  },
  'sparse-gradient'(work) {
    const { D, n, indices, numbers } = work;
    const embedding = new Embedding(work.V, D, { weight: table(work), sparse: true });
    const gradOutput = tensor(numbers(n * D), { shape: [n, D] });
    const output = embedding.forward(indices[0]);
    if (way !== 'operator') return backwards(output, gradOutput, embedding.weight, (grad) => grad.coalesce(), (grad) => grad.values().data);
    output.backward(gradOutput);
    const { grad } = embedding.weight;
    return { call: () => (grad.coalesce().dispose(), 1), result: () => grad.coalesce().values().data };
  },
  'bag-sum': bag('sum'),
  'bag-mean': bag('mean'),
  'bag-max': bag('max'),
  'bag-weighted': bag('sum', true),
  'bag-backward'(work) {
    const { D, bags, indices, offsets, numbers } = work;
    const layer = new EmbeddingBag(work.V, D, { weight: table(work), mode: 'sum' });
    return backwards(layer.forward(indices[0], { offsets }), tensor(numbers(bags * D), { shape: [bags, D] }), layer.weight);
  },
  sgd: step((parameters) => new optim.SGD(parameters, SGD)),
  adagrad: step((parameters) => new optim.Adagrad(parameters, ADAGRAD)),
  'sparse-adam': step((parameters) => new optim.SparseAdam(parameters, ADAM)),
  nearest(work) {
    const weight = table(work);
    const query = work.numbers(work.D);
    const find = () => nearest(weight, query, { k: NEAREST_K, metric: 'dot' });
    return { call: () => find().scores[0], result: () => find().scores };
  },
  'training-step'(work) {
    const { D, n, indices, numbers } = work;
    const embedding = new Embedding(work.V, D, { weight: table(work), sparse: way !== 'dense' });
    const gradOutput = tensor(numbers(n * D), { shape: [n, D] });
    const optimizer = new (way === 'dense' ? optim.Adam : optim.SparseAdam)(embedding.parameters(), ADAM);
    return {
      call(set) {
        optimizer.zeroGrad();
        embedding.forward(indices[set]).backward(gradOutput);
        optimizer.step();
        return 1;
      },
      result: () => embedding.weight.data,
    };
  },
});
