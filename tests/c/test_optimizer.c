/* Optimiser steps. */
#include "embedding.h"
#include "reference.h"
#include "test.h"

#define FAR_BYTES ((size_t)16 << 20) /* steps on rows of larger tables read ahead */

static inputs from = {23};

/* ---- Helpers ------------------------------------------------------------------------------------------------------- */

/* Distinct row numbers in any order, the last row among them. */
static int32_t *draw_rows(size_t num_rows, size_t num_embeddings) {
    int32_t *rows = INT32S(num_rows, draw_below(&from, 4));
    for (size_t n = 0; n < num_rows; n++) {
        rows[n] = n == 0 ? (int32_t)num_embeddings - 1 : (int32_t)draw_below(&from, num_embeddings);
        for (size_t other = 0; other < n; other++)
            if (rows[other] == rows[n]) {
                n--; /* draw it again */
                break;
            }
    }
    return rows;
}

/* Small squares too: what eps is for. */
static void fill_squares(float *values, size_t count, size_t kind) {
    fill_plain(&from, values, count);
    for (size_t i = 0; i < count; i++) values[i] = kind == 0 ? 0 : values[i] * values[i] * (i % 5 ? 1 : 1e-20f);
}

static double pick(const double *choices, size_t count) { return choices[draw_below(&from, count)]; }
#define PICK(...) pick((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static step_options draw_options(void) {
    return (step_options){
        .lr = PICK(0, 1e-3, 0.1, 1, 7),
        .momentum = PICK(0, 0.9, 0.5),
        .dampening = PICK(0, 0, 0.5, 1),
        .beta1 = PICK(0.9, 0.5, 0, 0.999),
        .beta2 = PICK(0.999, 0.9, 0, 0.5),
        .eps = PICK(1e-8, 1e-10, 1e-3, 0),
        .lr_decay = PICK(0, 0, 0.5, 1e-3),
        .weight_decay = PICK(0, 0, 0.1, 0.01),
        .nesterov = draw_below(&from, 2) == 0,
        .maximize = draw_below(&from, 2) == 0,
        .decoupled_weight_decay = draw_below(&from, 2) == 0,
    };
}

static uint32_t draw_step(void) {
    const uint32_t steps[] = {1, 1, 2, 3, 10, 1000, 123456, UINT32_MAX};
    return steps[draw_below(&from, 8)];
}

static void fill_gradient(float *values, size_t count, size_t round) {
    if (round % 4) fill_plain(&from, values, count);
    else fill_hard(&from, values, count);
}

/* ---- Dense steps --------------------------------------------------------------------------------------------------- */

static void sgd_steps_runs_of_every_length(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 32; round++) {
            const size_t size = row_length(i);
            const step_options o = draw_options();
            const int has_momentum = round % 3 > 0, is_first = round % 3 == 1;
            float *weight = FLOATS(size, round % 4), *grad = FLOATS(size, i % 4), *momentum_buffer = FLOATS(size, round / 4 % 4);
            fill_plain(&from, weight, size);
            fill_gradient(grad, size, round);
            if (!is_first) fill_plain(&from, momentum_buffer, size);
            float *expected = copy_of(weight, size * sizeof(float));
            float *expected_buffer = copy_of(momentum_buffer, size * sizeof(float));
            void *before = copy_of(grad, size * sizeof(float));
            trying("%zu elements, lr %g, momentum %g of kind %zu, dampening %g, weight_decay %g, nesterov %d, maximize %d", size,
                   o.lr, o.momentum, round % 3, o.dampening, o.weight_decay, o.nesterov, o.maximize);
            for (size_t d = 0; d < size; d++)
                reference_sgd(expected + d, has_momentum ? expected_buffer + d : NULL, grad[d], &o, is_first);
            embedding_sgd_step(weight, has_momentum ? momentum_buffer : NULL, grad, size, o.lr, o.momentum, o.dampening,
                               o.weight_decay, o.nesterov, o.maximize, is_first);
            EXPECT_FLOATS(weight, expected, size);
            EXPECT_FLOATS(momentum_buffer, expected_buffer, size);
            EXPECT_BYTES(grad, before, size * sizeof(float));
            free_buffers();
        }
}

