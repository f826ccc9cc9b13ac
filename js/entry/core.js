/**
 * nn-embedding/core: the module comes from the caller, who calls `init` or `initSync` before anything else.
 */
export { init, initialize as initSync, supportsSimd } from '../wasm/instance.js';
export * from '../index.js';
