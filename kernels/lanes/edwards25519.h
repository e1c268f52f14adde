// edwards25519 in lanes: s B + k A for rows whose A nobody has seen before, and decoding of points.
//
// H. Hisil, K. Wong, G. Carter, E. Dawson: Twisted Edwards Curves Revisited (2008), extended coordinates for a = -1: complete formulas, so that
// no row is an exception. 255 doublings, 51 additions of multiples of A and 26 of B.
#include "field/inverse62.h"
#include "lanes/edwards25519.constants.h"

// The coordinates, modulo 2^255 - 19; and numbers modulo the order L.
#define FIELD f25
#define FIELD_K 19
#define FIELD_TOP 47
#define FIELD_SMALL_K 1
#include "field/lanes52.inc.h"
#define FIELD f25l
#include "field/montgomery52.inc.h"

enum {
  ED_WINDOW = 5, ED_WINDOWS = 51, ED_MULTIPLES = 17,             // of k: 0 ... 16
  ED_B_WINDOW = 10, ED_B_WINDOWS = 26, ED_B_MULTIPLES = 513,     // of s: 0 ... 512
  ED_COMB_WINDOW = 6, ED_COMB_WINDOWS = 43, ED_COMB_MULTIPLES = 33,  // of k, for a registered key: 0 ... 32
  ED_VECTORS = 128 / LANES,
};

/// x = X / Z, y = Y / Z, and T = X Y / Z where an addition follows.
typedef struct ed_point {
  f25 X, Y, Z, T;
} ed_point;

/// A point prepared for additions: Y + X, Y - X, 2 d T, 2 Z.
typedef struct ed_prepared {
  f25 sum, difference, product, twice_z;
} ed_prepared;

/// The same as canonical words: two cache lines. 2 Z is 2 for the multiples of B.
typedef struct ed_packed {
  uint64_t word[16];
} ALIGNED ed_packed;

/// d 2^(6 i) (-A) of a registered key, d = 0 ... 32.
typedef struct ed_comb {
  ed_packed multiple[ED_COMB_WINDOWS][ED_COMB_MULTIPLES];
} ed_comb;

/// What is computed once for all batches.
typedef struct ed_constants {
  /// d 2^(10 i) B, d = 0 ... 512. Window 0 serves the ladder.
  ed_packed b[ED_B_WINDOWS][ED_B_MULTIPLES];
  inverse62_modulus p;
} ed_constants;

// Numbers beside sums are magnitudes.

INLINE f25 ed_loose_sum(f25 a, f25 b) { return f25_loosen(f25_plus(a, b)); }
INLINE f25 ed_loose_difference(f25 a, f25 b) { return f25_loosen(f25_bias(f25_minus(a, b), 2)); }

/// 2 P; its T only when an addition follows.
INLINE ed_point ed_double(ed_point p, int with_t) {
  const f25 a = f25_sqr(p.X), b = f25_sqr(p.Y), zz = f25_sqr(p.Z), xy = f25_sqr(ed_loose_sum(p.X, p.Y));
  const f25 h = ed_loose_sum(a, b), g = ed_loose_difference(a, b);                                    // 2, 3
  const f25 e = f25_loosen(f25_bias(f25_minus(f25_plus(a, b), xy), 2));                               // 4
  const f25 f = f25_loosen(f25_bias(f25_plus(f25_times(zz, 2), f25_minus(a, b)), 2));                 // 5
  ed_point r = {f25_mul(e, f), f25_mul(g, h), f25_mul(f, g), f25_small(0)};
  if (with_t) r.T = f25_mul(e, h);
  return r;
}
/// P + Q, or P - Q in the lanes of `minus`. `is_affine`: 2 Z of Q is 2.
INLINE ed_point ed_add(ed_point p, ed_prepared q, M64 minus, int is_affine, int with_t) {
  const f25 sum = f25_select(minus, q.difference, q.sum), difference = f25_select(minus, q.sum, q.difference);
  const f25 a = f25_mul(ed_loose_difference(p.Y, p.X), difference), b = f25_mul(ed_loose_sum(p.Y, p.X), sum);
  const f25 c = f25_mul(p.T, q.product), d = is_affine ? f25_plus(p.Z, p.Z) : f25_mul(p.Z, q.twice_z);
  const f25 e = ed_loose_difference(b, a), h = ed_loose_sum(b, a);
  const f25 less = ed_loose_difference(d, c), more = ed_loose_sum(d, c);                              // 4, 3
  const f25 f = f25_select(minus, more, less), g = f25_select(minus, less, more);
  ed_point r = {f25_mul(e, f), f25_mul(g, h), f25_mul(f, g), f25_small(0)};
  if (with_t) r.T = f25_mul(e, h);
  return r;
}
INLINE ed_point ed_identity(void) { return (ed_point){f25_small(0), f25_small(1), f25_small(1), f25_small(0)}; }

