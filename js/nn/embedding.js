/**
 * nn.Embedding: a table of vectors, looked up by row number.
 */
import { checkBoolean, checkOptions, sameShape, shapeText, show, typeName } from '../errors.js';
import * as kernels from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { tensor } from '../tensor/create.js';
import { copy_ } from '../tensor/ops.js';
import { noGrad } from '../tensor/grad-mode.js';
import { floatText } from '../tensor/print.js';
import { keep } from '../tensor/scope.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import { lookup } from './lookup.js';
import { checkGradientOptions, checkMaxNorm, checkNormType, checkSizes, isNone, normalizePaddingIdx } from './options.js';

/** @typedef {import('../tensor/tensor.js').Data} Data */
/** @typedef {import('./lookup.js').Indices} Indices */
/**
 * @typedef {object} EmbeddingOptions
 * @property {number | null} [paddingIdx] a row that is zero in a new table and gets no gradient; -1 is the last row
 * @property {number | boolean | null} [maxNorm] rows longer than this are rescaled to it when they are looked up, in the table
 * @property {number} [normType] p of the norm for maxNorm; 2 unless given
 * @property {boolean} [scaleGradByFreq] whether gradients are divided by how often an index occurs in the call
 * @property {boolean} [sparse] whether the gradient of the weight is sparse
 */
/**
 * @typedef {object} WeightOptions
 * @property {Data} [weight] the table: a Tensor is shared, anything else is copied; a flat array is taken row by row
 * @property {boolean} [freeze] whether the weight requires no gradient
 */

const OPTIONS = ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse'];

export class Embedding {
  /** @type {Tensor} */
  #weight;

  /**
   * @param {number} numEmbeddings V, the number of rows
   * @param {number} embeddingDim D, the length of a row
   * @param {EmbeddingOptions & WeightOptions} [options] without a weight the table is drawn from N(0, 1), as PyTorch draws it
   * @throws {RangeError} if paddingIdx is outside [-V, V)
   */
  constructor(numEmbeddings, embeddingDim, options) {
    checkOptions('Embedding()', options, [...OPTIONS, 'weight', 'freeze']);
    const { paddingIdx, maxNorm, normType = 2, scaleGradByFreq = false, sparse = false, weight, freeze = false } = options ?? {};
    checkSizes(numEmbeddings, embeddingDim);
    checkMaxNorm(maxNorm);
    checkNormType(normType);
    checkGradientOptions(scaleGradByFreq, sparse);
    checkBoolean('Embedding()', 'freeze', freeze);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    /** Counted from the front; null if there is none. @type {number | null} */
    this.paddingIdx = normalizePaddingIdx(paddingIdx, numEmbeddings);
    /** @type {number | boolean | null} */
    this.maxNorm = maxNorm ?? null;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.sparse = sparse;
    if (isNone(weight)) {
      this.#weight = parameter(new Storage(4 * numEmbeddings * embeddingDim), [numEmbeddings, embeddingDim], 'float32', freeze);
      this.resetParameters();
    } else {
      this.#weight = adopt(weight, [numEmbeddings, embeddingDim], freeze);
    }
  }

  /**
   * A layer on a table that exists: torch.nn.Embedding.from_pretrained. The padding row is left as it is.
   * @param {Data} weight (V, D): a Tensor is shared, anything else is copied
   * @param {EmbeddingOptions & { freeze?: boolean, shape?: readonly number[] }} [options] freeze: true unless given. shape: [V, D], for
   *   a flat array.
   * @returns {Embedding}
   */
  static fromPretrained(weight, options) {
    checkOptions('from_pretrained()', options, [...OPTIONS, 'freeze', 'shape']);
    const { freeze = true, shape, ...rest } = options ?? {};
    const table = weight instanceof Tensor && shape === undefined ? weight : tensor(weight, { shape });
    try {
      if (table.ndim !== 2) {
        throw new Error(`Embeddings parameter is expected to be 2-dimensional: its shape is ${shapeText(table.shape)}; a flat array needs { shape: [V, D] }`);
      }
      return new Embedding(table.shape[0], table.shape[1], { ...rest, weight: table, freeze });
    } finally {
      if (table !== weight) table.dispose();
    }
  }

  /**
   * The table, (V, D). A Tensor that is assigned is shared.
   * @returns {Tensor}
   */
  get weight() {
    return this.#weight;
  }

