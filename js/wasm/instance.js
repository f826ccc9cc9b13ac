/**
 * The one instance of the module: how it is made from what an entry (js/entry) or a caller has, and what is wrong when it cannot be.
 */
import { typeName } from '../errors.js';

/** package.json's version as src/embedding.h counts: 10000 major + 100 minor + patch. */
export const VERSION = 100;

/**
 * What the C headers declare: embedding.h, ops/tensor.h and wasm/memory.h.
 * @type {any}
 */
export let wasm = /* @__PURE__ */ new Proxy({}, {
  get() {
    throw new Error('nn-embedding is not ready: await init(source) of nn-embedding/core first, or ready of nn-embedding/url');
  },
});

let isInitialized = false;

/** A module with one function that uses SIMD: (func (result v128) (i8x16.popcnt (i8x16.splat (i32.const 0)))). */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/**
 * Whether this engine runs the SIMD module, `embedding.wasm`. If not, take `embedding-scalar.wasm`.
 * @returns {boolean}
 */
export function supportsSimd() {
  return typeof WebAssembly === 'object' && WebAssembly.validate(SIMD_PROBE);
}

/**
 * Makes the package ready, synchronously. Later calls, of `init` too, do nothing: all entries of one process share one memory.
 * @param {WebAssembly.Module | BufferSource} source a compiled module, or its bytes; on the main thread of Chrome before 114 bytes are too
 *   many, so use `init` there
 * @returns {void}
 * @throws {Error} that names the cause; the next call tries again
 */
export function initialize(source) {
  if (!isInitialized) adopt(instantiate(source));
}

/**
 * Makes the package ready: `await init(fetch(url))`. A Response is compiled while it arrives. Later calls do nothing.
 * @param {WebAssembly.Module | BufferSource | Response | PromiseLike<WebAssembly.Module | BufferSource | Response>} source of this version's
 *   `embedding.wasm`, or of `embedding-scalar.wasm`
 * @returns {Promise<void>}
 * @throws {Error} that names the cause; the next call tries again
 */
export async function init(source) {
  if (isInitialized) return;
  const module = await compile(await source);
  const instance = await WebAssembly.instantiate(module, {}).catch((error) => {
    throw notInstantiated(error, module);
  });
  if (!isInitialized) adopt(instance.exports);
}

/** @param {any} exports */
function adopt(exports) {
  const version = exports.embedding_version?.();
  if (version !== VERSION) {
    const found = version === undefined ? 'is not the module of nn-embedding' : `belongs to nn-embedding ${versionText(version)}`;
    throw new Error(`this WebAssembly module ${found}, but the JavaScript to ${versionText(VERSION)}: take embedding.wasm from the same package`);
  }
  exports._initialize();
  wasm = exports;
  isInitialized = true;
}

/** @param {number} version */
const versionText = (version) => [version / 10000, (version / 100) % 100, version % 100].map(Math.trunc).join('.');

/**
 * @param {WebAssembly.Module | BufferSource} source
 * @returns {any} the exports of an instance
 */
export function instantiate(source) {
  checkWebAssembly();
  let module = /** @type {WebAssembly.Module} */ (source);
  if (!isModule(source)) {
    if (!isBytes(source)) throw wrongSource('a WebAssembly.Module or its bytes', source);
    try {
      module = new WebAssembly.Module(source);
    } catch (error) {
      throw notCompiled(error, source);
    }
  }
  try {
    return new WebAssembly.Instance(module, {}).exports;
  } catch (error) {
    throw notInstantiated(error, module);
  }
}

/**
 * @param {unknown} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(source) {
  checkWebAssembly();
  if (isModule(source)) return /** @type {WebAssembly.Module} */ (source);
  let bytes = source;
  if (isResponse(source)) {
    if (checkedType(source) === 'application/wasm' && WebAssembly.compileStreaming) {
      const copy = source.clone(); // to say what is in it, if it is no module
      return WebAssembly.compileStreaming(source).catch(async (error) => {
        throw notCompiled(error, await copy.arrayBuffer());
      });
    }
    bytes = await source.arrayBuffer();
  }
  if (!isBytes(bytes)) throw wrongSource('a WebAssembly.Module, its bytes, a Response, or a promise of one', source);
  return WebAssembly.compile(bytes).catch((error) => {
    throw notCompiled(error, bytes);
  });
}

/* ---- What a source is. By name, since it may come from another realm. ---- */

/** @param {any} value @returns {string | undefined} */
const tagOf = (value) => value?.[Symbol.toStringTag];

/** @param {unknown} source @returns {boolean} */
const isModule = (source) => tagOf(source) === 'WebAssembly.Module';

/** @param {unknown} source @returns {source is Response} */
const isResponse = (source) => tagOf(source) === 'Response';

/** @param {unknown} source @returns {source is BufferSource} */
const isBytes = (source) => ArrayBuffer.isView(source) || tagOf(source) === 'ArrayBuffer';

/* ---- What is wrong ---- */

/**
 * @param {Response} response
 * @returns {string} its media type; '' if it has none
 */
function checkedType(response) {
  const name = response.url || 'the Response';
  if (!response.ok) throw new Error(`${name}: ${response.type === 'opaque' ? 'opaque, so fetch it with CORS' : `${response.status} ${response.statusText}`}`);
  const type = response.headers.get('content-type')?.split(';')[0].trim().toLowerCase() ?? '';
  if (!['', 'application/wasm', 'application/octet-stream'].includes(type)) {
    throw new Error(`${name}: expected the type application/wasm, got ${type}: is this the file, and does the server know its type?`);
  }
  return type;
}

function checkWebAssembly() {
  if (typeof WebAssembly !== 'object') throw new Error('nn-embedding needs WebAssembly, and this host has none');
}

/** @param {string} expected @param {unknown} source */
const wrongSource = (expected, source) => new TypeError(`source must be ${expected}, not ${typeName(source)}`);

/**
 * @param {any} error
 * @param {BufferSource} source
 * @returns {Error} that says why these bytes were not compiled
 */
function notCompiled(error, source) {
  const bytes = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
  const isWasm = String(bytes.subarray(0, 4)) === '0,97,115,109';
  const reason = !isWasm
    ? `these ${bytes.length} bytes are no WebAssembly module, which begins with 00 61 73 6d`
    : error instanceof RangeError
      ? 'this browser compiles a module of this size only asynchronously: import nn-embedding/url and await ready, or use init of nn-embedding/core'
      : WebAssembly.validate(bytes)
        ? "WebAssembly is refused here: add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy; a host that takes only compiled " +
          'modules imports nn-embedding/embedding.wasm and gives it to initSync of nn-embedding/core'
        : supportsSimd()
          ? 'this WebAssembly module is damaged, or needs a newer engine'
          : 'this engine has no WebAssembly SIMD: use embedding-scalar.wasm';
  return new Error(`${reason} (${error.message})`, { cause: error });
}

/**
 * @param {any} error
 * @param {WebAssembly.Module} module
 * @returns {Error} that says why this module was not instantiated
 */
function notInstantiated(error, module) {
  const [wanted] = WebAssembly.Module.imports(module);
  const reason = wanted ? `this WebAssembly module is not that of nn-embedding: it imports ${wanted.module}.${wanted.name}` : 'no instance could be made';
  return new Error(`${reason} (${error.message})`, { cause: error });
}
