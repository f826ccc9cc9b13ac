/* EmbeddingBag: rows reduced bag by bag, and the gradients of that. */
#include "gradient.cuh"

/* ---- Bags ---------------------------------------------------------------------------------------------------------- */

/* The position at which a bag starts; of one past the last bag, where that one ends. */
__device__ inline size_t bag_start(const embedding_bags &bags, size_t bag) {
    if (!bags.offsets) return bags.num_indices / bags.num_bags * bag;
    return bag < bags.num_offsets ? size_t(bags.offsets[bag]) : bags.num_indices;
}

/* The bag of a position: of those that start at or before it the last. */
__device__ inline uint32_t bag_of(const embedding_bags &bags, size_t n) {
    size_t first = 0, last = bags.num_bags;
    if (bags.num_bags == 0 || n >= bag_start(bags, last)) return NO_SOURCE;
    while (last - first > 1) {
        const size_t middle = (first + last) / 2;
        if (bag_start(bags, middle) <= n) first = middle;
        else last = middle;
    }
    return static_cast<uint32_t>(first);
}

__global__ void check_offsets_kernel(uint64_t *result, const int32_t *__restrict__ offsets, size_t num_offsets, size_t num_indices,
                                     bool include_last_offset) {
    for (size_t bag = thread_index(); bag < num_offsets; bag += num_threads()) {
        const int32_t offset = offsets[bag], before = bag == 0 ? 0 : offsets[bag - 1];
        const bool is_last = include_last_offset && bag + 1 == num_offsets;
        if (offset < before || size_t(uint32_t(offset)) > num_indices || (bag == 0 && offset != 0) || (is_last && size_t(uint32_t(offset)) != num_indices)) {
            report(result, RESULT_IS_OFFSET | bag);
            return;
        }
    }
}

static embedding_status queue_check_offsets(uint64_t *result, const int32_t *offsets, size_t num_offsets, size_t num_indices,
                                            bool include_last_offset, cudaStream_t stream) {
    if (num_offsets == 0) return EMBEDDING_OK;
    return launch(check_offsets_kernel, blocks_for(num_offsets), stream, result, offsets, num_offsets, num_indices, include_last_offset);
}

embedding_status embedding_check_offsets_cuda(uint64_t *result, const int32_t *offsets, size_t num_offsets, size_t num_indices,
                                              int include_last_offset, cudaStream_t stream) {
    TRY(Arguments(__func__).size(NAMED(num_offsets)).size(NAMED(num_indices)).array(NAMED(result)).array(NAMED(offsets), num_offsets).status);
    TRY(queue_reset(result, stream));
    return queue_check_offsets(result, offsets, num_offsets, num_indices, include_last_offset, stream);
}

/* ---- Checking arguments -------------------------------------------------------------------------------------------- */

struct BagArguments : Arguments {
    BagArguments(const char *function, const embedding_bags *bags) : Arguments(function) {
        if (!bags) {
            status = cuda_invalid("bags is NULL");
            return;
        }
        size("bags->num_indices", bags->num_indices).size("bags->num_offsets", bags->num_offsets).size("bags->num_bags", bags->num_bags);
        size("bags->num_embeddings", bags->num_embeddings).size("bags->embedding_dim", bags->embedding_dim);
        array("bags->indices", bags->indices, bags->num_indices > 0).array("bags->offsets", bags->offsets, bags->offsets && bags->num_offsets > 0);
        array("bags->per_sample_weights", bags->per_sample_weights, bags->per_sample_weights && bags->num_indices > 0);
        if (status == EMBEDDING_OK && bags->offsets && bags->num_offsets != bags->num_bags && bags->num_offsets != bags->num_bags + 1)
            status = cuda_invalid("bags->num_offsets is %zu, valid is num_bags or num_bags + 1: %zu or %zu", bags->num_offsets, bags->num_bags,
                                  bags->num_bags + 1);
        if (status == EMBEDDING_OK && static_cast<unsigned>(bags->mode) > EMBEDDING_BAG_MAX)
            status = cuda_invalid("bags->mode is %d, valid is 0 to 2", static_cast<int>(bags->mode));
    }
};

/* ---- Forward ------------------------------------------------------------------------------------------------------- */

constexpr unsigned AHEAD = 8; /* rows whose loads are under way together */

/* LANES lanes for each LANES elements of a bag. A position that does not count reads row 0, so that no branch stands between the loads,
   and adds -0, which is nothing. The 8 lets the compiler take the registers that the loads under way need. */
