/* EmbeddingBag: offsets, the three modes, and their gradients. */
#include "embedding.h"
#include "reference.h"
#include "test.h"

#define FAR_BYTES ((size_t)16 << 20) /* tables larger than this are read another way */

static inputs from = {22};

static const embedding_bag_mode MODES[] = {EMBEDDING_BAG_SUM, EMBEDDING_BAG_MEAN, EMBEDDING_BAG_MAX};
static const char *const MODE_NAMES[] = {"sum", "mean", "max"};

/* ---- Helpers ------------------------------------------------------------------------------------------------------- */

/* Bags of 0 to `longest` positions, or of equal size; the last ones are often empty. Blocks of exactly the sizes of the manual. */
static embedding_bags draw_bags(size_t longest, size_t num_embeddings, size_t embedding_dim, embedding_bag_mode mode) {
    const int is_equal = draw_below(&from, 4) == 0, is_weighted = mode == EMBEDDING_BAG_SUM && draw_below(&from, 2);
    const size_t num_bags = draw_below(&from, 6), equal = draw_below(&from, longest + 1), empty = draw_below(&from, 4);
    embedding_bags bags = {.num_bags = num_bags, .num_offsets = is_equal ? 0 : num_bags + draw_below(&from, 2) * (num_bags > 0),
                           .num_embeddings = num_embeddings, .embedding_dim = embedding_dim, .mode = mode};
    int32_t *offsets = INT32S(bags.num_offsets, draw_below(&from, 4));
    for (size_t bag = 0; bag < num_bags; bag++) {
        if (!is_equal) offsets[bag] = (int32_t)bags.num_indices;
        bags.num_indices += is_equal ? equal : bag % 4 == empty ? 0 : draw_below(&from, longest + 1);
    }
    if (bags.num_offsets > num_bags) offsets[num_bags] = (int32_t)bags.num_indices; /* include_last_offset */
    int32_t *indices = INT32S(bags.num_indices, draw_below(&from, 4));
    float *weights = FLOATS(is_weighted ? bags.num_indices : 0, draw_below(&from, 4));
    fill_indices(&from, indices, bags.num_indices, num_embeddings);
    if (is_weighted) fill_plain(&from, weights, bags.num_indices);
    bags.indices = indices;
    bags.offsets = is_equal ? NULL : offsets;
    bags.per_sample_weights = is_weighted ? weights : NULL;
    bags.padding_idx = draw_below(&from, 2) ? (int32_t)draw_below(&from, num_embeddings) : -1;
    if (draw_below(&from, 8) == 0) /* a bag of nothing but padding */
        for (size_t n = 0; n < bags.num_indices && n < 12; n++) indices[n] = bags.padding_idx < 0 ? 0 : bags.padding_idx;
    trying("%s of %zu bags%s, %zu positions%s, %zu rows of %zu, padding_idx %d", MODE_NAMES[mode], num_bags,
           is_equal ? " of equal size" : "", bags.num_indices, is_weighted ? " with weights" : "", num_embeddings, embedding_dim,
           bags.padding_idx);
    return bags;
}

static uint32_t *zero_counts(size_t num_embeddings) {
    uint32_t *counts = buffer(embedding_backward_scratch(num_embeddings), 0);
    memset(counts, 0, embedding_backward_scratch(num_embeddings));
    return counts;
}

static void expect_forward(const float *weight, const embedding_bags *bags) {
    const size_t size = bags->num_bags * bags->embedding_dim, max_size = bags->mode == EMBEDDING_BAG_MAX ? size : 0;
    float *output = FLOATS(size, draw_below(&from, 4)), *expected = FLOATS(size, 0);
    int32_t *max_indices = INT32S(max_size, draw_below(&from, 4)), *expected_indices = INT32S(max_size, 0);
    size_t position = 77;
    reference_bag_forward(expected, expected_indices, weight, bags);
    EXPECT_EQUAL(embedding_bag_forward(output, max_size ? max_indices : NULL, &position, weight, bags), EMBEDDING_OK);
    EXPECT_EQUAL(position, 77);
    EXPECT_FLOATS(output, expected, size);
    EXPECT_BYTES(max_indices, expected_indices, max_size * sizeof(int32_t));
}

