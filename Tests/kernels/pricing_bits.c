// Prices random and hostile rows with every kernel of this build and compares them byte by byte with the portable one.
//
//   pricing_bits OPERATION ROWS   prints values that differ (at most ten) and a digest of the portable results; exit 1 if any.
// Two builds of the kernels (contraction off and fast) must print the same digest: pricing_bits.sh compares them.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_kernels.h"

/// Rows are drawn in chunks of at most 4,099 and at least eight chunks, so that a small run meets calm, chained and hostile ones.
enum { CHUNK = 4099, CHUNKS = 8, COLUMNS = 64 };

static uint64_t state = 20261121;
static uint64_t random_bits(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}
static double unit(void) { return (double)(random_bits() >> 11) * 0x1p-53; }

/// A double chosen to hurt: an edge of the format or of a kernel's own case analysis, or any bits at all.
static double hostile(void) {
  static const double edges[] = {0.0, -0.0, 1.0, -1.0, 0x1p-1074, 0x1p-1022, 0x1.fffffffffffffp1023, -0x1p-1074, 1e-300, 1e300,
                                 0x1p-1000, 0x1p600, 0x1p-600, 200, 199.999999999, -200, 512, 0x1p100, 0.6875, 1e-17, 100, 0x1p-540};
  const uint64_t bits = random_bits();
  if (bits % 8 == 0) {
    const uint64_t any = random_bits();
    double value;
    memcpy(&value, &any, sizeof value);
    return value;
  }
  if (bits % 8 == 1) return bits & 8 ? __builtin_inf() : __builtin_nan("");
  return edges[(bits >> 8) % (sizeof edges / sizeof edges[0])];
}

/// The numbers that a row may need, in the shapes of a book, then wide, then hostile. Order: SPOT ... PRICE.
enum { SPOT, STRIKE, YEARS, RATE, YIELD, VOLATILITY, PRICE, NUMBERS };
static void draw(int kind, double *value) {
  const double spot = 50 + 100 * unit();
  value[SPOT] = spot;
  value[STRIKE] = spot * (0.6 + 0.9 * unit());
  value[YEARS] = 0.01 + 2.5 * unit();
  value[RATE] = 0.07 * unit() - 0.01;
  value[YIELD] = 0.04 * unit();
  value[VOLATILITY] = 0.05 + 0.75 * unit();
  if (kind == 1) value[YEARS] *= 1e-4, value[STRIKE] = spot * (1 + 0.01 * (unit() - 0.5));
  if (kind == 2) value[VOLATILITY] *= 1e-5, value[STRIKE] = spot * (1 + 1e-5 * (unit() - 0.5)), value[RATE] = value[YIELD];
  if (kind == 3) value[VOLATILITY] *= 30;
  if (kind == 4) value[STRIKE] = spot * __builtin_ldexp(1 + unit(), (int)(random_bits() % 41) - 20);
  if (kind == 5) value[STRIKE] = spot, value[RATE] = value[YIELD];
  if (kind == 6) value[SPOT] *= 0x1p-1060, value[STRIKE] *= 0x1p-1060;
  if (kind == 7) value[SPOT] *= 0x1p1010, value[STRIKE] *= 0x1p1010;
  if (kind == 8) value[RATE] = 400 * (unit() - 0.5), value[YIELD] = 400 * (unit() - 0.5);
  if (kind == 10) {
    // A small spot and strike, and so far out that the price is subnormal or nearly.
    const double scale = __builtin_ldexp(1, -(int)(random_bits() % 121)), square = (800 + 680 * unit()) * value[YEARS];
    // ln(F/K), nearly: with nothing of a C library's, the rows are the same everywhere.
    const double x = 2 * (spot - value[STRIKE]) / (spot + value[STRIKE]) + (value[RATE] - value[YIELD]) * value[YEARS];
    value[VOLATILITY] = __builtin_fabs(x) / __builtin_sqrt(square);
    value[SPOT] *= scale, value[STRIKE] *= scale;
  }
  // A price between nothing and the spot, often small, above intrinsic about half of the time.
  const double intrinsic = value[SPOT] > value[STRIKE] ? value[SPOT] - value[STRIKE] : value[STRIKE] - value[SPOT];
  value[PRICE] = (random_bits() % 2 ? intrinsic : 0) + value[SPOT] * unit() * __builtin_ldexp(1, -(int)(random_bits() % (kind == 9 ? 900 : 12)));
  if (kind >= 12) {
    for (int i = 0; i < NUMBERS; i++) {
      if (kind == 15 || random_bits() % 3 == 0) value[i] = hostile();
    }
  }
}

