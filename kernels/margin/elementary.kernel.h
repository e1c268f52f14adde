// exp and ln in binary64, one number per row, within 0.8 units of the last place: what rules in floating point need beside prices.
//
// exponential: 0 below -708, infinity above 709. logarithm: of a positive normal number. Any other number is `invalid-number` and
// the canonical NaN.

#if DIALECT_PORTABLE
#include "number/exponential.h"
#include "number/logarithm.h"

#define ASSAY_PROVIDES_exponential ASSAY_YES
KERNEL(exponential) {
  const assay_exponential_columns *c = COLUMNS(exponential);
  const double *numbers = c->number.data;
  double *results = c->result.data;
  uint8_t *verdicts = c->verdict.data;
  for (int64_t row = first; row < end; row++) {
    const double x = numbers[row];
    const int is_number = x == x;
    double value = FLOAT((I64)0x7FF8000000000000);
    if (is_number) value = x < -708 ? 0.0 : x > 709 ? FLOAT((I64)0x7FF0000000000000) : number_exp(x, 0.0);
    results[row] = value;
    verdicts[row] = is_number ? ASSAY_ACCEPTED : ASSAY_REASON_invalidNumber;
  }
}

#define ASSAY_PROVIDES_logarithm ASSAY_YES
KERNEL(logarithm) {
  const assay_logarithm_columns *c = COLUMNS(logarithm);
  const double *numbers = c->number.data;
  double *results = c->result.data;
  uint8_t *verdicts = c->verdict.data;
  for (int64_t row = first; row < end; row++) {
    const double x = numbers[row];
    const int is_normal = x >= 0x1p-1022 && x < FLOAT((I64)0x7FF0000000000000);
    double low = 0, value = FLOAT((I64)0x7FF8000000000000);
    if (is_normal) value = number_log(number_ratio_of(x, 1.0), &low);
    results[row] = value;
    verdicts[row] = is_normal ? ASSAY_ACCEPTED : ASSAY_REASON_invalidNumber;
  }
}
#endif
