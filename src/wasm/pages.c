/* The host's side of the heap: WebAssembly's pages. */
#include "memory.h"

#define PAGE ((size_t)65536)
#define MAX_PAGES ((size_t)65535) /* of 65,536: so that the end of memory still is an address */

extern unsigned char __heap_base;

size_t memory_begin(void) { return (size_t)&__heap_base; }
size_t memory_end(void) {
    const size_t pages = __builtin_wasm_memory_size(0);
    return (pages < MAX_PAGES ? pages : MAX_PAGES) * PAGE;
}
size_t memory_limit(void) { return MAX_PAGES * PAGE; }

int memory_grow(size_t new_end) {
    const size_t pages = new_end / PAGE + (new_end % PAGE != 0), now = __builtin_wasm_memory_size(0);
    return pages <= now || __builtin_wasm_memory_grow(0, pages - now) != (size_t)-1;
}
