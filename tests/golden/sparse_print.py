"""sparse_print.json: sparse gradients, layers and optimisers as PyTorch prints them.

tensors: shape, indices and values of a gradient, and its text. layers, optimizers: an expression and its text.
"""
from encoding import evaluate, lines_of
from gradients import entries


def tensors():
    """The lines of sparse_prints.txt, each of which ends in a sparse gradient."""
    for line in lines_of('sparse_prints.txt'):
        gradient = evaluate(line)
        yield {'python': line, 'shape': list(gradient.shape), **entries(gradient), 'text': str(gradient)}


LAYERS = [
    ('nn.EmbeddingBag(10, 3)', 'new EmbeddingBag(10, 3)'),
    ("nn.EmbeddingBag(10, 3, mode='sum')", "new EmbeddingBag(10, 3, { mode: 'sum' })"),
    ("nn.EmbeddingBag(10, 3, mode='max', padding_idx=-1)", "new EmbeddingBag(10, 3, { mode: 'max', paddingIdx: -1 })"),
    ("nn.EmbeddingBag(10, 3, max_norm=1.0, norm_type=1.5, scale_grad_by_freq=True, mode='mean', sparse=True, "
     'include_last_offset=True, padding_idx=2)',
     "new EmbeddingBag(10, 3, { maxNorm: 1, normType: 1.5, scaleGradByFreq: true, mode: 'mean', sparse: true, "
     'includeLastOffset: true, paddingIdx: 2 })'),
    ('nn.EmbeddingBag(10, 3, max_norm=0.5)', 'new EmbeddingBag(10, 3, { maxNorm: 0.5 })'),
    ('nn.EmbeddingBag(10, 3, scale_grad_by_freq=True)', 'new EmbeddingBag(10, 3, { scaleGradByFreq: true })'),
    ('nn.EmbeddingBag(10, 3, sparse=True)', 'new EmbeddingBag(10, 3, { sparse: true })'),
    ('nn.EmbeddingBag(10, 3, include_last_offset=True)', 'new EmbeddingBag(10, 3, { includeLastOffset: true })'),
    ('nn.EmbeddingBag(0, 0)', 'new EmbeddingBag(0, 0)'),
    ('nn.EmbeddingBag.from_pretrained(torch.ones(2, 4), mode="sum")',
     "EmbeddingBag.fromPretrained(ones([2, 4]), { mode: 'sum' })"),
    ('nn.Embedding(10, 3, padding_idx=-1, max_norm=1.0, norm_type=1.5, scale_grad_by_freq=True, sparse=True)',
     'new Embedding(10, 3, { paddingIdx: -1, maxNorm: 1, normType: 1.5, scaleGradByFreq: true, sparse: true })'),
]
ONE, TWO = ('torch.ones(1, requires_grad=True)', 'torch.ones(2, requires_grad=True)')
P, Q = ('ones([1], { requiresGrad: true })', 'ones([2], { requiresGrad: true })')
OPTIMIZERS = [
    (f'optim.SGD([{ONE}])', f'new optim.SGD([{P}])'),
    (f'optim.SGD([{ONE}], lr=0.1, momentum=0.9, nesterov=True)',
     f'new optim.SGD([{P}], {{ lr: 0.1, momentum: 0.9, nesterov: true }})'),
    (f'optim.SGD([{ONE}], lr=1e-05, dampening=0.5, weight_decay=0.25, maximize=True)',
     f'new optim.SGD([{P}], {{ lr: 1e-5, dampening: 0.5, weightDecay: 0.25, maximize: true }})'),
    (f'optim.SparseAdam([{ONE}])', f'new optim.SparseAdam([{P}])'),
    (f'optim.SparseAdam([{{"params": [{ONE}]}}, {{"params": [{TWO}], "lr": 1e-05}}])',
     f'new optim.SparseAdam([{{ params: [{P}] }}, {{ params: [{Q}], lr: 1e-5 }}])'),
    (f'optim.SparseAdam([{ONE}], lr=0.02, betas=(0.5, 0.75), eps=1e-06, maximize=True)',
     f'new optim.SparseAdam([{P}], {{ lr: 0.02, betas: [0.5, 0.75], eps: 1e-6, maximize: true }})'),
    (f'optim.Adagrad([{ONE}])', f'new optim.Adagrad([{P}])'),
    (f'optim.Adagrad([{ONE}], lr=0.5, lr_decay=0.001, weight_decay=0.1, initial_accumulator_value=0.1, eps=1e-08)',
     f'new optim.Adagrad([{P}], {{ lr: 0.5, lrDecay: 0.001, weightDecay: 0.1, '
     'initialAccumulatorValue: 0.1, eps: 1e-8 })'),
    (f'optim.Adam([{ONE}])', f'new optim.Adam([{P}])'),
    (f'optim.Adam([{ONE}], lr=0.1, betas=(0.8, 0.99), eps=1e-07, weight_decay=0.01, amsgrad=True, maximize=True)',
     f'new optim.Adam([{P}], {{ lr: 0.1, betas: [0.8, 0.99], eps: 1e-7, weightDecay: 0.01, '
     'amsgrad: true, maximize: true })'),
    (f'optim.AdamW([{ONE}])', f'new optim.AdamW([{P}])'),
    (f'optim.AdamW([{{"params": [{ONE}], "weight_decay": 0.5}}, {{"params": [{TWO}]}}], lr=0.0003)',
     f'new optim.AdamW([{{ params: [{P}], weightDecay: 0.5 }}, {{ params: [{Q}] }}], {{ lr: 0.0003 }})'),
]


def printed(pairs):
    return [{'python': python, 'javascript': javascript, 'text': str(evaluate(python))} for python, javascript in pairs]
