/* Tensor operations. */
#include "ops/tensor.h"
#include "test.h"

static inputs from = {7};

/* ---- Elementwise --------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t num_dims, numel, a_room, b_room; /* rooms: elements that an operand must have */
    size_t *sizes, *a_strides, *b_strides;  /* blocks of exactly num_dims elements */
} shapes;

static size_t *block_of_sizes(const size_t *values, size_t count) { return copy_of(values, count * sizeof(size_t)); }

/* Dense strides, 0 where the operand is stretched; sometimes with the dimensions the other way round, or twice as far apart. */
static size_t draw_strides(size_t *strides, const size_t *sizes, size_t num_dims, int is_dense) {
    const size_t kind = is_dense ? 0 : draw_below(&from, 6), all_stretched = kind == 1;
    size_t step = kind == 2 ? 2 : 1, room = 1;
    for (size_t i = 0; i < num_dims; i++) {
        const size_t dim = kind == 3 ? i : num_dims - 1 - i;
        strides[dim] = all_stretched || (kind > 3 && draw_below(&from, 2)) ? 0 : step;
        if (strides[dim]) step *= sizes[dim];
        if (sizes[dim]) room += strides[dim] * (sizes[dim] - 1);
    }
    return room;
}

static shapes draw_shapes(int a_is_dense) {
    shapes s = {.num_dims = 1 + draw_below(&from, 5), .numel = 1};
    size_t sizes[TENSOR_MAX_DIMS], a_strides[TENSOR_MAX_DIMS], b_strides[TENSOR_MAX_DIMS];
    const size_t most = draw_below(&from, 16);
    if (most == 0) s.num_dims = TENSOR_MAX_DIMS;
    for (size_t dim = 0; dim < s.num_dims; dim++) {
        sizes[dim] = most == 0 ? 1 + draw_below(&from, 8) / 7 : most == 1 ? draw_below(&from, 4) : 1 + draw_below(&from, 5);
        if (dim == s.num_dims - 1 && most > 8) sizes[dim] = draw_below(&from, 71);
        s.numel *= sizes[dim];
    }
    s.a_room = draw_strides(a_strides, sizes, s.num_dims, a_is_dense);
    s.b_room = draw_strides(b_strides, sizes, s.num_dims, 0);
    if (s.numel == 0) s.a_room = s.b_room = 0;
    s.sizes = block_of_sizes(sizes, s.num_dims);
    s.a_strides = block_of_sizes(a_strides, s.num_dims);
    s.b_strides = block_of_sizes(b_strides, s.num_dims);
    trying("%zu dimensions, the last of %zu with strides %zu and %zu, %zu elements", s.num_dims, sizes[s.num_dims - 1],
           a_strides[s.num_dims - 1], b_strides[s.num_dims - 1], s.numel);
    return s;
}

/* Where element i of the result finds its operand. */
static size_t place(size_t i, const shapes *s, const size_t *strides) {
    size_t at = 0;
    for (size_t dim = s->num_dims; dim-- > 0; i /= s->sizes[dim]) at += i % s->sizes[dim] * strides[dim];
    return at;
}

static void add_mul_and_div_broadcast_in_every_way(void) {
    const float alphas[] = {1, -1, 2, 0.1f, -3.7f, 0, INFINITY};
    for (int round = 0; round < 3000; round++) {
        const shapes s = draw_shapes(0);
        float *a = FLOATS(s.a_room, (size_t)round % 4), *b = FLOATS(s.b_room, (size_t)round / 4 % 4);
        float *output = FLOATS(s.numel, (size_t)round % 4), *sums = FLOATS(s.numel, 0), *products = FLOATS(s.numel, 0);
        float *quotients = FLOATS(s.numel, 0);
        fill_hard(&from, a, s.a_room);
        fill_hard(&from, b, s.b_room);
        const float alpha = alphas[round % 7];
        for (size_t i = 0; i < s.numel; i++) {
            const float x = a[place(i, &s, s.a_strides)], y = b[place(i, &s, s.b_strides)];
            sums[i] = fmaf(alpha, y, x);
            products[i] = x * y;
            quotients[i] = x / y;
        }
        tensor_add(output, a, b, s.sizes, s.a_strides, s.b_strides, s.num_dims, alpha);
        EXPECT_FLOATS(output, sums, s.numel);
        tensor_mul(output, a, b, s.sizes, s.a_strides, s.b_strides, s.num_dims);
        EXPECT_FLOATS(output, products, s.numel);
        tensor_div(output, a, b, s.sizes, s.a_strides, s.b_strides, s.num_dims);
        EXPECT_FLOATS(output, quotients, s.numel);
        free_buffers();
    }
}

