"""bags.json: F.embedding_bag, its output and its gradients.

cases: one call and backward(grad_output). gradient is that of the weight, null if it requires none. With more than 16
indices PyTorch adds the gradients of a row in no particular order, up to there in order of appearance.
"""
import random

from encoding import F, array, inf, nan, option, tensor, torch
from gradients import ORDER, ROWS, STABLE, SCALES, coo, encode

COUNTS = ('PyTorch 2.13 divides by the count of a wrong index; the gradient is computed in double from the formula and '
          'rounded once')
NO_COLUMNS = 'PyTorch fails for input of shape (B, 0): step must be nonzero; the bags are empty'
NO_BAGS = 'without bags PyTorch may crash or return uninitialised memory at backward; the gradient is zero'


# The documented rule, where PyTorch has none of its own

def bag_of_each(indices, offsets):
    if indices.dim() == 2:
        return torch.arange(indices.shape[0]).repeat_interleave(indices.shape[1])
    return torch.bucketize(torch.arange(len(indices)), offsets.long(), right=True) - 1


@torch.no_grad()
def gradient_by_rule(weight, indices, offsets, grad_output, mode, padding_idx, per_sample_weights, sparse):
    """With scale_grad_by_freq. The factors of a position are combined in double and rounded to float32."""
    bags, flat = bag_of_each(indices, offsets), indices.flatten().long()
    kept = flat != (-1 if padding_idx is None else padding_idx % len(weight))
    factors = 1 / flat.bincount().double()[flat]
    if per_sample_weights is not None:
        factors = factors * per_sample_weights.flatten().double()
    if mode == 'mean':
        factors = factors / bags[kept].bincount(minlength=len(grad_output)).double()[bags]
    values = grad_output[bags[kept]].double() * factors[kept].float().double()[:, None]
    if sparse:
        return coo(flat[kept], values.float(), weight.shape)
    return torch.zeros(weight.shape, dtype=torch.float64).index_add_(0, flat[kept], values).float()


# One call and its backward

def bag(name, weight, indices, grad_output=1., offsets=None, mode='sum', padding_idx=None, max_norm=None, norm_type=2.0,
        scale_grad_by_freq=False, sparse=False, include_last_offset=False, per_sample_weights=None,
        trainable_weight=True, trainable_samples=False, deviation=None):
    original = torch.as_tensor(weight, dtype=torch.float32)
    weight = original.clone().requires_grad_(trainable_weight)
    indices = torch.as_tensor(indices, dtype=None if torch.is_tensor(indices) else torch.int64)
    offsets = tensor(offsets, dtype=torch.int64) if isinstance(offsets, list) else offsets
    samples = per_sample_weights
    if samples is not None:
        samples = torch.as_tensor(samples, dtype=torch.float32).clone().requires_grad_(trainable_samples)
    if deviation == NO_COLUMNS:
        output = torch.zeros(len(indices), weight.shape[1])
    else:  # scale_grad_by_freq matters to the gradient of the weight alone, and that comes from the rule
        output = F.embedding_bag(indices, weight, offsets, max_norm, norm_type, False, mode, sparse, samples,
                                 include_last_offset, padding_idx)
    grad_output = torch.as_tensor(grad_output, dtype=torch.float32).expand(output.shape)
    if output.requires_grad and not deviation:
        output.backward(grad_output)
    gradient = weight.grad
    if deviation:
        gradient = torch.zeros(weight.shape)
        gradient = gradient.to_sparse(1) if sparse else gradient
    elif scale_grad_by_freq and trainable_weight:
        deviation = SCALES if sparse else COUNTS
        gradient = gradient_by_rule(weight, indices, offsets, grad_output, mode, padding_idx, samples, sparse)
    return {
        'name': name, 'num_embeddings': len(original), 'embedding_dim': original.shape[1], 'mode': mode,
        'padding_idx': padding_idx, 'max_norm': option(max_norm), 'norm_type': option(norm_type),
        'scale_grad_by_freq': scale_grad_by_freq, 'sparse': sparse, 'include_last_offset': include_last_offset,
        'weight': array(original), 'indices': array(indices), 'offsets': encode(offsets),
        'per_sample_weights': encode(samples), 'weight_requires_grad': trainable_weight,
        'per_sample_weights_requires_grad': trainable_samples, 'grad_output': array(grad_output),
        'output': array(output), 'gradient': encode(gradient),
        'per_sample_weights_gradient': encode(samples.grad if trainable_samples else None),
        'weight_after': None if max_norm is None else array(weight), 'deviation': deviation,
    }


