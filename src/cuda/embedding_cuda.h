/* The CUDA twins of embedding.h: the same functions on a GPU, with the same results bit for bit.

   What embedding.h says of a function holds for its twin. What holds for all twins:

   - A twin has the parameters of its function in their order. Arrays and scratch are device memory; the struct of bags stays on the
     host and points to device memory. The last parameter is the stream.
   - A call queues its work on the stream and returns. It waits for nothing, allocates nothing and uses no other stream, which is what
     capture in a graph asks for (tests/cuda/test_graph.c). Arrays must live until the stream has passed. The stream's device is the
     current one.
   - Sizes are at most 2^31 - 1 each, their products as large as memory allows. The pointer to something of size 0 may be NULL.
   - Scratch is scratch: no contents are expected or left in it. It is aligned to 8; the function beside it says how many bytes, and 0
     where there is no device to ask, which embedding_message_cuda then says.
   - result is one uint64_t of device memory in the place of position, which receives the outcome: indices, and the offsets of bags,
     are checked on the device before anything else is written. After a bad one the call writes nothing but *result, the context is as
     good as before, and embedding_result_cuda says which one it was. Functions that rely on an earlier check take that call's result
     as an input and do nothing where it is bad; NULL: the check has been waited for.
   - Sizes that only the device knows stay there. An output num_... is one uint64_t of device memory. An input count is NULL, or such
     a word: how many of the num_indices pairs or num_rows rows there are. So forward, backward, coalesce and step never wait.
   - Every sum has the core's one order. Exception: norms other than 2, 1, 0 and infinity use CUDA's powf (relative 1e-6).
   - Status codes are the core's, and two more. embedding_message_cuda has the text. */
#ifndef EMBEDDING_CUDA_H
#define EMBEDDING_CUDA_H

#include "embedding.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CUstream_st *cudaStream_t; /* CUDA's own definition, so that callers need no CUDA header */

/* ---- Outcomes ------------------------------------------------------------------------------------------------------ */

/* EMBEDDING_OK if there is a device to run on, else EMBEDDING_CUDA_ERROR: no driver, a driver too old, no device. */
embedding_status embedding_available_cuda(void);

/* The text for this thread's last call that did not return EMBEDDING_OK: which function, what is wrong, what is valid. Stays until
   the next one. */
const char *embedding_message_cuda(void);

/* Waits for the stream and returns the outcome of the call that wrote *result: EMBEDDING_OK, or EMBEDDING_INDEX_OUT_OF_RANGE or
   EMBEDDING_OFFSET_INVALID with the first such position in *position, which is host memory; or EMBEDDING_CUDA_ERROR. */
embedding_status embedding_result_cuda(size_t *position, const uint64_t *result, cudaStream_t stream);

/* ---- Lookup -------------------------------------------------------------------------------------------------------- */

embedding_status embedding_check_indices_cuda(uint64_t *result, const int32_t *indices, size_t num_indices, size_t num_embeddings,
                                              cudaStream_t stream);

/* Unlike the core's: narrowed may not overlap indices. */
embedding_status embedding_narrow_indices_cuda(int32_t *narrowed, uint64_t *result, const int64_t *indices, size_t num_indices,
                                               size_t num_embeddings, cudaStream_t stream);

embedding_status embedding_forward_cuda(float *output, uint64_t *result, const float *weight, const int32_t *indices,
                                        size_t num_indices, size_t num_embeddings, size_t embedding_dim, cudaStream_t stream);

embedding_status embedding_renorm_cuda(float *weight, int32_t *rescaled, uint64_t *num_rescaled, uint64_t *result,
                                       const int32_t *indices, size_t num_indices, size_t num_embeddings, size_t embedding_dim,
                                       double max_norm, double norm_type, void *scratch, cudaStream_t stream);
size_t embedding_renorm_scratch_cuda(size_t num_embeddings);

/* ---- Gradients of the lookup ---------------------------------------------------------------------------------------
   result: that of the forward call. Where it is bad, num_pairs becomes 0 and all else stays, so that what follows does nothing either.
   counts: as in the core, on the device. */

embedding_status embedding_dense_backward_cuda(float *grad_weight, const uint64_t *result, const float *grad_output, const int32_t *indices,
                                               size_t num_indices, size_t num_embeddings, size_t embedding_dim, int32_t padding_idx,
                                               uint32_t *counts, void *scratch, cudaStream_t stream);
size_t embedding_dense_backward_scratch_cuda(size_t num_indices);

embedding_status embedding_sparse_backward_cuda(int32_t *grad_indices, float *grad_values, uint64_t *num_pairs, const uint64_t *result,
                                                const float *grad_output, const int32_t *indices, size_t num_indices, size_t embedding_dim,
                                                int32_t padding_idx, uint32_t *counts, void *scratch, cudaStream_t stream);
