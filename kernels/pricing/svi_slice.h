// The fit of one smile to raw SVI, w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)) (Gatheral 2004), in a fixed number of steps.
//
// With y = (k - m) / sigma, w = a + d y + c sqrt(y^2 + 1), c = b sigma and d = rho c: for fixed m and sigma the weighted least squares are
// linear (De Marco and Martini, "Quasi-explicit calibration of Gatheral's SVI model", Zeliade Systems 2009). Their domain, |d| <= c
// and c + |d| <= 2 sigma (Lee's bound on the slopes of the wings), is a square whose four sides are tried where the free minimum lies
// outside. What is left is a search over m and ln sigma: a grid, then grids closer and closer about the best of it; equal
// places are told apart by their number. No random start and no tolerance: the same bits everywhere.
#ifndef PRICING_SVI_SLICE_H
#define PRICING_SVI_SLICE_H

#include "number/exponential.h"
#include "number/logarithm.h"

enum {
  /// Places of the first grid in m and in ln sigma, and of the later ones.
  SVI_GRID_M = 24, SVI_GRID_S = 12, SVI_ZOOM = 4,
  /// How many best columns of the first grid are followed and for how many steps, and the steps of the best of them.
  SVI_STARTS = 3, SVI_STEPS = 6, SVI_LAST_STEPS = 30,
  /// What a point is: log-moneyness, total variance, weight.
  SVI_POINT = 3,
};
/// The first grid: m from a quarter of the range of strikes below the lowest to a quarter above the highest, sigma from
/// 1/1024 of the range to 4 of it.
/// A fused product and sum of numbers that are not vectors.
#if defined(__OPENCL_VERSION__)
#define SVI_FMA(a, b, c) fma((double)(a), (double)(b), (double)(c))
#else
#define SVI_FMA(a, b, c) __builtin_fma((a), (b), (c))
#endif
#define SVI_LOG_LEAST_SIGMA -0x1.bb9d3beb8c86bp+2
#define SVI_LOG_SIGMAS 0x1.0a2b23f3bab73p+3

/// A slice: its points, what their weights and variances sum to, and where the strikes lie.
typedef struct svi_slice {
  GLOBAL const double *points;
  int64_t count;
  double weight, mean, least, range, log_range;
} svi_slice;

/// A place of the search, and the fit there.
typedef struct svi_place {
  double m, log_sigma, error;
} svi_place;

INLINE F64 svi_clamp(F64 a, F64 low, F64 high) {
  const F64 least = SELECT(LESS(a, low), low, a);
  return SELECT(LESS(high, least), high, least);
}

/// The best of a side from (d0, c0) along (ed, ec), of length 1 in the parameter: moves *d, *c there where that is better than *error.
INLINE void svi_side(const F64 *s, F64 d0, F64 c0, F64 ed, F64 ec, F64 *error, F64 *d, F64 *c) {
  // s: yy, yz, zz, yw, zw
  const F64 along = FMA(ed, FMA(-d0, s[0], FMA(-c0, s[1], s[3])), ec * FMA(-d0, s[1], FMA(-c0, s[2], s[4])));
  const F64 curve = FMA(ed, FMA(ed, s[0], (2.0 * ec) * s[1]), (ec * ec) * s[2]);
  const F64 t = svi_clamp(along / SELECT(LESS(0.0, curve), curve, 1.0), (F64)(0.0), (F64)(1.0));
  const F64 side_d = FMA(t, ed, d0), side_c = FMA(t, ec, c0);
  const F64 value = FMA(side_d, FMA(side_d, s[0], FMA(2.0 * side_c, s[1], -2.0 * s[3])), side_c * FMA(side_c, s[2], -2.0 * s[4]));
  const M64 better = LESS(value, *error);
  *error = SELECT(better, value, *error);
  *d = SELECT(better, side_d, *d);
  *c = SELECT(better, side_c, *c);
}

