/* EmbeddingBag: rows reduced bag by bag, and the gradients of that. */
#include "embedding.h"
#include "simd/row.h"

#define SHORT_DIM 64  /* rows up to this long are reduced 16 columns at a time, longer ones eight rows at a time */
#define ROWS_AHEAD 64 /* short rows of a far table are touched in blocks of so many */

/* ---- Bags ---------------------------------------------------------------------------------------------------------- */

/* Offsets that never fall are right if the first and the last are: one pass over the pairs, and one more to find what is wrong. */
embedding_status embedding_check_offsets(size_t *position, const int32_t *offsets, size_t num_offsets, size_t num_indices,
                                         int include_last_offset) {
    if (num_offsets == 0) return EMBEDDING_OK;
    const size_t last = (size_t)(uint32_t)offsets[num_offsets - 1];
    uint32_t falls = 0;
    for (size_t bag = 1; bag < num_offsets; bag++) falls |= offsets[bag] < offsets[bag - 1];
    if (!falls && offsets[0] == 0 && (include_last_offset ? last == num_indices : last <= num_indices)) return EMBEDDING_OK;
    size_t bag = 0;
    for (int32_t before = 0; bag + 1 < num_offsets; before = offsets[bag++]) {
        if (offsets[bag] < before || (size_t)(uint32_t)offsets[bag] > num_indices || (bag == 0 && offsets[0] != 0)) break;
    }
    *position = bag;
    return EMBEDDING_OFFSET_INVALID;
}

/* The position at which a bag starts; of one past the last bag, where that one ends. */
static size_t bag_start(const embedding_bags *bags, size_t bag) {
    if (!bags->offsets) return bags->num_indices / bags->num_bags * bag;
    return bag < bags->num_offsets ? (size_t)bags->offsets[bag] : bags->num_indices;
}

static int is_padding(const embedding_bags *bags, size_t n) { return bags->indices[n] == bags->padding_idx; }

/* How many of a bag's positions count: those that are not padding. */
static size_t count_positions(const embedding_bags *bags, size_t start, size_t end) {
    if (bags->padding_idx < 0) return end - start;
    size_t count = 0;
    for (size_t n = start; n < end; n++) count += !is_padding(bags, n);
    return count;
}

/* Where the run of positions without padding that starts at n ends. */
static size_t run_end(const embedding_bags *bags, size_t n, size_t end) {
    if (bags->padding_idx < 0) return end;
    while (n < end && !is_padding(bags, n)) n++;
    return n;
}

/* ---- Reducing rows, one after another in every column, whichever loop does it ------------------------------------------ */

typedef enum { SUM, WEIGHTED, MAX } reduction;

/* Rows of a table, or some columns of them, and what they are reduced into. */
typedef struct {
    float *out_row;
    int32_t *max_row; /* the row that each maximum came from; max only */
    const float *weight;
    const int32_t *indices;      /* (num_rows) */
    const float *sample_weights; /* (num_rows), weighted only */
    size_t num_rows, num_columns, embedding_dim;
} row_run;

INLINE row_run rows_from(reduction kind, row_run run, size_t n) {
    run.indices += n;
    if (kind == WEIGHTED) run.sample_weights += n;
    run.num_rows -= n;
    return run;
}

INLINE row_run columns_from(reduction kind, row_run run, size_t d) {
    run.out_row += d;
    if (kind == MAX) run.max_row += d;
    run.weight += d;
    run.num_columns -= d;
    return run;
}

INLINE const float *run_row(row_run run, size_t n) { return run.weight + (size_t)(uint32_t)run.indices[n] * run.embedding_dim; }

/* What a row brings beside its elements: its weight or, for max, its index. */
INLINE v128_t run_operand(reduction kind, row_run run, size_t n) {
    return kind == MAX ? wasm_i32x4_splat(run.indices[n]) : wasm_f32x4_splat(kind == WEIGHTED ? run.sample_weights[n] : 1.0f);
}

