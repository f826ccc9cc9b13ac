"""autograd.json: graphs of several operations, and what version counters refuse, as replay.py writes them.

graphs; saved: each operation, with an input or its result edited before backward; lookups: what max_norm does to a graph;
documentation: the example of the documentation of nn.Embedding.
"""
from encoding import tensor, torch
from replay import replay


# Graphs of several operations

def numbers(*shape, requires_grad=True):
    return torch.randn(shape).requires_grad_(requires_grad)


def graphs():
    torch.manual_seed(14)
    x, y, m = numbers(3), numbers(3), numbers(2, 3)
    yield replay('one node used three times', {'x': x}, [
        ('y = x * x', 'const y = x.mul(x)'),
        ('z = y * y + y', 'const z = y.mul(y).add(y)'),
        ('z.sum().backward()', 'z.sum().backward()')], ['z', 'x.grad'])
    yield replay('a tensor with itself', {'x': x}, [
        ('y = (x - x) + x / x + x * x', 'const y = x.sub(x).add(x.div(x)).add(x.mul(x))'),
        ('y.sum().backward()', 'y.sum().backward()')], ['y', 'x.grad'])
    yield replay('two backwards add up', {'x': x}, [
        ('(x * 2).sum().backward()', 'x.mul(2).sum().backward()'),
        ('x.exp().sum().backward()', 'x.exp().sum().backward()')], ['x.grad'])
    yield replay('retain_graph', {'x': x}, [
        ('y = x.exp().sum()', 'const y = x.exp().sum()'),
        ('y.backward(retain_graph=True)', 'y.backward(undefined, { retainGraph: true })'),
        ('y.backward()', 'y.backward()')], ['x.grad'])
    yield replay('what saves nothing can be walked again', {'x': x}, [
        ('y = (x + 1).sum()', 'const y = x.add(1).sum()'),
        ('y.backward()', 'y.backward()'),
        ('y.backward()', 'y.backward()')], ['x.grad'])
    yield replay('two losses share a part', {'x': x, 'y': y}, [
        ('z = x.sigmoid() * y', 'const z = x.sigmoid().mul(y)'),
        ('z.sum().backward(retain_graph=True)', 'z.sum().backward(undefined, { retainGraph: true })'),
        ('(z * z).mean().backward()', 'z.mul(z).mean().backward()')], ['x.grad', 'y.grad'])
    yield replay('detach', {'x': x, 'y': y}, [
        ('z = x.detach() * y + x', 'const z = x.detach().mul(y).add(x)'),
        ('z.sum().backward()', 'z.sum().backward()')], ['z', 'x.grad', 'y.grad'])
    yield replay('no_grad inside', {'x': x, 'y': y}, [
        ('with torch.no_grad(): constant = (x * y).exp()', 'const constant = noGrad(() => x.mul(y).exp())'),
        ('z = constant * x', 'const z = constant.mul(x)'),
        ('z.sum().backward()', 'z.sum().backward()')],
        [('constant.requires_grad', 'constant.requiresGrad'), 'z', 'x.grad', 'y.grad'])
    yield replay('enable_grad inside no_grad', {'x': x}, [
        ('with torch.no_grad(), torch.enable_grad(): z = x * x', 'const z = noGrad(() => enableGrad(() => x.mul(x)))'),
        ('z.sum().backward()', 'z.sum().backward()')], ['x.grad'])
    yield replay('broadcasting in a chain', {'x': x, 'm': m, 'c': numbers(2, 1, 1), 's': numbers()}, [
        ('z = ((x + m) * c - s) / (m.unsqueeze(1) * m.unsqueeze(1) + 1)',
         'const z = x.add(m).mul(c).sub(s).div(m.unsqueeze(1).mul(m.unsqueeze(1)).add(1))'),
        ('z.mean().backward()', 'z.mean().backward()')], ['z', 'x.grad', 'm.grad', 'c.grad', 's.grad'])
    yield replay('matrix products and transposes', {'a': numbers(2, 3), 'b': numbers(3, 4), 'c': numbers(2, 5)}, [
        ('z = (a @ b).t() @ c', 'const z = a.matmul(b).t().matmul(c)'),
        ('z.tanh().sum().backward()', 'z.tanh().sum().backward()')], ['z', 'a.grad', 'b.grad', 'c.grad'])
    yield replay('views', {'m': m}, [
        ('z = m.reshape(3, 2).unsqueeze(0).squeeze().clone().t()',
         'const z = m.reshape([3, 2]).unsqueeze(0).squeeze().clone().t()'),
        ('(z * m).sum(1).backward(torch.tensor([1., -2.]))', 'z.mul(m).sum(1).backward([1, -2])')], ['z', 'm.grad'])
    yield replay('a gradient of its own', {'m': m}, [
        ('z = m.softmax(1)', 'const z = m.softmax(1)'),
        ('z.backward(torch.tensor([[1., 0., 0.], [0., 2., -1.]]))', 'z.backward([[1, 0, 0], [0, 2, -1]])')], ['m.grad'])
    yield replay('only what requires a gradient gets one', {'x': x, 'k': numbers(3, requires_grad=False)}, [
        ('z = x * k + k.exp()', 'const z = x.mul(k).add(k.exp())'),
        ('z.sum().backward()', 'z.sum().backward()')], ['x.grad', 'k.grad'])
    yield replay('an intermediate result keeps no gradient', {'x': x}, [
        ('y = x * 3', 'const y = x.mul(3)'),
        ('(y * y).sum().backward()', 'y.mul(y).sum().backward()')],
        ['x.grad', ('x.is_leaf', 'x.isLeaf'), ('y.is_leaf', 'y.isLeaf')])
    yield replay('a chain of 300', {'x': x}, [
        ('y = x', 'let y = x'),
        ('for _ in range(150): y = y * 1.01 - 0.001', 'for (let i = 0; i < 150; i++) y = y.mul(1.01).sub(0.001)'),
        ('y.sum().backward()', 'y.sum().backward()')], ['y', 'x.grad'])
    yield replay('a tied table', {'weight': numbers(5, 3)}, [
        ('hidden = F.embedding(tensor([[0, 2], [4, 4]]), weight).mean(1)',
         'const hidden = functional.embedding([[0, 2], [4, 4]], weight).mean(1)'),
        ('loss = F.cross_entropy(F.linear(hidden, weight), tensor([3, 0]))',
         'const loss = functional.crossEntropy(functional.linear(hidden, weight), [3, 0])'),
        ('loss.backward()', 'loss.backward()')], ['loss', 'weight.grad'])
    yield replay('attention', {'q': numbers(3, 4), 'k': numbers(5, 4), 'v': numbers(5, 2)}, [
        ('z = (q @ k.t() / 2).softmax(1) @ v', 'const z = q.matmul(k.t()).div(2).softmax(1).matmul(v)'),
        ('z.pow(2).sum().backward()', 'z.pow(2).sum().backward()')], ['z', 'q.grad', 'k.grad', 'v.grad'])
    yield replay('in place on a result', {'x': x, 'y': y}, [
        ('z = x * 2', 'const z = x.mul(2)'),
        ('z.add_(y, alpha=3)', 'z.add_(y, { alpha: 3 })'),
        ('z.mul_(y)', 'z.mul_(y)'),
        ('z.sum().backward()', 'z.sum().backward()')], ['z', 'x.grad', 'y.grad'])
    yield replay('norms and a cosine', {'a': numbers(3, 4), 'b': numbers(3, 4)}, [
        ('z = F.cosine_similarity(a, b, 1).sum() + a.norm(2, 1).log().sum() - b.norm(1)',
         'const z = functional.cosineSimilarity(a, b, 1).sum().add(a.norm(2, 1).log().sum()).sub(b.norm(1))'),
        ('z.backward()', 'z.backward()')], ['z', 'a.grad', 'b.grad'])


