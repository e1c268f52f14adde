// A book's Black-Scholes-Merton prices under 32 scenarios.
//
// spotShifts and volatilityShifts are 32 binary64 numbers each, little-endian; scenario i multiplies every spot by
// 1 + spotShifts[i] and adds volatilityShifts[i] to every volatility, but not below 0. prices holds a row's 32 prices in that
// order, with the bits that black_scholes gives the moved row. Fewer scenarios are padded by repeating the last one, which
// costs nothing; scenarios of the same spot shift cost less side by side.
//
// The verdict is that of the row as it stands, with black_scholes' reasons. A price is the canonical NaN where the row is
// refused, or where its scenario makes the spot negative or not finite or has a volatility shift that is not finite.
//
// What a scenario does not change is computed once a row (the discount factors, the root of time), what only the spot shift
// changes once a spot shift (the logarithm and the growth).

/// The binary64 numbers of a 256-byte value.
#define BS_SCENARIOS 32

#if DIALECT_LANES || DIALECT_OPENCL

#include "pricing/black_scholes_row.h"

/// A spot under a scenario. A bad number keeps its reason: only good ones are moved.
INLINE F64 bs_moved_spot(F64 spot, F64 shift) {
  const F64 value = spot + 0.0;
  return SELECT(bs_admissible(value), value * (1.0 + shift), value);
}

/// A volatility under a scenario: NaN, which makes it invalid, where the shift is not finite.
INLINE F64 bs_moved_volatility(F64 volatility, F64 shift) {
  const M64 finite = bs_admissible(SELECT(LESS(shift, 0.0), -shift, shift));
  const F64 value = volatility + 0.0, moved = value + SELECT(finite, shift, FLOAT((I64)0x7FF8000000000000));
  return SELECT(bs_admissible(value), SELECT(LESS(moved, 0.0), 0.0, moved), value);
}

#endif

#if DIALECT_LANES

#include "pricing/black_scholes_block.h"

/// A block under the scenarios: its rows as they stand, and as the current scenario moves them.
typedef struct bs_grid {
  bs_row rows[BS_VECTORS];
  double spot[BS_BLOCK], volatility[BS_BLOCK], price[BS_BLOCK];
  uint8_t verdict[BS_BLOCK];
} bs_grid;

/// The rows and their verdicts. 1 where every row is plain and what no scenario changes is known.
static int bs_grid_load(const bs_columns *columns, int64_t first, int vectors, bs_grid *grid) {
  I64 unusual = (I64)0;
  for (int i = 0; i < vectors; i++) {
    bs_load_row(columns, first + (int64_t)i * LANES, BS_ON_SPOT, &grid->rows[i]);
    unusual = unusual | bs_unusual_inputs(&grid->rows[i]);
  }
  const int plain = ALL(SAME_BITS(unusual, (I64)0));
  for (int i = 0; i < vectors; i++) {
    bs_row *row = &grid->rows[i];
    if (plain) {
      bs_admit(row, 1);
      bs_discounts(row);
      row->reason = (I64)0;
    } else {
      bs_admit(row, 0);
    }
    bs_store_verdict(columns, first + (int64_t)i * LANES, row->reason);
  }
  return plain;
}

/// Plain rows at the scenario's spots: everything that no volatility changes. 0 where they are not plain any more.
static int bs_grid_spots(bs_grid *grid, int vectors) {
  bs_row *rows = grid->rows;
  I64 unusual = (I64)0;
  for (int i = 0; i < vectors; i++) {
    rows[i].spot = bs_load(grid->spot, i * LANES);
    rows[i].volatility = (F64)(1.0);
    unusual = unusual | bs_unusual_inputs(&rows[i]);
    bs_quotient(&rows[i]);
  }
  for (int i = 0; i < vectors; i++) bs_logarithm(&rows[i]);
  for (int i = 0; i < vectors; i++) bs_moneyness(&rows[i], 1);
  for (int i = 0; i < vectors; i += GROUP) bs_growth(&rows[i], GROUP);
  return ALL(SAME_BITS(unusual, (I64)0));
}