/* Four columns, reduced so far. */
typedef struct {
    v128_t values, max_indices;
} reduced;

INLINE reduced load_reduced(reduction kind, row_run run, size_t d) {
    const v128_t values = wasm_v128_load(run.out_row + d);
    return (reduced){values, kind == MAX ? wasm_v128_load(run.max_row + d) : values};
}

INLINE void store_reduced(reduction kind, row_run run, size_t d, reduced so_far) {
    wasm_v128_store(run.out_row + d, so_far.values);
    if (kind == MAX) wasm_v128_store(run.max_row + d, so_far.max_indices);
}

/* Of max, a later element replaces an earlier one only if it is greater, so ties keep the first and a NaN stays only where it came first. */
INLINE reduced reduce(reduction kind, reduced so_far, v128_t x, v128_t operand) {
    if (kind == SUM) so_far.values = wasm_f32x4_add(so_far.values, x);
    if (kind == WEIGHTED) so_far.values = wasm_f32x4_add(so_far.values, wasm_f32x4_mul(operand, x));
    if (kind == MAX) {
        so_far.max_indices = wasm_v128_bitselect(operand, so_far.max_indices, wasm_f32x4_gt(x, so_far.values));
        so_far.values = wasm_f32x4_pmax(so_far.values, x);
    }
    return so_far;
}

/* 16 columns of all rows, then the next 16: what is reduced stays in registers. For rows of at most 64 floats the fastest of the loops
   tried, at 1000 x 16 1.5 times as fast as eight rows at a time, at 1000 x 64 1.2 times; 32 columns, or two rows a turn, gain nothing. */
INLINE void reduce_columns(reduction kind, row_run run) {
    for (; run.num_columns >= 16; run = columns_from(kind, run, 16)) {
        reduced a = load_reduced(kind, run, 0), b = load_reduced(kind, run, 4);
        reduced c = load_reduced(kind, run, 8), e = load_reduced(kind, run, 12);
        for (size_t n = 0; n < run.num_rows; n++) {
            const float *row = run_row(run, n);
            const v128_t operand = run_operand(kind, run, n);
            a = reduce(kind, a, wasm_v128_load(row), operand);
            b = reduce(kind, b, wasm_v128_load(row + 4), operand);
            c = reduce(kind, c, wasm_v128_load(row + 8), operand);
            e = reduce(kind, e, wasm_v128_load(row + 12), operand);
        }
        store_reduced(kind, run, 0, a);
        store_reduced(kind, run, 4, b);
        store_reduced(kind, run, 8, c);
        store_reduced(kind, run, 12, e);
    }
    for (; run.num_columns >= 4; run = columns_from(kind, run, 4)) {
        reduced a = load_reduced(kind, run, 0);
        for (size_t n = 0; n < run.num_rows; n++) a = reduce(kind, a, wasm_v128_load(run_row(run, n)), run_operand(kind, run, n));
        store_reduced(kind, run, 0, a);
    }
    if (run.num_columns == 0) return;
    const size_t rest = run.num_columns;
    reduced a = {row_load_part(run.out_row, rest), kind == MAX ? row_load_part(run.max_row, rest) : wasm_f32x4_splat(0.0f)};
    for (size_t n = 0; n < run.num_rows; n++) a = reduce(kind, a, row_load_part(run_row(run, n), rest), run_operand(kind, run, n));
    row_store_part(run.out_row, a.values, rest);
    if (kind == MAX) row_store_part(run.max_row, a.max_indices, rest);
}

/* Defines NAME_KIND, LOOP for one reduction, in a function of its own: inlined side by side the loops take each other's registers. The
   run comes in parameters, since through memory it costs 14 ns a bag. */
