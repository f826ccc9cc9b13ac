/* Runs: the positions of equal indices side by side, each in ascending order, so that one group of threads can sum a row in the
   core's order. */
#ifndef EMBEDDING_CUDA_RUNS_CUH
#define EMBEDDING_CUDA_RUNS_CUH

#include "device.cuh"

/* Running totals of counts: ranks[n] = counts[0] + ... + counts[n - 1]. */
struct ScanScratch {
    embedding_status status; /* cub asks the device how much it needs, so without one this is an error */
    size_t bytes;
    void *memory;

    ScanScratch(Scratch &scratch, size_t size);
    embedding_status queue(uint32_t *ranks, const uint32_t *counts, size_t size, cudaStream_t stream) const;
};

/* Keys of 64 bits: row << 32 | position. A position that takes no part has a row that is none: num_embeddings, which sorts last. */
struct SortScratch {
    embedding_status status;
    size_t bytes;
    void *memory;

    SortScratch(Scratch &scratch, size_t size);
    /* By the upper half of the keys, of which the lowest `bits` bits count; equal ones stay in order. */
    embedding_status queue(uint64_t *sorted, const uint64_t *keys, size_t size, int bits, cudaStream_t stream) const;
};

__device__ inline uint32_t row_of(uint64_t key) { return static_cast<uint32_t>(key >> 32); }
__device__ inline uint32_t position_of(uint64_t key) { return static_cast<uint32_t>(key); }
__device__ inline bool is_head(const uint64_t *sorted, size_t n) { return n == 0 || row_of(sorted[n - 1]) != row_of(sorted[n]); }

/* What a position adds to its row. */
struct Terms {
    const float *rows;         /* (.., embedding_dim) */
    const uint32_t *sources;   /* which of the rows is a position's; NULL: that of the same number */
    const float *scales;       /* of each position; NULL: scale is that of all */
    const int32_t *max_rows;   /* as rows: the row that an element goes to; NULL: all elements go */
    float scale;
};

/* What sums are added to: what the rows hold, the zeros that they are known to hold, or nothing: the first term is copied. */
enum class Onto { ROWS, ZEROS, NOTHING };

/* Sorted keys and what it takes to make them. */
struct Runs {
    size_t num_indices, num_embeddings;
    uint64_t *keys, *sorted;
    SortScratch sort;

    Runs(Scratch &scratch, size_t num_indices, size_t num_embeddings);

    /* sources: NULL, or NO_SOURCE for positions that take no part. count: as in embedding_cuda.h. Where result is bad none does. */
    embedding_status queue_sort(const uint64_t *result, const int32_t *indices, const uint32_t *sources, const uint64_t *count,
                                int32_t padding_idx, cudaStream_t stream) const;

    /* Adds each run's terms, one position after another, to its row of `rows`; with ranks the run that begins at n has row ranks[n]. */
    embedding_status queue_sum(float *rows, const uint32_t *ranks, Onto onto, const Terms &terms, size_t embedding_dim, cudaStream_t stream) const;
};

constexpr uint32_t NO_SOURCE = UINT32_MAX;

#endif
