/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Tensor: a handle on a counted storage in wasm memory, contiguous and row-major.
 */
import { sameShape, shapeText, show, typeName } from '../errors.js';
import { equal as equalValues } from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { isGradEnabled } from './grad-mode.js';
import * as ops from './ops.js';
import { tensorText } from './print.js';
import { forget, track, untrack } from './scope.js';

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

/** @type {(tensor: Tensor) => Storage} the storage under a handle; throws if the handle was disposed of */
export let storageOf;

export class Tensor {
  /** @type {Storage | null} null once disposed of */
  #storage;
  /** @type {Float32Array | Int32Array | null} the view that `data` gave out last */
  #view = null;
  #requiresGrad;

  static {
    storageOf = (tensor) => {
      if (tensor.#storage === null) throw new Error('tensor was disposed');
      return tensor.#storage;
    };
  }

  /**
   * Tensors are made by tensor(), zeros(), randn() and so on; this constructor is the package's own.
   * @internal
   * @param {Storage} storage with one holder more for this handle
   * @param {readonly number[]} shape
   * @param {Dtype} dtype
   * @param {{ requiresGrad?: boolean, gradFn?: string | null, isParameter?: boolean }} [autograd]
   */
  constructor(storage, shape, dtype, { requiresGrad = false, gradFn = null, isParameter = false } = {}) {
    if (!(storage instanceof Storage)) throw new TypeError('Tensor is not constructed directly: use tensor(data)');
    this.#storage = storage;
    this.#requiresGrad = requiresGrad;
    /** @type {number[]} */
    this.shape = /** @type {number[]} */ (shape);
    /** @type {Dtype} */
    this.dtype = dtype;
    /** Name of the operation that made this tensor while gradients were recorded, as PyTorch prints it. @type {string | null} */
    this.gradFn = gradFn;
    /** @internal Whether this is a layer's weight, which prints as a Parameter and outlives `tidy`. */
    this._isParameter = isParameter;
    track(this, storage);
  }

  /** Number of dimensions. @returns {number} */
  get ndim() {
    return this.shape.length;
  }

  /** Number of elements. @returns {number} */
  get numel() {
    return numelOf(this.shape);
  }

  /** @returns {false} */
  get isSparse() {
    return false;
  }

  /** Whether no recorded operation made this tensor. @returns {boolean} */
  get isLeaf() {
    return this.gradFn === null;
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
    if (typeof value !== 'boolean') throw new TypeError(`requiresGrad must be bool, not ${typeName(value)}: ${show(value)}`);
    if (value && this.dtype !== 'float32') throw new Error('only Tensors of floating point dtype can require gradients');
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
   * @returns {Float32Array | Int32Array}
   */
  get data() {
    const storage = storageOf(this);
    if (this.#view === null || this.#view.length === 0) this.#view = storage.view(this.dtype, this.numel);
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
    if (!Number.isInteger(i)) throw new TypeError(`row(): argument 'i' must be int, not ${typeName(i)}: ${show(i)}`);
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
    const { data } = this;
    if (data.length !== 1) throw new Error(`a Tensor with ${data.length} elements cannot be converted to Scalar`);
    return data[0];
  }

  /**
   * The elements as ordinary numbers in nested arrays; a 0-d tensor gives its number.
   * @returns {Nested}
   */
  toArray() {
    const { data, shape } = this;
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
    if (!(b instanceof Tensor)) throw new TypeError(`equal(): argument 'b' must be Tensor, not ${typeName(b)}`);
    if (!sameShape(this.shape, b.shape)) return false;
    if (this.dtype === b.dtype) return equalValues(storage, storageOf(b), this.dtype, this.numel);
    const [x, y] = [ops.asDtype(this, 'float32'), ops.asDtype(b, 'float32')]; // one of them is float32, and PyTorch promotes
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
    return ops.clone(this);
  }

  /**
   * The tensor in another dtype; itself if it has it already. int32 cuts fractions off; what it cannot hold becomes -2147483648.
   * @param {Dtype} dtype
   * @returns {Tensor}
   */
  to(dtype) {
    return ops.to(this, dtype);
  }

  /**
   * A 2-D tensor transposed, as a copy; fewer dimensions as they are.
   * @returns {Tensor}
   */
  t() {
    return ops.t(this);
  }

  /**
   * The same elements in another shape, on the same storage; one size may be -1.
   * @param {readonly number[] | number} shape
   * @param {...number} more sizes, where shape is given number by number
   * @returns {Tensor}
   */
  reshape(shape, ...more) {
    return ops.reshape(this, typeof shape === 'number' ? [shape, ...more] : shape);
  }

  /**
   * A new dimension of size 1.
   * @param {number} dim from -ndim - 1 to ndim
   * @returns {Tensor}
   */
  unsqueeze(dim) {
    return ops.unsqueeze(this, dim);
  }

  /**
   * Without the dimensions of size 1, or without dimension dim if its size is 1.
   * @param {number} [dim]
   * @returns {Tensor}
   */
  squeeze(dim) {
    return ops.squeeze(this, dim);
  }

  /* ---- Arithmetic: float32, or int32 where both operands are; shapes are broadcast ---- */

  /**
   * this + alpha * b
   * @param {Data} b
   * @param {{ alpha?: number }} [options]
   * @returns {Tensor}
   */
  add(b, options) {
    return ops.add(this, b, options);
  }

  /**
   * this - alpha * b
   * @param {Data} b
   * @param {{ alpha?: number }} [options]
   * @returns {Tensor}
   */
  sub(b, options) {
    return ops.sub(this, b, options);
  }

  /**
   * this * b
   * @param {Data} b
   * @returns {Tensor}
   */
  mul(b) {
    return ops.mul(this, b);
  }

  /**
   * The p-norm of all elements, or along a dimension.
   * @param {number} [p] any number; Infinity and -Infinity are the largest and the smallest absolute value, 0 counts what is not zero
   * @param {number} [dim]
   * @returns {Tensor}
   */
  norm(p = 2, dim) {
    return ops.norm(this, p, dim);
  }

  /* ---- In place: the version rises by 1 ---- */

  /**
   * Sets every element.
   * @param {number} value
   * @returns {this}
   */
  fill_(value) {
    return ops.fill_(this, value);
  }

  /** Sets every element to 0. @returns {this} */
  zero_() {
    return ops.fill_(this, 0);
  }

  /**
   * Takes over the elements of src, broadcast to this shape and converted to this dtype.
   * @param {Data} src
   * @returns {this}
   */
  copy_(src) {
    return ops.copy_(this, src);
  }

  /**
   * Refuses an in-place write that PyTorch refuses.
   * @internal
   * @returns {Storage}
   */
  _storageToWrite() {
    const storage = storageOf(this);
    if (isGradEnabled() && this.requiresGrad && this.isLeaf) {
      throw new Error('a leaf Variable that requires grad is being used in an in-place operation.');
    }
    return storage;
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
    const storage = this.#storage;
    this.#storage = this.#view = null;
    storage?.release();
  }

  /** @internal Hands the handle to the innermost open `tidy`, or to the collector. @returns {void} */
  _adopt() {
    track(this, storageOf(this));
  }

  /** @internal Takes the handle out of its `tidy`. @returns {void} */
  _keep() {
    untrack(this, storageOf(this));
  }
}

// Where the symbol is missing (Node.js 18.0 to 18.17) the method above is called "undefined"; it is left out there.
if (!Symbol.dispose) Reflect.deleteProperty(Tensor.prototype, 'undefined');
