/* Gradients of the lookup: dense, and sparse as rows (COO) with their coalescing. */
#include "gradient.cuh"

/* ---- Zeros and counts ---------------------------------------------------------------------------------------------- */

__global__ void zero_kernel(float *values, size_t size, const uint64_t *result) {
    if (is_bad(result)) return;
    for (size_t n = thread_index(); n < size; n += num_threads()) values[n] = 0.0f;
}

embedding_status queue_zero(float *values, size_t size, const uint64_t *result, cudaStream_t stream) {
    return size ? launch(zero_kernel, blocks_for(size), stream, values, size, result) : EMBEDDING_OK;
}

/* Whole numbers add up to the same in any order. */
__global__ void count_kernel(uint32_t *counts, const uint64_t *result, const int32_t *__restrict__ indices, size_t num_indices) {
    if (is_bad(result)) return;
    for (size_t n = thread_index(); n < num_indices; n += num_threads()) atomicAdd(counts + indices[n], 1u);
}

__global__ void clear_kernel(uint32_t *counts, const uint64_t *result, const int32_t *__restrict__ indices, size_t num_indices) {
    if (is_bad(result)) return;
    for (size_t n = thread_index(); n < num_indices; n += num_threads()) atomicExch(counts + indices[n], 0u);
}

embedding_status queue_count(uint32_t *counts, const uint64_t *result, const int32_t *indices, size_t num_indices, cudaStream_t stream) {
    return counts ? launch(count_kernel, blocks_for(num_indices), stream, counts, result, indices, num_indices) : EMBEDDING_OK;
}

embedding_status queue_clear(uint32_t *counts, const uint64_t *result, const int32_t *indices, size_t num_indices, cudaStream_t stream) {
    return counts ? launch(clear_kernel, blocks_for(num_indices), stream, counts, result, indices, num_indices) : EMBEDDING_OK;
}

/* What scale_grad_by_freq multiplies each position's row by. */
__global__ void frequency_scales_kernel(float *__restrict__ scales, const uint64_t *result, const uint32_t *__restrict__ counts,
                                        const int32_t *__restrict__ indices, size_t num_indices) {
    if (is_bad(result)) return;
    for (size_t n = thread_index(); n < num_indices; n += num_threads()) scales[n] = static_cast<float>(1.0 / counts[indices[n]]);
}

static embedding_status queue_scales(float *scales, const uint64_t *result, uint32_t *counts, const int32_t *indices, size_t num_indices,
                                     cudaStream_t stream) {
    if (!counts) return EMBEDDING_OK;
    TRY(queue_count(counts, result, indices, num_indices, stream));
    TRY(launch(frequency_scales_kernel, blocks_for(num_indices), stream, scales, result, counts, indices, num_indices));
    return queue_clear(counts, result, indices, num_indices, stream);
}

/* ---- Dense --------------------------------------------------------------------------------------------------------- */

struct DenseScratch : Scratch {
    Runs runs;
    float *scales;

    DenseScratch(void *memory, size_t num_indices, size_t num_embeddings)
        : Scratch(memory), runs(*this, num_indices, num_embeddings), scales(take<float>(num_indices)) {}
};

size_t embedding_dense_backward_scratch_cuda(size_t num_indices) {
    cuda_begin(__func__);
    const DenseScratch scratch(nullptr, num_indices, 0);
    return scratch.runs.sort.status == EMBEDDING_OK ? scratch.bytes() : 0;
}

embedding_status embedding_dense_backward_cuda(float *grad_weight, const uint64_t *result, const float *grad_output, const int32_t *indices,
                                               size_t num_indices, size_t num_embeddings, size_t embedding_dim, int32_t padding_idx,
                                               uint32_t *counts, void *scratch, cudaStream_t stream) {
    const bool has_rows = num_indices > 0 && num_embeddings > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_indices)).size(NAMED(num_embeddings)).size(NAMED(embedding_dim))
            .array(NAMED(grad_weight), num_embeddings > 0 && embedding_dim > 0).array(NAMED(result), result).array(NAMED(grad_output), has_rows)
            .array(NAMED(indices), has_rows).array(NAMED(counts), counts && has_rows).scratch(scratch, has_rows).status);
    TRY(queue_zero(grad_weight, num_embeddings * embedding_dim, result, stream));
    if (!has_rows) return EMBEDDING_OK;
    const DenseScratch place(scratch, num_indices, num_embeddings);
    TRY(queue_scales(place.scales, result, counts, indices, num_indices, stream));
    TRY(place.runs.queue_sort(result, indices, nullptr, nullptr, padding_idx, stream));
    return place.runs.queue_sum(grad_weight, nullptr, Onto::ZEROS, {grad_output, nullptr, counts ? place.scales : nullptr, nullptr, 1.0f}, embedding_dim,
                                stream);
}

