/* Rows of int8 with a scale each, made float32. */
#include "device.cuh"

/* A warp for each row. */
__global__ void dequantize_kernel(float *__restrict__ output, const int8_t *__restrict__ values, const float *__restrict__ scales,
                                  size_t num_embeddings, size_t embedding_dim) {
    for (size_t i = thread_index() / WARP; i < num_embeddings; i += num_threads() / WARP)
        for (size_t d = threadIdx.x % WARP; d < embedding_dim; d += WARP)
            output[i * embedding_dim + d] = static_cast<float>(values[i * embedding_dim + d]) * scales[i];
}

embedding_status embedding_dequantize_cuda(float *output, const int8_t *values, const float *scales, size_t num_embeddings, size_t embedding_dim,
                                           cudaStream_t stream) {
    const bool has_elements = num_embeddings > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_embeddings)).size(NAMED(embedding_dim)).array(NAMED(output), has_elements)
            .array(NAMED(values), has_elements).array(NAMED(scales), has_elements).status);
    const size_t size = num_embeddings * embedding_dim;
    if (!has_elements) return EMBEDDING_OK;
    if (overlap(output, size * sizeof *output, values, size)) return cuda_invalid("values overlaps output");
    return launch(dequantize_kernel, blocks_for(num_embeddings, THREADS / WARP), stream, output, values, scales, num_embeddings, embedding_dim);
}
