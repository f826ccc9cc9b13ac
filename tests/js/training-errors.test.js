/**
 * The errors of training: those of PyTorch, in its words and with nothing changed, and those that only JavaScript can cause.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { inspect } from 'node:util';
import { Embedding, EmbeddingBag, clipGradNorm, functional, noGrad, ones, optim, tensor, zeros } from 'nn-embedding';
import { golden } from './golden.js';
import { assertUnchanged, parameter, stateOf } from './training-support.js';

const { embeddingBag, linear, crossEntropy, cosineSimilarity } = functional;
const int32 = (values, shape = [values.length]) => tensor(Int32Array.from(values), { shape });
const leaf = (shape = [1]) => ones(shape, { requiresGrad: true });

/** A bag layer and a call of it. */
function bag(numEmbeddings, embeddingDim, options, indices, rest) {
  const layer = new EmbeddingBag(numEmbeddings, embeddingDim, options);
  return [() => layer.forward(indices, rest), layer, indices, rest?.offsets, rest?.perSampleWeights];
}

function bagOf(weight, indices, options) {
  return [() => embeddingBag(indices, weight, options), weight];
}

/** A new optimiser for a parameter of one element. */
function optimizer(name, options) {
  const param = leaf();
  return [() => new optim[name]([param], options), param];
}

/** A step after a lookup, with the layer sparse or not. */
function step(name, sparse, options) {
  const layer = new Embedding(3, 2, { sparse });
  const other = parameter([1, 2], { grad: [3, 4] }); // comes first, and must not have been stepped
  const output = layer.forward([1]);
  output.sum().backward();
  const list = name === 'SparseAdam' ? layer.parameters() : [other, ...layer.parameters()];
  const stepper = new optim[name](list, options);
  return [() => stepper.step(), stepper, layer, other];
}

function graded(grad) {
  const param = leaf([2]);
  param.grad = ones(2);
  return [() => (param.grad = grad), param];
}

