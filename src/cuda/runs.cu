/* Sorting positions by index, and summing the runs. */
#include "runs.cuh"

#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_scan.cuh>

/* ---- cub ----------------------------------------------------------------------------------------------------------- */

ScanScratch::ScanScratch(Scratch &scratch, size_t size) : bytes(0) {
    const uint32_t *counts = nullptr;
    uint32_t *ranks = nullptr;
    status = cuda_status(size ? cub::DeviceScan::ExclusiveSum(nullptr, bytes, counts, ranks, static_cast<uint32_t>(size), nullptr) : cudaSuccess);
    memory = scratch.take_bytes(bytes);
}

embedding_status ScanScratch::queue(uint32_t *ranks, const uint32_t *counts, size_t size, cudaStream_t stream) const {
    size_t given = bytes;
    TRY(status);
    return cuda_status(cub::DeviceScan::ExclusiveSum(memory, given, counts, ranks, static_cast<uint32_t>(size), stream));
}

SortScratch::SortScratch(Scratch &scratch, size_t size) : bytes(0) {
    const uint64_t *keys = nullptr;
    uint64_t *sorted = nullptr;
    status = cuda_status(size ? cub::DeviceRadixSort::SortKeys(nullptr, bytes, keys, sorted, static_cast<uint32_t>(size), 32, 64, nullptr) : cudaSuccess);
    memory = scratch.take_bytes(bytes);
}

embedding_status SortScratch::queue(uint64_t *sorted, const uint64_t *keys, size_t size, int bits, cudaStream_t stream) const {
    size_t given = bytes;
    TRY(status);
    return cuda_status(cub::DeviceRadixSort::SortKeys(memory, given, keys, sorted, static_cast<uint32_t>(size), 32, 32 + bits, stream));
}

/* ---- Sorting ------------------------------------------------------------------------------------------------------- */

Runs::Runs(Scratch &scratch, size_t num_indices, size_t num_embeddings)
    : num_indices(num_indices), num_embeddings(num_embeddings), keys(scratch.take<uint64_t>(num_indices)),
      sorted(scratch.take<uint64_t>(num_indices)), sort(scratch, num_indices) {}

__global__ void keys_kernel(uint64_t *__restrict__ keys, const uint64_t *result, const int32_t *__restrict__ indices,
                            const uint32_t *__restrict__ sources, const uint64_t *count, size_t num_indices, uint32_t num_embeddings,
                            int32_t padding_idx) {
    const size_t end = is_bad(result) ? 0 : count ? *count : num_indices;
    for (size_t n = thread_index(); n < num_indices; n += num_threads()) {
        const bool counts = n < end && indices[n] != padding_idx && !(sources && sources[n] == NO_SOURCE);
        keys[n] = uint64_t(counts ? static_cast<uint32_t>(indices[n]) : num_embeddings) << 32 | n;
    }
}

/* How many bits hold every number up to this one. */
static int bits_for(size_t number) {
    int bits = 0;
    while (number >> bits) bits++;
    return bits;
}

embedding_status Runs::queue_sort(const uint64_t *result, const int32_t *indices, const uint32_t *sources, const uint64_t *count,
                                  int32_t padding_idx, cudaStream_t stream) const {
    TRY(launch(keys_kernel, blocks_for(num_indices), stream, keys, result, indices, sources, count, num_indices,
               static_cast<uint32_t>(num_embeddings), padding_idx));
    return sort.queue(sorted, keys, num_indices, bits_for(num_embeddings), stream);
}

/* ---- Summing ------------------------------------------------------------------------------------------------------- */

constexpr size_t LONG_RUN = 64; /* positions; from here on a block sums a run */

/* What sorted[n] adds to its row: scale times the row of terms.rows that source names. NO_SOURCE: nothing. */
struct Addend {
    uint32_t source;
    float scale;
};

/* IS_MAX: whether there are max_rows. */
template <bool IS_MAX> __device__ inline Addend addend_of(const Terms &terms, const uint64_t *sorted, size_t n) {
    const uint32_t position = position_of(sorted[n]), source = terms.sources ? terms.sources[position] : position;
    if (!IS_MAX) return {source, terms.scales ? terms.scales[position] : terms.scale};
    const bool is_first = is_head(sorted, n) || terms.sources[position_of(sorted[n - 1])] != source; /* of its bag */
    return {is_first ? source : NO_SOURCE, 1.0f};
}

