/**
 * A storage: one counted block of linear memory. Tensors are handles on storages; the block is freed with its last holder.
 */
import { allocate, live, release, views } from './memory.js';

export class Storage {
  /**
   * A new block with one holder; its contents are undefined.
   * @param {number} bytes
   */
  constructor(bytes) {
    this.pointer = allocate(bytes);
    this.bytes = bytes;
    this.holders = 1;
    /** Rises with every write that PyTorch tracks. */
    this.version = 0;
    live.bytes += bytes;
    live.storages++;
  }

  /** One more holder. @returns {this} */
  retain() {
    this.holders++;
    return this;
  }

  /** One holder less. @returns {void} */
  release() {
    if (--this.holders > 0) return;
    release(this.pointer);
    live.bytes -= this.bytes;
    live.storages--;
  }

  /**
   * @param {'float32' | 'int32'} dtype
   * @param {number} numel
   * @returns {Float32Array | Int32Array} a view that dies with the next growth of memory
   */
  view(dtype, numel) {
    const { f32, i32 } = views();
    const start = this.pointer / 4;
    return dtype === 'float32' ? f32.subarray(start, start + numel) : i32.subarray(start, start + numel);
  }

  /**
   * @param {number} pointer
   * @param {number} bytes
   * @returns {boolean} whether the block has a byte in common with [pointer, pointer + bytes)
   */
  overlaps(pointer, bytes) {
    return pointer < this.pointer + this.bytes && this.pointer < pointer + bytes;
  }
}
