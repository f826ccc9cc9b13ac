/* Covariance, its eigenvectors, projection. Loops run along rows, where elements do not depend on each other: compilers make
   vector code of them without changing a bit. */
#include <math.h>
#include <string.h>

#include "lab.h"

/* The loops stand in functions of their own: inlined, their vector code would be there many times. */
#define NOINLINE static __attribute__((noinline))

/* row += scale * addend */
NOINLINE void add_scaled(double *restrict row, const double *restrict addend, double scale, size_t size) {
    for (size_t i = 0; i < size; i++) row[i] += scale * addend[i];
}

/* ---- Covariance ---------------------------------------------------------------------------------------------------- */

void lab_add_rows(double *restrict sums, const float *restrict matrix, size_t num_rows, size_t num_columns) {
    for (size_t n = 0; n < num_rows; n++, matrix += num_columns)
        for (size_t d = 0; d < num_columns; d++) sums[d] += (double)matrix[d];
}

NOINLINE void subtract_mean(double *restrict deviations, const float *restrict row, const double *restrict mean, size_t num_columns) {
    for (size_t d = 0; d < num_columns; d++) deviations[d] = (double)row[d] - mean[d];
}

/* Four rows at a time, so that each product is loaded and stored once for the four. */
static void add_products_of_four(double *restrict products, const double *restrict deviations, size_t num_columns) {
    const double *restrict a = deviations, *restrict b = a + num_columns, *restrict c = b + num_columns, *restrict e = c + num_columns;
    for (size_t i = 0; i < num_columns; i++, products += num_columns) {
        const double ai = a[i], bi = b[i], ci = c[i], ei = e[i];
        for (size_t j = i; j < num_columns; j++)
            products[j] = products[j] + ai * a[j] + bi * b[j] + ci * c[j] + ei * e[j];
    }
}

void lab_add_products(double *products, const float *matrix, const double *mean, size_t num_rows, size_t num_columns, double *scratch) {
    size_t n = 0;
    for (; n + LAB_PRODUCT_ROWS <= num_rows; n += LAB_PRODUCT_ROWS) {
        for (size_t row = 0; row < LAB_PRODUCT_ROWS; row++)
            subtract_mean(scratch + row * num_columns, matrix + (n + row) * num_columns, mean, num_columns);
        add_products_of_four(products, scratch, num_columns);
    }
    for (; n < num_rows; n++) {
        subtract_mean(scratch, matrix + n * num_columns, mean, num_columns);
        for (size_t i = 0; i < num_columns; i++)
            add_scaled(products + i * num_columns + i, scratch + i, scratch[i], num_columns - i);
    }
}

void lab_finish_covariance(double *products, size_t num_columns, double divisor) {
    for (size_t i = 0; i < num_columns; i++)
        for (size_t j = i; j < num_columns; j++)
            products[j * num_columns + i] = products[i * num_columns + j] /= divisor;
}

/* ---- Eigenvectors -------------------------------------------------------------------------------------------------- */

NOINLINE double dot(const double *a, const double *b, size_t size) {
    double sum = 0;
    for (size_t i = 0; i < size; i++) sum += a[i] * b[i];
    return sum;
}

/* Column k of the symmetric matrix below its first subdiagonal becomes 0 by the reflection I - beta v v'. v takes the place of row k
   behind the diagonal, beta is kept in betas[k]. The rest of the matrix, right below, is reflected from both sides and stays
   symmetric to the last bit. */
static void reduce_column(double *diagonal, double *off_diagonal, double *betas, double *matrix, size_t size, size_t k, double *w) {
    const size_t rest = size - k - 1;
    double *const v = matrix + k * size + k + 1;
    diagonal[k] = matrix[k * size + k];
    off_diagonal[k] = betas[k] = 0;
    if (rest == 0) return;
    off_diagonal[k] = v[0];
    if (dot(v + 1, v + 1, rest - 1) == 0) return;
    const double length = sqrt(dot(v, v, rest)), end = v[0] > 0 ? -length : length;
    off_diagonal[k] = end;
    v[0] -= end;
    const double beta = betas[k] = 2 / dot(v, v, rest);
    double *const block = matrix + (k + 1) * size + k + 1;
    memset(w, 0, rest * sizeof *w);
    for (size_t i = 0; i < rest; i++) add_scaled(w, block + i * size, beta * v[i], rest);
    add_scaled(w, v, -0.5 * beta * dot(w, v, rest), rest);
    for (size_t i = 0; i < rest; i++) {
        double *restrict row = block + i * size;
        const double vi = v[i], wi = w[i];
        for (size_t j = 0; j < rest; j++) row[j] -= vi * w[j] + wi * v[j];
    }
}

/* vectors = the reflection of column k times vectors, of which only the part right below k + 1 is not yet the identity. */
static void apply_reflection(double *vectors, const double *matrix, size_t size, size_t k, double beta, double *w) {
    const size_t rest = size - k - 1;
    const double *const v = matrix + k * size + k + 1;
    double *const block = vectors + (k + 1) * size + k + 1;
    memset(w, 0, rest * sizeof *w);
    for (size_t i = 0; i < rest; i++) add_scaled(w, block + i * size, v[i], rest);
    for (size_t i = 0; i < rest; i++) add_scaled(block + i * size, w, -beta * v[i], rest);
}

static void set_identity(double *matrix, size_t size) {
    memset(matrix, 0, size * size * sizeof *matrix);
    for (size_t i = 0; i < size; i++) matrix[i * size + i] = 1;
}