/* ---- Sparse -------------------------------------------------------------------------------------------------------- */

Pairs::Pairs(Scratch &scratch, size_t num_indices)
    : num_indices(num_indices), kept(scratch.take<uint32_t>(num_indices)), ranks(scratch.take<uint32_t>(num_indices)),
      scan(scratch, num_indices) {}

__global__ void keep_kernel(uint32_t *__restrict__ kept, const uint64_t *result, const int32_t *__restrict__ indices,
                            const uint32_t *__restrict__ sources, size_t num_indices, int32_t padding_idx) {
    const bool bad = is_bad(result);
    for (size_t n = thread_index(); n < num_indices; n += num_threads())
        kept[n] = !bad && indices[n] != padding_idx && !(sources && sources[n] == NO_SOURCE);
}

/* A warp for each position. */
__global__ void __launch_bounds__(THREADS)
    copy_pairs_kernel(int32_t *__restrict__ grad_indices, float *__restrict__ grad_values, uint64_t *num_pairs,
                      const uint32_t *__restrict__ kept, const uint32_t *__restrict__ ranks, const int32_t *__restrict__ indices,
                      const Terms terms, size_t num_indices, size_t embedding_dim) {
    if (thread_index() == 0) *num_pairs = ranks[num_indices - 1] + kept[num_indices - 1];
    for (size_t n = thread_index() / WARP; n < num_indices; n += num_threads() / WARP) {
        if (!kept[n]) continue;
        const size_t rank = ranks[n], source = terms.sources ? terms.sources[n] : n;
        if (threadIdx.x % WARP == 0) grad_indices[rank] = indices[n];
        for (size_t d = threadIdx.x % WARP; d < embedding_dim; d += WARP) {
            const float x = terms.rows[source * embedding_dim + d];
            grad_values[rank * embedding_dim + d] = terms.scales ? terms.scales[n] * x : x;
        }
    }
}

embedding_status Pairs::queue(int32_t *grad_indices, float *grad_values, uint64_t *num_pairs, const uint64_t *result, const int32_t *indices,
                              int32_t padding_idx, Terms terms, size_t embedding_dim, cudaStream_t stream) const {
    TRY(launch(keep_kernel, blocks_for(num_indices), stream, kept, result, indices, terms.sources, num_indices, padding_idx));
    TRY(scan.queue(ranks, kept, num_indices, stream));
    return launch(copy_pairs_kernel, blocks_for(num_indices, THREADS / WARP), stream, grad_indices, grad_values, num_pairs, kept, ranks, indices,
                  terms, num_indices, embedding_dim);
}

struct SparseScratch : Scratch {
    Pairs pairs;
    float *scales;

    SparseScratch(void *memory, size_t num_indices) : Scratch(memory), pairs(*this, num_indices), scales(take<float>(num_indices)) {}
};

size_t embedding_sparse_backward_scratch_cuda(size_t num_indices) {
    cuda_begin(__func__);
    const SparseScratch scratch(nullptr, num_indices);
    return scratch.pairs.scan.status == EMBEDDING_OK ? scratch.bytes() : 0;
}

embedding_status embedding_sparse_backward_cuda(int32_t *grad_indices, float *grad_values, uint64_t *num_pairs, const uint64_t *result,
                                                const float *grad_output, const int32_t *indices, size_t num_indices, size_t embedding_dim,
                                                int32_t padding_idx, uint32_t *counts, void *scratch, cudaStream_t stream) {
    const bool has_rows = num_indices > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_indices)).size(NAMED(embedding_dim)).array(NAMED(grad_indices), has_rows)
            .array(NAMED(grad_values), has_rows).array(NAMED(num_pairs)).array(NAMED(result), result).array(NAMED(grad_output), has_rows)
            .array(NAMED(indices), has_rows).array(NAMED(counts), counts && has_rows).scratch(scratch, has_rows).status);
    if (!has_rows) return cuda_status(cudaMemsetAsync(num_pairs, 0, sizeof *num_pairs, stream));
    const SparseScratch place(scratch, num_indices);
    TRY(queue_scales(place.scales, result, counts, indices, num_indices, stream));
    return place.pairs.queue(grad_indices, grad_values, num_pairs, result, indices, padding_idx,
                             {grad_output, nullptr, counts ? place.scales : nullptr, nullptr, 1.0f}, embedding_dim, stream);
}

/* ---- Coalescing ---------------------------------------------------------------------------------------------------- */

struct CoalesceScratch : Scratch {
    Runs runs;
    uint32_t *heads, *ranks;
    ScanScratch scan;

