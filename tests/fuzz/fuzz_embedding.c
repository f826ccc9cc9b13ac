/* One target for every function of the headers: the first byte of a step chooses a group of them, further ones the arguments.
   Buffers have exactly the size that the manual asks for, and what the manual promises is checked after each call. */
#include "../c/heap.h"

#include "../c/reference.h"
#include "../c/test.h"
#include "embedding.h"
#include "ops/tensor.h"

/* ---- Arguments from the input; zeros when it has run out ------------------------------------------------------------ */

static const uint8_t *input;
static size_t input_left;

static uint8_t take_byte(void) { return input_left ? input_left--, *input++ : 0; }

static uint64_t take_bits(int bytes) {
    uint64_t bits = 0;
    while (bytes-- > 0) bits = bits << 8 | take_byte();
    return bits;
}

static size_t take_below(size_t limit) { return (limit > 256 ? take_bits(4) : take_byte()) % limit; }

/* Bytes of the input itself, or many numbers from a few of them. */
static void take_array(void *values, size_t count, size_t size, void (*draw)(inputs *, void *)) {
    const uint8_t kind = take_byte();
    inputs from = {take_bits(2)};
    for (size_t i = 0; i < count; i++) {
        const uint64_t bits = kind % 4 ? 0 : take_bits((int)size);
        if (kind % 4) draw(&from, (char *)values + i * size);
        else memcpy((char *)values + i * size, &bits, size);
    }
}

static void draw_hard_float(inputs *from, void *value) { fill_hard(from, value, 1); }
static void draw_word(inputs *from, void *value) { draw_bytes(from, value, 4); }

static float *take_floats(size_t count) {
    float *values = FLOATS(count, take_below(4));
    take_array(values, count, 4, draw_hard_float);
    return values;
}

static int32_t *take_int32s(size_t count) {
    int32_t *values = INT32S(count, take_below(4));
    take_array(values, count, 4, draw_word);
    return values;
}

