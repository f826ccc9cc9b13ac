/**
 * A storage: one counted block of linear memory. Tensors are handles on storages, and graphs hold them too; the block is freed with
 * its last holder.
 *
 * A storage that nobody has a view of can be moved out, to an ordinary array that the engine's garbage collector looks after; it
 * comes back by itself when a kernel asks for its address.
 */
import { allocate, live, release, views } from './memory.js';

/** @typedef {'float32' | 'int32'} Dtype */

export class Storage {
  #pointer;

  /**
   * A new block with one holder; its contents are undefined.
   * @param {number} bytes
   */
  constructor(bytes) {
    this.#pointer = allocate(bytes);
    this.bytes = bytes;
    this.holders = 1;
    /** Counts the writes that PyTorch tracks; a transposed copy shares its source's, as a view would. */
    this.writes = { count: 0 };
    /** Whether somebody has been given a view of the block. */
    this.isViewed = false;
    /** The norms of a table's rows, see kernels.rowNorms; null unless they are known. @type {{ pointer: number, key: string } | null} */
    this.norms = null;
    /** The bytes while they are moved out; null while they are in linear memory. @type {ArrayBuffer | null} */
    this.movedOut = null;
    live.bytes += bytes;
    live.storages++;
  }

  /** How often the storage has been written, as PyTorch counts. @returns {number} */
  get version() {
    return this.writes.count;
  }

  set version(count) {
    this.writes.count = count;
  }

  /** The address in linear memory. @returns {number} */
  get pointer() {
    if (this.movedOut !== null) this.#moveIn();
    return this.#pointer;
  }

  /** One more holder. @returns {this} */
  retain() {
    this.holders++;
    return this;
  }

  /** One holder less. @returns {void} */
  release() {
    if (--this.holders > 0) return;
    if (this.movedOut === null) this.#free();
    this.movedOut = null;
  }

  /**
   * @param {Dtype} dtype
   * @param {number} numel
   * @returns {Float32Array | Int32Array} a view that dies with the next growth of memory
   */
  view(dtype, numel) {
    const isOut = this.movedOut !== null;
    const buffer = /** @type {ArrayBuffer} */ (isOut ? this.movedOut : views().buffer);
    const start = isOut ? 0 : this.#pointer;
    return dtype === 'float32' ? new Float32Array(buffer, start, numel) : new Int32Array(buffer, start, numel);
  }

  /**
   * Moves the contents to an ordinary array, unless somebody has a view of them.
   * @returns {void}
   */
  moveOut() {
    if (this.isViewed || this.movedOut !== null || this.holders === 0) return;
    this.movedOut = views().u8.slice(this.#pointer, this.#pointer + this.bytes).buffer;
    this.#free();
  }

  #moveIn() {
    const pointer = allocate(this.bytes);
    views().u8.set(new Uint8Array(/** @type {ArrayBuffer} */ (this.movedOut)), pointer);
    this.#pointer = pointer;
    structuredClone(this.movedOut, { transfer: [/** @type {ArrayBuffer} */ (this.movedOut)] }); // detaches views of what is old now
    this.movedOut = null;
    live.bytes += this.bytes;
    live.storages++;
  }

  /** Lets go of the norms. @returns {void} */
  forgetNorms() {
    release(this.norms?.pointer ?? 0);
    this.norms = null;
  }

  #free() {
    this.forgetNorms();
    release(this.#pointer);
    live.bytes -= this.bytes;
    live.storages--;
  }
}
