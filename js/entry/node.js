/**
 * Node.js, and what behaves like it: the module is a file beside the package.
 */
import { readFileSync } from 'node:fs';
import { initialize, supportsSimd } from '../wasm/instance.js';

const file = supportsSimd() ? 'embedding.wasm' : 'embedding-scalar.wasm';
initialize(readFileSync(new URL(`../../dist/${file}`, import.meta.url)));

export * from '../index.js';
