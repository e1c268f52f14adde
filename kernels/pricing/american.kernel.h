// American options with a continuous yield, on a spot: american_fast, american, american_high, and their implied volatilities.
//
// type (0 call, 1 put), spot, strike, years, rate, dividendYield, volatility: annual, continuous, per 1.00. Measures as in
// black_scholes.kernel.h, and boundary: the spot at which exercise is best now, at or below it for a put and at or above it for a
// call; 0 and infinity where there is none. Where a put with dividendYield < rate < 0 (a call with rate < dividendYield < 0) has two
// boundaries, it is the one nearer to the strike.
//
// - Where exercise now is best: the intrinsic value, delta -1 or 1, and 0 in every other Greek.
// - years = 0 or volatility = 0: the best of exercise now, at expiry, and at the one time between them that may be better.
// - Reasons are those of black_scholes. Every other row is accepted, and none of its measures is NaN; the price is never below the
//   value of exercise now nor above the largest that the strike (a put) or the spot (a call) can be worth.
//
// How accurate each of the three is, and where: docs/american.md.

#if DIALECT_LANES || DIALECT_OPENCL

#include "pricing/american_implied.h"

enum { AMERICAN_INPUTS = 6 };

#if DIALECT_OPENCL

/// Column by column, as operations.def has them.
typedef struct american_columns {
  assay_column type, input[AMERICAN_INPUTS], verdict, output[AMERICAN_MEASURES];
} american_columns;
#define AMERICAN_COLUMN(column) (column)
#define AMERICAN_THERE(column) ((column).data != 0)

INLINE void american_load(const american_columns *c, int64_t row, int count, bs_row *option) {
  option->type = ((GLOBAL const uint8_t *)c->type.data)[row];
  option->spot = ((GLOBAL const double *)c->input[0].data)[row];
  option->strike = ((GLOBAL const double *)c->input[1].data)[row];
  option->years = ((GLOBAL const double *)c->input[2].data)[row];
  option->rate = ((GLOBAL const double *)c->input[3].data)[row];
  option->yield = ((GLOBAL const double *)c->input[4].data)[row];
  option->volatility = ((GLOBAL const double *)c->input[5].data)[row];
}

INLINE void american_store(const american_columns *c, int64_t row, int count, I64 reason, int measures, const F64 *out) {
  ((GLOBAL uint8_t *)c->verdict.data)[row] = reason == 0 ? (uint8_t)ASSAY_ACCEPTED : (uint8_t)reason;
  for (int i = 0; i < measures; i++) {
    if (c->output[i].data) ((GLOBAL double *)c->output[i].data)[row] = out[i];
  }
}

#else

/// The columns of a run of rows; an output that nobody asked for is null.
typedef struct american_columns {
  const uint8_t *type;
  const double *input[AMERICAN_INPUTS];
  uint8_t *verdict;
  double *output[AMERICAN_MEASURES];
} american_columns;
#define AMERICAN_COLUMN(column) (column).data
#define AMERICAN_THERE(column) ((column) != NULL)

/// A vector of `count` rows; where they are fewer than the lanes, the last one stands in for the rest.
INLINE void american_load(const american_columns *c, int64_t row, int count, bs_row *option) {
  uint8_t type[LANES];
  double input[AMERICAN_INPUTS][LANES];
  for (int lane = 0; lane < LANES; lane++) {
    const int64_t from = row + (lane < count ? lane : count - 1);
    type[lane] = c->type[from];
    for (int i = 0; i < AMERICAN_INPUTS; i++) memcpy(&input[i][lane], c->input[i] + from, sizeof(double));
  }
  option->type = LOAD_BYTES(type);
  memcpy(&option->spot, input[0], sizeof option->spot);
  memcpy(&option->strike, input[1], sizeof option->strike);
  memcpy(&option->years, input[2], sizeof option->years);
  memcpy(&option->rate, input[3], sizeof option->rate);
  memcpy(&option->yield, input[4], sizeof option->yield);
  memcpy(&option->volatility, input[5], sizeof option->volatility);
}

INLINE void american_store(const american_columns *c, int64_t row, int count, I64 reason, int measures, const F64 *out) {
  uint8_t verdict[LANES];
  STORE_BYTES(verdict, SELECT_BITS(SAME_BITS(reason, (I64)0), (I64)ASSAY_ACCEPTED, reason));
  memcpy(c->verdict + row, verdict, (size_t)count);
  for (int i = 0; i < measures; i++) {
    if (c->output[i]) memcpy(c->output[i] + row, &out[i], (size_t)count * sizeof(double));
  }
}

#endif

