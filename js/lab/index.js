/**
 * nn-embedding/lab: what one computes to look at a table rather than to use it. A module of its own beside nn-embedding, with a memory
 * of its own: arguments are copied in, results are ordinary arrays.
 */
export { histogram, quantiles } from './distribution.js';
export { covariance, pca, project } from './components.js';
export { neighborOverlap } from './neighbors.js';
export { paint } from './paint.js';
