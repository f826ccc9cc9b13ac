/* nn-embedding: PyTorch's nn.Embedding in C11. This header is the manual of the core.

   The functions carry ATen's names and follow PyTorch 2.13 on the CPU. What holds for all of them:

   - weight is (num_embeddings, embedding_dim), row-major float32, num_embeddings at most 2^31 - 1. Any size may be 0, and the
     pointer to something of size 0 may be NULL.
   - The core allocates nothing, keeps no state between calls and writes only to the outputs that it is given. Scratch memory is
     the caller's; the function named beside it says how many bytes.
   - Outputs may not overlap inputs or each other, unless a comment says so.
   - Everything that can be wrong is checked before the first write: a call that fails has changed nothing but *position.
   - Sums have one order, so every build gives the same bits: a norm adds element d into the d mod 16-th of 16 sums, which start
     at +0 and are then joined 8 apart, 4 apart, 2 apart, 1 apart. No multiplication is fused with an addition. */
#ifndef EMBEDDING_H
#define EMBEDDING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    EMBEDDING_OK = 0,
    EMBEDDING_INDEX_OUT_OF_RANGE = 1, /* *position is where the first such index stands */
    EMBEDDING_OFFSET_INVALID = 2,     /* *position is where the first such offset stands */
    EMBEDDING_INVALID_ARGUMENT = 3,   /* only of the CUDA twins, as the next; cuda/embedding_cuda.h */
    EMBEDDING_CUDA_ERROR = 4,
} embedding_status;

/* The version of this header and, from the function, that of the library: 10000 major + 100 minor + patch. */
#define EMBEDDING_VERSION 100
uint32_t embedding_version(void);

/* ---- Lookup -------------------------------------------------------------------------------------------------------- */

/* Checks that 0 <= indices[n] < num_embeddings for all n. position: one size_t, written only on failure. */
embedding_status embedding_check_indices(size_t *position, const int32_t *indices, size_t num_indices, size_t num_embeddings);

/* Checks indices as above and writes them as int32. narrowed holds num_indices elements and may be the memory of indices itself:
   that is the usual call, the left half of the buffer becomes the result. */
embedding_status embedding_narrow_indices(int32_t *narrowed, size_t *position, const int64_t *indices, size_t num_indices,
                                          size_t num_embeddings);

/* output (num_indices, embedding_dim) = the rows of weight that indices name, in their order; bits are copied, NaNs included.
   Checks indices first. ATen: embedding. */
embedding_status embedding_forward(float *output, size_t *position, const float *weight, const int32_t *indices,
                                   size_t num_indices, size_t num_embeddings, size_t embedding_dim);

/* Rescales, in place, each distinct row that indices name and whose norm is greater than max_norm, by
   (float)(max_norm / (norm + 1e-7)), computed in double. norm is the norm_type-norm in float32: 2, 1, any other p as
   (sum |x|^p)^(1/p), 0 = number of elements that are not zero, +-INFINITY = largest or smallest absolute value; for
   embedding_dim 1 the absolute value under all but 0. A NaN norm, or a NaN or +INFINITY max_norm, rescales nothing.
   rescaled: NULL, or room for min(num_indices, num_embeddings) row numbers: receives the rows rewritten, ascending.
   num_rescaled: NULL, or receives their number.
   visited: embedding_renorm_scratch(num_embeddings) bytes, aligned to 8, zero on entry; they are zero again on return.
   Checks indices first. ATen: embedding_renorm_. */
embedding_status embedding_renorm(float *weight, int32_t *rescaled, size_t *num_rescaled, size_t *position,
                                  const int32_t *indices, size_t num_indices, size_t num_embeddings, size_t embedding_dim,
                                  double max_norm, double norm_type, uint64_t *visited);
size_t embedding_renorm_scratch(size_t num_embeddings);

/* ---- Gradients of the lookup ---------------------------------------------------------------------------------------
   Indices have been checked by the forward call. grad_output is (num_indices, embedding_dim). padding_idx: a row that gets no
   gradient, or -1. Rows that occur more than once are summed in order of position. The gradient ignores max_norm.
   counts: NULL, or scratch for scale_grad_by_freq, which divides by how often the index occurs among indices:
   embedding_backward_scratch(num_embeddings) bytes, zero on entry; they are zero again on return. */
size_t embedding_backward_scratch(size_t num_embeddings);

/* grad_weight (num_embeddings, embedding_dim) is written whole. ATen: embedding_dense_backward. */
void embedding_dense_backward(float *grad_weight, const float *grad_output, const int32_t *indices, size_t num_indices,
                              size_t num_embeddings, size_t embedding_dim, int32_t padding_idx, uint32_t *counts);

