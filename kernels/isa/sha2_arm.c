// ARMv8-A with the SHA-2 extension: SHA-256 by dedicated instructions.
#if defined(__aarch64__)
#define TABLE_ID sha2_arm
#define TABLE_NAME "sha2-arm"
#define TABLE_FAMILY ASSAY_FAMILY_SIMD
#define TABLE_REQUIRES "ARMv8-A with the SHA-2 extension"
#define ISA_TARGET "sha2"
#define ISA_DIALECT "dialect/neon.h"
#define DIALECT_SHA2_ARM 1

#if defined(__linux__)
#include <sys/auxv.h>
static int available(void) { return (getauxval(AT_HWCAP) >> 6 & 1) != 0; }
#else
static int available(void) { return 1; }
#endif

#include "isa/instruction_set.inc.h"
#endif
