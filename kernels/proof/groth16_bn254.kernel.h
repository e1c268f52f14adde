// Groth16 over BN254 (Groth, https://eprint.iacr.org/2016/260): e(A, B) = e(alpha, beta) e(sum x_j IC_j, gamma) e(C, delta).
//
// Encodings are EIP-197's. Verification key: proof/groth16_key.h. Proof: A (G1) | B (G2) | C (G1). Public inputs: n times 32
// big-endian bytes, each below r. Infinity is the encoding (0, 0) and stands for the neutral element wherever it appears.
//
// Rows are verified in blocks: with a random factor r_i for each, the product of all equations needs one Miller loop a proof,
// three of the key's points, whose lines are prepared, and one final exponentiation. Factors come from a hash over the key and
// all proofs of the block, so nobody can choose a proof after seeing them. A block that fails is halved (proof/bisection.h), and
// then each proof's own Miller loop is run once and kept; docs/pairings.md has the soundness argument.
#if DIALECT_LIMBS

#include "proof/bisection.h"
#include "proof/groth16_key.h"

enum { groth16_block = 64 };

/// One row of a block that is well formed so far.
typedef struct groth16_proof {
  bn254_g1_affine a, c;
  bn254_g2_affine b;
  const uint8_t *bytes, *inputs;
} groth16_proof;

typedef struct groth16_batch {
  groth16_key key;
  groth16_prepared prepared;
  groth16_proof proofs[groth16_block];
  /// Each row's factor, and the row's A times it.
  uint64_t low[groth16_block], high[groth16_block];
  bn254_g1_affine a[groth16_block];
  /// 1 when the batch is one proof, whose factor is one.
  int is_single;
  /// 1 once the whole block was evaluated: from then on each row's Miller value counts, computed when it is first needed.
  int is_halved;
  uint8_t has_miller[groth16_block];
  bn254_fp12 miller[groth16_block];
  bn254_fp12 values[bisection_ranges + 1];
} groth16_batch;

/// 0, or the reason why the row's bytes are no proof; G2's subgroup is left to the Miller loop.
LIMBS_FUNCTION uint8_t groth16_proof_decode(groth16_proof *proof, const groth16_key *key, int64_t inputs_length) {
  if (inputs_length != 32 * key->inputs) return ASSAY_REASON_proofShapeInvalid;
  bn254_fr unused;
  for (int64_t i = 0; i < key->inputs; i++) {
    if (!bn254_fr_from_bytes(&unused, proof->inputs + 32 * i)) return ASSAY_REASON_scalarOutOfRange;
  }
  uint8_t reason = bn254_g1_decode(&proof->a, proof->bytes);
  if (!reason) reason = bn254_g2_decode(&proof->b, proof->bytes + 64);
  if (!reason) reason = bn254_g1_decode(&proof->c, proof->bytes + 192);
  return reason;
}

/// The seed of a range's random factors: SHA-256 over a domain, the key and every proof with its inputs.
LIMBS_FUNCTION void groth16_seed(uint8_t seed[32], const groth16_batch *batch, const int *rows, int n) {
  static const char domain[] = "assay/groth16-bn254/batch/1";
  sha256_stream stream;
  sha256_stream_begin(&stream);
  sha256_stream_add(&stream, (const uint8_t *)domain, sizeof domain);
  sha256_stream_add(&stream, batch->key.digest, 32);
  sha256_stream_add_u64(&stream, (uint64_t)n);
  for (int i = 0; i < n; i++) {
    sha256_stream_add(&stream, batch->proofs[rows[i]].bytes, 256);
    sha256_stream_add(&stream, batch->proofs[rows[i]].inputs, 32 * batch->key.inputs);
  }
  sha256_stream_end(&stream, seed);
}

