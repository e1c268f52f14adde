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

#endif
