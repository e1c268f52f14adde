// exp and expm1 of double-double arguments, from + - * fma and integer additions to the exponent.
#ifndef NUMBER_EXPONENTIAL_H
#define NUMBER_EXPONENTIAL_H

#include "number/coefficients.h"
#include "number/double_double.h"

/// exp(x + low) 2^(bias / 2^52), within 0.8 ulp. `bias` is an exponent's increment in place (a multiple of 2^52), and the
/// result must be a normal number: x in [-708, 709] with no bias. Cody and Waite's reduction by ln 2 in two parts.
INLINE F64 number_exp_biased(F64 x, F64 low, I64 bias) {
  const F64 shifted = FMA(x, NUMBER_LOG2_E, 0x1.8p52);
  const F64 n = shifted - 0x1.8p52;
  const F64 r = FMA(n, -NUMBER_LN2_LOW, FMA(n, -NUMBER_LN2_HIGH, x)) + low;
  const F64 tail = FMA(number_polynomial(number_exp_table, 10, r), r * r, r);
  return FLOAT(BITS(1.0 + tail) + SHIFT_LEFT(BITS(shifted), 52) + bias);
}

/// exp(x + low) for x in [-708, 709].
INLINE F64 number_exp(F64 x, F64 low) { return number_exp_biased(x, low, (I64)0); }

/// exp(x + low) - 1 for x in [0, 0.6875], with the relative error of a few roundings however small x is.
INLINE F64 number_expm1(F64 x, F64 low) {
  const F64 tail = PRODUCT(x * x, number_polynomial(number_expm1_table, 11, x));
  return x + (tail + FMA(low, x + tail, low));
}

#endif
