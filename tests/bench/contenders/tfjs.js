/**
 * TensorFlow.js on its wasm backend, one thread: `node tfjs.js NODE_MODULES`.
 */
import { NEAREST_K, serve } from './contender.js';
import { createRequire } from 'node:module';

const require = createRequire(`${process.argv[2]}/`);
const tf = require('@tensorflow/tfjs-core');
const { setThreadsCount } = require('@tensorflow/tfjs-backend-wasm');
setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();

/** @typedef {import('./contender.js').Work} Work */

/** @param {Work} work */
const table = ({ V, D, readWeight }) => tf.tensor2d(readWeight(new Float32Array(V * D)), [V, D]);

/** @param {() => any} compute a tensor @returns {Float32Array} its numbers; all tensors made on the way are disposed of */
function valuesOf(compute) {
  const tensor = tf.tidy(compute);
  const values = tensor.dataSync();
  tensor.dispose();
  return values;
}

/** @param {(set: number) => any} compute */
function calls(compute) {
  /** @type {Float32Array} */
  let last;
  return {
    call(set) {
      last = valuesOf(() => compute(set));
      return last[0];
    },
    result: () => last,
  };
}

const bag = (reduce) => (work) => {
  const weight = table(work);
  const { n, bags, indices } = work;
  return calls((set) => reduce(tf.gather(weight, tf.tensor2d(indices[set], [bags, n / bags], 'int32'))));
};

serve(
  `@tensorflow/tfjs-backend-wasm ${tf.version_core ?? tf.version?.['tfjs-core']}`,
  {
    lookup(work) {
      const weight = table(work);
      return calls((set) => tf.gather(weight, tf.tensor1d(work.indices[set], 'int32')));
    },
    'bag-sum': bag((rows) => tf.sum(rows, 1)),
    'bag-mean': bag((rows) => tf.mean(rows, 1)),
    'bag-max': bag((rows) => tf.max(rows, 1)),
    'bag-weighted'(work) {
      const { n, bags } = work;
      const weights = work.numbers(n);
      return bag((rows) => tf.matMul(tf.tensor3d(weights, [bags, 1, n / bags]), rows))(work);
    },
    nearest(work) {
      const weight = table(work);
      const query = work.numbers(work.D);
      return calls(() => tf.topk(tf.reshape(tf.matMul(weight, tf.tensor2d(query, [work.D, 1])), [work.V]), NEAREST_K).values);
    },
  },
  'its wasm backend lacks UnsortedSegmentSum, the gradient of gather, and it has neither sparse gradients nor max_norm',
);