# Version counters. What is saved for backward, and may not change before

EDITS = [('add_(1)', 'add_(1)'), ('mul_(2)', 'mul_(2)'), ('zero_()', 'zero_()'), ('fill_(3)', 'fill_(3)'),
         ('copy_(torch.ones(2, 2))', 'copy_([[1, 1], [1, 1]])'), ('detach().add_(1)', 'detach().add_(1)'),
         ('reshape(4).add_(1)', 'reshape([4]).add_(1)'), ('data.add_(1)', 'data.fill(1)')]
SAVED = [
    ('a + b', 'a.add(b)'), ('a - b', 'a.sub(b)'), ('a * b', 'a.mul(b)'), ('a / b', 'a.div(b)'),
    ('a * 2', 'a.mul(2)'), ('a / 2', 'a.div(2)'), ('-a', 'a.neg()'), ('a.pow(2)', 'a.pow(2)'), ('a.pow(0)', 'a.pow(0)'),
    ('a.exp()', 'a.exp()'), ('a.log()', 'a.log()'), ('a.sqrt()', 'a.sqrt()'), ('a.abs()', 'a.abs()'),
    ('a.sigmoid()', 'a.sigmoid()'), ('a.tanh()', 'a.tanh()'),
    ('a.relu()', 'a.relu()'), ('F.logsigmoid(a)', 'a.logSigmoid()'), ('a @ b', 'a.matmul(b)'),
    ('a.sum()', 'a.sum()'), ('a.mean(1)', 'a.mean(1)'), ('a.prod()', 'a.prod()'), ('a.prod(1)', 'a.prod(1)'),
    ('a.softmax(1)', 'a.softmax(1)'), ('a.log_softmax(1)', 'a.logSoftmax(1)'),
    ('a.norm()', 'a.norm()'), ('a.norm(1)', 'a.norm(1)'), ('a.norm(0)', 'a.norm(0)'),
    ('a.norm(inf)', 'a.norm(Infinity)'), ('a.clone()', 'a.clone()'), ('a.t()', 'a.t()'),
    ('a.unsqueeze(0)', 'a.unsqueeze(0)'), ('a.reshape(4)', 'a.reshape([4])'),
    ('F.linear(a, b)', 'functional.linear(a, b)'),
    ('F.cross_entropy(a, tensor([1, 0]))', 'functional.crossEntropy(a, [1, 0])'),
    ('F.cosine_similarity(a, b, 1)', 'functional.cosineSimilarity(a, b, 1)'),
    ('F.embedding(tensor([1, 1]), a)', 'functional.embedding([1, 1], a)'),
    ('F.embedding(tensor([1, 1]), a, sparse=True)', 'functional.embedding([1, 1], a, { sparse: true })'),
    ('F.embedding_bag(tensor([[1, 1]]), a)', 'functional.embeddingBag([[1, 1]], a)'),
    ("F.embedding_bag(tensor([[1, 1]]), a, mode='max')", "functional.embeddingBag([[1, 1]], a, { mode: 'max' })"),
    ("F.embedding_bag(tensor([[1, 1]]), a, mode='sum', per_sample_weights=torch.ones(1, 2))",
     "functional.embeddingBag([[1, 1]], a, { mode: 'sum', perSampleWeights: [[1, 1]] })"),
]