static void int32_add_and_mul_broadcast_and_wrap_around(void) {
    const int32_t alphas[] = {1, -1, 3, INT32_MIN, INT32_MAX, 0};
    for (int round = 0; round < 1000; round++) {
        const shapes s = draw_shapes(0);
        int32_t *a = INT32S(s.a_room, 0), *b = INT32S(s.b_room, 0), *output = INT32S(s.numel, 0);
        draw_bytes(&from, a, s.a_room * 4);
        draw_bytes(&from, b, s.b_room * 4);
        const int32_t alpha = alphas[round % 6];
        tensor_add_int32(output, a, b, s.sizes, s.a_strides, s.b_strides, s.num_dims, alpha);
        for (size_t i = 0; i < s.numel; i++) {
            const uint32_t x = (uint32_t)a[place(i, &s, s.a_strides)], y = (uint32_t)b[place(i, &s, s.b_strides)];
            EXPECT_EQUAL(output[i], (int32_t)(x + (uint32_t)alpha * y));
        }
        tensor_mul_int32(output, a, b, s.sizes, s.a_strides, s.b_strides, s.num_dims);
        for (size_t i = 0; i < s.numel; i++) {
            const uint32_t x = (uint32_t)a[place(i, &s, s.a_strides)], y = (uint32_t)b[place(i, &s, s.b_strides)];
            EXPECT_EQUAL(output[i], (int32_t)(x * y));
        }
        free_buffers();
    }
}

static void the_output_may_be_the_memory_of_an_operand(void) {
    for (int round = 0; round < 1000; round++) {
        const shapes s = draw_shapes(1);
        float *a = FLOATS(s.a_room, 0), *b = FLOATS(s.b_room, 0), *expected = FLOATS(s.numel, 0);
        fill_hard(&from, a, s.a_room);
        fill_hard(&from, b, s.b_room);
        float *again = copy_of(a, s.a_room * sizeof(float));
        tensor_add(expected, a, b, s.sizes, s.a_strides, s.b_strides, s.num_dims, 2);
        tensor_add(a, a, b, s.sizes, s.a_strides, s.b_strides, s.num_dims, 2);
        EXPECT_FLOATS(a, expected, s.numel);
        tensor_mul(expected, b, again, s.sizes, s.b_strides, s.a_strides, s.num_dims);
        tensor_mul(again, b, again, s.sizes, s.b_strides, s.a_strides, s.num_dims);
        EXPECT_FLOATS(again, expected, s.numel);
        tensor_div(expected, b, a, s.sizes, s.b_strides, s.a_strides, s.num_dims);
        tensor_div(a, b, a, s.sizes, s.b_strides, s.a_strides, s.num_dims);
        EXPECT_FLOATS(a, expected, s.numel);
        free_buffers();
    }
}

static void no_dimensions_are_one_element(void) {
    const float a = 3, b = 4;
    const int32_t i = 5, j = 7;
    float output = 0;
    int32_t output_int32 = 0;
    tensor_add(&output, &a, &b, NULL, NULL, NULL, 0, 2);
    EXPECT_FLOAT(output, 11);
    tensor_mul(&output, &a, &b, NULL, NULL, NULL, 0);
    EXPECT_FLOAT(output, 12);
    tensor_div(&output, &a, &b, NULL, NULL, NULL, 0);
    EXPECT_FLOAT(output, 0.75f);
    tensor_add_int32(&output_int32, &i, &j, NULL, NULL, NULL, 0, -1);
    EXPECT_EQUAL(output_int32, -2);
    tensor_mul_int32(&output_int32, &i, &j, NULL, NULL, NULL, 0);
    EXPECT_EQUAL(output_int32, 35);
    tensor_expand(&output, &a, NULL, NULL, 0);
    EXPECT_FLOAT(output, 3);
}

static void an_empty_dimension_makes_an_empty_result(void) {
    const size_t sizes[] = {3, 0, 2}, strides[] = {0, 2, 1};
    tensor_add(NULL, NULL, NULL, sizes, strides, strides, 3, 1);
    tensor_add(NULL, NULL, NULL, sizes, strides, strides, 3, 0.3f);
    tensor_mul(NULL, NULL, NULL, sizes, strides, strides, 3);
    tensor_div(NULL, NULL, NULL, sizes, strides, strides, 3);
    tensor_add_int32(NULL, NULL, NULL, sizes, strides, strides, 3, 1);
    tensor_mul_int32(NULL, NULL, NULL, sizes, strides, strides, 3);
    tensor_expand(NULL, NULL, sizes, strides, 3);
}

