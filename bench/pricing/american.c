// Speed of the American kernels on one core: american [ROWS] prints options a second for every kernel of this processor, accuracy and
// task, best and median of five turns. Built by build.sh.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assay_kernels.h"

enum { TURNS = 5, INPUTS = 7, OUTPUTS = 8 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t state = 20261130;
static double unit(void) {
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int named(const char *name) {
  int id = 0;
  while (strcmp(assay_operations()[id].name, name) != 0) id++;
  return id;
}

int main(int argc, char **argv) {
  const int64_t rows = argc > 1 ? atoll(argv[1]) : 4096;
  uint8_t *type = malloc((size_t)rows), *verdict = malloc((size_t)rows);
  double *input[INPUTS], *output[OUTPUTS];
  for (int i = 0; i < INPUTS; i++) input[i] = malloc((size_t)rows * sizeof(double));
  for (int i = 0; i < OUTPUTS; i++) output[i] = malloc((size_t)rows * sizeof(double));
  for (int64_t row = 0; row < rows; row++) {
    type[row] = unit() < 0.5;
    input[0][row] = 70 + 60 * unit();
    input[1][row] = 100;
    input[2][row] = 0.02 + 2 * unit();
    input[3][row] = 0.005 + 0.08 * unit();
    input[4][row] = 0.06 * unit();
    input[5][row] = 0.1 + 0.6 * unit();
  }
  for (const assay_kernel_table *const *table = assay_kernel_tables(); *table; table++) {
    static const char *names[] = {"american_fast", "american", "american_high"};
    for (int scheme = 0; scheme < 3; scheme++) {
      char implied[64];
      snprintf(implied, sizeof implied, "%s_implied_volatility", names[scheme]);
      const assay_kernel price = (*table)->kernels[named(names[scheme])], solve = (*table)->kernels[named(implied)];
      if (!price || !(*table)->available()) continue;
      // The slowest tasks take fewer rows.
      const int64_t some = scheme == 2 ? rows / 16 : rows;
      for (int task = 0; task < 3; task++) {
        const int64_t count = task == 2 ? some / 8 : some;
        assay_column column[16] = {{.data = type}};
        for (int i = 0; i < 6; i++) column[i + 1].data = input[i];
        if (task == 2) column[6].data = output[0];
        column[7].data = verdict;
        if (task == 2) column[8].data = output[7];
        else for (int i = 0; i < (task == 0 ? 1 : 6); i++) column[i + 8].data = output[i];
        double speed[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
          const double start = now();
          (task == 2 ? solve : price)(column, 0, count);
          speed[turn] = (double)count / (now() - start);
        }
        qsort(speed, TURNS, sizeof speed[0], ascending);
        static const char *tasks[] = {"price", "price + 5 Greeks", "implied volatility"};
        printf("%-10s %-14s %-20s %10.0f /s best %10.0f median\n", (*table)->name, names[scheme], tasks[task],
               speed[TURNS - 1], speed[TURNS / 2]);
      }
    }
  }
}