static void adagrad_steps_runs_of_every_length(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 24; round++) {
            const size_t size = row_length(i);
            const step_options o = draw_options();
            const uint32_t step = draw_step();
            float *weight = FLOATS(size, round % 4), *grad = FLOATS(size, i % 4), *sum = FLOATS(size, round / 4 % 4);
            fill_plain(&from, weight, size);
            fill_gradient(grad, size, round);
            fill_squares(sum, size, round % 3);
            float *expected = copy_of(weight, size * sizeof(float)), *expected_sum = copy_of(sum, size * sizeof(float));
            trying("%zu elements, lr %g, lr_decay %g, eps %g, weight_decay %g, maximize %d, step %u", size, o.lr, o.lr_decay, o.eps,
                   o.weight_decay, o.maximize, step);
            for (size_t d = 0; d < size; d++) reference_adagrad(expected + d, expected_sum + d, grad[d], &o, step);
            embedding_adagrad_step(weight, sum, grad, NULL, 0, round % 2 ? size : 1, round % 2 ? 1 : size, o.lr, o.lr_decay, o.eps,
                                   o.weight_decay, o.maximize, step);
            EXPECT_FLOATS(weight, expected, size);
            EXPECT_FLOATS(sum, expected_sum, size);
            free_buffers();
        }
}

static void adam_steps_runs_of_every_length(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 32; round++) {
            const size_t size = row_length(i), bytes = size * sizeof(float);
            const step_options o = draw_options();
            const uint32_t step = draw_step();
            const int amsgrad = round % 2;
            float *weight = FLOATS(size, round % 4), *grad = FLOATS(size, i % 4), *exp_avg = FLOATS(size, round / 4 % 4);
            float *exp_avg_sq = FLOATS(size, 1), *most = FLOATS(size, 2);
            fill_plain(&from, weight, size);
            fill_gradient(grad, size, round);
            fill_plain(&from, exp_avg, size);
            fill_squares(exp_avg_sq, size, round % 3);
            fill_squares(most, size, round / 2 % 3);
            for (size_t d = 0; d < size && round % 8 == 1; d += 3) most[d] = d % 2 ? NAN : INFINITY;
            float *expected = copy_of(weight, bytes), *expected_avg = copy_of(exp_avg, bytes);
            float *expected_sq = copy_of(exp_avg_sq, bytes), *expected_most = copy_of(most, bytes);
            trying("%zu elements, lr %g, betas %g and %g, eps %g, weight_decay %g (decoupled %d), maximize %d, amsgrad %d, step %u",
                   size, o.lr, o.beta1, o.beta2, o.eps, o.weight_decay, o.decoupled_weight_decay, o.maximize, amsgrad, step);
            for (size_t d = 0; d < size; d++)
                reference_adam(expected + d, expected_avg + d, expected_sq + d, amsgrad ? expected_most + d : NULL, grad[d], &o,
                               step);
            embedding_adam_step(weight, exp_avg, exp_avg_sq, amsgrad ? most : NULL, grad, size, o.lr, o.beta1, o.beta2, o.eps,
                                o.weight_decay, o.decoupled_weight_decay, o.maximize, step);
            EXPECT_FLOATS(exp_avg, expected_avg, size);
            EXPECT_FLOATS(exp_avg_sq, expected_sq, size);
            EXPECT_FLOATS(most, expected_most, size);
            EXPECT_FLOATS(weight, expected, size);
            free_buffers();
        }
}

static void the_first_momentum_is_the_gradient_undampened(void) {
    float weight[] = {1, -2}, buffer_of_nans[] = {NAN, NAN};
    const float grad[] = {1, 1};
    embedding_sgd_step(weight, buffer_of_nans, grad, 2, 1, 0.5, 0.5, 0, 0, 0, 1);
    EXPECT_FLOATS(weight, ((float[]){0, -3}), 2);
    embedding_sgd_step(weight, buffer_of_nans, grad, 2, 1, 0.5, 0.5, 0, 0, 0, 0);
    EXPECT_FLOATS(weight, ((float[]){-1, -4}), 2);
    EXPECT_FLOATS(buffer_of_nans, ((float[]){1, 1}), 2);
}

static void amsgrad_keeps_the_largest_and_every_nan(void) {
    const float squares[] = {4, 1, NAN, 1, NAN, 0, 9}, most_before[] = {1, 4, 1, NAN, NAN, -0.0f, 9};
    const float most_after[] = {4, 4, NAN, NAN, NAN, -0.0f, 9};
    for (size_t at = 0; at < 4; at++) {
        float weight[11] = {0}, exp_avg[11] = {0}, exp_avg_sq[11] = {0}, most[11] = {0};
        const float grad[11] = {0};
        memcpy(exp_avg_sq + at, squares, sizeof squares);
        memcpy(most + at, most_before, sizeof most_before);
        embedding_adam_step(weight, exp_avg, exp_avg_sq, most, grad, 11, 0.1, 0.9, 1, 1e-8, 0, 0, 0, 1); /* beta2 1: v stays */
        EXPECT_FLOATS(exp_avg_sq + at, squares, 7);
        EXPECT_FLOATS(most + at, most_after, 7);
    }
}