CALLED ed_prepared ed_prepare(ed_point p) {
  return (ed_prepared){f25_canonical(f25_add(p.Y, p.X)), f25_canonical(f25_sub(p.Y, p.X, 2)),
                       f25_canonical(f25_product(p.T, f25_splat(ed_2d))), f25_canonical(f25_add(p.Z, p.Z))};
}
INLINE void ed_store(ed_packed *const to[LANES], ed_prepared q) {
  U64 word[8];
  uint64_t *row[LANES];
  for (int lane = 0; lane < LANES; lane++) row[lane] = to[lane]->word;
  limbs_to_words(q.sum.n, word), limbs_to_words(q.difference.n, word + 4);
  store_rows(row, word);
  for (int lane = 0; lane < LANES; lane++) row[lane] = to[lane]->word + 8;
  limbs_to_words(q.product.n, word), limbs_to_words(q.twice_z.n, word + 4);
  store_rows(row, word);
}
INLINE ed_prepared ed_unpack(const U64 low[8], const U64 high[8]) {
  ed_prepared q;
  limbs_from_words(low, q.sum.n), limbs_from_words(low + 4, q.difference.n);
  limbs_from_words(high, q.product.n), limbs_from_words(high + 4, q.twice_z.n);
  return q;
}
/// The rows of a table.
INLINE ed_prepared ed_load(const ed_packed *base, U64 row) {
  U64 low[8], high[8];
  load_rows_at(base, row * sizeof(ed_packed), low);
  load_rows_at(base->word + 8, row * sizeof(ed_packed), high);
  return ed_unpack(low, high);
}
/// Rows wherever they are.
INLINE ed_prepared ed_load_from(U64 address) {
  U64 low[8], high[8];
  load_rows_from(address, low);
  load_rows_from(address + SPLAT(64), high);
  return ed_unpack(low, high);
}
INLINE U64 ed_address(const ed_packed *base, U64 row) { return SPLAT((uintptr_t)base) + row * sizeof(ed_packed); }

/// a^((p - 5) / 8) = a^(2^252 - 3).
CALLED f25 ed_power_252_3(f25 a) {
  // e<n> is a^(2^n - 1).
  const f25 a2 = f25_sqr(a), a9 = f25_product(f25_square_times(a2, 2), a), a11 = f25_product(a9, a2);
  const f25 e5 = f25_product(f25_sqr(a11), a9), e10 = f25_product(f25_square_times(e5, 5), e5);
  const f25 e20 = f25_product(f25_square_times(e10, 10), e10), e40 = f25_product(f25_square_times(e20, 20), e20);
  const f25 e50 = f25_product(f25_square_times(e40, 10), e10), e100 = f25_product(f25_square_times(e50, 50), e50);
  const f25 e200 = f25_product(f25_square_times(e100, 100), e100), e250 = f25_product(f25_square_times(e200, 50), e50);
  return f25_product(f25_square_times(e250, 2), a);
}
/// The x, canonical, of the point with this y and the sign bit `odd`, which is ignored when x is 0. y may be p or more. The lanes without
/// one are not in *found.
CALLED f25 ed_lift(f25 y, M64 odd, M64 *found) {
  const f25 yy = f25_sqr(y), u = f25_sub(yy, f25_small(1), 1), v = f25_add(f25_product(yy, f25_splat(ed_d)), f25_small(1));
  // x = u v^3 (u v^7)^((p - 5) / 8) is a root of u / v, or becomes one when multiplied by the root of -1, or none exists.
  const f25 v3 = f25_product(f25_sqr(v), v), v7 = f25_product(f25_sqr(v3), v);
  const f25 x = f25_product(f25_product(u, v3), ed_power_252_3(f25_product(u, v7)));
  const f25 vxx = f25_canonical(f25_product(v, f25_sqr(x)));
  const M64 direct = f25_equal_canonical(vxx, f25_canonical(u));
  const M64 turned = f25_equal_canonical(vxx, f25_canonical(f25_sub(f25_small(0), u, 4)));
  const f25 root = f25_canonical(f25_select(direct, x, f25_product(x, f25_splat(ed_root))));
  *found = direct | turned;
  return f25_canonical(f25_carry(f25_bias(f25_negate_where(f25_is_odd(root) ^ odd, root), 2)));
}
/// The lanes whose canonical y is that of one of the eight points whose order divides 8.
CALLED M64 ed_has_small_order(f25 y) {
  M64 small = {0};
  for (int i = 0; i < 5; i++) small |= f25_equal_canonical(y, f25_splat(ed_small_y[i]));
  return small;
}

