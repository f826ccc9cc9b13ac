/**
 * A gradient on its way through the tape: dense, or rows of a table (sparse). It owns its storages.
 */
import * as kernels from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { SparseTensor } from './sparse-tensor.js';
import { Tensor, numelOf, storageOf } from './tensor.js';

/** Rows of a table with their numbers. */
export class Rows {
  /**
   * @param {Storage} indices (nnz) int32; one holder is this
   * @param {Storage} values (nnz, D); one holder is this
   * @param {number} nnz
   * @param {boolean} [isCoalesced] whether the numbers are distinct and ascending
   */
  constructor(indices, values, nnz, isCoalesced = nnz < 2) {
    this.indices = indices;
    this.values = values;
    this.nnz = nnz;
    this.isCoalesced = isCoalesced;
  }

  /** @returns {void} */
  release() {
    this.indices.release();
    this.values.release();
  }

  /**
   * Takes other rows in behind its own; they are used up.
   * @param {Rows} others
   * @param {number} embeddingDim
   * @returns {this}
   */
  append(others, embeddingDim) {
    const nnz = this.nnz + others.nnz;
    const row = 4 * embeddingDim;
    const indices = new Storage(4 * nnz);
    const values = new Storage(row * nnz);
    kernels.join(indices, this.indices, 4 * this.nnz, others.indices, 4 * others.nnz);
    kernels.join(values, this.values, row * this.nnz, others.values, row * others.nnz);
    others.release();
    this.replaceBy(new Rows(indices, values, nnz));
    return this;
  }

  /** Forgets all rows. @returns {void} */
  clear() {
    this.nnz = 0;
    this.isCoalesced = true;
  }

  /** Takes other rows in place of its own; they are used up. @param {Rows} others @returns {void} */
  replaceBy(others) {
    this.release();
    Object.assign(this, others);
  }

  /**
   * @param {readonly number[]} shape (V, D)
   * @returns {Rows} new ones: distinct and ascending
   */
  coalesced([numEmbeddings, embeddingDim]) {
    const indices = new Storage(4 * this.nnz);
    const values = new Storage(4 * this.nnz * embeddingDim);
    const nnz = kernels.coalesce(indices, values, this.indices, this.values, this.nnz, numEmbeddings, embeddingDim);
    return new Rows(indices, values, nnz, true);
  }
}

export class Gradient {
  /**
   * @param {readonly number[]} shape
   * @param {Storage | null} storage one holder is this gradient; null if it is sparse
   * @param {Rows | null} [rows]
   */
  constructor(shape, storage, rows = null) {
    this.shape = shape;
    this.storage = storage;
    this.rows = rows;
  }

  /** A dense gradient in a new storage, its contents undefined. @param {readonly number[]} shape @returns {Gradient & { storage: Storage }} */
  static dense(shape) {
    return /** @type {any} */ (new Gradient(shape, new Storage(4 * numelOf(shape))));
  }

  /** @returns {void} */
  release() {
    this.storage?.release();
    this.rows?.release();
    this.storage = this.rows = null;
  }

  /** The same gradient for one more owner. @param {readonly number[]} [shape] @returns {Gradient} */
  share(shape = this.shape) {
    return new Gradient(shape, /** @type {Storage} */ (this.storage).retain());
  }

  /** This gradient as a dense one; this one is used up. @returns {Gradient & { storage: Storage }} */
  toDense() {
    if (this.storage) return /** @type {any} */ (this);
    const dense = Gradient.dense(this.shape);
    dense.storage.view('float32', numelOf(this.shape)).fill(0);
    addRows(dense.storage, this);
    this.release();
    return dense;
  }

  /** The sum, this one's rows first where both are sparse; both are used up. @param {Gradient} other @returns {Gradient} */
  plus(other) {
    if (this.rows && other.rows) {
      this.rows.append(other.rows, this.shape[1]);
      return this;
    }
    if (this.rows) return other.plus(this);
    const sum = this.ownedAlone();
    if (other.storage) kernels.addInto(sum.storage, other.storage, numelOf(this.shape));
    else addRows(sum.storage, other);
    other.release();
    return sum;
  }

  /** This dense gradient in a storage that nobody else holds. @returns {Gradient & { storage: Storage }} */
  ownedAlone() {
    const storage = /** @type {Storage} */ (this.storage);
    if (storage.holders === 1) return /** @type {any} */ (this);
    const copy = Gradient.dense(this.shape);
    kernels.copy(copy.storage, storage, numelOf(this.shape));
    this.release();
    return copy;
  }

  /**
   * Adds the gradient to what a leaf has: in place, as PyTorch does, except where a dense one meets a sparse one. It is used up.
   * @param {Tensor | SparseTensor | null} grad
   * @returns {Tensor | SparseTensor}
   */
  accumulateInto(grad) {
    if (grad === null || grad.isDisposed) return this.toHandle();
    if (grad instanceof SparseTensor) {
      if (this.rows) {
        grad._rows.append(this.rows, this.shape[1]);
        return grad;
      }
      const sum = this.ownedAlone();
      grad._addTo(sum.storage);
      return sum.toHandle();
    }
    const storage = storageOf(grad);
    if (this.storage) kernels.addInto(storage, this.storage, numelOf(this.shape));
    else addRows(storage, this);
    storage.version++;
    this.release();
    return grad;
  }

  /** A handle that takes the storages over. @returns {Tensor | SparseTensor} */
  toHandle() {
    if (this.rows) return new SparseTensor(this.shape, this.rows, true);
    const { storage } = this.ownedAlone();
    return new Tensor(storage, this.shape, 'float32', { isKept: true });
  }
}

/** @param {Storage} dense @param {Gradient} gradient a sparse one */
function addRows(dense, gradient) {
  const { indices, values, nnz } = /** @type {Rows} */ (gradient.rows);
  kernels.addRows(dense, indices, values, nnz, gradient.shape[1], 1);
}
