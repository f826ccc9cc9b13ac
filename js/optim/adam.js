/**
 * torch.optim.Adam and AdamW, for dense gradients.
 */
import { SparseTensor } from '../tensor/sparse-tensor.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { Optimizer, filledLike } from './optimizer.js';

const DEFAULTS = { lr: 1e-3, eps: 1e-8, betas: [0.9, 0.999], weightDecay: 0, amsgrad: false, maximize: false };

/**
 * @typedef {{ lr?: number, betas?: [number, number], eps?: number, weightDecay?: number, amsgrad?: boolean, maximize?: boolean }} AdamOptions
 */

export class Adam extends Optimizer {
  /**
   * @param {import('./optimizer.js').Params} params
   * @param {AdamOptions} [options] lr: 1e-3 unless given
   */
  constructor(params, options) {
    super(new.target === AdamW ? 'AdamW' : 'Adam', params, options, new.target === AdamW ? { ...DEFAULTS, weightDecay: 1e-2 } : DEFAULTS);
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
  _update(param, grad, { lr, betas, eps, weightDecay, amsgrad, maximize }) {
    const state = this._stateOf(param, () => ({
      step: 0,
      expAvg: filledLike(param),
      expAvgSq: filledLike(param),
    }));
    state.step++;
    kernels.adamStep(
      storageOf(param), storageOf(state.expAvg), storageOf(state.expAvgSq), amsgrad ? storageOf((state.maxExpAvgSq ??= filledLike(param))) : null,
      storageOf(/** @type {Tensor} */ (grad)), param.numel, lr, ...betas, eps, weightDecay, this._isDecoupled, maximize, state.step,
    ); // prettier-ignore
  }

  /** @internal @override @param {Record<string, any>} options @returns {Record<string, any>} */
  _printed(options) {
    return { ...super._printed(options), capturable: false, decoupled_weight_decay: this._isDecoupled };
  }
}

/** Adam with a decay of the weights themselves, 1e-2 unless given. */
export class AdamW extends Adam {}