/* Element d of that row, before it is scaled; where there is none, of some other. Without a branch: the loads of several are to be under
   way together. */
template <bool IS_MAX> __device__ inline float element(const Terms &terms, uint32_t source, uint32_t row, size_t embedding_dim, size_t d) {
    const size_t at = source == NO_SOURCE || d >= embedding_dim ? 0 : source * embedding_dim + d;
    const float x = terms.rows[at];
    return !IS_MAX || static_cast<uint32_t>(terms.max_rows[at]) == row ? x : -0.0f;
}

/* -0 is nothing: x + -0 is x for every x. */
__device__ inline float scaled(Addend addend, float x) { return addend.source == NO_SOURCE ? -0.0f : addend.scale * x; }

__device__ inline float first_summand(Onto onto, const float *out) { return onto == Onto::ROWS ? *out : onto == Onto::ZEROS ? 0.0f : -0.0f; }

__device__ inline bool is_long(const uint64_t *sorted, size_t start, size_t num_indices) {
    return start + LONG_RUN <= num_indices && row_of(sorted[start + LONG_RUN - 1]) == row_of(sorted[start]);
}

/* LANES lanes for each sorted position; those at the head of a run sum it, ELEMENTS elements each at a time. The 8 and, below, the 4
   let the compiler take the registers that the loads under way need. */
template <unsigned LANES, unsigned ELEMENTS, bool IS_MAX>
__global__ void __launch_bounds__(THREADS, 8)
    sum_short_runs_kernel(float *__restrict__ rows, const uint32_t *__restrict__ ranks, Onto onto, const uint64_t *__restrict__ sorted,
                          const Terms terms, size_t num_indices, uint32_t num_embeddings, size_t embedding_dim) {
    for (size_t start = thread_index() / LANES; start < num_indices; start += num_threads() / LANES) {
        const uint32_t row = row_of(sorted[start]);
        if (row == num_embeddings || !is_head(sorted, start) || is_long(sorted, start, num_indices)) continue;
        size_t end = start + 1;
        while (end < num_indices && row_of(sorted[end]) == row) end++;
        float *out_row = rows + (ranks ? ranks[start] : row) * embedding_dim;
        for (size_t first = threadIdx.x % LANES; first < embedding_dim; first += LANES * ELEMENTS) {
            float sum[ELEMENTS], x[ELEMENTS];
#pragma unroll
            for (unsigned k = 0; k < ELEMENTS; k++) sum[k] = first + k * LANES < embedding_dim ? first_summand(onto, out_row + first + k * LANES) : 0.0f;
#pragma unroll(IS_MAX ? 1 : 4 / ELEMENTS)
            for (size_t n = start; n < end; n++) {
                const Addend addend = addend_of<IS_MAX>(terms, sorted, n);
#pragma unroll
                for (unsigned k = 0; k < ELEMENTS; k++) x[k] = element<IS_MAX>(terms, addend.source, row, embedding_dim, first + k * LANES);
#pragma unroll
                for (unsigned k = 0; k < ELEMENTS; k++) sum[k] += scaled(addend, x[k]);
            }
#pragma unroll
            for (unsigned k = 0; k < ELEMENTS; k++)
                if (first + k * LANES < embedding_dim) out_row[first + k * LANES] = sum[k];
        }
    }
}

/* A block for each multiple of LONG_RUN and each WARP elements; the block whose multiple is the first inside a run owns it. Each warp
   loads WARP rows of a tile, whose addends its lanes have looked up, into registers while the first warp adds those of the tile before,
   which stand in shared memory, one after another: a chain of additions that waits for memory once a tile at most. grid_slices: how many
   blocks share a run, if not one for each slice. */
