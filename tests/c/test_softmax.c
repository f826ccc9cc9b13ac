/* Softmax, its logarithm, and the loss made of it. */
#include "ops/tensor.h"
#include "test.h"

static inputs from = {26};

#define STEP 1e-5 /* of central differences in double */

/* ---- In double ----------------------------------------------------------------------------------------------------- */

static double log_sum_in_double(const double *input, size_t size) {
    double largest = -(double)INFINITY, sum = 0;
    for (size_t k = 0; k < size; k++) largest = fmax(largest, input[k]);
    for (size_t k = 0; k < size; k++) sum += exp(input[k] - largest);
    return largest + log(sum);
}

/* The sum of g * softmax(x), or of g * log_softmax(x). */
static double weighted_sum(const double *input, const double *g, size_t size, int is_log) {
    const double log_sum = log_sum_in_double(input, size);
    double sum = 0;
    for (size_t k = 0; k < size; k++) sum += g[k] * (is_log ? input[k] - log_sum : exp(input[k] - log_sum));
    return sum;
}

static void expect_slice(const float *input, const float *output, const float *grad_output, const float *grad_input, size_t size,
                         size_t inner, int is_log) {
    double x[32] = {0}, g[32] = {0};
    for (size_t k = 0; k < size; k++) {
        x[k] = (double)input[k * inner];
        g[k] = (double)grad_output[k * inner];
    }
    const double log_sum = log_sum_in_double(x, size);
    for (size_t k = 0; k < size; k++) {
        EXPECT_NEAR(output[k * inner], is_log ? x[k] - log_sum : exp(x[k] - log_sum));
        const double middle = x[k];
        x[k] = middle + STEP;
        const double above = weighted_sum(x, g, size, is_log);
        x[k] = middle - STEP;
        const double below = weighted_sum(x, g, size, is_log);
        x[k] = middle;
        EXPECT_NEAR(grad_input[k * inner], (above - below) / (2 * STEP));
    }
}

static void values_and_gradients_are_near_those_in_double(void) {
    for (int round = 0; round < 3000; round++) {
        const size_t outer = draw_below(&from, 4), size = draw_below(&from, 33);
        const size_t inner = draw_below(&from, 3) ? 1 : draw_below(&from, 5), count = outer * size * inner;
        const int is_log = round % 2;
        float *input = FLOATS(count, 0), *output = FLOATS(count, 0);
        float *grad_output = FLOATS(count, 0), *grad_input = FLOATS(count, 0);
        fill_plain(&from, input, count);
        fill_plain(&from, grad_output, count);
        for (size_t i = 0; i < count && round % 5 == 0; i++) input[i] *= 10;
        trying("(%zu, %zu, %zu), logarithm %d", outer, size, inner, is_log);
        (is_log ? tensor_log_softmax : tensor_softmax)(output, input, outer, size, inner);
        (is_log ? tensor_log_softmax_backward : tensor_softmax_backward)(grad_input, grad_output, output, outer, size, inner);
        for (size_t i = 0; i < outer; i++)
            for (size_t j = 0; j < inner; j++) {
                const size_t at = i * size * inner + j;
                expect_slice(input + at, output + at, grad_output + at, grad_input + at, size, inner, is_log);
            }
        free_buffers();
    }
}

/* ---- Special values ------------------------------------------------------------------------------------------------- */

static void expect_softmax(const float *input, size_t size, const float *softmax, const float *log_softmax) {
    float output[8];
    tensor_softmax(output, input, 1, size, 1);
    for (size_t k = 0; k < size; k++) EXPECT_NEAR(output[k], (double)softmax[k]);
    tensor_log_softmax(output, input, 1, size, 1);
    for (size_t k = 0; k < size; k++) EXPECT_NEAR(output[k], (double)log_softmax[k]);
}

static void large_values_do_not_overflow(void) {
    const float half = -0x1.62e430p-1f;
    expect_softmax((float[]){1000, 1000}, 2, (float[]){0.5f, 0.5f}, (float[]){half, half});
    expect_softmax((float[]){-1000, -1000}, 2, (float[]){0.5f, 0.5f}, (float[]){half, half});
    expect_softmax((float[]){1000, 0, -1000}, 3, (float[]){1, 0, 0}, (float[]){0, -1000, -2000});
    expect_softmax((float[]){3e38f, 1, -3e38f}, 3, (float[]){1, 0, 0}, (float[]){0, -3e38f, -INFINITY});
    expect_softmax((float[]){-3e38f, -3e38f}, 2, (float[]){0.5f, 0.5f}, (float[]){half, half});
}

static void infinities_and_nans_are_those_of_pytorch(void) {
    const float nans[] = {NAN, NAN, NAN};
    expect_softmax((float[]){-INFINITY, 0}, 2, (float[]){0, 1}, (float[]){-INFINITY, 0});
    expect_softmax((float[]){0, -INFINITY}, 2, (float[]){1, 0}, (float[]){0, -INFINITY});
    expect_softmax((float[]){-INFINITY, -INFINITY}, 2, nans, nans);
    expect_softmax((float[]){NAN, 1, 2}, 3, nans, nans);
    expect_softmax((float[]){1, 2, NAN}, 3, nans, nans);
    expect_softmax((float[]){NAN, INFINITY, NAN}, 3, nans, nans);
    expect_softmax((float[]){INFINITY, 0}, 2, nans, (float[]){NAN, NAN});
    float output[1];
    tensor_softmax(output, (float[]){-5}, 1, 1, 1);
    EXPECT_FLOAT(output[0], 1);
    tensor_log_softmax(output, (float[]){-5}, 1, 1, 1);
    EXPECT(output[0] == 0);
}

