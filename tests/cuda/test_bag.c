/* The twins of bag.c against the core. */
#include "device.h"

static inputs from = {4};

/* Bags of the host, and the same on the device. */
typedef struct {
    embedding_bags host, device;
    int32_t *offsets;
    size_t num_offsets;
} both_bags;

/* Some bags are empty, some long, some equal; by round with padding, weights, another last offset, or no offsets at all. */
static both_bags draw_bags(const shape *s, size_t round) {
    const size_t N = s->num_indices, num_bags = 1 + draw_below(&from, N < 40 ? N : 40);
    int32_t *indices = INT32S(N, 0), *offsets = INT32S(num_bags + 1, 0);
    float *weights = FLOATS(N, 0);
    fill_indices_of(&from, indices, s);
    fill_plain(&from, weights, N);
    for (size_t bag = 0; bag <= num_bags; bag++) {
        const size_t to = draw_below(&from, N + 1);
        size_t at = bag;
        for (; at > 0 && offsets[at - 1] > (int32_t)to; at--) offsets[at] = offsets[at - 1];
        offsets[at] = (int32_t)to;
    }
    offsets[0] = 0;
    offsets[num_bags] = (int32_t)N;
    both_bags bags = {.offsets = offsets, .num_offsets = num_bags + round % 2};
    bags.host = (embedding_bags){.indices = indices,
                                 .offsets = round % 5 == 4 ? NULL : offsets,
                                 .per_sample_weights = round % 3 == 0 && round % 2 ? weights : NULL,
                                 .num_indices = N,
                                 .num_offsets = round % 5 == 4 ? 0 : bags.num_offsets,
                                 .num_bags = num_bags,
                                 .num_embeddings = s->num_embeddings,
                                 .embedding_dim = s->embedding_dim,
                                 .padding_idx = round % 4 == 1 ? (int32_t)(s->num_embeddings / 2) : round % 4 == 2 ? 0 : -1,
                                 .mode = (embedding_bag_mode)(round % 3)};
    bags.device = bags.host;
    bags.device.indices = ON_DEVICE(indices, N);
    bags.device.offsets = bags.host.offsets ? ON_DEVICE(offsets, num_bags + 1) : NULL;
    bags.device.per_sample_weights = bags.host.per_sample_weights ? ON_DEVICE(weights, N) : NULL;
    trying("num_indices %zu, num_bags %zu, num_embeddings %zu, embedding_dim %zu, padding_idx %d, mode %d, round %zu", N, num_bags,
           s->num_embeddings, s->embedding_dim, bags.host.padding_idx, (int)bags.host.mode, round);
    return bags;
}

