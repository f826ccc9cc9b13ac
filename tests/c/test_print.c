/* Numbers as PyTorch prints them, against the C library's printf. */
#include "embedding.h"
#include "test.h"

static inputs from = {6};

/* Formats `count` values into a block of exactly the promised size. */
static char *format(const float *values, size_t count, size_t *length, size_t *width) {
    char *text = buffer(count * EMBEDDING_FORMAT_SIZE, 0);
    *length = embedding_format(text, width, values, count);
    EXPECT(*length <= count * EMBEDDING_FORMAT_SIZE);
    return text;
}

#define EXPECT_FORMAT(expected, ...)                                                                                   \
    do {                                                                                                               \
        const float values[] = {__VA_ARGS__};                                                                          \
        size_t length, width;                                                                                          \
        char *text = format(values, sizeof values / sizeof *values, &length, &width);                                  \
        EXPECT_TEXT(text, length, expected);                                                                           \
    } while (0)

/* ---- Cases --------------------------------------------------------------------------------------------------------- */

static void numbers_print_as_pytorch_prints_them(void) {
    EXPECT_FORMAT("3.\n", 3);
    EXPECT_FORMAT("0.1000\n", 0.1f);
    EXPECT_FORMAT("1.\n2.\n3.\n", 1, 2, 3);
    EXPECT_FORMAT(" 1.\n-2.\n30.\n", 1, -2, 30);
    EXPECT_FORMAT(" 0.5000\n-1.2500\n10.0000\n", 0.5f, -1.25f, 10);
    EXPECT_FORMAT("10.0000\n 1.5000\n", 9.99996f, 1.5f); /* the width is taken after rounding */
    EXPECT_FORMAT("   1.\n1000.\n", 1, 1000);
    EXPECT_FORMAT("1.0000e+00\n1.0010e+03\n", 1, 1001);
    EXPECT_FORMAT(" 5.0000e-01\n-2.0000e+03\n", 0.5f, -2000);
    EXPECT_FORMAT(" 1.5410\n-0.2934\n-2.1788\n", 1.5409961f, -0.2934289f, -2.1787894f);
}

static void zeros_nans_and_infinities_are_padded_but_never_widen(void) {
    EXPECT_FORMAT("0.\n-0.\n", 0, -0.0f);
    EXPECT_FORMAT("-0.0000\n1.5000\n", -0.0f, 1.5f);
    EXPECT_FORMAT("-0.\n1.\n", -0.0f, 1);
    EXPECT_FORMAT("nan\n1.\n", NAN, 1);
    EXPECT_FORMAT("   nan\n1.5000\n  -inf\n", NAN, 1.5f, -INFINITY);
    EXPECT_FORMAT("inf\n-inf\n10.\n", INFINITY, -INFINITY, 10);
    EXPECT_FORMAT("nan\nnan\ninf\n-inf\n0.\n-0.\n", NAN, -NAN, INFINITY, -INFINITY, 0, -0.0f);
    EXPECT_FORMAT("       nan\n1.0000e-05\n", NAN, 1e-5f);
    EXPECT_FORMAT(" 0.0000e+00\n 5.0000e-05\n-1.0000e+00\n", 0, 5e-5f, -1);
    EXPECT_FORMAT("-0.0000e+00\n5.0000e-05\n", -0.0f, 5e-5f);
}

static void the_limits_of_each_format_are_strict(void) {
    EXPECT_FORMAT("100000000.\n", 1e8f);
    EXPECT_FORMAT("1.0000e+08\n", 100000008);
    EXPECT_FORMAT("1.0000e-04\n", 1e-4f); /* the float32 lies below */
    EXPECT_FORMAT("0.0001\n", 0.000101f);
    EXPECT_FORMAT("0.0001\n", nextafterf(1e-4f, 1));
    EXPECT_FORMAT("   1.5000\n1500.0000\n", 1.5f, 1500); /* a ratio of 1000 */
    EXPECT_FORMAT("1.5000e+00\n1.5000e+03\n", 1.5f, nextafterf(1500, 2000));
    EXPECT_FORMAT("1.0000e-03\n1.0000e+00\n", nextafterf(0.001f, 0), 1);
    EXPECT_FORMAT("8388608.\n  10000.\n", 8388608, 10000);
    EXPECT_FORMAT("8388608.0000\n  10000.5000\n", 8388608, 10000.5f);
}

