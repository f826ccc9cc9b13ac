"""optimizers.json: torch.optim step by step, clip_grad_norm_, and the table of the specification's section 8.5.

cases: before each step lr sets the rates of the groups (null: none; a null inside: that one stays) and reload moves the
state dict to a new optimiser of the same options; then gradients, one for each parameter, and the parameters after.
state is that of the end, a sparse momentum buffer written as the dense tensor it stands for.
clips: gradients before and after. table: the loss is 0.1 * the sum of the squares of the looked-up rows.
"""
import random

from encoding import array, inf, nan, nn, optim, option, tensor, torch
from gradients import coalesced, coo, entries, same

SHAPES = [(4, 3), (2, 5), (7,), (1, 1), (3, 2, 2), ()]
TABLES = [(6, 3), (3, 2), (9, 1), (4, 4)]


def gradient(kind, shape, rng):
    """dense, sparse (up to 6 entries, with duplicates), empty (sparse without entries), none, zero."""
    if kind in ('sparse', 'empty'):
        count = 0 if kind == 'empty' else rng.randint(1, 6)
        return coo(torch.randint(shape[0], [count]), torch.randn(count, *shape[1:]), shape)
    return {'dense': torch.randn(shape), 'zero': torch.zeros(shape), 'none': None}[kind]


def encode(value):
    if value is None or not torch.is_tensor(value):
        return value
    if value.is_sparse:
        return {'shape': list(value.shape), **entries(value)}
    return array(value)


def state_of(optimizer, parameter):
    """A sparse momentum buffer as the dense tensor it stands for: its entries are PyTorch's own affair."""
    state = optimizer.state.get(parameter, {})
    return {name: (value.item() if torch.is_tensor(value) else value) if name == 'step'
            else encode(value.to_dense() if value.is_sparse else value) for name, value in state.items()}


def implementations(optimizer):
    """The one-tensor implementation, whose numbers are written, and the one that PyTorch takes by default."""
    return [{}] if optimizer == 'SparseAdam' else [{'foreach': False}, {}]


class Run:
    """One optimiser at work. groups: options of each group and the numbers of its parameters."""

    def __init__(self, optimizer, options, groups, parameters):
        self.make = lambda: getattr(optim, optimizer)(
            [{**group, 'params': [self.parameters[number] for number in group['params']]} for group in groups], **options)
        self.parameters = [values.clone().requires_grad_() for values in parameters]
        self.optimizer = self.make()

    def step(self, gradients, rates, reload):
        if reload:
            saved, self.optimizer = self.optimizer.state_dict(), self.make()
            self.optimizer.load_state_dict(saved)
        for group, lr in zip(self.optimizer.param_groups, rates):
            group['lr'] = group['lr'] if lr is None else lr
        for parameter, values in zip(self.parameters, gradients):
            parameter.grad = None if values is None else values.clone()
        self.optimizer.step()


def run(name, optimizer, options, parameters, steps, groups=None):
    """steps: dictionaries with gradients, and maybe lr (one for each group, None: as it was) and reload."""
    groups = groups or [{'params': list(range(len(parameters)))}]
    runs = [Run(optimizer, {**options, **implementation}, groups, parameters)
            for implementation in implementations(optimizer)]
    written = []
    for step in steps:
        lr, reload = step.get('lr'), step.get('reload', False)
        for one in runs:
            one.step(step['gradients'], lr or [], reload)
            if not all(same(a, b) for a, b in zip(one.parameters, runs[0].parameters)):
                raise SystemExit(f'{name}: foreach gives other numbers')
        written.append({'lr': lr, 'reload': reload, 'gradients': [encode(values) for values in step['gradients']],
                        'parameters': [array(parameter) for parameter in runs[0].parameters]})
    first = runs[0]
    return {'name': name, 'optimizer': optimizer, 'options': options, 'groups': groups,
            'parameters': [array(values) for values in parameters], 'steps': written,
            'state': [state_of(first.optimizer, parameter) for parameter in first.parameters]}


# Each option by itself and some together

