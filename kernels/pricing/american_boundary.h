// The early-exercise boundary of an American put of strike 1, by spectral collocation, after Andersen, Lake and Offengenden,
// "High-performance American option pricing", Journal of Computational Finance 20 (2016): their equation B.
//
// Time is in units of variance: with sigma = 1, the boundary depends on rate = r / sigma^2, yield = q / sigma^2 and
// time = sigma^2 T alone. With X the boundary's limit as time goes to 0 and R = -|ln(B/X)|, the unknown is R^2 at the Chebyshev
// extrema of y = (time left / time)^(1/4), in which it is smooth. In the integrals over time left u of a time left w,
// sqrt(u) = sqrt(w) sin(t) makes every integrand analytic at both ends, so that Gauss and Legendre's points converge
// exponentially; ln B(w)/B(u) = R(w) - R(u) needs no logarithm inside. The fixed point is reached by a fixed number of sweeps
// with Anderson's acceleration of depth 2, so that every row, lane and device takes the same operations.
//
// With a negative rate and a yield below it the region of exercise has a lower boundary, too, above which the put behaves as the
// forward does (Andersen and Lake, "Fast American option pricing: the double-boundary case", Wilmott 2021). While the two have
// not met, each solves an equation of its own; the lower one's has no terminal terms, and its signs are turned.
#ifndef PRICING_AMERICAN_BOUNDARY_H
#define PRICING_AMERICAN_BOUNDARY_H

#include "number/exponential.h"
#include "number/logarithm.h"
#include "number/normal_tail.h"
#include "pricing/american_scheme.h"

/// How accurate a solution is: see american_scheme.py.
typedef struct american_scheme {
  TABLE_POINTER table;
  int nodes, inner, sweeps, again, outer;
} american_scheme;

/// Where the columns of a scheme's table begin.
#define AMERICAN_Y(s) ((s)->table)
#define AMERICAN_Y2(s) (&(s)->table[(s)->nodes])
#define AMERICAN_Y4(s) (&(s)->table[2 * (s)->nodes])
#define AMERICAN_COSINES(s) (&(s)->table[3 * (s)->nodes])
#define AMERICAN_INNER(s, column) (&(s)->table[5 * (s)->nodes + (column) * (s)->inner])
#define AMERICAN_OUTER(s, column) (&(s)->table[5 * (s)->nodes + 6 * (s)->inner + (column) * (s)->outer])

/// One boundary, a row per lane.
typedef struct american_boundary {
  F64 rate, yield, time;
  /// ln X.
  F64 log_limit;
  /// 1 for the upper boundary, -1 for the lower one; 1 where the payoff's kink has a part in the equation, 0 where not.
  F64 sign, terminal;
  /// R at the nodes, and the Chebyshev coefficients of R^2.
  F64 r[AMERICAN_MOST_NODES + 1], coefficients[AMERICAN_MOST_NODES + 1];
} american_boundary;

/// What a solution needs beside its boundary: e^(rate u) and e^(yield u) at the inner points, and three sweeps.
typedef struct american_workspace {
  F64 growth[2][AMERICAN_MOST_POINTS];
  F64 from[3][AMERICAN_MOST_NODES], to[3][AMERICAN_MOST_NODES];
} american_workspace;

INLINE F64 american_least(F64 a, F64 b) { return SELECT(LESS(a, b), a, b); }
INLINE F64 american_most(F64 a, F64 b) { return SELECT(LESS(a, b), b, a); }

/// exp at `many` arguments, at most 3 GROUP, each of them counted as at least -700.
INLINE void american_exp(int many, const F64 *x, F64 *value) {
  F64 bounded[3 * GROUP], low[3 * GROUP];
  I64 bias[3 * GROUP];
  UNROLL for (int j = 0; j < many; j++) {
    bounded[j] = american_most(x[j], (F64)(-700.0));
    low[j] = (F64)(0.0);
    bias[j] = (I64)0;
  }
  number_exp_many(many, bounded, low, bias, value);
}

/// ln(a / b) of positive normal numbers.
INLINE F64 american_log(F64 a, F64 b) { return number_log_short(number_ratio_of(a, b)); }

