// BLS signatures with keys in G2 and signatures in G1 (draft-irtf-cfrg-bls-signature-05, the minimal-signature-size variant):
// Verify of one key and one message. drand's rounds are such signatures.
//
// `domain` is the hash-to-curve tag. Public keys are 96 compressed bytes and are validated as the draft's KeyValidate says: on the
// curve, in the subgroup, not infinity.
//
// Rows are verified in blocks: e(sum r_i H(m_i) over equal keys, pk) multiplied over the block's distinct keys equals
// e(sum r_i signature_i, g).
#if DIALECT_LIMBS

#include "curve/bls12381_encoding.h"
#include "curve/bls12381_hash.h"
#include "curve/bls12381_map_g1.h"
#include "proof/bisection.h"

enum { min_sig_block = 128 };

/// One row of a block: its key's group, its signature and its message's hash.
typedef struct min_sig_row {
  bls12381_g2_affine key;
  bls12381_g1_affine signature;
  const uint8_t *key_bytes, *message, *signature_bytes;
  int64_t message_length;
  int group;
} min_sig_row;

typedef struct min_sig_batch {
  min_sig_row rows[min_sig_block];
  bls12381_g1_affine hashes[min_sig_block];
  const uint8_t *domain;
  int64_t domain_length;
  /// Each row's factor; one for a row alone.
  uint64_t low[min_sig_block], high[min_sig_block];
  bls12381_fp12 values[bisection_ranges + 1];
} min_sig_batch;

/// hash_to_curve for G1 (RFC 9380, 8.8.1); each point of the sum has its cofactor cleared.
LIMBS_FUNCTION void bls12381_hash_to_g1(bls12381_g1 *r, const uint8_t *message, int64_t length, const uint8_t *tag,
                                        int64_t tag_length) {
  uint8_t uniform[128];
  bls12381_fp u;
  bls12381_g1 second;
  bls12381_expand(uniform, 4, message, length, tag, tag_length);
  bls12381_fp_from_64_bytes(&u, uniform);
  bls12381_map_to_g1(r, &u);
  bls12381_fp_from_64_bytes(&u, uniform + 64);
  bls12381_map_to_g1(&second, &u);
  bls12381_g1_add(r, r, &second);
}

/// 0 and the row's key and signature, or the reason why it has none.
LIMBS_FUNCTION uint8_t min_sig_row_decode(min_sig_row *row) {
  uint8_t reason = bls12381_g2_decompress(&row->key, row->key_bytes);
  if (reason == ASSAY_REASON_pointNotInSubgroup) return reason;
  if (reason || row->key.infinity) return ASSAY_REASON_publicKeyInvalid;
  reason = bls12381_g1_decompress(&row->signature, row->signature_bytes);
  return reason && reason != ASSAY_REASON_pointNotInSubgroup ? ASSAY_REASON_signatureEncodingInvalid : reason;
}

/// The seed of a range's random factors: SHA-256 over a domain, the tag and every row.
LIMBS_FUNCTION void min_sig_seed(uint8_t seed[32], const min_sig_batch *batch, const int *rows, int n) {
  static const char domain[] = "assay/bls12381-min-sig/batch/1";
  sha256_stream s;
  sha256_stream_begin(&s);
  sha256_stream_add(&s, (const uint8_t *)domain, sizeof domain);
  sha256_stream_add_u64(&s, (uint64_t)batch->domain_length);
  sha256_stream_add(&s, batch->domain, batch->domain_length);
  sha256_stream_add_u64(&s, (uint64_t)n);
  for (int i = 0; i < n; i++) {
    const min_sig_row *row = &batch->rows[rows[i]];
    sha256_stream_add(&s, row->key_bytes, 96);
    sha256_stream_add_u64(&s, (uint64_t)row->message_length);
    sha256_stream_add(&s, row->message, row->message_length);
    sha256_stream_add(&s, row->signature_bytes, 48);
  }
  sha256_stream_end(&s, seed);
}