static void gradients_of_nan_and_infinity_pass_through(void) {
    const float grad[] = {NAN, INFINITY, -INFINITY};
    for (size_t d = 0; d < 3; d++) {
        float weight = 1, a = 0, b = 0;
        embedding_sgd_step(&weight, NULL, grad + d, 1, 0.1, 0, 0, 0, 0, 0, 0);
        EXPECT_FLOAT(weight, -grad[d]);
        weight = 1;
        embedding_adagrad_step(&weight, &a, grad + d, NULL, 0, 1, 1, 0.1, 0, 1e-10, 0, 0, 1);
        EXPECT_FLOAT(weight, NAN); /* infinity / infinity */
        weight = 1;
        a = 0;
        embedding_adam_step(&weight, &a, &b, NULL, grad + d, 1, 0.1, 0.9, 0.999, 1e-8, 0, 0, 0, 1);
        EXPECT_FLOAT(weight, NAN);
    }
}

/* Against pow in double, since the steps multiply for themselves. */
static void bias_corrections_hold_at_every_step(void) {
    const uint32_t steps[] = {1, 2, 3, 7, 100, 999, 1000000, 4000000000u, UINT32_MAX};
    const double betas[][2] = {{0.9, 0.999}, {0, 0}, {0.5, 0.999999}, {0.999, 0.9}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        for (size_t j = 0; j < 4; j++) {
            const double beta1 = betas[j][0], beta2 = betas[j][1];
            const double correction_1 = 1 - pow(beta1, steps[i]), correction_2 = 1 - pow(beta2, steps[i]);
            const float grad = 0.5f;
            const int32_t row = 0;
            float weight = 0, exp_avg = 0.5f, exp_avg_sq = 0.25f; /* stay as they are */
            trying("step %u, betas %g and %g", steps[i], beta1, beta2);
            embedding_adam_step(&weight, &exp_avg, &exp_avg_sq, NULL, &grad, 1, 1, beta1, beta2, 1e-8, 0, 0, 0, steps[i]);
            EXPECT_CLOSE((double)weight, -sqrt(correction_2) / correction_1, TOLERANCE);
            weight = 0;
            embedding_sparse_adam_step(&weight, &exp_avg, &exp_avg_sq, &row, &grad, 1, 1, 1, 1, beta1, beta2, 1e-8, 0, steps[i]);
            EXPECT_CLOSE((double)weight, -sqrt(correction_2) / correction_1, TOLERANCE);
        }
}

/* ---- Steps on rows ------------------------------------------------------------------------------------------------- */

static void sparse_adam_steps_rows_of_every_length_and_leaves_the_others(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 12; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, 40), num_rows = draw_below(&from, V + 1), size = V * D;
            const step_options o = draw_options();
            const uint32_t step = draw_step();
            float *weight = FLOATS(size, round % 4), *exp_avg = FLOATS(size, i % 4), *exp_avg_sq = FLOATS(size, round / 4 % 4);
            float *values = FLOATS(num_rows * D, 3);
            fill_hard(&from, weight, size);
            fill_plain(&from, exp_avg, size);
            fill_squares(exp_avg_sq, size, round % 3);
            fill_gradient(values, num_rows * D, round);
            const int32_t *rows = draw_rows(num_rows, V);
            float *expected = copy_of(weight, size * sizeof(float)), *expected_avg = copy_of(exp_avg, size * sizeof(float));
            float *expected_sq = copy_of(exp_avg_sq, size * sizeof(float));
            trying("%zu of %zu rows of %zu, lr %g, betas %g and %g, eps %g, maximize %d, step %u", num_rows, V, D, o.lr, o.beta1,
                   o.beta2, o.eps, o.maximize, step);
            for (size_t n = 0; n < num_rows * D; n++) {
                const size_t at = (size_t)rows[n / D] * D + n % D;
                reference_sparse_adam(expected + at, expected_avg + at, expected_sq + at, values[n], &o, step);
            }
            embedding_sparse_adam_step(weight, exp_avg, exp_avg_sq, rows, values, num_rows, V, D, o.lr, o.beta1, o.beta2, o.eps,
                                       o.maximize, step);
            EXPECT_FLOATS(exp_avg, expected_avg, size);
            EXPECT_FLOATS(exp_avg_sq, expected_sq, size);
            EXPECT_FLOATS(weight, expected, size);
            free_buffers();
        }
}

