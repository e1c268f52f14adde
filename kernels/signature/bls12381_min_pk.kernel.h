// BLS signatures with keys in G1 and signatures in G2 (draft-irtf-cfrg-bls-signature-05): AggregateVerify over distinct
// messages and FastAggregateVerify over one message, of which a single key's Verify is the case n = 1.
//
// `domain` is the hash-to-curve tag; Ethereum's is BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_. Public keys are n times 48
// compressed bytes and are validated as the draft's KeyValidate says: on the curve, in the subgroup, not infinity. The
// caller has checked proofs of possession where the scheme asks for them.
//
// FastAggregateVerify rows are verified in blocks: e(sum r_i pk_i over equal messages, H(m)) multiplied over the block's
// distinct messages equals e(g, sum r_i signature_i).
#if DIALECT_LIMBS

#include "curve/bls12381_encoding.h"
#include "curve/bls12381_hash.h"
#include "proof/bisection.h"

enum { bls_block = 128, bls_chunk = 16 };

/// One row of a block: its aggregated key, its signature, and which of the block's messages it signs.
typedef struct bls_row {
  bls12381_g1_affine key;
  bls12381_g2_affine signature;
  const uint8_t *keys, *message, *signature_bytes;
  int64_t keys_length, message_length;
  int group;
} bls_row;

typedef struct bls_batch {
  bls_row rows[bls_block];
  bls12381_g2_affine hashes[bls_block];
  const uint8_t *domain;
  int64_t domain_length;
  /// Each row's factor, and 1 when the batch is one row, whose factor is one.
  uint64_t low[bls_block], high[bls_block];
  int is_single;
  bls12381_fp12 values[bisection_ranges + 1];
} bls_batch;

LIMBS_FUNCTION uint8_t bls_signature_decode(bls12381_g2_affine *r, const uint8_t bytes[96]) {
  const uint8_t reason = bls12381_g2_decompress(r, bytes);
  return reason && reason != ASSAY_REASON_pointNotInSubgroup ? ASSAY_REASON_signatureEncodingInvalid : reason;
}

LIMBS_FUNCTION uint8_t bls_key_decode(bls12381_g1_affine *r, const uint8_t bytes[48]) {
  const uint8_t reason = bls12381_g1_decompress(r, bytes);
  if (reason == ASSAY_REASON_pointNotInSubgroup) return reason;
  return reason || r->infinity ? ASSAY_REASON_publicKeyInvalid : 0;
}

/// 0 and the row's aggregated key and signature, or the reason why it has none. The sum of valid keys may be infinity, which
/// is not a valid key.
LIMBS_FUNCTION uint8_t bls_row_decode(bls_row *row) {
  if (row->keys_length == 0 || row->keys_length % 48 != 0) return ASSAY_REASON_proofShapeInvalid;
  bls12381_g1 sum;
  bls12381_g1_affine key;
  bls12381_g1_set_infinity(&sum);
  for (int64_t i = 0; i < row->keys_length; i += 48) {
    const uint8_t reason = bls_key_decode(&key, row->keys + i);
    if (reason) return reason;
    bls12381_g1_add_affine(&sum, &sum, &key);
  }
  if (bls12381_g1_is_infinity(&sum)) return ASSAY_REASON_publicKeyInvalid;
  if (row->keys_length > 48) {
    bls12381_g1_to_affine(&row->key, &sum, 1);
  } else {
    row->key = key;
  }
  return bls_signature_decode(&row->signature, row->signature_bytes);
}

/// The seed of a range's random factors: SHA-256 over a domain, the tag and every row.
LIMBS_FUNCTION void bls_seed(uint8_t seed[32], const bls_batch *batch, const int *rows, int n) {
  static const char domain[] = "assay/bls12381-min-pk/batch/1";
  sha256_stream s;
  sha256_stream_begin(&s);
  sha256_stream_add(&s, (const uint8_t *)domain, sizeof domain);
  sha256_stream_add_u64(&s, (uint64_t)batch->domain_length);
  sha256_stream_add(&s, batch->domain, batch->domain_length);
  sha256_stream_add_u64(&s, (uint64_t)n);
  for (int i = 0; i < n; i++) {
    const bls_row *row = &batch->rows[rows[i]];
    sha256_stream_add_u64(&s, (uint64_t)row->keys_length);
    sha256_stream_add(&s, row->keys, row->keys_length);
    sha256_stream_add_u64(&s, (uint64_t)row->message_length);
    sha256_stream_add(&s, row->message, row->message_length);
    sha256_stream_add(&s, row->signature_bytes, 96);
  }
  sha256_stream_end(&s, seed);
}

