// The volatility at which an American option has a price, in a fixed number of steps.
//
// With P(v) the put's value at the deviation v = sigma sqrt(T) and V that without volatility, ln((P(v) - V) / (price - V)) grows
// with ln v and is concave. Halvings of [2^-24, 2^5] with the fast scheme leave a bracket, in which steps of the secant by the
// Illinois rule (Dowell and Jarratt, BIT 11, 1971) end.
#ifndef PRICING_AMERICAN_IMPLIED_H
#define PRICING_AMERICAN_IMPLIED_H

#include "pricing/american_row.h"

#define AMERICAN_IMPLIED_HALVINGS 7
#define AMERICAN_IMPLIED_STEPS 9

/// ln((P(v) - V) / (price - V)) at ln v.
CALLED void american_distance(const american_scheme *s, const american_row *row, const F64 *log_deviation, const F64 *parts,
                              american_state *state, F64 *distance) {
  american_row moved = *row;
  F64 out[AMERICAN_MEASURES];
  american_exp(1, log_deviation, &moved.deviation);
  moved.put = american_put_of(&moved, moved.deviation, row->rate, row->yield);
  american_solved(s, &moved, 0, state, out);
  const F64 value = american_most(out[AMERICAN_PRICE] - parts[0], (F64)(0x1p-900));
  *distance = american_log(value, parts[1]);
}

/// The volatility of a row whose own is of no account, or canonical NaN and a reason in the row.
INLINE F64 american_implied(const american_scheme *s, american_row *row, F64 price, american_state *state) {
  F64 flat[AMERICAN_MEASURES], parts[2];
  american_flat(row, flat);
  const M64 number = LESS(-BS_LARGEST, price + 0.0) & LESS(price, BS_LARGEST);
  const F64 now = american_most(row->strike - row->spot, (F64)(0.0)), least = flat[AMERICAN_PRICE];
  const F64 scaled = (price + 0.0) / row->unscale, larger = american_most(row->strike, row->spot);
  const M64 free = EQUAL(row->strike, 0.0);
  const F64 per_strike = 1.0 / SELECT(free, 1.0, row->strike);
  F64 exponent = -(row->rate * row->years), most;
  american_exp(1, &exponent, &most);
  const F64 bound = row->strike * american_most(most, (F64)(1.0));
  // Whoever computes the intrinsic value rounds both assets.
  const F64 slack = 0x1p-51 * larger;
  const M64 below = LESS(scaled, least - slack), reached = ~LESS(slack, scaled - least);
  const M64 frozen = reached & LESS(0.0, now) & ~LESS(now, least);
  parts[0] = least * per_strike;
  const M64 idle = ~SAME_BITS(row->reason, (I64)0) | ~number | reached | row->flat | ~LESS(scaled, bound);
  parts[1] = SELECT(idle, 1.0, (scaled - least) * per_strike);
  const american_scheme coarse = AMERICAN_FAST;
  F64 low = (F64)(-24.0 * 0x1.62e42fefa39efp-1), high = (F64)(5.0 * 0x1.62e42fefa39efp-1), at_low, at_high, middle, at_middle;
  for (int step = 0; step < AMERICAN_IMPLIED_HALVINGS; step++) {
    middle = 0.5 * (low + high);
    american_distance(&coarse, row, &middle, parts, state, &at_middle);
    const M64 under = LESS(at_middle, 0.0);
    low = SELECT(under, middle, low);
    high = SELECT(under, high, middle);
  }
  // The schemes differ by less than this.
  low = low - 0x1p-6;
  high = high + 0x1p-6;
  american_distance(s, row, &low, parts, state, &at_low);
  american_distance(s, row, &high, parts, state, &at_high);
  F64 answer = high, best = at_high;
  const M64 beyond = LESS(at_high, 0.0);
  M64 last = beyond;
  for (int step = 0; step < AMERICAN_IMPLIED_STEPS; step++) {
    const F64 span = at_high - at_low;
    const F64 secant = high - PRODUCT(at_high, (high - low) / SELECT(EQUAL(span, 0.0), 1.0, span));
    middle = american_least(american_most(secant, low), high);
    // The first step from a value that is nearly nothing would not move.
    if (step == 0) middle = SELECT(LESS(at_low, -8.0), 0.5 * (low + high), middle);
    american_distance(s, row, &middle, parts, state, &at_middle);
    const F64 size = FLOAT(BITS(at_middle) & (I64)0x7FFFFFFFFFFFFFFF), least_size = FLOAT(BITS(best) & (I64)0x7FFFFFFFFFFFFFFF);
    const M64 closer = LESS(size, least_size);
    answer = SELECT(closer, middle, answer);
    best = SELECT(closer, at_middle, best);
    const M64 under = LESS(at_middle, 0.0);
    // The Illinois rule: an end that stays for a second time counts half.
    const M64 again = step == 0 ? LESS(at_middle, at_middle) : ~(under ^ last);
    const F64 stale = SELECT(under, at_high, at_low), kept = SELECT(again, 0.5 * stale, stale);
    low = SELECT(under, middle, low);
    high = SELECT(under, high, middle);
    at_low = SELECT(under, at_middle, kept);
    at_high = SELECT(under, kept, at_middle);
    last = under;
  }
  F64 deviation;
  american_exp(1, &answer, &deviation);
  const M64 good = SAME_BITS(row->reason, (I64)0);
  I64 reason = row->reason;
  const M64 timeless = EQUAL(row->years, 0.0) | row->flat;
  reason = SELECT_BITS(good & ~reached & (timeless | ~LESS(scaled, bound) | beyond), (I64)ASSAY_REASON_priceAboveBound, reason);
  reason = SELECT_BITS(good & frozen, (I64)ASSAY_REASON_priceAtIntrinsic, reason);
  reason = SELECT_BITS(good & below, (I64)ASSAY_REASON_priceBelowIntrinsic, reason);
  reason = SELECT_BITS(good & ~number, (I64)ASSAY_REASON_invalidNumber, reason);
  row->reason = reason;
  const F64 value = SELECT(reached, 0.0, deviation / SQRT(SELECT(EQUAL(row->years, 0.0), 1.0, row->years)));
  return SELECT(SAME_BITS(reason, (I64)0), value, FLOAT((I64)0x7FF8000000000000));
}

#endif
