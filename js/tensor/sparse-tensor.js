/**
 * SparseTensor: rows of a table, in coordinate form (COO): one sparse dimension, rows dense. The gradient of a sparse layer.
 */
import * as kernels from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { Rows } from './gradient.js';
import { sparseTensorText } from './print.js';
import { forget, track } from './scope.js';
import { Tensor, numelOf } from './tensor.js';

export class SparseTensor {
  /** @type {Rows | null} null once disposed of */
  #rows;

  /**
   * @internal
   * @param {readonly number[]} shape [V, D]
   * @param {Rows} rows
   * @param {boolean} [isKept] whether it outlives the `tidy` that it is made in
   */
  constructor(shape, rows, isKept = false) {
    if (!(rows instanceof Rows)) throw new TypeError('SparseTensor is not constructed directly');
    /** @type {number[]} [V, D] */
    this.shape = /** @type {number[]} */ (shape);
    this.#rows = rows;
    track(this, isKept);
  }

  /** @internal @returns {Rows} */
  get _held() {
    return this._rows;
  }

  /** @internal @returns {Rows} */
  get _rows() {
    if (this.#rows === null) throw new Error('tensor was disposed');
    return this.#rows;
  }

  /** @internal @returns {Storage[]} */
  get _storages() {
    return [this._rows.indices, this._rows.values];
  }

  /** Number of rows stored. @returns {number} */
  get nnz() {
    return this._rows.nnz;
  }

  /** Whether rows are distinct and ascending. PyTorch says yes wherever fewer than two are stored. @returns {boolean} */
  get isCoalesced() {
    return this._rows.isCoalesced;
  }

  /** @returns {true} */
  get isSparse() {
    return true;
  }

  /** The row numbers, a copy: (nnz). @returns {Int32Array} */
  indices() {
    const { indices, nnz } = this._rows;
    return /** @type {Int32Array} */ (indices.view('int32', nnz).slice());
  }

  /** The rows, on this tensor's own storage: (nnz, D). @returns {Tensor} */
  values() {
    const { values, nnz } = this._rows;
    return new Tensor(values.retain(), [nnz, this.shape[1]], 'float32');
  }

  /**
   * Rows of the same number summed in order, ascending; itself if it is coalesced.
   * @returns {SparseTensor}
   */
  coalesce() {
    const rows = this._rows;
    if (rows.isCoalesced) return this;
    return new SparseTensor(this.shape, rows.coalesced(this.shape));
  }

  /** @returns {Tensor} (V, D), zeros where no row is stored */
  toDense() {
    this._rows;
    const numel = numelOf(this.shape);
    const storage = new Storage(4 * numel);
    storage.view('float32', numel).fill(0);
    this._addTo(storage);
    return new Tensor(storage, this.shape, 'float32');
  }

  /** @internal Adds the rows to a dense table. @param {Storage} dense @returns {void} */
  _addTo(dense) {
    const { indices, values, nnz } = this._rows;
    kernels.addRows(dense, indices, values, nnz, this.shape[1], 1);
  }

  /** What Python's print shows. @returns {string} */
  toString() {
    return sparseTensorText(this);
  }

  /** What Node's console.log shows. @internal @returns {string} */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.isDisposed ? 'tensor(disposed)' : this.toString();
  }

  /** Whether the handle was disposed of. @returns {boolean} */
  get isDisposed() {
    return this.#rows === null;
  }

  /**
   * Releases the handle; disposing twice does nothing.
   * @returns {void}
   */
  dispose() {
    if (this.#rows === null) return;
    forget(this);
    this._release();
  }

  /** For `using grad = ...`. @returns {void} */
  [Symbol.dispose]() {
    this.dispose();
  }

  /** @internal Releases a handle that nobody tracks any more. @returns {void} */
  _release() {
    const rows = this.#rows;
    this.#rows = null;
    rows?.release();
  }
}

if (!Symbol.dispose) Reflect.deleteProperty(SparseTensor.prototype, 'undefined');
