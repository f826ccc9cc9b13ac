/* max_norm: rescales, in the table, the rows that a lookup is about to read. */
#include "embedding.h"
#include "norm.h"
#include "simd/row.h"

#define ROWS_AHEAD 64

size_t embedding_renorm_scratch(size_t num_embeddings) { return (num_embeddings + 63) / 64 * sizeof(uint64_t); }

/* Puts distinct row numbers in ascending order through the bits of the table: no sort. */
NOINLINE void sort_rows(int32_t *rows, size_t num_rows, uint64_t *bits) {
    size_t first = SIZE_MAX, last = 0, sorted = 0;
    for (size_t n = 0; n < num_rows; n++) {
        const size_t word = (uint32_t)rows[n] / 64;
        bits[word] |= ROW_BIT((uint32_t)rows[n]);
        first = word < first ? word : first;
        last = word > last ? word : last;
    }
    for (size_t word = first; sorted < num_rows && word <= last; word++) {
        for (uint64_t left = bits[word]; left; left &= left - 1)
            rows[sorted++] = (int32_t)(word * 64 + (size_t)__builtin_ctzll(left));
        bits[word] = 0;
    }
}

embedding_status embedding_renorm(float *weight, int32_t *rescaled, size_t *num_rescaled, size_t *position,
                                  const int32_t *indices, size_t num_indices, size_t num_embeddings, size_t embedding_dim,
                                  double max_norm, double norm_type, uint64_t *visited) {
    const embedding_status status = embedding_check_indices(position, indices, num_indices, num_embeddings);
    if (status != EMBEDDING_OK) return status;
    if (embedding_dim == 0) num_indices = 0; /* nothing to rescale, and weight may be NULL */
    const int far = is_far(num_embeddings, embedding_dim);
    size_t count = 0;
    for (size_t n = 0; n < num_indices; n++) {
        if (far && n % ROWS_AHEAD == 0)
            rows_touch(weight, indices + n, num_indices - n < ROWS_AHEAD ? num_indices - n : ROWS_AHEAD, embedding_dim);
        const size_t index = (uint32_t)indices[n];
        if (visited[index / 64] & ROW_BIT(index)) continue;
        visited[index / 64] |= ROW_BIT(index);
        float *row = weight + index * embedding_dim;
        const double norm = row_norm(row, embedding_dim, norm_type);
        if (!(norm > max_norm)) continue;
        row_scaled(row, row, (float)(max_norm / (norm + 1e-7)), embedding_dim);
        if (rescaled) rescaled[count] = (int32_t)index;
        count++;
    }
    for (size_t n = 0; n < num_indices; n++) visited[(uint32_t)indices[n] / 64] = 0;
    if (rescaled) sort_rows(rescaled, count, visited);
    if (num_rescaled) *num_rescaled = count;
    return EMBEDDING_OK;
}