static double take_double(void) {
    const double choices[] = {0, 1, -1, 2, 0.5, INFINITY, -INFINITY, NAN, 3, 1e-30, 1e30, 5, -0.0, 1e300};
    const uint8_t kind = take_byte();
    if (kind % 16 < 14) return choices[kind % 16];
    const uint64_t bits = take_bits(8);
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

static size_t take_num_embeddings(void) {
    const uint8_t kind = take_byte();
    return kind < 8 ? 0 : kind < 240 ? kind % 30 + 1 : kind < 250 ? 150 : 2147483647 - (size_t)(kind - 250);
}

/* Mostly valid. */
static int32_t *take_indices(size_t count, size_t num_embeddings) {
    int32_t *indices = take_int32s(count);
    const uint8_t kind = take_byte();
    for (size_t n = 0; n < count && kind % 8; n++)
        indices[n] = num_embeddings ? (int32_t)((uint32_t)indices[n] % num_embeddings) : 0;
    if (kind % 8 == 1 && count) indices[take_below(count)] = take_byte() % 2 ? -1 : (int32_t)num_embeddings;
    return indices;
}

static size_t first_bad(const int32_t *indices, size_t count, size_t num_embeddings) {
    size_t n = 0;
    while (n < count && indices[n] >= 0 && (size_t)indices[n] < num_embeddings) n++;
    return n;
}

/* Whether a call that reported `status` and `position` did so rightly; true if it succeeded. */
static int check_status(embedding_status status, size_t position, size_t bad_at, size_t count) {
    EXPECT_EQUAL(status, bad_at == count ? EMBEDDING_OK : EMBEDDING_INDEX_OUT_OF_RANGE);
    EXPECT_EQUAL(position, bad_at == count ? SIZE_MAX : bad_at);
    return status == EMBEDDING_OK;
}

/* ---- Lookup and max_norm --------------------------------------------------------------------------------------------- */

static void try_check_indices(void) {
    const size_t count = take_below(100), V = take_num_embeddings();
    const int32_t *indices = take_indices(count, V);
    size_t position = SIZE_MAX;
    const embedding_status status = embedding_check_indices(&position, indices, count, V);
    check_status(status, position, first_bad(indices, count, V), count);
}

static void try_narrow_indices(void) {
    const size_t count = take_below(100), V = take_num_embeddings(), at = count ? take_below(count) : 0;
    const int32_t *small = take_indices(count, V);
    int64_t *indices = INT64S(count);
    int32_t *narrowed = INT32S(count, take_below(4));
    for (size_t n = 0; n < count; n++) indices[n] = small[n];
    if (count && take_byte() % 4 == 0) indices[at] = (int64_t)take_bits(8);
    size_t bad_at = 0, position = SIZE_MAX;
    while (bad_at < count && indices[bad_at] >= 0 && indices[bad_at] < (int64_t)V) bad_at++;
    const int64_t *indices_before = copy_of(indices, count * 8);
    const void *before = copy_of(narrowed, count * 4);
    if (!check_status(embedding_narrow_indices(narrowed, &position, indices, count, V), position, bad_at, count)) {
        EXPECT_BYTES(narrowed, before, count * 4);
        EXPECT_EQUAL(embedding_narrow_indices((int32_t *)indices, &position, indices, count, V), EMBEDDING_INDEX_OUT_OF_RANGE);
        EXPECT_BYTES(indices, indices_before, count * 8);
        return;
    }
    for (size_t n = 0; n < count; n++) EXPECT_EQUAL(narrowed[n], indices[n]);
    EXPECT_EQUAL(embedding_narrow_indices((int32_t *)indices, &position, indices, count, V), EMBEDDING_OK);
    EXPECT_BYTES(indices, narrowed, count * 4);
    EXPECT_BYTES((char *)indices + count * 4, (const char *)indices_before + count * 4, count * 4);
}

/* A table beyond the caches, made once; its last row ends where its memory ends. */
#define FAR_FLOATS (((size_t)4 << 20) + 512)
static float *far_table(void) {
    static float *table;
    if (!table) {
        table = malloc(FAR_FLOATS * sizeof(float));
        for (size_t i = 0; i < FAR_FLOATS; i++) table[i] = (float)(uint32_t)(i * 2654435761u);
    }
    return table;
}

static void try_forward(void) {
    const int is_far = take_byte() % 32 == 1;
    const size_t D = is_far ? 1 + take_below(255) : take_below(140), count = take_below(is_far ? 600 : 40);
    const size_t V = is_far ? FAR_FLOATS / D : take_below(30);
    const float *weight = is_far ? far_table() + FAR_FLOATS % D : take_floats(V * D);
    const int32_t *indices = take_indices(count, V);
    float *output = FLOATS(count * D, take_below(4));
    const void *before = copy_of(output, count * D * sizeof(float));
    size_t position = SIZE_MAX;
    const embedding_status status = embedding_forward(output, &position, weight, indices, count, V, D);
    if (!check_status(status, position, first_bad(indices, count, V), count))
        EXPECT_BYTES(output, before, count * D * sizeof(float));
    else
        for (size_t n = 0; n < count; n++) EXPECT_BYTES(output + n * D, weight + (size_t)indices[n] * D, D * sizeof(float));
}

static void try_renorm(void) {
    const size_t V = take_below(200), D = take_below(40), count = take_below(60), room = count < V ? count : V;
    float *weight = take_floats(V * D), *before = copy_of(weight, V * D * sizeof(float));
    const int32_t *indices = take_indices(count, V);
    const double max_norm = take_double(), norm_type = take_double();
    const uint8_t wanted = take_byte();
    int32_t *rescaled = INT32S(room, 0), *rescaled_before = copy_of(rescaled, room * 4);
    uint64_t *visited = buffer(embedding_renorm_scratch(V), 0);
    memset(visited, 0, embedding_renorm_scratch(V));
    size_t position = SIZE_MAX, num_rescaled = 77;
    const embedding_status status = embedding_renorm(weight, wanted & 1 ? rescaled : NULL, wanted & 2 ? &num_rescaled : NULL,
                                                     &position, indices, count, V, D, max_norm, norm_type, visited);
    for (size_t word = 0; word < (V + 63) / 64; word++) EXPECT_EQUAL(visited[word], 0);
    if (!check_status(status, position, first_bad(indices, count, V), count)) {
        EXPECT_BYTES(weight, before, V * D * sizeof(float));
        EXPECT_BYTES(rescaled, rescaled_before, room * 4);
        EXPECT_EQUAL(num_rescaled, 77);
        return;
    }
    size_t expected = 0;
    for (size_t i = 0; i < V; i++) {
        int is_named = 0;
        for (size_t n = 0; n < count; n++) is_named |= (size_t)indices[n] == i;
        float *row = weight + i * D, *row_before = before + i * D;
        const double norm = (double)reference_norm(row_before, D, 1, norm_type);
        if (!is_named || D == 0 || !(norm > max_norm)) {
            EXPECT_BYTES(row, row_before, D * sizeof(float));
            continue;
        }
        for (size_t d = 0; d < D; d++) EXPECT_FLOAT(row[d], row_before[d] * (float)(max_norm / (norm + 1e-7)));
        if (wanted & 1) EXPECT_EQUAL(rescaled[expected], i);
        expected++;
    }
    EXPECT_EQUAL(num_rescaled, wanted & 2 ? expected : 77);
    if (!(wanted & 1)) EXPECT_BYTES(rescaled, rescaled_before, room * 4);
}

static void try_far_renorm(void) {
    const size_t D = 8 + take_below(60), V = FAR_FLOATS / D, count = take_below(150);
    float *weight = far_table() + FAR_FLOATS % D, *rows = FLOATS(count * D, 0);
    const int32_t *indices = take_indices(count, V);
    if (first_bad(indices, count, V) < count) return;
    for (size_t n = 0; n < count; n++) memcpy(rows + n * D, weight + (size_t)indices[n] * D, D * sizeof(float));
    const double max_norm = take_double(), norm_type = take_double();
    static uint64_t visited[FAR_FLOATS / 8 / 64 + 1];
    int32_t *rescaled = INT32S(count, 0);
    size_t position, num_rescaled;
    EXPECT_EQUAL(embedding_renorm(weight, rescaled, &num_rescaled, &position, indices, count, V, D, max_norm, norm_type, visited),
                 EMBEDDING_OK);
    for (size_t n = 0; n < count; n++) {
        const float *before = rows + n * D, *row = weight + (size_t)indices[n] * D;
        const double norm = (double)reference_norm(before, D, 1, norm_type);
        const float scale = norm > max_norm ? (float)(max_norm / (norm + 1e-7)) : 1;
        for (size_t d = 0; d < D; d++) EXPECT_FLOAT(row[d], before[d] * scale);
        EXPECT_EQUAL(visited[(size_t)indices[n] / 64], 0);
    }
    for (size_t n = 0; n < num_rescaled; n++) EXPECT(n == 0 || rescaled[n] > rescaled[n - 1]);
    for (size_t n = 0; n < count; n++) memcpy(weight + (size_t)indices[n] * D, rows + n * D, D * sizeof(float));
}

static void expect_zeros(const void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (((const uint8_t *)bytes)[i]) EXPECT_EQUAL(((const uint8_t *)bytes)[i], 0);
}

/* ---- Nearest rows, int8 rows ------------------------------------------------------------------------------------------- */

static void try_nearest(void) {
    const size_t V = take_below(150), D = take_below(40), k = take_below(2) ? take_below(200) : take_below(12), room = k < V ? k : V;
    const embedding_metric metric = (embedding_metric)take_below(3);
    const float *weight = take_floats(V * D), *query = take_floats(D);
    const size_t num_exclude = take_below(2) ? take_below(40) : 0;
    const int32_t *exclude = take_indices(num_exclude, V);
    double *norms = buffer(V * sizeof(double), 0);
    embedding_row_norms(norms, weight, V, D);
    int32_t *indices = INT32S(room, take_below(4)), *expected = INT32S(room, 0);
    float *scores = FLOATS(room, take_below(4)), *expected_scores = FLOATS(room, 0);
    const void *before = copy_of(indices, room * 4), *scores_before = copy_of(scores, room * 4);
    uint64_t *excluded = buffer(embedding_nearest_scratch(V), 0);
    memset(excluded, 0, embedding_nearest_scratch(V));
    size_t position = SIZE_MAX, count = 77;
    const embedding_status status = embedding_nearest(indices, scores, &count, &position, weight, take_below(2) ? norms : NULL, query, exclude,
                                                      num_exclude, V, D, k, metric, excluded);
    expect_zeros(excluded, embedding_nearest_scratch(V));
    if (!check_status(status, position, first_bad(exclude, num_exclude, V), num_exclude)) {
        EXPECT_BYTES(indices, before, room * 4);
        EXPECT_BYTES(scores, scores_before, room * 4);
        EXPECT_EQUAL(count, 77);
        return;
    }
    uint8_t *is_left = buffer(V, 0);
    memset(is_left, 1, V);
    for (size_t n = 0; n < num_exclude; n++) is_left[exclude[n]] = 0;
    EXPECT_EQUAL(count, reference_nearest(expected, expected_scores, weight, query, is_left, V, D, k, metric));
    EXPECT_BYTES(indices, expected, count * 4);
    EXPECT_FLOATS(scores, expected_scores, count);
}

static void try_dequantize(void) {
    const size_t V = take_below(20), D = take_below(40);
    const float *scales = take_floats(V);
    float *output = FLOATS(V * D, 0), *expected = FLOATS(V * D, 0);
    int8_t *values = take_below(2) ? (int8_t *)output + 3 * V * D : buffer(V * D, take_below(4));
    for (size_t n = 0; n < V * D; n++) {
        values[n] = (int8_t)take_byte();
        expected[n] = (float)values[n] * scales[n / D];
    }
    embedding_dequantize(output, values, scales, V, D);
    EXPECT_FLOATS(output, expected, V * D);
}

/* ---- Gradients, bags, optimiser steps ---------------------------------------------------------------------------------- */

static int32_t *take_valid_indices(size_t count, size_t num_embeddings) {
    int32_t *indices = take_int32s(count);
    for (size_t n = 0; n < count; n++) indices[n] = (int32_t)((uint32_t)indices[n] % num_embeddings);
    return indices;
}

static int32_t take_padding(size_t num_embeddings) { return take_byte() % 2 ? (int32_t)take_below(num_embeddings) : -1; }

/* counts for scale_grad_by_freq, or NULL */
static uint32_t *take_counts(size_t num_embeddings) {
    const size_t size = embedding_backward_scratch(num_embeddings);
    uint32_t *counts = buffer(size, 0);
    memset(counts, 0, size);
    return take_byte() % 2 ? counts : NULL;
}

static void expect_rows(const int32_t *rows, const float *values, size_t num_rows, const int32_t *expected_rows,
                        const float *expected, size_t expected_count, size_t D) {
    EXPECT_EQUAL(num_rows, expected_count);
    EXPECT_BYTES(rows, expected_rows, num_rows * sizeof(int32_t));
    EXPECT_FLOATS(values, expected, num_rows * D);
}

static void try_gradient(void) {
    const size_t V = 1 + take_below(take_byte() % 8 ? 30 : 10000), D = take_below(V > 30 ? 4 : 40), count = take_below(50);
    const int32_t *indices = take_valid_indices(count, V), padding_idx = take_padding(V);
    const float *grad_output = take_floats(count * D);
    uint32_t *counts = take_counts(V);
    float *grad_weight = FLOATS(V * D, take_below(4)), *expected = FLOATS(V * D, 0);
    embedding_dense_backward(grad_weight, grad_output, indices, count, V, D, padding_idx, counts);
    reference_dense_backward(expected, grad_output, indices, count, V, D, padding_idx, counts != NULL);
    EXPECT_FLOATS(grad_weight, expected, V * D);

    int32_t *grad_indices = INT32S(count, take_below(4)), *expected_indices = INT32S(count, 0), *rows = INT32S(count, 0);
    float *grad_values = FLOATS(count * D, take_below(4)), *expected_values = FLOATS(count * D, 0), *values = FLOATS(count * D, 0);
    const size_t size = embedding_sparse_backward(grad_indices, grad_values, grad_output, indices, count, D, padding_idx, counts);
    const size_t expected_size = reference_sparse_backward(expected_indices, expected_values, grad_output, indices, count, D,
                                                           padding_idx, counts != NULL);
    expect_rows(grad_indices, grad_values, size, expected_indices, expected_values, expected_size, D);
    if (counts) expect_zeros(counts, embedding_backward_scratch(V));

    uint8_t *scratch = buffer(embedding_coalesce_scratch(V), 0), *seen = buffer(size, 0);
    memset(scratch, 0, embedding_coalesce_scratch(V));
    const size_t num_rows = embedding_coalesce(rows, values, grad_indices, grad_values, size, V, D, scratch, seen);
    expect_rows(rows, values, num_rows, expected_indices, expected_values,
                reference_coalesce(expected_indices, expected_values, grad_indices, grad_values, size, D), D);
    expect_zeros(scratch, embedding_coalesce_scratch(V));

    const float alpha = (float)take_double();
    for (size_t n = 0; n < size * D; n++) expected[(size_t)grad_indices[n / D] * D + n % D] += alpha * grad_values[n];
    embedding_add_rows(grad_weight, grad_indices, grad_values, size, D, alpha);
    EXPECT_FLOATS(grad_weight, expected, V * D);
}

static void try_check_offsets(void) {
    const size_t count = take_below(20), num_indices = take_below(60);
    const int include_last_offset = take_byte() % 2;
    int32_t *offsets = take_int32s(count), last = 0;
    const uint8_t kind = take_byte();
    for (size_t bag = 0; bag < count && kind % 4; bag++) {
        last += bag ? (int32_t)((uint32_t)offsets[bag] % 8) : 0;
        offsets[bag] = last;
    }
    if (kind % 4 == 1 && count) offsets[take_below(count)] = (int32_t)take_bits(4);
    if (kind % 4 == 3 && count && include_last_offset) offsets[count - 1] = (int32_t)num_indices;
    size_t bad_at = 0, position = SIZE_MAX;
    for (; bad_at < count; bad_at++) {
        const int64_t offset = offsets[bad_at], before = bad_at ? offsets[bad_at - 1] : 0;
        if (offset < before || offset > (int64_t)num_indices || (bad_at == 0 && offset != 0)) break;
        if (include_last_offset && bad_at == count - 1 && offset != (int64_t)num_indices) break;
    }
    const embedding_status status = embedding_check_offsets(&position, offsets, count, num_indices, include_last_offset);
    EXPECT_EQUAL(status, bad_at == count ? EMBEDDING_OK : EMBEDDING_OFFSET_INVALID);
    EXPECT_EQUAL(position, bad_at == count ? SIZE_MAX : bad_at);
}

/* Offsets that hold, or none; indices of any kind. */
static embedding_bags take_bags(size_t V, size_t D) {
    const size_t num_bags = take_below(7), equal = take_below(20);
    const int is_equal = take_byte() % 3 == 0;
    embedding_bags bags = {.num_bags = num_bags, .num_offsets = is_equal ? 0 : num_bags + (num_bags > 0 && take_byte() % 2),
                           .num_embeddings = V, .embedding_dim = D, .mode = (embedding_bag_mode)(take_byte() % 3)};
    int32_t *offsets = INT32S(bags.num_offsets, 0);
    for (size_t bag = 0; bag < num_bags; bag++) {
        if (!is_equal) offsets[bag] = (int32_t)bags.num_indices;
        bags.num_indices += is_equal ? equal : take_below(30);
    }
    if (bags.num_offsets > num_bags) offsets[num_bags] = (int32_t)bags.num_indices;
    if (num_bags == 0) bags.num_indices = equal;
    bags.indices = take_indices(bags.num_indices, V);
    bags.offsets = is_equal ? NULL : offsets;
    if (bags.mode == EMBEDDING_BAG_SUM && take_byte() % 2) bags.per_sample_weights = take_floats(bags.num_indices);
    bags.padding_idx = V ? take_padding(V) : -1;
    return bags;
}

static void try_bag(void) {
    const int is_far = take_byte() % 32 == 1;
    const size_t D = is_far ? 1 + take_below(80) : take_below(40), V = is_far ? FAR_FLOATS / D : take_below(20);
    const float *weight = is_far ? far_table() + FAR_FLOATS % D : take_floats(V * D);
    const embedding_bags bags = take_bags(V, D);
    const size_t size = bags.num_bags * D, count = bags.num_indices;
    const int is_max = bags.mode == EMBEDDING_BAG_MAX;
    float *output = FLOATS(size, take_below(4)), *expected = FLOATS(size, 0), *before = copy_of(output, size * sizeof(float));
    int32_t *max_indices = INT32S(is_max ? size : 0, 0), *expected_max = INT32S(is_max ? size : 0, 0);
    size_t position = SIZE_MAX;
    const embedding_status status = embedding_bag_forward(output, is_max ? max_indices : NULL, &position, weight, &bags);
    if (!check_status(status, position, first_bad(bags.indices, count, V), count)) {
        EXPECT_BYTES(output, before, size * sizeof(float));
        if (is_max) EXPECT_BYTES(max_indices, before, size * sizeof(float));
        return;
    }
    reference_bag_forward(expected, expected_max, weight, &bags);
    EXPECT_FLOATS(output, expected, size);
    if (is_max) EXPECT_BYTES(max_indices, expected_max, size * sizeof(int32_t));

    const float *grad_output = take_floats(size);
    if (bags.mode == EMBEDDING_BAG_SUM) {
        float *grad_weights = FLOATS(count, 0), *expected_weights = FLOATS(count, 0);
        embedding_bag_per_sample_weights_backward(grad_weights, grad_output, weight, &bags);
        reference_bag_weights_backward(expected_weights, grad_output, weight, &bags);
        EXPECT_FLOATS(grad_weights, expected_weights, count);
    }
    if (is_far) return;
    uint32_t *counts = take_counts(V);
    float *grad_weight = FLOATS(V * D, take_below(4)), *expected_grad = FLOATS(V * D, 0);
    if (is_max) counts = NULL;
    embedding_bag_dense_backward(grad_weight, grad_output, is_max ? max_indices : NULL, &bags, counts);
    reference_bag_dense_backward(expected_grad, grad_output, max_indices, &bags, counts != NULL);
    EXPECT_FLOATS(grad_weight, expected_grad, V * D);
    if (!is_max) {
        int32_t *grad_indices = INT32S(count, 0), *expected_indices = INT32S(count, 0);
        float *grad_values = FLOATS(count * D, 0), *expected_values = FLOATS(count * D, 0);
        const size_t num_rows = embedding_bag_sparse_backward(grad_indices, grad_values, grad_output, &bags, counts);
        expect_rows(grad_indices, grad_values, num_rows, expected_indices, expected_values,
                    reference_bag_sparse_backward(expected_indices, expected_values, grad_output, &bags, counts != NULL), D);
    }
    if (counts) expect_zeros(counts, embedding_backward_scratch(V));
}

static step_options take_options(void) {
    const uint8_t flags = take_byte();
    step_options o = {.nesterov = flags & 1, .maximize = flags >> 1 & 1, .decoupled_weight_decay = flags >> 2 & 1};
    double *const options[] = {&o.lr, &o.momentum, &o.dampening, &o.beta1, &o.beta2, &o.eps, &o.lr_decay, &o.weight_decay};
    const double usual[] = {0.1, 0.9, 0, 0.9, 0.999, 1e-8, 0.1, 0.01};
    for (size_t i = 0; i < 8; i++) *options[i] = flags & 8 ? take_double() : usual[i];
    return o;
}

/* A table and a copy to try the reference on. */
typedef struct {
    float *got, *expected;
} twins;

static twins take_twins(size_t size) {
    twins t = {.got = take_floats(size)};
    t.expected = copy_of(t.got, size * sizeof(float));
    return t;
}

static void try_dense_step(void) {
    const size_t size = take_below(90);
    const step_options o = take_options();
    const uint32_t step = take_byte() % 2 ? 1 + take_byte() : (uint32_t)take_bits(4) | 1;
    const uint8_t kind = take_byte();
    const float *grad = take_floats(size);
    const twins p = take_twins(size), a = take_twins(size), b = take_twins(size), c = take_twins(size);
    if (kind % 3 == 0) {
        const int has_momentum = kind / 3 % 2, is_first = kind / 6 % 2;
        embedding_sgd_step(p.got, has_momentum ? a.got : NULL, grad, size, o.lr, o.momentum, o.dampening, o.weight_decay,
                           o.nesterov, o.maximize, is_first);
        for (size_t d = 0; d < size; d++)
            reference_sgd(p.expected + d, has_momentum ? a.expected + d : NULL, grad[d], &o, is_first);
    } else if (kind % 3 == 1) {
        embedding_adagrad_step(p.got, a.got, grad, NULL, 0, 1, size, o.lr, o.lr_decay, o.eps, o.weight_decay, o.maximize, step);
        for (size_t d = 0; d < size; d++) reference_adagrad(p.expected + d, a.expected + d, grad[d], &o, step);
    } else {
        const int amsgrad = kind / 3 % 2;
        embedding_adam_step(p.got, a.got, b.got, amsgrad ? c.got : NULL, grad, size, o.lr, o.beta1, o.beta2, o.eps, o.weight_decay,
                            o.decoupled_weight_decay, o.maximize, step);
        for (size_t d = 0; d < size; d++)
            reference_adam(p.expected + d, a.expected + d, b.expected + d, amsgrad ? c.expected + d : NULL, grad[d], &o, step);
    }
    EXPECT_FLOATS(p.got, p.expected, size);
    EXPECT_FLOATS(a.got, a.expected, size);
    EXPECT_FLOATS(b.got, b.expected, size);
    EXPECT_FLOATS(c.got, c.expected, size);
}

static void try_step_on_rows(void) {
    const size_t V = 1 + take_below(30), D = take_below(40), num_rows = take_below(V + 1), size = V * D;
    const size_t stated = D && take_byte() % 4 == 0 ? ((size_t)4 << 20) / D + 1 : V; /* only the rows named are read ahead */
    step_options o = take_options();
    const uint32_t step = take_byte() % 2 ? 1 + take_byte() : (uint32_t)take_bits(4) | 1;
    const size_t stride = take_below(V) | 1, start = take_below(V);
    int32_t *rows = INT32S(num_rows, take_below(4));
    uint8_t *is_taken = buffer(V, 0);
    memset(is_taken, 0, V);
    for (size_t n = 0, row = start; n < num_rows; n++, row += stride) {
        while (is_taken[row % V]) row++;
        is_taken[row % V] = 1;
        rows[n] = (int32_t)(row % V);
    }
    const float *values = take_floats(num_rows * D);
    const twins p = take_twins(size), a = take_twins(size), b = take_twins(size);
    o.weight_decay = 0;
    if (take_byte() % 2) {
        embedding_sparse_adam_step(p.got, a.got, b.got, rows, values, num_rows, stated, D, o.lr, o.beta1, o.beta2, o.eps,
                                   o.maximize, step);
        for (size_t n = 0; n < num_rows * D; n++) {
            const size_t at = (size_t)rows[n / D] * D + n % D;
            reference_sparse_adam(p.expected + at, a.expected + at, b.expected + at, values[n], &o, step);
        }
    } else {
        embedding_adagrad_step(p.got, a.got, values, rows, num_rows, stated, D, o.lr, o.lr_decay, o.eps, 0, o.maximize, step);
        for (size_t n = 0; n < num_rows * D; n++) {
            const size_t at = (size_t)rows[n / D] * D + n % D;
            reference_adagrad(p.expected + at, a.expected + at, values[n], &o, step);
        }
    }
    EXPECT_FLOATS(p.got, p.expected, size);
    EXPECT_FLOATS(a.got, a.expected, size);
    EXPECT_FLOATS(b.got, b.expected, size);
}

/* ---- Random numbers and printing -------------------------------------------------------------------------------------- */

static void try_random(void) {
    embedding_random random, copy;
    embedding_random_seed(&random, take_bits(8));
    for (int step = 0; step < 4; step++) {
        const size_t size = take_below(take_byte() % 4 ? 40 : 1500);
        float *drawn = FLOATS(size, take_below(4)), *again = FLOATS(size, 0);
        copy = random;
        if (take_byte() % 2) {
            embedding_random_uniform(drawn, &random, size);
            embedding_random_uniform(again, &copy, size);
            for (size_t n = 0; n < size; n++) EXPECT(drawn[n] >= 0 && drawn[n] < 1);
        } else {
            const double mean = take_double(), std = take_double();
            const int is_tame = fabs(mean) < 1e30 && fabs(std) < 1e30;
            const double furthest = 9 * fabs(std) + 1e-6 * fabs(mean) + 1e-44;
            embedding_random_normal(drawn, &random, size, mean, std);
            embedding_random_normal(again, &copy, size, mean, std);
            for (size_t n = 0; n < size && is_tame; n++) EXPECT(fabs((double)drawn[n] - mean) <= furthest);
        }
        EXPECT_FLOATS(drawn, again, size);
        EXPECT(random.next <= 624 && random.has_cached_normal <= 1);
        EXPECT_BYTES(&random.words, &copy.words, sizeof random.words);
    }
}

/* Where a number as PyTorch prints them ends, or NULL if there is none. */
static const char *past_number(const char *at, float value) {
    if (value != value) return strncmp(at, "nan", 3) == 0 ? at + 3 : NULL;
    if (signbit(value) && *at++ != '-') return NULL;
    if (isinf(value)) return strncmp(at, "inf", 3) == 0 ? at + 3 : NULL;
    const size_t before = strspn(at, "0123456789");
    if (before == 0 || (before > 1 && *at == '0') || at[before] != '.') return NULL;
    at += before + 1;
    const size_t decimals = strspn(at, "0123456789");
    if (decimals != 0 && decimals != 4) return NULL;
    at += decimals;
    if (*at != 'e') return at;
    if (before != 1 || decimals != 4 || (at[1] != '+' && at[1] != '-')) return NULL;
    return strspn(at + 2, "0123456789") == 2 ? at + 4 : NULL;
}

static void try_format(void) {
    const size_t count = take_below(40);
    float *values = take_floats(count);
    if (take_byte() % 2)
        for (size_t n = 0; n < count; n++) values[n] = (float)(int16_t)bits_of(values[n]) / (float)(1 << take_below(12));
    char *text = buffer(count * EMBEDDING_FORMAT_SIZE, 0);
    size_t width = 0, longest = 1;
    const size_t length = embedding_format(text, &width, values, count);
    EXPECT(length <= count * EMBEDDING_FORMAT_SIZE);
    char *const copy = buffer(length + 1, 0), *at = copy;
    if (length) memcpy(copy, text, length);
    copy[length] = 0;
    for (size_t n = 0; n < count; n++) {
        const char *number = at + strspn(at, " "), *past = past_number(number, values[n]);
        trying("value %zu, %a, in \"%.16s\"", n, (double)values[n], at);
        EXPECT(past && *past == '\n');
        EXPECT((size_t)(past - at) == width || (number == at && (size_t)(past - at) > width));
        const size_t size = (size_t)(past - number);
        if (isfinite(values[n]) && values[n] != 0) {
            longest = size > longest ? size : longest;
            const double printed = strtod(number, NULL), value = (double)values[n]; /* half a unit of the last digit printed */
            EXPECT(fabs(printed - value) <= 0.50001e-4 * fmax(1, fabs(value)));
        }
        at += past - at + 1;
    }
    EXPECT(at == copy + length);
    EXPECT_EQUAL(width, longest);
}

/* ---- Tensor operations ------------------------------------------------------------------------------------------------ */

static size_t place(size_t i, const size_t *sizes, const size_t *strides, size_t num_dims) {
    size_t at = 0;
    for (size_t dim = num_dims; dim-- > 0; i /= sizes[dim]) at += i % sizes[dim] * strides[dim];
    return at;
}

static void try_elementwise(void) {
    const size_t num_dims = take_byte() % 8 == 0 ? take_below(TENSOR_MAX_DIMS + 1) : take_below(4);
    size_t *sizes = buffer(num_dims * sizeof(size_t), 0), *strides[2], rooms[2] = {1, 1}, numel = 1;
    for (int k = 0; k < 2; k++) strides[k] = buffer(num_dims * sizeof(size_t), 0);
    for (size_t dim = 0; dim < num_dims; dim++) {
        sizes[dim] = num_dims > 4 ? 1 + take_byte() % 2 * (numel < 512) : take_below(10);
        numel *= sizes[dim];
        for (int k = 0; k < 2; k++) {
            strides[k][dim] = take_byte() % 2 ? take_below(12) : take_below(2);
            if (sizes[dim]) rooms[k] += (sizes[dim] - 1) * strides[k][dim];
        }
    }
    if (numel == 0) rooms[0] = rooms[1] = 0;
    const float *a = take_floats(rooms[0]), *b = take_floats(rooms[1]);
    const int32_t *as = take_int32s(rooms[0]), *bs = take_int32s(rooms[1]);
    float *output = FLOATS(numel, take_below(4)), *copy = FLOATS(numel, 0);
    float *product = FLOATS(numel, 0), *quotient = FLOATS(numel, 0);
    int32_t *output_int32 = INT32S(numel, 0), *product_int32 = INT32S(numel, 0);
    const float alpha = (float)take_double();
    const int32_t alpha_int32 = (int32_t)take_bits(4);
    tensor_add(output, a, b, sizes, strides[0], strides[1], num_dims, alpha);
    tensor_mul(product, a, b, sizes, strides[0], strides[1], num_dims);
    tensor_div(quotient, a, b, sizes, strides[0], strides[1], num_dims);
    tensor_expand(copy, a, sizes, strides[0], num_dims);
    tensor_add_int32(output_int32, as, bs, sizes, strides[0], strides[1], num_dims, alpha_int32);
    tensor_mul_int32(product_int32, as, bs, sizes, strides[0], strides[1], num_dims);
    for (size_t i = 0; i < numel; i++) {
        const size_t at = place(i, sizes, strides[0], num_dims), bt = place(i, sizes, strides[1], num_dims);
        EXPECT_FLOAT(output[i], fmaf(alpha, b[bt], a[at]));
        EXPECT_FLOAT(product[i], a[at] * b[bt]);
        EXPECT_FLOAT(quotient[i], a[at] / b[bt]);
        EXPECT_BYTES(copy + i, a + at, 4);
        EXPECT_EQUAL(output_int32[i], (int32_t)((uint32_t)as[at] + (uint32_t)alpha_int32 * (uint32_t)bs[bt]));
        EXPECT_EQUAL(product_int32[i], (int32_t)((uint32_t)as[at] * (uint32_t)bs[bt]));
    }
}

static void try_norm(void) {
    const size_t outer = take_below(6), size = take_below(80), inner = take_byte() % 2 ? 1 : take_below(6);
    const float *values = take_floats(outer * size * inner);
    float *output = FLOATS(outer * inner, take_below(4));
    const double norm_type = take_double();
    tensor_norm(output, values, outer, size, inner, norm_type);
    for (size_t i = 0; i < outer * inner && size > 0; i++)
        EXPECT_FLOAT(output[i], reference_norm(values + i / inner * size * inner + i % inner, size, inner, norm_type));
}

static void try_copies(void) {
    const size_t rows = take_below(40), columns = take_below(40), size = rows * columns, V = 1 + take_below(60);
    const float *values = take_floats(size);
    uint32_t *bits = copy_of(values, size * 4), *transposed = buffer(size * 4, 0), *back = buffer(size * 4, 4);
    tensor_transpose(transposed, bits, rows, columns);
    tensor_transpose(back, transposed, columns, rows);
    EXPECT_BYTES(back, bits, size * 4);
    if (size) EXPECT_EQUAL(transposed[size > 1 && rows > 1 ? 1 : 0], bits[size > 1 && rows > 1 ? columns : 0]);

    int32_t *whole = INT32S(size, take_below(4));
    float *again = FLOATS(size, take_below(4));
    tensor_to_int32(whole, values, size);
    tensor_to_float32(again, whole, size);
    for (size_t n = 0; n < size; n++) {
        const int fits = fabs((double)values[n]) < 0x1p31;
        EXPECT_EQUAL(whole[n], fits ? (int32_t)values[n] : INT32_MIN);
        EXPECT_FLOAT(again[n], fits ? truncf(values[n]) + 0.0f : -0x1p31f);
    }

    int has_nan = 0;
    float *same = copy_of(values, size * 4);
    int32_t *same_whole = copy_of(whole, size * 4);
    for (size_t n = 0; n < size; n++) has_nan |= values[n] != values[n];
    EXPECT_EQUAL(tensor_equal(values, same, size), !has_nan);
    EXPECT_EQUAL(tensor_equal_int32(whole, same_whole, size), 1);
    if (size) {
        same_whole[take_below(size)] ^= 1;
        EXPECT_EQUAL(tensor_equal_int32(whole, same_whole, size), 0);
    }

    const int32_t start = (int32_t)take_bits(4), step = (int32_t)take_bits(4);
    tensor_arange_int32(whole, start, step, size);
    for (size_t n = 0; n < size; n++) EXPECT_EQUAL(whole[n], (int32_t)((uint32_t)start + (uint32_t)step * (uint32_t)n));
    tensor_arange(again, take_double(), take_double(), size);
    tensor_arange(again, start, 0.5, size);
    for (size_t n = 0; n < size; n++) EXPECT_CLOSE((double)again[n], start + 0.5 * (double)n, 1e-6);

    int32_t *indices = take_int32s(rows);
    for (size_t n = 0; n < rows; n++) indices[n] = (int32_t)((uint32_t)indices[n] % V);
    float *hot = FLOATS(rows * V, 0);
    tensor_one_hot(hot, indices, rows, V);
    for (size_t i = 0; i < rows * V; i++) EXPECT_FLOAT(hot[i], (size_t)indices[i / V] == i % V ? 1 : 0);
}

static void try_unary(void) {
    const size_t size = take_below(80);
    const tensor_function function = (tensor_function)take_below(TENSOR_CLAMP_MIN + 1);
    const float parameter = (float)take_double(), *input_values = take_floats(size), *grad_output = take_floats(size);
    float *output = FLOATS(size, take_below(4)), *grad_input = FLOATS(size, take_below(4));
    tensor_unary(output, input_values, size, function, parameter);
    tensor_unary_backward(grad_input, grad_output, input_values, size, function, parameter);
    for (size_t n = 0; n < size; n++) {
        const float x = input_values[n], y = output[n], g = grad_output[n];
        trying("function %d of %a, parameter %g", (int)function, (double)x, (double)parameter);
        if (x != x && function != TENSOR_POW) EXPECT(y != y);
        if (x != x) continue;
        switch (function) {
            case TENSOR_NEG: EXPECT(same_float(y, -x) && same_float(grad_input[n], -g)); break;
            case TENSOR_ABS: EXPECT_FLOAT(y, fabsf(x)); break;
            case TENSOR_SQRT: EXPECT(same_float(y, sqrtf(x)) && same_float(grad_input[n], g / (2 * x))); break;
            case TENSOR_RELU: EXPECT(same_float(y, x < 0 ? 0 : x) && same_float(grad_input[n], x > 0 ? g : 0)); break;
            case TENSOR_EXP: EXPECT(y >= 0 && same_float(grad_input[n], g * x)); break;
            case TENSOR_LOG: EXPECT((y == y) == (x >= 0) && same_float(grad_input[n], g / x)); break;
            case TENSOR_SIGMOID: EXPECT(y >= 0 && y <= 1); break;
            case TENSOR_TANH: EXPECT(y >= -1 && y <= 1 && fabsf(y) <= fabsf(x)); break;
            case TENSOR_LOG_SIGMOID: EXPECT(y <= 0 && y <= x); break;
            case TENSOR_POW: EXPECT(parameter != 2 || same_float(y, x * x)); break;
            case TENSOR_CLAMP_MIN: EXPECT(same_float(y, x < parameter ? parameter : x) && same_float(grad_input[n], g)); break;
        }
    }
    float *scaled = copy_of(input_values, size * sizeof(float));
    tensor_scale(scaled, scaled, size, parameter);
    for (size_t n = 0; n < size; n++) EXPECT_FLOAT(scaled[n], parameter * input_values[n]);
    const int32_t *whole = take_int32s(size);
    int32_t *output_int32 = INT32S(size, 0), *factor = INT32S(size, 0);
    const uint32_t exponent = (uint32_t)take_bits(take_byte() % 5);
    tensor_unary_int32(factor, whole, size, TENSOR_POW, exponent);
    tensor_unary_int32(output_int32, whole, size, TENSOR_POW, exponent + 1);
    for (size_t n = 0; n < size && exponent + 1 != 0; n++)
        EXPECT_EQUAL(output_int32[n], (int32_t)((uint32_t)factor[n] * (uint32_t)whole[n]));
    tensor_unary_int32(output_int32, whole, size, TENSOR_NEG, 0);
    for (size_t n = 0; n < size; n++) EXPECT_EQUAL((uint32_t)output_int32[n] + (uint32_t)whole[n], 0u);
}

static void try_reduce(void) {
    const size_t outer = take_below(5), size = take_below(take_byte() % 8 ? 40 : 2100), inner = take_byte() % 2 ? 1 : take_below(5);
    const size_t results = outer * inner, count = results * size;
    const float *values = take_floats(count), *grad_output = take_floats(results);
    float *output = FLOATS(results, take_below(4)), *grad_input = FLOATS(count, take_below(4));
    const double norm_type = take_double();
    const int is_full = outer == 1 && inner == 1 && take_byte() % 2;
    tensor_sum(output, values, outer, size, inner, take_byte() % 2 ? 1 : (double)size);
    tensor_prod(output, values, outer, size, inner);
    for (size_t i = 0; i < results; i++) {
        float product = 1;
        for (size_t k = 0; k < size; k++) product *= values[i / inner * size * inner + i % inner + k * inner];
        EXPECT_FLOAT(output[i], product);
    }
    tensor_prod_backward(grad_input, grad_output, values, output, outer, size, inner, is_full);
    for (size_t k = 0; k < count && size == 1; k++) /* of one element: g * (x / x) */
        if (isfinite(values[k]) && values[k] != 0) EXPECT_FLOAT(grad_input[k], grad_output[k]);
    tensor_norm(output, values, outer, size, inner, norm_type);
    tensor_norm_backward(grad_input, grad_output, values, output, outer, size, inner, norm_type);
    for (size_t k = 0; k < count; k++) {
        if (norm_type == 0) EXPECT_FLOAT(grad_input[k], 0);
        if (norm_type == 2 && output[k / (size * inner) * inner + k % inner] == 0) EXPECT_FLOAT(grad_input[k], 0);
    }
    const int32_t *whole = take_int32s(count);
    int32_t *sums = INT32S(results, 0), *products = INT32S(results, 0);
    tensor_sum_int32(sums, whole, outer, size, inner);
    tensor_prod_int32(products, whole, outer, size, inner);
    for (size_t i = 0; i < results; i++) {
        uint32_t sum = 0, product = 1;
        for (size_t k = 0; k < size; k++) {
            sum += (uint32_t)whole[i / inner * size * inner + i % inner + k * inner];
            product *= (uint32_t)whole[i / inner * size * inner + i % inner + k * inner];
        }
        EXPECT_EQUAL(sums[i], (int32_t)sum);
        EXPECT_EQUAL(products[i], (int32_t)product);
    }
}

static void try_matmul(void) {
    const size_t rows = take_below(10), inner = take_below(40), columns = take_below(10);
    const int transpose_a = take_byte() % 2, transpose_b = take_byte() % 2;
    const float *a = take_floats(rows * inner), *b = take_floats(inner * columns);
    float *output = FLOATS(rows * columns, take_below(4));
    tensor_matmul(output, a, b, rows, inner, columns, transpose_a, transpose_b);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            float sum = 0;
            for (size_t k = 0; k < inner; k++)
                sum += (transpose_a ? a[k * rows + i] : a[i * inner + k]) * (transpose_b ? b[j * inner + k] : b[k * columns + j]);
            if (transpose_b && !transpose_a) sum = reference_dot(a + i * inner, b + j * inner, inner);
            EXPECT_FLOAT(output[i * columns + j], sum);
        }
}

