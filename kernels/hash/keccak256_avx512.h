// Keccak-256 in the eight 64-bit lanes of AVX-512: rotations and three-operand logic are one instruction each.

#define KECCAK_LANES 8
typedef uint64_t keccak_words __attribute__((ext_vector_type(8)));

// Theta adds the parities of two columns to a word by one instruction, with no sum of the two in between.
#undef KECCAK_PARITY
#define KECCAK_PARITY(word, x, left, right) const word near##x = left, far##x = KECCAK_ROTATE(right, 1);
#undef KECCAK_MIXED
#define KECCAK_MIXED(a, i, x) \
  ((keccak_words)_mm512_ternarylogic_epi64((__m512i)a[i], (__m512i)near##x, (__m512i)far##x, 0x96))

// An 8 x 8 transpose of 64-bit words.
INLINE void keccak_transpose(__m512i r[8]) {
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  __m512i t[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm512_unpacklo_epi64(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi64(r[i], r[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++) {
    const __m512i a = _mm512_permutex2var_epi64(t[i], low, t[i + 2]);
    const __m512i b = _mm512_permutex2var_epi64(t[i], high, t[i + 2]);
    const __m512i c = _mm512_permutex2var_epi64(t[i + 4], low, t[i + 6]);
    const __m512i d = _mm512_permutex2var_epi64(t[i + 4], high, t[i + 6]);
    r[i] = _mm512_shuffle_i64x2(a, c, 0x44);
    r[i + 2] = _mm512_shuffle_i64x2(b, d, 0x44);
    r[i + 4] = _mm512_shuffle_i64x2(a, c, 0xEE);
    r[i + 6] = _mm512_shuffle_i64x2(b, d, 0xEE);
  }
}

// Word i of block[lane] to lane `lane` of w[i], for i in 0 ..< 8.
INLINE void keccak_load_eight(keccak_words w[8], const uint8_t *const block[KECCAK_LANES], int64_t offset) {
  __m512i r[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) r[i] = _mm512_loadu_si512(block[i] + offset);
  keccak_transpose(r);
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) w[i] = (keccak_words)r[i];
}

INLINE void keccak_store_digests(uint8_t *const digest[KECCAK_LANES], const keccak_words a[25]) {
  __m512i r[8];
  for (int i = 0; i < 4; i++) r[i] = (__m512i)a[i];
  for (int i = 4; i < 8; i++) r[i] = _mm512_setzero_si512();
  keccak_transpose(r);
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) _mm256_storeu_si256((__m256i *)digest[i], _mm512_castsi512_si256(r[i]));
}
