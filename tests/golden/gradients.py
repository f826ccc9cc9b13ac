"""gradients.json: the gradient of F.embedding, dense and sparse, and how gradients accumulate.

cases: one lookup and backward(grad_output); weight_after is null without max_norm, which alone changes the weight.
accumulations: several lookups in one table, each with its own gradient: one backward() over all (one_graph), or one each.
zero_grads: the gradient before and after zero_grad() of a module or an optimiser.
"""
import random

from encoding import F, array, inf, nn, option, tensor, torch

ORDER = [[1e8], [1.], [-1e8], [1.]]  # 1 in float32 if added in this order, 0 or 2 in others
STABLE = 16  # entries: PyTorch sorts more of them unstably, so that coalesce adds duplicates in another order
MERGES = 'PyTorch merges entries with equal indices when it adds sparse gradients; entries are appended'
SCALES = ('PyTorch refuses sparse gradients with scale_grad_by_freq at backward; each value is scaled by '
          'float32(1 / count)')
NO_DIMENSION = 'PyTorch fails at backward: a 0-d index with sparse gradients and padding_idx'


# Sparse gradients

def coo(indices, values, shape):
    return torch.sparse_coo_tensor(indices[None], values, shape, check_invariants=True)


def coalesced(gradient):
    """Ascending rows; duplicates added in order of appearance."""
    sums = {}
    for row, value in zip(gradient._indices()[0].tolist(), gradient._values()):
        sums[row] = sums[row] + value if row in sums else value
    rows = sorted(sums)
    values = torch.stack([sums[row] for row in rows]) if rows else gradient._values()[:0]
    return coo(tensor(rows, dtype=torch.int64), values, gradient.shape)


def same(a, b):
    return torch.allclose(a, b, rtol=0, atol=0, equal_nan=True)


def entries(gradient):
    return {'indices': gradient._indices()[0].tolist(), 'values': array(gradient._values())}


def encode(gradient):
    if gradient is None or not gradient.is_sparse:
        return None if gradient is None else array(gradient)
    sums = coalesced(gradient)
    if gradient._nnz() <= STABLE and not same(sums.to_dense(), gradient.coalesce().to_dense()):
        raise SystemExit(f'PyTorch coalesces this gradient in another order: {gradient}')
    return {'shape': list(gradient.shape), **entries(gradient), 'is_coalesced': gradient._nnz() < 2,
            'coalesced': entries(sums)}


def sparse_by_rule(weight, indices, grad_output, padding_idx, scale_grad_by_freq):
    indices = indices.flatten().long()
    values = grad_output.reshape(len(indices), weight.shape[1])
    if scale_grad_by_freq:
        values = values * (1 / indices.bincount().double())[indices].float()[:, None]
    kept = indices != (-1 if padding_idx is None else padding_idx)
    kept &= weight.shape[1] > 0
    return coo(indices[kept], values[kept], weight.shape)


# One lookup and its backward

def backward(name, weight, indices, grad_output, padding_idx=None, max_norm=None, norm_type=2.0,
             scale_grad_by_freq=False, sparse=False):
    weight = torch.as_tensor(weight, dtype=torch.float32)
    indices = torch.as_tensor(indices, dtype=None if torch.is_tensor(indices) else torch.int64)
    rows, columns = weight.shape
    layer = nn.Embedding(rows, columns, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse,
                         _weight=weight.clone())
    output = layer(indices)
    grad_output = torch.as_tensor(grad_output, dtype=torch.float32).expand(output.shape)
    deviation = None
    if sparse and scale_grad_by_freq:
        deviation = SCALES
    elif sparse and indices.dim() == 0 and padding_idx is not None:
        deviation = NO_DIMENSION
    if deviation:
        gradient = sparse_by_rule(weight, indices, grad_output, layer.padding_idx, scale_grad_by_freq)
    else:
        output.backward(grad_output)
        gradient = layer.weight.grad
    return {
        'name': name, 'num_embeddings': rows, 'embedding_dim': columns, 'padding_idx': padding_idx,
        'max_norm': option(max_norm), 'norm_type': option(norm_type), 'scale_grad_by_freq': scale_grad_by_freq,
        'sparse': sparse, 'weight': array(weight), 'indices': array(indices), 'grad_output': array(grad_output),
        'gradient': encode(gradient), 'weight_after': None if max_norm is None else array(layer.weight),
        'deviation': deviation,
    }


