/* PyTorch's CPU generator and what it draws from it: uniforms, and normals by Box and Muller (1958) in the two forms of ATen's
   DistributionTemplates.h, element by element in double below 16 elements and by blocks of 16 in float32 from there. */
#include <math.h>

#include "embedding.h"
#include "multiply_add.h"
#include "simd/row.h"

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

/* 1 - square / (degree (degree - 1)) (1 - square / ((degree - 2) (degree - 3)) (1 - ...)) from the innermost out: the Taylor series
   of the cosine for an even degree, of the sine over its argument for an odd one. */
static double alternating_series(double square, int degree) {
    double sum = 1;
    for (int k = degree; k > 1; k -= 2) sum = 1 - square / (k * (k - 1)) * sum;
    return sum;
}

/* Sine and cosine of an angle in [0, 2 pi], as good as the C library's, which brings 2.8 KB for angles of any size. */
static double next_normal(embedding_random *random) {
    if (random->has_cached_normal) {
        random->has_cached_normal = 0;
        return random->cached_normal;
    }
    const double angle = TWO_PI * next_uniform_double(random);
    const double radius = sqrt(-2.0 * log1p(-next_uniform_double(random)));
    const int quarter = (int)(angle * (4 / TWO_PI) + 0.5);
    const double x = (angle - quarter * 0x1.921fb544p0) - quarter * 0x1.0b4611a626331p-34, square = x * x;
    const double sine = x * alternating_series(square, 17), cosine = alternating_series(square, 16);
    random->cached_normal = radius * (quarter & 1 ? cosine : sine) * (quarter & 2 ? -1 : 1);
    random->has_cached_normal = 1;
    return radius * (quarter & 1 ? sine : cosine) * ((quarter + 1) & 2 ? -1 : 1);
}

/* ---- Normals, from 16 elements up: float32 arithmetic, in doubles that hold float32 numbers ------------------------ */

/* How results become float32 numbers again: quickly, in operations that compilers vectorise, with a note in `in_doubt` where that
   may be off by one, about 1 block in 4,000; or exactly. */
typedef struct {
    uint64_t ulp; /* the last bit of float32 among those of a double */
    uint64_t in_doubt;
    int exactly;
} rounding;

/* Volatile, since V8 14 makes a constant anew at each use: 24.6 ns a normal became 18.8. */
static volatile const uint64_t ULP = (uint64_t)1 << 29;

/* To the nearest, ties to even: right for a product, a sum or a root of float32 numbers, which 53 bits hold or are enough for
   (Figueroa 1995). */
INLINE double rounded(const rounding *r, double x) {
    uint64_t bits;
    __builtin_memcpy(&bits, &x, 8);
    bits = (bits + (r->ulp / 2 - 1) + (bits >> 29 & r->ulp >> 29)) & -r->ulp;
    __builtin_memcpy(&x, &bits, 8);
    return x;
}

/* a * b + c, rounded once. The product is exact, the sum is rounded to 53 bits first: that matters only where these lie halfway
   between two float32 numbers. Veltkamp's (1968) splitting leaves the first 24. */
INLINE double fused(rounding *r, double a, double b, double c) {
    if (r->exactly) return add_rounded_once(a * b, c);
    const double sum = a * b + c, high = sum * (double)(r->ulp + 1);
    uint64_t bits;
    __builtin_memcpy(&bits, &sum, 8);
    r->in_doubt |= (bits & (r->ulp - 1)) == r->ulp / 2;
    return high - (high - sum);
}

/* The same where the result may be subnormal, zero or infinite. */
INLINE float fused_last(rounding *r, double a, double b, double c) {
    if (r->exactly) return add_rounded_once(a * b, c);
    const double sum = a * b + c;
    uint64_t bits;
    __builtin_memcpy(&bits, &sum, 8);
    r->in_doubt |= ((bits & (r->ulp - 1)) == r->ulp / 2) | (__builtin_fabs(sum) < 0x1p-126);
    return (float)sum;
}

