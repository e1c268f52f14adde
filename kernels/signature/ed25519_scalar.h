// Scalars modulo Ed25519's group order L = 2^252 + c, c = 27742317777372353535851937790883648493.
#ifndef ASSAY_ED25519_SCALAR_H
#define ASSAY_ED25519_SCALAR_H

#include "dialect/common.h"

static const uint64_t ed25519_order[5] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000, 0};

/// product[0 ..< count + 2] = value[0 ..< count] * c.
static void ed25519_multiply_c(const uint64_t *value, int count, uint64_t *product) {
  memset(product, 0, (size_t)(count + 2) * 8);
  for (int j = 0; j < 2; j++) {
    uint64_t carry = 0;
    for (int i = 0; i < count; i++) {
      const unsigned __int128 t = (unsigned __int128)value[i] * ed25519_order[j] + product[i + j] + carry;
      product[i + j] = (uint64_t)t, carry = (uint64_t)(t >> 64);
    }
    product[count + j] = carry;
  }
}

/// Splits value[0 ..< count] at bit 252: low gets the 252 bits below, high[0 ..< count - 3] the rest.
static void ed25519_split(const uint64_t *value, int count, uint64_t low[5], uint64_t *high) {
  for (int i = 0; i < 4; i++) low[i] = value[i];
  low[3] &= 0x0fffffffffffffff;
  low[4] = 0;
  for (int i = 3; i < count; i++) high[i - 3] = value[i] >> 60 | (i + 1 < count ? value[i + 1] << 4 : 0);
}

/// a += b or a -= b modulo 2^320.
static void ed25519_accumulate(uint64_t a[5], const uint64_t b[5], int subtract) {
  uint64_t carry = (uint64_t)subtract;
  for (int i = 0; i < 5; i++) {
    const unsigned __int128 t = (unsigned __int128)a[i] + (subtract ? ~b[i] : b[i]) + carry;
    a[i] = (uint64_t)t, carry = (uint64_t)(t >> 64);
  }
}

/// The remainder modulo L of 64 little-endian bytes.
static void ed25519_reduce(const uint8_t bytes[64], uint8_t scalar[32]) {
  uint64_t x0[8] = {0}, h0[5], x1[7], h1[4], x2[6], h2[3], x3[5];
  for (int i = 0; i < 64; i++) x0[i / 8] |= (uint64_t)bytes[i] << 8 * (i % 8);
  // 2^252 is -c: x = l0 - c h0 = l0 - (l1 - c h1) = l0 - l1 + (l2 - c h2), each l below 2^252 and c h2 below 2^132.
  uint64_t sum[5], l1[5], l2[5];
  ed25519_split(x0, 8, sum, h0);
  ed25519_multiply_c(h0, 5, x1);
  ed25519_split(x1, 7, l1, h1);
  ed25519_multiply_c(h1, 4, x2);
  ed25519_split(x2, 6, l2, h2);
  ed25519_multiply_c(h2, 3, x3);
  ed25519_accumulate(sum, l2, 0);
  for (int i = 0; i < 2; i++) ed25519_accumulate(sum, ed25519_order, 0);
  ed25519_accumulate(sum, l1, 1);
  ed25519_accumulate(sum, x3, 1);
  // Between 0 and 4 L now: take L off while the difference is not negative.
  for (int i = 0; i < 4; i++) {
    uint64_t less[5];
    memcpy(less, sum, sizeof less);
    ed25519_accumulate(less, ed25519_order, 1);
    if (less[4] >> 63 == 0) memcpy(sum, less, sizeof less);
  }
  for (int i = 0; i < 32; i++) scalar[i] = (uint8_t)(sum[i / 8] >> 8 * (i % 8));
}

#endif
