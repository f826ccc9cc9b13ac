/**
 * torch.optim.Adagrad.
 */
import { checkBoolean } from '../errors.js';
import { SparseTensor } from '../tensor/sparse-tensor.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { Optimizer, filledLike, require, snakeCased } from './optimizer.js';
import { coalescedRows } from './sparse-adam.js';

const DEFAULTS = { lr: 1e-2, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false };

export class Adagrad extends Optimizer {
  /**
   * @param {import('./optimizer.js').Params} params
   * @param {{ lr?: number, lrDecay?: number, weightDecay?: number, initialAccumulatorValue?: number, eps?: number, maximize?: boolean }}
   *   [options] lr: 1e-2 unless given
   */
  constructor(params, options) {
    super('Adagrad', params, options, DEFAULTS, ({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize }) => {
      require('Invalid learning rate', lr, lr >= 0 && lr < Infinity);
      require('Invalid lr_decay value', lrDecay, lrDecay >= 0 && lrDecay < Infinity);
      require('Invalid weight_decay value', weightDecay, weightDecay >= 0 && weightDecay < Infinity);
      require('Invalid initial_accumulator_value value', initialAccumulatorValue, initialAccumulatorValue >= 0 && initialAccumulatorValue < Infinity);
      require('Invalid epsilon value', eps, eps >= 0 && eps < Infinity);
      checkBoolean('Adagrad()', 'maximize', maximize);
    });
    for (const { params: list, initialAccumulatorValue } of this.paramGroups) {
      for (const param of list) this._stateOf(param, () => ({ step: 0, sum: filledLike(param, initialAccumulatorValue) }));
    }
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad @param {import('./optimizer.js').ParamGroup} group */
  _check(param, grad, { weightDecay }) {
    if (grad instanceof SparseTensor && weightDecay !== 0) throw new Error('weight_decay option is not compatible with sparse gradients');
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad @param {import('./optimizer.js').ParamGroup} group */
  _update(param, grad, group) {
    const state = this.state(param);
    state.step++;
    const [weight, sum] = [storageOf(param), storageOf(state.sum)];
    if (!(grad instanceof SparseTensor)) {
      kernels.adagradStep(weight, sum, storageOf(grad), null, [1, param.numel], group, state.step);
      return;
    }
    const { coalesced, release } = coalescedRows(grad);
    kernels.adagradStep(weight, sum, coalesced.values, coalesced, param.shape, group, state.step);
    release();
  }

  /** @internal @override @param {Record<string, any>} options @returns {Record<string, any>} */
  _printed(options) {
    return { ...snakeCased(options), differentiable: false, foreach: null, fused: null };
  }
}
