// Implied volatility of European options: black_scholes_implied_volatility on a spot with a yield, black_76_implied_volatility
// on a forward, and inverse_implied_volatility from a price in coin, which times the forward, rounded once, is Black-76's at
// rate 0. Units and the reasons of bad numbers are those of black_scholes and inverse.
//
// - A price equal to the discounted intrinsic value, or below it by less than the larger asset's roundings, gives 0.
// - Below: priceBelowIntrinsic. At or above the asset that bounds it (S e^(-qT) for a call, K e^(-rT) for a put), or above
//   intrinsic at years = 0: priceAboveBound. NaN or infinite: invalidNumber.
// - Everywhere else the volatility whose price is the given one, as accurate as the price's last digit allows. A time value
//   below 2^-1020 of the asset counts as that much.

#if DIALECT_LANES

#include "pricing/black_scholes_block.h"
#include "pricing/implied_volatility_row.h"

/// Solves `vectors` vectors from row `first`; columns->input[5] is the price and output[0] the volatility.
INLINE void iv_block_of(const bs_columns *columns, int64_t first, int vectors, bs_model model) {
  bs_row rows[BS_VECTORS];
  iv_row solutions[BS_VECTORS];
  F64 price[BS_VECTORS];
  bs_fill_group(rows, sizeof *rows, vectors);
  bs_fill_group(solutions, sizeof *solutions, vectors);
  for (int i = 0; i < vectors; i++) {
    bs_load_row(columns, first + (int64_t)i * LANES, model, &rows[i]);
    price[i] = model == BS_IN_COIN ? PRODUCT(rows[i].volatility, rows[i].spot) : rows[i].volatility;
    rows[i].volatility = (F64)(1.0);
    bs_admit(&rows[i], 0);
    if (model == BS_IN_COIN) coin_admit(&rows[i]);
  }
  for (int i = 0; i < vectors; i++) bs_quotient(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_logarithm(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_moneyness(&rows[i], 0);
  for (int i = 0; i < vectors; i++) bs_discounts(&rows[i]);
  for (int i = 0; i < vectors; i += GROUP) bs_growth(&rows[i], GROUP);
  for (int i = 0; i < vectors; i++) iv_target(&rows[i], price[i], &solutions[i]);
  for (int i = 0; i < vectors; i += SWEEP) iv_sweep(&solutions[i], SWEEP);
  for (int i = 0; i < vectors; i++) iv_start(&solutions[i]);
  for (int step = 0; step < IV_STEPS; step++) {
    for (int i = 0; i < vectors; i += SWEEP) iv_sweep(&solutions[i], SWEEP);
    for (int i = 0; i < vectors; i++) iv_step(&solutions[i]);
  }
  for (int i = 0; i < vectors; i++) {
    const int64_t row = first + (int64_t)i * LANES;
    const F64 answer = iv_answer(&solutions[i]);
    bs_store(columns, row, 0, 1, &answer);
    bs_store_verdict(columns, row, solutions[i].reason);
  }
}

static void iv_block(const bs_columns *columns, int64_t first, int vectors) {
  iv_block_of(columns, first, vectors, BS_ON_SPOT);
}
static void iv_coin_block(const bs_columns *columns, int64_t first, int vectors) {
  iv_block_of(columns, first, vectors, BS_IN_COIN);
}

#define ASSAY_PROVIDES_black_scholes_implied_volatility ASSAY_YES
KERNEL(black_scholes_implied_volatility) {
  const assay_black_scholes_implied_volatility_columns *c = COLUMNS(black_scholes_implied_volatility);
  const bs_columns columns = {
    .type = c->type.data,
    .input = {c->spot.data, c->strike.data, c->years.data, c->rate.data, c->dividendYield.data, c->price.data},
    .verdict = c->verdict.data,
    .output = {c->impliedVolatility.data},
  };
  bs_run_blocks(iv_block, &columns, first, end);
}

#define ASSAY_PROVIDES_black_76_implied_volatility ASSAY_YES
KERNEL(black_76_implied_volatility) {
  const assay_black_76_implied_volatility_columns *c = COLUMNS(black_76_implied_volatility);
  const bs_columns columns = {
    .type = c->type.data,
    .input = {c->forward.data, c->strike.data, c->years.data, c->rate.data, c->rate.data, c->price.data},
    .verdict = c->verdict.data,
    .output = {c->impliedVolatility.data},
  };
  bs_run_blocks(iv_block, &columns, first, end);
}

#define ASSAY_PROVIDES_inverse_implied_volatility ASSAY_YES
KERNEL(inverse_implied_volatility) {
  const assay_inverse_implied_volatility_columns *c = COLUMNS(inverse_implied_volatility);
  const bs_columns columns = {
    .type = c->type.data,
    .input = {c->forward.data, c->strike.data, c->years.data, NULL, NULL, c->price.data},
    .verdict = c->verdict.data,
    .output = {c->impliedVolatility.data},
  };
  bs_run_blocks(iv_coin_block, &columns, first, end);
}

#endif

#if DIALECT_OPENCL

#include "pricing/black_scholes_item.h"
#include "pricing/implied_volatility_row.h"

/// Solves one row and stores its verdict and volatility; `coin` where the price is in coin.
INLINE void iv_item(bs_row *option, F64 price, int coin, assay_column verdict, assay_column answer, int64_t row) {
  iv_row solution;
  if (coin) price = PRODUCT(price, option->spot);
  bs_admit(option, 0);
  if (coin) coin_admit(option);
  bs_quotient(option);
  bs_logarithm(option);
  bs_moneyness(option, 0);
  bs_discounts(option);
  bs_growth(option, 1);
  iv_target(option, price, &solution);
  iv_sweep(&solution, 1);
  iv_start(&solution);
  for (int step = 0; step < IV_STEPS; step++) {
    iv_sweep(&solution, 1);
    iv_step(&solution);
  }
  bs_item_store(answer, row, iv_answer(&solution));
  bs_item_verdict(verdict, row, solution.reason);
}

#define ASSAY_PROVIDES_black_scholes_implied_volatility ASSAY_YES
KERNEL(black_scholes_implied_volatility) {
  const assay_black_scholes_implied_volatility_columns *c = COLUMNS(black_scholes_implied_volatility);
  for (int64_t row = first; row < end; row++) {
    bs_row option = bs_item(row, c->type, c->spot, c->strike, c->years, c->price);
    const F64 price = option.volatility;
    option.volatility = 1.0;
    option.rate = bs_item_number(c->rate, row);
    option.yield = bs_item_number(c->dividendYield, row);
    iv_item(&option, price, 0, c->verdict, c->impliedVolatility, row);
  }
}

#define ASSAY_PROVIDES_black_76_implied_volatility ASSAY_YES
KERNEL(black_76_implied_volatility) {
  const assay_black_76_implied_volatility_columns *c = COLUMNS(black_76_implied_volatility);
  for (int64_t row = first; row < end; row++) {
    bs_row option = bs_item(row, c->type, c->forward, c->strike, c->years, c->price);
    const F64 price = option.volatility;
    option.volatility = 1.0;
    option.rate = bs_item_number(c->rate, row);
    option.yield = option.rate;
    iv_item(&option, price, 0, c->verdict, c->impliedVolatility, row);
  }
}

#define ASSAY_PROVIDES_inverse_implied_volatility ASSAY_YES
KERNEL(inverse_implied_volatility) {
  const assay_inverse_implied_volatility_columns *c = COLUMNS(inverse_implied_volatility);
  for (int64_t row = first; row < end; row++) {
    bs_row option = bs_item(row, c->type, c->forward, c->strike, c->years, c->price);
    const F64 price = option.volatility;
    option.volatility = 1.0;
    iv_item(&option, price, 1, c->verdict, c->impliedVolatility, row);
  }
}

#endif
