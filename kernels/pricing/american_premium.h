// What early exercise adds to the European value, from a boundary: Kim's integral ("The analytic valuation of American options",
// Review of Financial Studies 3, 1990) over the time left u, with its first two derivatives by the spot.
//
// For a put of strike 1 and time in units of variance the integrand is
//   rate e^(-rate z) N(-d2) - yield S e^(-yield z) N(-d1),  d1, d2 = (ln(S/B(u)) + (rate - yield) z) / sqrt(z) +- sqrt(z) / 2,
// z being the time until then. Near the boundary it is a step as wide as c = ln(S/B) / sqrt(time); with sqrt(u) = sqrt(time) cos(a) and
// a = c sinh(..) the points crowd there, so that the second derivative is as good as the value.
#ifndef PRICING_AMERICAN_PREMIUM_H
#define PRICING_AMERICAN_PREMIUM_H

#include "pricing/american_boundary.h"

/// A value and its derivatives by the spot, per unit of strike.
typedef struct american_value {
  F64 price, delta, gamma;
} american_value;

/// sin(a) and cos(a) for a in [0, pi/2].
INLINE void american_circle(F64 a, F64 *sine, F64 *cosine) {
  const F64 z = a * a;
  *sine = FMA(PRODUCT(a, z), number_polynomial(number_sine_table, 9, z), a);
  *cosine = FMA(PRODUCT(z, z), number_polynomial(number_cosine_table, 9, z), FMA(-0.5, z, 1.0));
}

/// Adds `sign` times the integral over the boundary's time, which begins `wait` from now, at spot e^log_spot.
CALLED void american_premium(const american_scheme *s, const american_boundary *b, const F64 *log_spot_at, const F64 *wait_at,
                             double sign, american_value *value) {
  TABLE_POINTER node = AMERICAN_OUTER(s, 0);
  TABLE_POINTER weight = AMERICAN_OUTER(s, 1);
  const F64 log_spot = *log_spot_at, wait = *wait_at, drift = b->rate - b->yield;
  const F64 root_time = SQRT(b->time), inverse_root = 1.0 / root_time, half_turn = (F64)(0x1.921fb54442d18p0);
  F64 spot;
  american_exp(1, &log_spot, &spot);
  const F64 inverse_spot = 1.0 / spot;
  // The step's width, with that of the time before the boundary begins.
  const F64 log_boundary = FMA(b->sign, b->r[0], b->log_limit);
  const F64 gap = FLOAT(BITS(log_spot - log_boundary) & (I64)0x7FFFFFFFFFFFFFFF) * inverse_root;
  const F64 width = american_most(american_least(american_most(gap, SQRT(wait) * inverse_root), half_turn), (F64)(0x1p-10));
  const F64 top = half_turn / width;
  const F64 reach = american_log(top + SQRT(FMA(top, top, 1.0)), (F64)(1.0));
  F64 price = (F64)(0.0), delta = (F64)(0.0), gamma = (F64)(0.0);
  for (int k = 0; k < s->outer; k += SWEEP) {
    F64 exponent[2 * SWEEP], growth[2 * SWEEP], d[2 * SWEEP], normal[2 * SWEEP], gauss[2 * SWEEP];
    F64 twice[SWEEP], square[SWEEP], measure[SWEEP], z[SWEEP], root[SWEEP];
    UNROLL for (int j = 0; j < SWEEP; j++) exponent[j] = reach * node[k + j];
    american_exp(SWEEP, exponent, growth);
    UNROLL for (int j = 0; j < SWEEP; j++) {
      F64 sine, cosine;
      const F64 up = growth[j], down = 1.0 / up, half_width = 0.5 * width;
      american_circle(american_least(half_width * (up - down), half_turn), &sine, &cosine);
      cosine = american_most(cosine, (F64)(0.0));
      measure[j] = (((half_width * (up + down)) * (reach * weight[k + j])) * (2.0 * b->time)) * (sine * cosine);
      z[j] = FMA(b->time, PRODUCT(sine, sine), wait);
      root[j] = SQRT(z[j]);
      twice[j] = FMA((F64)(4.0), SQRT(cosine), -2.0);
    }
    american_square(s, b, SWEEP, twice, square);
    UNROLL for (int j = 0; j < SWEEP; j++) {
      const F64 log_then = FMA(-b->sign, SQRT(square[j]), b->log_limit);
      // -d1 and -d2
      d[j] = -FMA(FMA(drift, z[j], log_spot - log_then), 1.0 / root[j], 0.5 * root[j]);
      d[SWEEP + j] = d[j] + root[j];
      exponent[j] = -(b->yield * z[j]);
      exponent[SWEEP + j] = -(b->rate * z[j]);
    }
    american_normal(2 * SWEEP, d, normal, gauss);
    american_exp(2 * SWEEP, exponent, growth);
    UNROLL for (int j = 0; j < SWEEP; j++) {
      const F64 yield = b->yield * growth[j], rate = b->rate * growth[SWEEP + j], inverse = 1.0 / root[j];
      const F64 spot_part = yield * gauss[j], strike_part = (rate * gauss[SWEEP + j]) * inverse_spot;
      price = FMA(measure[j], FMA(rate, normal[SWEEP + j], -((yield * spot) * normal[j])), price);
      const F64 density = NUMBER_INVERSE_SQRT_2PI * inverse;
      delta = FMA(measure[j], FMA(density, spot_part - strike_part, -(yield * normal[j])), delta);
      const F64 curve = FMA(spot_part, d[SWEEP + j], -(strike_part * d[j]));
      gamma = FMA(measure[j] * (density * inverse), curve * inverse_spot, gamma);
    }
  }
  value->price = FMA((F64)(sign), price, value->price);
  value->delta = FMA((F64)(sign), delta, value->delta);
  value->gamma = FMA((F64)(sign), gamma, value->gamma);
}

