// BN254 ("alt_bn128" of EIP-196 and EIP-197): y^2 = x^3 + 3 over Fp, twist y^2 = x^3 + 3 / (9 + u), optimal ate pairing.
#ifndef ASSAY_PAIRING_BN254_H
#define ASSAY_PAIRING_BN254_H

#include "field/bn254.constants.h"
#include "field/limbs.h"
#include "curve/pairing/bn254.constants.h"

#define LIMBS 4
#define FIELD bn254_fp
#include "field/prime_field.inc.h"
#undef FIELD
#define FIELD bn254_fr
#include "field/prime_field.inc.h"
#undef FIELD

#define CURVE bn254
#include "field/quadratic.inc.h"

/// r = (9 + u) a.
INLINE void bn254_fp2_mul_xi(bn254_fp2 *r, const bn254_fp2 *a) {
  bn254_fp2 t;
  bn254_fp2_dbl(&t, a);
  bn254_fp2_dbl(&t, &t);
  bn254_fp2_dbl(&t, &t);
  bn254_fp2_add(&t, &t, a);
  const bn254_fp a0 = a->c[0];
  bn254_fp_sub(&r->c[0], &t.c[0], &a->c[1]);
  bn254_fp_add(&r->c[1], &t.c[1], &a0);
}

#define TOWER_FROBENIUS BN254_FROBENIUS
#include "field/tower.inc.h"
#undef TOWER_FROBENIUS

#define POINT bn254_g1
#define COORDINATE bn254_fp
#include "curve/weierstrass.inc.h"
#include "curve/msm.inc.h"
#undef POINT
#undef COORDINATE
#define POINT bn254_g2
#define COORDINATE bn254_fp2
#include "curve/weierstrass.inc.h"
#undef POINT
#undef COORDINATE

static const bn254_fp bn254_b = BN254_B, bn254_beta = BN254_BETA;
static const bn254_fp2 bn254_twist_b = BN254_TWIST_B;
INLINE void bn254_twist_mul_b(bn254_fp2 *r, const bn254_fp2 *a) { bn254_fp2_mul(r, a, &bn254_twist_b); }

/// phi(x, y) = (beta x, y), multiplication by lambda in G1.
INLINE void bn254_g1_phi(bn254_g1 *r, const bn254_g1 *p) {
  bn254_fp_mul(&r->x, &p->x, &bn254_beta);
  r->y = p->y;
  r->z = p->z;
}

/// A random factor low + high * lambda of 128 bits; its two halves make multiplication half as long (Gallant, Lambert,
/// Vanstone 2001), and different halves make different factors because the shortest vector of the lattice of
/// {(a, b): a + b lambda = 0 mod r} is longer than 2^64.
typedef struct bn254_factor {
  uint64_t low, high;
} bn254_factor;

/// The factor as an element of Fr.
LIMBS_FUNCTION void bn254_factor_to_fr(bn254_fr *r, const bn254_factor *factor) {
  static const bn254_fr lambda = BN254_LAMBDA;
  const uint64_t low[4] = {factor->low}, high[4] = {factor->high};
  bn254_fr t;
  bn254_fr_from_limbs(&t, high);
  bn254_fr_mul(&t, &t, &lambda);
  bn254_fr_from_limbs(r, low);
  bn254_fr_add(r, r, &t);
}

/// r = factor * p.
LIMBS_FUNCTION void bn254_g1_mul_factor(bn254_g1 *r, const bn254_g1_affine *p, const bn254_factor *factor) {
  if (factor->low == 1 && factor->high == 0) {
    bn254_g1_from_affine(r, p);
    return;
  }
  bn254_g1 low_table[4], high_table[4], t;
  int8_t low[66], high[66];
  const int low_length = bn254_g1_naf(low, &factor->low, 1, 4), high_length = bn254_g1_naf(high, &factor->high, 1, 4);
  bn254_g1_from_affine(&t, p);
  bn254_g1_odd_multiples(low_table, &t, 4);
  for (int i = 0; i < 4; i++) bn254_g1_phi(&high_table[i], &low_table[i]);
  bn254_g1_set_infinity(&t);
  for (int bit = (low_length > high_length ? low_length : high_length) - 1; bit >= 0; bit--) {
    bn254_g1_dbl(&t, &t);
    if (bit < low_length) bn254_g1_add_digit(&t, low_table, low[bit]);
    if (bit < high_length) bn254_g1_add_digit(&t, high_table, high[bit]);
  }
  *r = t;
}

