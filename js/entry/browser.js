/**
 * Browsers: the bundle carries the module's bytes (`dist/nn-embedding.js`, where the bundler has put them in place of this import).
 */
import bytes from '../../dist/embedding.wasm';
import { initialize, supportsSimd } from '../wasm/instance.js';

if (!supportsSimd()) {
  throw new Error('nn-embedding needs WebAssembly SIMD here: Chrome 91, Firefox 89, Safari 16.4 or newer');
}
initialize(bytes);

export * from '../index.js';
