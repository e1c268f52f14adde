// Volatility surfaces, slice by slice: svi_slice fits one expiry's smile to raw SVI, svi_butterfly and svi_calendar check slices.
//
// svi_slice: years; points, little-endian binary64 numbers in fives: strike, spot (or forward), carry (rate less yield; 0 for a
// forward), volatility, weight. Log-moneyness k is ln(strike / (spot e^(carry years))), total variance w is volatility^2 years. Out: the
// parameters, in k and w; error, the root of the weighted mean square of w's; forward, the first point's; lowest and highest, the least
// and the largest k.
// - Fewer than 3 points, more than 1,024, or a length that is not a whole number of points: malformedRow. Strikes that are all the same,
//   a number that is not positive and finite (a carry: not finite, or beyond 100), years above 1,000: the reason of its kind.
//
// svi_butterfly: a slice, and the span of k to look at. Out: density, the least of
//   g(k) = (1 - k w'/(2 w))^2 - w'^2/4 (1/w + 1/4) + w''/2
// (Gatheral and Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14, 2014) over 400 places, and moneyness, strike
// over forward, where it is. Where density >= 0 no butterfly spread earns without risk; w <= 0 counts as -infinity.
//
// svi_calendar: two slices, the nearer first, and the span of k to compare on. Out: gap, the least of w_later - w_nearer over 400 places,
// and moneyness, strike over forward, where it is. Total variance that falls with time (gap < 0) is calendar arbitrage.
//
// log_moneyness: ln(strike / (spot e^(carry years))), with svi_slice's reasons.
//
// Bits: all follow from their rows alone. There is no OpenCL text: the search is one of many small steps.

#if DIALECT_LANES

#include "pricing/svi_slice.h"

enum { SVI_MOST_POINTS = 1024, SVI_INPUT = 5, SVI_CHECKS = 400, SVI_PARAMETERS = 5 };

/// Total variance and its two derivatives at k, and g; the parameters are a, b, rho, m, sigma.
INLINE F64 svi_variance(const double *p, F64 k, F64 *first, F64 *second) {
  const F64 from = k - p[3], root = SQRT(FMA(from, from, (F64)(p[4] * p[4])));
  const F64 inverse = 1.0 / root;
  *first = p[1] * FMA(from, inverse, (F64)(p[2]));
  *second = ((p[1] * p[4]) * p[4]) * ((inverse * inverse) * inverse);
  return FMA((F64)(p[1]), FMA((F64)(p[2]), from, root), (F64)(p[0]));
}

/// Place `i` of SVI_CHECKS between low and high, a lane after the other.
INLINE F64 svi_check_place(double low, double high, int first) {
  svi_lanes k;
  for (int lane = 0; lane < LANES; lane++) {
    const int i = first + lane < SVI_CHECKS ? first + lane : SVI_CHECKS - 1;
    k.number[lane] = SVI_FMA((high - low) * (1.0 / (SVI_CHECKS - 1)), (double)i, low);
  }
  return k.vector;
}

/// The least of what `values` gave at SVI_CHECKS places, the first of equals, and e^k there.
INLINE void svi_least(F64 value, F64 k, int first, double *least, double *at) {
  svi_lanes values, places;
  values.vector = value;
  places.vector = k;
  for (int lane = 0; lane < LANES && first + lane < SVI_CHECKS; lane++) {
    if (!(values.number[lane] < *least)) continue;
    *least = values.number[lane];
    *at = places.number[lane];
  }
}

INLINE double svi_exp_of(double x) {
  svi_lanes all;
  for (int lane = 0; lane < LANES; lane++) all.number[lane] = x < -700.0 ? -700.0 : x > 700.0 ? 700.0 : x;
  all.vector = svi_exp(all.vector);
  return all.number[0];
}

INLINE double svi_log_of(double a, double b) {
  svi_lanes numerator, denominator;
  for (int lane = 0; lane < LANES; lane++) {
    numerator.number[lane] = a;
    denominator.number[lane] = b;
  }
  numerator.vector = number_log_short(number_ratio_of(numerator.vector, denominator.vector));
  return numerator.number[0];
}

INLINE int svi_positive(double x) { return x >= 0x1p-1000 && x <= 0x1p1000; }

