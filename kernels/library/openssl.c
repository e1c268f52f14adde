// ECDSA on P-256 and Ed25519 by OpenSSL 3's libcrypto.
//
// Reasons are decided here (ecdsa_rules.h and below), the library only evaluates the equations. P-256 uses the curve's
// arithmetic directly, which OpenSSL 3 supports without its deprecated ECDSA calls: the scalars of 16 rows share one modular
// inversion (P. Montgomery's trick), which makes a row 1.5 times faster than ECDSA_do_verify.
#define ASSAY_TABLE_NAME openssl
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include "assay_library_kernels.h"
#include "ecdsa_rules.h"
#include "signature/ed25519_encoding.h"

static const ecdsa_order p256_order = {
  .n = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51},
  .half = {0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
           0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8}};

// The group and its order's Montgomery form: made once, read by every thread after that.
static CRYPTO_ONCE p256_once = CRYPTO_ONCE_STATIC_INIT;
static EC_GROUP *p256_group;
static BN_MONT_CTX *p256_montgomery;

static void p256_prepare(void) {
  EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  BN_MONT_CTX *montgomery = BN_MONT_CTX_new();
  BN_CTX *context = BN_CTX_new();
  if (group != NULL && montgomery != NULL && context != NULL &&
      BN_MONT_CTX_set(montgomery, EC_GROUP_get0_order(group), context)) {
    p256_group = group;
    p256_montgomery = montgomery;
  } else {
    EC_GROUP_free(group);
    BN_MONT_CTX_free(montgomery);
  }
  BN_CTX_free(context);
}

enum { P256_ROWS = 16, P256_NUMBERS = 3 * P256_ROWS + 4 };

/// What a run of rows needs; every number and point is reused from row to row.
typedef struct p256_scratch {
  BN_CTX *context;
  BIGNUM *number[P256_NUMBERS];
  EC_POINT *key[P256_ROWS], *sum;
} p256_scratch;

static void p256_close(p256_scratch *scratch) {
  BN_CTX_free(scratch->context);
  for (int i = 0; i < P256_NUMBERS; i++) BN_free(scratch->number[i]);
  for (int i = 0; i < P256_ROWS; i++) EC_POINT_free(scratch->key[i]);
  EC_POINT_free(scratch->sum);
}

static int p256_open(p256_scratch *scratch) {
  *scratch = (p256_scratch){0};
  if (!CRYPTO_THREAD_run_once(&p256_once, p256_prepare) || p256_group == NULL) return 0;
  int complete = (scratch->context = BN_CTX_new()) != NULL;
  for (int i = 0; i < P256_NUMBERS; i++) complete &= (scratch->number[i] = BN_new()) != NULL;
  for (int i = 0; i < P256_ROWS; i++) complete &= (scratch->key[i] = EC_POINT_new(p256_group)) != NULL;
  complete &= (scratch->sum = EC_POINT_new(p256_group)) != NULL;
  if (!complete) p256_close(scratch);
  return complete;
}

/// Replaces number[i] = s_i by 1 / s_i modulo n for i < count: one inversion of the product, then three products a row.
/// Numbers [P256_ROWS, 2 P256_ROWS) take the running products.
static int p256_invert(p256_scratch *scratch, int count) {
  BIGNUM **s = scratch->number, **product = s + P256_ROWS, *inverse = s[3 * P256_ROWS];
  const BIGNUM *n = EC_GROUP_get0_order(p256_group);
  BN_MONT_CTX *montgomery = p256_montgomery;
  BN_CTX *context = scratch->context;
  int done = 1;
  for (int i = 0; i < count; i++) {
    done &= BN_to_montgomery(s[i], s[i], montgomery, context);
    done &= i == 0 ? BN_copy(product[0], s[0]) != NULL
                   : BN_mod_mul_montgomery(product[i], product[i - 1], s[i], montgomery, context);
  }
  // The plain inverse of the product, then back to Montgomery form.
  done = done && BN_from_montgomery(inverse, product[count - 1], montgomery, context) &&
         BN_mod_inverse(inverse, inverse, n, context) && BN_to_montgomery(inverse, inverse, montgomery, context);
  for (int i = count - 1; done && i > 0; i--) {
    done &= BN_mod_mul_montgomery(product[i], inverse, product[i - 1], montgomery, context);
    done &= BN_mod_mul_montgomery(inverse, inverse, s[i], montgomery, context);
    BN_swap(s[i], product[i]);
  }
  BN_swap(s[0], inverse);
  return done;
}

