/* Norms: of rows, of elements that stand apart, of tensors. */
#include "norm.h"
#include "ops/tensor.h"
#include "reference.h"
#include "test.h"

static inputs from = {2};

static const double NORM_TYPES[] = {2, 1, 0, INFINITY, -INFINITY, 3, 0.5, -1, 2.5};
#define NUM_NORM_TYPES (sizeof NORM_TYPES / sizeof *NORM_TYPES)

static void row_norm_sums_in_the_one_order(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 24; round++) {
            const size_t D = row_length(i);
            float *row = FLOATS(D, round % 4);
            if (round % 3) fill_plain(&from, row, D);
            else fill_hard(&from, row, D);
            for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
                trying("norm %g of %zu elements", NORM_TYPES[p], D);
                EXPECT_FLOAT(row_norm(row, D, NORM_TYPES[p]), reference_norm(row, D, 1, NORM_TYPES[p]));
            }
            free_buffers();
        }
}

/* 2^24 + 1 rounds to 2^24, so the result shows which elements met first. */
static void row_norm_joins_sums_8_then_4_then_2_then_1_apart(void) {
    const struct {
        size_t ones[2];
        float expected;
    } cases[] = {
        {{8, 24}, 16777218}, /* one sum */
        {{4, 12}, 16777218}, /* 8 apart */
        {{12, 20}, 16777218},
        {{2, 6}, 16777218}, /* 4 apart, before they reach element 0 */
        {{1, 3}, 16777218}, /* 2 apart */
        {{1, 5}, 16777218},
        {{8, 4}, 16777216}, /* element 0 meets them one by one */
        {{16, 32}, 16777216},
        {{1, 2}, 16777216},
        {{2, 4}, 16777216},
        {{8, 16}, 16777216},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        trying("ones at %zu and %zu", cases[i].ones[0], cases[i].ones[1]);
        float row[40] = {16777216};
        row[cases[i].ones[0]] = row[cases[i].ones[1]] = 1;
        EXPECT_FLOAT(row_norm(row, 40, 1), cases[i].expected);
        EXPECT_FLOAT(strided_norm(row, 40, 1, 1), cases[i].expected);
    }
}

static double norm_in_double(const float *row, size_t size, double norm_type) {
    double sum = 0, extreme = norm_type > 0 ? 0 : (double)INFINITY;
    for (size_t d = 0; d < size; d++) {
        const double x = fabs((double)row[d]);
        if (norm_type == 0) sum += x != 0;
        else if (isinf(norm_type)) extreme = norm_type > 0 ? fmax(extreme, x) : fmin(extreme, x);
        else sum += pow(x, norm_type);
    }
    return isinf(norm_type) ? extreme : norm_type == 0 ? sum : pow(sum, 1 / norm_type);
}

static void row_norm_is_close_to_the_norm_in_double(void) {
    for (size_t i = 1; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 8; round++) {
            const size_t D = row_length(i);
            float *row = FLOATS(D, round % 4);
            fill_plain(&from, row, D);
            for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
                trying("norm %g of %zu elements", NORM_TYPES[p], D);
                EXPECT_CLOSE((double)row_norm(row, D, NORM_TYPES[p]), norm_in_double(row, D, NORM_TYPES[p]), 2e-6);
            }
            free_buffers();
        }
}

static void strided_norm_has_the_bits_of_row_norm(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t stride = 1; stride <= 5; stride += 2) {
            const size_t D = row_length(i);
            float *row = FLOATS(D, 0), *apart = FLOATS(D ? (D - 1) * stride + 1 : 0, stride % 4);
            if (D % 2) fill_plain(&from, row, D);
            else fill_hard(&from, row, D);
            for (size_t d = 0; d < D; d++) apart[d * stride] = row[d];
            for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
                trying("norm %g of %zu elements, stride %zu", NORM_TYPES[p], D, stride);
                EXPECT_FLOAT(strided_norm(apart, D, stride, NORM_TYPES[p]), row_norm(row, D, NORM_TYPES[p]));
            }
            free_buffers();
        }
}

