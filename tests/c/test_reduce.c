/* Sums, products and norms along a dimension, and their gradients. test_norm.c has the norms themselves. */
#include "ops/tensor.h"
#include "reference.h"
#include "test.h"

static inputs from = {27};

#define STEP 1e-5 /* of central differences in double */

typedef struct {
    size_t outer, size, inner, count;
} shape;

static shape draw_shape(size_t most) {
    shape s = {draw_below(&from, 4), draw_below(&from, most + 1), draw_below(&from, 2) ? 1 : draw_below(&from, 5), 0};
    s.count = s.outer * s.size * s.inner;
    trying("(%zu, %zu, %zu)", s.outer, s.size, s.inner);
    return s;
}

/* Where the slice of element i of the result begins; its elements stand s.inner apart. */
static size_t slice(size_t i, const shape *s) { return i / s->inner * s->size * s->inner + i % s->inner; }

/* ---- Sums ---------------------------------------------------------------------------------------------------------- */

/* The definition: without an inner size blocks of 1,024 elements, 16 sums each, added in double; else a left fold. */
static float reference_sum(const float *input, size_t size, size_t inner, double divisor) {
    if (inner > 1) {
        float sum = 0;
        for (size_t k = 0; k < size; k++) sum += input[k * inner];
        return divisor != 1 ? sum / (float)divisor : sum;
    }
    double sum = 0;
    for (size_t start = 0; start < size; start += 1024) {
        float sums[16] = {0};
        for (size_t k = start; k < size && k < start + 1024; k++) sums[(k - start) % 16] += input[k];
        for (size_t apart = 8; apart > 0; apart /= 2)
            for (size_t i = 0; i < apart; i++) sums[i] += sums[i + apart];
        sum += (double)sums[0];
    }
    return (float)(sum / divisor);
}

static void expect_sums(const shape *s, size_t offset, int is_hard) {
    float *input = FLOATS(s->count, offset), *output = FLOATS(s->outer * s->inner, offset);
    if (is_hard) fill_hard(&from, input, s->count);
    else fill_plain(&from, input, s->count);
    const double divisors[] = {1, (double)s->size};
    for (size_t kind = 0; kind < 2; kind++) {
        tensor_sum(output, input, s->outer, s->size, s->inner, divisors[kind]);
        for (size_t i = 0; i < s->outer * s->inner; i++) {
            EXPECT_FLOAT(output[i], reference_sum(input + slice(i, s), s->size, s->inner, divisors[kind]));
            double sum = 0, magnitude = 1;
            for (size_t k = 0; k < s->size; k++) sum += (double)input[slice(i, s) + k * s->inner];
            for (size_t k = 0; k < s->size; k++) magnitude += fabs((double)input[slice(i, s) + k * s->inner]);
            if (!is_hard && s->size > 0) EXPECT(fabs((double)output[i] * divisors[kind] - sum) <= TOLERANCE * magnitude);
        }
    }
    free_buffers();
}

static void sums_and_means_of_every_shape_have_the_bits_of_the_definition(void) {
    for (size_t round = 0; round < 3000; round++) {
        const shape s = draw_shape(70);
        expect_sums(&s, round % 4, round % 3 == 0);
    }
    const size_t long_sizes[] = {127, 128, 1008, 1023, 1024, 1025, 1040, 2047, 2048, 2049, 5000, 100000};
    for (size_t i = 0; i < sizeof long_sizes / sizeof *long_sizes; i++)
        for (size_t inner = 1; inner <= 2; inner++) {
            const shape s = {2, long_sizes[i], inner, 2 * long_sizes[i] * inner};
            trying("(2, %zu, %zu)", s.size, inner);
            expect_sums(&s, i % 4, 0);
        }
}

static void long_sums_lose_less_than_a_fold_would(void) {
    const size_t size = 1000000;
    float *input = FLOATS(size, 0), output;
    for (size_t k = 0; k < size; k++) input[k] = 0.1f;
    tensor_sum(&output, input, 1, size, 1, 1);
    EXPECT_CLOSE((double)output, 100000, 1e-6);
    tensor_sum(&output, input, 1, size, 1, (double)size);
    EXPECT_CLOSE((double)output, 0.1, 1e-6);
}

