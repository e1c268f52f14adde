// BLS12-381: y^2 = x^3 + 4 over Fp, twist y^2 = x^3 + 4 (1 + u), optimal ate pairing, endomorphisms and subgroup checks.
#ifndef ASSAY_PAIRING_BLS12381_H
#define ASSAY_PAIRING_BLS12381_H

#include "field/bls12381.constants.h"
#include "field/limbs.h"
#include "curve/pairing/bls12381.constants.h"

#define LIMBS 4
#define FIELD bls12381_fr
#include "field/prime_field.inc.h"
#undef FIELD
#undef LIMBS
#define LIMBS 6
#define FIELD bls12381_fp
#include "field/prime_field.inc.h"
#undef FIELD

#define CURVE bls12381
#include "field/quadratic.inc.h"

/// r = (1 + u) a.
INLINE void bls12381_fp2_mul_xi(bls12381_fp2 *r, const bls12381_fp2 *a) {
  const bls12381_fp a0 = a->c[0];
  bls12381_fp_sub(&r->c[0], &a0, &a->c[1]);
  bls12381_fp_add(&r->c[1], &a0, &a->c[1]);
}

#define TOWER_FROBENIUS BLS12381_FROBENIUS
#include "field/tower.inc.h"
#undef TOWER_FROBENIUS

#define POINT bls12381_g1
#define COORDINATE bls12381_fp
#include "curve/weierstrass.inc.h"
#include "curve/msm.inc.h"
#undef POINT
#undef COORDINATE
#define POINT bls12381_g2
#define COORDINATE bls12381_fp2
#include "curve/weierstrass.inc.h"
#include "curve/msm.inc.h"
#undef POINT
#undef COORDINATE

static const bls12381_fp bls12381_b = BLS12381_B, bls12381_beta = BLS12381_BETA;
static const bls12381_fp2 bls12381_twist_b = BLS12381_TWIST_B;
static const bls12381_g1_affine bls12381_g1_generator = BLS12381_G1;
static const bls12381_g2_affine bls12381_g2_generator = BLS12381_G2;

/// r = 4 (1 + u) a.
INLINE void bls12381_twist_mul_b(bls12381_fp2 *r, const bls12381_fp2 *a) {
  bls12381_fp2_mul_xi(r, a);
  bls12381_fp2_dbl(r, r);
  bls12381_fp2_dbl(r, r);
}

#include "field/bls12381_sqrt.h"

#define MILLER_DIGITS BLS12381_X_DIGITS
#define CYCLOTOMIC_DIGITS BLS12381_X_DIGITS
#define MILLER_TWIST_D 0
#include "curve/pairing/miller.inc.h"
#undef MILLER_DIGITS
#undef CYCLOTOMIC_DIGITS
#undef MILLER_TWIST_D
#undef CURVE
#undef LIMBS

// endomorphisms

/// phi(x, y) = (beta x, y), multiplication by -x^2 in G1.
INLINE void bls12381_g1_phi(bls12381_g1 *r, const bls12381_g1 *p) {
  bls12381_fp_mul(&r->x, &p->x, &bls12381_beta);
  r->y = p->y;
  r->z = p->z;
}

/// psi, multiplication by x in G2: the Frobenius of the curve carried to the twist.
LIMBS_FUNCTION void bls12381_g2_psi(bls12381_g2 *r, const bls12381_g2 *p) {
  static const bls12381_fp2 psi_x = BLS12381_PSI_X, psi_y = BLS12381_PSI_Y;
  bls12381_fp2_conjugate(&r->x, &p->x);
  bls12381_fp2_conjugate(&r->y, &p->y);
  bls12381_fp2_conjugate(&r->z, &p->z);
  bls12381_fp2_mul(&r->x, &r->x, &psi_x);
  bls12381_fp2_mul(&r->y, &r->y, &psi_y);
}

/// psi^2, multiplication by x^2 in G2.
INLINE void bls12381_g2_psi2(bls12381_g2 *r, const bls12381_g2 *p) {
  static const bls12381_fp psi2_x = BLS12381_PSI2_X;
  bls12381_fp2_mul_fp(&r->x, &p->x, &psi2_x);
  bls12381_fp2_neg(&r->y, &p->y);
  r->z = p->z;
}

static const int8_t bls12381_x_digits[] = BLS12381_X_DIGITS;

/// r = |x| p.
INLINE void bls12381_g1_mul_x(bls12381_g1 *r, const bls12381_g1 *p) {
  bls12381_g1_mul_digits(r, p, bls12381_x_digits, sizeof bls12381_x_digits);
}
INLINE void bls12381_g2_mul_x(bls12381_g2 *r, const bls12381_g2 *p) {
  bls12381_g2_mul_digits(r, p, bls12381_x_digits, sizeof bls12381_x_digits);
}

