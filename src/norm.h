/* The norms of one row, shared by renorm and tensor_norm. */
#ifndef EMBEDDING_NORM_H
#define EMBEDDING_NORM_H

#include <stddef.h>

/* The norm_type-norm as PyTorch defines it (see embedding_renorm), in float32, by 16 interleaved sums. */
float row_norm(const float *row, size_t embedding_dim, double norm_type);

/* The same for elements that stand stride apart: the same bits. */
float strided_norm(const float *input, size_t size, size_t stride, double norm_type);

#endif
