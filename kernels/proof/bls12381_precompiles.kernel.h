// The EVM's BLS12-381 precompiles of EIP-2537 (0x0b to 0x11) with their failure rules.
//
// A coordinate is 64 big-endian bytes below p, so its first 16 are zeros; a G1 point is x | y, a G2 point x0 | x1 | y0 | y1
// for x = x0 + x1 u, and all zeros are infinity. Additions do not check subgroups, everything else does. A row that the EVM
// would fail has a reason and an output of zeros.
#if DIALECT_LIMBS

#include "curve/bls12381_hash.h"
#include "curve/bls12381_map_g1.h"
#include "curve/pairing/bls12381.h"

enum { eip2537_msm_block = 256, eip2537_pairs = 16 };

INLINE int eip2537_fp(bls12381_fp *r, const uint8_t bytes[64]) {
  uint8_t padding = 0;
  for (int i = 0; i < 16; i++) padding |= bytes[i];
  return bls12381_fp_from_bytes(r, bytes + 16) && padding == 0;
}

LIMBS_FUNCTION uint8_t eip2537_g1(bls12381_g1_affine *r, const uint8_t bytes[128], int subgroup) {
  memset(r, 0, sizeof *r);
  if (!eip2537_fp(&r->x, bytes) || !eip2537_fp(&r->y, bytes + 64)) return ASSAY_REASON_nonCanonicalEncoding;
  r->infinity = bls12381_fp_is_zero(&r->x) && bls12381_fp_is_zero(&r->y);
  if (r->infinity) return 0;
  if (!bls12381_g1_on_curve(&r->x, &r->y, &bls12381_b)) return ASSAY_REASON_pointNotOnCurve;
  return subgroup && !bls12381_g1_in_subgroup(r) ? ASSAY_REASON_pointNotInSubgroup : 0;
}

LIMBS_FUNCTION uint8_t eip2537_g2(bls12381_g2_affine *r, const uint8_t bytes[256], int subgroup) {
  memset(r, 0, sizeof *r);
  bls12381_fp *const coordinates[4] = {&r->x.c[0], &r->x.c[1], &r->y.c[0], &r->y.c[1]};
  for (int i = 0; i < 4; i++) {
    if (!eip2537_fp(coordinates[i], bytes + 64 * i)) return ASSAY_REASON_nonCanonicalEncoding;
  }
  r->infinity = bls12381_fp2_is_zero(&r->x) && bls12381_fp2_is_zero(&r->y);
  if (r->infinity) return 0;
  if (!bls12381_g2_on_curve(&r->x, &r->y, &bls12381_twist_b)) return ASSAY_REASON_pointNotOnCurve;
  return subgroup && !bls12381_g2_in_subgroup(r) ? ASSAY_REASON_pointNotInSubgroup : 0;
}

LIMBS_FUNCTION void eip2537_g1_encode(uint8_t bytes[128], const bls12381_g1 *p) {
  bls12381_g1_affine a;
  bls12381_g1_to_affine(&a, p, 1);
  memset(bytes, 0, 128);
  bls12381_fp_to_bytes(bytes + 16, &a.x);
  bls12381_fp_to_bytes(bytes + 80, &a.y);
}

LIMBS_FUNCTION void eip2537_g2_encode(uint8_t bytes[256], const bls12381_g2 *p) {
  bls12381_g2_affine a;
  bls12381_g2_to_affine(&a, p, 1);
  memset(bytes, 0, 256);
  const bls12381_fp *const coordinates[4] = {&a.x.c[0], &a.x.c[1], &a.y.c[0], &a.y.c[1]};
  for (int i = 0; i < 4; i++) bls12381_fp_to_bytes(bytes + 64 * i + 16, coordinates[i]);
}

/// Each function below takes a call's input and writes its output, or returns why the EVM fails it.

