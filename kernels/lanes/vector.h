// What every width of the lane kernels shares: one row of a batch in each 64-bit lane of a vector. The width's header sets LANES
// and defines, besides what stands here,
//
//   FACTOR, FACTOR_OF(limb)        a limb as a factor of a product: its low 52 bits, the others are not read
//   MULTIPLY(low, high, a, b)      adds bits 0 ..< 52 of the product of two factors to low and bits 52 ..< 104 to high, and with them
//   LOW_BIAS, HIGH_BIAS            constants that the width's instructions leave there, to be taken off once for many products
//   MULTIPLY_SMALL(a, c)           a c for a below 2^52 and c below 2^12
//   BYTE_SWAP(words)               every word with its bytes reversed
//   LANE_BITS(mask)                a bit per lane, lane 0 lowest
//
// Written in GCC's vector extensions, which clang has too.
#ifndef ASSAY_LANES_VECTOR_H
#define ASSAY_LANES_VECTOR_H

#include "dialect/common.h"

#define LANES_PASTE_(a, b) a##b
#define LANES_PASTE(a, b) LANES_PASTE_(a, b)
#define LANES_UNROLL _Pragma("GCC unroll 16")

typedef uint64_t U64 __attribute__((vector_size(8 * LANES), may_alias));
typedef int64_t I64 __attribute__((vector_size(8 * LANES), may_alias));
/// All ones or all zeros in every lane.
typedef I64 M64;

#define SPLAT(x) ((U64){0} + (uint64_t)(x))
#define SELECT(mask, a, b) (((U64)(a) & (U64)(mask)) | ((U64)(b) & ~(U64)(mask)))
#define SHIFT_SIGNED(a, n) ((U64)((I64)(a) >> (n)))
#define LANE_MASK52 0xFFFFFFFFFFFFFull
#define ALIGNED __attribute__((aligned(64)))

/// The number of each lane.
#if LANES == 8
#define LANE_NUMBERS ((U64){0, 1, 2, 3, 4, 5, 6, 7})
#elif LANES == 4
#define LANE_NUMBERS ((U64){0, 1, 2, 3})
#else
#define LANE_NUMBERS ((U64){0, 1})
#endif

// Rows of eight words, one row per lane, and eight vectors, one per word. Rows are aligned to 64 bytes.

#if LANES == 8
#define LANE_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define LANE_HIGH(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)

