// Mapping a field element to BLS12-381's G1 as BLS12381G1_XMD:SHA-256_SSWU_RO_ of RFC 9380, section 8.8.1, does.
#ifndef ASSAY_CURVE_BLS12381_MAP_G1_H
#define ASSAY_CURVE_BLS12381_MAP_G1_H

#include "curve/bls12381_map_g1.constants.h"
#include "curve/pairing/bls12381.h"

/// r = k a for a small k.
LIMBS_FUNCTION void bls12381_fp_times(bls12381_fp *r, const bls12381_fp *a, uint64_t k) {
  const uint64_t limbs[6] = {k};
  bls12381_fp factor;
  bls12381_fp_from_limbs(&factor, limbs);
  bls12381_fp_mul(r, a, &factor);
}

/// The isogeny of degree 11 given by its kernel polynomial h (Kohel 1996, section 2.4). With g = h'/h,
///
///   X = 11 x - 2 s - 2 f' g - 4 f g'                  s = the sum of h's roots, f = x^3 + a x + b
///   Y = y dX/dx = y (11 - 12 x g - 6 f' g' - 4 f g'')
///
/// scaled by 11 to G1's curve: in Jacobian coordinates with Z = 11 h.
LIMBS_FUNCTION void bls12381_isogeny_11(bls12381_g1 *r, const bls12381_fp *x, const bls12381_fp *y, const bls12381_fp *a,
                                        const bls12381_fp *f) {
  static const bls12381_fp kernel[5] = BLS12381_SWU_KERNEL;
  bls12381_fp h, h1, h2, h3, df, hh, p, q, t, u;
  // h and its derivatives by Horner's rule; h1, h2, h3 collect h', h''/2, h'''/6.
  bls12381_fp_set_one(&h);
  bls12381_fp_set_zero(&h1);
  bls12381_fp_set_zero(&h2);
  bls12381_fp_set_zero(&h3);
  for (int i = 4; i >= 0; i--) {
    bls12381_fp_mul(&h3, &h3, x);
    bls12381_fp_add(&h3, &h3, &h2);
    bls12381_fp_mul(&h2, &h2, x);
    bls12381_fp_add(&h2, &h2, &h1);
    bls12381_fp_mul(&h1, &h1, x);
    bls12381_fp_add(&h1, &h1, &h);
    bls12381_fp_mul(&h, &h, x);
    bls12381_fp_add(&h, &h, &kernel[i]);
  }
  bls12381_fp_times(&h2, &h2, 2);
  bls12381_fp_times(&h3, &h3, 6);
  bls12381_fp_sqr(&df, x);
  bls12381_fp_times(&df, &df, 3);
  bls12381_fp_add(&df, &df, a);
  bls12381_fp_sqr(&hh, &h);
  // p = g' h^2 = h'' h - h'^2, q = g'' h^3 = h''' h^2 - 3 h'' h' h + 2 h'^3 = h (h''' h - h'' h') - 2 h' p
  bls12381_fp_mul(&p, &h2, &h);
  bls12381_fp_sqr(&t, &h1);
  bls12381_fp_sub(&p, &p, &t);
  bls12381_fp_mul(&q, &h3, &h);
  bls12381_fp_mul(&t, &h2, &h1);
  bls12381_fp_sub(&q, &q, &t);
  bls12381_fp_mul(&q, &q, &h);
  bls12381_fp_mul(&t, &h1, &p);
  bls12381_fp_dbl(&t, &t);
  bls12381_fp_sub(&q, &q, &t);
  // X h^2 = (11 x - 2 s) h^2 - 2 f' h' h - 4 f p, and s = -kernel[4]
  bls12381_fp_times(&t, x, 11);
  bls12381_fp_times(&u, &kernel[4], 2);
  bls12381_fp_add(&t, &t, &u);
  bls12381_fp_mul(&r->x, &t, &hh);
  bls12381_fp_mul(&t, &df, &h1);
  bls12381_fp_mul(&t, &t, &h);
  bls12381_fp_dbl(&t, &t);
  bls12381_fp_sub(&r->x, &r->x, &t);
  bls12381_fp_mul(&t, f, &p);
  bls12381_fp_times(&t, &t, 4);
  bls12381_fp_sub(&r->x, &r->x, &t);
  // Y h^3 / y = 11 h^3 - 12 x h' h^2 - 6 f' p h - 4 f q
  bls12381_fp_mul(&t, x, &h1);
  bls12381_fp_times(&t, &t, 12);
  bls12381_fp_times(&u, &h, 11);
  bls12381_fp_sub(&u, &u, &t);
  bls12381_fp_mul(&u, &u, &hh);
  bls12381_fp_mul(&t, &df, &p);
  bls12381_fp_mul(&t, &t, &h);
  bls12381_fp_times(&t, &t, 6);
  bls12381_fp_sub(&u, &u, &t);
  bls12381_fp_mul(&t, f, &q);
  bls12381_fp_times(&t, &t, 4);
  bls12381_fp_sub(&u, &u, &t);
  bls12381_fp_mul(&r->y, &u, y);
  bls12381_fp_times(&r->z, &h, 11);
}

/// The simplified SWU map (RFC 9380, 6.6.2) with Z = 11, the isogeny, and the cofactor 1 - x cleared.
LIMBS_FUNCTION void bls12381_map_to_g1(bls12381_g1 *r, const bls12381_fp *u) {
  static const bls12381_fp a = BLS12381_SWU_A, b = BLS12381_SWU_B;
  bls12381_fp one, zuu, tv, numerator, denominator, x, y, f;
  bls12381_fp_set_one(&one);
  bls12381_fp_sqr(&zuu, u);
  bls12381_fp_times(&zuu, &zuu, 11);
  bls12381_fp_sqr(&tv, &zuu);
  bls12381_fp_add(&tv, &tv, &zuu);
  if (bls12381_fp_is_zero(&tv)) {
    numerator = b;
    bls12381_fp_times(&denominator, &a, 11);
  } else {
    bls12381_fp_add(&numerator, &tv, &one);
    bls12381_fp_mul(&numerator, &numerator, &b);
    bls12381_fp_neg(&numerator, &numerator);
    bls12381_fp_mul(&denominator, &a, &tv);
  }
  bls12381_fp_inv(&denominator, &denominator);
  bls12381_fp_mul(&x, &numerator, &denominator);
  for (int second = 0;; second = 1) {
    bls12381_fp_sqr(&f, &x);
    bls12381_fp_add(&f, &f, &a);
    bls12381_fp_mul(&f, &f, &x);
    bls12381_fp_add(&f, &f, &b);
    // One of the two candidates is on the curve.
    if (bls12381_fp_sqrt(&y, &f) || second) break;
    bls12381_fp_mul(&x, &x, &zuu);
  }
  uint64_t u_limbs[6], y_limbs[6];
  bls12381_fp_to_limbs(u_limbs, u);
  bls12381_fp_to_limbs(y_limbs, &y);
  if ((u_limbs[0] ^ y_limbs[0]) & 1) bls12381_fp_neg(&y, &y);
  bls12381_g1 point, multiple;
  bls12381_isogeny_11(&point, &x, &y, &a, &f);
  bls12381_g1_mul_x(&multiple, &point);
  bls12381_g1_add(r, &multiple, &point);
}

#endif
