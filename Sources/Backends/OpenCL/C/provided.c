// Which operations the kernel text provides for OpenCL: the text is compiled here as C, with the OpenCL dialect in force, so
// the preprocessor answers, and text that is not even C fails the build rather than a user's driver.
#include "assay_opencl.h"

#define DIALECT_OPENCL 1
#include "dialect/opencl.h"

#define ASSAY_KERNEL_TEXT 1
#include "operations.def"
#undef ASSAY_KERNEL_TEXT

#define SECOND(first, second, ...) second
#define DEFINED(...) SECOND(__VA_ARGS__, 0, )

// Taking the function's address also proves that a provided kernel is there.
#define PASTE(a, b) a##b
#define PROVIDED(defined, name) PASTE(PROVIDED_, defined)(name)
#define PROVIDED_0(name) 0,
#define PROVIDED_1(name) (ASSAY_KERNEL_NAME(name) != 0),

const uint8_t *assay_opencl_provided(void) {
  static uint8_t provided[] = {
#define OPERATION(name, version, chunk, digest, columns) PROVIDED(DEFINED(ASSAY_PROVIDES_##name), name)
#include "operations.def"
  };
  return provided;
}
