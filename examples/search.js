// Semantic search: 778 passages of documentation, each with its sentence vector of 384 numbers; given one, those that mean the most similar.
//   node examples/search.js mass edit     words of a title, or the number of a passage
// Vectors and texts are those of the npm package @sap-ux/fiori-docs-embeddings (Apache-2.0), by the model all-MiniLM-L6-v2. To search by a
// question, give `search` the vector that the same model makes of it. Only reading the files and the command line are for Node.js alone.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Embedding } from 'nn-embedding';

const read = (file) => readFileSync(createRequire(import.meta.url).resolve(`@sap-ux/fiori-docs-embeddings/data/embeddings/${file}`));
const passages = read('records.jsonl').toString().trim().split('\n').map((line) => JSON.parse(line));
const vectors = new Float32Array(new Uint8Array(read('embeddings.bin')).buffer);

const embedding = Embedding.fromPretrained(vectors, { shape: [passages.length, vectors.length / passages.length] });

/** The passages nearest to a vector, the best first, with their cosines. */
function search(query, { k = 5, exclude } = {}) {
  const { indices, scores } = embedding.nearest(query, { k, exclude });
  return Array.from(indices, (row, n) => ({ row, score: scores[n], ...passages[row] }));
}

const [wanted, COLUMNS] = [process.argv.slice(2).join(' ') || 'mass edit', 80];
const fit = (text, columns) => (text.length > columns ? `${text.slice(0, columns - 3)}...` : text);
/** What a passage says first, behind its title. */
const opening = ({ content }) => content.replace(/^\*\*TITLE\*\*.*\s*(\*\*INTRODUCTION\*\*: )?/, '').replaceAll(/\s+/g, ' ');

const given = /^\d+$/.test(wanted) ? Number(wanted) : passages.findIndex(({ title }) => title.toLowerCase().includes(wanted.toLowerCase()));
if (!passages[given]) {
  console.log(`No passage "${fit(wanted, 16)}": give a number from 0 to ${passages.length - 1}, or words of a title.`);
} else {
  console.log(`${fit(`Passage ${given}: ${passages[given].title}`, COLUMNS)}\n${fit(opening(passages[given]), COLUMNS)}\n`);
  console.log(`The most similar of ${passages.length}:`);
  for (const { row, score, title, ...passage } of search(embedding.forward(given), { exclude: given })) {
    console.log(`${score.toFixed(2)}  ${fit(`${row}: ${title}`, COLUMNS - 6)}\n      ${fit(opening(passage), COLUMNS - 6)}`);
  }
}
