// SHA-256 in the four 32-bit lanes of Advanced SIMD.

#define SHA256_LANES 4
#define SHA256_SCHEDULE_WORDS 16
typedef uint32_t sha256_words __attribute__((ext_vector_type(4)));

#undef SHA256_CHOOSE
#define SHA256_CHOOSE(e, f, g) (sha256_words)vbslq_u32((uint32x4_t)(e), (uint32x4_t)(f), (uint32x4_t)(g))
#undef SHA256_MAJORITY
#define SHA256_MAJORITY(a, b, c) (sha256_words)vbslq_u32((uint32x4_t)((a) ^ (b)), (uint32x4_t)(c), (uint32x4_t)(b))

// A 4 x 4 transpose of words.
INLINE void sha256_transpose(uint32x4_t r[4]) {
  const uint32x4_t a = vtrn1q_u32(r[0], r[1]), b = vtrn2q_u32(r[0], r[1]);
  const uint32x4_t c = vtrn1q_u32(r[2], r[3]), d = vtrn2q_u32(r[2], r[3]);
  r[0] = vreinterpretq_u32_u64(vtrn1q_u64(vreinterpretq_u64_u32(a), vreinterpretq_u64_u32(c)));
  r[1] = vreinterpretq_u32_u64(vtrn1q_u64(vreinterpretq_u64_u32(b), vreinterpretq_u64_u32(d)));
  r[2] = vreinterpretq_u32_u64(vtrn2q_u64(vreinterpretq_u64_u32(a), vreinterpretq_u64_u32(c)));
  r[3] = vreinterpretq_u32_u64(vtrn2q_u64(vreinterpretq_u64_u32(b), vreinterpretq_u64_u32(d)));
}

INLINE void sha256_load_blocks(sha256_words *w, const uint8_t *const block[SHA256_LANES]) {
#pragma clang loop unroll(full)
  for (int k = 0; k < 16; k += 4) {
    uint32x4_t r[4];
    for (int i = 0; i < 4; i++) r[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(block[i] + 4 * k)));
    sha256_transpose(r);
    for (int i = 0; i < 4; i++) w[k + i] = (sha256_words)r[i];
  }
}

INLINE void sha256_store_digests(uint8_t *const digest[SHA256_LANES], const sha256_words state[8]) {
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k += 4) {
    uint32x4_t r[4];
    for (int i = 0; i < 4; i++) r[i] = (uint32x4_t)state[k + i];
    sha256_transpose(r);
    for (int i = 0; i < 4; i++) vst1q_u8(digest[i] + 4 * k, vrev32q_u8(vreinterpretq_u8_u32(r[i])));
  }
}
