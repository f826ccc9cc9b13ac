/**
 * nn.EmbeddingBag: rows looked up and reduced, bag by bag.
 */
import { checkBoolean, checkOptions, show } from '../errors.js';
import { reduceBags } from './bag.js';
import { TableLayer, layerText, onTable } from './layer.js';
import { checkGradientOptions, checkMaxNorm, checkNormType, checkSizes, isNone, normalizePaddingIdx } from './options.js';

/** @typedef {import('../tensor/tensor.js').Data} Data */
/** @typedef {import('../tensor/tensor.js').Tensor} Tensor */
/** @typedef {import('./lookup.js').Indices} Indices */
/** @typedef {import('./bag.js').Mode} Mode */
/**
 * @typedef {object} EmbeddingBagOptions
 * @property {number | boolean | null} [maxNorm] rows longer than this are rescaled to it when they are looked up, in the table
 * @property {number} [normType] p of the norm for maxNorm; 2 unless given
 * @property {boolean} [scaleGradByFreq] whether gradients are divided by how often an index occurs in the call; not for max
 * @property {Mode} [mode] 'mean' unless given
 * @property {boolean} [sparse] whether the gradient of the weight is sparse; not for max
 * @property {boolean} [includeLastOffset] whether offsets end with the number of indices
 * @property {number | null} [paddingIdx] a row that counts in no bag, is zero in a new table and gets no gradient
 */

const OPTIONS = ['maxNorm', 'normType', 'scaleGradByFreq', 'mode', 'sparse', 'includeLastOffset', 'paddingIdx'];

export class EmbeddingBag extends TableLayer {
  /**
   * @param {number} numEmbeddings V, the number of rows
   * @param {number} embeddingDim D, the length of a row
   * @param {EmbeddingBagOptions & { weight?: Data, freeze?: boolean }} [options] without a weight the table is drawn from N(0, 1)
   * @throws {RangeError} if paddingIdx is outside [-V, V)
   */
  constructor(numEmbeddings, embeddingDim, options) {
    checkOptions('EmbeddingBag()', options, [...OPTIONS, 'weight', 'freeze']);
    const { maxNorm, normType = 2, scaleGradByFreq = false, mode = 'mean', sparse = false } = options ?? {};
    const { weight, freeze = false, includeLastOffset = false, paddingIdx } = options ?? {};
    checkSizes(numEmbeddings, embeddingDim);
    checkMaxNorm(maxNorm);
    checkNormType(normType);
    checkGradientOptions(scaleGradByFreq, sparse);
    checkBoolean('EmbeddingBag()', 'freeze', freeze);
    checkBoolean('EmbeddingBag()', 'includeLastOffset', includeLastOffset);
    if (typeof mode !== 'string') throw new TypeError(`mode has to be one of sum, mean or max, not ${show(mode)}`);
    super(numEmbeddings, embeddingDim, normalizePaddingIdx(paddingIdx, numEmbeddings, 'padding_idx'), weight, freeze);
    /** @type {number | boolean | null} */
    this.maxNorm = maxNorm ?? null;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    /** @type {Mode} */
    this.mode = mode;
    this.sparse = sparse;
    this.includeLastOffset = includeLastOffset;
  }

  /**
   * A layer on a table that exists: torch.nn.EmbeddingBag.from_pretrained. The padding row is left as it is.
   * @param {Data} weight (V, D): a Tensor is shared, anything else is copied
   * @param {EmbeddingBagOptions & { freeze?: boolean, shape?: readonly number[] }} [options] freeze: true unless given. shape: [V, D],
   *   for a flat array.
   * @returns {EmbeddingBag}
   */
  static fromPretrained(weight, options) {
    checkOptions('from_pretrained()', options, [...OPTIONS, 'freeze', 'shape']);
    const { freeze = true, shape, ...rest } = options ?? {};
    return onTable(weight, shape, (table) => {
      if (table.dtype !== 'float32') throw new Error('Only Tensors of floating point and complex dtype can require gradients');
      return new EmbeddingBag(table.shape[0], table.shape[1], { ...rest, weight: table, freeze });
    });
  }

  /**
   * Reduces bags of rows.
   * @param {Indices} indices (n) with offsets, or (B, N): B bags of N
   * @param {{ offsets?: Indices | null, perSampleWeights?: Data | null, out?: Tensor }} [options] offsets: where each bag starts.
   *   perSampleWeights: of the indices' shape, for mode 'sum'. out: written and returned instead of a new tensor.
   * @returns {Tensor} (B, D)
   * @throws {RangeError} if an index is outside [0, V)
   */
  forward(indices, options) {
    if (indices === undefined) throw new TypeError("EmbeddingBag.forward() missing 1 required positional argument: 'input': undefined at position []");
    if (options !== undefined) checkOptions('EmbeddingBag.forward()', options, ['offsets', 'perSampleWeights', 'out']);
    const { scaleGradByFreq, sparse, mode, includeLastOffset, paddingIdx } = this;
    checkGradientOptions(scaleGradByFreq, sparse);
    return reduceBags(indices, this.weight, {
      offsets: options?.offsets,
      perSampleWeights: options?.perSampleWeights,
      out: options?.out,
      maxNorm: checkMaxNorm(this.maxNorm),
      normType: checkNormType(this.normType),
      scaleGradByFreq,
      mode,
      sparse,
      includeLastOffset,
      paddingIdx,
    });
  }

  /**
   * What Python's print shows.
   * @returns {string}
   */
  toString() {
    const padding = isNone(this.paddingIdx) ? [] : [`padding_idx=${this.paddingIdx}`];
    return layerText('EmbeddingBag', this, [], [`mode='${this.mode}'`, ...padding]);
  }
}
