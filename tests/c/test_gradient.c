/* Gradients of the lookup: dense and sparse, and sums of sparse ones. */
#include "embedding.h"
#include "reference.h"
#include "test.h"

#define FAR_BYTES ((size_t)16 << 20) /* tables larger than this are written another way */

static inputs from = {21};

/* ---- Helpers ------------------------------------------------------------------------------------------------------- */

static uint32_t *zero_counts(size_t num_embeddings) {
    uint32_t *counts = buffer(embedding_backward_scratch(num_embeddings), 0);
    memset(counts, 0, embedding_backward_scratch(num_embeddings));
    return counts;
}

static void expect_zeros(const void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (((const uint8_t *)bytes)[i]) fail(__FILE__, __LINE__, "byte %zu of %zu of the scratch is not zero", i, size);
}

/* A row number or, in one of three cases, no padding. */
static int32_t draw_padding(size_t num_embeddings) {
    return draw_below(&from, 3) ? (int32_t)draw_below(&from, num_embeddings) : -1;
}

/* ---- Dense --------------------------------------------------------------------------------------------------------- */

static void dense_backward_sums_in_order_of_position(void) {
    const float grad_output[] = {1e8f, 1, -1e8f, 1};
    const int32_t indices[] = {1, 1, 1, 1};
    float grad_weight[3] = {9, 9, 9};
    embedding_dense_backward(grad_weight, grad_output, indices, 4, 3, 1, -1, NULL);
    EXPECT_FLOATS(grad_weight, ((float[]){0, 1, 0}), 3);
}

static void dense_backward_divides_each_addend_by_the_frequency(void) {
    const float grad_output[] = {1, 2, 4, 8}, ones[] = {1, 1, 1};
    const int32_t indices[] = {1, 1, 1, 3};
    float grad_weight[4];
    uint32_t counts[4] = {0};
    embedding_dense_backward(grad_weight, grad_output, indices, 4, 4, 1, -1, counts);
    const float third = (float)(1.0 / 3);
    EXPECT_FLOATS(grad_weight, ((float[]){0, 1 * third + 2 * third + 4 * third, 0, 8}), 4);
    EXPECT_CLOSE((double)grad_weight[1], 7.0 / 3, TOLERANCE);
    embedding_dense_backward(grad_weight, ones, indices, 3, 4, 1, -1, counts);
    EXPECT_FLOATS(grad_weight, ((float[]){0, 1, 0, 0}), 4);
    expect_zeros(counts, sizeof counts);
}

static void dense_backward_gives_padding_nothing(void) {
    const float grad_output[] = {1, 2, 4, 8, 16, 32};
    const int32_t indices[] = {0, 2, 0};
    float grad_weight[6];
    embedding_dense_backward(grad_weight, grad_output, indices, 3, 3, 2, 0, NULL);
    EXPECT_FLOATS(grad_weight, ((float[]){0, 0, 0, 0, 4, 8}), 6);
    embedding_dense_backward(grad_weight, grad_output, indices, 3, 3, 2, 2, NULL);
    EXPECT_FLOATS(grad_weight, ((float[]){17, 34, 0, 0, 0, 0}), 6);
}

static void dense_backward_writes_rows_of_every_length(void) {
    const size_t sizes[] = {0, 1, 2, 3, 8, 9, 17, 40};
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 16; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, round % 2 ? 5 : 60), count = sizes[round % 8];
            const int32_t padding_idx = draw_padding(V);
            const int by_frequency = round / 2 % 2;
            trying("%zu of %zu rows of %zu, padding_idx %d, by_frequency %d", count, V, D, padding_idx, by_frequency);
            float *grad_output = FLOATS(count * D, i % 4), *grad_weight = FLOATS(V * D, round % 4), *expected = FLOATS(V * D, 0);
            int32_t *indices = INT32S(count, i % 4);
            if (round % 3) fill_plain(&from, grad_output, count * D);
            else fill_hard(&from, grad_output, count * D);
            fill_indices(&from, indices, count, V);
            if (count) indices[count - 1] = (int32_t)V - 1;
            void *before = copy_of(grad_output, count * D * sizeof(float));
            uint32_t *counts = zero_counts(V);
            reference_dense_backward(expected, grad_output, indices, count, V, D, padding_idx, by_frequency);
            embedding_dense_backward(grad_weight, grad_output, indices, count, V, D, padding_idx, by_frequency ? counts : NULL);
            EXPECT_FLOATS(grad_weight, expected, V * D);
            expect_zeros(counts, embedding_backward_scratch(V));
            EXPECT_BYTES(grad_output, before, count * D * sizeof(float));
            free_buffers();
        }
}

