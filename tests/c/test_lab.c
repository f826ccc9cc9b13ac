/* What is computed to look at a table: histogram, quantiles, principal components, neighbours, colours. */
#include "lab/lab.h"
#include "test.h"

static inputs from = {31};

#define DOUBLES(count) ((double *)buffer((count) * sizeof(double), 0))
#define UINT32S(count, offset) ((uint32_t *)buffer((count) * sizeof(uint32_t), (offset) * sizeof(uint32_t)))

/* ---- Distribution of values ---------------------------------------------------------------------------------------- */

static void the_first_value_that_is_not_finite_is_found(void) {
    const float values[] = {NAN, -NAN, INFINITY, -INFINITY};
    for (size_t size = 0; size <= 40; size++) {
        float *row = FLOATS(size, size % 4);
        fill_plain(&from, row, size);
        if (size > 1) row[size - 1] = 0x1.fffffep+127f, row[0] = -0x1p-149f;
        EXPECT_EQUAL(lab_find_not_finite(row, size), size);
        for (size_t at = size; at-- > 0;) {
            row[at] = values[at % 4];
            trying("%zu values, at %zu", size, at);
            EXPECT_EQUAL(lab_find_not_finite(row, size), at);
        }
        free_buffers();
    }
    EXPECT_EQUAL(lab_find_not_finite(NULL, 0), 0);
}

static void the_extent_is_that_of_the_finite_values(void) {
    double extent[2];
    const float values[] = {NAN, -3, INFINITY, 2.5f, -INFINITY, 0, -0x1.8p+1f, 0x1p-149f};
    lab_extent(extent, values, 8);
    EXPECT(extent[0] == -3 && extent[1] == 2.5);
    lab_extent(extent, values + 7, 1);
    EXPECT(extent[0] == 0x1p-149 && extent[1] == 0x1p-149);
    lab_extent(extent, values + 4, 1);
    EXPECT(extent[0] == 0 && extent[1] == 1);
    lab_extent(extent, NULL, 0);
    EXPECT(extent[0] == 0 && extent[1] == 1);
}

static void edges_are_evenly_spaced_and_end_at_both_ends(void) {
    for (size_t bins = 1; bins <= 40; bins++) {
        float *edges = FLOATS(bins + 1, bins % 4);
        lab_histogram_edges(edges, bins, -1.25, 3);
        EXPECT_FLOAT(edges[0], -1.25f);
        EXPECT_FLOAT(edges[bins], 3);
        for (size_t i = 0; i < bins; i++) EXPECT_NEAR(edges[i], -1.25 + 4.25 * (double)i / (double)bins);
        lab_histogram_edges(edges, bins, 2, 2);
        EXPECT_FLOAT(edges[0], 1.5f);
        EXPECT_FLOAT(edges[bins], 2.5f);
        free_buffers();
    }
}

/* The definition, on the edges as they are. */
static void reference_histogram(uint32_t *counts, uint32_t *outside, const float *values, size_t size, const float *edges, size_t bins) {
    memset(counts, 0, bins * sizeof *counts);
    memset(outside, 0, 3 * sizeof *outside);
    for (size_t n = 0; n < size; n++) {
        if (isnan(values[n])) outside[2]++;
        else if (values[n] < edges[0]) outside[0]++;
        else if (values[n] > edges[bins]) outside[1]++;
        else {
            size_t bin = bins - 1;
            while (values[n] < edges[bin]) bin--;
            counts[bin]++;
        }
    }
}

