/* Validates indices and gathers rows. */
#include "device.cuh"

template <typename Index>
__global__ void check_indices_kernel(uint64_t *result, const Index *__restrict__ indices, size_t num_indices, uint64_t num_embeddings) {
    for (size_t n = thread_index(); n < num_indices; n += num_threads())
        if (static_cast<uint64_t>(static_cast<int64_t>(indices[n])) >= num_embeddings) {
            report(result, n);
            return; /* this thread's later positions are larger */
        }
}

embedding_status queue_reset(uint64_t *result, cudaStream_t stream) {
    return cuda_status(cudaMemsetAsync(result, 0xff, sizeof *result, stream));
}

template <typename Index>
static embedding_status check_any(uint64_t *result, const Index *indices, size_t num_indices, size_t num_embeddings, cudaStream_t stream) {
    if (num_indices == 0) return EMBEDDING_OK;
    return launch(check_indices_kernel<Index>, blocks_for(num_indices), stream, result, indices, num_indices, uint64_t(num_embeddings));
}

embedding_status queue_check_indices(uint64_t *result, const int32_t *indices, size_t num_indices, size_t num_embeddings, cudaStream_t stream) {
    return check_any(result, indices, num_indices, num_embeddings, stream);
}

embedding_status embedding_check_indices_cuda(uint64_t *result, const int32_t *indices, size_t num_indices, size_t num_embeddings,
                                              cudaStream_t stream) {
    TRY(Arguments(__func__).size(NAMED(num_indices)).size(NAMED(num_embeddings)).array(NAMED(result)).array(NAMED(indices), num_indices).status);
    TRY(queue_reset(result, stream));
    return queue_check_indices(result, indices, num_indices, num_embeddings, stream);
}

__global__ void narrow_indices_kernel(int32_t *__restrict__ narrowed, const uint64_t *result, const int64_t *__restrict__ indices,
                                      size_t num_indices) {
    if (is_bad(result)) return;
    for (size_t n = thread_index(); n < num_indices; n += num_threads()) narrowed[n] = static_cast<int32_t>(indices[n]);
}

embedding_status embedding_narrow_indices_cuda(int32_t *narrowed, uint64_t *result, const int64_t *indices, size_t num_indices,
                                               size_t num_embeddings, cudaStream_t stream) {
    TRY(Arguments(__func__).size(NAMED(num_indices)).size(NAMED(num_embeddings)).array(NAMED(narrowed), num_indices).array(NAMED(result))
            .array(NAMED(indices), num_indices).status);
    if (overlap(narrowed, num_indices * sizeof *narrowed, indices, num_indices * sizeof *indices)) return cuda_invalid("narrowed overlaps indices");
    TRY(queue_reset(result, stream));
    if (num_indices == 0) return EMBEDDING_OK;
    TRY(check_any(result, indices, num_indices, num_embeddings, stream));
    return launch(narrow_indices_kernel, blocks_for(num_indices), stream, narrowed, static_cast<const uint64_t *>(result), indices, num_indices);
}

/* LANES lanes copy a row, so a warp has several short rows. Each lane takes ROWS rows, so that as many loads are under way. Outputs are
   stored past the cache, which keeps the rows. */
constexpr unsigned ROWS = 4;
template <typename Vector, unsigned LANES>
__global__ void __launch_bounds__(THREADS)
    gather_kernel(Vector *__restrict__ output, const uint64_t *result, const Vector *__restrict__ weight,
                  const int32_t *__restrict__ indices, size_t num_indices, size_t vectors_per_row) {
    if (is_bad(result)) return;
    for (size_t first = thread_index() / LANES * ROWS; first < num_indices; first += num_threads() / LANES * ROWS) {
        const Vector *row[ROWS];
#pragma unroll
        for (unsigned k = 0; k < ROWS; k++) row[k] = weight + (first + k < num_indices ? size_t(indices[first + k]) * vectors_per_row : 0);
        for (size_t d = threadIdx.x % LANES; d < vectors_per_row; d += LANES) {
            Vector value[ROWS];
#pragma unroll
            for (unsigned k = 0; k < ROWS; k++) value[k] = __ldg(row[k] + d);
#pragma unroll
            for (unsigned k = 0; k < ROWS; k++)
                if (first + k < num_indices) __stcs(output + (first + k) * vectors_per_row + d, value[k]);
        }
    }
}

template <typename Vector>
static embedding_status gather(float *output, const uint64_t *result, const float *weight, const int32_t *indices, size_t num_indices,
                               size_t embedding_dim, cudaStream_t stream) {
    const size_t vectors_per_row = embedding_dim * sizeof(float) / sizeof(Vector);
    const auto queue = [&](auto kernel, unsigned lanes) {
        return launch(kernel, blocks_for(num_indices, THREADS / lanes * ROWS), stream, reinterpret_cast<Vector *>(output), result,
                      reinterpret_cast<const Vector *>(weight), indices, num_indices, vectors_per_row);
    };
    if (vectors_per_row <= 1) return queue(gather_kernel<Vector, 1>, 1);
    if (vectors_per_row <= 4) return queue(gather_kernel<Vector, 4>, 4);
    if (vectors_per_row <= 8) return queue(gather_kernel<Vector, 8>, 8);
    if (vectors_per_row <= 16) return queue(gather_kernel<Vector, 16>, 16);
    return queue(gather_kernel<Vector, 32>, 32);
}

embedding_status embedding_forward_cuda(float *output, uint64_t *result, const float *weight, const int32_t *indices,
                                        size_t num_indices, size_t num_embeddings, size_t embedding_dim, cudaStream_t stream) {
    const bool has_rows = num_indices > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_indices)).size(NAMED(num_embeddings)).size(NAMED(embedding_dim)).array(NAMED(output), has_rows)
            .array(NAMED(result)).array(NAMED(weight), has_rows && num_embeddings > 0).array(NAMED(indices), num_indices).status);
    TRY(queue_reset(result, stream));
    TRY(queue_check_indices(result, indices, num_indices, num_embeddings, stream));
    if (!has_rows) return EMBEDDING_OK;
    const uintptr_t alignment = reinterpret_cast<uintptr_t>(output) | reinterpret_cast<uintptr_t>(weight) | embedding_dim * sizeof(float);
    const auto queue = alignment % 16 == 0 ? gather<float4> : alignment % 8 == 0 ? gather<float2> : gather<float>;
    return queue(output, result, weight, indices, num_indices, embedding_dim, stream);
}
