// SHA-256 by a processor's own instructions. They have a latency of several cycles and can start every cycle or two, so
// several independent chains must be in flight. Pairs: two chains work on data blocks while two others, half a hash
// behind, work on the padding block, whose schedule is a table and costs no schedule instructions; a prototype on a Zen
// 4 was 1.4 times as fast as two data chains. Messages: every chain is a lane. The dialect gives sha256_four, four
// words; sha256_chain, a state in the order that its instructions want; and the functions on them that are used below.

enum { SHA256_CHAINS = 2 };

// Two data blocks, their words in w, and two padding blocks, all at once; each half can be left out.
INLINE void sha256_chains_compress(sha256_chain *data, sha256_four w[SHA256_CHAINS][4], sha256_chain *padding) {
  sha256_chain data_before[SHA256_CHAINS], padding_before[SHA256_CHAINS];
  for (int s = 0; s < SHA256_CHAINS; s++) {
    if (data) data_before[s] = data[s];
    if (padding) padding_before[s] = padding[s];
  }
#pragma clang loop unroll(full)
  for (int q = 0; q < 16; q++) {
    for (int s = 0; s < SHA256_CHAINS; s++) {
      if (data) sha256_chain_rounds(&data[s], w[s], q);
      if (padding) sha256_chain_padding_rounds(&padding[s], q);
    }
  }
  for (int s = 0; s < SHA256_CHAINS; s++) {
    if (data) data[s] = sha256_chain_add(data[s], data_before[s]);
    if (padding) padding[s] = sha256_chain_add(padding[s], padding_before[s]);
  }
}

INLINE void sha256_chains_finish(sha256_chain s[SHA256_CHAINS], uint8_t *const to[SHA256_CHAINS], int twice) {
  if (twice) {
    sha256_four w[SHA256_CHAINS][4];
    for (int i = 0; i < SHA256_CHAINS; i++) sha256_chain_again(w[i], &s[i]);
    sha256_chains_compress(s, w, NULL);
  }
  for (int i = 0; i < SHA256_CHAINS; i++) sha256_chain_digest(to[i], s[i]);
}

// Rows [first, end): the data blocks of two rows together with the padding blocks of the two before. A spare chain
// repeats the last row and writes to a scrap of memory.
INLINE void sha256_pairs(const uint8_t *pair, uint8_t *digest, int64_t first, int64_t end, int twice) {
  sha256_chain data[SHA256_CHAINS], padding[SHA256_CHAINS];
  sha256_four w[SHA256_CHAINS][4];
  uint8_t *to[SHA256_CHAINS], scrap[32];
  for (int64_t row = first; row < end; row += SHA256_CHAINS) {
    for (int s = 0; s < SHA256_CHAINS; s++) {
      data[s] = sha256_chain_begin();
      sha256_chain_block(w[s], pair + 64 * (row + s < end ? row + s : end - 1));
    }
    if (row == first) {
      sha256_chains_compress(data, w, NULL);
    } else {
      sha256_chains_compress(data, w, padding);
      sha256_chains_finish(padding, to, twice);
    }
    for (int s = 0; s < SHA256_CHAINS; s++) {
      padding[s] = data[s];
      to[s] = row + s < end ? digest + 32 * (row + s) : scrap;
    }
  }
  if (first == end) return;
  sha256_chains_compress(NULL, NULL, padding);
  sha256_chains_finish(padding, to, twice);
}

#define ASSAY_PROVIDES_sha256_pair ASSAY_YES
KERNEL(sha256_pair) {
  const assay_sha256_pair_columns *c = COLUMNS(sha256_pair);
  sha256_pairs(c->pair.data, c->digest.data, first, end, 0);
}

#define ASSAY_PROVIDES_sha256d_pair ASSAY_YES
KERNEL(sha256d_pair) {
  const assay_sha256d_pair_columns *c = COLUMNS(sha256d_pair);
  sha256_pairs(c->pair.data, c->digest.data, first, end, 1);
}

// Inner nodes of RFC 6962, the byte 0x01 and a pair: 65 bytes, whose last begins the second block.
#define ASSAY_PROVIDES_sha256_rfc6962_node ASSAY_YES
KERNEL(sha256_rfc6962_node) {
  const assay_sha256_rfc6962_node_columns *c = COLUMNS(sha256_rfc6962_node);
  const uint8_t *pair = c->pair.data;
  uint8_t *digest = c->digest.data;
  uint8_t block[SHA256_CHAINS][128] = {{0}};
  for (int s = 0; s < SHA256_CHAINS; s++) {
    block[s][0] = 0x01;
    block[s][65] = 0x80;
    block[s][126] = 8 * 65 >> 8;
    block[s][127] = 8 * 65 & 0xFF;
  }
  for (int64_t row = first; row < end; row += SHA256_CHAINS) {
    sha256_chain data[SHA256_CHAINS];
    sha256_four w[SHA256_CHAINS][4];
    for (int s = 0; s < SHA256_CHAINS; s++) {
      data[s] = sha256_chain_begin();
      memcpy(block[s] + 1, pair + 64 * (row + s < end ? row + s : end - 1), 64);
    }
    for (int half = 0; half < 128; half += 64) {
      for (int s = 0; s < SHA256_CHAINS; s++) sha256_chain_block(w[s], block[s] + half);
      sha256_chains_compress(data, w, NULL);
    }
    for (int s = 0; s < SHA256_CHAINS && row + s < end; s++) sha256_chain_digest(digest + 32 * (row + s), data[s]);
  }
}

// Messages: every chain is a lane.
#define SHA256_LANES SHA256_CHAINS
typedef uint32_t sha256_states[SHA256_CHAINS][8];
#define SHA256_STATE(states, i, lane) (states)[lane][i]

INLINE void sha256_begin_states(sha256_states *states) {
  for (int s = 0; s < SHA256_CHAINS; s++) sha256_chain_store((*states)[s], sha256_chain_begin());
}

INLINE void sha256_store_states(uint8_t *const digest[SHA256_CHAINS], const sha256_states *states) {
  for (int s = 0; s < SHA256_CHAINS; s++) sha256_chain_digest(digest[s], sha256_chain_load((*states)[s]));
}

CALLED void sha256_compress_blocks(sha256_states *states, const uint8_t *const block[SHA256_CHAINS]) {
  sha256_chain data[SHA256_CHAINS];
  sha256_four w[SHA256_CHAINS][4];
  for (int s = 0; s < SHA256_CHAINS; s++) {
    data[s] = sha256_chain_load((*states)[s]);
    sha256_chain_block(w[s], block[s]);
  }
  sha256_chains_compress(data, w, NULL);
  for (int s = 0; s < SHA256_CHAINS; s++) sha256_chain_store((*states)[s], data[s]);
}
