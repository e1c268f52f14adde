// Keccak-256 with a vector's 64-bit lanes working on as many pairs, or as many messages, at once. The dialect gives
// keccak_words, a vector of KECCAK_LANES words; keccak_load_eight(w, block, offset), eight words of every block[lane]
// from byte `offset`; and keccak_store_digests(digest, a), the first four words of each lane.
#include "hash/lanes.h"

#define KECCAK_STATE(a, i, lane) ((uint64_t *)(a))[(i) * KECCAK_LANES + (lane)]

CALLED void keccak_permute_lanes(keccak_words state[25]) {
  keccak_words a[25], e[25];
#pragma clang loop unroll(full)
  for (int i = 0; i < 25; i++) a[i] = state[i];
#pragma clang loop unroll(disable)
  for (int round = 0; round < 24; round += 2) {
    KECCAK_ROUND(keccak_words, a, e, keccak_round_constants[round])
    KECCAK_ROUND(keccak_words, e, a, keccak_round_constants[round + 1])
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 25; i++) state[i] = a[i];
}

// pairs

INLINE void keccak_pair_lanes(const uint8_t *const pair[KECCAK_LANES], uint8_t *const digest[KECCAK_LANES]) {
  keccak_words a[25];
  keccak_load_eight(a, pair, 0);
  a[8] = (keccak_words)0x01;
  for (int i = 9; i < 25; i++) a[i] = (keccak_words)0;
  a[16] = (keccak_words)0x8000000000000000;
  keccak_permute_lanes(a);
  keccak_store_digests(digest, a);
}

// Whole groups of lanes, then one group whose spare lanes repeat the last row and write to a scrap of memory.
#define ASSAY_PROVIDES_keccak256_pair ASSAY_YES
KERNEL(keccak256_pair) {
  const assay_keccak256_pair_columns *c = COLUMNS(keccak256_pair);
  const uint8_t *pair = c->pair.data, *from[KECCAK_LANES];
  uint8_t *digest = c->digest.data, *to[KECCAK_LANES], scrap[32];
  for (int64_t row = first; row < end; row += KECCAK_LANES) {
    for (int lane = 0; lane < KECCAK_LANES; lane++) {
      from[lane] = pair + 64 * (row + lane < end ? row + lane : end - 1);
      to[lane] = row + lane < end ? digest + 32 * (row + lane) : scrap;
    }
    keccak_pair_lanes(from, to);
  }
}

// messages

// The lane, whose state becomes the initial one, takes the next row, or rests when there is none.
INLINE void keccak_lane_start(hash_lanes *lanes, int lane, const uint8_t *message, const int64_t *at, int64_t *next,
                              int64_t end) {
  if (*next == end) {
    hash_lane_rests(lanes, lane);
    lanes->busy--;
    return;
  }
  const int64_t row = (*next)++, length = at[row + 1] - at[row], whole = length / KECCAK_RATE;
  const int64_t rest = length - whole * KECCAK_RATE;
  uint8_t *last = lanes->last[lane];
  memset(last, 0, KECCAK_RATE);
  if (rest > 0) memcpy(last, message + at[row + 1] - rest, (size_t)rest);
  last[rest] = 0x01;
  last[KECCAK_RATE - 1] |= 0x80;
  lanes->row[lane] = row;
  if (whole > 0) {
    hash_lane_reads(lanes, lane, 0, message + at[row], whole, KECCAK_RATE);
  } else {
    hash_lane_reads(lanes, lane, 1, last, 1, KECCAK_RATE);
  }
}

INLINE void keccak_absorb(keccak_words a[25], const uint8_t *const block[KECCAK_LANES]) {
  keccak_words w[8];
  for (int k = 0; k < 16; k += 8) {
    keccak_load_eight(w, block, 8 * k);
    for (int i = 0; i < 8; i++) a[k + i] ^= w[i];
  }
  for (int lane = 0; lane < KECCAK_LANES; lane++) {
    uint64_t word;
    memcpy(&word, block[lane] + 128, 8);
    w[0][lane] = word;
  }
  a[16] ^= w[0];
}

#define ASSAY_PROVIDES_keccak256_message ASSAY_YES
KERNEL(keccak256_message) {
  const assay_keccak256_message_columns *c = COLUMNS(keccak256_message);
  const uint8_t *message = c->message.data;
  const int64_t *at = c->message.offsets;
  uint8_t *digest = c->digest.data;
  hash_lanes lanes;
  keccak_words a[25];
  int64_t next = first;
  lanes.busy = KECCAK_LANES;
  memset(a, 0, sizeof a);
  memset(lanes.last, 0, sizeof lanes.last);
  for (int lane = 0; lane < KECCAK_LANES; lane++) keccak_lane_start(&lanes, lane, message, at, &next, end);
  while (lanes.busy > 0) {
    const int64_t steps = hash_lanes_steps(&lanes, KECCAK_LANES);
    for (int64_t step = 0; step < steps; step++) {
      keccak_absorb(a, lanes.block);
      keccak_permute_lanes(a);
      hash_lanes_advance(&lanes, KECCAK_LANES);
    }
    // All ones in lanes that go on with their message: a state is emptied in all its words at once, not word by word.
    uint64_t kept[KECCAK_LANES] __attribute__((aligned(64)));
    int ended = 0;
    for (int lane = 0; lane < KECCAK_LANES; lane++) {
      kept[lane] = UINT64_MAX;
      if (lanes.step[lane] == 0 || (lanes.left[lane] -= steps) > 0) continue;
      if (lanes.stage[lane] == 0) {
        hash_lane_reads(&lanes, lane, 1, lanes.last[lane], 1, KECCAK_RATE);
      } else {
        uint8_t *to = digest + 32 * lanes.row[lane];
        for (int i = 0; i < 4; i++) memcpy(to + 8 * i, &KECCAK_STATE(a, i, lane), 8);
        kept[lane] = 0;
        ended = 1;
        keccak_lane_start(&lanes, lane, message, at, &next, end);
      }
    }
    if (ended) {
      const keccak_words mask = *(const keccak_words *)kept;
      for (int i = 0; i < 25; i++) a[i] &= mask;
    }
  }
}