/* The example of PyTorch's own tests: bags 1 and 3 have three rows each, the others none. */
static const float TABLE[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const int32_t INDICES[] = {3, 1, 1, 1, 4, 0}, OFFSETS[] = {0, 0, 3, 3, 6};
static embedding_bags example(embedding_bag_mode mode, int32_t padding_idx) {
    return (embedding_bags){.indices = INDICES, .offsets = OFFSETS, .num_indices = 6, .num_offsets = 5, .num_bags = 5,
                            .num_embeddings = 5, .embedding_dim = 2, .padding_idx = padding_idx, .mode = mode};
}

/* ---- Offsets ------------------------------------------------------------------------------------------------------- */

static void offsets_start_at_0_and_do_not_fall_or_pass_the_end(void) {
    const struct {
        int32_t offsets[5];
        size_t num_offsets, num_indices, position; /* SIZE_MAX: valid */
        int include_last_offset;
    } cases[] = {
        {{0}, 0, 0, SIZE_MAX, 0},
        {{0}, 0, 7, SIZE_MAX, 0},
        {{0}, 1, 0, SIZE_MAX, 0},
        {{0, 0, 0}, 3, 0, SIZE_MAX, 0},
        {{0, 3, 3, 6}, 4, 6, SIZE_MAX, 0},
        {{0, 3, 3, 5}, 4, 6, SIZE_MAX, 0},
        {{0, 3, 3, 6}, 4, 6, SIZE_MAX, 1},
        {{0}, 1, 0, SIZE_MAX, 1},
        {{1, 3}, 2, 6, 0, 0},                /* does not start at 0 */
        {{-1, 3}, 2, 6, 0, 0},
        {{INT32_MIN}, 1, 6, 0, 0},
        {{0, -1}, 2, 6, 1, 0},
        {{0, 4, 2}, 3, 6, 2, 0},             /* falls */
        {{0, 4, INT32_MIN}, 3, 6, 2, 0},
        {{0, 9, 2}, 3, 6, 1, 0},             /* passes the end */
        {{0, 7}, 2, 6, 1, 0},
        {{0, 2, INT32_MAX}, 3, 6, 2, 0},
        {{0, 1}, 2, 0, 1, 0},
        {{0, 3, 5}, 3, 6, 2, 1},             /* does not end at the end */
        {{0, 3, 7}, 3, 6, 2, 1},
        {{0}, 1, 6, 0, 1},
        {{2}, 1, 2, 0, 1},
        {{0, 3, 2, 9}, 4, 6, 2, 1},          /* the first of two */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        trying("case %zu", i);
        const int32_t *offsets = copy_of(cases[i].offsets, cases[i].num_offsets * sizeof(int32_t));
        size_t position = SIZE_MAX;
        EXPECT_EQUAL(embedding_check_offsets(&position, cases[i].num_offsets ? offsets : NULL, cases[i].num_offsets,
                                             cases[i].num_indices, cases[i].include_last_offset),
                     cases[i].position == SIZE_MAX ? EMBEDDING_OK : EMBEDDING_OFFSET_INVALID);
        EXPECT_EQUAL(position, cases[i].position);
    }
}

static void check_offsets_reports_the_first_bad_position(void) {
    for (size_t count = 1; count <= 40; count++)
        for (size_t bad_at = 0; bad_at < count; bad_at++) {
            const int32_t wrong[] = {-1, INT32_MIN, INT32_MAX, 101};
            int32_t *offsets = INT32S(count, 0);
            for (size_t bag = 0; bag < count; bag++) offsets[bag] = (int32_t)(bag * 2);
            offsets[bad_at] = wrong[(count + bad_at) % 4];
            if (bad_at > 1 && count % 3 == 0) offsets[bad_at] = offsets[bad_at - 1] - 1;
            size_t position = SIZE_MAX;
            trying("offset %d at position %zu of %zu", offsets[bad_at], bad_at, count);
            EXPECT_EQUAL(embedding_check_offsets(&position, offsets, count, 100, 0), EMBEDDING_OFFSET_INVALID);
            EXPECT_EQUAL(position, bad_at);
            free_buffers();
        }
}

/* ---- Forward ------------------------------------------------------------------------------------------------------- */

static void forward_gives_the_values_that_pytorch_gives(void) {
    const float third = 13.0f / 3, sixteenth = 16.0f / 3;
    const float with_padding[3][10] = {{0, 0, 7, 8, 0, 0, 10, 12}, {0, 0, 7, 8, 0, 0, 5, 6}, {0, 0, 7, 8, 0, 0, 9, 10}};
    const float without[3][10] = {{0, 0, 13, 16, 0, 0, 13, 16}, {0, 0, third, sixteenth, 0, 0, third, sixteenth},
                                  {0, 0, 7, 8, 0, 0, 9, 10}};
    float output[10];
    int32_t max_indices[10];
    size_t position;
    for (size_t mode = 0; mode < 3; mode++)
        for (int32_t padding_idx = -1; padding_idx <= 1; padding_idx += 2) {
            const embedding_bags bags = example(MODES[mode], padding_idx);
            trying("%s, padding_idx %d", MODE_NAMES[mode], padding_idx);
            EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, TABLE, &bags), EMBEDDING_OK);
            EXPECT_FLOATS(output, padding_idx < 0 ? without[mode] : with_padding[mode], 10);
        }
    EXPECT_BYTES(max_indices, ((int32_t[]){0, 0, 3, 3, 0, 0, 4, 4, 0, 0}), sizeof max_indices);
    embedding_bags bags = example(EMBEDDING_BAG_SUM, -1);
    bags.per_sample_weights = (const float[]){0, 1, 2, 3, 4, 5};
    EXPECT_EQUAL(embedding_bag_forward(output, NULL, &position, TABLE, &bags), EMBEDDING_OK);
    EXPECT_FLOATS(output, ((float[]){0, 0, 9, 12, 0, 0, 50, 62, 0, 0}), 10);
}

