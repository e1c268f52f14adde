// The words of SHA-256 by ARMv8's SHA-2 extension, for sha256_chains.h.

typedef uint32x4_t sha256_four;

// Words A ... D and E ... H, lowest first.
typedef struct sha256_chain {
  uint32x4_t abcd, efgh;
} sha256_chain;

INLINE sha256_chain sha256_chain_load(const uint32_t state[8]) {
  return (sha256_chain){vld1q_u32(state), vld1q_u32(state + 4)};
}

INLINE sha256_chain sha256_chain_begin(void) { return sha256_chain_load(sha256_initial); }

INLINE void sha256_chain_store(uint32_t state[8], sha256_chain s) {
  vst1q_u32(state, s.abcd);
  vst1q_u32(state + 4, s.efgh);
}

INLINE void sha256_chain_digest(uint8_t *digest, sha256_chain s) {
  vst1q_u8(digest, vrev32q_u8(vreinterpretq_u8_u32(s.abcd)));
  vst1q_u8(digest + 16, vrev32q_u8(vreinterpretq_u8_u32(s.efgh)));
}

INLINE void sha256_chain_block(sha256_four w[4], const uint8_t *block) {
  for (int i = 0; i < 4; i++) w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(block + 16 * i)));
}

INLINE void sha256_chain_four_rounds(sha256_chain *s, uint32x4_t kw) {
  const uint32x4_t abcd = s->abcd;
  s->abcd = vsha256hq_u32(abcd, s->efgh, kw);
  s->efgh = vsha256h2q_u32(s->efgh, abcd, kw);
}

// Rounds 4 q ... 4 q + 3 on a data block, and the schedule's words 4 q + 16 ... 4 q + 19.
INLINE void sha256_chain_rounds(sha256_chain *s, sha256_four w[4], int q) {
  const uint32x4_t kw = vaddq_u32(w[q & 3], vld1q_u32(sha256_k + 4 * q));
  if (q < 12) {
    w[q & 3] = vsha256su1q_u32(vsha256su0q_u32(w[q & 3], w[(q + 1) & 3]), w[(q + 2) & 3], w[(q + 3) & 3]);
  }
  sha256_chain_four_rounds(s, kw);
}

// Rounds 4 q ... 4 q + 3 on the padding block of a pair.
INLINE void sha256_chain_padding_rounds(sha256_chain *s, int q) {
  sha256_chain_four_rounds(s, vld1q_u32(sha256_pair_padding + 4 * q));
}

INLINE sha256_chain sha256_chain_add(sha256_chain s, sha256_chain t) {
  return (sha256_chain){vaddq_u32(s.abcd, t.abcd), vaddq_u32(s.efgh, t.efgh)};
}

// The digest in `s` becomes the block that hashes its 32 bytes.
INLINE void sha256_chain_again(sha256_four w[4], sha256_chain *s) {
  w[0] = s->abcd;
  w[1] = s->efgh;
  w[2] = vsetq_lane_u32(0x80000000, vdupq_n_u32(0), 0);
  w[3] = vsetq_lane_u32(256, vdupq_n_u32(0), 3);
  *s = sha256_chain_begin();
}
