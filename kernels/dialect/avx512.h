// x86-64 with AVX-512 (F, DQ, BW, VL): eight binary64 lanes.
#include <immintrin.h>

#include "dialect/common.h"

#define LANES 8
#define GROUP 4
#include "dialect/vector.h"
