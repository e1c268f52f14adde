// Template: the extensions Fp2 = Fp[u]/(u^2 + 1), Fp6 = Fp2[v]/(v^3 - xi), Fp12 = Fp6[w]/(w^2 - v) of CURVE's base field.
// The including file defines CURVE, LIMBS, CURVE_fp (prime_field.inc.h), the function CURVE_fp2_mul_xi and the macro
// TOWER_FROBENIUS, a list of xi^(i (p^k - 1) / 6) for k = 1..3 and i = 1..5.
//
// Products in Fp2 take three wide products and two reductions ("lazy reduction", Aranha, Karabina, Longa, Gebotys, Lopez,
// https://eprint.iacr.org/2010/526). Results may alias operands.
#define T(name) LIMBS_PASTE(CURVE, _##name)
#define L(name) LIMBS_PASTE(LIMBS_PASTE(limbs, LIMBS), _##name)
#define FP T(fp)
#define FP2 T(fp2)
#define FP6 T(fp6)
#define FP12 T(fp12)

// Fp6

INLINE void T(fp6_add)(FP6 *r, const FP6 *a, const FP6 *b) {
  for (int i = 0; i < 3; i++) T(fp2_add)(&r->c[i], &a->c[i], &b->c[i]);
}
INLINE void T(fp6_sub)(FP6 *r, const FP6 *a, const FP6 *b) {
  for (int i = 0; i < 3; i++) T(fp2_sub)(&r->c[i], &a->c[i], &b->c[i]);
}
INLINE void T(fp6_neg)(FP6 *r, const FP6 *a) {
  for (int i = 0; i < 3; i++) T(fp2_neg)(&r->c[i], &a->c[i]);
}

/// r = a * v.
INLINE void T(fp6_mul_v)(FP6 *r, const FP6 *a) {
  FP2 t;
  T(fp2_mul_xi)(&t, &a->c[2]);
  r->c[2] = a->c[1];
  r->c[1] = a->c[0];
  r->c[0] = t;
}

LIMBS_FUNCTION void T(fp6_mul)(FP6 *r, const FP6 *a, const FP6 *b) {
  FP2 v0, v1, v2, s, t, c0, c1, c2;
  T(fp2_mul)(&v0, &a->c[0], &b->c[0]);
  T(fp2_mul)(&v1, &a->c[1], &b->c[1]);
  T(fp2_mul)(&v2, &a->c[2], &b->c[2]);
  // c0 = v0 + xi ((a1 + a2)(b1 + b2) - v1 - v2)
  T(fp2_add)(&s, &a->c[1], &a->c[2]);
  T(fp2_add)(&t, &b->c[1], &b->c[2]);
  T(fp2_mul)(&c0, &s, &t);
  T(fp2_sub)(&c0, &c0, &v1);
  T(fp2_sub)(&c0, &c0, &v2);
  T(fp2_mul_xi)(&c0, &c0);
  T(fp2_add)(&c0, &c0, &v0);
  // c1 = (a0 + a1)(b0 + b1) - v0 - v1 + xi v2
  T(fp2_add)(&s, &a->c[0], &a->c[1]);
  T(fp2_add)(&t, &b->c[0], &b->c[1]);
  T(fp2_mul)(&c1, &s, &t);
  T(fp2_sub)(&c1, &c1, &v0);
  T(fp2_sub)(&c1, &c1, &v1);
  // c2 = (a0 + a2)(b0 + b2) - v0 - v2 + v1
  T(fp2_add)(&s, &a->c[0], &a->c[2]);
  T(fp2_add)(&t, &b->c[0], &b->c[2]);
  T(fp2_mul)(&c2, &s, &t);
  T(fp2_sub)(&c2, &c2, &v0);
  T(fp2_sub)(&c2, &c2, &v2);
  T(fp2_add)(&r->c[2], &c2, &v1);
  T(fp2_mul_xi)(&v2, &v2);
  T(fp2_add)(&r->c[1], &c1, &v2);
  r->c[0] = c0;
}

/// r = a * (b0 + b1 v).
LIMBS_FUNCTION void T(fp6_mul_by_01)(FP6 *r, const FP6 *a, const FP2 *b0, const FP2 *b1) {
  FP2 v0, v1, s, t, c0, c1;
  T(fp2_mul)(&v0, &a->c[0], b0);
  T(fp2_mul)(&v1, &a->c[1], b1);
  // c0 = v0 + xi a2 b1
  T(fp2_mul)(&c0, &a->c[2], b1);
  T(fp2_mul_xi)(&c0, &c0);
  T(fp2_add)(&c0, &c0, &v0);
  // c1 = (a0 + a1)(b0 + b1) - v0 - v1
  T(fp2_add)(&s, &a->c[0], &a->c[1]);
  T(fp2_add)(&t, b0, b1);
  T(fp2_mul)(&c1, &s, &t);
  T(fp2_sub)(&c1, &c1, &v0);
  T(fp2_sub)(&c1, &c1, &v1);
  // c2 = a2 b0 + v1
  T(fp2_mul)(&t, &a->c[2], b0);
  T(fp2_add)(&r->c[2], &t, &v1);
  r->c[1] = c1;
  r->c[0] = c0;
}

