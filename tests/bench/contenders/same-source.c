/* The kernels that ship, built natively: no WebAssembly, no JavaScript. */
#include "embedding.h"
#include "native.h"

const char *const version = "src/*.c over SIMDe, " __VERSION__;

static size_t position;

size_t lookup(work *w) {
    embedding_forward(w->output, &position, w->weight, w->indices, w->num_indices, w->num_embeddings, w->embedding_dim);
    return w->num_indices * w->embedding_dim;
}

size_t renorm(work *w) {
    size_t num_rescaled;
    embedding_renorm(w->weight, w->rows, &num_rescaled, &position, w->indices, w->num_indices, w->num_embeddings, w->embedding_dim, MAX_NORM, 2,
                     w->scratch);
    return 0;
}

size_t dense_gradient(work *w) {
    embedding_dense_backward(w->output, w->numbers, w->indices, w->num_indices, w->num_embeddings, w->embedding_dim, -1, NULL);
    return w->num_embeddings * w->embedding_dim;
}

/* The pairs, then coalesced into output. Returns the number of rows. */
static size_t coalesced(work *w) {
    int32_t *grad_indices = (int32_t *)(w->scratch + w->num_embeddings);
    const size_t num_pairs = embedding_sparse_backward(grad_indices, w->values, w->numbers, w->indices, w->num_indices, w->embedding_dim, -1, NULL);
    uint8_t *seen = (uint8_t *)(grad_indices + w->num_indices);
    return embedding_coalesce(w->rows, w->output, grad_indices, w->values, num_pairs, w->num_embeddings, w->embedding_dim, w->scratch, seen);
}

size_t sparse_gradient(work *w) { return coalesced(w) * w->embedding_dim; }

static size_t bags_forward(work *w, embedding_bag_mode mode, const float *per_sample_weights) {
    const embedding_bags bags = {w->indices,     w->offsets,         per_sample_weights, w->num_indices, w->num_bags, w->num_bags,
                                 w->num_embeddings, w->embedding_dim, -1,                 mode};
    if (!embedding_check_offsets(&position, w->offsets, w->num_bags, w->num_indices, 0))
        embedding_bag_forward(w->output, w->rows, &position, w->weight, &bags);
    return w->num_bags * w->embedding_dim;
}
size_t bag_sum(work *w) { return bags_forward(w, EMBEDDING_BAG_SUM, NULL); }
size_t bag_mean(work *w) { return bags_forward(w, EMBEDDING_BAG_MEAN, NULL); }
size_t bag_max(work *w) { return bags_forward(w, EMBEDDING_BAG_MAX, NULL); }
size_t bag_weighted(work *w) { return bags_forward(w, EMBEDDING_BAG_SUM, w->numbers); }

size_t bag_backward(work *w) {
    const embedding_bags bags = {w->indices,     w->offsets,         NULL, w->num_indices,    w->num_bags, w->num_bags,
                                 w->num_embeddings, w->embedding_dim, -1,   EMBEDDING_BAG_SUM};
    embedding_bag_dense_backward(w->output, w->numbers, NULL, &bags, NULL);
    return w->num_embeddings * w->embedding_dim;
}

size_t sgd(work *w) {
    embedding_add_rows(w->weight, w->indices, w->numbers, w->num_indices, w->embedding_dim, (float)-LEARNING_RATE);
    return 0;
}

size_t adagrad(work *w) {
    embedding_adagrad_step(w->weight, w->moments[0], w->numbers, w->indices, w->num_indices, w->num_embeddings, w->embedding_dim, ADAGRAD_RATE, 0,
                           ADAGRAD_EPS, 0, 0, ++w->step);
    return 0;
}

static void adam_rows(work *w, const int32_t *rows, const float *values, size_t num_rows) {
    embedding_sparse_adam_step(w->weight, w->moments[0], w->moments[1], rows, values, num_rows, w->num_embeddings, w->embedding_dim, LEARNING_RATE,
                               BETA1, BETA2, ADAM_EPS, 0, ++w->step);
}

size_t sparse_adam(work *w) {
    adam_rows(w, w->indices, w->numbers, w->num_indices);
    return 0;
}

size_t nearest(work *w) {
    size_t num_nearest;
    embedding_nearest(w->rows, w->output, &num_nearest, &position, w->weight, NULL, w->numbers, NULL, 0, w->num_embeddings, w->embedding_dim, NEAREST_K,
                      EMBEDDING_DOT, NULL);
    return num_nearest;
}

size_t training_step(work *w) {
    embedding_forward(w->output, &position, w->weight, w->indices, w->num_indices, w->num_embeddings, w->embedding_dim);
    const size_t num_rows = coalesced(w);
    adam_rows(w, w->rows, w->output, num_rows);
    return 0;
}
