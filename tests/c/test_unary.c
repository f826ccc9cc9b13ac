/* Functions of one element and their gradients. */
#include "ops/tensor.h"
#include "test.h"

static inputs from = {24};

#define STEP 1e-5 /* of central differences in double */

typedef struct {
    const char *name;
    tensor_function function;
    float parameter, least, most; /* inputs between these are tried */
    int saves_output;
} function_case;

static const function_case CASES[] = {
    {"neg", TENSOR_NEG, 0, -4, 4, 0},           {"abs", TENSOR_ABS, 0, -4, 4, 0},
    {"sqrt", TENSOR_SQRT, 0, 0.1f, 9, 1},       {"relu", TENSOR_RELU, 0, -4, 4, 1},
    {"exp", TENSOR_EXP, 0, -4, 4, 1},           {"log", TENSOR_LOG, 0, 0.1f, 9, 0},
    {"sigmoid", TENSOR_SIGMOID, 0, -9, 9, 1},   {"tanh", TENSOR_TANH, 0, -4, 4, 1},
    {"log_sigmoid", TENSOR_LOG_SIGMOID, 0, -9, 9, 0}, {"clamp_min", TENSOR_CLAMP_MIN, -5, -4, 4, 0},
    {"pow", TENSOR_POW, 2, -4, 4, 0},           {"pow", TENSOR_POW, 3, -4, 4, 0},
    {"pow", TENSOR_POW, 1, -4, 4, 0},           {"pow", TENSOR_POW, 0, -4, 4, 0},
    {"pow", TENSOR_POW, 4, -2, 2, 0},           {"pow", TENSOR_POW, 0.5f, 0.1f, 9, 0},
    {"pow", TENSOR_POW, 1.5f, 0.1f, 9, 0},      {"pow", TENSOR_POW, -0.5f, 0.5f, 9, 0},
    {"pow", TENSOR_POW, -1, 0.5f, 9, 0},        {"pow", TENSOR_POW, -2, -9, -0.5f, 0},
    {"pow", TENSOR_POW, -3.7f, 0.7f, 9, 0},
};
#define NUM_CASES (sizeof CASES / sizeof *CASES)

static double value_in_double(const function_case *c, double x) {
    switch (c->function) {
        case TENSOR_NEG: return -x;
        case TENSOR_ABS: return fabs(x);
        case TENSOR_SQRT: return sqrt(x);
        case TENSOR_RELU: return fmax(x, 0);
        case TENSOR_EXP: return exp(x);
        case TENSOR_LOG: return log(x);
        case TENSOR_SIGMOID: return 1 / (1 + exp(-x));
        case TENSOR_TANH: return tanh(x);
        case TENSOR_LOG_SIGMOID: return fmin(x, 0) - log1p(exp(-fabs(x)));
        case TENSOR_CLAMP_MIN: return fmax(x, (double)c->parameter);
        case TENSOR_POW: /* PyTorch takes roots where it can: they differ from pow at -infinity */
            if (c->parameter == 0.5f) return sqrt(x);
            return c->parameter == -0.5f ? 1 / sqrt(x) : pow(x, (double)c->parameter);
    }
    return NAN;
}

static void fill_between(float *values, size_t count, const function_case *c) {
    for (size_t i = 0; i < count; i++) {
        do values[i] = c->least + (draw_plain(&from) + 4) / 8 * (c->most - c->least);
        while (fabsf(values[i]) < 0.01f && c->least < 0); /* kinks */
    }
}

static void values_and_gradients_are_near_those_in_double(void) {
    for (size_t i = 0; i < NUM_CASES; i++)
        for (size_t length = 0; length < ROW_LENGTHS; length++) {
            const function_case *c = CASES + i;
            const size_t size = row_length(length);
            float *input = FLOATS(size, i % 4), *output = FLOATS(size, length % 4), *grad_output = FLOATS(size, length / 4 % 4);
            float *grad_input = FLOATS(size, i % 3);
            fill_between(input, size, c);
            fill_plain(&from, grad_output, size);
            void *before = copy_of(input, size * sizeof(float));
            tensor_unary(output, input, size, c->function, c->parameter);
            tensor_unary_backward(grad_input, grad_output, c->saves_output ? output : input, size, c->function, c->parameter);
            EXPECT_BYTES(input, before, size * sizeof(float));
            for (size_t n = 0; n < size; n++) {
                const double x = (double)input[n];
                const double slope = (value_in_double(c, x + STEP) - value_in_double(c, x - STEP)) / (2 * STEP);
                trying("%s of %g, parameter %g", c->name, x, (double)c->parameter);
                EXPECT_NEAR(output[n], value_in_double(c, x));
                EXPECT_NEAR(grad_input[n], (double)grad_output[n] * slope);
            }
            free_buffers();
        }
}

