// A tour of nn.Embedding in the terminal: the examples of PyTorch's documentation, max_norm, and an error.
import { Embedding, functional, manualSeed, noGrad } from 'nn-embedding';
import { complain, heading, run, say } from './terminal.js';

heading('nn.Embedding is a table. A number goes in, that row comes out.');
manualSeed(0);
const embedding = new Embedding(10, 3);
run('manualSeed(0); const embedding = new Embedding(10, 3)', embedding);
run('embedding.forward([[1, 2, 4, 5], [4, 3, 2, 9]])', embedding.forward([[1, 2, 4, 5], [4, 3, 2, 9]]));

heading('padding_idx: a row that starts at zero, and that no gradient reaches.');
manualSeed(0);
const padded = new Embedding(10, 3, { paddingIdx: 0 });
run('manualSeed(0); const padded = new Embedding(10, 3, { paddingIdx: 0 })', padded);
run('padded.forward([[0, 2, 0, 5]])', padded.forward([[0, 2, 0, 5]]));

say('\nIt is an ordinary row otherwise: you can change the pad vector.');
manualSeed(0);
const small = new Embedding(3, 3, { paddingIdx: 0 });
run('const small = new Embedding(3, 3, { paddingIdx: 0 }); small.weight', small.weight);
noGrad(() => small.weight.row(0).set([1, 1, 1]));
run('noGrad(() => small.weight.row(0).set([1, 1, 1])); small.weight', small.weight);

heading('max_norm: rows too long are rescaled when they are looked up, in the table.');
const table = Embedding.fromPretrained([[3, 4], [0.3, 0.4], [6, 8]], { maxNorm: 1 });
run('const weight = [[3, 4], [0.3, 0.4], [6, 8]]');
run('const table = Embedding.fromPretrained(weight, { maxNorm: 1 })');
run('table.weight.norm(2, 1)', table.weight.norm(2, 1));
run('table.forward([0, 1, 0])', table.forward([0, 1, 0]));
run('table.weight', table.weight);
run('table.weight.norm(2, 1)', table.weight.norm(2, 1));
say('Row 0 was too long and now has norm 1. Row 1 was short enough.');
say('Row 2 is longer still, but nobody looked it up, so it stays.');
run('functional.embeddingRenorm(table.weight, [2, 2], 1).rescaled', functional.embeddingRenorm(table.weight, [2, 2], 1).rescaled);

heading('A bad index is an error that says where it stands; nothing is changed.');
try {
  embedding.forward([[1, 2], [3, 12]]);
} catch (error) {
  run('embedding.forward([[1, 2], [3, 12]])');
  complain(`${error.name}: ${error.message}`.replace(': index', ':\n  index'));
}
