/* Rows of int8 with a scale each. */
#include "embedding.h"
#include "test.h"

static inputs from = {32};

static void every_number_is_its_int8_times_the_scale_of_its_row(void) {
    for (size_t round = 0; round < 2000; round++) {
        const size_t V = draw_below(&from, 20), D = draw_below(&from, 40);
        int8_t *values = buffer(V * D, round % 4);
        float *scales = FLOATS(V, 1), *output = FLOATS(V * D, round % 4);
        draw_bytes(&from, values, V * D);
        fill_hard(&from, scales, V);
        embedding_dequantize(output, values, scales, V, D);
        trying("%zu rows of %zu", V, D);
        for (size_t n = 0; n < V * D; n++) EXPECT_FLOAT(output[n], (float)values[n] * scales[n / D]);

        float *in_place = FLOATS(V * D, 0);
        int8_t *last_quarter = (int8_t *)in_place + 3 * V * D;
        memcpy(last_quarter, values, V * D);
        embedding_dequantize(in_place, last_quarter, scales, V, D);
        EXPECT_FLOATS(in_place, output, V * D);
        free_buffers();
    }
}

int main(void) {
    RUN(every_number_is_its_int8_times_the_scale_of_its_row);
    return FINISH();
}
