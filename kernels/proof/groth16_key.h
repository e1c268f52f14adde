// Verification keys of Groth16 over BN254, decoded and prepared.
//
// The encoding is EIP-197's: alpha (G1) | beta | gamma | delta (G2) | IC_0 .. IC_n (G1) for n public inputs, 448 + 64 (n + 1)
// bytes. Preparing a key keeps the lines of the Miller loops of beta, gamma and delta and the Miller value of (-alpha, beta),
// which no proof changes, so a proof is left with one loop of its own and two cheap ones (Costello and Stebila,
// https://eprint.iacr.org/2010/342, section 3).
#ifndef ASSAY_PROOF_GROTH16_KEY_H
#define ASSAY_PROOF_GROTH16_KEY_H

#include "hash/sha256_stream.h"
#include "proof/bn254_encoding.h"

enum { groth16_key_points = 448 };

/// What a key's proofs share. Its bytes are what `groth16_bn254_prepare` gives: they are taken for the key only when they carry
/// its digest, and they are of this process, never of a file or a peer.
typedef struct groth16_prepared {
  uint8_t digest[32];
  bn254_fp12 alpha_beta;
  bn254_line beta[bn254_lines], gamma[bn254_lines], delta[bn254_lines];
} groth16_prepared;

_Static_assert(sizeof(groth16_prepared) == 51104, "the width of the prepared column in operations.def");

typedef struct groth16_key {
  bn254_g1_affine alpha;
  bn254_g2_affine beta, gamma, delta;
  const uint8_t *points;
  int64_t inputs;
  uint8_t digest[32];
} groth16_key;

/// 0, or the reason why no proof can be verified with this key; G2's subgroup is left to groth16_prepare.
LIMBS_FUNCTION uint8_t groth16_key_decode(groth16_key *key, const uint8_t *bytes, int64_t length) {
  if (length < groth16_key_points + 64 || length % 64 != 0) return ASSAY_REASON_proofShapeInvalid;
  key->points = bytes + groth16_key_points;
  key->inputs = (length - groth16_key_points) / 64 - 1;
  uint8_t reason = bn254_g1_decode(&key->alpha, bytes);
  bn254_g2_affine *const g2[3] = {&key->beta, &key->gamma, &key->delta};
  for (int i = 0; i < 3 && !reason; i++) {
    reason = bn254_g2_decode(g2[i], bytes + 64 + 128 * i);
  }
  bn254_g1_affine point;
  for (int64_t i = 0; i <= key->inputs && !reason; i++) reason = bn254_g1_decode(&point, key->points + 64 * i);
  sha256_stream stream;
  sha256_stream_begin(&stream);
  sha256_stream_add(&stream, bytes, length);
  sha256_stream_end(&stream, key->digest);
  return reason;
}

/// Prepares a decoded key. Returns 0 when one of its points is outside G2's subgroup: then no proof verifies.
LIMBS_FUNCTION int groth16_prepare(groth16_prepared *prepared, const groth16_key *key) {
  const bn254_g2_affine *const points[3] = {&key->beta, &key->gamma, &key->delta};
  bn254_line *const lines[3] = {prepared->beta, prepared->gamma, prepared->delta};
  memset(prepared, 0, sizeof *prepared);
  memcpy(prepared->digest, key->digest, sizeof prepared->digest);
  for (int i = 0; i < 3; i++) {
    if (!points[i]->infinity && !bn254_keep_lines(lines[i], points[i])) return 0;
  }
  bn254_fixed_pair pair = {.px = key->alpha.x, .lines = prepared->beta};
  bn254_fp_neg(&pair.py, &key->alpha.y);
  bn254_miller(&prepared->alpha_beta, NULL, 0, &pair, key->alpha.infinity || key->beta.infinity ? 0 : 1, NULL);
  return 1;
}

/// The prepared key from a column's bytes when they are this key's, else computed. 0 as groth16_prepare.
LIMBS_FUNCTION int groth16_prepared_load(groth16_prepared *prepared, const groth16_key *key, const uint8_t *bytes,
                                         int64_t length) {
  if (length != (int64_t)sizeof *prepared || memcmp(bytes, key->digest, sizeof key->digest) != 0) {
    return groth16_prepare(prepared, key);
  }
  memcpy(prepared, bytes, sizeof *prepared);
  return 1;
}

#endif