/// r = sum over j of (sum over i of factor_i x_ij) IC_j, with x_i0 = 1; and *sum = the sum of all factors.
LIMBS_FUNCTION void groth16_inputs(bn254_g1 *r, bn254_fr *sum, const groth16_batch *batch, const int *rows,
                                   const bn254_fr *factors, int n) {
  const groth16_key *key = &batch->key;
  enum { group = 8 };
  bn254_g1_affine points[group];
  uint64_t scalars[group][4];
  bn254_g1 part;
  bn254_g1_set_infinity(r);
  int count = 0;
  for (int64_t j = 0; j <= key->inputs; j++) {
    bn254_fr scalar = {{0}}, input;
    for (int i = 0; i < n; i++) {
      if (j == 0) {
        bn254_fr_add(&scalar, &scalar, &factors[i]);
        continue;
      }
      (void)bn254_fr_from_bytes(&input, batch->proofs[rows[i]].inputs + 32 * (j - 1));
      bn254_fr_mul(&input, &input, &factors[i]);
      bn254_fr_add(&scalar, &scalar, &input);
    }
    if (j == 0) *sum = scalar;
    bn254_fr_to_limbs(scalars[count], &scalar);
    (void)bn254_g1_decode(&points[count++], key->points + 64 * j);
    if (count == group || j == key->inputs) {
      bn254_g1_straus(&part, points, (const uint64_t (*)[4])scalars, count);
      bn254_g1_add(r, r, &part);
      count = 0;
    }
  }
}

/// The G1 sides of the key's pairs, negated: g1[0] = -(sum of factors) alpha against beta, g1[1] = -(inputs) against gamma,
/// g1[2] = -(sum of factor_i C_i) against delta. A single proof has the factor one, and its g1[0] is not needed.
LIMBS_FUNCTION void groth16_key_sides(bn254_g1 g1[3], const groth16_batch *batch, const int *rows, int n) {
  const groth16_key *key = &batch->key;
  bn254_fr scalars[groth16_block], sum;
  bn254_g1_affine c[groth16_block];
  uint64_t sum_limbs[1][4], low[groth16_block], high[groth16_block];
  for (int i = 0; i < n; i++) {
    low[i] = batch->low[rows[i]], high[i] = batch->high[rows[i]];
    const bn254_factor factor = {low[i], high[i]};
    bn254_factor_to_fr(&scalars[i], &factor);
    c[i] = batch->proofs[rows[i]].c;
  }
  groth16_inputs(&g1[1], &sum, batch, rows, scalars, n);
  if (!batch->is_single) {
    bn254_fr_to_limbs(sum_limbs[0], &sum);
    bn254_g1_straus(&g1[0], &key->alpha, (const uint64_t (*)[4])sum_limbs, 1);
    bn254_g1_sum_of_factors(&g1[2], c, low, high, n);
  } else {
    bn254_g1_set_infinity(&g1[0]);
    bn254_g1_from_affine(&g1[2], &c[0]);
  }
  for (int i = 0; i < 3; i++) bn254_g1_neg(&g1[i], &g1[i]);
}

/// Draws the factors of a block's rows and multiplies each row's A by its own.
LIMBS_FUNCTION void groth16_draw(groth16_batch *batch, const int *rows, int n) {
  bn254_g1 multiples[groth16_block];
  bn254_g1_affine affine[groth16_block];
  batch->is_single = n == 1;
  batch->is_halved = 0;
  memset(batch->has_miller, 0, sizeof batch->has_miller);
  if (n == 1) {
    batch->low[rows[0]] = 1, batch->high[rows[0]] = 0;
    batch->a[rows[0]] = batch->proofs[rows[0]].a;
    return;
  }
  uint8_t seed[32];
  groth16_seed(seed, batch, rows, n);
  bisection_factors(batch->low, batch->high, seed, rows, n);
  for (int i = 0; i < n; i++) {
    const bn254_factor factor = {batch->low[rows[i]], batch->high[rows[i]]};
    bn254_g1_mul_factor(&multiples[i], &batch->proofs[rows[i]].a, &factor);
  }
  bn254_g1_to_affine(affine, multiples, n);
  for (int i = 0; i < n; i++) batch->a[rows[i]] = affine[i];
}

