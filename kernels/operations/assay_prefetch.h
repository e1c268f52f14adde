// Hints to the processor, for Swift, which has none. They never fault and change no result.
#ifndef ASSAY_PREFETCH_H
#define ASSAY_PREFETCH_H

#include <stddef.h>

/// Begins to load `count` bytes from `start` into the cache.
static inline void assay_prefetch(const void *start, size_t count) {
  for (size_t offset = 0; offset < count; offset += 64) __builtin_prefetch((const char *)start + offset);
}

/// Begins to load what the words of a value of `size` bytes refer to; words that are no addresses do nothing.
static inline void assay_prefetch_referents(const void *value, size_t size) {
  const void *const *words = (const void *const *)value;
  for (size_t word = 0; word < size / sizeof(void *); word++) __builtin_prefetch(words[word]);
}

#endif