template <bool IS_MAX>
__global__ void __launch_bounds__(THREADS, 4)
    sum_long_runs_kernel(float *__restrict__ rows, const uint32_t *__restrict__ ranks, Onto onto, const uint64_t *__restrict__ sorted,
                         const Terms terms, size_t num_indices, uint32_t num_embeddings, size_t embedding_dim, unsigned grid_slices) {
    __shared__ float tile[THREADS][WARP];
    __shared__ Addend addends[THREADS]; /* each warp's own */
    const unsigned lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
    const size_t anchor = blockIdx.x / grid_slices * LONG_RUN;
    const uint32_t row = row_of(sorted[anchor]);
    if (row == num_embeddings || (anchor >= LONG_RUN && row_of(sorted[anchor - LONG_RUN]) == row)) return;
    size_t start = anchor;
    while (!is_head(sorted, start)) start--;
    if (!is_long(sorted, start, num_indices)) return;
    size_t end = start + LONG_RUN, last = num_indices; /* where the run ends, by halving */
    while (end < last) {
        const size_t middle = (end + last) / 2;
        if (row_of(sorted[middle]) == row) end = middle + 1;
        else last = middle;
    }
    float *out_row = rows + (ranks ? ranks[start] : row) * embedding_dim;
    for (size_t slice = blockIdx.x % grid_slices; slice * WARP < embedding_dim; slice += grid_slices) {
        const size_t d = slice * WARP + lane;
        const bool adds = warp == 0 && d < embedding_dim;
        float x[WARP], sum = adds ? first_summand(onto, out_row + d) : 0.0f;
        const auto addend_at = [&](size_t n) { return n < end ? addend_of<IS_MAX>(terms, sorted, n) : Addend{NO_SOURCE, 0.0f}; };
        Addend addend = addend_at(start + threadIdx.x);
        for (size_t first = start; first < end + THREADS; first += THREADS) {
            addends[threadIdx.x] = addend;
            __syncwarp();
#pragma unroll
            for (unsigned k = 0; k < WARP; k++) x[k] = element<IS_MAX>(terms, addends[warp * WARP + k].source, row, embedding_dim, d);
            addend = addend_at(first + THREADS + threadIdx.x);
            if (adds && first > start)
                for (unsigned k = 0; k < THREADS; k++) sum += tile[k][lane];
            __syncthreads();
#pragma unroll
            for (unsigned k = 0; k < WARP; k++) tile[warp * WARP + k][lane] = scaled(addends[warp * WARP + k], x[k]);
            __syncthreads();
        }
        if (adds) out_row[d] = sum;
    }
}

template <bool IS_MAX>
static embedding_status queue_any_sum(const Runs &runs, float *rows, const uint32_t *ranks, Onto onto, const Terms &terms, size_t embedding_dim,
                                      cudaStream_t stream) {
    const size_t num_indices = runs.num_indices;
    const auto queue = [&](auto kernel, size_t blocks, auto... more) {
        return launch(kernel, static_cast<unsigned>(blocks), stream, rows, ranks, onto, runs.sorted, terms, num_indices,
                      static_cast<uint32_t>(runs.num_embeddings), embedding_dim, more...);
    };
    TRY(embedding_dim <= 8    ? queue(sum_short_runs_kernel<8, 1, IS_MAX>, blocks_for(num_indices, THREADS / 8))
        : embedding_dim <= 16 ? queue(sum_short_runs_kernel<16, 1, IS_MAX>, blocks_for(num_indices, THREADS / 16))
        : embedding_dim <= 32 ? queue(sum_short_runs_kernel<32, 1, IS_MAX>, blocks_for(num_indices, THREADS / 32))
                              : queue(sum_short_runs_kernel<32, 4, IS_MAX>, blocks_for(num_indices, THREADS / 32)));
    if (num_indices < LONG_RUN) return EMBEDDING_OK;
    const size_t anchors = (num_indices + LONG_RUN - 1) / LONG_RUN, slices = (embedding_dim + WARP - 1) / WARP, most = INT32_MAX / anchors;
    const unsigned grid_slices = static_cast<unsigned>(slices < most ? slices : most);
    return queue(sum_long_runs_kernel<IS_MAX>, anchors * grid_slices, grid_slices);
}

embedding_status Runs::queue_sum(float *rows, const uint32_t *ranks, Onto onto, const Terms &terms, size_t embedding_dim, cudaStream_t stream) const {
    return (terms.max_rows ? queue_any_sum<true> : queue_any_sum<false>)(*this, rows, ranks, onto, terms, embedding_dim, stream);
}
