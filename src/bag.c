/* EmbeddingBag: rows reduced bag by bag, and the gradients of that. */
#include <string.h>

#include "embedding.h"
#include "simd/row.h"

#define ROWS_TOGETHER 8 /* two vectors of eight rows at a time: of the loops tried the fastest near and far */
#define ROWS_AHEAD 64
#define FAR_DIM 64

/* ---- Bags ---------------------------------------------------------------------------------------------------------- */

embedding_status embedding_check_offsets(size_t *position, const int32_t *offsets, size_t num_offsets, size_t num_indices,
                                         int include_last_offset) {
    int32_t before = 0;
    for (size_t bag = 0; bag < num_offsets; bag++) {
        const int32_t offset = offsets[bag];
        const int is_first = bag == 0, is_last = include_last_offset && bag + 1 == num_offsets;
        const int is_wrong = offset < before || (size_t)(uint32_t)offset > num_indices || (is_first && offset != 0) ||
                             (is_last && (size_t)(uint32_t)offset != num_indices);
        if (is_wrong) {
            *position = bag;
            return EMBEDDING_OFFSET_INVALID;
        }
        before = offset;
    }
    return EMBEDDING_OK;
}

/* The position at which a bag starts; of one past the last bag, where that one ends. */
static size_t bag_start(const embedding_bags *bags, size_t bag) {
    if (!bags->offsets) return bags->num_indices / bags->num_bags * bag;
    return bag < bags->num_offsets ? (size_t)bags->offsets[bag] : bags->num_indices;
}

static int is_padding(const embedding_bags *bags, size_t n) { return bags->indices[n] == bags->padding_idx; }

/* How many of a bag's positions count: those that are not padding. */
static size_t count_positions(const embedding_bags *bags, size_t start, size_t end) {
    if (bags->padding_idx < 0) return end - start;
    size_t count = 0;
    for (size_t n = start; n < end; n++) count += !is_padding(bags, n);
    return count;
}

/* ---- Sum and mean -------------------------------------------------------------------------------------------------- */

#define EACH_ROW(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7)

/* Defines NAME(out_row, rows, weights, embedding_dim): adds eight rows to out_row, one after another, two vectors wide. The
   accumulators pass through out_row. */
#define ADD_ROWS(NAME, WEIGHT, VECTOR_TERM, TERM)                                                                      \
    NOINLINE void NAME(float *restrict out_row, const float *const *rows, const float *weights, size_t embedding_dim) { \
        EACH_ROW(ROW_POINTER) EACH_ROW(WEIGHT)                                                                         \
        size_t d = 0;                                                                                                  \
        (void)weights;                                                                                                 \
        for (; d + 8 <= embedding_dim; d += 8) {                                                                       \
            v128_t a = wasm_v128_load(out_row + d), b = wasm_v128_load(out_row + d + 4);                               \
            EACH_ROW(VECTOR_TERM)                                                                                      \
            wasm_v128_store(out_row + d, a);                                                                           \
            wasm_v128_store(out_row + d + 4, b);                                                                       \
        }                                                                                                              \
        for (; d < embedding_dim; d++) {                                                                               \
            float sum = out_row[d];                                                                                    \
            EACH_ROW(TERM)                                                                                             \
            out_row[d] = sum;                                                                                          \
        }                                                                                                              \
    }
