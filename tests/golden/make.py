"""Writes the golden files of this folder: what PyTorch 2.13.0 computes, draws, prints and refuses.

    python3 -m venv /tmp/oracle
    /tmp/oracle/bin/pip install torch==2.13.0 numpy
    /tmp/oracle/bin/python tests/golden/make.py

It needs an x86 processor with AVX2, whose order of summation and normals the files hold; a second run writes the
same bytes. Every file is {"pytorch": "2.13.0", "<list>": [one case per line]}.

A tensor is {"shape", "float32": base64 of little-endian bytes} or {"shape", "int32" or "int64": list}. Options that
are not finite are the strings "inf", "-inf" and "nan"; None is null. The tests read the files and need no Python.
prints.txt and errors.txt hold, a line each, what is printed and what raises.
"""
import hashlib
import random

from encoding import (F, array, check_oracle, error_case, evaluate, floats, inf, lines_of, namespace, nan, nn, node_name,
                      option, printed, tensor, torch, write)

NORM_TYPES = [2, 1, 3, 0.5, 0, inf, -inf, -1, 2.5, nan]


# embedding.json: lookups, with and without max_norm

TABLE = (torch.arange(15.) - 7).reshape(5, 3) / 4
WORKED = [[3, 4], [0.3, 0.4], [0, 0], [-6, 8]]
INDICES = {
    'a scalar': 2, 'one row': [3], 'a vector with duplicates': [4, 0, 4, 4], 'a matrix': [[1, 2, 4], [4, 3, 2]],
    'three dimensions': [[[0], [1]], [[2], [3]]], 'an empty vector': [], 'shape (2, 0)': [[], []],
    'shape (0, 5)': torch.empty(0, 5, dtype=torch.int64), 'int32': tensor([0, 3, 1], dtype=torch.int32),
}
LIMITS = [0, -1, -1e32, -inf, inf, nan, True, 1e-50, 1e300]
HARD_ROWS = [
    [nan, 4], [4, nan], [nan, 0], [nan, inf], [inf, 4], [4, -inf], [inf, 0], [inf, -inf], [inf, inf],
    [0, 0], [-0., -0.], [-0., 4], [1e20, 1e20], [3e38, 3e38], [1e20, -0.5], [1e-30, 1e-30], [1e-40, -2e-40],
    [1e-30, 1e30],
]
TINY_ROWS = [[1e-30, 1e-30], [1e-40, -2e-40], [1e-45, 0], [1e-20, 1e-20]]
EXACT = [(2, 5), (1, 7), (inf, 4), (-inf, 3), (0, 2)]  # the norms of [3, 4] that are exact in float32
WIDE = torch.arange(1., 20) / 4


def rows_over(weight, indices, max_norm, norm_type):
    """The distinct rows of `indices` whose norm, as PyTorch computes it, is above max_norm."""
    if max_norm is None or weight.shape[1] == 0:
        return []
    return [row for row in sorted(set(indices.flatten().tolist())) if weight[row].norm(norm_type).item() > max_norm]


def lookup(name, weight, indices, padding_idx=None, max_norm=None, norm_type=2.0):
    weight = torch.as_tensor(weight, dtype=torch.float32)
    indices = torch.as_tensor(indices, dtype=None if torch.is_tensor(indices) else torch.int64)
    rows, columns = weight.shape
    layer = nn.Embedding(rows, columns, padding_idx, max_norm, norm_type, _weight=weight.clone())
    version = layer.weight._version
    output = layer(indices)
    return {
        'name': name, 'num_embeddings': rows, 'embedding_dim': columns, 'padding_idx': padding_idx,
        'max_norm': option(max_norm), 'norm_type': option(norm_type), 'weight': array(weight), 'indices': array(indices),
        'output': array(output), 'weight_after': array(layer.weight),
        'rescaled': rows_over(weight, indices, max_norm, norm_type), 'version': layer.weight._version - version,
    }