SPARSE_OPTIONS = {
    'SGD': [{}, {'lr': 0.1}, {'lr': 0.1, 'maximize': True}, {'lr': 0.1, 'momentum': 0.9},
            {'lr': 0.1, 'momentum': 0.9, 'dampening': 0.5}, {'lr': 0.1, 'momentum': 0.9, 'nesterov': True},
            {'lr': 0.3, 'momentum': 0.5, 'maximize': True}],
    'SparseAdam': [{}, {'lr': 0.1}, {'lr': 0.1, 'betas': [0.5, 0.7]}, {'lr': 0.1, 'eps': 1e-3},
                   {'lr': 0.1, 'betas': [0.0, 0.9]}, {'lr': 0.1, 'maximize': True},
                   {'lr': 0.05, 'betas': [0.8, 0.99], 'eps': 1e-6, 'maximize': True}],
    'Adagrad': [{}, {'lr': 0.1}, {'lr': 0.1, 'lr_decay': 0.5}, {'lr': 0.1, 'initial_accumulator_value': 0.25},
                {'lr': 0.1, 'eps': 1e-3}, {'lr': 0.1, 'maximize': True},
                {'lr': 0.1, 'lr_decay': 0.1, 'initial_accumulator_value': 0.1, 'eps': 1e-6, 'maximize': True}],
}
DENSE_OPTIONS = {
    'SGD': SPARSE_OPTIONS['SGD'] + [
        {'lr': 0.1, 'weight_decay': 0.1}, {'lr': 0.1, 'weight_decay': 0.1, 'momentum': 0.9, 'nesterov': True},
        {'lr': 0.1, 'weight_decay': 0.01, 'momentum': 0.9, 'dampening': 0.3, 'maximize': True},
        {'lr': 0.0, 'momentum': 0.9}, {'lr': 0.1, 'momentum': 0.9, 'dampening': 1.0}],
    'Adagrad': SPARSE_OPTIONS['Adagrad'] + [{'lr': 0.1, 'weight_decay': 0.1}, {'lr': 0.0}, {'lr': 0.1, 'eps': 0.0}],
    'Adam': [{}, {'lr': 0.1}, {'lr': 0.1, 'betas': [0.5, 0.7]}, {'lr': 0.1, 'betas': [0.0, 0.0]},
             {'lr': 0.1, 'betas': [0.3, 0.999]}, {'lr': 0.1, 'eps': 1e-3}, {'lr': 0.1, 'weight_decay': 0.1},
             {'lr': 0.1, 'amsgrad': True}, {'lr': 0.1, 'amsgrad': True, 'betas': [0.5, 0.6]},
             {'lr': 0.1, 'maximize': True}, {'lr': 0.0},
             {'lr': 0.05, 'betas': [0.8, 0.99], 'eps': 1e-6, 'weight_decay': 0.05, 'amsgrad': True, 'maximize': True}],
}
DENSE_OPTIONS['AdamW'] = [*DENSE_OPTIONS['Adam'], {'lr': 0.1, 'weight_decay': 0.0}]
RATES = [0.02, 0.2, 0.05]


def runs_with(kinds, all_options, rng):
    for optimizer, choices in all_options.items():
        for number, options in enumerate(choices):
            sparse = kinds[0] == 'sparse'
            shapes = rng.sample(TABLES if sparse else SHAPES, 2)
            steps = [{'gradients': [gradient(rng.choice(kinds), shape, rng) for shape in shapes]} for _ in range(8)]
            text = ', '.join(f'{key} {value}' for key, value in options.items()) or 'defaults'
            yield run(f'{optimizer}, {kinds[0]}: {text}', optimizer, options,
                      [torch.randn(shape) for shape in shapes], steps)


