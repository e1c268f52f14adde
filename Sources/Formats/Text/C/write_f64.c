// The shortest decimal that reads back to the same binary64.
//
// The algorithm is Schubfach: R. Giulietti, "The Schubfach way to render doubles" (2020). Among the decimals in the interval
// that rounds to the value, it finds the shortest, and among those the nearest, with three 64 x 128 bit products.
#include <string.h>

#include "CAssayText.h"
#include "powers_of_ten.h"

/// significand x 10^exponent.
typedef struct decimal {
  uint64_t significand;
  int exponent;
} decimal;

/// floor(log10(2^e)), or floor(log10(3/4 2^e)) at the lower end of a binade.
static int floor_log10_pow2(int e, int is_lower_end) { return (e * 1262611 - (is_lower_end ? 524031 : 0)) >> 22; }

/// floor(log2(10^e)).
static int floor_log2_pow10(int e) { return (e * 1741647) >> 19; }

/// floor(g x / 2^128), with the last bit set when the quotient is not exact.
static uint64_t round_to_odd(const uint64_t g[2], uint64_t x) {
  const unsigned __int128 low = (unsigned __int128)g[1] * x;
  const unsigned __int128 product = (unsigned __int128)g[0] * x + (uint64_t)(low >> 64);
  return (uint64_t)(product >> 64) | ((uint64_t)product > 1);
}

/// The shortest decimal of significand c and exponent q of a positive finite value c x 2^q.
static decimal shortest(uint64_t c, int q, int is_lower_end) {
  const int k = floor_log10_pow2(q, is_lower_end);
  const int shift = q + floor_log2_pow10(-k) + 1;
  const uint64_t *power = assay_powers_of_ten[-k - ASSAY_LEAST_POWER_OF_TEN];
  // In quarters of the last decimal place: the value, and the two ends of what rounds to it; an odd c excludes the ends.
  const uint64_t odd = c & 1;
  const uint64_t value = round_to_odd(power, 4 * c << shift);
  const uint64_t lower = round_to_odd(power, (4 * c - (is_lower_end ? 1 : 2)) << shift) + odd;
  const uint64_t upper = round_to_odd(power, (4 * c + 2) << shift) - odd;
  const uint64_t s = value / 4;
  if (s >= 10) {
    const uint64_t tens = s / 10;
    const int down = lower <= 40 * tens;
    const int up = 40 * tens + 40 <= upper;
    if (down != up) return (decimal){tens + (uint64_t)up, k + 1};
  }
  const int down = lower <= 4 * s;
  const int up = 4 * s + 4 <= upper;
  if (down != up) return (decimal){s + (uint64_t)up, k};
  const uint64_t middle = 4 * s + 2;
  return (decimal){s + (value > middle || (value == middle && (s & 1))), k};
}

/// A number below 10^8 as eight decimal digits, one per byte, the first in the lowest byte.
static uint64_t eight_digits(uint64_t number) {
  const uint64_t fours = number / 10000 | number % 10000 << 32;
  const uint64_t hundreds = (fours * 10486 >> 20) & 0x0000007f0000007f;
  const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
  const uint64_t tens = (twos * 103 >> 10) & 0x000f000f000f000f;
  return tens | (twos - 10 * tens) << 8;
}

/// Digits are copied in pieces of a fixed size, which compilers turn into moves; what is copied too much is overwritten.
enum { DIGITS = 17, PIECE = 24 };

/// Writes the digits of a decimal without trailing zeros; returns how many, and gives the power of ten of the first.
static int write_digits(decimal decimal, char digits[DIGITS + PIECE], int *magnitude) {
  const uint64_t unit = 10000000000000000u;
  *magnitude = decimal.exponent + DIGITS - 1;
  while (decimal.significand < unit) {
    decimal.significand *= 10;
    --*magnitude;
  }
  const uint64_t rest = decimal.significand % unit;
  const uint64_t middle = eight_digits(rest / 100000000u), last = eight_digits(rest % 100000000u);
  const uint64_t zeros = 0x3030303030303030;
  const uint64_t texts[2] = {middle | zeros, last | zeros};
  digits[0] = (char)('0' + decimal.significand / unit);
  memcpy(digits + 1, texts, sizeof texts);
  if (last != 0) return DIGITS - __builtin_clzll(last) / 8;
  return middle != 0 ? DIGITS - 8 - __builtin_clzll(middle) / 8 : 1;
}

static char *write_exponent(char *out, int exponent) {
  *out++ = 'e';
  if (exponent < 0) *out++ = '-';
  const int size = exponent < 0 ? -exponent : exponent;
  if (size >= 100) *out++ = (char)('0' + size / 100);
  if (size >= 10) *out++ = (char)('0' + size / 10 % 10);
  *out++ = (char)('0' + size % 10);
  return out;
}

size_t assay_text_write_f64(double value, char *out) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint64_t fraction = bits & 0xfffffffffffffu;
  const int biased = (int)(bits >> 52 & 0x7ff);
  char *at = out;
  if (biased == 0x7ff && fraction != 0) {
    memcpy(out, "nan", 3);
    return 3;
  }
  if (bits >> 63) *at++ = '-';
  if (biased == 0x7ff) {
    memcpy(at, "inf", 3);
    return (size_t)(at + 3 - out);
  }
  if (biased == 0 && fraction == 0) {
    *at++ = '0';
    return (size_t)(at - out);
  }

  char digits[DIGITS + PIECE];
  int magnitude;
  const int count = write_digits(
      biased == 0 ? shortest(fraction, -1074, 0)
                  : shortest(fraction | (uint64_t)1 << 52, biased - 1075, fraction == 0 && biased > 1),
      digits, &magnitude);
  const int whole = magnitude + 1;
  if (magnitude < -5 || magnitude > 15) {
    at[0] = digits[0];
    at[1] = '.';
    memcpy(at + 2, digits + 1, PIECE);
    at = write_exponent(at + (count > 1 ? count + 1 : 1), magnitude);
  } else if (whole <= 0) {
    memcpy(at, "0.000000", 8);
    at += 2 - whole;
    memcpy(at, digits, PIECE);
    at += count;
  } else {
    memcpy(at, digits, PIECE);
    if (count <= whole) {
      memset(at + count, '0', DIGITS);
      at += whole;
    } else {
      at[whole] = '.';
      memcpy(at + whole + 1, digits + whole, PIECE);
      at += count + 1;
    }
  }
  return (size_t)(at - out);
}
