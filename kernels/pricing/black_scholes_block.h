// Runs the phases of black_scholes_row.h over columns, a block of rows at a time.
#ifndef PRICING_BLACK_SCHOLES_BLOCK_H
#define PRICING_BLACK_SCHOLES_BLOCK_H

#include "pricing/black_scholes_greeks.h"
#include "pricing/coin_measures.h"

enum { BS_INPUTS = 6, BS_BLOCK = 64, BS_VECTORS = BS_BLOCK / LANES };

/// What the caller asked for; each includes those before it.
typedef enum bs_depth { BS_PRICE_ONLY, BS_FIRST_GREEKS, BS_ALL_GREEKS } bs_depth;
/// What the spot column holds and which measures come out: see black_scholes.kernel.h.
typedef enum bs_model { BS_ON_SPOT, BS_ON_FORWARD, BS_IN_COIN } bs_model;

/// The columns of a run of rows. An input that the model lacks is null and counts as 0; an output that nobody asked for is
/// null. Every spot is multiplied by `spot_factor` and every volatility raised by `volatility_shift`, but not below 0.
typedef struct bs_columns {
  bs_model model;
  const uint8_t *type;
  const double *input[BS_INPUTS];
  double spot_factor, volatility_shift;
  uint8_t *verdict;
  double *output[BS_MEASURES];
} bs_columns;

INLINE F64 bs_load(const double *column, int64_t row) {
  F64 value = (F64)(0.0);
  if (column) memcpy(&value, column + row, sizeof value);
  return value;
}

INLINE void bs_load_row(const bs_columns *columns, int64_t row, int shifted, bs_row *into) {
  into->type = LOAD_BYTES(columns->type + row);
  into->spot = bs_load(columns->input[0], row);
  into->strike = bs_load(columns->input[1], row);
  into->years = bs_load(columns->input[2], row);
  into->rate = bs_load(columns->input[3], row);
  into->yield = bs_load(columns->input[4], row);
  into->volatility = bs_load(columns->input[5], row);
  if (shifted) bs_shift(into, (F64)(columns->spot_factor), bs_volatility_shift((F64)(columns->volatility_shift)));
}

INLINE void bs_store(const bs_columns *columns, int64_t row, int first, int end, const F64 *out) {
  for (int measure = first; measure < end; measure++) {
    if (columns->output[measure]) memcpy(columns->output[measure] + row, &out[measure], sizeof out[measure]);
  }
}

INLINE void bs_store_verdict(const bs_columns *columns, int64_t row, I64 reason) {
  STORE_BYTES(columns->verdict + row, SELECT_BITS(SAME_BITS(reason, (I64)0), (I64)ASSAY_ACCEPTED, reason));
}

