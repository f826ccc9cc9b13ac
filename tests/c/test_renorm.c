/* max_norm. */
#include "embedding.h"
#include "reference.h"
#include "test.h"

#define FAR_BYTES ((size_t)16 << 20) /* tables larger than this are read another way */

static inputs from = {3};

static const double NORM_TYPES[] = {2, 1, 0, INFINITY, -INFINITY, 3, 0.5, -1};
#define NUM_NORM_TYPES (sizeof NORM_TYPES / sizeof *NORM_TYPES)

/* ---- Helpers ------------------------------------------------------------------------------------------------------- */

static uint64_t *visited_bits(size_t num_embeddings) {
    uint64_t *visited = buffer(embedding_renorm_scratch(num_embeddings), 0);
    memset(visited, 0, embedding_renorm_scratch(num_embeddings));
    return visited;
}

/* Renormalises one row, which is the whole table; returns whether it was rewritten. */
static size_t renorm_row(float *row, size_t embedding_dim, double max_norm, double norm_type) {
    const int32_t zero = 0;
    uint64_t visited = 0;
    size_t num_rescaled = 77, position = 77;
    EXPECT_EQUAL(embedding_renorm(row, NULL, &num_rescaled, &position, &zero, 1, 1, embedding_dim, max_norm, norm_type, &visited),
                 EMBEDDING_OK);
    EXPECT_EQUAL(visited, 0);
    EXPECT_EQUAL(position, 77);
    return num_rescaled;
}

/* What the manual says, a row at a time in the order of their numbers; returns how many rows were rewritten. */
static size_t reference_renorm(float *weight, int32_t *rescaled, const int32_t *indices, size_t num_indices,
                               size_t num_embeddings, size_t embedding_dim, double max_norm, double norm_type) {
    size_t count = 0;
    for (size_t i = 0; i < num_embeddings; i++) {
        int is_used = 0;
        for (size_t n = 0; n < num_indices; n++) is_used |= (size_t)indices[n] == i;
        float *row = weight + i * embedding_dim;
        const double norm = (double)reference_norm(row, embedding_dim, 1, norm_type);
        if (!is_used || !(norm > max_norm) || embedding_dim == 0) continue;
        const float scale = (float)(max_norm / (norm + 1e-7));
        for (size_t d = 0; d < embedding_dim; d++) row[d] *= scale;
        rescaled[count++] = (int32_t)i;
    }
    return count;
}

/* ---- Values -------------------------------------------------------------------------------------------------------- */

