/* nn-embedding/lab: what one computes to look at a table rather than to use it. A module of its own. The rules of embedding.h hold
   here too: row-major float32, nothing is allocated, outputs come first and overlap nothing, every build gives the same bits.
   A matrix is (num_rows, num_columns). */
#ifndef EMBEDDING_LAB_H
#define EMBEDDING_LAB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Distribution of values ---------------------------------------------------------------------------------------- */

/* The position of the first value that is NaN or infinite; size if there is none. */
size_t lab_find_not_finite(const float *values, size_t size);

/* extent (2) = the smallest and the largest finite value; 0 and 1 where there is none, as numpy.histogram has it. */
void lab_extent(double *extent, const float *values, size_t size);

/* edges (num_bins + 1) = evenly spaced from min to max; where these are equal, from half below to half above.
   numpy.histogram_bin_edges. */
void lab_histogram_edges(float *edges, size_t num_bins, double min, double max);

/* counts (num_bins) = how many values x there are with edges[i] <= x < edges[i + 1], the last bin with its upper edge.
   outside (3) = how many are below the first edge, how many above the last, how many are NaN. numpy.histogram. */
void lab_histogram(uint32_t *counts, uint32_t *outside, const float *values, size_t size, const float *edges, size_t num_bins);

/* output (num_probabilities) = the quantiles of the values that are not NaN, by linear interpolation between the two neighbours,
   computed in double; NaN if there are none. probabilities are from 0 to 1. scratch: 2 * size numbers. numpy.nanquantile. */
void lab_quantiles(float *output, const float *values, size_t size, const double *probabilities, size_t num_probabilities,
                   uint32_t *scratch);

/* ---- Principal components, in double ------------------------------------------------------------------------------- */

/* Adds the rows to sums (num_columns), one after another. */
void lab_add_rows(double *sums, const float *matrix, size_t num_rows, size_t num_columns);

/* Adds the products of each row's deviations from mean (num_columns), one row after another, to the upper triangle of products
   (num_columns, num_columns). scratch: LAB_PRODUCT_ROWS * num_columns numbers. */
#define LAB_PRODUCT_ROWS 4
void lab_add_products(double *products, const float *matrix, const double *mean, size_t num_rows, size_t num_columns, double *scratch);

/* Divides the upper triangle by divisor, in place, and mirrors it to the lower one. */
void lab_finish_covariance(double *products, size_t num_columns, double divisor);

/* Eigenvalues, unsorted, and eigenvectors, a row each, of a symmetric matrix of finite numbers: Householder's reduction to
   tridiagonal form, then QL with implicit shifts (Martin, Reinsch and Wilkinson 1968; Dubrulle, Martin and Wilkinson 1968).
   In steps, so that a caller can report progress: call it for step = 0 .. lab_eigen_steps(size) - 1. values (size) and vectors
   (size, size) are the results after the last one; matrix (size, size) is overwritten. scratch: 3 * size numbers.
   Returns 0 if the iteration did not converge, else 1. */
size_t lab_eigen_steps(size_t size);
int lab_eigen(double *values, double *vectors, double *matrix, size_t size, size_t step, double *scratch);

/* components (num_components, size) and variances (num_components) = the eigenvectors of the largest eigenvalues, and these, at
   least 0. Of a component's entries the one of largest absolute value, the first of several, is positive.
   taken: size bytes of scratch. */
void lab_principal(float *components, double *variances, const double *values, const double *vectors, size_t size,
                   size_t num_components, uint8_t *taken);

/* output (num_rows, num_components) = (matrix - mean) times components (num_components, num_columns) transposed, in double. */
void lab_project(float *output, const float *matrix, const float *mean, const float *components, size_t num_rows,
                 size_t num_columns, size_t num_components);

/* ---- Neighbours ---------------------------------------------------------------------------------------------------- */

/* For each row n of rows (num_asked), shares[n] = which part of its k nearest rows in matrix are also among its k nearest in
   projected (num_rows, num_projected_columns). Near is a small Euclidean distance in float32, then a small row number;
   a row is no neighbour of itself, and k is from 1 to num_rows - 1. Values are finite. Returns the number of shared neighbours of
   all rows together. scratch: lab_overlap_scratch(num_rows, k) bytes, aligned to 8. */
size_t lab_neighbor_overlap(float *shares, const float *matrix, const float *projected, size_t num_rows, size_t num_columns,
                            size_t num_projected_columns, const int32_t *rows, size_t num_asked, size_t k, void *scratch);
size_t lab_overlap_scratch(size_t num_rows, size_t k);

/* ---- Colours ------------------------------------------------------------------------------------------------------- */

#define LAB_COLORS 256

/* pixels (size) = table (LAB_COLORS) at the place of each value between min, the first colour, and max, the last: its part of the
   range times LAB_COLORS, rounded down. Values outside take the end's colour, a NaN nan_color; where min equals max, so does its
   value the middle one. A colour is four bytes in any order. */
void lab_paint(uint32_t *pixels, const float *values, size_t size, const uint32_t *table, double min, double max, uint32_t nan_color);

#ifdef __cplusplus
}
#endif
#endif