/// N(d) and exp(-d^2/2) at `many` arguments, at most 2 SWEEP.
INLINE void american_normal(int many, const F64 *d, F64 *normal, F64 *gauss) {
  F64 a[2 * SWEEP], exponent[2 * SWEEP], tau[2 * SWEEP], scale[2 * SWEEP], p[2 * SWEEP];
  UNROLL for (int j = 0; j < many; j++) {
    a[j] = american_least(FLOAT(BITS(d[j]) & (I64)0x7FFFFFFFFFFFFFFF), (F64)(37.0));
    exponent[j] = a[j] * (a[j] * -0.5);
    const F64 pole = a[j] + NUMBER_TAIL_POLE, shift = a[j] + NUMBER_TAIL_SHIFT;
    const F64 inverse = 1.0 / (pole * shift);
    tau[j] = PRODUCT(a[j] - NUMBER_TAIL_ZERO, shift * inverse);
    scale[j] = pole * inverse;
  }
  american_exp(many, exponent, gauss);
  number_polynomials(number_tail_table, NUMBER_TAIL_COUNT, many, tau, p);
  UNROLL for (int j = 0; j < many; j++) {
    const F64 tail = PRODUCT(gauss[j], p[j] * scale[j]);
    normal[j] = SELECT(LESS(d[j], 0.0), tail, 1.0 - tail);
  }
}

/// R^2 at `many` places, at most SWEEP, from its Chebyshev coefficients, by Clenshaw's rule: `twice` is 2 (2 y - 1).
INLINE void american_square(const american_scheme *s, const american_boundary *b, int many, const F64 *twice, F64 *value) {
  F64 last[SWEEP];
  UNROLL for (int j = 0; j < many; j++) {
    value[j] = b->coefficients[s->nodes];
    last[j] = (F64)(0.0);
  }
  ROLLED for (int i = s->nodes - 1; i > 0; i--) {
    UNROLL for (int j = 0; j < many; j++) {
      const F64 rest = b->coefficients[i] - last[j];
      last[j] = value[j];
      value[j] = FMA(twice[j], value[j], rest);
    }
  }
  UNROLL for (int j = 0; j < many; j++) {
    value[j] = american_most(FMA(0.5 * twice[j], value[j], b->coefficients[0] - last[j]), (F64)(0.0));
  }
}

/// The Chebyshev coefficients of R^2 from its values at the nodes, of which the last, at time 0, is 0.
CALLED void american_transform(const american_scheme *s, american_boundary *b) {
  const int n = s->nodes;
  F64 square[AMERICAN_MOST_NODES];
  for (int i = 0; i < n; i++) square[i] = b->r[i] * (i == 0 ? 0.5 * b->r[i] : b->r[i]);
  for (int k = 0; k <= n; k++) {
    F64 sum = square[0];
    for (int i = 1; i < n; i++) sum = FMA(square[i], AMERICAN_COSINES(s)[i * k % (2 * n)], sum);
    b->coefficients[k] = sum * ((k == 0 || k == n ? 1.0 : 2.0) / n);
  }
}

/// Fills the workspace's exponentials.
CALLED void american_growth(const american_scheme *s, const american_boundary *b, american_workspace *work) {
  TABLE_POINTER sine2 = AMERICAN_INNER(s, 1);
  for (int i = 0; i < s->nodes; i++) {
    const F64 time = b->time * AMERICAN_Y4(s)[i];
    const F64 rate = b->rate * time, yield = b->yield * time;
    for (int k = 0; k < s->inner; k += SWEEP) {
      F64 exponent[2 * SWEEP], value[2 * SWEEP];
      UNROLL for (int j = 0; j < SWEEP; j++) {
        exponent[j] = rate * sine2[k + j];
        exponent[SWEEP + j] = yield * sine2[k + j];
      }
      american_exp(2 * SWEEP, exponent, value);
      UNROLL for (int j = 0; j < SWEEP; j++) {
        work->growth[0][i * s->inner + k + j] = value[j];
        work->growth[1][i * s->inner + k + j] = value[SWEEP + j];
      }
    }
  }
}

