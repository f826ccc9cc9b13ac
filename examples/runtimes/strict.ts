import { Embedding, type Tensor } from 'nn-embedding';

const embedding = Embedding.fromPretrained([[1, 2], [3, 4], [5, 6]]);
const output: Tensor = embedding.forward(Int32Array.of(2, 0));
console.log(`${output}`);
