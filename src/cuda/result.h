/* The word that a call leaves on the device. The lowest of all reports stays, so that it is the first position, whatever the order of
   threads; a bad index is reported before a bad offset. */
#ifndef EMBEDDING_CUDA_RESULT_H
#define EMBEDDING_CUDA_RESULT_H

#define RESULT_OK UINT64_MAX                 /* nothing reported */
#define RESULT_IS_OFFSET ((uint64_t)1 << 63) /* of an offset, else of an index; the other bits are the position */

#endif