size_t embedding_sparse_backward_scratch_cuda(size_t num_indices);

embedding_status embedding_coalesce_cuda(int32_t *rows, float *values, uint64_t *num_rows, const int32_t *grad_indices,
                                         const float *grad_values, const uint64_t *count, size_t num_indices, size_t num_embeddings,
                                         size_t embedding_dim, void *scratch, cudaStream_t stream);
size_t embedding_coalesce_scratch_cuda(size_t num_indices);

embedding_status embedding_add_rows_cuda(float *weight, const int32_t *grad_indices, const float *grad_values, const uint64_t *count,
                                         size_t num_indices, size_t embedding_dim, float alpha, void *scratch, cudaStream_t stream);
size_t embedding_add_rows_scratch_cuda(size_t num_indices);

/* ---- EmbeddingBag -------------------------------------------------------------------------------------------------- */

embedding_status embedding_check_offsets_cuda(uint64_t *result, const int32_t *offsets, size_t num_offsets, size_t num_indices,
                                              int include_last_offset, cudaStream_t stream);

/* Checks the offsets too. */
embedding_status embedding_bag_forward_cuda(float *output, int32_t *max_indices, uint64_t *result, const float *weight,
                                            const embedding_bags *bags, cudaStream_t stream);

embedding_status embedding_bag_dense_backward_cuda(float *grad_weight, const uint64_t *result, const float *grad_output,
                                                   const int32_t *max_indices, const embedding_bags *bags, uint32_t *counts, void *scratch,
                                                   cudaStream_t stream);
size_t embedding_bag_dense_backward_scratch_cuda(size_t num_indices, size_t num_bags);

embedding_status embedding_bag_sparse_backward_cuda(int32_t *grad_indices, float *grad_values, uint64_t *num_pairs, const uint64_t *result,
                                                    const float *grad_output, const embedding_bags *bags, uint32_t *counts, void *scratch,
                                                    cudaStream_t stream);
size_t embedding_bag_sparse_backward_scratch_cuda(size_t num_indices, size_t num_bags);

embedding_status embedding_bag_per_sample_weights_backward_cuda(float *grad_weights, const uint64_t *result, const float *grad_output,
                                                                const float *weight, const embedding_bags *bags, cudaStream_t stream);

/* ---- Nearest rows -------------------------------------------------------------------------------------------------- */

embedding_status embedding_row_norms_cuda(double *norms, const float *weight, size_t num_embeddings, size_t embedding_dim, cudaStream_t stream);

embedding_status embedding_nearest_cuda(int32_t *indices, float *scores, uint64_t *num_nearest, uint64_t *result, const float *weight,
                                        const double *norms, const float *query, const int32_t *exclude, size_t num_exclude,
                                        size_t num_embeddings, size_t embedding_dim, size_t k, embedding_metric metric, void *scratch,
                                        cudaStream_t stream);
size_t embedding_nearest_scratch_cuda(size_t num_embeddings);

/* Unlike the core's: values may not overlap output. */
embedding_status embedding_dequantize_cuda(float *output, const int8_t *values, const float *scales, size_t num_embeddings, size_t embedding_dim,
                                           cudaStream_t stream);

/* ---- Optimiser steps: on rows, and dense --------------------------------------------------------------------------------- */

embedding_status embedding_sgd_step_cuda(float *weight, float *momentum_buffer, const float *grad, size_t size, double lr, double momentum,
                                         double dampening, double weight_decay, int nesterov, int maximize, int is_first, cudaStream_t stream);

embedding_status embedding_sparse_adam_step_cuda(float *weight, float *exp_avg, float *exp_avg_sq, const int32_t *rows, const float *values,
                                                 const uint64_t *count, size_t num_rows, size_t num_embeddings, size_t embedding_dim, double lr,
                                                 double beta1, double beta2, double eps, int maximize, uint32_t step, cudaStream_t stream);

embedding_status embedding_adagrad_step_cuda(float *weight, float *sum, const float *grad, const int32_t *rows, const uint64_t *count,
                                             size_t num_rows, size_t num_embeddings, size_t embedding_dim, double lr, double lr_decay, double eps,
                                             double weight_decay, int maximize, uint32_t step, cudaStream_t stream);

embedding_status embedding_adam_step_cuda(float *weight, float *exp_avg, float *exp_avg_sq, float *max_exp_avg_sq, const float *grad, size_t size,
                                          double lr, double beta1, double beta2, double eps, double weight_decay, int decoupled_weight_decay,
                                          int maximize, uint32_t step, cudaStream_t stream);

#ifdef __cplusplus
}
#endif
#endif