LIMBS_FUNCTION uint8_t eip2537_g1_add(uint8_t *output, const uint8_t *data, int64_t length) {
  if (length != 256) return ASSAY_REASON_proofShapeInvalid;
  bls12381_g1_affine a, b;
  uint8_t reason = eip2537_g1(&a, data, 0);
  if (!reason) reason = eip2537_g1(&b, data + 128, 0);
  if (reason) return reason;
  bls12381_g1 sum;
  bls12381_g1_from_affine(&sum, &a);
  bls12381_g1_add_affine(&sum, &sum, &b);
  eip2537_g1_encode(output, &sum);
  return 0;
}

LIMBS_FUNCTION uint8_t eip2537_g2_add(uint8_t *output, const uint8_t *data, int64_t length) {
  if (length != 512) return ASSAY_REASON_proofShapeInvalid;
  bls12381_g2_affine a, b;
  uint8_t reason = eip2537_g2(&a, data, 0);
  if (!reason) reason = eip2537_g2(&b, data + 256, 0);
  if (reason) return reason;
  bls12381_g2 sum;
  bls12381_g2_from_affine(&sum, &a);
  bls12381_g2_add_affine(&sum, &sum, &b);
  eip2537_g2_encode(output, &sum);
  return 0;
}

LIMBS_FUNCTION uint8_t eip2537_g1_msm(uint8_t *output, const uint8_t *data, int64_t length) {
  if (length == 0 || length % 160 != 0) return ASSAY_REASON_proofShapeInvalid;
  bls12381_g1_affine points[eip2537_msm_block];
  uint64_t scalars[eip2537_msm_block][4];
  bls12381_g1 sum, part;
  int count = 0;
  bls12381_g1_set_infinity(&sum);
  for (int64_t at = 0; at < length; at += 160) {
    const uint8_t reason = eip2537_g1(&points[count], data + at, 1);
    if (reason) return reason;
    bls12381_fr_limbs_of_bytes(scalars[count++], data + at + 128);
    if (count < eip2537_msm_block && at + 160 < length) continue;
    bls12381_g1_msm(&part, points, (const uint64_t (*)[4])scalars, count);
    bls12381_g1_add(&sum, &sum, &part);
    count = 0;
  }
  eip2537_g1_encode(output, &sum);
  return 0;
}

LIMBS_FUNCTION uint8_t eip2537_g2_msm(uint8_t *output, const uint8_t *data, int64_t length) {
  if (length == 0 || length % 288 != 0) return ASSAY_REASON_proofShapeInvalid;
  bls12381_g2_affine points[eip2537_msm_block];
  uint64_t scalars[eip2537_msm_block][4];
  bls12381_g2 sum, part;
  int count = 0;
  bls12381_g2_set_infinity(&sum);
  for (int64_t at = 0; at < length; at += 288) {
    const uint8_t reason = eip2537_g2(&points[count], data + at, 1);
    if (reason) return reason;
    bls12381_fr_limbs_of_bytes(scalars[count++], data + at + 256);
    if (count < eip2537_msm_block && at + 288 < length) continue;
    bls12381_g2_msm(&part, points, (const uint64_t (*)[4])scalars, count);
    bls12381_g2_add(&sum, &sum, &part);
    count = 0;
  }
  eip2537_g2_encode(output, &sum);
  return 0;
}

