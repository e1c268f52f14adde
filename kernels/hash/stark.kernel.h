// Starknet's hashes over the STARK field: Pedersen's of two elements, and Poseidon's permutation and sponge. An operand of p or more
// is `scalar-out-of-range`, and its digest zeros.
#if DIALECT_LIMBS

#include "curve/stark.h"
#include "hash/poseidon.constants.h"

/// x of shift + (low 248 bits of a) P1 + (upper 4 bits of a) P2 + the same of b with P3 and P4.
LIMBS_FUNCTION void stark_pedersen(uint8_t digest[32], const uint64_t a[4], const uint64_t b[4]) {
  static const stark_affine low[3] = STARK_PEDERSEN_LOW, high[3] = STARK_PEDERSEN_HIGH, shift = STARK_PEDERSEN_SHIFT;
  stark_fp one;
  stark_point sum, part, addend;
  stark_affine result;
  stark_fp_set_one(&one);
  stark_from_affine(&sum, &shift);
  // Both halves are sums over bits from the highest down: first the four upper ones, then the others.
  for (int half = 0; half < 2; half++) {
    const stark_affine *points = half ? low : high;
    const int first = half ? 247 : 251, last = half ? 0 : 248;
    stark_set_infinity(&part);
    for (int bit = first; bit >= last; bit--) {
      stark_dbl(&part, &part, &one);
      const int digit = (int)(a[bit / 64] >> (bit % 64) & 1) | (int)(b[bit / 64] >> (bit % 64) & 1) << 1;
      if (!digit) continue;
      stark_from_affine(&addend, &points[digit - 1]);
      stark_add(&part, &part, &addend, &one);
    }
    stark_add(&sum, &sum, &part, &one);
  }
  if (stark_is_infinity(&sum)) {
    memset(digest, 0, 32);
    return;
  }
  stark_to_affine(&result, &sum);
  stark_fp_to_bytes(digest, &result.x);
}

#define ASSAY_PROVIDES_stark_pedersen ASSAY_YES
KERNEL(stark_pedersen) {
  const assay_stark_pedersen_columns *c = COLUMNS(stark_pedersen);
  const uint8_t *pair = c->pair.data;
  uint8_t *verdict = c->verdict.data, *digest = c->digest.data;
  for (int64_t row = first; row < end; row++) {
    uint64_t a[4], b[4];
    stark_fp_limbs_of_bytes(a, pair + 64 * row);
    stark_fp_limbs_of_bytes(b, pair + 64 * row + 32);
    if (limbs4_at_least(a, stark_fp_modulus) || limbs4_at_least(b, stark_fp_modulus)) {
      memset(digest + 32 * row, 0, 32);
      verdict[row] = ASSAY_REASON_scalarOutOfRange;
      continue;
    }
    stark_pedersen(digest + 32 * row, a, b);
    verdict[row] = ASSAY_ACCEPTED;
  }
}

INLINE void stark_cube(stark_fp *a) {
  stark_fp t;
  stark_fp_sqr(&t, a);
  stark_fp_mul(a, a, &t);
}

/// Hades: four full rounds, 83 partial ones, four full ones; the matrix is ((3, 1, 1), (1, -1, 1), (1, 1, -2)).
LIMBS_FUNCTION void stark_poseidon(stark_fp s[3]) {
  enum { full = 4, partial = 83 };
  for (int round = 0; round < 2 * full + partial; round++) {
    for (int i = 0; i < 3; i++) stark_fp_add(&s[i], &s[i], &stark_poseidon_constants[round][i]);
    if (round < full || round >= full + partial) {
      stark_cube(&s[0]);
      stark_cube(&s[1]);
    }
    stark_cube(&s[2]);
    stark_fp sum, t;
    stark_fp_add(&sum, &s[0], &s[1]);
    stark_fp_add(&sum, &sum, &s[2]);
    stark_fp_dbl(&t, &s[0]);
    stark_fp_add(&s[0], &sum, &t);
    stark_fp_dbl(&t, &s[1]);
    stark_fp_sub(&s[1], &sum, &t);
    stark_fp_dbl(&t, &s[2]);
    stark_fp_add(&t, &t, &s[2]);
    stark_fp_sub(&s[2], &sum, &t);
  }
}

#define ASSAY_PROVIDES_stark_poseidon_permutation ASSAY_YES
KERNEL(stark_poseidon_permutation) {
  const assay_stark_poseidon_permutation_columns *c = COLUMNS(stark_poseidon_permutation);
  const uint8_t *state = c->state.data;
  uint8_t *verdict = c->verdict.data, *output = c->output.data;
  for (int64_t row = first; row < end; row++) {
    stark_fp s[3];
    int good = 1;
    for (int i = 0; i < 3; i++) good &= stark_fp_from_bytes(&s[i], state + 96 * row + 32 * i);
    verdict[row] = good ? ASSAY_ACCEPTED : ASSAY_REASON_scalarOutOfRange;
    if (good) stark_poseidon(s);
    for (int i = 0; i < 3; i++) {
      if (good) stark_fp_to_bytes(output + 96 * row + 32 * i, &s[i]);
    }
    if (!good) memset(output + 96 * row, 0, 96);
  }
}

/// The sponge over any number of elements: padded with a one and zeros to a whole number of pairs, the first of the state at the end.
LIMBS_FUNCTION uint8_t stark_poseidon_hash(uint8_t digest[32], const uint8_t *elements, int64_t length) {
  memset(digest, 0, 32);
  if (length % 32 != 0) return ASSAY_REASON_proofShapeInvalid;
  stark_fp s[3], element;
  for (int i = 0; i < 3; i++) stark_fp_set_zero(&s[i]);
  const int64_t count = length / 32;
  for (int64_t i = 0; i < count; i++) {
    if (!stark_fp_from_bytes(&element, elements + 32 * i)) return ASSAY_REASON_scalarOutOfRange;
    stark_fp_add(&s[i % 2], &s[i % 2], &element);
    if (i % 2 == 1) stark_poseidon(s);
  }
  stark_fp_set_one(&element);
  stark_fp_add(&s[count % 2], &s[count % 2], &element);
  stark_poseidon(s);
  stark_fp_to_bytes(digest, &s[0]);
  return ASSAY_ACCEPTED;
}

#define ASSAY_PROVIDES_stark_poseidon_hash ASSAY_YES
KERNEL(stark_poseidon_hash) {
  const assay_stark_poseidon_hash_columns *c = COLUMNS(stark_poseidon_hash);
  const int64_t *offsets = c->elements.offsets;
  for (int64_t row = first; row < end; row++) {
    ((uint8_t *)c->verdict.data)[row] =
      stark_poseidon_hash((uint8_t *)c->digest.data + 32 * row, (const uint8_t *)c->elements.data + offsets[row],
                          offsets[row + 1] - offsets[row]);
  }
}

#endif
