// P-256 in lanes: u1 G + u2 Q, for keys that nobody has seen before and for registered ones. Coordinates are in Montgomery form.
//
// As on secp256k1 (see lanes/secp256k1.h), but without an endomorphism: 255 doublings, 52 additions of multiples of Q and 26 of G, or
// 43 + 26 points of combs. Additions are incomplete in the same way, with the same flag.
#include "lanes/p256.constants.h"

#define FIELD p2
#include "field/montgomery52.inc.h"
#define FIELD p2n
#include "field/montgomery52.inc.h"

enum {
  p2_WINDOW = 5, p2_WINDOWS = 52, p2_MULTIPLES = 16,              // of u2
  p2_G_WINDOW = 10, p2_G_WINDOWS = 26, p2_G_MULTIPLES = 512,      // of u1
  p2_COMB_WINDOW = 6, p2_COMB_WINDOWS = 43, p2_COMB_MULTIPLES = 32,  // of u2, for a registered key
  p2_POINTS = p2_COMB_WINDOWS + p2_G_WINDOWS,
  p2_VECTORS = 128 / LANES,
  p2_COMB_VECTORS = 64 / LANES,
};

// A value has magnitude m when it is below m p; all stay below 16, as a product's factors must. Products of magnitudes a and b have
// a b / 16 + 1, which is below 2 for all that meet here unless another number stands beside them.

/// a + e p.
INLINE p2 p2_bias(p2 a, int e) {
  LANES_UNROLL for (int i = 0; i < 5; i++) a.n[i] += SPLAT((uint64_t)e * p2_modulus[i]);
  return a;
}
INLINE p2 p2_one(void) { return p2_splat(p2_one_form); }
INLINE p2 p2_zero(void) { return (p2){{SPLAT(0), SPLAT(0), SPLAT(0), SPLAT(0), SPLAT(0)}}; }
INLINE p2 p2_sqr(p2 a) { return p2_mul(a, a); }
INLINE p2 p2_add(p2 a, p2 b) { return p2_carry(p2_plus(a, b)); }
/// a - b + e p, where b is below e p.
INLINE p2 p2_sub(p2 a, p2 b, int e) { return p2_carry(p2_bias(p2_minus(a, b), e)); }
/// Signed limbs of a value that is not negative, limb 4 not either, to a carried one of magnitude 2.01: what lies above 2^256, known up to what
/// the lower limbs borrow, comes back as 2^224 - 2^192 - 2^96 + 1; p is added so that a borrow leaves no negative value.
INLINE p2 p2_carry_folding(p2 a) {
  const U64 top = a.n[4] >> 48;
  a.n[4] = (a.n[4] & SPLAT((1ull << 48) - 1)) + (top << 16);
  a.n[3] -= top << 36;
  a.n[1] -= top << 44;
  a.n[0] += top;
  return p2_carry(p2_bias(a, 1));
}
CALLED p2 p2_canonical(p2 a) { return p2_subtract_once(p2_subtract_once(p2_carry_folding(a))); }

#define FIELD p2
#define F(name) LANES_PASTE(FIELD, _##name)
#include "field/limbs52_inverse.inc.h"
#undef F
#undef FIELD

/// A number below p as a coordinate, and n as one.
INLINE p2 p2_coordinate(p2 number) { return p2_subtract_once(p2_to_form(number)); }
INLINE p2 p2_order(void) { return p2_splat(p2_order_form); }
/// A number modulo n, limb by limb.
INLINE p2 p2_plain(p2n a) { return (p2){{a.n[0], a.n[1], a.n[2], a.n[3], a.n[4]}}; }

#define CURVE p2
#define ORDER p2n
#include "lanes/weierstrass_types.inc.h"

/// What is computed once for all batches.
typedef struct p2_constants {
  /// d 2^(10 i) G, d = 1 ... 512. Window 0 serves the ladder.
  p2_affine g[p2_G_WINDOWS][p2_G_MULTIPLES];
  inverse62_modulus p, n;
} p2_constants;

/// The state of LANES rows: the key, u1 and u2 with half a window added to each window, and the key's multiples.
typedef struct p2_vector {
  p2 x, y;
  U64 u1[5], u2[5];
  p2_affine multiple[p2_MULTIPLES][LANES];
} p2_vector;