/** For every line of PyTorch: what makes its inputs, and gives the call and what is watched meanwhile. */
const JAVASCRIPT = {
  "nn.EmbeddingBag(5, 2, mode='sum')(tensor([1, 2, 3]), tensor([0]), per_sample_weights=torch.ones(2))": () => bag(5, 2, { mode: 'sum' }, int32([1, 2, 3]), { offsets: int32([0]), perSampleWeights: ones(2) }),
  "nn.EmbeddingBag(5, 2, mode='sum')(tensor([[1, 2], [3, 4]]), per_sample_weights=torch.ones(4))": () => bag(5, 2, { mode: 'sum' }, int32([1, 2, 3, 4], [2, 2]), { perSampleWeights: ones(4) }),
  'F.embedding_bag(tensor([1, 2]), torch.zeros(5), tensor([0]))': () => bagOf(zeros(5), [1, 2], { offsets: [0] }),
  'F.embedding_bag(tensor([1, 2]), torch.zeros(5, 2, 1), tensor([0]))': () => bagOf(zeros([5, 2, 1]), [1, 2], { offsets: [0] }),
  'nn.EmbeddingBag(5, 2)(tensor([[1, 2]]), tensor([0]))': () => bag(5, 2, {}, [[1, 2]], { offsets: int32([0]) }),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]))': () => bag(5, 2, {}, [1, 2]),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), tensor(0))': () => bag(5, 2, {}, [1, 2], { offsets: int32([0], []) }),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), tensor([[0]]))': () => bag(5, 2, {}, [1, 2], { offsets: [[0]] }),
  'nn.EmbeddingBag(5, 2)(tensor(1))': () => bag(5, 2, {}, 1),
  'nn.EmbeddingBag(5, 2)(tensor([[[1, 2]]]))': () => bag(5, 2, {}, [[[1, 2]]]),
  "nn.EmbeddingBag(5, 2, mode='max', scale_grad_by_freq=True)(tensor([[1, 2]]))": () => bag(5, 2, { mode: 'max', scaleGradByFreq: true }, [[1, 2]]),
  "nn.EmbeddingBag(5, 2, mode='max', sparse=True)(tensor([[1, 2]]))": () => bag(5, 2, { mode: 'max', sparse: true }, [[1, 2]]),
  "nn.EmbeddingBag(5, 2, mode='median')(tensor([[1, 2]]))": () => bag(5, 2, { mode: 'median' }, [[1, 2]]),
  "nn.EmbeddingBag(5, 2, mode='sum')(tensor([1, 2]), tensor([0]), per_sample_weights=tensor([1, 2], dtype=int32))": () => bag(5, 2, { mode: 'sum' }, [1, 2], { offsets: [0], perSampleWeights: int32([1, 2]) }),
  "nn.EmbeddingBag(5, 2, mode='mean')(tensor([[1, 2]]), per_sample_weights=torch.ones(1, 2))": () => bag(5, 2, { mode: 'mean' }, [[1, 2]], { perSampleWeights: ones([1, 2]) }),
  "nn.EmbeddingBag(5, 2, mode='max')(tensor([[1, 2]]), per_sample_weights=torch.ones(1, 2))": () => bag(5, 2, { mode: 'max' }, [[1, 2]], { perSampleWeights: ones([1, 2]) }),
  'F.embedding_bag(tensor([[1, 2]]), torch.zeros(5, 2), padding_idx=5)': () => bagOf(zeros([5, 2]), [[1, 2]], { paddingIdx: 5 }),
  'F.embedding_bag(tensor([[1, 2]]), torch.zeros(5, 2), padding_idx=-6)': () => bagOf(zeros([5, 2]), [[1, 2]], { paddingIdx: -6 }),
  'F.embedding_bag(tensor([[0]]), torch.zeros(0, 2), padding_idx=0)': () => bagOf(zeros([0, 2]), [[0]], { paddingIdx: 0 }),
  'nn.EmbeddingBag(5, 2, padding_idx=5)': () => [() => new EmbeddingBag(5, 2, { paddingIdx: 5 })],
  'nn.EmbeddingBag(5, 2, padding_idx=-6)': () => [() => new EmbeddingBag(5, 2, { paddingIdx: -6 })],
  'nn.EmbeddingBag(5, 2)(tensor([[1., 2.]]))': () => bag(5, 2, {}, tensor([[1, 2]])),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), tensor([0.]))': () => bag(5, 2, {}, [1, 2], { offsets: tensor([0]) }),
  'F.embedding_bag(tensor([[1, 2]]), torch.zeros(5, 2, dtype=int32))': () => bagOf(zeros([5, 2], { dtype: 'int32' }), [[1, 2]]),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), tensor([1]))': () => bag(5, 2, {}, [1, 2], { offsets: [1] }),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2], dtype=int32), tensor([1, 2], dtype=int32))': () => bag(5, 2, {}, int32([1, 2]), { offsets: int32([1, 2]) }),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), tensor([0, 3]))': () => bag(5, 2, {}, [1, 2], { offsets: [0, 3] }),
  'nn.EmbeddingBag(5, 2, include_last_offset=True)(tensor([1, 2]), tensor([0, 3]))': () => bag(5, 2, { includeLastOffset: true }, [1, 2], { offsets: [0, 3] }),
  "nn.EmbeddingBag(5, 2, mode='max')(tensor([1, 2]), tensor([0, 7]))": () => bag(5, 2, { mode: 'max' }, [1, 2], { offsets: [0, 7] }),
  'nn.EmbeddingBag(5, 2, include_last_offset=True)(tensor([1, 2]), tensor([], dtype=torch.int64))': () => bag(5, 2, { includeLastOffset: true }, [1, 2], { offsets: new BigInt64Array(0) }),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), tensor([0, -1]))': () => bag(5, 2, {}, [1, 2], { offsets: [0, -1] }),
  'nn.EmbeddingBag(5, 2)(tensor([[1, 5]]))': () => bag(5, 2, {}, [[1, 5]]),
  'nn.EmbeddingBag(5, 2)(tensor([[1, -1]]))': () => bag(5, 2, {}, [[1, -1]]),
  "nn.EmbeddingBag(5, 2, mode='max')(tensor([[1, 5]]))": () => bag(5, 2, { mode: 'max' }, [[1, 5]]),
  "nn.EmbeddingBag(5, 2, mode='max')(tensor([[1, -1]]))": () => bag(5, 2, { mode: 'max' }, [[1, -1]]),
  'nn.EmbeddingBag(5, 2, padding_idx=0)(tensor([[1, 5]]))': () => bag(5, 2, { paddingIdx: 0 }, [[1, 5]]),
  'nn.EmbeddingBag(5, 2, max_norm=1.0)(tensor([[1, 5]]))': () => bag(5, 2, { maxNorm: 1, weight: ones([5, 2]) }, [[1, 5]]),
  'nn.EmbeddingBag(5, 2, max_norm=1.0)(tensor([[1, -1]]))': () => bag(5, 2, { maxNorm: 1, weight: ones([5, 2]) }, [[1, -1]]),
  'nn.EmbeddingBag(5, 2, max_norm=1.0)(tensor([[1, -6]]))': () => bag(5, 2, { maxNorm: 1, weight: ones([5, 2]) }, [[1, -6]]),
  'nn.EmbeddingBag(0, 2)(tensor([[0]]))': () => bag(0, 2, {}, [[0]]),
  'nn.EmbeddingBag(5, 0)(tensor([[5]]))': () => bag(5, 0, {}, [[5]]),
  'nn.EmbeddingBag(2, 2, _weight=torch.zeros(3, 2))': () => {
    const weight = zeros([3, 2]);
    return [() => new EmbeddingBag(2, 2, { weight }), weight];
  },
  'nn.EmbeddingBag.from_pretrained(torch.zeros(3))': () => {
    const weight = zeros(3);
    return [() => EmbeddingBag.fromPretrained(weight), weight];
  },
  "nn.EmbeddingBag(3, 2).load_state_dict({'weight': torch.zeros(4, 2)})": () => {
    const [layer, weight] = [new EmbeddingBag(3, 2), zeros([4, 2])];
    return [() => layer.loadStateDict({ weight }), layer, weight];
  },
  "w = torch.ones(3, 2, requires_grad=True); y = F.embedding_bag(tensor([[1]]), w, mode='sum'); g, = torch.autograd.grad((y * y).sum(), w, create_graph=True); g.sum().backward()": () => {
    const w = leaf([3, 2]);
    const y = embeddingBag([[1]], w, { mode: 'sum' });
    const loss = y.mul(y).sum();
    return [() => loss.backward(undefined, { createGraph: true }), w, y, loss];
  },
  "p = torch.ones(2, requires_grad=True); p.grad = torch.ones(2); nn.utils.clip_grad_norm_([p], 'one')": () => {
    const p = parameter([1, 1], { grad: [1, 1] });
    return [() => clipGradNorm([p], 'one'), p];
  },
  'optim.SGD([])': () => [() => new optim.SGD([])],
  'optim.SparseAdam([])': () => [() => new optim.SparseAdam([])],
  'optim.SGD(torch.ones(1, requires_grad=True))': () => {
    const p = leaf();
    return [() => new optim.SGD(p), p];
  },
  'optim.SGD([torch.ones(1, requires_grad=True).exp()])': () => {
    const p = leaf().exp();
    return [() => new optim.SGD([p]), p];
  },
  'optim.SGD([3])': () => [() => new optim.SGD([3])],
  'optim.SGD([1.5, torch.ones(1, requires_grad=True)])': () => {
    const p = leaf();
    return [() => new optim.SGD([1.5, p]), p];
  },
  "optim.SGD([{'lr': 0.1}])": () => [() => new optim.SGD([{ lr: 0.1 }])],
  "p = torch.ones(1, requires_grad=True); optim.SGD([{'params': [p]}, {'params': [p]}])": () => {
    const p = leaf();
    return [() => new optim.SGD([{ params: [p] }, { params: [p] }]), p];
  },
  'optim.SGD([torch.ones(1, requires_grad=True)], learning_rate=0.1)': () => optimizer('SGD', { learningRate: 0.1 }),
  'optim.SGD([torch.ones(1, requires_grad=True)], lr=-1)': () => optimizer('SGD', { lr: -1 }),
  'optim.SGD([torch.ones(1, requires_grad=True)], lr=-0.5)': () => optimizer('SGD', { lr: -0.5 }),
  "optim.SGD([torch.ones(1, requires_grad=True)], lr='a')": () => optimizer('SGD', { lr: 'a' }),
  'optim.SGD([torch.ones(1, requires_grad=True)], momentum=-1)': () => optimizer('SGD', { momentum: -1 }),
  'optim.SGD([torch.ones(1, requires_grad=True)], weight_decay=-1)': () => optimizer('SGD', { weightDecay: -1 }),
  'optim.SGD([torch.ones(1, requires_grad=True)], nesterov=True)': () => optimizer('SGD', { nesterov: true }),
  'optim.SGD([torch.ones(1, requires_grad=True)], momentum=0.9, dampening=0.5, nesterov=True)': () => optimizer('SGD', { momentum: 0.9, dampening: 0.5, nesterov: true }),
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], lr=0)': () => optimizer('SparseAdam', { lr: 0 }),
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], lr=-1)': () => optimizer('SparseAdam', { lr: -1 }),
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], lr=nan)': () => optimizer('SparseAdam', { lr: NaN }),
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], eps=0)': () => optimizer('SparseAdam', { eps: 0 }),
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], betas=(1.0, 0.9))': () => optimizer('SparseAdam', { betas: [1, 0.9] }),
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], betas=(-0.1, 0.9))': () => optimizer('SparseAdam', { betas: [-0.1, 0.9] }),
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], betas=(0.9, 1.0))': () => optimizer('SparseAdam', { betas: [0.9, 1] }),
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], weight_decay=0.1)': () => optimizer('SparseAdam', { weightDecay: 0.1 }),
  'optim.Adagrad([torch.ones(1, requires_grad=True)], lr=-1)': () => optimizer('Adagrad', { lr: -1 }),
  'optim.Adagrad([torch.ones(1, requires_grad=True)], lr=nan)': () => optimizer('Adagrad', { lr: NaN }),
  'optim.Adagrad([torch.ones(1, requires_grad=True)], lr_decay=-1)': () => optimizer('Adagrad', { lrDecay: -1 }),
  'optim.Adagrad([torch.ones(1, requires_grad=True)], weight_decay=-1)': () => optimizer('Adagrad', { weightDecay: -1 }),
  'optim.Adagrad([torch.ones(1, requires_grad=True)], initial_accumulator_value=-1)': () => optimizer('Adagrad', { initialAccumulatorValue: -1 }),
  'optim.Adagrad([torch.ones(1, requires_grad=True)], eps=-1)': () => optimizer('Adagrad', { eps: -1 }),
  'optim.Adam([torch.ones(1, requires_grad=True)], lr=-1)': () => optimizer('Adam', { lr: -1 }),
  'optim.Adam([torch.ones(1, requires_grad=True)], lr=nan)': () => optimizer('Adam', { lr: NaN }),
  'optim.Adam([torch.ones(1, requires_grad=True)], eps=-1)': () => optimizer('Adam', { eps: -1 }),
  'optim.Adam([torch.ones(1, requires_grad=True)], betas=(1.0, 0.9))': () => optimizer('Adam', { betas: [1, 0.9] }),
  'optim.Adam([torch.ones(1, requires_grad=True)], betas=(0.9, -0.1))': () => optimizer('Adam', { betas: [0.9, -0.1] }),
  'optim.Adam([torch.ones(1, requires_grad=True)], betas=(0.9, nan))': () => optimizer('Adam', { betas: [0.9, NaN] }),
  'optim.Adam([torch.ones(1, requires_grad=True)], weight_decay=-1)': () => optimizer('Adam', { weightDecay: -1 }),
  'optim.AdamW([torch.ones(1, requires_grad=True)], lr=-1)': () => optimizer('AdamW', { lr: -1 }),
  'optim.AdamW([torch.ones(1, requires_grad=True)], eps=-1)': () => optimizer('AdamW', { eps: -1 }),
  'optim.AdamW([torch.ones(1, requires_grad=True)], weight_decay=-1)': () => optimizer('AdamW', { weightDecay: -1 }),
  'optim.AdamW([torch.ones(1, requires_grad=True)], betas=(2, 0.9))': () => optimizer('AdamW', { betas: [2, 0.9] }),
  'e = nn.Embedding(3, 2, sparse=True); e(tensor([1])).sum().backward(); optim.Adam(e.parameters()).step()': () => step('Adam', true),
  'e = nn.Embedding(3, 2, sparse=True); e(tensor([1])).sum().backward(); optim.AdamW(e.parameters()).step()': () => step('AdamW', true),
  'e = nn.Embedding(3, 2); e(tensor([1])).sum().backward(); optim.SparseAdam(e.parameters()).step()': () => step('SparseAdam', false),
  'e = nn.Embedding(3, 2, sparse=True); e(tensor([1])).sum().backward(); optim.SGD(e.parameters(), weight_decay=0.1).step()': () => step('SGD', true, { weightDecay: 0.1 }),
  'e = nn.Embedding(3, 2, sparse=True); e(tensor([1])).sum().backward(); optim.Adagrad(e.parameters(), weight_decay=0.1).step()': () => step('Adagrad', true, { weightDecay: 0.1 }),
  'p = torch.ones(2, requires_grad=True); p.grad = torch.ones(3)': () => graded(ones(3)),
  'p = torch.ones(2, requires_grad=True); p.grad = torch.ones(2, dtype=int32)': () => graded(ones(2, { dtype: 'int32' })),
  'p = torch.ones(2, requires_grad=True); p.grad = [1, 1]': () => graded([1, 1]),
  'p = torch.ones(2, requires_grad=True); optim.SGD([p]).load_state_dict(optim.SGD([p, torch.ones(1, requires_grad=True)]).state_dict())': () => {
    const p = leaf([2]);
    const [one, two] = [new optim.SGD([p]), new optim.SGD([p, leaf()])];
    return [() => one.loadStateDict(two.stateDict()), p, one];
  },
  "p = torch.ones(2, requires_grad=True); optim.SGD([p]).load_state_dict(optim.SGD([{'params': [p]}, {'params': [torch.ones(1, requires_grad=True)]}]).state_dict())": () => {
    const p = leaf([2]);
    const [one, two] = [new optim.SGD([p]), new optim.SGD([{ params: [p] }, { params: [leaf()] }])];
    return [() => one.loadStateDict(two.stateDict()), p, one];
  },
  'p = torch.ones(2, requires_grad=True); optim.SGD([p]).load_state_dict({})': () => {
    const p = leaf([2]);
    const one = new optim.SGD([p]);
    return [() => one.loadStateDict({}), p, one];
  },
  'torch.ones(2, requires_grad=True).exp().backward()': () => {
    const x = leaf([2]);
    const y = x.exp();
    return [() => y.backward(), x, y];
  },
  'torch.zeros(0, requires_grad=True).exp().backward()': () => {
    const x = leaf([0]);
    const y = x.exp();
    return [() => y.backward(), x, y];
  },
  'torch.ones(2).sum().backward()': () => {
    const y = ones(2).sum();
    return [() => y.backward(), y];
  },
  'torch.ones(()).backward()': () => {
    const y = ones([]);
    return [() => y.backward(), y];
  },
  'torch.ones(2).backward(torch.ones(2))': () => {
    const [y, g] = [ones(2), ones(2)];
    return [() => y.backward(g), y, g];
  },
  'nn.Embedding.from_pretrained(torch.ones(3, 2))(tensor([1])).sum().backward()': () => {
    const layer = Embedding.fromPretrained(ones([3, 2]));
    const y = layer.forward([1]).sum();
    return [() => y.backward(), layer, y];
  },
  'y = torch.ones(2, requires_grad=True).exp().sum(); y.backward(); y.backward()': () => {
    const x = leaf([2]);
    const y = x.exp().sum();
    y.backward();
    return [() => y.backward(), x, y];
  },
  'y = torch.ones(2, requires_grad=True) * 2; z = y * y; z.sum().backward(); y.sum().backward(); z.sum().backward()': () => {
    const x = leaf([2]);
    const y = x.mul(2);
    const z = y.mul(y);
    z.sum().backward();
    const again = y.sum(); // the product with 2 has let go of what it had saved too
    return [() => again.backward(), x, y, z, again];
  },
  'torch.ones(2, 2, requires_grad=True).exp().backward(torch.ones(1, 2))': () => {
    const [x, g] = [leaf([2, 2]), ones([1, 2])];
    const y = x.exp();
    return [() => y.backward(g), x, y, g];
  },
  'torch.ones(2, requires_grad=True).exp().backward(torch.ones(3))': () => {
    const [x, g] = [leaf([2]), ones(3)];
    const y = x.exp();
    return [() => y.backward(g), x, y, g];
  },
  'x = torch.ones(2, requires_grad=True); x.add_(1)': () => {
    const x = leaf([2]);
    return [() => x.add_(1), x];
  },
  'x = torch.ones(2, requires_grad=True); x.mul_(2)': () => {
    const x = leaf([2]);
    return [() => x.mul_(2), x];
  },
  'x = torch.ones(2, requires_grad=True); x.zero_()': () => {
    const x = leaf([2]);
    return [() => x.zero_(), x];
  },
  'x = torch.ones(2, requires_grad=True); x.reshape(1, 2).add_(1)': () => {
    const x = leaf([2]);
    const view = x.reshape(1, 2);
    return [() => view.add_(1), x, view];
  },
  'x = torch.ones(2, requires_grad=True); y = x.exp(); y.requires_grad = False': () => {
    const x = leaf([2]);
    const y = x.exp();
    return [() => (y.requiresGrad = false), x, y];
  },
  'x = tensor([1, 2]); x.requires_grad = True': () => {
    const x = int32([1, 2]);
    return [() => (x.requiresGrad = true), x];
  },
  'torch.ones(2).add_(torch.ones(3))': () => {
    const [x, y] = [ones(2), ones(3)];
    return [() => x.add_(y), x, y];
  },
  'torch.ones(2).mul_(torch.ones(3, 2))': () => {
    const [x, y] = [ones(2), ones([3, 2])];
    return [() => x.mul_(y), x, y];
  },
  'tensor([1, 2], dtype=int32).add_(1.5)': () => {
    const x = int32([1, 2]);
    return [() => x.add_(1.5), x];
  },
  'tensor([1, 2], dtype=int32).mul_(torch.ones(2))': () => {
    const [x, y] = [int32([1, 2]), ones(2)];
    return [() => x.mul_(y), x, y];
  },
  ...Object.fromEntries(
    [['(3, 2)', [3, 2], '(3, 3)', [3, 3]], ['(3, 2)', [3, 2], '(3)', [3]], ['(3)', [3], '(4)', [4]], ['(3)', [3], '(2, 2)', [2, 2]], ['(())', [], '(2)', [2]], ['(2, 2)', [2, 2], '(())', []]].map(([a, shapeA, b, shapeB]) => [
      `torch.ones${a} @ torch.ones${b}`,
      () => {
        const [x, y] = [ones(shapeA), ones(shapeB)];
        return [() => x.matmul(y), x, y];
      },
    ]),
  ),
  'torch.ones(2, 2) @ torch.ones(2, 2, dtype=int32)': () => {
    const [x, y] = [ones([2, 2]), ones([2, 2], { dtype: 'int32' })];
    return [() => x.matmul(y), x, y];
  },
  'torch.ones(3, 1) / torch.ones(2, 2)': () => {
    const [x, y] = [ones([3, 1]), ones([2, 2])];
    return [() => x.div(y), x, y];
  },
  ...Object.fromEntries(
    [['sum(2)', 'sum', 2], ['mean(-3)', 'mean', -3], ['prod(2)', 'prod', 2], ['softmax(2)', 'softmax', 2], ['log_softmax(-3)', 'logSoftmax', -3]].map(([line, name, dim]) => [
      `torch.ones(2, 3).${line}`,
      () => {
        const x = ones([2, 3]);
        return [() => x[name](dim), x];
      },
    ]),
  ),
  ...Object.fromEntries(
    [['tensor([1, 2], dtype=int32).mean()', (x) => x.mean()], ['tensor([1, 2], dtype=int32).softmax(0)', (x) => x.softmax(0)], ['tensor([1, 2], dtype=int32).pow(-1)', (x) => x.pow(-1)], ['F.logsigmoid(tensor([1, 2], dtype=int32))', (x) => x.logSigmoid()]].map(([line, call]) => [
      line,
      () => {
        const x = int32([1, 2]);
        return [() => call(x), x];
      },
    ]),
  ),
  'F.linear(torch.ones(2, 3), torch.ones(4, 2))': () => {
    const [x, w] = [ones([2, 3]), ones([4, 2])];
    return [() => linear(x, w), x, w];
  },
  'F.linear(torch.ones(3), torch.ones(2))': () => {
    const [x, w] = [ones(3), ones(2)];
    return [() => linear(x, w), x, w];
  },
  ...Object.fromEntries(
    [['[0, 3]', [0, 3]], ['[0, -1]', [0, -1]], ['[0, 1, 2]', [0, 1, 2]], ['[[0, 1]]', [[0, 1]]]].map(([text, targets]) => [
      `F.cross_entropy(torch.ones(2, 3), tensor(${text}))`,
      () => {
        const x = leaf([2, 3]);
        return [() => crossEntropy(x, targets), x];
      },
    ]),
  ),
  'F.cross_entropy(torch.ones(2, 3), torch.ones(2))': () => {
    const [x, targets] = [leaf([2, 3]), ones(2)];
    return [() => crossEntropy(x, targets), x, targets];
  },
  'F.cosine_similarity(torch.ones(2, 3), torch.ones(2, 4), 1)': () => {
    const [a, b] = [ones([2, 3]), ones([2, 4])];
    return [() => cosineSimilarity(a, b, 1), a, b];
  },
  'F.cosine_similarity(torch.ones(2, 3), torch.ones(2, 3), 2)': () => {
    const [a, b] = [leaf([2, 3]), ones([2, 3])];
    return [() => cosineSimilarity(a, b, 2), a, b];
  },
  'F.embedding(tensor([1.]), torch.ones(3, 2, requires_grad=True)).sum().backward()': () => {
    const [w, indices] = [leaf([3, 2]), tensor([1])];
    return [() => functional.embedding(indices, w), w, indices];
  },
  'with torch.no_grad(): torch.ones(2, requires_grad=True).sum().backward()': () => {
    const x = leaf([2]);
    const y = noGrad(() => x.sum());
    return [() => noGrad(() => y.backward()), x, y];
  },
  'torch.index_select(torch.ones(3, 2, requires_grad=True), 0, tensor([0]), out=torch.zeros(1, 2))': () => {
    const [w, out] = [leaf([3, 2]), zeros([1, 2])];
    return [() => functional.embedding([0], w, { out }), w, out];
  },
};