static void forward_adds_in_order_of_position(void) {
    const float weight[] = {1e8f, 1, -1e8f, 1};
    const int32_t indices[] = {0, 1, 2, 3, 3, 0, 1, 2, 1};
    float output;
    size_t position;
    embedding_bags bags = {.indices = indices, .num_indices = 4, .num_bags = 1, .num_embeddings = 4, .embedding_dim = 1,
                           .padding_idx = -1, .mode = EMBEDDING_BAG_SUM};
    EXPECT_EQUAL(embedding_bag_forward(&output, NULL, &position, weight, &bags), EMBEDDING_OK);
    EXPECT_FLOAT(output, 1);
    bags.indices = indices + 5;
    EXPECT_EQUAL(embedding_bag_forward(&output, NULL, &position, weight, &bags), EMBEDDING_OK);
    EXPECT_FLOAT(output, 1);
    bags.num_indices = 9; /* a block of eight and one */
    bags.indices = indices;
    EXPECT_EQUAL(embedding_bag_forward(&output, NULL, &position, weight, &bags), EMBEDDING_OK);
    EXPECT_FLOAT(output, 1);
}

static void forward_reduces_rows_of_every_length(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 24; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, round % 2 ? 4 : 50);
            float *weight = FLOATS(V * D, draw_below(&from, 4));
            if (round % 4) fill_plain(&from, weight, V * D);
            else fill_hard(&from, weight, V * D);
            const embedding_bags bags = draw_bags(round % 8 ? 9 : 40, V, D, MODES[round % 3]);
            void *before = copy_of(weight, V * D * sizeof(float));
            expect_forward(weight, &bags);
            EXPECT_BYTES(weight, before, V * D * sizeof(float));
            free_buffers();
        }
}

