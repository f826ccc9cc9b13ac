"""PyTorch on one thread, by the protocol of contender.js. Takes the way of calling it: new (the default), out, operator, dense."""
import ctypes
import os
import sys
import time

import torch
from torch.nn import functional

LEARNING_RATE, ADAGRAD_RATE, NEAREST_K, MOST_RESULTS = 1e-3, 1e-2, 10, 1 << 22

torch.set_num_threads(1)
way = sys.argv[1] if len(sys.argv) > 1 else 'new'


def read(name, dtype, shape, at_end=False):
    """The first numbers of a file, or its last ones, into memory of torch's own."""
    tensor = torch.empty(shape, dtype=dtype)
    size = tensor.numel() * tensor.element_size()
    with open(name, 'rb', buffering=0) as file:
        if at_end:
            file.seek(-size, os.SEEK_END)
        view = memoryview((ctypes.c_char * size).from_address(tensor.data_ptr())) if size else b''
        read_bytes = 0
        while read_bytes < size:
            read_bytes += file.readinto(view[read_bytes:])
    return tensor


class Work:
    def __init__(self, words):
        pairs = dict(word.split('=', 1) for word in words)
        self.V, self.D, self.n, self.bags, self.sets = (int(pairs[key]) for key in ('V', 'D', 'n', 'bags', 'sets'))
        self.floats, self.result = pairs['floats'], pairs['result']
        self.indices = read(pairs['indices'], torch.int32, (self.sets, self.n)).long().unbind()
        self.offsets = torch.arange(self.bags) * (self.n // self.bags)

    def weight(self, requires_grad=False):
        return read(self.floats, torch.float32, (self.V, self.D)).requires_grad_(requires_grad)

    def numbers(self, *shape):
        return read(self.floats, torch.float32, shape, at_end=True)


# Each kernel returns a function of the set of indices, whose value, if it has one, is the result; `weight` is it otherwise.


def lookup(work):
    weight, indices = work.weight(), work.indices
    if way == 'out':
        out = torch.empty(work.n, work.D)
        return lambda s: torch.index_select(weight, 0, indices[s], out=out)
    return lambda s: functional.embedding(indices[s], weight)


def renorm(work):
    weight, limit = work.weight(), (work.D / 3) ** 0.5
    return lambda s: torch.embedding_renorm_(weight, work.indices[s], limit, 2)


def backward(output, grad_output, weight):
    def call(_):
        weight.grad = None
        output.backward(grad_output, retain_graph=True)
        return weight.grad

    return call


def dense_gradient(work):
    grad_output, indices = work.numbers(work.n, work.D), work.indices[0]
    if way == 'operator':
        return lambda _: torch.ops.aten.embedding_dense_backward(grad_output, indices, work.V, -1, False)
    weight = work.weight(requires_grad=True)
    return backward(functional.embedding(indices, weight), grad_output, weight)


def sparse_gradient(work):
    grad_output, indices = work.numbers(work.n, work.D), work.indices[0]
    if way == 'operator':
        return lambda _: torch.sparse_coo_tensor(indices[None], grad_output, (work.V, work.D), check_invariants=False).coalesce().values()
    weight = work.weight(requires_grad=True)
    take = backward(functional.embedding(indices, weight, sparse=True), grad_output, weight)
    return lambda s: take(s).coalesce().values()


def bag(mode, is_weighted=False):
    def prepare(work):
        weight, indices, offsets = work.weight(), work.indices, work.offsets
        weights = work.numbers(work.n) if is_weighted else None
        return lambda s: functional.embedding_bag(indices[s], weight, offsets, mode=mode, per_sample_weights=weights)

    return prepare


def bag_backward(work):
    weight = work.weight(requires_grad=True)
    output = functional.embedding_bag(work.indices[0], weight, work.offsets, mode='sum')
    return backward(output, work.numbers(work.bags, work.D), weight)


def step(make):
    def prepare(work):
        weight = work.weight(requires_grad=True)
        functional.embedding(work.indices[0], weight, sparse=True).backward(work.numbers(work.n, work.D))
        weight.grad = weight.grad.coalesce()
        optimizer = make([weight])

        def call(_):
            optimizer.step()
            return weight

        return call

    return prepare


def nearest(work):
    weight, query = work.weight(), work.numbers(work.D)
    return lambda _: torch.topk(torch.mv(weight, query), NEAREST_K).values


def training_step(work):
    weight, grad_output, is_sparse = work.weight(requires_grad=True), work.numbers(work.n, work.D), way != 'dense'
    optimizer = (torch.optim.SparseAdam if is_sparse else torch.optim.Adam)([weight], lr=LEARNING_RATE)

    def call(s):
        optimizer.zero_grad()
        functional.embedding(work.indices[s], weight, sparse=is_sparse).backward(grad_output)
        optimizer.step()
        return weight

    return call


KERNELS = {
    'lookup': lookup,
    'renorm': renorm,
    'dense-gradient': dense_gradient,
    'sparse-gradient': sparse_gradient,
    'bag-sum': bag('sum'),
    'bag-mean': bag('mean'),
    'bag-max': bag('max'),
    'bag-weighted': bag('sum', is_weighted=True),
    'bag-backward': bag_backward,
    'sgd': step(lambda parameters: torch.optim.SGD(parameters, lr=LEARNING_RATE)),
    'adagrad': step(lambda parameters: torch.optim.Adagrad(parameters, lr=ADAGRAD_RATE)),
    'sparse-adam': step(lambda parameters: torch.optim.SparseAdam(parameters, lr=LEARNING_RATE)),
    'nearest': nearest,
    'training-step': training_step,
}


def main():
    answers = os.fdopen(os.dup(1), 'w', buffering=1)
    os.dup2(2, 1)
    print(f'version PyTorch {torch.__version__}, Python {sys.version.split()[0]}', file=answers)
    call, sets = None, 1
    for line in sys.stdin:
        command, *words = line.split()
        if command == 'prepare':
            call = result = None  # frees what the last kernel held
            work = Work(words[1:])
            call, sets = KERNELS[words[0]](work), work.sets
            result = call(0).detach().reshape(-1)[:MOST_RESULTS].contiguous()
            with open(work.result, 'wb') as file:
                file.write((ctypes.c_char * (4 * result.numel())).from_address(result.data_ptr()))
            print('ready', file=answers)
        if command == 'wasm':
            print(0, file=answers)
        if command == 'time':
            repetitions = int(words[0])
            for i in range(repetitions >> 3):
                call(i % sets)
            start = time.perf_counter_ns()
            for i in range(repetitions):
                call(i % sets)
            print((time.perf_counter_ns() - start) / repetitions, file=answers)


main()
