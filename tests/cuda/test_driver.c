/* Machines that cannot run anything: only the emulator can pretend to be one. */
#include "device.h"

static void expect_everywhere(int driver_version, cudaError_t error, const char *text) {
    char expected[200];
    size_t position;
    void *block = device_block(1024, 0);
    emulator_pretend(driver_version, error);
    const embedding_status available = embedding_available_cuda();
    const int says_so = !strcmp(embedding_message_cuda(), (snprintf(expected, sizeof expected, "embedding_available_cuda: %s", text), expected));
    const embedding_status forward = embedding_forward_cuda(block, block, block, block, 1, 1, 1, NULL);
    const int forward_says_so = !strcmp(embedding_message_cuda(), (snprintf(expected, sizeof expected, "embedding_forward_cuda: %s", text), expected));
    const embedding_status nothing = embedding_forward_cuda(NULL, block, NULL, NULL, 0, 0, 0, NULL);
    const embedding_status step = embedding_sgd_step_cuda(block, NULL, block, 1, 1, 0, 0, 0, 0, 0, 0, NULL);
    const embedding_status result = embedding_result_cuda(&position, block, NULL);
    const size_t scratch = embedding_dense_backward_scratch_cuda(10) + embedding_coalesce_scratch_cuda(10) + embedding_renorm_scratch_cuda(10) +
                           embedding_sparse_backward_scratch_cuda(10) + embedding_add_rows_scratch_cuda(10) + embedding_nearest_scratch_cuda(10) +
                           embedding_bag_dense_backward_scratch_cuda(10, 2) + embedding_bag_sparse_backward_scratch_cuda(10, 2);
    emulator_pretend(CUDART_VERSION, cudaSuccess);
    EXPECT(says_so);
    EXPECT(forward_says_so);
    EXPECT_EQUAL(available, EMBEDDING_CUDA_ERROR);
    EXPECT_EQUAL(forward, EMBEDDING_CUDA_ERROR);
    EXPECT_EQUAL(nothing, EMBEDDING_CUDA_ERROR);
    EXPECT_EQUAL(step, EMBEDDING_CUDA_ERROR);
    EXPECT_EQUAL(result, EMBEDDING_CUDA_ERROR);
    EXPECT_EQUAL(scratch, 0);
    EXPECT_EQUAL(embedding_available_cuda(), EMBEDDING_OK); /* and nothing of it stays */
}

static void without_a_driver_every_call_says_so(void) {
    expect_everywhere(0, cudaErrorInsufficientDriver, "there is no NVIDIA driver on this machine");
}
static void with_an_old_driver_every_call_says_so(void) {
    expect_everywhere(12040, cudaErrorInsufficientDriver, "the NVIDIA driver is too old: it is made for CUDA 12.4, this library for CUDA 13.0");
}
static void without_a_device_every_call_says_so(void) {
    expect_everywhere(13000, cudaErrorNoDevice, "there is an NVIDIA driver, but no CUDA device");
}
static void without_memory_every_call_says_so(void) {
    expect_everywhere(13000, cudaErrorMemoryAllocation, "the device has too little memory left");
}
static void with_an_old_device_every_call_says_so(void) {
    expect_everywhere(13000, cudaErrorNoKernelImageForDevice, "the device is too old: compute capability 8.0 or newer is needed");
}

/* Within the library, whose runtime the caller cannot ask: cub would take the error for its own. */
static void an_error_that_was_returned_is_not_returned_again(void) {
    int32_t *block = device_block(1024, 0);
    void *scratch = device_block(embedding_coalesce_scratch_cuda(10), 0);
    emulator_pretend(CUDART_VERSION, cudaErrorMemoryAllocation);
    EXPECT_EQUAL(embedding_check_indices_cuda((uint64_t *)block, block, 1, 1, NULL), EMBEDDING_CUDA_ERROR);
    emulator_pretend(CUDART_VERSION, cudaSuccess);
    EXPECT_QUEUED(embedding_coalesce_cuda(block, DEVICE_FLOATS(10), DEVICE_WORD(), ON_DEVICE(((const int32_t[10]){0}), 10), DEVICE_FLOATS(10), NULL, 10,
                                          1, 1, scratch, NULL));
}

static void scratch_of_no_bytes_says_why(void) {
    emulator_pretend(CUDART_VERSION, cudaErrorNoDevice);
    const size_t size = embedding_add_rows_scratch_cuda(10);
    emulator_pretend(CUDART_VERSION, cudaSuccess);
    EXPECT_EQUAL(size, 0);
    EXPECT(!strcmp(embedding_message_cuda(), "embedding_add_rows_scratch_cuda: there is an NVIDIA driver, but no CUDA device"));
}

static void memory_of_another_device_is_named(void) {
    int32_t *indices = DEVICE_INT32S(1);
    emulator_move_to_another_device(indices);
    EXPECT_EQUAL(embedding_check_indices_cuda(DEVICE_WORD(), indices, 1, 1, NULL), EMBEDDING_INVALID_ARGUMENT);
    EXPECT(!strcmp(embedding_message_cuda(), "embedding_check_indices_cuda: indices points to memory that the current device cannot reach"));
}

int main(void) {
    RUN(without_a_driver_every_call_says_so);
    RUN(with_an_old_driver_every_call_says_so);
    RUN(without_a_device_every_call_says_so);
    RUN(without_memory_every_call_says_so);
    RUN(with_an_old_device_every_call_says_so);
    RUN(an_error_that_was_returned_is_not_returned_again);
    RUN(memory_of_another_device_is_named);
    RUN(scratch_of_no_bytes_says_why);
    return FINISH();
}
