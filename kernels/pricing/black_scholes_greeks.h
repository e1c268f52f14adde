// The Greeks of an option whose price phases (black_scholes_row.h) are done: closed forms in the density and in the part of the
// price that each asset has, the asset times its probability. Out of the money both parts are the gauss factor times a tail, so
// that neither needs a division.
//
// Units: everything annual, continuous and per 1.00; theta, charm, color and veta as time passes (-d/dT).
#ifndef PRICING_BLACK_SCHOLES_GREEKS_H
#define PRICING_BLACK_SCHOLES_GREEKS_H

#include "pricing/black_scholes_row.h"
#include "pricing/cancellation.h"

/// The measures: first those of the first pass, then those of the second.
enum {
  BS_PRICE,
  BS_DELTA,
  BS_GAMMA,
  BS_VEGA,
  BS_THETA,
  BS_RHO,
  BS_DIVIDEND_RHO,
  BS_VANNA,
  BS_VOLGA,
  BS_CHARM,
  BS_SPEED,
  BS_ZOMMA,
  BS_COLOR,
  BS_VETA,
  BS_ULTIMA,
  BS_DUAL_DELTA,
  BS_DUAL_GAMMA,
  BS_MEASURES
};

/// What the Greeks share.
typedef struct bs_common {
  /// The sign bit where the row is a put.
  I64 put_sign;
  /// spot e^(-qT) N(sign d1) and strike e^(-rT) N(sign d2); then both by spot and by strike.
  F64 spot_part, strike_part, delta, dual_delta;
  /// spot e^(-qT) phi(d1) = strike e^(-rT) phi(d2).
  F64 density;
  F64 inverse_spot, inverse_strike, gamma, vega;
  /// As in bs_row; constants in plain rows.
  F64 scale, unscale;
} bs_common;

/// A value with its sign changed where `sign` is the sign bit, not where it is 0.
INLINE F64 bs_turned(F64 value, I64 sign) { return FLOAT(BITS(value) ^ sign); }

/// All ones where d_near is so near 0 that 1 - N loses digits.
INLINE M64 bs_central(const bs_row *row, int plain) {
  const M64 central = LESS(row->d_near * row->d_near, 0.5625);
  return plain ? central : central & ~row->flat;
}

/// What the Greeks of `many` rows need where they are central; elsewhere nothing that is used.
INLINE void bs_half_erf(bs_row *rows, int many) {
  F64 square[GROUP], value[GROUP];
  UNROLL for (int i = 0; i < many; i++) square[i] = rows[i].d_near * rows[i].d_near;
  number_polynomials(number_half_erf_table, 9, many, square, value);
  UNROLL for (int i = 0; i < many; i++) rows[i].half_erf = value[i];
}

/// `higher` where the measures by strike are asked for, too.
INLINE bs_common bs_common_of(const bs_row *row, int plain, int higher) {
  bs_common common;
  const F64 spot = row->spot_asset, strike = row->strike_asset;
  const M64 above = LESS(0.0, row->x), put = ~SAME_BITS(row->type, (I64)0), inside = put ^ above;
  const M64 reflected = LESS(row->a, NUMBER_TAIL_LEAST);
  const F64 near = SELECT(above, strike, spot), other = SELECT(above, spot, strike);

  // An asset times its probability on the out-of-the-money side; the rest of it on the other, and where Y was reflected. Near 1/2
  // the probability from 1/2, where 1 - N loses digits.
  const F64 near_tail = PRODUCT(row->g, row->tail_a), other_tail = PRODUCT(row->g, row->tail_b);
  const F64 middle = FMA(bs_turned(row->d_near, inside & (I64)BS_SIGN), row->half_erf, 0.5);
  const F64 near_part = SELECT(bs_central(row, plain), near * middle, SELECT(reflected ^ inside, near - near_tail, near_tail));
  const F64 other_part = SELECT(inside, other - other_tail, other_tail);
  common.spot_part = SELECT(above, other_part, near_part);
  common.strike_part = SELECT(above, near_part, other_part);
  common.put_sign = put & (I64)BS_SIGN;
  common.density = row->g * NUMBER_INVERSE_SQRT_2PI;
  common.inverse_spot = 1.0 / (plain ? row->spot : SELECT(row->flat, 1.0, row->spot));
  common.delta = common.spot_part * common.inverse_spot;
  if (higher) {
    common.inverse_strike = 1.0 / (plain ? row->strike : SELECT(row->flat, 1.0, row->strike));
    common.dual_delta = common.strike_part * common.inverse_strike;
  }
  common.scale = plain ? (F64)(1.0) : row->scale;
  common.unscale = plain ? (F64)(1.0) : row->unscale;
  const F64 gamma = (common.density * common.inverse_spot) * (common.inverse_spot * row->inverse_v);
  common.gamma = plain ? gamma : SELECT(EQUAL(common.density, 0.0), 0.0, gamma);
  common.vega = common.density * row->root;
  if (plain) return common;
  // Without volatility the probabilities are steps, at the money at their middle.
  const F64 step = SELECT(EQUAL(row->x, 0.0), 0.5, SELECT(inside, 1.0, 0.0));
  common.spot_part = SELECT(row->flat, spot * step, common.spot_part);
  common.strike_part = SELECT(row->flat, strike * step, common.strike_part);
  common.delta = SELECT(row->flat, row->discount_yield * step, common.delta);
  if (higher) common.dual_delta = SELECT(row->flat, row->discount_rate * step, common.dual_delta);
  return common;
}