/// The pairs of the key's points with lines kept, for the rows listed.
LIMBS_FUNCTION int groth16_fixed(bn254_fixed_pair fixed[3], const groth16_batch *batch, const int *rows, int n) {
  const groth16_key *key = &batch->key;
  const bn254_g2_affine *const points[3] = {&key->beta, &key->gamma, &key->delta};
  const bn254_line *const lines[3] = {batch->prepared.beta, batch->prepared.gamma, batch->prepared.delta};
  bn254_g1 sides[3];
  bn254_g1_affine affine[3];
  int count = 0;
  groth16_key_sides(sides, batch, rows, n);
  bn254_g1_to_affine(affine, sides, 3);
  for (int i = 0; i < 3; i++) {
    const bn254_g1_affine *p = &affine[i];
    if (!p->infinity && !points[i]->infinity) fixed[count++] = (bn254_fixed_pair){p->x, p->y, lines[i]};
  }
  return count;
}

/// f = the Miller product of the rows' own pairs and `fixed`, in one loop. 0 when a row's B is outside the subgroup, which is then the
/// row's verdict.
LIMBS_FUNCTION int groth16_miller_together(bn254_fp12 *f, const groth16_batch *batch, const int *rows, int n,
                                           const bn254_fixed_pair *fixed, int fixed_count, uint8_t *verdicts) {
  bn254_miller_pair pairs[groth16_block];
  uint8_t checked[groth16_block], in_subgroup[groth16_block];
  int owner[groth16_block], count = 0, sound = 1;
  for (int i = 0; i < n; i++) {
    const bn254_g2_affine *b = &batch->proofs[rows[i]].b;
    const bn254_g1_affine *a = &batch->a[rows[i]];
    if (a->infinity || b->infinity) {
      in_subgroup[i] = (uint8_t)bn254_g2_in_subgroup(b);
    } else {
      owner[count] = i;
      bn254_miller_set(&pairs[count++], a, b);
    }
  }
  bn254_miller(f, pairs, count, fixed, fixed_count, checked);
  for (int i = 0; i < count; i++) in_subgroup[owner[i]] = checked[i];
  for (int i = 0; i < n; i++) {
    if (in_subgroup[i]) continue;
    verdicts[rows[i]] = ASSAY_REASON_pointNotInSubgroup;
    sound = 0;
  }
  return sound;
}

/// The same from each row's own value, for rows whose B was checked.
LIMBS_FUNCTION void groth16_miller_apart(bn254_fp12 *f, groth16_batch *batch, const int *rows, int n,
                                         const bn254_fixed_pair *fixed, int fixed_count) {
  bn254_miller(f, NULL, 0, fixed, fixed_count, NULL);
  for (int i = 0; i < n; i++) {
    const int row = rows[i];
    const bn254_g2_affine *b = &batch->proofs[row].b;
    const bn254_g1_affine *a = &batch->a[row];
    if (a->infinity || b->infinity) continue;
    if (!batch->has_miller[row]) {
      bn254_miller_pair pair;
      bn254_miller_set(&pair, a, b);
      bn254_miller(&batch->miller[row], &pair, 1, NULL, 0, NULL);
      batch->has_miller[row] = 1;
    }
    bn254_fp12_mul(f, f, &batch->miller[row]);
  }
}

