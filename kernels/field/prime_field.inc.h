// Template: a prime field in Montgomery form. Set FIELD (the type's name) and LIMBS; the including file has defined
//
//   static const uint64_t FIELD_modulus[LIMBS], FIELD_one[LIMBS], FIELD_r2[LIMBS];   and FIELD_k, see constants.py
//
// Every value is fully reduced, so equality is equality of limbs. Results may alias operands.
#define F(name) LIMBS_PASTE(FIELD, _##name)
#define L(name) LIMBS_PASTE(LIMBS_PASTE(limbs, LIMBS), _##name)

typedef struct FIELD {
  uint64_t v[LIMBS];
} FIELD;

/// A product, or a sum of products, before its reduction.
typedef struct F(wide) {
  uint64_t v[2 * LIMBS];
} F(wide);

enum { F(bytes) = 8 * LIMBS };

INLINE void F(set_zero)(FIELD *r) { memset(r, 0, sizeof *r); }
INLINE void F(set_one)(FIELD *r) { memcpy(r->v, F(one), sizeof r->v); }
INLINE int F(equal)(const FIELD *a, const FIELD *b) { return memcmp(a, b, sizeof *a) == 0; }
INLINE int F(is_zero)(const FIELD *a) {
  uint64_t any = 0;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) any |= a->v[i];
  return any == 0;
}
INLINE int F(is_one)(const FIELD *a) { return memcmp(a->v, F(one), sizeof a->v) == 0; }

INLINE void F(add)(FIELD *r, const FIELD *a, const FIELD *b) { L(add)(r->v, a->v, b->v, F(modulus)); }
INLINE void F(sub)(FIELD *r, const FIELD *a, const FIELD *b) { L(sub)(r->v, a->v, b->v, F(modulus)); }
INLINE void F(dbl)(FIELD *r, const FIELD *a) { L(add)(r->v, a->v, a->v, F(modulus)); }
INLINE void F(neg)(FIELD *r, const FIELD *a) {
  const FIELD zero = {{0}};
  L(sub)(r->v, zero.v, a->v, F(modulus));
}

LIMBS_FUNCTION void F(mul)(FIELD *r, const FIELD *a, const FIELD *b) {
  L(montgomery)(r->v, a->v, b->v, F(modulus), F(k));
}
LIMBS_FUNCTION void F(sqr)(FIELD *r, const FIELD *a) {
  L(montgomery)(r->v, a->v, a->v, F(modulus), F(k));
}

/// r = a / 2.
LIMBS_FUNCTION void F(halve)(FIELD *r, const FIELD *a) {
  const uint64_t mask = 0 - (a->v[0] & 1);
  uint64_t t[LIMBS];
  unsigned long long carry = 0;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) t[i] = __builtin_addcll(a->v[i], F(modulus)[i] & mask, carry, &carry);
  LIMBS_UNROLL for (int i = 0; i < LIMBS - 1; i++) r->v[i] = t[i] >> 1 | t[i + 1] << 63;
  r->v[LIMBS - 1] = t[LIMBS - 1] >> 1 | (uint64_t)carry << 63;
}

/// r = a^e for an exponent of `limbs` limbs, by sliding windows of five bits: a table of odd powers.
LIMBS_FUNCTION void F(pow)(FIELD *r, const FIELD *a, const uint64_t *e, int limbs) {
  enum { width = 5 };
  FIELD odd[1 << (width - 1)], square, t;
  F(sqr)(&square, a);
  odd[0] = *a;
  for (int i = 1; i < 1 << (width - 1); i++) F(mul)(&odd[i], &odd[i - 1], &square);
  F(set_one)(&t);
  int started = 0;
  for (int i = 64 * limbs - 1; i >= 0;) {
    if (!(e[i / 64] >> (i % 64) & 1)) {
      if (started) F(sqr)(&t, &t);
      i--;
      continue;
    }
    int last = i >= width ? i - width + 1 : 0, window = 0;
    while (!(e[last / 64] >> (last % 64) & 1)) last++;
    for (; i >= last; i--) {
      window = window << 1 | (int)(e[i / 64] >> (i % 64) & 1);
      if (started) F(sqr)(&t, &t);
    }
    if (started) {
      F(mul)(&t, &t, &odd[window / 2]);
    } else {
      t = odd[window / 2];
      started = 1;
    }
  }
  *r = t;
}

/// From an integer below the modulus.
INLINE void F(from_limbs)(FIELD *r, const uint64_t *a) {
  FIELD t, r2;
  memcpy(t.v, a, sizeof t.v);
  memcpy(r2.v, F(r2), sizeof r2.v);
  F(mul)(r, &t, &r2);
}

