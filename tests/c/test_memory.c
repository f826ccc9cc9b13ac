/* The heap. */
#include "heap.h"

static inputs from = {8};

/* ---- Random allocations and releases against a model --------------------------------------------------------------- */

#define MAX_LIVE 200
typedef struct {
    uint8_t *start;
    size_t size;
    uint8_t fill;
} piece;

static size_t draw_size(void) {
    switch (draw_below(&from, 8)) {
        case 0: return 1 + draw_below(&from, 40);
        case 1: return (size_t)16 << draw_below(&from, 12);
        case 2: return ((size_t)32 << draw_below(&from, 11)) - 16;
        case 3: return 1 + draw_below(&from, 100000);
        case 4: return 16 * (1 + draw_below(&from, 64));
        default: return 1 + draw_below(&from, 2000);
    }
}

static void expect_filled(const piece *a) {
    for (size_t i = 0; i < a->size; i++)
        if (a->start[i] != a->fill) EXPECT_EQUAL(a->start[i], a->fill);
}

static void release_piece(piece *live, size_t *num_live, size_t i) {
    expect_filled(live + i);
    memory_release(live[i].start);
    live[i] = live[--*num_live];
}

/* Returns the number of failed allocations. */
static size_t allocate_and_release(int rounds) {
    piece live[MAX_LIVE];
    size_t num_live = 0, num_failed = 0;
    for (int round = 0; round < rounds; round++) {
        const size_t wanted = (size_t)round / 500 % 2 ? MAX_LIVE / 8 : MAX_LIVE; /* fills up, empties, fills up */
        if (num_live && (num_live == MAX_LIVE || draw_below(&from, MAX_LIVE) < num_live * MAX_LIVE / wanted / 2)) {
            release_piece(live, &num_live, draw_below(&from, num_live));
        } else {
            const size_t size = draw_size(), available = memory_available();
            trying("round %d, size %zu, available %zu", round, size, available);
            const piece a = {memory_allocate(size), size, (uint8_t)draw_bits(&from)};
            EXPECT((a.start != NULL) == (size <= available));
            if (!a.start) {
                num_failed++;
                continue;
            }
            EXPECT((uintptr_t)a.start % 16 == 0);
            EXPECT((uintptr_t)a.start >= host.begin && (uintptr_t)a.start + size <= host.end);
            for (size_t i = 0; i < num_live; i++)
                EXPECT(a.start + size <= live[i].start || live[i].start + live[i].size <= a.start);
            memset(a.start, a.fill, size);
            live[num_live++] = a;
        }
        if (round % 8 == 0) walk();
    }
    while (num_live) release_piece(live, &num_live, draw_below(&from, num_live));
    EXPECT_EQUAL(walk(), 1);
    return num_failed;
}

static void blocks_are_aligned_apart_and_keep_their_contents(void) {
    start_heap(0, PAGE, 64 << 20);
    EXPECT_EQUAL(allocate_and_release(20000), 0);
}

static void a_sequence_that_ends_empty_needs_no_more_memory_the_second_time(void) {
    start_heap(4096, PAGE, 64 << 20);
    const inputs again = from;
    allocate_and_release(4000);
    const size_t end_before = host.end;
    const block *const end_block = end;
    for (int round = 0; round < 3; round++) {
        from = again;
        allocate_and_release(4000);
        EXPECT_EQUAL(host.end, end_before);
        EXPECT(end == end_block);
        EXPECT_EQUAL(first->size, (uintptr_t)end - (uintptr_t)first);
    }
}

static void the_heap_works_at_its_limit(void) {
    start_heap(0, PAGE, 16 * PAGE);
    EXPECT(allocate_and_release(20000) > 100);
}

static void a_heap_may_begin_at_any_address(void) {
    for (size_t before = 1; before < 16; before++) {
        start_heap(before, PAGE, 16 * PAGE);
        const size_t available = memory_available();
        EXPECT(!memory_allocate(available + 1));
        void *all = memory_allocate(available);
        EXPECT(all != NULL);
        memory_release(all);
        allocate_and_release(500);
    }
}

