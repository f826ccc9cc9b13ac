/**
 * nn-embedding/lab in Node.js, and what behaves like it: the module is a file beside the package.
 */
import { readFileSync } from 'node:fs';
import { initialize } from '../lab/instance.js';

initialize(readFileSync(new URL('../../dist/lab.wasm', import.meta.url)));

export * from '../lab/index.js';