/* The same as (row number, row) pairs in order of position, repeats kept and padding dropped: grad_indices has room for num_indices
   numbers, grad_values for (num_indices, embedding_dim). Returns the number of pairs, 0 if embedding_dim is 0.
   ATen: embedding_sparse_backward. */
size_t embedding_sparse_backward(int32_t *grad_indices, float *grad_values, const float *grad_output, const int32_t *indices,
                                 size_t num_indices, size_t embedding_dim, int32_t padding_idx, uint32_t *counts);

/* Sums pairs of the same row, in order of position: rows (ascending) and values have room for num_indices of them. Returns the number
   of distinct rows. scratch: embedding_coalesce_scratch(num_embeddings) bytes, aligned to 8, zero on entry and again on return. seen:
   num_indices bytes. ATen: coalesce. */
size_t embedding_coalesce(int32_t *rows, float *values, const int32_t *grad_indices, const float *grad_values,
                          size_t num_indices, size_t num_embeddings, size_t embedding_dim, void *scratch, uint8_t *seen);
size_t embedding_coalesce_scratch(size_t num_embeddings);

/* weight (.., embedding_dim) += alpha * (the pairs), one after another: a sparse gradient made dense, and plain SGD's step on one. */
void embedding_add_rows(float *weight, const int32_t *grad_indices, const float *grad_values, size_t num_indices,
                        size_t embedding_dim, float alpha);

/* ---- EmbeddingBag -------------------------------------------------------------------------------------------------- */

typedef enum {
    EMBEDDING_BAG_SUM = 0,
    EMBEDDING_BAG_MEAN = 1,
    EMBEDDING_BAG_MAX = 2,
} embedding_bag_mode;

/* A batch of bags over a table. Positions whose index is padding_idx count nowhere, but their index must be valid. */
typedef struct {
    const int32_t *indices;          /* (num_indices) */
    const int32_t *offsets;          /* (num_offsets) where each bag starts; NULL: num_bags bags of equal size */
    const float *per_sample_weights; /* (num_indices), sum only; NULL: all 1 */
    size_t num_indices;
    size_t num_offsets; /* num_bags, or num_bags + 1 with include_last_offset */
    size_t num_bags;
    size_t num_embeddings;
    size_t embedding_dim;
    int32_t padding_idx;     /* or -1 */
    embedding_bag_mode mode;
} embedding_bags;

/* Checks that the offsets start at 0, do not fall, do not pass num_indices, and end at it with include_last_offset. */
embedding_status embedding_check_offsets(size_t *position, const int32_t *offsets, size_t num_offsets, size_t num_indices,
                                         int include_last_offset);

/* output (num_bags, embedding_dim) = the sum, mean or maximum of each bag's rows, added in order of position; 0 for a bag without any.
   max_indices (num_bags, embedding_dim), for max only: the row that each maximum came from. Checks indices first; offsets have been
   checked. ATen: _embedding_bag. */
embedding_status embedding_bag_forward(float *output, int32_t *max_indices, size_t *position, const float *weight,
                                       const embedding_bags *bags);

/* Gradients as for the lookup, with grad_output (num_bags, embedding_dim). Max has no sparse one and takes no counts. Scales (weight,
   bag size, frequency) are combined in double and rounded once. */
void embedding_bag_dense_backward(float *grad_weight, const float *grad_output, const int32_t *max_indices,
                                  const embedding_bags *bags, uint32_t *counts);
size_t embedding_bag_sparse_backward(int32_t *grad_indices, float *grad_values, const float *grad_output,
                                     const embedding_bags *bags, uint32_t *counts);

/* grad_weights (num_indices) = the dot product of each position's row with its bag's gradient, 0 for padding. Sum only.
   ATen: _embedding_bag_per_sample_weights_backward. */
void embedding_bag_per_sample_weights_backward(float *grad_weights, const float *grad_output, const float *weight,
                                               const embedding_bags *bags);

/* ---- Nearest rows -------------------------------------------------------------------------------------------------- */

typedef enum {
    EMBEDDING_COSINE = 0,
    EMBEDDING_DOT = 1,
    EMBEDDING_EUCLIDEAN = 2,
} embedding_metric;

/* norms (num_embeddings) = the 2-norm of each row: the root, in double, of the float32 sum of its squares. */
void embedding_row_norms(double *norms, const float *weight, size_t num_embeddings, size_t embedding_dim);

