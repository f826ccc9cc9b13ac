/* Tensor operations: what the autograd tensor of the JavaScript layer needs around the embedding. PyTorch's semantics, float32
   unless a name says otherwise. Tensors are contiguous and row-major. The rules of embedding.h hold here too. */
#ifndef EMBEDDING_TENSOR_H
#define EMBEDDING_TENSOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Elementwise, with broadcasting ---------------------------------------------------------------------------------
   output has the num_dims sizes of the result. a_strides and b_strides say how far an operand moves, in elements, for a step
   along each of them: 0 where it is stretched. output may be the memory of an operand of the result's own shape. num_dims is at
   most TENSOR_MAX_DIMS; neighbouring dimensions that both operands walk through evenly are better given as one. */
#define TENSOR_MAX_DIMS 16

/* output = a + alpha * b, rounded once as PyTorch's vectorised code does; alpha = -1 subtracts. */
void tensor_add(float *output, const float *a, const float *b, const size_t *sizes, const size_t *a_strides,
                const size_t *b_strides, size_t num_dims, float alpha);
void tensor_mul(float *output, const float *a, const float *b, const size_t *sizes, const size_t *a_strides,
                const size_t *b_strides, size_t num_dims);
void tensor_div(float *output, const float *a, const float *b, const size_t *sizes, const size_t *a_strides,
                const size_t *b_strides, size_t num_dims);
/* int32 wraps around, as in PyTorch. */
void tensor_add_int32(int32_t *output, const int32_t *a, const int32_t *b, const size_t *sizes, const size_t *a_strides,
                      const size_t *b_strides, size_t num_dims, int32_t alpha);
void tensor_mul_int32(int32_t *output, const int32_t *a, const int32_t *b, const size_t *sizes, const size_t *a_strides,
                      const size_t *b_strides, size_t num_dims);

/* ---- Functions of one element -------------------------------------------------------------------------------------- */

typedef enum {
    TENSOR_NEG,
    TENSOR_ABS,
    TENSOR_SQRT,
    TENSOR_RELU,
    TENSOR_EXP,
    TENSOR_LOG,
    TENSOR_SIGMOID,
    TENSOR_TANH,
    TENSOR_LOG_SIGMOID,
    TENSOR_POW,       /* x^parameter */
    TENSOR_CLAMP_MIN, /* the greater of x and parameter; its gradient is g everywhere, as cosine_similarity has it */
} tensor_function;

void tensor_unary(float *output, const float *input, size_t size, tensor_function function, float parameter);

/* saved: the output of sqrt, relu, exp, sigmoid and tanh, the input of the others. */
void tensor_unary_backward(float *grad_input, const float *grad_output, const float *saved, size_t size,
                           tensor_function function, float parameter);

/* neg, abs, relu and pow with a whole exponent from 0 up; int32 wraps around. */
void tensor_unary_int32(int32_t *output, const int32_t *input, size_t size, tensor_function function, uint32_t exponent);

/* output = factor * input; they may be the same */
void tensor_scale(float *output, const float *input, size_t size, float factor);

/* ---- Matrix product ------------------------------------------------------------------------------------------------ */

/* output (rows, columns) = a (rows, inner) times b (inner, columns); a transposed operand is stored the other way round. */
void tensor_matmul(float *output, const float *a, const float *b, size_t rows, size_t inner, size_t columns, int transpose_a,
                   int transpose_b);

/* ---- Reductions of an (outer, size, inner) tensor along size; the result is (outer, inner) ---------------------------- */

/* The sum divided by divisor: 1 for sum, size for mean. With inner = 1 blocks of 1,024 elements are added in double. */
void tensor_sum(float *output, const float *input, size_t outer, size_t size, size_t inner, double divisor);

/* int32 wraps around; PyTorch's result would be int64. */
void tensor_sum_int32(int32_t *output, const int32_t *input, size_t outer, size_t size, size_t inner);
void tensor_prod_int32(int32_t *output, const int32_t *input, size_t outer, size_t size, size_t inner);

void tensor_prod(float *output, const float *input, size_t outer, size_t size, size_t inner);
/* is_full: the product is over all elements, where PyTorch's rule for zeros differs. */
void tensor_prod_backward(float *grad_input, const float *grad_output, const float *input, const float *output, size_t outer,
                          size_t size, size_t inner, int is_full);

/* See embedding_renorm for the norms. */
void tensor_norm(float *output, const float *input, size_t outer, size_t size, size_t inner, double norm_type);
void tensor_norm_backward(float *grad_input, const float *grad_output, const float *input, const float *output, size_t outer,
                          size_t size, size_t inner, double norm_type);

/* ---- Softmax, along size of (outer, size, inner); the result has the same shape ------------------------------------- */

void tensor_softmax(float *output, const float *input, size_t outer, size_t size, size_t inner);
void tensor_softmax_backward(float *grad_input, const float *grad_output, const float *output, size_t outer, size_t size,
                             size_t inner);
void tensor_log_softmax(float *output, const float *input, size_t outer, size_t size, size_t inner);
void tensor_log_softmax_backward(float *grad_input, const float *grad_output, const float *output, size_t outer, size_t size,
                                 size_t inner);

/* The mean of -log_probabilities[i, targets[i]] over the rows; targets have been checked. ATen: nll_loss. */
float tensor_nll_mean(const float *log_probabilities, const int32_t *targets, size_t rows, size_t classes);
void tensor_nll_mean_backward(float *grad_input, float grad_output, const int32_t *targets, size_t rows, size_t classes);

/* ---- Comparison ---------------------------------------------------------------------------------------------------- */

/* 1 if all elements are equal as numbers (-0 equals 0, NaN equals nothing), else 0. ATen: equal. */
int tensor_equal(const float *a, const float *b, size_t size);
int tensor_equal_int32(const int32_t *a, const int32_t *b, size_t size);

/* Copies input, broadcast in the same way, into output; 4-byte elements of either type. */
void tensor_expand(void *output, const void *input, const size_t *sizes, const size_t *strides, size_t num_dims);

/* ---- Copies that change the layout or the type, and fills ---------------------------------------------------------- */

/* output (columns, rows) = input (rows, columns) transposed; 4-byte elements of either type. */
void tensor_transpose(uint32_t *output, const uint32_t *input, size_t rows, size_t columns);

/* Towards zero. What int32 cannot hold, NaN included, becomes INT32_MIN, as x86 has it. */
void tensor_to_int32(int32_t *output, const float *input, size_t size);
void tensor_to_float32(float *output, const int32_t *input, size_t size);

/* output[n] = start + n * step: torch.arange. float32 in the two steps of PyTorch's AVX2 code: groups of 8 elements below the last
   multiple of 16 start from a rounded value of their own. */
void tensor_arange(float *output, double start, double step, size_t size);
void tensor_arange_int32(int32_t *output, int32_t start, int32_t step, size_t size);

/* output (num_indices, num_classes) = 1 at each index, else 0. Indices are checked before. */
void tensor_one_hot(float *output, const int32_t *indices, size_t num_indices, size_t num_classes);

#ifdef __cplusplus
}
#endif
#endif