/// Digits of s or k: a number below L with half a window added to each window.
INLINE f25 ed_digits(const U64 number[5], const uint64_t halves[5]) {
  f25 t;
  for (int i = 0; i < 5; i++) t.n[i] = number[i] + SPLAT(halves[i]);
  return f25_carry(t);
}
/// The absolute value of a window's digit, and its sign: multiples count from 0 here.
INLINE U64 ed_digit(U64 window, int half, M64 *minus) {
  const I64 digit = (I64)(window - SPLAT(half));
  *minus = digit < 0;
  return SELECT(*minus, -digit, digit);
}

/// s B + k A with its T, for the affine A = (x, y). `multiple` has room for the multiples of A.
CALLED ed_point ed_ladder(f25 x, f25 y, const U64 s[5], const U64 k[5], ed_packed multiple[ED_MULTIPLES][LANES],
                          const ed_constants *constants) {
  ed_packed *to[LANES];
  ed_point p = {x, y, f25_small(1), f25_product(x, y)};
  const ed_prepared first = ed_prepare(p);
  for (int i = 0; i < ED_MULTIPLES; i++) {
    for (int lane = 0; lane < LANES; lane++) to[lane] = &multiple[i][lane];
    if (i > 1) p = ed_add(p, first, (M64){0}, 1, 1);
    ed_store(to, i == 0 ? ed_prepare(ed_identity()) : i == 1 ? first : ed_prepare(p));
  }
  const f25 s_digits = ed_digits(s, ed_b_halves), k_digits = ed_digits(k, ed_key_halves);
  p = ed_identity();
  M64 minus;
  for (int window = ED_WINDOWS - 1; window >= 0; window--) {
    if (window < ED_WINDOWS - 1) {
      for (int i = 0; i < ED_WINDOW - 1; i++) p = ed_double(p, 0);
      p = ed_double(p, 1);
    }
    const U64 row = ed_digit(limbs_window(k_digits.n, 5, ED_WINDOW * window, ED_WINDOW), 16, &minus);
    p = ed_add(p, ed_load(multiple[0], row * LANES + LANE_NUMBERS), minus, 0, 1);
    if (window % 2 != 0) continue;
    const U64 b_row = ed_digit(limbs_window(s_digits.n, 5, ED_WINDOW * window, ED_B_WINDOW), 512, &minus);
    p = ed_add(p, ed_load(constants->b[0], b_row), minus, 1, 1);
  }
  return p;
}

