/* The scalars of a step, in double, shared with the CUDA twins. */
#ifndef EMBEDDING_OPTIMIZER_H
#define EMBEDDING_OPTIMIZER_H

#include <math.h>
#include <stdint.h>

/* base^step by squaring: a libm's pow may differ from another's in the last bit. */
static inline double power(double base, uint64_t step) {
    double result = 1;
    for (; step; step /= 2, base *= base)
        if (step % 2) result *= base;
    return result;
}

static inline double sparse_adam_step_size(double lr, double beta1, double beta2, uint32_t step) {
    return lr * sqrt(1 - power(beta2, step)) / (1 - power(beta1, step));
}

static inline double adagrad_step_size(double lr, double lr_decay, uint32_t step) { return lr / (1 + (step - 1) * lr_decay); }

static inline double adam_step_size(double lr, double beta1, uint32_t step) { return lr / (1 - power(beta1, step)); }
static inline double adam_root_correction(double beta2, uint32_t step) { return sqrt(1 - power(beta2, step)); }
static inline double adam_decay_factor(double lr, double weight_decay, int decoupled_weight_decay) {
    return decoupled_weight_decay ? 1 - lr * weight_decay : 1;
}

#endif
