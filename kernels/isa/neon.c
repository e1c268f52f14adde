// ARMv8-A with Advanced SIMD.
#if defined(__aarch64__)
#define TABLE_ID neon
#define TABLE_NAME "neon"
#define TABLE_FAMILY ASSAY_FAMILY_SIMD
#define TABLE_REQUIRES "ARMv8-A with Advanced SIMD"
#define ISA_DIALECT "dialect/neon.h"
#define DIALECT_NEON 1
#define DIALECT_LANES 1

static int available(void) { return 1; }

#include "isa/instruction_set.inc.h"
#endif