static void every_value_is_counted_once_and_where_the_edges_say(void) {
    for (size_t round = 0; round < 2000; round++) {
        const size_t size = draw_below(&from, 200), bins = 1 + draw_below(&from, 50);
        float *values = FLOATS(size, round % 4), *edges = FLOATS(bins + 1, 0);
        uint32_t *counts = UINT32S(bins, 0), *expected = UINT32S(bins, 0), outside[3], expected_outside[3];
        if (round % 2) fill_hard(&from, values, size);
        else fill_plain(&from, values, size);
        double ends[2] = {-2.3, 1.9};
        if (round % 3) lab_extent(ends, values, size);
        lab_histogram_edges(edges, bins, ends[0], ends[1]);
        for (size_t n = 0; n < size; n += 5) values[n] = edges[draw_below(&from, bins + 1)]; /* on an edge */
        lab_histogram(counts, outside, values, size, edges, bins);
        reference_histogram(expected, expected_outside, values, size, edges, bins);
        trying("%zu values, %zu bins", size, bins);
        size_t total = outside[0] + outside[1] + outside[2];
        for (size_t i = 0; i < bins; i++) {
            EXPECT_EQUAL(counts[i], expected[i]);
            total += counts[i];
        }
        for (size_t i = 0; i < 3; i++) EXPECT_EQUAL(outside[i], expected_outside[i]);
        EXPECT_EQUAL(total, size);
        free_buffers();
    }
}

static void bins_narrower_than_the_step_between_numbers_stay_empty(void) {
    const float values[] = {16777216, 16777218, 16777218, 16777220};
    float edges[41];
    uint32_t counts[40], outside[3];
    lab_histogram_edges(edges, 40, 16777216, 16777220);
    lab_histogram(counts, outside, values, 4, edges, 40);
    size_t total = 0;
    for (size_t i = 0; i < 40; i++) {
        total += counts[i];
        if (counts[i]) EXPECT(i == 39 || edges[i] < edges[i + 1]);
    }
    EXPECT_EQUAL(total, 4);
    lab_histogram_edges(edges, 40, 1e30, 1e30); /* a half makes no difference there */
    lab_histogram(counts, outside, (float[]){1e30f, 2e30f, -1}, 3, edges, 40);
    EXPECT_EQUAL(counts[39], 1);
    EXPECT_EQUAL(outside[0], 1);
    EXPECT_EQUAL(outside[1], 1);
}

