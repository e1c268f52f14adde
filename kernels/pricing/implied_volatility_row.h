// One option's implied volatility under Black-Scholes-Merton or Black-76, in a fixed number of steps.
//
// With X = |ln(F/K)|, v = sigma sqrt(T), D = v/2 - X/v and E = exp(-D^2/2), the out-of-the-money value over the smaller
// discounted asset is
//   c(v) = E M(v),      M = Y(-D) - Y(X/v + v/2), and
//   1 - c(v) = E U(v),  U = Y(D) + Y(X/v + v/2),
// with c'(v) = E / sqrt(2 pi), so that ln c has the derivative 1 / (sqrt(2 pi) M): the exponential cancels. A row whose c is
// below its value at D = 7/10 solves for ln c, another for ln(1 - c): both keep every digit that the price has.
//
// ln c is concave in ln v and M / v grows with v; so with c_u = c(v_u) at D = 7/10 the root lies above both v_u c / c_u and
// the v of D = -sqrt(2 ln(c_u / c) + 0.49), and from the larger of the two Householder's third-order steps in ln v climb to
// it. Above D = 7/10 they descend from D = sqrt(2 ln(u_u / u) + 0.49). The same number of steps for every row.
#ifndef PRICING_IMPLIED_VOLATILITY_ROW_H
#define PRICING_IMPLIED_VOLATILITY_ROW_H

#include "pricing/black_scholes_row.h"

/// Householder steps; how the number was found: docs/accuracy.md.
#define IV_STEPS 4
#define IV_EDGE 0.7
/// A smaller time value (over the asset in this model, in price units in Bachelier's) counts as this much.
#define IV_LEAST 0x1p-1020
/// exp(-0.7^2 / 2)
#define IV_EDGE_GAUSS 0x1.90bea6345bf53p-1

/// What the steps hand on, a row per lane.
typedef struct iv_row {
  /// X; the target, c or 1 - c; and whether it is 1 - c.
  F64 distance, target;
  M64 upper;
  /// v, its bound at D = 7/10, and the root of time.
  F64 v, edge, root;
  F64 d, tau_a, tau_b, inverse6, inverse2, a2, b2, polynomial, slope;
  /// Where the answer is 0: no time value.
  M64 zero;
  I64 reason;
} iv_row;

/// Step 1, on a row whose ln(F/K), growth and discount factors are known: the target, and the reasons that only the price decides.
INLINE void iv_target(const bs_row *row, F64 price, iv_row *iv) {
  const F64 spot = PRODUCT(row->spot, row->discount_yield), strike = PRODUCT(row->strike, row->discount_rate);
  const M64 above = LESS(0.0, row->x);
  const F64 near = SELECT(above, strike, spot), other = SELECT(above, spot, strike);
  const F64 x = FLOAT(BITS(row->x) & ~(I64)BS_SIGN);
  const F64 gap = SELECT(LESS(x, BS_CLOSE), PRODUCT(near, row->growth), other - near);
  const M64 inside = ~SAME_BITS(row->type, (I64)0) ^ above;
  // A price outside is not scaled down before the division, which could cost it digits.
  const M64 scaled = inside | LESS(1.0, row->scale);
  const F64 value = FMA(price, SELECT(scaled, row->scale, 1.0), SELECT(inside, -gap, 0.0));
  const M64 zero = ~LESS(0.0, value);
  const F64 c = (value / SELECT(EQUAL(near, 0.0), 0x1p-1022, near)) * SELECT(scaled, 1.0, row->scale);
  // Whoever computes the intrinsic value rounds each asset, and the larger one's last place is all that is left of a small one: a
  // price so little below it counts as equal.
  const M64 below = LESS(value, SELECT(inside, -0x1p-51 * other, 0.0)), reached = ~LESS(c, 1.0);
  I64 reason = row->reason;
  const M64 good = SAME_BITS(reason, (I64)0);
  const M64 timeless = EQUAL(row->years, 0.0);
  reason = SELECT_BITS(good & ~zero & (reached | timeless), (I64)ASSAY_REASON_priceAboveBound, reason);
  reason = SELECT_BITS(good & below, (I64)ASSAY_REASON_priceBelowIntrinsic, reason);
  const M64 number = LESS(-BS_LARGEST, price + 0.0) | EQUAL(price, -BS_LARGEST);
  reason = SELECT_BITS(good & ~(number & ~LESS(BS_LARGEST, price)), (I64)ASSAY_REASON_invalidNumber, reason);
  const M64 idle = zero | ~SAME_BITS(reason, (I64)0);
  iv->reason = reason;
  iv->zero = zero;
  iv->root = row->root;
  iv->distance = SELECT(idle, 0.0, x);
  iv->target = SELECT(idle, 0.25, SELECT(LESS(c, IV_LEAST), IV_LEAST, c));
  // At the edge D = 7/10: v/2 - X/v = D.
  iv->edge = IV_EDGE + SQRT(FMA(2.0, iv->distance, IV_EDGE * IV_EDGE));
  iv->v = iv->edge;
  iv->upper = LESS(x, x);
}

