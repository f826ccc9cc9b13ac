/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Tensor: a handle on a counted storage in wasm memory, contiguous and row-major.
 */
import { checkBoolean, checkInteger, checkOptions, sameShape, shapeText, typeName, wrongType } from '../errors.js';
import { equal as equalValues } from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { Leaf, checkGradientShape, runBackward } from './autograd.js';
import { Gradient } from './gradient.js';
import * as elementwise from './ops/elementwise.js';
import * as inPlace from './ops/in-place.js';
import { matmul } from './ops/matmul.js';
import { asDtype, operand } from './ops/operand.js';
import * as reduce from './ops/reduce.js';
import * as shapes from './ops/shape.js';
import { tensorText } from './print.js';
import { forget, holdsAnew, isTidying, track } from './scope.js';
import { SparseTensor } from './sparse-tensor.js';

/** @typedef {'float32' | 'int32'} Dtype */
/** @typedef {number | NestedList} Nested numbers, nested to any depth, rectangular */
/** @typedef {Nested[]} NestedList */
/** @typedef {import('../wasm/data.js').TypedArray} TypedArray */
/** @typedef {Nested | TypedArray | Tensor} Data */

/** @param {readonly number[]} shape @returns {number} */
export function numelOf(shape) {
  let numel = 1;
  for (let dim = 0; dim < shape.length; dim++) numel *= shape[dim];
  return numel;
}

/** @typedef {import('./autograd.js').Node} Node */

/**
 * Refuses an argument that is no tensor.
 * @param {string} callee
 * @param {string} name
 * @param {unknown} value
 * @returns {asserts value is Tensor}
 */
export function checkTensor(callee, name, value) {
  if (!(value instanceof Tensor)) throw wrongType(`${callee}(): argument '${name}' must be Tensor`, value);
}

/** @type {(tensor: Tensor) => Storage} the storage under a handle; throws if the handle was disposed of */
export let storageOf;

/** @type {(tensor: Tensor) => Leaf | null} what a tensor's gradients are added up in; null before there is any */
export let leafOf;

/** @type {(tensor: Tensor) => Node | Leaf | null} where the gradient of a tensor goes; null if it requires none */
export let targetOf;

export class Tensor {
  /** @type {Storage | null} null once disposed of */
  #storage;
  /** @type {Float32Array | Int32Array | null} the view that `data` gave out last */
  #view = null;
  /** What the view is over: an array that the storage was moved out to, or null for linear memory. @type {ArrayBuffer | null} */
  #viewed = null;
  #shape;
  #isFrozen = false;
  #requiresGrad;
  /** The operation that made this tensor, where it was recorded. @type {Node | null} */
  #node;
  /** Where gradients of a tensor without a node are added up; made when the first is asked for. @type {Leaf | null} */
  #leaf = null;

  // Not a static block: Safari has those since 16.4, from which on it needs no scalar module any more.
  static #friends = (() => {
    storageOf = (tensor) => {
      if (tensor.#storage === null) throw new Error('tensor was disposed');
      return tensor.#storage;
    };
    leafOf = (tensor) => tensor.#leaf;
    targetOf = (tensor) => (tensor.#requiresGrad ? (tensor.#node ?? (tensor.#leaf ??= new Leaf())) : null);
  })();

  /**
   * Tensors are made by tensor(), zeros(), randn() and so on; this constructor is the package's own.
   * @internal
   * @param {Storage} storage with one holder more for this handle
   * @param {readonly number[]} shape
   * @param {Dtype} dtype
   * @param {{ requiresGrad?: boolean, node?: Node | null, isParameter?: boolean, isKept?: boolean }} [options] isKept: whether it
   *   outlives the `tidy` that it is made in
   */
  constructor(storage, shape, dtype, { node = null, requiresGrad = node !== null, isParameter = false, isKept = false } = {}) {
    if (!(storage instanceof Storage)) throw new TypeError('Tensor is not constructed directly: use tensor(data)');
    this.#storage = storage;
    this.#requiresGrad = requiresGrad;
    this.#node = node?.retain() ?? null;
    this.#shape = /** @type {number[]} */ (shape);
    /** @type {Dtype} */
    this.dtype = dtype;
    /** @internal Whether this is a layer's weight, which prints as a Parameter. */
    this._isParameter = isParameter;
    track(this, isKept);
  }

