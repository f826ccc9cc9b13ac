/**
 * What the layers on a table share: the weight, its parameters and state, and its lifetime.
 */
import { sameShape, shapeText, show, typeName } from '../errors.js';
import { floatText } from '../tensor/print.js';
import { withTensor } from '../tensor/create.js';
import { noGrad } from '../tensor/grad-mode.js';
import { copy_ } from '../tensor/ops/in-place.js';
import { Tensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { Storage } from '../wasm/storage.js';
import { nearest } from './nearest.js';
import { isNone, normalizePaddingIdx } from './options.js';

/** @typedef {import('../tensor/tensor.js').Data} Data */

export class TableLayer {
  /** @type {Tensor} */
  #weight;

  /**
   * @internal
   * @param {number} numEmbeddings
   * @param {number} embeddingDim
   * @param {number | null} paddingIdx counted from the front
   * @param {Data | null | undefined} weight null: drawn from N(0, 1)
   * @param {boolean} freeze
   */
  constructor(numEmbeddings, embeddingDim, paddingIdx, weight, freeze) {
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    /** Counted from the front; null if there is none. @type {number | null} */
    this.paddingIdx = paddingIdx;
    if (isNone(weight)) {
      this.#weight = parameter(new Storage(4 * numEmbeddings * embeddingDim), [numEmbeddings, embeddingDim], 'float32', freeze);
      this.resetParameters();
    } else {
      this.#weight = adopt(weight, [numEmbeddings, embeddingDim], freeze);
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
    const [, embeddingDim] = weight.shape;
    storage.view('float32', weight.numel).fill(0, padding * embeddingDim, (padding + 1) * embeddingDim);
    storage.version++;
  }

  /**
   * The rows of the table nearest to a vector; see the function of this name. max_norm rescales nothing here.
   * @param {Data} query D numbers
   * @param {import('./nearest.js').NearestOptions} [options]
   * @returns {import('./nearest.js').Nearest} best first
   */
  nearest(query, options) {
    return nearest(this.#weight, query, options);
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
      throw new Error(`Error(s) in loading state_dict for ${String(this).split("(")[0]}:${problems.map((problem) => `\n\t${problem}`).join('')}`);
    }
    noGrad(() => copy_(this.#weight, weight));
    return { missingKeys: [], unexpectedKeys: [] };
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
if (!Symbol.dispose) Reflect.deleteProperty(TableLayer.prototype, 'undefined');

/**
 * Makes a layer on a table that exists, for fromPretrained.
 * @template T
 * @param {Data} weight
 * @param {readonly number[] | undefined} shape for a flat array
 * @param {(table: Tensor) => T} make
 * @returns {T}
 */
export function onTable(weight, shape, make) {
  return withTensor(
    weight,
    (table) => {
      if (table.ndim === 2) return make(table);
      throw new Error(`Embeddings parameter is expected to be 2-dimensional: its shape is ${shapeText(table.shape)}; a flat array needs { shape: [V, D] }`);
    },
    { shape },
  );
}

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
  return new Tensor(storage, shape, dtype, { requiresGrad: !freeze, isParameter: true, isKept: true });
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
  return withTensor(
    weight,
    (table) => {
      if (sameShape(table.shape, shape)) return parameter(storageOf(table).retain(), shape, table.dtype, freeze);
      throw new Error(
        `Shape of weight does not match num_embeddings and embedding_dim: weight has shape ${shapeText(table.shape)}, expected ${shapeText(shape)}`,
      );
    },
    isFlat ? { shape } : {},
  );
}

/**
 * A layer as Python prints it: with the options that are not the default.
 * @param {string} name
 * @param {TableLayer & { maxNorm: number | boolean | null, normType: number, scaleGradByFreq: boolean }} layer
 * @param {string[]} before options that this one prints before those that the layers share
 * @param {string[]} after
 * @returns {string}
 */
export function layerText(name, { numEmbeddings, embeddingDim, maxNorm, normType, scaleGradByFreq }, before, after) {
  const shared = [
    ...(isNone(maxNorm) ? [] : [`max_norm=${typeof maxNorm === 'number' ? floatText(maxNorm) : 'True'}`]),
    ...(normType === 2 ? [] : [`norm_type=${floatText(normType)}`]),
    ...(scaleGradByFreq ? ['scale_grad_by_freq=True'] : []),
  ];
  return `${name}(${[numEmbeddings, embeddingDim, ...before, ...shared, ...after].join(', ')})`;
}
