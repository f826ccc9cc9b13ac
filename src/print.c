/* Numbers as PyTorch prints them (torch/_tensor_str.py), rounded from the exact binary value, ties to the even digit. */
#include <math.h>

#include "embedding.h"

typedef enum { FORMAT_BARE, FORMAT_WHOLE, FORMAT_FIXED, FORMAT_SCIENTIFIC } number_format;

/* ---- Digits -------------------------------------------------------------------------------------------------------- */

/* Whole numbers of up to 288 bits, least significant word first: float32's smallest value times 10^49 takes 187. */
#define BIG_WORDS 9
typedef struct {
    uint32_t words[BIG_WORDS];
} big;

static void big_multiply(big *a, uint32_t factor) {
    uint64_t carry = 0;
    for (int i = 0; i < BIG_WORDS; i++) {
        carry += (uint64_t)a->words[i] * factor;
        a->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void big_double(big *a, int times) {
    for (; times > 0; times -= times < 31 ? times : 31) big_multiply(a, (uint32_t)1 << (times < 31 ? times : 31));
}

static int big_compare(const big *a, const big *b) {
    for (int i = BIG_WORDS - 1; i >= 0; i--)
        if (a->words[i] != b->words[i]) return a->words[i] < b->words[i] ? -1 : 1;
    return 0;
}

static void big_subtract(big *a, const big *b) {
    uint64_t borrow = 0;
    for (int i = 0; i < BIG_WORDS; i++) {
        const uint64_t difference = (uint64_t)a->words[i] - b->words[i] - borrow;
        a->words[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
}

/* value = mantissa * 2^exponent, value finite and positive */
static uint32_t split(float value, int *exponent) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, 4);
    const int biased = (int)(bits >> 23 & 0xff);
    *exponent = (biased ? biased : 1) - 150;
    return (bits & 0x7fffff) | (biased ? 0x800000 : 0);
}

/* numerator / denominator = value / 10^power */
static void scale_by_power(float value, int power, big *numerator, big *denominator) {
    int exponent;
    *numerator = (big){{split(value, &exponent)}};
    *denominator = (big){{1}};
    for (int i = 0; i < power; i++) big_multiply(denominator, 10);
    for (int i = 0; i > power; i--) big_multiply(numerator, 10);
    big_double(exponent > 0 ? numerator : denominator, exponent > 0 ? exponent : -exponent);
}

/* The power of two at or below a positive value. */
static float log2_below(float value) {
    int exponent;
    const uint32_t mantissa = split(value, &exponent);
    return (float)(exponent + 31 - __builtin_clz(mantissa));
}

/* The five digits of value in scientific notation as one number, 10000 to 99999, and the power of ten of the first. */
static uint32_t five_digits(float value, int *power) {
    big numerator, denominator, ten;
    *power = (int)floorf(log2_below(value) * 0.30103f); /* may be off by one, which the loops below put right */
    for (;; --*power) {
        scale_by_power(value, *power, &numerator, &denominator);
        if (big_compare(&numerator, &denominator) >= 0) break;
    }
    for (;; ++*power) {
        ten = denominator;
        big_multiply(&ten, 10);
        if (big_compare(&numerator, &ten) < 0) break;
        denominator = ten;
    }
    uint32_t digits = 0;
    for (int i = 0; i < 5; i++) {
        digits *= 10;
        for (; big_compare(&numerator, &denominator) >= 0; digits++) big_subtract(&numerator, &denominator);
        big_multiply(&numerator, i < 4 ? 10 : 2);
    }
    const int half = big_compare(&numerator, &denominator); /* of twice the rest with one unit */
    if (half > 0 || (half == 0 && digits % 2)) digits++;
    if (digits < 100000) return digits;
    ++*power;
    return 10000;
}

/* value * 10^decimals rounded to a whole number, for values up to 10^8 and decimals 0 or 4: at most 2^40. */
static uint64_t scaled_digits(float value, int decimals) {
    int exponent;
    const uint64_t scaled = (uint64_t)split(value, &exponent) * (decimals ? 10000 : 1);
    if (exponent >= 0) return scaled << exponent;
    if (exponent < -60) return 0;
    const uint64_t unit = (uint64_t)1 << -exponent, whole = scaled / unit, rest = scaled % unit;
    return whole + (2 * rest > unit || (2 * rest == unit && whole % 2));
}

/* ---- Text ---------------------------------------------------------------------------------------------------------- */

static char *write_text(char *text, const char *characters) {
    while (*characters) *text++ = *characters++;
    return text;
}

/* At least `width` digits, zeros in front. */
static char *write_digits(char *text, uint64_t number, int width) {
    char reversed[20];
    int length = 0;
    for (; number || length < width; number /= 10) reversed[length++] = (char)('0' + number % 10);
    while (length) *text++ = reversed[--length];
    return text;
}

/* One number without padding; returns the end. */
static char *write_number(char *text, float value, number_format format) {
    if (value != value) return write_text(text, "nan");
    if (signbit(value)) *text++ = '-';
    value = fabsf(value);
    if (value == INFINITY) return write_text(text, "inf");
    if (format == FORMAT_SCIENTIFIC) {
        int power = 0;
        const uint32_t digits = value == 0 ? 0 : five_digits(value, &power);
        text = write_digits(text, digits / 10000, 1);
        *text++ = '.';
        text = write_digits(text, digits % 10000, 4);
        *text++ = 'e';
        *text++ = power < 0 ? '-' : '+';
        return write_digits(text, (uint64_t)(power < 0 ? -power : power), 2);
    }
    const int decimals = format == FORMAT_FIXED ? 4 : 0;
    const uint64_t digits = scaled_digits(value, decimals);
    text = write_digits(text, decimals ? digits / 10000 : digits, 1);
    *text++ = '.';
    return decimals ? write_digits(text, digits % 10000, 4) : text;
}

static int is_counted(float value) { return value != 0 && value - value == 0; } /* finite and not zero */

/* The tensor's one format, chosen from its finite numbers other than zero. */
static number_format choose_format(const float *values, size_t num_values) {
    float lowest = INFINITY, highest = 0;
    int whole = 1;
    for (size_t n = 0; n < num_values; n++) {
        const float size = fabsf(values[n]);
        if (!is_counted(size)) continue;
        lowest = size < lowest ? size : lowest;
        highest = size > highest ? size : highest;
        whole &= size == floorf(size);
    }
    if (highest == 0) return FORMAT_BARE;
    if ((double)highest / (double)lowest > 1000 || (double)highest > 1e8 || (double)lowest < 1e-4) return FORMAT_SCIENTIFIC;
    return whole ? FORMAT_WHOLE : FORMAT_FIXED;
}

size_t embedding_format(char *text, size_t *width, const float *values, size_t num_values) {
    const number_format format = choose_format(values, num_values);
    char number[EMBEDDING_FORMAT_SIZE];
    int common = 1; /* width of the longest counted number; zeros, nan and inf never widen it */
    for (size_t n = 0; n < num_values; n++) {
        if (!is_counted(values[n])) continue;
        const int length = (int)(write_number(number, values[n], format) - number);
        common = length > common ? length : common;
    }
    char *end = text;
    for (size_t n = 0; n < num_values; n++) {
        const int length = (int)(write_number(number, values[n], format) - number);
        for (int i = length; i < common; i++) *end++ = ' ';
        for (int i = 0; i < length; i++) *end++ = number[i];
        *end++ = '\n';
    }
    if (width) *width = (size_t)common;
    return (size_t)(end - text);
}
