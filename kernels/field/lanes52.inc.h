// Template: the field modulo p = 2^(208 + FIELD_TOP) - FIELD_K, an element in each lane, in five limbs of 52 bits. Set FIELD (the
// type's name), FIELD_K, FIELD_TOP (at most 48), and FIELD_SMALL_K to 1 when FIELD_K << (52 - FIELD_TOP) is below 2^12.
//
// A value of magnitude m is below m 2^(208 + FIELD_TOP) plus a little; all values must stay below 2^260, so m below 2^(52 - FIELD_TOP).
//   "carried": limbs below 2^52.
//   "loose": bits 0 ..< 52 of every limb are the limb; what lies above is not read by a product.
// mul, sqr and mul_add take loose values and give a carried one of magnitude 1. plus, minus, times and bias work limb by limb on signed
// 64-bit numbers; one serial chain of carries afterwards (carry or loosen) is exact whatever the limbs are. A chain that
// is cut short is wrong once in 2^50, which is too often.
#define F(name) LANES_PASTE(FIELD, _##name)
#define FIELD_FOLD ((uint64_t)FIELD_K << (52 - FIELD_TOP))

#include "field/limbs52.inc.h"

INLINE FIELD F(small)(uint64_t x) { return (FIELD){{SPLAT(x), SPLAT(0), SPLAT(0), SPLAT(0), SPLAT(0)}}; }

/// a + e p: p is 2^FIELD_TOP in limb 4 less FIELD_K in limb 0.
INLINE FIELD F(bias)(FIELD a, int e) {
  a.n[0] -= SPLAT((uint64_t)FIELD_K * (uint64_t)e);
  a.n[4] += SPLAT((uint64_t)e << FIELD_TOP);
  return a;
}
INLINE FIELD F(zero)(void) { return F(small)(0); }
INLINE FIELD F(one)(void) { return F(small)(1); }
INLINE FIELD F(add)(FIELD a, FIELD b) { return F(carry)(F(plus)(a, b)); }
/// a - b + e p, where b is below e p.
INLINE FIELD F(sub)(FIELD a, FIELD b, int e) { return F(carry)(F(bias)(F(minus)(a, b), e)); }

