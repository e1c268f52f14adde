// ECDSA on the STARK curve as Starknet has it: the key is an x coordinate, so that of the two points with it either may have signed.
// Digest and r are below 2^251, and so is 1 / s modulo the group order n; r and s are not 0, and s is below n.
//
// With A = (digest / s) G and B = (r / s) Q, r must be the x of A + B or of A - B. Neither needs the y of Q, whose square is
// c = x^3 + x + beta: with d = xA - xB, x of A +- B is ((yA -+ yB) / d)^2 - xA - xB, so with t = (r + xA + xB) d^2 - yA^2 - yB^2 one
// of them is r exactly when t^2 = 4 yA^2 yB^2. B is computed on the twist y^2 = x^3 + c^2 x + c^3 beta, which has the point
// (c x, c^2): there x' = c xB and y'^2 = c^3 yB^2. A square root in this field would cost more than everything else.
#if DIALECT_LIMBS

#include "curve/stark.h"

/// Whether an integer is 2^251 or more.
INLINE int stark_is_long(const uint64_t a[4]) { return a[3] >> 59 != 0; }

/// x and y^2 of (u G).
LIMBS_FUNCTION void stark_generator_part(stark_affine *r, int *infinity, const uint64_t u[4]) {
  static const stark_affine generator = STARK_GENERATOR;
  stark_fp one;
  stark_point p;
  stark_fp_set_one(&one);
  stark_mul(&p, &generator, u, &one);
  *infinity = stark_is_infinity(&p);
  if (!*infinity) stark_to_affine(r, &p);
}

/// The reason why a signature is not good; accepted when it is.
LIMBS_FUNCTION uint8_t stark_verify(const uint8_t digest[32], const uint8_t key[32], const uint8_t signature[64]) {
  uint64_t z[4], r[4], s[4], u1[4], u2[4];
  stark_fp x, c, a;
  stark_fr w, t;
  stark_fp_limbs_of_bytes(z, digest);
  stark_fp_limbs_of_bytes(r, signature);
  if (stark_is_long(z)) return ASSAY_REASON_scalarOutOfRange;
  if (!stark_fp_from_bytes(&x, key)) return ASSAY_REASON_publicKeyInvalid;
  stark_square_of_y(&c, &x);
  if (!stark_is_square(&c)) return ASSAY_REASON_publicKeyInvalid;
  if (stark_is_long(r) || (r[0] | r[1] | r[2] | r[3]) == 0) return ASSAY_REASON_scalarOutOfRange;
  if (!stark_fr_from_bytes(&w, signature + 32) || stark_fr_is_zero(&w)) return ASSAY_REASON_scalarOutOfRange;
  stark_fr_inv(&w, &w);
  stark_fr_to_limbs(s, &w);
  if (stark_is_long(s)) return ASSAY_REASON_scalarOutOfRange;
  stark_fr_from_limbs(&t, z);
  stark_fr_mul(&t, &t, &w);
  stark_fr_to_limbs(u1, &t);
  stark_fr_from_limbs(&t, r);
  stark_fr_mul(&t, &t, &w);
  stark_fr_to_limbs(u2, &t);

  stark_affine pa, pb;
  stark_point b;
  int a_is_infinity;
  stark_generator_part(&pa, &a_is_infinity, u1);
  const stark_affine twisted = {.x = x, .y = c};
  stark_affine q = twisted;
  stark_fp_mul(&q.x, &x, &c);
  stark_fp_sqr(&q.y, &c);
  a = q.y;
  stark_mul(&b, &q, u2, &a);
  // u2 is not 0 and the group's order is prime, so B is not infinity.
  stark_to_affine(&pb, &b);
  stark_fp inverse, rx, yb, d, left, right;
  stark_fp_inv(&inverse, &c);
  stark_fp_mul(&pb.x, &pb.x, &inverse);
  stark_fp_sqr(&yb, &pb.y);
  stark_fp_mul(&yb, &yb, &inverse);
  stark_fp_mul(&yb, &yb, &inverse);
  stark_fp_mul(&yb, &yb, &inverse);
  stark_fp_from_limbs(&rx, r);
  if (a_is_infinity) return stark_fp_equal(&pb.x, &rx) ? ASSAY_ACCEPTED : ASSAY_REASON_signatureMismatch;
  stark_fp_sub(&d, &pa.x, &pb.x);
  if (stark_fp_is_zero(&d)) {
    // One of the two is infinity, the other 2 A.
    stark_point twice;
    stark_fp one;
    stark_affine sum;
    stark_fp_set_one(&one);
    stark_from_affine(&twice, &pa);
    stark_dbl(&twice, &twice, &one);
    if (stark_is_infinity(&twice)) return ASSAY_REASON_signatureMismatch;
    stark_to_affine(&sum, &twice);
    return stark_fp_equal(&sum.x, &rx) ? ASSAY_ACCEPTED : ASSAY_REASON_signatureMismatch;
  }
  stark_fp ya;
  stark_fp_sqr(&ya, &pa.y);
  stark_fp_sqr(&d, &d);
  stark_fp_add(&left, &rx, &pa.x);
  stark_fp_add(&left, &left, &pb.x);
  stark_fp_mul(&left, &left, &d);
  stark_fp_sub(&left, &left, &ya);
  stark_fp_sub(&left, &left, &yb);
  stark_fp_sqr(&left, &left);
  stark_fp_mul(&right, &ya, &yb);
  stark_fp_dbl(&right, &right);
  stark_fp_dbl(&right, &right);
  return stark_fp_equal(&left, &right) ? ASSAY_ACCEPTED : ASSAY_REASON_signatureMismatch;
}

#define ASSAY_PROVIDES_ecdsa_stark ASSAY_YES
KERNEL(ecdsa_stark) {
  const assay_ecdsa_stark_columns *c = COLUMNS(ecdsa_stark);
  const uint8_t *digest = c->digest.data, *key = c->publicKey.data, *signature = c->signature.data;
  uint8_t *verdict = c->verdict.data;
  for (int64_t row = first; row < end; row++) {
    verdict[row] = stark_verify(digest + 32 * row, key + 32 * row, signature + 64 * row);
  }
}

/// The key of a scalar: the x of its multiple of the generator.
#define ASSAY_PROVIDES_stark_public_key ASSAY_YES
KERNEL(stark_public_key) {
  const assay_stark_public_key_columns *c = COLUMNS(stark_public_key);
  const uint8_t *scalar = c->scalar.data;
  uint8_t *verdict = c->verdict.data, *key = c->publicKey.data;
  for (int64_t row = first; row < end; row++) {
    uint64_t k[4];
    stark_fr t;
    stark_affine p;
    int infinity;
    memset(key + 32 * row, 0, 32);
    if (!stark_fr_from_bytes(&t, scalar + 32 * row) || stark_fr_is_zero(&t)) {
      verdict[row] = ASSAY_REASON_scalarOutOfRange;
      continue;
    }
    stark_fr_to_limbs(k, &t);
    stark_generator_part(&p, &infinity, k);
    stark_fp_to_bytes(key + 32 * row, &p.x);
    verdict[row] = ASSAY_ACCEPTED;
  }
}

#endif
