// The volatility of a strike from a slice of Gatheral's SVI ("A parsimonious arbitrage-free implied volatility parameterization",
// 2004) in 18-decimal fixed point, as lyra-utils reads it on chain: w = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)) with
// k = ln(strike / forward) held within 4 sqrt(a + b sigma), w held below 144, volatility sqrt(w / tau).
//
// Every number is a 32-byte big-endian word, a, rho and m signed. `invalid-number`: the contracts revert (w below 0, forward or
// tau 0, an overflow), or a number is not in [-2^127, 2^127), beyond which no feed's slice is.

#if DIALECT_PORTABLE
#include "margin/evm_functions.h"

typedef struct {
  word256 strike, a, b, rho, m, sigma, forward, tau;
} evm_svi_slice;

/// a * b / 1e18, truncated; `*fits` becomes 0 when the product is outside int256.
INLINE word256 evm_multiply_checked(word256 a, word256 b, int *fits) {
  return word_divide_signed_by_limb(word_multiply_checked(a, b, fits), EVM_UNIT);
}

INLINE word256 evm_svi_volatility(const evm_svi_slice *s, int *fits) {
  const word256 zero = word_from_u64(0), unit = word_from_u64(EVM_UNIT);
  if (word_is_zero(s->strike)) return zero;
  const word256 level = word_add(s->a, evm_multiply_checked(s->b, s->sigma, fits));
  if (word_is_zero(s->forward) || word_is_zero(s->tau) || word_is_negative(level)) *fits = 0;
  if (!*fits) return zero;
  const word256 bound = word_multiply(evm_sqrt(level, fits), word_from_u64(4));
  const word256 moneyness = word_divide(word_multiply(s->strike, unit), s->forward);
  word256 k = word_negate(bound);
  if (!word_is_zero(moneyness)) {
    k = evm_ln(moneyness);
    if (word_compare_signed(k, bound) > 0) k = bound;
    if (word_compare_signed(k, word_negate(bound)) < 0) k = word_negate(bound);
  }
  const word256 distance = word_subtract(k, s->m);
  const word256 square = word_add(
    evm_multiply_checked(distance, distance, fits), evm_multiply_checked(s->sigma, s->sigma, fits));
  const word256 inner = word_add(evm_sqrt(square, fits), evm_multiply_checked(s->rho, distance, fits));
  word256 w = word_add(s->a, evm_multiply_checked(s->b, inner, fits));
  const word256 most = EVM_HIGH_LOW(0x7ull, 0xce66c50e28400000ull);
  if (word_is_negative(w)) *fits = 0;
  if (word_compare_signed(w, most) > 0) w = most;
  return *fits ? evm_sqrt(word_divide(word_multiply(w, unit), s->tau), fits) : zero;
}

#define ASSAY_PROVIDES_evm18_svi_volatility ASSAY_YES
KERNEL(evm18_svi_volatility) {
  const assay_evm18_svi_volatility_columns *c = COLUMNS(evm18_svi_volatility);
  const assay_column inputs[8] = {c->strike, c->a, c->b, c->rho, c->m, c->sigma, c->forward, c->tau};
  uint8_t *verdicts = c->verdict.data, *volatilities = c->volatility.data;
  for (int64_t row = first; row < end; row++) {
    word256 number[8];
    int fits = 1;
    for (int i = 0; i < 8; i++) {
      number[i] = word_load((const uint8_t *)inputs[i].data + 32 * row);
      const int is_signed = i == 1 || i == 3 || i == 4;
      if (!word_is_half(number[i]) || (!is_signed && word_is_negative(number[i]))) fits = 0;
    }
    const evm_svi_slice slice = {
      number[0], number[1], number[2], number[3], number[4], number[5], number[6], number[7]};
    const word256 volatility = fits ? evm_svi_volatility(&slice, &fits) : word_from_u64(0);
    word_store(volatilities + 32 * row, fits ? volatility : word_from_u64(0));
    verdicts[row] = fits ? ASSAY_ACCEPTED : ASSAY_REASON_invalidNumber;
  }
}
#endif