/// The phases up to the arguments. 0 where `plain` was too much to hope for.
INLINE int bs_block_arguments(bs_row *rows, int vectors, bs_model model, int plain) {
  for (int i = 0; i < vectors; i++) {
    bs_admit(&rows[i], plain);
    if (model == BS_IN_COIN) coin_admit(&rows[i]);
    bs_quotient(&rows[i]);
  }
  for (int i = 0; i < vectors; i++) bs_logarithm(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_moneyness(&rows[i], plain);
  M64 good = (M64)(I64)(-1);
  for (int i = 0; i < vectors; i++) {
    bs_arguments(&rows[i], plain);
    if (plain) good = good & bs_plain_arguments(&rows[i]);
  }
  return ALL(good);
}

/// The other phases, and the results stored.
INLINE void bs_block_measures(const bs_columns *columns, int64_t first, bs_row *rows, int vectors, bs_depth depth,
                              bs_model model, int plain) {
  for (int i = 0; i < vectors; i++) {
    bs_fractions(&rows[i], plain);
    bs_exponentials(&rows[i], plain);
  }
  int swept = 0;
  for (; swept + 1 < vectors; swept += 2) bs_sweep_pair(&rows[swept], &rows[swept + 1]);
  if (swept < vectors) bs_sweep(&rows[swept]);
  for (int i = 0; i < vectors; i++) {
    const int64_t row = first + (int64_t)i * LANES;
    bs_price(&rows[i], plain);
    if (model != BS_IN_COIN) bs_store(columns, row, BS_PRICE, BS_PRICE + 1, &rows[i].price);
    bs_store_verdict(columns, row, plain ? (I64)0 : rows[i].reason);
  }
  if (model == BS_IN_COIN) {
    for (int i = 0; i < vectors; i++) {
      F64 out[COIN_MEASURES];
      coin_measures(&rows[i], out);
      bs_store(columns, first + (int64_t)i * LANES, 0, COIN_MEASURES, out);
    }
    return;
  }
  if (depth == BS_PRICE_ONLY) return;
  for (int i = 0; i < vectors; i++) {
    F64 out[BS_MEASURES];
    bs_greeks(&rows[i], plain, out);
    // With the forward held, only the discount factor depends on the rate.
    if (model == BS_ON_FORWARD) out[BS_RHO] = bs_stored(&rows[i], plain, -(rows[i].price * rows[i].years));
    bs_store(columns, first + (int64_t)i * LANES, BS_DELTA, BS_DIVIDEND_RHO, out);
  }
  if (depth == BS_FIRST_GREEKS) return;
  for (int i = 0; i < vectors; i++) {
    F64 out[BS_MEASURES];
    bs_higher_greeks(&rows[i], plain, out);
    bs_store(columns, first + (int64_t)i * LANES, BS_DIVIDEND_RHO, BS_MEASURES, out);
  }
}

INLINE M64 bs_block_load(const bs_columns *columns, int64_t first, bs_row *rows, int vectors, int shifted) {
  M64 plain = (M64)(I64)(-1);
  for (int i = 0; i < vectors; i++) {
    bs_load_row(columns, first + (int64_t)i * LANES, shifted, &rows[i]);
    plain = plain & bs_plain_inputs(&rows[i]);
  }
  return plain;
}

/// Prices `vectors` vectors from row `first`. Each phase is a loop of its own over rows that stay in the first-level cache:
/// the phases are chains of dependent operations, and only many rows side by side fill the pipeline.
INLINE void bs_block(const bs_columns *columns, int64_t first, int vectors, bs_depth depth, bs_model model, int shifted) {
  bs_row rows[BS_VECTORS];
  const M64 plain = bs_block_load(columns, first, rows, vectors, shifted);
  if (model != BS_IN_COIN && ALL(plain)) {
    if (bs_block_arguments(rows, vectors, model, 1)) return bs_block_measures(columns, first, rows, vectors, depth, model, 1);
    bs_block_load(columns, first, rows, vectors, shifted);
  }
  bs_block_arguments(rows, vectors, model, 0);
  bs_block_measures(columns, first, rows, vectors, depth, model, 0);
}

static void bs_price_block(const bs_columns *columns, int64_t first, int vectors) {
  bs_block(columns, first, vectors, BS_PRICE_ONLY, BS_ON_SPOT, 0);
}
static void bs_greeks_block(const bs_columns *columns, int64_t first, int vectors) {
  bs_block(columns, first, vectors, BS_FIRST_GREEKS, BS_ON_SPOT, 0);
}
static void bs_shifted_block(const bs_columns *columns, int64_t first, int vectors) {
  bs_block(columns, first, vectors, BS_PRICE_ONLY, BS_ON_SPOT, 1);
}
static void bs_all_block(const bs_columns *columns, int64_t first, int vectors) {
  bs_block(columns, first, vectors, BS_ALL_GREEKS, columns->model, 0);
}
typedef void (*bs_block_function)(const bs_columns *columns, int64_t first, int vectors);

#if LANES > 1
/// Prices the last rows, fewer than a vector, in copies padded with zeros.
static void bs_last_rows(bs_block_function block, const bs_columns *columns, int64_t first, size_t count) {
  uint8_t type[LANES] = {0}, verdict[LANES];
  double input[BS_INPUTS][LANES] = {{0}}, output[BS_MEASURES][LANES];
  bs_columns copy = *columns;
  copy.type = type;
  copy.verdict = verdict;
  memcpy(type, columns->type + first, count);
  for (int i = 0; i < BS_INPUTS; i++) {
    if (!columns->input[i]) continue;
    memcpy(input[i], columns->input[i] + first, count * sizeof(double));
    copy.input[i] = input[i];
  }
  for (int i = 0; i < BS_MEASURES; i++) copy.output[i] = columns->output[i] ? output[i] : NULL;
  block(&copy, 0, 1);
  memcpy(columns->verdict + first, verdict, count);
  for (int i = 0; i < BS_MEASURES; i++) {
    if (columns->output[i]) memcpy(columns->output[i] + first, output[i], count * sizeof(double));
  }
}
#endif

static void bs_run_blocks(bs_block_function block, const bs_columns *columns, int64_t first, int64_t end) {
  int64_t row = first;
  while (end - row >= LANES) {
    const int64_t whole = (end - row) / LANES;
    const int vectors = whole < BS_VECTORS ? (int)whole : BS_VECTORS;
    block(columns, row, vectors);
    row += (int64_t)vectors * LANES;
  }
#if LANES > 1
  if (row < end) bs_last_rows(block, columns, row, (size_t)(end - row));
#endif
}

/// Computes the measures whose columns are there, with the least work that gives them.
static void bs_run(const bs_columns *columns, int64_t first, int64_t end) {
  int greeks = 0, higher = 0;
  for (int i = BS_DELTA; i < BS_MEASURES; i++) {
    greeks |= columns->output[i] != NULL;
    higher |= columns->output[i] != NULL && i >= BS_DIVIDEND_RHO;
  }
  bs_block_function block = higher ? bs_all_block : greeks ? bs_greeks_block : bs_price_block;
  if (columns->model == BS_ON_FORWARD && greeks) block = bs_all_block;
  if (columns->model == BS_IN_COIN) block = bs_all_block;
  bs_run_blocks(block, columns, first, end);
}

#endif
