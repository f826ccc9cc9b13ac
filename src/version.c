#include "embedding.h"

uint32_t embedding_version(void) { return EMBEDDING_VERSION; }
