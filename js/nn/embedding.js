/**
 * nn.Embedding: a table of vectors, looked up by row number.
 */
import { checkBoolean, checkOptions } from '../errors.js';
import { TableLayer, layerText, onTable } from './layer.js';
import { lookup } from './lookup.js';
import { checkGradientOptions, checkMaxNorm, checkNormType, checkSizes, isNone, normalizePaddingIdx } from './options.js';

/** @typedef {import('../tensor/tensor.js').Data} Data */
/** @typedef {import('../tensor/tensor.js').Tensor} Tensor */
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
const FORWARD_OPTIONS = ['out'];

export class Embedding extends TableLayer {
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
    super(numEmbeddings, embeddingDim, normalizePaddingIdx(paddingIdx, numEmbeddings), weight, freeze);
    /** @type {number | boolean | null} */
    this.maxNorm = maxNorm ?? null;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.sparse = sparse;
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
    return onTable(weight, shape, (table) => new Embedding(table.shape[0], table.shape[1], { ...rest, weight: table, freeze }));
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
    if (indices === undefined) throw new TypeError("Embedding.forward() missing 1 required positional argument: 'input': undefined at position []");
    if (options !== undefined) checkOptions('Embedding.forward()', options, FORWARD_OPTIONS);
    const { weight } = this;
    const { scaleGradByFreq, sparse } = this;
    checkGradientOptions(scaleGradByFreq, sparse);
    return lookup(indices, weight, {
      paddingIdx: normalizePaddingIdx(this.paddingIdx, weight.shape[0] ?? 0),
      maxNorm: checkMaxNorm(this.maxNorm),
      normType: checkNormType(this.normType),
      scaleGradByFreq,
      sparse,
      out: options?.out,
    });
  }

  /**
   * What Python's print shows: options that are not the default.
   * @returns {string}
   */
  toString() {
    const padding = isNone(this.paddingIdx) ? [] : [`padding_idx=${this.paddingIdx}`];
    return layerText('Embedding', this, padding, this.sparse ? ['sparse=True'] : []);
  }
}
