/**
 * The one instance of the lab's module, which has a memory of its own. An entry (js/entry) calls `initialize` before any other code of
 * the lab runs.
 */
import { instantiate, supportsSimd } from '../wasm/instance.js';

/**
 * What lab.h and wasm/memory.h declare.
 * @type {any}
 */
export let wasm;

/**
 * Instantiates the module; later calls do nothing.
 * @param {WebAssembly.Module | BufferSource} source a compiled module, or its bytes
 * @returns {void}
 */
export function initialize(source) {
  if (wasm) return;
  if (!supportsSimd()) {
    throw new Error('nn-embedding/lab needs WebAssembly SIMD: Chrome 91, Firefox 89, Safari 16.4, Node.js 18 or newer');
  }
  wasm = instantiate(source);
  wasm._initialize();
}
