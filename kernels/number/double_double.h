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

#endif
