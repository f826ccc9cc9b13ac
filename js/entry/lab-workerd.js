/**
 * nn-embedding/lab in Cloudflare's workerd, which compiles no bytes: an import of the file is the compiled module.
 */
import module from '../../dist/lab.wasm';
import { initialize } from '../lab/instance.js';

initialize(module);

export * from '../lab/index.js';