static void try_softmax(void) {
    const size_t outer = take_below(4), size = take_below(20), inner = take_byte() % 2 ? 1 : take_below(4);
    const size_t count = outer * size * inner;
    const float *values = take_floats(count), *grad_output = take_floats(count);
    float *output = FLOATS(count, take_below(4)), *logarithm = FLOATS(count, take_below(4));
    float *grad_input = FLOATS(count, take_below(4));
    tensor_softmax(output, values, outer, size, inner);
    tensor_log_softmax(logarithm, values, outer, size, inner);
    for (size_t i = 0; i < outer * inner && size > 0; i++) {
        double sum = 0;
        for (size_t k = 0; k < size; k++) {
            const size_t at = i / inner * size * inner + i % inner + k * inner;
            sum += (double)output[at];
            EXPECT(output[at] != output[at] || (output[at] >= 0 && output[at] <= 1));
            EXPECT(logarithm[at] != logarithm[at] || logarithm[at] <= 0);
            EXPECT_EQUAL(output[at] != output[at], logarithm[at] != logarithm[at]);
        }
        EXPECT(sum != sum || fabs(sum - 1) < TOLERANCE);
    }
    tensor_softmax_backward(grad_input, grad_output, output, outer, size, inner);
    tensor_log_softmax_backward(grad_input, grad_output, logarithm, outer, size, inner);
    if (size == 0) return;
    const size_t rows = outer * inner;
    const int32_t *targets = take_valid_indices(rows, size);
    const float loss = tensor_nll_mean(values, targets, rows, size), g = (float)take_double();
    if (rows == 0) EXPECT(loss != loss);
    tensor_nll_mean_backward(grad_input, g, targets, rows, size);
    for (size_t i = 0; i < rows * size; i++)
        EXPECT_FLOAT(grad_input[i], (size_t)targets[i / size] == i % size ? -g / (float)rows : 0);
}

