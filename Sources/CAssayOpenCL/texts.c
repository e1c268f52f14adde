// The kernel text as bytes: every file that the OpenCL program is assembled from, one entry a file. The names are those that
// `#include` uses. (`Tests/BackendOpenCLTests` fails when a file with OpenCL text is missing here.)
#include "assay_opencl.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char opencl_dialect[] = {
#embed "../../kernels/dialect/opencl.h"
};
static const char reasons[] = {
#embed "../../kernels/operations/reasons.def"
};
static const char operations[] = {
#embed "../../kernels/operations/operations.def"
};
static const char sha256[] = {
#embed "../../kernels/hash/sha256.kernel.h"
};
static const char keccak256[] = {
#embed "../../kernels/hash/keccak256.kernel.h"
};
static const char black_scholes[] = {
#embed "../../kernels/pricing/black_scholes.kernel.h"
};

#define TEXT(name, array) {name, array, sizeof array}

const assay_opencl_text *assay_opencl_texts(int32_t *count) {
  static const assay_opencl_text texts[] = {
    TEXT("dialect/opencl.h", opencl_dialect),
    TEXT("reasons.def", reasons),
    TEXT("operations.def", operations),
    TEXT("hash/sha256.kernel.h", sha256),
    TEXT("hash/keccak256.kernel.h", keccak256),
    TEXT("pricing/black_scholes.kernel.h", black_scholes),
  };
  *count = (int32_t)(sizeof texts / sizeof texts[0]);
  return texts;
}
