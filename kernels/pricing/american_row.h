// One American option: a call is a put with spot and strike, and rate and yield, exchanged; a put is K times the put of strike 1.
//
// Never exercised early, and European: a put with rate <= 0 and yield >= rate. Two boundaries: yield < rate < 0; where they have met,
// `begun` is the part of the time left in which there is a region of exercise at all. Everything else has one.
#ifndef PRICING_AMERICAN_ROW_H
#define PRICING_AMERICAN_ROW_H

#include "pricing/american_premium.h"
#include "pricing/black_scholes_row.h"

/// The measures.
enum {
  AMERICAN_PRICE, AMERICAN_DELTA, AMERICAN_GAMMA, AMERICAN_VEGA, AMERICAN_THETA, AMERICAN_RHO, AMERICAN_BOUNDARY,
  AMERICAN_MEASURES
};

/// Passes that find where two boundaries meet, and the halvings of a pass.
#define AMERICAN_PASSES 8
#define AMERICAN_HALVINGS 32
/// Deviations sigma sqrt(T) outside count as these; below the first the option is as one without volatility.
#define AMERICAN_LEAST_DEVIATION 0x1p-40
#define AMERICAN_MOST_DEVIATION 40.0
/// The relative step of volatility and the step of a rate by which vega and rho are taken, both ways.
#define AMERICAN_VOLATILITY_STEP 0x1p-11
#define AMERICAN_RATE_STEP 0x1p-13

/// A put of strike 1 in units of variance: ln S, (r, q) / sigma^2 and sigma^2 T.
typedef struct american_put {
  F64 log_spot, rate, yield, time;
} american_put;

/// The boundaries of a put, kept for puts nearby.
typedef struct american_state {
  american_boundary upper, lower;
  F64 begun;
  /// All ones where the put is never exercised early, has two boundaries, and is exercised now.
  M64 never, dual, exercised;
  american_workspace work;
} american_state;

/// Whether a mask has a lane of all ones.
#define AMERICAN_ANY(mask) (!ALL(~(mask)))

/// The part of the boundaries' time at which they meet, in y of american_boundary.h; 1 where they do not.
CALLED void american_meeting(const american_scheme *s, const american_boundary *upper, const american_boundary *lower, F64 *y) {
  F64 least = (F64)(0.0), most = (F64)(1.0);
  for (int step = 0; step <= AMERICAN_HALVINGS; step++) {
    const F64 middle = step == 0 ? (F64)(1.0) : 0.5 * (least + most);
    const F64 twice = FMA((F64)(4.0), middle, -2.0);
    F64 above, below;
    american_square(s, upper, 1, &twice, &above);
    american_square(s, lower, 1, &twice, &below);
    const M64 apart = LESS(SQRT(above) + SQRT(below), upper->log_limit - lower->log_limit);
    least = SELECT(apart, middle, least);
    most = SELECT(apart, most, middle);
  }
  *y = least;
}

/// Both boundaries' equations for the part `begun` of a put's time. Lanes that have no boundary, or no lower one, hold others' numbers.
INLINE void american_set(const american_put *put, american_state *state) {
  american_boundary *upper = &state->upper, *lower = &state->lower;
  const M64 never = state->never, dual = state->dual;
  const M64 ratio = (LESS(0.0, put->rate) & LESS(put->rate, put->yield) & ~never) | dual;
  const F64 size = FLOAT(BITS(put->rate) & (I64)0x7FFFFFFFFFFFFFFF), other = FLOAT(BITS(put->yield) & (I64)0x7FFFFFFFFFFFFFFF);
  const F64 limit = american_log(SELECT(ratio, size, 1.0), SELECT(ratio, other, 1.0));
  upper->rate = SELECT(never, 1.0, put->rate);
  upper->yield = SELECT(never, 0.5, put->yield);
  upper->time = SELECT(never, 0.25, put->time) * state->begun;
  upper->log_limit = SELECT(dual, 0.0, limit);
  upper->sign = upper->terminal = (F64)(1.0);
  lower->rate = SELECT(dual, put->rate, -0.5);
  lower->yield = SELECT(dual, put->yield, -1.0);
  lower->time = SELECT(dual, upper->time, 0.25);
  lower->log_limit = SELECT(dual, limit, -0x1.62e42fefa39efp-1);
  lower->sign = (F64)(-1.0);
  lower->terminal = (F64)(0.0);
}