def saved():
    """Each operation, with an input or the result changed in place before backward()."""
    torch.manual_seed(15)
    square = torch.rand(2, 2) + 0.5
    for python, javascript in SAVED:
        binary = 'b)' in python or python.endswith(' b') or ', b,' in python
        for a, b in [(True, True), (True, False), (False, True)] if binary else [(True, False)]:
            data = {'a': square.clone().requires_grad_(a), 'b': (square + 1).requires_grad_(b)}
            for changed in ['a', 'b', 'z'] if binary else ['a', 'z']:
                who = ' and '.join(name for name, required in [('a', a), ('b', b)] if required)
                yield replay(f'{javascript}: {changed} changes, gradients for {who}', data, [
                    (f'z = {python}', f'const z = {javascript}'),
                    (f'with torch.no_grad(): {changed}.add_(1)', f'noGrad(() => {changed}.add_(1))'),
                    ('z.sum().backward()', 'z.sum().backward()')], [])
    for python, javascript in EDITS:
        yield replay(f'{javascript} of what is saved', {'a': square.clone().requires_grad_()}, [
            ('z = a * a', 'const z = a.mul(a)'),
            (f'with torch.no_grad(): a.{python}', f'noGrad(() => a.{javascript})'),
            ('z.sum().backward()', 'z.sum().backward()')], [])


