// The vocabulary shared by kernels, backends and Swift: operations, columns and reasons, all made from the two .def files.
#ifndef ASSAY_OPERATIONS_H
#define ASSAY_OPERATIONS_H

#include <stdint.h>

// ids

typedef enum assay_operation_id {
#define IN(kind, name)
#define IN_OR(kind, name, number)
#define SHARED(kind, name)
#define OUT(kind, name)
#define OPTIONAL(kind, name)
#define OPERATION(name, version, chunk, digest, columns) ASSAY_OPERATION_##name,
#include "operations.def"
  ASSAY_OPERATION_COUNT
} assay_operation_id;
#undef IN
#undef IN_OR
#undef SHARED
#undef OUT
#undef OPTIONAL

/// A verdict byte: accepted, or a reason. 0 and 0xFF are never verdicts.
enum { ASSAY_UNWRITTEN = 0, ASSAY_ACCEPTED = 0xA5 };
enum {
#define REASON(code, identifier, name, sentence) ASSAY_REASON_##identifier = code,
#include "reasons.def"
};

// columns

typedef enum assay_column_kind {
  ASSAY_KIND_F64,
  ASSAY_KIND_U64,
  ASSAY_KIND_U32,
  ASSAY_KIND_U8,
  ASSAY_KIND_VERDICT,
  ASSAY_KIND_BYTES,
  ASSAY_KIND_MESSAGE
} assay_column_kind;

typedef enum assay_column_role {
  ASSAY_ROLE_IN,
  ASSAY_ROLE_SHARED,
  ASSAY_ROLE_OUT,
  ASSAY_ROLE_OPTIONAL
} assay_column_role;

/// What a column of an operation is. `width` is bytes per row; 0 for a message. `fallback` is what stands for a column that is left out;
/// NaN where nothing can.
typedef struct assay_column_description {
  const char *name;
  assay_column_kind kind;
  assay_column_role role;
  int32_t width;
  double fallback;
} assay_column_description;

/// An operation's row of operations.def. `seeds` are valid rows, column after column without padding, a message preceded by
/// its length as four little-endian bytes; null when random rows exercise the operation well.
typedef struct assay_operation_description {
  const char *name;
  int32_t version;
  int32_t chunk;
  const char *digest;
  const assay_column_description *columns;
  int32_t column_count;
  const uint8_t *seeds;
  int64_t seed_bytes;
} assay_operation_description;

/// One column's memory. Values are dense, row i at data + i * width. A message column has row i at
/// data[offsets[i] ..< offsets[i + 1]]; `offsets` is null in every other kind. Rows are absolute: a kernel that is given
/// rows [first, end) reads and writes those and no others. No alignment beyond that of the element type is promised.
typedef struct assay_column {
  void *data;
  const int64_t *offsets;
} assay_column;

/// A kernel: computes rows [first, end) of one operation. `columns` are those of operations.def in order. It owns no memory,
/// keeps no state, and gives each row the same bits whatever the range.
typedef void (*assay_kernel)(const assay_column *columns, int64_t first, int64_t end);

// A struct per operation that names its columns; the same layout as assay_column[].
#define IN(kind, name) assay_column name;
#define IN_OR(kind, name, number) assay_column name;
#define SHARED(kind, name) assay_column name;
#define OUT(kind, name) assay_column name;
#define OPTIONAL(kind, name) assay_column name;
#define OPERATION(name, version, chunk, digest, columns) \
  typedef struct assay_##name##_columns { columns } assay_##name##_columns;
#include "operations.def"
#undef IN
#undef IN_OR
#undef SHARED
#undef OUT
#undef OPTIONAL

/// Every operation, indexed by id.
const assay_operation_description *assay_operations(void);

typedef struct assay_reason_description {
  uint8_t code;
  const char *name;
  const char *sentence;
} assay_reason_description;

/// Every reason in the order of reasons.def.
const assay_reason_description *assay_reasons(int32_t *count);

#endif
