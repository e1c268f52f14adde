// One option under Bachelier's normal model: forward, strike and volatility in price units, forward and strike of any sign.
//
// With s = sigma sqrt(T), d = (F - K) / s, h = |d| and E = exp(-d^2/2), the out-of-the-money value is
//   e^(-rT) s E Q(h) / sqrt(2 pi),  Q(h) = 1 - sqrt(2 pi) h Y(h),  Y(h) = exp(h^2/2) N(-h),
// with Q from a polynomial of its own, so that nothing cancels however far out the option is; the in-the-money value adds
// e^(-rT) |F - K|. F - K, s and d are double-doubles. Source: Bachelier (1900); Q is the scaled first integral of erfc
// (Abramowitz and Stegun 7.2).
#ifndef PRICING_BACHELIER_ROW_H
#define PRICING_BACHELIER_ROW_H

#include "pricing/cancellation.h"
#include "pricing/implied_volatility_row.h"

/// The measures.
enum {
  BACHELIER_PRICE,
  BACHELIER_DELTA,
  BACHELIER_GAMMA,
  BACHELIER_VEGA,
  BACHELIER_THETA,
  BACHELIER_RHO,
  BACHELIER_VANNA,
  BACHELIER_VOLGA,
  BACHELIER_CHARM,
  BACHELIER_SPEED,
  BACHELIER_ZOMMA,
  BACHELIER_DUAL_DELTA,
  BACHELIER_MEASURES
};

/// |forward| and |strike| stay below 2^600, and so does sigma sqrt(T).
#define BACHELIER_LIMIT 0x1p600

/// What the phases hand on, a row per lane; what cancellation.h needs comes first.
typedef struct bachelier_row {
  I64 type;
  F64 forward, strike, years, rate, volatility;
  I64 reason;
  /// All ones without time or volatility.
  M64 flat;
  /// |F - K| in two parts, and all ones where F > K.
  F64 gap, gap_low;
  M64 above;
  F64 root, deviation, discount;
  /// |d| in two parts, exp(-d^2/2) / gauss_scale^2, Y and Q.
  F64 h, h_low, gauss, gauss_scale, tail, integral;
} bachelier_row;

/// Q and, where asked, Y at h + low. Q falls as h^-2, which doubles what h is off by: low counts.
INLINE F64 bachelier_integral(F64 h, F64 low, F64 *tail) {
  const M64 far = LESS(1024.0, h);
  const F64 capped = SELECT(far, 1024.0, h);
  const F64 tau = (capped - NUMBER_TAIL_ZERO) / (capped + NUMBER_TAIL_POLE);
  if (tail) *tail = number_polynomial(number_tail_table, NUMBER_TAIL_COUNT, tau) / (capped + NUMBER_TAIL_SHIFT);
  F64 next_low, square_low;
  const F64 next = number_two_sum(capped, (F64)(NUMBER_INTEGRAL_SHIFT), &next_low);
  next_low = next_low + SELECT(far, 0.0, low);
  const F64 square = number_two_product(next, next, &square_low), inverse = 1.0 / square;
  square_low = FMA(2.0 * next, next_low, square_low);
  const F64 polynomial = number_polynomial(number_integral_table, 28, tau);
  const F64 quotient = PRODUCT(polynomial, inverse);
  return FMA(FMA(-quotient, square_low, FMA(-quotient, square, polynomial)), inverse, quotient);
}