/// Finds the part of the time in which two boundaries have not met. The first guess is where they would be if each moved as it begins
/// to; where they have not met by then, the next is four times as long, or between what was too short and what was long enough.
CALLED void american_search(const american_put *put, american_state *state) {
  const american_scheme coarse = AMERICAN_FAST;
  american_set(put, state);
  const F64 reach = state->lower.log_limit * (1.0 / (2.0 * AMERICAN_FIRST_SLOPE));
  const F64 first = american_least((reach * reach) / put->time, (F64)(1.0));
  state->begun = SELECT(state->dual, american_most(first, (F64)(0x1p-60)), 1.0);
  F64 apart = (F64)(0x1p-60), met = (F64)(4.0);
  for (int pass = 0; pass < AMERICAN_PASSES; pass++) {
    american_set(put, state);
    american_start(&coarse, &state->upper);
    american_solve(&coarse, &state->upper, &state->work, coarse.sweeps);
    american_start(&coarse, &state->lower);
    american_solve(&coarse, &state->lower, &state->work, coarse.sweeps);
    F64 y;
    american_meeting(&coarse, &state->upper, &state->lower, &y);
    const M64 inside = LESS(y, 1.0);
    apart = SELECT(inside, apart, state->begun);
    met = SELECT(inside, state->begun, met);
    const F64 longer = american_least(american_least(4.0 * apart, SQRT(apart * met)), (F64)(1.0));
    const F64 next = SELECT(inside, american_most(state->begun * ((y * y) * (y * y)), apart), longer);
    state->begun = SELECT(state->dual, next, 1.0);
  }
}

/// The boundaries of a put: from the start with `warm` 0, from those of a put nearby with 1.
CALLED void american_boundaries(const american_scheme *s, const american_put *put, int warm, american_state *state) {
  if (!warm) {
    // A rate that gives nothing beside 1 counts as none.
    const M64 nothing = LESS(put->rate * put->time, 0x1p-100) & ~LESS(put->rate, 0.0);
    state->dual = LESS(put->yield, put->rate) & LESS(put->rate, 0.0);
    state->never = ~LESS(put->yield, put->rate) & (nothing | LESS(put->rate, 0.0));
    state->begun = (F64)(1.0);
    if (AMERICAN_ANY(state->dual)) american_search(put, state);
  }
  american_set(put, state);
  const int sweeps = warm ? s->again : s->sweeps;
  if (!warm) american_start(s, &state->upper);
  american_solve(s, &state->upper, &state->work, sweeps);
  if (!AMERICAN_ANY(state->dual)) return;
  if (!warm) american_start(s, &state->lower);
  american_solve(s, &state->lower, &state->work, sweeps);
}

/// What early exercise adds to the European put, after american_boundaries; the state says where the put is exercised now.
CALLED void american_early(const american_scheme *s, const american_put *put, american_state *state, american_value *early) {
  const M64 met = LESS(state->begun, 1.0);
  const F64 wait = SELECT(met, put->time - state->upper.time, 0.0);
  const F64 top = state->upper.log_limit + state->upper.r[0], bottom = state->lower.log_limit - state->lower.r[0];
  state->exercised = ~state->never & ~met & ~LESS(top, put->log_spot) & ~(state->dual & LESS(put->log_spot, bottom));
  early->price = early->delta = early->gamma = (F64)(0.0);
  american_premium(s, &state->upper, &put->log_spot, &wait, 1.0, early);
  if (AMERICAN_ANY(state->dual)) {
    american_value both = *early;
    american_premium(s, &state->lower, &put->log_spot, &wait, -1.0, &both);
    early->price = SELECT(state->dual, both.price, early->price);
    early->delta = SELECT(state->dual, both.delta, early->delta);
    early->gamma = SELECT(state->dual, both.gamma, early->gamma);
  }
  early->price = SELECT(state->never, 0.0, early->price);
  early->delta = SELECT(state->never, 0.0, early->delta);
  early->gamma = SELECT(state->never, 0.0, early->gamma);
}