/// r = a * b1 v.
INLINE void T(fp6_mul_by_1)(FP6 *r, const FP6 *a, const FP2 *b1) {
  FP2 t;
  T(fp2_mul)(&t, &a->c[2], b1);
  T(fp2_mul)(&r->c[2], &a->c[1], b1);
  T(fp2_mul)(&r->c[1], &a->c[0], b1);
  T(fp2_mul_xi)(&r->c[0], &t);
}

/// r = a * b0.
INLINE void T(fp6_mul_by_0)(FP6 *r, const FP6 *a, const FP2 *b0) {
  for (int i = 0; i < 3; i++) T(fp2_mul)(&r->c[i], &a->c[i], b0);
}

LIMBS_FUNCTION void T(fp6_inv)(FP6 *r, const FP6 *a) {
  // The adjugate of multiplication by a: c0 = a0^2 - xi a1 a2, c1 = xi a2^2 - a0 a1, c2 = a1^2 - a0 a2.
  FP2 c0, c1, c2, t, norm;
  T(fp2_mul)(&t, &a->c[1], &a->c[2]);
  T(fp2_mul_xi)(&t, &t);
  T(fp2_sqr)(&c0, &a->c[0]);
  T(fp2_sub)(&c0, &c0, &t);
  T(fp2_sqr)(&c1, &a->c[2]);
  T(fp2_mul_xi)(&c1, &c1);
  T(fp2_mul)(&t, &a->c[0], &a->c[1]);
  T(fp2_sub)(&c1, &c1, &t);
  T(fp2_sqr)(&c2, &a->c[1]);
  T(fp2_mul)(&t, &a->c[0], &a->c[2]);
  T(fp2_sub)(&c2, &c2, &t);
  T(fp2_mul)(&norm, &a->c[1], &c2);
  T(fp2_mul)(&t, &a->c[2], &c1);
  T(fp2_add)(&norm, &norm, &t);
  T(fp2_mul_xi)(&norm, &norm);
  T(fp2_mul)(&t, &a->c[0], &c0);
  T(fp2_add)(&norm, &norm, &t);
  T(fp2_inv)(&norm, &norm);
  T(fp2_mul)(&r->c[0], &c0, &norm);
  T(fp2_mul)(&r->c[1], &c1, &norm);
  T(fp2_mul)(&r->c[2], &c2, &norm);
}

// Fp12

INLINE void T(fp12_set_one)(FP12 *r) {
  memset(r, 0, sizeof *r);
  T(fp_set_one)(&r->c[0].c[0].c[0]);
}
INLINE int T(fp12_is_one)(const FP12 *a) {
  FP12 one;
  T(fp12_set_one)(&one);
  return memcmp(a, &one, sizeof one) == 0;
}
INLINE int T(fp12_equal)(const FP12 *a, const FP12 *b) { return memcmp(a, b, sizeof *a) == 0; }

/// r = a^(p^6), which inverts elements of the cyclotomic subgroup.
INLINE void T(fp12_conjugate)(FP12 *r, const FP12 *a) {
  r->c[0] = a->c[0];
  T(fp6_neg)(&r->c[1], &a->c[1]);
}

LIMBS_FUNCTION void T(fp12_mul)(FP12 *r, const FP12 *a, const FP12 *b) {
  FP6 v0, v1, s, t;
  T(fp6_mul)(&v0, &a->c[0], &b->c[0]);
  T(fp6_mul)(&v1, &a->c[1], &b->c[1]);
  T(fp6_add)(&s, &a->c[0], &a->c[1]);
  T(fp6_add)(&t, &b->c[0], &b->c[1]);
  T(fp6_mul)(&s, &s, &t);
  T(fp6_sub)(&s, &s, &v0);
  T(fp6_sub)(&r->c[1], &s, &v1);
  T(fp6_mul_v)(&v1, &v1);
  T(fp6_add)(&r->c[0], &v0, &v1);
}

