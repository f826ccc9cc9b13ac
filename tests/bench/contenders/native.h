/* What the two native contenders have in common: serve.c reads the inputs, times the calls and writes the results; same-source.c and plain-c.c
   have a function for each kernel. */
#ifndef TESTS_BENCH_NATIVE_H
#define TESTS_BENCH_NATIVE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* Everything a kernel may need, allocated for it; contents as tests/bench/inputs.js describes them. */
typedef struct {
    size_t num_embeddings, embedding_dim, num_indices, num_bags;
    const int32_t *indices; /* (num_indices), those of this call */
    const int32_t *offsets; /* (num_bags) */
    const float *numbers;   /* the gradient, query or per_sample_weights */
    float *weight;          /* (num_embeddings, embedding_dim) */
    float *output;          /* room for max(num_embeddings, num_indices) rows, zero */
    float *values;          /* room for as many more */
    float *moments[2];      /* as weight, zero */
    int32_t *rows;          /* room for max(num_embeddings, num_indices, num_bags * embedding_dim), zero */
    uint64_t *scratch;      /* room for 8 bytes for each of num_embeddings and of num_indices, zero */
    uint32_t step;          /* counts from 1 */
} work;

#define LEARNING_RATE 1e-3
#define BETA1 0.9
#define BETA2 0.999
#define ADAM_EPS 1e-8
#define ADAGRAD_RATE 1e-2
#define ADAGRAD_EPS 1e-10
#define NEAREST_K 10
#define MAX_NORM sqrt((double)w->embedding_dim / 3) /* about half the rows are longer */

/* Each does one call, and returns how many floats of output are its result; those that change weight return 0. */
#define KERNELS(KERNEL)                                                                                                                    \
    KERNEL(lookup, NOTHING)                                                                                                                \
    KERNEL(renorm, NOTHING)                                                                                                                \
    KERNEL(dense_gradient, GRADIENT)                                                                                                       \
    KERNEL(sparse_gradient, GRADIENT)                                                                                                      \
    KERNEL(bag_sum, NOTHING)                                                                                                               \
    KERNEL(bag_mean, NOTHING)                                                                                                              \
    KERNEL(bag_max, NOTHING)                                                                                                               \
    KERNEL(bag_weighted, SAMPLE_WEIGHTS)                                                                                                   \
    KERNEL(bag_backward, BAG_GRADIENT)                                                                                                     \
    KERNEL(sgd, GRADIENT)                                                                                                                  \
    KERNEL(adagrad, GRADIENT)                                                                                                              \
    KERNEL(sparse_adam, GRADIENT)                                                                                                          \
    KERNEL(nearest, QUERY)                                                                                                                 \
    KERNEL(training_step, GRADIENT)
#define DECLARE(NAME, NUMBERS) size_t NAME(work *w);
KERNELS(DECLARE)

extern const char *const version; /* what the contender is and was compiled by */

#endif