/// The bisection's evaluation.
LIMBS_FUNCTION int min_sig_evaluate(void *context, const int *rows, int n, uint8_t *verdicts, void *value) {
  (void)verdicts;
  const min_sig_batch *batch = context;
  uint64_t low[min_sig_block], high[min_sig_block];
  bls12381_g1_affine points[min_sig_block];
  // The sums of hashes of each group, and behind them that of the signatures.
  bls12381_g1 sums[min_sig_block + 1];
  bls12381_g1_affine sums_affine[min_sig_block + 1];
  int leaders[min_sig_block], count = 0;
  uint8_t done[min_sig_block] = {0};
  for (int i = 0; i < n; i++) low[i] = batch->low[rows[i]], high[i] = batch->high[rows[i]];
  for (int i = 0; i < n; i++) {
    if (done[i]) continue;
    uint64_t member_low[min_sig_block], member_high[min_sig_block];
    int size = 0;
    for (int j = i; j < n; j++) {
      if (batch->rows[rows[j]].group != batch->rows[rows[i]].group) continue;
      done[j] = 1;
      points[size] = batch->hashes[rows[j]];
      member_low[size] = low[j], member_high[size++] = high[j];
    }
    bls12381_g1_sum_of_factors(&sums[count], points, member_low, member_high, size);
    leaders[count++] = rows[i];
  }
  for (int i = 0; i < n; i++) points[i] = batch->rows[rows[i]].signature;
  bls12381_g1_sum_of_factors(&sums[count], points, low, high, n);
  bls12381_g1_to_affine(sums_affine, sums, count + 1);
  bls12381_miller_pair pairs[min_sig_block + 1];
  int used = 0;
  for (int k = 0; k < count; k++) {
    if (!sums_affine[k].infinity) bls12381_miller_set(&pairs[used++], &sums_affine[k], &batch->rows[leaders[k]].key);
  }
  if (!sums_affine[count].infinity) {
    bls12381_g1_affine negated;
    bls12381_g1_affine_neg(&negated, &sums_affine[count]);
    bls12381_miller_set(&pairs[used++], &negated, &bls12381_g2_generator);
  }
  bls12381_fp12 f;
  bls12381_miller(&f, pairs, used, NULL);
  bls12381_final_exponentiation(&f, &f);
  memcpy(value, &f, sizeof f);
  return bls12381_fp12_is_one(&f);
}

/// Draws the rows' factors and gives every row of a block its verdict.
LIMBS_FUNCTION void min_sig_bisect(min_sig_batch *batch, int *rows, int n, uint8_t *verdicts) {
  const bisection halves = {batch, min_sig_evaluate, bls12381_divide, (uint8_t *)batch->values, sizeof batch->values[0]};
  if (n == 1) {
    batch->low[rows[0]] = 1, batch->high[rows[0]] = 0;
  } else if (n > 1) {
    uint8_t seed[32];
    min_sig_seed(seed, batch, rows, n);
    bisection_factors(batch->low, batch->high, seed, rows, n);
  }
  bisect(&halves, rows, n, verdicts, ASSAY_REASON_signatureMismatch);
}

/// Sets the groups of equal keys among the listed rows, and hashes the messages.
LIMBS_FUNCTION void min_sig_group(min_sig_batch *batch, const int *rows, int n) {
  bls12381_g1 hashes[min_sig_block];
  bls12381_g1_affine affine[min_sig_block];
  for (int i = 0; i < n; i++) {
    min_sig_row *row = &batch->rows[rows[i]];
    row->group = i;
    for (int k = 0; k < i; k++) {
      const min_sig_row *leader = &batch->rows[rows[k]];
      if (leader->group == k && memcmp(leader->key_bytes, row->key_bytes, 96) == 0) {
        row->group = k;
        break;
      }
    }
    bls12381_hash_to_g1(&hashes[i], row->message, row->message_length, batch->domain, batch->domain_length);
  }
  bls12381_g1_to_affine(affine, hashes, n);
  for (int i = 0; i < n; i++) batch->hashes[rows[i]] = affine[i];
}

#define ASSAY_PROVIDES_bls12381_min_sig ASSAY_YES
KERNEL(bls12381_min_sig) {
  const assay_bls12381_min_sig_columns *c = COLUMNS(bls12381_min_sig);
  const int64_t *messages = c->message.offsets;
  uint8_t *verdict = c->verdict.data;
  min_sig_batch batch;
  batch.domain = (const uint8_t *)c->domain.data + c->domain.offsets[0];
  batch.domain_length = c->domain.offsets[1] - c->domain.offsets[0];
  for (int64_t start = first; start < end; start += min_sig_block) {
    int rows[min_sig_block], count = 0;
    for (int i = 0; i < min_sig_block && start + i < end; i++) {
      const int64_t row = start + i;
      min_sig_row *r = &batch.rows[i];
      r->key_bytes = (const uint8_t *)c->publicKey.data + 96 * row;
      r->message = (const uint8_t *)c->message.data + messages[row];
      r->message_length = messages[row + 1] - messages[row];
      r->signature_bytes = (const uint8_t *)c->signature.data + 48 * row;
      verdict[row] = min_sig_row_decode(r);
      if (!verdict[row]) rows[count++] = i;
    }
    min_sig_group(&batch, rows, count);
    min_sig_bisect(&batch, rows, count, verdict + start);
  }
}

#endif
