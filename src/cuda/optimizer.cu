/* Optimiser steps. Each is a function of one element, run over all elements or over those of some rows. */
#include "device.cuh"
#include "optimizer.h"

/* The gradient with its sign and the weight's decay: maximize ? -g : g, + weight_decay * p */
__device__ inline float decayed(float grad, float weight, float sign, float weight_decay) {
    grad = grad * sign;
    return weight_decay != 0 ? grad + weight_decay * weight : grad;
}

struct SgdStep {
    float *weight, *momentum_buffer;
    float rate, keep, take, weight_decay, sign;
    bool nesterov, is_first;

    __device__ void operator()(size_t at, float grad) const {
        const float p = weight[at];
        float g = decayed(grad, p, sign, weight_decay);
        if (momentum_buffer) {
            const float buffer = is_first ? g : momentum_buffer[at] * keep + take * g;
            momentum_buffer[at] = buffer;
            g = nesterov ? g + keep * buffer : buffer;
        }
        weight[at] = p + rate * g;
    }
};

struct SparseAdamStep {
    float *weight, *exp_avg, *exp_avg_sq;
    float take_1, take_2, eps, rate, sign;

    __device__ void operator()(size_t at, float grad) const {
        const float g = grad * sign, m_old = exp_avg[at], v_old = exp_avg_sq[at];
        const float m = (g - m_old) * take_1 + m_old, v = (g * g - v_old) * take_2 + v_old;
        exp_avg[at] = m;
        exp_avg_sq[at] = v;
        weight[at] = weight[at] + rate * (m / (sqrtf(v) + eps));
    }
};

struct AdagradStep {
    float *weight, *sum;
    float rate, eps, weight_decay, sign;

    __device__ void operator()(size_t at, float grad) const {
        const float p = weight[at], g = decayed(grad, p, sign, weight_decay), squares = sum[at] + g * g;
        sum[at] = squares;
        weight[at] = p + rate * (g / (sqrtf(squares) + eps));
    }
};

struct AdamStep {
    float *weight, *exp_avg, *exp_avg_sq, *max_exp_avg_sq;
    float take_1, keep_2, take_2, eps, rate, root, shrink, weight_decay, sign;

    __device__ void operator()(size_t at, float grad) const {
        const float p = weight[at] * shrink, g = decayed(grad, p, sign, weight_decay), m_old = exp_avg[at];
        const float m = m_old + take_1 * (g - m_old);
        float v = exp_avg_sq[at] * keep_2 + take_2 * (g * g);
        exp_avg[at] = m;
        exp_avg_sq[at] = v;
        if (max_exp_avg_sq) {
            const float most = max_exp_avg_sq[at];
            v = v > most || v != v ? v : most;
            max_exp_avg_sq[at] = v;
        }
        weight[at] = p + rate * (m / (sqrtf(v) / root + eps));
    }
};

template <typename Step> __global__ void __launch_bounds__(THREADS) dense_step_kernel(const Step step, const float *__restrict__ grad, size_t size) {
    for (size_t at = thread_index(); at < size; at += num_threads()) step(at, grad[at]);
}

/* LANES lanes for each row; the rows are distinct. */
template <unsigned LANES, typename Step>
__global__ void __launch_bounds__(THREADS)
    row_step_kernel(const Step step, const int32_t *__restrict__ rows, const float *__restrict__ values, const uint64_t *count,
                    size_t num_rows, size_t embedding_dim) {
    const size_t end = count ? *count : num_rows;
    for (size_t n = thread_index() / LANES; n < end; n += num_threads() / LANES)
        for (size_t d = threadIdx.x % LANES; d < embedding_dim; d += LANES) step(size_t(rows[n]) * embedding_dim + d, values[n * embedding_dim + d]);
}

template <typename Step> static embedding_status queue_dense_step(const Step &step, const float *grad, size_t size, cudaStream_t stream) {
    return size ? launch(dense_step_kernel<Step>, blocks_for(size), stream, step, grad, size) : EMBEDDING_OK;
}

template <typename Step>
static embedding_status queue_row_step(const Step &step, const int32_t *rows, const float *values, const uint64_t *count, size_t num_rows,
                                       size_t embedding_dim, cudaStream_t stream) {
    if (num_rows == 0 || embedding_dim == 0) return EMBEDDING_OK;
    const auto queue = [&](auto kernel, unsigned lanes) {
        return launch(kernel, blocks_for(num_rows, THREADS / lanes), stream, step, rows, values, count, num_rows, embedding_dim);
    };
    return embedding_dim <= 8 ? queue(row_step_kernel<8, Step>, 8) : queue(row_step_kernel<32, Step>, 32);
}

