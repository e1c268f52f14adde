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

/// P(tau_b), and the divided difference D of P between tau_a and tau_b, at `many` pairs of points side by side.
INLINE void number_erfcx_sweep(int many, const F64 *tau_a, const F64 *tau_b, F64 *p, F64 *divided_difference) {
  UNROLL for (int j = 0; j < many; j++) {
    divided_difference[j] = (F64)(number_erfcx_table[27]);
    p[j] = FMA(divided_difference[j], tau_b[j], number_erfcx_table[26]);
  }
  ROLLED for (int i = 25; i >= 0; i--) {
    UNROLL for (int j = 0; j < many; j++) divided_difference[j] = FMA(divided_difference[j], tau_a[j], p[j]);
    UNROLL for (int j = 0; j < many; j++) p[j] = FMA(p[j], tau_b[j], number_erfcx_table[i]);
  }
}

#endif
