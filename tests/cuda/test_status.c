/* What a call says of arguments that it cannot work with: a status and a text, and nothing happens. */
#include "device.h"

#define EXPECT_INVALID(call, text) expect_invalid(__FILE__, __LINE__, call, text)
static void expect_invalid(const char *file, int line, embedding_status status, const char *text) {
    if (status != EMBEDDING_INVALID_ARGUMENT) fail(file, line, "expected EMBEDDING_INVALID_ARGUMENT, got %d", (int)status);
    if (strcmp(embedding_message_cuda(), text)) fail(file, line, "expected \"%s\", got \"%s\"", text, embedding_message_cuda());
}

static const size_t TOO_MANY = (size_t)1 << 31;

static float host[16];
static float *floats;
static int32_t *ints;
static uint64_t *word;
static void *scratch;

/* Room for one of everything. */
static void place(void) {
    floats = DEVICE_FLOATS(16);
    ints = DEVICE_INT32S(16);
    word = DEVICE_WORD();
    scratch = device_block(1 << 16, 0);
}

static void a_null_pointer_is_named(void) {
    place();
    embedding_bags bags = {.indices = ints, .num_indices = 1, .num_bags = 1, .num_embeddings = 1, .embedding_dim = 1, .padding_idx = -1};
    EXPECT_INVALID(embedding_forward_cuda(NULL, word, floats, ints, 1, 1, 1, stream), "embedding_forward_cuda: output is NULL");
    EXPECT_INVALID(embedding_forward_cuda(floats, NULL, floats, ints, 1, 1, 1, stream), "embedding_forward_cuda: result is NULL");
    EXPECT_INVALID(embedding_forward_cuda(floats, word, NULL, ints, 1, 1, 1, stream), "embedding_forward_cuda: weight is NULL");
    EXPECT_INVALID(embedding_forward_cuda(floats, word, floats, NULL, 1, 1, 1, stream), "embedding_forward_cuda: indices is NULL");
    EXPECT_INVALID(embedding_check_indices_cuda(word, NULL, 1, 1, stream), "embedding_check_indices_cuda: indices is NULL");
    EXPECT_INVALID(embedding_narrow_indices_cuda(NULL, word, (int64_t *)scratch, 1, 1, stream), "embedding_narrow_indices_cuda: narrowed is NULL");
    EXPECT_INVALID(embedding_renorm_cuda(floats, NULL, NULL, word, ints, 1, 1, 1, 1, 2, NULL, stream), "embedding_renorm_cuda: scratch is NULL");
    EXPECT_INVALID(embedding_dense_backward_cuda(NULL, NULL, floats, ints, 1, 1, 1, -1, NULL, scratch, stream),
                   "embedding_dense_backward_cuda: grad_weight is NULL");
    EXPECT_INVALID(embedding_sparse_backward_cuda(ints, floats, NULL, NULL, floats, ints, 1, 1, -1, NULL, scratch, stream),
                   "embedding_sparse_backward_cuda: num_pairs is NULL");
    EXPECT_INVALID(embedding_coalesce_cuda(NULL, floats, word, ints, floats, NULL, 1, 1, 1, scratch, stream), "embedding_coalesce_cuda: rows is NULL");
    EXPECT_INVALID(embedding_add_rows_cuda(floats, ints, NULL, NULL, 1, 1, 1, scratch, stream), "embedding_add_rows_cuda: grad_values is NULL");
    EXPECT_INVALID(embedding_check_offsets_cuda(word, NULL, 1, 1, 0, stream), "embedding_check_offsets_cuda: offsets is NULL");
    EXPECT_INVALID(embedding_bag_forward_cuda(floats, NULL, word, floats, NULL, stream), "embedding_bag_forward_cuda: bags is NULL");
    bags.mode = EMBEDDING_BAG_MAX;
    EXPECT_INVALID(embedding_bag_forward_cuda(floats, NULL, word, floats, &bags, stream), "embedding_bag_forward_cuda: max_indices is NULL");
    EXPECT_INVALID(embedding_bag_dense_backward_cuda(floats, word, floats, NULL, &bags, NULL, scratch, stream),
                   "embedding_bag_dense_backward_cuda: max_indices is NULL");
    bags.indices = NULL;
    EXPECT_INVALID(embedding_bag_per_sample_weights_backward_cuda(floats, word, floats, floats, &bags, stream),
                   "embedding_bag_per_sample_weights_backward_cuda: bags->indices is NULL");
    EXPECT_INVALID(embedding_row_norms_cuda(NULL, floats, 1, 1, stream), "embedding_row_norms_cuda: norms is NULL");
    EXPECT_INVALID(embedding_dequantize_cuda(floats, NULL, floats, 1, 1, stream), "embedding_dequantize_cuda: values is NULL");
    EXPECT_INVALID(embedding_nearest_cuda(ints, floats, word, word, floats, NULL, NULL, NULL, 0, 1, 1, 1, EMBEDDING_DOT, scratch, stream),
                   "embedding_nearest_cuda: query is NULL");
    EXPECT_INVALID(embedding_sgd_step_cuda(floats, NULL, NULL, 1, 1, 0, 0, 0, 0, 0, 0, stream), "embedding_sgd_step_cuda: grad is NULL");
    EXPECT_INVALID(embedding_sparse_adam_step_cuda(floats, NULL, floats, ints, floats, NULL, 1, 1, 1, 1, 0, 0, 0, 0, 1, stream),
                   "embedding_sparse_adam_step_cuda: exp_avg is NULL");
    EXPECT_INVALID(embedding_adagrad_step_cuda(floats, NULL, floats, ints, NULL, 1, 1, 1, 1, 0, 0, 0, 0, 1, stream),
                   "embedding_adagrad_step_cuda: sum is NULL");
    EXPECT_INVALID(embedding_adam_step_cuda(floats, floats, NULL, NULL, floats, 1, 1, 0, 0, 0, 0, 0, 0, 1, stream),
                   "embedding_adam_step_cuda: exp_avg_sq is NULL");
    size_t position;
    EXPECT_INVALID(embedding_result_cuda(NULL, word, stream), "embedding_result_cuda: position is NULL");
    EXPECT_INVALID(embedding_result_cuda(&position, NULL, stream), "embedding_result_cuda: result is NULL");
}

