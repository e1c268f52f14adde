// Template of field/limbs.h for LIMBS limbs. Operand scanning with 128-bit products; loops are unrolled because every
// pairing is made of these few functions.
#define L(name) LIMBS_PASTE(LIMBS_PASTE(limbs, LIMBS), _##name)

/// 1 when a >= b.
INLINE int L(at_least)(const uint64_t *a, const uint64_t *b) {
  unsigned long long borrow = 0;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) (void)__builtin_subcll(a[i], b[i], borrow, &borrow);
  return borrow == 0;
}

/// r = a - m when that is not negative, else a.
INLINE void L(subtract_once)(uint64_t *r, const uint64_t *a, const uint64_t *m) {
  uint64_t difference[LIMBS];
  unsigned long long borrow = 0;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) difference[i] = __builtin_subcll(a[i], m[i], borrow, &borrow);
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) r[i] = borrow ? a[i] : difference[i];
}

INLINE void L(add)(uint64_t *r, const uint64_t *a, const uint64_t *b, const uint64_t *m) {
  uint64_t sum[LIMBS];
  unsigned long long carry = 0;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) sum[i] = __builtin_addcll(a[i], b[i], carry, &carry);
  L(subtract_once)(r, sum, m);
}

INLINE void L(sub)(uint64_t *r, const uint64_t *a, const uint64_t *b, const uint64_t *m) {
  uint64_t difference[LIMBS];
  unsigned long long borrow = 0, carry = 0;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) difference[i] = __builtin_subcll(a[i], b[i], borrow, &borrow);
  const uint64_t mask = 0 - (uint64_t)borrow;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) r[i] = __builtin_addcll(difference[i], m[i] & mask, carry, &carry);
}

/// r = a + b without reduction; the caller knows that it fits.
INLINE void L(add_plain)(uint64_t *r, const uint64_t *a, const uint64_t *b) {
  unsigned long long carry = 0;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) r[i] = __builtin_addcll(a[i], b[i], carry, &carry);
}

/// w = u - v over 2 LIMBS limbs for u >= v.
INLINE void L(sub_wide)(uint64_t *w, const uint64_t *u, const uint64_t *v) {
  unsigned long long borrow = 0;
  LIMBS_UNROLL for (int i = 0; i < 2 * LIMBS; i++) w[i] = __builtin_subcll(u[i], v[i], borrow, &borrow);
}

/// w = u - v over 2 LIMBS limbs, plus m * 2^(64 LIMBS) when that is negative.
INLINE void L(sub_wide_modular)(uint64_t *w, const uint64_t *u, const uint64_t *v, const uint64_t *m) {
  unsigned long long borrow = 0, carry = 0;
  LIMBS_UNROLL for (int i = 0; i < 2 * LIMBS; i++) w[i] = __builtin_subcll(u[i], v[i], borrow, &borrow);
  const uint64_t mask = 0 - (uint64_t)borrow;
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) w[LIMBS + i] = __builtin_addcll(w[LIMBS + i], m[i] & mask, carry, &carry);
}

#if !LIMBS_ADX

INLINE void L(mul)(uint64_t *w, const uint64_t *a, const uint64_t *b) {
  uint64_t t[2 * LIMBS] = {0};
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) {
    uint64_t carry = 0;
    LIMBS_UNROLL for (int j = 0; j < LIMBS; j++) {
      const unsigned __int128 product = (unsigned __int128)a[i] * b[j] + t[i + j] + carry;
      t[i + j] = (uint64_t)product;
      carry = (uint64_t)(product >> 64);
    }
    t[i + LIMBS] = carry;
  }
  LIMBS_UNROLL for (int i = 0; i < 2 * LIMBS; i++) w[i] = t[i];
}

INLINE void L(redc)(uint64_t *r, const uint64_t *w, const uint64_t *m, uint64_t k) {
  uint64_t t[2 * LIMBS], top = 0;
  LIMBS_UNROLL for (int i = 0; i < 2 * LIMBS; i++) t[i] = w[i];
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) {
    const uint64_t factor = t[i] * k;
    uint64_t carry = 0;
    LIMBS_UNROLL for (int j = 0; j < LIMBS; j++) {
      const unsigned __int128 sum = (unsigned __int128)factor * m[j] + t[i + j] + carry;
      t[i + j] = (uint64_t)sum;
      carry = (uint64_t)(sum >> 64);
    }
    const unsigned __int128 sum = (unsigned __int128)t[i + LIMBS] + carry + top;
    t[i + LIMBS] = (uint64_t)sum;
    top = (uint64_t)(sum >> 64);
  }
  L(subtract_once)(r, t + LIMBS, m);
}

/// Coarsely integrated operand scanning (Koc, Acar, Kaliski 1996). The modulus leaves the top bit of the top limb free, so
/// a row's two carries fit one limb.
INLINE void L(montgomery)(uint64_t *r, const uint64_t *a, const uint64_t *b, const uint64_t *m, uint64_t k) {
  uint64_t t[LIMBS] = {0};
  LIMBS_UNROLL for (int i = 0; i < LIMBS; i++) {
    uint64_t carry = 0;
    LIMBS_UNROLL for (int j = 0; j < LIMBS; j++) {
      const unsigned __int128 product = (unsigned __int128)a[i] * b[j] + t[j] + carry;
      t[j] = (uint64_t)product;
      carry = (uint64_t)(product >> 64);
    }
    const uint64_t factor = t[0] * k;
    uint64_t reduction = (uint64_t)(((unsigned __int128)factor * m[0] + t[0]) >> 64);
    LIMBS_UNROLL for (int j = 1; j < LIMBS; j++) {
      const unsigned __int128 sum = (unsigned __int128)factor * m[j] + t[j] + reduction;
      t[j - 1] = (uint64_t)sum;
      reduction = (uint64_t)(sum >> 64);
    }
    t[LIMBS - 1] = carry + reduction;
  }
  L(subtract_once)(r, t, m);
}

#endif

#undef L
