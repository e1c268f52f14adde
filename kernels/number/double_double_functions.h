// exp and the tail of the normal distribution for double-double arguments, to 2^-71 of their size (2^-77 in most places): for the
// rows whose terms nearly cancel.
#ifndef NUMBER_DOUBLE_DOUBLE_FUNCTIONS_H
#define NUMBER_DOUBLE_DOUBLE_FUNCTIONS_H

#include "number/coefficients.h"
#include "number/double_double.h"

/// exp at `many` places, at most 2 GROUP, side by side; an x beyond 700 in size counts as 700. The reduction by ln 2 keeps what
/// the product with its second part rounds off.
INLINE void number_dd_exp(int many, const number_dd *x, number_dd *value) {
  F64 shifted[2 * GROUP];
  number_dd r[2 * GROUP];
  UNROLL for (int j = 0; j < many; j++) {
    const M64 below = LESS(x[j].high, -700.0), above = LESS(700.0, x[j].high);
    const F64 high = SELECT(below, -700.0, SELECT(above, 700.0, x[j].high)), low = SELECT(below | above, 0.0, x[j].low);
    shifted[j] = FMA(high, NUMBER_LOG2_E, 0x1.8p52);
    const F64 n = shifted[j] - 0x1.8p52;
    number_dd second;
    second.high = number_two_product(n, (F64)(-NUMBER_LN2_LOW), &second.low);
    second.low = second.low + low;
    r[j] = number_dd_plus(FMA(n, -NUMBER_LN2_HIGH, high), second);
    value[j].high = (F64)(number_exp_dd_table[16]);
    value[j].low = (F64)(0.0);
  }
  ROLLED for (int i = 15; i >= 8; i--) {
    UNROLL for (int j = 0; j < many; j++) value[j].high = FMA(value[j].high, r[j].high, number_exp_dd_table[i]);
  }
  ROLLED for (int i = 7; i >= 0; i--) {
    const F64 c = (F64)(number_exp_dd_table[i]), c_low = (F64)(number_exp_dd_table_low[i]);
    UNROLL for (int j = 0; j < many; j++) number_dd_step(&value[j], r[j], c, c_low);
  }
  UNROLL for (int j = 0; j < many; j++) {
    const F64 power = FLOAT((U64)SHIFT_LEFT(BITS(shifted[j]), 52) + (U64)BITS((F64)(1.0)));
    value[j].high = value[j].high * power;
    value[j].low = PRODUCT(value[j].low, power);
  }
}

/// Y(d) = exp(d^2/2) N(-d) at `many` places d >= 0 side by side: w P(3 - w) where d < 4 and w P(1 - w) beyond, w = 16 / (d + 4).
INLINE void number_dd_tail(int many, const number_dd *d, number_dd *value) {
  number_dd w[2 * GROUP], x[2 * GROUP], p[2 * GROUP];
  M64 near[2 * GROUP];
  UNROLL for (int j = 0; j < many; j++) {
    w[j] = number_dd_quotient((F64)(16.0), number_dd_plus((F64)(4.0), d[j]));
    near[j] = LESS(d[j].high, 4.0);
    const number_dd less = {-w[j].high, -w[j].low};
    x[j] = number_dd_plus(SELECT(near[j], 3.0, 1.0), less);
    p[j].high = SELECT(near[j], number_tail_dd_near_table[24], number_tail_dd_far_table[24]);
    p[j].low = (F64)(0.0);
  }
  ROLLED for (int i = 23; i >= 10; i--) {
    const F64 c_near = (F64)(number_tail_dd_near_table[i]), c_far = (F64)(number_tail_dd_far_table[i]);
    UNROLL for (int j = 0; j < many; j++) p[j].high = FMA(p[j].high, x[j].high, SELECT(near[j], c_near, c_far));
  }
  ROLLED for (int i = 9; i >= 0; i--) {
    const F64 c_near = (F64)(number_tail_dd_near_table[i]), c_far = (F64)(number_tail_dd_far_table[i]);
    const F64 low_near = (F64)(number_tail_dd_near_table_low[i]), low_far = (F64)(number_tail_dd_far_table_low[i]);
    UNROLL for (int j = 0; j < many; j++) {
      number_dd_step(&p[j], x[j], SELECT(near[j], c_near, c_far), SELECT(near[j], low_near, low_far));
    }
  }
  UNROLL for (int j = 0; j < many; j++) value[j] = number_dd_product(p[j], w[j]);
}

#endif
