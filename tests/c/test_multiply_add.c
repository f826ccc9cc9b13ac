/* multiply_add against the C library's fmaf, which uses the instruction or, without one, the same rounding. */
#include "multiply_add.h"
#include "test.h"

static inputs from = {5};

static void expect_fused(float a, float b, float c) {
    const float got = multiply_add(a, b, c), expected = fmaf(a, b, c);
    if (same_float(got, expected)) return; /* the text below costs too much to make every time */
    trying("%a * %a + %a", (double)a, (double)b, (double)c);
    EXPECT_FLOAT(got, expected);
}

static float any_float(void) {
    const uint32_t bits = (uint32_t)draw_bits(&from);
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static void named_cases_are_rounded_once(void) {
    const float cases[][4] = {
        {0x1.000002p+0f, 0x1.fffffcp-25f, 1, 1}, /* under half a step by less than double holds: the fmaf of emcc 3.1.6 goes up */
        {0x1.000002p+0f, 0x1.fffffcp-25f, 0x1.000002p+0f, 0x1.000002p+0f}, /* so does double, where up is even */
        {0x1.0016a0p+0f, 0x1.ffd2c4p-25f, 1, 0x1.000002p+0f}, /* over half a step by as little: double goes down */
        {0x1.000002p+0f, 0x1.fffffep-25f, 1, 0x1.000002p+0f}, /* over half a step by more */
        {0x1.000002p+0f, 0x1.000002p+0f, -0x1.000004p+0f, 0x1p-46f}, /* what a product rounded first would lose */
        {3, -0x1.555556p-2f, 1, -0x1p-25f},
        {0x1p+100f, 0x1p+100f, 1, INFINITY},
        {0x1p+100f, 0x1p+27f, -0x1p+127f, 0},
        {0x1.fffffep+127f, 1, 0x1p+102f, 0x1.fffffep+127f}, /* under half a step above the largest */
        {0x1.fffffep+127f, 1, 0x1p+103f, INFINITY},         /* half a step */
        {0x1p-149f, 0.5f, 0, 0},                            /* half of the smallest goes to the even zero */
        {0x1p-149f, 0.5f, 0x1p-149f, 0x1p-148f},
        {0x1.8p-148f, 0.5f, 0, 0x1p-148f},
        {-0x1p-100f, 0x1p-100f, 0, -0.0f},
        {0x1p-149f, 0x1p-149f, 1, 1},
        {0x1p-149f, 0x1p-149f, -0x1p-149f, -0x1p-149f},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        trying("case %zu", i);
        EXPECT_FLOAT(multiply_add(cases[i][0], cases[i][1], cases[i][2]), cases[i][3]);
        expect_fused(cases[i][0], cases[i][1], cases[i][2]);
        expect_fused(cases[i][1], -cases[i][0], -cases[i][2]);
    }
}

static void zeros_have_the_sign_of_ieee(void) {
    EXPECT_FLOAT(multiply_add(0, 1, 0), 0);
    EXPECT_FLOAT(multiply_add(-0.0f, 1, 0), 0);
    EXPECT_FLOAT(multiply_add(-0.0f, 1, -0.0f), -0.0f);
    EXPECT_FLOAT(multiply_add(0, -1, -0.0f), -0.0f);
    EXPECT_FLOAT(multiply_add(1, 1, -1), 0);
    EXPECT_FLOAT(multiply_add(-1, 1, 1), 0);
}

static void infinities_and_nans_pass_through(void) {
    const float values[] = {INFINITY, -INFINITY, NAN, 0, -0.0f, 1, -1, 0x1.fffffep+127f, 0x1p-149f};
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++)
            for (int k = 0; k < 9; k++) expect_fused(values[i], values[j], values[k]);
}

static void any_bits_are_rounded_once(void) {
    for (int round = 0; round < ROUNDS; round++) expect_fused(any_float(), any_float(), any_float());
}

/* The addend is as large as the product or a good deal larger or smaller, as in a polynomial. */
static void factors_and_addends_of_like_size_are_rounded_once(void) {
    for (int round = 0; round < ROUNDS; round++) {
        const float a = draw_plain(&from), b = draw_plain(&from), c = draw_plain(&from);
        expect_fused(a, b, ldexpf(c, (int)draw_below(&from, 120) - 60));
    }
}

/* The exact result lies a hair beside the middle between two floats: product = half a step of the addend + or - a little. */
static void results_beside_a_tie_are_rounded_once(void) {
    for (int round = 0; round < ROUNDS; round++) {
        const int exponent = (int)draw_below(&from, 200) - 100;
        const float c = ldexpf(1 + (float)draw_below(&from, 1 << 23) * 0x1p-23f, exponent); /* its step is 2^(exponent - 23) */
        const float near_one = 1 + (float)draw_below(&from, 64) * 0x1p-23f;
        const float near_half_step = ldexpf(1 + ((float)draw_below(&from, 128) - 64) * 0x1p-24f, exponent - 24);
        const float odd = draw_below(&from, 2) ? 1 : 3; /* half a step, or one and a half */
        expect_fused(near_one * odd, draw_below(&from, 2) ? near_half_step : -near_half_step, draw_below(&from, 2) ? c : -c);
    }
}

static void denormal_results_are_rounded_once(void) {
    for (int round = 0; round < ROUNDS; round++) {
        const float a = ldexpf(draw_plain(&from), -70 - (int)draw_below(&from, 20));
        const float b = ldexpf(draw_plain(&from), -60 - (int)draw_below(&from, 10));
        const float c = ldexpf((float)draw_below(&from, 1 << 20), -149);
        expect_fused(a, b, draw_below(&from, 2) ? c : -c);
    }
}

static void results_about_the_largest_float_are_rounded_once(void) {
    for (int round = 0; round < ROUNDS / 4; round++) {
        const float a = ldexpf(1 + draw_plain(&from) * 0x1p-4f, 64), b = ldexpf(1 + draw_plain(&from) * 0x1p-4f, 63);
        expect_fused(a, b, ldexpf(draw_plain(&from), 99 + (int)draw_below(&from, 28)));
    }
}

int main(void) {
    RUN(named_cases_are_rounded_once);
    RUN(zeros_have_the_sign_of_ieee);
    RUN(infinities_and_nans_pass_through);
    RUN(any_bits_are_rounded_once);
    RUN(factors_and_addends_of_like_size_are_rounded_once);
    RUN(results_beside_a_tie_are_rounded_once);
    RUN(denormal_results_are_rounded_once);
    RUN(results_about_the_largest_float_are_rounded_once);
    return FINISH();
}
