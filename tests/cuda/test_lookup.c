/* The twins of lookup.c against the core. */
#include "device.h"

static inputs from = {1};

static void forward_copies_the_rows_bit_for_bit(void) {
    for (size_t i = 0; i < 4 * NUM_SHAPES; i++) {
        const shape *s = &SHAPES[i / 4];
        const size_t N = s->num_indices, V = s->num_embeddings, D = s->embedding_dim, offset = i % 4 * sizeof(float);
        float *weight = FLOATS(V * D, 0), *expected = FLOATS(N * D, 0);
        int32_t *indices = INT32S(N, 0);
        size_t position;
        trying_shape(s);
        draw_bytes(&from, weight, V * D * sizeof(float));
        fill_indices_of(&from, indices, s);
        embedding_forward(expected, &position, weight, indices, N, V, D);
        const float *device_weight = to_device_at(weight, V * D * sizeof(float), offset);
        float *output = DEVICE_FLOATS(N * D);
        uint64_t *result = DEVICE_WORD();
        EXPECT_QUEUED(embedding_forward_cuda(output, result, device_weight, ON_DEVICE(indices, N), N, V, D, stream));
        EXPECT_GOOD(result);
        EXPECT_DEVICE_BYTES(output, expected, N * D * sizeof(float));
        free_all();
    }
}

static void the_first_bad_index_is_reported_and_nothing_written_and_the_next_call_works(void) {
    const size_t N = 1000, V = 50, D = 8;
    float *weight = FLOATS(V * D, 0), *before = FLOATS(N * D, 0);
    int32_t *good = INT32S(N, 0);
    fill_plain(&from, weight, V * D);
    fill_indices(&from, good, N, V);
    const float *device_weight = ON_DEVICE(weight, V * D);
    for (size_t round = 0; round < 3; round++) {
        int32_t *indices = copy_of(good, N * sizeof *good);
        const size_t first = draw_below(&from, N - 1);
        indices[first] = round ? (int32_t)V : -1;
        for (size_t n = 0; n < 20; n++) indices[first + draw_below(&from, N - first)] = round == 2 ? INT32_MIN : (int32_t)V + 7;
        if (indices[first] >= 0 && indices[first] < (int32_t)V) indices[first] = -5;
        float *output = ON_DEVICE(before, N * D);
        uint64_t *result = DEVICE_WORD();
        EXPECT_QUEUED(embedding_forward_cuda(output, result, device_weight, ON_DEVICE(indices, N), N, V, D, stream));
        EXPECT_BAD(result, EMBEDDING_INDEX_OUT_OF_RANGE, first);
        EXPECT(strstr(embedding_message_cuda(), "embedding_result_cuda: index out of range"));
        EXPECT_DEVICE_BYTES(output, before, N * D * sizeof(float));
        EXPECT_QUEUED(embedding_forward_cuda(output, result, device_weight, ON_DEVICE(good, N), N, V, D, stream));
        EXPECT_GOOD(result);
    }
}

static void check_indices_agrees_with_the_core(void) {
    for (size_t N = 0; N < 400; N += 1 + N / 3) {
        int32_t *indices = INT32S(N, 0);
        fill_indices(&from, indices, N, 50);
        for (size_t bad = N % 3; bad > 0; bad--) indices[draw_below(&from, N)] = (int32_t)draw_bits(&from);
        size_t position = 0;
        const embedding_status status = embedding_check_indices(&position, indices, N, 50);
        const int32_t *device_indices = ON_DEVICE(indices, N);
        uint64_t *result = DEVICE_WORD();
        trying("%zu indices", N);
        EXPECT_QUEUED(embedding_check_indices_cuda(result, device_indices, N, 50, stream));
        EXPECT_BAD(result, status, position);
        free_all();
    }
}

static void narrow_indices_agrees_with_the_core(void) {
    for (size_t N = 1; N < 400; N += 1 + N / 2) {
        int64_t *indices = INT64S(N);
        int32_t *expected = INT32S(N, 0), *narrowed = ON_DEVICE(expected, N);
        for (size_t n = 0; n < N; n++) indices[n] = (int64_t)draw_below(&from, 50);
        const size_t at = draw_below(&from, N);
        if (N % 4 == 1) indices[at] = -1;
        if (N % 4 == 2) indices[at] |= (int64_t)1 << 32;
        if (N % 4 == 3) indices[at] = 50;
        size_t position = 0;
        const embedding_status status = embedding_narrow_indices(expected, &position, indices, N, 50);
        uint64_t *result = DEVICE_WORD();
        trying("%zu indices", N);
        EXPECT_QUEUED(embedding_narrow_indices_cuda(narrowed, result, ON_DEVICE(indices, N), N, 50, stream));
        EXPECT_BAD(result, status, position);
        EXPECT_DEVICE_BYTES(narrowed, expected, N * sizeof *expected);
        free_all();
    }
    int64_t *both = device_block(80, 0);
    EXPECT_EQUAL(embedding_narrow_indices_cuda((int32_t *)both, DEVICE_WORD(), both, 10, 50, stream), EMBEDDING_INVALID_ARGUMENT);
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(forward_copies_the_rows_bit_for_bit);
    RUN(the_first_bad_index_is_reported_and_nothing_written_and_the_next_call_works);
    RUN(check_indices_agrees_with_the_core);
    RUN(narrow_indices_agrees_with_the_core);
    return FINISH();
}
