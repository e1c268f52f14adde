// SHA-256 with a vector's 32-bit lanes working on as many pairs, or as many messages, at once. The dialect gives
// sha256_words, a vector of SHA256_LANES words; sha256_load_blocks(w, block), the sixteen big-endian words of
// block[lane] to lane `lane` of w[0 ..< 16]; sha256_store_digests(digest, state), the other way; and
// SHA256_SCHEDULE_WORDS: 16 keeps the message schedule as a ring in registers, 64 lays it out in memory.

typedef sha256_words sha256_states[8];
#define SHA256_STATE(states, i, lane) ((uint32_t *)(states))[(i) * SHA256_LANES + (lane)]

#if SHA256_SCHEDULE_WORDS == 16
#define SHA256_W(t) w[(t) & 15]
#else
#define SHA256_W(t) w[t]
#endif
#define SHA256_KW_THEN_EXTEND(t) \
  ({ \
    const sha256_words kw_ = sha256_k[t] + SHA256_W(t); \
    SHA256_W((t) + 16) = SHA256_W(t) + SHA256_SIGMA0(SHA256_W((t) + 1)) + SHA256_W((t) + 9) + \
                         SHA256_SIGMA1(SHA256_W((t) + 14)); \
    kw_; \
  })
#define SHA256_KW(t) (sha256_k[t] + SHA256_W(t))

INLINE void sha256_begin_lanes(sha256_words state[8]) {
  for (int i = 0; i < 8; i++) state[i] = (sha256_words)sha256_initial[i];
}

// Compresses the block in w[0 ..< 16], which is used up. The loops are kept: together they fit in the processor's cache
// of decoded instructions, and unrolled they would not.
CALLED void sha256_compress_lanes(sha256_words state[8], sha256_words w[SHA256_SCHEDULE_WORDS]) {
  SHA256_OPEN(sha256_words, state)
#if SHA256_SCHEDULE_WORDS == 16
#pragma clang loop unroll(disable)
  for (int t = 0; t < 48; t += 16) {
    SHA256_EIGHT_ROUNDS(SHA256_KW_THEN_EXTEND, t)
    SHA256_EIGHT_ROUNDS(SHA256_KW_THEN_EXTEND, t + 8)
  }
  SHA256_EIGHT_ROUNDS(SHA256_KW, 48)
  SHA256_EIGHT_ROUNDS(SHA256_KW, 56)
#else
#pragma clang loop unroll(disable)
  for (int t = 0; t < 48; t += 8) {
    SHA256_EIGHT_ROUNDS(SHA256_KW_THEN_EXTEND, t)
  }
#pragma clang loop unroll(disable)
  for (int t = 48; t < 64; t += 8) {
    SHA256_EIGHT_ROUNDS(SHA256_KW, t)
  }
#endif
  SHA256_CLOSE(state)
}

INLINE void sha256_compress_pair_padding_lanes(sha256_words state[8]) {
  SHA256_OPEN(sha256_words, state)
#pragma clang loop unroll(disable)
  for (int t = 0; t < 64; t += 8) {
    SHA256_EIGHT_ROUNDS(SHA256_KW_PAIR_PADDING, t)
  }
  SHA256_CLOSE(state)
}

INLINE void sha256_begin_states(sha256_states *states) { sha256_begin_lanes(*states); }

INLINE void sha256_store_states(uint8_t *const digest[SHA256_LANES], const sha256_states *states) {
  sha256_store_digests(digest, *states);
}

INLINE void sha256_compress_blocks(sha256_states *states, const uint8_t *const block[SHA256_LANES]) {
  sha256_words w[SHA256_SCHEDULE_WORDS];
  sha256_load_blocks(w, block);
  sha256_compress_lanes(*states, w);
}

// What is hashed of a pair: its 64 bytes; the same, and the digest again; or the byte 0x01 and the pair (RFC 6962).
enum { SHA256_ONCE, SHA256_TWICE, SHA256_NODE };

// The block that hashes the 32 bytes of the digests in `state`.
INLINE void sha256_digest_words(sha256_words *w, const sha256_words state[8]) {
  for (int i = 0; i < 8; i++) w[i] = state[i];
  w[8] = (sha256_words)0x80000000;
  for (int i = 9; i < 15; i++) w[i] = (sha256_words)0;
  w[15] = (sha256_words)256;
}

// The prefix shifts the pair by a byte; the byte that it pushes out of the first block begins the second.
INLINE void sha256_compress_node_lanes(sha256_words state[8], sha256_words *w) {
  const sha256_words last = w[15];
  for (int i = 15; i > 0; i--) w[i] = w[i - 1] << 24 | w[i] >> 8;
  w[0] = 0x01000000 | w[0] >> 8;
  sha256_compress_lanes(state, w);
  w[0] = last << 24 | 0x00800000;
  for (int i = 1; i < 15; i++) w[i] = (sha256_words)0;
  w[15] = (sha256_words)(8 * 65);
  sha256_compress_lanes(state, w);
}

INLINE void sha256_pair_lanes(const uint8_t *const pair[SHA256_LANES], uint8_t *const digest[SHA256_LANES], int what) {
  sha256_words state[8], w[SHA256_SCHEDULE_WORDS];
  sha256_begin_lanes(state);
  sha256_load_blocks(w, pair);
  if (what == SHA256_NODE) {
    sha256_compress_node_lanes(state, w);
  } else {
    sha256_compress_lanes(state, w);
    sha256_compress_pair_padding_lanes(state);
  }
  if (what == SHA256_TWICE) {
    sha256_digest_words(w, state);
    sha256_begin_lanes(state);
    sha256_compress_lanes(state, w);
  }
  sha256_store_digests(digest, state);
}

// Whole groups of lanes, then one group whose spare lanes repeat the last row and write to a scrap of memory.
INLINE void sha256_pairs(const uint8_t *pair, uint8_t *digest, int64_t first, int64_t end, int what) {
  const uint8_t *from[SHA256_LANES];
  uint8_t *to[SHA256_LANES], scrap[32];
  int64_t row = first;
  for (; end - row >= SHA256_LANES; row += SHA256_LANES) {
#pragma clang loop unroll(full)
    for (int lane = 0; lane < SHA256_LANES; lane++) {
      from[lane] = pair + 64 * (row + lane);
      to[lane] = digest + 32 * (row + lane);
    }
    sha256_pair_lanes(from, to, what);
  }
  if (row == end) return;
  for (int lane = 0; lane < SHA256_LANES; lane++) {
    from[lane] = pair + 64 * (row + lane < end ? row + lane : end - 1);
    to[lane] = row + lane < end ? digest + 32 * (row + lane) : scrap;
  }
  sha256_pair_lanes(from, to, what);
}

#define ASSAY_PROVIDES_sha256_pair ASSAY_YES
KERNEL(sha256_pair) {
  const assay_sha256_pair_columns *c = COLUMNS(sha256_pair);
  sha256_pairs(c->pair.data, c->digest.data, first, end, SHA256_ONCE);
}

#define ASSAY_PROVIDES_sha256d_pair ASSAY_YES
KERNEL(sha256d_pair) {
  const assay_sha256d_pair_columns *c = COLUMNS(sha256d_pair);
  sha256_pairs(c->pair.data, c->digest.data, first, end, SHA256_TWICE);
}

#define ASSAY_PROVIDES_sha256_rfc6962_node ASSAY_YES
KERNEL(sha256_rfc6962_node) {
  const assay_sha256_rfc6962_node_columns *c = COLUMNS(sha256_rfc6962_node);
  sha256_pairs(c->pair.data, c->digest.data, first, end, SHA256_NODE);
}
