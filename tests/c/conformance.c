/* Runs every function of the headers over the same inputs in every build and writes a line of text for each group of results, so
   that the builds can be compared: "name: hash of the output bytes" where all bits must agree, and "~ name: values" where expf,
   logf or powf, which differ between C libraries, have been at work. NaNs that arithmetic made are hashed as one NaN: their bits
   are not specified. Needs no input or output, so that it runs as a module without imports; conformance.test.js reads the text. */
#include <math.h>
#include <string.h>

#include "embedding.h"
#include "inputs.h"
#include "lab/lab.h"
#include "multiply_add.h"
#include "ops/tensor.h"
#include "wasm/memory.h"

/* ---- Text and hashes ----------------------------------------------------------------------------------------------- */

static char text[1 << 18];
static size_t length;

static void write_text(const char *characters) {
    while (*characters) text[length++] = *characters++;
}

static void write_number(uint64_t number) {
    char digits[21] = {0};
    size_t first = 20;
    do digits[--first] = (char)('0' + number % 10);
    while (number /= 10);
    write_text(digits + first);
}

static void write_hex(uint64_t bits, int digits) {
    while (digits-- > 0) text[length++] = "0123456789abcdef"[bits >> 4 * digits & 15];
}

static uint64_t hash;

/* FNV-1a. */
static void hash_bytes(const void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) hash = (hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
}

static void hash_number(uint64_t number) { hash_bytes(&number, sizeof number); }

static uint32_t canonical_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return value == value ? bits : 0x7fc00000;
}

static void hash_floats(const float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const uint32_t bits = canonical_bits(values[i]);
        hash_bytes(&bits, 4);
    }
}

static void begin_group(const char *name) {
    hash = 0xcbf29ce484222325u;
    write_text(name);
}

static void begin_group_of(const char *name, size_t number) {
    begin_group(name);
    write_text(" ");
    write_number(number);
}

static void end_group(void) {
    write_text(": ");
    write_hex(hash, 16);
    write_text("\n");
}

static void begin_values(const char *name, size_t number) {
    write_text("~ ");
    begin_group_of(name, number);
    write_text(":");
}

static void write_values(const float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        write_text(" ");
        write_hex(canonical_bits(values[i]), 8);
    }
}

/* ---- Inputs -------------------------------------------------------------------------------------------------------- */

#define MAX_LENGTH 1023
#define MAX_ROWS 40
#define FAR_FLOATS ((4 << 20) + 64) /* more than 16 MiB */

static inputs from;
static float weight[MAX_ROWS * MAX_LENGTH], output[MAX_ROWS * MAX_LENGTH], other[MAX_ROWS * MAX_LENGTH], far_weight[FAR_FLOATS];
static int32_t indices[1024], narrowed[1024], rescaled[1024];
static int32_t a_ints[6 * MAX_LENGTH + 6], b_ints[6 * MAX_LENGTH + 6], ints[6 * MAX_LENGTH];
static int64_t wide[1024];
static uint64_t visited[FAR_FLOATS / 64 + 1], coalesce_scratch[24000];
static float more[MAX_ROWS * MAX_LENGTH], sample_weights[1024];
static uint32_t counts_of_rows[MAX_ROWS];
static uint8_t seen[1024];

static const double EXACT_NORMS[] = {2, 1, 0, INFINITY, -INFINITY};
static const double POWER_NORMS[] = {3, 0.5, -1, 2.5, NAN};

/* ---- Lookup -------------------------------------------------------------------------------------------------------- */

static void check_and_narrow(void) {
    begin_group("check_indices");
    for (size_t count = 0; count <= 200; count++) {
        size_t position = 0;
        fill_indices(&from, indices, count, 50);
        for (size_t bad = count % 4; bad > 1; bad--) {
            const size_t at = draw_below(&from, count);
            indices[at] = (int32_t)draw_bits(&from);
        }
        hash_number(embedding_check_indices(&position, indices, count, 50));
        hash_number(position);
    }
    end_group();
    begin_group("narrow_indices");
    for (size_t count = 0; count <= 200; count++) {
        size_t position = 0;
        for (size_t n = 0; n < count; n++) wide[n] = (int64_t)draw_below(&from, 50);
        const size_t at = count ? draw_below(&from, count) : 0;
        if (count % 4 == 1) wide[at] = (int64_t)draw_bits(&from);
        if (count % 4 == 2) wide[at] |= (int64_t)1 << 32;
        if (count % 4 == 3 && count % 8 == 3) wide[at] = 50;
        memset(narrowed, 0, sizeof narrowed);
        hash_number(embedding_narrow_indices(narrowed, &position, wide, count, 50));
        hash_number(position);
        hash_bytes(narrowed, count * sizeof(int32_t));
        hash_number(embedding_narrow_indices((int32_t *)wide, &position, wide, count, 50)); /* in place */
        hash_bytes(wide, count * sizeof(int64_t));
    }
    end_group();
}

