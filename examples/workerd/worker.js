// Embeddings from the edge: GET /embed?ids=1,2,3 and GET /nearest?word=king, from the word table of data/. config.capnp says how to run it.
import { Embedding, functional, tidy } from 'nn-embedding';
import rows from '../../data/rows.int8';
import scales from '../../data/scales.float32';
import text from '../../data/words.txt';

const words = text.trimEnd().split('\n');
const shape = [words.length, rows.length / words.length];
const weight = functional.dequantize(new Int8Array(rows.buffer, rows.byteOffset, rows.length), new Float32Array(scales.buffer.slice(scales.byteOffset)), { shape });
const embedding = Embedding.fromPretrained(weight);

const json = (value, status = 200) => Response.json(value, { status });

function embed(ids) {
  if (!/^\d+(,\d+)*$/.test(ids ?? '')) return json({ error: 'ids must be row numbers with commas between them: /embed?ids=1,2,3' }, 400);
  const indices = ids.split(',').map(Number);
  return json({ ids: indices, embeddings: embedding.forward(indices).toArray() });
}

function nearest(word) {
  const row = words.indexOf(word);
  if (row < 0) return json({ error: `"${word ?? ''}" is not among the ${words.length} words: /nearest?word=king` }, 404);
  const { indices, scores } = embedding.nearest(embedding.forward(row), { k: 10, exclude: row });
  return json({ word, nearest: Array.from(indices, (n, i) => ({ word: words[n], cosine: scores[i] })) });
}

export default {
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    try {
      if (pathname === '/embed') return tidy(() => embed(searchParams.get('ids')));
      if (pathname === '/nearest') return tidy(() => nearest(searchParams.get('word')));
      return json({ error: 'GET /embed?ids=1,2,3 or GET /nearest?word=king' }, 404);
    } catch (error) {
      return json({ error: error.message }, error instanceof RangeError ? 400 : 500); // an id out of range: the message names it
    }
  },
};