static void transpose(double *matrix, size_t size) {
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < i; j++) {
            const double kept = matrix[i * size + j];
            matrix[i * size + j] = matrix[j * size + i];
            matrix[j * size + i] = kept;
        }
}

NOINLINE void rotate(double *restrict row, double *restrict next, double cosine, double sine, size_t size) {
    for (size_t i = 0; i < size; i++) {
        const double kept = next[i];
        next[i] = sine * row[i] + cosine * kept;
        row[i] = cosine * row[i] - sine * kept;
    }
}

#define SMALLEST_STEP 0x1p-52
#define MOST_SWEEPS 64 /* two or three are usual */

/* Where the tridiagonal matrix falls apart, at or behind k; never at a NaN. */
static size_t block_end(const double *diagonal, const double *off_diagonal, size_t size, size_t k) {
    while (k + 1 < size && !(fabs(off_diagonal[k]) <= SMALLEST_STEP * (fabs(diagonal[k]) + fabs(diagonal[k + 1])))) k++;
    return k;
}

/* One QL sweep over rows first .. last of the tridiagonal matrix, with the shift of its top corner. */
static void sweep(double *diagonal, double *off_diagonal, double *vectors, size_t size, size_t first, size_t last) {
    const double half = (diagonal[first + 1] - diagonal[first]) / (2 * off_diagonal[first]), length = sqrt(half * half + 1);
    double g = diagonal[last] - diagonal[first] + off_diagonal[first] / (half < 0 ? half - length : half + length);
    double sine = 1, cosine = 1, shift = 0;
    for (size_t i = last; i-- > first;) {
        const double f = sine * off_diagonal[i], b = cosine * off_diagonal[i], radius = sqrt(f * f + g * g);
        off_diagonal[i + 1] = radius;
        if (radius == 0) { /* it has fallen apart here */
            diagonal[i + 1] -= shift;
            off_diagonal[last] = 0;
            return;
        }
        sine = f / radius;
        cosine = g / radius;
        g = diagonal[i + 1] - shift;
        const double t = (diagonal[i] - g) * sine + 2 * cosine * b;
        shift = sine * t;
        diagonal[i + 1] = g + shift;
        g = cosine * t - b;
        rotate(vectors + i * size, vectors + (i + 1) * size, cosine, sine, size);
    }
    diagonal[first] -= shift;
    off_diagonal[first] = g;
    off_diagonal[last] = 0;
}

/* `size` columns are reduced, `size` reflections applied from the last on, `size` eigenvalues isolated. */
size_t lab_eigen_steps(size_t size) { return 3 * size; }

int lab_eigen(double *values, double *vectors, double *matrix, size_t size, size_t step, double *scratch) {
    double *const off_diagonal = scratch, *const betas = scratch + size, *const w = scratch + 2 * size;
    if (step < size) {
        reduce_column(values, off_diagonal, betas, matrix, size, step, w);
        return 1;
    }
    if (step < 2 * size) {
        const size_t k = 2 * size - 1 - step;
        if (step == size) set_identity(vectors, size);
        if (betas[k] != 0) apply_reflection(vectors, matrix, size, k, betas[k], w);
        if (k == 0) transpose(vectors, size);
        return 1;
    }
    const size_t k = step - 2 * size;
    for (size_t sweeps = 0; sweeps < MOST_SWEEPS; sweeps++) {
        const size_t last = block_end(values, off_diagonal, size, k);
        if (last == k) return 1;
        sweep(values, off_diagonal, vectors, size, k, last);
    }
    return 0;
}

/* The sign is decided on what is stored: rounding may make a tie. */
static void store_component(float *component, const double *vector, size_t size) {
    size_t largest = 0;
    for (size_t d = 0; d < size; d++) {
        component[d] = (float)vector[d];
        if (fabsf(component[d]) > fabsf(component[largest])) largest = d;
    }
    if (component[largest] > 0) return;
    for (size_t d = 0; d < size; d++) component[d] = 0 - component[d]; /* no -0 */
}

void lab_principal(float *components, double *variances, const double *values, const double *vectors, size_t size,
                   size_t num_components, uint8_t *taken) {
    memset(taken, 0, size);
    for (size_t c = 0; c < num_components; c++) {
        size_t best = size;
        for (size_t i = 0; i < size; i++)
            if (!taken[i] && (best == size || values[i] > values[best])) best = i;
        taken[best] = 1;
        variances[c] = values[best] > 0 ? values[best] : 0;
        store_component(components + c * size, vectors + best * size, size);
    }
}

/* ---- Projection ---------------------------------------------------------------------------------------------------- */

#define SUMS 8

NOINLINE double product(const float *row, const float *component, size_t size) {
    double sums[SUMS] = {0};
    size_t d = 0;
    for (; d + SUMS <= size; d += SUMS)
        for (size_t i = 0; i < SUMS; i++) sums[i] += (double)row[d + i] * (double)component[d + i];
    for (size_t i = 0; d < size; i++, d++) sums[i] += (double)row[d] * (double)component[d];
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

/* The mean's own product is subtracted: it has the same bits as that of a row equal to the mean, which so lands on 0. */
void lab_project(float *output, const float *matrix, const float *mean, const float *components, size_t num_rows,
                 size_t num_columns, size_t num_components) {
    for (size_t c = 0; c < num_components; c++) {
        const float *const component = components + c * num_columns;
        const double origin = product(mean, component, num_columns);
        for (size_t n = 0; n < num_rows; n++)
            output[n * num_components + c] = (float)(product(matrix + n * num_columns, component, num_columns) - origin);
    }
}
