/* Copies that change the layout or the type. */
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

void tensor_one_hot(float *output, const int32_t *indices, size_t num_indices, size_t num_classes) {
    memset(output, 0, num_indices * num_classes * sizeof(float));
    for (size_t n = 0; n < num_indices; n++) output[n * num_classes + (size_t)(uint32_t)indices[n]] = 1.0f;
}
