"""lab.json: what numpy computes of the functions of nn-embedding/lab.

values: the numbers that the cases name.
histograms: edges and counts; below, above and nans count the values outside. quantiles: numpy.nanquantile in double, rounded once.
matrices: covariance, principal components with the sign rule, projection, and the share of neighbours that it keeps.
paints: the place of each value in a table of 256 colours, -1 for NaN.
"""
import numpy as np

from encoding import check_oracle, floats, inf, nan, torch, write

rng = np.random.default_rng(6)


def encode(values):
    return floats(torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)))


# Values

SPECIAL = [nan, inf, -inf, 0., -0., 1e-45, -1e-40, 3e38, -3e38, 1., nan, -1.5, 1.]


def value_sets():
    yield 'normal', rng.standard_normal(1000)
    yield 'few', [3, 1, 2]
    yield 'one', [0.1]
    yield 'equal', np.full(7, -2.5)
    yield 'whole numbers', rng.integers(0, 11, 200)
    yield 'special', SPECIAL
    yield 'with NaNs', np.where(rng.random(300) < 0.2, nan, rng.standard_normal(300))
    yield 'only NaNs', [nan, nan]
    yield 'infinite', [inf, -inf, inf]
    yield 'tenths', np.arange(0, 101) / 100
    yield 'lopsided', np.exp(3 * rng.standard_normal(500))


# Histograms

RANGES = [(None, None), (-1., 1.), (0., None), (None, 0.5), (2., 2.), (0.1, 0.7)]


def extent(values):
    finite = values[np.isfinite(values)].astype(float)
    return (finite.min(), finite.max()) if len(finite) else (0., 1.)


def histogram(name, values, bins, low, high):
    ends = extent(values)
    first, last = float(ends[0] if low is None else low), float(ends[1] if high is None else high)
    if first > last:
        return None
    if first == last:
        first, last = first - 0.5, last + 0.5
    edges = np.linspace(first, last, bins + 1, dtype=np.float32)
    counts, _ = np.histogram(values[~np.isnan(values)], edges)
    return {'values': name, 'bins': bins, 'min': low, 'max': high, 'edges': encode(edges),
            'counts': counts.tolist(), 'below': int((values < edges[0]).sum()), 'above': int((values > edges[-1]).sum()),
            'nans': int(np.isnan(values).sum())}


def histograms(sets):
    for i, (name, values) in enumerate(sets):
        for j, (low, high) in enumerate(RANGES):
            case = histogram(name, values, [10, 1, 7, 64][(i + j) % 4], low, high)
            if case:
                yield case


# Quantiles

PROBABILITIES = [0, 1, 0.5, 0.25, 0.75, 0.02, 0.98, 0.1, 1 / 3, 0.999]


def quantiles(name, values):
    with np.errstate(all='ignore'):
        results = np.array([nan] * len(PROBABILITIES)) if np.isnan(values).all() else \
            np.nanquantile(values.astype(float), PROBABILITIES)
    return {'values': name, 'probabilities': PROBABILITIES, 'quantiles': encode(results)}


# Matrices

def with_signs(vectors):
    """The entry of largest absolute value positive."""
    largest = np.abs(vectors).argmax(axis=1)
    return vectors * np.sign(vectors[range(len(vectors)), largest])[:, None]


def nearest(points, row, k):
    distances = ((points - points[row]) ** 2).sum(axis=1)
    order = np.argsort(distances, kind='stable')
    return set(order[order != row][:k].tolist())


def matrix(name, values, k, neighbors):
    values = np.asarray(values, dtype=np.float32)
    exact = values.astype(float)
    mean = exact.mean(axis=0)
    covariance = np.atleast_2d(np.cov(exact, rowvar=False))
    variances, vectors = np.linalg.eigh(covariance)
    variances, vectors = np.maximum(variances[::-1], 0), with_signs(vectors.T[::-1])
    projected = (exact - mean) @ vectors[:k].T
    shown = projected.astype(np.float32).astype(float)
    shares = [len(nearest(exact, row, neighbors) & nearest(shown, row, neighbors)) / neighbors for row in range(len(values))]
    return {'name': name, 'shape': list(values.shape), 'values': encode(values), 'mean': mean.tolist(),
            'covariance': covariance.flatten().tolist(), 'components': vectors[:k].flatten().tolist(),
            'variances': variances[:k].tolist(), 'ratios': (variances[:k] / np.trace(covariance)).tolist(),
            'total': float(np.trace(covariance)), 'projected': projected.flatten().tolist(),
            'k': neighbors, 'shares': shares}


def spread(rows, columns, offset=0.):
    """Columns of different spread that hang together, so that eigenvalues lie apart."""
    mixing = rng.standard_normal((columns, columns)) * 1.3 ** -np.arange(columns)
    return rng.standard_normal((rows, columns)) @ mixing.T + offset


def matrices():
    yield matrix('a plane in three dimensions', [[1, 2, 3], [2, 4, 6.5], [3, 6, 8.5], [4, 8.5, 12], [0, 0, 1]], 2, 2)
    yield matrix('two columns', spread(50, 2), 2, 5)
    yield matrix('one column', spread(20, 1), 1, 3)
    yield matrix('fewer rows than columns', spread(6, 9), 5, 2)
    yield matrix('far from the origin', spread(40, 5, 1000.), 3, 4)
    yield matrix('small numbers', spread(40, 6) * 1e-20, 2, 4)
    yield matrix('large numbers', spread(40, 6) * 1e15, 2, 4)
    yield matrix('many', spread(120, 33), 4, 10)


# Colours

def paint(name, values, low, high):
    with np.errstate(all='ignore'):
        places = np.floor((values.astype(float) - low) * (256 / (high - low)))
    places = np.where(np.isnan(values), -1, np.clip(places, 0, 255)).astype(int)
    return {'values': name, 'min': low, 'max': high, 'places': places.tolist()}


def main():
    check_oracle()
    sets = [(name, np.asarray(values, dtype=np.float32)) for name, values in value_sets()]
    ranges = [(-1., 1.), (0., 255.), (-3e38, 3e38), (0.1, 0.10001), (-2.5, 10.)]
    write('lab.json',
          values=[{'name': name, 'float32': encode(values)} for name, values in sets],
          histograms=list(histograms(sets)),
          quantiles=[quantiles(name, values) for name, values in sets],
          matrices=list(matrices()),
          paints=[paint(name, values, *ranges[(i + j) % 5]) for i, (name, values) in enumerate(sets) for j in range(2)])


if __name__ == '__main__':
    main()