/// An option as a put; spot and strike are scaled and exchanged for a call, and so are rate and yield.
typedef struct american_row {
  F64 spot, strike, years, rate, yield, volatility, unscale;
  /// sigma sqrt(T), within bounds, and the put that it gives; lanes that are `flat` hold another.
  F64 deviation;
  american_put put;
  M64 call, flat;
  I64 reason;
} american_row;

/// The put of a row at a deviation, with rate and yield moved.
INLINE american_put american_put_of(const american_row *row, F64 deviation, F64 rate, F64 yield) {
  const F64 time = deviation * deviation, per_time = 1.0 / time;
  const american_put put = {row->put.log_spot, (rate * row->years) * per_time, (yield * row->years) * per_time, time};
  return put;
}

/// The reasons, the exchange and the put.
INLINE void american_admit(bs_row *option, american_row *row) {
  bs_admit(option, 0);
  const M64 refused = ~SAME_BITS(option->reason, (I64)0);
  row->reason = option->reason;
  row->call = SAME_BITS(option->type, (I64)0);
  row->spot = SELECT(refused, 1.0, SELECT(row->call, option->strike, option->spot));
  row->strike = SELECT(refused, 1.0, SELECT(row->call, option->spot, option->strike));
  row->rate = SELECT(refused, 0.0, SELECT(row->call, option->yield, option->rate));
  row->yield = SELECT(refused, 0.0, SELECT(row->call, option->rate, option->yield));
  row->years = SELECT(refused, 1.0, option->years);
  row->volatility = SELECT(refused, 1.0, option->volatility);
  row->unscale = SELECT(refused, 1.0, option->unscale);
  const F64 deviation = SELECT(refused, 1.0, option->v);
  row->flat = option->flat | LESS(deviation, AMERICAN_LEAST_DEVIATION);
  row->deviation = SELECT(row->flat, 0.5, american_least(deviation, (F64)(AMERICAN_MOST_DEVIATION)));
  row->put.log_spot = american_log(SELECT(row->flat, 1.0, row->spot), SELECT(row->flat, 1.0, row->strike));
  // Where N(d) is 0 or 1 to the last bit for every rate, a spot as far may stand for one farther.
  row->put.log_spot = american_least(american_most(row->put.log_spot, (F64)(-600.0)), (F64)(600.0));
  row->put = american_put_of(row, row->deviation, row->rate, row->yield);
}

/// Without volatility: the best time to exercise is now, at expiry, or where r K e^(-rt) = q S e^(-qt); what it gives, as measures of
/// the put. Spot and strike may be 0.
INLINE void american_flat(const american_row *row, F64 *out) {
  const F64 rate = row->rate, yield = row->yield, drift = rate - yield;
  const F64 numerator = rate * row->strike, denominator = yield * row->spot;
  const F64 a = FLOAT(BITS(numerator) & (I64)0x7FFFFFFFFFFFFFFF), b = FLOAT(BITS(denominator) & (I64)0x7FFFFFFFFFFFFFFF);
  const M64 inside = LESS(0x1p-1000, a) & LESS(0x1p-1000, b) & ~EQUAL(drift, 0.0) & ~(LESS(numerator, 0.0) ^ LESS(denominator, 0.0));
  const F64 ratio = american_log(SELECT(inside, a, 1.0), SELECT(inside, b, 1.0)) / SELECT(inside, drift, 1.0);
  const F64 turn = american_least(american_most(ratio, (F64)(0.0)), row->years);
  F64 best = row->strike - row->spot, time = (F64)(0.0), kept = row->strike, paid = row->spot, weight = (F64)(1.0);
  UNROLL for (int i = 0; i < 2; i++) {
    const F64 then = i == 0 ? row->years : turn;
    F64 exponent[2], factor[2];
    exponent[0] = -(rate * then);
    exponent[1] = -(yield * then);
    american_exp(2, exponent, factor);
    const F64 strike = PRODUCT(row->strike, factor[0]), spot = PRODUCT(row->spot, factor[1]);
    const M64 better = LESS(best, strike - spot);
    best = SELECT(better, strike - spot, best);
    time = SELECT(better, then, time);
    kept = SELECT(better, strike, kept);
    paid = SELECT(better, spot, paid);
    weight = SELECT(better, factor[1], weight);
  }
  const F64 step = SELECT(LESS(0.0, best), 1.0, SELECT(EQUAL(best, 0.0), 0.5, 0.0));
  const F64 last = SELECT(EQUAL(time, row->years), step, 0.0);
  out[AMERICAN_PRICE] = american_most(best, (F64)(0.0));
  out[AMERICAN_DELTA] = -(step * weight);
  out[AMERICAN_GAMMA] = out[AMERICAN_VEGA] = (F64)(0.0);
  out[AMERICAN_THETA] = last * FMA(rate, kept, -(yield * paid));
  out[AMERICAN_RHO] = SELECT(row->call, (step * time) * paid, -((step * time) * kept));
  // Exercised now where the spot is at or below the smaller of K and r K / q.
  const F64 limit = SELECT(LESS(yield, rate) | ~LESS(0.0, yield), 1.0, rate / SELECT(LESS(0.0, yield), yield, 1.0));
  const M64 never = LESS(rate, 0.0) | (~LESS(0.0, rate) & ~LESS(yield, 0.0));
  out[AMERICAN_BOUNDARY] = SELECT(never & ~EQUAL(row->years, 0.0), 0.0, SELECT(EQUAL(row->years, 0.0), 1.0, limit));
}