static void adagrad_steps_rows_of_every_length_and_leaves_the_others(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 12; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, 40), num_rows = draw_below(&from, V + 1), size = V * D;
            step_options o = draw_options();
            const uint32_t step = draw_step();
            float *weight = FLOATS(size, round % 4), *sum = FLOATS(size, i % 4), *values = FLOATS(num_rows * D, 3);
            o.weight_decay = 0;
            fill_hard(&from, weight, size);
            fill_squares(sum, size, round % 3);
            fill_gradient(values, num_rows * D, round);
            const int32_t *rows = draw_rows(num_rows, V);
            float *expected = copy_of(weight, size * sizeof(float)), *expected_sum = copy_of(sum, size * sizeof(float));
            trying("%zu of %zu rows of %zu, lr %g, lr_decay %g, eps %g, maximize %d, step %u", num_rows, V, D, o.lr, o.lr_decay,
                   o.eps, o.maximize, step);
            for (size_t n = 0; n < num_rows * D; n++) {
                const size_t at = (size_t)rows[n / D] * D + n % D;
                reference_adagrad(expected + at, expected_sum + at, values[n], &o, step);
            }
            embedding_adagrad_step(weight, sum, values, rows, num_rows, V, D, o.lr, o.lr_decay, o.eps, 0, o.maximize, step);
            EXPECT_FLOATS(sum, expected_sum, size);
            EXPECT_FLOATS(weight, expected, size);
            free_buffers();
        }
}

static void steps_on_rows_reach_a_table_beyond_the_caches(void) {
    const size_t lengths[] = {1, 6, 64, 128, 129}, counts[] = {0, 1, 15, 16, 17, 100};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const size_t D = lengths[i], V = FAR_BYTES / sizeof(float) / D + 1, size = V * D;
        float *tables[6]; /* three and what is expected of them */
        for (size_t k = 0; k < 6; k++) tables[k] = FLOATS(size, 0);
        for (size_t d = 0; d < size; d++)
            for (size_t k = 0; k < 6; k++) tables[k][d] = (float)(d % 1000 + k % 3) / 500;
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
            const size_t num_rows = counts[j];
            float *values = FLOATS(num_rows * D, j % 4);
            const int32_t *rows = draw_rows(num_rows, V);
            const step_options o = {.lr = 0.1, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .maximize = (int)j % 2};
            fill_plain(&from, values, num_rows * D);
            trying("%zu of %zu rows of %zu", num_rows, V, D);
            for (size_t n = 0; n < num_rows * D; n++) {
                const size_t at = (size_t)rows[n / D] * D + n % D;
                reference_sparse_adam(tables[3] + at, tables[4] + at, tables[5] + at, values[n], &o, 3);
                reference_adagrad(tables[3] + at, tables[5] + at, values[n], &o, 3);
            }
            embedding_sparse_adam_step(tables[0], tables[1], tables[2], rows, values, num_rows, V, D, o.lr, o.beta1, o.beta2, o.eps,
                                       o.maximize, 3);
            embedding_adagrad_step(tables[0], tables[2], values, rows, num_rows, V, D, o.lr, 0, o.eps, 0, o.maximize, 3);
            for (size_t k = 0; k < 3; k++)
                for (size_t n = 0; n < num_rows; n++)
                    EXPECT_FLOATS(tables[k] + (size_t)rows[n] * D, tables[k + 3] + (size_t)rows[n] * D, D);
        }
        for (size_t k = 0; k < 3; k++) EXPECT(memcmp(tables[k], tables[k + 3], size * sizeof(float)) == 0);
        free_buffers();
    }
}

