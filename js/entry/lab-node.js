/**
 * nn-embedding/lab in Node.js, and what behaves like it: the module is a file beside the package.
 */
import { initialize } from '../lab/instance.js';
import { readFile } from './read-file.js';

initialize(readFile(new URL('../../dist/lab.wasm', import.meta.url)));

export * from '../lab/index.js';
