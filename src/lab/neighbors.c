/* How many neighbours a projection keeps. */
#include <string.h>

#include "../simd/row.h"
#include "lab.h"

#define SQUARED_DIFFERENCE(x, y) wasm_f32x4_mul(wasm_f32x4_sub(x, y), wasm_f32x4_sub(x, y))
ROW_SUM(squared_distance, SQUARED_DIFFERENCE)

/* The nearest so far, as a heap: the farthest of them stands first. */
typedef struct {
    float *distances;
    int32_t *rows;
    size_t count;
} nearest;

static int is_farther(const nearest *heap, size_t i, size_t j) {
    const float a = heap->distances[i], b = heap->distances[j];
    return a > b || (a == b && heap->rows[i] > heap->rows[j]);
}

static void swap(nearest *heap, size_t i, size_t j) {
    const float distance = heap->distances[i];
    const int32_t row = heap->rows[i];
    heap->distances[i] = heap->distances[j];
    heap->rows[i] = heap->rows[j];
    heap->distances[j] = distance;
    heap->rows[j] = row;
}

static void sift_up(nearest *heap, size_t at) {
    for (; at > 0 && is_farther(heap, at, (at - 1) / 2); at = (at - 1) / 2) swap(heap, at, (at - 1) / 2);
}

static void sift_down(nearest *heap) {
    for (size_t at = 0, child; (child = 2 * at + 1) < heap->count; at = child) {
        if (child + 1 < heap->count && is_farther(heap, child + 1, child)) child++;
        if (!is_farther(heap, child, at)) return;
        swap(heap, at, child);
    }
}

/* Rows come in ascending order: of equal distances the one that is there stays. */
NOINLINE void find_nearest(nearest *heap, const float *matrix, size_t num_rows, size_t num_columns, size_t row, size_t k) {
    const float *const query = matrix + row * num_columns;
    heap->count = 0;
    for (size_t n = 0; n < num_rows; n++) {
        const float distance = squared_distance(matrix + n * num_columns, query, num_columns);
        const int is_full = heap->count == k;
        if (n == row || (is_full && !(distance < heap->distances[0]))) continue;
        const size_t at = is_full ? 0 : heap->count++;
        heap->distances[at] = distance;
        heap->rows[at] = (int32_t)n;
        if (is_full) sift_down(heap);
        else sift_up(heap, at);
    }
}

size_t lab_overlap_scratch(size_t num_rows, size_t k) { return 2 * k * (sizeof(float) + sizeof(int32_t)) + num_rows; }

size_t lab_neighbor_overlap(float *shares, const float *matrix, const float *projected, size_t num_rows, size_t num_columns,
                            size_t num_projected_columns, const int32_t *rows, size_t num_asked, size_t k, void *scratch) {
    float *const distances = scratch;
    int32_t *const found = (int32_t *)(distances + 2 * k);
    uint8_t *const is_near = (uint8_t *)(found + 2 * k);
    nearest full = {distances, found, 0}, kept = {distances + k, found + k, 0};
    size_t total = 0;
    memset(is_near, 0, num_rows);
    for (size_t n = 0; n < num_asked; n++) {
        const size_t row = (size_t)rows[n];
        find_nearest(&full, matrix, num_rows, num_columns, row, k);
        find_nearest(&kept, projected, num_rows, num_projected_columns, row, k);
        size_t shared = 0;
        for (size_t i = 0; i < k; i++) is_near[full.rows[i]] = 1;
        for (size_t i = 0; i < k; i++) shared += is_near[kept.rows[i]];
        for (size_t i = 0; i < k; i++) is_near[full.rows[i]] = 0;
        shares[n] = (float)((double)shared / (double)k);
        total += shared;
    }
    return total;
}
