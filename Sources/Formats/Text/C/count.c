// Counting bytes, 64 at a time.
#include "CAssayText.h"

typedef int8_t bytes16 __attribute__((vector_size(16), aligned(1), may_alias));

// A lane counts down by one for each byte that is equal, so it holds 127 blocks of four vectors' worth in four lanes.
enum { vectors = 4, block = 16 * vectors, blocks_at_once = 127 };

size_t assay_text_count(const char *text, size_t length, char byte) {
  size_t count = 0, index = 0;
  while (length - index >= block) {
    bytes16 equal[vectors] = {{0}};
    size_t left = (length - index) / block;
    if (left > blocks_at_once) left = blocks_at_once;
    for (; left > 0; left--, index += block)
      for (size_t vector = 0; vector < vectors; vector++)
        equal[vector] += (bytes16)(*(const bytes16 *)(text + index + 16 * vector) == (int8_t)byte);
    for (size_t vector = 0; vector < vectors; vector++)
      for (size_t lane = 0; lane < 16; lane++) count -= (size_t)(ptrdiff_t)equal[vector][lane];
  }
  for (; index < length; index++) count += text[index] == byte;
  return count;
}
