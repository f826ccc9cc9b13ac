// A table trained in PyTorch, looked up here. In Python: embedding.weight.detach().numpy().tofile('weight.f32')
//   node examples/pretrained.js weight.f32 100 5 17 3      file, embedding_dim, row numbers
import { readFileSync } from 'node:fs';
import { Embedding, tensor } from 'nn-embedding';

const [file, columns, ...indices] = process.argv.slice(2);
if (indices.length === 0) {
  console.log('usage: node examples/pretrained.js weight.f32 embedding_dim row ...');
} else {
  const bytes = readFileSync(file);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const weight = tensor(values, { shape: [values.length / Number(columns), Number(columns)] }); // the one copy, into wasm memory
  const embedding = Embedding.fromPretrained(weight); // shares it
  console.log(embedding);
  console.log(embedding.forward(indices.map(Number)));
}