/// Phase 1: reasons, the discount factor, |F - K| and sigma sqrt(T).
INLINE void bachelier_admit(bachelier_row *row) {
  const F64 forward = row->forward + 0.0, strike = row->strike + 0.0, years = row->years + 0.0;
  const F64 rate = row->rate + 0.0, volatility = row->volatility + 0.0;
  const F64 root = SQRT(years), deviation = PRODUCT(volatility, root);
  F64 low;
  const F64 exponent = number_two_product(-rate, years, &low);
  const M64 numbers = LESS(-BS_RATE_LIMIT, rate) & LESS(rate, BS_RATE_LIMIT) & LESS(-BS_EXPONENT_LIMIT, exponent) &
    LESS(exponent, BS_EXPONENT_LIMIT) & LESS(-BACHELIER_LIMIT, forward) & LESS(forward, BACHELIER_LIMIT) &
    LESS(-BACHELIER_LIMIT, strike) & LESS(strike, BACHELIER_LIMIT) & LESS(deviation, BACHELIER_LIMIT) &
    SAME_BITS(row->type & (I64)(-2), (I64)0);
  I64 reason = SELECT_BITS(numbers, (I64)0, (I64)ASSAY_REASON_invalidNumber);
  reason = SELECT_BITS(bs_admissible(volatility), reason, (I64)ASSAY_REASON_invalidVolatility);
  reason = SELECT_BITS(bs_admissible(years), reason, (I64)ASSAY_REASON_invalidYears);
  reason = SELECT_BITS(bs_admissible(SELECT(LESS(strike, 0.0), -strike, strike)), reason, (I64)ASSAY_REASON_invalidStrike);
  reason = SELECT_BITS(bs_admissible(SELECT(LESS(forward, 0.0), -forward, forward)), reason, (I64)ASSAY_REASON_invalidSpot);
  row->reason = reason;
  row->years = years;
  row->rate = rate;
  row->volatility = volatility;
  row->root = root;
  row->discount = number_exp(exponent, low);

  F64 gap_low;
  const F64 gap = number_two_sum(forward, -strike, &gap_low);
  row->above = LESS(0.0, gap);
  row->gap = SELECT(row->above, gap, -gap);
  row->gap_low = SELECT(row->above, gap_low, -gap_low);
  row->flat = LESS(deviation, 0x1p-1022);
  row->deviation = SELECT(row->flat, 1.0, deviation);
}

/// Phase 2: d, and the exponential and polynomials that it needs.
INLINE void bachelier_density(bachelier_row *row) {
  const F64 s = row->deviation, inverse = 1.0 / s;
  const F64 root_error = FMA(-row->root, row->root, row->years) * (row->volatility * inverse);
  const F64 s_low = SELECT(row->flat, 0.0, FMA(root_error, 0.5 * row->volatility, FMA(row->volatility, row->root, -s)));
  const F64 quotient = PRODUCT(row->gap, inverse);
  const M64 far = LESS(1024.0, quotient);
  const F64 h = SELECT(far, 1024.0, quotient);
  const F64 h_low = SELECT(far, 0.0, (FMA(-h, s, row->gap) + FMA(-h, s_low, row->gap_low)) * inverse);
  const F64 square = h * h;
  const F64 exponent = square * -0.5, exponent_low = FMA(2.0 * h, h_low, FMA(h, h, -square)) * -0.5;
  const M64 deep = LESS(exponent, -708.0), nothing = LESS(exponent, -1410.0) | row->flat;
  const I64 bias = SELECT_BITS(deep | nothing, (I64)0x4000000000000000, (I64)0);
  const F64 gauss = number_exp_biased(SELECT(nothing, -1410.0, exponent), SELECT(nothing, 0.0, exponent_low), bias);
  row->h = number_fast_two_sum(h, h_low, &row->h_low);
  row->gauss = SELECT(nothing, 0.0, gauss);
  row->gauss_scale = SELECT(deep, 0x1p-512, 1.0);
  row->integral = bachelier_integral(row->h, row->h_low, &row->tail);
}

INLINE F64 bachelier_stored(const bachelier_row *row, F64 value) {
  return SELECT(SAME_BITS(row->reason, (I64)0), value, FLOAT((I64)0x7FF8000000000000));
}

/// |value|
INLINE F64 bachelier_size(F64 value) { return FLOAT(BITS(value) & ~(I64)BS_SIGN); }

/// The reciprocal of the root of time, which has one where that of time overflows.
INLINE F64 bachelier_per_root(const bachelier_row *row) { return 1.0 / SELECT(row->flat, 1.0, row->root); }

