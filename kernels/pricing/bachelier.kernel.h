// European options under Bachelier's normal model, and their implied volatility.
//
// Inputs: type (0 call, 1 put); forward and strike, of any sign; years; rate; volatility in price units a square root year.
// Measures: those of black_76, as derivatives of the normal model; theta and charm as time passes.
//
// - years = 0 or volatility = 0: the discounted intrinsic value; delta half a step where forward = strike; density Greeks 0.
// - A bad number, a |forward| or |strike| of 2^600 or more, volatility sqrt(years) of 2^600 or more, or a discount factor
//   outside e^-200 ... e^200: a reason, and canonical NaN in every measure.
// - Implied volatility: 0 at the intrinsic value, priceBelowIntrinsic below it, priceAboveBound only without time (the model
//   has no upper bound), and invalidNumber for a price that is not a number or is 2^600 or more.

#if DIALECT_LANES

#include "pricing/bachelier_row.h"
#include "pricing/black_scholes_block.h"

INLINE void bachelier_load(const bs_columns *columns, int64_t row, bachelier_row *into) {
  into->type = LOAD_BYTES(columns->type + row);
  into->forward = bs_load(columns->input[0], row);
  into->strike = bs_load(columns->input[1], row);
  into->years = bs_load(columns->input[2], row);
  into->rate = bs_load(columns->input[3], row);
  into->volatility = bs_load(columns->input[5], row);
}

enum { BACHELIER_FIELDS = sizeof(bachelier_row) / sizeof(F64) };
_Static_assert((int)BACHELIER_FIELDS <= PRICING_FIELDS, "a row that waits has a place for every field");
static void bachelier_theta_terms_of(const void *row, pricing_terms *terms) { bachelier_theta_terms(row, terms); }
static void bachelier_charm_terms_of(const void *row, pricing_terms *terms) { bachelier_charm_terms(row, terms); }

static void bachelier_block(const bs_columns *columns, int64_t first, int vectors) {
  bachelier_row rows[BS_VECTORS];
  for (int i = 0; i < vectors; i++) {
    bachelier_load(columns, first + (int64_t)i * LANES, &rows[i]);
    bachelier_admit(&rows[i]);
  }
  for (int i = 0; i < vectors; i++) bachelier_density(&rows[i]);
  uint64_t thetas = 0, charms = 0;
  for (int i = 0; i < vectors; i++) {
    const int64_t row = first + (int64_t)i * LANES;
    F64 out[BACHELIER_MEASURES];
    M64 charm;
    thetas |= LANE_BITS(bachelier_measures(&rows[i], out, &charm)) << i * LANES;
    charms |= LANE_BITS(charm) << i * LANES;
    bs_store(columns, row, 0, BACHELIER_MEASURES, out);
    bs_store_verdict(columns, row, rows[i].reason);
  }
  double *theta = columns->output[BACHELIER_THETA], *charm = columns->output[BACHELIER_CHARM];
  if (theta) pricing_defer(&columns->queue[0], BACHELIER_FIELDS, rows, sizeof *rows, thetas, theta + first);
  if (charm) pricing_defer(&columns->queue[1], BACHELIER_FIELDS, rows, sizeof *rows, charms, charm + first);
}

static void bachelier_volatility_block(const bs_columns *columns, int64_t first, int vectors) {
  bachelier_row rows[BS_VECTORS];
  bachelier_target targets[BS_VECTORS];
  for (int i = 0; i < vectors; i++) {
    bachelier_load(columns, first + (int64_t)i * LANES, &rows[i]);
    const F64 price = rows[i].volatility;
    rows[i].volatility = (F64)(0.0);
    bachelier_admit(&rows[i]);
    targets[i] = bachelier_target_of(&rows[i], price);
  }
  for (int step = 0; step < IV_STEPS; step++) {
    for (int i = 0; i < vectors; i++) bachelier_step(&rows[i], &targets[i]);
  }
  for (int i = 0; i < vectors; i++) {
    const int64_t row = first + (int64_t)i * LANES;
    const F64 root = SELECT(targets[i].zero, 1.0, rows[i].root);
    rows[i].reason = targets[i].reason;
    const F64 answer = bachelier_stored(&rows[i], SELECT(targets[i].zero, 0.0, targets[i].s / root));
    bs_store(columns, row, 0, 1, &answer);
    bs_store_verdict(columns, row, targets[i].reason);
  }
}

