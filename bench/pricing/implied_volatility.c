// Round trips volatility -> price -> implied volatility, in units of what the price's last digit allows:
// |found - true| / (2^-52 price / vega + 2^-52 volatility). Printed per regime: rows, rows at the bounds (no volatility to
// find: the price has rounded to the intrinsic value or to its bound), mean and worst.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_kernels.h"

enum { ROWS = 200000 };
static uint64_t state = 7;
static double unit(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static const char *const regimes[] = {"book", "far out, near the money", "tiny volatility", "far out, wide", "huge volatility",
                                      "at the money", "ordinary distances"};
/// Distance from the forward (log moneyness, or price units for Bachelier) and deviation of one row.
static void draw(int regime, double *distance, double *deviation) {
  const double power = pow(10, -10 * unit());
  *distance = regime == 0 ? 0.5 * unit() : regime == 3 ? 5 * unit() : regime == 4 ? 5 * unit() : regime == 5 ? 0 : power;
  switch (regime) {
    case 0: *deviation = 0.05 + unit(); break;
    case 1: *deviation = power / (38 * unit() + 1e-3); break;
    case 2: *deviation = pow(10, -8 * unit()); break;
    case 3: *deviation = *distance / (37 * unit() + 1e-3) + 1e-3; break;
    case 4: *deviation = pow(10, 2 * unit() - 1); break;
    case 5: *deviation = pow(10, 1 - 12 * unit()); break;
    default: *deviation = power / (3 * unit() + 1e-3); break;
  }
}

int main(int argc, char **argv) {
  const assay_kernel_table *table = assay_kernel_tables()[0];
  for (const assay_kernel_table *const *t = assay_kernel_tables(); *t; t++) {
    if (argc > 1 && strcmp((*t)->name, argv[1]) == 0 && (*t)->available()) table = *t;
  }
  static double forward[ROWS], strike[ROWS], years[ROWS], rate[ROWS], sigma[ROWS], price[ROWS], vega[ROWS], found[ROWS];
  static uint8_t type[ROWS], priced[ROWS], solved[ROWS];
  for (int normal = 0; normal < 2; normal++) {
    const int pricing = normal ? ASSAY_OPERATION_bachelier : ASSAY_OPERATION_black_76;
    const int solving = normal ? ASSAY_OPERATION_bachelier_implied_volatility : ASSAY_OPERATION_black_76_implied_volatility;
    for (int regime = 0; regime < (int)(sizeof regimes / sizeof regimes[0]); regime++) {
      for (int i = 0; i < ROWS; i++) {
        double distance, deviation;
        draw(regime, &distance, &deviation);
        forward[i] = 100, years[i] = 0.25 + unit(), rate[i] = 0.03, type[i] = 0;
        strike[i] = normal ? 100 + distance : 100 * exp(distance);
        sigma[i] = deviation / sqrt(years[i]);
      }
      assay_column p[24] = {{type, 0}, {forward, 0}, {strike, 0}, {years, 0}, {rate, 0}, {sigma, 0}, {priced, 0}, {price, 0}};
      p[10].data = vega;
      table->kernels[pricing](p, 0, ROWS);
      assay_column v[8] = {{type, 0}, {forward, 0}, {strike, 0}, {years, 0}, {rate, 0}, {price, 0}, {solved, 0}, {found, 0}};
      table->kernels[solving](v, 0, ROWS);
      long rows = 0, bound = 0;
      double total = 0, worst = 0;
      for (int i = 0; i < ROWS; i++) {
        if (!(price[i] > 1e-300)) continue;
        if (solved[i] != ASSAY_ACCEPTED) {
          bound++;
          continue;
        }
        const double error = fabs(found[i] - sigma[i]) / (0x1p-52 * price[i] / vega[i] + 0x1p-52 * sigma[i]);
        rows++, total += error, worst = error > worst ? error : worst;
      }
      printf("%-10s %-26s %7ld rows %6ld at the bounds   mean %5.2f   worst %5.2f\n", normal ? "bachelier" : "black_76",
             regimes[regime], rows, bound, total / (double)rows, worst);
    }
  }
  return 0;
}
