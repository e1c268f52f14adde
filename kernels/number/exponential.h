// exp and expm1 of double-double arguments, from + - * fma and integer additions to the exponent.
#ifndef NUMBER_EXPONENTIAL_H
#define NUMBER_EXPONENTIAL_H

#include "number/coefficients.h"
#include "number/double_double.h"

/// exp(x + low) 2^(bias / 2^52), within 0.8 ulp, at `many` arguments, at most 3 GROUP, side by side. `bias` is an exponent's
/// increment in place (a multiple of 2^52), and the result must be a normal number: x in [-708, 709] with no bias. Cody and
/// Waite's reduction by ln 2 in two parts.
INLINE void number_exp_many(int many, const F64 *x, const F64 *low, const I64 *bias, F64 *value) {
  F64 shifted[3 * GROUP], r[3 * GROUP];
  UNROLL for (int j = 0; j < many; j++) {
    shifted[j] = FMA(x[j], NUMBER_LOG2_E, 0x1.8p52);
    const F64 n = shifted[j] - 0x1.8p52;
    r[j] = FMA(n, -NUMBER_LN2_LOW, FMA(n, -NUMBER_LN2_HIGH, x[j])) + low[j];
  }
  number_polynomials(number_exp_table, 10, many, r, value);
  UNROLL for (int j = 0; j < many; j++) {
    const F64 tail = FMA(value[j], r[j] * r[j], r[j]);
    // Modulo 2^64: where x is out of range the sum means nothing, and its value is not used.
    value[j] = FLOAT((U64)BITS(1.0 + tail) + (U64)SHIFT_LEFT(BITS(shifted[j]), 52) + (U64)bias[j]);
  }
}

/// number_exp_many at one argument.
INLINE F64 number_exp_biased(F64 x, F64 low, I64 bias) {
  F64 value;
  number_exp_many(1, &x, &low, &bias, &value);
  return value;
}

/// exp(x + low) for x in [-708, 709].
INLINE F64 number_exp(F64 x, F64 low) { return number_exp_biased(x, low, (I64)0); }

/// exp(x + low) - 1 for x in [0, 0.6875], with the relative error of a few roundings however small x is, at `many` arguments.
INLINE void number_expm1_many(int many, const F64 *x, const F64 *low, F64 *value) {
  number_polynomials(number_expm1_table, 11, many, x, value);
  UNROLL for (int j = 0; j < many; j++) {
    const F64 tail = PRODUCT(x[j] * x[j], value[j]);
    value[j] = x[j] + (tail + FMA(low[j], x[j] + tail, low[j]));
  }
}

#endif