/// 0, or the reason of a point's numbers other than its volatility and weight.
INLINE uint8_t svi_reason(double strike, double spot, double carry, double years) {
  if (!svi_positive(years) || years > 1000.0) return ASSAY_REASON_invalidYears;
  if (!svi_positive(strike)) return ASSAY_REASON_invalidStrike;
  if (!svi_positive(spot)) return ASSAY_REASON_invalidSpot;
  return carry >= -100.0 && carry <= 100.0 ? 0 : ASSAY_REASON_invalidNumber;
}

/// Reads a slice's points into `points` as (k, w, weight) and their sums into *slice; 0 or a reason.
static uint8_t svi_read(const uint8_t *bytes, int64_t length, double years, double *points, svi_slice *slice, double *forward) {
  const int64_t size = SVI_INPUT * (int64_t)sizeof(double), count = length / size;
  if (length % size != 0 || count < 3 || count > SVI_MOST_POINTS) return ASSAY_REASON_malformedRow;
  double weight = 0.0, mean = 0.0, least = 0.0, most = 0.0, largest = 0.0;
  for (int64_t i = 0; i < count; i++) {
    double p[SVI_INPUT];
    memcpy(p, bytes + i * size, (size_t)size);
    const uint8_t reason = svi_reason(p[0], p[1], p[2], years);
    if (reason) return reason;
    if (!(p[4] >= 0x1p-200 && p[4] <= 0x1p200)) return ASSAY_REASON_invalidNumber;
    if (!(p[3] >= 0x1p-100 && p[3] <= 0x1p20)) return ASSAY_REASON_invalidVolatility;
    if (p[4] > largest) largest = p[4];
  }
  for (int64_t i = 0; i < count; i++) {
    double p[SVI_INPUT];
    memcpy(p, bytes + i * size, (size_t)size);
    const double k = SVI_FMA(-p[2], years, svi_log_of(p[0], p[1])), w = (p[3] * p[3]) * years, part = p[4] / largest;
    if (i == 0) *forward = p[1] * svi_exp_of(p[2] * years);
    points[SVI_POINT * i] = k;
    points[SVI_POINT * i + 1] = w;
    points[SVI_POINT * i + 2] = part;
    weight = weight + part;
    mean = SVI_FMA(part, w, mean);
    if (i == 0 || k < least) least = k;
    if (i == 0 || k > most) most = k;
  }
  if (!(most - least > 0x1p-40)) return ASSAY_REASON_invalidStrike;
  slice->points = points;
  slice->count = count;
  slice->weight = weight;
  slice->mean = mean / weight;
  slice->least = least;
  slice->range = most - least;
  slice->log_range = svi_log_of(slice->range, 1.0);
  return 0;
}

/// The weighted root mean square error of a fit.
INLINE double svi_error(const svi_slice *slice, const double *p) {
  svi_lanes sum;
  sum.vector = (F64)(0.0);
  for (int64_t i = 0; i < slice->count; i++) {
    F64 first, second;
    const F64 w = svi_variance(p, (F64)(slice->points[SVI_POINT * i]), &first, &second);
    const F64 rest = w - slice->points[SVI_POINT * i + 1];
    sum.vector = FMA(slice->points[SVI_POINT * i + 2] * rest, rest, sum.vector);
  }
  sum.vector = SQRT(sum.vector * (1.0 / slice->weight));
  return sum.number[0];
}

INLINE void svi_put(assay_column column, int64_t row, double value) { memcpy((double *)column.data + row, &value, sizeof value); }

/// Whether the parameters of `slices` slices and the span after them are numbers of a slice.
INLINE int svi_usable(const double *p, int slices) {
  int usable = 1;
  for (int i = 0; i < slices * SVI_PARAMETERS + 2; i++) usable &= p[i] >= -0x1p100 && p[i] <= 0x1p100;
  for (int i = 0; i < slices; i++) usable &= p[i * SVI_PARAMETERS + 4] >= 0x1p-300;
  return usable;
}

