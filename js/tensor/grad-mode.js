/**
 * Whether operations are recorded for gradients: PyTorch's grad mode.
 */
import { typeName } from '../errors.js';

let enabled = true;

/** @returns {boolean} whether operations are being recorded */
export function isGradEnabled() {
  return enabled;
}

/**
 * Refuses what a scope cannot cover: a function that goes on after it has returned.
 * @template T
 * @param {string} callee
 * @param {T} result
 * @returns {T}
 */
export function refusePromise(callee, result) {
  if (typeof (/** @type {any} */ (result)?.then) === 'function') {
    throw new TypeError(`${callee}(): fn must be synchronous, but it returned a promise`);
  }
  return result;
}

/**
 * @template T
 * @param {string} callee
 * @param {boolean} mode
 * @param {() => T} fn
 * @returns {T}
 */
function withGradMode(callee, mode, fn) {
  if (typeof fn !== 'function') throw new TypeError(`${callee}(): fn must be a function, not ${typeName(fn)}`);
  const before = enabled;
  enabled = mode;
  try {
    return refusePromise(callee, fn());
  } finally {
    enabled = before;
  }
}

/**
 * Runs fn without recording operations: torch.no_grad.
 * @template T
 * @param {() => T} fn synchronous
 * @returns {T} what fn returns
 */
export function noGrad(fn) {
  return withGradMode('noGrad', false, fn);
}

/**
 * Runs fn with operations recorded, also inside noGrad: torch.enable_grad.
 * @template T
 * @param {() => T} fn synchronous
 * @returns {T} what fn returns
 */
export function enableGrad(fn) {
  return withGradMode('enableGrad', true, fn);
}