static void dense_backward_writes_a_table_beyond_the_caches(void) {
    const size_t lengths[] = {1, 3, 16, 64, 127, 128, 129}, sizes[] = {0, 1, 7, 8, 9, 100};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const size_t D = lengths[i], V = FAR_BYTES / sizeof(float) / D + 1;
        float *grad_weight = FLOATS(V * D, 0), *expected = FLOATS(V * D, 0);
        uint32_t *counts = zero_counts(V);
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            const size_t count = sizes[j];
            const int by_frequency = (int)(i + j) % 2;
            trying("%zu of %zu rows of %zu, by_frequency %d", count, V, D, by_frequency);
            float *grad_output = FLOATS(count * D, j % 4);
            int32_t *indices = INT32S(count, j % 4);
            fill_plain(&from, grad_output, count * D);
            fill_indices(&from, indices, count, V);
            for (size_t n = 1; n < count; n += 2) indices[n] = (int32_t)(V - 1 - n % 5); /* again and again */
            if (j == 0) memset(expected, 0, V * D * sizeof(float));
            for (size_t n = 0; n < count; n++) { /* what reference_dense_backward does, on the rows that are named */
                const float scale = (float)(1 / reference_frequency(indices, count, n, by_frequency));
                for (size_t d = 0; d < D && indices[n] != (int32_t)V - 3; d++)
                    expected[(size_t)indices[n] * D + d] += scale * grad_output[n * D + d];
            }
            embedding_dense_backward(grad_weight, grad_output, indices, count, V, D, (int32_t)V - 3, by_frequency ? counts : NULL);
            EXPECT(memcmp(grad_weight, expected, V * D * sizeof(float)) == 0);
            for (size_t n = 0; n < count; n++) {
                EXPECT_EQUAL(counts[indices[n]], 0);
                memset(expected + (size_t)indices[n] * D, 0, D * sizeof(float));
            }
        }
        free_buffers();
    }
}

static void dense_backward_takes_null_for_what_is_empty(void) {
    const int32_t indices[] = {1, 0, 1};
    uint32_t counts[2] = {0};
    float grad_weight[6] = {1, 2, 3, 4, 5, 6};
    embedding_dense_backward(NULL, NULL, NULL, 0, 0, 3, -1, NULL);
    embedding_dense_backward(NULL, NULL, NULL, 0, 0, 0, 0, NULL);
    embedding_dense_backward(NULL, NULL, indices, 3, 2, 0, -1, NULL);
    embedding_dense_backward(NULL, NULL, indices, 3, 2, 0, 1, counts);
    expect_zeros(counts, sizeof counts);
    embedding_dense_backward(grad_weight, NULL, NULL, 0, 2, 3, -1, counts);
    expect_zeros(grad_weight, sizeof grad_weight);
}

static void a_counter_stands_for_each_row(void) {
    EXPECT_EQUAL(embedding_backward_scratch(0), 0);
    EXPECT_EQUAL(embedding_backward_scratch(7), 28);
}

/* ---- Sparse -------------------------------------------------------------------------------------------------------- */

