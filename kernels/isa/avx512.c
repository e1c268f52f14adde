// x86-64 with AVX-512 F, DQ, BW and VL.
#define ASSAY_TABLE_NAME avx512
#define DIALECT_AVX512 1
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#include "dialect/avx512.h"

#define ASSAY_KERNEL_TEXT 1
#include "operations.def"
#undef ASSAY_KERNEL_TEXT
#pragma clang attribute pop

static int available(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}

#include "isa/table.h"

const assay_kernel_table assay_table_avx512 = {
  .name = "avx512",
  .family = ASSAY_FAMILY_SIMD,
  .requires = "x86-64 with AVX-512 F, DQ, BW and VL",
  .available = available,
  .kernels = {
#define OPERATION(name, version, chunk, digest, columns) ASSAY_ENTRY(ASSAY_DEFINED(ASSAY_PROVIDES_##name), name)
#include "operations.def"
  },
};
#endif
