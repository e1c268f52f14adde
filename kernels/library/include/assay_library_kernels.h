// Kernels that call a system library: libsecp256k1 and OpenSSL. They are the reference of the signature operations.
#ifndef ASSAY_LIBRARY_KERNELS_H
#define ASSAY_LIBRARY_KERNELS_H

#include "assay_kernels.h"

/// The tables of the libraries in this build; a null pointer ends the list.
///
/// Unlike the kernels of assay_kernel_tables(), these allocate (inside the library). When a library has no memory left, the
/// rows that it could not compute keep the verdict byte ASSAY_UNWRITTEN, which the caller must take as a failed kernel.
const assay_kernel_table *const *assay_library_kernel_tables(void);

#endif