static void ties_go_to_the_even_digit(void) {
    EXPECT_FORMAT("0.0312\n0.0938\n2.5000\n", 0.03125f, 0.09375f, 2.5f);
    EXPECT_FORMAT("0.0312\n", 0.03125f);
    EXPECT_FORMAT("0.0313\n", nextafterf(0.03125f, 1));
    EXPECT_FORMAT("0.0937\n", nextafterf(0.09375f, 0));
    EXPECT_FORMAT("1.0000e+00\n1.0000e+05\n", 1, 100005);
    EXPECT_FORMAT("1.0000e+00\n1.0002e+05\n", 1, 100015);
    EXPECT_FORMAT("1.0000e+00\n1.0000e+05\n", 1, 99999.5f); /* 9.99995 */
    EXPECT_FORMAT("1.0000e+00\n9.9998e+05\n", 1, 999985);
    EXPECT_FORMAT("1.0000e+00\n1.0000e+06\n", 1, 999995);
    EXPECT_FORMAT("1.0000e+00\n9.9999e+05\n", 1, nextafterf(999995, 0));
}

static void the_ends_of_float32_print(void) {
    EXPECT_FORMAT("1.4013e-45\n", 0x1p-149f);
    EXPECT_FORMAT("1.1755e-38\n", 0x1p-126f);
    EXPECT_FORMAT(" 3.4028e+38\n-3.4028e+38\n", 0x1.fffffep+127f, -0x1.fffffep+127f);
    EXPECT_FORMAT(" 1.4013e-45\n-3.4028e+38\n", 0x1p-149f, -0x1.fffffep+127f);
}

/* ---- Sizes --------------------------------------------------------------------------------------------------------- */

static void the_longest_number_fills_its_room(void) {
    EXPECT_FORMAT("-100000000.0000\n    100000.5000\n", -1e8f, 100000.5f);
    const float values[] = {-1e8f, 100000.5f};
    size_t length, width;
    format(values, 2, &length, &width);
    EXPECT_EQUAL(length, 2 * EMBEDDING_FORMAT_SIZE);
    EXPECT_EQUAL(width, EMBEDDING_FORMAT_SIZE - 1);
}

static void no_values_print_nothing(void) {
    size_t width = 77;
    EXPECT_EQUAL(embedding_format(NULL, &width, NULL, 0), 0);
    EXPECT_EQUAL(embedding_format(NULL, NULL, NULL, 0), 0);
}

static void the_width_may_be_left_out(void) {
    const float values[] = {1.5f, -20};
    char text[2 * EMBEDDING_FORMAT_SIZE];
    EXPECT_TEXT(text, embedding_format(text, NULL, values, 2), "  1.5000\n-20.0000\n");
}

/* ---- Against printf ------------------------------------------------------------------------------------------------ */

