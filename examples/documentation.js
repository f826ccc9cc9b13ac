// What the documentation of torch.nn.Embedding says about max_norm: the lookup rescales rows of the weight in place, so clone the weight
// before you use it beside a lookup and want gradients.
import { Embedding, manualSeed, randn } from 'nn-embedding';

manualSeed(0);
const [n, d, m] = [3, 5, 7];
const embedding = new Embedding(n, d, { maxNorm: true });
const W = randn([m, d], { requiresGrad: true });
const idx = [1, 2];
const a = embedding.weight.clone().matmul(W.t()); // the weight must be cloned for this to be differentiable
const b = embedding.forward(idx).matmul(W.t()); // modifies the weight in place
const out = a.unsqueeze(0).add(b.unsqueeze(1));
const loss = out.sigmoid().prod();
loss.backward();

console.log(`loss\n${loss}\n`);
console.log(`embedding.weight: rows 1 and 2 were looked up and have norm 1 now\n${embedding.weight}\n${embedding.weight.norm(2, 1)}\n`);
console.log(`embedding.weight.grad: row 0 has a gradient too, from the clone\n${embedding.weight.grad}\n`);
console.log(`W.grad\n${W.grad}\n`);

const fresh = new Embedding(n, d, { maxNorm: true });
const product = fresh.weight.matmul(W.t()); // keeps the weight itself for backward
fresh.forward(idx); // and this rewrites it
try {
  product.sum().backward();
} catch (error) {
  console.log(`without the clone\n${error.name}: ${error.message}`);
}
