/* Copies that change the layout or the type, and fills. */
#include <string.h>

#include "tensor.h"

void tensor_transpose(uint32_t *output, const uint32_t *input, size_t rows, size_t columns) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) output[j * rows + i] = input[i * columns + j];
}

void tensor_to_int32(int32_t *output, const float *input, size_t size) {
    for (size_t i = 0; i < size; i++) {
        const float x = input[i];
        output[i] = x >= -0x1p31f && x < 0x1p31f ? (int32_t)x : INT32_MIN;
    }
}

void tensor_to_float32(float *output, const int32_t *input, size_t size) {
    for (size_t i = 0; i < size; i++) output[i] = (float)input[i];
}

void tensor_arange(float *output, double start, double step, size_t size) {
    const size_t whole = size - size % 16;
    for (size_t n = 0; n < whole; n++) {
        const float base = (float)(start + step * (double)(n - n % 8));
        output[n] = (float)((double)base + (double)(n % 8) * step);
    }
    for (size_t n = whole; n < size; n++) output[n] = (float)(start + step * (double)n);
}

void tensor_arange_int32(int32_t *output, int32_t start, int32_t step, size_t size) {
    for (size_t n = 0; n < size; n++) output[n] = (int32_t)((uint32_t)start + (uint32_t)step * (uint32_t)n);
}

void tensor_one_hot(float *output, const int32_t *indices, size_t num_indices, size_t num_classes) {
    if (num_indices == 0) return;
    memset(output, 0, num_indices * num_classes * sizeof(float));
    for (size_t n = 0; n < num_indices; n++) output[n * num_classes + (size_t)(uint32_t)indices[n]] = 1.0f;
}