static int by_value(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

static void quantiles_interpolate_between_sorted_values(void) {
    const double probabilities[] = {0, 1, 0.5, 0.25, 0.1, 0.9, 1.0 / 3, 0.999};
    for (size_t round = 0; round < 2000; round++) {
        const size_t size = round < 20 ? round : draw_below(&from, 300);
        float *values = FLOATS(size, round % 4), *sorted = FLOATS(size, 0), *output = FLOATS(8, round % 3);
        uint32_t *scratch = UINT32S(2 * size, 0);
        if (round % 2) fill_hard(&from, values, size);
        else fill_plain(&from, values, size);
        size_t count = 0;
        for (size_t n = 0; n < size; n++)
            if (!isnan(values[n])) sorted[count++] = values[n];
        qsort(sorted, count, sizeof *sorted, by_value);
        lab_quantiles(output, values, size, probabilities, 8, scratch);
        for (size_t p = 0; p < 8; p++) {
            trying("%zu values, probability %g", size, probabilities[p]);
            if (count == 0) {
                EXPECT(isnan(output[p]));
                continue;
            }
            const double at = (double)(count - 1) * probabilities[p], part = at - floor(at);
            const double low = (double)sorted[(size_t)at], high = (double)sorted[(size_t)ceil(at)];
            if (part == 0 || low == high) EXPECT((double)output[p] == low);
            else if (isinf(low) || isinf(high)) EXPECT(!isfinite(output[p]));
            else EXPECT_CLOSE((double)output[p], low + (high - low) * part, fabs(low - high) > 1 ? 1e-6 : 1e-5);
        }
        free_buffers();
    }
}

static void quantiles_of_few_numbers(void) {
    uint32_t scratch[10];
    float output[3];
    lab_quantiles(output, (float[]){4, 1, 3, 2}, 4, (double[]){0.5, 0.1, 0.9}, 3, scratch);
    EXPECT_FLOATS(output, ((float[]){2.5f, 1.3f, 3.7f}), 3);
    lab_quantiles(output, (float[]){NAN, 7, -NAN}, 3, (double[]){0, 0.5, 1}, 3, scratch);
    EXPECT_FLOATS(output, ((float[]){7, 7, 7}), 3);
    lab_quantiles(output, (float[]){INFINITY, -INFINITY, 1, -1, INFINITY}, 5, (double[]){0, 0.5, 0.9}, 3, scratch);
    EXPECT_FLOATS(output, ((float[]){-INFINITY, 1, INFINITY}), 3);
    lab_quantiles(output, NULL, 0, (double[]){0.5}, 1, NULL);
    EXPECT(isnan(output[0]));
    lab_quantiles(NULL, (float[]){1}, 1, NULL, 0, scratch);
}

/* ---- Principal components ------------------------------------------------------------------------------------------ */

/* The whole of it; the results live until the buffers are freed. */
typedef struct {
    size_t size;
    double *mean, *covariance, *values, *vectors;
} analysis;

static analysis analyse(const float *matrix, size_t num_rows, size_t num_columns, size_t chunk) {
    const size_t square = num_columns * num_columns;
    analysis result = {num_columns, DOUBLES(num_columns), DOUBLES(square), DOUBLES(num_columns), DOUBLES(square)};
    double *scratch = DOUBLES(LAB_PRODUCT_ROWS * num_columns), *copy = DOUBLES(square), *eigen_scratch = DOUBLES(3 * num_columns);
    for (size_t d = 0; d < num_columns; d++) result.mean[d] = 0;
    for (size_t i = 0; i < square; i++) result.covariance[i] = 0;
    lab_add_rows(result.mean, matrix, num_rows, num_columns);
    for (size_t d = 0; d < num_columns; d++) result.mean[d] /= (double)num_rows;
    for (size_t n = 0; n < num_rows; n += chunk)
        lab_add_products(result.covariance, matrix + n * num_columns, result.mean, num_rows - n < chunk ? num_rows - n : chunk,
                         num_columns, scratch);
    lab_finish_covariance(result.covariance, num_columns, (double)(num_rows - 1));
    memcpy(copy, result.covariance, square * sizeof *copy);
    for (size_t step = 0; step < lab_eigen_steps(num_columns); step++)
        EXPECT(lab_eigen(result.values, result.vectors, copy, num_columns, step, eigen_scratch));
    return result;
}

/* C v = lambda v, vectors of length 1 at right angles, and the eigenvalues' sum is the trace, each to double precision. */
static void expect_eigenvectors(const analysis *a) {
    const size_t size = a->size;
    double norm = 0, trace = 0, sum = 0;
    for (size_t i = 0; i < size * size; i++) norm += a->covariance[i] * a->covariance[i];
    norm = sqrt(norm);
    const double tolerance = 1e-14 * (double)(size + 10);
    for (size_t i = 0; i < size; i++) {
        const double *v = a->vectors + i * size;
        for (size_t row = 0; row < size; row++) {
            double product = 0;
            for (size_t j = 0; j < size; j++) product += a->covariance[row * size + j] * v[j];
            EXPECT(fabs(product - a->values[i] * v[row]) <= tolerance * norm);
        }
        for (size_t other = 0; other <= i; other++) {
            double product = 0;
            for (size_t j = 0; j < size; j++) product += v[j] * a->vectors[other * size + j];
            EXPECT(fabs(product - (other == i)) <= tolerance);
        }
        trace += a->covariance[i * size + i];
        sum += a->values[i];
    }
    EXPECT(fabs(trace - sum) <= tolerance * norm);
}

static void the_covariance_is_that_of_the_definition(void) {
    for (size_t D = 1; D <= 40; D++)
        for (size_t N = 2; N <= 30; N += 1 + N / 3) {
            float *matrix = FLOATS(N * D, (N + D) % 4);
            fill_plain(&from, matrix, N * D);
            const analysis a = analyse(matrix, N, D, N);
            for (size_t i = 0; i < D; i++) {
                double sum = 0;
                for (size_t n = 0; n < N; n++) sum += (double)matrix[n * D + i];
                EXPECT_CLOSE(a.mean[i], sum / (double)N, 1e-12);
                for (size_t j = 0; j < D; j++) {
                    double product = 0;
                    for (size_t n = 0; n < N; n++)
                        product += ((double)matrix[n * D + i] - a.mean[i]) * ((double)matrix[n * D + j] - a.mean[j]);
                    trying("(%zu, %zu) at %zu, %zu", N, D, i, j);
                    EXPECT(fabs(a.covariance[i * D + j] - product / (double)(N - 1)) <= 1e-13 * 16);
                    EXPECT(a.covariance[i * D + j] == a.covariance[j * D + i]);
                }
            }
            free_buffers();
        }
}

static void chunks_of_rows_give_the_bits_of_the_whole(void) {
    for (size_t chunk = 1; chunk <= 9; chunk++) {
        float *matrix = FLOATS(23 * 7, 0);
        fill_plain(&from, matrix, 23 * 7);
        const analysis whole = analyse(matrix, 23, 7, 23), parts = analyse(matrix, 23, 7, chunk);
        EXPECT_BYTES(parts.covariance, whole.covariance, 49 * sizeof(double));
        EXPECT_BYTES(parts.vectors, whole.vectors, 49 * sizeof(double));
        free_buffers();
    }
}

static void eigenvectors_are_orthonormal_and_solve_the_equation(void) {
    for (size_t D = 1; D <= 70; D++)
        for (size_t round = 0; round < 3; round++) {
            const size_t N = round == 0 ? 2 : round == 1 ? D + 5 : 2 * D + 1; /* the first has one component only */
            float *matrix = FLOATS(N * D, 0);
            fill_plain(&from, matrix, N * D);
            for (size_t i = 0; i < N * D && round == 2; i++) matrix[i] *= powf(0.5f, (float)(i % D));
            trying("(%zu, %zu), round %zu", N, D, round);
            const analysis a = analyse(matrix, N, D, N);
            expect_eigenvectors(&a);
            free_buffers();
        }
}

static void eigenvectors_of_matrices_that_have_a_name(void) {
    const size_t size = 12;
    for (size_t kind = 0; kind < 9; kind++) {
        double *matrix = DOUBLES(size * size), *scratch = DOUBLES(3 * size);
        analysis a = {size, NULL, DOUBLES(size * size), DOUBLES(size), DOUBLES(size * size)};
        for (size_t i = 0; i < size; i++)
            for (size_t j = 0; j < size; j++) {
                const double apart = fabs((double)i - (double)j);
                a.covariance[i * size + j] = kind == 0   ? 0
                                             : kind == 1 ? i == j
                                             : kind == 2 ? (i == j) * (double)(i % 3)
                                             : kind == 3 ? 1
                                             : kind == 4 ? 1 / (double)(i + j + 1) /* Hilbert's */
                                             : kind == 5 ? (apart == 0 ? 2 : apart == 1 ? -1 : 0)
                                             : kind == 6 ? (apart == 0 ? fabs((double)i - 5.5) : apart == 1) /* Wilkinson's: pairs */
                                             : kind == 7 ? ldexp(1, -8 * (int)(i > j ? i : j))
                                                         : (double)(i * j) * 1e-90;
            }
        memcpy(matrix, a.covariance, size * size * sizeof(double));
        trying("kind %zu", kind);
        for (size_t step = 0; step < lab_eigen_steps(size); step++)
            EXPECT(lab_eigen(a.values, a.vectors, matrix, size, step, scratch));
        expect_eigenvectors(&a);
        free_buffers();
    }
}

static void what_is_not_finite_does_not_converge_and_ends(void) {
    double matrix[9] = {1, NAN, 0, NAN, 1, 2, 0, 2, 1}, values[3], vectors[9], scratch[9];
    int converged = 1;
    for (size_t step = 0; step < lab_eigen_steps(3); step++) converged &= lab_eigen(values, vectors, matrix, 3, step, scratch);
    EXPECT_EQUAL(converged, 0);
    EXPECT_EQUAL(lab_eigen_steps(0), 0);
}

static void components_come_by_variance_and_their_largest_entry_is_positive(void) {
    for (size_t D = 1; D <= 30; D++) {
        float *matrix = FLOATS(3 * D * D, 0);
        fill_plain(&from, matrix, 3 * D * D);
        const analysis a = analyse(matrix, 3 * D, D, 3 * D);
        for (size_t k = 1; k <= D; k += 1 + k / 2) {
            float *components = FLOATS(k * D, k % 4);
            double *variances = DOUBLES(k), last = INFINITY;
            lab_principal(components, variances, a.values, a.vectors, D, k, buffer(D, 0));
            for (size_t c = 0; c < k; c++) {
                size_t larger = 0, found = D, largest = 0;
                for (size_t i = 0; i < D; i++) {
                    larger += a.values[i] > variances[c];
                    if (a.values[i] == variances[c]) found = i;
                    if (fabsf(components[c * D + i]) > fabsf(components[c * D + largest])) largest = i;
                }
                trying("component %zu of %zu, %zu columns", c, k, D);
                EXPECT(variances[c] <= last);
                EXPECT_EQUAL(larger, c);
                EXPECT(components[c * D + largest] > 0);
                const double sign = a.vectors[found * D + largest] > 0 ? 1 : -1;
                for (size_t d = 0; d < D; d++) EXPECT_FLOAT(components[c * D + d] + 0.0f, (float)(sign * a.vectors[found * D + d]) + 0.0f);
                last = variances[c];
            }
        }
        free_buffers();
    }
}

static void of_entries_equally_large_the_first_is_positive(void) {
    const double values[] = {-1e-18, 3, 3}, almost = 0.70710678118654752, vectors[] = {0, 0, 1, -almost, almost + 1e-16, 0, almost, almost, 0};
    float components[9];
    double variances[3];
    uint8_t taken[3];
    lab_principal(components, variances, values, vectors, 3, 3, taken);
    const float s = (float)almost;
    EXPECT_FLOATS(components, ((float[]){s, -s, 0, s, s, 0, 0, 0, 1}), 9);
    EXPECT(variances[0] == 3 && variances[1] == 3 && variances[2] == 0);
}

static void a_projection_is_the_product_with_the_deviations(void) {
    for (size_t D = 1; D <= 70; D++)
        for (size_t k = 1; k <= 3; k++) {
            const size_t N = 6;
            float *matrix = FLOATS(N * D, D % 4), *mean = FLOATS(D, k), *components = FLOATS(k * D, 0), *output = FLOATS(N * k, D % 3);
            fill_plain(&from, matrix, N * D);
            fill_plain(&from, mean, D);
            fill_plain(&from, components, k * D);
            memcpy(matrix + 2 * D, mean, D * sizeof *mean);
            lab_project(output, matrix, mean, components, N, D, k);
            for (size_t n = 0; n < N; n++)
                for (size_t c = 0; c < k; c++) {
                    double sum = 0;
                    for (size_t d = 0; d < D; d++) sum += ((double)matrix[n * D + d] - (double)mean[d]) * (double)components[c * D + d];
                    trying("(%zu, %zu), component %zu", n, D, c);
                    EXPECT_NEAR(output[n * k + c], sum);
                    if (n == 2) EXPECT_FLOAT(output[n * k + c], 0);
                }
            free_buffers();
        }
    lab_project(NULL, NULL, (float[]){1}, (float[]){1}, 0, 1, 1);
}

/* ---- Neighbours ---------------------------------------------------------------------------------------------------- */

/* Marks the k nearest rows, by the order of embedding.h's sums. */
static void reference_nearest(uint8_t *is_near, const float *matrix, size_t N, size_t D, size_t row, size_t k) {
    float *distances = FLOATS(N, 0);
    for (size_t n = 0; n < N; n++) {
        float sums[16] = {0};
        for (size_t d = 0; d < D; d++) {
            const float apart = matrix[n * D + d] - matrix[row * D + d];
            sums[d % 16] += apart * apart;
        }
        for (size_t apart = 8; apart > 0; apart /= 2)
            for (size_t i = 0; i < apart; i++) sums[i] += sums[i + apart];
        distances[n] = sums[0];
        is_near[n] = 0;
    }
    while (k-- > 0) {
        size_t best = N;
        for (size_t n = 0; n < N; n++)
            if (n != row && !is_near[n] && (best == N || distances[n] < distances[best])) best = n;
        is_near[best] = 1;
    }
}

static void the_overlap_is_that_of_the_definition(void) {
    for (size_t round = 0; round < 400; round++) {
        const size_t N = 2 + draw_below(&from, 40), D = draw_below(&from, 40), width = 1 + draw_below(&from, 3);
        const size_t k = 1 + draw_below(&from, N - 1), asked = draw_below(&from, 5);
        float *matrix = FLOATS(N * D, round % 4), *projected = FLOATS(N * width, round % 3), *shares = FLOATS(asked, 0);
        int32_t *rows = INT32S(asked, 0);
        uint8_t *full = buffer(N, 0), *kept = buffer(N, 0);
        fill_plain(&from, matrix, N * D);
        fill_plain(&from, projected, N * width);
        for (size_t i = 0; i < N * D && round % 3 == 0; i++) matrix[i] = (float)(int)matrix[i]; /* many equal distances */
        for (size_t i = 0; i < N * width && round % 3 == 0; i++) projected[i] = (float)(int)projected[i];
        fill_indices(&from, rows, asked, N);
        const size_t total = lab_neighbor_overlap(shares, matrix, projected, N, D, width, rows, asked, k, buffer(lab_overlap_scratch(N, k), 0));
        size_t expected_total = 0;
        for (size_t n = 0; n < asked; n++) {
            size_t shared = 0;
            reference_nearest(full, matrix, N, D, (size_t)rows[n], k);
            reference_nearest(kept, projected, N, width, (size_t)rows[n], k);
            for (size_t i = 0; i < N; i++) shared += full[i] && kept[i];
            trying("row %d of (%zu, %zu), k %zu", rows[n], N, D, k);
            EXPECT_FLOAT(shares[n], (float)((double)shared / (double)k));
            expected_total += shared;
        }
        EXPECT_EQUAL(total, expected_total);
        free_buffers();
    }
}

static void a_table_that_is_its_own_projection_keeps_every_neighbour(void) {
    for (size_t D = 1; D <= 40; D += 3) {
        const size_t N = 30;
        float *matrix = FLOATS(N * D, 0), *shares = FLOATS(N, 0);
        int32_t *rows = INT32S(N, 0);
        fill_plain(&from, matrix, N * D);
        for (size_t n = 0; n < N; n++) rows[n] = (int32_t)n;
        for (size_t k = 1; k < N; k += 7) {
            EXPECT_EQUAL(lab_neighbor_overlap(shares, matrix, matrix, N, D, D, rows, N, k, buffer(lab_overlap_scratch(N, k), 0)), k * N);
            for (size_t n = 0; n < N; n++) EXPECT_FLOAT(shares[n], 1);
        }
        free_buffers();
    }
}

static void distances_beyond_float32_still_give_neighbours(void) {
    const float matrix[] = {-3e38f, 3e38f, 0, 1e30f}, projected[] = {0, 1, 2, 3};
    float shares[4];
    char scratch[64] __attribute__((aligned(4)));
    EXPECT(lab_overlap_scratch(4, 2) <= sizeof scratch);
    EXPECT_EQUAL(lab_neighbor_overlap(shares, matrix, projected, 4, 1, 1, (int32_t[]){0, 1, 2, 3}, 4, 2, scratch), 6);
    EXPECT_FLOATS(shares, ((float[]){1, 1, 0.5f, 0.5f}), 4);
}

/* ---- Colours ------------------------------------------------------------------------------------------------------- */

static uint32_t table[LAB_COLORS];

static void fill_table(void) {
    for (uint32_t i = 0; i < LAB_COLORS; i++) table[i] = i * 0x01010101u;
}

static void values_take_the_colour_of_their_place(void) {
    fill_table();
    for (size_t size = 0; size <= 70; size++) {
        float *values = FLOATS(size, size % 4);
        uint32_t *pixels = UINT32S(size, size % 3);
        if (size % 2) fill_hard(&from, values, size);
        else fill_plain(&from, values, size);
        lab_paint(pixels, values, size, table, -2, 1.5, 0xdeadbeef);
        for (size_t n = 0; n < size; n++) {
            const double at = floor(((double)values[n] + 2) * (256 / 3.5));
            const uint32_t place = !(at > 0) ? 0 : at > 255 ? 255 : (uint32_t)at;
            trying("value %g", (double)values[n]);
            EXPECT_EQUAL(pixels[n], isnan(values[n]) ? 0xdeadbeef : table[place]);
        }
        free_buffers();
    }
    lab_paint(NULL, NULL, 0, table, 0, 1, 0);
}

static void the_ends_of_the_range_and_what_is_beyond_take_the_end_colours(void) {
    const float values[] = {-1, 1, -2, 2, -INFINITY, INFINITY, 0, -0.0f, -0x1p-149f, 3e38f};
    const uint32_t expected[] = {0, 255, 0, 255, 0, 255, 128, 128, 127, 255};
    uint32_t pixels[10];
    fill_table();
    lab_paint(pixels, values, 9, table, -1, 1, 7);
    for (size_t n = 0; n < 8; n++) EXPECT_EQUAL(pixels[n], table[expected[n]]);
    lab_paint(pixels, values, 10, table, -3e38, 3e38, 7);
    EXPECT_EQUAL(pixels[4], table[0]);
    EXPECT_EQUAL(pixels[6], table[128]);
    EXPECT_EQUAL(pixels[9], table[255]);
}

static void an_empty_range_takes_the_middle_colour(void) {
    const float values[] = {0, -1, 1, NAN, INFINITY, -INFINITY};
    uint32_t pixels[6];
    fill_table();
    lab_paint(pixels, values, 6, table, 0, 0, 7);
    const uint32_t expected[] = {table[128], table[0], table[255], 7, table[255], table[0]};
    for (size_t n = 0; n < 6; n++) EXPECT_EQUAL(pixels[n], expected[n]);
}

int main(void) {
    RUN(the_first_value_that_is_not_finite_is_found);
    RUN(the_extent_is_that_of_the_finite_values);
    RUN(edges_are_evenly_spaced_and_end_at_both_ends);
    RUN(every_value_is_counted_once_and_where_the_edges_say);
    RUN(bins_narrower_than_the_step_between_numbers_stay_empty);
    RUN(quantiles_interpolate_between_sorted_values);
    RUN(quantiles_of_few_numbers);
    RUN(the_covariance_is_that_of_the_definition);
    RUN(chunks_of_rows_give_the_bits_of_the_whole);
    RUN(eigenvectors_are_orthonormal_and_solve_the_equation);
    RUN(eigenvectors_of_matrices_that_have_a_name);
    RUN(what_is_not_finite_does_not_converge_and_ends);
    RUN(components_come_by_variance_and_their_largest_entry_is_positive);
    RUN(of_entries_equally_large_the_first_is_positive);
    RUN(a_projection_is_the_product_with_the_deviations);
    RUN(the_overlap_is_that_of_the_definition);
    RUN(a_table_that_is_its_own_projection_keeps_every_neighbour);
    RUN(distances_beyond_float32_still_give_neighbours);
    RUN(values_take_the_colour_of_their_place);
    RUN(the_ends_of_the_range_and_what_is_beyond_take_the_end_colours);
    RUN(an_empty_range_takes_the_middle_colour);
    return FINISH();
}
