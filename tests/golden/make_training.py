"""Writes the golden files about training: gradients, bags, optimisers, autograd, and what PyTorch 2.13.0 refuses there.

    python3 -m venv /tmp/oracle
    /tmp/oracle/bin/pip install torch==2.13.0 numpy
    /tmp/oracle/bin/python tests/golden/make_training.py

The encoding is that of make.py, and a second run writes the same bytes; on another processor the last bit of what MKL
computes (sqrt above all) may differ. Each file is written by the module of its name, which says what a case holds.

A sparse gradient is {"shape", "indices", "values", "is_coalesced", "coalesced": {"indices", "values"}}. `deviation` is
null, or says why a case holds what the rule gives and not what PyTorch gives. training_errors.txt and sparse_prints.txt
hold, a line each, what raises and what is printed.
"""
import autograd
import bags
import gradients
import graphs
import optimizers
import sparse_print
import training
from encoding import check_oracle, error_case, lines_of, torch, write


def main():
    check_oracle()
    torch.sparse.check_sparse_tensor_invariants.enable()
    write('gradients.json', cases=gradients.cases(), accumulations=list(gradients.accumulations()),
          zero_grads=gradients.zero_grads())
    write('bags.json', cases=bags.cases())
    write('optimizers.json', cases=optimizers.cases(), clips=list(optimizers.clips()), table=optimizers.table())
    write('autograd.json', operations=autograd.operations(), integers=list(autograd.integers()),
          graphs=list(graphs.graphs()), saved=list(graphs.saved()), lookups=list(graphs.lookups()),
          documentation=list(graphs.documentation()))
    write('training.json', programs=training.programs())
    write('sparse_print.json', tensors=list(sparse_print.tensors()), layers=sparse_print.printed(sparse_print.LAYERS),
          optimizers=sparse_print.printed(sparse_print.OPTIMIZERS))
    write('training_errors.json', errors=[error_case(line) for line in lines_of('training_errors.txt')])


if __name__ == '__main__':
    main()
