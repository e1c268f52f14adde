// Encodings of Ed25519: points (RFC 8032, 5.1.3, as ref10 reads them) and scalars.
#ifndef ASSAY_ED25519_ENCODING_H
#define ASSAY_ED25519_ENCODING_H

#include "signature/ed25519_field.h"

/// The constant d of -x^2 + y^2 = 1 + d x^2 y^2, and a square root of -1.
static const ed25519_field ed25519_d = {{0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
static const ed25519_field ed25519_root = {{0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};

/// The affine point of an encoding: y in 255 bits, taken modulo p when it is p or more, then the sign of x, which is ignored
/// when x is 0. Returns 0 when no point has that y.
static int ed25519_decode(const uint8_t bytes[32], ed25519_field *x, ed25519_field *y) {
  *y = ed25519_field_decode(bytes);
  const ed25519_field y2 = ed25519_square(*y);
  const ed25519_field u = ed25519_subtract(y2, ed25519_one);
  const ed25519_field v = ed25519_add(ed25519_multiply(y2, ed25519_d), ed25519_one);
  // x = u v^3 (u v^7)^((p - 5) / 8) is a root of u / v, or becomes one when multiplied by the root of -1, or none exists.
  const ed25519_field v3 = ed25519_multiply(ed25519_square(v), v);
  const ed25519_field v7 = ed25519_multiply(ed25519_square(v3), v);
  const ed25519_field power = ed25519_power_252_3(ed25519_multiply(u, v7));
  *x = ed25519_multiply(ed25519_multiply(u, v3), power);
  const ed25519_field vx2 = ed25519_multiply(v, ed25519_square(*x));
  if (!ed25519_field_equal(vx2, u)) {
    if (!ed25519_field_equal(ed25519_add(vx2, u), ed25519_zero)) return 0;
    *x = ed25519_multiply(*x, ed25519_root);
  }
  uint8_t encoded[32];
  ed25519_field_encode(*x, encoded);
  if ((encoded[0] & 1) != bytes[31] >> 7) *x = ed25519_subtract(ed25519_zero, *x);
  return 1;
}

/// Whether the y of an encoding is below p = 2^255 - 19: the sign bit is not part of it.
__attribute__((unused)) static int ed25519_is_canonical(const uint8_t bytes[32]) {
  if ((bytes[31] & 0x7f) != 0x7f || bytes[0] < 0xed) return 1;
  for (int i = 1; i < 31; i++) {
    if (bytes[i] != 0xff) return 1;
  }
  return 0;
}

/// Whether a little-endian scalar is below the order L = 2^252 + 27742317777372353535851937790883648493 of the base point.
static int ed25519_scalar_in_range(const uint8_t scalar[32]) {
  static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  for (int i = 31; i >= 0; i--) {
    if (scalar[i] != order[i]) return scalar[i] < order[i];
  }
  return 0;
}

#endif
