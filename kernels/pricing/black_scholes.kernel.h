// European options under Black-Scholes-Merton, Black-76 and the coin-settled convention.
//
// black_scholes: type (0 call, 1 put), spot, strike, years, rate, dividendYield, volatility: annual, continuous, per 1.00.
// black_76: a forward in place of spot and yield. inverse: coin_measures.h. black_scholes_grid: black_scholes_grid.kernel.h.
//
// Measures, V the price: delta = dV/dS, gamma = d2V/dS2, vega = dV/dsigma, theta = -dV/dT, rho = dV/dr, dividendRho = dV/dq,
// vanna = d2V/dS dsigma, volga = d2V/dsigma2, charm = -d2V/dS dT, speed = d3V/dS3, zomma = d3V/dS2 dsigma,
// color = -d3V/dS2 dT, veta = -d2V/dsigma dT, ultima = d3V/dsigma3, dualDelta = dV/dK, dualGamma = d2V/dK2. On a forward,
// S is the forward, and rho holds it: -T V.
//
// - years = 0 or volatility = 0: the discounted intrinsic value and its one-sided Greeks; delta half a step where the forward
//   equals the strike; gamma, vega and every other Greek with a density 0. spot = 0 and strike = 0 are their limits (a coin
//   price has none at a forward of 0, or one below 2^-1000 when scaled as below: invalidSpot). -0.0 counts as 0.
// - A negative, infinite or NaN number, another type, |rate| or |dividendYield| of 2^100 or more, or one of them times
//   years 200 or more in size (a discount factor outside e^-200 ... e^200): a reason, and canonical NaN in every measure.
// - Every other row is accepted, and its measures are never NaN: the price is never negative, and 0 only where the true
//   value is below 1e-300; a Greek beyond the range of binary64 is infinite or 0. Spot and strike are scaled so that the larger is
//   between 1 and 2^624; where a factor of a measure then leaves the range of binary64, the measure may lose digits, be 0 or
//   infinite: a price below 2^-622 beside a spot above 2^600, a delta where spot and strike are more than 2^500 apart, a
//   Greek at times beyond 2^500 years.
//
// Accuracy and its measurement: docs/accuracy.md.

#if DIALECT_LANES

#include "pricing/black_scholes_block.h"

#define ASSAY_PROVIDES_black_scholes ASSAY_YES
KERNEL(black_scholes) {
  const assay_black_scholes_columns *c = COLUMNS(black_scholes);
  const bs_columns columns = {
    .model = BS_ON_SPOT,
    .source = {{bs_theta_terms_of, BS_THETA_FIELDS}, {bs_charm_terms_of, BS_FIELDS}},
    .type = c->type.data,
    .input = {c->spot.data, c->strike.data, c->years.data, c->rate.data, c->dividendYield.data, c->volatility.data},
    .verdict = c->verdict.data,
    .output = {[BS_PRICE] = c->price.data, [BS_DELTA] = c->delta.data, [BS_GAMMA] = c->gamma.data,
               [BS_VEGA] = c->vega.data, [BS_THETA] = c->theta.data, [BS_RHO] = c->rho.data,
               [BS_DIVIDEND_RHO] = c->dividendRho.data, [BS_VANNA] = c->vanna.data, [BS_VOLGA] = c->volga.data,
               [BS_CHARM] = c->charm.data, [BS_SPEED] = c->speed.data, [BS_ZOMMA] = c->zomma.data,
               [BS_COLOR] = c->color.data, [BS_VETA] = c->veta.data, [BS_ULTIMA] = c->ultima.data,
               [BS_DUAL_DELTA] = c->dualDelta.data, [BS_DUAL_GAMMA] = c->dualGamma.data},
  };
  bs_run(&columns, first, end);
}

#define ASSAY_PROVIDES_black_76 ASSAY_YES
KERNEL(black_76) {
  const assay_black_76_columns *c = COLUMNS(black_76);
  const bs_columns columns = {
    .model = BS_ON_FORWARD,
    .source = {{bs_theta_terms_of, BS_THETA_FIELDS}, {bs_charm_terms_of, BS_FIELDS}},
    .type = c->type.data,
    .input = {c->forward.data, c->strike.data, c->years.data, c->rate.data, c->rate.data, c->volatility.data},
    .verdict = c->verdict.data,
    .output = {[BS_PRICE] = c->price.data, [BS_DELTA] = c->delta.data, [BS_GAMMA] = c->gamma.data,
               [BS_VEGA] = c->vega.data, [BS_THETA] = c->theta.data, [BS_RHO] = c->rho.data,
               [BS_VANNA] = c->vanna.data, [BS_VOLGA] = c->volga.data, [BS_CHARM] = c->charm.data,
               [BS_SPEED] = c->speed.data, [BS_ZOMMA] = c->zomma.data, [BS_COLOR] = c->color.data,
               [BS_VETA] = c->veta.data, [BS_ULTIMA] = c->ultima.data, [BS_DUAL_DELTA] = c->dualDelta.data,
               [BS_DUAL_GAMMA] = c->dualGamma.data},
  };
  bs_run(&columns, first, end);
}

