// secp256k1 in lanes: u1 G + u2 Q for rows whose Q nobody has seen before.
//
// u2 is split in two halves of 128 bits by the curve's endomorphism (R. Gallant, R. Lambert, S. Vanstone: Faster Point Multiplication on
// Elliptic Curves with Efficient Endomorphisms, 2001); a row makes the multiples 1 ... 16 of its Q in affine coordinates, where the
// inversions are shared by all rows of a chunk (P. Montgomery's trick); then come 125 doublings and 78 additions.
//
// Additions are incomplete. Where the two points are equal or opposite, Z becomes 0 and stays 0 through every later doubling and addition, so
// one test at the end finds the lane: the row is undecided here, and somebody with complete formulas decides it.
#include "field/inverse62.h"
#include "lanes/secp256k1.constants.h"

// The coordinates, modulo p; and numbers modulo the group's order n.
#define FIELD k1
#define FIELD_K 0x1000003D1ull
#define FIELD_TOP 48
#define FIELD_SMALL_K 0
#include "field/lanes52.inc.h"
#define FIELD k1n
#include "field/montgomery52.inc.h"

enum {
  K1_WINDOW = 5, K1_WINDOWS = 26, K1_MULTIPLES = 16,      // of each half of u2
  K1_G_WINDOW = 10, K1_G_WINDOWS = 26, K1_G_MULTIPLES = 512,  // of u1
  K1_VECTORS = 128 / LANES,                               // a chunk of 128 rows
};

/// A point as four words of x and four of y, canonical: one cache line.
typedef struct k1_affine {
  uint64_t word[8];
} ALIGNED k1_affine;

/// What is computed once for all batches.
typedef struct k1_constants {
  /// d 2^(10 i) G, d = 1 ... 512. Windows 0 and 13 serve the ladder.
  k1_affine g[K1_G_WINDOWS][K1_G_MULTIPLES];
  inverse62_modulus p, n;
} k1_constants;

/// x = X / Z^2, y = Y / Z^3.
typedef struct k1_point {
  k1 X, Y, Z;
} k1_point;

/// The state of LANES rows.
typedef struct k1_vector {
  k1 x, y;
  /// u1 and the absolute values of the halves of u2, with half a window added to each window.
  U64 u1[5], u2[2][3];
  M64 negative[2];
  k1_affine multiple[K1_MULTIPLES][LANES];
} k1_vector;

/// A chunk's memory.
typedef struct k1_workspace {
  k1_vector vector[K1_VECTORS];
  k1 x[K1_VECTORS * K1_MULTIPLES], y[K1_VECTORS * K1_MULTIPLES];
  k1 difference[K1_VECTORS * K1_MULTIPLES / 2], prefix[K1_VECTORS * K1_MULTIPLES / 2];
} k1_workspace;

// Numbers beside sums are magnitudes.

/// 2 P for X and Y of magnitude 10 at most, Z of 2.
INLINE k1_point k1_double(k1_point p) {
  const k1 b = k1_sqr(p.Y), slope = k1_loosen(k1_times(k1_sqr(p.X), 3)), s = k1_mul(p.X, b), z = k1_mul(p.Y, p.Z);
  k1_point r;
  r.Z = k1_add(z, z);                                                                     // 2
  r.X = k1_carry(k1_bias(k1_minus(k1_sqr(slope), k1_times(s, 8)), 9));                    // 1 + 9
  const k1 t = k1_loosen(k1_bias(k1_minus(k1_times(s, 4), r.X), 11));                     // 4 + 11
  r.Y = k1_carry(k1_bias(k1_minus(k1_mul(slope, t), k1_times(k1_sqr(b), 8)), 9));         // 1 + 9
  return r;
}

/// P + (x, y), or P - (x, y) in the lanes of `minus`.
INLINE k1_point k1_add_affine(k1_point p, k1 x, k1 y, M64 minus) {
  const k1 zz = k1_sqr(p.Z), u2 = k1_mul(x, zz), s2 = k1_negate_where(minus, k1_mul(y, k1_mul(p.Z, zz)));
  const k1 h = k1_loosen(k1_bias(k1_minus(u2, p.X), 11)), slope = k1_loosen(k1_bias(k1_minus(s2, p.Y), 12));  // 12, 13
  const k1 hh = k1_sqr(h), hhh = k1_mul(h, hh), v = k1_mul(p.X, hh);
  k1_point r;
  r.Z = k1_mul(p.Z, h);
  r.X = k1_carry(k1_bias(k1_minus(k1_minus(k1_sqr(slope), hhh), k1_times(v, 2)), 4));     // 1 + 4
  const k1 t = k1_loosen(k1_bias(k1_minus(v, r.X), 6));                                   // 1 + 6
  const k1 minus_y = k1_loosen(k1_bias(k1_minus(k1_small(0), p.Y), 11));                  // 11
  r.Y = k1_mul_add(slope, t, minus_y, hhh);                                               // 13 * 7 + 11 * 1 is below 2^8
  return r;
}
INLINE k1_point k1_select_point(M64 mask, k1_point a, k1_point b) {
  return (k1_point){k1_select(mask, a.X, b.X), k1_select(mask, a.Y, b.Y), k1_select(mask, a.Z, b.Z)};
}

