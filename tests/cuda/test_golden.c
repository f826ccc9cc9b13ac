/* The twins against the core over the configurations of tests/golden, which golden.js has written to the file named. What PyTorch got
   there is compared with the core elsewhere. */
#include "device.h"

static FILE *file;

static void next_word(const char *format, void *value) {
    if (fscanf(file, format, value) != 1) fail(__FILE__, __LINE__, "the file of configurations ends early");
}
static size_t next_size(void) {
    size_t value = 0;
    next_word("%zu", &value);
    return value;
}
static int32_t next_int(void) {
    int value = 0;
    next_word("%d", &value);
    return value;
}
static double next_double(void) {
    unsigned long long bits = 0;
    double value;
    next_word("%llx", &bits);
    memcpy(&value, &bits, 8);
    return value;
}
static float *next_floats(size_t count) {
    float *values = FLOATS(count, 0);
    for (size_t n = 0; n < count; n++) next_word("%x", values + n);
    return values;
}
static int32_t *next_ints(size_t count) {
    int32_t *values = INT32S(count, 0);
    for (size_t n = 0; n < count; n++) values[n] = next_int();
    return values;
}
static void *zeros(size_t size) { return memset(buffer(size, 0), 0, size); }

static void lookup(void) {
    const size_t V = next_size(), D = next_size();
    const int has_max_norm = next_int();
    const double max_norm = next_double(), norm_type = next_double();
    const size_t N = next_size();
    const int is_exact = norm_type == 2 || norm_type == 1 || norm_type == 0 || isinf(norm_type) || D == 1;
    float *weight = next_floats(V * D), *expected = FLOATS(N * D, 0), *device_weight = ON_DEVICE(weight, V * D), *output = DEVICE_FLOATS(N * D);
    const int32_t *indices = next_ints(N), *device_indices = ON_DEVICE(indices, N);
    uint64_t *result = DEVICE_WORD();
    size_t position;
    if (has_max_norm) {
        embedding_renorm(weight, NULL, NULL, &position, indices, N, V, D, max_norm, norm_type, zeros(embedding_renorm_scratch(V)));
        EXPECT_QUEUED(embedding_renorm_cuda(device_weight, NULL, NULL, result, device_indices, N, V, D, max_norm, norm_type,
                                            device_block(embedding_renorm_scratch_cuda(V), 0), stream));
        EXPECT_GOOD(result);
    }
    embedding_forward(expected, &position, weight, indices, N, V, D);
    EXPECT_QUEUED(embedding_forward_cuda(output, result, device_weight, device_indices, N, V, D, stream));
    EXPECT_GOOD(result);
    const float *got = to_host(output, N * D * sizeof(float)), *table = to_host(device_weight, V * D * sizeof(float));
    if (is_exact) EXPECT_FLOATS(table, weight, V * D);
    if (is_exact) EXPECT_FLOATS(got, expected, N * D);
    for (size_t d = 0; d < V * D && !is_exact; d++) /* powf */
        if (!same_float(table[d], weight[d])) EXPECT_CLOSE((double)table[d], (double)weight[d], 1e-6);
}

