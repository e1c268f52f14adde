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

/// The columns of a run of rows. Rate and yield are null for the model that lacks them, which counts as 0; an output that nobody
/// asked for is null.
typedef struct bs_columns {
  bs_model model;
  const uint8_t *type;
  const double *input[BS_INPUTS];
  uint8_t *verdict;
  double *output[BS_MEASURES];
  /// The measures whose terms may nearly cancel, and where their rows wait for cancellation.h.
  pricing_source source[2];
  pricing_queue *queue;
} bs_columns;

INLINE F64 bs_load(const double *column, int64_t row) {
  F64 value;
  memcpy(&value, column + row, sizeof value);
  return value;
}

/// Loads a row without negative zeros in rate and yield.
INLINE void bs_load_row(const bs_columns *columns, int64_t row, bs_model model, bs_row *into) {
  into->type = LOAD_BYTES(columns->type + row);
  into->spot = bs_load(columns->input[0], row);
  into->strike = bs_load(columns->input[1], row);
  into->years = bs_load(columns->input[2], row);
  into->rate = model == BS_IN_COIN ? (F64)(0.0) : bs_load(columns->input[3], row) + 0.0;
  into->yield = model == BS_IN_COIN ? (F64)(0.0) : bs_load(columns->input[4], row) + 0.0;
  into->volatility = bs_load(columns->input[5], row);
}

INLINE void bs_store(const bs_columns *columns, int64_t row, int first, int end, const F64 *out) {
  for (int measure = first; measure < end; measure++) {
    if (columns->output[measure]) memcpy(columns->output[measure] + row, &out[measure], sizeof out[measure]);
  }
}

INLINE void bs_store_verdict(const bs_columns *columns, int64_t row, I64 reason) {
  STORE_BYTES(columns->verdict + row, SELECT_BITS(SAME_BITS(reason, (I64)0), (I64)ASSAY_ACCEPTED, reason));
}

/// Whether `count` rows from row `first` have the same time, rate and yield, to the bit: a chain. The last row is asked first.
INLINE int bs_is_chain(const bs_columns *columns, int64_t first, int count) {
  for (int i = 2; i < 5; i++) {
    const double *column = columns->input[i] + first;
    if (memcmp(column, column + count - 1, sizeof *column) != 0) return 0;
  }
  I64 differing = (I64)0;
  for (int i = 2; i < 5; i++) {
    const I64 same = BITS((F64)(columns->input[i][first]));
    for (int row = 0; row < count; row += LANES) {
      differing = differing | (BITS(bs_load(columns->input[i], first + row)) ^ same);
    }
  }
  return ALL(SAME_BITS(differing, (I64)0));
}

/// The vectors of the last group that a run of rows is too short for: zeros, which give nothing that is used.
INLINE void bs_fill_group(void *rows, size_t size, int vectors) {
  const int missing = (GROUP - vectors % GROUP) % GROUP;
  if (missing) memset((char *)rows + (size_t)vectors * size, 0, (size_t)missing * size);
}

/// The rows loaded, and the phases up to the arguments. 0 where `plain` was too much to hope for.
INLINE int bs_block_arguments(const bs_columns *columns, int64_t first, bs_row *rows, int vectors, bs_model model, int plain) {
  I64 unusual = (I64)0;
  for (int i = 0; i < vectors; i++) {
    bs_load_row(columns, first + (int64_t)i * LANES, model, &rows[i]);
    if (plain) unusual = unusual | bs_unusual_inputs(&rows[i]);
    bs_admit(&rows[i], plain);
    if (model == BS_IN_COIN) coin_admit(&rows[i]);
    bs_quotient(&rows[i]);
  }
  if (plain && !ALL(SAME_BITS(unusual, (I64)0))) return 0;
  for (int i = 0; i < vectors; i++) {
    bs_deviation(&rows[i], plain);
    bs_logarithm(&rows[i]);
  }
  for (int i = 0; i < vectors; i++) bs_moneyness(&rows[i], plain);
  M64 good = (M64)(I64)(-1);
  for (int i = 0; i < vectors; i++) {
    bs_arguments(&rows[i], plain);
    if (plain) good = good & bs_plain_arguments(&rows[i]);
  }
  return ALL(good);
}

/// The fields that theta's terms need, and those that any measure's do.
enum {
  BS_THETA_FIELDS = offsetof(bs_row, g) / sizeof(F64) + 1,
  BS_FIELDS = offsetof(bs_row, discount_yield) / sizeof(F64) + 1,
};
_Static_assert((int)BS_FIELDS <= PRICING_FIELDS, "a row that waits has a place for every field");
_Static_assert(BS_BLOCK <= 64 && BS_VECTORS % GROUP == 0 && GROUP % SWEEP == 0, "rows of a block are the bits of a word");
static void bs_theta_terms_of(const void *row, pricing_terms *terms) { bs_theta_terms(row, terms); }
static void bs_charm_terms_of(const void *row, pricing_terms *terms) { bs_charm_terms(row, terms); }
static void coin_gamma_terms_of(const void *row, pricing_terms *terms) { coin_gamma_terms(row, terms); }

