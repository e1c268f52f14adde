// Keccak-256 in the four 64-bit lanes of AVX2.

#define KECCAK_LANES 4
typedef uint64_t keccak_words __attribute__((ext_vector_type(4)));

// A 4 x 4 transpose of 64-bit words.
INLINE void keccak_transpose(__m256i r[4]) {
  const __m256i a = _mm256_unpacklo_epi64(r[0], r[1]), b = _mm256_unpackhi_epi64(r[0], r[1]);
  const __m256i c = _mm256_unpacklo_epi64(r[2], r[3]), d = _mm256_unpackhi_epi64(r[2], r[3]);
  r[0] = _mm256_permute2x128_si256(a, c, 0x20);
  r[1] = _mm256_permute2x128_si256(b, d, 0x20);
  r[2] = _mm256_permute2x128_si256(a, c, 0x31);
  r[3] = _mm256_permute2x128_si256(b, d, 0x31);
}

// Word i of block[lane] to lane `lane` of w[i], for i in 0 ..< 8.
INLINE void keccak_load_eight(keccak_words w[8], const uint8_t *const block[KECCAK_LANES], int64_t offset) {
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k += 4) {
    __m256i r[4];
    for (int i = 0; i < 4; i++) r[i] = _mm256_loadu_si256((const __m256i *)(block[i] + offset + 8 * k));
    keccak_transpose(r);
    for (int i = 0; i < 4; i++) w[k + i] = (keccak_words)r[i];
  }
}

INLINE void keccak_store_digests(uint8_t *const digest[KECCAK_LANES], const keccak_words a[25]) {
  __m256i r[4];
  for (int i = 0; i < 4; i++) r[i] = (__m256i)a[i];
  keccak_transpose(r);
  for (int i = 0; i < 4; i++) _mm256_storeu_si256((__m256i *)digest[i], r[i]);
}
