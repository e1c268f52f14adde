// Functions of 18-decimal fixed-point numbers as contracts on chain compute them, one per row; margin/evm_functions.h has the
// arithmetic. Numbers are 32-byte big-endian words, signed for evm18_ln, evm18_exp and the normal distribution, unsigned for
// evm18_sqrt. Where the contracts revert (a logarithm of 0 or less, an overflow) the row is `invalid-number` and its result 0.

#if DIALECT_PORTABLE
#include "margin/evm_functions.h"

INLINE uint8_t evm_store(uint8_t *bytes, word256 value, int fits) {
  word_store(bytes, fits ? value : word_from_u64(0));
  return fits ? ASSAY_ACCEPTED : ASSAY_REASON_invalidNumber;
}

/// A kernel of one number `x`: `value` may clear `fits`.
#define EVM_FUNCTION(name, value)                                             \
  KERNEL(name) {                                                              \
    const assay_##name##_columns *c = COLUMNS(name);                          \
    const uint8_t *numbers = c->number.data;                                  \
    uint8_t *results = c->result.data, *verdicts = c->verdict.data;           \
    for (int64_t row = first; row < end; row++) {                             \
      const word256 x = word_load(numbers + 32 * row);                        \
      int fits = 1;                                                           \
      const word256 result = value;                                           \
      verdicts[row] = evm_store(results + 32 * row, result, fits);            \
    }                                                                         \
  }

INLINE word256 evm_ln_checked(word256 x, int *fits) {
  *fits = !word_is_negative(x) && !word_is_zero(x);
  return *fits ? evm_ln(x) : x;
}

#define ASSAY_PROVIDES_evm18_ln ASSAY_YES
#define ASSAY_PROVIDES_evm18_exp ASSAY_YES
#define ASSAY_PROVIDES_evm18_sqrt ASSAY_YES
#define ASSAY_PROVIDES_evm18_normal_cdf ASSAY_YES
#define ASSAY_PROVIDES_evm18_normal_density ASSAY_YES
#define ASSAY_PROVIDES_evm18_power ASSAY_YES
EVM_FUNCTION(evm18_ln, evm_ln_checked(x, &fits))
EVM_FUNCTION(evm18_exp, evm_exp(x, &fits))
EVM_FUNCTION(evm18_sqrt, evm_sqrt(x, &fits))
EVM_FUNCTION(evm18_normal_cdf, evm_normal_cdf(x))
EVM_FUNCTION(evm18_normal_density, evm_normal_density(x, &fits))

KERNEL(evm18_power) {
  const assay_evm18_power_columns *c = COLUMNS(evm18_power);
  const uint8_t *bases = c->base.data, *exponents = c->exponent.data;
  uint8_t *results = c->result.data, *verdicts = c->verdict.data;
  for (int64_t row = first; row < end; row++) {
    int fits = 1;
    const word256 result = evm_power(word_load(bases + 32 * row), word_load(exponents + 32 * row), &fits);
    verdicts[row] = evm_store(results + 32 * row, result, fits);
  }
}
#undef EVM_FUNCTION
#endif
