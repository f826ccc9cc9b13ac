/* Outcomes of calls, and their texts. */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>

#include "result.h"

static _Thread_local const char *function = "";
static _Thread_local char message[256];

void cuda_begin(const char *name) { function = name; }

const char *embedding_message_cuda(void) { return message; }

__attribute__((format(printf, 2, 3))) static embedding_status say(embedding_status status, const char *format, ...) {
    va_list arguments;
    const int length = snprintf(message, sizeof message, "%s: ", function);
    va_start(arguments, format);
    vsnprintf(message + length, sizeof message - (size_t)length, format, arguments);
    va_end(arguments);
    return status;
}

embedding_status cuda_invalid(const char *format, ...) {
    char text[192];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return say(EMBEDDING_INVALID_ARGUMENT, "%s", text);
}

/* Without a driver the runtime says that the driver is too old; its version, 0, tells the two apart. */
static embedding_status say_driver(void) {
    int version = 0;
    cudaDriverGetVersion(&version);
    if (version == 0) return say(EMBEDDING_CUDA_ERROR, "there is no NVIDIA driver on this machine");
    return say(EMBEDDING_CUDA_ERROR, "the NVIDIA driver is too old: it is made for CUDA %d.%d, this library for CUDA %d.%d",
               version / 1000, version % 1000 / 10, CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10);
}

embedding_status cuda_status(cudaError_t error) {
    if (error != cudaSuccess) cudaGetLastError(); /* else the runtime keeps it, and cub, which asks, takes it for its own */
    switch (error) {
        case cudaSuccess: return EMBEDDING_OK;
        case cudaErrorInsufficientDriver: return say_driver();
        case cudaErrorNoDevice: return say(EMBEDDING_CUDA_ERROR, "there is an NVIDIA driver, but no CUDA device");
        case cudaErrorMemoryAllocation: return say(EMBEDDING_CUDA_ERROR, "the device has too little memory left");
        case cudaErrorNoKernelImageForDevice:
            return say(EMBEDDING_CUDA_ERROR, "the device is too old: compute capability 8.0 or newer is needed");
        default: return say(EMBEDDING_CUDA_ERROR, "%s", cudaGetErrorString(error));
    }
}

embedding_status cuda_check_pointer(const char *name, const void *pointer, size_t alignment) {
    struct cudaPointerAttributes attributes;
    if (!pointer) return cuda_invalid("%s is NULL", name);
    if ((uintptr_t)pointer % alignment) return cuda_invalid("%s is not aligned to %zu bytes", name, alignment);
    const embedding_status status = cuda_status(cudaPointerGetAttributes(&attributes, pointer));
    if (status == EMBEDDING_OK && attributes.type == cudaMemoryTypeUnregistered)
        return cuda_invalid("%s points to host memory, not to memory that the device can reach", name);
    if (status == EMBEDDING_OK && !attributes.devicePointer) return cuda_invalid("%s points to memory that the current device cannot reach", name);
    return status;
}

embedding_status embedding_available_cuda(void) {
    int devices = 0;
    cuda_begin(__func__);
    const cudaError_t error = cudaGetDeviceCount(&devices);
    return cuda_status(error == cudaSuccess && devices == 0 ? cudaErrorNoDevice : error);
}

embedding_status embedding_result_cuda(size_t *position, const uint64_t *result, cudaStream_t stream) {
    uint64_t word;
    cuda_begin(__func__);
    if (!position) return cuda_invalid("position is NULL");
    const embedding_status status = cuda_check_pointer("result", result, sizeof word);
    if (status != EMBEDDING_OK) return status;
    cudaError_t error = cudaMemcpyAsync(&word, result, sizeof word, cudaMemcpyDeviceToHost, stream);
    if (error == cudaSuccess) error = cudaStreamSynchronize(stream);
    if (error != cudaSuccess) return cuda_status(error);
    if (word == RESULT_OK) return EMBEDDING_OK;
    *position = (size_t)(word & ~RESULT_IS_OFFSET);
    if (word & RESULT_IS_OFFSET) return say(EMBEDDING_OFFSET_INVALID, "the offset at position %zu is invalid", *position);
    return say(EMBEDDING_INDEX_OUT_OF_RANGE, "index out of range: the index at position %zu", *position);
}
