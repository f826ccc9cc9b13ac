/**
 * nn-embedding/url where the package is ready at import: nothing is to be fetched.
 */
export * from 'nn-embedding';

/** @type {PromiseLike<void>} */
export const ready = Promise.resolve();