static void the_sum_of_nothing_is_0_and_its_mean_nan(void) {
    float output[6] = {1, 2, 3, 4, 5, 6};
    tensor_sum(output, NULL, 1, 0, 1, 1);
    EXPECT_FLOAT(output[0], 0);
    tensor_sum(output, NULL, 2, 0, 3, 1);
    EXPECT_FLOATS(output, ((float[]){0, 0, 0, 0, 0, 0}), 6);
    tensor_sum(output, NULL, 6, 0, 1, 0);
    for (size_t i = 0; i < 6; i++) EXPECT(isnan(output[i]));
    tensor_sum(output, NULL, 2, 0, 3, 0);
    for (size_t i = 0; i < 6; i++) EXPECT(isnan(output[i]));
    tensor_sum(NULL, NULL, 0, 3, 4, 3);
    tensor_sum(NULL, NULL, 3, 4, 0, 4);
    tensor_sum(NULL, NULL, 0, 3, 1, 3);
}

/* ---- Products ------------------------------------------------------------------------------------------------------ */

static void products_fold_from_the_left(void) {
    for (size_t round = 0; round < 2000; round++) {
        const shape s = draw_shape(20);
        float *input = FLOATS(s.count, round % 4), *output = FLOATS(s.outer * s.inner, round % 4);
        if (round % 3) fill_plain(&from, input, s.count);
        else fill_hard(&from, input, s.count);
        tensor_prod(output, input, s.outer, s.size, s.inner);
        for (size_t i = 0; i < s.outer * s.inner; i++) {
            float product = 1;
            for (size_t k = 0; k < s.size; k++) product *= input[slice(i, &s) + k * s.inner];
            EXPECT_FLOAT(output[i], product);
        }
        free_buffers();
    }
    float one = 0;
    tensor_prod(&one, NULL, 1, 0, 1);
    EXPECT_FLOAT(one, 1);
    tensor_prod(NULL, NULL, 0, 3, 2);
    tensor_prod(NULL, NULL, 2, 3, 0);
}

static void int32_sums_and_products_wrap_around(void) {
    for (size_t round = 0; round < 1000; round++) {
        const shape s = draw_shape(20);
        int32_t *input = INT32S(s.count, round % 4), *output = INT32S(s.outer * s.inner, round % 3);
        for (size_t k = 0; k < s.count; k++) input[k] = round % 2 ? (int32_t)draw_bits(&from) : (int32_t)draw_below(&from, 9) - 4;
        for (int is_product = 0; is_product < 2; is_product++) {
            (is_product ? tensor_prod_int32 : tensor_sum_int32)(output, input, s.outer, s.size, s.inner);
            for (size_t i = 0; i < s.outer * s.inner; i++) {
                uint32_t result = (uint32_t)is_product;
                for (size_t k = 0; k < s.size; k++) {
                    const uint32_t x = (uint32_t)input[slice(i, &s) + k * s.inner];
                    result = is_product ? result * x : result + x;
                }
                EXPECT_EQUAL(output[i], (int32_t)result);
            }
        }
        free_buffers();
    }
    tensor_sum_int32(NULL, NULL, 0, 3, 2);
    tensor_prod_int32(NULL, NULL, 2, 3, 0);
}

/* Zeros or none, few enough elements for no overflow. */
static void the_gradient_of_a_product_is_the_product_of_the_others(void) {
    for (size_t round = 0; round < 3000; round++) {
        shape s = draw_shape(9);
        const int is_full = round % 3 == 0;
        if (is_full) s = (shape){1, s.count, 1, s.count};
        if (s.size > 30) continue;
        float *input = FLOATS(s.count, 0), *output = FLOATS(s.outer * s.inner, 0), *grad_output = FLOATS(s.outer * s.inner, 0);
        float *grad_input = FLOATS(s.count, 0);
        size_t zeros = 0;
        for (size_t k = 0; k < s.count; k++) {
            input[k] = draw_plain(&from) / 4 + (draw_below(&from, 2) ? 1 : -1.1f);
            if (round % 4 == 0 && draw_below(&from, 6) == 0) input[k] = draw_below(&from, 2) ? 0 : -0.0f;
            zeros += input[k] == 0;
        }
        fill_plain(&from, grad_output, s.outer * s.inner);
        tensor_prod(output, input, s.outer, s.size, s.inner);
        tensor_prod_backward(grad_input, grad_output, input, output, s.outer, s.size, s.inner, is_full);
        for (size_t i = 0; i < s.outer * s.inner; i++)
            for (size_t k = 0; k < s.size; k++) {
                double others = (double)grad_output[i];
                for (size_t other = 0; other < s.size; other++)
                    if (other != k) others *= (double)input[slice(i, &s) + other * s.inner];
                trying("(%zu, %zu, %zu), %zu zeros, is_full %d", s.outer, s.size, s.inner, zeros, is_full);
                EXPECT_NEAR(grad_input[slice(i, &s) + k * s.inner], others);
            }
        free_buffers();
    }
}

