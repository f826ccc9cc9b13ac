/**
 * nn-embedding/url: the module is a file beside this one, fetched and compiled while it arrives.
 */
import { init, supportsSimd } from '../wasm/instance.js';

const simd = new URL('../../dist/embedding.wasm', import.meta.url);
const scalar = new URL('../../dist/embedding-scalar.wasm', import.meta.url);

/** @type {Promise<void> | null} under way, or done */
let loading = null;

async function load() {
  const url = supportsSimd() ? simd : scalar;
  const response = await fetch(url).catch((error) => {
    throw new Error(`${url} cannot be fetched (${error.message})`, { cause: error });
  });
  await init(response);
}

/**
 * `await ready` before anything else. The first `await` begins the download; after one that failed, the next tries again.
 * @type {PromiseLike<void>}
 */
export const ready = {
  then(resolve, reject) {
    loading ??= load().catch((error) => {
      loading = null;
      throw error;
    });
    return loading.then(resolve, reject);
  },
};

export * from '../index.js';