#define REDUCTION(NAME, LOOP, KIND)                                                                                    \
    NOINLINE void NAME##_##KIND(float *restrict out_row, int32_t *restrict max_row, const float *restrict weight,      \
                                const int32_t *restrict indices, const float *restrict sample_weights, size_t num_rows, \
                                size_t num_columns, size_t embedding_dim) {                                            \
        LOOP(KIND, (row_run){out_row, max_row, weight, indices, sample_weights, num_rows, num_columns, embedding_dim}); \
    }
/* Defines NAME(kind, run). */
#define REDUCTIONS(NAME, LOOP)                                                                                         \
    REDUCTION(NAME, LOOP, SUM) REDUCTION(NAME, LOOP, WEIGHTED) REDUCTION(NAME, LOOP, MAX)                              \
    INLINE void NAME(reduction kind, row_run run) {                                                                    \
        if (kind == SUM) NAME##_SUM(RUN_PARAMETERS);                                                                   \
        else if (kind == WEIGHTED) NAME##_WEIGHTED(RUN_PARAMETERS);                                                    \
        else NAME##_MAX(RUN_PARAMETERS);                                                                               \
    }
#define RUN_PARAMETERS run.out_row, run.max_row, run.weight, run.indices, run.sample_weights, run.num_rows, run.num_columns, run.embedding_dim

REDUCTIONS(reduce_short_rows, reduce_columns)
#define EACH_ROW(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7)
#define ROW(k)                                                                                                         \
    const float *const row_##k = run_row(run, k);                                                                      \
    const v128_t operand_##k = run_operand(kind, run, k);
#define REDUCE(k) a = reduce(kind, a, wasm_v128_load(row_##k + d), operand_##k);

/* Eight rows, then the next eight: what is reduced passes through out_row. For longer rows 1.3 times as fast as columns near and 1.5 times
   far (100000 x 128). Two vectors of each row a turn are no faster, and 1.1 times slower at 1000 x 100. Of max, four rows at a time are
   1.2 times as fast near on V8 14, but eight as much on V8 11, and far on both. */
INLINE void reduce_eight_rows(reduction kind, row_run run) {
    for (; run.num_rows >= 8; run = rows_from(kind, run, 8)) {
        size_t d = 0;
        EACH_ROW(ROW)
        for (; d + 4 <= run.num_columns; d += 4) {
            reduced a = load_reduced(kind, run, d);
            EACH_ROW(REDUCE)
            store_reduced(kind, run, d, a);
        }
        if (d == run.num_columns) continue;
        row_run rest = columns_from(kind, run, d);
        rest.num_rows = 8;
        reduce_short_rows(kind, rest);
    }
    if (run.num_rows > 0) reduce_short_rows(kind, run);
}

REDUCTIONS(reduce_long_rows, reduce_eight_rows)

/* The first row of a bag is taken as it is. */
INLINE void take_row(row_run run) {
    row_copy(run.out_row, run_row(run, 0), run.embedding_dim);
    for (size_t d = 0; d < run.embedding_dim; d++) run.max_row[d] = run.indices[0];
}