static void forward(void) {
    const size_t counts[] = {0, 1, 2, 3, 4, 5, 9, 23};
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i), V = 9;
        size_t position = 0;
        begin_group_of("forward", D);
        draw_bytes(&from, weight, V * D * sizeof(float));
        for (size_t j = 0; j < 8; j++) {
            fill_indices(&from, indices, counts[j], V);
            hash_number(embedding_forward(output, &position, weight, indices, counts[j], V, D));
            hash_bytes(output, counts[j] * D * sizeof(float));
        }
        end_group();
    }
    const size_t far_lengths[] = {1, 4, 5, 16, 33, 64, 65};
    for (size_t d = 0; d < FAR_FLOATS; d++) {
        const uint32_t bits = (uint32_t)d * 2654435761u;
        memcpy(far_weight + d, &bits, 4);
    }
    for (size_t i = 0; i < 7; i++) {
        const size_t D = far_lengths[i], V = (4 << 20) / D + 1;
        size_t position = 0;
        begin_group_of("forward far", D);
        fill_indices(&from, indices, 600, V);
        hash_number(embedding_forward(output, &position, far_weight, indices, 600, V, D));
        hash_bytes(output, 600 * D * sizeof(float));
        end_group();
    }
}

/* ---- Norms and max_norm -------------------------------------------------------------------------------------------- */

static void fill_rows(size_t D, size_t kind) {
    if (kind % 2) fill_hard(&from, weight, MAX_ROWS * D);
    else fill_plain(&from, weight, MAX_ROWS * D);
}

static void renorm(size_t D, double max_norm, double norm_type, size_t num_indices) {
    size_t position = 0, num_rescaled = 0;
    fill_indices(&from, indices, num_indices, MAX_ROWS);
    hash_number(embedding_renorm(weight, rescaled, &num_rescaled, &position, indices, num_indices, MAX_ROWS, D, max_norm,
                                 norm_type, visited));
    hash_number(num_rescaled);
    hash_bytes(rescaled, num_rescaled * sizeof(int32_t));
    hash_number(visited[0]);
}

static void norms(void) {
    const double max_norms[] = {1, 0, 2.5, -1, 1e20};
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i);
        begin_group_of("norm", D);
        for (size_t kind = 0; kind < 2; kind++) {
            fill_rows(D, kind);
            for (size_t p = 0; p < 5; p++) {
                tensor_norm(output, weight, MAX_ROWS, D, 1, EXACT_NORMS[p]);
                hash_floats(output, MAX_ROWS);
                tensor_norm(output, weight, 4, D, 10, EXACT_NORMS[p]);
                hash_floats(output, 40);
            }
        }
        end_group();
        begin_group_of("renorm", D);
        for (size_t kind = 0; kind < 10; kind++) {
            fill_rows(D, kind);
            renorm(D, max_norms[kind / 2], EXACT_NORMS[kind % 5], 30);
            hash_floats(weight, MAX_ROWS * D);
        }
        end_group();
    }
    for (size_t i = 0; i < ROW_LENGTHS; i += 4) {
        const size_t D = row_length(i);
        for (size_t p = 0; p < 5; p++) {
            begin_values("norm, power", D);
            for (size_t kind = 0; kind < 2; kind++) {
                fill_rows(D, kind);
                tensor_norm(output, weight, 8, D, 1, POWER_NORMS[p]);
                write_values(output, 8);
                tensor_norm(output, weight, 1, D, 5, POWER_NORMS[p]);
                write_values(output, 5);
            }
            write_text("\n");
            begin_values("renorm, power", D);
            fill_rows(D, 0);
            renorm(D, 1, POWER_NORMS[p], 30);
            for (size_t row = 0; row < MAX_ROWS; row += 8) write_values(weight + row * D, D < 3 ? D : 3);
            write_text("\n");
        }
    }
    begin_group("renorm far");
    for (size_t d = 0; d < FAR_FLOATS; d++) far_weight[d] = (float)(d % 1000) / 100;
    for (size_t D = 3; D < 20; D += 5) {
        const size_t V = (4 << 20) / D + 1;
        size_t position = 0, num_rescaled = 0;
        fill_indices(&from, indices, 1000, V);
        embedding_renorm(far_weight, rescaled, &num_rescaled, &position, indices, 1000, V, D, 2, 2, visited);
        hash_bytes(rescaled, num_rescaled * sizeof(int32_t));
        embedding_forward(output, &position, far_weight, indices, 1000, V, D);
        hash_bytes(output, 1000 * D * sizeof(float));
    }
    end_group();
}