/// The right-hand side of the fixed point at the nodes, as R.
CALLED void american_sweep(const american_scheme *s, const american_boundary *b, const american_workspace *work, F64 *to) {
  TABLE_POINTER place = AMERICAN_INNER(s, 0);
  TABLE_POINTER cosine = AMERICAN_INNER(s, 2);
  TABLE_POINTER secant = AMERICAN_INNER(s, 3);
  TABLE_POINTER cosine2 = AMERICAN_INNER(s, 4);
  TABLE_POINTER weight = AMERICAN_INNER(s, 5);
  const F64 root_time = SQRT(b->time), drift = b->rate - b->yield, half_sign = -0.5 * b->sign;
  for (int i = 0; i < s->nodes; i++) {
    const F64 time = b->time * AMERICAN_Y4(s)[i], root = root_time * AMERICAN_Y2(s)[i], inverse = 1.0 / root;
    const F64 r = b->r[i], drift_time = PRODUCT(drift, time), signed_root = b->sign * root;
    F64 strike = (F64)(0.0), spot = (F64)(0.0);
    for (int k = 0; k < s->inner; k += SWEEP) {
      F64 twice[SWEEP], square[SWEEP], d[2 * SWEEP], normal[2 * SWEEP], gauss[2 * SWEEP];
      UNROLL for (int j = 0; j < SWEEP; j++) twice[j] = FMA((F64)(AMERICAN_Y(s)[i]), place[k + j], -2.0);
      american_square(s, b, SWEEP, twice, square);
      UNROLL for (int j = 0; j < SWEEP; j++) {
        // sign (ln B(w)/B(u) + drift z) / sqrt(z) -+ sqrt(z) / 2, z = w cos^2
        const F64 distance = FMA(b->sign * drift_time, cosine2[k + j], r + SQRT(square[j]));
        d[j] = FMA(distance, inverse * secant[k + j], (half_sign * root) * cosine[k + j]);
        d[SWEEP + j] = FMA(signed_root, cosine[k + j], d[j]);
      }
      american_normal(2 * SWEEP, d, normal, gauss);
      UNROLL for (int j = 0; j < SWEEP; j++) {
        const int point = i * s->inner + k + j;
        strike = FMA(work->growth[0][point] * weight[k + j], normal[j], strike);
        spot = FMA(work->growth[1][point] * weight[k + j], normal[SWEEP + j], spot);
      }
    }
    F64 d[2], normal[2], gauss[2];
    d[0] = FMA(FMA(b->sign, r, b->log_limit) + drift_time, inverse, -0.5 * root);
    d[1] = d[0] + root;
    american_normal(2, d, normal, gauss);
    const F64 above = FMA((b->sign * b->rate) * time, strike, b->terminal * normal[0]);
    const F64 below = FMA((b->sign * b->yield) * time, spot, b->terminal * normal[1]);
    const F64 log = american_log(american_most(above, (F64)(0x1p-900)), american_most(below, (F64)(0x1p-900)));
    const F64 next = b->sign * ((log - drift_time) - b->log_limit);
    to[i] = american_least(american_most(american_least(next, r + 1.0), r - 1.0), (F64)(0.0));
  }
}

/// `sweeps` of the fixed point from the boundary as it is.
CALLED void american_solve(const american_scheme *s, american_boundary *b, american_workspace *work, int sweeps) {
  const int n = s->nodes;
  american_growth(s, b, work);
  for (int sweep = 0; sweep < sweeps; sweep++) {
    american_transform(s, b);
    const int now = sweep % 3, one = (sweep + 2) % 3, two = (sweep + 1) % 3;
    american_sweep(s, b, work, work->to[now]);
    for (int i = 0; i < n; i++) work->from[now][i] = b->r[i];
    // The combination of the last sweeps whose residuals nearly cancel: two equations in two unknowns.
    F64 a11 = (F64)(0.0), a12 = (F64)(0.0), a22 = (F64)(0.0), b1 = (F64)(0.0), b2 = (F64)(0.0);
    for (int i = 0; i < n && sweep > 0; i++) {
      const F64 residual = work->to[now][i] - work->from[now][i];
      const F64 f1 = residual - (work->to[one][i] - work->from[one][i]);
      const F64 f2 = sweep > 1 ? residual - (work->to[two][i] - work->from[two][i]) : (F64)(0.0);
      a11 = FMA(f1, f1, a11);
      a12 = FMA(f1, f2, a12);
      a22 = FMA(f2, f2, a22);
      b1 = FMA(f1, residual, b1);
      b2 = FMA(f2, residual, b2);
    }
    const F64 ridge = FMA(a11 + a22, 0x1p-46, 0x1p-900);
    a11 = a11 + ridge;
    a22 = a22 + ridge;
    const F64 inverse = 1.0 / FMA(a11, a22, -(a12 * a12));
    F64 first = PRODUCT(FMA(a22, b1, -(a12 * b2)), inverse), second = PRODUCT(FMA(a11, b2, -(a12 * b1)), inverse);
    if (sweep < 1) first = (F64)(0.0);
    if (sweep < 2) second = (F64)(0.0);
    for (int i = 0; i < n; i++) {
      const F64 to = work->to[now][i];
      F64 next = to;
      if (sweep > 0) next = FMA(-first, to - work->to[one][i], next);
      if (sweep > 1) next = FMA(-second, to - work->to[two][i], next);
      b->r[i] = american_least(next, (F64)(0.0));
    }
  }
  american_transform(s, b);
}