LIMBS_FUNCTION uint8_t eip2537_pairing(uint8_t *output, const uint8_t *data, int64_t length) {
  if (length == 0 || length % 384 != 0) return ASSAY_REASON_proofShapeInvalid;
  bls12381_miller_pair pairs[eip2537_pairs];
  uint8_t in_subgroup[eip2537_pairs];
  bls12381_fp12 product, f;
  int count = 0;
  bls12381_fp12_set_one(&product);
  for (int64_t at = 0; at < length; at += 384) {
    bls12381_g1_affine p;
    bls12381_g2_affine q;
    uint8_t reason = eip2537_g1(&p, data + at, 1);
    // The Miller loop checks Q's subgroup where there is one.
    if (!reason) reason = eip2537_g2(&q, data + at + 128, (int)p.infinity);
    if (reason) return reason;
    if (!p.infinity && !q.infinity) bls12381_miller_set(&pairs[count++], &p, &q);
    if (count == eip2537_pairs || (at + 384 == length && count > 0)) {
      bls12381_miller(&f, pairs, count, in_subgroup);
      for (int i = 0; i < count; i++) {
        if (!in_subgroup[i]) return ASSAY_REASON_pointNotInSubgroup;
      }
      bls12381_fp12_mul(&product, &product, &f);
      count = 0;
    }
  }
  bls12381_final_exponentiation(&product, &product);
  memset(output, 0, 32);
  output[31] = (uint8_t)bls12381_fp12_is_one(&product);
  return 0;
}

LIMBS_FUNCTION uint8_t eip2537_map_fp(uint8_t *output, const uint8_t *data, int64_t length) {
  if (length != 64) return ASSAY_REASON_proofShapeInvalid;
  bls12381_fp u;
  if (!eip2537_fp(&u, data)) return ASSAY_REASON_nonCanonicalEncoding;
  bls12381_g1 point;
  bls12381_map_to_g1(&point, &u);
  eip2537_g1_encode(output, &point);
  return 0;
}

LIMBS_FUNCTION uint8_t eip2537_map_fp2(uint8_t *output, const uint8_t *data, int64_t length) {
  if (length != 128) return ASSAY_REASON_proofShapeInvalid;
  bls12381_fp2 u;
  if (!eip2537_fp(&u.c[0], data) || !eip2537_fp(&u.c[1], data + 64)) return ASSAY_REASON_nonCanonicalEncoding;
  bls12381_g2 point;
  bls12381_map_to_g2(&point, &u);
  bls12381_g2_clear_cofactor(&point, &point);
  eip2537_g2_encode(output, &point);
  return 0;
}

#define EIP2537_KERNEL(operation, function, width)                                            \
  KERNEL(operation) {                                                                         \
    const assay_##operation##_columns *c = COLUMNS(operation);                                \
    const int64_t *offsets = c->input.offsets;                                                \
    for (int64_t row = first; row < end; row++) {                                             \
      uint8_t *output = (uint8_t *)c->output.data + (width) * row;                            \
      const uint8_t *data = (const uint8_t *)c->input.data + offsets[row];                    \
      const uint8_t reason = function(output, data, offsets[row + 1] - offsets[row]);         \
      if (reason) memset(output, 0, width);                                                   \
      ((uint8_t *)c->verdict.data)[row] = reason ? reason : ASSAY_ACCEPTED;                   \
    }                                                                                         \
  }

#define ASSAY_PROVIDES_bls12381_g1_add ASSAY_YES
EIP2537_KERNEL(bls12381_g1_add, eip2537_g1_add, 128)
#define ASSAY_PROVIDES_bls12381_g1_msm ASSAY_YES
EIP2537_KERNEL(bls12381_g1_msm, eip2537_g1_msm, 128)
#define ASSAY_PROVIDES_bls12381_g2_add ASSAY_YES
EIP2537_KERNEL(bls12381_g2_add, eip2537_g2_add, 256)
#define ASSAY_PROVIDES_bls12381_g2_msm ASSAY_YES
EIP2537_KERNEL(bls12381_g2_msm, eip2537_g2_msm, 256)
#define ASSAY_PROVIDES_bls12381_pairing ASSAY_YES
EIP2537_KERNEL(bls12381_pairing, eip2537_pairing, 32)
#define ASSAY_PROVIDES_bls12381_map_fp_to_g1 ASSAY_YES
EIP2537_KERNEL(bls12381_map_fp_to_g1, eip2537_map_fp, 128)
#define ASSAY_PROVIDES_bls12381_map_fp2_to_g2 ASSAY_YES
EIP2537_KERNEL(bls12381_map_fp2_to_g2, eip2537_map_fp2, 256)

#endif
