// erfcx(z) = exp(z^2) erfc(z) at two points at once, in a form whose difference does not cancel.
//
// erfcx(z) = P(tau) / (z + 5/2) with tau = (z - 7/2) / (z + 9/2) and one polynomial P of degree 27 for z >= -1/2. With
// D = (P(tau_a) - P(tau_b)) / (tau_a - tau_b), which the same Horner sweep yields,
//   erfcx(a) - erfcx(b) = (b - a) (P(tau_b) - 8 D (b + 5/2) / ((a + 9/2)(b + 9/2))) / ((a + 5/2)(b + 5/2)),
// a sum of positive terms times b - a.
#ifndef NUMBER_ERFCX_H
#define NUMBER_ERFCX_H

#include "number/coefficients.h"
#include "number/double_double.h"

/// P(tau_b), and the divided difference D of P between tau_a and tau_b.
INLINE F64 number_erfcx_sweep(F64 tau_a, F64 tau_b, F64 *divided_difference) {
  F64 d = (F64)(number_erfcx_table[27]);
  F64 p = FMA(d, tau_b, number_erfcx_table[26]);
  UNROLL for (int i = 25; i >= 0; i--) {
    d = FMA(d, tau_a, p);
    p = FMA(p, tau_b, number_erfcx_table[i]);
  }
  *divided_difference = d;
  return p;
}

/// number_erfcx_sweep at two pairs of points side by side: the same values, with the pipeline twice as full.
INLINE void number_erfcx_sweeps(const F64 *tau_a, const F64 *tau_b, F64 *p, F64 *divided_difference) {
  F64 d0 = (F64)(number_erfcx_table[27]), d1 = d0;
  F64 p0 = FMA(d0, tau_b[0], number_erfcx_table[26]), p1 = FMA(d1, tau_b[1], number_erfcx_table[26]);
  UNROLL for (int i = 25; i >= 0; i--) {
    d0 = FMA(d0, tau_a[0], p0);
    d1 = FMA(d1, tau_a[1], p1);
    p0 = FMA(p0, tau_b[0], number_erfcx_table[i]);
    p1 = FMA(p1, tau_b[1], number_erfcx_table[i]);
  }
  p[0] = p0;
  p[1] = p1;
  divided_difference[0] = d0;
  divided_difference[1] = d1;
}

#endif
