/* What kernels do with one row, or with one run of indices, written once for every build. The only file that spells intrinsics.
   Nothing here reads or writes past the end of what it is given. */
#ifndef EMBEDDING_ROW_H
#define EMBEDDING_ROW_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "v128.h"

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))

/* A table larger than this (bytes) is beyond the caches: reading a byte of each line of the rows to come, and only then their
   values, keeps more of the reads under way at once. */
#define FAR_TABLE ((size_t)16 << 20)
#define CACHE_LINE 64

/* ---- Moving rows. The moves are spelled out, since LLVM turns a loop over them into memory.copy, a slow call per row. -------- */

INLINE void row_move_4(float *out_row, const float *row) { wasm_v128_store(out_row, wasm_v128_load(row)); }

INLINE void row_move_16(float *out_row, const float *row) {
    row_move_4(out_row, row);
    row_move_4(out_row + 4, row + 4);
    row_move_4(out_row + 8, row + 8);
    row_move_4(out_row + 12, row + 12);
}

/* The builtin, which is memory.fill: twice as fast as the library's memset, a loop. */
INLINE void set_zero(void *memory, size_t size) { __builtin_memset(memory, 0, size); }

/* Reads a byte of each cache line of the row and drops it; volatile, so that the compiler keeps the load. */
INLINE void row_touch(const float *row, size_t embedding_dim) {
    const volatile uint8_t *bytes = (const volatile uint8_t *)row;
    for (size_t at = 0; at < embedding_dim * sizeof(float); at += CACHE_LINE) (void)bytes[at];
}

/* Touches the rows that a run of indices names; in a function of its own, so that it costs the loop after it no registers. */
__attribute__((unused)) NOINLINE void rows_touch(const float *weight, const int32_t *indices, size_t num_indices, size_t embedding_dim) {
    for (size_t n = 0; n < num_indices; n++) row_touch(weight + (size_t)(uint32_t)indices[n] * embedding_dim, embedding_dim);
}

/* How often each index occurs; counts may be NULL. They are made zero again through the indices, so that the cost never depends on num_embeddings. */
INLINE void count_indices(uint32_t *counts, const int32_t *indices, size_t num_indices) {
    if (counts)
        for (size_t n = 0; n < num_indices; n++) counts[(uint32_t)indices[n]]++;
}
INLINE void clear_counts(uint32_t *counts, const int32_t *indices, size_t num_indices) {
    if (counts)
        for (size_t n = 0; n < num_indices; n++) counts[(uint32_t)indices[n]] = 0;
}

INLINE int is_far(size_t num_embeddings, size_t embedding_dim) {
    return embedding_dim > 0 && num_embeddings > FAR_TABLE / sizeof(float) / embedding_dim;
}

/* VECTOR(d) for each 4 elements, four at a time where there are as many, then ELEMENT(d) for each of the rest. */
#define ROW_LOOP(VECTOR, ELEMENT)                                                                                      \
    size_t d = 0;                                                                                                      \
    for (; d + 16 <= embedding_dim; d += 16) {                                                                         \
        VECTOR(d)                                                                                                      \
        VECTOR(d + 4)                                                                                                  \
        VECTOR(d + 8)                                                                                                  \
        VECTOR(d + 12)                                                                                                 \
    }                                                                                                                  \
    for (; d + 4 <= embedding_dim; d += 4) VECTOR(d)                                                                   \
    for (; d < embedding_dim; d++) ELEMENT(d)

/* row += addend */
INLINE void row_add(float *row, const float *addend, size_t embedding_dim) {
#define VECTOR(d) wasm_v128_store(row + (d), wasm_f32x4_add(wasm_v128_load(row + (d)), wasm_v128_load(addend + (d))));
#define ELEMENT(d) row[d] += addend[d];
    ROW_LOOP(VECTOR, ELEMENT)
#undef VECTOR
#undef ELEMENT
}

INLINE void row_add_4(float *row, v128_t addend) { wasm_v128_store(row, wasm_f32x4_add(wasm_v128_load(row), addend)); }

/* row += scale * addend, the product rounded before the sum */
INLINE void row_axpy(float *row, const float *addend, float scale, size_t embedding_dim) {
    const v128_t scales = wasm_f32x4_splat(scale);
#define VECTOR(d)                                                                                                      \
    wasm_v128_store(row + (d), wasm_f32x4_add(wasm_v128_load(row + (d)), wasm_f32x4_mul(scales, wasm_v128_load(addend + (d)))));
#define ELEMENT(d) row[d] += scale * addend[d];
    ROW_LOOP(VECTOR, ELEMENT)
#undef VECTOR
#undef ELEMENT
}

