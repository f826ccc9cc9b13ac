/* The twin of dequantize.c against the core. */
#include "device.h"

static inputs from = {8};

static void every_shape_agrees_bit_for_bit(void) {
    for (size_t i = 0; i < NUM_SHAPES; i++) {
        const shape *s = &SHAPES[i];
        const size_t V = s->num_embeddings, D = s->embedding_dim;
        int8_t *values = buffer(V * D, 0);
        float *scales = FLOATS(V, 0), *expected = FLOATS(V * D, 0), *output = DEVICE_FLOATS(V * D);
        trying_shape(s);
        draw_bytes(&from, values, V * D);
        fill_plain(&from, scales, V);
        embedding_dequantize(expected, values, scales, V, D);
        EXPECT_QUEUED(embedding_dequantize_cuda(output, ON_DEVICE(values, V * D), ON_DEVICE(scales, V), V, D, stream));
        EXPECT_DEVICE_FLOATS(output, expected, V * D);
        free_all();
    }
}

static void no_rows_and_no_elements_are_no_error(void) {
    EXPECT_QUEUED(embedding_dequantize_cuda(NULL, NULL, NULL, 0, 3, stream));
    EXPECT_QUEUED(embedding_dequantize_cuda(NULL, NULL, NULL, 3, 0, stream));
}

static void values_in_the_output_are_refused(void) {
    char *memory = device_block(16, 0);
    EXPECT_EQUAL(embedding_dequantize_cuda((float *)memory, (int8_t *)memory + 12, DEVICE_FLOATS(1), 1, 4, stream), EMBEDDING_INVALID_ARGUMENT);
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(every_shape_agrees_bit_for_bit);
    RUN(values_in_the_output_are_refused);
    RUN(no_rows_and_no_elements_are_no_error);
    return FINISH();
}
