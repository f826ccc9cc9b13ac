/** Both ways, computed: every value, and whether they are equal, is the answer of `nn-embedding`. */
import { Embedding, arange, functional, noGrad, tensor, tidy } from 'nn-embedding';
import { numberTexts, rowsOf } from '../../components/numbers.js';
import { EMBEDDING_DIM, indicesOf } from './state.js';

/** Runs `body` with a layer whose numbers count its entries, so that rows can be told apart, and frees the layer. */
function withLayer(n, body) {
  return tidy(() => {
    const weight = arange(n * EMBEDDING_DIM).to('float32').reshape([n, EMBEDDING_DIM]);
    const layer = Embedding.fromPretrained(weight, { freeze: false });
    try {
      return body(layer);
    } finally {
      layer.dispose();
    }
  });
}

/** @param {{ n: number, b: number }} choice */
export function runBoth(choice) {
  const indices = indicesOf(choice);
  return withLayer(choice.n, (layer) => {
    const oneHot = functional.oneHot(indices, choice.n);
    const byMatmul = oneHot.matmul(layer.weight);
    const byGather = layer.forward(indices);
    const describe = (output) => ({ rows: rowsOf(output.data, EMBEDDING_DIM), texts: rowsOf(numberTexts(output), EMBEDDING_DIM), text: output.toString() });
    return {
      indices,
      /** Where each row of the one-hot matrix has its one. */
      ones: indices.map((_, row) => oneHot.row(row).indexOf(1)),
      matmul: describe(byMatmul),
      gather: describe(byGather),
      equal: byMatmul.equal(byGather),
    };
  });
}

/** The tensors of the figure, for a file. The caller disposes of them. */
export function tensorsOf(choice) {
  return withLayer(choice.n, (layer) => {
    const indices = indicesOf(choice);
    const oneHot = functional.oneHot(indices, choice.n);
    return [{ name: 'one_hot', tensor: oneHot }, { name: 'by_matmul', tensor: oneHot.matmul(layer.weight) }, { name: 'by_gather', tensor: layer.forward(indices) }];
  });
}

/** How far the bars reach, in powers of ten. */
const DECADES = 7;

/** How long the bars of some counts are, in percent of a logarithmic scale that begins at 1. */
export function barLengths(counts) {
  return tidy(() => {
    const places = tensor(counts).log().div(tensor(10).log()).mul(100 / DECADES);
    return Array.from(places.data, (percent) => Math.round(Math.min(Math.max(percent, 0), 100) * 10) / 10);
  });
}

const MEASURE_FOR_MS = 80;

/** @returns {{ repeats: number, milliseconds: number }} per call, as a mean */
function timed(call, perRound) {
  call();
  let [repeats, elapsed] = [0, 0];
  const start = performance.now();
  do {
    for (let k = 0; k < perRound; k++) call();
    repeats += perRound;
    elapsed = performance.now() - start;
  } while (elapsed < MEASURE_FOR_MS);
  return { repeats, milliseconds: elapsed / repeats };
}

/** Measures one way on this machine. @param {{ n: number, b: number }} choice @param {'matmul' | 'gather'} way */
export function measure(choice, way) {
  const indices = indicesOf(choice);
  return withLayer(choice.n, (layer) => noGrad(() => (way === 'gather' ?
    timed(() => layer.forward(indices).dispose(), 100) :
    timed(() => {
      const oneHot = functional.oneHot(indices, choice.n);
      oneHot.matmul(layer.weight).dispose();
      oneHot.dispose();
    }, 1))));
}