/// The phases after the arguments.
INLINE void bs_grid_finish(bs_grid *grid, int vectors, int plain) {
  bs_row *rows = grid->rows;
  for (int i = 0; i < vectors; i++) bs_fractions(&rows[i], plain);
  for (int i = 0; i < vectors; i += GROUP) bs_gauss(&rows[i], GROUP, plain);
  for (int i = 0; i < vectors; i += SWEEP) bs_sweep(&rows[i], SWEEP);
  for (int i = 0; i < vectors; i++) {
    rows[i].gauss = SELECT(rows[i].flat, 0.0, rows[i].gauss);
    bs_row done = rows[i];
    if (!plain) bs_scale(&done);
    bs_price(&done, plain);
    const F64 price = bs_stored_price(&done, plain);
    memcpy(grid->price + i * LANES, &price, sizeof price);
  }
}

/// The prices of plain rows at the scenario's volatilities, of which some may be 0. 0 where they are not plain any more.
static int bs_grid_prices(bs_grid *grid, int vectors) {
  bs_row *rows = grid->rows;
  I64 unusual = (I64)0;
  M64 good = (M64)(I64)(-1);
  for (int i = 0; i < vectors; i++) {
    bs_row *row = &rows[i];
    const F64 volatility = bs_load(grid->volatility, i * LANES);
    // As phase 1 and bs_deviation leave a row without volatility.
    row->flat = EQUAL(volatility, 0.0);
    row->volatility = SELECT(row->flat, 1.0, volatility);
    unusual = unusual | bs_unusual_inputs(row);
    row->v = PRODUCT(row->volatility, row->root);
    bs_deviation(row, 1);
    row->v = SELECT(row->flat, 1.0, row->v);
    row->v_low = SELECT(row->flat, 0.0, row->v_low);
    row->inverse_v = SELECT(row->flat, 1.0, row->inverse_v);
    bs_arguments(row, 1);
    good = good & bs_plain_arguments(row);
  }
  if (!ALL(SAME_BITS(unusual, (I64)0))) return 0;
  // A volatility near 0 takes a row far out, where only the later phases differ.
  if (ALL(good)) bs_grid_finish(grid, vectors, 1);
  else bs_grid_finish(grid, vectors, 0);
  return 1;
}

/// The prices of any rows.
static void bs_grid_any_prices(const bs_columns *columns, int64_t first, int vectors, bs_grid *grid) {
  bs_columns moved = {.model = BS_ON_SPOT, .type = columns->type + first, .verdict = grid->verdict, .output = {grid->price}};
  for (int i = 1; i < BS_INPUTS - 1; i++) moved.input[i] = columns->input[i] + first;
  moved.input[0] = grid->spot;
  moved.input[BS_INPUTS - 1] = grid->volatility;
  bs_price_block(&moved, 0, vectors);
}

