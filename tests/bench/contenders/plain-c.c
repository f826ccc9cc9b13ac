/* The obvious loops, which a C compiler is left to vectorise. Indices are not checked. */
#include <stdlib.h>
#include <string.h>

#include "native.h"

const char *const version = "gcc " __VERSION__;

#define ROW(TABLE, N) ((TABLE) + (size_t)(N)*w->embedding_dim)
#define EACH_INDEX for (size_t n = 0; n < w->num_indices; n++)
#define EACH_DIM for (size_t d = 0; d < w->embedding_dim; d++)
#define EACH_BAG for (size_t b = 0, length = w->num_indices / w->num_bags; b < w->num_bags; b++)
#define EACH_ITEM for (size_t n = (size_t)w->offsets[b], end = n + length; n < end; n++)

size_t lookup(work *w) {
    EACH_INDEX memcpy(ROW(w->output, n), ROW(w->weight, w->indices[n]), 4 * w->embedding_dim);
    return w->num_indices * w->embedding_dim;
}

size_t renorm(work *w) {
    uint8_t *seen = (uint8_t *)w->scratch;
    EACH_INDEX {
        const int32_t index = w->indices[n];
        if (seen[index]) continue;
        seen[index] = 1;
        float *restrict row = ROW(w->weight, index), sum = 0;
        EACH_DIM sum += row[d] * row[d];
        const double norm = sqrtf(sum);
        if (!(norm > MAX_NORM)) continue;
        const float scale = (float)(MAX_NORM / (norm + 1e-7));
        EACH_DIM row[d] *= scale;
    }
    EACH_INDEX seen[w->indices[n]] = 0;
    return 0;
}

static void add_to(float *restrict sums, const float *restrict row, size_t embedding_dim) {
    for (size_t d = 0; d < embedding_dim; d++) sums[d] += row[d];
}

size_t dense_gradient(work *w) {
    memset(w->output, 0, 4 * w->num_embeddings * w->embedding_dim);
    EACH_INDEX add_to(ROW(w->output, w->indices[n]), ROW(w->numbers, n), w->embedding_dim);
    return w->num_embeddings * w->embedding_dim;
}

typedef struct {
    int32_t index, position;
} pair;
static int by_index(const void *left, const void *right) {
    const pair *a = left, *b = right;
    return a->index != b->index ? (a->index > b->index) - (a->index < b->index) : (a->position > b->position) - (a->position < b->position);
}

static size_t coalesced(work *w) {
    pair *pairs = (pair *)w->scratch;
    EACH_INDEX pairs[n] = (pair){w->indices[n], (int32_t)n};
    qsort(pairs, w->num_indices, sizeof *pairs, by_index);
    size_t num_rows = 0;
    EACH_INDEX {
        const float *grad_row = ROW(w->numbers, pairs[n].position);
        if (n > 0 && pairs[n].index == pairs[n - 1].index) {
            add_to(ROW(w->output, num_rows - 1), grad_row, w->embedding_dim);
        } else {
            memcpy(ROW(w->output, num_rows), grad_row, 4 * w->embedding_dim);
            w->rows[num_rows++] = pairs[n].index;
        }
    }
    return num_rows;
}

size_t sparse_gradient(work *w) { return coalesced(w) * w->embedding_dim; }

size_t bag_sum(work *w) {
    EACH_BAG {
        memset(ROW(w->output, b), 0, 4 * w->embedding_dim);
        EACH_ITEM add_to(ROW(w->output, b), ROW(w->weight, w->indices[n]), w->embedding_dim);
    }
    return w->num_bags * w->embedding_dim;
}

size_t bag_mean(work *w) {
    const size_t count = bag_sum(w);
    EACH_BAG {
        float *restrict out_row = ROW(w->output, b);
        EACH_DIM out_row[d] /= (float)length;
    }
    return count;
}