static void forward_reduces_bags_of_every_length(void) {
    const size_t lengths[] = {1, 3, 4, 7, 8, 12, 16, 33};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t size = 0; size <= 40; size++)
            for (size_t kind = 0; kind < 8; kind++) {
                const size_t D = lengths[i], V = 11;
                float *weight = FLOATS(V * D, 0), *weights = FLOATS(size * 2, 0);
                int32_t *indices = INT32S(size * 2, 0), *offsets = INT32S(2, 0);
                fill_plain(&from, weight, V * D);
                fill_plain(&from, weights, size * 2);
                fill_indices(&from, indices, size * 2, V);
                offsets[0] = 0;
                offsets[1] = (int32_t)size;
                const embedding_bags bags = {
                    .indices = indices, .offsets = kind % 2 ? offsets : NULL, .num_indices = size * 2, .num_offsets = kind % 2 * 2,
                    .per_sample_weights = kind / 2 == 3 ? weights : NULL, .num_bags = 2, .num_embeddings = V, .embedding_dim = D,
                    .padding_idx = size % 3 ? -1 : 5, .mode = kind / 2 == 3 ? EMBEDDING_BAG_SUM : MODES[kind / 2]};
                trying("%s of %zu rows of %zu, kind %zu", MODE_NAMES[bags.mode], size, D, kind);
                expect_forward(weight, &bags);
                free_buffers();
            }
}

static void sums_and_means_are_near_those_in_double(void) {
    const size_t D = 19, V = 30;
    float *weight = FLOATS(V * D, 0);
    fill_plain(&from, weight, V * D);
    for (int round = 0; round < 200; round++) {
        const embedding_bags bags = draw_bags(40, V, D, MODES[round % 2]);
        float *output = FLOATS(bags.num_bags * D, 0);
        size_t position;
        EXPECT_EQUAL(embedding_bag_forward(output, NULL, &position, weight, &bags), EMBEDDING_OK);
        for (size_t i = 0; i < bags.num_bags * D; i++) {
            double sum = 0, magnitude = 1;
            size_t count = 0;
            for (size_t n = reference_bag_start(&bags, i / D); n < reference_bag_start(&bags, i / D + 1); n++) {
                if (bags.indices[n] == bags.padding_idx) continue;
                const double sample_weight = bags.per_sample_weights ? (double)bags.per_sample_weights[n] : 1;
                const double term = sample_weight * (double)weight[(size_t)bags.indices[n] * D + i % D];
                sum += term;
                magnitude += fabs(term);
                count++;
            }
            const double divisor = bags.mode == EMBEDDING_BAG_MEAN && count ? (double)count : 1;
            EXPECT(fabs((double)output[i] - sum / divisor) <= TOLERANCE * magnitude / divisor);
        }
        for (size_t kept = 1; test.num_buffers > kept;) free(test.buffers[--test.num_buffers]);
    }
}

static void the_maximum_keeps_the_first_of_equals(void) {
    for (size_t D = 1; D <= 9; D++) {
        float *weight = FLOATS(4 * D, 0), *output = FLOATS(D, 0);
        int32_t *max_indices = INT32S(D, 0);
        for (size_t d = 0; d < D; d++) {
            weight[d] = -0.0f;
            weight[D + d] = 0;
            weight[2 * D + d] = -1;
            weight[3 * D + d] = 0;
        }
        const int32_t orders[][4] = {{0, 1, 2, 3}, {1, 0, 2, 3}, {2, 3, 1, 0}, {2, 0, 1, 1}}, winners[] = {0, 1, 3, 0};
        for (size_t i = 0; i < 4; i++) {
            const embedding_bags bags = {.indices = orders[i], .num_indices = 4, .num_bags = 1, .num_embeddings = 4,
                                         .embedding_dim = D, .padding_idx = -1, .mode = EMBEDDING_BAG_MAX};
            size_t position;
            trying("order %zu, rows of %zu", i, D);
            EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, weight, &bags), EMBEDDING_OK);
            for (size_t d = 0; d < D; d++) {
                EXPECT_EQUAL(max_indices[d], winners[i]);
                EXPECT_FLOAT(output[d], weight[(size_t)winners[i] * D]);
            }
        }
        free_buffers();
    }
}

