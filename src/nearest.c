/* The rows nearest to a query, over all rows. */
#include "embedding.h"
#include "simd/row.h"

/* Rows are scored in blocks, one row after another: several side by side are several streams a row apart, which the hardware
   prefetcher does not follow (100,000 rows of 384: 8.5 GB/s instead of 23). */
#define BLOCK 64

#define SHORTEST 0x1p-63 /* the root of the smallest normal number: below it a sum of squares has lost its digits */

/* Not inlined twice: small before fast. */
__attribute__((noinline)) void embedding_row_norms(double *norms, const float *weight, size_t num_embeddings, size_t embedding_dim) {
    for (size_t i = 0; i < num_embeddings; i++) {
        const float *row = embedding_dim == 0 ? NULL : weight + i * embedding_dim;
        norms[i] = sqrt((double)row_sum_squares(row, row, embedding_dim));
    }
}

/* NaN where a cosine means nothing: no length, or none that can be told. */
static double length_of(double norm) { return norm >= SHORTEST && norm < (double)INFINITY ? norm : (double)NAN; }

static float cosine(float dot, double norm, double query_norm) {
    const double quotient = (double)dot / (length_of(norm) * length_of(query_norm));
    return quotient > 1 ? 1.0f : quotient < -1 ? -1.0f : (float)quotient; /* a NaN stays */
}

/* sums: BLOCK times four sums, behind those of the last row up to a multiple of four. */
NOINLINE void join_block(float *scores, float *sums, size_t count) {
    for (size_t n = count; n % 4; n++) wasm_v128_store(sums + 4 * n, wasm_f32x4_splat(0.0f));
    for (size_t n = 0; n < count; n += 4) wasm_v128_store(scores + n, row_join_four(sums + 4 * n));
}

NOINLINE void dot_block(float *scores, const float *rows, const float *query, size_t count, size_t embedding_dim) {
    float sums[4 * BLOCK];
    for (size_t n = 0; n < count; n++, rows += embedding_dim) wasm_v128_store(sums + 4 * n, row_dot_in_four(rows, query, embedding_dim));
    join_block(scores, sums, count);
}

NOINLINE void distance_block(float *scores, const float *rows, const float *query, size_t count, size_t embedding_dim) {
    float sums[4 * BLOCK];
    for (size_t n = 0; n < count; n++, rows += embedding_dim)
        wasm_v128_store(sums + 4 * n, row_squared_distance_in_four(rows, query, embedding_dim));
    join_block(scores, sums, count);
    for (size_t n = 0; n < count; n++) scores[n] = -sqrtf(scores[n]); /* greater is nearer */
}

/* Whether score, of row i, comes before other, of row j. */
static int precedes(float score, int32_t i, float other, int32_t j) {
    if (score > other || score < other) return score > other;
    if ((score == score) != (other == other)) return score == score; /* NaN is last */
    return i < j;
}

/* The `count` best so far as a heap: no parent precedes its children, so the last of them all stands first. */
NOINLINE void sift_down(float *scores, int32_t *indices, size_t count, float score, int32_t index) {
    size_t at = 0;
    for (size_t child = 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && precedes(scores[child], indices[child], scores[child + 1], indices[child + 1])) child++;
        if (!precedes(score, index, scores[child], indices[child])) break;
        scores[at] = scores[child];
        indices[at] = indices[child];
        at = child;
    }
    scores[at] = score;
    indices[at] = index;
}

static void sift_up(float *scores, int32_t *indices, size_t at, float score, int32_t index) {
    for (; at > 0; at = (at - 1) / 2) {
        const size_t parent = (at - 1) / 2;
        if (!precedes(scores[parent], indices[parent], score, index)) break;
        scores[at] = scores[parent];
        indices[at] = indices[parent];
    }
    scores[at] = score;
    indices[at] = index;
}

/* Best first. */
static void sort_heap(float *scores, int32_t *indices, size_t count) {
    while (count > 1) {
        count--;
        const float score = scores[count];
        const int32_t index = indices[count];
        scores[count] = scores[0];
        indices[count] = indices[0];
        sift_down(scores, indices, count, score, index);
    }
}

size_t embedding_nearest_scratch(size_t num_embeddings) { return (num_embeddings + 63) / 64 * sizeof(uint64_t); }

embedding_status embedding_nearest(int32_t *indices, float *scores, size_t *num_nearest, size_t *position, const float *weight,
                                   const double *norms, const float *query, const int32_t *exclude, size_t num_exclude,
                                   size_t num_embeddings, size_t embedding_dim, size_t k, embedding_metric metric, uint64_t *excluded) {
    const embedding_status status = embedding_check_indices(position, exclude, num_exclude, num_embeddings);
    if (status != EMBEDDING_OK) return status;
    const float nothing = 0;
    if (embedding_dim == 0) weight = query = &nothing; /* they may be NULL */
    for (size_t n = 0; n < num_exclude; n++) excluded[(uint32_t)exclude[n] / 64] |= ROW_BIT((uint32_t)exclude[n]);
    double query_norm;
    embedding_row_norms(&query_norm, query, 1, embedding_dim);

    size_t found = 0;
    for (size_t start = 0; start < num_embeddings && k > 0; start += BLOCK) {
        const size_t count = num_embeddings - start < BLOCK ? num_embeddings - start : BLOCK;
        const float *rows = weight + start * embedding_dim;
        float block[BLOCK];
        if (metric == EMBEDDING_EUCLIDEAN) distance_block(block, rows, query, count, embedding_dim);
        else dot_block(block, rows, query, count, embedding_dim);
        if (metric == EMBEDDING_COSINE) {
            double block_norms[BLOCK];
            if (norms == NULL) embedding_row_norms(block_norms, rows, count, embedding_dim);
            const double *row_norms = norms == NULL ? block_norms : norms + start;
            for (size_t n = 0; n < count; n++) block[n] = cosine(block[n], row_norms[n], query_norm);
        }
        for (size_t n = 0; n < count; n++) {
            while (found == k && n % 16 == 0 && n + 16 <= count && !row_exceeds_16(block + n, scores[0])) n += 16;
            if (n == count) break;
            const size_t i = start + n;
            if (num_exclude > 0 && excluded[i / 64] & ROW_BIT(i)) continue;
            if (found < k) sift_up(scores, indices, found++, block[n], (int32_t)i);
            else if (precedes(block[n], (int32_t)i, scores[0], indices[0])) sift_down(scores, indices, k, block[n], (int32_t)i);
        }
    }
    sort_heap(scores, indices, found);
    if (metric == EMBEDDING_EUCLIDEAN)
        for (size_t n = 0; n < found; n++) scores[n] = -scores[n];
    for (size_t n = 0; n < num_exclude; n++) excluded[(uint32_t)exclude[n] / 64] = 0;
    *num_nearest = found;
    return EMBEDDING_OK;
}