static void a_host_pointer_is_named(void) {
    place();
    const embedding_bags bags = {.indices = (const int32_t *)host, .num_indices = 1, .num_bags = 1, .num_embeddings = 1, .embedding_dim = 1};
    size_t position;
    EXPECT_INVALID(embedding_forward_cuda(floats, word, host, ints, 1, 1, 1, stream),
                   "embedding_forward_cuda: weight points to host memory, not to memory that the device can reach");
    EXPECT_INVALID(embedding_bag_forward_cuda(floats, NULL, word, floats, &bags, stream),
                   "embedding_bag_forward_cuda: bags->indices points to host memory, not to memory that the device can reach");
    EXPECT_INVALID(embedding_add_rows_cuda(floats, ints, floats, NULL, 1, 1, 1, host, stream),
                   "embedding_add_rows_cuda: scratch points to host memory, not to memory that the device can reach");
    EXPECT_INVALID(embedding_result_cuda(&position, (const uint64_t *)host, stream),
                   "embedding_result_cuda: result points to host memory, not to memory that the device can reach");
}

static void a_pointer_between_two_elements_is_named(void) {
    place();
    EXPECT_INVALID(embedding_forward_cuda(floats, word, (float *)((char *)floats + 2), ints, 1, 1, 1, stream),
                   "embedding_forward_cuda: weight is not aligned to 4 bytes");
    EXPECT_INVALID(embedding_add_rows_cuda(floats, ints, floats, NULL, 1, 1, 1, (char *)scratch + 4, stream),
                   "embedding_add_rows_cuda: scratch is not aligned to 8 bytes");
}

static void a_size_from_2_to_the_31_on_is_named(void) {
    place();
    embedding_bags bags = {.indices = ints, .num_indices = 1, .num_bags = TOO_MANY, .num_embeddings = 1, .embedding_dim = 1, .padding_idx = -1};
#define VALID " is 2147483648, valid is up to 2147483647"
    EXPECT_INVALID(embedding_forward_cuda(floats, word, floats, ints, TOO_MANY, 1, 1, stream), "embedding_forward_cuda: num_indices" VALID);
    EXPECT_INVALID(embedding_forward_cuda(floats, word, floats, ints, 1, TOO_MANY, 1, stream), "embedding_forward_cuda: num_embeddings" VALID);
    EXPECT_INVALID(embedding_forward_cuda(floats, word, floats, ints, 1, 1, TOO_MANY, stream), "embedding_forward_cuda: embedding_dim" VALID);
    EXPECT_INVALID(embedding_dense_backward_cuda(floats, NULL, floats, ints, TOO_MANY, 1, 1, -1, NULL, scratch, stream),
                   "embedding_dense_backward_cuda: num_indices" VALID);
    EXPECT_INVALID(embedding_bag_forward_cuda(floats, NULL, word, floats, &bags, stream), "embedding_bag_forward_cuda: bags->num_bags" VALID);
    EXPECT_INVALID(embedding_nearest_cuda(ints, floats, word, word, floats, NULL, floats, ints, TOO_MANY, 1, 1, 1, EMBEDDING_DOT, scratch, stream),
                   "embedding_nearest_cuda: num_exclude" VALID);
    EXPECT_INVALID(embedding_sparse_adam_step_cuda(floats, floats, floats, ints, floats, NULL, TOO_MANY, 1, 1, 1, 0, 0, 0, 0, 1, stream),
                   "embedding_sparse_adam_step_cuda: num_rows" VALID);
    EXPECT_INVALID(embedding_check_indices_cuda(word, ints, SIZE_MAX, 1, stream),
                   "embedding_check_indices_cuda: num_indices is 18446744073709551615, valid is up to 2147483647");
}