/* out_row = scale * row; they may be the same */
INLINE void row_scaled(float *out_row, const float *row, float scale, size_t embedding_dim) {
    const v128_t scales = wasm_f32x4_splat(scale);
#define VECTOR(d) wasm_v128_store(out_row + (d), wasm_f32x4_mul(scales, wasm_v128_load(row + (d))));
#define ELEMENT(d) out_row[d] = scale * row[d];
    ROW_LOOP(VECTOR, ELEMENT)
#undef VECTOR
#undef ELEMENT
}

/* row /= divisor */
INLINE void row_divide(float *row, float divisor, size_t embedding_dim) {
    const v128_t divisors = wasm_f32x4_splat(divisor);
#define VECTOR(d) wasm_v128_store(row + (d), wasm_f32x4_div(wasm_v128_load(row + (d)), divisors));
#define ELEMENT(d) row[d] /= divisor;
    ROW_LOOP(VECTOR, ELEMENT)
#undef VECTOR
#undef ELEMENT
}

INLINE void row_copy(float *out_row, const float *row, size_t embedding_dim) {
#define VECTOR(d) row_move_4(out_row + (d), row + (d));
#define ELEMENT(d) out_row[d] = row[d];
    ROW_LOOP(VECTOR, ELEMENT)
#undef VECTOR
#undef ELEMENT
}

/* ---- Norms: 16 sums, element d in sum d mod 16, joined 8 apart, 4 apart, 2 apart, 1 apart --------------------------------- */

/* The last 1 to 3 elements of a row with zeros above: adding +0 to a sum that started at +0 changes nothing. */
INLINE v128_t row_load_part(const void *row, size_t count) {
    if (count == 1) return wasm_v128_load32_zero(row);
    const v128_t pair = wasm_v128_load64_zero(row);
    return count == 2 ? pair : wasm_v128_load32_lane((const float *)row + 2, pair, 2);
}

/* The first 1 to 3 lanes. */
INLINE void row_store_part(void *row, v128_t value, size_t count) {
    const float lanes[3] = {wasm_f32x4_extract_lane(value, 0), wasm_f32x4_extract_lane(value, 1), wasm_f32x4_extract_lane(value, 2)};
    __builtin_memcpy(row, lanes, sizeof(float));
    if (count > 1) __builtin_memcpy((float *)row + 1, lanes + 1, sizeof(float));
    if (count > 2) __builtin_memcpy((float *)row + 2, lanes + 2, sizeof(float));
}

/* The last two joins: four sums become one. */
INLINE float row_join(v128_t sums) {
    const v128_t two = wasm_f32x4_add(sums, wasm_i32x4_shuffle(sums, sums, 2, 3, 0, 1));
    return wasm_f32x4_extract_lane(two, 0) + wasm_f32x4_extract_lane(two, 1);
}

/* The same for the sums of four rows, which stand one behind the other. */
INLINE v128_t row_join_four(const float *sums) {
    const v128_t a = wasm_v128_load(sums), b = wasm_v128_load(sums + 4), c = wasm_v128_load(sums + 8), d = wasm_v128_load(sums + 12);
    const v128_t ab = wasm_f32x4_add(wasm_i32x4_shuffle(a, b, 0, 1, 4, 5), wasm_i32x4_shuffle(a, b, 2, 3, 6, 7));
    const v128_t cd = wasm_f32x4_add(wasm_i32x4_shuffle(c, d, 0, 1, 4, 5), wasm_i32x4_shuffle(c, d, 2, 3, 6, 7));
    return wasm_f32x4_add(wasm_i32x4_shuffle(ab, cd, 0, 2, 4, 6), wasm_i32x4_shuffle(ab, cd, 1, 3, 5, 7));
}

/* Defines NAME(row, other, embedding_dim), the sum of TERM(x, y) over the elements of two rows, and NAME_in_four, the four sums
   that are left before the last two joins; TERM(0, 0) must be +0. */
