/* What the headers promise, written as it is defined: one element at a time, in float32, in the order of PyTorch's operations. The
   results are to be the same bits. */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "embedding.h"

/* ---- Norms and dot products ---------------------------------------------------------------------------------------------- */

static inline float reference_norm(const float *input, size_t size, size_t stride, double norm_type) {
    if (size == 1 && norm_type != 0) return fabsf(*input);
    float sums[16] = {0}, extreme = norm_type > 0 ? 0.0f : INFINITY;
    int has_nan = 0;
    for (size_t d = 0; d < size; d++) {
        const float x = input[d * stride], absolute = fabsf(x);
        has_nan |= isnan(x);
        if (norm_type == 2) sums[d % 16] += x * x;
        else if (norm_type == 1) sums[d % 16] += absolute;
        else if (norm_type == 0) sums[d % 16] += x != 0 ? 1.0f : 0.0f;
        else if (norm_type == (double)INFINITY) extreme = absolute > extreme ? absolute : extreme;
        else if (norm_type == (double)-INFINITY) extreme = absolute < extreme ? absolute : extreme;
        else sums[d % 16] += powf(absolute, (float)norm_type);
    }
    if (isinf(norm_type)) return has_nan ? NAN : extreme;
    for (int i = 0; i < 8; i++) sums[i] += sums[i + 8];
    for (int i = 0; i < 4; i++) sums[i] += sums[i + 4];
    for (int i = 0; i < 2; i++) sums[i] += sums[i + 2];
    const float sum = sums[0] + sums[1];
    if (norm_type == 2) return sqrtf(sum);
    if (norm_type == 1 || norm_type == 0) return sum;
    return powf(sum, 1.0f / (float)norm_type);
}

static inline float reference_dot(const float *a, const float *b, size_t size) {
    float sums[16] = {0};
    for (size_t d = 0; d < size; d++) sums[d % 16] += a[d] * b[d];
    for (size_t apart = 8; apart > 0; apart /= 2)
        for (size_t i = 0; i < apart; i++) sums[i] += sums[i + apart];
    return sums[0];
}

/* ---- Nearest rows -------------------------------------------------------------------------------------------------------- */

/* Greater is nearer; a distance is negative. */
static inline float reference_score(const float *row, const float *query, size_t size, embedding_metric metric) {
    if (metric == EMBEDDING_DOT) return reference_dot(row, query, size);
    if (metric == EMBEDDING_EUCLIDEAN) {
        float sums[16] = {0};
        for (size_t d = 0; d < size; d++) sums[d % 16] += (row[d] - query[d]) * (row[d] - query[d]);
        for (size_t apart = 8; apart > 0; apart /= 2)
            for (size_t i = 0; i < apart; i++) sums[i] += sums[i + apart];
        return -sqrtf(sums[0]);
    }
    const float squares = reference_dot(row, row, size), query_squares = reference_dot(query, query, size);
    if (!(squares >= 0x1p-126f && squares < INFINITY && query_squares >= 0x1p-126f && query_squares < INFINITY)) return NAN;
    const double cosine = (double)reference_dot(row, query, size) / (sqrt((double)squares) * sqrt((double)query_squares));
    return (float)fmax(fmin(cosine, 1), -1);
}

/* Whether a comes before b, of a later row. */
static inline int reference_is_nearer_or_ties(float a, float b) { return isnan(b) || a >= b; }

/* Takes the best row that is left, `k` times. is_left: num_embeddings, 1 for rows that are not excluded. Returns how many it found. */
static inline size_t reference_nearest(int32_t *indices, float *scores, const float *weight, const float *query, uint8_t *is_left,
                                       size_t num_embeddings, size_t embedding_dim, size_t k, embedding_metric metric) {
    for (size_t found = 0;; found++) {
        size_t best = num_embeddings;
        float best_score = NAN;
        for (size_t i = num_embeddings; i-- > 0;) {
            const float score = is_left[i] ? reference_score(weight + i * embedding_dim, query, embedding_dim, metric) : NAN;
            if (is_left[i] && (best == num_embeddings || reference_is_nearer_or_ties(score, best_score))) best = i, best_score = score;
        }
        if (found == k || best == num_embeddings) return found;
        is_left[best] = 0;
        indices[found] = (int32_t)best;
        scores[found] = metric == EMBEDDING_EUCLIDEAN ? -best_score : best_score;
    }
}

/* ---- Gradients of the lookup --------------------------------------------------------------------------------------------- */

/* What scale_grad_by_freq divides by; 1 without it. */
static inline double reference_frequency(const int32_t *indices, size_t num_indices, size_t n, int by_frequency) {
    size_t count = 0;
    for (size_t other = 0; other < num_indices; other++) count += indices[other] == indices[n];
    return by_frequency ? (double)count : 1;
}

