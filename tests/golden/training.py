"""training.json: programs of 20 steps, as lines of Python and of JavaScript and the data that both run on.

javascript: setup once, step in a loop; losses has the loss of every step, parameters the values at the end.
"""
from encoding import array, namespace, tensor, torch

STEPS, BATCHES = 20, 4  # the batches come round again, so that the loss falls


def program(name, data, setup, step, parameters):
    """data: tensors, and lists of one tensor a batch, under the names that the lines use; in JavaScript float32 and int32
    tensors. setup, step: (python, javascript) lines; `batch` counts 0, 1, 2, 3, 0, ..., `loss` is the loss of the step.
    parameters: (python, javascript) expressions."""
    names = {**namespace(), **{key: value.clone() if torch.is_tensor(value) else value for key, value in data.items()}}
    exec('\n'.join(python for python, _ in setup), names)
    lines, losses = compile('\n'.join(python for python, _ in step), name, 'exec'), []
    for number in range(STEPS):
        names['batch'] = number % BATCHES
        exec(lines, names)
        losses.append(names['loss'].item())
    return {'name': name, 'steps': STEPS, 'batches': BATCHES,
            'data': {key: array(value) if torch.is_tensor(value) else [array(one) for one in value]
                     for key, value in data.items()},
            'python': {'setup': [python for python, _ in setup], 'step': [python for python, _ in step]},
            'javascript': {'setup': [javascript for _, javascript in setup],
                           'step': [javascript for _, javascript in step]},
            'losses': array(tensor(losses)),
            'parameters': [{'python': python, 'javascript': javascript, 'value': array(eval(python, names))}
                           for python, javascript in parameters]}


UPDATE = [('optimizer.zero_grad()', 'optimizer.zeroGrad()'), ('loss.backward()', 'loss.backward()'),
          ('optimizer.step()', 'optimizer.step()')]


def batches(high, *shape, low=0):
    return [torch.randint(low, high, shape) for _ in range(BATCHES)]


def skip_gram():
    """A small corpus of triples: centres, contexts near them, negatives anywhere."""
    centers = batches(12, 8)
    return program(
        'skip-gram with negative sampling, sparse gradients and SparseAdam',
        {'input_weight': torch.randn(12, 6) * 0.3, 'output_weight': torch.randn(12, 6) * 0.3, 'centers': centers,
         'contexts': [(center + torch.randint(1, 3, (8,))) % 12 for center in centers], 'negatives': batches(12, 8, 3)},
        [('inputs = nn.Embedding.from_pretrained(input_weight, freeze=False, sparse=True)',
          'const inputs = Embedding.fromPretrained(input_weight, { freeze: false, sparse: true })'),
         ('outputs = nn.Embedding.from_pretrained(output_weight, freeze=False, sparse=True)',
          'const outputs = Embedding.fromPretrained(output_weight, { freeze: false, sparse: true })'),
         ('optimizer = optim.SparseAdam([inputs.weight, outputs.weight], lr=0.05)',
          'const optimizer = new optim.SparseAdam([inputs.weight, outputs.weight], { lr: 0.05 })')],
        [('center = inputs(centers[batch])', 'const center = inputs.forward(centers[batch])'),
         ('positive = (center * outputs(contexts[batch])).sum(1)',
          'const positive = center.mul(outputs.forward(contexts[batch])).sum(1)'),
         ('negative = (center.unsqueeze(1) * outputs(negatives[batch])).sum(2)',
          'const negative = center.unsqueeze(1).mul(outputs.forward(negatives[batch])).sum(2)'),
         ('loss = -(F.logsigmoid(positive).mean() + F.logsigmoid(-negative).sum(1).mean())',
          'const loss = positive.logSigmoid().mean().add(negative.neg().logSigmoid().sum(1).mean()).neg()'),
         *UPDATE],
        [('inputs.weight', 'inputs.weight'), ('outputs.weight', 'outputs.weight')])