/// The steps of american_start, and how a boundary whose limit is not the strike begins: |ln(B/X)| = 0.6388 sqrt(time) (Evans, Kuske
/// and Keller, Mathematical Finance 12, 2002).
#define AMERICAN_STEPS 3
#define AMERICAN_FIRST_SLOPE 0.6388

/// A first boundary: Barone-Adesi and Whaley's (Journal of Finance 42, 1987) by steps of Newton's, the lower one by
/// how it begins.
CALLED void american_start(const american_scheme *s, american_boundary *b) {
  const F64 drift = b->rate - b->yield, n1 = FMA(2.0, drift, -1.0), limit_log = b->log_limit;
  b->r[s->nodes] = (F64)(0.0);
  for (int i = 0; i < s->nodes; i++) {
    const F64 time = b->time * AMERICAN_Y4(s)[i], root = SQRT(time), inverse = 1.0 / root;
    F64 exponent[3], factor[3];
    exponent[0] = -(b->rate * time);
    exponent[1] = -(b->yield * time);
    exponent[2] = limit_log;
    american_exp(3, exponent, factor);
    const F64 x = -exponent[0], limit = factor[2];
    const F64 series = FMA(FMA(x, 1.0 / 6.0, -0.5), x, 1.0), whole = 1.0 - factor[0];
    const M64 small = LESS(-0x1p-6, x) & LESS(x, 0x1p-6);
    // rate / (1 - e^(-rate time)), and the exponents of the perpetual put's kind
    const F64 ratio = SELECT(small, 1.0, b->rate) / SELECT(small, PRODUCT(time, series), whole);
    const F64 part = SQRT(american_most(FMA(n1, n1, 8.0 * ratio), (F64)(0.0)));
    const F64 ever = SQRT(american_most(FMA(n1, n1, 8.0 * b->rate), (F64)(0.0)));
    const F64 power = -0.5 * SELECT(LESS(n1, 0.0), (8.0 * ratio) / (part - n1), n1 + part);
    const F64 perpetual = -0.5 * SELECT(LESS(n1, 0.0), (8.0 * b->rate) / (ever - n1), n1 + ever);
    const F64 least = perpetual / (perpetual - 1.0);
    F64 value[1], decay[1];
    decay[0] = american_least(FMA(drift, time, -2.0 * root) / american_most(1.0 - least, (F64)(0x1p-60)), (F64)(0.0));
    american_exp(1, decay, value);
    F64 spot = american_least(FMA(1.0 - least, value[0], least), limit), log = (F64)(0.0);
    for (int step = 0; step <= AMERICAN_STEPS; step++) {
      log = american_log(american_most(spot, (F64)(0x1p-900)), (F64)(1.0));
      F64 d[2], normal[2], gauss[2];
      d[0] = -FMA(FMA(drift, time, log), inverse, 0.5 * root);
      d[1] = d[0] + root;
      american_normal(2, d, normal, gauss);
      const F64 kept = FMA(-factor[1], normal[0], 1.0);
      // 1 - S e^(-q t) ... : the value's distance from exercise, and its slope
      const F64 value_gap = FMA(-factor[0], normal[1], FMA(-spot, kept, 1.0)) + (kept * spot) / power;
      const F64 slope = -kept + FMA(factor[1] * gauss[0], NUMBER_INVERSE_SQRT_2PI * inverse, kept) / power;
      const F64 next = spot - value_gap / slope;
      const F64 bounded = american_most(american_least(next, 1.5 * spot), 0.3 * spot);
      if (step < AMERICAN_STEPS) spot = american_least(bounded, limit);
    }
    const F64 far = american_least(log - limit_log, (F64)(0.0));
    // Nothing that is not a number survives a comparison.
    const F64 upper = SELECT(LESS(-50.0, far), far, -0.5 * root);
    b->r[i] = SELECT(LESS(b->sign, 0.0), -AMERICAN_FIRST_SLOPE * root, upper);
  }
}

#endif
