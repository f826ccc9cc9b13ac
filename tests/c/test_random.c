/* PyTorch's generator. */
#include "embedding.h"
#include "test.h"

static inputs from = {4};

/* ---- The engine ---------------------------------------------------------------------------------------------------- */

static void uniforms_are_the_low_24_bits_of_the_twister(void) {
    const struct {
        uint64_t seed;
        uint32_t words[5];
    } cases[] = {
        {0, {2357136044, 2546248239, 3071714933, 3626093760, 2588848963}},
        {1, {1791095845, 4282876139, 3093770124, 4005303368, 491263}},
        {42, {1608637542, 3421126067, 4083286876, 787846414, 3143890026}},
        {5489, {3499211612, 581869302, 3890346734, 3586334585, 545404204}},
    };
    for (size_t i = 0; i < 4; i++) {
        embedding_random random;
        float uniforms[5];
        embedding_random_seed(&random, cases[i].seed);
        embedding_random_uniform(uniforms, &random, 5);
        for (int n = 0; n < 5; n++) {
            trying("seed %d, draw %d", (int)cases[i].seed, n);
            EXPECT_FLOAT(uniforms[n], (float)(cases[i].words[n] & 0xffffff) / 0x1p24f);
        }
    }
}

static void the_ten_thousandth_word_of_the_default_seed_is_the_published_one(void) {
    embedding_random random;
    float uniforms[10000];
    embedding_random_seed(&random, 5489);
    embedding_random_uniform(uniforms, &random, 10000);
    EXPECT_FLOAT(uniforms[9999], (float)(4123659995 & 0xffffff) / 0x1p24f);
}

static void uniforms_of_seed_0_are_those_of_torch_rand(void) {
    embedding_random random;
    float uniforms[3];
    embedding_random_seed(&random, 0);
    embedding_random_uniform(uniforms, &random, 3);
    EXPECT_FLOAT(uniforms[0], 0.49625658988952637f);
    EXPECT_FLOAT(uniforms[1], 0.76822179555892944f);
    EXPECT_FLOAT(uniforms[2], 0.088477432727813721f);
}

static void only_the_low_32_bits_of_a_seed_count(void) {
    const uint64_t seeds[][2] = {{5, 5 + ((uint64_t)1 << 32)}, {UINT64_MAX, UINT32_MAX}, {67280421310721, 4053586177}};
    for (int i = 0; i < 3; i++) {
        embedding_random a, b;
        float as[700], bs[700];
        embedding_random_seed(&a, seeds[i][0]);
        embedding_random_seed(&b, seeds[i][1]);
        embedding_random_uniform(as, &a, 700);
        embedding_random_uniform(bs, &b, 700);
        EXPECT_BYTES(as, bs, sizeof as);
    }
}

static void uniforms_drawn_in_pieces_are_those_drawn_at_once(void) {
    embedding_random whole, pieces;
    float at_once[3000], piecewise[3000];
    embedding_random_seed(&whole, 7);
    embedding_random_seed(&pieces, 7);
    embedding_random_uniform(at_once, &whole, 3000);
    for (size_t n = 0; n < 3000;) {
        const size_t left = 3000 - n, drawn = draw_below(&from, 70), count = drawn < left ? drawn : left;
        float *piece = FLOATS(count, n % 4);
        embedding_random_uniform(piece, &pieces, count);
        if (count) memcpy(piecewise + n, piece, count * sizeof(float));
        n += count;
        free_buffers();
    }
    EXPECT_BYTES(piecewise, at_once, sizeof at_once);
    for (int n = 0; n < 3000; n++) EXPECT(at_once[n] >= 0 && at_once[n] < 1);
}

static void a_copy_of_the_generator_draws_the_same(void) {
    embedding_random random, saved;
    float first[21], again[21];
    embedding_random_seed(&random, 3);
    embedding_random_normal(first, &random, 3, 0, 1); /* leaves a normal in the cache */
    saved = random;
    embedding_random_normal(first, &random, 5, 0, 1);
    embedding_random_normal(first + 5, &random, 16, 0, 1);
    embedding_random_normal(again, &saved, 5, 0, 1);
    embedding_random_normal(again + 5, &saved, 16, 0, 1);
    EXPECT_BYTES(again, first, sizeof first);
}

/* ---- Normals, values ----------------------------------------------------------------------------------------------- */

static void expect_normals(uint64_t seed, const float *expected, size_t count) {
    embedding_random random;
    float *normals = FLOATS(count, 0);
    trying("seed %d, %zu normals", (int)seed, count);
    embedding_random_seed(&random, seed);
    embedding_random_normal(normals, &random, count, 0, 1);
    EXPECT_FLOATS(normals, expected, count);
}