/// r = sum of factor_i p_i for n <= 64 points, the factors given as their halves: one sum over p_i and phi(p_i).
LIMBS_FUNCTION void bn254_g1_sum_of_factors(bn254_g1 *r, const bn254_g1_affine *p, const uint64_t *low, const uint64_t *high,
                                            int n) {
  // Buckets pay from about eight points on.
  if (n < 8) {
    bn254_g1_set_infinity(r);
    for (int i = 0; i < n; i++) {
      const bn254_factor factor = {low[i], high[i]};
      bn254_g1 multiple;
      bn254_g1_mul_factor(&multiple, &p[i], &factor);
      bn254_g1_add(r, r, &multiple);
    }
    return;
  }
  bn254_g1_affine points[128];
  uint64_t factors[128];
  for (int i = 0; i < n; i++) {
    points[2 * i] = points[2 * i + 1] = p[i];
    bn254_fp_mul(&points[2 * i + 1].x, &p[i].x, &bn254_beta);
    factors[2 * i] = low[i], factors[2 * i + 1] = high[i];
  }
  bn254_g1_sum_of_multiples(r, points, factors, 1, 2 * n);
}

#define MILLER_DIGITS BN254_MILLER_DIGITS
#define CYCLOTOMIC_DIGITS BN254_X_DIGITS
#define MILLER_TWIST_D 1
#include "curve/pairing/miller.inc.h"
#undef MILLER_DIGITS
#undef CYCLOTOMIC_DIGITS
#undef MILLER_TWIST_D
#undef CURVE
#undef LIMBS

/// How many lines a Q has: two for each digit that is not zero, one for each that is, and the two of the Frobenius images.
enum { bn254_lines = 88 };

/// The last two steps: T + psi(Q), then T - psi^2(Q).
LIMBS_FUNCTION void bn254_miller_frobenius(bn254_miller_pair *t, int step, bn254_line *line) {
  static const bn254_fp2 psi_x = BN254_PSI_X, psi_y = BN254_PSI_Y;
  static const bn254_fp psi2_x = BN254_PSI2_X, psi2_y = BN254_PSI2_Y;
  bn254_fp2 x, y;
  if (step == 0) {
    bn254_fp2_conjugate(&x, &t->qx);
    bn254_fp2_conjugate(&y, &t->qy);
    bn254_fp2_mul(&x, &x, &psi_x);
    bn254_fp2_mul(&y, &y, &psi_y);
  } else {
    bn254_fp2_mul_fp(&x, &t->qx, &psi2_x);
    bn254_fp2_mul_fp(&y, &t->qy, &psi2_y);
    bn254_fp2_neg(&y, &y);
  }
  bn254_miller_add(t, &x, &y, line);
}

/// 1 when Q has order r, after all steps.
///
/// The check costs nothing: the loop leaves T = (6 x + 2) Q + psi(Q) - psi^2(Q), and Q lies in the subgroup exactly when
/// T = -psi^3(Q), because the norm of 6 x + 2 + psi - psi^2 + psi^3 shares only r with the twist's order (the criterion of
/// El Housni, Guillevic, Piellard, https://eprint.iacr.org/2022/352; Tests/kernels/pairings/constants_test.py checks the gcd).
LIMBS_FUNCTION int bn254_miller_in_subgroup(const bn254_miller_pair *t) {
  static const bn254_fp2 psi3_x = BN254_PSI3_X, psi3_y = BN254_PSI3_Y;
  bn254_fp2 x, y;
  bn254_fp2_conjugate(&x, &t->qx);
  bn254_fp2_conjugate(&y, &t->qy);
  bn254_fp2_mul(&x, &x, &psi3_x);
  bn254_fp2_mul(&y, &y, &psi3_y);
  bn254_fp2_neg(&y, &y);
  bn254_fp2_mul(&x, &x, &t->z);
  bn254_fp2_mul(&y, &y, &t->z);
  return !bn254_fp2_is_zero(&t->z) && bn254_fp2_equal(&x, &t->x) && bn254_fp2_equal(&y, &t->y);
}