/// The bisection's evaluation. Proofs whose B is outside the subgroup get that verdict.
LIMBS_FUNCTION int groth16_evaluate(void *context, const int *rows, int n, uint8_t *verdicts, void *value) {
  groth16_batch *batch = context;
  bn254_fixed_pair fixed[3];
  bn254_fp12 f;
  const int fixed_count = groth16_fixed(fixed, batch, rows, n);
  if (batch->is_halved) {
    groth16_miller_apart(&f, batch, rows, n, fixed, fixed_count);
  } else {
    batch->is_halved = 1;
    if (!groth16_miller_together(&f, batch, rows, n, fixed, fixed_count, verdicts)) return 0;
  }
  if (batch->is_single) bn254_fp12_mul(&f, &f, &batch->prepared.alpha_beta);
  bn254_final_exponentiation(&f, &f);
  memcpy(value, &f, sizeof f);
  return bn254_fp12_is_one(&f);
}

/// The bisection's quotient: in the cyclotomic subgroup the conjugate is the inverse.
LIMBS_FUNCTION int groth16_divide(void *whole, const void *part) {
  bn254_fp12 inverse;
  bn254_fp12_conjugate(&inverse, part);
  bn254_fp12_mul(whole, whole, &inverse);
  return bn254_fp12_is_one(whole);
}

#define ASSAY_PROVIDES_groth16_bn254_prepare ASSAY_YES
KERNEL(groth16_bn254_prepare) {
  const assay_groth16_bn254_prepare_columns *c = COLUMNS(groth16_bn254_prepare);
  const int64_t *offsets = c->verificationKey.offsets;
  for (int64_t row = first; row < end; row++) {
    groth16_key key;
    groth16_prepared prepared;
    uint8_t reason = groth16_key_decode(&key, (const uint8_t *)c->verificationKey.data + offsets[row],
                                        offsets[row + 1] - offsets[row]);
    if (!reason && !groth16_prepare(&prepared, &key)) reason = ASSAY_REASON_pointNotInSubgroup;
    if (reason) memset(&prepared, 0, sizeof prepared);
    memcpy((uint8_t *)c->prepared.data + (int64_t)sizeof prepared * row, &prepared, sizeof prepared);
    ((uint8_t *)c->verdict.data)[row] = reason ? reason : ASSAY_ACCEPTED;
  }
}

#define ASSAY_PROVIDES_groth16_bn254 ASSAY_YES
KERNEL(groth16_bn254) {
  const assay_groth16_bn254_columns *c = COLUMNS(groth16_bn254);
  const int64_t *key_offsets = c->verificationKey.offsets, *offsets = c->publicInputs.offsets;
  const int64_t *prepared_offsets = c->prepared.offsets;
  uint8_t *verdict = c->verdict.data;
  groth16_batch batch;
  const uint8_t key_reason = groth16_key_decode(&batch.key, (const uint8_t *)c->verificationKey.data + key_offsets[0],
                                                key_offsets[1] - key_offsets[0]);
  const int usable = !key_reason &&
    groth16_prepared_load(&batch.prepared, &batch.key, (const uint8_t *)c->prepared.data + prepared_offsets[0],
                          prepared_offsets[1] - prepared_offsets[0]);
  for (int64_t start = first; start < end; start += groth16_block) {
    int rows[groth16_block], count = 0;
    for (int i = 0; i < groth16_block && start + i < end; i++) {
      const int64_t row = start + i;
      groth16_proof *proof = &batch.proofs[i];
      proof->bytes = (const uint8_t *)c->proof.data + 256 * row;
      proof->inputs = (const uint8_t *)c->publicInputs.data + offsets[row];
      verdict[row] = key_reason ? key_reason : groth16_proof_decode(proof, &batch.key, offsets[row + 1] - offsets[row]);
      if (!verdict[row] && !usable) verdict[row] = ASSAY_REASON_pointNotInSubgroup;
      if (!verdict[row]) rows[count++] = i;
    }
    const bisection halves = {&batch, groth16_evaluate, groth16_divide, (uint8_t *)batch.values, sizeof batch.values[0]};
    if (count > 0) groth16_draw(&batch, rows, count);
    bisect(&halves, rows, count, verdict + start, ASSAY_REASON_pairingMismatch);
  }
}

#endif
