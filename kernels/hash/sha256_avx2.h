// SHA-256 in the eight 32-bit lanes of AVX2.

#define SHA256_LANES 8
#define SHA256_SCHEDULE_WORDS 64
typedef uint32_t sha256_words __attribute__((ext_vector_type(8)));

// The majority of a, b and c is b ^ ((a ^ b) & (b ^ c)), and b ^ c was the round before's a ^ b: `agree` carries it
// over.
#undef SHA256_OPEN
#define SHA256_OPEN(word, state) \
  word a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7]; \
  word agree = b ^ c;
#undef SHA256_ROUND
#define SHA256_ROUND(a, b, c, d, e, f, g, h, kw) \
  { \
    const sha256_words ab_ = a ^ b; \
    h += (kw) + SHA256_CHOOSE(e, f, g) + SHA256_SUM1(e); \
    d += h; \
    h += SHA256_SUM0(a) + (b ^ (ab_ & agree)); \
    agree = ab_; \
  }

// Reverses the four bytes of each word.
INLINE __m256i sha256_big_endian(__m256i x) {
  return _mm256_shuffle_epi8(x, _mm256_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12,  //
                                                 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

// A 4 x 4 transpose of words in each half.
INLINE void sha256_transpose(__m256i r[4]) {
  const __m256i a = _mm256_unpacklo_epi32(r[0], r[1]), b = _mm256_unpackhi_epi32(r[0], r[1]);
  const __m256i c = _mm256_unpacklo_epi32(r[2], r[3]), d = _mm256_unpackhi_epi32(r[2], r[3]);
  r[0] = _mm256_unpacklo_epi64(a, c);
  r[1] = _mm256_unpackhi_epi64(a, c);
  r[2] = _mm256_unpacklo_epi64(b, d);
  r[3] = _mm256_unpackhi_epi64(b, d);
}

// Four words of lanes i and i + 4 are loaded into the two halves of one register, so no shuffle crosses halves.
INLINE void sha256_load_blocks(sha256_words *w, const uint8_t *const block[SHA256_LANES]) {
#pragma clang loop unroll(full)
  for (int k = 0; k < 16; k += 4) {
    __m256i r[4];
    for (int i = 0; i < 4; i++) {
      const __m128i low = _mm_loadu_si128((const __m128i *)(block[i] + 4 * k));
      const __m128i high = _mm_loadu_si128((const __m128i *)(block[i + 4] + 4 * k));
      r[i] = sha256_big_endian(_mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1));
    }
    sha256_transpose(r);
    for (int i = 0; i < 4; i++) w[k + i] = (sha256_words)r[i];
  }
}

INLINE void sha256_store_digests(uint8_t *const digest[SHA256_LANES], const sha256_words state[8]) {
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k += 4) {
    __m256i r[4];
    for (int i = 0; i < 4; i++) r[i] = (__m256i)state[k + i];
    sha256_transpose(r);
    for (int i = 0; i < 4; i++) {
      const __m256i x = sha256_big_endian(r[i]);
      _mm_storeu_si128((__m128i *)(digest[i] + 4 * k), _mm256_castsi256_si128(x));
      _mm_storeu_si128((__m128i *)(digest[i + 4] + 4 * k), _mm256_extracti128_si256(x, 1));
    }
  }
}
