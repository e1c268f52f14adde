// The lane kernels with AVX2 and FMA: four rows at a time.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#include "lanes/fma4.h"

static int available(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}
#define LANES_TABLE assay_lanes_fma4
#define LANES_NAME "fma4"
#define LANES_FAMILY ASSAY_FAMILY_SIMD
#define LANES_REQUIRES "x86-64 with AVX2, FMA and BMI2"
#include "isa/lanes.inc.h"
#pragma clang attribute pop
#endif