static void six_normals_have_the_bits_that_pytorch_draws(void) {
    expect_normals(0, (float[]){
        0x1.8a7eb8p+0f, -0x1.2c78a0p-2f, -0x1.16e292p+1f, 0x1.23096cp-1f, -0x1.15a342p+0f, -0x1.660a5ap+0f
    }, 6);
    expect_normals(1, (float[]){
        0x1.529cc0p-1f, 0x1.11548ep-2f, 0x1.f94296p-5f, 0x1.3e1d4ep-1f, -0x1.cec070p-2f, -0x1.543c16p-3f
    }, 6);
    expect_normals(42, (float[]){
        0x1.58c55cp-2f, 0x1.07cd3ap-3f, 0x1.e02dcep-3f, 0x1.d7b8d8p-3f, -0x1.1f7384p+0f, -0x1.7d99b0p-3f
    }, 6);
}

static void sixteen_normals_have_the_bits_that_pytorch_draws(void) {
    expect_normals(0, (float[]){
        -1.12583983f, -1.1523602f, -0.250578582f, -0.433878809f, 0.848710358f, 0.692009151f, -0.31601277f, -2.11521935f,
        0.322274923f, -1.26333475f, 0.349983186f, 0.30813393f, 0.119841509f, 1.2376579f, 1.11677718f, -0.247278154f
    }, 16);
    expect_normals(1, (float[]){
        -1.5255959f, -0.750231802f, -0.653980911f, -1.60948479f, -0.100167178f, -0.609188914f, -0.97977227f, -1.60909629f,
        -0.712144613f, 0.303721994f, -0.777314305f, -0.251455247f, -0.222270489f, 1.6871134f, 0.228425175f, 0.467635512f
    }, 16);
    expect_normals(42, (float[]){
        1.92691529f, 1.48728406f, 0.900717199f, -2.10552096f, 0.678418458f, -1.23454487f, -0.0430674776f, -1.60466695f,
        -0.752135277f, 1.64872301f, -0.392478645f, -1.40360713f, -0.727881312f, -0.559430182f, -0.768838882f, 0.76244539f
    }, 16);
}

static void twenty_normals_have_the_bits_that_pytorch_draws(void) {
    expect_normals(0, (float[]){
        -1.12583983f, -1.1523602f, -0.250578582f, -0.433878809f, 0.598839462f, -1.55509508f, -0.34136039f, 1.85300612f,
        0.468096405f, -0.157712445f, 1.44366014f, 0.266049415f, 1.38936615f, 1.58633423f, 0.946298361f, -0.843676746f,
        0.931826591f, 1.25900924f, 2.00498056f, 0.0537369028f
    }, 20);
    expect_normals(1, (float[]){
        -1.5255959f, -0.750231802f, -0.653980911f, -1.60948479f, 0.865692377f, 0.244403899f, -0.662911355f, 0.807308257f,
        0.439141572f, 1.17120075f, 1.76742733f, -0.095361881f, 0.061155282f, -0.617744446f, -0.798069835f, -0.131623209f,
        -0.798439801f, 0.335730523f, 0.275333524f, 1.71630263f
    }, 20);
    embedding_random random;
    float normals[20], uniform;
    embedding_random_seed(&random, 0);
    embedding_random_normal(normals, &random, 20, 0, 1);
    embedding_random_uniform(&uniform, &random, 1);
    EXPECT_FLOAT(uniform, 0.20812976360321045f);
}

/* ---- Normals, how they are drawn ----------------------------------------------------------------------------------- */

/* The fused-operation map of the blocks of 16, with the C library's fmaf. */
static void block_of_normals(float *block, float mean, float std) {
    const float log_polynomial[9] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                                     -1.6668057665e-1f, 2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
    for (int i = 0; i < 8; i++) {
        int exponent;
        const float mantissa = frexpf(1 - block[i], &exponent);
        const int is_small = mantissa < sqrtf(0.5f);
        float x = is_small ? (mantissa - 1) + mantissa : mantissa - 1, z = x * x, y = log_polynomial[0];
        const float e = (float)(exponent - is_small);
        for (int k = 1; k < 9; k++) y = fmaf(y, x, log_polynomial[k]);
        y = fmaf(-z, 0.5f, fmaf(y * x, z, e * -2.12194440e-4f));
        const float radius = sqrtf(-2 * fmaf(e, 0.693359375f, x + y)), angle = 6.2831853071795864f * block[i + 8];

        const int octant = ((int)(angle * 1.27323954473516f) + 1) / 2 * 2;
        x = fmaf((float)octant, -0.78515625f, angle);
        x = fmaf((float)octant, -2.4187564849853515625e-4f, x);
        x = fmaf((float)octant, -3.77489497744594108e-8f, x);
        z = x * x;
        const float c = fmaf(fmaf(2.443315711809948e-5f, z, -1.388731625493765e-3f), z, 4.166664568298827e-2f) * z;
        const float s = fmaf(fmaf(-1.9515295891e-4f, z, 8.3321608736e-3f), z, -1.6666654611e-1f) * z;
        const float cosine = fmaf(c, z, -(z * 0.5f)) + 1, sine = fmaf(s, x, x);
        const float sines[4] = {sine, cosine, -sine, -cosine}, cosines[4] = {cosine, -sine, -cosine, sine};
        block[i] = fmaf(radius * cosines[octant / 2 % 4], std, mean);
        block[i + 8] = fmaf(radius * sines[octant / 2 % 4], std, mean);
    }
}

