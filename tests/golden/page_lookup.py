"""Writes page_lookup.json: for states of the page's section on lookup the program that it shows, and what PyTorch 2.13.0
prints for it. Runs as make.py does.
"""
from page import run_states

PROGRAM = '''import torch
from torch import nn

weight = torch.tensor([[0.9, -0.4, 0.1, 0.6],
                       [-0.7, 0.8, -0.2, 0.3],
                       [0.2, 0.5, -0.9, -0.6],
                       [-0.3, -0.8, 0.7, 0.4],
                       [0.5, 0.1, 0.8, -0.9],
                       [-0.6, 0.3, -0.1, 0.9]])
embedding = nn.Embedding.from_pretrained(weight, freeze=False)

indices = torch.tensor(INDICES)
output = embedding(indices)
print(output)
print(output.shape)'''

# What the address says, and the index tensor that it means.
STATES = {
    '2,0,5,2': '[2, 0, 5, 2]',
    '1,2;4,3': '[[1, 2], [4, 3]]',
    'scalar:3': '3',
    '': '[], dtype=torch.long',
    '-1': '[-1]',
    '6': '[6]',
    '1.0': '[1.0]',
    '4': '[4]',
    '5;': '[[5]]',
    '0,1,2;3,4,5': '[[0, 1, 2], [3, 4, 5]]',
    '3;3;3;3': '[[3], [3], [3], [3]]',
    '5,4,3,2,1,0,0,0': '[5, 4, 3, 2, 1, 0, 0, 0]',
    '1,2,3,4;5,0,1,2;3,4,5,0;1,2,3,4':
        '[[1, 2, 3, 4], [5, 0, 1, 2], [3, 4, 5, 0], [1, 2, 3, 4]]',
    '1,2;4,6': '[[1, 2], [4, 6]]',
    '0,1.5,2': '[0, 1.5, 2]',
}

INDENT = ' ' * len('indices = torch.tensor([')


def program(indices):
    if len('indices = torch.tensor(' + indices + ')') > 80:
        indices = indices.replace('], [', '],\n' + INDENT + '[')
    return PROGRAM.replace('INDICES', indices)


if __name__ == '__main__':
    run_states('page_lookup.json', [(f'lookup.indices={state}', program(indices)) for state, indices in STATES.items()])
