"""Writes page_one_hot.json: for states of the page's section on one-hot the program that it shows, and what PyTorch 2.13.0
prints for it. Runs as make.py does.
"""
from page import run_states

PROGRAM = '''import torch
from torch import nn
from torch.nn import functional as F

weight = torch.arange(ENTRIES).float().reshape(ROWS, 4)
embedding = nn.Embedding.from_pretrained(weight, freeze=False)
indices = torch.tensor([INDICES])

one_hot = F.one_hot(indices, ROWS).float()
by_matmul = one_hot @ embedding.weight
by_gather = embedding(indices)

print(by_gather)
print(torch.equal(by_matmul, by_gather))'''

# Rows of the table, and the indices.
STATES = [
    (10, [2, 0, 5, 2]),
    (10, [2]),
    (10, [2, 0, 5, 2, 9, 4, 7, 1, 6, 0]),
    (25, [6, 0, 14]),
    (100, [27, 3, 58, 27, 91, 44, 72, 15]),
    (1000, [270, 30, 580, 270, 910, 440]),
    (10000, [2700, 300, 5800, 2700]),
    (10000, [2700, 300, 5800, 2700, 9100, 4400, 7200, 1500, 6600, 800, 8300, 3900]),
    (50257, [13569, 1507, 29149, 13569]),
    (50257, [13569]),
]

PER_LINE = 5
INDENT = ',\n' + ' ' * len('indices = torch.tensor([')


def program(rows, indices):
    lines = [', '.join(map(str, indices[n:n + PER_LINE])) for n in range(0, len(indices), PER_LINE)]
    return PROGRAM.replace('ENTRIES', str(4 * rows)).replace('ROWS', str(rows)).replace('INDICES', INDENT.join(lines))


if __name__ == '__main__':
    run_states('page_one_hot.json', [(f'one-hot.n={rows}&one-hot.b={len(indices)}', program(rows, indices)) for rows, indices in STATES])
