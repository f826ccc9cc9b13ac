"""Writes page_words.json: what the real PyTorch prints for states of the page's section about real words. The programs are those that the
page shows; they read the files of data/. Runs as make.py does.
"""
import os

from encoding import FOLDER
from page import run_states

SCORES = {
    'cosine': 'F.cosine_similarity(embedding.weight, query)',
    'dot': 'embedding.weight @ query',
    'euclidean': '(embedding.weight - query).norm(dim=1)',
}


def quoted(word):
    return f'"{word}"' if "'" in word else f"'{word}'"


def program(word='king', metric='cosine', k=10, analogy='man king woman', exclude=True):
    smallest = metric == 'euclidean'
    lines = [
        'import numpy as np',
        'import torch',
        'from torch import nn',
        *(['from torch.nn import functional as F'] if metric == 'cosine' else []),
        '',
        "words = open('words.txt', encoding='utf8').read().splitlines()",
        "rows = np.fromfile('rows.int8', np.int8).reshape(len(words), -1)",
        "scales = np.fromfile('scales.float32', np.float32)",
        'weight = torch.from_numpy(rows * scales[:, None])',
        'embedding = nn.Embedding.from_pretrained(weight)',
        '',
        'def nearest(query, k, exclude):',
        f'    scores = {SCORES[metric]}',
        f"    scores[exclude] = {'' if smallest else '-'}torch.inf",
        f"    values, indices = scores.topk(k{', largest=False' if smallest else ''})",
        '    print(values)',
        '    print(*[words[row] for row in indices])',
        '',
    ]
    if word:
        lines += [f'word = words.index({quoted(word)})', f'nearest(embedding(torch.tensor(word)), {k}, [word])', '']
    if analogy:
        names = ', '.join(quoted(name) for name in analogy.split())
        lines += [f'three = [words.index(w) for w in [{names}]]', 'a, b, c = embedding(torch.tensor(three))',
                  f"nearest(b - a + c, 5, {'three' if exclude else '[]'})"]
    return '\n'.join(lines).strip('\n')


STATES = {
    '': {},
    'words.exclude=0': {'exclude': False},
    'words.metric=euclidean': {'metric': 'euclidean'},
    'words.metric=dot': {'metric': 'dot'},
    'words.word=java&words.k=5': {'word': 'java', 'k': 5},
    'words.word=monday&words.k=20': {'word': 'monday', 'k': 20},
    'words.word=%27': {'word': "'"},
    'words.word=apple&words.analogy=france~paris~italy': {'word': 'apple', 'analogy': 'france paris italy'},
    'words.word=good&words.metric=euclidean&words.k=1&words.analogy=good~better~bad':
        {'word': 'good', 'metric': 'euclidean', 'k': 1, 'analogy': 'good better bad'},
    'words.analogy=dollar~america~yen&words.exclude=0': {'analogy': 'dollar america yen', 'exclude': False},
    'words.analogy=man~doctor~woman&words.metric=dot': {'analogy': 'man doctor woman', 'metric': 'dot'},
    'words.word=zzzz&words.analogy=possible~impossible~happy': {'word': None, 'analogy': 'possible impossible happy'},
    'words.analogy=zzzz~king~woman': {'analogy': None},
}


if __name__ == '__main__':
    os.chdir(FOLDER.parent.parent / 'data')
    run_states('page_words.json', [(hash_, program(**choice)) for hash_, choice in STATES.items()])
