"""Writes page_max_norm.json: what PyTorch 2.13.0 prints for the programs of the page's section about max_norm, each with the
state in the page's address that shows it. Runs as make.py does.
"""
from encoding import inf
from page import run, run_states

ROWS = [[0.0, 0.0], [1.2, -0.8], [-3.5, 1.2], [3.0, 4.0], [2.4, -3.2], [-1.2, -0.9]]
WIDE_ROWS = [[1.5, -2.0, 0.5, 1.0], [0.5, 0.5, -1.0, 0.5], [-2.5, 1.0, 2.0, -0.5], [1.0, 1.0, 1.0, 1.5], [0.2, -0.4, 0.1, 0.3]]


def literal(value):
    return "float('inf')" if value == inf else repr(float(value))


def table(rows):
    texts = [f'[{", ".join(map(literal, row))}]' for row in rows]
    lines = [', '.join(texts[start:start + 2]) for start in range(0, len(texts), 2)]
    return f'[{(",{}{}".format(chr(10), " " * 23)).join(lines)}]'


def call_program(rows=ROWS, indices=(3, 2, 3, 0), pad=0, limit=2.0, p=2.0):
    options = [] if pad is None else [f'padding_idx={pad}']
    if limit is not None:
        options += [f'max_norm={literal(limit)}', f'norm_type={literal(p)}']
    dtype = '' if indices else ', dtype=torch.long'
    return f"""import torch
from torch import nn

weight = torch.tensor({table(rows)})
embedding = nn.Embedding.from_pretrained(
    weight, freeze=False{''.join(f',{chr(10)}    {option}' for option in options)})

output = embedding(torch.tensor([{', '.join(map(str, indices))}]{dtype}))
print(output)
print(embedding.weight)"""


def steps_program(actions):
    return f"""import torch
from torch import nn

embedding = nn.Embedding.from_pretrained(
    torch.tensor([[0.6, 0.9]]), freeze=False, max_norm=2.0)
optimizer = torch.optim.SGD(embedding.parameters(), lr=0.5)
gradient = torch.tensor([[-0.8, -0.6]])

for action in '{actions}':
    if action == 'l':  # look up
        optimizer.zero_grad()
        embedding(torch.tensor([0])).backward(gradient)
    else:  # SGD step
        optimizer.step()
    print(action, embedding.weight.detach().norm())"""


def gradient_program(first, second):
    return f"""import torch
from torch import nn

embedding = nn.Embedding.from_pretrained(
    torch.tensor([[3.0, 4.0]]), freeze=False, max_norm=1.0)

output = embedding(torch.tensor([0]))
print(output)
output.backward(torch.tensor([[{literal(first)}, {literal(second)}]]))
print(embedding.weight.grad)
nn.utils.clip_grad_norm_(embedding.parameters(), 1.0)
print(embedding.weight.grad)"""


def in_place_program(clone):
    return f"""import torch
from torch import nn

embedding = nn.Embedding.from_pretrained(
    torch.tensor([[3.0, 4.0], [1.2, -0.8]]),
    freeze=False, max_norm=2.0)
W = torch.tensor([[0.5, -1.0], [1.0, 0.25]], requires_grad=True)

a = embedding.weight{clone} @ W.t()
b = embedding(torch.tensor([0])) @ W.t()
(a.sum() + b.sum()).backward()
print(W.grad)"""


OTHER_ROWS = [[3.0, -4.0], [0.001, 0.25], [-5.0, 5.0], [0.3, 0.4], [4.5, -0.1], [0.0001, 0.0]]


def state(panel, pairs, program):
    return '&'.join(f'max-norm.{pair}' for pair in pairs.split('&') if pair), program, panel


STATES = [
    state('max-norm', '', call_program()),
    state('max-norm', 'p=1', call_program(p=1.0)),
    state('max-norm', 'p=0.5&limit=1', call_program(p=0.5, limit=1.0)),
    state('max-norm', 'p=inf&limit=1', call_program(p=inf, limit=1.0)),
    state('max-norm', 'p=3&limit=1.5&pad=2', call_program(p=3.0, limit=1.5, pad=2)),
    state('max-norm', 'limit=0', call_program(limit=0.0)),
    state('max-norm', 'limit=off', call_program(limit=None)),
    state('max-norm', 'limit=off&pad=none&indices=', call_program(limit=None, pad=None, indices=())),
    state('max-norm', 'indices=4,4,4&pad=none', call_program(indices=(4, 4, 4), pad=None)),
    state('max-norm', 'p=1.7&limit=0.3&indices=5,0,2,2,1', call_program(indices=(5, 0, 2, 2, 1), limit=0.3, p=1.7)),
    state('max-norm', 'limit=1&pad=5&indices=0,1,2,3,4,5&rows=3,-4;0.001,0.25;-5,5;0.3,0.4;4.5,-0.1;0.0001,0',
     call_program(OTHER_ROWS, range(6), 5, 1.0)),
    state('max-norm-wide', '', call_program(WIDE_ROWS, (0, 1, 3, 3), None)),
    state('max-norm-wide', 'widep=1', call_program(WIDE_ROWS, (0, 1, 3, 3), None, p=1.0)),
    state('max-norm-wide', 'widep=inf&widelimit=0.7&wideindices=2,4', call_program(WIDE_ROWS, (2, 4), None, 0.7, inf)),
    state('max-norm-steps', '', steps_program('lslslslsssl')),
    state('max-norm-steps', 'steps=lsssssl', steps_program('lsssssl')),
    state('max-norm-steps', f'steps=l{"ls" * 10}', steps_program(f'l{"ls" * 10}')),
    state('max-norm-gradient', '', gradient_program(10, 20)),
    state('max-norm-gradient', 'arrives=0.03125,-0.2', gradient_program(0.03125, -0.2)),
    state('max-norm-in-place', 'clone=1', in_place_program('.clone()')),
    state('max-norm-in-place', '', in_place_program('')),
    state('max-norm', 'indices=3,9,6', call_program(indices=(3, 9, 6))),
    state('max-norm', 'indices=3,-1', call_program(indices=(3, -1))),
    state('max-norm', 'indices=-7,8', call_program(indices=(-7, 8))),
    state('max-norm', 'indices=6&limit=off', call_program(indices=(6,), limit=None)),
    state('max-norm-wide', 'wideindices=5', call_program(WIDE_ROWS, (5,), None)),
]

ODD = ['max_norm=True', 'max_norm=False', 'max_norm=0.0', 'max_norm=-1.0', 'max_norm=1.0, norm_type=0', 'max_norm=1.0, norm_type=-1']
CALL = """import torch
from torch import nn
weight = torch.tensor([[3.0, 4.0], [0.3, 0.4]])
embedding = nn.Embedding.from_pretrained(weight, OPTION)
print(embedding(torch.tensor([0, 1])))"""

if __name__ == '__main__':
    run_states('page_max_norm.json', STATES, odd=[{'option': option, 'text': run('', CALL.replace('OPTION', option))['text']} for option in ODD])