/// Every price of `vectors` vectors from row `first`; `prices` are those of that row.
static void bs_grid_block(const bs_columns *columns, const double *shifts, int64_t first, int vectors, uint8_t *prices) {
  const double *spot_shifts = shifts, *volatility_shifts = shifts + BS_SCENARIOS;
  bs_grid grid;
  bs_fill_group(grid.rows, sizeof grid.rows[0], vectors);
  const int plain = bs_grid_load(columns, first, vectors, &grid);
  int plain_spots = 0;
  for (int scenario = 0; scenario < BS_SCENARIOS; scenario++) {
    const int same_spots = scenario > 0 && memcmp(&spot_shifts[scenario], &spot_shifts[scenario - 1], sizeof(double)) == 0;
    const int repeated = same_spots &&
      memcmp(&volatility_shifts[scenario], &volatility_shifts[scenario - 1], sizeof(double)) == 0;
    for (int i = 0; i < vectors && !repeated; i++) {
      const F64 volatility = bs_load(columns->input[BS_INPUTS - 1], first + (int64_t)i * LANES);
      const F64 moved = bs_moved_volatility(volatility, (F64)(volatility_shifts[scenario]));
      memcpy(grid.volatility + i * LANES, &moved, sizeof moved);
    }
    for (int i = 0; i < vectors && !same_spots; i++) {
      const F64 spot = bs_load(columns->input[0], first + (int64_t)i * LANES);
      const F64 moved = bs_moved_spot(spot, (F64)(spot_shifts[scenario]));
      memcpy(grid.spot + i * LANES, &moved, sizeof moved);
    }
    if (!same_spots) plain_spots = plain && bs_grid_spots(&grid, vectors);
    if (!repeated && !(plain_spots && bs_grid_prices(&grid, vectors))) bs_grid_any_prices(columns, first, vectors, &grid);
    for (int row = 0; row < vectors * LANES; row++) {
      memcpy(prices + (row * BS_SCENARIOS + scenario) * (int64_t)sizeof(double), &grid.price[row], sizeof(double));
    }
  }
}

#define ASSAY_PROVIDES_black_scholes_grid ASSAY_YES
KERNEL(black_scholes_grid) {
  const assay_black_scholes_grid_columns *c = COLUMNS(black_scholes_grid);
  const bs_columns columns = {
    .model = BS_ON_SPOT,
    .type = c->type.data,
    .input = {c->spot.data, c->strike.data, c->years.data, c->rate.data, c->dividendYield.data, c->volatility.data},
    .verdict = c->verdict.data,
  };
  const int64_t width = BS_SCENARIOS * sizeof(double);
  double shifts[2 * BS_SCENARIOS];
  uint8_t *prices = c->prices.data;
  memcpy(shifts, c->spotShifts.data, (size_t)width);
  memcpy(shifts + BS_SCENARIOS, c->volatilityShifts.data, (size_t)width);
  int64_t row = first;
  for (int vectors; (vectors = bs_block_vectors(end - row)) > 0; row += (int64_t)vectors * LANES) {
    bs_grid_block(&columns, shifts, row, vectors, prices + row * width);
  }
  if (row == end) return;
  bs_padded last;
  uint8_t last_prices[GROUP * LANES * BS_SCENARIOS * sizeof(double)];
  const bs_columns padded = bs_pad(&columns, row, (int)(end - row), &last);
  bs_grid_block(&padded, shifts, 0, bs_vectors_of((int)(end - row)), last_prices);
  memcpy(columns.verdict + row, last.verdict, (size_t)(end - row));
  memcpy(prices + row * width, last_prices, (size_t)((end - row) * width));
}

#endif

#if DIALECT_OPENCL

#include "pricing/black_scholes_item.h"

#define ASSAY_PROVIDES_black_scholes_grid ASSAY_YES
KERNEL(black_scholes_grid) {
  const assay_black_scholes_grid_columns *c = COLUMNS(black_scholes_grid);
  GLOBAL double *prices = (GLOBAL double *)c->prices.data;
  for (int64_t row = first; row < end; row++) {
    bs_row standing = bs_item(row, c->type, c->spot, c->strike, c->years, c->volatility);
    standing.rate = bs_item_number(c->rate, row);
    standing.yield = bs_item_number(c->dividendYield, row);
    bs_row checked = standing;
    bs_admit(&checked, 0);
    for (int scenario = 0; scenario < BS_SCENARIOS; scenario++) {
      bs_row option = standing;
      option.spot = bs_moved_spot(option.spot, bs_item_number(c->spotShifts, scenario));
      option.volatility = bs_moved_volatility(option.volatility, bs_item_number(c->volatilityShifts, scenario));
      bs_item_price(&option);
      prices[row * BS_SCENARIOS + scenario] = bs_stored_price(&option, 0);
    }
    bs_item_verdict(c->verdict, row, checked.reason);
  }
}

#endif
