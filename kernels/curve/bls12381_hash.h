// Hashing to BLS12-381's G2: BLS12381G2_XMD:SHA-256_SSWU_RO_ of RFC 9380, section 8.8.2.
#ifndef ASSAY_CURVE_BLS12381_HASH_H
#define ASSAY_CURVE_BLS12381_HASH_H

#include "hash/sha256_stream.h"
#include "curve/pairing/bls12381.h"

/// expand_message_xmd of RFC 9380, 5.3.1, for SHA-256 and `blocks` <= 8 blocks of 32 bytes. A tag of more than 255 bytes is
/// hashed first, as 5.3.3 says.
LIMBS_FUNCTION void bls12381_expand(uint8_t *out, int blocks, const uint8_t *message, int64_t length, const uint8_t *tag,
                                    int64_t tag_length) {
  static const uint8_t zeros[64] = {0};
  static const char oversize[] = "H2C-OVERSIZE-DST-";
  uint8_t first[32], block[32], long_tag[32];
  sha256_stream s;
  if (tag_length > 255) {
    sha256_stream_begin(&s);
    sha256_stream_add(&s, (const uint8_t *)oversize, sizeof oversize - 1);
    sha256_stream_add(&s, tag, tag_length);
    sha256_stream_end(&s, long_tag);
    tag = long_tag, tag_length = 32;
  }
  const uint8_t size[3] = {(uint8_t)(blocks >> 3), (uint8_t)(blocks << 5), 0}, tag_size = (uint8_t)tag_length;
  sha256_stream_begin(&s);
  sha256_stream_add(&s, zeros, 64);
  sha256_stream_add(&s, message, length);
  sha256_stream_add(&s, size, 3);
  sha256_stream_add(&s, tag, tag_length);
  sha256_stream_add(&s, &tag_size, 1);
  sha256_stream_end(&s, first);
  memset(block, 0, 32);
  for (int i = 0; i < blocks; i++) {
    const uint8_t index = (uint8_t)(i + 1);
    for (int k = 0; k < 32; k++) block[k] ^= first[k];
    sha256_stream_begin(&s);
    sha256_stream_add(&s, block, 32);
    sha256_stream_add(&s, &index, 1);
    sha256_stream_add(&s, tag, tag_length);
    sha256_stream_add(&s, &tag_size, 1);
    sha256_stream_end(&s, block);
    memcpy(out + 32 * i, block, 32);
  }
}

/// 64 big-endian bytes modulo p.
LIMBS_FUNCTION void bls12381_fp_from_64_bytes(bls12381_fp *r, const uint8_t bytes[64]) {
  uint8_t high[48] = {0};
  uint64_t limbs[6];
  bls12381_fp t, r2;
  memcpy(high + 32, bytes, 16);
  bls12381_fp_limbs_of_bytes(limbs, high);
  bls12381_fp_from_limbs(&t, limbs);
  memcpy(r2.v, bls12381_fp_r2, sizeof r2.v);
  bls12381_fp_mul(&t, &t, &r2);
  // The low 384 bits may exceed p; the Montgomery product reduces them.
  bls12381_fp_limbs_of_bytes(limbs, bytes + 16);
  bls12381_fp_from_limbs(r, limbs);
  bls12381_fp_add(r, r, &t);
}

/// The integers a + b u in Montgomery form, for small non-negative a and b.
INLINE void bls12381_fp2_small(bls12381_fp2 *r, uint64_t a, uint64_t b) {
  const uint64_t c0[6] = {a}, c1[6] = {b};
  bls12381_fp_from_limbs(&r->c[0], c0);
  bls12381_fp_from_limbs(&r->c[1], c1);
}

/// sgn0 of RFC 9380, 4.1.
LIMBS_FUNCTION int bls12381_fp2_sign(const bls12381_fp2 *a) {
  uint64_t c0[6], c1[6];
  bls12381_fp_to_limbs(c0, &a->c[0]);
  bls12381_fp_to_limbs(c1, &a->c[1]);
  return (int)((c0[0] & 1) | (bls12381_fp_is_zero(&a->c[0]) & c1[0] & 1));
}

/// r = x^3 + a x + b.
INLINE void bls12381_cubic(bls12381_fp2 *r, const bls12381_fp2 *x, const bls12381_fp2 *a, const bls12381_fp2 *b) {
  bls12381_fp2 t;
  bls12381_fp2_sqr(&t, x);
  bls12381_fp2_add(&t, &t, a);
  bls12381_fp2_mul(&t, &t, x);
  bls12381_fp2_add(r, &t, b);
}

