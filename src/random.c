/* PyTorch's CPU generator and what it draws from it: uniforms, and normals by Box and Muller (1958) in the two forms of ATen's
   DistributionTemplates.h, element by element in double below 16 elements and by blocks of 16 in float32 from there. */
#include <math.h>

#include "embedding.h"
#include "multiply_add.h"

#define WORDS 624
#define TWIST_OFFSET 397
#define BLOCK 16 /* the first half of a block gives the radii, the second half the angles */

#define TWO_PI 6.283185307179586476925286766559

/* ---- MT19937 ------------------------------------------------------------------------------------------------------- */

void embedding_random_seed(embedding_random *random, uint64_t seed) {
    uint32_t *words = random->words;
    words[0] = (uint32_t)seed;
    for (uint32_t j = 1; j < WORDS; j++) words[j] = 1812433253u * (words[j - 1] ^ (words[j - 1] >> 30)) + j;
    random->next = WORDS;
    random->has_cached_normal = 0;
    random->cached_normal = 0;
}

static uint32_t twisted(uint32_t upper, uint32_t lower, uint32_t ahead) {
    const uint32_t joined = (upper & 0x80000000u) | (lower & 0x7fffffffu);
    return ahead ^ (joined >> 1) ^ (lower & 1 ? 0x9908b0dfu : 0);
}

static void twist(embedding_random *random) {
    uint32_t *words = random->words;
    int j = 0;
    for (; j < WORDS - TWIST_OFFSET; j++) words[j] = twisted(words[j], words[j + 1], words[j + TWIST_OFFSET]);
    for (; j < WORDS - 1; j++) words[j] = twisted(words[j], words[j + 1], words[j + TWIST_OFFSET - WORDS]);
    words[j] = twisted(words[j], words[0], words[TWIST_OFFSET - 1]);
    random->next = 0;
}

static inline uint32_t next_word(embedding_random *random) {
    if (random->next == WORDS) twist(random);
    uint32_t word = random->words[random->next++];
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680u;
    word ^= (word << 15) & 0xefc60000u;
    return word ^ (word >> 18);
}

/* ---- Uniforms on [0, 1) -------------------------------------------------------------------------------------------- */

static inline float next_uniform(embedding_random *random) { return (float)(next_word(random) & 0xffffff) * 0x1p-24f; }

static double next_uniform_double(embedding_random *random) {
    const uint64_t high = next_word(random); /* the first word is the high half */
    return (double)((high << 32 | next_word(random)) & 0x1fffffffffffffu) * 0x1p-53;
}

void embedding_random_uniform(float *output, embedding_random *random, size_t size) {
    for (size_t n = 0; n < size; n++) output[n] = next_uniform(random);
}

/* ---- Normals, fewer than 16 elements ------------------------------------------------------------------------------- */

static double next_normal(embedding_random *random) {
    if (random->has_cached_normal) {
        random->has_cached_normal = 0;
        return random->cached_normal;
    }
    const double angle = TWO_PI * next_uniform_double(random);
    const double radius = sqrt(-2.0 * log1p(-next_uniform_double(random)));
    random->cached_normal = radius * sin(angle);
    random->has_cached_normal = 1;
    return radius * cos(angle);
}

/* ---- Normals, from 16 elements up ---------------------------------------------------------------------------------- */

/* Natural logarithm of a normal number in (0, 1]: the Cephes polynomial as PyTorch's vectorised code evaluates it. */
static float natural_log(float input) {
    static const float coefficients[9] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
                                          -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
                                          2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
    uint32_t bits;
    __builtin_memcpy(&bits, &input, 4);
    float exponent = (float)((int)(bits >> 23) - 126), mantissa; /* input = mantissa * 2^exponent, mantissa in [1/2, 1) */
    bits = (bits & 0x7fffffu) | 0x3f000000u;
    __builtin_memcpy(&mantissa, &bits, 4);
    float x = mantissa - 1.0f;
    if (mantissa < 0.707106781186547524f) {
        exponent -= 1.0f;
        x += mantissa;
    }
    const float square = x * x;
    float y = coefficients[0];
    for (int i = 1; i < 9; i++) y = multiply_add(y, x, coefficients[i]);
    y *= x;
    y = multiply_add(y, square, exponent * -2.12194440e-4f);
    y = multiply_add(-square, 0.5f, y);
    return multiply_add(exponent, 0.693359375f, x + y);
}

/* Sine and cosine of an angle in [0, 2 pi], from the same source. */
static void sine_cosine(float angle, float *sine, float *cosine) {
    const int octant = ((int)(angle * 1.27323954473516f) + 1) & ~1;
    const float j = (float)octant;
    float x = multiply_add(j, -0.78515625f, angle);
    x = multiply_add(j, -2.4187564849853515625e-4f, x);
    x = multiply_add(j, -3.77489497744594108e-8f, x);
    const float square = x * x;
    float by_cosine = multiply_add(2.443315711809948e-5f, square, -1.388731625493765e-3f);
    by_cosine = multiply_add(by_cosine, square, 4.166664568298827e-2f) * square;
    by_cosine = multiply_add(by_cosine, square, -(square * 0.5f)) + 1.0f;
    float by_sine = multiply_add(-1.9515295891e-4f, square, 8.3321608736e-3f);
    by_sine = multiply_add(by_sine, square, -1.6666654611e-1f) * square;
    by_sine = multiply_add(by_sine, x, x);
    const int swapped = octant & 2;
    *sine = (octant & 4 ? -1.0f : 1.0f) * (swapped ? by_cosine : by_sine);
    *cosine = ((octant - 2) & 4 ? 1.0f : -1.0f) * (swapped ? by_sine : by_cosine);
}

/* Turns a block of uniforms into normals. */
static void transform_block(float *block, float mean, float std) {
    for (int j = 0; j < BLOCK / 2; j++) {
        const float radius = sqrtf(-2.0f * natural_log(1.0f - block[j]));
        float sine, cosine;
        sine_cosine((float)TWO_PI * block[j + BLOCK / 2], &sine, &cosine);
        block[j] = multiply_add(radius * cosine, std, mean);
        block[j + BLOCK / 2] = multiply_add(radius * sine, std, mean);
    }
}

void embedding_random_normal(float *output, embedding_random *random, size_t size, double mean, double std) {
    if (size < BLOCK) {
        for (size_t n = 0; n < size; n++) output[n] = (float)(next_normal(random) * std + mean);
        return;
    }
    embedding_random_uniform(output, random, size);
    for (size_t start = 0; start + BLOCK <= size; start += BLOCK) transform_block(output + start, (float)mean, (float)std);
    if (size % BLOCK) { /* the last 16 elements are drawn anew, over the end of the block before */
        embedding_random_uniform(output + size - BLOCK, random, BLOCK);
        transform_block(output + size - BLOCK, (float)mean, (float)std);
    }
}
