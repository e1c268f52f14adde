// Ed25519 (RFC 8032, 5.1.7, no context, no prehash) under five rules, each exact for every row.
//
// Order of checks, so that every backend gives the same reason for the same row:
//   1. A decodes to a point; y may be p or more, and the sign of x = 0 is ignored              -> publicKeyInvalid
//   2. libsodium, simd-0376: A's y is below p                                                  -> nonCanonicalEncoding
//   3. dalek-strict, libsodium, simd-0376: A does not have small order                         -> smallOrderPoint
//   4. S < L                                                                                   -> scalarOutOfRange
//   5. simd-0376: R's y is below p                                                             -> nonCanonicalEncoding
//   6. dalek-strict, libsodium, simd-0376: R is not the encoding of a small-order point        -> smallOrderPoint
//   7. rfc8032, dalek-strict, libsodium: the canonical encoding of S B - k A is R, byte for byte
//      zip215, simd-0376: R decodes as A does, and 8 (S B - k A - R) = 0                       -> signatureMismatch
// k = SHA-512(R | A | message) over the bytes as given. Sources: RFC 8032; ZIP 215; ed25519-dalek's verify_strict; libsodium
// 1.0.18's crypto_sign_verify_detached; Solana's SIMD-0376; Chalkias, Garillot, Nikolaenko: Taming the many EdDSAs (2020).
#if DIALECT_PORTABLE

#include "hash/sha512.h"
#include "signature/ed25519_point.h"
#include "signature/ed25519_rules.h"
#include "signature/ed25519_scalar.h"

/// Whether y is that of one of the eight points whose order divides 8: 1, -1, 0 and the two of order 8.
static int ed25519_has_small_order(const ed25519_field y) {
  static const uint8_t small[5][32] = {
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a}};
  uint8_t encoded[32];
  ed25519_field_encode(y, encoded);
  for (int i = 0; i < 5; i++) {
    if (memcmp(encoded, small[i], 32) == 0) return 1;
  }
  return 0;
}

/// Whether the canonical encoding of a point is `bytes`.
static int ed25519_encodes_as(const ed25519_point *p, const uint8_t bytes[32]) {
  const ed25519_field inverse = ed25519_invert(p->Z);
  uint8_t x[32], y[32];
  ed25519_field_encode(ed25519_multiply(p->X, inverse), x);
  ed25519_field_encode(ed25519_multiply(p->Y, inverse), y);
  y[31] |= (uint8_t)(x[0] << 7);
  return memcmp(y, bytes, 32) == 0;
}

/// Whether 8 (P - R) = 0 for the point R of an encoding; false when there is none.
static int ed25519_equals_cofactored(ed25519_point p, const uint8_t bytes[32]) {
  ed25519_point r = {.Z = ed25519_one};
  if (!ed25519_decode(bytes, &r.X, &r.Y)) return 0;
  r.T = ed25519_multiply(r.X, r.Y);
  // P comes without T = X Y / Z: scale it to (X Z, Y Z, Z^2) with T = X Y.
  p.T = ed25519_multiply(p.X, p.Y);
  p.X = ed25519_multiply(p.X, p.Z);
  p.Y = ed25519_multiply(p.Y, p.Z);
  p.Z = ed25519_square(p.Z);
  const ed25519_prepared prepared = ed25519_prepare(&r);
  ed25519_add_point(&p, &prepared, 1, 0);
  for (int i = 0; i < 3; i++) ed25519_double(&p, 0);
  return ed25519_field_equal(p.X, ed25519_zero) && ed25519_field_equal(p.Y, p.Z);
}