static void sparse_backward_keeps_repeats_and_drops_padding(void) {
    const float grad_output[] = {1, 2, 3, 4, 5, 6, 7, 8};
    const int32_t indices[] = {3, 0, 3, 1};
    float grad_values[8];
    int32_t grad_indices[4];
    EXPECT_EQUAL(embedding_sparse_backward(grad_indices, grad_values, grad_output, indices, 4, 2, -1, NULL), 4);
    EXPECT_BYTES(grad_indices, indices, sizeof indices);
    EXPECT_FLOATS(grad_values, grad_output, 8);
    EXPECT_EQUAL(embedding_sparse_backward(grad_indices, grad_values, grad_output, indices, 4, 2, 0, NULL), 3);
    EXPECT_BYTES(grad_indices, ((int32_t[]){3, 3, 1}), 3 * sizeof(int32_t));
    EXPECT_FLOATS(grad_values, ((float[]){1, 2, 5, 6, 7, 8}), 6);
    EXPECT_EQUAL(embedding_sparse_backward(grad_indices, grad_values, grad_output, ((int32_t[]){5, 5}), 2, 2, 5, NULL), 0);
}

static void sparse_backward_writes_rows_of_every_length(void) {
    const size_t sizes[] = {0, 1, 2, 3, 8, 9, 17, 40};
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 16; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, round % 2 ? 5 : 60), count = sizes[round % 8];
            const int32_t padding_idx = draw_padding(V);
            const int by_frequency = round / 2 % 2;
            trying("%zu of %zu rows of %zu, padding_idx %d, by_frequency %d", count, V, D, padding_idx, by_frequency);
            float *grad_output = FLOATS(count * D, i % 4), *grad_values = FLOATS(count * D, round % 4);
            float *expected_values = FLOATS(count * D, 0);
            int32_t *indices = INT32S(count, i % 4), *grad_indices = INT32S(count, round % 4), *expected = INT32S(count, 0);
            if (by_frequency) fill_hard(&from, grad_output, count * D);
            else draw_bytes(&from, grad_output, count * D * sizeof(float)); /* without a scale bits are copied */
            fill_indices(&from, indices, count, V);
            uint32_t *counts = zero_counts(V);
            const size_t num_rows =
                reference_sparse_backward(expected, expected_values, grad_output, indices, count, D, padding_idx, by_frequency);
            EXPECT_EQUAL(embedding_sparse_backward(grad_indices, grad_values, grad_output, indices, count, D, padding_idx,
                                                   by_frequency ? counts : NULL),
                         num_rows);
            EXPECT_BYTES(grad_indices, expected, count * sizeof(int32_t)); /* the rest of the list is not written */
            EXPECT_FLOATS(grad_values, expected_values, num_rows * D);
            for (size_t n = 0, row = 0; n < count && D > 0 && !by_frequency; n++)
                if (indices[n] != padding_idx)
                    EXPECT_BYTES(grad_values + row++ * D, grad_output + n * D, D * sizeof(float));
            expect_zeros(counts, embedding_backward_scratch(V));
            free_buffers();
        }
}

static void sparse_backward_of_nothing_writes_nothing(void) {
    const int32_t indices[] = {1, 0, 1};
    int32_t grad_indices[3] = {9, 9, 9};
    uint32_t counts[2] = {0};
    EXPECT_EQUAL(embedding_sparse_backward(NULL, NULL, NULL, NULL, 0, 3, -1, NULL), 0);
    EXPECT_EQUAL(embedding_sparse_backward(NULL, NULL, NULL, NULL, 0, 0, -1, counts), 0);
    EXPECT_EQUAL(embedding_sparse_backward(grad_indices, NULL, NULL, indices, 3, 0, -1, counts), 0);
    EXPECT_BYTES(grad_indices, ((int32_t[]){9, 9, 9}), sizeof grad_indices);
    expect_zeros(counts, sizeof counts);
}

/* ---- Adding rows --------------------------------------------------------------------------------------------------- */

