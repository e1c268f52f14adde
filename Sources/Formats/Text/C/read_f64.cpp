// Decimal text to binary64.
#include "CAssayText.h"

#include <fast_float/fast_float.h>

extern "C" const char *assay_text_read_f64(const char *text, const char *end, double *value) {
  const char *start = text;
  // fast_float takes no leading plus sign; "+-1" stays no number.
  if (start != end && *start == '+' && start + 1 != end && start[1] != '-') ++start;
  const auto read = fast_float::from_chars(start, end, *value);
  return read.ec == std::errc() ? read.ptr : text;
}