/// The least squares at m and sigma, one pair a lane: what the squares lack of their value without a smile, and the fit.
INLINE void svi_fit_at(const svi_slice *slice, F64 m, F64 sigma, F64 *error, F64 *d, F64 *c, F64 *mean_y, F64 *mean_z) {
  const F64 inverse = 1.0 / sigma, shift = -(m * inverse);
  F64 sy = (F64)(0.0), sz = (F64)(0.0), s[5] = {(F64)(0.0), (F64)(0.0), (F64)(0.0), (F64)(0.0), (F64)(0.0)};
  for (int64_t i = 0; i < slice->count; i++) {
    const double k = slice->points[SVI_POINT * i], w = slice->points[SVI_POINT * i + 1] - slice->mean;
    const F64 weight = (F64)(slice->points[SVI_POINT * i + 2]);
    const F64 y = FMA((F64)(k), inverse, shift), z = SQRT(FMA(y, y, 1.0));
    const F64 wy = weight * y, wz = weight * z;
    sy = sy + wy;
    sz = sz + wz;
    s[0] = FMA(wy, y, s[0]);
    s[1] = FMA(wy, z, s[1]);
    s[2] = FMA(wz, z, s[2]);
    s[3] = FMA(wy, w, s[3]);
    s[4] = FMA(wz, w, s[4]);
  }
  const F64 per_weight = (F64)(1.0 / slice->weight);
  *mean_y = sy * per_weight;
  *mean_z = sz * per_weight;
  s[0] = FMA(-sy, *mean_y, s[0]);
  s[1] = FMA(-sy, *mean_z, s[1]);
  s[2] = FMA(-sz, *mean_z, s[2]);
  const F64 determinant = FMA(s[0], s[2], -(s[1] * s[1]));
  const M64 regular = LESS(0x1p-40 * (s[0] * s[2]), determinant);
  const F64 by = 1.0 / SELECT(regular, determinant, 1.0);
  const F64 free_d = FMA(s[2], s[3], -(s[1] * s[4])) * by, free_c = FMA(s[0], s[4], -(s[1] * s[3])) * by;
  const F64 size = SELECT(LESS(free_d, 0.0), -free_d, free_d);
  const M64 inside = regular & ~LESS(free_c, size) & ~LESS(2.0 * sigma, free_c + size);
  *error = SELECT(inside, -FMA(free_d, s[3], free_c * s[4]), 0.0);
  *d = SELECT(inside, free_d, 0.0);
  *c = SELECT(inside, free_c, 0.0);
  F64 side_error = (F64)(0.0), side_d = (F64)(0.0), side_c = (F64)(0.0);
  svi_side(s, (F64)(0.0), (F64)(0.0), sigma, sigma, &side_error, &side_d, &side_c);
  svi_side(s, (F64)(0.0), (F64)(0.0), -sigma, sigma, &side_error, &side_d, &side_c);
  svi_side(s, sigma, sigma, -sigma, sigma, &side_error, &side_d, &side_c);
  svi_side(s, -sigma, sigma, sigma, sigma, &side_error, &side_d, &side_c);
  *error = SELECT(inside, *error, side_error);
  *d = SELECT(inside, *d, side_d);
  *c = SELECT(inside, *c, side_c);
}

/// A vector's lanes as numbers, and back.
typedef union svi_lanes {
  F64 vector;
  double number[LANES];
} svi_lanes;

/// exp at the lanes.
INLINE F64 svi_exp(F64 x) { return number_exp(x, (F64)(0.0)); }

/// Tries rows x columns places from `from` in steps; sets best[i / span], which have the least error of their rows, ties to the first.
CALLED void svi_try(const svi_slice *slice, const svi_place *from, double step_m, double step_s, int rows, int columns,
                    svi_place *best) {
  for (int first = 0; first < rows * columns; first += LANES) {
    svi_lanes m, log_sigma, error;
    for (int lane = 0; lane < LANES; lane++) {
      const int i = first + lane < rows * columns ? first + lane : rows * columns - 1;
      m.number[lane] = SVI_FMA(step_m, (double)(i / columns), from->m);
      log_sigma.number[lane] = SVI_FMA(step_s, (double)(i % columns), from->log_sigma);
    }
    F64 d, c, y, z;
    svi_fit_at(slice, m.vector, svi_exp(log_sigma.vector), &error.vector, &d, &c, &y, &z);
    for (int lane = 0; lane < LANES && first + lane < rows * columns; lane++) {
      svi_place *place = &best[(first + lane) / columns];
      if (!(error.number[lane] < place->error)) continue;
      place->m = m.number[lane];
      place->log_sigma = log_sigma.number[lane];
      place->error = error.number[lane];
    }
  }
}

