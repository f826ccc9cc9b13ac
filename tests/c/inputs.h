/* Inputs for tests: a generator of its own, so that every build draws the same numbers, and floats of every kind. */
#ifndef TESTS_INPUTS_H
#define TESTS_INPUTS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t state;
} inputs;

/* SplitMix64 (Steele, Lea and Flood 2014). */
static inline uint64_t draw_bits(inputs *from) {
    uint64_t bits = from->state += 0x9e3779b97f4a7c15u;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

static inline size_t draw_below(inputs *from, size_t limit) { return (size_t)(draw_bits(from) % limit); }

static inline void draw_bytes(inputs *from, void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) ((uint8_t *)bytes)[i] = (uint8_t)(draw_bits(from) >> 56);
}

/* Between -4 and 4. */
static inline float draw_plain(inputs *from) { return (float)((double)(int64_t)draw_bits(from) * 0x1p-61); }

/* Mostly plain; else NaN, infinity, zero, denormal, huge or tiny of either sign. As bits: a NaN keeps its own. */
static inline uint32_t draw_hard_bits(inputs *from) {
    const uint64_t bits = draw_bits(from);
    const uint32_t sign = (uint32_t)bits & 0x80000000u, fraction = (uint32_t)bits & 0x7fffff, kind = (uint32_t)(bits >> 40) % 64;
    if (kind == 0) return sign | 0x7f800000 | fraction | 1;                     /* NaN, quiet or signalling */
    if (kind == 1) return sign | 0x7f800000;                                    /* infinity */
    if (kind < 5) return sign;                                                  /* zero */
    if (kind < 9) return sign | fraction;                                       /* denormal */
    if (kind < 12) return sign | (254 - (uint32_t)(bits >> 50) % 4) << 23 | fraction; /* near the largest */
    if (kind < 16) return sign | (1 + (uint32_t)(bits >> 50) % 4) << 23 | fraction;   /* near the smallest normal */
    if (kind < 20) return sign | (127 + (uint32_t)(bits >> 50) % 4) << 23;      /* small power of two */
    const float plain = draw_plain(from);
    uint32_t plain_bits;
    __builtin_memcpy(&plain_bits, &plain, 4);
    return plain_bits;
}

static inline void fill_plain(inputs *from, float *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = draw_plain(from);
}

static inline void fill_hard(inputs *from, float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const uint32_t bits = draw_hard_bits(from);
        __builtin_memcpy(values + i, &bits, 4);
    }
}

static inline void fill_indices(inputs *from, int32_t *indices, size_t count, size_t num_embeddings) {
    for (size_t n = 0; n < count; n++) indices[n] = (int32_t)draw_below(from, num_embeddings);
}

/* 0 to 70, and some beyond: row_length(0) .. row_length(ROW_LENGTHS - 1). */
#define ROW_LENGTHS 83
static inline size_t row_length(size_t i) {
    static const size_t beyond[] = {80, 95, 96, 100, 127, 128, 129, 255, 256, 300, 768, 1023};
    return i <= 70 ? i : beyond[i - 71];
}

#endif
