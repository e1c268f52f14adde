// KZG proofs of EIP-4844 (a point, a blob, the precompile 0x0a) and of EIP-7594 (a cell), over the Ethereum ceremony's setup.
//
// All are claims e(C - P(tau) + z pi, g2) = e(pi, s g2): for a point P is the constant y, z the point and s = tau; for a cell
// P is the interpolation of the cell, z = h^64 for its coset's shift h, and s = tau^64. A block of claims is one equation
// with random factors: two Miller loops and one final exponentiation (see proof/bisection.h). All are drawn once a block.
#if DIALECT_LIMBS

#include "curve/bls12381_encoding.h"
#include "hash/sha256_stream.h"
#include "proof/bisection.h"
#include "proof/kzg_polynomial.h"

enum { kzg_block = 128 };

typedef struct kzg_claim {
  bls12381_g1_affine commitment, proof;
  bls12381_fr z, y;
  /// What the seed hashes: the claim's encodings; for a cell, its values and index too.
  const uint8_t *commitment_bytes, *proof_bytes, *cell;
  uint64_t index;
} kzg_claim;

typedef struct kzg_batch {
  kzg_claim claims[kzg_block];
  /// 1 when the claims are cells.
  int cells;
  /// Each claim's factor, and 1 when the batch is one claim, whose factor is one.
  uint64_t low[kzg_block], high[kzg_block];
  int is_single;
  bls12381_fp12 values[bisection_ranges + 1];
} kzg_batch;

/// Decodes a claim's two points, given that its other fields are set. `previous` may be a decoded claim with the same
/// commitment, as cells of one blob have.
LIMBS_FUNCTION uint8_t kzg_points_decode(kzg_claim *claim, const kzg_claim *previous) {
  if (previous && memcmp(previous->commitment_bytes, claim->commitment_bytes, 48) == 0) {
    claim->commitment = previous->commitment;
  } else {
    const uint8_t reason = bls12381_g1_decompress(&claim->commitment, claim->commitment_bytes);
    if (reason) return reason;
  }
  return bls12381_g1_decompress(&claim->proof, claim->proof_bytes);
}

/// The seed of a range's random factors: SHA-256 over a domain and every claim.
LIMBS_FUNCTION void kzg_seed(uint8_t seed[32], const kzg_batch *batch, const int *rows, int n) {
  static const char domain[] = "assay/kzg/batch/1";
  sha256_stream s;
  uint8_t scalar[32];
  sha256_stream_begin(&s);
  sha256_stream_add(&s, (const uint8_t *)domain, sizeof domain);
  sha256_stream_add_u64(&s, (uint64_t)batch->cells);
  sha256_stream_add_u64(&s, (uint64_t)n);
  for (int i = 0; i < n; i++) {
    const kzg_claim *claim = &batch->claims[rows[i]];
    sha256_stream_add(&s, claim->commitment_bytes, 48);
    sha256_stream_add(&s, claim->proof_bytes, 48);
    if (batch->cells) {
      sha256_stream_add_u64(&s, claim->index);
      sha256_stream_add(&s, claim->cell, 32 * kzg_cell_size);
    } else {
      bls12381_fr_to_bytes(scalar, &claim->z);
      sha256_stream_add(&s, scalar, 32);
      bls12381_fr_to_bytes(scalar, &claim->y);
      sha256_stream_add(&s, scalar, 32);
    }
  }
  sha256_stream_end(&s, seed);
}

/// r += sum of scalars[i] points[i] for n <= 128.
LIMBS_FUNCTION void kzg_add_multiples(bls12381_g1 *r, const bls12381_g1_affine *points, const bls12381_fr *scalars, int n) {
  uint64_t limbs[kzg_block][4];
  bls12381_g1 part;
  for (int i = 0; i < n; i++) bls12381_fr_to_limbs(limbs[i], &scalars[i]);
  bls12381_g1_msm(&part, points, (const uint64_t (*)[4])limbs, n);
  bls12381_g1_add(r, r, &part);
}

