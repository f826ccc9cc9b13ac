"""Writes page_gradient.json: what PyTorch 2.13.0 prints for states of the page's section on the gradient. Runs as make.py does.

states: the hash of a state, the program that the page shows for it, and what that prints or raises.
"""
from page import run_states


def program(indices, upstream=None, options=''):
    dtype = '' if indices else ', dtype=torch.long'
    arriving = f'torch.ones({len(indices)}, 3)'
    if upstream is not None:
        rows = ',\n'.join('    [' + ', '.join(str(float(value)) for value in row) + ']' for row in upstream)
        arriving = f'torch.tensor([\n{rows}])'
    return f'''import torch
from torch import nn

embedding = nn.Embedding(6, 3{options})
output = embedding(torch.tensor([{', '.join(map(str, indices))}]{dtype}))
output.backward({arriving})
print(embedding.weight.grad)'''


def state(indices, upstream=None, frequency=False, sparse=False):
    hash_ = [f"gradient.indices={','.join(map(str, indices))}"]
    if upstream is not None:
        hash_.append('gradient.upstream=' + ';'.join(','.join(map(str, row)) for row in upstream))
    options = ''
    if frequency:
        hash_.append('gradient.frequency=1')
        options += ', scale_grad_by_freq=True'
    if sparse:
        hash_.append('gradient.sparse=1')
        options += ', sparse=True'
    return '&'.join(hash_), program(indices, upstream, options)


ONE_HOT = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
FRACTIONS = [[0.1, -2.5, 5], [0.2, 0.7, -0.3], [-0.3, 1.1, 0.4], [-5, 0.05, 1.25], [3, 3, 3]]
STATES = [
    state([1, 1, 1, 3]),
    state([1, 1, 1, 3], frequency=True),
    state([1, 1, 1, 3], ONE_HOT),
    state([1, 1, 1, 3], ONE_HOT, frequency=True),
    state([3, 1, 3, 1, 1], FRACTIONS),
    state([3, 1, 3, 1, 1], FRACTIONS, frequency=True),
    state([2] * 12, frequency=True),
    state([5] * 7 + [0, 5], [[0.1, 0.7, -1.3]] * 9, frequency=True),
    state([4, 4], [[2, -1, 0.5], [-2, 1, -0.5]]),
    state([0, 1, 2, 3, 4, 5]),
    state([]),
    state([3, 1, 3], sparse=True),
    state([1, 1, 1, 3], frequency=True, sparse=True),
    state([1, 9, 1]),
    state([-1]),
]

if __name__ == '__main__':
    run_states('page_gradient.json', STATES)
