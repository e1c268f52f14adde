// One option's Black-Scholes-Merton price, in phases that a vector dialect runs as separate loops.
//
// Everything is computed on the out-of-the-money side. With F = S e^((r-q)T), x = |ln(F/K)|, v = sigma sqrt(T), h = -x/v,
// t = v/2, a = -(h+t) and b = -(h-t), Y(d) = exp(d^2/2) N(-d) and `near` the discounted asset (S e^(-qT) or K e^(-rT)) that is
// smaller,
//   price = G (Y(a) - Y(b)),  G = near exp(-(h+t)^2/2),
// so one exponential serves both normal probabilities and the difference is a divided difference: nothing cancels at any
// volatility. Where a < -23/32, Y is reflected: price = near - G (Y(-a) + Y(b)). The in-the-money price adds
// near expm1(x), the exact distance of the two assets. ln(S/K), (r-q)T, sigma sqrt(T), h and (h+t)^2 are double-doubles.
//
// A row is plain where none of the limits that the phases look after is near (bs_unusual_inputs, bs_plain_arguments). For a block
// of plain rows the phases are compiled once more with `plain` 1 and without those cases: the same bits, less work.
#ifndef PRICING_BLACK_SCHOLES_ROW_H
#define PRICING_BLACK_SCHOLES_ROW_H

#include "number/normal_tail.h"
#include "number/exponential.h"
#include "number/logarithm.h"

/// What the phases hand on, a row per lane. What cancellation.h needs comes first: for theta up to g, for the other measures up to
/// discount_yield.
typedef struct bs_row {
  /// The type byte.
  I64 type;
  F64 strike, years, rate, yield;
  /// The reciprocal of `scale`.
  F64 unscale;
  /// v = volatility sqrt(years) in two parts; 1 in lanes that are `flat`.
  F64 v, v_low;
  /// ln(F/K) in two parts.
  F64 x, x_low;
  /// h + t in two parts: d1, or -d2 where the forward is above the strike.
  F64 d_near, d_near_low;
  F64 discount_rate;
  /// near * gauss.
  F64 g;
  F64 spot;
  /// The power of two that spot and strike were multiplied by.
  F64 scale;
  F64 inverse_v;
  /// ln(S/K) and (r-q)T, each in two parts.
  F64 log, log_low, drift, drift_low;
  F64 discount_yield;

  F64 volatility, root;
  /// What the Greeks need of the price: the two discounted assets, and Y at both points.
  F64 spot_asset, strike_asset, tail_a, tail_b, price;
  /// (N(d) - 1/2) / d at d_near near 0.
  F64 half_erf;
  I64 reason;
  /// All ones where the price is the discounted intrinsic value: no time, no volatility, no spot or no strike.
  M64 flat;
  number_ratio ratio;
  /// (h+t)^2/2, negative, in two parts; then the exponentials.
  F64 exponent, exponent_low, gauss, gauss_scale, growth;
  /// The arguments of Y, and what its sweep made of them.
  F64 a, b, tau_a, tau_b, inverse6, inverse2, near2, p, d;
} bs_row;

#define BS_SIGN 0x8000000000000000
/// ln(F/K) up to which expm1 is a polynomial.
#define BS_CLOSE 0.6875
#define BS_LARGEST 0x1.fffffffffffffp1023
/// The largest |rate|, and the largest |rate| * years: a discount factor stays within e^200.
#define BS_RATE_LIMIT 0x1p100
#define BS_EXPONENT_LIMIT 200.0

/// All ones where a is a finite number that is not negative; -0.0 counts as 0.
INLINE M64 bs_admissible(F64 a) { return LESS(-0x1p-1074, a) & ~LESS(BS_LARGEST, a); }

/// 0 in rows whose inputs are far from every limit of phases 1 to 4: spot and strike between 2^-128 and 2^128, years and
/// volatility between 2^-58 and 2^6, |rate| and |yield| below 2. Ranges of exponents whose length is a power of two need one
/// subtraction each, and the answers of many rows one test.
INLINE I64 bs_unusual_inputs(const bs_row *row) {
  const U64 amount = (U64)(895ULL << 52), time = (U64)(965ULL << 52);
  const U64 spot = (U64)BITS(row->spot) - amount, strike = (U64)BITS(row->strike) - amount;
  const U64 years = (U64)BITS(row->years) - time, volatility = (U64)BITS(row->volatility) - time;
  return ((I64)(spot | strike) & (I64)(-(1LL << 60))) | ((I64)(years | volatility) & (I64)(-(1LL << 58))) |
    ((BITS(row->rate) | BITS(row->yield)) & (I64)(1LL << 62)) | (row->type & (I64)(-2));
}