/* Natural logarithm of a number in (0, 1]: the Cephes polynomial as PyTorch's vectorised code evaluates it. */
INLINE double natural_log(rounding *r, double input) {
    uint64_t bits;
    __builtin_memcpy(&bits, &input, 8);
    uint64_t exponent_bits = bits >> 52 | 0x4330000000000000, mantissa_bits = (bits & 0xfffffffffffff) | 0x3fe0000000000000;
    double exponent, mantissa; /* input = mantissa * 2^exponent, mantissa in [1/2, 1) */
    __builtin_memcpy(&exponent, &exponent_bits, 8);
    __builtin_memcpy(&mantissa, &mantissa_bits, 8);
    const int is_small = mantissa < 0.707106781186547524f;
    exponent -= is_small ? 0x1p52 + 1023 : 0x1p52 + 1022;
    const double x = (is_small ? mantissa + mantissa : mantissa) - 1, square = rounded(r, x * x);
    double y = 7.0376836292e-2f;
    y = fused(r, y, x, -1.1514610310e-1f);
    y = fused(r, y, x, 1.1676998740e-1f);
    y = fused(r, y, x, -1.2420140846e-1f);
    y = fused(r, y, x, 1.4249322787e-1f);
    y = fused(r, y, x, -1.6668057665e-1f);
    y = fused(r, y, x, 2.0000714765e-1f);
    y = fused(r, y, x, -2.4999993993e-1f);
    y = fused(r, y, x, 3.3333331174e-1f);
    y = fused(r, rounded(r, y * x), square, rounded(r, exponent * -2.12194440e-4f));
    y = rounded(r, y - square * 0.5);
    return rounded(r, exponent * 0.693359375 + rounded(r, x + y));
}

/* Sine and cosine of an angle in [0, 2 pi], from the same source. */
INLINE void sine_cosine(rounding *r, double angle, double *sine, double *cosine) {
    const double quarter = __builtin_floor((rounded(r, angle * 1.27323954473516f) + 1) * 0.5), octant = quarter + quarter;
    double x = rounded(r, angle - octant * 0.78515625);
    x = rounded(r, x - octant * 2.4187564849853515625e-4f);
    x = rounded(r, x - octant * 3.77489497744594108e-8f);
    const double square = rounded(r, x * x);
    double by_cosine = fused(r, 2.443315711809948e-5f, square, -1.388731625493765e-3f);
    by_cosine = rounded(r, fused(r, by_cosine, square, 4.166664568298827e-2f) * square);
    by_cosine = rounded(r, fused(r, by_cosine, square, -(square * 0.5)) + 1);
    double by_sine = fused(r, -1.9515295891e-4f, square, 8.3321608736e-3f);
    by_sine = rounded(r, fused(r, by_sine, square, -1.6666654611e-1f) * square);
    by_sine = fused(r, by_sine, x, x);
    const int swapped = quarter == 1 || quarter == 3;
    *sine = (quarter == 2 || quarter == 3 ? -1 : 1) * (swapped ? by_cosine : by_sine);
    *cosine = (quarter == 1 || quarter == 2 ? -1 : 1) * (swapped ? by_sine : by_cosine);
}

/* Turns a block of uniforms into normals; returns nonzero where that takes exact rounding. */
INLINE uint64_t transform(float *restrict normals, const float *restrict uniforms, double mean, double std, int exactly) {
    const uint64_t ulp = ULP;
    uint64_t in_doubt = 0;
    for (int j = 0; j < BLOCK / 2; j++) {
        rounding state = {ulp, 0, exactly}, *r = &state;
        const double radius = rounded(r, sqrt(-2 * natural_log(r, 1.0 - uniforms[j])));
        double sine, cosine;
        sine_cosine(r, rounded(r, (float)TWO_PI * (double)uniforms[j + BLOCK / 2]), &sine, &cosine);
        normals[j] = fused_last(r, rounded(r, radius * cosine), std, mean);
        normals[j + BLOCK / 2] = fused_last(r, rounded(r, radius * sine), std, mean);
        in_doubt |= state.in_doubt;
    }
    return in_doubt;
}

NOINLINE uint64_t transform_quickly(float *normals, const float *uniforms, double mean, double std) {
    return transform(normals, uniforms, mean, std, 0);
}
NOINLINE void transform_exactly(float *normals, const float *uniforms, double mean, double std) {
    transform(normals, uniforms, mean, std, 1);
}

static void transform_block(float *block, double mean, double std) {
    float uniforms[BLOCK];
    __builtin_memcpy(uniforms, block, sizeof uniforms);
    if (transform_quickly(block, uniforms, mean, std)) transform_exactly(block, uniforms, mean, std);
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
