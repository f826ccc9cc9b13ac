"""autograd.json: every operation on tensors, forward and backward.

operations: inputs are tensors or numbers, gradients those of backward(grad_output), null where there is none.
integers: int32 inputs, forward only.
"""
from encoding import F, array, inf, nan, node_name, option, tensor, torch
from gradients import encode

# Under the names of the JavaScript functions, in snake_case

CALLS = {
    'add': torch.add, 'sub': torch.sub, 'mul': torch.mul, 'div': torch.div, 'neg': torch.neg, 'pow': torch.pow,
    'exp': torch.exp, 'log': torch.log, 'sqrt': torch.sqrt, 'abs': torch.abs, 'sigmoid': torch.sigmoid,
    'tanh': torch.tanh, 'relu': torch.relu, 'log_sigmoid': F.logsigmoid, 'matmul': torch.matmul,
    'sum': torch.sum, 'mean': torch.mean, 'prod': torch.prod, 'softmax': torch.softmax, 'log_softmax': torch.log_softmax,
    'norm': lambda a, p, dim=None: a.norm(p, dim), 't': torch.t, 'unsqueeze': torch.unsqueeze,
    'squeeze': torch.squeeze, 'reshape': torch.reshape, 'clone': torch.clone, 'linear': F.linear,
    'cross_entropy': F.cross_entropy, 'cosine_similarity': F.cosine_similarity,
}


def written(value):
    return array(value) if torch.is_tensor(value) else option(value)


def operation(op, inputs, requires_grad=None, **arguments):
    """requires_grad: for each input; by default every tensor."""
    leaves = [torch.as_tensor(value, dtype=torch.float32).clone() if not isinstance(value, (int, float)) else value
              for value in inputs]
    tensors = [value for value in leaves if torch.is_tensor(value)]
    for leaf, required in zip(tensors, requires_grad or [True] * len(tensors)):
        leaf.requires_grad_(required)
    output = CALLS[op](*leaves, **arguments)
    grad_output = torch.randn(output.shape)
    if output.requires_grad:
        output.backward(grad_output)
    return {'op': op, 'inputs': [written(value) for value in leaves],
            'requires_grad': [torch.is_tensor(value) and value.requires_grad for value in leaves],
            'arguments': {name: written(value) for name, value in arguments.items()}, 'output': array(output),
            'grad_fn': node_name(output), 'grad_output': array(grad_output),
            'gradients': [encode(value.grad) if torch.is_tensor(value) else None for value in leaves]}


SPECIAL = tensor([nan, inf, -inf, 0., -0., 1., -1.5, 3e38, -3e38, 1e-45, -1e-40, 1e20, 16777217.])
SATURATED = tensor([-inf, -200., -104., -89., -30., -17., -9., -0.5, -1e-3, -1e-8, -0.,
                    0., 1e-8, 1e-3, 0.5, 9., 17., 30., 89., 104., 200., inf, nan])
SHAPES = [(), (1,), (7,), (3, 4), (2, 3, 5), (37,), (0,), (2, 0, 3)]
BROADCASTS = [
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((3, 1), (1, 4)), ((2, 1, 3), (4, 1)), ((), (2, 2)), ((2, 2), ()),
    ((), ()), ((1,), (5,)), ((0,), (1,)), ((0, 3), (1, 3)), ((2, 0), (1, 1)), ((4, 19), (4, 19)), ((4, 19), (19,)),
    ((4, 19), (4, 1)), ((2, 3, 4), (3, 1)),
]


def binary_cases():
    for op in ['add', 'sub', 'mul', 'div']:
        yield from (operation(op, [torch.randn(a), torch.randn(b)]) for a, b in BROADCASTS)
        yield from (operation(op, [torch.randn(a), torch.randn(b)], requires) for a, b in BROADCASTS[1:4]
                    for requires in [[True, False], [False, True], [False, False]])
        yield from (operation(op, [torch.randn(3, 2), number]) for number in [2.5, 3, -0.1, 0])
        yield operation(op, [SPECIAL[:, None], SPECIAL])
    for alpha in [2, -1, 0.5, 0, 0.1]:
        yield operation('add', [torch.randn(3, 1), torch.randn(5)], alpha=alpha)
        yield operation('add', [torch.randn(9), 1.5], alpha=alpha)


def unary_cases():
    for op in ['neg', 'exp', 'log', 'sqrt', 'abs', 'sigmoid', 'tanh', 'relu', 'log_sigmoid', 'clone']:
        for shape in SHAPES:
            values = torch.randn(shape) * 2
            yield operation(op, [values.abs() if op in ('log', 'sqrt') else values])
        yield operation(op, [SPECIAL])
        yield operation(op, [SATURATED])
        yield operation(op, [torch.randn(5)], [False])
    for exponent in [2, 0.5, -1, 3, 0, 1, 1.5, -2, 2.5, -0.5, 4, -3]:
        for shape in [(), (7,), (3, 4), (0,)]:
            values = torch.randn(shape)
            yield operation('pow', [values if exponent == int(exponent) else values.abs()], exponent=exponent)
        yield operation('pow', [SPECIAL], exponent=exponent)
    yield operation('pow', [torch.randn(5)], exponent=0.5)


