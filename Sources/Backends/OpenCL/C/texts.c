// The kernel text as bytes: every file that the OpenCL program is assembled from, one entry a file. The names are those that
// `#include` uses. (`Tests/BackendOpenCLTests` fails when a file with OpenCL text is missing here.)
#include "assay_opencl.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char dialect_opencl[] = {
#embed "../../../../kernels/dialect/opencl.h"
};
static const char operations[] = {
#embed "../../../../kernels/operations/operations.def"
};
static const char reasons[] = {
#embed "../../../../kernels/operations/reasons.def"
};
static const char hash_sha256[] = {
#embed "../../../../kernels/hash/sha256.kernel.h"
};
static const char hash_rfc6962_node[] = {
#embed "../../../../kernels/hash/rfc6962_node.kernel.h"
};
static const char hash_keccak256[] = {
#embed "../../../../kernels/hash/keccak256.kernel.h"
};
static const char number_coefficients[] = {
#embed "../../../../kernels/number/coefficients.h"
};
static const char number_double_double[] = {
#embed "../../../../kernels/number/double_double.h"
};
static const char number_double_double_functions[] = {
#embed "../../../../kernels/number/double_double_functions.h"
};
static const char number_normal_tail[] = {
#embed "../../../../kernels/number/normal_tail.h"
};
static const char number_exponential[] = {
#embed "../../../../kernels/number/exponential.h"
};
static const char number_logarithm[] = {
#embed "../../../../kernels/number/logarithm.h"
};
static const char pricing_american_kernel[] = {
#embed "../../../../kernels/pricing/american.kernel.h"
};
static const char pricing_american_boundary[] = {
#embed "../../../../kernels/pricing/american_boundary.h"
};
static const char pricing_american_implied[] = {
#embed "../../../../kernels/pricing/american_implied.h"
};
static const char pricing_american_premium[] = {
#embed "../../../../kernels/pricing/american_premium.h"
};
static const char pricing_american_row[] = {
#embed "../../../../kernels/pricing/american_row.h"
};
static const char pricing_american_scheme[] = {
#embed "../../../../kernels/pricing/american_scheme.h"
};
static const char pricing_bachelier[] = {
#embed "../../../../kernels/pricing/bachelier.kernel.h"
};
static const char pricing_bachelier_row[] = {
#embed "../../../../kernels/pricing/bachelier_row.h"
};
static const char pricing_black_scholes[] = {
#embed "../../../../kernels/pricing/black_scholes.kernel.h"
};
static const char pricing_black_scholes_grid[] = {
#embed "../../../../kernels/pricing/black_scholes_grid.kernel.h"
};
static const char pricing_black_scholes_greeks[] = {
#embed "../../../../kernels/pricing/black_scholes_greeks.h"
};
static const char pricing_black_scholes_item[] = {
#embed "../../../../kernels/pricing/black_scholes_item.h"
};
static const char pricing_black_scholes_row[] = {
#embed "../../../../kernels/pricing/black_scholes_row.h"
};
static const char pricing_cancellation[] = {
#embed "../../../../kernels/pricing/cancellation.h"
};
static const char pricing_coin_measures[] = {
#embed "../../../../kernels/pricing/coin_measures.h"
};
static const char pricing_implied_volatility[] = {
#embed "../../../../kernels/pricing/implied_volatility.kernel.h"
};
static const char pricing_implied_volatility_row[] = {
#embed "../../../../kernels/pricing/implied_volatility_row.h"
};

static const char risk_exact_sum[] = {
#embed "../../../../kernels/risk/exact_sum.kernel.h"
};

#define TEXT(name, array) {name, array, sizeof array}

const assay_opencl_text *assay_opencl_texts(int32_t *count) {
  static const assay_opencl_text texts[] = {
    TEXT("dialect/opencl.h", dialect_opencl),
    TEXT("operations.def", operations),
    TEXT("reasons.def", reasons),
    TEXT("hash/sha256.kernel.h", hash_sha256),
    TEXT("hash/rfc6962_node.kernel.h", hash_rfc6962_node),
    TEXT("hash/keccak256.kernel.h", hash_keccak256),
    TEXT("number/coefficients.h", number_coefficients),
    TEXT("number/double_double.h", number_double_double),
    TEXT("number/double_double_functions.h", number_double_double_functions),
    TEXT("number/normal_tail.h", number_normal_tail),
    TEXT("number/exponential.h", number_exponential),
    TEXT("number/logarithm.h", number_logarithm),
    TEXT("pricing/american.kernel.h", pricing_american_kernel),
    TEXT("pricing/american_boundary.h", pricing_american_boundary),
    TEXT("pricing/american_implied.h", pricing_american_implied),
    TEXT("pricing/american_premium.h", pricing_american_premium),
    TEXT("pricing/american_row.h", pricing_american_row),
    TEXT("pricing/american_scheme.h", pricing_american_scheme),
    TEXT("pricing/bachelier.kernel.h", pricing_bachelier),
    TEXT("pricing/bachelier_row.h", pricing_bachelier_row),
    TEXT("pricing/black_scholes.kernel.h", pricing_black_scholes),
    TEXT("pricing/black_scholes_grid.kernel.h", pricing_black_scholes_grid),
    TEXT("pricing/black_scholes_greeks.h", pricing_black_scholes_greeks),
    TEXT("pricing/black_scholes_item.h", pricing_black_scholes_item),
    TEXT("pricing/black_scholes_row.h", pricing_black_scholes_row),
    TEXT("pricing/cancellation.h", pricing_cancellation),
    TEXT("pricing/coin_measures.h", pricing_coin_measures),
    TEXT("pricing/implied_volatility.kernel.h", pricing_implied_volatility),
    TEXT("pricing/implied_volatility_row.h", pricing_implied_volatility_row),
    TEXT("risk/exact_sum.kernel.h", risk_exact_sum),
  };
  *count = (int32_t)(sizeof texts / sizeof texts[0]);
  return texts;
}