/* ---- The heap ---------------------------------------------------------------------------------------------------------- */

static void try_heap(void) {
    struct {
        uint8_t *start;
        size_t size;
    } live[32] = {{NULL, 0}};
    start_heap(take_below(32) * 16, (size_t)65536 * take_below(3), (size_t)65536 * (2 + take_below(62)));
    for (int step = 0; step < 200 && input_left; step++) {
        const size_t at = take_below(32);
        host.refuses = take_byte() % 16 == 0;
        if (live[at].start) {
            for (size_t i = 0; i < live[at].size; i++)
                if (live[at].start[i] != (uint8_t)at) EXPECT_EQUAL(live[at].start[i], at);
            memory_release(live[at].start);
            live[at].start = NULL;
            continue;
        }
        const uint8_t kind = take_byte();
        const size_t size = kind < 200 ? kind : kind < 230 ? take_bits(2) : kind < 254 ? take_bits(3) : take_bits(8);
        const size_t available = memory_available();
        uint8_t *start = memory_allocate(size);
        if (size == 0 || size > available) EXPECT(!start);
        else if (!host.refuses) EXPECT(start != NULL);
        if (!start) continue;
        EXPECT((uintptr_t)start % 16 == 0 && (uintptr_t)start >= host.begin && (uintptr_t)start + size <= host.end);
        for (int other = 0; other < 32; other++)
            if (live[other].start) EXPECT(start + size <= live[other].start || live[other].start + live[other].size <= start);
        memset(start, (int)at, size);
        live[at].start = start;
        live[at].size = size;
    }
    walk();
    for (int at = 0; at < 32; at++) memory_release(live[at].start);
    EXPECT(walk() <= 1);
}

/* ---- The target -------------------------------------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    void (*const functions[])(void) = {
        try_check_indices, try_narrow_indices, try_forward,       try_renorm,   try_far_renorm, try_nearest, try_dequantize,
        try_gradient,      try_check_offsets,  try_bag,           try_bag,      try_random,     try_format,  try_dense_step,
        try_step_on_rows,  try_elementwise,    try_unary,         try_reduce,   try_norm,       try_matmul,  try_softmax,
        try_copies,        try_heap,
    };
    test.name = "fuzz_embedding";
    input = data;
    input_left = size;
    for (int step = 0; step < 4 && input_left; step++) {
        *test.detail = 0;
        functions[take_byte() % (sizeof functions / sizeof *functions)]();
        free_buffers();
    }
    return 0;
}