static void normals_from_16_up_are_the_fused_map_of_uniforms(void) {
    const double means[] = {0, 0.5, 0.7, -1e-3, 1e30}, stds[] = {1, 2, 3.3, 1e-4, 1e38, 0};
    for (size_t round = 0; round < 400; round++) {
        const size_t size = round < 200 ? 16 + round : 16 + draw_below(&from, 5000), whole = size / 16 * 16;
        const double mean = means[round % 5], std = stds[round % 6];
        trying("%zu normals, mean %g, std %g", size, mean, std);
        embedding_random random, reference;
        embedding_random_seed(&random, round);
        reference = random;
        float *normals = FLOATS(size, round % 4), *expected = FLOATS(size, 0), next[2];
        embedding_random_normal(normals, &random, size, mean, std);
        embedding_random_uniform(expected, &reference, size);
        for (size_t start = 0; start < whole; start += 16) block_of_normals(expected + start, (float)mean, (float)std);
        if (size > whole) {
            embedding_random_uniform(expected + size - 16, &reference, 16);
            block_of_normals(expected + size - 16, (float)mean, (float)std);
        }
        EXPECT_FLOATS(normals, expected, size);
        embedding_random_uniform(next, &random, 1);
        embedding_random_uniform(next + 1, &reference, 1);
        EXPECT_FLOAT(next[0], next[1]); /* as many words were used up */
        free_buffers();
    }
}

static void normals_from_16_up_are_close_to_box_and_muller_in_double(void) {
    embedding_random random, reference;
    embedding_random_seed(&random, 11);
    reference = random;
    float normals[16];
    double uniforms[16];
    for (int round = 0; round < 4000; round++) {
        float drawn[16];
        embedding_random_normal(normals, &random, 16, 0, 1);
        embedding_random_uniform(drawn, &reference, 16);
        for (int i = 0; i < 16; i++) uniforms[i] = (double)drawn[i];
        for (int i = 0; i < 8; i++) {
            const double radius = sqrt(-2 * log(1 - uniforms[i])), angle = 6.283185307179586 * uniforms[i + 8];
            EXPECT(fabs((double)normals[i] - radius * cos(angle)) < 2.1e-6);
            EXPECT(fabs((double)normals[i + 8] - radius * sin(angle)) < 2.1e-6);
        }
    }
}

/* Drawing until a uniform is 0 takes 2^24 tries, so the generator is set instead: with equal words it draws equal uniforms. */
static void normals_of_the_outermost_uniforms_are_finite(void) {
    embedding_random random;
    embedding_random_seed(&random, 0);
    float normals[16], uniform;
    memset(random.words, 0, sizeof random.words);
    random.next = 0;
    embedding_random_uniform(&uniform, &random, 1);
    EXPECT_FLOAT(uniform, 0);
    embedding_random_normal(normals, &random, 16, 0, 1);
    for (int i = 0; i < 16; i++) EXPECT(normals[i] == 0); /* radius 0 */
    embedding_random_normal(normals, &random, 2, 0, 1);
    for (int i = 0; i < 2; i++) EXPECT(normals[i] == 0);
    for (uint32_t word = 0; random.words[0] == 0; word++) { /* the word whose tempered low bits are all ones */
        uint32_t y = word;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        y ^= y >> 18;
        if ((y & 0xffffff) == 0xffffff)
            for (int j = 0; j < 624; j++) random.words[j] = word;
    }
    random.next = 0;
    embedding_random_uniform(&uniform, &random, 1);
    EXPECT_FLOAT(uniform, 1 - 0x1p-24f);
    embedding_random_normal(normals, &random, 16, 0, 1);
    EXPECT_CLOSE((double)normals[0], sqrt(-2 * log(0x1p-24)), 1e-6);
    EXPECT(fabs((double)normals[8]) < 1e-5);
}

static void below_16_normals_come_in_pairs_and_the_second_waits(void) {
    for (uint64_t seed = 0; seed < 20; seed++)
        for (size_t size = 0; size < 16; size++) {
            trying("seed %d, %zu normals", (int)seed, size);
            embedding_random whole, pieces;
            embedding_random_seed(&whole, seed);
            embedding_random_seed(&pieces, seed);
            float *at_once = FLOATS(size, size % 4), one;
            embedding_random_normal(at_once, &whole, size, 0, 1);
            for (size_t n = 0; n < size; n++) {
                embedding_random_normal(&one, &pieces, 1, 0, 1);
                EXPECT_FLOAT(one, at_once[n]);
            }
            EXPECT_EQUAL(whole.has_cached_normal, size % 2);
            EXPECT_EQUAL(whole.next, pieces.next);
            free_buffers();
        }
}

