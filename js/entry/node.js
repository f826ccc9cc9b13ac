/**
 * Node.js, and what behaves like it: the module is a file beside the package.
 */
import { createRequire } from 'node:module';
import { initialize, supportsSimd } from '../wasm/instance.js';

// An import of node:fs has Node.js load its streams too, which takes longer than all the rest.
const { readFileSync } = createRequire(import.meta.url)('node:fs');

const simd = new URL('../../dist/embedding.wasm', import.meta.url);
const scalar = new URL('../../dist/embedding-scalar.wasm', import.meta.url);
initialize(readFileSync(supportsSimd() ? simd : scalar));

export * from '../index.js';