/** What PyTorch refuses and we do not, with a call that works; each is one of the README's deviations or JavaScript's way of calling. */
const WORKS = {
  // (B, 0) bags are empty
  'nn.EmbeddingBag(5, 2)(torch.zeros(2, 0, dtype=torch.int64))': () => assert.deepEqual(new EmbeddingBag(5, 2).forward(int32([], [2, 0])).toArray(), [[0, 0], [0, 0]]),
  // arrays are indices here
  'nn.EmbeddingBag(5, 2)([[1, 2]])': () => assert.deepEqual(new EmbeddingBag(5, 2).forward([[1, 2]]).shape, [1, 2]),
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), [0])': () => assert.deepEqual(new EmbeddingBag(5, 2).forward(int32([1, 2]), { offsets: [0] }).shape, [1, 2]),
  // sparse gradients are scaled by frequency
  'e = nn.Embedding(3, 2, sparse=True, scale_grad_by_freq=True); e(tensor([1])).sum().backward()': () => {
    const layer = new Embedding(3, 2, { sparse: true, scaleGradByFreq: true });
    layer.forward([1, 1]).sum().backward();
    assert.deepEqual(layer.weight.grad.values().toArray(), [[0.5, 0.5], [0.5, 0.5]]);
  },
  'e = nn.EmbeddingBag(3, 2, sparse=True, scale_grad_by_freq=True); e(tensor([[1]])).sum().backward()': () => {
    const layer = new EmbeddingBag(3, 2, { sparse: true, scaleGradByFreq: true, mode: 'sum' });
    layer.forward([[1, 1]]).sum().backward();
    assert.deepEqual(layer.weight.grad.values().toArray(), [[0.5, 0.5], [0.5, 0.5]]);
  },
  // a 0-d index works with sparse and padding
  'e = nn.Embedding(3, 2, sparse=True, padding_idx=0); e(tensor(1)).sum().backward()': () => {
    const layer = new Embedding(3, 2, { sparse: true, paddingIdx: 0 });
    layer.forward(1).sum().backward();
    assert.deepEqual([...layer.weight.grad.indices()], [1]);
  },
  // indices() and values() show what is stored
  'e = nn.Embedding(3, 2, sparse=True); e(tensor([1, 1])).sum().backward(); e.weight.grad.indices()': () => {
    const layer = new Embedding(3, 2, { sparse: true });
    layer.forward([1, 1]).sum().backward();
    assert.deepEqual([...layer.weight.grad.indices()], [1, 1]);
  },
  'e = nn.Embedding(3, 2, sparse=True); e(tensor([1, 1])).sum().backward(); e.weight.grad.values()': () => {
    const layer = new Embedding(3, 2, { sparse: true });
    layer.forward([1, 1]).sum().backward();
    assert.deepEqual(layer.weight.grad.values().toArray(), [[1, 1], [1, 1]]);
  },
  // the momentum of a sparse parameter is kept dense
  'e = nn.Embedding(3, 2, sparse=True); o = optim.SGD(e.parameters(), momentum=0.9); e(tensor([1])).sum().backward(); o.step(); e.weight.grad = torch.ones(3, 2); o.step()': () => {
    const layer = new Embedding(3, 2, { sparse: true, weight: zeros([3, 2]) });
    const sgd = new optim.SGD(layer.parameters(), { lr: 1, momentum: 0.5 });
    layer.forward([1]).sum().backward();
    sgd.step();
    layer.weight.grad = ones([3, 2]);
    sgd.step();
    assert.deepEqual(layer.weight.toArray(), [[-1, -1], [-2.5, -2.5], [-1, -1]]);
  },
  // numbers are a gradient here
  'torch.ones(2, requires_grad=True).exp().backward([1, 1])': () => {
    const x = leaf([2]);
    x.mul(3).backward([1, 2]);
    assert.deepEqual(x.grad.toArray(), [3, 6]);
  },
};