/// All ones where a measure that is the difference of two terms is so small beside one of them that cancellation.h is to
/// compute it.
INLINE M64 bs_cancels(const bs_row *row, int plain, F64 measure, F64 terms) {
  const I64 size = ~(I64)BS_SIGN;
  const M64 near = LESS(FLOAT(BITS(measure) & size), PRICING_NEAR * terms);
  return plain ? near : near & ~row->flat & SAME_BITS(row->reason, (I64)0);
}

/// Delta, gamma, vega, theta and rho: out[BS_DELTA] ... out[BS_RHO]. All ones where theta is for bs_theta_terms.
INLINE M64 bs_greeks(const bs_row *row, int plain, F64 *out) {
  const bs_common common = bs_common_of(row, plain, 0);
  const F64 decay = PRODUCT(common.density * row->volatility, 0.5 * (row->volatility * row->inverse_v));
  const F64 spot_part = common.spot_part, strike_part = common.strike_part;
  // With sign 1 for a call and -1 for a put: sign (q spot_part - r strike_part) without its cancellation, by
  // price = sign (spot_part - strike_part).
  const M64 put = ~SAME_BITS(row->type, (I64)0);
  const F64 leg = bs_turned(SELECT(put, spot_part, strike_part), common.put_sign);
  const F64 spread = PRODUCT(row->yield - row->rate, leg);
  const F64 carry = FMA(SELECT(put, row->rate, row->yield), row->price, spread);
  const F64 theta = carry - decay;
  out[BS_DELTA] = bs_stored(row, plain, bs_turned(common.delta, common.put_sign));
  out[BS_GAMMA] = bs_stored(row, plain, common.gamma * common.scale);
  out[BS_VEGA] = bs_stored(row, plain, common.vega * common.unscale);
  out[BS_THETA] = bs_stored(row, plain, theta * common.unscale);
  out[BS_RHO] = bs_stored(row, plain, bs_turned(strike_part * row->years, common.put_sign) * common.unscale);
  // Where theta is small beside the rate's part of carry, that part is about the size of the others.
  const F64 part = FLOAT(BITS(spread) & ~(I64)BS_SIGN);
  return bs_cancels(row, plain, theta, SELECT(LESS(part, decay), decay, part));
}

/// d1 and d2.
INLINE void bs_places(const bs_row *row, number_dd *d1, number_dd *d2) {
  const M64 above = LESS(0.0, row->x);
  const number_dd near = {row->d_near, row->d_near_low}, v = {-row->v, -row->v_low}, far = number_dd_sum(near, v);
  d1->high = SELECT(above, -far.high, near.high);
  d1->low = SELECT(above, -far.low, near.low);
  d2->high = SELECT(above, -near.high, far.high);
  d2->low = SELECT(above, -near.low, far.low);
}

