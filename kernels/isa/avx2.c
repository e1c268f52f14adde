// x86-64 with AVX2, FMA, BMI2 and ADX.
#define ASSAY_TABLE_NAME avx2
#define DIALECT_AVX2 1
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,adx,lzcnt,popcnt"))), apply_to = function)
#include "dialect/avx2.h"

#define ASSAY_KERNEL_TEXT 1
#include "operations.def"
#undef ASSAY_KERNEL_TEXT
#pragma clang attribute pop

static int available(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") &&
    __builtin_cpu_supports("adx");
}

#include "isa/table.h"

const assay_kernel_table assay_table_avx2 = {
  .name = "avx2",
  .family = ASSAY_FAMILY_SIMD,
  .requires = "x86-64 with AVX2, FMA, BMI2 and ADX",
  .available = available,
  .kernels = {
#define OPERATION(name, version, chunk, digest, columns) ASSAY_ENTRY(ASSAY_DEFINED(ASSAY_PROVIDES_##name), name)
#include "operations.def"
  },
};
#endif
