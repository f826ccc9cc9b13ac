/* The bandwidth of each kernel as a part of a device-to-device copy's in the same run. CUDA events, five runs to warm up, the median of
   31; tables and outputs are several times the L2, contents random. Writes a line of JSON for each measurement to the file named. */
#include <cuda_runtime_api.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../c/inputs.h"
#include "embedding_cuda.h"

#define TABLE_FLOATS ((size_t)1 << 28) /* 1 GiB each: table, rows, two moments */
#define MOST_INDICES ((size_t)1 << 20)
#define MOST_ROWS_SORTED ((size_t)1 << 25)
#define WARM_UP 5
#define RUNS 31

static void must(int error, const char *what, int line) {
    if (!error) return;
    fprintf(stderr, "bench.c:%d: %s: error %d, %s\n", line, what, error, embedding_message_cuda());
    exit(1);
}
#define MUST(call) must((int)(call), #call, __LINE__)

static void *allocate(size_t bytes) {
    void *memory;
    MUST(cudaMalloc(&memory, bytes));
    return memory;
}

static float *table, *rows, *exp_avg, *exp_avg_sq, *values;
static int32_t *indices, *grad_indices, *distinct, *max_indices;
static double *norms;
static uint64_t *result, *num_pairs, *num_rows;
static void *scratch;
static size_t num_indices, num_embeddings, embedding_dim;
static embedding_bags bags; /* of 16 positions */

static embedding_status copy(void) {
    return cudaMemcpyAsync(rows, table, TABLE_FLOATS * sizeof(float), cudaMemcpyDeviceToDevice, NULL) ? EMBEDDING_CUDA_ERROR : EMBEDDING_OK;
}
static embedding_status forward(void) {
    return embedding_forward_cuda(rows, result, table, indices, num_indices, num_embeddings, embedding_dim, NULL);
}
static embedding_status renorm(void) {
    return embedding_renorm_cuda(table, NULL, NULL, result, indices, num_indices, num_embeddings, embedding_dim, 1e30, 2, scratch, NULL);
}
static embedding_status dense_backward(void) {
    return embedding_dense_backward_cuda(table, result, rows, indices, num_indices, num_embeddings, embedding_dim, -1, NULL, scratch, NULL);
}
static embedding_status sparse_backward(void) {
    return embedding_sparse_backward_cuda(grad_indices, values, num_pairs, result, rows, indices, num_indices, embedding_dim, -1, NULL, scratch, NULL);
}
static embedding_status coalesce(void) {
    return embedding_coalesce_cuda(distinct, values, num_rows, indices, rows, NULL, num_indices, num_embeddings, embedding_dim, scratch, NULL);
}
static embedding_status sparse_adam(void) {
    return embedding_sparse_adam_step_cuda(table, exp_avg, exp_avg_sq, distinct, values, num_rows, num_indices, num_embeddings, embedding_dim, 1e-3,
                                           0.9, 0.999, 1e-8, 0, 1, NULL);
}
static embedding_status bag_sum(void) { return embedding_bag_forward_cuda(values, NULL, result, table, &bags, NULL); }
static embedding_status bag_max(void) {
    bags.mode = EMBEDDING_BAG_MAX;
    const embedding_status status = embedding_bag_forward_cuda(values, max_indices, result, table, &bags, NULL);
    bags.mode = EMBEDDING_BAG_SUM;
    return status;
}
static embedding_status bag_backward(void) {
    return embedding_bag_dense_backward_cuda(table, result, rows, NULL, &bags, NULL, scratch, NULL);
}
static embedding_status row_norms(void) { return embedding_row_norms_cuda(norms, table, num_embeddings, embedding_dim, NULL); }

static embedding_status weights_backward(void) {
    return embedding_bag_per_sample_weights_backward_cuda(values, result, rows, table, &bags, NULL);
}
static embedding_status add_rows(void) {
    return embedding_add_rows_cuda(table, indices, rows, NULL, num_indices, embedding_dim, -1e-3f, scratch, NULL);
}
static embedding_status nearest(void) {
    return embedding_nearest_cuda(distinct, values, num_rows, result, table, NULL, rows, NULL, 0, num_embeddings, embedding_dim, 10, EMBEDDING_COSINE,
                                  scratch, NULL);
}

static int by_size(const void *a, const void *b) { return (*(const float *)a > *(const float *)b) - (*(const float *)a < *(const float *)b); }

static double median_ms(embedding_status (*call)(void)) {
    float ms[RUNS];
    cudaEvent_t begin, end;
    MUST(cudaEventCreate(&begin));
    MUST(cudaEventCreate(&end));
    for (int run = -WARM_UP; run < RUNS; run++) {
        MUST(cudaEventRecord(begin, NULL));
        MUST(call());
        MUST(cudaEventRecord(end, NULL));
        MUST(cudaEventSynchronize(end));
        if (run >= 0) MUST(cudaEventElapsedTime(ms + run, begin, end));
    }
    MUST(cudaEventDestroy(begin));
    MUST(cudaEventDestroy(end));
    qsort(ms, RUNS, sizeof *ms, by_size);
    return (double)ms[RUNS / 2];
}

/* Zipf of exponent 1, by inversion of the continuous law. */
static void draw_indices(int32_t *drawn, int is_zipf) {
    inputs from = {1};
    for (size_t n = 0; n < num_indices; n++) {
        const double u = (double)(draw_bits(&from) >> 11) * 0x1p-53;
        drawn[n] = is_zipf ? (int32_t)pow((double)num_embeddings, u) - 1 : (int32_t)(u * (double)num_embeddings);
    }
    MUST(cudaMemcpy(indices, drawn, num_indices * sizeof *drawn, cudaMemcpyHostToDevice));
}

static size_t largest(size_t a, size_t b) { return a > b ? a : b; }

