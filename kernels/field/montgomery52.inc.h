// Template: products modulo an odd number m below 2^256 in Montgomery form with R = 2^260, an element in each lane, in five limbs of 52
// bits. Set FIELD (the type's name); the including file has defined, each in limbs,
//
//   static const uint64_t FIELD_modulus[5], FIELD_r2[5] (R^2 mod m), FIELD_k (-1 / m mod 2^52)
//
// Factors have limbs below 2^52 (what lies above is not read). A product is below a b / R + m: while a b stays below 8 m R it is
// below 9 m, and carried.
#define F(name) LANES_PASTE(FIELD, _##name)

#include "field/limbs52.inc.h"

/// (a b + c d) / R, c d only when `two`.
INLINE FIELD F(reduced_sum)(FIELD a, FIELD b, FIELD c, FIELD d, int two) {
  const uint64_t *m = F(modulus);
  FACTOR x[5], y[5], z[5], w[5];
  LANES_UNROLL for (int i = 0; i < 5; i++) x[i] = FACTOR_OF(a.n[i]), y[i] = FACTOR_OF(b.n[i]);
  LANES_UNROLL for (int i = 0; i < 5; i++) z[i] = FACTOR_OF(c.n[i]), w[i] = FACTOR_OF(d.n[i]);
  // Absolute indices: a loop that shifts the columns down by one would be a memmove.
  U64 t[11] = {{0}};
  uint64_t bias[11] = {0};
  LANES_UNROLL for (int i = 0; i < 5; i++) {
    LANES_UNROLL for (int j = 0; j < 5; j++) {
      MULTIPLY(t[i + j], t[i + j + 1], x[i], y[j]);
      bias[i + j] += LOW_BIAS;
      bias[i + j + 1] += HIGH_BIAS;
      if (!two) continue;
      MULTIPLY(t[i + j], t[i + j + 1], z[i], w[j]);
      bias[i + j] += LOW_BIAS;
      bias[i + j + 1] += HIGH_BIAS;
    }
    t[i] -= SPLAT(bias[i]);
    // q = t[i] k mod 2^52 makes the low 52 bits of t[i] + q m zero.
    U64 q = SPLAT(0 - LOW_BIAS), unused = SPLAT(0);
    MULTIPLY(q, unused, FACTOR_OF(t[i]), FACTOR_SPLAT(F(k)));
    (void)unused;
    const FACTOR multiple = FACTOR_OF(q);
    bias[i] = 0;
    LANES_UNROLL for (int j = 0; j < 5; j++) {
      if (m[j] == 0) continue;
      MULTIPLY(t[i + j], t[i + j + 1], multiple, FACTOR_SPLAT(m[j]));
      bias[i + j] += LOW_BIAS;
      bias[i + j + 1] += HIGH_BIAS;
    }
    t[i] -= SPLAT(bias[i]);
    t[i + 1] += t[i] >> 52;
  }
  FIELD r;
  LANES_UNROLL for (int i = 0; i < 5; i++) r.n[i] = t[5 + i] - SPLAT(bias[5 + i]);
  LANES_UNROLL for (int i = 0; i < 4; i++) {
    r.n[i + 1] += r.n[i] >> 52;
    r.n[i] &= SPLAT(LANE_MASK52);
  }
  return r;
}
INLINE FIELD F(mul)(FIELD a, FIELD b) { return F(reduced_sum)(a, b, a, b, 0); }
INLINE FIELD F(mul_add)(FIELD a, FIELD b, FIELD c, FIELD d) { return F(reduced_sum)(a, b, c, d, 1); }
/// The product where speed does not matter.
CALLED FIELD F(product)(FIELD a, FIELD b) { return F(mul)(a, b); }
INLINE FIELD F(to_form)(FIELD a) { return F(product)(a, F(splat)(F(r2))); }
INLINE FIELD F(from_form)(FIELD a) { return F(product)(a, (FIELD){{SPLAT(1), SPLAT(0), SPLAT(0), SPLAT(0), SPLAT(0)}}); }

/// a - m where a, below 2^260, is not below m.
INLINE FIELD F(subtract_once)(FIELD a) {
  FIELD b;
  LANES_UNROLL for (int i = 0; i < 5; i++) b.n[i] = a.n[i] - SPLAT(F(modulus)[i]);
  LANES_UNROLL for (int i = 0; i < 4; i++) {
    b.n[i + 1] += SHIFT_SIGNED(b.n[i], 52);
    b.n[i] &= SPLAT(LANE_MASK52);
  }
  const M64 below = (I64)b.n[4] < 0;
  LANES_UNROLL for (int i = 0; i < 5; i++) b.n[i] = SELECT(below, a.n[i], b.n[i]);
  return b;
}
/// m - a for a below m, 0 for 0.
INLINE FIELD F(negate)(FIELD a) {
  const M64 zero = limbs_zero(a.n);
  LANES_UNROLL for (int i = 0; i < 5; i++) a.n[i] = SPLAT(F(modulus)[i]) - a.n[i];
  LANES_UNROLL for (int i = 0; i < 4; i++) {
    a.n[i + 1] += SHIFT_SIGNED(a.n[i], 52);
    a.n[i] &= SPLAT(LANE_MASK52);
  }
  LANES_UNROLL for (int i = 0; i < 5; i++) a.n[i] = SELECT(zero, SPLAT(0), a.n[i]);
  return a;
}
/// The inverse, in Montgomery form, of every lane of `a`, in Montgomery form too, by one scalar inversion. A lane of 0 makes all of
/// them 0.
CALLED FIELD F(invert_lanes)(FIELD a, const inverse62_modulus *m) {
  FIELD partial[4];
  int levels = 0;
  for (int distance = LANES / 2; distance > 0; distance /= 2) {
    partial[levels++] = a;
    a = F(product)(a, F(exchange)(a, distance));
  }
  a = F(subtract_once)(F(from_form)(a));
  U64 word[4];
  uint64_t x[4], y[4];
  limbs_to_words(a.n, word);
  for (int i = 0; i < 4; i++) x[i] = word[i][0];
  inverse62(m, x, y);
  for (int i = 0; i < 4; i++) word[i] = SPLAT(y[i]);
  limbs_from_words(word, a.n);
  a = F(to_form)(a);
  for (int distance = 1; distance < LANES; distance *= 2) a = F(product)(a, F(exchange)(partial[--levels], distance));
  return a;
}
/// x_i = a_i / d_i and y_i = b_i / d_i modulo m for `count` vectors of plain numbers below m, no d with a lane of 0; plain numbers below
/// m out, one inversion in all. `form` and `prefix` have room for `count` vectors.
CALLED void F(divide_many)(const FIELD *d, const FIELD *a, const FIELD *b, FIELD *x, FIELD *y, int count, FIELD *form, FIELD *prefix,
                           const inverse62_modulus *m) {
  for (int i = 0; i < count; i++) {
    form[i] = F(to_form)(d[i]);
    prefix[i] = i == 0 ? form[0] : F(product)(prefix[i - 1], form[i]);
  }
  FIELD inverse = F(invert_lanes)(prefix[count - 1], m);
  for (int i = count - 1; i >= 0; i--) {
    // In Montgomery form: times a plain number it gives a plain number.
    const FIELD one = i == 0 ? inverse : F(product)(inverse, prefix[i - 1]);
    inverse = F(product)(inverse, form[i]);
    x[i] = F(subtract_once)(F(product)(a[i], one));
    y[i] = F(subtract_once)(F(product)(b[i], one));
  }
}
#undef FIELD
#undef F
