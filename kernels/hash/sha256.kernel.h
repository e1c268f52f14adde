// SHA-256 (FIPS 180-4) of 64-byte pairs and of messages, single and double.
//
// A pair is two blocks: its own 64 bytes, then a padding block that is the same for every pair, whose message schedule
// is therefore a table. Double SHA-256 hashes the 32-byte digest again, one more block. The macros hold the arithmetic
// once for a word and for a vector of words; the functions after them are one row's text, OpenCL C's too. Digests are
// big-endian.

CONSTANT uint32_t sha256_initial[8] = {
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

CONSTANT uint32_t sha256_k[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// K[t] + W[t] of the block that pads 64 bytes: 0x80, zeros, and the bit length 512.
CONSTANT uint32_t sha256_pair_padding[64] = {
  0xc28a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf374,
  0x649b69c1, 0xf0fe4786, 0x0fe1edc6, 0x240cf254, 0x4fe9346f, 0x6cc984be, 0x61b9411e, 0x16f988fa,
  0xf2c65152, 0xa88e5a6d, 0xb019fc65, 0xb9d99ec7, 0x9a1231c3, 0xe70eeaa0, 0xfdb1232b, 0xc7353eb0,
  0x3069bad5, 0xcb976d5f, 0x5a0f118f, 0xdc1eeefd, 0x0a35b689, 0xde0b7a04, 0x58f4ca9d, 0xe15d5b16,
  0x007f3e86, 0x37088980, 0xa507ea32, 0x6fab9537, 0x17406110, 0x0d8cd6f1, 0xcdaa3b6d, 0xc0bbbe37,
  0x83613bda, 0xdb48a363, 0x0b02e931, 0x6fd15ca7, 0x521afaca, 0x31338431, 0x6ed41a95, 0x6d437890,
  0xc39c91f2, 0x9eccabbd, 0xb5c9a0e6, 0x532fb63c, 0xd2c741c6, 0x07237ea3, 0xa4954b68, 0x4c191d76};

// FIPS 180-4, 4.1.2: the functions of the round and of the schedule.
#define SHA256_ROTATE(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define SHA256_SUM0(x) (SHA256_ROTATE(x, 2) ^ SHA256_ROTATE(x, 13) ^ SHA256_ROTATE(x, 22))
#define SHA256_SUM1(x) (SHA256_ROTATE(x, 6) ^ SHA256_ROTATE(x, 11) ^ SHA256_ROTATE(x, 25))
#define SHA256_SIGMA0(x) (SHA256_ROTATE(x, 7) ^ SHA256_ROTATE(x, 18) ^ (x) >> 3)
#define SHA256_SIGMA1(x) (SHA256_ROTATE(x, 17) ^ SHA256_ROTATE(x, 19) ^ (x) >> 10)
#define SHA256_CHOOSE(e, f, g) ((g) ^ ((e) & ((f) ^ (g))))
#define SHA256_MAJORITY(a, b, c) (((a) & (b)) | ((c) & ((a) | (b))))

// One round, then eight that bring the names back to where they were. `kw(t)` is K[t] + W[t].
#define SHA256_ROUND(a, b, c, d, e, f, g, h, kw) \
  h += SHA256_SUM1(e) + SHA256_CHOOSE(e, f, g) + (kw); \
  d += h; \
  h += SHA256_SUM0(a) + SHA256_MAJORITY(a, b, c);
#define SHA256_EIGHT_ROUNDS(kw, t) \
  SHA256_ROUND(a, b, c, d, e, f, g, h, kw(t)) \
  SHA256_ROUND(h, a, b, c, d, e, f, g, kw((t) + 1)) \
  SHA256_ROUND(g, h, a, b, c, d, e, f, kw((t) + 2)) \
  SHA256_ROUND(f, g, h, a, b, c, d, e, kw((t) + 3)) \
  SHA256_ROUND(e, f, g, h, a, b, c, d, kw((t) + 4)) \
  SHA256_ROUND(d, e, f, g, h, a, b, c, kw((t) + 5)) \
  SHA256_ROUND(c, d, e, f, g, h, a, b, kw((t) + 6)) \
  SHA256_ROUND(b, c, d, e, f, g, h, a, kw((t) + 7))

// The eight working words, taken from a state and added back to it.
#define SHA256_OPEN(word, state) \
  word a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
#define SHA256_CLOSE(state) \
  state[0] += a, state[1] += b, state[2] += c, state[3] += d; \
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;

// W[t + 16] from the sixteen words before it, kept in a ring.
#define SHA256_EXTEND(w, t) \
  (w[(t) & 15] += SHA256_SIGMA0(w[((t) + 1) & 15]) + w[((t) + 9) & 15] + SHA256_SIGMA1(w[((t) + 14) & 15]))
#define SHA256_KW_FIRST(t) (sha256_k[t] + w[(t) & 15])
#define SHA256_KW_NEXT(t) (sha256_k[t] + SHA256_EXTEND(w, t))
#define SHA256_KW_PAIR_PADDING(t) (sha256_pair_padding[t])

// one row

INLINE void sha256_begin(uint32_t state[8]) {
  for (int i = 0; i < 8; i++) state[i] = sha256_initial[i];
}

// Compresses the block in `w`, which is used up.
CALLED void sha256_compress(uint32_t state[8], uint32_t w[16]) {
  SHA256_OPEN(uint32_t, state)
  SHA256_EIGHT_ROUNDS(SHA256_KW_FIRST, 0)
  SHA256_EIGHT_ROUNDS(SHA256_KW_FIRST, 8)
  for (int t = 16; t < 64; t += 16) {
    SHA256_EIGHT_ROUNDS(SHA256_KW_NEXT, t)
    SHA256_EIGHT_ROUNDS(SHA256_KW_NEXT, t + 8)
  }
  SHA256_CLOSE(state)
}

CALLED void sha256_compress_pair_padding(uint32_t state[8]) {
  SHA256_OPEN(uint32_t, state)
  for (int t = 0; t < 64; t += 8) {
    SHA256_EIGHT_ROUNDS(SHA256_KW_PAIR_PADDING, t)
  }
  SHA256_CLOSE(state)
}

INLINE void sha256_load(uint32_t w[16], GLOBAL const uint8_t *block) {
  for (int i = 0; i < 16; i++) {
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
           (uint32_t)block[4 * i + 3];
  }
}

INLINE void sha256_store(GLOBAL uint8_t *digest, const uint32_t state[8]) {
  for (int i = 0; i < 8; i++) {
    digest[4 * i] = (uint8_t)(state[i] >> 24);
    digest[4 * i + 1] = (uint8_t)(state[i] >> 16);
    digest[4 * i + 2] = (uint8_t)(state[i] >> 8);
    digest[4 * i + 3] = (uint8_t)state[i];
  }
}

// The digest in `state` becomes the digest of its 32 bytes.
INLINE void sha256_again(uint32_t state[8]) {
  uint32_t w[16];
  for (int i = 0; i < 8; i++) w[i] = state[i];
  w[8] = 0x80000000;
  for (int i = 9; i < 15; i++) w[i] = 0;
  w[15] = 256;
  sha256_begin(state);
  sha256_compress(state, w);
}

INLINE void sha256_of_pair(uint32_t state[8], GLOBAL const uint8_t *pair) {
  uint32_t w[16];
  sha256_begin(state);
  sha256_load(w, pair);
  sha256_compress(state, w);
  sha256_compress_pair_padding(state);
}

INLINE void sha256_of_message(uint32_t state[8], GLOBAL const uint8_t *message, int64_t length) {
  uint32_t w[16];
  sha256_begin(state);
  int64_t rest = length;
  for (; rest >= 64; rest -= 64, message += 64) {
    sha256_load(w, message);
    sha256_compress(state, w);
  }
  for (int i = 0; i < 16; i++) w[i] = 0;
  for (int i = 0; i < rest; i++) w[i >> 2] |= (uint32_t)message[i] << (24 - 8 * (i & 3));
  w[rest >> 2] |= (uint32_t)0x80 << (24 - 8 * (rest & 3));
  if (rest >= 56) {
    sha256_compress(state, w);
    for (int i = 0; i < 16; i++) w[i] = 0;
  }
  w[14] = (uint32_t)((uint64_t)length >> 29);
  w[15] = (uint32_t)((uint64_t)length << 3);
  sha256_compress(state, w);
}

INLINE void sha256_pair_row(GLOBAL const uint8_t *pair, GLOBAL uint8_t *digest) {
  uint32_t state[8];
  sha256_of_pair(state, pair);
  sha256_store(digest, state);
}

INLINE void sha256d_pair_row(GLOBAL const uint8_t *pair, GLOBAL uint8_t *digest) {
  uint32_t state[8];
  sha256_of_pair(state, pair);
  sha256_again(state);
  sha256_store(digest, state);
}

INLINE void sha256_message_row(GLOBAL const uint8_t *message, int64_t length, GLOBAL uint8_t *digest) {
  uint32_t state[8];
  sha256_of_message(state, message, length);
  sha256_store(digest, state);
}

INLINE void sha256d_message_row(GLOBAL const uint8_t *message, int64_t length, GLOBAL uint8_t *digest) {
  uint32_t state[8];
  sha256_of_message(state, message, length);
  sha256_again(state);
  sha256_store(digest, state);
}

// every row of a range

#if DIALECT_ROWS
#define SHA256_PAIR_KERNEL(operation) \
  KERNEL(operation) { \
    const assay_##operation##_columns *c = COLUMNS(operation); \
    GLOBAL const uint8_t *pair = c->pair.data; \
    GLOBAL uint8_t *digest = c->digest.data; \
    for (int64_t row = first; row < end; row++) operation##_row(pair + 64 * row, digest + 32 * row); \
  }
#define SHA256_MESSAGE_KERNEL(operation) \
  KERNEL(operation) { \
    const assay_##operation##_columns *c = COLUMNS(operation); \
    GLOBAL const uint8_t *message = c->message.data; \
    GLOBAL const int64_t *at = c->message.offsets; \
    GLOBAL uint8_t *digest = c->digest.data; \
    for (int64_t row = first; row < end; row++) { \
      operation##_row(message + at[row], at[row + 1] - at[row], digest + 32 * row); \
    } \
  }
#define ASSAY_PROVIDES_sha256_pair ASSAY_YES
SHA256_PAIR_KERNEL(sha256_pair)
#define ASSAY_PROVIDES_sha256d_pair ASSAY_YES
SHA256_PAIR_KERNEL(sha256d_pair)
#define ASSAY_PROVIDES_sha256_message ASSAY_YES
SHA256_MESSAGE_KERNEL(sha256_message)
#define ASSAY_PROVIDES_sha256d_message ASSAY_YES
SHA256_MESSAGE_KERNEL(sha256d_message)
#endif

#if DIALECT_AVX2
#include "hash/sha256_avx2.h"
#include "hash/sha256_vector.h"
#include "hash/sha256_messages.h"
#elif DIALECT_AVX512
#include "hash/sha256_avx512.h"
#include "hash/sha256_vector.h"
#include "hash/sha256_messages.h"
#elif DIALECT_NEON
#include "hash/sha256_neon.h"
#include "hash/sha256_vector.h"
#include "hash/sha256_messages.h"
#elif DIALECT_SHA_NI
#include "hash/sha256_sha_ni.h"
#include "hash/sha256_chains.h"
#include "hash/sha256_messages.h"
#elif DIALECT_SHA2_ARM
#include "hash/sha256_sha2_arm.h"
#include "hash/sha256_chains.h"
#include "hash/sha256_messages.h"
#endif
