// Hexadecimal digits to bytes, sixteen digits at a time.
#include "CAssayText.h"

typedef uint8_t digits16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint8_t bytes8 __attribute__((vector_size(8), aligned(1), may_alias));

// The values of sixteen digits; 0xFF where there is none.
static digits16 values(digits16 text) {
  const digits16 decimal = text - (uint8_t)'0';
  const digits16 letter = (text | (uint8_t)0x20) - (uint8_t)'a';
  const digits16 is_decimal = (digits16)(decimal < 10), is_letter = (digits16)(letter < 6);
  return (decimal & is_decimal) | ((letter + (uint8_t)10) & is_letter) | ~(is_decimal | is_letter);
}

static uint8_t value(uint8_t digit) {
  const uint8_t decimal = (uint8_t)(digit - '0'), letter = (uint8_t)((digit | 0x20) - 'a');
  return decimal < 10 ? decimal : letter < 6 ? (uint8_t)(letter + 10) : 0xFF;
}

int assay_text_read_hexadecimal(const void *text, size_t bytes, uint8_t *out) {
  const uint8_t *digits = text;
  digits16 all = {0};
  size_t index = 0;
  for (; index + 8 <= bytes; index += 8) {
    const digits16 own = values(*(const digits16 *)(digits + 2 * index));
    all |= own;
    const bytes8 high = __builtin_shufflevector(own, own, 0, 2, 4, 6, 8, 10, 12, 14);
    const bytes8 low = __builtin_shufflevector(own, own, 1, 3, 5, 7, 9, 11, 13, 15);
    *(bytes8 *)(out + index) = (bytes8)(high << 4) | low;
  }
  uint8_t seen = 0;
  for (size_t lane = 0; lane < 16; lane++) seen |= all[lane];
  for (; index < bytes; index++) {
    const uint8_t high = value(digits[2 * index]), low = value(digits[2 * index + 1]);
    seen |= high | low;
    out[index] = (uint8_t)(high << 4 | (low & 15));
  }
  return seen < 16;
}