/// The bisection's evaluation.
LIMBS_FUNCTION int kzg_value(void *context, const int *rows, int n, uint8_t *verdicts, void *value) {
  static const bls12381_g1_affine setup[] = KZG_SETUP_G1;
  static const bls12381_g2_affine tau = KZG_TAU_G2, tau64 = KZG_TAU64_G2;
  (void)verdicts;
  const kzg_batch *batch = context;
  uint64_t low[kzg_block], high[kzg_block];
  bls12381_g1_affine commitments[kzg_block], proofs[kzg_block], affine[2];
  bls12381_fr scalars[kzg_block], polynomial[kzg_cell_size], factor_fr, t;
  bls12381_g1 sides[2], part;
  memset(polynomial, 0, sizeof polynomial);
  for (int i = 0; i < n; i++) {
    const kzg_claim *claim = &batch->claims[rows[i]];
    low[i] = batch->low[rows[i]], high[i] = batch->high[rows[i]];
    const bls12381_factor factor = {low[i], high[i]};
    commitments[i] = claim->commitment;
    proofs[i] = claim->proof;
    bls12381_factor_to_fr(&factor_fr, &factor);
    bls12381_fr_mul(&scalars[i], &claim->z, &factor_fr);
    if (batch->cells) {
      kzg_add_interpolation(polynomial, claim->cell, claim->index, &factor_fr);
    } else {
      bls12381_fr_mul(&t, &claim->y, &factor_fr);
      bls12381_fr_add(&polynomial[0], &polynomial[0], &t);
    }
  }
  // sum r C + sum r z pi - P(tau) against g2, and -(sum r pi) against s g2
  if (!batch->is_single) {
    bls12381_g1_sum_of_factors(&sides[0], commitments, low, high, n);
    bls12381_g1_sum_of_factors(&sides[1], proofs, low, high, n);
  } else {
    bls12381_g1_from_affine(&sides[0], &commitments[0]);
    bls12381_g1_from_affine(&sides[1], &proofs[0]);
  }
  kzg_add_multiples(&sides[0], proofs, scalars, n);
  bls12381_g1_set_infinity(&part);
  kzg_add_multiples(&part, setup, polynomial, batch->cells ? kzg_cell_size : 1);
  bls12381_g1_neg(&part, &part);
  bls12381_g1_add(&sides[0], &sides[0], &part);
  bls12381_g1_neg(&sides[1], &sides[1]);
  bls12381_g1_to_affine(affine, sides, 2);
  bls12381_miller_pair pairs[2];
  int used = 0;
  if (!affine[0].infinity) bls12381_miller_set(&pairs[used++], &affine[0], &bls12381_g2_generator);
  if (!affine[1].infinity) bls12381_miller_set(&pairs[used++], &affine[1], batch->cells ? &tau64 : &tau);
  bls12381_fp12 f;
  bls12381_miller(&f, pairs, used, NULL);
  bls12381_final_exponentiation(&f, &f);
  memcpy(value, &f, sizeof f);
  return bls12381_fp12_is_one(&f);
}

/// Draws the claims' factors and gives every row of a block its verdict.
LIMBS_FUNCTION void kzg_bisect(kzg_batch *batch, int *rows, int n, uint8_t *verdicts) {
  const bisection halves = {batch, kzg_value, bls12381_divide, (uint8_t *)batch->values, sizeof batch->values[0]};
  batch->is_single = n == 1;
  if (n == 1) {
    batch->low[rows[0]] = 1, batch->high[rows[0]] = 0;
  } else if (n > 1) {
    uint8_t seed[32];
    kzg_seed(seed, batch, rows, n);
    bisection_factors(batch->low, batch->high, seed, rows, n);
  }
  bisect(&halves, rows, n, verdicts, ASSAY_REASON_pairingMismatch);
}