static void a_nan_anywhere_makes_the_norm_nan(void) {
    const float nans[] = {NAN, -NAN};
    for (size_t D = 1; D <= 70; D++)
        for (size_t at = 0; at < D; at++) {
            float *row = FLOATS(D, at % 4);
            for (size_t d = 0; d < D; d++) row[d] = d % 2 ? INFINITY : 0; /* what the selecting norms would stop at */
            row[at] = nans[at % 2];
            for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
                if (NORM_TYPES[p] == 0) continue;
                trying("norm %g of %zu elements, NaN at %zu", NORM_TYPES[p], D, at);
                EXPECT(isnan(row_norm(row, D, NORM_TYPES[p])));
                EXPECT(isnan(strided_norm(row, D, 1, NORM_TYPES[p])));
            }
            free_buffers();
        }
}

static void a_nan_counts_as_an_element_that_is_not_zero(void) {
    const float row[] = {0, NAN, -0.0f, 3, INFINITY, 1e-45f};
    EXPECT_FLOAT(row_norm(row, 6, 0), 4);
    EXPECT_FLOAT(strided_norm(row, 6, 1, 0), 4);
}

static void extremes_are_found_wherever_they_stand(void) {
    for (size_t D = 1; D <= 70; D++)
        for (size_t at = 0; at < D; at++) {
            trying("%zu elements, the extreme one at %zu", D, at);
            float *row = FLOATS(D, at % 4);
            for (size_t d = 0; d < D; d++) row[d] = d % 2 ? 2 : -3;
            row[at] = at % 2 ? -7 : 7;
            EXPECT_FLOAT(row_norm(row, D, INFINITY), 7);
            row[at] = at % 2 ? -0.5f : 0.5f;
            EXPECT_FLOAT(row_norm(row, D, -INFINITY), 0.5f);
            free_buffers();
        }
}

static void infinities_and_overflow_give_infinity(void) {
    for (size_t D = 2; D <= 70; D++) {
        trying("%zu elements", D);
        float *row = FLOATS(D, D % 4);
        for (size_t d = 0; d < D; d++) row[d] = 0.25f;
        row[D - 1] = -INFINITY;
        EXPECT_FLOAT(row_norm(row, D, 2), INFINITY);
        EXPECT_FLOAT(row_norm(row, D, 1), INFINITY);
        EXPECT_FLOAT(row_norm(row, D, 3), INFINITY);
        EXPECT_FLOAT(row_norm(row, D, INFINITY), INFINITY);
        EXPECT_FLOAT(row_norm(row, D, -INFINITY), 0.25f);
        row[D - 1] = 1e20f; /* its square is beyond float32, though the norm is not */
        EXPECT_FLOAT(row_norm(row, D, 2), INFINITY);
        EXPECT_FLOAT(row_norm(row, D, INFINITY), 1e20f);
        for (size_t d = 0; d < D; d++) row[d] = -0x1.fffffep+127f;
        EXPECT_FLOAT(row_norm(row, D, 1), INFINITY);
        EXPECT_FLOAT(row_norm(row, D, INFINITY), 0x1.fffffep+127f);
        free_buffers();
    }
}

static void one_element_has_its_absolute_value_under_every_norm_but_0(void) {
    const float values[] = {0, -0.0f, 3, -1e20f, -INFINITY, 0x1p-149f, 1e-30f, 0x1.fffffep+127f, NAN};
    const double norm_types[] = {2, 1, INFINITY, -INFINITY, 3, 0.5, -1, NAN};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t p = 0; p < sizeof norm_types / sizeof *norm_types; p++) {
            trying("norm %g of %g", norm_types[p], (double)values[i]);
            EXPECT_FLOAT(row_norm(values + i, 1, norm_types[p]), fabsf(values[i]));
            EXPECT_FLOAT(strided_norm(values + i, 1, 9, norm_types[p]), fabsf(values[i]));
        }
    EXPECT_FLOAT(row_norm(values + 2, 1, 0), 1);
    EXPECT_FLOAT(strided_norm(values + 1, 1, 1, 0), 0);
}

static void a_norm_type_of_nan_gives_nan(void) {
    const float row[] = {1, 1, 0, 2};
    for (size_t D = 2; D <= 4; D++) {
        EXPECT(isnan(row_norm(row, D, NAN)));
        EXPECT(isnan(strided_norm(row, D, 1, NAN)));
    }
}

static void denormals_are_added_exactly_and_their_squares_vanish(void) {
    float row[37];
    for (int d = 0; d < 37; d++) row[d] = d % 2 ? 0x1p-149f : -0x1p-149f;
    EXPECT_FLOAT(row_norm(row, 37, 1), 37 * 0x1p-149f);
    EXPECT_FLOAT(row_norm(row, 37, 2), 0);
    EXPECT_FLOAT(row_norm(row, 37, 0), 37);
    EXPECT_FLOAT(row_norm(row, 37, INFINITY), 0x1p-149f);
    EXPECT_FLOAT(row_norm(row, 37, -INFINITY), 0x1p-149f);
}

