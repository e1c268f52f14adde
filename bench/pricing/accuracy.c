// Runs a pricing operation over rows from standard input and prints its outputs as hexadecimal, for accuracy.py to compare.
//
//   accuracy KERNEL OPERATION < rows     rows: the operation's inputs in order, the type as 0 or 1, hexadecimal doubles
//   one line out a row: the verdict's byte, then every measure in the order of operations.def
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_kernels.h"

int main(int argc, char **argv) {
  const assay_kernel_table *table = NULL;
  for (const assay_kernel_table *const *t = assay_kernel_tables(); *t; t++) {
    if (argc == 3 && strcmp((*t)->name, argv[1]) == 0 && (*t)->available()) table = *t;
  }
  int id = 0;
  while (table && id < ASSAY_OPERATION_COUNT && strcmp(assay_operations()[id].name, argv[2]) != 0) id++;
  if (!table || id == ASSAY_OPERATION_COUNT || !table->kernels[id]) {
    return fprintf(stderr, "usage: accuracy KERNEL OPERATION, a kernel that this processor has\n"), 2;
  }
  const assay_operation_description *operation = &assay_operations()[id];
  enum { CAPACITY = 1 << 20 };
  assay_column column[64] = {{0}};
  int inputs = 0;
  for (int i = 0; i < operation->column_count; i++) {
    column[i].data = calloc(CAPACITY, 8);
    inputs += operation->columns[i].role == ASSAY_ROLE_IN || operation->columns[i].role == ASSAY_ROLE_SHARED;
  }
  int64_t rows = 0;
  for (int more = 1; more && rows < CAPACITY; rows += more) {
    for (int i = 0; i < inputs && more; i++) {
      double value;
      more = scanf("%la", &value) == 1;
      if (more && operation->columns[i].width == 1) ((uint8_t *)column[i].data)[rows] = (uint8_t)value;
      if (more && operation->columns[i].width == 8) ((double *)column[i].data)[rows] = value;
    }
  }
  table->kernels[id](column, 0, rows);
  for (int64_t row = 0; row < rows; row++) {
    printf("%u", ((uint8_t *)column[inputs].data)[row]);
    for (int i = inputs + 1; i < operation->column_count; i++) printf(" %a", ((double *)column[i].data)[row]);
    printf("\n");
  }
  return 0;
}