/* The rules, with printf for the digits, for up to 8 values. text: room for all; returns its length. */
static size_t reference_format(char *text, size_t *width, const float *values, size_t count) {
    double lowest = (double)INFINITY, highest = 0;
    int is_whole = 1, common = 1;
    char numbers[8][64];
    for (size_t n = 0; n < count; n++) {
        const double size = fabs((double)values[n]);
        if (!isfinite(size) || size == 0) continue;
        lowest = fmin(lowest, size);
        highest = fmax(highest, size);
        is_whole = is_whole && size == floor(size);
    }
    const char *how = "%.4f";
    if (highest == 0) how = "%.0f.";
    else if (highest / lowest > 1000 || highest > 1e8 || lowest < 1e-4) how = "%.4e";
    else if (is_whole) how = "%.0f.";
    for (size_t n = 0; n < count; n++) {
        const double value = (double)values[n];
        if (!isfinite(value)) strcpy(numbers[n], isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        else if (snprintf(numbers[n], sizeof *numbers, how, value) > common && value != 0) common = (int)strlen(numbers[n]);
    }
    char *end = text;
    for (size_t n = 0; n < count; n++) end += sprintf(end, "%*s\n", common, numbers[n]);
    *width = (size_t)common;
    return (size_t)(end - text);
}

static void expect_like_printf(const float *values, size_t count) {
    char expected[16 * 64], text[16 * EMBEDDING_FORMAT_SIZE];
    size_t expected_width, width = 0;
    const size_t length = embedding_format(text, &width, values, count);
    const size_t expected_length = reference_format(expected, &expected_width, values, count);
    if (length == expected_length && memcmp(text, expected, length) == 0 && width == expected_width) return;
    trying("%zu values from %a to %a", count, (double)values[0], (double)values[count - 1]);
    EXPECT_TEXT(text, length, expected);
    EXPECT_EQUAL(width, expected_width);
}

static void any_tensor_prints_like_printf(void) {
    for (int round = 0; round < ROUNDS / 8; round++) {
        const size_t count = 1 + draw_below(&from, 8);
        float values[8];
        const int exponent = (int)draw_below(&from, 60) - 30, kind = (int)draw_below(&from, 4);
        if (kind == 0) fill_hard(&from, values, count);
        else fill_plain(&from, values, count);
        for (size_t n = 0; n < count; n++) {
            if (kind == 1) values[n] = ldexpf(values[n], exponent);
            if (kind == 2) values[n] = roundf(ldexpf(values[n], exponent > 0 ? exponent : 4));
        }
        expect_like_printf(values, count);
    }
}

/* A second value far away makes the format scientific. */
static void every_exponent_prints_like_printf(void) {
    for (int round = 0; round < ROUNDS / 2; round++) {
        const uint32_t bits = (uint32_t)round % 255 << 23 | (uint32_t)(draw_bits(&from) >> 41);
        float values[2];
        memcpy(values, &bits, 4);
        values[1] = values[0] > 1e-3f ? 1e-30f : 1e30f;
        expect_like_printf(values, 2);
    }
}

static void every_float_with_four_decimals_prints_like_printf(void) {
    for (int round = 0; round < ROUNDS; round++) {
        const uint32_t first = bits_of(1e-4f) + 1, last = bits_of(1e8f);
        const uint32_t bits = first + (uint32_t)(draw_bits(&from) % (last - first + 1));
        float value;
        memcpy(&value, &bits, 4);
        expect_like_printf(&value, 1);
    }
}

/* Values whose fifth digit is followed by a 5 and nothing else, and their neighbours. */
static void ties_and_their_neighbours_print_like_printf(void) {
    for (int round = 0; round < ROUNDS / 8; round++) {
        float value;
        if (round % 2) value = (float)(10 * (10000 + draw_below(&from, 90000)) + 5); /* beside a 1: scientific */
        else value = (float)(1 + 2 * draw_below(&from, 1 << 18)) / 32;              /* 1/32 = 0.03125 */
        const float neighbours[3] = {nextafterf(value, 0), value, nextafterf(value, INFINITY)};
        for (int i = 0; i < 3; i++) {
            const float pair[2] = {neighbours[i], 1};
            expect_like_printf(pair, round % 2 ? 2 : 1);
        }
    }
}

int main(void) {
    RUN(numbers_print_as_pytorch_prints_them);
    RUN(zeros_nans_and_infinities_are_padded_but_never_widen);
    RUN(the_limits_of_each_format_are_strict);
    RUN(ties_go_to_the_even_digit);
    RUN(the_ends_of_float32_print);
    RUN(the_longest_number_fills_its_room);
    RUN(no_values_print_nothing);
    RUN(the_width_may_be_left_out);
    RUN(any_tensor_prints_like_printf);
    RUN(every_exponent_prints_like_printf);
    RUN(every_float_with_four_decimals_prints_like_printf);
    RUN(ties_and_their_neighbours_print_like_printf);
    return FINISH();
}
