/* Index checks and the gather of rows. */
#include "embedding.h"
#include "test.h"

#define MAX_ROWS 2147483647
#define FAR_BYTES ((size_t)16 << 20) /* tables larger than this are read another way */

static inputs from = {1};

/* ---- Checking indices ---------------------------------------------------------------------------------------------- */

static void check_indices_accepts_the_first_and_the_last_row(void) {
    const size_t sizes[] = {1, 2, 1000, MAX_ROWS};
    for (size_t i = 0; i < 4; i++)
        for (size_t count = 1; count <= 70; count++) {
            trying("%zu indices into %zu rows", count, sizes[i]);
            int32_t *indices = INT32S(count, count % 4);
            for (size_t n = 0; n < count; n++) indices[n] = n % 2 ? (int32_t)(sizes[i] - 1) : 0;
            size_t position = 77;
            EXPECT_EQUAL(embedding_check_indices(&position, indices, count, sizes[i]), EMBEDDING_OK);
            EXPECT_EQUAL(position, 77);
            free_buffers();
        }
}

static void check_indices_reports_the_first_bad_position(void) {
    const size_t sizes[] = {1, 7, MAX_ROWS};
    for (size_t i = 0; i < 3; i++)
        for (size_t count = 1; count <= 70; count++)
            for (size_t bad_at = 0; bad_at < count; bad_at++) {
                const int32_t wrong[] = {-1, INT32_MIN, INT32_MAX, (int32_t)sizes[i]};
                const int32_t bad = wrong[(count + bad_at) % 4];
                trying("index %d at position %zu of %zu, %zu rows", bad, bad_at, count, sizes[i]);
                int32_t *indices = INT32S(count, bad_at % 4);
                fill_indices(&from, indices, count, sizes[i]);
                indices[bad_at] = bad;
                if (bad_at + 2 < count) indices[count - 1] = -5; /* a later one */
                size_t position = 0;
                EXPECT_EQUAL(embedding_check_indices(&position, indices, count, sizes[i]), EMBEDDING_INDEX_OUT_OF_RANGE);
                EXPECT_EQUAL(position, bad_at);
                free_buffers();
            }
}

static void check_indices_of_an_empty_table_accepts_only_no_indices(void) {
    size_t position = 77;
    EXPECT_EQUAL(embedding_check_indices(&position, NULL, 0, 0), EMBEDDING_OK);
    EXPECT_EQUAL(embedding_check_indices(&position, NULL, 0, 5), EMBEDDING_OK);
    EXPECT_EQUAL(position, 77);
    const int32_t zero = 0;
    EXPECT_EQUAL(embedding_check_indices(&position, &zero, 1, 0), EMBEDDING_INDEX_OUT_OF_RANGE);
    EXPECT_EQUAL(position, 0);
}

/* ---- Narrowing ----------------------------------------------------------------------------------------------------- */

static void narrow_indices_gives_the_same_numbers(void) {
    for (size_t count = 0; count <= 70; count++)
        for (size_t offset = 0; offset < 4; offset++) {
            trying("%zu indices", count);
            int64_t *indices = INT64S(count);
            int32_t *narrowed = INT32S(count, offset);
            for (size_t n = 0; n < count; n++) indices[n] = (int64_t)draw_below(&from, MAX_ROWS);
            size_t position = 77;
            EXPECT_EQUAL(embedding_narrow_indices(narrowed, &position, indices, count, MAX_ROWS), EMBEDDING_OK);
            for (size_t n = 0; n < count; n++) EXPECT_EQUAL(narrowed[n], indices[n]);
            EXPECT_EQUAL(position, 77);
            free_buffers();
        }
}

static void narrow_indices_works_in_place_and_leaves_the_right_half(void) {
    for (size_t count = 0; count <= 70; count++) {
        trying("%zu indices", count);
        int64_t *indices = INT64S(count), *before;
        for (size_t n = 0; n < count; n++) indices[n] = (int64_t)draw_below(&from, MAX_ROWS);
        before = copy_of(indices, count * 8);
        size_t position = 77;
        EXPECT_EQUAL(embedding_narrow_indices((int32_t *)indices, &position, indices, count, MAX_ROWS), EMBEDDING_OK);
        for (size_t n = 0; n < count; n++) {
            int32_t narrowed;
            memcpy(&narrowed, (char *)indices + n * 4, 4);
            EXPECT_EQUAL(narrowed, before[n]);
        }
        EXPECT_BYTES((char *)indices + count * 4, (char *)before + count * 4, count * 4);
        free_buffers();
    }
}

