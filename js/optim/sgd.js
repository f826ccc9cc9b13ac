/**
 * torch.optim.SGD.
 */
import { SparseTensor } from '../tensor/sparse-tensor.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { Optimizer, filledLike } from './optimizer.js';

const DEFAULTS = { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };

export class SGD extends Optimizer {
  /**
   * @param {import('./optimizer.js').Params} params
   * @param {{ lr?: number, momentum?: number, dampening?: number, weightDecay?: number, nesterov?: boolean, maximize?: boolean }} [options]
   *   lr: 1e-3 unless given
   */
  constructor(params, options) {
    super('SGD', params, options, DEFAULTS);
  }

  /** @internal @override @param {Record<string, any>} options */
  _checkOptions(options) {
    super._checkOptions({ ...options, dampening: Math.abs(options.dampening) });
    const { nesterov, momentum, dampening } = options;
    if (nesterov && (momentum <= 0 || dampening !== 0)) throw new Error('Nesterov momentum requires a momentum and zero dampening');
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad @param {import('./optimizer.js').ParamGroup} group */
  _check(param, grad, { weightDecay }) {
    if (grad instanceof SparseTensor && weightDecay !== 0) {
      throw new Error('add(sparse, dense) is not supported. Use add(dense, sparse) instead.');
    }
  }

  /** @internal @override @param {Tensor} param @param {Tensor | SparseTensor} grad @param {import('./optimizer.js').ParamGroup} group */
  _update(param, grad, group) {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
    const weight = storageOf(param);
    if (grad instanceof SparseTensor && momentum === 0) {
      const { indices, values, nnz } = grad._rows;
      kernels.addRows(weight, indices, values, nnz, grad.shape[1], maximize ? lr : -lr);
      return;
    }
    // With momentum every row that ever had a gradient goes on moving, so a sparse gradient is made dense.
    const dense = grad instanceof SparseTensor ? grad.toDense() : grad;
    const state = momentum === 0 ? {} : this._stateOf(param, () => ({}));
    const isFirst = !state.momentumBuffer;
    const buffer = momentum === 0 ? null : (state.momentumBuffer ??= filledLike(param));
    kernels.sgdStep(
      weight, buffer && storageOf(buffer), storageOf(dense), param.numel, lr, momentum, dampening, weightDecay, nesterov, maximize, isFirst,
    ); // prettier-ignore
    if (dense !== grad) dense.dispose();
  }
}