/// Prices rows first to end - 1.
CALLED void american_run(const american_scheme *s, const american_columns *c, int64_t first, int64_t end) {
  const int greeks = AMERICAN_THERE(c->output[AMERICAN_VEGA]) || AMERICAN_THERE(c->output[AMERICAN_RHO]);
  american_state state;
  for (int64_t at = first; at < end; at += LANES) {
    const int count = end - at < LANES ? (int)(end - at) : LANES;
    bs_row option;
    american_row row;
    F64 out[AMERICAN_MEASURES];
    american_load(c, at, count, &option);
    american_admit(&option, &row);
    american_measures(s, &row, greeks, &state, out);
    american_store(c, at, count, row.reason, AMERICAN_MEASURES, out);
  }
}

/// Solves rows first to end - 1 for the volatility; input[5] is the price and output[0] the answer.
CALLED void american_run_implied(const american_scheme *s, const american_columns *c, int64_t first, int64_t end) {
  american_state state;
  for (int64_t at = first; at < end; at += LANES) {
    const int count = end - at < LANES ? (int)(end - at) : LANES;
    bs_row option;
    american_row row;
    american_load(c, at, count, &option);
    const F64 price = option.volatility;
    option.volatility = (F64)(1.0);
    american_admit(&option, &row);
    const F64 answer = american_implied(s, &row, price, &state);
    american_store(c, at, count, row.reason, 1, &answer);
  }
}

// The two kernels of a scheme: prices with Greeks, and implied volatilities.
#define AMERICAN_KERNELS(name, implied, SCHEME)                                                                                 \
  KERNEL(name) {                                                                                                                \
    const assay_##name##_columns *c = COLUMNS(name);                                                                            \
    const american_scheme scheme = SCHEME;                                                                                      \
    const american_columns columns = {                                                                                          \
      AMERICAN_COLUMN(c->type),                                                                                                 \
      {AMERICAN_COLUMN(c->spot), AMERICAN_COLUMN(c->strike), AMERICAN_COLUMN(c->years), AMERICAN_COLUMN(c->rate),               \
       AMERICAN_COLUMN(c->dividendYield), AMERICAN_COLUMN(c->volatility)},                                                      \
      AMERICAN_COLUMN(c->verdict),                                                                                              \
      {[AMERICAN_PRICE] = AMERICAN_COLUMN(c->price), [AMERICAN_DELTA] = AMERICAN_COLUMN(c->delta),                              \
       [AMERICAN_GAMMA] = AMERICAN_COLUMN(c->gamma), [AMERICAN_VEGA] = AMERICAN_COLUMN(c->vega),                                \
       [AMERICAN_THETA] = AMERICAN_COLUMN(c->theta), [AMERICAN_RHO] = AMERICAN_COLUMN(c->rho),                                  \
       [AMERICAN_BOUNDARY] = AMERICAN_COLUMN(c->boundary)}};                                                                    \
    american_run(&scheme, &columns, first, end);                                                                                \
  }                                                                                                                             \
  KERNEL(implied) {                                                                                                             \
    const assay_##implied##_columns *c = COLUMNS(implied);                                                                      \
    const american_scheme scheme = SCHEME;                                                                                      \
    const american_columns columns = {                                                                                          \
      AMERICAN_COLUMN(c->type),                                                                                                 \
      {AMERICAN_COLUMN(c->spot), AMERICAN_COLUMN(c->strike), AMERICAN_COLUMN(c->years), AMERICAN_COLUMN(c->rate),               \
       AMERICAN_COLUMN(c->dividendYield), AMERICAN_COLUMN(c->price)},                                                           \
      AMERICAN_COLUMN(c->verdict),                                                                                              \
      {AMERICAN_COLUMN(c->impliedVolatility)}};                                                                                 \
    american_run_implied(&scheme, &columns, first, end);                                                                        \
  }

#define ASSAY_PROVIDES_american_fast ASSAY_YES
#define ASSAY_PROVIDES_american_fast_implied_volatility ASSAY_YES
AMERICAN_KERNELS(american_fast, american_fast_implied_volatility, AMERICAN_FAST)
#define ASSAY_PROVIDES_american ASSAY_YES
#define ASSAY_PROVIDES_american_implied_volatility ASSAY_YES
AMERICAN_KERNELS(american, american_implied_volatility, AMERICAN_STANDARD)
#define ASSAY_PROVIDES_american_high ASSAY_YES
#define ASSAY_PROVIDES_american_high_implied_volatility ASSAY_YES
AMERICAN_KERNELS(american_high, american_high_implied_volatility, AMERICAN_HIGH)

#endif
