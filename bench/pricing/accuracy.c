// Prices the rows of a 60-digit reference and prints outputs as hexadecimal, for accuracy.py to compare.
//
//   accuracy KERNEL < rows     rows: type spot strike years rate yield volatility, hexadecimal doubles
//   one line out a row: verdict and the measures of black_scholes in the order of operations.def
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_kernels.h"

int main(int argc, char **argv) {
  const assay_kernel_table *table = NULL;
  for (const assay_kernel_table *const *t = assay_kernel_tables(); *t; t++) {
    if (argc == 2 && strcmp((*t)->name, argv[1]) == 0 && (*t)->available()) table = *t;
  }
  if (!table) return fprintf(stderr, "usage: accuracy KERNEL, one this processor has\n"), 2;
  const assay_operation_description *operation = &assay_operations()[ASSAY_OPERATION_black_scholes];
  const int columns = operation->column_count;
  enum { CAPACITY = 1 << 20 };
  assay_column column[64] = {{0}};
  for (int i = 0; i < columns; i++) column[i].data = calloc(CAPACITY, 8);
  int64_t rows = 0;
  unsigned type;
  double in[6];
  while (rows < CAPACITY &&
         scanf("%u %la %la %la %la %la %la", &type, &in[0], &in[1], &in[2], &in[3], &in[4], &in[5]) == 7) {
    ((uint8_t *)column[0].data)[rows] = (uint8_t)type;
    for (int i = 0; i < 6; i++) ((double *)column[1 + i].data)[rows] = in[i];
    rows++;
  }
  table->kernels[ASSAY_OPERATION_black_scholes](column, 0, rows);
  for (int64_t row = 0; row < rows; row++) {
    printf("%u", ((uint8_t *)column[7].data)[row]);
    for (int i = 8; i < columns; i++) printf(" %a", ((double *)column[i].data)[row]);
    printf("\n");
  }
  return 0;
}