static void a_probability_of_zero_gets_a_gradient_of_zero(void) {
    float output[2], grad_input[2];
    tensor_softmax(output, (float[]){-INFINITY, 0}, 1, 2, 1);
    tensor_softmax_backward(grad_input, (float[]){3, 4}, output, 1, 2, 1);
    EXPECT(grad_input[0] == 0 && grad_input[1] == 0);
    tensor_log_softmax(output, (float[]){-INFINITY, 0}, 1, 2, 1);
    tensor_log_softmax_backward(grad_input, (float[]){0, 4}, output, 1, 2, 1);
    EXPECT(grad_input[0] == 0 && grad_input[1] == 0);
}

/* The logarithm is not that of the rounded softmax. */
static void log_softmax_keeps_what_softmax_rounds_away(void) {
    float output[2];
    tensor_log_softmax(output, (float[]){0, 20}, 1, 2, 1);
    EXPECT_CLOSE((double)output[1], -2.0611536181902037e-9, TOLERANCE);
    tensor_log_softmax(output, (float[]){50, 0}, 1, 2, 1);
    EXPECT(fabs((double)output[0]) < 1e-7);
    EXPECT_FLOAT(output[1], -50);
}

static void an_empty_size_has_no_slices(void) {
    tensor_softmax(NULL, NULL, 0, 3, 1);
    tensor_softmax(NULL, NULL, 2, 0, 3);
    tensor_softmax(NULL, NULL, 2, 3, 0);
    tensor_log_softmax(NULL, NULL, 0, 3, 1);
    tensor_log_softmax(NULL, NULL, 2, 0, 3);
    tensor_softmax_backward(NULL, NULL, NULL, 2, 0, 3);
    tensor_log_softmax_backward(NULL, NULL, NULL, 2, 0, 3);
    tensor_softmax_backward(NULL, NULL, NULL, 2, 3, 0);
    tensor_log_softmax_backward(NULL, NULL, NULL, 0, 3, 2);
}

/* ---- The loss ------------------------------------------------------------------------------------------------------- */

static void nll_mean_averages_what_the_targets_choose(void) {
    const float log_probabilities[] = {-1, -2, -3, -4, -5, -6};
    EXPECT_FLOAT(tensor_nll_mean(log_probabilities, (int32_t[]){2, 0}, 2, 3), 3.5f);
    EXPECT_FLOAT(tensor_nll_mean(log_probabilities, (int32_t[]){0}, 1, 3), 1);
    EXPECT_FLOAT(tensor_nll_mean((float[]){-INFINITY, 0}, (int32_t[]){0}, 1, 2), INFINITY);
    EXPECT(isnan(tensor_nll_mean(NULL, NULL, 0, 3))); /* as the mean of nothing */
    float grad_input[6];
    tensor_nll_mean_backward(grad_input, 3, (int32_t[]){2, 0}, 2, 3);
    EXPECT_FLOATS(grad_input, ((float[]){0, 0, -1.5f, -1.5f, 0, 0}), 6);
    tensor_nll_mean_backward(NULL, 3, NULL, 0, 3);
}

static void the_loss_of_any_size_is_near_that_in_double(void) {
    for (int round = 0; round < 300; round++) {
        const size_t rows = 1 + draw_below(&from, 40), classes = 1 + draw_below(&from, 40);
        float *values = FLOATS(rows * classes, 0), *grad_input = FLOATS(rows * classes, 0);
        int32_t *targets = INT32S(rows, 0);
        const float g = draw_plain(&from);
        double sum = 0;
        fill_plain(&from, values, rows * classes);
        fill_indices(&from, targets, rows, classes);
        targets[rows / 2] = (int32_t)classes - 1;
        for (size_t i = 0; i < rows; i++) sum -= (double)values[i * classes + (size_t)targets[i]];
        EXPECT_NEAR(tensor_nll_mean(values, targets, rows, classes), sum / (double)rows);
        tensor_nll_mean_backward(grad_input, g, targets, rows, classes);
        for (size_t i = 0; i < rows * classes; i++)
            EXPECT_FLOAT(grad_input[i], (size_t)targets[i / classes] == i % classes ? -g / (float)rows : 0);
        free_buffers();
    }
}

int main(void) {
    RUN(values_and_gradients_are_near_those_in_double);
    RUN(large_values_do_not_overflow);
    RUN(infinities_and_nans_are_those_of_pytorch);
    RUN(a_probability_of_zero_gets_a_gradient_of_zero);
    RUN(log_softmax_keeps_what_softmax_rounds_away);
    RUN(an_empty_size_has_no_slices);
    RUN(nll_mean_averages_what_the_targets_choose);
    RUN(the_loss_of_any_size_is_near_that_in_double);
    return FINISH();
}
