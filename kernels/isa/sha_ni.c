// x86-64 with the SHA extensions: SHA-256 by dedicated instructions.
#if defined(__x86_64__)
#define TABLE_ID sha_ni
#define TABLE_NAME "sha-ni"
#define TABLE_FAMILY ASSAY_FAMILY_SIMD
#define TABLE_REQUIRES "x86-64 with the SHA extensions"
#define ISA_TARGET "sha,sse4.1,ssse3,bmi2"
#define ISA_DIALECT "dialect/avx2.h"
#define DIALECT_SHA_NI 1

#include <cpuid.h>

static int available(void) {
  unsigned eax, ebx, ecx, edx;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 0;
  return (ebx >> 29 & 1) && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("bmi2");
}

#include "isa/instruction_set.inc.h"
#endif