TABLE = torch.arange(15.).reshape(5, 3) / 4
ROWS = torch.arange(1., 13).reshape(4, 3)
NO_INDICES = torch.empty(0, 2, dtype=torch.int64)


def named_cases():
    for sparse in [False, True]:
        def case(name, weight, indices, grad_output, **options):
            return backward(f'{"sparse" if sparse else "dense"}: {name}', weight, indices, grad_output, sparse=sparse,
                            **options)

        yield case('duplicates are added in order of appearance', torch.zeros(3, 1), [1, 1, 1, 1], ORDER)
        yield case('and so are those of two rows that alternate', torch.zeros(3, 1), [1, 2, 1, 1, 2, 1],
                   [ORDER[0], [5.], ORDER[1], ORDER[2], [7.], ORDER[3]])
        yield case('rows that were not looked up', TABLE, [0, 3], ROWS[:2])
        yield case('an index matrix is read row by row', TABLE, [[4, 0], [0, 2]], ROWS.reshape(2, 2, 3))
        yield case('int32 indices', TABLE, tensor([4, 1], dtype=torch.int32), ROWS[:2])
        yield case('one gradient for all positions', TABLE, [1, 2, 1], 0.5)
        yield case('one entry counts as coalesced', TABLE, [3], ROWS[:1])
        yield case('zeros of either sign', TABLE, [0, 1, 1], -0.)
        yield case('NaN and infinity', TABLE, [0, 1, 1], [[float('nan'), inf, 1.], [inf, 1., -inf], [-inf, 2., -inf]])
        yield case('scale_grad_by_freq: counts 3 and 1', torch.zeros(4, 1), [1, 1, 1, 3], [[1.], [2.], [4.], [8.]],
                   scale_grad_by_freq=True)
        yield case('scale_grad_by_freq: three thirds', torch.zeros(3, 1), [1, 1, 1], 1., scale_grad_by_freq=True)
        yield case('scale_grad_by_freq: padding', TABLE, [1, 1, 0, 2], ROWS, scale_grad_by_freq=True, padding_idx=1)
        for padding_idx in [0, 4, -1, -5]:
            yield case(f'padding_idx {padding_idx}', TABLE, [0, 4, 2, 0], ROWS, padding_idx=padding_idx)
        yield case('padding_idx -1 is the last row', TABLE, [[4, 3], [4, 4]], ROWS.reshape(2, 2, 3), padding_idx=-1)
        yield case('nothing but padding', TABLE, [2, 2], ROWS[:2], padding_idx=2)
        yield case('a scalar', TABLE, 2, ROWS[0])
        yield case('a scalar and another padding_idx', TABLE, 2, ROWS[0], padding_idx=1)
        yield case('a scalar that is padding', TABLE, 2, ROWS[0], padding_idx=2)
        yield case('no indices', TABLE, [], 1.)
        yield case('no indices, shape (0, 2)', TABLE, NO_INDICES, 1., padding_idx=0)
        yield case('no columns', torch.zeros(3, 0), [0, 2], 1.)
        yield case('no rows', torch.zeros(0, 3), [], 1.)
        yield case('max_norm does not scale the gradient', [[3., 4.], [0.3, 0.4], [6., 8.]], [0, 1, 2, 2],
                   [[1., 2.], [3., 4.], [5., 6.], [7., 8.]], max_norm=1.0)
        yield case('max_norm and padding', [[3., 4.], [0.3, 0.4], [6., 8.]], [0, 1, 2, 2], 1., max_norm=1.0,
                   padding_idx=2)


