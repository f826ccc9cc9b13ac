/**
 * torch.optim.SparseAdam: Adam for sparse gradients; rows without one keep their moments and do not move.
 */
import { SparseTensor } from '../tensor/sparse-tensor.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { Optimizer, filledLike, refuseRate, snakeCased } from './optimizer.js';

const DEFAULTS = { lr: 1e-3, eps: 1e-8, betas: [0.9, 0.999], maximize: false };

export class SparseAdam extends Optimizer {
  /**
   * @param {import('./optimizer.js').Params} params
   * @param {{ lr?: number, betas?: [number, number], eps?: number, maximize?: boolean }} [options] lr: 1e-3 unless given
   */
  constructor(params, options) {
    super('SparseAdam', params, options, DEFAULTS);
  }

  /** @internal @override @param {string} name @param {any} value */
  _checkRate(name, value) {
    super._checkRate(name, value);
    if (value === 0) refuseRate(name, value);
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad */
  _check(param, grad) {
    if (!(grad instanceof SparseTensor)) throw new Error('SparseAdam does not support dense gradients, please consider Adam instead');
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad @param {import('./optimizer.js').ParamGroup} group */
  _update(param, grad, { lr, betas, eps, maximize }) {
    const state = this._stateOf(param, () => ({ step: 0, expAvg: filledLike(param), expAvgSq: filledLike(param) }));
    state.step++;
    const { coalesced, release } = coalescedRows(/** @type {SparseTensor} */ (grad));
    kernels.sparseAdamStep(
      storageOf(param), storageOf(state.expAvg), storageOf(state.expAvgSq), coalesced.indices, coalesced.values, coalesced.nnz,
      ...grad.shape, lr, ...betas, eps, maximize, state.step,
    ); // prettier-ignore
    release();
  }

  /** @internal @override @param {Record<string, any>} options @returns {Record<string, any>} */
  _printed(options) {
    return snakeCased(options);
  }
}

/**
 * A sparse gradient's rows, distinct.
 * @param {SparseTensor} grad
 * @returns {{ coalesced: import('../tensor/gradient.js').Rows, release: () => void }}
 */
export function coalescedRows(grad) {
  const rows = grad._rows;
  if (rows.isCoalesced) return { coalesced: rows, release: () => {} };
  const coalesced = rows.coalesced(grad.shape);
  return { coalesced, release: () => coalesced.release() };
}
