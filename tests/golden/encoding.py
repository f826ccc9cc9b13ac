"""What the scripts of this folder share: which PyTorch they accept, how they write values, how they run Python text."""
import base64
import contextlib
import io
import json
import math
import os
import pathlib

# Read when torch loads. The orders of summation are then the same on every x86 machine, and a matrix product adds one
# product after the other, unfused.
os.environ['ATEN_CPU_CAPABILITY'] = 'avx2'
os.environ['MKL_CBWR'] = 'COMPATIBLE'

import torch
from torch import nn, optim, tensor

F = nn.functional
nan, inf = math.nan, math.inf
VERSION = '2.13.0'
FOLDER = pathlib.Path(__file__).parent


def check_oracle():
    version, processor = torch.__version__.split('+')[0], torch.backends.cpu.get_cpu_capability()
    if (version, processor) != (VERSION, 'AVX2'):
        raise SystemExit(f'needs PyTorch {VERSION} on x86 with AVX2, not PyTorch {version} on {processor}')
    torch.set_num_threads(1)


# Values

def floats(values):
    return base64.b64encode(values.detach().contiguous().numpy().astype('<f4').tobytes()).decode()


def array(values):
    if values.dtype == torch.float32:
        return {'shape': list(values.shape), 'float32': floats(values)}
    return {'shape': list(values.shape), str(values.dtype).removeprefix('torch.'): values.flatten().tolist()}


def option(value):
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def node_name(value):
    return value.grad_fn and value.grad_fn.name()


def write(name, **lists):
    compact = {'separators': (',', ':'), 'allow_nan': False}
    parts = [json.dumps(key) + ':[\n' + ',\n'.join(json.dumps(case, **compact) for case in cases) + '\n]'
             for key, cases in lists.items()]
    path = FOLDER / name
    path.write_text('{"pytorch":"' + VERSION + '",\n' + ',\n'.join(parts) + '}\n')
    print(f'{name}: {path.stat().st_size:,} bytes,', ', '.join(f'{len(cases)} {key}' for key, cases in lists.items()))


# Running Python text

def lines_of(name):
    return (FOLDER / name).read_text().splitlines()


def namespace():
    return {'torch': torch, 'nn': nn, 'F': F, 'optim': optim, 'tensor': tensor, 'int32': torch.int32, 'nan': nan,
            'inf': inf}


def evaluate(text):
    """Runs statements joined by '; ' and returns the value of the last."""
    *setup, last = text.split('; ')
    names = namespace()
    exec('\n'.join(setup), names)
    return eval(last, names)


def printed(line, names):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(line, names)
    return out.getvalue().removesuffix('\n')


def error_case(line):
    try:
        exec(line, namespace())
    except Exception as error:
        return {'pytorch': line, 'type': type(error).__name__, 'text': str(error)}
    raise SystemExit(f'{line} raised nothing')
