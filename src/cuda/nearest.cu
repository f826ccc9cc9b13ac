/* The rows nearest to a query, over all rows: a score for each, and a sort. */
#include "runs.cuh"

/* Half a warp for each row. */
__global__ void __launch_bounds__(THREADS)
    row_norms_kernel(double *__restrict__ norms, const float *__restrict__ weight, size_t num_embeddings, size_t embedding_dim) {
    for (size_t i = thread_index() / SUMS; i < num_embeddings; i += num_threads() / SUMS) {
        const float *row = weight + i * embedding_dim;
        const float squares = sum_row(embedding_dim, [=](size_t d) { return row[d] * row[d]; });
        if (threadIdx.x % SUMS == 0) norms[i] = sqrt(static_cast<double>(squares));
    }
}

static embedding_status queue_row_norms(double *norms, const float *weight, size_t num_embeddings, size_t embedding_dim, cudaStream_t stream) {
    return launch(row_norms_kernel, blocks_for(num_embeddings, THREADS / SUMS), stream, norms, weight, num_embeddings, embedding_dim);
}

embedding_status embedding_row_norms_cuda(double *norms, const float *weight, size_t num_embeddings, size_t embedding_dim, cudaStream_t stream) {
    TRY(Arguments(__func__).size(NAMED(num_embeddings)).size(NAMED(embedding_dim)).array(NAMED(norms), num_embeddings)
            .array(NAMED(weight), num_embeddings > 0 && embedding_dim > 0).status);
    return num_embeddings ? queue_row_norms(norms, weight, num_embeddings, embedding_dim, stream) : EMBEDDING_OK;
}

/* NaN where a cosine means nothing: no length, or none that can be told, since the squares have left float32's normal numbers. */
__device__ inline double length_of(double norm) { return norm >= 0x1p-63 && norm < HUGE_VAL ? norm : static_cast<double>(NAN); }

__device__ inline float cosine(float dot, double norm, double query_norm) {
    const double quotient = static_cast<double>(dot) / (length_of(norm) * length_of(query_norm));
    return quotient > 1 ? 1.0f : quotient < -1 ? -1.0f : static_cast<float>(quotient); /* a NaN stays */
}

/* Greater is nearer; a distance has the other sign. */
__global__ void __launch_bounds__(THREADS)
    scores_kernel(float *__restrict__ scores, const float *__restrict__ weight, const double *__restrict__ norms, const float *__restrict__ query,
                  const double *__restrict__ query_norm, size_t num_embeddings, size_t embedding_dim, embedding_metric metric) {
    for (size_t i = thread_index() / SUMS; i < num_embeddings; i += num_threads() / SUMS) {
        const float *row = weight + i * embedding_dim;
        float score;
        if (metric == EMBEDDING_EUCLIDEAN) {
            score = -sqrtf(sum_row(embedding_dim, [=](size_t d) { return (row[d] - query[d]) * (row[d] - query[d]); }));
        } else {
            score = sum_row(embedding_dim, [=](size_t d) { return row[d] * query[d]; });
            if (metric == EMBEDDING_COSINE) score = cosine(score, norms[i], *query_norm);
        }
        if (threadIdx.x % SUMS == 0) scores[i] = score;
    }
}

/* Sets the bits of the rows to leave out and counts them. */
__global__ void exclude_kernel(uint32_t *excluded, uint32_t *num_excluded, const uint64_t *result, const int32_t *__restrict__ exclude,
                               size_t num_exclude) {
    if (is_bad(result)) return;
    for (size_t n = thread_index(); n < num_exclude; n += num_threads()) {
        const uint32_t row = static_cast<uint32_t>(exclude[n]), bit = 1u << row % 32;
        if (!(atomicOr(excluded + row / 32, bit) & bit)) atomicAdd(num_excluded, 1u);
    }
}

/* Place in the order << 32 | row: the greatest score first, then NaN, then rows left out. -0 ties with 0. */
__global__ void order_kernel(uint64_t *__restrict__ keys, const float *__restrict__ scores, const uint32_t *__restrict__ excluded, size_t num_embeddings) {
    for (size_t i = thread_index(); i < num_embeddings; i += num_threads()) {
        const float score = scores[i] == 0 ? 0.0f : scores[i];
        const uint32_t bits = __float_as_uint(score);
        uint32_t place = bits & 0x80000000u ? bits : ~bits & 0x7fffffffu;
        if (score != score) place = UINT32_MAX - 1;
        if (excluded && excluded[i / 32] >> i % 32 & 1) place = UINT32_MAX;
        keys[i] = uint64_t(place) << 32 | i;
    }
}

