// Options settled in the coin that they are written on (inverse options), as Deribit lists them.
//
// The coin price is Black-76's at rate 0 divided by the forward. Delta, gamma, vega, theta and rho (at a spot that stays) are
// Black's, in the quote currency, as the exchange publishes them; the exposures of the coin value are named apart:
//   netDelta  = delta - price, what the exchange adds up over an account (price in coin): sign (K/F) N(sign d2)
//   coinDelta = d price / dF,  coinGamma = d2 price / dF2,  coinVega = d price / dsigma,  coinTheta = -d price / dT
// Source: Deribit's published option definitions; formulas by differentiating C/F.
#ifndef PRICING_COIN_MEASURES_H
#define PRICING_COIN_MEASURES_H

#include "pricing/black_scholes_greeks.h"

/// The measures of `inverse`.
enum {
  COIN_PRICE,
  COIN_DELTA,
  COIN_GAMMA,
  COIN_VEGA,
  COIN_THETA,
  COIN_RHO,
  COIN_NET_DELTA,
  COIN_COIN_DELTA,
  COIN_COIN_GAMMA,
  COIN_COIN_VEGA,
  COIN_COIN_THETA,
  COIN_MEASURES
};

/// A forward of 0, or one below 2^-1000 when scaled, has no coin price: the put's is infinite.
INLINE void coin_admit(bs_row *row) {
  const M64 refused = LESS(row->spot, 0x1p-1000) & SAME_BITS(row->reason, (I64)0);
  row->reason = SELECT_BITS(refused, (I64)ASSAY_REASON_invalidSpot, row->reason);
}

/// coinGamma F^3 v / K: phi(d2) - 2 sign v N(sign d2)
INLINE void coin_gamma_terms(const bs_row *row, pricing_terms *terms) {
  const I64 call = SAME_BITS(row->type, (I64)0) & (I64)BS_SIGN;
  const number_dd none = {(F64)(0.0), (F64)(0.0)}, one = {(F64)(1.0), (F64)(0.0)};
  const F64 inverse = 1.0 / row->spot;
  number_dd d1, d2;
  bs_places(row, &d1, &d2);
  terms->y = terms->a1 = none;
  terms->z1 = terms->z2 = number_dd_turned(d2, call);
  const number_dd twice = {2.0 * row->v, 2.0 * row->v_low};
  terms->a2 = number_dd_turned(twice, call);
  terms->u = one;
  terms->front = row->strike;
  terms->dense = row->g;
  terms->factor[0] = row->inverse_v;
  terms->factor[1] = inverse;
  terms->factor[2] = terms->factor[3] = inverse * row->scale;
}

/// All measures of a row whose price phases are done with rate and yield 0. All ones where coinGamma is for coin_gamma_terms.
INLINE M64 coin_measures(const bs_row *row, F64 *out) {
  F64 greek[BS_MEASURES];
  bs_greeks(row, 0, greek);
  const bs_common common = bs_common_of(row, 0, 0);
  const F64 inverse = 1.0 / SELECT(LESS(row->spot, 0x1p-1000), 1.0, row->spot);
  const F64 exercised = bs_turned(common.strike_part, common.put_sign);
  out[COIN_PRICE] = bs_stored(row, 0, row->price * inverse);
  out[COIN_DELTA] = greek[BS_DELTA];
  out[COIN_GAMMA] = greek[BS_GAMMA];
  out[COIN_VEGA] = greek[BS_VEGA];
  out[COIN_THETA] = greek[BS_THETA];
  out[COIN_RHO] = greek[BS_RHO];
  out[COIN_NET_DELTA] = bs_stored(row, 0, exercised * inverse);
  out[COIN_COIN_DELTA] = bs_stored(row, 0, ((exercised * inverse) * inverse) * row->scale);
  // K (phi(d2)/v - 2 sign N(sign d2)) / F^3, with K phi(d2) = density
  const F64 curvature = FMA(common.density, row->inverse_v, -2.0 * exercised);
  out[COIN_COIN_GAMMA] = bs_stored(row, 0, ((((curvature * inverse) * inverse) * inverse) * row->scale) * row->scale);
  out[COIN_COIN_VEGA] = bs_stored(row, 0, common.vega * inverse);
  out[COIN_COIN_THETA] = bs_stored(row, 0, (greek[BS_THETA] * row->scale) * inverse);
  return bs_cancels(row, 0, curvature, 2.0 * FLOAT(BITS(exercised) & ~(I64)BS_SIGN));
}

#endif
