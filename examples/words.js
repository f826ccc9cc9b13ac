// Words as rows of a table: the words nearest to one, king - man + woman, a sentence as the mean of its words.
//   node examples/words.js
//   node examples/words.js paris france              words of your choice, and what is nearest to their mean
//   node examples/words.js paris - france + italy    sums and differences
import { distance } from 'fastest-levenshtein';
import { EmbeddingBag, tidy } from 'nn-embedding';
import { cells, cellsLegend, complain, heading, run, say } from './terminal.js';
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

/** Whether the table has the word; if not, says which words are spelled nearly so. */
function isKnown(word) {
  if (rows.has(word)) return true;
  const edits = words.map((known) => distance(word, known));
  const closest = [...edits.keys()].sort((a, b) => edits[a] - edits[b] || a - b).slice(0, 5);
  complain(`\n"${word}" is not among the ${words.length.toLocaleString('en')} words. Spelled nearly so: ${closest.map((row) => words[row]).join(', ')}`);
  return false;
}

const given = process.argv.slice(2).join(' ') || process.env.WORDS || '';
const bare = (token) => (rows.has(token) ? token : token.replace(/[.,;:!?]+$/, ''));
const tokens = given.toLowerCase().split(/\s+/).map(bare).filter(Boolean);
const isOperator = (token) => token === '+' || token === '-';
const chosen = tokens.filter((token, n) => !isOperator(token) && isKnown(token));
if (tokens.length === 0) {
  showWord('king');
  showSum([[1, 'king'], [-1, 'man'], [1, 'woman']]);
  showMean('oil prices fell sharply'.split(' '));
} else if (!tokens.some(isOperator)) {
  chosen.forEach(showWord);
  if (chosen.length > 1) showMean(chosen);
} else if (chosen.length === tokens.filter((token) => !isOperator(token)).length) {
  showSum(tokens.flatMap((token, n) => (isOperator(token) ? [] : [[tokens[n - 1] === '-' ? -1 : 1, token]])));
}
