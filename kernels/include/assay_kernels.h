// The kernel tables: which C kernel computes which operation, one table per instruction set.
#ifndef ASSAY_KERNELS_H
#define ASSAY_KERNELS_H

#include "assay_operations.h"

/// Which backend name (`--backend portable` or `simd`) a table belongs to.
typedef enum assay_family { ASSAY_FAMILY_PORTABLE, ASSAY_FAMILY_SIMD } assay_family;

/// One instruction set's kernels, indexed by operation id; null where it has none.
typedef struct assay_kernel_table {
  const char *name;
  assay_family family;
  /// What the processor must have, in words, for `assay devices`.
  const char *requires;
  /// 1 when this processor and operating system can run the table.
  int (*available)(void);
  assay_kernel kernels[ASSAY_OPERATION_COUNT];
} assay_kernel_table;

/// Every table compiled into this build, portable first; a null pointer ends the list.
const assay_kernel_table *const *assay_kernel_tables(void);

/// The table's kernel of an operation, which is below ASSAY_OPERATION_COUNT; null when it has none.
assay_kernel assay_kernel_of(const assay_kernel_table *table, int operation);

/// 1 when this thread's floating-point mode is the IEEE default that the kernels' bits depend on: round to nearest, no
/// flush to zero, all exceptions masked.
int assay_float_mode_is_default(void);
/// Sets the default floating-point mode on this thread and returns the mode that was in force.
uint64_t assay_float_mode_set_default(void);
/// Puts back a mode that assay_float_mode_set_default returned.
void assay_float_mode_restore(uint64_t mode);

#endif