static void gradient(void) {
    const size_t V = next_size(), D = next_size();
    const int32_t padding_idx = next_int();
    const int by_freq = next_int();
    const size_t N = next_size();
    const int32_t *indices = next_ints(N);
    const float *grad_output = next_floats(N * D), *device_grad_output = ON_DEVICE(grad_output, N * D);
    const int32_t *device_indices = ON_DEVICE(indices, N);
    uint32_t *counts = by_freq ? zeros(V * 4) : NULL, *device_counts = by_freq ? ON_DEVICE(counts, V) : NULL;
    float *grad_weight = FLOATS(V * D, 0), *grad_values = FLOATS(N * D, 0), *values = FLOATS(N * D, 0);
    int32_t *grad_indices = INT32S(N, 0), *rows = INT32S(N, 0);
    float *device_grad_weight = DEVICE_FLOATS(V * D), *device_grad_values = DEVICE_FLOATS(N * D), *device_values = DEVICE_FLOATS(N * D);
    int32_t *device_grad_indices = DEVICE_INT32S(N), *device_rows = DEVICE_INT32S(N);
    uint64_t *num_pairs = DEVICE_WORD(), *num_rows = DEVICE_WORD();
    embedding_dense_backward(grad_weight, grad_output, indices, N, V, D, padding_idx, counts);
    const size_t pairs = embedding_sparse_backward(grad_indices, grad_values, grad_output, indices, N, D, padding_idx, counts);
    const size_t distinct = embedding_coalesce(rows, values, grad_indices, grad_values, pairs, V, D, zeros(embedding_coalesce_scratch(V)), buffer(N, 0));
    EXPECT_QUEUED(embedding_dense_backward_cuda(device_grad_weight, NULL, device_grad_output, device_indices, N, V, D, padding_idx, device_counts,
                                                device_block(embedding_dense_backward_scratch_cuda(N), 0), stream));
    EXPECT_QUEUED(embedding_sparse_backward_cuda(device_grad_indices, device_grad_values, num_pairs, NULL, device_grad_output, device_indices, N, D,
                                                 padding_idx, device_counts, device_block(embedding_sparse_backward_scratch_cuda(N), 0), stream));
    EXPECT_QUEUED(embedding_coalesce_cuda(device_rows, device_values, num_rows, device_grad_indices, device_grad_values, num_pairs, N, V, D,
                                          device_block(embedding_coalesce_scratch_cuda(N), 0), stream));
    EXPECT_DEVICE_FLOATS(device_grad_weight, grad_weight, V * D);
    EXPECT_EQUAL(word_of(num_pairs), pairs);
    EXPECT_DEVICE_BYTES(device_grad_indices, grad_indices, pairs * sizeof *grad_indices);
    EXPECT_DEVICE_FLOATS(device_grad_values, grad_values, pairs * D);
    EXPECT_EQUAL(word_of(num_rows), distinct);
    EXPECT_DEVICE_BYTES(device_rows, rows, distinct * sizeof *rows);
    EXPECT_DEVICE_FLOATS(device_values, values, distinct * D);
}

static void bags(void) {
    embedding_bags host = {.num_embeddings = next_size(), .embedding_dim = next_size()};
    host.mode = (embedding_bag_mode)next_int();
    host.padding_idx = next_int();
    const int by_freq = next_int();
    host.num_bags = next_size();
    host.num_indices = next_size();
    host.num_offsets = next_size();
    const int has_weights = next_int(), is_max = host.mode == EMBEDDING_BAG_MAX;
    const size_t V = host.num_embeddings, D = host.embedding_dim, N = host.num_indices, B = host.num_bags;
    const float *weight = next_floats(V * D), *device_weight = ON_DEVICE(weight, V * D);
    host.indices = next_ints(N);
    host.offsets = host.num_offsets ? next_ints(host.num_offsets) : NULL;
    host.per_sample_weights = has_weights ? next_floats(N) : NULL;
    const float *grad_output = next_floats(B * D), *device_grad_output = ON_DEVICE(grad_output, B * D);
    embedding_bags on_device = host;
    on_device.indices = ON_DEVICE(host.indices, N);
    on_device.offsets = host.offsets ? ON_DEVICE(host.offsets, host.num_offsets) : NULL;
    on_device.per_sample_weights = has_weights ? ON_DEVICE(host.per_sample_weights, N) : NULL;
    uint32_t *counts = by_freq ? zeros(V * 4) : NULL, *device_counts = by_freq ? ON_DEVICE(counts, V) : NULL;
    float *output = FLOATS(B * D, 0), *grad_weight = FLOATS(V * D, 0), *grad_weights = FLOATS(N, 0);
    int32_t *max_indices = INT32S(B * D, 0), *device_max_indices = DEVICE_INT32S(B * D);
    float *device_output = DEVICE_FLOATS(B * D), *device_grad_weight = DEVICE_FLOATS(V * D), *device_grad_weights = DEVICE_FLOATS(N);
    uint64_t *result = DEVICE_WORD();
    size_t position;
    embedding_bag_forward(output, max_indices, &position, weight, &host);
    embedding_bag_dense_backward(grad_weight, grad_output, max_indices, &host, counts);
    embedding_bag_per_sample_weights_backward(grad_weights, grad_output, weight, &host);
    EXPECT_QUEUED(embedding_bag_forward_cuda(device_output, device_max_indices, result, device_weight, &on_device, stream));
    EXPECT_GOOD(result);
    EXPECT_QUEUED(embedding_bag_dense_backward_cuda(device_grad_weight, result, device_grad_output, device_max_indices, &on_device, device_counts,
                                                    device_block(embedding_bag_dense_backward_scratch_cuda(N, B), 0), stream));
    EXPECT_QUEUED(embedding_bag_per_sample_weights_backward_cuda(device_grad_weights, result, device_grad_output, device_weight, &on_device, stream));
    EXPECT_DEVICE_FLOATS(device_output, output, B * D);
    if (is_max) EXPECT_DEVICE_BYTES(device_max_indices, max_indices, B * D * sizeof *max_indices);
    EXPECT_DEVICE_FLOATS(device_grad_weight, grad_weight, V * D);
    EXPECT_DEVICE_FLOATS(device_grad_weights, grad_weights, N);
}

