import { Embedding } from 'nn-embedding';

const embedding = Embedding.fromPretrained([[1, 2], [3, 4], [5, 6]]);
export default {
  fetch: () => new Response(`${embedding.forward([2, 0])}`),
};
