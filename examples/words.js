// Words as rows of a table: the words nearest to one, king - man + woman, a sentence as the mean of its words.
//   node examples/words.js
//   node examples/words.js paris france              words of your choice, and what is nearest to their mean
//   node examples/words.js paris - france + italy    sums and differences
import { EmbeddingBag, tidy } from 'nn-embedding';
import { cells, cellsLegend, complain, fit, heading, run, say } from './terminal.js';
import { isOperator, readWords, spelledLike } from './word-input.js';
import { load } from './word-table.js';

const { words, embedding } = await load();
const rows = new Map(words.map((word, row) => [word, row]));
const bag = EmbeddingBag.fromPretrained(embedding.weight, { mode: 'mean' });
const vectorOf = (word) => tidy(() => embedding.forward(rows.get(word)).data.slice());
const HALF = embedding.embeddingDim / 2;

function printNearest(query, k, exclude = []) {
  const { indices, scores } = embedding.nearest(query, { k, exclude });
  indices.forEach((row, n) => console.log(`  ${scores[n].toFixed(2)}  ${words[row].padEnd(14)} ${cells(vectorOf(words[row]).subarray(0, HALF))}`));
}

function showWord(word) {
  const [row, vector] = [rows.get(word), vectorOf(word)];
  const name = /^[a-z]+$/.test(word) ? word : 'word';
  heading(`"${word}" is row ${row}: ${vector.length} numbers, learned from the words around it.`);
  run(`const ${name} = embedding.forward(${row})`, embedding.forward(row));
  console.log(`\nThe same as cells: ${cellsLegend}.`);
  console.log(`  ${cells(vector.subarray(0, HALF))}\n  ${cells(vector.subarray(HALF))}`);
  say(`\nThe nearest words by cosine, each with the first ${HALF} of its numbers:`);
  run(`embedding.nearest(${name}, { k: 8, exclude: ${row} })`);
  printNearest(vector, 8, row);
}

/** terms: [sign, word] */
function showSum(terms) {
  const sum = new Float32Array(2 * HALF);
  for (const [sign, word] of terms) vectorOf(word).forEach((x, d) => (sum[d] += sign * x));
  const exclude = terms.map(([, word]) => rows.get(word));
  heading(`${terms.map(([sign, word], n) => `${sign < 0 ? '- ' : n > 0 ? '+ ' : ''}${word}`).join(' ')}: rows can be added and subtracted.`);
  run(`embedding.nearest(sum, { k: 5, exclude: [${exclude.join(', ')}] })`);
  printNearest(sum, 5, exclude);
  say('\nLeft in, one of the words of the sum is often the nearest itself:');
  run('embedding.nearest(sum, { k: 5 })');
  printNearest(sum, 5);
}

function showMean(chosen) {
  const indices = chosen.map((word) => rows.get(word));
  heading(`"${chosen.join(' ')}": a sentence as the mean of its rows.`);
  run("const bag = EmbeddingBag.fromPretrained(embedding.weight, { mode: 'mean' })");
  run(`const mean = bag.forward([[${indices.join(', ')}]])`);
  run('embedding.nearest(mean, { k: 8, exclude: sentence })');
  printNearest(tidy(() => bag.forward([indices]).data.slice()), 8, indices);
}

function complainAbout(word) {
  complain(`\n"${fit(word, 32)}" is not among the ${words.length.toLocaleString('en')} words.`);
  say(fit(`Spelled nearly so: ${spelledLike(word, words).join(', ')}`));
}

const given = process.argv.slice(2).join(' ') || process.env.WORDS || '';
const tokens = readWords(given, rows);
const asked = tokens.filter((token) => !isOperator(token));
const known = asked.filter((word) => rows.has(word));
new Set(asked.filter((word) => !rows.has(word))).forEach(complainAbout);
if (given.trim() === '') {
  showWord('king');
  showSum([[1, 'king'], [-1, 'man'], [1, 'woman']]);
  showMean('oil prices fell sharply'.split(' '));
} else if (asked.length === 0) {
  complain('Words are asked for, such as: paris france, or: paris - france + italy');
} else if (!tokens.some(isOperator)) {
  new Set(known).forEach(showWord);
  if (known.length > 1) showMean(known);
} else if (known.length === asked.length) {
  showSum(tokens.flatMap((token, n) => (isOperator(token) ? [] : [[tokens[n - 1] === '-' ? -1 : 1, token]])));
}