static void bags_and_their_gradients_agree_bit_for_bit(void) {
    for (size_t i = 0; i < 5 * NUM_SHAPES; i++) {
        const shape *s = &SHAPES[i / 5];
        const size_t round = i + i / 5, N = s->num_indices, V = s->num_embeddings, D = s->embedding_dim;
        both_bags bags = draw_bags(s, round);
        const size_t B = bags.host.num_bags;
        const int is_max = bags.host.mode == EMBEDDING_BAG_MAX;
        float *weight = FLOATS(V * D, 0), *output = FLOATS(B * D, 0), *grad_output = FLOATS(B * D, 0), *grad_weight = FLOATS(V * D, 0);
        float *grad_values = FLOATS(N * D, 0), *grad_weights = FLOATS(N, 0);
        int32_t *max_indices = INT32S(B * D, 0), *grad_indices = INT32S(N, 0);
        uint32_t *counts = NULL, *device_counts = NULL;
        size_t position;
        if (round % 2) fill_hard(&from, weight, V * D);
        else fill_plain(&from, weight, V * D);
        if (round % 7 == 3) fill_hard(&from, grad_output, B * D);
        else fill_plain(&from, grad_output, B * D);
        if (round % 4 > 1) {
            counts = memset(buffer(embedding_backward_scratch(V), 0), 0, embedding_backward_scratch(V));
            device_counts = ON_DEVICE(counts, V);
        }
        const float *device_weight = ON_DEVICE(weight, V * D), *device_grad_output = ON_DEVICE(grad_output, B * D);
        float *device_output = DEVICE_FLOATS(B * D), *device_grad_weight = DEVICE_FLOATS(V * D), *device_grad_weights = DEVICE_FLOATS(N);
        int32_t *device_max_indices = DEVICE_INT32S(B * D);
        uint64_t *result = DEVICE_WORD();

        embedding_bag_forward(output, max_indices, &position, weight, &bags.host);
        EXPECT_QUEUED(embedding_bag_forward_cuda(device_output, device_max_indices, result, device_weight, &bags.device, stream));
        EXPECT_GOOD(result);
        EXPECT_DEVICE_FLOATS(device_output, output, B * D);
        if (is_max) EXPECT_DEVICE_BYTES(device_max_indices, max_indices, B * D * sizeof *max_indices);

        embedding_bag_dense_backward(grad_weight, grad_output, max_indices, &bags.host, counts);
        EXPECT_QUEUED(embedding_bag_dense_backward_cuda(device_grad_weight, result, device_grad_output, device_max_indices, &bags.device,
                                                        device_counts, device_block(embedding_bag_dense_backward_scratch_cuda(N, B), 0), stream));
        EXPECT_DEVICE_FLOATS(device_grad_weight, grad_weight, V * D);

        embedding_bag_per_sample_weights_backward(grad_weights, grad_output, weight, &bags.host);
        EXPECT_QUEUED(embedding_bag_per_sample_weights_backward_cuda(device_grad_weights, result, device_grad_output, device_weight, &bags.device, stream));
        EXPECT_DEVICE_FLOATS(device_grad_weights, grad_weights, N);

        if (!is_max) {
            int32_t *device_grad_indices = DEVICE_INT32S(N);
            float *device_grad_values = DEVICE_FLOATS(N * D);
            uint64_t *num_pairs = DEVICE_WORD();
            const size_t size = embedding_bag_sparse_backward(grad_indices, grad_values, grad_output, &bags.host, counts);
            EXPECT_QUEUED(embedding_bag_sparse_backward_cuda(device_grad_indices, device_grad_values, num_pairs, result, device_grad_output,
                                                             &bags.device, device_counts,
                                                             device_block(embedding_bag_sparse_backward_scratch_cuda(N, B), 0), stream));
            EXPECT_EQUAL(word_of(num_pairs), size);
            EXPECT_DEVICE_BYTES(device_grad_indices, grad_indices, size * sizeof *grad_indices);
            EXPECT_DEVICE_FLOATS(device_grad_values, grad_values, size * D);
        }
        if (counts) EXPECT_DEVICE_BYTES(device_counts, counts, V * sizeof *counts); /* zero again */
        free_all();
    }
}

static void offsets_are_checked_as_by_the_core(void) {
    for (size_t round = 0; round < 200; round++) {
        const size_t count = draw_below(&from, 200);
        int32_t *offsets = INT32S(count, 0), offset = 0;
        for (size_t bag = 0; bag < count; bag++) {
            offsets[bag] = offset;
            offset += (int32_t)draw_below(&from, 5);
        }
        if (count && round % 2) offsets[draw_below(&from, count)] += (int32_t)draw_below(&from, 9) - 4;
        size_t position = 0;
        const embedding_status status = embedding_check_offsets(&position, offsets, count, (size_t)offset, round % 3 == 0);
        uint64_t *result = DEVICE_WORD();
        trying("round %zu", round);
        EXPECT_QUEUED(embedding_check_offsets_cuda(result, ON_DEVICE(offsets, count), count, (size_t)offset, round % 3 == 0, stream));
        EXPECT_BAD(result, status, position);
        free_all();
    }
}