/// Adds the points (x, y), negated in the lanes of `minus`, in all lanes but those of `zero`; lanes of *infinite start there.
INLINE void k1_add_digit(k1_point *sum, M64 *infinite, k1 x, k1 y, M64 minus, M64 zero) {
  k1_point r = k1_add_affine(*sum, x, y, minus);
  if (__builtin_expect(LANE_BITS(*infinite) != 0, 0)) {
    const k1 signed_y = k1_carry(k1_bias(k1_negate_where(minus, y), 2));
    r = k1_select_point(*infinite, (k1_point){x, signed_y, k1_small(1)}, r);
    *infinite &= zero;
  }
  *sum = k1_select_point(zero, *sum, r);
}

/// Makes the multiples 2 ... `count`, a power of two, of the affine points x[v count], y[v count] of `vectors` vectors, in the places
/// behind them. No two multiples that are added may be equal or opposite.
CALLED void k1_make_multiples(k1 *x, k1 *y, int vectors, int count, k1 *difference, k1 *prefix, const inverse62_modulus *p) {
  // From 1 ... known to 2 known: the last one is added to each, and to itself.
  for (int known = 1; known < count; known *= 2) {
    for (int v = 0; v < vectors; v++) {
      const k1 *vx = x + v * count, *vy = y + v * count;
      k1 *d = difference + v * known;
      for (int i = 0; i < known - 1; i++) d[i] = k1_sub(vx[known - 1], vx[i], 2);
      d[known - 1] = k1_add(vy[known - 1], vy[known - 1]);
    }
    k1_invert_many(difference, prefix, vectors * known, p);
    for (int v = 0; v < vectors; v++) {
      k1 *vx = x + v * count, *vy = y + v * count;
      const k1 last_x = vx[known - 1], last_y = vy[known - 1];
      for (int i = 0; i < known; i++) {
        const k1 rise = i < known - 1 ? k1_sub(last_y, vy[i], 2) : k1_carry(k1_times(k1_sqr(last_x), 3));
        const k1 slope = k1_mul(rise, difference[v * known + i]);
        const k1 sum = k1_carry(k1_bias(k1_minus(k1_minus(k1_sqr(slope), last_x), vx[i]), 3));
        vx[known + i] = k1_canonical(sum);
        vy[known + i] = k1_canonical(k1_sub(k1_mul(slope, k1_sub(last_x, vx[known + i], 2)), last_y, 2));
      }
    }
  }
}
/// Writes the canonical points (x, y) of the lanes to `row`.
INLINE void k1_store_points(k1_affine *const row[LANES], k1 x, k1 y) {
  U64 word[8];
  uint64_t *to[LANES];
  limbs_to_words(x.n, word);
  limbs_to_words(y.n, word + 4);
  for (int lane = 0; lane < LANES; lane++) to[lane] = row[lane]->word;
  store_rows(to, word);
}
INLINE void k1_load_points(const k1_affine *base, U64 offset, k1 *x, k1 *y) {
  U64 word[8];
  load_rows_at(base, offset, word);
  limbs_from_words(word, x->n);
  limbs_from_words(word + 4, y->n);
}