static uint8_t ed25519_row(ed25519_rule rule, const uint8_t key[32], const uint8_t *message, int64_t length,
                           const uint8_t signature[64]) {
  ed25519_point a = {.Z = ed25519_one};
  if (!ed25519_decode(key, &a.X, &a.Y)) return ASSAY_REASON_publicKeyInvalid;
  if (ed25519_refuses_other_key_encodings(rule) && !ed25519_is_canonical(key)) return ASSAY_REASON_nonCanonicalEncoding;
  const int refuses_small = ed25519_refuses_small_order(rule);
  if (refuses_small && ed25519_has_small_order(a.Y)) return ASSAY_REASON_smallOrderPoint;
  if (!ed25519_scalar_in_range(signature + 32)) return ASSAY_REASON_scalarOutOfRange;
  if (ed25519_refuses_other_nonce_encodings(rule) && !ed25519_is_canonical(signature)) return ASSAY_REASON_nonCanonicalEncoding;
  if (refuses_small && ed25519_has_small_order(ed25519_field_decode(signature))) return ASSAY_REASON_smallOrderPoint;
  sha512_state hash = sha512_begin();
  sha512_update(&hash, signature, 32);
  sha512_update(&hash, key, 32);
  sha512_update(&hash, message, length);
  uint8_t digest[64], k[32];
  sha512_finish(&hash, digest);
  ed25519_reduce(digest, k);
  // -A, with X brought back below 2^52.
  a.X = ed25519_multiply(ed25519_subtract(ed25519_zero, a.X), ed25519_one);
  a.T = ed25519_multiply(a.X, a.Y);
  const ed25519_point sum = ed25519_combine(signature + 32, k, &a);
  const int matches = ed25519_is_cofactored(rule) ? ed25519_equals_cofactored(sum, signature) : ed25519_encodes_as(&sum, signature);
  return matches ? ASSAY_ACCEPTED : ASSAY_REASON_signatureMismatch;
}

static void ed25519_rows(ed25519_rule rule, const assay_column *keys, const assay_column *messages,
                         const assay_column *signatures, const assay_column *verdicts, int64_t first, int64_t end) {
  const uint8_t *key = keys->data, *message = messages->data, *signature = signatures->data;
  const int64_t *at = messages->offsets;
  uint8_t *verdict = verdicts->data;
  for (int64_t row = first; row < end; row++) {
    verdict[row] = ed25519_row(rule, key + 32 * row, message + at[row], at[row + 1] - at[row], signature + 64 * row);
  }
}

#define ASSAY_PROVIDES_ed25519_rfc8032 ASSAY_YES
KERNEL(ed25519_rfc8032) {
  const assay_ed25519_rfc8032_columns *c = COLUMNS(ed25519_rfc8032);
  ed25519_rows(ED25519_RFC8032, &c->publicKey, &c->message, &c->signature, &c->verdict, first, end);
}

#define ASSAY_PROVIDES_ed25519_dalek_strict ASSAY_YES
KERNEL(ed25519_dalek_strict) {
  const assay_ed25519_dalek_strict_columns *c = COLUMNS(ed25519_dalek_strict);
  ed25519_rows(ED25519_DALEK_STRICT, &c->publicKey, &c->message, &c->signature, &c->verdict, first, end);
}

#define ASSAY_PROVIDES_ed25519_libsodium ASSAY_YES
KERNEL(ed25519_libsodium) {
  const assay_ed25519_libsodium_columns *c = COLUMNS(ed25519_libsodium);
  ed25519_rows(ED25519_LIBSODIUM, &c->publicKey, &c->message, &c->signature, &c->verdict, first, end);
}

#define ASSAY_PROVIDES_ed25519_simd_0376 ASSAY_YES
KERNEL(ed25519_simd_0376) {
  const assay_ed25519_simd_0376_columns *c = COLUMNS(ed25519_simd_0376);
  ed25519_rows(ED25519_SIMD_0376, &c->publicKey, &c->message, &c->signature, &c->verdict, first, end);
}

#define ASSAY_PROVIDES_ed25519_zip215 ASSAY_YES
KERNEL(ed25519_zip215) {
  const assay_ed25519_zip215_columns *c = COLUMNS(ed25519_zip215);
  ed25519_rows(ED25519_ZIP215, &c->publicKey, &c->message, &c->signature, &c->verdict, first, end);
}

#endif