    CoalesceScratch(void *memory, size_t num_indices, size_t num_embeddings)
        : Scratch(memory), runs(*this, num_indices, num_embeddings), heads(take<uint32_t>(num_indices)),
          ranks(take<uint32_t>(num_indices)), scan(*this, num_indices) {}
};

size_t embedding_coalesce_scratch_cuda(size_t num_indices) {
    cuda_begin(__func__);
    const CoalesceScratch scratch(nullptr, num_indices, 0);
    return scratch.scan.status == EMBEDDING_OK && scratch.runs.sort.status == EMBEDDING_OK ? scratch.bytes() : 0;
}

/* heads[n]: whether sorted[n] begins a run. */
__global__ void heads_kernel(uint32_t *__restrict__ heads, const uint64_t *__restrict__ sorted, size_t num_indices, uint32_t num_embeddings) {
    for (size_t n = thread_index(); n < num_indices; n += num_threads())
        heads[n] = row_of(sorted[n]) != num_embeddings && is_head(sorted, n);
}

__global__ void list_heads_kernel(int32_t *__restrict__ rows, uint64_t *num_rows, const uint32_t *__restrict__ heads,
                                  const uint32_t *__restrict__ ranks, const uint64_t *__restrict__ sorted, size_t num_indices) {
    if (thread_index() == 0) *num_rows = ranks[num_indices - 1] + heads[num_indices - 1];
    for (size_t n = thread_index(); n < num_indices; n += num_threads())
        if (heads[n]) rows[ranks[n]] = static_cast<int32_t>(row_of(sorted[n]));
}

embedding_status embedding_coalesce_cuda(int32_t *rows, float *values, uint64_t *num_rows, const int32_t *grad_indices,
                                         const float *grad_values, const uint64_t *count, size_t num_indices, size_t num_embeddings,
                                         size_t embedding_dim, void *scratch, cudaStream_t stream) {
    const bool has_rows = num_indices > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_indices)).size(NAMED(num_embeddings)).size(NAMED(embedding_dim)).array(NAMED(rows), num_indices)
            .array(NAMED(values), has_rows).array(NAMED(num_rows)).array(NAMED(grad_indices), num_indices).array(NAMED(grad_values), has_rows)
            .array(NAMED(count), count).scratch(scratch, num_indices).status);
    if (num_indices == 0) return cuda_status(cudaMemsetAsync(num_rows, 0, sizeof *num_rows, stream));
    const CoalesceScratch place(scratch, num_indices, num_embeddings);
    TRY(place.runs.queue_sort(nullptr, grad_indices, nullptr, count, -1, stream));
    TRY(launch(heads_kernel, blocks_for(num_indices), stream, place.heads, place.runs.sorted, num_indices, static_cast<uint32_t>(num_embeddings)));
    TRY(place.scan.queue(place.ranks, place.heads, num_indices, stream));
    TRY(launch(list_heads_kernel, blocks_for(num_indices), stream, rows, num_rows, place.heads, place.ranks, place.runs.sorted, num_indices));
    if (!has_rows) return EMBEDDING_OK;
    return place.runs.queue_sum(values, place.ranks, Onto::NOTHING, {grad_values, nullptr, nullptr, nullptr, 1.0f}, embedding_dim, stream);
}

/* ---- Pairs onto a table -------------------------------------------------------------------------------------------- */

static constexpr size_t ANY_ROW = INT32_MAX; /* no row has this number, so it can stand for none */

size_t embedding_add_rows_scratch_cuda(size_t num_indices) {
    cuda_begin(__func__);
    Scratch scratch;
    const Runs runs(scratch, num_indices, ANY_ROW);
    return runs.sort.status == EMBEDDING_OK ? scratch.bytes() : 0;
}

embedding_status embedding_add_rows_cuda(float *weight, const int32_t *grad_indices, const float *grad_values, const uint64_t *count,
                                         size_t num_indices, size_t embedding_dim, float alpha, void *scratch, cudaStream_t stream) {
    const bool has_rows = num_indices > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_indices)).size(NAMED(embedding_dim)).array(NAMED(weight), has_rows)
            .array(NAMED(grad_indices), has_rows).array(NAMED(grad_values), has_rows).array(NAMED(count), count).scratch(scratch, has_rows).status);
    if (!has_rows) return EMBEDDING_OK;
    Scratch place(scratch);
    const Runs runs(place, num_indices, ANY_ROW);
    TRY(runs.queue_sort(nullptr, grad_indices, nullptr, count, -1, stream));
    return runs.queue_sum(weight, nullptr, Onto::ROWS, {grad_values, nullptr, nullptr, nullptr, alpha}, embedding_dim, stream);
}