/// To the integer below the modulus.
INLINE void F(to_limbs)(uint64_t *r, const FIELD *a) {
  uint64_t wide[2 * LIMBS] = {0};
  memcpy(wide, a->v, sizeof a->v);
  L(redc)(r, wide, F(modulus), F(k));
}

/// 8 * LIMBS big-endian bytes to limbs, no reduction.
INLINE void F(limbs_of_bytes)(uint64_t *r, const uint8_t *bytes) {
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) {
    uint64_t limb;
    memcpy(&limb, bytes + 8 * (LIMBS - 1 - i), 8);
    r[i] = __builtin_bswap64(limb);
  }
}

/// From big-endian bytes; 0 when they are not below the modulus.
LIMBS_FUNCTION int F(from_bytes)(FIELD *r, const uint8_t *bytes) {
  uint64_t t[LIMBS];
  F(limbs_of_bytes)(t, bytes);
  if (L(at_least)(t, F(modulus))) {
    F(set_zero)(r);
    return 0;
  }
  F(from_limbs)(r, t);
  return 1;
}

LIMBS_FUNCTION void F(to_bytes)(uint8_t *bytes, const FIELD *a) {
  uint64_t t[LIMBS];
  F(to_limbs)(t, a);
  for (int i = 0; i < 8 * LIMBS; i++) bytes[i] = (uint8_t)(t[LIMBS - 1 - i / 8] >> (56 - 8 * (i % 8)));
}

/// r = 1 / a, and 0 for 0: the almost Montgomery inverse (Kaliski 1995), then its power of two is divided out.
LIMBS_FUNCTION void F(inv)(FIELD *r, const FIELD *a) {
  if (F(is_zero)(a)) {
    F(set_zero)(r);
    return;
  }
  // Invariants, with A the integer that a's limbs spell: A * t = -u * 2^shifts and A * s = v * 2^shifts (mod m), s, t <= m.
  uint64_t u[LIMBS], v[LIMBS], s[LIMBS] = {1}, t[LIMBS] = {0};
  memcpy(u, F(modulus), sizeof u);
  memcpy(v, a->v, sizeof v);
  int shifts = 0;
  for (;;) {
    uint64_t *even = v, *other = t;
    unsigned long long borrow = 0;
    if ((v[0] & 1) == 0) {
    } else if (L(at_least)(v, u)) {
      LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) v[i] = __builtin_subcll(v[i], u[i], borrow, &borrow);
      L(add_plain)(s, s, t);
    } else {
      LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) u[i] = __builtin_subcll(u[i], v[i], borrow, &borrow);
      L(add_plain)(t, t, s);
      even = u, other = s;
    }
    uint64_t rest = 0;
    LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) rest |= even[i];
    if (rest == 0) break;
    const int zeros = even[0] ? __builtin_ctzll(even[0]) : 63;
    LIMBS_UNROLL for (int i = 0; i < LIMBS - 1; i++) even[i] = even[i] >> zeros | even[i + 1] << 1 << (63 - zeros);
    even[LIMBS - 1] >>= zeros;
    LIMBS_UNROLL for (int i = LIMBS - 1; i > 0; i--) other[i] = other[i] << zeros | other[i - 1] >> 1 >> (63 - zeros);
    other[0] <<= zeros;
    shifts += zeros;
  }
  // Now u = 1, so 1 / A = -t / 2^shifts. With R = 2^(64 LIMBS) and A = a R, the wanted limbs are R^2 / A.
  FIELD x, factor;
  memcpy(x.v, t, sizeof t);
  F(neg)(&x, &x);
  for (int left = 128 * LIMBS - shifts; left > 0;) {
    const int step = left < 64 * LIMBS - 4 ? left : 64 * LIMBS - 4;
    F(from_limbs)(&x, x.v);
    F(set_zero)(&factor);
    factor.v[step / 64] = (uint64_t)1 << (step % 64);
    F(mul)(&x, &x, &factor);
    left -= step;
  }
  *r = x;
}

/// 1 when the integer is above (modulus - 1) / 2.
LIMBS_FUNCTION int F(is_high)(const FIELD *a) {
  uint64_t t[LIMBS], twice[LIMBS];
  F(to_limbs)(t, a);
  uint64_t carry = 0;
  for (int i = 0; i < LIMBS; i++) {
    twice[i] = t[i] << 1 | carry;
    carry = t[i] >> 63;
  }
  return carry || L(at_least)(twice, F(modulus));
}

#undef F
#undef L
