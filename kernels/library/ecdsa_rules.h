// The rules of an ECDSA row that need no curve arithmetic, the same for every curve of 256 bits and every library.
//
// Order of checks, so that every backend gives the same reason for the same row:
//   1. public key: 33 bytes starting 02 or 03, or 65 starting 04 (the hybrid forms 06 and 07 are rejected); coordinates below
//      the field's prime; on the curve (SEC 1, 2.3.4)                                             -> publicKeyInvalid
//   2. r and s in 1 ..< n                                                                         -> scalarOutOfRange
//   3. under the rule low-s, s <= n / 2 (BIP 62, EIP-2)                                           -> highS
//   4. the x coordinate of (e/s) G + (r/s) Q, reduced modulo n, is r (SEC 1, 4.1.4)               -> signatureMismatch
// e is the 32-byte digest as a big-endian number, reduced modulo n.
#include "dialect/portable.h"

typedef struct ecdsa_order {
  /// The order n of the group, big-endian, and n / 2 rounded down.
  uint8_t n[32], half[32];
} ecdsa_order;

static int ecdsa_key_is_framed(const uint8_t *key, int64_t length) {
  return (length == 33 && (key[0] == 2 || key[0] == 3)) || (length == 65 && key[0] == 4);
}

static int ecdsa_scalar_in_range(const uint8_t scalar[32], const ecdsa_order *order) {
  static const uint8_t zero[32];
  return memcmp(scalar, zero, 32) != 0 && memcmp(scalar, order->n, 32) < 0;
}

/// Rules 2 and 3 for a signature r | s: ASSAY_ACCEPTED or the reason.
static uint8_t ecdsa_scalars_verdict(const uint8_t signature[64], const ecdsa_order *order, int low_s) {
  if (!ecdsa_scalar_in_range(signature, order) || !ecdsa_scalar_in_range(signature + 32, order)) {
    return ASSAY_REASON_scalarOutOfRange;
  }
  return low_s && memcmp(signature + 32, order->half, 32) > 0 ? ASSAY_REASON_highS : ASSAY_ACCEPTED;
}