/* Inputs that random ones miss. */
static void hard_norms(void) {
    const float rows[][20] = {
        {3, 4},                                                       /* equal to max_norm */
        {16777216, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1},               /* the order of the sums */
        {16777216, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
        {1e20f, -1e20f, 1, 0, -0.0f},                                 /* squares overflow */
        {-0x1.fffffep+127f, 0x1.fffffep+127f},                        /* so does the sum */
        {1e-23f, 1e-23f, -1e-23f},                                    /* squares are denormal */
        {0x1p-149f, -0x1p-149f, 0x1p-126f},
        {-0.0f, -0.0f, -0.0f},
        {INFINITY, 1, -2, NAN},
        {INFINITY, 1, -2, -INFINITY},
        {1, 2, NAN, 1e30f, -5},
        {0, NAN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin_group_of("hard norms", i);
        for (size_t p = 0; p < 5; p++)
            for (size_t D = 1; D <= 20; D++) {
                memcpy(weight, rows[i], sizeof rows[i]);
                tensor_norm(output, weight, 1, D, 1, EXACT_NORMS[p]);
                hash_floats(output, 1);
                size_t position;
                indices[0] = 0;
                embedding_renorm(weight, NULL, NULL, &position, indices, 1, 1, D, 5, EXACT_NORMS[p], visited);
                hash_floats(weight, 20);
            }
        end_group();
    }
}

/* ---- Nearest rows, int8 rows --------------------------------------------------------------------------------------- */

static void nearest_rows(void) {
    static double row_norms[MAX_ROWS];
    const embedding_metric metrics[] = {EMBEDDING_COSINE, EMBEDDING_DOT, EMBEDDING_EUCLIDEAN};
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i);
        begin_group_of("nearest", D);
        for (size_t kind = 0; kind < 12; kind++) {
            fill_rows(D, kind);
            fill_plain(&from, other, D);
            fill_indices(&from, indices, 5, MAX_ROWS);
            embedding_row_norms(row_norms, weight, MAX_ROWS, D);
            for (size_t row = 0; row < MAX_ROWS; row++) hash_floats((const float[]){(float)row_norms[row]}, 1);
            size_t position = 0, count = 0;
            embedding_nearest(rescaled, output, &count, &position, weight, kind % 2 ? row_norms : NULL, other, indices, kind % 4 ? 5 : 0,
                              MAX_ROWS, D, 1 + kind * 4, metrics[kind % 3], visited);
            hash_number(count);
            hash_bytes(rescaled, count * sizeof(int32_t));
            hash_floats(output, count);
        }
        draw_bytes(&from, weight, MAX_ROWS * D);
        fill_hard(&from, other, MAX_ROWS);
        embedding_dequantize(output, (const int8_t *)weight, other, MAX_ROWS, D);
        hash_floats(output, MAX_ROWS * D);
        end_group();
    }
}

/* ---- Random numbers ------------------------------------------------------------------------------------------------ */

static void random_numbers(void) {
    embedding_random random;
    for (uint64_t seed = 0; seed < 8; seed++) {
        embedding_random_seed(&random, seed * 0x123456789u);
        begin_group_of("uniform, seed", seed);
        for (size_t size = 0; size < 800; size += 1 + size / 3) {
            embedding_random_uniform(output, &random, size);
            hash_bytes(output, size * sizeof(float));
        }
        hash_bytes(random.words, sizeof random.words);
        hash_number(random.next);
        end_group();
        begin_group_of("normal below 16, seed", seed);
        for (size_t round = 0; round < 2000; round++) {
            const size_t size = round % 16;
            embedding_random_normal(output, &random, size, round % 3 ? 0 : 0.7, round % 3 ? 1 : 3.3);
            hash_floats(output, size);
            hash_number(random.has_cached_normal);
        }
        hash_bytes(random.words, sizeof random.words);
        end_group();
        begin_group_of("normal from 16, seed", seed);
        for (size_t size = 16; size < 20000; size += size < 80 ? 1 : size / 2) {
            embedding_random_normal(output, &random, size, size % 3 ? 0 : 0.7, size % 3 ? 1 : 3.3);
            hash_floats(output, size);
        }
        hash_bytes(random.words, sizeof random.words);
        hash_number(random.next);
        end_group();
    }
}

static void fused(void) {
    const float cases[][3] = {{0x1.000002p+0f, 0x1.fffffcp-25f, 1}, {0x1.000002p+0f, 0x1.fffffcp-25f, 0x1.000002p+0f},
                              {0x1.0016a0p+0f, 0x1.ffd2c4p-25f, 1}, {-0x1.0016a0p+0f, 0x1.ffd2c4p-25f, -1},
                              {0x1.000002p+0f, 0x1.000002p+0f, -0x1.000004p+0f}, {0x1p+100f, 0x1p+100f, -INFINITY},
                              {0x1p-149f, 0.5f, 0}, {0x1p-149f, 0.5f, 0x1p-149f}, {-0.0f, 1, 0}, {0, -1, -0.0f}, {1, 1, -1},
                              {0x1.fffffep+127f, 1, 0x1p+103f}, {INFINITY, 0, 1}};
    begin_group("multiply_add, named");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const float result = multiply_add(cases[i][0], cases[i][1], cases[i][2]);
        hash_floats(&result, 1);
    }
    end_group();
    begin_group("multiply_add, any bits");
    for (size_t round = 0; round < 200000; round++) {
        float values[3];
        draw_bytes(&from, values, sizeof values);
        values[0] = multiply_add(values[0], values[1], values[2]);
        hash_floats(values, 1);
    }
    end_group();
    begin_group("multiply_add, near ties");
    for (size_t round = 0; round < 200000; round++) {
        const float c = 1 + (float)draw_below(&from, 1 << 23) * 0x1p-23f;
        const float near_one = 1 + (float)draw_below(&from, 64) * 0x1p-23f;
        const float near_half_step = (1 + ((float)draw_below(&from, 128) - 64) * 0x1p-24f) * 0x1p-24f;
        const float result = multiply_add(near_one, round % 2 ? near_half_step : -near_half_step, c);
        hash_floats(&result, 1);
    }
    end_group();
}

/* ---- Printing ------------------------------------------------------------------------------------------------------ */

