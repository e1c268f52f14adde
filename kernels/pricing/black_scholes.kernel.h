// Black-Scholes-Merton price and Greeks of European options under a continuous yield.
//
// Inputs a row: type (0 call, 1 put), spot, strike, years, rate, dividendYield, volatility: annual, continuous, per 1.00.
// Measures: price; delta = dV/dS; gamma = d2V/dS2; vega = dV/dsigma and rho = dV/dr per 1.00; theta = -dV/dT a year.
//
// - years = 0 or volatility = 0: the discounted intrinsic value, its one-sided Greeks, delta half a step where the forward
//   equals the strike, gamma and vega 0. spot = 0 and strike = 0 are their limits. -0.0 counts as 0.
// - A negative, infinite or NaN number, another type, |rate| or |dividendYield| of 2^100 or more, or one of them times
//   years beyond 200 in size (a discount factor outside e^-200 ... e^200): a reason, and canonical NaN in every measure.
// - Every other row is accepted, and its measures are never NaN: the price is never negative, and 0 only where the true
//   value is below 1e-300; a Greek beyond the range of binary64 is infinite or 0.
//
// Accuracy and its measurement: docs/accuracy.md.

#if DIALECT_PORTABLE || DIALECT_AVX2 || DIALECT_AVX512 || DIALECT_NEON

#include "pricing/black_scholes_row.h"

enum { BS_INPUTS = 6, BS_BLOCK = 64, BS_VECTORS = BS_BLOCK / LANES };

/// The columns of a run of rows. An output that nobody asked for is null.
typedef struct bs_columns {
  const uint8_t *type;
  const double *input[BS_INPUTS];
  uint8_t *verdict;
  double *output[BS_MEASURES];
} bs_columns;

INLINE F64 bs_load(const double *column, int64_t row) {
  F64 value;
  memcpy(&value, column + row, sizeof value);
  return value;
}

