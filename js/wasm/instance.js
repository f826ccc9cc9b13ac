/**
 * The one instance of the module. An entry (js/entry) calls `initialize` before any other code of the package runs.
 */

/** @typedef {{ memory: WebAssembly.Memory } & Record<string, (...args: any[]) => number>} Exports */

/**
 * What the C headers declare: embedding.h, ops/tensor.h and wasm/memory.h.
 * @type {any}
 */
export let wasm;

/** A module with one function that uses SIMD: (func (result v128) (i8x16.popcnt (i8x16.splat (i32.const 0)))). */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/**
 * Whether this engine runs the SIMD module.
 * @returns {boolean}
 */
export function supportsSimd() {
  return WebAssembly.validate(SIMD_PROBE);
}

/**
 * Instantiates the module; later calls do nothing, so that every entry of one process shares one memory.
 * @param {WebAssembly.Module | Uint8Array} source a compiled module, or its bytes
 * @returns {void}
 */
export function initialize(source) {
  if (wasm) return;
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(/** @type {BufferSource} */ (source));
  wasm = new WebAssembly.Instance(module, {}).exports;
  wasm._initialize();
}