static void the_maximum_keeps_a_nan_only_where_it_comes_first(void) {
    for (size_t D = 1; D <= 9; D++) {
        float *weight = FLOATS(4 * D, 0), *output = FLOATS(D, 0);
        int32_t *max_indices = INT32S(D, 0);
        for (size_t d = 0; d < D; d++) {
            weight[d] = NAN;
            weight[D + d] = 2;
            weight[2 * D + d] = 5;
            weight[3 * D + d] = -INFINITY;
        }
        const int32_t orders[][3] = {{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {3, 3, 3}, {3, 0, 3}}, winners[] = {0, 2, 2, 3, 3};
        for (size_t i = 0; i < 5; i++)
            for (int32_t padding_idx = -1; padding_idx < 1; padding_idx++) {
                const embedding_bags bags = {.indices = orders[i], .num_indices = 3, .num_bags = 1, .num_embeddings = 4,
                                             .embedding_dim = D, .padding_idx = padding_idx, .mode = EMBEDDING_BAG_MAX};
                size_t position;
                trying("order %zu, rows of %zu, padding_idx %d", i, D, padding_idx);
                EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, weight, &bags), EMBEDDING_OK);
                const int32_t winner = i == 0 && padding_idx == 0 ? 2 : winners[i];
                for (size_t d = 0; d < D; d++) {
                    EXPECT_EQUAL(max_indices[d], winner);
                    EXPECT_FLOAT(output[d], weight[(size_t)winner * D]);
                }
            }
        free_buffers();
    }
}

static void negative_zeros_sum_to_zero_and_are_a_maximum(void) {
    const float weight[] = {-0.0f, -0.0f, -0.0f, -0.0f, -0.0f};
    const int32_t indices[] = {0, 0};
    float output[5];
    int32_t max_indices[5];
    size_t position;
    for (size_t mode = 0; mode < 3; mode++) {
        const embedding_bags bags = {.indices = indices, .num_indices = 2, .num_bags = 1, .num_embeddings = 1, .embedding_dim = 5,
                                     .padding_idx = -1, .mode = MODES[mode]};
        EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, weight, &bags), EMBEDDING_OK);
        for (size_t d = 0; d < 5; d++) EXPECT_FLOAT(output[d], mode == 2 ? -0.0f : 0);
    }
}

static void forward_reads_a_table_beyond_the_caches(void) {
    const size_t lengths[] = {1, 5, 16, 63, 64, 65}, sizes[] = {0, 1, 8, 63, 64, 65, 130};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t more = 0; more < 2; more++) { /* the largest near table and the smallest far one */
            const size_t D = lengths[i], V = FAR_BYTES / sizeof(float) / D + more;
            float *weight = FLOATS(V * D, 0);
            for (size_t d = 0; d < V * D; d++) weight[d] = (float)(int32_t)(uint32_t)(d * 2654435761u) * 0x1p-29f;
            const size_t kept = test.num_buffers;
            for (size_t kind = 0; kind < 8; kind++) {
                int32_t offsets[8] = {0};
                for (size_t bag = 0; bag < 7; bag++) offsets[bag + 1] = offsets[bag] + (int32_t)sizes[(bag + kind) % 7];
                const size_t count = (size_t)offsets[7];
                int32_t *indices = INT32S(count, 0);
                float *weights = FLOATS(count, 0);
                fill_plain(&from, weights, count);
                fill_indices(&from, indices, count, V);
                indices[count / 2] = (int32_t)V - 1;
                for (size_t n = 0; n < count && kind % 2; n += 5) indices[n] = 3;
                const embedding_bags bags = {
                    .indices = indices, .offsets = offsets, .num_indices = count, .num_offsets = 7 + kind % 2, .num_bags = 7,
                    .per_sample_weights = kind / 2 == 3 ? weights : NULL, .num_embeddings = V, .embedding_dim = D,
                    .padding_idx = kind % 2 ? 3 : -1, .mode = kind / 2 == 3 ? EMBEDDING_BAG_SUM : MODES[kind / 2]};
                trying("%s over %zu rows of %zu, kind %zu", MODE_NAMES[bags.mode], V, D, kind);
                expect_forward(weight, &bags);
                while (test.num_buffers > kept) free(test.buffers[--test.num_buffers]);
            }
            free_buffers();
        }
}

