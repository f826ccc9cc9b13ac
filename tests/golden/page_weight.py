"""Writes page_weight.json: what PyTorch 2.13.0 prints for the programs that the page shows in its section on the weight matrix, by the
address of the state. Runs as make.py does.
"""
from page import run_states

# num_embeddings, embedding_dim, what the table begins with, and the seed.
STATES = [
    (1000, 64, 'normal', 0),
    (10000, 64, 'normal', 0),
    (10000, 128, 'normal', 9999),
    (4, 1, 'normal', 0),
    (5, 3, 'normal', 7),
    (16, 1, 'normal', 0),
    (6, 4, 'normal', 0),
    (20, 50, 'normal', 1),
    (16, 64, 'normal', 1),
    (257, 7, 'normal', 42),
    (1000, 64, 'zeros', 0),
    (4, 4, 'zeros', 0),
    (6, 4, 'arange', 0),
    (1000, 64, 'arange', 0),
    (10000, 128, 'arange', 0),
]


def hash_of(n, d, init, seed):
    default = {'n': 1000, 'd': 64, 'init': 'normal', 'seed': 0}
    chosen = {'n': n, 'd': d, 'init': init, 'seed': seed}
    return '&'.join(f'weight.{name}={value}' for name, value in chosen.items() if value != default[name])


def program(n, d, init, seed):
    lines = {
        'normal': [f'torch.manual_seed({seed})', f'embedding = nn.Embedding({n}, {d})'],
        'zeros': [f'embedding = nn.Embedding({n}, {d})', 'with torch.no_grad():', '    embedding.weight.zero_()'],
        'arange': [f'table = torch.arange({n * d}.0).reshape({n}, {d})', 'embedding = nn.Embedding.from_pretrained(table)'],
    }[init]
    return '\n'.join([
        'import torch',
        'from torch import nn',
        '',
        *lines,
        '',
        'print(embedding)',
        'print(embedding.weight.shape)',
        'print(embedding.weight)',
        'print(sum(p.numel() for p in embedding.parameters()))',
    ])


if __name__ == '__main__':
    run_states('page_weight.json', [(hash_of(*state), program(*state)) for state in STATES])