/* The k rows nearest to query (embedding_dim) among those that exclude does not name, best first: by cosine or dot product the
   greatest, by Euclidean distance the smallest. On a tie the lower row comes first. Rows without a score come last, as NaN: where it
   is NaN, and by cosine rows, or all rows if it is query, whose norm is 0 or whose squares leave float32's range. A cosine is
   divided in double, rounded once and kept in [-1, 1], so that a row's cosine with itself is 1.
   indices, scores: room for min(k, num_embeddings). *num_nearest: how many there are, k or the number of rows not excluded.
   norms: embedding_row_norms of weight, for the cosine; NULL: computed on the way, at the cost of a second sum per row.
   excluded: embedding_nearest_scratch(num_embeddings) bytes, aligned to 8, zero on entry and again on return; NULL without exclude.
   Checks exclude first. ATen: topk of cosine_similarity, mv or cdist. */
embedding_status embedding_nearest(int32_t *indices, float *scores, size_t *num_nearest, size_t *position, const float *weight,
                                   const double *norms, const float *query, const int32_t *exclude, size_t num_exclude,
                                   size_t num_embeddings, size_t embedding_dim, size_t k, embedding_metric metric,
                                   uint64_t *excluded);
size_t embedding_nearest_scratch(size_t num_embeddings);

/* output (num_embeddings, embedding_dim) = row i of values times scales[i], rounded once. values may be the last quarter of output's
   own memory, which it then turns into the result. */
void embedding_dequantize(float *output, const int8_t *values, const float *scales, size_t num_embeddings, size_t embedding_dim);

/* ---- Optimiser steps -----------------------------------------------------------------------------------------------
   Options have torch.optim's names. Dense steps take arrays of size elements; steps on rows take a coalesced gradient: distinct row
   numbers and their rows. maximize turns the gradient's sign. Scalars are computed in double and rounded once. */

/* momentum_buffer: NULL without momentum; is_first: it has no contents yet and takes the gradient as it is. Plain SGD on rows is
   embedding_add_rows with alpha = -lr. */
void embedding_sgd_step(float *weight, float *momentum_buffer, const float *grad, size_t size, double lr, double momentum,
                        double dampening, double weight_decay, int nesterov, int maximize, int is_first);

/* step counts from 1, over all rows. Rows that are not among `rows` keep their moments. */
void embedding_sparse_adam_step(float *weight, float *exp_avg, float *exp_avg_sq, const int32_t *rows, const float *values,
                                size_t num_rows, size_t num_embeddings, size_t embedding_dim, double lr, double beta1,
                                double beta2, double eps, int maximize, uint32_t step);

/* rows: NULL for a dense gradient. weight_decay is for dense gradients only. */
void embedding_adagrad_step(float *weight, float *sum, const float *grad, const int32_t *rows, size_t num_rows,
                            size_t num_embeddings, size_t embedding_dim, double lr, double lr_decay, double eps,
                            double weight_decay, int maximize, uint32_t step);

/* max_exp_avg_sq: NULL without amsgrad. decoupled_weight_decay: 0 for Adam, 1 for AdamW, which shrinks the weight itself first. */
void embedding_adam_step(float *weight, float *exp_avg, float *exp_avg_sq, float *max_exp_avg_sq, const float *grad, size_t size,
                         double lr, double beta1, double beta2, double eps, double weight_decay, int decoupled_weight_decay,
                         int maximize, uint32_t step);

/* ---- Random numbers ------------------------------------------------------------------------------------------------ */

/* PyTorch's CPU generator: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) and the normal left over from the last pair.
   A generator must be seeded before it is used; copying the struct saves its state. */
typedef struct {
    double cached_normal;
    uint32_t has_cached_normal;
    uint32_t next; /* of words; 624: all are used up */
    uint32_t words[624];
} embedding_random;

/* torch.manual_seed(seed). Only the low 32 bits of the seed count, as in PyTorch. */
void embedding_random_seed(embedding_random *random, uint64_t seed);

/* output[0 .. size) = uniform on [0, 1): torch.rand. One 32-bit word each. */
void embedding_random_uniform(float *output, embedding_random *random, size_t size);

/* output[0 .. size) = normal with this mean and standard deviation: what normal_() draws for a contiguous float32 tensor of size
   elements, bit for bit as PyTorch's x86 builds with AVX2 or AVX-512. Up to 15 elements and from 16 up are different algorithms
   there, so a tensor must be filled by one call. */
void embedding_random_normal(float *output, embedding_random *random, size_t size, double mean, double std);

/* ---- Printing ------------------------------------------------------------------------------------------------------ */

#define EMBEDDING_FORMAT_SIZE 16 /* most bytes that one number takes, its newline included */

/* Writes the numbers as PyTorch prints the elements of one tensor: in one common format, padded on the left to one width, each
   followed by a newline; no NUL. text: num_values * EMBEDDING_FORMAT_SIZE bytes. width: NULL, or receives that width; zeros, nan
   and inf may be longer. Returns the number of bytes written. */
size_t embedding_format(char *text, size_t *width, const float *values, size_t num_values);

#ifdef __cplusplus
}
#endif
#endif
