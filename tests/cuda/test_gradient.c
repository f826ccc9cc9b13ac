/* The twins of gradient.c against the core. */
#include "device.h"

static inputs from = {3};

/* One draw of indices and gradients, plain or with NaNs, infinities and zeros of both signs. */
typedef struct {
    int32_t *indices, padding_idx;
    float *grad_output;
    uint32_t *counts;
} draw;

static draw draw_gradient(const shape *s, size_t round) {
    draw drawn = {INT32S(s->num_indices, 0), round % 3 == 1 ? (int32_t)(s->num_embeddings / 2) : round % 3 == 2 ? 0 : -1,
                  FLOATS(s->num_indices * s->embedding_dim, 0), NULL};
    fill_indices_of(&from, drawn.indices, s);
    if (round % 2) fill_hard(&from, drawn.grad_output, s->num_indices * s->embedding_dim);
    else fill_plain(&from, drawn.grad_output, s->num_indices * s->embedding_dim);
    if (round % 4 > 1) {
        drawn.counts = buffer(embedding_backward_scratch(s->num_embeddings), 0);
        memset(drawn.counts, 0, embedding_backward_scratch(s->num_embeddings));
    }
    trying("num_indices %zu, num_embeddings %zu, embedding_dim %zu, padding_idx %d, counts %d", s->num_indices, s->num_embeddings,
           s->embedding_dim, drawn.padding_idx, drawn.counts != NULL);
    return drawn;
}

static void dense_gradients_are_summed_in_the_cores_order(void) {
    for (size_t i = 0; i < 4 * NUM_SHAPES; i++) {
        const shape *s = &SHAPES[i / 4];
        const size_t N = s->num_indices, V = s->num_embeddings, D = s->embedding_dim;
        const draw g = draw_gradient(s, i);
        float *expected = FLOATS(V * D, 0), *grad_weight = ON_DEVICE(expected, V * D);
        uint32_t *counts = g.counts ? ON_DEVICE(g.counts, V) : NULL;
        embedding_dense_backward(expected, g.grad_output, g.indices, N, V, D, g.padding_idx, g.counts);
        EXPECT_QUEUED(embedding_dense_backward_cuda(grad_weight, NULL, ON_DEVICE(g.grad_output, N * D), ON_DEVICE(g.indices, N), N, V, D,
                                                    g.padding_idx, counts, device_block(embedding_dense_backward_scratch_cuda(N), 0), stream));
        EXPECT_DEVICE_FLOATS(grad_weight, expected, V * D);
        if (counts) EXPECT_DEVICE_BYTES(counts, g.counts, V * sizeof *counts); /* zero again */
        free_all();
    }
}

/* Sparse, coalesced, and added to a table, each from what the one before left on the device: nothing in between waits. */
static void sparse_gradients_agree_all_the_way_to_the_table(void) {
    for (size_t i = 0; i < 4 * NUM_SHAPES; i++) {
        const shape *s = &SHAPES[i / 4];
        const size_t N = s->num_indices, V = s->num_embeddings, D = s->embedding_dim, scratch_size = embedding_coalesce_scratch(V);
        const draw g = draw_gradient(s, i);
        int32_t *grad_indices = INT32S(N, 0), *rows = INT32S(N, 0);
        float *grad_values = FLOATS(N * D, 0), *values = FLOATS(N * D, 0), *weight = FLOATS(V * D, 0);
        fill_plain(&from, weight, V * D);
        float *device_weight = ON_DEVICE(weight, V * D), *device_grad_values = DEVICE_FLOATS(N * D), *device_values = DEVICE_FLOATS(N * D);
        int32_t *device_grad_indices = DEVICE_INT32S(N), *device_rows = DEVICE_INT32S(N);
        uint64_t *num_pairs = DEVICE_WORD(), *num_rows = DEVICE_WORD();
        uint32_t *counts = g.counts ? ON_DEVICE(g.counts, V) : NULL;
        const size_t size = embedding_sparse_backward(grad_indices, grad_values, g.grad_output, g.indices, N, D, g.padding_idx, g.counts);
        const size_t distinct = embedding_coalesce(rows, values, grad_indices, grad_values, size, V, D,
                                                   memset(buffer(scratch_size, 0), 0, scratch_size), buffer(N, 0));
        embedding_add_rows(weight, grad_indices, grad_values, size, D, -0.3f);

        EXPECT_QUEUED(embedding_sparse_backward_cuda(device_grad_indices, device_grad_values, num_pairs, NULL, ON_DEVICE(g.grad_output, N * D),
                                                     ON_DEVICE(g.indices, N), N, D, g.padding_idx, counts,
                                                     device_block(embedding_sparse_backward_scratch_cuda(N), 0), stream));
        EXPECT_QUEUED(embedding_coalesce_cuda(device_rows, device_values, num_rows, device_grad_indices, device_grad_values, num_pairs, N, V, D,
                                              device_block(embedding_coalesce_scratch_cuda(N), 0), stream));
        EXPECT_QUEUED(embedding_add_rows_cuda(device_weight, device_grad_indices, device_grad_values, num_pairs, N, D, -0.3f,
                                              device_block(embedding_add_rows_scratch_cuda(N), 0), stream));
        EXPECT_EQUAL(word_of(num_pairs), size);
        EXPECT_DEVICE_BYTES(device_grad_indices, grad_indices, size * sizeof(int32_t));
        EXPECT_DEVICE_FLOATS(device_grad_values, grad_values, size * D);
        EXPECT_EQUAL(word_of(num_rows), distinct);
        EXPECT_DEVICE_BYTES(device_rows, rows, distinct * sizeof(int32_t));
        EXPECT_DEVICE_FLOATS(device_values, values, distinct * D);
        EXPECT_DEVICE_FLOATS(device_weight, weight, V * D);
        if (counts) EXPECT_DEVICE_BYTES(counts, g.counts, V * sizeof *counts);
        free_all();
    }
}

