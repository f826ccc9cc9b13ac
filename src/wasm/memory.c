/* Blocks in order of address, each with its size and its neighbour's; free ones also in a list of their size class, found through
   a bitmap: two-level segregated fit (Masmano, Ripoll, Crespo and Real 2004). Both calls take constant time, except the one that
   finds memory used up. */
#include "memory.h"

#include <stdint.h>

typedef struct block {
    uint32_t size;          /* bytes to the next block's header: a multiple of 16 */
    uint32_t previous_size; /* of the block before, 0 for the first */
    uint32_t is_free;
    uint32_t unused;
    struct block *next, *previous; /* in the free list; the first bytes of the caller's memory otherwise */
} block;

#define HEADER 16
#define MIN_BLOCK 32
#define STEPS 16 /* size classes between two powers of two */
#define STEP_BITS 4
#define CLASSES ((32 - 8 + 1) * STEPS)
#define LOOKS 16
#define GROWTH 16 /* memory grows by at least a sixteenth: every growth detaches the views of the caller */

static block *free_lists[CLASSES];
static uint32_t free_bits[(CLASSES + 31) / 32];
static block *first, *end; /* end: a header without a block, behind the last one */

/* Sizes below 256 have a class each; from there 16 classes to a power of two. A block's class is the largest that starts at or
   below its size. */
static uint32_t class_of(uint32_t size) {
    if (size < 16 * STEPS) return size / 16;
    const uint32_t power = 31 - (uint32_t)__builtin_clz(size);
    return (power - 7) * STEPS + ((size >> (power - STEP_BITS)) & (STEPS - 1));
}

/* The smallest size whose class holds only blocks of at least `size`; 0 if no class does. */
static uint32_t class_ceiling(uint32_t size) {
    if (size < 16 * STEPS) return size;
    const uint32_t step = (uint32_t)1 << (31 - (uint32_t)__builtin_clz(size) - STEP_BITS);
    return (size + step - 1) & ~(step - 1);
}

static block *after(const block *a) { return (block *)((uintptr_t)a + a->size); }
static block *before(const block *a) { return (block *)((uintptr_t)a - a->previous_size); }

static void list_insert(block *a) {
    const uint32_t class = class_of(a->size);
    a->is_free = 1;
    a->previous = NULL;
    a->next = free_lists[class];
    if (a->next) a->next->previous = a;
    free_lists[class] = a;
    free_bits[class / 32] |= (uint32_t)1 << class % 32;
}

static void list_remove(block *a) {
    const uint32_t class = class_of(a->size);
    a->is_free = 0;
    if (a->next) a->next->previous = a->previous;
    if (a->previous) a->previous->next = a->next;
    else free_lists[class] = a->next;
    if (!free_lists[class]) free_bits[class / 32] &= ~((uint32_t)1 << class % 32);
}

/* A free block of at least `size` bytes. The few of its own class that are looked at let a size that comes again and again find
   the block that it left; all blocks of the classes above fit. */
static block *list_find(uint32_t size, uint32_t looks) {
    for (block *a = free_lists[class_of(size)]; a && looks > 0; a = a->next, looks--)
        if (a->size >= size) return a;
    const uint32_t ceiling = class_ceiling(size), class = class_of(ceiling);
    if (ceiling == 0) return NULL;
    uint32_t word = class / 32, bits = free_bits[word] & (UINT32_MAX << class % 32);
    while (!bits) {
        if (++word == sizeof free_bits / sizeof *free_bits) return NULL;
        bits = free_bits[word];
    }
    return free_lists[word * 32 + (uint32_t)__builtin_ctz(bits)];
}

/* Joins a block that is in no list with its free neighbours and puts the result in its list. */
static block *join(block *a) {
    block *next = after(a);
    if (next != end && next->is_free) {
        list_remove(next);
        a->size += next->size;
    }
    if (a->previous_size && before(a)->is_free) {
        block *previous = before(a);
        list_remove(previous);
        previous->size += a->size;
        a = previous;
    }
    after(a)->previous_size = a->size;
    list_insert(a);
    return a;
}

static uintptr_t heap_start(void) { return (memory_begin() + 15) / 16 * 16; }
static block *last_if_free(void) { return end && end->previous_size && before(end)->is_free ? before(end) : NULL; }

/* Makes the last block free and at least `size` bytes long. */
static block *extend(uint32_t size) {
    if (!end) {
        end = first = (block *)heap_start();
        if ((uintptr_t)end + MIN_BLOCK > memory_end()) {
            if (!memory_grow((uintptr_t)end + MIN_BLOCK)) return first = end = NULL;
        }
        end->previous_size = 0;
    }
    block *const last = last_if_free();
    if (last && last->size >= size) return last;
    const uint64_t start = last ? (uintptr_t)last : (uintptr_t)end, needed = start + size + HEADER;
    if (needed > memory_limit()) return NULL;
    if (needed > memory_end()) {
        const uint64_t generous = needed + (needed - memory_begin()) / GROWTH;
        if (!memory_grow(generous < memory_limit() ? (size_t)generous : memory_limit()) && !memory_grow((size_t)needed)) return NULL;
    }
    block *const added = end;
    added->size = (uint32_t)((memory_end() - HEADER - (uintptr_t)added) / 16 * 16);
    end = after(added);
    return join(added);
}

void *memory_allocate(size_t size) {
    if (size == 0 || size > UINT32_MAX - 2 * MIN_BLOCK) return NULL;
    const uint32_t needed = size < 16 ? MIN_BLOCK : (uint32_t)((size + HEADER + 15) / 16 * 16);
    block *found = list_find(needed, LOOKS);
    if (!found) found = extend(needed);
    if (!found) found = list_find(needed, UINT32_MAX); /* the last resort: all of its own class */
    if (!found) return NULL;
    list_remove(found);
    if (found->size - needed >= MIN_BLOCK) {
        block *const rest = (block *)((uintptr_t)found + needed);
        rest->size = found->size - needed;
        rest->previous_size = found->size = needed;
        after(rest)->previous_size = rest->size;
        list_insert(rest);
    }
    return (char *)found + HEADER;
}

void memory_release(void *memory) {
    if (memory) join((block *)((char *)memory - HEADER));
}

size_t memory_available(void) {
    size_t largest = 0;
    for (block *a = first; a != end; a = after(a))
        if (a->is_free && a->size > largest) largest = a->size;
    const size_t top = last_if_free() ? (uintptr_t)last_if_free() : end ? (uintptr_t)end : heap_start();
    const size_t growable = memory_limit() - top - HEADER;
    largest = growable > largest ? growable : largest;
    return largest > HEADER ? largest - HEADER : 0;
}