#define ROW_POINTER(k) const float *row_##k = rows[k];
#define NO_WEIGHT(k)
#define VECTOR_SUM(k)                                                                                                  \
    a = wasm_f32x4_add(a, wasm_v128_load(row_##k + d));                                                                \
    b = wasm_f32x4_add(b, wasm_v128_load(row_##k + d + 4));
#define SUM(k) sum += row_##k[d];
ADD_ROWS(add_rows, NO_WEIGHT, VECTOR_SUM, SUM)
#define WEIGHT(k)                                                                                                      \
    const float weight_##k = weights[k];                                                                               \
    const v128_t weights_##k = wasm_f32x4_splat(weight_##k);
#define VECTOR_WEIGHTED(k)                                                                                             \
    a = wasm_f32x4_add(a, wasm_f32x4_mul(weights_##k, wasm_v128_load(row_##k + d)));                                   \
    b = wasm_f32x4_add(b, wasm_f32x4_mul(weights_##k, wasm_v128_load(row_##k + d + 4)));
#define WEIGHTED(k) sum += weight_##k * row_##k[d];
ADD_ROWS(add_weighted_rows, WEIGHT, VECTOR_WEIGHTED, WEIGHTED)

/* out_row += the rows of positions start to end, padding left out */
static void add_positions(float *out_row, const float *weight, const embedding_bags *bags, size_t start, size_t end) {
    const size_t embedding_dim = bags->embedding_dim;
    const float *rows[ROWS_TOGETHER], *sample_weights = bags->per_sample_weights;
    float weights[ROWS_TOGETHER];
    size_t together = 0;
    for (size_t n = start; n < end; n++) {
        if (is_padding(bags, n)) continue;
        rows[together] = weight + (size_t)(uint32_t)bags->indices[n] * embedding_dim;
        if (sample_weights) weights[together] = sample_weights[n];
        if (++together < ROWS_TOGETHER) continue;
        if (sample_weights) add_weighted_rows(out_row, rows, weights, embedding_dim);
        else add_rows(out_row, rows, NULL, embedding_dim);
        together = 0;
    }
    for (size_t k = 0; k < together; k++) {
        if (sample_weights) row_axpy(out_row, rows[k], weights[k], embedding_dim);
        else row_add(out_row, rows[k], embedding_dim);
    }
}

static void reduce_by_sum(float *output, const float *weight, const embedding_bags *bags) {
    const size_t embedding_dim = bags->embedding_dim;
    const int far = is_far(bags->num_embeddings, embedding_dim) && embedding_dim <= FAR_DIM;
    memset(output, 0, bags->num_bags * embedding_dim * sizeof(float));
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        const size_t start = bag_start(bags, bag), end = bag_start(bags, bag + 1), step = far ? ROWS_AHEAD : end - start;
        float *out_row = output + bag * embedding_dim;
        for (size_t n = start; n < end; n += step) {
            const size_t stop = end - n < step ? end : n + step;
            if (far) rows_touch(weight, bags->indices + n, stop - n, embedding_dim);
            add_positions(out_row, weight, bags, n, stop);
        }
        const size_t count = bags->mode == EMBEDDING_BAG_MEAN ? count_positions(bags, start, end) : 1;
        if (count > 1) row_divide(out_row, (float)count, embedding_dim);
    }
}

/* ---- Max ----------------------------------------------------------------------------------------------------------- */

/* A later element replaces an earlier one only if it is greater, so ties keep the first and a NaN stays only where it came first. */
static void reduce_by_max(float *output, int32_t *max_indices, const float *weight, const embedding_bags *bags) {
    const size_t embedding_dim = bags->embedding_dim;
    memset(output, 0, bags->num_bags * embedding_dim * sizeof(float));
    memset(max_indices, 0, bags->num_bags * embedding_dim * sizeof(int32_t));
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        float *out_row = output + bag * embedding_dim;
        int32_t *max_row = max_indices + bag * embedding_dim;
        int is_first = 1;
        for (size_t n = bag_start(bags, bag), end = bag_start(bags, bag + 1); n < end; n++) {
            if (is_padding(bags, n)) continue;
            row_max(out_row, max_row, weight + (size_t)(uint32_t)bags->indices[n] * embedding_dim, bags->indices[n], is_first,
                    embedding_dim);
            is_first = 0;
        }
    }
}

embedding_status embedding_bag_forward(float *output, int32_t *max_indices, size_t *position, const float *weight,
                                       const embedding_bags *bags) {
    const embedding_status status = embedding_check_indices(position, bags->indices, bags->num_indices, bags->num_embeddings);
    if (status != EMBEDDING_OK || bags->num_bags == 0 || bags->embedding_dim == 0) return status;
    if (bags->mode == EMBEDDING_BAG_MAX) reduce_by_max(output, max_indices, weight, bags);
    else reduce_by_sum(output, weight, bags);
    return EMBEDDING_OK;
}

/* ---- Gradients ----------------------------------------------------------------------------------------------------- */

/* What a position's gradient row is multiplied by: its weight, 1 / its bag's size, 1 / the number of times that its index occurs. */
static float gradient_scale(const embedding_bags *bags, const uint32_t *counts, size_t n, size_t bag_size) {
    double scale = counts ? 1.0 / counts[(uint32_t)bags->indices[n]] : 1.0;
    if (bags->per_sample_weights) scale *= (double)bags->per_sample_weights[n];
    if (bags->mode == EMBEDDING_BAG_MEAN) scale /= (double)bag_size;
    return (float)scale;
}

static void max_backward(float *grad_weight, const float *grad_output, const int32_t *max_indices, const embedding_bags *bags) {
    const size_t embedding_dim = bags->embedding_dim;
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        if (count_positions(bags, bag_start(bags, bag), bag_start(bags, bag + 1)) == 0) continue;
        for (size_t d = 0; d < embedding_dim; d++)
            grad_weight[(size_t)(uint32_t)max_indices[bag * embedding_dim + d] * embedding_dim + d] += grad_output[bag * embedding_dim + d];
    }
}

void embedding_bag_dense_backward(float *grad_weight, const float *grad_output, const int32_t *max_indices,
                                  const embedding_bags *bags, uint32_t *counts) {
    const size_t embedding_dim = bags->embedding_dim;
    if (bags->num_embeddings == 0 || embedding_dim == 0) return;
    memset(grad_weight, 0, bags->num_embeddings * embedding_dim * sizeof(float));
    if (bags->mode == EMBEDDING_BAG_MAX) {
        max_backward(grad_weight, grad_output, max_indices, bags);
        return;
    }
    count_indices(counts, bags->indices, bags->num_indices);
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        const size_t start = bag_start(bags, bag), end = bag_start(bags, bag + 1), size = count_positions(bags, start, end);
        for (size_t n = start; n < end; n++)
            if (!is_padding(bags, n))
                row_axpy(grad_weight + (size_t)(uint32_t)bags->indices[n] * embedding_dim, grad_output + bag * embedding_dim,
                         gradient_scale(bags, counts, n, size), embedding_dim);
    }
    clear_counts(counts, bags->indices, bags->num_indices);
}

size_t embedding_bag_sparse_backward(int32_t *grad_indices, float *grad_values, const float *grad_output,
                                     const embedding_bags *bags, uint32_t *counts) {
    const size_t embedding_dim = bags->embedding_dim;
    size_t num_rows = 0;
    if (embedding_dim == 0) return 0;
    count_indices(counts, bags->indices, bags->num_indices);
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        const size_t start = bag_start(bags, bag), end = bag_start(bags, bag + 1), size = count_positions(bags, start, end);
        for (size_t n = start; n < end; n++) {
            if (is_padding(bags, n)) continue;
            row_scaled(grad_values + num_rows * embedding_dim, grad_output + bag * embedding_dim,
                       gradient_scale(bags, counts, n, size), embedding_dim);
            grad_indices[num_rows++] = bags->indices[n];
        }
    }
    clear_counts(counts, bags->indices, bags->num_indices);
    return num_rows;
}

void embedding_bag_per_sample_weights_backward(float *grad_weights, const float *grad_output, const float *weight,
                                               const embedding_bags *bags) {
    const size_t embedding_dim = bags->embedding_dim;
    if (bags->num_indices == 0) return;
    memset(grad_weights, 0, bags->num_indices * sizeof(float));
    for (size_t bag = 0; bag < bags->num_bags && embedding_dim > 0; bag++)
        for (size_t n = bag_start(bags, bag), end = bag_start(bags, bag + 1); n < end; n++)
            if (!is_padding(bags, n))
                grad_weights[n] = row_dot(grad_output + bag * embedding_dim,
                                          weight + (size_t)(uint32_t)bags->indices[n] * embedding_dim, embedding_dim);
}