def shape_cases():
    for name, indices in INDICES.items():
        yield lookup(f'indices: {name}', TABLE, indices)
        yield lookup(f'indices: {name}, max_norm 1', TABLE, indices, max_norm=1.0)
    for rows, columns, indices in [(0, 3, []), (0, 3, [[], []]), (3, 0, [0, 2]), (3, 0, 1), (0, 0, []), (1, 1, [0, 0])]:
        name, table = f'a table of {rows} rows and {columns} columns, indices {indices}', torch.ones(rows, columns)
        yield lookup(name, table, indices)
        yield lookup(f'{name}, max_norm 0.5', table, indices, max_norm=0.5)
    for padding_idx in [0, 4, -1, -5]:
        yield lookup(f'padding_idx {padding_idx} is an ordinary row', TABLE, [0, 4, 2, 0], padding_idx)
        yield lookup(f'padding_idx {padding_idx} is rescaled like any row', TABLE, [0, 4, 2, 0], padding_idx, 1.0)


def limit_cases():
    for max_norm in LIMITS:
        yield lookup(f'max_norm {max_norm}', WORKED + [[-0., -0.], [-0., -3]], [0, 1, 2, 3, 4, 5], max_norm=max_norm)
    yield lookup('a duplicate is rescaled once', WORKED, [3, 0, 3, 3, 0], max_norm=1.0)
    yield lookup('rows that are not looked up stay', WORKED, [3], max_norm=1.0)
    for p, norm in EXACT:
        for side, max_norm in [('just below', norm - 1e-9), ('exactly', norm), ('just above', norm + 1e-9)]:
            yield lookup(f'max_norm is {side} the {p} norm', [[3, 4]], [0], max_norm=max_norm, norm_type=p)


def norm_type_cases(p):
    def rows(name, weight, max_norm):
        return lookup(f'norm_type {p}: {name}', weight, range(len(weight)), max_norm=max_norm, norm_type=p)

    yield rows('worked rows', WORKED, 1.0)
    yield rows('one column', [[1e30], [-2], [0.25], [1e-45], [-0.], [nan], [-inf]], 0.5)
    yield from (rows(f'row {row}', [row], 1.0) for row in HARD_ROWS)
    yield from (rows(f'row {row}, max_norm 1e-35', [row], 1e-35) for row in TINY_ROWS)
    for value in [nan, inf, -inf, 0.]:
        weight = WIDE.repeat(5, 1)
        weight[range(5), [0, 5, 15, 16, 18]] = value
        yield rows(f'{value} at columns 0, 5, 15, 16 and 18 of 19', weight, 0.2)


def clear_limit(norms, rng):
    """A limit near one of the norms but near enough to none that the order of summation could decide."""
    limit = (rng.choice(norms) or 1.0) * rng.uniform(0.6, 1.4)
    while any(abs(norm - limit) <= 1e-4 * limit for norm in norms):
        limit *= 1.001
    return float(f'{limit:.6g}')


