/** The layer of this figure and what is known of its table: all of it the package's answers. */
import { Embedding, arange, manualSeed, noGrad, tensor, tidy } from 'nn-embedding';
import { histogram, quantiles } from 'nn-embedding/lab';
import { numberTexts } from '../../components/numbers.js';

const BINS = 40;
/** N(0, 1) hardly goes further. */
const SPREAD = 4;
/** The height of the density of N(0, 1) at zero. */
const PEAK = 0.3989422804014327;
const MOST_SHOWN = 0.99;

/** @param {{ n: number, d: number, init: string, seed: number }} choice @returns {Embedding} the caller disposes of it */
export function layerOf({ n, d, init, seed }) {
  if (init === 'arange') return tidy(() => Embedding.fromPretrained(arange(n * d).to('float32').reshape([n, d])));
  manualSeed(seed);
  const layer = new Embedding(n, d);
  if (init === 'zeros') noGrad(() => layer.weight.zero_());
  return layer;
}

const printedTexts = (values) => tidy(() => numberTexts(tensor(values)));

/**
 * Numbers as the package prints them, a thousand at most; where it would write all of them as powers of ten, each as if alone.
 * @param {Float32Array | number[]} values
 */
export function textsOf(values) {
  const texts = printedTexts(values);
  return texts.some((text) => text.includes('e')) ? Array.from(values, (value) => printedTexts([value])[0]) : texts;
}

/** What does not depend on which number is looked at. @param {Embedding} layer @param {string} init */
export function factsOf(layer, init) {
  const { weight, numEmbeddings, embeddingDim } = layer;
  return tidy(() => noGrad(() => {
    const values = weight.detach();
    const norms = values.norm(2, 1);
    const mean = values.mean();
    const [longest] = quantiles(norms, [1]);
    const [usual] = quantiles(values.abs(), [MOST_SHOWN]);
    const distribution = histogram(values, init === 'normal' ? { bins: BINS, min: -SPREAD, max: SPREAD } : { bins: BINS });
    return {
      rows: numEmbeddings,
      columns: embeddingDim,
      count: values.numel,
      bytes: values.data.byteLength,
      norms: norms.data.slice(),
      longest,
      longestText: textsOf([longest])[0],
      meanNorm: numberTexts(norms.mean())[0],
      expectedNorm: numberTexts(tensor(embeddingDim).sqrt())[0],
      mean: numberTexts(mean)[0],
      deviation: numberTexts(values.sub(mean).pow(2).mean().sqrt())[0],
      usual,
      usualText: textsOf([usual])[0],
      distribution,
      edgeTexts: numberTexts(tensor(distribution.edges)),
      curve: init === 'normal' ? expectedCounts(distribution.edges, values.numel) : null,
      text: [layer.toString(), `torch.Size([${weight.shape.join(', ')}])`, weight.toString(), String(values.numel)].join('\n'),
    };
  }));
}

/** How many of N(0, 1) would fall into a bin around each edge. */
function expectedCounts(edges, count) {
  const at = tensor(edges);
  const width = at.data[1] - at.data[0];
  return at.mul(at).mul(-0.5).exp().mul(PEAK).mul(width).mul(count).data.slice();
}

/** How many numbers are outside of the colours. */
export function clippedCount(layer, reach) {
  const { below, above } = histogram(layer.weight, { bins: 1, min: -reach, max: reach });
  return below + above;
}

/**
 * One number as it is stored: 1 bit of sign, 8 of exponent, 23 of fraction.
 * @param {number} value a float32
 */
export function bitsOf(value) {
  const [whole] = new Uint32Array(Float32Array.of(value).buffer);
  const bits = whole.toString(2).padStart(32, '0');
  const exponent = parseInt(bits.slice(1, 9), 2);
  const isNormal = exponent > 0 && exponent < 255;
  const power = exponent - 127;
  return {
    sign: bits.slice(0, 1), exponent: bits.slice(1, 9), fraction: bits.slice(9),
    hex: `0x${whole.toString(16).padStart(8, '0')}`,
    stored: exponent, power,
    factor: isNormal ? tidy(() => numberTexts(tensor([value]).abs().div(tensor([2]).pow(power)))[0]) : null,
  };
}
