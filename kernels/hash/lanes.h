// Messages of any lengths in the lanes of one vector: each lane reads its own message a block per step, and takes the
// next row the moment it has finished one, so lanes stay busy whatever the mix of lengths and rows need no sorting.
#ifndef ASSAY_HASH_LANES_H
#define ASSAY_HASH_LANES_H

enum { HASH_MOST_LANES = 16, HASH_LAST_BYTES = 136 };

// What a lane reads: `left` blocks from `block`, `step` bytes apart, of `row`'s message (stage 0), of its padded end in
// `last` (stage 1), or of what a hash puts there afterwards (stage 2). An idle lane reads `last` for ever (step 0).
typedef struct hash_lanes {
  const uint8_t *block[HASH_MOST_LANES];
  int64_t step[HASH_MOST_LANES], left[HASH_MOST_LANES], row[HASH_MOST_LANES];
  int stage[HASH_MOST_LANES];
  int busy;
  uint8_t last[HASH_MOST_LANES][HASH_LAST_BYTES] __attribute__((aligned(64)));
} hash_lanes;

INLINE void hash_lane_reads(hash_lanes *lanes, int lane, int stage, const uint8_t *block, int64_t blocks,
                            int64_t step) {
  lanes->stage[lane] = stage;
  lanes->block[lane] = block;
  lanes->left[lane] = blocks;
  lanes->step[lane] = step;
}

INLINE void hash_lane_rests(hash_lanes *lanes, int lane) {
  hash_lane_reads(lanes, lane, 0, lanes->last[lane], INT64_MAX, 0);
}

// How many steps every busy lane can take before one of them needs attention.
INLINE int64_t hash_lanes_steps(const hash_lanes *lanes, int count) {
  int64_t steps = INT64_MAX;
  for (int lane = 0; lane < count; lane++) steps = lanes->left[lane] < steps ? lanes->left[lane] : steps;
  return steps;
}

INLINE void hash_lanes_advance(hash_lanes *lanes, int count) {
  for (int lane = 0; lane < count; lane++) lanes->block[lane] += lanes->step[lane];
}

#endif
