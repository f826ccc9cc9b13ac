import { Embedding, ready } from 'nn-embedding/url';

await ready;
const embedding = Embedding.fromPretrained([[1, 2], [3, 4], [5, 6]]);
console.log(`${embedding.forward([2, 0])}`);
