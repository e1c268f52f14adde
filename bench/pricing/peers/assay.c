// Assay's kernels on the peers' book: price, price and five Greeks, all measures, implied volatility, a scenario grid.
#include "assay_kernels.h"
#include "book.h"

static void run(const assay_kernel_table *table, const book *b, const char *size) {
  char name[96];
  assay_column c[32] = {{b->type, NULL}};
  const int measures = assay_operations()[ASSAY_OPERATION_black_scholes].column_count - 8;
  for (int i = 0; i < BOOK_COLUMNS; i++) c[1 + i].data = b->in[i];
  uint8_t *verdict = book_memory((size_t)b->rows);
  c[7].data = verdict;
  const assay_kernel price = table->kernels[ASSAY_OPERATION_black_scholes];
  c[8].data = b->out[0];
  snprintf(name, sizeof name, "assay %s, %s, price", table->name, size);
  BOOK_TIME(name, b->rows, price(c, 0, b->rows));
  for (int i = 0; i < BOOK_OUTPUTS; i++) c[8 + i].data = b->out[i];
  snprintf(name, sizeof name, "assay %s, %s, price + 5 Greeks", table->name, size);
  BOOK_TIME(name, b->rows, price(c, 0, b->rows));

  assay_column v[9];
  memcpy(v, c, 6 * sizeof v[0]);
  v[6] = c[8], v[7] = c[7], v[8].data = book_memory((size_t)b->rows * 8), v[8].offsets = NULL;
  snprintf(name, sizeof name, "assay %s, %s, implied volatility", table->name, size);
  BOOK_TIME(name, b->rows, table->kernels[ASSAY_OPERATION_black_scholes_implied_volatility](v, 0, b->rows));
  free(v[8].data);

  for (int i = BOOK_OUTPUTS; i < measures; i++) c[8 + i].data = book_memory((size_t)b->rows * 8);
  snprintf(name, sizeof name, "assay %s, %s, all %d measures", table->name, size, measures);
  BOOK_TIME(name, b->rows, price(c, 0, b->rows));
  for (int i = BOOK_OUTPUTS; i < measures; i++) free(c[8 + i].data);
  free(verdict);
}

/// 100,000 options under 27 scenarios.
static void grid(const assay_kernel_table *table) {
  const book b = book_make(100000);
  double shift[2][32];
  for (int i = 0; i < 32; i++) {
    const int scenario = i < 27 ? i : 26;
    shift[0][i] = 0.05 * (scenario / 3 - 4), shift[1][i] = 0.1 * (scenario % 3 - 1);
  }
  assay_column c[11] = {{b.type, NULL}};
  for (int i = 0; i < BOOK_COLUMNS; i++) c[1 + i].data = b.in[i];
  c[7].data = shift[0], c[8].data = shift[1];
  c[9].data = book_memory((size_t)b.rows), c[10].data = book_memory((size_t)b.rows * 256);
  const assay_kernel kernel = table->kernels[ASSAY_OPERATION_black_scholes_grid];
  double took[21];
  for (int k = 0; k < 21; k++) {
    const double start = book_clock();
    kernel(c, 0, b.rows);
    took[k] = book_clock() - start;
  }
  qsort(took, 21, sizeof took[0], book_order);
  printf("assay %s, grid of 100,000 options x 27 scenarios %13.1f ms, median %.1f\n", table->name, took[0] * 1e3,
         took[10] * 1e3);
}

/// Price, then price and five Greeks, of rows that are chains.
static void chains(const assay_kernel_table *table, const book *b) {
  char name[96];
  assay_column c[32] = {{b->type, NULL}};
  for (int i = 0; i < BOOK_COLUMNS; i++) c[1 + i].data = b->in[i];
  c[7].data = book_memory((size_t)b->rows);
  const assay_kernel price = table->kernels[ASSAY_OPERATION_black_scholes];
  for (int outputs = 1; outputs <= BOOK_OUTPUTS; outputs += BOOK_OUTPUTS - 1) {
    for (int i = 0; i < outputs; i++) c[8 + i].data = b->out[i];
    snprintf(name, sizeof name, "assay %s, 4,096 rows in chains, price%s", table->name, outputs == 1 ? "" : " + 5 Greeks");
    BOOK_TIME(name, b->rows, price(c, 0, b->rows));
  }
  free(c[7].data);
}

/// What memory alone allows: seven inputs read and `outputs` columns written, with nothing computed.
static void memory_bound(const book *b, int outputs) {
  char name[96];
  snprintf(name, sizeof name, "memory alone, a million rows, %d outputs", outputs);
  BOOK_TIME(name, b->rows, {
    for (long i = 0; i < b->rows; i++) {
      double sum = b->type[i];
      for (int j = 0; j < BOOK_COLUMNS; j++) sum += b->in[j][i];
      for (int j = 0; j < outputs; j++) b->out[j][i] = sum;
    }
  });
}

int main(void) {
  const book small = book_make(4096), large = book_make(1000000), chain = book_make_chains(4096);
  for (const assay_kernel_table *const *t = assay_kernel_tables(); *t; t++) {
    if (!(*t)->kernels[ASSAY_OPERATION_black_scholes] || !(*t)->available()) continue;
    run(*t, &small, "4,096 rows");
    chains(*t, &chain);
    if (t == assay_kernel_tables()) continue;
    run(*t, &large, "a million rows");
    grid(*t);
  }
  memory_bound(&large, 1);
  memory_bound(&large, 6);
  return 0;
}