def random_lookup(number, rng):
    columns = 1 + number % 70
    rows = rng.randint(1, max(2, min(40, 320 // columns)))
    weight = torch.randn(rows, columns) * rng.choice([0.01, 1, 1, 30])
    if rng.random() < 0.2:
        weight[torch.rand(rows, columns) < 0.3] = 0
    indices = torch.randint(rows, [rng.randint(1, 3) for _ in range(number % 4)])
    padding_idx = rng.choice([None, rng.randrange(rows), rng.randrange(-rows, 0)])
    norm_type = rng.choice([2, 2, 2, 1, 1, 3, 0.5, inf, -inf, 0, 1.7, -1])
    norms = [row.norm(norm_type).item() for row in weight]
    max_norm = None if rng.random() < 0.15 else clear_limit(norms, rng)
    return lookup(f'random {number}', weight, indices, padding_idx, max_norm, norm_type)


def embedding_cases():
    torch.manual_seed(3)
    rng = random.Random(3)
    cases = [*shape_cases(), *limit_cases(), *(case for p in NORM_TYPES for case in norm_type_cases(p))]
    cases.append(lookup('norm_type 100: the powers overflow', WORKED, [0, 1, 2, 3], max_norm=1.0, norm_type=100))
    return cases + [random_lookup(number, rng) for number in range(350)]


# random.json: the generator

SEEDS = [0, 1, 42, 5489, 2024, 2**31, 2**32 + 5, 2**53 + 1, 67280421310721, 2**63, 2**64 - 1, -2**63]
NORMAL_SIZES = [1, 2, 3, 6, 15, 16, 17, 20, 31, 32, 33, 100, 1000]
UNIFORM_SIZES = [1, 3, 16, 17, 100]
PLANS = [[('randn', n)] for n in NORMAL_SIZES] + [[('rand', n)] for n in UNIFORM_SIZES] + [
    [('randn', 3), ('rand', 5), ('randn', 1), ('randn', 20), ('randn', 2), ('rand', 1)],
    [('randn', 1), ('randn', 1), ('randn', 1), ('randn', 16), ('randn', 1), ('rand', 3)],
    [('rand', 1), ('randn', 15), ('randn', 0), ('rand', 0), ('randn', 17), ('randn', 15), ('randn', 33), ('rand', 17)],
    [('rand', 621), ('randn', 1), ('rand', 2), ('randn', 31), ('randn', 2)],  # across the twist at 624 words
]
LAYERS = [(2, 3, 0), (4, 5, None), (10, 3, 0), (5, 4, -1), (1, 16, 0), (3, 7, 2)]


def draws(seed, plan):
    torch.manual_seed(seed)
    return {'seed': str(seed), 'draws': plan, 'values': [floats(getattr(torch, kind)(size)) for kind, size in plan]}


def large_normal(seed, size=100003):
    torch.manual_seed(seed)
    values = torch.randn(size)
    digest = hashlib.sha256(values.numpy().astype('<f4').tobytes()).hexdigest()
    return {'seed': str(seed), 'size': size, 'sha256': digest, 'first': floats(values[:16]), 'last': floats(values[-16:])}


def new_layer(seed, rows, columns, padding_idx):
    torch.manual_seed(seed)
    layer = nn.Embedding(rows, columns, padding_idx)
    return {'seed': str(seed), 'num_embeddings': rows, 'embedding_dim': columns, 'padding_idx': padding_idx,
            'weight': array(layer.weight), 'next_uniform': floats(torch.rand(1))}


# print.json

SHAPES = ['3', '5', '17', '2, 3', '4, 9', '3, 1, 4', '2, 2, 2, 3', '1, 30', '8, 12', '2, 3, 5', '1, 1', '27, 40']
FAMILIES = [
    'torch.randn({shape})',
    'torch.randn({shape}) * 1e{power}',
    '(torch.randn({shape}) * 10. ** torch.randint(0, {size}, ({shape},))).round()',
    'torch.randn({shape}) * 10. ** torch.randint(-{size}, {size}, ({shape},))',
    'torch.where(torch.rand({shape}) < 0.3, {special}, torch.randn({shape}) * 1e{size})',
    'torch.randint(-10**{size}, 10**{size}, ({shape},), dtype=int32)',
    'F.embedding(torch.randint(6, ({shape},)), torch.randn(6, {size}, requires_grad=True))',
]


def random_prints():
    rng = random.Random(4)
    for seed, (family, shape) in enumerate((family, shape) for family in FAMILIES for shape in SHAPES):
        special = rng.choice(['nan', 'inf', '-inf', '0.', '-0.'])
        text = family.format(shape=shape, power=rng.randint(-9, 9), size=rng.randint(1, 6), special=special)
        yield f'torch.manual_seed({seed}); {text}'


def print_case(text):
    value = evaluate(text)
    return {
        'python': text, 'tensor': array(value), 'requires_grad': value.requires_grad and value.is_leaf,
        'parameter': isinstance(value, nn.Parameter), 'grad_fn': node_name(value), 'text': str(value),
    }


def print_cases():
    return [print_case(text) for text in [*lines_of('prints.txt'), *random_prints()]]


# operations.json

BROADCASTS = [
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((3, 1), (1, 4)), ((2, 1, 3), (4, 1)), ((), (2, 2)), ((2, 2), ()),
    ((), ()), ((1,), (5,)), ((0,), (1,)), ((0, 3), (1, 3)), ((2, 0), (1, 1)), ((17,), (17,)), ((4, 35), (4, 35)),
    ((4, 35), (35,)), ((4, 35), (4, 1)), ((2, 3, 4, 5), (3, 1, 5)),
]
SPECIAL = tensor([nan, inf, -inf, 0., -0., 1., -1.5, 3e38, -3e38, 1e-45, -1e-40, 1e20, 16777217.])
WHOLE = tensor([1, -20, 2**31 - 1, -2**31, 65536, 0], dtype=torch.int32)
ALPHAS = [2, -1, 0.5, 0, 0.1, -1.7]
NORM_SHAPES = [(7,), (1,), (), (3, 4), (3, 1), (2, 3, 5), (4, 35), (0,), (0, 3), (3, 0)]


def operation(op, inputs, call, **arguments):
    if inputs[0].is_floating_point():
        inputs = [inputs[0].clone().requires_grad_(), *inputs[1:]]
    output = call(*inputs)
    return {'op': op, 'inputs': [array(value) if torch.is_tensor(value) else value for value in inputs],
            'arguments': {name: option(value) for name, value in arguments.items()},
            'output': array(output), 'grad_fn': node_name(output)}


def binary_inputs():
    yield from ((torch.randn(a), torch.randn(b)) for a, b in BROADCASTS)
    yield SPECIAL[:, None], SPECIAL[None, :]
    yield from ((torch.randn(2, 5), number) for number in [2.5, 3, -0.1])
    yield from [(WHOLE[:, None], WHOLE), (WHOLE, 3), (WHOLE, 1.5), (WHOLE, torch.randn(6)), (torch.randn(3, 1), WHOLE)]


def norm_inputs():
    yield from (torch.randn(shape) for shape in NORM_SHAPES)
    yield tensor([[nan, 4.], [4., nan], [inf, 4.], [4., -inf], [1e20, 1e20], [1e-30, 1e-30], [-0., -0.], [nan, inf]])


def norm_cases():
    for values in norm_inputs():
        for p in [2, 1, 0, inf, -inf, 3, 0.5, -1]:
            for dim in [None, *range(-1, values.dim())]:
                reduced = values.numel() if dim is None else (values.shape or [1])[dim]
                if reduced or p in (2, 1, 0, 3, 0.5):  # the others have no value for nothing: see errors.json
                    yield operation('norm', [values], lambda a: a.norm(p, dim), p=p, dim=dim)


def operation_cases():
    torch.manual_seed(5)
    for op in ['add', 'sub', 'mul']:
        yield from (operation(op, [a, b], lambda a, b: getattr(a, op)(b)) for a, b in binary_inputs())
    for alpha in ALPHAS:
        pairs = [(torch.randn(37), torch.randn(37)), (torch.randn(3, 1), torch.randn(19)), (SPECIAL[:, None], SPECIAL)]
        for a, b in pairs:
            yield operation('add', [a, b], lambda a, b: a.add(b, alpha=alpha), alpha=alpha)
    yield operation('add', [WHOLE, WHOLE], lambda a, b: a.add(b, alpha=3), alpha=3)
    yield from norm_cases()
    for indices, classes in [([2, 0, 1, 1], 3), ([[0, 3], [1, 1]], 4), (2, 5), ([], 3), ([0], 1)]:
        yield operation('one_hot', [tensor(indices, dtype=torch.int64)], lambda a: F.one_hot(a, classes).float(),
                        num_classes=classes)


# lines.json: PyTorch beside JavaScript, run from top to bottom in one session

LINES = [
    ('torch.manual_seed(0)', 'manualSeed(0)'),
    ('embedding = nn.Embedding(10, 3)', 'const embedding = new Embedding(10, 3)'),
    ('print(embedding)', 'console.log(embedding)'),
    ('print(embedding(torch.tensor([[1, 2, 4, 5], [4, 3, 2, 9]])))',
     'console.log(embedding.forward([[1, 2, 4, 5], [4, 3, 2, 9]]))'),
    ('padded = nn.Embedding(3, 3, padding_idx=0)', 'const padded = new Embedding(3, 3, { paddingIdx: 0 })'),
    ('print(padded.weight)', 'console.log(padded.weight)'),
    ('with torch.no_grad(): padded.weight[0] = torch.ones(3)',
     'noGrad(() => padded.weight.row(0).set([1, 1, 1]))'),
    ('print(padded(torch.tensor([0, 2, 0])))', 'console.log(padded.forward([0, 2, 0]))'),
    ('print(nn.Embedding(10, 3, padding_idx=-1, max_norm=1.0))',
     'console.log(new Embedding(10, 3, { paddingIdx: -1, maxNorm: 1 }))'),
    ('weight = torch.tensor([[3, 4], [0.3, 0.4], [6, 8]])',
     'const weight = tensor([[3, 4], [0.3, 0.4], [6, 8]])'),
    ('frozen = nn.Embedding.from_pretrained(weight, max_norm=1)',
     'const frozen = Embedding.fromPretrained(weight, { maxNorm: 1 })'),
    ('print(frozen(torch.tensor([0, 1])))', 'console.log(frozen.forward([0, 1]))'),
    ('print(weight)', 'console.log(weight)'),
    ('print(weight.norm(2, 1))', 'console.log(weight.norm(2, 1))'),
    ('print(nn.functional.embedding(torch.tensor(2), weight))',
     'console.log(functional.embedding(2, weight))'),
    ('print(nn.functional.one_hot(torch.tensor([2, 0]), 3).float())',
     'console.log(functional.oneHot([2, 0], 3))'),
    ('print(torch.randn(2, 3))', 'console.log(randn([2, 3]))'),
    ('words = nn.Embedding(5, 2, sparse=True)', 'const words = new Embedding(5, 2, { sparse: true })'),
    ('words(torch.tensor([2, 4, 4])).pow(2).sum().backward()',
     'words.forward([2, 4, 4]).pow(2).sum().backward()'),
    ('print(words.weight.grad)', 'console.log(words.weight.grad)'),
    ('optimizer = torch.optim.SparseAdam([words.weight], lr=0.1)',
     'const optimizer = new optim.SparseAdam([words.weight], { lr: 0.1 })'),
    ('optimizer.step()', 'optimizer.step()'),
    ('print(words.weight)', 'console.log(words.weight)'),
    ("bags = nn.EmbeddingBag.from_pretrained(weight, mode='sum', padding_idx=0)",
     "const bags = EmbeddingBag.fromPretrained(weight, { mode: 'sum', paddingIdx: 0 })"),
    ('print(bags(torch.tensor([1, 1, 2, 0]), torch.tensor([0, 3])))',
     'console.log(bags.forward([1, 1, 2, 0], { offsets: [0, 3] }))'),
]


def line_cases():
    names = {'torch': torch, 'nn': nn}
    return [{'pytorch': python, 'javascript': javascript, 'prints': printed(python, names) or None}
            for python, javascript in LINES]


# documentation.json: the examples of the documentation of torch.nn.Embedding

EXAMPLES = {
    'An Embedding module containing 10 tensors of size 3': [
        'torch.manual_seed(0)',
        'embedding = nn.Embedding(10, 3)',
        'input = torch.LongTensor([[1, 2, 4, 5], [4, 3, 2, 9]])',
        'print(embedding(input))'],
    'With padding_idx': [
        'torch.manual_seed(0)',
        'embedding = nn.Embedding(10, 3, padding_idx=0)',
        'input = torch.LongTensor([[0, 2, 0, 5]])',
        'print(embedding(input))'],
    'Changing the pad vector': [
        'torch.manual_seed(0)',
        'embedding = nn.Embedding(3, 3, padding_idx=0)',
        'print(embedding.weight)',
        'with torch.no_grad(): embedding.weight[0] = torch.ones(3)',
        'print(embedding.weight)'],
    'from_pretrained': [
        'weight = torch.FloatTensor([[1, 2.3, 3], [4, 5.1, 6.3]])',
        'embedding = nn.Embedding.from_pretrained(weight)',
        'input = torch.LongTensor([1])',
        'print(embedding(input))'],
}


def example_cases():
    return [{'title': title, 'python': lines, 'text': printed('\n'.join(lines), namespace())}
            for title, lines in EXAMPLES.items()]


def main():
    check_oracle()
    write('embedding.json', cases=embedding_cases())
    write('random.json',
          sequences=[draws(seed, plan) for seed in SEEDS for plan in PLANS],
          large=[large_normal(seed) for seed in SEEDS],
          embeddings=[new_layer(seed, *sizes) for seed in SEEDS for sizes in LAYERS])
    write('print.json', cases=print_cases())
    write('operations.json', cases=list(operation_cases()))
    write('lines.json', lines=line_cases())
    write('documentation.json', examples=example_cases())
    write('errors.json', errors=[error_case(line) for line in lines_of('errors.txt')])


if __name__ == '__main__':
    main()
