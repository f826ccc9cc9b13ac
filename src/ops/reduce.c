/* Reductions. */
#include "../norm.h"
#include "tensor.h"

void tensor_norm(float *output, const float *input, size_t outer, size_t size, size_t inner, double norm_type) {
    if (inner == 1 || size == 0) {
        for (size_t i = 0; i < outer * inner; i++) output[i] = row_norm(size ? input + i * size : NULL, size, norm_type);
        return;
    }
    for (size_t i = 0; i < outer; i++)
        for (size_t j = 0; j < inner; j++)
            output[i * inner + j] = strided_norm(input + i * size * inner + j, size, inner, norm_type);
}

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
