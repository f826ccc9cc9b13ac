/* Reductions. */
#include <math.h>
#include <string.h>

#include "../norm.h"
#include "../simd/row.h"
#include "tensor.h"

/* ---- Sums ---------------------------------------------------------------------------------------------------------- */

#define BLOCK 1024 /* elements summed in float32 before they are added in double */

static double sum_of(const float *row, size_t size) {
    double sum = 0;
    for (size_t start = 0; start < size; start += BLOCK)
        sum += row_sum(row + start, row + start, size - start < BLOCK ? size - start : BLOCK);
    return sum;
}

void tensor_sum(float *output, const float *input, size_t outer, size_t size, size_t inner, double divisor) {
    for (size_t i = 0; i < outer && inner > 0; i++) {
        if (inner == 1) {
            output[i] = (float)(sum_of(size ? input + i * size : NULL, size) / divisor);
            continue;
        }
        float *out_row = output + i * inner;
        memset(out_row, 0, inner * sizeof(float));
        for (size_t k = 0; k < size; k++) row_add(out_row, input + (i * size + k) * inner, inner);
        if (divisor != 1) row_divide(out_row, (float)divisor, inner);
    }
}

/* ---- Products ------------------------------------------------------------------------------------------------------ */

#define EACH_SLICE                                                                                                     \
    for (size_t i = 0; i < outer; i++)                                                                                 \
        for (size_t j = 0, at = i * size * inner; j < inner; j++, at++)
#define EACH_ELEMENT(k) for (size_t k = at; k < at + size * inner; k += inner)

void tensor_prod(float *output, const float *input, size_t outer, size_t size, size_t inner) {
    EACH_SLICE {
        float product = 1;
        EACH_ELEMENT(k) product *= input[k];
        output[i * inner + j] = product;
    }
}

#define REDUCE_INT32(NAME, START, OPERATION)                                                                           \
    void NAME(int32_t *output, const int32_t *input, size_t outer, size_t size, size_t inner) {                        \
        EACH_SLICE {                                                                                                   \
            uint32_t result = START;                                                                                   \
            EACH_ELEMENT(k) result = result OPERATION(uint32_t) input[k];                                              \
            output[i * inner + j] = (int32_t)result;                                                                   \
        }                                                                                                              \
    }
REDUCE_INT32(tensor_sum_int32, 0, +)
REDUCE_INT32(tensor_prod_int32, 1, *)

/* Without a zero anywhere: g * (product / x). With one: for each element the product of all others, from the left and from the
   right; over all elements (is_full) 0 where two or more are zero, as in PyTorch. */
void tensor_prod_backward(float *grad_input, const float *grad_output, const float *input, const float *output, size_t outer,
                          size_t size, size_t inner, int is_full) {
    size_t zeros = 0;
    for (size_t i = 0; i < outer * size * inner; i++) zeros += input[i] == 0;
    EACH_SLICE {
        const float g = grad_output[i * inner + j];
        if (zeros == 0) {
            const float product = output[i * inner + j];
            EACH_ELEMENT(k) grad_input[k] = g * (product / input[k]);
        } else if (is_full && zeros > 1) {
            EACH_ELEMENT(k) grad_input[k] = 0;
        } else {
            float before = 1, behind = 1;
            EACH_ELEMENT(k) {
                grad_input[k] = before;
                before *= input[k];
            }
            for (size_t k = at + size * inner; k > at; behind *= input[k]) {
                k -= inner;
                grad_input[k] = g * (grad_input[k] * behind);
            }
        }
    }
}

/* ---- Norms --------------------------------------------------------------------------------------------------------- */

void tensor_norm(float *output, const float *input, size_t outer, size_t size, size_t inner, double norm_type) {
    if (inner == 1 || size == 0) {
        for (size_t i = 0; i < outer * inner; i++) output[i] = row_norm(size ? input + i * size : NULL, size, norm_type);
        return;
    }
    for (size_t i = 0; i < outer; i++)
        for (size_t j = 0; j < inner; j++)
            output[i * inner + j] = strided_norm(input + i * size * inner + j, size, inner, norm_type);
}

/* ATen's norm_backward. p = 2: x * (g / norm); p = 1: sign(x) * g; p = 0: 0; infinite: g shared by the elements that reach the norm;
   else sign(x) * |x|^(p - 1) * (g / norm^(p - 1)), multiplied as ATen does, since 0 times infinity shows. 0 where the norm is 0. */
static float norm_gradient(float x, float g, float norm, double p, size_t reaching) {
    const float sign = (float)((x > 0) - (x < 0));
    if (p == 0) return 0;
    if (p == 1) return sign * g;
    if (p == 2) return norm == 0 ? 0 : x * (g / norm);
    if (p == INFINITY || p == -INFINITY) return fabsf(x) == norm ? sign * (g / (float)reaching) : 0;
    if (p < 1) return (x == 0 ? 0 : sign * powf(fabsf(x), (float)(p - 1))) * (g * powf(norm, (float)(1 - p)));
    if (norm == 0) return 0;
    const float part = p < 2 ? sign * powf(fabsf(x), (float)(p - 1)) : x * powf(fabsf(x), (float)(p - 2));
    return part * (g / powf(norm, (float)(p - 1)));
}

void tensor_norm_backward(float *grad_input, const float *grad_output, const float *input, const float *output, size_t outer,
                          size_t size, size_t inner, double norm_type) {
    EACH_SLICE {
        const float g = grad_output[i * inner + j], norm = output[i * inner + j];
        size_t reaching = 0;
        EACH_ELEMENT(k) reaching += fabsf(input[k]) == norm;
        EACH_ELEMENT(k) grad_input[k] = norm_gradient(input[k], g, norm, norm_type, reaching);
    }
}

/* ---- Comparison ---------------------------------------------------------------------------------------------------- */

/* Blocks without a branch inside are vectorised. */
#define EQUAL(NAME, TYPE)                                                                                              \
    int NAME(const TYPE *a, const TYPE *b, size_t size) {                                                              \
        int different = 0;                                                                                             \
        for (size_t start = 0; start < size && !different; start += 4096) {                                            \
            const size_t end = size - start < 4096 ? size : start + 4096;                                              \
            for (size_t i = start; i < end; i++) different |= a[i] != b[i];                                            \
        }                                                                                                              \
        return !different;                                                                                             \
    }
EQUAL(tensor_equal, float)
EQUAL(tensor_equal_int32, int32_t)