/// `calm` fills whole blocks with rows of a book, which kernels may treat apart, a quarter of them far out, and `chain` gives runs of
/// 512 of those one spot, time, rate and yield.
static void fill(const assay_operation_description *operation, assay_column *column, int64_t row, int calm, int chain) {
  static const struct {
    const char *name;
    int number;
  } names[] = {{"spot", SPOT}, {"forward", SPOT}, {"strike", STRIKE}, {"entry", STRIKE}, {"years", YEARS}, {"rate", RATE},
               {"dividendYield", YIELD}, {"volatility", VOLATILITY}, {"price", PRICE}};
  const int usual = row / 128 % 4 == 3 ? 10 : (int)(random_bits() % 3);
  const int kind = !calm || random_bits() % 1024 == 0 ? (int)(random_bits() % 16) : usual;
  double value[NUMBERS];
  static double shared[NUMBERS];
  draw(kind, value);
  if (chain && row % 512 == 0) memcpy(shared, value, sizeof shared);
  if (chain && kind < 3) {
    value[STRIKE] *= shared[SPOT] / value[SPOT];
    value[SPOT] = shared[SPOT], value[YEARS] = shared[YEARS], value[RATE] = shared[RATE], value[YIELD] = shared[YIELD];
  }
  for (int i = 0; i < operation->column_count && operation->columns[i].role == ASSAY_ROLE_IN; i++) {
    if (operation->columns[i].kind != ASSAY_KIND_F64) {
      ((uint8_t *)column[i].data)[row] = (uint8_t)(kind == 14 && random_bits() % 4 == 0 ? random_bits() : random_bits() % 2);
      continue;
    }
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
      if (strcmp(names[n].name, operation->columns[i].name) == 0) ((double *)column[i].data)[row] = value[names[n].number];
    }
  }
}

/// A batch's shared shifts: a few repeated, a few hostile.
static void fill_shared(const assay_column_description *description, assay_column *column) {
  double *value = column->data;
  for (int i = 0; i < description->width / 8; i++) {
    value[i] = random_bits() % 16 == 0 ? hostile() : 0.4 * (unit() - 0.5);
    if (i > 0 && random_bits() % 2) value[i] = value[i - 1];
  }
}

/// A grid's prices against black_scholes over the rows that each scenario moves: the number that differ.
static int64_t grid_differences(const assay_kernel_table *table, const assay_column *column, int64_t rows) {
  static double spot[CHUNK], volatility[CHUNK], price[CHUNK];
  static uint8_t verdict[CHUNK];
  assay_column moved[COLUMNS] = {{0}};
  memcpy(moved, column, 7 * sizeof moved[0]);
  moved[1].data = spot, moved[6].data = volatility, moved[7].data = verdict, moved[8].data = price;
  int64_t differing = 0;
  for (int scenario = 0; scenario < 32; scenario++) {
    const double factor = 1.0 + ((double *)column[7].data)[scenario], shift = ((double *)column[8].data)[scenario];
    for (int64_t row = 0; row < rows; row++) {
      const double s = ((double *)column[1].data)[row], v = ((double *)column[6].data)[row];
      spot[row] = s >= 0 && s <= 0x1.fffffffffffffp1023 ? (s + 0.0) * factor : s;
      volatility[row] = v;
      if (!(v >= 0 && v <= 0x1.fffffffffffffp1023)) continue;
      volatility[row] = shift - shift != 0 ? __builtin_nan("") : v + shift < 0 ? 0 : v + shift;
    }
    table->kernels[ASSAY_OPERATION_black_scholes](moved, 0, rows);
    for (int64_t row = 0; row < rows; row++) {
      differing += memcmp((uint8_t *)column[10].data + 256 * row + 8 * scenario, &price[row], 8) != 0;
    }
  }
  return differing;
}

static int is_input(const assay_operation_description *operation, int i) {
  return operation->columns[i].role == ASSAY_ROLE_IN || operation->columns[i].role == ASSAY_ROLE_SHARED;
}

static void print_inputs(const assay_operation_description *operation, const assay_column *column, int64_t row) {
  for (int i = 0; i < operation->column_count && is_input(operation, i); i++) {
    if (operation->columns[i].width == 1) printf(" %u", ((uint8_t *)column[i].data)[row]);
    else if (operation->columns[i].width == 8) printf(" %a", ((double *)column[i].data)[row]);
  }
  printf("\n");
}