def classifier():
    lengths = [[3, 0, 5, 2, 1], [2, 4, 1, 1, 3], [11, 0, 0, 0, 0], [2, 2, 2, 2, 3]]
    offsets = [tensor(length).cumsum(0) - tensor(length) for length in lengths]
    return program(
        'EmbeddingBag (mean), linear, cross entropy and SGD with momentum',
        {'table': torch.randn(15, 5), 'linear_weight': torch.randn(4, 5) * 0.5, 'words': batches(15, 11),
         'offsets': offsets, 'labels': batches(4, 5)},
        [('bag = nn.EmbeddingBag.from_pretrained(table, freeze=False, mode="mean", padding_idx=0)',
          'const bag = EmbeddingBag.fromPretrained(table, { freeze: false, mode: "mean", paddingIdx: 0 })'),
         ('linear = linear_weight.requires_grad_()', 'const linear = tensor(linear_weight, { requiresGrad: true })'),
         ('optimizer = optim.SGD([bag.weight, linear], lr=0.2, momentum=0.9)',
          'const optimizer = new optim.SGD([bag.weight, linear], { lr: 0.2, momentum: 0.9 })')],
        [('hidden = bag(words[batch], offsets[batch])',
          'const hidden = bag.forward(words[batch], { offsets: offsets[batch] })'),
         ('loss = F.cross_entropy(F.linear(hidden, linear), labels[batch])',
          'const loss = functional.crossEntropy(functional.linear(hidden, linear), labels[batch])'),
         *UPDATE],
        [('bag.weight', 'bag.weight'), ('linear', 'linear')])


def limited():
    return program(
        'Embedding with max_norm and dense Adam',
        {'table': torch.randn(9, 4), 'indices': batches(9, 6, 2),
         'targets': [torch.randn(6, 4) * 0.5 for _ in range(BATCHES)]},
        [('embedding = nn.Embedding.from_pretrained(table, freeze=False, max_norm=1.0)',
          'const embedding = Embedding.fromPretrained(table, { freeze: false, maxNorm: 1 })'),
         ('optimizer = optim.Adam([embedding.weight], lr=0.05)',
          'const optimizer = new optim.Adam([embedding.weight], { lr: 0.05 })')],
        [('loss = (embedding(indices[batch]).sum(1) - targets[batch]).pow(2).mean()',
          'const loss = embedding.forward(indices[batch]).sum(1).sub(targets[batch]).pow(2).mean()'),
         *UPDATE],
        [('embedding.weight', 'embedding.weight')])


def documentation():
    return program(
        'the example of the documentation with SGD',
        {'table': torch.randn(3, 5), 'projection': torch.randn(2, 5) * 0.5},
        [('embedding = nn.Embedding.from_pretrained(table, freeze=False, max_norm=True)',
          'const embedding = Embedding.fromPretrained(table, { freeze: false, maxNorm: 1 })'),
         ('W = projection.requires_grad_()', 'const W = tensor(projection, { requiresGrad: true })'),
         ('idx = torch.tensor([1, 2])', 'const idx = [1, 2]'),
         ('optimizer = optim.SGD([embedding.weight, W], lr=5.0, maximize=True)',
          'const optimizer = new optim.SGD([embedding.weight, W], { lr: 5, maximize: true })')],
        [('a = embedding.weight.clone() @ W.t()', 'const a = embedding.weight.clone().matmul(W.t())'),
         ('b = embedding(idx) @ W.t()', 'const b = embedding.forward(idx).matmul(W.t())'),
         ('out = a.unsqueeze(0) + b.unsqueeze(1)', 'const out = a.unsqueeze(0).add(b.unsqueeze(1))'),
         ('loss = out.sigmoid().prod()', 'const loss = out.sigmoid().prod()'),
         *UPDATE],
        [('embedding.weight', 'embedding.weight'), ('W', 'W')])


def sentences():
    return program(
        'Embedding with padding_idx, sparse gradients and Adagrad',
        {'table': torch.randn(14, 4), 'head_weight': torch.randn(4),
         'words': [words * (torch.arange(5) < torch.randint(1, 6, (6, 1))) for words in batches(14, 6, 5, low=1)],
         'labels': [torch.randint(0, 2, (6,)) * 2. - 1 for _ in range(BATCHES)]},
        [('embedding = nn.Embedding.from_pretrained(table, freeze=False, padding_idx=0, sparse=True)',
          'const embedding = Embedding.fromPretrained(table, { freeze: false, paddingIdx: 0, sparse: true })'),
         ('head = head_weight.requires_grad_()', 'const head = tensor(head_weight, { requiresGrad: true })'),
         ('optimizer = optim.Adagrad([{"params": [embedding.weight]}, {"params": [head], "lr": 0.05}], lr=0.2)',
          'const optimizer = '
          'new optim.Adagrad([{ params: [embedding.weight] }, { params: [head], lr: 0.05 }], { lr: 0.2 })')],
        [('scores = embedding(words[batch]).mean(1) @ head',
          'const scores = embedding.forward(words[batch]).mean(1).matmul(head)'),
         ('loss = -F.logsigmoid(scores * labels[batch]).mean()',
          'const loss = scores.mul(labels[batch]).logSigmoid().mean().neg()'),
         *UPDATE],
        [('embedding.weight', 'embedding.weight'), ('head', 'head')])


def programs():
    torch.manual_seed(17)
    return [skip_gram(), classifier(), limited(), documentation(), sentences()]
