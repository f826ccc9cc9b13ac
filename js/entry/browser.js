/**
 * Browsers, and hosts that nothing is known of: the module's bytes are inside; the bundler has put them in place of this import.
 */
import bytes from '../../dist/embedding.wasm';
import { initialize, supportsSimd } from '../wasm/instance.js';

if (!supportsSimd()) {
  throw new Error(
    'nn-embedding needs WebAssembly SIMD here: Chrome 91, Firefox 89, Safari 16.4 or newer. For older ones, nn-embedding/url takes the ' +
      'scalar module, and nn-embedding/core takes it from you: nn-embedding/embedding-scalar.wasm',
  );
}
initialize(bytes);

export * from '../index.js';
