/**
 * Cloudflare's workerd, which compiles no bytes: an import of the file is the compiled module.
 */
import module from '../../dist/embedding.wasm';
import { initialize } from '../wasm/instance.js';

initialize(module);

export * from '../index.js';