static void zeros_of_either_sign_give_plus_zero(void) {
    for (size_t D = 2; D <= 70; D++) {
        float *row = FLOATS(D, 0);
        for (size_t d = 0; d < D; d++) row[d] = d % 3 ? -0.0f : 0.0f;
        for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
            trying("norm %g of %zu zeros", NORM_TYPES[p], D);
            EXPECT_FLOAT(row_norm(row, D, NORM_TYPES[p]), 0);
            EXPECT_FLOAT(strided_norm(row, D, 1, NORM_TYPES[p]), 0);
        }
        free_buffers();
    }
}

static void an_empty_row_has_norm_zero_and_no_smallest_element(void) {
    EXPECT_FLOAT(row_norm(NULL, 0, 2), 0);
    EXPECT_FLOAT(row_norm(NULL, 0, 1), 0);
    EXPECT_FLOAT(row_norm(NULL, 0, 0), 0);
    EXPECT_FLOAT(row_norm(NULL, 0, 3), 0);
    EXPECT_FLOAT(row_norm(NULL, 0, INFINITY), 0);
    EXPECT_FLOAT(row_norm(NULL, 0, -INFINITY), INFINITY);
    for (size_t p = 0; p < NUM_NORM_TYPES; p++)
        EXPECT_FLOAT(strided_norm(NULL, 0, 3, NORM_TYPES[p]), row_norm(NULL, 0, NORM_TYPES[p]));
}

static void tensor_norm_reduces_the_middle_dimension(void) {
    const size_t outers[] = {0, 1, 2, 5}, inners[] = {0, 1, 2, 3, 8}, sizes[] = {0, 1, 2, 3, 4, 15, 16, 17, 33, 70};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 5; j++)
            for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
                const size_t outer = outers[i], inner = inners[j], size = sizes[k], offset = (i + j + k) % 4;
                float *input = FLOATS(outer * size * inner, offset), *output = FLOATS(outer * inner, offset);
                fill_hard(&from, input, outer * size * inner);
                for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
                    tensor_norm(output, input, outer, size, inner, NORM_TYPES[p]);
                    for (size_t o = 0; o < outer; o++)
                        for (size_t n = 0; n < inner; n++) {
                            trying("norm %g of (%zu, %zu, %zu) at %zu, %zu", NORM_TYPES[p], outer, size, inner, o, n);
                            EXPECT_FLOAT(output[o * inner + n],
                                         reference_norm(input + o * size * inner + n, size, inner, NORM_TYPES[p]));
                        }
                }
                free_buffers();
            }
}

static void tensor_norm_takes_null_for_what_is_empty(void) {
    float output[3] = {5, 5, 5};
    tensor_norm(output, NULL, 3, 0, 1, 2);
    for (int i = 0; i < 3; i++) EXPECT_FLOAT(output[i], 0);
    output[0] = 5;
    tensor_norm(output, NULL, 1, 0, 3, 1);
    for (int i = 0; i < 3; i++) EXPECT_FLOAT(output[i], 0);
    tensor_norm(NULL, NULL, 0, 4, 1, 2);
    tensor_norm(NULL, NULL, 2, 4, 0, 2);
}

int main(void) {
    RUN(row_norm_sums_in_the_one_order);
    RUN(row_norm_joins_sums_8_then_4_then_2_then_1_apart);
    RUN(row_norm_is_close_to_the_norm_in_double);
    RUN(strided_norm_has_the_bits_of_row_norm);
    RUN(a_nan_anywhere_makes_the_norm_nan);
    RUN(a_nan_counts_as_an_element_that_is_not_zero);
    RUN(extremes_are_found_wherever_they_stand);
    RUN(infinities_and_overflow_give_infinity);
    RUN(one_element_has_its_absolute_value_under_every_norm_but_0);
    RUN(a_norm_type_of_nan_gives_nan);
    RUN(denormals_are_added_exactly_and_their_squares_vanish);
    RUN(zeros_of_either_sign_give_plus_zero);
    RUN(an_empty_row_has_norm_zero_and_no_smallest_element);
    RUN(tensor_norm_reduces_the_middle_dimension);
    RUN(tensor_norm_takes_null_for_what_is_empty);
    return FINISH();
}
