// The field of integers modulo p = 2^255 - 19 in five limbs of 51 bits, on 64-bit words with 128-bit products.
//
// A value's limbs may exceed 51 bits: a product leaves them below 2^51 + 2^13 ("reduced"), sums and differences of reduced
// values stay below 2^54, which is what a product takes. Only ed25519_field_encode gives the one canonical form.
//
// D. J. Bernstein: Curve25519 (2006), for the radix; RFC 8032, section 5.1, for encodings and square roots.
#ifndef ASSAY_ED25519_FIELD_H
#define ASSAY_ED25519_FIELD_H

#include "dialect/common.h"

typedef struct ed25519_field {
  uint64_t limb[5];
} ed25519_field;

#define ED25519_MASK 0x7ffffffffffffull

static const ed25519_field ed25519_zero = {{0, 0, 0, 0, 0}};
static const ed25519_field ed25519_one = {{1, 0, 0, 0, 0}};

INLINE ed25519_field ed25519_add(const ed25519_field a, const ed25519_field b) {
  return (ed25519_field){{a.limb[0] + b.limb[0], a.limb[1] + b.limb[1], a.limb[2] + b.limb[2], a.limb[3] + b.limb[3],
                          a.limb[4] + b.limb[4]}};
}

/// a - b + 4p, so that no limb goes below zero while those of b are below 2^53 - 76.
INLINE ed25519_field ed25519_subtract(const ed25519_field a, const ed25519_field b) {
  const uint64_t low = 0x1fffffffffffb4, high = 0x1ffffffffffffc;
  return (ed25519_field){{a.limb[0] + low - b.limb[0], a.limb[1] + high - b.limb[1], a.limb[2] + high - b.limb[2],
                          a.limb[3] + high - b.limb[3], a.limb[4] + high - b.limb[4]}};
}

INLINE ed25519_field ed25519_carry(unsigned __int128 r0, unsigned __int128 r1, unsigned __int128 r2, unsigned __int128 r3,
                                   unsigned __int128 r4) {
  r1 += (uint64_t)(r0 >> 51);
  r2 += (uint64_t)(r1 >> 51);
  r3 += (uint64_t)(r2 >> 51);
  r4 += (uint64_t)(r3 >> 51);
  const uint64_t low = ((uint64_t)r0 & ED25519_MASK) + 19 * (uint64_t)(r4 >> 51);
  return (ed25519_field){{low & ED25519_MASK, ((uint64_t)r1 & ED25519_MASK) + (low >> 51), (uint64_t)r2 & ED25519_MASK,
                          (uint64_t)r3 & ED25519_MASK, (uint64_t)r4 & ED25519_MASK}};
}

INLINE ed25519_field ed25519_multiply(const ed25519_field a, const ed25519_field b) {
  typedef unsigned __int128 wide;
  const uint64_t a0 = a.limb[0], a1 = a.limb[1], a2 = a.limb[2], a3 = a.limb[3], a4 = a.limb[4];
  const uint64_t b0 = b.limb[0], b1 = b.limb[1], b2 = b.limb[2], b3 = b.limb[3], b4 = b.limb[4];
  // 2^255 = 19, so a product that lands beyond limb 4 comes back 19-fold.
  const uint64_t c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4;
  return ed25519_carry((wide)a0 * b0 + (wide)a1 * c4 + (wide)a2 * c3 + (wide)a3 * c2 + (wide)a4 * c1,
                       (wide)a0 * b1 + (wide)a1 * b0 + (wide)a2 * c4 + (wide)a3 * c3 + (wide)a4 * c2,
                       (wide)a0 * b2 + (wide)a1 * b1 + (wide)a2 * b0 + (wide)a3 * c4 + (wide)a4 * c3,
                       (wide)a0 * b3 + (wide)a1 * b2 + (wide)a2 * b1 + (wide)a3 * b0 + (wide)a4 * c4,
                       (wide)a0 * b4 + (wide)a1 * b3 + (wide)a2 * b2 + (wide)a3 * b1 + (wide)a4 * b0);
}

INLINE ed25519_field ed25519_square(const ed25519_field a) {
  typedef unsigned __int128 wide;
  const uint64_t a0 = a.limb[0], a1 = a.limb[1], a2 = a.limb[2], a3 = a.limb[3], a4 = a.limb[4];
  const uint64_t d0 = 2 * a0, d1 = 2 * a1, c3 = 19 * a3, c4 = 19 * a4;
  return ed25519_carry((wide)a0 * a0 + (wide)d1 * c4 + (wide)(2 * a2) * c3, (wide)d0 * a1 + (wide)(2 * a2) * c4 + (wide)a3 * c3,
                       (wide)d0 * a2 + (wide)a1 * a1 + (wide)(2 * a3) * c4, (wide)d0 * a3 + (wide)d1 * a2 + (wide)a4 * c4,
                       (wide)d0 * a4 + (wide)d1 * a3 + (wide)a2 * a2);
}