/** What the contract does not have. */
const LEFT_OUT = [
  'e = nn.Embedding(3, 2, sparse=True); e(tensor([1])).sum().backward(); e.weight.grad + torch.zeros(3, 2)', // SparseTensor has no arithmetic
  'p = torch.ones(2, requires_grad=True); p.grad = tensor([nan, 1.]); nn.utils.clip_grad_norm_([p], 1.0, error_if_nonfinite=True)', // no such option
];

const INDEX = (index, position, V = 5) => `index out of range in self: index ${index} at position [${position}], valid range [0, ${V})`;

/** Where we do not begin with PyTorch's words, and why. */
const OURS = {
  // every index outside the range is one error here, with its position
  'nn.EmbeddingBag(5, 2)(tensor([[1, 5]]))': INDEX(5, '0, 1'),
  'nn.EmbeddingBag(5, 2)(tensor([[1, -1]]))': INDEX(-1, '0, 1'),
  "nn.EmbeddingBag(5, 2, mode='max')(tensor([[1, 5]]))": INDEX(5, '0, 1'),
  "nn.EmbeddingBag(5, 2, mode='max')(tensor([[1, -1]]))": INDEX(-1, '0, 1'),
  'nn.EmbeddingBag(5, 2, padding_idx=0)(tensor([[1, 5]]))': INDEX(5, '0, 1'),
  'nn.EmbeddingBag(5, 2, max_norm=1.0)(tensor([[1, 5]]))': INDEX(5, '0, 1'),
  'nn.EmbeddingBag(5, 2, max_norm=1.0)(tensor([[1, -1]]))': INDEX(-1, '0, 1'),
  'nn.EmbeddingBag(5, 2, max_norm=1.0)(tensor([[1, -6]]))': INDEX(-6, '0, 1'),
  'nn.EmbeddingBag(0, 2)(tensor([[0]]))': INDEX(0, '0, 0', 0),
  'nn.EmbeddingBag(5, 0)(tensor([[5]]))': INDEX(5, '0, 0'),
  // it is an offset that is wrong, not an index
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), tensor([0, -1]))': /offsets\[1\].*-1/,
  // PyTorch's text ends with an empty C++ tensor
  'nn.EmbeddingBag(5, 2)(tensor([1, 2]), tensor([1]))': 'offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got 1',
  'nn.EmbeddingBag(5, 2)(tensor([1, 2], dtype=int32), tensor([1, 2], dtype=int32))': 'offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got 1',
  // grad_dtype, which the rest of PyTorch's text explains, is not here
  'p = torch.ones(2, requires_grad=True); p.grad = torch.ones(2, dtype=int32)': "attempting to assign a gradient with dtype 'int' to a tensor with grad_dtype 'Float'",
  // there are no second derivatives: the option that would ask for one is not known
  "w = torch.ones(3, 2, requires_grad=True); y = F.embedding_bag(tensor([[1]]), w, mode='sum'); g, = torch.autograd.grad((y * y).sum(), w, create_graph=True); g.sum().backward()":
    /backward\(\).*'createGraph'.*retainGraph/,
  // a string is no number here, whatever it says
  "p = torch.ones(2, requires_grad=True); p.grad = torch.ones(2); nn.utils.clip_grad_norm_([p], 'one')": /clipGradNorm\(\).*'maxNorm'.*'one'/,
  "optim.SGD([torch.ones(1, requires_grad=True)], lr='a')": /learning rate.*'a'/,
  // PyTorch shows Python's KeyError
  "optim.SGD([{'lr': 0.1}])": /params/,
  'p = torch.ones(2, requires_grad=True); optim.SGD([p]).load_state_dict({})': /paramGroups/,
  // options have JavaScript's names, and the nearest known one is named
  'optim.SGD([torch.ones(1, requires_grad=True)], learning_rate=0.1)': /SGD\(\) got an unexpected keyword argument 'learningRate'; did you mean '\w+'/,
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], weight_decay=0.1)': /SparseAdam\(\) got an unexpected keyword argument 'weightDecay'; did you mean '\w+'/,
  // targets are indices here
  'F.cross_entropy(torch.ones(2, 3), torch.ones(2))': /scalar types: Long, Int; but got torch\.FloatTensor|expected target dtype to be Long or Byte, but got Float/,
  // the contract's text: it is not index_select that is called
  'torch.index_select(torch.ones(3, 2, requires_grad=True), 0, tensor([0]), out=torch.zeros(1, 2))': "functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.",
  // JavaScript writes 1 for 1.0
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], betas=(1.0, 0.9))': 'Invalid beta parameter at index 0: 1',
  'optim.SparseAdam([torch.ones(1, requires_grad=True)], betas=(0.9, 1.0))': 'Invalid beta parameter at index 1: 1',
  'optim.Adam([torch.ones(1, requires_grad=True)], betas=(1.0, 0.9))': 'Invalid beta parameter at index 0: 1',
};