static void renorm_gives_the_values_that_pytorch_gives(void) {
    const struct {
        double norm_type, tolerance; /* 0: the same bits; powf differs between libraries */
        float rows[4][2];
    } cases[] = {
        {2, 0, {{0.6f, 0.8f}, {0.3f, 0.4f}, {0, 0}, {-0.6f, 0.8f}}},
        {1, 0, {{0.42857140f, 0.57142854f}, {0.3f, 0.4f}, {0, 0}, {-0.42857146f, 0.57142860f}}},
        {3, 1e-6, {{0.66697180f, 0.88929570f}, {0.3f, 0.4f}, {0, 0}, {-0.66697168f, 0.88929558f}}},
        {0.5, 1e-6, {{0.21539029f, 0.28718707f}, {0.21539028f, 0.28718704f}, {0, 0}, {-0.21539029f, 0.28718707f}}},
        {0, 0, {{1.4999999f, 1.9999999f}, {0.14999999f, 0.19999999f}, {0, 0}, {-2.9999998f, 3.9999998f}}},
        {INFINITY, 0, {{0.75f, 1.0f}, {0.3f, 0.4f}, {0, 0}, {-0.75f, 1.0f}}},
        {-INFINITY, 0, {{0.99999994f, 1.3333333f}, {0.3f, 0.4f}, {0, 0}, {-0.99999994f, 1.3333333f}}},
        {-1, 1e-6, {{1.75f, 2.3333333f}, {0.3f, 0.4f}, {0, 0}, {-1.7500001f, 2.3333335f}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float weight[4][2] = {{3, 4}, {0.3f, 0.4f}, {0, 0}, {-6, 8}};
        const int32_t indices[] = {0, 1, 2, 3};
        uint64_t visited = 0;
        size_t position;
        EXPECT_EQUAL(embedding_renorm(*weight, NULL, NULL, &position, indices, 4, 4, 2, 1.0, cases[i].norm_type, &visited),
                     EMBEDDING_OK);
        for (int row = 0; row < 4; row++)
            for (int d = 0; d < 2; d++) {
                trying("norm_type %g, row %d", cases[i].norm_type, row);
                if (cases[i].tolerance == 0) EXPECT_FLOAT(weight[row][d], cases[i].rows[row][d]);
                else EXPECT_CLOSE((double)weight[row][d], (double)cases[i].rows[row][d], cases[i].tolerance);
            }
    }
}

static void renorm_rescales_exactly_the_rows_above_max_norm(void) {
    const double max_norms[] = {1, 0.5, 3, 10, 0, -1, 1e30, 1e-30};
    const size_t counts[] = {0, 1, 3, 9, 40};
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t round = 0; round < 24; round++) {
            const size_t D = row_length(i), V = 1 + draw_below(&from, round % 5 ? 12 : 140), count = counts[draw_below(&from, 5)];
            const size_t room = count < V ? count : V, offset = round % 4;
            const double norm_type = NORM_TYPES[(i + round) % NUM_NORM_TYPES], max_norm = max_norms[draw_below(&from, 8)];
            trying("rows of %zu, max_norm %g, norm_type %g, %zu indices of %zu", D, max_norm, norm_type, count, V);
            float *weight = FLOATS(V * D, offset);
            if (round % 2) fill_hard(&from, weight, V * D);
            else fill_plain(&from, weight, V * D);
            int32_t *indices = INT32S(count, offset), *rescaled = INT32S(room, 0), *rescaled_expected = INT32S(room, 0);
            fill_indices(&from, indices, count, V);
            float *expected = copy_of(weight, V * D * sizeof(float));
            const size_t expected_count =
                reference_renorm(expected, rescaled_expected, indices, count, V, D, max_norm, norm_type);
            uint64_t *visited = visited_bits(V);
            size_t num_rescaled = 77, position = 77;
            EXPECT_EQUAL(embedding_renorm(weight, rescaled, &num_rescaled, &position, indices, count, V, D, max_norm, norm_type,
                                          visited),
                         EMBEDDING_OK);
            EXPECT_FLOATS(weight, expected, V * D);
            EXPECT_EQUAL(num_rescaled, expected_count);
            EXPECT_BYTES(rescaled, rescaled_expected, room * sizeof(int32_t)); /* the rest of the list is not written */
            for (size_t word = 0; word < (V + 63) / 64; word++) EXPECT_EQUAL(visited[word], 0);
            EXPECT_EQUAL(position, 77);
            free_buffers();
        }
}

static void rows_that_no_index_names_keep_their_bits(void) {
    const size_t V = 9, D = 11;
    float *weight = FLOATS(V * D, 0);
    draw_bytes(&from, weight, V * D * sizeof(float));
    float *before = copy_of(weight, V * D * sizeof(float));
    const int32_t indices[] = {3, 8, 3};
    uint64_t visited = 0;
    size_t position;
    EXPECT_EQUAL(embedding_renorm(weight, NULL, NULL, &position, indices, 3, V, D, 0.0, 1.0, &visited), EMBEDDING_OK);
    for (size_t i = 0; i < V; i++)
        if (i != 3 && i != 8) EXPECT_BYTES(weight + i * D, before + i * D, D * sizeof(float));
}

static void a_row_is_rescaled_once_however_often_it_is_named(void) {
    float weight[] = {1, 1, 1, 1}; /* with norm_type 0 every rescaling shrinks it again */
    const int32_t indices[] = {0, 0, 0, 0, 0, 0, 0};
    uint64_t visited = 0;
    size_t position, num_rescaled;
    int32_t rescaled[1];
    EXPECT_EQUAL(embedding_renorm(weight, rescaled, &num_rescaled, &position, indices, 7, 1, 4, 2, 0, &visited), EMBEDDING_OK);
    for (int d = 0; d < 4; d++) EXPECT_FLOAT(weight[d], (float)(2.0 / (4.0 + 1e-7)));
    EXPECT_EQUAL(num_rescaled, 1);
    EXPECT_EQUAL(rescaled[0], 0);
}

/* ---- Limits -------------------------------------------------------------------------------------------------------- */

static void a_norm_equal_to_max_norm_is_left_alone(void) {
    const struct {
        float row[2];
        double norm_type, norm;
    } cases[] = {{{3, 4}, 2, 5}, {{0.25f, -0.75f}, 1, 1}, {{-2, 1}, INFINITY, 2}, {{-2, 1}, -INFINITY, 1}, {{5, 5}, 0, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float row[2] = {cases[i].row[0], cases[i].row[1]};
        trying("norm_type %g", cases[i].norm_type);
        EXPECT_EQUAL(renorm_row(row, 2, cases[i].norm, cases[i].norm_type), 0);
        EXPECT_BYTES(row, cases[i].row, sizeof row);
        const double below = nextafter(cases[i].norm, 0); /* not a float32: the comparison is in double */
        EXPECT_EQUAL(renorm_row(row, 2, below, cases[i].norm_type), 1);
        EXPECT_FLOAT(row[0], cases[i].row[0] * (float)(below / (cases[i].norm + 1e-7)));
    }
}

static void max_norm_of_zero_leaves_zeros_with_the_signs_of_the_elements(void) {
    float row[] = {0.3f, -0.4f, 0, -0.0f}, zeros[] = {0, -0.0f};
    const float expected[] = {0, -0.0f, 0, -0.0f};
    EXPECT_EQUAL(renorm_row(row, 4, 0, 2), 1);
    EXPECT_BYTES(row, expected, sizeof row);
    EXPECT_EQUAL(renorm_row(zeros, 2, 0, 2), 0);
    EXPECT_BYTES(zeros, expected + 2, sizeof zeros);
}

static void a_negative_max_norm_flips_signs(void) {
    float row[] = {0.3f, 0.4f}, zeros[] = {0, -0.0f};
    EXPECT_EQUAL(renorm_row(row, 2, -1, 2), 1);
    EXPECT_FLOAT(row[0], -0.59999990f);
    EXPECT_FLOAT(row[1], -0.79999989f);
    EXPECT_EQUAL(renorm_row(zeros, 2, -1, 2), 1);
    EXPECT_FLOAT(zeros[0], -0.0f);
    EXPECT_FLOAT(zeros[1], 0);
}

static void an_infinite_or_nan_max_norm_rescales_nothing(void) {
    const double max_norms[] = {INFINITY, NAN};
    for (size_t i = 0; i < 2; i++)
        for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
            float row[] = {1e30f, 2, 1e-40f, INFINITY};
            float *before = copy_of(row, sizeof row);
            EXPECT_EQUAL(renorm_row(row, 4, max_norms[i], NORM_TYPES[p]), 0);
            EXPECT_BYTES(row, before, sizeof row);
        }
}

static void a_norm_type_of_nan_rescales_nothing(void) {
    float row[] = {1, 1, 2};
    EXPECT_EQUAL(renorm_row(row, 3, 0.5, NAN), 0);
    EXPECT_FLOAT(row[0], 1);
}

static void a_row_with_a_nan_is_left_alone(void) {
    for (size_t D = 1; D <= 70; D++)
        for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
            if (NORM_TYPES[p] == 0) continue; /* counts it instead */
            trying("norm_type %g, row of %zu", NORM_TYPES[p], D);
            float *row = FLOATS(D, D % 4);
            for (size_t d = 0; d < D; d++) row[d] = 9;
            const uint32_t signalling = 0xff800123u;
            memcpy(row + draw_below(&from, D), &signalling, 4);
            float *before = copy_of(row, D * sizeof(float));
            EXPECT_EQUAL(renorm_row(row, D, 1, NORM_TYPES[p]), 0);
            EXPECT_BYTES(row, before, D * sizeof(float));
            free_buffers();
        }
}

