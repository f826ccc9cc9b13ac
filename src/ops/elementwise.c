/* Elementwise operations and copies with broadcasting. */
#include "../multiply_add.h"
#include "tensor.h"

/* One run along the last dimension: size elements, the operands' steps 0, 1 or more. Elements are 4 bytes wide. */
typedef void binary_run(void *output, const void *a, const void *b, size_t size, size_t a_step, size_t b_step, uint32_t alpha);

static void for_each_run(binary_run *run, void *output, const void *a_start, const void *b_start, const size_t *sizes,
                         const size_t *a_strides, const size_t *b_strides, size_t num_dims, uint32_t alpha) {
    uint32_t *out = output;
    const uint32_t *a = a_start, *b = b_start;
    size_t counter[TENSOR_MAX_DIMS] = {0};
    const size_t last = num_dims - 1;
    if (num_dims == 0) {
        run(out, a, b, 1, 1, 1, alpha);
        return;
    }
    for (size_t dim = 0; dim < num_dims; dim++)
        if (sizes[dim] == 0) return;
    for (;; out += sizes[last]) {
        run(out, a, b, sizes[last], a_strides[last], b_strides[last], alpha);
        size_t dim = last;
        for (; dim > 0; dim--) { /* count up, and carry to the left */
            a += a_strides[dim - 1];
            b += b_strides[dim - 1];
            if (++counter[dim - 1] < sizes[dim - 1]) break;
            a -= a_strides[dim - 1] * sizes[dim - 1];
            b -= b_strides[dim - 1] * sizes[dim - 1];
            counter[dim - 1] = 0;
        }
        if (dim == 0) return;
    }
}

/* Defines a binary_run. The two step patterns that come up in practice have loops that compilers vectorise. */
#define BINARY_RUN(NAME, TYPE, EXPRESSION)                                                                             \
    static void NAME(void *output, const void *a, const void *b, size_t size, size_t a_step, size_t b_step,            \
                     uint32_t alpha_bits) {                                                                            \
        TYPE *out = output, alpha = 0;                                                                                 \
        const TYPE *as = a, *bs = b;                                                                                   \
        __builtin_memcpy(&alpha, &alpha_bits, 4);                                                                      \
        (void)alpha, (void)as, (void)bs; /* not every expression uses them */                                          \
        if (a_step == 1 && b_step == 1) {                                                                              \
            for (size_t i = 0; i < size; i++) out[i] = EXPRESSION(as[i], bs[i]);                                       \
        } else if (a_step == 1 && b_step == 0) {                                                                       \
            const TYPE y = *bs;                                                                                        \
            for (size_t i = 0; i < size; i++) out[i] = EXPRESSION(as[i], y);                                           \
        } else {                                                                                                       \
            for (size_t i = 0; i < size; i++) out[i] = EXPRESSION(as[i * a_step], bs[i * b_step]);                     \
        }                                                                                                              \
    }

#define ADD(x, y) (x) + alpha * (y)
#define ADD_FUSED(x, y) multiply_add(alpha, y, x)
#define MUL(x, y) (x) * (y)
#define DIV(x, y) (x) / (y)
#define COPY(x, y) (y)
BINARY_RUN(add_run, float, ADD)
BINARY_RUN(add_fused_run, float, ADD_FUSED)
BINARY_RUN(mul_run, float, MUL)
BINARY_RUN(div_run, float, DIV)
BINARY_RUN(add_int32_run, uint32_t, ADD) /* unsigned: int32 wraps around */
BINARY_RUN(mul_int32_run, uint32_t, MUL)
BINARY_RUN(copy_run, uint32_t, COPY)

static uint32_t float_bits(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, 4);
    return bits;
}

void tensor_add(float *output, const float *a, const float *b, const size_t *sizes, const size_t *a_strides,
                const size_t *b_strides, size_t num_dims, float alpha) {
    binary_run *const run = alpha == 1 || alpha == -1 ? add_run : add_fused_run; /* the same bits where the product is exact */
    for_each_run(run, output, a, b, sizes, a_strides, b_strides, num_dims, float_bits(alpha));
}

void tensor_add_int32(int32_t *output, const int32_t *a, const int32_t *b, const size_t *sizes, const size_t *a_strides,
                      const size_t *b_strides, size_t num_dims, int32_t alpha) {
    for_each_run(add_int32_run, output, a, b, sizes, a_strides, b_strides, num_dims, (uint32_t)alpha);
}

void tensor_mul(float *output, const float *a, const float *b, const size_t *sizes, const size_t *a_strides,
                const size_t *b_strides, size_t num_dims) {
    for_each_run(mul_run, output, a, b, sizes, a_strides, b_strides, num_dims, 0);
}

void tensor_div(float *output, const float *a, const float *b, const size_t *sizes, const size_t *a_strides,
                const size_t *b_strides, size_t num_dims) {
    for_each_run(div_run, output, a, b, sizes, a_strides, b_strides, num_dims, 0);
}

void tensor_mul_int32(int32_t *output, const int32_t *a, const int32_t *b, const size_t *sizes, const size_t *a_strides,
                      const size_t *b_strides, size_t num_dims) {
    for_each_run(mul_int32_run, output, a, b, sizes, a_strides, b_strides, num_dims, 0);
}

void tensor_expand(void *output, const void *input, const size_t *sizes, const size_t *strides, size_t num_dims) {
    for_each_run(copy_run, output, input, input, sizes, strides, strides, num_dims, 0);
}