static void values_of_numbers_of_every_kind_are_near_those_in_double(void) {
    for (size_t i = 0; i < NUM_CASES; i++) {
        const function_case *c = CASES + i;
        const size_t size = 1000;
        float *input = FLOATS(size, 0), *output = FLOATS(size, 0);
        fill_hard(&from, input, size);
        tensor_unary(output, input, size, c->function, c->parameter);
        for (size_t n = 0; n < size; n++) {
            const double exact = value_in_double(c, (double)input[n]);
            trying("%s of %a, parameter %g", c->name, (double)input[n], (double)c->parameter);
            if (isnan(input[n]) && c->function == TENSOR_POW && c->parameter == 0) continue; /* 1, or NaN of a signalling one */
            if (isnan(input[n])) EXPECT(isnan(output[n]));
            else if (fabs(exact) > 0x1.fffffep+127) EXPECT_FLOAT(output[n], (float)exact);
            else EXPECT_NEAR(output[n], exact);
        }
        free_buffers();
    }
}

static void powers_that_need_no_pow_are_multiplied(void) {
    const size_t size = 2000;
    float *input = FLOATS(size, 0), *output = FLOATS(size, 0);
    fill_hard(&from, input, size);
    for (size_t kind = 0; kind < 7; kind++) {
        const float exponents[] = {1, 2, 3, 0.5f, -0.5f, -1, -2};
        tensor_unary(output, input, size, TENSOR_POW, exponents[kind]);
        for (size_t n = 0; n < size; n++) {
            const float x = input[n];
            const float expected[] = {x, x * x, x * x * x, sqrtf(x), 1 / sqrtf(x), 1 / x, 1 / (x * x)};
            trying("%a to the %g", (double)x, (double)exponents[kind]);
            EXPECT_FLOAT(output[n], expected[kind]);
        }
    }
}

static void special_values_are_those_of_pytorch(void) {
    const struct {
        tensor_function function;
        float parameter, input, output;
    } cases[] = {
        {TENSOR_NEG, 0, 0, -0.0f}, {TENSOR_NEG, 0, -0.0f, 0}, {TENSOR_NEG, 0, NAN, NAN},
        {TENSOR_NEG, 0, INFINITY, -INFINITY},
        {TENSOR_ABS, 0, -0.0f, 0}, {TENSOR_ABS, 0, -INFINITY, INFINITY}, {TENSOR_ABS, 0, NAN, NAN},
        {TENSOR_SQRT, 0, -0.0f, -0.0f}, {TENSOR_SQRT, 0, -1, NAN}, {TENSOR_SQRT, 0, INFINITY, INFINITY},
        {TENSOR_SQRT, 0, 2, 0x1.6a09e6p+0f},
        {TENSOR_RELU, 0, -0.0f, -0.0f}, {TENSOR_RELU, 0, 0, 0}, {TENSOR_RELU, 0, NAN, NAN}, {TENSOR_RELU, 0, -INFINITY, 0},
        {TENSOR_RELU, 0, INFINITY, INFINITY}, {TENSOR_RELU, 0, -0x1p-149f, 0}, {TENSOR_RELU, 0, 0x1p-149f, 0x1p-149f},
        {TENSOR_EXP, 0, 0, 1}, {TENSOR_EXP, 0, -INFINITY, 0}, {TENSOR_EXP, 0, 89, INFINITY}, {TENSOR_EXP, 0, -200, 0},
        {TENSOR_EXP, 0, NAN, NAN},
        {TENSOR_LOG, 0, 1, 0}, {TENSOR_LOG, 0, 0, -INFINITY}, {TENSOR_LOG, 0, -0.0f, -INFINITY}, {TENSOR_LOG, 0, -1, NAN},
        {TENSOR_LOG, 0, INFINITY, INFINITY}, {TENSOR_LOG, 0, NAN, NAN},
        {TENSOR_SIGMOID, 0, 0, 0.5f}, {TENSOR_SIGMOID, 0, INFINITY, 1}, {TENSOR_SIGMOID, 0, -INFINITY, 0},
        {TENSOR_SIGMOID, 0, 100, 1}, {TENSOR_SIGMOID, 0, -200, 0}, {TENSOR_SIGMOID, 0, NAN, NAN},
        {TENSOR_TANH, 0, -0.0f, -0.0f}, {TENSOR_TANH, 0, INFINITY, 1}, {TENSOR_TANH, 0, -30, -1},
        {TENSOR_TANH, 0, 1e-30f, 1e-30f}, {TENSOR_TANH, 0, NAN, NAN},
        {TENSOR_LOG_SIGMOID, 0, INFINITY, 0}, {TENSOR_LOG_SIGMOID, 0, -INFINITY, -INFINITY},
        {TENSOR_LOG_SIGMOID, 0, -1e30f, -1e30f}, {TENSOR_LOG_SIGMOID, 0, -1000, -1000}, {TENSOR_LOG_SIGMOID, 0, 200, 0},
        {TENSOR_LOG_SIGMOID, 0, NAN, NAN},
        {TENSOR_POW, 0, 0, 1}, {TENSOR_POW, 0, NAN, 1}, {TENSOR_POW, 2, -INFINITY, INFINITY},
        {TENSOR_POW, -1, -0.0f, -INFINITY}, {TENSOR_POW, 0.5f, -1, NAN}, {TENSOR_POW, 1.5f, -1, NAN},
        {TENSOR_POW, INFINITY, 2, INFINITY}, {TENSOR_POW, 2, NAN, NAN},
        {TENSOR_CLAMP_MIN, 1, 0.5f, 1}, {TENSOR_CLAMP_MIN, 1, 2, 2}, {TENSOR_CLAMP_MIN, 1, NAN, NAN},
        {TENSOR_CLAMP_MIN, 1, -INFINITY, 1}, {TENSOR_CLAMP_MIN, 0, -0.0f, -0.0f},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float output;
        trying("function %d of %g, parameter %g", (int)cases[i].function, (double)cases[i].input, (double)cases[i].parameter);
        tensor_unary(&output, &cases[i].input, 1, cases[i].function, cases[i].parameter);
        EXPECT_FLOAT(output, cases[i].output);
    }
}

