/* Optimiser steps: SGD, SparseAdam (Kingma and Ba 2015, on rows), Adagrad (Duchi, Hazan and Singer 2011), Adam and AdamW (Loshchilov
   and Hutter 2019), with the operations of torch/optim in their order. */
#include "embedding.h"
#include "optimizer.h"
#include "simd/row.h"

#define ROWS_AHEAD 16
#define FAR_DIM 128

#define ADD wasm_f32x4_add
#define SUB wasm_f32x4_sub
#define MUL wasm_f32x4_mul
#define DIV wasm_f32x4_div
#define SQRT wasm_f32x4_sqrt
#define SPLAT(value) wasm_f32x4_splat((float)(value))

/* Calls BLOCK(d, count) for each count = 4 elements d of `size`, and for the last 1 to 3. */
#define EACH_BLOCK(size, BLOCK)                                                                                        \
    size_t d = 0;                                                                                                      \
    for (; d + 16 <= (size); d += 16) {                                                                                \
        BLOCK(d, 4);                                                                                                   \
        BLOCK(d + 4, 4);                                                                                               \
        BLOCK(d + 8, 4);                                                                                               \
        BLOCK(d + 12, 4);                                                                                              \
    }                                                                                                                  \
    for (; d + 4 <= (size); d += 4) BLOCK(d, 4);                                                                       \
    if (d < (size)) BLOCK(d, (size) - d);

INLINE v128_t load(const float *from, size_t count) { return count == 4 ? wasm_v128_load(from) : row_load_part(from, count); }
INLINE void store(float *to, v128_t value, size_t count) {
    if (count == 4) wasm_v128_store(to, value);
    else row_store_part(to, value, count);
}

/* The gradient with its sign and the weight's decay: maximize ? -g : g, + weight_decay * p */
INLINE v128_t decayed(v128_t grad, v128_t weight, float sign, float weight_decay) {
    grad = MUL(grad, SPLAT(sign));
    return weight_decay != 0 ? ADD(grad, MUL(SPLAT(weight_decay), weight)) : grad;
}

/* ---- SGD ----------------------------------------------------------------------------------------------------------- */

void embedding_sgd_step(float *weight, float *momentum_buffer, const float *grad, size_t size, double lr, double momentum,
                        double dampening, double weight_decay, int nesterov, int maximize, int is_first) {
    const float sign = maximize ? -1 : 1;
    const v128_t rate = SPLAT(-lr), keep = SPLAT(momentum), take = SPLAT(1 - dampening);
#define BLOCK(at, count)                                                                                               \
    do {                                                                                                               \
        const v128_t p = load(weight + (at), count);                                                                   \
        v128_t g = decayed(load(grad + (at), count), p, sign, (float)weight_decay);                                    \
        if (momentum_buffer) {                                                                                         \
            const v128_t buffer =                                                                                      \
                is_first ? g : ADD(MUL(load(momentum_buffer + (at), count), keep), MUL(take, g));                      \
            store(momentum_buffer + (at), buffer, count);                                                              \
            g = nesterov ? ADD(g, MUL(keep, buffer)) : buffer;                                                         \
        }                                                                                                              \
        store(weight + (at), ADD(p, MUL(rate, g)), count);                                                             \
    } while (0)
    EACH_BLOCK(size, BLOCK)
#undef BLOCK
}

/* Touches the next rows of a far table. */
static void touch_ahead(const float *table, const int32_t *rows, size_t rows_left, size_t embedding_dim) {
    rows_touch(table, rows, rows_left < ROWS_AHEAD ? rows_left : ROWS_AHEAD, embedding_dim);
}

/* ---- SparseAdam ---------------------------------------------------------------------------------------------------- */

typedef struct {
    v128_t take_1, take_2, eps, rate;
    float sign;
} adam_constants;

NOINLINE void sparse_adam_row(float *weight, float *exp_avg, float *exp_avg_sq, const float *grad, size_t size,
                              const adam_constants *constants) {
    const v128_t take_1 = constants->take_1, take_2 = constants->take_2, eps = constants->eps, rate = constants->rate;
    const v128_t sign = SPLAT(constants->sign);
#define BLOCK(at, count)                                                                                               \
    do {                                                                                                               \
        const v128_t g = MUL(load(grad + (at), count), sign);                                                          \
        const v128_t m_old = load(exp_avg + (at), count), v_old = load(exp_avg_sq + (at), count);                      \
        const v128_t m = ADD(MUL(SUB(g, m_old), take_1), m_old), v = ADD(MUL(SUB(MUL(g, g), v_old), take_2), v_old);   \
        store(exp_avg + (at), m, count);                                                                               \
        store(exp_avg_sq + (at), v, count);                                                                            \
        store(weight + (at), ADD(load(weight + (at), count), MUL(rate, DIV(m, ADD(SQRT(v), eps)))), count);            \
    } while (0)
    EACH_BLOCK(size, BLOCK)
#undef BLOCK
}