/// The equation of a row whose key is `key`, r is `r` and Montgomery form of 1 / s is `inverse`.
static uint8_t p256_equation(p256_scratch *scratch, const uint8_t digest[32], const EC_POINT *key, const BIGNUM *r,
                             const BIGNUM *inverse) {
  BIGNUM *u1 = scratch->number[3 * P256_ROWS + 1], *u2 = scratch->number[3 * P256_ROWS + 2];
  BIGNUM *x = scratch->number[3 * P256_ROWS + 3];
  const BIGNUM *n = EC_GROUP_get0_order(p256_group);
  BN_CTX *context = scratch->context;
  // A digest is below 2^256 < 2n, so its remainder is one subtraction away.
  if (BN_bin2bn(digest, 32, u1) == NULL || (BN_cmp(u1, n) >= 0 && !BN_sub(u1, u1, n)) ||
      !BN_mod_mul_montgomery(u1, u1, inverse, p256_montgomery, context) ||
      !BN_mod_mul_montgomery(u2, r, inverse, p256_montgomery, context) ||
      !EC_POINT_mul(p256_group, scratch->sum, u1, key, u2, context)) {
    return ASSAY_UNWRITTEN;
  }
  if (EC_POINT_is_at_infinity(p256_group, scratch->sum)) return ASSAY_REASON_signatureMismatch;
  if (!EC_POINT_get_affine_coordinates(p256_group, scratch->sum, x, NULL, context)) return ASSAY_UNWRITTEN;
  if (BN_cmp(x, n) >= 0 && !BN_sub(x, x, n)) return ASSAY_UNWRITTEN;
  return BN_cmp(x, r) == 0 ? ASSAY_ACCEPTED : ASSAY_REASON_signatureMismatch;
}

/// At most P256_ROWS rows.
static void p256_verify(p256_scratch *scratch, const uint8_t *digest, const assay_column *keys, const uint8_t *signature,
                        uint8_t *verdict, int64_t first, int64_t end, int low_s) {
  BIGNUM **s = scratch->number, **r = s + 2 * P256_ROWS;
  int64_t pending[P256_ROWS];
  int count = 0;
  for (int64_t row = first; row < end; row++) {
    const uint8_t *key = (const uint8_t *)keys->data + keys->offsets[row];
    const int64_t length = keys->offsets[row + 1] - keys->offsets[row];
    if (!ecdsa_key_is_framed(key, length) ||
        !EC_POINT_oct2point(p256_group, scratch->key[count], key, (size_t)length, scratch->context)) {
      verdict[row] = ASSAY_REASON_publicKeyInvalid;
      continue;
    }
    verdict[row] = ecdsa_scalars_verdict(signature + 64 * row, &p256_order, low_s);
    if (verdict[row] != ASSAY_ACCEPTED) continue;
    verdict[row] = ASSAY_UNWRITTEN;
    if (BN_bin2bn(signature + 64 * row, 32, r[count]) == NULL || BN_bin2bn(signature + 64 * row + 32, 32, s[count]) == NULL) {
      continue;
    }
    pending[count++] = row;
  }
  if (count == 0 || !p256_invert(scratch, count)) return;
  for (int i = 0; i < count; i++) {
    verdict[pending[i]] = p256_equation(scratch, digest + 32 * pending[i], scratch->key[i], r[i], s[i]);
  }
}