def random_case(number, rng):
    columns = number % 41
    rows = rng.randint(1, max(2, min(40, 240 // max(columns, 1))))
    shape = [rng.randint(0 if rng.random() < 0.1 else 1, 4) for _ in range(number % 4)]
    count = torch.Size(shape).numel()
    # past STABLE: eighths, whose sums are exact in any order
    values = torch.randn if count <= STABLE else lambda *size: torch.randint(-64, 65, size) / 8
    indices = torch.randint(rows, shape, dtype=rng.choice([torch.int64, torch.int64, torch.int32]))
    return backward(
        f'random {number}', torch.randn(rows, columns), indices, values(*shape, columns),
        padding_idx=rng.choice([None, rng.randrange(rows), rng.randrange(-rows, 0)]),
        max_norm=rng.choice([None, None, 0.5, 1.0, 3.0]) if columns else None, norm_type=rng.choice([2.0, 2.0, 1.0, inf]),
        scale_grad_by_freq=rng.random() < 0.3, sparse=rng.random() < 0.5)


def cases():
    torch.manual_seed(10)
    rng = random.Random(10)
    return [*named_cases(), *(random_case(number, rng) for number in range(340))]


# Several lookups in one table

def accumulate(name, calls, one_graph=False, rows=9, columns=2, deviation=None):
    """calls: (indices, gradient, sparse). A gradient that is one number is stretched, and then PyTorch appends entries;
    others it merges, so what is expected of them is given by `deviation`."""
    weight = torch.zeros(rows, columns, requires_grad=True)
    outputs = [F.embedding(tensor(indices, dtype=torch.int64), weight, sparse=sparse) for indices, _, sparse in calls]
    grads = [torch.as_tensor(grad, dtype=torch.float32).expand(output.shape)
             for (_, grad, _), output in zip(calls, outputs)]
    if one_graph:
        torch.autograd.backward(outputs, grads)
    else:
        for output, grad in zip(outputs, grads):
            output.backward(grad)
    gradient = weight.grad
    if deviation:
        parts = [sparse_by_rule(weight, tensor(indices), grad, None, False)
                 for (indices, _, _), grad in zip(calls, grads)]
        gradient = coo(torch.cat([part._indices()[0] for part in parts]), torch.cat([part._values() for part in parts]),
                       weight.shape)
        if not same(gradient.to_dense(), weight.grad.to_dense()):
            raise SystemExit(f'{name}: another sum')
    return {'name': name, 'num_embeddings': rows, 'embedding_dim': columns, 'one_graph': one_graph,
            'calls': [{'indices': indices, 'grad_output': array(grad), 'sparse': sparse}
                      for (indices, _, sparse), grad in zip(calls, grads)],
            'gradient': encode(gradient), 'deviation': deviation}


FIRST, SECOND = [7, 1, 3, 1], [2, 7, 3]


def accumulations():
    yield accumulate('none, then sparse', [(FIRST, 1.5, True)])
    for one_graph, where in [(False, 'two backwards'), (True, 'one graph')]:
        for first, second in [(True, True), (True, False), (False, True), (False, False)]:
            kinds = ['sparse' if sparse else 'dense' for sparse in [first, second]]
            yield accumulate(f'{where}: {kinds[0]}, then {kinds[1]}', [(FIRST, 1.5, first), (SECOND, -0.25, second)],
                             one_graph)
    yield accumulate('two backwards: the same entries twice', [(FIRST, 1.5, True), (FIRST, 0.5, True)])
    yield accumulate('three backwards', [(FIRST, 1.5, True), (SECOND, 0.25, True), ([8], 3., True)])
    yield accumulate('two backwards: nothing, then sparse', [([], 1., True), (SECOND, 2., True)])
    yield accumulate('two backwards: sparse, then nothing', [(SECOND, 2., True), ([], 1., True)])
    yield accumulate('two backwards: sparse, then nothing, dense', [(SECOND, 2., True), ([], 1., False)])
    yield accumulate('two backwards: one entry each', [([4], 1., True), ([4], 2., True)])
    grads = [[[1., 2.], [3., 4.], [5., 6.], [7., 8.]], [[0.5, 0.25], [8., 16.], [32., 64.]]]
    yield accumulate('two backwards: gradients of their own', [(FIRST, grads[0], True), (SECOND, grads[1], True)],
                     deviation=MERGES)
    for first, second in [(True, False), (False, False), (False, True)]:
        kinds = ['sparse' if sparse else 'dense' for sparse in [first, second]]
        yield accumulate(f'two backwards: order of the sum, {kinds[0]} and {kinds[1]}',
                         [([1, 1], ORDER[:2], first), ([1, 1], ORDER[2:], second)], columns=1)


def zero_grad(sparse, set_to_none, owner):
    layer = nn.Embedding(4, 2, sparse=sparse)
    layer(tensor([1, 3, 1])).sum().backward()
    before = encode(layer.weight.grad)
    (layer if owner == 'module' else torch.optim.SGD(layer.parameters(), lr=0.1)).zero_grad(set_to_none=set_to_none)
    return {'owner': owner, 'sparse': sparse, 'set_to_none': set_to_none, 'before': before,
            'after': encode(layer.weight.grad)}


def zero_grads():
    return [zero_grad(sparse, set_to_none, owner) for owner in ['module', 'optimizer'] for sparse in [False, True]
            for set_to_none in [True, False]]