static inline void reference_dense_backward(float *grad_weight, const float *grad_output, const int32_t *indices,
                                            size_t num_indices, size_t num_embeddings, size_t embedding_dim, int32_t padding_idx,
                                            int by_frequency) {
    for (size_t i = 0; i < num_embeddings * embedding_dim; i++) grad_weight[i] = 0;
    for (size_t n = 0; n < num_indices; n++) {
        const float scale = (float)(1 / reference_frequency(indices, num_indices, n, by_frequency));
        for (size_t d = 0; d < embedding_dim && indices[n] != padding_idx; d++)
            grad_weight[(size_t)indices[n] * embedding_dim + d] += scale * grad_output[n * embedding_dim + d];
    }
}

static inline size_t reference_sparse_backward(int32_t *grad_indices, float *grad_values, const float *grad_output,
                                               const int32_t *indices, size_t num_indices, size_t embedding_dim,
                                               int32_t padding_idx, int by_frequency) {
    size_t count = 0;
    for (size_t n = 0; n < num_indices && embedding_dim > 0; n++) {
        if (indices[n] == padding_idx) continue;
        const float scale = (float)(1 / reference_frequency(indices, num_indices, n, by_frequency));
        for (size_t d = 0; d < embedding_dim; d++)
            grad_values[count * embedding_dim + d] = scale * grad_output[n * embedding_dim + d];
        grad_indices[count++] = indices[n];
    }
    return count;
}

/* Takes the smallest row that is left, again and again. */
static inline size_t reference_coalesce(int32_t *rows, float *values, const int32_t *grad_indices, const float *grad_values,
                                        size_t num_indices, size_t embedding_dim) {
    size_t num_rows = 0;
    for (int64_t last = -1;; last = rows[num_rows++]) {
        int64_t next = INT64_MAX;
        for (size_t n = 0; n < num_indices; n++)
            if (grad_indices[n] > last && grad_indices[n] < next) next = grad_indices[n];
        if (next == INT64_MAX) return num_rows;
        rows[num_rows] = (int32_t)next;
        int is_first = 1;
        for (size_t n = 0; n < num_indices; n++) {
            if (grad_indices[n] != next) continue;
            for (size_t d = 0; d < embedding_dim; d++) {
                const float value = grad_values[n * embedding_dim + d];
                float *sum = values + num_rows * embedding_dim + d;
                *sum = is_first ? value : *sum + value;
            }
            is_first = 0;
        }
    }
}

/* ---- Bags ---------------------------------------------------------------------------------------------------------------- */

static inline size_t reference_bag_start(const embedding_bags *bags, size_t bag) {
    if (bag == bags->num_bags) return bags->num_indices;
    return bags->offsets ? (size_t)bags->offsets[bag] : bag * (bags->num_indices / bags->num_bags);
}

static inline int reference_counts(const embedding_bags *bags, size_t n) { return bags->indices[n] != bags->padding_idx; }

static inline size_t reference_bag_size(const embedding_bags *bags, size_t bag) {
    size_t size = 0;
    for (size_t n = reference_bag_start(bags, bag); n < reference_bag_start(bags, bag + 1); n++)
        size += (size_t)reference_counts(bags, n);
    return size;
}

static inline size_t reference_bag_of(const embedding_bags *bags, size_t n) {
    size_t bag = 0;
    while (reference_bag_start(bags, bag + 1) <= n) bag++;
    return bag;
}

/* max_indices: for max only */
static inline void reference_bag_forward(float *output, int32_t *max_indices, const float *weight, const embedding_bags *bags) {
    const size_t D = bags->embedding_dim;
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        const size_t start = reference_bag_start(bags, bag), stop = reference_bag_start(bags, bag + 1);
        for (size_t d = 0; d < D; d++) {
            float result = 0;
            int32_t max_index = 0;
            size_t count = 0;
            for (size_t n = start; n < stop; n++) {
                if (!reference_counts(bags, n)) continue;
                const float x = weight[(size_t)bags->indices[n] * D + d];
                count++;
                if (bags->mode != EMBEDDING_BAG_MAX) {
                    result += bags->per_sample_weights ? bags->per_sample_weights[n] * x : x;
                } else if (count == 1 || x > result) {
                    result = x;
                    max_index = bags->indices[n];
                }
            }
            output[bag * D + d] = bags->mode == EMBEDDING_BAG_MEAN && count > 0 ? result / (float)count : result;
            if (bags->mode == EMBEDDING_BAG_MAX) max_indices[bag * D + d] = max_index;
        }
    }
}

static inline float reference_bag_scale(const embedding_bags *bags, size_t n, int by_frequency) {
    double scale = 1 / reference_frequency(bags->indices, bags->num_indices, n, by_frequency);
    if (bags->per_sample_weights) scale *= (double)bags->per_sample_weights[n];
    if (bags->mode == EMBEDDING_BAG_MEAN) scale /= (double)reference_bag_size(bags, reference_bag_of(bags, n));
    return (float)scale;
}