/// All ones in rows whose arguments are far from every limit of the later phases: what the gauss factor multiplies is normal.
INLINE M64 bs_plain_arguments(const bs_row *row) { return LESS(-400.0, row->exponent) & LESS(row->b, 64.0); }

/// Scales spot and strike. The price is homogeneous in them: products with discount factors stay inside the range of binary64, and
/// those with the gauss factor where they can.
INLINE void bs_scale(bs_row *row) {
  const F64 larger = SELECT(LESS(row->spot, row->strike), row->strike, row->spot);
  const M64 huge = LESS(0x1p600, larger), small = LESS(larger, 1.0);
  const F64 least = SELECT(LESS(larger, 0x1p-1022), 0x1p-1022, larger);
  const I64 exponent = BITS(least) & (I64)0x7FF0000000000000;
  row->scale = SELECT(huge, 0x1p-400, SELECT(small, FLOAT((I64)0x7FE0000000000000 - exponent), 1.0));
  row->unscale = SELECT(huge, 0x1p400, SELECT(small, FLOAT(exponent), 1.0));
  row->spot = row->spot * row->scale;
  row->strike = row->strike * row->scale;
}

/// Phase 1: reasons, the common scale of spot and strike, and volatility times root time, rounded.
INLINE void bs_admit(bs_row *row, int plain) {
  if (plain) {
    row->root = SQRT(row->years);
    row->v = PRODUCT(row->volatility, row->root);
    return;
  }
  // -0.0 + 0.0 is 0.0: from here on there are no negative zeros.
  const F64 spot = row->spot + 0.0, strike = row->strike + 0.0, years = row->years + 0.0;
  const F64 rate = row->rate + 0.0, yield = row->yield + 0.0, volatility = row->volatility + 0.0;
  const F64 rate_exponent = -(rate * years), yield_exponent = -(yield * years);

  const M64 numbers = LESS(-BS_RATE_LIMIT, rate) & LESS(rate, BS_RATE_LIMIT) & LESS(-BS_RATE_LIMIT, yield) &
    LESS(yield, BS_RATE_LIMIT) & LESS(-BS_EXPONENT_LIMIT, rate_exponent) & LESS(rate_exponent, BS_EXPONENT_LIMIT) &
    LESS(-BS_EXPONENT_LIMIT, yield_exponent) & LESS(yield_exponent, BS_EXPONENT_LIMIT) &
    SAME_BITS(row->type & (I64)(-2), (I64)0);
  I64 reason = SELECT_BITS(numbers, (I64)0, (I64)ASSAY_REASON_invalidNumber);
  reason = SELECT_BITS(bs_admissible(volatility), reason, (I64)ASSAY_REASON_invalidVolatility);
  reason = SELECT_BITS(bs_admissible(years), reason, (I64)ASSAY_REASON_invalidYears);
  reason = SELECT_BITS(bs_admissible(strike), reason, (I64)ASSAY_REASON_invalidStrike);
  reason = SELECT_BITS(bs_admissible(spot), reason, (I64)ASSAY_REASON_invalidSpot);
  row->reason = reason;

  row->spot = spot;
  row->strike = strike;
  bs_scale(row);
  row->years = years;
  row->rate = rate;
  row->yield = yield;
  row->volatility = volatility;

  row->root = SQRT(years);
  row->v = PRODUCT(volatility, row->root);
  row->flat = LESS(row->v, 0x1p-1022) | LESS(row->spot, 0x1p-1000) | LESS(row->strike, 0x1p-1000);
}

/// Phase 2: spot / strike.
INLINE void bs_quotient(bs_row *row) { row->ratio = number_ratio_of(row->spot, row->strike); }

