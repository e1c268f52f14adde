// The list of library tables in this build.
#include "assay_library_kernels.h"

#include <stddef.h>

extern const assay_kernel_table assay_table_libsecp256k1, assay_table_openssl;

const assay_kernel_table *const *assay_library_kernel_tables(void) {
  static const assay_kernel_table *const tables[] = {&assay_table_libsecp256k1, &assay_table_openssl, NULL};
  return tables;
}