WEIGHT = torch.arange(1., 11).reshape(5, 2)
INPUT, OFFSETS = [3, 1, 1, 1, 4, 0], [0, 0, 3, 3, 6]
GRAD = torch.arange(1., 11).reshape(5, 2)
FEATURES = [[1., 8.], [3., 5.], [3., 9.], [2., 9.]]
SPECIAL = tensor([[nan, 1.], [2., nan], [5., 4.], [-inf, -0.], [-inf, 0.]])
INT32 = torch.int32


def worked_cases():
    """The worked example of the specification, sections 5.5 and 5.10."""
    for mode in ['sum', 'mean', 'max']:
        for padding_idx in [None, 1, -4]:
            for sparse in [False, True] if mode != 'max' else [False]:
                yield bag(f'worked example: {mode}, padding_idx {padding_idx}{", sparse" * sparse}', WEIGHT, INPUT, GRAD,
                          OFFSETS, mode, padding_idx, sparse=sparse)
        yield bag(f'worked example: {mode}, include_last_offset', WEIGHT, INPUT, GRAD[:4], OFFSETS, mode,
                  include_last_offset=True)
        yield bag(f'worked example: {mode}, one more offset and include_last_offset', WEIGHT, INPUT, GRAD,
                  OFFSETS + [6], mode, include_last_offset=True)
        yield bag(f'worked example: {mode}, as a matrix', WEIGHT, [[3, 1, 1], [1, 4, 0]], GRAD[:2], mode=mode)
        yield bag(f'worked example: {mode}, as a matrix, which ignores include_last_offset', WEIGHT,
                  [[3, 1, 1], [1, 4, 0]], GRAD[:2], mode=mode, include_last_offset=True)
        yield bag(f'worked example: {mode}, max_norm', WEIGHT, INPUT, GRAD, OFFSETS, mode, max_norm=3.0)
        yield bag(f'worked example: {mode}, max_norm, padding is rescaled too', WEIGHT, INPUT, GRAD, OFFSETS, mode, 1,
                  max_norm=3.0)
        for indices, offsets in [(INT32, INT32), (INT32, torch.int64), (torch.int64, INT32)]:
            yield bag(f'worked example: {mode}, {indices} indices, {offsets} offsets', WEIGHT,
                      tensor(INPUT, dtype=indices), GRAD, tensor(OFFSETS, dtype=offsets), mode)
    yield bag('worked example: per_sample_weights 0..5', WEIGHT, INPUT, GRAD, OFFSETS,
              per_sample_weights=torch.arange(6.))
    for padding_idx in [None, 1]:
        for sparse in [False, True]:
            for trainable_weight in [True, False]:
                yield bag(f'worked example: per_sample_weights 1..6, padding_idx {padding_idx}, '
                          f'{"sparse" if sparse else "dense"}{"" if trainable_weight else ", frozen weight"}',
                          WEIGHT, INPUT, GRAD, OFFSETS, padding_idx=padding_idx, sparse=sparse,
                          per_sample_weights=torch.arange(1., 7), trainable_weight=trainable_weight,
                          trainable_samples=True)
    yield bag('worked example: per_sample_weights as a matrix', WEIGHT, [[3, 1, 1], [1, 4, 0]], GRAD[:2],
              per_sample_weights=torch.arange(1., 7).reshape(2, 3), trainable_samples=True)
    yield bag('worked example: nothing requires a gradient', WEIGHT, INPUT, GRAD, OFFSETS, trainable_weight=False,
              per_sample_weights=torch.arange(1., 7))