/// Phase 3: ln(S/K).
INLINE void bs_logarithm(bs_row *row) { row->log = number_log(row->ratio, &row->log_low); }

/// Phase 4: ln(F/K).
INLINE void bs_moneyness(bs_row *row, int plain) {
  F64 carry_low, sum_low;
  const F64 carry = number_two_sum(row->rate, -row->yield, &carry_low);
  const F64 drift = PRODUCT(carry, row->years);
  const F64 drift_low = FMA(carry_low, row->years, FMA(carry, row->years, -drift));
  const F64 sum = number_two_sum(row->log, drift, &sum_low);
  const F64 x = number_fast_two_sum(sum, sum_low + (row->log_low + drift_low), &row->x_low);
  row->drift = drift;
  row->drift_low = drift_low;
  row->x = x;
  if (plain) return;
  // A spot or strike of 0 is infinitely far out; both at once are at the money.
  const M64 no_spot = LESS(row->spot, 0x1p-1000), no_strike = LESS(row->strike, 0x1p-1000);
  const F64 limit = SELECT(no_spot, -4000.0, 0.0) + SELECT(no_strike, 4000.0, 0.0);
  row->x = SELECT(no_spot | no_strike, limit, x);
  row->x_low = SELECT(no_spot | no_strike, 0.0, row->x_low);
}

/// Phase 4, too: volatility times root time in two parts, and its reciprocal.
INLINE void bs_deviation(bs_row *row, int plain) {
  const F64 product = row->v;
  // Beyond v = 512 every probability is 0 or 1 to the last bit.
  const M64 wide = LESS(512.0, product);
  const F64 v = plain ? product : SELECT(row->flat, 1.0, SELECT(wide, 512.0, product));
  const F64 inverse = 1.0 / v;
  // The root's own rounding error, (years - root^2) / (2 root), enters through volatility / root = volatility^2 / v.
  const F64 root_error = (FMA(-row->root, row->root, row->years) * row->volatility) * (0.5 * row->volatility);
  const F64 low = FMA(root_error, inverse, FMA(row->volatility, row->root, -product));
  row->v = v;
  row->v_low = plain ? low : SELECT(row->flat | wide, 0.0, low);
  row->inverse_v = inverse;
}

/// Phase 5: the arguments of Y and the exponent of the gauss factor.
INLINE void bs_arguments(bs_row *row, int plain) {
  const F64 v = row->v, inverse = row->inverse_v, t = 0.5 * v;
  // -|ln(F/K)|: the signs of both parts change where the first is positive.
  const I64 sign = (I64)BS_SIGN, flip = ~BITS(row->x) & sign;
  const F64 x = FLOAT(BITS(row->x) | sign), x_low = FLOAT(BITS(row->x_low) ^ flip);
  const F64 quotient = PRODUCT(x, inverse);
  const M64 far = LESS(quotient, -1024.0);
  const F64 h = plain ? quotient : SELECT(far, -1024.0, quotient);
  const F64 rest = (FMA(-h, v, x) + FMA(-h, row->v_low, x_low)) * inverse;
  const F64 h_low = plain ? rest : SELECT(far, 0.0, rest);

  F64 sum_low;
  const F64 sum = number_two_sum(h, t, &sum_low);
  sum_low = sum_low + FMA(0.5, row->v_low, h_low);
  const F64 exponent = sum * (sum * -0.5);
  row->exponent = exponent;
  row->exponent_low = FMA(-sum, sum_low, FMA(sum, sum * -0.5, -exponent));

  row->d_near = sum;
  row->d_near_low = sum_low;
  row->a = -(sum + sum_low);
  // Nothing cancels: h is not positive.
  row->b = (t - h) + FMA(0.5, row->v_low, -h_low);
}

