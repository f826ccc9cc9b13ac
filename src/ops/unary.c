/* Functions of one element, and their gradients. */
#include <math.h>

#include "tensor.h"

/* log(sigmoid(x)) without overflow, in double but for the exponential */
static float log_sigmoid(float x) { return (float)((x < 0 ? (double)x : 0.0) - log1p((double)expf(-fabsf(x)))); }

static float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

/* The exponents that PyTorch computes without pow, and pow for the others. */
static float power(float x, float exponent) {
    if (exponent == 2) return x * x;
    if (exponent == 3) return x * x * x;
    if (exponent == 1) return x;
    if (exponent == 0.5f) return sqrtf(x);
    if (exponent == -0.5f) return 1.0f / sqrtf(x);
    if (exponent == -1) return 1.0f / x;
    if (exponent == -2) return 1.0f / (x * x);
    return powf(x, exponent);
}

static float sign(float x) { return (float)((x > 0) - (x < 0)); }

/* 0 for a number below 0. By its bits: of x < 0 ? 0 : x LLVM makes an f32.max, which turns -0 into 0. */
static float relu(float x) {
    uint32_t bits;
    __builtin_memcpy(&bits, &x, 4);
    bits = bits > 0x80000000 && bits <= 0xff800000 ? 0 : bits;
    __builtin_memcpy(&x, &bits, 4);
    return x;
}

#define MAP(EXPRESSION)                                                                                                \
    for (size_t i = 0; i < size; i++) {                                                                                \
        const float x = input[i];                                                                                      \
        output[i] = EXPRESSION;                                                                                        \
    }                                                                                                                  \
    return;

void tensor_unary(float *output, const float *input, size_t size, tensor_function function, float parameter) {
    switch (function) {
        case TENSOR_NEG: MAP(-x)
        case TENSOR_ABS: MAP(fabsf(x))
        case TENSOR_SQRT: MAP(sqrtf(x))
        case TENSOR_RELU: MAP(relu(x))
        case TENSOR_EXP: MAP(expf(x))
        case TENSOR_LOG: MAP(logf(x))
        case TENSOR_SIGMOID: MAP(sigmoid(x))
        case TENSOR_TANH: MAP((float)tanh((double)x))
        case TENSOR_LOG_SIGMOID: MAP(log_sigmoid(x))
        case TENSOR_POW: MAP(power(x, parameter))
        case TENSOR_CLAMP_MIN: MAP(x < parameter ? parameter : x)
    }
}

#define MAP_GRADIENT(EXPRESSION)                                                                                       \
    for (size_t i = 0; i < size; i++) {                                                                                \
        const float g = grad_output[i], s = saved[i];                                                                  \
        grad_input[i] = EXPRESSION;                                                                                    \
    }                                                                                                                  \
    return;

/* s is the input x, or the output y where the gradient is simpler in it. */
void tensor_unary_backward(float *grad_input, const float *grad_output, const float *saved, size_t size,
                           tensor_function function, float parameter) {
    switch (function) {
        case TENSOR_NEG: MAP_GRADIENT(((void)s, -g))
        case TENSOR_ABS: MAP_GRADIENT(g *sign(s))
        case TENSOR_SQRT: MAP_GRADIENT(g / (2 * s))
        case TENSOR_RELU: MAP_GRADIENT(s <= 0 ? 0.0f : g)
        case TENSOR_EXP: MAP_GRADIENT(g *s)
        case TENSOR_LOG: MAP_GRADIENT(g / s)
        case TENSOR_SIGMOID: MAP_GRADIENT(g *(1 - s) * s)
        case TENSOR_TANH: MAP_GRADIENT(g *(1 - s * s))
        case TENSOR_LOG_SIGMOID: MAP_GRADIENT(g *sigmoid(-s))
        case TENSOR_POW: MAP_GRADIENT(parameter == 0 ? 0.0f : g * (parameter * power(s, parameter - 1)))
        case TENSOR_CLAMP_MIN: MAP_GRADIENT(((void)s, g))
    }
}

void tensor_scale(float *output, const float *input, size_t size, float factor) {
    for (size_t i = 0; i < size; i++) output[i] = factor * input[i];
}

static uint32_t whole_power(uint32_t base, uint32_t exponent) {
    uint32_t result = 1;
    for (; exponent; exponent /= 2, base *= base)
        if (exponent % 2) result *= base;
    return result;
}

void tensor_unary_int32(int32_t *output, const int32_t *input, size_t size, tensor_function function, uint32_t exponent) {
    for (size_t i = 0; i < size; i++) {
        const uint32_t x = (uint32_t)input[i];
        const int is_negative = input[i] < 0;
        switch (function) {
            case TENSOR_NEG: output[i] = (int32_t)-x; break;
            case TENSOR_ABS: output[i] = (int32_t)(is_negative ? -x : x); break;
            case TENSOR_RELU: output[i] = is_negative ? 0 : input[i]; break;
            default: output[i] = (int32_t)whole_power(x, exponent);
        }
    }
}
