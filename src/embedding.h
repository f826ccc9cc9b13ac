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
} embedding_status;

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
