import { readFile } from 'node:fs/promises';
import { Embedding, init } from 'nn-embedding/core';

await init(readFile('node_modules/nn-embedding/dist/embedding.wasm')); // or init(fetch(url)), or init(module)
const embedding = Embedding.fromPretrained([[1, 2], [3, 4], [5, 6]]);
console.log(`${embedding.forward([2, 0])}`);
