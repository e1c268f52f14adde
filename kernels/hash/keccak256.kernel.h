// Keccak-256 of 64-byte pairs and of messages: Keccak[c = 512] (the Keccak reference, version 3.0, and FIPS 202 for the
// permutation) with the original padding byte 0x01, as Ethereum uses it, not SHA3-256's 0x06. Rate 136 bytes, words
// little-endian. The macros hold the permutation once for a word and for a vector of words; the functions after them
// are one row's text, OpenCL C's too.

#define KECCAK_RATE 136

CONSTANT uint64_t keccak_round_constants[24] = {
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

#define KECCAK_ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))

// Chi on one row of five: e[y ... y + 4] from the words that rho and pi moved there.
#define KECCAK_ROW(word, e, y, b0_, b1_, b2_, b3_, b4_) \
  { \
    const word b0 = b0_, b1 = b1_, b2 = b2_, b3 = b3_, b4 = b4_; \
    e[y] = b0 ^ (~b1 & b2); \
    e[y + 1] = b1 ^ (~b2 & b3); \
    e[y + 2] = b2 ^ (~b3 & b4); \
    e[y + 3] = b3 ^ (~b4 & b0); \
    e[y + 4] = b4 ^ (~b0 & b1); \
  }
#define KECCAK_COLUMN(a, x) (a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20])
#define KECCAK_PARITY(word, x, left, right) const word d##x = left ^ KECCAK_ROTATE(right, 1);
#define KECCAK_MIXED(a, i, x) (a[i] ^ d##x)
#define KECCAK_MOVED(a, i, x, n) KECCAK_ROTATE(KECCAK_MIXED(a, i, x), n)

// One round: theta, rho, pi, chi, iota, from a to e.
#define KECCAK_ROUND(word, a, e, constant) \
  { \
    const word c0 = KECCAK_COLUMN(a, 0), c1 = KECCAK_COLUMN(a, 1), c2 = KECCAK_COLUMN(a, 2); \
    const word c3 = KECCAK_COLUMN(a, 3), c4 = KECCAK_COLUMN(a, 4); \
    KECCAK_PARITY(word, 0, c4, c1) KECCAK_PARITY(word, 1, c0, c2) KECCAK_PARITY(word, 2, c1, c3) \
    KECCAK_PARITY(word, 3, c2, c4) KECCAK_PARITY(word, 4, c3, c0) \
    KECCAK_ROW(word, e, 0, KECCAK_MIXED(a, 0, 0), KECCAK_MOVED(a, 6, 1, 44), KECCAK_MOVED(a, 12, 2, 43), \
               KECCAK_MOVED(a, 18, 3, 21), KECCAK_MOVED(a, 24, 4, 14)) \
    KECCAK_ROW(word, e, 5, KECCAK_MOVED(a, 3, 3, 28), KECCAK_MOVED(a, 9, 4, 20), KECCAK_MOVED(a, 10, 0, 3), \
               KECCAK_MOVED(a, 16, 1, 45), KECCAK_MOVED(a, 22, 2, 61)) \
    KECCAK_ROW(word, e, 10, KECCAK_MOVED(a, 1, 1, 1), KECCAK_MOVED(a, 7, 2, 6), KECCAK_MOVED(a, 13, 3, 25), \
               KECCAK_MOVED(a, 19, 4, 8), KECCAK_MOVED(a, 20, 0, 18)) \
    KECCAK_ROW(word, e, 15, KECCAK_MOVED(a, 4, 4, 27), KECCAK_MOVED(a, 5, 0, 36), KECCAK_MOVED(a, 11, 1, 10), \
               KECCAK_MOVED(a, 17, 2, 15), KECCAK_MOVED(a, 23, 3, 56)) \
    KECCAK_ROW(word, e, 20, KECCAK_MOVED(a, 2, 2, 62), KECCAK_MOVED(a, 8, 3, 55), KECCAK_MOVED(a, 14, 4, 39), \
               KECCAK_MOVED(a, 15, 0, 41), KECCAK_MOVED(a, 21, 1, 2)) \
    e[0] ^= constant; \
  }

// one row

CALLED void keccak_permute(uint64_t a[25]) {
  uint64_t e[25];
  for (int round = 0; round < 24; round += 2) {
    KECCAK_ROUND(uint64_t, a, e, keccak_round_constants[round])
    KECCAK_ROUND(uint64_t, e, a, keccak_round_constants[round + 1])
  }
}

INLINE uint64_t keccak_load(GLOBAL const uint8_t *p) {
  return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
         (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

INLINE void keccak_store(GLOBAL uint8_t *digest, const uint64_t a[25]) {
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(a[i >> 3] >> 8 * (i & 7));
}

INLINE void keccak256_pair_row(GLOBAL const uint8_t *pair, GLOBAL uint8_t *digest) {
  uint64_t a[25];
  for (int i = 0; i < 8; i++) a[i] = keccak_load(pair + 8 * i);
  a[8] = 0x01;
  for (int i = 9; i < 25; i++) a[i] = 0;
  a[16] = 0x8000000000000000;
  keccak_permute(a);
  keccak_store(digest, a);
}

INLINE void keccak256_message_row(GLOBAL const uint8_t *message, int64_t length, GLOBAL uint8_t *digest) {
  uint64_t a[25];
  for (int i = 0; i < 25; i++) a[i] = 0;
  int64_t rest = length;
  for (; rest >= KECCAK_RATE; rest -= KECCAK_RATE, message += KECCAK_RATE) {
    for (int i = 0; i < KECCAK_RATE / 8; i++) a[i] ^= keccak_load(message + 8 * i);
    keccak_permute(a);
  }
  for (int i = 0; i < rest; i++) a[i >> 3] ^= (uint64_t)message[i] << 8 * (i & 7);
  a[rest >> 3] ^= (uint64_t)0x01 << 8 * (rest & 7);
  a[16] ^= 0x8000000000000000;
  keccak_permute(a);
  keccak_store(digest, a);
}

// every row of a range

#if DIALECT_ROWS
#define ASSAY_PROVIDES_keccak256_pair ASSAY_YES
KERNEL(keccak256_pair) {
  const assay_keccak256_pair_columns *c = COLUMNS(keccak256_pair);
  GLOBAL const uint8_t *pair = c->pair.data;
  GLOBAL uint8_t *digest = c->digest.data;
  for (int64_t row = first; row < end; row++) keccak256_pair_row(pair + 64 * row, digest + 32 * row);
}

#define ASSAY_PROVIDES_keccak256_message ASSAY_YES
KERNEL(keccak256_message) {
  const assay_keccak256_message_columns *c = COLUMNS(keccak256_message);
  GLOBAL const uint8_t *message = c->message.data;
  GLOBAL const int64_t *at = c->message.offsets;
  GLOBAL uint8_t *digest = c->digest.data;
  for (int64_t row = first; row < end; row++) {
    keccak256_message_row(message + at[row], at[row + 1] - at[row], digest + 32 * row);
  }
}
#endif

#if DIALECT_AVX2
#include "hash/keccak256_avx2.h"
#include "hash/keccak256_vector.h"
#elif DIALECT_NEON
#include "hash/keccak256_neon.h"
#include "hash/keccak256_vector.h"
#elif DIALECT_AVX512
#include "hash/keccak256_avx512.h"
#include "hash/keccak256_vector.h"
#endif
