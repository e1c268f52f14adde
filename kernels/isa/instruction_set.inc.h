// One instruction set: every kernel that its dialect provides, compiled for it, in a table. The including file sets what table.inc.h
// needs, and
//
//   ISA_TARGET      the compiler's target features; undefined for the build's own
//   ISA_DIALECT     the header of the vector vocabulary
//   DIALECT_*       what kernel text may ask for (dialect/common.h)
#define ASSAY_TABLE_NAME TABLE_ID
#if defined(ISA_TARGET)
#pragma clang attribute push(__attribute__((target(ISA_TARGET))), apply_to = function)
#endif
#include ISA_DIALECT

#define ASSAY_KERNEL_TEXT 1
#include "operations.def"
#undef ASSAY_KERNEL_TEXT
#if defined(ISA_TARGET)
#pragma clang attribute pop
#endif

#include "isa/table.inc.h"
