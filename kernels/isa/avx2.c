// x86-64 with AVX2, FMA, BMI2 and ADX.
#if defined(__x86_64__)
#define TABLE_ID avx2
#define TABLE_NAME "avx2"
#define TABLE_FAMILY ASSAY_FAMILY_SIMD
#define TABLE_REQUIRES "x86-64 with AVX2, FMA, BMI2 and ADX"
#define ISA_TARGET "avx2,fma,bmi,bmi2,adx,lzcnt,popcnt"
#define ISA_DIALECT "dialect/avx2.h"
#define DIALECT_AVX2 1
#define DIALECT_LANES 1
#define DIALECT_LIMBS 1
#define DIALECT_SLICES 1

static int available(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") &&
    __builtin_cpu_supports("adx");
}

#include "isa/instruction_set.inc.h"
#endif
