// The rules for Ed25519 signatures, and in what they differ. docs/signatures.md has the table and who uses which.
#ifndef ASSAY_ED25519_RULES_H
#define ASSAY_ED25519_RULES_H

typedef enum ed25519_rule {
  ED25519_RFC8032,
  ED25519_DALEK_STRICT,
  ED25519_LIBSODIUM,
  ED25519_ZIP215,
  ED25519_SIMD_0376
} ed25519_rule;

/// The equation is multiplied by 8 and R is decoded; else R is compared as bytes.
static inline int ed25519_is_cofactored(ed25519_rule rule) { return rule == ED25519_ZIP215 || rule == ED25519_SIMD_0376; }
/// A and R must not be among the eight points whose order divides 8.
static inline int ed25519_refuses_small_order(ed25519_rule rule) { return rule != ED25519_RFC8032 && rule != ED25519_ZIP215; }
/// A's y must be below p.
static inline int ed25519_refuses_other_key_encodings(ed25519_rule rule) {
  return rule == ED25519_LIBSODIUM || rule == ED25519_SIMD_0376;
}
/// R's y must be below p; where R is compared as bytes another encoding never matches.
static inline int ed25519_refuses_other_nonce_encodings(ed25519_rule rule) { return rule == ED25519_SIMD_0376; }
#endif
