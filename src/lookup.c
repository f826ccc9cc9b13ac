/* Validates indices and gathers rows. */
#include "embedding.h"
#include "simd/row.h"

embedding_status embedding_check_indices(size_t *position, const int32_t *indices, size_t num_indices, size_t num_embeddings) {
    if (num_indices == 0 || index_largest(indices, num_indices) < num_embeddings) return EMBEDDING_OK;
    size_t n = 0;
    while ((uint32_t)indices[n] < num_embeddings) n++;
    *position = n;
    return EMBEDDING_INDEX_OUT_OF_RANGE;
}

embedding_status embedding_narrow_indices(int32_t *narrowed, size_t *position, const int64_t *indices, size_t num_indices,
                                          size_t num_embeddings) {
    if (num_indices > 0 && index_largest_64(indices, num_indices) >= num_embeddings) {
        size_t n = 0;
        while ((uint64_t)indices[n] < num_embeddings) n++;
        *position = n;
        return EMBEDDING_INDEX_OUT_OF_RANGE;
    }
    index_narrow(narrowed, indices, num_indices);
    return EMBEDDING_OK;
}

#define ROW(n) (weight + (size_t)(uint32_t)indices[n] * embedding_dim)

/* Rows of 4 K - 3 to 4 K elements: K moves, the last of which ends at the row's end and may overlap the one before. A loop for each
   K from 1 to 16, since a loop over d costs half the speed (D = 16: 26 GB/s instead of 49). */
#define MOVE(k) row_move_4(out_row + 4 * (k), row + 4 * (k));
#define MOVES_1
#define MOVES_2 MOVE(0)
#define MOVES_3 MOVES_2 MOVE(1)
#define MOVES_4 MOVES_3 MOVE(2)
#define MOVES_5 MOVES_4 MOVE(3)
#define MOVES_6 MOVES_5 MOVE(4)
#define MOVES_7 MOVES_6 MOVE(5)
#define MOVES_8 MOVES_7 MOVE(6)
#define MOVES_9 MOVES_8 MOVE(7)
#define MOVES_10 MOVES_9 MOVE(8)
#define MOVES_11 MOVES_10 MOVE(9)
#define MOVES_12 MOVES_11 MOVE(10)
#define MOVES_13 MOVES_12 MOVE(11)
#define MOVES_14 MOVES_13 MOVE(12)
#define MOVES_15 MOVES_14 MOVE(13)
#define MOVES_16 MOVES_15 MOVE(14)
#define GATHER(K)                                                                                                      \
    case K:                                                                                                            \
        for (size_t n = 0; n < num_indices; n++, out_row += embedding_dim) {                                           \
            const float *row = ROW(n);                                                                                 \
            MOVES_##K row_move_4(out_row + embedding_dim - 4, row + embedding_dim - 4);                                \
        }                                                                                                              \
        return;

/* Rows of 1 to 3 elements: one move of 8 bytes and one of 4. */
NOINLINE void gather_tiny(float *restrict out_row, const float *restrict weight, const int32_t *restrict indices,
                          size_t num_indices, size_t embedding_dim) {
    if (embedding_dim == 1) {
        for (size_t n = 0; n < num_indices; n++) out_row[n] = *ROW(n);
        return;
    }
    for (size_t n = 0; n < num_indices; n++, out_row += embedding_dim) {
        const float *row = ROW(n);
        const float last = row[embedding_dim - 1];
        uint64_t pair;
        __builtin_memcpy(&pair, row, 8);
        __builtin_memcpy(out_row, &pair, 8);
        out_row[embedding_dim - 1] = last;
    }
}

NOINLINE void gather_short(float *restrict out_row, const float *restrict weight, const int32_t *restrict indices,
                           size_t num_indices, size_t embedding_dim) {
    switch ((embedding_dim + 3) / 4) {
        GATHER(1) GATHER(2) GATHER(3) GATHER(4) GATHER(5) GATHER(6) GATHER(7) GATHER(8)
        GATHER(9) GATHER(10) GATHER(11) GATHER(12) GATHER(13) GATHER(14) GATHER(15) GATHER(16)
    }
}

