/* How many neighbours a projection keeps. */
#include <string.h>

#include "../embedding.h"
#include "lab.h"

/* Of embedding_nearest: its bitmap of the excluded row, scores, rows in both spaces; then a byte per row. */
size_t lab_overlap_scratch(size_t num_rows, size_t k) {
    return embedding_nearest_scratch(num_rows) + k * (sizeof(float) + 2 * sizeof(int32_t)) + num_rows;
}

static void find_nearest(int32_t *found, float *scores, uint64_t *excluded, const float *matrix, size_t num_rows, size_t num_columns,
                         int32_t row, size_t k) {
    size_t count, position;
    embedding_nearest(found, scores, &count, &position, matrix, NULL, matrix + (size_t)row * num_columns, &row, 1, num_rows, num_columns, k,
                      EMBEDDING_EUCLIDEAN, excluded);
}

size_t lab_neighbor_overlap(float *shares, const float *matrix, const float *projected, size_t num_rows, size_t num_columns,
                            size_t num_projected_columns, const int32_t *rows, size_t num_asked, size_t k, void *scratch) {
    uint64_t *const excluded = scratch;
    float *const scores = (float *)((char *)scratch + embedding_nearest_scratch(num_rows));
    int32_t *const full = (int32_t *)(scores + k), *const kept = full + k;
    uint8_t *const is_near = (uint8_t *)(kept + k);
    memset(excluded, 0, embedding_nearest_scratch(num_rows));
    memset(is_near, 0, num_rows);
    size_t total = 0;
    for (size_t n = 0; n < num_asked; n++) {
        find_nearest(full, scores, excluded, matrix, num_rows, num_columns, rows[n], k);
        find_nearest(kept, scores, excluded, projected, num_rows, num_projected_columns, rows[n], k);
        size_t shared = 0;
        for (size_t i = 0; i < k; i++) is_near[full[i]] = 1;
        for (size_t i = 0; i < k; i++) shared += is_near[kept[i]];
        for (size_t i = 0; i < k; i++) is_near[full[i]] = 0;
        shares[n] = (float)((double)shared / (double)k);
        total += shared;
    }
    return total;
}