INLINE void transpose(U64 t[8]) {
  U64 a[8], b[8];
  LANES_UNROLL for (int i = 0; i < 4; i++) a[2 * i] = LANE_LOW(t[2 * i], t[2 * i + 1]), a[2 * i + 1] = LANE_HIGH(t[2 * i], t[2 * i + 1]);
  // a[2 i], a[2 i + 1]: the even and the odd words of rows 2 i and 2 i + 1. b[4 i + j]: words j and j + 4 of rows 4 i ..< 4 i + 4.
  LANES_UNROLL for (int i = 0; i < 8; i += 4) {
    LANES_UNROLL for (int j = 0; j < 2; j++) {
      b[i + j] = __builtin_shufflevector(a[i + j], a[i + j + 2], 0, 1, 4, 5, 8, 9, 12, 13);
      b[i + j + 2] = __builtin_shufflevector(a[i + j], a[i + j + 2], 2, 3, 6, 7, 10, 11, 14, 15);
    }
  }
  LANES_UNROLL for (int j = 0; j < 4; j++) {
    t[j] = __builtin_shufflevector(b[j], b[j + 4], 0, 1, 4, 5, 8, 9, 12, 13);
    t[j + 4] = __builtin_shufflevector(b[j], b[j + 4], 2, 3, 6, 7, 10, 11, 14, 15);
  }
}
INLINE void load_rows(const uint64_t *const row[LANES], U64 word[8]) {
  LANES_UNROLL for (int lane = 0; lane < 8; lane++) word[lane] = *(const U64 *)row[lane];
  transpose(word);
}
INLINE void store_rows(uint64_t *const row[LANES], const U64 word[8]) {
  U64 t[8];
  LANES_UNROLL for (int i = 0; i < 8; i++) t[i] = word[i];
  transpose(t);
  LANES_UNROLL for (int lane = 0; lane < 8; lane++) *(U64 *)row[lane] = t[lane];
}
/// Lanes exchanged with those at distance 4, 2 or 1.
INLINE U64 exchange(U64 a, int distance) {
  return distance == 4   ? __builtin_shufflevector(a, a, 4, 5, 6, 7, 0, 1, 2, 3)
         : distance == 2 ? __builtin_shufflevector(a, a, 2, 3, 0, 1, 6, 7, 4, 5)
                         : __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6);
}
#else
/// Words 0 ..< LANES of the rows of the lanes.
#if LANES == 4
INLINE void transpose(U64 t[4]) {
  const U64 a = __builtin_shufflevector(t[0], t[1], 0, 4, 2, 6), b = __builtin_shufflevector(t[0], t[1], 1, 5, 3, 7);
  const U64 c = __builtin_shufflevector(t[2], t[3], 0, 4, 2, 6), d = __builtin_shufflevector(t[2], t[3], 1, 5, 3, 7);
  t[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5), t[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  t[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7), t[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}
INLINE U64 exchange(U64 a, int distance) {
  return distance == 2 ? __builtin_shufflevector(a, a, 2, 3, 0, 1) : __builtin_shufflevector(a, a, 1, 0, 3, 2);
}
#else
INLINE void transpose(U64 t[2]) {
  const U64 a = __builtin_shufflevector(t[0], t[1], 0, 2), b = __builtin_shufflevector(t[0], t[1], 1, 3);
  t[0] = a, t[1] = b;
}
INLINE U64 exchange(U64 a, int distance) {
  (void)distance;
  return __builtin_shufflevector(a, a, 1, 0);
}
#endif
INLINE void load_rows(const uint64_t *const row[LANES], U64 word[8]) {
  LANES_UNROLL for (int part = 0; part < 8; part += LANES) {
    LANES_UNROLL for (int lane = 0; lane < LANES; lane++) word[part + lane] = *(const U64 *)(row[lane] + part);
    transpose(word + part);
  }
}
INLINE void store_rows(uint64_t *const row[LANES], const U64 word[8]) {
  LANES_UNROLL for (int part = 0; part < 8; part += LANES) {
    U64 t[LANES];
    LANES_UNROLL for (int i = 0; i < LANES; i++) t[i] = word[part + i];
    transpose(t);
    LANES_UNROLL for (int lane = 0; lane < LANES; lane++) *(U64 *)(row[lane] + part) = t[lane];
  }
}
#endif

/// Loads a row of eight words that each lane has at base + offset bytes.
INLINE void load_rows_at(const void *base, U64 offset, U64 word[8]) {
  uint64_t at[LANES] ALIGNED;
  const uint64_t *row[LANES];
  *(U64 *)at = offset;
  LANES_UNROLL for (int lane = 0; lane < LANES; lane++) row[lane] = (const uint64_t *)((const char *)base + at[lane]);
  load_rows(row, word);
}

/// Loads a row of eight words from each lane's address.
INLINE void load_rows_from(U64 address, U64 word[8]) {
  uint64_t at[LANES] ALIGNED;
  const uint64_t *row[LANES];
  *(U64 *)at = address;
  LANES_UNROLL for (int lane = 0; lane < LANES; lane++) row[lane] = (const uint64_t *)(uintptr_t)at[lane];
  load_rows(row, word);
}
INLINE void prefetch_rows(U64 address) {
  uint64_t at[LANES] ALIGNED;
  *(U64 *)at = address;
  LANES_UNROLL for (int lane = 0; lane < LANES; lane++) __builtin_prefetch((const void *)(uintptr_t)at[lane]);
}

// Numbers of 256 bits in five limbs of 52 bits, and in four words.

INLINE void limbs_from_words(const U64 word[4], U64 limb[5]) {
  const U64 mask = SPLAT(LANE_MASK52);
  limb[0] = word[0] & mask;
  limb[1] = (word[0] >> 52 | word[1] << 12) & mask;
  limb[2] = (word[1] >> 40 | word[2] << 24) & mask;
  limb[3] = (word[2] >> 28 | word[3] << 36) & mask;
  limb[4] = word[3] >> 16;
}
INLINE void limbs_to_words(const U64 limb[5], U64 word[4]) {
  word[0] = limb[0] | limb[1] << 52;
  word[1] = limb[1] >> 12 | limb[2] << 40;
  word[2] = limb[2] >> 24 | limb[3] << 28;
  word[3] = limb[3] >> 36 | limb[4] << 16;
}
/// The lanes whose number is below a constant; limbs are below 2^52.
INLINE M64 limbs_below(const U64 limb[5], const uint64_t bound[5]) {
  U64 t = limb[0] - SPLAT(bound[0]);
  LANES_UNROLL for (int i = 1; i < 5; i++) t = limb[i] - SPLAT(bound[i]) + SHIFT_SIGNED(t, 52);
  return (I64)t < 0;
}
INLINE M64 limbs_zero(const U64 limb[5]) { return (limb[0] | limb[1] | limb[2] | limb[3] | limb[4]) == 0; }

/// `bits` bits of a number in limbs below 2^52, from bit `at` on; not all of them beyond its last limb.
INLINE U64 limbs_window(const U64 *limb, int limbs, int at, int bits) {
  const int index = at / 52, shift = at % 52;
  U64 t = limb[index] >> shift;
  if (shift + bits > 52 && index + 1 < limbs) t |= limb[index + 1] << (52 - shift);
  return t & SPLAT((1ull << bits) - 1);
}

/// A window's value v stands for the digit v - half, in -half ..< half: adding half to every window beforehand makes digits
/// signed without a carry between them. This is the row of the digit's absolute value among multiples 1 ... half of a point (any row
/// for 0), with the lanes of negative digits and of zeros.
INLINE U64 digit_row(U64 window, int half, M64 *minus, M64 *zero) {
  const I64 digit = (I64)(window - SPLAT(half));
  *minus = digit < 0;
  *zero = digit == 0;
  const U64 absolute = SELECT(*minus, -digit, digit);
  return (absolute - 1) & SPLAT(half - 1);
}
#endif