/// 1 when a point of the curve has order r: phi(P) = -x^2 P (Scott, https://eprint.iacr.org/2021/1130).
LIMBS_FUNCTION int bls12381_g1_in_subgroup(const bls12381_g1_affine *a) {
  bls12381_g1 p, t, phi;
  bls12381_g1_from_affine(&p, a);
  bls12381_g1_mul_digits_affine(&t, a, bls12381_x_digits, sizeof bls12381_x_digits);
  bls12381_g1_mul_x(&t, &t);
  bls12381_g1_neg(&t, &t);
  bls12381_g1_phi(&phi, &p);
  return bls12381_g1_equal(&t, &phi);
}

/// 1 when a point of the twist has order r: psi(Q) = x Q (the same).
LIMBS_FUNCTION int bls12381_g2_in_subgroup(const bls12381_g2_affine *a) {
  bls12381_g2 q, t, psi;
  bls12381_g2_from_affine(&q, a);
  bls12381_g2_mul_digits_affine(&t, a, bls12381_x_digits, sizeof bls12381_x_digits);
  bls12381_g2_neg(&t, &t);
  bls12381_g2_psi(&psi, &q);
  return bls12381_g2_equal(&t, &psi);
}

// random factors

/// A random factor low + high * lambda of 128 bits, lambda = -x^2 (see bn254_factor).
typedef struct bls12381_factor {
  uint64_t low, high;
} bls12381_factor;

/// The factor as an element of Fr.
LIMBS_FUNCTION void bls12381_factor_to_fr(bls12381_fr *r, const bls12381_factor *factor) {
  static const bls12381_fr lambda = BLS12381_LAMBDA;
  const uint64_t low[4] = {factor->low}, high[4] = {factor->high};
  bls12381_fr t;
  bls12381_fr_from_limbs(&t, high);
  bls12381_fr_mul(&t, &t, &lambda);
  bls12381_fr_from_limbs(r, low);
  bls12381_fr_add(r, r, &t);
}

/// r = factor * p for p in G1.
LIMBS_FUNCTION void bls12381_g1_mul_factor(bls12381_g1 *r, const bls12381_g1_affine *p, const bls12381_factor *factor) {
  if (factor->low == 1 && factor->high == 0) {
    bls12381_g1_from_affine(r, p);
    return;
  }
  bls12381_g1 low_table[4], high_table[4], t;
  int8_t low[66], high[66];
  const int low_length = bls12381_g1_naf(low, &factor->low, 1, 4), high_length = bls12381_g1_naf(high, &factor->high, 1, 4);
  bls12381_g1_from_affine(&t, p);
  bls12381_g1_odd_multiples(low_table, &t, 4);
  for (int i = 0; i < 4; i++) bls12381_g1_phi(&high_table[i], &low_table[i]);
  bls12381_g1_set_infinity(&t);
  for (int bit = (low_length > high_length ? low_length : high_length) - 1; bit >= 0; bit--) {
    bls12381_g1_dbl(&t, &t);
    if (bit < low_length) bls12381_g1_add_digit(&t, low_table, low[bit]);
    if (bit < high_length) bls12381_g1_add_digit(&t, high_table, high[bit]);
  }
  *r = t;
}

/// The most points that the sums below take.
enum { bls12381_most_factors = 128 };

/// r = sum of factor_i p_i over G1 for n <= 128 points, the factors given as their halves: one sum over p_i and phi(p_i).
LIMBS_FUNCTION void bls12381_g1_sum_of_factors(bls12381_g1 *r, const bls12381_g1_affine *p, const uint64_t *low,
                                               const uint64_t *high, int n) {
  // Buckets pay from about eight points on.
  if (n < 8) {
    bls12381_g1_set_infinity(r);
    for (int i = 0; i < n; i++) {
      const bls12381_factor factor = {low[i], high[i]};
      bls12381_g1 multiple;
      bls12381_g1_mul_factor(&multiple, &p[i], &factor);
      bls12381_g1_add(r, r, &multiple);
    }
    return;
  }
  bls12381_g1_affine points[2 * bls12381_most_factors];
  uint64_t factors[2 * bls12381_most_factors];
  for (int i = 0; i < n; i++) {
    points[2 * i] = points[2 * i + 1] = p[i];
    bls12381_fp_mul(&points[2 * i + 1].x, &p[i].x, &bls12381_beta);
    factors[2 * i] = low[i], factors[2 * i + 1] = high[i];
  }
  bls12381_g1_sum_of_multiples(r, points, factors, 1, 2 * n);
}

/// The same over G2, where lambda = -x^2 is -psi^2.
LIMBS_FUNCTION void bls12381_g2_sum_of_factors(bls12381_g2 *r, const bls12381_g2_affine *p, const uint64_t *low,
                                               const uint64_t *high, int n) {
  static const bls12381_fp psi2_x = BLS12381_PSI2_X;
  if (n == 1 && low[0] == 1 && high[0] == 0) {
    bls12381_g2_from_affine(r, &p[0]);
    return;
  }
  bls12381_g2_affine points[2 * bls12381_most_factors];
  uint64_t factors[2 * bls12381_most_factors];
  for (int i = 0; i < n; i++) {
    // -psi^2(x, y) = (psi2_x x, y): psi^2 negates y.
    points[2 * i] = points[2 * i + 1] = p[i];
    bls12381_fp2_mul_fp(&points[2 * i + 1].x, &p[i].x, &psi2_x);
    factors[2 * i] = low[i], factors[2 * i + 1] = high[i];
  }
  bls12381_g2_sum_of_multiples(r, points, factors, 1, 2 * n);
}