/// Adds a b to the columns of a product. Each column's share of biases is taken off before.
INLINE void F(accumulate)(U64 t[10], FIELD a, FIELD b) {
  FACTOR x[5], y[5];
  LANES_UNROLL for (int i = 0; i < 5; i++) x[i] = FACTOR_OF(a.n[i]), y[i] = FACTOR_OF(b.n[i]);
  LANES_UNROLL for (int i = 0; i < 10; i++) {
    const uint64_t lows = i < 5 ? i + 1 : 9 - i, highs = i == 0 ? 0 : i <= 5 ? i : 10 - i;
    t[i] -= SPLAT(lows * LOW_BIAS + highs * HIGH_BIAS);
  }
  LANES_UNROLL for (int i = 0; i < 5; i++) {
    LANES_UNROLL for (int j = 0; j < 5; j++) MULTIPLY(t[i + j], t[i + j + 1], x[i], y[j]);
  }
}
/// Columns below 2^61, the whole below 2^520, to a carried value of magnitude 1.
INLINE FIELD F(reduce)(U64 t[10]) {
  U64 above = SPLAT(0);
  LANES_UNROLL for (int i = 5; i < 9; i++) t[i + 1] += t[i] >> 52;
  // 2^260 is FIELD_FOLD.
#if FIELD_SMALL_K
  LANES_UNROLL for (int i = 0; i < 5; i++) t[i] += MULTIPLY_SMALL(t[5 + i] & SPLAT(LANE_MASK52), FIELD_FOLD);
#else
  const FACTOR fold = FACTOR_SPLAT(FIELD_FOLD);
  LANES_UNROLL for (int i = 0; i < 5; i++) t[i] -= SPLAT(LOW_BIAS + (i > 0 ? HIGH_BIAS : 0));
  above -= SPLAT(HIGH_BIAS);
  LANES_UNROLL for (int i = 0; i < 4; i++) MULTIPLY(t[i], t[i + 1], FACTOR_OF(t[5 + i]), fold);
  MULTIPLY(t[4], above, FACTOR_OF(t[9]), fold);
#endif
  // What lies above 2^(208 + FIELD_TOP) is below 2^42, and comes back FIELD_K times.
  const U64 top = (t[4] >> FIELD_TOP) + (above << (52 - FIELD_TOP));
  t[4] &= SPLAT((1ull << FIELD_TOP) - 1);
#if FIELD_SMALL_K
  t[0] += MULTIPLY_SMALL(top, FIELD_K);
#else
  t[0] -= SPLAT(LOW_BIAS);
  t[1] -= SPLAT(HIGH_BIAS);
  MULTIPLY(t[0], t[1], FACTOR_OF(top), FACTOR_SPLAT(FIELD_K));
#endif
  FIELD r;
  LANES_UNROLL for (int i = 0; i < 4; i++) {
    t[i + 1] += t[i] >> 52;
    r.n[i] = t[i] & SPLAT(LANE_MASK52);
  }
  r.n[4] = t[4];
  return r;
}
INLINE FIELD F(mul)(FIELD a, FIELD b) {
  U64 t[10] = {{0}};
  F(accumulate)(t, a, b);
  return F(reduce)(t);
}
/// a b + c d, the whole below 2^520.
INLINE FIELD F(mul_add)(FIELD a, FIELD b, FIELD c, FIELD d) {
  U64 t[10] = {{0}};
  F(accumulate)(t, a, b);
  F(accumulate)(t, c, d);
  return F(reduce)(t);
}
INLINE FIELD F(sqr)(FIELD a) {
  FACTOR x[5];
  LANES_UNROLL for (int i = 0; i < 5; i++) x[i] = FACTOR_OF(a.n[i]);
  U64 t[10] = {{0}};
  uint64_t bias[11] = {0};
  LANES_UNROLL for (int i = 0; i < 4; i++) {
    LANES_UNROLL for (int j = i + 1; j < 5; j++) {
      MULTIPLY(t[i + j], t[i + j + 1], x[i], x[j]);
      bias[i + j] += 2 * LOW_BIAS;
      bias[i + j + 1] += 2 * HIGH_BIAS;
    }
  }
  LANES_UNROLL for (int i = 0; i < 5; i++) bias[2 * i] += LOW_BIAS, bias[2 * i + 1] += HIGH_BIAS;
  LANES_UNROLL for (int i = 0; i < 10; i++) t[i] = t[i] + t[i] - SPLAT(bias[i]);
  LANES_UNROLL for (int i = 0; i < 5; i++) MULTIPLY(t[2 * i], t[2 * i + 1], x[i], x[i]);
  return F(reduce)(t);
}
/// Signed limbs of a value that is not negative, limb 4 not either, to a carried one of magnitude 2. What lies above 2^(208 + FIELD_TOP), known
/// up to what the lower limbs borrow, comes back FIELD_K times; p is added so that a borrow leaves no negative value.
INLINE FIELD F(carry_folding)(FIELD a) {
  const U64 top = a.n[4] >> FIELD_TOP;
  a.n[4] &= SPLAT((1ull << FIELD_TOP) - 1);
  a.n[0] += MULTIPLY_SMALL(top, FIELD_K & 0xFFF);
  if (FIELD_K > 0xFFF) a.n[0] += top << 32;
  return F(carry)(F(bias)(a, 1));
}
/// The representative below p of a carried value.
CALLED FIELD F(canonical)(FIELD a) {
  const U64 below_top = SPLAT((1ull << FIELD_TOP) - 1);
  // After the first pass the value is below 2^(208 + FIELD_TOP) + 2^45.
  for (int pass = 0; pass < 2; pass++) {
    const U64 top = a.n[4] >> FIELD_TOP;
    a.n[4] &= below_top;
    // top is below 2^5: the product by FIELD_K, below 2^34, by shifts of its bits.
    for (int bit = 0; bit < 5; bit++) a.n[0] += (SPLAT(0) - (top >> bit & 1)) & SPLAT((uint64_t)FIELD_K << bit);
    a = F(carry)(a);
  }
  FIELD b = a;
  b.n[0] += SPLAT((uint64_t)FIELD_K);
  b = F(carry)(b);
  const M64 reaches = (I64)(b.n[4] >> FIELD_TOP) != 0;
  b.n[4] &= below_top;
  return F(select)(reaches, b, a);
}
/// The product where speed does not matter.
CALLED FIELD F(product)(FIELD a, FIELD b) { return F(mul)(a, b); }

/// The inverse of every lane by one scalar inversion modulo `p`. A lane of 0 makes all of them 0.
CALLED FIELD F(invert_lanes)(FIELD a, const inverse62_modulus *p) {
  FIELD partial[4];
  int levels = 0;
  for (int distance = LANES / 2; distance > 0; distance /= 2) {
    partial[levels++] = a;
    a = F(product)(a, F(exchange)(a, distance));
  }
  a = F(canonical)(a);
  U64 word[4];
  uint64_t x[4], y[4];
  limbs_to_words(a.n, word);
  for (int i = 0; i < 4; i++) x[i] = word[i][0];
  inverse62(p, x, y);
  for (int i = 0; i < 4; i++) word[i] = SPLAT(y[i]);
  limbs_from_words(word, a.n);
  for (int distance = 1; distance < LANES; distance *= 2) a = F(product)(a, F(exchange)(partial[--levels], distance));
  return a;
}
#include "field/limbs52_inverse.inc.h"

#undef FIELD_FOLD
#undef FIELD_SMALL_K
#undef FIELD_TOP
#undef FIELD_K
#undef FIELD
#undef F