/// The other phases, and the results stored.
INLINE void bs_block_measures(const bs_columns *columns, int64_t first, bs_row *rows, int vectors, bs_depth depth,
                              bs_model model, int plain, int chain) {
  for (int i = 0; i < vectors; i++) bs_fractions(&rows[i], plain);
  for (int i = 0; i < vectors; i += GROUP) bs_growth(&rows[i], GROUP);
  if (chain) {
    bs_discounts(&rows[0]);
    for (int i = 0; i < vectors; i++) {
      rows[i].discount_rate = rows[0].discount_rate;
      rows[i].discount_yield = rows[0].discount_yield;
    }
    for (int i = 0; i < vectors; i += GROUP) bs_gauss(&rows[i], GROUP, plain);
  } else {
    for (int i = 0; i < vectors; i += GROUP / 2) bs_exponentials(&rows[i], GROUP / 2, plain);
  }
  for (int i = 0; i < vectors; i += SWEEP) bs_sweep(&rows[i], SWEEP);
  if (depth != BS_PRICE_ONLY) {
    for (int i = 0; i < vectors; i += GROUP) bs_half_erf(&rows[i], GROUP);
  }
  if (plain) memset(columns->verdict + first, ASSAY_ACCEPTED, (size_t)vectors * LANES);
  // A measure that nobody asked for is written aside, which costs less than asking again at every row.
  double aside[BS_BLOCK];
  double *to[BS_DIVIDEND_RHO];
  uint64_t near = 0;
  for (int i = 0; i < BS_DIVIDEND_RHO; i++) to[i] = columns->output[i] ? columns->output[i] + first : aside;
  for (int i = 0; i < vectors; i++) {
    const int64_t row = first + (int64_t)i * LANES;
    F64 out[BS_MEASURES];
    // What no later loop needs stays in registers.
    bs_row done = rows[i];
    bs_price(&done, plain);
    rows[i].g = done.g;
    if (!plain) bs_store_verdict(columns, row, rows[i].reason);
    if (model == BS_IN_COIN) {
      near |= LANE_BITS(coin_measures(&done, out)) << i * LANES;
      bs_store(columns, row, 0, COIN_MEASURES, out);
      continue;
    }
    out[BS_PRICE] = bs_stored_price(&done, plain);
    if (depth != BS_PRICE_ONLY) near |= LANE_BITS(bs_greeks(&done, plain, out)) << i * LANES;
    // With the forward held, only the discount factor depends on the rate.
    if (model == BS_ON_FORWARD) out[BS_RHO] = bs_stored(&done, plain, -(out[BS_PRICE] * done.years));
    const int count = depth == BS_PRICE_ONLY ? 1 : BS_DIVIDEND_RHO;
    UNROLL for (int j = 0; j < count; j++) memcpy(to[j] + i * LANES, &out[j], sizeof out[j]);
    if (depth != BS_ALL_GREEKS) continue;
    rows[i].spot_asset = done.spot_asset;
    rows[i].strike_asset = done.strike_asset;
    rows[i].tail_a = done.tail_a;
    rows[i].tail_b = done.tail_b;
  }
  for (int i = 0; plain && near && i < vectors; i++) rows[i].unscale = (F64)(1.0);
  const int measure = model == BS_IN_COIN ? COIN_COIN_GAMMA : BS_THETA;
  const int fields = depth == BS_ALL_GREEKS ? BS_FIELDS : BS_THETA_FIELDS;
  double *difference = columns->output[measure];
  if (difference) pricing_defer(&columns->queue[0], fields, rows, sizeof *rows, near, difference + first);
  if (model == BS_IN_COIN || depth != BS_ALL_GREEKS) return;
  near = 0;
  for (int i = 0; i < vectors; i++) {
    F64 out[BS_MEASURES];
    near |= LANE_BITS(bs_higher_greeks(&rows[i], plain, out)) << i * LANES;
    bs_store(columns, first + (int64_t)i * LANES, BS_DIVIDEND_RHO, BS_MEASURES, out);
  }
  double *charm = columns->output[BS_CHARM];
  if (charm) pricing_defer(&columns->queue[1], BS_FIELDS, rows, sizeof *rows, near, charm + first);
}