/// Where a search is, and how far it looks.
typedef struct svi_pattern {
  svi_place at;
  double reach_m, reach_s;
} svi_pattern;

/// `steps` grids about the best place so far: as wide as the last while they find a better one, else half as wide.
CALLED void svi_descend(const svi_slice *slice, svi_pattern *pattern, int steps) {
  for (int step = 0; step < steps; step++) {
    svi_place corner, found[SVI_ZOOM];
    const double closer_m = pattern->reach_m * (2.0 / (SVI_ZOOM - 1)), closer_s = pattern->reach_s * (2.0 / (SVI_ZOOM - 1));
    corner.m = pattern->at.m - pattern->reach_m;
    corner.log_sigma = pattern->at.log_sigma - pattern->reach_s;
    for (int i = 0; i < SVI_ZOOM; i++) found[i] = pattern->at;
    svi_try(slice, &corner, closer_m, closer_s, SVI_ZOOM, SVI_ZOOM, found);
    svi_place best = pattern->at;
    for (int i = 0; i < SVI_ZOOM; i++) {
      if (found[i].error < best.error) best = found[i];
    }
    const double kept = best.error < pattern->at.error ? 1.0 : 0.5;
    pattern->at = best;
    pattern->reach_m = kept * pattern->reach_m;
    pattern->reach_s = kept * pattern->reach_s;
  }
}

/// The fit of a slice whose sums are known: a, b, rho, m, sigma.
CALLED void svi_search(const svi_slice *slice, double *parameters) {
  svi_place row[SVI_GRID_M], start;
  const double step_m = slice->range * (1.5 / (SVI_GRID_M - 1)), step_s = SVI_LOG_SIGMAS / (SVI_GRID_S - 1);
  for (int i = 0; i < SVI_GRID_M; i++) row[i].error = 1e300;
  start.m = SVI_FMA(-0.25, slice->range, slice->least);
  start.log_sigma = slice->log_range + SVI_LOG_LEAST_SIGMA;
  svi_try(slice, &start, step_m, step_s, SVI_GRID_M, SVI_GRID_S, row);
  svi_pattern best, pattern;
  best.at.error = 1e300;
  for (int attempt = 0; attempt < SVI_STARTS; attempt++) {
    int least = 0;
    for (int i = 1; i < SVI_GRID_M; i++) least = row[i].error < row[least].error ? i : least;
    pattern.at = row[least];
    pattern.reach_m = step_m;
    pattern.reach_s = step_s;
    // The neighbours lie in the reach of this one.
    for (int i = least - 1; i <= least + 1; i++) {
      if (i >= 0 && i < SVI_GRID_M) row[i].error = 1e301;
    }
    svi_descend(slice, &pattern, SVI_STEPS);
    if (pattern.at.error < best.at.error) best = pattern;
  }
  svi_descend(slice, &best, SVI_LAST_STEPS);
  svi_lanes sigma, m, error, d, c, y, z;
  for (int lane = 0; lane < LANES; lane++) {
    m.number[lane] = best.at.m;
    sigma.number[lane] = best.at.log_sigma;
  }
  sigma.vector = svi_exp(sigma.vector);
  svi_fit_at(slice, m.vector, sigma.vector, &error.vector, &d.vector, &c.vector, &y.vector, &z.vector);
  const double slope = c.number[0] / sigma.number[0];
  parameters[0] = SVI_FMA(-c.number[0], z.number[0], SVI_FMA(-d.number[0], y.number[0], slice->mean));
  parameters[1] = slope;
  parameters[2] = c.number[0] > 0.0 ? d.number[0] / c.number[0] : 0.0;
  parameters[3] = best.at.m;
  parameters[4] = sigma.number[0];
}

#endif
