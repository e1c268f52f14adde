// OpenCL C 1.2: one row a work item. The backend assembles a program from this file, an operation's *.kernel.h text and an
// entry point made from the operation's columns. Where the text is compiled as C, to see what it provides, the address
// spaces are nothing and the types are C's.
#define DIALECT_ROWS 1
#if defined(__OPENCL_VERSION__)
#pragma OPENCL FP_CONTRACT OFF
typedef uchar uint8_t;
typedef uint uint32_t;
typedef ulong uint64_t;
typedef int int32_t;
typedef long int64_t;
#define GLOBAL __global
#define CONSTANT __constant
#define INLINE static inline
#define CALLED static
#else
#include <stdint.h>
#include <string.h>
#pragma STDC FP_CONTRACT OFF
#define GLOBAL
#define CONSTANT static const __attribute__((unused))
#define INLINE static inline __attribute__((unused))
#define CALLED static __attribute__((unused))
#endif

// The floating-point vocabulary of dialect/scalar.h; a device without binary64 does without it.
#if defined(__OPENCL_VERSION__)
#if defined(cl_khr_fp64)
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#define LANES 1
#define GROUP 1
#define SWEEP 1
typedef double F64;
typedef long I64;
typedef ulong U64;
typedef long M64;
#define FMA(a, b, c) fma((F64)(a), (F64)(b), (F64)(c))
#define PRODUCT(a, b) FMA(a, b, 0.0)
#define SQRT(a) sqrt((F64)(a))
#define LESS(a, b) (-(M64)((F64)(a) < (F64)(b)))
#define EQUAL(a, b) (-(M64)((F64)(a) == (F64)(b)))
#define SAME_BITS(a, b) (-(M64)((a) == (b)))
#define SELECT(mask, a, b) ((mask) ? (F64)(a) : (F64)(b))
#define SELECT_BITS(mask, a, b) ((mask) ? (I64)(a) : (I64)(b))
#define BITS(a) as_long((F64)(a))
#define FLOAT(a) as_double((I64)(a))
#define SHIFT_RIGHT(a, n) ((I64)((U64)(a) >> (n)))
#define SHIFT_LEFT(a, n) ((I64)((U64)(a) << (n)))
#define ALL(mask) ((mask) != 0)
#define TABLE(name, count) __constant double name[count]
#define TABLE_POINTER __constant const double *
#define UNROLL
#define ROLLED
#endif
#else
#include "dialect/scalar.h"
#endif

#define ASSAY_YES ~, 1
#define ASSAY_KERNEL_NAME(operation) opencl_##operation
#define KERNEL(operation) CALLED void ASSAY_KERNEL_NAME(operation)(const assay_column *columns_, int64_t first, int64_t end)
#define COLUMNS(operation) ((const assay_##operation##_columns *)columns_)

// The vocabulary of assay_operations.h, whose pointers lead into device memory here.
typedef struct {
  GLOBAL void *data;
  GLOBAL const int64_t *offsets;
} assay_column;

enum { ASSAY_ACCEPTED = 0xA5 };
enum {
#define REASON(code, identifier, name, sentence) ASSAY_REASON_##identifier = code,
#include "reasons.def"
};

#define IN(kind, name) assay_column name;
#define IN_OR(kind, name, number) assay_column name;
#define SHARED(kind, name) assay_column name;
#define OUT(kind, name) assay_column name;
#define OPTIONAL(kind, name) assay_column name;
#define OPERATION(name, version, chunk, digest, columns) typedef struct { columns } assay_##name##_columns;
#include "operations.def"
#undef IN
#undef IN_OR
#undef SHARED
#undef OUT
#undef OPTIONAL