static void gradients_where_there_is_no_slope_are_those_of_pytorch(void) {
    const struct {
        tensor_function function;
        float parameter, saved, grad_output, grad_input;
    } cases[] = {
        {TENSOR_ABS, 0, 0, 3, 0}, {TENSOR_ABS, 0, -0.0f, 3, 0}, {TENSOR_ABS, 0, -2, 3, -3}, {TENSOR_ABS, 0, NAN, 3, 0},
        {TENSOR_RELU, 0, 0, 3, 0}, {TENSOR_RELU, 0, -0.0f, 3, 0}, {TENSOR_RELU, 0, NAN, 3, 3}, {TENSOR_RELU, 0, 1, NAN, NAN},
        {TENSOR_RELU, 0, 0, NAN, 0}, {TENSOR_RELU, 0, 0x1p-149f, 3, 3},
        {TENSOR_SQRT, 0, 0, 3, INFINITY}, {TENSOR_SQRT, 0, 0, 0, NAN}, {TENSOR_SQRT, 0, -0.0f, 3, -INFINITY},
        {TENSOR_LOG, 0, 0, 3, INFINITY}, {TENSOR_LOG, 0, -2, 3, -1.5f},
        {TENSOR_SIGMOID, 0, 1, 3, 0}, {TENSOR_SIGMOID, 0, 0, 3, 0}, {TENSOR_SIGMOID, 0, 0.5f, 3, 0.75f},
        {TENSOR_TANH, 0, 1, 3, 0}, {TENSOR_TANH, 0, -1, 3, 0}, {TENSOR_TANH, 0, 0, 3, 3},
        {TENSOR_LOG_SIGMOID, 0, -INFINITY, 3, 3}, {TENSOR_LOG_SIGMOID, 0, INFINITY, 3, 0},
        {TENSOR_LOG_SIGMOID, 0, -200, 3, 3}, {TENSOR_LOG_SIGMOID, 0, 0, 3, 1.5f},
        {TENSOR_POW, 0, 0, 3, 0}, {TENSOR_POW, 0, NAN, 3, 0}, {TENSOR_POW, 1, 0, 3, 3}, {TENSOR_POW, 2, 0, 3, 0},
        {TENSOR_POW, 3, -2, 3, 36}, {TENSOR_POW, 0.5f, 0, 3, INFINITY}, {TENSOR_POW, -1, 2, 3, -0.75f},
        {TENSOR_POW, 2, NAN, 3, NAN},
        {TENSOR_CLAMP_MIN, 1, 0, 3, 3}, {TENSOR_CLAMP_MIN, 1, 1, 3, 3}, {TENSOR_CLAMP_MIN, 1, 9, 3, 3},
        {TENSOR_CLAMP_MIN, 1, NAN, 3, 3},
        {TENSOR_NEG, 0, NAN, 3, -3},
        {TENSOR_EXP, 0, INFINITY, 3, INFINITY}, {TENSOR_EXP, 0, 0, 3, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float grad_input;
        trying("function %d, saved %g, parameter %g", (int)cases[i].function, (double)cases[i].saved, (double)cases[i].parameter);
        tensor_unary_backward(&grad_input, &cases[i].grad_output, &cases[i].saved, 1, cases[i].function, cases[i].parameter);
        EXPECT_FLOAT(grad_input, cases[i].grad_input);
    }
}

static void scale_multiplies_in_place_too(void) {
    const float factors[] = {2, -1, 0, 0.1f, INFINITY};
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t size = row_length(i);
        const float factor = factors[i % 5];
        float *input = FLOATS(size, i % 4), *output = FLOATS(size, i / 4 % 4), *expected = FLOATS(size, 0);
        fill_hard(&from, input, size);
        for (size_t n = 0; n < size; n++) expected[n] = factor * input[n];
        tensor_scale(output, input, size, factor);
        EXPECT_FLOATS(output, expected, size);
        tensor_scale(input, input, size, factor);
        EXPECT_FLOATS(input, expected, size);
        free_buffers();
    }
}