def order_cases():
    table = [[0.], [1e8], [1.], [-1e8]]
    yield bag('sum: a bag is added in order', table, [1, 2, 3, 2], 1., [0])
    yield bag('mean: a bag is added in order', table, [1, 2, 3, 2], 1., [0], 'mean')
    yield bag('per_sample_weights: a bag is added in order', [[0.], [1.]], [1, 1, 1, 1], 1., [0],
              per_sample_weights=[1e8, 1., -1e8, 1.], trainable_samples=True)
    yield bag('sum: the gradient of a row is added in order', torch.zeros(3, 1), [1, 1, 1, 1], ORDER, [0, 1, 2, 3])
    yield bag('sum: and so are those of two rows that alternate', torch.zeros(3, 1), [1, 2, 1, 2, 1, 1],
              [[1e8], [1.], [-1e8], [1.]], [0, 1, 3, 5])
    yield bag('max: the gradient of a row is added in order', torch.zeros(3, 1), [1, 1, 1, 1], ORDER, [0, 1, 2, 3],
              'max')
    yield bag('mean: thirds', torch.ones(4, 3), [0, 1, 2, 1], ROWS[:2], [0, 3], 'mean')
    yield bag('mean: sevenths, sparse', torch.ones(4, 3), [0, 1, 2, 1, 3, 3, 1], ROWS[:1], [0], 'mean', sparse=True)
    yield bag('sum: zeros of either sign', [[-0., -0.], [-0., 0.]], [0, 0, 1], -0., [0, 2])


def empty_cases():
    for mode in ['sum', 'mean', 'max']:
        for sparse in [False, True] if mode != 'max' else [False]:
            how = f'{mode}{", sparse" * sparse}'
            yield bag(f'{how}: no indices, two bags', WEIGHT, [], 1., [0, 0], mode, sparse=sparse)
            yield bag(f'{how}: no indices, two bags, padding_idx', WEIGHT, [], 1., [0, 0], mode, 0, sparse=sparse)
            yield bag(f'{how}: no indices, include_last_offset', WEIGHT, [], 1., [0, 0, 0], mode, sparse=sparse,
                      include_last_offset=True)
            yield bag(f'{how}: no indices, no offsets', WEIGHT, [], 1., [], mode, sparse=sparse, deviation=NO_BAGS)
            yield bag(f'{how}: no indices, one last offset', WEIGHT, [], 1., [0], mode, sparse=sparse,
                      include_last_offset=True, deviation=NO_BAGS)
            yield bag(f'{how}: shape (0, 3)', WEIGHT, torch.empty(0, 3, dtype=torch.int64), 1., mode=mode, sparse=sparse,
                      deviation=NO_BAGS)
            yield bag(f'{how}: shape (2, 0)', WEIGHT, torch.empty(2, 0, dtype=torch.int64), 1., mode=mode, sparse=sparse,
                      deviation=NO_COLUMNS)
            yield bag(f'{how}: shape (0, 0)', WEIGHT, torch.empty(0, 0, dtype=torch.int64), 1., mode=mode, sparse=sparse,
                      deviation=NO_COLUMNS)
            yield bag(f'{how}: nothing but padding', WEIGHT, [2, 2, 2], GRAD[:3], [0, 2, 2], mode, 2, sparse=sparse)
            yield bag(f'{how}: one bag of padding', WEIGHT, [[2, 2], [2, 4]], GRAD[:2], mode=mode, padding_idx=2,
                      sparse=sparse)
            yield bag(f'{how}: no columns', torch.zeros(3, 0), [0, 2, 2], 1., [0, 1], mode, sparse=sparse)
    yield bag('sum: indices, but no bags', WEIGHT, [1, 2], 1., [], 'sum', deviation=NO_BAGS)
    yield bag('mean: indices, but no bags', WEIGHT, [1, 2], 1., [], 'mean', deviation=NO_BAGS)
    yield bag('per_sample_weights: no indices', WEIGHT, [], 1., [0, 0], per_sample_weights=[], trainable_samples=True)


