/* The twins of optimizer.c against the core. */
#include "device.h"

static inputs from = {5};

static const double RATES[] = {0.1, 1e-3, 2}, DECAYS[] = {0, 0.1}, BETAS[] = {0.9, 0, 0.5, 0.999};
static const uint32_t STEPS[] = {1, 2, 3, 1000, 4000000000u};
#define ROUNDS_OF_OPTIONS 24

/* A table, or state of its shape, on both sides; squares are not negative. */
typedef struct {
    float *host, *device;
} table;

static table draw_table(size_t size, int is_square) {
    table drawn = {FLOATS(size, 0), NULL};
    fill_plain(&from, drawn.host, size);
    for (size_t d = 0; d < size && is_square; d++) drawn.host[d] *= drawn.host[d];
    drawn.device = ON_DEVICE(drawn.host, size);
    return drawn;
}

static table draw_grad(size_t size, size_t round) {
    table drawn = {FLOATS(size, 0), NULL};
    if (round % 4 == 0) fill_hard(&from, drawn.host, size);
    else fill_plain(&from, drawn.host, size);
    drawn.device = ON_DEVICE(drawn.host, size);
    return drawn;
}

static void expect_same(table t, size_t size) { EXPECT_DEVICE_FLOATS(t.device, t.host, size); }

static void dense_steps_agree_bit_for_bit(void) {
    for (size_t round = 0; round < ROUNDS_OF_OPTIONS; round++) {
        const size_t V = 1 + round, D = 1 + round * round % 40, size = V * D;
        const double lr = RATES[round % 3], decay = DECAYS[round / 2 % 2], beta1 = BETAS[round % 4], beta2 = BETAS[3 - round / 2 % 4];
        const uint32_t step = STEPS[round % 5];
        const int maximize = round % 2, flag = round / 4 % 2, has_buffer = round % 3 != 0;
        trying("round %zu", round);
        const table weight = draw_table(size, 0), buffer_1 = draw_table(size, 0), square = draw_table(size, 1), most = draw_table(size, 1);
        const table grad = draw_grad(size, round);
        embedding_sgd_step(weight.host, has_buffer ? buffer_1.host : NULL, grad.host, size, lr, 0.9, decay, decay, flag, maximize, round % 4 == 1);
        EXPECT_QUEUED(embedding_sgd_step_cuda(weight.device, has_buffer ? buffer_1.device : NULL, grad.device, size, lr, 0.9, decay, decay, flag,
                                              maximize, round % 4 == 1, stream));
        expect_same(weight, size);
        expect_same(buffer_1, size);
        embedding_adam_step(weight.host, buffer_1.host, square.host, flag ? most.host : NULL, grad.host, size, lr, beta1, beta2, 1e-8, decay,
                            round % 2, maximize, step);
        EXPECT_QUEUED(embedding_adam_step_cuda(weight.device, buffer_1.device, square.device, flag ? most.device : NULL, grad.device, size, lr, beta1,
                                               beta2, 1e-8, decay, round % 2, maximize, step, stream));
        expect_same(weight, size);
        expect_same(buffer_1, size);
        expect_same(square, size);
        expect_same(most, size);
        embedding_adagrad_step(weight.host, most.host, grad.host, NULL, 0, V, D, lr, decay, 1e-10, decay, maximize, step);
        EXPECT_QUEUED(embedding_adagrad_step_cuda(weight.device, most.device, grad.device, NULL, NULL, 0, V, D, lr, decay, 1e-10, decay, maximize,
                                                  step, stream));
        expect_same(weight, size);
        expect_same(most, size);
        free_all();
    }
}

static void steps_on_rows_agree_bit_for_bit(void) {
    for (size_t round = 0; round < ROUNDS_OF_OPTIONS; round++) {
        const size_t V = 1 + round * 3, D = 1 + round * round % 40, size = V * D, num_rows = draw_below(&from, V + 1);
        const double lr = RATES[round % 3], decay = DECAYS[round / 2 % 2], beta1 = BETAS[round % 4], beta2 = BETAS[3 - round / 2 % 4];
        const uint32_t step = STEPS[round % 5];
        const int maximize = round % 2;
        const uint64_t count = num_rows; /* on the device it may be fewer than there is room for */
        const uint64_t *device_count = round % 3 ? ON_DEVICE(&count, 1) : NULL;
        const size_t room = device_count ? V : num_rows;
        int32_t *rows = INT32S(V, 0);
        trying("round %zu", round);
        for (size_t n = 0; n < V; n++) rows[n] = (int32_t)((n * 5 + round) % V);
        if (V % 5 == 0)
            for (size_t n = 0; n < V; n++) rows[n] = (int32_t)(V - 1 - n);
        const int32_t *device_rows = ON_DEVICE(rows, V);
        const table weight = draw_table(size, 0), exp_avg = draw_table(size, 0), square = draw_table(size, 1), grad = draw_grad(size, round);
        embedding_sparse_adam_step(weight.host, exp_avg.host, square.host, rows, grad.host, num_rows, V, D, lr, beta1, beta2, 1e-8, maximize, step);
        EXPECT_QUEUED(embedding_sparse_adam_step_cuda(weight.device, exp_avg.device, square.device, device_rows, grad.device, device_count, room, V,
                                                      D, lr, beta1, beta2, 1e-8, maximize, step, stream));
        expect_same(weight, size);
        expect_same(exp_avg, size);
        expect_same(square, size);
        embedding_adagrad_step(weight.host, square.host, grad.host, rows, num_rows, V, D, lr, decay, 1e-10, 0, maximize, step);
        EXPECT_QUEUED(embedding_adagrad_step_cuda(weight.device, square.device, grad.device, device_rows, device_count, room, V, D, lr, decay, 1e-10,
                                                  0, maximize, step, stream));
        expect_same(weight, size);
        expect_same(square, size);
        free_all();
    }
}

static void steps_on_nothing_do_nothing(void) {
    EXPECT_QUEUED(embedding_sgd_step_cuda(NULL, NULL, NULL, 0, 1, 0, 0, 0, 0, 0, 0, stream));
    EXPECT_QUEUED(embedding_adam_step_cuda(NULL, NULL, NULL, NULL, NULL, 0, 1, 0, 0, 0, 0, 0, 0, 1, stream));
    EXPECT_QUEUED(embedding_adagrad_step_cuda(NULL, NULL, NULL, NULL, NULL, 0, 5, 3, 1, 0, 0, 0, 0, 1, stream));
    EXPECT_QUEUED(embedding_sparse_adam_step_cuda(NULL, NULL, NULL, NULL, NULL, NULL, 0, 5, 3, 1, 0, 0, 0, 0, 1, stream));
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(dense_steps_agree_bit_for_bit);
    RUN(steps_on_rows_agree_bit_for_bit);
    RUN(steps_on_nothing_do_nothing);
    return FINISH();
}
