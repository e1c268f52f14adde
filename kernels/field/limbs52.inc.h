// Part of the templates lanes52.inc.h and montgomery52.inc.h: elements of five limbs of 52 bits, and what is done to them limb by limb. FIELD is
// the type's name, F(name) what its functions are called.
typedef struct FIELD {
  U64 n[5];
} FIELD;

INLINE FIELD F(splat)(const uint64_t limb[5]) {
  FIELD r;
  LANES_UNROLL for (int i = 0; i < 5; i++) r.n[i] = SPLAT(limb[i]);
  return r;
}
INLINE FIELD F(carry)(FIELD a) {
  LANES_UNROLL for (int i = 0; i < 4; i++) {
    a.n[i + 1] += SHIFT_SIGNED(a.n[i], 52);
    a.n[i] &= SPLAT(LANE_MASK52);
  }
  return a;
}
INLINE FIELD F(loosen)(FIELD a) {
  LANES_UNROLL for (int i = 0; i < 4; i++) a.n[i + 1] += SHIFT_SIGNED(a.n[i], 52);
  return a;
}
INLINE FIELD F(plus)(FIELD a, FIELD b) {
  LANES_UNROLL for (int i = 0; i < 5; i++) a.n[i] += b.n[i];
  return a;
}
INLINE FIELD F(minus)(FIELD a, FIELD b) {
  LANES_UNROLL for (int i = 0; i < 5; i++) a.n[i] -= b.n[i];
  return a;
}
/// 2, 3, 4 or 8 times a.
INLINE FIELD F(times)(FIELD a, int factor) {
  LANES_UNROLL for (int i = 0; i < 5; i++) {
    if (factor == 3) a.n[i] += a.n[i] + a.n[i];
    else a.n[i] <<= factor == 8 ? 3 : factor / 2;
  }
  return a;
}
INLINE FIELD F(select)(M64 mask, FIELD a, FIELD b) {
  LANES_UNROLL for (int i = 0; i < 5; i++) a.n[i] = SELECT(mask, a.n[i], b.n[i]);
  return a;
}
/// -a limb by limb in the lanes of `mask`.
INLINE FIELD F(negate_where)(M64 mask, FIELD a) {
  LANES_UNROLL for (int i = 0; i < 5; i++) a.n[i] = SELECT(mask, -a.n[i], a.n[i]);
  return a;
}

INLINE FIELD F(exchange)(FIELD a, int distance) {
  LANES_UNROLL for (int i = 0; i < 5; i++) a.n[i] = exchange(a.n[i], distance);
  return a;
}
INLINE M64 F(equal_canonical)(FIELD a, FIELD b) {
  U64 t[5];
  LANES_UNROLL for (int i = 0; i < 5; i++) t[i] = a.n[i] ^ b.n[i];
  return limbs_zero(t);
}
INLINE M64 F(is_odd)(FIELD canonical) { return (I64)(canonical.n[0] & 1) != 0; }