/** The class that the contract gives an error of this class and text. */
function classOf({ pytorch, type, text }) {
  if (/offset/.test(text) || /offsets/.test(OURS[pytorch])) return Error;
  if (/^(padding_idx|index out of range|Index \d|embedding_bag: Expected idx|select\(\)|Dimension out of range|Target)/.test(text)) return RangeError;
  if (type === 'TypeError' || type === 'KeyError' || /'indices' to have|could not convert string|expected target dtype/.test(text)) return TypeError;
  if (/_embedding_bag_backward/.test(text)) return TypeError; // an unknown option
  return Error;
}

const { errors } = golden('training_errors');

test('every line of the golden file has its counterpart here', () => {
  const lines = errors.map(({ pytorch }) => pytorch);
  assert.deepEqual(lines.filter((line) => !(line in JAVASCRIPT) && !(line in WORKS) && !LEFT_OUT.includes(line)), []);
  assert.deepEqual([...Object.keys(JAVASCRIPT), ...Object.keys(WORKS), ...Object.keys(OURS), ...LEFT_OUT].filter((line) => !lines.includes(line)), [], 'lines that are no longer there');
});

for (const one of errors.filter(({ pytorch }) => pytorch in JAVASCRIPT)) {
  test(`refused in PyTorch's words, and nothing changed: ${one.pytorch}`, () => {
    const [call, ...watched] = JAVASCRIPT[one.pytorch]();
    const words = OURS[one.pytorch] ?? one.text;
    const begins = words instanceof RegExp ? words : new RegExp(`^${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
    assertUnchanged(call, { type: classOf(one), says: [begins] }, watched, one.pytorch);
  });
}

for (const [line, call] of Object.entries(WORKS)) test(`refused by PyTorch, and works here: ${line}`, call);

/* ---- Wrong kinds of arguments ---- */

/** Runs every case and fails once, with all that went wrong. */
function assertAll(cases) {
  const problems = [];
  for (const [message, check] of cases) {
    try {
      check();
    } catch (error) {
      problems.push(error.message.includes(message) ? error.message.split('\n    at')[0] : `${message}: ${error.message}`);
    }
  }
  assert.equal(problems.length, 0, problems.join('\n'));
}

/** The cases of a call that takes none of these values: a TypeError, and nothing changed. */
function wrongKinds(make, values, says = []) {
  return values.map((value) => {
    const message = `${String(make).replace(/\s+/g, ' ').slice(0, 120)} with ${inspect(value, { breakLength: Infinity }).slice(0, 80)}`;
    return [message, () => {
      const [call, ...watched] = make(value);
      assertUnchanged(call, { type: TypeError, says }, watched, message);
    }]; // prettier-ignore
  });
}

test('backward refuses options and gradients of a wrong kind', () => {
  const cases = [];
  const wrong = (...args) => cases.push(...wrongKinds(...args));
  const make = (args) => {
    const x = leaf([2]);
    const y = x.exp();
    return [() => y.backward(...args), x, y];
  };
  const g = ones(2);
  wrong((value) => make([g, value]), [3, 'x', [true], { retain_graph: true }, { retaingraph: true }, { createGraph: true }, { retainGraph: 1 }, { retainGraph: 'yes' }]);
  wrong((value) => make([value]), ['x', true, {}, () => 0, new Date(), ['a', 'b'], Symbol.iterator]);
  assertAll(cases);
});

test('requiresGrad and grad refuse what is no boolean and no gradient', () => {
  const cases = [];
  const wrong = (...args) => cases.push(...wrongKinds(...args));
  wrong((value) => { const x = leaf([2]); return [() => (x.requiresGrad = value), x]; }, [1, 'true', null, undefined, {}]); // prettier-ignore
  wrong((value) => { const x = leaf([2]); return [() => (x.grad = value), x]; }, [1, 'x', undefined, [1, 2], new Float32Array(2), {}, true]); // prettier-ignore
  assertAll(cases);
});

test('a disposed tensor is refused as a gradient, at once', () => {
  const [x, g] = [leaf([2]), ones(2)];
  g.dispose();
  assertUnchanged(() => (x.grad = g), { type: Error, says: [/^tensor was disposed/] }, [x]);
});

test('zeroGrad and step refuse options of a wrong kind', () => {
  const cases = [];
  const wrong = (...args) => cases.push(...wrongKinds(...args));
  const make = (value) => {
    const p = parameter([1, 2], { grad: [1, 1] });
    const sgd = new optim.SGD([p]);
    return [() => sgd.zeroGrad(value), p, sgd];
  };
  wrong(make, [3, true, 'x', null, { set_to_none: true }, { setToNone: 1 }, { setToNone: 'no' }]);
  assertAll(cases);
});

test('optimisers refuse params and options of a wrong kind, and name them', () => {
  const cases = [];
  const wrong = (...args) => cases.push(...wrongKinds(...args));
  for (const name of Object.keys(optim)) {
    const p = leaf([2]);
    wrong((value) => [() => new optim[name](value), p], [undefined, null, 3, 'x', {}, { params: [p] }, new Map(), new Float32Array(2)], [/params/]);
    wrong((value) => [() => new optim[name]([value]), p], [null, undefined, 3, 'x', [p], new Float32Array(2)], [/param/]);
    wrong((value) => [() => new optim[name]([p], value), p], [3, 'x', null, [0.1]]);
    wrong((value) => [() => new optim[name]([p], { lr: value }), p], ['0.1', null, true, [0.1], {}, 1n], [/learning rate|lr/]);
    wrong((value) => [() => new optim[name]([p], { maximize: value }), p], [1, 0, 'true', null], [/maximize/]);
    wrong((value) => [() => new optim[name]([{ params: value }]), p], [null, undefined, 3, {}], [/params/]);
    wrong((value) => [() => new optim[name]([{ params: [p], ...value }]), p], [{ learningRate: 1 }, { lr: '1' }, { Lr: 1 }]);
    if (name.includes('Adam')) wrong((value) => [() => new optim[name]([p], { betas: value }), p], [0.9, null, [0.9], [0.9, 0.9, 0.9], ['0.9', '0.99'], [0.9, null], 'ab', { 0: 0.9, 1: 0.9 }], [/beta/]);
  }
  assertAll(cases);
});

const RATES = {
  SGD: ['lr', 'momentum', 'dampening', 'weightDecay'],
  SparseAdam: ['lr', 'eps'],
  Adagrad: ['lr', 'lrDecay', 'weightDecay', 'initialAccumulatorValue', 'eps'],
  Adam: ['lr', 'eps', 'weightDecay'],
  AdamW: ['lr', 'eps', 'weightDecay'],
};

/** A case for every rate of every optimiser, NaN and infinite. */
function badRates(check) {
  assert.deepEqual(Object.keys(RATES).sort(), Object.keys(optim).sort());
  const cases = Object.entries(RATES).flatMap(([name, rates]) => rates.flatMap((rate) => [NaN, Infinity, -Infinity].map((value) => ({ name, rate, value }))));
  assertAll(
    cases.map(({ name, rate, value }) => {
      const message = `${name} ${rate} ${value}`;
      const param = parameter([[1], [2]], name === 'SparseAdam' ? { sparseGrad: [[0], [[1]]] } : { grad: [[1], [1]] });
      return [message, () => check({ name, rate, value, param, error: { type: Error, says: [/^Invalid .*: -?(nan|inf)/] }, message })];
    }),
  );
}

test('optimisers refuse rates that are NaN or infinite, in their options and in a group', () => {
  badRates(({ name, rate, value, param, error, message }) => {
    assertUnchanged(() => new optim[name]([param], { [rate]: value }), error, [param], message);
    assertUnchanged(() => new optim[name]([{ params: [param], [rate]: value }]), error, [param], `${message}, group`);
  });
});

test('loadStateDict refuses rates that are NaN or infinite', () => {
  badRates(({ name, rate, value, param, error, message }) => {
    const optimizer = new optim[name]([param]);
    const dict = optimizer.stateDict();
    dict.paramGroups[0][rate] = value;
    assertUnchanged(() => optimizer.loadStateDict(dict), error, [param, optimizer], message);
  });
});

test('a step refuses rates that have become NaN or infinite, before it changes anything', () => {
  badRates(({ name, rate, value, param, error, message }) => {
    if (rate === 'initialAccumulatorValue') return; // used once, at construction
    const optimizer = new optim[name]([param]);
    optimizer.paramGroups[0][rate] = value;
    assertUnchanged(() => optimizer.step(), error, [param, optimizer], message);
  });
});

test('loadStateDict refuses what is no state dict, and changes nothing', () => {
  const cases = [];
  for (const name of Object.keys(optim)) {
    const p = parameter([[1], [2]], name === 'SparseAdam' ? { sparseGrad: [[0], [[1]]] } : { grad: [[1], [1]] });
    const optimizer = new optim[name]([p], { lr: 0.25 });
    optimizer.step();
    const good = optimizer.stateDict();
    const wrong = [null, undefined, 3, 'x', [], p, {}, { state: {} }, { paramGroups: [], state: {} }, { state: {}, paramGroups: [null] }, { state: {}, paramGroups: [{}] }, { paramGroups: good.paramGroups }, { state: null, paramGroups: good.paramGroups }];
    for (const dict of wrong) {
      const message = `${name} ${inspect(dict, { breakLength: Infinity, depth: 2 }).slice(0, 60)}`;
      const isOwn = (error) => [TypeError, Error].includes(error.constructor) && !/Cannot|not iterable|not a function|convert undefined/.test(error.message);
      cases.push([message, () => {
        const before = stateOf(optimizer);
        assert.throws(() => optimizer.loadStateDict(dict), isOwn, message);
        assert.deepEqual(stateOf(optimizer), before, message);
      }]); // prettier-ignore
    }
    for (const [key, value] of Object.entries(good.state[0] ?? {})) {
      if (typeof value === 'number') continue;
      const dict = { ...good, state: { 0: { ...good.state[0], [key]: zeros([3, 1]) } } };
      cases.push([`${name} ${key}`, () => assertUnchanged(() => optimizer.loadStateDict(dict), { type: Error, says: [/\[3, 1\].*\[2, 1\]/] }, [p, optimizer], `${name} ${key}`)]);
    }
  }
  assertAll(cases);
});

test('clipGradNorm refuses what is no parameter and no number', () => {
  const cases = [];
  const wrong = (...args) => cases.push(...wrongKinds(...args));
  const p = parameter([1, 2], { grad: [3, 4] });
  wrong((value) => [() => clipGradNorm(value, 1), p], [undefined, null, 3, 'x', {}, [3], [p, null], [[p]], new Float32Array(1)]);
  wrong((value) => [() => clipGradNorm([p], value), p], [undefined, null, '1', true, {}, 1n], [/maxNorm/]);
  wrong((value) => [() => clipGradNorm([p], 1, value), p], [null, '2', true, {}], [/normType/]);
  assertAll(cases);
});

test('EmbeddingBag and functional.embeddingBag refuse options of a wrong kind or name', () => {
  const cases = [];
  const wrong = (...args) => cases.push(...wrongKinds(...args));
  const weight = ones([5, 2]);
  const layer = new EmbeddingBag(5, 2);
  const both = (options) => [[() => embeddingBag([[1]], weight, options), weight], [() => new EmbeddingBag(5, 2, options)]];
  for (const options of [{ includeLastOffset: 1 }, { includeLastOffset: null }, { sparse: 1 }, { scaleGradByFreq: 'x' }, { mode: 3 }, { paddingIdx: 1.5 }, { paddingIdx: '1' }, { maxNorm: false }, { maxNorm: '1' }, { normType: '2' }, { padding_idx: 1 }, { includeLastOffsets: true }]) {
    both(options).forEach(([call, ...watched], i) => {
      const message = `${i === 0 ? 'embeddingBag' : 'EmbeddingBag'} ${JSON.stringify(options)}`;
      cases.push([message, () => assertUnchanged(call, { type: TypeError }, watched, message)]);
    });
  }
  wrong((value) => [() => layer.forward([[1]], value), layer], [3, 'x', null, [0], { offset: [0] }, { per_sample_weights: [1] }, { Out: 1 }]);
  wrong((value) => [() => layer.forward(value), layer], [undefined, null, 'x', {}, [[1.5]], [[null]], [['1']], [[true]], new Float32Array(2), [[NaN]]]);
  wrong((value) => [() => layer.forward([1, 2], { offsets: value }), layer], ['x', {}, [0.5], [null], ['0'], [true], new Float32Array(1), [NaN], true]);
  const summing = new EmbeddingBag(5, 2, { mode: 'sum' });
  wrong((value) => [() => summing.forward([1, 2], { offsets: [0], perSampleWeights: value }), summing], ['x', {}, ['1', 2], [null, 1], true]);
  wrong((value) => [() => noGrad(() => layer.forward([[1]], { out: value })), layer], [3, 'x', null, {}, new Float32Array(2)], [/out/]);
  assertAll(cases);
});

test('losses and products refuse arguments of a wrong kind', () => {
  const cases = [];
  const wrong = (...args) => cases.push(...wrongKinds(...args));
  const x = leaf([2, 3]);
  wrong((value) => [() => x.matmul(value), x], [undefined, null, 3, 'x', {}, true]);
  wrong((value) => [() => linear(x, value), x], [undefined, null, 3, 'x', {}]);
  wrong((value) => [() => linear(value, x), x], [undefined, null, 3, 'x', {}]);
  wrong((value) => [() => crossEntropy(value, [0, 1]), x], [undefined, null, 3, 'x', {}]);
  wrong((value) => [() => crossEntropy(x, value), x], [undefined, null, 'x', {}, [0, 1.5], [0, null], ['0', '1'], [true, false], new Float32Array(2)]);
  wrong((value) => [() => cosineSimilarity(x, value, 1), x], [undefined, null, 3, 'x', {}]);
  wrong((value) => [() => cosineSimilarity(x, x, value), x], ['x', null, 1.5, {}, true]);
  for (const name of ['sum', 'mean', 'prod', 'softmax', 'logSoftmax']) wrong((value) => [() => x[name](value), x], ['1', 1.5, {}, true, [0]]);
  for (const name of ['sum', 'mean', 'prod']) wrong((value) => [() => x[name](0, value), x], [1, 'true', null, {}]);
  wrong((value) => [() => x.pow(value), x], [undefined, null, '2', {}, true, 2n]);
  for (const name of ['add', 'sub', 'mul', 'div']) wrong((value) => [() => x[name](value), x], [undefined, null, 'x', {}, true, () => 0]);
  assertAll(cases);
});

test('a SparseTensor where a Tensor is expected is refused as one', () => {
  const p = parameter([[1], [2]], { sparseGrad: [[0, 0], [[1], [2]]] });
  const x = ones([2, 1]);
  for (const call of [() => x.add(p.grad), () => x.mul(p.grad), () => x.copy_(p.grad), () => x.matmul(p.grad), () => tensor(p.grad), () => x.equal(p.grad), () => functional.embedding([0], p.grad), () => functional.embeddingBag([[0]], p.grad)]) {
    assertUnchanged(call, { type: TypeError }, [p, x], String(call));
  }
});