static void an_infinite_norm_gives_zeros_and_nans(void) {
    float row[] = {INFINITY, -2, -INFINITY, 3, 4}, overflowing[] = {1e20f, -1e20f, 1, 0, -0.0f};
    EXPECT_EQUAL(renorm_row(row, 5, 1, 2), 1);
    EXPECT(isnan(row[0]) && isnan(row[2]));
    EXPECT_FLOAT(row[1], -0.0f);
    EXPECT_FLOAT(row[3], 0);
    const float zeros[] = {0, -0.0f, 0, 0, -0.0f};
    EXPECT_EQUAL(renorm_row(overflowing, 5, 1, 2), 1); /* through its squares: the true norm is finite */
    EXPECT_BYTES(overflowing, zeros, sizeof zeros);
}

static void denormal_rows_have_a_norm_under_1_but_not_under_2(void) {
    float row[] = {1e-40f, -1e-40f, 1e-45f};
    float *before = copy_of(row, sizeof row);
    EXPECT_EQUAL(renorm_row(row, 3, 0, 2), 0);
    EXPECT_BYTES(row, before, sizeof row);
    EXPECT_EQUAL(renorm_row(row, 3, 1e-41, 1), 1); /* 1e-41 / (norm + 1e-7) */
    EXPECT_FLOAT(row[0], 1e-40f * (float)(1e-41 / (2.00001e-40 + 1e-7)));
}

