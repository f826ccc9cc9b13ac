/**
 * Preload that puts the scalar module in the place of the SIMD one: `node --import ./tests/js/scalar.js --test tests/js/*.test.js`.
 */
import { readFileSync } from 'node:fs';
import { initialize } from '../../js/wasm/instance.js';

initialize(readFileSync(new URL('../../dist/embedding-scalar.wasm', import.meta.url)));
