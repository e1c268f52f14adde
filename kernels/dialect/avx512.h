// x86-64 with AVX-512 (F, DQ, BW, VL): sixteen binary64 lanes in two registers.
#include <immintrin.h>

#include "dialect/common.h"

// Wide vectors cross no call: what takes or returns one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
#define GROUP 4
#define SWEEP 4
#include "dialect/vector.h"