static float sign_of(int maximize) { return maximize ? -1.0f : 1.0f; }

embedding_status embedding_sgd_step_cuda(float *weight, float *momentum_buffer, const float *grad, size_t size, double lr, double momentum,
                                         double dampening, double weight_decay, int nesterov, int maximize, int is_first, cudaStream_t stream) {
    TRY(Arguments(__func__).array(NAMED(weight), size).array(NAMED(momentum_buffer), momentum_buffer && size).array(NAMED(grad), size).status);
    return queue_dense_step(SgdStep{weight, momentum_buffer, float(-lr), float(momentum), float(1 - dampening), float(weight_decay),
                                    sign_of(maximize), nesterov != 0, is_first != 0}, grad, size, stream);
}

embedding_status embedding_sparse_adam_step_cuda(float *weight, float *exp_avg, float *exp_avg_sq, const int32_t *rows, const float *values,
                                                 const uint64_t *count, size_t num_rows, size_t num_embeddings, size_t embedding_dim, double lr,
                                                 double beta1, double beta2, double eps, int maximize, uint32_t step, cudaStream_t stream) {
    const bool has_rows = num_rows > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_rows)).size(NAMED(num_embeddings)).size(NAMED(embedding_dim)).array(NAMED(weight), has_rows)
            .array(NAMED(exp_avg), has_rows).array(NAMED(exp_avg_sq), has_rows).array(NAMED(rows), has_rows).array(NAMED(values), has_rows)
            .array(NAMED(count), count).status);
    return queue_row_step(SparseAdamStep{weight, exp_avg, exp_avg_sq, float(1 - beta1), float(1 - beta2), float(eps),
                                         float(-sparse_adam_step_size(lr, beta1, beta2, step)), sign_of(maximize)},
                          rows, values, count, num_rows, embedding_dim, stream);
}

embedding_status embedding_adagrad_step_cuda(float *weight, float *sum, const float *grad, const int32_t *rows, const uint64_t *count,
                                             size_t num_rows, size_t num_embeddings, size_t embedding_dim, double lr, double lr_decay, double eps,
                                             double weight_decay, int maximize, uint32_t step, cudaStream_t stream) {
    const bool has_rows = grad && (rows ? num_rows : num_embeddings) > 0 && embedding_dim > 0;
    TRY(Arguments(__func__).size(NAMED(num_rows)).size(NAMED(num_embeddings)).size(NAMED(embedding_dim)).array(NAMED(weight), has_rows)
            .array(NAMED(sum), has_rows).array(NAMED(grad), has_rows).array(NAMED(rows), rows && has_rows).array(NAMED(count), count).status);
    if (!has_rows) return EMBEDDING_OK;
    const AdagradStep adagrad = {weight, sum, float(-adagrad_step_size(lr, lr_decay, step)), float(eps), rows ? 0.0f : float(weight_decay), sign_of(maximize)};
    return rows ? queue_row_step(adagrad, rows, grad, count, num_rows, embedding_dim, stream)
                : queue_dense_step(adagrad, grad, num_embeddings * embedding_dim, stream);
}

embedding_status embedding_adam_step_cuda(float *weight, float *exp_avg, float *exp_avg_sq, float *max_exp_avg_sq, const float *grad, size_t size,
                                          double lr, double beta1, double beta2, double eps, double weight_decay, int decoupled_weight_decay,
                                          int maximize, uint32_t step, cudaStream_t stream) {
    TRY(Arguments(__func__).array(NAMED(weight), size).array(NAMED(exp_avg), size).array(NAMED(exp_avg_sq), size)
            .array(NAMED(max_exp_avg_sq), max_exp_avg_sq && size).array(NAMED(grad), size).status);
    return queue_dense_step(AdamStep{weight, exp_avg, exp_avg_sq, max_exp_avg_sq, float(1 - beta1), float(beta2), float(1 - beta2), float(eps),
                                     float(-adam_step_size(lr, beta1, step)), float(adam_root_correction(beta2, step)),
                                     float(adam_decay_factor(lr, weight_decay, decoupled_weight_decay)),
                                     decoupled_weight_decay ? 0.0f : float(weight_decay), sign_of(maximize)}, grad, size, stream);
}