static void add_rounds_once(void) {
    const float a = 0x1.000002p+0f, b = 0x1.fffffcp-25f; /* by way of double it would be a step more */
    const size_t size = 1, stride = 1;
    float output;
    tensor_add(&output, &a, &b, &size, &stride, &stride, 1, 0x1.000002p+0f);
    EXPECT_FLOAT(output, 0x1.000002p+0f);
    const float c = -0x1.000004p+0f, d = 0x1.000002p+0f;
    tensor_add(&output, &c, &d, &size, &stride, &stride, 1, 0x1.000002p+0f);
    EXPECT_FLOAT(output, 0x1p-46f);
}

static void signed_zeros_add_multiply_and_divide_as_ieee_says(void) {
    const float zeros[] = {0, -0.0f}, ones[] = {1, -1};
    const size_t sizes[] = {2, 2}, down[] = {1, 0}, across[] = {0, 1};
    float output[4];
    tensor_add(output, zeros, zeros, sizes, down, across, 2, 1);
    EXPECT_FLOATS(output, ((float[]){0, 0, 0, -0.0f}), 4);
    tensor_add(output, zeros, zeros, sizes, down, across, 2, -1);
    EXPECT_FLOATS(output, ((float[]){0, 0, -0.0f, 0}), 4);
    tensor_mul(output, zeros, ones, sizes, down, across, 2);
    EXPECT_FLOATS(output, ((float[]){0, -0.0f, -0.0f, 0}), 4);
    tensor_div(output, zeros, ones, sizes, down, across, 2);
    EXPECT_FLOATS(output, ((float[]){0, -0.0f, -0.0f, 0}), 4);
    tensor_div(output, ones, zeros, sizes, down, across, 2);
    EXPECT_FLOATS(output, ((float[]){INFINITY, -INFINITY, -INFINITY, INFINITY}), 4);
    tensor_div(output, zeros, zeros, sizes, down, across, 2);
    for (int i = 0; i < 4; i++) EXPECT(isnan(output[i]));
}

static void expand_copies_bits_in_every_way(void) {
    for (int round = 0; round < 1000; round++) {
        const shapes s = draw_shapes(0);
        uint32_t *input = buffer(s.b_room * 4, 0), *output = buffer(s.numel * 4, 0);
        draw_bytes(&from, input, s.b_room * 4);
        tensor_expand(output, input, s.sizes, s.b_strides, s.num_dims);
        for (size_t i = 0; i < s.numel; i++) EXPECT_EQUAL(output[i], input[place(i, &s, s.b_strides)]);
        free_buffers();
    }
}

/* ---- Comparing ----------------------------------------------------------------------------------------------------- */

static void equal_finds_a_difference_wherever_it_stands(void) {
    const size_t sizes[] = {0, 1, 2, 15, 16, 17, 70, 4095, 4096, 4097, 8192, 10000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const size_t size = sizes[i];
        float *a = FLOATS(size, i % 4), *b = FLOATS(size, i / 4 % 4);
        int32_t *as = INT32S(size, 0), *bs = INT32S(size, 1);
        fill_plain(&from, a, size);
        if (size) memcpy(b, a, size * sizeof(float));
        for (size_t n = 0; n < size; n++) as[n] = bs[n] = (int32_t)draw_bits(&from);
        EXPECT_EQUAL(tensor_equal(a, b, size), 1);
        EXPECT_EQUAL(tensor_equal_int32(as, bs, size), 1);
        const size_t places[] = {0, size / 2, size - 1, 4095, 4096};
        for (size_t j = 0; j < 5; j++) {
            const size_t at = places[j];
            if (at >= size) continue;
            trying("%zu elements, difference at %zu", size, at);
            b[at] = nextafterf(b[at], 9);
            bs[at] ^= 1;
            EXPECT_EQUAL(tensor_equal(a, b, size), 0);
            EXPECT_EQUAL(tensor_equal_int32(as, bs, size), 0);
            b[at] = a[at];
            bs[at] ^= 1;
        }
        free_buffers();
    }
    EXPECT_EQUAL(tensor_equal(NULL, NULL, 0), 1);
    EXPECT_EQUAL(tensor_equal_int32(NULL, NULL, 0), 1);
}