#define ASSAY_PROVIDES_svi_slice ASSAY_YES
KERNEL(svi_slice) {
  const assay_svi_slice_columns *c = COLUMNS(svi_slice);
  double points[SVI_POINT * SVI_MOST_POINTS];
  for (int64_t row = first; row < end; row++) {
    double years, p[SVI_PARAMETERS], error, forward = 0.0;
    svi_slice slice;
    memcpy(&years, (const double *)c->years.data + row, sizeof years);
    const int64_t start = c->points.offsets[row], length = c->points.offsets[row + 1] - start;
    const uint8_t reason = svi_read((const uint8_t *)c->points.data + start, length, years, points, &slice, &forward);
    ((uint8_t *)c->verdict.data)[row] = reason ? reason : ASSAY_ACCEPTED;
    if (reason == 0) {
      svi_search(&slice, p);
      error = svi_error(&slice, p);
    } else {
      error = forward = __builtin_nan("");
      for (int i = 0; i < SVI_PARAMETERS; i++) p[i] = __builtin_nan("");
    }
    const assay_column out[SVI_PARAMETERS] = {c->a, c->b, c->rho, c->m, c->sigma};
    for (int i = 0; i < SVI_PARAMETERS; i++) svi_put(out[i], row, p[i]);
    svi_put(c->error, row, error);
    svi_put(c->forward, row, forward);
    svi_put(c->lowest, row, reason ? __builtin_nan("") : slice.least);
    svi_put(c->highest, row, reason ? __builtin_nan("") : slice.least + slice.range);
  }
}

#define ASSAY_PROVIDES_svi_butterfly ASSAY_YES
KERNEL(svi_butterfly) {
  const assay_svi_butterfly_columns *c = COLUMNS(svi_butterfly);
  for (int64_t row = first; row < end; row++) {
    double p[SVI_PARAMETERS + 2], least = __builtin_inf(), at = 0.0;
    memcpy(p, (const uint8_t *)c->slice.data + row * (int64_t)sizeof p, sizeof p);
    const int usable = svi_usable(p, 1) && p[5] < p[6];
    ((uint8_t *)c->verdict.data)[row] = usable ? ASSAY_ACCEPTED : ASSAY_REASON_invalidNumber;
    for (int i = 0; i < SVI_CHECKS && usable; i += LANES) {
      const F64 k = svi_check_place(p[5], p[6], i);
      F64 slope, bend;
      const F64 w = svi_variance(p, k, &slope, &bend), inverse = 1.0 / w;
      const F64 part = FMA(-0.5 * (k * slope), inverse, 1.0), square = 0.25 * (slope * slope);
      const F64 g = FMA(0.5, bend, FMA(part, part, -(square * (inverse + 0.25))));
      svi_least(SELECT(LESS(0.0, w), g, -__builtin_inf()), k, i, &least, &at);
    }
    svi_put(c->density, row, usable ? least : __builtin_nan(""));
    svi_put(c->moneyness, row, usable ? svi_exp_of(at) : __builtin_nan(""));
  }
}

#define ASSAY_PROVIDES_svi_calendar ASSAY_YES
KERNEL(svi_calendar) {
  const assay_svi_calendar_columns *c = COLUMNS(svi_calendar);
  for (int64_t row = first; row < end; row++) {
    double p[2 * SVI_PARAMETERS + 2], gap = __builtin_inf(), at = 0.0;
    memcpy(p, (const uint8_t *)c->slices.data + row * (int64_t)sizeof p, sizeof p);
    const int finite = svi_usable(p, 2) && p[10] < p[11];
    ((uint8_t *)c->verdict.data)[row] = finite ? ASSAY_ACCEPTED : ASSAY_REASON_invalidNumber;
    for (int i = 0; i < SVI_CHECKS && finite; i += LANES) {
      const F64 k = svi_check_place(p[10], p[11], i);
      F64 slope, bend;
      const F64 nearer = svi_variance(p, k, &slope, &bend), later = svi_variance(p + SVI_PARAMETERS, k, &slope, &bend);
      svi_least(later - nearer, k, i, &gap, &at);
    }
    svi_put(c->gap, row, finite ? gap : __builtin_nan(""));
    svi_put(c->moneyness, row, finite ? svi_exp_of(at) : __builtin_nan(""));
  }
}

#define ASSAY_PROVIDES_log_moneyness ASSAY_YES
KERNEL(log_moneyness) {
  const assay_log_moneyness_columns *c = COLUMNS(log_moneyness);
  for (int64_t row = first; row < end; row++) {
    double strike, spot, carry, years;
    memcpy(&strike, (const double *)c->strike.data + row, sizeof strike);
    memcpy(&spot, (const double *)c->spot.data + row, sizeof spot);
    memcpy(&carry, (const double *)c->carry.data + row, sizeof carry);
    memcpy(&years, (const double *)c->years.data + row, sizeof years);
    const uint8_t reason = svi_reason(strike, spot, carry, years);
    ((uint8_t *)c->verdict.data)[row] = reason ? reason : ASSAY_ACCEPTED;
    svi_put(c->k, row, reason ? __builtin_nan("") : SVI_FMA(-carry, years, svi_log_of(strike, spot)));
  }
}

#endif