template <unsigned LANES, embedding_bag_mode MODE>
__global__ void __launch_bounds__(THREADS, 8)
    reduce_kernel(float *__restrict__ output, int32_t *__restrict__ max_indices, const uint64_t *result, const float *__restrict__ weight,
                  const embedding_bags bags) {
    if (is_bad(result)) return;
    const uint32_t embedding_dim = static_cast<uint32_t>(bags.embedding_dim), slices = (embedding_dim + LANES - 1) / LANES;
    for (size_t item = thread_index() / LANES; item < bags.num_bags * slices; item += num_threads() / LANES) {
        const uint32_t bag = static_cast<uint32_t>(item / slices), d = static_cast<uint32_t>(item % slices) * LANES + threadIdx.x % LANES;
        const size_t at = size_t(bag) * embedding_dim + d;
        if (d >= embedding_dim) continue;
        const size_t start = bag_start(bags, bag), end = bag_start(bags, bag + 1);
        float reduced = 0.0f;
        int32_t max_index = 0;
        uint32_t count = 0;
        for (size_t n = start; n < end; n += AHEAD) {
            float value[AHEAD];
            int32_t index[AHEAD]; /* or -1 */
#pragma unroll
            for (unsigned k = 0; k < AHEAD; k++) {
                index[k] = bags.indices[n + k < end ? n + k : start];
                if (n + k >= end || index[k] == bags.padding_idx) index[k] = -1;
            }
#pragma unroll
            for (unsigned k = 0; k < AHEAD; k++) value[k] = weight[size_t(index[k] < 0 ? 0 : index[k]) * embedding_dim + d];
            if (MODE != EMBEDDING_BAG_MAX && bags.per_sample_weights) {
#pragma unroll
                for (unsigned k = 0; k < AHEAD; k++) value[k] = bags.per_sample_weights[n + k < end ? n + k : start] * value[k];
            }
#pragma unroll
            for (unsigned k = 0; k < AHEAD; k++) {
                if (MODE != EMBEDDING_BAG_MAX) reduced += index[k] < 0 ? -0.0f : value[k];
                else if (index[k] >= 0 && (count == 0 || value[k] > reduced)) reduced = value[k], max_index = index[k];
                count += index[k] >= 0;
            }
        }
        output[at] = MODE == EMBEDDING_BAG_MEAN && count > 1 ? reduced / static_cast<float>(count) : reduced;
        if (MODE == EMBEDDING_BAG_MAX) max_indices[at] = max_index;
    }
}

template <unsigned LANES>
static embedding_status queue_reduce(float *output, int32_t *max_indices, const uint64_t *result, const float *weight,
                                     const embedding_bags &bags, cudaStream_t stream) {
    const auto kernel = bags.mode == EMBEDDING_BAG_SUM    ? reduce_kernel<LANES, EMBEDDING_BAG_SUM>
                        : bags.mode == EMBEDDING_BAG_MEAN ? reduce_kernel<LANES, EMBEDDING_BAG_MEAN>
                                                          : reduce_kernel<LANES, EMBEDDING_BAG_MAX>;
    const size_t items = bags.num_bags * ((bags.embedding_dim + LANES - 1) / LANES);
    return launch(kernel, blocks_for(items, THREADS / LANES), stream, output, max_indices, result, weight, bags);
}

embedding_status embedding_bag_forward_cuda(float *output, int32_t *max_indices, uint64_t *result, const float *weight,
                                            const embedding_bags *bags, cudaStream_t stream) {
    BagArguments arguments(__func__, bags);
    TRY(arguments.status);
    const bool has_output = bags->num_bags > 0 && bags->embedding_dim > 0;
    TRY(arguments.array(NAMED(output), has_output).array(NAMED(max_indices), has_output && bags->mode == EMBEDDING_BAG_MAX).array(NAMED(result))
            .array(NAMED(weight), bags->num_indices > 0 && has_output && bags->num_embeddings > 0).status);
    TRY(queue_reset(result, stream));
    TRY(queue_check_indices(result, bags->indices, bags->num_indices, bags->num_embeddings, stream));
    if (bags->offsets)
        TRY(queue_check_offsets(result, bags->offsets, bags->num_offsets, bags->num_indices, bags->num_offsets > bags->num_bags, stream));
    if (!has_output) return EMBEDDING_OK;
    const auto queue = bags->embedding_dim <= 8 ? queue_reduce<8> : bags->embedding_dim <= 16 ? queue_reduce<16> : queue_reduce<32>;
    return queue(output, max_indices, result, weight, *bags, stream);
}

/* ---- Gradients ----------------------------------------------------------------------------------------------------- */

__global__ void bags_kernel(uint32_t *bag_numbers, const uint64_t *result, const embedding_bags bags) {
    if (is_bad(result)) return;
    for (size_t n = thread_index(); n < bags.num_indices; n += num_threads()) bag_numbers[n] = bag_of(bags, n);
}