static void equal_compares_numbers_not_bits(void) {
    const float a[] = {0, 1, INFINITY, 0x1p-149f}, b[] = {-0.0f, 1, INFINITY, 0x1p-149f};
    const float nan[] = {NAN}, tiny[] = {0, 1, INFINITY, 0};
    EXPECT_EQUAL(tensor_equal(a, b, 4), 1);
    EXPECT_EQUAL(tensor_equal(a, tiny, 4), 0);
    EXPECT_EQUAL(tensor_equal(nan, nan, 1), 0);
}

/* ---- Layout and type ----------------------------------------------------------------------------------------------- */

static void transpose_swaps_rows_and_columns(void) {
    const size_t sizes[] = {0, 1, 2, 3, 4, 5, 15, 16, 17, 70, 300};
    for (size_t i = 0; i < 11; i++)
        for (size_t j = 0; j < 11; j++) {
            const size_t rows = sizes[i], columns = sizes[j];
            trying("%zu rows, %zu columns", rows, columns);
            uint32_t *input = buffer(rows * columns * 4, 4 * (i % 4)), *output = buffer(rows * columns * 4, 4 * (j % 4));
            draw_bytes(&from, input, rows * columns * 4);
            tensor_transpose(output, input, rows, columns);
            for (size_t r = 0; r < rows; r++)
                for (size_t c = 0; c < columns; c++) EXPECT_EQUAL(output[c * rows + r], input[r * columns + c]);
            free_buffers();
        }
    tensor_transpose(NULL, NULL, 0, 5);
}

static void to_int32_goes_towards_zero_and_gives_the_smallest_for_what_does_not_fit(void) {
    const struct {
        float value;
        int32_t expected;
    } cases[] = {
        {0, 0}, {-0.0f, 0}, {0.99f, 0}, {-0.99f, 0}, {1.5f, 1}, {-1.5f, -1}, {2.5f, 2}, {0x1p-149f, 0},
        {2147483520.0f, 2147483520}, {2147483648.0f, INT32_MIN}, {-2147483648.0f, INT32_MIN}, {-2147483520.0f, -2147483520},
        {-2147483904.0f, INT32_MIN}, {1e30f, INT32_MIN}, {-1e30f, INT32_MIN}, {INFINITY, INT32_MIN}, {-INFINITY, INT32_MIN},
        {NAN, INT32_MIN}, {-NAN, INT32_MIN}, {16777217.0f, 16777216},
    };
    const size_t count = sizeof cases / sizeof *cases;
    float *values = FLOATS(count, 1);
    int32_t *output = INT32S(count, 1);
    for (size_t i = 0; i < count; i++) values[i] = cases[i].value;
    tensor_to_int32(output, values, count);
    for (size_t i = 0; i < count; i++) {
        trying("%g", (double)values[i]);
        EXPECT_EQUAL(output[i], cases[i].expected);
    }
    tensor_to_int32(NULL, NULL, 0);
}

static void to_int32_converts_runs_of_every_length(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t size = row_length(i);
        float *values = FLOATS(size, i % 4);
        int32_t *output = INT32S(size, i % 4);
        fill_hard(&from, values, size);
        for (size_t n = 0; n < size; n++)
            if (n % 3) values[n] *= 1e6f;
        tensor_to_int32(output, values, size);
        for (size_t n = 0; n < size; n++) {
            const double whole = trunc((double)values[n]);
            EXPECT_EQUAL(output[n], fabs(whole) < 0x1p31 ? (int32_t)whole : INT32_MIN);
        }
        free_buffers();
    }
}

static void to_float32_rounds_ties_to_even(void) {
    const int32_t values[] = {0, -1, 16777216, 16777217, 16777219, -16777217, INT32_MAX, INT32_MIN, 33554434, 33554438};
    const float expected[] = {0, -1, 16777216, 16777216, 16777220, -16777216, 2147483648.0f, -2147483648.0f, 33554432, 33554440};
    float output[10];
    tensor_to_float32(output, values, 10);
    EXPECT_FLOATS(output, expected, 10);
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t size = row_length(i);
        int32_t *numbers = INT32S(size, i % 4);
        float *floats = FLOATS(size, i % 4);
        draw_bytes(&from, numbers, size * 4);
        tensor_to_float32(floats, numbers, size);
        for (size_t n = 0; n < size; n++) EXPECT_FLOAT(floats[n], (float)(double)numbers[n]);
        free_buffers();
    }
    tensor_to_float32(NULL, NULL, 0);
}

