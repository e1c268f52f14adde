// Template: Fp2 = Fp[u]/(u^2 + 1), and the types of the tower above it. The including file defines CURVE, LIMBS, CURVE_fp.
//
// Products take three wide products and two reductions ("lazy reduction", Aranha, Karabina, Longa, Gebotys, Lopez,
// https://eprint.iacr.org/2010/526). Results may alias operands.
#define T(name) LIMBS_PASTE(CURVE, _##name)
#define L(name) LIMBS_PASTE(LIMBS_PASTE(limbs, LIMBS), _##name)
#define FP T(fp)
#define FP2 T(fp2)

/// c[0] + c[1] u.
typedef struct FP2 {
  FP c[2];
} FP2;

/// c[0] + c[1] v + c[2] v^2.
typedef struct T(fp6) {
  FP2 c[3];
} T(fp6);

/// c[0] + c[1] w.
typedef struct T(fp12) {
  T(fp6) c[2];
} T(fp12);

INLINE void T(fp2_set_zero)(FP2 *r) { memset(r, 0, sizeof *r); }
INLINE void T(fp2_set_one)(FP2 *r) {
  T(fp_set_one)(&r->c[0]);
  T(fp_set_zero)(&r->c[1]);
}
INLINE int T(fp2_is_zero)(const FP2 *a) { return T(fp_is_zero)(&a->c[0]) && T(fp_is_zero)(&a->c[1]); }
INLINE int T(fp2_equal)(const FP2 *a, const FP2 *b) { return memcmp(a, b, sizeof *a) == 0; }
INLINE void T(fp2_add)(FP2 *r, const FP2 *a, const FP2 *b) {
  T(fp_add)(&r->c[0], &a->c[0], &b->c[0]);
  T(fp_add)(&r->c[1], &a->c[1], &b->c[1]);
}
INLINE void T(fp2_sub)(FP2 *r, const FP2 *a, const FP2 *b) {
  T(fp_sub)(&r->c[0], &a->c[0], &b->c[0]);
  T(fp_sub)(&r->c[1], &a->c[1], &b->c[1]);
}
INLINE void T(fp2_dbl)(FP2 *r, const FP2 *a) { T(fp2_add)(r, a, a); }
INLINE void T(fp2_neg)(FP2 *r, const FP2 *a) {
  T(fp_neg)(&r->c[0], &a->c[0]);
  T(fp_neg)(&r->c[1], &a->c[1]);
}
INLINE void T(fp2_conjugate)(FP2 *r, const FP2 *a) {
  r->c[0] = a->c[0];
  T(fp_neg)(&r->c[1], &a->c[1]);
}
INLINE void T(fp2_halve)(FP2 *r, const FP2 *a) {
  T(fp_halve)(&r->c[0], &a->c[0]);
  T(fp_halve)(&r->c[1], &a->c[1]);
}
INLINE void T(fp2_mul_fp)(FP2 *r, const FP2 *a, const FP *b) {
  T(fp_mul)(&r->c[0], &a->c[0], b);
  T(fp_mul)(&r->c[1], &a->c[1], b);
}

LIMBS_FUNCTION void T(fp2_mul)(FP2 *r, const FP2 *a, const FP2 *b) {
  // Sums stay unreduced: 2 p fits LIMBS limbs, and 4 p^2 twice as many.
  T(fp_wide) t0, t1, t2;
  FP s, t;
  L(add_plain)(s.v, a->c[0].v, a->c[1].v);
  L(add_plain)(t.v, b->c[0].v, b->c[1].v);
  L(mul)(t0.v, a->c[0].v, b->c[0].v);
  L(mul)(t1.v, a->c[1].v, b->c[1].v);
  L(mul)(t2.v, s.v, t.v);
  L(sub_wide)(t2.v, t2.v, t0.v);
  L(sub_wide)(t2.v, t2.v, t1.v);
  L(sub_wide_modular)(t0.v, t0.v, t1.v, T(fp_modulus));
  L(redc)(r->c[0].v, t0.v, T(fp_modulus), T(fp_k));
  L(redc)(r->c[1].v, t2.v, T(fp_modulus), T(fp_k));
}

LIMBS_FUNCTION void T(fp2_sqr)(FP2 *r, const FP2 *a) {
  // c0 = (a0 + a1)(a0 - a1), c1 = 2 a0 a1.
  FP sum, difference, twice;
  L(add_plain)(sum.v, a->c[0].v, a->c[1].v);
  T(fp_sub)(&difference, &a->c[0], &a->c[1]);
  L(add_plain)(twice.v, a->c[0].v, a->c[0].v);
  T(fp_mul)(&r->c[1], &twice, &a->c[1]);
  T(fp_mul)(&r->c[0], &sum, &difference);
}

LIMBS_FUNCTION void T(fp2_inv)(FP2 *r, const FP2 *a) {
  FP norm, t;
  T(fp_sqr)(&norm, &a->c[0]);
  T(fp_sqr)(&t, &a->c[1]);
  T(fp_add)(&norm, &norm, &t);
  T(fp_inv)(&norm, &norm);
  T(fp_mul)(&r->c[0], &a->c[0], &norm);
  T(fp_mul)(&t, &a->c[1], &norm);
  T(fp_neg)(&r->c[1], &t);
}

#undef T
#undef L
#undef FP
#undef FP2