static void the_waiting_normal_outlives_blocks_and_uniforms(void) {
    embedding_random random;
    float pair[2], block[40], normal;
    embedding_random_seed(&random, 9);
    embedding_random_normal(pair, &random, 2, 0, 1);
    embedding_random_seed(&random, 9);
    embedding_random_normal(&normal, &random, 1, 0, 1);
    embedding_random_normal(block, &random, 40, 0, 1);
    embedding_random_uniform(block, &random, 7);
    embedding_random_normal(&normal, &random, 0, 0, 1);
    embedding_random_normal(&normal, &random, 1, 5, 3);
    EXPECT_CLOSE((double)normal, (double)pair[1] * 3 + 5, 1e-6); /* with the mean and std of the later call */
}

static void seeding_forgets_the_waiting_normal(void) {
    embedding_random random, fresh;
    float a[2], b[2];
    embedding_random_seed(&random, 9);
    embedding_random_normal(a, &random, 1, 0, 1);
    EXPECT_EQUAL(random.has_cached_normal, 1);
    embedding_random_seed(&random, 10);
    embedding_random_seed(&fresh, 10);
    EXPECT_EQUAL(random.has_cached_normal, 0);
    embedding_random_normal(a, &random, 2, 0, 1);
    embedding_random_normal(b, &fresh, 2, 0, 1);
    EXPECT_BYTES(a, b, sizeof a);
}

static void below_16_mean_and_std_apply_in_double(void) {
    embedding_random random;
    embedding_random_seed(&random, 0);
    float normal;
    embedding_random_normal(&normal, &random, 1, 0.1, 1e-3);
    EXPECT_FLOAT(normal, (float)(1.5409961082440433 * 1e-3 + 0.1));
    embedding_random_normal(&normal, &random, 1, 1e9, 1.0);
    EXPECT_FLOAT(normal, (float)(-0.2934289057609464 + 1e9));
}

static void a_normal_uses_as_many_words_as_pytorch(void) {
    for (size_t size = 0; size <= 70; size++) {
        const size_t words = size < 16 ? (size + 1) / 2 * 4 : size + (size % 16 ? 16 : 0);
        trying("%zu normals", size);
        embedding_random random, skipping;
        embedding_random_seed(&random, 1);
        skipping = random;
        float *normals = FLOATS(size, 0), skipped[100];
        embedding_random_normal(normals, &random, size, 0, 1);
        embedding_random_uniform(skipped, &skipping, words);
        if (size == 0) EXPECT_EQUAL(random.next, 624); /* not even the first twist */
        embedding_random_uniform(skipped, &random, 1);
        embedding_random_uniform(skipped + 1, &skipping, 1);
        EXPECT_FLOAT(skipped[0], skipped[1]);
        free_buffers();
    }
}

static void drawing_nothing_takes_null(void) {
    embedding_random random, before;
    embedding_random_seed(&random, 1);
    memcpy(&before, &random, sizeof random);
    embedding_random_uniform(NULL, &random, 0);
    embedding_random_normal(NULL, &random, 0, 0, 1);
    EXPECT_BYTES(&random, &before, sizeof random);
}

int main(void) {
    RUN(uniforms_are_the_low_24_bits_of_the_twister);
    RUN(the_ten_thousandth_word_of_the_default_seed_is_the_published_one);
    RUN(uniforms_of_seed_0_are_those_of_torch_rand);
    RUN(only_the_low_32_bits_of_a_seed_count);
    RUN(uniforms_drawn_in_pieces_are_those_drawn_at_once);
    RUN(a_copy_of_the_generator_draws_the_same);
    RUN(six_normals_have_the_bits_that_pytorch_draws);
    RUN(sixteen_normals_have_the_bits_that_pytorch_draws);
    RUN(twenty_normals_have_the_bits_that_pytorch_draws);
    RUN(normals_from_16_up_are_the_fused_map_of_uniforms);
    RUN(normals_from_16_up_are_close_to_box_and_muller_in_double);
    RUN(normals_of_the_outermost_uniforms_are_finite);
    RUN(below_16_normals_come_in_pairs_and_the_second_waits);
    RUN(the_waiting_normal_outlives_blocks_and_uniforms);
    RUN(seeding_forgets_the_waiting_normal);
    RUN(below_16_mean_and_std_apply_in_double);
    RUN(a_normal_uses_as_many_words_as_pytorch);
    RUN(drawing_nothing_takes_null);
    return FINISH();
}
