// The tables behind assay_operations.h, made from operations.def and reasons.def by the preprocessor.
#include "assay_operations.h"

#include <stddef.h>

#define ASSAY_SEED_TEXT 1
#include "operations.def"
#undef ASSAY_SEED_TEXT

// ASSAY_SEEDS_<operation> is defined as `~, 1` by a seed file; DEFINED() turns that into 1 and anything else into 0.
#define SECOND(first, second, ...) second
#define DEFINED(...) SECOND(__VA_ARGS__, 0, )
#define PASTE(a, b) a##b
#define SEEDS_IF(defined, name) PASTE(SEEDS_, defined)(name)
#define SEEDS_0(name) NULL, 0
#define SEEDS_1(name) assay_seeds_##name, sizeof assay_seeds_##name

#define WIDTH_F64 8
#define WIDTH_U64 8
#define WIDTH_U32 4
#define WIDTH_U8 1
#define WIDTH_VERDICT 1
#define WIDTH_BYTES(n) n
#define WIDTH_MESSAGE 0
#define KIND_F64 ASSAY_KIND_F64
#define KIND_U64 ASSAY_KIND_U64
#define KIND_U32 ASSAY_KIND_U32
#define KIND_U8 ASSAY_KIND_U8
#define KIND_VERDICT ASSAY_KIND_VERDICT
#define KIND_BYTES(n) ASSAY_KIND_BYTES
#define KIND_MESSAGE ASSAY_KIND_MESSAGE

#define NOTHING __builtin_nan("")
#define IN(kind, name) {#name, KIND_##kind, ASSAY_ROLE_IN, WIDTH_##kind, NOTHING},
#define IN_OR(kind, name, number) {#name, KIND_##kind, ASSAY_ROLE_IN, WIDTH_##kind, number},
#define SHARED(kind, name) {#name, KIND_##kind, ASSAY_ROLE_SHARED, WIDTH_##kind, NOTHING},
#define OUT(kind, name) {#name, KIND_##kind, ASSAY_ROLE_OUT, WIDTH_##kind, NOTHING},
#define OPTIONAL(kind, name) {#name, KIND_##kind, ASSAY_ROLE_OPTIONAL, WIDTH_##kind, NOTHING},

#define OPERATION(name, version, chunk, digest, columns) \
  static const assay_column_description name##_columns[] = {columns};
#include "operations.def"

const assay_operation_description *assay_operations(void) {
  static const assay_operation_description operations[] = {
#define OPERATION(name, version, chunk, digest, columns)                     \
  {#name,                                                                    \
   version,                                                                  \
   chunk,                                                                    \
   digest,                                                                   \
   name##_columns,                                                           \
   (int32_t)(sizeof name##_columns / sizeof name##_columns[0]),              \
   SEEDS_IF(DEFINED(ASSAY_SEEDS_##name), name)},
#include "operations.def"
  };
  return operations;
}

const assay_reason_description *assay_reasons(int32_t *count) {
  static const assay_reason_description reasons[] = {
#define REASON(code, identifier, name, sentence) {code, name, sentence},
#include "reasons.def"
  };
  *count = (int32_t)(sizeof reasons / sizeof reasons[0]);
  return reasons;
}
