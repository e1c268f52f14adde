// x86-64 with AVX2, FMA and BMI2: eight binary64 lanes in two registers.
#include <immintrin.h>

#include "dialect/common.h"

// Wide vectors cross no call: what takes or returns one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 8
#define GROUP 4
#define SWEEP 2
#include "dialect/vector.h"