#define ROW_SUM(NAME, TERM)                                                                                            \
    INLINE v128_t NAME##_in_four(const float *row, const float *other, size_t embedding_dim) {                         \
        const v128_t one = wasm_f32x4_splat(1.0f), zero = wasm_f32x4_splat(0.0f);                                      \
        v128_t a = zero, b = zero, c = zero, e = zero;                                                                 \
        (void)one;                                                                                                     \
        if (embedding_dim == 0) return zero; /* an empty row may be NULL */                                            \
        const float *end = row + (embedding_dim & ~(size_t)15);                                                        \
        for (; row != end; row += 16, other += 16) {                                                                   \
            a = wasm_f32x4_add(a, TERM(wasm_v128_load(row), wasm_v128_load(other)));                                   \
            b = wasm_f32x4_add(b, TERM(wasm_v128_load(row + 4), wasm_v128_load(other + 4)));                           \
            c = wasm_f32x4_add(c, TERM(wasm_v128_load(row + 8), wasm_v128_load(other + 8)));                           \
            e = wasm_f32x4_add(e, TERM(wasm_v128_load(row + 12), wasm_v128_load(other + 12)));                         \
        }                                                                                                              \
        const size_t rest = embedding_dim % 16, part = rest % 4, start = rest - part;                                  \
        if (rest >= 4) a = wasm_f32x4_add(a, TERM(wasm_v128_load(row), wasm_v128_load(other)));                        \
        if (rest >= 8) b = wasm_f32x4_add(b, TERM(wasm_v128_load(row + 4), wasm_v128_load(other + 4)));                \
        if (rest >= 12) c = wasm_f32x4_add(c, TERM(wasm_v128_load(row + 8), wasm_v128_load(other + 8)));               \
        if (part) {                                                                                                    \
            const v128_t x = row_load_part(row + start, part), y = row_load_part(other + start, part), term = TERM(x, y);\
            if (start == 0) a = wasm_f32x4_add(a, term);                                                               \
            else if (start == 4) b = wasm_f32x4_add(b, term);                                                          \
            else if (start == 8) c = wasm_f32x4_add(c, term);                                                          \
            else e = wasm_f32x4_add(e, term);                                                                          \
            (void)y;                                                                                                   \
        }                                                                                                              \
        return wasm_f32x4_add(wasm_f32x4_add(a, c), wasm_f32x4_add(b, e));                                             \
    }                                                                                                                  \
    INLINE float NAME(const float *row, const float *other, size_t embedding_dim) {                                    \
        return row_join(NAME##_in_four(row, other, embedding_dim));                                                    \
    }
#define ROW_SQUARE(x, y) wasm_f32x4_mul(x, x)
#define ROW_ABSOLUTE(x, y) wasm_f32x4_abs(x)
#define ROW_NONZERO(x, y) wasm_v128_and(wasm_f32x4_ne(x, zero), one)
#define ROW_VALUE(x, y) x
#define ROW_PRODUCT(x, y) wasm_f32x4_mul(x, y)
#define ROW_SQUARED_DIFFERENCE(x, y) wasm_f32x4_mul(wasm_f32x4_sub(x, y), wasm_f32x4_sub(x, y))
ROW_SUM(row_sum_squares, ROW_SQUARE)
ROW_SUM(row_sum_absolute, ROW_ABSOLUTE)
ROW_SUM(row_count_nonzero, ROW_NONZERO)
ROW_SUM(row_sum, ROW_VALUE)
ROW_SUM(row_dot, ROW_PRODUCT)
ROW_SUM(row_squared_distance, ROW_SQUARED_DIFFERENCE)

/* Defines NAME(row, embedding_dim): the largest or smallest absolute value, NaN where an element is NaN. pmax and pmin select by
   comparison and so lose NaNs, which are looked for beside them. */
#define ROW_EXTREME(NAME, START, SELECT, BEFORE)                                                                       \
    INLINE float NAME(const float *row, size_t embedding_dim) {                                                        \
        v128_t extremes = wasm_f32x4_splat(START), nans = wasm_i32x4_splat(0);                                         \
        size_t d = 0;                                                                                                  \
        for (; d + 4 <= embedding_dim; d += 4) {                                                                       \
            const v128_t x = wasm_f32x4_abs(wasm_v128_load(row + d));                                                  \
            extremes = SELECT(extremes, x);                                                                            \
            nans = wasm_v128_or(nans, wasm_f32x4_ne(x, x));                                                            \
        }                                                                                                              \
        if (wasm_v128_any_true(nans)) return NAN;                                                                      \
        float extreme = START, lanes[4];                                                                               \
        wasm_v128_store(lanes, extremes);                                                                              \
        for (int lane = 0; lane < 4; lane++) extreme = lanes[lane] BEFORE extreme ? lanes[lane] : extreme;             \
        for (; d < embedding_dim; d++) {                                                                               \
            if (row[d] != row[d]) return NAN;                                                                          \
            extreme = fabsf(row[d]) BEFORE extreme ? fabsf(row[d]) : extreme;                                          \
        }                                                                                                              \
        return extreme;                                                                                                \
    }
ROW_EXTREME(row_largest_absolute, 0.0f, wasm_f32x4_pmax, >)
ROW_EXTREME(row_smallest_absolute, INFINITY, wasm_f32x4_pmin, <)

/* Whether one of 16 values is not <= limit; a NaN is not, nor is anything where limit is NaN. */
INLINE int row_exceeds_16(const float *values, float limit) {
    const v128_t limits = wasm_f32x4_splat(limit);
    const v128_t ab = wasm_v128_and(wasm_f32x4_le(wasm_v128_load(values), limits), wasm_f32x4_le(wasm_v128_load(values + 4), limits));
    const v128_t cd = wasm_v128_and(wasm_f32x4_le(wasm_v128_load(values + 8), limits), wasm_f32x4_le(wasm_v128_load(values + 12), limits));
    return !wasm_i32x4_all_true(wasm_v128_and(ab, cd));
}

/* ---- Indices ------------------------------------------------------------------------------------------------------- */

INLINE uint32_t index_largest_lane(v128_t lanes) {
    uint32_t lane[4], largest = 0;
    wasm_v128_store(lane, lanes);
    for (int i = 0; i < 4; i++) largest = lane[i] > largest ? lane[i] : largest;
    return largest;
}

/* The bit of a row in its word of 64, in a bitmap of the table. */
#define ROW_BIT(row) ((uint64_t)1 << ((row) % 64))

/* The largest index read as unsigned, so that a negative one is larger than any valid one. Four accumulators: one would wait for
   itself. */
INLINE uint32_t index_largest(const int32_t *indices, size_t num_indices) {
    v128_t a = wasm_i32x4_splat(0), b = a, c = a, d = a;
    size_t n = 0;
    for (; n + 16 <= num_indices; n += 16) {
        a = wasm_u32x4_max(a, wasm_v128_load(indices + n));
        b = wasm_u32x4_max(b, wasm_v128_load(indices + n + 4));
        c = wasm_u32x4_max(c, wasm_v128_load(indices + n + 8));
        d = wasm_u32x4_max(d, wasm_v128_load(indices + n + 12));
    }
    uint32_t largest = index_largest_lane(wasm_u32x4_max(wasm_u32x4_max(a, b), wasm_u32x4_max(c, d)));
    for (; n < num_indices; n++) largest = (uint32_t)indices[n] > largest ? (uint32_t)indices[n] : largest;
    return largest;
}

/* The low and the high 32 bits of four 64-bit indices, little-endian. */
INLINE v128_t index_low_words(const int64_t *indices) {
    return wasm_i32x4_shuffle(wasm_v128_load(indices), wasm_v128_load(indices + 2), 0, 2, 4, 6);
}
INLINE v128_t index_high_words(const int64_t *indices) {
    return wasm_i32x4_shuffle(wasm_v128_load(indices), wasm_v128_load(indices + 2), 1, 3, 5, 7);
}

/* As index_largest, for 64-bit indices: UINT32_MAX where one does not fit 32 bits. */
INLINE uint32_t index_largest_64(const int64_t *indices, size_t num_indices) {
    v128_t low = wasm_i32x4_splat(0), high = low;
    size_t n = 0;
    for (; n + 4 <= num_indices; n += 4) {
        low = wasm_u32x4_max(low, index_low_words(indices + n));
        high = wasm_v128_or(high, index_high_words(indices + n));
    }
    uint32_t largest = wasm_v128_any_true(high) ? UINT32_MAX : index_largest_lane(low);
    for (; n < num_indices; n++) {
        const uint64_t index = (uint64_t)indices[n];
        const uint32_t clamped = index > UINT32_MAX ? UINT32_MAX : (uint32_t)index;
        largest = clamped > largest ? clamped : largest;
    }
    return largest;
}

/* narrowed may be the memory of indices: every group is read before it is written, and results stand left of what is still unread. */
INLINE void index_narrow(int32_t *narrowed, const int64_t *indices, size_t num_indices) {
    size_t n = 0;
    for (; n + 4 <= num_indices; n += 4) wasm_v128_store(narrowed + n, index_low_words(indices + n));
    for (; n < num_indices; n++) __builtin_memcpy(narrowed + n, indices + n, sizeof(int32_t)); /* little-endian, as above */
}

#endif
