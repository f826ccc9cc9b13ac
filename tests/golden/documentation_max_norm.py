"""Writes documentation_max_norm.json: what PyTorch 2.13.0 prints for the example about max_norm in the documentation of
torch.nn.Embedding, with the clone and without. Runs as make.py does; examples/documentation.js is the same program.
"""
from encoding import check_oracle, namespace, printed, write

WITH_CLONE = [
    'torch.manual_seed(0)',
    'n, d, m = 3, 5, 7',
    'embedding = nn.Embedding(n, d, max_norm=True)',
    'W = torch.randn((m, d), requires_grad=True)',
    'idx = torch.tensor([1, 2])',
    'a = embedding.weight.clone() @ W.t()',
    'b = embedding(idx) @ W.t()',
    'out = (a.unsqueeze(0) + b.unsqueeze(1))',
    'loss = out.sigmoid().prod()',
    'loss.backward()',
    'print(loss)',
    'print(embedding.weight)',
    'print(embedding.weight.norm(2, 1))',
    'print(embedding.weight.grad)',
    'print(W.grad)',
]
WITHOUT_CLONE = [
    *WITH_CLONE[:5],
    'product = embedding.weight @ W.t()',
    'embedding(idx)',
    'product.sum().backward()',
]


def error_of(lines):
    try:
        exec('\n'.join(lines), namespace())
    except RuntimeError as error:
        return str(error)
    raise SystemExit('the example without the clone raised nothing')


def main():
    check_oracle()
    # One print at a time, so that the tests have a text for each.
    prints = {line: printed('\n'.join([*WITH_CLONE[:10], line]), namespace()) for line in WITH_CLONE[10:]}
    write('documentation_max_norm.json',
          prints=[{'python': line, 'text': text} for line, text in prints.items()],
          errors=[{'python': WITHOUT_CLONE, 'text': error_of(WITHOUT_CLONE)}])


if __name__ == '__main__':
    main()