/// The European put of strike 1, and its derivatives: spot e^log_spot, time in units of variance. The out-of-the-money side keeps its
/// relative accuracy.
CALLED void american_european(const F64 *log_spot_at, const F64 *rate_at, const F64 *yield_at, const F64 *time_at,
                              american_value *value, F64 *strike_part) {
  const F64 log_spot = *log_spot_at, time = *time_at, root = SQRT(time), inverse = 1.0 / root;
  const F64 drift = PRODUCT(*rate_at - *yield_at, time), log_forward = log_spot + drift;
  F64 exponent[3], factor[3], d[2], normal[2], gauss[2];
  exponent[0] = -(*rate_at * time);
  exponent[1] = -(*yield_at * time);
  exponent[2] = log_spot;
  american_exp(3, exponent, factor);
  const F64 spot = factor[2], asset = spot * factor[1];
  d[0] = -FMA(log_forward, inverse, 0.5 * root);
  d[1] = d[0] + root;
  american_normal(2, d, normal, gauss);
  // Out of the money both terms are the density times Y: G (Y(-d2) - Y(-d1)), without cancellation.
  const M64 far = LESS(0.0, log_forward);
  F64 a = american_least(american_most(-d[1], (F64)(NUMBER_TAIL_LEAST)), (F64)(64.0));
  F64 c = american_least(american_most(-d[0], (F64)(0.0)), (F64)(64.0));
  const F64 a6 = 1.0 / (a + NUMBER_TAIL_POLE), c6 = 1.0 / (c + NUMBER_TAIL_POLE);
  F64 tau_a = PRODUCT(a - NUMBER_TAIL_ZERO, a6), tau_c = PRODUCT(c - NUMBER_TAIL_ZERO, c6), p, slope;
  number_tail_sweep(1, &tau_a, &tau_c, &p, &slope);
  const F64 c2 = c + NUMBER_TAIL_SHIFT;
  const F64 difference =
    ((c - a) / ((a + NUMBER_TAIL_SHIFT) * c2)) * FMA(-slope * (NUMBER_TAIL_SPAN * (a6 * c6)), c2, p);
  const F64 outside = (factor[0] * gauss[1]) * difference;
  const F64 plain = FMA(factor[0], normal[1], -(asset * normal[0]));
  const M64 direct = far & LESS(NUMBER_TAIL_LEAST, -d[1]) & LESS(0.0, -d[0]);
  value->price = SELECT(direct, outside, american_most(plain, (F64)(0.0)));
  value->delta = -(factor[1] * normal[0]);
  value->gamma = ((factor[1] * gauss[0]) * (NUMBER_INVERSE_SQRT_2PI * inverse)) / spot;
  *strike_part = factor[0] * normal[1];
}

#endif