static void int32_functions_wrap_around(void) {
    const uint32_t exponents[] = {0, 1, 2, 3, 5, 31, 32, 33, 4000000000u};
    for (size_t round = 0; round < 400; round++) {
        const size_t size = round < ROW_LENGTHS ? row_length(round) : 10;
        int32_t *input = INT32S(size, round % 4), *output = INT32S(size, round / 4 % 4);
        for (size_t n = 0; n < size; n++) input[n] = round % 2 ? (int32_t)draw_bits(&from) : (int32_t)draw_below(&from, 9) - 4;
        if (size > 3) memcpy(input, ((int32_t[]){INT32_MIN, INT32_MAX, 0, -1}), 4 * sizeof(int32_t));
        tensor_unary_int32(output, input, size, TENSOR_NEG, 0);
        for (size_t n = 0; n < size; n++) EXPECT_EQUAL(output[n], (int32_t)(0 - (uint32_t)input[n]));
        tensor_unary_int32(output, input, size, TENSOR_ABS, 0);
        for (size_t n = 0; n < size; n++) EXPECT_EQUAL(output[n], input[n] < 0 ? (int32_t)(0 - (uint32_t)input[n]) : input[n]);
        tensor_unary_int32(output, input, size, TENSOR_RELU, 0);
        for (size_t n = 0; n < size; n++) EXPECT_EQUAL(output[n], input[n] < 0 ? 0 : input[n]);
        const uint32_t exponent = exponents[round % 9];
        tensor_unary_int32(output, input, size, TENSOR_POW, exponent);
        for (size_t n = 0; n < size; n++) {
            if (exponent > 64 && input[n] % 2) continue; /* too many factors to try; an even number has become 0 after 32 */
            const uint32_t factors = exponent < 64 ? exponent : 64;
            uint32_t power = 1;
            for (uint32_t k = 0; k < factors; k++) power *= (uint32_t)input[n];
            trying("%d to the %u", input[n], exponent);
            EXPECT_EQUAL(output[n], (int32_t)power);
        }
        free_buffers();
    }
}

static void functions_take_null_for_what_is_empty(void) {
    for (size_t i = 0; i < NUM_CASES; i++) {
        tensor_unary(NULL, NULL, 0, CASES[i].function, CASES[i].parameter);
        tensor_unary_backward(NULL, NULL, NULL, 0, CASES[i].function, CASES[i].parameter);
    }
    tensor_scale(NULL, NULL, 0, 2);
    tensor_unary_int32(NULL, NULL, 0, TENSOR_POW, 2);
}

int main(void) {
    RUN(values_and_gradients_are_near_those_in_double);
    RUN(values_of_numbers_of_every_kind_are_near_those_in_double);
    RUN(powers_that_need_no_pow_are_multiplied);
    RUN(special_values_are_those_of_pytorch);
    RUN(gradients_where_there_is_no_slope_are_those_of_pytorch);
    RUN(scale_multiplies_in_place_too);
    RUN(int32_functions_wrap_around);
    RUN(functions_take_null_for_what_is_empty);
    return FINISH();
}
