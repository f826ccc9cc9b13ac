// cub::DeviceRadixSort with cub's contract: two-step scratch, only bits [begin_bit, end_bit) count, stable.
#pragma once
#include <cuda_runtime.h>
namespace cub {
struct DeviceRadixSort {
    static cudaError_t SortKeys(void *scratch, size_t &bytes, const uint64_t *keys, uint64_t *sorted, uint32_t count, int begin_bit,
                                int end_bit, cudaStream_t stream) {
        return emulator::sort_keys(scratch, bytes, keys, sorted, count, begin_bit, end_bit, stream);
    }
};
}