static void add_rows_adds_one_pair_after_another(void) {
    const float grad_values[] = {1e8f, 1, -1e8f, 1};
    const int32_t indices[] = {1, 1, 1, 1};
    float weight[] = {5, 0, 6};
    embedding_add_rows(weight, indices, grad_values, 4, 1, 1);
    EXPECT_FLOATS(weight, ((float[]){5, 1, 6}), 3);
    embedding_add_rows(weight, ((int32_t[]){2, 0}), ((float[]){1, 2}), 2, 1, -0.5f);
    EXPECT_FLOATS(weight, ((float[]){4, 1, 5.5f}), 3);
    embedding_add_rows(NULL, NULL, NULL, 0, 3, 1);
    embedding_add_rows(NULL, indices, NULL, 4, 0, 1);
}

static void add_rows_adds_rows_of_every_length(void) {
    const float alphas[] = {1, -1, -0.1f, 3, 0, INFINITY};
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 12; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, 9), count = draw_below(&from, 20);
            const float alpha = alphas[round % 6];
            trying("%zu of %zu rows of %zu, alpha %g", count, V, D, (double)alpha);
            float *weight = FLOATS(V * D, i % 4), *grad_values = FLOATS(count * D, round % 4);
            int32_t *indices = INT32S(count, i % 4);
            fill_hard(&from, weight, V * D);
            fill_hard(&from, grad_values, count * D);
            fill_indices(&from, indices, count, V);
            float *expected = copy_of(weight, V * D * sizeof(float));
            for (size_t n = 0; n < count; n++)
                for (size_t d = 0; d < D; d++) expected[(size_t)indices[n] * D + d] += alpha * grad_values[n * D + d];
            embedding_add_rows(weight, indices, grad_values, count, D, alpha);
            EXPECT_FLOATS(weight, expected, V * D);
            free_buffers();
        }
}

/* ---- Coalescing ---------------------------------------------------------------------------------------------------- */

/* Coalesces in blocks of exactly the sizes of the manual and compares with the reference. */
static void expect_coalesced(const int32_t *indices, const float *grad_values, size_t count, size_t V, size_t D) {
    int32_t *rows = INT32S(count, 0), *expected_rows = INT32S(count, 0);
    float *values = FLOATS(count * D, 0), *expected = FLOATS(count * D, 0);
    uint8_t *scratch = buffer(embedding_coalesce_scratch(V), 0), *seen = buffer(count, 0);
    memset(scratch, 0, embedding_coalesce_scratch(V));
    const size_t num_rows = reference_coalesce(expected_rows, expected, indices, grad_values, count, D);
    EXPECT_EQUAL(embedding_coalesce(rows, values, indices, grad_values, count, V, D, scratch, seen), num_rows);
    EXPECT_BYTES(rows, expected_rows, count * sizeof(int32_t)); /* the rest of the list is not written */
    EXPECT_FLOATS(values, expected, count * D);
    /* again in the same scratch, with one row: what the call before has left would show */
    if (count) {
        const size_t last = count - 1;
        EXPECT_EQUAL(embedding_coalesce(rows, values, indices + last, grad_values + last * D, 1, V, D, scratch, seen), 1);
        EXPECT_EQUAL(rows[0], indices[last]);
        EXPECT_FLOATS(values, grad_values + last * D, D);
        expect_zeros(scratch, embedding_coalesce_scratch(V));
    }
}

static void coalesce_sums_in_order_of_position(void) {
    const float grad_values[] = {1e8f, -1, 1, -1e8f, 1, -2};
    const int32_t indices[] = {7, 2, 7, 7, 7, 2};
    int32_t rows[6];
    float values[6];
    uint8_t seen[6];
    uint64_t scratch[3] = {0};
    EXPECT_EQUAL(embedding_coalesce_scratch(8), sizeof scratch);
    EXPECT_EQUAL(embedding_coalesce(rows, values, indices, grad_values, 6, 8, 1, scratch, seen), 2);
    EXPECT_EQUAL(rows[0], 2);
    EXPECT_EQUAL(rows[1], 7);
    EXPECT_FLOATS(values, ((float[]){-3, 1}), 2);
}