/* Once, twice, and often enough for a block of its own. */
static void coalescing_keeps_a_negative_zero(void) {
    const float expected[] = {-0.0f, -0.0f, -0.0f};
    int32_t grad_indices[100];
    float grad_values[100], *values = DEVICE_FLOATS(100);
    for (int n = 0; n < 100; n++) {
        grad_indices[n] = n == 0 ? 3 : n < 3 ? 1 : 2;
        grad_values[n] = -0.0f;
    }
    EXPECT_QUEUED(embedding_coalesce_cuda(DEVICE_INT32S(100), values, DEVICE_WORD(), ON_DEVICE(grad_indices, 100), ON_DEVICE(grad_values, 100), NULL,
                                          100, 4, 1, device_block(embedding_coalesce_scratch_cuda(100), 0), stream));
    EXPECT_DEVICE_BYTES(values, expected, sizeof expected);
}

static void after_a_bad_index_nothing_is_written_from_forward_to_step(void) {
    const size_t N = 200, V = 10, D = 4;
    int32_t *indices = INT32S(N, 0);
    float *weight = FLOATS(V * D, 0), *grad_output = FLOATS(N * D, 0);
    uint32_t *counts = buffer(V * 4, 0);
    memset(counts, 0, V * 4);
    fill_indices(&from, indices, N, V);
    fill_plain(&from, weight, V * D);
    fill_plain(&from, grad_output, N * D);
    indices[150] = INT32_MAX;
    float *table = ON_DEVICE(weight, V * D), *grad_weight = ON_DEVICE(weight, V * D), *grad_values = ON_DEVICE(grad_output, N * D);
    int32_t *device_indices = ON_DEVICE(indices, N), *grad_indices = ON_DEVICE(indices, N), *rows = ON_DEVICE(indices, N);
    uint32_t *device_counts = ON_DEVICE(counts, V);
    uint64_t *result = DEVICE_WORD(), *num_pairs = DEVICE_WORD(), *num_rows = DEVICE_WORD();
    float *grad = ON_DEVICE(grad_output, N * D), *values = ON_DEVICE(grad_output, N * D);
    EXPECT_QUEUED(embedding_forward_cuda(DEVICE_FLOATS(N * D), result, table, device_indices, N, V, D, stream));
    EXPECT_QUEUED(embedding_dense_backward_cuda(grad_weight, result, grad, device_indices, N, V, D, -1, device_counts,
                                                device_block(embedding_dense_backward_scratch_cuda(N), 0), stream));
    EXPECT_QUEUED(embedding_sparse_backward_cuda(grad_indices, grad_values, num_pairs, result, grad, device_indices, N, D, -1, device_counts,
                                                 device_block(embedding_sparse_backward_scratch_cuda(N), 0), stream));
    EXPECT_QUEUED(embedding_coalesce_cuda(rows, values, num_rows, grad_indices, grad_values, num_pairs, N, V, D,
                                          device_block(embedding_coalesce_scratch_cuda(N), 0), stream));
    EXPECT_QUEUED(embedding_add_rows_cuda(table, rows, values, num_rows, N, D, -1, device_block(embedding_add_rows_scratch_cuda(N), 0), stream));
    EXPECT_BAD(result, EMBEDDING_INDEX_OUT_OF_RANGE, 150);
    EXPECT_EQUAL(word_of(num_pairs), 0);
    EXPECT_EQUAL(word_of(num_rows), 0);
    EXPECT_DEVICE_BYTES(table, weight, V * D * sizeof(float));
    EXPECT_DEVICE_BYTES(grad_weight, weight, V * D * sizeof(float));
    EXPECT_DEVICE_BYTES(device_counts, counts, V * 4);
    EXPECT_DEVICE_BYTES(grad_indices, indices, N * 4);
    EXPECT_DEVICE_BYTES(rows, indices, N * 4);
    EXPECT_DEVICE_BYTES(grad_values, grad_output, N * D * sizeof(float));
    EXPECT_DEVICE_BYTES(values, grad_output, N * D * sizeof(float));
}

static void nothing_to_sum_gives_zeros_and_no_pairs(void) {
    const float before[] = {1, 2, 3}, zeros[3] = {0};
    float *grad_weight = ON_DEVICE(before, 3);
    EXPECT_QUEUED(embedding_dense_backward_cuda(grad_weight, NULL, NULL, NULL, 0, 1, 3, -1, NULL, NULL, stream));
    EXPECT_DEVICE_BYTES(grad_weight, zeros, sizeof zeros);
    uint64_t *num_pairs = DEVICE_WORD(), *num_rows = DEVICE_WORD();
    EXPECT_QUEUED(embedding_sparse_backward_cuda(NULL, NULL, num_pairs, NULL, NULL, NULL, 7, 0, -1, NULL, NULL, stream));
    EXPECT_QUEUED(embedding_coalesce_cuda(NULL, NULL, num_rows, NULL, NULL, NULL, 0, 5, 3, NULL, stream));
    EXPECT_EQUAL(word_of(num_pairs), 0);
    EXPECT_EQUAL(word_of(num_rows), 0);
    EXPECT_QUEUED(embedding_add_rows_cuda(NULL, NULL, NULL, NULL, 0, 3, 1, NULL, stream));
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(dense_gradients_are_summed_in_the_cores_order);
    RUN(sparse_gradients_agree_all_the_way_to_the_table);
    RUN(coalescing_keeps_a_negative_zero);
    RUN(after_a_bad_index_nothing_is_written_from_forward_to_step);
    RUN(nothing_to_sum_gives_zeros_and_no_pairs);
    return FINISH();
}