/* ---- Cases --------------------------------------------------------------------------------------------------------- */

static void nothing_and_too_much_are_null(void) {
    start_heap(0, PAGE, 4 * PAGE);
    EXPECT(!memory_allocate(0));
    EXPECT(!memory_allocate(SIZE_MAX));
    EXPECT(!memory_allocate(SIZE_MAX - 15));
    EXPECT(!memory_allocate(UINT32_MAX));
    EXPECT(!memory_allocate((size_t)UINT32_MAX + 2));
    EXPECT(!memory_allocate(4 * PAGE));
    memory_release(NULL);
    EXPECT(memory_allocate(1) != NULL);
}

static void the_block_released_last_is_handed_out_first(void) {
    start_heap(0, PAGE, 64 * PAGE);
    void *blocks[41];
    for (int i = 0; i < 41; i++) EXPECT((blocks[i] = memory_allocate(1000)) != NULL);
    for (int i = 1; i < 40; i += 2) memory_release(blocks[i]);
    for (int i = 39; i > 0; i -= 2) EXPECT(memory_allocate(1000) == blocks[i]);
}

static void neighbours_are_joined_on_either_side(void) {
    const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int i = 0; i < 6; i++) {
        start_heap(0, PAGE, 64 * PAGE);
        char *blocks[3];
        for (int j = 0; j < 3; j++) EXPECT((blocks[j] = memory_allocate(1008)) != NULL);
        void *fence = memory_allocate(16);
        for (int j = 0; j < 3; j++) memory_release(blocks[orders[i][j]]);
        EXPECT_EQUAL(walk(), 2);
        EXPECT(memory_allocate(3 * 1024 - 16) == blocks[0]);
        memory_release(blocks[0]);
        memory_release(fence);
        EXPECT_EQUAL(walk(), 1);
    }
}

static void memory_that_is_there_is_used_before_it_grows(void) {
    start_heap(0, 4 * PAGE, 16 * PAGE);
    void *a = memory_allocate(4 * PAGE - 2 * HEADER);
    EXPECT(a != NULL);
    EXPECT_EQUAL(host.grows, 1); /* the first pages */
    memory_release(a);
    EXPECT((a = memory_allocate(4 * PAGE)) != NULL);
    EXPECT_EQUAL(host.grows, 2);
}

static void the_last_block_grows_where_it_is(void) {
    start_heap(0, PAGE, 64 * PAGE);
    void *a = memory_allocate(1000), *b = memory_allocate(PAGE / 2), *kept = a;
    memory_release(b);
    EXPECT(memory_allocate(10 * PAGE) == b); /* no hole where b was */
    memory_release(kept);
    EXPECT(memory_allocate(1000) == kept);
    walk();
}

static void memory_grows_seldom(void) {
    start_heap(0, PAGE, 1024 * PAGE);
    for (int i = 0; i < 40000; i++) EXPECT(memory_allocate(1000) != NULL);
    trying("%d growths", host.grows);
    EXPECT(host.grows < 110); /* from 64 KiB to 40 MB by sixteenths */
    EXPECT(host.end - host.begin < 45 << 20);
}

static void a_host_that_refuses_gives_null_and_may_change_its_mind(void) {
    start_heap(0, PAGE, 64 * PAGE);
    void *a = memory_allocate(1000);
    host.refuses = 1;
    const size_t end_before = host.end;
    EXPECT(!memory_allocate(2 * PAGE));
    EXPECT_EQUAL(host.end, end_before);
    void *b = memory_allocate(1000); /* from what is there */
    EXPECT(a && b);
    walk();
    host.refuses = 0;
    EXPECT(memory_allocate(2 * PAGE) != NULL);
    walk();
}

static void a_host_that_refuses_the_first_page_gives_null(void) {
    start_heap(0, 0, 64 * PAGE);
    host.refuses = 1;
    EXPECT(!memory_allocate(10));
    EXPECT_EQUAL(walk(), 0);
    host.refuses = 0;
    EXPECT(memory_allocate(10) != NULL);
    EXPECT_EQUAL(walk(), 1);
}

