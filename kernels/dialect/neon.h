// ARMv8-A with Advanced SIMD: two binary64 lanes. It ran in an emulator; no such processor has run it yet.
#include <arm_neon.h>

#include "dialect/common.h"

#define LANES 2
#define GROUP 4
#define SWEEP 4
#include "dialect/vector.h"