static void coalesce_keeps_negative_zeros(void) {
    const float grad_values[] = {-0.0f, -0.0f, -0.0f, 0};
    const int32_t indices[] = {3, 1, 1, 0};
    int32_t rows[4];
    float values[4];
    uint8_t seen[4];
    uint64_t scratch[3] = {0};
    EXPECT_EQUAL(embedding_coalesce(rows, values, indices, grad_values, 4, 4, 1, scratch, seen), 3);
    EXPECT_BYTES(values, ((float[]){0, -0.0f, -0.0f}), 3 * sizeof(float));
}

static void coalesce_sums_rows_of_every_length(void) {
    const size_t sizes[] = {0, 1, 2, 3, 8, 30};
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 6; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, round % 2 ? 5 : 200), count = sizes[round];
            trying("%zu of %zu rows of %zu", count, V, D);
            float *grad_values = FLOATS(count * D, round % 4);
            int32_t *indices = INT32S(count, i % 4);
            fill_hard(&from, grad_values, count * D);
            fill_indices(&from, indices, count, V);
            expect_coalesced(indices, grad_values, count, V, D);
            free_buffers();
        }
}

static void coalesce_finds_rows_wherever_words_begin_and_end(void) {
    const size_t tables[] = {1, 2, 63, 64, 65, 127, 128, 4095, 4096, 4097, 8191, 8192, 8193, 262143, 262144, 262145, 1000000};
    const int32_t places[] = {0, 1, 62, 63, 64, 65, 127, 128, 4031, 4032, 4095, 4096, 4097, 8191, 8192, 262143, 262144, 999999};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (size_t round = 0; round < 6; round++) {
            const size_t V = tables[i], D = 1 + round;
            int32_t indices[60];
            float grad_values[60 * 6];
            size_t count = 0;
            for (size_t place = 0; place < sizeof places / sizeof *places; place++)
                if ((size_t)places[place] < V && (round < 2 || draw_below(&from, 2))) indices[count++] = places[place];
            indices[count++] = (int32_t)V - 1;
            while (count < 40 && round % 2) indices[count++] = (int32_t)draw_below(&from, V);
            for (size_t n = count; n > 1; n--) { /* in any order */
                const size_t other = draw_below(&from, n);
                const int32_t index = indices[n - 1];
                indices[n - 1] = indices[other];
                indices[other] = index;
            }
            fill_plain(&from, grad_values, count * D);
            trying("%zu of %zu rows", count, V);
            expect_coalesced(indices, grad_values, count, V, D);
            free_buffers();
        }
}

static void coalesce_sums_many_pairs(void) {
    const size_t tables[] = {1, 50, 5000, 1000000};
    for (size_t i = 0; i < 4; i++) {
        const size_t V = tables[i], D = 2, count = 3000;
        trying("%zu rows", V);
        float *grad_values = FLOATS(count * D, 0);
        int32_t *indices = INT32S(count, 0);
        fill_plain(&from, grad_values, count * D);
        fill_indices(&from, indices, count, V);
        if (V > 5000) /* many of the same group of words, and of the same word */
            for (size_t n = 0; n < count; n += 2) indices[n] = 40960 + (int32_t)draw_below(&from, n % 3 ? 64 : 8192);
        expect_coalesced(indices, grad_values, count, V, D);
        free_buffers();
    }
}

static void the_scratch_of_coalesce_has_room_for_two_levels_of_bits(void) {
    const size_t tables[] = {0, 1, 64, 65, 128, 129, 4096, 4097, 2147483647}, words[] = {0, 3, 3, 4, 4, 6, 97, 100, 50855936};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        trying("%zu rows", tables[i]);
        EXPECT_EQUAL(embedding_coalesce_scratch(tables[i]), words[i] * 8);
    }
}

