// EIP-196 and EIP-197 encodings of BN254: coordinates are 32 big-endian bytes below p, a G1 point is x | y, a G2 point is
// x1 | x0 | y1 | y0 for x = x0 + x1 u, and (0, 0) is infinity.
//
// Each decoder returns 0 or the reason why the bytes are no point. Coordinates are checked before the equation; G2's subgroup
// is checked by bn254_miller, or by bn254_g2_in_subgroup where no pairing follows.
#ifndef ASSAY_PROOF_BN254_ENCODING_H
#define ASSAY_PROOF_BN254_ENCODING_H

#include "curve/pairing/bn254.h"

LIMBS_FUNCTION uint8_t bn254_g1_decode(bn254_g1_affine *r, const uint8_t bytes[64]) {
  memset(r, 0, sizeof *r);
  const int x = bn254_fp_from_bytes(&r->x, bytes), y = bn254_fp_from_bytes(&r->y, bytes + 32);
  if (!x || !y) return ASSAY_REASON_nonCanonicalEncoding;
  r->infinity = bn254_fp_is_zero(&r->x) && bn254_fp_is_zero(&r->y);
  if (!r->infinity && !bn254_g1_on_curve(&r->x, &r->y, &bn254_b)) return ASSAY_REASON_pointNotOnCurve;
  return 0;
}

LIMBS_FUNCTION uint8_t bn254_g2_decode(bn254_g2_affine *r, const uint8_t bytes[128]) {
  memset(r, 0, sizeof *r);
  bn254_fp *const coordinates[4] = {&r->x.c[1], &r->x.c[0], &r->y.c[1], &r->y.c[0]};
  for (int i = 0; i < 4; i++) {
    if (!bn254_fp_from_bytes(coordinates[i], bytes + 32 * i)) return ASSAY_REASON_nonCanonicalEncoding;
  }
  r->infinity = bn254_fp2_is_zero(&r->x) && bn254_fp2_is_zero(&r->y);
  if (!r->infinity && !bn254_g2_on_curve(&r->x, &r->y, &bn254_twist_b)) return ASSAY_REASON_pointNotOnCurve;
  return 0;
}

LIMBS_FUNCTION void bn254_g1_encode(uint8_t bytes[64], const bn254_g1 *p) {
  bn254_g1_affine a;
  bn254_g1_to_affine(&a, p, 1);
  bn254_fp_to_bytes(bytes, &a.x);
  bn254_fp_to_bytes(bytes + 32, &a.y);
}

/// 1 when a point of the twist has order r (or is infinity), by the steps of a Miller loop whose lines are not used.
LIMBS_FUNCTION int bn254_g2_in_subgroup(const bn254_g2_affine *q) {
  bn254_line unused[bn254_lines];
  return q->infinity || bn254_keep_lines(unused, q);
}

#endif