/// The measures of the row's put in units of its strike, flat lanes aside. `greeks` 0 leaves vega and rho out.
CALLED void american_solved(const american_scheme *s, const american_row *row, int greeks, american_state *state, F64 *out) {
  const american_put *put = &row->put;
  american_value european, early;
  F64 strike_part;
  american_boundaries(s, put, 0, state);
  american_early(s, put, state, &early);
  american_european(&put->log_spot, &put->rate, &put->yield, &put->time, &european, &strike_part);
  const M64 exercised = state->exercised;
  F64 spot;
  american_exp(1, &put->log_spot, &spot);
  const F64 now = (row->strike - row->spot) / row->strike;
  // Between the values of exercise now or at expiry and the most that a put can be worth.
  F64 exponent = -(put->rate * put->time), most;
  american_exp(1, &exponent, &most);
  F64 price = american_most(european.price + early.price, european.price);
  price = american_least(american_most(price, now), american_most(most, (F64)(1.0)));
  const F64 delta = SELECT(exercised, -1.0, european.delta + early.delta);
  const F64 gamma = SELECT(exercised, 0.0, european.gamma + early.gamma);
  const F64 drift = put->rate - put->yield, curve = (0.5 * spot) * (spot * gamma);
  const F64 theta = -FMA(PRODUCT(drift, spot), delta, FMA(-put->rate, price, curve)) * (put->time / row->years);
  const F64 top = state->upper.log_limit + state->upper.r[0];
  F64 boundary;
  american_exp(1, &top, &boundary);
  out[AMERICAN_PRICE] = SELECT(exercised, now, price);
  out[AMERICAN_DELTA] = delta;
  out[AMERICAN_GAMMA] = gamma;
  out[AMERICAN_THETA] = SELECT(exercised, 0.0, theta);
  out[AMERICAN_BOUNDARY] = SELECT(state->never | LESS(state->begun, 1.0), 0.0, boundary);
  if (!greeks) return;
  // By the European part's own formulas, and differences of the rest.
  const F64 root_years = SQRT(row->years), root = SQRT(put->time);
  const F64 size = FLOAT(BITS(SELECT(row->call, row->yield, row->rate)) & (I64)0x7FFFFFFFFFFFFFFF);
  const F64 step = american_least((F64)(AMERICAN_RATE_STEP), 0x1p-6 * size);
  const F64 rate_step = SELECT(row->call, 0.0, step), yield_step = SELECT(row->call, step, 0.0);
  F64 differences[2], upper[AMERICAN_MOST_NODES], lower[AMERICAN_MOST_NODES];
  for (int i = 0; i < s->nodes; i++) {
    upper[i] = state->upper.r[i];
    lower[i] = state->lower.r[i];
  }
  for (int measure = 0; measure < 2; measure++) {
    F64 value[2];
    for (int side = 0; side < 2; side++) {
      const double sign = side == 0 ? 1.0 : -1.0;
      const double part = measure == 0 ? 0.0 : sign;
      const F64 deviation = row->deviation * (measure == 0 ? 1.0 + sign * AMERICAN_VOLATILITY_STEP : 1.0);
      const american_put moved = american_put_of(row, deviation, FMA(rate_step, (F64)(part), row->rate),
                                                 FMA(yield_step, (F64)(part), row->yield));
      for (int i = 0; i < s->nodes; i++) {
        state->upper.r[i] = upper[i];
        state->lower.r[i] = lower[i];
      }
      american_boundaries(s, &moved, 1, state);
      american_early(s, &moved, state, &early);
      value[side] = early.price;
    }
    const F64 width = measure == 0 ? row->deviation * (2.0 * AMERICAN_VOLATILITY_STEP) / root_years : 2.0 * step;
    differences[measure] = SELECT(EQUAL(width, 0.0), 0.0, (value[0] - value[1]) / SELECT(EQUAL(width, 0.0), 1.0, width));
  }
  const F64 vega = PRODUCT((european.gamma * spot) * spot, root * root_years);
  const F64 rho = PRODUCT(SELECT(row->call, -(spot * european.delta), -strike_part), row->years);
  out[AMERICAN_VEGA] = SELECT(exercised, 0.0, vega + differences[0]);
  out[AMERICAN_RHO] = SELECT(exercised, 0.0, rho + differences[1]);
}