static void steps(void) {
    char optimizer[16] = "";
    next_word("%15s", optimizer);
    const size_t V = next_size(), D = next_size(), num_steps = next_size(), size = V * D;
    const int maximize = next_int(), nesterov = next_int(), amsgrad = next_int(), decoupled = next_int();
    const double lr = next_double(), momentum = next_double(), dampening = next_double(), decay = next_double(), lr_decay = next_double();
    const double eps = next_double(), beta1 = next_double(), beta2 = next_double();
    float *p = next_floats(size), *a = zeros(size * 4), *b = zeros(size * 4), *c = zeros(size * 4); /* the weight, and what state there is */
    float *dp = ON_DEVICE(p, size), *da = ON_DEVICE(a, size), *db = ON_DEVICE(b, size), *dc = ON_DEVICE(c, size);
    for (uint32_t step = 1; step <= num_steps; step++) {
        const int32_t pairs = next_int();
        const size_t N = pairs < 0 ? 0 : (size_t)pairs;
        const int32_t *indices = next_ints(N);
        const float *grad = next_floats(pairs < 0 ? size : N * D), *device_grad = ON_DEVICE(grad, pairs < 0 ? size : N * D);
        const int32_t *device_indices = ON_DEVICE(indices, N);
        int32_t *rows = INT32S(N, 0), *device_rows = DEVICE_INT32S(N);
        float *values = FLOATS(N * D, 0), *device_values = DEVICE_FLOATS(N * D);
        uint64_t *num_rows = DEVICE_WORD();
        size_t distinct = 0;
        if (pairs >= 0) {
            distinct = embedding_coalesce(rows, values, indices, grad, N, V, D, zeros(embedding_coalesce_scratch(V)), buffer(N, 0));
            EXPECT_QUEUED(embedding_coalesce_cuda(device_rows, device_values, num_rows, device_indices, device_grad, NULL, N, V, D,
                                                  device_block(embedding_coalesce_scratch_cuda(N), 0), stream));
        }
        if (pairs >= 0 && !strcmp(optimizer, "SparseAdam")) {
            embedding_sparse_adam_step(p, a, b, rows, values, distinct, V, D, lr, beta1, beta2, eps, maximize, step);
            EXPECT_QUEUED(embedding_sparse_adam_step_cuda(dp, da, db, device_rows, device_values, num_rows, N, V, D, lr, beta1, beta2, eps, maximize,
                                                          step, stream));
        } else if (!strcmp(optimizer, "Adagrad")) {
            const int is_dense = pairs < 0;
            embedding_adagrad_step(p, a, is_dense ? grad : values, is_dense ? NULL : rows, distinct, V, D, lr, lr_decay, eps, decay, maximize, step);
            EXPECT_QUEUED(embedding_adagrad_step_cuda(dp, da, is_dense ? device_grad : device_values, is_dense ? NULL : device_rows,
                                                      is_dense ? NULL : num_rows, N, V, D, lr, lr_decay, eps, decay, maximize, step, stream));
        } else if (pairs >= 0) {
            embedding_add_rows(p, indices, grad, N, D, (float)-lr);
            EXPECT_QUEUED(embedding_add_rows_cuda(dp, device_indices, device_grad, NULL, N, D, (float)-lr,
                                                  device_block(embedding_add_rows_scratch_cuda(N), 0), stream));
        } else if (!strcmp(optimizer, "SGD")) {
            embedding_sgd_step(p, momentum != 0 ? a : NULL, grad, size, lr, momentum, dampening, decay, nesterov, maximize, step == 1);
            EXPECT_QUEUED(embedding_sgd_step_cuda(dp, momentum != 0 ? da : NULL, device_grad, size, lr, momentum, dampening, decay, nesterov, maximize,
                                                  step == 1, stream));
        } else {
            embedding_adam_step(p, a, b, amsgrad ? c : NULL, grad, size, lr, beta1, beta2, eps, decay, decoupled, maximize, step);
            EXPECT_QUEUED(embedding_adam_step_cuda(dp, da, db, amsgrad ? dc : NULL, device_grad, size, lr, beta1, beta2, eps, decay, decoupled,
                                                   maximize, step, stream));
        }
        EXPECT_DEVICE_FLOATS(dp, p, size);
        EXPECT_DEVICE_FLOATS(da, a, size);
        EXPECT_DEVICE_FLOATS(db, b, size);
        EXPECT_DEVICE_FLOATS(dc, c, size);
    }
}