/// 2 P for X and Y of magnitude 2.8 at most, Z of 3.1 (dbl-2001-b of the Explicit-Formulas Database). X and Y get 2.01.
INLINE p2_point p2_double(p2_point p) {
  const p2 delta = p2_sqr(p.Z), gamma = p2_sqr(p.Y), beta = p2_mul(p.X, gamma), z = p2_mul(p.Y, p.Z);
  const p2 less = p2_loosen(p2_bias(p2_minus(p.X, delta), 2)), more = p2_loosen(p2_plus(p.X, delta));   // 5, 5
  const p2 alpha = p2_loosen(p2_times(p2_mul(less, more), 3));                                            // 6
  p2_point r;
  r.Z = p2_add(z, z);
  r.X = p2_carry_folding(p2_bias(p2_minus(p2_sqr(alpha), p2_times(beta, 8)), 10));                        // 4 + 10
  const p2 t = p2_loosen(p2_bias(p2_minus(p2_times(beta, 4), r.X), 3));                                   // 5 + 3
  r.Y = p2_carry_folding(p2_bias(p2_minus(p2_mul(alpha, t), p2_times(p2_sqr(gamma), 8)), 10));            // 4 + 10
  return r;
}
/// P + (x, y), or P - (x, y) in the lanes of `minus`. X gets 2.01, Y 2.7, Z 1.8.
INLINE p2_point p2_add_affine(p2_point p, p2 x, p2 y, M64 minus) {
  const p2 zz = p2_sqr(p.Z), u2 = p2_mul(x, zz), s2 = p2_negate_where(minus, p2_mul(y, p2_mul(p.Z, zz)));
  const p2 h = p2_loosen(p2_bias(p2_minus(u2, p.X), 3)), slope = p2_loosen(p2_bias(p2_minus(s2, p.Y), 4));  // 4.1, 5.1
  const p2 hh = p2_sqr(h), hhh = p2_mul(h, hh), v = p2_mul(p.X, hh);
  p2_point r;
  r.Z = p2_mul(p.Z, h);
  r.X = p2_carry_folding(p2_bias(p2_minus(p2_minus(p2_sqr(slope), hhh), p2_times(v, 2)), 5));             // 2.7 + 5
  const p2 t = p2_loosen(p2_bias(p2_minus(v, r.X), 3));                                                   // 4.4
  const p2 minus_y = p2_loosen(p2_bias(p2_minus(p2_zero(), p.Y), 3));                                     // 3
  r.Y = p2_mul_add(slope, t, minus_y, hhh);
  return r;
}
/// 3 x^2 - 3.
INLINE p2 p2_rise(p2 x) { return p2_carry(p2_bias(p2_minus(p2_times(p2_sqr(x), 3), p2_splat(p2_three_form)), 1)); }

#include "lanes/weierstrass.inc.h"
#include "lanes/key_tables.inc.h"

/// A number below n with half a window added to each window.
INLINE void p2_set_digits(U64 to[5], p2n number, const uint64_t halves[5]) {
  const p2 t = p2_add(p2_plain(number), p2_splat(halves));
  for (int i = 0; i < 5; i++) to[i] = t.n[i];
}

/// u1 G + u2 Q. The lanes of *undecided met an exceptional addition, or the sum is infinite.
CALLED p2_point p2_ladder(const p2_vector *s, const p2_constants *constants, M64 *undecided) {
  p2_point sum = {p2_one(), p2_one(), p2_one()};
  M64 infinite = (I64)LANE_NUMBERS >= 0, minus, zero;
  p2 x, y;
  for (int window = p2_WINDOWS - 1; window >= 0; window--) {
    if (window < p2_WINDOWS - 1) {
      for (int i = 0; i < p2_WINDOW; i++) sum = p2_double(sum);
    }
    U64 row = digit_row(limbs_window(s->u2, 5, p2_WINDOW * window, p2_WINDOW), p2_MULTIPLES, &minus, &zero);
    p2_load_points(s->multiple[0], row * sizeof s->multiple[0] + LANE_NUMBERS * sizeof(p2_affine), &x, &y);
    p2_add_digit(&sum, &infinite, x, y, minus, zero);
    if (window % 2 != 0) continue;
    row = digit_row(limbs_window(s->u1, 5, p2_WINDOW * window, p2_G_WINDOW), p2_G_MULTIPLES, &minus, &zero);
    p2_load_points(constants->g[0], row * sizeof(p2_affine), &x, &y);
    p2_add_digit(&sum, &infinite, x, y, minus, zero);
  }
  *undecided = infinite | p2_is_zero(sum.Z);
  return sum;
}

#include "lanes/affine_tree_types.inc.h"

/// Finds the points of u1 and u2 and has them fetched.
CALLED void p2_find_points(p2_places *to, p2n u1, p2n u2, U64 combs, const p2_constants *constants) {
  U64 g_digits[5], digits[5];
  p2_set_digits(g_digits, u1, p2_g_halves);
  p2_set_digits(digits, u2, p2_comb_halves);
  for (int i = 0; i < p2_POINTS; i++) {
    const int place = i - p2_COMB_WINDOWS;
    if (place < 0) {
      const U64 row = digit_row(limbs_window(digits, 5, p2_COMB_WINDOW * i, p2_COMB_WINDOW), p2_COMB_MULTIPLES, &to->minus[i], &to->none[i]);
      to->address[i] = combs + (row + SPLAT(i * p2_COMB_MULTIPLES)) * sizeof(p2_affine);
    } else {
      const U64 row = digit_row(limbs_window(g_digits, 5, p2_G_WINDOW * place, p2_G_WINDOW), p2_G_MULTIPLES, &to->minus[i], &to->none[i]);
      to->address[i] = row * sizeof(p2_affine) + SPLAT((uintptr_t)constants->g[place]);
    }
    prefetch_rows(to->address[i]);
  }
}
INLINE p2 p2_turned(int i, p2 x) {
  (void)i;
  return x;
}

#include "lanes/affine_tree.inc.h"
#undef ORDER
#undef CURVE