#define ASSAY_PROVIDES_kzg_proof ASSAY_YES
KERNEL(kzg_proof) {
  const assay_kzg_proof_columns *c = COLUMNS(kzg_proof);
  uint8_t *verdict = c->verdict.data;
  kzg_batch batch = {.cells = 0};
  for (int64_t start = first; start < end; start += kzg_block) {
    int rows[kzg_block], count = 0;
    for (int i = 0; i < kzg_block && start + i < end; i++) {
      const int64_t row = start + i;
      kzg_claim *claim = &batch.claims[i];
      claim->commitment_bytes = (const uint8_t *)c->commitment.data + 48 * row;
      claim->proof_bytes = (const uint8_t *)c->proof.data + 48 * row;
      const int scalars = bls12381_fr_from_bytes(&claim->z, (const uint8_t *)c->z.data + 32 * row) &
        bls12381_fr_from_bytes(&claim->y, (const uint8_t *)c->y.data + 32 * row);
      verdict[row] = scalars ? kzg_points_decode(claim, NULL) : ASSAY_REASON_scalarOutOfRange;
      if (!verdict[row]) rows[count++] = i;
    }
    kzg_bisect(&batch, rows, count, verdict + start);
  }
}

/// z = the Fiat-Shamir challenge of a blob and its commitment (EIP-4844's compute_challenge).
LIMBS_FUNCTION void kzg_challenge(bls12381_fr *z, const uint8_t *blob, const uint8_t commitment[48]) {
  static const char domain[] = "FSBLOBVERIFY_V1_";
  static const uint8_t degree[16] = {[14] = 0x10};
  sha256_stream s;
  uint8_t digest[32];
  sha256_stream_begin(&s);
  sha256_stream_add(&s, (const uint8_t *)domain, 16);
  sha256_stream_add(&s, degree, 16);
  sha256_stream_add(&s, blob, kzg_blob_bytes);
  sha256_stream_add(&s, commitment, 48);
  sha256_stream_end(&s, digest);
  // The digest modulo r: the Montgomery product reduces it.
  uint64_t limbs[4];
  bls12381_fr_limbs_of_bytes(limbs, digest);
  bls12381_fr_from_limbs(z, limbs);
}

#define ASSAY_PROVIDES_kzg_blob ASSAY_YES
KERNEL(kzg_blob) {
  const assay_kzg_blob_columns *c = COLUMNS(kzg_blob);
  uint8_t *verdict = c->verdict.data;
  kzg_batch batch = {.cells = 0};
  for (int64_t start = first; start < end; start += kzg_block) {
    int rows[kzg_block], count = 0;
    for (int i = 0; i < kzg_block && start + i < end; i++) {
      const int64_t row = start + i;
      const uint8_t *blob = (const uint8_t *)c->blob.data + (int64_t)kzg_blob_bytes * row;
      kzg_claim *claim = &batch.claims[i];
      claim->commitment_bytes = (const uint8_t *)c->commitment.data + 48 * row;
      claim->proof_bytes = (const uint8_t *)c->proof.data + 48 * row;
      verdict[row] = kzg_points_decode(claim, NULL);
      if (verdict[row]) continue;
      kzg_challenge(&claim->z, blob, claim->commitment_bytes);
      if (kzg_evaluate(&claim->y, blob, &claim->z)) {
        rows[count++] = i;
      } else {
        verdict[row] = ASSAY_REASON_scalarOutOfRange;
      }
    }
    kzg_bisect(&batch, rows, count, verdict + start);
  }
}