/// keys[k] = sum of factor_i pk_i over the rows of group groups[k]; returns how many groups the rows have.
LIMBS_FUNCTION int bls_group_keys(bls12381_g1 *keys, int *groups, const bls_batch *batch, const int *rows, const uint64_t *low,
                                  const uint64_t *high, int n) {
  // Buckets pay from about eight points on.
  enum { worth_buckets = 8 };
  uint8_t done[bls_block] = {0};
  int count = 0;
  for (int i = 0; i < n; i++) {
    if (done[i]) continue;
    bls12381_g1_affine members[bls_block];
    uint64_t member_low[bls_block], member_high[bls_block];
    int size = 0;
    groups[count] = batch->rows[rows[i]].group;
    for (int j = i; j < n; j++) {
      const bls_row *row = &batch->rows[rows[j]];
      if (row->group != groups[count]) continue;
      done[j] = 1;
      members[size] = row->key;
      member_low[size] = low[j], member_high[size++] = high[j];
    }
    if (size >= worth_buckets) {
      bls12381_g1_sum_of_factors(&keys[count], members, member_low, member_high, size);
    } else {
      bls12381_g1 part;
      bls12381_g1_set_infinity(&keys[count]);
      for (int j = 0; j < size; j++) {
        const bls12381_factor factor = {member_low[j], member_high[j]};
        bls12381_g1_mul_factor(&part, &members[j], &factor);
        bls12381_g1_add(&keys[count], &keys[count], &part);
      }
    }
    count++;
  }
  return count;
}

/// The bisection's evaluation.
LIMBS_FUNCTION int bls_evaluate(void *context, const int *rows, int n, uint8_t *verdicts, void *value) {
  (void)verdicts;
  const bls_batch *batch = context;
  uint64_t low[bls_block], high[bls_block];
  bls12381_g1 keys[bls_block];
  bls12381_g1_affine keys_affine[bls_block];
  bls12381_g2_affine signatures[bls_block];
  bls12381_g2 signature;
  int groups[bls_block];
  for (int i = 0; i < n; i++) low[i] = batch->low[rows[i]], high[i] = batch->high[rows[i]];
  if (!batch->is_single) {
    for (int i = 0; i < n; i++) signatures[i] = batch->rows[rows[i]].signature;
    bls12381_g2_sum_of_factors(&signature, signatures, low, high, n);
  } else {
    bls12381_g2_from_affine(&signature, &batch->rows[rows[0]].signature);
  }
  const int count = bls_group_keys(keys, groups, batch, rows, low, high, n);
  bls12381_g1_to_affine(keys_affine, keys, count);
  bls12381_g2_to_affine(signatures, &signature, 1);
  bls12381_miller_pair pairs[bls_block + 1];
  int used = 0;
  for (int k = 0; k < count; k++) {
    const bls12381_g2_affine *hash = &batch->hashes[groups[k]];
    if (!keys_affine[k].infinity && !hash->infinity) bls12381_miller_set(&pairs[used++], &keys_affine[k], hash);
  }
  if (!signatures[0].infinity) {
    bls12381_g1_affine generator;
    bls12381_g1_affine_neg(&generator, &bls12381_g1_generator);
    bls12381_miller_set(&pairs[used++], &generator, &signatures[0]);
  }
  bls12381_fp12 f;
  bls12381_miller(&f, pairs, used, NULL);
  bls12381_final_exponentiation(&f, &f);
  memcpy(value, &f, sizeof f);
  return bls12381_fp12_is_one(&f);
}

/// Draws the rows' factors and gives every row of a block its verdict.
LIMBS_FUNCTION void bls_bisect(bls_batch *batch, int *rows, int n, uint8_t *verdicts) {
  const bisection halves = {batch, bls_evaluate, bls12381_divide, (uint8_t *)batch->values, sizeof batch->values[0]};
  batch->is_single = n == 1;
  if (n == 1) {
    batch->low[rows[0]] = 1, batch->high[rows[0]] = 0;
  } else if (n > 1) {
    uint8_t seed[32];
    bls_seed(seed, batch, rows, n);
    bisection_factors(batch->low, batch->high, seed, rows, n);
  }
  bisect(&halves, rows, n, verdicts, ASSAY_REASON_signatureMismatch);
}

/// Sets the groups of equal messages among the listed rows, and hashes each distinct message once.
LIMBS_FUNCTION void bls_group(bls_batch *batch, const int *rows, int n) {
  bls12381_g2 hashes[bls_block];
  int leaders[bls_block], count = 0;
  for (int i = 0; i < n; i++) {
    bls_row *row = &batch->rows[rows[i]];
    int k = 0;
    for (; k < count; k++) {
      const bls_row *leader = &batch->rows[leaders[k]];
      if (leader->message_length == row->message_length &&
          memcmp(leader->message, row->message, (size_t)row->message_length) == 0) break;
    }
    row->group = k;
    if (k < count) continue;
    bls12381_hash_to_g2(&hashes[count], row->message, row->message_length, batch->domain, batch->domain_length);
    leaders[count++] = rows[i];
  }
  bls12381_g2_to_affine(batch->hashes, hashes, count);
}