/* How many of each bag's positions count: those that are not padding. A warp for each bag. */
__global__ void sizes_kernel(uint32_t *sizes, const uint64_t *result, const embedding_bags bags) {
    if (is_bad(result)) return;
    for (size_t bag = thread_index() / WARP; bag < bags.num_bags; bag += num_threads() / WARP) {
        const size_t end = bag_start(bags, bag + 1);
        uint32_t size = 0;
        for (size_t n = bag_start(bags, bag) + threadIdx.x % WARP; n < end; n += WARP) size += bags.indices[n] != bags.padding_idx;
        for (unsigned apart = WARP / 2; apart > 0; apart /= 2) size += __shfl_xor_sync(0xffffffffu, size, apart);
        if (threadIdx.x % WARP == 0) sizes[bag] = size;
    }
}

/* What a position's gradient row is multiplied by: its weight, 1 / its bag's size, 1 / the number of times that its index occurs. */
__global__ void scales_kernel(float *__restrict__ scales, const uint64_t *result, const uint32_t *__restrict__ bag_numbers,
                              const uint32_t *__restrict__ sizes, const uint32_t *__restrict__ counts, const embedding_bags bags) {
    if (is_bad(result)) return;
    for (size_t n = thread_index(); n < bags.num_indices; n += num_threads()) {
        if (bag_numbers[n] == NO_SOURCE) continue;
        double scale = counts ? 1.0 / counts[bags.indices[n]] : 1.0;
        if (bags.per_sample_weights) scale *= static_cast<double>(bags.per_sample_weights[n]);
        if (bags.mode == EMBEDDING_BAG_MEAN) scale /= static_cast<double>(sizes[bag_numbers[n]]);
        scales[n] = static_cast<float>(scale);
    }
}

/* Which row of grad_output a position has, and times what. */
struct BagTerms {
    uint32_t *bag_numbers, *sizes;
    float *scales;

    BagTerms(Scratch &scratch, size_t num_indices, size_t num_bags)
        : bag_numbers(scratch.take<uint32_t>(num_indices)), sizes(scratch.take<uint32_t>(num_bags)), scales(scratch.take<float>(num_indices)) {}

    embedding_status queue(const uint64_t *result, const embedding_bags &bags, uint32_t *counts, cudaStream_t stream) const {
        TRY(launch(bags_kernel, blocks_for(bags.num_indices), stream, bag_numbers, result, bags));
        if (bags.mode == EMBEDDING_BAG_MAX) return EMBEDDING_OK;
        if (bags.mode == EMBEDDING_BAG_MEAN && bags.num_bags > 0)
            TRY(launch(sizes_kernel, blocks_for(bags.num_bags, THREADS / WARP), stream, sizes, result, bags));
        TRY(queue_count(counts, result, bags.indices, bags.num_indices, stream));
        TRY(launch(scales_kernel, blocks_for(bags.num_indices), stream, scales, result, bag_numbers, sizes, counts, bags));
        return queue_clear(counts, result, bags.indices, bags.num_indices, stream);
    }

    Terms terms(const float *grad_output, const int32_t *max_indices) const { return {grad_output, bag_numbers, scales, max_indices, 1.0f}; }
};

struct BagDenseScratch : Scratch {
    BagTerms terms;
    Runs runs;

    BagDenseScratch(void *memory, size_t num_indices, size_t num_bags, size_t num_embeddings)
        : Scratch(memory), terms(*this, num_indices, num_bags), runs(*this, num_indices, num_embeddings) {}
};

size_t embedding_bag_dense_backward_scratch_cuda(size_t num_indices, size_t num_bags) {
    cuda_begin(__func__);
    const BagDenseScratch scratch(nullptr, num_indices, num_bags, 0);
    return scratch.runs.sort.status == EMBEDDING_OK ? scratch.bytes() : 0;
}

