// Portable C: the kernels that every other kernel is compared with, on any processor.
#define TABLE_ID portable
#define TABLE_NAME "portable"
#define TABLE_FAMILY ASSAY_FAMILY_PORTABLE
#define TABLE_REQUIRES "any processor"
#define ISA_DIALECT "dialect/portable.h"
#define DIALECT_PORTABLE 1
#define DIALECT_ROWS 1
#define DIALECT_LANES 1
#define DIALECT_LIMBS 1
#define DIALECT_SLICES 1

static int available(void) { return 1; }

#include "isa/instruction_set.inc.h"
