"""Writes nearest.json: the nearest rows by PyTorch 2.13.0, in double precision, on tables of float32. Runs as make.py does.

Tables and queries are torch.randn after torch.manual_seed(seed): the table first. Rows that are nearly as good as each other
could change places in float32, so a case with such rows among the first k + 1 is not written. `real`: the same for words of data/.
"""
from encoding import F, FOLDER, check_oracle, torch, write

DATA = FOLDER.parent.parent / 'data'
SMALLEST_GAP = 1e-5
METRICS = ['cosine', 'dot', 'euclidean']
SHAPES = [(5, 1), (8, 2), (40, 3), (63, 7), (64, 16), (65, 17), (200, 31), (1000, 50), (3000, 64), (777, 100), (2000, 129)]


def scores_of(weight, query, metric):
    weight, query = weight.double(), query.double()
    if metric == 'cosine':
        return F.cosine_similarity(weight, query[None], dim=1)
    return weight @ query if metric == 'dot' else torch.cdist(query[None], weight, compute_mode='donot_use_mm_for_euclid_dist')[0]


def nearest(weight, query, metric, k, exclude):
    kept = torch.ones(len(weight), dtype=torch.bool)
    kept[exclude] = False
    rows = kept.nonzero().flatten()
    scores = scores_of(weight[rows], query, metric)
    found = torch.topk(scores, min(k + 1, len(rows)), largest=metric != 'euclidean')
    is_clear = bool((found.values.diff().abs() > SMALLEST_GAP * found.values.abs().max()).all())
    return rows[found.indices[:k]].tolist(), found.values[:k].tolist(), is_clear


def random_cases():
    for seed, (rows, columns) in enumerate(SHAPES):
        for metric in METRICS:
            torch.manual_seed(seed)
            weight, query = torch.randn(rows, columns), torch.randn(columns)
            k, exclude = min(rows, 3 + 4 * seed), [0, rows - 1] if seed % 2 else []
            indices, scores, is_clear = nearest(weight, query, metric, k, exclude)
            if is_clear:
                yield {'seed': seed, 'shape': [rows, columns], 'metric': metric, 'k': k, 'exclude': exclude, 'indices': indices,
                       'scores': scores}


def real_cases():
    words = (DATA / 'words.txt').read_text().splitlines()
    rows = torch.frombuffer(bytearray((DATA / 'rows.int8').read_bytes()), dtype=torch.int8).view(len(words), -1)
    scales = torch.frombuffer(bytearray((DATA / 'scales.float32').read_bytes()), dtype=torch.float32)
    weight = rows * scales[:, None]
    for word in words[10:10000:500] + ['king', 'paris', 'cat', 'walked', 'monday']:
        row = words.index(word)
        for metric in METRICS:
            indices, scores, is_clear = nearest(weight, weight[row], metric, 10, [row])
            if is_clear:
                yield {'word': word, 'metric': metric, 'indices': indices, 'scores': scores}


def main():
    check_oracle()
    write('nearest.json', random=list(random_cases()), real=list(real_cases()))


if __name__ == '__main__':
    main()