/* ---- The list of rows, scratch, failure ---------------------------------------------------------------------------- */

static void scratch_is_a_bit_for_each_row(void) {
    const size_t rows[] = {0, 1, 63, 64, 65, 128, 129, 2147483647}, bytes[] = {0, 8, 8, 8, 16, 16, 24, (size_t)1 << 28};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) EXPECT_EQUAL(embedding_renorm_scratch(rows[i]), bytes[i]);
}

static void rescaled_rows_are_listed_once_and_ascending(void) {
    const size_t V = 1000, count = 700, D = 3;
    float *weight = FLOATS(V * D, 0);
    int32_t *indices = INT32S(count, 0), *rescaled = INT32S(count, 0);
    for (size_t d = 0; d < V * D; d++) weight[d] = d / D % 3 ? 5 : 0.1f; /* rows that 3 divides stay */
    fill_indices(&from, indices, count, V);
    uint64_t *visited = visited_bits(V);
    size_t num_rescaled = 0, position, expected = 0;
    EXPECT_EQUAL(embedding_renorm(weight, rescaled, &num_rescaled, &position, indices, count, V, D, 1, 2, visited), EMBEDDING_OK);
    for (size_t i = 0; i < V; i++) {
        int is_used = 0;
        for (size_t n = 0; n < count; n++) is_used |= (size_t)indices[n] == i;
        if (is_used && i % 3) EXPECT_EQUAL(rescaled[expected++], i);
    }
    EXPECT_EQUAL(num_rescaled, expected);
    for (size_t word = 0; word < (V + 63) / 64; word++) EXPECT_EQUAL(visited[word], 0);
}

static void the_list_and_its_length_may_be_left_out(void) {
    for (int which = 0; which < 4; which++) {
        float weight[] = {3, 4, 0.1f, 0.1f, 6, 8};
        const int32_t indices[] = {2, 0, 1};
        int32_t rescaled[3] = {9, 9, 9};
        uint64_t visited = 0;
        size_t position, num_rescaled = 9;
        const embedding_status status =
            embedding_renorm(weight, which & 1 ? rescaled : NULL, which & 2 ? &num_rescaled : NULL, &position, indices, 3, 3, 2, 1, 2,
                             &visited);
        EXPECT_EQUAL(status, EMBEDDING_OK);
        EXPECT_FLOAT(weight[0], 0.6f);
        EXPECT_FLOAT(weight[4], 0.6f);
        EXPECT_EQUAL(visited, 0);
        EXPECT_EQUAL(rescaled[0], which & 1 ? 0 : 9);
        EXPECT_EQUAL(rescaled[1], which & 1 ? 2 : 9);
        EXPECT_EQUAL(num_rescaled, which & 2 ? 2 : 9);
    }
}

static void a_bad_index_changes_nothing(void) {
    const size_t V = 70, D = 5;
    for (size_t count = 1; count <= 40; count++) {
        const size_t bad_at = draw_below(&from, count);
        trying("position %zu of %zu", bad_at, count);
        float *weight = FLOATS(V * D, 0);
        int32_t *indices = INT32S(count, 0), *rescaled = INT32S(count, 0);
        fill_plain(&from, weight, V * D);
        fill_indices(&from, indices, count, V);
        indices[bad_at] = count % 2 ? -1 : 70;
        void *weight_before = copy_of(weight, V * D * sizeof(float));
        void *rescaled_before = copy_of(rescaled, count * sizeof(int32_t));
        uint64_t *visited = visited_bits(V);
        size_t num_rescaled = 77, position = 77;
        EXPECT_EQUAL(embedding_renorm(weight, rescaled, &num_rescaled, &position, indices, count, V, D, 0.1, 2, visited),
                     EMBEDDING_INDEX_OUT_OF_RANGE);
        EXPECT_EQUAL(position, bad_at);
        EXPECT_EQUAL(num_rescaled, 77);
        EXPECT_BYTES(weight, weight_before, V * D * sizeof(float));
        EXPECT_BYTES(rescaled, rescaled_before, count * sizeof(int32_t));
        EXPECT_EQUAL(visited[0], 0);
        EXPECT_EQUAL(visited[1], 0);
        free_buffers();
    }
}