/// m = 2 T d(d1)/dT = ((r-q)T - ln(S/K) + v^2/2) / v, the square of v being known.
INLINE number_dd bs_motion(const bs_row *row, number_dd square, F64 inverse_v) {
  F64 error;
  const F64 gap = number_two_sum(row->drift, -row->log, &error);
  const F64 gap_low = error + (row->drift_low - row->log_low);
  const F64 top = number_two_sum(gap, 0.5 * square.high, &error);
  const F64 top_low = error + FMA(0.5, square.low, gap_low);
  const F64 m = PRODUCT(top, inverse_v);
  const number_dd motion = {m, (FMA(-m, row->v, top) + FMA(-m, row->v_low, top_low)) * inverse_v};
  return motion;
}

/// v^2
INLINE number_dd bs_variance(const bs_row *row) {
  number_dd square;
  square.high = number_two_product(row->v, row->v, &square.low);
  square.low = FMA(2.0 * row->v, row->v_low, square.low);
  return square;
}

/// A reciprocal that stays finite: beyond its limit only rows without density remain.
INLINE F64 bs_half_per_year(const bs_row *row) { return 0.5 / SELECT(LESS(row->years, 0x1p-1021), 0x1p-1021, row->years); }

/// Theta, 2T times over: sign (2qT S e^(-qT) N(sign d1) - 2rT K e^(-rT) N(sign d2)) - density v.
INLINE void bs_theta_terms(const bs_row *row, pricing_terms *terms) {
  const I64 put = ~SAME_BITS(row->type, (I64)0) & (I64)BS_SIGN, call = put ^ (I64)BS_SIGN;
  const F64 twice = 2.0 * row->years;
  number_dd d1, d2, a1, a2;
  bs_places(row, &d1, &d2);
  a1.high = number_two_product(row->yield, twice, &a1.low);
  a2.high = number_two_product(row->rate, twice, &a2.low);
  terms->y.high = row->x;
  terms->y.low = row->x_low;
  terms->z1 = number_dd_turned(d1, call);
  terms->z2 = number_dd_turned(d2, call);
  terms->a1 = number_dd_turned(a1, put);
  terms->a2 = number_dd_turned(a2, call);
  terms->u.high = -row->v;
  terms->u.low = -row->v_low;
  terms->front = PRODUCT(row->strike, row->discount_rate);
  terms->dense = row->g;
  terms->factor[0] = bs_half_per_year(row);
  terms->factor[1] = row->unscale;
  terms->factor[2] = terms->factor[3] = (F64)(1.0);
}

/// Charm, 2T times over: e^(-qT) (sign 2qT N(sign d1) - m phi(d1)).
INLINE void bs_charm_terms(const bs_row *row, pricing_terms *terms) {
  const I64 put = ~SAME_BITS(row->type, (I64)0) & (I64)BS_SIGN, call = put ^ (I64)BS_SIGN;
  const number_dd none = {(F64)(0.0), (F64)(0.0)};
  number_dd d1, d2, a2;
  bs_places(row, &d1, &d2);
  a2.high = number_two_product(row->yield, 2.0 * row->years, &a2.low);
  terms->y = terms->a1 = none;
  terms->z1 = terms->z2 = number_dd_turned(d1, call);
  terms->a2 = number_dd_turned(a2, put);
  terms->u = number_dd_turned(bs_motion(row, bs_variance(row), row->inverse_v), (I64)BS_SIGN);
  terms->front = row->discount_yield;
  terms->dense = row->g / row->spot;
  terms->factor[0] = bs_half_per_year(row);
  terms->factor[1] = terms->factor[2] = terms->factor[3] = (F64)(1.0);
}

/// A value that the density multiplies: exactly 0 where the density is, whatever the value overflowed to.
INLINE F64 bs_dense(const bs_common *common, F64 value) { return SELECT(EQUAL(common->density, 0.0), 0.0, value); }

