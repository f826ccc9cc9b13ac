/**
 * What the tests of training need: watching that a failed call leaves parameters, gradients and optimisers as they were.
 */
import { SparseTensor, Tensor, functional, memory, tensor } from 'nn-embedding';
import { hex } from './golden.js';
import { assertRefused, collectUntil } from './support.js';

/** Everything that can be seen of a tensor, a sparse tensor, a layer or an optimiser; null for what is none of them. */
export function stateOf(value) {
  if (value instanceof Tensor) {
    if (value.isDisposed) return 'disposed';
    const { shape, dtype, requiresGrad, gradFn, isLeaf, _version: version } = value;
    return { shape: [...shape], dtype, requiresGrad, gradFn, isLeaf, version, bytes: hex(value.data), grad: stateOf(value.grad) };
  }
  if (value instanceof SparseTensor) {
    if (value.isDisposed) return 'disposed';
    const values = value.values();
    const bytes = hex(values.data);
    values.dispose();
    return { shape: [...value.shape], nnz: value.nnz, isCoalesced: value.isCoalesced, indices: [...value.indices()], bytes };
  }
  if (value?.paramGroups) {
    return value.paramGroups.map(({ params, ...options }) => [
      JSON.stringify(options, (_, x) => (typeof x === 'number' && !Number.isFinite(x) ? String(x) : x)),
      ...params.map((param) => [stateOf(param), Object.entries(value.state(param)).map(([key, x]) => [key, typeof x === 'number' ? x : stateOf(x)])]),
    ]);
  }
  if (value?.weight instanceof Tensor) return [stateOf(value.weight), String(value)];
  return null;
}

/**
 * Asserts that a call throws this and changes nothing of what is watched, nor memory, nor the generator.
 * @param {() => void} call
 * @param {{ type?: any, says?: (string | RegExp)[] }} error
 * @param {any[]} [watched] tensors, sparse tensors, layers, optimisers
 * @param {string} [message]
 */
export function assertUnchanged(call, error, watched = [], message = '') {
  const before = watched.map(stateOf);
  assertRefused(call, error, [], message);
  const after = watched.map(stateOf);
  if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error(`${message}: changed\n${JSON.stringify(before)}\n${JSON.stringify(after)}`);
}

/** A parameter of these numbers with this gradient: nested numbers, or [indices, rows] for a sparse one. */
export function parameter(data, { grad = null, sparseGrad = null } = {}) {
  const param = tensor(data, { requiresGrad: true });
  if (grad !== null) param.grad = tensor(grad);
  if (sparseGrad !== null) sparse(param, ...sparseGrad);
  return param;
}

/** Puts a sparse gradient on a parameter. */
export function sparse(param, indices, rows) {
  if (indices.length !== rows.length) throw new Error('a row for each index');
  const output = functional.embedding(indices, param, { sparse: true });
  const given = tensor(rows.flat(), { shape: output.shape });
  output.backward(given);
  given.dispose();
  output.dispose();
  return param;
}

/** Collects what earlier tests have left until nothing more comes back. @returns {Promise<number>} the blocks that live */
export async function settled() {
  for (let turn = 0, quiet = 0; turn < 500 && quiet < 4; turn++) {
    const before = memory().tensors;
    let first = true;
    await collectUntil(() => (first ? (first = false) : true)); // one collection
    quiet = memory().tensors === before ? quiet + 1 : 0;
  }
  return memory().tensors;
}