  set weight(weight) {
    if (!(weight instanceof Tensor)) {
      throw new TypeError(`cannot assign '${typeName(weight)}' as parameter 'weight' (torch.nn.Parameter or None expected): ${show(weight)}`);
    }
    if (weight === this.#weight) return;
    const before = this.#weight;
    this.#weight = parameter(storageOf(weight).retain(), weight.shape, weight.dtype, !weight.requiresGrad);
    before.dispose();
  }

  /**
   * Looks rows up.
   * @param {Indices} indices any shape
   * @param {{ out?: Tensor }} [options] out: written and returned instead of a new tensor, so that a serving loop allocates nothing
   * @returns {Tensor} shape of indices + [D]
   * @throws {RangeError} if an index is outside [0, V)
   * @throws {TypeError} if an index is no whole number
   */
  forward(indices, options) {
    if (options !== undefined) checkOptions('Embedding.forward()', options, ['out']);
    const weight = this.#weight;
    checkGradientOptions(this.scaleGradByFreq, this.sparse);
    normalizePaddingIdx(this.paddingIdx, weight.shape[0] ?? 0);
    return lookup(indices, weight, checkMaxNorm(this.maxNorm), checkNormType(this.normType), options?.out);
  }

  /**
   * Draws the table anew from N(0, 1) and zeroes the padding row.
   * @returns {void}
   */
  resetParameters() {
    const weight = this.#weight;
    const storage = storageOf(weight);
    if (weight.dtype !== 'float32') throw new Error('"normal_kernel_cpu" not implemented for \'Int\'');
    const padding = normalizePaddingIdx(this.paddingIdx, weight.shape[0] ?? 0);
    kernels.randomNormal(storage, weight.numel);
    storage.version++;
    if (padding === null) return;
    weight.row(padding).fill(0);
    storage.version++;
  }

  /** @returns {Tensor[]} the weight */
  parameters() {
    return [this.#weight];
  }

  /**
   * What to save. The options are not part of it, as in PyTorch.
   * @returns {{ weight: Tensor }} a handle on the table itself
   */
  stateDict() {
    return { weight: this.#weight.detach() };
  }

  /**
   * Copies a saved table into this one, which keeps its storage and its dtype.
   * @param {{ weight: Tensor }} dict
   * @returns {{ missingKeys: string[], unexpectedKeys: string[] }} both empty
   * @throws {Error} listing everything that does not fit
   */
  loadStateDict(dict) {
    if (typeof dict !== 'object' || dict === null || Array.isArray(dict) || dict instanceof Tensor) {
      throw new TypeError(`Expected state_dict to be dict-like, got <class '${typeName(dict)}'>.`);
    }
    const { weight, ...others } = dict;
    const unexpected = Object.keys(others);
    const problems = [];
    if (!('weight' in dict)) problems.push('Missing key(s) in state_dict: "weight". ');
    if (unexpected.length > 0) problems.push(`Unexpected key(s) in state_dict: ${unexpected.map((key) => `"${key}"`).join(', ')}. `);
    if ('weight' in dict && !(weight instanceof Tensor)) {
      problems.push(
        `While copying the parameter named "weight", expected torch.Tensor or Tensor-like object from checkpoint but received <class '${typeName(weight)}'>`,
      );
    } else if (weight !== undefined && !sameShape(weight.shape, this.#weight.shape)) {
      problems.push(
        `size mismatch for weight: copying a param with shape torch.Size(${shapeText(weight.shape)}) from checkpoint, the shape in ` +
          `current model is torch.Size(${shapeText(this.#weight.shape)}).`,
      );
    }
    if (problems.length > 0) {
      throw new Error(`Error(s) in loading state_dict for Embedding:${problems.map((problem) => `\n\t${problem}`).join('')}`);
    }
    noGrad(() => copy_(this.#weight, weight));
    return { missingKeys: [], unexpectedKeys: [] };
  }

  /**
   * What Python's print shows: options that are not the default.
   * @returns {string}
   */
  toString() {
    const { numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = this;
    const parts = [String(numEmbeddings), String(embeddingDim)];
    if (!isNone(paddingIdx)) parts.push(`padding_idx=${paddingIdx}`);
    if (!isNone(maxNorm)) parts.push(`max_norm=${typeof maxNorm === 'number' ? floatText(maxNorm) : 'True'}`);
    if (normType !== 2) parts.push(`norm_type=${floatText(normType)}`);
    if (scaleGradByFreq) parts.push('scale_grad_by_freq=True');
    if (sparse) parts.push('sparse=True');
    return `Embedding(${parts.join(', ')})`;
  }

  /** What Node's console.log shows. @internal @returns {string} */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.toString();
  }

  /**
   * Releases the layer's handle on its weight.
   * @returns {void}
   */
  dispose() {
    this.#weight.dispose();
  }

  /** For `using embedding = ...`. @returns {void} */
  [Symbol.dispose]() {
    this.dispose();
  }
}

// Where the symbol is missing (Node.js 18.0 to 18.17) the method above is called "undefined"; it is left out there.
if (!Symbol.dispose) Reflect.deleteProperty(Embedding.prototype, 'undefined');

/**
 * A layer's own handle: it prints as a Parameter and lives until the layer is disposed of or collected.
 * @param {Storage} storage with one holder more for this handle
 * @param {readonly number[]} shape
 * @param {import('../tensor/tensor.js').Dtype} dtype
 * @param {boolean} freeze
 * @returns {Tensor}
 */
function parameter(storage, shape, dtype, freeze) {
  if (dtype !== 'float32' && !freeze) {
    storage.release();
    throw new Error('Only Tensors of floating point and complex dtype can require gradients: freeze an int32 weight');
  }
  return keep(new Tensor(storage, shape, dtype, { requiresGrad: !freeze, isParameter: true }));
}

/**
 * A weight given by the user as a parameter of this shape.
 * @param {Data} weight
 * @param {readonly number[]} shape
 * @param {boolean} freeze
 * @returns {Tensor}
 */
function adopt(weight, shape, freeze) {
  const isFlat = ArrayBuffer.isView(weight) && /** @type {any} */ (weight).length === shape[0] * shape[1];
  const table = weight instanceof Tensor ? weight : tensor(weight, isFlat ? { shape } : {});
  try {
    if (!sameShape(table.shape, shape)) {
      throw new Error(
        `Shape of weight does not match num_embeddings and embedding_dim: weight has shape ${shapeText(table.shape)}, expected ${shapeText(shape)}`,
      );
    }
    return parameter(storageOf(table).retain(), shape, table.dtype, freeze);
  } finally {
    if (table !== weight) table.dispose();
  }
}
