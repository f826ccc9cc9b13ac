/* The twins of nearest.c against the core. */
#include "device.h"

static inputs from = {6};

static void compare(size_t V, size_t D, size_t k, size_t num_exclude, embedding_metric metric, int has_norms, int kind) {
    float *weight = FLOATS(V * D, 0), *query = FLOATS(D, 0), *scores = FLOATS(V, 0);
    double *norms = buffer(V * sizeof(double), 0);
    int32_t *indices = INT32S(V, 0), *exclude = INT32S(num_exclude, 0);
    uint64_t *excluded = memset(buffer(embedding_nearest_scratch(V), 0), 0, embedding_nearest_scratch(V));
    size_t position, num_nearest;
    trying("num_embeddings %zu, embedding_dim %zu, k %zu, num_exclude %zu, metric %d, norms %d, kind %d", V, D, k, num_exclude, (int)metric,
           has_norms, kind);
    if (kind == 1) fill_hard(&from, weight, V * D);
    else fill_plain(&from, weight, V * D);
    for (size_t d = 0; d < V * D && kind == 2; d++) weight[d] = weight[d] > 0 ? 1.0f : -1.0f; /* many ties */
    fill_plain(&from, query, D);
    for (size_t d = 0; d < D && kind == 2; d++) query[d] = (float)(d % 3);
    fill_indices(&from, exclude, num_exclude, V ? V : 1);
    const float *device_weight = ON_DEVICE(weight, V * D);
    double *device_norms = device_block(V * sizeof(double), 0);
    int32_t *device_indices = DEVICE_INT32S(V);
    float *device_scores = DEVICE_FLOATS(V);
    uint64_t *device_num_nearest = DEVICE_WORD(), *result = DEVICE_WORD();
    embedding_row_norms(norms, weight, V, D);
    EXPECT_QUEUED(embedding_row_norms_cuda(device_norms, device_weight, V, D, stream));
    const double *got = to_host(device_norms, V * sizeof(double));
    for (size_t i = 0; i < V; i++) EXPECT(got[i] == norms[i] || (got[i] != got[i] && norms[i] != norms[i]));
    embedding_nearest(indices, scores, &num_nearest, &position, weight, has_norms ? norms : NULL, query, exclude, num_exclude, V, D, k, metric, excluded);
    EXPECT_QUEUED(embedding_nearest_cuda(device_indices, device_scores, device_num_nearest, result, device_weight, has_norms ? device_norms : NULL,
                                         ON_DEVICE(query, D), ON_DEVICE(exclude, num_exclude), num_exclude, V, D, k, metric,
                                         device_block(embedding_nearest_scratch_cuda(V), 0), stream));
    EXPECT_GOOD(result);
    EXPECT_EQUAL(word_of(device_num_nearest), num_nearest);
    EXPECT_DEVICE_BYTES(device_indices, indices, num_nearest * sizeof *indices);
    EXPECT_DEVICE_FLOATS(device_scores, scores, num_nearest);
    free_all();
}

static void the_nearest_rows_and_scores_agree_bit_for_bit(void) {
    const size_t sizes[][2] = {{1, 1}, {40, 3}, {33, 16}, {200, 17}, {100, 50}};
    for (size_t round = 0; round < 45; round++) {
        const size_t V = sizes[round % 5][0], D = sizes[round % 5][1];
        compare(V, D, 1 + draw_below(&from, 2 * V), round % 4 ? draw_below(&from, V) : 0, (embedding_metric)(round % 3), round % 2, (int)(round / 5 % 3));
    }
}

/* Scratch is cut in steps of 256 bytes: the bits of 2,048 rows fill one, and the count of exclusions stands behind it. */
static void the_count_of_exclusions_has_a_place_of_its_own(void) { compare(2048, 1, 2048, 3, EMBEDDING_DOT, 0, 0); }

static void no_rows_no_elements_and_no_k_are_allowed(void) {
    compare(0, 5, 3, 0, EMBEDDING_DOT, 0, 0);
    compare(7, 5, 0, 2, EMBEDDING_COSINE, 0, 0);
    for (int metric = 0; metric < 3; metric++) compare(7, 0, 3, 2, (embedding_metric)metric, 0, 0);
}

/* A negative cosine that rounds to -0 ties with 0. */
static void zeros_of_either_sign_tie(void) {
    const float weight[] = {-1e-40f, 1e18f, 0, 1, 1e-40f, 1e18f}, query[] = {1, 0};
    const int32_t expected[] = {0, 1, 2};
    int32_t *indices = DEVICE_INT32S(3);
    EXPECT_QUEUED(embedding_nearest_cuda(indices, DEVICE_FLOATS(3), DEVICE_WORD(), DEVICE_WORD(), ON_DEVICE(weight, 6), NULL, ON_DEVICE(query, 2), NULL,
                                         0, 3, 2, 3, EMBEDDING_COSINE, device_block(embedding_nearest_scratch_cuda(3), 0), stream));
    EXPECT_DEVICE_BYTES(indices, expected, sizeof expected);
}

static void a_bad_exclusion_is_reported_and_nothing_written(void) {
    const float weight[] = {1, 2, 3}, query[] = {1}, before[] = {7, 8};
    const int32_t exclude[] = {0, 3}, indices_before[] = {5, 6};
    const uint64_t count = 9;
    int32_t *indices = ON_DEVICE(indices_before, 2);
    float *scores = ON_DEVICE(before, 2);
    uint64_t *num_nearest = ON_DEVICE(&count, 1), *result = DEVICE_WORD();
    EXPECT_QUEUED(embedding_nearest_cuda(indices, scores, num_nearest, result, ON_DEVICE(weight, 3), NULL, ON_DEVICE(query, 1), ON_DEVICE(exclude, 2), 2,
                                         3, 1, 2, EMBEDDING_DOT, device_block(embedding_nearest_scratch_cuda(3), 0), stream));
    EXPECT_BAD(result, EMBEDDING_INDEX_OUT_OF_RANGE, 1);
    EXPECT_DEVICE_BYTES(indices, indices_before, sizeof indices_before);
    EXPECT_DEVICE_BYTES(scores, before, sizeof before);
    EXPECT_EQUAL(word_of(num_nearest), 9);
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(the_nearest_rows_and_scores_agree_bit_for_bit);
    RUN(the_count_of_exclusions_has_a_place_of_its_own);
    RUN(no_rows_no_elements_and_no_k_are_allowed);
    RUN(zeros_of_either_sign_tie);
    RUN(a_bad_exclusion_is_reported_and_nothing_written);
    return FINISH();
}
