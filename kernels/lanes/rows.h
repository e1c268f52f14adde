// Rows of a batch to lanes and back.
#ifndef ASSAY_LANES_ROWS_H
#define ASSAY_LANES_ROWS_H

/// The rows of one vector. Lanes behind the last row repeat it.
typedef struct lane_rows {
  int64_t row[LANES];
} lane_rows;

INLINE lane_rows lane_rows_at(const int64_t *rows, int count, int vector) {
  lane_rows r;
  for (int lane = 0; lane < LANES; lane++) {
    const int i = vector * LANES + lane;
    r.row[lane] = rows[i < count ? i : count - 1];
  }
  return r;
}

/// The keys of a column of messages.
INLINE void lanes_read_keys(const lane_rows *rows, const assay_column *column, assay_lane_key keys[LANES]) {
  for (int lane = 0; lane < LANES; lane++) {
    const int64_t *at = column->offsets + rows->row[lane];
    keys[lane] = (assay_lane_key){(const uint8_t *)column->data + at[0], at[1] - at[0]};
  }
}

/// The words of 64 bytes of each lane.
INLINE void lanes_read(const uint64_t bytes[LANES][8], U64 word[8]) {
  const uint64_t *row[LANES];
  for (int lane = 0; lane < LANES; lane++) row[lane] = bytes[lane];
  load_rows(row, word);
}
/// The words of the first 64 bytes of each lane's row of `width` bytes; of the first 32, and zeros, where rows are shorter.
INLINE void lanes_read_rows(const lane_rows *rows, const uint8_t *column, int width, U64 word[8]) {
  uint64_t bytes[LANES][8] ALIGNED;
  for (int lane = 0; lane < LANES; lane++) {
    memset(bytes[lane], 0, 64);
    memcpy(bytes[lane], column + width * rows->row[lane], width < 64 ? 32 : 64);
  }
  lanes_read(bytes, word);
}
/// Four words, the first one highest and big-endian, as a number.
INLINE void limbs_from_big_endian(const U64 word[4], U64 limb[5]) {
  const U64 reversed[4] = {BYTE_SWAP(word[3]), BYTE_SWAP(word[2]), BYTE_SWAP(word[1]), BYTE_SWAP(word[0])};
  limbs_from_words(reversed, limb);
}
INLINE void limbs_to_big_endian(const U64 limb[5], U64 word[4]) {
  U64 t[4];
  limbs_to_words(limb, t);
  for (int i = 0; i < 4; i++) word[i] = BYTE_SWAP(t[3 - i]);
}
/// Eight words of each lane as 64 bytes.
INLINE void lanes_write(const U64 word[8], uint64_t bytes[LANES][8]) {
  uint64_t *row[LANES];
  for (int lane = 0; lane < LANES; lane++) row[lane] = bytes[lane];
  store_rows(row, word);
}
/// A big-endian number of 32 bytes in each row of `width` bytes.
INLINE void lanes_read_numbers(const lane_rows *rows, const uint8_t *column, int width, U64 limb[5]) {
  U64 word[8];
  lanes_read_rows(rows, column, width, word);
  limbs_from_big_endian(word, limb);
}
INLINE void lanes_write_verdicts(const int64_t *rows, int count, int vector, uint8_t *column, U64 verdict) {
  uint64_t byte[LANES] ALIGNED;
  *(U64 *)byte = verdict;
  for (int lane = 0; lane < LANES && vector * LANES + lane < count; lane++) {
    column[rows[vector * LANES + lane]] = (uint8_t)byte[lane];
  }
}

/// Rows of a call by whether their key is registered: each part's numbers, and its combs.
typedef struct lane_parts {
  int64_t known[128], unknown[128];
  const void *comb[128];
  int known_count, unknown_count;
} lane_parts;

/// At most 128 rows. Few known ones among others are not worth vectors of their own.
INLINE lane_parts lane_parts_of(const int64_t *rows, const void *const *combs, int count) {
  lane_parts parts = {.known_count = 0};
  for (int i = 0; i < count; i++) {
    if (combs == NULL || combs[i] == NULL) {
      parts.unknown[parts.unknown_count++] = rows[i];
    } else {
      parts.comb[parts.known_count] = combs[i];
      parts.known[parts.known_count++] = rows[i];
    }
  }
  if (parts.known_count < LANES && parts.unknown_count > 0) {
    for (int i = 0; i < parts.known_count; i++) parts.unknown[parts.unknown_count++] = parts.known[i];
    parts.known_count = 0;
  }
  return parts;
}
/// The addresses of the combs of a vector's rows; lanes behind the last row repeat it.
INLINE U64 lane_comb_addresses(const void *const *comb, int count, int vector) {
  uint64_t address[LANES] ALIGNED;
  for (int lane = 0; lane < LANES; lane++) {
    const int i = vector * LANES + lane;
    address[lane] = (uint64_t)(uintptr_t)comb[i < count ? i : count - 1];
  }
  return *(const U64 *)address;
}
#endif
