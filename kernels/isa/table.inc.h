// A table of kernels: those that the text before it provided, null elsewhere. The including file defines available() and sets
//
//   TABLE_ID        the table's name in C
//   TABLE_NAME      its name for users
//   TABLE_FAMILY    ASSAY_FAMILY_PORTABLE or ASSAY_FAMILY_SIMD
//   TABLE_REQUIRES  what must be there, in words
#define ASSAY_SECOND(first, second, ...) second
#define ASSAY_DEFINED(...) ASSAY_SECOND(__VA_ARGS__, 0, )
#define ASSAY_ENTRY_0(operation) [ASSAY_OPERATION_##operation] = NULL,
#define ASSAY_ENTRY_1(operation) [ASSAY_OPERATION_##operation] = ASSAY_KERNEL_NAME(operation),
#define ASSAY_ENTRY(defined, operation) ASSAY_PASTE3(ASSAY_ENTRY_, defined, )(operation)

const assay_kernel_table ASSAY_PASTE3(assay_table, _, TABLE_ID) = {
  .name = TABLE_NAME,
  .family = TABLE_FAMILY,
  .requires = TABLE_REQUIRES,
  .available = available,
  .kernels = {
#define OPERATION(name, version, chunk, digest, columns) ASSAY_ENTRY(ASSAY_DEFINED(ASSAY_PROVIDES_##name), name)
#include "operations.def"
  },
};
