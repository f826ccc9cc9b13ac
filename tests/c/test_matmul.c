/* Matrix products. */
#include "ops/tensor.h"
#include "reference.h"
#include "test.h"

static inputs from = {25};

/* The definition: a left fold, but for rows times rows, which are dot products. */
static void reference_matmul(float *output, const float *a, const float *b, size_t rows, size_t inner, size_t columns,
                             int transpose_a, int transpose_b) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            float sum = 0;
            for (size_t k = 0; k < inner; k++)
                sum += (transpose_a ? a[k * rows + i] : a[i * inner + k]) * (transpose_b ? b[j * inner + k] : b[k * columns + j]);
            output[i * columns + j] = transpose_b && !transpose_a ? reference_dot(a + i * inner, b + j * inner, inner) : sum;
        }
}

static void products_of_every_shape_have_the_bits_of_the_definition(void) {
    for (size_t round = 0; round < 6000; round++) {
        const size_t most = round % 10 ? 9 : 40, rows = draw_below(&from, most), inner = draw_below(&from, most);
        const size_t columns = draw_below(&from, most);
        const int transpose_a = round % 2, transpose_b = round / 2 % 2;
        float *a = FLOATS(rows * inner, round % 4), *b = FLOATS(inner * columns, round / 4 % 4);
        float *output = FLOATS(rows * columns, round / 2 % 4), *expected = FLOATS(rows * columns, 0);
        if (round % 3) fill_plain(&from, a, rows * inner), fill_plain(&from, b, inner * columns);
        else fill_hard(&from, a, rows * inner), fill_hard(&from, b, inner * columns);
        trying("%zu x %zu times %zu x %zu, transposed %d and %d", rows, inner, inner, columns, transpose_a, transpose_b);
        reference_matmul(expected, a, b, rows, inner, columns, transpose_a, transpose_b);
        tensor_matmul(output, a, b, rows, inner, columns, transpose_a, transpose_b);
        EXPECT_FLOATS(output, expected, rows * columns);
        free_buffers();
    }
}

static void products_are_near_those_in_double(void) {
    const size_t sizes[] = {1, 2, 3, 8, 17, 64};
    for (size_t round = 0; round < 400; round++) {
        const size_t rows = sizes[draw_below(&from, 6)], inner = sizes[draw_below(&from, 6)], columns = sizes[draw_below(&from, 6)];
        const int transpose_a = round % 2, transpose_b = round / 2 % 2;
        float *a = FLOATS(rows * inner, 0), *b = FLOATS(inner * columns, 0), *output = FLOATS(rows * columns, 0);
        fill_plain(&from, a, rows * inner);
        fill_plain(&from, b, inner * columns);
        tensor_matmul(output, a, b, rows, inner, columns, transpose_a, transpose_b);
        for (size_t i = 0; i < rows * columns; i++) {
            double sum = 0, magnitude = 1;
            for (size_t k = 0; k < inner; k++) {
                const size_t row = i / columns, column = i % columns;
                const double term = (double)a[transpose_a ? k * rows + row : row * inner + k] *
                                    (double)b[transpose_b ? column * inner + k : k * columns + column];
                sum += term;
                magnitude += fabs(term);
            }
            EXPECT(fabs((double)output[i] - sum) <= TOLERANCE * magnitude);
        }
        free_buffers();
    }
}

static void an_empty_inner_size_gives_zeros(void) {
    for (int transposed = 0; transposed < 4; transposed++) {
        float output[6] = {1, 2, 3, 4, 5, 6};
        tensor_matmul(output, NULL, NULL, 2, 0, 3, transposed & 1, transposed >> 1);
        EXPECT_FLOATS(output, ((float[]){0, 0, 0, 0, 0, 0}), 6);
    }
}

static void an_empty_result_needs_no_memory(void) {
    const float values[6] = {0};
    for (int transposed = 0; transposed < 4; transposed++) {
        tensor_matmul(NULL, NULL, values, 0, 2, 3, transposed & 1, transposed >> 1);
        tensor_matmul(NULL, values, NULL, 3, 2, 0, transposed & 1, transposed >> 1);
        tensor_matmul(NULL, NULL, NULL, 0, 0, 0, transposed & 1, transposed >> 1);
        tensor_matmul(NULL, NULL, NULL, 3, 0, 0, transposed & 1, transposed >> 1);
    }
}

int main(void) {
    RUN(products_of_every_shape_have_the_bits_of_the_definition);
    RUN(products_are_near_those_in_double);
    RUN(an_empty_inner_size_gives_zeros);
    RUN(an_empty_result_needs_no_memory);
    return FINISH();
}