def random_run(number, optimizer, kinds, rng):
    """Two groups, a rate that changes, a state dict that moves to a new optimiser."""
    options = dict(rng.choice((SPARSE_OPTIONS if kinds[0] == 'sparse' else DENSE_OPTIONS)[optimizer]), lr=0.1)
    shapes = rng.choices(TABLES if kinds[0] == 'sparse' else SHAPES, k=3)
    groups = rng.choice([None, [{'params': [0]}, {'params': [1, 2], 'lr': 0.03}]])
    steps = [{'gradients': [gradient(rng.choice(kinds), shape, rng) for shape in shapes]} for _ in range(10)]
    if number % 2:
        steps[4]['lr'] = [rng.choice(RATES), *[rng.choice([None, 0.01])] * (groups is not None)]
    if number % 3:
        steps[6]['reload'] = True
    return run(f'random {number}: {optimizer}, {kinds[0]}', optimizer, options,
               [torch.randn(shape) for shape in shapes], steps, groups)


def special_runs():
    one = torch.tensor([1., -2.])
    yield run('SGD: the first momentum is not dampened', 'SGD', {'lr': 1.0, 'momentum': 0.5, 'dampening': 0.5}, [one],
              [{'gradients': [torch.ones(2)]}] * 3)
    yield run('SGD: sparse duplicates are added one after the other', 'SGD', {'lr': 1.0}, [torch.zeros(2, 1)],
              [{'gradients': [coo(tensor([1, 1, 1, 1]), tensor([[1e8], [1.], [-1e8], [1.]]), (2, 1))]}])
    for optimizer in ['SparseAdam', 'Adagrad']:
        yield run(f'{optimizer}: sparse duplicates are added before they are squared', optimizer, {'lr': 0.1},
                  [torch.zeros(2, 1)], [{'gradients': [coo(tensor([1, 1]), tensor([[3.], [-2.]]), (2, 1))]}] * 2)
        yield run(f'{optimizer}: a step without entries counts', optimizer, {'lr': 0.1}, [torch.ones(2, 2)],
                  [{'gradients': [coo(tensor([], dtype=torch.int64), torch.zeros(0, 2), (2, 2))]},
                   {'gradients': [coo(tensor([1]), torch.ones(1, 2), (2, 2))]}])
        yield run(f'{optimizer}: a stored zero counts as present', optimizer, {'lr': 0.1}, [torch.ones(2, 2)],
                  [{'gradients': [coo(tensor([0, 1]), torch.ones(2, 2), (2, 2))]},
                   {'gradients': [coo(tensor([1]), torch.zeros(1, 2), (2, 2))]}])
    for optimizer in ['SGD', 'Adagrad', 'Adam', 'AdamW']:
        yield run(f'{optimizer}: a parameter without gradient is skipped', optimizer, {'lr': 0.1, 'weight_decay': 0.1},
                  [one, one], [{'gradients': [torch.ones(2), None]}] * 2 + [{'gradients': [None, torch.ones(2)]}])
        yield run(f'{optimizer}: a zero gradient', optimizer, {'lr': 0.1, 'weight_decay': 0.0}, [one],
                  [{'gradients': [torch.zeros(2)]}] * 2)
        yield run(f'{optimizer}: NaN and infinity', optimizer, {'lr': 0.1}, [torch.ones(4)],
                  [{'gradients': [tensor([float('nan'), float('inf'), 1e30, 1e-30])]}, {'gradients': [torch.ones(4)]}])
    for optimizer in ['SGD', 'Adagrad']:
        table = torch.arange(6.).reshape(3, 2)
        sparse = coo(tensor([2, 0, 2]), torch.arange(1., 7).reshape(3, 2), (3, 2))
        yield run(f'{optimizer}: sparse and dense gradients by turns', optimizer, {'lr': 0.1}, [table],
                  [{'gradients': [sparse]}, {'gradients': [sparse.to_dense()]}] * 2)
    yield run('SGD: a dense buffer takes sparse gradients', 'SGD', {'lr': 0.1, 'momentum': 0.9}, [table],
              [{'gradients': [sparse.to_dense()]}, {'gradients': [sparse]}, {'gradients': [sparse]}])


def cases():
    torch.manual_seed(12)
    rng = random.Random(12)
    dense = ['dense', 'dense', 'dense', 'dense', 'none']
    sparse = ['sparse', 'sparse', 'sparse', 'sparse', 'empty', 'none']
    return [*special_runs(), *runs_with(['dense'], DENSE_OPTIONS, rng), *runs_with(['sparse'], SPARSE_OPTIONS, rng),
            *(random_run(number, optimizer, dense, rng) for number in range(8) for optimizer in DENSE_OPTIONS),
            *(random_run(number, optimizer, sparse, rng) for number in range(8) for optimizer in SPARSE_OPTIONS)]


