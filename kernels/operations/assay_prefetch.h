// What Swift has no word for: hints to the processor, which never fault and change no result, and the comparison of bytes in as few
// instructions as it takes.
#ifndef ASSAY_PREFETCH_H
#define ASSAY_PREFETCH_H

#include <stddef.h>
#include <stdint.h>

/// Begins to load `count` bytes from `start` into the cache.
static inline void assay_prefetch(const void *start, size_t count) {
  for (size_t offset = 0; offset < count; offset += 64) __builtin_prefetch((const char *)start + offset);
}

/// Begins to load what the words of a value of `size` bytes refer to, 64 bytes of it. Words below 2^32 are taken for numbers: a hint for
/// an address that nothing is mapped at would cost a walk through the page tables.
static inline void assay_prefetch_referents(const void *value, size_t size) {
  const uintptr_t *words = (const uintptr_t *)value;
  for (size_t word = 0; word < size / sizeof(uintptr_t); word++) {
    if ((uint64_t)words[word] >> 32 == 0) continue;
    __builtin_prefetch((const void *)words[word]);
    __builtin_prefetch((const char *)words[word] + 63);
  }
}

/// Whether `count` bytes at `a` and at `b` are the same.
static inline _Bool assay_equal(const void *a, const void *b, size_t count) { return __builtin_memcmp(a, b, count) == 0; }

/// Whether 32 bytes at `a` and at `b` are the same.
static inline _Bool assay_equal_32(const void *a, const void *b) { return __builtin_memcmp(a, b, 32) == 0; }

#endif
