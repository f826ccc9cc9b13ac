/**
 * torch.optim: the optimisers for embeddings.
 */
export { Adagrad } from './adagrad.js';
export { Adam, AdamW } from './adam.js';
export { SGD } from './sgd.js';
export { SparseAdam } from './sparse-adam.js';
