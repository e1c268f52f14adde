// Builds a table's entries: the kernel where a *.kernel.h file provided one, null elsewhere.
//
//   .kernels = {
//   #define OPERATION(name, version, chunk, digest, columns) ASSAY_ENTRY(ASSAY_DEFINED(ASSAY_PROVIDES_##name), name)
//   #include "operations.def"
//   },
#define ASSAY_SECOND(first, second, ...) second
#define ASSAY_DEFINED(...) ASSAY_SECOND(__VA_ARGS__, 0, )
#define ASSAY_ENTRY_0(operation) [ASSAY_OPERATION_##operation] = NULL,
#define ASSAY_ENTRY_1(operation) [ASSAY_OPERATION_##operation] = ASSAY_KERNEL_NAME(operation),
#define ASSAY_ENTRY(defined, operation) ASSAY_PASTE3(ASSAY_ENTRY_, defined, )(operation)