static void reduce_bags(float *output, int32_t *max_indices, const float *weight, const embedding_bags *bags) {
    const size_t embedding_dim = bags->embedding_dim;
    const reduction kind = bags->mode == EMBEDDING_BAG_MAX ? MAX : bags->per_sample_weights ? WEIGHTED : SUM;
    size_t touched = embedding_dim <= SHORT_DIM && is_far(bags->num_embeddings, embedding_dim) ? 0 : bags->num_indices, n = 0;
    set_zero(output, bags->num_bags * embedding_dim * sizeof(float));
    if (kind == MAX) set_zero(max_indices, bags->num_bags * embedding_dim * sizeof(int32_t));
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        row_run run = {.out_row = output + bag * embedding_dim, .weight = weight, .num_columns = embedding_dim, .embedding_dim = embedding_dim};
        size_t count = 0;
        if (kind == MAX) run.max_row = max_indices + bag * embedding_dim;
        for (const size_t end = bag_start(bags, bag + 1); n < end;) {
            if (n == touched) {
                touched = bags->num_indices - n < ROWS_AHEAD ? bags->num_indices : n + ROWS_AHEAD;
                rows_touch(weight, bags->indices + n, touched - n, embedding_dim);
            }
            const size_t limit = end < touched ? end : touched, stop = run_end(bags, n, limit);
            run.indices = bags->indices + n;
            run.num_rows = stop - n;
            if (kind == WEIGHTED) run.sample_weights = bags->per_sample_weights + n;
            if (kind == MAX && count == 0 && run.num_rows > 0) take_row(run);
            if (embedding_dim <= SHORT_DIM) reduce_short_rows(kind, run);
            else reduce_long_rows(kind, run);
            count += run.num_rows;
            n = stop < limit ? stop + 1 : stop;
        }
        if (bags->mode == EMBEDDING_BAG_MEAN && count > 1) row_divide(run.out_row, (float)count, embedding_dim);
    }
}

embedding_status embedding_bag_forward(float *output, int32_t *max_indices, size_t *position, const float *weight,
                                       const embedding_bags *bags) {
    const embedding_status status = embedding_check_indices(position, bags->indices, bags->num_indices, bags->num_embeddings);
    if (status != EMBEDDING_OK || bags->num_bags == 0 || bags->embedding_dim == 0) return status;
    reduce_bags(output, max_indices, weight, bags);
    return EMBEDDING_OK;
}

/* ---- Gradients ----------------------------------------------------------------------------------------------------- */

/* What a position's gradient row is multiplied by: its weight, 1 / its bag's size, 1 / the number of times that its index occurs. */
static float gradient_scale(const embedding_bags *bags, const uint32_t *counts, size_t n, size_t bag_size) {
    double scale = counts ? 1.0 / counts[(uint32_t)bags->indices[n]] : 1.0;
    if (bags->per_sample_weights) scale *= (double)bags->per_sample_weights[n];
    if (bags->mode == EMBEDDING_BAG_MEAN) scale /= (double)bag_size;
    return (float)scale;
}

/* Adds scale * grad_row to rows of grad_weight: 16 columns of all rows, then the next 16, so that grad_row stays in registers. 2.3 times
   as fast as row after row at 1000 x 16, 1.7 times at 1000 x 64, and faster or as fast far (30522 x 384 to 1000000 x 64). */
NOINLINE void scatter_row(float *restrict grad_weight, const float *restrict grad_row, float scale, const int32_t *restrict indices,
                          size_t num_rows, size_t embedding_dim) {
    const v128_t scales = wasm_f32x4_splat(scale);
    size_t rest = embedding_dim;
#define ADDEND(d) wasm_f32x4_mul(scales, wasm_v128_load(grad_row + (d)))
    for (; rest >= 16; rest -= 16, grad_row += 16, grad_weight += 16) {
        const v128_t a = ADDEND(0), b = ADDEND(4), c = ADDEND(8), e = ADDEND(12);
        for (size_t n = 0; n < num_rows; n++) {
            float *row = grad_weight + (size_t)(uint32_t)indices[n] * embedding_dim;
            row_add_4(row, a);
            row_add_4(row + 4, b);
            row_add_4(row + 8, c);
            row_add_4(row + 12, e);
        }
    }
    for (; rest >= 4; rest -= 4, grad_row += 4, grad_weight += 4) {
        const v128_t addend = ADDEND(0);
        for (size_t n = 0; n < num_rows; n++) row_add_4(grad_weight + (size_t)(uint32_t)indices[n] * embedding_dim, addend);
    }
#undef ADDEND
    if (rest == 0) return;
    const v128_t addend = wasm_f32x4_mul(scales, row_load_part(grad_row, rest));
    for (size_t n = 0; n < num_rows; n++) {
        float *row = grad_weight + (size_t)(uint32_t)indices[n] * embedding_dim;
        row_store_part(row, wasm_f32x4_add(row_load_part(row, rest), addend), rest);
    }
}