#define ASSAY_PROVIDES_inverse ASSAY_YES
KERNEL(inverse) {
  const assay_inverse_columns *c = COLUMNS(inverse);
  const bs_columns columns = {
    .model = BS_IN_COIN,
    .source = {{coin_gamma_terms_of, BS_FIELDS}},
    .type = c->type.data,
    .input = {c->forward.data, c->strike.data, c->years.data, NULL, NULL, c->volatility.data},
    .verdict = c->verdict.data,
    .output = {[COIN_PRICE] = c->price.data, [COIN_DELTA] = c->delta.data, [COIN_GAMMA] = c->gamma.data,
               [COIN_VEGA] = c->vega.data, [COIN_THETA] = c->theta.data, [COIN_RHO] = c->rho.data,
               [COIN_NET_DELTA] = c->netDelta.data,
               [COIN_COIN_DELTA] = c->coinDelta.data, [COIN_COIN_GAMMA] = c->coinGamma.data,
               [COIN_COIN_VEGA] = c->coinVega.data, [COIN_COIN_THETA] = c->coinTheta.data},
  };
  bs_run(&columns, first, end);
}

#endif

#if DIALECT_OPENCL

#include "pricing/black_scholes_item.h"

#define ASSAY_PROVIDES_black_scholes ASSAY_YES
KERNEL(black_scholes) {
  const assay_black_scholes_columns *c = COLUMNS(black_scholes);
  const assay_column output[BS_MEASURES] = {[BS_PRICE] = c->price, [BS_DELTA] = c->delta, [BS_GAMMA] = c->gamma,
                                            [BS_VEGA] = c->vega, [BS_THETA] = c->theta, [BS_RHO] = c->rho,
                                            [BS_DIVIDEND_RHO] = c->dividendRho, [BS_VANNA] = c->vanna,
                                            [BS_VOLGA] = c->volga, [BS_CHARM] = c->charm, [BS_SPEED] = c->speed,
                                            [BS_ZOMMA] = c->zomma, [BS_COLOR] = c->color, [BS_VETA] = c->veta,
                                            [BS_ULTIMA] = c->ultima, [BS_DUAL_DELTA] = c->dualDelta,
                                            [BS_DUAL_GAMMA] = c->dualGamma};
  for (int64_t row = first; row < end; row++) {
    bs_row option = bs_item(row, c->type, c->spot, c->strike, c->years, c->volatility);
    option.rate = bs_item_number(c->rate, row);
    option.yield = bs_item_number(c->dividendYield, row);
    bs_item_price(&option);
    bs_item_measures(&option, 0, output, row);
    bs_item_verdict(c->verdict, row, option.reason);
  }
}

#define ASSAY_PROVIDES_black_76 ASSAY_YES
KERNEL(black_76) {
  const assay_black_76_columns *c = COLUMNS(black_76);
  const assay_column output[BS_MEASURES] = {[BS_PRICE] = c->price, [BS_DELTA] = c->delta, [BS_GAMMA] = c->gamma,
                                            [BS_VEGA] = c->vega, [BS_THETA] = c->theta, [BS_RHO] = c->rho,
                                            [BS_VANNA] = c->vanna, [BS_VOLGA] = c->volga, [BS_CHARM] = c->charm,
                                            [BS_SPEED] = c->speed, [BS_ZOMMA] = c->zomma, [BS_COLOR] = c->color,
                                            [BS_VETA] = c->veta, [BS_ULTIMA] = c->ultima,
                                            [BS_DUAL_DELTA] = c->dualDelta, [BS_DUAL_GAMMA] = c->dualGamma};
  for (int64_t row = first; row < end; row++) {
    bs_row option = bs_item(row, c->type, c->forward, c->strike, c->years, c->volatility);
    option.rate = bs_item_number(c->rate, row);
    option.yield = option.rate;
    bs_item_price(&option);
    bs_item_measures(&option, 1, output, row);
    bs_item_verdict(c->verdict, row, option.reason);
  }
}

#define ASSAY_PROVIDES_inverse ASSAY_YES
KERNEL(inverse) {
  const assay_inverse_columns *c = COLUMNS(inverse);
  const assay_column output[COIN_MEASURES] = {[COIN_PRICE] = c->price, [COIN_DELTA] = c->delta,
                                              [COIN_GAMMA] = c->gamma, [COIN_VEGA] = c->vega, [COIN_THETA] = c->theta,
                                              [COIN_RHO] = c->rho,
                                              [COIN_NET_DELTA] = c->netDelta, [COIN_COIN_DELTA] = c->coinDelta,
                                              [COIN_COIN_GAMMA] = c->coinGamma, [COIN_COIN_VEGA] = c->coinVega,
                                              [COIN_COIN_THETA] = c->coinTheta};
  for (int64_t row = first; row < end; row++) {
    bs_row option = bs_item(row, c->type, c->forward, c->strike, c->years, c->volatility);
    F64 out[COIN_MEASURES];
    bs_admit(&option, 0);
    coin_admit(&option);
    bs_item_phases(&option);
    if (coin_measures(&option, out) && c->coinGamma.data) {
      pricing_terms terms;
      coin_gamma_terms(&option, &terms);
      pricing_cancelled(1, &terms, &out[COIN_COIN_GAMMA]);
    }
    for (int i = 0; i < COIN_MEASURES; i++) bs_item_store(output[i], row, out[i]);
    bs_item_verdict(c->verdict, row, option.reason);
  }
}

#endif
