/* fmaf in plain arithmetic. WebAssembly has no fused multiply-add and the fmaf of older emscripten rounds twice in rare cases,
   while PyTorch's normals, and its add with alpha, are defined by it to the last bit. */
#ifndef EMBEDDING_MULTIPLY_ADD_H
#define EMBEDDING_MULTIPLY_ADD_H

#include <stdint.h>

/* product + addend rounded once to float32. The sum in double is rounded to odd (Boldo and Melquiond 2008): if it is inexact
   (error by Knuth's TwoSum) and its last bit is 0, it moves one step towards the exact value; then the rounding to float32 is the
   only one that counts. */
static __attribute__((noinline)) float add_rounded_once(double product, double addend) {
    const double sum = product + addend, part = sum - product, error = (product - (sum - part)) + (addend - part);
    uint64_t bits;
    __builtin_memcpy(&bits, &sum, 8);
    if ((error < 0 || error > 0) && (bits & 1) == 0) /* error is NaN where the sum is not finite */
        bits += (error > 0) == (sum > 0) ? 1 : UINT64_MAX;
    double odd;
    __builtin_memcpy(&odd, &bits, 8);
    return (float)odd;
}

/* a * b + c, rounded once. The product is exact in double. Rounding the sum twice, to double and to float32, goes wrong only if the
   first result lies halfway between two float32 numbers, which its last 29 bits tell; below float32's normal numbers halfway is
   elsewhere. */
static inline float multiply_add(float a, float b, float c) {
    const double product = (double)a * (double)b, sum = product + (double)c;
    uint64_t bits;
    __builtin_memcpy(&bits, &sum, 8);
    const int is_halfway = (bits & 0x1fffffff) == 0x10000000, is_normal = (bits & 0x7ff0000000000000) >= 0x3810000000000000;
    return !is_halfway && is_normal ? (float)sum : add_rounded_once(product, c);
}

#endif
