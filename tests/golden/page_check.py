"""Writes page_check.json: which of the page's ten sentences hold, as the real PyTorch has it. Runs as make.py does."""
import os
import pathlib

import numpy as np
from encoding import F, check_oracle, nn, optim, tensor, torch, write


def numbers_matter():
    """Words with other numbers, and rows that go with them: does anything differ?"""
    weight, order = torch.randn(80, 4), torch.randperm(80)
    place = torch.argsort(order)
    words = tensor([7, 8, 70])
    return not torch.equal(nn.Embedding.from_pretrained(weight)(words), nn.Embedding.from_pretrained(weight[order])(place[words]))


def rows_have_length_one():
    return bool(torch.allclose(nn.Embedding(10, 64).weight.norm(dim=1), torch.ones(10)))


def minus_one_reads_the_last_row():
    try:
        nn.Embedding(6, 4)(tensor([-1]))
        return True
    except IndexError:
        return False


def one_hot_gives_the_same():
    embedding, indices = nn.Embedding(10, 3), tensor([2, 0, 5])
    return torch.equal(F.one_hot(indices, 10).float() @ embedding.weight, embedding(indices))


def repeats_add():
    embedding = nn.Embedding(5, 2)
    embedding(tensor([3, 3])).backward(tensor([[1., 2.], [10., 20.]]))
    return embedding.weight.grad[3].tolist() == [11., 22.]


def padding_row_is_always_zero():
    embedding = nn.Embedding(4, 3, padding_idx=0)
    with torch.no_grad():
        embedding.weight[0] = 1
    return not embedding(tensor([0])).any().item()


def lookup_changes_the_weight():
    embedding = nn.Embedding.from_pretrained(tensor([[3., 4.]]), max_norm=1.).eval()
    embedding(tensor([0]))
    return embedding.weight.tolist() != [[3., 4.]]


def every_optimizer_takes_sparse():
    for kind in (optim.SGD, optim.SparseAdam, optim.Adagrad, optim.Adam, optim.AdamW, optim.RMSprop):
        embedding = nn.Embedding(4, 2, sparse=True)
        embedding(tensor([1])).sum().backward()
        try:
            kind(embedding.parameters(), lr=0.1).step()
        except RuntimeError:
            return False
    return True


def adam_moves_a_row_that_no_index_names():
    embedding = nn.Embedding(4, 2)
    optimizer = optim.Adam(embedding.parameters(), lr=0.1)
    for row in (1, 2):
        before = embedding.weight[1].clone()
        optimizer.zero_grad()
        embedding(tensor([row])).sum().backward()
        optimizer.step()
    return not torch.equal(before, embedding.weight[1])


def queen_is_nearest():
    os.chdir(pathlib.Path(__file__).parent.parent.parent / 'data')
    words = open('words.txt', encoding='utf8').read().splitlines()
    rows = np.fromfile('rows.int8', np.int8).reshape(len(words), -1) * np.fromfile('scales.float32', np.float32)[:, None]
    embedding = nn.Embedding.from_pretrained(torch.from_numpy(rows))
    a, b, c = embedding(tensor([words.index(word) for word in ('man', 'king', 'woman')]))
    return words[F.cosine_similarity(embedding.weight, b - a + c).argmax()] == 'queen'


CLAIMS = {
    'hero': numbers_matter, 'weight': rows_have_length_one, 'lookup': minus_one_reads_the_last_row, 'one-hot': one_hot_gives_the_same,
    'gradient': repeats_add, 'padding-idx': padding_row_is_always_zero, 'max-norm': lookup_changes_the_weight,
    'sparse': every_optimizer_takes_sparse, 'optimizers': adam_moves_a_row_that_no_index_names, 'words': queen_is_nearest,
}


def main():
    check_oracle()
    torch.manual_seed(0)
    write('page_check.json', claims=[{'id': name, 'holds': bool(claim())} for name, claim in CLAIMS.items()])


if __name__ == '__main__':
    main()
