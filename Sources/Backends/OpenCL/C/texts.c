// The kernel text as bytes: every file that the OpenCL program is assembled from, one entry per file. The names are those that
// `#include` uses. (`Tests/BackendOpenCLTests` fails when a file with OpenCL text is missing here.)
#include "assay_opencl.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const assay_opencl_text texts[] = {
  {"dialect/opencl.h", (const char[]){
#embed "../../../../kernels/dialect/opencl.h" suffix(, 0)
  }},
  {"operations.def", (const char[]){
#embed "../../../../kernels/operations/operations.def" suffix(, 0)
  }},
  {"reasons.def", (const char[]){
#embed "../../../../kernels/operations/reasons.def" suffix(, 0)
  }},
  {"hash/sha256.kernel.h", (const char[]){
#embed "../../../../kernels/hash/sha256.kernel.h" suffix(, 0)
  }},
  {"hash/rfc6962_node.kernel.h", (const char[]){
#embed "../../../../kernels/hash/rfc6962_node.kernel.h" suffix(, 0)
  }},
  {"hash/keccak256.kernel.h", (const char[]){
#embed "../../../../kernels/hash/keccak256.kernel.h" suffix(, 0)
  }},
  {"number/coefficients.h", (const char[]){
#embed "../../../../kernels/number/coefficients.h" suffix(, 0)
  }},
  {"number/double_double.h", (const char[]){
#embed "../../../../kernels/number/double_double.h" suffix(, 0)
  }},
  {"number/double_double_functions.h", (const char[]){
#embed "../../../../kernels/number/double_double_functions.h" suffix(, 0)
  }},
  {"number/normal_tail.h", (const char[]){
#embed "../../../../kernels/number/normal_tail.h" suffix(, 0)
  }},
  {"number/exponential.h", (const char[]){
#embed "../../../../kernels/number/exponential.h" suffix(, 0)
  }},
  {"number/logarithm.h", (const char[]){
#embed "../../../../kernels/number/logarithm.h" suffix(, 0)
  }},
  {"pricing/american.kernel.h", (const char[]){
#embed "../../../../kernels/pricing/american.kernel.h" suffix(, 0)
  }},
  {"pricing/american_boundary.h", (const char[]){
#embed "../../../../kernels/pricing/american_boundary.h" suffix(, 0)
  }},
  {"pricing/american_implied.h", (const char[]){
#embed "../../../../kernels/pricing/american_implied.h" suffix(, 0)
  }},
  {"pricing/american_premium.h", (const char[]){
#embed "../../../../kernels/pricing/american_premium.h" suffix(, 0)
  }},
  {"pricing/american_row.h", (const char[]){
#embed "../../../../kernels/pricing/american_row.h" suffix(, 0)
  }},
  {"pricing/american_scheme.h", (const char[]){
#embed "../../../../kernels/pricing/american_scheme.h" suffix(, 0)
  }},
  {"pricing/bachelier.kernel.h", (const char[]){
#embed "../../../../kernels/pricing/bachelier.kernel.h" suffix(, 0)
  }},
  {"pricing/bachelier_row.h", (const char[]){
#embed "../../../../kernels/pricing/bachelier_row.h" suffix(, 0)
  }},
  {"pricing/black_scholes.kernel.h", (const char[]){
#embed "../../../../kernels/pricing/black_scholes.kernel.h" suffix(, 0)
  }},
  {"pricing/black_scholes_grid.kernel.h", (const char[]){
#embed "../../../../kernels/pricing/black_scholes_grid.kernel.h" suffix(, 0)
  }},
  {"pricing/black_scholes_greeks.h", (const char[]){
#embed "../../../../kernels/pricing/black_scholes_greeks.h" suffix(, 0)
  }},
  {"pricing/black_scholes_item.h", (const char[]){
#embed "../../../../kernels/pricing/black_scholes_item.h" suffix(, 0)
  }},
  {"pricing/black_scholes_row.h", (const char[]){
#embed "../../../../kernels/pricing/black_scholes_row.h" suffix(, 0)
  }},
  {"pricing/cancellation.h", (const char[]){
#embed "../../../../kernels/pricing/cancellation.h" suffix(, 0)
  }},
  {"pricing/coin_measures.h", (const char[]){
#embed "../../../../kernels/pricing/coin_measures.h" suffix(, 0)
  }},
  {"pricing/implied_volatility.kernel.h", (const char[]){
#embed "../../../../kernels/pricing/implied_volatility.kernel.h" suffix(, 0)
  }},
  {"pricing/implied_volatility_row.h", (const char[]){
#embed "../../../../kernels/pricing/implied_volatility_row.h" suffix(, 0)
  }},
  {"pricing/linear.kernel.h", (const char[]){
#embed "../../../../kernels/pricing/linear.kernel.h" suffix(, 0)
  }},
  {"risk/exact_sum.kernel.h", (const char[]){
#embed "../../../../kernels/risk/exact_sum.kernel.h" suffix(, 0)
  }},
};

const assay_opencl_text *assay_opencl_texts(int32_t *count) {
  *count = (int32_t)(sizeof texts / sizeof texts[0]);
  return texts;
}