static void narrow_indices_reports_the_first_bad_position_and_writes_nothing(void) {
    const int64_t wrong[] = {-1, 5, 6, INT64_MIN, INT64_MAX, INT32_MIN, INT32_MAX, 1LL << 31, (1LL << 32) - 1, 1LL << 32,
                             (1LL << 32) + 4, -(1LL << 32), -(1LL << 32) + 2, 1LL << 62};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (size_t count = 1; count <= 40; count++)
            for (size_t bad_at = 0; bad_at < count; bad_at += 1 + count / 20) {
                trying("index %lld at position %zu of %zu", (long long)wrong[i], bad_at, count);
                int64_t *indices = INT64S(count), *before;
                int32_t *narrowed = INT32S(count, 0), *narrowed_before = copy_of(narrowed, count * 4);
                for (size_t n = 0; n < count; n++) indices[n] = (int64_t)draw_below(&from, 5);
                indices[bad_at] = wrong[i];
                if (bad_at + 1 < count) indices[count - 1] = -9;
                before = copy_of(indices, count * 8);
                size_t position = 77;
                EXPECT_EQUAL(embedding_narrow_indices(narrowed, &position, indices, count, 5), EMBEDDING_INDEX_OUT_OF_RANGE);
                EXPECT_EQUAL(position, bad_at);
                EXPECT_BYTES(narrowed, narrowed_before, count * 4);
                position = 77;
                EXPECT_EQUAL(embedding_narrow_indices((int32_t *)indices, &position, indices, count, 5),
                             EMBEDDING_INDEX_OUT_OF_RANGE);
                EXPECT_EQUAL(position, bad_at);
                EXPECT_BYTES(indices, before, count * 8);
                free_buffers();
            }
}

static void narrow_indices_of_an_empty_table_accepts_only_no_indices(void) {
    size_t position = 77;
    EXPECT_EQUAL(embedding_narrow_indices(NULL, &position, NULL, 0, 0), EMBEDDING_OK);
    EXPECT_EQUAL(position, 77);
    const int64_t zero = 0;
    int32_t narrowed = 9;
    EXPECT_EQUAL(embedding_narrow_indices(&narrowed, &position, &zero, 1, 0), EMBEDDING_INDEX_OUT_OF_RANGE);
    EXPECT_EQUAL(position, 0);
    EXPECT_EQUAL(narrowed, 9);
}

/* ---- Lookup -------------------------------------------------------------------------------------------------------- */

static void expect_rows(const float *output, const float *weight, const int32_t *indices, size_t num_indices,
                        size_t embedding_dim) {
    for (size_t n = 0; n < num_indices; n++)
        EXPECT_BYTES(output + n * embedding_dim, weight + (size_t)indices[n] * embedding_dim, embedding_dim * sizeof(float));
}

static void forward_copies_the_bits_of_rows_of_every_length(void) {
    const size_t V = 7, counts[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33};
    for (size_t i = 0; i < ROW_LENGTHS; i++)
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
            const size_t D = row_length(i), count = counts[j], offset = (i + j) % 4;
            trying("%zu rows of %zu", count, D);
            float *weight = FLOATS(V * D, offset), *output = FLOATS(count * D, (i + j / 4) % 4);
            int32_t *indices = INT32S(count, offset);
            draw_bytes(&from, weight, V * D * sizeof(float)); /* any bits: NaNs of both kinds among them */
            fill_indices(&from, indices, count, V);
            if (count) indices[count - 1] = (int32_t)V - 1;
            if (count > 1) indices[count - 2] = 0;
            void *before = copy_of(weight, V * D * sizeof(float));
            size_t position = 77;
            EXPECT_EQUAL(embedding_forward(output, &position, weight, indices, count, V, D), EMBEDDING_OK);
            EXPECT_EQUAL(position, 77);
            expect_rows(output, weight, indices, count, D);
            EXPECT_BYTES(weight, before, V * D * sizeof(float));
            free_buffers();
        }
}

static void forward_copies_signalling_nans_unchanged(void) {
    for (size_t D = 1; D <= 70; D++) {
        float *weight = FLOATS(2 * D, 0), *output = FLOATS(3 * D, 0);
        for (size_t d = 0; d < 2 * D; d++) {
            const uint32_t bits = (d % 2 ? 0xff800001u : 0x7fa00000u) + (uint32_t)d;
            memcpy(weight + d, &bits, 4);
        }
        const int32_t indices[] = {1, 0, 1};
        size_t position;
        EXPECT_EQUAL(embedding_forward(output, &position, weight, indices, 3, 2, D), EMBEDDING_OK);
        expect_rows(output, weight, indices, 3, D);
        free_buffers();
    }
}

