/* What all kernels and their launchers share. */
#ifndef EMBEDDING_CUDA_DEVICE_CUH
#define EMBEDDING_CUDA_DEVICE_CUH

#include <cuda_runtime.h>

#include "embedding_cuda.h"
#include "result.h"
#include "status.h"

constexpr unsigned WARP = 32, THREADS = 128; /* in a block */

/* ---- Checking arguments -------------------------------------------------------------------------------------------- */

#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        const embedding_status status_of_call = (call);                                                                \
        if (status_of_call != EMBEDDING_OK) return status_of_call;                                                     \
    } while (0)

#define NAMED(argument) #argument, argument

/* Finds the first thing that is wrong with the arguments of a public function. */
class Arguments {
  public:
    embedding_status status = EMBEDDING_OK;

    explicit Arguments(const char *function) { cuda_begin(function); }

    Arguments &size(const char *name, size_t value) {
        if (status == EMBEDDING_OK && value > INT32_MAX) status = cuda_invalid("%s is %zu, valid is up to 2147483647", name, value);
        return *this;
    }

    /* is_used: whether the call will follow the pointer. */
    template <typename T> Arguments &array(const char *name, const T *pointer, bool is_used = true) {
        return check(name, pointer, alignof(T), is_used);
    }
    Arguments &scratch(const void *pointer, bool is_used = true) { return check("scratch", pointer, 8, is_used); }

  private:
    Arguments &check(const char *name, const void *pointer, size_t alignment, bool is_used) {
        if (status == EMBEDDING_OK && is_used) status = cuda_check_pointer(name, pointer, alignment);
        return *this;
    }
};

inline bool overlap(const void *a, size_t a_bytes, const void *b, size_t b_bytes) {
    return static_cast<const char *>(a) < static_cast<const char *>(b) + b_bytes && static_cast<const char *>(b) < static_cast<const char *>(a) + a_bytes;
}

/* ---- Launching ----------------------------------------------------------------------------------------------------- */

/* Not <<<>>>, so that a plain C++ compiler reads it too. */
template <typename... Parameters, typename... Arguments>
embedding_status launch(void (*kernel)(Parameters...), unsigned blocks, cudaStream_t stream, Arguments... arguments) {
    cudaLaunchConfig_t config = {};
    config.gridDim = dim3(blocks);
    config.blockDim = dim3(THREADS);
    config.stream = stream;
    return cuda_status(cudaLaunchKernelEx(&config, kernel, arguments...));
}

/* Enough blocks to fill the device four times, or fewer if there is less to do: the kernels stride. items > 0. */
inline unsigned blocks_for(size_t items, size_t items_per_block = THREADS) {
    int device = 0, multiprocessors = 1, threads = 2048;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device);
    cudaDeviceGetAttribute(&threads, cudaDevAttrMaxThreadsPerMultiProcessor, device);
    const size_t most = static_cast<size_t>(multiprocessors) * (static_cast<size_t>(threads) / THREADS) * 4;
    const size_t wanted = (items + items_per_block - 1) / items_per_block;
    return static_cast<unsigned>(wanted < most ? wanted : most);
}

/* Cuts arrays out of scratch memory; with none, only adds up how many bytes that takes. */
class Scratch {
  public:
    explicit Scratch(void *memory = nullptr) : start(reinterpret_cast<uintptr_t>(memory)), next(start) {}

    template <typename T> T *take(size_t count) { return reinterpret_cast<T *>(take_bytes(count * sizeof(T))); }
    void *take_bytes(size_t bytes) {
        const uintptr_t taken = next;
        next += (bytes + 255) / 256 * 256;
        return reinterpret_cast<void *>(taken);
    }
    size_t bytes() const { return next - start; }

  private:
    uintptr_t start, next;
};

/* ---- Queued by several functions; lookup.cu and bag.cu have them ------------------------------------------------------ */

/* *result = RESULT_OK */
embedding_status queue_reset(uint64_t *result, cudaStream_t stream);

/* Lowers *result to the first position of an index that is not in [0, num_embeddings). */
embedding_status queue_check_indices(uint64_t *result, const int32_t *indices, size_t num_indices, size_t num_embeddings, cudaStream_t stream);

/* ---- In kernels ---------------------------------------------------------------------------------------------------- */

/* NULL: known to be good. */
__device__ inline bool is_bad(const uint64_t *result) { return result && *result != RESULT_OK; }

__device__ inline void report(uint64_t *result, uint64_t word) {
    atomicMin(reinterpret_cast<unsigned long long *>(result), static_cast<unsigned long long>(word));
}

__device__ inline size_t thread_index() { return size_t(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ inline size_t num_threads() { return size_t(gridDim.x) * blockDim.x; }

/* The sum of term(d) over a row by half a warp: lane l has elements l, l + 16, ... and the 16 sums meet 8, 4, 2, 1 apart. Every lane
   receives it. */
constexpr unsigned SUMS = 16;
__device__ inline unsigned half_warp() { return 0xffffu << (threadIdx.x % WARP / SUMS * SUMS); }
template <typename Term> __device__ float sum_row(size_t embedding_dim, Term term) {
    float sum = 0.0f;
    for (size_t d = threadIdx.x % SUMS; d < embedding_dim; d += SUMS) sum += term(d);
    for (unsigned apart = SUMS / 2; apart > 0; apart /= 2) sum += __shfl_xor_sync(half_warp(), sum, apart);
    return sum;
}

#endif