#define ASSAY_PROVIDES_bls12381_min_pk_fast_aggregate ASSAY_YES
KERNEL(bls12381_min_pk_fast_aggregate) {
  const assay_bls12381_min_pk_fast_aggregate_columns *c = COLUMNS(bls12381_min_pk_fast_aggregate);
  const int64_t *keys = c->publicKeys.offsets, *messages = c->message.offsets;
  uint8_t *verdict = c->verdict.data;
  bls_batch batch;
  batch.domain = (const uint8_t *)c->domain.data + c->domain.offsets[0];
  batch.domain_length = c->domain.offsets[1] - c->domain.offsets[0];
  for (int64_t start = first; start < end; start += bls_block) {
    int rows[bls_block], count = 0;
    for (int i = 0; i < bls_block && start + i < end; i++) {
      const int64_t row = start + i;
      bls_row *r = &batch.rows[i];
      r->keys = (const uint8_t *)c->publicKeys.data + keys[row];
      r->keys_length = keys[row + 1] - keys[row];
      r->message = (const uint8_t *)c->message.data + messages[row];
      r->message_length = messages[row + 1] - messages[row];
      r->signature_bytes = (const uint8_t *)c->signature.data + 96 * row;
      verdict[row] = bls_row_decode(r);
      if (!verdict[row]) rows[count++] = i;
    }
    bls_group(&batch, rows, count);
    bls_bisect(&batch, rows, count, verdict + start);
  }
}

/// Splits the next message off a list in which each is preceded by its length as four little-endian bytes; 0 when the list
/// ends too early.
LIMBS_FUNCTION int bls_next_message(const uint8_t **message, int64_t *length, const uint8_t **rest, int64_t *left) {
  if (*left < 4) return 0;
  const uint8_t *p = *rest;
  *length = (int64_t)p[0] | (int64_t)p[1] << 8 | (int64_t)p[2] << 16 | (int64_t)p[3] << 24;
  if (*length > *left - 4) return 0;
  *message = p + 4;
  *rest = p + 4 + *length;
  *left -= 4 + *length;
  return 1;
}

/// AggregateVerify of one row: the product of e(pk_i, H(m_i)) and e(-g, signature) is one.
LIMBS_FUNCTION uint8_t bls_aggregate(const uint8_t *keys, int64_t keys_length, const uint8_t *messages, int64_t messages_length,
                                     const uint8_t *signature_bytes, const uint8_t *domain, int64_t domain_length) {
  if (keys_length == 0 || keys_length % 48 != 0) return ASSAY_REASON_proofShapeInvalid;
  const uint8_t *message, *rest = messages;
  int64_t length, left = messages_length;
  for (int64_t i = 0; i < keys_length; i += 48) {
    if (!bls_next_message(&message, &length, &rest, &left)) return ASSAY_REASON_proofShapeInvalid;
  }
  if (left != 0) return ASSAY_REASON_proofShapeInvalid;
  bls12381_g1_affine key, generator;
  bls12381_g2_affine signature, hashes[bls_chunk];
  bls12381_g2 hash[bls_chunk];
  bls12381_miller_pair pairs[bls_chunk];
  bls12381_g1_affine chunk_keys[bls_chunk];
  bls12381_fp12 product, f;
  bls12381_fp12_set_one(&product);
  int count = 0;
  rest = messages, left = messages_length;
  for (int64_t i = 0; i < keys_length; i += 48) {
    const uint8_t reason = bls_key_decode(&key, keys + i);
    if (reason) return reason;
    (void)bls_next_message(&message, &length, &rest, &left);
    bls12381_hash_to_g2(&hash[count], message, length, domain, domain_length);
    chunk_keys[count++] = key;
    if (count < bls_chunk && i + 48 < keys_length) continue;
    bls12381_g2_to_affine(hashes, hash, count);
    int used = 0;
    for (int k = 0; k < count; k++) {
      if (!hashes[k].infinity) bls12381_miller_set(&pairs[used++], &chunk_keys[k], &hashes[k]);
    }
    bls12381_miller(&f, pairs, used, NULL);
    bls12381_fp12_mul(&product, &product, &f);
    count = 0;
  }
  const uint8_t reason = bls_signature_decode(&signature, signature_bytes);
  if (reason) return reason;
  if (!signature.infinity) {
    bls12381_g1_affine_neg(&generator, &bls12381_g1_generator);
    bls12381_miller_set(&pairs[0], &generator, &signature);
    bls12381_miller(&f, pairs, 1, NULL);
    bls12381_fp12_mul(&product, &product, &f);
  }
  bls12381_final_exponentiation(&product, &product);
  return bls12381_fp12_is_one(&product) ? ASSAY_ACCEPTED : ASSAY_REASON_signatureMismatch;
}

#define ASSAY_PROVIDES_bls12381_min_pk_aggregate ASSAY_YES
KERNEL(bls12381_min_pk_aggregate) {
  const assay_bls12381_min_pk_aggregate_columns *c = COLUMNS(bls12381_min_pk_aggregate);
  const int64_t *keys = c->publicKeys.offsets, *messages = c->messages.offsets, *domain = c->domain.offsets;
  for (int64_t row = first; row < end; row++) {
    ((uint8_t *)c->verdict.data)[row] =
      bls_aggregate((const uint8_t *)c->publicKeys.data + keys[row], keys[row + 1] - keys[row],
                    (const uint8_t *)c->messages.data + messages[row], messages[row + 1] - messages[row],
                    (const uint8_t *)c->signature.data + 96 * row, (const uint8_t *)c->domain.data + domain[0],
                    domain[1] - domain[0]);
  }
}

#endif
