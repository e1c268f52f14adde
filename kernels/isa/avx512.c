// x86-64 with AVX-512 F, DQ, BW and VL.
#if defined(__x86_64__)
#define TABLE_ID avx512
#define TABLE_NAME "avx512"
#define TABLE_FAMILY ASSAY_FAMILY_SIMD
#define TABLE_REQUIRES "x86-64 with AVX-512 F, DQ, BW and VL"
#define ISA_TARGET "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,bmi,bmi2,lzcnt,popcnt"
#define ISA_DIALECT "dialect/avx512.h"
#define DIALECT_AVX512 1
#define DIALECT_LANES 1
#define DIALECT_SLICES 1

static int available(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}

#include "isa/instruction_set.inc.h"
#endif
