const { Embedding } = require('nn-embedding');

const embedding = Embedding.fromPretrained([[1, 2], [3, 4], [5, 6]]);
console.log(`${embedding.forward([2, 0])}`);
