/* The heap that JavaScript callers keep tensors in. Freed blocks are joined with free neighbours and handed out again, the
   last one first: a page that was never written costs more than any kernel. Memory is never given back to the host. */
#ifndef EMBEDDING_MEMORY_H
#define EMBEDDING_MEMORY_H

#include <stddef.h>

/* A block of at least `size` bytes, aligned to 16; its contents are undefined. NULL if the memory is used up, or size is 0. */
void *memory_allocate(size_t size);

/* Frees a block of memory_allocate; NULL does nothing. */
void memory_release(void *block);

/* The size of the largest block that could be allocated now if the host lets the memory grow to its limit, in bytes. */
size_t memory_available(void);

/* What memory.c asks of its host (pages.c; a test brings its own): the address where the heap begins, the address where memory
   ends, the address up to which it can grow, and growing it, which moves the end to at least new_end and returns 0 if it can't. */
size_t memory_begin(void);
size_t memory_end(void);
size_t memory_limit(void);
int memory_grow(size_t new_end);

#endif