/// Phase 6: where the polynomial of Y is evaluated.
INLINE void bs_fractions(bs_row *row, int plain) {
  // Beyond 64 the gauss factor is 0 or the term with b below a rounding of the other.
  const F64 a = row->a, b = row->b;
  const F64 reflected = FLOAT(BITS(a) ^ (LESS(a, NUMBER_TAIL_LEAST) & (I64)BS_SIGN));
  const F64 near = plain ? reflected : SELECT(LESS(64.0, reflected), 64.0, reflected);
  const F64 far_b = plain ? b : SELECT(LESS(64.0, b), 64.0, b);
  const F64 near6 = near + NUMBER_TAIL_POLE, far6 = far_b + NUMBER_TAIL_POLE;
  const F64 near2 = near + NUMBER_TAIL_SHIFT, far2 = far_b + NUMBER_TAIL_SHIFT;
  // One division for all four quotients: a quotient q of n by d becomes as good as a division's by q + (n - q d) / d.
  const F64 product6 = near6 * far6, product2 = near2 * far2;
  const F64 inverse = 1.0 / (product6 * product2);
  const F64 inverse6 = inverse * product2, inverse2 = inverse * product6;
  row->inverse6 = inverse6;
  row->inverse2 = FMA(FMA(-inverse2, product2, 1.0), inverse2, inverse2);
  row->near2 = near2;
  const F64 inverse_near = far6 * inverse6, inverse_far = near6 * inverse6;
  const F64 near4 = near - NUMBER_TAIL_ZERO, far4 = far_b - NUMBER_TAIL_ZERO;
  const F64 tau_a = PRODUCT(near4, inverse_near), tau_b = PRODUCT(far4, inverse_far);
  row->tau_a = FMA(FMA(-tau_a, near6, near4), inverse_near, tau_a);
  row->tau_b = FMA(FMA(-tau_b, far6, far4), inverse_far, tau_b);
  row->b = far_b;
}

/// The exponents of a row's two discount factors, each in two parts.
INLINE void bs_discount_exponents(const bs_row *row, F64 *exponent, F64 *low) {
  exponent[0] = number_two_product(-row->rate, row->years, &low[0]);
  exponent[1] = number_two_product(-row->yield, row->years, &low[1]);
}

/// The two discount factors of a row.
INLINE void bs_discounts(bs_row *row) {
  const I64 bias[2] = {(I64)0, (I64)0};
  F64 exponent[2], low[2], value[2];
  bs_discount_exponents(row, exponent, low);
  number_exp_many(2, exponent, low, bias, value);
  row->discount_rate = value[0];
  row->discount_yield = value[1];
}

/// expm1(|ln(F/K)|) of `many` rows where that is below BS_CLOSE; elsewhere nothing that is used.
INLINE void bs_growth(bs_row *rows, int many) {
  const I64 sign = (I64)BS_SIGN;
  F64 x[GROUP], low[GROUP], value[GROUP];
  UNROLL for (int i = 0; i < many; i++) {
    x[i] = FLOAT(BITS(rows[i].x) & ~sign);
    low[i] = FLOAT(BITS(rows[i].x_low) ^ (BITS(rows[i].x) & sign));
  }
  number_expm1_many(many, x, low, value);
  UNROLL for (int i = 0; i < many; i++) rows[i].growth = value[i];
}

/// The gauss factor's exponent of a row, in two parts and with the increment of the result's exponent. Below -708 it carries
/// 2^1024, undone by two factors of 2^-512, so that no bit is lost before the price itself is subnormal.
INLINE void bs_gauss_exponent(const bs_row *row, int plain, F64 *exponent, F64 *low, I64 *bias) {
  const M64 deep = LESS(row->exponent, -708.0), nothing = LESS(row->exponent, -1410.0) | row->flat;
  *exponent = plain ? row->exponent : SELECT(nothing, -1410.0, row->exponent);
  *low = plain ? row->exponent_low : SELECT(nothing, 0.0, row->exponent_low);
  *bias = plain ? (I64)0 : SELECT_BITS(deep | nothing, (I64)0x4000000000000000, (I64)0);
}

INLINE void bs_set_gauss(bs_row *row, int plain, F64 value) {
  row->gauss = plain ? value : SELECT(LESS(row->exponent, -1410.0) | row->flat, 0.0, value);
  if (!plain) row->gauss_scale = SELECT(LESS(row->exponent, -708.0), 0x1p-512, 1.0);
}

