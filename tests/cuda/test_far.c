/* Rows that lie beyond element 2^31 of their table. A GPU needs 20 GB for each table; the emulator gives address space only. */
#include "device.h"

#define V ((size_t)600000000)
#define D ((size_t)8)

static const int32_t FIRST_AND_LAST[] = {(int32_t)V - 1, 0, (int32_t)V - 1};
static const float ROW[] = {1, 2, 3, 4, 5, 6, 7, 8}, GRAD[3 * 8] = {1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4};

/* ROW in the first and in the last row. offset: of the first element from an aligned one. NULL where there is no room. */
static float *far_table(size_t offset) {
    void *table;
    if (cudaMalloc(&table, (V * D + offset) * sizeof(float)) != cudaSuccess) {
        printf("no room for a table of 20 GB: not tested\n");
        return NULL;
    }
    device.blocks[device.num_blocks++] = table;
    float *first = (float *)table + offset, *last = first + (V - 1) * D;
    cuda_must(cudaMemcpy(first, ROW, sizeof ROW, cudaMemcpyHostToDevice), "cudaMemcpy");
    cuda_must(cudaMemcpy(last, ROW, sizeof ROW, cudaMemcpyHostToDevice), "cudaMemcpy");
    return first;
}

static void expect_row(const float *row, const float *start, float scale, float addend) {
    float expected[8];
    for (size_t d = 0; d < D; d++) expected[d] = scale * start[d] + addend;
    EXPECT_DEVICE_FLOATS(row, expected, D);
}

/* Element by element: as vectors of four, rows of 20 GB have numbers below 2^32. */
static void lookups_of_an_unaligned_table_read_them(void) {
    const float *weight = far_table(1);
    if (!weight) return;
    float *output = DEVICE_FLOATS(3 * D);
    uint64_t *result = DEVICE_WORD();
    EXPECT_QUEUED(embedding_forward_cuda(output, result, weight, ON_DEVICE(FIRST_AND_LAST, 3), 3, V, D, stream));
    EXPECT_GOOD(result);
    for (size_t n = 0; n < 3; n++) expect_row(output + n * D, ROW, 1, 0);
}

static void lookups_and_bags_read_them(void) {
    const float *weight = far_table(0);
    if (!weight) return;
    float *output = DEVICE_FLOATS(3 * D), *grad_weights = DEVICE_FLOATS(3);
    uint64_t *result = DEVICE_WORD();
    EXPECT_QUEUED(embedding_forward_cuda(output, result, weight, ON_DEVICE(FIRST_AND_LAST, 3), 3, V, D, stream));
    EXPECT_GOOD(result);
    for (size_t n = 0; n < 3; n++) expect_row(output + n * D, ROW, 1, 0);
    const embedding_bags bags = {.indices = ON_DEVICE(FIRST_AND_LAST, 3), .num_indices = 3, .num_bags = 1, .num_embeddings = V, .embedding_dim = D,
                                 .padding_idx = -1};
    EXPECT_QUEUED(embedding_bag_forward_cuda(output, NULL, result, weight, &bags, stream));
    EXPECT_GOOD(result);
    expect_row(output, ROW, 3, 0);
    EXPECT_QUEUED(embedding_bag_per_sample_weights_backward_cuda(grad_weights, result, ON_DEVICE(GRAD, D), weight, &bags, stream));
    EXPECT_DEVICE_FLOATS(grad_weights, ((const float[]){36, 36, 36}), 3);
}

static void steps_write_them(void) {
    float *weight = far_table(0), *exp_avg = far_table(0), *exp_avg_sq = far_table(0);
    if (!weight || !exp_avg || !exp_avg_sq) return;
    EXPECT_QUEUED(embedding_add_rows_cuda(weight, ON_DEVICE(FIRST_AND_LAST, 3), ON_DEVICE(GRAD, 3 * D), NULL, 3, D, 1,
                                          device_block(embedding_add_rows_scratch_cuda(3), 0), stream));
    expect_row(weight, ROW, 1, 2);
    expect_row(weight + (V - 1) * D, ROW, 1, 5);
    EXPECT_QUEUED(embedding_sparse_adam_step_cuda(weight, exp_avg, exp_avg_sq, ON_DEVICE(FIRST_AND_LAST, 2), ON_DEVICE(GRAD, 2 * D), NULL, 2, V, D, 0,
                                                  0.5, 0.5, 1e-8, 0, 1, stream));
    expect_row(exp_avg, ROW, 0.5f, 1);
    expect_row(exp_avg + (V - 1) * D, ROW, 0.5f, 0.5f);
    EXPECT_QUEUED(embedding_adagrad_step_cuda(weight, exp_avg, ON_DEVICE(GRAD, D), ON_DEVICE(FIRST_AND_LAST, 1), NULL, 1, V, D, 0, 0, 1e-8, 0, 0, 1, stream));
    expect_row(exp_avg + (V - 1) * D, ROW, 0.5f, 1.5f);
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(lookups_of_an_unaligned_table_read_them);
    RUN(lookups_and_bags_read_them);
    RUN(steps_write_them);
    return FINISH();
}