def matmul_cases():
    for a, b in [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((1, 1), (1, 1)), ((1, 5), (5, 1)),
                 ((5, 1), (1, 5)), ((4, 40), (40, 3)), ((33, 7), (7, 17)), ((40,), (40,)), ((6, 40), (40,)),
                 ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((2, 3), (3, 0)), ((0,), (0,)), ((2, 0), (0,)), ((0,), (0, 2))]:
        for requires in [[True, True], [True, False], [False, True]] if min(a) > 0 else [[True, True]]:
            yield operation('matmul', [torch.randn(a), torch.randn(b)], requires)
    yield operation('matmul', [[[nan, 1.], [inf, 0.], [-inf, inf]], [[1., 2.], [0., -1.]]])
    for a, b in [((2, 3), (4, 3)), ((3,), (4, 3)), ((2, 2, 3), (4, 3)), ((1, 3), (1, 3)), ((0, 3), (4, 3)),
                 ((5, 20), (9, 20)), ((17, 33), (9, 33)), ((2, 3), (0, 3))]:
        yield operation('linear', [torch.randn(a), torch.randn(b)])
    yield operation('linear', [torch.randn(2, 3), torch.randn(4, 3)], [True, False])
    yield operation('linear', [torch.randn(2, 3), torch.randn(4, 3)], [False, True])


def reduction_cases():
    for op in ['sum', 'mean', 'prod']:
        for shape in SHAPES:
            yield operation(op, [torch.randn(shape)])
            for dim in range(-1, len(shape)):
                yield operation(op, [torch.randn(shape)], dim=dim)
                yield operation(op, [torch.randn(shape)], dim=dim, keepdim=True)
        yield operation(op, [SPECIAL])
        yield operation(op, [SPECIAL[:12].reshape(3, 4)], dim=1)
        yield operation(op, [torch.randn(3, 4)], [False], dim=0)
    yield operation('sum', [torch.randn(6, 200)], dim=1)
    yield operation('mean', [torch.randn(200, 6)], dim=0)
    for values in [[1e-30, 1e-30, 2.], [2., 0., 4.], [2., -0., 4.], [0., 0., 4.], [nan, 0., 2.], [1e20, 1e20, 1e-30],
                   [2., inf, 0.5], [nan, 1., 2.], [2., inf, 0.], [0.], [nan], [-3.], [-1., -2., -3.], [1e-45, 2.],
                   [1e30, 1e30], [-0., -0.], [0., 0., 0.], [1., 2., 3., 4., 5.]]:
        yield operation('prod', [values])
    for values in [[[2., 0., 4.], [0., 0., 1.], [1., 2., 3.]], [[1., 2., 3.], [4., 5., 6.]], [[0., 2.], [3., 4.]],
                   [[1e-30, 1e-30], [1e20, 1e20]], [[nan, 1.], [0., 2.]], [[-0., 2.], [inf, 0.]]]:
        for dim in [0, 1, -1]:
            yield operation('prod', [values], dim=dim)
    yield operation('prod', [tensor(0.)])
    yield operation('prod', [tensor(0.)], dim=0)


LOGITS = [[1000., 0., -1000.], [-inf, 0., 1.], [-inf, -inf, -inf], [inf, 0., 1.], [nan, 0., 1.], [1., 1., 1.],
          [0., -0., 0.], [-1e4, -1e4, -1e4], [88., -88., 0.], [3e38, -3e38, 0.], [20., 0., 0.]]


def softmax_cases():
    for op in ['softmax', 'log_softmax']:
        for shape in [(4,), (1,), (3, 4), (2, 3, 5), (5, 40), (0, 3), (3, 0), (0,), ()]:
            for dim in range(-1, max(len(shape), 1)):
                yield operation(op, [torch.randn(shape) * 3], dim=dim)
        yield from (operation(op, [row], dim=0) for row in LOGITS)
        yield operation(op, [LOGITS], dim=1)
    for rows, classes in [(1, 1), (1, 5), (4, 3), (6, 11), (3, 40), (17, 2)]:
        yield operation('cross_entropy', [torch.randn(rows, classes) * 2], target=torch.randint(classes, (rows,)))
    yield operation('cross_entropy', [torch.randn(4, 3)], target=tensor([2, 2, 2, 2]))
    yield operation('cross_entropy', [torch.randn(4, 3)], [False], target=tensor([0, 1, 2, 0]))
    yield operation('cross_entropy', [torch.empty(0, 3)], target=tensor([], dtype=torch.int64))
    for target in [0, 1, 2]:
        yield operation('cross_entropy', [LOGITS], target=torch.full((len(LOGITS),), target))
        yield operation('cross_entropy', [[[1000., 0., -1000.], [50., -50., 0.]]], target=torch.full((2,), target))