static void a_bad_index_changes_nothing(void) {
    for (size_t round = 0; round < 300; round++) {
        const size_t V = 1 + draw_below(&from, 9), D = draw_below(&from, 20);
        float *weight = FLOATS(V * D, 0);
        fill_plain(&from, weight, V * D);
        const embedding_bags bags = draw_bags(12, V, D, MODES[round % 3]);
        if (bags.num_indices == 0) continue;
        const size_t bad_at = draw_below(&from, bags.num_indices), size = bags.num_bags * D;
        ((int32_t *)bags.indices)[bad_at] = round % 2 ? (int32_t)V : -1; /* -1 is not padding, even without any */
        float *output = FLOATS(size, 0), *before = copy_of(output, size * sizeof(float));
        int32_t *max_indices = INT32S(size, 0);
        size_t position = 77;
        EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, weight, &bags), EMBEDDING_INDEX_OUT_OF_RANGE);
        EXPECT_EQUAL(position, bad_at);
        EXPECT_BYTES(output, before, size * sizeof(float));
        EXPECT_BYTES(max_indices, before, size * sizeof(float));
        free_buffers();
    }
}

static void bags_take_null_for_what_is_empty(void) {
    const int32_t indices[] = {1, 0, 1}, zeros[] = {0, 0, 0};
    float output[6] = {1, 2, 3, 4, 5, 6};
    int32_t max_indices[6] = {1, 2, 3, 4, 5, 6}, grad_indices[3];
    uint32_t counts[2] = {0};
    size_t position = 77;
    for (size_t mode = 0; mode < 3; mode++) {
        trying("%s", MODE_NAMES[mode]);
        embedding_bags bags = {.num_embeddings = 0, .embedding_dim = 3, .padding_idx = -1, .mode = MODES[mode]}; /* no bags */
        EXPECT_EQUAL(embedding_bag_forward(NULL, NULL, &position, NULL, &bags), EMBEDDING_OK);
        embedding_bag_dense_backward(NULL, NULL, NULL, &bags, NULL);
        if (mode < 2) EXPECT_EQUAL(embedding_bag_sparse_backward(NULL, NULL, NULL, &bags, NULL), 0);
        embedding_bag_per_sample_weights_backward(NULL, NULL, NULL, &bags);
        bags.offsets = zeros; /* bags of nothing over an empty table */
        bags.num_offsets = bags.num_bags = 2;
        EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, NULL, &bags), EMBEDDING_OK);
        EXPECT_FLOATS(output, ((float[]){0, 0, 0, 0, 0, 0}), 6);
        embedding_bag_dense_backward(NULL, output, max_indices, &bags, NULL);
        bags.offsets = NULL;
        bags.num_offsets = 0;
        EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, NULL, &bags), EMBEDDING_OK);
        if (mode < 2) EXPECT_EQUAL(embedding_bag_sparse_backward(NULL, NULL, output, &bags, NULL), 0);
        bags = (embedding_bags){.indices = indices, .num_indices = 3, .num_bags = 3, .num_embeddings = 2, .padding_idx = -1,
                                .mode = MODES[mode]}; /* empty rows */
        EXPECT_EQUAL(embedding_bag_forward(NULL, NULL, &position, NULL, &bags), EMBEDDING_OK);
        embedding_bag_dense_backward(NULL, NULL, NULL, &bags, mode < 2 ? counts : NULL);
        if (mode < 2) EXPECT_EQUAL(embedding_bag_sparse_backward(grad_indices, NULL, NULL, &bags, counts), 0);
        float grad_weights[3] = {5, 5, 5};
        if (mode == 0) embedding_bag_per_sample_weights_backward(grad_weights, NULL, NULL, &bags);
        if (mode == 0) EXPECT_FLOATS(grad_weights, ((float[]){0, 0, 0}), 3);
        EXPECT_EQUAL(counts[0] | counts[1], 0);
    }
    EXPECT_EQUAL(position, 77);
}

