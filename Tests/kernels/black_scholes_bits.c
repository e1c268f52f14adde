// Prices random and hostile rows with every kernel of this build and compares them byte by byte with the portable one.
//
//   black_scholes_bits ROWS   prints the rows that differ (at most ten) and a digest of the portable results; exit 1 if any.
// Two builds of the kernels (contraction off and fast) must print the same digest: black_scholes_bits.sh compares them.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_kernels.h"

enum { CHUNK = 4099, COLUMNS = 64 };

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

static void fill(const assay_operation_description *operation, assay_column *column, int64_t row) {
  const int kind = (int)(random_bits() % 16);
  const double spot = 50 + 100 * unit();
  // spot strike years rate yield volatility, in the shapes of a book, then wide, then hostile.
  double value[6] = {spot, spot * (0.6 + 0.9 * unit()), 0.01 + 2.5 * unit(), 0.07 * unit() - 0.01, 0.04 * unit(), 0.05 + 0.75 * unit()};
  if (kind == 1) value[2] *= 1e-4, value[1] = spot * (1 + 0.01 * (unit() - 0.5));
  if (kind == 2) value[5] *= 1e-5, value[1] = spot * (1 + 1e-5 * (unit() - 0.5)), value[3] = value[4];
  if (kind == 3) value[5] *= 30;
  if (kind == 4) value[1] = spot * __builtin_ldexp(1 + unit(), (int)(random_bits() % 41) - 20);
  if (kind == 5) value[1] = spot, value[3] = value[4];
  if (kind == 6) value[0] *= 0x1p-1060, value[1] *= 0x1p-1060;
  if (kind == 7) value[0] *= 0x1p1010, value[1] *= 0x1p1010;
  if (kind == 8) value[3] = 400 * (unit() - 0.5), value[4] = 400 * (unit() - 0.5);
  if (kind >= 12) {
    for (int i = 0; i < 6; i++) {
      if (kind == 15 || random_bits() % 3 == 0) value[i] = hostile();
    }
  }
  for (int i = 0, next = 0; i < operation->column_count && operation->columns[i].role == ASSAY_ROLE_IN; i++) {
    if (operation->columns[i].kind == ASSAY_KIND_F64) {
      ((double *)column[i].data)[row] = value[next++];
    } else {
      ((uint8_t *)column[i].data)[row] = (uint8_t)(kind == 14 && random_bits() % 4 == 0 ? random_bits() : random_bits() % 2);
    }
  }
}

int main(int argc, char **argv) {
  const int64_t total = argc > 1 ? atoll(argv[1]) : 1000000;
  const assay_operation_description *operation = &assay_operations()[ASSAY_OPERATION_black_scholes];
  const assay_kernel_table *const *tables = assay_kernel_tables();
  assay_column expected[COLUMNS] = {{0}}, actual[COLUMNS] = {{0}};
  int outputs = 0;
  for (int i = 0; i < operation->column_count; i++) {
    const assay_column_description *c = &operation->columns[i];
    expected[i].data = malloc((size_t)c->width * CHUNK);
    actual[i].data = c->role == ASSAY_ROLE_IN ? expected[i].data : malloc((size_t)c->width * CHUNK);
    outputs += c->role != ASSAY_ROLE_IN;
  }
  uint64_t digest = 0xCBF29CE484222325u;
  int64_t rows = 0, differing = 0, accepted = 0, poor = 0;
  while (rows < total) {
    for (int64_t row = 0; row < CHUNK; row++) fill(operation, expected, row);
    tables[0]->kernels[ASSAY_OPERATION_black_scholes](expected, 0, CHUNK);
    const int first_output = operation->column_count - outputs;
    const uint8_t *verdict = expected[first_output].data;
    for (int64_t row = 0; row < CHUNK; row++) accepted += verdict[row] == ASSAY_ACCEPTED;
    for (int i = first_output; i < operation->column_count; i++) {
      const uint8_t *bytes = expected[i].data;
      for (int64_t byte = 0; byte < (int64_t)operation->columns[i].width * CHUNK; byte++) {
        digest = (digest ^ bytes[byte]) * 0x100000001B3u;
      }
      // An accepted row has no NaN and no negative price; a rejected one the canonical NaN only.
      for (int64_t row = 0; i > first_output && row < CHUNK; row++) {
        uint64_t bits;
        memcpy(&bits, bytes + 8 * row, sizeof bits);
        const int nan = (bits & 0x7FFFFFFFFFFFFFFFu) > 0x7FF0000000000000u;
        const int negative = i == first_output + 1 && !nan && bits >> 63;
        if (verdict[row] == ASSAY_ACCEPTED ? nan || negative : bits != 0x7FF8000000000000u) {
          if (poor++ < 10) {
            printf("row with verdict %u has %s %" PRIx64 ":", verdict[row], operation->columns[i].name, bits);
            for (int c = 0; c < 7; c++) {
              if (operation->columns[c].width == 8) printf(" %a", ((double *)expected[c].data)[row]);
              else printf(" %u", ((uint8_t *)expected[c].data)[row]);
            }
            printf("\n");
          }
        }
      }
    }
    for (int t = 1; tables[t]; t++) {
      const assay_kernel kernel = tables[t]->kernels[ASSAY_OPERATION_black_scholes];
      if (!kernel || !tables[t]->available()) continue;
      for (int i = first_output; i < operation->column_count; i++) {
        memset(actual[i].data, 0xEE, (size_t)operation->columns[i].width * CHUNK);
      }
      // The split must not matter either.
      const int64_t middle = (int64_t)(random_bits() % CHUNK);
      kernel(actual, 0, middle);
      kernel(actual, middle, CHUNK);
      for (int64_t row = 0; row < CHUNK; row++) {
        for (int i = first_output; i < operation->column_count; i++) {
          const int64_t width = operation->columns[i].width;
          if (memcmp((uint8_t *)expected[i].data + width * row, (uint8_t *)actual[i].data + width * row, (size_t)width) != 0) {
            if (differing++ < 10) {
              printf("%s differs in %s:", tables[t]->name, operation->columns[i].name);
              for (int c = 1; c < 7; c++) printf(" %a", ((double *)expected[c].data)[row]);
              printf("\n");
            }
          }
        }
      }
      // A measure alone has the bits it has among the others.
      const int alone = first_output + 1 + (int)(random_bits() % (uint64_t)(outputs - 1));
      assay_column single[COLUMNS];
      memcpy(single, actual, sizeof single);
      for (int i = first_output + 1; i < operation->column_count; i++) {
        if (i != alone) single[i].data = NULL;
      }
      kernel(single, 0, CHUNK);
      differing += memcmp(single[alone].data, expected[alone].data, 8 * CHUNK) != 0;
    }
    rows += CHUNK;
  }
  printf("%" PRId64 " rows, %" PRId64 " accepted, %" PRId64 " values differ, %" PRId64 " values out of bounds, digest %016" PRIx64 "\n",
         rows, accepted, differing, poor, digest);
  return differing != 0 || poor != 0;
}