void embedding_sparse_adam_step(float *weight, float *exp_avg, float *exp_avg_sq, const int32_t *rows, const float *values,
                                size_t num_rows, size_t num_embeddings, size_t embedding_dim, double lr, double beta1,
                                double beta2, double eps, int maximize, uint32_t step) {
    const adam_constants constants = {SPLAT(1 - beta1), SPLAT(1 - beta2), SPLAT(eps),
                                      SPLAT(-sparse_adam_step_size(lr, beta1, beta2, step)), maximize ? -1 : 1};
    const int far = is_far(num_embeddings, embedding_dim) && embedding_dim <= FAR_DIM;
    for (size_t n = 0; n < num_rows && embedding_dim > 0; n++) {
        if (far && n % ROWS_AHEAD == 0) {
            touch_ahead(weight, rows + n, num_rows - n, embedding_dim);
            touch_ahead(exp_avg, rows + n, num_rows - n, embedding_dim);
            touch_ahead(exp_avg_sq, rows + n, num_rows - n, embedding_dim);
        }
        const size_t at = (size_t)(uint32_t)rows[n] * embedding_dim;
        sparse_adam_row(weight + at, exp_avg + at, exp_avg_sq + at, values + n * embedding_dim, embedding_dim, &constants);
    }
}

/* ---- Adagrad ------------------------------------------------------------------------------------------------------- */

NOINLINE void adagrad_row(float *weight, float *sum, const float *grad, size_t size, v128_t rate, v128_t eps,
                          float weight_decay, float sign) {
#define BLOCK(at, count)                                                                                               \
    do {                                                                                                               \
        const v128_t p = load(weight + (at), count), g = decayed(load(grad + (at), count), p, sign, weight_decay);     \
        const v128_t squares = ADD(load(sum + (at), count), MUL(g, g));                                                \
        store(sum + (at), squares, count);                                                                             \
        store(weight + (at), ADD(p, MUL(rate, DIV(g, ADD(SQRT(squares), eps)))), count);                               \
    } while (0)
    EACH_BLOCK(size, BLOCK)
#undef BLOCK
}

void embedding_adagrad_step(float *weight, float *sum, const float *grad, const int32_t *rows, size_t num_rows,
                            size_t num_embeddings, size_t embedding_dim, double lr, double lr_decay, double eps,
                            double weight_decay, int maximize, uint32_t step) {
    const v128_t rate = SPLAT(-adagrad_step_size(lr, lr_decay, step)), epsilon = SPLAT(eps);
    const float sign = maximize ? -1 : 1;
    if (!grad) return; /* no rows, whose numbers may be NULL too: not a dense step */
    if (!rows) {
        adagrad_row(weight, sum, grad, num_embeddings * embedding_dim, rate, epsilon, (float)weight_decay, sign);
        return;
    }
    const int far = is_far(num_embeddings, embedding_dim) && embedding_dim <= FAR_DIM;
    for (size_t n = 0; n < num_rows && embedding_dim > 0; n++) {
        if (far && n % ROWS_AHEAD == 0) {
            touch_ahead(weight, rows + n, num_rows - n, embedding_dim);
            touch_ahead(sum, rows + n, num_rows - n, embedding_dim);
        }
        const size_t at = (size_t)(uint32_t)rows[n] * embedding_dim;
        adagrad_row(weight + at, sum + at, grad + n * embedding_dim, embedding_dim, rate, epsilon, 0, sign);
    }
}

/* ---- Adam and AdamW ------------------------------------------------------------------------------------------------ */

void embedding_adam_step(float *weight, float *exp_avg, float *exp_avg_sq, float *max_exp_avg_sq, const float *grad, size_t size,
                         double lr, double beta1, double beta2, double eps, double weight_decay, int decoupled_weight_decay,
                         int maximize, uint32_t step) {
    const float sign = maximize ? -1 : 1, decay = decoupled_weight_decay ? 0 : (float)weight_decay;
    const v128_t take_1 = SPLAT(1 - beta1), keep_2 = SPLAT(beta2), take_2 = SPLAT(1 - beta2), epsilon = SPLAT(eps);
    const v128_t rate = SPLAT(-adam_step_size(lr, beta1, step)), root = SPLAT(adam_root_correction(beta2, step));
    const v128_t shrink = SPLAT(adam_decay_factor(lr, weight_decay, decoupled_weight_decay));
#define BLOCK(at, count)                                                                                               \
    do {                                                                                                               \
        const v128_t p = MUL(load(weight + (at), count), shrink);                                                      \
        const v128_t g = decayed(load(grad + (at), count), p, sign, decay);                                            \
        const v128_t m_old = load(exp_avg + (at), count), m = ADD(m_old, MUL(take_1, SUB(g, m_old)));                  \
        v128_t v = ADD(MUL(load(exp_avg_sq + (at), count), keep_2), MUL(take_2, MUL(g, g)));                           \
        store(exp_avg + (at), m, count);                                                                               \
        store(exp_avg_sq + (at), v, count);                                                                            \
        if (max_exp_avg_sq) {                                                                                          \
            const v128_t most = load(max_exp_avg_sq + (at), count);                                                    \
            v = wasm_v128_bitselect(v, most, wasm_v128_or(wasm_f32x4_gt(v, most), wasm_f32x4_ne(v, v)));               \
            store(max_exp_avg_sq + (at), v, count);                                                                    \
        }                                                                                                              \
        store(weight + (at), ADD(p, MUL(rate, DIV(m, ADD(DIV(SQRT(v), root), epsilon)))), count);                      \
    } while (0)
    EACH_BLOCK(size, BLOCK)
#undef BLOCK
}
