/* What the gradients of lookups and of bags share. */
#ifndef EMBEDDING_CUDA_GRADIENT_CUH
#define EMBEDDING_CUDA_GRADIENT_CUH

#include "runs.cuh"

/* These do nothing where result is bad. */
embedding_status queue_zero(float *values, size_t size, const uint64_t *result, cudaStream_t stream);
embedding_status queue_count(uint32_t *counts, const uint64_t *result, const int32_t *indices, size_t num_indices, cudaStream_t stream);
embedding_status queue_clear(uint32_t *counts, const uint64_t *result, const int32_t *indices, size_t num_indices, cudaStream_t stream);

/* The positions that take part, as (row number, row) pairs. */
struct Pairs {
    size_t num_indices;
    uint32_t *kept, *ranks;
    ScanScratch scan;

    Pairs(Scratch &scratch, size_t num_indices);
    embedding_status queue(int32_t *grad_indices, float *grad_values, uint64_t *num_pairs, const uint64_t *result, const int32_t *indices,
                           int32_t padding_idx, Terms terms, size_t embedding_dim, cudaStream_t stream) const;
};

#endif