/// Where Y is needed at the current v. `upper` lanes take it at |a|.
INLINE void iv_fractions(iv_row *iv) {
  const F64 h = iv->distance / iv->v, t = 0.5 * iv->v;
  const F64 d = t - h;
  iv->d = d;
  const F64 a = SELECT(iv->upper, d, -d), b = h + t;
  const F64 a6 = a + NUMBER_TAIL_POLE, b6 = b + NUMBER_TAIL_POLE;
  iv->a2 = a + NUMBER_TAIL_SHIFT;
  iv->b2 = b + NUMBER_TAIL_SHIFT;
  // One division for all four: a step may cost a few roundings more than a price.
  const F64 product6 = a6 * b6, product2 = iv->a2 * iv->b2;
  const F64 inverse = 1.0 / (product6 * product2);
  iv->inverse6 = inverse * product2;
  iv->inverse2 = inverse * product6;
  iv->tau_a = PRODUCT(a - NUMBER_TAIL_ZERO, b6 * iv->inverse6);
  iv->tau_b = PRODUCT(b - NUMBER_TAIL_ZERO, a6 * iv->inverse6);
}

/// Y at the current v of `many` rows.
INLINE void iv_sweep(iv_row *iv, int many) {
  F64 tau_a[GROUP], tau_b[GROUP], p[GROUP], d[GROUP];
  UNROLL for (int i = 0; i < many; i++) {
    iv_fractions(&iv[i]);
    tau_a[i] = iv[i].tau_a;
    tau_b[i] = iv[i].tau_b;
  }
  number_tail_sweep(many, tau_a, tau_b, p, d);
  UNROLL for (int i = 0; i < many; i++) {
    iv[i].polynomial = p[i];
    iv[i].slope = d[i];
  }
}

/// M, or U in `upper` lanes.
INLINE F64 iv_mass(const iv_row *iv) {
  const F64 slope = iv->slope * (NUMBER_TAIL_SPAN * iv->inverse6);
  const F64 difference = PRODUCT(iv->v * iv->inverse2, FMA(-slope, iv->b2, iv->polynomial));
  const F64 at_a = FMA(iv->slope, iv->tau_a - iv->tau_b, iv->polynomial) * iv->b2;
  const F64 sum = iv->inverse2 * FMA(iv->polynomial, iv->a2, at_a);
  return SELECT(iv->upper, sum, difference);
}

/// Step 2, after a sweep at the edge: which side, and the first v.
INLINE void iv_start(iv_row *iv) {
  const F64 c = iv->target, at_edge = IV_EDGE_GAUSS * iv_mass(iv);
  const M64 upper = LESS(at_edge, c);
  const F64 u = 1.0 - c;
  const F64 top = SELECT(upper, 1.0 - at_edge, at_edge), bottom = SELECT(upper, u, c);
  // ln(c_u / c) or ln(u_u / u) >= 0
  const F64 log = number_log_short(number_ratio_of(top, bottom));
  const F64 d = SQRT(FMA(2.0, log, IV_EDGE * IV_EDGE));
  const F64 both = d + SQRT(FMA(2.0, iv->distance, d * d));
  const F64 linear = iv->edge * (c / at_edge), deep = (2.0 * iv->distance) / both;
  iv->upper = upper;
  iv->target = bottom;
  iv->v = SELECT(upper, both, SELECT(LESS(linear, deep), deep, linear));
}

/// v times exp(Householder's third-order step), where a function's logarithm differs from the target's by -residual and its
/// derivative with respect to ln v is `rate`; `curve` is v c''/c' and `bend` is -v^2 (c''/c')'.
INLINE F64 iv_householder(F64 v, F64 residual, F64 rate, F64 curve, F64 bend) {
  const F64 second = curve - rate;
  const F64 third = FMA(second, second, -FMA(rate, second, bend));
  const F64 f2 = 1.0 + second, f3 = FMA(3.0, second, 1.0) + third;
  const F64 newton = residual / rate;
  const F64 raw = (newton * FMA(0.5 * newton, f2, 1.0)) / FMA(newton, FMA(newton, f3 * (1.0 / 6.0), f2), 1.0);
  const F64 bounded = SELECT(LESS(raw, -1.0), -1.0, SELECT(LESS(1.0, raw), 1.0, raw));
  // exp(step) by its [2/2] approximant: the error is step^5 / 720.
  return FMA(v, (12.0 * bounded) / FMA(-6.0, bounded, FMA(bounded, bounded, 12.0)), v);
}

/// Step 3, after a sweep at v: a step in ln v for ln c or ln(1 - c), where c''/c' = (h^2 - t^2) / v.
INLINE void iv_step(iv_row *iv) {
  const F64 mass = iv_mass(iv), v = iv->v, d = iv->d, t = 0.5 * v, h = t - d;
  const F64 residual = FMA(0.5 * d, d, number_log_short(number_ratio_of(iv->target, mass)));
  const F64 rate = (SELECT(iv->upper, -NUMBER_INVERSE_SQRT_2PI, NUMBER_INVERSE_SQRT_2PI) * v) / mass;
  const F64 next = iv_householder(v, residual, rate, PRODUCT(h - t, h + t), FMA(3.0 * h, h, t * t));
  iv->v = SELECT(iv->upper, SELECT(LESS(next, iv->edge), iv->edge, next), SELECT(LESS(iv->edge, next), iv->edge, next));
}

/// Step 4: the volatility as it is stored.
INLINE F64 iv_answer(const iv_row *iv) {
  const F64 value = SELECT(iv->zero, 0.0, iv->v / SELECT(iv->zero, 1.0, iv->root));
  return SELECT(SAME_BITS(iv->reason, (I64)0), value, FLOAT((I64)0x7FF8000000000000));
}

#endif
