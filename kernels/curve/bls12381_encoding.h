// Compressed points of BLS12-381 as in the pairing-friendly curves draft (section C): the top three bits of the first byte
// say compressed, infinity, and that y is the larger root; x follows, big-endian, c1 before c0 in Fp2.
//
// Each decoder returns 0 or the reason why the bytes are not a point of the group. Infinity is decoded; who must not have it
// checks for it.
#ifndef ASSAY_CURVE_BLS12381_ENCODING_H
#define ASSAY_CURVE_BLS12381_ENCODING_H

#include "curve/pairing/bls12381.h"

/// The flags of a first byte: 0 when x follows, 1 when the bytes are infinity, -1 when they are neither.
LIMBS_FUNCTION int bls12381_flags(const uint8_t *bytes, int length) {
  if (!(bytes[0] & 0x80)) return -1;
  if (!(bytes[0] & 0x40)) return 0;
  uint8_t rest = bytes[0] & 0x3f;
  for (int i = 1; i < length; i++) rest |= bytes[i];
  return rest == 0 ? 1 : -1;
}

/// An x coordinate's 48 bytes without the flags.
INLINE int bls12381_x_from_bytes(bls12381_fp *r, const uint8_t *bytes) {
  uint8_t plain[48];
  memcpy(plain, bytes, 48);
  plain[0] &= 0x1f;
  return bls12381_fp_from_bytes(r, plain);
}

/// 1 when y is the larger of y and -y; Fp2 compares c1 first.
INLINE int bls12381_fp2_is_high(const bls12381_fp2 *y) {
  return bls12381_fp_is_zero(&y->c[1]) ? bls12381_fp_is_high(&y->c[0]) : bls12381_fp_is_high(&y->c[1]);
}

LIMBS_FUNCTION uint8_t bls12381_g1_decompress(bls12381_g1_affine *r, const uint8_t bytes[48]) {
  memset(r, 0, sizeof *r);
  const int flags = bls12381_flags(bytes, 48);
  if (flags < 0) return ASSAY_REASON_nonCanonicalEncoding;
  r->infinity = (uint64_t)flags;
  if (r->infinity) return 0;
  if (!bls12381_x_from_bytes(&r->x, bytes)) return ASSAY_REASON_nonCanonicalEncoding;
  bls12381_fp t;
  bls12381_fp_sqr(&t, &r->x);
  bls12381_fp_mul(&t, &t, &r->x);
  bls12381_fp_add(&t, &t, &bls12381_b);
  if (!bls12381_fp_sqrt(&r->y, &t)) return ASSAY_REASON_pointNotOnCurve;
  if (bls12381_fp_is_high(&r->y) != (bytes[0] >> 5 & 1)) bls12381_fp_neg(&r->y, &r->y);
  return bls12381_g1_in_subgroup(r) ? 0 : ASSAY_REASON_pointNotInSubgroup;
}

LIMBS_FUNCTION uint8_t bls12381_g2_decompress(bls12381_g2_affine *r, const uint8_t bytes[96]) {
  memset(r, 0, sizeof *r);
  const int flags = bls12381_flags(bytes, 96);
  if (flags < 0) return ASSAY_REASON_nonCanonicalEncoding;
  r->infinity = (uint64_t)flags;
  if (r->infinity) return 0;
  if (!bls12381_x_from_bytes(&r->x.c[1], bytes) || !bls12381_fp_from_bytes(&r->x.c[0], bytes + 48)) {
    return ASSAY_REASON_nonCanonicalEncoding;
  }
  bls12381_fp2 t;
  bls12381_fp2_sqr(&t, &r->x);
  bls12381_fp2_mul(&t, &t, &r->x);
  bls12381_fp2_add(&t, &t, &bls12381_twist_b);
  if (!bls12381_fp2_sqrt(&r->y, &t)) return ASSAY_REASON_pointNotOnCurve;
  if (bls12381_fp2_is_high(&r->y) != (bytes[0] >> 5 & 1)) bls12381_fp2_neg(&r->y, &r->y);
  return bls12381_g2_in_subgroup(r) ? 0 : ASSAY_REASON_pointNotInSubgroup;
}

#endif
