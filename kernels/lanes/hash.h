// SHA-256, SHA-512 (FIPS 180-4) and Keccak-256 of one message in each lane. Messages come in parts and have any lengths: a lane that has
// ended keeps its state while others go on.
#ifndef ASSAY_LANES_HASH_H
#define ASSAY_LANES_HASH_H

#include "hash/keccak256.kernel.h"
#include "hash/sha256.kernel.h"
#include "hash/sha512.h"

typedef uint32_t U32 __attribute__((vector_size(4 * LANES)));

/// The parts of a lane's message, in order.
typedef struct lane_message {
  const uint8_t *part[3];
  int64_t length[3];
} lane_message;

INLINE int64_t lane_message_length(const lane_message *m) { return m->length[0] + m->length[1] + m->length[2]; }

/// Bytes at ..< at + size of a message, the byte 0x80 behind its end, zeros behind that.
CALLED void lane_message_block(const lane_message *m, int64_t at, int64_t size, uint8_t *block) {
  int64_t start = 0, filled = 0;
  for (int i = 0; i < 3; i++) {
    const int64_t first = at > start ? at - start : 0, left = m->length[i] - first;
    if (left > 0 && start < at + size) {
      const int64_t count = left < size - filled ? left : size - filled;
      memcpy(block + filled, m->part[i] + first, (size_t)count);
      filled += count;
    }
    start += m->length[i];
  }
  memset(block + filled, 0, (size_t)(size - filled));
  if (start >= at && start < at + size) block[start - at] = 0x80;
}

/// What a hash does with its blocks: how many each lane has, and their words.
typedef struct lane_blocks {
  int64_t count[LANES], most;
} lane_blocks;

/// Blocks of `size` bytes with room for the byte 0x80 and a length of `trailer` bytes, the first `before` bytes already hashed.
INLINE lane_blocks lane_blocks_of(const lane_message message[LANES], int64_t size, int64_t trailer) {
  lane_blocks blocks = {.most = 0};
  for (int lane = 0; lane < LANES; lane++) {
    blocks.count[lane] = (lane_message_length(&message[lane]) + trailer + size) / size;
    if (blocks.count[lane] > blocks.most) blocks.most = blocks.count[lane];
  }
  return blocks;
}
/// The lanes that have a block `index`.
INLINE M64 lane_blocks_running(const lane_blocks *blocks, int64_t index) {
  int64_t running[LANES] ALIGNED;
  for (int lane = 0; lane < LANES; lane++) running[lane] = -(int64_t)(index < blocks->count[lane]);
  return *(const M64 *)running;
}

#define LANE_ROTATE64(x, n) ((x) >> (n) | (x) << (64 - (n)))
#define LANE_ROTATE32(x, n) ((x) >> (n) | (x) << (32 - (n)))

