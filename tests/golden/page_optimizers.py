"""Writes page_optimizers.json: what PyTorch 2.13.0 prints for programs that the page's section about optimisers shows, by the part of
the address that shows them. Runs as make.py does.
"""
from page import run_states

HEAD = '''\
import torch
from torch import nn

torch.manual_seed({seed})
embedding = nn.Embedding({rows}, {dim}, padding_idx=0{sparse})
{pad}optimizer = torch.optim.{optimizer}(
    embedding.parameters(), lr={lr}{options})
{batches}'''
STEPS = '''\
for step in range({steps}):
{loss}    before = embedding.weight.detach().clone()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

moved = [row for row in range({rows})
         if not torch.equal(embedding.weight[row], before[row])]
print(moved)  # in the last step
print(loss)
'''
CORPUS = {
    'rows': 13, 'pad': '',
    'batches': '''\
# A word, one to pull to it, one to push away; 0 is padding.
batches = torch.tensor([
    [1, 2, 5], [6, 5, 9], [10, 9, 3], [3, 4, 7],
    [8, 7, 11], [12, 11, 2], [2, 3, 8], [5, 8, 12],
    [9, 12, 4], [4, 1, 10], [7, 6, 1], [11, 10, 0]])
target = torch.tensor([1.0, -1.0])

''',
    'loss': '''\
    word, others = batches[step % 12].split([1, 2])
    similarity = (embedding(word) * embedding(others)).mean(1)
    loss = (similarity - target).pow(2).add(1).sqrt().sub(1).sum()
''',
}
DRIFT = {
    'rows': 5, 'batches': '',
    'pad': 'with torch.no_grad():\n    embedding.weight[0] = 1  # so that decay shows\n',
    'loss': '''\
    batch = torch.tensor([1 if step == 0 else 2])
    loss = embedding(batch).pow(2).sum() / 2
''',
}
OPTIMIZERS = {
    'sgd': ('SGD', ''), 'momentum': ('SGD', ', momentum=0.9'), 'adagrad': ('Adagrad', ''),
    'sparse-adam': ('SparseAdam', ''), 'adam': ('Adam', ''), 'adamw': ('AdamW', ''),
}


def state(name, preset='corpus', steps=30, lr=0.1, seed=2, dim=2, grads='own'):
    optimizer, options = OPTIMIZERS[name]
    sparse = name == 'sparse-adam' if grads == 'own' else grads == 'sparse'
    values = {**(CORPUS if preset == 'corpus' else DRIFT), 'steps': steps, 'lr': lr, 'seed': seed, 'dim': dim,
              'optimizer': optimizer, 'options': options, 'sparse': ', sparse=True' * sparse}
    # The last line ends without a newline, as on the page.
    program = (HEAD + (STEPS if steps else '') + 'print(embedding.weight)').format(**values)
    chosen = {'which': name, 'program': name, 'preset': preset, 'steps': steps, 'lr': lr, 'seed': seed, 'dim': dim, 'grads': grads}
    hash_ = '&'.join(f'optimizers.{key}={value}' for key, value in chosen.items())
    return hash_, program


if __name__ == '__main__':
    run_states('page_optimizers.json', [
        *(state(name) for name in OPTIMIZERS),
        *(state(name, 'drift', 21) for name in OPTIMIZERS),
        state('adam', steps=0),
        state('momentum', steps=1, seed=0),
        state('sparse-adam', steps=200, lr=0.5, seed=42),
        state('adamw', steps=60, lr=0.02, dim=16),
        state('sgd', grads='sparse'),
        state('momentum', grads='sparse', steps=40, lr=0.2),
        state('adagrad', grads='sparse', steps=50),
        state('adam', grads='sparse'),
        state('adamw', grads='sparse'),
        state('sparse-adam', grads='dense'),
    ])