static void steps_take_null_for_what_is_empty(void) {
    const int32_t rows[] = {1, 0};
    float weight[6] = {1, 2, 3, 4, 5, 6}, more[6] = {0}, squares[6] = {0};
    void *before = copy_of(weight, sizeof weight);
    embedding_sgd_step(NULL, NULL, NULL, 0, 0.1, 0.9, 0, 0.1, 1, 0, 0);
    embedding_adam_step(NULL, NULL, NULL, NULL, NULL, 0, 0.1, 0.9, 0.999, 1e-8, 0.1, 0, 0, 1);
    embedding_adagrad_step(NULL, NULL, NULL, NULL, 0, 0, 3, 0.1, 0, 1e-10, 0, 0, 1);
    embedding_adagrad_step(NULL, NULL, NULL, NULL, 0, 3, 0, 0.1, 0, 1e-10, 0, 0, 1);
    embedding_adagrad_step(NULL, NULL, NULL, rows, 2, 2, 0, 0.1, 0, 1e-10, 0, 0, 1);
    embedding_adagrad_step(weight, more, NULL, rows, 0, 2, 3, 0.1, 0, 1e-10, 0, 0, 1); /* no rows, but not a dense step */
    embedding_adagrad_step(weight, more, NULL, NULL, 0, 2, 3, 0.1, 0, 1e-10, 0, 0, 1);
    embedding_sparse_adam_step(NULL, NULL, NULL, NULL, NULL, 0, 0, 3, 0.1, 0.9, 0.999, 1e-8, 0, 1);
    embedding_sparse_adam_step(NULL, NULL, NULL, rows, NULL, 2, 2, 0, 0.1, 0.9, 0.999, 1e-8, 0, 1);
    embedding_sparse_adam_step(weight, more, squares, NULL, NULL, 0, 2, 3, 0.1, 0.9, 0.999, 1e-8, 0, 1);
    EXPECT_BYTES(weight, before, sizeof weight);
}

/* ---- Three steps of training --------------------------------------------------------------------------------------- */

typedef enum { SGD, SPARSE_ADAM, ADAGRAD, ADAM } optimizer;

/* Steps over the batches [1, 1, 3], [1, 2], [0, 3] with the loss 0.1 * the sum of the squares of the looked-up rows. */
static void train(float weight[8], optimizer kind, const step_options *o, int is_sparse, float accumulator) {
    const int32_t batches[3][3] = {{1, 1, 3}, {1, 2}, {0, 3}};
    const size_t sizes[] = {3, 2, 2}, V = 4, D = 2;
    float first[8] = {0}, second[8] = {0};
    for (size_t d = 0; d < 8; d++) {
        weight[d] = (float)d + 1;
        if (kind == ADAGRAD) first[d] = accumulator;
    }
    for (uint32_t step = 1; step <= 3; step++) {
        const int32_t *indices = batches[step - 1];
        const size_t count = sizes[step - 1];
        float grad_output[6], grad[8], grad_values[6], values[6];
        int32_t grad_indices[3], rows[3];
        uint64_t scratch[3] = {0};
        uint8_t seen[3];
        for (size_t n = 0; n < count * D; n++) grad_output[n] = 0.1f * (2 * weight[(size_t)indices[n / D] * D + n % D]);
        embedding_dense_backward(grad, grad_output, indices, count, V, D, -1, NULL);
        const size_t size = embedding_sparse_backward(grad_indices, grad_values, grad_output, indices, count, D, -1, NULL);
        const size_t num_rows = embedding_coalesce(rows, values, grad_indices, grad_values, size, V, D, scratch, seen);
        if (kind == SGD && is_sparse && o->momentum == 0)
            embedding_add_rows(weight, grad_indices, grad_values, size, D, (float)(o->maximize ? o->lr : -o->lr));
        else if (kind == SGD)
            embedding_sgd_step(weight, o->momentum != 0 ? first : NULL, grad, 8, o->lr, o->momentum, o->dampening, o->weight_decay,
                               o->nesterov, o->maximize, step == 1);
        else if (kind == SPARSE_ADAM)
            embedding_sparse_adam_step(weight, first, second, rows, values, num_rows, V, D, o->lr, 0.9, 0.999, 1e-8, o->maximize,
                                       step);
        else if (kind == ADAGRAD)
            embedding_adagrad_step(weight, first, is_sparse ? values : grad, is_sparse ? rows : NULL, is_sparse ? num_rows : 0, V,
                                   D, o->lr, o->lr_decay, 1e-10, 0, o->maximize, step);
        else
            embedding_adam_step(weight, first, second, NULL, grad, 8, o->lr, 0.9, 0.999, 1e-8, o->weight_decay,
                                o->decoupled_weight_decay, o->maximize, step);
    }
}

