// ECDSA, key recovery and BIP-340 Schnorr on secp256k1 by Bitcoin Core's libsecp256k1, 0.2.0 (Debian 12) or later.
//
// Reasons are decided here (ecdsa_rules.h), the library only decodes points and evaluates the equation, so another
// implementation of the same rules gives the same bytes. The library's static context verifies without allocating; its
// own self-test would abort the process when it fails, ours (the operation's digest) only rejects the kernel.
#define ASSAY_TABLE_NAME libsecp256k1
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>

#include "assay_library_kernels.h"
#include "ecdsa_rules.h"
#include "hash/keccak256.kernel.h"

static const ecdsa_order secp256k1_order = {
  .n = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
        0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41},
  .half = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
           0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0}};

/// The field's prime, 2^256 - 2^32 - 977, big-endian.
static const uint8_t secp256k1_prime[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                            0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xfc, 0x2f};

static uint8_t secp256k1_ecdsa_verdict(const uint8_t digest[32], const uint8_t *key, int64_t key_length,
                                       const uint8_t signature[64], int low_s) {
  const secp256k1_context *context = secp256k1_context_static;
  secp256k1_pubkey point;
  if (!ecdsa_key_is_framed(key, key_length) || !secp256k1_ec_pubkey_parse(context, &point, key, (size_t)key_length)) {
    return ASSAY_REASON_publicKeyInvalid;
  }
  const uint8_t scalars = ecdsa_scalars_verdict(signature, &secp256k1_order, low_s);
  if (scalars != ASSAY_ACCEPTED) return scalars;
  secp256k1_ecdsa_signature parsed;
  if (!secp256k1_ecdsa_signature_parse_compact(context, &parsed, signature)) return ASSAY_REASON_scalarOutOfRange;
  // The library verifies low s only; (r, n - s) verifies exactly when (r, s) does.
  if (!low_s) secp256k1_ecdsa_signature_normalize(context, &parsed, &parsed);
  return secp256k1_ecdsa_verify(context, &parsed, digest, &point) ? ASSAY_ACCEPTED : ASSAY_REASON_signatureMismatch;
}

#define ASSAY_PROVIDES_ecdsa_secp256k1_low_s ASSAY_YES
KERNEL(ecdsa_secp256k1_low_s) {
  const assay_ecdsa_secp256k1_low_s_columns *c = COLUMNS(ecdsa_secp256k1_low_s);
  const uint8_t *digest = c->digest.data, *key = c->publicKey.data, *signature = c->signature.data;
  const int64_t *offsets = c->publicKey.offsets;
  uint8_t *verdict = c->verdict.data;
  for (int64_t row = first; row < end; row++) {
    verdict[row] = secp256k1_ecdsa_verdict(digest + 32 * row, key + offsets[row], offsets[row + 1] - offsets[row],
                                           signature + 64 * row, 1);
  }
}

#define ASSAY_PROVIDES_ecdsa_secp256k1_any_s ASSAY_YES
KERNEL(ecdsa_secp256k1_any_s) {
  const assay_ecdsa_secp256k1_any_s_columns *c = COLUMNS(ecdsa_secp256k1_any_s);
  const uint8_t *digest = c->digest.data, *key = c->publicKey.data, *signature = c->signature.data;
  const int64_t *offsets = c->publicKey.offsets;
  uint8_t *verdict = c->verdict.data;
  for (int64_t row = first; row < end; row++) {
    verdict[row] = secp256k1_ecdsa_verdict(digest + 32 * row, key + offsets[row], offsets[row + 1] - offsets[row],
                                           signature + 64 * row, 0);
  }
}