/// Phase 7: the gauss factor and the two discount factors of `many` rows.
INLINE void bs_exponentials(bs_row *rows, int many, int plain) {
  F64 exponent[3 * GROUP], low[3 * GROUP], value[3 * GROUP];
  I64 bias[3 * GROUP];
  UNROLL for (int i = 0; i < many; i++) {
    bs_gauss_exponent(&rows[i], plain, &exponent[3 * i], &low[3 * i], &bias[3 * i]);
    bs_discount_exponents(&rows[i], &exponent[3 * i + 1], &low[3 * i + 1]);
    bias[3 * i + 1] = bias[3 * i + 2] = (I64)0;
  }
  number_exp_many(3 * many, exponent, low, bias, value);
  UNROLL for (int i = 0; i < many; i++) {
    bs_set_gauss(&rows[i], plain, value[3 * i]);
    rows[i].discount_rate = value[3 * i + 1];
    rows[i].discount_yield = value[3 * i + 2];
  }
}

/// The gauss factor of `many` rows, whose discount factors are known.
INLINE void bs_gauss(bs_row *rows, int many, int plain) {
  F64 exponent[GROUP], low[GROUP], value[GROUP];
  I64 bias[GROUP];
  UNROLL for (int i = 0; i < many; i++) bs_gauss_exponent(&rows[i], plain, &exponent[i], &low[i], &bias[i]);
  number_exp_many(many, exponent, low, bias, value);
  UNROLL for (int i = 0; i < many; i++) bs_set_gauss(&rows[i], plain, value[i]);
}

/// Phase 8: the polynomial of Y at both points of `many` rows.
INLINE void bs_sweep(bs_row *rows, int many) {
  F64 tau_a[GROUP], tau_b[GROUP], p[GROUP], d[GROUP];
  UNROLL for (int i = 0; i < many; i++) {
    tau_a[i] = rows[i].tau_a;
    tau_b[i] = rows[i].tau_b;
  }
  number_tail_sweep(many, tau_a, tau_b, p, d);
  UNROLL for (int i = 0; i < many; i++) {
    rows[i].p = p[i];
    rows[i].d = d[i];
  }
}

/// A measure as it is stored: canonical NaN in a row that has a reason.
INLINE F64 bs_stored(const bs_row *row, int plain, F64 value) {
  if (plain) return value;
  return SELECT(SAME_BITS(row->reason, (I64)0), value, FLOAT((I64)0x7FF8000000000000));
}

/// Phase 9: the price.
INLINE void bs_price(bs_row *row, int plain) {
  const F64 spot = PRODUCT(row->spot, row->discount_yield), strike = PRODUCT(row->strike, row->discount_rate);
  const M64 above = LESS(0.0, row->x);
  const F64 near = SELECT(above, strike, spot), other = SELECT(above, spot, strike);
  const F64 g = plain ? near * row->gauss : ((near * row->gauss_scale) * row->gauss) * row->gauss_scale;
  const M64 reflected = LESS(row->a, NUMBER_TAIL_LEAST);

  const F64 a2 = row->near2, b2 = row->b + NUMBER_TAIL_SHIFT;
  const F64 tail_b = PRODUCT(row->p, a2 * row->inverse2);
  const F64 slope = row->d * (NUMBER_TAIL_SPAN * row->inverse6);
  const F64 direct = PRODUCT(g * ((row->v + row->v_low) * row->inverse2), FMA(-slope, b2, row->p));
  const F64 tail_a = PRODUCT(FMA(row->d, row->tau_a - row->tau_b, row->p), b2 * row->inverse2);
  const F64 outside = SELECT(reflected, FMA(-g, tail_a + tail_b, near), direct);

  const M64 close = LESS(FLOAT(BITS(row->x) & ~(I64)BS_SIGN), BS_CLOSE);
  const F64 distance = SELECT(close, PRODUCT(near, row->growth), other - near);
  // The out-of-the-money side is the put (type 1) when the forward is above the strike.
  const M64 put = ~SAME_BITS(row->type, (I64)0);
  row->g = g;
  row->spot_asset = spot;
  row->strike_asset = strike;
  row->tail_a = tail_a;
  row->tail_b = tail_b;
  row->price = SELECT(put ^ above, outside + distance, outside);
}

/// The price as it is stored.
INLINE F64 bs_stored_price(const bs_row *row, int plain) {
  return plain ? row->price : bs_stored(row, 0, row->price * row->unscale);
}

#endif