NORM_ROWS = [[3., 4., 0.], [0., 0., 0.], [-0., -3., 0.], [2., -2., 1.], [nan, 1., 2.], [inf, 1., 0.], [-inf, inf, 1.],
             [1e20, 1e20, 1.], [1e-30, 1e-30, 0.], [1e-45, 0., 0.], [-1., -1., -1.]]


def norm_cases():
    for p in [2, 1, inf, 3, 0, 0.5, 1.5, -1, -inf]:
        for shape in [(7,), (1,), (), (3, 4), (2, 3, 5)]:
            yield operation('norm', [torch.randn(shape)], p=p)
        for dim in [0, 1, -1]:
            yield operation('norm', [torch.randn(3, 4)], p=p, dim=dim)
            yield operation('norm', [torch.randn(2, 3, 1)], p=p, dim=dim)
        yield from (operation('norm', [row], p=p) for row in NORM_ROWS)
        yield operation('norm', [NORM_ROWS], p=p, dim=1)
        if p >= 0 and p != inf:
            yield from (operation('norm', [torch.empty(shape)], p=p) for shape in [(0,), (3, 0)])
            yield operation('norm', [torch.empty(3, 0)], p=p, dim=1)
    for a, b, dim in [((7,), (7,), 0), ((5, 7), (5, 7), 1), ((5, 7), (5, 7), 0), ((5, 7), (5, 7), -1), ((5, 7), (7,), 1),
                      ((5, 1, 4), (1, 3, 4), 2), ((2, 3, 4), (2, 3, 4), 1), ((1,), (1,), 0), ((0, 3), (0, 3), 1),
                      ((3, 0), (3, 0), 1), ((3, 40), (3, 40), 1)]:
        yield operation('cosine_similarity', [torch.randn(a), torch.randn(b)], dim=dim)
    yield operation('cosine_similarity', [torch.randn(5, 3), torch.randn(5, 3)], [True, False], dim=1)
    yield operation('cosine_similarity', [NORM_ROWS, [1., 2., -2.]], dim=1)
    yield operation('cosine_similarity', [NORM_ROWS, NORM_ROWS], dim=1)
    yield operation('cosine_similarity', [[1e-9, 0.], [1., 0.]], dim=0)


def shape_cases():
    for shape in [(), (3,), (2, 3), (1, 4), (4, 1), (0, 3), (3, 0), (17, 19)]:
        yield operation('t', [torch.randn(shape)])
    for shape in [(), (3,), (2, 3), (2, 0)]:
        for dim in range(-len(shape) - 1, len(shape) + 1):
            yield operation('unsqueeze', [torch.randn(shape)], dim=dim)
    for shape in [(), (1,), (1, 3), (2, 1, 3, 1), (1, 1), (2, 3), (0, 1)]:
        yield operation('squeeze', [torch.randn(shape)])
        yield from (operation('squeeze', [torch.randn(shape)], dim=dim) for dim in range(-1, len(shape)))
    for shape, new in [((6,), [2, 3]), ((2, 3), [6]), ((2, 3), [3, -1]), ((2, 3), [-1]), ((), [1]), ((1, 1), []),
                       ((0, 3), [3, 0]), ((2, 3, 4), [4, 6]), ((2, 3), [2, 3])]:
        yield operation('reshape', [torch.randn(shape)], shape=new)


def operations():
    torch.manual_seed(13)
    return [*binary_cases(), *unary_cases(), *matmul_cases(), *reduction_cases(), *softmax_cases(), *norm_cases(),
            *shape_cases()]


# int32 tensors, which take part forward only; PyTorch sums them to int64

WHOLE = tensor([[1, -20, 7], [65536, 0, -3]], dtype=torch.int32)


def integer(op, *inputs, **arguments):
    return {'op': op, 'inputs': [written(value) for value in inputs], 'arguments': arguments,
            'output': array(CALLS[op](*inputs, **arguments))}


def integers():
    for op in ['neg', 'abs', 'relu', 'clone', 't', 'sum', 'prod', 'exp', 'sqrt', 'sigmoid']:
        yield integer(op, WHOLE)
    yield from (integer('div', WHOLE, other) for other in [WHOLE, 2, 0.5, tensor([1.5])])
    yield from (integer('pow', WHOLE, exponent=exponent) for exponent in [2, 0, 1, 0.5])
    for op in ['sum', 'prod']:
        yield from (integer(op, WHOLE, dim=dim, keepdim=keepdim) for dim in [0, 1] for keepdim in [False, True])
    yield integer('matmul', WHOLE, WHOLE.t().contiguous())
    yield integer('unsqueeze', WHOLE, dim=0)
    yield integer('reshape', WHOLE, shape=[3, 2])
