/**
 * The options that the embedding layers and their functional forms share, checked as PyTorch checks them.
 */
import { checkLimits, shapeText, show, typeName, wrongType } from '../errors.js';

/** @param {unknown} value @returns {value is null | undefined} */
export function isNone(value) {
  return value === null || value === undefined;
}

/**
 * padding_idx counted from the front; null if there is none.
 * @param {unknown} paddingIdx
 * @param {number} numEmbeddings
 * @param {string} [name] as PyTorch's text begins: EmbeddingBag writes it small
 * @returns {number | null}
 * @throws {RangeError} if it is outside [-numEmbeddings, numEmbeddings)
 */
export function normalizePaddingIdx(paddingIdx, numEmbeddings, name = 'Padding_idx') {
  if (isNone(paddingIdx)) return null;
  if (typeof paddingIdx !== 'number' || !Number.isInteger(paddingIdx)) {
    throw wrongType('paddingIdx must be an integer or null', paddingIdx);
  }
  if (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings) {
    throw new RangeError(
      `${name} must be within num_embeddings: paddingIdx ${paddingIdx}, valid range [${numEmbeddings === 0 ? 0 : -numEmbeddings}, ${numEmbeddings})`,
    );
  }
  return paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx + 0; // + 0 turns -0 into 0
}

/**
 * max_norm as a number; null if there is none. `true` acts as 1, as in PyTorch; `false`, which would act as 0 there and zero every
 * row, is refused.
 * @param {unknown} maxNorm
 * @returns {number | null}
 */
export function checkMaxNorm(maxNorm) {
  if (isNone(maxNorm)) return null;
  if (maxNorm === true) return 1;
  if (maxNorm === false) {
    throw new TypeError('maxNorm must not be false: it would zero rows; give null');
  }
  if (typeof maxNorm !== 'number') {
    throw wrongType(`embedding_renorm_(): argument 'max_norm' (position 3) must be float`, maxNorm);
  }
  return maxNorm;
}

/**
 * @param {unknown} normType
 * @returns {number}
 */
export function checkNormType(normType) {
  if (typeof normType !== 'number') {
    throw wrongType(`embedding_renorm_(): argument 'norm_type' (position 4) must be float`, normType);
  }
  return normType;
}

/**
 * @param {unknown} scaleGradByFreq
 * @param {unknown} sparse
 * @returns {void}
 */
export function checkGradientOptions(scaleGradByFreq, sparse) {
  if (typeof scaleGradByFreq !== 'boolean') throw notBoolean("'scale_grad_by_freq' (position 4)", scaleGradByFreq);
  if (typeof sparse !== 'boolean') throw notBoolean("'sparse' (position 5)", sparse);
}

/** @param {string} argument @param {unknown} value */
function notBoolean(argument, value) {
  return wrongType(`embedding(): argument ${argument} must be bool`, value);
}

/**
 * A size of a table.
 * @param {unknown} size
 * @param {'numEmbeddings' | 'embeddingDim'} name
 * @returns {void}
 */
function checkSize(size, name) {
  if (typeof size !== 'number' || !Number.isInteger(size)) {
    throw new TypeError(
      name === 'numEmbeddings'
        ? `empty(): argument 'size' (position 1) must be tuple of ints, but found element of type ${typeName(size)} at pos 0: ${name} ${show(size)}`
        : `empty(): argument 'size' failed to unpack the object at pos 2 with error "type must be tuple of ints,but got ${typeName(size)}": ` +
          `${name} ${show(size)}`,
    );
  }
}

/**
 * @param {unknown} numEmbeddings
 * @param {unknown} embeddingDim
 * @returns {void}
 */
export function checkSizes(numEmbeddings, embeddingDim) {
  checkSize(numEmbeddings, 'numEmbeddings');
  checkSize(embeddingDim, 'embeddingDim');
  const sizes = /** @type {number[]} */ ([numEmbeddings, embeddingDim]);
  for (const size of sizes) {
    if (size < 0) throw new Error(`Trying to create tensor with negative dimension ${size}: ${shapeText(sizes)}`);
  }
  checkLimits(sizes);
}
