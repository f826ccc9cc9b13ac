/**
 * Elementwise operations: each with its backward beside it.
 */
import { checkNumber, checkOptions } from '../../errors.js';
import * as kernels from '../../wasm/kernels.js';
import { Storage } from '../../wasm/storage.js';
import { Gradient } from '../gradient.js';
import { Tensor, numelOf, storageOf } from '../tensor.js';
import { asDtype, broadcast, broadcastShape, operand, sumTo } from './operand.js';
import { RESULT, record } from './record.js';

/** @typedef {import('../tensor.js').Data} Data */
/** @typedef {import('../tensor.js').Dtype} Dtype */
/** @typedef {import('./operand.js').Operand} Operand */
/** @typedef {import('./record.js').Derivative} Derivative */
/** @typedef {import('./record.js').Values} Values */

/* ---- Two operands ---- */

/**
 * kernel(a, b) of float32 values, broadcast.
 * @param {kernels.BinaryKernel} kernel
 * @param {Values} a
 * @param {Values} b
 * @param {number} [alpha]
 * @returns {Gradient & { storage: Storage }}
 */
function values(kernel, a, b, alpha) {
  const shape = broadcastShape(a.shape, b.shape);
  const output = Gradient.dense(shape);
  kernels.elementwise(kernel, 'float32', output.storage, a.storage, b.storage, broadcast(shape, a.shape, b.shape), alpha);
  return output;
}

/**
 * Runs steps on temporary values; all but the last are released.
 * @param {...(((before: Values) => Gradient) | Gradient)} steps the first is a value; each other gets the value before it
 * @returns {Gradient}
 */
function chain(...steps) {
  return /** @type {Gradient} */ (
    steps.reduce((before, step) => {
      if (step instanceof Gradient) return step;
      const next = step(/** @type {any} */ (before));
      /** @type {Gradient} */ (before).release();
      return next;
    })
  );
}

/**
 * @param {kernels.BinaryKernel} kernel
 * @param {Tensor} self
 * @param {Data} other
 * @param {string} callee
 * @param {number | undefined} alpha
 * @param {(a: Values, b: Values) => Derivative} derivative
 *   of the operands as they are, before broadcasting
 * @returns {Tensor}
 */
function binary(kernel, self, other, callee, alpha, derivative) {
  storageOf(self);
  const second = operand(other, callee, self.dtype);
  const first = operand(self, callee);
  const temporary = [first, second];
  try {
    const shape = broadcastShape(first.shape, second.shape);
    const dtype = first.dtype === second.dtype && kernel !== 'tensor_div' ? first.dtype : 'float32';
    if (dtype === 'int32' && alpha !== undefined && !Number.isInteger(alpha)) {
      throw new Error('For integral input tensors, argument alpha must not be a floating point number.');
    }
    const a = asDtype(first, dtype);
    temporary.push(a);
    const b = asDtype(second, dtype);
    temporary.push(b);
    const output = new Storage(4 * numelOf(shape));
    kernels.elementwise(kernel, dtype, output, a.storage, b.storage, broadcast(shape, a.shape, b.shape), alpha);
    return record(output, shape, dtype, [self, other], derivative(a, b));
  } finally {
    for (const { release } of temporary) release();
  }
}

/** An operand as backward needs it. @param {Values} value @param {Data} given @returns {Tensor | Values} */
function savedOperand(value, given) {
  return given instanceof Tensor && given.dtype === 'float32' ? given : value;
}

/**
 * @param {string} callee
 * @param {{ alpha?: number } | undefined} options
 * @returns {number}
 */
export function alphaOf(callee, options) {
  checkOptions(`${callee}()`, options, ['alpha']);
  const alpha = options?.alpha ?? 1;
  checkNumber(callee, 'alpha', alpha);
  return alpha;
}

/**
 * @param {string} name
 * @param {readonly number[]} shapeA
 * @param {readonly number[]} shapeB
 * @param {number} alpha
 * @returns {Derivative} of a + alpha * b
 */
export function addDerivative(name, shapeA, shapeB, alpha) {
  return {
    name,
    backward: (grad, saved, needs) => [
      needs(0) ? sumTo(grad.share(), shapeA) : null,
      needs(1) ? sumTo(alpha === 1 ? grad.share() : scaled(grad, alpha), shapeB) : null,
    ],
  };
}

/**
 * @param {string} name
 * @param {Tensor} self
 * @param {Data} other
 * @param {string} callee
 * @param {number} alpha
 */
function addScaled(name, self, other, callee, alpha) {
  return binary('tensor_add', self, other, callee, alpha, (a, b) => addDerivative(name, a.shape, b.shape, alpha));
}

/** @param {Gradient} grad @param {number} factor @returns {Gradient} */
export function scaled(grad, factor) {
  const output = Gradient.dense(grad.shape);
  kernels.scale(output.storage, /** @type {Storage} */ (grad.storage), numelOf(grad.shape), factor);
  return output;
}

/**
 * @param {Tensor} self
 * @param {Data} other
 * @param {{ alpha?: number }} [options]
 * @returns {Tensor} self + alpha * other
 */
export function add(self, other, options) {
  return addScaled('AddBackward0', self, other, 'add', alphaOf('add', options));
}

/**
 * @param {Tensor} self
 * @param {Data} other
 * @param {{ alpha?: number }} [options]
 * @returns {Tensor} self - alpha * other
 */
export function sub(self, other, options) {
  return addScaled('SubBackward0', self, other, 'sub', -alphaOf('sub', options));
}

