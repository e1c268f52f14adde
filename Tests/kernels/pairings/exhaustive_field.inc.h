// Template: the field CURVE_fp of PRIME elements in LIMBS limbs and its quadratic extension, with a test of every element and
// every pair. R_MODULO_PRIME is 2^(64 LIMBS) modulo PRIME, R2_MODULO_PRIME its square, PRIME_K -1 / PRIME modulo 2^64.
#define T(name) LIMBS_PASTE(CURVE, _##name)

static const uint64_t T(fp_modulus)[LIMBS] = {PRIME}, T(fp_one)[LIMBS] = {R_MODULO_PRIME}, T(fp_r2)[LIMBS] = {R2_MODULO_PRIME};
static const uint64_t T(fp_k) = PRIME_K;
#define FIELD T(fp)
#include "field/prime_field.inc.h"
#undef FIELD
#include "field/quadratic.inc.h"
#define T(name) LIMBS_PASTE(CURVE, _##name)

static T(fp) T(fp_of)(small a) {
  const uint64_t limbs[LIMBS] = {(uint64_t)a.c[0]};
  T(fp) r;
  T(fp_from_limbs)(&r, limbs);
  return r;
}
static T(fp2) T(fp2_of)(small a) { return (T(fp2)){{T(fp_of)(a), T(fp_of)((small){{a.c[1], 0}})}}; }
static int T(fp_is)(const T(fp) *a, small b) {
  const T(fp) t = T(fp_of)(b);
  return T(fp_equal)(a, &t) && a->v[0] < PRIME;
}
static int T(fp2_is)(const T(fp2) *a, small b) {
  const T(fp2) t = T(fp2_of)(b);
  return T(fp2_equal)(a, &t);
}

/// The operations on one element of the prime field.
static void T(fp_element)(int i) {
  const small a = {{i, 0}}, zero = {{0, 0}};
  const T(fp) x = T(fp_of)(a);
  T(fp) r;
  expect(T(fp_is_zero)(&x) == (i == 0) && T(fp_is_one)(&x) == (i == 1), "is_zero or is_one", i, PRIME);
  expect(T(fp_is_high)(&x) == (2 * i > PRIME), "is_high", i, PRIME);
  T(fp_neg)(&r, &x);
  expect(T(fp_is)(&r, small_sub(zero, a, PRIME)), "neg", i, PRIME);
  T(fp_dbl)(&r, &x);
  expect(T(fp_is)(&r, small_add(a, a, PRIME)), "dbl", i, PRIME);
  T(fp_halve)(&r, &x);
  T(fp_dbl)(&r, &r);
  expect(T(fp_is)(&r, a), "halve", i, PRIME);
  T(fp_sqr)(&r, &x);
  expect(T(fp_is)(&r, small_mul(a, a, PRIME)), "sqr", i, PRIME);
  T(fp_inv)(&r, &x);
  expect(T(fp_is)(&r, small_inverse(a, PRIME)), "inv", i, PRIME);
  small power = {{1, 0}};
  for (uint64_t e = 0; e < 200; e++) {
    // The second limb asks for 2^64 e more, which is e times 2^64 modulo the group's order PRIME - 1.
    const uint64_t exponent[2] = {e, 0}, high[2] = {0, e}, low[2] = {e * (UINT64_MAX % (PRIME - 1) + 1), 0};
    T(fp) s;
    T(fp_pow)(&r, &x, exponent, 1);
    expect(T(fp_is)(&r, power), "pow", i, (long)e);
    power = small_mul(power, a, PRIME);
    T(fp_pow)(&r, &x, high, 2);
    T(fp_pow)(&s, &x, low, 2);
    expect(T(fp_equal)(&r, &s), "pow of two limbs", i, (long)e);
  }
  uint8_t bytes[8 * LIMBS];
  T(fp_to_bytes)(bytes, &x);
  expect(bytes[8 * LIMBS - 1] == i && bytes[0] == 0, "to_bytes", i, PRIME);
  expect(T(fp_from_bytes)(&r, bytes) && T(fp_is)(&r, a), "from_bytes", i, PRIME);
  bytes[8 * LIMBS - 1] = (uint8_t)(i + PRIME);
  expect(!T(fp_from_bytes)(&r, bytes), "from_bytes of an element plus the modulus", i, PRIME);
}

/// The operations on two elements of Fp2, the first coordinates standing for Fp.
static void T(pair)(small a, small b) {
  const T(fp2) x = T(fp2_of)(a), y = T(fp2_of)(b);
  T(fp2) r;
  const int same = small_equal(a, b);
  T(fp2_add)(&r, &x, &y);
  expect(T(fp2_is)(&r, small_add(a, b, PRIME)), "fp2_add", a.c[0], b.c[0]);
  T(fp2_sub)(&r, &x, &y);
  expect(T(fp2_is)(&r, small_sub(a, b, PRIME)), "fp2_sub", a.c[0], b.c[0]);
  T(fp2_mul)(&r, &x, &y);
  expect(T(fp2_is)(&r, small_mul(a, b, PRIME)), "fp2_mul", a.c[0], b.c[0]);
  expect(T(fp2_equal)(&x, &y) == same, "fp2_equal", a.c[0], b.c[0]);
  T(fp_mul)(&r.c[0], &x.c[0], &y.c[0]);
  expect(T(fp_is)(&r.c[0], (small){{a.c[0] * b.c[0] % PRIME, 0}}), "mul", a.c[0], b.c[0]);
  if (!same) return;
  T(fp2_sqr)(&r, &x);
  expect(T(fp2_is)(&r, small_mul(a, a, PRIME)), "fp2_sqr", a.c[0], a.c[1]);
  T(fp2_inv)(&r, &x);
  expect(T(fp2_is)(&r, small_inverse(a, PRIME)), "fp2_inv", a.c[0], a.c[1]);
  T(fp2_halve)(&r, &x);
  T(fp2_dbl)(&r, &r);
  expect(T(fp2_is)(&r, a), "fp2_halve", a.c[0], a.c[1]);
}

static void T(field)(void) {
  for (int i = 0; i < PRIME; i++) T(fp_element)(i);
  // All of the quadratic extension in the two smaller fields.
  const int n = PRIME < 20 ? PRIME * PRIME : PRIME;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      T(pair)((small){{i % PRIME, i / PRIME}}, (small){{j % PRIME, j / PRIME}});
    }
  }
}

#undef T
