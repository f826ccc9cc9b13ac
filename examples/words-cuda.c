/* Looks words of data/ up on the GPU, compares their rows with the CPU's, and finds the words nearest to the first.

   make cuda && build/cuda/words-cuda king queen       Exits with 77 where there is no GPU. */
#include <cuda_runtime_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embedding_cuda.h"

enum { WORDS = 10000, DIM = 100, MOST = 16, K = 4 };

static char text[1 << 17], *words[WORDS];
static int8_t rows[WORDS * DIM];
static float scales[WORDS], weight[WORDS * DIM], expected[MOST * DIM], output[MOST * DIM], scores[K];
static int32_t indices[MOST], nearest[K];

static void check(int failed, const char *what) {
    if (failed) fprintf(stderr, "%s: %s\n", what, embedding_message_cuda()), exit(1);
}
#define CHECK(call) check((int)(call), #call)

static void read_file(const char *name, void *bytes, size_t size) {
    FILE *file = fopen(name, "rb");
    if (!file || !fread(bytes, 1, size, file)) perror(name), exit(1);
    fclose(file);
}

static void *on_device(const void *bytes, size_t size) {
    void *memory;
    CHECK(cudaMalloc(&memory, size));
    if (bytes) CHECK(cudaMemcpy(memory, bytes, size, cudaMemcpyHostToDevice));
    return memory;
}

int main(int argc, char **argv) {
    size_t position, count = 0;
    if (embedding_available_cuda() != EMBEDDING_OK) return fprintf(stderr, "%s\n", embedding_message_cuda()), 77;
    read_file("data/words.txt", text, sizeof text - 1);
    read_file("data/rows.int8", rows, sizeof rows);
    read_file("data/scales.float32", scales, sizeof scales);
    for (char *word = strtok(text, "\n"); word; word = strtok(NULL, "\n")) words[count++] = word;
    embedding_dequantize(weight, rows, scales, WORDS, DIM);
    for (count = 0; argc > 1 && count < MOST; argc--, argv++)
        for (int32_t row = 0; row < WORDS; row++)
            if (!strcmp(words[row], argv[1])) indices[count++] = row;
    if (count == 0) return fprintf(stderr, "usage: words-cuda WORD ..., of data/words.txt\n"), 2;

    const float *table = on_device(weight, sizeof weight);
    float *device_output = on_device(NULL, sizeof output), *device_scores = on_device(NULL, sizeof scores);
    int32_t *device_indices = on_device(indices, sizeof indices), *device_nearest = on_device(NULL, sizeof nearest);
    uint64_t *result = on_device(NULL, 8), *num_nearest = on_device(NULL, 8);
    CHECK(embedding_forward_cuda(device_output, result, table, device_indices, count, WORDS, DIM, NULL));
    CHECK(embedding_result_cuda(&position, result, NULL));
    CHECK(cudaMemcpy(output, device_output, count * DIM * sizeof(float), cudaMemcpyDeviceToHost));
    CHECK(embedding_forward(expected, &position, weight, indices, count, WORDS, DIM));
    printf("%zu rows, %s\n", count, memcmp(output, expected, count * DIM * sizeof(float)) ? "NOT the CPU's" : "the CPU's bit for bit");
    CHECK(embedding_nearest_cuda(device_nearest, device_scores, num_nearest, result, table, NULL, device_output, device_indices, 1, WORDS, DIM, K,
                                 EMBEDDING_COSINE, on_device(NULL, embedding_nearest_scratch_cuda(WORDS)), NULL));
    CHECK(embedding_result_cuda(&position, result, NULL));
    CHECK(cudaMemcpy(nearest, device_nearest, sizeof nearest, cudaMemcpyDeviceToHost));
    CHECK(cudaMemcpy(scores, device_scores, sizeof scores, cudaMemcpyDeviceToHost));
    for (int n = 0; n < K; n++) printf("%s %.2f\n", words[nearest[n]], (double)scores[n]);
    return memcmp(output, expected, count * DIM * sizeof(float)) != 0;
}
