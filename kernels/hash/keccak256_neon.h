// Keccak-256 in the two 64-bit lanes of Advanced SIMD.

#define KECCAK_LANES 2
typedef uint64_t keccak_words __attribute__((ext_vector_type(2)));

// Word i of block[lane] to lane `lane` of w[i], for i in 0 ..< 8.
INLINE void keccak_load_eight(keccak_words w[8], const uint8_t *const block[KECCAK_LANES], int64_t offset) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {
    const uint64x2_t a = vreinterpretq_u64_u8(vld1q_u8(block[0] + offset + 8 * i));
    const uint64x2_t b = vreinterpretq_u64_u8(vld1q_u8(block[1] + offset + 8 * i));
    w[i] = (keccak_words)vtrn1q_u64(a, b);
    w[i + 1] = (keccak_words)vtrn2q_u64(a, b);
  }
}

INLINE void keccak_store_digests(uint8_t *const digest[KECCAK_LANES], const keccak_words a[25]) {
  for (int i = 0; i < 4; i += 2) {
    const uint64x2_t x = (uint64x2_t)a[i], y = (uint64x2_t)a[i + 1];
    vst1q_u8(digest[0] + 8 * i, vreinterpretq_u8_u64(vtrn1q_u64(x, y)));
    vst1q_u8(digest[1] + 8 * i, vreinterpretq_u8_u64(vtrn2q_u64(x, y)));
  }
}