int main(int argc, char **argv) {
  int id = 0;
  while (id < ASSAY_OPERATION_COUNT && (argc != 3 || strcmp(assay_operations()[id].name, argv[1]) != 0)) id++;
  if (id == ASSAY_OPERATION_COUNT) return fprintf(stderr, "usage: pricing_bits OPERATION ROWS\n"), 2;
  const int64_t total = atoll(argv[2]);
  if (total < 1) return fprintf(stderr, "pricing_bits: ROWS is at least 1\n"), 2;
  const int64_t chunk = (total + CHUNKS - 1) / CHUNKS < CHUNK ? (total + CHUNKS - 1) / CHUNKS : CHUNK;
  const assay_operation_description *operation = &assay_operations()[id];
  const assay_kernel_table *const *tables = assay_kernel_tables();
  assay_column expected[COLUMNS] = {{0}}, actual[COLUMNS] = {{0}};
  int first_output = 0;
  for (int i = 0; i < operation->column_count; i++) {
    const assay_column_description *c = &operation->columns[i];
    expected[i].data = malloc((size_t)c->width * CHUNK);
    actual[i].data = is_input(operation, i) ? expected[i].data : malloc((size_t)c->width * CHUNK);
    first_output += is_input(operation, i);
  }
  uint64_t digest = 0xCBF29CE484222325u;
  int64_t rows = 0, differing = 0, accepted = 0, poor = 0;
  while (rows < total) {
    for (int i = 0; i < first_output; i++) {
      if (operation->columns[i].role == ASSAY_ROLE_SHARED) fill_shared(&operation->columns[i], &expected[i]);
    }
    const int calm = random_bits() % 2 == 0, chain = random_bits() % 4 == 0;
    for (int64_t row = 0; row < chunk; row++) fill(operation, expected, row, calm, chain);
    tables[0]->kernels[id](expected, 0, chunk);
    if (id == ASSAY_OPERATION_black_scholes_grid) differing += grid_differences(tables[0], expected, chunk);
    const uint8_t *verdict = expected[first_output].data;
    for (int64_t row = 0; row < chunk; row++) accepted += verdict[row] == ASSAY_ACCEPTED;
    for (int i = first_output; i < operation->column_count; i++) {
      const uint8_t *bytes = expected[i].data;
      for (int64_t byte = 0; byte < (int64_t)operation->columns[i].width * chunk; byte++) {
        digest = (digest ^ bytes[byte]) * 0x100000001B3u;
      }
      // An accepted row has no NaN, but for a scenario's, and no negative first measure, but for a position's price; a rejected
      // one has the canonical NaN only.
      const int64_t values = operation->columns[i].width / 8;
      for (int64_t value = 0; value < values * chunk; value++) {
        const int64_t row = value / values;
        uint64_t bits;
        memcpy(&bits, bytes + 8 * value, sizeof bits);
        const int nan = (bits & 0x7FFFFFFFFFFFFFFFu) > 0x7FF0000000000000u;
        const int negative = i == first_output + 1 && !nan && bits >> 63 && strncmp(operation->name, "linear", 6) != 0;
        if ((verdict[row] == ASSAY_ACCEPTED ? (nan && values == 1) || negative : bits != 0x7FF8000000000000u) && poor++ < 10) {
          printf("row with verdict %u has %s %" PRIx64 ":", verdict[row], operation->columns[i].name, bits);
          print_inputs(operation, expected, row);
        }
      }
    }
    for (int t = 1; tables[t]; t++) {
      const assay_kernel kernel = tables[t]->kernels[id];
      if (!kernel || !tables[t]->available()) continue;
      for (int i = first_output; i < operation->column_count; i++) {
        memset(actual[i].data, 0xEE, (size_t)operation->columns[i].width * chunk);
      }
      // The split must not matter either.
      const int64_t middle = (int64_t)(random_bits() % chunk);
      kernel(actual, 0, middle);
      kernel(actual, middle, chunk);
      for (int64_t row = 0; row < chunk; row++) {
        for (int i = first_output; i < operation->column_count; i++) {
          const int64_t width = operation->columns[i].width;
          const uint8_t *one = expected[i].data, *other = actual[i].data;
          if (memcmp(one + width * row, other + width * row, (size_t)width) != 0 && differing++ < 10) {
            printf("%s differs in %s:", tables[t]->name, operation->columns[i].name);
            print_inputs(operation, expected, row);
          }
        }
      }
      // A measure alone has the bits that it has among the others.
      const int alone = first_output + 1 + (int)(random_bits() % (uint64_t)(operation->column_count - first_output - 1));
      assay_column single[COLUMNS];
      memcpy(single, actual, sizeof single);
      for (int i = first_output + 1; i < operation->column_count; i++) {
        if (i != alone && operation->columns[i].role == ASSAY_ROLE_OPTIONAL) single[i].data = NULL;
      }
      kernel(single, 0, chunk);
      differing += memcmp(single[alone].data, expected[alone].data, (size_t)operation->columns[alone].width * chunk) != 0;
    }
    rows += chunk;
  }
  printf("%s: %" PRId64 " rows, %" PRId64 " accepted, %" PRId64 " values differ, %" PRId64 " values out of bounds, digest %016" PRIx64 "\n",
         operation->name, rows, accepted, differing, poor, digest);
  return differing != 0 || poor != 0;
}
