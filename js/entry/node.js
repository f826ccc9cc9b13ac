/**
 * Node.js, and what behaves like it: the module is a file beside the package.
 */
import { initialize, supportsSimd } from '../wasm/instance.js';
import { readFile } from './read-file.js';

const simd = new URL('../../dist/embedding.wasm', import.meta.url);
const scalar = new URL('../../dist/embedding-scalar.wasm', import.meta.url);
initialize(readFile(supportsSimd() ? simd : scalar));

export * from '../index.js';
