/* Nearest rows. */
#include "embedding.h"
#include "reference.h"
#include "test.h"

static inputs from = {31};

static const embedding_metric METRICS[] = {EMBEDDING_COSINE, EMBEDDING_DOT, EMBEDDING_EUCLIDEAN};

/* A call on its own buffers, the scratch in order afterwards. */
typedef struct {
    int32_t *indices;
    float *scores;
    size_t count;
} found;

static found nearest(const float *weight, const double *norms, const float *query, const int32_t *exclude, size_t num_exclude, size_t V,
                     size_t D, size_t k, embedding_metric metric) {
    const size_t room = k < V ? k : V;
    found result = {INT32S(room, 1), FLOATS(room, 1), 77};
    uint64_t *excluded = buffer(embedding_nearest_scratch(V), 0);
    memset(excluded, 0, embedding_nearest_scratch(V));
    size_t position = 77;
    EXPECT_EQUAL(embedding_nearest(result.indices, result.scores, &result.count, &position, weight, norms, query, exclude, num_exclude, V, D,
                                   k, metric, num_exclude ? excluded : NULL),
                 EMBEDDING_OK);
    EXPECT_EQUAL(position, 77);
    for (size_t word = 0; word < (V + 63) / 64; word++) EXPECT_EQUAL(excluded[word], 0);
    return result;
}

static void expect_nearest(const float *weight, const float *query, const int32_t *exclude, size_t num_exclude, size_t V, size_t D, size_t k,
                           embedding_metric metric) {
    const size_t room = k < V ? k : V;
    double *norms = buffer(V * sizeof(double), 0);
    embedding_row_norms(norms, weight, V, D);
    uint8_t *is_left = buffer(V, 0);
    memset(is_left, 1, V);
    for (size_t n = 0; n < num_exclude; n++) is_left[exclude[n]] = 0;
    int32_t *indices = INT32S(room, 0);
    float *scores = FLOATS(room, 0);
    const size_t count = reference_nearest(indices, scores, weight, query, is_left, V, D, k, metric);
    const double *given[] = {norms, NULL};
    for (size_t i = 0; i < 2; i++) {
        const found result = nearest(weight, given[i], query, exclude, num_exclude, V, D, k, metric);
        EXPECT_EQUAL(result.count, count);
        for (size_t n = 0; n < count; n++) EXPECT_EQUAL(result.indices[n], indices[n]);
        EXPECT_FLOATS(result.scores, scores, count);
    }
}

static void the_nearest_rows_are_those_of_a_plain_scan(void) {
    for (size_t round = 0; round < 3000; round++) {
        const size_t V = draw_below(&from, round % 8 ? 90 : 400), D = row_length(draw_below(&from, 70)), k = draw_below(&from, V + 4);
        const size_t num_exclude = round % 3 ? 0 : draw_below(&from, V + 1);
        float *weight = FLOATS(V * D, round % 4), *query = FLOATS(D, round / 4 % 4);
        int32_t *exclude = INT32S(num_exclude, 0);
        fill_indices(&from, exclude, num_exclude, V);
        fill_plain(&from, query, D);
        if (round % 5) fill_plain(&from, weight, V * D);
        else fill_hard(&from, weight, V * D);
        for (size_t copies = round % 4 && V ? V / 3 : 0; copies > 0; copies--) /* ties */
            memcpy(weight + draw_below(&from, V) * D, weight + draw_below(&from, V) * D, D * sizeof(float));
        trying("%zu of %zu rows of %zu, %zu excluded, round %zu", k, V, D, num_exclude, round);
        expect_nearest(weight, query, exclude, num_exclude, V, D, k, METRICS[round % 3]);
        free_buffers();
    }
}

/* Whole numbers: every score but a cosine is exact, so ties are real. */
static void ties_go_to_the_lower_row(void) {
    for (size_t round = 0; round < 600; round++) {
        const size_t V = 1 + draw_below(&from, 300), D = 1 + draw_below(&from, 3), k = draw_below(&from, V + 1);
        float *weight = FLOATS(V * D, 0), *query = FLOATS(D, 0);
        for (size_t i = 0; i < V * D; i++) weight[i] = (float)draw_below(&from, 4) - 1;
        for (size_t d = 0; d < D; d++) query[d] = (float)draw_below(&from, 4) - 1;
        trying("%zu of %zu rows of %zu, round %zu", k, V, D, round);
        expect_nearest(weight, query, NULL, 0, V, D, k, METRICS[round % 3]);
        const found result = nearest(weight, NULL, query, NULL, 0, V, D, k, METRICS[round % 3]);
        for (size_t n = 1; n < result.count; n++)
            if (same_float(result.scores[n - 1], result.scores[n])) EXPECT(result.indices[n - 1] < result.indices[n]);
        free_buffers();
    }
}

