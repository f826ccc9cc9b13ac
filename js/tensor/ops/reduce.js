/**
 * Reductions and softmax: each with its backward beside it.
 */
import { checkBoolean, checkNumber, shapeText } from '../../errors.js';
import * as kernels from '../../wasm/kernels.js';
import { Storage } from '../../wasm/storage.js';
import { Gradient } from '../gradient.js';
import { Tensor, numelOf, storageOf } from '../tensor.js';
import { broadcast, normalizeDim, optionalDim, slices } from './operand.js';
import { RESULT, record } from './record.js';

/**
 * @param {readonly number[]} shape
 * @param {number | null} dim
 * @param {boolean} keepdim
 * @returns {number[]} the shape that is left
 */
function reducedShape(shape, dim, keepdim) {
  if (dim === null) return keepdim ? shape.map(() => 1) : [];
  return keepdim ? shape.map((size, i) => (i === dim ? 1 : size)) : shape.filter((_, i) => i !== dim);
}

/**
 * A gradient stretched over the dimension that was reduced.
 * @param {Gradient} grad
 * @param {readonly number[]} shape of the input
 * @param {number | null} dim
 * @param {number} factor
 * @returns {Gradient}
 */
function stretched(grad, shape, dim, factor) {
  const output = Gradient.dense(shape);
  const storage = /** @type {Storage} */ (grad.storage);
  kernels.expand(output.storage, storage, broadcast(shape, shape, reducedShape(shape, dim, true)));
  if (factor !== 1) kernels.scale(output.storage, output.storage, numelOf(shape), factor);
  return output;
}

/**
 * A reduction of an int32 tensor, which stays int32 (PyTorch: int64).
 * @param {kernels.SliceKernel} kernel
 * @param {Tensor} self
 * @param {number | null} dim
 * @param {boolean} keepdim
 * @returns {Tensor}
 */
function wholeResult(kernel, self, dim, keepdim) {
  const { outer, size, inner } = slices(self.shape, dim);
  const input = storageOf(self);
  const output = new Storage(4 * outer * inner);
  kernel(output, input, outer, size, inner);
  return new Tensor(output, reducedShape(self.shape, dim, keepdim), 'int32');
}

/**
 * @param {Tensor} self
 * @param {number | undefined} dim
 * @param {boolean} keepdim
 * @param {'sum' | 'mean'} callee
 * @returns {Tensor}
 */
function total(self, dim, keepdim, callee) {
  const { shape } = self;
  checkBoolean(`${callee}()`, 'keepdim', keepdim);
  const at = optionalDim(dim, self.ndim, callee);
  const { outer, size, inner } = slices(shape, at);
  const divisor = callee === 'mean' ? size : 1;
  if (self.dtype === 'int32') return wholeResult(kernels.sumInt32, self, at, keepdim);
  const input = storageOf(self);
  const output = new Storage(4 * outer * inner);
  kernels.sum(output, input, outer, size, inner, divisor);
  return record(output, reducedShape(shape, at, keepdim), 'float32', [self], {
    name: `${callee === 'sum' ? 'Sum' : 'Mean'}Backward${at === null ? 0 : 1}`,
    backward: (grad) => [stretched(grad, shape, at, 1 / divisor)],
  });
}

/** @param {Tensor} self @param {number} [dim] @param {boolean} [keepdim] @returns {Tensor} */
export function sum(self, dim, keepdim = false) {
  return total(self, dim, keepdim, 'sum');
}

/** @param {Tensor} self @param {number} [dim] @param {boolean} [keepdim] @returns {Tensor} */
export function mean(self, dim, keepdim = false) {
  if (self.dtype === 'int32') {
    throw new Error('mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: Int');
  }
  return total(self, dim, keepdim, 'mean');
}

/** @param {Tensor} self @param {number} [dim] @param {boolean} [keepdim] @returns {Tensor} */
export function prod(self, dim, keepdim = false) {
  const { shape } = self;
  checkBoolean('prod()', 'keepdim', keepdim);
  const at = optionalDim(dim, self.ndim, 'prod');
  const { outer, size, inner } = slices(shape, at);
  if (self.dtype === 'int32') return wholeResult(kernels.prodInt32, self, at, keepdim);
  const input = storageOf(self);
  const output = new Storage(4 * outer * inner);
  kernels.prod(output, input, outer, size, inner);
  return record(output, reducedShape(shape, at, keepdim), 'float32', [self], {
    name: `ProdBackward${at === null ? 0 : 1}`,
    saves: [self, RESULT],
    backward: (grad, [x, product]) => {
      const gradInput = Gradient.dense(shape);
      const storage = /** @type {Storage} */ (grad.storage);
      kernels.prodBackward(gradInput.storage, storage, x.storage, product.storage, outer, size, inner, at === null);
      return [gradInput];
    },
  });
}

/**
 * @param {Tensor} self
 * @param {number} p
 * @param {number} [dim] undefined: all elements
 * @returns {Tensor}
 */
export function norm(self, p, dim) {
  const storage = storageOf(self);
  checkNumber('norm', 'p', p);
  if (self.dtype !== 'float32') {
    throw new Error('linalg.vector_norm: Expected a floating point or complex tensor as input. Got Int');
  }
  const { shape } = self;
  const at = optionalDim(dim, self.ndim, 'norm');
  const { outer, size, inner } = slices(shape, at);
  if (size === 0 && outer * inner > 0 && (p < 0 || p === Infinity)) {
    throw new Error(
      `linalg.vector_norm cannot compute the ${Math.abs(p) === Infinity ? (p > 0 ? 'inf' : '-inf') : p} norm on an empty tensor because ` +
        `the operation does not have an identity: shape ${shapeText(shape)}`,
    );
  }
  const output = new Storage(4 * outer * inner);
  kernels.norm(output, storage, outer, size, inner, p);
  const name = 'LinalgVectorNormBackward0';
  const left = self.ndim === 0 ? [] : reducedShape(shape, at, false);
  return record(output, left, 'float32', [self], {
    name,
    saves: [self, RESULT],
    backward: (grad, [x, norms]) => {
      if (p === 0) return [null]; // a count has no gradient
      const gradInput = Gradient.dense(shape);
      kernels.normBackward(gradInput.storage, /** @type {Storage} */ (grad.storage), x.storage, norms.storage, outer, size, inner, p);
      return [gradInput];
    },
  });
}

/**
 * @param {string} callee as PyTorch's texts have it
 * @param {string} name
 * @param {kernels.SliceKernel} forward
 * @param {kernels.SliceBackward} backward
 * @returns {(self: Tensor, dim: number) => Tensor}
 */
function overDimension(callee, name, forward, backward) {
  return (self, dim) => {
    const input = storageOf(self);
    const { outer, size, inner } = slices(self.shape, normalizeDim(dim, self.ndim, callee));
    if (self.dtype !== 'float32') throw new Error(`"${callee}_lastdim_kernel_impl" not implemented for 'Int'`);
    const output = new Storage(4 * self.numel);
    forward(output, input, outer, size, inner);
    return record(output, self.shape, 'float32', [self], {
      name,
      saves: [RESULT],
      backward: (grad, [y]) => {
        const gradInput = Gradient.dense(grad.shape);
        backward(gradInput.storage, /** @type {Storage} */ (grad.storage), y.storage, outer, size, inner);
        return [gradInput];
      },
    });
  };
}

export const softmax = overDimension('softmax', 'SoftmaxBackward0', kernels.softmax, kernels.softmaxBackward);
export const logSoftmax = overDimension('log_softmax', 'LogSoftmaxBackward0', kernels.logSoftmax, kernels.logSoftmaxBackward);