static void an_option_out_of_range_is_named(void) {
    place();
    embedding_bags bags = {.indices = ints, .offsets = ints, .num_indices = 1, .num_offsets = 3, .num_bags = 1, .num_embeddings = 1,
                           .embedding_dim = 1, .padding_idx = -1};
    EXPECT_INVALID(embedding_bag_forward_cuda(floats, NULL, word, floats, &bags, stream),
                   "embedding_bag_forward_cuda: bags->num_offsets is 3, valid is num_bags or num_bags + 1: 1 or 2");
    bags.num_offsets = 1;
    bags.mode = (embedding_bag_mode)3;
    EXPECT_INVALID(embedding_bag_forward_cuda(floats, NULL, word, floats, &bags, stream), "embedding_bag_forward_cuda: bags->mode is 3, valid is 0 to 2");
    bags.mode = EMBEDDING_BAG_MAX;
    EXPECT_INVALID(embedding_bag_sparse_backward_cuda(ints, floats, word, word, floats, &bags, NULL, scratch, stream),
                   "embedding_bag_sparse_backward_cuda: bags->mode is max, which has no sparse gradient");
    EXPECT_INVALID(embedding_nearest_cuda(ints, floats, word, word, floats, NULL, floats, NULL, 0, 1, 1, 1, (embedding_metric)3, scratch, stream),
                   "embedding_nearest_cuda: metric is 3, valid is 0 to 2");
}

static void sizes_of_zero_are_no_error(void) {
    place();
    EXPECT_QUEUED(embedding_forward_cuda(NULL, word, NULL, NULL, 0, 0, 0, stream));
    EXPECT_GOOD(word);
    EXPECT_QUEUED(embedding_forward_cuda(NULL, word, NULL, NULL, 0, 5, 3, stream));
    EXPECT_GOOD(word);
    const int32_t indices[] = {0, 7};
    EXPECT_QUEUED(embedding_forward_cuda(NULL, word, NULL, ON_DEVICE(indices, 2), 2, 5, 0, stream)); /* checked all the same */
    EXPECT_BAD(word, EMBEDDING_INDEX_OUT_OF_RANGE, 1);
    EXPECT_QUEUED(embedding_forward_cuda(floats, word, NULL, ON_DEVICE(indices, 2), 2, 0, 3, stream));
    EXPECT_BAD(word, EMBEDDING_INDEX_OUT_OF_RANGE, 0);
    EXPECT_QUEUED(embedding_narrow_indices_cuda(NULL, word, NULL, 0, 0, stream));
    EXPECT_GOOD(word);
    EXPECT_QUEUED(embedding_row_norms_cuda(NULL, NULL, 0, 3, stream));
    EXPECT_QUEUED(embedding_check_offsets_cuda(word, NULL, 0, 0, 1, stream));
    EXPECT_GOOD(word);
}

static void the_message_stays_until_the_next_failure(void) {
    place();
    EXPECT_INVALID(embedding_forward_cuda(NULL, word, floats, ints, 1, 1, 1, stream), "embedding_forward_cuda: output is NULL");
    EXPECT_QUEUED(embedding_forward_cuda(NULL, word, NULL, NULL, 0, 0, 0, stream));
    EXPECT(!strcmp(embedding_message_cuda(), "embedding_forward_cuda: output is NULL"));
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(a_null_pointer_is_named);
    RUN(a_host_pointer_is_named);
    RUN(a_pointer_between_two_elements_is_named);
    RUN(a_size_from_2_to_the_31_on_is_named);
    RUN(an_option_out_of_range_is_named);
    RUN(sizes_of_zero_are_no_error);
    RUN(the_message_stays_until_the_next_failure);
    return FINISH();
}