static void print(void) {
    static char lines[1000 * EMBEDDING_FORMAT_SIZE];
    for (size_t kind = 0; kind < 5; kind++) {
        begin_group_of("format", kind);
        for (size_t round = 0; round < 4000; round++) {
            const size_t count = round % 7;
            size_t width = 0;
            if (kind == 0) fill_hard(&from, weight, count);
            else if (kind == 1) draw_bytes(&from, weight, count * sizeof(float));
            else fill_plain(&from, weight, count);
            for (size_t n = 0; n < count; n++) {
                if (kind == 3) weight[n] = (float)(int)(weight[n] * 1e4f);
                if (kind == 4) weight[n] = (float)(1 + 2 * draw_below(&from, 1 << 18)) / 32; /* ties */
            }
            const size_t size = embedding_format(lines, &width, weight, count);
            hash_bytes(lines, size);
            hash_number(width);
        }
        end_group();
    }
    begin_group("format, every exponent");
    for (uint32_t bits = 0x7fff; bits < 0x7f800000; bits += 0xffff) {
        memcpy(weight, &bits, 4);
        weight[1] = weight[0] > 1e-3f ? 1e-30f : 1e30f;
        hash_bytes(lines, embedding_format(lines, NULL, weight, 2));
    }
    end_group();
}

/* ---- Tensor operations --------------------------------------------------------------------------------------------- */

static void tensors(void) {
    const float alphas[] = {1, -1, 0.3f, 2};
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i), sizes[] = {3, 2, D}, dense[] = {2 * D, D, 1}, row[] = {0, 0, 1}, column[] = {2, 1, 0};
        const size_t reversed[] = {1, 3, 6}, *strides[] = {dense, row, column, reversed};
        begin_group_of("elementwise", D);
        fill_hard(&from, weight, 6 * D + 6);
        fill_hard(&from, other, 6 * D + 6);
        draw_bytes(&from, a_ints, (6 * D + 6) * 4);
        draw_bytes(&from, b_ints, (6 * D + 6) * 4);
        for (size_t a = 0; a < 4; a++)
            for (size_t b = 0; b < 4; b++) {
                tensor_add(output, weight, other, sizes, strides[a], strides[b], 3, alphas[(a + b) % 4]);
                hash_floats(output, 6 * D);
                tensor_mul(output, weight, other, sizes, strides[a], strides[b], 3);
                hash_floats(output, 6 * D);
                tensor_div(output, weight, other, sizes, strides[a], strides[b], 3);
                hash_floats(output, 6 * D);
                tensor_add_int32(ints, a_ints, b_ints, sizes, strides[a], strides[b], 3, -3);
                hash_bytes(ints, 6 * D * 4);
                tensor_mul_int32(ints, a_ints, b_ints, sizes, strides[a], strides[b], 3);
                hash_bytes(ints, 6 * D * 4);
                tensor_expand(output, weight, sizes, strides[a], 3);
                hash_bytes(output, 6 * D * 4);
            }
        end_group();
        begin_group_of("copies and fills", D);
        tensor_transpose((uint32_t *)ints, (const uint32_t *)a_ints, 6, D);
        hash_bytes(ints, 6 * D * 4);
        for (size_t d = 0; d < 6 * D; d++) other[d] = weight[d] * 1e8f;
        tensor_to_int32(ints, other, 6 * D);
        hash_bytes(ints, 6 * D * 4);
        tensor_to_float32(output, b_ints, D);
        hash_bytes(output, D * 4);
        tensor_arange(output, 0.1 * (double)i, 0.37, D);
        hash_bytes(output, D * 4);
        tensor_arange_int32(ints, 5, -3, D);
        hash_bytes(ints, D * 4);
        fill_indices(&from, indices, 20, D + 1);
        tensor_one_hot(output, indices, 20, D + 1);
        hash_bytes(output, 20 * (D + 1) * 4);
        memcpy(output, weight, 6 * D * 4);
        memcpy(ints, a_ints, 6 * D * 4);
        hash_number((uint64_t)tensor_equal(output, weight, 6 * D));
        hash_number((uint64_t)tensor_equal_int32(ints, a_ints, 6 * D));
        hash_number((uint64_t)tensor_equal(output, other, 6 * D));
        hash_number((uint64_t)tensor_equal_int32(ints, b_ints, 6 * D));
        end_group();
    }
}

/* ---- Gradients ----------------------------------------------------------------------------------------------------- */

static void coalesce(size_t count, size_t V, size_t D) {
    const size_t num_rows = embedding_coalesce(rescaled, output, narrowed, more, count, V, D, coalesce_scratch, seen);
    hash_bytes(rescaled, num_rows * sizeof(int32_t));
    hash_floats(output, num_rows * D);
}

