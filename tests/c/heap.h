/* The heap of src/wasm over a host of the tests' own. The source is included, since walk looks at its blocks. To be included
   first. */
#ifndef TESTS_HEAP_H
#define TESTS_HEAP_H

#define _DEFAULT_SOURCE
#include "../../src/wasm/memory.c"

#include <sys/mman.h>

#include "test.h"

#define PAGE ((size_t)65536)

static struct {
    void *reserved;
    size_t size, begin, end, limit;
    int refuses, grows; /* whether it lets memory grow, and how often it has */
} host;

size_t memory_begin(void) { return host.begin; }
size_t memory_end(void) { return host.end; }
size_t memory_limit(void) { return host.limit; }
int memory_grow(size_t new_end) {
    const size_t grown = (new_end + PAGE - 1) / PAGE * PAGE;
    if (host.refuses || grown > host.limit) return 0;
    if (grown <= host.end) return 1;
    if (mprotect((void *)host.end, grown - host.end, PROT_READ | PROT_WRITE)) return 0; /* until then a touch is a fault */
    host.end = grown;
    host.grows++;
    return 1;
}

/* A new heap that begins `before` bytes behind a page, of which `initial` bytes are there and that may grow to `limit` bytes. */
static inline void start_heap(size_t before, size_t initial, size_t limit) {
    if (host.reserved) munmap(host.reserved, host.size);
    host.size = limit + PAGE;
    host.reserved = mmap(NULL, host.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    EXPECT(host.reserved != MAP_FAILED);
    host.end = ((size_t)host.reserved + PAGE - 1) / PAGE * PAGE;
    host.begin = host.end + before;
    host.limit = host.end + limit;
    host.refuses = host.grows = 0;
    EXPECT(memory_grow(host.end + initial));
    memset(free_lists, 0, sizeof free_lists);
    memset(free_bits, 0, sizeof free_bits);
    first = end = NULL;
}

/* Walks the heap. Returns the number of free blocks. */
static inline size_t walk(void) {
    size_t num_free = 0, num_listed = 0, was_free = 0, previous_size = 0;
    for (const block *a = first; a != end; a = after(a)) {
        EXPECT((uintptr_t)a % 16 == 0 && a->size % 16 == 0 && a->size >= MIN_BLOCK);
        EXPECT((uintptr_t)a + a->size + HEADER <= memory_end());
        EXPECT_EQUAL(a->previous_size, previous_size);
        EXPECT(!(a->is_free && was_free)); /* neighbours are joined */
        num_free += a->is_free != 0;
        was_free = a->is_free;
        previous_size = a->size;
    }
    if (end) EXPECT_EQUAL(end->previous_size, previous_size);
    for (uint32_t class = 0; class < CLASSES; class++) {
        EXPECT_EQUAL(free_bits[class / 32] >> class % 32 & 1, free_lists[class] != NULL);
        for (const block *a = free_lists[class], *previous = NULL; a; previous = a, a = a->next) {
            EXPECT(a->is_free && a->previous == previous);
            EXPECT_EQUAL(class_of(a->size), class);
            num_listed++;
        }
    }
    EXPECT_EQUAL(num_listed, num_free);
    return num_free;
}

#endif
