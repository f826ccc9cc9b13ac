/**
 * Matrix products, with their backward.
 */
import { shapeText } from '../../errors.js';
import * as kernels from '../../wasm/kernels.js';
import { Storage } from '../../wasm/storage.js';
import { Gradient } from '../gradient.js';
import { Tensor, checkTensor, storageOf } from '../tensor.js';
import { Saved } from '../autograd.js';
import { VIEW_NAME, record } from './record.js';

/** @param {unknown} value @param {string} callee @returns {Tensor} */
function floatMatrix(value, callee) {
  checkTensor(callee, 'other', value);
  if (value.dtype !== 'float32') throw new Error('expected m1 and m2 to have the same dtype, but got: float != int: only float32 tensors are multiplied; use to("float32")');
  storageOf(value);
  return value;
}

/**
 * @param {Tensor} self (M, K) or (K)
 * @param {Tensor} other (K, N) or (K)
 * @returns {Tensor} (M, N); a vector's dimension drops out
 */
export function matmul(self, other) {
  const [a, b] = [floatMatrix(self, 'matmul'), floatMatrix(other, 'matmul')];
  if (a.ndim === 0 || b.ndim === 0) throw new Error(`both arguments to matmul need to be at least 1D, but they are ${a.ndim}D and ${b.ndim}D`);
  if (a.ndim > 2 || b.ndim > 2) throw new Error(`matmul takes vectors and matrices, not shapes ${shapeText(a.shape)} and ${shapeText(b.shape)}`);
  const [rows, inner] = a.ndim === 2 ? a.shape : [1, a.shape[0]];
  const [innerOfB, columns] = b.ndim === 2 ? b.shape : [b.shape[0], 1];
  if (inner !== innerOfB) {
    throw new Error(
      a.ndim === 1 && b.ndim === 1
        ? `inconsistent tensor size, expected tensor [${inner}] and src [${innerOfB}] to have the same number of elements, but got ${inner} and ${innerOfB} elements respectively`
        : b.ndim === 1
          ? `size mismatch, got input (${rows}), mat (${rows}x${inner}), vec (${innerOfB})`
          : `mat1 and mat2 shapes cannot be multiplied (${rows}x${inner} and ${innerOfB}x${columns})`,
    );
  }
  return product(a, b, rows, inner, columns, false, [...(a.ndim === 2 ? [rows] : []), ...(b.ndim === 2 ? [columns] : [])]);
}

/**
 * a (rows, inner) times b (inner, columns), or times b (columns, inner) transposed.
 * @param {Tensor} a
 * @param {Tensor} b
 * @param {number} rows
 * @param {number} inner
 * @param {number} columns
 * @param {boolean} transposeB
 * @param {readonly number[]} shape
 * @returns {Tensor}
 */
function product(a, b, rows, inner, columns, transposeB, shape) {
  const [left, right] = [storageOf(a), storageOf(b)];
  const output = new Storage(4 * rows * columns);
  const [shapeA, shapeB] = [a.shape, b.shape];
  // A vector on the right is a row of its own, so that its product is a dot product.
  kernels.matmul(output, left, right, rows, inner, columns, false, transposeB || columns === 1);
  const byDims = a.ndim === 1 && b.ndim === 1 ? 'DotBackward0' : a.ndim === 2 && b.ndim === 1 ? 'MvBackward0' : a.ndim === 1 ? 'SqueezeBackward4' : 'MmBackward0';
  const name = a.ndim > 2 ? 'UnsafeViewBackward0' : byDims;
  return record(output, shape, 'float32', [a, b], {
    name,
    // As in PyTorch, an operand is saved only if the other one wants a gradient, and a transposed one is a view.
    saves: [b.requiresGrad ? a : null, a.requiresGrad ? (transposeB && b.requiresGrad ? savedTransposed(b) : b) : null],
    backward: (grad, [savedA, savedB], needs) => {
      const storage = /** @type {Storage} */ (grad.storage);
      const gradA = needs(0) ? Gradient.dense(shapeA) : null;
      const gradB = needs(1) ? Gradient.dense(shapeB) : null;
      if (gradA) kernels.matmul(gradA.storage, storage, savedB.storage, rows, columns, inner, false, !transposeB); // times b transposed
      if (gradB && transposeB) kernels.matmul(gradB.storage, storage, savedA.storage, columns, rows, inner, true, false);
      else if (gradB) kernels.matmul(gradB.storage, savedA.storage, storage, inner, rows, columns, true, false);
      return [gradA, gradB];
    },
  });
}

/** @param {Tensor} weight @returns {Saved} */
function savedTransposed(weight) {
  return new Saved(storageOf(weight).retain(), [...weight.shape].reverse(), 'float32', VIEW_NAME);
}

/**
 * input times weight transposed, without a bias: torch.nn.functional.linear.
 * @param {Tensor} input (..., K)
 * @param {Tensor} weight (N, K)
 * @returns {Tensor} (..., N)
 */
export function linear(input, weight) {
  const [a, b] = [floatMatrix(input, 'linear'), floatMatrix(weight, 'linear')];
  if (b.ndim === 1) return matmul(a, b);
  if (b.ndim !== 2 || a.ndim === 0) throw new Error(`linear() takes input (..., K) and weight (N, K), not shapes ${shapeText(a.shape)} and ${shapeText(b.shape)}`);
  const inner = a.shape[a.ndim - 1];
  const [columns, innerOfB] = b.shape;
  const rows = a.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  if (inner !== innerOfB) throw new Error(`mat1 and mat2 shapes cannot be multiplied (${rows}x${inner} and ${innerOfB}x${columns})`);
  return product(a, b, rows, inner, columns, true, [...a.shape.slice(0, -1), columns]);
}
