// ARMv8-A with the SHA-2 extension: SHA-256 by dedicated instructions.
#define ASSAY_TABLE_NAME sha2_arm
#define DIALECT_SHA2_ARM 1
#if defined(__aarch64__)
#pragma clang attribute push(__attribute__((target("sha2"))), apply_to = function)
#include "dialect/neon.h"

#define ASSAY_KERNEL_TEXT 1
#include "operations.def"
#undef ASSAY_KERNEL_TEXT
#pragma clang attribute pop

#if defined(__linux__)
#include <sys/auxv.h>
static int available(void) { return (getauxval(AT_HWCAP) >> 6 & 1) != 0; }
#else
static int available(void) { return 1; }
#endif

#include "isa/table.h"

const assay_kernel_table assay_table_sha2_arm = {
  .name = "sha2-arm",
  .family = ASSAY_FAMILY_SIMD,
  .requires = "ARMv8-A with the SHA-2 extension",
  .available = available,
  .kernels = {
#define OPERATION(name, version, chunk, digest, columns) ASSAY_ENTRY(ASSAY_DEFINED(ASSAY_PROVIDES_##name), name)
#include "operations.def"
  },
};
#endif