static void gradients(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i), V = 9;
        begin_group_of("gradients", D);
        for (size_t round = 0; round < 6; round++) {
            const size_t count = round * 7;
            const int32_t padding_idx = round % 3 ? (int32_t)round : -1;
            uint32_t *counts = round % 2 ? counts_of_rows : NULL;
            fill_rows(D, 0);
            if (round < 4) fill_plain(&from, other, count * D);
            else fill_hard(&from, other, count * D);
            fill_indices(&from, indices, count, V);
            embedding_dense_backward(output, other, indices, count, V, D, padding_idx, counts);
            hash_floats(output, V * D);
            const size_t size = embedding_sparse_backward(narrowed, more, other, indices, count, D, padding_idx, counts);
            hash_bytes(narrowed, size * sizeof(int32_t));
            hash_floats(more, size * D);
            coalesce(size, V, D);
            embedding_add_rows(weight, narrowed, more, size, D, -0.3f);
            hash_floats(weight, V * D);
        }
        hash_bytes(counts_of_rows, sizeof counts_of_rows);
        end_group();
    }
    const size_t tables[] = {1, 64, 65, 4096, 4097, 262145, 1000000};
    for (size_t i = 0; i < 7; i++) {
        begin_group_of("coalesce", tables[i]);
        fill_indices(&from, narrowed, 1000, tables[i]);
        fill_plain(&from, more, 3000);
        coalesce(1000, tables[i], 3);
        hash_bytes(coalesce_scratch, sizeof coalesce_scratch);
        end_group();
    }
    const size_t far_lengths[] = {1, 6, 64, 128, 129};
    for (size_t i = 0; i < 5; i++) {
        const size_t D = far_lengths[i], V = (4 << 20) / D + 1;
        size_t position = 0;
        begin_group_of("gradients far", D);
        fill_indices(&from, indices, 200, V);
        for (size_t n = 0; n < 200; n += 3) indices[n] = indices[n / 2];
        fill_plain(&from, other, 200 * D);
        embedding_dense_backward(far_weight, other, indices, 200, V, D, indices[0], NULL);
        embedding_forward(output, &position, far_weight, indices, 200, V, D);
        hash_floats(output, 200 * D);
        end_group();
    }
}

/* ---- Bags ---------------------------------------------------------------------------------------------------------- */

/* Bags of 0 to 11 positions, or of 20, by round. */
static embedding_bags draw_bags(size_t round, size_t V, size_t D) {
    embedding_bags bags = {.indices = indices, .num_bags = 5, .num_embeddings = V, .embedding_dim = D, .num_offsets = 5 + round % 2,
                           .padding_idx = round % 3 ? (int32_t)(round % 4) : -1, .mode = (embedding_bag_mode)(round % 3)};
    for (size_t bag = 0; bag < 6; bag++) {
        rescaled[bag] = (int32_t)bags.num_indices;
        if (bag < 5) bags.num_indices += round % 4 == 3 ? 20 : draw_below(&from, 12);
    }
    bags.offsets = rescaled;
    if (round % 4 == 3) {
        bags.offsets = NULL;
        bags.num_offsets = 0;
    }
    fill_indices(&from, indices, bags.num_indices, V);
    fill_plain(&from, sample_weights, bags.num_indices);
    if (round % 6 == 3) bags.per_sample_weights = sample_weights; /* of sums */
    return bags;
}

static void bag_forward(const float *table, const embedding_bags *bags) {
    size_t position = 0;
    hash_number(embedding_bag_forward(output, ints, &position, table, bags));
    hash_floats(output, bags->num_bags * bags->embedding_dim);
    if (bags->mode == EMBEDDING_BAG_MAX) hash_bytes(ints, bags->num_bags * bags->embedding_dim * sizeof(int32_t));
}

static void bags_of_rows(void) {
    begin_group("check_offsets");
    for (size_t round = 0; round < 300; round++) {
        size_t position = 0;
        const size_t count = draw_below(&from, 8);
        int32_t offset = 0;
        for (size_t bag = 0; bag < count; bag++) {
            narrowed[bag] = offset;
            offset += (int32_t)draw_below(&from, 5);
        }
        if (count && round % 2) narrowed[draw_below(&from, count)] += (int32_t)draw_below(&from, 9) - 4;
        hash_number(embedding_check_offsets(&position, narrowed, count, (size_t)offset, round % 3 == 0));
        hash_number(position);
    }
    end_group();
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i), V = 9;
        begin_group_of("bags", D);
        for (size_t round = 0; round < 12; round++) {
            fill_rows(D, round / 6);
            const embedding_bags bags = draw_bags(round, V, D);
            uint32_t *counts = round % 2 ? counts_of_rows : NULL;
            bag_forward(weight, &bags);
            if (round % 4 == 0) fill_hard(&from, other, 5 * D);
            else fill_plain(&from, other, 5 * D);
            embedding_bag_dense_backward(more, other, ints, &bags, counts);
            hash_floats(more, V * D);
            if (bags.mode != EMBEDDING_BAG_MAX && bags.num_indices <= MAX_ROWS) {
                const size_t size = embedding_bag_sparse_backward(narrowed, more, other, &bags, counts);
                hash_bytes(narrowed, size * sizeof(int32_t));
                hash_floats(more, size * D);
            }
            embedding_bag_per_sample_weights_backward(more, other, weight, &bags);
            hash_floats(more, bags.num_indices);
        }
        hash_bytes(counts_of_rows, sizeof counts_of_rows);
        end_group();
    }
    for (size_t d = 0; d < FAR_FLOATS; d++) far_weight[d] = (float)(int32_t)((uint32_t)d * 2654435761u) * 0x1p-29f;
    const size_t far_lengths[] = {1, 6, 64, 65};
    for (size_t i = 0; i < 4; i++) {
        begin_group_of("bags far", far_lengths[i]);
        for (size_t round = 0; round < 12; round++) {
            embedding_bags bags = draw_bags(round, (4 << 20) / far_lengths[i] + 1, far_lengths[i]);
            bags.padding_idx = bags.num_indices ? indices[0] : -1;
            bag_forward(far_weight, &bags);
            if (round % 4 != 3) continue;
            bags.num_bags = 1; /* a bag of 100 */
            bag_forward(far_weight, &bags);
        }
        end_group();
    }
}

