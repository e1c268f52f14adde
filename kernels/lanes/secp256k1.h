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

/// A number below p as a coordinate, and n as one.
INLINE k1 k1_coordinate(k1 number) { return number; }
INLINE k1 k1_order(void) { return k1_splat(k1n_modulus); }
/// A number modulo n, limb by limb.
INLINE k1 k1_plain(k1n a) { return (k1){{a.n[0], a.n[1], a.n[2], a.n[3], a.n[4]}}; }

enum {
  k1_WINDOW = 5, k1_WINDOWS = 26, k1_MULTIPLES = 16,      // of each half of u2
  k1_G_WINDOW = 10, k1_G_WINDOWS = 26, k1_G_MULTIPLES = 512,  // of u1
  k1_VECTORS = 128 / LANES,                               // a chunk of 128 rows
};

#define CURVE k1
#include "lanes/weierstrass_types.inc.h"

/// What is computed once for all batches.
typedef struct k1_constants {
  /// d 2^(10 i) G, d = 1 ... 512. Windows 0 and 13 serve the ladder.
  k1_affine g[k1_G_WINDOWS][k1_G_MULTIPLES];
  inverse62_modulus p, n;
} k1_constants;

/// The state of LANES rows.
typedef struct k1_vector {
  k1 x, y;
  /// u1 and the absolute values of the halves of u2, with half a window added to each window.
  U64 u1[5], u2[2][3];
  M64 negative[2];
  k1_affine multiple[k1_MULTIPLES][LANES];
} k1_vector;

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
/// 3 x^2.
INLINE k1 k1_rise(k1 x) { return k1_carry(k1_times(k1_sqr(x), 3)); }

#include "lanes/weierstrass.inc.h"

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
  for (int i = 0; i < 2; i++) c[i] = (t[7 + i] >> 20 | t[8 + i] << 32) & SPLAT(LANE_MASK52);
  c[2] = t[9] >> 20;
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

#include "lanes/key_tables.inc.h"

/// u1 G + u2 Q. The lanes of *undecided met an exceptional addition, or the sum is infinite.
CALLED k1_point k1_ladder(const k1_vector *s, const k1_constants *constants, M64 *undecided) {
  k1_point sum = {k1_one(), k1_one(), k1_one()};
  M64 infinite = (I64)LANE_NUMBERS >= 0, minus, zero;
  k1 x, y;
  for (int window = k1_WINDOWS - 1; window >= 0; window--) {
    if (window < k1_WINDOWS - 1) {
      for (int i = 0; i < k1_WINDOW; i++) sum = k1_double(sum);
    }
    for (int half = 0; half < 2; half++) {
      const U64 row = digit_row(limbs_window(s->u2[half], 3, k1_WINDOW * window, k1_WINDOW), k1_MULTIPLES, &minus, &zero);
      k1_load_points(s->multiple[0], row * sizeof s->multiple[0] + LANE_NUMBERS * sizeof(k1_affine), &x, &y);
      if (half == 1) x = k1_mul(x, k1_splat(k1_beta));
      k1_add_digit(&sum, &infinite, x, y, minus ^ s->negative[half], zero);
    }
    if (window % 2 != 0) continue;
    for (int half = 0; half < 2; half++) {
      const int place = window / 2 + half * k1_G_WINDOWS / 2;
      const U64 row = digit_row(limbs_window(s->u1, 5, k1_G_WINDOW * place, k1_G_WINDOW), k1_G_MULTIPLES, &minus, &zero);
      k1_load_points(constants->g[half * k1_G_WINDOWS / 2], row * sizeof(k1_affine), &x, &y);
      k1_add_digit(&sum, &infinite, x, y, minus, zero);
    }
  }
  *undecided = infinite | k1_is_zero(sum.Z);
  return sum;
}
#undef CURVE