static inline void reference_bag_dense_backward(float *grad_weight, const float *grad_output, const int32_t *max_indices,
                                                const embedding_bags *bags, int by_frequency) {
    const size_t D = bags->embedding_dim;
    for (size_t i = 0; i < bags->num_embeddings * D; i++) grad_weight[i] = 0;
    if (bags->mode == EMBEDDING_BAG_MAX) {
        for (size_t i = 0; i < bags->num_bags * D; i++)
            if (reference_bag_size(bags, i / D) > 0) grad_weight[(size_t)max_indices[i] * D + i % D] += grad_output[i];
        return;
    }
    for (size_t n = 0; n < bags->num_indices && bags->num_bags > 0; n++) {
        if (!reference_counts(bags, n)) continue;
        const float scale = reference_bag_scale(bags, n, by_frequency), *grad_row = grad_output + reference_bag_of(bags, n) * D;
        for (size_t d = 0; d < D; d++) grad_weight[(size_t)bags->indices[n] * D + d] += scale * grad_row[d];
    }
}

static inline size_t reference_bag_sparse_backward(int32_t *grad_indices, float *grad_values, const float *grad_output,
                                                   const embedding_bags *bags, int by_frequency) {
    const size_t D = bags->embedding_dim;
    size_t count = 0;
    for (size_t n = 0; n < bags->num_indices && bags->num_bags > 0 && D > 0; n++) {
        if (!reference_counts(bags, n)) continue;
        const float scale = reference_bag_scale(bags, n, by_frequency), *grad_row = grad_output + reference_bag_of(bags, n) * D;
        for (size_t d = 0; d < D; d++) grad_values[count * D + d] = scale * grad_row[d];
        grad_indices[count++] = bags->indices[n];
    }
    return count;
}

static inline void reference_bag_weights_backward(float *grad_weights, const float *grad_output, const float *weight,
                                                  const embedding_bags *bags) {
    const size_t D = bags->embedding_dim;
    for (size_t n = 0; n < bags->num_indices; n++)
        grad_weights[n] = bags->num_bags > 0 && reference_counts(bags, n)
                              ? reference_dot(grad_output + reference_bag_of(bags, n) * D, weight + (size_t)bags->indices[n] * D, D)
                              : 0;
}

/* ---- Optimiser steps, of one element ------------------------------------------------------------------------------------- */

typedef struct {
    double lr, momentum, dampening, beta1, beta2, eps, lr_decay, weight_decay;
    int nesterov, maximize, decoupled_weight_decay;
} step_options;

/* base^step; pow differs between C libraries */
static inline double reference_power(double base, uint32_t step) {
    double result = 1;
    for (; step > 0; step >>= 1, base *= base) result *= step & 1 ? base : 1;
    return result;
}

static inline float reference_gradient(float grad, float p, double weight_decay, int maximize) {
    if (maximize) grad = -grad;
    return (float)weight_decay != 0 ? grad + (float)weight_decay * p : grad;
}

/* buffer: NULL without momentum */
static inline void reference_sgd(float *p, float *buffer, float grad, const step_options *o, int is_first) {
    float g = reference_gradient(grad, *p, o->weight_decay, o->maximize);
    if (buffer) {
        *buffer = is_first ? g : *buffer * (float)o->momentum + (float)(1 - o->dampening) * g;
        g = o->nesterov ? g + (float)o->momentum * *buffer : *buffer;
    }
    *p += (float)-o->lr * g;
}

static inline void reference_sparse_adam(float *p, float *m, float *v, float grad, const step_options *o, uint32_t step) {
    const float g = o->maximize ? -grad : grad;
    const float m_change = (g - *m) * (float)(1 - o->beta1), v_change = (g * g - *v) * (float)(1 - o->beta2);
    const double step_size = o->lr * sqrt(1 - reference_power(o->beta2, step)) / (1 - reference_power(o->beta1, step));
    *m = m_change + *m;
    *v = v_change + *v;
    *p += (float)-step_size * (*m / (sqrtf(*v) + (float)o->eps));
}

static inline void reference_adagrad(float *p, float *sum, float grad, const step_options *o, uint32_t step) {
    const float g = reference_gradient(grad, *p, o->weight_decay, o->maximize);
    *sum += g * g;
    *p += (float)-(o->lr / (1 + (step - 1.0) * o->lr_decay)) * (g / (sqrtf(*sum) + (float)o->eps));
}

/* most: NULL without amsgrad */
static inline void reference_adam(float *p, float *m, float *v, float *most, float grad, const step_options *o, uint32_t step) {
    if (o->decoupled_weight_decay) *p *= (float)(1 - o->lr * o->weight_decay);
    const float g = reference_gradient(grad, *p, o->decoupled_weight_decay ? 0 : o->weight_decay, o->maximize);
    *m += (float)(1 - o->beta1) * (g - *m);
    *v = *v * (float)o->beta2 + (float)(1 - o->beta2) * (g * g);
    float largest = *v;
    if (most) largest = *most = *v > *most || isnan(*v) ? *v : *most;
    const float root = sqrtf(largest) / (float)sqrt(1 - reference_power(o->beta2, step));
    *p += (float)-(o->lr / (1 - reference_power(o->beta1, step))) * (*m / (root + (float)o->eps));
}

#endif
