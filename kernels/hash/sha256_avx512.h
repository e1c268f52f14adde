// SHA-256 in the sixteen 32-bit lanes of AVX-512: rotations and three-operand logic are one instruction each.

#define SHA256_LANES 16
#define SHA256_SCHEDULE_WORDS 16
typedef uint32_t sha256_words __attribute__((ext_vector_type(16)));

#undef SHA256_MAJORITY
#define SHA256_MAJORITY(a, b, c) \
  (sha256_words)_mm512_ternarylogic_epi32((__m512i)(a), (__m512i)(b), (__m512i)(c), 0xE8)

// Reverses the four bytes of each word.
INLINE __m512i sha256_big_endian(__m512i x) {
  return _mm512_shuffle_epi8(
    x, _mm512_broadcast_i32x4(_mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)));
}

// Eight registers of words r[i] to r[4 h + c], whose quarter q holds, from quarter q of r[4 h ... 4 h + 3], word c of
// each.
INLINE void sha256_transpose_quarters(__m512i r[8]) {
  __m512i t[8];
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
}

// Eight words of lanes i and i + 8 are loaded into the two halves of one register.
INLINE void sha256_load_blocks(sha256_words *w, const uint8_t *const block[SHA256_LANES]) {
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
#pragma clang loop unroll(full)
  for (int k = 0; k < 16; k += 8) {
    __m512i r[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
      const __m256i near = _mm256_loadu_si256((const __m256i *)(block[i] + 4 * k));
      const __m256i far = _mm256_loadu_si256((const __m256i *)(block[i + 8] + 4 * k));
      r[i] = sha256_big_endian(_mm512_inserti64x4(_mm512_castsi256_si512(near), far, 1));
    }
    sha256_transpose_quarters(r);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      w[k + i] = (sha256_words)_mm512_permutex2var_epi64(r[i], low, r[i + 4]);
      w[k + 4 + i] = (sha256_words)_mm512_permutex2var_epi64(r[i], high, r[i + 4]);
    }
  }
}

INLINE void sha256_store_digests(uint8_t *const digest[SHA256_LANES], const sha256_words state[8]) {
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  __m512i r[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) r[i] = (__m512i)state[i];
  sha256_transpose_quarters(r);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    const __m512i near = sha256_big_endian(_mm512_permutex2var_epi64(r[i], low, r[i + 4]));
    const __m512i far = sha256_big_endian(_mm512_permutex2var_epi64(r[i], high, r[i + 4]));
    _mm256_storeu_si256((__m256i *)digest[i], _mm512_castsi512_si256(near));
    _mm256_storeu_si256((__m256i *)digest[i + 4], _mm512_extracti64x4_epi64(near, 1));
    _mm256_storeu_si256((__m256i *)digest[i + 8], _mm512_castsi512_si256(far));
    _mm256_storeu_si256((__m256i *)digest[i + 12], _mm512_extracti64x4_epi64(far, 1));
  }
}