static void coalesce_takes_null_for_what_is_empty(void) {
    const int32_t indices[] = {5, 1, 5};
    int32_t rows[3];
    uint8_t seen[3];
    uint64_t scratch[3] = {0};
    EXPECT_EQUAL(embedding_coalesce(NULL, NULL, NULL, NULL, 0, 0, 0, NULL, NULL), 0);
    EXPECT_EQUAL(embedding_coalesce(NULL, NULL, NULL, NULL, 0, 0, 5, NULL, NULL), 0);
    EXPECT_EQUAL(embedding_coalesce(NULL, NULL, NULL, NULL, 0, 8, 5, scratch, NULL), 0);
    EXPECT_EQUAL(embedding_coalesce(rows, NULL, indices, NULL, 3, 8, 0, scratch, seen), 2);
    EXPECT_EQUAL(rows[0], 1);
    EXPECT_EQUAL(rows[1], 5);
}

static void the_sparse_gradient_summed_is_the_dense_one(void) {
    for (size_t round = 0; round < 200; round++) {
        const size_t D = 1 + draw_below(&from, 20), V = 1 + draw_below(&from, 10), count = draw_below(&from, 30);
        const int32_t padding_idx = draw_padding(V);
        trying("%zu of %zu rows of %zu, padding_idx %d", count, V, D, padding_idx);
        float *grad_output = FLOATS(count * D, 0), *dense = FLOATS(V * D, 0), *grad_values = FLOATS(count * D, 0);
        float *values = FLOATS(count * D, 0), *sum = FLOATS(V * D, 0);
        int32_t *indices = INT32S(count, 0), *grad_indices = INT32S(count, 0), *rows = INT32S(count, 0);
        fill_plain(&from, grad_output, count * D);
        fill_indices(&from, indices, count, V);
        uint32_t *counts = round % 2 ? zero_counts(V) : NULL;
        uint8_t *scratch = buffer(embedding_coalesce_scratch(V), 0), *seen = buffer(count, 0);
        memset(scratch, 0, embedding_coalesce_scratch(V));
        embedding_dense_backward(dense, grad_output, indices, count, V, D, padding_idx, counts);
        const size_t size =
            embedding_sparse_backward(grad_indices, grad_values, grad_output, indices, count, D, padding_idx, counts);
        memset(sum, 0, V * D * sizeof(float));
        embedding_add_rows(sum, grad_indices, grad_values, size, D, 1);
        EXPECT_FLOATS(sum, dense, V * D);
        const size_t num_rows = embedding_coalesce(rows, values, grad_indices, grad_values, size, V, D, scratch, seen);
        memset(sum, 0, V * D * sizeof(float));
        embedding_add_rows(sum, rows, values, num_rows, D, 1);
        EXPECT_FLOATS(sum, dense, V * D);
        free_buffers();
    }
}

int main(void) {
    RUN(dense_backward_sums_in_order_of_position);
    RUN(dense_backward_divides_each_addend_by_the_frequency);
    RUN(dense_backward_gives_padding_nothing);
    RUN(dense_backward_writes_rows_of_every_length);
    RUN(dense_backward_writes_a_table_beyond_the_caches);
    RUN(dense_backward_takes_null_for_what_is_empty);
    RUN(a_counter_stands_for_each_row);
    RUN(sparse_backward_keeps_repeats_and_drops_padding);
    RUN(sparse_backward_writes_rows_of_every_length);
    RUN(sparse_backward_of_nothing_writes_nothing);
    RUN(add_rows_adds_one_pair_after_another);
    RUN(add_rows_adds_rows_of_every_length);
    RUN(coalesce_sums_in_order_of_position);
    RUN(coalesce_keeps_negative_zeros);
    RUN(coalesce_sums_rows_of_every_length);
    RUN(coalesce_finds_rows_wherever_words_begin_and_end);
    RUN(coalesce_sums_many_pairs);
    RUN(the_scratch_of_coalesce_has_room_for_two_levels_of_bits);
    RUN(coalesce_takes_null_for_what_is_empty);
    RUN(the_sparse_gradient_summed_is_the_dense_one);
    return FINISH();
}