static void training_gives_the_values_that_pytorch_gives(void) {
    const struct {
        optimizer kind;
        int is_sparse;
        step_options options;
        float accumulator;
        double weight[8];
    } cases[] = {
        {SGD, 1, {.lr = 0.1}, 0, {0.98, 1.96, 2.8224, 3.7632, 4.9, 5.88, 6.7228, 7.6832}},
        {SGD, 0, {.lr = 0.1}, 0, {0.98, 1.96, 2.8224, 3.7632, 4.9, 5.88, 6.7228, 7.6832}},
        {SGD, 1, {.lr = 0.1, .momentum = 0.9}, 0, {0.98, 1.96, 2.56536, 3.42048, 4.81, 5.772, 6.48592, 7.41248}},
        {SGD, 1, {.lr = 0.1, .momentum = 0.9, .dampening = 0.5}, 0, {0.99, 1.98, 2.62008, 3.49344, 4.905, 5.886, 6.55326, 7.48944}},
        {SGD, 1, {.lr = 0.1, .momentum = 0.9, .nesterov = 1}, 0,
         {0.962, 1.924, 2.4370775, 3.2494366, 4.729, 5.6748, 6.2669573, 7.1622367}},
        {SGD, 1, {.lr = 0.1, .maximize = 1}, 0, {1.02, 2.04, 3.1824, 4.2432, 5.1, 6.12, 7.2828, 8.3232}},
        {SGD, 0, {.lr = 0.1, .weight_decay = 0.1}, 0,
         {0.950697, 1.901394, 2.7368548, 3.6491399, 4.7534847, 5.7041817, 6.5204368, 7.4519277}},
        {SPARSE_ADAM, 1, {.lr = 0.1}, 0,
         {0.93611872, 1.9361187, 2.8072815, 3.8071544, 4.9255862, 5.9255862, 6.8141885, 7.8141837}},
        {SPARSE_ADAM, 1, {.lr = 0.1, .maximize = 1}, 0,
         {1.0638813, 2.0638814, 3.1936941, 4.1935773, 5.0744138, 6.0744138, 7.1858759, 8.185873}},
        {ADAM, 0, {.lr = 0.1}, 0, {0.93611866, 1.9361186, 2.7356098, 3.7353845, 4.8680644, 5.8680644, 6.7513027, 7.7512884}},
        {ADAM, 0, {.lr = 0.1, .weight_decay = 0.1}, 0,
         {0.70706612, 1.7081845, 2.7217648, 3.7214415, 4.7211275, 5.721158, 6.7204194, 7.7203755}},
        {ADAM, 0, {.lr = 0.1, .weight_decay = 0.01, .decoupled_weight_decay = 1}, 0,
         {0.93312174, 1.9301248, 2.7269387, 3.7237163, 4.8531537, 5.8501568, 6.7306004, 7.7275891}},
        {ADAGRAD, 1, {.lr = 0.1}, 0, {0.9, 1.9, 2.8564832, 3.85618, 4.9, 5.9, 6.8298001, 7.8297358}},
        {ADAGRAD, 0, {.lr = 0.1}, 0, {0.9, 1.9, 2.8564832, 3.85618, 4.9, 5.9, 6.8298001, 7.8297358}},
        {ADAGRAD, 1, {.lr = 0.1, .lr_decay = 0.5}, 0.25f,
         {0.98143047, 1.9687653, 2.8804693, 3.8764, 4.9403715, 5.9384613, 6.8717933, 7.8702469}},
        {ADAGRAD, 0, {.lr = 0.1, .lr_decay = 0.5}, 0.25f,
         {0.98143047, 1.9687653, 2.8804693, 3.8764, 4.9403715, 5.9384613, 6.8717933, 7.8702469}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float weight[8];
        train(weight, cases[i].kind, &cases[i].options, cases[i].is_sparse, cases[i].accumulator);
        for (size_t d = 0; d < 8; d++) {
            trying("case %zu, element %zu", i, d);
            EXPECT_CLOSE((double)weight[d], cases[i].weight[d], TOLERANCE / 10);
        }
    }
}

int main(void) {
    RUN(sgd_steps_runs_of_every_length);
    RUN(adagrad_steps_runs_of_every_length);
    RUN(adam_steps_runs_of_every_length);
    RUN(the_first_momentum_is_the_gradient_undampened);
    RUN(amsgrad_keeps_the_largest_and_every_nan);
    RUN(gradients_of_nan_and_infinity_pass_through);
    RUN(bias_corrections_hold_at_every_step);
    RUN(sparse_adam_steps_rows_of_every_length_and_leaves_the_others);
    RUN(adagrad_steps_rows_of_every_length_and_leaves_the_others);
    RUN(steps_on_rows_reach_a_table_beyond_the_caches);
    RUN(steps_take_null_for_what_is_empty);
    RUN(training_gives_the_values_that_pytorch_gives);
    return FINISH();
}