embedding_status embedding_bag_dense_backward_cuda(float *grad_weight, const uint64_t *result, const float *grad_output,
                                                   const int32_t *max_indices, const embedding_bags *bags, uint32_t *counts, void *scratch,
                                                   cudaStream_t stream) {
    BagArguments arguments(__func__, bags);
    TRY(arguments.status);
    const size_t size = bags->num_embeddings * bags->embedding_dim;
    const bool is_max = bags->mode == EMBEDDING_BAG_MAX, has_rows = size > 0 && bags->num_indices > 0 && bags->num_bags > 0;
    TRY(arguments.array(NAMED(grad_weight), size).array(NAMED(result), result).array(NAMED(grad_output), has_rows)
            .array(NAMED(max_indices), is_max && has_rows).array(NAMED(counts), counts && has_rows).scratch(scratch, has_rows).status);
    TRY(queue_zero(grad_weight, size, result, stream));
    if (!has_rows) return EMBEDDING_OK;
    const BagDenseScratch place(scratch, bags->num_indices, bags->num_bags, bags->num_embeddings);
    TRY(place.terms.queue(result, *bags, counts, stream));
    TRY(place.runs.queue_sort(result, bags->indices, place.terms.bag_numbers, nullptr, bags->padding_idx, stream));
    return place.runs.queue_sum(grad_weight, nullptr, Onto::ZEROS, place.terms.terms(grad_output, is_max ? max_indices : nullptr), bags->embedding_dim,
                                stream);
}

struct BagSparseScratch : Scratch {
    BagTerms terms;
    Pairs pairs;

    BagSparseScratch(void *memory, size_t num_indices, size_t num_bags)
        : Scratch(memory), terms(*this, num_indices, num_bags), pairs(*this, num_indices) {}
};

size_t embedding_bag_sparse_backward_scratch_cuda(size_t num_indices, size_t num_bags) {
    cuda_begin(__func__);
    const BagSparseScratch scratch(nullptr, num_indices, num_bags);
    return scratch.pairs.scan.status == EMBEDDING_OK ? scratch.bytes() : 0;
}

embedding_status embedding_bag_sparse_backward_cuda(int32_t *grad_indices, float *grad_values, uint64_t *num_pairs, const uint64_t *result,
                                                    const float *grad_output, const embedding_bags *bags, uint32_t *counts, void *scratch,
                                                    cudaStream_t stream) {
    BagArguments arguments(__func__, bags);
    TRY(arguments.status);
    if (bags->mode == EMBEDDING_BAG_MAX) return cuda_invalid("bags->mode is max, which has no sparse gradient");
    const bool has_rows = bags->num_indices > 0 && bags->num_bags > 0 && bags->embedding_dim > 0;
    TRY(arguments.array(NAMED(grad_indices), has_rows).array(NAMED(grad_values), has_rows).array(NAMED(num_pairs)).array(NAMED(result), result)
            .array(NAMED(grad_output), has_rows).array(NAMED(counts), counts && has_rows).scratch(scratch, has_rows).status);
    if (!has_rows) return cuda_status(cudaMemsetAsync(num_pairs, 0, sizeof *num_pairs, stream));
    const BagSparseScratch place(scratch, bags->num_indices, bags->num_bags);
    TRY(place.terms.queue(result, *bags, counts, stream));
    return place.pairs.queue(grad_indices, grad_values, num_pairs, result, bags->indices, bags->padding_idx, place.terms.terms(grad_output, nullptr),
                             bags->embedding_dim, stream);
}

/* Half a warp for each position. */
__global__ void __launch_bounds__(THREADS)
    weights_backward_kernel(float *__restrict__ grad_weights, const uint64_t *result, const float *__restrict__ grad_output,
                            const float *__restrict__ weight, const embedding_bags bags) {
    if (is_bad(result)) return;
    for (size_t n = thread_index() / SUMS; n < bags.num_indices; n += num_threads() / SUMS) {
        const int32_t index = bags.indices[n];
        const uint32_t bag = bag_of(bags, n);
        float dot = 0.0f;
        if (index != bags.padding_idx && bag != NO_SOURCE) {
            const float *grad_row = grad_output + bag * bags.embedding_dim, *row = weight + size_t(index) * bags.embedding_dim;
            dot = sum_row(bags.embedding_dim, [=](size_t d) { return grad_row[d] * row[d]; });
        }
        if (threadIdx.x % SUMS == 0) grad_weights[n] = dot;
    }
}

embedding_status embedding_bag_per_sample_weights_backward_cuda(float *grad_weights, const uint64_t *result, const float *grad_output,
                                                                const float *weight, const embedding_bags *bags, cudaStream_t stream) {
    BagArguments arguments(__func__, bags);
    TRY(arguments.status);
    const bool has_rows = bags->num_indices > 0 && bags->num_bags > 0 && bags->embedding_dim > 0;
    TRY(arguments.array(NAMED(grad_weights), bags->num_indices).array(NAMED(result), result).array(NAMED(grad_output), has_rows)
            .array(NAMED(weight), has_rows).status);
    if (bags->num_indices == 0) return EMBEDDING_OK;
    return launch(weights_backward_kernel, blocks_for(bags->num_indices, THREADS / SUMS), stream, grad_weights, result, grad_output, weight, *bags);
}
