"""Writes page_sparse.json: what PyTorch 2.13.0 prints for states of the page's section on sparse gradients. Runs as make.py does."""
from page import run_states

OPTIMIZERS = {
    'sgd': 'SGD(embedding.parameters(), lr=0.1)',
    'momentum': 'SGD(embedding.parameters(), lr=0.1, momentum=0.9)',
    'decay': 'SGD(embedding.parameters(), lr=0.1, weight_decay=0.1)',
    'adagrad': 'Adagrad(embedding.parameters(), lr=0.1)',
    'adagrad-decay': 'Adagrad(embedding.parameters(), lr=0.1, weight_decay=0.1)',
    'sparseadam': 'SparseAdam(embedding.parameters(), lr=0.1)',
    'adam': 'Adam(embedding.parameters(), lr=0.1)',
    'adamw': 'AdamW(embedding.parameters(), lr=0.1)',
}


def state(indices, pad=None, coalesced=False, optimizer=None, sparse=True):
    hash_ = [f"sparse.indices={','.join(map(str, indices))}"]
    options = ''
    if pad is not None:
        hash_.append(f'sparse.pad={pad}')
        options += f', padding_idx={pad}'
    if sparse:
        options += ', sparse=True'
    layer = f'nn.Embedding(10, 3{options})'
    if coalesced:
        hash_.append('sparse.coalesced=1')
    if optimizer:
        hash_.append(f"sparse.optimizer={optimizer}-{'sparse' if sparse else 'dense'}")
        layer = f'nn.Embedding.from_pretrained(\n    torch.ones(10, 3), freeze=False{options})'
    dtype = '' if indices else ', dtype=torch.long'
    lines = ['import torch',
             'from torch import nn, optim' if optimizer else 'from torch import nn', '',
             f'embedding = {layer}',
             f"output = embedding(torch.tensor([{', '.join(map(str, indices))}]{dtype}))",
             f'output.backward(torch.ones({len(indices)}, 3))',
             'print(embedding.weight.grad)']
    if optimizer:
        lines += ['', f'optimizer = optim.{OPTIMIZERS[optimizer]}', 'optimizer.step()', 'print(embedding.weight)']
    elif coalesced:
        lines.append('print(embedding.weight.grad.coalesce())')
    return '&'.join(hash_), '\n'.join(lines)


CALL = [2, 4, 4, 1]
STATES = [
    state(CALL),
    state(CALL, coalesced=True),
    state([4, 0, 4, 9], pad=4, coalesced=True),
    state([3, 3], pad=3, coalesced=True),
    state([]),
    state([7] * 12, coalesced=True),
    state([9, 0, 5, 0, 9, 9], pad=0),
    state([2, 10]),
    state([1, 2, 2], pad=1, optimizer='adamw', sparse=False),
    state([0, 0], pad=0, optimizer='sparseadam'),
    *(state(CALL, optimizer=optimizer, sparse=sparse) for optimizer in OPTIMIZERS for sparse in (False, True)),
]

if __name__ == '__main__':
    run_states('page_sparse.json', STATES)