def lookup(name, weight='weight', indices='indices', **options):
    """const name = a lookup, in both languages."""
    python = ''.join(f', {key}={value}' for key, value in options.items())
    camel = {'max_norm': 'maxNorm', 'sparse': 'sparse'}
    javascript = ', '.join(f'{camel[key]}: {str(value).lower()}' for key, value in options.items())
    listed = indices.startswith('[')
    return (f'{name} = F.embedding({f"tensor({indices})" if listed else indices}, {weight}{python})',
            f'const {name} = functional.embedding({indices}, {weight}{f", {{ {javascript} }}" * bool(options)})')


LIMITED = lookup('b', max_norm=1.0)
BACKWARD = ('(a.sum() + b.sum()).backward()', 'a.sum().add(b.sum()).backward()')
SUM = ('a.sum().backward()', 'a.sum().backward()')
PRODUCT, SQUARE = ('a = weight @ X', 'const a = weight.matmul(X)'), ('a = weight ** 2', 'const a = weight.pow(2)')
NAMES = {'Exp': ('weight.exp()', 'weight.exp()'), 'Sigmoid': ('weight.sigmoid()', 'weight.sigmoid()'),
         'Clone': ('weight.clone()', 'weight.clone()'), 'Mul': ('weight * 2', 'weight.mul(2)'),
         'Embedding': ('F.embedding(indices, weight)', 'functional.embedding(indices, weight)')}
BAG = ("F.embedding_bag(indices, weight, offsets, max_norm=1.0, mode='sum', per_sample_weights=samples)",
       "functional.embeddingBag(indices, weight, { offsets, maxNorm: 1, mode: 'sum', perSampleWeights: samples })")