CALLED void lanes_sha512_compress(U64 state[8], U64 w[16]) {
  U64 a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 80; i += 16) {
    LANES_UNROLL for (int j = 0; j < 16; j++) {
      const U64 t1 = h + (LANE_ROTATE64(e, 14) ^ LANE_ROTATE64(e, 18) ^ LANE_ROTATE64(e, 41)) + ((e & f) ^ (~e & g)) + w[j] + sha512_k[i + j];
      const U64 t2 = (LANE_ROTATE64(a, 28) ^ LANE_ROTATE64(a, 34) ^ LANE_ROTATE64(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
      const U64 x = w[(j + 1) & 15], y = w[(j + 14) & 15];
      w[j] += w[(j + 9) & 15] + (LANE_ROTATE64(x, 1) ^ LANE_ROTATE64(x, 8) ^ x >> 7) + (LANE_ROTATE64(y, 19) ^ LANE_ROTATE64(y, 61) ^ y >> 6);
    }
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}
/// The eight big-endian words of every lane's digest.
CALLED void lanes_sha512(const lane_message message[LANES], U64 digest[8]) {
  const sha512_state initial = sha512_begin();
  const lane_blocks blocks = lane_blocks_of(message, 128, 16);
  for (int i = 0; i < 8; i++) digest[i] = SPLAT(initial.word[i]);
  for (int64_t index = 0; index < blocks.most; index++) {
    uint64_t block[2][LANES][8] ALIGNED;
    for (int lane = 0; lane < LANES; lane++) {
      uint64_t bytes[16];
      lane_message_block(&message[lane], 128 * index, 128, (uint8_t *)bytes);
      if (index == blocks.count[lane] - 1) {
        // The length in bits, below 2^67, big-endian.
        const uint64_t length = (uint64_t)lane_message_length(&message[lane]);
        bytes[14] = __builtin_bswap64(length >> 61), bytes[15] = __builtin_bswap64(length << 3);
      }
      memcpy(block[0][lane], bytes, 64), memcpy(block[1][lane], bytes + 8, 64);
    }
    U64 w[16], next[8];
    for (int half = 0; half < 2; half++) {
      const uint64_t *row[LANES];
      for (int lane = 0; lane < LANES; lane++) row[lane] = block[half][lane];
      load_rows(row, w + 8 * half);
    }
    for (int i = 0; i < 16; i++) w[i] = BYTE_SWAP(w[i]);
    for (int i = 0; i < 8; i++) next[i] = digest[i];
    lanes_sha512_compress(next, w);
    const M64 running = lane_blocks_running(&blocks, index);
    for (int i = 0; i < 8; i++) digest[i] = SELECT(running, next[i], digest[i]);
  }
}

CALLED void lanes_sha256_compress(U32 state[8], U32 w[16]) {
  U32 a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; i += 16) {
    LANES_UNROLL for (int j = 0; j < 16; j++) {
      const U32 t1 = h + (LANE_ROTATE32(e, 6) ^ LANE_ROTATE32(e, 11) ^ LANE_ROTATE32(e, 25)) + ((e & f) ^ (~e & g)) + w[j] +
                     sha256_k[i + j];
      const U32 t2 = (LANE_ROTATE32(a, 2) ^ LANE_ROTATE32(a, 13) ^ LANE_ROTATE32(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
      const U32 x = w[(j + 1) & 15], y = w[(j + 14) & 15];
      w[j] += w[(j + 9) & 15] + (LANE_ROTATE32(x, 7) ^ LANE_ROTATE32(x, 18) ^ x >> 3) + (LANE_ROTATE32(y, 17) ^ LANE_ROTATE32(y, 19) ^ y >> 10);
    }
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}
/// The digest of every lane's message behind one block that was hashed already, as four words of eight bytes in memory's order.
CALLED void lanes_sha256_after_block(const uint32_t state[8], const lane_message message[LANES], U64 digest[4]) {
  const lane_blocks blocks = lane_blocks_of(message, 64, 8);
  U32 sum[8];
  for (int i = 0; i < 8; i++) sum[i] = (U32){0} + state[i];
  for (int64_t index = 0; index < blocks.most; index++) {
    uint64_t block[LANES][8] ALIGNED;
    for (int lane = 0; lane < LANES; lane++) {
      lane_message_block(&message[lane], 64 * index, 64, (uint8_t *)block[lane]);
      if (index == blocks.count[lane] - 1) {
        block[lane][7] = __builtin_bswap64(((uint64_t)lane_message_length(&message[lane]) + 64) << 3);
      }
    }
    const uint64_t *row[LANES];
    for (int lane = 0; lane < LANES; lane++) row[lane] = block[lane];
    U64 word[8];
    load_rows(row, word);
    U32 w[16], next[8];
    for (int i = 0; i < 8; i++) {
      const U64 pair = BYTE_SWAP(word[i]);
      w[2 * i] = __builtin_convertvector(pair >> 32, U32), w[2 * i + 1] = __builtin_convertvector(pair, U32);
    }
    for (int i = 0; i < 8; i++) next[i] = sum[i];
    lanes_sha256_compress(next, w);
    const U32 running = __builtin_convertvector(lane_blocks_running(&blocks, index), U32);
    for (int i = 0; i < 8; i++) sum[i] = (next[i] & running) | (sum[i] & ~running);
  }
  for (int i = 0; i < 4; i++) {
    digest[i] = BYTE_SWAP(__builtin_convertvector(sum[2 * i], U64) << 32 | __builtin_convertvector(sum[2 * i + 1], U64));
  }
}

/// Keccak-256 of 64 bytes in every lane: the words of the message and of the digest in memory's order.
CALLED void lanes_keccak_64(const U64 message[8], U64 digest[4]) {
  U64 a[25] = {{0}}, e[25];
  for (int i = 0; i < 8; i++) a[i] = message[i];
  a[8] = SPLAT(0x01);
  a[16] = SPLAT(0x8000000000000000);
  for (int round = 0; round < 24; round += 2) {
    KECCAK_ROUND(U64, a, e, keccak_round_constants[round])
    KECCAK_ROUND(U64, e, a, keccak_round_constants[round + 1])
  }
  for (int i = 0; i < 4; i++) digest[i] = a[i];
}
#endif
