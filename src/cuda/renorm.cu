/* max_norm: rescales, in the table, the rows that a lookup is about to read. */
#include "device.cuh"
#include "runs.cuh"

enum Norm { SQUARES, ABSOLUTE, NONZERO, LARGEST, SMALLEST, POWER };

/* The larger (or smaller) of two absolute values; a NaN stays. */
template <Norm NORM> __device__ inline float more_extreme(float a, float b) {
    if (b != b) return b;
    return a != a || (NORM == LARGEST ? a > b : a < b) ? a : b;
}

/* One kernel for each norm: powf takes registers that the others have better uses for. */
template <Norm NORM> __device__ float row_norm(const float *row, size_t embedding_dim, float p) {
    if (NORM == LARGEST || NORM == SMALLEST) {
        float extreme = NORM == LARGEST ? 0.0f : INFINITY;
        for (size_t d = threadIdx.x % SUMS; d < embedding_dim; d += SUMS) extreme = more_extreme<NORM>(extreme, fabsf(row[d]));
        for (unsigned apart = SUMS / 2; apart > 0; apart /= 2)
            extreme = more_extreme<NORM>(extreme, __shfl_xor_sync(half_warp(), extreme, apart));
        return extreme;
    }
    const float sum = sum_row(embedding_dim, [=](size_t d) {
        const float x = row[d];
        return NORM == SQUARES ? x * x : NORM == ABSOLUTE ? fabsf(x) : NORM == NONZERO ? (x != 0 ? 1.0f : 0.0f) : powf(fabsf(x), p);
    });
    return NORM == SQUARES ? sqrtf(sum) : NORM == POWER ? powf(sum, 1.0f / p) : sum;
}

/* Half a warp for each position. The first to claim a row's bit rescales it; which one that is makes no difference. */
template <Norm NORM>
__global__ void __launch_bounds__(THREADS)
    renorm_kernel(float *weight, uint32_t *claimed, uint32_t *rewritten, const uint64_t *result, const int32_t *__restrict__ indices,
                  size_t num_indices, size_t embedding_dim, double max_norm, float p) {
    if (is_bad(result)) return;
    const unsigned lane = threadIdx.x % SUMS;
    for (size_t n = thread_index() / SUMS; n < num_indices; n += num_threads() / SUMS) {
        const uint32_t index = static_cast<uint32_t>(indices[n]), bit = 1u << index % 32;
        uint32_t before = 0;
        if (lane == 0) before = atomicOr(claimed + index / 32, bit);
        if (__shfl_sync(half_warp(), before, threadIdx.x % WARP / SUMS * SUMS) & bit) continue;
        float *row = weight + size_t(index) * embedding_dim;
        const double norm = row_norm<NORM>(row, embedding_dim, p);
        if (!(norm > max_norm)) continue;
        const float scale = static_cast<float>(max_norm / (norm + 1e-7));
        for (size_t d = lane; d < embedding_dim; d += SUMS) row[d] = scale * row[d];
        if (lane == 0) atomicOr(rewritten + index / 32, bit);
    }
}

__global__ void count_bits_kernel(uint32_t *counts, const uint32_t *words, size_t num_words) {
    for (size_t word = thread_index(); word < num_words; word += num_threads()) counts[word] = static_cast<uint32_t>(__popc(words[word]));
}

__global__ void list_bits_kernel(int32_t *rows, uint64_t *num_rows, const uint64_t *result, const uint32_t *ranks, const uint32_t *words,
                                 size_t num_words) {
    if (is_bad(result)) return;
    if (num_rows && thread_index() == 0) *num_rows = num_words ? ranks[num_words - 1] + __popc(words[num_words - 1]) : 0;
    for (size_t word = thread_index(); rows && word < num_words; word += num_threads()) {
        uint32_t rank = ranks[word];
        for (uint32_t left = words[word]; left; left &= left - 1)
            rows[rank++] = static_cast<int32_t>(word * 32 + static_cast<size_t>(__ffs(static_cast<int>(left))) - 1);
    }
}

struct RenormScratch : Scratch {
    size_t num_words;
    uint32_t *claimed, *rewritten, *counts, *ranks;
    ScanScratch scan;

    RenormScratch(void *memory, size_t num_embeddings)
        : Scratch(memory), num_words((num_embeddings + 31) / 32), claimed(take<uint32_t>(num_words)), rewritten(take<uint32_t>(num_words)),
          counts(take<uint32_t>(num_words)), ranks(take<uint32_t>(num_words)), scan(*this, num_words) {}
};

size_t embedding_renorm_scratch_cuda(size_t num_embeddings) {
    cuda_begin(__func__);
    const RenormScratch scratch(nullptr, num_embeddings);
    return scratch.scan.status == EMBEDDING_OK ? scratch.bytes() : 0;
}

static Norm norm_of(size_t embedding_dim, double norm_type) {
    if (norm_type == 0) return NONZERO;
    if (embedding_dim == 1 || norm_type == 1) return ABSOLUTE;
    return norm_type == 2 ? SQUARES : norm_type == HUGE_VAL ? LARGEST : norm_type == -HUGE_VAL ? SMALLEST : POWER;
}

embedding_status embedding_renorm_cuda(float *weight, int32_t *rescaled, uint64_t *num_rescaled, uint64_t *result,
                                       const int32_t *indices, size_t num_indices, size_t num_embeddings, size_t embedding_dim,
                                       double max_norm, double norm_type, void *scratch, cudaStream_t stream) {
    const bool has_rows = num_indices > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_indices)).size(NAMED(num_embeddings)).size(NAMED(embedding_dim)).array(NAMED(weight), has_rows && num_embeddings > 0)
            .array(NAMED(rescaled), rescaled && has_rows).array(NAMED(num_rescaled), num_rescaled).array(NAMED(result))
            .array(NAMED(indices), num_indices).scratch(scratch, has_rows).status);
    TRY(queue_reset(result, stream));
    TRY(queue_check_indices(result, indices, num_indices, num_embeddings, stream));
    const RenormScratch place(scratch, has_rows ? num_embeddings : 0);
    if (place.num_words == 0) return launch(list_bits_kernel, 1, stream, rescaled, num_rescaled, result, place.ranks, place.rewritten, place.num_words);
    TRY(cuda_status(cudaMemsetAsync(place.claimed, 0, place.num_words * sizeof(uint32_t), stream)));
    TRY(cuda_status(cudaMemsetAsync(place.rewritten, 0, place.num_words * sizeof(uint32_t), stream)));
    constexpr void (*kernels[])(float *, uint32_t *, uint32_t *, const uint64_t *, const int32_t *, size_t, size_t, double, float) = {
        renorm_kernel<SQUARES>, renorm_kernel<ABSOLUTE>, renorm_kernel<NONZERO>, renorm_kernel<LARGEST>, renorm_kernel<SMALLEST>, renorm_kernel<POWER>};
    TRY(launch(kernels[norm_of(embedding_dim, norm_type)], blocks_for(num_indices, THREADS / SUMS), stream, weight, place.claimed,
               place.rewritten, result, indices, num_indices, embedding_dim, max_norm, static_cast<float>(norm_type)));
    if (!rescaled && !num_rescaled) return EMBEDDING_OK;
    TRY(launch(count_bits_kernel, blocks_for(place.num_words), stream, place.counts, place.rewritten, place.num_words));
    TRY(place.scan.queue(place.ranks, place.counts, place.num_words, stream));
    return launch(list_bits_kernel, blocks_for(place.num_words), stream, rescaled, num_rescaled, result, place.ranks, place.rewritten, place.num_words);
}