/// a^(2^count).
static ed25519_field ed25519_square_times(ed25519_field a, int count) {
  for (int i = 0; i < count; i++) a = ed25519_square(a);
  return a;
}

/// The number in 32 little-endian bytes without its top bit; values of p and above are taken modulo p.
static ed25519_field ed25519_field_decode(const uint8_t bytes[32]) {
  uint64_t word[4] = {0};
  for (int i = 0; i < 32; i++) word[i / 8] |= (uint64_t)bytes[i] << 8 * (i % 8);
  return (ed25519_field){{word[0] & ED25519_MASK, (word[0] >> 51 | word[1] << 13) & ED25519_MASK,
                          (word[1] >> 38 | word[2] << 26) & ED25519_MASK, (word[2] >> 25 | word[3] << 39) & ED25519_MASK,
                          word[3] >> 12 & ED25519_MASK}};
}

/// The canonical 32 little-endian bytes: the representative in 0 ..< p. Limbs must be below 2^54.
static void ed25519_field_encode(const ed25519_field a, uint8_t bytes[32]) {
  uint64_t t[5];
  for (int i = 0; i < 5; i++) t[i] = a.limb[i];
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i < 4; i++) t[i + 1] += t[i] >> 51, t[i] &= ED25519_MASK;
    t[0] += 19 * (t[4] >> 51), t[4] &= ED25519_MASK;
  }
  // Now the value is below 2^255 + 19 < 2p: subtract p once if adding 19 carries out of bit 255.
  uint64_t carry = (t[0] + 19) >> 51;
  for (int i = 1; i < 5; i++) carry = (t[i] + carry) >> 51;
  t[0] += 19 * carry;
  for (int i = 0; i < 4; i++) t[i + 1] += t[i] >> 51, t[i] &= ED25519_MASK;
  t[4] &= ED25519_MASK;
  const uint64_t word[4] = {t[0] | t[1] << 51, t[1] >> 13 | t[2] << 38, t[2] >> 26 | t[3] << 25, t[3] >> 39 | t[4] << 12};
  for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)(word[i / 8] >> 8 * (i % 8));
}

static int ed25519_field_equal(const ed25519_field a, const ed25519_field b) {
  uint8_t left[32], right[32];
  ed25519_field_encode(a, left);
  ed25519_field_encode(b, right);
  return memcmp(left, right, 32) == 0;
}

/// a^(2^250 - 1), and a^11 on the way: what the inverse and the square root share.
static ed25519_field ed25519_power_250(const ed25519_field a, ed25519_field *a11) {
  const ed25519_field a2 = ed25519_square(a);
  const ed25519_field a9 = ed25519_multiply(ed25519_square_times(a2, 2), a);
  *a11 = ed25519_multiply(a9, a2);
  // e<n> is a^(2^n - 1).
  const ed25519_field e5 = ed25519_multiply(ed25519_square(*a11), a9);
  const ed25519_field e10 = ed25519_multiply(ed25519_square_times(e5, 5), e5);
  const ed25519_field e20 = ed25519_multiply(ed25519_square_times(e10, 10), e10);
  const ed25519_field e40 = ed25519_multiply(ed25519_square_times(e20, 20), e20);
  const ed25519_field e50 = ed25519_multiply(ed25519_square_times(e40, 10), e10);
  const ed25519_field e100 = ed25519_multiply(ed25519_square_times(e50, 50), e50);
  const ed25519_field e200 = ed25519_multiply(ed25519_square_times(e100, 100), e100);
  return ed25519_multiply(ed25519_square_times(e200, 50), e50);
}

/// a^((p - 5) / 8) = a^(2^252 - 3), the exponent of a square root of a quotient.
static ed25519_field ed25519_power_252_3(const ed25519_field a) {
  ed25519_field a11;
  return ed25519_multiply(ed25519_square_times(ed25519_power_250(a, &a11), 2), a);
}

/// 1 / a = a^(p - 2) = a^(2^255 - 21); 0 for 0.
__attribute__((unused)) static ed25519_field ed25519_invert(const ed25519_field a) {
  ed25519_field a11;
  const ed25519_field e250 = ed25519_power_250(a, &a11);
  return ed25519_multiply(ed25519_square_times(e250, 5), a11);
}

#endif