# clip_grad_norm_. PyTorch refuses sparse gradients; here their norm is that of the coalesced values, and all are scaled

def clip(gradients, max_norm, norm_type=2.0):
    parts = [coalesced(values)._values() if values.is_sparse else values for values in gradients if values is not None]
    leaves = [torch.zeros_like(part).requires_grad_() for part in parts]
    for leaf, part in zip(leaves, parts):
        leaf.grad = part.clone()
    total = torch.nn.utils.clip_grad_norm_(leaves, max_norm, norm_type)
    factor = torch.clamp(max_norm / (total + 1e-6), max=1.0)
    clipped = [None if values is None else values * factor for values in gradients]
    if not all(same(leaf.grad, part * factor) for leaf, part in zip(leaves, parts)):
        raise SystemExit('clip_grad_norm_ multiplies by another factor')
    return {'gradients': [encode(values) for values in gradients], 'max_norm': max_norm, 'norm_type': option(norm_type),
            'total_norm': array(total), 'clipped': [encode(values) for values in clipped]}


def clips():
    torch.manual_seed(18)
    rng = random.Random(18)
    for norm_type in [2.0, 1.0, inf, 3.0]:
        for max_norm in [0.1, 1.0, 100.0]:
            yield clip([torch.randn(3, 4), torch.randn(5), None, torch.randn(())], max_norm, norm_type)
            yield clip([gradient('sparse', (6, 3), rng), torch.randn(4), gradient('sparse', (4, 2), rng)],
                       max_norm, norm_type)
    yield clip([coo(tensor([1, 1]), torch.ones(2, 2), (3, 2))], 1.0)
    yield clip([coo(tensor([], dtype=torch.int64), torch.zeros(0, 2), (3, 2))], 1.0)
    yield clip([torch.zeros(3)], 1.0)
    yield clip([None], 1.0)
    yield from (clip([tensor([3., 4., 0.])], max_norm) for max_norm in [5.0, 0.0, -1.0])
    yield from (clip([tensor([value, 1., 0.])], 1.0) for value in [nan, inf, 1e30])


# Section 8.5: three steps on loss = 0.1 * the sum of the squares of the looked-up rows

TABLE = [
    ('SGD', {}, True), ('SGD', {'momentum': 0.9}, True), ('SGD', {'momentum': 0.9, 'dampening': 0.5}, True),
    ('SGD', {'momentum': 0.9, 'nesterov': True}, True), ('SGD', {'maximize': True}, True),
    ('SGD', {'weight_decay': 0.1}, False), ('SparseAdam', {}, True), ('Adam', {}, False),
    ('Adam', {'weight_decay': 0.1}, False), ('AdamW', {}, False), ('SparseAdam', {'maximize': True}, True),
    ('Adagrad', {}, True), ('Adagrad', {}, False),
    ('Adagrad', {'lr_decay': 0.5, 'initial_accumulator_value': 0.25}, True),
]
BATCHES = [[1, 1, 3], [1, 2], [0, 3]]


def table_row(optimizer, options, sparse):
    weight = torch.arange(1., 9).reshape(4, 2)
    layer = nn.Embedding.from_pretrained(weight.clone(), freeze=False, sparse=sparse)
    steps = getattr(optim, optimizer)(layer.parameters(), lr=0.1, **options, **implementations(optimizer)[0])
    losses = []
    for batch in BATCHES:
        loss = layer(tensor(batch)).pow(2).sum() * 0.1
        losses.append(loss.item())
        steps.zero_grad()
        loss.backward()
        steps.step()
    return {'optimizer': optimizer, 'options': {'lr': 0.1, **options}, 'sparse': sparse, 'weight': array(weight),
            'batches': BATCHES, 'losses': array(tensor(losses)), 'weight_after': array(layer.weight)}


def table():
    return [table_row(*row) for row in TABLE]