#define ASSAY_PROVIDES_kzg_cell ASSAY_YES
KERNEL(kzg_cell) {
  const assay_kzg_cell_columns *c = COLUMNS(kzg_cell);
  const uint64_t *indices = c->cellIndex.data;
  uint8_t *verdict = c->verdict.data;
  kzg_batch batch = {.cells = 1};
  for (int64_t start = first; start < end; start += kzg_block) {
    int rows[kzg_block], count = 0;
    for (int i = 0; i < kzg_block && start + i < end; i++) {
      const int64_t row = start + i;
      kzg_claim *claim = &batch.claims[i];
      claim->commitment_bytes = (const uint8_t *)c->commitment.data + 48 * row;
      claim->proof_bytes = (const uint8_t *)c->proof.data + 48 * row;
      claim->cell = (const uint8_t *)c->cell.data + 32 * kzg_cell_size * row;
      memcpy(&claim->index, indices + row, sizeof claim->index);
      verdict[row] = 0;
      if (claim->index >= kzg_cells) verdict[row] = ASSAY_REASON_proofShapeInvalid;
      bls12381_fr unused;
      for (int k = 0; k < kzg_cell_size && !verdict[row]; k++) {
        if (!bls12381_fr_from_bytes(&unused, claim->cell + 32 * k)) verdict[row] = ASSAY_REASON_scalarOutOfRange;
      }
      if (!verdict[row]) verdict[row] = kzg_points_decode(claim, count > 0 ? &batch.claims[rows[count - 1]] : NULL);
      if (verdict[row]) continue;
      kzg_cell_shift_power(&claim->z, claim->index);
      rows[count++] = i;
    }
    kzg_bisect(&batch, rows, count, verdict + start);
  }
}

/// The precompile 0x0a's output: 4096 and r, 32 bytes each.
static const uint8_t kzg_point_evaluation_output[64] = {
  [30] = 0x10, [32] = 0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05,
  0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01};

/// 0 when versioned hash | z | y | commitment | proof is a claim to verify, else the reason why the EVM fails the call.
LIMBS_FUNCTION uint8_t kzg_call_decode(kzg_claim *claim, const uint8_t *data, int64_t length) {
  if (length != 192) return ASSAY_REASON_proofShapeInvalid;
  sha256_stream s;
  uint8_t digest[32];
  sha256_stream_begin(&s);
  sha256_stream_add(&s, data + 96, 48);
  sha256_stream_end(&s, digest);
  digest[0] = 1;
  if (memcmp(digest, data, 32) != 0) return ASSAY_REASON_valueMismatch;
  if (!bls12381_fr_from_bytes(&claim->z, data + 32) || !bls12381_fr_from_bytes(&claim->y, data + 64)) {
    return ASSAY_REASON_scalarOutOfRange;
  }
  claim->commitment_bytes = data + 96;
  claim->proof_bytes = data + 144;
  return kzg_points_decode(claim, NULL);
}

#define ASSAY_PROVIDES_kzg_point_evaluation ASSAY_YES
KERNEL(kzg_point_evaluation) {
  const assay_kzg_point_evaluation_columns *c = COLUMNS(kzg_point_evaluation);
  const int64_t *offsets = c->input.offsets;
  uint8_t *verdict = c->verdict.data, *output = c->output.data;
  kzg_batch batch = {.cells = 0};
  for (int64_t start = first; start < end; start += kzg_block) {
    const int64_t stop = end - start < kzg_block ? end : start + kzg_block;
    int rows[kzg_block], count = 0;
    for (int64_t row = start; row < stop; row++) {
      const uint8_t *data = (const uint8_t *)c->input.data + offsets[row];
      verdict[row] = kzg_call_decode(&batch.claims[row - start], data, offsets[row + 1] - offsets[row]);
      if (!verdict[row]) rows[count++] = (int)(row - start);
    }
    kzg_bisect(&batch, rows, count, verdict + start);
    for (int64_t row = start; row < stop; row++) {
      if (verdict[row] == ASSAY_ACCEPTED) {
        memcpy(output + 64 * row, kzg_point_evaluation_output, 64);
      } else {
        memset(output + 64 * row, 0, 64);
      }
    }
  }
}

#endif
