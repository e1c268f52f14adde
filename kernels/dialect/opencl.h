// OpenCL C 1.2: one row a work item. The backend assembles a program from this file, an operation's *.kernel.h text and an
// entry point made from the operation's columns. Where the text is compiled as C, to see what it provides, the address
// spaces are nothing and the types are C's.
#if defined(__OPENCL_VERSION__)
#pragma OPENCL FP_CONTRACT OFF
#if defined(cl_khr_fp64)
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
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
#pragma STDC FP_CONTRACT OFF
#define GLOBAL
#define CONSTANT static const __attribute__((unused))
#define INLINE static inline __attribute__((unused))
#define CALLED static __attribute__((unused))
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
#define SHARED(kind, name) assay_column name;
#define OUT(kind, name) assay_column name;
#define OPTIONAL(kind, name) assay_column name;
#define OPERATION(name, version, chunk, digest, columns) typedef struct { columns } assay_##name##_columns;
#include "operations.def"
#undef IN
#undef SHARED
#undef OUT
#undef OPTIONAL
