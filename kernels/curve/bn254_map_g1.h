// Hashing to BN254: the Shallue-van de Woestijne map of RFC 9380, 6.6.1, with Z = 1, onto y^2 = x^3 + 3, whose points all have the prime order.
#ifndef ASSAY_CURVE_BN254_MAP_G1_H
#define ASSAY_CURVE_BN254_MAP_G1_H

#include "curve/pairing/bn254.h"

/// 48 big-endian bytes modulo p.
LIMBS_FUNCTION void bn254_fp_from_48_bytes(bn254_fp *r, const uint8_t bytes[48]) {
  uint8_t high[32] = {0};
  uint64_t limbs[4];
  bn254_fp t, r2;
  memcpy(high + 16, bytes, 16);
  bn254_fp_limbs_of_bytes(limbs, high);
  bn254_fp_from_limbs(&t, limbs);
  memcpy(r2.v, bn254_fp_r2, sizeof r2.v);
  bn254_fp_mul(&t, &t, &r2);
  // The low 256 bits may exceed p; the Montgomery product reduces them.
  bn254_fp_limbs_of_bytes(limbs, bytes + 16);
  bn254_fp_from_limbs(r, limbs);
  bn254_fp_add(r, r, &t);
}

/// r = x^3 + 3.
INLINE void bn254_cubic(bn254_fp *r, const bn254_fp *x) {
  bn254_fp_sqr(r, x);
  bn254_fp_mul(r, r, x);
  bn254_fp_add(r, r, &bn254_b);
}

/// 1 and a root of a, or 0 and nothing of use: a^((p + 1) / 4).
LIMBS_FUNCTION int bn254_root(bn254_fp *r, const bn254_fp *a) {
  static const uint64_t exponent[4] = {0x4f082305b61f3f52, 0x65e05aa45a1c72a3, 0x6e14116da0605617, 0x0c19139cb84c680a};
  bn254_fp t, root;
  bn254_fp_pow(&root, a, exponent, 4);
  bn254_fp_sqr(&t, &root);
  *r = root;
  return bn254_fp_equal(&t, a);
}

/// The map of one field element; c2 = -1/2, c3 = sqrt(-12) with an even integer, c4 = -16/3, and c1 = 4.
LIMBS_FUNCTION void bn254_map_to_g1(bn254_g1_affine *r, const bn254_fp *u) {
  static const bn254_fp c2 = {{0xb461a4448976f7d5, 0xc6843fb439555fa7, 0x28f0d12384840918, 0x112ceb58a394e07d}};
  static const bn254_fp c3 = {{0x7c8487078735ab72, 0x51da7e0048bfb8d4, 0x945cfd183cbd7bf4, 0x0b70b1ec48ae62c6}};
  static const bn254_fp c4 = {{0xa79a2bdca0800831, 0x19fd7617e49815a1, 0xbb8d0c885550c7b1, 0x05c4aeb6ec7e0f48}};
  bn254_fp one, tv1, tv2, tv3, tv4, x, gx, y;
  bn254_fp_set_one(&one);
  bn254_fp_sqr(&tv1, u);
  bn254_fp_dbl(&tv1, &tv1);
  bn254_fp_dbl(&tv1, &tv1);
  bn254_fp_add(&tv2, &one, &tv1);
  bn254_fp_sub(&tv1, &one, &tv1);
  bn254_fp_mul(&tv3, &tv1, &tv2);
  bn254_fp_inv(&tv3, &tv3);
  bn254_fp_mul(&tv4, u, &tv1);
  bn254_fp_mul(&tv4, &tv4, &tv3);
  bn254_fp_mul(&tv4, &tv4, &c3);
  bn254_fp_sub(&x, &c2, &tv4);
  bn254_cubic(&gx, &x);
  if (!bn254_root(&y, &gx)) {
    bn254_fp_add(&x, &c2, &tv4);
    bn254_cubic(&gx, &x);
    if (!bn254_root(&y, &gx)) {
      // One of the three candidates is on the curve.
      bn254_fp_sqr(&x, &tv2);
      bn254_fp_mul(&x, &x, &tv3);
      bn254_fp_sqr(&x, &x);
      bn254_fp_mul(&x, &x, &c4);
      bn254_fp_add(&x, &x, &one);
      bn254_cubic(&gx, &x);
      (void)bn254_root(&y, &gx);
    }
  }
  uint64_t u_limbs[4], y_limbs[4];
  bn254_fp_to_limbs(u_limbs, u);
  bn254_fp_to_limbs(y_limbs, &y);
  if ((u_limbs[0] ^ y_limbs[0]) & 1) bn254_fp_neg(&y, &y);
  r->x = x;
  r->y = y;
  r->infinity = 0;
}

/// hash_to_curve from 96 uniform bytes: the sum of two mapped elements, as EIP-196 encodes points.
LIMBS_FUNCTION void bn254_point_of_uniform(uint8_t output[64], const uint8_t uniform[96]) {
  bn254_fp u;
  bn254_g1_affine first, second, result;
  bn254_g1 sum;
  bn254_fp_from_48_bytes(&u, uniform);
  bn254_map_to_g1(&first, &u);
  bn254_fp_from_48_bytes(&u, uniform + 48);
  bn254_map_to_g1(&second, &u);
  bn254_g1_from_affine(&sum, &first);
  bn254_g1_add_affine(&sum, &sum, &second);
  memset(output, 0, 64);
  if (bn254_g1_is_infinity(&sum)) return;
  bn254_g1_to_affine(&result, &sum, 1);
  bn254_fp_to_bytes(output, &result.x);
  bn254_fp_to_bytes(output + 32, &result.y);
}

#endif
