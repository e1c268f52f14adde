// Portable C: one row at a time, no instruction-set extension assumed.
#include "dialect/common.h"
#include "dialect/scalar.h"