/// What theta and charm have in common, 2T times over and without e^(-rT): N(-z) with z = -d for a call and d for a put, 2rT, and
/// exp(-d^2/2) with the discount factor.
INLINE number_dd bachelier_terms(const bachelier_row *row, pricing_terms *terms) {
  const number_dd none = {(F64)(0.0), (F64)(0.0)}, h = {row->h, row->h_low};
  const M64 put = ~SAME_BITS(row->type, (I64)0);
  const F64 per_root = bachelier_per_root(row);
  number_dd twice;
  twice.high = number_two_product(row->rate, 2.0 * row->years, &twice.low);
  terms->y = terms->a1 = none;
  terms->z1 = terms->z2 = number_dd_turned(h, (put ^ row->above) & (I64)BS_SIGN);
  terms->front = row->discount;
  terms->dense = ((row->discount * row->gauss_scale) * row->gauss) * row->gauss_scale;
  terms->factor[0] = 0.5 * per_root;
  terms->factor[1] = per_root;
  terms->factor[2] = terms->factor[3] = (F64)(1.0);
  return twice;
}

/// Theta: s (2rT (phi(z) - z N(-z)) - phi(z))
INLINE void bachelier_theta_terms(const bachelier_row *row, pricing_terms *terms) {
  const number_dd twice = bachelier_terms(row, terms);
  terms->a2 = number_dd_turned(number_dd_product(twice, terms->z2), (I64)BS_SIGN);
  terms->u = number_dd_plus((F64)(-1.0), twice);
  terms->factor[2] = row->deviation;
}

/// Charm: 2rT sign N(-z) + d phi(z)
INLINE void bachelier_charm_terms(const bachelier_row *row, pricing_terms *terms) {
  const I64 put = ~SAME_BITS(row->type, (I64)0) & (I64)BS_SIGN;
  terms->a2 = number_dd_turned(bachelier_terms(row, terms), put);
  terms->u = number_dd_turned(terms->z2, ~put & (I64)BS_SIGN);
}

/// Phase 3: every measure. All ones where theta is for bachelier_theta_terms, and in *charms where charm is for
/// bachelier_charm_terms.
INLINE M64 bachelier_measures(const bachelier_row *row, F64 *out, M64 *charms) {
  const M64 put = ~SAME_BITS(row->type, (I64)0), inside = put ^ row->above;
  const F64 sign = SELECT(put, -1.0, 1.0);
  const F64 scale = row->gauss_scale, discount = row->discount;
  // e^(-rT) phi(d), and times s
  const F64 density = ((discount * scale) * row->gauss) * scale * NUMBER_INVERSE_SQRT_2PI;
  const F64 weight = (((discount * row->deviation) * scale) * row->gauss) * scale * NUMBER_INVERSE_SQRT_2PI;
  const F64 outside = PRODUCT(weight, row->integral);
  const F64 price = SELECT(inside, FMA(discount, row->gap, outside), outside);
  const F64 gauss = (row->gauss * scale) * scale;
  const M64 middle = row->flat & EQUAL(row->gap, 0.0);
  const F64 far = SELECT(middle, 0.5, PRODUCT(gauss, row->tail));
  const F64 probability = SELECT(inside, 1.0 - far, far);
  const F64 delta = sign * (discount * probability);

  // Reciprocals that stay finite: beyond these limits only rows without density remain.
  const F64 d = SELECT(row->above, row->h, -row->h);
  const F64 inverse_s = 1.0 / row->deviation;
  const F64 inverse_sigma = 1.0 / SELECT(LESS(row->volatility, 0x1p-1022), 0x1p-1022, row->volatility);
  const F64 per_root = bachelier_per_root(row), half_per_root = 0.5 * per_root;
  const M64 none = EQUAL(density, 0.0);
  const F64 gamma = SELECT(none, 0.0, density * inverse_s), vega = density * row->root;
  const F64 decay = SELECT(none, 0.0, PRODUCT(density * row->volatility, half_per_root));
  const F64 theta = FMA(row->rate, price, -decay);
  const F64 drift = SELECT(none, 0.0, PRODUCT((density * d) * half_per_root, per_root));
  const F64 charm = FMA(row->rate, delta, drift);
  // d^2 - 1, which vanishes
  F64 square_low, less_low;
  const F64 square = number_two_product(row->h, row->h, &square_low);
  const F64 less = number_two_sum(square, (F64)(-1.0), &less_low);
  const F64 less_one = less + (less_low + FMA(2.0 * row->h, row->h_low, square_low));
  out[BACHELIER_PRICE] = bachelier_stored(row, price);
  out[BACHELIER_DELTA] = bachelier_stored(row, delta);
  out[BACHELIER_GAMMA] = bachelier_stored(row, gamma);
  out[BACHELIER_VEGA] = bachelier_stored(row, vega);
  out[BACHELIER_THETA] = bachelier_stored(row, theta);
  out[BACHELIER_RHO] = bachelier_stored(row, -(price * row->years));
  out[BACHELIER_VANNA] = bachelier_stored(row, SELECT(none, 0.0, (density * -d) * inverse_sigma));
  out[BACHELIER_VOLGA] = bachelier_stored(row, SELECT(none, 0.0, (vega * (d * d)) * inverse_sigma));
  out[BACHELIER_CHARM] = bachelier_stored(row, charm);
  out[BACHELIER_SPEED] = bachelier_stored(row, SELECT(none, 0.0, (density * inverse_s) * (-d * inverse_s)));
  out[BACHELIER_ZOMMA] = bachelier_stored(row, SELECT(none, 0.0, ((density * inverse_s) * less_one) * inverse_sigma));
  out[BACHELIER_DUAL_DELTA] = bachelier_stored(row, -delta);
  const M64 regular = ~row->flat & SAME_BITS(row->reason, (I64)0);
  *charms = regular & LESS(bachelier_size(charm), PRICING_NEAR * bachelier_size(drift));
  return regular & LESS(bachelier_size(theta), PRICING_NEAR * decay);
}

