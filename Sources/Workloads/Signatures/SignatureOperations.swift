public import AssayCore
import CAssayOperations

extension Operation {
  /// ECDSA on secp256k1; s above half the group order is rejected (Bitcoin, Ethereum, libsecp256k1).
  public static let ecdsaSecp256k1LowS = Operation(ASSAY_OPERATION_ecdsa_secp256k1_low_s)
  /// ECDSA on secp256k1; s of either half (SEC 1).
  public static let ecdsaSecp256k1AnyS = Operation(ASSAY_OPERATION_ecdsa_secp256k1_any_s)
  /// ECDSA on P-256; s above half the group order is rejected.
  public static let ecdsaP256LowS = Operation(ASSAY_OPERATION_ecdsa_p256_low_s)
  /// ECDSA on P-256; s of either half (FIPS 186-5).
  public static let ecdsaP256AnyS = Operation(ASSAY_OPERATION_ecdsa_p256_any_s)
  /// The public key and Ethereum address of a recoverable ECDSA signature on secp256k1.
  public static let ecdsaSecp256k1Recover = Operation(ASSAY_OPERATION_ecdsa_secp256k1_recover)
  /// BIP-340 Schnorr on secp256k1.
  public static let schnorrSecp256k1 = Operation(ASSAY_OPERATION_schnorr_secp256k1)
  /// Ed25519 as RFC 8032's ref10: cofactorless, R compared as bytes.
  public static let ed25519RFC8032 = Operation(ASSAY_OPERATION_ed25519_rfc8032)
  /// Ed25519 as ed25519-dalek's `verify_strict`: cofactorless, small-order A and R rejected.
  public static let ed25519DalekStrict = Operation(ASSAY_OPERATION_ed25519_dalek_strict)
  /// Ed25519 as libsodium 1.0.18: as `verify_strict`, and A's encoding must be the canonical one.
  public static let ed25519Libsodium = Operation(ASSAY_OPERATION_ed25519_libsodium)
  /// Ed25519 by Solana's SIMD-0376: cofactored, small-order and non-canonical A and R rejected.
  public static let ed25519SIMD0376 = Operation(ASSAY_OPERATION_ed25519_simd_0376)
  /// Ed25519 by ZIP 215: cofactored, every encoding accepted.
  public static let ed25519ZIP215 = Operation(ASSAY_OPERATION_ed25519_zip215)

  static let sha256Message = Operation(ASSAY_OPERATION_sha256_message)
}
