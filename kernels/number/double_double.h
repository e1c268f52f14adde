// Unevaluated sums of two binary64 numbers: the error-free transformations of Dekker (1971) and Knuth (TAOCP 2, 4.2.2).
#ifndef NUMBER_DOUBLE_DOUBLE_H
#define NUMBER_DOUBLE_DOUBLE_H

/// a + b rounded; *low is the exact rounding error.
INLINE F64 number_two_sum(F64 a, F64 b, F64 *low) {
  const F64 sum = a + b;
  const F64 part = sum - a;
  *low = (a - (sum - part)) + (b - part);
  return sum;
}

/// number_two_sum where |a| >= |b| or a is 0.
INLINE F64 number_fast_two_sum(F64 a, F64 b, F64 *low) {
  const F64 sum = a + b;
  *low = b - (sum - a);
  return sum;
}

/// a * b rounded; *low is the exact rounding error while it does not underflow.
INLINE F64 number_two_product(F64 a, F64 b, F64 *low) {
  const F64 product = a * b;
  *low = FMA(a, b, -product);
  return product;
}

/// table[0] + table[1] x + ... + table[count - 1] x^(count - 1) by Horner's rule. `count` is a constant where inlined.
INLINE F64 number_polynomial(TABLE_POINTER table, int count, F64 x) {
  F64 value = (F64)(table[count - 1]);
  UNROLL for (int i = count - 2; i >= 0; i--) value = FMA(value, x, table[i]);
  return value;
}

/// number_polynomial at `many` places side by side, a coefficient at a time: the same values, with the pipeline as many times
/// fuller.
INLINE void number_polynomials(TABLE_POINTER table, int count, int many, const F64 *x, F64 *value) {
  UNROLL for (int j = 0; j < many; j++) value[j] = FMA((F64)(table[count - 1]), x[j], table[count - 2]);
  ROLLED for (int i = count - 3; i >= 0; i--) {
    UNROLL for (int j = 0; j < many; j++) value[j] = FMA(value[j], x[j], table[i]);
  }
}

/// A polynomial of eight coefficients by Estrin's scheme: half the latency of Horner's, for terms that only correct others.
INLINE F64 number_polynomial_8(TABLE_POINTER table, F64 x) {
  const F64 x2 = x * x;
  const F64 low = FMA(FMA(x, table[3], table[2]), x2, FMA(x, table[1], table[0]));
  const F64 high = FMA(FMA(x, table[7], table[6]), x2, FMA(x, table[5], table[4]));
  return FMA(high, x2 * x2, low);
}

/// high + low, where |low| is at most a few units in the last place of high.
typedef struct number_dd {
  F64 high, low;
} number_dd;

/// The sum, within a few 2^-106 of the larger term.
INLINE number_dd number_dd_sum(number_dd a, number_dd b) {
  number_dd sum;
  sum.high = number_two_sum(a.high, b.high, &sum.low);
  sum.low = sum.low + (a.low + b.low);
  return sum;
}

/// number_dd_sum with a binary64 number.
INLINE number_dd number_dd_plus(F64 a, number_dd b) {
  number_dd sum;
  sum.high = number_two_sum(a, b.high, &sum.low);
  sum.low = sum.low + b.low;
  return sum;
}

INLINE number_dd number_dd_product(number_dd a, number_dd b) {
  number_dd product;
  product.high = number_two_product(a.high, b.high, &product.low);
  product.low = FMA(a.high, b.low, FMA(a.low, b.high, product.low));
  return product;
}

/// a / b, a being a power of two.
INLINE number_dd number_dd_quotient(F64 a, number_dd b) {
  number_dd quotient;
  quotient.high = a / b.high;
  quotient.low = PRODUCT(FMA(-quotient.high, b.low, FMA(-quotient.high, b.high, a)), quotient.high * (1.0 / a));
  return quotient;
}

/// a where sign is 0, -a where it is the sign bit.
INLINE number_dd number_dd_turned(number_dd a, I64 sign) {
  const number_dd value = {FLOAT(BITS(a.high) ^ sign), FLOAT(BITS(a.low) ^ sign)};
  return value;
}

/// A step of Horner's rule: value x + (c + c_low), where |value x| <= |c|, and <= |c| / 2 where its sign differs. Then c - sum is
/// exact, and two fused operations make a product and a sum in two parts.
INLINE void number_dd_step(number_dd *value, number_dd x, F64 c, F64 c_low) {
  const F64 sum = FMA(value->high, x.high, c);
  const F64 rest = FMA(value->high, x.high, c - sum);
  value->low = FMA(value->low, x.high, FMA(value->high, x.low, rest + c_low));
  value->high = sum;
}

#endif
