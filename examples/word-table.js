// The word table of data/: 10,000 English words and a row of 100 numbers for each, GloVe's, as int8 with a scale per row. In Node.js and
// in a browser. words[i] has row i of the embedding.
import { Embedding, functional } from 'nn-embedding';

const DATA = new URL('../data/', import.meta.url);

async function read(name) {
  const url = new URL(name, DATA);
  if (url.protocol === 'file:') return new Uint8Array(await (await import('node:fs/promises')).readFile(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

export async function load() {
  const [text, rows, scales] = await Promise.all(['words.txt', 'rows.int8', 'scales.float32'].map(read));
  const words = new TextDecoder().decode(text).trimEnd().split('\n');
  const shape = [words.length, rows.length / words.length];
  const weight = functional.dequantize(new Int8Array(rows.buffer), new Float32Array(scales.buffer), { shape });
  return { words, embedding: Embedding.fromPretrained(weight) };
}