/// The row's measures as they are stored.
INLINE void american_measures(const american_scheme *s, const american_row *row, int greeks, american_state *state, F64 *out) {
  F64 flat[AMERICAN_MEASURES];
  american_solved(s, row, greeks, state, out);
  american_flat(row, flat);
  const M64 flats = row->flat, call = row->call;
  // Flat measures are of spot and strike as they are, the others per unit of strike.
  const F64 unit = SELECT(flats, 1.0, row->strike);
  UNROLL for (int i = 0; i < AMERICAN_MEASURES; i++) out[i] = SELECT(flats, flat[i], out[i]);
  // A call on next to nothing, or one as far out as its spot and strike are apart, is worth nothing.
  M64 free = LESS(row->strike, 0x1p-1000);
  const F64 per_strike = 1.0 / SELECT(free, 1.0, row->strike), quotient = row->spot * per_strike;
  free = free | LESS(0x1p400, quotient);
  const F64 moneyness = SELECT(free, 0.0, quotient);
  const F64 price = out[AMERICAN_PRICE] * unit;
  // A call's delta is the put's by its strike, and homogeneity gives that: (P - S dP/dS) / K.
  const F64 exchanged = SELECT(free, 0.0, FMA(-moneyness, out[AMERICAN_DELTA], PRODUCT(price, per_strike)));
  const F64 gamma = (out[AMERICAN_GAMMA] * SELECT(call, moneyness * moneyness, 1.0)) * per_strike;
  const F64 strike = SELECT(call, row->spot, row->strike);
  const F64 boundary = out[AMERICAN_BOUNDARY];
  out[AMERICAN_PRICE] = price * row->unscale;
  out[AMERICAN_DELTA] = SELECT(call, exchanged, out[AMERICAN_DELTA]);
  out[AMERICAN_GAMMA] = SELECT(flats, 0.0, gamma / row->unscale);
  out[AMERICAN_VEGA] = (out[AMERICAN_VEGA] * unit) * row->unscale;
  out[AMERICAN_THETA] = (out[AMERICAN_THETA] * unit) * row->unscale;
  out[AMERICAN_RHO] = (out[AMERICAN_RHO] * unit) * row->unscale;
  out[AMERICAN_BOUNDARY] = SELECT(call & ~EQUAL(strike, 0.0), strike / boundary, strike * boundary) * row->unscale;
  const M64 good = SAME_BITS(row->reason, (I64)0);
  UNROLL for (int i = 0; i < AMERICAN_MEASURES; i++) out[i] = SELECT(good, out[i], FLOAT((I64)0x7FF8000000000000));
}

#endif