__global__ void best_kernel(int32_t *__restrict__ indices, float *__restrict__ best, uint64_t *num_nearest, const uint64_t *result,
                            const uint64_t *__restrict__ sorted, const float *__restrict__ scores, const uint32_t *num_excluded,
                            size_t num_embeddings, size_t k, embedding_metric metric) {
    if (is_bad(result)) return;
    const size_t left = num_embeddings - (num_excluded ? *num_excluded : 0), found = k < left ? k : left;
    if (thread_index() == 0) *num_nearest = found;
    for (size_t n = thread_index(); n < found; n += num_threads()) {
        const uint32_t row = position_of(sorted[n]);
        indices[n] = static_cast<int32_t>(row);
        best[n] = metric == EMBEDDING_EUCLIDEAN ? -scores[row] : scores[row];
    }
}

struct NearestScratch : Scratch {
    size_t num_words;
    float *scores;
    double *norms, *query_norm;
    uint32_t *excluded, *num_excluded; /* side by side */
    uint64_t *keys, *sorted;
    SortScratch sort;

    NearestScratch(void *memory, size_t num_embeddings)
        : Scratch(memory), num_words((num_embeddings + 31) / 32), scores(take<float>(num_embeddings)), norms(take<double>(num_embeddings)),
          query_norm(take<double>(1)), excluded(take<uint32_t>(num_words + 1)), num_excluded(excluded + num_words),
          keys(take<uint64_t>(num_embeddings)), sorted(take<uint64_t>(num_embeddings)), sort(*this, num_embeddings) {}
};

size_t embedding_nearest_scratch_cuda(size_t num_embeddings) {
    cuda_begin(__func__);
    const NearestScratch scratch(nullptr, num_embeddings);
    return scratch.sort.status == EMBEDDING_OK ? scratch.bytes() : 0;
}

embedding_status embedding_nearest_cuda(int32_t *indices, float *scores, uint64_t *num_nearest, uint64_t *result, const float *weight,
                                        const double *norms, const float *query, const int32_t *exclude, size_t num_exclude,
                                        size_t num_embeddings, size_t embedding_dim, size_t k, embedding_metric metric, void *scratch,
                                        cudaStream_t stream) {
    const bool has_rows = num_embeddings > 0 && k > 0, has_elements = has_rows && embedding_dim > 0;
    Arguments arguments(__func__);
    TRY(arguments.size(NAMED(num_exclude)).size(NAMED(num_embeddings)).size(NAMED(embedding_dim)).array(NAMED(indices), has_rows)
            .array(NAMED(scores), has_rows).array(NAMED(num_nearest)).array(NAMED(result)).array(NAMED(weight), has_elements)
            .array(NAMED(norms), norms && has_rows).array(NAMED(query), has_elements).array(NAMED(exclude), num_exclude).scratch(scratch, has_rows).status);
    if (static_cast<unsigned>(metric) > EMBEDDING_EUCLIDEAN) return cuda_invalid("metric is %d, valid is 0 to 2", static_cast<int>(metric));
    TRY(queue_reset(result, stream));
    TRY(queue_check_indices(result, exclude, num_exclude, num_embeddings, stream));
    const NearestScratch place(scratch, has_rows ? num_embeddings : 0);
    const uint32_t *num_excluded = has_rows && num_exclude ? place.num_excluded : nullptr;
    if (has_rows) {
        if (num_excluded) {
            TRY(cuda_status(cudaMemsetAsync(place.excluded, 0, (place.num_words + 1) * sizeof(uint32_t), stream)));
            TRY(launch(exclude_kernel, blocks_for(num_exclude), stream, place.excluded, place.num_excluded, result, exclude, num_exclude));
        }
        if (metric == EMBEDDING_COSINE) {
            TRY(queue_row_norms(place.query_norm, query, 1, embedding_dim, stream));
            if (!norms) TRY(queue_row_norms(place.norms, weight, num_embeddings, embedding_dim, stream));
        }
        TRY(launch(scores_kernel, blocks_for(num_embeddings, THREADS / SUMS), stream, place.scores, weight, norms ? norms : place.norms, query,
                   place.query_norm, num_embeddings, embedding_dim, metric));
        TRY(launch(order_kernel, blocks_for(num_embeddings), stream, place.keys, place.scores, num_excluded ? place.excluded : nullptr, num_embeddings));
        TRY(place.sort.queue(place.sorted, place.keys, num_embeddings, 32, stream));
    }
    return launch(best_kernel, blocks_for(num_embeddings + 1), stream, indices, scores, num_nearest, result, place.sorted, place.scores,
                  num_excluded, has_rows ? num_embeddings : 0, k, metric);
}