static void p256_run(const assay_column *digest, const assay_column *keys, const assay_column *signature,
                     const assay_column *verdict, int64_t first, int64_t end, int low_s) {
  // Rejected keys leave entries in the thread's error queue; the caller's own entries stay.
  ERR_set_mark();
  p256_scratch scratch;
  if (p256_open(&scratch)) {
    for (int64_t row = first; row < end; row += P256_ROWS) {
      p256_verify(&scratch, digest->data, keys, signature->data, verdict->data, row,
                  end - row < P256_ROWS ? end : row + P256_ROWS, low_s);
    }
    p256_close(&scratch);
  } else if (end > first) {
    memset((uint8_t *)verdict->data + first, ASSAY_UNWRITTEN, (size_t)(end - first));
  }
  ERR_pop_to_mark();
}

#define ASSAY_PROVIDES_ecdsa_p256_low_s ASSAY_YES
KERNEL(ecdsa_p256_low_s) {
  const assay_ecdsa_p256_low_s_columns *c = COLUMNS(ecdsa_p256_low_s);
  p256_run(&c->digest, &c->publicKey, &c->signature, &c->verdict, first, end, 1);
}

#define ASSAY_PROVIDES_ecdsa_p256_any_s ASSAY_YES
KERNEL(ecdsa_p256_any_s) {
  const assay_ecdsa_p256_any_s_columns *c = COLUMNS(ecdsa_p256_any_s);
  p256_run(&c->digest, &c->publicKey, &c->signature, &c->verdict, first, end, 0);
}

// RFC 8032 as ref10 and OpenSSL decide it: the key A decodes to a point, canonical or not (-> publicKeyInvalid); S is below L
// (-> scalarOutOfRange); the encoding of S B - k A is R byte for byte, k = SHA-512(R | A | message) (-> signatureMismatch).
// OpenSSL says only yes or no, so the reason is found afterwards, for rejected rows alone.
static uint8_t ed25519_verdict(EVP_MD_CTX *context, const uint8_t key[32], const uint8_t *message, int64_t length,
                               const uint8_t signature[64]) {
  EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
  if (pkey == NULL || !EVP_MD_CTX_reset(context) || EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) != 1) {
    EVP_PKEY_free(pkey);
    return ASSAY_UNWRITTEN;
  }
  const int accepted = EVP_DigestVerify(context, signature, 64, message, (size_t)length) == 1;
  EVP_PKEY_free(pkey);
  if (accepted) return ASSAY_ACCEPTED;
  ed25519_field x, y;
  if (!ed25519_decode(key, &x, &y)) return ASSAY_REASON_publicKeyInvalid;
  return ed25519_scalar_in_range(signature + 32) ? ASSAY_REASON_signatureMismatch : ASSAY_REASON_scalarOutOfRange;
}

#define ASSAY_PROVIDES_ed25519_rfc8032 ASSAY_YES
KERNEL(ed25519_rfc8032) {
  const assay_ed25519_rfc8032_columns *c = COLUMNS(ed25519_rfc8032);
  const uint8_t *key = c->publicKey.data, *message = c->message.data, *signature = c->signature.data;
  const int64_t *offsets = c->message.offsets;
  uint8_t *verdict = c->verdict.data;
  ERR_set_mark();
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  for (int64_t row = first; row < end; row++) {
    verdict[row] = context == NULL ? ASSAY_UNWRITTEN
                                   : ed25519_verdict(context, key + 32 * row, message + offsets[row],
                                                     offsets[row + 1] - offsets[row], signature + 64 * row);
  }
  EVP_MD_CTX_free(context);
  ERR_pop_to_mark();
}

static int available(void) { return OPENSSL_version_major() >= 3; }

#define TABLE_ID openssl
#define TABLE_NAME "openssl"
#define TABLE_FAMILY ASSAY_FAMILY_PORTABLE
#define TABLE_REQUIRES "OpenSSL 3"
#include "isa/table.inc.h"
