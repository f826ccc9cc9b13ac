/* Gradients of the lookup: dense, and sparse as rows (COO) with their coalescing. */
#include "embedding.h"
#include "simd/row.h"

#define ROWS_AHEAD 8
#define FAR_DIM 128 /* rows longer than this the hardware reads ahead by itself */

size_t embedding_backward_scratch(size_t num_embeddings) { return num_embeddings * sizeof(uint32_t); }

NOINLINE void scatter_add(float *restrict grad_weight, const float *restrict grad_output, const int32_t *restrict indices,
                          size_t num_indices, size_t embedding_dim, int32_t padding_idx, const uint32_t *counts) {
    for (size_t n = 0; n < num_indices; n++) {
        if (indices[n] == padding_idx) continue;
        const size_t index = (uint32_t)indices[n];
        float *grad_row = grad_weight + index * embedding_dim;
        if (counts) row_axpy(grad_row, grad_output + n * embedding_dim, (float)(1.0 / counts[index]), embedding_dim);
        else row_add(grad_row, grad_output + n * embedding_dim, embedding_dim);
    }
}

void embedding_dense_backward(float *grad_weight, const float *grad_output, const int32_t *indices, size_t num_indices,
                              size_t num_embeddings, size_t embedding_dim, int32_t padding_idx, uint32_t *counts) {
    if (num_embeddings == 0 || embedding_dim == 0) return;
    set_zero(grad_weight, num_embeddings * embedding_dim * sizeof(float));
    count_indices(counts, indices, num_indices);
    const size_t block = is_far(num_embeddings, embedding_dim) && embedding_dim <= FAR_DIM ? ROWS_AHEAD : num_indices;
    for (size_t start = 0; start < num_indices; start += block) {
        const size_t size = num_indices - start < block ? num_indices - start : block;
        if (block == ROWS_AHEAD) rows_touch(grad_weight, indices + start, size, embedding_dim);
        scatter_add(grad_weight, grad_output + start * embedding_dim, indices + start, size, embedding_dim, padding_idx, counts);
    }
    clear_counts(counts, indices, num_indices);
}

size_t embedding_sparse_backward(int32_t *grad_indices, float *grad_values, const float *grad_output, const int32_t *indices,
                                 size_t num_indices, size_t embedding_dim, int32_t padding_idx, uint32_t *counts) {
    size_t num_rows = 0;
    if (embedding_dim == 0) return 0;
    count_indices(counts, indices, num_indices);
    for (size_t n = 0; n < num_indices; n++) {
        if (indices[n] == padding_idx) continue;
        float *value = grad_values + num_rows * embedding_dim;
        const float *grad_row = grad_output + n * embedding_dim;
        if (counts) row_scaled(value, grad_row, (float)(1.0 / counts[(uint32_t)indices[n]]), embedding_dim);
        else row_copy(value, grad_row, embedding_dim);
        grad_indices[num_rows++] = indices[n];
    }
    clear_counts(counts, indices, num_indices);
    return num_rows;
}

void embedding_add_rows(float *weight, const int32_t *grad_indices, const float *grad_values, size_t num_indices,
                        size_t embedding_dim, float alpha) {
    for (size_t n = 0; n < num_indices && embedding_dim > 0; n++)
        row_axpy(weight + (size_t)(uint32_t)grad_indices[n] * embedding_dim, grad_values + n * embedding_dim, alpha, embedding_dim);
}

/* ---- Coalescing: the bits of the rows that occur, counted from the left, give each row its place. No sort. ---------------- */

typedef struct {
    uint64_t *bits;     /* of each row, 64 to a word; zero between calls */
    uint64_t *words;    /* of each word of bits that has one set; zero between calls, so that empty stretches are skipped */
    uint32_t *before;   /* rows that occur in earlier words */
    size_t num_words;   /* of bits */
} row_ranks;

static row_ranks place_ranks(void *scratch, size_t num_embeddings) {
    row_ranks ranks = {.bits = scratch, .num_words = (num_embeddings + 63) / 64};
    ranks.words = ranks.bits + ranks.num_words;
    ranks.before = (uint32_t *)(ranks.words + (ranks.num_words + 63) / 64);
    return ranks;
}

size_t embedding_coalesce_scratch(size_t num_embeddings) {
    const size_t num_words = (num_embeddings + 63) / 64;
    return (num_words + (num_words + 63) / 64) * sizeof(uint64_t) + (num_words * sizeof(uint32_t) + 7) / 8 * 8;
}

/* Writes the rows that occur, ascending, and returns their number. */
static size_t rank_rows(row_ranks *ranks, int32_t *rows, const int32_t *indices, size_t num_indices) {
    size_t num_rows = 0;
    for (size_t n = 0; n < num_indices; n++) {
        const size_t index = (uint32_t)indices[n];
        ranks->bits[index / 64] |= ROW_BIT(index);
        ranks->words[index / 4096] |= ROW_BIT(index / 64);
    }
    for (size_t group = 0; group < (ranks->num_words + 63) / 64; group++)
        for (uint64_t words = ranks->words[group]; words; words &= words - 1) {
            const size_t word = group * 64 + (size_t)__builtin_ctzll(words);
            ranks->before[word] = (uint32_t)num_rows;
            for (uint64_t bits = ranks->bits[word]; bits; bits &= bits - 1)
                rows[num_rows++] = (int32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
        }
    return num_rows;
}

static size_t rank_of(const row_ranks *ranks, size_t index) {
    return ranks->before[index / 64] + (size_t)__builtin_popcountll(ranks->bits[index / 64] & (ROW_BIT(index) - 1));
}

size_t embedding_coalesce(int32_t *rows, float *values, const int32_t *grad_indices, const float *grad_values,
                          size_t num_indices, size_t num_embeddings, size_t embedding_dim, void *scratch, uint8_t *seen) {
    if (num_indices == 0) return 0;
    row_ranks ranks = place_ranks(scratch, num_embeddings);
    const size_t num_rows = rank_rows(&ranks, rows, grad_indices, num_indices);
    set_zero(seen, num_rows);
    for (size_t n = 0; n < num_indices && embedding_dim > 0; n++) {
        const size_t rank = rank_of(&ranks, (uint32_t)grad_indices[n]);
        float *value = values + rank * embedding_dim;
        if (seen[rank]) row_add(value, grad_values + n * embedding_dim, embedding_dim);
        else row_copy(value, grad_values + n * embedding_dim, embedding_dim); /* copied, not added to 0: keeps -0 */
        seen[rank] = 1;
    }
    for (size_t n = 0; n < num_indices; n++) {
        ranks.bits[(uint32_t)grad_indices[n] / 64] = 0;
        ranks.words[(uint32_t)grad_indices[n] / 4096] = 0;
        ranks.before[(uint32_t)grad_indices[n] / 64] = 0;
    }
    return num_rows;
}