/// Prices `vectors` vectors, at most BS_VECTORS, from row `first`. Each phase is a loop of its own over rows that stay in
/// the first-level cache: the phases are chains of dependent operations, and only many rows side by side fill the pipeline.
INLINE void bs_block(const bs_columns *columns, int64_t first, int vectors, bs_depth depth, bs_model model) {
  bs_row rows[BS_VECTORS];
  bs_fill_group(rows, sizeof *rows, vectors);
  if (model != BS_IN_COIN && bs_block_arguments(columns, first, rows, vectors, model, 1)) {
    if (bs_is_chain(columns, first, vectors * LANES)) {
      return bs_block_measures(columns, first, rows, vectors, depth, model, 1, 1);
    }
    return bs_block_measures(columns, first, rows, vectors, depth, model, 1, 0);
  }
  bs_block_arguments(columns, first, rows, vectors, model, 0);
  bs_block_measures(columns, first, rows, vectors, depth, model, 0, 0);
}

static void bs_price_block(const bs_columns *columns, int64_t first, int vectors) {
  bs_block(columns, first, vectors, BS_PRICE_ONLY, BS_ON_SPOT);
}
static void bs_greeks_block(const bs_columns *columns, int64_t first, int vectors) {
  bs_block(columns, first, vectors, BS_FIRST_GREEKS, BS_ON_SPOT);
}
static void bs_all_block(const bs_columns *columns, int64_t first, int vectors) {
  bs_block(columns, first, vectors, BS_ALL_GREEKS, columns->model);
}
typedef void (*bs_block_function)(const bs_columns *columns, int64_t first, int vectors);

/// Whole vectors of rows, by repeating the last of fewer.
typedef struct bs_padded {
  uint8_t type[GROUP * LANES], verdict[GROUP * LANES];
  double input[BS_INPUTS][GROUP * LANES];
} bs_padded;

/// How many vectors `count` rows are.
INLINE int bs_vectors_of(int count) { return (count + LANES - 1) / LANES; }

/// The columns of whole vectors made of `count` rows from row `first`, fewer than a group; no outputs yet.
static bs_columns bs_pad(const bs_columns *columns, int64_t first, int count, bs_padded *into) {
  bs_columns padded = {.model = columns->model, .type = into->type, .verdict = into->verdict};
  for (int row = 0; row < bs_vectors_of(count) * LANES; row++) {
    const int64_t from = first + (row < count ? row : count - 1);
    into->type[row] = columns->type[from];
    for (int i = 0; i < BS_INPUTS; i++) {
      if (columns->input[i]) memcpy(&into->input[i][row], columns->input[i] + from, sizeof(double));
    }
  }
  for (int i = 0; i < BS_INPUTS; i++) padded.input[i] = columns->input[i] ? into->input[i] : NULL;
  return padded;
}

/// Prices the last rows, fewer than a group.
static void bs_last_rows(bs_block_function block, const bs_columns *columns, int64_t first, int count) {
  bs_padded rows;
  double output[BS_MEASURES][GROUP * LANES];
  bs_columns padded = bs_pad(columns, first, count, &rows);
  for (int i = 0; i < BS_MEASURES; i++) padded.output[i] = columns->output[i] ? output[i] : NULL;
  padded.queue = columns->queue;
  block(&padded, 0, bs_vectors_of(count));
  for (int i = 0; i < 2; i++) pricing_empty(&padded.queue[i]);
  memcpy(columns->verdict + first, rows.verdict, (size_t)count);
  for (int i = 0; i < BS_MEASURES; i++) {
    if (columns->output[i]) memcpy(columns->output[i] + first, output[i], (size_t)count * sizeof(double));
  }
}

/// How many vectors the next block of `rows` rows has: whole groups, or less than one where the last rows are whole vectors; 0 where
/// they are not.
INLINE int bs_block_vectors(int64_t rows) {
  const int64_t groups = rows / (GROUP * LANES);
  if (groups == 0 && rows % LANES == 0) return (int)(rows / LANES);
  return groups < BS_VECTORS / GROUP ? (int)groups * GROUP : BS_VECTORS;
}

static void bs_run_blocks(bs_block_function block, const bs_columns *columns, int64_t first, int64_t end) {
  int64_t row = first;
  pricing_queue queue[2];
  for (int i = 0; i < 2; i++) queue[i].source = columns->source[i], queue[i].count = 0;
  bs_columns run = *columns;
  run.queue = queue;
  for (int vectors; (vectors = bs_block_vectors(end - row)) > 0; row += (int64_t)vectors * LANES) block(&run, row, vectors);
  if (row < end) bs_last_rows(block, &run, row, (int)(end - row));
  for (int i = 0; i < 2; i++) pricing_empty(&queue[i]);
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