/**
 * @param {Values} a self's values
 * @param {Tensor} self
 * @param {Values} b other's values
 * @param {Data} other
 * @param {boolean} [selfWants] whether self wants a gradient
 * @returns {Derivative} of a * b; as in PyTorch, an operand is saved only if the other one wants a gradient
 */
export function mulDerivative(a, self, b, other, selfWants = self.requiresGrad) {
  const [shapeA, shapeB] = [a.shape, b.shape];
  return {
    name: 'MulBackward0',
    saves: [wants(other) ? savedOperand(a, self) : null, selfWants ? savedOperand(b, other) : null],
    backward: (grad, [savedA, savedB], needs) => [
      needs(0) ? sumTo(values('tensor_mul', /** @type {any} */ (grad), savedB), shapeA) : null,
      needs(1) ? sumTo(values('tensor_mul', /** @type {any} */ (grad), savedA), shapeB) : null,
    ],
  };
}

/**
 * @param {Tensor} self
 * @param {Data} other
 * @returns {Tensor} self * other
 */
export function mul(self, other) {
  return binary('tensor_mul', self, other, 'mul', undefined, (a, b) => mulDerivative(a, self, b, other));
}

/** @param {unknown} input */
function wants(input) {
  return input instanceof Tensor && input.requiresGrad;
}

/**
 * @param {Values} a
 * @param {Tensor} self
 * @param {Values} b
 * @param {Data} other
 * @returns {Derivative} of a / b
 */
function divDerivative(a, self, b, other) {
  const [shapeA, shapeB] = [a.shape, b.shape];
  return {
    name: 'DivBackward0',
    saves: [savedOperand(b, other), wants(other) ? savedOperand(a, self) : null],
    backward: (grad, [divisor, dividend], needs) => [
      needs(0) ? sumTo(values('tensor_div', /** @type {any} */ (grad), divisor), shapeA) : null,
      needs(1)
        ? chain(
            values('tensor_div', dividend, divisor),
            (quotient) => values('tensor_div', quotient, divisor),
            (rate) => values('tensor_mul', /** @type {any} */ (grad), rate),
            (product) => scaled(/** @type {any} */ (product), -1),
            (negated) => sumTo(/** @type {Gradient} */ (negated).share(), shapeB),
          )
        : null,
    ],
  };
}

/**
 * @param {Tensor} self
 * @param {Data} other
 * @returns {Tensor} self / other, float32
 */
export function div(self, other) {
  return binary('tensor_div', self, other, 'div', undefined, (a, b) => divDerivative(a, self, b, other));
}

/* ---- One operand ---- */

const always = () => true;
const never = () => false;

/**
 * A function of each element; its derivative is in C, beside the function itself (src/ops/unary.c).
 * @param {number} id of tensor_function
 * @param {string} name of the node
 * @param {'input' | 'output' | 'nothing'} saves what the derivative is computed from
 * @param {(exponent: number) => boolean} [isWhole] whether int32 gives int32
 * @returns {(self: Tensor, exponent?: number) => Tensor}
 */
function unary(id, name, saves, isWhole = never) {
  return (self, exponent = 0) => {
    if (self.dtype === 'int32' && isWhole(exponent)) {
      const output = new Storage(4 * self.numel);
      kernels.unaryInt32(output, storageOf(self), self.numel, id, exponent);
      return new Tensor(output, self.shape, 'int32');
    }
    const input = asDtype(self, 'float32');
    try {
      const output = new Storage(4 * self.numel);
      kernels.unary(output, input.storage, self.numel, id, exponent);
      return record(output, self.shape, 'float32', [self], {
        name,
        saves: saves === 'nothing' ? [] : [saves === 'input' ? self : RESULT],
        backward: (grad, [saved]) => {
          const gradInput = Gradient.dense(grad.shape);
          const gradOutput = /** @type {Storage} */ (grad.storage);
          kernels.unaryBackward(gradInput.storage, gradOutput, saved?.storage ?? gradOutput, numelOf(grad.shape), id, exponent);
          return [gradInput];
        },
      });
    } finally {
      input.release();
    }
  };
}

export const neg = unary(0, 'NegBackward0', 'nothing', always);
export const abs = unary(1, 'AbsBackward0', 'input', always);
export const sqrt = unary(2, 'SqrtBackward0', 'output');
export const relu = unary(3, 'ReluBackward0', 'output', always);
export const exp = unary(4, 'ExpBackward0', 'output');
export const log = unary(5, 'LogBackward0', 'input');
export const sigmoid = unary(6, 'SigmoidBackward0', 'output');
export const tanh = unary(7, 'TanhBackward0', 'output');
const logarithmOfSigmoid = unary(8, 'LogSigmoidBackward0', 'input');
const power = unary(9, 'PowBackward0', 'input', Number.isInteger);

/** @param {Tensor} self @returns {Tensor} */
export function logSigmoid(self) {
  storageOf(self);
  if (self.dtype === 'int32') throw new Error('"log_sigmoid_cpu" not implemented for \'Int\'');
  return logarithmOfSigmoid(self);
}

/** The greater of each element and a number; gradients pass as if nothing had been done. */
export const clampMin = unary(10, 'ClampMinBackward0', 'nothing');

/** @param {Tensor} self @param {number} exponent @returns {Tensor} */
export function pow(self, exponent) {
  storageOf(self);
  checkNumber('pow', 'exponent', exponent);
  if (self.dtype === 'int32' && exponent < 0 && Number.isInteger(exponent)) throw new Error('Integers to negative integer powers are not allowed.');
  return power(self, exponent);
}