  /** @internal What the handle holds, for the collector. @returns {{ release(): void }} */
  get _held() {
    const storage = storageOf(this);
    const node = this.#node;
    if (node === null) return storage;
    return {
      release() {
        storage.release();
        node.release();
      },
    };
  }

  /** @internal @returns {Storage[]} */
  get _storages() {
    return [storageOf(this)];
  }

  /** Sizes of the dimensions; frozen. @returns {number[]} */
  get shape() {
    if (!this.#isFrozen) {
      Object.freeze(this.#shape); // written to, it would reach beyond the block
      this.#isFrozen = true;
    }
    return this.#shape;
  }

  /** Number of dimensions. @returns {number} */
  get ndim() {
    return this.#shape.length;
  }

  /** Number of elements. @returns {number} */
  get numel() {
    return numelOf(this.#shape);
  }

  /** @returns {false} */
  get isSparse() {
    return false;
  }

  /** Whether no recorded operation made this tensor. @returns {boolean} */
  get isLeaf() {
    return this.#node === null;
  }

  /** Name of the recorded operation that made this tensor, as PyTorch prints it; null for a leaf. @returns {string | null} */
  get gradFn() {
    return this.#node?.name ?? null;
  }

  /**
   * The gradient that `backward` has added up here: a SparseTensor from a sparse layer; null before the first, and for a tensor that
   * an operation made.
   * @returns {Tensor | SparseTensor | null}
   */
  get grad() {
    storageOf(this);
    const leaf = this.#leaf;
    if (leaf === null) return null;
    leaf.isShown = true;
    return leaf.grad;
  }

  set grad(grad) {
    storageOf(this);
    if (grad !== null && !(grad instanceof Tensor) && !(grad instanceof SparseTensor)) {
      throw new TypeError(`assigned grad expected to be a Tensor or None but got grad of type ${typeName(grad)}`);
    }
    if (grad === this) throw new Error("can't assign Variable as its own grad");
    if (grad?.isDisposed) throw new Error('tensor was disposed');
    if (grad instanceof Tensor && grad.dtype !== this.dtype) {
      throw new Error("attempting to assign a gradient with dtype 'int' to a tensor with grad_dtype 'Float'");
    }
    if (grad !== null && !sameShape(grad.shape, this.shape)) {
      throw new Error(
        `attempting to assign a gradient of size '${shapeText(grad.shape)}' to a tensor of size '${shapeText(this.shape)}'. ` +
          'Please ensure that the gradient and the tensor are the same size',
      );
    }
    const leaf = (this.#leaf ??= new Leaf());
    if (grad === leaf.grad) return;
    leaf.forget();
    leaf.grad = grad;
    leaf.isShown = grad !== null;
  }

  /**
   * Computes the gradients of this tensor with respect to the leaves that it was made from and adds them to their `grad`. What the
   * graph has saved is let go of, and its results that nobody has viewed move out of wasm memory.
   * @param {Data} [gradOutput] of this tensor's shape; 1 unless given, for a tensor of one element
   * @param {{ retainGraph?: boolean }} [options] retainGraph: keep what is saved, for another `backward`
   * @returns {void}
   */
  backward(gradOutput, options) {
    storageOf(this);
    checkOptions('backward()', options, ['retainGraph']);
    const { retainGraph = false } = options ?? {};
    checkBoolean('backward()', 'retainGraph', retainGraph);
    const target = targetOf(this);
    if (target === null) throw new Error('element 0 of tensors does not require grad and does not have a grad_fn');
    if (gradOutput === undefined && this.numel !== 1) throw new Error('grad can be implicitly created only for scalar outputs');
    const given = operand(gradOutput === undefined ? 1 : gradOutput, 'backward');
    const converted = asDtype(given, 'float32');
    /** @type {Gradient} */
    let grad;
    try {
      if (gradOutput !== undefined) checkGradientShape(given.shape, this.shape);
      grad = new Gradient(this.shape, converted.storage.retain());
    } finally {
      converted.release();
      given.release();
    }
    runBackward(target, grad, retainGraph, !isTidying());
  }

  /**
   * How often the storage has been written in place, as PyTorch counts; shared by all handles on it.
   * @returns {number}
   */
  get _version() {
    return storageOf(this).version;
  }

  /**
   * Whether operations on this tensor are recorded.
   * @returns {boolean}
   */
  get requiresGrad() {
    return this.#requiresGrad;
  }

  set requiresGrad(value) {
    storageOf(this);
    if (typeof value !== 'boolean') throw wrongType('requiresGrad must be bool', value);
    if (value && this.dtype !== 'float32') throw new Error('only Tensors of floating point and complex dtype can require gradients');
    if (!this.isLeaf && !value) {
      throw new Error(
        'you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that ' +
          "doesn't require differentiation use var_no_grad = var.detach().",
      );
    }
    this.#requiresGrad = value;
  }

  /**
   * The elements: a view of wasm memory, row-major. Its length is 0 after the next growth of memory, so read `data` again or keep a
   * `.slice()`. Writing through it is untracked, like PyTorch's `.data`.
   *
   * To hand a tensor to another worker, post `values = data.slice()` with the shape and transfer `values.buffer`; over there
   * `tensor(values, { shape })` makes it a tensor again. A view must not be posted: all of wasm memory would be copied.
   * @returns {Float32Array | Int32Array}
   */
  get data() {
    const data = this._values;
    if (this.#viewed === null) storageOf(this).isViewed = true;
    return data;
  }

  /** @internal `data` for a look that ends with the call: the storage may still move out. @returns {Float32Array | Int32Array} */
  get _values() {
    const storage = storageOf(this);
    if (this.#view === null || this.#view.length === 0 || this.#viewed !== storage.movedOut) {
      this.#view = storage.view(this.dtype, this.numel);
      this.#viewed = storage.movedOut;
    }
    return this.#view;
  }

  /**
   * A view of row i of a 2-D tensor, as `data` is one; a negative i counts from the end.
   * @param {number} i
   * @returns {Float32Array | Int32Array} shape (columns)
   * @throws {RangeError} if there is no such row
   */
  row(i) {
    const { data } = this;
    if (this.ndim !== 2) throw new Error(`row() needs a 2-dimensional tensor, but this one has shape ${shapeText(this.shape)}`);
    const [rows, columns] = this.shape;
    checkInteger('row', 'i', i);
    if (i < -rows || i >= rows) {
      throw new RangeError(`index ${i} is out of bounds for dimension 0 with size ${rows}: valid range [${-rows}, ${rows})`);
    }
    const start = (i < 0 ? i + rows : i) * columns;
    return data.subarray(start, start + columns);
  }

  /**
   * The one element of a tensor that has just one.
   * @returns {number}
   */
  item() {
    const { _values } = this;
    if (_values.length !== 1) throw new Error(`a Tensor with ${_values.length} elements cannot be converted to Scalar`);
    return _values[0];
  }

  /**
   * The elements as ordinary numbers in nested arrays; a 0-d tensor gives its number.
   * @returns {Nested}
   */
  toArray() {
    const { _values: data, shape } = this;
    /** @type {(dim: number, start: number) => any} */
    const nest = (dim, start) => {
      if (dim === shape.length) return data[start];
      if (dim === shape.length - 1) return Array.from(data.subarray(start, start + shape[dim]));
      const step = numelOf(shape.slice(dim + 1));
      return Array.from({ length: shape[dim] }, (_, i) => nest(dim + 1, start + i * step));
    };
    return nest(0, 0);
  }

  /**
   * What Python's print shows.
   * @returns {string}
   */
  toString() {
    storageOf(this);
    return tensorText(this);
  }

  /** What Node's console.log shows. @internal @returns {string} */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.isDisposed ? 'tensor(disposed)' : this.toString();
  }

  /**
   * Whether both have the same shape and equal elements: torch.equal. NaN equals nothing.
   * @param {Tensor} b
   * @returns {boolean}
   */
  equal(b) {
    const storage = storageOf(this);
    checkTensor('equal', 'b', b);
    const other = storageOf(b);
    if (!sameShape(this.shape, b.shape)) return false;
    if (this.dtype === b.dtype) return equalValues(storage, other, this.dtype, this.numel);
    const [x, y] = [asDtype(this, 'float32'), asDtype(b, 'float32')]; // one of them is float32, and PyTorch promotes
    try {
      return equalValues(x.storage, y.storage, 'float32', this.numel);
    } finally {
      x.release();
      y.release();
    }
  }

  /* ---- New handles on the same storage, and copies ---- */

  /**
   * A handle on the same storage that no gradient flows through.
   * @returns {Tensor}
   */
  detach() {
    return new Tensor(storageOf(this).retain(), this.shape, this.dtype);
  }

  /** A copy. @returns {Tensor} */
  clone() {
    return shapes.clone(this);
  }

  /**
   * The tensor in another dtype; itself if it has it already. int32 cuts fractions off; what it cannot hold becomes -2147483648.
   * @param {Dtype} dtype
   * @returns {Tensor}
   */
  to(dtype) {
    return shapes.to(this, dtype);
  }

  /**
   * A 2-D tensor transposed, as a copy; fewer dimensions as they are.
   * @returns {Tensor}
   */
  t() {
    return shapes.t(this);
  }

  /**
   * The same elements in another shape, on the same storage; one size may be -1.
   * @param {readonly number[] | number} shape
   * @param {...number} more sizes, where shape is given number by number
   * @returns {Tensor}
   */
  reshape(shape, ...more) {
    return shapes.reshape(this, typeof shape === 'number' ? [shape, ...more] : shape);
  }

  /**
   * A new dimension of size 1.
   * @param {number} dim from -ndim - 1 to ndim
   * @returns {Tensor}
   */
  unsqueeze(dim) {
    return shapes.unsqueeze(this, dim);
  }

  /**
   * Without the dimensions of size 1, or without dimension dim if its size is 1.
   * @param {number} [dim]
   * @returns {Tensor}
   */
  squeeze(dim) {
    return shapes.squeeze(this, dim);
  }

  /* ---- Arithmetic: float32, or int32 where both operands are; shapes are broadcast ---- */

  /**
   * this + alpha * b
   * @param {Data} b
   * @param {{ alpha?: number }} [options]
   * @returns {Tensor}
   */
  add(b, options) {
    return elementwise.add(this, b, options);
  }

  /**
   * this - alpha * b
   * @param {Data} b
   * @param {{ alpha?: number }} [options]
   * @returns {Tensor}
   */
  sub(b, options) {
    return elementwise.sub(this, b, options);
  }

  /**
   * this * b
   * @param {Data} b
   * @returns {Tensor}
   */
  mul(b) {
    return elementwise.mul(this, b);
  }

  /**
   * this / b, in float32
   * @param {Data} b
   * @returns {Tensor}
   */
  div(b) {
    return elementwise.div(this, b);
  }

  /** -this @returns {Tensor} */
  neg() {
    return elementwise.neg(this);
  }

  /** @param {number} exponent @returns {Tensor} this to the power of exponent */
  pow(exponent) {
    return elementwise.pow(this, exponent);
  }

  /** @returns {Tensor} */
  exp() {
    return elementwise.exp(this);
  }

  /** The natural logarithm. @returns {Tensor} */
  log() {
    return elementwise.log(this);
  }

  /** @returns {Tensor} */
  sqrt() {
    return elementwise.sqrt(this);
  }

  /** @returns {Tensor} */
  abs() {
    return elementwise.abs(this);
  }

  /** 1 / (1 + exp(-this)) @returns {Tensor} */
  sigmoid() {
    return elementwise.sigmoid(this);
  }

  /** @returns {Tensor} */
  tanh() {
    return elementwise.tanh(this);
  }

  /** The greater of this and 0. @returns {Tensor} */
  relu() {
    return elementwise.relu(this);
  }

  /** log(sigmoid(this)), without overflow: torch.nn.functional.logsigmoid. @returns {Tensor} */
  logSigmoid() {
    return elementwise.logSigmoid(this);
  }

  /**
   * The matrix product.
   * @param {Tensor} b (K, N) or (K), this being (M, K) or (K)
   * @returns {Tensor}
   */
  matmul(b) {
    return matmul(this, b);
  }

  /* ---- Reductions: over all elements, or along a dimension, which stays with size 1 if keepdim ---- */

  /** @param {number} [dim] @param {boolean} [keepdim] @returns {Tensor} */
  sum(dim, keepdim) {
    return reduce.sum(this, dim, keepdim);
  }

  /** @param {number} [dim] @param {boolean} [keepdim] @returns {Tensor} */
  mean(dim, keepdim) {
    return reduce.mean(this, dim, keepdim);
  }

  /** @param {number} [dim] @param {boolean} [keepdim] @returns {Tensor} */
  prod(dim, keepdim) {
    return reduce.prod(this, dim, keepdim);
  }

  /** @param {number} dim @returns {Tensor} exp(this) / its sum along dim */
  softmax(dim) {
    return reduce.softmax(this, dim);
  }

  /** @param {number} dim @returns {Tensor} log(softmax(dim)) */
  logSoftmax(dim) {
    return reduce.logSoftmax(this, dim);
  }

  /**
   * The p-norm of all elements, or along a dimension.
   * @param {number} [p] any number; Infinity and -Infinity are the largest and the smallest absolute value, 0 counts what is not zero
   * @param {number} [dim]
   * @returns {Tensor}
   */
  norm(p = 2, dim) {
    return reduce.norm(this, p, dim);
  }

  /* ---- In place: the version rises by 1 ---- */

  /**
   * Sets every element.
   * @param {number} value
   * @returns {this}
   */
  fill_(value) {
    return inPlace.fill_(this, value);
  }

  /** Sets every element to 0. @returns {this} */
  zero_() {
    return inPlace.fill_(this, 0);
  }

  /**
   * Takes over the elements of src, broadcast to this shape and converted to this dtype.
   * @param {Data} src
   * @returns {this}
   */
  copy_(src) {
    return inPlace.copy_(this, src);
  }

  /**
   * Adds alpha * b, broadcast to this shape.
   * @param {Data} b
   * @param {{ alpha?: number }} [options]
   * @returns {this}
   */
  add_(b, options) {
    return inPlace.add_(this, b, options);
  }

  /**
   * Multiplies by b, broadcast to this shape.
   * @param {Data} b
   * @returns {this}
   */
  mul_(b) {
    return inPlace.mul_(this, b);
  }

  /**
   * Makes the handle stand for the result of a recorded in-place operation.
   * @internal
   * @param {Node} node
   * @returns {void}
   */
  _becomeResult(node) {
    const before = this.#node;
    this.#node = node.retain();
    this.#requiresGrad = true;
    holdsAnew(this);
    before?.release();
  }

  /* ---- Lifetime ---- */

  /** Whether the handle was disposed of. @returns {boolean} */
  get isDisposed() {
    return this.#storage === null;
  }

  /**
   * Releases the handle, like Python's `del`; the block is freed with its last holder. Disposing twice does nothing.
   * @returns {void}
   */
  dispose() {
    if (this.#storage === null) return;
    forget(this);
    this._release();
  }

  /** For `using tensor = ...`. @returns {void} */
  [Symbol.dispose]() {
    this.dispose();
  }

  /** @internal Releases a handle that nobody tracks any more. @returns {void} */
  _release() {
    const [storage, node] = [this.#storage, this.#node];
    this.#storage = this.#view = null;
    if (this.#leaf) {
      this.#leaf.isDisposed = true;
      this.#leaf.forget();
    }
    storage?.release();
    node?.release();
  }
}

// Where the symbol is missing (Node.js 18.0 to 18.17) the method above is called "undefined"; it is left out there.
if (!Symbol.dispose) Reflect.deleteProperty(Tensor.prototype, 'undefined');