def max_cases():
    yield bag('max: a tie goes to the first', FEATURES, [0, 1, 2, 3], [[1., 2.]], [0], 'max')
    yield bag('max: a tie goes to the first, in other order', FEATURES, [3, 2, 1, 0], [[1., 2.]], [0], 'max')
    yield bag('max: a repeated index counts once', FEATURES, [2, 2, 2, 0], [[1., 2.], [4., 8.]], [0, 3], 'max')
    yield bag('max: padding is left out', FEATURES, [2, 1, 0, 2], [[1., 2.], [4., 8.]], [0, 3], 'max', 2)
    yield bag('max: negative', [[-3., -1.], [-2., -5.]], [0, 1], [[1., 2.]], [0], 'max')
    for indices in [[0, 1, 2], [1, 0, 2], [2, 0, 1], [2, 1, 0], [1, 2, 0], [3, 4], [4, 3], [3], [0]]:
        yield bag(f'max: NaN, infinity and zeros, rows {indices}', SPECIAL, indices, [[1., 2.]], [0], 'max')
    for mode in ['sum', 'mean']:
        yield bag(f'{mode}: NaN and infinity', SPECIAL, [3, 4, 2, 1, 0], [[1., inf], [nan, 2.]], [0, 2], mode)


def frequency_cases():
    for sparse in [False, True]:
        how = 'sparse' if sparse else 'dense'
        for indices in [[1, 1, 3], [0, 1, 1, 3, 3, 3], [2, 2, 2, 2]]:
            for mode in ['sum', 'mean']:
                yield bag(f'scale_grad_by_freq, {how}: {mode} of {indices}', torch.zeros(4, 2), indices, 1., [0], mode,
                          scale_grad_by_freq=True, sparse=sparse)
        yield bag(f'scale_grad_by_freq, {how}: counted over all bags', WEIGHT, INPUT, GRAD, OFFSETS, 'mean',
                  scale_grad_by_freq=True, sparse=sparse)
        yield bag(f'scale_grad_by_freq, {how}: padding', WEIGHT, INPUT, GRAD, OFFSETS, 'mean', 1,
                  scale_grad_by_freq=True, sparse=sparse)
        yield bag(f'scale_grad_by_freq, {how}: per_sample_weights', WEIGHT, INPUT, GRAD, OFFSETS,
                  per_sample_weights=torch.arange(1., 7), trainable_samples=True, scale_grad_by_freq=True, sparse=sparse)


def random_case(number, rng):
    columns = 1 + number % 35
    rows = rng.randint(1, max(2, min(25, 160 // columns)))
    count = rng.choice([rng.randint(1, STABLE), rng.randint(1, STABLE), rng.randint(1, 30)])
    include_last_offset, offsets = False, None
    if number % 3:
        indices = torch.randint(rows, [count])
        inner = sorted(rng.randint(0, count) for _ in range(rng.randint(0, 6)))
        include_last_offset = rng.random() < 0.4
        offsets = tensor([0, *inner, *[count] * include_last_offset], dtype=rng.choice([torch.int64, INT32]))
        bags = 1 + len(inner)
    else:
        bags = rng.randint(1, 5)
        indices = torch.randint(rows, [bags, max(1, count // bags)])
    mode = rng.choice(['sum', 'sum', 'mean', 'mean', 'max'])
    samples = torch.randn(indices.shape) if mode == 'sum' and rng.random() < 0.5 else None
    return bag(
        f'random {number}', torch.randn(rows, columns), indices.to(rng.choice([torch.int64, torch.int64, INT32])),
        torch.randn(bags, columns), offsets, mode, rng.choice([None, None, rng.randrange(rows), rng.randrange(-rows, 0)]),
        rng.choice([None, None, None, 0.5, 2.0]), rng.choice([2.0, 1.0, inf]),
        mode != 'max' and rng.random() < 0.15, mode != 'max' and rng.random() < 0.4, include_last_offset, samples,
        samples is None or rng.random() < 0.9, samples is not None and rng.random() < 0.6)


def cases():
    torch.manual_seed(11)
    rng = random.Random(11)
    return [*worked_cases(), *order_cases(), *empty_cases(), *max_cases(), *frequency_cases(),
            *(random_case(number, rng) for number in range(330))]
