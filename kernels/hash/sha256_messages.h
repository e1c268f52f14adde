// SHA-256 and double SHA-256 of messages in lanes. The dialect gives SHA256_LANES; sha256_states, every lane's state;
// SHA256_STATE(states, i, lane), word i of one; sha256_begin_states(states) and sha256_store_states(digest, states),
// all lanes at once; and sha256_compress_blocks(states, block), which compresses block[lane] in every lane.
#include "hash/lanes.h"

// The lane, whose state is the initial one, takes the next row, or rests when there is none.
INLINE void sha256_lane_start(hash_lanes *lanes, int lane, const uint8_t *message, const int64_t *at, int64_t *next,
                              int64_t end) {
  if (*next == end) {
    hash_lane_rests(lanes, lane);
    lanes->busy--;
    return;
  }
  const int64_t row = (*next)++, length = at[row + 1] - at[row], rest = length & 63, blocks = rest < 56 ? 1 : 2;
  uint8_t *last = lanes->last[lane];
  memset(last, 0, 128);
  if (rest > 0) memcpy(last, message + at[row + 1] - rest, (size_t)rest);
  last[rest] = 0x80;
  const uint64_t bits = __builtin_bswap64((uint64_t)length << 3);
  memcpy(last + 64 * blocks - 8, &bits, 8);
  lanes->row[lane] = row;
  if (length >= 64) {
    hash_lane_reads(lanes, lane, 0, message + at[row], length >> 6, 64);
  } else {
    hash_lane_reads(lanes, lane, 1, last, blocks, 64);
  }
}

INLINE void sha256_lane_begin(sha256_states *states, int lane) {
  for (int i = 0; i < 8; i++) SHA256_STATE(*states, i, lane) = sha256_initial[i];
}

INLINE void sha256_lane_digest(uint8_t *digest, const sha256_states *states, int lane) {
  for (int i = 0; i < 8; i++) {
    const uint32_t word = __builtin_bswap32(SHA256_STATE(*states, i, lane));
    memcpy(digest + 4 * i, &word, 4);
  }
}

// Whether every lane finishes its message after `steps` steps.
INLINE int sha256_lanes_all_end(const hash_lanes *lanes, int64_t steps, int last_stage) {
  int all = 1;
  for (int lane = 0; lane < SHA256_LANES; lane++) {
    all &= lanes->left[lane] == steps && lanes->stage[lane] == last_stage;
  }
  return all;
}

INLINE void sha256_messages(const uint8_t *message, const int64_t *at, uint8_t *digest, int64_t first, int64_t end,
                            int twice) {
  hash_lanes lanes;
  sha256_states states;
  int64_t next = first;
  lanes.busy = SHA256_LANES;
  sha256_begin_states(&states);
  memset(lanes.last, 0, sizeof lanes.last);
  for (int lane = 0; lane < SHA256_LANES; lane++) sha256_lane_start(&lanes, lane, message, at, &next, end);
  while (lanes.busy > 0) {
    const int64_t steps = hash_lanes_steps(&lanes, SHA256_LANES);
    for (int64_t step = 0; step < steps; step++) {
      sha256_compress_blocks(&states, lanes.block);
      hash_lanes_advance(&lanes, SHA256_LANES);
    }
    if (sha256_lanes_all_end(&lanes, steps, twice ? 2 : 1)) {  // messages of one length
      uint8_t *to[SHA256_LANES];
      for (int lane = 0; lane < SHA256_LANES; lane++) to[lane] = digest + 32 * lanes.row[lane];
      sha256_store_states(to, &states);
      sha256_begin_states(&states);
      for (int lane = 0; lane < SHA256_LANES; lane++) sha256_lane_start(&lanes, lane, message, at, &next, end);
      continue;
    }
    for (int lane = 0; lane < SHA256_LANES; lane++) {
      if (lanes.step[lane] == 0 || (lanes.left[lane] -= steps) > 0) continue;
      uint8_t *last = lanes.last[lane];
      if (lanes.stage[lane] == 0) {
        const int64_t row = lanes.row[lane];
        hash_lane_reads(&lanes, lane, 1, last, ((at[row + 1] - at[row]) & 63) < 56 ? 1 : 2, 64);
      } else if (twice && lanes.stage[lane] == 1) {
        memset(last, 0, 64);
        sha256_lane_digest(last, &states, lane);
        last[32] = 0x80;
        last[62] = 0x01;  // 256 bits
        sha256_lane_begin(&states, lane);
        hash_lane_reads(&lanes, lane, 2, last, 1, 64);
      } else {
        sha256_lane_digest(digest + 32 * lanes.row[lane], &states, lane);
        sha256_lane_begin(&states, lane);
        sha256_lane_start(&lanes, lane, message, at, &next, end);
      }
    }
  }
}

#define ASSAY_PROVIDES_sha256_message ASSAY_YES
KERNEL(sha256_message) {
  const assay_sha256_message_columns *c = COLUMNS(sha256_message);
  sha256_messages(c->message.data, c->message.offsets, c->digest.data, first, end, 0);
}

#define ASSAY_PROVIDES_sha256d_message ASSAY_YES
KERNEL(sha256d_message) {
  const assay_sha256d_message_columns *c = COLUMNS(sha256d_message);
  sha256_messages(c->message.data, c->message.offsets, c->digest.data, first, end, 1);
}
