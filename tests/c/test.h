/* A small harness. A test is a function without arguments whose name is a sentence. The first expectation that fails ends it and
   prints where, what was expected, and what came. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs.h"

#ifndef ROUNDS
#define ROUNDS 1000000 /* of tests that try random inputs; fewer where a sanitizer slows them down */
#endif

static struct {
    const char *name;
    char detail[256];
    int is_running, passed, failed; /* a failure outside run_test, as in the fuzzer, ends the program */
    jmp_buf end;
    void *buffers[256];
    size_t num_buffers;
} test;

/* ---- Buffers ------------------------------------------------------------------------------------------------------- */

/* A block of exactly `size` bytes, so that the sanitizer sees the first byte too many, `offset` bytes behind an address aligned
   to 16, full of bytes unlike any result. Freed when the test ends, or by free_buffers. */
static inline void *buffer(size_t size, size_t offset) {
    if (test.num_buffers == sizeof test.buffers / sizeof *test.buffers) {
        printf("%s: more buffers than the harness can hold\n", test.name);
        exit(2);
    }
    char *start = malloc(offset + size);
    memset(start, 0xa7, offset + size);
    return test.buffers[test.num_buffers++] = start, start + offset;
}
#define FLOATS(count, offset) ((float *)buffer((count) * sizeof(float), (offset) * sizeof(float)))
#define INT32S(count, offset) ((int32_t *)buffer((count) * sizeof(int32_t), (offset) * sizeof(int32_t)))
#define INT64S(count) ((int64_t *)buffer((count) * sizeof(int64_t), 0))

static inline void *copy_of(const void *bytes, size_t size) {
    void *copy = buffer(size, 0);
    if (size) memcpy(copy, bytes, size);
    return copy;
}

static inline void free_buffers(void) {
    while (test.num_buffers) free(test.buffers[--test.num_buffers]);
}

/* ---- Running ------------------------------------------------------------------------------------------------------- */

/* Says which of many inputs is being tried; printed when an expectation fails. */
__attribute__((format(printf, 1, 2))) static inline void trying(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(test.detail, sizeof test.detail, format, arguments);
    va_end(arguments);
}

__attribute__((format(printf, 3, 4), noreturn)) static inline void fail(const char *file, int line, const char *format, ...) {
    va_list arguments;
    printf("%s:%d: %s%s%s\n    ", file, line, test.name, *test.detail ? ", " : "", test.detail);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
    if (!test.is_running) abort();
    longjmp(test.end, 1);
}

static inline void run_test(void (*function)(void), const char *name) {
    test.name = name;
    *test.detail = 0;
    test.is_running = 1;
    if (setjmp(test.end)) test.failed++;
    else function(), test.passed++;
    free_buffers();
}
#define RUN(function) run_test(function, #function)

/* The program's last line and exit status. */
static inline int finish(const char *file) {
    const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
    printf("%.*s: %d passed", (int)strcspn(name, "."), name, test.passed);
    if (test.failed) printf(", %d FAILED", test.failed);
    printf("\n");
    return test.failed != 0;
}
#define FINISH() finish(__FILE__)

/* ---- Expectations -------------------------------------------------------------------------------------------------- */

#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) fail(__FILE__, __LINE__, "expected %s", #condition);                                         \
    } while (0)

/* Whole numbers, addresses compared with EXPECT. */
#define EXPECT_EQUAL(got, expected) expect_equal(__FILE__, __LINE__, #got, (long long)(got), (long long)(expected))
static inline void expect_equal(const char *file, int line, const char *what, long long got, long long expected) {
    if (got != expected) fail(file, line, "%s: expected %lld, got %lld", what, expected, got);
}

static inline uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

/* The same bits, or both NaN. */
static inline int same_float(float a, float b) { return bits_of(a) == bits_of(b) || (a != a && b != b); }

#define EXPECT_FLOAT(got, expected) expect_float(__FILE__, __LINE__, #got, got, expected)
static inline void expect_float(const char *file, int line, const char *what, float got, float expected) {
    if (!same_float(got, expected))
        fail(file, line, "%s: expected %.9g (%a), got %.9g (%a)", what, (double)expected, (double)expected, (double)got,
             (double)got);
}

#define EXPECT_FLOATS(got, expected, count) expect_floats(__FILE__, __LINE__, #got, got, expected, count)
static inline void expect_floats(const char *file, int line, const char *what, const float *got, const float *expected,
                                 size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!same_float(got[i], expected[i]))
            fail(file, line, "%s[%zu]: expected %.9g (%a), got %.9g (%a)", what, i, (double)expected[i], (double)expected[i],
                 (double)got[i], (double)got[i]);
}

/* Within a part `tolerance` of the larger of |expected| and 1e-30. */
#define EXPECT_CLOSE(got, expected, tolerance) expect_close(__FILE__, __LINE__, #got, got, expected, tolerance)
static inline void expect_close(const char *file, int line, const char *what, double got, double expected, double tolerance) {
    if (!(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-30)))
        fail(file, line, "%s: expected about %.9g, got %.9g", what, expected, got);
}

/* A float32 result against one in double, which also stands for central differences. */
#define TOLERANCE 4e-6
#define EXPECT_NEAR(got, expected) expect_near(__FILE__, __LINE__, #got, (double)(got), expected)
static inline void expect_near(const char *file, int line, const char *what, double got, double expected) {
    if (!(fabs(got - expected) <= TOLERANCE * fmax(fabs(expected), 1)) && got != expected && !(got != got && expected != expected))
        fail(file, line, "%s: expected about %.9g, got %.9g", what, expected, got);
}

#define EXPECT_BYTES(got, expected, size) expect_bytes(__FILE__, __LINE__, #got, got, expected, size)
static inline void expect_bytes(const char *file, int line, const char *what, const void *got, const void *expected,
                                size_t size) {
    const uint8_t *got_bytes = got, *expected_bytes = expected;
    for (size_t i = 0; i < size; i++)
        if (got_bytes[i] != expected_bytes[i])
            fail(file, line, "byte %zu of %zu of %s: expected %02x, got %02x", i, size, what, expected_bytes[i], got_bytes[i]);
}

/* `expected` ends with a NUL, `got` does not. */
#define EXPECT_TEXT(got, length, expected) expect_text(__FILE__, __LINE__, got, length, expected)
static inline void expect_text(const char *file, int line, const char *got, size_t length, const char *expected) {
    if (length != strlen(expected) || memcmp(got, expected, length) != 0)
        fail(file, line, "expected \"%s\", got \"%.*s\"", expected, (int)length, got);
}

#endif
