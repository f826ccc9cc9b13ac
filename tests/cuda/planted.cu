// Kernels with one mistake each, for the emulator's own test, emulator.test.js: `planted NAME` runs one, which must end badly.
#include <cuda_runtime.h>
#include <string.h>

__global__ void sound(float *out, const float *in) {
    __shared__ float tile[64];
    tile[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    float sum = tile[63 - threadIdx.x];
    for (unsigned other = 16; other > 0; other /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, other);
    __syncwarp();
    if (blockIdx.x == 0) out[threadIdx.x] = sum;
}
__global__ void missing_barrier(float *out, const float *in) {
    __shared__ float tile[64];
    tile[threadIdx.x] = in[threadIdx.x];
    if (blockIdx.x == 0) out[threadIdx.x] = tile[63 - threadIdx.x];
}
__global__ void missing_warp_sync(float *out, const float *in) {
    __shared__ float tile[64];
    tile[threadIdx.x] = in[threadIdx.x];
    __shfl_xor_sync(0xffffffffu, 0, 1); // lanes meet, memory is not ordered
    if (blockIdx.x == 0) out[threadIdx.x] = tile[threadIdx.x ^ 1];
}
__global__ void shared_out_of_bounds(float *out, const float *in) {
    __shared__ float tile[64];
    float *row = tile;
    row[threadIdx.x + 1] = in[threadIdx.x];
    __syncthreads();
    if (blockIdx.x == 0) out[threadIdx.x] = row[threadIdx.x];
}
__global__ void shared_left_over(float *out, const float *in) { // block 1 reads what only block 0 wrote
    __shared__ float tile[64];
    if (blockIdx.x == 0) tile[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    if (blockIdx.x == 1) out[threadIdx.x] = tile[threadIdx.x];
}
__global__ void divergent_barrier(float *out, const float *in) {
    if (threadIdx.x < 32) __syncthreads();
    if (blockIdx.x == 0) out[threadIdx.x] = in[threadIdx.x];
}
__global__ void early_return(float *out, const float *in) {
    if (threadIdx.x == 63) return;
    __syncthreads();
    if (blockIdx.x == 0) out[threadIdx.x] = in[threadIdx.x];
}
__global__ void wrong_mask(float *out, const float *in) {
    float value = in[threadIdx.x];
    if (threadIdx.x % 2) value = __shfl_sync(0xffffffffu, value, 1); // even lanes never come
    if (blockIdx.x == 0) out[threadIdx.x] = value;
}
__global__ void blocks_race(float *out, const float *in) { out[threadIdx.x] += in[threadIdx.x]; }
__global__ void duplicates(float *out, const float *in) { // positions n and n + 16 name the same row
    if (blockIdx.x == 0 && threadIdx.x < 32) out[threadIdx.x % 16] += in[threadIdx.x];
}
__global__ void plain_minimum(float *out, const float *in) { // a store where atomicMin is meant
    if (blockIdx.x == 0 && in[threadIdx.x] == 0.0f) out[0] = float(threadIdx.x);
    __syncthreads();
    if (blockIdx.x == 0 && threadIdx.x == 0) out[0] = 0.0f;
}
__global__ void misaligned(float *out, const float *in) {
    if (threadIdx.x == 0 && blockIdx.x == 0) *reinterpret_cast<float4 *>(out) = *reinterpret_cast<const float4 *>(in + 1);
}
__global__ void too_much_shared(float *out, const float *in) {
    __shared__ float tile[12289];
    tile[threadIdx.x] = in[threadIdx.x];
    if (blockIdx.x == 0) out[threadIdx.x] = tile[threadIdx.x];
}

int main(int, char **argv) {
    const struct { const char *name; void (*kernel)(float *, const float *); } kernels[] = {
#define KERNEL(name) {#name, name}
        KERNEL(sound), KERNEL(missing_barrier), KERNEL(missing_warp_sync), KERNEL(shared_out_of_bounds), KERNEL(shared_left_over),
        KERNEL(divergent_barrier), KERNEL(early_return), KERNEL(wrong_mask), KERNEL(blocks_race), KERNEL(duplicates),
        KERNEL(plain_minimum), KERNEL(misaligned), KERNEL(too_much_shared)};
    float *in, *out, host[64];
    cudaMalloc(reinterpret_cast<void **>(&in), sizeof host), cudaMalloc(reinterpret_cast<void **>(&out), sizeof host);
    cudaStream_t stream = nullptr;
    if (!strcmp(argv[1], "wrong_stream")) cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), argv[1] = const_cast<char *>("sound");
    cudaMemsetAsync(in, 0, sizeof host, stream), cudaMemsetAsync(out, 0, sizeof host, nullptr);
    cudaLaunchConfig_t config = {};
    config.gridDim = 2, config.blockDim = 64;
    if (!strcmp(argv[1], "host_reads_device")) return static_cast<int>(in[0]);
    if (!strcmp(argv[1], "empty_grid")) config.gridDim = 0, argv[1] = const_cast<char *>("sound");
    for (const auto &[name, kernel] : kernels)
        if (!strcmp(name, argv[1]) && cudaLaunchKernelEx(&config, kernel, out, static_cast<const float *>(in)) != cudaSuccess) return 1;
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    for (float value : host)
        if (value != 0.0f) return 1;
    return cudaFree(in) != cudaSuccess || cudaFree(out) != cudaSuccess;
}
