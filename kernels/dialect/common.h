// What every C dialect shares. An instruction set (isa/*.c) says what its dialect can do, and the dialect defines the vector vocabulary; a
// *.kernel.h file then provides the kernels of its operations wherever the dialect can do what their text asks for:
//
//   DIALECT_ROWS      text that computes one row at a time, in portable C and in OpenCL C
//   DIALECT_LANES     text in the words of dialect/scalar.h, over LANES rows of binary64 at a time
//   DIALECT_LIMBS     text over 64-bit limbs, of one row at a time: pairings
//   DIALECT_SLICES    loops over matrices that the compiler makes vectors of
//   DIALECT_PORTABLE  portable C alone: the definition of an operation that no other dialect is faster at
//
// Text of one instruction set's own (intrinsics) asks for that: DIALECT_AVX2, _AVX512, _NEON, _SHA_NI, _SHA2_ARM, _OPENCL.
//
//   #if DIALECT_ROWS
//   #define ASSAY_PROVIDES_sha256_pair ASSAY_YES
//   KERNEL(sha256_pair) {
//     const assay_sha256_pair_columns *c = COLUMNS(sha256_pair);
//     const uint8_t *pair = c->pair.data;
//     ...
//     for (int64_t row = first; row < end; row++) ...
//   }
//   #endif
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "assay_kernels.h"

// Contraction would make a*b+c depend on the compiler; kernels say fma where they mean it (docs/determinism.md).
#pragma STDC FP_CONTRACT OFF

#define ASSAY_YES ~, 1

#define ASSAY_PASTE3_(a, b, c) a##b##c
#define ASSAY_PASTE3(a, b, c) ASSAY_PASTE3_(a, b, c)
#define ASSAY_KERNEL_NAME(operation) ASSAY_PASTE3(ASSAY_TABLE_NAME, _, operation)

#define KERNEL(operation) \
  static void ASSAY_KERNEL_NAME(operation)(const assay_column *columns_, int64_t first, int64_t end)
#define COLUMNS(operation) ((const assay_##operation##_columns *)columns_)
#define INLINE static inline __attribute__((always_inline, unused))

// For row text that OpenCL C compiles too: a function too large to inline at each use, a pointer into a column's memory, and
// a table of constants at file scope.
#define CALLED static __attribute__((noinline, unused))
#define GLOBAL
#define CONSTANT static const __attribute__((unused))