static void a_used_up_heap_gives_null_and_then_works_again(void) {
    start_heap(0, PAGE, 16 * PAGE);
    void *blocks[2000];
    size_t count = 0;
    while ((blocks[count] = memory_allocate(1000))) count++;
    EXPECT_EQUAL(count, (16 * PAGE - HEADER) / 1024);
    EXPECT(!memory_allocate(1000));
    EXPECT_EQUAL(host.end, host.limit);
    for (size_t i = 1; i < count; i += 2) memory_release(blocks[i]);
    EXPECT(!memory_allocate(2000)); /* the holes are too small */
    for (size_t i = 1; i < count; i += 2) EXPECT((blocks[i] = memory_allocate(1000)) != NULL);
    for (size_t i = 0; i < count; i++) memory_release(blocks[i]);
    EXPECT_EQUAL(walk(), 1);
    EXPECT(memory_allocate(memory_available()) != NULL);
}

/* The lists are looked through only so far, while there are other blocks to take. */
static void a_block_that_fits_is_found_behind_many_that_do_not(void) {
    start_heap(0, PAGE, 64 * PAGE);
    void *larger = memory_allocate(65536 + 2048), *smaller[40], *fences[41];
    fences[40] = memory_allocate(16);
    for (int i = 0; i < 40; i++) {
        smaller[i] = memory_allocate(65536);
        fences[i] = memory_allocate(16);
    }
    while (memory_allocate(4096)) continue;
    while (memory_allocate(16)) continue;
    memory_release(larger);
    for (int i = 0; i < 40; i++) memory_release(smaller[i]);
    EXPECT_EQUAL(memory_available(), 65536 + 2048);
    EXPECT(memory_allocate(65536 + 2048) == larger);
    EXPECT(fences[0] && fences[40]);
    walk();
}

static void a_block_of_almost_4_gb_is_not_taken_for_a_larger_one(void) {
    start_heap(0, PAGE, 0xfa000000);
    void *a = memory_allocate(0xf9000000);
    EXPECT(a != NULL);
    memory_release(a);
    EXPECT(!memory_allocate(0xfb000000));
    EXPECT(!memory_allocate(0xfa000000));
    EXPECT(memory_allocate(0xf9000000) == a);
    memory_release(a);
    EXPECT_EQUAL(walk(), 1);
}

static void classes_hold_what_they_promise(void) {
    uint32_t last = 0;
    for (uint64_t size = 16; size <= UINT32_MAX; size += size / 64 / 16 * 16 + 16) {
        trying("size %llu", (unsigned long long)size);
        const uint32_t class = class_of((uint32_t)size), ceiling = class_ceiling((uint32_t)size);
        EXPECT(class >= last && class < CLASSES);
        if (ceiling >= size) { /* else there is no such class */
            EXPECT(class_of(ceiling) >= class);
            if (ceiling > 16) EXPECT(class_of(ceiling - 16) < class_of(ceiling));
        }
        last = class;
    }
}

int main(void) {
    RUN(blocks_are_aligned_apart_and_keep_their_contents);
    RUN(a_sequence_that_ends_empty_needs_no_more_memory_the_second_time);
    RUN(the_heap_works_at_its_limit);
    RUN(a_heap_may_begin_at_any_address);
    RUN(nothing_and_too_much_are_null);
    RUN(the_block_released_last_is_handed_out_first);
    RUN(neighbours_are_joined_on_either_side);
    RUN(memory_that_is_there_is_used_before_it_grows);
    RUN(the_last_block_grows_where_it_is);
    RUN(memory_grows_seldom);
    RUN(a_host_that_refuses_gives_null_and_may_change_its_mind);
    RUN(a_host_that_refuses_the_first_page_gives_null);
    RUN(a_used_up_heap_gives_null_and_then_works_again);
    RUN(a_block_that_fits_is_found_behind_many_that_do_not);
    RUN(a_block_of_almost_4_gb_is_not_taken_for_a_larger_one);
    RUN(classes_hold_what_they_promise);
    return FINISH();
}
