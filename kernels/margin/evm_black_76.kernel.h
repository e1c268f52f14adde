// Black-76 prices of a call and a put in 18-decimal fixed point, as lyra-utils prices them on chain: every product and quotient
// truncated, time as seconds / 31,536,000, total volatility of 24 and more at its limit. margin/evm_functions.h has the functions.
//
// `discount` is a factor in 1e-18; `volatility`, `forward` and `strike` are unsigned 32-byte big-endian words below 2^128.
// A larger one is `invalid-number`: the contracts' casts revert there.

#if DIALECT_PORTABLE
#include "margin/evm_functions.h"

enum { EVM_SECONDS_PER_YEAR = 31536000 };

/// The prices for a forward and a discount of 1; `moneyness` is strike / forward.
INLINE void evm_standard_prices(word256 moneyness, word256 total, word256 *call, word256 *put) {
  const word256 unit = word_from_u64(EVM_UNIT), limit = EVM_HIGH_LOW(0x1, 0x4d1120d7b1600000ull);
  if (word_compare(total, limit) >= 0) {
    *call = unit;
  } else {
    const word256 one = word_from_u64(1);
    if (word_is_zero(total)) total = one;
    if (word_is_zero(moneyness)) moneyness = one;
    const word256 variance = word_divide_by_limb(word_multiply(word_shift_right(total, 1), total), EVM_UNIT);
    const word256 d1 =
      word_divide_signed(word_multiply(word_subtract(variance, evm_ln(moneyness)), unit), total);
    const word256 upper = evm_normal_cdf(d1), lower = evm_normal_cdf(word_subtract(d1, total));
    const word256 paid = word_divide_by_limb(word_multiply(moneyness, lower), EVM_UNIT);
    *call = word_compare(upper, paid) >= 0 ? word_subtract(upper, paid) : word_from_u64(0);
  }
  const word256 sum = word_add(*call, moneyness);
  *put = word_compare(sum, unit) >= 0 ? word_subtract(sum, unit) : word_from_u64(0);
}

INLINE word256 evm_smaller(word256 a, word256 b) { return word_compare(a, b) > 0 ? b : a; }

INLINE void evm_black_76_row(
  uint64_t seconds, uint64_t discount, word256 volatility, word256 forward, word256 strike, word256 *call, word256 *put) {
  const word256 unit = word_from_u64(EVM_UNIT), factor = word_from_u64(discount);
  const word256 forward_now = word_divide_by_limb(word_multiply(forward, factor), EVM_UNIT);
  const word256 strike_now = word_divide_by_limb(word_multiply(strike, factor), EVM_UNIT);
  *call = word_is_zero(strike) ? forward_now : word_from_u64(0);
  *put = word_is_zero(strike) ? word_from_u64(0) : strike_now;
  if (word_is_zero(strike) || word_is_zero(forward)) return;
  const word256 years = word_divide_by_limb(word_multiply(word_from_u64(seconds), unit), EVM_SECONDS_PER_YEAR);
  // Below 2^128 * 1e18: the root always fits.
  const word256 root = word_square_root(word_multiply(years, unit));
  const word256 total = word_divide_by_limb(word_multiply(volatility, root), EVM_UNIT);
  const word256 moneyness = word_divide(word_multiply(strike, unit), forward);
  word256 standard_call, standard_put;
  evm_standard_prices(moneyness, total, &standard_call, &standard_put);
  *call = evm_smaller(word_divide_by_limb(word_multiply(standard_call, forward_now), EVM_UNIT), forward_now);
  *put = evm_smaller(word_divide_by_limb(word_multiply(standard_put, forward_now), EVM_UNIT), strike_now);
}

#define ASSAY_PROVIDES_evm18_black_76 ASSAY_YES
KERNEL(evm18_black_76) {
  const assay_evm18_black_76_columns *c = COLUMNS(evm18_black_76);
  const uint64_t *seconds = c->seconds.data, *discounts = c->discount.data;
  const uint8_t *volatilities = c->volatility.data, *forwards = c->forward.data, *strikes = c->strike.data;
  uint8_t *verdicts = c->verdict.data, *calls = c->call.data, *puts = c->put.data;
  for (int64_t row = first; row < end; row++) {
    const word256 volatility = word_load(volatilities + 32 * row), forward = word_load(forwards + 32 * row);
    const word256 strike = word_load(strikes + 32 * row);
    const int fits = !word_is_wide(volatility) && !word_is_wide(forward) && !word_is_wide(strike);
    word256 call = word_from_u64(0), put = call;
    if (fits) evm_black_76_row(seconds[row], discounts[row], volatility, forward, strike, &call, &put);
    verdicts[row] = fits ? ASSAY_ACCEPTED : ASSAY_REASON_invalidNumber;
    word_store(calls + 32 * row, call);
    word_store(puts + 32 * row, put);
  }
}
#endif
