// x86-64 with AVX2, FMA and BMI2: four binary64 lanes.
#include <immintrin.h>

#include "dialect/common.h"

#define LANES 4
#include "dialect/vector.h"