static void forward_reads_a_table_beyond_the_caches(void) {
    const size_t lengths[] = {1, 3, 4, 5, 16, 31, 64, 65, 300}, counts[] = {1, 255, 256, 257, 515};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t more = 0; more < 2; more++) { /* the largest near table and the smallest far one */
            const size_t D = lengths[i], V = FAR_BYTES / sizeof(float) / D + more;
            float *weight = FLOATS(V * D, 0);
            for (size_t d = 0; d < V * D; d++) weight[d] = (float)(uint32_t)(d * 2654435761u);
            for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
                const size_t count = counts[j];
                trying("%zu of %zu rows of %zu", count, V, D);
                float *output = FLOATS(count * D, j % 4);
                int32_t *indices = INT32S(count, j % 4);
                fill_indices(&from, indices, count, V);
                indices[count / 2] = (int32_t)V - 1;
                size_t position;
                EXPECT_EQUAL(embedding_forward(output, &position, weight, indices, count, V, D), EMBEDDING_OK);
                expect_rows(output, weight, indices, count, D);
            }
            free_buffers();
        }
}

static void forward_with_a_bad_index_leaves_the_output_untouched(void) {
    const size_t V = 4, lengths[] = {0, 1, 2, 3, 4, 7, 16, 64, 65, 128};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t count = 1; count < 20; count++) {
            const size_t D = lengths[i], bad_at = draw_below(&from, count);
            trying("rows of %zu, position %zu of %zu", D, bad_at, count);
            float *weight = FLOATS(V * D, 0), *output = FLOATS(count * D, 0);
            void *before = copy_of(output, count * D * sizeof(float));
            int32_t *indices = INT32S(count, 0);
            fill_plain(&from, weight, V * D);
            fill_indices(&from, indices, count, V);
            indices[bad_at] = count % 2 ? 4 : -1;
            size_t position = 77;
            EXPECT_EQUAL(embedding_forward(output, &position, weight, indices, count, V, D), EMBEDDING_INDEX_OUT_OF_RANGE);
            EXPECT_EQUAL(position, bad_at);
            EXPECT_BYTES(output, before, count * D * sizeof(float));
            free_buffers();
        }
}

static void forward_takes_null_for_what_is_empty(void) {
    size_t position = 77;
    const int32_t indices[] = {2, 0, 1};
    float weight[64] = {0};
    EXPECT_EQUAL(embedding_forward(NULL, &position, NULL, indices, 3, 3, 0), EMBEDDING_OK);
    EXPECT_EQUAL(embedding_forward(NULL, &position, NULL, NULL, 0, 0, 0), EMBEDDING_OK);
    for (size_t D = 1; D <= 300; D++) {
        EXPECT_EQUAL(embedding_forward(NULL, &position, NULL, NULL, 0, 0, D), EMBEDDING_OK);
        if (D <= 64) EXPECT_EQUAL(embedding_forward(NULL, &position, weight, NULL, 0, 1, D), EMBEDDING_OK);
    }
    EXPECT_EQUAL(position, 77);
    EXPECT_EQUAL(embedding_forward(NULL, &position, NULL, indices, 3, 2, 0), EMBEDDING_INDEX_OUT_OF_RANGE);
    EXPECT_EQUAL(position, 0);
}

int main(void) {
    RUN(check_indices_accepts_the_first_and_the_last_row);
    RUN(check_indices_reports_the_first_bad_position);
    RUN(check_indices_of_an_empty_table_accepts_only_no_indices);
    RUN(narrow_indices_gives_the_same_numbers);
    RUN(narrow_indices_works_in_place_and_leaves_the_right_half);
    RUN(narrow_indices_reports_the_first_bad_position_and_writes_nothing);
    RUN(narrow_indices_of_an_empty_table_accepts_only_no_indices);
    RUN(forward_copies_the_bits_of_rows_of_every_length);
    RUN(forward_copies_signalling_nans_unchanged);
    RUN(forward_reads_a_table_beyond_the_caches);
    RUN(forward_with_a_bad_index_leaves_the_output_untouched);
    RUN(forward_takes_null_for_what_is_empty);
    return FINISH();
}
