// cub::DeviceScan with cub's contract: two-step scratch.
#pragma once
#include <cuda_runtime.h>
namespace cub {
struct DeviceScan {
    static cudaError_t ExclusiveSum(void *scratch, size_t &bytes, const uint32_t *in, uint32_t *out, uint32_t count, cudaStream_t stream) {
        return emulator::exclusive_sum(scratch, bytes, in, out, count, stream);
    }
};
}
