/* Calls captured in a CUDA graph: nothing runs, and nothing is asked that a capture forbids, until the graph is launched, any number
   of times. */
#include "device.h"

static inputs from = {7};

static cudaGraphExec_t captured(void) {
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    cuda_must(cudaStreamEndCapture(stream, &graph), "cudaStreamEndCapture");
    cuda_must(cudaGraphInstantiate(&exec, graph, 0), "cudaGraphInstantiate");
    cuda_must(cudaGraphDestroy(graph), "cudaGraphDestroy");
    return exec;
}

static void *scratch_of(size_t size) { return device_block(size, 0); }

/* max_norm, lookup, gradient, coalescing, step: the second launch starts from what the first one left. */
static void a_training_step_runs_once_for_each_launch(void) {
    const size_t N = 200, V = 30, D = 12;
    float *weight = FLOATS(V * D, 0), *sum = FLOATS(V * D, 0), *output = FLOATS(N * D, 0), *grad = FLOATS(N * D, 0), *values = FLOATS(N * D, 0);
    int32_t *indices = INT32S(N, 0), *rows = INT32S(N, 0);
    fill_plain(&from, weight, V * D);
    fill_plain(&from, grad, N * D);
    fill_indices(&from, indices, N, V);
    memset(sum, 0, V * D * sizeof(float));
    float *device_weight = ON_DEVICE(weight, V * D), *device_sum = ON_DEVICE(sum, V * D), *device_output = DEVICE_FLOATS(N * D);
    float *device_grad = ON_DEVICE(grad, N * D), *grad_values = DEVICE_FLOATS(N * D), *device_values = DEVICE_FLOATS(N * D);
    int32_t *device_indices = ON_DEVICE(indices, N), *grad_indices = DEVICE_INT32S(N), *device_rows = DEVICE_INT32S(N), *rescaled = DEVICE_INT32S(N);
    uint64_t *result = DEVICE_WORD(), *num_rescaled = DEVICE_WORD(), *num_pairs = DEVICE_WORD(), *num_rows = DEVICE_WORD();
    void *renorm_scratch = scratch_of(embedding_renorm_scratch_cuda(V)), *sparse_scratch = scratch_of(embedding_sparse_backward_scratch_cuda(N));
    void *coalesce_scratch = scratch_of(embedding_coalesce_scratch_cuda(N));

    cuda_must(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
    EXPECT_QUEUED(embedding_renorm_cuda(device_weight, rescaled, num_rescaled, result, device_indices, N, V, D, 3, 2, renorm_scratch, stream));
    EXPECT_QUEUED(embedding_forward_cuda(device_output, result, device_weight, device_indices, N, V, D, stream));
    EXPECT_QUEUED(embedding_sparse_backward_cuda(grad_indices, grad_values, num_pairs, result, device_grad, device_indices, N, D, 4, NULL,
                                                 sparse_scratch, stream));
    EXPECT_QUEUED(embedding_coalesce_cuda(device_rows, device_values, num_rows, grad_indices, grad_values, num_pairs, N, V, D, coalesce_scratch,
                                          stream));
    EXPECT_QUEUED(embedding_adagrad_step_cuda(device_weight, device_sum, device_values, device_rows, num_rows, N, V, D, 0.1, 0, 1e-10, 0, 0, 1,
                                              stream));
    cudaGraphExec_t exec = captured();
    EXPECT_DEVICE_FLOATS(device_weight, weight, V * D); /* captured, not run */

    int32_t *pairs = INT32S(N, 0);
    float *pair_values = FLOATS(N * D, 0);
    size_t position, distinct = 0;
    void *visited = memset(buffer(embedding_renorm_scratch(V), 0), 0, embedding_renorm_scratch(V));
    void *scratch = memset(buffer(embedding_coalesce_scratch(V), 0), 0, embedding_coalesce_scratch(V)), *seen = buffer(N, 0);
    for (int launches = 0; launches < 2; launches++) {
        cuda_must(cudaGraphLaunch(exec, stream), "cudaGraphLaunch");
        embedding_renorm(weight, NULL, NULL, &position, indices, N, V, D, 3, 2, visited);
        embedding_forward(output, &position, weight, indices, N, V, D);
        const size_t size = embedding_sparse_backward(pairs, pair_values, grad, indices, N, D, 4, NULL);
        distinct = embedding_coalesce(rows, values, pairs, pair_values, size, V, D, scratch, seen);
        embedding_adagrad_step(weight, sum, values, rows, distinct, V, D, 0.1, 0, 1e-10, 0, 0, 1);
    }
    EXPECT_GOOD(result);
    EXPECT_EQUAL(word_of(num_rows), distinct);
    EXPECT_DEVICE_FLOATS(device_output, output, N * D);
    EXPECT_DEVICE_FLOATS(device_weight, weight, V * D);
    EXPECT_DEVICE_FLOATS(device_sum, sum, V * D);
    cuda_must(cudaGraphExecDestroy(exec), "cudaGraphExecDestroy");
}

/* The functions that a training step on rows leaves out. */
static void bags_dense_steps_and_nearest_rows_can_be_captured_too(void) {
    const size_t N = 150, V = 20, D = 5, B = 10, K = 4;
    float *weight = FLOATS(V * D, 0), *output = FLOATS(B * D, 0), *grad_weight = FLOATS(V * D, 0), *scores = FLOATS(V, 0);
    int32_t *indices = INT32S(N, 0), *nearest = INT32S(V, 0);
    fill_plain(&from, weight, V * D);
    fill_indices(&from, indices, N, V);
    embedding_bags bags = {.indices = indices, .num_indices = N, .num_bags = B, .num_embeddings = V, .embedding_dim = D, .padding_idx = 3,
                           .mode = EMBEDDING_BAG_MEAN};
    size_t position, found;
    embedding_bag_forward(output, NULL, &position, weight, &bags);
    embedding_bag_dense_backward(grad_weight, output, NULL, &bags, NULL);
    float *device_weight = ON_DEVICE(weight, V * D), *device_output = DEVICE_FLOATS(B * D), *device_grad_weight = DEVICE_FLOATS(V * D);
    float *device_scores = DEVICE_FLOATS(V);
    int32_t *device_nearest = DEVICE_INT32S(V);
    uint64_t *result = DEVICE_WORD(), *nearest_result = DEVICE_WORD(), *num_nearest = DEVICE_WORD();
    bags.indices = ON_DEVICE(indices, N);
    void *bag_scratch = scratch_of(embedding_bag_dense_backward_scratch_cuda(N, B)), *nearest_scratch = scratch_of(embedding_nearest_scratch_cuda(V));

    cuda_must(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "cudaStreamBeginCapture");
    EXPECT_QUEUED(embedding_bag_forward_cuda(device_output, NULL, result, device_weight, &bags, stream));
    EXPECT_QUEUED(embedding_bag_dense_backward_cuda(device_grad_weight, result, device_output, NULL, &bags, NULL, bag_scratch, stream));
    EXPECT_QUEUED(embedding_sgd_step_cuda(device_weight, NULL, device_grad_weight, V * D, 0.1, 0, 0, 0, 0, 0, 0, stream));
    EXPECT_QUEUED(embedding_nearest_cuda(device_nearest, device_scores, num_nearest, nearest_result, device_weight, NULL, device_output, NULL, 0, V, D,
                                         K, EMBEDDING_COSINE, nearest_scratch, stream));
    cudaGraphExec_t exec = captured();
    cuda_must(cudaGraphLaunch(exec, stream), "cudaGraphLaunch");

    embedding_sgd_step(weight, NULL, grad_weight, V * D, 0.1, 0, 0, 0, 0, 0, 0);
    embedding_nearest(nearest, scores, &found, &position, weight, NULL, output, NULL, 0, V, D, K, EMBEDDING_COSINE, buffer(embedding_nearest_scratch(V), 0));
    EXPECT_GOOD(result);
    EXPECT_GOOD(nearest_result);
    EXPECT_DEVICE_FLOATS(device_output, output, B * D);
    EXPECT_DEVICE_FLOATS(device_weight, weight, V * D);
    EXPECT_DEVICE_BYTES(device_nearest, nearest, K * sizeof *nearest);
    EXPECT_DEVICE_FLOATS(device_scores, scores, K);
    cuda_must(cudaGraphExecDestroy(exec), "cudaGraphExecDestroy");
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(a_training_step_runs_once_for_each_launch);
    RUN(bags_dense_steps_and_nearest_rows_can_be_captured_too);
    return FINISH();
}
