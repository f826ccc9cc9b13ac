/**
 * torch.optim.Adagrad.
 */
import { SparseTensor } from '../tensor/sparse-tensor.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { Optimizer, filledLike } from './optimizer.js';
import { coalescedRows } from './sparse-adam.js';

const DEFAULTS = { lr: 1e-2, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false };

export class Adagrad extends Optimizer {
  /**
   * @param {import('./optimizer.js').Params} params
   * @param {{ lr?: number, lrDecay?: number, weightDecay?: number, initialAccumulatorValue?: number, eps?: number, maximize?: boolean }}
   *   [options] lr: 1e-2 unless given
   */
  constructor(params, options) {
    super('Adagrad', params, options, DEFAULTS);
    for (const { params: list, initialAccumulatorValue } of this.paramGroups) {
      for (const param of list) this._stateOf(param, () => ({ step: 0, sum: filledLike(param, initialAccumulatorValue) }));
    }
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad @param {import('./optimizer.js').ParamGroup} group */
  _check(param, grad, { weightDecay }) {
    if (grad instanceof SparseTensor && weightDecay !== 0) throw new Error('weight_decay option is not compatible with sparse gradients');
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad @param {import('./optimizer.js').ParamGroup} group */
  _update(param, grad, { lr, lrDecay, eps, weightDecay, maximize }) {
    const state = this.state(param);
    state.step++;
    const stepWith = (/** @type {any[]} */ ...gradient) =>
      kernels.adagradStep(storageOf(param), storageOf(state.sum), ...gradient, lr, lrDecay, eps, weightDecay, maximize, state.step);
    if (!(grad instanceof SparseTensor)) return stepWith(storageOf(grad), null, 0, 1, param.numel);
    const { coalesced, release } = coalescedRows(grad);
    stepWith(coalesced.values, coalesced.indices, coalesced.nnz, ...grad.shape);
    release();
  }
}
