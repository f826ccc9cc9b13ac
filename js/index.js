/**
 * nn-embedding: PyTorch's embedding layers on WebAssembly. What users import, ready at import: an entry of js/entry loads the
 * module before.
 */
export { Embedding } from './nn/embedding.js';
export { EmbeddingBag } from './nn/embedding-bag.js';
export { clipGradNorm } from './nn/clip-grad-norm.js';
export { nearest } from './nn/nearest.js';
export * as functional from './nn/functional.js';
export * as optim from './optim/index.js';
export { arange, full, manualSeed, ones, rand, randn, tensor, zeros } from './tensor/create.js';
export { enableGrad, isGradEnabled, noGrad } from './tensor/grad-mode.js';
export { keep, memory, tidy } from './tensor/scope.js';
export { SparseTensor } from './tensor/sparse-tensor.js';
export { Tensor } from './tensor/tensor.js';
