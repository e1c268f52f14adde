// The lane kernels: signatures, one row in each lane of a vector, chunks of rows at a time.
//
// They differ from other kernels in two ways. They need memory, which the caller owns: constants, made once, and a workspace for each
// call that is under way. And they may leave a row undecided, with the verdict ASSAY_UNWRITTEN: a row whose sum meets two
// points that are equal or opposite, which hardly ever happens unless somebody made it so. The caller has it decided by the
// reference kernel, which also writes the row's other columns.
#ifndef ASSAY_LANES_H
#define ASSAY_LANES_H

#include "assay_kernels.h"

/// What a call works with. Everything is aligned to 64 bytes.
typedef struct assay_lane_memory {
  /// `constant_bytes` of the scheme, after its `prepare`; only read.
  const void *constants;
  /// `workspace_bytes` of the scheme, with any contents, used by nobody else during the call.
  void *workspace;
  /// For each of the call's rows the comb of its public key, or null; a null pointer when no key is registered. Verdicts do not depend
  /// on it.
  const void *const *combs;
} assay_lane_memory;

/// Computes `count` rows of one operation, whose numbers stand in `rows`, each within the columns. Undecided rows get the verdict
/// ASSAY_UNWRITTEN.
typedef void (*assay_lane_kernel)(const assay_column *columns, const int64_t *rows, int64_t count,
                                  const assay_lane_memory *memory);

/// The bytes of a public key.
typedef struct assay_lane_key {
  const uint8_t *bytes;
  int64_t length;
} assay_lane_key;

/// What the operations of one curve share.
typedef struct assay_lane_scheme {
  int64_t constant_bytes, workspace_bytes, comb_bytes;
  /// Makes the constants, in about a millisecond.
  void (*prepare)(void *constants, void *workspace);
} assay_lane_scheme;

/// Makes the combs, `comb_bytes` of the scheme each and aligned to 64 bytes, of `count` public keys, at most as many as the width has
/// lanes. Returns a bit for each key: 1 where it is a valid key, so that there is a comb.
typedef unsigned (*assay_lane_make_combs)(const assay_lane_key *keys, void *const *combs, int count, const assay_lane_memory *memory);

/// An operation's kernel, the scheme of its curve, and what makes combs of its public keys: null where it has no such column.
typedef struct assay_lane_entry {
  assay_lane_kernel kernel;
  const assay_lane_scheme *scheme;
  assay_lane_make_combs make_combs;
} assay_lane_entry;

/// One width's kernels, indexed by operation id; null where it has none.
typedef struct assay_lane_table {
  const char *name;
  assay_family family;
  /// How many rows share a vector.
  int lanes;
  /// What the processor must have, in words, for `assay devices`.
  const char *requires;
  /// 1 when this processor and operating system can run the table.
  int (*available)(void);
  assay_lane_entry entries[ASSAY_OPERATION_COUNT];
} assay_lane_table;

/// Every width compiled into this build, the slowest first; a null pointer ends the list.
const assay_lane_table *const *assay_lane_tables(void);

/// The table's entry for an operation, which is below ASSAY_OPERATION_COUNT.
assay_lane_entry assay_lane_entry_of(const assay_lane_table *table, int operation);

#endif
