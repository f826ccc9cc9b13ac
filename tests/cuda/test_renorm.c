/* The twin of renorm.c against the core. */
#include "device.h"

static inputs from = {2};

#define POWF_TOLERANCE 1e-6 /* CUDA's powf and libm's differ in their last bits */

static void compare(const shape *s, double max_norm, double norm_type, int is_hard) {
    const size_t N = s->num_indices, V = s->num_embeddings, D = s->embedding_dim;
    const int is_exact = norm_type == 2 || norm_type == 1 || norm_type == 0 || isinf(norm_type) || D == 1;
    float *weight = FLOATS(V * D, 0);
    int32_t *indices = INT32S(N, 0), *rescaled = INT32S(N, 0);
    uint64_t *visited = buffer(embedding_renorm_scratch(V), 0);
    size_t position, num_rescaled;
    trying("num_indices %zu, num_embeddings %zu, embedding_dim %zu, max_norm %g, norm_type %g", N, V, D, max_norm, norm_type);
    if (is_hard) fill_hard(&from, weight, V * D);
    else fill_plain(&from, weight, V * D);
    fill_indices_of(&from, indices, s);
    memset(visited, 0, embedding_renorm_scratch(V));
    float *device_weight = ON_DEVICE(weight, V * D);
    int32_t *device_rescaled = DEVICE_INT32S(N);
    uint64_t *device_num_rescaled = DEVICE_WORD(), *result = DEVICE_WORD();
    embedding_renorm(weight, rescaled, &num_rescaled, &position, indices, N, V, D, max_norm, norm_type, visited);
    EXPECT_QUEUED(embedding_renorm_cuda(device_weight, device_rescaled, device_num_rescaled, result, ON_DEVICE(indices, N), N, V, D, max_norm,
                                        norm_type, device_block(embedding_renorm_scratch_cuda(V), 0), stream));
    EXPECT_GOOD(result);
    if (is_exact) {
        EXPECT_DEVICE_FLOATS(device_weight, weight, V * D);
        EXPECT_EQUAL(word_of(device_num_rescaled), num_rescaled);
        EXPECT_DEVICE_BYTES(device_rescaled, rescaled, num_rescaled * sizeof *rescaled);
    } else {
        const float *got = to_host(device_weight, V * D * sizeof(float));
        for (size_t d = 0; d < V * D; d++) EXPECT_CLOSE((double)got[d], (double)weight[d], POWF_TOLERANCE);
    }
    free_all();
}

static void exact_norms_agree_bit_for_bit(void) {
    const double norm_types[] = {2, 1, 0, INFINITY, -INFINITY}, max_norms[] = {1.5, 0, 4};
    for (size_t i = 0; i < NUM_SHAPES; i++)
        for (size_t p = 0; p < 5; p++) compare(&SHAPES[i], max_norms[(i + p) % 3], norm_types[p], (i + p) % 2);
}

static void powers_agree_to_powf(void) {
    const double norm_types[] = {3, 0.5, -1, 2.5};
    for (size_t i = 0; i < NUM_SHAPES; i++) compare(&SHAPES[i], 1.5, norm_types[i % 4], 0);
}

static void nothing_is_rescaled_by_a_nan_or_an_infinite_max_norm(void) {
    compare(&SHAPES[5], NAN, 2, 0);
    compare(&SHAPES[5], INFINITY, 2, 1);
}

static void a_bad_index_leaves_every_array_as_it_was(void) {
    const size_t N = 100, V = 10, D = 20;
    float *weight = FLOATS(V * D, 0);
    int32_t *indices = INT32S(N, 0);
    const uint64_t before = 12345;
    fill_plain(&from, weight, V * D);
    fill_indices(&from, indices, N, V);
    indices[60] = (int32_t)V;
    float *device_weight = ON_DEVICE(weight, V * D);
    int32_t *rescaled = ON_DEVICE(indices, N);
    uint64_t *num_rescaled = ON_DEVICE(&before, 1), *result = DEVICE_WORD();
    EXPECT_QUEUED(embedding_renorm_cuda(device_weight, rescaled, num_rescaled, result, ON_DEVICE(indices, N), N, V, D, 0.5, 2,
                                        device_block(embedding_renorm_scratch_cuda(V), 0), stream));
    EXPECT_BAD(result, EMBEDDING_INDEX_OUT_OF_RANGE, 60);
    EXPECT_DEVICE_BYTES(device_weight, weight, V * D * sizeof(float));
    EXPECT_DEVICE_BYTES(rescaled, indices, N * sizeof *indices);
    EXPECT_EQUAL(word_of(num_rescaled), 12345);
}

static void the_rows_and_their_number_can_be_asked_for_apart(void) {
    const float weight[] = {3, 4, 1, 0, 6, 8};
    const int32_t indices[] = {2, 1, 0, 2}, expected[] = {0, 2};
    int32_t *rescaled = DEVICE_INT32S(2);
    uint64_t *num_rescaled = DEVICE_WORD(), *result = DEVICE_WORD();
    void *scratch = device_block(embedding_renorm_scratch_cuda(3), 0);
    EXPECT_QUEUED(embedding_renorm_cuda(ON_DEVICE(weight, 6), NULL, num_rescaled, result, ON_DEVICE(indices, 4), 4, 3, 2, 2, 2, scratch, stream));
    EXPECT_QUEUED(embedding_renorm_cuda(ON_DEVICE(weight, 6), rescaled, NULL, result, ON_DEVICE(indices, 4), 4, 3, 2, 2, 2, scratch, stream));
    EXPECT_EQUAL(word_of(num_rescaled), 2);
    EXPECT_DEVICE_BYTES(rescaled, expected, sizeof expected);
}

static void no_indices_rescale_nothing(void) {
    uint64_t *num_rescaled = DEVICE_WORD(), *result = DEVICE_WORD();
    EXPECT_QUEUED(embedding_renorm_cuda(NULL, NULL, num_rescaled, result, NULL, 0, 0, 0, 1, 2, NULL, stream));
    EXPECT_GOOD(result);
    EXPECT_EQUAL(word_of(num_rescaled), 0);
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(exact_norms_agree_bit_for_bit);
    RUN(powers_agree_to_powf);
    RUN(nothing_is_rescaled_by_a_nan_or_an_infinite_max_norm);
    RUN(a_bad_index_leaves_every_array_as_it_was);
    RUN(the_rows_and_their_number_can_be_asked_for_apart);
    RUN(no_indices_rescale_nothing);
    return FINISH();
}
