// blst's own batch of signatures (minimal public keys), as its bindings for other languages do it: every row is decoded, checked for its
// subgroup, multiplied by a random factor of 64 bits and aggregated with its message; one pairing product decides for all.
#include <stdlib.h>

#include "blst.h"

/// 1 when all `n` rows hold. `messages` stand end to end and `ends` says where each ends; 48-byte keys, 96-byte signatures.
int blst_batch(
    const unsigned char *keys, const unsigned char *signatures, const unsigned char *messages, const size_t *ends, size_t n,
    const unsigned char *domain, size_t domain_length, const unsigned char *factors) {
  blst_pairing *batch = malloc(blst_pairing_sizeof());
  if (batch == NULL) return 0;
  blst_pairing_init(batch, 1, domain, domain_length);
  int good = 1;
  for (size_t row = 0, start = 0; good && row < n; start = ends[row++]) {
    blst_p1_affine key;
    blst_p2_affine signature;
    good = blst_p1_uncompress(&key, keys + 48 * row) == BLST_SUCCESS && !blst_p1_affine_is_inf(&key)
        && blst_p2_uncompress(&signature, signatures + 96 * row) == BLST_SUCCESS
        && blst_pairing_chk_n_mul_n_aggr_pk_in_g1(
               batch, &key, 1, &signature, 1, factors + 8 * row, 64, messages + start, ends[row] - start, NULL, 0)
            == BLST_SUCCESS;
  }
  blst_pairing_commit(batch);
  good = good && blst_pairing_finalverify(batch, NULL);
  free(batch);
  return good;
}
