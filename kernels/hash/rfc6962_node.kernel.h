// SHA-256 of an inner node of a certificate transparency tree: 0x01 | left | right, 65 bytes (RFC 6962, section 2.1).
//
// The prefix shifts the pair by one byte against the words of the block, and leaves its last byte to the padding block.
// The arithmetic is that of sha256.kernel.h.

INLINE void sha256_rfc6962_node_row(GLOBAL const uint8_t *pair, GLOBAL uint8_t *digest) {
  uint32_t state[8], w[16];
  sha256_begin(state);
  sha256_load(w, pair);
  const uint32_t last = w[15];
  for (int i = 15; i > 0; i--) w[i] = w[i - 1] << 24 | w[i] >> 8;
  w[0] = 0x01000000 | w[0] >> 8;
  sha256_compress(state, w);
  w[0] = last << 24 | 0x00800000;
  for (int i = 1; i < 15; i++) w[i] = 0;
  w[15] = 8 * 65;
  sha256_compress(state, w);
  sha256_store(digest, state);
}

#if DIALECT_ROWS
#define ASSAY_PROVIDES_sha256_rfc6962_node ASSAY_YES
KERNEL(sha256_rfc6962_node) {
  const assay_sha256_rfc6962_node_columns *c = COLUMNS(sha256_rfc6962_node);
  GLOBAL const uint8_t *pair = c->pair.data;
  GLOBAL uint8_t *digest = c->digest.data;
  for (int64_t row = first; row < end; row++) sha256_rfc6962_node_row(pair + 64 * row, digest + 32 * row);
}
#endif