static void no_bags_make_no_output_and_a_gradient_of_zero(void) {
    const int32_t indices[] = {1, 0, 1};
    for (size_t mode = 0; mode < 3; mode++) {
        const embedding_bags bags = {.indices = indices, .num_indices = 3, .num_embeddings = 2, .embedding_dim = 3,
                                     .padding_idx = -1, .mode = MODES[mode]};
        const float weight[6] = {0};
        float grad_weight[6] = {1, 2, 3, 4, 5, 6}, grad_weights[3] = {1, 2, 3};
        uint32_t counts[2] = {0};
        size_t position;
        trying("%s", MODE_NAMES[mode]);
        EXPECT_EQUAL(embedding_bag_forward(NULL, NULL, &position, weight, &bags), EMBEDDING_OK);
        embedding_bag_dense_backward(grad_weight, NULL, NULL, &bags, mode < 2 ? counts : NULL);
        EXPECT_FLOATS(grad_weight, ((float[]){0, 0, 0, 0, 0, 0}), 6);
        if (mode < 2) EXPECT_EQUAL(embedding_bag_sparse_backward(NULL, NULL, NULL, &bags, counts), 0);
        if (mode == 0) embedding_bag_per_sample_weights_backward(grad_weights, NULL, weight, &bags);
        if (mode == 0) EXPECT_FLOATS(grad_weights, ((float[]){0, 0, 0}), 3);
        EXPECT_EQUAL(counts[0] | counts[1], 0);
    }
}

/* ---- Gradients ----------------------------------------------------------------------------------------------------- */

static void backward_gives_the_values_that_pytorch_gives(void) {
    const float grad_output[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    const struct {
        embedding_bag_mode mode;
        int32_t padding_idx;
        float grad_weight[10];
    } cases[] = {
        {EMBEDDING_BAG_SUM, -1, {7, 8, 13, 16, 0, 0, 3, 4, 7, 8}},
        {EMBEDDING_BAG_MEAN, -1, {7.0f / 3, 8.0f / 3, 13.0f / 3, 16.0f / 3, 0, 0, 1, 4.0f / 3, 7.0f / 3, 8.0f / 3}},
        {EMBEDDING_BAG_MAX, -1, {0, 0, 0, 0, 0, 0, 3, 4, 7, 8}},
        {EMBEDDING_BAG_SUM, 1, {7, 8, 0, 0, 0, 0, 3, 4, 7, 8}},
        {EMBEDDING_BAG_MEAN, 1, {3.5f, 4, 0, 0, 0, 0, 3, 4, 3.5f, 4}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const embedding_bags bags = example(cases[i].mode, cases[i].padding_idx);
        float output[10], grad_weight[10];
        int32_t max_indices[10];
        size_t position;
        trying("case %zu", i);
        EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, TABLE, &bags), EMBEDDING_OK);
        embedding_bag_dense_backward(grad_weight, grad_output, max_indices, &bags, NULL);
        for (size_t d = 0; d < 10; d++) EXPECT_CLOSE((double)grad_weight[d], (double)cases[i].grad_weight[d], TOLERANCE);
    }
    float grad_weights[6];
    embedding_bags bags = example(EMBEDDING_BAG_SUM, -1);
    bags.per_sample_weights = (const float[]){1, 2, 3, 4, 5, 6};
    embedding_bag_per_sample_weights_backward(grad_weights, grad_output, TABLE, &bags);
    EXPECT_FLOATS(grad_weights, ((float[]){53, 25, 25, 53, 143, 23}), 6);
    bags.padding_idx = 1;
    embedding_bag_per_sample_weights_backward(grad_weights, grad_output, TABLE, &bags);
    EXPECT_FLOATS(grad_weights, ((float[]){53, 0, 0, 0, 143, 23}), 6);
}

/* PyTorch 2.13 divides by the count of another index: 0.5 and 1.5. */
static void the_frequency_is_that_of_the_index_itself(void) {
    const int32_t indices[] = {0, 1, 1, 3, 3, 3};
    const float grad_output[] = {1};
    float grad_weight[4];
    uint32_t counts[4] = {0};
    embedding_bags bags = {.indices = indices, .num_indices = 6, .num_bags = 1, .num_embeddings = 4, .embedding_dim = 1,
                           .padding_idx = -1, .mode = EMBEDDING_BAG_SUM};
    embedding_bag_dense_backward(grad_weight, grad_output, NULL, &bags, counts);
    EXPECT_FLOATS(grad_weight, ((float[]){1, 1, 0, 1}), 4);
    bags.indices = indices + 1;
    bags.num_indices = 3;
    embedding_bag_dense_backward(grad_weight, grad_output, NULL, &bags, counts);
    EXPECT_FLOATS(grad_weight, ((float[]){0, 1, 0, 1}), 4);
    for (size_t row = 0; row < 4; row++) EXPECT_EQUAL(counts[row], 0);
}