/// s B + k A with its T from the combs of A: no doublings. The rows of all windows are fetched before they are added.
CALLED ed_point ed_comb_sum(const U64 s[5], const U64 k[5], U64 combs, const ed_constants *constants) {
  enum { POINTS = ED_COMB_WINDOWS + ED_B_WINDOWS };
  const f25 s_digits = ed_digits(s, ed_b_halves), k_digits = ed_digits(k, ed_comb_halves);
  U64 address[POINTS];
  M64 minus[POINTS];
  for (int i = 0; i < POINTS; i++) {
    const int place = i - ED_COMB_WINDOWS;
    if (place < 0) {
      const U64 row = ed_digit(limbs_window(k_digits.n, 5, ED_COMB_WINDOW * i, ED_COMB_WINDOW), 32, &minus[i]);
      address[i] = combs + (row + SPLAT(i * ED_COMB_MULTIPLES)) * sizeof(ed_packed);
    } else {
      const U64 row = ed_digit(limbs_window(s_digits.n, 5, ED_B_WINDOW * place, ED_B_WINDOW), 512, &minus[i]);
      address[i] = ed_address(constants->b[place], row);
    }
    prefetch_rows(address[i]);
    prefetch_rows(address[i] + SPLAT(64));
  }
  ed_point p = ed_identity();
  for (int i = 0; i < POINTS; i++) p = ed_add(p, ed_load_from(address[i]), minus[i], 1, 1);
  return p;
}

/// What multiples are made in: one window a lane, or one key per lane.
typedef struct ed_preparation {
  ed_point base[ED_COMB_WINDOWS];
  f25 x[ED_B_MULTIPLES], y[ED_B_MULTIPLES], z[ED_B_MULTIPLES], prefix[ED_B_MULTIPLES];
  ed_packed unused;
} ed_preparation;

/// Stores the multiples 0 ... count - 1 of P, with 2 Z = 2, in the places of to[lane].
CALLED void ed_make_multiples(ed_packed *const to[LANES], ed_point p, int count, ed_preparation *t, const inverse62_modulus *modulus) {
  const ed_prepared step = ed_prepare(p);
  p = ed_identity();
  for (int i = 0; i < count; i++) {
    t->x[i] = p.X, t->y[i] = p.Y, t->z[i] = p.Z;
    p = ed_add(p, step, (M64){0}, 0, 1);
  }
  f25_invert_many(t->z, t->prefix, count, modulus, NULL, 1);
  for (int i = 0; i < count; i++) {
    ed_packed *row[LANES];
    for (int lane = 0; lane < LANES; lane++) row[lane] = to[lane] == &t->unused ? to[lane] : to[lane] + i;
    const f25 x = f25_product(t->x[i], t->z[i]), y = f25_product(t->y[i], t->z[i]);
    ed_store(row, ed_prepare((ed_point){x, y, f25_small(1), f25_product(x, y)}));
  }
}
INLINE ed_point ed_affine_point(f25 x, f25 y) { return (ed_point){x, y, f25_small(1), f25_product(x, y)}; }

CALLED void ed_make_constants(ed_constants *constants, ed_preparation *t) {
  enum { VECTORS = (ED_B_WINDOWS + LANES - 1) / LANES };
  constants->p = inverse62_prepare(ed_p_words);
  ed_point base = ed_affine_point(f25_splat(ed_bx), f25_splat(ed_by));
  for (int window = 0; window < VECTORS * LANES; window++) {
    const M64 lane = (M64)(LANE_NUMBERS == (uint64_t)(window % LANES));
    ed_point *to = &t->base[window / LANES];
    *to = (ed_point){f25_select(lane, base.X, to->X), f25_select(lane, base.Y, to->Y), f25_select(lane, base.Z, to->Z),
                     f25_select(lane, base.T, to->T)};
    for (int i = 0; i < ED_B_WINDOW; i++) base = ed_double(base, 1);
  }
  for (int v = 0; v < VECTORS; v++) {
    ed_packed *to[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      const int window = v * LANES + lane;
      to[lane] = window < ED_B_WINDOWS ? constants->b[window] : &t->unused;
    }
    ed_make_multiples(to, t->base[v], ED_B_MULTIPLES, t, &constants->p);
  }
}
/// The combs of the points (x, y) of the lanes.
CALLED void ed_fill_combs(ed_comb *const comb[LANES], f25 x, f25 y, ed_preparation *t, const ed_constants *constants) {
  ed_point p = ed_affine_point(x, y);
  for (int window = 0; window < ED_COMB_WINDOWS; window++) {
    ed_packed *to[LANES];
    for (int lane = 0; lane < LANES; lane++) to[lane] = comb[lane]->multiple[window];
    ed_make_multiples(to, p, ED_COMB_MULTIPLES, t, &constants->p);
    for (int i = 0; i < ED_COMB_WINDOW; i++) p = ed_double(p, 1);
  }
}