/// The simplified SWU map (RFC 9380, 6.6.2) to y^2 = x^3 + 240 u x + 1012 (1 + u), Z = -(2 + u), then the 3-isogeny to the
/// twist. By Velu's formulas the kernel's x is x0 = -6 + 6 u, and with d = x - x0, t = 48 u, v = 16 + 16 u the image is
/// ((x d^2 + t d + v) / 9 d^2, -y (d^3 - t d - 2 v) / 27 d^3), in Jacobian coordinates with Z = 3 d.
LIMBS_FUNCTION void bls12381_map_to_g2(bls12381_g2 *r, const bls12381_fp2 *u) {
  bls12381_fp2 a, b, z, one, zuu, tv, numerator, denominator, x, y, gx, t;
  bls12381_fp2_small(&a, 0, 240);
  bls12381_fp2_small(&b, 1012, 1012);
  bls12381_fp2_small(&z, 2, 1);
  bls12381_fp2_neg(&z, &z);
  bls12381_fp2_set_one(&one);
  // tv = Z^2 u^4 + Z u^2; x = -B (1 + 1 / tv) / A, or B / (Z A) for tv = 0
  bls12381_fp2_sqr(&zuu, u);
  bls12381_fp2_mul(&zuu, &zuu, &z);
  bls12381_fp2_sqr(&tv, &zuu);
  bls12381_fp2_add(&tv, &tv, &zuu);
  if (bls12381_fp2_is_zero(&tv)) {
    numerator = b;
    bls12381_fp2_mul(&denominator, &z, &a);
  } else {
    bls12381_fp2_add(&numerator, &tv, &one);
    bls12381_fp2_mul(&numerator, &numerator, &b);
    bls12381_fp2_neg(&numerator, &numerator);
    bls12381_fp2_mul(&denominator, &a, &tv);
  }
  bls12381_fp2_inv(&denominator, &denominator);
  bls12381_fp2_mul(&x, &numerator, &denominator);
  bls12381_cubic(&gx, &x, &a, &b);
  if (!bls12381_fp2_sqrt(&y, &gx)) {
    bls12381_fp2_mul(&x, &x, &zuu);
    bls12381_cubic(&gx, &x, &a, &b);
    (void)bls12381_fp2_sqrt(&y, &gx);
  }
  if (bls12381_fp2_sign(u) != bls12381_fp2_sign(&y)) bls12381_fp2_neg(&y, &y);
  // the isogeny
  bls12381_fp2 x0, d, dd, td, v;
  bls12381_fp2_small(&x0, 6, 6);
  bls12381_fp_neg(&x0.c[0], &x0.c[0]);
  bls12381_fp2_small(&t, 0, 48);
  bls12381_fp2_small(&v, 16, 16);
  bls12381_fp2_sub(&d, &x, &x0);
  bls12381_fp2_sqr(&dd, &d);
  bls12381_fp2_mul(&td, &t, &d);
  bls12381_fp2_mul(&r->x, &x, &dd);
  bls12381_fp2_add(&r->x, &r->x, &td);
  bls12381_fp2_add(&r->x, &r->x, &v);
  bls12381_fp2_mul(&dd, &dd, &d);
  bls12381_fp2_sub(&dd, &td, &dd);
  bls12381_fp2_dbl(&v, &v);
  bls12381_fp2_add(&dd, &dd, &v);
  bls12381_fp2_mul(&r->y, &y, &dd);
  bls12381_fp2_dbl(&t, &d);
  bls12381_fp2_add(&r->z, &t, &d);
}

/// r = (x^2 - x - 1) P + (x - 1) psi(P) + psi^2(2 P), which equals RFC 9380's h_eff P (Budroni and Pintore,
/// https://eprint.iacr.org/2017/419).
LIMBS_FUNCTION void bls12381_g2_clear_cofactor(bls12381_g2 *r, const bls12381_g2 *p) {
  bls12381_g2 xp, t, sum;
  bls12381_g2_mul_x(&xp, p);
  bls12381_g2_neg(&xp, &xp);
  // x (xP + psi(P)) = x^2 P + x psi(P)
  bls12381_g2_psi(&t, p);
  bls12381_g2_add(&sum, &xp, &t);
  bls12381_g2_mul_x(&sum, &sum);
  bls12381_g2_neg(&sum, &sum);
  // - xP - P - psi(P)
  bls12381_g2_add(&t, &t, &xp);
  bls12381_g2_add(&t, &t, p);
  bls12381_g2_neg(&t, &t);
  bls12381_g2_add(&sum, &sum, &t);
  bls12381_g2_dbl(&t, p);
  bls12381_g2_psi2(&t, &t);
  bls12381_g2_add(r, &sum, &t);
}

/// hash_to_curve for G2.
LIMBS_FUNCTION void bls12381_hash_to_g2(bls12381_g2 *r, const uint8_t *message, int64_t length, const uint8_t *tag,
                                        int64_t tag_length) {
  uint8_t uniform[256];
  bls12381_fp2 u;
  bls12381_g2 points[2];
  bls12381_expand(uniform, 8, message, length, tag, tag_length);
  for (int i = 0; i < 2; i++) {
    bls12381_fp_from_64_bytes(&u.c[0], uniform + 128 * i);
    bls12381_fp_from_64_bytes(&u.c[1], uniform + 128 * i + 64);
    bls12381_map_to_g2(&points[i], &u);
  }
  bls12381_g2_add(&points[0], &points[0], &points[1]);
  bls12381_g2_clear_cofactor(r, &points[0]);
}

#endif
