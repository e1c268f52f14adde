// Counting bytes.
#include <algorithm>

#include "CAssayText.h"

extern "C" size_t assay_text_count(const char *text, size_t length, char byte) {
  return static_cast<size_t>(std::count(text, text + length, byte));
}
