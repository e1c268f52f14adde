// The lane kernels with AVX-512 but without IFMA: eight rows at a time.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#include "lanes/fma8.h"

static int available(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}
#define LANES_TABLE assay_lanes_fma8
#define LANES_NAME "fma8"
#define LANES_FAMILY ASSAY_FAMILY_SIMD
#define LANES_REQUIRES "x86-64 with AVX-512 F, DQ, BW and VL"
#include "isa/lanes.inc.h"
#pragma clang attribute pop
#endif