/// The Miller function of n pairs and of `fixed_count` pairs whose Q is fixed. `in_subgroup[i]` (when not null) becomes 1 when
/// pair i's Q has order r, 0 when not; f is only meaningful when all have.
LIMBS_FUNCTION void bn254_miller(bn254_fp12 *f, bn254_miller_pair *pairs, int64_t n, const bn254_fixed_pair *fixed,
                                 int64_t fixed_count, uint8_t *in_subgroup) {
  const int index = bn254_miller_loop(f, pairs, n, fixed, fixed_count);
  for (int step = 0; step < 2; step++) {
    for (int64_t i = 0; i < n; i++) {
      bn254_line line;
      bn254_miller_frobenius(&pairs[i], step, &line);
      bn254_miller_evaluate(f, &line, &pairs[i].px, &pairs[i].py);
    }
    bn254_miller_evaluate_fixed(f, fixed, fixed_count, index + step);
  }
  for (int64_t i = 0; in_subgroup && i < n; i++) in_subgroup[i] = (uint8_t)bn254_miller_in_subgroup(&pairs[i]);
}

/// Keeps the lines of a finite Q for bn254_fixed_pair. Returns 1 when Q has order r.
LIMBS_FUNCTION int bn254_keep_lines(bn254_line lines[bn254_lines], const bn254_g2_affine *q) {
  static const int8_t digits[] = BN254_MILLER_DIGITS;
  bn254_miller_pair pair;
  bn254_g1_affine unused;
  memset(&unused, 0, sizeof unused);
  bn254_miller_set(&pair, &unused, q);
  int index = 0;
  for (int k = 0; k < (int)sizeof digits; k++) {
    bn254_miller_double(&pair, &lines[index++]);
    if (digits[k]) bn254_miller_add_digit(&pair, digits[k], &lines[index++]);
  }
  for (int step = 0; step < 2; step++) bn254_miller_frobenius(&pair, step, &lines[index++]);
  return bn254_miller_in_subgroup(&pair);
}

/// f^(2 x (6 x^2 + 3 x + 1) (p^12 - 1) / r): a fixed power, prime to r, of the reduced pairing (Fuentes-Castaneda, Knapp,
/// Rodriguez-Henriquez 2011; Duquesne and Ghammam, https://eprint.iacr.org/2015/192).
LIMBS_FUNCTION void bn254_final_exponentiation(bn254_fp12 *r, const bn254_fp12 *f) {
  bn254_fp12 e, x2, x4, x6, a, b, c, t;
  bn254_easy_part(&e, f);
  bn254_fp12_pow_x(&x2, &e);
  bn254_fp12_cyclotomic_sqr(&x2, &x2);            // 2x
  bn254_fp12_cyclotomic_sqr(&x4, &x2);            // 4x
  bn254_fp12_mul(&x6, &x2, &x4);                  // 6x
  bn254_fp12_pow_x(&a, &x6);                      // 6x^2
  bn254_fp12_cyclotomic_sqr(&b, &a);              // 12x^2
  bn254_fp12_pow_x(&b, &b);                       // 12x^3
  bn254_fp12_mul(&b, &b, &a);
  bn254_fp12_mul(&b, &b, &x6);                    // 12x^3 + 6x^2 + 6x
  bn254_fp12_conjugate(&c, &x2);
  bn254_fp12_mul(&c, &c, &b);                     // 12x^3 + 6x^2 + 4x
  bn254_fp12_mul(&t, &a, &b);
  bn254_fp12_mul(&t, &t, &e);                     // 12x^3 + 12x^2 + 6x + 1
  bn254_fp12_frobenius(&a, &c, 1);
  bn254_fp12_mul(&t, &t, &a);
  bn254_fp12_frobenius(&a, &b, 2);
  bn254_fp12_mul(&t, &t, &a);
  bn254_fp12_conjugate(&e, &e);
  bn254_fp12_mul(&c, &c, &e);
  bn254_fp12_frobenius(&a, &c, 3);
  bn254_fp12_mul(r, &t, &a);
}

#endif
