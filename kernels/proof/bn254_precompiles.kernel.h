// The EVM's BN254 precompiles with their failure rules: addition (0x06) and multiplication (0x07) of EIP-196, the pairing
// check (0x08) of EIP-197. A row that the EVM would fail has a reason and an output of zeros.
#if DIALECT_LIMBS

#include "proof/bn254_encoding.h"

/// The EVM reads past the end of its input as zeros and ignores what is too much.
INLINE void bn254_call_data(uint8_t *padded, int64_t size, const assay_column *input, int64_t row) {
  const int64_t length = input->offsets[row + 1] - input->offsets[row];
  memset(padded, 0, (size_t)size);
  const int64_t used = length < size ? length : size;
  if (used > 0) memcpy(padded, (const uint8_t *)input->data + input->offsets[row], (size_t)used);
}

#define ASSAY_PROVIDES_bn254_add ASSAY_YES
KERNEL(bn254_add) {
  const assay_bn254_add_columns *c = COLUMNS(bn254_add);
  for (int64_t row = first; row < end; row++) {
    uint8_t data[128], *output = (uint8_t *)c->output.data + 64 * row;
    bn254_call_data(data, sizeof data, &c->input, row);
    bn254_g1_affine a, b;
    uint8_t reason = bn254_g1_decode(&a, data);
    if (!reason) reason = bn254_g1_decode(&b, data + 64);
    ((uint8_t *)c->verdict.data)[row] = reason ? reason : ASSAY_ACCEPTED;
    memset(output, 0, 64);
    if (reason) continue;
    bn254_g1 sum;
    bn254_g1_from_affine(&sum, &a);
    bn254_g1_add_affine(&sum, &sum, &b);
    bn254_g1_encode(output, &sum);
  }
}

#define ASSAY_PROVIDES_bn254_mul ASSAY_YES
KERNEL(bn254_mul) {
  const assay_bn254_mul_columns *c = COLUMNS(bn254_mul);
  for (int64_t row = first; row < end; row++) {
    uint8_t data[96], *output = (uint8_t *)c->output.data + 64 * row;
    bn254_call_data(data, sizeof data, &c->input, row);
    bn254_g1_affine a;
    const uint8_t reason = bn254_g1_decode(&a, data);
    ((uint8_t *)c->verdict.data)[row] = reason ? reason : ASSAY_ACCEPTED;
    memset(output, 0, 64);
    if (reason) continue;
    uint64_t scalar[4];
    bn254_fr_limbs_of_bytes(scalar, data + 64);
    bn254_g1 point;
    bn254_g1_from_affine(&point, &a);
    bn254_g1_mul(&point, &point, scalar, 4);
    bn254_g1_encode(output, &point);
  }
}

/// One pairing check over `length` bytes: 0 and *equal, or the reason why the EVM fails the call.
LIMBS_FUNCTION uint8_t bn254_pairing_check(int *equal, const uint8_t *data, int64_t length) {
  enum { block = 32 };
  if (length % 192 != 0) return ASSAY_REASON_proofShapeInvalid;
  bn254_miller_pair pairs[block];
  uint8_t in_subgroup[block];
  bn254_fp12 product, f;
  bn254_fp12_set_one(&product);
  int64_t count = 0;
  for (int64_t offset = 0; offset < length; offset += 192) {
    bn254_g1_affine p;
    bn254_g2_affine q;
    uint8_t reason = bn254_g1_decode(&p, data + offset);
    if (!reason) reason = bn254_g2_decode(&q, data + offset + 64);
    if (reason) return reason;
    if (p.infinity) {
      if (!bn254_g2_in_subgroup(&q)) return ASSAY_REASON_pointNotInSubgroup;
    } else if (!q.infinity) {
      bn254_miller_set(&pairs[count++], &p, &q);
    }
    if (count == block || (offset + 192 == length && count > 0)) {
      bn254_miller(&f, pairs, count, NULL, 0, in_subgroup);
      for (int64_t i = 0; i < count; i++) {
        if (!in_subgroup[i]) return ASSAY_REASON_pointNotInSubgroup;
      }
      bn254_fp12_mul(&product, &product, &f);
      count = 0;
    }
  }
  bn254_final_exponentiation(&product, &product);
  *equal = bn254_fp12_is_one(&product);
  return 0;
}

#define ASSAY_PROVIDES_bn254_pairing ASSAY_YES
KERNEL(bn254_pairing) {
  const assay_bn254_pairing_columns *c = COLUMNS(bn254_pairing);
  for (int64_t row = first; row < end; row++) {
    const int64_t offset = c->input.offsets[row], length = c->input.offsets[row + 1] - offset;
    uint8_t *output = (uint8_t *)c->output.data + 32 * row;
    int equal = 0;
    const uint8_t reason = bn254_pairing_check(&equal, (const uint8_t *)c->input.data + offset, length);
    ((uint8_t *)c->verdict.data)[row] = reason ? reason : ASSAY_ACCEPTED;
    memset(output, 0, 32);
    output[31] = (uint8_t)(!reason && equal);
  }
}

#endif
