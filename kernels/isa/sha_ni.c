// x86-64 with the SHA extensions: SHA-256 by dedicated instructions.
#define ASSAY_TABLE_NAME sha_ni
#define DIALECT_SHA_NI 1
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("sha,sse4.1,ssse3,bmi2"))), apply_to = function)
#include "dialect/avx2.h"

#define ASSAY_KERNEL_TEXT 1
#include "operations.def"
#undef ASSAY_KERNEL_TEXT
#pragma clang attribute pop

#include <cpuid.h>

static int available(void) {
  unsigned eax, ebx, ecx, edx;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 0;
  return (ebx >> 29 & 1) && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("bmi2");
}

#include "isa/table.h"

const assay_kernel_table assay_table_sha_ni = {
  .name = "sha-ni",
  .family = ASSAY_FAMILY_SIMD,
  .requires = "x86-64 with the SHA extensions",
  .available = available,
  .kernels = {
#define OPERATION(name, version, chunk, digest, columns) ASSAY_ENTRY(ASSAY_DEFINED(ASSAY_PROVIDES_##name), name)
#include "operations.def"
  },
};
#endif
