// One option a work item: the phases of black_scholes_row.h in a row, over columns in device memory.
#ifndef PRICING_BLACK_SCHOLES_ITEM_H
#define PRICING_BLACK_SCHOLES_ITEM_H

#include "pricing/black_scholes_greeks.h"
#include "pricing/coin_measures.h"

INLINE F64 bs_item_number(assay_column column, int64_t row) { return ((GLOBAL const double *)column.data)[row]; }

/// Stores a measure that somebody asked for.
INLINE void bs_item_store(assay_column column, int64_t row, F64 value) {
  if (column.data) ((GLOBAL double *)column.data)[row] = value;
}

INLINE void bs_item_verdict(assay_column column, int64_t row, I64 reason) {
  ((GLOBAL uint8_t *)column.data)[row] = reason == 0 ? (uint8_t)ASSAY_ACCEPTED : (uint8_t)reason;
}

/// A row's inputs; rate and yield are 0.
INLINE bs_row bs_item(int64_t row, assay_column type, assay_column spot, assay_column strike, assay_column years,
                      assay_column volatility) {
  bs_row option;
  option.type = ((GLOBAL const uint8_t *)type.data)[row];
  option.spot = bs_item_number(spot, row);
  option.strike = bs_item_number(strike, row);
  option.years = bs_item_number(years, row);
  option.rate = 0.0;
  option.yield = 0.0;
  option.volatility = bs_item_number(volatility, row);
  return option;
}

/// Phases 2 to 9.
INLINE void bs_item_phases(bs_row *option) {
  bs_quotient(option);
  bs_logarithm(option);
  bs_deviation(option, 0);
  bs_moneyness(option, 0);
  bs_arguments(option, 0);
  bs_fractions(option, 0);
  bs_exponentials(option, 1, 0);
  bs_growth(option, 1);
  bs_sweep(option, 1);
  bs_half_erf(option, 1);
  bs_price(option, 0);
}

INLINE void bs_item_price(bs_row *option) {
  bs_admit(option, 0);
  bs_item_phases(option);
}

/// The measures whose columns are there; `forward` as in Black-76.
INLINE void bs_item_measures(const bs_row *option, int forward, const assay_column *output, int64_t row) {
  F64 out[BS_MEASURES];
  int greeks = 0, higher = 0;
  for (int i = BS_DELTA; i < BS_MEASURES; i++) {
    greeks |= output[i].data != 0;
    higher |= output[i].data != 0 && i >= BS_DIVIDEND_RHO;
  }
  bs_item_store(output[BS_PRICE], row, bs_stored_price(option, 0));
  if (!greeks) return;
  pricing_terms terms;
  if (bs_greeks(option, 0, out) && output[BS_THETA].data) {
    bs_theta_terms(option, &terms);
    pricing_cancelled(1, &terms, &out[BS_THETA]);
  }
  if (forward) out[BS_RHO] = bs_stored(option, 0, -(bs_stored_price(option, 0) * option->years));
  for (int i = BS_DELTA; i < BS_DIVIDEND_RHO; i++) bs_item_store(output[i], row, out[i]);
  if (!higher) return;
  if (bs_higher_greeks(option, 0, out) && output[BS_CHARM].data) {
    bs_charm_terms(option, &terms);
    pricing_cancelled(1, &terms, &out[BS_CHARM]);
  }
  for (int i = BS_DIVIDEND_RHO; i < BS_MEASURES; i++) bs_item_store(output[i], row, out[i]);
}

#endif
