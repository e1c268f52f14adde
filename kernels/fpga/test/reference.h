// The portable kernels of the hashes, which the RTL is compared with; those of other operations need not be compiled for that.
#pragma once

#define ASSAY_TABLE_NAME reference
#define DIALECT_PORTABLE 1
#define DIALECT_ROWS 1
#include "dialect/portable.h"

#include "hash/sha256.kernel.h"

#include "hash/rfc6962_node.kernel.h"

#include "hash/keccak256.kernel.h"

/// The portable kernel of the operation with this id; null when it is none of the board's.
static inline assay_kernel reference_kernel(int id) {
  switch (id) {
    case ASSAY_OPERATION_sha256_pair: return reference_sha256_pair;
    case ASSAY_OPERATION_sha256_rfc6962_node: return reference_sha256_rfc6962_node;
    case ASSAY_OPERATION_sha256d_pair: return reference_sha256d_pair;
    case ASSAY_OPERATION_keccak256_pair: return reference_keccak256_pair;
    default: return NULL;
  }
}