// pairing

/// The Miller function of n pairs, conjugated because x is negative. `in_subgroup[i]` (when not null) becomes 1 when pair
/// i's Q has order r: the loop leaves |x| Q, and psi(Q) = x Q decides.
LIMBS_FUNCTION void bls12381_miller(bls12381_fp12 *f, bls12381_miller_pair *pairs, int64_t n, uint8_t *in_subgroup) {
  static const bls12381_fp2 psi_x = BLS12381_PSI_X, psi_y = BLS12381_PSI_Y;
  (void)bls12381_miller_loop(f, pairs, n, NULL, 0);
  bls12381_fp12_conjugate(f, f);
  for (int64_t i = 0; in_subgroup && i < n; i++) {
    const bls12381_miller_pair *t = &pairs[i];
    bls12381_fp2 x, y;
    bls12381_fp2_conjugate(&x, &t->qx);
    bls12381_fp2_conjugate(&y, &t->qy);
    bls12381_fp2_mul(&x, &x, &psi_x);
    bls12381_fp2_mul(&y, &y, &psi_y);
    bls12381_fp2_neg(&y, &y);
    bls12381_fp2_mul(&x, &x, &t->z);
    bls12381_fp2_mul(&y, &y, &t->z);
    in_subgroup[i] = !bls12381_fp2_is_zero(&t->z) && bls12381_fp2_equal(&x, &t->x) && bls12381_fp2_equal(&y, &t->y);
  }
}

/// How many lines a Q has: one for each digit of x and one for each that is not zero.
enum { bls12381_lines = 68 };

/// Keeps the lines of a finite Q for bls12381_fixed_pair.
LIMBS_FUNCTION void bls12381_keep_lines(bls12381_line lines[bls12381_lines], const bls12381_g2_affine *q) {
  bls12381_miller_pair pair;
  int index = 0;
  pair.qx = pair.x = q->x;
  pair.qy = pair.y = q->y;
  bls12381_fp2_set_one(&pair.z);
  for (int k = 0; k < (int)sizeof bls12381_x_digits; k++) {
    bls12381_miller_double(&pair, &lines[index++]);
    if (bls12381_x_digits[k]) bls12381_miller_add_digit(&pair, bls12381_x_digits[k], &lines[index++]);
  }
}

/// The Miller function of n pairs whose Q is fixed.
LIMBS_FUNCTION void bls12381_miller_fixed(bls12381_fp12 *f, const bls12381_fixed_pair *fixed, int64_t n) {
  (void)bls12381_miller_loop(f, NULL, 0, fixed, n);
  bls12381_fp12_conjugate(f, f);
}

/// r = a^x in the cyclotomic subgroup.
INLINE void bls12381_fp12_pow_negative_x(bls12381_fp12 *r, const bls12381_fp12 *a) {
  bls12381_fp12_pow_x(r, a);
  bls12381_fp12_conjugate(r, r);
}

/// f^(3 (p^12 - 1) / r): the cube of the reduced pairing, by (x - 1)^2 (x + p) (x^2 + p^2 - 1) + 3 (Hayashida, Hayasaka,
/// Teruya, https://eprint.iacr.org/2020/875).
LIMBS_FUNCTION void bls12381_final_exponentiation(bls12381_fp12 *r, const bls12381_fp12 *f) {
  bls12381_fp12 e, t, u, v;
  bls12381_easy_part(&e, f);
  t = e;
  for (int i = 0; i < 2; i++) {
    bls12381_fp12_pow_negative_x(&u, &t);
    bls12381_fp12_conjugate(&t, &t);
    bls12381_fp12_mul(&t, &t, &u);
  }
  bls12381_fp12_pow_negative_x(&u, &t);
  bls12381_fp12_frobenius(&v, &t, 1);
  bls12381_fp12_mul(&t, &u, &v);
  bls12381_fp12_pow_negative_x(&u, &t);
  bls12381_fp12_pow_negative_x(&u, &u);
  bls12381_fp12_frobenius(&v, &t, 2);
  bls12381_fp12_mul(&u, &u, &v);
  bls12381_fp12_conjugate(&t, &t);
  bls12381_fp12_mul(&t, &t, &u);
  bls12381_fp12_cyclotomic_sqr(&u, &e);
  bls12381_fp12_mul(&u, &u, &e);
  bls12381_fp12_mul(r, &t, &u);
}

/// whole = whole / part for two reduced pairings, where the conjugate is the inverse; 1 when it is one now. Pointers without a type, as
/// proof/bisection.h takes them.
LIMBS_FUNCTION int bls12381_divide(void *whole, const void *part) {
  bls12381_fp12 inverse;
  bls12381_fp12_conjugate(&inverse, part);
  bls12381_fp12_mul(whole, whole, &inverse);
  return bls12381_fp12_is_one(whole);
}

#endif