/// The remaining measures, from dividendRho to dualGamma. The polynomials in d1, d2 and v that they multiply vanish where a
/// Greek changes sign, so they are double-doubles: the Greek keeps its relative accuracy there. All ones where charm is for
/// bs_charm_terms.
INLINE M64 bs_higher_greeks(const bs_row *row, int plain, F64 *out) {
  const bs_common common = bs_common_of(row, plain, 1);
  number_dd place1, place2;
  bs_places(row, &place1, &place2);
  const F64 d1 = place1.high, d1_low = place1.low, d2 = place2.high, d2_low = place2.low;
  const F64 density = common.density;
  // Reciprocals that stay finite: beyond these limits only rows without density remain.
  const F64 inverse_v = SELECT(LESS(0x1p500, row->inverse_v), 0x1p500, row->inverse_v);
  const F64 inverse_sigma = 1.0 / SELECT(LESS(row->volatility, 0x1p-1022), 0x1p-1022, row->volatility);
  const F64 half_per_year = bs_half_per_year(row);
  const F64 per_spot = density * common.inverse_spot;
  F64 low, error;

  // d1 d2
  const F64 product = number_two_product(d1, d2, &low);
  const F64 product_low = FMA(d1, d2_low, FMA(d1_low, d2, low));
  // d1 d2 - 1
  const F64 less_one = number_two_sum(product, (F64)(-1.0), &error);
  const F64 zomma = less_one + (error + product_low);
  // d1 + v
  const F64 beyond = number_two_sum(d1, row->v, &error);
  const F64 speed = beyond + (error + (d1_low + row->v_low));
  // d1 d2 (3 - d1 d2) + v^2, which is d1 d2 (1 - d1 d2) + d1^2 + d2^2
  const F64 three_less = number_two_sum((F64)(3.0), -product, &error);
  const F64 three_less_low = error - product_low;
  const F64 first = number_two_product(product, three_less, &low);
  const F64 first_low = FMA(product, three_less_low, FMA(product_low, three_less, low));
  const number_dd square = bs_variance(row);
  const F64 both = number_two_sum(first, square.high, &error);
  const F64 ultima = both + (error + (first_low + square.low));

  const number_dd motion = bs_motion(row, square, inverse_v);
  const F64 m = motion.high, m_low = motion.low;
  // 2 q T + d1 m, to which color adds 1 and veta -1
  const F64 carried = number_two_product(2.0 * row->yield, row->years, &low);
  F64 turned_low;
  const F64 turned = number_two_product(d1, m, &turned_low);
  turned_low = FMA(d1, m_low, FMA(d1_low, m, turned_low));
  const F64 sum = number_two_sum(carried, turned, &error);
  const F64 sum_low = error + (low + turned_low);
  const F64 sum_up = number_two_sum(sum, (F64)(1.0), &error);
  const F64 color = sum_up + (error + sum_low);
  const F64 sum_down = number_two_sum(sum, (F64)(-1.0), &error);
  const F64 veta = sum_down + (error + sum_low);

  const F64 yield_delta = bs_turned(row->yield * common.delta, common.put_sign);
  out[BS_DIVIDEND_RHO] = bs_stored(row, plain, bs_turned(-(common.spot_part * row->years), common.put_sign) * common.unscale);
  out[BS_VANNA] = bs_stored(row, plain, bs_dense(&common, -(per_spot * (d2 + d2_low)) * inverse_sigma));
  out[BS_VOLGA] = bs_stored(row, plain, bs_dense(&common, (common.vega * (product + product_low)) * inverse_sigma) * common.unscale);
  const F64 charm = yield_delta - bs_dense(&common, PRODUCT(per_spot * (m + m_low), half_per_year));
  out[BS_CHARM] = bs_stored(row, plain, charm);
  out[BS_SPEED] = bs_stored(
    row, plain, (bs_dense(&common, (-common.gamma * (speed * inverse_v)) * common.inverse_spot) * common.scale) * common.scale);
  out[BS_ZOMMA] = bs_stored(row, plain, bs_dense(&common, (common.gamma * zomma) * inverse_sigma) * common.scale);
  out[BS_COLOR] = bs_stored(row, plain, bs_dense(&common, (common.gamma * color) * half_per_year) * common.scale);
  out[BS_VETA] = bs_stored(row, plain, bs_dense(&common, (common.vega * veta) * half_per_year) * common.unscale);
  out[BS_ULTIMA] = bs_stored(
    row, plain, bs_dense(&common, -common.vega * ((ultima * inverse_sigma) * inverse_sigma)) * common.unscale);
  out[BS_DUAL_DELTA] = bs_stored(row, plain, bs_turned(-common.dual_delta, common.put_sign));
  const F64 curvature = (density * common.inverse_strike) * (common.inverse_strike * row->inverse_v);
  out[BS_DUAL_GAMMA] = bs_stored(row, plain, bs_dense(&common, curvature) * common.scale);
  return bs_cancels(row, plain, charm, FLOAT(BITS(yield_delta) & ~(I64)BS_SIGN));
}

#endif