/* ---- Optimiser steps ------------------------------------------------------------------------------------------------- */

static void optimizers(void) {
    static float state[4][MAX_ROWS * MAX_LENGTH];
    const double rates[] = {0.1, 1e-3, 2}, decays[] = {0, 0.1}, momenta[] = {0.9, 0.5}, betas[] = {0.9, 0, 0.5, 0.999};
    const uint32_t steps[] = {1, 2, 3, 1000, 4000000000u};
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i), V = 9, size = V * D;
        begin_group_of("optimizers", D);
        for (size_t round = 0; round < 8; round++) {
            const double lr = rates[round % 3], decay = decays[round / 2 % 2];
            const double beta1 = betas[round % 4], beta2 = betas[3 - round / 2];
            const uint32_t step = steps[(i + round) % 5];
            const int maximize = round % 2, flag = round / 4 % 2;
            const size_t table_size = round % 3 ? V : (8 << 20) / (D + 1); /* or said to be far: only the rows named are read */
            for (size_t k = 0; k < 4; k++) {
                fill_plain(&from, state[k], size);
                for (size_t d = 0; d < size && k > 1; d++) state[k][d] *= state[k][d];
            }
            if (round % 4) fill_plain(&from, other, size);
            else fill_hard(&from, other, size);
            embedding_sgd_step(state[0], round % 4 ? state[1] : NULL, other, size, lr, momenta[flag], decay, decay, flag, maximize,
                               round % 4 == 1);
            hash_floats(state[0], size);
            hash_floats(state[1], size);
            embedding_adam_step(state[0], state[1], state[2], flag ? state[3] : NULL, other, size, lr, beta1, beta2, 1e-8, decay,
                                round % 2, maximize, step);
            for (size_t k = 0; k < 4; k++) hash_floats(state[k], size);
            embedding_adagrad_step(state[0], state[3], other, NULL, 0, V, D, lr, decay, 1e-10, decay, maximize, step);
            hash_floats(state[0], size);
            hash_floats(state[3], size);
            for (size_t n = 0; n < V; n++) rescaled[n] = (int32_t)((n * 4 + round) % V);
            embedding_sparse_adam_step(state[0], state[1], state[2], rescaled, other, round, table_size, D, lr, beta1, beta2, 1e-8,
                                       maximize, step);
            for (size_t k = 0; k < 3; k++) hash_floats(state[k], size);
            embedding_adagrad_step(state[0], state[3], other, rescaled, round, table_size, D, lr, decay, 1e-10, 0, maximize, step);
            hash_floats(state[0], size);
            hash_floats(state[3], size);
        }
        end_group();
    }
}

/* ---- Functions of one element, reductions, products, softmax ---------------------------------------------------------- */

static void unary(void) {
    static const struct {
        tensor_function function;
        float parameter;
    } exact[] = {{TENSOR_NEG, 0},  {TENSOR_ABS, 0},      {TENSOR_SQRT, 0},        {TENSOR_RELU, 0}, {TENSOR_TANH, 0},
                 {TENSOR_POW, 2},  {TENSOR_POW, 3},      {TENSOR_POW, 1},         {TENSOR_POW, -1}, {TENSOR_POW, -2},
                 {TENSOR_POW, 0.5f}, {TENSOR_POW, -0.5f}, {TENSOR_CLAMP_MIN, 0.5f}, {TENSOR_CLAMP_MIN, 0}},
      exact_backward[] = {{TENSOR_NEG, 0},     {TENSOR_ABS, 0},  {TENSOR_SQRT, 0}, {TENSOR_RELU, 0}, {TENSOR_TANH, 0},
                          {TENSOR_SIGMOID, 0}, {TENSOR_EXP, 0},  {TENSOR_LOG, 0},  {TENSOR_POW, 0},  {TENSOR_POW, 2},
                          {TENSOR_POW, 3},     {TENSOR_POW, -1}, {TENSOR_POW, 0.5f}, {TENSOR_CLAMP_MIN, 0.5f}},
      inexact[] = {{TENSOR_EXP, 0},         {TENSOR_LOG, 0},    {TENSOR_SIGMOID, 0},
                   {TENSOR_LOG_SIGMOID, 0}, {TENSOR_POW, 1.7f}, {TENSOR_POW, -3}};
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i);
        begin_group_of("functions", D);
        for (size_t kind = 0; kind < 2; kind++) {
            fill_rows(D, kind);
            fill_plain(&from, other, D);
            for (size_t k = 0; k < sizeof exact / sizeof *exact; k++) {
                tensor_unary(output, weight, D, exact[k].function, exact[k].parameter);
                hash_floats(output, D);
            }
            for (size_t k = 0; k < sizeof exact_backward / sizeof *exact_backward; k++) {
                tensor_unary_backward(output, other, weight, D, exact_backward[k].function, exact_backward[k].parameter);
                hash_floats(output, D);
            }
            tensor_scale(output, weight, D, 0.3f);
            hash_floats(output, D);
        }
        draw_bytes(&from, a_ints, D * sizeof(int32_t));
        for (size_t k = 0; k < 8; k++) {
            const tensor_function of_whole_numbers[] = {TENSOR_NEG, TENSOR_ABS, TENSOR_RELU, TENSOR_POW};
            tensor_unary_int32(ints, a_ints, D, of_whole_numbers[k % 4], (uint32_t)(k * 5));
            hash_bytes(ints, D * sizeof(int32_t));
        }
        end_group();
    }
    for (size_t k = 0; k < sizeof inexact / sizeof *inexact; k++)
        for (size_t round = 0; round < 8; round++) {
            begin_values("function", (size_t)inexact[k].function);
            fill_plain(&from, weight, 10);
            fill_plain(&from, other, 10);
            tensor_unary(output, weight, 10, inexact[k].function, inexact[k].parameter);
            write_values(output, 10);
            tensor_unary_backward(output, other, weight, 10, inexact[k].function, inexact[k].parameter);
            write_values(output, 10);
            write_text("\n");
        }
}