/* ---- Fills --------------------------------------------------------------------------------------------------------- */

static void arange_counts(void) {
    float *output = FLOATS(1000, 1);
    tensor_arange(output, 0, 1, 1000);
    for (size_t n = 0; n < 1000; n++) EXPECT_FLOAT(output[n], (float)n);
    tensor_arange(output, 5, -0.5, 1000);
    for (size_t n = 0; n < 1000; n++) EXPECT_FLOAT(output[n], 5 - 0.5f * (float)n);
    tensor_arange(NULL, 0, 1, 0);
}

static void arange_rounds_the_start_of_each_group_of_8_below_the_last_16(void) {
    const double starts[] = {0, 0.1, -3.3, 1e7}, steps[] = {0.1, 1.0 / 3, -0.7, 1e-3};
    size_t differing = 0;
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t j = 0; j < 16; j++) {
            const size_t size = row_length(i);
            const double start = starts[j % 4], step = steps[j / 4];
            float *output = FLOATS(size, j % 4);
            tensor_arange(output, start, step, size);
            for (size_t n = 0; n < size; n++) {
                const double group = (double)(n / 8 * 8), within = (double)(n % 8);
                const float in_groups = (float)((double)(float)(start + step * group) + step * within);
                const float at_once = (float)(start + step * (double)n);
                trying("element %zu of %zu from %g by %g", n, size, start, step);
                EXPECT_FLOAT(output[n], n < size / 16 * 16 ? in_groups : at_once);
                differing += in_groups != at_once;
            }
            free_buffers();
        }
    EXPECT(differing > 1000);
}

static void arange_int32_counts_and_wraps_around(void) {
    for (size_t size = 0; size <= 70; size++) {
        int32_t *output = INT32S(size, size % 4);
        tensor_arange_int32(output, -3, 2, size);
        for (size_t n = 0; n < size; n++) EXPECT_EQUAL(output[n], -3 + 2 * (int)n);
        tensor_arange_int32(output, INT32_MAX, INT32_MAX, size);
        for (size_t n = 0; n < size; n++) EXPECT_EQUAL(output[n], (int32_t)(INT32_MAX * (uint32_t)(n + 1)));
        free_buffers();
    }
    tensor_arange_int32(NULL, 0, 1, 0);
}

static void one_hot_is_one_at_the_index_and_zero_elsewhere(void) {
    for (size_t count = 0; count <= 20; count++)
        for (size_t classes = 1; classes <= 40; classes += 3) {
            int32_t *indices = INT32S(count, count % 4);
            float *output = FLOATS(count * classes, count % 4);
            fill_indices(&from, indices, count, classes);
            if (count) indices[count - 1] = (int32_t)classes - 1;
            tensor_one_hot(output, indices, count, classes);
            for (size_t n = 0; n < count; n++)
                for (size_t class = 0; class < classes; class++)
                    EXPECT_FLOAT(output[n * classes + class], (size_t)indices[n] == class ? 1 : 0);
            free_buffers();
        }
    tensor_one_hot(NULL, NULL, 0, 5);
    tensor_one_hot(NULL, NULL, 0, 0);
}

int main(void) {
    RUN(add_mul_and_div_broadcast_in_every_way);
    RUN(int32_add_and_mul_broadcast_and_wrap_around);
    RUN(the_output_may_be_the_memory_of_an_operand);
    RUN(no_dimensions_are_one_element);
    RUN(an_empty_dimension_makes_an_empty_result);
    RUN(add_rounds_once);
    RUN(signed_zeros_add_multiply_and_divide_as_ieee_says);
    RUN(expand_copies_bits_in_every_way);
    RUN(equal_finds_a_difference_wherever_it_stands);
    RUN(equal_compares_numbers_not_bits);
    RUN(transpose_swaps_rows_and_columns);
    RUN(to_int32_goes_towards_zero_and_gives_the_smallest_for_what_does_not_fit);
    RUN(to_int32_converts_runs_of_every_length);
    RUN(to_float32_rounds_ties_to_even);
    RUN(arange_counts);
    RUN(arange_rounds_the_start_of_each_group_of_8_below_the_last_16);
    RUN(arange_int32_counts_and_wraps_around);
    RUN(one_hot_is_one_at_the_index_and_zero_elsewhere);
    return FINISH();
}
