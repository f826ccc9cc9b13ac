/* Softmax, its logarithm, and the loss made of it. */
#include <math.h>

#include "tensor.h"

#define EACH_SLICE                                                                                                     \
    for (size_t i = 0; i < outer; i++)                                                                                 \
        for (size_t j = 0, at = i * size * inner; j < inner; j++, at++)
#define EACH_ELEMENT(k) for (size_t k = at; k < at + size * inner; k += inner)

/* log(sum of exp(x)) of a slice, the largest element taken out. The sum, in double, is at least 1, and log1p is smaller than log. */
static double log_sum(const float *input, size_t at, size_t size, size_t inner, float *largest) {
    *largest = -INFINITY;
    EACH_ELEMENT(k) *largest = input[k] > *largest || input[k] != input[k] ? input[k] : *largest;
    double sum = 0;
    EACH_ELEMENT(k) sum += expf(input[k] - *largest);
    return log1p(sum - 1);
}

void tensor_log_softmax(float *output, const float *input, size_t outer, size_t size, size_t inner) {
    EACH_SLICE {
        float largest;
        const double log_of_sum = log_sum(input, at, size, inner, &largest);
        EACH_ELEMENT(k) output[k] = (float)((double)(input[k] - largest) - log_of_sum);
    }
}

void tensor_softmax(float *output, const float *input, size_t outer, size_t size, size_t inner) {
    EACH_SLICE {
        float largest = -INFINITY;
        double sum = 0;
        EACH_ELEMENT(k) largest = input[k] > largest || input[k] != input[k] ? input[k] : largest;
        EACH_ELEMENT(k) sum += output[k] = expf(input[k] - largest);
        EACH_ELEMENT(k) output[k] = (float)(output[k] / sum);
    }
}

/* grad_input = y * (g - sum(g * y)) */
void tensor_softmax_backward(float *grad_input, const float *grad_output, const float *output, size_t outer, size_t size,
                             size_t inner) {
    EACH_SLICE {
        double sum = 0;
        EACH_ELEMENT(k) sum += (double)grad_output[k] * output[k];
        EACH_ELEMENT(k) grad_input[k] = (float)((grad_output[k] - sum) * output[k]);
    }
}

/* grad_input = g - exp(y) * sum(g) */
void tensor_log_softmax_backward(float *grad_input, const float *grad_output, const float *output, size_t outer, size_t size,
                                 size_t inner) {
    EACH_SLICE {
        double sum = 0;
        EACH_ELEMENT(k) sum += grad_output[k];
        EACH_ELEMENT(k) grad_input[k] = (float)(grad_output[k] - expf(output[k]) * sum);
    }
}

float tensor_nll_mean(const float *log_probabilities, const int32_t *targets, size_t rows, size_t classes) {
    double sum = 0;
    for (size_t i = 0; i < rows; i++) sum -= log_probabilities[i * classes + (size_t)(uint32_t)targets[i]];
    return (float)(sum / (double)rows);
}

void tensor_nll_mean_backward(float *grad_input, float grad_output, const int32_t *targets, size_t rows, size_t classes) {
    for (size_t i = 0; i < rows * classes; i++) grad_input[i] = 0;
    for (size_t i = 0; i < rows; i++) grad_input[i * classes + (size_t)(uint32_t)targets[i]] = -grad_output / (float)rows;
}