static void after_a_bad_index_or_offset_nothing_is_written(void) {
    const size_t N = 100, V = 10, D = 5, B = 3;
    for (size_t round = 0; round < 3; round++) {
        int32_t *indices = INT32S(N, 0), offsets[] = {0, 40, 60};
        float *weight = FLOATS(V * D, 0), *before = FLOATS(N * D, 0);
        fill_indices(&from, indices, N, V);
        fill_plain(&from, weight, V * D);
        if (round != 1) indices[77] = -1;
        if (round != 0) offsets[2] = 39;
        const embedding_bags bags = {.indices = ON_DEVICE(indices, N), .offsets = ON_DEVICE(offsets, B), .num_indices = N, .num_offsets = B,
                                     .num_bags = B, .num_embeddings = V, .embedding_dim = D, .padding_idx = -1};
        float *output = ON_DEVICE(before, B * D), *grad_weight = ON_DEVICE(before, V * D), *grad_weights = ON_DEVICE(before, N);
        float *grad_values = ON_DEVICE(before, N * D);
        const float *table = ON_DEVICE(weight, V * D), *grad_output = ON_DEVICE(weight, B * D);
        uint64_t *result = DEVICE_WORD(), *num_pairs = DEVICE_WORD();
        EXPECT_QUEUED(embedding_bag_forward_cuda(output, NULL, result, table, &bags, stream));
        EXPECT_QUEUED(embedding_bag_dense_backward_cuda(grad_weight, result, grad_output, NULL, &bags, NULL,
                                                        device_block(embedding_bag_dense_backward_scratch_cuda(N, B), 0), stream));
        EXPECT_QUEUED(embedding_bag_sparse_backward_cuda(DEVICE_INT32S(N), grad_values, num_pairs, result, grad_output, &bags, NULL,
                                                         device_block(embedding_bag_sparse_backward_scratch_cuda(N, B), 0), stream));
        EXPECT_QUEUED(embedding_bag_per_sample_weights_backward_cuda(grad_weights, result, grad_output, table, &bags, stream));
        if (round == 1) EXPECT_BAD(result, EMBEDDING_OFFSET_INVALID, 2);
        else EXPECT_BAD(result, EMBEDDING_INDEX_OUT_OF_RANGE, 77);
        EXPECT_EQUAL(word_of(num_pairs), 0);
        EXPECT_DEVICE_BYTES(output, before, B * D * sizeof(float));
        EXPECT_DEVICE_BYTES(grad_weight, before, V * D * sizeof(float));
        EXPECT_DEVICE_BYTES(grad_weights, before, N * sizeof(float));
        EXPECT_DEVICE_BYTES(grad_values, before, N * D * sizeof(float));
        free_all();
    }
}

static void empty_batches_give_zeros(void) {
    const float before[] = {1, 2, 3, 4, 5, 6}, zeros[6] = {0};
    const int32_t offsets[] = {0, 0};
    embedding_bags bags = {.offsets = ON_DEVICE(offsets, 2), .num_offsets = 2, .num_bags = 2, .num_embeddings = 2, .embedding_dim = 3, .padding_idx = -1};
    float *output = ON_DEVICE(before, 6), *grad_weight = ON_DEVICE(before, 6);
    uint64_t *result = DEVICE_WORD();
    EXPECT_QUEUED(embedding_bag_forward_cuda(output, NULL, result, NULL, &bags, stream));
    EXPECT_GOOD(result);
    EXPECT_DEVICE_BYTES(output, zeros, sizeof zeros);
    EXPECT_QUEUED(embedding_bag_dense_backward_cuda(grad_weight, result, NULL, NULL, &bags, NULL, NULL, stream));
    EXPECT_DEVICE_BYTES(grad_weight, zeros, sizeof zeros);
    uint64_t *num_pairs = DEVICE_WORD();
    EXPECT_QUEUED(embedding_bag_sparse_backward_cuda(NULL, NULL, num_pairs, result, NULL, &bags, NULL, NULL, stream));
    EXPECT_EQUAL(word_of(num_pairs), 0);
    bags = (embedding_bags){.padding_idx = -1};
    EXPECT_QUEUED(embedding_bag_forward_cuda(NULL, NULL, result, NULL, &bags, stream));
    EXPECT_QUEUED(embedding_bag_per_sample_weights_backward_cuda(NULL, NULL, NULL, NULL, &bags, stream));
}

int main(void) {
    REQUIRE_DEVICE();
    RUN(bags_and_their_gradients_agree_bit_for_bit);
    RUN(offsets_are_checked_as_by_the_core);
    RUN(after_a_bad_index_or_offset_nothing_is_written);
    RUN(empty_batches_give_zeros);
    return FINISH();
}
