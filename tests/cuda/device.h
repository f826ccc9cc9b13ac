/* Device memory for the tests of the CUDA twins, which run on a GPU or in the emulator. */
#ifndef TESTS_CUDA_DEVICE_H
#define TESTS_CUDA_DEVICE_H

#include <cuda_runtime_api.h>

#include "../c/test.h"
#include "embedding_cuda.h"

static struct {
    void *blocks[512];
    size_t num_blocks;
} device;

/* All calls are queued here. It does not wait for the null stream, nor that for it. */
static cudaStream_t stream;

static inline void cuda_must(cudaError_t error, const char *call) {
    if (error == cudaSuccess) return;
    printf("%s: %s: %s\n", test.name, call, cudaGetErrorString(error));
    exit(2);
}

/* A block of exactly `size` bytes, `offset` bytes behind an address aligned to 256; freed when the test ends, or by free_device. It is
   filled with what is no result, neither as a float nor as a word; that is queued, so that what is written on another stream is lost. */
static inline void *device_block(size_t size, size_t offset) {
    void *block = NULL;
    if (device.num_blocks == sizeof device.blocks / sizeof *device.blocks) {
        printf("%s: more device blocks than the harness can hold\n", test.name);
        exit(2);
    }
    cuda_must(cudaMalloc(&block, size + offset), "cudaMalloc");
    device.blocks[device.num_blocks++] = block;
    if (size) cuda_must(cudaMemsetAsync(block, 0x7f, size + offset, stream), "cudaMemsetAsync");
    return (char *)block + offset;
}
#define DEVICE_FLOATS(count) ((float *)device_block((count) * sizeof(float), 0))
#define DEVICE_INT32S(count) ((int32_t *)device_block((count) * sizeof(int32_t), 0))
#define DEVICE_WORD() ((uint64_t *)device_block(sizeof(uint64_t), 0))

static inline void *to_device_at(const void *host, size_t size, size_t offset) {
    void *block = device_block(size, offset);
    cuda_must(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
    if (size) cuda_must(cudaMemcpy(block, host, size, cudaMemcpyHostToDevice), "cudaMemcpy");
    return block;
}
#define ON_DEVICE(array, count) to_device_at(array, (count) * sizeof *(array), 0)

/* A copy of device memory when all that was queued is done, freed as host buffers are. */
static inline void *to_host(const void *block, size_t size) {
    void *copy = buffer(size, 0);
    cuda_must(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
    if (size) cuda_must(cudaMemcpy(copy, block, size, cudaMemcpyDeviceToHost), "cudaMemcpy");
    return copy;
}
static inline uint64_t word_of(const uint64_t *word) { return *(uint64_t *)to_host(word, sizeof *word); }

static inline void free_device(void) {
    while (device.num_blocks) cuda_must(cudaFree(device.blocks[--device.num_blocks]), "cudaFree");
}

/* Between one input and the next. */
static inline void free_all(void) {
    free_buffers();
    free_device();
}

/* What a test calls must have been queued, and must come out well. */
#define EXPECT_QUEUED(call) expect_queued(__FILE__, __LINE__, #call, call)
static inline void expect_queued(const char *file, int line, const char *call, embedding_status status) {
    if (status != EMBEDDING_OK) fail(file, line, "%.60s: status %d, %s", call, (int)status, embedding_message_cuda());
}
#define EXPECT_GOOD(result) expect_result(__FILE__, __LINE__, result, EMBEDDING_OK, 0)
#define EXPECT_BAD(result, expected, position) expect_result(__FILE__, __LINE__, result, expected, position)
static inline void expect_result(const char *file, int line, const uint64_t *result, embedding_status expected, size_t expected_position) {
    size_t position = 0;
    const embedding_status status = embedding_result_cuda(&position, result, stream);
    if (status == EMBEDDING_CUDA_ERROR) fail(file, line, "%s", embedding_message_cuda());
    if (status != expected) fail(file, line, "result: expected status %d, got %d", (int)expected, (int)status);
    if (position != expected_position) fail(file, line, "result: expected position %zu, got %zu", expected_position, position);
}

#define EXPECT_DEVICE_FLOATS(got, expected, count) EXPECT_FLOATS((const float *)to_host(got, (count) * sizeof(float)), expected, count)
#define EXPECT_DEVICE_BYTES(got, expected, size) EXPECT_BYTES(to_host(got, size), expected, size)

#undef RUN
#define RUN(function) (run_test(function, #function), free_device())

/* First in main: 77 where there is no device, which is not a failure. */
#define REQUIRE_DEVICE()                                                                                               \
    do {                                                                                                               \
        if (embedding_available_cuda() != EMBEDDING_OK) return printf("skipped: %s\n", embedding_message_cuda()), 77;  \
        cuda_must(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");             \
    } while (0)

/* ---- Shapes -------------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t num_indices, num_embeddings, embedding_dim;
    size_t hot_percent; /* of the indices name one row */
} shape;

/* Rows of each width that a kernel treats differently; runs of every kind: single, short, long, all of the indices. */
static const shape SHAPES[] = {{1, 1, 1, 0},     {2, 3, 1, 0},    {7, 3, 3, 0},     {33, 10, 8, 0},  {65, 5, 12, 0},   {70, 40, 50, 20},
                               {300, 1000, 64, 30}, {257, 33, 33, 60}, {140, 17, 300, 70}, {700, 4, 16, 0}, {129, 1, 5, 100}, {64, 2, 2, 100}};
#define NUM_SHAPES (sizeof SHAPES / sizeof *SHAPES)

static inline void fill_indices_of(inputs *from, int32_t *indices, const shape *s) {
    for (size_t n = 0; n < s->num_indices; n++) {
        const int is_hot = draw_below(from, 100) < s->hot_percent;
        indices[n] = is_hot ? (int32_t)(s->num_embeddings / 2) : (int32_t)draw_below(from, s->num_embeddings);
    }
}

static inline void trying_shape(const shape *s) {
    trying("num_indices %zu, num_embeddings %zu, embedding_dim %zu", s->num_indices, s->num_embeddings, s->embedding_dim);
}

#endif
