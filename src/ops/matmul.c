/* Matrix products. */
#include <string.h>

#include "../simd/row.h"
#include "tensor.h"

/* Each element of output is a left fold over `inner`, except where b alone is transposed: there it is a dot product of two rows, by
   16 interleaved sums. */
void tensor_matmul(float *output, const float *a, const float *b, size_t rows, size_t inner, size_t columns, int transpose_a,
                   int transpose_b) {
    if (rows == 0 || columns == 0) return;
    memset(output, 0, rows * columns * sizeof(float));
    if (inner == 0) return;
    if (transpose_b && transpose_a) {
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++)
                for (size_t k = 0; k < inner; k++) output[i * columns + j] += a[k * rows + i] * b[j * inner + k];
        return;
    }
    if (transpose_b) {
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++) output[i * columns + j] = row_dot(a + i * inner, b + j * inner, inner);
        return;
    }
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < inner; k++)
            row_axpy(output + i * columns, b + k * columns, transpose_a ? a[k * rows + i] : a[i * inner + k], columns);
}