/* With the rows that the maxima came from, as PyTorch computes them. */
size_t bag_max(work *w) {
    EACH_BAG {
        float *restrict out_row = ROW(w->output, b);
        int32_t *restrict max_row = ROW(w->rows, b);
        EACH_DIM out_row[d] = -INFINITY;
        EACH_ITEM {
            const float *restrict row = ROW(w->weight, w->indices[n]);
            EACH_DIM {
                const int is_greater = row[d] > out_row[d];
                out_row[d] = is_greater ? row[d] : out_row[d];
                max_row[d] = is_greater ? w->indices[n] : max_row[d];
            }
        }
    }
    return w->num_bags * w->embedding_dim;
}

size_t bag_weighted(work *w) {
    EACH_BAG {
        float *restrict out_row = ROW(w->output, b);
        memset(out_row, 0, 4 * w->embedding_dim);
        EACH_ITEM {
            const float *restrict row = ROW(w->weight, w->indices[n]);
            EACH_DIM out_row[d] += w->numbers[n] * row[d];
        }
    }
    return w->num_bags * w->embedding_dim;
}

size_t bag_backward(work *w) {
    memset(w->output, 0, 4 * w->num_embeddings * w->embedding_dim);
    EACH_BAG EACH_ITEM add_to(ROW(w->output, w->indices[n]), ROW(w->numbers, b), w->embedding_dim);
    return w->num_embeddings * w->embedding_dim;
}

size_t sgd(work *w) {
    EACH_INDEX {
        float *restrict row = ROW(w->weight, w->indices[n]);
        const float *restrict grad_row = ROW(w->numbers, n);
        EACH_DIM row[d] -= (float)LEARNING_RATE * grad_row[d];
    }
    return 0;
}

size_t adagrad(work *w) {
    EACH_INDEX {
        float *restrict row = ROW(w->weight, w->indices[n]), *restrict sum = ROW(w->moments[0], w->indices[n]);
        const float *restrict grad_row = ROW(w->numbers, n);
        EACH_DIM {
            sum[d] += grad_row[d] * grad_row[d];
            row[d] -= (float)ADAGRAD_RATE * grad_row[d] / (sqrtf(sum[d]) + (float)ADAGRAD_EPS);
        }
    }
    return 0;
}

static void adam_rows(work *w, const int32_t *rows, const float *values, size_t num_rows) {
    w->step++;
    const float step_size = (float)(LEARNING_RATE * sqrt(1 - pow(BETA2, w->step)) / (1 - pow(BETA1, w->step)));
    for (size_t n = 0; n < num_rows; n++) {
        float *restrict row = ROW(w->weight, rows[n]);
        float *restrict exp_avg = ROW(w->moments[0], rows[n]), *restrict exp_avg_sq = ROW(w->moments[1], rows[n]);
        const float *restrict grad_row = ROW(values, n);
        EACH_DIM {
            exp_avg[d] += (float)(1 - BETA1) * (grad_row[d] - exp_avg[d]);
            exp_avg_sq[d] += (float)(1 - BETA2) * (grad_row[d] * grad_row[d] - exp_avg_sq[d]);
            row[d] -= step_size * exp_avg[d] / (sqrtf(exp_avg_sq[d]) + (float)ADAM_EPS);
        }
    }
}

size_t sparse_adam(work *w) {
    adam_rows(w, w->indices, w->numbers, w->num_indices);
    return 0;
}

/* The sum in any order, so that it can be vectorised; the best scores by insertion. */
size_t nearest(work *w) {
    size_t num_nearest = 0;
    for (size_t v = 0; v < w->num_embeddings; v++) {
        const float *row = ROW(w->weight, v);
        float score = 0;
#pragma omp simd reduction(+ : score)
        EACH_DIM score += row[d] * w->numbers[d];
        if (num_nearest == NEAREST_K && score <= w->output[NEAREST_K - 1]) continue;
        size_t rank = num_nearest < NEAREST_K ? num_nearest++ : NEAREST_K - 1;
        for (; rank > 0 && w->output[rank - 1] < score; rank--) w->output[rank] = w->output[rank - 1], w->rows[rank] = w->rows[rank - 1];
        w->output[rank] = score, w->rows[rank] = (int32_t)v;
    }
    return num_nearest;
}

size_t training_step(work *w) {
    lookup(w);
    const size_t num_rows = coalesced(w);
    adam_rows(w, w->rows, w->output, num_rows);
    return 0;
}