static void max_backward(float *grad_weight, const float *grad_output, const int32_t *max_indices, const embedding_bags *bags) {
    const size_t embedding_dim = bags->embedding_dim;
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        if (count_positions(bags, bag_start(bags, bag), bag_start(bags, bag + 1)) == 0) continue;
        for (size_t d = 0; d < embedding_dim; d++)
            grad_weight[(size_t)(uint32_t)max_indices[bag * embedding_dim + d] * embedding_dim + d] += grad_output[bag * embedding_dim + d];
    }
}

void embedding_bag_dense_backward(float *grad_weight, const float *grad_output, const int32_t *max_indices,
                                  const embedding_bags *bags, uint32_t *counts) {
    const size_t embedding_dim = bags->embedding_dim;
    if (bags->num_embeddings == 0 || embedding_dim == 0) return;
    set_zero(grad_weight, bags->num_embeddings * embedding_dim * sizeof(float));
    if (bags->mode == EMBEDDING_BAG_MAX) {
        max_backward(grad_weight, grad_output, max_indices, bags);
        return;
    }
    count_indices(counts, bags->indices, bags->num_indices);
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        const size_t start = bag_start(bags, bag), end = bag_start(bags, bag + 1), size = count_positions(bags, start, end);
        const float *grad_row = grad_output + bag * embedding_dim;
        for (size_t n = start; n < end; n++) {
            const size_t stop = run_end(bags, n, end);
            if (!counts && !bags->per_sample_weights && n < stop) {
                scatter_row(grad_weight, grad_row, gradient_scale(bags, counts, n, size), bags->indices + n, stop - n, embedding_dim);
                n = stop;
            }
            for (; n < stop; n++)
                row_axpy(grad_weight + (size_t)(uint32_t)bags->indices[n] * embedding_dim, grad_row,
                         gradient_scale(bags, counts, n, size), embedding_dim);
        }
    }
    clear_counts(counts, bags->indices, bags->num_indices);
}

size_t embedding_bag_sparse_backward(int32_t *grad_indices, float *grad_values, const float *grad_output,
                                     const embedding_bags *bags, uint32_t *counts) {
    const size_t embedding_dim = bags->embedding_dim;
    size_t num_rows = 0;
    if (embedding_dim == 0) return 0;
    count_indices(counts, bags->indices, bags->num_indices);
    for (size_t bag = 0; bag < bags->num_bags; bag++) {
        const size_t start = bag_start(bags, bag), end = bag_start(bags, bag + 1), size = count_positions(bags, start, end);
        for (size_t n = start; n < end; n++) {
            if (is_padding(bags, n)) continue;
            row_scaled(grad_values + num_rows * embedding_dim, grad_output + bag * embedding_dim,
                       gradient_scale(bags, counts, n, size), embedding_dim);
            grad_indices[num_rows++] = bags->indices[n];
        }
    }
    clear_counts(counts, bags->indices, bags->num_indices);
    return num_rows;
}

void embedding_bag_per_sample_weights_backward(float *grad_weights, const float *grad_output, const float *weight,
                                               const embedding_bags *bags) {
    const size_t embedding_dim = bags->embedding_dim;
    if (bags->num_indices == 0) return;
    set_zero(grad_weights, bags->num_indices * sizeof(float));
    for (size_t bag = 0; bag < bags->num_bags && embedding_dim > 0; bag++)
        for (size_t n = bag_start(bags, bag), end = bag_start(bags, bag + 1); n < end; n++)
            if (!is_padding(bags, n))
                grad_weights[n] = row_dot(grad_output + bag * embedding_dim,
                                          weight + (size_t)(uint32_t)bags->indices[n] * embedding_dim, embedding_dim);
}