/// t -= c a or t += c a modulo 2^156.
INLINE void k1_multiply_into(U64 t[3], const U64 c[3], const uint64_t a[3], int subtract) {
  U64 s[4] = {SPLAT(0 - LOW_BIAS), SPLAT(0 - 2 * LOW_BIAS - HIGH_BIAS), SPLAT(0 - 3 * LOW_BIAS - 2 * HIGH_BIAS), SPLAT(0)};
  LANES_UNROLL for (int i = 0; i < 3; i++) {
    LANES_UNROLL for (int j = 0; i + j < 3; j++) MULTIPLY(s[i + j], s[i + j + 1], FACTOR_OF(c[i]), FACTOR_SPLAT(a[j]));
  }
  LANES_UNROLL for (int i = 0; i < 3; i++) t[i] += subtract ? -s[i] : s[i];
}
/// round(u round / 2^384) in three limbs, for u below n.
INLINE void k1_round_quotient(const k1 u, const uint64_t round[5], U64 c[3]) {
  U64 t[10] = {{0}};
  k1_accumulate(t, u, k1_splat(round));
  t[7] += SPLAT(1ull << 19);  // bit 383, half of the last place
  LANES_UNROLL for (int i = 0; i < 9; i++) {
    t[i + 1] += t[i] >> 52;
    t[i] &= SPLAT(LANE_MASK52);
  }
  LANES_UNROLL for (int i = 0; i < 3; i++) c[i] = (t[7 + i] >> 20 | (i < 2 ? t[8 + i] << 32 : SPLAT(0))) & SPLAT(LANE_MASK52);
}
/// The absolute value of a number of 156 bits in two's complement, and its sign; then `halves` is added.
INLINE M64 k1_absolute(U64 t[3], const uint64_t halves[3]) {
  LANES_UNROLL for (int i = 0; i < 2; i++) {
    t[i + 1] += SHIFT_SIGNED(t[i], 52);
    t[i] &= SPLAT(LANE_MASK52);
  }
  t[2] = SHIFT_SIGNED(t[2] << 12, 12);
  const M64 negative = (I64)t[2] < 0;
  LANES_UNROLL for (int i = 0; i < 3; i++) t[i] = SELECT(negative, -t[i], t[i]) + SPLAT(halves[i]);
  LANES_UNROLL for (int i = 0; i < 2; i++) {
    t[i + 1] += SHIFT_SIGNED(t[i], 52);
    t[i] &= SPLAT(LANE_MASK52);
  }
  return negative;
}
/// k[0] + k[1] eigenvalue = u modulo n, both of at most 128 bits (the bound that libsecp256k1 proves for these constants), as absolute
/// values with `halves` added.
CALLED void k1_split(k1 u, U64 k[2][3], M64 negative[2], const uint64_t halves[3]) {
  U64 c1[3], c2[3];
  k1_round_quotient(u, k1_round1, c1);
  k1_round_quotient(u, k1_round2, c2);
  for (int i = 0; i < 3; i++) k[0][i] = u.n[i], k[1][i] = SPLAT(0);
  k1_multiply_into(k[0], c1, k1_a1, 1);
  k1_multiply_into(k[0], c2, k1_a2, 1);
  k1_multiply_into(k[1], c1, k1_b1, 0);
  k1_multiply_into(k[1], c2, k1_a1, 1);
  for (int half = 0; half < 2; half++) negative[half] = k1_absolute(k[half], halves);
}
/// u1 with half a window added to each window.
INLINE void k1_set_u1(U64 to[5], k1 u1) {
  const k1 t = k1_add(u1, k1_splat(k1_g_halves));
  for (int i = 0; i < 5; i++) to[i] = t.n[i];
}

/// The tables of the chunk's keys.
CALLED void k1_make_tables(k1_workspace *w, int vectors, const k1_constants *constants) {
  for (int v = 0; v < vectors; v++) w->x[v * K1_MULTIPLES] = w->vector[v].x, w->y[v * K1_MULTIPLES] = w->vector[v].y;
  k1_make_multiples(w->x, w->y, vectors, K1_MULTIPLES, w->difference, w->prefix, &constants->p);
  for (int v = 0; v < vectors; v++) {
    for (int i = 0; i < K1_MULTIPLES; i++) {
      k1_affine *row[LANES];
      for (int lane = 0; lane < LANES; lane++) row[lane] = &w->vector[v].multiple[i][lane];
      k1_store_points(row, w->x[v * K1_MULTIPLES + i], w->y[v * K1_MULTIPLES + i]);
    }
  }
}

/// u1 G + u2 Q. The lanes of *undecided met an exceptional addition, or the sum is infinite.
CALLED k1_point k1_ladder(const k1_vector *s, const k1_constants *constants, M64 *undecided) {
  k1_point sum = {k1_small(1), k1_small(1), k1_small(1)};
  M64 infinite = (I64)LANE_NUMBERS >= 0, minus, zero;
  k1 x, y;
  for (int window = K1_WINDOWS - 1; window >= 0; window--) {
    if (window < K1_WINDOWS - 1) {
      for (int i = 0; i < K1_WINDOW; i++) sum = k1_double(sum);
    }
    for (int half = 0; half < 2; half++) {
      const U64 row = digit_row(limbs_window(s->u2[half], 3, K1_WINDOW * window, K1_WINDOW), K1_MULTIPLES, &minus, &zero);
      k1_load_points(s->multiple[0], row * sizeof s->multiple[0] + LANE_NUMBERS * sizeof(k1_affine), &x, &y);
      if (half == 1) x = k1_mul(x, k1_splat(k1_beta));
      k1_add_digit(&sum, &infinite, x, y, minus ^ s->negative[half], zero);
    }
    if (window % 2 != 0) continue;
    for (int half = 0; half < 2; half++) {
      const int place = window / 2 + half * K1_G_WINDOWS / 2;
      const U64 row = digit_row(limbs_window(s->u1, 5, K1_G_WINDOW * place, K1_G_WINDOW), K1_G_MULTIPLES, &minus, &zero);
      k1_load_points(constants->g[half * K1_G_WINDOWS / 2], row * sizeof(k1_affine), &x, &y);
      k1_add_digit(&sum, &infinite, x, y, minus, zero);
    }
  }
  *undecided = infinite | k1_is_zero(sum.Z);
  return sum;
}
