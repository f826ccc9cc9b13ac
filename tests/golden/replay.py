"""Short programs given twice, in Python and in JavaScript; what comes out is what the Python lines gave.

data holds the tensors that the lines name, each with requires_grad; error is what the last line raised, or null; values
are expressions and what they are afterwards: a tensor, a sparse gradient, a boolean or null.
"""
from encoding import array, namespace, torch
from gradients import encode


def leaf(values):
    return values.detach().clone().requires_grad_(values.requires_grad)


def written(value):
    return encode(value) if value is None or torch.is_tensor(value) else value


def replay(name, data, lines, values):
    """data: named tensors. lines: (python, javascript). values: expressions to record afterwards, one for both languages
    or such a pair. The last line may fail; the values are then what it left behind."""
    names = {**namespace(), **{key: leaf(value) for key, value in data.items()}}
    *setup, last = [python for python, _ in lines]
    for line in setup:
        exec(line, names)
    error = None
    try:
        exec(last, names)
    except RuntimeError as raised:
        error = {'type': type(raised).__name__, 'text': str(raised)}
    pairs = [(value, value) if isinstance(value, str) else value for value in values]
    return {'name': name,
            'data': {key: {**array(value), 'requires_grad': value.requires_grad} for key, value in data.items()},
            'python': [python for python, _ in lines], 'javascript': [javascript for _, javascript in lines],
            'error': error,
            'values': [{'python': python, 'javascript': javascript, 'value': written(eval(python, names))}
                       for python, javascript in pairs]}
