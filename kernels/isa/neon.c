// ARMv8-A with Advanced SIMD.
#define ASSAY_TABLE_NAME neon
#define DIALECT_NEON 1
#if defined(__aarch64__)
#include "dialect/neon.h"

#define ASSAY_KERNEL_TEXT 1
#include "operations.def"
#undef ASSAY_KERNEL_TEXT

static int available(void) { return 1; }

#include "isa/table.h"

const assay_kernel_table assay_table_neon = {
  .name = "neon",
  .family = ASSAY_FAMILY_SIMD,
  .requires = "ARMv8-A with Advanced SIMD",
  .available = available,
  .kernels = {
#define OPERATION(name, version, chunk, digest, columns) ASSAY_ENTRY(ASSAY_DEFINED(ASSAY_PROVIDES_##name), name)
#include "operations.def"
  },
};
#endif