#define ASSAY_PROVIDES_bachelier ASSAY_YES
KERNEL(bachelier) {
  const assay_bachelier_columns *c = COLUMNS(bachelier);
  const bs_columns columns = {
    .source = {{bachelier_theta_terms_of, BACHELIER_FIELDS}, {bachelier_charm_terms_of, BACHELIER_FIELDS}},
    .type = c->type.data,
    .input = {c->forward.data, c->strike.data, c->years.data, c->rate.data, NULL, c->volatility.data},
    .verdict = c->verdict.data,
    .output = {[BACHELIER_PRICE] = c->price.data, [BACHELIER_DELTA] = c->delta.data, [BACHELIER_GAMMA] = c->gamma.data,
               [BACHELIER_VEGA] = c->vega.data, [BACHELIER_THETA] = c->theta.data, [BACHELIER_RHO] = c->rho.data,
               [BACHELIER_VANNA] = c->vanna.data, [BACHELIER_VOLGA] = c->volga.data, [BACHELIER_CHARM] = c->charm.data,
               [BACHELIER_SPEED] = c->speed.data, [BACHELIER_ZOMMA] = c->zomma.data,
               [BACHELIER_DUAL_DELTA] = c->dualDelta.data},
  };
  bs_run_blocks(bachelier_block, &columns, first, end);
}

#define ASSAY_PROVIDES_bachelier_implied_volatility ASSAY_YES
KERNEL(bachelier_implied_volatility) {
  const assay_bachelier_implied_volatility_columns *c = COLUMNS(bachelier_implied_volatility);
  const bs_columns columns = {
    .type = c->type.data,
    .input = {c->forward.data, c->strike.data, c->years.data, c->rate.data, NULL, c->price.data},
    .verdict = c->verdict.data,
    .output = {c->impliedVolatility.data},
  };
  bs_run_blocks(bachelier_volatility_block, &columns, first, end);
}

#endif

#if DIALECT_OPENCL

#include "pricing/bachelier_row.h"
#include "pricing/black_scholes_item.h"

INLINE bachelier_row bachelier_item(int64_t row, assay_column type, assay_column forward, assay_column strike,
                                    assay_column years, assay_column rate, assay_column volatility) {
  bachelier_row option;
  option.type = ((GLOBAL const uint8_t *)type.data)[row];
  option.forward = bs_item_number(forward, row);
  option.strike = bs_item_number(strike, row);
  option.years = bs_item_number(years, row);
  option.rate = bs_item_number(rate, row);
  option.volatility = bs_item_number(volatility, row);
  return option;
}

#define ASSAY_PROVIDES_bachelier ASSAY_YES
KERNEL(bachelier) {
  const assay_bachelier_columns *c = COLUMNS(bachelier);
  const assay_column output[BACHELIER_MEASURES] = {[BACHELIER_PRICE] = c->price, [BACHELIER_DELTA] = c->delta,
                                                   [BACHELIER_GAMMA] = c->gamma, [BACHELIER_VEGA] = c->vega,
                                                   [BACHELIER_THETA] = c->theta, [BACHELIER_RHO] = c->rho,
                                                   [BACHELIER_VANNA] = c->vanna, [BACHELIER_VOLGA] = c->volga,
                                                   [BACHELIER_CHARM] = c->charm, [BACHELIER_SPEED] = c->speed,
                                                   [BACHELIER_ZOMMA] = c->zomma, [BACHELIER_DUAL_DELTA] = c->dualDelta};
  for (int64_t row = first; row < end; row++) {
    bachelier_row option = bachelier_item(row, c->type, c->forward, c->strike, c->years, c->rate, c->volatility);
    F64 out[BACHELIER_MEASURES];
    bachelier_admit(&option);
    bachelier_density(&option);
    M64 charms;
    pricing_terms terms;
    if (bachelier_measures(&option, out, &charms) && c->theta.data) {
      bachelier_theta_terms(&option, &terms);
      pricing_cancelled(1, &terms, &out[BACHELIER_THETA]);
    }
    if (charms && c->charm.data) {
      bachelier_charm_terms(&option, &terms);
      pricing_cancelled(1, &terms, &out[BACHELIER_CHARM]);
    }
    for (int i = 0; i < BACHELIER_MEASURES; i++) bs_item_store(output[i], row, out[i]);
    bs_item_verdict(c->verdict, row, option.reason);
  }
}

#define ASSAY_PROVIDES_bachelier_implied_volatility ASSAY_YES
KERNEL(bachelier_implied_volatility) {
  const assay_bachelier_implied_volatility_columns *c = COLUMNS(bachelier_implied_volatility);
  for (int64_t row = first; row < end; row++) {
    bachelier_row option = bachelier_item(row, c->type, c->forward, c->strike, c->years, c->rate, c->price);
    const F64 price = option.volatility;
    option.volatility = 0.0;
    bachelier_admit(&option);
    bachelier_target target = bachelier_target_of(&option, price);
    for (int step = 0; step < IV_STEPS; step++) bachelier_step(&option, &target);
    option.reason = target.reason;
    const F64 answer = SELECT(target.zero, 0.0, target.s / SELECT(target.zero, 1.0, option.root));
    bs_item_store(c->impliedVolatility, row, bachelier_stored(&option, answer));
    bs_item_verdict(c->verdict, row, target.reason);
  }
}

#endif