static void the_gradient_of_a_product_with_zeros_is_that_of_pytorch(void) {
    const float g = 2;
    float grad_input[4], output;
    const struct {
        float input[4], grad_input[4];
        int is_full;
    } cases[] = {
        {{2, 3, 4, 1}, {24, 16, 12, 48}, 1},
        {{2, 0, 4, 1}, {0, 16, 0, 0}, 1},
        {{2, 0, 4, 0}, {0, 0, 0, 0}, 1},
        {{2, 0, 4, 0}, {0, 0, 0, 0}, 0},
        {{INFINITY, 0, 0, 1}, {0, 0, 0, 0}, 1},       /* of all elements: 0, whatever the others are */
        {{INFINITY, 0, 0, 1}, {0, NAN, NAN, NAN}, 0}, /* along a dimension: their product */
        {{NAN, 2, 1, 1}, {NAN, NAN, NAN, NAN}, 1},
        {{NAN, 0, 1, 1}, {0, NAN, NAN, NAN}, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        trying("case %zu", i);
        tensor_prod(&output, cases[i].input, 1, 4, 1);
        tensor_prod_backward(grad_input, &g, cases[i].input, &output, 1, 4, 1, cases[i].is_full);
        EXPECT_FLOATS(grad_input, cases[i].grad_input, 4);
    }
    tensor_prod_backward(NULL, &g, NULL, &output, 1, 0, 1, 1);
    tensor_prod_backward(NULL, NULL, NULL, NULL, 0, 3, 2, 0);
    tensor_prod_backward(NULL, NULL, NULL, NULL, 3, 3, 0, 0);
}

/* ---- Norms --------------------------------------------------------------------------------------------------------- */

static double norm_in_double(const double *x, size_t size, double p) {
    double sum = 0, largest = 0, smallest = INFINITY;
    for (size_t k = 0; k < size; k++) {
        sum += p == 0 ? x[k] != 0 : pow(fabs(x[k]), p);
        largest = fmax(largest, fabs(x[k]));
        smallest = fmin(smallest, fabs(x[k]));
    }
    return p == (double)INFINITY ? largest : p == -(double)INFINITY ? smallest : p == 0 ? sum : pow(sum, 1 / p);
}

static void the_gradient_of_a_norm_is_near_central_differences(void) {
    const double norm_types[] = {2, 1, 0, INFINITY, -INFINITY, 3, 1.5, 0.5, -1, 4, -2.5};
    for (size_t round = 0; round < 3000; round++) {
        const double p = norm_types[round % 11];
        const shape s = draw_shape(12);
        const size_t results = s.outer * s.inner;
        float *input = FLOATS(s.count, round % 4), *output = FLOATS(results, 0), *grad_output = FLOATS(results, 0);
        float *grad_input = FLOATS(s.count, round / 4 % 4);
        for (size_t k = 0; k < s.count; k++) input[k] = (draw_below(&from, 2) ? 1 : -1) * (0.5f + fabsf(draw_plain(&from)) / 2);
        fill_plain(&from, grad_output, results);
        tensor_norm(output, input, s.outer, s.size, s.inner, p);
        tensor_norm_backward(grad_input, grad_output, input, output, s.outer, s.size, s.inner, p);
        for (size_t i = 0; i < results; i++) {
            double x[12] = {0};
            for (size_t k = 0; k < s.size; k++) x[k] = (double)input[slice(i, &s) + k * s.inner];
            for (size_t k = 0; k < s.size; k++) {
                const double middle = x[k];
                x[k] = middle + STEP;
                const double above = norm_in_double(x, s.size, p);
                x[k] = middle - STEP;
                const double below = norm_in_double(x, s.size, p);
                x[k] = middle;
                trying("norm_type %g of (%zu, %zu, %zu)", p, s.outer, s.size, s.inner);
                EXPECT_NEAR(grad_input[slice(i, &s) + k * s.inner], (double)grad_output[i] * (above - below) / (2 * STEP));
            }
        }
        free_buffers();
    }
}

static void the_gradient_of_a_norm_where_it_has_none_is_that_of_pytorch(void) {
    const float g = 6;
    const struct {
        double norm_type;
        size_t size;
        float input[3], grad_input[3];
    } cases[] = {
        {2, 3, {0, -0.0f, 0}, {0, 0, 0}},
        {1, 3, {0, -2, 3}, {0, -6, 6}},
        {3, 3, {0, 0, 0}, {0, 0, 0}},
        {1.5, 3, {0, 0, 0}, {0, 0, 0}},
        {0, 3, {0, 1, NAN}, {0, 0, 0}},
        {0.5, 3, {0, 4, 0}, {0, 6, 0}},
        {0.5, 3, {0, 0, 0}, {0, 0, 0}},
        {3, 3, {0, 2, 0}, {0, 6, 0}},
        {1.5, 3, {0, 4, 0}, {0, 6, 0}},
        {INFINITY, 3, {0, 0, 0}, {0, 0, 0}},
        {INFINITY, 3, {2, -2, 1}, {3, -3, 0}},     /* shared */
        {INFINITY, 3, {2, -2, 2}, {2, -2, 2}},
        {-INFINITY, 3, {1, -1, 2}, {3, -3, 0}},
        {-INFINITY, 3, {0, -1, 2}, {0, 0, 0}},
        {INFINITY, 3, {-INFINITY, 1, 2}, {-6, 0, 0}},
        {INFINITY, 3, {NAN, 1, 2}, {0, 0, 0}},
        {2, 3, {NAN, 1, 2}, {NAN, NAN, NAN}},
        {2, 3, {INFINITY, 1, -2}, {NAN, 0, -0.0f}},
        {2, 1, {-3}, {-6}},
        {1, 1, {-3}, {-6}},
        {INFINITY, 1, {-3}, {-6}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float output, grad_input[3];
        trying("case %zu, norm_type %g", i, cases[i].norm_type);
        tensor_norm(&output, cases[i].input, 1, cases[i].size, 1, cases[i].norm_type);
        tensor_norm_backward(grad_input, &g, cases[i].input, &output, 1, cases[i].size, 1, cases[i].norm_type);
        for (size_t k = 0; k < cases[i].size; k++) {
            EXPECT_NEAR(grad_input[k], (double)cases[i].grad_input[k]);
            EXPECT_EQUAL(isnan(grad_input[k]) != 0, isnan(cases[i].grad_input[k]) != 0);
        }
    }
    const double norm_types[] = {2, 1, 0, INFINITY, -INFINITY, 3, 0.5, -1};
    for (size_t p = 0; p < 8; p++) {
        const float ones[6] = {1, 1, 1, 1, 1, 1};
        tensor_norm_backward(NULL, ones, NULL, ones, 2, 0, 3, norm_types[p]);
        tensor_norm_backward(NULL, NULL, NULL, NULL, 0, 3, 2, norm_types[p]);
        tensor_norm_backward(NULL, NULL, NULL, NULL, 3, 3, 0, norm_types[p]);
    }
}

int main(void) {
    RUN(sums_and_means_of_every_shape_have_the_bits_of_the_definition);
    RUN(long_sums_lose_less_than_a_fold_would);
    RUN(the_sum_of_nothing_is_0_and_its_mean_nan);
    RUN(products_fold_from_the_left);
    RUN(int32_sums_and_products_wrap_around);
    RUN(the_gradient_of_a_product_is_the_product_of_the_others);
    RUN(the_gradient_of_a_product_with_zeros_is_that_of_pytorch);
    RUN(the_gradient_of_a_norm_is_near_central_differences);
    RUN(the_gradient_of_a_norm_where_it_has_none_is_that_of_pytorch);
    return FINISH();
}