static void a_row_has_cosine_1_with_itself_and_none_is_beyond(void) {
    for (size_t round = 0; round < 2000; round++) {
        const size_t D = 1 + draw_below(&from, 40);
        float *weight = FLOATS(3 * D, 0);
        fill_plain(&from, weight, D);
        for (size_t d = 0; d < D; d++) weight[D + d] = weight[d] * 3, weight[2 * D + d] = -weight[d] / 7;
        const found result = nearest(weight, NULL, weight, NULL, 0, 3, D, 3, EMBEDDING_COSINE);
        EXPECT_EQUAL(result.indices[0], 0);
        EXPECT_FLOAT(result.scores[0], 1);
        EXPECT(result.scores[1] <= 1 && result.scores[1] > 0.999999f && result.scores[2] >= -1 && result.scores[2] < -0.999999f);
        free_buffers();
    }
}

static void rows_without_a_score_come_last(void) {
    const float weight[][2] = {{0, 0}, {-1, -1}, {NAN, 1}, {1e25f, 0}, {1e-25f, 0}, {INFINITY, 0}, {1, 0}};
    const float query[] = {1, 1};
    const int32_t orders[][7] = {{6, 1, 0, 2, 3, 4, 5}, {5, 3, 6, 4, 0, 1, 2}, {6, 0, 4, 1, 3, 5, 2}};
    for (size_t i = 0; i < 3; i++) {
        trying("metric %zu", i);
        const found result = nearest(*weight, NULL, query, NULL, 0, 7, 2, 7, METRICS[i]);
        for (size_t n = 0; n < 7; n++) EXPECT_EQUAL(result.indices[n], orders[i][n]);
        EXPECT(isnan(result.scores[6]));
        EXPECT_EQUAL(isnan(result.scores[2]), METRICS[i] == EMBEDDING_COSINE);
    }
    const float zero[] = {0, 0};
    const found result = nearest(*weight, NULL, zero, NULL, 0, 7, 2, 3, EMBEDDING_COSINE);
    for (size_t n = 0; n < 3; n++) EXPECT(result.indices[n] == (int32_t)n && isnan(result.scores[n]));
}

static void a_bad_index_among_the_excluded_changes_nothing(void) {
    const int32_t exclude[] = {1, 0, 4, 9};
    const float weight[8] = {0}, query[2] = {0};
    int32_t index = 5;
    float score = 6;
    size_t count = 7, position = 8;
    uint64_t excluded = 0;
    EXPECT_EQUAL(embedding_nearest(&index, &score, &count, &position, weight, NULL, query, exclude, 4, 4, 2, 1, EMBEDDING_DOT, &excluded),
                 EMBEDDING_INDEX_OUT_OF_RANGE);
    EXPECT_EQUAL(position, 2);
    EXPECT(index == 5 && score == 6 && count == 7 && excluded == 0);
}

static void empty_tables_rows_and_answers_are_allowed(void) {
    const float weight[8] = {0}, query[2] = {1, 1};
    const int32_t all[] = {0, 1, 2, 3};
    EXPECT_EQUAL(nearest(NULL, NULL, query, NULL, 0, 0, 2, 5, EMBEDDING_COSINE).count, 0);
    EXPECT_EQUAL(nearest(weight, NULL, query, NULL, 0, 4, 2, 0, EMBEDDING_COSINE).count, 0);
    EXPECT_EQUAL(nearest(weight, NULL, query, all, 4, 4, 2, 3, EMBEDDING_DOT).count, 0);
    for (size_t i = 0; i < 3; i++) {
        const found result = nearest(NULL, NULL, NULL, all, 1, 3, 0, 5, METRICS[i]);
        EXPECT_EQUAL(result.count, 2);
        EXPECT(result.indices[0] == 1 && result.indices[1] == 2);
        EXPECT_FLOAT(result.scores[0], METRICS[i] == EMBEDDING_COSINE ? NAN : 0);
    }
}

static void norms_are_roots_in_double(void) {
    for (size_t i = 0; i < ROW_LENGTHS; i++) {
        const size_t D = row_length(i);
        float *weight = FLOATS(3 * D, i % 4);
        double norms[3];
        fill_plain(&from, weight, 3 * D);
        embedding_row_norms(norms, weight, 3, D);
        for (size_t n = 0; n < 3; n++) EXPECT(norms[n] == sqrt((double)reference_dot(weight + n * D, weight + n * D, D)));
        free_buffers();
    }
}

int main(void) {
    RUN(the_nearest_rows_are_those_of_a_plain_scan);
    RUN(ties_go_to_the_lower_row);
    RUN(a_row_has_cosine_1_with_itself_and_none_is_beyond);
    RUN(rows_without_a_score_come_last);
    RUN(a_bad_index_among_the_excluded_changes_nothing);
    RUN(empty_tables_rows_and_answers_are_allowed);
    RUN(norms_are_roots_in_double);
    return FINISH();
}
