"""Writes page_padding_idx.json: what PyTorch 2.13.0 prints for the programs of the page's section on padding_idx. Runs as make.py
does.
"""
from page import run_states

EVENTS = {
    'c': """torch.manual_seed(0)
embedding = nn.Embedding(5, 4{option})
print(embedding)
show('weight', embedding.weight)""",
    'p': """embedding = nn.Embedding.from_pretrained(
    torch.full((5, 4), 0.25), freeze=False{option})
print(embedding)
show('weight', embedding.weight)""",
    'w': """with torch.no_grad():
    embedding.weight[{row}] = torch.tensor([{written}])
show('weight', embedding.weight)""",
    'i': """nn.init.normal_(embedding.weight)
show('weight', embedding.weight)""",
    'z': """with torch.no_grad():
    embedding.weight[{row}].zero_()
show('weight', embedding.weight)""",
    't': 'train(optim.SGD(embedding.parameters(), lr=0.1))',
    'd': 'train(optim.SGD(embedding.parameters(), lr=0.1, weight_decay=0.5))',
    'a': 'train(optim.AdamW(embedding.parameters(), lr=0.1))',
    'o': 'train(optim.SGD(embedding.parameters(), lr=0.1), tied=True)',
    'l': """F.embedding(torch.tensor([{batch}]), embedding.weight{option},
            max_norm=1.0)
show('weight', embedding.weight)""",
}
TRAIN = """def train(optimizer{argument}):
    output = embedding(torch.tensor([{batch}]))
{through}    output.backward(torch.ones(output.shape))
    show('grad', embedding.weight.grad)
    optimizer.step()
    optimizer.zero_grad()
    show('weight', embedding.weight)

"""
THROUGH = """    if tied:
        output = F.linear(output, embedding.weight)
"""

# The state in the address, its padding_idx, the row that is shown and the rows looked up with it, the events, what is written.
STATES = [
    ('', '0', 0, '1, 2, 0', 'cwtd', None),
    ('padding-idx.events=cwtdl', '0', 0, '1, 2, 0', 'cwtdl', None),
    ('padding-idx.events=cwtdlp', '0', 0, '1, 2, 0', 'cwtdlp', None),
    ('padding-idx.events=cd', '0', 0, '1, 2, 0', 'cd', None),
    ('padding-idx.events=cwa', '0', 0, '1, 2, 0', 'cwa', None),
    ('padding-idx.events=cwo', '0', 0, '1, 2, 0', 'cwo', None),
    ('padding-idx.events=cizt', '0', 0, '1, 2, 0', 'cizt', None),
    ('padding-idx.events=ptol&padding-idx.pad=3', '3', 3, '1, 2, 3', 'ptol', None),
    ('padding-idx.events=cwtdlpoazi&padding-idx.pad=-1', '-1', 4, '1, 2, 4', 'cwtdlpoazi', None),
    ('padding-idx.pad=none&padding-idx.events=cwtdlpoa', None, 0, '1, 2, 0', 'cwtdlpoa', None),
    ('padding-idx.pad=1&padding-idx.row=-0.5,0.001,9,-3', '1', 1, '2, 3, 1', 'cwtd', '-0.5, 0.001, 9.0, -3.0'),
    ('padding-idx.pad=-5&padding-idx.events=lccz', '-5', 0, '1, 2, 0', 'clccz', None),
    ('padding-idx.pad=5', '5', 0, '1, 2, 0', 'cwtd', None),
    ('padding-idx.pad=-6&padding-idx.events=p', '-6', 0, '1, 2, 0', 'p', None),
]

MEAN = """import torch
from torch import nn

weight = torch.tensor([{pad}, [4.0, -2.0], [2.0, -6.0]])
x = torch.tensor([{indices}])

{first}

bag = nn.EmbeddingBag.from_pretrained(
    weight, mode='{mode}', padding_idx=0)
print(bag(x.unsqueeze(0)))"""
FIRST = {
    'mean': """embedding = nn.Embedding.from_pretrained(weight, padding_idx=0)
print(embedding(x).mean(0))""",
    'max': """bag = nn.EmbeddingBag.from_pretrained(weight, mode='max')
print(bag(x.unsqueeze(0)))""",
}
FIRST['sum'] = FIRST['mean'].replace('.mean', '.sum')
MEANS = [('mean', 2, 1), ('mean', 0, 1), ('mean', 4, 0), ('sum', 2, 1), ('sum', 3, 0), ('max', 2, 1), ('max', 1, 0)]


def program(pad, row, batch, events, written):
    trains, tied = set('tdao') & set(events), 'o' in events
    lines = ['import torch', 'from torch import nn' + (', optim' if trains else '')]
    lines += ['from torch.nn import functional as F'] if tied or 'l' in events else []
    lines += ['', 'def show(name, table):', f'    print(name, table.data[{row}])', '']
    if trains:
        lines += TRAIN.format(argument=', tied=False' if tied else '', batch=batch, through=THROUGH if tied else '').split('\n')[:-1]
    option = '' if pad is None else f', padding_idx={pad}'
    parts = [EVENTS[event].format(option=option, row=row, batch=batch, written=written or '1.0, 2.0, 3.0, 4.0') for event in events]
    return '\n'.join(lines) + '\n' + '\n\n'.join(parts)


def mean_state(mode, pads, zeros):
    pad = '[0.0, 0.0]' if zeros else '[2.0, 2.0]'
    indices = ', '.join(['1', '2'] + ['0'] * pads)
    return (f'padding-idx.mode={mode}&padding-idx.pads={pads}&padding-idx.zeros={zeros}',
            MEAN.format(pad=pad, indices=indices, first=FIRST[mode], mode=mode), 'padding-idx-mean')


if __name__ == '__main__':
    run_states('page_padding_idx.json', [
        *((hash_, program(*state)) for hash_, *state in STATES),
        *(mean_state(*state) for state in MEANS)])
