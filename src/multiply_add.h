/* fmaf in plain arithmetic. WebAssembly has no fused multiply-add and the fmaf of older emscripten rounds twice in rare cases,
   while PyTorch's normals, and its add with alpha, are defined by it to the last bit. */
#ifndef EMBEDDING_MULTIPLY_ADD_H
#define EMBEDDING_MULTIPLY_ADD_H

#include <stdint.h>

/* a * b + c, rounded once. The product is exact in double. The sum in double is rounded to odd (Boldo and Melquiond 2008): if it
   is inexact (error by Knuth's TwoSum) and its last bit is 0, it moves one step towards the exact value; then the rounding to
   float32 is the only one that counts. */
static inline float multiply_add(float a, float b, float c) {
    const double product = (double)a * (double)b, addend = (double)c, sum = product + addend;
    const double part = sum - product, error = (product - (sum - part)) + (addend - part);
    uint64_t bits;
    __builtin_memcpy(&bits, &sum, 8);
    if ((error < 0 || error > 0) && (bits & 1) == 0) /* error is NaN where the sum is not finite */
        bits += (error > 0) == (sum > 0) ? 1 : UINT64_MAX;
    double odd;
    __builtin_memcpy(&odd, &bits, 8);
    return (float)odd;
}

#endif