static void reductions(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i);
        const struct {
            size_t outer, size, inner;
        } shapes[] = {{5, D, 1}, {2, D, 3}, {D, 4, 1}, {1, 3, D}};
        begin_group_of("reductions", D);
        for (size_t kind = 0; kind < 8; kind++) {
            const size_t outer = shapes[kind / 2].outer, size = shapes[kind / 2].size, inner = shapes[kind / 2].inner;
            const size_t results = outer * inner, count = results * size;
            fill_rows(D, kind);
            fill_plain(&from, other, results);
            for (size_t at = 3; at < count && kind % 4 == 0; at += 11) weight[at] = 0;
            tensor_sum(output, weight, outer, size, inner, 1);
            hash_floats(output, results);
            tensor_sum(output, weight, outer, size, inner, (double)size);
            hash_floats(output, results);
            tensor_prod(output, weight, outer, size, inner);
            hash_floats(output, results);
            for (int is_full = 0; is_full < 2; is_full++) {
                tensor_prod_backward(more, other, weight, output, outer, size, inner, is_full);
                hash_floats(more, count);
            }
            for (size_t p = 0; p < 5; p++) {
                tensor_norm(output, weight, outer, size, inner, EXACT_NORMS[p]);
                tensor_norm_backward(more, other, weight, output, outer, size, inner, EXACT_NORMS[p]);
                hash_floats(more, count);
            }
            draw_bytes(&from, a_ints, count * sizeof(int32_t));
            tensor_sum_int32(ints, a_ints, outer, size, inner);
            hash_bytes(ints, results * sizeof(int32_t));
            tensor_prod_int32(ints, a_ints, outer, size, inner);
            hash_bytes(ints, results * sizeof(int32_t));
        }
        end_group();
        begin_group_of("products", D);
        for (size_t kind = 0; kind < 2; kind++) {
            fill_rows(D, kind);
            fill_plain(&from, other, 7 * D);
            for (int transposed = 0; transposed < 4; transposed++) {
                tensor_matmul(output, weight, other, 5, D, 7, transposed & 1, transposed >> 1);
                hash_floats(output, 35);
                tensor_matmul(output, weight, other, 4, 3, D, transposed & 1, transposed >> 1);
                hash_floats(output, 4 * D);
            }
        }
        end_group();
    }
    begin_group("long sums");
    for (size_t size = 1000; size < 30000; size += 517) {
        fill_plain(&from, weight, size);
        tensor_sum(output, weight, 1, size, 1, 3);
        hash_floats(output, 1);
    }
    end_group();
    for (size_t p = 0; p < 4; p++)
        for (size_t D = 1; D < 20; D += 3) {
            begin_values("norm gradient, power", D);
            fill_plain(&from, weight, D * 2);
            fill_plain(&from, other, 2);
            tensor_norm(output, weight, 1, D, 2, POWER_NORMS[p]);
            tensor_norm_backward(more, other, weight, output, 1, D, 2, POWER_NORMS[p]);
            write_values(more, D * 2);
            write_text("\n");
        }
}

static void softmaxes(void) {
    for (size_t round = 0; round < 60; round++) {
        const size_t size = 1 + round % 9, inner = 1 + round % 3, count = size * inner;
        fill_plain(&from, weight, count);
        fill_plain(&from, other, count);
        for (size_t k = 0; k < count && round % 4 == 0; k++) weight[k] *= 20;
        if (round % 7 == 0) weight[draw_below(&from, count)] = -INFINITY;
        if (round % 11 == 5) weight[draw_below(&from, count)] = round % 2 ? INFINITY : NAN;
        begin_values("softmax", size);
        tensor_softmax(output, weight, 1, size, inner);
        write_values(output, count);
        tensor_softmax_backward(more, other, output, 1, size, inner);
        write_values(more, count);
        write_text("\n");
        begin_values("log_softmax", size);
        tensor_log_softmax(output, weight, 1, size, inner);
        write_values(output, count);
        tensor_log_softmax_backward(more, other, output, 1, size, inner);
        write_values(more, count);
        write_text("\n");
    }
    begin_group("nll");
    for (size_t classes = 1; classes < 40; classes++) {
        fill_plain(&from, weight, 9 * classes);
        fill_indices(&from, indices, 9, classes);
        output[0] = tensor_nll_mean(weight, indices, classes % 10, classes);
        hash_floats(output, 1);
        tensor_nll_mean_backward(output, 0.7f, indices, classes % 10, classes);
        hash_floats(output, classes % 10 * classes);
    }
    end_group();
}