static void backward_writes_rows_of_every_length(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 18; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, round % 2 ? 4 : 30);
            const embedding_bags bags = draw_bags(round % 6 ? 9 : 30, V, D, MODES[round % 3]);
            const size_t size = bags.num_bags * D;
            const int is_max = bags.mode == EMBEDDING_BAG_MAX, by_frequency = !is_max && round / 3 % 2;
            float *weight = FLOATS(V * D, 0), *output = FLOATS(size, 0), *grad_output = FLOATS(size, draw_below(&from, 4));
            float *grad_weight = FLOATS(V * D, draw_below(&from, 4)), *expected = FLOATS(V * D, 0);
            int32_t *max_indices = INT32S(is_max ? size : 0, 0);
            uint32_t *counts = zero_counts(V);
            fill_plain(&from, weight, V * D);
            if (round % 4) fill_plain(&from, grad_output, size);
            else fill_hard(&from, grad_output, size);
            size_t position;
            EXPECT_EQUAL(embedding_bag_forward(output, max_indices, &position, weight, &bags), EMBEDDING_OK);
            reference_bag_dense_backward(expected, grad_output, max_indices, &bags, by_frequency);
            embedding_bag_dense_backward(grad_weight, grad_output, max_indices, &bags, by_frequency ? counts : NULL);
            EXPECT_FLOATS(grad_weight, expected, V * D);
            for (size_t row = 0; row < V; row++) EXPECT_EQUAL(counts[row], 0);
            if (!is_max) {
                const size_t count = bags.num_indices;
                int32_t *grad_indices = INT32S(count, 0), *expected_indices = INT32S(count, 0);
                float *grad_values = FLOATS(count * D, 0), *expected_values = FLOATS(count * D, 0);
                const size_t num_rows =
                    reference_bag_sparse_backward(expected_indices, expected_values, grad_output, &bags, by_frequency);
                EXPECT_EQUAL(embedding_bag_sparse_backward(grad_indices, grad_values, grad_output, &bags,
                                                           by_frequency ? counts : NULL),
                             num_rows);
                EXPECT_BYTES(grad_indices, expected_indices, count * sizeof(int32_t));
                EXPECT_FLOATS(grad_values, expected_values, count * D);
                for (size_t row = 0; row < V; row++) EXPECT_EQUAL(counts[row], 0);
            }
            if (bags.mode == EMBEDDING_BAG_SUM) {
                float *grad_weights = FLOATS(bags.num_indices, 0), *expected_weights = FLOATS(bags.num_indices, 0);
                reference_bag_weights_backward(expected_weights, grad_output, weight, &bags);
                embedding_bag_per_sample_weights_backward(grad_weights, grad_output, weight, &bags);
                EXPECT_FLOATS(grad_weights, expected_weights, bags.num_indices);
            }
            free_buffers();
        }
}

int main(void) {
    RUN(offsets_start_at_0_and_do_not_fall_or_pass_the_end);
    RUN(check_offsets_reports_the_first_bad_position);
    RUN(forward_gives_the_values_that_pytorch_gives);
    RUN(forward_adds_in_order_of_position);
    RUN(forward_reduces_rows_of_every_length);
    RUN(forward_reduces_bags_of_every_length);
    RUN(sums_and_means_are_near_those_in_double);
    RUN(the_maximum_keeps_the_first_of_equals);
    RUN(the_maximum_keeps_a_nan_only_where_it_comes_first);
    RUN(negative_zeros_sum_to_zero_and_are_a_maximum);
    RUN(forward_reads_a_table_beyond_the_caches);
    RUN(a_bad_index_changes_nothing);
    RUN(bags_take_null_for_what_is_empty);
    RUN(no_bags_make_no_output_and_a_gradient_of_zero);
    RUN(backward_gives_the_values_that_pytorch_gives);
    RUN(the_frequency_is_that_of_the_index_itself);
    RUN(backward_writes_rows_of_every_length);
    return FINISH();
}
