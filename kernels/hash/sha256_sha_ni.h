// The words of SHA-256 by the x86 SHA extensions, for sha256_chains.h.

typedef __m128i sha256_four;

// A state in the order that the instructions want: words A, B, E, F and C, D, G, H, highest first.
typedef struct sha256_chain {
  __m128i abef, cdgh;
} sha256_chain;

INLINE sha256_chain sha256_chain_begin(void) {
  return (sha256_chain){_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
                         _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
}

// Words A ... H in memory order to and from a chain.
INLINE sha256_chain sha256_chain_load(const uint32_t state[8]) {
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  const __m128i fehg = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0xB1);
  return (sha256_chain){_mm_unpacklo_epi64(fehg, badc), _mm_unpackhi_epi64(fehg, badc)};
}

INLINE void sha256_chain_words(sha256_chain s, sha256_four words[2]) {
  words[0] = _mm_shuffle_epi32(_mm_unpackhi_epi64(s.abef, s.cdgh), 0xB1);
  words[1] = _mm_shuffle_epi32(_mm_unpacklo_epi64(s.abef, s.cdgh), 0xB1);
}

INLINE void sha256_chain_store(uint32_t state[8], sha256_chain s) {
  sha256_four words[2];
  sha256_chain_words(s, words);
  _mm_storeu_si128((__m128i *)state, words[0]);
  _mm_storeu_si128((__m128i *)(state + 4), words[1]);
}

INLINE void sha256_chain_digest(uint8_t *digest, sha256_chain s) {
  const __m128i reverse_halves = _mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
  const __m128i high = _mm_unpackhi_epi64(s.abef, s.cdgh), low = _mm_unpacklo_epi64(s.abef, s.cdgh);
  _mm_storeu_si128((__m128i *)digest, _mm_shuffle_epi8(high, reverse_halves));
  _mm_storeu_si128((__m128i *)(digest + 16), _mm_shuffle_epi8(low, reverse_halves));
}

INLINE void sha256_chain_block(sha256_four w[4], const uint8_t *block) {
  const __m128i reverse_words = _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  for (int i = 0; i < 4; i++) {
    w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), reverse_words);
  }
}

// Rounds 4 q ... 4 q + 3 on a data block, and what they free of the schedule's next words.
INLINE void sha256_chain_rounds(sha256_chain *s, sha256_four w[4], int q) {
  __m128i kw = _mm_add_epi32(w[q & 3], _mm_loadu_si128((const __m128i *)(sha256_k + 4 * q)));
  s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, kw);
  if (q >= 3 && q < 15) {
    w[(q + 1) & 3] = _mm_add_epi32(w[(q + 1) & 3], _mm_alignr_epi8(w[q & 3], w[(q + 3) & 3], 4));
    w[(q + 1) & 3] = _mm_sha256msg2_epu32(w[(q + 1) & 3], w[q & 3]);
  }
  kw = _mm_shuffle_epi32(kw, 0x0E);
  s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, kw);
  if (q >= 1 && q < 13) w[(q + 3) & 3] = _mm_sha256msg1_epu32(w[(q + 3) & 3], w[q & 3]);
}

// Rounds 4 q ... 4 q + 3 on the padding block of a pair.
INLINE void sha256_chain_padding_rounds(sha256_chain *s, int q) {
  const uint32_t *kw = sha256_pair_padding + 4 * q;
  s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, _mm_loadl_epi64((const __m128i *)kw));
  s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_loadl_epi64((const __m128i *)(kw + 2)));
}

INLINE sha256_chain sha256_chain_add(sha256_chain s, sha256_chain t) {
  return (sha256_chain){_mm_add_epi32(s.abef, t.abef), _mm_add_epi32(s.cdgh, t.cdgh)};
}

// The digest in `s` becomes the block that hashes its 32 bytes.
INLINE void sha256_chain_again(sha256_four w[4], sha256_chain *s) {
  sha256_chain_words(*s, w);
  w[2] = _mm_setr_epi32((int)0x80000000, 0, 0, 0);
  w[3] = _mm_setr_epi32(0, 0, 0, 256);
  *s = sha256_chain_begin();
}
