/* How a call that fails says why. Inside the library only: the functions here are not exported. */
#ifndef EMBEDDING_CUDA_STATUS_H
#define EMBEDDING_CUDA_STATUS_H

#include <cuda_runtime_api.h>

#include "embedding_cuda.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names the public function that is running on this thread, for the texts to come. */
void cuda_begin(const char *function);

/* Return the status; the text is for embedding_message_cuda. */
embedding_status cuda_invalid(const char *format, ...) __attribute__((format(printf, 1, 2)));
embedding_status cuda_status(cudaError_t error);

/* Is it aligned, and of memory that the device can reach? */
embedding_status cuda_check_pointer(const char *name, const void *pointer, size_t alignment);

#ifdef __cplusplus
}
#endif
#endif
