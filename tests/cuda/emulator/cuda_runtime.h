// A CUDA runtime for machines without a GPU: the part of <cuda_runtime.h> that src/cuda uses, for clang++.
//
// The .cu sources are compiled unchanged; this folder stands before the toolkit's on the include path. Every CUDA
// thread is a fiber, blocks run one after another, and shared memory is allocated anew, filled with NaN, for every
// block. ASan sees each shared and global array as its own allocation; TSan sees each CUDA thread as a thread, and
// only launches, __syncthreads and __syncwarp as synchronisation, so it reports races whatever order was run.
//
// The null stream's work is done at once. That of another stream, which does not wait for the null stream, is done when
// the host waits for it and not before: what a call puts on the wrong one of them comes too early or too late.
#pragma once
#include <functional>
#include <math.h>
#include <string.h>

#include "cuda_runtime_api.h"

#define __global__
#define __device__
#define __restrict__ __restrict
#define __launch_bounds__(...)
#define __shared__ static thread_local // with -femulated-tls: every access asks __emutls_get_address (emulator.cpp)

struct uint3 { unsigned x, y, z; };
struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};
typedef float float2 __attribute__((ext_vector_type(2))); // as vectors, not structs: UBSan checks their alignment
typedef float float4 __attribute__((ext_vector_type(4)));

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;

// ---- host side

struct cudaLaunchConfig_t {
    dim3 gridDim, blockDim;
    cudaStream_t stream;
};

// ---- what emulator.cpp does for a running kernel

namespace emulator {
cudaError_t launch(const cudaLaunchConfig_t &config, std::function<void()> call);
void barrier(const char *file, int line);                                       // __syncthreads
void warp_sync(unsigned mask, const char *file, int line);                      // __syncwarp
const uint64_t *warp_exchange(unsigned mask, uint64_t value, const char *file, int line); // what all 32 lanes gave
unsigned lane();
void device_memory(bool accessible);                                            // ASan: host code must not touch it
cudaError_t sort_keys(void *scratch, size_t &bytes, const uint64_t *keys, uint64_t *sorted, size_t count, int begin_bit, int end_bit,
                      cudaStream_t stream);
cudaError_t exclusive_sum(void *scratch, size_t &bytes, const uint32_t *in, uint32_t *out, size_t count, cudaStream_t stream);
}

template <typename... Parameters, typename... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t *config, void (*kernel)(Parameters...), Arguments &&...arguments) {
    return emulator::launch(*config, [=] { kernel(arguments...); });
}

// ---- device side

#define __syncthreads() emulator::barrier(__FILE__, __LINE__)
#define __syncwarp(...) emulator::warp_sync(0xffffffffu __VA_OPT__(&) __VA_ARGS__, __FILE__, __LINE__)
#define __shfl_xor_sync(mask, value, other) emulator::shuffle(mask, value, emulator::lane() ^ (other), __FILE__, __LINE__)
#define __shfl_sync(mask, value, source) emulator::shuffle(mask, value, source, __FILE__, __LINE__)

namespace emulator {
template <typename T> T shuffle(unsigned mask, T value, unsigned source, const char *file, int line) {
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof value);
    const uint64_t *given = warp_exchange(mask, bits, file, line);
    T result;
    memcpy(&result, &given[source < 32 ? source : lane()], sizeof result);
    return result;
}
}

inline int __popc(unsigned bits) { return __builtin_popcount(bits); }
inline int __ffs(int bits) { return __builtin_ffs(bits); }
inline uint32_t __float_as_uint(float value) { uint32_t bits; return memcpy(&bits, &value, 4), bits; }
template <typename T> T __ldg(const T *pointer) { return *pointer; }
template <typename T> void __stcs(T *pointer, T value) { *pointer = value; }
template <typename T> T atomicAdd(T *pointer, T value) { return __atomic_fetch_add(pointer, value, __ATOMIC_RELAXED); }
template <typename T> T atomicExch(T *pointer, T value) { return __atomic_exchange_n(pointer, value, __ATOMIC_RELAXED); }
template <typename T> T atomicOr(T *pointer, T value) { return __atomic_fetch_or(pointer, value, __ATOMIC_RELAXED); }
template <typename T> T atomicMin(T *pointer, T value) {
    T old = __atomic_load_n(pointer, __ATOMIC_RELAXED);
    while (value < old && !__atomic_compare_exchange_n(pointer, &old, value, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {}
    return old;
}
