/* The protocol of tests/bench/contender.js for the native contenders. */
#define _POSIX_C_SOURCE 199309L /* clock_gettime */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "native.h"

#define MOST_RESULTS ((size_t)1 << 22)

typedef enum { NOTHING, GRADIENT, BAG_GRADIENT, SAMPLE_WEIGHTS, QUERY } numbers;
static const struct {
    const char *name;
    size_t (*call)(work *);
    numbers numbers;
} kernels[] = {
#define ENTRY(NAME, NUMBERS) {#NAME, NAME, NUMBERS},
    KERNELS(ENTRY)};

static void fail(const char *what, const char *which) {
    printf("error %s %s: %s\n", what, which, strerror(errno));
    exit(1);
}

static void *zeroed(size_t size) {
    void *memory = calloc(size + 1, 1);
    if (!memory) fail("calloc", "");
    return memory;
}

/* 4 * count bytes of a file, from its start or up to its end. */
static void *read_file(const char *name, size_t count, int is_end) {
    FILE *file = fopen(name, "rb");
    if (!file) fail("open", name);
    if (is_end && fseek(file, -(long)(4 * count), SEEK_END)) fail("seek", name);
    void *values = malloc(4 * count + 1);
    if (!values || fread(values, 4, count, file) != count) fail("read", name);
    fclose(file);
    return values;
}

/* The value of key=value in a line, as a number; 0 if it is not there. Spaces part the pairs. */
static const char *text_of(const char *line, const char *key) {
    static char value[256];
    const char *at = strstr(line, key);
    if (!at || sscanf(at + strlen(key), "%255s", value) != 1) return "0";
    return value;
}
static size_t number_of(const char *line, const char *key) { return (size_t)strtoull(text_of(line, key), NULL, 10); }

static work w;
static const int32_t *indices;
static size_t num_sets;
static size_t (*call)(work *);

static void call_with_set(size_t set) {
    w.indices = indices + set * w.num_indices;
    call(&w);
}

static void prepare(char *line) {
    char name[64];
    if (sscanf(line, "prepare %63s", name) != 1) return;
    for (char *dash = name; *dash; dash++)
        if (*dash == '-') *dash = '_';
    size_t k = 0;
    while (k < sizeof kernels / sizeof *kernels && strcmp(kernels[k].name, name)) k++;
    if (k == sizeof kernels / sizeof *kernels) {
        puts("cannot not written in C");
        return;
    }
    call = kernels[k].call;
    w.num_embeddings = number_of(line, " V="), w.embedding_dim = number_of(line, " D=");
    w.num_indices = number_of(line, " n="), w.num_bags = number_of(line, " bags=");
    num_sets = number_of(line, " sets=");
    const size_t V = w.num_embeddings, D = w.embedding_dim, n = w.num_indices, most = V > n ? V : n;
    w.weight = read_file(text_of(line, " floats="), V * D, 0);
    indices = read_file(text_of(line, " indices="), num_sets * n, 0);
    const size_t counts[] = {0, n * D, w.num_bags * D, n, D};
    w.numbers = read_file(text_of(line, " floats="), counts[kernels[k].numbers], 1);
    int32_t *offsets = zeroed(4 * w.num_bags);
    for (size_t b = 0; b < w.num_bags; b++) offsets[b] = (int32_t)(b * (n / w.num_bags));
    w.offsets = offsets;
    w.output = zeroed(4 * most * D), w.values = zeroed(4 * most * D);
    w.moments[0] = zeroed(4 * V * D), w.moments[1] = zeroed(4 * V * D);
    w.rows = zeroed(4 * (most + w.num_bags * D)), w.scratch = zeroed(8 * (V + n));

    w.indices = indices;
    const size_t count = call(&w), results = count ? count : V * D;
    FILE *file = fopen(text_of(line, " result="), "wb");
    if (!file) fail("open", "result");
    fwrite(count ? w.output : w.weight, 4, results < MOST_RESULTS ? results : MOST_RESULTS, file);
    fclose(file);
    puts("ready");
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

int main(void) {
    char line[4096];
    printf("version %s\n", version);
    for (fflush(stdout); fgets(line, sizeof line, stdin); fflush(stdout)) {
        if (!strncmp(line, "prepare ", 8)) prepare(line);
        if (!strncmp(line, "wasm", 4)) puts("0");
        if (!strncmp(line, "time ", 5)) {
            const size_t repetitions = strtoull(line + 5, NULL, 10);
            for (size_t i = 0; i < repetitions / 8; i++) call_with_set(i % num_sets);
            const double start = now();
            for (size_t i = 0; i < repetitions; i++) call_with_set(i % num_sets);
            printf("%.3f\n", (now() - start) / (double)repetitions);
        }
    }
    return 0;
}
