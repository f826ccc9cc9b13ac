/**
 * torch.nn.utils.clip_grad_norm_, for sparse gradients too.
 */
import { checkNumber } from '../errors.js';
import * as kernels from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { SparseTensor } from '../tensor/sparse-tensor.js';
import { Tensor, leafOf, storageOf } from '../tensor/tensor.js';

/**
 * Scales all gradients by one factor, so that the norm of them together is at most maxNorm. Sparse ones are coalesced first, since
 * the norm of repeated rows is that of their sum.
 * @param {Tensor | Tensor[]} params
 * @param {number} maxNorm
 * @param {number} [normType] p of the norm
 * @returns {number} the norm before
 */
export function clipGradNorm(params, maxNorm, normType = 2) {
  checkNumber('clipGradNorm', 'maxNorm', maxNorm);
  checkNumber('clipGradNorm', 'normType', normType);
  const list = params instanceof Tensor ? [params] : params;
  const values = list.flatMap((param) => {
    const grad = leafOf(param)?.grad ?? null;
    if (grad === null) return [];
    if (!(grad instanceof SparseTensor)) return [{ storage: storageOf(grad), size: grad.numel }];
    const rows = grad._rows;
    if (!rows.isCoalesced) rows.replaceBy(rows.coalesced(grad.shape));
    return [{ storage: rows.values, size: rows.nnz * grad.shape[1] }];
  });
  const norms = new Storage(4 * (values.length + 1));
  try {
    const each = new Float32Array(values.length);
    values.forEach(({ storage, size }, i) => {
      kernels.norm(norms, storage, 1, size, 1, normType);
      each[i] = norms.view('float32', 1)[0];
    });
    norms.view('float32', values.length).set(each);
    const all = new Storage(4);
    kernels.norm(all, norms, 1, values.length, 1, normType);
    const total = all.view('float32', 1)[0];
    all.release();
    // float32 step by step, as PyTorch has it; multiplied also where it is 1.
    const { fround } = Math;
    const factor = Math.min(fround(fround(maxNorm) * fround(1 / fround(total + fround(1e-6)))), 1);
    for (const { storage, size } of values) {
      kernels.scale(storage, storage, size, factor);
      storage.version++;
    }
    return total;
  } finally {
    norms.release();
  }
}
