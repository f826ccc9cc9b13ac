/**
 * The one instance of the lab's module, which has a memory of its own. An entry (js/entry) calls `initialize` before any other code of
 * the lab runs.
 */
import { supportsSimd } from '../wasm/instance.js';

/**
 * What lab.h and wasm/memory.h declare.
 * @type {any}
 */
export let wasm;

/**
 * Instantiates the module; later calls do nothing.
 * @param {Uint8Array} bytes
 * @returns {void}
 */
export function initialize(bytes) {
  if (wasm) return;
  if (!supportsSimd()) {
    throw new Error('nn-embedding/lab needs WebAssembly SIMD: Chrome 91, Firefox 89, Safari 16.4, Node.js 18 or newer');
  }
  wasm = new WebAssembly.Instance(new WebAssembly.Module(/** @type {BufferSource} */ (bytes)), {}).exports;
  wasm._initialize();
}