/// Prices `vectors` vectors from row `first`. Each phase is a loop of its own over rows that stay in the first-level cache:
/// the phases are chains of dependent operations, and only many rows side by side fill the pipeline.
INLINE void bs_block(const bs_columns *columns, int64_t first, int vectors, int greeks) {
  bs_row rows[BS_VECTORS];
  for (int i = 0; i < vectors; i++) {
    const int64_t row = first + (int64_t)i * LANES;
    rows[i].type = LOAD_BYTES(columns->type + row);
    rows[i].spot = bs_load(columns->input[0], row);
    rows[i].strike = bs_load(columns->input[1], row);
    rows[i].years = bs_load(columns->input[2], row);
    rows[i].rate = bs_load(columns->input[3], row);
    rows[i].yield = bs_load(columns->input[4], row);
    rows[i].volatility = bs_load(columns->input[5], row);
    bs_admit(&rows[i]);
  }
  for (int i = 0; i < vectors; i++) bs_quotient(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_logarithm(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_moneyness(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_arguments(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_fractions(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_exponentials(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_sweep(&rows[i]);
  for (int i = 0; i < vectors; i++) {
    const int64_t row = first + (int64_t)i * LANES;
    const F64 price = bs_price(&rows[i]);
    if (columns->output[BS_PRICE]) memcpy(columns->output[BS_PRICE] + row, &price, sizeof price);
    STORE_BYTES(columns->verdict + row, SELECT_BITS(SAME_BITS(rows[i].reason, (I64)0), (I64)ASSAY_ACCEPTED, rows[i].reason));
  }
  if (!greeks) return;
  for (int i = 0; i < vectors; i++) {
    const int64_t row = first + (int64_t)i * LANES;
    F64 out[BS_MEASURES];
    bs_greeks(&rows[i], out);
    for (int measure = BS_DELTA; measure < BS_MEASURES; measure++) {
      if (columns->output[measure]) memcpy(columns->output[measure] + row, &out[measure], sizeof out[measure]);
    }
  }
}

static void bs_price_block(const bs_columns *columns, int64_t first, int vectors) { bs_block(columns, first, vectors, 0); }
static void bs_greeks_block(const bs_columns *columns, int64_t first, int vectors) { bs_block(columns, first, vectors, 1); }

#if LANES > 1
/// Prices the last rows, fewer than a vector, in copies padded with zeros.
static void bs_last_rows(const bs_columns *columns, int64_t first, int count, int greeks) {
  uint8_t type[LANES] = {0}, verdict[LANES];
  double input[BS_INPUTS][LANES] = {{0}}, output[BS_MEASURES][LANES];
  bs_columns copy = {.type = type, .verdict = verdict};
  memcpy(type, columns->type + first, (size_t)count);
  for (int i = 0; i < BS_INPUTS; i++) {
    memcpy(input[i], columns->input[i] + first, (size_t)count * sizeof(double));
    copy.input[i] = input[i];
  }
  for (int i = 0; i < BS_MEASURES; i++) copy.output[i] = columns->output[i] ? output[i] : NULL;
  (greeks ? bs_greeks_block : bs_price_block)(&copy, 0, 1);
  memcpy(columns->verdict + first, verdict, (size_t)count);
  for (int i = 0; i < BS_MEASURES; i++) {
    if (columns->output[i]) memcpy(columns->output[i] + first, output[i], (size_t)count * sizeof(double));
  }
}
#endif

static void bs_run(const bs_columns *columns, int64_t first, int64_t end) {
  int greeks = 0;
  for (int i = BS_PRICE + 1; i < BS_MEASURES; i++) greeks |= columns->output[i] != NULL;
  int64_t row = first;
  while (end - row >= LANES) {
    const int64_t whole = (end - row) / LANES;
    const int vectors = whole < BS_VECTORS ? (int)whole : BS_VECTORS;
    (greeks ? bs_greeks_block : bs_price_block)(columns, row, vectors);
    row += (int64_t)vectors * LANES;
  }
#if LANES > 1
  if (row < end) bs_last_rows(columns, row, (int)(end - row), greeks);
#endif
}

#define ASSAY_PROVIDES_black_scholes ASSAY_YES
KERNEL(black_scholes) {
  const assay_black_scholes_columns *c = COLUMNS(black_scholes);
  const bs_columns columns = {
    .type = c->type.data,
    .input = {c->spot.data, c->strike.data, c->years.data, c->rate.data, c->dividendYield.data, c->volatility.data},
    .verdict = c->verdict.data,
    .output = {c->price.data, c->delta.data, c->gamma.data, c->vega.data, c->theta.data, c->rho.data},
  };
  bs_run(&columns, first, end);
}

#endif

#if DIALECT_OPENCL

#include "pricing/black_scholes_row.h"

INLINE F64 bs_input(assay_column column, int64_t row) { return ((GLOBAL const double *)column.data)[row]; }

/// Stores a measure that somebody asked for.
INLINE void bs_output(assay_column column, int64_t row, F64 value) {
  if (column.data) ((GLOBAL double *)column.data)[row] = value;
}

#define ASSAY_PROVIDES_black_scholes ASSAY_YES
KERNEL(black_scholes) {
  const assay_black_scholes_columns *c = COLUMNS(black_scholes);
  const int greeks = c->delta.data || c->gamma.data || c->vega.data || c->theta.data || c->rho.data;
  for (int64_t row = first; row < end; row++) {
    bs_row option;
    option.type = ((GLOBAL const uint8_t *)c->type.data)[row];
    option.spot = bs_input(c->spot, row);
    option.strike = bs_input(c->strike, row);
    option.years = bs_input(c->years, row);
    option.rate = bs_input(c->rate, row);
    option.yield = bs_input(c->dividendYield, row);
    option.volatility = bs_input(c->volatility, row);
    bs_admit(&option);
    bs_quotient(&option);
    bs_logarithm(&option);
    bs_moneyness(&option);
    bs_arguments(&option);
    bs_fractions(&option);
    bs_exponentials(&option);
    bs_sweep(&option);
    F64 out[BS_MEASURES];
    out[BS_PRICE] = bs_price(&option);
    if (greeks) bs_greeks(&option, out);
    ((GLOBAL uint8_t *)c->verdict.data)[row] = option.reason == 0 ? (uint8_t)ASSAY_ACCEPTED : (uint8_t)option.reason;
    bs_output(c->price, row, out[BS_PRICE]);
    if (!greeks) continue;
    bs_output(c->delta, row, out[BS_DELTA]);
    bs_output(c->gamma, row, out[BS_GAMMA]);
    bs_output(c->vega, row, out[BS_VEGA]);
    bs_output(c->theta, row, out[BS_THETA]);
    bs_output(c->rho, row, out[BS_RHO]);
  }
}

#endif
