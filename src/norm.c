/* Norms. */
#include "norm.h"

#include "simd/row.h"

static float join_sums(float sums[16]) {
    for (size_t apart = 8; apart > 0; apart /= 2)
        for (size_t i = 0; i < apart; i++) sums[i] += sums[i + apart];
    return sums[0];
}

/* (sum |x|^p)^(1/p) */
static float power_norm(const float *input, size_t size, size_t stride, float p) {
    float sums[16] = {0};
    for (size_t d = 0; d < size; d++) sums[d % 16] += powf(fabsf(input[d * stride]), p);
    return powf(join_sums(sums), 1.0f / p);
}

/* One element: its absolute value under every norm but 0, a NaN norm_type included, as in PyTorch. */
static int is_absolute_value(size_t size, double norm_type) { return size == 1 && norm_type != 0; }

float row_norm(const float *row, size_t embedding_dim, double norm_type) {
    if (is_absolute_value(embedding_dim, norm_type)) return fabsf(*row);
    if (norm_type == 2) return sqrtf(row_sum_squares(row, row, embedding_dim));
    if (norm_type == 1) return row_sum_absolute(row, row, embedding_dim);
    if (norm_type == 0) return row_count_nonzero(row, row, embedding_dim);
    if (norm_type == INFINITY) return row_largest_absolute(row, embedding_dim);
    if (norm_type == -INFINITY) return row_smallest_absolute(row, embedding_dim);
    return power_norm(row, embedding_dim, 1, (float)norm_type);
}

static float more_extreme(float extreme, float size, double norm_type) {
    if (size != size || extreme != extreme) return NAN;
    return (norm_type > 0 ? size > extreme : size < extreme) ? size : extreme;
}

float strided_norm(const float *input, size_t size, size_t stride, double norm_type) {
    if (is_absolute_value(size, norm_type)) return fabsf(*input);
    const int is_extreme = norm_type == INFINITY || norm_type == -INFINITY;
    if (!is_extreme && norm_type != 0 && norm_type != 1 && norm_type != 2)
        return power_norm(input, size, stride, (float)norm_type);
    float sums[16] = {0}, extreme = norm_type > 0 ? 0.0f : INFINITY;
    for (size_t d = 0; d < size; d++) {
        const float x = input[d * stride];
        if (is_extreme) extreme = more_extreme(extreme, fabsf(x), norm_type);
        else sums[d % 16] += norm_type == 2 ? x * x : norm_type == 1 ? fabsf(x) : (float)(x != 0);
    }
    if (is_extreme) return extreme;
    return norm_type == 2 ? sqrtf(join_sums(sums)) : join_sums(sums);
}
