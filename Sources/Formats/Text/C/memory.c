// Memory that was freed.
#include <malloc.h>

#include "CAssayText.h"

void assay_text_hold_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
}
