/* Rows of int8 with a scale each, made float32. */
#include "embedding.h"

void embedding_dequantize(float *output, const int8_t *values, const float *scales, size_t num_embeddings, size_t embedding_dim) {
    for (size_t i = 0, n = 0; i < num_embeddings; i++)
        for (const size_t end = n + embedding_dim; n < end; n++) output[n] = (float)values[n] * scales[i];
}
