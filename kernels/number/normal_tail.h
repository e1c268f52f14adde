// The scaled tail of the normal distribution, Y(d) = exp(d^2/2) N(-d), at two points at once, in a form whose difference does not
// cancel. Y(d) = erfcx(d / sqrt2) / 2 = R(d) / sqrt(2 pi), R Mills' ratio.
//
// Y(d) = P(tau) / (d + 5/2) with tau = (d - 73/16) / (d + 6) and one polynomial P of degree 26 for d >= -23/32. With
// D = (P(tau_a) - P(tau_b)) / (tau_a - tau_b), which the same Horner sweep yields,
//   Y(a) - Y(b) = (b - a) (P(tau_b) - (169/16) D (b + 5/2) / ((a + 6)(b + 6))) / ((a + 5/2)(b + 5/2)),
// a sum of positive terms times b - a.
#ifndef NUMBER_NORMAL_TAIL_H
#define NUMBER_NORMAL_TAIL_H

#include "number/coefficients.h"
#include "number/double_double.h"

/// tau = (d - NUMBER_TAIL_ZERO) / (d + NUMBER_TAIL_POLE), from -1 at NUMBER_TAIL_LEAST; Y(d) (d + NUMBER_TAIL_SHIFT) = P(tau).
#define NUMBER_TAIL_LEAST -0.71875
#define NUMBER_TAIL_ZERO 4.5625
#define NUMBER_TAIL_POLE 6.0
#define NUMBER_TAIL_SHIFT 2.5
/// 1 - sqrt(2 pi) d Y(d) is a polynomial in tau, too, over (d + NUMBER_INTEGRAL_SHIFT)^2.
#define NUMBER_INTEGRAL_SHIFT 1.5
/// (d + NUMBER_TAIL_POLE)^2 times the derivative of tau.
#define NUMBER_TAIL_SPAN (NUMBER_TAIL_ZERO + NUMBER_TAIL_POLE)

/// P(tau_b), and the divided difference D of P between tau_a and tau_b, at `many` pairs of points side by side.
INLINE void number_tail_sweep(int many, const F64 *tau_a, const F64 *tau_b, F64 *p, F64 *divided_difference) {
  UNROLL for (int j = 0; j < many; j++) {
    divided_difference[j] = (F64)(number_tail_table[NUMBER_TAIL_COUNT - 1]);
    p[j] = FMA(divided_difference[j], tau_b[j], number_tail_table[NUMBER_TAIL_COUNT - 2]);
  }
  ROLLED for (int i = NUMBER_TAIL_COUNT - 3; i >= 0; i--) {
    UNROLL for (int j = 0; j < many; j++) divided_difference[j] = FMA(divided_difference[j], tau_a[j], p[j]);
    UNROLL for (int j = 0; j < many; j++) p[j] = FMA(p[j], tau_b[j], number_tail_table[i]);
  }
}

#endif
