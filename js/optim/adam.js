/**
 * torch.optim.Adam and AdamW, for dense gradients.
 */
import { checkBoolean } from '../errors.js';
import { SparseTensor } from '../tensor/sparse-tensor.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { Optimizer, filledLike, require, requireBetas, snakeCased } from './optimizer.js';

const DEFAULTS = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false };

/**
 * @typedef {{ lr?: number, betas?: [number, number], eps?: number, weightDecay?: number, amsgrad?: boolean, maximize?: boolean }} AdamOptions
 */

export class Adam extends Optimizer {
  /**
   * @param {import('./optimizer.js').Params} params
   * @param {AdamOptions} [options] lr: 1e-3 unless given
   */
  constructor(params, options) {
    super(new.target === AdamW ? 'AdamW' : 'Adam', params, options, new.target === AdamW ? { ...DEFAULTS, weightDecay: 1e-2 } : DEFAULTS, check);
  }

  /** @internal Whether the decay is AdamW's. @returns {boolean} */
  get _isDecoupled() {
    return this instanceof AdamW;
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad */
  _check(param, grad) {
    if (grad instanceof SparseTensor) throw new Error('Adam does not support sparse gradients, please consider SparseAdam instead');
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad @param {import('./optimizer.js').ParamGroup} group */
  _update(param, grad, group) {
    const state = this._stateOf(param, () => ({
      step: 0,
      expAvg: filledLike(param),
      expAvgSq: filledLike(param),
      ...(group.amsgrad ? { maxExpAvgSq: filledLike(param) } : {}),
    }));
    state.step++;
    const moments = [state.expAvg, state.expAvgSq].map(storageOf);
    const most = group.amsgrad ? storageOf(state.maxExpAvgSq) : null;
    kernels.adamStep(storageOf(param), moments[0], moments[1], most, storageOf(/** @type {Tensor} */ (grad)), param.numel, group, state.step, this._isDecoupled);
  }

  /** @internal @override @param {Record<string, any>} options @returns {Record<string, any>} */
  _printed(options) {
    const rest = { capturable: false, decoupled_weight_decay: this._isDecoupled, differentiable: false, foreach: null, fused: null };
    return { ...snakeCased(options), ...rest };
  }
}

/** Adam with a decay of the weights themselves, 1e-2 unless given. */
export class AdamW extends Adam {}

/** @param {Record<string, any>} options */
function check({ lr, betas, eps, weightDecay, amsgrad, maximize }) {
  require('Invalid learning rate', lr, lr >= 0 && lr < Infinity);
  require('Invalid epsilon value', eps, eps >= 0 && eps < Infinity);
  requireBetas(betas);
  require('Invalid weight_decay value', weightDecay, weightDecay >= 0 && weightDecay < Infinity);
  checkBoolean('Adam()', 'amsgrad', amsgrad);
  checkBoolean('Adam()', 'maximize', maximize);
}