/// Implied volatility, step 1: what there is to solve for, in undiscounted price units. `price` is the row's option price.
typedef struct bachelier_target {
  F64 value, s;
  M64 zero;
  I64 reason;
} bachelier_target;

INLINE bachelier_target bachelier_target_of(const bachelier_row *row, F64 price) {
  bachelier_target target;
  const M64 inside = ~SAME_BITS(row->type, (I64)0) ^ row->above;
  const F64 intrinsic = SELECT(inside, row->discount * row->gap, 0.0);
  const F64 value = SELECT(inside, FMA(-row->discount, row->gap, price), price);
  const M64 good = SAME_BITS(row->reason, (I64)0), zero = ~LESS(0.0, value);
  const M64 number = LESS(-BS_LARGEST, price) & LESS(price, BACHELIER_LIMIT);
  I64 reason = SELECT_BITS(good & ~zero & EQUAL(row->years, 0.0), (I64)ASSAY_REASON_priceAboveBound, row->reason);
  reason = SELECT_BITS(good & LESS(value, -0x1p-51 * intrinsic), (I64)ASSAY_REASON_priceBelowIntrinsic, reason);
  reason = SELECT_BITS(good & ~number, (I64)ASSAY_REASON_invalidNumber, reason);
  const M64 idle = zero | ~SAME_BITS(reason, (I64)0);
  target.reason = reason;
  target.zero = zero;
  const F64 undiscounted = value / row->discount;
  target.value = SELECT(idle, 1.0, SELECT(LESS(undiscounted, IV_LEAST), IV_LEAST, undiscounted));
  // Q <= 1 gives s >= value sqrt(2 pi); for h >= 1 also h^2/2 <= ln(gap / (sqrt(2 pi) value)), and for h < 1, s > gap.
  const F64 least = target.value * 0x1.40d931ff62705p1;
  const M64 apart = LESS(least, row->gap);
  const F64 log = number_log_short(number_ratio_of(SELECT(apart, row->gap, 1.0), SELECT(apart, least, 1.0)));
  const F64 distance = SELECT(LESS(log, 0.5), 1.0, SQRT(2.0 * log));
  const F64 deep = SELECT(apart, row->gap / distance, 0.0);
  target.s = SELECT(LESS(least, deep), deep, least);
  return target;
}

/// Implied volatility, step 2: one of IV_STEPS steps in ln s. With c = s E Q / sqrt(2 pi), s c'/c = 1/Q and c''/c' = h^2/s.
INLINE void bachelier_step(const bachelier_row *row, bachelier_target *target) {
  const F64 s = target->s, h = row->gap / s, integral = bachelier_integral(h, (F64)(0.0), (F64 *)0);
  const F64 mass = (s * NUMBER_INVERSE_SQRT_2PI) * integral;
  const F64 residual = FMA(0.5 * h, h, number_log_short(number_ratio_of(target->value, mass)));
  target->s = iv_householder(s, residual, 1.0 / integral, PRODUCT(h, h), 3.0 * (h * h));
}

#endif