/* The last embedding_dim % 16 elements of rows of 16 or more. In a function of its own: inlined, it costs gather_long 15 %. */
NOINLINE void gather_tails(float *restrict output, const float *restrict weight, const int32_t *restrict indices,
                           size_t num_indices, size_t embedding_dim) {
    const size_t start = embedding_dim & ~(size_t)15;
    for (size_t n = 0; n < num_indices; n++) {
        const float *row = ROW(n);
        float *out_row = output + n * embedding_dim;
        for (size_t d = start; d + 4 <= embedding_dim; d += 4) row_move_4(out_row + d, row + d);
        row_move_4(out_row + embedding_dim - 4, row + embedding_dim - 4);
    }
}

/* Four rows at a time, 64 bytes of each in turn: four reads that may miss the cache are under way at once. */
NOINLINE void gather_long(float *restrict output, const float *restrict weight, const int32_t *restrict indices,
                          size_t num_indices, size_t embedding_dim) {
    const size_t whole = embedding_dim & ~(size_t)15;
    size_t n = 0;
    for (; n + 4 <= num_indices; n += 4) {
        const float *row_0 = ROW(n), *row_1 = ROW(n + 1), *row_2 = ROW(n + 2), *row_3 = ROW(n + 3), *end = row_0 + whole;
        float *out_row = output + n * embedding_dim;
        for (; row_0 != end; row_0 += 16, row_1 += 16, row_2 += 16, row_3 += 16, out_row += 16) {
            row_move_16(out_row, row_0);
            row_move_16(out_row + embedding_dim, row_1);
            row_move_16(out_row + 2 * embedding_dim, row_2);
            row_move_16(out_row + 3 * embedding_dim, row_3);
        }
        if (whole != embedding_dim) gather_tails(output + n * embedding_dim, weight, indices + n, 4, embedding_dim);
    }
    for (; n < num_indices; n++) {
        const float *row = ROW(n), *end = row + whole;
        float *out_row = output + n * embedding_dim;
        for (; row != end; row += 16, out_row += 16) row_move_16(out_row, row);
        if (whole != embedding_dim) gather_tails(output + n * embedding_dim, weight, indices + n, 1, embedding_dim);
    }
}

#define ROWS_AHEAD 256 /* 64 and 16 are slower; rolling touches gain nothing */

NOINLINE void gather_short_far(float *restrict output, const float *restrict weight, const int32_t *restrict indices,
                               size_t num_indices, size_t embedding_dim) {
    for (size_t start = 0; start < num_indices; start += ROWS_AHEAD) {
        const size_t count = num_indices - start < ROWS_AHEAD ? num_indices - start : ROWS_AHEAD;
        for (size_t n = start; n < start + count; n++) row_touch(ROW(n), embedding_dim);
        gather_short(output + start * embedding_dim, weight, indices + start, count, embedding_dim);
    }
}

embedding_status embedding_forward(float *output, size_t *position, const float *weight, const int32_t *indices,
                                   size_t num_indices, size_t num_embeddings, size_t embedding_dim) {
    const embedding_status status = embedding_check_indices(position, indices, num_indices, num_embeddings);
    if (status != EMBEDDING_OK || embedding_dim == 0) return status;
    const int far = is_far(num_embeddings, embedding_dim);
    if (embedding_dim > 64) gather_long(output, weight, indices, num_indices, embedding_dim);
    else if (embedding_dim < 4) gather_tiny(output, weight, indices, num_indices, embedding_dim);
    else if (far) gather_short_far(output, weight, indices, num_indices, embedding_dim);
    else gather_short(output, weight, indices, num_indices, embedding_dim);
    return EMBEDDING_OK;
}
