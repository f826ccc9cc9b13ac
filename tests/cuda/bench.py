"""The lookup and its dense gradient by PyTorch on the same GPU, beside what bench.c measured: python bench.py build/cuda/bench.jsonl"""
import json
import sys

try:
    import torch
    from triton.testing import do_bench
    assert torch.cuda.is_available()
except (ImportError, AssertionError):
    print('PyTorch with CUDA is not there: nothing to compare with')
    sys.exit()

lines = [json.loads(line) for line in open(sys.argv[1])][1:]
ours = {(line['embedding_dim'], line['indices'], line['kernel']): line['ms'] for line in lines}
print(f'PyTorch {torch.__version__}, {torch.cuda.get_device_name()}: times ours')
for dim, kind in sorted({key[:2] for key in ours}):
    rows = (1 << 28) // dim
    n = min(1 << 20, rows // 16 * 16)
    table, grad = torch.randn(rows, dim, device='cuda'), torch.randn(n, dim, device='cuda')
    u = torch.rand(n, device='cuda', dtype=torch.float64)
    index = (u * rows).long() if kind == 'uniform' else (float(rows) ** u).long() - 1
    theirs = {'forward': do_bench(lambda: torch.nn.functional.embedding(index, table), return_mode='median')}
    for deterministic in (True, False):
        torch.use_deterministic_algorithms(deterministic)
        name = 'dense_backward' + (', deterministic' if deterministic else '')
        theirs[name] = do_bench(lambda: torch.ops.aten.embedding_dense_backward(grad, index, rows, -1, False), return_mode='median')
    print(f'D {dim:4d} {kind:7s} ' + '  '.join(f'{name} {ms / ours[dim, kind, name.split(",")[0]]:5.2f}' for name, ms in theirs.items()))