int main(int argc, char **argv) {
    if (embedding_available_cuda() != EMBEDDING_OK) return printf("skipped: %s\n", embedding_message_cuda()), 77;
    FILE *file = fopen(argc > 1 ? argv[1] : "/dev/null", "w");
    struct cudaDeviceProp device;
    MUST(cudaGetDeviceProperties(&device, 0));
    table = allocate(TABLE_FLOATS * sizeof(float));
    rows = allocate(TABLE_FLOATS * sizeof(float));
    exp_avg = allocate(TABLE_FLOATS * sizeof(float));
    exp_avg_sq = allocate(TABLE_FLOATS * sizeof(float));
    values = allocate(TABLE_FLOATS * sizeof(float));
    norms = allocate(TABLE_FLOATS * sizeof(double));
    indices = allocate(MOST_INDICES * 4), grad_indices = allocate(MOST_INDICES * 4), distinct = allocate(MOST_INDICES * 4);
    max_indices = allocate(TABLE_FLOATS / 4);
    result = allocate(8), num_pairs = allocate(8), num_rows = allocate(8);
    scratch = allocate(largest(largest(embedding_renorm_scratch_cuda(TABLE_FLOATS), embedding_nearest_scratch_cuda(MOST_ROWS_SORTED)),
                               largest(embedding_coalesce_scratch_cuda(MOST_INDICES), embedding_bag_dense_backward_scratch_cuda(MOST_INDICES, MOST_INDICES))));
    float *random = malloc(((size_t)1 << 22) * sizeof(float));
    int32_t *drawn = malloc(MOST_INDICES * sizeof *drawn);
    inputs from = {2};
    fill_plain(&from, random, (size_t)1 << 22);
    for (size_t n = 0; n < TABLE_FLOATS; n += (size_t)1 << 22) {
        MUST(cudaMemcpy(table + n, random, ((size_t)1 << 22) * sizeof(float), cudaMemcpyHostToDevice));
        MUST(cudaMemcpy(rows + n, random, ((size_t)1 << 22) * sizeof(float), cudaMemcpyHostToDevice));
    }
    const double copied = 2.0 * TABLE_FLOATS * sizeof(float) / median_ms(copy) / 1e6; /* GB/s, read and written */
    printf("%s, %d multiprocessors, L2 of %d MiB, device-to-device copy %.0f GB/s\n", device.name, device.multiProcessorCount,
           device.l2CacheSize >> 20, copied);
    fprintf(file, "{\"device\":\"%s\",\"copy_gb_per_s\":%.1f}\n", device.name, copied);
    const size_t dims[] = {1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 256, 300, 512, 768, 1024, 1536};
    for (size_t i = 0; i < sizeof dims / sizeof *dims; i++)
        for (int is_zipf = 0; is_zipf < 2; is_zipf++) {
            embedding_dim = dims[i];
            num_embeddings = TABLE_FLOATS / embedding_dim;
            num_indices = num_embeddings < MOST_INDICES ? num_embeddings / 16 * 16 : MOST_INDICES;
            draw_indices(drawn, is_zipf);
            bags = (embedding_bags){.indices = indices, .num_indices = num_indices, .num_bags = num_indices / 16, .num_embeddings = num_embeddings,
                                    .embedding_dim = embedding_dim, .padding_idx = -1};
            MUST(cudaMemset(exp_avg, 0, TABLE_FLOATS * sizeof(float)));
            MUST(cudaMemset(exp_avg_sq, 0, TABLE_FLOATS * sizeof(float)));
            MUST(coalesce());
            uint64_t unique;
            MUST(cudaMemcpy(&unique, num_rows, sizeof unique, cudaMemcpyDeviceToHost));
            /* The least that must be moved, in bytes: rows read and written, and the indices. */
            const double row = 4.0 * (double)embedding_dim, n = (double)num_indices, u = (double)unique, all = (double)num_embeddings * row;
            const struct {
                const char *name;
                embedding_status (*call)(void);
                double bytes;
            } kernels[] = {{"coalesce", coalesce, n * (row + 4) + u * (row + 4)},
                           {"sparse_adam_step", sparse_adam, u * (7 * row + 4)},
                           {"forward", forward, n * (2 * row + 4)},
                           {"renorm", renorm, u * row + n * 4},
                           {"sparse_backward", sparse_backward, n * (2 * row + 8)},
                           {"dense_backward", dense_backward, n * (row + 4) + all},
                           {"bag_forward sum", bag_sum, n * (row + 4) + n / 16 * row},
                           {"bag_forward max", bag_max, n * (row + 4) + n / 16 * 2 * row},
                           {"bag_dense_backward", bag_backward, n / 16 * row + n * 4 + all},
                           {"weights_backward", weights_backward, n * (row + 8) + n / 16 * row},
                           {"add_rows", add_rows, n * (row + 4) + 2 * u * row},
                           {"row_norms", row_norms, all + 8.0 * (double)num_embeddings},
                           {"nearest", nearest, all}};
            for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++) {
                if (kernels[k].call == nearest && num_embeddings > MOST_ROWS_SORTED) continue;
                const double ms = median_ms(kernels[k].call), part = kernels[k].bytes / ms / 1e6 / copied;
                printf("D %4zu %-7s %-20s %9.3f ms %6.1f %% of the copy\n", embedding_dim, is_zipf ? "zipf" : "uniform", kernels[k].name, ms, 100 * part);
                fprintf(file, "{\"embedding_dim\":%zu,\"indices\":\"%s\",\"kernel\":\"%s\",\"ms\":%.5f,\"part_of_copy\":%.4f}\n", embedding_dim,
                        is_zipf ? "zipf" : "uniform", kernels[k].name, ms, part);
            }
        }
    return fclose(file) != 0;
}
