/**
 * nn-embedding/lab in browsers and their workers: the bundle carries the module's bytes (`dist/lab.js`).
 */
import bytes from '../../dist/lab.wasm';
import { initialize } from '../lab/instance.js';

initialize(bytes);

export * from '../lab/index.js';
