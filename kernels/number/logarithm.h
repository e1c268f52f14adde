// ln(a / b) as a double-double, to about 2^-71 of its size, in two steps (the quotient, the series) that can be two loops.
#ifndef NUMBER_LOGARITHM_H
#define NUMBER_LOGARITHM_H

#include "number/coefficients.h"
#include "number/double_double.h"

/// a / b as 2^k (1 + s) / (1 - s), s in two parts.
typedef struct number_ratio {
  F64 k, s, s_low;
} number_ratio;

/// The ratio of positive normal a and b. Their mantissas are brought within a factor sqrt(2) of each other, so that
/// s = (a - b) / (a + b) has an exact numerator and |s| <= 0.1716. Nothing cancels as a approaches b, which is why the
/// quotient a / b is never formed.
INLINE number_ratio number_ratio_of(F64 a, F64 b) {
  const I64 fraction = (I64)0x000FFFFFFFFFFFFF, one = (I64)0x3FF0000000000000;
  const I64 unit = (I64)0x0010000000000000;
  F64 m = FLOAT((BITS(a) & fraction) | one);
  F64 n = FLOAT((BITS(b) & fraction) | one);
  const M64 above = LESS(n * 0x1.6a09e667f3bcdp0, m), below = LESS(m * 0x1.6a09e667f3bcdp0, n);
  n = FLOAT(BITS(n) + (above & unit));
  m = FLOAT(BITS(m) + (below & unit));
  // k in place of an exponent, and 2^11 so that it is not negative.
  const U64 exponent = ((U64)BITS(a) - (U64)BITS(m)) - ((U64)BITS(b) - (U64)BITS(n)) + (U64)0x8000000000000000;
  const F64 k = FLOAT(SHIFT_RIGHT(exponent, 52) | (I64)0x4330000000000000) - 0x1.00000000008p52;

  // m + n as 2 n + difference, of which the first is the larger.
  const F64 difference = m - n;
  const F64 sum = FMA(2.0, n, difference), sum_low = difference - FMA(-2.0, n, sum);
  const F64 inverse = 1.0 / sum;
  const F64 s = difference * inverse;
  const number_ratio ratio = {k, s, PRODUCT(FMA(-s, sum_low, FMA(-s, sum, difference)), inverse)};
  return ratio;
}

/// ln of a ratio = value + *low: k ln 2 + 2 atanh(s), with the first two terms of the series and ln 2 in double-double.
INLINE F64 number_log(number_ratio ratio, F64 *low) {
  const F64 k = ratio.k, s = ratio.s, sl = ratio.s_low, twice = 2.0 * s;
  // y + yl = z (1/3 + z (1/5 + z P(z))), z + zl = s^2
  const F64 z = s * s, zl = FMA(twice, sl, FMA(s, s, -z));
  const F64 p = number_polynomial_8(number_log_table, z);
  const F64 u = FMA(z, p, NUMBER_FIFTH), ul = FMA(z, p, NUMBER_FIFTH - u) + NUMBER_FIFTH_LOW;
  const F64 w = FMA(z, u, NUMBER_THIRD);
  const F64 wl = FMA(z, u, NUMBER_THIRD - w) + FMA(z, ul, FMA(zl, u, NUMBER_THIRD_LOW));
  const F64 y = z * w, yl = FMA(z, w, -y) + FMA(z, wl, zl * w);
  const F64 c = twice * y, cl = FMA(twice, y, -c) + FMA(twice, yl, (2.0 * sl) * y);

  F64 error1, error2;
  const F64 first = number_fast_two_sum(k * NUMBER_LN2_HIGH, twice, &error1);
  const F64 second = number_fast_two_sum(first, c, &error2);
  const F64 rest = (error1 + error2) + FMA(k, NUMBER_LN2_LOW, 2.0 * sl + cl);
  return number_fast_two_sum(second, rest, low);
}

/// ln of a ratio, one binary64 number, within a few units of its last place however close the ratio is to 1.
INLINE F64 number_log_short(number_ratio ratio) {
  const F64 s = ratio.s, z = s * s;
  const F64 p = FMA(z, FMA(z, number_polynomial_8(number_log_table, z), NUMBER_FIFTH), NUMBER_THIRD);
  const F64 series = 2.0 * FMA(s * z, p, s);
  return FMA(ratio.k, NUMBER_LN2_HIGH, FMA(ratio.k, NUMBER_LN2_LOW, series));
}

#endif