def lookups():
    """Section 3.7 of the specification: what max_norm does to a graph."""
    torch.manual_seed(16)
    data = {'weight': numbers(3, 5), 'indices': tensor([1, 2], dtype=torch.int32), 'X': numbers(5, 4)}

    def program(name, *lines, values=('weight', 'weight.grad'), data=data):
        return replay(name, data, lines, values)

    both = ['weight', 'weight.grad', 'X.grad']
    yield program('a product that needs the weight, then max_norm', PRODUCT, LIMITED, BACKWARD)
    yield program('a square, then max_norm', SQUARE, LIMITED, BACKWARD)
    yield program('a product whose other side needs no gradient', PRODUCT, LIMITED, BACKWARD,
                  data={**data, 'X': data['X'].detach()})
    yield program('a sum needs no weight', ('a = weight.sum()', 'const a = weight.sum()'), LIMITED, BACKWARD)
    yield program('max_norm first, then the product', LIMITED, PRODUCT, BACKWARD, values=both)
    yield program('max_norm first, then the square', LIMITED, SQUARE, BACKWARD)
    yield program('a clone', ('a = weight.clone() @ X', 'const a = weight.clone().matmul(X)'), LIMITED, BACKWARD,
                  values=both)
    yield program('a transposed weight shares the version',
                  ('a = X.t() @ weight.t()', 'const a = X.t().matmul(weight.t())'), LIMITED, BACKWARD)
    yield program('max_norm that rescales nothing', PRODUCT, lookup('b', max_norm=1000.0), BACKWARD)
    yield program('max_norm without indices', PRODUCT,
                  ('b = F.embedding(indices[:0], weight, max_norm=1.0)',
                   'const b = functional.embedding([], weight, { maxNorm: 1 })'), BACKWARD)
    for sparse in [False, True]:
        kind = 'sparse' if sparse else 'dense'
        yield program(f'two lookups with max_norm, {kind}', lookup('a', max_norm=1.0, sparse=sparse),
                      lookup('b', indices='[2, 0]', max_norm=0.5, sparse=sparse), BACKWARD)
        yield program(f'an edit of the weight between lookup and backward, {kind}', lookup('a', sparse=sparse),
                      ('with torch.no_grad(): weight.zero_()', 'noGrad(() => weight.zero_())'), SUM)
    yield program('an edit of the indices between lookup and backward', lookup('a'),
                  ('indices.fill_(0)', 'indices.fill_(0)'), SUM, values=['weight.grad'])
    for node, (python, javascript) in NAMES.items():
        yield program(f'the text names the node: {node}', (f'hidden = {python}', f'const hidden = {javascript}'),
                      ('a = hidden * hidden', 'const a = hidden.mul(hidden)'),
                      lookup('b', 'hidden', '[1]', max_norm=1.0), BACKWARD, values=['weight.grad'])
    for trainable in [True, False]:
        yield program(f'two bags with max_norm, per_sample_weights {"trainable" if trainable else "fixed"}',
                      (f'a = {BAG[0]}', f'const a = {BAG[1]}'), (f'b = {BAG[0]}', f'const b = {BAG[1]}'), BACKWARD,
                      data={'weight': data['weight'], 'indices': data['indices'],
                            'offsets': tensor([0], dtype=torch.int32),
                            'samples': tensor([0.5, 2.0], requires_grad=trainable)})


# Section 10.2: the example of the documentation

FORMULA = {'weight': tensor([[((5 * i + j) % 7 - 3) / 2 for j in range(5)] for i in range(3)]),
           'W': tensor([[((3 * k + 2 * j) % 5 - 2) / 4 for j in range(5)] for k in range(7)], requires_grad=True)}
LAYER = ('embedding = nn.Embedding(3, 5, max_norm=1.0, _weight=weight)',
         'const embedding = new Embedding(3, 5, { maxNorm: 1, weight })')
FIRST = ('a = embedding.weight.clone() @ W.t()', 'const a = embedding.weight.clone().matmul(W.t())')
SECOND = ('b = embedding(tensor([1, 2])) @ W.t()', 'const b = embedding.forward([1, 2]).matmul(W.t())')
LOSS = [('out = a.unsqueeze(0) + b.unsqueeze(1)', 'const out = a.unsqueeze(0).add(b.unsqueeze(1))'),
        ('loss = out.sigmoid().prod()', 'const loss = out.sigmoid().prod()'),
        ('loss.backward()', 'loss.backward()')]
VALUES = ['embedding.weight', 'out', 'loss', 'embedding.weight.grad', 'W.grad']


def documentation():
    without_clone = tuple(line.replace('.clone()', '') for line in FIRST)
    yield replay('the example', FORMULA, [LAYER, FIRST, SECOND, *LOSS], VALUES)
    yield replay('the example without the clone', FORMULA, [LAYER, without_clone, SECOND, *LOSS], VALUES)
    yield replay('the example without the clone, lines swapped', FORMULA, [LAYER, SECOND, without_clone, *LOSS], VALUES)
    yield replay('the example without the clone, W needs no gradient', {**FORMULA, 'W': FORMULA['W'].detach().clone()},
                 [LAYER, without_clone, SECOND, *LOSS], VALUES)
