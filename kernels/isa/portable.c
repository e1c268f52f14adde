// Portable C: the kernels that every other kernel is compared with, on any processor.
#define ASSAY_TABLE_NAME portable
#define DIALECT_PORTABLE 1
#include "dialect/portable.h"

#define ASSAY_KERNEL_TEXT 1
#include "operations.def"
#undef ASSAY_KERNEL_TEXT

static int available(void) { return 1; }

#include "isa/table.h"

const assay_kernel_table assay_table_portable = {
  .name = "portable",
  .family = ASSAY_FAMILY_PORTABLE,
  .requires = "any processor",
  .available = available,
  .kernels = {
#define OPERATION(name, version, chunk, digest, columns) ASSAY_ENTRY(ASSAY_DEFINED(ASSAY_PROVIDES_##name), name)
#include "operations.def"
  },
};