static void renorm_takes_null_for_what_is_empty(void) {
    size_t position = 77, num_rescaled = 77;
    EXPECT_EQUAL(embedding_renorm(NULL, NULL, &num_rescaled, &position, NULL, 0, 0, 4, 1, 2, NULL), EMBEDDING_OK);
    EXPECT_EQUAL(num_rescaled, 0);
    const int32_t indices[] = {1, 0, 1};
    uint64_t visited = 0;
    for (size_t p = 0; p < NUM_NORM_TYPES; p++) {
        num_rescaled = 77;
        EXPECT_EQUAL(embedding_renorm(NULL, NULL, &num_rescaled, &position, indices, 3, 2, 0, -1, NORM_TYPES[p], &visited),
                     EMBEDDING_OK);
        EXPECT_EQUAL(num_rescaled, 0);
        EXPECT_EQUAL(visited, 0);
    }
    EXPECT_EQUAL(position, 77);
    EXPECT_EQUAL(embedding_renorm(NULL, NULL, &num_rescaled, &position, indices, 3, 1, 0, 1, 2, &visited),
                 EMBEDDING_INDEX_OUT_OF_RANGE);
    EXPECT_EQUAL(position, 0);
}

static void renorm_reads_a_table_beyond_the_caches(void) {
    const size_t lengths[] = {1, 4, 31, 300}, counts[] = {1, 63, 64, 65, 200};
    for (size_t i = 0; i < 4; i++) {
        const size_t D = lengths[i], V = FAR_BYTES / sizeof(float) / D + 1;
        float *weight = FLOATS(V * D, 0);
        for (size_t d = 0; d < V * D; d++) weight[d] = d / D % 2 ? 2 : 0; /* odd rows are too long */
        for (size_t j = 0; j < 5; j++) {
            const size_t count = counts[j];
            trying("%zu of %zu rows of %zu", count, V, D);
            int32_t *indices = INT32S(count, 0), *rescaled = INT32S(count, 0);
            fill_indices(&from, indices, count, V);
            indices[count - 1] = (int32_t)V - 1;
            uint64_t *visited = visited_bits(V);
            size_t position, num_rescaled = 0, odd = 0;
            EXPECT_EQUAL(embedding_renorm(weight, rescaled, &num_rescaled, &position, indices, count, V, D, 1, INFINITY, visited),
                         EMBEDDING_OK);
            for (size_t word = 0; word < (V + 63) / 64; word++)
                if (visited[word]) EXPECT_EQUAL(visited[word], 0);
            for (size_t n = 0; n < count; n++) {
                float *row = weight + (size_t)indices[n] * D;
                for (size_t d = 0; d < D; d++) EXPECT_FLOAT(row[d], indices[n] % 2 ? (float)(1 / (2 + 1e-7)) * 2 : 0);
            }
            for (size_t n = 0; n < num_rescaled; n++) {
                EXPECT(n == 0 || rescaled[n] > rescaled[n - 1]);
                odd += rescaled[n] % 2 == 1;
                float *row = weight + (size_t)rescaled[n] * D;
                for (size_t d = 0; d < D; d++) row[d] = 2; /* as it was */
            }
            EXPECT_EQUAL(odd, num_rescaled);
        }
        free_buffers();
    }
}

int main(void) {
    RUN(renorm_gives_the_values_that_pytorch_gives);
    RUN(renorm_rescales_exactly_the_rows_above_max_norm);
    RUN(rows_that_no_index_names_keep_their_bits);
    RUN(a_row_is_rescaled_once_however_often_it_is_named);
    RUN(a_norm_equal_to_max_norm_is_left_alone);
    RUN(max_norm_of_zero_leaves_zeros_with_the_signs_of_the_elements);
    RUN(a_negative_max_norm_flips_signs);
    RUN(an_infinite_or_nan_max_norm_rescales_nothing);
    RUN(a_norm_type_of_nan_rescales_nothing);
    RUN(a_row_with_a_nan_is_left_alone);
    RUN(an_infinite_norm_gives_zeros_and_nans);
    RUN(denormal_rows_have_a_norm_under_1_but_not_under_2);
    RUN(scratch_is_a_bit_for_each_row);
    RUN(rescaled_rows_are_listed_once_and_ascending);
    RUN(the_list_and_its_length_may_be_left_out);
    RUN(a_bad_index_changes_nothing);
    RUN(renorm_takes_null_for_what_is_empty);
    RUN(renorm_reads_a_table_beyond_the_caches);
    return FINISH();
}
