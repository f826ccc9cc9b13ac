"""Writes page_hero.json: what PyTorch 2.13.0 prints for the programs that the page shows in its first section, by the address of the
state. Runs as make.py does.
"""
from encoding import nn, torch
from page import run_states

WORDS = ['a', 'the', 'cat', 'dog', 'sat', 'ran']
FIRST = [0, 1, 2, 3, 4, 5]

# A sentence, the word that stands in each row, and the seed of the table.
STATES = [
    ('the cat sat', FIRST, 0),
    ('cat cat cat', FIRST, 0),
    ('zebra', FIRST, 0),
    ('the zebra sat', FIRST, 0),
    ('', FIRST, 0),
    ('ran', FIRST, 0),
    ('a dog ran the cat sat', FIRST, 0),
    ('cat dog cat dog cat dog cat dog cat dog cat dog', FIRST, 3),
    ('the cat sat', [5, 4, 3, 2, 1, 0], 0),
    ('cat cat cat', [2, 0, 5, 1, 3, 4], 0),
    ('the cat sat', [3, 2, 0, 4, 5, 1], 42),
    ('sat', FIRST, 1),
    ("don't", FIRST, 0),
    ('the "cat\'s" sat', [1, 0, 3, 2, 5, 4], 9999),
    ('a\\b', FIRST, 0),
]


def hash_of(sentence, order, seed):
    def escaped(text):
        return ''.join(letter if letter.isalnum() else f'%{ord(letter):02X}' for letter in text)
    parts = []
    if sentence != 'the cat sat':
        parts.append(f'hero.text={escaped(sentence)}')
    if order != FIRST:
        parts.append('hero.order=' + ','.join(map(str, order)))
    if seed != 0:
        parts.append(f'hero.seed={seed}')
    return '&'.join(parts)


def program(sentence, order, seed):
    torch.manual_seed(seed)
    table = nn.Embedding(len(WORDS), 4).weight.detach()
    ids = [f"'{WORDS[word]}': {row}" for row, word in enumerate(order)]
    rows = [f"    [{', '.join(f'{value:7.4f}' for value in table[word].tolist())}],  # {WORDS[word]}" for word in order]
    lookup = ['output = embedding(', '    torch.tensor([], dtype=torch.long))'] if sentence == '' else [
        f'sentence = {sentence!r}',
        'indices = [ids[word] for word in sentence.split()]',
        'output = embedding(torch.tensor(indices))',
    ]
    return '\n'.join([
        'import torch',
        'from torch import nn',
        '',
        f"ids = {{{', '.join(ids[:3])},",
        f"       {', '.join(ids[3:])}}}",
        'weight = torch.tensor([',
        *rows,
        '])',
        'embedding = nn.Embedding.from_pretrained(',
        '    weight, freeze=False)',
        '',
        *lookup,
        'print(output)',
    ])


if __name__ == '__main__':
    run_states('page_hero.json', [(hash_of(*state), program(*state)) for state in STATES])