LIMBS_FUNCTION void T(fp12_sqr)(FP12 *r, const FP12 *a) {
  // Complex squaring: c0 = (a0 + a1)(a0 + v a1) - t - v t, c1 = 2 t, t = a0 a1.
  FP6 t, s, u;
  T(fp6_mul)(&t, &a->c[0], &a->c[1]);
  T(fp6_add)(&s, &a->c[0], &a->c[1]);
  T(fp6_mul_v)(&u, &a->c[1]);
  T(fp6_add)(&u, &u, &a->c[0]);
  T(fp6_mul)(&s, &s, &u);
  T(fp6_sub)(&s, &s, &t);
  T(fp6_mul_v)(&u, &t);
  T(fp6_sub)(&r->c[0], &s, &u);
  T(fp6_add)(&r->c[1], &t, &t);
}

LIMBS_FUNCTION void T(fp12_inv)(FP12 *r, const FP12 *a) {
  FP6 s, t;
  T(fp6_mul)(&s, &a->c[0], &a->c[0]);
  T(fp6_mul)(&t, &a->c[1], &a->c[1]);
  T(fp6_mul_v)(&t, &t);
  T(fp6_sub)(&s, &s, &t);
  T(fp6_inv)(&s, &s);
  T(fp6_mul)(&r->c[0], &a->c[0], &s);
  T(fp6_mul)(&t, &a->c[1], &s);
  T(fp6_neg)(&r->c[1], &t);
}

/// (r0 + r1 s)= (a + b s)^2 in Fp4 = Fp2[s]/(s^2 - xi).
INLINE void T(fp4_sqr)(FP2 *r0, FP2 *r1, const FP2 *a, const FP2 *b) {
  FP2 aa, bb, t;
  T(fp2_sqr)(&aa, a);
  T(fp2_sqr)(&bb, b);
  T(fp2_add)(&t, a, b);
  T(fp2_sqr)(&t, &t);
  T(fp2_sub)(&t, &t, &aa);
  T(fp2_sub)(r1, &t, &bb);
  T(fp2_mul_xi)(&bb, &bb);
  T(fp2_add)(r0, &aa, &bb);
}

/// r = 3 s - 2 a and r = 3 s + 2 a.
INLINE void T(fp2_thrice_less_twice)(FP2 *r, const FP2 *s, const FP2 *a) {
  FP2 t;
  T(fp2_sub)(&t, s, a);
  T(fp2_dbl)(&t, &t);
  T(fp2_add)(r, &t, s);
}
INLINE void T(fp2_thrice_plus_twice)(FP2 *r, const FP2 *s, const FP2 *a) {
  FP2 t;
  T(fp2_add)(&t, s, a);
  T(fp2_dbl)(&t, &t);
  T(fp2_add)(r, &t, s);
}

/// r = a^2 for a in the cyclotomic subgroup (Granger and Scott, https://eprint.iacr.org/2009/565).
LIMBS_FUNCTION void T(fp12_cyclotomic_sqr)(FP12 *r, const FP12 *a) {
  FP2 t0, t1, t2, t3, t4, t5;
  T(fp4_sqr)(&t0, &t1, &a->c[0].c[0], &a->c[1].c[1]);
  T(fp4_sqr)(&t2, &t3, &a->c[1].c[0], &a->c[0].c[2]);
  T(fp4_sqr)(&t4, &t5, &a->c[0].c[1], &a->c[1].c[2]);
  T(fp2_mul_xi)(&t5, &t5);
  T(fp2_thrice_less_twice)(&r->c[0].c[0], &t0, &a->c[0].c[0]);
  T(fp2_thrice_less_twice)(&r->c[0].c[1], &t2, &a->c[0].c[1]);
  T(fp2_thrice_less_twice)(&r->c[0].c[2], &t4, &a->c[0].c[2]);
  T(fp2_thrice_plus_twice)(&r->c[1].c[0], &t5, &a->c[1].c[0]);
  T(fp2_thrice_plus_twice)(&r->c[1].c[1], &t1, &a->c[1].c[1]);
  T(fp2_thrice_plus_twice)(&r->c[1].c[2], &t3, &a->c[1].c[2]);
}

/// r = a^(p^k) for k = 1, 2, 3.
LIMBS_FUNCTION void T(fp12_frobenius)(FP12 *r, const FP12 *a, int k) {
  static const FP2 factors[3][5] = TOWER_FROBENIUS;
  for (int i = 0; i < 6; i++) {
    // Coefficient of w^i: c[i mod 2].c[i / 2].
    FP2 t = a->c[i % 2].c[i / 2];
    if (k & 1) T(fp2_conjugate)(&t, &t);
    if (i > 0) T(fp2_mul)(&t, &t, &factors[k - 1][i - 1]);
    r->c[i % 2].c[i / 2] = t;
  }
}

#undef T
#undef L
#undef FP
#undef FP2
#undef FP6
#undef FP12