// SEC 1, 4.1.6, with Ethereum's conventions: the signature is r | s | v, v is the parity of the nonce point's y as 0/1 or
// 27/28 (another v -> signatureEncodingInvalid), r and s in 1 ..< n and s of either half (-> scalarOutOfRange), and the nonce
// point's x is r itself, not r + n. No point with that x, or the key at infinity -> recoveryFailed. The address is the last 20
// bytes of Keccak-256 of the key's coordinates. A rejected row's key and address are zero.
static uint8_t secp256k1_recover(const uint8_t digest[32], const uint8_t signature[65], uint8_t key[65], uint8_t address[20]) {
  const secp256k1_context *context = secp256k1_context_static;
  memset(key, 0, 65);
  memset(address, 0, 20);
  const int v = signature[64] >= 27 ? signature[64] - 27 : signature[64];
  if (v > 1) return ASSAY_REASON_signatureEncodingInvalid;
  const uint8_t scalars = ecdsa_scalars_verdict(signature, &secp256k1_order, 0);
  if (scalars != ASSAY_ACCEPTED) return scalars;
  secp256k1_ecdsa_recoverable_signature parsed;
  if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context, &parsed, signature, v)) {
    return ASSAY_REASON_scalarOutOfRange;
  }
  secp256k1_pubkey point;
  if (!secp256k1_ecdsa_recover(context, &point, &parsed, digest)) return ASSAY_REASON_recoveryFailed;
  size_t length = 65;
  secp256k1_ec_pubkey_serialize(context, key, &length, &point, SECP256K1_EC_UNCOMPRESSED);
  uint8_t hash[32];
  keccak256_pair_row(key + 1, hash);
  memcpy(address, hash + 12, 20);
  return ASSAY_ACCEPTED;
}

#define ASSAY_PROVIDES_ecdsa_secp256k1_recover ASSAY_YES
KERNEL(ecdsa_secp256k1_recover) {
  const assay_ecdsa_secp256k1_recover_columns *c = COLUMNS(ecdsa_secp256k1_recover);
  const uint8_t *digest = c->digest.data, *signature = c->signature.data;
  uint8_t *verdict = c->verdict.data, *key = c->publicKey.data, *address = c->address.data;
  for (int64_t row = first; row < end; row++) {
    verdict[row] = secp256k1_recover(digest + 32 * row, signature + 65 * row, key + 65 * row, address + 20 * row);
  }
}

// BIP-340, Verification: the key is an x coordinate below the prime with a point on the curve (-> publicKeyInvalid); then r is
// below the prime (-> nonCanonicalEncoding) and s below n (-> scalarOutOfRange), zero allowed; then s G - h P has an even y and
// x = r (-> signatureMismatch). The message has any length.
static uint8_t secp256k1_schnorr_verdict(const uint8_t key[32], const uint8_t *message, int64_t length,
                                         const uint8_t signature[64]) {
  const secp256k1_context *context = secp256k1_context_static;
  secp256k1_xonly_pubkey point;
  if (!secp256k1_xonly_pubkey_parse(context, &point, key)) return ASSAY_REASON_publicKeyInvalid;
  if (memcmp(signature, secp256k1_prime, 32) >= 0) return ASSAY_REASON_nonCanonicalEncoding;
  if (memcmp(signature + 32, secp256k1_order.n, 32) >= 0) return ASSAY_REASON_scalarOutOfRange;
  return secp256k1_schnorrsig_verify(context, signature, message, (size_t)length, &point) ? ASSAY_ACCEPTED
                                                                                          : ASSAY_REASON_signatureMismatch;
}

#define ASSAY_PROVIDES_schnorr_secp256k1 ASSAY_YES
KERNEL(schnorr_secp256k1) {
  const assay_schnorr_secp256k1_columns *c = COLUMNS(schnorr_secp256k1);
  const uint8_t *key = c->publicKey.data, *message = c->message.data, *signature = c->signature.data;
  const int64_t *offsets = c->message.offsets;
  uint8_t *verdict = c->verdict.data;
  for (int64_t row = first; row < end; row++) {
    verdict[row] = secp256k1_schnorr_verdict(key + 32 * row, message + offsets[row], offsets[row + 1] - offsets[row],
                                             signature + 64 * row);
  }
}

static int available(void) { return 1; }

#define TABLE_ID libsecp256k1
#define TABLE_NAME "libsecp256k1"
#define TABLE_FAMILY ASSAY_FAMILY_PORTABLE
#define TABLE_REQUIRES "libsecp256k1 0.2.0 or later"
#include "isa/table.inc.h"