static void nearest(void) {
    const size_t V = next_size(), D = next_size(), seed = next_size();
    const embedding_metric metric = (embedding_metric)next_int();
    const size_t k = next_size(), num_exclude = next_size();
    const int32_t *exclude = next_ints(num_exclude);
    float *weight = FLOATS(V * D, 0), *query = FLOATS(D, 0), *scores = FLOATS(V, 0), *device_scores = DEVICE_FLOATS(V);
    int32_t *indices = INT32S(V, 0), *device_indices = DEVICE_INT32S(V);
    uint64_t *num_nearest = DEVICE_WORD(), *result = DEVICE_WORD();
    embedding_random *random = buffer(sizeof *random, 0);
    size_t position, found;
    embedding_random_seed(random, seed);
    embedding_random_normal(weight, random, V * D, 0, 1);
    embedding_random_normal(query, random, D, 0, 1);
    embedding_nearest(indices, scores, &found, &position, weight, NULL, query, exclude, num_exclude, V, D, k, metric, zeros(embedding_nearest_scratch(V)));
    EXPECT_QUEUED(embedding_nearest_cuda(device_indices, device_scores, num_nearest, result, ON_DEVICE(weight, V * D), NULL, ON_DEVICE(query, D),
                                         ON_DEVICE(exclude, num_exclude), num_exclude, V, D, k, metric,
                                         device_block(embedding_nearest_scratch_cuda(V), 0), stream));
    EXPECT_GOOD(result);
    EXPECT_EQUAL(word_of(num_nearest), found);
    EXPECT_DEVICE_BYTES(device_indices, indices, found * sizeof *indices);
    EXPECT_DEVICE_FLOATS(device_scores, scores, found);
}

static void every_configuration_gives_the_cores_bits(void) {
    const struct {
        const char *name;
        void (*compare)(void);
    } kinds[] = {{"lookup", lookup}, {"gradient", gradient}, {"bags", bags}, {"steps", steps}, {"nearest", nearest}};
    char name[16];
    size_t line = 0;
    for (; fscanf(file, "%15s", name) == 1; free_all()) {
        size_t kind = 0;
        trying("line %zu, %s", ++line, name);
        while (kind < 5 && strcmp(kinds[kind].name, name)) kind++;
        EXPECT(kind < 5);
        kinds[kind].compare();
    }
    EXPECT(line > 1700);
}

int main(int argc, char **argv) {
    REQUIRE_DEVICE();
    file = fopen(argc > 1 ? argv[1] : "build/tests/cuda/golden.txt", "r");
    if (!file) return perror("build/tests/cuda/golden.txt, which make makes"), 2;
    RUN(every_configuration_gives_the_cores_bits);
    return FINISH();
}