/* ---- The heap: the same blocks at the same distances, whatever the size of a pointer -------------------------------- */

#define ARENA ((size_t)8 << 20)
static _Alignas(65536) unsigned char arena[ARENA];
static size_t arena_end;

size_t memory_begin(void) { return (size_t)arena; }
size_t memory_end(void) { return (size_t)arena + arena_end; }
size_t memory_limit(void) { return (size_t)arena + ARENA; }
int memory_grow(size_t new_end) {
    const size_t size = (new_end - (size_t)arena + 65535) / 65536 * 65536;
    if (size > ARENA) return 0;
    arena_end = size > arena_end ? size : arena_end;
    return 1;
}

static void heap(void) {
    static void *live[300];
    begin_group("heap");
    for (size_t round = 0; round < 30000; round++) {
        const size_t at = draw_below(&from, 300), size = draw_below(&from, draw_below(&from, 10) ? 3000 : 300000);
        if (live[at]) {
            memory_release(live[at]);
            live[at] = NULL;
        } else {
            live[at] = memory_allocate(size);
            hash_number(live[at] ? (size_t)live[at] - (size_t)arena : 0);
        }
        if (round % 100 == 0) hash_number(memory_available());
    }
    hash_number(arena_end);
    end_group();
}

/* ---- Looking at a table --------------------------------------------------------------------------------------------- */

static void distributions(void) {
    static uint32_t keys[2 * MAX_LENGTH], counts[40], outside[3], pixels[MAX_LENGTH], table[LAB_COLORS];
    for (size_t i = 0; i < LAB_COLORS; i++) table[i] = (uint32_t)draw_bits(&from);
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t size = row_length(i), bins = 1 + i % 40;
        begin_group_of("distribution", size);
        for (size_t kind = 0; kind < 2; kind++) {
            double extent[2];
            fill_rows(size, kind);
            hash_number(lab_find_not_finite(weight, size));
            lab_extent(extent, weight, size);
            hash_bytes(extent, sizeof extent);
            lab_histogram_edges(other, bins, kind ? -4 : extent[0], kind ? 4 : extent[1]);
            hash_floats(other, bins + 1);
            lab_histogram(counts, outside, weight, size, other, bins);
            hash_bytes(counts, bins * sizeof *counts);
            hash_bytes(outside, sizeof outside);
            lab_quantiles(output, weight, size, (double[]){0, 0.1, 0.5, 0.77, 1}, 5, keys);
            hash_floats(output, 5);
            lab_paint(pixels, weight, size, table, -1.3, kind ? -1.3 : 2.1, 7);
            hash_bytes(pixels, size * sizeof *pixels);
        }
        end_group();
    }
}

static void components(void) {
    static double mean[70], products[70 * 70], values[70], vectors[70 * 70], scratch[LAB_PRODUCT_ROWS * 70], variances[3];
    static uint8_t taken[70];
    static uint64_t overlap_scratch[64];
    for (size_t D = 1; D <= 70; D++) {
        const size_t N = 2 + D % 37, k = D < 3 ? D : 3;
        begin_group_of("components", D);
        fill_plain(&from, weight, N * D);
        memset(mean, 0, sizeof mean);
        memset(products, 0, sizeof products);
        lab_add_rows(mean, weight, N, D);
        for (size_t d = 0; d < D; d++) mean[d] /= (double)N;
        lab_add_products(products, weight, mean, N, D, scratch);
        lab_finish_covariance(products, D, (double)(N - 1));
        hash_bytes(products, D * D * sizeof *products);
        for (size_t step = 0; step < lab_eigen_steps(D); step++)
            hash_number((uint64_t)lab_eigen(values, vectors, products, D, step, scratch));
        hash_bytes(values, D * sizeof *values);
        hash_bytes(vectors, D * D * sizeof *vectors);
        lab_principal(other, variances, values, vectors, D, k, taken);
        hash_floats(other, k * D);
        lab_project(output, weight, weight, other, N, D, k);
        hash_floats(output, N * k);
        fill_indices(&from, indices, 5, N);
        hash_number(lab_neighbor_overlap(more, weight, output, N, D, k, indices, 5, 1 + D % (N - 1), overlap_scratch));
        hash_floats(more, 5);
        end_group();
    }
}

/* ---- Entry points -------------------------------------------------------------------------------------------------- */

/* Returns the length of the text. */
size_t conformance_run(void) {
    length = 0;
    from.state = 9;
    check_and_narrow();
    forward();
    norms();
    hard_norms();
    nearest_rows();
    random_numbers();
    fused();
    print();
    tensors();
    gradients();
    bags_of_rows();
    optimizers();
    unary();
    reductions();
    softmaxes();
    heap();
    distributions();
    components();
    return length;
}

const char *conformance_text(void) { return text; }

#ifndef __wasm__
#include <stdio.h>
int main(void) { return fwrite(text, 1, conformance_run(), stdout) != length; }
#endif
