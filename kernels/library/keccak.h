// Keccak-256 (original 0x01 padding, as Ethereum uses it) of one 64-byte point: a single block.
//
// G. Bertoni, J. Daemen, M. Peeters, G. Van Assche: The Keccak reference, 3.0 (2011).
#include <stdint.h>
#include <string.h>

static uint64_t keccak_rotate(uint64_t x, unsigned n) { return n == 0 ? x : x << n | x >> (64 - n); }

static void keccak_permute(uint64_t lanes[25]) {
  static const uint64_t round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
  for (int round = 0; round < 24; round++) {
    // theta
    uint64_t parity[5];
    for (int x = 0; x < 5; x++) parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    for (int x = 0; x < 5; x++) {
      const uint64_t column = parity[(x + 4) % 5] ^ keccak_rotate(parity[(x + 1) % 5], 1);
      for (int y = 0; y < 25; y += 5) lanes[x + y] ^= column;
    }
    // rho and pi: walk the 24 lanes off the origin; step t turns its lane by (t + 1)(t + 2) / 2 bits.
    uint64_t carried = lanes[1];
    for (int step = 0, x = 1, y = 0; step < 24; step++) {
      const int next_x = y, next_y = (2 * x + 3 * y) % 5;
      const uint64_t displaced = lanes[next_x + 5 * next_y];
      lanes[next_x + 5 * next_y] = keccak_rotate(carried, (unsigned)((step + 1) * (step + 2) / 2) % 64);
      carried = displaced, x = next_x, y = next_y;
    }
    // chi
    for (int y = 0; y < 25; y += 5) {
      const uint64_t a = lanes[y], b = lanes[y + 1];
      lanes[y] ^= ~lanes[y + 1] & lanes[y + 2];
      lanes[y + 1] ^= ~lanes[y + 2] & lanes[y + 3];
      lanes[y + 2] ^= ~lanes[y + 3] & lanes[y + 4];
      lanes[y + 3] ^= ~lanes[y + 4] & a;
      lanes[y + 4] ^= ~a & b;
    }
    lanes[0] ^= round_constants[round];
  }
}

/// The Keccak-256 digest of 64 bytes.
static void keccak_point_digest(const uint8_t point[64], uint8_t digest[32]) {
  uint64_t lanes[25] = {0};
  for (int i = 0; i < 64; i++) lanes[i / 8] |= (uint64_t)point[i] << 8 * (i % 8);
  lanes[8] = 1;
  lanes[16] = 1ull << 63;
  keccak_permute(lanes);
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(lanes[i / 8] >> 8 * (i % 8));
}
